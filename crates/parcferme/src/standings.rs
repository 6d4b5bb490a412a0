//! `standings`: the tables for people and machines.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sport::evaluation::Evaluation;
use sport::finding::Finding;
use sport::season::Season;
use sport::standings::{Line, Standings};

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};

/// The tables in the form asked for; `supposed` are the outcomes of open matters they rest on, as written: `A1=upheld`.
pub(crate) fn tables(
    season: &Season,
    evaluation: &Evaluation,
    tables: &[&Standings],
    head: &str,
    supposed: &[String],
    format: Format,
) -> String {
    match format {
        Format::Text => text(season, evaluation, tables, head, supposed),
        Format::Csv => csv(tables, supposed),
        Format::Json => {
            let tables: Vec<Value> = tables.iter().map(|table| json_table(season, table)).collect();
            let findings: Vec<Value> = evaluation.findings.iter().map(json_finding).collect();
            let open: Vec<&str> = evaluation.open.iter().map(|id| id.as_str()).collect();
            let all = json!({
                "season": season.title, "standings": tables, "open": open, "findings": findings, "supposed": supposed,
            });
            format!("{all:#}\n")
        }
    }
}

fn text(season: &Season, evaluation: &Evaluation, tables: &[&Standings], head: &str, supposed: &[String]) -> String {
    let mut text = format!("{}\n{head}\n", season.title);
    if !supposed.is_empty() {
        let _ = writeln!(text, "supposing {}", supposed.join(", "));
    }
    for table in tables {
        let bounded = table.lines.iter().any(|line| !line.points.is_exact());
        let _ = writeln!(text, "\n{}", table.title);
        let points = if bounded { "At least" } else { "Points" };
        let mut columns = Columns::new(&[
            ("Pos", Lean::Right),
            ("Competitor", Lean::Left),
            (points, Lean::Right),
            ("At most", Lean::Right),
            ("Possible", Lean::Right),
            ("Wins", Lean::Right),
            ("Note", Lean::Left),
        ]);
        for (at, line) in table.lines.iter().enumerate() {
            let most = if bounded { line.points.at_most.published() } else { String::new() };
            columns.row(vec![
                line.position(),
                line.name.clone(),
                line.points.at_least.published(),
                most,
                line.possible_places(),
                match line.wins() {
                    0 => String::new(),
                    wins => wins.to_string(),
                },
                line.remarks(table.lines.get(at + 1)).join("; "),
            ]);
        }
        if table.lines.is_empty() {
            text.push_str("  no scores yet\n");
        } else {
            text.push_str(&columns.text());
        }
    }
    let shown: Vec<&str> = tables.iter().map(|table| table.championship.as_str()).collect();
    text.push_str(&findings(&evaluation.findings, &shown));
    if !evaluation.open.is_empty() {
        let open: Vec<&str> = evaluation.open.iter().map(|id| id.as_str()).collect();
        let _ = writeln!(text, "\nOpen matters: {}. Provisional until they are settled; see --worlds.", open.join(", "));
    }
    text
}

/// Findings for people: those about the championships shown, about sessions, and about the facts themselves.
pub(crate) fn findings(all: &[Finding], championships: &[&str]) -> String {
    // What the ledger lacks is said beside the ledger.
    let of_session =
        |finding: &&Finding| finding.about.starts_with(|c: char| c.is_ascii_digit()) && finding.code != "success-places-unknown";
    let of_table = |finding: &&Finding| championships.contains(&finding.about.as_str());
    let of_facts = |finding: &&Finding| {
        finding.about == "journal" || ["fact ", "matter ", "driver ", "round "].iter().any(|noun| finding.about.starts_with(noun))
    };
    let shown = |finding: &&Finding| of_table(finding) || of_session(finding) || of_facts(finding);
    let mut text = String::new();
    for finding in all.iter().filter(shown) {
        if text.is_empty() {
            text.push_str("\nFindings\n");
        }
        let _ = writeln!(text, "  {}: {}: {}", finding.weight.word(), finding.about, finding.says);
    }
    text
}

fn csv(tables: &[&Standings], supposed: &[String]) -> String {
    let head = [
        "championship",
        "position",
        "competitor",
        "points",
        "at_least",
        "at_most",
        "best_position",
        "worst_position",
        "gross",
        "label",
        "supposed",
    ];
    let mut text = csv_line(head);
    for table in tables {
        for line in &table.lines {
            let position = line.place.filter(|_| line.label.is_none()).map_or_else(String::new, |place| place.to_string());
            let edge = |place: u16| if line.label.is_some() { String::new() } else { place.to_string() };
            let cells = [
                table.championship.to_string(),
                position,
                line.name.clone(),
                line.points.at_least.published(),
                line.points.at_least.published(),
                line.points.at_most.published(),
                edge(line.possible.best),
                edge(line.possible.worst),
                line.gross.at_least.published(),
                line.label.clone().unwrap_or_default(),
                supposed.join(" "),
            ];
            text.push_str(&csv_line(cells.iter().map(String::as_str)));
        }
    }
    text
}

pub(crate) fn json_table(season: &Season, table: &Standings) -> Value {
    let lines: Vec<Value> = table.lines.iter().map(|line| json_line(season, line)).collect();
    json!({ "championship": table.championship.as_str(), "title": table.title, "unknown_places": table.unknown, "lines": lines })
}

fn json_line(season: &Season, line: &Line) -> Value {
    let scores: Vec<Value> = line
        .scores
        .iter()
        .map(|score| {
            json!({
                "session": season.calendar.sessions[score.session].name.to_string(),
                "car": season.list.entries[score.entry].id.as_str(),
                "award": score.award.as_str(),
                "place": score.scoring.map(|places| places.to_string()),
                "at_least": score.points.at_least.exact(),
                "at_most": score.points.at_most.exact(),
                "kept": score.fate.kept(),
            })
        })
        .collect();
    json!({
        "position": line.place,
        "shared": line.shared,
        "label": line.label,
        "competitor": line.name,
        "points": line.points.at_least.published(),
        "at_least": line.points.at_least.exact(),
        "at_most": line.points.at_most.exact(),
        "gross": line.gross.at_least.exact(),
        "best_position": line.possible.best,
        "worst_position": line.possible.worst,
        "tie": line.tie,
        "scores": scores,
    })
}

pub(crate) fn json_finding(finding: &Finding) -> Value {
    json!({ "weight": finding.weight.word(), "code": finding.code, "about": finding.about, "says": finding.says })
}
