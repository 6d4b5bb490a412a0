//! Lap by lap: what each lap of a car took and rests on, its sectors, the ideal lap, and the order at the end of every lap.

use alloc::string::String;
use alloc::vec::Vec;

use crate::date::{Instant, Micros};
use crate::line::{Layout, LineKind};
use crate::live_session::LiveSession;
use crate::passing::PassingId;
use crate::reading::between;

/// A lap that counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LapOf {
    /// When it ended.
    pub end: Instant,
    /// What it took: from the end of the lap before, the first from the start signal.
    pub time: Micros,
    /// Its sectors in driving order, in whole milliseconds that add up to its time as printed; none for one of which an end was not heard.
    pub sectors: Vec<Option<Micros>>,
    /// The passing its end rests on; none where it is inferred.
    pub evidence: Option<PassingId>,
    /// Whether it can be the best lap: not deleted, not by the wrong driver, in practice and qualifying not the way out of the pits.
    pub timed: bool,
    /// Why it cannot be.
    pub untimed: Option<String>,
    /// Position of its driver in the list, where anybody said.
    pub driver: Option<usize>,
}

impl LiveSession {
    /// The laps of a car that count, in order.
    pub fn laps_of(&self, car: usize) -> Vec<LapOf> {
        let Some(start) = self.start() else { return Vec::new() };
        let track = &self.running.tracks()[car];
        let counted = self.running.progress(car).laps as usize;
        let lines = sector_lines(self.running.layout());
        // Whether the moment a lap began at was read: of an inferred one the first sector says nothing.
        let (mut begun, mut known) = (start, true);
        let mut from = track.crossings().partition_point(|crossing| crossing.at <= start);
        let mut laps = Vec::with_capacity(counted);
        for (nth, lap) in track.laps()[..counted].iter().enumerate() {
            let at = lap.crossing as usize;
            let inside = track.crossings().get(from..at).unwrap_or(&[]);
            let mut ends: Vec<Option<Instant>> = Vec::with_capacity(lines.len() + 1);
            for line in &lines {
                let mut over = inside.iter().filter(|crossing| crossing.line == *line && !crossing.impossible && !crossing.inferred());
                // Twice over one line in one lap: nobody knows which of the two ended the sector.
                ends.push(over.next().filter(|_| over.next().is_none()).map(|crossing| crossing.at));
            }
            let finish = &track.crossings()[at];
            ends.push((!finish.inferred()).then_some(lap.end));
            let mut sectors = Vec::with_capacity(ends.len());
            let mut before = known.then_some(begun);
            let since = |at: Instant| between(begun, at).whole_ms().0;
            for end in ends {
                sectors.push(before.zip(end).map(|(from, to)| Micros(since(to) - since(from))));
                before = end;
            }
            let time = between(begun, lap.end);
            let middle = Instant(begun.0 + time.0 / 2);
            laps.push(LapOf {
                end: lap.end,
                time,
                sectors,
                evidence: track.evidence(finish).map(|reading| reading.passing),
                timed: self.running.timed(car, nth),
                untimed: self.untimed(car, nth),
                driver: self.driver(car, middle),
            });
            (begun, known, from) = (lap.end, !finish.inferred(), at + 1);
        }
        laps
    }

    /// Why a lap, from 0, is no best lap.
    fn untimed(&self, car: usize, nth: usize) -> Option<String> {
        if self.running.timed(car, nth) {
            return None;
        }
        if let Some((.., ground)) = self.deleted.iter().find(|(of, lap, _)| (*of, *lap) == (car, nth)) {
            return Some(alloc::format!("deleted by {ground}"));
        }
        let barred = self.struck.iter().find(|struck| (struck.car, struck.lap) == (car, nth));
        Some(barred.map_or_else(|| String::from("way out of the pits"), |barred| String::from(barred.why.words())))
    }

    /// The sectors a car has ended on the lap it is on, after its last that counts; none for one not ended, not heard, or heard twice.
    pub fn sectors_under_way(&self, car: usize, last: Option<&LapOf>) -> Vec<Option<Micros>> {
        let lines = sector_lines(self.running.layout());
        let none = || alloc::vec![None; lines.len() + 1];
        if self.ending.at().is_some_and(|at| last.is_some_and(|last| last.end >= at)) {
            return none();
        }
        let Some(begun) = last.map(|last| last.end).or_else(|| self.start()) else { return none() };
        let crossings = self.running.tracks()[car].crossings();
        let since = &crossings[crossings.partition_point(|crossing| crossing.at <= begun)..];
        let mut sectors = Vec::with_capacity(lines.len() + 1);
        let mut before = last.is_none_or(|last| last.evidence.is_some()).then_some(begun);
        for line in &lines {
            let mut over = since.iter().filter(|crossing| crossing.line == *line && !crossing.impossible && !crossing.inferred());
            let end = over.next().filter(|_| over.next().is_none()).map(|crossing| crossing.at);
            sectors.push(before.zip(end).map(|(from, to)| Micros(between(begun, to).whole_ms().0 - between(begun, from).whole_ms().0)));
            before = end;
        }
        sectors.push(None);
        sectors
    }

    /// The best of each sector of a car over its timed laps; none for one that was never read whole.
    pub fn best_sectors(&self, laps: &[LapOf]) -> Vec<Option<Micros>> {
        let count = sector_lines(self.running.layout()).len() + 1;
        let best = |at: usize| laps.iter().filter(|lap| lap.timed).filter_map(|lap| lap.sectors.get(at).copied().flatten()).min();
        (0..count).map(best).collect()
    }

    /// The sum of a car's best sectors, in whole milliseconds. None where the lap has only one, where one was never read whole, and where the sum is
    /// more than the best lap: then the sectors that made that lap were not all read.
    pub fn ideal_lap(&self, laps: &[LapOf]) -> Option<Micros> {
        let best = self.best_sectors(laps);
        if best.len() < 2 {
            return None;
        }
        let fastest = laps.iter().filter(|lap| lap.timed).map(|lap| lap.time.whole_ms()).min()?;
        best.into_iter().sum::<Option<Micros>>().filter(|sum| *sum <= fastest)
    }

    /// The cars in the order in which they ended each lap that counts: first those of lap 1, then of lap 2, ….
    pub fn lap_chart(&self) -> Vec<Vec<usize>> {
        let mut chart: Vec<Vec<(Instant, usize)>> = Vec::new();
        for (car, track) in self.running.tracks().iter().enumerate() {
            let counted = self.running.progress(car).laps as usize;
            for (nth, lap) in track.laps()[..counted].iter().enumerate() {
                if chart.len() == nth {
                    chart.push(Vec::new());
                }
                chart[nth].push((lap.end, car));
            }
        }
        let ordered = |mut lap: Vec<(Instant, usize)>| {
            lap.sort_unstable();
            lap.into_iter().map(|(_, car)| car).collect()
        };
        chart.into_iter().map(ordered).collect()
    }
}

/// The lines that end sectors, in driving order, without the finish line.
fn sector_lines(layout: &Layout) -> Vec<u8> {
    let of = |at: &u8| layout.line(*at).kind == LineKind::Sector && !layout.line(*at).in_pit_lane;
    let mut lines: Vec<u8> = (0..layout.lines().len()).filter_map(|at| u8::try_from(at).ok()).filter(of).collect();
    lines.sort_by_key(|at| layout.line(*at).at);
    lines
}
