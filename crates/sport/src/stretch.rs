//! Stretches: from one line at which a car was heard to the next, and whether it may have been round once more in between.

use alloc::vec::Vec;

use crate::alignment::median;
use crate::date::{Instant, Micros};
use crate::live_session::LiveSession;
use crate::meeting_fact::Signal;
use crate::pit_visit::PitVisit;
use crate::reading::{Track, between};

/// A stretch that took so long that a lap may be missing in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Long {
    /// When it was heard before, and over which line; the start signal counts as the finish line.
    pub(crate) from: (Instant, u8),
    /// When it was heard next, and over which line.
    pub(crate) to: (Instant, u8),
    /// The lap it was on there, from 1.
    pub(crate) lap: usize,
    /// What a lap usually takes it.
    pub(crate) usual: Micros,
}

/// Hundredths of a lap beyond its own part that a stretch must take to be looked at.
const BEYOND: i64 = 70;
/// Hundredths of a round that the others made more than the stretch: nearer to one than to none.
const ROUND: i64 = 55;

/// So many cars say how far one comes.
const ENOUGH: usize = 3;
/// So many laps of its own say what a lap usually takes a car.
const MANY: usize = 8;

/// When nobody raced, when nothing was heard, and when each car was in the pit lane.
pub(crate) struct Quiet<'a> {
    pub(crate) neutral: &'a [(Signal, Instant, Instant)],
    pub(crate) deaf: &'a [(Instant, Instant)],
    pub(crate) stops: &'a [Vec<PitVisit>],
}

/// The stretches of a car in which a lap may be missing. On its own a long stretch says so; where nobody raced, the others tell how far one
/// came meanwhile; where nothing was heard, they may lack the same lap.
pub(crate) fn long(live: &LiveSession, car: usize, quiet: &Quiet<'_>) -> Vec<Long> {
    let track = &live.running.tracks()[car];
    let layout = live.running.layout();
    let counted = live.running.progress(car).laps as usize;
    let Some((start, usual)) = live.start().zip(usual(live, car)) else { return Vec::new() };
    let end = track.laps()[..counted].last().map_or(start, |lap| lap.end);
    let stops = stops(quiet.stops, car, usual);
    let mut found = Vec::new();
    let mut laps = 0;
    let (mut before, mut was) = ((start, layout.finish()), 0);
    for (at, crossing) in track.crossings().iter().enumerate() {
        while track.laps().get(laps).is_some_and(|lap| (lap.crossing as usize) <= at) {
            laps += 1;
        }
        if crossing.impossible || crossing.inferred() || crossing.at < start {
            continue;
        }
        if crossing.at > end {
            break;
        }
        // Hundredths of a lap since the start.
        let metres = i64::from(layout.line(crossing.line).at);
        let place = i64::try_from(laps).unwrap_or(0) * 100 + metres * 100 / i64::from(layout.measures.length.max(1));
        let (took, part) = (between(before.0, crossing.at).0, (place - was).max(0));
        if took * 100 >= (part + BEYOND) * usual {
            let stood: i64 = stops.iter().map(|(entry, exit)| between((*entry).max(before.0), (*exit).min(crossing.at)).0).sum();
            let drove = took - stood;
            let overlaps = |begun: Instant, over: Instant| before.0.0 < over.0 + usual && crossing.at.0 > begun.0;
            let slow = quiet.neutral.iter().any(|(_, begun, over)| overlaps(*begun, *over));
            // As though it had not moved while nobody raced.
            let slowed: i64 =
                quiet.neutral.iter().map(|(_, begun, over)| between((*begun).max(before.0), (*over).min(crossing.at)).0).sum();
            let deaf = quiet.deaf.iter().any(|(begun, over)| overlaps(*begun, *over));
            let own = drove * 100 >= (part + BEYOND) * usual;
            let raced = (drove - slowed) * 100 >= (part + BEYOND) * usual;
            if own && (!slow || raced || deaf || others(live, car, (before.0, crossing.at), usual) * drove / took.max(1) >= part + ROUND) {
                found.push(Long { from: before, to: (crossing.at, crossing.line), lap: laps, usual: Micros(usual) });
            }
        }
        (before, was) = ((crossing.at, crossing.line), place);
    }
    found
}

/// When a car stood in the pit lane. In a visit that took most of a lap more than visits do it may have been round once more: of that only the usual
/// part says that it stood.
fn stops(visits: &[Vec<PitVisit>], car: usize, usual: i64) -> Vec<(Instant, Instant)> {
    let whole = |visit: &PitVisit| Some((visit.entry?.at, visit.exit?.at));
    let mut own: Vec<(Instant, Instant)> = visits[car].iter().filter_map(whole).collect();
    let all = visits.iter().flatten().filter_map(whole);
    let Some(visit) = median(all.map(|(entry, exit)| between(entry, exit).0)) else { return own };
    for (entry, exit) in &mut own {
        if between(*entry, *exit).0 * 100 >= visit * 100 + BEYOND * usual {
            exit.0 = entry.0 + visit;
        }
    }
    own
}

/// What a lap usually takes a car when it races: a quarter of its laps are quicker, as most may have been behind a safety car. Where more of them were,
/// what it takes all, and no less than its quickest. Where it has too few to say, what it takes all, or it where that is less.
fn usual(live: &LiveSession, car: usize) -> Option<i64> {
    let times = |car: usize| {
        let laps = live.running.tracks()[car].laps();
        let begun = live.start().into_iter().chain(laps.iter().map(|lap| lap.end));
        laps.iter().zip(begun).map(|(lap, begun)| between(begun, lap.end).0).collect::<Vec<i64>>()
    };
    let quarter = |mut times: Vec<i64>| {
        let at = times.len() / 4;
        (!times.is_empty()).then(|| *times.select_nth_unstable(at).1)
    };
    let (own, all) = (times(car), quarter((0..live.cars.len()).flat_map(times).collect()));
    let quickest = own.iter().min().copied().filter(|_| own.len() >= MANY);
    all.max(quickest).into_iter().chain(quarter(own)).min()
}

/// Hundredths of a round that the other cars made between two moments, of those that were still running then: a quarter of them made more, as a red
/// flag may stop some of them before the line and some behind it.
fn others(live: &LiveSession, car: usize, (from, to): (Instant, Instant), usual: i64) -> i64 {
    let Some(start) = live.start() else { return 0 };
    let tracks = live.running.tracks().iter().enumerate().filter(|(at, _)| *at != car).map(|(_, track)| track);
    let made = |at: i64| -> Vec<i64> {
        let running = tracks.clone().filter(|track| track.laps().last().is_some_and(|last| last.end.0 >= at));
        let places = running.map(|track| places(live, track, start));
        places.map(|places| come(&places, to) - come(&places, from)).collect()
    };
    let mut rounds = made(to.0);
    if rounds.len() < ENOUGH {
        // Nobody was heard as late as that; those that were a lap before at least.
        rounds = made(to.0 - usual);
    }
    rounds.sort_unstable();
    rounds.get(rounds.len() * 3 / 4).copied().unwrap_or(0)
}

/// Where a car was heard, in hundredths of a lap since the start.
fn places(live: &LiveSession, track: &Track, start: Instant) -> Vec<(Instant, i64)> {
    let layout = live.running.layout();
    let mut places = alloc::vec![(start, 0)];
    let mut laps = 0;
    for (at, crossing) in track.crossings().iter().enumerate() {
        while track.laps().get(laps).is_some_and(|lap| (lap.crossing as usize) <= at) {
            laps += 1;
        }
        if !crossing.impossible && crossing.at > start {
            let metres = i64::from(layout.line(crossing.line).at);
            places.push((crossing.at, i64::try_from(laps).unwrap_or(0) * 100 + metres * 100 / i64::from(layout.measures.length.max(1))));
        }
    }
    places
}

/// Hundredths of a lap a car had come at a moment: between two lines by the time it took.
fn come(places: &[(Instant, i64)], at: Instant) -> i64 {
    let next = places.partition_point(|(crossed, _)| *crossed <= at);
    let Some((from, was)) = next.checked_sub(1).map(|last| places[last]) else { return 0 };
    let made = |(to, is): &(Instant, i64)| between(from, at).0 * (is - was).max(0) / between(from, *to).0.max(1);
    was + places.get(next).map_or(0, made)
}
