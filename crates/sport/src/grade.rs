//! FIA driver grades (A3): dated, and overridable by a series with a reason (dispensation, P22).

use core::fmt;

use crate::date::Date;

/// A driver's grade, lowest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Grade {
    /// Amateur.
    Bronze,
    /// Semi-professional.
    Silver,
    /// Professional.
    Gold,
    /// Professional of the first rank.
    Platinum,
}

impl Grade {
    /// All grades, lowest first.
    pub const ALL: [Self; 4] = [Self::Bronze, Self::Silver, Self::Gold, Self::Platinum];

    /// The word printed on entry lists.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bronze => "Bronze",
            Self::Silver => "Silver",
            Self::Gold => "Gold",
            Self::Platinum => "Platinum",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A set of grades, as one slot of a crew pattern allows: `Silver/Gold/Platinum`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct GradeSet(u8);

impl GradeSet {
    /// The set of `grades`.
    pub fn of(grades: &[Grade]) -> Self {
        Self(grades.iter().fold(0, |set, grade| set | 1 << *grade as u8))
    }

    /// Whether `grade` is in the set.
    pub const fn has(self, grade: Grade) -> bool {
        self.0 & (1 << grade as u8) != 0
    }
}

/// A grade from a day on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DatedGrade {
    /// The grade.
    pub grade: Grade,
    /// The first day it holds.
    pub from: Date,
}
