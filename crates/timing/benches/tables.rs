//! How fast tables are read and written: the laps of a race of 24 hours with 60 cars, laps per second.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use sport::date::{Instant, Micros};
use timing::account::{Account, Car, Driver, Flag, Lap};
use timing::al_kamel::analysis::Analysis;
use timing::mapped::mapping::{Known, Rows};
use timing::mapped::{Kind, Mapped};
use timing::table::Table;

const CARS: usize = 60;
const RACE_MS: i64 = 86_400_000;

fn main() {
    divan::main();
}

/// Sixty cars for 24 hours, a lap of some two and a half minutes, a stop every twenty-fifth.
fn race() -> Account {
    let mut account = Account::default();
    for car in 0..CARS {
        let driver = |nth: usize| Driver { name: format!("Driver {}", car * 4 + nth), ..Driver::default() };
        account.cars.push(Car {
            number: format!("{car:03}"),
            class: Some("GT3".into()),
            cup: Some("Pro-Am".into()),
            team: Some(format!("Team of car {car}")),
            maker: Some("Maker".into()),
            drivers: (0..4).map(driver).collect(),
            ..Car::default()
        });
        let (mut elapsed, mut number) = (0, 0);
        while elapsed < RACE_MS {
            number += 1;
            let time = 140_000 + i64::from(number * 7_919 % 20_000);
            elapsed += time;
            let stint = usize::try_from(number).unwrap() / 25;
            account.laps.push(Lap {
                driver: Some(stint % 4),
                time: Some(Micros(time * 1_000)),
                sectors: [40_000, 60_000, time - 100_000].map(|ms| Some(Micros(ms * 1_000))).to_vec(),
                elapsed: Some(Micros(elapsed * 1_000)),
                ended: Some(Instant((elapsed + 57_600_000) * 1_000)),
                into_pit: number % 25 == 24,
                in_pit: (number % 25 == 0).then_some(Micros(70_500_000)),
                flag: Some(if number % 40 == 0 { Flag::FullCourseYellow } else { Flag::Green }),
                top_speed: Some(25_010),
                ..Lap::of(car, number)
            });
        }
    }
    account
}

#[divan::bench]
fn read_table(bencher: Bencher) {
    let (race, bytes) = (race(), Analysis::of(&race()).encode());
    let bencher = bencher.counter(ItemsCount::new(race.laps.len())).counter(BytesCount::new(bytes.len()));
    bencher.bench_local(|| Table::decode(&bytes).unwrap());
}

#[divan::bench]
fn read_analysis(bencher: Bencher) {
    let (race, bytes) = (race(), Analysis::of(&race()).encode());
    let bencher = bencher.counter(ItemsCount::new(race.laps.len())).counter(BytesCount::new(bytes.len()));
    bencher.bench_local(|| Analysis::decode(&bytes).unwrap().0);
}

#[divan::bench]
fn read_analysis_as_account(bencher: Bencher) {
    let (race, bytes) = (race(), Analysis::of(&race()).encode());
    bencher.counter(ItemsCount::new(race.laps.len())).bench_local(|| Analysis::decode(&bytes).unwrap().0.account());
}

#[divan::bench]
fn write_analysis(bencher: Bencher) {
    let race = race();
    bencher.counter(ItemsCount::new(race.laps.len())).bench_local(|| Analysis::of(&race).encode());
}

#[divan::bench]
fn write_what_was_read(bencher: Bencher) {
    let race = race();
    let analysis = Analysis::of(&race);
    bencher.counter(ItemsCount::new(race.laps.len())).bench_local(|| analysis.encode());
}

#[divan::bench]
fn read_own_columns_as_account(bencher: Bencher) {
    let race = race();
    let bytes = Mapped::of_rows(&race, Kind::Text, Rows::Laps).encode();
    let read = || Mapped::decode(&bytes, &Known::default()).unwrap().0.account();
    bencher.counter(ItemsCount::new(race.laps.len())).bench_local(read);
}

#[divan::bench(sample_count = 10)]
fn read_spreadsheet_as_account(bencher: Bencher) {
    let race = race();
    let bytes = Mapped::of_rows(&race, Kind::Sheet("Laps".into()), Rows::Laps).encode();
    let read = || Mapped::decode(&bytes, &Known::default()).unwrap().0.account();
    bencher.counter(ItemsCount::new(race.laps.len())).bench_local(read);
}

#[divan::bench(sample_count = 10)]
fn write_spreadsheet(bencher: Bencher) {
    let race = race();
    let write = || Mapped::of_rows(&race, Kind::Sheet("Laps".into()), Rows::Laps).encode();
    bencher.counter(ItemsCount::new(race.laps.len())).bench_local(write);
}
