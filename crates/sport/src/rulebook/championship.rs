//! A championship: who competes, what counts, how ties fall, who is listed (E2–E5, P7–P18, P48–P72).

use alloc::string::String;
use alloc::vec::Vec;

use crate::citation::Cite;
use crate::date::Micros;
use crate::grade::GradeSet;
use crate::names::{AwardId, ChampionshipId, ClassId, CupId};

/// Who competes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CompetitorKind {
    /// Drivers by name (P11).
    Driver,
    /// Teams by licence (P13).
    Team,
    /// Manufacturers (P14).
    Maker,
    /// Pairs of chassis and engine (P64).
    Constructor,
    /// Entries, by number.
    Entry,
}

/// A championship.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Championship {
    /// `gt3-drivers`.
    pub id: ChampionshipId,
    /// As printed.
    pub title: String,
    /// Who competes.
    pub competitor: CompetitorKind,
    /// Drivers who scored together throughout stand on one line (E3).
    pub crews_on_one_line: bool,
    /// Cars of these classes are ranked; all when empty.
    pub classes: Vec<ClassId>,
    /// Cars of these cups only; all when empty.
    pub cups: Vec<CupId>,
    /// Only drivers of these grades score; all when empty.
    pub driver_grades: Option<GradeSet>,
    /// Only drivers of this age on the day of the season's first session, both inclusive (P25).
    pub driver_ages: Option<(i16, i16)>,
    /// Only entries registered for it are ranked (P7, P14).
    pub by_registration: bool,
    /// What counts.
    pub awards: Vec<AwardId>,
    /// The sum of these championships' points instead, unscaled (P9).
    pub sum_of: Vec<ChampionshipId>,
    /// Only the best so many cars of a competitor score (P13, P14, P65).
    pub best_cars: Option<BestCars>,
    /// Entries that first take part after this round are not ranked for points; those behind move up or not as for guests.
    pub newcomers_until: Option<u16>,
    /// Competitors that enter fewer rounds are not ranked; those behind move up.
    pub rounds_min: Option<u16>,
    /// What a shared drive gives each driver (P51).
    pub shared_drive: SharedDrive,
    /// A driver in two cars of one session (P12).
    pub two_cars: TwoCars,
    /// Driving time a driver needs to score (P10).
    pub drive_min: Option<Micros>,
    /// Dropped results (P17, P48, P49).
    pub keep: Option<Keep>,
    /// Rounds that do not count here (P66).
    pub skip_rounds: Vec<u16>,
    /// How ties fall.
    pub ties: Ties,
    /// The lowest total wins (P5).
    pub lowest_wins: bool,
    /// Who is listed (P72).
    pub listed: Listed,
    /// Where it is written.
    pub cite: Cite,
}

/// Best cars of a competitor in one session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BestCars {
    /// How many score.
    pub count: u16,
    /// True: surplus cars are invisible and those behind gain a scoring place. False: they keep their place and score nothing.
    pub surplus_invisible: bool,
    /// Where it is written.
    pub cite: Cite,
}

/// What a shared drive gives each driver (P51).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SharedDrive {
    /// Each driver the full points: the rule in GT racing (E3).
    Full,
    /// An equal exact share each.
    Split,
    /// Nothing to anybody.
    Nothing,
}

/// A driver in two cars of one session (P12).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TwoCars {
    /// Both score.
    Both,
    /// The better one scores.
    Better,
    /// The nominated one scores; without a nomination neither, with a finding.
    Nominated,
}

/// The unit that is kept or dropped.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum KeepUnit {
    /// All of a round together (P48).
    Round,
    /// Each session by itself.
    Session,
}

/// Dropped results.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keep {
    /// What is kept or dropped as one.
    pub unit: KeepUnit,
    /// Ranges of rounds, each with its own number (P49). A unit outside all ranges always counts.
    pub ranges: Vec<KeepRange>,
    /// A disqualification's zero cannot be dropped (P17).
    pub disqualification_counts: bool,
    /// Where it is written.
    pub cite: Cite,
}

/// One range of rounds with its number of results.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeepRange {
    /// First round.
    pub first: u16,
    /// Last round.
    pub last: u16,
    /// The number kept; the last entry whose `held` is at most the number of units held so far. Fewer held than the first entry asks: nothing is dropped.
    pub best: Vec<KeepBest>,
}

/// The number of results kept once so many units were held (P17).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeepBest {
    /// Units held in the range, at least.
    pub held: u16,
    /// Results kept.
    pub best: u16,
}

/// How ties fall: steps in order, then the place is shared and the next skipped (P68–P71).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ties {
    /// Tried in order.
    pub steps: Vec<TieBreak>,
    /// Where it is written.
    pub cite: Cite,
}

/// One way to break a tie.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TieBreak {
    /// More wins only (P18).
    Wins,
    /// Number of first places, then seconds, … over scoring results, by scoring place; dropped results count too (P68).
    CountbackScoring,
    /// The same over all classified results, by classified place (P69).
    CountbackClassified,
    /// Who reached the best scoring place first in the season (P70).
    EarliestBest,
    /// The better place in the last session in which they differ, latest first.
    LatestBetter,
}

impl TieBreak {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("wins", Self::Wins),
        ("countback-scoring", Self::CountbackScoring),
        ("countback-classified", Self::CountbackClassified),
        ("earliest-best", Self::EarliestBest),
        ("latest-better", Self::LatestBetter),
    ];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, tie)| *tie == self).map_or("", |(word, _)| word)
    }
}

/// Who is listed (P72).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Listed {
    /// Competitors with points only (or who may have some).
    Scorers,
    /// Also everybody with a classified finish (or who may have one).
    Finishers,
    /// Everybody who took part.
    Everybody,
}
