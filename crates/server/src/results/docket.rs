//! Decisions, incidents and matters about a session.

use std::collections::BTreeSet;

use serde::Serialize;
use sport::decision::{Against, Decision, Effect, Matter};
use sport::fact::{Fact, What};
use sport::incident::incident;
use sport::meeting_fact::MeetingFact;
use sport::names::EntryId;
use sport::season::Season;
use sport::session::SessionName;
use sport::world::{Docket, InForce, World};
use utoipa::ToSchema;

use crate::clock::printed;
use crate::sentences::effect_words;

/// A decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Decided {
    /// Its number as published.
    pub(crate) id: String,
    /// The fact it was recorded as.
    pub(crate) fact: u64,
    /// When it was taken, RFC 3339.
    pub(crate) at: String,
    /// Who decided.
    pub(crate) authority: String,
    /// The articles it rests on.
    pub(crate) article: String,
    /// What happened.
    pub(crate) reason: String,
    /// What follows; empty for no further action.
    pub(crate) effects: Vec<String>,
    /// Whether it is in force.
    pub(crate) in_force: bool,
    /// The open matter that suspends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) suspended_by: Option<String>,
    /// The matter it ends, and how: `A1 upheld`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) settles: Option<String>,
    /// The incident it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) incident: Option<String>,
}

/// A protest, an appeal, a review or an inquiry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct MatterOf {
    /// Its id.
    pub(crate) id: String,
    /// `protest`, `appeal`, `review`, `inquiry`, `intention`.
    pub(crate) kind: String,
    /// The fact it was recorded as.
    pub(crate) fact: u64,
    /// When it was lodged, RFC 3339.
    pub(crate) at: String,
    /// Who lodged it.
    pub(crate) by: String,
    /// What it is directed at: `decision 7`, `the result of 2.race-1`.
    pub(crate) against: String,
    /// The grounds.
    pub(crate) reason: String,
    /// Whether it is open.
    pub(crate) open: bool,
    /// How it is supposed to end where it is: `upheld`, `rejected`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) supposed: Option<String>,
    /// Whether the decision it is directed at has no effect while it is open.
    pub(crate) suspends: bool,
    /// What follows if it is upheld, besides that the decision it is directed at is annulled.
    pub(crate) if_upheld: Vec<String>,
}

/// An incident.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct IncidentOf {
    /// Its number or short name.
    pub(crate) id: String,
    /// The fact it was recorded as.
    pub(crate) fact: u64,
    /// When it happened, RFC 3339.
    pub(crate) at: String,
    /// The cars concerned, by id.
    pub(crate) cars: Vec<String>,
    /// What happened.
    pub(crate) what: String,
    /// The decision that answers it; none while it is under investigation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decision: Option<String>,
}

/// What is on a session's docket.
pub(crate) struct OnSession<'a> {
    season: &'a Season,
    live: &'a [&'a Fact],
    docket: Docket<'a>,
    force: InForce<'a>,
    world: &'a World,
    name: &'a SessionName,
}

impl<'a> OnSession<'a> {
    pub(crate) fn of(season: &'a Season, live: &'a [&'a Fact], session: usize, world: &'a World) -> Self {
        let docket = Docket::of(live);
        let force = docket.in_force(world);
        Self { season, live, docket, force, world, name: &season.calendar.sessions[session].name }
    }

    fn at(&self, number: u64) -> String {
        self.live.iter().find(|fact| fact.number == number).map_or_else(String::new, |fact| printed(fact.happened))
    }

    /// The decisions that act on the session, that answer an incident in it, or that settle a matter about it.
    pub(crate) fn decisions(&self) -> Vec<Decided> {
        let acting = self.docket.acting_on(self.name);
        let matters = self.touching();
        let answers = |decision: &Decision| {
            let incident = decision.answers.as_ref().and_then(|answer| incident(self.live, &answer.incident));
            incident.is_some_and(|incident| incident.session == *self.name)
        };
        let settles = |decision: &Decision| decision.settles.as_ref().is_some_and(|(id, _)| matters.iter().any(|(_, of)| of.id == *id));
        let about = |decision: &Decision| acting.contains(&decision.id) || answers(decision) || settles(decision);
        let told = self.docket.decisions.iter().filter(|(_, decision)| about(decision));
        told.map(|(fact, decision)| self.decision(*fact, decision)).collect()
    }

    fn decision(&self, fact: u64, of: &Decision) -> Decided {
        let suspended = self.docket.suspended(self.world);
        let suspended = suspended.into_iter().find(|(decision, _)| decision.id == of.id);
        Decided {
            id: of.id.to_string(),
            fact,
            at: self.at(fact),
            authority: of.authority.clone(),
            article: of.article.clone(),
            reason: of.reason.clone(),
            effects: of.effects.iter().filter_map(|effect| effect_told(self.season, effect)).collect(),
            in_force: self.force.decisions.contains(&of.id),
            suspended_by: suspended.map(|(_, matter)| format!("{} {}", matter.kind.word(), matter.id)),
            settles: of.settles.as_ref().map(|(id, outcome)| format!("{id} {}", outcome.word())),
            incident: of.answers.as_ref().map(|answer| answer.incident.to_string()),
        }
    }

    /// The matters that touch the session, settled or not.
    fn touching(&self) -> Vec<(u64, &'a Matter)> {
        let acting = self.docket.acting_on(self.name);
        let asks: BTreeSet<_> = self.docket.open_on(self.name).into_iter().map(|matter| &matter.id).collect();
        let touches = |matter: &Matter| match &matter.against {
            Against::Result(of) => of == self.name,
            Against::Decision(id) => acting.contains(id),
        };
        self.docket.matters.iter().filter(|(_, matter)| asks.contains(&matter.id) || touches(matter)).copied().collect()
    }

    pub(crate) fn matters(&self) -> Vec<MatterOf> {
        self.touching().into_iter().map(|(fact, matter)| self.matter(fact, matter)).collect()
    }

    fn matter(&self, fact: u64, matter: &Matter) -> MatterOf {
        MatterOf {
            id: matter.id.to_string(),
            kind: matter.kind.word().to_owned(),
            fact,
            at: self.at(fact),
            by: matter.by.clone(),
            against: match &matter.against {
                Against::Decision(id) => format!("decision {id}"),
                Against::Result(of) => format!("the result of {of}"),
            },
            reason: matter.reason.clone(),
            open: self.docket.open().iter().any(|open| open.id == matter.id),
            supposed: self.world.outcomes.get(&matter.id).map(|outcome| outcome.word().to_owned()),
            suspends: matter.suspends,
            if_upheld: matter.if_upheld.iter().filter_map(|effect| effect_told(self.season, effect)).collect(),
        }
    }

    pub(crate) fn incidents(&self) -> Vec<IncidentOf> {
        let of = |fact: &&Fact| {
            let What::Meeting(MeetingFact::Incident(incident)) = &fact.what else { return None };
            let answers = |decision: &Decision| decision.answers.as_ref().is_some_and(|answer| answer.incident == incident.id);
            let decision = self.docket.decisions.iter().find(|(_, decision)| answers(decision));
            (incident.session == *self.name).then(|| IncidentOf {
                id: incident.id.to_string(),
                fact: fact.number,
                at: printed(fact.happened),
                cars: incident.cars.iter().map(EntryId::to_string).collect(),
                what: incident.what.clone(),
                decision: decision.map(|(_, decision)| decision.id.to_string()),
            })
        };
        self.live.iter().filter_map(of).collect()
    }
}

/// Every open matter of the season.
pub(crate) fn open(season: &Season, live: &[&Fact]) -> Vec<MatterOf> {
    let Some(first) = season.calendar.sessions.first() else { return Vec::new() };
    let docket = Docket::of(live);
    let open: Vec<_> = docket.open().into_iter().map(|matter| matter.id.clone()).collect();
    let world = World::default();
    let on = OnSession { season, live, force: docket.in_force(&world), docket, world: &world, name: &first.name };
    on.docket.matters.iter().filter(|(_, matter)| open.contains(&matter.id)).map(|(fact, matter)| on.matter(*fact, matter)).collect()
}

/// An effect with the car it acts on: `car 19: drive-through`.
fn effect_told(season: &Season, effect: &Effect) -> Option<String> {
    let words = effect_words(effect)?;
    let label = |car: &EntryId| season.list.entry(car).map_or_else(|| car.to_string(), |at| season.list.entries[at].label());
    Some(effect.car().map_or_else(|| words.clone(), |car| format!("car {}: {words}", label(car))))
}
