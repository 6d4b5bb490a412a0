//! What can go wrong with a journal: what happened, where, and what to do.

use std::fmt;
use std::path::PathBuf;

use crate::damage::Damage;
use crate::hash::Head;

/// Why a journal did not do what was asked. Nothing of a refused request is stored.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are what the sentence of each error names")]
pub enum JournalError {
    /// There is no file.
    Missing { path: PathBuf },
    /// There is a file already.
    AlreadyThere { path: PathBuf },
    /// The file is something else.
    NotAJournal { path: PathBuf, why: String },
    /// The file was written by a newer program.
    TooNew { path: PathBuf, format: i64 },
    /// Somebody else's fact came first.
    Overtaken { path: PathBuf, known: Head, found: Head },
    /// The facts to append do not continue the journal.
    Misnumbered { expected: u64, found: u64 },
    /// The two journals differ before the shorter one ends.
    Forked { path: PathBuf, head: Head },
    /// A fact holds something that the format cannot say.
    Unwritable { fact: u64, why: String },
    /// Another program holds the write lock.
    Busy { path: PathBuf },
    /// The file or its folder may not be written.
    ReadOnly { path: PathBuf },
    /// The disk is full.
    Full { path: PathBuf },
    /// The journal's bytes are not what was written. Never empty.
    Damaged { damage: Vec<Damage> },
    /// The embedded store failed.
    Store { path: PathBuf, doing: &'static str, why: String },
    /// The file system failed.
    File { path: PathBuf, doing: &'static str, why: std::io::Error },
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => write!(f, "{}: there is no journal; check the path, or create it first", path.display()),
            Self::AlreadyThere { path } => write!(f, "{}: there is a file already; open it, or choose another path", path.display()),
            Self::NotAJournal { path, why } => write!(f, "{}: this is not a journal: {why}; check the path", path.display()),
            Self::TooNew { path, format } => {
                let path = path.display();
                write!(f, "{path}: the journal has format {format}, this program knows format 1; use a newer version of this program")
            }
            Self::Overtaken { path, known, found } => {
                let path = path.display();
                write!(f, "{path}: someone else's fact came first: {known} was known, {found} is there now; read again, then decide again")
            }
            Self::Misnumbered { expected, found } => {
                write!(f, "fact {found} does not continue the journal; the next fact is {expected}; number the facts again and retry")
            }
            Self::Forked { path, head } => {
                let path = path.display();
                write!(
                    f,
                    "{path}: the journal to import does not begin with the {} facts that are here; import it into an empty journal and compare",
                    head.facts
                )
            }
            Self::Unwritable { fact, why } => write!(f, "fact {fact} cannot be written: {why}; correct the value and append again"),
            Self::Busy { path } => write!(f, "{}: another program is writing; try again", path.display()),
            Self::ReadOnly { path } => {
                write!(f, "{}: the file or its folder may not be written; open it to read only, or change the rights", path.display())
            }
            Self::Full { path } => write!(f, "{}: the disk is full; nothing was recorded; free space and try again", path.display()),
            Self::Damaged { damage } => {
                match damage.first() {
                    Some(first) => write!(f, "{first}")?,
                    None => f.write_str("the journal is damaged")?,
                }
                match damage.len() {
                    0 | 1 => Ok(()),
                    more => write!(f, " (and {} more)", more - 1),
                }
            }
            Self::Store { path, doing, why } => write!(f, "{}: {doing} failed: {why}; check the disk, then try again", path.display()),
            Self::File { path, doing, why } => write!(f, "{}: {doing} failed: {why}; check the path and the rights", path.display()),
        }
    }
}

impl std::error::Error for JournalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::File { why, .. } = self { Some(why) } else { None }
    }
}
