//! One line of the journal: a fact, chained to the line before it by hash.

use sport::fact::Fact;

use crate::damage::Flaw;
use crate::hash::{Hash, Head};
use crate::{heard, wire};

/// The longest line a journal writes and reads, in bytes without its line end.
pub const LONGEST: usize = 16 * 1024 * 1024;

/// Stands between the hashed bytes and the hash.
const HASH_FIELD: &str = ",\"hash\":\"";
/// Ends the line after the hash.
const END: &str = "\"}";

/// Writes the line of a fact that follows the line with the hash `prev`. Returns it without a line end, with its hash.
///
/// The error is a sentence: what the fact holds that the format cannot say.
pub fn write(fact: &Fact, prev: Hash) -> Result<(String, Hash), String> {
    let mut line = open(fact, prev)?;
    let hash = Hash::of(line.as_bytes());
    line.push_str(HASH_FIELD);
    line.push_str(&hash.to_string());
    line.push_str(END);
    if line.len() > LONGEST {
        return Err(format!("its line would have {} bytes; a line may have {LONGEST}", line.len()));
    }
    Ok((line, hash))
}

/// The bytes of a line that its hash is of: without the hash, and not closed.
fn open(fact: &Fact, prev: Hash) -> Result<String, String> {
    let mut line = serde_json::to_string(&wire::Line::of(fact, prev.to_string())).map_err(|error| error.to_string())?;
    line.truncate(line.len() - 1);
    Ok(line)
}

/// A line that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The fact.
    pub fact: Fact,
    /// The hash of the line before, as this line names it.
    pub prev: Hash,
    /// The line's own hash, checked.
    pub hash: Hash,
}

/// Reads a line back, without its line end. Whether it follows the line before is for the caller to compare.
pub fn read(line: &str) -> Result<Line, Flaw> {
    read_with(line, &mut heard::Known::default())
}

/// The same, by who read other lines before.
pub(crate) fn read_with(line: &str, known: &mut heard::Known) -> Result<Line, Flaw> {
    version_1(line)?;
    let (hashed, written) = split(line).ok_or(Flaw::NotALine)?;
    let hash = Hash::of(hashed.as_bytes());
    if *written.as_bytes() != hash.digits() {
        let written = Hash::parse(written).ok_or(Flaw::NotALine)?;
        return Err(Flaw::Changed { written, computed: hash });
    }
    if let Some((fact, prev)) = heard::read(line, known) {
        return Ok(Line { fact, prev, hash });
    }
    let parsed: wire::Line = serde_json::from_str(line).map_err(|error| Flaw::Unreadable { why: error.to_string() })?;
    let (fact, named) = parsed.into_fact();
    let prev = Hash::parse(&named).ok_or_else(|| Flaw::Unreadable { why: format!("`{named}` is not a hash") })?;
    // A second spelling of the same fact would give it a second hash.
    if open(&fact, prev).ok().is_none_or(|again| again != hashed) {
        return Err(Flaw::Spelling);
    }
    Ok(Line { fact, prev, hash })
}

/// Refuses a line of another version.
fn version_1(line: &str) -> Result<(), Flaw> {
    let (version, _) = line.strip_prefix("{\"v\":").and_then(|rest| rest.split_once(',')).ok_or(Flaw::NotALine)?;
    if version.is_empty() || version.len() > 9 || !version.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Flaw::NotALine);
    }
    if version != "1" {
        return Err(Flaw::Version { found: version.to_owned() });
    }
    Ok(())
}

/// The hashed bytes and the hash as it is written.
fn split(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_suffix(END)?;
    let (hashed, hash) = rest.split_at_checked(rest.len().checked_sub(Hash::DIGITS)?)?;
    Some((hashed.strip_suffix(HASH_FIELD)?, hash))
}

/// Checks lines one after the other. After a flaw it goes on with what the next line claims, so one flaw is named once.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    facts: u64,
    hash: Option<Hash>,
    known: heard::Known,
}

impl Chain {
    /// Before the first line.
    pub(crate) fn new() -> Self {
        Self { facts: 0, hash: Some(Hash::START), known: heard::Known::default() }
    }

    /// After lines that were checked, the last of which is the head.
    pub(crate) fn after(head: Head) -> Self {
        Self { facts: head.facts, hash: Some(head.hash), known: heard::Known::default() }
    }

    /// The number the next fact must have.
    pub(crate) fn next(&self) -> u64 {
        self.facts.saturating_add(1)
    }

    /// The facts so far; the head, unless the last line has a flaw.
    pub(crate) fn facts(&self) -> u64 {
        self.facts
    }

    /// The head; `None` where the last line has a flaw.
    pub(crate) fn head(&self) -> Option<Head> {
        self.hash.map(|hash| Head { facts: self.facts, hash })
    }

    /// Checks the next line.
    pub(crate) fn check(&mut self, line: &[u8]) -> Result<(Fact, Hash), Flaw> {
        let expected = self.next();
        self.facts = expected;
        let before = self.hash.take();
        let text = std::str::from_utf8(line).map_err(|error| Flaw::NotUtf8 { byte: error.valid_up_to() + 1 })?;
        let Line { fact, prev, hash } = read_with(text, &mut self.known)?;
        (self.facts, self.hash) = (fact.number, Some(hash));
        if fact.number != expected {
            return Err(Flaw::Number { expected, found: fact.number });
        }
        match before {
            Some(before) if before != prev => Err(Flaw::Link { expected: before, written: prev }),
            _ => Ok((fact, hash)),
        }
    }

    /// A line that is so wrong that nothing more can be checked.
    pub(crate) fn skip(&mut self) {
        self.facts = self.next();
        self.hash = None;
    }
}
