//! The race clock: how much race time has run at a moment, and at which moment so much has (B5, C1, E6).
//!
//! Race time runs from the start; where the rulebook says so it stands while the race is suspended. The planned end, the window of the stop, periods of the
//! race and the share of its length that a race ran are all told by this one clock.

use alloc::vec::Vec;

use crate::date::{Instant, Micros};
use crate::meeting_fact::Signal;
use crate::reading::between;
use crate::rules::end::resumes;

/// The clock of a race.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RaceClock {
    /// From when it runs.
    pub start: Instant,
    /// From when to when it stood, in order.
    stood: Vec<(Instant, Instant)>,
}

impl RaceClock {
    /// A clock that runs on whatever happens.
    pub const fn running(start: Instant) -> Self {
        Self { start, stood: Vec::new() }
    }

    /// A clock that stands from each red flag to the signal that resumed the race, or to `now`.
    pub fn standing(start: Instant, signals: &[(Instant, Signal)], now: Instant) -> Self {
        let mut stood = Vec::new();
        let mut given = signals.iter().filter(|(at, _)| *at >= start && *at <= now);
        while let Some((red, _)) = given.find(|(_, signal)| *signal == Signal::Red) {
            stood.push((*red, given.find(|(_, signal)| resumes(*signal)).map_or(now, |(at, _)| *at)));
        }
        Self { start, stood }
    }

    /// The moment at which so much race time has run. What stops the clock from that moment on came when it had.
    pub fn when(&self, time: Micros) -> Instant {
        let running = Instant(self.start.0.saturating_add(time.0));
        let stopped = |at: Instant, (from, to): &(Instant, Instant)| {
            if *from < at { Instant(at.0.saturating_add(between(*from, *to).0)) } else { at }
        };
        self.stood.iter().fold(running, stopped)
    }

    /// The race time at a moment; nothing before the start.
    pub fn time(&self, at: Instant) -> Micros {
        let stood: i64 = self.stood.iter().map(|(from, to)| between(*from, (*to).min(at)).0.max(0)).sum();
        Micros(between(self.start, at).0.saturating_sub(stood).max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant(seconds * 1_000_000)
    }

    #[test]
    fn it_stands_while_the_race_is_suspended() {
        let signals =
            [(0, Signal::Green), (50, Signal::Red), (60, Signal::Red), (70, Signal::SafetyCar), (90, Signal::Green), (100, Signal::Red)]
                .map(|(seconds, signal)| (at(seconds), signal));
        let stands = RaceClock::standing(at(0), &signals, at(110));
        let when = |time: i64| stands.when(Micros::seconds(time));
        assert_eq!(when(100), at(130), "the second is inside, for the first made the race longer");
        assert_eq!((when(60), when(80)), (at(80), at(100)), "the second came when it was over");
        assert_eq!((when(50), when(51), when(81)), (at(50), at(71), at(111)));
        let time = |now: i64| stands.time(at(now));
        assert_eq!([40, 50, 60, 70, 80, 105, 110, 115].map(time), [40, 50, 50, 50, 60, 80, 80, 85].map(Micros::seconds));
        assert_eq!(time(-10), Micros(0));
        let runs = RaceClock::running(at(10));
        assert_eq!((runs.when(Micros::seconds(60)), runs.time(at(75))), (at(70), Micros::seconds(65)));
        assert_eq!(RaceClock::standing(at(0), &signals, at(60)).when(Micros::seconds(51)), at(61), "it still stands: as of now");
    }
}
