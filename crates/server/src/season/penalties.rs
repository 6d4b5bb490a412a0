//! Decisions against a car, a driver or a team, and whether they are in force.

use serde::Serialize;
use sport::decision::{Decision, Effect};
use sport::fact::Fact;
use sport::world::{Docket, World};
use utoipa::ToSchema;

use crate::clock::printed;
use crate::season::{Known, SessionTitle};

/// A decision against somebody.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct PenaltyLine {
    /// Its fact.
    pub(crate) fact: u64,
    /// Its number as published.
    pub(crate) decision: String,
    /// When it was taken, RFC 3339.
    pub(crate) at: String,
    /// Who decided.
    pub(crate) authority: String,
    /// The session it acts on, where it acts on one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session: Option<SessionTitle>,
    /// What follows, in words.
    pub(crate) says: Vec<String>,
    /// Why.
    pub(crate) reason: String,
    /// The articles.
    pub(crate) article: String,
    /// False where it was annulled, or an open matter suspends it.
    pub(crate) in_force: bool,
}

/// The decisions with an effect that a test lets through, latest first.
pub(crate) fn lines(known: &Known<'_>, against: impl Fn(&Effect) -> bool) -> Vec<PenaltyLine> {
    let force = Docket::of(&known.live).in_force(&World::default());
    let mut lines: Vec<PenaltyLine> = Vec::new();
    for (fact, decision) in known.live.iter().filter_map(|fact| Some((*fact, fact.what.decision()?))) {
        let effects: Vec<&Effect> = decision.effects.iter().filter(|effect| against(effect)).collect();
        if !effects.is_empty() {
            lines.push(line(known, fact, decision, &effects, force.decisions.contains(&decision.id)));
        }
    }
    lines.reverse();
    lines
}

fn line(known: &Known<'_>, fact: &Fact, decision: &Decision, effects: &[&Effect], in_force: bool) -> PenaltyLine {
    PenaltyLine {
        fact: fact.number,
        decision: decision.id.to_string(),
        at: printed(fact.happened),
        authority: decision.authority.clone(),
        session: effects.iter().find_map(|effect| effect.session()).map(|session| known.session(session)),
        says: effects.iter().filter_map(|effect| crate::sentences::effect_words(effect)).collect(),
        reason: decision.reason.clone(),
        article: decision.article.clone(),
        in_force,
    }
}
