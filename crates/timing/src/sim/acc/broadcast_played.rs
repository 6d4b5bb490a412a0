//! The other end: a game that plays sessions as accounts tell them, to whoever registers. For tests of those who listen, ours and others', and to show a race that was.
//!
//! It has no socket and no clock, and knows those who listen by whatever they are told apart by. Cars drive the laps of their account one after the other from the start of the session;
//! a lap without a time takes two minutes. Weather, places in the world, cameras and what belongs to them are made up.

mod field;

use sport::date::Instant;

use super::broadcast::{CarUpdate, Event, Lap, Location, NO_TIME, Phase, Registration, Request, SessionUpdate, Told, Track};
use crate::account::Account;
use field::{PlayedCar, Playing};

/// A game that plays.
#[derive(Debug)]
pub struct Played<A> {
    password: String,
    sessions: Vec<Playing>,
    /// Which of them.
    nth: usize,
    /// When the game was begun, and when the session.
    launched: Instant,
    began: Instant,
    listeners: Vec<Ear<A>>,
    /// The number that the next one gets.
    connection: i32,
}

/// Somebody who listens.
#[derive(Debug)]
struct Ear<A> {
    address: A,
    connection: i32,
    /// In microseconds.
    interval: i64,
    /// When the next update is told.
    next: Instant,
    /// Up to when what happened was told.
    told: Instant,
}

/// The game does not listen to more at once.
const MOST: usize = 32;
/// Nor does it tell anything more often, in milliseconds.
const SHORTEST_INTERVAL: i32 = 30;
const DEFAULT_INTERVAL: i32 = 250;
/// How long before a session starts it is there, in milliseconds.
const LEAD: i64 = 5_000;
/// How long after its last lap everybody has finished, and as long again until the next session.
const AFTER: i64 = 10_000;

impl<A: Clone + PartialEq> Played<A> {
    /// A game that begins now to play sessions one after the other, and tells whoever knows the password.
    pub fn of(sessions: &[Account], password: &str, now: Instant) -> Self {
        Self {
            password: password.to_owned(),
            sessions: sessions.iter().map(Playing::of).collect(),
            nth: 0,
            launched: now,
            began: now,
            listeners: Vec::new(),
            connection: 1,
        }
    }

    /// The session that is played begins again, as by an administrator's `/restart`.
    pub fn restart(&mut self, now: Instant) {
        self.began = now;
    }

    /// The next session begins, as by an administrator's `/next`; after the last the first.
    pub fn next_session(&mut self, now: Instant) {
        self.nth = if self.nth + 1 < self.sessions.len() { self.nth + 1 } else { 0 };
        self.began = now;
    }

    /// Takes a datagram, and gives the answers to it.
    pub fn take(&mut self, from: &A, datagram: &[u8], now: Instant) -> Vec<Vec<u8>> {
        let Ok(request) = Request::decode(datagram) else { return Vec::new() };
        match request {
            Request::Register { password, interval_ms, .. } => vec![self.register(from, &password, interval_ms, now).encode()],
            Request::Unregister { connection } => {
                self.listeners.retain(|ear| ear.connection != connection || ear.address != *from);
                Vec::new()
            }
            Request::EntryList { connection } if self.knows(from, connection) => self.entry_list(connection),
            Request::TrackData { connection } if self.knows(from, connection) => vec![self.track(connection).encode()],
            // There is nothing to be looked at.
            Request::EntryList { .. }
            | Request::TrackData { .. }
            | Request::HudPage { .. }
            | Request::Focus { .. }
            | Request::Replay { .. } => Vec::new(),
        }
    }

    /// The datagrams that are to be told by now, and to whom.
    pub fn due(&mut self, now: Instant) -> Vec<(A, Vec<u8>)> {
        if self.clock(now).is_some_and(|(playing, clock)| clock >= playing.end + 2 * AFTER) && self.nth + 1 < self.sessions.len() {
            self.next_session(now);
        }
        let mut due = Vec::new();
        let mut listeners = std::mem::take(&mut self.listeners);
        for ear in listeners.iter_mut().filter(|ear| ear.next <= now) {
            // Who asks seldom for what is due is told the last of it only.
            ear.next = Instant((ear.next.0 + ear.interval).max(now.0 - ear.interval + 1));
            let told = self.told(ear.told, now);
            ear.told = now;
            due.extend(told.iter().map(|told| (ear.address.clone(), told.encode())));
        }
        self.listeners = listeners;
        due
    }

    fn knows(&self, from: &A, connection: i32) -> bool {
        self.listeners.iter().any(|ear| ear.connection == connection && ear.address == *from)
    }

    fn register(&mut self, from: &A, password: &str, interval_ms: i32, now: Instant) -> Told {
        self.listeners.retain(|ear| ear.address != *from);
        let error = if password != self.password {
            "wrong password"
        } else if self.listeners.len() == MOST {
            "too many listen"
        } else {
            ""
        };
        let connection = self.connection;
        if error.is_empty() {
            self.connection = self.connection.wrapping_add(1);
            let interval_ms = if interval_ms < SHORTEST_INTERVAL { DEFAULT_INTERVAL } else { interval_ms };
            let interval = i64::from(interval_ms) * 1_000;
            self.listeners.push(Ear { address: from.clone(), connection, interval, next: now, told: now });
        }
        Told::Registration(Registration { connection, accepted: error.is_empty(), access: 0, error: error.to_owned() })
    }

    fn entry_list(&self, connection: i32) -> Vec<Vec<u8>> {
        let cars = self.sessions.get(self.nth).map_or(&[][..], |playing| &playing.cars);
        let list = Told::EntryList { connection, cars: cars.iter().map(|car| car.entry.car).collect() };
        let entries = cars.iter().map(|car| Told::Entry(car.entry.clone()));
        std::iter::once(list).chain(entries).map(|told| told.encode()).collect()
    }

    fn track(&self, connection: i32) -> Told {
        let name = self.sessions.get(self.nth).map_or_else(String::new, |playing| playing.track.clone());
        let cameras = vec![("Drivable".to_owned(), vec!["Chase".to_owned(), "Cockpit".to_owned()])];
        Told::Track(Track { connection, name, id: 1, metres: 5_000, cameras, hud_pages: vec!["Blank".to_owned()] })
    }

    /// What is played, and since when in milliseconds; below zero before its start.
    fn clock(&self, now: Instant) -> Option<(&Playing, i64)> {
        Some((self.sessions.get(self.nth)?, (now.0 - self.began.0) / 1_000 - LEAD))
    }

    /// The session and its cars, and what happened since.
    fn told(&self, since: Instant, now: Instant) -> Vec<Told> {
        let Some((playing, clock)) = self.clock(now) else { return Vec::new() };
        let mut told = vec![Told::Session(self.session(playing, clock))];
        let places = playing.places(clock);
        told.extend(playing.cars.iter().zip(places).map(|(car, place)| Told::Car(update(car, clock, place))));
        let since = (since.0 - self.began.0) / 1_000 - LEAD;
        let began = (self.began.0 - self.launched.0) / 1_000 + LEAD;
        for happened in playing.events.iter().filter(|of| of.at > since && of.at <= clock) {
            let time_ms = i32::try_from(began + happened.at).unwrap_or(NO_TIME);
            told.push(Told::Event(Event { kind: happened.kind, text: happened.text.clone(), time_ms, car: happened.car }));
        }
        told
    }

    fn session(&self, playing: &Playing, clock: i64) -> SessionUpdate {
        let phase = match clock {
            ..0 => Phase::PreSession,
            clock if clock < playing.planned => Phase::Session,
            clock if clock < playing.end + AFTER => Phase::SessionOver,
            _ => Phase::PostSession,
        };
        SessionUpdate {
            event: 0,
            session: u16::try_from(self.nth).unwrap_or(u16::MAX),
            kind: playing.kind,
            phase,
            time_ms: float(clock.max(0)),
            end_ms: float((playing.planned - clock.max(0)).max(0)),
            focused: 0,
            camera_set: "Drivable".to_owned(),
            camera: "Chase".to_owned(),
            hud_page: "Blank".to_owned(),
            replay: None,
            time_of_day: float(50_400_000 + clock.max(0)),
            ambient: 22,
            track: 28,
            clouds: 2,
            rain: 0,
            wetness: 0,
            best: playing.cars.iter().filter_map(|car| car.best(clock)).min_by_key(|lap| lap.time_ms).unwrap_or_default(),
        }
    }
}

/// A car after so many milliseconds.
fn update(car: &PlayedCar, clock: i64, place: u16) -> CarUpdate {
    let laps = car.completed(clock);
    let last = laps.last();
    let driver = car.laps.get(laps.len()).or(last).map_or(0, |lap| lap.lap.driver);
    CarUpdate {
        car: car.entry.car,
        driver,
        drivers: u8::try_from(car.entry.drivers.len()).unwrap_or(u8::MAX),
        gear: 5,
        floats: [0.0; 3],
        location: if car.in_pit_lane(clock) { Location::PitLane } else { Location::Track },
        speed: 180,
        position: place,
        cup_position: place,
        track_position: place,
        spline: car.spline(clock),
        laps: u16::try_from(laps.len()).unwrap_or(u16::MAX),
        delta_ms: 0,
        best: car.best(clock).unwrap_or_default(),
        last: last.map_or_else(Lap::default, |lap| lap.lap.clone()),
        current: car.current(clock, driver),
    }
}

/// Milliseconds as the game tells them: of a whole number of more than 24 bits the last are lost.
#[expect(clippy::cast_precision_loss, reason = "the protocol has no more digits")]
fn float(ms: i64) -> f32 {
    ms as f32
}
