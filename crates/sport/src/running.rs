//! A session while it runs: every car's passings, and the order after each of them.
//!
//! One passing costs the car it is of, and as many places as that car gains or loses. What a late passing changes is read again from there.

use alloc::vec::Vec;

use crate::date::{Instant, Micros};
use crate::line::{Layout, LineKind};
use crate::reading::{Crossing, Reading, Track, between};
use crate::session::SessionKind;

/// What the order of a session is made by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ranking {
    /// Most laps, then who completed them first: a race.
    Distance,
    /// The best lap, of two equal ones who set it first: practice and qualifying.
    BestLap,
}

impl Ranking {
    /// What orders a session of a kind.
    pub fn of(kind: SessionKind) -> Self {
        match kind {
            SessionKind::Practice | SessionKind::Qualifying | SessionKind::WarmUp => Self::BestLap,
            SessionKind::QualifyingRace | SessionKind::Race => Self::Distance,
        }
    }
}

/// When a session begins and ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Schedule {
    /// The start signal; no lap counts before.
    pub start: Option<Instant>,
    /// The first red flag.
    pub stopped: Option<Instant>,
    /// Race time after which the leader is shown the chequered signal.
    pub time: Option<Micros>,
    /// Laps after which the leader is shown it.
    pub laps: Option<u32>,
    /// Whether the chequered signal is for whoever comes first once the time is up, be it not the leader (B5).
    pub to_all: bool,
    /// The chequered signal as given, where that was not when the leader completed the distance.
    pub signalled: Option<Instant>,
}

/// A car's standing in the running order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Rank {
    /// Laps, the most first; or nothing, for an order by best lap.
    laps: core::cmp::Reverse<u32>,
    /// When they were completed, or the best lap.
    at: i64,
    /// When the best lap was set.
    set: i64,
    /// Level on all that: as on the grid.
    car: usize,
}

/// A car in the order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Position of the car in [`Running::tracks`].
    pub car: usize,
    /// Laps that count.
    pub laps: u32,
    /// When the last of them was completed.
    pub end: Option<Instant>,
    /// From the start signal to there.
    pub time: Option<Micros>,
    /// The best of them.
    pub best: Option<Micros>,
    /// Whether the car took the chequered signal.
    pub chequered: bool,
}

/// A session while it runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Running {
    layout: Layout,
    ranking: Ranking,
    schedule: Schedule,
    tracks: Vec<Track>,
    /// Laps of each car that do not count as its best, from 0, in order; empty where there are none of any car.
    struck: Vec<(usize, usize)>,
    ranks: Vec<Rank>,
    /// Cars in order.
    order: Vec<u16>,
    /// Each car's position in `order`.
    place: Vec<u16>,
    /// When the chequered signal was shown, as far as the passings say.
    chequered: Option<Instant>,
    /// Whether a car completed the distance: from then on any lap can move the signal.
    ending: bool,
    /// No lap counts: a red flag ended the race before one was completed that would.
    annulled: bool,
}

impl Running {
    /// A session with so many cars, numbered in the order of the grid.
    pub fn new(layout: Layout, ranking: Ranking, schedule: Schedule, cars: usize) -> Self {
        let mut running = Self {
            layout,
            ranking,
            schedule,
            tracks: alloc::vec![Track::default(); cars],
            struck: Vec::new(),
            ranks: Vec::new(),
            order: (0..u16::try_from(cars).expect("a session has fewer than 65,536 cars")).collect(),
            place: (0..u16::try_from(cars).expect("a session has fewer than 65,536 cars")).collect(),
            chequered: None,
            ending: false,
            annulled: false,
        };
        running.reschedule(schedule);
        running
    }

    /// The circuit.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// What each car did, in the order of the grid.
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// When the chequered signal was shown to the leader, or given.
    pub fn chequered(&self) -> Option<Instant> {
        self.chequered
    }

    /// The start signal was given, moved or taken back; the length was changed: everything is read again.
    pub fn reschedule(&mut self, schedule: Schedule) {
        self.schedule = schedule;
        for track in &mut self.tracks {
            track.start(&self.layout, schedule.start, schedule.stopped);
        }
        self.rank_all();
    }

    /// The session ended at this moment, whatever the passings say of it; `None`: as they say.
    pub fn end(&mut self, signalled: Option<Instant>) {
        self.schedule.signalled = signalled;
        self.annulled = false;
        self.rank_all();
    }

    /// The race ended before a lap was completed that counts.
    pub fn annul(&mut self) {
        self.annulled = true;
        self.rank_all();
    }

    /// Laps (car, number from 0) that were completed and do not count as a best lap: deleted, or driven by the wrong driver.
    pub fn strike(&mut self, mut laps: Vec<(usize, usize)>) {
        laps.sort_unstable();
        self.struck = laps;
        self.rank_all();
    }

    /// A car's best lap and when it ended.
    pub fn best_lap(&self, car: usize) -> Option<(Micros, Instant)> {
        self.best(car, self.counted(car))
    }

    /// A car's laps that count as a best lap, each with when it ended.
    pub fn timed_laps(&self, car: usize) -> impl Iterator<Item = (Micros, Instant)> + '_ {
        self.laps_timed(car, self.counted(car))
    }

    /// What its order is made by.
    pub fn ranking(&self) -> Ranking {
        self.ranking
    }

    /// When it begins and ends.
    pub fn schedule(&self) -> Schedule {
        self.schedule
    }

    /// When the first car completed one lap, two, three, ….
    pub fn lead(&self) -> Vec<Instant> {
        let most = self.tracks.iter().map(|track| track.laps().len()).max().unwrap_or(0);
        let first = |nth: usize| self.tracks.iter().filter_map(|track| track.laps().get(nth)).map(|lap| lap.end).min();
        (0..most).filter_map(first).collect()
    }

    /// When the first car was over the finish line at the start: what was heard of it so near the start signal ends no lap.
    pub(crate) fn over_the_line(&self) -> Option<Instant> {
        let start = self.schedule.start?;
        let near = self.layout.measures.minimum_lap.0 / 4;
        let at_line = |crossing: &&Crossing| {
            self.layout.line(crossing.line).kind == LineKind::Finish && !crossing.impossible && (crossing.at.0 - start.0).abs() <= near
        };
        let ends_lap = |track: &Track, at: Instant| track.laps().first().is_some_and(|lap| lap.end <= at);
        let first = |track: &Track| track.crossings().iter().find(at_line).map(|of| of.at).filter(|at| !ends_lap(track, *at));
        self.tracks.iter().filter_map(first).min()
    }

    /// When any car ended a lap, in order.
    pub(crate) fn ends(&self) -> Vec<Instant> {
        let mut ends: Vec<Instant> = self.tracks.iter().flat_map(|track| track.laps()).map(|lap| lap.end).collect();
        ends.sort_unstable();
        ends
    }

    /// When the car that ended a lap at this moment ended its laps, in order.
    pub(crate) fn ends_of(&self, at: Instant) -> Vec<Instant> {
        let of = self.tracks.iter().find(|track| track.laps().binary_search_by_key(&at, |lap| lap.end).is_ok());
        of.map_or_else(Vec::new, |track| track.laps().iter().map(|lap| lap.end).collect())
    }

    /// One more passing of a car.
    pub fn hear(&mut self, car: usize, reading: Reading) {
        let track = &mut self.tracks[car];
        let late = track.readings().last().is_some_and(|last| last.at >= reading.at);
        let before = track.laps().last().map(|lap| lap.end);
        if !track.hear(&self.layout, reading) {
            return;
        }
        let over = if self.ending { late || !self.after_signal(car, before) } else { self.completes(car) };
        if over {
            self.rank_all();
        } else {
            self.ranks[car] = self.rank(car);
            self.settle(car);
        }
    }

    /// Whether what changed of a car, its last lap alone, came after the chequered signal was shown to another: then it moves that no more.
    fn after_signal(&self, car: usize, before: Option<Instant>) -> bool {
        let Some(signal) = self.chequered else { return false };
        let [.., previous, last] = self.tracks[car].laps() else { return false };
        // The lap that ended last before is the one before this, or this lap by another source.
        let same = before == Some(previous.end) || before.is_some_and(|before| before > signal);
        same && last.end > signal
    }

    /// The cars in order.
    pub fn order(&self) -> impl Iterator<Item = Progress> + '_ {
        self.order.iter().map(|car| self.progress(usize::from(*car)))
    }

    /// A car's position in the order, from 0.
    pub fn place(&self, car: usize) -> usize {
        usize::from(self.place[car])
    }

    /// A car's laps, time and best lap.
    pub fn progress(&self, car: usize) -> Progress {
        let counted = self.counted(car);
        let laps = &self.tracks[car].laps()[..counted];
        let end = laps.last().map(|lap| lap.end);
        Progress {
            car,
            laps: u32::try_from(counted).expect("a car completes fewer than four billion laps"),
            end,
            time: self.schedule.start.zip(end).map(|(start, end)| between(start, end)),
            best: self.best(car, counted).map(|(time, _)| time),
            chequered: self.chequered.zip(end).is_some_and(|(signal, end)| end >= signal),
        }
    }

    /// Whether a car has a lap that ended with the time or the laps complete.
    fn completes(&self, car: usize) -> bool {
        let laps = self.tracks[car].laps();
        laps.len().checked_sub(1).is_some_and(|last| self.complete(last, laps[last].end))
    }

    /// Whether the time or the laps are complete when a car ends its lap number `nth`, from 0.
    fn complete(&self, nth: usize, end: Instant) -> bool {
        let up = self.schedule.start.zip(self.schedule.time).is_some_and(|(start, time)| end.0 >= start.0.saturating_add(time.0));
        up || self.schedule.laps.is_some_and(|laps| nth + 1 >= laps as usize)
    }

    /// How many of a car's laps count: none that began after the chequered signal.
    fn counted(&self, car: usize) -> usize {
        let laps = self.tracks[car].laps();
        match self.chequered {
            _ if self.annulled => 0,
            None => laps.len(),
            Some(signal) => laps.len().min(laps.partition_point(|lap| lap.end < signal) + 1),
        }
    }

    fn best(&self, car: usize, counted: usize) -> Option<(Micros, Instant)> {
        self.laps_timed(car, counted).min()
    }

    fn laps_timed(&self, car: usize, counted: usize) -> impl Iterator<Item = (Micros, Instant)> + '_ {
        // Without a start signal no lap counts.
        let laps = if self.schedule.start.is_some() { &self.tracks[car].laps()[..counted] } else { &[] };
        let begun = self.schedule.start.into_iter().chain(laps.iter().map(|lap| lap.end));
        let timed = laps.iter().zip(begun).enumerate().filter(move |(nth, _)| self.timed(car, *nth));
        timed.map(|(_, (lap, begun))| (between(begun, lap.end), lap.end))
    }

    /// Whether a car's lap number `nth`, from 0, can be its best.
    pub(crate) fn timed(&self, car: usize, nth: usize) -> bool {
        // In practice and qualifying a lap runs from line to line: the first ends a lap that began in the pits.
        let way_out = nth == 0 && self.ranking == Ranking::BestLap;
        !way_out && (self.struck.is_empty() || self.struck.binary_search(&(car, nth)).is_err())
    }

    fn rank(&self, car: usize) -> Rank {
        let counted = self.counted(car);
        let none = Rank { laps: core::cmp::Reverse(0), at: i64::MAX, set: 0, car };
        match self.ranking {
            Ranking::Distance => match counted.checked_sub(1).map(|last| self.tracks[car].laps()[last].end) {
                Some(end) => Rank { laps: core::cmp::Reverse(u32::try_from(counted).unwrap_or(u32::MAX)), at: end.0, ..none },
                None => none,
            },
            Ranking::BestLap => match self.best(car, counted) {
                Some((time, set)) => Rank { at: time.0, set: set.0, ..none },
                None => none,
            },
        }
    }

    /// Moves one car to where its rank belongs.
    fn settle(&mut self, car: usize) {
        let mut at = usize::from(self.place[car]);
        let ranks = &self.ranks;
        let before = |one: u16, other: u16| ranks[usize::from(one)] < ranks[usize::from(other)];
        while at > 0 && before(self.order[at], self.order[at - 1]) {
            self.order.swap(at, at - 1);
            self.place.swap(usize::from(self.order[at]), usize::from(self.order[at - 1]));
            at -= 1;
        }
        while at + 1 < self.order.len() && before(self.order[at + 1], self.order[at]) {
            self.order.swap(at, at + 1);
            self.place.swap(usize::from(self.order[at]), usize::from(self.order[at + 1]));
            at += 1;
        }
    }

    /// Everything anew: the end of the session, and the order.
    fn rank_all(&mut self) {
        self.ending = (0..self.tracks.len()).any(|car| self.completes(car));
        self.chequered = self.schedule.signalled.or_else(|| self.shown());
        self.ranks = (0..self.tracks.len()).map(|car| self.rank(car)).collect();
        let ranks = &self.ranks;
        self.order.sort_by_key(|car| ranks[usize::from(*car)]);
        for (at, car) in self.order.iter().enumerate() {
            self.place[usize::from(*car)] = u16::try_from(at).expect("a session has fewer than 65,536 cars");
        }
    }

    /// When the chequered signal is due by the passings (B5): the first crossing of the finish line once the time or the laps are complete by
    /// a car that leads with it; by any car where the signal is for all.
    fn shown(&self) -> Option<Instant> {
        let start = self.schedule.start?;
        if self.ranking == Ranking::BestLap {
            return self.schedule.time.map(|time| Instant(start.0.saturating_add(time.0)));
        }
        let mut ends: Vec<(Instant, core::cmp::Reverse<usize>)> = Vec::new();
        for track in &self.tracks {
            // From the first complete lap on all are: only the last laps are looked at.
            let laps = track.laps().iter().enumerate().rev().take_while(|(nth, lap)| self.complete(*nth, lap.end));
            ends.extend(laps.map(|(nth, lap)| (lap.end, core::cmp::Reverse(nth))));
        }
        ends.sort_unstable();
        ends.into_iter().find(|(at, nth)| self.schedule.to_all || self.leads(*at, nth.0)).map(|(at, _)| at)
    }

    /// Whether a car that completes its lap number `nth` (from 0) at a moment leads with it: nobody completed that many before.
    fn leads(&self, at: Instant, nth: usize) -> bool {
        self.tracks.iter().all(|track| track.laps().get(nth).is_none_or(|lap| lap.end >= at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::{Line, Measures, Source, SourceKind};
    use crate::passing::PassingId;

    /// Within a quarter of the least lap from the start signal, before it or after.
    #[test]
    fn who_was_first_over_the_line_at_the_start_was_there_about_the_signal() {
        let first = |heard: &[i64]| {
            let measures = Measures { length: 4_500, minimum_lap: Micros::seconds(60), top_speed: 100, coincidence: Micros(500_000) };
            let lines = alloc::vec![Line { id: "finish".into(), kind: LineKind::Finish, at: 0, in_pit_lane: false }];
            let sources = alloc::vec![Source { id: "main".into(), line: 0, kind: SourceKind::Main }];
            let schedule = Schedule { start: Some(Instant(0)), stopped: None, time: None, laps: None, to_all: false, signalled: None };
            let mut running = Running::new(Layout::new(measures, lines, sources).unwrap(), Ranking::Distance, schedule, heard.len());
            for (car, seconds) in heard.iter().enumerate() {
                running.hear(car, Reading { at: Instant(seconds * 1_000_000), passing: PassingId { fact: 1, nth: 0 }, source: 0 });
            }
            running.over_the_line().map(|at| at.0 / 1_000_000)
        };
        assert_eq!((first(&[15, 14]), first(&[16]), first(&[-15]), first(&[-16])), (Some(14), None, Some(-15), None));
    }
}
