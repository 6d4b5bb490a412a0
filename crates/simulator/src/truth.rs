//! What truly happened: what the core is measured against, and never sees.

use sport::meeting_fact::Signal;

/// A car over a line, in microseconds since 1970.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Crossed {
    /// When.
    pub at: i64,
    /// Position of the car in [`Truth::cars`].
    pub car: usize,
    /// Position of the line in the layout.
    pub line: u8,
}

/// A visit to the pit lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stop {
    /// Over the entry line.
    pub entry: i64,
    /// Over the exit line.
    pub exit: i64,
    /// Who drove out, by position in the list of drivers.
    pub driver: usize,
}

/// What a car did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CarTruth {
    /// Position in the entry list.
    pub entry: usize,
    /// Whether it took the start.
    pub started: bool,
    /// Who started in it.
    pub first: usize,
    /// The ends of the laps that count.
    pub laps: Vec<i64>,
    /// Best lap and when it ended.
    pub best: Option<(i64, i64)>,
    /// Visits to the pit lane it came out of.
    pub stops: Vec<Stop>,
    /// When it stopped for good.
    pub retired: Option<i64>,
}

/// What truly happened in a session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Truth {
    /// The cars, in the order of the grid.
    pub cars: Vec<CarTruth>,
    /// The signals at the moments they took effect.
    pub signals: Vec<(i64, Signal)>,
    /// When the leader took the chequered signal.
    pub chequered: Option<i64>,
    /// Ordered by laps and time; by best lap otherwise.
    pub by_laps: bool,
    /// The faults that happened, in words.
    pub happened: Vec<String>,
}

impl Truth {
    /// The true order on the road, by position on the grid: the slow obvious way.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.cars.len()).collect();
        if self.by_laps {
            order.sort_by_key(|car| (std::cmp::Reverse(self.cars[*car].laps.len()), self.cars[*car].laps.last().copied()));
        } else {
            order.sort_by_key(|car| self.cars[*car].best.map_or((1, 0, 0), |(time, set)| (0, time, set)));
        }
        order
    }
}
