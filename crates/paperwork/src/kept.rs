//! Dropped results laid over the calendar: a rule that can never drop anything in this season is probably a slip (P48, P49).

use sport::rulebook::Law;
use sport::rulebook::championship::{Championship, KeepRange, KeepUnit};
use sport::session::{Calendar, Session};

use crate::fault::Fault;
use crate::place::Place;

/// Warns of each range that keeps more results than the calendar holds; `place` is where the season names its rulebook.
pub(crate) fn check(calendar: &Calendar, law: &Law, place: &Place, faults: &mut Vec<Fault>) {
    for of in &law.championships {
        let Some(keep) = of.keep.as_ref().filter(|_| of.sum_of.is_empty()) else { continue };
        for range in &keep.ranges {
            let (held, word) = held(calendar, law, of, keep.unit, range);
            // The step that holds once all of the season is over.
            let best = range.best.iter().rev().find(|step| usize::from(step.held) <= held).map(|step| usize::from(step.best));
            if let Some(best) = best.filter(|best| *best > held) {
                let message = format!(
                    "{} keeps the best {best} of rounds {} to {} ({}), and the calendar has {held} {word} there: nothing is dropped",
                    of.id, range.first, range.last, keep.cite
                );
                faults.push(
                    Fault::warning("keeps-everything", place, message).label("its rulebook").help("correct the rulebook, or the calendar"),
                );
            }
        }
    }
}

/// How many units of a range the calendar holds that score in a championship.
fn held(calendar: &Calendar, law: &Law, of: &Championship, unit: KeepUnit, range: &KeepRange) -> (usize, &'static str) {
    let scores = |session: &&Session| {
        let round = session.name.round;
        let given = |award: &sport::rulebook::award::Award| {
            of.awards.contains(&award.id) && award.sessions.hold(session) && !session.without_awards.contains(&award.id)
        };
        range.first <= round && round <= range.last && !of.skip_rounds.contains(&round) && law.awards.iter().any(given)
    };
    let mut rounds: Vec<u16> = calendar.sessions.iter().filter(scores).map(|session| session.name.round).collect();
    match unit {
        KeepUnit::Session => (rounds.len(), "sessions that score"),
        KeepUnit::Round => {
            rounds.sort_unstable();
            rounds.dedup();
            (rounds.len(), "rounds that score")
        }
    }
}
