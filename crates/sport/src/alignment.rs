//! Clocks aligned: every source has its own, and any of them may step.
//!
//! Two things tell. A passing cannot arrive before it happened, and most arrive at once: how long a source's passings seem to take shows its
//! clock against ours, to a few tenths of a second. Two sources of one line hear the same cars: how far apart they are shows one clock against
//! the other, to the microsecond, and the time of arrival which of the two stepped. What only the time of arrival tells is a doubt.

use alloc::vec::Vec;

use crate::date::{Instant, Micros};
use crate::line::{Layout, LineKind};
use crate::meeting::Batch;
use crate::passing::PassingId;
use crate::reading::Track;

/// A clock that stepped, and by how much its later readings were set right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Step {
    /// Position of the source in the layout.
    pub(crate) source: u8,
    /// When, set right.
    pub(crate) at: Instant,
    /// What is added to its readings from there on.
    pub(crate) by: Micros,
    /// Measured against the other source of its line.
    pub(crate) paired: bool,
    /// By few crossings, which may have been slow ones.
    pub(crate) few: bool,
    /// The first passing after it.
    from: PassingId,
    /// It may have been as early as this: what only this source read since then is unsure.
    pub(crate) unsure: Instant,
}

/// Two sources of a line that went apart, and nothing says which of them is right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Apart {
    /// The one.
    pub(crate) source: u8,
    /// The other.
    pub(crate) other: u8,
    /// From when on.
    pub(crate) at: Instant,
    /// How far.
    pub(crate) by: Micros,
}

/// Sources whose passings took longer to arrive, or less long, from the same time on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Lag {
    /// Positions of the sources in the layout.
    pub(crate) sources: Vec<u8>,
    /// From when on.
    pub(crate) at: Instant,
    /// How much longer.
    pub(crate) by: Micros,
    /// Too few of the sources for it to be certain that it was the way here.
    pub(crate) few: bool,
}

/// What was found out about the clocks of a session's sources.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alignment {
    /// Steps, of each source in order.
    pub(crate) steps: Vec<Step>,
    /// Differences nobody can settle.
    pub(crate) apart: Vec<Apart>,
    /// What was late on the way, and no step.
    pub(crate) lags: Vec<Lag>,
    /// How much later a source reads than the one its line is timed by: it lies beside it.
    beside: Vec<(u8, Micros)>,
}

/// So many batches of a source are looked at together; one of them at least arrived at once.
const WINDOW: usize = 12;
/// Less than this is how long a passing may take to arrive.
const JITTER: i64 = 250_000;
/// Two sources of a line that go apart by more than this have two clocks.
const APART: i64 = 30_000;
/// So many crossings heard by both are looked at together.
const PAIRS: usize = 8;
/// So many measure how far, where there are as many.
const MANY: usize = 32;
/// A smaller difference than this the time of arrival cannot tell from how long passings happen to take.
const TOLD: i64 = 150_000;
/// A step that turns out to be smaller than this was none.
const NO_STEP: i64 = 5_000;
/// The time of arrival may tell of a step so much too late.
const SETTLES: i64 = 120_000_000;
/// Passings that were read over less time than this may well arrive together.
const HELD: i64 = 4_000_000;
/// A clock ahead of ours by no more than this is as right as ours.
const AHEAD: i64 = 50_000;
/// So many batches before and after a step say whose it was.
const AROUND: usize = 40;

impl Alignment {
    /// What the times of arrival tell.
    pub(crate) fn by_arrival(batches: &[Batch<'_>], layout: &Layout) -> Self {
        let mut clocks = Self::default();
        for source in 0..layout.sources().len() {
            let source = u8::try_from(source).expect("a layout has fewer than 256 sources");
            let of: Vec<Batch<'_>> = batches.iter().copied().filter(|batch| batch.source == source).collect();
            clocks.steps.extend(steps(source, &of));
        }
        clocks.on_the_way(layout);
        clocks
    }

    /// Two sources of a line, or half of all, that seem to step together did not: the way here took longer, or our clock stepped.
    fn on_the_way(&mut self, layout: &Layout) {
        let line = |step: &Step| layout.sources()[usize::from(step.source)].line;
        let alike = |one: &Step, other: &Step| {
            let (least, most) = (one.by.0.abs().min(other.by.0.abs()), one.by.0.abs().max(other.by.0.abs()));
            one.by.0.signum() == other.by.0.signum() && most - least <= least / 4 + TOLD && (one.at.0 - other.at.0).abs() <= SETTLES
        };
        let all = self.steps.clone();
        let mut told: Vec<Step> = Vec::new();
        self.steps.retain(|step| {
            let mut sources: Vec<u8> = all.iter().filter(|other| alike(step, other)).map(|other| other.source).collect();
            sources.sort_unstable();
            sources.dedup();
            let beside = all.iter().any(|other| other.source != step.source && line(other) == line(step) && alike(step, other));
            let few = sources.len() * 2 < layout.sources().len();
            let late = beside || (sources.len() > 1 && !few);
            if late && !told.iter().any(|other| alike(step, other)) {
                told.push(*step);
                self.lags.push(Lag { sources, at: step.at, by: step.by, few });
            }
            !late
        });
    }

    /// A passing's time, set right.
    pub(crate) fn at(&self, source: u8, passing: PassingId, at: Instant) -> Instant {
        if self.steps.is_empty() && self.beside.is_empty() {
            return at;
        }
        let beside = self.beside.iter().find(|(of, _)| *of == source).map_or(0, |(_, by)| by.0);
        let by: i64 = self.steps.iter().filter(|step| step.source == source && step.from <= passing).map(|step| step.by.0).sum();
        Instant(at.0.saturating_add(by - beside))
    }

    /// The source a line is timed by, where another of the line reads beside it, nobody knows how far. `None` where that is known, or the first was
    /// not heard at all: then nothing was timed by both.
    pub(crate) fn unmeasured(&self, layout: &Layout, tracks: &[Track], source: u8) -> Option<u8> {
        let line = layout.source(source).line;
        let first = u8::try_from(layout.sources().iter().position(|of| of.line == line)?).ok()?;
        let known = first == source || self.beside.iter().any(|(of, _)| *of == source);
        let timed = || tracks.iter().flat_map(|track| track.readings()).any(|reading| reading.source == first);
        (!known && timed()).then_some(first)
    }

    /// By how much a source's passings seem to have arrived before they happened, set right; none where they did not.
    pub(crate) fn ahead(&self, batches: &[Batch<'_>], source: u8) -> Option<Micros> {
        let took = |batch: &Batch<'_>| {
            let nth = batch.passings.len().checked_sub(1)?;
            let id = PassingId { fact: batch.fact, nth: u16::try_from(nth).ok()? };
            Some(batch.arrived.0 - self.at(source, id, batch.passings[nth].at).0)
        };
        let least = batches.iter().filter(|batch| batch.source == source).filter_map(took).min()?;
        (least < -AHEAD).then_some(Micros(-least))
    }

    /// What the sources of one line say of each other, once every passing was read with the clocks as known so far. True where something changed.
    pub(crate) fn by_pairs(&mut self, layout: &Layout, tracks: &[Track], batches: &[Batch<'_>]) -> bool {
        let mut changed = false;
        for line in 0..layout.lines().len() {
            let of: Vec<u8> = (0..layout.sources().len())
                .filter(|at| usize::from(layout.sources()[*at].line) == line)
                .filter_map(|at| u8::try_from(at).ok())
                .collect();
            for (at, one) in of.iter().enumerate() {
                for other in &of[at + 1..] {
                    let pairs = pairs(layout, tracks, *one, *other);
                    changed |= self.compare(*one, *other, &pairs, batches) || self.lies_beside(tracks, *other, &pairs);
                }
            }
        }
        changed
    }

    /// Two sources of a line: `pairs` are the crossings both heard, with what the second read later than the first. One thing is changed at a
    /// time, then everything is read again.
    fn compare(&mut self, one: u8, other: u8, pairs: &[Pair], batches: &[Batch<'_>]) -> bool {
        for (source, sign) in [(one, 1), (other, -1)] {
            for at in 0..self.steps.len() {
                if self.steps[at].source == source && !self.steps[at].paired && self.measure(at, sign, pairs) {
                    return true;
                }
            }
        }
        self.unseen(one, other, pairs, batches)
    }

    /// A second source reads a constant little earlier or later: its readings are taken as the first would have read.
    fn lies_beside(&mut self, tracks: &[Track], other: u8, pairs: &[Pair]) -> bool {
        if pairs.len() < PAIRS || self.beside.iter().any(|(of, _)| *of == other) {
            return false;
        }
        let by = median(pairs.iter().map(|pair| pair.by)).unwrap_or(0);
        self.beside.push((other, Micros(by)));
        // Where every crossing was read by the first as well, nothing rests on the second.
        let rests = |track: &Track| track.crossings().iter().filter_map(|crossing| track.evidence(crossing)).any(|by| by.source == other);
        by != 0 && tracks.iter().any(rests)
    }

    /// A step that the time of arrival told: where it was, and how far, by the other source. `sign` is how the source counts in a pair.
    fn measure(&mut self, at: usize, sign: i64, pairs: &[Pair]) -> bool {
        let step = self.steps[at];
        let of = |pair: &Pair| if sign > 0 { pair.one } else { pair.other };
        let first = pairs.partition_point(|pair| pair.at.0 < step.at.0 - SETTLES).max(PAIRS).min(pairs.len());
        let Some(usual) = median(pairs[first.saturating_sub(PAIRS)..first].iter().map(|pair| pair.by)) else { return false };
        let next = self.steps.iter().filter(|other| other.source == step.source && other.from > step.from).map(|other| other.from).min();
        // Read by the old clock, and already by the new one.
        let early = |pair: &&Pair| of(pair) < step.from && (pair.by - usual).abs() * 10 > step.by.0.abs() * 6;
        if let Some(early) = pairs[first.saturating_sub(PAIRS / 2)..].iter().find(early) {
            self.steps[at].from = of(early);
            self.steps[at].at = early.at;
            return true;
        }
        let after = || pairs.iter().filter(|pair| of(pair) >= step.from && next.is_none_or(|next| of(pair) < next));
        if after().next().is_none() || first < 3 {
            return false;
        }
        let before = || pairs[..first].iter().rev();
        // Slow cars are longer from one to the other: they are held against slow ones.
        let alike =
            [false, true].into_iter().find(|lane| after().any(|pair| pair.lane == *lane) && before().any(|pair| pair.lane == *lane));
        let by = |pairs: &mut dyn Iterator<Item = &Pair>| {
            let alike: Vec<i64> = pairs.filter(|pair| alike.is_none_or(|lane| pair.lane == lane)).map(|pair| pair.by).collect();
            settled(alike.into_iter())
        };
        let by = by(&mut after()) - by(&mut before());
        self.steps[at].by.0 += sign * by;
        if alike.is_none() {
            // A little of it is how slow the cars were; it stays a doubt.
            return by != 0;
        }
        self.steps[at].paired = true;
        self.steps[at].few = first < PAIRS || after().take(PAIRS).count() < PAIRS;
        if self.steps[at].by.0.abs() < NO_STEP {
            self.steps.remove(at);
        } else {
            self.unsure(at, sign, pairs);
        }
        true
    }

    /// From which of its readings on a step may have been: after the last pair by the old clock.
    fn unsure(&mut self, at: usize, sign: i64, pairs: &[Pair]) {
        let of = |pair: &Pair| if sign > 0 { pair.one } else { pair.other };
        let before = pairs.iter().rfind(|pair| of(pair) < self.steps[at].from);
        self.steps[at].unsure = before.map_or(Instant(i64::MIN), |pair| pair.at);
    }

    /// A step too small for the time of arrival: from one pair on the second source reads later or earlier than before, against the first.
    fn unseen(&mut self, one: u8, other: u8, pairs: &[Pair], batches: &[Batch<'_>]) -> bool {
        let Some(usual) = median(pairs.iter().take(PAIRS).map(|pair| pair.by)) else { return false };
        let mut usual = usual;
        let mut at = PAIRS / 2;
        while at + PAIRS / 2 <= pairs.len() {
            let block = &pairs[at..(at + PAIRS).min(pairs.len())];
            let now = median(block.iter().map(|pair| pair.by)).unwrap_or(usual);
            let by = now - usual;
            if by.abs() <= APART {
                at += PAIRS / 2;
                continue;
            }
            let near = |pair: &Pair| (pair.by - now).abs() < (pair.by - usual).abs();
            let from = at - PAIRS / 2;
            let first = pairs[from..].iter().position(near).map_or(at, |of| from + of);
            if !self.apart.iter().any(|apart| apart.source == one && apart.other == other && apart.at == pairs[first].at)
                && self.went_apart((one, other), pairs, first, by, batches)
            {
                return true;
            }
            usual = now;
            at = first + PAIRS / 2;
        }
        false
    }

    /// From one pair on the second source reads `by` later than before, against the first: which clock was it?
    fn went_apart(&mut self, (one, other): (u8, u8), pairs: &[Pair], first: usize, by: i64, batches: &[Batch<'_>]) -> bool {
        let pair = &pairs[first];
        let (later_one, later_other) = (later(batches, one, pair.one), later(batches, other, pair.other));
        let is = |later: i64, wanted: i64| (later - wanted).abs() * 10 < by.abs() * 4;
        let step =
            |source, from, by| Step { source, at: pair.at, by: Micros(by), paired: true, few: false, from, unsure: Instant(i64::MIN) };
        let tells = by.abs() >= TOLD;
        let (step, sign) = if tells && is(later_one, by) && is(later_other, 0) {
            (step(one, pair.one, by), 1)
        } else if tells && is(later_other, -by) && is(later_one, 0) {
            (step(other, pair.other, -by), -1)
        } else {
            self.apart.push(Apart { source: one, other, at: pair.at, by: Micros(by.abs()) });
            return false;
        };
        self.steps.push(step);
        self.unsure(self.steps.len() - 1, sign, pairs);
        true
    }
}

/// How far apart two sources were over some minutes, from one moment on.
fn settled(by: impl Iterator<Item = i64> + Clone) -> i64 {
    let about = median(by.clone().take(PAIRS)).unwrap_or(0);
    median(by.take(MANY).filter(|by| (by - about).abs() <= APART)).unwrap_or(about)
}

/// The steps of one source's clock by how long its passings seem to take.
fn steps(source: u8, batches: &[Batch<'_>]) -> Vec<Step> {
    let mut steps = Vec::new();
    let took: Vec<i64> = batches.iter().map(|batch| batch.passings.last().map_or(0, |last| batch.arrived.0 - last.at.0)).collect();
    if took.len() < WINDOW {
        return steps;
    }
    let least = |from: usize| took[from..(from + WINDOW).min(took.len())].iter().copied().min().unwrap_or(0);
    let mut usual = least(0);
    for (at, batch) in batches.iter().enumerate().skip(1) {
        let (left, now) = (took.len() - at, least(at));
        // A few that take long may all have been slow on the way.
        let back = (left >= WINDOW / 2 && now > usual + JITTER) || (left >= 3 && now > usual + 2 * JITTER);
        // What was held up somewhere comes all at once.
        let back = back && !held_up(&batches[at..(at + WINDOW).min(batches.len())]);
        let forward = took[at] < usual - JITTER;
        if back || forward {
            let by = now - usual;
            let from = first_after(batch, batches[at - 1].arrived, usual, by);
            let passing = batch.passings[usize::from(from)].at;
            let id = PassingId { fact: batch.fact, nth: from };
            steps.push(Step {
                source,
                at: Instant(passing.0 + by),
                by: Micros(by),
                paired: false,
                few: false,
                from: id,
                unsure: batches[at - 1].arrived,
            });
            usual = now;
        }
    }
    // What is added to a reading is the sum of all steps before it.
    steps
}

/// Whether passings that were read over some time arrived in much less.
fn held_up(batches: &[Batch<'_>]) -> bool {
    let Some(((first, began), (last, ended))) = batches
        .first()
        .zip(batches.last())
        .and_then(|(first, last)| Some(((first, first.passings.first()?), (last, last.passings.last()?))))
    else {
        return false;
    };
    let (read, arrived) = (ended.at.0 - began.at.0, last.arrived.0 - first.arrived.0);
    read > HELD && arrived * 2 < read
}

/// The first passing of a batch that was read after the step: the first that, read by the old clock, would not lie between the batch before and
/// the arrival of this one.
fn first_after(batch: &Batch<'_>, before: Instant, usual: i64, by: i64) -> u16 {
    let late = |at: Instant| batch.arrived.0 - (at.0 + usual);
    let longest = (batch.arrived.0 - before.0).max(1_000_000) + 2 * JITTER;
    let strange = |at: Instant| late(at) < -JITTER || late(at) > longest;
    let falls = batch.passings.windows(2).position(|two| by > 0 && two[1].at < two[0].at).map(|at| at + 1);
    let first = falls.or_else(|| batch.passings.iter().position(|passing| strange(passing.at))).unwrap_or(0);
    u16::try_from(first).expect("a fact holds at most 65,535 passings")
}

/// How much longer a source's passings seem to take after a passing than before it, on average.
fn later(batches: &[Batch<'_>], source: u8, from: PassingId) -> i64 {
    let of: Vec<(u32, i64)> = batches
        .iter()
        .filter(|batch| batch.source == source)
        .filter_map(|batch| Some((batch.fact, batch.arrived.0 - batch.passings.last()?.at.0)))
        .collect();
    let at = of.partition_point(|(fact, _)| *fact < from.fact);
    let mean = |of: &[(u32, i64)]| -> i64 {
        // A resend takes long; it says nothing of the clock.
        let mut took: Vec<i64> = of.iter().map(|(_, took)| *took).collect();
        took.sort_unstable();
        took.truncate((took.len() * 9).div_ceil(10));
        let count = i64::try_from(took.len()).expect("a session has fewer batches").max(1);
        took.iter().sum::<i64>() / count
    };
    mean(&of[(at + 1).min(of.len())..(at + 1 + AROUND).min(of.len())]) - mean(&of[at.saturating_sub(AROUND)..at])
}

/// A crossing that two sources heard.
#[derive(Clone, Copy, Debug)]
struct Pair {
    at: Instant,
    one: PassingId,
    other: PassingId,
    /// What the other read later.
    by: i64,
    /// Whether the car was in the pit lane.
    lane: bool,
}

fn pairs(layout: &Layout, tracks: &[Track], one: u8, other: u8) -> Vec<Pair> {
    let within = layout.measures.coincidence.0;
    let mut pairs = Vec::new();
    let kind = |source: u8| layout.line(layout.source(source).line).kind;
    for track in tracks {
        let mut lane = false;
        for two in track.readings().windows(2) {
            lane = match kind(two[0].source) {
                LineKind::PitEntry => true,
                LineKind::Finish => lane,
                LineKind::Sector | LineKind::SpeedTrap | LineKind::PitExit => false,
            };
            let (a, b) = if two[0].source == one { (two[0], two[1]) } else { (two[1], two[0]) };
            if a.source == one && b.source == other && (a.at.0 - b.at.0).abs() <= within {
                pairs.push(Pair { at: a.at, one: a.passing, other: b.passing, by: b.at.0 - a.at.0, lane });
            }
        }
    }
    pairs.sort_unstable_by_key(|pair| pair.at);
    pairs
}

/// The middle one; of two the lower.
pub(crate) fn median(values: impl Iterator<Item = i64>) -> Option<i64> {
    let mut values: Vec<i64> = values.collect();
    let middle = values.len().checked_sub(1)? / 2;
    Some(*values.select_nth_unstable(middle).1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passing::Passing;

    /// Twenty batches that took a tenth of a second each, and twenty after them: one of those was sent again a minute late.
    #[test]
    fn a_batch_that_was_sent_again_says_nothing_of_the_clock() {
        let passings: Vec<[Passing; 1]> = (0..40).map(|nth| [Passing { transponder: None, at: Instant(nth * 1_000_000) }]).collect();
        let batch = |(nth, passings): (usize, &'static [Passing; 1])| Batch {
            fact: u32::try_from(nth).unwrap(),
            arrived: Instant(passings[0].at.0 + if nth == 30 { 60_000_000 } else { 100_000 }),
            source: 0,
            passings,
        };
        let batches: Vec<Batch<'_>> = passings.leak().iter().enumerate().map(batch).collect();
        assert_eq!(later(&batches, 0, PassingId { fact: 20, nth: 0 }), 0);
        assert_eq!(median([4, 1, 3, 2].into_iter()), Some(2), "of two in the middle the lower");
    }

    /// A finish line with a main and a backup loop, and a sector line with the other sources.
    fn layout(sources: u8) -> Layout {
        use crate::line::{Line, LineKind, Measures, Source, SourceKind};
        let line = |id: &str, kind, at| Line { id: id.into(), kind, at, in_pit_lane: false };
        let source = |id: &str, line, kind| Source { id: id.into(), line, kind };
        let measures = Measures { length: 4_000, minimum_lap: Micros::seconds(60), top_speed: 100, coincidence: Micros(500_000) };
        let lines = alloc::vec![line("finish", LineKind::Finish, 0), line("s1", LineKind::Sector, 2_000)];
        let finish = [source("finish-main", 0, SourceKind::Main), source("finish-backup", 0, SourceKind::Backup)];
        let others = (2..sources).map(|nth| source(&alloc::format!("s1-{nth}"), 1, SourceKind::Main));
        Layout::new(measures, lines, finish.into_iter().chain(others).collect()).unwrap()
    }

    /// A passing every two seconds by each source, arriving as late as told by source and passing.
    fn told(late: impl Fn(u8, i64) -> i64) -> Alignment {
        told_by(3, 60, late)
    }

    fn told_by(sources: u8, passings: i64, late: impl Fn(u8, i64) -> i64) -> Alignment {
        let heard: Vec<(u8, i64, [Passing; 1])> = (0..passings)
            .flat_map(|nth| (0..sources).map(move |source| (source, nth)))
            .map(|(source, nth)| (source, nth, [Passing { transponder: None, at: Instant(nth * 2_000_000) }]))
            .collect();
        let batch = |(fact, (source, nth, passings)): (usize, &'static (u8, i64, [Passing; 1]))| Batch {
            fact: u32::try_from(fact).unwrap(),
            arrived: Instant(passings[0].at.0 + late(*source, *nth)),
            source: *source,
            passings,
        };
        let batches: Vec<Batch<'_>> = heard.leak().iter().enumerate().map(batch).collect();
        Alignment::by_arrival(&batches, &layout(sources))
    }

    #[test]
    fn both_sources_of_a_line_late_together_did_not_step() {
        let clocks = told(|source, nth| if source < 2 && nth >= 56 { 1_600_000 } else { 100_000 });
        assert_eq!((clocks.steps.len(), clocks.lags.len()), (0, 1));
        assert_eq!((&clocks.lags[0].sources[..], clocks.lags[0].by, clocks.lags[0].few), (&[0, 1][..], Micros(1_500_000), false));
        let alone = told(|source, nth| if source == 0 && nth >= 40 { 1_600_000 } else { 100_000 });
        assert_eq!((alone.steps.len(), alone.steps[0].by, alone.lags.len()), (1, Micros(1_500_000), 0));
    }

    #[test]
    fn what_was_held_up_and_comes_at_once_says_nothing_of_a_clock() {
        let clocks = told(|_, nth| if (20..45).contains(&nth) { 90_000_000 - nth * 2_000_000 + nth * 10_000 } else { 100_000 });
        assert_eq!((clocks.steps.len(), clocks.lags.len()), (0, 0), "{clocks:?}");
    }

    /// More than how long passings happen to take, and less than twice as much.
    #[test]
    fn a_step_of_some_tenths_of_a_second_is_told_by_enough_passings() {
        let steps = |before: i64, after: i64, from: i64| {
            let clocks = told(|source, nth| {
                if source == 0 && nth >= from {
                    after
                } else if source == 0 {
                    before
                } else {
                    100_000
                }
            });
            clocks.steps.iter().map(|step| step.by.0).collect::<Vec<i64>>()
        };
        assert_eq!(steps(500_000, 100_000, 30), [-400_000], "forward");
        assert_eq!(steps(340_000, 100_000, 30), [0; 0], "forward, by no more than passings happen to differ");
        assert_eq!(steps(100_000, 500_000, 30), [400_000], "back");
        assert_eq!(steps(100_000, 500_000, 56), [0; 0], "back, and only four passings say so");
    }

    #[test]
    fn two_sources_of_a_line_are_late_together_be_they_two_of_five() {
        let clocks = told_by(5, 60, |source, nth| if source < 2 && nth >= 40 { 1_600_000 } else { 100_000 });
        assert_eq!((clocks.steps.len(), clocks.lags.len(), clocks.lags[0].few), (0, 1, true), "{clocks:?}");
    }

    #[test]
    fn what_happens_to_two_sources_minutes_apart_does_not_happen_to_them_together() {
        let clocks = told_by(5, 140, |source, nth| {
            let late = (source == 0 && nth >= 20) || (source == 1 && nth >= 90);
            if late { 1_600_000 } else { 100_000 }
        });
        assert_eq!((clocks.steps.len(), clocks.lags.len()), (2, 0), "{clocks:?}");
    }

    /// A step of 0.3 s by the time of arrival, and what the other source of the line says of it: so much too much. The last pair by the old clock is
    /// half of the step apart.
    #[test]
    fn the_other_source_measures_a_step_and_takes_back_what_was_none() {
        let measured = |too_much: i64| {
            let pair = |nth: u32| {
                let (at, id) = (Instant(i64::from(nth) * 10_000_000), PassingId { fact: nth, nth: 0 });
                let by = match nth {
                    0..=8 => 0,
                    9 => -150_000,
                    _ => -too_much,
                };
                Pair { at, one: id, other: id, by, lane: false }
            };
            let pairs: Vec<Pair> = (0..20).map(pair).collect();
            let (from, at) = (PassingId { fact: 10, nth: 0 }, Instant(100_000_000));
            let step = Step { source: 0, at, by: Micros(300_000), paired: false, few: false, from, unsure: at };
            let mut clocks = Alignment { steps: alloc::vec![step], ..Alignment::default() };
            assert!(clocks.measure(0, 1, &pairs));
            assert!(clocks.steps.iter().all(|step| step.paired && step.from == from), "{clocks:?}");
            clocks.steps.iter().map(|step| step.by.0).collect::<Vec<i64>>()
        };
        assert_eq!(measured(294_000), [6_000]);
        assert_eq!(measured(296_000), [0; 0], "less than 5 ms is none");
    }

    /// Two sources went 0.4 s apart: whose clock it was the time of arrival tells, where it tells most of it.
    #[test]
    fn half_a_step_by_arrival_accuses_no_clock() {
        let apart = |late: i64| {
            let passings: Vec<[Passing; 1]> = (0..80).map(|nth| [Passing { transponder: None, at: Instant(nth * 1_000_000) }]).collect();
            let batch = |(nth, passings): (usize, &'static [Passing; 1])| Batch {
                fact: u32::try_from(nth).unwrap(),
                arrived: Instant(passings[0].at.0 + if nth >= 40 && nth % 2 == 0 { 100_000 + late } else { 100_000 }),
                source: u8::try_from(nth % 2).unwrap(),
                passings,
            };
            let batches: Vec<Batch<'_>> = passings.leak().iter().enumerate().map(batch).collect();
            let id = |fact| PassingId { fact, nth: 0 };
            let pair = Pair { at: Instant(40_000_000), one: id(40), other: id(41), by: 400_000, lane: false };
            let mut clocks = Alignment::default();
            clocks.went_apart((0, 1), &[pair], 0, 400_000, &batches);
            (clocks.steps.len(), clocks.apart.len())
        };
        assert_eq!((apart(300_000), apart(200_000)), ((1, 0), (0, 1)));
    }
}
