//! Races as they are measured: laps, flags and visits to the pit lane; and what is measured on them, in millionths.

use std::collections::BTreeMap;
use std::path::Path;

use simulator::Truth;
use sport::date::Instant;
use sport::meeting_fact::Signal;

use crate::alkamel;

const MILLION: i64 = 1_000_000;

/// A lap, in micros.
pub(crate) struct Lap {
    pub(crate) time: i64,
    /// Since the start.
    pub(crate) end: i64,
    /// Under green from one end to the other, not the first, not into, through or out of the pit lane.
    pub(crate) free: bool,
}

/// A car's race.
pub(crate) struct Car {
    pub(crate) class: String,
    pub(crate) laps: Vec<Lap>,
    pub(crate) visits: i64,
}

/// What was measured on a race.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Measured {
    /// How far a car's free laps lie from their median: median of the deviations, as a standard deviation, of the median car.
    pub(crate) spread: i64,
    /// Free laps more than three per cent over the car's median.
    pub(crate) slow: i64,
    /// How much slower the median car of a class is than its fastest, by median laps; the mean of the classes.
    pub(crate) between_cars: i64,
    /// Cars that stopped for good, a car and hour.
    pub(crate) retired: i64,
    /// Visits to the pit lane, a car and hour.
    pub(crate) visits: i64,
    /// The median gap between neighbours of a class on the same lap at the finish, in laps.
    pub(crate) gap: i64,
}

fn median(mut of: Vec<i64>) -> Option<i64> {
    of.sort_unstable();
    of.get(of.len().checked_sub(1)? / 2).copied()
}

fn free(car: &Car) -> Vec<i64> {
    car.laps.iter().filter(|lap| lap.free).map(|lap| lap.time).collect()
}

/// A car with fewer laps says nothing of its spread.
const ENOUGH: usize = 10;

pub(crate) fn measured(cars: &[Car]) -> Measured {
    let (mut spreads, mut slow, mut count) = (Vec::new(), 0, 0);
    for laps in cars.iter().map(free).filter(|laps| laps.len() >= ENOUGH) {
        let middle = median(laps.clone()).unwrap();
        let off = median(laps.iter().map(|lap| (lap - middle).abs()).collect()).unwrap();
        // From the median deviation to the standard deviation of a bell curve.
        spreads.push(off * 1_482_600 / middle);
        slow += laps.iter().filter(|lap| **lap > middle / 100 * 103).count();
        count += laps.len();
    }
    let last = |car: &Car| car.laps.last().map_or(0, |lap| lap.end);
    let end = cars.iter().map(last).max().unwrap();
    let minutes: i64 = cars.iter().map(|car| last(car) / (60 * MILLION)).sum();
    let retired = cars.iter().filter(|car| last(car) < end - 400 * MILLION).count();
    let visits: i64 = cars.iter().map(|car| car.visits).sum();
    Measured {
        spread: median(spreads).unwrap(),
        slow: share(slow, count),
        between_cars: between_cars(cars),
        retired: i64::try_from(retired).unwrap() * 60 * MILLION / minutes,
        visits: visits * 60 * MILLION / minutes,
        gap: gap(cars),
    }
}

fn share(part: usize, whole: usize) -> i64 {
    i64::try_from(part).unwrap() * MILLION / i64::try_from(whole).unwrap().max(1)
}

fn classes(cars: &[Car]) -> BTreeMap<&str, Vec<&Car>> {
    let mut classes: BTreeMap<&str, Vec<&Car>> = BTreeMap::new();
    cars.iter().for_each(|car| classes.entry(&car.class).or_default().push(car));
    classes
}

fn between_cars(cars: &[Car]) -> i64 {
    let mut slower = Vec::new();
    for class in classes(cars).values().filter(|class| class.len() > 3) {
        let medians: Vec<i64> = class.iter().map(|car| free(car)).filter(|laps| laps.len() >= ENOUGH).filter_map(median).collect();
        let Some(best) = medians.iter().min().copied() else { continue };
        slower.extend(median(medians).map(|middle| (middle - best) * MILLION / best));
    }
    slower.iter().sum::<i64>() / i64::try_from(slower.len()).unwrap().max(1)
}

fn gap(cars: &[Car]) -> i64 {
    let mut gaps = Vec::new();
    for class in classes(cars).values() {
        let mut order: Vec<(usize, i64)> = class.iter().filter_map(|car| Some((car.laps.len(), car.laps.last()?.end))).collect();
        order.sort_by_key(|(laps, end)| (std::cmp::Reverse(*laps), *end));
        let lap = median(class.iter().flat_map(|car| free(car)).collect()).unwrap_or(100 * MILLION);
        let level = order.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        gaps.extend(level.map(|pair| (pair[1].1 - pair[0].1) * MILLION / lap));
    }
    median(gaps).unwrap()
}

/// A race from the table of a timing company.
pub(crate) fn captured(file: &Path) -> Vec<Car> {
    let mut rows: BTreeMap<String, Vec<BTreeMap<String, String>>> = BTreeMap::new();
    for row in alkamel::table(file) {
        rows.entry(row["NUMBER"].clone()).or_default().push(row);
    }
    let car = |rows: Vec<BTreeMap<String, String>>| {
        let in_pits = |row: &BTreeMap<String, String>| !row["CROSSING_FINISH_LINE_IN_PIT"].is_empty() || !row["PIT_TIME"].is_empty();
        let green = |row: &BTreeMap<String, String>| row["FLAG_AT_FL"] == "GF";
        let time = |cell: &str| alkamel::time(cell).unwrap().0;
        let free = |ix: usize| {
            let before = ix.checked_sub(1).map(|before| &rows[before]);
            let out_of_pits = |row: &BTreeMap<String, String>| !row["CROSSING_FINISH_LINE_IN_PIT"].is_empty();
            green(&rows[ix]) && !in_pits(&rows[ix]) && before.is_some_and(|row| green(row) && !out_of_pits(row))
        };
        let lap = |ix: usize| Lap { time: time(&rows[ix]["LAP_TIME"]), end: time(&rows[ix]["ELAPSED"]), free: free(ix) };
        Car {
            class: rows[0]["CLASS"].clone(),
            visits: i64::try_from(rows.iter().filter(|row| !row["PIT_TIME"].is_empty()).count()).unwrap(),
            laps: (0..rows.len()).map(lap).collect(),
        }
    };
    rows.into_values().map(car).collect()
}

/// A simulated race. `class`: of a car by its position in the entry list.
pub(crate) fn simulated(truth: &Truth, class: impl Fn(usize) -> String) -> Vec<Car> {
    let start = truth.signals.iter().find(|(_, signal)| *signal == Signal::Green).unwrap().0;
    let green = |at: Instant| {
        let last = truth.signals.iter().rfind(|(from, _)| *from <= at).map(|(_, signal)| *signal);
        matches!(last, Some(Signal::Green | Signal::Chequered))
    };
    let car = |of: &simulator::CarTruth| {
        let begun = std::iter::once(start).chain(of.laps.iter().copied());
        let in_pits = |from: Instant, to: Instant| of.stops.iter().any(|stop| stop.entry <= to && stop.exit >= from);
        let lap = |(nth, (begun, end)): (usize, (Instant, &Instant))| Lap {
            time: end.0 - begun.0,
            end: end.0 - start.0,
            free: nth > 0 && green(begun) && green(*end) && !in_pits(begun, *end),
        };
        Car {
            class: class(of.entry),
            laps: begun.zip(&of.laps).enumerate().map(lap).collect(),
            visits: i64::try_from(of.stops.len()).unwrap(),
        }
    };
    truth.cars.iter().filter(|car| car.started).map(car).collect()
}

/// The median gap between neighbours on the leader's lap, in laps, and the share of cars not classified, of a table of a one-hour race.
pub(crate) fn sprint(file: &Path) -> (i64, i64) {
    let rows = alkamel::table(file);
    let leader = &rows[0]["Laps"];
    let level = rows.iter().filter(|row| row["Pos"] != "NC" && row["Laps"] == *leader && !row["Gap"].starts_with('-'));
    let behind: Vec<i64> = level.map(|row| alkamel::time(&row["Gap"]).map_or(0, |gap| gap.0)).collect();
    let lap = median(rows.iter().filter_map(|row| alkamel::time(&row["Time"])).map(|time| time.0).collect()).unwrap();
    let gaps = behind.windows(2).map(|pair| (pair[1] - pair[0]) * MILLION / lap).collect();
    (median(gaps).unwrap(), share(rows.iter().filter(|row| row["Pos"] == "NC").count(), rows.len()))
}
