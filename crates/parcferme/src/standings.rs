//! `standings`: the tables for people and machines, and across worlds.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};
use sport::evaluation::Evaluation;
use sport::finding::Finding;
use sport::place::Places;
use sport::season::Season;
use sport::standings::{Line, Standings};
use sport::worlds::{Across, Worlds};

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};

/// The place as printed: `3`, `3=` when shared, or the label of a line without one.
fn place(line: &Line) -> String {
    match (&line.label, line.place) {
        (Some(label), _) => label.clone(),
        (None, Some(place)) if line.shared => format!("{place}="),
        (None, place) => place.map_or_else(String::new, |place| place.to_string()),
    }
}

fn open_places(line: &Line) -> String {
    if line.label.is_some() || line.possible.exact().is_some() { String::new() } else { line.possible.to_string() }
}

/// The tables in the form asked for.
pub(crate) fn tables(season: &Season, evaluation: &Evaluation, tables: &[&Standings], head: &str, format: Format) -> String {
    match format {
        Format::Text => text(season, evaluation, tables, head),
        Format::Csv => csv(tables),
        Format::Json => {
            let tables: Vec<Value> = tables.iter().map(|table| json_table(season, table)).collect();
            let findings: Vec<Value> = evaluation.findings.iter().map(json_finding).collect();
            let open: Vec<&str> = evaluation.open.iter().map(|id| id.as_str()).collect();
            format!("{:#}\n", json!({ "season": season.title, "standings": tables, "open": open, "findings": findings }))
        }
    }
}

fn text(season: &Season, evaluation: &Evaluation, tables: &[&Standings], head: &str) -> String {
    let mut text = format!("{}\n{head}\n", season.title);
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
        for line in &table.lines {
            let most = if bounded { line.points.at_most.published() } else { String::new() };
            columns.row(vec![
                place(line),
                line.name.clone(),
                line.points.at_least.published(),
                most,
                open_places(line),
                wins(line),
                note(line),
            ]);
        }
        if table.lines.is_empty() {
            text.push_str("  no scores yet\n");
        } else {
            text.push_str(&columns.text());
        }
    }
    text.push_str(&findings(&evaluation.findings, tables));
    if !evaluation.open.is_empty() {
        let open: Vec<&str> = evaluation.open.iter().map(|id| id.as_str()).collect();
        let _ = writeln!(text, "\nOpen matters: {}. Provisional until they are settled; see --worlds.", open.join(", "));
    }
    text
}

/// Sessions won, by the scoring place.
fn wins(line: &Line) -> String {
    let won: BTreeSet<usize> = line
        .scores
        .iter()
        .filter(|score| score.countback && score.scoring == Some(Places::exactly(1)) && !score.points.at_least.is_zero())
        .map(|score| score.session)
        .collect();
    if won.is_empty() { String::new() } else { won.len().to_string() }
}

fn note(line: &Line) -> String {
    let mut notes: Vec<String> =
        line.adjustments.iter().map(|adjustment| format!("{} by {}", adjustment.points, adjustment.ground)).collect();
    if line.gross != line.points && line.adjustments.is_empty() {
        notes.push(format!("{} gross", line.gross.at_least));
    }
    notes.extend(line.tie.clone());
    notes.join("; ")
}

/// Findings for people: those about the tables shown, those about sessions counted together by kind.
fn findings(all: &[Finding], tables: &[&Standings]) -> String {
    // What the ledger lacks is said beside the ledger.
    let of_session =
        |finding: &&Finding| finding.about.starts_with(|c: char| c.is_ascii_digit()) && finding.code != "success-places-unknown";
    let of_table = |finding: &&Finding| tables.iter().any(|table| finding.about == table.championship.as_str());
    let shown = |finding: &&Finding| of_table(finding) || of_session(finding);
    let mut text = String::new();
    for finding in all.iter().filter(shown) {
        if text.is_empty() {
            text.push_str("\nFindings\n");
        }
        let _ = writeln!(text, "  {}: {}: {}", finding.weight.word(), finding.about, finding.says);
    }
    text
}

fn csv(tables: &[&Standings]) -> String {
    let head =
        ["championship", "position", "competitor", "points", "at_least", "at_most", "best_position", "worst_position", "gross", "label"];
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
            ];
            text.push_str(&csv_line(cells.iter().map(String::as_str)));
        }
    }
    text
}

fn json_table(season: &Season, table: &Standings) -> Value {
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
                "kept": score.kept,
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

fn json_finding(finding: &Finding) -> Value {
    json!({ "weight": finding.weight.word(), "code": finding.code, "about": finding.about, "says": finding.says })
}

/// The worlds in the form asked for.
pub(crate) fn worlds(season: &Season, worlds: &Worlds, only: &[&Across], head: &str, format: Format) -> String {
    match format {
        Format::Text => worlds_text(season, worlds, only, head),
        Format::Csv => worlds_csv(worlds, only),
        Format::Json => worlds_json(season, worlds, only),
    }
}

/// `2 open matters, 4 worlds`.
fn counted(worlds: &Worlds) -> String {
    match worlds.matters.len() {
        0 => String::from("no open matters: there is one world, the one in `standings`"),
        1 => String::from("1 open matter, 2 worlds"),
        matters => format!("{matters} open matters, {} worlds", worlds.count),
    }
}

fn letters(worlds: &Worlds, matters: &[usize]) -> String {
    matters.iter().map(|at| worlds.matters[*at].id.as_str()).collect::<Vec<_>>().join(" ")
}

/// The worlds of one outcome in words: the matters that end the same way in all of them.
fn when(worlds: &Worlds, numbers: &[usize]) -> String {
    let ends = |bit: usize| -> Option<bool> {
        let first = numbers[0] >> bit & 1;
        numbers.iter().all(|number| number >> bit & 1 == first).then_some(first == 1)
    };
    let fixed: Vec<String> = (0..worlds.matters.len())
        .filter_map(|bit| ends(bit).map(|upheld| format!("{} {}", worlds.matters[bit].id, if upheld { "upheld" } else { "rejected" })))
        .collect();
    let free = worlds.matters.len() - fixed.len();
    let complete = numbers.len() == 1 << free;
    match (fixed.is_empty(), complete) {
        (true, true) => String::from("whatever happens"),
        (true, false) => format!("in {} of {} worlds", numbers.len(), worlds.count),
        (false, true) => fixed.join(", "),
        (false, false) => format!("{} (and {} of {} of the rest)", fixed.join(", "), numbers.len(), 1 << free),
    }
}

fn worlds_text(season: &Season, worlds: &Worlds, only: &[&Across], head: &str) -> String {
    let mut text = format!("{}\n{head}\n\n{}\n", season.title, counted(worlds));
    for matter in &worlds.matters {
        let _ = writeln!(text, "  {}  {} by {}: {}", matter.id, matter.kind.word(), matter.by, matter.reason);
    }
    for table in only {
        let _ = writeln!(text, "\n{}", table.title);
        if let [_] = &table.outcomes[..] {
            text.push_str("  the same whatever happens\n");
            continue;
        }
        let mut columns = Columns::new(&[
            ("Places", Lean::Right),
            ("Competitor", Lean::Left),
            ("Points", Lean::Right),
            ("Place depends on", Lean::Left),
            ("Points depend on", Lean::Left),
        ]);
        for one in &table.competitors {
            let edge = |place: Option<u16>| place.map_or_else(|| String::from("-"), |place| place.to_string());
            let places = if one.best == one.worst { edge(one.best) } else { format!("{}–{}", edge(one.best), edge(one.worst)) };
            let points = if one.points_min == one.points_max {
                one.points_min.published()
            } else {
                format!("{}–{}", one.points_min, one.points_max)
            };
            columns.row(vec![
                places,
                one.name.clone(),
                points,
                letters(worlds, &one.place_depends_on),
                letters(worlds, &one.points_depend_on),
            ]);
        }
        text.push_str(&columns.text());
        for (standings, numbers) in table.outcomes.iter().take(16) {
            let leaders: Vec<String> =
                standings.lines.iter().take(3).map(|line| format!("{} {} {}", place(line), line.name, line.points.at_least)).collect();
            let _ = writeln!(text, "  {}: {}", when(worlds, numbers), leaders.join(" · "));
        }
        if table.outcomes.len() > 16 {
            let _ = writeln!(text, "  … {} further tables; --format json lists all", table.outcomes.len() - 16);
        }
    }
    text
}

fn worlds_csv(worlds: &Worlds, only: &[&Across]) -> String {
    let mut text = csv_line([
        "championship",
        "position",
        "competitor",
        "points",
        "worst_position",
        "points_max",
        "place_depends_on",
        "points_depend_on",
    ]);
    for table in only {
        for one in &table.competitors {
            let edge = |place: Option<u16>| place.map_or_else(String::new, |place| place.to_string());
            let cells = [
                table.championship.to_string(),
                edge(one.best),
                one.name.clone(),
                one.points_min.published(),
                edge(one.worst),
                one.points_max.published(),
                letters(worlds, &one.place_depends_on),
                letters(worlds, &one.points_depend_on),
            ];
            text.push_str(&csv_line(cells.iter().map(String::as_str)));
        }
    }
    text
}

fn worlds_json(season: &Season, worlds: &Worlds, only: &[&Across]) -> String {
    let matters: Vec<Value> = worlds
        .matters
        .iter()
        .map(|matter| json!({ "id": matter.id.as_str(), "kind": matter.kind.word(), "by": matter.by, "reason": matter.reason }))
        .collect();
    let ids = |of: &[usize]| of.iter().map(|at| worlds.matters[*at].id.as_str()).collect::<Vec<_>>();
    let tables: Vec<Value> = only
        .iter()
        .map(|table| {
            let outcomes: Vec<Value> = table
                .outcomes
                .iter()
                .map(|(standings, numbers)| {
                    let upheld: Vec<Vec<&str>> = numbers
                        .iter()
                        .map(|number| {
                            (0..worlds.matters.len())
                                .filter(|bit| number >> bit & 1 == 1)
                                .map(|bit| worlds.matters[bit].id.as_str())
                                .collect()
                        })
                        .collect();
                    json!({ "when_upheld": upheld, "standings": json_table(season, standings) })
                })
                .collect();
            let competitors: Vec<Value> = table
                .competitors
                .iter()
                .map(|one| {
                    json!({
                        "competitor": one.name, "best_position": one.best, "worst_position": one.worst,
                        "points_min": one.points_min.exact(), "points_max": one.points_max.exact(),
                        "place_depends_on": ids(&one.place_depends_on), "points_depend_on": ids(&one.points_depend_on),
                    })
                })
                .collect();
            json!({ "championship": table.championship.as_str(), "title": table.title, "competitors": competitors, "outcomes": outcomes })
        })
        .collect();
    format!("{:#}\n", json!({ "season": season.title, "matters": matters, "worlds": worlds.count, "tables": tables }))
}
