//! The success penalty (section D, P38, P39).

use alloc::vec::Vec;

use crate::citation::Cite;
use crate::date::Micros;
use crate::names::ClassId;
use crate::rulebook::award::Length;

/// What the penalty is counted in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SuccessUnit {
    /// Microseconds added to the next mandatory stop (P38).
    Time,
    /// Grams of ballast in the next race (P39).
    Ballast,
}

/// The success penalty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SuccessPenalty {
    /// Counted in time or in weight.
    pub unit: SuccessUnit,
    /// The classes that count their own places (D1).
    pub classes: Vec<ClassId>,
    /// What the places cost, by the length of the race that earned it; the first that fits.
    pub steps: Vec<SuccessStep>,
    /// True: a car that does not take part in the next race carries it on to its next one; false: it lapses (D4).
    pub kept_when_absent: bool,
    /// Where it is written.
    pub cite: Cite,
}

/// The amounts for one kind of race.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SuccessStep {
    /// The races it is for.
    pub length: Length,
    /// Time for first, second, third, …
    pub amounts: Vec<Micros>,
    /// Where it is written.
    pub cite: Cite,
}

impl SuccessPenalty {
    /// What a place in a race of this length earns, and the rule that says so.
    pub fn amount(&self, minutes: Option<u16>, kilometres: Option<u16>, place: u16) -> Option<(Micros, &Cite)> {
        let step = self.steps.iter().find(|step| step.length.holds(minutes, kilometres))?;
        let amount = step.amounts.get(usize::from(place).checked_sub(1)?)?;
        Some((*amount, &step.cite))
    }
}
