//! The charts of a session: every car as a line through the laps, with its position, its gap and its time at the end of each.

use alloc::vec::Vec;

use crate::date::{Instant, Micros};
use crate::lap_analysis::LapOf;
use crate::live_session::LiveSession;
use crate::meeting_fact::Signal;
use crate::reading::between;
use crate::rules::end::neutralised;

/// A car at the end of a lap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LapPoint {
    /// Its position among the cars of the chart, from 1: in the order in which they ended this lap.
    pub position: u16,
    /// How much later than the reference it ended the same lap, negative where sooner, cut to milliseconds as printed; none where the reference did
    /// not end that lap.
    pub gap: Option<Micros>,
    /// What the lap took.
    pub time: Micros,
    /// Whether it can be the best lap.
    pub timed: bool,
}

/// A car's line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CarLine {
    /// Position in [`LiveSession::cars`].
    pub car: usize,
    /// Where it began among the cars of the chart, from 1: on the grid, or behind it.
    pub grid: u16,
    /// Its laps that count, from the first on.
    pub laps: Vec<LapPoint>,
}

impl LiveSession {
    /// The lines of these cars, each a position in [`LiveSession::cars`], in the order of the grid. Gaps are to `reference`, or else to whichever of them
    /// was the first at the end of each lap.
    pub fn chart(&self, cars: &[usize], reference: Option<usize>) -> Vec<CarLine> {
        let Some(start) = self.start() else { return Vec::new() };
        let laps: Vec<Vec<LapOf>> = cars.iter().map(|car| self.laps_of(*car)).collect();
        let ms = |at: Instant| between(start, at).whole_ms();
        let of_reference: Option<Vec<Micros>> = reference.map(|car| self.laps_of(car).iter().map(|lap| ms(lap.end)).collect());
        let mut lines: Vec<CarLine> = Vec::with_capacity(cars.len());
        for (at, car) in cars.iter().enumerate() {
            lines.push(CarLine { car: *car, grid: counted(at), laps: Vec::with_capacity(laps[at].len()) });
        }
        for nth in 0..laps.iter().map(Vec::len).max().unwrap_or(0) {
            let mut ended: Vec<(Instant, usize)> =
                laps.iter().enumerate().filter_map(|(at, laps)| Some((laps.get(nth)?.end, at))).collect();
            ended.sort_unstable();
            let first = ended.first().map(|(end, _)| ms(*end));
            let to = of_reference.as_ref().map_or(first, |laps| laps.get(nth).copied());
            for (position, (end, at)) in ended.iter().enumerate() {
                let lap = &laps[*at][nth];
                let gap = to.map(|to| Micros(ms(*end).0 - to.0));
                lines[*at].laps.push(LapPoint { position: counted(position), gap, time: lap.time, timed: lap.timed });
            }
        }
        lines
    }
}

impl LiveSession {
    /// When the race was neutralised or suspended, in laps of its first car: the signal, the lap in which it was given, and the lap in which it ended,
    /// both from 1.
    pub fn neutral_laps(&self) -> Vec<(Signal, u32, u32)> {
        let Some(start) = self.start() else { return Vec::new() };
        let lap = |at: Instant| {
            let complete = self.lead.partition_point(|end| *end <= at).min(self.lead.len().saturating_sub(1));
            u32::try_from(complete + 1).unwrap_or(u32::MAX)
        };
        let neutral = neutralised(&self.signals).into_iter().filter(|(_, from, _)| *from >= start && !self.lead.is_empty());
        neutral.map(|(signal, from, until)| (signal, lap(from), lap(until.unwrap_or(self.now)))).collect()
    }
}

/// From 1.
fn counted(at: usize) -> u16 {
    u16::try_from(at + 1).unwrap_or(u16::MAX)
}
