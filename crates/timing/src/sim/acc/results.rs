//! The result of a session, as the dedicated server writes it, and as the game itself saves one.
//!
//! It is kept as the tree that it is: servers of different years, and the managers of servers that write results again, have their keys in
//! different orders and some that others have not. What is known of it is read off the tree.

mod read;
mod write;

use super::tables::Platform;
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

/// No time: of a lap, a split, a total.
const NO_TIME: i64 = 2_147_483_647;

/// No split was driven.
const NO_SPLIT: i64 = 4_294_967_295;

impl Results {
    /// Whether this is one: by the keys at its beginning, in whatever order a server or a manager wrote them.
    pub fn is(bytes: &[u8]) -> bool {
        let Some(text) = sim::beginning(bytes) else { return false };
        ["sessionResult", "snapShot", "sessionDef", "isValidForBest", "leaderBoardLines"].iter().any(|key| sim::has(&text, key))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is no JSON, or no result of this game.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let document = Document::decode(bytes)?;
        let known = ["sessionResult", "snapShot", "laps", "sessionType"];
        if !known.iter().any(|key| document.root.get(key).is_some()) {
            let why = "no result of Assetto Corsa Competizione: it has neither a sessionResult nor a snapShot nor laps";
            return Err(document.root.flaw(why));
        }
        let results = Self { document };
        let flaws = read::read(&results.document.root, Platform::Pc).1;
        Ok((results, flaws))
    }

    /// The file.
    pub fn encode(&self) -> Vec<u8> {
        self.document.encode()
    }

    /// What it tells, of a server for computers.
    pub fn account(&self) -> Account {
        self.account_on(Platform::Pc)
    }

    /// What it tells, of a server for these.
    pub fn account_on(&self, platform: Platform) -> Account {
        read::read(&self.document.root, platform).0
    }

    /// The file that tells an account, as the server writes it. It has no place for where a lap began and ended, for stops, flags, messages
    /// and weather, nor for a finish.
    pub fn of(account: &Account) -> Self {
        Self::of_on(account, Platform::Pc)
    }

    /// The file that tells an account, for these.
    pub fn of_on(account: &Account, platform: Platform) -> Self {
        let root = Json::Object(write::write(account, platform));
        Self { document: Document { root, style: crate::json::Style::default(), encoding: crate::encoding::Encoding::Utf16 } }
    }
}
