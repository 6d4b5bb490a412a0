//! Oddities are data: what a person should look at, beside the result. Never an error that stops it, never a silent guess.

use alloc::string::String;

/// How much a finding matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    /// Worth knowing.
    Note,
    /// The result is less certain than it looks.
    Doubt,
    /// Two statements contradict each other.
    Contradiction,
}

impl Weight {
    /// The word printed before it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Doubt => "doubt",
            Self::Contradiction => "contradiction",
        }
    }
}

/// One finding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Finding {
    /// How much it matters.
    pub weight: Weight,
    /// A stable short code for machines and cases: `places-unknown`.
    pub code: &'static str,
    /// What it is about: a session, a car, a championship.
    pub about: String,
    /// One sentence for a person.
    pub says: String,
}
