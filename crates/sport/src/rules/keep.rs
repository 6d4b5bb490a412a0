//! Dropped results: best N of ranges of rounds, non-droppable disqualifications (P17, P48, P49).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::points::Points;
use crate::rulebook::championship::{Keep, KeepRange, KeepUnit};
use crate::standings::{Bounds, Score};

/// What is held of a season so far: the rounds and sessions with a result, ascending.
pub(crate) struct Held<'a> {
    /// Round of each session.
    pub(crate) round_of: &'a dyn Fn(usize) -> u16,
    /// Sessions held that count for the championship.
    pub(crate) sessions: &'a [usize],
}

/// Marks what is dropped and gives the points that count. Bounds stay sound: the best of the lower bounds, the best of the upper ones.
pub(crate) fn keep(rule: &Keep, held: &Held<'_>, scores: &mut [Score]) -> Bounds {
    let unit_of = |session: usize| match rule.unit {
        KeepUnit::Round => usize::from((held.round_of)(session)),
        KeepUnit::Session => session,
    };
    let mut units: BTreeMap<usize, Unit> = BTreeMap::new();
    for score in scores.iter() {
        let unit = units.entry(unit_of(score.session)).or_insert(Unit {
            points: Bounds::ZERO,
            forced: false,
            may_be_forced: false,
            round: (held.round_of)(score.session),
        });
        unit.points = unit.points.plus(score.points);
        unit.forced |= rule.disqualification_counts && score.disqualified == Some(true);
        unit.may_be_forced |= rule.disqualification_counts && score.disqualified != Some(false);
    }
    let mut total = Bounds::ZERO;
    let mut dropped: Vec<usize> = Vec::new();
    let in_range = |range: &KeepRange, round: u16| range.first <= round && round <= range.last;
    for range in &rule.ranges {
        let mut members: Vec<(usize, &Unit)> =
            units.iter().filter(|(_, unit)| in_range(range, unit.round)).map(|(at, unit)| (*at, unit)).collect();
        let mut held_units: Vec<usize> =
            held.sessions.iter().filter(|session| in_range(range, (held.round_of)(**session))).map(|session| unit_of(*session)).collect();
        held_units.dedup();
        let held_units = u16::try_from(held_units.len()).unwrap_or(u16::MAX);
        let best = range.best.iter().rev().find(|step| step.held <= held_units).map_or(usize::MAX, |step| usize::from(step.best));
        // What cannot be dropped comes first and takes its places; then the best. Of equal results the earlier is kept.
        members.sort_by_key(|(at, unit)| (!unit.forced, core::cmp::Reverse(unit.points.at_least), *at));
        dropped.extend(members.iter().skip(best).filter(|(_, unit)| !unit.forced).map(|(at, _)| *at));
        let sums = |of: fn(&Unit) -> Points| {
            [sum_best(&members, best, |unit| unit.forced, of), sum_best(&members, best, |unit| unit.may_be_forced, of)]
        };
        let ([a, b], [c, d]) = (sums(|unit| unit.points.at_least), sums(|unit| unit.points.at_most));
        total = total.plus(Bounds { at_least: a.min(b), at_most: c.max(d) });
    }
    let outside = units.values().filter(|unit| !rule.ranges.iter().any(|range| in_range(range, unit.round)));
    total = outside.fold(total, |total, unit| total.plus(unit.points));
    for score in scores {
        score.kept = !dropped.contains(&unit_of(score.session));
    }
    total
}

struct Unit {
    points: Bounds,
    forced: bool,
    /// Forced, or not known not to be.
    may_be_forced: bool,
    round: u16,
}

fn sum_best(members: &[(usize, &Unit)], best: usize, forced: fn(&Unit) -> bool, of: fn(&Unit) -> Points) -> Points {
    let fixed = || members.iter().filter(|(_, unit)| forced(unit));
    let mut free: Vec<Points> = members.iter().filter(|(_, unit)| !forced(unit)).map(|(_, unit)| of(unit)).collect();
    free.sort_by(|a, b| b.cmp(a));
    let taken = fixed().count();
    fixed().map(|(_, unit)| of(unit)).sum::<Points>() + free.into_iter().take(best.saturating_sub(taken)).sum()
}
