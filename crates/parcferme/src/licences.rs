//! `licences`: points on drivers' licences, by which decisions, and what they lead to.

use std::fmt::Write as _;

use paperwork::written::counted;
use serde_json::{Value, json};
use sport::fact::Fact;
use sport::rulebook::Rulebook;
use sport::rulebook::stewarding::LicenceRule;
use sport::rules::licence::{Licence, licences, total};
use sport::season::Season;
use sport::world::{Docket, World};

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};

/// An event in which something of a driver's licence moved.
struct Row {
    /// The driver's id.
    driver: String,
    name: String,
    /// Points in force after the last event asked for.
    in_force: u16,
    round: u16,
    given: u16,
    by: Vec<String>,
    /// With what was given, before anything went.
    with_these: u16,
    /// The threshold reached, and what is proposed for it.
    reached: Option<(u16, String)>,
    gone: u16,
    left: u16,
}

/// The licences of a season in the form asked for; `after` is the last round looked at.
pub(crate) fn table(rulebook: &Rulebook, season: &Season, live: &[&Fact], after: Option<u16>, head: &str, format: Format) -> String {
    let docket = Docket::of(live);
    let force = docket.in_force(&World::default());
    let all = licences(rulebook, season, live, &force);
    let moved = |of: &&Licence<'_>| after.is_none_or(|after| of.round <= after) && (of.given > 0 || of.left != of.with_these);
    let row = |of: &Licence<'_>| Row {
        driver: of.driver.to_string(),
        name: season.list.driver(&of.driver).map_or_else(|| of.driver.to_string(), |at| season.list.drivers[at].name.clone()),
        in_force: total(&all, &of.driver, after),
        round: of.round,
        given: of.given,
        by: of.by.iter().map(ToString::to_string).collect(),
        with_these: of.with_these,
        reached: of.reached.map(|step| (step.points, step.penalty.to_string())),
        gone: of.with_these - of.left,
        left: of.left,
    };
    let rows: Vec<Row> = all.iter().filter(moved).map(row).collect();
    match format {
        Format::Text => {
            let body = if rows.is_empty() { String::from("  no points were given\n") } else { text(&rows) };
            let rule =
                season.calendar.sessions.len().checked_sub(1).and_then(|last| rulebook.law_at(&season.calendar, last).licence.as_ref());
            format!("{}\n{head}\n\nLicence points\n{body}\n{}", season.title, rule.map_or_else(without, foot))
        }
        Format::Csv => csv(&rows),
        Format::Json => {
            let rows: Vec<Value> = rows.iter().map(json).collect();
            format!("{:#}\n", json!({ "season": season.title, "licences": rows }))
        }
    }
}

/// Until when points stay, and what they lead to.
fn foot(rule: &LicenceRule) -> String {
    let mut text = String::new();
    for step in &rule.steps {
        let _ = writeln!(text, "  {} points: {} is proposed (article {})", step.points, step.penalty, step.cite.article);
    }
    let goes = |points: u16, when: &str| {
        if points == 0 {
            format!("none goes {when}")
        } else {
            format!("{} {when}", counted(usize::from(points), "point goes", "points go"))
        }
    };
    let (penalty, clean) =
        (goes(rule.after_penalty, "with the event of a penalty"), goes(rule.clean_event, "with every event without one"));
    let _ = writeln!(text, "  {penalty}, {clean} (article {})", rule.cite.article);
    text
}

fn without() -> String {
    String::from("  the rulebook has no [licence]: points lead to nothing, and none are kept\n")
}

fn text(rows: &[Row]) -> String {
    let mut columns = Columns::new(&[
        ("Driver", Lean::Left),
        ("In force", Lean::Right),
        ("Round", Lean::Right),
        ("Given", Lean::Right),
        ("By", Lean::Left),
        ("Total", Lean::Right),
        ("Proposed", Lean::Left),
        ("Gone", Lean::Right),
        ("Left", Lean::Right),
    ]);
    for of in rows.chunk_by(|a, b| a.driver == b.driver) {
        for (nth, row) in of.iter().enumerate() {
            let some = |points: u16| if points == 0 { String::new() } else { points.to_string() };
            let (name, in_force) = if nth == 0 { (row.name.clone(), row.in_force.to_string()) } else { Default::default() };
            columns.row(vec![
                name,
                in_force,
                row.round.to_string(),
                some(row.given),
                row.by.join(", "),
                row.with_these.to_string(),
                row.reached.as_ref().map_or_else(String::new, |(points, penalty)| format!("{penalty} for {points}")),
                some(row.gone),
                row.left.to_string(),
            ]);
        }
    }
    columns.text()
}

fn csv(rows: &[Row]) -> String {
    let mut text = csv_line(["driver", "name", "in_force", "round", "given", "by", "total", "threshold", "proposed", "gone", "left"]);
    for row in rows {
        let (threshold, proposed) =
            row.reached.as_ref().map_or_else(Default::default, |(points, penalty)| (points.to_string(), penalty.clone()));
        let (in_force, round, given) = (row.in_force.to_string(), row.round.to_string(), row.given.to_string());
        let (total, gone, left) = (row.with_these.to_string(), row.gone.to_string(), row.left.to_string());
        let by = row.by.join(" ");
        text.push_str(&csv_line(
            [&row.driver, &row.name, &in_force, &round, &given, &by, &total, &threshold, &proposed, &gone, &left].map(String::as_str),
        ));
    }
    text
}

fn json(row: &Row) -> Value {
    let Row { driver, name, in_force, round, given, by, with_these, reached, gone, left } = row;
    json!({
        "driver": driver, "name": name, "in_force": in_force, "round": round, "given": given, "by": by, "total": with_these,
        "threshold": reached.as_ref().map(|(points, _)| points), "proposed": reached.as_ref().map(|(_, penalty)| penalty), "gone": gone, "left": left,
    })
}
