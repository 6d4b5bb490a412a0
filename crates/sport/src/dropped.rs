//! Whether a result of a line is dropped by a rule on dropped results, as far as is known (P17, P48, P49).
//!
//! `keep` marks what is dropped by the points known. Points and disqualifications nobody published may still displace it: this says so.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::rulebook::championship::{Keep, KeepUnit};
use crate::standings::{Bounds, Line, Score, Standings};

/// What becomes of a result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It counts, whatever was not published.
    Counts,
    /// It is a disqualification's zero, which counts.
    CannotBeDropped,
    /// It is dropped, whatever was not published.
    Dropped,
    /// One or the other, by what was not published.
    Open,
}

impl Fate {
    /// What is said after the result; nothing where it counts as results do.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Counts => "",
            Self::CannotBeDropped => ", cannot be dropped",
            Self::Dropped => ", dropped",
            Self::Open => ", may be dropped",
        }
    }
}

/// The results that are kept or dropped as one.
struct Unit {
    points: Bounds,
    forced: bool,
    may_be_forced: bool,
}

/// The unit a session is kept or dropped with.
pub(crate) fn unit_of(rule: &Keep, round_of: &dyn Fn(usize) -> u16, session: usize) -> usize {
    match rule.unit {
        KeepUnit::Round => usize::from(round_of(session)),
        KeepUnit::Session => session,
    }
}

/// What becomes of one score of a line of a table; `withheld`: sessions whose points are withheld, which are not held for the rule.
pub(crate) fn fate(
    rule: &Keep,
    table: &Standings,
    line: &Line,
    score: &Score,
    round_of: &dyn Fn(usize) -> u16,
    withheld: &dyn Fn(usize) -> bool,
) -> Fate {
    let round = round_of(score.session);
    let Some(range) = rule.ranges.iter().find(|range| range.first <= round && round <= range.last) else { return Fate::Counts };
    let in_range = |score: &&Score| (range.first..=range.last).contains(&round_of(score.session));
    let unit = |score: &Score| unit_of(rule, round_of, score.session);
    let mut units: BTreeMap<usize, Unit> = BTreeMap::new();
    for score in line.scores.iter().filter(in_range) {
        let of = units.entry(unit(score)).or_insert(Unit { points: Bounds::ZERO, forced: false, may_be_forced: false });
        of.points = of.points.plus(score.points);
        of.forced |= rule.disqualification_counts && score.disqualified == Some(true);
        of.may_be_forced |= rule.disqualification_counts && score.disqualified != Some(false);
    }
    let at = unit(score);
    let mine = &units[&at];
    if mine.forced {
        return Fate::CannotBeDropped;
    }
    let all = || table.lines.iter().flat_map(|line| &line.scores).filter(in_range).filter(|score| !withheld(score.session));
    let held: BTreeSet<usize> = all().map(unit).collect();
    let surely: BTreeSet<usize> = all().filter(|score| score.disqualified.is_some()).map(unit).collect();
    let best =
        |held: usize| range.best.iter().rev().find(|step| usize::from(step.held) <= held).map_or(usize::MAX, |step| step.best.into());
    let possible = || (surely.len()..=held.len()).map(best);
    let (fewest, most) = (possible().min().unwrap_or(usize::MAX), possible().max().unwrap_or(usize::MAX));
    let others = || units.iter().filter(|(other, _)| **other != at);
    // Of equal results the earlier is kept.
    let before = |other: usize, theirs, mine| theirs > mine || (theirs == mine && other < at);
    let may_displace = |other: usize, unit: &Unit| unit.may_be_forced || before(other, unit.points.at_most, mine.points.at_least);
    let displaces = |other: usize, unit: &Unit| unit.forced || before(other, unit.points.at_least, mine.points.at_most);
    let counts = others().filter(|(other, unit)| may_displace(**other, unit)).count() < fewest;
    let drops = !mine.may_be_forced && others().filter(|(other, unit)| displaces(**other, unit)).count() >= most;
    // A session in which nobody listed took part is held too, and is not seen here: then nothing is certain.
    match (counts, drops, score.kept) {
        (true, false, true) => Fate::Counts,
        (false, true, false) => Fate::Dropped,
        _ => Fate::Open,
    }
}
