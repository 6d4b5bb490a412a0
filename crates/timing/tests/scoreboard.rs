//! Boards, on the logs of feeds as they are: which runs a log has, who is in them, what each car drove and what it is ranked with.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use sport::date::Micros;
use timing::account::Flag;
use timing::flaw::Flaw;
use timing::format::{Format, How};
use timing::multiloop;
use timing::reckoned::{Reckoned, ranking};
use timing::rmonitor;
use timing::scoreboard::reader::{Odd, Reader, Session};
use timing::scoreboard::{Car, Lap, Position, log};

fn capture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(format!("{name}.rmon"))
}

/// A capture that may not be copied, where the folder with such is at hand.
fn beside(name: &str) -> Option<PathBuf> {
    let folder = std::env::var("PARCFERME_CAPTURES")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures"), PathBuf::from);
    let path = folder.join(name);
    if !path.exists() {
        _ = writeln!(std::io::stderr(), "skipped: {name} is not at hand; PARCFERME_CAPTURES names its folder");
    }
    path.exists().then_some(path)
}

fn runs_of(path: &Path) -> Vec<Session> {
    let (runs, flaws) = log::rmonitor(&std::fs::read(path).expect("it can be read"));
    assert_eq!(flaws, [], "{}", path.display());
    runs
}

fn runs(lines: &str) -> Vec<Session> {
    let (runs, flaws) = log::rmonitor(lines.as_bytes());
    assert_eq!(flaws, []);
    runs
}

/// Run number, cars, cars with a name, cars that are ranked, laps.
type Size = (Option<u32>, usize, usize, usize, usize);

fn size(run: &Session) -> Size {
    let cars = &run.board.cars;
    let count = |of: &dyn Fn(&Car) -> bool| cars.values().filter(|car| of(car)).count();
    let laps = cars.values().map(|car| car.laps.len()).sum();
    (run.board.run.number, cars.len(), count(&|car| car.entry.is_some()), count(&|car| car.position.is_some()), laps)
}

fn flags(run: &Session) -> Vec<(Option<Flag>, i64)> {
    run.flags.iter().map(|of| (of.flag, of.race.0 / 1_000_000)).collect()
}

fn ms(time: Micros) -> i64 {
    time.0 / 1_000
}

fn laps(car: &Car) -> Vec<(u32, i64)> {
    car.laps.iter().map(|lap| (lap.number, ms(lap.total))).collect()
}

#[test]
fn every_capture_has_the_runs_cars_and_laps_it_has() {
    let odd = |resets, repeated, set_right, unknown| Odd { resets, repeated, set_right, unknown, ..Odd::default() };
    let expected = [
        ("rmonitor/Orbits_Mock_Session", (Some(25), 6, 6, 6, 46), Odd::default()),
        ("redmist/TestEntries", (Some(67), 48, 48, 0, 0), Odd::default()),
        // It begins in the middle of a refresh: nobody says which run it is, and who the cars are.
        ("redmist/TestInitialPositions", (None, 48, 0, 48, 0), Odd::default()),
        ("redmist/TestStart", (Some(67), 52, 52, 52, 117), odd(4, 0, 7, 0)),
        ("redmist/TestGap", (Some(72), 76, 76, 76, 171), odd(1, 0, 2, 12)),
        ("redmist/TestAbnormalReset", (Some(67), 52, 52, 52, 23), odd(1, 0, 2, 0)),
    ];
    for (name, expected, odd) in expected {
        let runs = runs_of(&capture(name));
        assert_eq!(runs.iter().map(size).collect::<Vec<_>>(), [expected], "{name}");
        assert_eq!(runs[0].odd, odd, "{name}");
    }
}

#[test]
fn a_short_race_is_told_from_its_first_flag_to_its_last_lap() {
    let run = &runs_of(&capture("rmonitor/Orbits_Mock_Session"))[0];
    let (green, yellow, finish) = (Some(Flag::Green), Some(Flag::Yellow), Some(Flag::Chequered));
    assert_eq!(flags(run), [(green, 0), (yellow, 244), (green, 281), (finish, 315)]);
    assert_eq!((run.board.track(), run.board.classes.get(&1).map(String::as_str)), (Some("Brands Hatch"), Some("Formula Vee")));
    let car = &run.board.cars["1"];
    let entry = car.entry.as_ref().expect("it is entered");
    // Who drives was told before the run began, while the one before it was closed.
    assert_eq!((entry.first.as_str(), entry.last.as_str(), entry.transponder.as_deref()), ("Driver", "One", Some("1001")));
    assert_eq!((car.set_off.map(ms), car.laps.len()), (Some(2_051), 8));
    assert_eq!(car.laps.last().map(|lap| (lap.number, ms(lap.time), ms(lap.total), lap.flag)), Some((8, 42_214, 338_871, finish)));
    assert_eq!(car.position, Some(Position { place: 3, laps: Some(8), total: Some(Micros(338_871_000)) }));
    // The result is that of the laps, but for who is one lap down and is ranked all the same.
    let account = run.account();
    assert_eq!((account.cars.len(), account.laps.len(), account.claims.len()), (6, 46, 6));
    assert!(account.laps.is_sorted_by_key(|lap| lap.elapsed));
    assert_eq!(Reckoned::of(&account, ranking(&account)).differences, []);
}

#[test]
fn after_an_abnormal_reset_the_positions_and_the_last_laps_of_the_race_are_still_on_the_board() {
    let run = &runs_of(&capture("redmist/TestAbnormalReset"))[0];
    // Nothing of these was told after the board was cleared.
    let car = |number: &str| &run.board.cars[number];
    assert_eq!(car("99").position, Some(Position { place: 4, laps: Some(17), total: Some(Micros(2_656_432_000)) }));
    assert_eq!((laps(car("99")), car("99").laps[0].time), (vec![(17, 2_656_432)], Micros(229_354_000)));
    assert_eq!(car("99").best.and_then(|best| best.time), Some(Micros(142_510_000)));
    // And these were told after it.
    assert_eq!(car("74").position.and_then(|of| of.laps), Some(17));
    assert_eq!(run.board.classes.len(), 4);
}

#[test]
fn a_day_at_a_track_is_eleven_runs_of_which_five_have_no_laps() {
    let Some(path) = beside("redmist/TestSessionChanges.txt") else { return };
    let runs = runs_of(&path);
    let expected: Vec<Size> = vec![
        (Some(61), 43, 43, 43, 355),
        (Some(55), 15, 15, 15, 0),
        (Some(62), 40, 40, 40, 381),
        (Some(56), 18, 18, 18, 0),
        (Some(63), 44, 44, 44, 376),
        (Some(57), 19, 19, 19, 0),
        (Some(64), 25, 25, 25, 219),
        (Some(58), 19, 19, 19, 0),
        (Some(65), 23, 23, 23, 148),
        (Some(59), 1, 1, 1, 0),
        (Some(66), 4, 4, 4, 16),
    ];
    assert_eq!(runs.iter().map(size).collect::<Vec<_>>(), expected);
    let practice = [(Some(Flag::Green), 0), (Some(Flag::Chequered), 2_237)];
    assert_eq!(flags(&runs[0]), practice);
    // One was cleared twice in its middle, by the server itself, and went on.
    assert_eq!((runs[8].odd.resets, flags(&runs[8]).len()), (2, 2));
    assert_eq!(runs[8].board.run.name, "GP1/GP2/GP3");
}

#[test]
fn a_test_of_two_hours_is_one_run_although_its_number_is_told_266_times() {
    let Some(path) = beside("rmonitor-crate/sample/2009_Sebring_ALMS_Session_5.txt") else { return };
    let runs = runs_of(&path);
    // Five cars are only ranked by a best lap they have not.
    assert_eq!(runs.iter().map(size).collect::<Vec<_>>(), [(Some(33), 18, 13, 13, 491)]);
    let (green, red, finish) = (Some(Flag::Green), Some(Flag::Red), Some(Flag::Chequered));
    assert_eq!(flags(&runs[0])[..4], [(green, 0), (red, 889), (green, 1_087), (finish, 7_792)]);
    assert!(runs[0].board.cars.values().any(|car| car.line.as_ref().is_some_and(|of| of.kind == "SFP")));
}

/// From the moment of a decision on the feed adds ten seconds to the total of the positions, and not to that of the crossing.
#[test]
fn a_penalty_is_the_difference_between_what_is_ranked_and_what_was_driven() {
    let of = runs(
        "$B,5,\"Race 1\"\n$A,\"7\",\"7\",1,\"A\",\"B\",\"\",1\n$J,\"7\",\"00:04:19.022\",\"00:04:19.022\"\n$G,1,\"7\",1,\"00:04:19.022\"\n\
         $J,\"7\",\"00:04:21.500\",\"00:08:40.522\"\n$G,1,\"7\",2,\"00:08:40.522\"\n$G,2,\"7\",2,\"00:08:50.522\"\n",
    );
    assert_eq!(of[0].board.cars["7"].added().map(ms), Some(10_000));
    let account = of[0].account();
    let reckoned = Reckoned::of(&account, ranking(&account));
    let told: Vec<_> = reckoned.differences.iter().map(|of| of.says.as_str()).collect();
    assert_eq!(told, ["claimed in 8:50.522; 8:40.522 by its laps: +10.000, and no penalty told says so"]);
    // Of a lap that was not told nobody can say.
    assert_eq!(runs("$G,2,\"7\",2,\"00:08:50.522\"\n")[0].board.cars["7"].added(), None);
}

#[test]
fn a_relay_that_connects_again_repeats_no_lap_and_a_board_that_is_cleared_keeps_the_run() {
    let of = runs(
        "$B,5,\"Race\"\n$J,\"7\",\"00:02:00.000\",\"00:02:00.000\"\n$G,1,\"7\",1,\"00:02:00.000\"\n$I, \"00:00:00\", \"0/0/0000\"\n$B,5,\"Race\"\n\
         $G,1,\"7\",1,\"00:02:00.000\"\n$J,\"7\",\"00:02:00.000\",\"00:02:00.000\"\n$J,\"7\",\"00:02:02.000\",\"00:04:02.000\"\n$B,6,\"Race\"\n\
         $G,1,\"8\",,\"00:00:00.000\"\n",
    );
    assert_eq!(of.iter().map(|run| run.board.cars.len()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(laps(&of[0].board.cars["7"]), [(1, 120_000), (2, 242_000)]);
    assert_eq!(of[0].odd, Odd { resets: 1, repeated: 1, ..Odd::default() });
    assert_eq!(of[1].board.cars["7"], Car::default(), "what was counted before is no longer on the board");
}

#[test]
fn a_board_that_is_cleared_is_of_another_run_where_its_number_or_a_race_clock_that_begins_again_says_so() {
    let race = "$B,5,\"A\"\n$A,\"7\",\"7\",1,\"\",\"\",\"\",1\n$F,9999,\"00:10:00\",\"12:00:00\",\"00:20:00\",\"Green \"\n$G,1,\"7\",9,\"00:20:00.000\"\n\
                $I,\"12:00:01\",\"01 May 25\"\n";
    let cleared = |after: &str| runs(&format!("{race}{after}"));
    let another = cleared("$A,\"8\",\"8\",1,\"\",\"\",\"\",1\n$B,6,\"B\"\n");
    assert_eq!(another.iter().map(|run| run.board.cars.keys().cloned().collect::<Vec<_>>()).collect::<Vec<_>>(), [["7"], ["8"]]);
    assert_eq!((another[0].odd.resets, another[1].odd.resets), (0, 0));
    // The clock stands at nothing before the number is told.
    let another = cleared("$F,9999,\"00:30:00\",\"12:00:01\",\"00:00:00\",\"      \"\n$B,6,\"B\"\n$A,\"8\",\"8\",1,\"\",\"\",\"\",1\n");
    assert_eq!(another.iter().map(size).collect::<Vec<_>>(), [(Some(5), 1, 1, 1, 0), (Some(6), 1, 1, 0, 0)]);
    assert_eq!((flags(&another[0]), flags(&another[1])), (vec![(Some(Flag::Green), 1_200)], vec![]));
    // Started again under the same number.
    let again = cleared("$F,9999,\"00:30:00\",\"12:00:01\",\"00:00:00\",\"      \"\n$B,5,\"A\"\n$A,\"7\",\"7\",1,\"\",\"\",\"\",1\n");
    assert_eq!(again.iter().map(size).collect::<Vec<_>>(), [(Some(5), 1, 1, 1, 0), (Some(5), 1, 1, 0, 0)]);
    // A run in which nothing was counted is none; one in which something was after the board was cleared is one.
    let entered = "$B,5,\"A\"\n$A,\"7\",\"7\",1,\"\",\"\",\"\",1\n$I,\"1\",\"2\"\n";
    let of = runs(&format!("{entered}$A,\"8\",\"8\",1,\"\",\"\",\"\",1\n$B,6,\"B\"\n"));
    assert_eq!(of.iter().map(size).collect::<Vec<_>>(), [(Some(6), 1, 1, 0, 0)]);
    let of = runs(&format!("{entered}$G,1,\"7\",9,\"00:20:00.000\"\n$B,5,\"A\"\n$B,6,\"B\"\n"));
    assert_eq!(of.iter().map(size).collect::<Vec<_>>(), [(Some(5), 1, 1, 1, 0), (Some(6), 1, 1, 0, 0)]);
    // The clock goes on, or nothing more is said.
    for same in ["$F,9999,\"00:09:59\",\"12:00:01\",\"00:20:01\",\"Green \"\n", "", "$B,5,\"A\"\n"] {
        let same = cleared(&format!("$A,\"8\",\"8\",1,\"\",\"\",\"\",1\n{same}"));
        assert_eq!(same.iter().map(size).collect::<Vec<_>>(), [(Some(5), 2, 2, 1, 0)]);
        assert_eq!(same[0].odd.resets, 1);
    }
}

#[test]
fn while_it_is_not_known_whether_a_run_goes_on_the_board_shows_what_it_showed() {
    let mut reader = Reader::new();
    let mut hear = |lines: &str| {
        let mut over = Vec::new();
        let mut stream = rmonitor::stream::Stream::new();
        stream.take(lines.as_bytes(), |told| over.extend(reader.rmonitor(&told.expect("a record"))));
        (over.len(), reader.board().cars.keys().cloned().collect::<Vec<_>>())
    };
    // Nothing is on it yet that could be kept.
    assert_eq!(hear("$I,\"1\",\"2\"\n$A,\"7\",\"7\",1,\"\",\"\",\"\",1\n"), (0, vec!["7".into()]));
    assert_eq!(hear("$B,5,\"A\"\n$G,1,\"7\",9,\"00:20:00.000\"\n"), (0, vec!["7".into()]));
    assert_eq!(hear("$I,\"1\",\"2\"\n$I,\"1\",\"2\"\n$A,\"8\",\"8\",1,\"\",\"\",\"\",1\n"), (0, vec!["7".into()]));
    assert_eq!(hear("$B,6,\"B\"\n"), (1, vec!["8".into()]));
}

#[test]
fn a_run_that_is_closed_with_95_leaves_its_result_on_the_board_and_the_next_has_its_entries() {
    let lines = "$B,25,\"A\"\n$A,\"7\",\"7\",1,\"\",\"\",\"\",1\n$J,\"7\",\"00:02:00.000\",\"00:02:00.000\"\n$G,1,\"7\",1,\"00:02:00.000\"\n\
                 $B,95,\"A\"\n$B,95,\"A\"\n$A,\"8\",\"8\",1,\"\",\"\",\"\",1\n";
    let mut reader = Reader::new();
    let mut stream = rmonitor::stream::Stream::new();
    let mut over = Vec::new();
    stream.take(lines.as_bytes(), |told| over.extend(reader.rmonitor(&told.expect("a record"))));
    assert_eq!((over.len(), size(&over[0])), (1, (Some(25), 1, 1, 1, 1)));
    assert_eq!(reader.board().cars["7"].position, Some(Position { place: 1, laps: Some(1), total: Some(Micros(120_000_000)) }));
    // The next run has its entries, and no result.
    let of = runs(&format!("{lines}$B,26,\"B\"\n$F,9999,\"00:10:00\",\"12:00:00\",\"00:00:01\",\"Green \"\n"));
    assert_eq!(of.iter().map(size).collect::<Vec<_>>(), [(Some(25), 1, 1, 1, 1), (Some(26), 2, 2, 0, 0)]);
    // And alone it is no run.
    assert_eq!(runs(lines).iter().map(size).collect::<Vec<_>>(), [(Some(25), 1, 1, 1, 1)]);
}

/// A second loop read a lap 30 ms earlier, and a timekeeper set right one that the log does not have.
#[test]
fn a_lap_that_is_told_again_is_set_right_and_no_further_lap() {
    let of = runs(
        "$B,5,\"Race\"\n$J,\"7\",\"00:00:00.000\",\"00:00:55.897\"\n$J,\"7\",\"00:02:23.428\",\"00:05:48.232\"\n\
         $J,\"7\",\"00:02:23.398\",\"00:05:48.202\"\n$G,1,\"7\",2,\"00:05:48.202\"\n$J,\"7\",\"00:02:29.000\",\"00:03:24.804\"\n\
         $G,1,\"7\",3,\"00:08:10.720\"\n$J,\"7\",\"00:02:22.518\",\"00:08:10.720\"\n",
    );
    let car = &of[0].board.cars["7"];
    // Of the first lap nothing was told but that there are two.
    assert_eq!((car.set_off.map(ms), laps(car)), (Some(55_897), vec![(2, 348_202), (3, 490_720)]));
    assert_eq!(of[0].account().notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["laps-set-right", "earlier-laps-set-right"]);
}

/// Whoever connects in mid race hears how many laps were driven before, and may hear first of a lap of hours ago that was set right.
#[test]
fn laps_are_counted_from_what_the_feed_says() {
    let of = runs(
        "$B,5,\"Race\"\n$G,1,\"7\",30,\"01:00:00.000\"\n$J,\"7\",\"00:02:00.000\",\"01:02:00.000\"\n$G,2,\"58\",56,\"02:27:09.500\"\n\
         $J,\"58\",\"00:02:23.383\",\"01:11:23.907\"\n$J,\"58\",\"00:02:27.334\",\"02:29:36.834\"\n$G,2,\"58\",57,\"02:29:36.834\"\n",
    );
    assert_eq!(laps(&of[0].board.cars["7"]), [(31, 3_720_000)]);
    assert_eq!((laps(&of[0].board.cars["58"]), of[0].odd.unknown), (vec![(57, 8_976_834)], 1));
    // In the log of a gap every car that is ranked and drove is ranked with its last lap.
    let gap = &runs_of(&capture("redmist/TestGap"))[0];
    assert!(gap.board.cars.values().filter(|car| !car.laps.is_empty()).all(|car| car.added() == Some(Micros(0))));
}

#[test]
fn negative_laps_and_times_of_nothing_are_on_the_board_as_they_are_told() {
    let of = runs(
        "$B,5,\"Race\"\n$G,76,\"58\",-2,\"00:00:00.000\"\n$H,1,\"58\",0,\"00:59:59.999\"\n$J,\"58\",\"00:59:59.999\",\"00:59:59.999\"\n",
    );
    let car = &of[0].board.cars["58"];
    assert_eq!(car.position, Some(Position { place: 76, laps: Some(-2), total: None }));
    assert_eq!((car.best.map(|best| (best.lap, best.time)), car.laps.len(), car.added()), (Some((None, None)), 0, None));
    let account = of[0].account();
    assert_eq!((account.claims[0].laps, account.notes[0].code), (None, "negative-laps"));
    // Before a session some feeds send the same in the race clock.
    let of = runs("$A,\"7\",\"7\",1,\"\",\"\",\"\",1\n$F,9999,\"00:00:00\",\"14:09:52\",\"00:59:59\",\"      \"\n");
    assert_eq!(of[0].board.clock.map(|clock| (clock.race, clock.laps_to_go, clock.flag)), Some((Micros(0), None, None)));
}

/// From the specification; in no feed seen.
#[test]
fn a_photo_cell_moves_the_crossing_between_two_laps() {
    let of = runs(
        "$B,5,\"Race\"\n$J,\"7\",\"00:02:00.000\",\"00:02:00.000\"\n$J,\"7\",\"00:02:01.000\",\"00:04:01.000\"\n\
         $COR,\"7\",\"7\",1,\"00:02:00.012\",\"+00:00:00.012\"\n",
    );
    let car = &of[0].board.cars["7"];
    let times: Vec<_> = car.laps.iter().map(|lap: &Lap| (ms(lap.time), ms(lap.total))).collect();
    assert_eq!(times, [(120_012, 120_012), (120_988, 241_000)]);
    assert_eq!((car.correction.map(|of| ms(of.by)), of[0].odd.corrections), (Some(12), 1));
}

#[test]
fn the_text_behind_a_class_may_change_and_a_stamp_says_when() {
    let of = runs(
        "##2025-04-26 14:44:13.478\n$C,1,\"GTO\"\n$A,\"7\",\"7\",,\"\",\"Red, White\",\"\",1\n##2025-04-26 14:44:14.000\n$C,1,\"GT\"\n",
    );
    assert_eq!(of[0].board.classes[&1], "GT");
    assert_eq!((of[0].began.map(|at| at.0), of[0].ended.map(|at| at.0)), (Some(1_745_678_653_478_000), Some(1_745_678_654_000_000)));
    assert_eq!(of[0].account().cars[0].class.as_deref(), Some("GT"));
}

#[test]
fn a_board_has_room_for_so_much_and_no_more() {
    let mut reader = Reader::new();
    let mut hear = |line: String| {
        let record = rmonitor::record::Record::decode(&line).expect("a record");
        reader.rmonitor(&record);
    };
    for nth in 0..3_000 {
        hear(format!("$G,{nth},\"{nth}\",1,\"00:00:01.000\""));
        hear(format!("$C,{nth},\"{nth}\""));
        hear(format!("$E,\"{nth}\",\"{nth}\""));
        hear(format!("$J,\"1\",\"00:00:10.000\",\"{:02}:{:02}:{:02}.000\"", nth / 360, nth / 6 % 60, nth % 6 * 10));
    }
    let board = reader.board();
    assert_eq!((board.cars.len(), board.classes.len(), board.settings.len(), board.cars["1"].laps.len()), (1_000, 200, 200, 2_500));
}

#[test]
fn a_log_of_nothing_but_beginnings_is_left_out_after_a_while() {
    let mut lines: String = (0..1_000).map(|car| format!("$A,\"{car}\",\"{car}\",1,\"\",\"\",\"\",1\n")).collect();
    (0..2_000).for_each(|nth| lines += &format!("$B,{},\"A\"\n$G,1,\"1\",,\"00:00:00.000\"\n", nth % 90 + 1));
    let (runs, flaws) = log::rmonitor(lines.as_bytes());
    assert_eq!((runs.len(), flaws.len()), (102, 1));
    assert_eq!(flaws[0].why, "what comes after 101 runs with 100000 cars is left out");
}

/// A record of Multiloop of a line whose separator is written as a broken bar.
fn multiloop_runs(lines: &[&str]) -> Vec<Session> {
    let (runs, flaws): (Vec<Session>, Vec<Flaw>) = log::multiloop(lines.join("\r\n").as_bytes());
    assert_eq!(flaws, []);
    runs
}

#[test]
fn multiloop_puts_the_same_on_the_board() {
    let of = multiloop_runs(&[
        "$R¦N¦1¦Q1¦Hoosier Super Tour¦¦Grp 2 Qual 1¦Q¦685ECBB8",
        "$T¦R¦22¦Q1¦Watkins Glen¦WGI¦3.4¦0",
        "$E¦R¦17¦Q1¦12¦8¦Hazel Rowanne¦18¦3¦B-Spec¦Honda Fit¦NER¦17¦",
        "$H¦N¦2F4¦Q1¦G¦685E9B2F¦9A0AB¦¦D42B4",
        "$C¦N¦80003¦Q1¦D¦12¦8¦3¦67217¦1CB90¦T¦1CB90¦3¦2E6A¦0¦649¦0¦D¦1CB83¦Unknown¦G¦0¦0¦9¦0",
        "$C¦U¦80004¦Q1¦C¦12¦8¦4¦83DDF¦1CB83¦P¦1CB83¦4¦2E6A¦0¦649¦0¦C¦1CB83¦Unknown¦G¦1¦0¦9¦0",
        "$C¦R¦80004¦Q1¦C¦12¦8¦4¦83DDF¦1CB83¦P¦1CB83¦4¦2E6A¦0¦649¦0¦C¦1CB83¦Unknown¦G¦1¦0¦9¦0",
        "$L¦N¦EF325¦Q1¦12¦8¦SF¦A¦83DDF¦G¦T",
        "$I¦U¦F005A¦Q1¦??¦F005A¦0¦",
        "$I¦R¦F005A¦Q1¦12¦8¦67217¦",
        "$A¦N¦F3170000¦Q1¦2F¦A¦U¦BC6AD080¦Some Message",
        "$F¦R¦5¦Q1¦K¦0¦D7108¦6¦6088A¦1¦0¦1¦00¦1¦81.63",
        "$X¦unknown¦command",
    ]);
    assert_eq!(of.iter().map(size).collect::<Vec<_>>(), [(Some(1), 1, 1, 1, 2)]);
    let run = &of[0];
    assert_eq!((run.board.track(), run.board.classes.get(&1).map(String::as_str)), (Some("Watkins Glen"), Some("B-Spec")));
    assert_eq!((flags(run), run.messages[0].text.as_str()), (vec![(Some(Flag::Green), 630), (Some(Flag::Chequered), 630)], "Some Message"));
    let clock = run.board.clock.expect("it is told");
    assert_eq!((clock.laps_to_go, ms(clock.to_go), ms(clock.of_day)), (None, 869_044, 48_175_000));
    let car = &run.board.cars["8"];
    assert_eq!(car.position, Some(Position { place: 12, laps: Some(4), total: Some(Micros(540_127_000)) }));
    let driven: Vec<_> = car.laps.iter().map(|lap| (lap.number, ms(lap.time), lap.into_pit, lap.invalidated)).collect();
    assert_eq!(driven, [(3, 117_648, false, true), (4, 117_635, true, false)]);
    assert_eq!((car.stops, car.line.as_ref().map(|line| line.line.as_str())), (Some(1), Some("SF")));
    assert_eq!((run.odd.repeated, run.odd.others), (1, 1));
    let account = run.account();
    assert_eq!(
        (account.about.kind, account.about.event.as_deref()),
        (Some(sport::session::SessionKind::Qualifying), Some("Hoosier Super Tour"))
    );
    assert_eq!(account.laps.iter().map(|lap| (lap.number, lap.valid)).collect::<Vec<_>>(), [(3, false), (4, true)]);
}

#[test]
fn a_run_of_multiloop_ends_where_another_is_told() {
    let lap = |laps: u32| format!("$C¦N¦1¦Q1¦1¦12¦8¦{laps}¦{:X}¦2710¦T¦2710¦1", laps * 10_000);
    let (first, second) = ("$R¦N¦1¦Q1¦E¦¦Qual¦Q¦685ECBB8", "$R¦N¦2¦R1¦E¦¦Race¦R¦685ECCCC");
    let of = multiloop_runs(&[first, &lap(1), &first.replace('N', "R"), &lap(2), second, &lap(1), &second.replace("¦N", "¦R")]);
    assert_eq!(of.iter().map(size).collect::<Vec<_>>(), [(Some(1), 1, 1, 1, 2), (Some(1), 1, 1, 1, 1)]);
    assert_eq!(of[1].board.run.name, "Race");
    // It is renamed, and goes on.
    let of = multiloop_runs(&[first, &lap(1), "$R¦U¦3¦Q1¦E¦¦Qualifying¦Q¦685ECBB8", &lap(2)]);
    assert_eq!((of.len(), of[0].board.run.name.as_str(), of[0].board.cars["8"].laps.len()), (1, "Qualifying", 2));
    // The lines of the capture, which are of many runs and none, do no harm.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/multiloop/redmist_multiloop_samples.tsv");
    let text = std::fs::read_to_string(path).expect("the capture is here");
    let lines: Vec<&str> = text.lines().filter_map(|line| line.split_once('\t')).map(|(_, line)| line).collect();
    let (runs, flaws) = log::multiloop(lines.join("\r\n").as_bytes());
    assert_eq!((runs.len(), runs.iter().map(|run| run.board.cars.len()).sum::<usize>(), flaws.len()), (1, 3, 4));
    assert!(multiloop::stream::is(lines[0].as_bytes()));
}

#[test]
fn a_log_that_is_cut_anywhere_tells_what_it_has() {
    let bytes = std::fs::read(capture("rmonitor/Orbits_Mock_Session")).expect("the capture is here");
    let mut most = 0;
    for end in (0..bytes.len()).step_by(97) {
        let (runs, flaws) = log::rmonitor(&bytes[..end]);
        let laps = runs.iter().flat_map(|run| run.board.cars.values()).map(|car| car.laps.len()).sum();
        assert!(flaws.len() <= 1 && runs.len() <= 1 && laps >= most, "{end}: {flaws:?}");
        most = laps;
    }
    assert_eq!(most, 46);
}

proptest! {
    #[test]
    fn whatever_is_told_does_no_harm(
        lines in proptest::collection::vec(
            r#"\$([ABCEGHIJ]|COMP|COR|F|L)(,("[0-9a-z]{0,3}"|[0-9]{1,6}|-?[0-9]|"(Green |Finish|      )"|"[-+]?[0-9]{2,6}:[0-5][0-9]:[0-5][0-9](\.[0-9]{3})?")){2,8}"#, 0..12
        )
    ) {
        harmless(Format::Rmonitor, &lines.join("\n"));
    }

    #[test]
    fn whatever_is_told_in_multiloop_does_no_harm(
        lines in proptest::collection::vec("\\$[HECSLFNRTAIV]¦[NRU]¦[0-9A-F]{1,8}¦[QR][0-9]{0,3}(¦([0-9A-F]{0,8}|[GYRWKUCTPAM]|[0-9A-F])){0,26}", 0..12)
    ) {
        harmless(Format::Multiloop, &lines.join("\n"));
    }
}

/// Reads a log, and writes what it tells as another.
fn harmless(format: Format, lines: &str) {
    let told = format.read(lines.as_bytes(), &How::default()).expect("a log may have flaws and is one");
    for account in &told.accounts {
        _ = Reckoned::of(account, ranking(account));
        for other in [Format::Rmonitor, Format::Multiloop] {
            _ = other.write(account);
        }
    }
}
