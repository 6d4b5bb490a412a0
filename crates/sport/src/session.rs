//! Sessions and the calendar they stand in.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::date::Date;
use crate::line::Layout;
use crate::names::{AwardId, SessionId};
use crate::points::Points;

/// What a session is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SessionKind {
    /// Free practice, pre-qualifying.
    Practice,
    /// Sets a grid.
    Qualifying,
    /// A race that sets the grid of the main race (P30).
    QualifyingRace,
    /// A race.
    Race,
    /// Warm-up.
    WarmUp,
}

impl SessionKind {
    /// All kinds with the word each is written as.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("practice", Self::Practice),
        ("qualifying", Self::Qualifying),
        ("qualifying-race", Self::QualifyingRace),
        ("race", Self::Race),
        ("warm-up", Self::WarmUp),
    ];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

/// A session by its name in the season: `2.race-1`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SessionName {
    /// The round's number, from 1.
    pub round: u16,
    /// The session's id in the weekend format.
    pub id: SessionId,
}

impl fmt::Display for SessionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&alloc::format!("{}.{}", self.round, self.id))
    }
}

/// A session on the calendar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Round and id.
    pub name: SessionName,
    /// What it is for.
    pub kind: SessionKind,
    /// First, second, … of its kind in the round, from 1: race 2 of round 4 is `4.2`.
    pub number: u16,
    /// The day it is held.
    pub date: Date,
    /// Scheduled duration in minutes, for timed sessions.
    pub minutes: Option<u16>,
    /// Scheduled distance in kilometres, for races over a distance.
    pub kilometres: Option<u16>,
    /// Scheduled laps, where the rulebook counts laps.
    pub laps: Option<u32>,
    /// Multiplies all points of the session (P53, P55); 1 in the ordinary case.
    pub points_factor: Points,
    /// Awards that are not given here (P53: a factor may cancel the fastest-lap point).
    pub without_awards: Vec<AwardId>,
}

/// A round: one event (meeting) of the season.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Round {
    /// From 1.
    pub number: u16,
    /// The circuit's id.
    pub circuit: String,
    /// The circuit's name as printed.
    pub name: String,
    /// The country as printed.
    pub country: String,
    /// The circuit's lines, where they were written down: without them no passing can be read.
    pub layout: Option<Layout>,
}

/// The season's rounds and sessions, in the order they are held.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Calendar {
    /// Rounds by number, ascending.
    pub rounds: Vec<Round>,
    /// All sessions, in order.
    pub sessions: Vec<Session>,
}

impl Calendar {
    /// The position of a session in [`Calendar::sessions`].
    pub fn find(&self, name: &SessionName) -> Option<usize> {
        self.sessions.iter().position(|session| session.name == *name)
    }

    /// The `number`-th race of a round: `2.2` is the second race of round 2.
    pub fn race(&self, round: u16, number: u16) -> Option<usize> {
        let wanted = |session: &Session| session.name.round == round && session.number == number && session.kind == SessionKind::Race;
        self.sessions.iter().position(wanted)
    }

    /// The last session of a round.
    pub fn last_of(&self, round: u16) -> Option<usize> {
        self.sessions.iter().rposition(|session| session.name.round == round)
    }

    /// The next race after a session, in this round or the next: where a success penalty is due.
    pub fn next_race(&self, after: usize) -> Option<usize> {
        let later = self.sessions.iter().enumerate().skip(after + 1);
        later.filter(|(_, session)| session.kind == SessionKind::Race).map(|(ix, _)| ix).next()
    }

    /// The round by its number.
    pub fn round(&self, number: u16) -> Option<&Round> {
        self.rounds.iter().find(|round| round.number == number)
    }
}
