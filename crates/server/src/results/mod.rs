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
use sport::season::Season;
use sport::standings::Bounds;
use utoipa::ToSchema;

/// Somebody or something with an id.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Named {
    /// Its id.
    pub(crate) id: String,
    /// As printed.
    pub(crate) name: String,
}

/// A car as it is named in a row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct CarNamed {
    /// Its entry's id.
    pub(crate) id: String,
    /// The number on it; its id in brackets where none was published.
    pub(crate) number: String,
    /// Its class.
    pub(crate) class: String,
    /// Its team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) team: Option<Named>,
    /// The model.
    pub(crate) model: String,
}

/// A car by position in the entry list.
pub(crate) fn car(season: &Season, entry: usize) -> CarNamed {
    let of = &season.list.entries[entry];
    let team = of.team.as_ref().and_then(|id| season.list.team(id)).map(|at| &season.list.teams[at]);
    CarNamed {
        id: of.id.to_string(),
        number: of.label(),
        class: of.class.to_string(),
        team: team.map(|team| Named { id: team.id.to_string(), name: team.name.clone() }),
        model: of.model.clone().unwrap_or_default(),
    }
}

/// A driver by position in the list.
pub(crate) fn driver(season: &Season, at: usize) -> Named {
    let of = &season.list.drivers[at];
    Named { id: of.id.to_string(), name: of.name.clone() }
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
