//! A car's passings, read: crossings of lines, and the laps they end.
//!
//! The laps are a function of the set of passings, not of the order they arrived in: passings are kept in the order of their times, and one
//! that arrives late re-reads what it touches. Sources that saw the same crossing are folded into one; what cannot have happened is set
//! aside, what must have happened is inferred, and both say so.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::date::{Instant, Micros};
use crate::line::{Layout, LineKind};
use crate::passing::PassingId;

/// One passing of this car.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reading {
    /// When, clocks aligned.
    pub at: Instant,
    /// The passing.
    pub passing: PassingId,
    /// Position of its source in the layout.
    pub source: u8,
}

impl Reading {
    /// The order readings are folded in; two of one source at one time are the same reading sent twice.
    fn order(&self, other: &Self) -> Ordering {
        (self.at, self.source).cmp(&(other.at, other.source))
    }
}

/// A car over a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Crossing {
    /// When.
    pub at: Instant,
    /// The reading it opened with, by position.
    from: u32,
    /// The reading that is believed, by position; `INFERRED` for none.
    by: u32,
    /// Position of the line in the layout.
    pub line: u8,
    /// How many readings were folded into it.
    pub readings: u8,
    /// Too soon after the one before to be true; it ends no lap.
    pub impossible: bool,
}

/// Two readings of one crossing that differ by more than this contradict one another, in microseconds.
pub(crate) const DIFFER: i64 = 20_000;

/// Nothing heard the crossing; those around it leave no other reading.
const INFERRED: u32 = u32::MAX;

impl Crossing {
    /// Whether nothing heard it: the crossings around it leave no other reading.
    pub fn inferred(&self) -> bool {
        self.by == INFERRED
    }
}

/// A completed lap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lap {
    /// When it ended.
    pub end: Instant,
    /// The crossing that ended it, by position in [`Track::crossings`].
    pub crossing: u32,
}

/// What one car did, as far as it was heard.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Track {
    readings: Vec<Reading>,
    crossings: Vec<Crossing>,
    laps: Vec<Lap>,
    /// From when laps count: the start signal. A first crossing of the finish line sooner than a lap after it is the start itself.
    start: Option<Instant>,
    /// The race was stopped here before the last car can have been over the line at its start.
    stopped: Option<Instant>,
}

impl Track {
    /// The crossings, in order.
    pub fn crossings(&self) -> &[Crossing] {
        &self.crossings
    }

    /// Every reading, in the order of their times.
    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }

    /// The reading a crossing rests on; none where it is inferred.
    pub fn evidence(&self, crossing: &Crossing) -> Option<Reading> {
        self.readings.get(crossing.by as usize).copied()
    }

    /// The same crossing by its other readings, where they differ by more than two loops would.
    pub(crate) fn otherwise(&self, layout: &Layout, crossing: &Crossing) -> Vec<Crossing> {
        if crossing.readings < 2 {
            return Vec::new();
        }
        let near = layout.measures.coincidence.0;
        let around = &self.readings[self.readings.partition_point(|reading| reading.at.0 < crossing.at.0 - near)..];
        let others = around.iter().take_while(|reading| reading.at.0 <= crossing.at.0 + near);
        let others = others.filter(|of| layout.source(of.source).line == crossing.line && (of.at.0 - crossing.at.0).abs() > DIFFER);
        others.map(|reading| Crossing { at: reading.at, ..*crossing }).collect()
    }

    /// The laps, in order.
    pub fn laps(&self) -> &[Lap] {
        &self.laps
    }

    /// Sets the start signal and the first red flag, and reads everything again.
    pub(crate) fn start(&mut self, layout: &Layout, start: Option<Instant>, stopped: Option<Instant>) {
        self.start = start;
        self.stopped = stopped.filter(|red| start.is_some_and(|start| red.0 < start.0 + layout.measures.minimum_lap.0));
        self.crossings.clear();
        self.laps.clear();
        for ix in 0..self.readings.len() {
            self.fold(layout, ix);
        }
    }

    /// One more reading, in time or late. Returns whether any lap changed.
    pub(crate) fn hear(&mut self, layout: &Layout, reading: Reading) -> bool {
        let Some(last) = self.readings.last() else {
            self.readings.push(reading);
            return self.fold(layout, 0);
        };
        match last.order(&reading) {
            Ordering::Less => {
                self.readings.push(reading);
                self.fold(layout, self.readings.len() - 1)
            }
            Ordering::Equal => false,
            Ordering::Greater => match self.readings.binary_search_by(|other| other.order(&reading)) {
                Ok(_) => false,
                Err(ix) => self.late(layout, ix, reading),
            },
        }
    }

    /// A reading that belongs before others: what it may touch is forgotten and folded again.
    fn late(&mut self, layout: &Layout, ix: usize, reading: Reading) -> bool {
        let opened = |crossing: &Crossing, of: &Self| of.readings[crossing.from as usize].at;
        let mut keep = self.crossings.partition_point(|crossing| (crossing.from as usize) < ix);
        let mut bound = reading.at;
        // Back to a moment at which no crossing was open: what began before it stays as it is.
        while keep > 0 && opened(&self.crossings[keep - 1], self).0 + layout.measures.coincidence.0 >= bound.0 {
            bound = opened(&self.crossings[keep - 1], self);
            keep -= 1;
        }
        let laps = self.laps.partition_point(|lap| (lap.crossing as usize) < keep);
        // A first lap may have been taken back by what came after it.
        if laps == 0 {
            keep = 0;
        }
        let again = self.crossings.get(keep).map_or(ix, |crossing| (crossing.from as usize).min(ix));
        self.crossings.truncate(keep);
        self.laps.truncate(laps);
        self.readings.insert(ix, reading);
        for ix in again..self.readings.len() {
            self.fold(layout, ix);
        }
        true
    }

    /// One reading into crossings and laps. Everything before it is folded, nothing after it is.
    fn fold(&mut self, layout: &Layout, ix: usize) -> bool {
        let reading = self.readings[ix];
        let line = layout.source(reading.source).line;
        let open = Instant(reading.at.0 - layout.measures.coincidence.0);
        for at in (0..self.crossings.len()).rev() {
            let crossing = &self.crossings[at];
            if self.readings[crossing.from as usize].at < open {
                break;
            }
            if crossing.line == line && !crossing.inferred() {
                return self.join(layout, at, ix);
            }
        }
        let from = u32::try_from(ix).expect("a car has fewer than four billion readings");
        self.cross(layout, Crossing { at: reading.at, from, by: from, line, readings: 1, impossible: false })
    }

    /// A further reading of a crossing: the source that is believed most gives its time, of one source the first.
    fn join(&mut self, layout: &Layout, at: usize, ix: usize) -> bool {
        let kind = |ix: usize| layout.source(self.readings[ix].source).kind;
        let better = kind(ix) < kind(self.crossings[at].by as usize);
        let crossing = &mut self.crossings[at];
        crossing.readings = crossing.readings.saturating_add(1);
        if !better {
            return false;
        }
        crossing.at = self.readings[ix].at;
        crossing.by = u32::try_from(ix).expect("a car has fewer than four billion readings");
        match self.laps.last_mut() {
            Some(lap) if lap.crossing as usize == at => {
                lap.end = crossing.at;
                true
            }
            _ => false,
        }
    }

    /// A new crossing: what it says of the finish line before it, and the lap it ends.
    fn cross(&mut self, layout: &Layout, mut crossing: Crossing) -> bool {
        let line = layout.line(crossing.line);
        let before = self.crossings.iter().rev().find(|crossing| !crossing.impossible).copied();
        let mut inferred = false;
        if let Some(before) = before {
            let taken = crossing.at.0 - before.at.0;
            if taken < layout.least(before.line, crossing.line).0 {
                crossing.impossible = true;
                self.crossings.push(crossing);
                return false;
            }
            // Round the end of the lap without a reading of the finish line: it was crossed all the same.
            let from = layout.line(before.line);
            if line.kind != LineKind::Finish && from.at >= line.at && from.kind != LineKind::Finish {
                let at = Instant(before.at.0 + self.share(layout, from.at, line.at, taken));
                inferred = self.end_lap(layout, Crossing { at, by: INFERRED, line: layout.finish(), readings: 0, ..crossing });
            }
        }
        if line.kind == LineKind::Finish {
            return self.end_lap(layout, crossing);
        }
        self.crossings.push(crossing);
        (line.kind == LineKind::PitExit && self.takes_back(layout)) || inferred
    }

    /// Of the time from one line round the end of the lap to another, the part before the finish line: as in the car's last lap with
    /// both lines read, by distance where there is none.
    fn share(&self, layout: &Layout, from: u32, to: u32, taken: i64) -> i64 {
        let line = |crossing: &Crossing| layout.line(crossing.line).at;
        let read = |crossing: &Crossing| !crossing.inferred() && !crossing.impossible;
        let known = self.crossings.windows(3).rev().find_map(|three| {
            let [before, finish, after] = three else { return None };
            let fits = line(before) == from && line(finish) == 0 && line(after) == to && three.iter().all(read);
            fits.then_some((finish.at.0 - before.at.0, after.at.0 - before.at.0))
        });
        let (part, whole) = known.unwrap_or_else(|| {
            let rest = i64::from(layout.measures.length.saturating_sub(from));
            (rest, rest + i64::from(to))
        });
        if whole == 0 { taken / 2 } else { (i128::from(taken) * i128::from(part) / i128::from(whole)).try_into().unwrap_or(taken) }
    }

    /// The crossing by which a car started that came late to the line: a red flag in the first moments of the race stopped it before, or it
    /// started from the pit lane. It ends no lap.
    pub(crate) fn late_start(&self, layout: &Layout) -> Option<&Crossing> {
        let start = self.start?;
        let first =
            self.crossings.iter().position(|crossing| crossing.at >= start && layout.line(crossing.line).kind == LineKind::Finish)?;
        let late = self.starts_here(layout, start, first) || self.out_of_the_lane(layout, start, first);
        (late && !self.laps.iter().any(|lap| lap.crossing as usize == first)).then_some(&self.crossings[first])
    }

    /// Whether a crossing of the finish line is the start of a car that a red flag in the first moments of the race stopped before the line: it was
    /// nowhere on the track since the start signal.
    fn starts_here(&self, layout: &Layout, start: Instant, at: usize) -> bool {
        let Some(stopped) = self.stopped.filter(|stopped| *stopped < self.crossings[at].at) else { return false };
        let sectors = layout.lines().iter().any(|line| line.kind == LineKind::Sector);
        sectors && stopped >= start && !self.underway(layout, start, at)
    }

    /// Whether a crossing of the finish line was in the pit lane, on the way out of it, by a car that was nowhere on the track since the start: the
    /// next it was heard over is the exit.
    fn out_of_the_lane(&self, layout: &Layout, start: Instant, at: usize) -> bool {
        let next = self.crossings[at + 1..].iter().find(|crossing| !crossing.impossible);
        let out = next.is_some_and(|next| layout.line(next.line).kind == LineKind::PitExit);
        out && !self.crossings[at].inferred() && !self.underway(layout, start, at)
    }

    /// Whether the car was heard on the track since the start, before one of its crossings.
    fn underway(&self, layout: &Layout, start: Instant, at: usize) -> bool {
        // Who leads a rolling start may be over the line just before the signal.
        let rolling = start.0 - layout.measures.minimum_lap.0 / 4;
        let underway = |crossing: &Crossing| match layout.line(crossing.line).kind {
            LineKind::Finish => crossing.at.0 >= rolling,
            LineKind::Sector | LineKind::PitEntry | LineKind::SpeedTrap => crossing.at >= start,
            LineKind::PitExit => false,
        };
        self.crossings[..at].iter().any(|crossing| !crossing.impossible && underway(crossing))
    }

    /// A lap that turns out to be none: the car was on its way out of the pit lane, where it started.
    fn takes_back(&mut self, layout: &Layout) -> bool {
        let (Some(start), [lap]) = (self.start, &self.laps[..]) else { return false };
        let none = self.out_of_the_lane(layout, start, lap.crossing as usize);
        if none {
            self.laps.clear();
        }
        none
    }

    /// The car is over the finish line.
    fn end_lap(&mut self, layout: &Layout, mut crossing: Crossing) -> bool {
        let at = u32::try_from(self.crossings.len()).expect("a car has fewer than four billion crossings");
        let soonest = self.laps.last().map(|lap| lap.end.0 + layout.measures.minimum_lap.0);
        crossing.impossible |= soonest.is_some_and(|soonest| crossing.at.0 < soonest);
        self.crossings.push(crossing);
        let Some(start) = self.start.filter(|_| !crossing.impossible) else { return false };
        let begun = self.laps.last().map_or(start, |lap| lap.end);
        if crossing.at.0 < begun.0 + layout.measures.minimum_lap.0 || self.starts_here(layout, start, at as usize) {
            return false;
        }
        self.laps.push(Lap { end: crossing.at, crossing: at });
        true
    }
}

/// A span of time that is never negative.
pub(crate) fn between(from: Instant, to: Instant) -> Micros {
    Micros(to.0.saturating_sub(from.0).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::{Line, Measures, Source, SourceKind};

    /// 4,500 m, a lap takes 60 s at least, nothing is faster than 100 m/s; two main loops and a backup at the finish line, one at a sector.
    fn layout() -> Layout {
        let line = |id: &str, kind, at| Line { id: id.into(), kind, at, in_pit_lane: false };
        let source = |id: &str, line, kind| Source { id: id.into(), line, kind };
        let measures = Measures { length: 4_500, minimum_lap: Micros::seconds(60), top_speed: 100, coincidence: Micros(500_000) };
        let lines = alloc::vec![line("finish", LineKind::Finish, 0), line("s1", LineKind::Sector, 1_500)];
        let sources = alloc::vec![
            source("main-1", 0, SourceKind::Main),
            source("main-2", 0, SourceKind::Main),
            source("backup", 0, SourceKind::Backup),
            source("s1", 1, SourceKind::Main),
        ];
        Layout::new(measures, lines, sources).unwrap()
    }

    fn heard(readings: &[(i64, u8)]) -> Track {
        let mut track = Track::default();
        track.start(&layout(), Some(Instant(0)), None);
        for (nth, (at, source)) in (0..).zip(readings) {
            track.hear(&layout(), Reading { at: Instant(*at), passing: PassingId { fact: 1, nth }, source: *source });
        }
        track
    }

    fn ends(readings: &[(i64, u8)]) -> Vec<i64> {
        heard(readings).laps().iter().map(|lap| lap.end.0).collect()
    }

    const MINUTE: i64 = 60_000_000;

    #[test]
    fn of_several_readings_the_source_that_is_believed_most_and_of_its_like_the_first() {
        assert_eq!(ends(&[(70_000_000, 0), (70_000_300, 1)]), [70_000_000]);
        assert_eq!(ends(&[(70_000_000, 1), (70_000_300, 0)]), [70_000_000], "whichever of the two main loops it was");
        assert_eq!(ends(&[(70_000_000, 2), (70_000_300, 0), (70_000_400, 1)]), [70_000_300], "a backup is believed only alone");
    }

    /// It stood in the pit lane at the start and came out after fifty seconds, over the finish line and the exit.
    #[test]
    fn the_way_out_of_the_pit_lane_at_the_start_is_no_lap() {
        let line = Line { id: "pit-exit".into(), kind: LineKind::PitExit, at: 200, in_pit_lane: true };
        let lines = layout().lines().iter().cloned().chain([line]).collect();
        let source = Source { id: "exit".into(), line: 2, kind: SourceKind::Main };
        let sources = layout().sources().iter().cloned().chain([source]).collect();
        let layout = Layout::new(layout().measures, lines, sources).unwrap();
        let ends = |readings: &[(i64, u8)]| {
            let mut track = Track::default();
            track.start(&layout, Some(Instant(0)), None);
            for (nth, (at, source)) in (0..).zip(readings) {
                let passing = PassingId { fact: 1, nth };
                track.hear(&layout, Reading { at: Instant(at * 1_000_000), passing, source: *source });
            }
            (track.laps().iter().map(|lap| lap.end.0 / 1_000_000).collect::<Vec<_>>(), track.late_start(&layout).is_some())
        };
        assert_eq!(ends(&[(70, 0), (80, 4), (110, 3), (170, 0)]), (alloc::vec![170], true));
        assert_eq!(
            ends(&[(5, 0), (70, 0), (80, 4), (110, 3), (170, 0)]),
            (alloc::vec![70, 170], false),
            "it was over the line at the start"
        );
        assert_eq!(ends(&[(25, 3), (70, 0), (80, 4), (110, 3), (170, 0)]), (alloc::vec![70, 170], false), "it had been round");
    }

    #[test]
    fn a_lap_of_exactly_the_least_time_is_a_lap() {
        assert_eq!(ends(&[(MINUTE, 0), (2 * MINUTE, 0)]), [MINUTE, 2 * MINUTE]);
        assert_eq!(ends(&[(MINUTE - 1, 0)]), []);
        let impossible = |readings: &[(i64, u8)]| heard(readings).crossings().iter().filter(|crossing| crossing.impossible).count();
        assert_eq!(impossible(&[(MINUTE, 0), (MINUTE + 15_000_000, 3)]), 0, "1,500 m at the greatest speed there is");
        assert_eq!(impossible(&[(MINUTE, 0), (MINUTE + 14_999_999, 3)]), 1);
    }

    /// A red flag five seconds after the start. Who was over the line in the quarter of a lap before the signal led a rolling start; who was there
    /// earlier was on the lap to the grid, and his next crossing is his start.
    #[test]
    fn a_rolling_start_reaches_back_a_quarter_of_the_least_lap() {
        let laps = |before: i64| {
            let mut track = Track::default();
            track.start(&layout(), Some(Instant(0)), Some(Instant(5_000_000)));
            for (nth, at) in (0..).zip([before, 70_000_000]) {
                track.hear(&layout(), Reading { at: Instant(at), passing: PassingId { fact: 1, nth }, source: 0 });
            }
            track.laps().len()
        };
        assert_eq!((laps(-15_000_000), laps(-15_000_001)), (1, 0));
    }

    /// From the sector's line at 1,500 m of 4,500 and round to it again, two thirds are before the finish line; once a lap was read whole it is by
    /// that.
    #[test]
    fn where_the_finish_was_not_read_the_lap_ended_by_distance_or_as_the_lap_before() {
        assert_eq!(ends(&[(70_000_000, 0), (90_000_000, 3), (180_000_000, 3)]), [70_000_000, 150_000_000]);
        let read = [(70_000_000, 0), (90_000_000, 3), (140_000_000, 0), (165_000_000, 3), (240_000_000, 3)];
        assert_eq!(ends(&read), [70_000_000, 140_000_000, 215_000_000], "50 of 75 s were before the line");
        let slower = [(70_000_000, 0), (90_000_000, 3), (150_000_000, 0), (165_000_000, 3), (240_000_000, 3)];
        assert_eq!(ends(&slower), [70_000_000, 150_000_000, 225_000_000], "60 of 75 s were before the line");
    }
}
