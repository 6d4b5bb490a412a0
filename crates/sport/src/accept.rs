//! A person's or a device's request becomes facts, or is refused with a reason. The only place that may refuse.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::clashes::clashes;
use crate::clock::Clocks;
use crate::date::Instant;
use crate::decision::{Against, Effect};
use crate::fact::{Fact, What};
use crate::incident;
use crate::known::Known;
use crate::meeting_fact::{Heard, MeetingFact, Signal};
use crate::names::{DecisionId, DriverId, EntryId};
use crate::points::Points;
use crate::result::PublishedResult;
use crate::rulebook::Rulebook;
use crate::rulebook::championship::{CompetitorKind, SharedDrive};
use crate::rulebook::success::SuccessUnit;
use crate::season::{Moment, Season};
use crate::session::{Session, SessionKind, SessionName};
use crate::signals;

/// What somebody asks to be recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// When it happened.
    pub happened: Instant,
    /// Who asks.
    pub by: String,
    /// Where it says so.
    pub citation: String,
    /// What happened.
    pub what: What,
}

/// Why a request was not recorded. Nothing of it was kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// A stable short code: `unknown-car`.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.reason, self.remedy)
    }
}

pub(crate) fn refuse(code: &'static str, reason: String, remedy: &str) -> Refusal {
    Refusal { code, reason, remedy: String::from(remedy) }
}

/// The facts a request becomes, recorded at `at`.
///
/// # Errors
/// A [`Refusal`] when the request names what does not exist, repeats what was recorded, or contradicts itself or another fact.
pub fn accept(rulebook: &Rulebook, season: &Season, request: Request, at: Instant) -> Result<Vec<Fact>, Refusal> {
    if request.happened > at {
        return Err(refuse("in-the-future", "it has not happened yet".into(), "give the time it happened, not later than now"));
    }
    if request.by.trim().is_empty() || request.citation.trim().is_empty() {
        return Err(refuse("no-citation", "every fact says who recorded it and where it is written".into(), "give --by and --cite"));
    }
    Known { rulebook, season }.all(&request.what)?;
    let desk = Desk { rulebook, season, happened: request.happened };
    match &request.what {
        What::Result(result) => desk.result(result)?,
        What::Grid(grid) => {
            car_once(grid.rows.iter().map(|row| &row.car), "grid")?;
            let of = |what: &What| {
                if let What::Grid(earlier) = what { (earlier.session == grid.session).then_some(earlier == grid) } else { None }
            };
            desk.said_before(of, &alloc::format!("the very grid of {}", grid.session))?;
        }
        What::Decision(decision) => {
            decision.effects.iter().try_for_each(|effect| desk.effect(effect))?;
            incident::guard(season, decision)?;
        }
        What::Matter(matter) => {
            if let Against::Result(session) = &matter.against {
                desk.begun(session)?;
            }
            matter.if_upheld.iter().try_for_each(|effect| desk.effect(effect))?;
        }
        What::Served(served) => {
            desk.begun(&served.session)?;
            desk.in_time(&served.session)?;
            if served.time.0 < 0 {
                return Err(refuse("negative-time", "success seconds cannot be negative".into(), "give the seconds served, or zero"));
            }
        }
        What::Nomination { session, driver, car, .. } => desk.aboard(session, car, driver)?,
        What::Meeting(fact) => desk.meeting(fact)?,
        What::Status { .. } | What::Grade { .. } | What::Bop(_) | What::Undo { .. } => {}
    }
    let Request { happened, by, citation, what } = request;
    let fact = Fact { number: season.next_number(), happened, recorded: at, by, citation, what };
    if matches!(fact.what, What::Undo { .. }) {
        signals::brought_back(season, &fact)?;
    }
    if matches!(&fact.what, What::Meeting(of) if !matches!(of, MeetingFact::Incident(_) | MeetingFact::PenaltyServed { .. })) {
        // Nothing in it can clash; a race has thousands.
        return Ok(alloc::vec![fact]);
    }
    let clashing = clashes(season.facts().iter().chain([&fact]), Moment::NOW);
    if !clashing.is_empty() {
        // A journal from elsewhere may hold clashes already; they do not stand in the way of what mends them.
        let before = clashes(season.facts().iter(), Moment::NOW);
        if let Some(added) = clashing.into_iter().find(|clash| !before.contains(clash)) {
            let undoes = matches!(fact.what, What::Undo { .. }) && (added.code == "unknown-decision" || added.code == "unknown-matter");
            return Err(if undoes { Refusal { remedy: String::from("undo that fact first"), ..added } } else { named(season, added) });
        }
    }
    Ok(alloc::vec![fact])
}

/// A day, in microseconds.
const DAY: i64 = 86_400_000_000;

/// Of the decisions or matters that are there, so many are named.
const NAMED: usize = 8;

/// A refusal of what rests on a decision or a matter that is not there, with those that are.
fn named(season: &Season, refusal: Refusal) -> Refusal {
    let live = season.live(Moment::NOW);
    let (what, ids): (&str, Vec<&str>) = match refusal.code {
        "unknown-decision" => ("decisions", live.iter().filter_map(|fact| Some(fact.what.decision()?.id.as_str())).collect()),
        "unknown-matter" => ("matters", live.iter().filter_map(|fact| Some(fact.what.matter()?.id.as_str())).collect()),
        _ => return refusal,
    };
    // The latest are asked for most.
    let more = ids.len().saturating_sub(NAMED);
    let others = if more == 0 { String::new() } else { alloc::format!(" and {more} before; `log` has them all") };
    let there =
        if ids.is_empty() { String::from("none is recorded") } else { alloc::format!("{what} are {}{others}", ids[more..].join(", ")) };
    Refusal { remedy: alloc::format!("{there}; {}", refusal.remedy), ..refusal }
}

/// What a request is checked against.
struct Desk<'a> {
    rulebook: &'a Rulebook,
    season: &'a Season,
    happened: Instant,
}

impl Desk<'_> {
    fn result(&self, result: &PublishedResult) -> Result<(), Refusal> {
        if result.rows.is_empty() {
            return Err(refuse("empty-result", alloc::format!("the result of {} has no cars", result.session), "give its table"));
        }
        self.begun(&result.session)?;
        car_once(result.rows.iter().map(|row| &row.car), "result")?;
        car_once(result.fastest.iter(), "list of fastest laps")?;
        for row in &result.rows {
            if let Some(driver) = (1..row.crew.len()).find(|at| row.crew[..*at].contains(&row.crew[*at])) {
                return Err(refuse(
                    "driver-twice",
                    alloc::format!("driver {} stands in the crew of car {} twice", row.crew[driver], row.car),
                    "name each driver once",
                ));
            }
        }
        let live = self.season.live(Moment::NOW);
        let of = |earlier: &&PublishedResult| earlier.session == result.session && earlier.mark == result.mark;
        let latest = live.iter().rev().find_map(|fact| Some((*fact, fact.what.result().filter(of)?)));
        match latest {
            Some((fact, latest)) if latest == result && !self.final_at_last(&live, fact) => Err(refuse(
                "recorded-before",
                alloc::format!("fact {} is this very result of {}", fact.number, result.session),
                "nothing to do; a sheet with another state or document number is another fact",
            )),
            _ => Ok(()),
        }
    }

    /// Whether a sheet that was called final while something stood in its way may be called so again, now that nothing does.
    fn final_at_last(&self, live: &[&Fact], earlier: &Fact) -> bool {
        let clocks = Clocks { rulebook: self.rulebook, season: self.season, live };
        let session = earlier.what.result().and_then(|sheet| self.season.calendar.find(&sheet.session));
        let free = |session: usize| clocks.hindrances(session, self.happened).is_empty();
        self.happened > earlier.happened && !clocks.stood_in_the_way(earlier).is_empty() && session.is_some_and(free)
    }

    /// Nothing is known of a session before its day has begun somewhere on Earth.
    fn begun(&self, session: &SessionName) -> Result<(), Refusal> {
        let Some(at) = self.season.calendar.find(session) else { return Ok(()) };
        let day = self.season.calendar.sessions[at].date;
        if self.happened.0 >= day.midnight().0 - 14 * 3_600_000_000 {
            return Ok(());
        }
        Err(refuse(
            "before-the-session",
            alloc::format!("{session} is held on {day}, later than this is said to have happened"),
            "give the time it happened, or mend the calendar",
        ))
    }

    fn meeting(&self, fact: &MeetingFact) -> Result<(), Refusal> {
        match fact {
            MeetingFact::Heard(heard) => match heard.passings.len() {
                0 => Err(refuse("no-passings", "nothing was heard".into(), "record a source only when it sent something")),
                1..=65_535 => self.heard(heard),
                many => Err(refuse("too-many-passings", alloc::format!("{many} passings in one fact"), "record at most 65,535 at once")),
            },
            MeetingFact::Signal { session, signal } => self.signal(session, *signal),
            MeetingFact::Aboard { session, car, driver, .. } => {
                self.aboard(session, car, driver)?;
                self.told_before(fact)
            }
            MeetingFact::Incident(of) => {
                self.begun(&of.session)?;
                car_once(of.cars.iter(), "incident")?;
                incident::sound(self.season, of)
            }
            MeetingFact::PenaltyServed { decision, car } => self.penalty_served(decision, car),
            MeetingFact::Measured(measured) => self.begun(&measured.session),
            MeetingFact::TyreSet { round, used_in: Some(session), .. } if session.round != *round => Err(refuse(
                "another-round",
                alloc::format!("{session} is no session of round {round}"),
                "name a session of the round for which the set was marked",
            )),
            MeetingFact::TyreSet { used_in: Some(session), .. } => self.begun(session),
            MeetingFact::TyreSet { used_in: None, .. } => Ok(()),
            MeetingFact::Judged { passing, verdict, .. } => {
                let of = |what: &What| {
                    let What::Meeting(MeetingFact::Judged { passing: earlier, verdict: was, .. }) = what else { return None };
                    (earlier == passing).then_some(was == verdict)
                };
                self.said_before(of, "this very judgement of the passing")
            }
            MeetingFact::Transponder { round, transponder, .. } => {
                let of = |what: &What| {
                    let What::Meeting(told @ MeetingFact::Transponder { round: of, transponder: number, .. }) = what else { return None };
                    ((of, number) == (round, transponder)).then_some(told == fact)
                };
                self.said_before(of, &alloc::format!("this very fitting of transponder {}", transponder.0))
            }
            MeetingFact::Timetable { .. } => Ok(()),
        }
    }

    /// Who is aboard is told once for each moment.
    fn told_before(&self, told: &MeetingFact) -> Result<(), Refusal> {
        let same = |fact: &&Fact| fact.happened == self.happened && matches!(&fact.what, What::Meeting(of) if of == told);
        // Most are new, and who is undone is seldom asked.
        if !self.season.facts().iter().any(|fact| same(&fact)) {
            return Ok(());
        }
        match self.season.live(Moment::NOW).into_iter().find(same) {
            Some(fact) => {
                let reason = alloc::format!("fact {} says who is aboard from that moment on already", fact.number);
                Err(refuse("recorded-before", reason, "nothing to do; it holds already"))
            }
            None => Ok(()),
        }
    }

    /// Passings of the round's days, and near the moment they arrived: a clock may be hours away from ours, and a slip of the day is one.
    fn heard(&self, heard: &Heard) -> Result<(), Refusal> {
        let sessions = &self.season.calendar.sessions;
        if let Some(first) = sessions.iter().find(|session| session.name.round == heard.round) {
            self.begun(&first.name)?;
        }
        let last = self.season.calendar.last_of(heard.round).map(|last| &sessions[last]);
        // A day has ended everywhere on Earth twelve hours after it did in Greenwich; a race into the night takes some more.
        if let Some(last) = last.filter(|last| self.happened.0 > last.date.midnight().0.saturating_add(2 * DAY)) {
            return Err(refuse(
                "after-the-round",
                alloc::format!("round {} ends on {}, sooner than this is said to have been heard", heard.round, last.date),
                "give the time it happened, or mend the calendar",
            ));
        }
        let far = heard.passings.iter().position(|passing| passing.at.0.abs_diff(self.happened.0) > DAY.unsigned_abs());
        let Some(nth) = far else { return Ok(()) };
        Err(refuse(
            "far-from-arrival",
            alloc::format!("passing {nth} of {} is more than a day away from when it is said to have arrived", heard.source),
            "give the day of each, and as `at` when the source sent them",
        ))
    }

    /// Nobody says again what holds already: `of` tells whether a fact is about the same, and then whether it says the same.
    fn said_before(&self, of: impl Fn(&What) -> Option<bool>, what: &str) -> Result<(), Refusal> {
        let live = self.season.live(Moment::NOW);
        match live.iter().rev().find_map(|fact| Some((fact.number, of(&fact.what)?))) {
            Some((number, true)) => {
                Err(refuse("recorded-before", alloc::format!("fact {number} is {what}"), "nothing to do; it holds already"))
            }
            _ => Ok(()),
        }
    }

    /// Only what a decision gave can be served. A decision that is not there is told by what clashes.
    fn penalty_served(&self, id: &DecisionId, car: &EntryId) -> Result<(), Refusal> {
        let live = self.season.live(Moment::NOW);
        let Some(decision) = live.iter().filter_map(|fact| fact.what.decision()).find(|decision| decision.id == *id) else { return Ok(()) };
        let at_pit_lane = |effect: &Effect| matches!(effect, Effect::DriveThrough { .. } | Effect::StopAndGo { .. });
        if decision.effects.iter().any(|effect| at_pit_lane(effect) && effect.car() == Some(car)) {
            return Ok(());
        }
        Err(refuse(
            "nothing-to-serve",
            alloc::format!("decision {id} gives car {car} no drive-through and no stop-and-go"),
            "name the decision that gave it, and its car",
        ))
    }

    /// Signals belong to a session that runs; one session of a round runs at a time.
    fn signal(&self, session: &SessionName, signal: Signal) -> Result<(), Refusal> {
        self.begun(session)?;
        signals::fits(self.season, session, signal, self.happened)
    }

    fn effect(&self, effect: &Effect) -> Result<(), Refusal> {
        match effect {
            Effect::AddTime { time, .. } if time.0 <= 0 => {
                Err(refuse("negative-time", "a time penalty adds time".into(), "to take time away, annul the decision that added it"))
            }
            Effect::FactorPoints { factor, .. } if *factor < Points::ZERO || *factor > Points::whole(10) => {
                Err(refuse("absurd-factor", alloc::format!("{factor} is no factor for points"), "give a factor from 0 to 10"))
            }
            Effect::AddUnservedSuccess { session } => self.in_time(session),
            Effect::Shares { session, car, shares } => self.shares(session, car, shares),
            Effect::Restart { championship, .. }
                if self.rulebook.latest().championship(championship).is_some_and(|of| !of.sum_of.is_empty()) =>
            {
                Err(refuse(
                    "restart-of-a-sum",
                    alloc::format!("{championship} is the sum of other championships"),
                    "restart the competitor in those; the sum follows",
                ))
            }
            Effect::AddTime { .. }
            | Effect::DropPlaces { .. }
            | Effect::DeductLaps { .. }
            | Effect::Disqualify { .. }
            | Effect::AnnulSession { .. }
            | Effect::WithholdPoints { .. }
            | Effect::FactorPoints { .. }
            | Effect::Ineligible { .. }
            | Effect::DeductPoints { .. }
            | Effect::Exclude { .. }
            | Effect::Restart { .. }
            | Effect::Annul { .. }
            | Effect::DriveThrough { .. }
            | Effect::Reprimand { .. } => Ok(()),
            Effect::StopAndGo { time, .. } if time.0 < 0 => {
                Err(refuse("negative-time", "nobody stops for less than no time".into(), "give the time to stand still, or zero"))
            }
            Effect::StopAndGo { .. } => Ok(()),
            Effect::DeleteLap { lap: number, .. } => not_zero(u64::from(*number), "lap"),
            Effect::DropGrid { session, places, .. } => {
                self.has_grid(session)?;
                not_zero(u64::from(*places), "grid place")
            }
            Effect::Fine { hundredths, .. } => not_zero(*hundredths, "fine"),
            Effect::LicencePoints { points, .. } => not_zero(u64::from(*points), "licence point"),
        }
    }

    /// Places are dropped on a grid, and only races have one.
    fn has_grid(&self, session: &SessionName) -> Result<(), Refusal> {
        let sessions = &self.season.calendar.sessions;
        let race = |of: &&Session| of.kind == SessionKind::Race;
        if sessions.iter().filter(race).any(|of| of.name == *session) {
            return Ok(());
        }
        let races = sessions.iter().filter(race).filter(|of| of.name.round >= session.round);
        let races: Vec<String> = races.map(|of| alloc::format!("{}", of.name)).collect();
        let named = races.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let help = alloc::format!("name the race on whose grid it acts: {named}");
        Err(refuse("no-grid", alloc::format!("{session} is no race and has no grid"), &help))
    }

    /// Only success seconds can be added to race times, not ballast (P39).
    fn in_time(&self, session: &SessionName) -> Result<(), Refusal> {
        let Some(at) = self.season.calendar.find(session) else { return Ok(()) };
        match &self.rulebook.law_at(&self.season.calendar, at).success {
            Some(rule) if rule.unit == SuccessUnit::Time => Ok(()),
            _ => Err(refuse(
                "no-success-time",
                alloc::format!("the rulebook has no success penalty in time at {session}"),
                "ballast is carried, not served; add time to each car a decision names",
            )),
        }
    }

    /// Shares of a shared drive: of drivers aboard, each a part of the place's points, together no more than the points (P51 c)
    /// unless each driver is given them in full anyway.
    fn shares(&self, session: &SessionName, car: &EntryId, shares: &[(DriverId, Points)]) -> Result<(), Refusal> {
        for (driver, share) in shares {
            self.aboard(session, car, driver)?;
            if *share < Points::ZERO || *share > Points::ONE {
                return Err(refuse("absurd-share", alloc::format!("{} is no share", share.exact()), "give shares from 0 to 1"));
            }
        }
        let all: Points = shares.iter().map(|(_, share)| *share).sum();
        let drivers = || self.rulebook.latest().championships.iter().filter(|of| of.competitor == CompetitorKind::Driver);
        if all > Points::ONE && !drivers().any(|of| of.shared_drive == SharedDrive::Full) {
            return Err(refuse(
                "absurd-share",
                alloc::format!("the shares of car {car} in {session} come to {}", all.exact()),
                "give shares that come to 1 at most",
            ));
        }
        Ok(())
    }

    /// Whether a driver can have been in a car: entered in its crew, or named there by a sheet.
    fn aboard(&self, session: &SessionName, car: &EntryId, driver: &DriverId) -> Result<(), Refusal> {
        let list = &self.season.list;
        let spell = list.entry(car).and_then(|entry| list.entries[entry].spell(session.round));
        let entered = spell.is_some_and(|spell| spell.crew_open || spell.crew.contains(driver) || spell.perhaps.contains(driver));
        let named = || {
            let live = self.season.live(Moment::NOW);
            let sheets = live.iter().filter_map(|fact| fact.what.result()).filter(|result| result.session == *session);
            sheets.flat_map(|result| &result.rows).any(|row| row.car == *car && row.crew.contains(driver))
        };
        if entered || named() {
            return Ok(());
        }
        Err(refuse(
            "not-aboard",
            alloc::format!("driver {driver} is not in the crew of car {car} in round {}", session.round),
            "name a driver of its crew, or record the sheet that names him",
        ))
    }
}

fn not_zero(number: u64, what: &str) -> Result<(), Refusal> {
    if number > 0 {
        return Ok(());
    }
    Err(refuse("zero", alloc::format!("a {what} of number or amount 0 is none"), "give it from 1, or leave the effect out"))
}

fn car_once<'a>(cars: impl Iterator<Item = &'a EntryId>, sheet: &str) -> Result<(), Refusal> {
    let mut seen: Vec<&EntryId> = cars.collect();
    seen.sort();
    match seen.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(refuse("car-twice", alloc::format!("car {} stands in the {sheet} twice", pair[0]), "keep one row a car")),
        None => Ok(()),
    }
}
