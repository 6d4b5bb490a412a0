//! `bop`: the Balance of Performance in force at a session.

use serde_json::{Value, json};
use sport::fact::Fact;
use sport::season::Season;

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};

/// The table of a session in the form asked for.
pub(crate) fn table(season: &Season, live: &[&Fact], session: usize, format: Format) -> String {
    let name = season.calendar.sessions[session].name.to_string();
    let models = sport::bop::in_force(season, live, session);
    match format {
        Format::Text => {
            let mut columns = Columns::new(&[("Model", Lean::Left), ("Value", Lean::Left), ("Is", Lean::Right), ("Bulletin", Lean::Left)]);
            for (model, of) in &models {
                for (value, text, bulletin) in of.values() {
                    columns.row(vec![model.clone(), value.to_owned(), text, bulletin.to_owned()]);
                }
            }
            let body = if models.is_empty() { String::from("  no bulletin recorded is in force\n") } else { columns.text() };
            format!("{}\nBalance of Performance in force at {name}\n\n{body}", season.title)
        }
        Format::Csv => {
            let mut text = csv_line(["session", "model", "value", "is", "bulletin"]);
            for (model, of) in &models {
                for (value, is, bulletin) in of.values() {
                    text.push_str(&csv_line([name.as_str(), model, value, &is, bulletin]));
                }
            }
            text
        }
        Format::Json => {
            let rows: Vec<Value> = models
                .iter()
                .flat_map(|(model, of)| {
                    of.values()
                        .into_iter()
                        .map(move |(value, is, bulletin)| json!({ "model": model, "value": value, "is": is, "bulletin": bulletin }))
                })
                .collect();
            format!("{:#}\n", json!({ "session": name, "in_force": rows }))
        }
    }
}
