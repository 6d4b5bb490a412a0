//! Following a store that somebody else appends to: only what is new is read, and every byte of it is checked.

use std::path::{Path, PathBuf};

use sport::fact::Fact;

use crate::error::JournalError;
use crate::hash::Head;
use crate::line::Chain;
use crate::{file, look, store};

/// A reader that keeps its place in a store.
#[derive(Debug)]
pub struct Follower {
    path: PathBuf,
    chain: Chain,
    head: Head,
}

impl Follower {
    /// At the beginning of the store at `path`.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), chain: Chain::new(), head: Head::START }
    }

    /// How far it has read.
    pub fn head(&self) -> Head {
        self.head
    }

    /// The facts since the last call. On an error it stays where it was and may be asked again.
    ///
    /// A store that does not hold what was read of it is told: somebody put another in its place, or an older copy.
    pub fn news(&mut self) -> Result<Vec<Fact>, JournalError> {
        let path = self.path.as_path();
        let read = self.head;
        // What is gone is no file that cannot be opened.
        if read.facts > 0 && !file::there(path)? {
            return Err(JournalError::Gone { path: path.to_owned(), read });
        }
        let (facts, chain) = look::at(path, |connection| {
            let mut chain = self.chain.clone();
            let facts = store::since(connection, path, read, &mut chain)?;
            Ok((facts, chain))
        })?;
        self.head = chain.head().unwrap_or(self.head);
        self.chain = chain;
        Ok(facts)
    }
}
