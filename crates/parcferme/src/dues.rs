//! `dues`: the success ledger.

use paperwork::expect::due_state;
use serde_json::{Value, json};
use sport::evaluation::Evaluation;
use sport::ledger::{Due, DueState};
use sport::season::Season;
use sport::why::state_words;

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};

fn cut(micros: i64) -> i64 {
    micros / 1_000 * 1_000
}

/// What was served, so that what is printed adds up: served and left are the amount, served less what was too much is the amount.
fn served(due: &Due) -> Option<i64> {
    let (time, _) = due.served?;
    let left = if let DueState::Left(left) = &due.state { left.0 } else { 0 };
    let more = if let DueState::TooMuch(more) = &due.state { more.0 } else { 0 };
    let sums = time.0 == due.amount.0 - left + more;
    Some(if sums { cut(due.amount.0) - cut(left) + cut(more) } else { time.0 })
}

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
        let served = served(due).map_or_else(String::new, |micros| due.printed(micros));
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
            due_state(&due.state).to_owned(),
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
            "state": due_state(&due.state), "says": state_words(&due.state),
        })
    };
    let rows: Vec<Value> = evaluation.ledger.iter().map(row).collect();
    format!("{:#}\n", json!({ "season": season.title, "dues": rows }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sport::date::Micros;
    use sport::fact::ServedHow;
    use sport::rulebook::success::SuccessUnit;

    #[test]
    fn times_are_cut_to_milliseconds_and_add_up() {
        let due = |unit| Due {
            earned_in: None,
            class: "GT3".into(),
            place: 1,
            entry: 0,
            amount: Micros(0),
            unit,
            due_in: None,
            served: None,
            state: DueState::Upcoming,
        };
        let (time, ballast) = (due(SuccessUnit::Time), due(SuccessUnit::Ballast));
        assert_eq!(
            [13_645_580, 15_000_000, 10_500_000, -1_900].map(|micros| time.printed(micros)),
            ["13.645 s", "15 s", "10.5 s", "-0.001 s"]
        );
        let of = |served: i64, state: DueState| {
            let due = Due { amount: Micros(10_000_000), served: Some((Micros(served), ServedHow::AtStop)), state, ..time.clone() };
            (super::served(&due).map(|micros| due.printed(micros)), state_words(&due.state))
        };
        let (left, more) = (of(9_661_626, DueState::Left(Micros(338_374))), of(10_661_626, DueState::TooMuch(Micros(661_626))));
        assert_eq!(left, (Some("9.662 s".into()), "0.338 s left unserved".into()));
        assert_eq!(more.0.as_deref(), Some("10.661 s"));
        assert_eq!([20_000, 12_500].map(|grams| ballast.printed(grams)), ["20 kg", "12.5 kg"]);
    }
}
