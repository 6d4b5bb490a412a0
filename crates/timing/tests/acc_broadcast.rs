//! Listening to a game of Assetto Corsa Competizione: datagrams as they are laid out, and what a listener tells of them.

use proptest::prelude::*;
use sport::date::{Instant, Micros};
use timing::sim::acc::broadcast::{
    CarUpdate, Driver, Entry, Event, EventKind, Kind, Lap, Location, NO_TIME, Phase, Registration, Request, SessionUpdate, Told, Track,
};
use timing::sim::acc::broadcast_client::{Client, Completed, Happened, Listener, Said, Session};

const SECOND: i64 = 1_000_000;

fn listener() -> Listener {
    Listener { name: "Timing".into(), password: "asd".into(), command_password: String::new(), interval_ms: 250 }
}

fn lap(time_ms: i32) -> Lap {
    Lap { time_ms, ..Lap::default() }
}

fn session(phase: Phase, time_ms: f32) -> SessionUpdate {
    SessionUpdate {
        event: 0,
        session: 2,
        kind: Kind::Race,
        phase,
        time_ms,
        end_ms: 60_000.0,
        focused: 0,
        camera_set: String::new(),
        camera: String::new(),
        hud_page: String::new(),
        replay: None,
        time_of_day: 0.0,
        ambient: 20,
        track: 30,
        clouds: 1,
        rain: 0,
        wetness: 0,
        best: Lap::default(),
    }
}

/// A car that has completed laps, the last in so long, and is so long on the next.
fn car(index: u16, laps: u16, last: i32, current: i32) -> CarUpdate {
    CarUpdate {
        car: index,
        driver: 0,
        drivers: 1,
        gear: 3,
        floats: [1.0, 2.0, 0.5],
        location: Location::Track,
        speed: 200,
        position: 1,
        cup_position: 1,
        track_position: 1,
        spline: 0.5,
        laps,
        delta_ms: 0,
        best: Lap::default(),
        last: lap(last),
        current: lap(current),
    }
}

fn entry(index: u16, number: i32) -> Entry {
    let driver = Driver { first: "Driver".into(), last: "Ash".into(), short: "ASH".into(), category: 3, nationality: 1 };
    Entry { car: index, model: 32, team: "Team 1".into(), number, cup: 0, driver: 0, nationality: 1, drivers: vec![driver] }
}

fn registration() -> Told {
    Told::Registration(Registration { connection: 7, accepted: true, access: 1, error: String::new() })
}

fn event(kind: EventKind, text: &str, time_ms: i32, car: i32) -> Told {
    Told::Event(Event { kind, text: text.into(), time_ms, car })
}

/// A listener, what it told, and the moment it is.
struct Heard {
    client: Client,
    told: Vec<Happened>,
    now: i64,
}

impl Heard {
    fn new() -> Self {
        Self { client: Client::of(listener()), told: Vec::new(), now: 1_000 * SECOND }
    }

    /// One that listens to a race that started so many milliseconds ago.
    fn racing(time_ms: f32) -> Self {
        let mut heard = Self::new();
        heard.take(registration()).take(Told::Session(session(Phase::Session, time_ms)));
        heard.told.clear();
        heard
    }

    fn take(&mut self, told: Told) -> &mut Self {
        let of = &mut self.told;
        self.client.take(&told.encode(), Instant(self.now), |happened| of.push(happened.expect("it is a datagram")));
        self
    }

    fn later(&mut self, ms: i64) -> &mut Self {
        self.now += ms * 1_000;
        self
    }

    fn due(&mut self) -> Vec<Request> {
        std::iter::from_fn(|| self.client.due(Instant(self.now))).map(|datagram| Request::decode(&datagram).expect("it is one")).collect()
    }

    fn laps(&self) -> Vec<&Completed> {
        self.told.iter().filter_map(|told| if let Happened::Lap(lap) = told { Some(lap) } else { None }).collect()
    }
}

#[test]
fn a_datagram_is_laid_out_as_the_makers_sample_says() {
    let register = Request::Register { name: "T".into(), password: "asd".into(), interval_ms: 250, command_password: String::new() };
    assert_eq!(register.encode(), b"\x01\x04\x01\0T\x03\0asd\xfa\0\0\0\0\0");
    assert_eq!(Client::of(Listener { name: "T".into(), ..listener() }).greeting(), register.encode());
    assert_eq!(Request::EntryList { connection: 7 }.encode(), b"\x0a\x07\0\0\0");
    let focus = Request::Focus { connection: 7, car: Some(258), camera: None };
    assert_eq!(focus.encode(), b"\x32\x07\0\0\0\x01\x02\x01\0");
    assert_eq!(registration().encode(), b"\x01\x07\0\0\0\x01\x01\0\0");
    let entry = Told::Entry(Entry { drivers: Vec::new(), ..entry(3, 911) });
    assert_eq!(entry.encode(), b"\x06\x03\0\x20\x06\0Team 1\x8f\x03\0\0\0\0\x01\0\0");
    assert_eq!(event(EventKind::Lap, "1", 5, 3).encode(), b"\x07\x05\x01\x001\x05\0\0\0\x03\0\0\0");
    let lap = Lap { time_ms: 100, car: 1, driver: 2, splits: vec![60, 40], invalid: false, may_be_best: true, out: true, into: false };
    let of = Told::Car(CarUpdate { best: lap, ..car(1, 0, NO_TIME, NO_TIME) }).encode();
    let none = b"\xff\xff\xff\x7f\0\0\0\0\0\0\x01\0\0".as_slice();
    let best = b"\x64\0\0\0\x01\0\x02\0\x02\x3c\0\0\0\x28\0\0\0\0\x01\x01\0".as_slice();
    assert_eq!(of[38..], [best, none, none].concat());
    assert_eq!(of.len(), 38 + 21 + 13 + 13);
    let replay = Told::Session(SessionUpdate { replay: Some((1.0, 2.0)), ..session(Phase::Session, 5.0) }).encode();
    assert_eq!(replay[..6], [2, 0, 0, 2, 0, 10]);
    assert_eq!(replay.len(), 7 + 8 + 4 + 6 + 1 + 8 + 4 + 5 + 13);
}

#[test]
fn what_is_cut_off_or_no_datagram_is_told() {
    let all = [
        registration(),
        Told::Session(session(Phase::Session, 1.0)),
        Told::Car(car(1, 2, 3, 4)),
        Told::Entry(entry(1, 2)),
        event(EventKind::Green, "x", 1, -1),
    ];
    for told in all {
        let bytes = told.encode();
        assert!((0..bytes.len()).all(|at| Told::decode(&bytes[..at]).is_err()), "{told:?}");
        // A later version may put more behind.
        assert_eq!(Told::decode(&[&bytes[..], b"more"].concat()).unwrap(), told);
    }
    assert_eq!(Told::decode(b"").unwrap_err().why, "no datagram of the game: it ends within its kind");
    assert_eq!(
        Told::decode(&registration().encode()[..3]).unwrap_err().to_string(),
        "byte 1: no datagram of the game: it ends within the connection: 010700"
    );
    assert_eq!(Told::decode(b"\x08").unwrap_err().why, "no datagram of the game: nobody knows its kind");
    assert_eq!(Request::decode(b"\x02").unwrap_err().why, "no datagram to the game: nobody knows its kind");
    // So many cars, and no room for them.
    assert_eq!(Told::decode(b"\x04\0\0\0\0\xff\xff\0").unwrap_err().why, "no datagram of the game: it ends within the cars");
    let mut flaws = 0;
    Client::of(listener()).take(b"\x63", Instant(0), |told| flaws += u32::from(told.is_err()));
    assert_eq!(flaws, 1);
}

#[test]
fn it_registers_until_it_is_answered_and_again_after_a_silence() {
    let mut heard = Heard::new();
    let greets = |requests: &[Request]| matches!(requests, [Request::Register { .. }]);
    assert!(greets(&heard.due()) && heard.due().is_empty() && heard.later(1_999).due().is_empty());
    assert!(greets(&heard.later(1).due()));
    heard.take(registration()).take(registration());
    assert!(matches!(&heard.told[..], [Happened::Registered(_)]) && heard.client.is_registered());
    assert_eq!(heard.due(), [Request::EntryList { connection: 7 }, Request::TrackData { connection: 7 }]);
    assert!(heard.due().is_empty());
    // The circuit did not come.
    heard.later(5_000).take(Told::Session(session(Phase::Session, 1.0)));
    assert_eq!(heard.due(), [Request::EntryList { connection: 7 }, Request::TrackData { connection: 7 }]);
    heard.take(Told::Track(Track { connection: 7, name: "Spa".into(), id: 1, metres: 7_004, cameras: Vec::new(), hud_pages: Vec::new() }));
    assert!(heard.later(5_000).due().is_empty());
    assert!(greets(&heard.later(1).due()) && !heard.client.is_registered());
    heard.take(Told::Registration(Registration { connection: 8, accepted: true, access: 0, error: String::new() }));
    assert_eq!(heard.due(), [Request::EntryList { connection: 8 }]);
    assert_eq!(heard.client.goodbye().map(|bytes| Request::decode(&bytes).unwrap()), Some(Request::Unregister { connection: 8 }));
}

#[test]
fn whom_the_game_will_not_tell_asks_seldom() {
    let mut heard = Heard::new();
    heard.due();
    heard.take(Told::Registration(Registration { connection: 0, accepted: false, access: 0, error: "wrong password".into() }));
    assert!(matches!(&heard.told[..], [Happened::Refused(of)] if of.error == "wrong password"));
    assert!(heard.later(29_999).due().is_empty() && heard.later(1).due().len() == 1);
}

#[test]
fn a_car_that_nobody_knows_is_asked_for_three_times_and_no_more() {
    let mut heard = Heard::racing(1_000.0);
    heard.take(Told::Track(Track { connection: 7, name: "Spa".into(), id: 1, metres: 7_004, cameras: Vec::new(), hud_pages: Vec::new() }));
    heard.due();
    let mut asked = Vec::new();
    for second in 0..60 {
        heard
            .later(1_000)
            .take(Told::Session(session(Phase::Session, 1_000.0 + second as f32 * 1_000.0)))
            .take(Told::Car(car(5, 0, NO_TIME, 500)));
        if !heard.due().is_empty() {
            asked.push(second);
        }
    }
    assert_eq!(asked, [4, 9, 14]);
    // Its entry comes after all; a change of it is told, and the same again is not.
    heard.told.clear();
    heard.take(Told::Entry(entry(5, 911))).take(Told::Entry(entry(5, 911))).take(Told::Entry(Entry { driver: 1, ..entry(5, 911) }));
    assert!(matches!(&heard.told[..], [Happened::Entry(one), Happened::Entry(two)] if (one.driver, two.driver) == (0, 1)));
    // It leaves: it is on no list, and nothing was heard of it.
    heard.take(Told::EntryList { connection: 7, cars: vec![6] }).later(3_000).take(Told::EntryList { connection: 7, cars: vec![6] });
    assert!(matches!(&heard.told[2..], [Happened::Left(5)]));
}

#[test]
fn a_lap_is_told_when_the_count_goes_up_with_when_it_ended() {
    let mut heard = Heard::racing(0.0);
    heard.take(Told::Car(car(1, 0, NO_TIME, 0)));
    heard.later(100_000).take(Told::Session(session(Phase::Session, 100_000.0)));
    let last = Lap { splits: vec![40_000, 30_000, NO_TIME], driver: 1, out: true, ..lap(99_850) };
    heard.take(Told::Car(CarUpdate { last, ..car(1, 1, 0, 150) })).take(Told::Car(car(1, 1, 99_850, 150)));
    let expected = Completed {
        car: 1,
        number: 1,
        driver: Some(1),
        time: Some(Micros(99_850_000)),
        splits: vec![Some(Micros(40_000_000)), Some(Micros(30_000_000)), None],
        valid: Some(true),
        out: true,
        into: false,
        elapsed: Some(Micros(99_850_000)),
    };
    assert_eq!(heard.laps(), [&expected]);
    // The next by its own time, whatever the network does: it is told a tenth of a second late.
    heard.later(100_100).take(Told::Session(session(Phase::Session, 200_000.0))).take(Told::Car(car(1, 2, 100_001, 149)));
    assert_eq!(heard.laps()[1].elapsed, Some(Micros(199_851_000)));
    // Laps of which no update came are counted.
    heard.later(300_000).take(Told::Session(session(Phase::Session, 500_000.0)));
    let deleted = Lap { may_be_best: false, into: true, ..lap(98_000) };
    heard.take(Told::Car(CarUpdate { last: deleted, ..car(1, 5, 0, 20_000) }));
    let told: Vec<_> =
        heard.laps()[2..].iter().map(|lap| (lap.number, lap.time.is_some(), lap.valid, lap.elapsed.map(|at| at.0 / 1_000_000))).collect();
    assert_eq!(told, [(3, false, None, None), (4, false, None, None), (5, true, Some(false), Some(480))]);
}

#[test]
fn what_comes_late_or_twice_tells_no_lap() {
    let mut heard = Heard::racing(0.0);
    heard.take(Told::Car(car(1, 0, NO_TIME, 0))).later(100_000).take(Told::Session(session(Phase::Session, 100_000.0)));
    let (before, after) = (car(1, 0, NO_TIME, 99_900), car(1, 1, 99_950, 50));
    heard.take(Told::Car(after.clone())).take(Told::Car(before.clone())).take(Told::Car(after.clone())).take(Told::Car(before));
    assert_eq!(heard.laps().len(), 1);
    // Who went back to the garage is on no lap any more: that is so when it is told again and again.
    for current in 0..5 {
        heard.later(250).take(Told::Car(car(1, 1, 99_950, current)));
    }
    heard.later(100_000).take(Told::Session(session(Phase::Session, 201_250.0))).take(Told::Car(car(1, 2, 100_000, 100)));
    assert_eq!(heard.laps().iter().map(|lap| lap.number).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn who_joins_a_race_is_told_what_is_completed_from_then_on() {
    let mut heard = Heard::racing(3_600_000.0);
    heard.take(Told::Car(car(1, 30, 110_000, 50_000))).later(60_000).take(Told::Session(session(Phase::Session, 3_660_000.0)));
    heard.take(Told::Car(car(1, 31, 109_500, 500)));
    assert_eq!(heard.laps().iter().map(|lap| (lap.number, lap.elapsed)).collect::<Vec<_>>(), [(31, Some(Micros(3_659_500_000)))]);
}

#[test]
fn a_session_that_begins_again_counts_from_the_first_lap() {
    let mut heard = Heard::racing(0.0);
    heard
        .take(Told::Car(car(1, 0, NO_TIME, 0)))
        .later(100_000)
        .take(Told::Session(session(Phase::Session, 100_000.0)))
        .take(Told::Car(car(1, 1, 90_000, 10_000)));
    let old = session(Phase::Session, 100_250.0);
    heard.later(250).take(Told::Session(session(Phase::PreSession, 0.0))).take(Told::Car(car(1, 1, 90_000, 10_250)));
    // The last of the session before, late.
    heard.take(Told::Session(old)).take(Told::Car(car(1, 1, 90_000, 10_250)));
    heard
        .later(5_000)
        .take(Told::Session(session(Phase::Session, 0.0)))
        .take(Told::Car(car(1, 1, 90_000, 10_250)))
        .take(Told::Car(car(1, 0, NO_TIME, 0)));
    heard.later(90_000).take(Told::Session(session(Phase::Session, 90_000.0))).take(Told::Car(car(1, 1, 89_000, 1_000)));
    let told: Vec<_> = heard
        .told
        .iter()
        .map(|told| {
            if let Happened::Session(Session { phase, began, .. }) = told {
                format!("{phase:?} {began}")
            } else if let Happened::Lap(lap) = told {
                format!("lap {} {:?}", lap.number, lap.time.map(|time| time.0 / 1_000))
            } else {
                format!("{told:?}")
            }
        })
        .collect();
    assert_eq!(told, ["lap 1 Some(90000)", "PreSession true", "Session false", "lap 1 Some(89000)"]);
}

#[test]
fn while_the_game_shows_what_was_nothing_is_counted() {
    let mut heard = Heard::racing(100_000.0);
    heard.take(Told::Car(car(1, 3, 30_000, 5_000)));
    let replays = SessionUpdate { replay: Some((50_000.0, 5_000.0)), ..session(Phase::Session, 100_250.0) };
    heard.later(250).take(Told::Session(replays));
    (0..8).for_each(|_| _ = heard.take(Told::Car(car(1, 1, 30_000, 5_000))));
    heard.later(30_000).take(Told::Session(session(Phase::Session, 130_250.0))).take(Told::Car(car(1, 4, 31_000, 4_250)));
    assert_eq!(heard.laps().iter().map(|lap| lap.number).collect::<Vec<_>>(), [4]);
}

#[test]
fn the_lap_of_a_car_that_left_is_told_by_its_event_alone() {
    let mut heard = Heard::racing(0.0);
    heard.take(Told::Car(car(1, 0, NO_TIME, 0))).take(Told::Car(car(2, 0, NO_TIME, 0)));
    heard.later(100_000).take(Told::Session(session(Phase::Session, 100_000.0)));
    let laps =
        |heard: &Heard| heard.laps().iter().map(|lap| (lap.car, lap.number, lap.time.map(|time| time.0 / 1_000))).collect::<Vec<_>>();
    heard.take(event(EventKind::Lap, "1:39.800", 500, 1)).take(event(EventKind::Lap, "1:39.900", 600, 2));
    // Of the second car updates come, which know of no lap: there was none.
    heard.later(2_500).take(Told::Car(car(2, 0, NO_TIME, 102_500))).take(Told::Session(session(Phase::Session, 102_500.0)));
    assert_eq!(laps(&heard), [(1, 1, Some(99_800))]);
    heard.later(250).take(event(EventKind::Lap, "1:39.800", 500, 1)).take(Told::Car(car(1, 1, 99_800, 3_000))).later(3_000);
    heard.take(Told::Session(session(Phase::Session, 105_750.0)));
    assert_eq!(laps(&heard).len(), 1);
}

#[test]
fn accidents_and_penalties_are_told_in_words_and_once() {
    let mut heard = Heard::racing(1_000.0);
    let accident = event(EventKind::Accident, "contact", 777, 4);
    heard.later(500).take(accident.clone()).take(accident).take(event(EventKind::Penalty, "Drive through", 778, -1));
    let said =
        |kind, text: &str, car, time_ms| Happened::Said(Said { kind, car, text: text.into(), elapsed: Some(Micros(1_500_000)), time_ms });
    assert_eq!(heard.told, [said(EventKind::Accident, "contact", Some(4), 777), said(EventKind::Penalty, "Drive through", None, 778)]);
}

#[test]
fn into_the_pit_lane_and_out_of_it() {
    let mut heard = Heard::racing(1_000.0);
    let at = |location| Told::Car(CarUpdate { location, ..car(1, 0, NO_TIME, 0) });
    for location in [Location::Track, Location::PitEntry, Location::PitLane, Location::PitLane, Location::PitExit, Location::Track] {
        heard.later(250).take(at(location));
    }
    let told: Vec<_> =
        heard.told.iter().map(|told| if let Happened::PitLane(of) = told { (of.into, of.elapsed) } else { panic!("{told:?}") }).collect();
    assert_eq!(told, [(true, Some(Micros(1_750_000))), (false, Some(Micros(2_250_000)))]);
}

fn any_text() -> impl Strategy<Value = String> {
    "[a-zé 𝄞]{0,6}"
}

fn any_lap() -> impl Strategy<Value = Lap> {
    let splits = prop::collection::vec(any::<i32>(), 0..4);
    (any::<i32>(), any::<u16>(), any::<u16>(), splits, any::<[bool; 4]>()).prop_map(
        |(time_ms, car, driver, splits, [invalid, may_be_best, out, into])| Lap {
            time_ms,
            car,
            driver,
            splits,
            invalid,
            may_be_best,
            out,
            into,
        },
    )
}

fn any_told() -> impl Strategy<Value = Told> {
    let float = -1e9_f32..1e9;
    let registration = (any::<i32>(), any::<bool>(), any::<u8>(), any_text())
        .prop_map(|(connection, accepted, access, error)| Told::Registration(Registration { connection, accepted, access, error }));
    let update = (any::<[u8; 2]>(), float.clone(), any_text(), prop::option::of((float.clone(), float.clone())), any_lap()).prop_map(
        |([kind, phase], time_ms, camera, replay, best)| {
            Told::Session(SessionUpdate {
                kind: Kind::of(kind),
                phase: Phase::of(phase),
                time_ms,
                camera,
                replay,
                best,
                ..session(Phase::None, 0.0)
            })
        },
    );
    let car = (any::<u8>(), any::<[u16; 2]>(), float, any_lap(), any_lap()).prop_map(|(location, [index, laps], spline, last, current)| {
        Told::Car(CarUpdate { location: Location::of(location), spline, last, current, ..car(index, laps, 0, 0) })
    });
    let list =
        (any::<i32>(), prop::collection::vec(any::<u16>(), 0..5)).prop_map(|(connection, cars)| Told::EntryList { connection, cars });
    let cameras = prop::collection::vec((any_text(), prop::collection::vec(any_text(), 0..3)), 0..3);
    let track = (any::<[i32; 3]>(), any_text(), cameras, prop::collection::vec(any_text(), 0..3)).prop_map(
        |([connection, id, metres], name, cameras, hud_pages)| Told::Track(Track { connection, name, id, metres, cameras, hud_pages }),
    );
    let driver = (any_text(), any_text(), any::<u8>(), any::<u16>()).prop_map(|(first, last, category, nationality)| Driver {
        first,
        last,
        short: String::new(),
        category,
        nationality,
    });
    let entries = (any::<u16>(), any::<[u8; 3]>(), any_text(), any::<i32>(), prop::collection::vec(driver, 0..4)).prop_map(
        |(index, [model, cup, driver], team, number, drivers)| {
            Told::Entry(Entry { model, cup, driver, team, drivers, ..entry(index, number) })
        },
    );
    let events = (any::<u8>(), any_text(), any::<[i32; 2]>())
        .prop_map(|(kind, text, [time_ms, car])| event(EventKind::of(kind), &text, time_ms, car));
    prop_oneof![registration, update, car, list, track, entries, events]
}

fn any_request() -> impl Strategy<Value = Request> {
    let registers = (any_text(), any_text(), any::<i32>(), any_text())
        .prop_map(|(name, password, interval_ms, command_password)| Request::Register { name, password, interval_ms, command_password });
    let focus = (any::<i32>(), prop::option::of(any::<u16>()), prop::option::of((any_text(), any_text())))
        .prop_map(|(connection, car, camera)| Request::Focus { connection, car, camera });
    let replay = (any::<[i32; 2]>(), -1e9_f32..1e9, -1e9_f32..1e9, any_text(), any_text()).prop_map(
        |([connection, car], start_ms, duration_ms, camera_set, camera)| Request::Replay {
            connection,
            start_ms,
            duration_ms,
            car,
            camera_set,
            camera,
        },
    );
    prop_oneof![
        registers,
        any::<i32>().prop_map(|connection| Request::Unregister { connection }),
        any::<i32>().prop_map(|connection| Request::EntryList { connection }),
        any::<i32>().prop_map(|connection| Request::TrackData { connection }),
        (any::<i32>(), any_text()).prop_map(|(connection, page)| Request::HudPage { connection, page }),
        focus,
        replay,
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read(told in any_told(), request in any_request()) {
        prop_assert_eq!(Told::decode(&told.encode()).unwrap(), told);
        prop_assert_eq!(Request::decode(&request.encode()).unwrap(), request);
    }

    #[test]
    fn whatever_comes_is_read_or_told(bytes in prop::collection::vec(any::<u8>(), 0..120), kind in 0_u8..12) {
        let mut bytes = bytes;
        bytes.iter_mut().take(1).for_each(|first| *first = kind);
        if let Ok(told) = Told::decode(&bytes) {
            let again = told.encode();
            prop_assert_eq!(Told::decode(&again).unwrap().encode(), again);
        }
        if let Ok(request) = Request::decode(&bytes) {
            let again = request.encode();
            prop_assert_eq!(Request::decode(&again).unwrap().encode(), again);
        }
    }

    #[test]
    fn whatever_a_game_tells_nothing_is_told_twice_and_nothing_breaks(all in prop::collection::vec((any_told(), 0_i64..3_000), 0..60)) {
        let mut heard = Heard::new();
        for (told, ms) in all {
            heard.later(ms).take(told);
            heard.due();
        }
        prop_assert!(heard.told.len() < 10_000);
    }
}
