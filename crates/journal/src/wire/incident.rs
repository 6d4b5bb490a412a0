//! Incidents and their evidence on the wire, version 1.

use serde::{Deserialize, Serialize};
use sport::incident as sport_incident;
use sport::meeting_fact::MeetingFact;
use sport::names::{DecisionId, EntryId, IncidentId};
use sport::passing::PassingId;

use super::written::{Name, Stage, named, names};

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Incident {
    id: Name<IncidentId>,
    session: Stage,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cars: Vec<Name<EntryId>>,
    what: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<Evidence>,
}

/// What a decision answers, and what it rests on.
#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    incident: Name<IncidentId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<Evidence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    other_car: Option<String>,
}

/// A passing is `[fact, nth]`.
#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Evidence {
    Passing(u32, u16),
    Lap { car: Name<EntryId>, lap: u32 },
    Report(String),
    Video(String),
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct PenaltyServed {
    decision: Name<DecisionId>,
    car: Name<EntryId>,
}

impl From<&sport_incident::Incident> for Incident {
    fn from(incident: &sport_incident::Incident) -> Self {
        let sport_incident::Incident { id, session, cars, what, evidence } = incident;
        Self {
            id: Name(id.clone()),
            session: Stage(session.clone()),
            cars: names(cars),
            what: what.clone(),
            evidence: evidence.iter().map(Evidence::from).collect(),
        }
    }
}

impl From<Incident> for MeetingFact {
    fn from(Incident { id, session, cars, what, evidence }: Incident) -> Self {
        let evidence = evidence.into_iter().map(Into::into).collect();
        Self::Incident(sport_incident::Incident { id: id.0, session: session.0, cars: named(cars), what, evidence })
    }
}

impl PenaltyServed {
    pub(super) fn of(decision: &DecisionId, car: &EntryId) -> Self {
        Self { decision: Name(decision.clone()), car: Name(car.clone()) }
    }
}

impl From<PenaltyServed> for MeetingFact {
    fn from(PenaltyServed { decision, car }: PenaltyServed) -> Self {
        Self::PenaltyServed { decision: decision.0, car: car.0 }
    }
}

impl From<&sport_incident::Answer> for Answer {
    fn from(answer: &sport_incident::Answer) -> Self {
        let sport_incident::Answer { incident, evidence, other_car } = answer;
        Self { incident: Name(incident.clone()), evidence: evidence.iter().map(Evidence::from).collect(), other_car: other_car.clone() }
    }
}

impl From<Answer> for sport_incident::Answer {
    fn from(Answer { incident, evidence, other_car }: Answer) -> Self {
        Self { incident: incident.0, evidence: evidence.into_iter().map(Into::into).collect(), other_car }
    }
}

impl From<&sport_incident::Evidence> for Evidence {
    fn from(evidence: &sport_incident::Evidence) -> Self {
        use sport_incident::Evidence as Sport;
        match evidence {
            Sport::Passing(passing) => Self::Passing(passing.fact, passing.nth),
            Sport::Lap { car, lap } => Self::Lap { car: Name(car.clone()), lap: *lap },
            Sport::Report(text) => Self::Report(text.clone()),
            Sport::Video(text) => Self::Video(text.clone()),
        }
    }
}

impl From<Evidence> for sport_incident::Evidence {
    fn from(wire: Evidence) -> Self {
        match wire {
            Evidence::Passing(fact, nth) => Self::Passing(PassingId { fact, nth }),
            Evidence::Lap { car, lap } => Self::Lap { car: car.0, lap },
            Evidence::Report(text) => Self::Report(text),
            Evidence::Video(text) => Self::Video(text),
        }
    }
}
