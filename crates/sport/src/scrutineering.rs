//! Scrutineering (F2): what a car must measure in a session, what was measured, what is out; and its sets of tyres.
//!
//! A measurement is held against the Balance of Performance in force at its own session: a later bulletin makes no earlier car illegal (case 7).

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::bop::{self, InForce, applies_from};
use crate::date::Instant;
use crate::entry::Entry;
use crate::evaluate::as_known;
use crate::fact::{BopBulletin, Fact, What};
use crate::finding::{Finding, Weight};
use crate::ledger::Due;
use crate::meeting_fact::{MeetingFact, Signal};
use crate::names::EntryId;
use crate::points::Points;
use crate::rulebook::scrutineering::ScrutineeringRule;
use crate::rulebook::success::SuccessUnit;
use crate::rulebook::{Law, Rulebook};
use crate::season::{Moment, Season};
use crate::session::{SessionKind, SessionName};

/// What is measured, each in whole parts of its unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Quantity {
    /// Weight of the car, tenths of a kilogram; at least.
    Weight,
    /// Ride height in front, tenths of a millimetre; at least.
    RideHeightFront,
    /// Ride height at the rear, tenths of a millimetre; at least.
    RideHeightRear,
    /// Diameter of the restrictor, hundredths of a millimetre; at most.
    Restrictor,
    /// Capacity for fuel, tenths of a litre; at most.
    Fuel,
}

impl Quantity {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("weight", Self::Weight),
        ("ride-height-front", Self::RideHeightFront),
        ("ride-height-rear", Self::RideHeightRear),
        ("restrictor", Self::Restrictor),
        ("fuel", Self::Fuel),
    ];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, quantity)| *quantity == self).map_or("", |(word, _)| word)
    }

    /// Parts to one of its unit.
    pub fn parts(self) -> usize {
        match self {
            Self::Restrictor => 100,
            Self::Weight | Self::RideHeightFront | Self::RideHeightRear | Self::Fuel => 10,
        }
    }

    /// The unit.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Weight => "kg",
            Self::RideHeightFront | Self::RideHeightRear | Self::Restrictor => "mm",
            Self::Fuel => "l",
        }
    }

    /// Whether less is out; otherwise more is.
    pub fn at_least(self) -> bool {
        match self {
            Self::Weight | Self::RideHeightFront | Self::RideHeightRear => true,
            Self::Restrictor | Self::Fuel => false,
        }
    }

    /// A value with its unit, as printed: `1290.5 kg`.
    pub fn printed(self, value: i64) -> String {
        alloc::format!("{} {}", Points::whole(value).split(self.parts()).published(), self.unit())
    }
}

/// A measurement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Measured {
    /// The session it belongs to.
    pub session: SessionName,
    /// The car.
    pub car: EntryId,
    /// What.
    pub quantity: Quantity,
    /// In the parts of the quantity.
    pub value: u32,
    /// What it was measured with.
    pub instrument: String,
}

/// What a car must measure, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limit {
    /// What.
    pub quantity: Quantity,
    /// In the parts of the quantity.
    pub value: i64,
    /// Given or taken on top, in the same parts.
    pub tolerance: i64,
    /// What it is the sum of: `1235 kg homologated, +10 kg by bulletin 2`.
    pub says: String,
}

/// A measurement held against its limit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// The fact it was recorded as.
    pub fact: u64,
    /// What.
    pub quantity: Quantity,
    /// In the parts of the quantity.
    pub value: i64,
    /// With what.
    pub instrument: String,
    /// By how much it is out, tolerance granted, in the same parts; `None` where nothing is asked for, or what is was not written down.
    pub out: Option<i64>,
    /// What it is held against: success ballast as it was known to be due when the car was weighed, not what became due later (D3).
    pub limit: Option<Limit>,
}

impl Reading {
    /// In words, with its limit: `weight 1290.5 kg, at least 1295 kg, out by 4.5 kg`.
    pub fn says(&self) -> String {
        let mut says = alloc::format!("{} {}", self.quantity.word(), self.quantity.printed(self.value));
        if let Some(limit) = &self.limit {
            let bound = if self.quantity.at_least() { "at least" } else { "at most" };
            says.push_str(&alloc::format!(", {bound} {}", self.quantity.printed(limit.value)));
        }
        if let Some(by) = self.out {
            says.push_str(&alloc::format!(", out by {}", self.quantity.printed(by)));
        }
        says
    }
}

/// A car in scrutineering.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scrutinised {
    /// Position in the entry list.
    pub entry: usize,
    /// What it must measure, as far as anything says.
    pub limits: Vec<Limit>,
    /// Success time due in this race, in microseconds.
    pub success_us: i64,
    /// What was measured, in order.
    pub readings: Vec<Reading>,
}

/// The sets of tyres of a car at an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tyres {
    /// Position in the entry list.
    pub entry: usize,
    /// Sets marked, in order.
    pub marked: Vec<String>,
    /// Sets used, each with the sessions in which it was.
    pub used: Vec<(String, Vec<SessionName>)>,
    /// How many are allowed, where the rulebook says.
    pub allowed: Option<u16>,
}

impl Tyres {
    /// What is odd about them, in words.
    pub fn odd(&self) -> Vec<String> {
        let mut odd = Vec::new();
        if let Some(allowed) = self.allowed {
            for (what, count) in [("marked", self.marked.len()), ("used", self.used.len())] {
                if count > usize::from(allowed) {
                    odd.push(alloc::format!("{count} sets {what}, {allowed} allowed"));
                }
            }
        }
        for (set, _) in self.used.iter().filter(|(set, _)| !self.marked.contains(set)) {
            odd.push(alloc::format!("set {set} used and not marked"));
        }
        odd
    }
}

/// As printed: `marked A, B; used A; 2 allowed`.
impl core::fmt::Display for Tyres {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let list = |sets: Vec<&str>| if sets.is_empty() { String::from("none") } else { sets.join(", ") };
        let marked = list(self.marked.iter().map(String::as_str).collect());
        let used = list(self.used.iter().map(|(set, _)| set.as_str()).collect());
        write!(f, "marked {marked}; used {used}")?;
        self.allowed.map_or(Ok(()), |allowed| write!(f, "; {allowed} allowed"))
    }
}

/// Every car entered at a session: what it must measure and what was measured. It carries what was known to be due when the session began, and is
/// weighed by what was known to be due then; `through`: by results of sessions up to this one alone.
pub fn scrutinised(rulebook: &Rulebook, season: &Season, live: &[&Fact], through: Option<usize>, session: usize) -> Vec<Scrutinised> {
    let name = &season.calendar.sessions[session].name;
    let law = rulebook.law_at(&season.calendar, session);
    let in_force = bop::in_force(season, live, session);
    let mut carried =
        Carried { rulebook, season, live, session, through: through.unwrap_or(session).min(session), ledgers: BTreeMap::new() };
    let begun = begun(live, name).unwrap_or(Instant::FOREVER);
    let mut cars = Vec::new();
    for (entry, of) in season.list.entries.iter().enumerate().filter(|(_, of)| of.spell(name.round).is_some()) {
        let mut limits_at = |at| limits(law, of, in_force_of(law, of, &in_force), carried.due(at, entry, SuccessUnit::Ballast));
        let mine = live.iter().filter_map(|fact| Some((*fact, measured(fact)?)));
        let mine = mine.filter(|(_, measured)| measured.session == *name && measured.car == of.id);
        let readings = mine.map(|(fact, measured)| reading(fact.number, measured, &limits_at(fact.happened.min(begun)))).collect();
        let limits = limits_at(begun);
        cars.push(Scrutinised { entry, limits, success_us: carried.due(begun, entry, SuccessUnit::Time), readings });
    }
    cars
}

/// The success ledger of a session at the moments at which its cars were weighed.
struct Carried<'a> {
    rulebook: &'a Rulebook,
    season: &'a Season,
    live: &'a [&'a Fact],
    session: usize,
    through: usize,
    /// By how many facts they rest on: weighing one car says nothing of what another owes.
    ledgers: BTreeMap<usize, Vec<Due>>,
}

impl Carried<'_> {
    /// What was known at a moment to be due of a car.
    fn due(&mut self, at: Instant, entry: usize, unit: SuccessUnit) -> i64 {
        let aside = |fact: &&&Fact| !matches!(fact.what, What::Meeting(MeetingFact::Measured(_) | MeetingFact::Heard(_)));
        let facts = self.live.iter().take_while(|fact| fact.happened <= at).filter(aside).count();
        let ledger = self.ledgers.entry(facts);
        let ledger = ledger.or_insert_with(|| as_known(self.rulebook, self.season, self.live, at, self.through));
        let mine = ledger.iter().filter(|due| due.entry == entry && due.due_in == Some(self.session) && due.unit == unit);
        mine.map(|due| due.amount.0).sum()
    }
}

/// When a session began, where its start signal was recorded.
fn begun(live: &[&Fact], name: &SessionName) -> Option<Instant> {
    let green =
        |fact: &&&Fact| matches!(&fact.what, What::Meeting(MeetingFact::Signal { session, signal: Signal::Green }) if session == name);
    live.iter().find(green).map(|fact| fact.happened)
}

/// The tyres of every car entered for a round.
pub fn tyres(rulebook: &Rulebook, season: &Season, live: &[&Fact], round: u16) -> Vec<Tyres> {
    let law = season.calendar.last_of(round).map(|last| rulebook.law_at(&season.calendar, last));
    let allowed = law.and_then(|law| law.tyres.as_ref()).map(|rule| rule.sets);
    let mut cars = Vec::new();
    for (entry, of) in season.list.entries.iter().enumerate().filter(|(_, of)| of.spell(round).is_some()) {
        let mut tyres = Tyres { entry, marked: Vec::new(), used: Vec::new(), allowed };
        for fact in live {
            let What::Meeting(MeetingFact::TyreSet { round: at, car, set, used_in }) = &fact.what else { continue };
            if *at != round || *car != of.id {
                continue;
            }
            match (used_in, tyres.used.iter_mut().find(|(used, _)| used == set)) {
                (None, _) if tyres.marked.contains(set) => {}
                (None, _) => tyres.marked.push(set.clone()),
                (Some(session), Some((_, sessions))) => sessions.push(session.clone()),
                (Some(session), None) => tyres.used.push((set.clone(), alloc::vec![session.clone()])),
            }
        }
        cars.push(tyres);
    }
    cars
}

fn measured(fact: &Fact) -> Option<&Measured> {
    if let What::Meeting(MeetingFact::Measured(measured)) = &fact.what { Some(measured) } else { None }
}

/// The values in force of a car's model, where its class runs to them.
fn in_force_of<'a>(law: &Law, of: &Entry, models: &'a BTreeMap<String, InForce>) -> Option<&'a InForce> {
    let balanced = law.bop.as_ref().is_none_or(|rule| rule.classes.contains(&of.class));
    models.get(of.model.as_ref()?).filter(|_| balanced)
}

/// What a car must measure. `success` is in grams.
fn limits(law: &Law, of: &Entry, bop: Option<&InForce>, success: i64) -> Vec<Limit> {
    let rule = law.scrutineering.as_ref();
    let mut limits: Vec<Limit> = weight(rule, of, bop, success).into_iter().collect();
    let Some(bop) = bop else { return limits };
    let mut add = |quantity: Quantity, value: u32, tolerance: fn(&ScrutineeringRule) -> u32, bulletin: &str| {
        let tolerance = i64::from(rule.map_or(0, tolerance));
        let says = alloc::format!("bulletin {bulletin}");
        limits.push(Limit { quantity, value: i64::from(value), tolerance, says });
    };
    if let Some(set) = &bop.ride_height_tenths_mm {
        add(Quantity::RideHeightFront, set.value.0, |rule| rule.ride_height, &set.bulletin);
        add(Quantity::RideHeightRear, set.value.1, |rule| rule.ride_height, &set.bulletin);
    }
    if let Some(set) = &bop.restrictor_hundredths_mm {
        add(Quantity::Restrictor, set.value, |rule| rule.restrictor, &set.bulletin);
    }
    if let Some(set) = &bop.fuel_tenths_l {
        add(Quantity::Fuel, set.value, |rule| rule.fuel, &set.bulletin);
    }
    limits
}

/// The weight a car must have: nothing is known of it without the homologated weight of its model.
fn weight(rule: Option<&ScrutineeringRule>, of: &Entry, bop: Option<&InForce>, success: i64) -> Option<Limit> {
    let (rule, model) = (rule?, of.model.as_ref()?);
    let (_, homologated) = rule.homologated.iter().find(|(known, _)| known == model)?;
    let (quantity, homologated) = (Quantity::Weight, i64::from(*homologated));
    let mut says = alloc::format!("{} homologated", quantity.printed(homologated));
    let mut value = homologated;
    if let Some(ballast) = bop.and_then(|bop| bop.ballast_kg.as_ref()) {
        let tenths = i64::from(ballast.value) * 10;
        value += tenths;
        says.push_str(&alloc::format!(
            ", {}{} by bulletin {}",
            if tenths < 0 { "" } else { "+" },
            quantity.printed(tenths),
            ballast.bulletin
        ));
    }
    if success > 0 {
        // Grams, in tenths of a kilogram: what is not a whole part counts in full.
        let tenths = (success + 99) / 100;
        value += tenths;
        says.push_str(&alloc::format!(", +{} success", quantity.printed(tenths)));
    }
    Some(Limit { quantity, value, tolerance: i64::from(rule.weight), says })
}

fn reading(fact: u64, of: &Measured, limits: &[Limit]) -> Reading {
    let value = i64::from(of.value);
    let limit = limits.iter().find(|limit| limit.quantity == of.quantity).cloned();
    let by = |limit: &Limit| match of.quantity.at_least() {
        true => limit.value - limit.tolerance - value,
        false => value - limit.value - limit.tolerance,
    };
    let out = limit.as_ref().map(by).filter(|by| *by > 0);
    Reading { fact, quantity: of.quantity, value, instrument: of.instrument.clone(), out, limit }
}

/// What scrutineering found: measurements that are out, tyres that are too many, bulletins that came too late.
pub(crate) fn findings(rulebook: &Rulebook, season: &Season, moment: Moment) -> Vec<Finding> {
    let live = season.live(moment);
    let mut found = Vec::new();
    let mut sessions: Vec<usize> = live.iter().filter_map(|fact| season.calendar.find(&measured(fact)?.session)).collect();
    sessions.sort_unstable();
    sessions.dedup();
    for session in sessions {
        for car in scrutinised(rulebook, season, &live, None, session) {
            for of in &car.readings {
                let (Some(by), Some(limit)) = (of.out, &of.limit) else { continue };
                found.push(Finding {
                    weight: Weight::Doubt,
                    code: "out-of-tolerance",
                    about: alloc::format!("{}", season.calendar.sessions[session].name),
                    says: alloc::format!(
                        "{} of car {} measured {} by {}, {} {}: out by {} beyond the tolerance ({})",
                        of.quantity.word(),
                        season.list.entries[car.entry].label(),
                        of.quantity.printed(of.value),
                        of.instrument,
                        if of.quantity.at_least() { "at least" } else { "at most" },
                        of.quantity.printed(limit.value),
                        of.quantity.printed(by),
                        limit.says
                    ),
                });
            }
        }
    }
    let marks = |fact: &&Fact| matches!(&fact.what, What::Meeting(MeetingFact::TyreSet { .. }));
    if live.iter().any(marks) {
        for round in season.calendar.rounds.iter().map(|round| round.number) {
            for car in tyres(rulebook, season, &live, round) {
                found.extend(car.odd().into_iter().map(|says| Finding {
                    weight: Weight::Doubt,
                    code: "tyre-sets",
                    about: alloc::format!("round {round}"),
                    says: alloc::format!("car {}: {says}", season.list.entries[car.entry].label()),
                }));
            }
        }
    }
    bulletins(rulebook, season, &live, &mut found);
    found
}

/// Bulletins that change an event which had begun, or that came later before a race than the article allows.
fn bulletins(rulebook: &Rulebook, season: &Season, live: &[&Fact], found: &mut Vec<Finding>) {
    for (fact, bulletin) in live.iter().filter_map(|fact| if let What::Bop(bulletin) = &fact.what { Some((fact, bulletin)) } else { None })
    {
        let Some(from) = applies_from(season, bulletin) else { continue };
        let Some(rule) = &rulebook.law_at(&season.calendar, from).bop else { continue };
        let mut say = |weight: Weight, code: &'static str, says: String| {
            let about = alloc::format!("{}", season.calendar.sessions[from].name);
            found.push(Finding { weight, code, about, says });
        };
        let first = season.calendar.sessions.iter().find(|session| session.name.round == bulletin.from_round);
        if !rule.during_event && first.is_some_and(|first| fact.happened >= first.date.midnight()) {
            let says =
                alloc::format!("bulletin {} changes an event that had begun; article {} does not", bulletin.number, rule.cite.article);
            say(Weight::Doubt, "bulletin-during-event", says);
        }
        if let (Some(notice), Some((race, begins))) = (rule.notice, next_race(season, live, bulletin, from))
            && fact.happened.0 > begins.0.saturating_sub(notice.0)
        {
            let says = alloc::format!(
                "bulletin {} was published {} before {race}; article {} asks for {notice}",
                bulletin.number,
                crate::date::Micros(begins.0.saturating_sub(fact.happened.0)),
                rule.cite.article
            );
            say(Weight::Doubt, "bulletin-late", says);
        }
    }
}

/// The first race of the round to which a bulletin applies, and when the timetable has it begin.
fn next_race<'a>(season: &'a Season, live: &[&Fact], bulletin: &BopBulletin, from: usize) -> Option<(&'a SessionName, Instant)> {
    let sessions = season.calendar.sessions.iter().skip(from).filter(|session| session.name.round == bulletin.from_round);
    let race = &sessions.into_iter().find(|session| session.kind == SessionKind::Race)?.name;
    let begins = live.iter().rev().find_map(|fact| {
        let What::Meeting(MeetingFact::Timetable { session, at }) = &fact.what else { return None };
        (session == race).then_some(*at)
    });
    begins.map(|begins| (race, begins))
}
