//! Results of rFactor 2 on real files of its server, and on what others say of those of Le Mans Ultimate.

use sport::date::{Instant, Micros};
use sport::result::Finish;
use sport::session::SessionKind;
use timing::account::{Account, Flag, Lap, Message, Penalty, PenaltyKind};
use timing::encoding::Encoding;
use timing::reckoned::{Reckoned, ranking};
use timing::sim::rfactor::Results;

mod sim_captures;

fn account(bytes: &[u8]) -> Account {
    let (results, flaws) = Results::decode(bytes).unwrap_or_else(|flaw| panic!("{flaw}"));
    assert_eq!(flaws, []);
    results.account()
}

fn capture(name: &str) -> Account {
    account(&sim_captures::one(&format!("rfactor2/{name}.xml")))
}

/// Tenths of milliseconds, as the game counts.
fn tenths(tenths: i64) -> Micros {
    Micros(tenths * 100)
}

/// A session of what a test has in it.
fn file(session: &str, within: &str) -> Vec<u8> {
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rFactorXML version=\"1.0\">\n<RaceResults>\n<TrackVenue>Spa</TrackVenue>\n<{session}>\n{within}\n</{session}>\n</RaceResults>\n</rFactorXML>\n").into_bytes()
}

fn driver(name: &str, within: &str) -> String {
    format!("<Driver>\n<Name>{name}</Name>\n<CarNumber>7</CarNumber>\n{within}\n</Driver>")
}

/// Where in a file something odd is is not what an account is about, and a change of drivers that names nobody is not written.
fn without_lines(mut account: Account) -> Account {
    account.notes.retain(|note| note.code != "swap-without-name");
    account.notes.iter_mut().for_each(|note| note.line = None);
    account
}

#[test]
fn every_file_is_read_and_written_again_byte_for_byte() {
    let (mut cars, mut laps, mut messages) = (0, 0, 0);
    let files = sim_captures::here("rfactor2", ".xml");
    assert_eq!(files.len(), 12);
    for (name, bytes) in files {
        let (results, flaws) = Results::decode(&bytes).unwrap();
        let told: Vec<String> = flaws.iter().map(ToString::to_string).collect();
        let expected: &[&str] = if name.contains("invalid_chars") {
            &["line 276: behind the end of the file's only element, and not looked at: í"]
        } else {
            &[]
        };
        assert_eq!(told, expected, "{name}");
        assert!(results.encode() == bytes, "{name}");
        let account = results.account();
        (cars, laps, messages) = (cars + account.cars.len(), laps + account.laps.len(), messages + account.messages.len());
    }
    assert_eq!((cars, laps, messages), (62, 866, 60));
}

#[test]
fn an_account_written_as_a_result_is_read_as_the_same_account() {
    for (name, bytes) in sim_captures::here("rfactor2", ".xml") {
        let told = Results::decode(&bytes).unwrap().0.account();
        assert_eq!(without_lines(account(&Results::of(&told).encode())), without_lines(told), "{name}");
    }
}

/// Thirty-four times of finishes, each the sum of laps of which some have no time of their own, and of what penalties added.
#[test]
fn the_order_and_the_times_that_laps_give_are_those_that_are_claimed() {
    let (mut times, mut told) = (0, Vec::new());
    for (name, bytes) in sim_captures::here("rfactor2", ".xml") {
        let account = Results::decode(&bytes).unwrap().0.account();
        times += account.claims.iter().filter(|claim| claim.time.is_some()).count();
        let reckoned = Reckoned::of(&account, ranking(&account));
        let of = |car: usize| account.cars[car].drivers[0].name.clone();
        told.extend(reckoned.differences.iter().map(|is| format!("{name} {}: {} {}", of(is.car), is.code, is.says)));
    }
    assert_eq!(times, 34);
    let expected = [
        "rfactor2/race_with_corrupted_positions.xml Oak_green: place-decided listed as 1; its laps and its time give 3: the place was decided",
        "rfactor2/race_with_corrupted_positions.xml Beech1th: place-decided listed as 3; its laps and its time give 4: the place was decided",
        "rfactor2/race_with_corrupted_positions.xml Oak_green: place-differs claimed 1; 3 by its laps",
        "rfactor2/race_with_corrupted_positions.xml Beech1th: place-differs claimed 3; 4 by its laps",
        "rfactor2/race_with_penalties.xml hornbeamer: time-differs claimed in 21:44.145; 21:09.145 by its laps: +35.000, as its penalties say",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_race_reads_as_its_server_knew_it() {
    let race = capture("race");
    let about = &race.about;
    assert_eq!((about.kind, about.number, about.session.as_deref()), (Some(SessionKind::Race), None, Some("Race")));
    assert_eq!((about.track.as_deref(), about.event.as_deref()), (Some("Sebring [Virtua_LM]/Sebring 12h Course"), Some("12h Course")));
    assert_eq!(
        (about.began, about.planned, about.planned_laps),
        (Some(Instant(1_364_153_781_000_000)), Some(Micros::seconds(1_200)), None)
    );
    // Told in the order of their best laps; claimed in that of their places. One has a letter beyond those of English.
    assert_eq!(race.cars[0].drivers[0].name, "Zoë larchwood");
    let first = &race.claims[0];
    let car = &race.cars[first.car];
    assert_eq!((car.drivers[0].name.as_str(), car.number.as_str(), car.key.as_deref(), car.grid), ("Beech1th", "31", Some("5"), Some(3)));
    assert_eq!((car.class.as_deref(), car.model.as_deref(), car.team.as_deref()), (Some("LolaT280"), Some("LolaT280"), Some("jl spruce")));
    assert_eq!((first.place, first.class_place, first.laps, first.finish), (Some(1), Some(1), Some(10), Finish::Classified));
    assert_eq!((first.time, first.best, first.stops), (Some(tenths(12_502_322)), Some(tenths(1_231_418)), Some(0)));
    // Its clock runs from the green flag, and not from when its session began.
    let laps: Vec<&Lap> = race.laps_of(first.car).collect();
    assert_eq!((laps[0].time, laps[0].elapsed, laps[0].sectors.len()), (Some(tenths(1_307_517)), Some(tenths(1_307_517)), 3));
    assert_eq!((laps[9].elapsed, race.flags[0].flag), (first.time.map(|time| Micros(time.0 - 100)), Flag::Chequered));
    assert_eq!(race.flags[0].elapsed, Some(Micros(1_250_232_143)));
}

#[test]
fn corrupted_positions_are_told_as_they_are_and_the_laps_say_otherwise() {
    let race = capture("race_with_corrupted_positions");
    let listed: Vec<_> = race.claims.iter().map(|claim| (claim.place, race.cars[claim.car].drivers[0].name.as_str())).collect();
    assert_eq!(listed, [(Some(1), "Oak_green"), (Some(2), "hornbeamer"), (Some(3), "Beech1th"), (Some(4), "Driver Maple")]);
    let reckoned = Reckoned::of(&race, ranking(&race));
    let by_laps: Vec<_> = reckoned.rows.iter().map(|row| (row.place, race.cars[row.car].drivers[0].name.as_str())).collect();
    assert_eq!(by_laps, [(Some(1), "hornbeamer"), (Some(2), "Driver Maple"), (Some(3), "Oak_green"), (Some(4), "Beech1th")]);
}

#[test]
fn letters_that_are_none_behind_the_end_are_told_and_stop_nothing() {
    let bytes = sim_captures::one("rfactor2/qualify_with_invalid_chars.xml");
    let (results, flaws) = Results::decode(&bytes).unwrap();
    assert_eq!((flaws.len(), flaws[0].line, flaws[0].offset), (1, Some(276), 12_858));
    let account = results.account();
    assert_eq!((account.cars.len(), account.laps.len(), account.about.planned_laps), (6, 18, Some(3)));
    // Said by others: control characters and a bare `&` in names.
    let within = driver("Ash \u{1}&\u{7f} Elm &amp; &rFEnt; Oak", "");
    assert_eq!(self::account(&file("Race", &within)).cars[0].drivers[0].name, "Ash \u{1}&\u{7f} Elm & &rFEnt; Oak");
    for encoding in [Encoding::Utf8Marked, Encoding::Utf16, Encoding::Utf16Marked, Encoding::Latin1] {
        let bytes = encoding.encode(&String::from_utf8(file("Race", &driver("Zoë", ""))).unwrap());
        assert!(Results::is(&bytes), "{encoding:?}");
        assert_eq!(self::account(&bytes).cars[0].drivers[0].name, "Zoë", "{encoding:?}");
    }
}

#[test]
fn an_event_without_a_session_is_told_as_one() {
    let event = capture("nosession");
    assert_eq!((event.about.session, event.about.kind, event.about.began, event.cars.len()), (None, None, None, 0));
    assert_eq!(event.about.publisher.as_deref(), Some("RookiesNight_WSu"));
    assert_eq!((event.notes[0].code, event.notes[0].line), ("no-session", Some(6)));
}

#[test]
fn a_practice_in_which_nobody_set_a_lap_has_no_places() {
    for name in ["practice", "practice_without_laps"] {
        let practice = capture(name);
        assert_eq!((practice.about.kind, practice.about.number), (Some(SessionKind::Practice), Some(1)), "{name}");
        assert_eq!((practice.cars.len(), practice.laps.len()), (2, 0), "{name}");
        let claims: Vec<_> = practice.claims.iter().map(|claim| (claim.place, claim.laps, claim.best, claim.finish)).collect();
        assert_eq!(claims, [(None, Some(0), None, Finish::Unknown); 2], "{name}");
    }
}

#[test]
fn who_retired_and_who_was_disqualified() {
    let race = capture("race_changed_finish_states");
    let told = |name: &str| {
        let claim = race.claims.iter().find(|claim| race.cars[claim.car].drivers[0].name == name).unwrap();
        (claim.finish, claim.status.as_deref(), claim.time.is_some())
    };
    assert_eq!(told("Oak_green"), (Finish::NotClassified, Some("Engine"), true));
    assert_eq!(told("Jo Linden"), (Finish::Disqualified, None, false));
    assert_eq!(told("hornbeamer"), (Finish::NotClassified, Some("Accident"), true));
    assert_eq!(told("Beech1th"), (Finish::Classified, None, true));
    let named = account(&file("Race", &driver("Ash", "<FinishStatus>Excluded</FinishStatus>")));
    assert_eq!((named.claims[0].finish, named.claims[0].status.as_deref()), (Finish::Unknown, Some("Excluded")));
}

#[test]
fn drivers_who_changed_each_drove_their_laps() {
    let race = capture("race_changed_with_swaps");
    let car = race.cars.iter().position(|car| car.drivers.len() > 1).unwrap();
    let crew: Vec<&str> = race.cars[car].drivers.iter().map(|driver| driver.name.as_str()).collect();
    assert_eq!(crew, ["Beech1th", "Driver Elder", "Driver Willow"]);
    let drove: Vec<_> = race.laps_of(car).map(|lap| lap.driver.unwrap()).collect();
    assert_eq!(drove, [1, 1, 1, 0, 0, 2, 2, 2, 0, 0]);
    // A change that names nobody is told, and changes nobody.
    let note = race.notes.iter().find(|note| note.code == "swap-without-name").unwrap();
    assert_eq!((note.car.map(|car| race.cars[car].drivers[0].name.as_str()), note.line), (Some("Jo Linden"), Some(300)));
    // Of a lap that two are said to have driven nobody is known.
    let laps = (1..=4).map(|lap| format!("<Lap num=\"{lap}\">90.0</Lap>")).collect::<String>();
    let stints = "<Swap startLap=\"1\" endLap=\"2\">Elm</Swap><Swap startLap=\"2\" endLap=\"3\">Ash</Swap>";
    let shared = account(&file("Race", &driver("Ash", &format!("{laps}{stints}"))));
    assert_eq!(shared.laps.iter().map(|lap| lap.driver).collect::<Vec<_>>(), [Some(1), None, Some(0), None]);
}

#[test]
fn a_penalty_is_given_served_or_added_in_the_end() {
    let race = capture("race_with_penalties");
    let told: Vec<_> = race.penalties.iter().map(|of| (of.kind, of.lap, of.served, of.after, of.contained)).collect();
    let ten = PenaltyKind::StopAndGo(Micros::seconds(10));
    let expected = [
        (ten, Some(11), Some(11), false, false),
        (ten, Some(13), None, false, false),
        (PenaltyKind::Time(Micros::seconds(35)), None, None, true, true),
    ];
    assert_eq!(told, expected);
    let messages: Vec<_> =
        race.messages.iter().map(|message| (message.elapsed, message.text.split(' ').take(3).collect::<Vec<_>>().join(" "))).collect();
    let expected = [
        (Some(tenths(9_603_759)), "hornbeamer received Stop/Go"),
        (Some(tenths(10_514_759)), "hornbeamer served 1st"),
        (Some(tenths(11_845_759)), "hornbeamer received Stop/Go"),
        (Some(tenths(12_691_759)), "hornbeamer finished before"),
    ];
    assert_eq!(messages, expected.map(|(at, text)| (at, text.to_owned())));
    // Of two that wait the one given first is served.
    let line = |et: u32, says: &str| format!("<Penalty et=\"{et}.0\">Ash {says}, 10s, 0laps</Penalty>");
    let stream =
        [line(50, "received Stop/Go penalty"), line(60, "received Drive Thru penalty"), line(150, "served 1st Stop/Go penalty")].concat();
    let laps = "<Lap num=\"1\" et=\"0.0\">100.0</Lap><Lap num=\"2\" et=\"100.0\">100.0</Lap>";
    let both = account(&file("Race", &format!("<Stream>{stream}</Stream>{}", driver("Ash", laps))));
    assert_eq!(both.penalties.iter().map(|of| of.served).collect::<Vec<_>>(), [Some(2), None]);
    let drive_through = capture("race_with_tire_wear").penalties;
    let told: Vec<_> = drive_through.iter().map(|of| (of.kind, of.lap, of.served, of.driver)).collect();
    assert_eq!(told, [(PenaltyKind::DriveThrough, Some(26), Some(29), Some(0))]);
}

#[test]
fn laps_without_a_time_and_laps_into_the_pit_lane() {
    let practice = capture("practice_with_compound_info");
    let laps: Vec<&Lap> = practice.laps_of(2).collect();
    // The first has no beginning either; it ended when the second began.
    assert_eq!((laps[0].time, laps[0].valid, laps[0].elapsed), (None, false, Some(tenths(907_643))));
    assert_eq!(
        (laps[8].time, laps[8].into_pit, laps[8].sectors.clone()),
        (None, true, vec![Some(tenths(118_804)), Some(tenths(192_435)), None])
    );
    assert_eq!((laps[1].time, laps[1].valid, laps[1].into_pit), (Some(tenths(489_814)), true, false));
    let into_pit = capture("race_with_tire_wear").laps.iter().filter(|lap| lap.into_pit && lap.valid).count();
    assert_eq!(into_pit, 30);
    // The last lap of a race without a time: the stream says when it ended, to the millisecond.
    let race = capture("race_with_penalties");
    let last = race.laps_of(1).last().unwrap();
    assert_eq!((last.time, last.elapsed), (None, Some(tenths(12_691_459))));
}

/// None of these was seen: others say that Le Mans Ultimate writes them.
#[test]
fn what_le_mans_ultimate_is_said_to_write() {
    let penalty = "<Penalty Driver=\"Ash\" ID=\"4\" Penalty=\"Drive Thru\" Time=\"0\" Laps=\"0\" Reason=\"Speeding\" et=\"150.0\">Ash received Drive Thru penalty</Penalty>";
    let limits = "<TrackLimits Driver=\"\tAsh\" ID=\"4\" Lap=\"2\" WarningPoints=\"0.5\" CurrentPoints=\"0.5\" Resolution=\"5\" et=\"170.0\">Invalid Lap Cut Track</TrackLimits>";
    let contact = "<Incident et=\"180.0\">Ash(4) reported contact (150.50) with another vehicle Elm(5)</Incident>";
    let stream = format!("<Stream>\n<ChatMessage et=\"1.0\">Ash: hello</ChatMessage>\n{penalty}\n{limits}\n{limits}\n{contact}\n</Stream>");
    let laps = "<Lap num=\"1\" p=\"105\" et=\"40.0\" topspeed=\"0.00\">100.0000</Lap>\n<Lap num=\"2\" p=\"1\" et=\"140.0\" topspeed=\"300.5\">100.0000</Lap>";
    let race = account(&file("Race1", &format!("{stream}\n{}", driver("\tAsh", laps))));
    assert_eq!((race.about.number, race.cars[0].key.as_deref()), (Some(1), Some("4")));
    assert_eq!((race.penalties[0].kind, race.penalties[0].lap), (PenaltyKind::DriveThrough, Some(2)));
    assert_eq!(race.laps.iter().map(|lap| lap.top_speed).collect::<Vec<_>>(), [None, Some(30_050)]);
    let said: Vec<&str> = race.messages.iter().map(|message| message.text.as_str()).collect();
    let expected = [
        "Ash received Drive Thru penalty",
        "Ash: Invalid Lap Cut Track (0.5 points, 0.5 in all)",
        "Ash(4) reported contact (150.50) with another vehicle Elm(5)",
    ];
    assert_eq!(said, expected);
}

#[test]
fn rows_that_tell_nothing_are_told_and_the_others_are_read() {
    let laps = "<Lap>90.0</Lap>\n<Lap num=\"0\">90.0</Lap>\n<Lap num=\"1\" et=\"1,5\">90.0</Lap>\n<Lap num=\"2\" s1=\"x\">ninety</Lap>\n<Lap num=\"2\">91.0</Lap>";
    let rows = format!(
        "<Driver>\n<Position>1</Position>\n</Driver>\n{}",
        driver("Ash", &format!("<Position>first</Position>\n<Laps>-1</Laps>\n{laps}\n<Swap>Elm</Swap>"))
    );
    let (results, flaws) = Results::decode(&file("Qualify", &rows)).unwrap();
    let told: Vec<_> = flaws.iter().map(|flaw| (flaw.line.unwrap(), flaw.why.as_str())).collect();
    let expected = [
        (6, "a driver without a name and without a number"),
        (19, "a change of drivers without its first and last lap"),
        (14, "a lap without a number"),
        (15, "a lap without a number"),
        (16, "the et is `1,5`, and that is none"),
        (17, "the time is `ninety`, and that is none"),
        (17, "the s1 is `x`, and that is none"),
        (12, "the Position is `first`, and that is none"),
    ];
    assert_eq!(told, expected);
    let account = results.account();
    assert_eq!((account.cars.len(), account.laps.len(), account.claims[0].laps), (1, 2, None));
    assert_eq!(account.notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["lap-twice"]);
}

#[test]
fn a_second_session_in_a_file_is_told_and_not_read() {
    let bytes = String::from_utf8(file("Qualify", &driver("Ash", ""))).unwrap().replace("</Qualify>", "</Qualify>\n<Race2></Race2>");
    let account = account(bytes.as_bytes());
    assert_eq!(
        (account.about.session.as_deref(), account.notes[0].says.as_str()),
        (Some("Qualify"), "Race2 is in the file too, and not read")
    );
}

/// What others tell of a race, as far as the game has a place for it.
#[test]
fn an_account_of_somebody_else_is_written_as_the_game_would() {
    let mut told = capture("race");
    told.about.session = Some(String::from("Main Race"));
    told.cars.iter_mut().for_each(|car| car.key = None);
    told.messages.clear();
    let given = |kind, lap, served, after| Penalty {
        car: 0,
        driver: Some(0),
        kind,
        words: String::from("too fast"),
        lap,
        served,
        after,
        contained: after,
    };
    told.penalties =
        vec![given(PenaltyKind::DriveThrough, Some(3), Some(5), false), given(PenaltyKind::Time(Micros(2_500_000)), None, None, true)];
    told.messages.push(Message { elapsed: Some(Micros::seconds(-20)), at: None, text: String::from("Good luck") });
    told.laps[4].valid = false;
    let written = Results::of(&told).encode();
    assert!(!String::from_utf8_lossy(&written).contains("et=\"-2"), "the clock of a session begins before everything that is told of it");
    let again = account(&written);
    assert_eq!((again.about.session.as_deref(), again.about.kind), (Some("Race"), told.about.kind));
    let words: Vec<_> = again.penalties.iter().map(|of| (of.kind, of.lap, of.served, of.words.as_str())).collect();
    let added = "Zoë larchwood finished before serving penalty, added 2.5 seconds to totalET";
    assert_eq!(
        words,
        [(PenaltyKind::DriveThrough, Some(3), Some(5), "too fast"), (PenaltyKind::Time(Micros(2_500_000)), None, None, added)]
    );
    let said: Vec<_> = again.messages.iter().map(|message| (message.elapsed, message.text.as_str())).collect();
    assert_eq!((said.len(), said[0], said[3]), (4, (Some(Micros::seconds(-20)), "Good luck"), (None, added)));
    // Of a lap that may not be the best only when it ended is written.
    assert_eq!((again.laps[4].time, again.laps[4].elapsed), (None, told.laps[4].elapsed));
    assert_eq!(again.laps.iter().map(|lap| lap.elapsed).collect::<Vec<_>>(), told.laps.iter().map(|lap| lap.elapsed).collect::<Vec<_>>());
    assert_eq!(again.claims, told.claims);
}

#[test]
fn what_is_cut_off_or_no_result_is_told() {
    let bytes = sim_captures::one("rfactor2/practice.xml");
    for at in 0..bytes.len() - 2 {
        assert!(Results::decode(&bytes[..at]).is_err(), "{at}");
    }
    let wrong = |text: &str| Results::decode(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(wrong("<rFactorXML/>"), "line 1: no result of rFactor: it is no rFactorXML with RaceResults in it: <rFactorXML>");
    assert!(wrong("{\"a\": 1}").starts_with("line 1: no XML: it has no element"));
    assert!(wrong(&"<rFactorXML><RaceResults>".repeat(5_000)).contains("64 elements within each other"));
    for absurd in ["-1", "4294967295", "99999999999999999999", "1e300", "x", &"9".repeat(400), "", " "] {
        let lap = format!("<Lap num=\"{absurd}\" et=\"{absurd}\" s1=\"{absurd}\" topspeed=\"{absurd}\" pit=\"{absurd}\">{absurd}</Lap>");
        let lap = format!("{lap}{}", lap.replacen(&format!("\"{absurd}\""), "\"2\"", 1));
        let swap = format!("<Swap startLap=\"{absurd}\" endLap=\"{absurd}\">Elm</Swap>");
        let claimed = ["Position", "ClassPosition", "GridPos", "Laps", "Pitstops", "BestLapTime", "FinishTime"]
            .map(|name| format!("<{name}>{absurd}</{name}>"));
        let stream = format!(
            "<Stream><Score et=\"{absurd}\">Ash(7) lap={absurd} point=0 t=1 et={absurd}</Score><Penalty et=\"{absurd}\">Ash received Stop/Go penalty, {absurd}s, 0laps</Penalty></Stream>"
        );
        let session = format!(
            "<DateTime>{absurd}</DateTime><Minutes>{absurd}</Minutes><Laps>{absurd}</Laps>{stream}{}",
            driver("Ash", &format!("{lap}{swap}{}", claimed.concat()))
        );
        let account = Results::decode(&file("Race", &session)).unwrap().0.account();
        assert_eq!(account.cars.len(), 1, "{absurd}");
        Reckoned::of(&account, ranking(&account));
        assert!(Results::decode(&Results::of(&account).encode()).is_ok(), "{absurd}");
    }
}
