//! A car that falls silent, and another that is heard where the first was due: perhaps the first sends the other's number from then on.

use alloc::vec::Vec;

use crate::alignment::median;
use crate::date::Instant;
use crate::line::{Layout, Line, LineKind};
use crate::live_session::LiveSession;
use crate::meeting_fact::Signal;
use crate::pit_visit::PitVisit;
use crate::reading::{Crossing, Track};
use crate::rules::end::neutralised;
use crate::runs::{Arrival, Run, Runs, Taken, heard};

/// So much a car may lose between two lines by itself; more, about where the other was due, is odd. In microseconds.
const LOSES: i64 = 8_000_000;
/// Where it comes just when the other was due, less is odd.
const JUST: i64 = 1_500_000;
/// The same of two cars near one another when the race is neutralised: there all lose the same.
const NEAR: i64 = 600_000;
/// From one line to the next no car goes for a lap or two by so much another pace than before, in hundredths.
const PACE: i64 = 4;
/// Others that went the same way at about the same time.
const ABOUT: i64 = 40_000_000;
/// As near another car is in the queue behind a safety car.
const BESIDE: i64 = 6_000_000;
/// A car that was not heard where another was heard last may be that other, so much later at most.
const LATER: i64 = 30_000_000;
/// A car that is due at a moment is there so soon.
const MOMENT: i64 = 1_000_000;
/// From the entry of the pit lane to another line a car takes longer or less by so much only where it stood, or is another.
const STANDS: i64 = 3_000_000;
/// So near one another nothing tells them apart where nobody is beside them.
const LEVEL: i64 = 1_000_000;
/// So many of them, or so many laps of its own, say what it takes.
const SOME: usize = 3;
/// So many cars, or fewer, are often alone on the track.
const FEW: usize = 6;
/// So few have nobody to be held against.
const TWO: usize = 2;
/// What a pace is counted in.
const WHOLE: i64 = 10_000;

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
    /// It came later than it should have.
    Late,
    /// It came sooner.
    Soon,
    /// It went on at another pace.
    Pace,
    /// It was not heard over the line before.
    Skipped,
    /// They were side by side when the race was neutralised.
    Abreast,
    /// Nothing: nobody has been round yet that either could be held against.
    Alone,
}

/// The pairs of a session; `stops` are the visits of each car to the pit lane.
pub(crate) fn exchanged(live: &LiveSession, stops: &[Vec<PitVisit>]) -> Vec<Exchanged> {
    let tracks = live.running.tracks();
    let layout = live.running.layout();
    let on_track = |line: &&Line| matches!(line.kind, LineKind::Finish | LineKind::Sector);
    let lap = layout.lines().iter().filter(on_track).count();
    let all = Runs::of(tracks, layout.lines().len());
    let neutral = neutralised(&live.signals);
    // Until when each car was heard.
    let on: Vec<Option<Instant>> = tracks.iter().map(|track| heard(track).next_back().map(|last| last.at)).collect();
    let mut found = Vec::new();
    for (silent, track) in tracks.iter().enumerate() {
        let finished = live.running.progress(silent).chequered;
        let inside = stops[silent].last().is_some_and(|visit| visit.inside);
        // Who came in and is heard no more stands in its box; on the way there it may be another.
        let lost = |last: &&Crossing| lane(layout, last.line) || !(finished || inside);
        let Some(last) = heard(track).next_back().filter(lost) else { continue };
        let on = on.iter().filter(|on| **on > Some(last.at)).count();
        for (heard, other) in tracks.iter().enumerate().filter(|(at, _)| *at != silent) {
            let steps = steps(layout, other, &stops[heard], last, 2 * lap, live.now);
            let pair = Pair { live, all: &all, neutral: &neutral, silent, last, heard, on };
            let how = steps.iter().take(lap).find_map(|step| Some((pair.odd(*step)?, *step.1)));
            let how = how.or_else(|| Some((How::Pace, *steps.first().filter(|first| pair.fits(**first) && pair.another_pace(&steps))?.1)));
            found.extend(how.map(|(how, at)| Exchanged { silent, heard, how, at }));
        }
    }
    found
}

/// The first steps of a car since another was heard last, but those with a stop, and those after which that may still come.
fn steps<'a>(layout: &Layout, track: &'a Track, stops: &[PitVisit], last: &Crossing, most: usize, now: Instant) -> Vec<Step<'a>> {
    let all = track.crossings();
    let since = all.partition_point(|crossing| crossing.at <= last.at);
    // The one before it, heard and true, may lie some crossings back.
    let before = all[..since].iter().rposition(|crossing| !crossing.impossible && !crossing.inferred()).unwrap_or(since);
    let known: Vec<&Crossing> =
        all[before..].iter().filter(|crossing| !crossing.impossible && !crossing.inferred()).take(most + 1).collect();
    let steps = known.windows(2).map(|two| (two[0], two[1])).filter(|(_, next)| next.at > last.at && next.at.0 + LOSES <= now.0);
    steps.filter(|(before, next)| before.line == last.line || lane(layout, before.line) || !stopped(stops, (before, next))).collect()
}

/// Whether a line is the entry of the pit lane.
fn lane(layout: &Layout, line: u8) -> bool {
    layout.line(line).kind == LineKind::PitEntry
}

/// From one crossing to the next.
type Step<'a> = (&'a Crossing, &'a Crossing);

/// A car that fell silent at its last crossing, and one that was heard afterwards.
struct Pair<'a> {
    live: &'a LiveSession,
    all: &'a Runs<'a>,
    /// When nobody raced.
    neutral: &'a [(Signal, Instant, Option<Instant>)],
    silent: usize,
    last: &'a Crossing,
    heard: usize,
    /// How many cars went on: where they are few, a car is often alone.
    on: usize,
}

impl Pair<'_> {
    /// Whether the second came where the first was due, and not where it was due itself.
    fn odd(&self, (before, next): Step<'_>) -> Option<How> {
        let abreast = self.abreast(before, next);
        // After a red flag all stood in one queue, and nothing is left of how far apart they were.
        let stood = abreast.is_some_and(|apart| apart <= BESIDE) && self.stood(before, next);
        if stood || (abreast.is_some_and(|apart| apart <= LEVEL) && self.nobody_alike(before, next)) {
            return Some(How::Abreast);
        }
        let Some(due) = self.due(self.silent, self.last, next) else { return self.odd_alone((before, next)) };
        let off = (next.at.0 - self.last.at.0 - due).abs();
        let layout = self.live.running.layout();
        if lane(layout, self.last.line) || lane(layout, before.line) {
            return self.odd_in_lane((before, next), off);
        }
        let by = next.at.0 - before.at.0 - self.due(self.heard, before, next)?;
        let just = by.abs() > JUST && off * 4 < by.abs() || by.abs() > NEAR && off * 3 < by.abs();
        if abreast.is_some_and(|apart| apart <= BESIDE) && by.abs() > NEAR && off * 2 < by.abs() {
            return Some(How::Abreast);
        }
        let about = by > LOSES && off * 10 <= due + 30_000_000 && off < by;
        if just || about {
            Some(if by > 0 { How::Late } else { How::Soon })
        } else {
            let there = |line: u8| off <= LATER && between(layout, before.line, line, next.line);
            (skipped(layout, before.line, next.line) && (off * 10 <= due || there(self.last.line))).then_some(How::Skipped)
        }
    }

    /// The same where few cars are left and none says what it took nearby: it took another time than it ever does, and the first may have
    /// come by then.
    fn odd_alone(&self, (before, next): Step<'_>) -> Option<How> {
        let layout = self.live.running.layout();
        // In the pit lane everybody stands as long as they please.
        if lane(layout, self.last.line) || lane(layout, before.line) {
            return None;
        }
        let usual = |car: usize, from: u8| self.all.between(from, next.line)[car].usual;
        let Some((own, others)) = usual(self.heard, before.line).zip(usual(self.silent, self.last.line)) else {
            // Nor has either been round before.
            return (self.on <= TWO).then_some(How::Alone);
        };
        let by = next.at.0 - before.at.0 - own;
        // What it takes may be known of a slow lap alone.
        let there = (next.at.0 - self.last.at.0) * 2 >= others;
        (self.on <= FEW && there && by.abs() > LOSES).then_some(if by > 0 { How::Late } else { How::Soon })
    }

    /// The same where one of them was heard at the entry of the pit lane last. There everybody stands as long as they please: only the very moment
    /// says something, where it still counts.
    fn odd_in_lane(&self, (before, next): Step<'_>, off: i64) -> Option<How> {
        let layout = self.live.running.layout();
        let usual = || median(self.all.between(before.line, next.line).iter().filter_map(|taken| taken.usual));
        let by = next.at.0 - before.at.0 - self.due(self.heard, before, next).or_else(usual)?;
        let of = self.live.running.progress(self.heard);
        let counts = !of.chequered || of.end >= Some(next.at);
        let odd = if lane(layout, self.last.line) { lane(layout, before.line) && by > LOSES } else { by.abs() > STANDS };
        (odd && counts && off <= MOMENT).then_some(if by > 0 { How::Late } else { How::Soon })
    }

    /// How far apart the two were over the line before the race was neutralised.
    fn abreast(&self, before: &Crossing, next: &Crossing) -> Option<i64> {
        let begun = self.neutral.iter().any(|(_, begun, _)| *begun > before.at.max(self.last.at) && *begun <= next.at);
        (begun && before.line == self.last.line).then(|| (before.at.0 - self.last.at.0).abs())
    }

    /// Whether the race was stopped between two crossings.
    fn stood(&self, before: &Crossing, next: &Crossing) -> bool {
        self.neutral.iter().any(|(signal, begun, _)| *signal == Signal::Red && *begun > before.at && *begun <= next.at)
    }

    /// What others took that left a line just before or after a car.
    fn beside(&self, from: &Crossing, next: &Crossing) -> Vec<Run> {
        let near = |taken: &'_ Taken| taken.left(from.at.0 - BESIDE, from.at.0 + BESIDE).to_vec();
        self.others(from, next).flat_map(near).filter(|run| about(run, next)).collect()
    }

    /// Whether nobody of about the second's pace left a line just before or after it.
    fn nobody_alike(&self, from: &Crossing, next: &Crossing) -> bool {
        let Some(own) = self.all.between(from.line, next.line)[self.heard].usual else { return true };
        let alike = |taken: &Taken| taken.usual.is_some_and(|usual| (usual - own).abs() * 100 <= PACE * own);
        !self.others(from, next).any(|taken| alike(taken) && !taken.left(from.at.0 - BESIDE, from.at.0 + BESIDE).is_empty())
    }

    /// Who left behind all others comes to the end of the queue.
    fn at_the_end(&self, from: &Crossing, next: &Crossing) -> Option<i64> {
        let others = self.at_the_time(from, next);
        let behind = others.iter().all(|other| other.at - other.took < from.at.0);
        others.iter().map(|other| other.at - from.at.0).max().filter(|took| behind && *took > 0)
    }

    /// What others took the same way at about the same time.
    fn at_the_time(&self, from: &Crossing, next: &Crossing) -> Vec<&Arrival> {
        let about = self.all.arrivals(from.line, next.line, next.at.0 - ABOUT, next.at.0 + ABOUT).iter();
        about.filter(|arrival| arrival.car != self.silent && arrival.car != self.heard).collect()
    }

    /// What the other cars took from a line to another.
    fn others(&self, from: &Crossing, next: &Crossing) -> impl Iterator<Item = &Taken> {
        let all = self.all.between(from.line, next.line).iter().enumerate();
        all.filter(|(at, _)| *at != self.silent && *at != self.heard).map(|(_, taken)| taken)
    }

    /// Whether the second came about where the first was due.
    fn fits(&self, (_, next): Step<'_>) -> bool {
        self.due(self.silent, self.last, next).is_some_and(|due| (next.at.0 - self.last.at.0 - due).abs() * 10 <= due)
    }

    /// Whether the second went on at another pace than before.
    fn another_pace(&self, steps: &[Step<'_>]) -> bool {
        let pace = |(before, next): &Step<'_>| Some((next.at.0 - before.at.0) * WHOLE / self.due(self.heard, before, next)?.max(1));
        let paces: Vec<i64> = steps.iter().filter_map(pace).collect();
        paces.len() >= SOME && median(paces.into_iter()).is_some_and(|pace| (pace - WHOLE).abs() * 100 > PACE * WHOLE)
    }

    /// What a car should take from a crossing to the line of another: what it took before the first fell silent, as much slower as the others were at
    /// that time. Where nobody races, cars behind one another go one pace, and those elsewhere another: then as those beside it.
    fn due(&self, car: usize, from: &Crossing, next: &Crossing) -> Option<i64> {
        let queued = self.neutral.iter().any(|(_, begun, over)| *begun <= next.at && over.is_none_or(|over| from.at < over));
        if queued && let Some(took) = amid(&self.beside(from, next), from.at).or_else(|| self.at_the_end(from, next)) {
            return Some(took);
        }
        // What it took behind a safety car says nothing of its pace.
        let raced = |(left, took): &&Run| {
            let to = left.0 + took;
            !self.neutral.iter().any(|(_, begun, over)| begun.0 < to && over.is_none_or(|over| left.0 < over.0))
        };
        let start = self.live.start().unwrap_or(Instant::FOREVER);
        let known = self.all.between(from.line, next.line)[car].arrived(start.0, self.last.at.0);
        let own: Vec<i64> = known.iter().filter(|run| run.0 >= start).filter(raced).map(|(_, took)| *took).collect();
        let usual = (own.len() >= SOME).then(|| median(own.into_iter())).flatten();
        let others = self.at_the_time(from, next);
        // Too few to compare with: its own pace, where it raced.
        if others.len() < SOME {
            return usual.filter(|_| self.on <= FEW && !queued);
        }
        match usual {
            Some(usual) => Some(usual * median(others.iter().map(|other| other.took * WHOLE / other.usual.max(1)))? / WHOLE),
            None => median(others.iter().map(|other| other.took)),
        }
    }
}

/// Whether another went the same way at about the same time.
fn about((left, took): &Run, next: &Crossing) -> bool {
    (left.0 + took - next.at.0).abs() <= ABOUT
}

/// What a car takes that left between others: as they did, by how near it was to the one ahead and the one behind.
fn amid(others: &[Run], left: Instant) -> Option<i64> {
    let ahead = others.iter().filter(|(at, _)| *at <= left).max();
    let behind = others.iter().filter(|(at, _)| *at > left).min();
    let (Some((first, quicker)), Some((second, slower))) = (ahead, behind) else { return Some(ahead.or(behind)?.1) };
    Some(quicker + (slower - quicker) * (left.0 - first.0) / (second.0 - first.0).max(1))
}

/// Whether a car that was over one line and then another must have been over a line on the track between them.
fn skipped(layout: &Layout, from: u8, to: u8) -> bool {
    let on_track = |line: &u8| matches!(layout.line(*line).kind, LineKind::Finish | LineKind::Sector);
    let lines = u8::try_from(layout.lines().len()).unwrap_or(u8::MAX);
    (0..lines).filter(on_track).any(|line| between(layout, from, line, to))
}

/// Whether a line lies between two others, the way cars go.
fn between(layout: &Layout, from: u8, line: u8, to: u8) -> bool {
    let metres = |line: u8| layout.line(line).at;
    let (from, at, to) = (metres(from), metres(line), metres(to));
    if from < to { from < at && at < to } else { at > from || at < to }
}

/// Whether a car was in the pit lane between two crossings: then it had reason to lose time.
fn stopped(visits: &[PitVisit], (before, next): Step<'_>) -> bool {
    visits.iter().any(|visit| {
        let (from, to) = (visit.entry.or(visit.exit), visit.exit.or(visit.entry));
        from.is_some_and(|from| from.at <= next.at) && (visit.inside || to.is_some_and(|to| to.at >= before.at))
    })
}
