//! What the core makes of what was said, with every transponder in its car.

use std::collections::BTreeMap;

use simulator::{Faults, Run, Truth};
use sport::date::{Instant, Micros};
use sport::fact::What;
use sport::meeting_fact::{Heard, MeetingFact, Signal};
use sport::names::EntryId;
use sport::passing::{PassingId, Transponder};
use sport::reading::Reading;
use sport::running::{Ranking, Running, Schedule};
use sport::session::SessionKind;

use crate::made::Made;

/// The first session of a kind.
pub(crate) fn run(made: &Made, round: u16, kind: SessionKind, seed: u64, faults: Faults) -> Run {
    simulator::session(&made.plan(round, seed, faults), &made.orders(made.session(round, kind))).unwrap()
}

/// The start signal.
pub(crate) fn green(truth: &Truth) -> Instant {
    truth.signals.iter().find(|(_, signal)| *signal == Signal::Green).unwrap().0
}

/// Each car's transponder, by its place on the grid.
pub(crate) fn transponders(made: &Made, round: u16, seed: u64, run: &Run) -> BTreeMap<Transponder, usize> {
    let place = |(place, car): (usize, &simulator::CarTruth)| (&made.season.list.entries[car.entry].id, place);
    let places: BTreeMap<&EntryId, usize> = run.truth.cars.iter().enumerate().map(place).collect();
    let mut cars = BTreeMap::new();
    for said in simulator::fittings(&made.plan(round, seed, Faults::NONE), |_| Instant(0)) {
        if let What::Meeting(MeetingFact::Transponder { transponder, car, .. }) = &said.what {
            assert_eq!(cars.insert(*transponder, places[car]), None, "two cars with one number");
        }
    }
    cars
}

/// What each source sent, with its place among all that was said.
pub(crate) fn heard(run: &Run) -> impl Iterator<Item = (usize, &Heard)> {
    let heard = |what| if let &What::Meeting(MeetingFact::Heard(ref heard)) = what { Some(heard) } else { None };
    run.said.iter().enumerate().filter_map(move |(ix, said)| Some((ix, heard(&said.what)?)))
}

/// The session as the core reads it.
pub(crate) fn running(made: &Made, session: usize, seed: u64, run: &Run) -> Running {
    let of = &made.season.calendar.sessions[session];
    let round = of.name.round;
    let layout = made.season.calendar.round(round).unwrap().layout.clone().unwrap();
    let time = of.minutes.map(|minutes| Micros::seconds(i64::from(minutes) * 60)).or(Some(Micros::seconds(1_800)));
    let schedule = Schedule { start: Some(green(&run.truth)), stopped: None, time, laps: of.laps, to_all: false, signalled: None };
    let ranking = if run.truth.race { Ranking::Distance } else { Ranking::BestLap };
    let cars = transponders(made, round, seed, run);
    let mut running = Running::new(layout.clone(), ranking, schedule, run.truth.cars.len());
    for (fact, heard) in heard(run) {
        let source = layout.sources().iter().position(|source| source.id == heard.source).unwrap();
        for (nth, passing) in heard.passings.iter().enumerate() {
            let Some(transponder) = passing.transponder else { continue };
            let passing_id = PassingId { fact: u32::try_from(fact).unwrap(), nth: u16::try_from(nth).unwrap() };
            let reading = Reading { at: passing.at, passing: passing_id, source: u8::try_from(source).unwrap() };
            running.hear(cars[&transponder], reading);
        }
    }
    running
}
