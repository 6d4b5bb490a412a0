//! How many passings a second become crossings, laps and the order of the cars.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]
#![expect(unreachable_pub, reason = "the rooms of one benchmark")]

mod lapped;

use divan::Bencher;
use divan::counter::ItemsCount;
use lapped::{layout, race};
use sport::date::{Instant, Micros};
use sport::running::{Ranking, Running, Schedule};

fn main() {
    divan::main();
}

fn empty(cars: usize, minutes: i64) -> Running {
    let schedule = Schedule {
        start: Some(Instant(0)),
        stopped: None,
        time: Some(Micros::seconds(minutes * 60)),
        laps: None,
        to_all: false,
        signalled: None,
    };
    Running::new(layout(), Ranking::Distance, schedule, cars)
}

/// Every passing of a race, the order of the cars kept after each.
#[divan::bench(args = [(40, 60), (60, 1_440)])]
fn heard(bencher: Bencher<'_, '_>, (cars, minutes): (usize, i64)) {
    let passings = race(cars, minutes);
    bencher.counter(ItemsCount::new(passings.len())).with_inputs(|| empty(cars, minutes)).bench_values(|mut running| {
        passings.iter().for_each(|(car, reading)| running.hear(*car, *reading));
        running
    });
}

/// A peer: what a plain scoreboard does. Laps are counted at the finish line alone and all cars are sorted after each passing; nothing is folded,
/// inferred or kept to say why.
#[divan::bench(args = [(40, 60), (60, 1_440)])]
fn plain(bencher: Bencher<'_, '_>, (cars, minutes): (usize, i64)) {
    let passings = race(cars, minutes);
    let lines: Vec<bool> = layout().sources().iter().map(|source| source.line == 0).collect();
    let fresh = || (vec![(0_u32, 0_i64); cars], (0..cars).collect::<Vec<usize>>());
    bencher.counter(ItemsCount::new(passings.len())).with_inputs(fresh).bench_values(|(mut done, mut order)| {
        for (car, reading) in &passings {
            if lines[usize::from(reading.source)] && reading.at.0 > done[*car].1 + 10_000_000 {
                done[*car] = (done[*car].0 + 1, reading.at.0);
            }
            order.sort_by_key(|car| (std::cmp::Reverse(done[*car].0), done[*car].1));
        }
        (done, order)
    });
}
