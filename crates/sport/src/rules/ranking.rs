//! The scoring place: a car's place among the cars a championship counts (P7, P8, P13, P14, P57, P58; A2, E2, E4).
//!
//! Where places are only partly known the scoring place is a range, and the range is sound: whatever the unpublished places
//! were, the true scoring place lies in it.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::citation::Cite;
use crate::classification::{Classification, Classified, Order};
use crate::decision::Effect;
use crate::entry::EntryStatus;
use crate::place::Places;
use crate::result::Finish;
use crate::roster::Roster;
use crate::rulebook::championship::{Championship, CompetitorKind};
use crate::rulebook::crew::StatusRule;
use crate::rules::cup::CupFit;
use crate::season::Season;
use crate::world::{Ground, InForce};

/// Why a car is not counted, or counted without scoring.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Passed {
    /// Not of the championship's classes.
    OtherClass,
    /// Not of its cups.
    OtherCup,
    /// Not registered for it (P7, P14).
    NotRegistered,
    /// A guest or invitational entry (A2, P8).
    Guest(Cite),
    /// Entered too late in the season.
    Newcomer(Cite),
    /// Its competitor enters too few rounds.
    FewRounds(Cite),
    /// By a decision (P57–P59).
    Ineligible(Ground),
    /// Nobody published whose car it is.
    NoCompetitor,
    /// A surplus car of its competitor (E4, P13).
    Surplus(Cite),
}

impl Passed {
    /// Whether the car takes part in the championship at all, if without points here.
    pub fn takes_part(&self) -> bool {
        matches!(self, Self::Ineligible(_) | Self::NoCompetitor | Self::Surplus(_))
    }
}

/// A car as a championship sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranked {
    /// Whether it is counted: surely, perhaps (`None`: its cup is not known), or not.
    pub counted: Option<bool>,
    /// Whether it scores: surely, perhaps, or not.
    pub scores: Option<bool>,
    /// Why not, where not.
    pub passed: Option<Passed>,
    /// Its scoring place; `None` when it has none.
    pub scoring: Option<Places>,
    /// Its classified place among all cars of the championship's classes and cups.
    pub classified: Option<Places>,
}

/// What ranking looks at.
pub(crate) struct Field<'a> {
    pub(crate) season: &'a Season,
    pub(crate) roster: &'a Roster,
    /// What guests score here.
    pub(crate) guests: &'a StatusRule,
    /// What invitational entries score here.
    pub(crate) invitational: &'a StatusRule,
    pub(crate) championship: &'a Championship,
    pub(crate) classification: &'a Classification,
    pub(crate) force: &'a InForce<'a>,
    /// Rounds each competitor enters, where the championship asks (`rounds_min`).
    pub(crate) rounds_entered: &'a [u16],
    /// Who is declared ineligible is passed over, whatever the decision says of those behind: how the success penalty counts (D4).
    pub(crate) passes_ineligible: bool,
}

impl Field<'_> {
    /// Every row of the classification as the championship sees it, in the same order.
    pub(crate) fn rank(&self) -> Vec<Ranked> {
        let rows = &self.classification.rows;
        let mut ranked: Vec<Ranked> = rows.iter().map(|row| self.sees(row)).collect();
        let order = Known::of(self.season, self.classification);
        self.surplus(&mut ranked, &order);
        for ix in 0..rows.len() {
            if ranked[ix].counted != Some(false) && rows[ix].may_finish() {
                ranked[ix].scoring = Some(self.place(ix, &ranked, &order));
            }
        }
        if !self.classification.complete || ranked.iter().any(|one| one.scoring.is_some_and(|places| places.exact().is_none())) {
            exclude_taken(rows, &mut ranked);
        }
        for one in &mut ranked {
            if one.scores == Some(false) {
                one.scoring = None;
            }
        }
        ranked
    }

    /// Whether a car is counted and scores, teammates aside.
    fn sees(&self, row: &Classified) -> Ranked {
        let entry = &self.season.list.entries[row.entry];
        let of = self.championship;
        let out = |passed| Ranked { counted: Some(false), scores: Some(false), passed: Some(passed), scoring: None, classified: None };
        if !of.classes.is_empty() && !of.classes.contains(&entry.class) {
            return out(Passed::OtherClass);
        }
        let in_cups = if of.cups.is_empty() {
            Some(true)
        } else {
            let fits: Vec<Option<bool>> = of.cups.iter().map(|cup| row.cup.is(cup)).collect();
            if fits.contains(&Some(true)) { Some(true) } else { fits.iter().find(|fit| fit.is_none()).map_or(Some(false), |_| None) }
        };
        if in_cups == Some(false) {
            return out(Passed::OtherCup);
        }
        if of.by_registration && !entry.registered.contains(&of.id) {
            return out(Passed::NotRegistered);
        }
        let classified = match (of.cups.len(), of.classes.len(), self.classification.order) {
            (1, _, _) => row.cup_place,
            (0, 1, _) => row.class_place,
            (0, 0, Order::Overall) => row.place,
            _ => self.counted_place(row),
        };
        let classified = classified.or(Some(Places::ANY));
        let seen = |passed: Option<Passed>, others_move_up: bool| Ranked {
            counted: if passed.is_some() && others_move_up { Some(false) } else { in_cups },
            scores: if passed.is_some() { Some(false) } else { in_cups },
            passed,
            scoring: None,
            classified: classified.filter(|_| row.may_finish()),
        };
        let (passed, others_move_up) = self.eligible(row);
        seen(passed, others_move_up)
    }

    /// A car's place among the cars of several classes or cups, where every place in front of it is somebody's.
    fn counted_place(&self, row: &Classified) -> Option<Places> {
        let of = self.championship;
        let place = row.place.and_then(Places::exact).filter(|_| self.classification.order == Order::Overall)?;
        let (mut known, mut belong) = (0_u16, 0_u16);
        for other in self.classification.rows.iter().filter(|other| other.place.and_then(Places::exact).is_some_and(|other| other < place))
        {
            let class = &self.season.list.entries[other.entry].class;
            let in_class = of.classes.is_empty() || of.classes.contains(class);
            let fits = of.cups.iter().map(|cup| other.cup.is(cup));
            let in_cups = of.cups.is_empty() || fits.clone().any(|fit| fit == Some(true));
            if in_class && !in_cups && fits.into_iter().any(|fit| fit.is_none()) {
                return None;
            }
            known += 1;
            belong += u16::from(in_class && in_cups);
        }
        (known + 1 == place).then_some(Places::exactly(belong + 1))
    }

    /// Why a car of the right class and cup does not score, and whether those behind it move up for points.
    fn eligible(&self, row: &Classified) -> (Option<Passed>, bool) {
        if self.too_few_rounds(row) {
            return (Some(Passed::FewRounds(self.championship.cite.clone())), true);
        }
        let session = &self.season.calendar.sessions[self.classification.session].name;
        // Of several decisions on the car the latest holds.
        let mut barred = None;
        for holds in self.force.on(session) {
            if let Effect::Ineligible { car, championships, others_move_up, .. } = holds.effect
                && self.roster.entry(car) == Some(row.entry)
                && (championships.is_empty() || championships.contains(&self.championship.id))
            {
                barred = Some((Some(Passed::Ineligible(holds.ground.clone())), *others_move_up || self.passes_ineligible));
            }
        }
        if let Some(barred) = barred {
            return barred;
        }
        let status = self.roster.taking(session.round, row.entry).map_or(EntryStatus::Regular, |taking| taking.status);
        let by_status = |rule: &StatusRule| (!rule.scores).then(|| (Some(Passed::Guest(rule.cite.clone())), rule.others_move_up));
        let special = match status {
            EntryStatus::Regular => None,
            EntryStatus::Guest => by_status(self.guests),
            EntryStatus::Invitational => by_status(self.invitational),
        };
        if let Some(special) = special {
            return special;
        }
        if self.championship.newcomers_until.is_some_and(|until| self.roster.first_round[row.entry] > until) {
            return (Some(Passed::Newcomer(self.championship.cite.clone())), self.guests.others_move_up);
        }
        if self.championship.competitor != CompetitorKind::Driver
            && self.roster.competitor(self.championship.competitor, row.entry).is_none()
        {
            return (Some(Passed::NoCompetitor), false);
        }
        (None, false)
    }

    /// Whether whoever would score with a car enters too few rounds: its competitor, or every driver who may have been aboard.
    fn too_few_rounds(&self, row: &Classified) -> bool {
        let Some(least) = self.championship.rounds_min else { return false };
        let few = |competitor: usize| self.rounds_entered[competitor] < least;
        if self.championship.competitor == CompetitorKind::Driver {
            return !row.crew_open && !row.crew.is_empty() && row.crew.iter().chain(&row.perhaps).all(|driver| few(*driver));
        }
        self.roster.competitor(self.championship.competitor, row.entry).is_some_and(few)
    }

    /// Marks surplus cars: those with enough teammates in front of them (E4). Who started and was not classified stands behind who was.
    fn surplus(&self, ranked: &mut [Ranked], order: &Known<'_>) {
        let Some(best) = &self.championship.best_cars else { return };
        let rows = &self.classification.rows;
        let competitor = |ix: usize| self.roster.competitor(self.championship.competitor, rows[ix].entry);
        let before: Vec<Ranked> = ranked.to_vec();
        let takes_part =
            |ix: usize| before[ix].scores != Some(false) && (rows[ix].may_finish() || rows[ix].finish == Finish::NotClassified);
        for ix in (0..rows.len()).filter(|ix| takes_part(*ix)) {
            let (mut sure, mut maybe) = (0, 0);
            for mate in (0..rows.len()).filter(|mate| *mate != ix && takes_part(*mate) && competitor(*mate) == competitor(ix)) {
                let ahead = order.teammate_ahead(mate, ix);
                let certain = rows[mate].finish != Finish::Unknown && before[mate].scores == Some(true);
                sure += u16::from(ahead == Some(true) && certain);
                maybe += u16::from(ahead != Some(false));
            }
            if sure >= best.count {
                ranked[ix].scores = Some(false);
                ranked[ix].passed = Some(Passed::Surplus(best.cite.clone()));
                if best.surplus_invisible {
                    ranked[ix].counted = Some(false);
                }
            } else if maybe >= best.count {
                ranked[ix].scores = None;
                if best.surplus_invisible {
                    ranked[ix].counted = None;
                }
            }
        }
    }

    /// The scoring place of one car.
    fn place(&self, ix: usize, ranked: &[Ranked], order: &Known<'_>) -> Places {
        let rows = &self.classification.rows;
        let dom = order.places[ix];
        let (mut sure, mut possible, mut passed_ahead, mut may_pass) = (0_u16, 0_u16, 0_u16, 0_u16);
        for other in (0..rows.len()).filter(|other| *other != ix && rows[*other].may_finish()) {
            let ahead = order.compare(other, ix);
            let certain = ahead == Some(Ordering::Less) && rows[other].finish == Finish::Classified;
            let may = !matches!(ahead, Some(Ordering::Greater | Ordering::Equal));
            match ranked[other].counted {
                Some(true) => {
                    sure += u16::from(certain);
                    possible += u16::from(may);
                }
                None => possible += u16::from(may),
                Some(false) => passed_ahead += u16::from(certain && order.comparable(other, ix)),
            }
            may_pass += u16::from(ranked[other].counted != Some(true) && may && order.comparable(other, ix));
        }
        let one_order = self.classification.order == Order::Overall || self.championship.classes.len() == 1;
        let by_place = if dom.worst == Places::OPEN || !one_order { Places::OPEN } else { dom.worst.saturating_sub(passed_ahead).max(1) };
        // The entry list behind a sheet that lacks cars may lack them too: only a complete sheet says how many there were.
        let by_count = if self.classification.complete { possible + 1 } else { Places::OPEN };
        // Of the cars in front of a known place, all are counted here but those that may not be.
        let behind = if one_order { dom.best.saturating_sub(may_pass) } else { 1 };
        // A complete sheet may lack a place (a finding): no car is behind more cars than it lists.
        let behind = if self.classification.complete { behind.min(possible + 1) } else { behind };
        let best = behind.max(sure + 1);
        let counted = Places { best, worst: by_place.min(by_count).max(best) };
        if counted.exact().is_some() {
            return counted;
        }
        self.by_scope(ix, ranked, order).and_then(|scope| scope.both(counted)).unwrap_or(counted)
    }

    /// What a published place among exactly the championship's cars (its one cup, or its one class) says, less those of them that
    /// are not counted. A place in front that nobody was named for is taken to be a counted car's, unless a car that is not counted
    /// may hold it.
    fn by_scope(&self, ix: usize, ranked: &[Ranked], order: &Known<'_>) -> Option<Places> {
        let rows = &self.classification.rows;
        let class = |row: &Classified| &self.season.list.entries[row.entry].class;
        let (place, cup) = match (&self.championship.cups[..], &self.championship.classes[..]) {
            ([cup], _) => (rows[ix].cup_place?, Some(cup)),
            ([], [_]) if self.classification.order == Order::Class => (rows[ix].place.filter(|place| *place != Places::ANY)?, None),
            ([], [_]) => (rows[ix].class_place?, None),
            _ => return None,
        };
        let belongs = |row: &Classified| cup.map_or(Some(class(row) == class(&rows[ix])), |cup| row.cup.is(cup));
        let (mut sure, mut possible) = (0_u16, 0_u16);
        for other in (0..rows.len()).filter(|other| *other != ix && rows[*other].may_finish()) {
            let belongs = belongs(&rows[other]);
            if belongs == Some(false) || ranked[other].counted == Some(true) {
                continue;
            }
            let ahead = order.compare(other, ix);
            let left_out = ranked[other].counted == Some(false) && belongs == Some(true);
            sure += u16::from(left_out && ahead == Some(Ordering::Less) && rows[other].finish == Finish::Classified);
            possible += u16::from(!matches!(ahead, Some(Ordering::Greater | Ordering::Equal)));
        }
        let best = place.best.saturating_sub(possible).max(1);
        let worst = if place.worst == Places::OPEN { place.worst } else { place.worst.saturating_sub(sure).max(1) };
        Some(Places { best, worst: worst.max(best) })
    }
}

/// A place somebody surely holds is nobody else's (dead heats are published as such).
fn exclude_taken(rows: &[Classified], ranked: &mut [Ranked]) {
    let sure = |ix: &usize| ranked[*ix].counted == Some(true) && rows[*ix].finish == Finish::Classified;
    let held: Vec<u16> = (0..rows.len()).filter(sure).filter_map(|ix| ranked[ix].scoring.and_then(Places::exact)).collect();
    // Of a dead heat of two on place 1 nobody is second.
    let cars = |place: u16| u16::try_from(held.iter().filter(|other| **other == place).count()).expect("a field fits in a number");
    let taken: Vec<u16> = held.iter().flat_map(|place| *place..place.saturating_add(cars(*place))).collect();
    for one in ranked.iter_mut() {
        let Some(places) = &mut one.scoring else { continue };
        if places.exact().is_some() {
            continue;
        }
        while places.best < places.worst && taken.contains(&places.best) {
            places.best += 1;
        }
        while places.worst != Places::OPEN && places.worst > places.best && taken.contains(&places.worst) {
            places.worst -= 1;
        }
    }
}

/// What is known of the order of two cars.
pub(crate) struct Known<'a> {
    season: &'a Season,
    classification: &'a Classification,
    /// The places of each row in the classification's order, tightened by what its cup place implies.
    pub(crate) places: Vec<Places>,
}

impl<'a> Known<'a> {
    pub(crate) fn of(season: &'a Season, classification: &'a Classification) -> Self {
        let rows = &classification.rows;
        let mut places: Vec<Places> = rows.iter().map(|row| row.place.unwrap_or(Places::ANY)).collect();
        let class = |ix: usize| &season.list.entries[rows[ix].entry].class;
        for ix in 0..rows.len() {
            if places[ix].exact().is_some() || !rows[ix].may_finish() {
                continue;
            }
            let (Some(mine), CupFit::Cup(_)) = (rows[ix].cup_place, &rows[ix].cup) else { continue };
            for other in (0..rows.len()).filter(|other| *other != ix && rows[*other].cup == rows[ix].cup && class(*other) == class(ix)) {
                let (Some(theirs), Some(at)) = (rows[other].cup_place, rows[other].place) else { continue };
                if rows[other].finish != Finish::Classified {
                    continue;
                }
                // So many places of the cup lie between the two, each of them a place of the order.
                if theirs.worst < mine.best {
                    places[ix].best = places[ix].best.max(at.best.saturating_add(mine.best - theirs.worst));
                } else if mine.worst < theirs.best && at.worst != Places::OPEN {
                    places[ix].worst = places[ix].worst.min(at.worst.saturating_sub(theirs.best - mine.worst));
                }
            }
            places[ix].best = places[ix].best.max(mine.best);
            let taken = |place: u16| {
                (0..rows.len()).any(|other| {
                    other != ix
                        && class(other) == class(ix)
                        && rows[other].place == Some(Places::exactly(place))
                        && rows[other].finish == Finish::Classified
                })
            };
            while places[ix].best < places[ix].worst && taken(places[ix].best) {
                places[ix].best += 1;
            }
            places[ix].worst = places[ix].worst.max(places[ix].best);
        }
        Self { season, classification, places }
    }

    /// Whether two cars stand in one order at all.
    pub(crate) fn comparable(&self, a: usize, b: usize) -> bool {
        let rows = &self.classification.rows;
        let class = |ix: usize| &self.season.list.entries[rows[ix].entry].class;
        self.classification.order == Order::Overall || class(a) == class(b)
    }

    /// Whether a car counts before its teammate: by place, then who was not classified by laps; of equals the earlier entry.
    fn teammate_ahead(&self, mate: usize, ix: usize) -> Option<bool> {
        let (mine, theirs) = (&self.classification.rows[ix], &self.classification.rows[mate]);
        match (theirs.finish, mine.finish) {
            (Finish::Classified, Finish::NotClassified) => Some(true),
            (Finish::NotClassified, Finish::Classified) => Some(false),
            (Finish::NotClassified, Finish::NotClassified) => match theirs.laps?.cmp(&mine.laps?) {
                Ordering::Greater => Some(true),
                Ordering::Less => Some(false),
                Ordering::Equal => Some(theirs.entry < mine.entry),
            },
            (Finish::Unknown, Finish::NotClassified) | (Finish::NotClassified, Finish::Unknown) => None,
            _ => self.compare(mate, ix).map(|order| order.then(theirs.entry.cmp(&mine.entry)) == Ordering::Less),
        }
    }

    /// The order of two cars if both are classified: less is ahead, equal a dead heat, `None` not known.
    pub(crate) fn compare(&self, a: usize, b: usize) -> Option<Ordering> {
        let rows = &self.classification.rows;
        if self.comparable(a, b) {
            let told = self.places[a].order(self.places[b]);
            if told.is_some() {
                return told;
            }
        }
        let class = |ix: usize| &self.season.list.entries[rows[ix].entry].class;
        let in_class = || rows[a].class_place?.order(rows[b].class_place?);
        if class(a) == class(b)
            && let Some(told) = in_class()
        {
            return Some(told);
        }
        if class(a) == class(b) && rows[a].cup == rows[b].cup && matches!(rows[a].cup, CupFit::Cup(_)) {
            let (mine, theirs) = (rows[a].cup_place?, rows[b].cup_place?);
            return if mine.worst < theirs.best {
                Some(Ordering::Less)
            } else if theirs.worst < mine.best {
                Some(Ordering::Greater)
            } else {
                None
            };
        }
        None
    }
}
