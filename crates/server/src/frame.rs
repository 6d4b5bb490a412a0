//! What the live page shows at one moment: every value printed once, by the core, for screen, stream and terminal alike.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The live page at a moment. Fields without a value are left out.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, Serialize, ToSchema)]
pub struct Frame {
    /// The moment, RFC 3339 in UTC, to the millisecond.
    pub at: String,
    /// So many times faster than life the clock runs: 1, but for a simulation or a replay.
    pub speed: u32,
    /// True where this is a simulation: nothing of it happened.
    pub simulated: bool,
    /// The season.
    pub season: String,
    /// The session that is open, or was last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionHead>,
    /// The session that comes next, where a time was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
    /// The window of the mandatory stop, in a race that has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<PitWindow>,
    /// The ids of the cars, the first first.
    pub order: Vec<String>,
    /// The cars by id.
    pub cars: BTreeMap<String, Car>,
    /// Messages of race control by number, the latest with the highest.
    pub messages: BTreeMap<String, Message>,
}

/// A session on the live page.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize, ToSchema)]
pub struct SessionHead {
    /// `6.race-1`.
    pub id: String,
    /// `Race 1`.
    pub title: String,
    /// The circuit.
    pub event: String,
    /// `practice`, `qualifying`, `qualifying-race`, `race`, `warm-up`.
    pub kind: String,
    /// True while it is open and has not ended.
    pub running: bool,
    /// How far it is, in words.
    pub state: String,
    /// The signal in force: `open`, `green`, `full-course-yellow`, `safety-car`, `red`, `chequered`, `close`.
    pub signal: String,
    /// Since when, RFC 3339.
    pub signal_since: String,
    /// When the timetable has it begin, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned: Option<String>,
    /// The start signal, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// When its time is complete, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
    /// True while the race clock stands.
    pub clock_stands: bool,
    /// The laps of the first.
    pub laps: u32,
    /// The laps it goes over, where it is over a distance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_laps: Option<u32>,
    /// True where there is a pit board: the rulebook asks for a stop, or limits the time at the wheel.
    pub pit_board: bool,
    /// How many findings a person should look at.
    pub findings: usize,
}

/// The session that comes next.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize, ToSchema)]
pub struct Next {
    /// `6.race-2`.
    pub id: String,
    /// `Race 2`.
    pub title: String,
    /// When it is to begin, RFC 3339.
    pub at: String,
}

/// The window of the mandatory stop.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize, ToSchema)]
pub struct PitWindow {
    /// `opens`, `delayed`, `open`, `closed`, `unfinished`.
    pub state: String,
    /// When it opens, as far as is known now, RFC 3339.
    pub opens: String,
    /// When it closes, as far as is known now, RFC 3339.
    pub closes: String,
    /// The signal whose end it waits for: until then the two moments are those of the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awaits: Option<String>,
}

/// A car on the live page. Times are as printed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, Serialize, ToSchema)]
pub struct Car {
    /// The number on it.
    pub number: String,
    /// Its place, or why it has none: `3`, `NC`, `DSQ`, `-`.
    pub position: String,
    /// Places won since the grid; negative where lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gained: Option<i32>,
    /// Its class.
    pub class: String,
    /// Its place in its class.
    pub class_position: String,
    /// Its cup by id; several with `|` where nobody knows which; empty where none.
    pub cup: String,
    /// The cup as printed.
    pub cup_title: String,
    /// Its place in its cup; `?` where nobody knows in which it is.
    pub cup_position: String,
    /// Who is aboard; empty where nobody said.
    pub driver: String,
    /// The others of the crew.
    pub others: String,
    /// The team.
    pub team: String,
    /// The model.
    pub model: String,
    /// Laps.
    pub laps: String,
    /// To the first: `+7.259`, `+1 lap`.
    pub gap: String,
    /// To the car ahead.
    pub interval: String,
    /// To the first of its class.
    pub class_gap: String,
    /// To the car ahead in its class.
    pub class_interval: String,
    /// How far it is behind in each cup it is in or may be in, by the id of the cup.
    pub in_cups: BTreeMap<String, InCup>,
    /// The lap completed last.
    pub last: String,
    /// Whose best that is: `none`, `car`, `class`, `session`.
    pub last_best: String,
    /// Its best lap.
    pub best: String,
    /// Whose best that is.
    pub best_best: String,
    /// Its sectors: of the lap it is on, or of the one before where it has not come so far.
    pub sectors: Vec<Sector>,
    /// Visits to the pit lane since the start.
    pub stops: String,
    /// `not-out`, `track`, `pit`, `out-lap`, `stopped`, `finished`.
    pub state: String,
    /// Decisions on its result.
    pub note: String,
    /// Its mandatory stop, in a race that asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
}

/// How far a car is behind in a cup, among all that are in it or may be.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize, ToSchema)]
pub struct InCup {
    /// To the first.
    pub gap: String,
    /// To the car ahead.
    pub interval: String,
}

/// A sector of a car.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize, ToSchema)]
pub struct Sector {
    /// Its time; empty where an end of it was not heard.
    pub time: String,
    /// Whose best it is: `none`, `car`, `class`, `session`.
    pub best: String,
    /// True where it is of the lap the car is on.
    pub current: bool,
}

/// A car's mandatory stop.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize, ToSchema)]
pub struct Stop {
    /// `to-do`, `in`, `done`, `breach`, `decided` where stewards decided about it, `none` where none is owed any more.
    pub state: String,
    /// In a word or two: `no stop yet`, `15 s due`, `PIT`, `done`, `0.612 s too short`.
    pub says: String,
    /// What more there is to say: the time of the stop, the penalty proposed.
    pub detail: String,
    /// Success seconds due, as printed; empty where none.
    pub due: String,
    /// The least time from pit entry to pit exit with them.
    pub minimum: String,
    /// Success seconds due, in microseconds.
    pub due_us: i64,
    /// The least time, in microseconds.
    pub minimum_us: i64,
    /// It is in the pit lane since, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The earliest moment it may leave, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earliest: Option<String>,
    /// Its visits to the pit lane.
    pub visits: Vec<Visit>,
}

/// A visit to the pit lane.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize, ToSchema)]
pub struct Visit {
    /// Over the entry line, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// Over the exit line, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit: Option<String>,
    /// Between the two, as printed; empty where one was not heard.
    pub time: String,
    /// Whether it is the mandatory stop, or one of them.
    pub mandatory: bool,
}

/// A message of race control.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize, ToSchema)]
pub struct Message {
    /// When, RFC 3339.
    pub at: String,
    /// `signal`, `incident`, `decision`, `served`, `window`, `result`.
    pub kind: String,
    /// What, in a sentence.
    pub says: String,
    /// The ids of the cars it is about.
    pub cars: Vec<String>,
}
