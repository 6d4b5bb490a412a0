//! The lines of a circuit, and the sources that watch them.

use alloc::vec::Vec;

use crate::date::Micros;
use crate::names::{LineId, SourceId};

/// What a line is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LineKind {
    /// Start and finish; a lap ends here.
    Finish,
    /// The end of a sector.
    Sector,
    /// Where the pit lane begins.
    PitEntry,
    /// Where the pit lane ends.
    PitExit,
    /// Where speed is measured.
    SpeedTrap,
}

impl LineKind {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("finish", Self::Finish),
        ("sector", Self::Sector),
        ("pit-entry", Self::PitEntry),
        ("pit-exit", Self::PitExit),
        ("speed-trap", Self::SpeedTrap),
    ];
}

/// A line across the track or the pit lane.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its id: `finish`, `s1`, `pit-entry`.
    pub id: LineId,
    /// What it is for.
    pub kind: LineKind,
    /// Metres from the finish line in driving direction; 0 for the finish line itself, on the track or in the pit lane.
    pub at: u32,
    /// Whether it crosses the pit lane only.
    pub in_pit_lane: bool,
}

/// What watches a line. In the order they are believed where several saw the same crossing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SourceKind {
    /// The loop of record.
    Main,
    /// A second loop beside it.
    Backup,
    /// A light barrier: a time without a car.
    Photocell,
    /// An operator's button.
    Operator,
}

impl SourceKind {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 4] =
        [("main", Self::Main), ("backup", Self::Backup), ("photocell", Self::Photocell), ("operator", Self::Operator)];
}

/// One thing that watches one line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Its id: `finish-main`.
    pub id: SourceId,
    /// Position of its line in [`Layout::lines`].
    pub line: u8,
    /// What it is.
    pub kind: SourceKind,
}

/// What is known of a circuit's shape and speed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Measures {
    /// Length of a lap in metres.
    pub length: u32,
    /// No car can complete a lap in less: what is faster is a false reading.
    pub minimum_lap: Micros,
    /// No car is faster, in metres per second; not 0.
    pub top_speed: u32,
    /// Readings of one car on one line within this time are one crossing.
    pub coincidence: Micros,
}

/// A circuit as timing sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// Its shape and speed.
    pub measures: Measures,
    lines: Vec<Line>,
    sources: Vec<Source>,
    /// The finish line on the track.
    finish: u8,
    /// The least time from each line (row) to the next crossing of each (column).
    least: Vec<Micros>,
}

impl Layout {
    /// A circuit with its lines, at least one of them a finish line on the track, and what watches them. `None` where there is no such line,
    /// or a source watches none of them.
    pub fn new(measures: Measures, lines: Vec<Line>, sources: Vec<Source>) -> Option<Self> {
        let finish = lines.iter().position(|line| line.kind == LineKind::Finish && !line.in_pit_lane)?;
        let finish = u8::try_from(finish).ok()?;
        if sources.iter().any(|source| usize::from(source.line) >= lines.len()) || sources.len() > usize::from(u8::MAX) {
            return None;
        }
        let pairs = lines.iter().flat_map(|from| lines.iter().map(move |to| (from, to)));
        let least = pairs.map(|(from, to)| least(&measures, from, to)).collect();
        Some(Self { measures, lines, sources, finish, least })
    }

    /// Its lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What watches them.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    pub(crate) fn line(&self, at: u8) -> &Line {
        &self.lines[usize::from(at)]
    }

    pub(crate) fn source(&self, at: u8) -> &Source {
        &self.sources[usize::from(at)]
    }

    pub(crate) fn finish(&self) -> u8 {
        self.finish
    }

    /// The least time from one line to the next crossing of another. From a line to itself is a whole lap.
    pub(crate) fn least(&self, from: u8, to: u8) -> Micros {
        self.least[usize::from(from) * self.lines.len() + usize::from(to)]
    }
}

fn least(measures: &Measures, from: &Line, to: &Line) -> Micros {
    if from.at == to.at {
        return measures.minimum_lap;
    }
    let metres = if to.at > from.at { to.at - from.at } else { measures.length.saturating_sub(from.at) + to.at };
    Micros(i64::from(metres) * 1_000_000 / i64::from(measures.top_speed.max(1)))
}
