//! How ties fall: wins, countback over scoring or classified results, who got there first, the latest better one (E5, P18, P68–P71).

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::place::Places;
use crate::rulebook::championship::TieBreak;
use crate::standings::Score;

/// How two competitors with equal points stand: less is ahead, equal shares the place, `None` cannot be told from what is known.
/// With the step that decided, in words.
pub(crate) fn compare(steps: &[TieBreak], a: &[Score], b: &[Score]) -> (Option<Ordering>, Option<String>) {
    for step in steps {
        let outcome = match step {
            TieBreak::Wins => wins(a, b),
            TieBreak::CountbackScoring => countback(&scoring(a), &scoring(b)),
            TieBreak::CountbackClassified => countback(&classified(a), &classified(b)),
            TieBreak::EarliestBest => earliest_best(a, b),
            TieBreak::LatestBetter => latest_better(a, b),
        };
        match outcome {
            Told::Equal => {}
            Told::Unknown => return (None, None),
            Told::Ahead(order, why) => return (Some(order), Some(why)),
        }
    }
    (Some(Ordering::Equal), None)
}

enum Told {
    Ahead(Ordering, String),
    Equal,
    Unknown,
}

/// Places that count, ascending; `None` where one is not known exactly.
type Counted = Option<Vec<u16>>;

fn exact(places: impl Iterator<Item = Places>) -> Counted {
    let mut exact = places.map(Places::exact).collect::<Option<Vec<u16>>>()?;
    exact.sort_unstable();
    Some(exact)
}

fn scoring(scores: &[Score]) -> Counted {
    // A place that surely brought nothing is no scoring result; one that may have brought something is not known to be one.
    let counts = |score: &&Score| score.countback && score.points.at_most > crate::points::Points::ZERO;
    let unsure = |score: &Score| score.points.at_least.is_zero();
    if scores.iter().filter(counts).any(|score| score.scoring.is_some() && unsure(score)) {
        return None;
    }
    exact(scores.iter().filter(counts).filter_map(|score| score.scoring))
}

fn classified(scores: &[Score]) -> Counted {
    exact(scores.iter().filter(|score| score.countback).filter_map(|score| score.classified))
}

fn wins(a: &[Score], b: &[Score]) -> Told {
    let (Some(mine), Some(theirs)) = (scoring(a), scoring(b)) else { return Told::Unknown };
    let count = |places: &[u16]| places.iter().filter(|place| **place == 1).count();
    let (mine, theirs) = (count(&mine), count(&theirs));
    if mine == theirs {
        return Told::Equal;
    }
    Told::Ahead(theirs.cmp(&mine), counted(mine, theirs, "win"))
}

/// `2 wins against 1`, `1 third place against 0`.
fn counted(mine: usize, theirs: usize, what: &str) -> String {
    alloc::format!("{mine} {what}{} against {theirs}", if mine == 1 { "" } else { "s" })
}

/// `first`, `second`, … `tenth`, `11th`.
fn ordinal(place: u16) -> String {
    const WORDS: [&str; 10] = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    let word = usize::from(place).checked_sub(1).and_then(|at| WORDS.get(at));
    let suffix = match (place % 100, place % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    word.map_or_else(|| alloc::format!("{place}{suffix}"), |word| String::from(*word))
}

/// Number of first places, then of seconds, and so on.
fn countback(a: &Counted, b: &Counted) -> Told {
    let (Some(a), Some(b)) = (a, b) else { return Told::Unknown };
    let worst = a.iter().chain(b).copied().max().unwrap_or(0);
    for place in 1..=worst {
        let count = |places: &[u16]| places.iter().filter(|other| **other == place).count();
        let (mine, theirs) = (count(a), count(b));
        if mine != theirs {
            return Told::Ahead(theirs.cmp(&mine), counted(mine, theirs, &alloc::format!("{} place", ordinal(place))));
        }
    }
    Told::Equal
}

/// Who reached the best scoring place first in the season (P70).
fn earliest_best(a: &[Score], b: &[Score]) -> Told {
    let (Some(mine), Some(theirs)) = (scoring(a), scoring(b)) else { return Told::Unknown };
    let best = mine.first().min(theirs.first()).copied().or(mine.first().copied()).or(theirs.first().copied());
    let Some(best) = best else { return Told::Equal };
    let first = |scores: &[Score]| {
        let reached = |score: &&Score| {
            score.countback && score.scoring == Some(Places::exactly(best)) && score.points.at_most > crate::points::Points::ZERO
        };
        scores.iter().filter(reached).map(|score| score.session).min()
    };
    match (first(a), first(b)) {
        (Some(mine), Some(theirs)) if mine != theirs => {
            Told::Ahead(mine.cmp(&theirs), alloc::format!("place {best} earlier in the season"))
        }
        (Some(_), None) => Told::Ahead(Ordering::Less, alloc::format!("reached place {best}")),
        (None, Some(_)) => Told::Ahead(Ordering::Greater, alloc::format!("reached place {best}")),
        _ => Told::Equal,
    }
}

/// The better place in the latest session in which they differ; a place is better than none.
fn latest_better(a: &[Score], b: &[Score]) -> Told {
    let in_session = |scores: &[Score], session: usize| -> Option<Places> {
        scores.iter().filter(|score| score.session == session && score.countback).filter_map(|score| score.scoring).min()
    };
    let mut sessions: Vec<usize> = a.iter().chain(b).map(|score| score.session).collect();
    sessions.sort_unstable();
    sessions.dedup();
    for session in sessions.into_iter().rev() {
        let (mine, theirs) = (in_session(a, session), in_session(b, session));
        if mine == theirs {
            if mine.is_some_and(|places| places.exact().is_none()) {
                return Told::Unknown;
            }
            continue;
        }
        if mine.is_some_and(|places| places.exact().is_none()) || theirs.is_some_and(|places| places.exact().is_none()) {
            return Told::Unknown;
        }
        let rank = |places: Option<Places>| places.map_or(u16::MAX, |places| places.best);
        return Told::Ahead(rank(mine).cmp(&rank(theirs)), String::from("the better place in the latest race that differs"));
    }
    Told::Equal
}
