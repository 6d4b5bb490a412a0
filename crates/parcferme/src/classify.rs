//! `classify`: the classification of a session from its passings, live or at any past moment, decisions applied.

use std::path::Path;

use serde_json::{Value, json};
use sport::as_it_stands::AsItStands;
use sport::date::Micros;
use sport::fact::{Fact, What};
use sport::finding::Finding;
use sport::live_session::LiveSession;
use sport::meeting_fact::{MeetingFact, Signal};
use sport::result::Finish;
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};
use sport::session::SessionName;
use sport::tower::{TowerRow, Whereabouts, position, state, tower};

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};
use crate::lap_analysis;
use crate::moment;
use crate::place::{self, Place};
use crate::stop::Stop;

/// A session at a moment: its passings, and the decisions in force on what they give. Says why where there is nothing to show.
pub(crate) fn live(rulebook: &Rulebook, season: &Season, at: Moment, session: usize) -> Result<AsItStands, Stop> {
    let name = &season.calendar.sessions[session].name;
    AsItStands::of(rulebook, season, at, session).ok_or_else(|| {
        let round = season.calendar.round(name.round);
        if round.is_some_and(|round| round.layout.is_none()) {
            Stop::no(format!(
                "the circuit of round {} has no lines, so no passing can be read; write its [line.x] and [timing.x] into its file",
                name.round
            ))
        } else if let Some(why) = not_yet(season, at, name) {
            Stop::no(why)
        } else {
            Stop::no(format!("{name} was not opened, so no passing belongs to it; see `parcferme meeting SEASON {}`", name.round))
        }
    })
}

/// Why a session that was opened is not known to be at a moment: it was told later, or happened later.
fn not_yet(season: &Season, at: Moment, session: &SessionName) -> Option<String> {
    let opening =
        |fact: &&&Fact| matches!(&fact.what, What::Meeting(MeetingFact::Signal { session: of, signal: Signal::Open }) if of == session);
    let live = season.live(Moment::NOW);
    let open = live.iter().find(opening).filter(|fact| !at.sees(fact))?;
    let (number, known) = (open.number, moment::printed(at.known));
    Some(if open.recorded > at.known {
        let recorded = moment::printed(open.recorded);
        format!(
            "nothing of {session} was recorded by {known}: its opening, fact {number}, was recorded at {recorded}; ask for a moment since then"
        )
    } else {
        format!("{session} was not open yet at {known}: it was opened at {} (fact {number})", moment::printed(open.happened))
    })
}

/// What of a session is shown.
pub(crate) enum Show {
    /// The classification.
    Classification,
    /// The laps of a car.
    Laps(String),
    /// The order at the end of every lap.
    Chart,
}

/// `classify`.
pub(crate) fn run(
    folder: &Path,
    round: &str,
    session: Option<&str>,
    at: Option<&str>,
    show: &Show,
    format: Format,
) -> Result<String, Stop> {
    let Place { rulebook, season, head } = place::open(folder)?;
    let (number, session) = moment::round(&season, round, session)?;
    let session = session.ok_or_else(|| Stop::usage(format!("name the session of round {number}, such as race-1")))?;
    let at = at.map_or(Ok(Moment::NOW), |written| moment::instant(written).map(|at| Moment { known: at, in_force: at }))?;
    let live = live(&rulebook, &season, at, session)?;
    match show {
        Show::Classification => {}
        Show::Laps(car) => return lap_analysis::laps(&season, &live.session, car, &head, format),
        Show::Chart => return Ok(lap_analysis::chart(&season, &live.session, &head, format)),
    }
    let table = Table { rows: tower(&season, &live) };
    Ok(match format {
        Format::Text => table.text(&rulebook, &season, &live, &head),
        Format::Csv => table.csv(&season, &live),
        Format::Json => table.json(&season, &live),
    })
}

struct Table {
    rows: Vec<TowerRow>,
}

impl Table {
    fn text(&self, rulebook: &Rulebook, season: &Season, live: &AsItStands, head: &str) -> String {
        let of = &live.session;
        let on = &season.calendar.sessions[of.session];
        let place = season.calendar.round(on.name.round).map_or("", |round| round.name.as_str());
        let mut text = format!("{}  {place} · {}\n{head}\n\n", on.name, state(of));
        let mut columns = Columns::new(&[
            ("Pos", Lean::Right),
            ("No", Lean::Right),
            ("Class", Lean::Left),
            ("PIC", Lean::Right),
            ("Cup", Lean::Left),
            ("In cup", Lean::Right),
            ("Driver", Lean::Left),
            ("Laps", Lean::Right),
            ("Time", Lean::Right),
            ("Gap", Lean::Right),
            ("Interval", Lean::Right),
            ("Last", Lean::Right),
            ("Best", Lean::Right),
            ("Ideal", Lean::Right),
            ("Pit", Lean::Right),
            ("Note", Lean::Left),
        ]);
        for row in &self.rows {
            let classified = &row.classified;
            let entry = &season.list.entries[classified.entry];
            let printed = |time: Option<Micros>| time.map_or_else(String::new, |time| time.to_string());
            let place = |place: Option<sport::place::Places>| place.map_or_else(String::new, |place| place.to_string());
            let effects: Vec<String> = classified.effects.iter().map(|(ground, says)| format!("{says} ({ground})")).collect();
            let pit = if in_pits(row) {
                String::from("IN")
            } else if row.stops > 0 {
                row.stops.to_string()
            } else {
                String::new()
            };
            columns.row(vec![
                position(of, classified),
                entry.label(),
                entry.class.to_string(),
                place(classified.class_place),
                classified.cup.title(rulebook),
                place(classified.cup_place),
                driver(season, row),
                if classified.finish == Finish::NotStarted { String::new() } else { row.laps().to_string() },
                printed(classified.time),
                row.overall.gap.to_string(),
                row.overall.interval.to_string(),
                printed(row.last),
                printed(row.progress.best),
                printed(row.ideal),
                pit,
                effects.join("; "),
            ]);
        }
        text.push_str(&columns.text());
        for line in findings(season, of).iter().map(|finding| format!("  {}: {}: {}\n", finding.weight.word(), finding.about, finding.says))
        {
            if !text.contains("\nFindings\n") {
                text.push_str("\nFindings\n");
            }
            text.push_str(&line);
        }
        text
    }

    fn csv(&self, season: &Season, live: &AsItStands) -> String {
        let mut text = csv_line([
            "session",
            "position",
            "number",
            "car",
            "class",
            "class_position",
            "cup_position",
            "finish",
            "laps",
            "time_us",
            "gap",
            "interval",
            "last_us",
            "best_us",
            "stops",
            "in_pits",
            "effects",
            "ideal_us",
            "cup",
        ]);
        for row in &self.rows {
            let classified = &row.classified;
            let entry = &season.list.entries[classified.entry];
            let micros = |time: Option<Micros>| time.map_or_else(String::new, |time| time.0.to_string());
            let place = |place: Option<sport::place::Places>| place.map_or_else(String::new, |place| place.to_string());
            let effects: Vec<String> = classified.effects.iter().map(|(ground, says)| format!("{says} ({ground})")).collect();
            let cells = [
                season.calendar.sessions[live.session.session].name.to_string(),
                place(classified.place),
                entry.number.clone().unwrap_or_default(),
                entry.id.to_string(),
                entry.class.to_string(),
                place(classified.class_place),
                place(classified.cup_place),
                classified.finish.word().to_owned(),
                row.laps().to_string(),
                micros(classified.time),
                row.overall.gap.to_string(),
                row.overall.interval.to_string(),
                micros(row.last),
                micros(row.progress.best),
                row.stops.to_string(),
                in_pits(row).to_string(),
                effects.join("; "),
                micros(row.ideal),
                classified.cup.ids(),
            ];
            text.push_str(&csv_line(cells.iter().map(String::as_str)));
        }
        text
    }

    fn json(&self, season: &Season, live: &AsItStands) -> String {
        let of = &live.session;
        let row = |row: &TowerRow| {
            let classified = &row.classified;
            let entry = &season.list.entries[classified.entry];
            let place = |place: Option<sport::place::Places>| place.map(|place| place.to_string());
            let effects: Vec<Value> =
                classified.effects.iter().map(|(ground, says)| json!({ "by": ground.to_string(), "says": says })).collect();
            json!({
                "position": place(classified.place), "number": entry.number, "car": entry.id.as_str(), "class": entry.class.as_str(),
                "class_position": place(classified.class_place), "cup": classified.cup.ids(), "cup_position": place(classified.cup_place), "finish": classified.finish.word(),
                "laps": row.laps(), "time_us": classified.time.map(|time| time.0), "gap": row.overall.gap.to_string(), "interval": row.overall.interval.to_string(),
                "last_us": row.last.map(|time| time.0), "best_us": row.progress.best.map(|time| time.0),
                "ideal_us": row.ideal.map(|time| time.0), "stops": row.stops, "in_pits": in_pits(row),
                "effects": effects,
            })
        };
        let findings: Vec<Value> = findings(season, of)
            .iter()
            .map(|finding| json!({ "weight": finding.weight.word(), "code": finding.code, "about": finding.about, "says": finding.says }))
            .collect();
        let rows: Vec<Value> = self.rows.iter().map(row).collect();
        format!(
            "{:#}\n",
            json!({ "session": season.calendar.sessions[of.session].name.to_string(), "state": state(of), "rows": rows, "findings": findings })
        )
    }
}

/// What is doubtful about a session.
pub(crate) fn findings(season: &Season, of: &LiveSession) -> Vec<Finding> {
    of.doubts.iter().map(|doubt| of.finding(season, doubt)).collect()
}

/// Who is aboard, or was at the end.
fn driver(season: &Season, row: &TowerRow) -> String {
    row.driver.map_or_else(String::new, |driver| season.list.drivers[driver].name.clone())
}

fn in_pits(row: &TowerRow) -> bool {
    row.whereabouts == Whereabouts::Pit
}
