//! Decisions and open matters on the wire, version 1.

use serde::{Deserialize, Serialize};
use sport::decision as sport_decision;
use sport::decision::{MatterKind, Outcome};
use sport::names::{DecisionId, DriverId, EntryId, MakerId, MatterId, TeamId};

use super::effect::Effect;
use super::incident::Answer;
use super::written::{Name, Stage, Word, is_false};

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    id: Name<DecisionId>,
    authority: String,
    article: String,
    reason: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    effects: Vec<Effect>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settles: Option<Settles>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answers: Option<Answer>,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Settles {
    matter: Name<MatterId>,
    outcome: Word<Outcome>,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Matter {
    id: Name<MatterId>,
    kind: Word<MatterKind>,
    by: String,
    against: Against,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    if_upheld: Vec<Effect>,
    #[serde(default, skip_serializing_if = "is_false")]
    suspends: bool,
    reason: String,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Against {
    Decision(Name<DecisionId>),
    Result(Stage),
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Named {
    Driver(Name<DriverId>),
    Team(Name<TeamId>),
    Maker(Name<MakerId>),
    Entry(Name<EntryId>),
}

impl From<&sport_decision::Decision> for Decision {
    fn from(decision: &sport_decision::Decision) -> Self {
        let sport_decision::Decision { id, authority, article, reason, effects, settles, answers } = decision;
        Self {
            id: Name(id.clone()),
            authority: authority.clone(),
            article: article.clone(),
            reason: reason.clone(),
            effects: effects.iter().map(Effect::from).collect(),
            settles: settles.as_ref().map(|(matter, outcome)| Settles { matter: Name(matter.clone()), outcome: Word(*outcome) }),
            answers: answers.as_ref().map(Answer::from),
        }
    }
}

impl From<Decision> for sport_decision::Decision {
    fn from(wire: Decision) -> Self {
        let Decision { id, authority, article, reason, effects, settles, answers } = wire;
        Self {
            id: id.0,
            authority,
            article,
            reason,
            effects: effects.into_iter().map(sport_decision::Effect::from).collect(),
            settles: settles.map(|Settles { matter, outcome }| (matter.0, outcome.0)),
            answers: answers.map(Into::into),
        }
    }
}

impl From<&sport_decision::Matter> for Matter {
    fn from(matter: &sport_decision::Matter) -> Self {
        let sport_decision::Matter { id, kind, by, against, if_upheld, suspends, reason } = matter;
        Self {
            id: Name(id.clone()),
            kind: Word(*kind),
            by: by.clone(),
            against: match against {
                sport_decision::Against::Decision(decision) => Against::Decision(Name(decision.clone())),
                sport_decision::Against::Result(session) => Against::Result(Stage(session.clone())),
            },
            if_upheld: if_upheld.iter().map(Effect::from).collect(),
            suspends: *suspends,
            reason: reason.clone(),
        }
    }
}

impl From<Matter> for sport_decision::Matter {
    fn from(wire: Matter) -> Self {
        let Matter { id, kind, by, against, if_upheld, suspends, reason } = wire;
        Self {
            id: id.0,
            kind: kind.0,
            by,
            against: match against {
                Against::Decision(decision) => sport_decision::Against::Decision(decision.0),
                Against::Result(session) => sport_decision::Against::Result(session.0),
            },
            if_upheld: if_upheld.into_iter().map(sport_decision::Effect::from).collect(),
            suspends,
            reason,
        }
    }
}

impl From<&sport_decision::Named> for Named {
    fn from(named: &sport_decision::Named) -> Self {
        match named {
            sport_decision::Named::Driver(id) => Self::Driver(Name(id.clone())),
            sport_decision::Named::Team(id) => Self::Team(Name(id.clone())),
            sport_decision::Named::Maker(id) => Self::Maker(Name(id.clone())),
            sport_decision::Named::Entry(id) => Self::Entry(Name(id.clone())),
        }
    }
}

impl From<Named> for sport_decision::Named {
    fn from(wire: Named) -> Self {
        match wire {
            Named::Driver(id) => Self::Driver(id.0),
            Named::Team(id) => Self::Team(id.0),
            Named::Maker(id) => Self::Maker(id.0),
            Named::Entry(id) => Self::Entry(id.0),
        }
    }
}
