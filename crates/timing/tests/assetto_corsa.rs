//! Results of Assetto Corsa on real files of a server and of a manager of servers.

use sport::date::Micros;
use sport::result::Finish;
use sport::session::SessionKind;
use timing::account::{Account, PenaltyKind};
use timing::reckoned::{Reckoned, ranking};
use timing::sim::assetto_corsa::Results;

mod sim_captures;

fn account(bytes: &[u8]) -> Account {
    let (results, flaws) = Results::decode(bytes).unwrap_or_else(|flaw| panic!("{flaw}"));
    assert_eq!(flaws, []);
    results.account()
}

fn ms(ms: i64) -> Micros {
    Micros(ms * 1_000)
}

/// Two cars and their results; what a test puts behind them.
fn file(kind: &str, result: &str, laps: &str) -> Vec<u8> {
    format!(
        r#"{{"TrackName": "spa", "TrackConfig": "", "Type": "{kind}", "Cars": [
        {{"CarId": 0, "Driver": {{"Name": "Driver Ash", "Guid": "1"}}, "Model": "gt3", "Skin": "a"}},
        {{"CarId": 1, "Driver": {{"Name": "Driver Elm", "Guid": "2"}}, "Model": "gt3", "Skin": "b"}}],
        "Result": [{result}], "Laps": [{laps}], "Events": null}}"#
    )
    .into_bytes()
}

#[test]
fn every_file_is_read_and_written_again_byte_for_byte() {
    let (mut cars, mut laps) = (0, 0);
    for (name, bytes) in sim_captures::here("assetto-corsa", ".json") {
        let (results, flaws) = Results::decode(&bytes).unwrap();
        assert_eq!(flaws, [], "{name}");
        assert!(results.encode() == bytes, "{name}");
        let account = results.account();
        assert_eq!(account.notes, [], "{name}");
        (cars, laps) = (cars + account.cars.len(), laps + account.laps.len());
    }
    // Of 114 places on the entry lists.
    assert_eq!((cars, laps), (54, 145));
}

#[test]
fn an_account_written_as_a_result_is_read_as_the_same_account() {
    for (name, bytes) in sim_captures::here("assetto-corsa", ".json") {
        let told = account(&bytes);
        assert_eq!(account(&Results::of(&told).encode()), told, "{name}");
    }
}

#[test]
fn a_race_reads_as_its_server_knew_it() {
    let race = account(&sim_captures::one("assetto-corsa/2019_3_2_21_36_RACE.json"));
    let about = &race.about;
    assert_eq!((about.kind, about.track.as_deref()), (Some(SessionKind::Race), Some("ks_nurburgring/layout_sprint_b")));
    assert_eq!(about.written.map(|at| at.0), Some(1_551_562_560_000_000));
    let first = &race.cars[race.claims[0].car];
    assert_eq!((first.number.as_str(), first.drivers[0].name.as_str()), ("12", "Driver Beech"));
    assert_eq!((first.drivers[0].id.as_deref(), first.drivers[0].nationality.as_deref()), (Some("76561190000000012"), Some("GBR")));
    assert_eq!((first.ballast_g, first.restrictor, first.model.as_deref()), (Some(0), Some(0), Some("ks_porsche_911_carrera_rsr")));
    assert_eq!((race.claims[0].place, race.claims[0].time, race.claims[0].best), (Some(1), Some(ms(627_696)), Some(ms(100_301))));
    // Places that nobody took are no cars, and who set no lap is behind them in the file.
    assert_eq!((race.cars.len(), race.claims.len()), (8, 8));
    let last = &race.claims[7];
    assert_eq!((last.place, last.time, last.best, race.cars[last.car].drivers[0].name.as_str()), (Some(8), None, None, "Larchywood"));
    assert_eq!((race.laps.len(), race.laps_as_completed, race.laps[0].sectors.len()), (39, true, 2));
}

/// What is listed in every file is what the laps without a cut give.
#[test]
fn best_laps_are_those_without_a_cut() {
    let mut cars = 0;
    for (name, bytes) in sim_captures::here("assetto-corsa", ".json") {
        let account = account(&bytes);
        let reckoned = Reckoned::of(&account, ranking(&account));
        assert!(!reckoned.differences.iter().any(|of| of.code == "best-differs"), "{name}");
        cars += reckoned.rows.iter().filter(|row| row.best.is_some()).count();
    }
    assert_eq!(cars, 26);
}

#[test]
fn numbers_for_nothing_lists_that_are_null_and_weights_that_are_missing() {
    let bytes = file("QUALIFY", r#"{"CarId": 1, "BestLap": 999999999, "TotalTime": 0}"#, "");
    let account = account(&String::from_utf8(bytes).unwrap().replace("\"Laps\": []", "\"Laps\": null").into_bytes());
    assert_eq!((account.claims[0].best, account.claims[0].time, account.laps.len()), (None, None, 0));
    assert_eq!((account.cars[0].ballast_g, account.cars[0].restrictor, account.about.kind), (None, None, Some(SessionKind::Qualifying)));
    // The total time of qualifying is none of a race.
    let qualifying = self::account(&sim_captures::one("assetto-corsa/2019_3_2_21_21_QUALIFY.json"));
    assert!(qualifying.claims.iter().all(|claim| claim.time.is_none()) && qualifying.claims[0].best == Some(ms(100_259)));
}

#[test]
fn a_driver_or_a_car_that_is_there_twice_is_told() {
    let row = r#"{"CarId": 0, "BestLap": 90000, "TotalTime": 190000}"#;
    let twice = account(&file("RACE", &format!("{row}, {row}"), ""));
    assert_eq!((twice.claims.len(), twice.notes[0].code, twice.notes[0].car), (1, "car-twice", Some(0)));
    let text = String::from_utf8(file("RACE", row, "")).unwrap();
    let same = account(text.replace("\"Guid\": \"2\"", "\"Guid\": \"1\"").as_bytes());
    assert_eq!((same.cars.len(), same.notes[0].code, same.notes[0].line), (2, "driver-twice", Some(3)));
    let car = account(text.replace("\"CarId\": 1", "\"CarId\": 0").as_bytes());
    assert_eq!((car.cars.len(), car.notes[0].says.as_str()), (1, "car 0 is on the entry list twice"));
}

#[test]
fn who_takes_over_a_car_is_known_by_the_laps() {
    let lap =
        |name: &str, guid: &str| format!(r#"{{"CarId": 0, "DriverName": "{name}", "DriverGuid": "{guid}", "LapTime": 90000, "Cuts": 0}}"#);
    let laps = [lap("Driver Ash", "1"), lap("Driver Oak", "3"), lap("Driver Oak", "3"), lap("", "")].join(", ");
    let account = account(&file("RACE", "", &laps));
    assert_eq!(account.laps.iter().map(|lap| lap.driver).collect::<Vec<_>>(), [Some(0), Some(1), Some(1), None]);
    assert_eq!(account.cars[0].drivers[1].name, "Driver Oak");
}

#[test]
fn what_a_manager_of_servers_added_is_told_and_changes_no_time() {
    let row = |id: i64, rest: &str| format!(r#"{{"CarId": {id}, "BestLap": 90000, "TotalTime": 190000, "HasPenalty": true, {rest}}}"#);
    let result = [row(1, r#""PenaltyTime": 5000000000, "LapPenalty": 1"#), row(0, r#""Disqualified": true"#)].join(", ");
    let account = account(&file("RACE", &result, ""));
    let told: Vec<_> = account.penalties.iter().map(|of| (of.kind, of.contained, of.after, of.words.as_str())).collect();
    let time = PenaltyKind::Time(Micros::seconds(5));
    assert_eq!(told, [(time, false, true, "PenaltyTime"), (PenaltyKind::Other, false, true, "LapPenalty 1")]);
    let claims: Vec<_> = account.claims.iter().map(|claim| (claim.car, claim.place, claim.finish, claim.time)).collect();
    assert_eq!(claims, [(1, Some(1), Finish::Unknown, Some(ms(190_000))), (0, None, Finish::Disqualified, Some(ms(190_000)))]);
    assert_eq!(self::account(&Results::of(&account).encode()), account);
}

#[test]
fn rows_that_tell_nothing_are_told_and_the_others_are_read() {
    let laps = r#"{"LapTime": 1}, {"CarId": 7, "LapTime": 90000}, {"CarId": 0, "LapTime": "x", "Timestamp": 9}, {"CarId": 0, "Cuts": 1, "Timestamp": 5}"#;
    let (results, flaws) = Results::decode(&file("RACE", "5", laps)).unwrap();
    let why: Vec<&str> = flaws.iter().map(|flaw| flaw.why.as_str()).collect();
    assert_eq!(why, ["a result without a CarId", "a lap without a CarId", "`LapTime` is no number"]);
    let account = results.account();
    assert_eq!((account.laps.len(), account.laps_as_completed, account.laps[1].valid), (2, false, false));
    assert_eq!(account.notes[0].says, "car 7 is not on the entry list: results and laps that are its own: 1");
}

#[test]
fn what_is_cut_off_or_no_result_is_told() {
    let bytes = sim_captures::one("assetto-corsa/2019_3_2_14_41_PRACTICE.json");
    for at in 0..bytes.len() {
        assert!(Results::decode(&bytes[..at]).is_err(), "{at}");
    }
    assert_eq!(Results::decode(b"{}").unwrap_err().why, "no result of Assetto Corsa: it has neither Cars nor Result nor Laps");
    for absurd in ["-1", "9223372036854775807", "18446744073709551615", "1e300", "\"x\"", "[]"] {
        let row = format!(r#"{{"CarId": 0, "BestLap": {absurd}, "TotalTime": {absurd}, "PenaltyTime": {absurd}, "LapPenalty": {absurd}}}"#);
        let lap = format!(r#"{{"CarId": 0, "LapTime": {absurd}, "Sectors": [{absurd}], "Cuts": {absurd}, "Timestamp": {absurd}}}"#);
        let account = Results::decode(&file("RACE", &row, &lap)).unwrap().0.account();
        assert_eq!((account.claims[0].time, account.laps[0].time), (None, None), "{absurd}");
        Results::of(&account);
    }
}
