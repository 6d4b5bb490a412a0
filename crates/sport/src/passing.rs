//! Passings: what a source heard of one car over one line.

use crate::date::Instant;

/// A transponder's number as the decoder prints it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Transponder(pub u32);

/// One passing by its place in the journal: the fact, and its place among the passings of that fact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PassingId {
    /// The fact's number.
    pub fact: u32,
    /// From 0.
    pub nth: u16,
}

/// What a source heard.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Passing {
    /// When, by the source's clock.
    pub at: Instant,
    /// The transponder; none for a light barrier.
    pub transponder: Option<Transponder>,
}
