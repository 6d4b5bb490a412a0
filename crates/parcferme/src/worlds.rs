//! `standings --worlds`: the tables across every outcome of the open matters.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sport::place::Places;
use sport::season::Season;
use sport::standings::Line;
use sport::worlds::{Across, Worlds};

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};
use crate::standings::{findings, json_finding, json_table};

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
        let bounded = table.competitors.iter().any(|one| one.at_most != one.points_max);
        let mut columns = Columns::new(&[
            ("Places", Lean::Right),
            ("Competitor", Lean::Left),
            (if bounded { "At least" } else { "Points" }, Lean::Right),
            ("At most", Lean::Right),
            ("Possible", Lean::Right),
            ("Place depends on", Lean::Left),
            ("Points depend on", Lean::Left),
        ]);
        for one in &table.competitors {
            let edge = |place: Option<u16>| place.map_or_else(|| String::from("-"), |place| place.to_string());
            let places = match &one.label {
                Some(label) => label.clone(),
                None if one.best == one.worst => edge(one.best),
                None => format!("{}–{}", edge(one.best), edge(one.worst)),
            };
            let points = if one.points_min == one.points_max {
                one.points_min.published()
            } else {
                format!("{}–{}", one.points_min, one.points_max)
            };
            columns.row(vec![
                places,
                one.name.clone(),
                points,
                if bounded { one.at_most.published() } else { String::new() },
                if one.label.is_some() || (one.best == Some(one.possible.best) && one.worst == Some(one.possible.worst)) {
                    String::new()
                } else {
                    one.possible.to_string()
                },
                letters(worlds, &one.place_depends_on),
                letters(worlds, &one.points_depend_on),
            ]);
        }
        text.push_str(&columns.text());
        for (standings, numbers) in table.outcomes.iter().take(16) {
            let points = |line: &Line| match line.points.is_exact() {
                true => line.points.at_least.published(),
                false => format!("{}–{}", line.points.at_least, line.points.at_most),
            };
            let leaders = standings.lines.iter().take(3).map(|line| format!("{} {} {}", line.position(), line.name, points(line)));
            let leaders: Vec<String> = leaders.collect();
            let _ = writeln!(text, "  {}: {}", worlds.when(numbers), leaders.join(" · "));
        }
        if table.outcomes.len() > 16 {
            let _ = writeln!(text, "  … {} further tables; --format json lists all", table.outcomes.len() - 16);
        }
    }
    let shown: Vec<&str> = only.iter().map(|table| table.championship.as_str()).collect();
    text.push_str(&findings(&worlds.findings, &shown));
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
        "at_most",
        "best_possible",
        "worst_possible",
        "label",
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
                one.at_most.published(),
                if one.label.is_some() { String::new() } else { one.possible.best.to_string() },
                if one.possible.worst == Places::OPEN { String::new() } else { one.possible.worst.to_string() },
                one.label.clone().unwrap_or_default(),
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
                        "at_most": one.at_most.exact(), "best_possible": Some(one.possible.best).filter(|_| one.label.is_none()),
                        "worst_possible": Some(one.possible.worst).filter(|worst| *worst != Places::OPEN),
                        "place_depends_on": ids(&one.place_depends_on), "points_depend_on": ids(&one.points_depend_on),
                        "label": one.label,
                    })
                })
                .collect();
            json!({ "championship": table.championship.as_str(), "title": table.title, "competitors": competitors, "outcomes": outcomes })
        })
        .collect();
    let findings: Vec<Value> = worlds.findings.iter().map(json_finding).collect();
    let worlds = json!({ "season": season.title, "matters": matters, "worlds": worlds.count, "tables": tables, "findings": findings });
    format!("{worlds:#}\n")
}
