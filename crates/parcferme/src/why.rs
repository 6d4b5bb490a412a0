//! `why`: the chain behind a number.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use sport::rulebook::championship::CompetitorKind;
use sport::season::Season;
use sport::why::{Question, Reason, why};

use crate::arguments::{Format, MomentArguments};
use crate::stop::Stop;
use crate::{moment, place};

/// Answers, or says what there is to ask about.
pub(crate) fn run(
    folder: &Path,
    about: &str,
    competitor: &str,
    arguments: &MomentArguments,
    suppose: &[String],
    format: Format,
) -> Result<String, Stop> {
    let place = place::open(folder)?;
    let season = &place.season;
    let question = if about == "success" {
        let (car, session) = competitor
            .split_once('@')
            .ok_or_else(|| Stop::usage(format!("`{competitor}`: name the car and the race, such as 19@3.race-1")))?;
        Question::Success(moment::session(season, session)?, car_of(season, car)?)
    } else if about.contains('.') {
        Question::Place(moment::session(season, about)?, car_of(season, competitor)?)
    } else {
        let of = place.championship(about)?;
        Question::Total(of.id.clone(), competitor_of(season, of.competitor, competitor)?)
    };
    let (at, through) = (moment::moment(arguments)?, moment::through(season, arguments)?);
    let world = moment::world(season, at, suppose)?;
    let reason = why(&place.rulebook, season, at, through, &world, &question).ok_or_else(|| {
        Stop::no(format!("{competitor} has no such number in {about}: it has no line there; `results` shows what is recorded of it"))
    })?;
    match format {
        Format::Text if suppose.is_empty() => Ok(text(&reason, 0)),
        Format::Text => Ok(format!("supposing {}\n{}", suppose.join(", "), text(&reason, 0))),
        Format::Json => {
            let mut reason = json(&reason);
            reason["supposed"] = json!(suppose);
            Ok(format!("{reason:#}\n"))
        }
        Format::Csv => Err(Stop::usage("a chain of reasons is no table; use --format text or json")),
    }
}

fn nearest(written: &str, known: &[(String, String)]) -> String {
    let words = known.iter().flat_map(|(id, name)| [id.as_str(), name.as_str()]);
    paperwork::suggest::nearest(written, words).map_or_else(String::new, |near| format!("; did you mean {near}?"))
}

/// A position by id, by name, or by a part of a name that only one has.
fn find(written: &str, known: &[(String, String)], what: &str) -> Result<usize, Stop> {
    let lower = written.to_lowercase();
    let exact = known.iter().position(|(id, name)| id == written || name.to_lowercase() == lower);
    let parts: Vec<usize> = (0..known.len()).filter(|at| known[*at].1.to_lowercase().contains(&lower)).collect();
    match (exact, &parts[..]) {
        (Some(at), _) => Ok(at),
        (None, [at]) => Ok(*at),
        (None, []) => Err(Stop::usage(format!("there is no {what} {written}{}", nearest(written, known)))),
        (None, several) => {
            let names: Vec<&str> = several.iter().map(|at| known[*at].1.as_str()).collect();
            Err(Stop::usage(format!("{written} may be {}", names.join(" or "))))
        }
    }
}

fn car_of(season: &Season, written: &str) -> Result<usize, Stop> {
    let known: Vec<(String, String)> = season
        .list
        .entries
        .iter()
        .map(|entry| (entry.id.to_string(), entry.number.clone().unwrap_or_else(|| entry.id.to_string())))
        .collect();
    find(written, &known, "car")
}

fn competitor_of(season: &Season, kind: CompetitorKind, written: &str) -> Result<usize, Stop> {
    let list = &season.list;
    match kind {
        CompetitorKind::Driver => {
            find(written, &list.drivers.iter().map(|driver| (driver.id.to_string(), driver.name.clone())).collect::<Vec<_>>(), "driver")
        }
        CompetitorKind::Team => {
            find(written, &list.teams.iter().map(|team| (team.id.to_string(), team.name.clone())).collect::<Vec<_>>(), "team")
        }
        CompetitorKind::Entry => car_of(season, written),
        CompetitorKind::Maker | CompetitorKind::Constructor => {
            let mut makers: Vec<String> =
                list.entries.iter().flat_map(|entry| entry.maker.iter().chain(&entry.constructor)).map(ToString::to_string).collect();
            makers.sort();
            makers.dedup();
            find(written, &makers.iter().map(|maker| (maker.clone(), maker.clone())).collect::<Vec<_>>(), "maker")
        }
    }
}

fn text(reason: &Reason, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    let mut text = format!("{indent}{}\n", reason.says);
    for cite in reason.cites.iter().filter(|cite| !cite.is_empty()) {
        let _ = writeln!(text, "{indent}    ↳ {cite}");
    }
    reason.because.iter().for_each(|because| text.push_str(&self::text(because, depth + 1)));
    text
}

fn json(reason: &Reason) -> Value {
    json!({ "says": reason.says, "cites": reason.cites, "because": reason.because.iter().map(json).collect::<Vec<_>>() })
}
