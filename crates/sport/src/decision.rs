//! What officials decide, and the matters that are open. A decision states its effects; what they do is computed, never typed.

use alloc::string::String;
use alloc::vec::Vec;

use crate::date::Micros;
use crate::names::{ChampionshipId, DecisionId, DriverId, EntryId, MakerId, MatterId, TeamId};
use crate::points::Points;
use crate::session::SessionName;

/// Who a decision about a championship is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Named {
    /// A driver.
    Driver(DriverId),
    /// A team.
    Team(TeamId),
    /// A manufacturer or constructor.
    Maker(MakerId),
    /// An entry.
    Entry(EntryId),
}

/// One effect of a decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Time added to a car's race time; the order follows.
    AddTime {
        /// The race.
        session: SessionName,
        /// The car.
        car: EntryId,
        /// The time.
        time: Micros,
    },
    /// Success seconds not served at a stop are added to the race times of all cars that owed them (case 1).
    AddUnservedSuccess {
        /// The race in which they were due.
        session: SessionName,
    },
    /// A car drops places in the classification.
    DropPlaces {
        /// The race.
        session: SessionName,
        /// The car.
        car: EntryId,
        /// How many.
        places: u16,
    },
    /// Laps taken from a car.
    DeductLaps {
        /// The race.
        session: SessionName,
        /// The car.
        car: EntryId,
        /// How many.
        laps: u32,
    },
    /// A car is disqualified from the session; those behind move up.
    Disqualify {
        /// The session.
        session: SessionName,
        /// The car.
        car: EntryId,
    },
    /// The session has no classification and no points; nobody moves up (case 2).
    AnnulSession {
        /// The session.
        session: SessionName,
    },
    /// The session's points are withheld; the classification stands (case 1).
    WithholdPoints {
        /// The session.
        session: SessionName,
    },
    /// All points of the session are multiplied (P53).
    FactorPoints {
        /// The session.
        session: SessionName,
        /// The factor, 0 to 10.
        factor: Points,
    },
    /// A car keeps its place but scores nothing in a session (P57, P58, P59).
    Ineligible {
        /// The session.
        session: SessionName,
        /// The car.
        car: EntryId,
        /// In these championships; all when empty.
        championships: Vec<ChampionshipId>,
        /// Whether those behind gain a scoring place.
        others_move_up: bool,
    },
    /// The shares of a shared drive (P51 c).
    Shares {
        /// The session.
        session: SessionName,
        /// The car.
        car: EntryId,
        /// Each driver's share of the place's points.
        shares: Vec<(DriverId, Points)>,
    },
    /// Points taken from one total (P62). Negative numbers give points.
    DeductPoints {
        /// The championship.
        championship: ChampionshipId,
        /// Who.
        competitor: Named,
        /// How many are taken.
        points: Points,
        /// From the table after this round on (P73).
        from_round: u16,
    },
    /// Excluded from a championship; the races stand (P60, P61).
    Exclude {
        /// The championship.
        championship: ChampionshipId,
        /// Who.
        competitor: Named,
        /// True: the points stay printed beside the label. False: the points are zero.
        keeps_points: bool,
        /// From the table after this round on.
        from_round: u16,
    },
    /// Points and finishes before a round are void for the competitor; the old total is listed under a label (P63).
    Restart {
        /// The championship.
        championship: ChampionshipId,
        /// Who.
        competitor: Named,
        /// The first round that counts again.
        from_round: u16,
    },
    /// An earlier decision has no effect any more. Annulling the annulment restores it (case 3).
    Annul {
        /// The earlier decision.
        decision: DecisionId,
    },
}

impl Effect {
    /// The decision it annuls, where it annuls one.
    pub fn annuls(&self) -> Option<&DecisionId> {
        if let Self::Annul { decision } = self { Some(decision) } else { None }
    }

    /// The championship and the competitor it acts on, where it acts on a total.
    pub fn total(&self) -> Option<(&ChampionshipId, &Named)> {
        if let Self::DeductPoints { championship, competitor, .. }
        | Self::Exclude { championship, competitor, .. }
        | Self::Restart { championship, competitor, .. } = self
        {
            return Some((championship, competitor));
        }
        None
    }

    /// The round after which it enters the table, where it acts on a total (P73).
    pub fn from_round(&self) -> Option<u16> {
        if let Self::DeductPoints { from_round, .. } | Self::Exclude { from_round, .. } | Self::Restart { from_round, .. } = self {
            return Some(*from_round);
        }
        None
    }

    /// The session it acts on, where it acts on one.
    pub fn session(&self) -> Option<&SessionName> {
        match self {
            Self::AddTime { session, .. }
            | Self::AddUnservedSuccess { session }
            | Self::DropPlaces { session, .. }
            | Self::DeductLaps { session, .. }
            | Self::Disqualify { session, .. }
            | Self::AnnulSession { session }
            | Self::WithholdPoints { session }
            | Self::FactorPoints { session, .. }
            | Self::Ineligible { session, .. }
            | Self::Shares { session, .. } => Some(session),
            Self::DeductPoints { .. } | Self::Exclude { .. } | Self::Restart { .. } | Self::Annul { .. } => None,
        }
    }

    /// The car it acts on, where it acts on one.
    pub fn car(&self) -> Option<&EntryId> {
        match self {
            Self::AddTime { car, .. }
            | Self::DropPlaces { car, .. }
            | Self::DeductLaps { car, .. }
            | Self::Disqualify { car, .. }
            | Self::Ineligible { car, .. }
            | Self::Shares { car, .. } => Some(car),
            Self::AddUnservedSuccess { .. }
            | Self::AnnulSession { .. }
            | Self::WithholdPoints { .. }
            | Self::FactorPoints { .. }
            | Self::DeductPoints { .. }
            | Self::Exclude { .. }
            | Self::Restart { .. }
            | Self::Annul { .. } => None,
        }
    }
}

/// How a matter ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// The protest, appeal or review succeeded.
    Upheld,
    /// It failed.
    Rejected,
    /// It was withdrawn by those who lodged it.
    Withdrawn,
}

impl Outcome {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 3] = [("upheld", Self::Upheld), ("rejected", Self::Rejected), ("withdrawn", Self::Withdrawn)];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, outcome)| *outcome == self).map_or("", |(word, _)| word)
    }
}

/// A decision of stewards, a court, or the organiser.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// Its number as published.
    pub id: DecisionId,
    /// Who decided: `Stewards`, `National Court of Appeal`.
    pub authority: String,
    /// The articles it rests on.
    pub article: String,
    /// What happened.
    pub reason: String,
    /// What follows. Empty for a reprimand, a fine, no further action.
    pub effects: Vec<Effect>,
    /// The matter it ends, and how.
    pub settles: Option<(MatterId, Outcome)>,
}

/// What a protest, appeal or review is directed at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Against {
    /// A decision; if the matter is upheld the decision is annulled.
    Decision(DecisionId),
    /// A session's result.
    Result(SessionName),
}

/// The kind of an open matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MatterKind {
    /// To the stewards.
    Protest,
    /// To a court.
    Appeal,
    /// A right of review on a new element.
    Review,
    /// An inquiry by the officials themselves.
    Inquiry,
}

impl MatterKind {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 4] =
        [("protest", Self::Protest), ("appeal", Self::Appeal), ("review", Self::Review), ("inquiry", Self::Inquiry)];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

/// A protest, appeal, review or inquiry, open until a decision settles it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Matter {
    /// Its number or short name.
    pub id: MatterId,
    /// What it is.
    pub kind: MatterKind,
    /// Who lodged it.
    pub by: String,
    /// What it is directed at.
    pub against: Against,
    /// What is asked for: the effects if it is upheld, beside annulling the decision it is directed at.
    pub if_upheld: Vec<Effect>,
    /// True where the decision appealed against has no effect until the matter is settled (case 8).
    pub suspends: bool,
    /// The grounds.
    pub reason: String,
}
