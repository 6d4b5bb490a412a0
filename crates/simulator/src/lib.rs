//! Seeded meetings under a given rulebook, on any circuit: what truly happened, and what sources and people say of it.
//!
//! The same seed gives the same facts on every machine. Faults happen on demand: the core sees what the faulty sources say, and the truth
//! stands beside it for tests.

mod dice;
mod faults;
mod field;
mod practice;
mod race;
pub mod soak;
mod sources;
mod track;
mod truth;

use sport::date::{Instant, Micros};
use sport::fact::What;
use sport::line::Layout;
use sport::meeting_fact::{AboardHow, Heard, MeetingFact, Signal, Verdict};
use sport::names::EntryId;
use sport::passing::{Passing, PassingId, Transponder};
use sport::rulebook::Rulebook;
use sport::running::Ranking;
use sport::season::Season;
use sport::session::{Session, SessionKind, SessionName};

pub use crate::faults::{Fault, Faults};
pub use crate::truth::{CarTruth, Crossed, Stop, Truth};

use crate::dice::Dice;
use crate::faults::Stream;
use crate::field::{Car, field, transponder};
use crate::practice::{PracticePlan, practice};
use crate::race::{RacePlan, race};
use crate::sources::{heard, sent};
use crate::track::Way;

/// What is simulated.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// The rules.
    pub rulebook: &'a Rulebook,
    /// Entries and calendar.
    pub season: &'a Season,
    /// The round.
    pub round: u16,
    /// The same seed, the same meeting.
    pub seed: u64,
    /// What may go wrong.
    pub faults: Faults,
}

/// One session to simulate.
#[derive(Clone, Debug)]
pub struct Orders {
    /// Position on the calendar.
    pub session: usize,
    /// When it starts: the green signal.
    pub begins: Instant,
    /// The cars, by position in the entry list, in the order of the grid.
    pub grid: Vec<usize>,
    /// Success seconds each of them serves at its stop.
    pub due: Vec<Micros>,
    /// The number the first fact of the session will have.
    pub first_fact: u64,
}

/// One thing that is said: a request to record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// When it arrives.
    pub at: Instant,
    /// Who says it.
    pub by: &'static str,
    /// Where it comes from.
    pub citation: &'static str,
    /// What.
    pub what: What,
}

/// A simulated session.
#[derive(Clone, Debug)]
pub struct Run {
    /// Everything said of it, in the order of arrival.
    pub said: Vec<Said>,
    /// What truly happened.
    pub truth: Truth,
}

/// What is written down before a meeting: the timetable, and which transponder is in which car. `begins` gives each session's start.
pub fn fittings(plan: &Plan<'_>, begins: impl Fn(usize) -> Instant) -> Vec<Said> {
    let sessions = plan.season.calendar.sessions.iter().enumerate().filter(|(_, session)| session.name.round == plan.round);
    let times: Vec<(SessionName, Instant)> = sessions.map(|(at, session)| (session.name.clone(), begins(at))).collect();
    let Some(first) = times.iter().map(|(_, at)| *at).min() else { return Vec::new() };
    let at = Instant(first.0 - 7_200_000_000);
    let said = |what| Said { at, by: "simulator", citation: "simulated meeting", what: What::Meeting(what) };
    let timetable = times.into_iter().map(|(session, at)| said(MeetingFact::Timetable { session, at }));
    let entered = plan.season.list.entries.iter().enumerate().filter(|(_, entry)| entry.spell(plan.round).is_some());
    let fitted = entered.map(|(at, entry)| {
        said(MeetingFact::Transponder { round: plan.round, transponder: Transponder(transponder(at)), car: entry.id.clone(), from: None })
    });
    timetable.chain(fitted).collect()
}

/// The layout of the round's circuit, where it is written down.
pub fn layout<'a>(plan: &Plan<'a>) -> Option<&'a Layout> {
    plan.season.calendar.round(plan.round)?.layout.as_ref()
}

/// Simulates one session. `None` where its circuit has no lines.
pub fn session(plan: &Plan<'_>, orders: &Orders) -> Option<Run> {
    let layout = layout(plan)?;
    let on = &plan.season.calendar.sessions[orders.session];
    let seed = plan.seed.wrapping_mul(1_000_003).wrapping_add(orders.session as u64);
    let way = Way::of(layout);
    let cars = field(plan.rulebook, plan.season, plan.round, plan.seed, &orders.grid, layout.measures.minimum_lap.0);
    let (mut truth, crossed) = match Ranking::of(on.kind) {
        Ranking::Distance => race(race_plan(plan, orders, on, &way, &cars, &minimums(plan, orders, &cars), seed)),
        Ranking::BestLap => {
            let (first, alone) = who_drives(plan, on, &cars, seed);
            let time = i64::from(on.minutes.unwrap_or(30)) * 60_000_000;
            practice(PracticePlan { way: &way, cars: &cars, green: orders.begins.0, time, first: &first, alone, seed })
        }
    };
    let said = tell(plan, orders, on, layout, &cars, &mut truth, &crossed, seed);
    Some(Run { said, truth })
}

fn minimums(plan: &Plan<'_>, orders: &Orders, cars: &[Car]) -> Vec<i64> {
    let law = plan.rulebook.law_at(&plan.season.calendar, orders.session);
    let circuit = plan.season.calendar.round(plan.round).map_or("", |round| round.circuit.as_str());
    let due = |car: &Car| orders.grid.iter().position(|entry| *entry == car.entry).and_then(|at| orders.due.get(at)).copied();
    let minimum = |car: &Car| law.pit_stop.as_ref().map_or(0, |rule| rule.minimum_for(circuit, due(car).unwrap_or(Micros(0))).0.0);
    cars.iter().map(minimum).collect()
}

fn race_plan<'a>(
    plan: &Plan<'_>,
    orders: &Orders,
    on: &Session,
    way: &'a Way,
    cars: &'a [Car],
    minimum: &'a [i64],
    seed: u64,
) -> RacePlan<'a> {
    let law = plan.rulebook.law_at(&plan.season.calendar, orders.session);
    let metres = on.kilometres.map(|kilometres| i64::from(kilometres) * 1_000);
    let laps = on.laps.or(metres.and_then(|metres| u32::try_from((metres + way.length - 1) / way.length).ok()));
    RacePlan {
        way,
        cars,
        green: orders.begins.0,
        time: on.minutes.map(|minutes| i64::from(minutes) * 60_000_000),
        laps,
        window: law.pit_stop.as_ref().filter(|_| way.pits.is_some()).map(|rule| (rule.opens.0, rule.closes.0)),
        minimum,
        delayed_by_neutral: law.pit_stop.as_ref().is_some_and(|rule| !rule.delayed_by.is_empty()),
        seed,
    }
}

/// Who of each crew begins a timed session, and whether he drives alone: in qualifying the driver the rulebook asks for, seldom the wrong one.
fn who_drives(plan: &Plan<'_>, on: &Session, cars: &[Car], seed: u64) -> (Vec<usize>, bool) {
    let law = plan.rulebook.law_at(&plan.season.calendar, plan.season.calendar.find(&on.name).unwrap_or(0));
    let rule = law.qualifying.as_ref().filter(|_| on.kind == SessionKind::Qualifying);
    let mut dice = Dice::new(seed, 3);
    let first = cars.iter().map(|car| {
        let highest = (0..car.crew.len()).max_by_key(|at| (car.crew[*at].grade, *at)).unwrap_or(0);
        let other = (0..car.crew.len()).find(|at| *at != highest).unwrap_or(highest);
        let wrong = dice.chance(15_000);
        match rule.and_then(|rule| rule.highest_rated_in.as_ref()) {
            Some(of) if (*of == on.name.id) != wrong => highest,
            Some(_) => other,
            None => dice.one_of(car.crew.len()),
        }
    });
    (first.collect(), rule.is_some_and(|rule| rule.one_session_each))
}

/// Everything said of a session, in the order of arrival.
#[expect(clippy::too_many_arguments, reason = "one call site; a struct would only rename them")]
fn tell(
    plan: &Plan<'_>,
    orders: &Orders,
    on: &Session,
    layout: &Layout,
    cars: &[Car],
    truth: &mut Truth,
    crossed: &[Crossed],
    seed: u64,
) -> Vec<Said> {
    let mut dice = Dice::new(seed, 11);
    let faults = if plan.faults == Faults::none() { Vec::new() } else { plan.faults.draw(&mut dice) };
    let last = crossed.last().map_or(orders.begins.0, |crossed| crossed.at);
    let all = heard(layout, cars, crossed, seed);
    let lost = vec![false; all.len()];
    let mut stream =
        Stream { layout, cars, heard: all, lost, from: orders.begins.0, to: last, happened: Vec::new(), dice: Dice::new(seed, 12) };
    faults.iter().for_each(|fault| stream.spoil(*fault));
    let mut kept: Vec<sources::Heard> = stream.heard.iter().zip(&stream.lost).filter(|(_, lost)| !**lost).map(|(one, _)| *one).collect();
    kept.sort_by_key(|one| (one.source, one.truly));
    let mut batches = sent(&kept, seed);
    faults.iter().for_each(|fault| stream.hold(*fault, &mut batches));
    let mut said = passings(plan, layout, &kept, &batches);
    said.extend(signals(on, truth, faults.contains(&Fault::OperatorError), &mut dice));
    said.extend(drivers(plan, on, truth, &mut dice));
    if faults.contains(&Fault::OperatorError) {
        stream.happened.push(misfitted(plan, cars, orders, &mut said, &mut dice));
    }
    said.sort_by_key(|one| one.at);
    if faults.contains(&Fault::OperatorError) {
        stream.happened.extend(misjudged(orders, &mut said, &mut dice));
    }
    truth.happened = stream.happened;
    said
}

fn passings(plan: &Plan<'_>, layout: &Layout, heard: &[sources::Heard], batches: &[sources::Sent]) -> Vec<Said> {
    let said = |batch: &sources::Sent| {
        let passing = |at: &u32| {
            let one = &heard[*at as usize];
            Passing { at: Instant(one.at), transponder: one.transponder.map(Transponder) }
        };
        let passings = batch.heard.iter().map(passing).collect();
        let source = layout.sources()[usize::from(batch.source)].id.clone();
        let what = What::Meeting(MeetingFact::Heard(Heard { round: plan.round, source, passings }));
        Said { at: Instant(batch.arrives), by: "timing", citation: "decoder", what }
    };
    batches.iter().map(said).collect()
}

/// Signals as a hand gives them: the start exactly, the chequered signal about when the leader comes, with an error minutes late.
fn signals(on: &Session, truth: &Truth, error: bool, dice: &mut Dice) -> Vec<Said> {
    let mut said = Vec::new();
    for (at, signal) in &truth.signals {
        let hand = match signal {
            Signal::Chequered if truth.by_laps && error && dice.chance(300_000) => dice.between(15_000_000, 200_000_000),
            Signal::Chequered if truth.by_laps => dice.between(-1_500_000, 2_500_000),
            Signal::Open
            | Signal::Green
            | Signal::FullCourseYellow
            | Signal::SafetyCar
            | Signal::Red
            | Signal::Chequered
            | Signal::Close => 0,
        };
        let what = What::Meeting(MeetingFact::Signal { session: on.name.clone(), signal: *signal });
        said.push(Said { at: Instant(at + hand), by: "race control", citation: "race control", what });
    }
    said
}

fn drivers(plan: &Plan<'_>, on: &Session, truth: &Truth, dice: &mut Dice) -> Vec<Said> {
    let mut said = Vec::new();
    let green = truth.signals.iter().find(|(_, signal)| *signal == Signal::Green).map_or(0, |(at, _)| *at);
    for car in &truth.cars {
        let entry = &plan.season.list.entries[car.entry];
        let how = if dice.chance(900_000) { AboardHow::Identified } else { AboardHow::Declared };
        let mut aboard = |at: i64, driver: usize| {
            let driver = plan.season.list.drivers[driver].id.clone();
            let what = What::Meeting(MeetingFact::Aboard { session: on.name.clone(), car: entry.id.clone(), driver, how });
            said.push(Said { at: Instant(at), by: "timing", citation: "driver identification", what });
        };
        aboard(green - dice.between(5_000_000, 50_000_000), car.first);
        let mut before = car.first;
        for stop in &car.stops {
            if stop.driver != before {
                aboard(stop.exit - dice.between(1_000_000, 8_000_000), stop.driver);
                before = stop.driver;
            }
        }
    }
    said
}

/// Two transponders are written down for one another's cars, and put right minutes later.
fn misfitted(plan: &Plan<'_>, cars: &[Car], orders: &Orders, said: &mut Vec<Said>, dice: &mut Dice) -> String {
    let (one, other) = (&cars[dice.one_of(cars.len())], &cars[dice.one_of(cars.len())]);
    let from = Instant(orders.begins.0 - 55_000_000);
    let right = Instant(orders.begins.0 + dice.between(60_000_000, 1_500_000_000));
    let id = |car: &Car| -> EntryId { plan.season.list.entries[car.entry].id.clone() };
    for (at, car, transponder) in [(from, other, one), (from, one, other), (right, one, one), (right, other, other)] {
        let what =
            MeetingFact::Transponder { round: plan.round, transponder: Transponder(transponder.transponder), car: id(car), from: None };
        said.push(Said { at, by: "timekeeper", citation: "transponder list", what: What::Meeting(what) });
    }
    format!("transponders {} and {} are written down for one another's cars", one.transponder, other.transponder)
}

/// A good passing is taken out, and some minutes later put back.
fn misjudged(orders: &Orders, said: &mut Vec<Said>, dice: &mut Dice) -> Option<String> {
    let batches: Vec<usize> =
        said.iter().enumerate().filter(|(_, one)| matches!(one.what, What::Meeting(MeetingFact::Heard(_)))).map(|(at, _)| at).collect();
    let at = *batches.get(dice.one_of(batches.len().max(1)))?;
    let fact = orders.first_fact + at as u64;
    let passing = PassingId { fact: u32::try_from(fact).ok()?, nth: 0 };
    let when = said.last().map_or(said[at].at, |last| Instant(last.at.0 + 1_000_000));
    let judged = MeetingFact::Judged { passing, verdict: Verdict::Void, reason: String::from("taken for a false impulse") };
    let number = orders.first_fact + said.len() as u64;
    said.push(Said { at: when, by: "timekeeper", citation: "timekeeper's log", what: What::Meeting(judged) });
    let undo = What::Undo { fact: number, reason: String::from("it was a car after all") };
    said.push(Said { at: Instant(when.0 + 60_000_000), by: "timekeeper", citation: "timekeeper's log", what: undo });
    Some(format!("a good passing of fact {fact} is taken out and put back"))
}
