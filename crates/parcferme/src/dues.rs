//! `dues`: the success ledger.

use serde_json::{Value, json};
use sport::evaluation::Evaluation;
use sport::ledger::Due;
use sport::season::Season;
use sport::why::state_words;

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};

fn name(season: &Season, session: Option<usize>) -> String {
    session.map_or_else(String::new, |at| season.calendar.sessions[at].name.to_string())
}

fn place(due: &Due) -> String {
    if due.place == 0 { String::new() } else { due.place.to_string() }
}

/// The ledger in the form asked for.
pub(crate) fn ledger(season: &Season, evaluation: &Evaluation, head: &str, format: Format) -> String {
    match format {
        Format::Text => text(season, evaluation, head),
        Format::Csv => csv(season, evaluation),
        Format::Json => json(season, evaluation),
    }
}

fn text(season: &Season, evaluation: &Evaluation, head: &str) -> String {
    let mut columns = Columns::new(&[
        ("Earned in", Lean::Left),
        ("Class", Lean::Left),
        ("Place", Lean::Right),
        ("Car", Lean::Right),
        ("Amount", Lean::Right),
        ("Due in", Lean::Left),
        ("Served", Lean::Right),
        ("State", Lean::Left),
    ]);
    for due in &evaluation.ledger {
        let served = due.served_printed().unwrap_or_default();
        let car = season.list.entries[due.entry].label();
        let (earned, into) = (name(season, due.earned_in), name(season, due.due_in));
        columns.row(vec![earned, due.class.to_string(), place(due), car, due.printed(due.amount.0), into, served, state_words(&due.state)]);
    }
    let body = if evaluation.ledger.is_empty() { String::from("  nothing earned yet\n") } else { columns.text() };
    let open = evaluation.findings.iter().filter(|finding| finding.code == "success-places-unknown");
    let open: String = open.map(|finding| format!("  {}: {}: {}\n", finding.weight.word(), finding.about, finding.says)).collect();
    let findings = if open.is_empty() { String::new() } else { format!("\nFindings\n{open}") };
    format!("{}\n{head}\n\nSuccess penalties\n{body}{findings}", season.title)
}

fn csv(season: &Season, evaluation: &Evaluation) -> String {
    let mut text = csv_line(["earned_in", "class", "place", "car", "amount_us", "due_in", "served_us", "how", "state", "number"]);
    for due in &evaluation.ledger {
        let cells = [
            name(season, due.earned_in),
            due.class.to_string(),
            place(due),
            season.list.entries[due.entry].id.to_string(),
            due.amount.0.to_string(),
            name(season, due.due_in),
            due.served.map_or_else(String::new, |(time, _)| time.0.to_string()),
            due.served.map_or_else(String::new, |(_, how)| how.word().to_owned()),
            due.state.word().to_owned(),
            season.list.entries[due.entry].number.clone().unwrap_or_default(),
        ];
        text.push_str(&csv_line(cells.iter().map(String::as_str)));
    }
    text
}

fn json(season: &Season, evaluation: &Evaluation) -> String {
    let row = |due: &Due| {
        json!({
            "earned_in": due.earned_in.map(|at| name(season, Some(at))), "class": due.class.as_str(), "place": due.place,
            "car": season.list.entries[due.entry].id.as_str(), "number": season.list.entries[due.entry].number, "amount_us": due.amount.0, "due_in": due.due_in.map(|at| name(season, Some(at))),
            "served_us": due.served.map(|(time, _)| time.0), "how": due.served.map(|(_, how)| how.word()),
            "state": due.state.word(), "says": state_words(&due.state),
        })
    };
    let rows: Vec<Value> = evaluation.ledger.iter().map(row).collect();
    format!("{:#}\n", json!({ "season": season.title, "dues": rows }))
}
