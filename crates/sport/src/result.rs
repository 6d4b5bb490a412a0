//! Results as somebody published them: complete sheets, or the few places the press printed. Nothing is filled in.

use alloc::string::String;
use alloc::vec::Vec;

use crate::date::Micros;
use crate::names::{DecisionId, DriverId, EntryId, MarkId};
use crate::place::Places;
use crate::session::SessionName;

/// What the publisher called the sheet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ResultState {
    /// First issue; can still be protested.
    Provisional,
    /// Changed by a decision before it became final.
    Amended,
    /// Nothing was open when it was published.
    Final,
}

impl ResultState {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 3] = [("provisional", Self::Provisional), ("amended", Self::Amended), ("final", Self::Final)];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, state)| *state == self).map_or("", |(word, _)| word)
    }
}

/// How a car ended the session.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Finish {
    /// Has a place in the classification (whether we know which or not).
    Classified,
    /// Started, not classified (retired, too few laps, did not take the chequered signal).
    NotClassified,
    /// Did not start.
    NotStarted,
    /// Disqualified on the published sheet.
    Disqualified,
    /// Took part; whether it was classified was not published.
    Unknown,
}

impl Finish {
    /// All, with the word each is written as in tables.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("classified", Self::Classified),
        ("not-classified", Self::NotClassified),
        ("not-started", Self::NotStarted),
        ("disqualified", Self::Disqualified),
        ("unknown", Self::Unknown),
    ];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, finish)| *finish == self).map_or("", |(word, _)| word)
    }

    /// What stands where the place would, for a car that has none.
    pub fn without_place(self) -> Option<&'static str> {
        match self {
            Self::Classified | Self::Unknown => None,
            Self::NotClassified => Some("NC"),
            Self::NotStarted => Some("DNS"),
            Self::Disqualified => Some("DSQ"),
        }
    }
}

/// One car on a published sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResultRow {
    /// The car.
    pub car: EntryId,
    /// How it ended.
    pub finish: Finish,
    /// Place among all cars, as published.
    pub place: Option<Places>,
    /// Place in its class, as published.
    pub class_place: Option<Places>,
    /// Place in its cup, as published.
    pub cup_place: Option<Places>,
    /// Laps completed.
    pub laps: Option<u32>,
    /// Total race time.
    pub time: Option<Micros>,
    /// Gap to the leader on the leader's lap, where the time itself was not published.
    pub gap: Option<Micros>,
    /// Best lap.
    pub best_lap: Option<Micros>,
    /// Who drove, where the sheet names them; the entry's crew for the round otherwise.
    pub crew: Vec<DriverId>,
    /// Driving time by driver, where published (P10).
    pub drove: Vec<(DriverId, Micros)>,
    /// Led a lap (P56).
    pub led: bool,
    /// The publisher's remark.
    pub note: Option<String>,
}

impl ResultRow {
    /// A row that says only which car it is.
    pub fn of(car: EntryId, finish: Finish) -> Self {
        Self {
            car,
            finish,
            place: None,
            class_place: None,
            cup_place: None,
            laps: None,
            time: None,
            gap: None,
            best_lap: None,
            crew: Vec::new(),
            drove: Vec::new(),
            led: false,
            note: None,
        }
    }
}

/// How much of its scheduled length a race ran, where it was cut short (P20).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Raced {
    /// The scheduled length.
    Full,
    /// The leader completed this many laps; of so many scheduled, where the race is over laps.
    Laps {
        /// Completed by the leader.
        completed: u32,
        /// Scheduled.
        scheduled: Option<u32>,
    },
    /// Race time run of the time scheduled.
    Time {
        /// Race time run.
        run: Micros,
        /// Laps completed by the leader, where known.
        laps: Option<u32>,
    },
}

/// A published classification of a session, or of a mark inside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublishedResult {
    /// The session.
    pub session: SessionName,
    /// The mark inside the race, where it is not the finish (P2).
    pub mark: Option<MarkId>,
    /// What the publisher called it.
    pub state: ResultState,
    /// The sheet's number, where it has one.
    pub document: Option<String>,
    /// True where the sheet lists every car that took part. A false here makes every gap honest.
    pub complete: bool,
    /// Decisions whose effect the places already contain; they are not applied again.
    pub includes: Vec<DecisionId>,
    /// Decisions taken before it of which it is known that the places do not contain them.
    pub without: Vec<DecisionId>,
    /// How much of the race was run.
    pub raced: Raced,
    /// Cars named as holders of the fastest lap, where the sheet names them.
    pub fastest: Vec<EntryId>,
    /// The cars, in the sheet's order.
    pub rows: Vec<ResultRow>,
}

/// A published starting grid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublishedGrid {
    /// The race it is for.
    pub session: SessionName,
    /// True where every car of the grid is listed.
    pub complete: bool,
    /// The places that are known.
    pub rows: Vec<GridRow>,
}

/// One place of a published grid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GridRow {
    /// The car.
    pub car: EntryId,
    /// Place among all cars.
    pub place: Option<Places>,
    /// Place in the class.
    pub class_place: Option<Places>,
    /// Place in the cup.
    pub cup_place: Option<Places>,
    /// Who set the time, where published.
    pub driver: Option<DriverId>,
    /// The time it rests on.
    pub time: Option<Micros>,
    /// The publisher's remark.
    pub note: Option<String>,
}
