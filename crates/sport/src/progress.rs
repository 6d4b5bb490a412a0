//! How a season went: the tables as they stood after each session that gave points.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::evaluate::Evaluator;
use crate::rulebook::Rulebook;
use crate::season::{Moment, Season};
use crate::standings::Standings;
use crate::world::{Docket, World};

/// The tables of all championships after a session, in the rulebook's order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct After {
    /// Position in the calendar.
    pub session: usize,
    /// The tables.
    pub standings: Vec<Arc<Standings>>,
}

/// The tables after each session from which somebody has, or may have, points; decided as it is known at a moment: what was decided later acts on the
/// session it is about, not from its day on.
pub fn progress(rulebook: &Rulebook, season: &Season, moment: Moment) -> Vec<After> {
    let live = season.live(moment);
    let docket = Docket::of(&live);
    let through = |last| Evaluator::new(rulebook, season, &live, &docket, last).world(&World::default()).standings;
    let mut scored: Vec<usize> = Vec::new();
    for table in through(None) {
        scored.extend(table.lines.iter().flat_map(|line| &line.scores).map(|score| score.session));
    }
    scored.sort_unstable();
    scored.dedup();
    scored.into_iter().map(|session| After { session, standings: through(Some(session)) }).collect()
}
