//! What the pages on results and standings show, and the API gives: every value printed once.

pub(crate) mod asked;
pub(crate) mod chain;
pub(crate) mod docket;
pub(crate) mod ended_now;
pub(crate) mod grid;
pub(crate) mod ledger;
pub(crate) mod rows;
pub(crate) mod session;
pub(crate) mod table;
pub(crate) mod worlds;

use serde::Serialize;
use sport::date::Micros;
use sport::finding::Finding;
use sport::rulebook::championship::CompetitorKind;
use sport::standings::Bounds;
use utoipa::ToSchema;

/// A competitor of any kind, or a championship.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Named {
    /// Its id.
    pub(crate) id: String,
    /// As printed.
    pub(crate) name: String,
}

/// What a person should look at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Look {
    /// `note`, `doubt`, `contradiction`.
    pub(crate) weight: String,
    /// A stable short code.
    pub(crate) code: String,
    /// What it is about.
    pub(crate) about: String,
    /// One sentence.
    pub(crate) says: String,
}

impl Look {
    pub(crate) fn of(finding: &Finding) -> Self {
        let (weight, code) = (finding.weight.word().to_owned(), finding.code.to_owned());
        Self { weight, code, about: finding.about.clone(), says: finding.says.clone() }
    }
}

/// Points as printed: `43`, or `40–58` where places are not known.
pub(crate) fn points(bounds: Bounds) -> String {
    if bounds.is_exact() {
        return bounds.at_least.published();
    }
    format!("{}–{}", bounds.at_least.published(), bounds.at_most.published())
}

/// A time as printed, or nothing.
pub(crate) fn time(time: Option<Micros>) -> String {
    time.map_or_else(String::new, |time| time.to_string())
}

/// The word of a kind of competitor.
pub(crate) fn kind(kind: CompetitorKind) -> &'static str {
    match kind {
        CompetitorKind::Driver => "driver",
        CompetitorKind::Team => "team",
        CompetitorKind::Maker => "maker",
        CompetitorKind::Constructor => "constructor",
        CompetitorKind::Entry => "entry",
    }
}
