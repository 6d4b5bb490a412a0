//! Whoever listens to a game of Assetto Corsa Competizione: registers, asks for what it must ask for, and tells what happened, each thing once.
//!
//! It has no socket and no clock. What [`Client::due`] gives is sent to the game; what comes from there goes into [`Client::take`], with the moment it came. Datagrams may be lost, come
//! twice, or a little late: counts of laps decide, and not single messages.

mod car;
mod session;

use std::collections::{BTreeMap, VecDeque};

use sport::date::{Instant, Micros};

use super::broadcast::{Entry, Event, EventKind, Kind, Phase, Registration, Request, Told, Track};
use crate::flaw::Flaw;
use car::Car;
use session::Running;

/// Who listens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listener {
    /// What the game shows of it.
    pub name: String,
    /// The `connectionPassword` in the game's `broadcasting.json`.
    pub password: String,
    /// The `commandPassword` in it. Without it everything is told all the same.
    pub command_password: String,
    /// How often the game is to tell, in milliseconds. Below 30 nothing comes.
    pub interval_ms: i32,
}

/// What happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Happened {
    /// The game tells from now on.
    Registered(Registration),
    /// It will not: the password is wrong, says its error.
    Refused(Registration),
    /// A session began, or another phase of it.
    Session(Session),
    /// The circuit.
    Track(Track),
    /// A car and its drivers: new, or changed.
    Entry(Entry),
    /// A car that is on no list any more.
    Left(u16),
    /// A car completed a lap.
    Lap(Completed),
    /// A car came into the pit lane or left it.
    PitLane(PitLane),
    /// An accident, a penalty, a flag, in words.
    Said(Said),
}

/// A session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Of the event, and of the session in it, as the game counts.
    pub index: (u16, u16),
    /// What it is for.
    pub kind: Kind,
    /// How far it is.
    pub phase: Phase,
    /// Since its beginning.
    pub elapsed: Micros,
    /// To its end, where it has one.
    pub to_go: Option<Micros>,
    /// It has just begun, or begun again: laps are counted from the first.
    pub began: bool,
}

/// A lap that was completed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completed {
    /// Which car.
    pub car: u16,
    /// Which of its laps, from 1.
    pub number: u32,
    /// Who drove it, by position in the entry. None of a lap that was only counted.
    pub driver: Option<u16>,
    /// What it took. The first of a session on some servers takes what nobody drove.
    pub time: Option<Micros>,
    /// Its splits.
    pub splits: Vec<Option<Micros>>,
    /// It may be the best. None of a lap that was only counted.
    pub valid: Option<bool>,
    /// It began in the pit lane.
    pub out: bool,
    /// It ended in the pit lane.
    pub into: bool,
    /// When it ended, since the beginning of the session.
    ///
    /// Of the first lap told of a car that is the session's clock when its updates, that say how long it has been on its lap, say that the lap began, and what the lap took; of one
    /// after that the end of the one before and what it took, unless the clock is more than two seconds away from that. Of several datagrams the one that was on its way for the least time
    /// counts. So it is exact to the millisecond from lap to lap, and else as exact as the fastest datagrams are alike: a frame of the game, and the network where that is never quiet.
    /// The clock itself counts milliseconds for the first 4.6 hours of a session, every second of them for the next, every fourth to 18.6 hours, every eighth after that: it is told as
    /// a number of 24 bits.
    pub elapsed: Option<Micros>,
}

/// A car came into the pit lane or left it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PitLane {
    /// Which car.
    pub car: u16,
    /// Who drives, by position in the entry.
    pub driver: u16,
    /// It came in.
    pub into: bool,
    /// Since the beginning of the session. It is up to an interval late.
    pub elapsed: Option<Micros>,
}

/// Something that is said in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// What.
    pub kind: EventKind,
    /// Which car, if it is about one.
    pub car: Option<u16>,
    /// In words.
    pub text: String,
    /// Since the beginning of the session, when it was told: accidents some seconds late.
    pub elapsed: Option<Micros>,
    /// When, in milliseconds of the game's own clock, by which it shows what was.
    pub time_ms: i32,
}

const SECOND: i64 = 1_000_000;
/// A greeting without an answer is said again after this.
const ANSWER: i64 = 2 * SECOND;
/// After this without a word the game is gone, or has forgotten who listens.
const SILENCE: i64 = 5 * SECOND;
/// Whom the game will not tell asks again after this.
const REFUSED: i64 = 30 * SECOND;
/// Between two requests for the cars.
const ASK_AGAIN: i64 = 5 * SECOND;
/// So often the cars are asked for because of one that is not among them.
const ASKED_FOR: u8 = 3;
/// What comes as much later is no late datagram.
const LATE: i64 = 2 * SECOND;
/// So many events are remembered, to tell one that comes again.
const REMEMBERED: usize = 32;

/// A listener at work.
#[derive(Debug)]
pub struct Client {
    listener: Listener,
    connection: Option<i32>,
    /// When it may greet again; none before it did.
    greet: Option<Instant>,
    heard: Option<Instant>,
    requests: VecDeque<Request>,
    asked: Option<Instant>,
    track: Option<Track>,
    running: Option<Running>,
    /// The session before, of which a datagram may come late.
    before: Option<Running>,
    cars: BTreeMap<u16, Car>,
    events: VecDeque<(Event, Instant)>,
}

impl Client {
    /// One that has not registered yet.
    pub fn of(listener: Listener) -> Self {
        Self {
            listener,
            connection: None,
            greet: None,
            heard: None,
            requests: VecDeque::new(),
            asked: None,
            track: None,
            running: None,
            before: None,
            cars: BTreeMap::new(),
            events: VecDeque::new(),
        }
    }

    /// Whether the game tells.
    pub fn is_registered(&self) -> bool {
        self.connection.is_some()
    }

    /// The datagram that registers.
    pub fn greeting(&self) -> Vec<u8> {
        let Listener { name, password, command_password, interval_ms } = self.listener.clone();
        Request::Register { name, password, interval_ms, command_password }.encode()
    }

    /// The datagram that ends it, where the game tells.
    pub fn goodbye(&mut self) -> Option<Vec<u8>> {
        self.connection.take().map(|connection| Request::Unregister { connection }.encode())
    }

    /// The next datagram that is to be sent by now. To be asked for until there is none, at the beginning, after every datagram, and about every second.
    pub fn due(&mut self, now: Instant) -> Option<Vec<u8>> {
        if self.connection.is_some() && self.heard.is_none_or(|heard| since(heard, now) > SILENCE) {
            self.connection = None;
        }
        let Some(connection) = self.connection else {
            if self.greet.is_some_and(|at| at > now) {
                return None;
            }
            self.greet = Some(Instant(now.0 + ANSWER));
            return Some(self.greeting());
        };
        if let Some(request) = self.requests.pop_front() {
            return Some(request.encode());
        }
        let missing = self.track.is_none() || self.cars.values().any(Car::is_missed);
        if missing && self.asked.is_none_or(|asked| since(asked, now) >= ASK_AGAIN) {
            self.ask(connection, now);
        }
        self.requests.pop_front().map(|request| request.encode())
    }

    /// Asks for the cars, and for the circuit until it is known.
    fn ask(&mut self, connection: i32, now: Instant) {
        self.asked = Some(now);
        self.cars.values_mut().for_each(Car::asked_for);
        self.requests.clear();
        self.requests.push_back(Request::EntryList { connection });
        if self.track.is_none() {
            self.requests.push_back(Request::TrackData { connection });
        }
    }

    /// Takes a datagram that came now, and tells what it says that was not told.
    pub fn take(&mut self, datagram: &[u8], now: Instant, mut tell: impl FnMut(Result<Happened, Flaw>)) {
        let told = match Told::decode(datagram) {
            Ok(told) => told,
            Err(flaw) => return tell(Err(flaw)),
        };
        let mut tell = |happened| tell(Ok(happened));
        match told {
            Told::Registration(of) => self.registration(of, now, &mut tell),
            Told::Session(of) => {
                self.heard = Some(now);
                self.session(&of, now, &mut tell);
                self.laps_of_events(now, &mut tell);
            }
            Told::Car(of) => {
                self.heard = Some(now);
                let car = self.cars.entry(of.car).or_default();
                car.heard = Some(now);
                if let Some(running) = self.running.as_ref().filter(|running| running.counts()) {
                    car.take(&of, running, now, &mut tell);
                }
            }
            Told::EntryList { cars, .. } => self.listed(&cars, now, &mut tell),
            Told::Track(of) => {
                if self.track.as_ref() != Some(&of) {
                    self.track = Some(of.clone());
                    tell(Happened::Track(of));
                }
            }
            Told::Entry(of) => {
                let car = self.cars.entry(of.car).or_default();
                if car.entry.as_ref() != Some(&of) {
                    car.entry = Some(of.clone());
                    tell(Happened::Entry(of));
                }
            }
            Told::Event(of) => self.event(of, now, &mut tell),
        }
    }

    fn registration(&mut self, of: Registration, now: Instant, tell: &mut impl FnMut(Happened)) {
        if !of.accepted {
            self.greet = Some(Instant(now.0 + REFUSED));
            return tell(Happened::Refused(of));
        }
        self.heard = Some(now);
        if self.connection == Some(of.connection) {
            return;
        }
        self.connection = Some(of.connection);
        self.ask(of.connection, now);
        tell(Happened::Registered(of));
    }

    /// Which cars there are. One that has not been heard of for a while and is not among them has left.
    fn listed(&mut self, listed: &[u16], now: Instant, tell: &mut impl FnMut(Happened)) {
        let left = |car: &Car| car.heard.is_none_or(|heard| since(heard, now) > LATE);
        let gone: Vec<u16> =
            self.cars.iter().filter(|(index, car)| left(car) && !listed.contains(index)).map(|(index, _)| *index).collect();
        for index in gone {
            if self.cars.remove(&index).is_some_and(|car| car.entry.is_some()) {
                tell(Happened::Left(index));
            }
        }
        for index in listed {
            self.cars.entry(*index).or_default();
        }
    }

    fn event(&mut self, of: Event, now: Instant, tell: &mut impl FnMut(Happened)) {
        self.events.retain(|(_, at)| since(*at, now) < SILENCE);
        if self.events.iter().any(|(told, _)| *told == of) {
            return;
        }
        if self.events.len() == REMEMBERED {
            self.events.pop_front();
        }
        self.events.push_back((of.clone(), now));
        let car = u16::try_from(of.car).ok().filter(|_| of.kind != EventKind::None);
        let elapsed = self.running.as_ref().and_then(|running| running.elapsed(now));
        if of.kind == EventKind::Lap {
            if let Some(car) = car.and_then(|car| self.cars.get_mut(&car)) {
                car.lap_of_event(&of, elapsed, now);
            }
            return;
        }
        tell(Happened::Said(Said { kind: of.kind, car, text: of.text, elapsed, time_ms: of.time_ms }));
    }

    /// Tells laps that only an event told, of cars that nothing is heard of since.
    fn laps_of_events(&mut self, now: Instant, tell: &mut impl FnMut(Happened)) {
        if self.running.as_ref().is_some_and(Running::counts) {
            self.cars.iter_mut().for_each(|(index, car)| car.lap_without_update(*index, now, tell));
        }
    }
}

/// How long ago something was.
fn since(then: Instant, now: Instant) -> i64 {
    now.0.saturating_sub(then.0)
}
