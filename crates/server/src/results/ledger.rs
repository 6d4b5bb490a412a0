//! The success ledger: what was earned where, is due where, was served how, and what is left.

use serde::Serialize;
use sport::ledger::{Due, DueState};
use sport::rulebook::success::SuccessUnit;
use sport::season::Season;
use sport::why::state_words;
use utoipa::ToSchema;

use crate::named::{CarNamed, car};
use crate::results::Look;
use crate::results::table::{SessionNamed, session_named};
use crate::site::Site;
use sport::evaluation::Evaluation;

/// The success ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Ledger {
    /// Whether the rulebook has a success penalty at all.
    pub(crate) has_success_penalty: bool,
    /// In the order of the races that earned.
    pub(crate) dues: Vec<DueRow>,
    /// What a person should look at.
    pub(crate) findings: Vec<Look>,
}

/// One amount of success penalty.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct DueRow {
    /// The race that earned it; none for what was served and no result, as it stands now, earned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) earned_in: Option<SessionNamed>,
    /// The class whose places are counted.
    pub(crate) class: String,
    /// The place that earned it; 0 where no result did.
    pub(crate) place: u16,
    /// The car.
    pub(crate) car: CarNamed,
    /// How much, as printed: `15 s`, `20 kg`.
    pub(crate) amount: String,
    /// The same in microseconds, or in milligrams per the unit: grams.
    pub(crate) amount_value: i64,
    /// `us` for microseconds, `g` for grams.
    pub(crate) unit: String,
    /// The race in which it is due; none where it lapses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) due_in: Option<SessionNamed>,
    /// What was served there, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) served: Option<String>,
    /// How: `at-stop`, `announced`, `not-served`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) how: Option<String>,
    /// `upcoming`, `served`, `announced`, `not-published`, `left`, `too-much`, `added-to-time`, `lapsed`, `lapsed-absent`.
    pub(crate) state: String,
    /// What became of it, in words.
    pub(crate) says: String,
    /// What is left unserved, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) left: Option<String>,
}

/// The ledger of a season.
pub(crate) fn ledger(site: &Site, season: &Season, evaluation: &Evaluation) -> Ledger {
    let mut laws = (0..season.calendar.sessions.len()).map(|at| site.rulebook.law_at(&season.calendar, at));
    let open = evaluation.findings.iter().filter(|finding| finding.code == "success-places-unknown");
    Ledger {
        has_success_penalty: laws.any(|law| law.success.is_some()),
        dues: evaluation.ledger.iter().map(|due| row(site, season, due)).collect(),
        findings: open.map(Look::of).collect(),
    }
}

/// A line of it.
pub(crate) fn row(site: &Site, season: &Season, due: &Due) -> DueRow {
    let named = |session: Option<usize>| session.map(|at| session_named(site, season, at));
    DueRow {
        earned_in: named(due.earned_in),
        class: due.class.to_string(),
        place: due.place,
        car: car(&site.rulebook, season, due.entry),
        amount: due.printed(due.amount.0),
        amount_value: due.amount.0,
        unit: String::from(match due.unit {
            SuccessUnit::Time => "us",
            SuccessUnit::Ballast => "g",
        }),
        due_in: named(due.due_in),
        served: due.served_printed(),
        how: due.served.map(|(_, how)| how.word().to_owned()),
        state: due.state.word().to_owned(),
        says: state_words(&due.state),
        left: if let DueState::Left(left) = due.state { Some(due.printed(left.0)) } else { None },
    }
}
