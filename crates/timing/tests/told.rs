//! What a feed tells: whoever listens, from whatever moment on, has on the board what is on it here.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use sport::date::{Instant, Micros};
use sport::session::SessionKind;
use timing::account::{Account, Flag};
use timing::format::{Format, How};
use timing::multiloop;
use timing::multiloop::field::Separator;
use timing::rmonitor;
use timing::scoreboard::reader::Reader;
use timing::scoreboard::told::{Feed, Language};
use timing::scoreboard::{Best, CLOSED, Car, Clock, Entry, Lap, Position, Run, Scoreboard, TRACK_LENGTH, TRACK_NAME};

const SECOND: i64 = 1_000_000;
/// 2025-06-27, 13:22:55.
const BEGAN: i64 = 1_751_030_575 * SECOND;

fn entry(number: u32) -> Entry {
    let (transponder, more) = (Some((1_000 + number).to_string()), Some(format!("Team {number}")));
    let named = Entry { number: number.to_string(), first: "Driver".into(), last: format!("No {number}"), ..Entry::default() };
    Entry { transponder, more, nationality: "XXX".into(), class: i32::try_from(number % 2 + 1).expect("1 or 2"), ..named }
}

fn lap(number: u32, time: i64, total: i64) -> Lap {
    let (time, total) = (Micros(time * 1_000), Micros(total * 1_000));
    Lap { number, time, total, flag: None, into_pit: false, invalidated: false, told: None }
}

fn board() -> Scoreboard {
    let run = Run {
        number: Some(5),
        name: "Race 1".into(),
        event: "Second Circuit".into(),
        kind: Some(SessionKind::Race),
        start: Some(Instant(BEGAN)),
    };
    let settings = [(TRACK_NAME, "Second Circuit"), (TRACK_LENGTH, "4.048")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let classes = BTreeMap::from([(1, "GT3".to_owned()), (2, "GT4".to_owned())]);
    let of_day = Micros(BEGAN % (86_400 * SECOND));
    let clock = Clock { laps_to_go: None, to_go: Micros(900 * SECOND), of_day, race: Micros(0), flag: None };
    let cars = BTreeMap::from([7, 8].map(|number| (number.to_string(), Car { entry: Some(entry(number)), ..Car::default() })));
    Scoreboard { run, settings: settings.into(), classes, clock: Some(clock), cars }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("it is UTF-8")
}

fn lines(told: &str) -> Vec<&str> {
    told.lines().collect()
}

#[test]
fn who_connects_is_told_everything_and_after_that_what_changes() {
    let mut feed = Feed::new(Language::Rmonitor);
    let mut now = board();
    let first = text(feed.show(now.clone(), Instant(BEGAN)));
    let expected = [
        "$B,5,\"Race 1\"",
        "$E,\"TRACKLENGTH\",\"4.048\"",
        "$E,\"TRACKNAME\",\"Second Circuit\"",
        "$C,1,\"GT3\"",
        "$C,2,\"GT4\"",
        "$A,\"7\",\"7\",1007,\"Driver\",\"No 7\",\"XXX\",2",
        "$COMP,\"7\",\"7\",2,\"Driver\",\"No 7\",\"XXX\",\"Team 7\"",
        "$A,\"8\",\"8\",1008,\"Driver\",\"No 8\",\"XXX\",1",
        "$COMP,\"8\",\"8\",1,\"Driver\",\"No 8\",\"XXX\",\"Team 8\"",
        "$F,9999,\"00:15:00\",\"13:22:55\",\"00:00:00\",\"      \"",
    ];
    assert_eq!(lines(&first), expected);
    assert_eq!(text(feed.connected(Instant(BEGAN))), first);
    assert_eq!(text(feed.show(now.clone(), Instant(BEGAN))), "", "nothing changed");
    // A second later a car has completed a lap, and another one was added a penalty.
    now.clock = Some(Clock { race: Micros(SECOND), flag: Some(Flag::SafetyCar), ..now.clock.expect("it runs") });
    let position = |place, total: i64| Some(Position { place, laps: Some(1), total: Some(Micros(total * 1_000)) });
    let car = now.cars.get_mut("7").expect("it is on the board");
    (car.laps, car.position) = (vec![lap(1, 90_500, 91_000)], position(1, 91_000));
    car.best = Some(Best { place: Some(1), lap: Some(1), time: Some(Micros(90_500_000)) });
    let told = text(feed.show(now.clone(), Instant(BEGAN + SECOND)));
    let expected = [
        "$J,\"7\",\"00:01:30.500\",\"00:01:31.000\"",
        "$G,1,\"7\",1,\"00:01:31.000\"",
        "$H,1,\"7\",1,\"00:01:30.500\"",
        "$F,9999,\"00:15:00\",\"13:22:55\",\"00:00:01\",\"Yellow\"",
    ];
    assert_eq!(lines(&told), expected);
    now.cars.get_mut("7").expect("it is on the board").position = position(1, 101_000);
    assert_eq!(text(feed.show(now.clone(), Instant(BEGAN + 2 * SECOND))), "$G,1,\"7\",1,\"00:01:41.000\"\r\n");
    // A lap is never told again, neither to who connects nor in the refresh of every half minute.
    assert!(!text(feed.connected(Instant(BEGAN + 29 * SECOND))).contains("$J"));
    assert_eq!(text(feed.show(now.clone(), Instant(BEGAN + 29 * SECOND))), "");
    let refresh = text(feed.show(now.clone(), Instant(BEGAN + 30 * SECOND)));
    assert!(refresh.starts_with("$B,5") && !refresh.contains("$J") && refresh.contains("$G,1,\"7\",1,\"00:01:41.000\""), "{refresh}");
    // It is closed, and then another begins.
    now.run.number = Some(CLOSED);
    assert_eq!(text(feed.show(now.clone(), Instant(BEGAN + 31 * SECOND))), "$B,95,\"Race 1\"\r\n");
    let mut next = board();
    next.run = Run { number: Some(6), start: Some(Instant(BEGAN + 40 * SECOND)), ..next.run };
    let told = text(feed.show(next, Instant(BEGAN + 40 * SECOND)));
    assert_eq!(lines(&told)[..2], ["$I,\"13:23:35.000\",\"27 Jun 25\"", "$B,6,\"Race 1\""]);
}

#[test]
fn laps_between_two_looks_are_told_as_they_were_completed_and_those_of_another_run_are_others() {
    let mut now = board();
    let mut out = String::new();
    let before = now.clone();
    for (car, laps) in [("7", [lap(1, 90_000, 90_000), lap(2, 91_000, 181_000)]), ("8", [lap(1, 95_000, 95_000), lap(2, 85_500, 180_500)])]
    {
        now.cars.get_mut(car).expect("it is on the board").laps = laps.to_vec();
    }
    now.changes(&before, Instant(BEGAN), &mut out);
    let told: Vec<&str> =
        lines(&out).iter().filter_map(|line| line.strip_prefix("$J,")?.rsplit_once(',')).map(|(_, total)| total).collect();
    assert_eq!(told, ["\"00:01:30.000\"", "\"00:01:35.000\"", "\"00:03:00.500\"", "\"00:03:01.000\""]);
    // By chance a car needs as long in the next run.
    let mut next = now.clone();
    next.run.number = Some(6);
    next.cars.get_mut("7").expect("it is on the board").laps.truncate(1);
    next.cars.remove("8");
    let mut out = String::new();
    next.changes(&now, Instant(BEGAN), &mut out);
    assert_eq!(out.matches("$J,\"7\",\"00:01:30.000\"").count(), 1, "{out}");
}

#[test]
fn a_car_that_is_taken_off_empties_the_board_and_everything_else_is_told_again() {
    let before = board();
    let mut now = before.clone();
    now.cars.remove("8");
    let mut out = String::new();
    now.changes(&before, Instant(BEGAN), &mut out);
    assert!(out.starts_with("$I,") && out.contains("$A,\"7\"") && !out.contains("\"8\""), "{out}");
}

#[test]
fn in_a_log_that_is_written_every_lap_has_the_place_it_had() {
    let rows = "$B,1,\"Race\"\n$A,\"7\",\"7\",1,\"A\",\"B\",\"\",1\n$A,\"8\",\"8\",2,\"C\",\"D\",\"\",1\n$F,9999,\"00:00:00\",\"00:00:00\",\"00:00:01\",\"Green \"\n\
                $J,\"8\",\"00:01:30.000\",\"00:01:30.000\"\n$J,\"7\",\"00:01:31.000\",\"00:01:31.000\"\n$J,\"7\",\"00:01:30.000\",\"00:03:01.000\"\n\
                $G,1,\"7\",2,\"00:03:01.000\"\n$G,2,\"8\",1,\"00:01:30.000\"\n";
    let account = Format::Rmonitor.read(rows.as_bytes(), &How::default()).expect("a log").accounts.remove(0);
    let written = text(Format::Rmonitor.write(&account).expect("it has cars"));
    let told: Vec<&str> = written.lines().filter(|line| ["$F", "$J", "$G"].contains(&&line[..2])).collect();
    let expected = [
        "$F,9999,\"00:00:00\",\"00:00:01\",\"00:00:01\",\"Green \"",
        "$J,\"8\",\"00:01:30.000\",\"00:01:30.000\"",
        "$G,1,\"8\",1,\"00:01:30.000\"",
        "$J,\"7\",\"00:01:31.000\",\"00:01:31.000\"",
        "$G,2,\"7\",1,\"00:01:31.000\"",
        "$J,\"7\",\"00:01:30.000\",\"00:03:01.000\"",
        "$G,1,\"7\",2,\"00:03:01.000\"",
        "$G,1,\"7\",2,\"00:03:01.000\"",
        "$G,2,\"8\",1,\"00:01:30.000\"",
    ];
    assert_eq!(told, expected);
}

#[test]
fn multiloop_tells_the_same() {
    let mut feed = Feed::new(Language::Multiloop(Separator::Bar));
    let mut now = board();
    let first = text(feed.show(now.clone(), Instant(BEGAN)));
    let expected = [
        "$V¦R¦1¦R5¦1¦5¦Multiloop feed",
        "$R¦R¦2¦R5¦Second Circuit¦¦Race 1¦R¦685E9B2F",
        "$T¦R¦3¦R5¦Second Circuit¦¦4.048¦0",
        "$E¦R¦4¦R5¦7¦7¦Driver No 7¦¦2¦GT4¦Team 7¦7",
        "$E¦R¦5¦R5¦8¦8¦Driver No 8¦¦2¦GT3¦Team 8¦8",
        "$F¦R¦6¦R5¦U¦0¦0¦¦0¦¦0¦0¦¦0¦",
        "$H¦N¦7¦R5¦U¦685E9B2F¦0¦¦DBBA0",
    ];
    assert_eq!(lines(&first), expected);
    now.clock = Some(Clock { race: Micros(SECOND), flag: Some(Flag::Yellow), ..now.clock.expect("it runs") });
    let car = now.cars.get_mut("7").expect("it is on the board");
    (car.laps, car.stops) = (vec![Lap { into_pit: true, ..lap(1, 90_500, 91_000) }], Some(1));
    car.position = Some(Position { place: 1, laps: Some(1), total: Some(Micros(101_000_000)) });
    car.best = Some(Best { place: None, lap: Some(1), time: Some(Micros(90_500_000)) });
    let told = text(feed.show(now.clone(), Instant(BEGAN + SECOND)));
    let expected = [
        "$L¦N¦8¦R5¦7¦7¦SFPIT¦A¦16378¦Y¦P",
        // Ten seconds that were added show in its place, not in its time.
        "$C¦N¦9¦R5¦1¦7¦7¦1¦16378¦16184¦P¦16184¦1¦¦¦¦¦1¦16184¦Unknown¦Y¦1¦1¦¦¦",
        "$N¦N¦A¦R5¦7¦7¦1¦16378¦0",
        "$F¦N¦B¦R5¦Y¦1¦0¦¦0¦¦0¦1¦7¦0¦",
        "$H¦N¦C¦R5¦Y¦685E9B2F¦3E8¦¦DBBA0",
    ];
    assert_eq!(lines(&told), expected);
    now.cars.get_mut("7").expect("it is on the board").laps[0].invalidated = true;
    assert_eq!(text(feed.show(now, Instant(BEGAN + 2 * SECOND))), "$I¦N¦D¦R5¦7¦7¦16378\r\n");
    // Of another run everything is counted from nothing.
    let mut next = board();
    next.run.number = Some(6);
    let told = text(feed.show(next, Instant(BEGAN + 3 * SECOND)));
    assert_eq!(lines(&told)[1], "$R¦N¦F¦R6¦Second Circuit¦¦Race 1¦R¦685E9B2F");
    assert!(told.contains("$F¦R¦13¦R6¦U¦0¦0¦¦0¦¦0¦0¦¦0¦"), "{told}");
}

/// What happens at a track between two looks at the board.
#[derive(Clone, Debug)]
enum Happens {
    /// A car appears, or its driver changes.
    Enters(u32, bool),
    /// It sets off, or completes a lap in so many milliseconds.
    Crosses(u32, i64),
    /// So many seconds are added to its time.
    IsAdded(u32, i64),
    Waves(Option<Flag>),
    RenamesClass(i32),
    /// The run is over, and the next begins.
    BeginsAnother(bool),
    Waits(i64),
}

fn happens() -> impl Strategy<Value = Happens> {
    let flag =
        prop_oneof![Just(None), Just(Some(Flag::Green)), Just(Some(Flag::Yellow)), Just(Some(Flag::Red)), Just(Some(Flag::Chequered))];
    prop_oneof![
        2 => (1_u32..20, any::<bool>()).prop_map(|(car, changed)| Happens::Enters(car, changed)),
        8 => (1_u32..20, 60_000_i64..200_000).prop_map(|(car, ms)| Happens::Crosses(car, ms)),
        1 => (1_u32..20, 1_i64..30).prop_map(|(car, seconds)| Happens::IsAdded(car, seconds)),
        1 => flag.prop_map(Happens::Waves),
        1 => (1..3).prop_map(Happens::RenamesClass),
        1 => any::<bool>().prop_map(Happens::BeginsAnother),
        2 => (1_i64..40).prop_map(Happens::Waits),
    ]
}

/// A board as it goes on.
struct Goes {
    board: Scoreboard,
    now: i64,
    added: BTreeMap<String, i64>,
}

impl Goes {
    fn on(&mut self, happens: &Happens) {
        let clock = self.board.clock.as_mut().expect("it runs");
        self.now += SECOND;
        (clock.race, clock.of_day) = (Micros(clock.race.0 + SECOND), Micros(self.now % (86_400 * SECOND)));
        match *happens {
            Happens::Enters(car, changed) => {
                let mut entry = entry(car);
                if changed {
                    entry.last = String::from("Other");
                }
                self.board.cars.entry(format!("{car:X}")).or_default().entry = Some(entry);
            }
            Happens::Crosses(car, ms) => self.crosses(&format!("{car:X}"), ms),
            Happens::IsAdded(car, seconds) => {
                *self.added.entry(format!("{car:X}")).or_default() += seconds * SECOND;
                self.rank();
            }
            Happens::Waves(flag) => clock.flag = flag,
            Happens::RenamesClass(class) => {
                self.board.classes.entry(class).or_default().push('x');
            }
            Happens::Waits(seconds) => self.now += seconds * SECOND,
            Happens::BeginsAnother(closed) => self.another(closed),
        }
    }

    fn crosses(&mut self, registration: &str, ms: i64) {
        // After it is closed nothing is counted.
        let closed = self.board.run.number == Some(CLOSED);
        let Some(car) = self.board.cars.get_mut(registration).filter(|_| !closed) else { return };
        if car.set_off.is_none() {
            car.set_off = Some(Micros(ms * 100));
            return;
        }
        let (number, before) =
            car.laps.last().map_or((1, car.set_off.expect("it set off").0 / 1_000), |lap| (lap.number + 1, lap.total.0 / 1_000));
        car.laps.push(lap(number, ms, before + ms));
        let best = car.best.and_then(|best| best.time).map_or(i64::MAX, |time| time.0);
        if ms * 1_000 < best {
            car.best = Some(Best { place: None, lap: Some(number), time: Some(Micros(ms * 1_000)) });
        }
        self.rank();
    }

    /// By laps and time: the order a server of these boards happens to have.
    fn rank(&mut self) {
        let added = &self.added;
        let of = |registration: &String, car: &Car| {
            let added = added.get(registration).copied().unwrap_or(0);
            (car.laps.len(), car.laps.last().map(|lap| Micros(lap.total.0 + added)))
        };
        let mut order: Vec<_> = self.board.cars.iter().map(|(registration, car)| (registration.clone(), of(registration, car))).collect();
        order.sort_by_key(|(_, (laps, total))| (std::cmp::Reverse(*laps), *total));
        let best = |car: &Car| car.best.and_then(|best| best.time);
        let mut bests: Vec<_> = self.board.cars.iter().filter_map(|(registration, car)| Some((best(car)?, registration.clone()))).collect();
        bests.sort();
        for (nth, (registration, (laps, total))) in order.into_iter().enumerate() {
            let laps = (laps > 0).then_some(i32::try_from(laps).expect("few"));
            let car = self.board.cars.get_mut(&registration).expect("it is on the board");
            car.position = Some(Position { place: u32::try_from(nth + 1).expect("few"), laps, total });
        }
        for (nth, (_, registration)) in bests.into_iter().enumerate() {
            let best = self.board.cars.get_mut(&registration).and_then(|car| car.best.as_mut());
            best.expect("it has one").place = u32::try_from(nth + 1).ok();
        }
    }

    /// Timekeepers close a run, and begin the next with the cars that are there.
    fn another(&mut self, closed: bool) {
        let next = self.board.run.number.filter(|number| *number != CLOSED).map_or(5, |number| number % 90 + 1);
        if closed && self.board.run.number != Some(CLOSED) {
            self.board.run.number = Some(CLOSED);
            self.board.cars.values_mut().for_each(|car| car.laps.clear());
            return;
        }
        self.board.run =
            Run { number: Some(next), name: format!("Run {}", self.now), start: Some(Instant(self.now)), ..self.board.run.clone() };
        self.added.clear();
        for car in self.board.cars.values_mut() {
            *car = Car { entry: car.entry.clone(), ..Car::default() };
        }
    }
}

/// One who listens.
struct Listener {
    reader: Reader,
    rmonitor: rmonitor::stream::Stream,
    multiloop: multiloop::stream::Stream,
    language: Language,
    /// Laps of each car that were driven before, in this run.
    missed: BTreeMap<String, usize>,
}

impl Listener {
    fn hear(&mut self, bytes: &[u8]) {
        let reader = &mut self.reader;
        match self.language {
            Language::Rmonitor => self.rmonitor.take(bytes, |told| {
                reader.rmonitor(&told.expect("it is a record"));
            }),
            Language::Multiloop(_) => self.multiloop.take(bytes, |told| {
                reader.multiloop(&told.expect("it is a record"));
            }),
        }
    }

    /// The laps it should have heard of.
    fn heard_laps(&self, board: &Scoreboard) -> BTreeMap<String, Vec<(u32, Micros, Micros)>> {
        let laps = |registration: &String, car: &Car| {
            let missed = self.missed.get(registration).copied().unwrap_or(0);
            car.laps.iter().skip(missed).map(|lap| (lap.number, lap.time, lap.total)).collect::<Vec<_>>()
        };
        board.cars.iter().map(|(registration, car)| (registration.clone(), laps(registration, car))).collect()
    }
}

/// A board as RMonitor can tell it to who did not hear it all.
fn as_rmonitor(board: &Scoreboard) -> Scoreboard {
    let mut board = board.clone();
    board.run = Run { number: board.run.number, name: board.run.name, ..Run::default() };
    board.cars.values_mut().for_each(|car| (car.laps, car.set_off) = (Vec::new(), None));
    board
}

/// A board as Multiloop can tell it: names of drivers in one, classes by name, times as driven.
fn as_multiloop(board: &Scoreboard) -> Scoreboard {
    let mut board = board.clone();
    let classes: Vec<String> = board.classes.values().cloned().collect();
    for car in board.cars.values_mut() {
        if let Some(entry) = &mut car.entry {
            let class = board.classes.get(&entry.class).cloned().unwrap_or_default();
            let last = format!("{} {} of {class}", entry.first, entry.last).trim().to_owned();
            *entry = Entry { number: entry.number.clone(), last, more: entry.more.clone(), ..Entry::default() };
        }
        let driven = car.laps.last().map(|lap| lap.total);
        car.position = car.position.map(|position| Position { total: driven.or(position.total), ..position });
        car.best = car.best.map(|best| Best { place: None, ..best });
        (car.laps, car.set_off, car.line) = (Vec::new(), None, None);
    }
    board.classes = if classes.is_empty() { BTreeMap::new() } else { BTreeMap::from([(0, String::from("told by their names"))]) };
    board
}

/// Plays a history to a feed with a listener that connects before each of some steps, and looks at what each has on the board after every step.
fn play(history: &[Happens], joins: &[usize], language: Language) -> Result<(), TestCaseError> {
    let mut goes = Goes { board: board(), now: BEGAN, added: BTreeMap::new() };
    let mut feed = Feed::new(language);
    feed.show(goes.board.clone(), Instant(goes.now));
    let mut listeners: Vec<Listener> = Vec::new();
    for (nth, happens) in history.iter().enumerate() {
        if joins.contains(&nth) {
            // Multiloop tells the last lap of each car to who connects.
            let known = usize::from(matches!(language, Language::Multiloop(_)));
            let missed = goes.board.cars.iter().map(|(of, car)| (of.clone(), car.laps.len().saturating_sub(known))).collect();
            let (rmonitor, multiloop) = Default::default();
            let mut listener = Listener { reader: Reader::new(), rmonitor, multiloop, language, missed };
            listener.hear(&feed.connected(Instant(goes.now)));
            listeners.push(listener);
        }
        let run = goes.board.run.clone();
        goes.on(happens);
        let told = feed.show(goes.board.clone(), Instant(goes.now));
        for listener in &mut listeners {
            if goes.board.run != run {
                listener.missed.clear();
            }
            listener.hear(&told);
            let heard = listener.reader.board();
            match language {
                Language::Rmonitor => prop_assert_eq!(as_rmonitor(heard), as_rmonitor(&goes.board)),
                Language::Multiloop(_) => prop_assert_eq!(as_multiloop(heard), as_multiloop(&goes.board)),
            }
            let all = Listener {
                missed: BTreeMap::new(),
                reader: Reader::new(),
                rmonitor: Default::default(),
                multiloop: Default::default(),
                language,
            };
            prop_assert_eq!(all.heard_laps(heard), listener.heard_laps(&goes.board));
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn whoever_listens_to_rmonitor_sees_what_is_on_the_board_from_any_moment_on(
        history in proptest::collection::vec(happens(), 1..60), joins in proptest::collection::vec(0_usize..60, 1..4)
    ) {
        play(&history, &joins, Language::Rmonitor)?;
    }

    #[test]
    fn whoever_listens_to_multiloop_sees_what_is_on_the_board_from_any_moment_on(
        history in proptest::collection::vec(happens(), 1..60), joins in proptest::collection::vec(0_usize..60, 1..4)
    ) {
        play(&history, &joins, Language::Multiloop(Separator::USUAL))?;
    }

    #[test]
    fn every_crossing_is_told_once(history in proptest::collection::vec(happens(), 1..80)) {
        let mut goes = Goes { board: board(), now: BEGAN, added: BTreeMap::new() };
        let mut feed = Feed::new(Language::Rmonitor);
        let (mut crossed, mut told) = (0, 0);
        for happens in &history {
            let driven = |board: &Scoreboard| board.cars.values().map(|car| car.laps.len() + usize::from(car.set_off.is_some())).sum::<usize>();
            let before = driven(&goes.board);
            goes.on(happens);
            crossed += driven(&goes.board).saturating_sub(before);
            told += text(feed.show(goes.board.clone(), Instant(goes.now))).matches("$J,").count();
            // One that listens late is no reason to tell anything again.
            prop_assert!(!text(feed.connected(Instant(goes.now))).contains("$J,"));
        }
        // Before the first look at the board nobody listened.
        prop_assert!(crossed - told <= 1, "{} {}", crossed, told);
    }
}

/// An account without what neither language tells, or tells by other names.
fn bare(account: &Account) -> Account {
    let mut account = account.clone();
    account.notes.clear();
    account.about.number = None;
    account.laps.iter_mut().for_each(|lap| lap.flag = None);
    account
}

#[test]
fn what_a_log_tells_is_told_again_by_the_log_that_is_written_of_it() {
    let mut laps = 0;
    for name in ["rmonitor/Orbits_Mock_Session", "redmist/TestStart", "redmist/TestGap", "redmist/TestAbnormalReset", "redmist/TestEntries"]
    {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(format!("{name}.rmon"));
        let bytes = std::fs::read(path).expect("the capture is here");
        assert_eq!(Format::of(&bytes[..bytes.len().min(4_096)]), Some(Format::Rmonitor), "{name}");
        let account = Format::Rmonitor.read(&bytes, &How::default()).expect("it is one").accounts.remove(0);
        let again = |format: Format| {
            let written = format.write(&account).expect("it has cars");
            assert_eq!(Format::of(&written), Some(format), "{name}");
            let mut told = format.read(&written, &How::default()).expect("it is one");
            assert_eq!((told.accounts.len(), told.flaws.len()), (1, 0), "{name}");
            told.accounts.remove(0)
        };
        assert_eq!(bare(&again(Format::Rmonitor)), bare(&account), "{name}");
        laps += account.laps.len();
        // Multiloop has no transponders, one name for a driver, ids of its own; and no times with penalties.
        let multiloop = again(Format::Multiloop);
        let of = |account: &Account| {
            let cars: BTreeMap<String, usize> = account.cars.iter().enumerate().map(|(nth, car)| (car.number.clone(), nth)).collect();
            let row = |nth: usize| {
                let driven: Vec<_> = account.laps_of(nth).map(|lap| (lap.number, lap.time, lap.elapsed)).collect();
                let claim = account.claims.iter().find(|claim| claim.car == nth).map(|claim| (claim.place, claim.laps, claim.best));
                let car = &account.cars[nth];
                (car.class.clone(), car.drivers.first().map(|of| of.name.clone()), driven, claim)
            };
            cars.into_iter().map(|(number, nth)| (number, row(nth))).collect::<Vec<_>>()
        };
        assert_eq!(of(&multiloop), of(&account), "{name}");
        assert_eq!(multiloop.about.session, account.about.session, "{name}");
    }
    assert_eq!(laps, 46 + 117 + 171 + 23);
}
