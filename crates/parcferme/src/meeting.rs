//! `meeting`: a round's timetable and state, and what race control says while it runs.

use std::path::Path;

use paperwork::written::counted;
use serde_json::{Value, json};
use sport::accept::Request;
use sport::date::Instant;
use sport::fact::What;
use sport::finding::Weight;
use sport::live_session::LiveSession;
use sport::meeting::Meeting;
use sport::meeting_fact::{MeetingFact, Signal};
use sport::names::SessionId;
use sport::result::ResultState;
use sport::season::{Moment, Season};
use sport::session::{Session, SessionName};
use sport::tower::state;

use crate::arguments::{Format, MeetingAct};
use crate::columns::{Columns, Lean, csv_line};
use crate::place::{self, Place};
use crate::stop::Stop;
use crate::{classify, moment, record};

/// Who says it, when, and where it is written.
pub(crate) struct Said {
    pub(crate) by: String,
    pub(crate) at: Option<String>,
    pub(crate) cite: Option<String>,
}

/// `meeting`.
pub(crate) fn run(folder: &Path, round: u16, act: Option<&MeetingAct>, said: &Said, format: Format) -> Result<String, Stop> {
    let place = place::open(folder)?;
    if place.season.calendar.round(round).is_none() {
        let rounds: Vec<String> = place.season.calendar.rounds.iter().map(|round| round.number.to_string()).collect();
        return Err(Stop::usage(format!("there is no round {round}; rounds are {}", rounds.join(", "))));
    }
    let Some(act) = act else { return Ok(overview(&place, round, format)) };
    if format != Format::Text {
        return Err(Stop::usage("what is said is told in words; --format is for the timetable, without an action"));
    }
    let read = if matches!(act, MeetingAct::Publish { .. }) { moment::instant } else { moment::timed };
    let at = said.at.as_deref().map_or(Ok(moment::now()), read)?;
    let request = |what: What, cite: &str| Request {
        happened: at,
        by: said.by.clone(),
        citation: said.cite.clone().unwrap_or_else(|| cite.to_owned()),
        what,
    };
    let signal = |session: &str, signal: Signal| {
        let session = session_of(&place.season, round, session)?;
        Ok::<_, Stop>(request(What::Meeting(MeetingFact::Signal { session, signal }), "race control"))
    };
    let mut told = String::new();
    let request = match act {
        MeetingAct::Open { session } => signal(session, Signal::Open)?,
        MeetingAct::Start { session } => signal(session, Signal::Green)?,
        MeetingAct::Signal { session, signal: word } => {
            let given = Signal::WORDS.iter().find(|(of, _)| of == word).map(|(_, signal)| *signal);
            signal(session, given.ok_or_else(|| Stop::usage(format!("there is no signal {word}")))?)?
        }
        MeetingAct::Stop { session } => signal(session, Signal::Close)?,
        MeetingAct::Timetable { session, begins } => {
            let session = session_of(&place.season, round, session)?;
            request(What::Meeting(MeetingFact::Timetable { session, at: moment::timed(begins)? }), "timetable")
        }
        MeetingAct::Publish { session, state } => {
            let session = session_of(&place.season, round, session)?;
            let on = place.season.calendar.find(&session).ok_or_else(|| Stop::usage(format!("there is no session {session}")))?;
            let known = Moment { known: Instant::FOREVER, in_force: at };
            let live = classify::live(&place.rulebook, &place.season, known, on)?.session;
            if live.running.tracks().iter().all(|track| track.laps().is_empty()) {
                let help = "record its table with `record` or `import`, or wait for the first lap";
                return Err(Stop::usage(format!("no car completed a lap of {session} by then: there is nothing to publish; {help}")));
            }
            if live.ending.at().is_none() && !live.closed() {
                let help = format!("say `meeting SEASON {round} stop {}` first", session.id);
                return Err(Stop::no(format!("{session} is not over: nothing of it can be published; {help}")));
            }
            told = open_doubts(&place.season, &live, &session);
            let named = ResultState::WORDS.iter().find(|(word, _)| word == state).map(|(_, state)| *state);
            let sheet = live.sheet(&place.rulebook, &place.season, named.ok_or_else(|| Stop::usage(format!("there is no state {state}")))?);
            request(What::Result(sheet), "classification from passings")
        }
    };
    let (rulebook, begun) = place::written(folder)?;
    record::now(folder, &rulebook, &begun, &[request]).map(|said| format!("{said}{told}"))
}

/// A line about what is doubtful in a sheet as it is published, with the weightiest of it. What it says otherwise than an earlier one is no doubt of
/// this one.
fn open_doubts(season: &Season, live: &LiveSession, session: &SessionName) -> String {
    let open = || live.doubts.iter().filter(|doubt| doubt.weight > Weight::Note && doubt.code != "published-differs");
    let Some(first) = open().next().map(|doubt| live.finding(season, doubt)) else { return String::new() };
    let (counted, first) = (counted(open().count(), "doubt stands", "doubts stand"), format!("{}: {}", first.about, first.says));
    let all = format!("`classify SEASON {session}` tells");
    format!("{counted} beside it; the weightiest: {first} ({all} all)\n")
}

/// A session of the round by its id: `race-1`, or `3.race-1`.
fn session_of(season: &Season, round: u16, written: &str) -> Result<SessionName, Stop> {
    let id = written.strip_prefix(&format!("{round}.")).unwrap_or(written);
    let name = SessionName { round, id: SessionId::new(id) };
    if season.calendar.find(&name).is_some() {
        return Ok(name);
    }
    let known: Vec<&str> =
        season.calendar.sessions.iter().filter(|session| session.name.round == round).map(|session| session.name.id.as_str()).collect();
    let near = paperwork::suggest::nearest(id, known.iter().copied());
    let help = near.map_or_else(|| format!("sessions: {}", known.join(", ")), |near| format!("did you mean {near}?"));
    Err(Stop::usage(format!("round {round} has no session {id}; {help}")))
}

/// A session of the timetable, as it is printed.
struct Row {
    session: SessionName,
    day: String,
    begins: Option<String>,
    /// `None` before it was opened.
    state: Option<String>,
    published: Option<&'static str>,
    doubts: usize,
}

/// The timetable with the state of each session.
fn overview(place: &Place, round: u16, format: Format) -> String {
    let season = &place.season;
    let live = season.live(Moment::NOW);
    let meeting = Meeting::of(season, &live, round);
    let sessions = season.calendar.sessions.iter().enumerate().filter(|(_, session)| session.name.round == round);
    let row = |(at, session): (usize, &Session)| {
        let of = LiveSession::of(&place.rulebook, season, Moment::NOW, at);
        let published = live.iter().rev().find_map(|fact| fact.what.result().filter(|sheet| sheet.session == session.name));
        Row {
            session: session.name.clone(),
            day: session.date.to_string(),
            begins: meeting.timetable.get(&session.name).map(|at| moment::printed(*at)),
            state: of.as_ref().map(|of| if of.closed() { format!("closed, {}", state(of)) } else { state(of) }),
            published: published.map(|sheet| sheet.state.word()),
            doubts: of.as_ref().map_or(0, |of| of.doubts.len()),
        }
    };
    let rows: Vec<Row> = sessions.map(row).collect();
    let open = meeting.running();
    match format {
        Format::Text => {
            let name = season.calendar.round(round).map_or("", |round| round.name.as_str());
            let open = open.map_or_else(|| String::from("no session is open"), |session| format!("{session} is open"));
            format!("{} · round {round}  {name}\n{} · {open}\n\n{}", season.title, place.head, text(&rows))
        }
        Format::Csv => {
            let head = csv_line(["session", "day", "begins", "state", "published", "to_look_at"]);
            let cell = |text: Option<&str>| text.unwrap_or_default().to_owned();
            let line = |row: &Row| {
                let (begins, state) = (cell(row.begins.as_deref()), cell(row.state.as_deref()));
                csv_line(
                    [&row.session.to_string(), &row.day, &begins, &state, &cell(row.published), &row.doubts.to_string()]
                        .map(String::as_str),
                )
            };
            head + &rows.iter().map(line).collect::<String>()
        }
        Format::Json => {
            let json_of = |row: &Row| {
                json!({
                    "session": row.session.to_string(), "day": row.day, "begins": row.begins, "state": row.state, "published": row.published,
                    "to_look_at": row.doubts,
                })
            };
            let rows: Vec<Value> = rows.iter().map(json_of).collect();
            let open = open.map(ToString::to_string);
            format!("{:#}\n", json!({ "season": season.title, "round": round, "open": open, "sessions": rows }))
        }
    }
}

fn text(rows: &[Row]) -> String {
    let mut columns = Columns::new(&[
        ("Session", Lean::Left),
        ("Day", Lean::Left),
        ("Begins", Lean::Left),
        ("State", Lean::Left),
        ("Published", Lean::Left),
        ("To look at", Lean::Right),
    ]);
    for row in rows {
        columns.row(vec![
            row.session.id.to_string(),
            row.day.clone(),
            row.begins.clone().unwrap_or_default(),
            row.state.clone().unwrap_or_else(|| String::from("-")),
            row.published.unwrap_or_default().to_owned(),
            if row.doubts > 0 { row.doubts.to_string() } else { String::new() },
        ]);
    }
    columns.text()
}
