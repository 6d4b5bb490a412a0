//! Results of Assetto Corsa, as its server writes them and as managers of servers write them again, with a date and their own penalties.
//!
//! A car has no number but its place on the entry list. Times are milliseconds.

mod read;
mod write;

use crate::account::Account;
use crate::flaw::Flaw;
use crate::json::{Document, Json};
use crate::sim;

/// A result file.
#[derive(Clone, PartialEq, Debug)]
pub struct Results {
    /// The file as it stands.
    pub document: Document,
}

/// No time.
const NO_TIME: i64 = 999_999_999;

impl Results {
    /// Whether this is one: as the server begins it, or with its keys sorted.
    pub fn is(bytes: &[u8]) -> bool {
        let Some(text) = sim::beginning(bytes) else { return false };
        let has = |key| sim::has(&text, key);
        (has("TrackName") && has("TrackConfig")) || (has("Cars") && has("CarId") && has("Skin"))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is no JSON, or no result of this game.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let document = Document::decode(bytes)?;
        if !["Cars", "Result", "Laps"].iter().any(|key| document.root.get(key).is_some()) {
            return Err(document.root.flaw("no result of Assetto Corsa: it has neither Cars nor Result nor Laps"));
        }
        let flaws = read::read(&document.root).1;
        Ok((Self { document }, flaws))
    }

    /// The file.
    pub fn encode(&self) -> Vec<u8> {
        self.document.encode()
    }

    /// What it tells.
    pub fn account(&self) -> Account {
        read::read(&self.document.root).0
    }

    /// The file that tells an account. It has no place for numbers that are not whole, for classes and cups, nor for how often a lap was
    /// cut: one that may not be the best is written as cut once.
    pub fn of(account: &Account) -> Self {
        let style = crate::json::Style { indent: crate::json::Indent::Tab, ..crate::json::Style::default() };
        let root = Json::Object(write::write(account));
        Self { document: Document { root, style, encoding: crate::encoding::Encoding::Utf8 } }
    }
}
