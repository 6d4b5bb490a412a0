//! `bop`: the Balance of Performance in force at a session.

use serde_json::{Value, json};
use sport::bop::{InForce, Set};
use sport::fact::Fact;
use sport::season::Season;

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};

/// A decimal number of tenths or hundredths, as printed.
fn decimal(number: u32, per_unit: u32) -> String {
    sport::points::Points::whole(i64::from(number)).split(per_unit as usize).published()
}

/// The values of a model, each as name, text and bulletin.
fn values(of: &InForce) -> Vec<(&'static str, String, &str)> {
    fn one<'v, V>(name: &'static str, set: Option<&'v Set<V>>, text: impl Fn(&V) -> String) -> Option<(&'static str, String, &'v str)> {
        set.map(|set| (name, text(&set.value), set.bulletin.as_str()))
    }
    let list = [
        one("ballast_kg", of.ballast_kg.as_ref(), ToString::to_string),
        one("restrictor_mm", of.restrictor_hundredths_mm.as_ref(), |number| decimal(*number, 100)),
        one("boost", of.boost.as_ref(), Clone::clone),
        one("ride_height_mm", of.ride_height_tenths_mm.as_ref(), |(front, rear)| {
            format!("{} / {}", decimal(*front, 10), decimal(*rear, 10))
        }),
        one("engine_map", of.engine_map.as_ref(), Clone::clone),
        one("fuel_l", of.fuel_tenths_l.as_ref(), |number| decimal(*number, 10)),
    ];
    list.into_iter().flatten().collect()
}

/// The table of a session in the form asked for.
pub(crate) fn table(season: &Season, live: &[&Fact], session: usize, format: Format) -> String {
    let name = season.calendar.sessions[session].name.to_string();
    let models = sport::bop::in_force(season, live, session);
    match format {
        Format::Text => {
            let mut columns = Columns::new(&[("Model", Lean::Left), ("Value", Lean::Left), ("Is", Lean::Right), ("Bulletin", Lean::Left)]);
            for (model, of) in &models {
                for (value, text, bulletin) in values(of) {
                    columns.row(vec![model.clone(), value.to_owned(), text, bulletin.to_owned()]);
                }
            }
            let body = if models.is_empty() { String::from("  no bulletin recorded is in force\n") } else { columns.text() };
            format!("{}\nBalance of Performance in force at {name}\n\n{body}", season.title)
        }
        Format::Csv => {
            let mut text = csv_line(["session", "model", "value", "is", "bulletin"]);
            for (model, of) in &models {
                for (value, is, bulletin) in values(of) {
                    text.push_str(&csv_line([name.as_str(), model, value, &is, bulletin]));
                }
            }
            text
        }
        Format::Json => {
            let rows: Vec<Value> = models
                .iter()
                .flat_map(|(model, of)| {
                    values(of)
                        .into_iter()
                        .map(move |(value, is, bulletin)| json!({ "model": model, "value": value, "is": is, "bulletin": bulletin }))
                })
                .collect();
            format!("{:#}\n", json!({ "session": name, "in_force": rows }))
        }
    }
}
