//! What a league writes for a server of Assetto Corsa Competizione: what is not changed stays as it was, and what the server would not take
//! is told.

use sport::grade::Grade;
use sport::session::SessionKind;
use timing::account::{Account, Car, Driver};
use timing::encoding::Encoding;
use timing::flaw::Flaw;
use timing::json::Object;
use timing::sim::acc::bop::{Bop, Row};
use timing::sim::acc::entry_list::{self, Entry, EntryList};
use timing::sim::acc::event::{Event, EventRules, Session};
use timing::sim::acc::limits::Beyond;
use timing::sim::acc::results::Results;
use timing::sim::acc::tables::Platform;

mod sim_captures;

/// As the handbook has it, with a key nobody knows and one that a server of another make writes.
const LIST: &str = r#"{
    "entries": [
        {
            "drivers": [
                {
                    "playerID": "S76561190000000001",
                    "firstName": "Driver",
                    "lastName": "Ash",
                    "shortName": "ASH",
                    "driverCategory": 3,
                    "nationality": 2,
                    "helmetTemplateKey": 500
                },
                {
                    "playerID": "S76561190000000002"
                }
            ],
            "raceNumber": 7,
            "forcedCarModel": 32,
            "overrideDriverInfo": 1,
            "defaultGridPosition": 3,
            "ballastKg": 15,
            "restrictor": 7.00,
            "customCar": "",
            "teamName": "Elm"
        },
        {
            "drivers": [
                {
                    "playerID": "M2533000000000001",
                    "driverCategory": 255
                }
            ],
            "raceNumber": -1
        }
    ],
    "forceEntryList": 1,
    "configVersion": 1
}"#;

fn told(beyond: &[Beyond]) -> Vec<String> {
    beyond.iter().map(|beyond| beyond.to_string().split(';').take(1).collect()).collect()
}

fn lines(flaws: &[Flaw]) -> Vec<String> {
    flaws.iter().map(|flaw| flaw.to_string().split(": {").take(1).collect()).collect()
}

#[test]
fn an_entry_list_is_read_and_what_is_not_changed_is_written_as_it_was() {
    let written = LIST.replace("7.00", "7.0");
    let (mut list, flaws) = EntryList::decode(LIST.as_bytes()).unwrap();
    assert_eq!((flaws, list.encode()), (vec![], written.clone().into_bytes()));
    let entry = &list.entries[0];
    assert_eq!((entry.race_number, entry.forced_car_model, entry.default_grid_position), (Some(7), Some(32), Some(3)));
    assert_eq!((entry.ballast_g, entry.restrictor, entry.override_driver_info, list.force), (15_000, 700, true, true));
    assert_eq!(entry.drivers[0].category, Some(Grade::Platinum));
    assert_eq!((list.entries[1].race_number, list.entries[1].drivers[0].category), (None, None));
    // One driver gets a new category, one car a number and a place; all else stays, the keys nobody knows too.
    list.entries[0].drivers[0].category = Some(Grade::Silver);
    list.entries[1].race_number = Some(25);
    list.entries[1].default_grid_position = Some(1);
    let changed = written.replace("\"driverCategory\": 3", "\"driverCategory\": 1");
    let changed = changed.replace("\"raceNumber\": -1", "\"raceNumber\": 25,\n            \"defaultGridPosition\": 1");
    assert_eq!(String::from_utf8(list.encode()).unwrap(), changed);
    list.entries[0].drivers[0].category = None;
    assert!(!String::from_utf8(list.encode()).unwrap().contains("\"driverCategory\": 1"));
}

#[test]
fn an_entry_list_is_written_in_what_the_server_reads_or_in_what_is_chosen() {
    let (list, _) = EntryList::decode(LIST.as_bytes()).unwrap();
    let wide = list.for_server(timing::sim::acc::SERVER).unwrap();
    assert!(wide.starts_with(b"\xff\xfe{\0\n\0") && EntryList::is(&wide));
    assert_eq!(Encoding::Utf16Marked.encode(&String::from_utf8(list.for_server(Encoding::Utf8).unwrap()).unwrap()), wide);
    assert_eq!(EntryList::decode(&wide).unwrap().0.entries, list.entries);
    assert_eq!(told(&list.for_server(Encoding::Latin1).unwrap_err()), ["the server does not read Latin-1"]);
}

#[test]
fn what_the_server_would_not_take_is_told_and_nothing_is_written() {
    let mut list = EntryList::default();
    assert_eq!(list.for_server(Encoding::Utf8).map(|bytes| bytes.len()), Ok(46));
    list.entries = vec![Entry::default(); 86];
    for (entry, number) in list.entries.iter_mut().zip(1..) {
        entry.race_number = Some(number);
        entry.drivers.push(entry_list::Driver { player_id: format!("S{number}"), ..entry_list::Driver::default() });
    }
    assert_eq!(told(&list.beyond()), ["86 entries are more than the 85 that a server takes"]);
    list.entries.truncate(5);
    assert_eq!(list.beyond(), []);
    list.entries[0].race_number = Some(999);
    list.entries[1].ballast_g = 100_001;
    list.entries[1].restrictor = 2_100;
    list.entries[2].race_number = Some(4);
    list.entries[3].default_grid_position = Some(0);
    list.entries[4].drivers.clear();
    let beyond = list.for_server(Encoding::Utf8).unwrap_err();
    assert_eq!(
        told(&beyond),
        [
            "row 1: a race number of 999 is not within 1 to 998",
            "row 2: a ballast of 100.001 kg is not within 0 to 100",
            "row 2: a restrictor of 21 % is not within 0 to 20",
            "row 4: places on the grid are counted from 1",
            "row 4: the race number 4 is that of row 3 already",
            "row 5: no driver has a player id",
        ]
    );
    // It can be written all the same, to be put right by hand.
    assert_eq!(EntryList::decode(&list.encode()).unwrap().0.beyond(), beyond);
}

#[test]
fn an_entry_list_and_an_account_tell_the_same_cars() {
    let (list, _) = EntryList::decode(LIST.as_bytes()).unwrap();
    let account = list.account();
    let car = &account.cars[0];
    assert_eq!((car.number.as_str(), car.class.as_deref(), car.model.as_deref()), ("7", Some("GT3"), Some("Ferrari 296 GT3")));
    assert_eq!((car.ballast_g, car.restrictor, car.grid, car.team.as_deref()), (Some(15_000), Some(700), Some(3), Some("Elm")));
    assert_eq!((car.drivers[0].name.as_str(), car.drivers[0].grade), ("Driver Ash", Some(Grade::Platinum)));
    assert_eq!(car.drivers[0].nationality.as_deref(), Some("Germany"));
    assert_eq!(car.cup, None, "an entry list has no cup: one in a result is a claim");
    // The format has no team of its own.
    let mut cars = account.cars.clone();
    cars[0].team = None;
    assert_eq!(EntryList::of(&account).account().cars, cars);
    // The list for the cars of a result, and on consoles with their numbers.
    let (results, _) = Results::decode(&sim_captures::one("acc/191003_235558_R.json")).unwrap();
    let of = EntryList::of(&results.account());
    let numbers: Vec<_> = of.entries.iter().map(|entry| (entry.race_number, entry.forced_car_model)).collect();
    assert_eq!(numbers, [(Some(82), Some(1)), (Some(107), Some(3)), (Some(17), Some(3))]);
    let bmw = Account { cars: vec![Car { model: Some(String::from("BMW M4 GT3")), ..Car::default() }], ..Account::default() };
    assert_eq!(EntryList::of_on(&bmw, Platform::Console).entries[0].forced_car_model, Some(26));
    assert_eq!(EntryList::of_on(&bmw, Platform::Console).account_on(Platform::Console).cars[0].model, bmw.cars[0].model);
    let whole = Account {
        cars: vec![Car { drivers: vec![Driver { name: String::from("Ash E."), ..Driver::default() }], ..Car::default() }],
        ..bmw
    };
    assert_eq!(EntryList::of(&whole).entries[0].drivers[0].last_name, "Ash E.");
}

#[test]
fn what_of_an_entry_list_cannot_be_read_is_told_and_stays() {
    let text = r#"{"entries": [5, {"raceNumber": "seven", "drivers": ["Ash", {"playerID": 76561190000000001}], "ballastKg": 12.5}]}"#;
    let (list, flaws) = EntryList::decode(text.as_bytes()).unwrap();
    assert_eq!(
        lines(&flaws),
        [
            "byte 0: an entry that is none: 5",
            "line 1: `raceNumber` is no whole number",
            "byte 0: a driver that is none: \\\"Ash\\\"",
            "line 1: `playerID` is no text",
        ]
    );
    assert_eq!((list.entries.len(), list.entries[0].ballast_g, list.encode().as_slice()), (1, 12_500, text.as_bytes()));
    assert_eq!(told(&list.beyond())[0], "row 1: a ballast of 12.5 kg is not whole");
    assert_eq!(EntryList::decode(b"{}").unwrap_err().why, "no entry list: it has no entries");
}

#[test]
fn a_balance_of_performance_may_take_weight_away() {
    let mut bop = Bop::default();
    bop.rows.push(Row { ballast_g: Some(-19_000), ..Row::new("imola", 8) });
    bop.rows.push(Row { restrictor: Some(500), ..Row::new("imola", 31) });
    let text = String::from_utf8(bop.for_server(Encoding::Utf8, Platform::Pc).unwrap()).unwrap();
    assert!(text.contains("\"carModel\": 8,\n            \"ballastKg\": -19\n"), "{text}");
    let (again, flaws) = Bop::decode(text.as_bytes()).unwrap();
    assert_eq!((flaws, again.encode()), (vec![], text.into_bytes()));
    let rows = |bop: &Bop| bop.rows.iter().map(|row| (row.track.clone(), row.car_model, row.ballast_g, row.restrictor)).collect::<Vec<_>>();
    assert_eq!(rows(&again), rows(&bop));
    assert!(bop.for_server(timing::sim::acc::SERVER, Platform::Pc).unwrap().starts_with(b"\xff\xfe"));
    bop.rows.push(Row { ballast_g: Some(101_000), ..Row::new("imola_2020", 8) });
    bop.rows.push(Row { restrictor: Some(-100), ..Row::new("nordschleife", 37) });
    bop.rows.push(Row::new("imola", 8));
    bop.rows.push(Row { as_read: Object::default(), ..Row::new("spa", 36) });
    let beyond = [
        "row 3: a ballast of 101 kg is not within -100 to 100",
        "row 4: a restrictor of -1 % is not within 0 to 20",
        "row 4: no track is called nordschleife",
        "row 4: no car has the number 37",
        "row 5: the car model 8 at imola is in row 1 already",
    ];
    assert_eq!(told(&bop.for_server(Encoding::Utf8, Platform::Pc).unwrap_err()), beyond);
    // Of one car the number on consoles is not known.
    assert_eq!(told(&bop.beyond(Platform::Console)).last().map(String::as_str), Some("row 6: no car has the number 36"));
    assert_eq!(Bop::decode(&bop.encode()).unwrap().0.rows[5].track, "spa");
}

#[test]
fn a_row_of_a_balance_without_a_track_is_told_and_stays() {
    let text = "{\"entries\": [{\"carModel\": 8},\n {\"track\": \"spa\", \"carModel\": 8, \"ballastKg\": \"5\", \"why\": 1}]}";
    let (bop, flaws) = Bop::decode(text.as_bytes()).unwrap();
    assert_eq!(lines(&flaws), ["line 1: a row without a track and a car model", "line 2: `ballastKg` is no number"]);
    assert_eq!(bop.rows.len(), 1);
    assert!(String::from_utf8(bop.encode()).unwrap().contains("{\"carModel\": 8}"));
}

#[test]
fn a_weekend_is_written_with_what_a_league_needs_and_keeps_the_weather() {
    let mut event = Event::new("brands_hatch");
    assert_eq!(told(&event.beyond()), ["every session is a race"]);
    event.sessions.push(Session::new(SessionKind::Qualifying, 15));
    event.sessions.push(Session { hour: 15, day: 3, ..Session::new(SessionKind::Race, 60) });
    event.meta_data = Some(String::from("round 3"));
    event.waiting_s = Some(60);
    let bytes = event.for_server(timing::sim::acc::SERVER).unwrap();
    let (again, flaws) = Event::decode(&bytes).unwrap();
    assert_eq!(flaws, []);
    assert!(Event::is(&bytes) && again.encode() == bytes);
    let sessions: Vec<_> = again.sessions.iter().map(|of| (of.kind, of.minutes, of.hour, of.day, of.time_multiplier)).collect();
    assert_eq!(sessions, [(Some(SessionKind::Qualifying), 15, 12, 2, 1), (Some(SessionKind::Race), 60, 15, 3, 1)]);
    let text = "{\"track\": \"spa_2019\", \"rain\": 0.1, \"preRaceWaitingTimeSeconds\": 10, \"sessions\": [{\"sessionType\": \"R\", \
                \"sessionDurationMinutes\": 20, \"hourOfDay\": 24, \"dayOfWeekend\": 0}, {\"sessionType\": \"X\"}]}";
    let (mut event, _) = Event::decode(text.as_bytes()).unwrap();
    assert_eq!(
        told(&event.beyond()),
        [
            "the track spa_2019 is of a season",
            "row 2: \"X\" is no kind of session",
            "a wait before the race of 10 s is not within 30 to 86400",
            "row 1: an hour of 24 is not within 0 to 23",
            "row 1: a day of 0 is not within 1 to 3",
            "row 2: a day of 0 is not within 1 to 3",
            "row 2: a length of 0 minutes is not within 1 to 2880",
        ]
    );
    event.track = String::from("spa");
    event.sessions.remove(1);
    let written = String::from_utf8(event.encode()).unwrap();
    assert_eq!(written, text.replace("spa_2019", "spa").replace(", {\"sessionType\": \"X\"}", ""));
    event.track = String::from("nordschleife");
    assert_eq!(told(&event.beyond())[0], "no track is called nordschleife");
    assert_eq!(Event::decode(b"{\"entries\": 1}").unwrap_err().why, "no event: it has neither a track nor sessions");
    let (_, flaws) = Event::decode(b"{\"track\": 5, \"sessions\": [1, {\"hourOfDay\": \"noon\"}]}").unwrap();
    assert_eq!(
        lines(&flaws),
        ["line 1: `track` is no text", "byte 0: a session that is none: 1", "line 1: `hourOfDay` is no whole number"]
    );
}

#[test]
fn rules_of_stops_and_drivers_are_written_and_what_the_server_would_misunderstand_is_told() {
    let mut rules =
        EventRules { pit_window_s: Some(600), mandatory_stops: Some(1), must_change_tyres: Some(true), ..EventRules::default() };
    let bytes = rules.for_server(timing::sim::acc::SERVER).unwrap();
    assert!(EventRules::is(&bytes));
    let again = EventRules::decode(&bytes).unwrap().0;
    assert_eq!((again.pit_window_s, again.mandatory_stops, again.must_change_tyres), (Some(600), Some(1), Some(true)));
    assert_eq!(again.encode(), bytes);
    rules.mandatory_stops = None;
    rules.driving_s = Some(3_900);
    assert_eq!(
        told(&rules.beyond()),
        [
            "a pit window is for one mandatory stop",
            "a longest time of a driver needs a longest stint",
            "what a mandatory stop must have is said, and no stop is mandatory",
            "a longest time of a driver is for crews",
        ]
    );
    assert!(rules.for_server(Encoding::Utf8).is_err());
    let (_, flaws) = EventRules::decode(b"{\"pitWindowLengthSec\": true, \"isRefuellingTimeFixed\": 2}").unwrap();
    assert_eq!(
        lines(&flaws),
        ["line 1: `pitWindowLengthSec` is no whole number", "line 1: `isRefuellingTimeFixed` is neither true nor false"]
    );
    assert_eq!(EventRules::decode(b"[]").unwrap_err().why, "no rules of an event: no object");
}

/// Configurations that may not be copied: a server's and a public balance of performance.
#[test]
fn real_configurations_are_read_without_a_flaw_and_written_byte_for_byte() {
    for (name, bytes) in sim_captures::elsewhere("sim/lfm-bop-data", ".json") {
        let (bop, flaws) = Bop::decode(&bytes).unwrap();
        assert_eq!((flaws, bop.rows.len()), (vec![], 232), "{name}");
        assert!(Bop::is(&bytes) && bop.encode() == bytes);
        // Six rows of it are of car 0 at one track, with six weights: somebody's cars without numbers.
        let twice = "the car model 0 at nurburgring_24h is in row";
        assert!(told(&bop.beyond(Platform::Pc)).iter().all(|told| told.contains(twice)));
        assert_eq!(bop.beyond(Platform::Pc).len(), 5);
        let ballast = bop.rows.iter().filter_map(|row| row.ballast_g);
        assert_eq!((ballast.clone().min(), ballast.max()), (Some(-40_000), Some(39_000)));
        // As a new file it is the same.
        let rows = bop.rows.iter().map(|row| Row { ballast_g: row.ballast_g, ..Row::new(&row.track, row.car_model) }).collect();
        assert!(Bop { rows, ..Bop::default() }.encode() == bytes);
    }
    for (name, bytes) in sim_captures::elsewhere("sim/acc-server-cfg", ".json") {
        if name.ends_with("event.json") {
            let (event, flaws) = Event::decode(&bytes).unwrap();
            assert_eq!((flaws, event.track.as_str(), event.sessions.len()), (vec![], "cota", 2));
            assert_eq!(event.beyond(), []);
            // One of its lines ends in blanks, which are not kept.
            assert!(String::from_utf8(event.encode()).unwrap() == String::from_utf8(bytes).unwrap().replace("],    \n", "],\n"));
        } else if name.ends_with("eventRules.json") {
            let (rules, flaws) = EventRules::decode(&bytes).unwrap();
            assert_eq!((flaws, rules.mandatory_stops, rules.max_drivers, rules.refuelling), (vec![], None, Some(1), Some(true)));
            assert_eq!(rules.beyond(), []);
            assert!(rules.encode() == bytes);
        }
    }
}

#[test]
fn whatever_is_cut_off_is_told() {
    for at in 0..LIST.len() {
        assert!(EntryList::decode(&LIST.as_bytes()[..at]).is_err(), "{at}");
        assert!(Bop::decode(&LIST.as_bytes()[..at]).is_err() && Event::decode(&LIST.as_bytes()[..at]).is_err(), "{at}");
    }
    let nested = format!("{{\"entries\": {}", "[".repeat(10_000));
    assert!(EntryList::decode(nested.as_bytes()).is_err() && Bop::decode(nested.as_bytes()).is_err());
    let absurd = r#"{"entries": [{"raceNumber": 99999999999999999999, "ballastKg": -9223372036854775808, "restrictor": 1e300, "track": "", "carModel": -1}]}"#;
    let list = EntryList::decode(absurd.as_bytes()).unwrap().0;
    assert_eq!((list.entries[0].race_number, list.entries[0].ballast_g, list.entries[0].restrictor), (None, 0, 0));
    assert_eq!(Bop::decode(absurd.as_bytes()).unwrap().0.rows[0].restrictor, None);
}
