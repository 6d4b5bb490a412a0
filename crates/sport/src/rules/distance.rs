//! Who completed enough of the winner's distance to be classified (E6, P19).
//!
//! The publisher of a sheet decides who is classified on it; this says where its laps speak against it, and what becomes of a car from
//! which a decision takes laps.

use alloc::vec::Vec;

use crate::names::ClassId;
use crate::rulebook::Law;
use crate::rulebook::award::ClassifiedRule;
use crate::session::Session;

/// Whether a car completed the distance.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Distance {
    /// It did, or no rule asks for one.
    Enough,
    /// It did not.
    Short,
    /// The laps that would say so were not published.
    Unknown,
}

/// A car as far as the distance asks.
#[derive(Clone, Copy)]
pub(crate) struct Covered<'a> {
    pub(crate) class: &'a ClassId,
    /// Laps completed, deductions applied.
    pub(crate) laps: Option<u32>,
    /// The most it can have completed: its laps before deductions where it was first, of all or of its class.
    pub(crate) as_first: [Option<u32>; 2],
    /// Classified or not known not to be.
    pub(crate) in_race: bool,
}

/// The rule for cars of a class in a session: the first that fits.
pub(crate) fn rule<'a>(law: &'a Law, session: &Session, class: &ClassId) -> Option<&'a ClassifiedRule> {
    law.classified.iter().find(|rule| rule.sessions.hold(session) && (rule.classes.is_empty() || rule.classes.contains(class)))
}

/// The winner's laps for a car of a class: at least, and at most where that is known. `everybody`: no car is missing from the field.
pub(crate) fn winner(rule: &ClassifiedRule, class: &ClassId, field: &[Covered<'_>], everybody: bool) -> (u32, Option<u32>) {
    let counts = |of: &&Covered<'_>| of.in_race && (!rule.of_class_winner || of.class == class);
    let laps: Vec<Option<u32>> = field.iter().filter(counts).map(|of| of.laps).collect();
    let known = laps.iter().flatten().copied().max().unwrap_or(0);
    // Nobody completed more laps than who was first.
    let scope = usize::from(rule.of_class_winner);
    let first = field.iter().filter(|of| !rule.of_class_winner || of.class == class).find_map(|of| of.as_first[scope]);
    let all = (everybody && laps.iter().all(Option::is_some)).then_some(known);
    (known, all.or(first))
}

/// Whether a car with these laps completed the distance.
pub(crate) fn covered(rule: &ClassifiedRule, laps: Option<u32>, (at_least, at_most): (u32, Option<u32>)) -> Distance {
    match (laps, at_most) {
        (Some(laps), _) if !rule.enough(laps, at_least) => Distance::Short,
        (Some(laps), Some(most)) if rule.enough(laps, most) => Distance::Enough,
        _ => Distance::Unknown,
    }
}
