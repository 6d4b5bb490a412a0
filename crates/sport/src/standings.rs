//! Standings of a championship: lines with points as far as they are known, each able to name every score it is the sum of.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString as _};
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

impl Line {
    /// The place as printed: `3`, `3=` when shared, or the label of a line without one.
    pub fn position(&self) -> String {
        match (&self.label, self.place) {
            (Some(label), _) => label.clone(),
            (None, Some(place)) if self.shared => alloc::format!("{place}="),
            (None, place) => place.map_or_else(String::new, |place| place.to_string()),
        }
    }

    /// The places it can still hold, where that is not one; nothing beside a label.
    pub fn possible_places(&self) -> String {
        if self.label.is_some() || self.possible.exact().is_some() { String::new() } else { self.possible.to_string() }
    }

    /// Sessions won, by the scoring place.
    pub fn wins(&self) -> usize {
        let won = |score: &&Score| score.countback && score.scoring == Some(Places::exactly(1)) && !score.points.at_least.is_zero();
        self.scores.iter().filter(won).map(|score| score.session).collect::<BTreeSet<usize>>().len()
    }

    /// What is remarkable about it; what broke a tie stands on the line that is ahead by it.
    pub fn remarks(&self, next: Option<&Self>) -> Vec<String> {
        let mut remarks: Vec<String> = self.adjustments.iter().map(Adjustment::to_string).collect();
        let anew = self.restart.iter().filter(|_| self.label.is_none());
        remarks.extend(anew.map(|(ground, round)| alloc::format!("anew from round {round} by {ground}")));
        if self.gross != self.points && self.adjustments.is_empty() {
            remarks.push(alloc::format!("{} gross", self.gross.at_least));
        }
        remarks.extend(next.and_then(|next| next.tie.as_ref()).map(|tie| alloc::format!("ahead of the next by {tie}")));
        remarks
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn line(place: Option<u16>, label: Option<&str>) -> Line {
        Line {
            place,
            shared: false,
            possible: Places { best: 1, worst: 3 },
            label: label.map(String::from),
            competitors: Vec::new(),
            name: String::new(),
            points: Bounds::exactly(Points::whole(43)),
            gross: Bounds::exactly(Points::whole(50)),
            scores: Vec::new(),
            adjustments: Vec::new(),
            restart: None,
            tie: None,
        }
    }

    fn score(session: usize, place: u16, award: &str, countback: bool) -> Score {
        Score {
            session,
            entry: 0,
            award: award.into(),
            scoring: Some(Places::exactly(place)),
            classified: None,
            points: Bounds::exactly(Points::ONE),
            countback,
            disqualified: Some(false),
            fate: Fate::Counts,
        }
    }

    #[test]
    fn a_line_is_printed() {
        let (placed, mut shared, out) = (line(Some(2), None), line(Some(2), None), line(None, Some("EXC")));
        shared.shared = true;
        assert_eq!([placed.position(), shared.position(), out.position()], ["2", "2=", "EXC"]);
        assert_eq!([placed.possible_places(), out.possible_places()], ["1–3", ""]);
        let mut next = line(Some(3), None);
        next.tie = Some(String::from("wins"));
        assert_eq!(placed.remarks(Some(&next)), ["50 gross", "ahead of the next by wins"]);
    }

    #[test]
    fn a_race_is_won_once_and_only_where_its_place_counts() {
        let mut won = line(Some(1), None);
        won.scores = alloc::vec![
            score(0, 1, "race", true),
            score(0, 1, "half-time", true),
            score(1, 1, "pole", false),
            score(2, 2, "race", true),
            score(3, 1, "race", true)
        ];
        assert_eq!(won.wins(), 2);
    }
}
