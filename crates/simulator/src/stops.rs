//! Visits to the pit lane: which a car plans, and how long each takes.

use sport::date::Micros;
use sport::rulebook::weekend::{PitReference, PitStop};

use crate::dice::{Dice, MILLION};

const MINUTE: i64 = 60 * MILLION;
/// How long a car drives on one tank, at most.
const TANK: i64 = 62 * MINUTE;

/// Why a car comes in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Why {
    /// The stop the rulebook asks for.
    Mandatory,
    /// Fuel and tyres.
    Fuel,
    /// A puncture, a loose door.
    Repair,
    /// A penalty.
    DriveThrough,
}

/// A planned visit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visit {
    /// At the first chance from this moment on.
    pub(crate) after: i64,
    /// Why.
    pub(crate) why: Why,
}

/// The mandatory stop as a car sees it: moments of the pit entry, and the least time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    /// It may come in from here.
    pub(crate) opens: i64,
    /// And until here.
    pub(crate) closes: i64,
    /// The least time from entry to exit.
    pub(crate) minimum: i64,
    /// How many.
    pub(crate) count: u16,
    /// Whether another driver must take over.
    pub(crate) change: bool,
    /// When it opens and closes by the clock, whatever is judged by it.
    pub(crate) span: (i64, i64),
    /// What must lie inside it.
    pub(crate) reference: PitReference,
}

impl Window {
    /// The rule for a car with seconds due, in a race whose window opens and closes at these moments.
    pub(crate) fn of(rule: &PitStop, circuit: &str, due: Micros, (opens, closes): (i64, i64)) -> Self {
        let (minimum, _) = rule.minimum_for(circuit, due);
        let before = match rule.reference {
            PitReference::Entry => 0,
            PitReference::Exit => minimum.0 + 3 * MILLION,
        };
        Self {
            opens: opens - before,
            closes: closes - before,
            minimum: minimum.0,
            count: rule.count,
            change: rule.driver_change,
            span: (opens, closes),
            reference: rule.reference,
        }
    }

    /// Whether a car that comes in at a moment makes its stop inside the window.
    pub(crate) fn holds(&self, entry: i64) -> bool {
        self.opens <= entry && entry <= self.closes
    }

    /// Whether a stop is judged to have been inside it.
    pub(crate) fn fits(&self, entry: i64, exit: i64) -> bool {
        let judged = match self.reference {
            PitReference::Entry => entry,
            PitReference::Exit => exit,
        };
        self.span.0 <= judged && judged <= self.span.1
    }
}

/// The visits a car plans for a race from `start` to about `end`, in order. `lap`: its lap in micros.
pub(crate) fn planned(dice: &mut Dice, window: Option<&Window>, (start, end): (i64, i64), lap: i64) -> Vec<Visit> {
    let mut visits = Vec::new();
    let mandatory = window.map_or(0, |window| i64::from(window.count));
    if let Some(window) = window {
        let part = (window.closes - window.opens) / mandatory.max(1);
        for nth in 0..mandatory {
            let opens = window.opens + nth * part;
            // The first chance comes within a lap.
            let aimed = opens + dice.below((part - lap * 11 / 10).max(1));
            let after = match dice.below(100) {
                0 => (opens - dice.between(lap, 3 * lap)).max(start + lap),
                1 => window.closes + dice.between(MILLION, lap),
                _ => aimed,
            };
            visits.push(Visit { after, why: Why::Mandatory });
        }
    }
    let tanks = (end - start) / TANK;
    for nth in 0..(tanks - mandatory).max(0) {
        let share = (end - start) / (tanks - mandatory + 1);
        visits.push(Visit { after: start + share * (nth + 1) + dice.bell(3 * MINUTE), why: Why::Fuel });
    }
    let hours = ((end - start) / (60 * MINUTE)).max(1);
    for _ in 0..hours {
        if dice.chance(35_000) {
            visits.push(Visit { after: dice.between(start + MINUTE, end.max(start + 2 * MINUTE)), why: Why::Repair });
        }
        if dice.chance(15_000) {
            visits.push(Visit { after: dice.between(start + MINUTE, end.max(start + 2 * MINUTE)), why: Why::DriveThrough });
        }
    }
    visits.sort_by_key(|visit| visit.after);
    visits
}

/// How long a visit takes from entry to exit. `driven`: the lane at the speed limit.
pub(crate) fn time(dice: &mut Dice, why: Why, window: Option<&Window>, driven: i64) -> i64 {
    let stop = match (why, window) {
        (Why::Mandatory, Some(window)) if dice.chance(30_000) => window.minimum - dice.between(50_000, 1_500_000),
        (Why::Mandatory, Some(window)) => window.minimum + dice.near(200_000, 6_000_000),
        (Why::Mandatory | Why::Fuel, _) => driven + dice.between(35 * MILLION, 60 * MILLION),
        (Why::Repair, _) => driven + dice.near(20 * MILLION, 90 * MILLION),
        (Why::DriveThrough, _) => driven + dice.between(200_000, 1_500_000),
    };
    stop.max(driven + 100_000)
}
