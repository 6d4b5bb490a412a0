//! A session as it stands: what its passings tell at a moment, and the season as it would be if that were the result.

use alloc::string::String;
use alloc::sync::Arc;

use crate::classification::Classification;
use crate::date::Instant;
use crate::evaluate::Evaluator;
use crate::evaluation::Evaluation;
use crate::fact::{Fact, What};
use crate::live_session::LiveSession;
use crate::meeting::Meeting;
use crate::result::ResultState;
use crate::rulebook::Rulebook;
use crate::season::{Moment, Season};
use crate::world::{Docket, World};

/// A session at a moment, its classification, and the season through it.
#[derive(Clone, Debug)]
pub struct AsItStands {
    /// The session.
    pub session: LiveSession,
    /// What its passings give, with every decision in force on it.
    pub classification: Option<Arc<Classification>>,
    /// The season through this session, as if what its passings give were published now.
    pub evaluation: Evaluation,
}

impl AsItStands {
    /// `None` where the session was not opened by that moment, or its circuit has no lines.
    pub fn of(rulebook: &Rulebook, season: &Season, moment: Moment, session: usize) -> Option<Self> {
        let known = season.live(moment);
        let meeting = Meeting::of(season, &known, season.calendar.sessions[session].name.round);
        let folded = LiveSession::folded(rulebook, season, &known, &meeting, session, moment)?;
        let last = || season.facts().iter().map(|fact| fact.happened).max().unwrap_or(Instant(0));
        let happened = if moment.in_force == Instant::FOREVER { last() } else { moment.in_force };
        // The sheet is the latest word on the session, and no other fact is moved by it.
        let sheet = Fact {
            number: season.next_number(),
            happened,
            recorded: happened,
            by: String::from("parcferme"),
            citation: String::from("computed from passings"),
            what: What::Result(folded.sheet(rulebook, season, ResultState::Provisional)),
        };
        let mut live = season.live(Moment { in_force: happened.max(moment.in_force), ..moment });
        live.insert(live.partition_point(|fact| (fact.happened, fact.number) < (sheet.happened, sheet.number)), &sheet);
        let evaluation = Evaluator::new(rulebook, season, &live, &Docket::of(&live), Some(session)).world(&World::default());
        let of = evaluation.classifications.iter().rfind(|of| of.session == session && of.mark.is_none());
        let classification = of.map(Arc::clone);
        Some(Self { session: folded, classification, evaluation })
    }
}
