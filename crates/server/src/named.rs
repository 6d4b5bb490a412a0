//! Cars, people and teams as every page and every answer of the API names them.

use serde::Serialize;
use sport::names::TeamId;
use sport::rulebook::Rulebook;
use sport::season::Season;
use utoipa::ToSchema;

/// A car by its names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct CarNamed {
    /// Its id in the season.
    pub(crate) id: String,
    /// The number on it; its id in brackets where none was published.
    pub(crate) number: String,
    /// Its class; empty where the entry list does not have the car.
    pub(crate) class: String,
    /// Its team, where published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) team: Option<TeamNamed>,
    /// The model, as printed; empty where not published.
    pub(crate) model: String,
    /// For the plate.
    #[serde(skip)]
    #[schema(ignore)]
    pub(crate) colour: usize,
}

/// A driver by its names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct PersonNamed {
    /// The driver's id.
    pub(crate) id: String,
    /// The name as printed.
    pub(crate) name: String,
}

/// A team by its names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct TeamNamed {
    /// The team's id.
    pub(crate) id: String,
    /// The name as printed.
    pub(crate) name: String,
}

/// A car by position in the entry list.
pub(crate) fn car(rulebook: &Rulebook, season: &Season, entry: usize) -> CarNamed {
    let of = &season.list.entries[entry];
    CarNamed {
        id: of.id.to_string(),
        number: of.label(),
        class: of.class.to_string(),
        team: of.team.as_ref().map(|id| team(season, id)),
        model: of.model.clone().unwrap_or_default(),
        colour: colour(rulebook, of.class.as_str()),
    }
}

/// A driver by position in the list.
pub(crate) fn driver(season: &Season, at: usize) -> PersonNamed {
    let of = &season.list.drivers[at];
    PersonNamed { id: of.id.to_string(), name: of.name.clone() }
}

/// A team by its id; one that the list does not have is named by it.
pub(crate) fn team(season: &Season, id: &TeamId) -> TeamNamed {
    let name = season.list.team(id).map_or_else(|| id.to_string(), |at| season.list.teams[at].name.clone());
    TeamNamed { id: id.to_string(), name }
}

/// The position of a class in the rulebook, for its colour.
pub(crate) fn colour(rulebook: &Rulebook, class: &str) -> usize {
    rulebook.latest().classes.iter().position(|of| of.id.as_str() == class).unwrap_or(0) % 4
}
