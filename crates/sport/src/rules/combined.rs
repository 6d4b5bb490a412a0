//! Grids from several sessions taken together: best laps by average, sum or the best of them (P29), and places summed (P5).
//!
//! Average and sum are exact: two cars are level when they are to the microsecond, and stand then as in the first of the sessions.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::date::Micros;
use crate::place::Places;
use crate::rulebook::grid_source::{Combine, LapsOf, Missing};
use crate::rules::line_up::{Entered, LineUp, Lined, Ran, Run};

/// The laps of a car that are taken together.
struct Laps {
    entry: usize,
    /// Each with whose or where it is; none: it is lacking.
    laps: Vec<(String, Option<Micros>)>,
    /// Its place in the first session that knows it.
    first: usize,
    /// Whether a driver may be missing among them.
    open: bool,
}

impl Laps {
    fn there(&self) -> impl Iterator<Item = Micros> + '_ {
        self.laps.iter().filter_map(|(_, lap)| *lap)
    }

    fn count(&self) -> i64 {
        i64::try_from(self.there().count()).expect("fewer laps than sessions and drivers")
    }

    fn lacking(&self) -> usize {
        self.laps.iter().filter(|(_, lap)| lap.is_none()).count()
    }

    fn sum(&self) -> Micros {
        Micros(self.there().map(|lap| lap.0).sum())
    }

    /// The time the order rests on; none without any lap.
    fn time(&self, how: Combine) -> Option<Micros> {
        let count = self.count();
        (count > 0).then(|| match how {
            Combine::Average(_) => Micros(self.sum().0 / count),
            Combine::Sum => self.sum(),
            Combine::Best => self.there().min().unwrap_or(Micros(0)),
        })
    }

    /// Which is ahead.
    fn against(&self, other: &Self, how: Combine) -> Ordering {
        let average = |one: &Self, other: &Self| i128::from(one.sum().0) * i128::from(other.count());
        let by_average = average(self, other).cmp(&average(other, self));
        match how {
            Combine::Average(Missing::LeftOut) => by_average,
            Combine::Average(Missing::Behind) | Combine::Sum => self.lacking().cmp(&other.lacking()).then(by_average),
            Combine::Best => self.there().min().cmp(&other.there().min()),
        }
        .then(self.first.cmp(&other.first))
    }

    fn told(&self, how: Combine) -> String {
        let there = self.laps.iter().filter_map(|(whose, lap)| Some(alloc::format!("{} {whose}", (*lap)?)));
        let there = there.collect::<Vec<_>>().join(", ");
        let time = self.time(how).unwrap_or(Micros(0));
        let mut told = match how {
            Combine::Average(_) => alloc::format!("average {time} of {there}"),
            Combine::Sum => alloc::format!("sum {time} of {there}"),
            Combine::Best => alloc::format!("best {time} of {there}"),
        };
        let lacking: Vec<&str> = self.laps.iter().filter(|(_, lap)| lap.is_none()).map(|(whose, _)| whose.as_str()).collect();
        if !lacking.is_empty() {
            told.push_str(&alloc::format!("; no time {}", lacking.join(", ")));
            told.push_str(match how {
                Combine::Average(Missing::Behind) | Combine::Sum => ": behind those that lack none",
                Combine::Average(Missing::LeftOut) => ", which is left out",
                Combine::Best => "",
            });
        }
        if self.open {
            told.push_str("; the crew is not known in full");
        }
        told
    }
}

impl LineUp<'_> {
    /// By best laps taken together.
    pub(crate) fn combined(&self, runs: &[&Run], of: LapsOf, how: Combine) -> Vec<Lined> {
        let took_part = |entered: &&Entered| runs.iter().any(|run| run.cars.iter().any(|ran| ran.entry == entered.entry));
        let mut all: Vec<Laps> = self.entered.iter().filter(took_part).map(|entered| laps(runs, of, entered)).collect();
        all.retain(|of| !of.laps.is_empty());
        all.sort_by(|one, other| (one.count() == 0).cmp(&(other.count() == 0)).then_with(|| one.against(other, how)));
        let lined = |of: &Laps| match of.time(how) {
            Some(time) => Lined::new(of.entry, true, Some(time), None, of.told(how)),
            None => Lined::new(of.entry, false, None, None, alloc::format!("no time: {}", self.at_back())),
        };
        all.iter().map(lined).collect()
    }

    /// By the sum of places, the lowest first; level: by the place in `ties`.
    pub(crate) fn places_summed(&self, runs: &[&Run], ties: Option<&Run>) -> Vec<Lined> {
        let place = |run: &Run, entry: usize| ran(run, entry).and_then(|ran| ran.place).and_then(Places::exact);
        let mut all: Vec<(usize, u32, u16, Lined)> = Vec::new();
        for entered in self.entered {
            let places: Vec<(&Run, Option<u16>)> = runs.iter().map(|run| (*run, place(run, entered.entry))).collect();
            let sum: u32 = places.iter().filter_map(|(_, place)| *place).map(u32::from).sum();
            let lacking = places.iter().filter(|(_, place)| place.is_none()).count();
            let there: Vec<String> =
                places.iter().filter_map(|(run, place)| Some(alloc::format!("{} in {}", (*place)?, run.name))).collect();
            if there.is_empty() {
                continue;
            }
            let mut why = alloc::format!("sum of places {sum}: {}", there.join(", "));
            let none: Vec<String> =
                places.iter().filter(|(_, place)| place.is_none()).map(|(run, _)| alloc::format!("{}", run.name)).collect();
            if !none.is_empty() {
                why.push_str(&alloc::format!("; no place in {}: behind those that lack none", none.join(", ")));
            }
            let tie = ties.and_then(|run| place(run, entered.entry)).unwrap_or(u16::MAX);
            all.push((lacking, sum, tie, Lined::new(entered.entry, true, None, None, why)));
        }
        all.sort_by_key(|(lacking, sum, tie, _)| (*lacking, *sum, *tie));
        let level = |at: usize, other: usize| all.get(other).is_some_and(|other| (other.0, other.1) == (all[at].0, all[at].1));
        let tied: Vec<bool> =
            (0..all.len()).map(|at| level(at, at + 1) || at.checked_sub(1).is_some_and(|before| level(at, before))).collect();
        let mut order: Vec<Lined> = Vec::with_capacity(all.len());
        for ((_, _, tie, mut lined), tied) in all.into_iter().zip(tied) {
            if let Some(run) = ties.filter(|_| tied) {
                let place = if tie == u16::MAX { String::from("none") } else { alloc::format!("{tie}") };
                lined.place.reasons.push(alloc::format!("level on that: place {place} in {}", run.name));
            }
            order.push(lined);
        }
        order
    }
}

fn ran(run: &Run, entry: usize) -> Option<&Ran> {
    run.cars.iter().find(|ran| ran.entry == entry)
}

/// The laps of a car that are taken together.
fn laps(runs: &[&Run], of: LapsOf, entered: &Entered) -> Laps {
    let laps = match of {
        LapsOf::Sessions => {
            runs.iter().map(|run| (alloc::format!("in {}", run.name), ran(run, entered.entry).and_then(|ran| ran.best))).collect()
        }
        LapsOf::Drivers => {
            let best = |driver: usize| {
                let of = runs.iter().filter_map(|run| ran(run, entered.entry));
                of.flat_map(|ran| &ran.by_driver).filter(|(by, _)| *by == driver).map(|(_, lap)| *lap).min()
            };
            entered.crew.iter().map(|(driver, name)| (alloc::format!("by {name}"), best(*driver))).collect()
        }
    };
    let position = |run: &&Run| run.cars.iter().position(|ran| ran.entry == entered.entry);
    let open = of == LapsOf::Drivers && entered.crew_open;
    Laps { entry: entered.entry, laps, open, first: runs.iter().find_map(position).unwrap_or(usize::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::grid_source::GridBase;
    use crate::rules::line_up::tests::{cars, order, run};

    fn laps(of: LapsOf, how: Combine) -> GridBase {
        GridBase::Laps { sessions: alloc::vec!["q1".into(), "q2".into()], of, how }
    }

    /// Car 0 is quick once, car 1 twice nearly; car 2 has one time only, car 3 none.
    fn runs() -> [Run; 2] {
        let q1 = run("q1", &[(0, Some(100_000)), (1, Some(101_000)), (2, Some(99_000)), (3, None)]);
        [q1, run("q2", &[(0, Some(104_000)), (1, Some(102_000))])]
    }

    #[test]
    fn the_average_of_the_best_laps_and_who_lacks_one_behind_or_not() {
        let grid = order(laps(LapsOf::Sessions, Combine::Average(Missing::Behind)), &[], &runs(), 4);
        assert_eq!(cars(&grid), [1, 0, 2, 3]);
        assert_eq!(grid[0].reasons, ["average 1:41.500 of 1:41.000 in 1.q1, 1:42.000 in 1.q2"]);
        assert_eq!(grid[0].time, Some(Micros(101_500_000)));
        assert_eq!(grid[2].reasons, ["average 1:39.000 of 1:39.000 in 1.q1; no time in 1.q2: behind those that lack none"]);
        assert_eq!(grid[3].reasons, ["no time: at the back with leave of the stewards (B4)"]);
        let left_out = order(laps(LapsOf::Sessions, Combine::Average(Missing::LeftOut)), &[], &runs(), 4);
        assert_eq!(cars(&left_out), [2, 1, 0, 3]);
    }

    #[test]
    fn the_sum_and_the_best_of_them() {
        let sum = order(laps(LapsOf::Sessions, Combine::Sum), &[], &runs(), 4);
        assert_eq!(
            (cars(&sum), sum[0].reasons[0].as_str()),
            (alloc::vec![1, 0, 2, 3], "sum 3:23.000 of 1:41.000 in 1.q1, 1:42.000 in 1.q2")
        );
        let best = order(laps(LapsOf::Sessions, Combine::Best), &[], &runs(), 4);
        assert_eq!(cars(&best), [2, 0, 1, 3]);
    }

    #[test]
    fn level_to_the_microsecond_they_stand_as_in_the_first_session() {
        let q1 = run("q1", &[(0, Some(101_000)), (1, Some(100_000))]);
        let q2 = run("q2", &[(0, Some(100_000)), (1, Some(101_000))]);
        assert_eq!(cars(&order(laps(LapsOf::Sessions, Combine::Sum), &[], &[q1, q2], 2)), [1, 0]);
    }

    #[test]
    fn every_driver_of_the_crew_counts_wherever_he_drove() {
        let mut q1 = run("q1", &[(0, Some(100_000)), (1, Some(101_000))]);
        let mut q2 = run("q2", &[(0, Some(102_000)), (1, Some(100_500))]);
        let at = |ran: &mut Run, entry: usize, laps: &[(usize, i64)]| {
            let of = ran.cars.iter_mut().find(|ran| ran.entry == entry).unwrap();
            of.by_driver = laps.iter().map(|(driver, time)| (*driver, Micros(time * 1_000))).collect();
        };
        // Car 0: driver 0 in both sessions, driver 1 never timed. Car 1: one each.
        at(&mut q1, 0, &[(0, 100_000)]);
        at(&mut q2, 0, &[(0, 102_000)]);
        at(&mut q1, 1, &[(2, 101_000)]);
        at(&mut q2, 1, &[(3, 100_500)]);
        let grid = order(laps(LapsOf::Drivers, Combine::Average(Missing::Behind)), &[], &[q1, q2], 2);
        assert_eq!(cars(&grid), [1, 0]);
        assert_eq!(grid[0].reasons, ["average 1:40.750 of 1:41.000 by Driver 1A, 1:40.500 by Driver 1B"]);
        assert_eq!(grid[1].reasons, ["average 1:40.000 of 1:40.000 by Driver 0A; no time by Driver 0B: behind those that lack none"]);
    }

    #[test]
    fn a_crew_of_which_a_name_is_missing_says_so() {
        let mut q1 = run("q1", &[(0, Some(100_000))]);
        q1.cars[0].by_driver = alloc::vec![(0, Micros(100_000_000))];
        let entered = Entered { entry: 0, crew: alloc::vec![(0, String::from("Driver A"))], crew_open: true };
        let told = super::laps(&[&q1], LapsOf::Drivers, &entered).told(Combine::Best);
        assert_eq!(told, "best 1:40.000 of 1:40.000 by Driver A; the crew is not known in full");
    }

    #[test]
    fn the_lowest_sum_of_places_has_pole_and_a_tie_goes_to_the_better_in_qualifying() {
        let race = |id: &str, order: &[usize]| {
            let cars: Vec<(usize, Option<i64>)> = order.iter().zip(100_000..).map(|(entry, time)| (*entry, Some(time))).collect();
            run(id, &cars)
        };
        let runs = [race("q1", &[1, 0, 2]), race("qr-1", &[0, 1, 2, 3]), race("qr-2", &[2, 0, 1])];
        let base =
            |ties: Option<&str>| GridBase::Places { sessions: alloc::vec!["qr-1".into(), "qr-2".into()], ties: ties.map(Into::into) };
        // 0: 1 + 2 = 3; 1: 2 + 3 = 5; 2: 3 + 1 = 4; 3: absent from the second.
        let grid = order(base(Some("q1")), &[], &runs, 4);
        assert_eq!(cars(&grid), [0, 2, 1, 3]);
        assert_eq!(grid[0].reasons, ["sum of places 3: 1 in 1.qr-1, 2 in 1.qr-2"]);
        assert_eq!(grid[3].reasons, ["sum of places 4: 4 in 1.qr-1; no place in 1.qr-2: behind those that lack none"]);
        let level = [race("q1", &[1, 0]), race("qr-1", &[0, 1]), race("qr-2", &[1, 0])];
        let grid = order(base(Some("q1")), &[], &level, 2);
        assert_eq!((cars(&grid), grid[0].reasons[1].as_str()), (alloc::vec![1, 0], "level on that: place 1 in 1.q1"));
        assert_eq!(cars(&order(base(None), &[], &[level[0].clone(), race("qr-1", &[1, 0]), race("qr-2", &[0, 1])], 2)), [0, 1]);
    }
}
