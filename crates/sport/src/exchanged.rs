//! A car that falls silent, and another that is heard where the first was due: perhaps the first sends the other's number from then on.

use alloc::vec::Vec;

use crate::alignment::median;
use crate::date::Instant;
use crate::line::{Layout, Line, LineKind};
use crate::live_session::LiveSession;
use crate::pit_visit::{PitVisit, visits};
use crate::reading::{Crossing, Track};
use crate::rules::end::neutralised;

/// A car loses no more on the others between two lines without something having happened, in microseconds.
const LOSES: i64 = 8_000_000;
/// Where it comes just when the other was due, less is enough, lost or gained.
const JUST: i64 = 1_500_000;
/// Nor is it so much faster than it ever was from one line to the next, in hundredths.
const GAINS: i64 = 5;
/// Others that went the same way at about the same time.
const ABOUT: i64 = 40_000_000;
/// As near another car is in the queue behind a safety car.
const BESIDE: i64 = 6_000_000;
/// So many of them at least say what it usually takes.
const SOME: usize = 3;

/// Two cars of which the second may be the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Exchanged {
    /// It was heard no more from here on.
    pub(crate) silent: usize,
    /// It was heard where the first was due.
    pub(crate) heard: usize,
    /// What was odd of it then.
    pub(crate) how: How,
    /// Where and when.
    pub(crate) at: Crossing,
}

/// What was odd of a car that was heard where another was due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum How {
    /// It took longer than all the others.
    Lost,
    /// It was sooner than all the others, or than it ever was itself.
    Gained,
    /// It was not heard over the line before.
    Skipped,
}

/// The pairs of a session.
pub(crate) fn exchanged(live: &LiveSession) -> Vec<Exchanged> {
    let tracks = live.running.tracks();
    let closed = live.ending.at().unwrap_or(live.now);
    let on_track = |line: &&Line| matches!(line.kind, LineKind::Finish | LineKind::Sector);
    let lap = live.running.layout().lines().iter().filter(on_track).count();
    let mut found = Vec::new();
    for (silent, track) in tracks.iter().enumerate() {
        let in_pits = || visits(live.running.layout(), track).last().is_some_and(|visit| visit.inside);
        let Some(last) = true_crossings(track).next_back().filter(|last| last.at < closed && !in_pits()) else { continue };
        for (heard, other) in tracks.iter().enumerate().filter(|(at, _)| *at != silent) {
            found.extend(since(other, last.at).take(lap).find_map(|step| taken_over(live, (silent, last), (heard, other), step)));
        }
    }
    found
}

/// Whether a car is, at the second of two crossings, where the one that fell silent was due, and not where it was due itself.
fn taken_over(
    live: &LiveSession,
    (silent, last): (usize, &Crossing),
    (heard, other): (usize, &Track),
    (before, next): (&Crossing, &Crossing),
) -> Option<Exchanged> {
    if stopped(live, other, before, next) {
        return None;
    }
    let took = |from: &Crossing| took(live, (silent, heard), from, next);
    let due = median(took(last).into_iter())?;
    let others = took(before);
    let (quickest, slowest) = others.iter().min().zip(others.iter().max())?;
    let own = next.at.0 - before.at.0;
    let off = (next.at.0 - last.at.0 - due).abs();
    // It lost or gained on every other, and came as the one that fell silent was due.
    let (late, soon) = (own - slowest, quickest - own);
    let just = |by: i64| by > JUST && off * 5 < by;
    let lost = just(late) || late > LOSES && off * 10 <= due + 30_000_000 && off < late;
    let own_best = fastest(other, before, next).is_some_and(|fastest| own * 100 < fastest * (100 - GAINS) && off < fastest - own);
    let how = if lost {
        How::Lost
    } else if just(soon) || own_best {
        How::Gained
    } else if skipped(live.running.layout(), before.line, next.line) && off * 10 <= due {
        How::Skipped
    } else {
        return None;
    };
    Some(Exchanged { silent, heard, how, at: *next })
}

/// Whether a car that was over one line and then another must have been over a line on the track between them.
fn skipped(layout: &Layout, from: u8, to: u8) -> bool {
    let metres = |line: u8| layout.line(line).at;
    let (from, to) = (metres(from), metres(to));
    let between = |at: u32| if from < to { from < at && at < to } else { at > from || at < to };
    layout.lines().iter().any(|line| matches!(line.kind, LineKind::Finish | LineKind::Sector) && between(line.at))
}

fn true_crossings(track: &Track) -> impl DoubleEndedIterator<Item = &Crossing> {
    track.crossings().iter().filter(|crossing| !crossing.impossible && !crossing.inferred())
}

/// From crossing to crossing, those of which the second is after a moment.
fn since(track: &Track, at: Instant) -> impl Iterator<Item = (&Crossing, &Crossing)> {
    true_crossings(track).zip(true_crossings(track).skip(1)).filter(move |(_, next)| next.at > at)
}

/// The least a car took from one line to the next, but for that time.
fn fastest(track: &Track, before: &Crossing, next: &Crossing) -> Option<i64> {
    let took = true_crossings(track)
        .zip(true_crossings(track).skip(1))
        .filter(|(from, to)| from.line == before.line && to.line == next.line && to.at != next.at);
    took.map(|(from, to)| to.at.0 - from.at.0).min()
}

/// Whether a car was in the pit lane between two crossings: then it had reason to lose time.
fn stopped(live: &LiveSession, track: &Track, before: &Crossing, next: &Crossing) -> bool {
    let inside = |visit: &PitVisit| {
        let (from, to) = (visit.entry.or(visit.exit), visit.exit.or(visit.entry));
        from.is_some_and(|from| from.at <= next.at) && (visit.inside || to.is_some_and(|to| to.at >= before.at))
    };
    visits(live.running.layout(), track).iter().any(inside)
}

/// What the other cars took from the line of one crossing to that of the next, at about that time; nothing where there were too few. Where nobody
/// races cars behind one another go one pace, and those elsewhere another: then only who was beside says it.
fn took(live: &LiveSession, (one, other): (usize, usize), from: &Crossing, next: &Crossing) -> Vec<i64> {
    let queued = neutralised(&live.signals).iter().any(|(_, begun, over)| *begun <= next.at && over.is_none_or(|over| from.at < over));
    let beside = |left: Instant| !queued || (left.0 - from.at.0).abs() <= BESIDE;
    let mut took = Vec::new();
    for (_, track) in live.running.tracks().iter().enumerate().filter(|(car, _)| *car != one && *car != other) {
        let mut left: Option<Instant> = None;
        for crossing in true_crossings(track) {
            if crossing.line == next.line
                && (crossing.at.0 - next.at.0).abs() <= ABOUT
                && let Some(left) = left.filter(|left| beside(*left))
            {
                took.push(crossing.at.0 - left.0);
            }
            if crossing.line == from.line {
                left = Some(crossing.at);
            } else if crossing.line == next.line {
                left = None;
            }
        }
    }
    if took.len() < SOME && !queued {
        took.clear();
    }
    took
}
