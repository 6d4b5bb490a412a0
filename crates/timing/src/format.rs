//! Every format that tells of sessions: known by its content, read into accounts, written from one.

use crate::account::Account;
use crate::crossings;
use crate::flaw::Flaw;
use crate::p3;

/// A format of files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Format {
    /// What a P3 decoder sent.
    P3,
}

/// What a file tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// In which format.
    pub format: Format,
    /// The sessions it tells of.
    pub accounts: Vec<Account>,
    /// What of it could not be read.
    pub flaws: Vec<Flaw>,
}

impl Format {
    /// All, with the word each is asked for by and what it is.
    pub const ALL: [(Self, &'static str, &'static str); 1] = [(Self::P3, "p3", "passings of a MYLAPS P3 decoder")];

    /// The word it is asked for by.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(format, ..)| *format == self).map_or("", |(_, word, _)| word)
    }

    /// What it is.
    pub fn title(self) -> &'static str {
        Self::ALL.iter().find(|(format, ..)| *format == self).map_or("", |(.., title)| title)
    }

    /// The format of a file by its content, of which the beginning is enough.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().map(|(format, ..)| format).find(|format| format.holds(bytes))
    }

    /// Whether bytes are the beginning of a file of this format.
    fn holds(self, bytes: &[u8]) -> bool {
        match self {
            Self::P3 => p3::log::is(bytes),
        }
    }

    /// The sessions that a file of this format tells of.
    ///
    /// # Errors
    /// Nothing of it can be read: where and why.
    pub fn read(self, bytes: &[u8]) -> Result<Told, Flaw> {
        let (mut accounts, flaws) = match self {
            Self::P3 => {
                let (account, flaws) = p3::log::decode(bytes);
                (vec![account], flaws)
            }
        };
        accounts.iter_mut().for_each(crossings::laps);
        Ok(Told { format: self, accounts, flaws })
    }

    /// A session in this format.
    ///
    /// # Errors
    /// The session has nothing that this format tells of, or the format is only read.
    pub fn write(self, account: &Account) -> Result<Vec<u8>, String> {
        match self {
            Self::P3 if account.crossings.is_empty() && account.laps.is_empty() => Err(String::from("it has no passings and no laps")),
            Self::P3 => Ok(p3::log::encode(account)),
        }
    }
}

pub use crate::together::together;
