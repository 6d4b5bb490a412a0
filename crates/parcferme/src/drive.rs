//! The section "Drive time" of `pit`: how long each driver was at the wheel, and what of it breaks a limit.

use serde_json::{Value, json};
use sport::date::Micros;
use sport::drive_board::DriveCar;
use sport::live_session::LiveSession;
use sport::rulebook::Rulebook;
use sport::rules::drive_time::DriveBreach;
use sport::season::Season;

use crate::columns::{Columns, Lean};

/// A car's drivers as they are printed.
pub(crate) struct Drove {
    /// Its id, for machines.
    pub(crate) car: String,
    number: Option<String>,
    /// For people.
    label: String,
    /// By name.
    drivers: Vec<(String, Micros)>,
    /// Time of which nobody said whose it is.
    unknown: Micros,
    breaches: Vec<String>,
}

/// Every car of a race, in the order of its grid; none where the rulebook limits no time at the wheel.
pub(crate) fn drove(rulebook: &Rulebook, season: &Season, of: &LiveSession) -> Option<Vec<Drove>> {
    let row = |car: &DriveCar| {
        let breach = |breach: &DriveBreach| {
            let proposal = of.drive_proposal(rulebook, season, car.car, breach);
            let proposal = proposal.map_or_else(String::new, |of| format!(": proposed {} ({})", of.says, of.cite.article));
            format!("{}{proposal}", breach.told(season))
        };
        let entry = &season.list.entries[of.cars[car.car]];
        Drove {
            car: entry.id.to_string(),
            number: entry.number.clone(),
            label: entry.label(),
            drivers: car.drivers.iter().map(|(driver, time)| (season.list.drivers[*driver].name.clone(), *time)).collect(),
            unknown: car.unknown,
            breaches: car.breaches.iter().map(breach).collect(),
        }
    };
    Some(of.drive_board(rulebook, season)?.iter().map(row).collect())
}

impl Drove {
    /// The drivers in one cell: `Driver A 1:02:00.000; Driver B 58:00.000`.
    pub(crate) fn cell(&self) -> String {
        let unknown = (self.unknown.0 > 0).then(|| format!("nobody named {}", self.unknown));
        let drivers = self.drivers.iter().map(|(name, time)| format!("{name} {time}"));
        drivers.chain(unknown).collect::<Vec<_>>().join("; ")
    }

    /// The number on the car; empty where none was published.
    pub(crate) fn number(&self) -> &str {
        self.number.as_deref().unwrap_or_default()
    }

    /// What breaks a limit, in one cell.
    pub(crate) fn broken(&self) -> String {
        self.breaches.join("; ")
    }

    pub(crate) fn json(&self) -> Value {
        let drivers: Vec<Value> = self.drivers.iter().map(|(name, time)| json!({ "driver": name, "time_us": time.0 })).collect();
        json!({ "car": self.car, "number": self.number, "drivers": drivers, "unknown_us": self.unknown.0, "breaches": self.breaches })
    }
}

/// The section: a line for each driver, and what is to look at beside the first of the car.
pub(crate) fn text(rows: &[Drove]) -> String {
    let mut columns =
        Columns::new(&[("No", Lean::Right), ("Driver", Lean::Left), ("At the wheel", Lean::Right), ("To look at", Lean::Left)]);
    for row in rows {
        let unknown = (row.unknown.0 > 0).then(|| (String::from("nobody named"), row.unknown));
        for (at, (name, time)) in row.drivers.iter().cloned().chain(unknown).enumerate() {
            let first = at == 0;
            let (car, broken) = if first { (row.label.clone(), row.broken()) } else { (String::new(), String::new()) };
            columns.row(vec![car, name, time.to_string(), broken]);
        }
    }
    format!("\nDrive time\n\n{}", columns.text())
}
