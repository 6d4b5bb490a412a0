//! A car that falls silent, and another that is heard where the first was due: perhaps the first sends the other's number from then on.

use alloc::vec::Vec;

use crate::alignment::median;
use crate::date::Instant;
use crate::line::{Line, LineKind};
use crate::live_session::LiveSession;
use crate::pit_visit::{PitVisit, visits};
use crate::reading::{Crossing, Track};

/// A car loses no more on the others between two lines without something having happened, in microseconds.
const LOSES: i64 = 8_000_000;
/// Where it comes just when the other was due, less is enough.
const LOSES_JUST: i64 = 1_500_000;
/// Nor is it so much faster than it ever was from one line to the next, in hundredths.
const GAINS: i64 = 5;
/// Others that went the same way at about the same time.
const ABOUT: i64 = 40_000_000;
/// So many of them at least say what it usually takes.
const SOME: usize = 3;

/// Two cars of which the second may be the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Exchanged {
    /// It was heard no more from here on.
    pub(crate) silent: usize,
    /// It was heard where the first was due, after it had lost time on all the others, or sooner than it ever got there.
    pub(crate) heard: usize,
    /// It was sooner than it ever was.
    pub(crate) sooner: bool,
    /// Where and when.
    pub(crate) at: Crossing,
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
    let took = |from: &Crossing| took(live, (silent, heard), (from.line, next.line), next.at);
    let due = median(took(last).into_iter())?;
    let slowest = took(before).into_iter().max()?;
    let own = next.at.0 - before.at.0;
    let off = (next.at.0 - last.at.0 - due).abs();
    let late = own - slowest;
    let sooner = fastest(other, before, next).is_some_and(|fastest| own * 100 < fastest * (100 - GAINS) && off < fastest - own);
    let about = late > LOSES && off * 10 <= due + 30_000_000 && off < late;
    let just = late > LOSES_JUST && off * 5 < late;
    let found = sooner || about || just;
    found.then_some(Exchanged { silent, heard, sooner, at: *next })
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

/// What the other cars took from one line to the next crossing of another, at about that time; nothing where there were too few.
fn took(live: &LiveSession, (one, other): (usize, usize), (from, to): (u8, u8), at: Instant) -> Vec<i64> {
    let mut took = Vec::new();
    for (_, track) in live.running.tracks().iter().enumerate().filter(|(car, _)| *car != one && *car != other) {
        let mut before: Option<Instant> = None;
        for crossing in true_crossings(track) {
            if crossing.line == to
                && (crossing.at.0 - at.0).abs() <= ABOUT
                && let Some(before) = before
            {
                took.push(crossing.at.0 - before.0);
            }
            if crossing.line == from {
                before = Some(crossing.at);
            } else if crossing.line == to {
                before = None;
            }
        }
    }
    if took.len() < SOME {
        took.clear();
    }
    took
}
