//! Results of iRacing: a real event of a league with three sessions, and tables as its pages export them.

use sport::date::{Instant, Micros};
use sport::result::Finish;
use sport::session::SessionKind;
use timing::account::{Account, Driver};
use timing::sim::iracing::Results;
use timing::sim::iracing::results_page::ResultsPage;

mod sim_captures;

const EVENT: &str = "iracing/iracing-result-36788868.json";

fn decode(bytes: &[u8]) -> Results {
    let (results, flaws) = Results::decode(bytes).unwrap_or_else(|flaw| panic!("{flaw}"));
    assert_eq!(flaws, []);
    results
}

fn without_notes(account: &Account) -> Account {
    Account { notes: Vec::new(), ..account.clone() }
}

#[test]
fn an_event_is_read_with_all_its_sessions_and_written_again_byte_for_byte() {
    let bytes = sim_captures::one(EVENT);
    let results = decode(&bytes);
    assert!(results.encode() == bytes);
    let accounts = results.accounts();
    let sessions: Vec<_> = accounts
        .iter()
        .map(|account| (account.about.kind, account.about.session.clone().unwrap_or_default(), account.cars.len()))
        .collect();
    let (race, qualifying, practice) = (String::from("RACE"), String::from("QUALIFY"), String::from("PRACTICE"));
    assert_eq!(
        sessions,
        [(Some(SessionKind::Race), race, 17), (Some(SessionKind::Qualifying), qualifying, 17), (Some(SessionKind::Practice), practice, 17)]
    );
    let about = &accounts[0].about;
    assert_eq!((about.track.as_deref(), about.began), (Some("Mount Panorama Circuit"), Some(Instant(1_610_132_412_000_000))));
    // Only of the first session the start of the event is the start.
    assert_eq!(accounts.iter().map(|account| account.notes.len()).collect::<Vec<_>>(), [1, 1, 0]);
}

#[test]
fn places_are_from_0_in_the_file_and_times_ten_thousandths() {
    let accounts = decode(&sim_captures::one(EVENT)).accounts();
    let race = &accounts[0];
    let (car, claim) = (&race.cars[0], &race.claims[0]);
    assert_eq!((car.number.as_str(), car.key.as_deref(), car.class.as_deref()), ("8", Some("900001"), Some("Porsche 911 GT3 Cup")));
    assert_eq!((car.drivers.len(), car.drivers[0].name.as_str(), car.grid, car.ballast_g), (1, "Driver A", Some(1), None));
    assert_eq!((claim.place, claim.class_place, claim.laps, claim.best_lap), (Some(1), Some(1), Some(5), Some(4)));
    assert_eq!((claim.best, claim.gap, claim.time, claim.incidents), (Some(Micros(129_620_900)), Some(Micros(0)), None, Some(4)));
    assert_eq!((race.claims[1].gap, race.claims[1].status.as_deref()), (Some(Micros(605_400)), Some("Running")));
    // A lap behind is no time behind, and who set no lap in qualifying has none.
    assert_eq!((race.claims[16].laps, race.claims[16].gap), (Some(4), None));
    assert_eq!((accounts[1].claims[16].best, accounts[1].claims[16].best_lap, accounts[1].cars[16].grid), (None, None, None));
    let qualified: Vec<_> = accounts[1].claims.iter().map(|claim| (claim.best.is_none(), claim.best)).collect();
    assert!(qualified.is_sorted());
}

#[test]
fn accounts_written_as_an_event_are_read_as_the_same_accounts() {
    let accounts = decode(&sim_captures::one(EVENT)).accounts();
    let again = decode(&Results::of(&accounts).encode());
    let without = |accounts: Vec<Account>| accounts.iter().map(without_notes).collect::<Vec<_>>();
    assert_eq!(without(again.accounts()), without(accounts));
}

/// Newer exports; what a team is in them is said by others, not seen.
#[test]
fn an_envelope_around_an_event_and_a_team_of_drivers_are_understood() {
    let text = r#"{"type": "event_result", "data": {"max_team_drivers": 15, "start_time": "2026-04-24T16:30:11Z",
        "track": {"track_name": "Spa", "config_name": "Endurance"}, "session_results": [{"simsession_number": 0, "simsession_type": 6,
        "results": [{"team_id": -385239, "display_name": "Elm Racing", "car_id": 169, "car_name": "Porsche 911 GT3 R", "car_class_name": "GT3",
        "best_lap_time": 1119626, "finish_position": 0, "starting_position": 4, "laps_complete": 30, "incidents": 7, "weight_penalty_kg": 12,
        "reason_out": "Disqualified", "livery": {"car_number": "007"}, "driver_results": [{"cust_id": 900101, "display_name": "Driver Ash"},
        {"cust_id": 900102, "display_name": "Driver Oak"}]}]}]}}"#;
    assert!(Results::is(text.as_bytes()));
    let results = decode(text.as_bytes());
    let accounts = results.accounts();
    let (car, claim) = (&accounts[0].cars[0], &accounts[0].claims[0]);
    assert_eq!((car.number.as_str(), car.key.as_deref(), car.team.as_deref()), ("007", Some("-385239"), Some("Elm Racing")));
    assert_eq!((car.class.as_deref(), car.model.as_deref(), car.ballast_g), (Some("GT3"), Some("Porsche 911 GT3 R"), Some(12_000)));
    let drivers: Vec<_> = car.drivers.iter().map(|driver| (driver.name.as_str(), driver.id.as_deref())).collect();
    assert_eq!(drivers, [("Driver Ash", Some("900101")), ("Driver Oak", Some("900102"))]);
    assert_eq!((claim.finish, claim.place, claim.status.as_deref()), (Finish::Disqualified, None, Some("Disqualified")));
    assert_eq!(accounts[0].about.track.as_deref(), Some("Spa - Endurance"));
    let wrapped = Results::of(&accounts).wrapped().encode();
    assert!(Results::is(&wrapped) && decode(&wrapped).encode() == wrapped);
    assert_eq!(decode(&wrapped).accounts(), accounts);
}

#[test]
fn what_tells_nothing_or_is_cut_off_is_told() {
    let text =
        r#"{"session_results": [{"results": [5, {"display_name": "x"}, {"cust_id": 1, "interval": "soon", "finish_position": 70000}]}]}"#;
    let (results, flaws) = Results::decode(text.as_bytes()).unwrap();
    let why: Vec<&str> = flaws.iter().map(|flaw| flaw.why.as_str()).collect();
    assert_eq!(why, ["a result of nobody", "a result of nobody", "`interval` is no whole number"]);
    assert_eq!((results.accounts()[0].claims.len(), results.accounts()[0].claims[0].place), (1, None));
    assert_eq!(Results::decode(b"{\"data\": []}").unwrap_err().why, "no result of iRacing: it has no session_results");
    let bytes = sim_captures::one(EVENT);
    for at in (0..bytes.len()).step_by(997) {
        assert!(Results::decode(&bytes[..at]).is_err(), "{at}");
    }
    for absurd in ["-9223372036854775808", "18446744073709551615", "1e300", "[]", "null"] {
        let row = [
            "finish_position",
            "starting_position",
            "interval",
            "best_lap_time",
            "laps_complete",
            "incidents",
            "weight_penalty_kg",
            "team_id",
        ]
        .map(|key| format!("\"{key}\": {absurd}"))
        .join(", ");
        let text = format!(r#"{{"session_results": [{{"simsession_number": {absurd}, "results": [{{"cust_id": {absurd}, {row}}}]}}]}}"#);
        let accounts = Results::decode(text.as_bytes()).unwrap().0.accounts();
        assert_eq!((accounts[0].claims[0].place, accounts[0].claims[0].best, accounts[0].cars[0].grid), (None, None, None), "{absurd}");
        Results::of(&accounts);
    }
}

/// As an official race and a hosted team race were exported, with other drivers.
const OFFICIAL: &str = "\"Start Time\",\"Track\",\"Series\",\"Season Year\"\r\n\"2026-03-22T04:30:00Z\",\"Adelaide Street Circuit\",\"LMP3 Trophy\",\"2026\"\r\n\r\n\
    \"Fin Pos\",\"Car ID\",\"Car\",\"Car Class\",\"Team ID\",\"Cust ID\",\"Name\",\"Start Pos\",\"Car #\",\"Out\",\"Interval\",\"Fastest Lap Time\",\"Fast Lap#\",\"Laps Comp\",\"Inc\"\r\n\
    \"1\",\"165\",\"Ligier JS P320\",\"P3\",\"900201\",\"900201\",\"Driver \"\"Fast\"\" Ash, junior\",\"2\",\"2\",\"Running\",\"-00.000\",\"1:17.561\",\"4\",\"16\",\"0\"\r\n\
    \"2\",\"165\",\"Ligier JS P320\",\"P3\",\"900202\",\"900202\",\"Driver Elm\",\"1\",\"1\",\"Running\",\"-15.549\",\"1:16.921\",\"9\",\"16\",\"6\"\r\n\
    \"3\",\"165\",\"Ligier JS P320\",\"P3\",\"900203\",\"900203\",\"Driver Oak\",\"\",\"3\",\"Disqualified\",\"-4 L\",\"\",\"\",\"12\",\"17\"\r\n";

const TEAMS: &str = "Start Time,Track,Series,Hosted Session Name\n\"2026-03-27T17:30:15Z\",\"José Carlos Pace\",\"Hosted iRacing\",\"Endurance 1\"\n\n\
    \"Fin Pos\",\"Car\",\"Team ID\",\"Cust ID\",\"Name\",\"Car #\",\"Interval\",\"Laps Comp\"\n\
    \"1\",\"P217\",\"-14503\",\"-14503\",\"Elm Racing\",\"266\",\"-00.000\",\"79\"\n\
    \"1\",\"P217\",\"-14503\",\"900301\",\"Driver Ash\",\"266\",\"-\",\"42\"\n\
    \"1\",\"P217\",\"-14503\",\"900302\",\"Driver Oak\",\"266\",\"-\",\"37\"\n";

fn page(text: &str) -> Account {
    let (page, flaws) = ResultsPage::decode(text.as_bytes()).expect("it is a table");
    assert_eq!(flaws, []);
    assert!(page.encode() == text.as_bytes() && ResultsPage::is(text.as_bytes()));
    page.account()
}

#[test]
fn a_table_of_a_page_is_read_and_written_again_byte_for_byte() {
    let account = page(OFFICIAL);
    assert_eq!((account.about.event.as_deref(), account.about.kind), (Some("LMP3 Trophy"), None));
    assert_eq!(account.about.began, Some(Instant(1_774_153_800_000_000)));
    let names: Vec<_> = account.cars.iter().map(|car| (car.number.as_str(), car.drivers[0].name.as_str(), car.grid)).collect();
    assert_eq!(names, [("2", "Driver \"Fast\" Ash, junior", Some(2)), ("1", "Driver Elm", Some(1)), ("3", "Driver Oak", None)]);
    let claims: Vec<_> =
        account.claims.iter().map(|claim| (claim.place, claim.gap, claim.laps_down, claim.best, claim.incidents)).collect();
    let behind = Some(Micros(15_549_000));
    assert_eq!(claims[0], (Some(1), Some(Micros(0)), None, Some(Micros(77_561_000)), Some(0)));
    assert_eq!(claims[1], (Some(2), behind, None, Some(Micros(76_921_000)), Some(6)));
    assert_eq!((claims[2], account.claims[2].finish), ((None, None, Some(4), None, Some(17)), Finish::Disqualified));
    // Ten years ago two columns had other names.
    let old = page(&OFFICIAL.replace("Cust ID", "Custid").replace("\"Name\"", "\"Driver\""));
    assert_eq!((old.cars, old.claims), (account.cars, account.claims));
}

#[test]
fn the_drivers_of_a_team_are_in_the_rows_behind_its_own() {
    let account = page(TEAMS);
    let car = &account.cars[0];
    assert_eq!((account.cars.len(), car.key.as_deref(), car.team.as_deref()), (1, Some("-14503"), Some("Elm Racing")));
    let ids: Vec<_> = car.drivers.iter().map(|driver| (driver.name.as_str(), driver.id.as_deref())).collect();
    assert_eq!(ids, [("Driver Ash", Some("900301")), ("Driver Oak", Some("900302"))]);
    assert_eq!((account.claims.len(), account.claims[0].laps), (1, Some(79)));
}

#[test]
fn an_account_written_as_a_table_is_read_as_the_same_account() {
    for text in [OFFICIAL, TEAMS] {
        let account = page(text);
        let (again, flaws) = ResultsPage::decode(&ResultsPage::of(&account).encode()).unwrap();
        assert_eq!((flaws, again.account()), (vec![], account));
    }
    // Of the sessions of an event it has the rows, and neither the kind nor class places.
    let race = &decode(&sim_captures::one(EVENT)).accounts()[0];
    let again = ResultsPage::of(race).account();
    let names = |account: &Account| account.cars.iter().flat_map(|car| &car.drivers).cloned().collect::<Vec<Driver>>();
    assert_eq!((names(&again), again.claims.len()), (names(race), 17));
    // A page has thousandths.
    let cut = |account: &Account| {
        account
            .claims
            .iter()
            .map(|claim| (claim.place, claim.gap.map(Micros::whole_ms), claim.best.map(Micros::whole_ms)))
            .collect::<Vec<_>>()
    };
    assert_eq!(cut(&again), cut(race));
}

#[test]
fn a_row_of_another_length_is_told_and_a_text_without_a_head_is_no_table() {
    let (page, flaws) = ResultsPage::decode(format!("{TEAMS}\"2\",\"cut\n\n").as_bytes()).unwrap();
    assert_eq!(
        flaws.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["line 8: a row of 2 cells under a head of 8: \\\"2\\\",\\\"cut"]
    );
    assert_eq!((page.account().cars.len(), page.encode().len()), (1, TEAMS.len() + 10));
    assert!(ResultsPage::decode(b"a,b\n").is_err() && !ResultsPage::is(b"a,b\n") && ResultsPage::decode(b"").is_err());
    for at in 0..OFFICIAL.len() {
        if let Ok((page, _)) = ResultsPage::decode(&OFFICIAL.as_bytes()[..at]) {
            assert!(page.encode() == OFFICIAL.as_bytes()[..at]);
            page.account();
        }
    }
}

proptest::proptest! {
    #[test]
    fn whatever_comes_is_read_and_written_in_the_same_bytes(text in "[a1\",\r\n é]{0,60}") {
        let text = format!("\"Fin Pos\",a\n{text}");
        let (page, _) = ResultsPage::decode(text.as_bytes()).expect("it has a head");
        proptest::prop_assert_eq!(String::from_utf8(page.encode()), Ok(text));
        page.account();
    }
}
