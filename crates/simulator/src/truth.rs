//! What truly happened, beside what was said of it.

use sport::date::{Instant, Micros};
use sport::meeting_fact::Signal;
use sport::names::DriverId;

use crate::faults::Fault;

/// A session as it truly was.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Truth {
    /// The cars, in the order of the grid.
    pub cars: Vec<CarTruth>,
    /// What race control signalled, when it truly did; the chequered signal with the marshal's reaction.
    pub signals: Vec<(Instant, Signal)>,
    /// When the leader was shown the chequered signal: its crossing of the finish line in a race, the end of the time otherwise.
    pub chequered: Option<Instant>,
    /// When a red flag was shown that ended the race: the laps that count are those up to where the rulebook takes the result.
    pub red: Option<Instant>,
    /// What went wrong between the track and our machine, in order.
    pub faults: Vec<Happened>,
    /// Whether the order is by laps and time (a race), or by the best lap.
    pub race: bool,
}

/// A car as it truly was.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CarTruth {
    /// Position in the entry list.
    pub entry: usize,
    /// Whether it took part: in a race whether it took the start, otherwise whether it left the pit lane.
    pub started: bool,
    /// When each lap that counts ended, in order. In a race the first lap begins with the start signal; otherwise a car's first crossing of
    /// the finish line begins its first timed lap, and stands here too.
    pub laps: Vec<Instant>,
    /// When it came over the finish line after the last lap that counts: on its way in, or after a red flag that ended the race. None of it
    /// counts, unless somebody takes the result elsewhere.
    pub beyond: Vec<Instant>,
    /// Completed visits to the pit lane after the start, in order.
    pub stops: Vec<Stop>,
    /// When it came to its last rest before the end.
    pub retired: Option<Instant>,
    /// Its best lap.
    pub best: Option<Micros>,
}

/// A visit to the pit lane.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stop {
    /// Over the entry line.
    pub entry: Instant,
    /// Over the exit line.
    pub exit: Instant,
    /// Who drove on, where the crew is known.
    pub driver: Option<DriverId>,
    /// Whether it was a penalty served.
    pub penalty: bool,
}

/// A fault that occurred.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Happened {
    /// From when.
    pub at: Instant,
    /// Until when; none where it lasted, or was over at once.
    pub until: Option<Instant>,
    /// What kind.
    pub fault: Fault,
    /// The car it was about, by its place on the grid, from 0.
    pub car: Option<usize>,
    /// The source it was about, by position in the layout.
    pub source: Option<usize>,
    /// In words.
    pub words: String,
}

impl Truth {
    /// The cars by their places on the grid (from 0), in the true final order on the road. A race: most laps, then who completed them
    /// first; otherwise the best lap, then who set it first. A car that has none comes last, in the order of the grid.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.cars.len()).collect();
        if self.race {
            order.sort_by_key(|car| {
                let laps = &self.cars[*car].laps;
                (std::cmp::Reverse(laps.len()), laps.last().copied())
            });
        } else {
            order.sort_by_key(|car| self.cars[*car].best.unwrap_or(Micros(i64::MAX)));
        }
        order
    }
}
