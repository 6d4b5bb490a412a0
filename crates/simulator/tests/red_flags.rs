//! Red flags: suspensions, and races that end under one.

#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(dead_code, reason = "a part of what other tests ask for")]

mod made;
mod reading;

use made::{Made, made};
use reading::{green, run};
use simulator::{Faults, Run};
use sport::date::Micros;
use sport::meeting_fact::Signal;
use sport::session::SessionKind;

const ROUND: u16 = 1;
const MINUTE: i64 = 60_000_000;

fn race(made: &Made, seed: u64) -> Run {
    run(made, ROUND, SessionKind::Race, seed, Faults::NONE)
}

/// When red flags were shown, in a race's time.
fn reds(run: &Run) -> Vec<i64> {
    let start = green(&run.truth);
    run.truth.signals.iter().filter(|(_, signal)| *signal == Signal::Red).map(|(at, _)| at.0 - start.0).collect()
}

#[test]
fn few_races_see_a_red_flag_and_some_of_them_end_with_it() {
    let made = made(6);
    let (mut seen, mut ended, mut early, mut without_a_lap) = (0, 0, 0, 0);
    for seed in 0..1_600 {
        let run = race(&made, seed);
        seen += usize::from(!reds(&run).is_empty());
        if let Some(shown) = run.truth.red {
            ended += 1;
            early += usize::from(shown.0 - green(&run.truth).0 < 6 * MINUTE);
            without_a_lap += usize::from(run.truth.cars.iter().all(|car| car.laps.is_empty()));
            assert_eq!(run.truth.chequered, None, "seed {seed}");
            let last: Vec<Signal> = run.truth.signals.iter().rev().take(2).map(|(_, signal)| *signal).collect();
            assert_eq!(last, [Signal::Close, Signal::Red], "seed {seed}: nothing resumes it");
        } else {
            assert!(run.truth.chequered.is_some(), "seed {seed}");
        }
    }
    assert!((40..90).contains(&seen), "{seen} of 1600 races saw a red flag");
    assert!((15..60).contains(&ended) && early > 0 && without_a_lap > 0, "{ended} ended, {early} early, {without_a_lap} without a lap");
}

#[test]
fn the_result_is_taken_as_many_laps_back_as_the_rulebook_says() {
    let mut made = made(24);
    let ended: Vec<u64> = (0..200).filter(|seed| race(&made, *seed).truth.red.is_some()).collect();
    let laps = |made: &Made, seed: u64| race(made, seed).truth.cars.iter().map(|car| car.laps.len()).max().unwrap();
    for seed in &ended {
        let truth = race(&made, *seed).truth;
        let driven = truth.cars.iter().map(|car| car.laps.iter().chain(&car.beyond).filter(|end| **end < truth.red.unwrap()).count()).max();
        assert_eq!(laps(&made, *seed), driven.unwrap(), "seed {seed}: the lap before the one in which it was shown");
    }
    let back: Vec<usize> = ended.iter().map(|seed| laps(&made, *seed)).collect();
    for version in &mut made.rulebook.versions {
        version.law.end.as_mut().unwrap().red_laps_back = 2;
    }
    for (seed, back) in ended.iter().zip(back) {
        assert_eq!(laps(&made, *seed), back.saturating_sub(1), "seed {seed}");
    }
}

#[test]
fn nobody_is_over_the_line_while_a_race_is_suspended() {
    let made = made(24);
    let mut suspended = 0;
    for seed in 0..200 {
        let run = race(&made, seed);
        let signals = &run.truth.signals;
        for (nth, (shown, _)) in signals.iter().enumerate().filter(|(_, (_, signal))| *signal == Signal::Red) {
            let (resumed, by) = signals[nth + 1];
            if by == Signal::Close {
                continue;
            }
            suspended += 1;
            assert_eq!(by, Signal::SafetyCar, "seed {seed}");
            let crossed = run.truth.cars.iter().flat_map(|car| &car.laps).filter(|end| **end > *shown && **end < resumed).count();
            // Who was in the pit lane drives on to its end.
            assert!(crossed <= 3, "seed {seed}: {crossed} laps ended under the red flag");
        }
    }
    assert!(suspended > 3, "{suspended} suspensions");
}

#[test]
fn where_time_stands_still_a_suspended_race_is_longer() {
    let mut made = made(24);
    for version in &mut made.rulebook.versions {
        version.law.end.as_mut().unwrap().time_runs_when_suspended = false;
    }
    let mut suspended = 0;
    for seed in 0..200 {
        let run = race(&made, seed);
        let Some(chequered) = run.truth.chequered else { continue };
        let signals = &run.truth.signals;
        let red = |nth: usize| (signals[nth].1 == Signal::Red).then(|| signals[nth + 1].0.0 - signals[nth].0.0);
        let stood: i64 = (0..signals.len()).filter_map(red).sum();
        let took = Micros(chequered.0 - green(&run.truth).0);
        assert!(took.0 >= 60 * MINUTE + stood && took.0 < 65 * MINUTE + stood, "seed {seed}: {took}");
        suspended += usize::from(stood > 0);
    }
    assert!(suspended > 3, "{suspended} suspensions");
}
