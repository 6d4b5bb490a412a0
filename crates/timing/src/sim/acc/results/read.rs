//! What a result file tells.

use std::collections::BTreeMap;

use sport::date::Micros;
use sport::result::Finish;
use sport::session::SessionKind;

use super::NO_TIME;
use crate::account::{Account, Car, Claim, Driver, Lap, Note, Penalty, PenaltyKind};
use crate::flaw::Flaw;
use crate::json::{Json, Object};
use crate::sim::acc::tables::{self, CarModel, Platform};
use crate::sim::{self, Kind};
use crate::written::printed;

/// What the tree of a file tells, and the rows of it that tell nothing.
pub(super) fn read(root: &Json, platform: Platform) -> (Account, Vec<Flaw>) {
    let mut reading = Reading { platform, ..Reading::default() };
    let result = root.get("sessionResult").or_else(|| root.get("snapShot")).unwrap_or(&Json::Null);
    reading.about(root, result);
    if result.get("leaderBoardLines").is_none() {
        reading.note("classification-missing", None, None, String::from("it has no classification"));
    }
    if root.get("laps").is_none() {
        reading.note("laps-missing", None, None, String::from("it has no laps"));
    }
    for (nth, line) in result.rows("leaderBoardLines").iter().enumerate() {
        reading.line(line, nth);
    }
    reading.laps(root.rows("laps"));
    for (list, after) in [("penalties", false), ("post_race_penalties", true)] {
        for penalty in root.rows(list) {
            reading.penalty(penalty, after);
        }
    }
    reading.unknown_cars();
    (reading.account, reading.flaws)
}

#[derive(Default)]
struct Reading {
    platform: Platform,
    account: Account,
    flaws: Vec<Flaw>,
    /// Positions of cars by what the server calls them.
    cars: BTreeMap<i64, usize>,
    /// Rows of cars that are not in the classification.
    unknown: BTreeMap<i64, u32>,
    /// The rows of the classification say their places.
    placed: bool,
    /// Rows of it so far that are of nobody who drove.
    spectators: usize,
}

impl Reading {
    fn note(&mut self, code: &'static str, car: Option<usize>, place: Option<&Object>, says: String) {
        let line = place.map(|object| object.place.line).filter(|line| *line > 0);
        self.account.notes.push(Note { code, car, line, says });
    }

    fn is_race(&self) -> bool {
        self.account.about.kind.is_none_or(|kind| kind == SessionKind::Race)
    }

    fn about(&mut self, root: &Json, result: &Json) {
        let head = root.get("sessionDef").unwrap_or(root);
        let types: Vec<String> = head.object().into_iter().flat_map(|head| head.all("sessionType")).filter_map(as_word).collect();
        if types.iter().any(|other| Some(other) != types.first()) {
            self.note("session-type-twice", None, head.object(), format!("it says two session types, {}", types.join(" and ")));
        }
        let about = &mut self.account.about;
        about.session = types.into_iter().next();
        let told = about.session.as_deref().map(kind);
        about.kind = told.and_then(|(kind, _)| kind);
        about.number = told.and_then(|(_, number)| number);
        if about.kind.is_none() && result.get("type").and_then(Json::whole) == Some(1_u8) {
            about.kind = Some(SessionKind::Race);
        }
        let either = |key| sim::said(head.get(key).or_else(|| root.get(key)));
        about.track = either("trackName").map(|key| tables::without_season(&key).to_owned());
        about.event = sim::said(root.get("metaData"));
        about.publisher = either("serverName");
        about.wet = result.get("isWetSession").and_then(Json::truth);
        about.planned = head.get("sessionDuration").and_then(|seconds| sim::time(seconds, 0)).filter(|planned| planned.0 > 0);
        // A manager of servers writes the moment of the file's name, which is that of the session's end.
        about.written = root.get("Date").and_then(Json::text).and_then(sim::instant);
        if let (Some(session), None) = (&about.session, about.kind) {
            let says = format!("the session type {session} is not known");
            self.note("session-type-unknown", None, head.object(), says);
        }
    }

    /// A row of the classification. Its order is the classification; the file has no places.
    fn line(&mut self, line: &Json, nth: usize) {
        let (Some(row), Some(of)) = (line.object(), line.get("car").and_then(Json::object)) else {
            self.flaws.push(line.flaw("a row of the classification without a car"));
            return;
        };
        let index = self.account.cars.len();
        let car = self.car(of, index);
        self.account.cars.push(car);
        let mut claim = Claim::of(index);
        // An independent server writes rows in no order, with their places, and the laps of one car after those of another: said by its
        // source, not seen.
        self.placed |= line.get("position").is_some();
        claim.place = line.get("position").map_or_else(|| u16::try_from(nth + 1 - self.spectators).ok(), Json::whole);
        if line.get("bIsSpectator").and_then(Json::truth) == Some(true) {
            self.spectators += 1;
            (claim.place, claim.status) = (None, Some(String::from("spectator")));
            self.note("spectator", Some(index), Some(row), String::from("is listed as a spectator"));
        }
        if line.get("disqualified").and_then(Json::truth) == Some(true) {
            (claim.place, claim.finish) = (None, Finish::Disqualified);
        }
        if let Some(timing) = line.get("timing") {
            self.timing(timing, &mut claim, row);
        }
        for (driver, total) in line.rows("driverTotalTimes").iter().enumerate() {
            let known = driver < self.account.cars[index].drivers.len();
            claim.drove.extend(sim::time(total, 3).filter(|total| known && total.0 > 0).map(|total| (driver, total)));
        }
        if let Some(missing) = line.get("missingMandatoryPitstop").and_then(Json::whole::<u32>).filter(|missing| *missing > 0) {
            self.note("mandatory-stop-missed", Some(index), Some(row), format!("mandatory stops missed: {missing}"));
        }
        self.account.claims.push(claim);
    }

    fn timing(&mut self, timing: &Json, claim: &mut Claim, line: &Object) {
        if let Some(timing) = timing.object() {
            let known = [("lapCount", Kind::Whole), ("bestLap", Kind::Number), ("totalTime", Kind::Number)];
            self.flaws.extend(sim::unread(timing, &known));
        }
        claim.laps = timing.get("lapCount").and_then(Json::whole);
        claim.best = timing.get("bestLap").and_then(lap_time);
        let Some(total) = timing.get("totalTime").and_then(Json::whole::<i64>) else { return };
        // Numbers that were negative in 32 bits.
        if !(0..=NO_TIME).contains(&total) {
            let says = format!("its total time is told as {total}, which is none");
            self.note("total-wrapped", Some(claim.car), Some(line), says);
        } else if self.is_race() {
            // Penalties added after the race are in it.
            claim.time = timing.get("totalTime").and_then(lap_time);
        }
    }

    fn car(&mut self, of: &Object, index: usize) -> Car {
        let whole = ["carId", "raceNumber", "carModel", "cupCategory", "nationality"].map(|key| (key, Kind::Whole));
        self.flaws.extend(sim::unread(of, &whole));
        let mut car = Car {
            number: of.get("raceNumber").and_then(Json::whole::<i64>).map(|number| number.to_string()).unwrap_or_default(),
            ..Car::default()
        };
        if car.number.is_empty() {
            self.note("number-missing", Some(index), Some(of), String::from("has no race number"));
        }
        match of.get("carId").and_then(Json::whole::<i64>) {
            Some(id) if self.cars.contains_key(&id) => {
                self.note("car-twice", Some(index), Some(of), format!("carId {id} is listed twice: its laps are the first one's"));
            }
            Some(id) => drop(self.cars.insert(id, index)),
            None => {
                let says = String::from("has no carId: no lap and no penalty can be told to be its own");
                self.note("car-id-missing", Some(index), Some(of), says);
            }
        }
        car.key = of.get("carId").and_then(Json::whole::<i64>).map(|id| id.to_string());
        self.model(of, &mut car, index);
        car.class = sim::said(of.get("carGroup")).or(car.class);
        car.cup = of.get("cupCategory").and_then(Json::whole::<usize>).and_then(|cup| tables::CUPS.get(cup)).map(|cup| (*cup).to_owned());
        car.team = sim::said(of.get("teamName"));
        // 0 is any.
        car.nationality = of.get("nationality").and_then(Json::whole).filter(|id| *id > 0).and_then(tables::nationality).map(str::to_owned);
        car.drivers = of.rows("drivers").iter().map(driver).collect();
        if car.drivers.iter().any(|driver| driver.last.as_ref().is_some_and(|last| last.contains('\n'))) {
            let says = String::from("a family name has several lines: leagues write a team in the second");
            self.note("name-in-lines", Some(index), Some(of), says);
        }
        car.ballast_g = of.get("ballastKg").and_then(|kg| kg.scaled(3));
        car.restrictor = of.get("restrictor").and_then(|per_cent| u32::try_from(per_cent.scaled(2)?).ok());
        car
    }

    /// The model by its number, and its group, which older files have only so.
    fn model(&mut self, of: &Object, car: &mut Car, index: usize) {
        let Some(id) = of.get("carModel").and_then(Json::whole::<i64>) else {
            self.note("model-missing", Some(index), Some(of), String::from("has no car model"));
            return;
        };
        match u16::try_from(id).ok().and_then(|id| CarModel::numbered(id, self.platform)) {
            Some(model) => {
                car.model = Some(model.name.to_owned());
                car.maker = Some(model.maker.to_owned());
                car.class = Some(model.group.to_owned());
            }
            None => {
                car.model = Some(id.to_string());
                self.note("model-unknown", Some(index), Some(of), format!("the car model {id} is not known"));
            }
        }
    }

    /// The laps, as they were completed over all cars. Of one car they have numbers only by their order.
    fn laps(&mut self, laps: &[Json]) {
        let mut numbers = vec![0_u32; self.account.cars.len()];
        let mut first = FirstLaps::default();
        let mut odd = 0_u32;
        for row in laps {
            let Some((lap, id)) = row.object().and_then(|lap| Some((lap, lap.get("carId")?.whole::<i64>()?))) else {
                self.flaws.push(row.flaw("a lap without a carId"));
                continue;
            };
            let Some(car) = self.cars.get(&id).copied() else {
                *self.unknown.entry(id).or_default() += 1;
                continue;
            };
            numbers[car] = numbers[car].saturating_add(1);
            let mut told = self.lap(lap, car, numbers[car]);
            odd += u32::from(!adds_up(&told));
            if told.number == 1 {
                first.take(&mut told, self.account.claims[car].best);
            }
            self.account.laps.push(told);
        }
        self.account.laps_as_completed = !self.placed && !self.account.laps.is_empty();
        if let Some(says) = first.says() {
            self.note("first-lap-untimed", None, None, says);
        }
        if odd > 0 {
            self.note("splits-differ", None, None, format!("laps whose splits do not add up to them: {odd}"));
        }
    }

    fn lap(&mut self, of: &Object, car: usize, number: u32) -> Lap {
        let mut lap = Lap::of(car, number);
        // The game's own file has two of the keys in another form.
        let any = |keys: [&str; 2]| of.get(keys[0]).or_else(|| of.get(keys[1]));
        let driver = any(["driverIndex", "driverId"]).and_then(Json::whole::<usize>);
        lap.driver = driver.filter(|driver| *driver < self.account.cars[car].drivers.len());
        if let (Some(driver), None) = (driver, lap.driver) {
            let says = format!("driver {driver} of its lap {number} is not among its drivers");
            self.note("driver-unknown", Some(car), Some(of), says);
        }
        let known = [("laptime", Kind::Number), ("lapTime", Kind::Number), ("splits", Kind::List), ("isValidForBest", Kind::Truth)];
        self.flaws.extend(sim::unread(of, &known));
        lap.time = any(["laptime", "lapTime"]).and_then(lap_time);
        lap.sectors = of.rows("splits").iter().map(lap_time).collect();
        lap.valid = of.get("isValidForBest").and_then(Json::truth).unwrap_or(true);
        lap
    }

    fn penalty(&mut self, row: &Json, after: bool) {
        let Some((of, id)) = row.object().and_then(|of| Some((of, of.get("carId")?.whole::<i64>()?))) else {
            self.flaws.push(row.flaw("a penalty without a carId"));
            return;
        };
        let Some(car) = self.cars.get(&id).copied() else {
            *self.unknown.entry(id).or_default() += 1;
            return;
        };
        let word = |key| of.get(key).and_then(Json::text).unwrap_or("None");
        let value = of.get("penaltyValue").and_then(Json::whole::<i64>).unwrap_or(0);
        let lap = |key| of.get(key).and_then(Json::whole::<u32>);
        let (violation, cleared) = (lap("violationInLap"), lap("clearedInLap"));
        let kind = penalty_kind(word("penalty"), value);
        // Both count the laps completed before: of nine penalties for cutting in qualifying and practice each one's lap number
        // `violationInLap` + 1 is the one not valid. One without a penalty has the lap only where others have when it was served.
        let lap = if kind == PenaltyKind::Warning { violation.filter(|lap| *lap > 0).or(cleared) } else { violation };
        self.account.penalties.push(Penalty {
            car,
            driver: of.get("driverIndex").and_then(Json::whole).filter(|driver| *driver < self.account.cars[car].drivers.len()),
            kind,
            words: format!("{}/{}/{value}", word("reason"), word("penalty")),
            lap: lap.map(|lap| lap.saturating_add(1)),
            served: cleared.filter(|lap| *lap > 0).map(|lap| lap.saturating_add(1)),
            after,
            contained: matches!(kind, PenaltyKind::Time(_)),
        });
    }

    fn unknown_cars(&mut self) {
        for (id, rows) in std::mem::take(&mut self.unknown) {
            let says = format!("carId {id} is not in the classification: laps and penalties that are its own: {rows}");
            self.note("car-unknown", None, None, says);
        }
    }
}

/// The first laps of a session. The server counts them from when the driver came in, so that they say nothing, unless it made one of them
/// the best of its car: then it took it for a lap time, as servers of 2025 do in qualifying.
#[derive(Default)]
struct FirstLaps {
    untimed: Vec<Micros>,
    kept: u32,
}

impl FirstLaps {
    fn take(&mut self, lap: &mut Lap, best: Option<Micros>) {
        if lap.time.is_some() && lap.time == best {
            self.kept += 1;
            return;
        }
        self.untimed.extend(lap.time.take());
        if let Some(first) = lap.sectors.first_mut() {
            *first = None;
        }
    }

    fn says(&self) -> Option<String> {
        let (shortest, longest) = (self.untimed.iter().min()?, self.untimed.iter().max()?);
        let range = format!("{} to {}", printed(*shortest), printed(*longest));
        let kept = if self.kept == 0 { String::new() } else { format!("; kept, as it is the best of its car: {}", self.kept) };
        Some(format!(
            "first laps are counted from when a driver came in and are no lap times: {} of them, {range}{kept}",
            self.untimed.len()
        ))
    }
}

/// Whether the sectors of a lap are the lap, to a millisecond for each: servers cut halves of one.
fn adds_up(lap: &Lap) -> bool {
    let sum = lap.sectors.iter().try_fold(0_i64, |sum, sector| sum.checked_add(sector.as_ref()?.0));
    let (Some(time), Some(sum)) = (lap.time, sum.filter(|_| !lap.sectors.is_empty())) else { return true };
    let slack = i64::try_from(lap.sectors.len()).unwrap_or(i64::MAX).saturating_mul(1_000);
    (time.0 - sum).abs() <= slack
}

/// A time in milliseconds, where there is one.
fn lap_time(json: &Json) -> Option<Micros> {
    sim::time(json, 3).filter(|time| time.0 > 0 && time.0 != NO_TIME * 1_000)
}

fn driver(of: &Json) -> Driver {
    let (first, last) = (sim::said(of.get("firstName")), sim::said(of.get("lastName")));
    Driver {
        name: [first.as_deref(), last.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ").replace(char::is_control, " "),
        first,
        last,
        short: sim::said(of.get("shortName")),
        id: sim::said(of.get("playerId")),
        nationality: None,
        grade: None,
    }
}

/// A session type, which is a word or a number.
fn as_word(json: &Json) -> Option<String> {
    json.text().map(str::to_owned).or_else(|| json.whole::<i64>().map(|number| number.to_string()))
}

/// What a session type stands for, and the number behind it: `FP`, `Q2`, `R`, or the number the game has for it.
pub(super) fn kind(word: &str) -> (Option<SessionKind>, Option<u16>) {
    let letters = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = word[letters.len()..].parse().ok();
    match letters {
        "FP" | "P" => (Some(SessionKind::Practice), number),
        "Q" => (Some(SessionKind::Qualifying), number),
        "R" => (Some(SessionKind::Race), number),
        "" => match number {
            Some(0) => (Some(SessionKind::Practice), None),
            // Qualifying and superpole.
            Some(4 | 9) => (Some(SessionKind::Qualifying), None),
            Some(10) => (Some(SessionKind::Race), None),
            _ => (None, None),
        },
        _ => (None, None),
    }
}

fn penalty_kind(word: &str, value: i64) -> PenaltyKind {
    match word {
        "None" => PenaltyKind::Warning,
        "DriveThrough" => PenaltyKind::DriveThrough,
        // The value says something else: 2 and 3 were seen with one of 30 seconds.
        "StopAndGo_10" => PenaltyKind::StopAndGo(Micros::seconds(10)),
        "StopAndGo_20" => PenaltyKind::StopAndGo(Micros::seconds(20)),
        "StopAndGo_30" => PenaltyKind::StopAndGo(Micros::seconds(30)),
        "PostRaceTime" if (0..86_400).contains(&value) => PenaltyKind::Time(Micros::seconds(value)),
        "RemoveBestLaptime" => PenaltyKind::LapDeleted,
        "Disqualified" => PenaltyKind::Disqualified,
        _ => PenaltyKind::Other,
    }
}
