//! The result file of an account.

use std::collections::BTreeSet;

use sport::date::Micros;
use sport::result::Finish;
use sport::session::SessionKind;

use super::{NO_SPLIT, NO_TIME, read};
use crate::account::{Account, Car, Claim, Lap, Penalty, PenaltyKind};
use crate::json::{Json, Object};
use crate::sim;
use crate::sim::acc::tables::{self, CarModel, Platform};

/// The tree of a file, its keys in the order of the server.
pub(super) fn write(account: &Account, platform: Platform) -> Object {
    let writing = Writing { account, platform, ids: ids(account), laps: laps(account) };
    let about = &account.about;
    let mut root = Object::default();
    root.set("sessionType", session_type(account).as_str().into());
    put(&mut root, "trackName", about.track.as_deref());
    put(&mut root, "metaData", about.event.as_deref());
    put(&mut root, "serverName", about.publisher.as_deref());
    root.set("sessionResult", writing.result().into());
    root.set("laps", account.laps.iter().map(|lap| writing.lap(lap)).collect::<Vec<_>>().into());
    for (key, after) in [("penalties", false), ("post_race_penalties", true)] {
        let told = account.penalties.iter().filter(|penalty| penalty.after == after);
        root.set(key, told.map(|penalty| writing.penalty(penalty)).collect::<Vec<_>>().into());
    }
    if let Some(written) = about.written {
        root.set("Date", sim::printed(written).as_str().into());
    }
    root
}

struct Writing<'a> {
    account: &'a Account,
    platform: Platform,
    /// What the server calls each car.
    ids: Vec<Option<i64>>,
    /// The laps of each car.
    laps: Vec<Vec<&'a Lap>>,
}

/// The numbers an account has for its cars, if each is another one; or else such as a server gives. A car without one has none while it
/// needs none.
fn ids(account: &Account) -> Vec<Option<i64>> {
    let told: Vec<Option<i64>> = account.cars.iter().map(|car| car.key.as_ref()?.parse().ok()).collect();
    let needed: BTreeSet<usize> =
        account.laps.iter().map(|lap| lap.car).chain(account.penalties.iter().map(|penalty| penalty.car)).collect();
    let mut sorted: Vec<i64> = told.iter().flatten().copied().collect();
    sorted.sort_unstable();
    let each_its_own = sorted.is_sorted_by(|one, next| one < next);
    let nameless = (0..told.len()).filter(|car| told[*car].is_none()).any(|car| needed.contains(&car) || account.cars[car].key.is_some());
    if each_its_own && !nameless { told } else { (1_001..).map(Some).take(told.len()).collect() }
}

fn laps(account: &Account) -> Vec<Vec<&Lap>> {
    let mut laps = vec![Vec::new(); account.cars.len()];
    account.laps.iter().for_each(|lap| laps[lap.car].push(lap));
    laps
}

/// The word an account has, where it says what the session is for as the server would read it, or else the server's own.
fn session_type(account: &Account) -> String {
    let about = &account.about;
    let letters = match (about.session.as_deref(), about.kind) {
        (Some(word), told) if read::kind(word).0 == told => return word.to_owned(),
        (_, Some(SessionKind::Practice | SessionKind::WarmUp)) => "FP",
        (_, Some(SessionKind::Qualifying)) => "Q",
        (_, Some(SessionKind::Race | SessionKind::QualifyingRace)) => "R",
        (_, None) => "",
    };
    about.number.map_or_else(|| letters.to_owned(), |number| format!("{letters}{number}"))
}

impl Writing<'_> {
    fn result(&self) -> Object {
        let mut result = Object::of([("bestlap", time(self.account.claims.iter().filter_map(|claim| claim.best).min()))]);
        result.set("bestSplits", no_splits());
        if let Some(wet) = self.account.about.wet {
            result.set("isWetSession", i64::from(wet).into());
        }
        let race = matches!(self.account.about.kind, Some(SessionKind::Race | SessionKind::QualifyingRace));
        result.set("type", i64::from(race).into());
        // The classification, and the cars that it has not behind it.
        let claimed: BTreeSet<usize> = self.account.claims.iter().map(|claim| claim.car).collect();
        let others: Vec<Claim> = (0..self.account.cars.len()).filter(|car| !claimed.contains(car)).map(Claim::of).collect();
        let lines = self.account.claims.iter().chain(&others).map(|claim| self.line(claim).into());
        result.set("leaderBoardLines", lines.collect::<Vec<Json>>().into());
        result
    }

    /// What the server calls a car.
    fn id(&self, car: usize) -> Object {
        let mut of = Object::default();
        if let Some(id) = self.ids[car] {
            of.set("carId", id.into());
        }
        of
    }

    fn line(&self, claim: &Claim) -> Object {
        let car = &self.account.cars[claim.car];
        let laps = &self.laps[claim.car];
        let last = laps.last();
        let driver = last.and_then(|lap| lap.driver).filter(|driver| *driver < car.drivers.len()).unwrap_or(0);
        let drivers = self.drivers(car);
        let current = drivers.get(driver).cloned().unwrap_or_else(|| Object::default().into());
        let mut of = self.id(claim.car);
        self.car(car, &mut of);
        of.set("drivers", drivers.into());
        weights(car, &mut of);
        let count = claim.laps.or_else(|| u32::try_from(laps.len()).ok()).unwrap_or(0);
        let splits = last.map_or_else(Vec::new, |lap| lap.sectors.iter().map(|sector| time(*sector)).collect());
        let split = i64::try_from(splits.len()).unwrap_or(0);
        let timing = Object::of([
            ("lastLap", time(last.and_then(|lap| lap.time))),
            ("lastSplits", splits.into()),
            ("bestLap", time(claim.best)),
            ("bestSplits", no_splits()),
            ("totalTime", time(claim.time)),
            ("lapCount", i64::from(count).into()),
            ("lastSplitId", if split == 0 { NO_SPLIT } else { split - 1 }.into()),
        ]);
        let mut line = Object::of([
            ("car", of.into()),
            ("currentDriver", current),
            ("currentDriverIndex", i64::try_from(driver).unwrap_or(0).into()),
            ("timing", timing.into()),
            ("driverTotalTimes", drove(claim).into()),
        ]);
        match claim.status.as_deref() {
            Some("spectator") => line.set("bIsSpectator", true.into()),
            _ if claim.finish == Finish::Disqualified => line.set("disqualified", true.into()),
            _ => {}
        }
        line
    }

    fn car(&self, car: &Car, of: &mut Object) {
        if let Ok(number) = car.number.parse::<i64>() {
            of.set("raceNumber", number.into());
        }
        let known = car.model.as_deref().and_then(CarModel::named).and_then(|model| model.number(self.platform)).map(i64::from);
        if let Some(model) = known.or_else(|| car.model.as_ref()?.parse().ok()) {
            of.set("carModel", model.into());
        }
        let cup = car.cup.as_deref().and_then(|cup| tables::CUPS.iter().position(|known| *known == cup));
        if let Some(cup) = cup.and_then(|cup| i64::try_from(cup).ok()) {
            of.set("cupCategory", cup.into());
        }
        put(of, "carGroup", car.class.as_deref());
        of.set("teamName", car.team.as_deref().unwrap_or_default().into());
        let nationality = car.nationality.as_deref().and_then(tables::nationality_id).unwrap_or(0);
        of.set("nationality", i64::from(nationality).into());
    }

    fn drivers(&self, car: &Car) -> Vec<Json> {
        let text = |text: &Option<String>| Json::from(text.as_deref().unwrap_or_default());
        let driver = |driver: &crate::account::Driver| {
            // A name that is not told apart stands where a scoreboard shows it.
            let whole = driver.first.is_none() && driver.last.is_none();
            let last = if whole { driver.name.as_str().into() } else { text(&driver.last) };
            let keys = [
                ("firstName", text(&driver.first)),
                ("lastName", last),
                ("shortName", text(&driver.short)),
                ("playerId", text(&driver.id)),
            ];
            Object::of(keys).into()
        };
        car.drivers.iter().map(driver).collect()
    }

    fn lap(&self, lap: &Lap) -> Json {
        let sectors: Vec<Json> = lap.sectors.iter().map(|sector| time(*sector)).collect();
        let mut of = self.id(lap.car);
        if let Some(driver) = lap.driver.and_then(|driver| i64::try_from(driver).ok()) {
            of.set("driverIndex", driver.into());
        }
        of.set("laptime", time(lap.time));
        of.set("isValidForBest", lap.valid.into());
        of.set("splits", sectors.into());
        of.into()
    }

    fn penalty(&self, penalty: &Penalty) -> Json {
        let parts: Vec<&str> = penalty.words.split('/').collect();
        let (reason, word, value) = match (parts.as_slice(), of_kind(penalty.kind)) {
            ([reason, word, value], _) if value.parse::<i64>().is_ok() => (*reason, *word, value.parse().unwrap_or(0)),
            (_, (word, value)) => ("None", word, value),
        };
        let completed = |lap: u32| i64::from(lap.saturating_sub(1));
        let driver = penalty.driver.and_then(|driver| i64::try_from(driver).ok()).unwrap_or(0);
        // One without a penalty has its lap only where others have when it was served.
        let only_served = penalty.kind == PenaltyKind::Warning && penalty.lap == penalty.served;
        let violation = if only_served { 0 } else { penalty.lap.map_or(-1, completed) };
        let cleared = penalty.served.map_or(0, completed);
        let mut of = self.id(penalty.car);
        of.set("driverIndex", driver.into());
        of.set("reason", reason.into());
        of.set("penalty", word.into());
        of.set("penaltyValue", value.into());
        of.set("violationInLap", violation.into());
        of.set("clearedInLap", cleared.into());
        of.into()
    }
}

/// How the server calls a kind of penalty, and its value.
fn of_kind(kind: PenaltyKind) -> (&'static str, i64) {
    match kind {
        PenaltyKind::DriveThrough => ("DriveThrough", 3),
        PenaltyKind::StopAndGo(time) => match time.0 / 1_000_000 {
            ..=10 => ("StopAndGo_10", 10),
            11..=20 => ("StopAndGo_20", 20),
            _ => ("StopAndGo_30", 30),
        },
        PenaltyKind::Time(time) => ("PostRaceTime", time.0 / 1_000_000),
        PenaltyKind::LapDeleted => ("RemoveBestLaptime", 3),
        PenaltyKind::Disqualified => ("Disqualified", 0),
        PenaltyKind::Warning | PenaltyKind::Other => ("None", 0),
    }
}

/// Milliseconds, cut, or the number for none.
fn time(time: Option<Micros>) -> Json {
    time.map_or(NO_TIME, |time| time.0 / 1_000).into()
}

fn no_splits() -> Json {
    vec![Json::from(NO_TIME); 3].into()
}

/// Milliseconds of every driver up to the last that is told.
fn drove(claim: &Claim) -> Vec<Json> {
    let drivers = claim.drove.iter().map(|(driver, _)| driver + 1).max().unwrap_or(0);
    let of = |driver| claim.drove.iter().find(|(who, _)| *who == driver).map_or(0, |(_, time)| time.0);
    (0..drivers).map(|driver| Json::unscaled(of(driver), 3)).collect()
}

/// Ballast and restrictor, which the server writes only where there are any.
fn weights(car: &Car, of: &mut Object) {
    if let Some(grams) = car.ballast_g {
        of.set("ballastKg", Json::unscaled(grams, 3));
    }
    if let Some(restrictor) = car.restrictor {
        of.set("restrictor", Json::unscaled(restrictor.into(), 2));
    }
}

fn put(object: &mut Object, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        object.set(key, text.into());
    }
}
