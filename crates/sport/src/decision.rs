//! What officials decide, and the matters that are open. A decision states its effects; what they do is computed, never typed.

use alloc::string::String;
use alloc::vec::Vec;

use crate::date::Micros;
use crate::incident::Answer;
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
    /// A car starts so many places further back. It acts on the grid, on no classification (B4).
    DropGrid {
        /// The race whose grid it is.
        session: SessionName,
        /// The car.
        car: EntryId,
        /// How many.
        places: u16,
    },
    /// A lap of a car does not count. It acts on a classification made of laps, and on no printed one (B4).
    DeleteLap {
        /// The session.
        session: SessionName,
        /// The car.
        car: EntryId,
        /// Which, from 1.
        lap: u32,
    },
    /// Through the pit lane without stopping. Not served in the race, it becomes time as the rulebook says.
    DriveThrough {
        /// The race.
        session: SessionName,
        /// The car.
        car: EntryId,
    },
    /// A stop in the pit lane of so long. Not served in the race, it becomes time as the rulebook says.
    StopAndGo {
        /// The race.
        session: SessionName,
        /// The car.
        car: EntryId,
        /// The time to stand still.
        time: Micros,
    },
    /// A reprimand.
    Reprimand {
        /// The car.
        car: EntryId,
        /// The driver, where it is his and not the team's.
        driver: Option<DriverId>,
    },
    /// A fine.
    Fine {
        /// The car of the competitor who pays.
        car: EntryId,
        /// The amount in hundredths of the currency's unit.
        hundredths: u64,
        /// The currency as written: `EUR`.
        currency: String,
    },
    /// Points on a driver's licence (P44).
    LicencePoints {
        /// The driver.
        driver: DriverId,
        /// How many.
        points: u16,
    },
}

/// What a penalty is, where it matters which: what may be appealed against.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PenaltyKind {
    /// Time added.
    Time,
    /// Places dropped in a classification.
    Places,
    /// Laps taken.
    Laps,
    /// A lap that does not count.
    LapDeletion,
    /// Places dropped on a grid.
    GridPlaces,
    /// Through the pit lane.
    DriveThrough,
    /// A stop in the pit lane.
    StopAndGo,
    /// Disqualification.
    Disqualification,
    /// A reprimand.
    Reprimand,
    /// A fine.
    Fine,
    /// Points on a licence.
    LicencePoints,
    /// Points taken from a total, or none scored.
    Points,
    /// Excluded from a championship.
    Exclusion,
}

impl PenaltyKind {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 13] = [
        ("time", Self::Time),
        ("places", Self::Places),
        ("laps", Self::Laps),
        ("lap-deletion", Self::LapDeletion),
        ("grid", Self::GridPlaces),
        ("drive-through", Self::DriveThrough),
        ("stop-and-go", Self::StopAndGo),
        ("disqualification", Self::Disqualification),
        ("reprimand", Self::Reprimand),
        ("fine", Self::Fine),
        ("licence-points", Self::LicencePoints),
        ("points", Self::Points),
        ("exclusion", Self::Exclusion),
    ];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
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
            | Self::Shares { session, .. }
            | Self::DropGrid { session, .. }
            | Self::DeleteLap { session, .. }
            | Self::DriveThrough { session, .. }
            | Self::StopAndGo { session, .. } => Some(session),
            Self::DeductPoints { .. }
            | Self::Exclude { .. }
            | Self::Restart { .. }
            | Self::Annul { .. }
            | Self::Reprimand { .. }
            | Self::Fine { .. }
            | Self::LicencePoints { .. } => None,
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
            | Self::Shares { car, .. }
            | Self::DropGrid { car, .. }
            | Self::DeleteLap { car, .. }
            | Self::DriveThrough { car, .. }
            | Self::StopAndGo { car, .. }
            | Self::Reprimand { car, .. }
            | Self::Fine { car, .. } => Some(car),
            Self::AddUnservedSuccess { .. }
            | Self::AnnulSession { .. }
            | Self::WithholdPoints { .. }
            | Self::FactorPoints { .. }
            | Self::DeductPoints { .. }
            | Self::Exclude { .. }
            | Self::Restart { .. }
            | Self::Annul { .. }
            | Self::LicencePoints { .. } => None,
        }
    }

    /// The driver it is against, where it is against one.
    pub fn driver(&self) -> Option<&DriverId> {
        match self {
            Self::LicencePoints { driver, .. } => Some(driver),
            Self::Reprimand { driver, .. } => driver.as_ref(),
            Self::AddTime { .. }
            | Self::AddUnservedSuccess { .. }
            | Self::DropPlaces { .. }
            | Self::DeductLaps { .. }
            | Self::Disqualify { .. }
            | Self::AnnulSession { .. }
            | Self::WithholdPoints { .. }
            | Self::FactorPoints { .. }
            | Self::Ineligible { .. }
            | Self::Shares { .. }
            | Self::DeductPoints { .. }
            | Self::Exclude { .. }
            | Self::Restart { .. }
            | Self::Annul { .. }
            | Self::DropGrid { .. }
            | Self::DeleteLap { .. }
            | Self::DriveThrough { .. }
            | Self::StopAndGo { .. }
            | Self::Fine { .. } => None,
        }
    }

    /// What penalty it is; `None` for what is none: an annulment, a factor, shares.
    pub fn penalty(&self) -> Option<PenaltyKind> {
        match self {
            Self::AddTime { .. } | Self::AddUnservedSuccess { .. } => Some(PenaltyKind::Time),
            Self::DropPlaces { .. } => Some(PenaltyKind::Places),
            Self::DeductLaps { .. } => Some(PenaltyKind::Laps),
            Self::Disqualify { .. } => Some(PenaltyKind::Disqualification),
            Self::Ineligible { .. } | Self::DeductPoints { .. } | Self::Restart { .. } => Some(PenaltyKind::Points),
            Self::Exclude { .. } => Some(PenaltyKind::Exclusion),
            Self::DropGrid { .. } => Some(PenaltyKind::GridPlaces),
            Self::DeleteLap { .. } => Some(PenaltyKind::LapDeletion),
            Self::DriveThrough { .. } => Some(PenaltyKind::DriveThrough),
            Self::StopAndGo { .. } => Some(PenaltyKind::StopAndGo),
            Self::Reprimand { .. } => Some(PenaltyKind::Reprimand),
            Self::Fine { .. } => Some(PenaltyKind::Fine),
            Self::LicencePoints { .. } => Some(PenaltyKind::LicencePoints),
            Self::AnnulSession { .. }
            | Self::WithholdPoints { .. }
            | Self::FactorPoints { .. }
            | Self::Shares { .. }
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
    /// What follows. Empty for no further action.
    pub effects: Vec<Effect>,
    /// The matter it ends, and how.
    pub settles: Option<(MatterId, Outcome)>,
    /// The incident it answers, with the evidence it rests on.
    pub answers: Option<Answer>,
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
    /// The intention to appeal; the appeal against the same decision or result takes its place.
    Intention,
}

impl MatterKind {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("protest", Self::Protest),
        ("appeal", Self::Appeal),
        ("review", Self::Review),
        ("inquiry", Self::Inquiry),
        ("intention", Self::Intention),
    ];

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
