//! Faults change what is said, never what happened; each can be seen, and what is said can be recorded.

#![expect(clippy::unwrap_used, reason = "a test")]

mod made;
mod reading;

use std::collections::BTreeSet;

use made::{Made, made};
use reading::{heard, run, running, transponders};
use simulator::{Fault, Faults, Happened, Run};
use sport::accept::{Request, accept};
use sport::date::Instant;
use sport::fact::What;
use sport::meeting_fact::MeetingFact;
use sport::names::SourceId;
use sport::passing::Transponder;
use sport::session::SessionKind;

const ROUND: u16 = 2;

fn race(made: &Made, seed: u64, faults: Faults) -> Run {
    run(made, ROUND, SessionKind::Race, seed, faults)
}

/// The mishaps of one kind in the races of some seeds, with the race.
fn each(made: &Made, fault: Fault, mut look: impl FnMut(u64, &Run, &Happened)) {
    let mut seen = 0;
    for seed in 0..12 {
        let run = race(made, seed, Faults::of(&[fault]));
        assert!(!run.truth.faults.is_empty(), "seed {seed}: {} did not occur", fault.word());
        for happened in &run.truth.faults {
            assert_eq!(happened.fault, fault);
            look(seed, &run, happened);
            seen += 1;
        }
    }
    assert!(seen >= 12);
}

fn span(happened: &Happened) -> std::ops::Range<Instant> {
    happened.at..happened.until.unwrap_or(Instant::FOREVER)
}

/// The number of a car.
fn number(made: &Made, seed: u64, run: &Run, car: usize) -> Transponder {
    *transponders(made, ROUND, seed, run).iter().find(|(_, place)| **place == car).unwrap().0
}

/// The times at which a number was heard, or any where none is asked for, by a source, or by any.
fn times(made: &Made, run: &Run, number: Option<Transponder>, source: Option<usize>) -> Vec<Instant> {
    let layout = made.season.calendar.round(ROUND).unwrap().layout.as_ref().unwrap();
    let of = |id: &SourceId| source.is_none_or(|source| layout.sources()[source].id == *id);
    let all = heard(run).filter(|(_, heard)| of(&heard.source)).flat_map(|(_, heard)| heard.passings.iter());
    all.filter(|passing| number.is_none() || passing.transponder == number).map(|passing| passing.at).collect()
}

#[test]
fn one_truth_is_told_under_any_faults() {
    let made = made(40);
    let mut words: BTreeSet<Fault> = BTreeSet::new();
    for seed in 0..40 {
        let (plain, troubled) = (race(&made, seed, Faults::NONE), race(&made, seed, Faults::ALL));
        assert_eq!((&plain.truth.cars, &plain.truth.signals), (&troubled.truth.cars, &troubled.truth.signals));
        assert_eq!(troubled, race(&made, seed, Faults::ALL));
        assert!(plain.truth.faults.is_empty() && !troubled.truth.faults.is_empty(), "seed {seed}");
        assert!(troubled.said.is_sorted_by_key(|said| said.at));
        words.extend(troubled.truth.faults.iter().map(|happened| happened.fault));
    }
    assert_eq!(words.len(), Fault::WORDS.len(), "{words:?}");
}

#[test]
fn a_dead_transponder_is_not_heard_and_a_weak_one_less() {
    let made = made(40);
    each(&made, Fault::DeadTransponder, |seed, run, happened| {
        let number = number(&made, seed, run, happened.car.unwrap());
        let inside = times(&made, run, Some(number), None).into_iter().filter(|at| span(happened).contains(at)).count();
        assert_eq!(inside, 0, "seed {seed}: {}", happened.words);
    });
    each(&made, Fault::WeakTransponder, |seed, run, happened| {
        let number = number(&made, seed, run, happened.car.unwrap());
        let during = |run: &Run| times(&made, run, Some(number), None).into_iter().filter(|at| *at >= happened.at).count();
        let (all, heard) = (during(&race(&made, seed, Faults::NONE)), during(run));
        assert!(heard < all || all < 12, "seed {seed}: {heard} of {all}");
    });
}

#[test]
fn a_double_is_heard_as_another() {
    let made = made(40);
    each(&made, Fault::DuplicateTransponder, |seed, run, happened| {
        let plain = race(&made, seed, Faults::NONE);
        let numbers = transponders(&made, ROUND, seed, run);
        let more = |number| times(&made, run, Some(number), None).len() > times(&made, &plain, Some(number), None).len();
        let car = &run.truth.cars[happened.car.unwrap()];
        let drives = car.laps.iter().any(|end| *end > happened.at);
        assert!(!drives || numbers.keys().any(|number| more(*number)), "seed {seed}: {}", happened.words);
    });
}

#[test]
fn sources_fall_silent_and_their_clocks_jump() {
    let made = made(40);
    each(&made, Fault::LostLoop, |seed, run, happened| {
        let (source, margin) = (happened.source, 10_000);
        let (from, to) = (happened.at.0 + margin, happened.until.unwrap().0 - margin);
        assert!(times(&made, run, None, source).iter().all(|at| at.0 < from || at.0 > to), "seed {seed}: {}", happened.words);
    });
    each(&made, Fault::ClockStep, |seed, run, happened| {
        let plain = race(&made, seed, Faults::NONE);
        let sum = |run: &Run| times(&made, run, None, happened.source).iter().map(|at| at.0 / 1_000).sum::<i64>();
        let after = times(&made, &plain, None, happened.source).iter().filter(|at| span(happened).contains(at)).count();
        assert!(after == 0 || (sum(run) - sum(&plain)).abs() > 200, "seed {seed}: {}", happened.words);
    });
}

#[test]
fn what_is_sent_again_and_phantoms_change_no_order() {
    let made = made(40);
    let session = made.session(ROUND, SessionKind::Race);
    for fault in [Fault::Reconnect, Fault::Phantom] {
        each(&made, fault, |seed, run, happened| {
            let order: Vec<usize> = running(&made, session, seed, run).order().map(|row| row.car).collect();
            assert_eq!(order, run.truth.order(), "seed {seed}: {}", happened.words);
        });
    }
    let mut sent_twice = 0;
    each(&made, Fault::Reconnect, |seed, run, happened| {
        let plain = race(&made, seed, Faults::NONE);
        let all = |run: &Run| times(&made, run, None, happened.source);
        let different: BTreeSet<Instant> = all(run).into_iter().collect();
        // Two cars at one line in one microsecond are the only ones that could be taken for one.
        assert!(all(&plain).len() - different.len() <= 1, "seed {seed}: {}", happened.words);
        sent_twice += all(run).len() - different.len();
    });
    assert!(sent_twice > 20, "{sent_twice} passings were sent twice");
}

#[test]
fn nothing_arrives_without_power() {
    let made = made(40);
    each(&made, Fault::PowerCut, |seed, run, happened| {
        assert!(run.said.iter().all(|said| !span(happened).contains(&said.at)), "seed {seed}");
        let late = run.said.iter().filter(|said| span(happened).contains(&said.happened) && said.at > said.happened);
        assert!(late.into_iter().all(|said| !matches!(said.what, What::Meeting(MeetingFact::Heard(_)))), "seed {seed}");
    });
}

/// Everything said before and during the first race, recorded as it arrives.
fn recorded(made: &Made, seed: u64, faults: Faults) -> sport::season::Season {
    let mut season = made.season.clone();
    let session = made.session(ROUND, SessionKind::Race);
    let mut orders = made.orders(session);
    let fittings = simulator::fittings(&made.plan(ROUND, seed, faults), |_| orders.begins);
    orders.first_fact = u64::try_from(fittings.len()).unwrap() + 1;
    let run = simulator::session(&made.plan(ROUND, seed, faults), &orders).unwrap();
    for said in fittings.into_iter().chain(run.said) {
        let request = Request { happened: said.happened, by: said.by.to_owned(), citation: said.citation.clone(), what: said.what.clone() };
        let facts = accept(&made.rulebook, &season, request, said.at).unwrap_or_else(|no| panic!("seed {seed}: {no}: {said:?}"));
        assert_eq!(facts.len(), 1);
        season.apply(&facts[0]);
    }
    season
}

#[test]
fn everything_said_can_be_recorded() {
    let made = made(40);
    for seed in 0..12 {
        recorded(&made, seed, Faults::ALL);
    }
    for seed in 0..40 {
        let season = recorded(&made, seed, Faults::of(&[Fault::OperatorError]));
        let fact = |number: u64| season.facts().iter().find(|fact| fact.number == number).unwrap();
        for said in season.facts() {
            if let What::Undo { fact: undone, .. } = &said.what {
                assert!(*undone < said.number);
                let what = &fact(*undone).what;
                assert!(matches!(what, What::Meeting(MeetingFact::Judged { .. } | MeetingFact::Signal { .. })), "{what:?}");
            }
            if let What::Meeting(MeetingFact::Judged { passing, .. }) = &said.what {
                let What::Meeting(MeetingFact::Heard(heard)) = &fact(passing.fact.into()).what else { panic!("no passing: {said:?}") };
                assert!(usize::from(passing.nth) < heard.passings.len() && u64::from(passing.fact) < said.number);
            }
        }
    }
}
