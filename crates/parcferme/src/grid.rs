//! `grid`: the grid of a race, with the reason for every place; `--publish` records it.

use std::path::Path;

use serde_json::{Value, json};
use sport::accept::Request;
use sport::classification::Classification;
use sport::evaluate::evaluate;
use sport::fact::What;
use sport::grid::{self, GridDrop, GridFrom, GridPlace};
use sport::live_session::LiveSession;
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};
use sport::world::{Docket, World};

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};
use crate::place::{self, Place};
use crate::stop::Stop;
use crate::{classify, moment, record};

/// `grid`.
pub(crate) fn run(folder: &Path, round: &str, session: Option<&str>, publish: bool, by: &str, format: Format) -> Result<String, Stop> {
    let Place { rulebook, season, head } = place::open(folder)?;
    let (number, session) = moment::round(&season, round, session)?;
    let race = session.ok_or_else(|| Stop::usage(format!("name the race of round {number}, such as race-1")))?;
    let places = of(&rulebook, &season, race)?;
    let mut said = String::new();
    if publish {
        let sheet = What::Grid(grid::sheet(&season, race, &places));
        let request =
            Request { happened: moment::now(), by: by.to_owned(), citation: String::from("grid from the qualifying result"), what: sheet };
        let (rulebook, begun) = place::written(folder)?;
        said = record::now(folder, &rulebook, &begun, &[request])?;
    }
    Ok(match format {
        Format::Text => format!("{}  starting grid\n{head}\n\n{}{said}", season.calendar.sessions[race].name, text(&season, &places)),
        Format::Csv => csv(&season, &places),
        Format::Json => json(&season, race, &places),
    })
}

/// The grid of a race by the result of the session that makes it: as published, or else as its passings give it.
pub(crate) fn of(rulebook: &Rulebook, season: &Season, race: usize) -> Result<Vec<GridPlace>, Stop> {
    let name = &season.calendar.sessions[race].name;
    let source = grid::source(rulebook, season, race)
        .ok_or_else(|| Stop::no(format!("the rulebook names no session of round {} that makes the grid of {name}", name.round)))?;
    let live = LiveSession::of(rulebook, season, Moment::NOW, source);
    let evaluation = evaluate(rulebook, season, Moment::NOW, Some(source), &World::default());
    let published = evaluation.classification(source).cloned();
    let classification: Classification = match published {
        Some(published) => published,
        None => classify::live(rulebook, season, Moment::NOW, source)?
            .classification
            .ok_or_else(|| Stop::no(format!("{} has no result yet", season.calendar.sessions[source].name)))?,
    };
    let facts = season.live(Moment::NOW);
    let docket = Docket::of(&facts);
    let force = docket.in_force(&World::default());
    let drops: Vec<GridDrop> = force
        .grid_drops(name)
        .into_iter()
        .filter_map(|(car, places, ground)| Some(GridDrop { entry: season.list.entry(car)?, places, ground: ground.clone() }))
        .collect();
    Ok(grid::grid(rulebook, season, &GridFrom { race, of: &classification, live: live.as_ref(), drops: &drops }))
}

fn text(season: &Season, places: &[GridPlace]) -> String {
    let mut columns = Columns::new(&[
        ("Pos", Lean::Right),
        ("No", Lean::Right),
        ("Class", Lean::Left),
        ("Driver", Lean::Left),
        ("Time", Lean::Right),
        ("Why", Lean::Left),
    ]);
    for (at, place) in places.iter().enumerate() {
        let entry = &season.list.entries[place.entry];
        columns.row(vec![
            (at + 1).to_string(),
            entry.label(),
            entry.class.to_string(),
            driver(season, place),
            place.time.map_or_else(String::new, |time| time.to_string()),
            place.reasons.join("; "),
        ]);
    }
    columns.text()
}

fn driver(season: &Season, place: &GridPlace) -> String {
    place.driver.map_or_else(String::new, |driver| season.list.drivers[driver].name.clone())
}

fn csv(season: &Season, places: &[GridPlace]) -> String {
    let mut text = csv_line(["position", "number", "car", "class", "driver", "time_us", "why"]);
    for (at, place) in places.iter().enumerate() {
        let entry = &season.list.entries[place.entry];
        let cells = [
            (at + 1).to_string(),
            entry.number.clone().unwrap_or_default(),
            entry.id.to_string(),
            entry.class.to_string(),
            driver(season, place),
            place.time.map_or_else(String::new, |time| time.0.to_string()),
            place.reasons.join("; "),
        ];
        text.push_str(&csv_line(cells.iter().map(String::as_str)));
    }
    text
}

fn json(season: &Season, race: usize, places: &[GridPlace]) -> String {
    let row = |(at, place): (usize, &GridPlace)| {
        let entry = &season.list.entries[place.entry];
        json!({
            "position": at + 1, "number": entry.number, "car": entry.id.as_str(), "class": entry.class.as_str(),
            "driver": place.driver.map(|driver| season.list.drivers[driver].name.as_str()), "time_us": place.time.map(|time| time.0), "why": place.reasons,
        })
    };
    let rows: Vec<Value> = places.iter().enumerate().map(row).collect();
    format!("{:#}\n", json!({ "session": season.calendar.sessions[race].name.to_string(), "places": rows }))
}
