//! A session of a meeting, folded from the facts: its signals, its cars, what they did, and what a person should look at.

use alloc::vec::Vec;

use crate::date::Instant;
use crate::fact::{Fact, What};
use crate::meeting_fact::{MeetingFact, Signal};
use crate::season::{Moment, Season};
use crate::session::SessionName;

/// The signals given in a round up to a moment, in order.
pub(crate) fn signals(season: &Season, round: u16, until: Instant) -> Vec<(&SessionName, Signal)> {
    let of = |fact: &&'_ Fact| {
        fact.happened <= until && matches!(&fact.what, What::Meeting(MeetingFact::Signal { session, .. }) if session.round == round)
    };
    let live = season.live(Moment::NOW);
    let signals = live.into_iter().filter(of);
    signals
        .filter_map(
            |fact| if let What::Meeting(MeetingFact::Signal { session, signal }) = &fact.what { Some((session, *signal)) } else { None },
        )
        .collect()
}
