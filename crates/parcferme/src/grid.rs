//! `grid`: the grid of a race, with the reason for every place; `--publish` records it.

use std::path::Path;

use serde_json::{Value, json};
use sport::accept::Request;
use sport::evaluate::evaluate;
use sport::fact::What;
use sport::finding::{Finding, Weight};
use sport::grid::{self, Grid, GridPlace, NoGrid};
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};
use sport::world::World;

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};
use crate::place::{self, Place};
use crate::stop::Stop;
use crate::{moment, record};

/// `grid`.
pub(crate) fn run(folder: &Path, round: &str, session: Option<&str>, publish: bool, by: &str, format: Format) -> Result<String, Stop> {
    let Place { rulebook, season, head } = place::open(folder)?;
    let (number, session) = moment::round(&season, round, session)?;
    let race = session.ok_or_else(|| Stop::usage(format!("name the race of round {number}, such as race-1")))?;
    let grid = of(&rulebook, &season, race)?;
    let mut said = String::new();
    if publish {
        let sheet = What::Grid(grid::sheet(&season, race, &grid));
        let request =
            Request { happened: moment::now(), by: by.to_owned(), citation: String::from("grid from the qualifying result"), what: sheet };
        let (rulebook, begun) = place::written(folder)?;
        said = record::now(folder, &rulebook, &begun, &[request])?;
    }
    let doubts = doubts(&rulebook, &season, race);
    Ok(match format {
        Format::Text => {
            let line = |of: &Finding| format!("  {}: {}: {}\n", of.weight.word(), of.about, of.says);
            let head = format!("{}  starting grid\n{head}\n", season.calendar.sessions[race].name);
            let found: String = doubts.iter().map(line).collect();
            let found = if found.is_empty() { found } else { format!("Findings\n{found}") };
            format!("{head}\n{}{found}{said}", text(&season, &grid))
        }
        Format::Csv => csv(&season, &grid),
        Format::Json => json(&season, race, &grid, &doubts),
    })
}

/// What is doubtful about the results a grid is made of: a lap deleted from one that was printed before, say.
fn doubts(rulebook: &Rulebook, season: &Season, race: usize) -> Vec<Finding> {
    let sources = grid::sources(rulebook, season, race).unwrap_or_default();
    let names: Vec<String> = sources.into_iter().map(|at| season.calendar.sessions[at].name.to_string()).collect();
    let mut findings = evaluate(rulebook, season, Moment::NOW, Some(race), &World::default()).findings;
    findings.retain(|finding| finding.weight > Weight::Note && names.contains(&finding.about));
    findings
}

/// The grid of a race; says why where there is none.
pub(crate) fn of(rulebook: &Rulebook, season: &Season, race: usize) -> Result<Grid, Stop> {
    let name = |session: usize| &season.calendar.sessions[session].name;
    grid::grid(rulebook, season, Moment::NOW, &World::default(), race).map_err(|no| match no {
        NoGrid::NoSource => {
            Stop::no(format!("the rulebook names no session of round {} that makes the grid of {}", name(race).round, name(race)))
        }
        NoGrid::NoResult(session) => Stop::no(format!("{} has no result yet", name(session))),
    })
}

fn text(season: &Season, grid: &Grid) -> String {
    let mut columns = Columns::new(&[
        ("Pos", Lean::Right),
        ("No", Lean::Right),
        ("Class", Lean::Left),
        ("Driver", Lean::Left),
        ("Time", Lean::Right),
        ("Why", Lean::Left),
    ]);
    for (at, place) in rows(grid) {
        let entry = &season.list.entries[place.entry];
        columns.row(vec![
            at,
            entry.label(),
            entry.class.to_string(),
            driver(season, place),
            place.time.map_or_else(String::new, |time| time.to_string()),
            place.reasons.join("; "),
        ]);
    }
    columns.text()
}

/// The places, each with its number, and the cars that are not on the grid without one.
fn rows(grid: &Grid) -> impl Iterator<Item = (String, &GridPlace)> {
    let places = grid.places.iter().enumerate().map(|(at, place)| ((at + 1).to_string(), place));
    places.chain(grid.out.iter().map(|place| (String::new(), place)))
}

fn driver(season: &Season, place: &GridPlace) -> String {
    place.driver.map_or_else(String::new, |driver| season.list.drivers[driver].name.clone())
}

fn csv(season: &Season, grid: &Grid) -> String {
    let mut text = csv_line(["position", "number", "car", "class", "driver", "time_us", "why"]);
    for (at, place) in rows(grid) {
        let entry = &season.list.entries[place.entry];
        let cells = [
            at,
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

fn json(season: &Season, race: usize, grid: &Grid, doubts: &[Finding]) -> String {
    let row = |(at, place): (Option<usize>, &GridPlace)| {
        let entry = &season.list.entries[place.entry];
        json!({
            "position": at, "number": entry.number, "car": entry.id.as_str(), "class": entry.class.as_str(),
            "driver": place.driver.map(|driver| season.list.drivers[driver].name.as_str()), "time_us": place.time.map(|time| time.0), "why": place.reasons,
        })
    };
    let places = grid.places.iter().enumerate().map(|(at, place)| (Some(at + 1), place));
    let rows: Vec<Value> = places.chain(grid.out.iter().map(|place| (None, place))).map(row).collect();
    let of = |of: &Finding| json!({ "weight": of.weight.word(), "code": of.code, "about": of.about, "says": of.says });
    let doubts: Vec<Value> = doubts.iter().map(of).collect();
    let pole = grid.pole.map(|entry| season.list.entries[entry].id.as_str());
    format!(
        "{:#}\n",
        json!({ "session": season.calendar.sessions[race].name.to_string(), "pole": pole, "places": rows, "findings": doubts })
    )
}
