//! What an evaluation gives: every classification, the ledger, every table, and what a person should look at.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::classification::Classification;
use crate::finding::Finding;
use crate::ledger::Due;
use crate::names::{ChampionshipId, MatterId};
use crate::standings::Standings;

/// The whole season in one world of open matters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evaluation {
    /// Classifications in calendar order; marks before the finish of their race.
    pub classifications: Vec<Arc<Classification>>,
    /// The success ledger, in the order of the races that earned.
    pub ledger: Vec<Due>,
    /// One a championship, in the rulebook's order.
    pub standings: Vec<Arc<Standings>>,
    /// Matters that are open.
    pub open: Vec<MatterId>,
    /// What a person should look at, most weighty first.
    pub findings: Vec<Finding>,
}

impl Evaluation {
    /// The table of a championship.
    pub fn table(&self, id: &ChampionshipId) -> Option<&Standings> {
        self.standings.iter().find(|standings| standings.championship == *id).map(|table| &**table)
    }

    /// The classification of a session's finish.
    pub fn classification(&self, session: usize) -> Option<&Classification> {
        self.classifications.iter().find(|of| of.session == session && of.mark.is_none()).map(|of| &**of)
    }
}
