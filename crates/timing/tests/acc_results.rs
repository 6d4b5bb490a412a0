//! Results of Assetto Corsa Competizione on real files: each is read without a row that tells nothing and written again byte for byte, and
//! each trap of theirs is a case.

use proptest::prelude::*;
use sport::date::Micros;
use sport::result::Finish;
use sport::session::SessionKind;
use timing::account::{Account, Lap, PenaltyKind};
use timing::encoding::Encoding;
use timing::flaw::Flaw;
use timing::json::{Document, Indent, Json, Object, Style};
use timing::sim::acc::results::Results;
use timing::sim::acc::tables::Platform;

mod sim_captures;

/// Files of servers of 2019 to 2024 and of a manager of servers of 2025.
fn captures() -> Vec<sim_captures::File> {
    let mut files = sim_captures::here("acc", ".json");
    for folder in ["sim/bangbot", "sim/egt-canada-2025-09-18"] {
        files.extend(sim_captures::elsewhere(folder, ".json"));
    }
    files
}

fn read(bytes: &[u8]) -> (Results, Vec<Flaw>) {
    Results::decode(bytes).unwrap_or_else(|flaw| panic!("{flaw}"))
}

fn account(bytes: &[u8]) -> Account {
    let (results, flaws) = read(bytes);
    assert_eq!(flaws, []);
    results.account()
}

/// The codes of the notes, and what they say.
fn notes(account: &Account) -> Vec<(&str, &str)> {
    account.notes.iter().map(|note| (note.code, note.says.as_str())).collect()
}

fn ms(ms: i64) -> Micros {
    Micros(ms * 1_000)
}

/// A race of a new server with one car. Its lines and laps are what a test puts there.
fn race(car: &str, line: &str, laps: &str, rest: &str) -> Vec<u8> {
    let timing = r#""timing": {"lastLap": 101500, "bestLap": 100500, "totalTime": 303000, "lapCount": 3}"#;
    let car =
        format!(r#""car": {{"carId": 1001, "raceNumber": 7, "carModel": 32, "drivers": [{{"lastName": "Ash", "playerId": "S1"}}]{car}}}"#);
    let line = if line.is_empty() { timing } else { line };
    format!(r#"{{"sessionType": "R", "sessionResult": {{"type": 1, "leaderBoardLines": [{{{car}, {line}}}]}}, "laps": [{laps}]{rest}}}"#)
        .into_bytes()
}

const LAPS: &str = r#"{"carId": 1001, "driverIndex": 0, "laptime": 155000, "isValidForBest": false, "splits": [90000, 30000, 35000]},
    {"carId": 1001, "driverIndex": 0, "laptime": 100500, "isValidForBest": true, "splits": [35500, 30000, 34999]},
    {"carId": 1001, "driverIndex": 0, "laptime": 101500, "isValidForBest": false, "splits": [2147483647, 30000, 35000]}"#;

#[test]
fn every_file_is_read_and_written_again_byte_for_byte() {
    let (mut cars, mut laps, mut penalties) = (0, 0, 0);
    for (name, bytes) in sim_captures::here("acc", ".json") {
        let account = account(&bytes);
        (cars, laps, penalties) = (cars + account.cars.len(), laps + account.laps.len(), penalties + account.penalties.len());
        assert!(read(&bytes).0.encode() == bytes, "{name}");
    }
    assert_eq!((cars, laps, penalties), (37, 581, 9));
    for (name, bytes) in captures() {
        let (results, flaws) = read(&bytes);
        assert_eq!(flaws, [], "{name}");
        assert!(results.encode() == bytes, "{name}");
    }
}

/// What of a first lap was told is lost with it, and with that the note; anything else comes back.
#[test]
fn an_account_written_as_a_result_is_read_as_the_same_account() {
    for (name, bytes) in captures() {
        let told = read(&bytes).0.account();
        let again = account(&Results::of(&told).encode());
        let without_notes = |account: &Account| Account { notes: Vec::new(), ..account.clone() };
        assert_eq!(without_notes(&again), without_notes(&told), "{name}");
        let about_cars = |account: &Account| {
            account.notes.iter().filter(|note| note.car.is_some()).map(|note| (note.code, note.car)).collect::<Vec<_>>()
        };
        assert_eq!(about_cars(&again), about_cars(&told), "{name}");
    }
}

#[test]
fn trap_1_the_same_file_in_every_encoding_is_the_same_and_keeps_it() {
    let bytes = sim_captures::one("acc/191003_235558_R.json");
    let (results, _) = read(&bytes);
    assert_eq!(results.document.encoding, Encoding::Utf16);
    for encoding in [Encoding::Utf8, Encoding::Utf8Marked, Encoding::Utf16, Encoding::Utf16Marked] {
        let written = Results { document: Document { encoding, ..results.document.clone() } }.encode();
        assert_eq!(account(&written), results.account());
        assert!(read(&written).0.encode() == written && Results::is(&written));
    }
    // A league has its teams in the second line of a name, once even without an escape.
    let driver = &results.account().cars[2].drivers[0];
    assert_eq!((driver.name.as_str(), driver.last.as_deref()), ("Driver Ash TEAMname", Some("Ash\nTEAMname")));
    let raw = String::from_utf8(sim_captures::one("acc/no.laps.json")).expect("it is UTF-8").replace("\"Ash\"", "\"Ash\nTeam\"");
    assert!(raw.contains("Ash\nTeam") && read(raw.as_bytes()).0.encode() == raw.as_bytes());
    assert_eq!(account(raw.as_bytes()).cars[2].drivers[0].name, "Driver Ash Team");
}

#[test]
fn trap_2_a_session_type_that_is_told_twice_is_kept_twice_and_told_where_the_two_differ() {
    let file = |second: &str| race("", "", LAPS, &format!(r#", "sessionType": "{second}""#));
    assert_eq!(account(&file("R")).about.kind, Some(SessionKind::Race));
    assert!(!notes(&account(&file("R"))).iter().any(|(code, _)| *code == "session-type-twice"));
    let (results, _) = read(&file("R"));
    assert_eq!(results.document.root.object().map(|root| root.all("sessionType").count()), Some(2));
    assert!(read(&results.encode()).0 == results);
    assert_eq!(notes(&account(&file("Q")))[0], ("session-type-twice", "it says two session types, R and Q"));
}

#[test]
fn trap_3_the_first_lap_is_no_lap_time_in_any_session_and_what_was_there_is_told_once() {
    let told = |name: &str| {
        let account = account(&sim_captures::one(&format!("acc/{name}")));
        let untimed = account.laps.iter().filter(|lap| lap.time.is_none()).map(|lap| (lap.number, lap.sectors[0])).collect::<Vec<_>>();
        assert_eq!(untimed, [(1, None); 3]);
        let notes: Vec<String> =
            account.notes.iter().filter(|note| note.code == "first-lap-untimed").map(|note| note.says.clone()).collect();
        assert_eq!(notes.len(), 1);
        notes.concat().split(": ").skip(1).collect::<Vec<_>>().join(": ")
    };
    assert_eq!(told("191003_224358_FP.json"), "3 of them, 2:37.192 to 6:04.006");
    assert_eq!(told("191003_225901_Q.json"), "3 of them, 2:11.649 to 12:20.283");
    assert_eq!(told("191003_235558_R.json"), "3 of them, 5:54.586 to 10:42.312");
    // Its other splits are the car's own; the total is that of the server and no sum.
    let race = account(&sim_captures::one("acc/191003_235558_R.json"));
    assert_eq!(race.laps[0].sectors, [None, Some(ms(25_974)), Some(ms(45_627))]);
    assert_eq!(race.claims[0].time, Some(ms(2_329_129)));
}

/// Servers of 2025 count a first lap in qualifying as any other: one of 42 cars has it as its best.
#[test]
fn trap_3_a_first_lap_that_the_server_made_the_best_of_its_car_is_kept() {
    let laps = r#"{"carId": 1001, "driverIndex": 0, "laptime": 100500, "isValidForBest": true, "splits": [35500, 30000, 35000]}"#;
    let account = account(&race("", "", laps, ""));
    assert_eq!((account.laps[0].time, account.laps[0].sectors[0]), (Some(ms(100_500)), Some(ms(35_500))));
    assert_eq!(notes(&account), []);
}

#[test]
fn trap_4_the_numbers_for_nothing_are_nothing() {
    let none = r#""timing": {"lastLap": 2147483647, "lastSplits": [], "bestLap": 2147483647, "bestSplits": [2147483647, 2147483647, 2147483647],
        "totalTime": 4294635180, "lapCount": 0, "lastSplitId": 4294967295}"#;
    let account = account(&race("", none, "", ""));
    let claim = &account.claims[0];
    assert_eq!((claim.best, claim.time, claim.laps, claim.place), (None, None, Some(0), Some(1)));
    assert_eq!(notes(&account), [("total-wrapped", "its total time is told as 4294635180, which is none")]);
    let account = self::account(&race("", "", LAPS, ""));
    assert_eq!(account.laps[2].sectors, [None, Some(ms(30_000)), Some(ms(35_000))]);
}

#[test]
fn trap_5_the_order_of_the_rows_is_the_classification_and_was_always_laps_and_total_time() {
    let (mut files, mut raced, mut others) = (0, 0, 0);
    for (name, bytes) in captures() {
        let account = read(&bytes).0.account();
        let places: Vec<Option<u16>> = account.claims.iter().map(|claim| claim.place).collect();
        assert_eq!(places, (1..).map(Some).take(account.cars.len()).collect::<Vec<_>>(), "{name}");
        assert!(account.claims.iter().all(|claim| claim.finish == Finish::Unknown && claim.gap.is_none() && claim.status.is_none()));
        if account.about.kind == Some(SessionKind::Race) {
            let order = account.claims.iter().map(|claim| (std::cmp::Reverse(claim.laps), claim.time));
            assert!(order.is_sorted(), "{name}");
            raced += account.claims.len();
        } else {
            assert!(account.claims.iter().map(|claim| (claim.best.is_none(), claim.best)).is_sorted(), "{name}");
            others += account.claims.len();
        }
        files += 1;
    }
    if files == 19 {
        assert_eq!((raced, others), (25, 101));
    }
    eprintln!("{raced} rows of races by laps and total time, {others} others by best lap, in {files} files");
}

#[test]
fn trap_6_a_time_penalty_after_the_race_is_in_the_total_already() {
    let penalties = r#", "penalties": [{"carId": 1001, "driverIndex": 0, "reason": "Cutting", "penalty": "PostRaceTime", "penaltyValue": 80,
        "violationInLap": 2, "clearedInLap": 0}], "post_race_penalties": [{"carId": 1001, "driverIndex": 0, "reason": "PitSpeeding",
        "penalty": "StopAndGo_30", "penaltyValue": 2, "violationInLap": 0, "clearedInLap": 1}]"#;
    let account = account(&race("", "", LAPS, penalties));
    assert_eq!(account.claims[0].time, Some(ms(303_000)));
    let told: Vec<_> = account.penalties.iter().map(|of| (of.kind, of.contained, of.after, of.lap, of.served, of.words.as_str())).collect();
    assert_eq!(
        told,
        [
            (PenaltyKind::Time(Micros::seconds(80)), true, false, Some(3), None, "Cutting/PostRaceTime/80"),
            (PenaltyKind::StopAndGo(Micros::seconds(30)), false, true, Some(1), Some(2), "PitSpeeding/StopAndGo_30/2"),
        ]
    );
}

/// Cutting in practice and qualifying: the lap that is named, counted from 1, is the one that may not be the best.
#[test]
fn a_penalty_names_the_lap_it_is_for() {
    for name in ["190924_194407_Q.json", "191003_224358_FP.json", "cuts.with.no.penalty.json"] {
        let account = account(&sim_captures::one(&format!("acc/{name}")));
        for penalty in &account.penalties {
            let lap = account.laps_of(penalty.car).find(|lap| Some(lap.number) == penalty.lap).expect("it is told");
            assert!(!lap.valid, "{name} {penalty:?}");
            let kind = if name.starts_with("cuts") { PenaltyKind::Warning } else { PenaltyKind::LapDeleted };
            assert_eq!(penalty.kind, kind);
        }
    }
}

#[test]
fn trap_7_times_at_the_wheel_are_exact_and_none_where_the_server_counted_none() {
    let drove = |times: &str| {
        let line = format!(r#""timing": {{"totalTime": 303000}}, "driverTotalTimes": [{times}]"#);
        account(&race("", &line, LAPS, "")).claims[0].drove.clone()
    };
    assert_eq!(drove("1632095.5"), [(0, Micros(1_632_095_500))]);
    assert_eq!(drove("1632095"), [(0, ms(1_632_095))]);
    assert_eq!(drove("0.0"), []);
    assert_eq!(drove("1.5, 2.5"), [(0, Micros(1_500))], "there is one driver");
    let account = account(&sim_captures::one("acc/191003_235558_R.json"));
    assert!(account.claims.iter().all(|claim| claim.drove.is_empty() && claim.time.is_some()));
}

#[test]
fn trap_8_a_cup_is_told_as_a_word_and_class_and_make_are_those_of_the_model() {
    let car = |keys: &str| account(&race(keys, "", "", "")).cars[0].clone();
    let cups = (0..6).map(|cup| car(&format!(r#", "cupCategory": {cup}"#)).cup.unwrap_or_default()).collect::<Vec<_>>();
    assert_eq!(cups, ["Overall", "ProAm", "Am", "Silver", "National", ""]);
    let of = car("");
    assert_eq!((of.class.as_deref(), of.maker.as_deref(), of.model.as_deref()), (Some("GT3"), Some("Ferrari"), Some("Ferrari 296 GT3")));
    assert_eq!(car(r#", "carGroup": "GT4", "nationality": 2"#).class.as_deref(), Some("GT4"));
    let weights = car(r#", "ballastKg": 15, "restrictor": 7.5, "nationality": 2, "teamName": "Elm""#);
    assert_eq!((weights.ballast_g, weights.restrictor), (Some(15_000), Some(750)));
    assert_eq!((weights.nationality.as_deref(), weights.team.as_deref()), (Some("Germany"), Some("Elm")));
}

#[test]
fn trap_9_a_car_has_another_key_in_every_run_of_a_server_and_its_drivers_the_same() {
    let first = race("", "", LAPS, "");
    let second = String::from_utf8(first.clone()).expect("it is UTF-8").replace("1001", "1044").into_bytes();
    let (first, second) = (account(&first), account(&second));
    assert_eq!((first.cars[0].key.as_deref(), second.cars[0].key.as_deref()), (Some("1001"), Some("1044")));
    assert_eq!((first.cars[0].drivers[0].id.as_deref(), &first.cars[0].drivers), (Some("S1"), &second.cars[0].drivers));
    assert_eq!((first.laps, first.cars[0].number.as_str()), (second.laps, "7"));
}

#[test]
fn trap_10_five_cars_have_other_numbers_on_consoles_which_no_file_says() {
    let bytes = String::from_utf8(race("", "", LAPS, "")).expect("it is UTF-8").replace("\"carModel\": 32", "\"carModel\": 26");
    let (results, _) = read(bytes.as_bytes());
    let model = |platform| results.account_on(platform).cars[0].model.clone().unwrap_or_default();
    assert_eq!((model(Platform::Pc), model(Platform::Console)), (String::from("Ferrari 488 Challenge Evo"), String::from("BMW M4 GT3")));
    let on_console = results.account_on(Platform::Console);
    assert_eq!(Results::of_on(&on_console, Platform::Console).account_on(Platform::Console).cars, on_console.cars);
    assert_eq!(results.account_on(Platform::Console).cars[0].class.as_deref(), Some("GT3"));
}

/// Keys in the order of their letters, as managers of servers write them.
fn sorted(json: &Json) -> Json {
    match json {
        Json::Object(object) => {
            let mut members: Vec<_> = object.members.iter().filter(|(key, _)| key != "bIsSpectator").cloned().collect();
            members.sort_by_key(|(key, _)| key.to_lowercase());
            Json::Object(Object { members: members.iter().map(|(key, of)| (key.clone(), sorted(of))).collect(), ..Object::default() })
        }
        Json::List(list) => Json::List(list.iter().map(sorted).collect()),
        Json::Null | Json::Bool(_) | Json::Whole(_) | Json::Decimal(_) | Json::Text(_) => json.clone(),
    }
}

#[test]
fn trap_11_a_file_that_a_manager_of_servers_wrote_again_tells_the_same_and_a_date() {
    let (results, _) = read(&sim_captures::one("acc/191003_235558_R.json"));
    let Json::Object(mut root) = sorted(&results.document.root) else { panic!("it is an object") };
    root.set("Date", "2019-10-03T23:55:58Z".into());
    root.set("SessionFile", "191003_235558_R".into());
    root.set("metaData", "championship:0b8255:72772e".into());
    let style = Style { indent: Indent::Blanks(2), ..Style::default() };
    let again = Results { document: Document { root: root.into(), style, encoding: Encoding::Utf8 } };
    let bytes = again.encode();
    assert!(Results::is(&bytes) && read(&bytes).0.encode() == bytes);
    let (mut told, mut before) = (account(&bytes), results.account());
    assert_eq!(told.about.written.map(|at| at.0), Some(1_570_146_958_000_000));
    assert_eq!(told.about.event.as_deref(), Some("championship:0b8255:72772e"));
    (told.about.written, told.about.event) = (None, None);
    // The rows are in other lines.
    told.notes.iter_mut().chain(&mut before.notes).for_each(|note| note.line = None);
    assert_eq!(told, before);
}

#[test]
fn trap_12_splits_may_be_a_millisecond_each_from_the_lap_and_no_more() {
    assert!(!notes(&account(&race("", "", LAPS, ""))).iter().any(|(code, _)| *code == "splits-differ"));
    let odd = LAPS.replace("34999", "34996");
    assert_eq!(notes(&account(&race("", "", &odd, "")))[1], ("splits-differ", "laps whose splits do not add up to them: 1"));
}

#[test]
fn trap_13_session_types_are_words_with_a_number_or_the_game_s_own_numbers() {
    let about = |word: &str| {
        let bytes = String::from_utf8(race("", "", LAPS, "")).expect("it is UTF-8");
        let bytes = bytes.replace("\"sessionType\": \"R\"", &format!("\"sessionType\": {word}")).replace("\"type\": 1", "\"type\": 0");
        let about = account(bytes.as_bytes()).about;
        (about.kind, about.number, about.session.unwrap_or_default())
    };
    let text = String::from;
    assert_eq!(about("\"FP\""), (Some(SessionKind::Practice), None, text("FP")));
    assert_eq!(about("\"P\""), (Some(SessionKind::Practice), None, text("P")));
    assert_eq!(about("\"R2\""), (Some(SessionKind::Race), Some(2), text("R2")));
    assert_eq!(about("4"), (Some(SessionKind::Qualifying), None, text("4")));
    assert_eq!(about("\"10\""), (Some(SessionKind::Race), None, text("10")));
    assert_eq!(about("\"X\""), (None, None, text("X")));
    let numbered = account(&sim_captures::one("acc/numeric.session.type.json"));
    assert_eq!((numbered.about.kind, numbered.about.number), (Some(SessionKind::Qualifying), Some(2)));
    // Without a word the kind of the result says at least that it was a race.
    let bytes = String::from_utf8(race("", "", LAPS, "")).expect("it is UTF-8").replace("\"sessionType\": \"R\", ", "");
    assert_eq!(account(bytes.as_bytes()).about.kind, Some(SessionKind::Race));
    let totals = |name: &str| account(&sim_captures::one(name)).claims.iter().filter(|claim| claim.time.is_some()).count();
    assert_eq!((totals("acc/191003_225901_Q.json"), totals("acc/no.laps.json")), (0, 3), "a total time is that of a race");
}

#[test]
fn trap_14_what_is_missing_is_told_and_the_rest_is_read() {
    let told = |name: &str| {
        let account = account(&sim_captures::one(&format!("acc/{name}")));
        let codes: Vec<(&str, Option<usize>)> =
            account.notes.iter().filter(|note| note.code != "first-lap-untimed").map(|note| (note.code, note.car)).collect();
        (account.cars.len(), account.laps.len(), codes)
    };
    assert_eq!(told("no.laps.json"), (3, 0, vec![("laps-missing", None)]));
    let unknown = ("car-unknown", None);
    assert_eq!(
        told("race.without.leaderBoardLines,attribute.json"),
        (0, 0, vec![("classification-missing", None), unknown, unknown, unknown])
    );
    assert_eq!(told("race.with.missing.carModel.attribute.json"), (3, 65, vec![("model-missing", Some(0)), ("model-missing", Some(1))]));
    let car_id = vec![("car-id-missing", Some(0)), ("model-missing", Some(0)), ("model-missing", Some(1)), unknown];
    assert_eq!(told("race.with.missing.carId.attribute.json"), (3, 42, car_id));
    assert_eq!(told("race.with.missing.driver.teamName.attribute.json"), (3, 65, vec![]));
    assert_eq!(told("laps.with.unknown.carid.json"), (2, 17, vec![unknown]));
    let unknown = account(&sim_captures::one("acc/laps.with.unknown.carid.json"));
    assert_eq!(notes(&unknown)[1].1, "carId 1001 is not in the classification: laps and penalties that are its own: 7");
}

#[test]
fn what_a_row_says_of_a_car_beside_its_result_is_told() {
    let told = |line: &str| {
        let account = account(&race("", &format!(r#""timing": {{"totalTime": 303000, "lapCount": 3}}, {line}"#), LAPS, ""));
        let claim = account.claims[0].clone();
        let note = account.notes.iter().find(|note| note.car.is_some()).map(|note| note.says.clone()).unwrap_or_default();
        let again = self::account(&Results::of(&account).encode());
        assert_eq!(again.claims, account.claims);
        (claim.place, claim.finish, claim.status.unwrap_or_default(), note, account.laps_as_completed)
    };
    let text = String::from;
    let missed = text("mandatory stops missed: 2");
    assert_eq!(told(r#""missingMandatoryPitstop": 2"#), (Some(1), Finish::Unknown, text(""), missed, true));
    assert_eq!(told(r#""missingMandatoryPitstop": -1"#), (Some(1), Finish::Unknown, text(""), text(""), true));
    let spectator = (None, Finish::Unknown, text("spectator"), text("is listed as a spectator"), true);
    assert_eq!(told(r#""bIsSpectator": true"#), spectator);
    assert_eq!(told(r#""bIsSpectator": false"#), (Some(1), Finish::Unknown, text(""), text(""), true));
    let two = race("", r#""bIsSpectator": true}, {"car": {"carId": 2, "raceNumber": 8}, "timing": {}"#, "", "");
    assert_eq!(account(&two).claims.iter().map(|claim| claim.place).collect::<Vec<_>>(), [None, Some(1)]);
    assert_eq!(told(r#""disqualified": true"#), (None, Finish::Disqualified, text(""), text(""), true));
}

/// As the source of an independent server says: its rows are in no order.
#[test]
fn where_rows_say_their_places_these_are_the_classification_and_laps_are_in_no_order() {
    let account = account(&race("", r#""position": 4, "timing": {}"#, LAPS, ""));
    assert_eq!((account.claims[0].place, account.laps_as_completed), (Some(4), false));
}

#[test]
fn rows_that_tell_nothing_are_told_where_they_are_and_the_others_are_read() {
    let laps = format!("{LAPS},\n    {{\"laptime\": 1}},\n    7,\n    {{\"carId\": 1001, \"laptime\": \"soon\", \"splits\": 5}}");
    let (results, flaws) = read(&race("", "", &laps, r#", "penalties": [{"penalty": "DriveThrough"}]"#));
    let told: Vec<String> = flaws.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "line 4: a lap without a carId: {\\\"laptime\\\": 1}",
            "byte 0: a lap without a carId: 7",
            "line 6: `laptime` is no number: {\\\"laptime\\\": \\\"soon\\\"}",
            "line 6: `splits` is no list: {\\\"splits\\\": 5}",
            "line 6: a penalty without a carId: {\\\"penalty\\\": \\\"DriveThrough\\\"}",
        ]
    );
    assert_eq!(results.account().laps.len(), 4);
}

/// The game's own file, of which only descriptions were at hand.
#[test]
fn the_file_the_game_saves_has_the_same_in_other_keys() {
    let bytes = br#"{"sessionDef": {"sessionType": 10, "sessionDuration": 2400, "trackName": "monza_2020"}, "snapShot": {"isWetSession": 0,
        "leaderBoardLines": [{"car": {"carId": 3, "raceNumber": 11, "carModel": 20, "drivers": [{"lastName": "Ash"}, {"lastName": "Elm"}]},
        "timing": {"lapCount": 2, "totalTime": 240000, "bestLap": 110000}}]}, "laps": [{"carId": 3, "driverId": 0, "lapTime": 130000, "splits":
        [60000, 70000], "fuel": 60.5, "flags": 0, "timestampMS": 130000.0}, {"carId": 3, "driverId": 1, "lapTime": 110000, "splits": [50000, 60000]}],
        "points": [{"segment": 0, "points": [{"carId": 3, "points": [16.5, 0, 0, 0, 0]}]}]}"#;
    assert!(Results::is(bytes));
    let account = account(bytes);
    let about = &account.about;
    assert_eq!((about.kind, about.planned, about.track.as_deref()), (Some(SessionKind::Race), Some(Micros::seconds(2_400)), Some("monza")));
    let laps: Vec<_> = account.laps.iter().map(|lap| (lap.driver, lap.time, lap.valid)).collect();
    assert_eq!(laps, [(Some(0), None, true), (Some(1), Some(ms(110_000)), true)]);
    assert_eq!(account.claims[0].time, Some(ms(240_000)));
}

#[test]
fn a_file_that_cannot_be_read_says_why_and_where() {
    let why = |bytes: &[u8]| Results::decode(bytes).map(|_| ()).unwrap_err().to_string();
    let none = "no result of Assetto Corsa Competizione: it has neither a sessionResult nor a snapShot nor laps";
    assert_eq!(why(b"{\"entries\": []}"), format!("line 1: {none}: {{\\\"entries\\\": []}}"));
    assert_eq!(why(b"[]"), format!("byte 0: {none}: []"));
    assert_eq!(why(b"\xff\xfe{\0\"\0"), "line 1: no JSON: EOF while parsing a string, column 2: \\\"");
    assert!(why(&[b"{\"laps\": ".as_slice(), "[".repeat(10_000).as_bytes()].concat()).contains("recursion limit exceeded"));
    // UTF-16 with its bytes the other way round is none of this.
    let bytes = sim_captures::one("acc/191003_225901_Q.json");
    let swapped: Vec<u8> = bytes.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
    assert!(!Results::is(&swapped) && Results::decode(&swapped).is_err());
    for at in (0..bytes.len() - 1).step_by(97) {
        assert!(Results::decode(&bytes[..at]).is_err(), "{at}");
    }
    let bytes = sim_captures::one("acc/no.laps.json");
    for at in 0..bytes.len() {
        assert!(Results::decode(&bytes[..at]).is_err(), "{at}");
    }
}

#[test]
fn absurd_numbers_are_told_or_none_and_stop_nothing() {
    let lap =
        |time: &str| format!(r#"{LAPS}, {{"carId": 1001, "driverIndex": 4000000000, "laptime": {time}, "splits": [-1, 1e300, {time}]}}"#);
    for time in
        ["-5", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "1e308", "0", "null", "0.0000001", "9000000000000000"]
    {
        let timing =
            format!(r#""timing": {{"lapCount": 4294967296, "totalTime": {time}, "bestLap": {time}}}, "missingMandatoryPitstop": {time}"#);
        let account = read(&race(&format!(r#", "raceNumber": {time}, "cupCategory": {time}"#), &timing, &lap(time), "")).0.account();
        let last = account.laps.last().expect("it is there");
        assert_eq!((last.number, last.driver, last.time, last.sectors.as_slice()), (4, None, None, [None; 3].as_slice()), "{time}");
        assert_eq!((account.claims[0].laps, account.claims[0].time, account.claims[0].best), (None, None, None), "{time}");
    }
    let digits = format!(r#"{{"laps": [{}]}}"#, "9".repeat(400));
    assert_eq!(Results::decode(digits.as_bytes()).unwrap_err().why, "no JSON: number out of range, column 410");
}

/// A tree with one of its values made another.
fn changed(json: &Json, at: &mut usize, to: &Json) -> Json {
    if *at == 0 {
        *at = usize::MAX;
        return to.clone();
    }
    *at = at.saturating_sub(1);
    match json {
        Json::Object(object) => {
            let members = object.members.iter().map(|(key, of)| (key.clone(), changed(of, at, to))).collect();
            Json::Object(Object { members, place: object.place })
        }
        Json::List(list) => Json::List(list.iter().map(|of| changed(of, at, to)).collect()),
        Json::Null | Json::Bool(_) | Json::Whole(_) | Json::Decimal(_) | Json::Text(_) => json.clone(),
    }
}

fn any_value() -> impl Strategy<Value = Json> {
    let texts = prop_oneof![Just("R"), Just("Q2"), Just("1001"), Just("")].prop_map(Json::from);
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(Json::from),
        (-2_i64..5_000_000_000).prop_map(Json::from),
        (any::<i32>(), 0..12_u32).prop_map(|(number, digits)| Json::unscaled(number.into(), digits)),
        texts,
        Just(Json::List(vec![Json::from(1)])),
        Just(Json::Object(Object::of([("carId", 1001.into())]))),
    ]
}

proptest! {
    /// Whatever stands where something else should, the account is one: every position in it is there, every car's laps are counted.
    #[test]
    fn whatever_stands_in_a_file_it_is_read(at in 0_usize..900, to in any_value()) {
        let (results, _) = read(&sim_captures::one("acc/191003_225901_Q.json"));
        let root = changed(&results.document.root, &mut at.clone(), &to);
        let bytes = Results { document: Document { root, ..results.document } }.encode();
        let Ok((results, _)) = Results::decode(&bytes) else { return Ok(()) };
        prop_assert!(results.encode() == bytes);
        let account = results.account();
        for lap in &account.laps {
            prop_assert!(lap.driver.is_none_or(|driver| driver < account.cars[lap.car].drivers.len()));
        }
        for car in 0..account.cars.len() {
            let numbers: Vec<u32> = account.laps_of(car).map(|lap| lap.number).collect();
            prop_assert_eq!(&numbers, &(1..).take(numbers.len()).collect::<Vec<u32>>());
        }
        let again = Results::of(&account).account();
        prop_assert_eq!(again.laps.len(), account.laps.len());
        timing::reckoned::Reckoned::of(&account, timing::reckoned::ranking(&account));
    }

    #[test]
    fn an_account_of_anybody_is_written_and_read(
        numbers in prop::collection::vec("[0-9]{1,3}|[A-Z]{2}", 1..5),
        laps in prop::collection::vec((0_usize..5, prop::option::of(1_i64..200_000), any::<bool>()), 0..20),
    ) {
        let mut account = Account::default();
        account.about.kind = Some(SessionKind::Race);
        account.cars.extend(numbers.iter().map(|number| timing::account::Car { number: number.clone(), ..timing::account::Car::default() }));
        let mut counts = vec![0; numbers.len()];
        for (car, time, valid) in laps {
            let car = car % numbers.len();
            counts[car] += 1;
            account.laps.push(Lap { time: time.map(ms), valid, ..Lap::of(car, counts[car]) });
        }
        let again = Results::of(&account).account();
        // The first laps lose their times, as those of this server do; and every car is in the classification.
        let lap = |lap: &Lap| (lap.car, lap.number, lap.time.filter(|_| lap.number > 1), lap.valid);
        let times = |account: &Account| account.laps.iter().map(lap).collect::<Vec<_>>();
        prop_assert_eq!(times(&again), times(&account));
        prop_assert_eq!(again.claims.len(), numbers.len());
    }
}
