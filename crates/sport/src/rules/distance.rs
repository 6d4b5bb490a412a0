//! Who completed enough of the winner's distance to be classified (E6, P19).
//!
//! The publisher of a sheet decides who is classified on it; this says where its laps speak against it, and what becomes of a car from
//! which a decision takes laps.

use alloc::vec::Vec;

use crate::names::ClassId;
use crate::result::Finish;
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

/// How each car of a race ended whose publisher tells its laps and no more, in the publisher's order: by the rule's share of the winner's distance; without a rule,
/// and in any case without a lap, who completed one.
pub fn finishes(law: &Law, session: &Session, cars: &[(&ClassId, u32)]) -> Vec<Finish> {
    let winner = cars.first().map_or(0, |(_, laps)| *laps);
    let finish = |(class, laps): &(&ClassId, u32)| {
        let of_class = || cars.iter().find(|(other, _)| other == class).map_or(winner, |(_, first)| *first);
        let enough =
            rule(law, session, class).is_none_or(|rule| rule.enough(*laps, if rule.of_class_winner { of_class() } else { winner }));
        if *laps > 0 && enough { Finish::Classified } else { Finish::NotClassified }
    };
    cars.iter().map(finish).collect()
}

/// The rule for cars of a class in a session: the first that fits.
pub(crate) fn rule<'a>(law: &'a Law, session: &Session, class: &ClassId) -> Option<&'a ClassifiedRule> {
    law.classified.iter().find(|rule| rule.sessions.hold(session) && (rule.classes.is_empty() || rule.classes.contains(class)))
}

/// The winner's laps: at least, and at most where that is known. `may_win`: the laps, where published, of every car that may have won;
/// `on_the_road`: a winner whose laps were not published completed so many. `closed`: no other car can have won; `all_won`: each of them did,
/// in a dead heat, and most laps count.
pub(crate) fn winner(may_win: &[Option<u32>], on_the_road: u32, closed: bool, all_won: bool) -> (u32, Option<u32>) {
    let laps = may_win.iter().map(|laps| laps.unwrap_or(on_the_road));
    let at_least = if all_won { laps.max() } else { laps.min() }.unwrap_or(0);
    let known: Option<Vec<u32>> = may_win.iter().copied().collect();
    (at_least, known.filter(|_| closed).and_then(|laps| laps.into_iter().max()))
}

/// Whether a car with these laps completed the distance.
pub(crate) fn covered(rule: &ClassifiedRule, laps: Option<u32>, (at_least, at_most): (u32, Option<u32>)) -> Distance {
    match (laps, at_most) {
        (Some(laps), _) if !rule.enough(laps, at_least) => Distance::Short,
        (Some(laps), Some(most)) if rule.enough(laps, most) => Distance::Enough,
        _ => Distance::Unknown,
    }
}
