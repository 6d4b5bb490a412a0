//! Any circuit, any rulebook: what the core reads is what happened.

#![expect(clippy::unwrap_used, reason = "a test")]

mod made;
mod reading;

use made::{Made, made};
use reading::{heard, run, running};
use simulator::{Cannot, Faults, Run};
use sport::date::Micros;
use sport::line::{Layout, Line, LineKind, Measures, Source, SourceKind};
use sport::rulebook::weekend::PitReference;
use sport::session::SessionKind;

const ROUND: u16 = 1;

/// Lines as kind, metres and whether in the pit lane only; sources as line and kind.
type Lines<'a> = &'a [(LineKind, u32, bool)];

fn layout(length: u32, minimum: i64, lines: Lines, more: &[(u8, SourceKind)]) -> Layout {
    let measures = Measures { length, minimum_lap: Micros::seconds(minimum), top_speed: 111, coincidence: Micros::seconds(1) };
    let line = |(nth, (kind, at, in_pit_lane)): (usize, &(LineKind, u32, bool))| Line {
        id: format!("line-{nth}").as_str().into(),
        kind: *kind,
        at: *at,
        in_pit_lane: *in_pit_lane,
    };
    let main = (0..u8::try_from(lines.len()).unwrap()).map(|line| (line, SourceKind::Main));
    let source = |(line, kind): (u8, SourceKind)| Source { id: format!("source-{line}-{kind:?}").as_str().into(), line, kind };
    let sources = main.chain(more.iter().copied()).map(source).collect();
    Layout::new(measures, lines.iter().enumerate().map(line).collect(), sources).unwrap()
}

/// A season with this circuit in its first round.
fn at(layout: Layout, cars: usize) -> Made {
    let mut made = made(cars);
    let seen = [LineKind::PitEntry, LineKind::PitExit].iter().all(|kind| layout.lines().iter().any(|line| line.kind == *kind));
    if !seen {
        made.rulebook.versions.iter_mut().for_each(|version| version.law.pit_stop = None);
    }
    made.season.calendar.rounds[0].layout = Some(layout);
    made
}

/// Twelve races whose order the core reads back.
fn reads_back(made: &Made) -> Vec<Run> {
    let session = made.session(ROUND, SessionKind::Race);
    let race = |seed| {
        let run = run(made, ROUND, SessionKind::Race, seed, Faults::NONE);
        // Where a red flag ended it, the rulebook says where the result is taken, and the passings alone do not.
        if run.truth.red.is_some() {
            return run;
        }
        let read = running(made, session, seed, &run);
        let rows: Vec<(usize, usize)> = read.order().map(|row| (row.car, row.laps as usize)).collect();
        let truth: Vec<(usize, usize)> = run.truth.order().into_iter().map(|car| (car, run.truth.cars[car].laps.len())).collect();
        assert_eq!(rows, truth, "seed {seed}");
        assert!(run.truth.cars.iter().map(|car| car.laps.len()).max().unwrap() > 5, "seed {seed}: hardly a lap");
        run
    };
    (0..12).map(race).collect()
}

#[test]
fn a_circuit_with_a_finish_line_and_nothing_else() {
    reads_back(&at(layout(4_500, 80, &[(LineKind::Finish, 0, false)], &[]), 40));
}

#[test]
fn a_very_short_one_and_a_very_long_one_with_sixty_cars() {
    let pits = [(LineKind::PitEntry, 1_500, true), (LineKind::PitExit, 100, true), (LineKind::Finish, 0, false)];
    reads_back(&at(layout(1_700, 30, &pits, &[]), 60));
    let pits = [
        (LineKind::Finish, 0, false),
        (LineKind::Sector, 9_000, false),
        (LineKind::PitEntry, 25_000, true),
        (LineKind::PitExit, 300, true),
    ];
    reads_back(&at(layout(25_378, 470, &pits, &[]), 60));
}

#[test]
fn a_pit_lane_before_the_line_and_one_with_a_finish_line_of_its_own() {
    let before = [(LineKind::Finish, 0, false), (LineKind::PitEntry, 3_700, true), (LineKind::PitExit, 4_300, true)];
    reads_back(&at(layout(4_500, 80, &before, &[]), 40));
    let own = [
        (LineKind::Finish, 0, false),
        (LineKind::Finish, 0, true),
        (LineKind::Sector, 1_500, false),
        (LineKind::PitEntry, 4_100, true),
        (LineKind::PitExit, 300, true),
    ];
    reads_back(&at(layout(4_500, 80, &own, &[]), 40));
}

#[test]
fn a_photocell_and_a_button_name_no_car() {
    let lines = [(LineKind::Finish, 0, false), (LineKind::SpeedTrap, 900, false), (LineKind::PitEntry, 4_300, true)];
    let more = [(0, SourceKind::Photocell), (0, SourceKind::Operator), (0, SourceKind::Backup)];
    let runs = reads_back(&at(layout(4_500, 80, &lines, &more), 30));
    for (_, heard) in heard(&runs[0]) {
        let nameless = ["source-0-Photocell", "source-0-Operator"].contains(&heard.source.as_str());
        assert!(heard.passings.iter().all(|passing| passing.transponder.is_none() == nameless), "{}", heard.source);
    }
}

#[test]
fn races_over_laps_and_over_kilometres_end_when_they_are_driven() {
    for kilometres in [None, Some(90)] {
        let mut made = made(30);
        let session = made.session(ROUND, SessionKind::Race);
        let of = &mut made.season.calendar.sessions[session];
        of.minutes = None;
        of.kilometres = kilometres;
        of.laps = if kilometres.is_none() { Some(17) } else { None };
        let length = made.season.calendar.rounds[0].layout.as_ref().unwrap().measures.length;
        let laps = kilometres.map_or(17, |kilometres| (u32::from(kilometres) * 1_000).div_ceil(length));
        for seed in 0..12 {
            let run = run(&made, ROUND, SessionKind::Race, seed, Faults::NONE);
            let most = run.truth.cars.iter().map(|car| car.laps.len()).max().unwrap();
            assert_eq!(most, laps as usize, "seed {seed}");
        }
    }
}

#[test]
fn a_stop_that_nobody_would_see_is_not_simulated() {
    let mut made = made(30);
    let session = made.session(ROUND, SessionKind::Race);
    made.season.calendar.rounds[0].layout =
        Some(layout(4_500, 80, &[(LineKind::Finish, 0, false), (LineKind::PitEntry, 4_300, true)], &[]));
    let race = |made: &Made| simulator::session(&made.plan(ROUND, 1, Faults::NONE), &made.orders(session)).map(|_| ());
    assert_eq!(race(&made), Err(Cannot::NoPitLines));
    made.season.calendar.rounds[0].layout = None;
    assert_eq!(race(&made), Err(Cannot::NoLines));
}

#[test]
fn stops_are_aimed_at_the_window_whatever_it_is() {
    for (reference, count) in [(PitReference::Entry, 1), (PitReference::Exit, 1), (PitReference::Entry, 2)] {
        let mut made = made(40);
        let of = &mut made.rulebook.versions;
        for rule in of.iter_mut().filter_map(|version| version.law.pit_stop.as_mut()) {
            (rule.reference, rule.count, rule.closes) = (reference, count, Micros::seconds(2_700));
        }
        let rule = made.rulebook.latest().pit_stop.clone().unwrap();
        let (mut stops, mut inside, mut short) = (0_i64, 0_i64, 0_i64);
        for seed in 0..20 {
            let run = run(&made, ROUND, SessionKind::Race, seed, Faults::NONE);
            let start = reading::green(&run.truth).0;
            for (place, car) in run.truth.cars.iter().enumerate() {
                let due = [15, 10, 5].map(Micros::seconds).get(place).copied().unwrap_or(Micros(0));
                let (minimum, _) = rule.minimum_for("sepang", due);
                // The stops that look like one: a minute at least.
                let long = car.stops.iter().filter(|stop| stop.exit.0 - stop.entry.0 > minimum.0 - 2_000_000);
                for stop in long {
                    stops += 1;
                    inside += i64::from(rule.inside_window(Micros(stop.entry.0 - start), Micros(stop.exit.0 - start)));
                    short += i64::from(stop.exit.0 - stop.entry.0 < minimum.0);
                }
            }
        }
        let wanted = 20 * 40 * i64::from(count);
        assert!(stops * 10 > wanted * 8, "{reference:?} {count}: {stops} stops of {wanted}");
        assert!(inside * 100 > stops * 93 && inside < stops, "{reference:?} {count}: {inside} of {stops} inside");
        assert!(short * 100 > stops && short * 100 < stops * 7, "{reference:?} {count}: {short} of {stops} short");
    }
}
