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

/// The runs of every car between every two lines, each looked for once and only where it is asked for.
#[derive(Debug)]
pub(crate) struct Runs<'a> {
    tracks: &'a [Track],
    lines: usize,
    /// By line left, then by line arrived at; by car.
    of: Vec<OnceCell<Vec<Taken>>>,
}

impl<'a> Runs<'a> {
    pub(crate) fn of(tracks: &'a [Track], lines: usize) -> Self {
        Self { tracks, lines, of: (0..lines * lines).map(|_| OnceCell::new()).collect() }
    }

    /// By car.
    pub(crate) fn between(&self, from: u8, to: u8) -> &[Taken] {
        let all = || self.tracks.iter().map(|track| Taken::of(track, from, to)).collect();
        self.of[usize::from(from) * self.lines + usize::from(to)].get_or_init(all)
    }
}

/// The crossings that were heard and can be true.
pub(crate) fn heard(track: &Track) -> impl DoubleEndedIterator<Item = &Crossing> {
    track.crossings().iter().filter(|crossing| !crossing.impossible && !crossing.inferred())
}
