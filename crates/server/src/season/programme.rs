//! The programme: rounds and sessions with their times and how far each is.

use std::collections::BTreeMap;

use serde::Serialize;
use sport::date::{Date, Instant};
use sport::fact::What;
use sport::meeting_fact::{MeetingFact, Signal};
use sport::session::{Round, Session, SessionName};
use utoipa::ToSchema;

use crate::clock::printed;
use crate::frame::SessionHead;
use crate::season::Known;

/// A day, in microseconds.
const DAY: i64 = 86_400_000_000;

/// A round of the calendar.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct RoundLine {
    /// From 1.
    pub(crate) round: u16,
    /// The circuit, as printed.
    pub(crate) event: String,
    /// The country, as printed.
    pub(crate) country: String,
    /// The circuit's id.
    pub(crate) circuit: String,
    /// The day of its first session: `2018-10-12`.
    pub(crate) first_day: String,
    /// The day of its last session.
    pub(crate) last_day: String,
    /// Its sessions, in order.
    pub(crate) sessions: Vec<SessionLine>,
}

/// A session of the calendar.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct SessionLine {
    /// `6.race-1`.
    pub(crate) id: String,
    /// `Race 1`.
    pub(crate) title: String,
    /// `practice`, `qualifying`, `qualifying-race`, `race`, `warm-up`.
    pub(crate) kind: String,
    /// The day.
    pub(crate) date: String,
    /// When it begins, RFC 3339, where a timetable told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) begins: Option<String>,
    /// Minutes planned, for timed sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) minutes: Option<u16>,
    /// True while it is open and has not ended.
    pub(crate) running: bool,
    /// True where it was opened here: timing, charts and pit board have something to show.
    pub(crate) timed: bool,
    /// True where it has a pit board: the rulebook asks for a stop, or limits the time at the wheel.
    pub(crate) pit_board: bool,
    /// How far it is, in words.
    pub(crate) state: String,
    /// What its latest result was published as: `provisional`, `amended`, `final`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) result: Option<String>,
    /// The fact of that result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) result_fact: Option<u64>,
    /// The fact of its published grid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) grid_fact: Option<u64>,
}

/// What the facts tell of a session's programme.
#[derive(Clone, Default, Debug)]
pub(crate) struct Told {
    pub(crate) begins: Option<Instant>,
    /// When the timetable was last recorded, and how often it was told.
    pub(crate) timetable: Option<(Instant, u32)>,
    pub(crate) signal: Option<Signal>,
    pub(crate) timed: bool,
    pub(crate) result: Option<(u64, &'static str)>,
    pub(crate) grid: Option<u64>,
}

/// What the facts tell of every session's programme, read once.
pub(crate) fn told<'a>(known: &Known<'a>) -> BTreeMap<&'a SessionName, Told> {
    let mut all: BTreeMap<&SessionName, Told> = BTreeMap::new();
    for fact in &known.live {
        match &fact.what {
            What::Meeting(MeetingFact::Timetable { session, at }) => {
                let of = all.entry(session).or_default();
                let times = of.timetable.map_or(0, |(_, times)| times);
                (of.begins, of.timetable) = (Some(*at), Some((fact.recorded, times + 1)));
            }
            What::Meeting(MeetingFact::Signal { session, signal }) => {
                let of = all.entry(session).or_default();
                (of.signal, of.timed) = (Some(*signal), true);
            }
            What::Result(sheet) if sheet.mark.is_none() => {
                all.entry(&sheet.session).or_default().result = Some((fact.number, sheet.state.word()));
            }
            What::Grid(grid) => all.entry(&grid.session).or_default().grid = Some(fact.number),
            What::Result(_)
            | What::Decision(_)
            | What::Matter(_)
            | What::Status { .. }
            | What::Grade { .. }
            | What::Bop(_)
            | What::Served(_)
            | What::Nomination { .. }
            | What::Meeting(_)
            | What::Undo { .. } => {}
        }
    }
    all
}

/// The calendar; `live` is the session on the live page, whose state is known more closely.
pub(crate) fn calendar(known: &Known<'_>, live: Option<&SessionHead>) -> Vec<RoundLine> {
    let told = told(known);
    known.season.calendar.rounds.iter().map(|of| round(known, of, &told, live)).collect()
}

fn round(known: &Known<'_>, round: &Round, told: &BTreeMap<&SessionName, Told>, live: Option<&SessionHead>) -> RoundLine {
    let of_round = known.season.calendar.sessions.iter().filter(|session| session.name.round == round.number);
    let days = || of_round.clone().map(|session| session.date);
    let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
    let none = Told::default();
    let line = |session: &Session| line(known, session, told.get(&session.name).unwrap_or(&none), live);
    RoundLine {
        round: round.number,
        event: round.name.clone(),
        country: round.country.clone(),
        circuit: round.circuit.clone(),
        first_day: day(days().min()),
        last_day: day(days().max()),
        sessions: of_round.clone().map(line).collect(),
    }
}

fn line(known: &Known<'_>, session: &Session, told: &Told, live: Option<&SessionHead>) -> SessionLine {
    let id = session.name.to_string();
    let on = live.filter(|live| live.id == id);
    let running = on.is_some_and(|live| live.running);
    SessionLine {
        title: known.teller().session(&session.name),
        kind: session.kind.word().to_owned(),
        date: session.date.to_string(),
        begins: told.begins.map(printed),
        minutes: session.minutes,
        running,
        timed: told.timed,
        pit_board: known.has_pit_board(session),
        state: on.filter(|live| live.running).map_or_else(|| state(known, session, told), |live| live.state.clone()),
        result: told.result.map(|(_, state)| state.to_owned()),
        result_fact: told.result.map(|(fact, _)| fact),
        grid_fact: told.grid,
        id,
    }
}

/// How far a session is by what was recorded of it.
fn state(known: &Known<'_>, session: &Session, told: &Told) -> String {
    if let Some((_, state)) = told.result {
        return format!("{state} result");
    }
    let over = session.date.midnight().0.saturating_add(DAY) <= known.now.0;
    String::from(match told.signal {
        Some(Signal::Close | Signal::Chequered) => "over, no result yet",
        Some(Signal::Open | Signal::Green | Signal::FullCourseYellow | Signal::SafetyCar | Signal::Red) => "opened",
        None if over => "nothing recorded",
        None => "to come",
    })
}
