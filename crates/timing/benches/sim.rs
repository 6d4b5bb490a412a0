//! What reading a result file of a simulator costs: a season is dozens of them.

use divan::counter::{BytesCount, ItemsCount};
use sport::date::Micros;
use sport::session::SessionKind;
use timing::account::{Account, Car, Claim, Driver, Lap};
use timing::sim::acc::results::Results;

fn main() {
    divan::main();
}

/// A race of so many cars over so many laps, each of about two minutes and a little slower than that of the car before.
fn race(cars: usize, laps: u32) -> Vec<u8> {
    let mut account = Account::default();
    (account.about.kind, account.about.track) = (Some(SessionKind::Race), Some(String::from("spa")));
    let time = |car: usize, lap: u32| {
        let car = i64::try_from(car).unwrap_or(0);
        (137_000 + 50 * car + i64::from(lap) * 7_919 % 1_500) * 1_000
    };
    for car in 0..cars {
        let driver = |nth: usize| Driver {
            name: format!("Driver {car}-{nth}"),
            short: Some(format!("D{car:02}")),
            id: Some(format!("S7656119{car:08}{nth}")),
            ..Driver::default()
        };
        account.cars.push(Car {
            number: (car + 1).to_string(),
            model: Some(String::from("Ferrari 296 GT3")),
            cup: Some(String::from("ProAm")),
            team: Some(format!("Team {car}")),
            drivers: vec![driver(1), driver(2)],
            ..Car::default()
        });
        let total = (1..=laps).map(|lap| time(car, lap)).sum();
        account.claims.push(Claim { laps: Some(laps), time: Some(Micros(total)), ..Claim::of(car) });
    }
    for lap in 1..=laps {
        account.laps.extend((0..cars).map(|car| {
            let micros = time(car, lap);
            let sectors = [3, 4, 3].map(|tenths| Some(Micros(micros / 10 * tenths))).to_vec();
            Lap { driver: Some(0), time: Some(Micros(micros)), sectors, valid: lap % 7 != 0, ..Lap::of(car, lap) }
        }));
    }
    Results::of(&account).encode()
}

/// An hour with 40 cars, and a day with 50.
const RACES: [(usize, u32); 2] = [(40, 26), (50, 620)];

#[divan::bench(args = RACES)]
fn read(bencher: divan::Bencher, (cars, laps): (usize, u32)) {
    let bytes = race(cars, laps);
    bencher.counter(BytesCount::of_slice(&bytes)).bench_local(|| Results::decode(&bytes).map(|(results, _)| results.account().laps.len()));
}

#[divan::bench(args = RACES)]
fn write(bencher: divan::Bencher, (cars, laps): (usize, u32)) {
    let results = Results::decode(&race(cars, laps)).expect("it was written here").0;
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| results.encode().len());
}

/// What every file is asked, whatever it is.
#[divan::bench]
fn is(bencher: divan::Bencher) {
    let bytes = race(40, 26);
    bencher.bench_local(|| Results::is(&bytes));
}
