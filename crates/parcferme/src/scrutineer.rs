//! `scrutineer`: what cars must measure, what was measured and what is out; sets of tyres.

use serde_json::{Value, json};
use sport::date::Micros;
use sport::fact::Fact;
use sport::rulebook::Rulebook;
use sport::scrutineering::{Limit, Reading, Scrutinised, Tyres, scrutinised, tyres};
use sport::season::Season;

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};

/// What is looked at.
pub(crate) struct Bay<'a> {
    pub(crate) rulebook: &'a Rulebook,
    pub(crate) season: &'a Season,
    pub(crate) live: &'a [&'a Fact],
    /// The last session whose result counts.
    pub(crate) through: Option<usize>,
}

/// A line about one thing of one car.
#[derive(Default)]
struct Row {
    /// The session, or `round 2` for tyres.
    of: String,
    /// Its id, for machines.
    car: String,
    number: Option<String>,
    /// For people.
    label: String,
    what: &'static str,
    due: String,
    tolerance: String,
    measured: String,
    out: String,
    instrument: String,
    why: String,
}

impl Bay<'_> {
    /// The sessions, and the tyres of the round, in the form asked for.
    pub(crate) fn print(&self, round: u16, sessions: &[usize], format: Format) -> String {
        let mut rows: Vec<Row> = Vec::new();
        for session in sessions {
            for car in scrutinised(self.rulebook, self.season, self.live, self.through, *session) {
                self.car(*session, &car, &mut rows);
            }
        }
        let sets = tyres(self.rulebook, self.season, self.live, round);
        rows.extend(sets.iter().filter(|of| !of.marked.is_empty() || !of.used.is_empty()).map(|of| self.tyres(round, of)));
        match format {
            Format::Text => self.text(round, &rows),
            Format::Csv => csv(&rows),
            Format::Json => {
                let rows: Vec<Value> = rows.iter().map(json).collect();
                format!("{:#}\n", json!({ "season": self.season.title, "round": round, "rows": rows }))
            }
        }
    }

    fn car(&self, session: usize, car: &Scrutinised, rows: &mut Vec<Row>) {
        let of = self.season.calendar.sessions[session].name.to_string();
        let blank = |what| Row { of: of.clone(), what, ..self.row(car.entry) };
        for limit in &car.limits {
            let mine: Vec<&Reading> = car.readings.iter().filter(|reading| reading.quantity == limit.quantity).collect();
            // Each is held against what was known when it was measured.
            let against = |reading: &&Reading| reading.limit.clone().unwrap_or_else(|| limit.clone());
            rows.extend(mine.iter().map(|reading| with_limit(with_reading(blank(limit.quantity.word()), reading), &against(reading))));
            rows.extend(mine.is_empty().then(|| with_limit(blank(limit.quantity.word()), limit)));
        }
        let unlimited = car.readings.iter().filter(|reading| reading.limit.is_none());
        rows.extend(unlimited.map(|reading| with_reading(blank(reading.quantity.word()), reading)));
        if car.success_us > 0 {
            rows.push(Row { due: format!("{} s", Micros(car.success_us)), ..blank("success time") });
        }
    }

    /// A line that says nothing yet.
    fn row(&self, entry: usize) -> Row {
        let entry = &self.season.list.entries[entry];
        Row { car: entry.id.to_string(), number: entry.number.clone(), label: entry.label(), ..Row::default() }
    }

    fn tyres(&self, round: u16, of: &Tyres) -> Row {
        Row {
            of: format!("round {round}"),
            what: "tyres",
            due: of.allowed.map_or_else(String::new, |sets| format!("{sets} sets")),
            measured: of.to_string(),
            out: of.odd().join("; "),
            ..self.row(of.entry)
        }
    }

    fn text(&self, round: u16, rows: &[Row]) -> String {
        let mut text = format!("{}\nScrutineering of round {round}\n", self.season.title);
        if rows.is_empty() {
            text.push_str("\n  nothing is asked for and nothing was measured\n");
        }
        for of in rows.chunk_by(|a, b| a.of == b.of) {
            let mut columns = Columns::new(&[
                ("Car", Lean::Right),
                ("What", Lean::Left),
                ("Due", Lean::Right),
                ("Tolerance", Lean::Right),
                ("Measured", Lean::Right),
                ("Out", Lean::Left),
                ("By", Lean::Left),
                ("Why", Lean::Left),
            ]);
            for row in of {
                let cells =
                    [&row.label, &row.what.to_owned(), &row.due, &row.tolerance, &row.measured, &row.out, &row.instrument, &row.why];
                columns.row(cells.map(Clone::clone).to_vec());
            }
            text.push_str(&format!("\n{}\n{}", of[0].of, columns.text()));
        }
        text
    }
}

fn with_limit(row: Row, limit: &Limit) -> Row {
    let bound = if limit.quantity.at_least() { "≥" } else { "≤" };
    let tolerance = if limit.tolerance == 0 { String::new() } else { limit.quantity.printed(limit.tolerance) };
    Row { due: format!("{bound} {}", limit.quantity.printed(limit.value)), tolerance, why: limit.says.clone(), ..row }
}

fn with_reading(row: Row, reading: &Reading) -> Row {
    let out = reading.out.map_or_else(String::new, |by| reading.quantity.printed(by));
    Row { measured: reading.quantity.printed(reading.value), out, instrument: reading.instrument.clone(), ..row }
}

fn csv(rows: &[Row]) -> String {
    let mut text = csv_line(["of", "car", "what", "due", "tolerance", "measured", "out", "instrument", "why", "number"]);
    for row in rows {
        let Row { of, car, number, label: _, what, due, tolerance, measured, out, instrument, why } = row;
        text.push_str(&csv_line([of, car, *what, due, tolerance, measured, out, instrument, why, number.as_deref().unwrap_or_default()]));
    }
    text
}

fn json(row: &Row) -> Value {
    let Row { of, car, number, label: _, what, due, tolerance, measured, out, instrument, why } = row;
    json!({
        "of": of, "car": car, "number": number, "what": what, "due": due, "tolerance": tolerance, "measured": measured, "out": out,
        "instrument": instrument, "why": why,
    })
}
