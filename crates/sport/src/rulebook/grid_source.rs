//! What a grid is made from (B1, B4, P5, P28–P32): sessions of the round, and how they are taken together.

use alloc::vec::Vec;

use crate::names::SessionId;

/// Where the grid of a race comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GridSource {
    /// The order of the whole field.
    pub base: GridBase,
    /// Knock-out and superpole (P32): sessions for the front places, in order, each for fewer cars than the one before.
    pub through: Vec<Through>,
}

/// How the whole field is ordered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GridBase {
    /// By the result of a session: qualifying (P28), a qualifying race or a race (P30).
    Result(SessionId),
    /// By each car's fastest lap of a session, whatever its place there: the race before (P31).
    FastestLaps(SessionId),
    /// By best laps taken together (P29).
    Laps {
        /// The sessions.
        sessions: Vec<SessionId>,
        /// Whose best laps.
        of: LapsOf,
        /// How they are taken together.
        how: Combine,
    },
    /// By the sum of the places in several sessions, the lowest first (P5).
    Places {
        /// The sessions.
        sessions: Vec<SessionId>,
        /// The session whose better place is ahead where sums are equal; with none, the last of the sessions.
        ties: Option<SessionId>,
    },
    /// By the results of groups that ran apart (P32).
    Groups {
        /// A session for each group.
        sessions: Vec<SessionId>,
        /// How they are brought together.
        order: GroupOrder,
    },
}

/// Whose best laps are taken together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LapsOf {
    /// The car's, one of each session.
    Sessions,
    /// Each driver's of the crew, over all the sessions.
    Drivers,
}

/// How best laps are taken together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Combine {
    /// Their average.
    Average(Missing),
    /// Their sum; who lacks one is behind those who lack none.
    Sum,
    /// The best of them.
    Best,
}

/// What becomes of a car that lacks one of the laps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Missing {
    /// It is behind those that lack none.
    Behind,
    /// The average is that of the laps there are.
    LeftOut,
}

/// How groups are brought together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum GroupOrder {
    /// By turns: the first of each group, then the second of each; the group with the fastest lap of all begins.
    FastestFirst,
    /// By turns, in the order the groups are written.
    AsWritten,
    /// One group behind the other, in the order they are written.
    Behind,
}

/// Who goes through to a session for the front places.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Through {
    /// The session.
    pub session: SessionId,
    /// So many cars, the first of the order before it: it gives them the first so many places.
    pub cars: u16,
}

impl GridBase {
    /// The sessions it asks.
    pub fn sessions(&self) -> &[SessionId] {
        match self {
            Self::Result(session) | Self::FastestLaps(session) => core::slice::from_ref(session),
            Self::Laps { sessions, .. } | Self::Places { sessions, .. } | Self::Groups { sessions, .. } => sessions,
        }
    }
}

impl GridSource {
    /// The result of one session, and nothing else.
    pub fn result(session: SessionId) -> Self {
        Self { base: GridBase::Result(session), through: Vec::new() }
    }

    /// Every session it asks, each once, in the order it is asked.
    pub fn sessions(&self) -> Vec<&SessionId> {
        let ties = if let GridBase::Places { ties, .. } = &self.base { ties.as_ref() } else { None };
        let mut all: Vec<&SessionId> = Vec::new();
        for session in self.base.sessions().iter().chain(ties).chain(self.through.iter().map(|through| &through.session)) {
            if !all.contains(&session) {
                all.push(session);
            }
        }
        all
    }
}
