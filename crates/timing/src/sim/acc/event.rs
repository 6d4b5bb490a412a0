//! `event.json` and `eventRules.json`: track and sessions of a weekend, and its stops and drivers.
//!
//! What is not here, the weather above all, is kept as it was read.

use sport::session::SessionKind;

use super::SERVER;
use super::limits::{Beyond, Bound, for_server};
use super::tables::{Track, without_season};
use crate::encoding::Encoding;
use crate::flaw::Flaw;
use crate::json::{Document, Json, Object, Style};
use crate::sim::{self, Kind};

/// The weekend of a server.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// The key of the track.
    pub track: String,
    /// Its sessions, in order.
    pub sessions: Vec<Session>,
    /// From when everybody has joined to the start of a race, in seconds.
    pub waiting_s: Option<i64>,
    /// For laps to be finished after the end of a session, in seconds.
    pub overtime_s: Option<i64>,
    /// What the server writes into the result: an event's name, an id of a league.
    pub meta_data: Option<String>,
    /// The file as it was read, with everything else that is in it.
    pub document: Document,
}

/// A session of a weekend.
#[derive(Clone, PartialEq, Debug)]
pub struct Session {
    /// What it is for: practice, qualifying or a race.
    pub kind: Option<SessionKind>,
    /// How long it is.
    pub minutes: i64,
    /// The hour of the day it begins at in the game.
    pub hour: i64,
    /// Friday is 1, Saturday 2, Sunday 3.
    pub day: i64,
    /// So many times faster does the game's day go by.
    pub time_multiplier: i64,
    /// As it was read, with everything else that is in it.
    pub as_read: Object,
}

/// The rules of a weekend. Public servers ignore them.
#[derive(Clone, PartialEq, Debug)]
pub struct EventRules {
    /// Length of the pit window, which is around the middle of the race, in seconds.
    pub pit_window_s: Option<i64>,
    /// Stops every car must make: who does not is disqualified.
    pub mandatory_stops: Option<i64>,
    /// The longest stint, in seconds.
    pub stint_s: Option<i64>,
    /// The longest time of a driver at the wheel, in seconds, in a crew of `max_drivers`.
    pub driving_s: Option<i64>,
    /// Drivers of a car.
    pub max_drivers: Option<i64>,
    /// Sets of tyres for the weekend.
    pub tyre_sets: Option<i64>,
    /// Cars may refuel in a race.
    pub refuelling: Option<bool>,
    /// Refuelling takes the same time whatever is refuelled.
    pub refuelling_fixed: Option<bool>,
    /// A mandatory stop must have refuelling.
    pub must_refuel: Option<bool>,
    /// A mandatory stop must have a change of tyres.
    pub must_change_tyres: Option<bool>,
    /// A mandatory stop must have a change of drivers, but in cars with one.
    pub must_swap_driver: Option<bool>,
    /// The file as it was read, with everything else that is in it.
    pub document: Document,
}

const HOUR: Bound = Bound { what: "an hour", unit: "", digits: 0, from: 0..=23, remedy: "write one of the day" };
const DAY: Bound = Bound { what: "a day", unit: "", digits: 0, from: 1..=3, remedy: "Friday is 1, Saturday 2, Sunday 3" };
const MULTIPLIER: Bound = Bound { what: "a time multiplier", unit: "", digits: 0, from: 0..=24, remedy: "1 is real time" };
const MINUTES: Bound = Bound { what: "a length", unit: " minutes", digits: 0, from: 1..=2_880, remedy: "give the session a length" };
const WAITING: Bound =
    Bound { what: "a wait before the race", unit: " s", digits: 0, from: 30..=86_400, remedy: "the server waits no less than 30 s" };

/// An object with keys of no value yet.
fn new_document(root: Object) -> Document {
    Document { root: root.into(), style: Style::default(), encoding: SERVER }
}

impl Event {
    /// A weekend at a track without a session yet.
    pub fn new(track: &str) -> Self {
        let root = Object::of([("track", track.into()), ("sessions", Json::List(Vec::new())), ("configVersion", 1.into())]);
        Self::read(new_document(root))
    }

    /// Whether this is one.
    pub fn is(bytes: &[u8]) -> bool {
        sim::beginning(bytes).is_some_and(|text| sim::has(&text, "track") && sim::has(&text, "sessions") && !sim::has(&text, "laps"))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is no JSON, or has no track and no sessions.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let document = Document::decode(bytes)?;
        let root = document.root.object().filter(|root| root.get("track").is_some() || root.get("sessions").is_some());
        let Some(root) = root else { return Err(document.root.flaw("no event: it has neither a track nor sessions")) };
        let known = [
            ("track", Kind::Text),
            ("sessions", Kind::List),
            ("preRaceWaitingTimeSeconds", Kind::Whole),
            ("sessionOverTimeSeconds", Kind::Whole),
        ];
        let mut flaws = sim::unread(root, &known);
        for of in root.rows("sessions") {
            let whole = ["sessionDurationMinutes", "hourOfDay", "dayOfWeekend", "timeMultiplier"].map(|key| (key, Kind::Whole));
            flaws.extend(of.object().map_or_else(|| vec![of.flaw("a session that is none")], |of| sim::unread(of, &whole)));
        }
        Ok((Self::read(document), flaws))
    }

    fn read(document: Document) -> Self {
        let root = &document.root;
        let sessions = root.rows("sessions");
        Self {
            track: root.get("track").and_then(Json::text).unwrap_or_default().to_owned(),
            sessions: sessions.iter().filter_map(|of| Some(Session::read(of.object()?.clone()))).collect(),
            waiting_s: root.get("preRaceWaitingTimeSeconds").and_then(Json::whole),
            overtime_s: root.get("sessionOverTimeSeconds").and_then(Json::whole),
            meta_data: root.get("metaData").and_then(Json::text).map(str::to_owned),
            document,
        }
    }

    /// The tree with what was changed.
    fn changed(&self) -> Document {
        let was = Self::read(self.document.clone());
        let mut document = self.document.clone();
        if let Json::Object(root) = &mut document.root {
            root.change("track", &was.track, &self.track, || Some(self.track.as_str().into()));
            root.change("preRaceWaitingTimeSeconds", &was.waiting_s, &self.waiting_s, || Some(self.waiting_s?.into()));
            root.change("sessionOverTimeSeconds", &was.overtime_s, &self.overtime_s, || Some(self.overtime_s?.into()));
            root.change("metaData", &was.meta_data, &self.meta_data, || Some(self.meta_data.as_deref()?.into()));
            let sessions = || self.sessions.iter().map(|session| session.write().into()).collect::<Vec<Json>>();
            root.change("sessions", &was.sessions, &self.sessions, || Some(sessions().into()));
        }
        document
    }

    /// The file in the encoding and layout it was read in, whatever is in it.
    pub fn encode(&self) -> Vec<u8> {
        self.changed().encode()
    }

    /// The file for a server, in an encoding; [`SERVER`] is the one its handbook demands.
    ///
    /// # Errors
    /// What the server would not take.
    pub fn for_server(&self, encoding: Encoding) -> Result<Vec<u8>, Vec<Beyond>> {
        for_server(self.changed(), encoding, self.beyond())
    }

    /// What the server would not take.
    pub fn beyond(&self) -> Vec<Beyond> {
        let mut told = Vec::new();
        let mut tell = |row, says: String, remedy| told.push(Beyond { row, says, remedy });
        if Track::of(&self.track).is_none() {
            tell(None, format!("no track is called {}", self.track), "write its key, such as brands_hatch");
        } else if without_season(&self.track) != self.track {
            tell(
                None,
                format!("the track {} is of a season", self.track),
                "leave the season out: servers since version 1.8 do not know it",
            );
        }
        if self.sessions.iter().all(|session| session.kind == Some(SessionKind::Race)) {
            tell(None, String::from("every session is a race"), "put practice or qualifying before it");
        }
        for (row, session) in (1..).zip(&self.sessions).filter(|(_, session)| session.kind.is_none()) {
            let word = session.as_read.get("sessionType").and_then(Json::text).unwrap_or_default();
            tell(Some(row), format!("{word:?} is no kind of session"), "write P, Q or R");
        }
        if let Some(waiting) = self.waiting_s {
            WAITING.check(None, waiting, &mut told);
        }
        for (row, session) in (1..).zip(&self.sessions) {
            HOUR.check(Some(row), session.hour, &mut told);
            DAY.check(Some(row), session.day, &mut told);
            MULTIPLIER.check(Some(row), session.time_multiplier, &mut told);
            MINUTES.check(Some(row), session.minutes, &mut told);
        }
        told
    }
}

impl Session {
    /// Of a kind, so long, on Saturday at noon in real time.
    pub fn new(kind: SessionKind, minutes: i64) -> Self {
        let keys = [("hourOfDay", 12), ("dayOfWeekend", 2), ("timeMultiplier", 1)].map(|(key, number)| (key, number.into()));
        let mut as_read = Object::of(keys);
        as_read.set("sessionType", word(kind).into());
        as_read.set("sessionDurationMinutes", minutes.into());
        Self::read(as_read)
    }

    fn read(as_read: Object) -> Self {
        let number = |key| as_read.get(key).and_then(Json::whole).unwrap_or(0);
        let kind = match as_read.get("sessionType").and_then(Json::text) {
            Some("P") => Some(SessionKind::Practice),
            Some("Q") => Some(SessionKind::Qualifying),
            Some("R") => Some(SessionKind::Race),
            _ => None,
        };
        let [minutes, hour, day, time_multiplier] = ["sessionDurationMinutes", "hourOfDay", "dayOfWeekend", "timeMultiplier"].map(number);
        Self { kind, minutes, hour, day, time_multiplier, as_read }
    }

    fn write(&self) -> Object {
        let was = Self::read(self.as_read.clone());
        let mut object = self.as_read.clone();
        object.change("hourOfDay", &was.hour, &self.hour, || Some(self.hour.into()));
        object.change("dayOfWeekend", &was.day, &self.day, || Some(self.day.into()));
        object.change("timeMultiplier", &was.time_multiplier, &self.time_multiplier, || Some(self.time_multiplier.into()));
        object.change("sessionType", &was.kind, &self.kind, || Some(word(self.kind?).into()));
        object.change("sessionDurationMinutes", &was.minutes, &self.minutes, || Some(self.minutes.into()));
        object
    }
}

/// The server knows three kinds.
fn word(kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::Practice | SessionKind::WarmUp => "P",
        SessionKind::Qualifying => "Q",
        SessionKind::Race | SessionKind::QualifyingRace => "R",
    }
}

impl Default for EventRules {
    fn default() -> Self {
        Self::read(new_document(Object::default()))
    }
}

const PIT_WINDOW: &str = "pitWindowLengthSec";
const STOPS: &str = "mandatoryPitstopCount";
const STINT: &str = "driverStintTimeSec";
const DRIVING: &str = "maxTotalDrivingTime";
const DRIVERS: &str = "maxDriversCount";
const TYRES: &str = "tyreSetCount";
const NUMBERS: [&str; 6] = [PIT_WINDOW, STOPS, STINT, DRIVING, DRIVERS, TYRES];

const REFUELLING: &str = "isRefuellingAllowedInRace";
const FIXED: &str = "isRefuellingTimeFixed";
const REFUEL: &str = "isMandatoryPitstopRefuellingRequired";
const CHANGE_TYRES: &str = "isMandatoryPitstopTyreChangeRequired";
const SWAP: &str = "isMandatoryPitstopSwapDriverRequired";
const TRUTHS: [&str; 5] = [REFUELLING, FIXED, REFUEL, CHANGE_TYRES, SWAP];

impl EventRules {
    /// Whether this is one.
    pub fn is(bytes: &[u8]) -> bool {
        let Some(text) = sim::beginning(bytes) else { return false };
        NUMBERS.iter().chain(&TRUTHS).chain(&["qualifyStandingType"]).any(|key| sim::has(&text, key))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is no JSON, or no object.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let document = Document::decode(bytes)?;
        let Some(root) = document.root.object() else { return Err(document.root.flaw("no rules of an event: no object")) };
        let flaws = [sim::unread(root, &NUMBERS.map(|key| (key, Kind::Whole))), sim::unread(root, &TRUTHS.map(|key| (key, Kind::Truth)))];
        Ok((Self::read(document), flaws.concat()))
    }

    fn read(document: Document) -> Self {
        let root = &document.root;
        // The server writes -1 for none.
        let number = |key| root.get(key).and_then(Json::whole::<i64>).filter(|number| *number >= 0);
        let truth = |key| root.get(key).and_then(Json::truth);
        Self {
            pit_window_s: number(PIT_WINDOW),
            mandatory_stops: number(STOPS),
            stint_s: number(STINT),
            driving_s: number(DRIVING),
            max_drivers: number(DRIVERS),
            tyre_sets: number(TYRES),
            refuelling: truth(REFUELLING),
            refuelling_fixed: truth(FIXED),
            must_refuel: truth(REFUEL),
            must_change_tyres: truth(CHANGE_TYRES),
            must_swap_driver: truth(SWAP),
            document,
        }
    }

    fn numbers(&self) -> [Option<i64>; 6] {
        [self.pit_window_s, self.mandatory_stops, self.stint_s, self.driving_s, self.max_drivers, self.tyre_sets]
    }

    fn truths(&self) -> [Option<bool>; 5] {
        [self.refuelling, self.refuelling_fixed, self.must_refuel, self.must_change_tyres, self.must_swap_driver]
    }

    /// The tree with what was changed.
    fn changed(&self) -> Document {
        let was = Self::read(self.document.clone());
        let mut document = self.document.clone();
        if let Json::Object(root) = &mut document.root {
            for ((key, was), now) in NUMBERS.iter().zip(was.numbers()).zip(self.numbers()) {
                root.change(key, &was, &now, || Some(now?.into()));
            }
            for ((key, was), now) in TRUTHS.iter().zip(was.truths()).zip(self.truths()) {
                root.change(key, &was, &now, || Some(now?.into()));
            }
        }
        document
    }

    /// The file in the encoding and layout it was read in, whatever is in it.
    pub fn encode(&self) -> Vec<u8> {
        self.changed().encode()
    }

    /// The file for a server, in an encoding; [`SERVER`] is the one its handbook demands.
    ///
    /// # Errors
    /// What the server would take for something else.
    pub fn for_server(&self, encoding: Encoding) -> Result<Vec<u8>, Vec<Beyond>> {
        for_server(self.changed(), encoding, self.beyond())
    }

    /// What the server would take for something else.
    pub fn beyond(&self) -> Vec<Beyond> {
        let mut told = Vec::new();
        let mut tell = |says: &str, remedy| told.push(Beyond { row: None, says: says.to_owned(), remedy });
        let stops = self.mandatory_stops.unwrap_or(0);
        if self.pit_window_s.is_some() && stops != 1 {
            tell("a pit window is for one mandatory stop", "demand one stop, or leave the window out");
        }
        if self.driving_s.is_some() && self.stint_s.is_none() {
            tell("a longest time of a driver needs a longest stint", "give both, or neither");
        }
        if stops == 0 && self.truths()[2..].contains(&Some(true)) {
            tell("what a mandatory stop must have is said, and no stop is mandatory", "demand a stop");
        }
        if self.driving_s.is_some() && self.max_drivers.is_none_or(|drivers| drivers < 2) {
            tell("a longest time of a driver is for crews", "say how many drivers a car may have");
        }
        told
    }
}
