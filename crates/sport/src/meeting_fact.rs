//! What is recorded while a meeting runs: what sources heard, what race control signalled, who is aboard, what a person judged.

use alloc::string::String;
use alloc::sync::Arc;

use crate::date::Instant;
use crate::incident::Incident;
use crate::names::{DecisionId, DriverId, EntryId, SourceId};
use crate::passing::{Passing, PassingId, Transponder};
use crate::scrutineering::Measured;
use crate::session::SessionName;

/// A signal of race control. Its moment is the moment the fact happened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Signal {
    /// The pit exit opens: from here on passings belong to this session.
    Open,
    /// The start signal; after a neutralisation or a suspension, racing again.
    Green,
    /// Full-course yellow.
    FullCourseYellow,
    /// Safety car.
    SafetyCar,
    /// Red flag: suspended.
    Red,
    /// The chequered signal.
    Chequered,
    /// Nothing later belongs to the session.
    Close,
}

impl Signal {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 7] = [
        ("open", Self::Open),
        ("green", Self::Green),
        ("full-course-yellow", Self::FullCourseYellow),
        ("safety-car", Self::SafetyCar),
        ("red", Self::Red),
        ("chequered", Self::Chequered),
        ("close", Self::Close),
    ];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, signal)| *signal == self).map_or("", |(word, _)| word)
    }
}

/// How it is known who is in a car (C5).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AboardHow {
    /// Driver identification in the car.
    Identified,
    /// The team declared it.
    Declared,
    /// Seen from the pit wall.
    Seen,
}

impl AboardHow {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 3] = [("identified", Self::Identified), ("declared", Self::Declared), ("seen", Self::Seen)];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, how)| *how == self).map_or("", |(word, _)| word)
    }
}

/// What a person made of a passing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// It is no crossing of any car: a phantom impulse, a car in the paddock.
    Void,
    /// It is this car's, whatever transponder was heard.
    Of(EntryId),
}

/// What a source sent in one go. The fact happened when it arrived here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heard {
    /// The round: its circuit has the source.
    pub round: u16,
    /// The source.
    pub source: SourceId,
    /// The passings as sent, by the source's clock; at most 65,535.
    pub passings: Arc<[Passing]>,
}

/// What is recorded while a meeting runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MeetingFact {
    /// A source sent passings.
    Heard(Heard),
    /// Race control gave a signal.
    Signal {
        /// The session.
        session: SessionName,
        /// The signal.
        signal: Signal,
    },
    /// A session is to begin at a time (the timetable).
    Timetable {
        /// The session.
        session: SessionName,
        /// When.
        at: Instant,
    },
    /// A transponder is in a car. The latest that names it holds.
    Transponder {
        /// The round.
        round: u16,
        /// The transponder.
        transponder: Transponder,
        /// The car.
        car: EntryId,
        /// From this passing time on; throughout the round where none.
        from: Option<Instant>,
    },
    /// A driver is in a car from the moment the fact happened.
    Aboard {
        /// The session.
        session: SessionName,
        /// The car.
        car: EntryId,
        /// The driver.
        driver: DriverId,
        /// How it is known.
        how: AboardHow,
    },
    /// A person judged a passing. Undoing the fact restores the passing.
    Judged {
        /// The passing.
        passing: PassingId,
        /// What it is.
        verdict: Verdict,
        /// Why.
        reason: String,
    },
    /// Something happened that officials may judge, at the moment the fact happened.
    Incident(Incident),
    /// Something of a car was measured (F2).
    Measured(Measured),
    /// A set of tyres was marked for a car, or used by it.
    TyreSet {
        /// The round.
        round: u16,
        /// The car.
        car: EntryId,
        /// The set: its mark.
        set: String,
        /// The session in which it was used; marked, where none.
        used_in: Option<SessionName>,
    },
    /// A car served its drive-through or stop-and-go at the moment the fact happened.
    PenaltyServed {
        /// The decision that gave it.
        decision: DecisionId,
        /// The car.
        car: EntryId,
    },
}

impl MeetingFact {
    /// The round it belongs to, where it says so itself: what was judged belongs to the passing, a penalty served to its decision.
    pub fn round(&self) -> Option<u16> {
        match self {
            Self::Heard(heard) => Some(heard.round),
            Self::Signal { session, .. } | Self::Timetable { session, .. } | Self::Aboard { session, .. } => Some(session.round),
            Self::Transponder { round, .. } | Self::TyreSet { round, .. } => Some(*round),
            Self::Incident(incident) => Some(incident.session.round),
            Self::Measured(measured) => Some(measured.session.round),
            Self::Judged { .. } | Self::PenaltyServed { .. } => None,
        }
    }
}
