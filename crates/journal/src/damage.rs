//! What can be wrong with a journal's bytes, where, and what to do about it.

use std::fmt;
use std::path::PathBuf;

use crate::hash::{Hash, Head};

/// One thing that is wrong with a journal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Damage {
    /// The file.
    pub path: PathBuf,
    /// The line in the file, from 1; `None` in a store, which has no lines.
    pub line: Option<u64>,
    /// The fact that stands there or should stand there; `None` where no single fact is meant.
    pub fact: Option<u64>,
    /// What is wrong.
    pub flaw: Flaw,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(fact) = self.fact {
            write!(f, ", fact {fact}")?;
        }
        write!(f, ": {}; {}", self.flaw, self.flaw.remedy())
    }
}

/// Which check failed.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the fields are what the sentence of each flaw names")]
pub enum Flaw {
    /// The file has no bytes.
    Empty,
    /// The file starts with a byte order mark.
    ByteOrderMark,
    /// A line without content.
    BlankLine,
    /// A byte of the line is NUL.
    NulByte { byte: usize },
    /// The line ends with CR LF.
    CarriageReturn,
    /// A byte of the line is not UTF-8.
    NotUtf8 { byte: usize },
    /// The line is longer than a line may be.
    TooLong { limit: usize },
    /// The last line has no line end.
    CutOff,
    /// The line does not start with `{"v":` and end with `,"hash":"…"}`.
    NotALine,
    /// The line is of a version this program does not know.
    Version { found: String },
    /// The hash of the line is not the hash of its bytes.
    Changed { written: Hash, computed: Hash },
    /// The fact has another number than its place says.
    Number { expected: u64, found: u64 },
    /// The line follows another line than the one before it.
    Link { expected: Hash, written: Hash },
    /// The line is no fact of its version.
    Unreadable { why: String },
    /// The line says a fact, but not in the one spelling its version has.
    Spelling,
    /// The closing line with the count and the head is missing.
    NotClosed { facts: u64 },
    /// The closing line is not written as a closing line is.
    Closing,
    /// The closing line counts other facts than there are.
    ClosingCount { written: u64, found: u64 },
    /// The closing line names another head than the last line's hash.
    ClosingHead { written: Hash, found: Hash },
    /// There is something after the closing line.
    AfterClosing,
    /// The row's number is not the number in its line.
    RowNumber { row: i64 },
    /// The row's hash is not the hash in its line.
    RowHash { row: String },
    /// The head row says something else than the facts.
    HeadRow { written: String, found: Head },
    /// A table or trigger is not what the format says.
    Schema { why: String },
    /// The store's own check found something.
    Store { why: String },
    /// The bytes cannot be read.
    Unreachable { why: String },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty; even a journal without facts has its closing line"),
            Self::ByteOrderMark => f.write_str("the file starts with a byte order mark"),
            Self::BlankLine => f.write_str("the line is blank"),
            Self::NulByte { byte } => write!(f, "byte {byte} of the line is NUL"),
            Self::CarriageReturn => f.write_str("the line ends with CR LF instead of LF"),
            Self::NotUtf8 { byte } => write!(f, "byte {byte} of the line is not UTF-8"),
            Self::TooLong { limit } => write!(f, "the line is longer than {limit} bytes"),
            Self::CutOff => f.write_str("the file ends in the middle of the line"),
            Self::NotALine => f.write_str("the line does not start with `{\"v\":1,` and end with `,\"hash\":\"…\"}`"),
            Self::Version { found } => write!(f, "the line is of version {found}; this program knows version 1"),
            Self::Changed { written, computed } => {
                write!(f, "the line was changed: it says its hash is {written}, its bytes have {computed}")
            }
            Self::Number { expected, found } if found > expected => {
                write!(f, "fact {expected} is missing; fact {found} stands in its place")
            }
            Self::Number { expected, found } => write!(f, "fact {found} stands where fact {expected} belongs"),
            Self::Link { expected, written } => {
                write!(f, "the line follows a line with the hash {written}; the line before it has {expected}")
            }
            Self::Unreadable { why } => write!(f, "the line cannot be read as a fact: {why}"),
            Self::Spelling => f.write_str("the line is not spelt as a journal spells it (order of fields, spaces, escapes, empty fields)"),
            Self::NotClosed { facts } => {
                write!(f, "the closing line is missing after {facts} facts; later facts may be lost")
            }
            Self::Closing => f.write_str("the closing line is not `{\"facts\":N,\"head\":\"…\"}`"),
            Self::ClosingCount { written, found } => write!(f, "the closing line says {written} facts; {found} are here"),
            Self::ClosingHead { written, found } => write!(f, "the closing line names the head {written}; the last line has {found}"),
            Self::AfterClosing => f.write_str("there is a line after the closing line"),
            Self::RowNumber { row } => write!(f, "the fact is stored under number {row}"),
            Self::RowHash { row } => write!(f, "the hash stored beside the line is {row}, not the line's"),
            Self::HeadRow { written, found } => write!(f, "the head row says {written}; the facts say {}, {}", found.facts, found.hash),
            Self::Schema { why } => write!(f, "the store was altered: {why}; a fact recorded into it could be lost"),
            Self::Store { why } => write!(f, "the store is damaged: {why}"),
            Self::Unreachable { why } => write!(f, "it cannot be read: {why}"),
        }
    }
}

impl Flaw {
    /// What to do, as a clause of a sentence.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Empty | Self::CutOff | Self::NotClosed { .. } => "write the export again, or take an earlier copy",
            Self::ByteOrderMark | Self::CarriageReturn => {
                "a program changed the file on its way; take the original, or convert it back to UTF-8 with LF line ends"
            }
            Self::BlankLine | Self::AfterClosing => "remove what was added, or take an earlier copy",
            Self::NulByte { .. } | Self::NotUtf8 { .. } | Self::TooLong { .. } | Self::NotALine | Self::Changed { .. } => {
                "take the line from a copy whose head is known"
            }
            Self::Version { .. } => "read it with a newer version of this program",
            Self::Number { .. } | Self::Link { .. } => "a line was removed, inserted or moved; compare with a copy whose head is known",
            Self::Unreadable { .. } | Self::Spelling => "another program wrote it; write it again from the facts",
            Self::Closing | Self::ClosingCount { .. } | Self::ClosingHead { .. } => {
                "lines were lost or added at the end; compare with a copy whose head is known"
            }
            Self::RowNumber { .. } | Self::RowHash { .. } | Self::HeadRow { .. } | Self::Schema { .. } | Self::Store { .. } => {
                "keep the file as it is and restore the last export or copy"
            }
            Self::Unreachable { .. } => "check the disk and the rights on the file, then try again",
        }
    }
}
