//! What a result file tells.

use std::collections::{BTreeMap, BTreeSet};

use sport::date::Micros;
use sport::result::Finish;
use sport::session::SessionKind;

use super::NO_TIME;
use crate::account::{About, Account, Car, Claim, Driver, Lap, Note, Penalty, PenaltyKind};
use crate::flaw::Flaw;
use crate::json::{Json, Object};
use crate::sim::{self, Kind};

/// What the tree of a file tells, and the rows of it that tell nothing.
pub(super) fn read(root: &Json) -> (Account, Vec<Flaw>) {
    let mut reading = Reading { account: Account { about: about(root), ..Account::default() }, ..Reading::default() };
    // A list without anything in it is `null`.
    let list = |key| root.rows(key);
    for car in list("Cars") {
        reading.car(car);
    }
    for row in list("Result") {
        reading.result(row);
    }
    reading.laps(list("Laps"));
    for (id, rows) in std::mem::take(&mut reading.unknown) {
        reading.note("car-unknown", None, None, format!("car {id} is not on the entry list: results and laps that are its own: {rows}"));
    }
    (reading.account, reading.flaws)
}

fn about(root: &Json) -> About {
    let text = |key| sim::said(root.get(key));
    let session = text("Type");
    About {
        kind: session.as_deref().and_then(kind),
        session,
        track: text("TrackName").map(|track| text("TrackConfig").map_or(track.clone(), |config| format!("{track}/{config}"))),
        written: text("Date").as_deref().and_then(sim::instant),
        planned: root.get("DurationSecs").and_then(|seconds| sim::time(seconds, 0)).filter(|planned| planned.0 > 0),
        planned_laps: root.get("RaceLaps").and_then(Json::whole).filter(|laps| *laps > 0),
        publisher: text("Server"),
        ..About::default()
    }
}

/// What the word for a session stands for.
pub(super) fn kind(word: &str) -> Option<SessionKind> {
    match word {
        "PRACTICE" => Some(SessionKind::Practice),
        "QUALIFY" => Some(SessionKind::Qualifying),
        "RACE" => Some(SessionKind::Race),
        _ => None,
    }
}

#[derive(Default)]
struct Reading {
    account: Account,
    flaws: Vec<Flaw>,
    /// Positions of cars by their places on the entry list; none of one that nobody drove.
    cars: BTreeMap<i64, Option<usize>>,
    /// Rows of cars that are not on the entry list.
    unknown: BTreeMap<i64, u32>,
    /// Who is on the entry list.
    listed: BTreeSet<String>,
    /// Positions of drivers by their cars and who they are.
    drivers: BTreeMap<(usize, String), usize>,
    /// Cars that have a result.
    classified: BTreeSet<usize>,
    /// How many of them have a place.
    placed: u16,
}

impl Reading {
    fn note(&mut self, code: &'static str, car: Option<usize>, place: Option<&Object>, says: String) {
        let line = place.map(|object| object.place.line).filter(|line| *line > 0);
        self.account.notes.push(Note { code, car, line, says });
    }

    /// A row and the number of its car; told where it has none.
    fn row<'j>(&mut self, row: &'j Json, what: &str) -> Option<(&'j Object, i64)> {
        let found = row.object().and_then(|of| Some((of, of.get("CarId")?.whole::<i64>()?)));
        if found.is_none() {
            self.flaws.push(row.flaw(format!("{what} without a CarId")));
        }
        found
    }

    /// The position of a car, where anybody drove it.
    fn position(&mut self, id: i64) -> Option<usize> {
        let known = self.cars.get(&id).copied();
        if known.is_none() {
            *self.unknown.entry(id).or_default() += 1;
        }
        known.flatten()
    }

    /// A place on the entry list. Most have no driver: nobody took them.
    fn car(&mut self, row: &Json) {
        let Some((of, id)) = self.row(row, "a car") else { return };
        let index = self.account.cars.len();
        let driver = of.get("Driver").map(driver).unwrap_or_default();
        let taken = !driver.name.is_empty() || driver.id.is_some();
        if self.cars.contains_key(&id) {
            self.note("car-twice", None, Some(of), format!("car {id} is on the entry list twice"));
            return;
        }
        self.cars.insert(id, taken.then_some(index));
        if !taken {
            return;
        }
        self.drivers.insert((index, who(&driver)), 0);
        if !self.listed.insert(who(&driver)) {
            self.note("driver-twice", Some(index), Some(of), format!("{} is on the entry list twice", driver.name));
        }
        self.flaws.extend(sim::unread(of, &[("BallastKG", Kind::Number), ("Restrictor", Kind::Number)]));
        self.account.cars.push(Car {
            number: id.to_string(),
            team: of.get("Driver").and_then(|driver| sim::said(driver.get("Team"))),
            model: sim::said(of.get("Model")),
            drivers: vec![driver],
            ballast_g: of.get("BallastKG").and_then(|kg| kg.scaled(3)),
            restrictor: of.get("Restrictor").and_then(|per_cent| u32::try_from(per_cent.scaled(2)?).ok()),
            ..Car::default()
        });
    }

    /// A row of the classification, which is in its order; places that nobody took are among them.
    fn result(&mut self, row: &Json) {
        let Some((of, id)) = self.row(row, "a result") else { return };
        let Some(car) = self.position(id) else { return };
        if !self.classified.insert(car) {
            self.note("car-twice", Some(car), Some(of), String::from("is in the classification twice: the first counts"));
            return;
        }
        self.flaws.extend(sim::unread(of, &[("BestLap", Kind::Number), ("TotalTime", Kind::Number), ("PenaltyTime", Kind::Whole)]));
        let mut claim = Claim::of(car);
        if of.get("Disqualified").and_then(Json::truth) == Some(true) {
            claim.finish = Finish::Disqualified;
        } else {
            self.placed = self.placed.saturating_add(1);
            claim.place = Some(self.placed);
        }
        claim.best = of.get("BestLap").and_then(lap_time);
        let race = self.account.about.kind.is_none_or(|kind| kind == SessionKind::Race);
        claim.time = of.get("TotalTime").and_then(lap_time).filter(|_| race);
        self.account.claims.push(claim);
        self.penalties(of, car);
    }

    /// Penalties of a manager of servers. They change its classification, and not the total time.
    fn penalties(&mut self, of: &Object, car: usize) {
        let number = |key| of.get(key).and_then(Json::whole::<i64>).filter(|number| *number > 0);
        let given =
            |kind, words: String| Penalty { car, driver: None, kind, words, lap: None, served: None, after: true, contained: false };
        if let Some(nanoseconds) = number("PenaltyTime") {
            let time = PenaltyKind::Time(Micros(nanoseconds / 1_000));
            self.account.penalties.push(given(time, String::from("PenaltyTime")));
        }
        if let Some(laps) = number("LapPenalty") {
            self.account.penalties.push(given(PenaltyKind::Other, format!("LapPenalty {laps}")));
        }
    }

    fn laps(&mut self, laps: &[Json]) {
        let mut numbers = vec![0_u32; self.account.cars.len()];
        let mut stamps = Vec::with_capacity(laps.len());
        for row in laps {
            let Some((of, id)) = self.row(row, "a lap") else { continue };
            let Some(car) = self.position(id) else { continue };
            numbers[car] = numbers[car].saturating_add(1);
            let lap = self.lap(of, car, numbers[car]);
            self.account.laps.push(lap);
            stamps.extend(of.get("Timestamp").and_then(Json::whole::<i64>));
        }
        self.account.laps_as_completed = !self.account.laps.is_empty() && stamps.is_sorted();
    }

    fn lap(&mut self, of: &Object, car: usize, number: u32) -> Lap {
        self.flaws.extend(sim::unread(of, &[("LapTime", Kind::Number), ("Sectors", Kind::List), ("Cuts", Kind::Whole)]));
        Lap {
            driver: self.driver(of, car),
            time: of.get("LapTime").and_then(lap_time),
            sectors: of.rows("Sectors").iter().map(lap_time).collect(),
            // The best laps that servers tell are those of laps without a cut, in every file seen.
            valid: of.get("Cuts").and_then(Json::whole::<i64>).is_none_or(|cuts| cuts == 0),
            ..Lap::of(car, number)
        }
    }

    /// Who drove a lap. The entry list has one driver of a car; who took over is only in the laps.
    fn driver(&mut self, of: &Object, car: usize) -> Option<usize> {
        let (name, id) = (sim::said(of.get("DriverName")), sim::said(of.get("DriverGuid")));
        if name.is_none() && id.is_none() {
            return None;
        }
        let driver = Driver { name: name.unwrap_or_default(), id, ..Driver::default() };
        let drivers = &mut self.account.cars[car].drivers;
        let position = *self.drivers.entry((car, who(&driver))).or_insert(drivers.len());
        if position == drivers.len() {
            drivers.push(driver);
        }
        Some(position)
    }
}

/// What a driver is known by: the account, or else the name.
fn who(driver: &Driver) -> String {
    driver.id.clone().unwrap_or_else(|| driver.name.clone())
}

fn driver(of: &Json) -> Driver {
    Driver {
        name: sim::said(of.get("Name")).unwrap_or_default().replace(char::is_control, " "),
        id: sim::said(of.get("Guid")),
        nationality: sim::said(of.get("Nation")),
        ..Driver::default()
    }
}

/// A time in milliseconds, where there is one.
fn lap_time(json: &Json) -> Option<Micros> {
    sim::time(json, 3).filter(|time| time.0 > 0 && time.0 != NO_TIME * 1_000)
}
