//! Cars among cars: who is held up, who passes.

use crate::dice::{Dice, MILLION};

/// How many arrivals a place remembers: nobody gains more than so many places between two nodes.
const MEMORY: usize = 12;

/// A car on its way to a node.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    at: i64,
    /// Its lap on a free track.
    pace: i64,
    /// Laps completed.
    laps: u32,
}

/// What a car meets on the way to a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Approach {
    /// When it would be there on a free track.
    pub(crate) free: i64,
    /// Its lap on a free track.
    pub(crate) pace: i64,
    /// Laps completed.
    pub(crate) laps: u32,
    /// The least it follows another car by.
    pub(crate) gap: i64,
    /// Whether passing is allowed and how easy it is: millionths added to every chance.
    pub(crate) passing: Option<i64>,
}

/// The latest arrivals at one node, in order of time.
#[derive(Clone, Debug)]
pub(crate) struct Traffic {
    arrivals: [Arrival; MEMORY],
    count: usize,
}

impl Default for Traffic {
    fn default() -> Self {
        Self { arrivals: [Arrival { at: 0, pace: 0, laps: 0 }; MEMORY], count: 0 }
    }
}

impl Traffic {
    /// When a car arrives among the others: it catches those ahead of it, and passes or stays behind each.
    pub(crate) fn settle(&mut self, dice: &mut Dice, car: Approach) -> i64 {
        let mut at = car.free;
        for ahead in self.arrivals[..self.count].iter().rev() {
            if ahead.at + car.gap <= at {
                break;
            }
            if !passes(dice, &car, ahead, at) {
                at = ahead.at + car.gap;
                break;
            }
            at += dice.near(20_000, 250_000);
        }
        self.insert(Arrival { at, pace: car.pace, laps: car.laps });
        at
    }

    fn insert(&mut self, arrival: Arrival) {
        if self.count == MEMORY {
            self.arrivals.copy_within(1.., 0);
            self.count -= 1;
        }
        let mut place = self.count;
        while place > 0 && self.arrivals[place - 1].at > arrival.at {
            self.arrivals[place] = self.arrivals[place - 1];
            place -= 1;
        }
        self.arrivals[place] = arrival;
        self.count += 1;
    }
}

/// Whether a car passes another on this part of the lap.
fn passes(dice: &mut Dice, car: &Approach, ahead: &Arrival, at: i64) -> bool {
    let Some(ease) = car.passing else { return false };
    let caught = ahead.at + car.gap - at;
    if caught > 4 * MILLION {
        // The other one crawls.
        return true;
    }
    if ahead.laps < car.laps {
        return dice.chance(850_000);
    }
    // Half a second a lap faster is one pass in six parts of a lap.
    let faster = (ahead.pace - car.pace).clamp(0, 2 * MILLION);
    dice.chance(15_000 + ease + faster * 3 / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Approach = Approach { free: 10 * MILLION, pace: 95 * MILLION, laps: 1, gap: 400_000, passing: None };

    #[test]
    fn nobody_passes_where_it_is_not_allowed() {
        let mut dice = Dice::of(1, crate::dice::For::Track, 0);
        let mut traffic = Traffic::default();
        assert_eq!(traffic.settle(&mut dice, SLOW), 10 * MILLION);
        let fast = Approach { free: 9 * MILLION, pace: 80 * MILLION, ..SLOW };
        assert_eq!(traffic.settle(&mut dice, fast), 10_400_000);
    }

    #[test]
    fn a_faster_car_passes_sooner_or_later() {
        let passed = |pace: i64| {
            let mut dice = Dice::of(1, crate::dice::For::Track, 0);
            let one = |_: &usize| {
                let mut traffic = Traffic::default();
                traffic.settle(&mut dice, SLOW);
                traffic.settle(&mut dice, Approach { free: 9_600_000, pace, passing: Some(0), ..SLOW }) < 10 * MILLION
            };
            (0..1_000).filter(one).count()
        };
        let (level, faster) = (passed(95 * MILLION), passed(94 * MILLION));
        assert!((1..60).contains(&level) && (200..450).contains(&faster), "{level} {faster}");
    }
}
