//! A session as a viewer of Swiss Timing's live timing archived it: a JSON file of what it showed last, the laps it saw, and what race control said.
//!
//! It is what a viewer made of the timing, and not the timing: laps that it did not see are missing, so that the numbers of laps have gaps. It is only read.

use std::collections::HashMap;

use sport::date::Instant;

use super::{kind, moment, note_local_time, race_control};
use crate::account::{About, Account, Car, Claim, Driver, Lap, Message, Note, Penalty};
use crate::flaw::Flaw;
use crate::json::{Document, Json, Object};
use crate::sim::{self, Kind};
use crate::written;

/// An archived session.
#[derive(Clone, PartialEq, Debug)]
pub struct Session {
    /// The file as it stands.
    pub document: Document,
}

impl Session {
    /// Whether this is one, by the keys at its beginning.
    pub fn is(bytes: &[u8]) -> bool {
        sim::beginning(bytes).is_some_and(|text| sim::has(&text, "vm") && (sim::has(&text, "savedAt") || sim::has(&text, "carCount")))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is no JSON, or no archived session.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let document = Document::decode(bytes)?;
        let state = document.root.get("vm");
        if state.and_then(|state| state.get("session").or(state.get("cars"))).is_none() {
            return Err(document.root.flaw("no archived session: its vm has neither a session nor cars"));
        }
        let flaws = read(&document.root).1;
        Ok((Self { document }, flaws))
    }

    /// The file.
    pub fn encode(&self) -> Vec<u8> {
        self.document.encode()
    }

    /// What it tells.
    pub fn account(&self) -> Account {
        read(&self.document.root).0
    }
}

/// What the tree of a file tells, and what in it tells nothing.
fn read(root: &Json) -> (Account, Vec<Flaw>) {
    let mut reading = Reading::default();
    let state = |key| root.get("vm").and_then(|state| state.get(key));
    if let Some(session) = state("session").and_then(Json::object) {
        reading.about(session);
    }
    reading.account.about.written = sim::said(root.get("savedAt")).as_deref().and_then(saved);
    for car in state("cars").map_or(&[][..], Json::list) {
        reading.car(car);
    }
    reading.laps(root, state("cars"));
    for announcement in state("announcements").map_or(&[][..], Json::list) {
        reading.announcement(announcement);
    }
    note_local_time(&mut reading.account);
    (reading.account, reading.flaws)
}

/// `2031-07-04T09:30:02.500Z`, to the second.
fn saved(written: &str) -> Option<Instant> {
    let (seconds, _) = written.split_once('.').unwrap_or((written.strip_suffix('Z')?, ""));
    sim::instant(&format!("{seconds}Z"))
}

#[derive(Default)]
struct Reading {
    account: Account,
    flaws: Vec<Flaw>,
    /// Cars by their numbers.
    cars: HashMap<String, usize>,
    /// The drivers of each car by what the file calls them: by their seats.
    seats: Vec<HashMap<String, usize>>,
}

impl Reading {
    fn about(&mut self, session: &Object) {
        let text = |key| sim::said(session.get(key));
        let name = text("sessionName");
        let (kind, number) = name.as_deref().map_or((None, None), kind);
        let written = text("startTime");
        let began = written.as_deref().and_then(moment);
        if written.is_some() && began.is_none() {
            self.flaws.push(Json::Object(session.clone()).flaw("the startTime of the session is none"));
        }
        // What it has in milliseconds is the same clock taken for UTC, and so by hours another moment.
        let (competition, event, track) = (text("competition"), text("meeting"), text("trackName"));
        self.account.about = About { competition, event, track, session: name, kind, number, began, ..About::default() };
    }

    fn note(&mut self, code: &'static str, car: usize, place: &Object, says: String) {
        let line = Some(place.place.line).filter(|line| *line > 0);
        self.account.notes.push(Note { code, car: Some(car), line, says });
    }

    fn car(&mut self, row: &Json) {
        let Some((of, number)) = row.object().and_then(|of| Some((of, sim::said(of.get("nr"))?))) else {
            self.flaws.push(row.flaw("a car without a nr"));
            return;
        };
        let car = self.account.cars.len();
        if self.cars.contains_key(&number) {
            self.flaws.push(row.flaw(format!("car {number} a second time: the first counts")));
            return;
        }
        self.cars.insert(number.clone(), car);
        let crew = of.get("drivers").map_or(&[][..], Json::list);
        let seat = |(nth, driver): (usize, &Json)| Some((sim::said(driver.get("id"))?, nth));
        self.seats.push(crew.iter().enumerate().rev().filter_map(seat).collect());
        let text = |key| sim::said(of.get(key));
        self.account.cars.push(Car {
            number,
            cup: text("className"),
            team: text("team"),
            model: text("vehicle"),
            maker: text("manufacturer"),
            drivers: crew.iter().map(driver).collect(),
            ..Car::default()
        });
        let claim = self.claim(car, of);
        self.account.claims.push(claim);
    }

    /// What was shown of a car: the order of the file is that of its places.
    fn claim(&mut self, car: usize, of: &Object) -> Claim {
        self.flaws.extend(sim::unread(
            of,
            &[
                ("pos", Kind::Whole),
                ("classPos", Kind::Whole),
                ("laps", Kind::Whole),
                ("bestLapNr", Kind::Whole),
                ("pitCount", Kind::Whole),
            ],
        ));
        let shown = sim::said(of.get("gap")).filter(|gap| gap != "-");
        let gap = shown.as_deref().and_then(written::time).filter(|gap| gap.0 > 0);
        if let Some(words) = shown.filter(|_| gap.is_none()) {
            self.note("gap-in-words", car, of, format!("its gap is `{}`", words.chars().take(40).collect::<String>()));
        }
        Claim {
            place: of.get("pos").and_then(Json::whole).filter(|place| *place > 0),
            class_place: of.get("classPos").and_then(Json::whole).filter(|place| *place > 0),
            laps: of.get("laps").and_then(Json::whole),
            best: of.get("bestLap").and_then(|lap| sim::time(lap.get("ms")?, 3)).filter(|time| time.0 > 0),
            best_lap: of.get("bestLapNr").and_then(Json::whole).filter(|lap| *lap > 0),
            stops: of.get("pitCount").and_then(Json::whole),
            gap,
            ..Claim::of(car)
        }
    }

    /// The laps, which stand beside the cars; in files without those, within them.
    fn laps(&mut self, root: &Json, cars: Option<&Json>) {
        let details = root.get("carsDetail").map_or(&[][..], Json::list);
        let rows = if details.is_empty() { cars.map_or(&[][..], Json::list) } else { details };
        for row in rows {
            let known = sim::said(row.get("nr")).and_then(|number| self.cars.get(&number).copied());
            let Some(car) = known else {
                self.flaws.push(row.flaw("laps of a car that is not in the list"));
                continue;
            };
            for lap in row.get("lapHistory").map_or(&[][..], Json::list) {
                self.lap(car, lap);
            }
        }
        self.account.number_laps();
    }

    fn lap(&mut self, car: usize, row: &Json) {
        let found = row.object().and_then(|of| Some((of, of.get("lapNr")?.whole::<u32>().filter(|number| *number > 0)?)));
        let Some((of, number)) = found else {
            self.flaws.push(row.flaw("a lap without a lapNr"));
            return;
        };
        let ms = |of: &Json| sim::time(of.get("ms")?, 3).filter(|time| time.0 > 0);
        if let Some(time) = of.get("lapTime").and_then(Json::object) {
            self.flaws.extend(sim::unread(time, &[("ms", Kind::Number)]));
        }
        let seat = sim::said(of.get("driverId"));
        let sectors = of.get("sectors");
        let last = (1..=9).rev().find(|nth| sectors.and_then(|of| of.get(&format!("S{nth}"))).is_some()).unwrap_or(0);
        self.account.laps.push(Lap {
            driver: seat.and_then(|seat| self.seats[car].get(&seat).copied()),
            time: of.get("lapTime").and_then(ms),
            sectors: (1..=last).map(|nth| sectors.and_then(|of| of.get(&format!("S{nth}"))).and_then(ms)).collect(),
            ..Lap::of(car, number)
        });
    }

    fn announcement(&mut self, row: &Json) {
        let Some(text) = sim::said(row.get("text")) else {
            self.flaws.push(row.flaw("an announcement without a text"));
            return;
        };
        for (number, kind) in race_control::penalties(&text) {
            let Some(car) = self.cars.get(&number).copied() else { continue };
            let words = text.clone();
            self.account.penalties.push(Penalty {
                car,
                driver: None,
                kind,
                words,
                lap: None,
                served: None,
                after: false,
                contained: false,
            });
        }
        let at = sim::said(row.get("dt")).as_deref().and_then(moment);
        self.account.messages.push(Message { elapsed: None, at, text });
    }
}

fn driver(of: &Json) -> Driver {
    let text = |key| sim::said(of.get(key));
    Driver { name: text("name").unwrap_or_default(), short: text("short"), nationality: text("country"), ..Driver::default() }
}
