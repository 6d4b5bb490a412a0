//! Awards become scores: place points, laps behind, fastest lap, led (P1–P6, P10–P12, P16, P27, P51–P56; E1, E3).

use alloc::string::String;
use alloc::vec::Vec;

use crate::classification::{Classified, Order};
use crate::decision::Effect;
use crate::fact::{Fact, What};
use crate::finding::{Finding, Weight};
use crate::grade::Grade;
use crate::place::Places;
use crate::points::Points;
use crate::result::Finish;
use crate::rulebook::Law;
use crate::rulebook::award::{Award, Basis, Scale};
use crate::rulebook::championship::{CompetitorKind, SharedDrive, TwoCars};
use crate::rules::crew_factor;
use crate::rules::cup::grade_in;
use crate::rules::ranking::{Field, Passed, Ranked};
use crate::standings::{Bounds, Fate, Score};

/// A score and whose it is.
pub(crate) type Scored = (usize, Score);

/// What scoring one classification in one championship looks at.
pub(crate) struct Scorer<'a> {
    pub(crate) field: Field<'a>,
    /// The law in force at the session.
    pub(crate) law: &'a Law,
    pub(crate) live: &'a [&'a Fact],
    /// Cars the sheet names as holders of the fastest lap, by position.
    pub(crate) fastest: Vec<usize>,
}

impl Scorer<'_> {
    /// The scores of all awards given for the classification.
    pub(crate) fn all(&self, given: &[&Award], ranked: &[Ranked], findings: &mut Vec<Finding>) -> Vec<Scored> {
        let mut scores: Vec<Scored> = given.iter().flat_map(|award| self.award(award, ranked, findings)).collect();
        self.two_cars(&mut scores, findings);
        self.driving_times(&scores, findings);
        scores
    }

    /// Drivers with points whose driving time was not published, where the championship asks for one (P10): it is taken as long enough.
    fn driving_times(&self, scores: &[Scored], findings: &mut Vec<Finding>) {
        let Some(least) = self.field.championship.drive_min else { return };
        let rows = &self.field.classification.rows;
        let untold = |driver: usize, score: &Score| {
            let row = rows.iter().find(|row| row.entry == score.entry);
            score.points.at_most > Points::ZERO && row.is_some_and(|row| !row.drove.iter().any(|(of, _)| *of == driver))
        };
        let mut drivers: Vec<usize> = scores.iter().filter(|(driver, score)| untold(*driver, score)).map(|(driver, _)| *driver).collect();
        drivers.sort_unstable();
        drivers.dedup();
        if !drivers.is_empty() {
            let says = alloc::format!(
                "a driver needs {least} s at the wheel to score; of {} with points nobody published the driving time, which is taken as \
                 long enough",
                if drivers.len() == 1 { String::from("one driver") } else { alloc::format!("{} drivers", drivers.len()) }
            );
            self.doubt("driving-time-unknown", says, findings);
        }
    }

    fn award(&self, award: &Award, ranked: &[Ranked], findings: &mut Vec<Finding>) -> Vec<Scored> {
        let field = &self.field;
        let rows = &field.classification.rows;
        let mut scores = Vec::new();
        let holders = match &award.basis {
            Basis::FastestLap { points, place_max } => Some((self.holders(ranked, award, findings), *points, *place_max)),
            Basis::Place { .. } | Basis::LapsBehind { .. } | Basis::Led { .. } => None,
        };
        let starters = self.starters(ranked);
        let led_told = rows.iter().any(|row| row.led);
        if matches!(award.basis, Basis::Led { .. }) && !led_told && rows.iter().any(may_hold) {
            self.doubt("led-unknown", alloc::format!("nobody published who led, so the points of award {} are open", award.id), findings);
        }
        for (row, one) in rows.iter().zip(ranked) {
            if one.passed.as_ref().is_some_and(|passed| !passed.takes_part()) {
                continue;
            }
            let points = if one.scores == Some(false) {
                Bounds::ZERO
            } else {
                let points = match &award.basis {
                    Basis::Place { table } => {
                        self.law.table(table).map_or(Bounds::ZERO, |table| by_place(&table.scale, one, row, starters))
                    }
                    Basis::LapsBehind { points } => self.laps_behind(points, row, ranked),
                    Basis::FastestLap { .. } => holders.as_ref().map_or(Bounds::ZERO, |(holders, points, max)| {
                        share(holders, *points, *max, row, self.classified(row, one, ranked))
                    }),
                    // A car that led may have been disqualified, where nobody said how it ended.
                    Basis::Led { points }
                        if !row.on_sheet || (row.led && row.finish == Finish::Unknown) || (!led_told && may_hold(row)) =>
                    {
                        Bounds { at_least: Points::ZERO, at_most: *points }
                    }
                    Basis::Led { points } => Bounds::exactly(if row.led && may_hold(row) { *points } else { Points::ZERO }),
                };
                let unsure = one.scores.is_none() && points.at_least > Points::ZERO;
                if unsure { Bounds { at_least: Points::ZERO, ..points } } else { points }
            };
            let factor = award.factor * field.classification.factor;
            let points = hull(points, &self.crew_factors(award, row, one));
            let points = hull(points, &field.classification.factor_open);
            let base = Score {
                session: field.classification.session,
                entry: row.entry,
                award: award.id.clone(),
                scoring: if matches!(award.basis, Basis::Place { .. }) { one.scoring } else { None },
                classified: if matches!(award.basis, Basis::Place { .. }) { one.classified } else { None },
                points: points.times(factor),
                countback: award.countback,
                disqualified: if row.finish == Finish::Unknown { None } else { Some(row.finish == Finish::Disqualified) },
                fate: Fate::Counts,
            };
            self.deal(row, base, &mut scores);
        }
        if matches!(award.basis, Basis::LapsBehind { .. }) && scores.iter().any(|(_, score)| !score.points.is_exact()) {
            let says = alloc::format!("laps that award {} counts were not published, so its points are open", award.id);
            self.doubt("laps-unknown", says, findings);
        }
        scores
    }

    /// A doubt about the session in the championship.
    fn doubt(&self, code: &'static str, says: String, findings: &mut Vec<Finding>) {
        let session = &self.field.season.calendar.sessions[self.field.classification.session].name;
        findings.push(Finding { weight: Weight::Doubt, code, about: alloc::format!("{session} {}", self.field.championship.id), says });
    }

    /// How many cars of the ranking started: at least, at most.
    fn starters(&self, ranked: &[Ranked]) -> (u16, u16) {
        let rows = &self.field.classification.rows;
        let count = |counts: &dyn Fn(&Classified, &Ranked) -> bool| {
            let cars = rows.iter().zip(ranked).filter(|(row, one)| row.finish != Finish::NotStarted && counts(row, one)).count();
            u16::try_from(cars).expect("a field fits in a number")
        };
        (count(&|row, one| one.counted == Some(true) && row.on_sheet), count(&|_, one| one.counted != Some(false)))
    }

    /// Gives a car's score to its competitors: every driver by name, or the team, maker or entry.
    fn deal(&self, row: &Classified, score: Score, scores: &mut Vec<Scored>) {
        let of = self.field.championship;
        if of.competitor != CompetitorKind::Driver {
            if let Some(competitor) = self.field.roster.competitor(of.competitor, row.entry) {
                scores.push((competitor, score));
            }
            return;
        }
        let shares = self.shares(row);
        // Who may have been aboard, or is missing from the list, may have had a part.
        let parts = row.crew.len();
        let most = parts + row.perhaps.len() + usize::from(row.crew_open);
        let equal = |parts: usize| match of.shared_drive {
            SharedDrive::Full => Points::ONE,
            SharedDrive::Split => Points::ONE.split(parts),
            SharedDrive::Nothing if parts > 1 => Points::ZERO,
            SharedDrive::Nothing => Points::ONE,
        };
        for driver in row.crew.iter().filter(|driver| self.competes(**driver) != Some(false)) {
            let mut mine = score.clone();
            let decided =
                shares.as_ref().map(|shares| shares.iter().find(|(of, _)| of == driver).map_or(Points::ZERO, |(_, share)| *share));
            let possible = decided.map_or_else(|| alloc::vec![equal(parts), equal(most)], |decided| alloc::vec![decided]);
            mine.points = hull(mine.points, &possible);
            if self.competes(*driver).is_none() {
                perhaps(&mut mine);
            }
            if !self.drove_enough(*driver, row) {
                mine.points = Bounds::ZERO;
                mine.scoring = None;
            }
            scores.push((*driver, mine));
        }
        for driver in row.perhaps.iter().filter(|driver| self.competes(**driver) != Some(false)) {
            let mut mine = score.clone();
            perhaps(&mut mine);
            scores.push((*driver, mine));
        }
    }

    /// Whether a driver competes in the championship at all: grade, age, rounds entered (P25). `None`: nobody published his grade or age.
    fn competes(&self, driver: usize) -> Option<bool> {
        let of = self.field.championship;
        let season = self.field.season;
        let graded = of.driver_grades.map_or(Some(true), |grades| Some(grades.has(self.grade(driver)?)));
        let aged = of.driver_ages.map_or(Some(true), |(youngest, oldest)| {
            let age = season.list.drivers[driver].born?.years_until(season.calendar.sessions.first()?.date);
            Some(youngest <= age && age <= oldest)
        });
        let entered = of.rounds_min.is_none_or(|least| self.field.rounds_entered[driver] >= least);
        match (graded, aged, entered) {
            (Some(false), _, _) | (_, Some(false), _) | (_, _, false) => Some(false),
            (Some(true), Some(true), true) => Some(true),
            _ => None,
        }
    }

    /// Whether a driver drove long enough to score; where nobody published driving times, it is taken as given (P10).
    fn drove_enough(&self, driver: usize, row: &Classified) -> bool {
        let drove = row.drove.iter().find(|(of, _)| *of == driver).map(|(_, time)| *time);
        !matches!((self.field.championship.drive_min, drove), (Some(least), Some(drove)) if drove < least)
    }

    fn grade(&self, driver: usize) -> Option<Grade> {
        let season = self.field.season;
        let day = season.calendar.sessions[self.field.classification.session].date;
        grade_in(self.law, &season.list.drivers[driver].id, season.grade_on(self.live, driver, day))
    }

    /// Shares fixed by a decision; the latest holds (P51 c).
    fn shares(&self, row: &Classified) -> Option<Vec<(usize, Points)>> {
        let session = &self.field.season.calendar.sessions[self.field.classification.session].name;
        let mut fixed = None;
        for holds in self.field.force.on(session) {
            if let Effect::Shares { car, shares, .. } = holds.effect
                && self.field.roster.entry(car) == Some(row.entry)
            {
                fixed = Some(shares.iter().filter_map(|(driver, share)| Some((self.field.roster.driver(driver)?, *share))).collect());
            }
        }
        fixed
    }

    /// The factors the car's crew may have: the first pattern that fits, and where its place is not known also what follows (P27).
    fn crew_factors(&self, award: &Award, row: &Classified, one: &Ranked) -> Vec<Points> {
        // Grades are looked up where an award asks.
        if award.crew_factors.is_empty() {
            return alloc::vec![Points::ONE];
        }
        let grades: Option<Vec<Grade>> = row.crew.iter().map(|driver| self.grade(*driver)).collect();
        let places = one.scoring.filter(|_| row.may_finish());
        let possible = crew_factor::possible(&award.crew_factors, grades.as_deref(), places);
        possible.into_iter().map(|factor| factor.map_or(Points::ONE, |factor| factor.factor)).collect()
    }

    /// Completion points by laps behind the winner of the ranking (P16): behind each car that may have been the winner.
    fn laps_behind(&self, points: &[Points], row: &Classified, ranked: &[Ranked]) -> Bounds {
        if !row.may_finish() {
            return Bounds::ZERO;
        }
        let rows = &self.field.classification.rows;
        let counted: Vec<(&Classified, &Ranked)> =
            rows.iter().zip(ranked).filter(|(row, one)| one.counted != Some(false) && row.may_finish()).collect();
        let sure = |(row, one): &&(&Classified, &Ranked)| one.counted == Some(true) && row.finish == Finish::Classified;
        let class = |row: &Classified| &self.field.season.list.entries[row.entry].class;
        let one_order = field_is_one_order(&self.field);
        let beaten = |row: &Classified| {
            let ahead = |other: &Classified| other.place.zip(row.place).is_some_and(|(theirs, mine)| theirs.worst < mine.best);
            counted.iter().filter(sure).any(|(other, _)| (one_order || class(other) == class(row)) && ahead(other))
        };
        let winners = counted.iter().filter(|(row, _)| !beaten(row)).map(|(row, _)| row.laps);
        let winners: Option<Vec<u32>> = winners.collect::<Option<Vec<u32>>>().filter(|_| self.field.classification.complete);
        let step = |first: u32, laps: u32| {
            let behind = usize::try_from(first.saturating_sub(laps)).expect("laps fit in a number");
            points.get(behind.min(points.len().saturating_sub(1))).copied().unwrap_or(Points::ZERO)
        };
        let possible: Vec<Points> = match (winners, row.laps) {
            (Some(winners), Some(laps)) => winners.into_iter().map(|first| step(first, laps)).collect(),
            // The winner of the ranking, its laps, or the car's own were not published.
            _ => points.to_vec(),
        };
        let nothing = if row.finish == Finish::Classified { None } else { Some(Points::ZERO) };
        let all = || possible.iter().copied().chain(nothing);
        Bounds { at_least: all().min().unwrap_or(Points::ZERO), at_most: all().max().unwrap_or(Points::ZERO) }
    }

    /// The classified place: where it was neither published nor counted, the scoring place and the cars ahead that are not ranked.
    fn classified(&self, row: &Classified, one: &Ranked, ranked: &[Ranked]) -> Places {
        let Some(scoring) = one.scoring else { return one.classified.unwrap_or(Places::exactly(Places::OPEN)) };
        let unseen = |other: &Ranked| {
            let elsewhere = matches!(other.passed, Some(Passed::OtherClass | Passed::OtherCup));
            other.counted != Some(true) && !elsewhere
        };
        let (mut sure, mut may) = (0_u16, 0_u16);
        for (other, _) in self.field.classification.rows.iter().zip(ranked).filter(|(of, other)| unseen(other) && of.may_finish()) {
            let (theirs, mine) = (other.place.unwrap_or(Places::ANY), row.place.unwrap_or(Places::ANY));
            let counted = other.finish == Finish::Classified && field_is_one_order(&self.field);
            sure += u16::from(counted && theirs.worst < mine.best && other.entry != row.entry);
            may += u16::from(other.entry != row.entry && (theirs.best < mine.worst || !field_is_one_order(&self.field)));
        }
        let all = Places { best: scoring.best.saturating_add(sure), worst: scoring.worst.saturating_add(may) };
        one.classified.and_then(|published| published.both(all)).or(one.classified).unwrap_or(all)
    }

    /// Who holds the fastest lap among the ranking's cars: as the sheet names them, or by the laps it prints. `None`: not published.
    fn holders(&self, ranked: &[Ranked], award: &Award, findings: &mut Vec<Finding>) -> Option<Vec<usize>> {
        let rows = &self.field.classification.rows;
        let in_ranking =
            |entry: usize| rows.iter().zip(ranked).any(|(row, one)| row.entry == entry && may_hold(row) && one.counted == Some(true));
        let named: Vec<usize> = self.fastest.iter().copied().filter(|entry| in_ranking(*entry)).collect();
        // Of a named car nobody may have said whether it was classified, and so not disqualified, or whether it is ranked here.
        let unsure = |entry: usize| {
            let unsure = |row: &Classified, one: &Ranked| {
                row.entry == entry && one.counted != Some(false) && (row.finish == Finish::Unknown || one.counted.is_none())
            };
            rows.iter().zip(ranked).any(|(row, one)| unsure(row, one))
        };
        if !named.is_empty() && !self.fastest.iter().any(|entry| unsure(*entry)) {
            return Some(named);
        }
        let timed = || {
            rows.iter()
                .zip(ranked)
                .filter(|(row, one)| may_hold(row) && one.counted == Some(true))
                .filter_map(|(row, _)| Some((row.best_lap?, row.entry)))
        };
        // A sheet that lacks cars may lack the fastest one.
        let doubtful = rows.iter().any(|row| unsure(row.entry));
        let Some((best, _)) = timed().min().filter(|_| self.field.classification.complete && !doubtful) else {
            if rows.iter().zip(ranked).any(|(row, one)| may_hold(row) && one.counted == Some(true)) {
                let says = match self.fastest.first() {
                    None => alloc::format!("nobody published who holds the fastest lap, so the points of award {} are open", award.id),
                    Some(named) => alloc::format!(
                        "the sheet names car {} as holder of the fastest lap, which may not hold it here; who else would was not \
                         published, so the points of award {} are open",
                        self.field.season.list.entries[*named].label(),
                        award.id
                    ),
                };
                self.doubt("fastest-lap-unknown", says, findings);
            }
            return None;
        };
        Some(timed().filter(|(lap, _)| *lap == best).map(|(_, entry)| entry).collect())
    }

    /// A driver in two cars of one session scores in one of them only, in all awards alike: the better, or the nominated (P12, P51).
    fn two_cars(&self, scores: &mut [Scored], findings: &mut Vec<Finding>) {
        let of = self.field.championship;
        if of.competitor != CompetitorKind::Driver || of.two_cars == TwoCars::Both {
            return;
        }
        let rows = &self.field.classification.rows;
        // A car that did not start is none he drove.
        let started = |entry: usize| !rows.iter().any(|row| row.entry == entry && row.finish == Finish::NotStarted);
        let mut pairs: Vec<(usize, usize)> = scores.iter().map(|(driver, score)| (*driver, score.entry)).collect();
        pairs.retain(|(_, entry)| started(*entry));
        pairs.sort_unstable();
        pairs.dedup();
        let on_sheet = |entry: usize| rows.iter().any(|row| row.entry == entry && row.on_sheet);
        for cars in pairs.chunk_by(|a, b| a.0 == b.0).filter(|cars| cars.len() > 1) {
            let driver = cars[0].0;
            if !cars.iter().all(|(_, entry)| on_sheet(*entry)) {
                // Whether the driver took part in two cars at all was not published: each may be the one that scores, or not.
                for (_, score) in scores.iter_mut().filter(|(of, _)| *of == driver) {
                    score.points =
                        Bounds { at_least: score.points.at_least.min(Points::ZERO), at_most: score.points.at_most.max(Points::ZERO) };
                    score.scoring = score.scoring.map(|places| Places { worst: Places::OPEN, ..places });
                    score.classified = score.classified.map(|places| Places { worst: Places::OPEN, ..places });
                }
                continue;
            }
            if of.two_cars == TwoCars::Better && !better_is_known(scores, cars) {
                // Which of them is the better nobody published: each may be the one that scores, or not.
                for (_, score) in scores.iter_mut().filter(|(of, _)| *of == driver) {
                    perhaps(score);
                }
                continue;
            }
            let keep = match of.two_cars {
                TwoCars::Better => cars.iter().map(|(_, entry)| *entry).max_by_key(|entry| worth(scores, driver, *entry)),
                TwoCars::Both | TwoCars::Nominated => self.nominated(driver).filter(|entry| cars.contains(&(driver, *entry))),
            };
            if keep.is_none() {
                let name = &self.field.season.list.drivers[driver].name;
                let says = alloc::format!("{name} drove two cars and neither was nominated to score; neither does");
                self.doubt("two-cars-no-nomination", says, findings);
            }
            for (_, score) in scores.iter_mut().filter(|(of, score)| *of == driver && Some(score.entry) != keep) {
                score.points = Bounds::ZERO;
                score.scoring = None;
                score.classified = None;
            }
        }
    }

    fn nominated(&self, driver: usize) -> Option<usize> {
        let wanted = &self.field.season.calendar.sessions[self.field.classification.session].name;
        self.live.iter().rev().find_map(|fact| {
            if let What::Nomination { session, driver: of, car, championships } = &fact.what
                && session == wanted
                && self.field.roster.driver(of) == Some(driver)
                && (championships.is_empty() || championships.contains(&self.field.championship.id))
            {
                return self.field.roster.entry(car);
            }
            None
        })
    }
}

/// Whether all cars of a championship's ranking stand in one order.
fn field_is_one_order(field: &Field<'_>) -> bool {
    field.classification.order == Order::Overall || field.championship.classes.len() == 1
}

/// A score that may count or not.
fn perhaps(score: &mut Score) {
    score.points.at_least = score.points.at_least.min(Points::ZERO);
    score.points.at_most = score.points.at_most.max(Points::ZERO);
    let unsure = |places: Places| Places { worst: Places::OPEN, ..places };
    score.scoring = score.scoring.map(unsure);
    score.classified = score.classified.map(unsure);
}

/// Whether it is certain which of a driver's cars is worth the most to him.
fn better_is_known(scores: &[Scored], cars: &[(usize, usize)]) -> bool {
    let worths = cars.iter().map(|(driver, entry)| worth(scores, *driver, *entry));
    let Some(best) = worths.clone().max() else { return true };
    let same_place = |places: Places| places.exact().is_some();
    worths.filter(|other| other.3 != best.3).all(|other| {
        let level = best.0 == best.1 && other.0 == other.1 && best.0 == other.0;
        best.0 > other.1 || (level && same_place(best.2.0) && same_place(other.2.0))
    })
}

/// What a car is worth to a driver: points over all awards, then the better place, then the earlier entry.
fn worth(scores: &[Scored], driver: usize, entry: usize) -> (Points, Points, core::cmp::Reverse<Places>, core::cmp::Reverse<usize>) {
    let mine = || scores.iter().filter(|(of, score)| *of == driver && score.entry == entry).map(|(_, score)| score);
    let points = mine().fold(Bounds::ZERO, |sum, score| sum.plus(score.points));
    let place = mine().filter_map(|score| score.scoring).min().unwrap_or(Places::exactly(Places::OPEN));
    (points.at_least, points.at_most, core::cmp::Reverse(place), core::cmp::Reverse(entry))
}

/// Points by place: the smallest and largest the possible places give.
fn by_place(scale: &Scale, one: &Ranked, row: &Classified, (fewest, most): (u16, u16)) -> Bounds {
    let Some(places) = one.scoring else { return Bounds::ZERO };
    if let (Some(place), Finish::Classified, true) = (places.exact(), row.finish, fewest == most) {
        return Bounds::exactly(scale.points(place, most));
    }
    let past_the_table = match scale {
        Scale::Places { points, .. } => u16::try_from(points.len()).unwrap_or(u16::MAX).saturating_add(1),
        Scale::ByStarters { .. } | Scale::PlaceItself => most,
    };
    let last = places.worst.min(past_the_table.max(places.best));
    let mut bounds: Option<Bounds> = (row.finish != Finish::Classified).then_some(Bounds::ZERO);
    for (place, starters) in (places.best..=last).flat_map(|place| [(place, fewest), (place, most)]) {
        let points = scale.points(place, starters);
        let so_far = bounds.unwrap_or(Bounds::exactly(points));
        bounds = Some(Bounds { at_least: so_far.at_least.min(points), at_most: so_far.at_most.max(points) });
    }
    bounds.unwrap_or(Bounds::ZERO)
}

/// Whether a car can have set the fastest lap or led: it started and was not disqualified.
fn may_hold(row: &Classified) -> bool {
    !matches!(row.finish, Finish::NotStarted | Finish::Disqualified)
}

/// What points can be under any of some factors that are not negative.
fn hull(points: Bounds, factors: &[Points]) -> Bounds {
    let all = || factors.iter().map(|factor| points.times(*factor));
    let at_least = all().map(|bounds| bounds.at_least).min().unwrap_or(points.at_least);
    let at_most = all().map(|bounds| bounds.at_most).max().unwrap_or(points.at_most);
    Bounds { at_least, at_most }
}

/// A car's share of the fastest-lap points: an equal exact part for each holder, nothing when the place was not reached (P52).
fn share(holders: &Option<Vec<usize>>, points: Points, place_max: Option<u16>, row: &Classified, places: Places) -> Bounds {
    if !may_hold(row) {
        return Bounds::ZERO;
    }
    let Some(holders) = holders else { return Bounds { at_least: Points::ZERO, at_most: points } };
    if !holders.contains(&row.entry) {
        return Bounds::ZERO;
    }
    let part = points.split(holders.len());
    let Some(max) = place_max else { return Bounds::exactly(part) };
    let at_least = if places.worst <= max && row.finish == Finish::Classified { part } else { Points::ZERO };
    let at_most = if places.best <= max && row.may_finish() { part } else { Points::ZERO };
    Bounds { at_least, at_most }
}
