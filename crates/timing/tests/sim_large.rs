//! Large files, up to 50 megabytes, and the worst that can be made of them: four times as much takes four times as long. Not in the default
//! run: `cargo test --release -- --ignored`.

use std::time::{Duration, Instant};

use timing::sim::acc::{bop::Bop, entry_list::EntryList, results::Results};
use timing::sim::iracing::results_page::ResultsPage;
use timing::sim::{assetto_corsa, iracing};

/// Reads a file of so many rows, tells its account and writes it again.
type Reading = fn(usize) -> Duration;

fn rows(head: &str, count: usize, row: impl Fn(usize) -> String, tail: &str) -> Vec<u8> {
    let mut text = String::from(head);
    for nth in 0..count {
        if nth > 0 {
            text.push(',');
        }
        text.push_str(&row(nth));
    }
    text.push_str(tail);
    text.into_bytes()
}

fn timed(bytes: &[u8], read: impl Fn(&[u8]) -> usize) -> Duration {
    let began = Instant::now();
    assert!(read(bytes) > 0);
    began.elapsed()
}

fn acc(bytes: &[u8]) -> usize {
    let (results, flaws) = Results::decode(bytes).expect("it is a result");
    let account = results.account();
    Results::of(&account).encode().len() + results.encode().len() + flaws.len()
}

fn assetto_corsa(bytes: &[u8]) -> usize {
    let (results, flaws) = assetto_corsa::Results::decode(bytes).expect("it is a result");
    assetto_corsa::Results::of(&results.account()).encode().len() + flaws.len()
}

const READINGS: [(&str, Reading); 9] = [
    ("laps of one car", |count| {
        let head = r#"{"sessionResult": {"leaderBoardLines": [{"car": {"carId": 1, "drivers": [{}]}}]}, "laps": ["#;
        let row = |_| {
            String::from(r#"{"carId": 1, "driverIndex": 0, "laptime": 100000, "isValidForBest": true, "splits": [40000, 30000, 30000]}"#)
        };
        timed(&rows(head, count, row, "]}"), acc)
    }),
    ("laps of as many unknown cars", |count| {
        let row = |nth| {
            format!(r#"{{"carId": {nth}, "driverIndex": 0, "laptime": 100000, "isValidForBest": true, "splits": [40000, 30000, 30000]}}"#)
        };
        timed(&rows(r#"{"laps": ["#, count, row, "]}"), acc)
    }),
    ("laps that are none", |count| {
        timed(&rows(r#"{"laps": ["#, count, |_| String::from(r#"{"laptime": "a lap without a car and without a time"}"#), "]}"), acc)
    }),
    ("as many cars without anything", |count| {
        timed(
            &rows(r#"{"sessionResult": {"leaderBoardLines": ["#, count, |nth| format!(r#"{{"car": {{"carId": {}}}}}"#, nth / 2), "]}}"),
            acc,
        )
    }),
    ("a name of control characters", |count| {
        let text = format!(r#"{{"laps": [], "serverName": "{}"}}"#, "\n".repeat(100 * count));
        timed(text.as_bytes(), acc)
    }),
    ("a driver for every lap", |count| {
        let head = r#"{"Cars": [{"CarId": 0, "Driver": {"Name": "Ash"}}], "Laps": ["#;
        let row = |nth| format!(r#"{{"CarId": 0, "DriverName": "Driver {nth}", "DriverGuid": "{nth}", "LapTime": 90000, "Cuts": 0}}"#);
        timed(&rows(head, count, row, "]}"), assetto_corsa)
    }),
    ("entries and rows of a balance", |count| {
        let row = |nth| format!(r#"{{"raceNumber": {nth}, "drivers": [{{"playerID": "S{nth}"}}], "track": "spa", "carModel": {nth}}}"#);
        let bytes = rows(r#"{"entries": ["#, count, row, "]}");
        timed(&bytes, |bytes| {
            let (list, bop) = (EntryList::decode(bytes).expect("it is one").0, Bop::decode(bytes).expect("it is one").0);
            list.beyond().len() + bop.beyond(timing::sim::acc::tables::Platform::Pc).len() + list.encode().len() + bop.encode().len()
        })
    }),
    ("as many classes", |count| {
        let row = |nth| format!(r#"{{"cust_id": {nth}, "car_class_name": "{nth}", "display_name": "Driver {nth}", "finish_position": 1}}"#);
        let bytes = rows(r#"{"session_results": [{"results": ["#, count, row, "]}]}");
        timed(&bytes, |bytes| iracing::Results::of(&iracing::Results::decode(bytes).expect("it is a result").0.accounts()).encode().len())
    }),
    ("cells that are never closed", |count| {
        let text = format!("\"Fin Pos\",\"Name\"\n{}", "\"a\"\"b,\",\"\"c\n".repeat(8 * count));
        timed(text.as_bytes(), |bytes| {
            let page = ResultsPage::decode(bytes).expect("it has a head").0;
            page.account();
            page.encode().len()
        })
    }),
];

#[test]
#[ignore = "takes a while: cargo test --release -p timing --test sim_large -- --ignored --nocapture"]
fn what_is_four_times_as_long_takes_four_times_as_long() {
    for (nth, (what, reading)) in READINGS.into_iter().enumerate() {
        // Of the first 50 megabytes.
        let count = if nth == 0 { 460_000 } else { 100_000 };
        let least = |count| (0..3).map(|_| reading(count)).min();
        let (quarter, whole) = (least(count / 4).unwrap_or_default(), least(count).unwrap_or_default());
        eprintln!("{what}: {count} in {whole:?}, a quarter of them in {quarter:?}");
        assert!(whole < quarter * 8, "{what}");
    }
}
