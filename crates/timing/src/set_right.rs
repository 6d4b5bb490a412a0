//! A source's passings on a clock that stays with ours: with a day where its own has none, and without its drift.
//!
//! What is recorded of a passing is when it happened by its source's clock, and a clock that is some seconds off is set right where the session is classified, by sources
//! that heard the same. What no comparison of minutes shows is a clock that runs too fast: two thousandths of a second in a lap, four seconds in a day. That is taken out here, as
//! soon as it is known for certain, and never by a jump.

use sport::date::{Instant, Micros};

use crate::decoder::Moment;
use crate::drift::{DriftMeter, Measured, Step};

/// A clock of a source.
#[derive(Clone, Default, Debug)]
pub struct SetRight {
    meter: DriftMeter,
    /// Where the present rate began: the source's time and what it was set to.
    anchor: Option<(i64, i64)>,
    /// How much too fast it is taken to run, in parts of a thousand million.
    rate_ppb: i64,
    /// When the rate was last looked at, by the source's time.
    looked: i64,
}

/// The rate is looked at so often.
const EVERY: i64 = 60_000_000;
/// A drift is measured over at least so long before it is taken out.
const OVER: i64 = 600_000_000;
/// A smaller one is left as it is: good clocks have it.
const SMALL_PPB: i64 = 1_000;
const DAY: i64 = 86_400_000_000;
/// Clocks of other zones are off by whole quarters of an hour.
const QUARTER: i64 = 900_000_000;

impl SetRight {
    /// Of a source of which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// When a passing happened. `arrived`: when it came here; `resent`: it was asked for again, and its arrival says nothing.
    pub fn passing(&mut self, moment: Moment, arrived: Instant, resent: bool) -> Instant {
        let time = moment.micros();
        if self.anchor.is_none() {
            self.anchor = Some((time, first(moment, arrived)));
            self.looked = time;
        }
        if !resent {
            self.hear(moment, arrived);
        }
        self.at(time)
    }

    /// A message that says what time the source's clock has.
    pub fn hear(&mut self, moment: Moment, arrived: Instant) -> Option<Step> {
        let time = moment.micros();
        let step = self.meter.add(Micros(time), arrived);
        if self.anchor.is_some() && time - self.looked >= EVERY {
            self.looked = time;
            self.steer(time);
        }
        step
    }

    /// The source began again: what its clock says now has nothing to do with what it said before.
    pub fn restarted(&mut self) {
        *self = Self::default();
    }

    /// What is known of the clock.
    pub fn measured(&self) -> Option<Measured> {
        self.meter.measured()
    }

    fn at(&self, time: i64) -> Instant {
        let (from, set) = self.anchor.unwrap_or((time, time));
        let since = i128::from(time) - i128::from(from);
        let gained = since * i128::from(self.rate_ppb) / 1_000_000_000;
        Instant(i64::try_from(i128::from(set) + since - gained).unwrap_or(set))
    }

    /// Takes out the drift as it is known now, from here on.
    fn steer(&mut self, time: i64) {
        let Some(known) = self.meter.measured().filter(|known| known.over.0 >= OVER) else { return };
        let certain = known.drift_ppb.abs() > 2 * known.drift_unsure_ppb && known.drift_ppb.abs() >= SMALL_PPB;
        let rate = if certain { known.drift_ppb } else { self.rate_ppb };
        if rate != self.rate_ppb {
            self.anchor = Some((time, self.at(time).0));
            self.rate_ppb = rate;
        }
    }
}

/// What the first reading is taken for: itself, where it has a day; of a clock without one the time nearest to now, whatever zone it is set to; of a clock that counts
/// from when it was switched on when it arrived.
fn first(moment: Moment, arrived: Instant) -> i64 {
    match moment {
        Moment::At(at) => at.0,
        Moment::OfDay(of_day) => {
            let here = arrived.0 - arrived.0.rem_euclid(DAY) + of_day.0;
            let off = arrived.0 - here;
            here + (off + QUARTER / 2).div_euclid(QUARTER) * QUARTER
        }
        Moment::SinceStart(_) => arrived.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: i64 = 1_000_000;
    const NOON: i64 = 20_000 * DAY + DAY / 2;

    #[test]
    fn a_clock_without_a_day_is_taken_for_the_nearest_time_whatever_its_zone() {
        let at = |of_day: i64, arrived: i64| SetRight::new().passing(Moment::OfDay(Micros(of_day)), Instant(arrived), false).0 - arrived;
        assert_eq!(at(DAY / 2 - SECOND, NOON), -SECOND, "the same zone");
        assert_eq!(at(DAY / 2 + 2 * 3_600 * SECOND - SECOND, NOON), -SECOND, "two hours east");
        assert_eq!(at(DAY - SECOND / 2, NOON - DAY / 2 + SECOND / 2), -SECOND, "just before midnight");
    }

    #[test]
    fn a_clock_that_counts_from_when_it_was_switched_on_begins_when_it_is_first_heard() {
        let mut clock = SetRight::new();
        assert_eq!(clock.passing(Moment::SinceStart(Micros(5 * SECOND)), Instant(NOON), false), Instant(NOON));
        assert_eq!(clock.passing(Moment::SinceStart(Micros(95 * SECOND)), Instant(NOON + 91 * SECOND), false), Instant(NOON + 90 * SECOND));
        clock.restarted();
        assert_eq!(clock.passing(Moment::SinceStart(Micros(0)), Instant(NOON + 200 * SECOND), false), Instant(NOON + 200 * SECOND));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

        /// Two hours of a clock that runs up to 100 parts in a million too fast or too slow, with messages up to a fifth of a second late: at the end it is off by
        /// thousandths where it would be by seconds, and at no time did it jump.
        #[test]
        fn a_drift_is_taken_out_and_nothing_jumps(ppm in -100_i64..100, seed in any::<u64>()) {
            let mut clock = SetRight::new();
            let mut dice = seed | 1;
            let (mut worst, mut before) = (0, None);
            for second in 0..2 * 3_600 {
                let real = NOON + second * SECOND;
                let own = real + second * ppm;
                dice ^= dice << 13;
                dice ^= dice >> 7;
                dice ^= dice << 17;
                let late = i64::try_from(dice % 200_000).unwrap_or(0);
                let at = clock.passing(Moment::At(Instant(own)), Instant(real + late), false).0;
                let off = at - real;
                if let Some(before) = before {
                    let between: i64 = off - before;
                    prop_assert!(between.abs() <= 110, "between two seconds it moved by {between} µs");
                }
                before = Some(off);
                if second > 1_800 {
                    worst = worst.max((off - 600 * ppm).abs());
                }
            }
            // Of the first minutes, in which nothing was known, the drift is still in it; after them little comes to it.
            prop_assert!(worst <= 600 * ppm.abs() + 25_000, "{worst}");
        }
    }
}
