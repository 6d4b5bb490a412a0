//! What cars took from one line to another, each time, in the order they left.

use alloc::vec::Vec;
use core::cell::OnceCell;

use crate::alignment::median;
use crate::date::Instant;
use crate::reading::{Crossing, Track};

/// When a car left a line, and what it took to another, in microseconds.
pub(crate) type Run = (Instant, i64);

/// What one car took from one line to another.
#[derive(Debug)]
pub(crate) struct Taken {
    runs: Vec<Run>,
    /// What it usually takes it.
    pub(crate) usual: Option<i64>,
}

impl Taken {
    fn of(track: &Track, from: u8, to: u8) -> Self {
        let mut runs = Vec::new();
        let mut left: Option<Instant> = None;
        for crossing in heard(track) {
            if crossing.line == to
                && let Some(left) = left.take()
            {
                runs.push((left, crossing.at.0 - left.0));
            }
            if crossing.line == from {
                left = Some(crossing.at);
            }
        }
        let usual = median(runs.iter().map(|(_, took)| *took));
        Self { runs, usual }
    }

    /// Those that left between two moments, both included.
    pub(crate) fn left(&self, from: i64, to: i64) -> &[Run] {
        let first = self.runs.partition_point(|(left, _)| left.0 < from);
        let last = self.runs.partition_point(|(left, _)| left.0 <= to);
        &self.runs[first..last.max(first)]
    }

    /// Those that arrived between two moments, both included.
    pub(crate) fn arrived(&self, from: i64, to: i64) -> &[Run] {
        let first = self.runs.partition_point(|(left, took)| left.0 + took < from);
        let last = self.runs.partition_point(|(left, took)| left.0 + took <= to);
        &self.runs[first..last.max(first)]
    }
}

/// A run as it ended, among those of all cars.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Arrival {
    /// When.
    pub(crate) at: i64,
    pub(crate) car: usize,
    pub(crate) took: i64,
    /// What it usually takes this car.
    pub(crate) usual: i64,
}

/// The runs of all cars from one line to another.
#[derive(Debug)]
struct Between {
    /// By car.
    taken: Vec<Taken>,
    /// In the order they ended.
    arrivals: Vec<Arrival>,
}

impl Between {
    fn of(tracks: &[Track], from: u8, to: u8) -> Self {
        let taken: Vec<Taken> = tracks.iter().map(|track| Taken::of(track, from, to)).collect();
        let arrival = |car, usual, (left, took): &Run| Arrival { at: left.0 + took, car, took: *took, usual };
        let of_car = |(car, taken): (usize, &Taken)| {
            let usual = taken.usual.unwrap_or(0);
            taken.runs.iter().map(move |run| arrival(car, usual, run)).collect::<Vec<_>>()
        };
        let mut arrivals: Vec<Arrival> = taken.iter().enumerate().flat_map(of_car).collect();
        arrivals.sort_unstable();
        Self { taken, arrivals }
    }
}

/// The runs of every car between every two lines, each looked for once and only where it is asked for.
#[derive(Debug)]
pub(crate) struct Runs<'a> {
    tracks: &'a [Track],
    lines: usize,
    /// By line left, then by line arrived at.
    of: Vec<OnceCell<Between>>,
}

impl<'a> Runs<'a> {
    pub(crate) fn of(tracks: &'a [Track], lines: usize) -> Self {
        Self { tracks, lines, of: (0..lines * lines).map(|_| OnceCell::new()).collect() }
    }

    /// By car.
    pub(crate) fn between(&self, from: u8, to: u8) -> &[Taken] {
        &self.all(from, to).taken
    }

    /// Of all cars, those that arrived between two moments, both included, in the order they did.
    pub(crate) fn arrivals(&self, from: u8, to: u8, since: i64, until: i64) -> &[Arrival] {
        let arrivals = &self.all(from, to).arrivals;
        let first = arrivals.partition_point(|arrival| arrival.at < since);
        let last = arrivals.partition_point(|arrival| arrival.at <= until);
        &arrivals[first..last.max(first)]
    }

    fn all(&self, from: u8, to: u8) -> &Between {
        self.of[usize::from(from) * self.lines + usize::from(to)].get_or_init(|| Between::of(self.tracks, from, to))
    }
}

/// The crossings that were heard and can be true.
pub(crate) fn heard(track: &Track) -> impl DoubleEndedIterator<Item = &Crossing> {
    track.crossings().iter().filter(|crossing| !crossing.impossible && !crossing.inferred())
}
