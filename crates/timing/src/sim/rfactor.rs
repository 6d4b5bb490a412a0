//! Results of rFactor 2 and of Le Mans Ultimate, as the game and its server write them after a session.
//!
//! Read off twelve files of 2013 to 2015. What Le Mans Ultimate writes beyond them (penalties with attributes, track limits, top speeds, laps a player was not there for) is said by
//! others and was not seen. A file is kept as it stands: fuel, tyres, liveries, chat and contacts with what is no car are in it and not in the account.

mod read;
mod stream;
mod write;

use crate::account::Account;
use crate::encoding::Encoding;
use crate::flaw::Flaw;
use crate::xml::{self, Document};

/// A result file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Results {
    /// The file as it stands.
    pub document: Document,
}

const ROOT: &str = "rFactorXML";
const RESULTS: &str = "RaceResults";
/// What stands before the root. The entity is never used.
const BEFORE: [&str; 2] = ["<?xml version=\"1.0\" encoding=\"utf-8\"?>", "<!DOCTYPE rF [\r\n<!ENTITY rFEnt \"rFactor Entity\">\r\n]>"];
/// So many laps are none: the session has a time.
const NO_LAPS: u32 = 2_147_483_647;

impl Results {
    /// Whether this is one, by its first elements.
    pub fn is(bytes: &[u8]) -> bool {
        let names = xml::beginning(bytes);
        names.first().is_some_and(|name| name == ROOT) && names.get(1).is_none_or(|name| name == RESULTS)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is no XML, or no result of this game.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let document = Document::decode(bytes)?;
        let root = &document.root;
        if root.name() != ROOT || root.get(RESULTS).is_none() {
            return Err(root.flaw("no result of rFactor: it is no rFactorXML with RaceResults in it"));
        }
        let mut flaws = read::read(root).1;
        flaws.extend(document.beyond());
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

    /// The file that tells an account. It has no place for cups, grades, accounts of players and weights; for gaps, stops and weather; for flags but the chequered one; for a time of
    /// a lap that may not be the best; nor for who did not start.
    pub fn of(account: &Account) -> Self {
        let mut document = Document::of(&BEFORE, write::write(account), "", "\r\n");
        document.after = String::from("\r\n");
        document.encoding = Encoding::Utf8;
        Self { document }
    }
}
