//! The tables of Al Kamel, on files of their shape that were made for this: what they do that a reader would not expect.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use proptest::prelude::*;
use sport::date::{Instant, Micros};
use sport::grade::Grade;
use sport::result::Finish;
use timing::account::{Account, Car, Driver, Flag, Lap};
use timing::al_kamel::analysis::{self, Analysis};
use timing::al_kamel::classification::{self, Classification};
use timing::al_kamel::flags::{self, FlagAnalysis};
use timing::al_kamel::weather::{self, WeatherReport};
use timing::together::together;

const LAPS: &str = "\u{feff}NUMBER; DRIVER_NUMBER; LAP_NUMBER; LAP_TIME; LAP_IMPROVEMENT; CROSSING_FINISH_LINE_IN_PIT; S1; S1_IMPROVEMENT; S2; S2_IMPROVEMENT; S3; S3_IMPROVEMENT; KPH; ELAPSED; HOUR;S1_LARGE;S2_LARGE;S3_LARGE;TOP_SPEED;DRIVER_NAME;PIT_TIME;CLASS;GROUP;TEAM;MANUFACTURER;FLAG_AT_FL;S1_SECONDS;S2_SECONDS;S3_SECONDS;\r\n\
007;2;1;2:10.500;0;;40.000;0;1:00.500;0;30.000;0;150.1;2:10.500;23:58:10.500;0:40.000;1:00.500;0:30.000;250.5;Zoë NORTH;;GT3;;Northern Lights;Polaris;GF;40.000;60.500;30.000;\r\n\
007;2;2;2:20.000;0;B;45.000;0;1:00.000;0;35.000;0;140.0;4:30.500;0:00:30.500;0:45.000;1:00.000;0:35.000;;Zoë NORTH;;GT3;;Northern Lights;Polaris;FCY;45.000;60.000;35.000;\r\n\
007;1;3;3:30.000;0;;1:55.000;0;1:00.000;0;35.000;0;99.9;8:00.500;0:04:00.500;1:55.000;1:00.000;0:35.000;240.0;Ann SOUTH;0:01:05.250;GT3;;Northern Lights;Polaris;SF;115.000;60.000;35.000;\r\n\
7;1;1;2:11.000;2;;41.000;1;;0;;0;149.8;2:11.000;23:58:11.000;0:41.000;;;;Max WEST;;GT3;Am;\"West; and East\";Compass;RF;41.000;;;\r\n\
7;1;2;2:09.000;3;;40.000;3;59.000;3;30.000;3;151.0;4:20.000;0:00:20.000;0:40.000;0:59.000;0:30.000;251.0;Max WEST;;GT3;Am;\"West; and East\";Compass;FF;40.000;59.000;30.000;\r\n";

fn laps(text: &str) -> (Analysis, Account, Vec<String>) {
    let (analysis, flaws) = Analysis::decode(text.as_bytes()).unwrap();
    let account = analysis.account();
    (analysis, account, flaws.iter().map(ToString::to_string).collect())
}

fn codes(account: &Account) -> Vec<&str> {
    account.notes.iter().map(|note| note.code).collect()
}

fn ms(time: i64) -> Option<Micros> {
    Some(Micros(time * 1_000))
}

#[test]
fn an_analysis_is_read_and_written_again_in_the_same_bytes() {
    let (analysis, account, flaws) = laps(LAPS);
    assert_eq!((String::from_utf8(analysis.encode()).unwrap().as_str(), flaws.len()), (LAPS, 0));
    // Data sets made of them have commas and no mark.
    let commas = LAPS.replace(';', ",").replace('\u{feff}', "").replace("\r\n", "\n");
    let (again, same, _) = laps(&commas);
    assert_eq!(String::from_utf8(again.encode()).unwrap(), commas);
    assert_eq!((same.laps.len(), same.cars[1].team.as_deref()), (account.laps.len(), Some("West, and East")));
    assert!(analysis::is(LAPS.as_bytes()) && analysis::is(commas.as_bytes()));
}

#[test]
fn the_time_in_the_pit_lane_is_on_the_lap_that_left_it_and_so_is_the_other_driver() {
    let (_, account, _) = laps(LAPS);
    let stop: Vec<_> = account.laps_of(0).map(|lap| (lap.number, lap.into_pit, lap.in_pit, lap.driver)).collect();
    assert_eq!(stop, [(1, false, None, Some(1)), (2, true, None, Some(1)), (3, false, ms(65_250), Some(0))]);
    // Counted by their numbers, whoever drove first.
    assert_eq!(account.cars[0].drivers.iter().map(|driver| driver.name.as_str()).collect::<Vec<_>>(), ["Ann SOUTH", "Zoë NORTH"]);
}

#[test]
fn car_numbers_are_text() {
    let (_, account, _) = laps(LAPS);
    let cars: Vec<_> = account.cars.iter().map(|car| (car.number.as_str(), car.cup.as_deref(), car.maker.as_deref())).collect();
    assert_eq!(cars, [("007", None, Some("Polaris")), ("7", Some("Am"), Some("Compass"))]);
}

#[test]
fn every_flag_has_its_code_and_one_that_is_not_known_is_told() {
    let (_, account, _) = laps(LAPS);
    let flags: Vec<_> = account.laps.iter().filter_map(|lap| lap.flag).collect();
    assert_eq!(flags, [Flag::Green, Flag::FullCourseYellow, Flag::SafetyCar, Flag::Red, Flag::Chequered]);
    let (_, account, flaws) = laps(&LAPS.replace(";RF;", ";XX;").replace(";SF;", ";XX;"));
    assert_eq!((account.laps.iter().filter(|lap| lap.flag.is_none()).count(), flaws.len()), (2, 0));
    assert_eq!(account.notes[0].says, "flag `XX` is none that is known; 2 laps end under it, the first in this line");
    assert_eq!(account.notes[0].line, Some(4));
}

#[test]
fn the_clock_goes_on_over_midnight() {
    let (_, account, _) = laps(LAPS);
    let day = 86_400_000_000;
    let ended: Vec<_> = account.laps.iter().map(|lap| lap.ended.unwrap().0).collect();
    assert_eq!(ended[1], day + 30_500_000);
    // The next car begins before midnight again.
    assert_eq!((ended[3] / day, ended[4] - ended[3]), (0, 129_000_000));
    // Without a time from the start too.
    let (_, without, _) = laps(&LAPS.replace(" ELAPSED", " GONE"));
    assert_eq!(without.laps.iter().map(|lap| lap.ended.unwrap().0).collect::<Vec<_>>(), ended);
}

#[test]
fn what_the_file_has_not_is_none() {
    let (_, account, _) = laps(LAPS);
    assert_eq!((account.laps[3].sectors.as_slice(), account.laps[3].top_speed), ([ms(41_000), None, None].as_slice(), None));
    assert_eq!((account.laps[0].top_speed, account.cars[0].cup.as_deref()), (Some(25_050), None));
    // Some are without names, and with more columns than are read.
    let nameless = "NUMBER; LAP_NUMBER; LAP_TIME; CROSSING_FINISH_LINE_IN_PIT; DRIVER_NUMBER;CLASS;FLAG_AT_FL;IM1a_time;IM1a_elapsed;FL_time;FL_elapsed\r\n\
        13;1;1:40.000;;1;Am;GF;20.000;20.000;30.000;1:40.000\r\n";
    let (analysis, account, flaws) = laps(nameless);
    assert_eq!((analysis.encode(), flaws.len()), (nameless.as_bytes().to_vec(), 0));
    assert_eq!((account.laps[0].driver, account.laps[0].elapsed, account.cars[0].drivers.len()), (None, None, 0));
}

#[test]
fn a_row_that_cannot_be_read_is_told_and_the_others_are_read() {
    let digits = "9".repeat(400);
    for (cell, wrong, why) in [
        (";1;2:11.000;", ";0;2:11.000;", "line 5: the lap is `0`, and that is no number from 1"),
        (";1;2:11.000;", ";4294967296;2:11.000;", "line 5: the lap is `4294967296`, and that is no number from 1"),
        (";1;2:11.000;", ";1;-2:11.000;", "line 5: the lap time is `-2:11.000`, and that is none"),
        (";1;2:11.000;", ";1;2:71.000;", "line 5: the lap time is `2:71.000`, and that is none"),
        (";1;2:11.000;", &format!(";1;{digits};"), &format!("line 5: the lap time is `{}`, and that is none", &digits[..40])),
        ("\n7;1;1;", "\n;1;1;", "line 5: it has no car number"),
        ("\n7;1;1;", "\n7;1;1;1;", "line 5: it has 31 cells, and the other rows have 30"),
        (";23:58:11.000;", ";yesterday;", "line 5: the time of day is `yesterday`, and that is none"),
    ] {
        let (_, account, flaws) = laps(&LAPS.replace(cell, wrong));
        assert_eq!((flaws.len(), account.laps.len()), (1, 4), "{why}");
        assert!(flaws[0].starts_with(&format!("{why}: ")), "{}", flaws[0]);
    }
    let most = laps(&LAPS.replace(";2;2:09.000;", ";4294967295;2:09.000;"));
    assert_eq!((most.1.laps[4].number, most.2.len()), (u32::MAX, 0));
}

#[test]
fn what_contradicts_itself_is_noted_and_nothing_is_put_right() {
    let (_, account, _) = laps(&LAPS.replace(";4:30.500;", ";4:30.501;").replace(";2;2;2:20.000;", ";2;3;2:20.000;"));
    assert_eq!(codes(&account), ["elapsed-differs", "lap-twice"]);
    assert_eq!(account.notes[0].says, "at the end of lap 3 its laps are 4:30.500, and the time from the start 4:30.501");
    assert_eq!(account.laps_of(0).map(|lap| lap.time).collect::<Vec<_>>(), [ms(130_500), ms(140_000)]);
    let (_, account, _) = laps(&LAPS.replace("151.0;4:20", "151.0;4:21").replace("251.0;Max WEST;;GT3;Am;", "251.0;Max EAST;;GT3;Pro;"));
    assert_eq!(codes(&account), ["car-changes", "elapsed-differs", "driver-changes"]);
    assert_eq!((account.cars[1].cup.as_deref(), account.cars[1].drivers.len()), (Some("Am"), 2));
    // Laps that are told in another order are counted by their numbers.
    let mut lines: Vec<&str> = LAPS.lines().collect();
    lines.swap(1, 3);
    let (_, account, _) = laps(&lines.join("\n"));
    assert_eq!(account.laps_of(0).map(|lap| lap.number).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn a_file_that_ends_anywhere_is_read_so_far_or_says_why_not() {
    let bytes = LAPS.as_bytes();
    let mut whole = 0;
    for end in 0..bytes.len() {
        match Analysis::decode(&bytes[..end]) {
            Ok((analysis, flaws)) => {
                let laps = analysis.laps().count();
                // A row that was cut is not read; one that lacks its line end only, or the empty cell behind it, may be.
                let lines = bytes[..end].iter().filter(|byte| **byte == b'\n').count();
                assert!(laps + 1 >= lines && laps <= lines && laps + flaws.len() <= lines, "{end}: {laps} of {lines}, {flaws:?}");
                whole += 1;
            }
            Err(flaw) => {
                let in_a_letter = flaw.why.ends_with("ends within a letter: it was cut off");
                assert!(in_a_letter || end < LAPS.find("FLAG_AT_FL").unwrap() + 14, "{end}: {flaw}");
            }
        }
    }
    assert!(whole > 800, "{whole}");
    // In another encoding it is the same, or another alphabet.
    let wide: Vec<u8> = LAPS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(analysis::is(&wide) && Analysis::decode(&wide).unwrap().0.encode() == wide);
    assert!(Analysis::decode(&wide[..wide.len() - 1]).is_err());
    assert!(Analysis::decode(&b"[".repeat(10_000)).is_err());
}

const RESULT: &str = "POSITION;NUMBER;STATUS;LAPS;TOTAL_TIME;GAP_FIRST;GAP_PREVIOUS;FL_LAPNUM;FL_TIME;FL_KPH;TEAM;CLASS;GROUP;DIVISION;VEHICLE;TIRES;*Extra 9;DRIVER1_FIRSTNAME;DRIVER1_SECONDNAME;DRIVER1_LICENSE;DRIVER1_HOMETOWN;DRIVER1_COUNTRY;DRIVER1_SHORTNAME;DRIVER1_ECM Driver Id;DRIVER2_FIRSTNAME;DRIVER2_SECONDNAME;DRIVER3_FIRSTNAME;DRIVER3_SECONDNAME\r\n\
1;007;Classified;3;8:00.500;-;-;1;2:10.500;150.1;Northern Lights;GT3;;;Polaris GT3;M;;Ann;South;Gold;\"Port; Somewhere\";NOR;SOU;77;Zoë;North\r\n\
2;8;Classified;3;8:01.403;+0.903;+0.903;2;2:10.000;150.9;Eight Oceans;GT3;Am;;Wave GT3;M;;Lee;Lane;Bronze;;NED;;;;\r\n\
3;7;Classified;2;4:20.000;1 Lap;1 Lap;2;2:09.000;151.0;\"West; and East\";GT3;Am;;Compass GT3;M;;Max;West;Silver;;;;;;\r\n\
4;9;Not classified;0;;3 Laps;2 Laps;0;;;Nine Lives;GT3;;;Cat GT3;M;;;;;;;;;;\r\n\
;10;Not started;0;;;;0;;;Tenfold;GT3;;;Ten GT3;M;;;;;;;;;;\r\n";

#[test]
fn a_classification_is_read_and_written_again_in_the_same_bytes() {
    let (result, flaws) = Classification::decode(RESULT.as_bytes()).unwrap();
    assert_eq!((String::from_utf8(result.encode()).unwrap().as_str(), flaws.len()), (RESULT, 0));
    assert!(classification::is(RESULT.as_bytes()) && !analysis::is(RESULT.as_bytes()) && !classification::is(LAPS.as_bytes()));
    let account = result.account();
    let told: Vec<_> = account.claims.iter().map(|of| (of.place, of.finish, of.laps, of.time, of.gap, of.laps_down, of.best_lap)).collect();
    let classified = Finish::Classified;
    assert_eq!(
        told,
        [
            (Some(1), classified, Some(3), ms(480_500), None, None, Some(1)),
            (Some(2), classified, Some(3), ms(481_403), ms(903), None, Some(2)),
            (Some(3), classified, Some(2), ms(260_000), None, Some(1), Some(2)),
            (Some(4), Finish::NotClassified, Some(0), None, None, Some(3), None),
            (None, Finish::NotStarted, Some(0), None, None, None, None),
        ]
    );
    let driver = Driver {
        name: "Ann South".into(),
        first: Some("Ann".into()),
        last: Some("South".into()),
        short: Some("SOU".into()),
        id: Some("77".into()),
        nationality: Some("NOR".into()),
        grade: Some(Grade::Gold),
    };
    assert_eq!(account.cars[0].drivers[0], driver);
    assert_eq!(account.cars.iter().map(|car| car.drivers.len()).collect::<Vec<_>>(), [2, 1, 1, 0, 0]);
}

#[test]
fn other_tables_of_results_have_whole_names_one_driver_or_apostrophes() {
    let whole = "POSITION;NUMBER;TEAM;DRIVER_1;DRIVER_2;VEHICLE;CLASS;STATUS;LAPS;TOTAL_TIME;GAP_FIRST;FL_LAPNUM;FL_TIME\n\
        1;7;West;Max WEST;Ann SOUTH;Compass;GT3;Classified;200;5:44'41.101;-;12;1'58.056\n";
    let account = Classification::decode(whole.as_bytes()).unwrap().0.account();
    assert_eq!((account.claims[0].time, account.claims[0].best), (ms(20_681_101), ms(118_056)));
    assert_eq!(account.cars[0].drivers.iter().map(|driver| driver.name.as_str()).collect::<Vec<_>>(), ["Max WEST", "Ann SOUTH"]);
    let single = "POSITION;NUMBER;STATUS;LAPS;GAP_FIRST;FL_LAPNUM;DRIVER_FIRSTNAME;DRIVER_SECONDNAME\n1;7;Waiting;200;-;12;Max;West\n";
    let account = Classification::decode(single.as_bytes()).unwrap().0.account();
    assert_eq!((account.cars[0].drivers[0].name.as_str(), account.claims[0].finish), ("Max West", Finish::Unknown));
    assert_eq!(codes(&account), ["status-unknown"]);
    for wrong in [single.replace(";200;", ";x;"), single.replace("\n1;", "\n0;"), single.replace(";-;", ";soon;")] {
        assert_eq!(Classification::decode(wrong.as_bytes()).unwrap().1.len(), 1, "{wrong}");
    }
}

#[test]
fn what_an_account_claims_is_written_and_read_back() {
    let account = Classification::decode(RESULT.as_bytes()).unwrap().0.account();
    let again = Classification::decode(&Classification::of(&account).encode()).unwrap();
    assert_eq!((again.0.account(), again.1.len()), (account.clone(), 0));
    let text = String::from_utf8(Classification::of(&account).encode()).unwrap();
    let gaps: Vec<&str> = text.lines().skip(1).map(|line| line.split(';').nth(6).unwrap()).collect();
    assert_eq!(gaps, ["-", "+0.903", "1 Lap", "2 Laps", ""]);
}

const FLAGS: &str = "TIME;ELAPSED;REC_TYPE;FLAG;SECTOR;MESSAGE;FLAG_TIME;ACCUM_TIME;LAP\r\n\
23:50:00.000;;RCMessage;;;FIVE MINUTES;-;-;0\r\n\
23:56:00.000;-;GF;GREEN FLAG;;;5:00.000;5:00.000;1\r\n\
23:58:30.500;2:30.500;RCMessage;;;Car 7: Warning - Track limits;-;-;0\r\n\
0:01:00.000;5:00.000;FCY;FULL COURSE YELLOW;;;1:00.000;1:00.000;2\r\n\
0:02:00.000;6:00.000;GF;GREEN FLAG;;;2:00.000;7:00.000;3\r\n\
0:04:00.000;8:00.000;FF;CHEQUERED FLAG;;;-;-;3\r\n";

#[test]
fn flags_and_messages_are_read_and_written_again_in_the_same_bytes() {
    let (read, flaws) = FlagAnalysis::decode(FLAGS.as_bytes()).unwrap();
    assert_eq!((String::from_utf8(read.encode()).unwrap().as_str(), flaws.len()), (FLAGS, 0));
    assert!(flags::is(FLAGS.as_bytes()) && !flags::is(LAPS.as_bytes()));
    let account = read.account();
    let flown: Vec<_> = account.flags.iter().map(|flown| (flown.flag, flown.elapsed)).collect();
    let expected = [(Flag::Green, None), (Flag::FullCourseYellow, ms(300_000)), (Flag::Green, ms(360_000)), (Flag::Chequered, ms(480_000))];
    assert_eq!(flown, expected);
    assert_eq!(account.flags[1].at, Some(Instant(86_460_000_000)));
    assert_eq!(account.messages[1].text, "Car 7: Warning - Track limits");
    // Written from the account all is the same, but for the laps that no account tells.
    let again = String::from_utf8(FlagAnalysis::of(&account).encode()).unwrap();
    assert_eq!(again, FLAGS.replace(";1\r", ";0\r").replace(";2\r", ";0\r").replace(";3\r", ";0\r"));
    let odd = FLAGS.replace("FCY;FULL", "VSC;VIRTUAL").replace("0:04:00", "0:64:00");
    let (read, flaws) = FlagAnalysis::decode(odd.as_bytes()).unwrap();
    assert_eq!((flaws.len(), read.account().flags.len(), codes(&read.account())), (1, 2, vec!["record-unknown"]));
}

const WEATHER: &str = "TIME_UTC_SECONDS;TIME_UTC_STR;AIR_TEMP;TRACK_TEMP;HUMIDITY;PRESSURE;WIND_SPEED;WIND_DIRECTION;RAIN;\r\n\
1800000000;15-Jan-27 08:00:00;67.49996;-0.5;78;29.1911239821;9.8;360;-1;\r\n\
1800000060;1/15/2027 8:01:00 AM;67.5;100;100;29.9;0;0;0;\r\n\
1800000120;15-Jan-27 08:02:00;67.51;100;100;;;;1;\r\n";

#[test]
fn the_weather_is_read_and_written_again_in_the_same_bytes() {
    let (read, flaws) = WeatherReport::decode(WEATHER.as_bytes()).unwrap();
    assert_eq!((String::from_utf8(read.encode()).unwrap().as_str(), flaws.len()), (WEATHER, 0));
    assert!(weather::is(WEATHER.as_bytes()) && !weather::is(FLAGS.as_bytes()));
    let account = read.account();
    let told: Vec<_> = account.weather.iter().map(|of| (of.air, of.track, of.pressure, of.rain)).collect();
    let expected = [
        (Some(6_750), Some(-50), Some(29_191), None),
        (Some(6_750), Some(10_000), Some(29_900), Some(false)),
        (Some(6_751), Some(10_000), None, Some(true)),
    ];
    assert_eq!((told.as_slice(), codes(&account)), (expected.as_slice(), vec!["rain-unknown"]));
    let again = WeatherReport::of(&account);
    assert_eq!(again.account(), account);
    assert!(String::from_utf8(again.encode()).unwrap().contains("\r\n1800000060;15-Jan-27 08:01:00;67.5;100.0;100.0;29.9;0.0;0;0;\r\n"));
    for wrong in [";360;-1", ";361;-1", ";360;2"] {
        assert_eq!(WeatherReport::decode(WEATHER.replace(";360;-1", wrong).as_bytes()).unwrap().1.len(), usize::from(wrong != ";360;-1"));
    }
}

#[test]
fn the_files_of_a_session_make_one_account() {
    let (_, laps, _) = laps(LAPS);
    let result = Classification::decode(RESULT.as_bytes()).unwrap().0.account();
    let flags = FlagAnalysis::decode(FLAGS.as_bytes()).unwrap().0.account();
    let weather = WeatherReport::decode(WEATHER.as_bytes()).unwrap().0.account();
    let one = together(vec![laps.clone(), result.clone(), flags.clone(), weather.clone()]);
    let counts = (one.cars.len(), one.claims.len(), one.laps.len(), one.flags.len(), one.messages.len(), one.weather.len());
    assert_eq!((counts, codes(&one)), ((5, 5, 5, 4, 2, 3), vec!["rain-unknown"]));
    // Claims and laps are of the same car, and drivers are one by their names whatever the capitals.
    assert_eq!((one.cars[one.claims[2].car].number.as_str(), one.claims[2].car), ("7", 1));
    assert_eq!(
        one.cars[0].drivers.iter().map(|driver| (driver.name.as_str(), driver.grade)).collect::<Vec<_>>(),
        [("Ann SOUTH", Some(Grade::Gold)), ("Zoë NORTH", None)]
    );
    assert_eq!((one.cars[0].model.as_deref(), one.cars[0].maker.as_deref()), (Some("Polaris GT3"), Some("Polaris")));
    // In any order, and a file that is there twice adds nothing.
    let other = together(vec![weather.clone(), flags, result.clone(), weather, laps.clone(), result]);
    let of = |account: &Account, car: usize| account.laps_of(car).map(|lap| (lap.number, lap.time)).collect::<Vec<_>>();
    assert_eq!((other.cars.len(), other.weather.len(), of(&other, 2)), (5, 3, of(&one, 1)));
    assert_eq!(other.cars[0].drivers[other.laps[0].driver.unwrap()].name, "Zoë North");
    assert_eq!((together(vec![laps.clone()]), together(Vec::new())), (laps, Account::default()));
}

#[test]
fn files_that_contradict_each_other_are_told_and_the_first_counts() {
    let (_, first, _) = laps(LAPS);
    let (_, second, _) =
        laps(&LAPS.replace("Northern Lights", "Southern Cross").replace("2:09.000", "2:09.001").replace("4:20.000", "4:20.001"));
    let one = together(vec![first.clone(), second.clone()]);
    let told: Vec<_> = one.notes.iter().map(|note| (note.code, note.car, note.says.as_str())).collect();
    let expected = [
        ("cars-differ", Some(0), "the files do not agree on it: team Northern Lights and Southern Cross; the first counts"),
        (
            "laps-differ",
            Some(1),
            "the files do not agree on the time of 1 of its laps, the first of them lap 2; the file with more laps counts",
        ),
    ];
    assert_eq!(told, expected);
    assert_eq!((one.laps.as_slice(), one.cars[0].team.as_deref()), (first.laps.as_slice(), Some("Northern Lights")));
    // A file with fewer laps fills what the other lacks.
    let part = Account { laps: second.laps[..2].to_vec(), cars: second.cars[..1].to_vec(), ..Account::default() };
    let mut without = Account { cars: first.cars.clone(), laps: first.laps[1..].to_vec(), ..Account::default() };
    without.laps[0].elapsed = None;
    assert_eq!(together(vec![without, part]).laps, first.laps);
    let result = Classification::decode(RESULT.as_bytes()).unwrap().0.account();
    let amended =
        Classification::decode(RESULT.replace("8:01.403", "8:31.403").replace("+0.903", "+30.903").as_bytes()).unwrap().0.account();
    let one = together(vec![result.clone(), amended]);
    let says = "the files claim differently: time 8:01.403 and 8:31.403, gap 0.903 and 30.903; the longer classification counts";
    assert_eq!((one.claims, one.notes[0].says.as_str()), (result.claims, says));
}

/// Laps of a few cars, as an analysis can say them.
fn accounts() -> impl Strategy<Value = Account> {
    let lap = (
        1_000_i64..10_000_000,
        prop::option::of(0_usize..2),
        any::<bool>(),
        prop::option::of(0_u32..40_000),
        prop::option::of(1_i64..90_000_000),
    );
    let flag = prop::sample::select(vec![
        None,
        Some(Flag::Green),
        Some(Flag::FullCourseYellow),
        Some(Flag::SafetyCar),
        Some(Flag::Red),
        Some(Flag::Chequered),
    ]);
    let laps = prop::collection::vec((lap, flag), 1..20);
    prop::collection::vec(("[0-9]{1,3}", "[A-Z;\"][a-zé]{0,4}", laps), 1..5).prop_map(|cars| {
        let mut account = Account::default();
        for (nth, (number, team, laps)) in cars.into_iter().enumerate() {
            let named = |name: &str| Driver { name: name.to_owned(), ..Driver::default() };
            let drove: Vec<usize> = laps.iter().filter_map(|((_, driver, ..), _)| *driver).collect();
            let both = drove.contains(&0) && drove.contains(&1);
            let drivers =
                if both { vec![named("Ann South"), named("Max West")] } else { drove.iter().take(1).map(|_| named("Ann South")).collect() };
            account.cars.push(Car {
                number: format!("{nth}{number}"),
                team: Some(team),
                class: Some("GT3".into()),
                drivers,
                ..Car::default()
            });
            let mut elapsed = 0;
            for (lap, ((time, driver, into_pit, top, in_pit), flag)) in (1..).zip(laps) {
                elapsed += time;
                account.laps.push(Lap {
                    driver: if both { driver } else { driver.map(|_| 0) },
                    time: Some(Micros(time * 1_000)),
                    sectors: if into_pit { vec![None, Some(Micros(time).whole_ms()), None] } else { Vec::new() },
                    elapsed: Some(Micros(elapsed * 1_000)),
                    ended: Some(Instant((elapsed + 80_000_000) * 1_000)),
                    into_pit,
                    in_pit: in_pit.map(|ms| Micros(ms * 1_000)),
                    flag,
                    top_speed: top,
                    ..Lap::of(nth, lap)
                });
            }
        }
        account
    })
}

proptest! {
    #[test]
    fn laps_that_are_written_are_read(account in accounts()) {
        let (again, flaws) = Analysis::decode(&Analysis::of(&account).encode()).unwrap();
        prop_assert_eq!((again.account(), flaws), (account, vec![]));
    }

    #[test]
    fn whatever_stands_in_a_cell_nothing_stops(cell in "[0-9A-Za-z:.,'\\-+ ]{0,12}", nth in 0_usize..120, text in 0_usize..4) {
        let text = [LAPS, RESULT, FLAGS, WEATHER][text];
        let mut cells: Vec<&str> = text.split(';').collect();
        let nth = nth % cells.len();
        cells[nth] = &cell;
        let bytes = cells.join(";").into_bytes();
        let accounts = [
            Analysis::decode(&bytes).map(|(read, _)| read.account()),
            Classification::decode(&bytes).map(|(read, _)| read.account()),
            FlagAnalysis::decode(&bytes).map(|(read, _)| read.account()),
            WeatherReport::decode(&bytes).map(|(read, _)| read.account()),
        ];
        for account in accounts.into_iter().flatten() {
            let _ = (Analysis::of(&account), Classification::of(&account), FlagAnalysis::of(&account), WeatherReport::of(&account));
            together(vec![account.clone(), account]);
        }
    }
}
