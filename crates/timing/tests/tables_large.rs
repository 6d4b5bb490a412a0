//! Tables of up to 50 megabytes, and the worst that can be made of them: four times as much takes four times as long. Not in the default run:
//! `cargo test --release -p timing --test tables_large -- --ignored --nocapture`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use timing::al_kamel::analysis::Analysis;
use timing::al_kamel::classification::Classification;
use timing::gtwce::Results;
use timing::mapped::Mapped;
use timing::mapped::mapping::Known;
use timing::swiss_tables::PitStops;
use timing::table::Table;
use timing::together::together;

/// Makes a file of so many rows, and reads it: how large it is, and how long that takes.
type Reading = fn(usize) -> (usize, Duration);

fn timed(head: &str, count: usize, row: impl Fn(usize) -> String, read: impl Fn(&[u8]) -> usize) -> (usize, Duration) {
    let mut text = String::from(head);
    (0..count).for_each(|nth| _ = writeln!(text, "{}", row(nth)));
    let began = Instant::now();
    assert!(read(text.as_bytes()) > 0);
    (text.len(), began.elapsed())
}

const LAPS: &str = "NUMBER;DRIVER_NUMBER;LAP_NUMBER;LAP_TIME;CROSSING_FINISH_LINE_IN_PIT;ELAPSED;HOUR;DRIVER_NAME;CLASS;TEAM;FLAG_AT_FL\n";

fn analysis(bytes: &[u8]) -> usize {
    let (analysis, flaws) = Analysis::decode(bytes).expect("it is an analysis");
    let account = analysis.account();
    let (laps, notes) = (account.laps.len(), account.notes.len());
    let both = together(vec![account.clone(), account]);
    Analysis::of(&both).encode().len() + analysis.encode().len() + flaws.len() + laps + notes
}

const READINGS: [(&str, Reading); 9] = [
    ("laps of one car", |count| {
        timed(LAPS, count, |nth| format!("7;1;{};1:40.000;;1:40.000;14:00:00.000;Ann South;GT3;Northern Lights;GF", nth + 1), analysis)
    }),
    ("laps of as many cars", |count| {
        timed(LAPS, count, |nth| format!("{nth};1;1;1:40.000;;1:40.000;14:00:00.000;Ann South;GT3;Northern Lights;GF"), analysis)
    }),
    ("a car with as many drivers, teams and flags", |count| {
        timed(LAPS, count, |nth| format!("7;1;{};1:40.000;;1:40.000;14:00:00.000;Driver {nth};GT3;Team {nth};F{nth}", nth + 1), analysis)
    }),
    ("one lap again and again, the last first", |count| {
        timed(LAPS, count, |nth| format!("{};1;{};1:40.000;;;;;GT3;;GF", nth % 9, (count - nth) / 2 + 1), analysis)
    }),
    ("laps that are none", |count| timed(LAPS, count, |nth| format!("{};1;none;1:40.000;;;;;GT3;;GF", nth % 9), analysis)),
    ("rows of all lengths", |count| {
        timed(
            "a;b;c\n",
            count,
            |nth| "x;".repeat(nth % 30),
            |bytes| {
                let (mut table, _) = Table::decode(bytes).expect("it is a table");
                table.without_uneven().len()
            },
        )
    }),
    ("quotes in every row", |count| {
        timed(
            "a;b;c\n",
            count,
            |_| String::from("1;\"2\n3"),
            |bytes| {
                let (table, flaws) = Table::decode(bytes).expect("it is a table");
                table.rows().len() + flaws.len()
            },
        )
    }),
    ("as many cars in results", |count| {
        timed(
            "Pos,Car #,Class,Drivers,Team,Car,Time,Laps,Gap\n",
            count,
            |nth| format!("{},{nth},Pro Cup,\"A, B\",T,C,1:40.000,35,", nth % 60_000 + 1),
            |bytes| {
                let account = Results::decode(bytes).expect("it is a result").0.account();
                Classification::of(&account).encode().len() + Results::of(&together(vec![account.clone(), account])).encode().len()
            },
        )
    }),
    ("as many drivers in a table of laps and in stops", |count| {
        let read = |bytes: &[u8]| Mapped::decode(bytes, &Known::default()).expect("it is a table").0.account().laps.len();
        let (size, laps) = timed("No,Lap,Lap time,Driver\n", count, |nth| format!("7,{},1:40.000,Driver {nth}", nth + 1), read);
        let read = |bytes: &[u8]| PitStops::decode(bytes).expect("it is a report").0.account().stops.len();
        let head = "Nr;Driver in;Day time in;Time in;Driver out;Day time out;Time out;Nett Time;Reason;Lap In\n";
        let (more, stops) = timed(head, count, |nth| format!("7;Driver {nth};;;Driver {};;;;;1", nth + 1), read);
        (size + more, laps + stops)
    }),
];

#[test]
#[ignore = "takes a while: cargo test --release -p timing --test tables_large -- --ignored --nocapture"]
fn what_is_four_times_as_long_takes_four_times_as_long() {
    for (what, read) in READINGS {
        let (quarter, whole) = (read(125_000), read(500_000));
        let ratio = whole.1.as_secs_f64() / quarter.1.as_secs_f64();
        _ = writeln!(std::io::stderr(), "{what}: {} MB in {:?}, {ratio:.1} times a quarter of it", whole.0 / 1_000_000, whole.1);
        // Four, and what memory that is further away costs.
        assert!(ratio < 10.0, "{what}: {quarter:?} {whole:?}");
    }
}
