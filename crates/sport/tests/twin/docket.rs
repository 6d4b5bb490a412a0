//! The second scorer's reading of the journal: which facts count, and which effects hold.

use std::collections::BTreeSet;

use sport::decision::{Against, Decision, Effect, Matter, Outcome};
use sport::fact::{Fact, What};
use sport::names::DecisionId;
use sport::season::{Moment, Season};
use sport::world::World;

/// Facts that are known, have happened and were not undone, in the order they happened.
pub fn counting(season: &Season, moment: Moment) -> Vec<Fact> {
    let known = |fact: &&Fact| fact.recorded <= moment.known && fact.happened <= moment.in_force;
    let recorded: Vec<Fact> = season.facts().iter().filter(|fact| fact.recorded <= moment.known).cloned().collect();
    let mut counting: Vec<Fact> = recorded.iter().filter(known).filter(|fact| !undone(&recorded, fact.number)).cloned().collect();
    counting.sort_by_key(|fact| (fact.happened, fact.number));
    counting
}

/// Whether some later undo, itself not undone, names the fact.
fn undone(facts: &[Fact], number: u64) -> bool {
    facts.iter().any(|later| {
        matches!(&later.what, What::Undo { fact, .. } if *fact == number) && later.number > number && !undone(facts, later.number)
    })
}

/// What holds.
pub struct Force {
    /// Decisions in force.
    pub decisions: BTreeSet<DecisionId>,
    /// Effects with what they come from: the decision's number, or `if upheld` and the matter's in a world that upholds it.
    pub effects: Vec<(String, Effect)>,
}

/// The effects of a decision: its own, or what the matter it upholds asked for.
fn effects(decision: &Decision, matters: &[&Matter]) -> Vec<Effect> {
    if !decision.effects.is_empty() {
        return decision.effects.clone();
    }
    match &decision.settles {
        Some((id, Outcome::Upheld)) => {
            matters.iter().filter(|matter| matter.id == *id).flat_map(|matter| matter.if_upheld.clone()).collect()
        }
        _ => Vec::new(),
    }
}

fn annulled_by(effects: &[Effect], against: Option<&Against>) -> Vec<DecisionId> {
    let mut annulled = Vec::new();
    for effect in effects {
        if let Effect::Annul { decision } = effect {
            annulled.push(decision.clone());
        }
    }
    if let Some(Against::Decision(decision)) = against {
        annulled.push(decision.clone());
    }
    annulled
}

/// What holds in a world.
pub fn force(facts: &[Fact], world: &World) -> Force {
    let decisions: Vec<&Decision> =
        facts.iter().filter_map(|fact| if let What::Decision(of) = &fact.what { Some(of) } else { None }).collect();
    let matters: Vec<&Matter> = facts.iter().filter_map(|fact| if let What::Matter(of) = &fact.what { Some(of) } else { None }).collect();
    let is_settled = |matter: &Matter| decisions.iter().any(|decision| matches!(&decision.settles, Some((id, _)) if *id == matter.id));
    let mut annulled: Vec<DecisionId> = Vec::new();
    for matter in &matters {
        if is_settled(matter) {
            continue;
        }
        match world.outcomes.get(&matter.id) {
            Some(Outcome::Upheld) => annulled.extend(annulled_by(&matter.if_upheld, Some(&matter.against))),
            Some(_) => {}
            None if matter.suspends => annulled.extend(annulled_by(&[], Some(&matter.against))),
            None => {}
        }
    }
    for decision in decisions.iter().rev() {
        if annulled.contains(&decision.id) {
            continue;
        }
        let upheld = decision.settles.as_ref().filter(|(_, outcome)| *outcome == Outcome::Upheld);
        let matter = upheld.and_then(|(id, _)| matters.iter().find(|matter| matter.id == *id));
        annulled.extend(annulled_by(&effects(decision, &matters), matter.map(|matter| &matter.against)));
    }
    let mut force = Force { decisions: BTreeSet::new(), effects: Vec::new() };
    for decision in &decisions {
        if !annulled.contains(&decision.id) {
            force.decisions.insert(decision.id.clone());
            force.effects.extend(effects(decision, &matters).into_iter().map(|effect| (decision.id.as_str().to_string(), effect)));
        }
    }
    for matter in &matters {
        if !is_settled(matter) && world.outcomes.get(&matter.id) == Some(&Outcome::Upheld) {
            force.effects.extend(matter.if_upheld.iter().cloned().map(|effect| (format!("if upheld {}", matter.id), effect)));
        }
    }
    force
}
