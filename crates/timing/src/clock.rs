//! The time of day in files that do not say the day: it begins again at midnight, and a session may go on over it.

use sport::date::{Instant, Micros};

use crate::written::printed_hours;

pub(crate) const DAY: i64 = 86_400_000_000;

/// A clock without a day.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Clock {
    /// The start of the session, by the first reading that says how long after it it is.
    start: Option<i64>,
    last: i64,
}

impl Clock {
    /// A reading, as an instant since midnight of the day on which the session started. Which day it is on is said by the time from the start; without that it is no
    /// more than half a day before the reading that came before it.
    pub fn reading(&mut self, clock: Micros, elapsed: Option<Micros>) -> Instant {
        let on_day_of = |near: i64| clock.0 + (near - clock.0 + DAY / 2).div_euclid(DAY).max(0) * DAY;
        self.last = match (elapsed, self.start) {
            (Some(elapsed), Some(start)) => on_day_of(start.saturating_add(elapsed.0)),
            (Some(elapsed), None) => {
                let at = on_day_of(self.last);
                let start = at - elapsed.0;
                self.start = Some(if start < 0 { start.rem_euclid(DAY) } else { start });
                on_day_of(self.start.unwrap_or(start).saturating_add(elapsed.0))
            }
            (None, _) => on_day_of(self.last),
        };
        Instant(self.last)
    }

    /// The time of day of an instant, as it is printed: `14:07:41.491`, hours always.
    pub fn printed(at: Instant) -> String {
        printed_hours(Micros(at.0.rem_euclid(DAY)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(hours: i64) -> Micros {
        Micros::seconds(hours * 3_600)
    }

    #[test]
    fn a_session_goes_on_over_midnight() {
        let mut clock = Clock::default();
        let mut read = |at, elapsed: Option<i64>| clock.reading(hours(at), elapsed.map(hours)).0 / hours(1).0;
        // Who tells one car after the other goes back to the first day with each.
        assert_eq!(
            [(16, 1), (23, 8), (0, 9), (15, 24), (16, 1), (1, 10)].map(|(at, since)| read(at, Some(since))),
            [16, 23, 24, 39, 16, 25]
        );
        let mut clock = Clock::default();
        let mut read = |at, elapsed: Option<i64>| clock.reading(hours(at), elapsed.map(hours)).0 / hours(1).0;
        assert_eq!(
            [(22, None), (21, None), (0, Some(1)), (3, None), (23, Some(0))].map(|(at, since)| read(at, since)),
            [22, 21, 24, 27, 23]
        );
        // A start before midnight that is only known afterwards.
        assert_eq!(Clock::default().reading(hours(1), Some(hours(3))).0 / hours(1).0, 25);
        assert_eq!(Clock::printed(Instant(hours(25).0 + 61_002_000)), "1:01:01.002");
    }
}
