//! What holds for every set of passings: the order they arrive in changes nothing, and the order of the cars is the order of their laps.

#![expect(clippy::unwrap_used, reason = "what a test makes up is well formed")]

use proptest::collection::vec;
use proptest::prelude::*;
use sport::date::{Instant, Micros};
use sport::line::{Layout, Line, LineKind, Measures, Source, SourceKind};
use sport::passing::PassingId;
use sport::reading::Reading;
use sport::running::{Ranking, Running, Schedule};

/// 4,500 m with two sectors and a pit lane over the finish line; a backup loop at the line, an operator's button too.
fn layout() -> Layout {
    let line = |id: &str, kind, at, in_pit_lane| Line { id: id.into(), kind, at, in_pit_lane };
    let source = |id: &str, line, kind| Source { id: id.into(), line, kind };
    let measures = Measures { length: 4_500, minimum_lap: Micros::seconds(60), top_speed: 100, coincidence: Micros(500_000) };
    let lines = vec![
        line("finish", LineKind::Finish, 0, false),
        line("s1", LineKind::Sector, 1_500, false),
        line("s2", LineKind::Sector, 3_000, false),
        line("pit-entry", LineKind::PitEntry, 4_200, true),
        line("pit-exit", LineKind::PitExit, 300, true),
    ];
    let sources = vec![
        source("finish-main", 0, SourceKind::Main),
        source("s1", 1, SourceKind::Main),
        source("s2", 2, SourceKind::Main),
        source("pit-entry", 3, SourceKind::Main),
        source("pit-exit", 4, SourceKind::Main),
        source("finish-backup", 0, SourceKind::Backup),
        source("finish-button", 0, SourceKind::Operator),
    ];
    Layout::new(measures, lines, sources).unwrap()
}

const SECOND: i64 = 1_000_000;

fn schedule() -> Schedule {
    Schedule { start: Some(Instant(0)), stopped: None, time: Some(Micros::seconds(600)), laps: None, to_all: false, signalled: None }
}

/// Anything a few cars can be said to have done in twelve minutes; many readings close to each other.
fn anything() -> impl Strategy<Value = Vec<(usize, Reading)>> {
    let at = prop_oneof![0..720 * SECOND, (0..12_i64, 0..4_i64).prop_map(|(lap, part)| lap * 61 * SECOND + part * 300_000)];
    vec((0..4_usize, at, 0..7_u8), 0..120).prop_map(|all| {
        let reading = |(nth, (car, at, source)): (usize, (usize, i64, u8))| {
            (car, Reading { at: Instant(at), passing: PassingId { fact: u32::try_from(nth).unwrap(), nth: 0 }, source })
        };
        let mut all: Vec<_> = all.into_iter().enumerate().map(reading).collect();
        // A reading sent twice is one reading.
        all.sort_by_key(|(car, reading)| (*car, reading.at, reading.source));
        all.dedup_by_key(|(car, reading)| (*car, reading.at, reading.source));
        all
    })
}

fn heard(readings: &[(usize, Reading)], ranking: Ranking) -> Running {
    let mut running = Running::new(layout(), ranking, schedule(), 4);
    readings.iter().for_each(|(car, reading)| running.hear(*car, *reading));
    running
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// What [`sport::live_session::LiveSession::as_planned`] rests on.
    #[test]
    fn an_end_that_is_taken_back_leaves_no_trace(all in anything(), at in 0..720 * SECOND) {
        let planned = heard(&all, Ranking::Distance);
        let mut ended = planned.clone();
        ended.end(Some(Instant(at)));
        ended.end(None);
        prop_assert_eq!(ended, planned);
    }

    #[test]
    fn passings_in_any_order_give_the_same_laps(all in anything(), seed in any::<u64>()) {
        for ranking in [Ranking::Distance, Ranking::BestLap] {
            let straight = heard(&all, ranking);
            let mut shuffled = all.clone();
            let mut state = seed;
            for at in (1..shuffled.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                shuffled.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
            }
            prop_assert_eq!(&straight, &heard(&shuffled, ranking));
            // Sent again, nothing changes.
            let mut twice = straight.clone();
            shuffled.iter().for_each(|(car, reading)| twice.hear(*car, *reading));
            prop_assert_eq!(&straight, &twice);
        }
    }

    #[test]
    fn the_order_is_by_laps_and_then_by_time(all in anything()) {
        let running = heard(&all, Ranking::Distance);
        let rows: Vec<_> = running.order().collect();
        for (at, row) in rows.iter().enumerate() {
            prop_assert_eq!(running.place(row.car), at);
        }
        for two in rows.windows(2) {
            let key = |of: usize| (core::cmp::Reverse(two[of].laps), two[of].end.map_or(i64::MAX, |end| end.0), two[of].car);
            prop_assert!(key(0) <= key(1), "{:?}", two);
        }
        // Nobody's lap counts that began after the chequered signal; the first to complete it was leading.
        if let Some(signal) = running.chequered() {
            for row in &rows {
                let laps = running.tracks()[row.car].laps();
                let after = laps.iter().filter(|lap| lap.end >= signal).count();
                prop_assert_eq!(row.laps as usize, laps.len() - after + usize::from(after > 0));
            }
            prop_assert_eq!(rows[0].end, Some(signal));
        }
    }

    #[test]
    fn no_lap_is_faster_than_a_car_can_be(all in anything()) {
        for track in heard(&all, Ranking::Distance).tracks() {
            for two in track.laps().windows(2) {
                prop_assert!(two[1].end.0 - two[0].end.0 >= 60 * SECOND - 500_000);
            }
        }
    }
}

fn reading(at: i64, source: u8) -> Reading {
    Reading { at: Instant(at), passing: PassingId { fact: 1, nth: 0 }, source }
}

/// Laps of 90 s: sectors at a third and two thirds.
fn lap(from: i64) -> [Reading; 3] {
    [reading(from + 30 * SECOND, 1), reading(from + 60 * SECOND, 2), reading(from + 90 * SECOND, 0)]
}

fn alone(readings: impl IntoIterator<Item = Reading>) -> Running {
    let mut running = Running::new(layout(), Ranking::Distance, schedule(), 1);
    readings.into_iter().for_each(|reading| running.hear(0, reading));
    running
}

fn ends(running: &Running) -> Vec<i64> {
    running.tracks()[0].laps().iter().map(|lap| lap.end.0).collect()
}

#[test]
fn the_main_loop_is_believed_before_the_backup_whenever_it_arrives() {
    let main = reading(90 * SECOND, 0);
    let backup = reading(90 * SECOND - 2_000, 5);
    for heard in [[main, backup], [backup, main]] {
        let running = alone(heard);
        assert_eq!(ends(&running), [90 * SECOND]);
        assert_eq!(running.tracks()[0].crossings()[0].readings, 2);
    }
}

#[test]
fn a_main_reading_of_another_crossing_displaces_no_backup() {
    // Lap 1 was heard by the backup alone; the main loop's next reading is of lap 2, minutes later, or of nothing at all.
    let backup = reading(90 * SECOND, 5);
    let running = alone([backup, reading(180 * SECOND, 0), reading(183 * SECOND, 0)]);
    assert_eq!(ends(&running), [90 * SECOND, 180 * SECOND]);
    let track = &running.tracks()[0];
    assert_eq!(track.evidence(&track.crossings()[0]), Some(backup));
    assert!(running.tracks()[0].crossings()[2].impossible);
}

#[test]
fn a_finish_line_nobody_heard_is_inferred_from_the_sectors() {
    let two = [lap(0), lap(90 * SECOND)].concat();
    let three: Vec<Reading> = [lap(180 * SECOND), lap(270 * SECOND)].concat();
    let without: Vec<Reading> = [two.clone(), three.iter().copied().filter(|reading| reading.at.0 != 270 * SECOND).collect()].concat();
    let running = alone(without);
    assert_eq!(ends(&running), [90, 180, 270, 360].map(|end| end * SECOND));
    let inferred = running.tracks()[0].crossings().iter().filter(|crossing| crossing.inferred());
    assert_eq!(inferred.map(|crossing| crossing.at.0).collect::<Vec<_>>(), [270 * SECOND]);
    // The reading that was missing arrives late: nothing is inferred any more.
    let mut late = running;
    late.hear(0, reading(270 * SECOND + 1, 0));
    assert_eq!(ends(&late), [90 * SECOND, 180 * SECOND, 270 * SECOND + 1, 360 * SECOND]);
    assert!(late.tracks()[0].crossings().iter().all(|crossing| !crossing.inferred()));
}

#[test]
fn one_sector_heard_again_and_again_is_a_lap_each_time() {
    let running = alone((0..4).map(|nth| reading((30 + nth * 90) * SECOND, 1)));
    assert_eq!(running.progress(0).laps, 3);
    assert!(running.tracks()[0].crossings().iter().filter(|crossing| crossing.line == 0).all(|crossing| crossing.inferred()));
}

#[test]
fn crossing_the_line_in_the_pit_lane_completes_a_lap() {
    let stop = [reading(120 * SECOND, 1), reading(150 * SECOND, 2), reading(175 * SECOND, 3), reading(260 * SECOND, 4)];
    let running = alone(lap(0).into_iter().chain(stop));
    assert_eq!(running.progress(0).laps, 2);
}

#[test]
fn the_chequered_signal_is_shown_to_the_leader_and_lapped_cars_finish_on_their_lap() {
    let mut running = Running::new(layout(), Ranking::Distance, schedule(), 3);
    // Car 0 laps in 91 s, car 1 in 91.5 s, car 2 in 110 s; 600 s of race time.
    for (car, time) in [(0, 91_000_000), (1, 91_500_000), (2, 110_000_000)] {
        (1..=9).for_each(|nth| running.hear(car, reading(nth * time, 0)));
    }
    assert_eq!(running.chequered(), Some(Instant(7 * 91_000_000)));
    let rows: Vec<_> = running.order().map(|row| (row.car, row.laps, row.time.unwrap().0, row.chequered)).collect();
    assert_eq!(rows, [(0, 7, 637_000_000, true), (1, 7, 640_500_000, true), (2, 6, 660_000_000, true)]);
}

#[test]
fn a_lapped_car_first_over_the_line_ends_no_race() {
    let mut running = Running::new(layout(), Ranking::Distance, schedule(), 2);
    // Car 1 is a lap down and crosses the line at 602 s, the leader at 605 s.
    [100, 200, 300, 400, 500, 605].iter().for_each(|at| running.hear(0, reading(at * SECOND, 0)));
    [110, 230, 350, 480, 602].iter().for_each(|at| running.hear(1, reading(at * SECOND, 0)));
    assert_eq!(running.chequered(), Some(Instant(605 * SECOND)));
    // It takes the signal on its next crossing.
    running.hear(1, reading(720 * SECOND, 0));
    assert_eq!((running.progress(1).laps, running.progress(1).chequered), (6, true));
}

#[test]
fn the_first_crossing_of_a_rolling_start_is_no_lap() {
    let running = alone([reading(9 * SECOND, 0), reading(39 * SECOND, 1), reading(69 * SECOND, 2), reading(99 * SECOND, 0)]);
    assert_eq!(ends(&running), [99 * SECOND]);
    assert_eq!(running.progress(0).time, Some(Micros::seconds(99)));
}
