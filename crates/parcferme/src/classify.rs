//! `classify`: the classification of a session from its passings, live or at any past moment, decisions applied.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use sport::classification::{Classification, Classified};
use sport::date::{Instant, Micros};
use sport::evaluate::evaluate;
use sport::fact::{Fact, What};
use sport::finding::Finding;
use sport::live_session::LiveSession;
use sport::meeting_fact::{MeetingFact, Signal};
use sport::pit_visit::visits;
use sport::result::{Finish, ResultState};
use sport::rulebook::Rulebook;
use sport::rules::end::Ending;
use sport::running::{Progress, Ranking};
use sport::season::{Moment, Season};
use sport::session::SessionName;
use sport::world::World;

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};
use crate::lap_analysis;
use crate::moment;
use crate::place::{self, Place};
use crate::results::{cup_ids, cup_title};
use crate::stop::Stop;

/// A session with its classification as it stands.
pub(crate) struct Live {
    pub(crate) session: LiveSession,
    pub(crate) classification: Option<Classification>,
}

/// A session at a moment: its passings, and the decisions in force on what they give. Says why where there is nothing to show.
pub(crate) fn live(rulebook: &Rulebook, season: &Season, at: Moment, session: usize) -> Result<Live, Stop> {
    let name = &season.calendar.sessions[session].name;
    let Some(live) = LiveSession::of(rulebook, season, at, session) else {
        let round = season.calendar.round(name.round);
        return Err(if round.is_some_and(|round| round.layout.is_none()) {
            Stop::no(format!(
                "the circuit of round {} has no lines, so no passing can be read; write its [line.x] and [timing.x] into its file",
                name.round
            ))
        } else if let Some(why) = not_yet(season, at, name) {
            Stop::no(why)
        } else {
            Stop::no(format!("{name} was not opened, so no passing belongs to it; see `parcferme meeting SEASON {}`", name.round))
        });
    };
    let sheet = live.sheet(rulebook, season, ResultState::Provisional);
    let happened = if at.in_force == Instant::FOREVER { last(season) } else { at.in_force };
    let fact = Fact {
        number: season.next_number(),
        happened,
        recorded: happened,
        by: String::from("parcferme"),
        citation: String::from("computed from passings"),
        what: What::Result(sheet),
    };
    let mut with = season.clone();
    with.apply(&fact);
    let evaluation = evaluate(rulebook, &with, Moment { in_force: happened.max(at.in_force), ..at }, Some(session), &World::default());
    let of = evaluation.classifications.iter().rfind(|of| of.session == session && of.mark.is_none());
    Ok(Live { session: live, classification: of.map(|of| (**of).clone()) })
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

fn last(season: &Season) -> Instant {
    season.facts().iter().map(|fact| fact.happened).max().unwrap_or(Instant(0))
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
    let table = Table::of(&live);
    Ok(match format {
        Format::Text => table.text(&rulebook, &season, &live, &head),
        Format::Csv => table.csv(&season, &live),
        Format::Json => table.json(&season, &live),
    })
}

/// A row: a car as it is classified, and what it did.
struct Row {
    classified: Classified,
    progress: Progress,
    /// Laps or time behind the car first in the table.
    gap: String,
    /// The same to the car ahead.
    interval: String,
    last: Option<Micros>,
    /// The sum of its best sectors.
    ideal: Option<Micros>,
    stops: usize,
    in_pits: bool,
}

impl Row {
    /// Laps, deductions applied.
    fn laps(&self) -> u32 {
        self.classified.laps.unwrap_or(self.progress.laps)
    }
}

struct Table {
    rows: Vec<Row>,
}

impl Table {
    fn of(live: &Live) -> Self {
        let of = &live.session;
        let mut rows: Vec<Row> = Vec::new();
        for classified in live.classification.iter().flat_map(|of| &of.rows) {
            let Some(car) = of.cars.iter().position(|entry| *entry == classified.entry) else { continue };
            let progress = of.running.progress(car);
            let track = &of.running.tracks()[car];
            let visits = visits(of.running.layout(), track);
            let start = of.start().unwrap_or(Instant::FOREVER);
            let laps = of.laps_of(car);
            let (last, ideal) = (laps.last().map(|lap| lap.time), of.ideal_lap(&laps));
            let in_pits = visits.last().is_some_and(|visit| visit.inside) && of.ending.at().is_none();
            let end = of.ending.at().unwrap_or(Instant::FOREVER);
            let stops = visits.iter().filter(|visit| visit.entry.is_some_and(|entry| entry.at > start && entry.at < end)).count();
            let (gap, interval) = (behind(of, rows.first(), classified), behind(of, rows.last(), classified));
            rows.push(Row { classified: classified.clone(), progress, gap, interval, last, ideal, stops, in_pits });
        }
        Self { rows }
    }

    fn text(&self, rulebook: &Rulebook, season: &Season, live: &Live, head: &str) -> String {
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
            let pit = if row.in_pits {
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
                cup_title(rulebook, &classified.cup),
                place(classified.cup_place),
                driver(season, of, row),
                if classified.finish == Finish::NotStarted { String::new() } else { row.laps().to_string() },
                printed(classified.time),
                row.gap.clone(),
                row.interval.clone(),
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

    fn csv(&self, season: &Season, live: &Live) -> String {
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
                row.gap.clone(),
                row.interval.clone(),
                micros(row.last),
                micros(row.progress.best),
                row.stops.to_string(),
                row.in_pits.to_string(),
                effects.join("; "),
                micros(row.ideal),
                cup_ids(&classified.cup),
            ];
            text.push_str(&csv_line(cells.iter().map(String::as_str)));
        }
        text
    }

    fn json(&self, season: &Season, live: &Live) -> String {
        let of = &live.session;
        let row = |row: &Row| {
            let classified = &row.classified;
            let entry = &season.list.entries[classified.entry];
            let place = |place: Option<sport::place::Places>| place.map(|place| place.to_string());
            let effects: Vec<Value> =
                classified.effects.iter().map(|(ground, says)| json!({ "by": ground.to_string(), "says": says })).collect();
            json!({
                "position": place(classified.place), "number": entry.number, "car": entry.id.as_str(), "class": entry.class.as_str(),
                "class_position": place(classified.class_place), "cup": cup_ids(&classified.cup), "cup_position": place(classified.cup_place), "finish": classified.finish.word(),
                "laps": row.laps(), "time_us": classified.time.map(|time| time.0), "gap": row.gap, "interval": row.interval,
                "last_us": row.last.map(|time| time.0), "best_us": row.progress.best.map(|time| time.0),
                "ideal_us": row.ideal.map(|time| time.0), "stops": row.stops, "in_pits": row.in_pits,
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

fn finish(row: &Classified) -> Option<&'static str> {
    match row.finish {
        Finish::Classified | Finish::Unknown => None,
        Finish::NotClassified => Some("NC"),
        Finish::NotStarted => Some("DNS"),
        Finish::Disqualified => Some("DSQ"),
    }
}

/// Its place, or why it has none.
fn position(of: &LiveSession, row: &Classified) -> String {
    match finish(row) {
        // Before the end nobody knows that it does not start.
        Some(_) if of.ending.at().is_none() && row.finish == Finish::NotStarted => String::from("-"),
        Some(word) => word.to_owned(),
        None => row.place.map_or_else(String::new, |place| place.to_string()),
    }
}

/// Who is aboard, or was at the end.
fn driver(season: &Season, of: &LiveSession, row: &Row) -> String {
    let aboard = of.driver(row.progress.car, Instant::FOREVER);
    aboard.map_or_else(String::new, |driver| season.list.drivers[driver].name.clone())
}

/// Laps or time behind another car; nothing where a decision, not the road, put it behind.
fn behind(of: &LiveSession, ahead: Option<&Row>, classified: &Classified) -> String {
    let Some(ahead) = ahead.filter(|_| classified.finish != Finish::NotStarted).map(|row| &row.classified) else { return String::new() };
    // The difference of what is printed, which is cut to milliseconds: the sheet's sums hold.
    let ms = |time: Micros| time.0.div_euclid(1_000);
    let time = |ahead: Option<Micros>, own: Option<Micros>| {
        let difference = ahead.zip(own).map(|(ahead, own)| Micros((ms(own) - ms(ahead)) * 1_000)).filter(|difference| difference.0 >= 0);
        difference.map_or_else(String::new, |difference| format!("+{difference}"))
    };
    if of.running.ranking() == Ranking::BestLap {
        return time(ahead.best_lap, classified.best_lap);
    }
    let (first, own) = (ahead.laps.unwrap_or(0), classified.laps.unwrap_or(0));
    match first.checked_sub(own) {
        Some(0) => time(ahead.time, classified.time),
        Some(laps) => format!("+{}", counted(laps)),
        None => String::new(),
    }
}

fn counted(laps: u32) -> String {
    format!("{laps} lap{}", if laps == 1 { "" } else { "s" })
}

/// How far the session is, in words.
pub(crate) fn state(of: &LiveSession) -> String {
    let leader = counted(of.running.order().next().map_or(0, |leader| leader.laps));
    // Where the best lap counts, it says nothing how many the first drove.
    let laps = |word: &str| if of.running.ranking() == Ranking::Distance { format!("{word}{leader}") } else { String::new() };
    let mut words = String::new();
    let last = of.signals.last().map_or("", |(_, signal)| signal.word());
    let _ = match (of.start(), of.ending) {
        (None, _) => write!(words, "open, not started"),
        (Some(_), Ending::Open) => write!(words, "{last}{}", laps(", ")),
        (Some(_), Ending::Due(_) | Ending::Signalled(_)) => write!(words, "ended{}", laps(" after ")),
        (Some(_), Ending::Early { .. }) => write!(words, "ended early after {leader}"),
        (Some(_), Ending::Late { .. }) => write!(words, "ended after {leader}, signal late"),
        (Some(_), Ending::Red { .. }) => write!(words, "stopped by a red flag, counted after {leader}"),
    };
    words
}
