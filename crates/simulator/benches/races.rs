//! What a race costs.

use sport::session::SessionKind;

#[path = "../tests/made/mod.rs"]
mod made;

fn main() {
    divan::main();
}

/// An hour with so many cars.
#[divan::bench(args = [30, 40, 60])]
fn an_hour(bencher: divan::Bencher, cars: usize) {
    let made = made::made(cars);
    let orders = made.orders(made.session(2, SessionKind::Race));
    let mut seed = 0;
    bencher.bench_local(|| {
        seed += 1;
        simulator::session(&made.plan(2, seed, simulator::Faults::NONE), &orders).map(|run| run.said.len())
    });
}

/// The same with everything that can go wrong.
#[divan::bench]
fn an_hour_under_faults(bencher: divan::Bencher) {
    let made = made::made(40);
    let orders = made.orders(made.session(2, SessionKind::Race));
    let mut seed = 0;
    bencher.bench_local(|| {
        seed += 1;
        simulator::session(&made.plan(2, seed, simulator::Faults::ALL), &orders).map(|run| run.said.len())
    });
}
