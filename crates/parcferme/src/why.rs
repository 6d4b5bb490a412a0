//! `why`: the chain behind a number.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use sport::evaluate::evaluate;
use sport::evaluation::Evaluation;
use sport::names::ChampionshipId;
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
        let evaluation = || evaluate(&place.rulebook, season, at, through, &world);
        Stop::no(match &question {
            Question::Total(id, _) => no_line(competitor, id, &evaluation()),
            Question::Place(session, entry) => not_placed(season, &evaluation(), *session, *entry),
            Question::Success(session, entry) => no_success(&place, *session, *entry),
        })
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

/// Of the lines that are there, so many are named.
const NAMED: usize = 6;

fn no_line(competitor: &str, id: &ChampionshipId, evaluation: &Evaluation) -> String {
    let names: Vec<&str> = evaluation.table(id).map_or_else(Vec::new, |table| table.lines.iter().map(|line| line.name.as_str()).collect());
    let more = names.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!("; and {more} more") };
    let there = match &names[..] {
        [] => String::from("nobody has one yet"),
        names => format!("there are {}{more}", names[..names.len().min(NAMED)].join("; ")),
    };
    format!("{competitor} has no line in {id}; {there}")
}

fn not_placed(season: &Season, evaluation: &Evaluation, session: usize, entry: usize) -> String {
    let (name, car) = (&season.calendar.sessions[session].name, season.list.entries[entry].label());
    match evaluation.classification(session) {
        None => format!("no result of {name} is recorded"),
        Some(of) => {
            let cars: Vec<String> = of.rows.iter().map(|row| season.list.entries[row.entry].label()).collect();
            format!("car {car} is not on the sheet of {name}; it lists {}", cars.join(", "))
        }
    }
}

fn no_success(place: &place::Place, session: usize, entry: usize) -> String {
    let season = &place.season;
    let (name, of) = (&season.calendar.sessions[session].name, &season.list.entries[entry]);
    match &place.rulebook.law_at(&season.calendar, session).success {
        None => String::from("the rulebook has no success penalty"),
        Some(rule) if !rule.classes.contains(&of.class) => {
            format!("car {} is {}, and {} has no success penalty, article {}", of.label(), of.class, of.class, rule.cite.article)
        }
        Some(_) => format!("car {} earned nothing in {name}, and nothing is due of it there; `dues` shows the ledger", of.label()),
    }
}

fn nearest(written: &str, known: &[(String, String)]) -> String {
    let words = known.iter().flat_map(|(id, name)| [id.as_str(), name.as_str()]);
    let part = || {
        let near = paperwork::suggest::nearest(written, known.iter().flat_map(|(_, name)| name.split_whitespace()))?;
        known.iter().map(|(_, name)| name.as_str()).find(|name| name.split_whitespace().any(|part| part == near))
    };
    let near = paperwork::suggest::nearest(written, words).or_else(part);
    near.map_or_else(String::new, |near| format!("; did you mean {near}?"))
}

/// Whether a name has a word, or several, that begin so. A number is one only as a whole: 4 is no part of gt4, and 1 none of 19.
fn begins(name: &str, part: &str) -> bool {
    let digits = part.chars().all(|c| c.is_ascii_digit());
    let alone = |at: usize| !name[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    !digits && !part.is_empty() && name.match_indices(part).any(|(at, _)| alone(at))
}

/// A position by id, by name, or by words of a name that only one has.
fn find(written: &str, known: &[(String, String)], what: &str) -> Result<usize, Stop> {
    let lower = written.to_lowercase();
    let exact = known.iter().position(|(id, name)| id == written || name.to_lowercase() == lower);
    let parts: Vec<usize> = (0..known.len()).filter(|at| begins(&known[*at].1.to_lowercase(), &lower)).collect();
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

pub(crate) fn car_of(season: &Season, written: &str) -> Result<usize, Stop> {
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
            let car = list.entries.iter().find(|entry| entry.id.as_str() == written || entry.number.as_deref() == Some(written));
            if let Some(car) = car.filter(|_| list.drivers.iter().all(|driver| driver.id.as_str() != written)) {
                let aboard = |id: &&sport::entry::Driver| car.spells.iter().any(|spell| spell.crew.contains(&id.id));
                let names: Vec<&str> = list.drivers.iter().filter(aboard).map(|driver| driver.name.as_str()).collect();
                return Err(Stop::usage(format!("{written} is a car; ask for one of its drivers: {}", names.join(", "))));
            }
            find(written, &list.drivers.iter().map(|driver| (driver.id.to_string(), driver.name.clone())).collect::<Vec<_>>(), "driver")
        }
        CompetitorKind::Team => {
            find(written, &list.teams.iter().map(|team| (team.id.to_string(), team.name.clone())).collect::<Vec<_>>(), "team")
        }
        CompetitorKind::Entry => car_of(season, written),
        CompetitorKind::Maker | CompetitorKind::Constructor => {
            let makers = list.makers().iter().map(|maker| (maker.to_string(), maker.to_string())).collect::<Vec<_>>();
            find(written, &makers, "maker")
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
