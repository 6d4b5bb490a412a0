//! The result file of an account.

use sport::date::Micros;
use sport::result::Finish;
use sport::session::SessionKind;

use super::{NO_TIME, read};
use crate::account::{Account, Car, Claim, Driver, Lap, Penalty, PenaltyKind};
use crate::json::{Json, Object};
use crate::sim;

/// The tree of a file, its keys in the order of the server.
pub(super) fn write(account: &Account) -> Object {
    let ids = ids(account);
    let mut penalties = vec![Vec::new(); account.cars.len()];
    account.penalties.iter().for_each(|penalty| penalties[penalty.car].push(penalty));
    let about = &account.about;
    let (track, config) = about.track.as_deref().map_or(("", ""), |track| track.split_once('/').unwrap_or((track, "")));
    let seconds = about.planned.map_or(0, |planned| planned.0 / 1_000_000);
    let list = |rows: Vec<Json>| if rows.is_empty() { Json::Null } else { rows.into() };
    let mut root = Object::of([
        ("TrackName", track.into()),
        ("TrackConfig", config.into()),
        ("Type", session_type(account).into()),
        ("DurationSecs", seconds.into()),
        ("RaceLaps", i64::from(about.planned_laps.unwrap_or(0)).into()),
        ("Cars", list(account.cars.iter().zip(&ids).map(|(of, id)| car(of, *id).into()).collect())),
        ("Result", list(account.claims.iter().map(|claim| result(account, claim, &penalties[claim.car], ids[claim.car]).into()).collect())),
        ("Laps", list(account.laps.iter().map(|of| lap(account, of, ids[of.car]).into()).collect())),
        ("Events", Json::Null),
    ]);
    if let Some(server) = &about.publisher {
        root.set("Server", server.as_str().into());
    }
    if let Some(written) = about.written {
        root.set("Date", sim::printed(written).as_str().into());
    }
    root
}

/// The numbers of the cars, if each is a whole one of its own, or else their places in the account.
fn ids(account: &Account) -> Vec<i64> {
    let told: Vec<i64> = account.cars.iter().filter_map(|car| car.number.parse().ok()).collect();
    let mut sorted = told.clone();
    sorted.sort_unstable();
    sorted.dedup();
    let same = account.cars.iter().zip(&told).all(|(car, id)| car.number == id.to_string());
    if sorted.len() == account.cars.len() && same { told } else { (0..).take(account.cars.len()).collect() }
}

fn session_type(account: &Account) -> &str {
    match (account.about.session.as_deref(), account.about.kind) {
        (Some(word), told) if read::kind(word) == told => word,
        (_, Some(SessionKind::Practice | SessionKind::WarmUp)) => "PRACTICE",
        (_, Some(SessionKind::Qualifying)) => "QUALIFY",
        (_, Some(SessionKind::Race | SessionKind::QualifyingRace)) => "RACE",
        (_, None) => "",
    }
}

fn car(of: &Car, id: i64) -> Object {
    let nobody = Driver::default();
    let driver = of.drivers.first().unwrap_or(&nobody);
    let guid = driver.id.as_deref().unwrap_or_default();
    let who = Object::of([
        ("Name", driver.name.as_str().into()),
        ("Team", of.team.as_deref().unwrap_or_default().into()),
        ("Nation", driver.nationality.as_deref().unwrap_or_default().into()),
        ("Guid", guid.into()),
        ("GuidsList", of.drivers.iter().map(|driver| driver.id.as_deref().unwrap_or_default().into()).collect::<Vec<Json>>().into()),
    ]);
    let model = of.model.as_deref().unwrap_or_default();
    let mut object = Object::of([("CarId", id.into()), ("Driver", who.into()), ("Model", model.into()), ("Skin", "".into())]);
    weights(of, &mut object);
    object
}

fn result(account: &Account, claim: &Claim, penalties: &[&Penalty], id: i64) -> Object {
    let of = &account.cars[claim.car];
    let mut object = named(of, of.drivers.first(), id);
    object.set("BestLap", claim.best.map_or(NO_TIME, ms).into());
    object.set("TotalTime", claim.time.map_or(0, ms).into());
    weights(of, &mut object);
    for penalty in penalties {
        let laps = penalty.words.strip_prefix("LapPenalty ").and_then(|laps| laps.parse::<i64>().ok());
        match (penalty.kind, laps) {
            (PenaltyKind::Time(time), _) => object.set("PenaltyTime", time.0.saturating_mul(1_000).into()),
            (_, Some(laps)) => object.set("LapPenalty", laps.into()),
            _ => continue,
        }
        object.set("HasPenalty", true.into());
    }
    if claim.finish == Finish::Disqualified {
        object.set("Disqualified", true.into());
    }
    object
}

fn lap(account: &Account, lap: &Lap, id: i64) -> Object {
    let of = &account.cars[lap.car];
    let mut object = named(of, lap.driver.and_then(|driver| of.drivers.get(driver)), id);
    if let Some(elapsed) = lap.elapsed {
        object.set("Timestamp", ms(elapsed).into());
    }
    object.set("LapTime", lap.time.map_or(NO_TIME, ms).into());
    let sectors = lap.sectors.iter().map(|sector| sector.map_or(NO_TIME, ms).into());
    object.set("Sectors", sectors.collect::<Vec<Json>>().into());
    object.set("Cuts", i64::from(!lap.valid).into());
    object
}

/// The keys that begin a result and a lap.
fn named(car: &Car, driver: Option<&Driver>, id: i64) -> Object {
    let name = driver.map_or("", |driver| driver.name.as_str());
    let guid = driver.and_then(|driver| driver.id.as_deref()).unwrap_or_default();
    let model = car.model.as_deref().unwrap_or_default();
    Object::of([("DriverName", name.into()), ("DriverGuid", guid.into()), ("CarId", id.into()), ("CarModel", model.into())])
}

fn weights(car: &Car, object: &mut Object) {
    if let Some(grams) = car.ballast_g {
        object.set("BallastKG", Json::unscaled(grams, 3));
    }
    if let Some(restrictor) = car.restrictor {
        object.set("Restrictor", Json::unscaled(restrictor.into(), 2));
    }
}

fn ms(time: Micros) -> i64 {
    time.0 / 1_000
}
