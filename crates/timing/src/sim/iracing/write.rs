//! The result file of an event.

use std::collections::BTreeMap;

use sport::date::Micros;
use sport::session::SessionKind;

use crate::account::{Account, Car, Claim, Driver};
use crate::json::{Json, Object};
use crate::sim;

/// The tree of a file, its keys in the order of the interface.
pub(super) fn write(accounts: &[Account]) -> Object {
    let classes = classes(accounts);
    let mut root = Object::default();
    if let Some(about) = accounts.first().map(|account| &account.about) {
        let moment = |at: Option<sport::date::Instant>| at.map(sim::printed);
        let (name, config) = about.track.as_deref().map_or(("", "N/A"), |track| track.split_once(" - ").unwrap_or((track, "N/A")));
        put(&mut root, "session_name", about.event.as_deref());
        put(&mut root, "league_name", about.publisher.as_deref());
        put(&mut root, "start_time", moment(about.began).as_deref());
        put(&mut root, "end_time", moment(about.written).as_deref());
        root.set("track", Object::of([("track_name", name.into()), ("config_name", config.into())]).into());
    }
    // The race is number 0, and what is before it is told after it.
    let sessions = accounts.iter().zip(0_i64..).map(|(account, nth)| session(account, -nth, &classes).into());
    root.set("session_results", sessions.collect::<Vec<Json>>().into());
    let class = |(name, id): (&&str, &i64)| Object::of([("car_class_id", (*id).into()), ("name", (*name).into())]).into();
    root.set("car_classes", classes.iter().map(class).collect::<Vec<Json>>().into());
    root
}

/// Numbers for the classes of all sessions.
fn classes(accounts: &[Account]) -> BTreeMap<&str, i64> {
    let mut classes: BTreeMap<&str, i64> = BTreeMap::new();
    for class in accounts.iter().flat_map(|account| &account.cars).filter_map(|car| car.class.as_deref()) {
        let next = i64::try_from(classes.len()).unwrap_or(i64::MAX);
        classes.entry(class).or_insert(next);
    }
    classes
}

fn session(account: &Account, number: i64, classes: &BTreeMap<&str, i64>) -> Object {
    let mut object = Object::of([("simsession_number", number.into())]);
    let kind = match account.about.kind {
        Some(SessionKind::Practice | SessionKind::WarmUp) => Some(3),
        Some(SessionKind::Qualifying) => Some(5),
        Some(SessionKind::Race | SessionKind::QualifyingRace) => Some(6),
        None => None,
    };
    if let Some(kind) = kind {
        object.set("simsession_type", Json::Whole(kind));
    }
    put(&mut object, "simsession_name", account.about.session.as_deref());
    let rows = account.claims.iter().map(|claim| row(&account.cars[claim.car], claim, classes).into());
    object.set("results", rows.collect::<Vec<Json>>().into());
    object
}

fn row(car: &Car, claim: &Claim, classes: &BTreeMap<&str, i64>) -> Object {
    let mut object = Object::default();
    let id = |text: Option<&str>| text.and_then(|text| text.parse::<i64>().ok());
    if car.team.is_some() || car.drivers.len() != 1 {
        put_number(&mut object, "team_id", id(car.key.as_deref()).or(Some(-1)));
        put(&mut object, "display_name", car.team.as_deref());
        object.set("driver_results", car.drivers.iter().map(|driver| who(driver).into()).collect::<Vec<Json>>().into());
    } else {
        object.members.extend(car.drivers.iter().flat_map(|driver| who(driver).members));
    }
    let from_zero = |place: Option<u16>| place.map_or(-1, |place| i64::from(place) - 1).into();
    let units = |time: Option<Micros>| time.map_or(-1, |time| time.0 / 100).into();
    object.set("finish_position", from_zero(claim.place));
    object.set("finish_position_in_class", from_zero(claim.class_place));
    put_number(&mut object, "laps_complete", claim.laps.map(i64::from));
    object.set("interval", units(claim.gap));
    object.set("best_lap_num", claim.best_lap.map_or(-1, i64::from).into());
    object.set("best_lap_time", units(claim.best));
    put(&mut object, "reason_out", claim.status.as_deref());
    object.set("starting_position", from_zero(car.grid));
    put_number(&mut object, "car_class_id", car.class.as_deref().and_then(|class| classes.get(class).copied()));
    put_number(&mut object, "incidents", claim.incidents.map(i64::from));
    object.set("weight_penalty_kg", car.ballast_g.map_or(Json::Whole(-1), |grams| Json::unscaled(grams, 3)));
    match id(car.model.as_deref()) {
        Some(number) => object.set("car_id", number.into()),
        None => put(&mut object, "car_name", car.model.as_deref()),
    }
    object.set("livery", Object::of([("car_number", car.number.as_str().into())]).into());
    object
}

fn who(driver: &Driver) -> Object {
    let mut object = Object::default();
    put_number(&mut object, "cust_id", driver.id.as_deref().and_then(|id| id.parse().ok()).or(Some(0)));
    object.set("display_name", driver.name.as_str().into());
    object
}

fn put(object: &mut Object, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        object.set(key, text.into());
    }
}

fn put_number(object: &mut Object, key: &str, number: Option<i64>) {
    if let Some(number) = number {
        object.set(key, number.into());
    }
}
