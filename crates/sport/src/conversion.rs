//! Penalties at the pit lane: served in the race, or turned into time by rule.

use alloc::string::String;

use crate::date::Micros;
use crate::decision::Effect;
use crate::fact::{Fact, What};
use crate::meeting_fact::MeetingFact;
use crate::names::{DecisionId, EntryId};
use crate::rulebook::Law;
use crate::world::{Ground, Holds};

/// What became of a drive-through or stop-and-go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PitLanePenalty {
    /// It was served in the race.
    Served,
    /// It was not served, and becomes time added to the race time.
    Becomes {
        /// How much.
        time: Micros,
        /// In words, with the article.
        says: String,
    },
    /// It was not served, and the rulebook does not say what it becomes.
    Open,
}

/// Whether a car is recorded to have served what a decision gave it.
pub fn served(live: &[&Fact], of: &DecisionId, by: &EntryId) -> bool {
    let serves =
        |fact: &&Fact| matches!(&fact.what, What::Meeting(MeetingFact::PenaltyServed { decision, car }) if decision == of && car == by);
    live.iter().any(serves)
}

/// What became of an effect once the race is over; `None` for one that is no penalty at the pit lane. What a matter asks for cannot have
/// been served.
pub fn pit_lane(law: &Law, live: &[&Fact], holds: &Holds<'_>) -> Option<PitLanePenalty> {
    let (what, car, own) = if let Effect::DriveThrough { car, .. } = holds.effect {
        ("drive-through", car, Micros(0))
    } else if let Effect::StopAndGo { car, time, .. } = holds.effect {
        ("stop-and-go", car, *time)
    } else {
        return None;
    };
    if matches!(&holds.ground, Ground::Decision(id) if served(live, id, car)) {
        return Some(PitLanePenalty::Served);
    }
    let Some(rule) = &law.conversion else { return Some(PitLanePenalty::Open) };
    let base = if matches!(holds.effect, Effect::DriveThrough { .. }) { rule.drive_through } else { rule.stop_and_go };
    let time = Micros(base.0.saturating_add(own.0));
    let says = alloc::format!("{what} not served, converted to {time} s by article {}", rule.cite.article);
    Some(PitLanePenalty::Becomes { time, says })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Instant;

    /// One decision gives two cars a drive-through: that the one served it does not clear the other.
    #[test]
    fn a_penalty_is_served_by_the_car_that_served_it() {
        let what = What::Meeting(MeetingFact::PenaltyServed { decision: DecisionId::new("D1"), car: EntryId::new("7") });
        let fact = Fact { number: 1, happened: Instant(0), recorded: Instant(0), by: "x".into(), citation: "x".into(), what };
        let served = |decision: &str, car: &str| served(&[&fact], &DecisionId::new(decision), &EntryId::new(car));
        assert_eq!((served("D1", "7"), served("D1", "8"), served("D2", "7")), (true, false, false));
    }
}
