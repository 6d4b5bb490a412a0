//! Results of iRacing: one file has all sessions of an event, as its data interface gives it and as its pages export it.
//!
//! Times are ten-thousandths of a second and places are counted from 0; −1 is none. There are no laps in it.

pub mod results_page;

mod read;
mod write;

use crate::account::Account;
use crate::encoding::Encoding;
use crate::flaw::Flaw;
use crate::json::{Document, Indent, Json, Object, Style};
use crate::sim;

/// A result file.
#[derive(Clone, PartialEq, Debug)]
pub struct Results {
    /// The file as it stands.
    pub document: Document,
}

impl Results {
    /// Whether this is one.
    pub fn is(bytes: &[u8]) -> bool {
        let Some(text) = sim::beginning(bytes) else { return false };
        sim::has(&text, "subsession_id")
            || sim::has(&text, "session_results")
            || (text.contains("\"event_result\"") && sim::has(&text, "data"))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is no JSON, or has no results.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let results = Self { document: Document::decode(bytes)? };
        let root = &results.document.root;
        if !matches!(results.event().get("session_results"), Some(Json::List(_))) {
            return Err(root.flaw("no result of iRacing: it has no session_results"));
        }
        let flaws = read::read(results.event()).1;
        Ok((results, flaws))
    }

    /// The event: newer exports have an envelope around it.
    fn event(&self) -> &Json {
        self.document.root.get("data").filter(|data| data.get("session_results").is_some()).unwrap_or(&self.document.root)
    }

    /// The file.
    pub fn encode(&self) -> Vec<u8> {
        self.document.encode()
    }

    /// What it tells of each session, in the order of the file: the race is the first.
    pub fn accounts(&self) -> Vec<Account> {
        read::read(self.event()).0
    }

    /// The file that tells the sessions of an event, without an envelope. It has no place for laps, penalties, stops, flags and messages.
    pub fn of(accounts: &[Account]) -> Self {
        let style = Style { indent: Indent::Tab, ..Style::default() };
        Self { document: Document { root: Json::Object(write::write(accounts)), style, encoding: Encoding::Utf8 } }
    }

    /// The same in the envelope of newer exports.
    pub fn wrapped(self) -> Self {
        let root = Object::of([("type", "event_result".into()), ("data", self.document.root)]);
        Self { document: Document { root: root.into(), ..self.document } }
    }
}
