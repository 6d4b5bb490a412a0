//! What can go wrong with a journal: what happened, where, and what to do.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::damage::Damage;
use crate::file;
use crate::hash::Head;

/// Why a journal did not do what was asked. Nothing of a refused request is stored.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are what the sentence of each error names")]
pub enum JournalError {
    /// There is no file.
    Missing { path: PathBuf },
    /// There is a file already.
    AlreadyThere { path: PathBuf },
    /// There is something else than a regular file.
    NotAFile { path: PathBuf, is: &'static str },
    /// The store is gone, and its log is not.
    LogLeft { path: PathBuf, log: PathBuf },
    /// The store was made for another season.
    OtherSeason { path: PathBuf, made_for: String, season: String },
    /// The file is something else.
    NotAJournal { path: PathBuf, why: String },
    /// The file was written by a newer program.
    TooNew { path: PathBuf, format: i64 },
    /// Somebody else's fact came first.
    Overtaken { path: PathBuf, known: Head, found: Head },
    /// A store that is followed does not hold what was read of it.
    TakenBack { path: PathBuf, read: Head, found: Head },
    /// A store that is followed is no longer there.
    Gone { path: PathBuf, read: Head },
    /// The facts to append do not continue the journal.
    Misnumbered { expected: u64, found: u64 },
    /// The store and the text differ before the shorter one ends.
    Forked { path: PathBuf, text: PathBuf, fact: u64 },
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
    File { path: PathBuf, doing: &'static str, why: io::Error },
}

impl JournalError {
    /// What the file system reports, in the journal's words.
    pub(crate) fn file(path: &Path, doing: &'static str, why: io::Error) -> Self {
        let path = path.to_owned();
        if file::is_full(&why) { Self::Full { path } } else { Self::File { path, doing, why } }
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => write!(f, "{}: there is no journal; check the path, or create it first", path.display()),
            Self::AlreadyThere { path } => write!(f, "{}: there is a file already; open it, or choose another path", path.display()),
            Self::NotAFile { path, is } => write!(f, "{}: this is {is}; a journal is a regular file: name one", path.display()),
            Self::LogLeft { path, log } => {
                let (path, log) = (path.display(), log.display());
                write!(
                    f,
                    "{path} is gone and its log {log} is still there, perhaps with facts that are nowhere else; put the store back from a copy, or move the log away to go on without it"
                )
            }
            Self::OtherSeason { path, made_for, season } => {
                let path = path.display();
                write!(
                    f,
                    "{path}: the store was made for the season \"{made_for}\", here is \"{season}\"; take the season's own store, or, where only the title \
                     changed, export the journal to journal.jsonl here, move the store away and record again"
                )
            }
            Self::NotAJournal { path, why } => write!(f, "{}: this is not a journal: {why}; check the path", path.display()),
            Self::TooNew { path, format } => {
                let path = path.display();
                write!(f, "{path}: the journal has format {format}, this program knows format 1; use a newer version of this program")
            }
            Self::Overtaken { path, known, found } => {
                let path = path.display();
                write!(f, "{path}: someone else's fact came first: {known} was known, {found} is there now; read again, then decide again")
            }
            Self::TakenBack { path, read, found } => taken_back(f, path, *read, *found),
            Self::Gone { path, read } => {
                write!(f, "{} is gone; {read} was read of it; put it back to go on, or start again without it", path.display())
            }
            Self::Misnumbered { expected, found } => {
                write!(f, "fact {found} does not continue the journal; the next fact is {expected}; number the facts again and retry")
            }
            Self::Forked { path, text, fact } => {
                let (path, text) = (path.display(), text.display());
                write!(
                    f,
                    "{path} and {text} hold different facts from fact {fact} on; move one of the two away, look at `log`, and keep the right one"
                )
            }
            Self::Unwritable { fact, why } => write!(f, "fact {fact} cannot be written: {why}; correct the value and append again"),
            Self::Busy { path } => write!(f, "{}: another program is writing; try again", path.display()),
            Self::ReadOnly { path } => {
                write!(f, "{}: the file or its folder may not be written; open it to read only, or change the rights", path.display())
            }
            Self::Full { path } => {
                write!(f, "{}: the disk is full; nothing was recorded or replaced; free space there and try again", path.display())
            }
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

fn taken_back(f: &mut fmt::Formatter<'_>, path: &Path, read: Head, found: Head) -> fmt::Result {
    write!(
        f,
        "{}: this is not the journal that was read: {read} was read, {found} is there now; put the right one back to go on, or, where this is \
         the right one, start again",
        path.display()
    )
}

impl std::error::Error for JournalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::File { why, .. } = self { Some(why) } else { None }
    }
}
