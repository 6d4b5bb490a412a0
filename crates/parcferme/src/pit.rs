//! `pit`: the pit board of a race, at any moment.

use std::path::Path;

use serde_json::{Value, json};
use sport::date::{Instant, Micros};
use sport::live_session::LiveSession;
use sport::pit_board::PitCar;
use sport::reading::Crossing;
use sport::rulebook::Rulebook;
use sport::rules::stops::{Board, Breach};
use sport::running::Ranking;
use sport::season::{Moment, Season};

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};
use crate::drive::{self, Drove};
use crate::place::{self, Place};
use crate::stop::Stop;
use crate::{classify, moment};

/// `pit`.
pub(crate) fn run(folder: &Path, round: &str, session: Option<&str>, at: Option<&str>, format: Format) -> Result<String, Stop> {
    let Place { rulebook, season, head } = place::open(folder)?;
    let (number, session) = moment::round(&season, round, session)?;
    let session = session.ok_or_else(|| Stop::usage(format!("name the race of round {number}, such as race-1")))?;
    let at = at.map_or(Ok(Moment::NOW), |written| moment::instant(written).map(|at| Moment { known: at, in_force: at }))?;
    let of = classify::live(&rulebook, &season, at, session)?.session;
    let name = &season.calendar.sessions[session].name;
    let drove = drive::drove(&rulebook, &season, &of);
    let board = of.pit_board(&rulebook, &season);
    if board.is_none() && drove.is_none() {
        return Err(Stop::no(format!("{name} has no pit board: {}", without(&rulebook, &season, &of))));
    }
    let window = if board.is_some() { window(board.iter().flatten().next()) } else { String::from("no stop is asked for") };
    let rows: Vec<Row> = board.iter().flatten().map(|car| Row::of(&rulebook, &season, &of, car)).collect();
    Ok(match format {
        Format::Text => {
            let board = if board.is_some() { text(&rows) } else { String::new() };
            format!("{name}  {window}\n{head}\n\n{board}{}", drove.as_deref().map_or_else(String::new, drive::text))
        }
        Format::Csv => csv(&rows, drove.as_deref()),
        Format::Json => {
            let rows: Vec<Value> = rows.iter().map(Row::json).collect();
            let drove: Vec<Value> = drove.iter().flatten().map(Drove::json).collect();
            format!("{:#}\n", json!({ "session": name.to_string(), "window": window, "cars": rows, "drive_time": drove }))
        }
    })
}

/// Why there is no board.
fn without(rulebook: &Rulebook, season: &Season, of: &LiveSession) -> &'static str {
    if of.running.ranking() != Ranking::Distance {
        "it is no race"
    } else if of.stop_rule(rulebook, season).is_none() {
        "the rulebook asks for no stop"
    } else if of.pit_zone().is_none() {
        "the circuit's file has no line of kind pit-entry or none of kind pit-exit, so no stop can be measured"
    } else {
        "it has not started"
    }
}

fn window(first: Option<&PitCar>) -> String {
    first.map_or_else(|| String::from("no cars"), |car| format!("pit window {}", car.board.window))
}

/// A car as it is printed.
struct Row {
    /// Its id, for machines.
    car: String,
    number: Option<String>,
    /// For people.
    label: String,
    due: Micros,
    minimum: Micros,
    earliest: Option<Instant>,
    /// The same by further readings of the entry.
    others: Vec<Instant>,
    /// Entry and exit as far as they were heard, and the time between them.
    stops: Vec<(Option<Instant>, Option<Instant>, Option<Micros>)>,
    /// `1 of 3 stops made`, `visit 2 joker stop`, `visit 3 technical stop`.
    kinds: Vec<String>,
    /// Each with the visit it is about.
    breaches: Vec<(Option<usize>, String)>,
    /// The visit that is told where there is room for one: where it stands, its mandatory stop, or the last.
    stop: Option<usize>,
}

impl Row {
    fn of(rulebook: &Rulebook, season: &Season, of: &LiveSession, car: &PitCar) -> Self {
        let heard = |crossing: &Option<Crossing>| crossing.map(|crossing| crossing.at);
        let stops = car.visits.iter().map(|visit| (heard(&visit.entry), heard(&visit.exit), visit.time()));
        let breach = |breach: &Breach| {
            let proposal = of.proposal(rulebook, season, car.car, breach);
            let proposal =
                proposal.map_or_else(String::new, |proposal| format!(": proposed {} ({})", proposal.says, proposal.cite.article));
            (breach.visit(), format!("{breach}{proposal}"))
        };
        let inside = car.visits.iter().rposition(|visit| visit.inside);
        let breached = car.board.breaches.iter().find_map(Breach::visit);
        let entry = &season.list.entries[of.cars[car.car]];
        Self {
            car: entry.id.to_string(),
            number: entry.number.clone(),
            label: entry.label(),
            due: car.due,
            minimum: car.board.minimum,
            earliest: car.board.earliest_exit,
            others: car.board.other_exits.clone(),
            stops: stops.collect(),
            kinds: kinds(&car.board),
            breaches: car.board.breaches.iter().map(breach).collect(),
            stop: inside.or(breached).or(car.board.mandatory.last().copied()).or(car.visits.len().checked_sub(1)),
        }
    }

    /// What is said of one visit, or of the car: what is about no visit stands beside the last.
    fn said(&self, nth: usize) -> Vec<String> {
        let last = nth + 1 >= self.stops.len();
        let of = |visit: &Option<usize>| visit.map_or(last, |visit| visit == nth);
        let breaches = self.breaches.iter().filter(|(visit, _)| of(visit)).map(|(_, says)| says.clone());
        breaches.chain(self.kinds.iter().filter(|_| last).cloned()).collect()
    }

    fn json(&self) -> Value {
        let stops: Vec<Value> = self
            .stops
            .iter()
            .map(|(entry, exit, time)| json!({ "entry": entry.map(moment::printed), "exit": exit.map(moment::printed), "time_us": time.map(|time| time.0) }))
            .collect();
        json!({
            "car": self.car, "number": self.number, "due_us": self.due.0, "minimum_us": self.minimum.0, "earliest_exit": self.earliest.map(moment::printed),
            "other_exits": self.others.iter().copied().map(moment::printed).collect::<Vec<_>>(), "stops": stops, "kinds": self.kinds,
            "breaches": self.breaches.iter().map(|(_, says)| says).collect::<Vec<_>>(),
        })
    }
}

/// How many of several mandatory stops were made; why the visit a car is at would be none; joker and technical stops, by the number of the visit.
fn kinds(board: &Board) -> Vec<String> {
    let untimely = board.untimely.map(|why| why.to_string());
    let several = (board.asked > 1).then(|| format!("{} of {} stops made", board.mandatory.len(), board.asked));
    let mut kinds: Vec<(usize, &str)> = board.jokers.iter().map(|visit| (*visit, "joker stop")).collect();
    kinds.extend(board.technical.map(|visit| (visit, "technical stop")));
    kinds.sort_unstable();
    several.into_iter().chain(untimely).chain(kinds.into_iter().map(|(visit, kind)| format!("visit {} {kind}", visit + 1))).collect()
}

fn text(rows: &[Row]) -> String {
    let mut columns = Columns::new(&[
        ("No", Lean::Right),
        ("Success", Lean::Right),
        ("Minimum", Lean::Right),
        ("In", Lean::Left),
        ("Out", Lean::Left),
        ("Took", Lean::Right),
        ("Earliest exit", Lean::Left),
        ("To look at", Lean::Left),
    ]);
    for row in rows {
        // Each visit in a line of its own, with what is said of it.
        let printed = |time: Option<Instant>| time.map_or_else(|| String::from("not heard"), clock);
        let last = row.stops.len().saturating_sub(1);
        for nth in 0..row.stops.len().max(1) {
            let stop = row.stops.get(nth);
            let of_car = |text: String, wanted: bool| if wanted { text } else { String::new() };
            let exit = stop.map(|(_, exit, _)| if nth == last && row.earliest.is_some() { String::new() } else { printed(*exit) });
            columns.row(vec![
                of_car(row.label.clone(), nth == 0),
                of_car(row.due.to_string(), nth == 0 && row.due.0 > 0),
                of_car(row.minimum.to_string(), nth == 0),
                stop.map_or_else(String::new, |(entry, _, _)| printed(*entry)),
                exit.unwrap_or_default(),
                stop.and_then(|(_, _, time)| *time).map_or_else(String::new, |time| time.to_string()),
                of_car(row.earliest.iter().chain(&row.others).copied().map(clock).collect::<Vec<_>>().join(" or "), nth == last),
                row.said(nth).join("; "),
            ]);
        }
    }
    columns.text()
}

/// The time of day, UTC, to the millisecond.
fn clock(at: Instant) -> String {
    let of_day = at.0.rem_euclid(86_400_000_000);
    let (hours, minutes, seconds, ms) = (of_day / 3_600_000_000, of_day / 60_000_000 % 60, of_day / 1_000_000 % 60, of_day / 1_000 % 1_000);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{ms:03}")
}

/// A row a car; where no stop is asked for, the times at the wheel alone.
fn csv(rows: &[Row], drove: Option<&[Drove]>) -> String {
    let columns = [
        "car",
        "due_us",
        "minimum_us",
        "entry",
        "exit",
        "took_us",
        "earliest_exit",
        "breaches",
        "kinds",
        "drove",
        "drive_breaches",
        "visits",
        "number",
    ];
    let mut text = csv_line(columns);
    let drove = drove.unwrap_or_default();
    if rows.is_empty() {
        let alone = |of: &Drove| csv_line([&of.car, "", "", "", "", "", "", "", "", &of.cell(), &of.broken(), "", of.number()]);
        text.extend(drove.iter().map(alone));
    }
    for (at, row) in rows.iter().enumerate() {
        // Both are in the order of the grid.
        let (cell, broken) = drove.get(at).map_or_else(Default::default, |of| (of.cell(), of.broken()));
        let stop = row.stop.and_then(|nth| row.stops.get(nth));
        let printed = |time: Option<Instant>| time.map_or_else(String::new, moment::printed);
        let cells = [
            row.car.clone(),
            row.due.0.to_string(),
            row.minimum.0.to_string(),
            printed(stop.and_then(|(entry, _, _)| *entry)),
            printed(stop.and_then(|(_, exit, _)| *exit)),
            stop.and_then(|(_, _, time)| *time).map_or_else(String::new, |time| time.0.to_string()),
            printed(row.earliest),
            row.breaches.iter().map(|(_, says)| says.as_str()).collect::<Vec<_>>().join("; "),
            row.kinds.join("; "),
            cell,
            broken,
            row.stops.iter().map(|(entry, exit, _)| format!("{}/{}", printed(*entry), printed(*exit))).collect::<Vec<_>>().join(" "),
            row.number.clone().unwrap_or_default(),
        ];
        text.push_str(&csv_line(cells.iter().map(String::as_str)));
    }
    text
}
