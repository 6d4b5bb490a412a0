//! Dropped results: best N of ranges of rounds, non-droppable disqualifications (P17, P48, P49).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::points::Points;
use crate::rulebook::championship::{Keep, KeepRange, KeepUnit};
use crate::standings::{Bounds, Fate, Score};

/// The sum of scores, when no more than `cars` of a competitor's cars count in a session (its best cars, or the one of two cars a
/// driver scores in): of more that each may be the one that counts, the points possible are those of the best.
pub(crate) fn sum<'s>(scores: impl Iterator<Item = &'s Score>, cars: Option<u16>) -> Bounds {
    let Some(cars) = cars else { return scores.fold(Bounds::ZERO, |sum, score| sum.plus(score.points)) };
    let mut scores: Vec<&Score> = scores.collect();
    scores.sort_by(|a, b| (a.session, &a.award).cmp(&(b.session, &b.award)).then_with(|| b.points.at_most.cmp(&a.points.at_most)));
    let mut all = Bounds::ZERO;
    for awarded in scores.chunk_by(|a, b| a.session == b.session && a.award == b.award) {
        let beyond = |at: usize| at >= usize::from(cars);
        for (at, score) in awarded.iter().enumerate() {
            let at_most = if beyond(at) { score.points.at_most.min(Points::ZERO) } else { score.points.at_most };
            all = all.plus(Bounds { at_least: score.points.at_least, at_most: at_most.max(score.points.at_least) });
        }
    }
    all
}

/// What is held of a season so far: the rounds and sessions with a result, ascending.
pub(crate) struct Held<'a> {
    /// Round of each session.
    pub(crate) round_of: &'a dyn Fn(usize) -> u16,
    /// Sessions held that count for the championship.
    pub(crate) sessions: &'a [usize],
    /// Those of them in which somebody surely took part whom the championship counts.
    pub(crate) surely: &'a [usize],
    /// So many cars of a competitor count in a session.
    pub(crate) cars: Option<u16>,
    /// Whether to say what becomes of each score.
    pub(crate) fates: bool,
}

/// What a session is kept or dropped with, as a number: its round, or the session itself.
pub(crate) fn unit_of(rule: &Keep, round: u16, session: usize) -> usize {
    match rule.unit {
        KeepUnit::Round => usize::from(round),
        KeepUnit::Session => session,
    }
}

/// Says what is dropped and gives the points that count. Bounds stay sound: the best of the lower bounds, the best of the upper ones.
pub(crate) fn keep(rule: &Keep, held: &Held<'_>, scores: &mut [Score]) -> Bounds {
    let unit_of = |session: usize| unit_of(rule, (held.round_of)(session), session);
    let mut units: BTreeMap<usize, Unit> = BTreeMap::new();
    for score in scores.iter() {
        let unit = units.entry(unit_of(score.session)).or_insert(Unit {
            points: Bounds::ZERO,
            forced: false,
            may_be_forced: false,
            round: (held.round_of)(score.session),
        });
        unit.forced |= rule.disqualification_counts && score.disqualified == Some(true);
        unit.may_be_forced |= rule.disqualification_counts && score.disqualified != Some(false);
    }
    for (at, unit) in &mut units {
        unit.points = sum(scores.iter().filter(|score| unit_of(score.session) == *at), held.cars);
    }
    let mut total = Bounds::ZERO;
    let mut fates: BTreeMap<usize, Fate> = BTreeMap::new();
    let in_range = |range: &KeepRange, round: u16| range.first <= round && round <= range.last;
    for range in &rule.ranges {
        let mut members: Vec<(usize, &Unit)> =
            units.iter().filter(|(_, unit)| in_range(range, unit.round)).map(|(at, unit)| (*at, unit)).collect();
        let units_held = |sessions: &[usize]| {
            let mut units: Vec<usize> =
                sessions.iter().filter(|session| in_range(range, (held.round_of)(**session))).map(|session| unit_of(*session)).collect();
            units.dedup();
            u16::try_from(units.len()).unwrap_or(u16::MAX)
        };
        let best_of = |held: u16| range.best.iter().rev().find(|step| step.held <= held).map_or(usize::MAX, |step| usize::from(step.best));
        let (fewest, most) = (units_held(held.surely), units_held(held.sessions));
        // What cannot be dropped comes first and takes its places; then the best. Of equal results the earlier is kept.
        members.sort_by_key(|(at, unit)| (!unit.forced, core::cmp::Reverse(unit.points.at_least), *at));
        if held.fates {
            let best = || (fewest..=most).map(best_of);
            let (least, most_kept) = (best().min().unwrap_or(usize::MAX), best().max().unwrap_or(usize::MAX));
            let by_known = best_of(most);
            fates.extend((0..members.len()).map(|ix| (members[ix].0, fate(&members, ix, by_known, least, most_kept))));
        }
        let members: Vec<&Unit> = members.into_iter().map(|(_, unit)| unit).collect();
        let possible = (fewest..=most).map(|held| kept(&members, best_of(held)));
        let hull = possible.reduce(|a, b| Bounds { at_least: a.at_least.min(b.at_least), at_most: a.at_most.max(b.at_most) });
        total = total.plus(hull.unwrap_or(Bounds::ZERO));
    }
    let outside = units.values().filter(|unit| !rule.ranges.iter().any(|range| in_range(range, unit.round)));
    total = outside.fold(total, |total, unit| total.plus(unit.points));
    for score in scores {
        score.fate = fates.get(&unit_of(score.session)).copied().unwrap_or(Fate::Counts);
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

/// What becomes of a unit among those of its range, in the order they are kept: `by_known` count by the points known; at least `least`
/// and at most `most` of them, where nobody published how many are held.
fn fate(members: &[(usize, &Unit)], ix: usize, by_known: usize, least: usize, most: usize) -> Fate {
    let (at, mine) = members[ix];
    if mine.forced {
        return Fate::CannotBeDropped;
    }
    // Of equal results the earlier is kept.
    let before = |other: usize, theirs: Points, mine: Points| theirs > mine || (theirs == mine && other < at);
    let others = || members.iter().filter(|(other, _)| *other != at);
    let may_displace = |(other, unit): &&(usize, &Unit)| unit.may_be_forced || before(*other, unit.points.at_most, mine.points.at_least);
    let displaces = |(other, unit): &&(usize, &Unit)| unit.forced || before(*other, unit.points.at_least, mine.points.at_most);
    if others().filter(may_displace).count() < least {
        Fate::Counts
    } else if !mine.may_be_forced && others().filter(displaces).count() >= most {
        Fate::Dropped
    } else {
        Fate::Open { kept: ix < by_known }
    }
}

/// What the best so many units come to. Which of those that may be forced are is not known: the total is lowest where the poorest of
/// them take the places of better ones, and highest where the richest come on top.
fn kept(members: &[&Unit], best: usize) -> Bounds {
    let perhaps = |unit: &&&Unit| unit.may_be_forced && !unit.forced;
    let count = members.iter().filter(perhaps).count();
    let sums = |of: fn(&Unit) -> Points, poorest: bool| {
        let mut open: Vec<Points> = members.iter().filter(perhaps).map(|unit| of(unit)).collect();
        open.sort_by(|a, b| if poorest { a.cmp(b) } else { b.cmp(a) });
        let fixed: Vec<Points> = members.iter().filter(|unit| unit.forced).map(|unit| of(unit)).collect();
        let free = members.iter().filter(|unit| !unit.may_be_forced).map(|unit| of(unit));
        let free: Vec<Points> = free.collect();
        let totals = (0..=count).map(|forced| {
            let mut rest: Vec<Points> = free.iter().chain(&open[forced..]).copied().collect();
            rest.sort_by(|a, b| b.cmp(a));
            let left = best.saturating_sub(fixed.len() + forced);
            fixed.iter().chain(&open[..forced]).copied().chain(rest.into_iter().take(left)).sum::<Points>()
        });
        totals.collect::<Vec<_>>()
    };
    let at_least = sums(|unit| unit.points.at_least, true).into_iter().min();
    let at_most = sums(|unit| unit.points.at_most, false).into_iter().max();
    Bounds { at_least: at_least.unwrap_or(Points::ZERO), at_most: at_most.unwrap_or(Points::ZERO) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::{Cite, RuleCitation};
    use crate::rulebook::championship::KeepBest;
    use alloc::vec;

    fn score(session: usize, points: i64) -> Score {
        Score {
            session,
            entry: 0,
            award: "race".into(),
            scoring: None,
            classified: None,
            points: Bounds::exactly(Points::whole(points)),
            countback: true,
            disqualified: Some(false),
            fate: Fate::Counts,
        }
    }

    #[test]
    fn of_equal_results_the_earlier_is_kept() {
        let best = vec![KeepBest { held: 0, best: 2 }];
        let rule = Keep {
            unit: KeepUnit::Session,
            ranges: vec![KeepRange { first: 1, last: 9, best }],
            disqualification_counts: false,
            cite: Cite::new(RuleCitation {
                rule: "keep".into(),
                article: "P17".into(),
                source: None,
                assumed: None,
                file: "test.toml".into(),
                line: 1,
                bulletin: None,
            }),
        };
        let mut scores = vec![score(0, 10), score(1, 10), score(2, 25)];
        let held = Held { round_of: &|_| 1, sessions: &[0, 1, 2], surely: &[0, 1, 2], cars: None, fates: true };
        assert_eq!(keep(&rule, &held, &mut scores), Bounds::exactly(Points::whole(35)));
        assert_eq!(scores.iter().map(|score| score.fate.kept()).collect::<Vec<_>>(), [true, false, true]);
    }
}
