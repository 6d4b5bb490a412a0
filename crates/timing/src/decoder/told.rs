//! What was told already, of decoders that do not count, and clocks without a day.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use sport::date::Micros;

use crate::dial::DAY;

/// In 64 bits what something is.
pub(super) fn print(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// The last that were told.
#[derive(Clone, Debug)]
pub(super) struct Told {
    most: usize,
    order: VecDeque<u64>,
    prints: HashSet<u64>,
}

impl Told {
    pub(super) fn new(most: usize) -> Self {
        Self { most, order: VecDeque::new(), prints: HashSet::new() }
    }

    /// Whether it is new; from now on it is not.
    pub(super) fn is_new(&mut self, of: &impl Hash) -> bool {
        let print = print(of);
        if !self.prints.insert(print) {
            return false;
        }
        self.order.push_back(print);
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.prints.remove(&oldest);
        }
        true
    }
}

/// A clock that has no day: its time goes on after midnight.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Days(Option<i64>);

impl Days {
    /// A time of the day in the day nearest to the newest that was heard: what is sent again may be from before midnight.
    pub(super) fn on(&mut self, of_day: Micros) -> Micros {
        let newest = self.0.unwrap_or(of_day.0);
        let days = (newest - of_day.0 + DAY / 2).div_euclid(DAY);
        let time = of_day.0 + days * DAY;
        self.0 = Some(newest.max(time));
        Micros(time)
    }
}

/// A clock that begins at nought when the decoder is switched on.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Since(Option<Micros>);

/// Passings are not told in the order of their times to the last thousandth.
const DISORDER: i64 = 1_000_000;

impl Since {
    /// It is set to nought. Whether it was heard before.
    pub(super) fn set(&mut self) -> bool {
        self.0.take().is_some()
    }

    /// Whether it began again.
    pub(super) fn began_again(&mut self, time: Micros) -> bool {
        let again = self.0.is_some_and(|newest| time.0 + DISORDER < newest.0);
        self.0 = Some(if again { time } else { self.0.map_or(time, |newest| newest.max(time)) });
        again
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_that_were_told_are_known() {
        let mut told = Told::new(2);
        assert!(told.is_new(&1) && told.is_new(&2) && !told.is_new(&1) && told.is_new(&3) && told.is_new(&1));
        assert_eq!((told.order.len(), told.prints.len()), (2, 2));
    }

    #[test]
    fn after_midnight_the_time_goes_on_and_what_is_sent_again_is_of_the_day_before() {
        let mut days = Days::default();
        let hours = [22, 23, 0, 23, 1, 13, 0];
        let on: Vec<i64> = hours.iter().map(|hour| days.on(Micros(hour * 3_600_000_000)).0 / 3_600_000_000).collect();
        assert_eq!(on, [22, 23, 24, 23, 25, 37, 48]);
    }

    #[test]
    fn a_clock_that_goes_back_began_again() {
        let mut since = Since::default();
        let again: Vec<bool> = [5_000_000, 9_000_000, 8_500_000, 20_000, 30_000].map(|of| since.began_again(Micros(of))).into();
        assert_eq!(again, [false, false, false, true, false]);
    }
}
