//! The second scorer's points: who is ranked in a championship, and what each award gives whom.

use std::collections::BTreeSet;

use sport::date::Date;
use sport::entry::{Entry, EntryStatus};
use sport::fact::{Fact, What};
use sport::grade::Grade;
use sport::names::{CupId, DriverId, EntryId, MarkId};
use sport::result::Finish;
use sport::rulebook::award::{Award, Basis, Scale};
use sport::rulebook::championship::{Championship, CompetitorKind, SharedDrive, TwoCars};
use sport::rulebook::crew::Granted;
use sport::rulebook::{Law, Rulebook};
use sport::season::Season;

use crate::fraction::{Fraction, ONE, ZERO, from, over};
use crate::orders::{Order, Row, status};

/// What one competitor got from one car for one award.
#[derive(Clone, Debug)]
pub struct Got {
    pub who: String,
    pub session: usize,
    /// At a mark inside the race.
    pub mark: Option<MarkId>,
    pub round: u16,
    pub car: EntryId,
    pub award: String,
    pub points: Fraction,
    /// By place: the scoring place.
    pub scoring: Option<u32>,
    /// By place: the classified place.
    pub classified: Option<u32>,
    pub countback: bool,
    pub disqualified: bool,
    pub started: bool,
    /// The session's points are kept back: it is not held.
    pub withheld: bool,
}

/// A car in a championship's ranking.
struct Ranked {
    row: Row,
    classified: Option<u32>,
    /// Among the cars that can be seen; none for a car that is not.
    scoring: Option<u32>,
    visible: bool,
    scores: bool,
    /// Has competitors in this championship.
    competes: bool,
}

/// Everything looked at.
pub struct Desk<'a> {
    pub rulebook: &'a Rulebook,
    pub season: &'a Season,
    pub facts: &'a [Fact],
    pub orders: &'a [Order],
}

impl Desk<'_> {
    fn entry(&self, car: &EntryId) -> &Entry {
        self.season.list.entries.iter().find(|entry| entry.id == *car).expect("entered")
    }

    /// The grade of a driver on a day in this series.
    fn grade(&self, law: &Law, id: &DriverId, day: Date) -> Option<Grade> {
        for dispensation in &law.dispensations {
            if let Granted::Grade { driver, grade } = &dispensation.grants
                && driver == id
            {
                return Some(*grade);
            }
        }
        let driver = self.season.list.drivers.iter().find(|driver| driver.id == *id).expect("entered");
        let mut dated: Vec<(Date, Grade)> = driver.grades.iter().map(|dated| (dated.from, dated.grade)).collect();
        for fact in self.facts {
            if let What::Grade { driver, grade, from } = &fact.what
                && driver == id
            {
                dated.push((*from, *grade));
            }
        }
        dated.sort_by_key(|(from, _)| *from);
        dated.iter().rfind(|(from, _)| *from <= day).map(|(_, grade)| *grade)
    }

    fn cup(&self, law: &Law, entry: &Entry, round: u16, day: Date) -> Option<CupId> {
        let spell = entry.spell(round)?;
        if spell.cup.is_some() {
            return spell.cup.clone();
        }
        let grades: Vec<Grade> = spell.crew.iter().filter_map(|driver| self.grade(law, driver, day)).collect();
        let fits = law.cups.iter().find(|cup| cup.class == entry.class && cup.crews.iter().any(|crew| crew.fits(&grades)));
        fits.map(|cup| cup.id.clone())
    }

    /// Who scores with a car.
    fn competitors(&self, championship: &Championship, entry: &Entry, crew: &[DriverId]) -> Vec<String> {
        let text = |id: Option<&str>| id.map(String::from).into_iter().collect();
        match championship.competitor {
            CompetitorKind::Driver => crew.iter().map(|id| id.as_str().to_string()).collect(),
            CompetitorKind::Team => text(entry.team.as_ref().map(|id| id.as_str())),
            CompetitorKind::Maker => text(entry.maker.as_ref().map(|id| id.as_str())),
            CompetitorKind::Constructor => text(entry.constructor.as_ref().or(entry.maker.as_ref()).map(|id| id.as_str())),
            CompetitorKind::Entry => text(Some(entry.id.as_str())),
        }
    }

    /// In how many rounds a competitor is entered.
    fn rounds_entered(&self, championship: &Championship, who: &str) -> usize {
        let mut rounds: Vec<u16> = Vec::new();
        for entry in &self.season.list.entries {
            for spell in &entry.spells {
                if self.competitors(championship, entry, &spell.crew).iter().any(|name| name == who) {
                    rounds.extend(&spell.rounds);
                }
            }
        }
        rounds.sort_unstable();
        rounds.dedup();
        rounds.len()
    }

    fn enough_rounds(&self, championship: &Championship, who: &str) -> bool {
        championship.rounds_min.is_none_or(|least| self.rounds_entered(championship, who) >= usize::from(least))
    }

    /// Whether a car is ranked in a championship at all.
    fn ranks(&self, championship: &Championship, order: &Order, row: &Row) -> bool {
        let session = &self.season.calendar.sessions[order.session];
        let law = self.rulebook.law_at(&self.season.calendar, order.session);
        let entry = self.entry(&row.car);
        let of_class = championship.classes.is_empty() || championship.classes.contains(&entry.class);
        let cup = self.cup(law, entry, session.name.round, session.date);
        let of_cup = championship.cups.is_empty() || cup.is_some_and(|cup| championship.cups.contains(&cup));
        of_class && of_cup
    }

    /// Whether a car is no competitor of the championship in this race at all, and if so whether those behind move up.
    fn outside(&self, championship: &Championship, order: &Order, row: &Row) -> Option<bool> {
        let law = self.rulebook.law_at(&self.season.calendar, order.session);
        let round = self.season.calendar.sessions[order.session].name.round;
        let entry = self.entry(&row.car);
        if self.stranger(championship, row) {
            return Some(true);
        }
        match status(self.season, self.facts, &row.car, round) {
            EntryStatus::Guest if !law.guests.scores => return Some(law.guests.others_move_up),
            EntryStatus::Invitational if !law.invitational.scores => return Some(law.invitational.others_move_up),
            _ => {}
        }
        let first = entry.spells.iter().flat_map(|spell| spell.rounds.clone()).min();
        if championship.newcomers_until.is_some_and(|until| first.is_some_and(|first| first > until)) {
            return Some(law.guests.others_move_up);
        }
        None
    }

    /// Whether a car is none of the championship's, whatever else is said of it: not registered, or all of its competitors with too few
    /// rounds.
    fn stranger(&self, championship: &Championship, row: &Row) -> bool {
        let entry = self.entry(&row.car);
        let unregistered = championship.by_registration && !entry.registered.contains(&championship.id);
        let whose = self.competitors(championship, entry, &row.crew);
        unregistered || (!whose.is_empty() && whose.iter().all(|who| !self.enough_rounds(championship, who)))
    }

    /// Whether a decision bars a car from points, and if so whether those behind move up.
    fn barred(championship: &Championship, order: &Order, row: &Row) -> Option<bool> {
        let about = |(car, championships, _): &&(EntryId, Vec<_>, bool)| {
            *car == row.car && (championships.is_empty() || championships.contains(&championship.id))
        };
        order.ineligible.iter().rfind(about).map(|(_, _, others_move_up)| *others_move_up)
    }

    fn ranking(&self, championship: &Championship, order: &Order) -> Vec<Ranked> {
        let rows: Vec<Row> = order.rows.iter().filter(|row| self.ranks(championship, order, row)).cloned().collect();
        let mut ranking = Vec::new();
        for row in &rows {
            let ahead = rows.iter().filter(|other| other.place.is_some() && other.place < row.place).count();
            let classified = row.place.map(|_| u32::try_from(ahead + 1).expect("few cars"));
            let outside = self.outside(championship, order, row);
            let barred = Self::barred(championship, order, row);
            let stranger = self.stranger(championship, row);
            // What a decision says of this car in this session goes before what its status says in general.
            let reason = if stranger { outside } else { barred.or(outside) };
            let competes = outside.is_none() || (barred.is_some() && !stranger);
            ranking.push(Ranked {
                row: row.clone(),
                classified,
                scoring: None,
                visible: reason != Some(true),
                scores: reason.is_none(),
                competes,
            });
        }
        if let Some(best) = &championship.best_cars {
            let mut counted: Vec<String> = Vec::new();
            // From the first car down, those that retired by their laps; of two in a dead heat the earlier entry counts.
            let listed = |car: &EntryId| self.season.list.entries.iter().position(|entry| entry.id == *car);
            let mut order: Vec<usize> = (0..ranking.len()).collect();
            order.sort_by_key(|ix| {
                let (place, row) = (ranking[*ix].classified, &ranking[*ix].row);
                let laps = if place.is_none() { row.laps.unwrap_or(0) } else { 0 };
                (place.unwrap_or(u32::MAX), std::cmp::Reverse(laps), listed(&row.car))
            });
            for ix in order {
                let ranked = &mut ranking[ix];
                let Some(who) = self.competitors(championship, self.entry(&ranked.row.car), &[]).pop() else { continue };
                if !ranked.scores || (ranked.classified.is_none() && ranked.row.finish != Finish::NotClassified) {
                    continue;
                }
                if counted.iter().filter(|name| **name == who).count() >= usize::from(best.count) {
                    ranked.scores = false;
                    ranked.visible = !best.surplus_invisible;
                }
                counted.push(who);
            }
        }
        let places: Vec<u32> = ranking.iter().filter(|ranked| ranked.visible).filter_map(|ranked| ranked.classified).collect();
        for ranked in ranking.iter_mut().filter(|ranked| ranked.visible) {
            let ahead = |place: u32| u32::try_from(places.iter().filter(|other| **other < place).count()).expect("few cars");
            ranked.scoring = ranked.classified.map(|place| ahead(place) + 1);
        }
        ranking
    }

    /// What an award gives each car of a ranking, before factors.
    fn points(&self, law: &Law, award: &Award, order: &Order, ranking: &[Ranked]) -> Vec<Fraction> {
        let started = ranking.iter().filter(|ranked| ranked.visible && ranked.row.finish != Finish::NotStarted).count();
        let holders = fastest(order, ranking);
        let winner = ranking.iter().find(|ranked| ranked.scoring == Some(1));
        let mut given = Vec::new();
        for ranked in ranking {
            let points = match &award.basis {
                Basis::Place { table } => {
                    let table = law.tables.iter().find(|of| of.id == *table).expect("a table");
                    ranked.scoring.map_or(ZERO, |place| from_scale(&table.scale, place, started))
                }
                Basis::LapsBehind { points } => match (ranked.scoring, winner) {
                    (Some(_), Some(winner)) => {
                        let behind = winner.row.laps.unwrap_or(0).saturating_sub(ranked.row.laps.unwrap_or(0));
                        points.get(behind as usize).or(points.last()).map_or(ZERO, |points| from(*points))
                    }
                    _ => ZERO,
                },
                Basis::FastestLap { points, place_max } => {
                    let near = place_max.is_none_or(|most| ranked.classified.is_some_and(|place| place <= u32::from(most)));
                    if holders.contains(&ranked.row.car) && near { from(*points).times(over(1, holders.len() as i128)) } else { ZERO }
                }
                Basis::Led { points } => {
                    if ranked.row.led && ranked.row.finish != Finish::Disqualified {
                        from(*points)
                    } else {
                        ZERO
                    }
                }
            };
            given.push(if ranked.visible && ranked.scores { points } else { ZERO });
        }
        given
    }

    fn crew_factor(&self, law: &Law, award: &Award, order: &Order, ranked: &Ranked) -> Fraction {
        let day = self.season.calendar.sessions[order.session].date;
        let grades: Vec<Grade> = ranked.row.crew.iter().filter_map(|driver| self.grade(law, driver, day)).collect();
        for factor in &award.crew_factors {
            let near = factor.place_max.is_none_or(|most| ranked.scoring.is_some_and(|place| place <= u32::from(most)));
            if factor.crew.fits(&grades) && near {
                return from(factor.factor);
            }
        }
        ONE
    }

    /// A driver's part of his car's points.
    fn part(championship: &Championship, order: &Order, row: &Row, driver: &DriverId) -> Fraction {
        if let Some(shares) = order.shares.get(&row.car) {
            return shares.iter().find(|(of, _)| of == driver).map_or(ZERO, |(_, share)| *share);
        }
        match championship.shared_drive {
            SharedDrive::Full => ONE,
            SharedDrive::Split => over(1, row.crew.len() as i128),
            SharedDrive::Nothing if row.crew.len() > 1 => ZERO,
            SharedDrive::Nothing => ONE,
        }
    }

    /// Whether a driver is one of those a championship is for.
    fn admits(&self, championship: &Championship, order: &Order, driver: &DriverId) -> bool {
        let law = self.rulebook.law_at(&self.season.calendar, order.session);
        let day = self.season.calendar.sessions[order.session].date;
        let of_grade = championship.driver_grades.is_none_or(|grades| self.grade(law, driver, day).is_some_and(|grade| grades.has(grade)));
        let first = self.season.calendar.sessions[0].date;
        let born = self.season.list.drivers.iter().find(|of| of.id == *driver).and_then(|of| of.born).expect("born");
        let years = born.years_until(first);
        of_grade && championship.driver_ages.is_none_or(|(least, most)| least <= years && years <= most)
    }

    /// Every score of a championship, in order.
    pub fn all(&self, championship: &Championship) -> Vec<Got> {
        let mut got = Vec::new();
        for order in self.orders {
            let session = &self.season.calendar.sessions[order.session];
            if order.annulled || championship.skip_rounds.contains(&session.name.round) {
                continue;
            }
            let law = self.rulebook.law_at(&self.season.calendar, order.session);
            for id in &championship.awards {
                let award = law.awards.iter().find(|award| award.id == *id).expect("an award");
                if award.mark == order.mark && award.sessions.hold(session) && !session.without_awards.contains(id) {
                    self.award(championship, law, award, order, &mut got);
                }
            }
        }
        if championship.competitor == CompetitorKind::Driver {
            self.two_cars(championship, &mut got);
        }
        // The classification stands where points are withheld; there are no points, and no places that score.
        for of in got.iter_mut().filter(|got| got.withheld) {
            of.points = ZERO;
            of.scoring = None;
        }
        got
    }

    fn award(&self, championship: &Championship, law: &Law, award: &Award, order: &Order, got: &mut Vec<Got>) {
        let session = &self.season.calendar.sessions[order.session];
        let ranking = self.ranking(championship, order);
        for (ranked, base) in ranking.iter().zip(self.points(law, award, order, &ranking)) {
            let row = &ranked.row;
            if !ranked.competes {
                continue;
            }
            let by_place = matches!(award.basis, Basis::Place { .. });
            let points = base.times(from(award.factor)).times(self.crew_factor(law, award, order, ranked)).times(order.factor);
            for who in self.competitors(championship, self.entry(&row.car), &row.crew) {
                let mut own = points;
                let mut scores = ranked.scores;
                if championship.competitor == CompetitorKind::Driver {
                    let driver = DriverId::new(&who);
                    // Whom a championship is not for does not compete in it, and takes nothing from anybody.
                    if !self.admits(championship, order, &driver) || !self.enough_rounds(championship, &who) {
                        continue;
                    }
                    own = own.times(Self::part(championship, order, row, &driver));
                    let short = championship.drive_min.is_some_and(|least| row.drove.get(&driver).is_some_and(|time| *time < least.0));
                    scores &= !short;
                }
                got.push(Got {
                    who,
                    session: order.session,
                    mark: order.mark.clone(),
                    round: session.name.round,
                    car: row.car.clone(),
                    award: award.id.as_str().to_string(),
                    points: if scores { own } else { ZERO },
                    scoring: ranked.scoring.filter(|_| by_place && scores),
                    classified: ranked.classified.filter(|_| by_place),
                    countback: award.countback && by_place,
                    disqualified: row.finish == Finish::Disqualified,
                    started: row.finish != Finish::NotStarted,
                    withheld: order.withheld,
                });
            }
        }
    }

    /// Takes from a driver the scores of the cars that do not count for him.
    fn two_cars(&self, championship: &Championship, got: &mut [Got]) {
        if championship.two_cars == TwoCars::Both {
            return;
        }
        let drivers: BTreeSet<(String, usize, Option<MarkId>)> =
            got.iter().map(|got| (got.who.clone(), got.session, got.mark.clone())).collect();
        for (who, session, mark) in drivers {
            let here = |got: &Got| got.who == who && got.session == session && got.mark == mark;
            let driven: BTreeSet<EntryId> = got.iter().filter(|got| here(got) && got.started).map(|got| got.car.clone()).collect();
            let list = self.season.list.entries.iter().map(|entry| entry.id.clone());
            let cars: Vec<EntryId> = list.filter(|car| driven.contains(car)).collect();
            if cars.len() < 2 {
                continue;
            }
            let counts = match championship.two_cars {
                TwoCars::Nominated => self.nominated(championship, &who, session),
                _ => Some(better(&got.iter().filter(|got| here(got)).cloned().collect::<Vec<Got>>(), &cars)),
            };
            for of in got.iter_mut().filter(|of| here(of) && Some(&of.car) != counts.as_ref()) {
                of.points = ZERO;
                of.scoring = None;
                of.classified = None;
            }
        }
    }

    fn nominated(&self, championship: &Championship, who: &str, session: usize) -> Option<EntryId> {
        let name = &self.season.calendar.sessions[session].name;
        let mut nominated = None;
        for fact in self.facts {
            if let What::Nomination { session, driver, car, championships } = &fact.what
                && session == name
                && driver.as_str() == who
                && (championships.is_empty() || championships.contains(&championship.id))
            {
                nominated = Some(car.clone());
            }
        }
        nominated
    }
}

/// The car with which a driver scored more in a classification; of two alike the better scoring place, then the first of the entry list.
fn better(got: &[Got], cars: &[EntryId]) -> EntryId {
    let of_car = |car: &EntryId| got.iter().filter(|got| got.car == *car).cloned().collect::<Vec<Got>>();
    let sum = |car: &EntryId| of_car(car).iter().fold(ZERO, |sum, got| sum.plus(got.points));
    let place = |car: &EntryId| of_car(car).iter().filter_map(|got| got.scoring).min().unwrap_or(u32::MAX);
    let mut cars = cars.to_vec();
    cars.sort_by(|a, b| sum(b).against(sum(a)).then(place(a).cmp(&place(b))));
    cars.remove(0)
}

fn from_scale(scale: &Scale, place: u32, started: usize) -> Fraction {
    match scale {
        Scale::Places { points, rest } => from(points.get(place as usize - 1).copied().unwrap_or(*rest)),
        Scale::ByStarters { base, decimals } => {
            let (n, p) = (started as i128, i128::from(place));
            from(*base).times(over(2 * (n - p) + 1, 2 * n)).rounded(*decimals)
        }
        Scale::PlaceItself => over(i128::from(place), 1),
    }
}

/// The holders of the fastest lap among the cars that can be seen.
fn fastest(order: &Order, ranking: &[Ranked]) -> Vec<EntryId> {
    let on_track = |ranked: &&Ranked| ranked.visible && !matches!(ranked.row.finish, Finish::Disqualified | Finish::NotStarted);
    let seen: Vec<&Ranked> = ranking.iter().filter(on_track).collect();
    let named: Vec<EntryId> =
        seen.iter().filter(|ranked| order.fastest.contains(&ranked.row.car)).map(|ranked| ranked.row.car.clone()).collect();
    if !named.is_empty() {
        return named;
    }
    let best = seen.iter().filter_map(|ranked| ranked.row.best_lap).min();
    seen.iter().filter(|ranked| best.is_some() && ranked.row.best_lap == best).map(|ranked| ranked.row.car.clone()).collect()
}
