//! The starting grid of a race: as it was published, or as the results that make it give it, with the reason for every place.

use serde::Serialize;
use sport::fact::{Fact, What};
use sport::grid::{self, GridPlace, NoGrid};
use sport::result::GridRow;
use sport::rulebook::Rulebook;
use sport::season::Season;
use utoipa::ToSchema;

use crate::clock::printed;
use crate::framing::place;
use crate::named::{CarNamed, PersonNamed, car, driver};
use crate::results::asked::Asking;
use crate::results::time;

/// A starting grid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Grid {
    /// The fact that published it; none where it follows from results and is not published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fact: Option<u64>,
    /// When it was published, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<String>,
    /// Whether every car of it is listed.
    pub(crate) complete: bool,
    /// The places, first first; then the cars that are not on it.
    pub(crate) places: Vec<Start>,
}

/// A place on it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Start {
    /// The place; empty for a car that is not on the grid, or where only that in its class was published.
    pub(crate) position: String,
    /// The place in its class, where published.
    pub(crate) class_position: String,
    /// The car.
    pub(crate) car: CarNamed,
    /// Who set the time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) driver: Option<PersonNamed>,
    /// The time it rests on.
    pub(crate) time: String,
    /// The same in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time_us: Option<i64>,
    /// Why it starts there, step by step.
    pub(crate) reasons: Vec<String>,
}

/// The grid of a race; `None` where none was published and none follows.
pub(crate) fn of(rulebook: &Rulebook, season: &Season, live: &[&Fact], asking: &Asking, race: usize) -> Option<Grid> {
    let name = &season.calendar.sessions[race].name;
    let published = live
        .iter()
        .rev()
        .find_map(|fact| if let What::Grid(of) = &fact.what { Some((*fact, of)) } else { None }.filter(|(_, of)| of.session == *name));
    if let Some((fact, of)) = published {
        let places = of.rows.iter().filter_map(|row| start(rulebook, season, row)).collect();
        return Some(Grid { fact: Some(fact.number), at: Some(printed(fact.happened)), complete: of.complete, places });
    }
    match grid::grid(rulebook, season, asking.moment(), &asking.world, race) {
        Ok(grid) => {
            let on = grid.places.iter().enumerate().map(|(at, place)| computed(rulebook, season, (at + 1).to_string(), place));
            let out = grid.out.iter().map(|place| computed(rulebook, season, String::new(), place));
            Some(Grid { fact: None, at: None, complete: true, places: on.chain(out).collect() })
        }
        Err(NoGrid::NoSource | NoGrid::NoResult(_)) => None,
    }
}

fn start(rulebook: &Rulebook, season: &Season, row: &GridRow) -> Option<Start> {
    Some(Start {
        position: place(row.place),
        class_position: place(row.class_place),
        car: car(rulebook, season, season.list.entry(&row.car)?),
        driver: row.driver.as_ref().and_then(|id| season.list.driver(id)).map(|at| driver(season, at)),
        time: time(row.time),
        time_us: row.time.map(|time| time.0),
        reasons: row.note.iter().flat_map(|note| note.split("; ")).map(str::to_owned).collect(),
    })
}

fn computed(rulebook: &Rulebook, season: &Season, position: String, of: &GridPlace) -> Start {
    Start {
        position,
        class_position: String::new(),
        car: car(rulebook, season, of.entry),
        driver: of.driver.map(|at| driver(season, at)),
        time: time(of.time),
        time_us: of.time.map(|time| time.0),
        reasons: of.reasons.clone(),
    }
}
