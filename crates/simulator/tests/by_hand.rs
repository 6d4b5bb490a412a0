//! A qualifying session and a race told passing by passing: what their sheets, their laps, the grid and the reasons say.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(dead_code, reason = "a part of what other tests ask for")]

mod made;

use std::sync::Arc;

use made::{Made, made};
use sport::date::{Instant, Micros};
use sport::decision::{Decision, Effect};
use sport::fact::{Fact, What};
use sport::grid::grid;
use sport::grid_drop::{Unused, grid_drops};
use sport::live_session::LiveSession;
use sport::meeting_fact::{AboardHow, Heard, MeetingFact, Signal};
use sport::names::EntryId;
use sport::passing::{Passing, Transponder};
use sport::result::{Finish, PublishedGrid, PublishedResult, Raced, ResultState};
use sport::rules::end::Ending;
use sport::rules::pit_window::Window;
use sport::season::Moment;
use sport::session::SessionKind;
use sport::why::{Question, Reason, why};
use sport::world::World;

const ROUND: u16 = 2;
const SECOND: i64 = 1_000_000;

/// A session of the round, told by the moments of it in milliseconds from the start signal.
struct Told {
    made: Made,
    session: usize,
    start: i64,
}

impl Told {
    fn new(cars: usize, kind: SessionKind) -> Self {
        let mut made = made(cars);
        let session = made.session(ROUND, kind);
        let start = made.season.calendar.sessions[session].date.midnight().0 + 36_000 * SECOND;
        for car in 0..cars {
            let car = u32::try_from(car).unwrap();
            let what = MeetingFact::Transponder { round: ROUND, transponder: Transponder(car), car: id(car), from: None };
            apply(&mut made, start - 7_200 * SECOND, What::Meeting(what));
        }
        Self { made, session, start }
    }

    fn at(&self, millis: i64) -> i64 {
        self.start + millis * 1_000
    }

    fn say(&mut self, millis: i64, what: MeetingFact) {
        let at = self.at(millis);
        apply(&mut self.made, at, What::Meeting(what));
    }

    fn signal(&mut self, millis: i64, signal: Signal) {
        let session = self.made.season.calendar.sessions[self.session].name.clone();
        self.say(millis, MeetingFact::Signal { session, signal });
    }

    fn aboard(&mut self, millis: i64, car: u32, seat: u32) {
        let session = self.made.season.calendar.sessions[self.session].name.clone();
        let driver = sport::names::DriverId::new(&format!("driver-{car:02}-{seat}"));
        self.say(millis, MeetingFact::Aboard { session, car: id(car), driver, how: AboardHow::Identified });
    }

    /// Every passing arrives at once, a tenth of a second after it happened.
    fn hear(&mut self, source: &str, passings: Vec<(i64, u32)>) {
        self.hear_exactly(source, passings.into_iter().map(|(millis, car)| (millis * 1_000, car)).collect());
    }

    /// The same, told in microseconds.
    fn hear_exactly(&mut self, source: &str, mut passings: Vec<(i64, u32)>) {
        passings.sort_unstable();
        for (micros, car) in passings {
            let passing = Passing { transponder: Some(Transponder(car)), at: Instant(self.start + micros) };
            let heard = Heard { round: ROUND, source: source.into(), passings: Arc::from(vec![passing]) };
            self.say(micros / 1_000 + 100, MeetingFact::Heard(heard));
        }
    }

    fn live(&self) -> LiveSession {
        LiveSession::of(&self.made.rulebook, &self.made.season, Moment::NOW, self.session).unwrap()
    }
}

fn id(car: u32) -> EntryId {
    EntryId::new(&format!("{}", car + 1))
}

fn apply(made: &mut Made, at: i64, what: What) {
    let (number, at) = (made.season.next_number(), Instant(at));
    made.season.apply(&Fact { number, happened: at, recorded: at, by: "timing".into(), citation: "timing".into(), what });
}

/// Laps of these lengths in milliseconds, as passings of a car over the finish line.
fn laps(car: u32, of: &[i64]) -> Vec<(i64, u32)> {
    let mut at = 0;
    of.iter().map(|lap| (at += lap, (at, car)).1).collect()
}

/// An hour's race. Car 1 is the quickest and stops after ten laps. Two seconds before the hour the signal is given, as car 2 crosses the line; car
/// 3, shown it too, comes round once more.
fn race() -> Told {
    let mut told = Told::new(3, SessionKind::Race);
    told.signal(-600_000, Signal::Open);
    told.aboard(-60_000, 1, 0);
    told.signal(0, Signal::Green);
    told.aboard(1_200_000, 1, 1);
    told.aboard(2_400_000, 1, 0);
    let mut all = laps(0, &[90_000; 10]);
    all.extend(laps(1, &[&[109_000; 32][..], &[109_800]].concat()));
    all.extend(laps(2, &[&[109_010; 32][..], &[110_180, 110_000]].concat()));
    told.hear("finish-main", all);
    told.signal(3_598_000, Signal::Chequered);
    told.signal(3_900_000, Signal::Close);
    told
}

#[test]
fn a_race_ended_by_hand_before_its_time_ran_as_long_as_it_did() {
    let told = race();
    let live = told.live();
    assert_eq!(live.ending, Ending::Signalled(Instant(told.at(3_597_800))));
    let sheet = live.sheet(&told.made.rulebook, &told.made.season, ResultState::Provisional);
    let row = |car: u32| sheet.rows.iter().find(|row| row.car == id(car)).unwrap();
    assert_eq!(sheet.raced, Raced::Time { run: Micros(3_597_800_000), laps: Some(33) });
    assert_eq!([row(0).finish, row(1).finish, row(2).finish], [Finish::NotClassified, Finish::Classified, Finish::Classified]);
    assert_eq!([row(0).led, row(1).led, row(2).led], [true, true, false], "what car 3 drove after the signal led nothing");
    assert_eq!(sheet.fastest, [id(1)], "the fastest lap of a car that is classified");
    let drove: Vec<(&str, i64)> = row(1).drove.iter().map(|(driver, time)| (driver.as_str(), time.0 / 1_000)).collect();
    assert_eq!(drove, [("driver-01-0", 1_200_000 + 1_197_800), ("driver-01-1", 1_200_000)], "both of his stints");
}

/// An hour's race: two cars, a red flag from 10:00 to 20:00, and then what ends it.
fn suspended(end: &[(i64, Signal)], time_runs: bool) -> (LiveSession, Raced) {
    let mut told = Told::new(2, SessionKind::Race);
    for law in &mut told.made.rulebook.versions {
        law.law.end.as_mut().unwrap().time_runs_when_suspended = time_runs;
    }
    told.signal(-600_000, Signal::Open);
    told.signal(0, Signal::Green);
    told.signal(600_000, Signal::Red);
    told.signal(1_200_000, Signal::Green);
    told.hear("finish-main", [laps(0, &[100_000; 16]), laps(1, &[101_000; 16])].concat());
    for (millis, signal) in end {
        told.signal(*millis, *signal);
    }
    let live = told.live();
    let raced = live.sheet(&told.made.rulebook, &told.made.season, ResultState::Provisional).raced;
    (live, raced)
}

/// What a shortened race gives is a share of its race time (E6): where the clock stands while it is suspended, ten of the minutes are no racing.
#[test]
fn a_race_cut_short_ran_as_long_as_its_clock_did() {
    let red = [(1_650_000, Signal::Red), (2_400_000, Signal::Close)];
    let (live, raced) = suspended(&red, false);
    assert!(matches!(live.ending, Ending::Red { laps: 16, .. }), "{:?}", live.ending);
    assert_eq!(raced, Raced::Time { run: Micros(1_000 * SECOND), laps: Some(16) });
    assert_eq!(suspended(&red, true).1, Raced::Time { run: Micros(1_600 * SECOND), laps: Some(16) });
    // A chequered signal shown early cuts it short as well.
    let early = [(1_601_000, Signal::Chequered), (2_400_000, Signal::Close)];
    let (live, raced) = suspended(&early, false);
    assert!(matches!(live.ending, Ending::Early { .. }), "{:?}", live.ending);
    assert_eq!(raced, Raced::Time { run: Micros(1_000 * SECOND), laps: Some(16) });
}

#[test]
fn the_reasons_of_a_place_end_at_the_last_lap_that_counts() {
    let mut told = race();
    let sheet = told.live().sheet(&told.made.rulebook, &told.made.season, ResultState::Provisional);
    let published = told.at(4_000_000);
    apply(&mut told.made, published, What::Result(sheet));
    let question = Question::Place(told.session, 2);
    let reason = why(&told.made.rulebook, &told.made.season, Moment::NOW, None, &World::default(), &question).unwrap();
    let mut said = Vec::new();
    spoken(&reason, &mut said);
    let of = |start: &str| said.iter().filter(|says| says.starts_with(start)).cloned().collect::<Vec<String>>();
    assert_eq!(of("by its passings"), ["by its passings 33 laps in 59:58.500"]);
    assert_eq!(of("the start signal"), ["the start signal was given at 10:00:00.000000 UTC"]);
    let end = of("lap 33 ended");
    assert!(end.len() == 1 && end[0].contains("heard transponder 2 at 10:59:58.500000 UTC"), "{end:?}");
}

fn spoken(reason: &Reason, said: &mut Vec<String>) {
    said.push(reason.says.clone());
    reason.because.iter().for_each(|behind| spoken(behind, said));
}

/// The first driver of car 1 sets his lap and hands over; the second is identified just as he comes to the line again.
fn qualifying() -> Told {
    let mut told = Told::new(2, SessionKind::Qualifying);
    told.signal(-600_000, Signal::Open);
    told.aboard(-60_000, 0, 0);
    told.aboard(-60_000, 1, 0);
    told.signal(0, Signal::Green);
    told.hear("finish-main", [laps(0, &[120_000, 100_000, 150_000]), laps(1, &[121_000, 101_000, 102_000])].concat());
    let sectors = [(155_000, 0), (255_000, 0), (300_000, 0), (156_000, 1), (257_000, 1)];
    told.hear("s1-main", sectors.to_vec());
    told.hear("s2-main", vec![(188_000, 0), (330_000, 0), (190_000, 1), (290_000, 1)]);
    told.aboard(216_000, 0, 1);
    told.signal(900_000, Signal::Chequered);
    told.signal(960_000, Signal::Close);
    told
}

#[test]
fn a_lap_is_of_whoever_was_aboard_in_the_middle_of_it() {
    let told = qualifying();
    let live = told.live();
    let laps = live.laps_of(0);
    assert_eq!(laps.iter().map(|lap| lap.driver).collect::<Vec<_>>(), [Some(0), Some(0), Some(1)]);
    let race = told.made.session(ROUND, SessionKind::Race);
    let grid = grid(&told.made.rulebook, &told.made.season, Moment::NOW, &World::default(), race).unwrap();
    assert_eq!((grid.places[0].entry, grid.places[0].driver, grid.places[0].time), (0, Some(0), Some(Micros::seconds(100))));
}

/// A car is placed in each lap by when it ended it; gaps are to the first then, or to a car that was chosen; whose best a lap is, is said of all laps.
#[test]
fn charts_follow_the_laps() {
    let live = qualifying().live();
    let lines = |reference| -> Vec<Vec<(u16, Option<i64>)>> {
        let seconds = |gap: Micros| gap.0 / SECOND;
        live.chart(&[0, 1], reference)
            .iter()
            .map(|line| line.laps.iter().map(|lap| (lap.position, lap.gap.map(seconds))).collect())
            .collect()
    };
    assert_eq!(lines(None), [[(1, Some(0)), (1, Some(0)), (2, Some(46))], [(2, Some(1)), (2, Some(2)), (1, Some(0))]]);
    assert_eq!(lines(Some(0)), [[(1, Some(0)), (1, Some(0)), (2, Some(0))], [(2, Some(1)), (2, Some(2)), (1, Some(-46))]]);
    assert_eq!(live.chart(&[1], None).iter().map(|line| (line.grid, line.laps[2].position)).collect::<Vec<_>>(), [(1, 1)]);
    let told = qualifying();
    let whose = |car: usize| sport::tower::lap_bests(&told.made.season, &live, car).iter().map(|of| of.lap.word()).collect::<Vec<_>>();
    assert_eq!((whose(0), whose(1)), (vec!["none", "session", "none"], vec!["none", "car", "none"]));
}

/// Loops read to the microsecond and sheets are printed to the millisecond: what is printed adds up all the same, and a lap made of a car's best
/// sectors is its ideal lap. Where a sector of the best lap was not read, what the best sectors are nobody knows.
#[test]
fn sectors_add_up_to_the_lap_and_the_best_ones_to_the_ideal_lap() {
    let told = |whole: bool| {
        let mut told = Told::new(1, SessionKind::Qualifying);
        told.signal(-600_000, Signal::Open);
        told.signal(0, Signal::Green);
        // Laps of 120, 100.000900 and 101.001800 s; the second has the best sector of all but the last.
        told.hear_exactly("finish-main", vec![(120_000_100, 0), (220_001_000, 0), (321_002_800, 0)]);
        told.hear_exactly("s1-main", vec![(40_000_000, 0), (150_000_800, 0), (250_001_900, 0)]);
        let s2 = [(80_000_000, 0), (184_001_500, 0), (284_500_000, 0)];
        let read = |nth: &usize| whole || *nth != 1;
        told.hear_exactly("s2-main", (0..3).filter(read).map(|nth| s2[nth]).collect());
        told.signal(900_000, Signal::Chequered);
        told.signal(960_000, Signal::Close);
        told
    };
    let live = told(true).live();
    let laps = live.laps_of(0);
    let printed: Vec<Vec<i64>> = laps[1..].iter().map(|lap| lap.sectors.iter().flatten().map(|time| time.0).collect()).collect();
    assert_eq!(printed, [[30_000_000, 34_001_000, 35_999_000], [30_000_000, 34_499_000, 36_502_000]]);
    for lap in &laps[1..] {
        assert_eq!(lap.sectors.iter().flatten().copied().sum::<Micros>(), lap.time.whole_ms());
    }
    assert_eq!(live.ideal_lap(&laps), Some(Micros::seconds(100)), "the best lap has every best sector");
    // On its best lap nothing was heard of it over the second line, and the other laps were slower there.
    let live = told(false).live();
    assert_eq!(live.ideal_lap(&live.laps_of(0)), None);
}

/// Where nobody names a moment, a session that still runs is looked at when the last thing was told of it: nobody has been silent for ever, the
/// time is not up, and the window of the stop is where it was then.
#[test]
fn a_running_session_is_looked_at_as_it_was_last_heard_of() {
    let mut told = Told::new(2, SessionKind::Qualifying);
    told.signal(-600_000, Signal::Open);
    told.signal(0, Signal::Green);
    told.hear("finish-main", [laps(0, &[120_000, 100_000]), laps(1, &[121_000, 101_000])].concat());
    let live = told.live();
    assert_eq!((live.now, live.ending), (Instant(told.at(222_100)), Ending::Open));
    let mut told = Told::new(2, SessionKind::Race);
    told.signal(-600_000, Signal::Open);
    told.aboard(-60_000, 0, 0);
    told.signal(0, Signal::Green);
    told.hear("finish-main", [laps(0, &[100_000; 17]), laps(1, &[101_000; 17])].concat());
    let live = told.live();
    let silent = live.doubts.iter().filter(|doubt| doubt.code == "car-silent").count();
    assert_eq!((live.now, silent), (Instant(told.at(1_717_100)), 0));
    let board = live.pit_board(&told.made.rulebook, &told.made.season).unwrap();
    assert_eq!(board[0].board.window, Window::ClosesIn(Micros(382_900_000)), "25:00 to 35:00, heard of last at 28:37.1");
}

#[test]
fn a_second_reading_that_cannot_be_true_ends_no_sector() {
    let live = qualifying().live();
    let seconds = |car| {
        let last = |laps: Vec<sport::lap_analysis::LapOf>, nth: usize| laps[nth].sectors.clone();
        [1, 2].map(|nth| last(live.laps_of(car), nth).into_iter().map(|sector| sector.map(|time| time.0 / SECOND)).collect::<Vec<_>>())
    };
    assert_eq!(seconds(1), [vec![Some(35), Some(34), Some(32)], vec![Some(35), Some(33), Some(34)]]);
    // In its third lap car 1 was heard at the first sector again, sooner than any lap.
    assert_eq!(seconds(0), [vec![Some(35), Some(33), Some(32)], vec![Some(35), Some(75), Some(40)]]);
}

/// The laps of car 1 from 120 s on, in seconds: the lines it was heard over, and the sectors of its laps.
fn sectors(finish: &[i64], s1: &[i64], s2: &[i64]) -> (LiveSession, Vec<Vec<Option<i64>>>) {
    let mut told = Told::new(1, SessionKind::Qualifying);
    told.signal(-600_000, Signal::Open);
    told.signal(0, Signal::Green);
    for (source, heard) in [("finish-main", finish), ("s1-main", s1), ("s2-main", s2)] {
        told.hear(source, heard.iter().map(|at| (at * 1_000, 0)).collect());
    }
    told.signal(900_000, Signal::Chequered);
    told.signal(960_000, Signal::Close);
    let live = told.live();
    let whole = |sector: Option<Micros>| sector.map(|time| time.0 / SECOND);
    let laps = live.laps_of(0).into_iter().map(|lap| lap.sectors.into_iter().map(whole).collect()).collect();
    (live, laps)
}

/// So soon after the finish line that no lap fits between: both readings of the first sector's line may be true.
#[test]
fn of_two_crossings_of_a_line_in_one_lap_nobody_knows_which_ended_the_sector() {
    let (_, laps) = sectors(&[120, 220, 360], &[155, 236, 317], &[188, 338]);
    assert_eq!(laps[1..], [vec![Some(35), Some(33), Some(32)], vec![None, None, Some(22)]]);
}

#[test]
fn a_lap_that_began_at_an_inferred_moment_has_no_first_sector() {
    let (_, laps) = sectors(&[120, 320], &[155, 255], &[188, 288]);
    assert_eq!(laps[1..], [vec![Some(35), Some(33), None], vec![None, Some(33), Some(32)]]);
}

/// The way out of the pits is no best lap, and neither are its sectors.
#[test]
fn the_best_sectors_are_those_of_timed_laps() {
    let (live, laps) = sectors(&[120, 220], &[60, 155], &[85, 188]);
    assert_eq!(laps[0], [Some(60), Some(25), Some(35)]);
    let best: Vec<i64> = live.best_sectors(&live.laps_of(0)).into_iter().flatten().map(|time| time.0 / SECOND).collect();
    assert_eq!(best, [35, 33, 32]);
}

/// The grid is published again, corrected, when the race is over: it began when the first was, before the drop was given.
#[test]
fn a_grid_published_after_the_race_does_not_say_when_it_began() {
    let mut told = Told::new(2, SessionKind::Race);
    let sessions = &told.made.season.calendar.sessions;
    let next = told.session + 1 + sessions[told.session + 1..].iter().position(|of| of.kind == SessionKind::Race).unwrap();
    let name = sessions[told.session].name.clone();
    let grid = || What::Grid(PublishedGrid { session: name.clone(), complete: false, rows: Vec::new() });
    let result = PublishedResult {
        session: name.clone(),
        mark: None,
        state: ResultState::Provisional,
        document: None,
        complete: false,
        includes: Vec::new(),
        without: Vec::new(),
        raced: Raced::Full,
        fastest: Vec::new(),
        rows: Vec::new(),
    };
    let drop = Decision {
        id: "1".into(),
        authority: "Stewards".into(),
        article: "B4".into(),
        reason: "x".into(),
        effects: vec![Effect::DropGrid { session: name.clone(), car: id(0), places: 3 }],
        settles: None,
        answers: None,
    };
    let facts = [(-60_000, grid()), (4_000_000, What::Result(result)), (4_500_000, What::Decision(drop)), (5_000_000, grid())];
    for (millis, what) in facts {
        let at = told.at(millis);
        apply(&mut told.made, at, what);
    }
    let drops = |race| grid_drops(&told.made.season, Moment::NOW, &World::default(), race);
    assert_eq!(drops(told.session), []);
    let [drop] = &drops(next)[..] else { panic!("{:?}", drops(next)) };
    assert_eq!(drop.carried.as_ref().map(|carried| carried.why), Some(Unused::NotInForce));
}

/// The cars of whom it is doubted that a lap was heard, by position.
fn doubted_laps(told: &Told) -> Vec<Option<usize>> {
    told.live().doubts.iter().filter(|doubt| doubt.code == "lap-long").map(|doubt| doubt.car).collect()
}

/// Nine laps of its own say what a lap takes a slow car, be the others ever so quick.
#[test]
fn a_slow_car_is_held_against_its_own_laps() {
    let mut told = Told::new(3, SessionKind::Race);
    told.signal(-600_000, Signal::Open);
    told.signal(0, Signal::Green);
    told.hear("finish-main", [laps(0, &[100_000; 16]), laps(1, &[101_000; 16]), laps(2, &[172_000; 9])].concat());
    assert_eq!(doubted_laps(&told), []);
}

/// Behind the safety car to the end: when car 4 is heard last, the others stand already. What they drove until then tells that it lacks a lap.
#[test]
fn who_is_heard_last_is_held_against_those_that_were_there_a_lap_before() {
    let mut told = Told::new(4, SessionKind::Race);
    told.signal(-600_000, Signal::Open);
    told.signal(0, Signal::Green);
    told.signal(3_300_000, Signal::SafetyCar);
    let slow = |car: u32, first: i64| laps(car, &[&[first][..], &[100_000; 32], &[150_000; 2]].concat());
    let last = laps(3, &[&[120_000][..], &[100_000; 32], &[300_000]].concat());
    told.hear("finish-main", [slow(0, 100_000), slow(1, 101_000), slow(2, 102_000), last].concat());
    told.signal(3_600_500, Signal::Chequered);
    told.signal(3_900_000, Signal::Close);
    assert_eq!(doubted_laps(&told), [Some(3)]);
}
