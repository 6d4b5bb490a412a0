//! Files of Swiss Timing: on files of their shape with a field of nobody, and on real ones where those are at hand.

use sport::date::{Instant, Micros};
use sport::session::SessionKind;
use timing::account::{Account, Claim, Lap, PenaltyKind};
use timing::reckoned::{Reckoned, ranking};
use timing::sim::rfactor;
use timing::swiss::entry_list::EntryList;
use timing::swiss::result_list::ResultList;
use timing::swiss::session::Session;

mod sim_captures;

const FILE: &str = "<FILE xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">";

/// Lines as they are in their files, each with a carriage return before its line feed and none behind the last.
fn lines(within: &str) -> Vec<u8> {
    format!("<?xml version=\"1.0\"?>\n{FILE}\n{within}\n</FILE>").replace('\n', "\r\n").into_bytes()
}

fn seat(nth: usize, who: Option<(&str, &str, &str, &str)>) -> String {
    let of =
        |name: &str, text: &str| if text.is_empty() { format!("      <{name} />\n") } else { format!("      <{name}>{text}</{name}>\n") };
    let (country, first, last, short) = who.unwrap_or_default();
    let id = if who.is_some() { nth.to_string() } else { String::new() };
    let fields = [of("Country", country), of("First", first), of("Last", last), of("Short", short), of("Id", &id)].concat();
    format!("    <Driver{nth}>\n{fields}    </Driver{nth}>\n")
}

fn entries() -> Vec<u8> {
    let session = "  <SESS>\n    <Competition>GT of Nowhere Cup</Competition>\n    <Meeting>Round 1</Meeting>\n    <Session>Free Practice 1</Session>\n    <Track>Spa Long</Track>\n    <StartTime>02.05.2031 13:30:00.000</StartTime>\n  </SESS>";
    let entry = |number: &str, cup: &str, crew: &[(&str, &str, &str, &str)]| {
        let seats: String = (1..=4).map(|nth| seat(nth, crew.get(nth - 1).copied())).collect();
        format!(
            "  <ENTR>\n    <Bib>{number}</Bib>\n    <Car>Make 1 GT3</Car>\n    <Class>{cup}</Class>\n{seats}    <Team>Team &amp; {number}</Team>\n  </ENTR>"
        )
    };
    let crew = [("BEL", "Driver", "Ash", "ASH"), ("SWE", "Driver van", "Öland", "OEL"), ("FRA", "Driver", "Oak", "OAK")];
    lines(&[session, &entry("10", "Gold Cup", &crew), &entry("0", "Pro Cup", &crew[..2])].join("\n"))
}

fn result(row: [&str; 12]) -> String {
    let names = ["Bib", "Rank", "Pos", "StartPos", "Laps", "Time", "BestTime", "BestLap", "LastTime", "LastLap", "Gap", "Diff"];
    let of = |(name, value): (&str, &str)| match value {
        "nil" => format!("    <{name} xsi:nil=\"true\" />\n"),
        value => format!("    <{name}>{value}</{name}>\n"),
    };
    format!("  <RES>\n{}  </RES>", names.into_iter().zip(row).map(of).collect::<String>())
}

fn results() -> Vec<u8> {
    let rows = [
        ["5", "1", "1", "0", "31", "101500", "101500", "28", "250111", "31", "0", "0"],
        ["40", "2", "2", "0", "36", "101575", "101575", "4", "160222", "36", "75", "75"],
        ["8", "3", "3", "0", "22", "101800", "101800", "20", "210333", "22", "300", "225"],
        ["77", "nil", "4", "0", "2", "0", "0", "0", "140444", "2", "0", "0"],
    ];
    lines(&rows.map(result).join("\n"))
}

/// A session as it is archived, in one line, with two cars and what a test puts into it.
fn session(laps: &str, announcements: &str, start: &str) -> Vec<u8> {
    let car = |number: &str, pos: usize, gap: &str, best: &str| {
        format!(
            r#"{{"nr":"{number}","pos":{pos},"posChange":null,"classPos":1,"className":"Pro Cup","activeDriverId":"3","drivers":[{{"id":"2","name":"Driver Ash","short":"ASH","country":"BEL"}},{{"id":"3","name":"Driver Öland","short":"OEL","country":"SWE"}}],"team":"Team 1","vehicle":"Make 1 GT3","manufacturer":"Make","laps":5,"gap":"{gap}","bestLap":{best},"bestLapNr":2,"pitTime":"-","pitCount":1,"inPit":true,"lapHistory":[]}}"#
        )
    };
    let best = r#"{"raw":"2:11.000","ms":131000,"color":"purple"}"#;
    let none = r#"{"raw":"-","ms":null,"color":null}"#;
    let cars = [car("11", 1, "-", best), car("0", 2, "+0.112", none)].join(",");
    format!(
        r#"{{"id":"x","label":"x","savedAt":"2031-07-04T09:30:02.500Z","carCount":2,"vm":{{"cars":[{cars}],"session":{{"type":"runInfo","sessionName":"Free Practice 1","competition":"GT of Nowhere Cup","meeting":"Round 4","trackName":"Spa","startTime":"{start}","startTimeMs":1940926500000,"flag":"Chequered"}},"announcements":[{announcements}],"neutralizationPhases":[]}},"carsDetail":[{{"nr":"11","lapHistory":[{laps}]}}]}}"#
    )
    .into_bytes()
}

fn lap(number: u32, driver: &str, ms: u32) -> String {
    format!(
        r#"{{"lapNr":{number},"driverId":"{driver}","driverName":"x","lapTime":{{"ms":{ms},"raw":"x"}},"sectors":{{"S1":{{"ms":41000,"raw":"41.000"}},"S3":{{"ms":34000,"raw":"34.000"}}}}}}"#
    )
}

fn entry_list(bytes: &[u8]) -> Account {
    let (list, flaws) = EntryList::decode(bytes).unwrap_or_else(|flaw| panic!("{flaw}"));
    assert_eq!(flaws, []);
    assert!(list.encode() == bytes && EntryList::is(bytes));
    list.account()
}

fn result_list(bytes: &[u8]) -> Account {
    let (list, flaws) = ResultList::decode(bytes).unwrap_or_else(|flaw| panic!("{flaw}"));
    assert_eq!(flaws, []);
    assert!(list.encode() == bytes && ResultList::is(bytes));
    list.account()
}

fn archived(bytes: &[u8]) -> Account {
    let (session, flaws) = Session::decode(bytes).unwrap_or_else(|flaw| panic!("{flaw}"));
    assert_eq!(flaws, []);
    assert!(session.encode() == bytes && Session::is(bytes));
    session.account()
}

#[test]
fn an_entry_list_has_seats_that_nobody_has() {
    let list = entry_list(&entries());
    let about = &list.about;
    assert_eq!((about.competition.as_deref(), about.event.as_deref()), (Some("GT of Nowhere Cup"), Some("Round 1")));
    assert_eq!((about.kind, about.number, about.track.as_deref()), (Some(SessionKind::Practice), Some(1), Some("Spa Long")));
    assert_eq!((about.began, list.notes[0].code), (Some(Instant(1_935_495_000_000_000)), "local-time"));
    assert_eq!(list.cars.iter().map(|car| car.drivers.len()).collect::<Vec<_>>(), [3, 2]);
    let car = &list.cars[0];
    assert_eq!((car.number.as_str(), car.cup.as_deref(), car.team.as_deref()), ("10", Some("Gold Cup"), Some("Team & 10")));
    let driver = &car.drivers[1];
    assert_eq!(
        (driver.name.as_str(), driver.first.as_deref(), driver.last.as_deref()),
        ("Driver van Öland", Some("Driver van"), Some("Öland"))
    );
    assert_eq!((driver.short.as_deref(), driver.nationality.as_deref(), driver.id.as_deref()), (Some("OEL"), Some("SWE"), None));
}

#[test]
fn a_list_written_from_an_account_is_the_list_it_was_read_from() {
    assert_eq!(String::from_utf8(EntryList::of(&entry_list(&entries())).encode()), String::from_utf8(entries()));
    // All but the last lap, which no account has of a result list.
    let mut told = result_list(&results());
    for (car, (number, ms)) in [(31, 250_111), (36, 160_222), (22, 210_333), (2, 140_444)].into_iter().enumerate() {
        told.laps.push(Lap { time: Some(Micros(ms * 1_000)), ..Lap::of(car, number) });
    }
    assert_eq!(String::from_utf8(ResultList::of(&told).encode()), String::from_utf8(results()));
}

#[test]
fn a_result_list_of_practice_tells_best_laps_and_no_times_of_a_race() {
    let list = result_list(&results());
    let told: Vec<_> = list
        .claims
        .iter()
        .map(|claim| (claim.place, claim.laps, claim.time, claim.best.map(|best| best.0 / 1_000), claim.gap.map(|gap| gap.0 / 1_000)))
        .collect();
    let expected = [
        (Some(1), Some(31), None, Some(101_500), None),
        (Some(2), Some(36), None, Some(101_575), Some(75)),
        (Some(3), Some(22), None, Some(101_800), Some(300)),
        // Who set no time has a position, and no rank.
        (None, Some(2), None, None, None),
    ];
    assert_eq!(told, expected);
    assert_eq!((list.cars[0].number.as_str(), list.cars[0].grid, list.claims[0].best_lap), ("5", None, Some(28)));
    assert_eq!(result_list(&ResultList::of(&list).encode()), list);
    // Nobody saw one of a race: with other times than the best laps it is taken for one.
    let race = result(["3", "1", "1", "5", "30", "3600000", "101500", "30", "0", "0", "0", "0"]);
    let race = result_list(&lines(&race));
    assert_eq!((race.claims[0].time, race.cars[0].grid), (Some(Micros::seconds(3_600)), Some(5)));
}

#[test]
fn gaps_of_an_account_without_any_are_those_of_its_times() {
    let mut told = Account::default();
    for (car, (best, time, laps)) in [(90_000, 1_800_000, 20), (89_500, 1_801_500, 20), (91_000, 1_700_000, 18)].into_iter().enumerate() {
        told.cars.push(timing::account::Car { number: car.to_string(), ..timing::account::Car::default() });
        let (best, time) = (Some(Micros(best * 1_000)), Some(Micros(time * 1_000)));
        told.claims.push(Claim { best, time, laps: Some(laps), place: u16::try_from(car + 1).ok(), ..Claim::of(car) });
    }
    let gaps = |told: &Account| {
        result_list(&ResultList::of(told).encode()).claims.iter().map(|claim| claim.gap.map(|gap| gap.0 / 1_000)).collect::<Vec<_>>()
    };
    assert_eq!(gaps(&told), [None, Some(1_500), None]);
    told.claims.iter_mut().for_each(|claim| claim.time = None);
    told.claims.swap(0, 1);
    assert_eq!(gaps(&told), [None, Some(500), Some(1_500)]);
}

#[test]
fn an_archived_session_has_gaps_in_its_laps() {
    let laps = [lap(2, "3", 131_000), lap(5, "2", 133_500)].join(",");
    let told = archived(&session(&laps, "", "04.07.2031 10:15:00.000"));
    let about = &told.about;
    assert_eq!(
        (about.competition.as_deref(), about.event.as_deref(), about.kind),
        (Some("GT of Nowhere Cup"), Some("Round 4"), Some(SessionKind::Practice))
    );
    assert_eq!((about.began, about.written), (Some(Instant(1_940_926_500_000_000)), Some(Instant(1_940_923_802_000_000))));
    let of: Vec<_> = told.laps.iter().map(|lap| (lap.number, lap.driver, lap.time.map(|time| time.0 / 1_000))).collect();
    assert_eq!(of, [(2, Some(1), Some(131_000)), (5, Some(0), Some(133_500))]);
    assert_eq!(told.laps[0].sectors, [Some(Micros(41_000_000)), None, Some(Micros(34_000_000))]);
    let claims: Vec<_> = told.claims.iter().map(|claim| (claim.place, claim.laps, claim.best.is_some(), claim.gap)).collect();
    assert_eq!(claims, [(Some(1), Some(5), true, None), (Some(2), Some(5), false, Some(Micros(112_000)))]);
    let reckoned = Reckoned::of(&told, ranking(&told));
    assert_eq!(reckoned.rows[0].missing, 3);
    // A session that nobody said the start of.
    let without = archived(&session("", "", ""));
    assert_eq!((without.about.began, without.notes.len()), (None, 0));
}

#[test]
fn race_control_is_told_word_for_word_and_its_penalties_as_such() {
    let message = |text: &str| format!(r#"{{"text":"{text}","dt":"04.07.2031 10:20:10.500","type":"Normal"}}"#);
    let said = [
        "CAR 0 PITLANE SPEED UNDER INVESTIGATION",
        "CAR 11 STOP AND GO PENALTY 5min TRACK LIMITS",
        "CAR 7 FINAL WARNING",
        "Full Course Yellow",
    ];
    let told = archived(&session("", &said.map(message).join(","), "04.07.2031 10:15:00.000"));
    assert_eq!(told.messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), said);
    assert_eq!(told.messages[0].at, Some(Instant(1_940_926_810_500_000)));
    // Car 7 is not in the session.
    let penalties: Vec<_> = told.penalties.iter().map(|of| (of.car, of.kind, of.lap, of.words.as_str())).collect();
    assert_eq!(penalties, [(0, PenaltyKind::StopAndGo(Micros::seconds(300)), None, said[1])]);
}

#[test]
fn rows_that_tell_nothing_are_told_and_the_others_are_read() {
    let why = |flaws: Vec<timing::flaw::Flaw>| flaws.into_iter().map(|flaw| (flaw.line, flaw.why)).collect::<Vec<_>>();
    let at = |line: u64, why: &str| (Some(line), why.to_owned());
    let text = String::from_utf8(entries()).unwrap().replace("<Bib>10</Bib>", "<Bib />").replace("02.05.2031", "31.04.2031");
    let (list, flaws) = EntryList::decode(text.as_bytes()).unwrap();
    assert_eq!(why(flaws), [at(3, "the StartTime is `31.04.2031 13:30:00.000`, and that is none"), at(10, "an entry without a Bib")]);
    assert_eq!((list.account().cars.len(), list.account().about.began), (1, None));
    let text = String::from_utf8(results())
        .unwrap()
        .replace("<Bib>40</Bib>", "")
        .replace("<Rank>3<", "<Rank>third<")
        .replace("<Laps>31<", "<Laps>-1<")
        .replace(">77<", ">5<");
    let (list, flaws) = ResultList::decode(text.as_bytes()).unwrap();
    assert_eq!(
        why(flaws),
        [at(8, "the Laps is `-1`, and that is none"), at(17, "a result without a Bib"), at(33, "the Rank is `third`, and that is none")]
    );
    assert_eq!(list.account().notes.iter().map(|note| note.says.as_str()).collect::<Vec<_>>(), ["another car has number 5 too"]);
    let laps = r#"{"lapNr":0},{"lapTime":{"ms":1}},{"lapNr":1,"lapTime":{"ms":"x"}},{"lapNr":1,"lapTime":{"ms":90000}}"#;
    let bytes = session(laps, r#"{"dt":"x"}"#, "at ten");
    let (told, flaws) = Session::decode(&bytes).unwrap();
    let expected = [
        "the startTime of the session is none",
        "a lap without a lapNr",
        "a lap without a lapNr",
        "`ms` is no number",
        "an announcement without a text",
    ];
    assert_eq!(flaws.iter().map(|flaw| flaw.why.as_str()).collect::<Vec<_>>(), expected);
    assert_eq!(told.account().notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["lap-twice"]);
}

#[test]
fn what_is_cut_off_or_another_file_is_told() {
    type Reads = fn(&[u8]) -> bool;
    let readers: [(Vec<u8>, Reads); 3] = [
        (entries(), |bytes| EntryList::decode(bytes).is_ok()),
        (results(), |bytes| ResultList::decode(bytes).is_ok()),
        (session(&lap(2, "3", 1), "", ""), |bytes| Session::decode(bytes).is_ok()),
    ];
    for (nth, (bytes, reads)) in readers.iter().enumerate() {
        assert!((0..bytes.len()).all(|at| !reads(&bytes[..at])), "{nth}");
        for (other, (bytes, _)) in readers.iter().enumerate() {
            assert_eq!(reads(bytes), nth == other, "{nth} {other}");
        }
        assert!(!reads(&b"<FILE>".repeat(10_000)) && !reads(&b"[".repeat(10_000)));
    }
    for absurd in ["-1", "4294967295", "99999999999999999999", "1e300", "x", &"9".repeat(300), ""] {
        let list = ResultList::decode(&lines(&result([absurd; 12]))).unwrap().0;
        ResultList::of(&list.account());
        let number = if absurd.is_empty() || absurd == "x" { "null" } else { absurd };
        let laps = format!(r#"{{"lapNr":{number},"driverId":{number},"lapTime":{{"ms":{number}}},"sectors":{number}}}"#);
        let bytes = String::from_utf8(session(&laps, "", absurd)).unwrap().replace("\"laps\":5", &format!("\"laps\":{number}"));
        let account = Session::decode(bytes.as_bytes()).unwrap().0.account();
        Reckoned::of(&account, ranking(&account));
    }
}

/// What each file is by its path, of the formats that are told apart here.
#[test]
fn every_capture_is_known_for_what_it_is() {
    let mut known = 0;
    for (path, bytes) in sim_captures::here("", "").into_iter().chain(sim_captures::elsewhere("", "")) {
        let found = [rfactor::Results::is(&bytes), EntryList::is(&bytes), ResultList::is(&bytes), Session::is(&bytes)];
        let xml = path.to_lowercase().ends_with(".xml");
        let expected = [
            xml && path.contains("rfactor2/"),
            xml && path.contains("ENTRY_LIST"),
            xml && path.contains("RESULT_LIST"),
            path.contains("gtwc-swisstiming/sessions/"),
        ];
        assert_eq!(found, expected, "{path}");
        known += found.into_iter().filter(|is| *is).count();
    }
    assert!(known >= 12);
    eprintln!("{known} files known");
}

#[test]
fn real_lists_are_read_without_a_flaw_and_written_again_byte_for_byte() {
    let (mut cars, mut drivers, mut ranked) = (0, 0, 0);
    for (path, bytes) in sim_captures::elsewhere("gtwc-swisstiming", ".XML") {
        if path.contains("ENTRY") {
            let told = entry_list(&bytes);
            assert!(EntryList::of(&told).encode() == bytes, "{path}");
            cars += told.cars.len();
            drivers += told.cars.iter().map(|car| car.drivers.len()).sum::<usize>();
        } else {
            let told = result_list(&bytes);
            assert_eq!(result_list(&ResultList::of(&told).encode()), told, "{path}");
            cars += told.cars.len();
            ranked += told.claims.iter().filter(|claim| claim.place.is_some()).count();
        }
    }
    eprintln!("{cars} cars, {drivers} drivers, {ranked} ranked");
    assert!([(0, 0, 0), (171, 174, 112)].contains(&(cars, drivers, ranked)));
}

#[test]
fn real_sessions_are_read_without_a_flaw_and_written_again_byte_for_byte() {
    let (mut cars, mut laps, mut messages, mut penalties) = (0, 0, 0, [0; 4]);
    for (path, bytes) in sim_captures::elsewhere("gtwc-swisstiming/sessions", ".json") {
        let told = archived(&bytes);
        let codes: Vec<&str> = told.notes.iter().map(|note| note.code).collect();
        assert_eq!(codes, ["local-time"], "{path}");
        assert!(told.laps.iter().all(|lap| lap.driver.is_some() && lap.time.is_some() && lap.sectors.len() == 3), "{path}");
        (cars, laps, messages) = (cars + told.cars.len(), laps + told.laps.len(), messages + told.messages.len());
        for penalty in &told.penalties {
            let nth = match penalty.kind {
                PenaltyKind::LapDeleted => 0,
                PenaltyKind::Warning => 1,
                PenaltyKind::StopAndGo(_) => 2,
                PenaltyKind::Other => 3,
                PenaltyKind::DriveThrough | PenaltyKind::Time(_) | PenaltyKind::Disqualified => panic!("{}", penalty.words),
            };
            penalties[nth] += 1;
        }
    }
    eprintln!("{cars} cars, {laps} laps, {messages} messages, {penalties:?} laps deleted, warnings, stops, others");
    assert!([(0, 0, 0, [0; 4]), (315, 4_004, 257, [90, 66, 8, 4])].contains(&(cars, laps, messages, penalties)));
}
