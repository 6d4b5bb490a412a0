//! `results`: classifications as published and as decisions have left them, with the published grid.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sport::classification::{Classification, Classified, Order};
use sport::date::Micros;
use sport::evaluation::Evaluation;
use sport::fact::Fact;
use sport::fact::What;
use sport::names::EntryId;
use sport::place::Places;
use sport::points::Points;
use sport::result::{Finish, PublishedGrid, PublishedResult};
use sport::rulebook::Rulebook;
use sport::rules::podium;
use sport::season::{Moment, Season};
use sport::world::{Docket, World};

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};

/// What is printed.
pub(crate) struct Sheet<'a> {
    pub(crate) season: &'a Season,
    pub(crate) rulebook: &'a Rulebook,
    pub(crate) live: &'a [&'a Fact],
    pub(crate) evaluation: &'a Evaluation,
    pub(crate) moment: Moment,
}

fn known(place: Option<Places>) -> String {
    place.filter(|place| *place != Places::ANY).map_or_else(String::new, |place| place.to_string())
}

fn finish(row: &Classified) -> &'static str {
    match row.finish {
        Finish::Classified => "",
        Finish::NotClassified => "NC",
        Finish::NotStarted => "DNS",
        Finish::Disqualified => "DSQ",
        Finish::Unknown => "?",
    }
}

/// Whether a car is shown: it is on the sheet, or a decision acts on it.
fn shown(row: &&Classified) -> bool {
    row.on_sheet || !row.effects.is_empty()
}

impl Sheet<'_> {
    /// The sessions in the form asked for.
    pub(crate) fn print(&self, sessions: &[usize], format: Format) -> String {
        match format {
            Format::Text => sessions.iter().map(|session| self.text(*session)).collect::<Vec<_>>().join("\n"),
            Format::Csv => self.csv(sessions),
            Format::Json => {
                format!("{:#}\n", Value::Array(sessions.iter().flat_map(|session| self.of(*session)).map(|of| self.json(of)).collect()))
            }
        }
    }

    /// Whether anything was recorded of a session.
    pub(crate) fn has(&self, session: usize) -> bool {
        !self.of(session).is_empty() || self.grid(session).is_some()
    }

    fn of(&self, session: usize) -> Vec<&Classification> {
        self.evaluation.classifications.iter().filter(|of| of.session == session).map(|of| &**of).collect()
    }

    fn crew(&self, row: &Classified) -> String {
        let mut names: Vec<&str> = row.crew.iter().map(|driver| self.season.list.drivers[*driver].name.as_str()).collect();
        if row.crew_open {
            names.push("?");
        }
        names.join(" / ")
    }

    /// Decisions on the session, or on one car in it, that have no effect until an open matter ends: the decision and the matter.
    fn suspended(&self, of: &Classification, car: Option<&EntryId>) -> Vec<(String, String)> {
        let name = &self.season.calendar.sessions[of.session].name;
        let decisions = Docket::of(self.live).suspended_on(&World::default(), name, car);
        decisions.into_iter().map(|(decision, matter)| (decision.id.to_string(), format!("{} {}", matter.kind.word(), matter.id))).collect()
    }

    fn sheet(&self, of: &Classification) -> Option<&PublishedResult> {
        self.live.iter().find(|fact| fact.number == of.fact).and_then(|fact| fact.what.result())
    }

    /// A car's best lap, where the sheet prints it.
    fn best(&self, of: &Classification, row: &Classified) -> Option<Micros> {
        self.sheet(of)?.rows.iter().find(|on| on.car == self.season.list.entries[row.entry].id)?.best_lap
    }

    fn grid(&self, session: usize) -> Option<&PublishedGrid> {
        let name = &self.season.calendar.sessions[session].name;
        let grids = self.live.iter().rev().filter_map(|fact| if let What::Grid(grid) = &fact.what { Some(grid) } else { None });
        grids.into_iter().find(|grid| grid.session == *name)
    }

    fn text(&self, session: usize) -> String {
        let on = &self.season.calendar.sessions[session];
        let round = self.season.calendar.round(on.name.round);
        let mut text = format!("{}  {}, {}\n", on.name, round.map_or("", |round| round.name.as_str()), on.date);
        for of in self.of(session) {
            text.push_str(&self.classification(of));
        }
        if self.of(session).is_empty() {
            text.push_str("  no result recorded\n");
        }
        if let Some(grid) = self.grid(session) {
            text.push_str(&self.grid_text(grid));
        }
        text
    }

    fn classification(&self, of: &Classification) -> String {
        let mark = of.mark.as_ref().map_or_else(String::new, |mark| format!(" at {mark}"));
        let mut text = format!(
            "Classification{mark}, {} (fact {}){}\n",
            of.state.word(),
            of.fact,
            if of.complete { "" } else { ", incomplete as published" }
        );
        if let Some(ground) = &of.annulled {
            let _ = writeln!(text, "ANNULLED by {ground}: no classification, no points. The order before:");
        }
        if let Some(ground) = &of.withheld {
            let _ = writeln!(text, "Points withheld by {ground}");
        }
        if of.factor != Points::ONE {
            let _ = writeln!(text, "Points {}", of.factor_reasons.join(", "));
        }
        if !of.open.is_empty() {
            let open: Vec<&str> = of.open.iter().map(|id| id.as_str()).collect();
            let _ = writeln!(text, "Open: {}", open.join(", "));
        }
        for (decision, matter) in self.suspended(of, None) {
            let _ = writeln!(text, "Decision {decision} is suspended by {matter}: it has no effect until that is settled");
        }
        let mut columns = Columns::new(&[
            ("Pos", Lean::Right),
            ("Road", Lean::Right),
            ("No", Lean::Right),
            ("Class", Lean::Left),
            ("In class", Lean::Right),
            ("Cup", Lean::Left),
            ("In cup", Lean::Right),
            ("Crew", Lean::Left),
            ("Laps", Lean::Right),
            ("Time", Lean::Right),
            ("Best lap", Lean::Right),
            ("Note", Lean::Left),
        ]);
        let moved = of.rows.iter().any(|row| known(row.published) != known(row.place));
        for row in of.rows.iter().filter(shown) {
            let entry = &self.season.list.entries[row.entry];
            let place = if of.order == Order::Overall { known(row.place) } else { String::new() };
            let place = if row.may_finish() && row.finish != Finish::Unknown { place } else { finish(row).to_owned() };
            let effects = row.effects.iter().map(|(ground, says)| format!("{says} ({ground})"));
            let unlisted = (!row.on_sheet).then(|| String::from("not on the sheet"));
            let notes: Vec<String> = effects.chain(unlisted).chain(row.note.clone()).collect();
            columns.row(vec![
                place,
                if moved { known(row.published) } else { String::new() },
                entry.label(),
                entry.class.to_string(),
                known(row.class_place),
                row.cup.title(self.rulebook),
                known(row.cup_place),
                self.crew(row),
                row.laps.map_or_else(String::new, |laps| laps.to_string()),
                row.printed_time(self.sheet(of), &self.season.list),
                self.best(of, row).map_or_else(String::new, |best| best.to_string()),
                notes.join("; "),
            ]);
        }
        text.push_str(&columns.text());
        text.push_str(&self.podiums(of));
        text
    }

    fn podiums(&self, of: &Classification) -> String {
        if of.mark.is_some() {
            return String::new();
        }
        let mut text = String::new();
        for (podium, steps) in podium::staged(self.rulebook, self.season, self.moment, of) {
            let label = |step: Option<usize>| step.map_or_else(|| String::from("?"), |entry| self.season.list.entries[entry].label());
            let cars: Vec<String> = steps.into_iter().map(label).collect();
            let _ = writeln!(text, "  Podium {}: {}", podium.title, cars.join(", "));
        }
        text
    }

    fn grid_text(&self, grid: &PublishedGrid) -> String {
        let mut text = format!("Starting grid as published{}\n", if grid.complete { "" } else { ", incomplete" });
        let mut columns = Columns::new(&[
            ("Pos", Lean::Right),
            ("No", Lean::Right),
            ("In class", Lean::Right),
            ("In cup", Lean::Right),
            ("Driver", Lean::Left),
            ("Time", Lean::Right),
            ("Note", Lean::Left),
        ]);
        for row in &grid.rows {
            let label = self.season.list.entry(&row.car).map_or_else(String::new, |entry| self.season.list.entries[entry].label());
            let driver = row
                .driver
                .as_ref()
                .and_then(|driver| self.season.list.driver(driver))
                .map_or_else(String::new, |driver| self.season.list.drivers[driver].name.clone());
            let time = row.time.map_or_else(String::new, |time| time.to_string());
            columns.row(vec![
                known(row.place),
                label,
                known(row.class_place),
                known(row.cup_place),
                driver,
                time,
                row.note.clone().unwrap_or_default(),
            ]);
        }
        text.push_str(&columns.text());
        text
    }

    fn csv(&self, sessions: &[usize]) -> String {
        let mut text = csv_line([
            "session",
            "mark",
            "state",
            "position",
            "number",
            "car",
            "class",
            "class_position",
            "cup",
            "cup_position",
            "crew",
            "finish",
            "laps",
            "time_us",
            "on_road",
            "effects",
            "suspended",
            "best_lap_us",
        ]);
        for of in sessions.iter().flat_map(|session| self.of(*session)) {
            for row in of.rows.iter().filter(shown) {
                let entry = &self.season.list.entries[row.entry];
                let state = if of.annulled.is_some() { "annulled" } else { of.state.word() };
                let effects: Vec<String> = row.effects.iter().map(|(ground, says)| format!("{says} ({ground})")).collect();
                let suspended = self.suspended(of, Some(&entry.id)).into_iter().map(|(decision, matter)| format!("{decision} by {matter}"));
                let place = if of.order == Order::Overall && of.annulled.is_none() { known(row.place) } else { String::new() };
                let cells = [
                    self.season.calendar.sessions[of.session].name.to_string(),
                    of.mark.as_ref().map_or_else(String::new, ToString::to_string),
                    state.to_owned(),
                    place,
                    entry.number.clone().unwrap_or_default(),
                    entry.id.to_string(),
                    entry.class.to_string(),
                    known(row.class_place),
                    row.cup.ids(),
                    known(row.cup_place),
                    self.crew(row),
                    row.finish.word().to_owned(),
                    row.laps.map_or_else(String::new, |laps| laps.to_string()),
                    row.time.map_or_else(String::new, |time| time.0.to_string()),
                    known(row.published),
                    effects.join("; "),
                    suspended.collect::<Vec<_>>().join("; "),
                    self.best(of, row).map_or_else(String::new, |best| best.0.to_string()),
                ];
                text.push_str(&csv_line(cells.iter().map(String::as_str)));
            }
        }
        text
    }

    fn json(&self, of: &Classification) -> Value {
        let rows: Vec<Value> = of
            .rows
            .iter()
            .filter(shown)
            .map(|row| {
                let entry = &self.season.list.entries[row.entry];
                let crew: Vec<&str> = row.crew.iter().map(|driver| self.season.list.drivers[*driver].name.as_str()).collect();
                let effects: Vec<Value> = row.effects.iter().map(|(ground, says)| json!({ "by": ground.to_string(), "says": says })).collect();
                let known = |place: Option<Places>| place.filter(|place| *place != Places::ANY).map(|place| place.to_string());
                json!({
                    "position": known(row.place).filter(|_| of.order == Order::Overall), "on_road": known(row.published), "class_position": known(row.class_place),
                    "cup_position": known(row.cup_place), "car": entry.id.as_str(), "number": entry.number, "class": entry.class.as_str(),
                    "cup": row.cup.ids(), "crew": crew, "crew_open": row.crew_open, "finish": row.finish.word(), "laps": row.laps, "time_us": row.time.map(|time| time.0),
                    "effects": effects, "note": row.note, "on_sheet": row.on_sheet,
                    "best_lap_us": self.best(of, row).map(|best| best.0),
                })
            })
            .collect();
        let suspended = self.suspended(of, None).into_iter().map(|(decision, matter)| json!({ "decision": decision, "by": matter }));
        let suspended: Vec<Value> = suspended.collect();
        json!({
            "session": self.season.calendar.sessions[of.session].name.to_string(), "mark": of.mark.as_ref().map(|mark| mark.as_str()),
            "state": of.state.word(), "fact": of.fact, "complete": of.complete, "annulled": of.annulled.as_ref().map(ToString::to_string),
            "withheld": of.withheld.as_ref().map(ToString::to_string), "factor": of.factor.exact(), "open": of.open.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
            "rows": rows, "suspended": suspended,
        })
    }
}
