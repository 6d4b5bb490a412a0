//! What a result file tells.

use std::collections::BTreeMap;

use sport::date::Micros;
use sport::result::Finish;
use sport::session::SessionKind;

use crate::account::{About, Account, Car, Claim, Driver, Note};
use crate::flaw::Flaw;
use crate::json::{Json, Object};
use crate::sim::{self, Kind};

/// What an event tells of its sessions, and the rows of it that tell nothing.
pub(super) fn read(event: &Json) -> (Vec<Account>, Vec<Flaw>) {
    let mut classes = BTreeMap::new();
    for class in event.rows("car_classes") {
        if let (Some(id), Some(name)) = (class.get("car_class_id").and_then(Json::whole::<i64>), sim::said(class.get("name"))) {
            classes.insert(id, name);
        }
    }
    let sessions = event.rows("session_results");
    let first = sessions.iter().filter_map(number).min();
    let (mut accounts, mut flaws) = (Vec::new(), Vec::new());
    for session in sessions {
        let mut account = Account { about: about(event, session), ..Account::default() };
        if account.about.began.is_some() && number(session) != first {
            let says = String::from("the start is that of the event, whose first session this is not");
            account.notes.push(Note { code: "event-start", car: None, line: None, says });
        }
        let mut reading = Reading { classes: &classes, account, flaws: Vec::new() };
        for row in session.rows("results") {
            reading.row(row);
        }
        accounts.push(reading.account);
        flaws.extend(reading.flaws);
    }
    (accounts, flaws)
}

/// Sessions before the race have negative numbers.
fn number(session: &Json) -> Option<i64> {
    session.get("simsession_number").and_then(Json::whole)
}

fn about(event: &Json, session: &Json) -> About {
    let text = |key| sim::said(event.get(key));
    let track = event.get("track").unwrap_or(&Json::Null);
    let config = sim::said(track.get("config_name")).filter(|config| config != "N/A");
    let moment = |key| event.get(key).and_then(Json::text).and_then(sim::instant);
    About {
        event: text("session_name").or_else(|| text("season_name")).or_else(|| text("series_name")),
        session: sim::said(session.get("simsession_name")).or_else(|| sim::said(session.get("simsession_type_name"))),
        track: sim::said(track.get("track_name")).map(|name| config.map_or(name.clone(), |config| format!("{name} - {config}"))),
        kind: match session.get("simsession_type").and_then(Json::whole::<i64>) {
            Some(3) => Some(SessionKind::Practice),
            // Lone and open.
            Some(4 | 5) => Some(SessionKind::Qualifying),
            Some(6) => Some(SessionKind::Race),
            _ => None,
        },
        began: moment("start_time"),
        written: moment("end_time"),
        publisher: text("league_name"),
        ..About::default()
    }
}

struct Reading<'c> {
    classes: &'c BTreeMap<i64, String>,
    account: Account,
    flaws: Vec<Flaw>,
}

impl Reading<'_> {
    /// A row of the classification: of a driver, or of a team with a row of its own for each of its drivers.
    fn row(&mut self, row: &Json) {
        let Some(of) = row.object().filter(|of| of.get("cust_id").is_some() || of.get("team_id").is_some()) else {
            self.flaws.push(row.flaw("a result of nobody"));
            return;
        };
        let whole = ["finish_position", "starting_position", "laps_complete", "best_lap_time", "interval", "incidents"];
        self.flaws.extend(sim::unread(of, &whole.map(|key| (key, Kind::Whole))));
        let car = self.account.cars.len();
        self.account.cars.push(self.car(of));
        self.account.claims.push(claim(of, car));
    }

    fn car(&self, of: &Object) -> Car {
        let id = |key| of.get(key).and_then(Json::whole::<i64>).map(|id| id.to_string());
        let crew = of.rows("driver_results");
        // Teams have negative numbers, drivers positive ones.
        let is_team = !crew.is_empty() || of.get("team_id").and_then(Json::whole::<i64>).is_some_and(|id| id < 0);
        let name = sim::said(of.get("display_name"));
        let class = of.get("car_class_id").and_then(Json::whole::<i64>).and_then(|id| self.classes.get(&id).cloned());
        Car {
            number: of.get("livery").and_then(|livery| sim::said(livery.get("car_number"))).unwrap_or_default(),
            key: if is_team { id("team_id") } else { id("cust_id") },
            class: class.or_else(|| sim::said(of.get("car_class_name"))),
            model: sim::said(of.get("car_name")).or_else(|| id("car_id")),
            team: name.filter(|_| is_team),
            drivers: if is_team { crew.iter().map(driver).collect() } else { vec![driver(&Json::Object(of.clone()))] },
            ballast_g: of.get("weight_penalty_kg").and_then(|kg| kg.scaled(3)).filter(|grams| *grams >= 0),
            grid: place(of, "starting_position"),
            ..Car::default()
        }
    }
}

fn claim(of: &Object, car: usize) -> Claim {
    let status = sim::said(of.get("reason_out"));
    let disqualified = status.as_deref() == Some("Disqualified");
    let mut claim = Claim::of(car);
    claim.finish = if disqualified { Finish::Disqualified } else { Finish::Unknown };
    claim.status = status;
    claim.place = place(of, "finish_position").filter(|_| !disqualified);
    claim.class_place = place(of, "finish_position_in_class").filter(|_| !disqualified);
    claim.laps = of.get("laps_complete").and_then(Json::whole);
    claim.gap = time(of, "interval");
    claim.best = time(of, "best_lap_time").filter(|best| best.0 > 0);
    claim.best_lap = of.get("best_lap_num").and_then(Json::whole).filter(|lap| *lap > 0);
    claim.incidents = of.get("incidents").and_then(Json::whole);
    claim
}

fn driver(of: &Json) -> Driver {
    Driver {
        name: sim::said(of.get("display_name")).unwrap_or_default().replace(char::is_control, " "),
        id: of.get("cust_id").and_then(Json::whole::<i64>).map(|id| id.to_string()),
        ..Driver::default()
    }
}

/// A place, from 1: files count them from 0.
fn place(of: &Object, key: &str) -> Option<u16> {
    of.get(key).and_then(Json::whole::<u16>)?.checked_add(1)
}

/// A time in ten-thousandths of a second; less than none is none, or laps behind.
fn time(of: &Object, key: &str) -> Option<Micros> {
    of.get(key).and_then(|json| sim::time(json, 4)).filter(|time| time.0 >= 0)
}
