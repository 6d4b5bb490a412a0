//! What the pit lines heard of a car, impulse by impulse as their sources sent it: what a stop was measured by, what was judged void as well
//! (case 6).

use alloc::string::String;
use alloc::vec::Vec;

use crate::date::Instant;
use crate::meeting::Meeting;
use crate::meeting_fact::Verdict;
use crate::names::SourceId;
use crate::passing::PassingId;
use crate::season::{Moment, Season};

/// A pit line heard a car.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Impulse {
    /// The source.
    pub source: SourceId,
    /// When, by the source's own clock.
    pub at: Instant,
    /// The passing.
    pub passing: PassingId,
    /// Why a person judged it void, where one did. It stays on record all the same.
    pub void: Option<String>,
}

/// The impulses of the lines in the pit lane that are a car's (`entry`: its position in the list) in a session, in the order of their times.
pub fn impulses(season: &Season, moment: Moment, session: usize, entry: usize) -> Vec<Impulse> {
    let name = &season.calendar.sessions[session].name;
    let live = season.live(moment);
    let meeting = Meeting::of(season, &live, name.round);
    let layout = season.calendar.round(name.round).and_then(|round| round.layout.as_ref());
    let (Some(layout), Some((open, close))) = (layout, meeting.span(name)) else { return Vec::new() };
    let mut impulses = Vec::new();
    for batch in &meeting.batches {
        let source = layout.source(batch.source);
        if !layout.line(source.line).in_pit_lane {
            continue;
        }
        for (nth, passing) in batch.passings.iter().enumerate() {
            let id = PassingId { fact: batch.fact, nth: u16::try_from(nth).expect("a fact holds at most 65,535 passings") };
            let fitted = || passing.transponder.and_then(|transponder| meeting.fitted(transponder, passing.at));
            let (car, void) = match meeting.judgement(id) {
                Some((Verdict::Void, reason)) => (fitted(), Some(String::from(reason))),
                Some((Verdict::Of(car), _)) => (season.list.entry(car), None),
                None => (fitted(), None),
            };
            if car == Some(entry) && passing.at >= open && passing.at <= close.min(moment.in_force) {
                impulses.push(Impulse { source: source.id.clone(), at: passing.at, passing: id, void });
            }
        }
    }
    impulses.sort_by_key(|impulse| (impulse.at, impulse.passing));
    impulses
}
