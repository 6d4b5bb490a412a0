//! Standings of a championship: lines with points as far as they are known, each able to name every score it is the sum of.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::names::{AwardId, ChampionshipId};
use crate::place::Places;
use crate::points::Points;
use crate::rulebook::championship::CompetitorKind;
use crate::world::Ground;

/// Points known to lie between two numbers; exact when they are equal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// At least.
    pub at_least: Points,
    /// At most.
    pub at_most: Points,
}

impl Bounds {
    /// Nothing.
    pub const ZERO: Self = Self { at_least: Points::ZERO, at_most: Points::ZERO };

    /// Exactly.
    pub const fn exactly(points: Points) -> Self {
        Self { at_least: points, at_most: points }
    }

    /// Whether both bounds are one number.
    pub fn is_exact(self) -> bool {
        self.at_least == self.at_most
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { at_least: self.at_least + other.at_least, at_most: self.at_most + other.at_most }
    }

    /// Multiplied by a factor that is not negative.
    #[must_use]
    pub fn times(self, factor: Points) -> Self {
        if factor == Points::ONE {
            return self;
        }
        Self { at_least: self.at_least * factor, at_most: self.at_most * factor }
    }
}

/// What one competitor got from one car in one session for one award.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Score {
    /// Position in the calendar.
    pub session: usize,
    /// Position in the entry list.
    pub entry: usize,
    /// For what.
    pub award: AwardId,
    /// The scoring place in this championship, for awards by place. `None`: the car is not ranked (not classified).
    pub scoring: Option<Places>,
    /// The classified place among the cars the championship ranks, eligible or not.
    pub classified: Option<Places>,
    /// The points.
    pub points: Bounds,
    /// Whether its place counts for countback.
    pub countback: bool,
    /// The car was disqualified: a zero that may not be droppable (P17). `None`: nobody published how it ended.
    pub disqualified: Option<bool>,
    /// Kept, or dropped by best-N.
    pub fate: Fate,
}

/// What becomes of a score under a rule on dropped results (P17, P48, P49).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It counts.
    Counts,
    /// It is a disqualification's, which cannot be dropped.
    CannotBeDropped,
    /// It is dropped.
    Dropped,
    /// Points or disqualifications nobody published decide; by the points known it is kept or not.
    Open {
        /// By the points known.
        kept: bool,
    },
}

impl Fate {
    /// Whether it counts, by the points known.
    pub fn kept(self) -> bool {
        !matches!(self, Self::Dropped | Self::Open { kept: false })
    }

    /// What is said after it; nothing where it counts as results do.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Counts => "",
            Self::CannotBeDropped => ", cannot be dropped",
            Self::Dropped => ", dropped",
            Self::Open { .. } => ", may be dropped",
        }
    }
}

/// A change to a total that is no score: a deduction, or an exclusion.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Adjustment {
    /// By what.
    pub ground: Ground,
    /// The championship it acted on, where that is a part of a sum (P9).
    pub part: Option<ChampionshipId>,
    /// Added (negative: taken). Zero for an exclusion that leaves the points beside the label, and for a part that a sum does without.
    pub points: Points,
    /// An exclusion.
    pub excludes: bool,
}

/// `-5 by decision 12`, `excluded by decision 12 in gt3-drivers`.
impl fmt::Display for Adjustment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.excludes, self.points.is_zero()) {
            (true, true) => write!(f, "excluded by {}", self.ground)?,
            (true, false) => write!(f, "excluded by {}: {}", self.ground, self.points)?,
            (false, _) => write!(f, "{} by {}", self.points, self.ground)?,
        }
        self.part.as_ref().map_or(Ok(()), |part| write!(f, " in {part}"))
    }
}

/// One line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The place printed: that of the points known, ties broken; `None` beside a label.
    pub place: Option<u16>,
    /// The place is shared with another line.
    pub shared: bool,
    /// The places that remain possible where points are only partly known.
    pub possible: Places,
    /// Instead of a place: `EXC` for an exclusion, the old total of a restart.
    pub label: Option<String>,
    /// The competitors on the line, by position in their list: a crew, or one.
    pub competitors: Vec<usize>,
    /// As printed.
    pub name: String,
    /// Points that count.
    pub points: Bounds,
    /// All points scored, dropped results included (P50).
    pub gross: Bounds,
    /// Every score, in calendar order.
    pub scores: Vec<Score>,
    /// Deductions and the like.
    pub adjustments: Vec<Adjustment>,
    /// The decision that parts a competitor's points in two, and the first round after it (P63): on the line before and on the one after.
    pub restart: Option<(Ground, u16)>,
    /// What broke the tie with the line above, in words.
    pub tie: Option<String>,
}

/// The standings of one championship.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standings {
    /// Which.
    pub championship: ChampionshipId,
    /// As printed.
    pub title: String,
    /// Who competes.
    pub competitor: CompetitorKind,
    /// The lines, best first, labelled ones last.
    pub lines: Vec<Line>,
    /// Scores whose place nobody published.
    pub unknown: usize,
}
