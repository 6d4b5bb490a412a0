//! A journal as text: one line a fact and a closing line, so that a lost tail is found.

use std::io::{BufRead, Read as _, Write};
use std::path::{Path, PathBuf};

use sport::fact::Fact;

use crate::damage::{Damage, Flaw};
use crate::error::JournalError;
use crate::file::{open, replace};
use crate::hash::{Hash, Head};
use crate::line::{self, Chain, LONGEST};
use crate::store::Journal;

/// After this many flaws the rest is not looked at.
const MOST_DAMAGE: usize = 100;

/// What [`verify`] found to be in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verified {
    /// How many facts there are.
    pub facts: u64,
    /// How many facts, and the hash of the last line.
    pub head: Head,
}

/// The closing line of a journal with this head, without its line end.
pub fn closing(head: Head) -> String {
    format!("{{\"facts\":{},\"head\":\"{}\"}}", head.facts, head.hash)
}

/// Writes facts as a journal of their own: numbered from 1, closed. Returns its head.
pub fn write(facts: &[Fact], to: &mut dyn Write, path: &Path) -> Result<Head, JournalError> {
    let mut head = Head::START;
    let failed = |why| JournalError::file(path, "writing the journal", why);
    for fact in facts {
        if fact.number != head.facts + 1 {
            return Err(JournalError::Misnumbered { expected: head.facts + 1, found: fact.number });
        }
        let (text, hash) = line::write(fact, head.hash).map_err(|why| JournalError::Unwritable { fact: fact.number, why })?;
        to.write_all(text.as_bytes()).and_then(|()| to.write_all(b"\n")).map_err(failed)?;
        head = Head { facts: fact.number, hash };
    }
    writeln!(to, "{}", closing(head)).and_then(|()| to.flush()).map_err(failed)?;
    Ok(head)
}

/// Replaces the file at `path` by a journal of these facts, at once or not at all.
pub fn save(facts: &[Fact], path: &Path) -> Result<Head, JournalError> {
    replace(path, |to| write(facts, to, path))
}

/// A journal as it stands in a text: its facts, each with the hash of its line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    path: PathBuf,
    facts: Vec<Fact>,
    hashes: Vec<Hash>,
}

impl Text {
    /// Reads a journal; every byte is checked. `path` is named in errors.
    pub fn read(from: &mut dyn BufRead, path: &Path) -> Result<Self, JournalError> {
        let (mut facts, mut hashes) = (Vec::new(), Vec::new());
        let read = scan(from, path, |fact, hash| {
            facts.push(fact);
            hashes.push(hash);
        });
        read.map_err(|damage| JournalError::Damaged { damage })?;
        Ok(Self { path: path.to_owned(), facts, hashes })
    }

    /// Reads a journal in a file; every byte is checked.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        Self::read(&mut open(path)?, path)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The facts, from number 1 without gaps.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The facts from after the first `facts` on; none where there are not so many.
    pub fn after(&self, facts: u64) -> &[Fact] {
        usize::try_from(facts).ok().and_then(|facts| self.facts.get(facts..)).unwrap_or(&[])
    }

    /// The hash of the line of a fact, by its number.
    pub fn hash(&self, number: u64) -> Option<Hash> {
        self.hashes.get(usize::try_from(number.checked_sub(1)?).ok()?).copied()
    }

    /// How many facts, and the hash of the last line.
    pub fn head(&self) -> Head {
        let facts = u64::try_from(self.facts.len()).expect("a number of facts in memory fits 64 bits");
        Head { facts, hash: self.hashes.last().copied().unwrap_or(Hash::START) }
    }
}

/// Reads the facts of a journal in a file; every byte is checked.
pub fn read_file(path: &Path) -> Result<Vec<Fact>, JournalError> {
    Text::open(path).map(|text| text.facts)
}

/// Reads the facts of a journal; every byte is checked. `path` is named in errors.
pub fn read(from: &mut dyn BufRead, path: &Path) -> Result<Vec<Fact>, JournalError> {
    Text::read(from, path).map(|text| text.facts)
}

/// Checks every byte of a journal in a file and names what is wrong; any other error than damage is one about the file.
pub fn verify_file(path: &Path) -> Result<Verified, JournalError> {
    verify(&mut open(path)?, path).map_err(|damage| JournalError::Damaged { damage })
}

/// Checks every byte of a journal and names what is wrong. `path` is named in errors.
pub fn verify(from: &mut dyn BufRead, path: &Path) -> Result<Verified, Vec<Damage>> {
    scan(from, path, |_, _| ()).map(|head| Verified { facts: head.facts, head })
}

/// Appends to a store what the text has beyond it, as [`Journal::take`] does.
pub fn import(from: &mut dyn BufRead, path: &Path, into: &mut Journal) -> Result<Head, JournalError> {
    into.take(&Text::read(from, path)?)
}

/// An error before the first byte, as damage.
pub(crate) fn unreachable_damage(path: &Path, error: &JournalError) -> Damage {
    Damage { path: path.to_owned(), line: None, fact: None, flaw: Flaw::Unreachable { why: error.to_string() } }
}

/// Reads to the end, hands out every fact in order and collects what is wrong.
fn scan(from: &mut dyn BufRead, path: &Path, mut each: impl FnMut(Fact, Hash)) -> Result<Head, Vec<Damage>> {
    let mut scan = Scan { path: path.to_owned(), line: 0, chain: Chain::new(), damage: Vec::new() };
    let mut closed = false;
    let mut bytes = Vec::new();
    while scan.damage.len() < MOST_DAMAGE {
        bytes.clear();
        let limit = u64::try_from(LONGEST + 1).expect("the limit is a small number");
        if let Err(why) = (&mut *from).take(limit).read_until(b'\n', &mut bytes) {
            scan.line += 1;
            scan.found(Flaw::Unreachable { why: why.to_string() });
            break;
        }
        if bytes.is_empty() {
            break;
        }
        scan.line += 1;
        if bytes.pop_if(|last| *last == b'\n').is_none() {
            let flaw = if bytes.len() > LONGEST { Flaw::TooLong { limit: LONGEST } } else { Flaw::CutOff };
            scan.found(flaw);
            break;
        }
        if closed {
            scan.found(Flaw::AfterClosing);
            break;
        }
        if bytes.starts_with(b"{\"facts\":") {
            closed = true;
            scan.close(&bytes);
        } else if let Some((fact, hash)) = scan.fact(&bytes) {
            each(fact, hash);
        }
    }
    scan.end(closed)
}

struct Scan {
    path: PathBuf,
    line: u64,
    chain: Chain,
    damage: Vec<Damage>,
}

impl Scan {
    fn found(&mut self, flaw: Flaw) {
        let fact = Some(self.chain.next());
        self.damage.push(Damage { path: self.path.clone(), line: Some(self.line), fact, flaw });
    }

    fn fact(&mut self, bytes: &[u8]) -> Option<(Fact, Hash)> {
        if let Some(flaw) = ragged(bytes, self.line) {
            self.found(flaw);
            self.chain.skip();
            return None;
        }
        let number = self.chain.next();
        match self.chain.check(bytes) {
            Ok(read) => Some(read),
            Err(flaw) => {
                self.damage.push(Damage { path: self.path.clone(), line: Some(self.line), fact: Some(number), flaw });
                None
            }
        }
    }

    fn close(&mut self, bytes: &[u8]) {
        let facts = self.chain.facts();
        let flaw = match closed(bytes) {
            None => Some(Flaw::Closing),
            Some(written) if written.facts != facts => Some(Flaw::ClosingCount { written: written.facts, found: facts }),
            Some(written) => {
                let found = self.chain.head().map(|head| head.hash);
                let other = found.filter(|found| *found != written.hash);
                other.map(|found| Flaw::ClosingHead { written: written.hash, found })
            }
        };
        if let Some(flaw) = flaw {
            self.damage.push(Damage { path: self.path.clone(), line: Some(self.line), fact: None, flaw });
        }
    }

    fn end(mut self, closed: bool) -> Result<Head, Vec<Damage>> {
        if self.line == 0 && self.damage.is_empty() {
            self.damage.push(Damage { path: self.path.clone(), line: None, fact: None, flaw: Flaw::Empty });
        } else if !closed && self.damage.is_empty() {
            let flaw = Flaw::NotClosed { facts: self.chain.facts() };
            self.damage.push(Damage { path: self.path.clone(), line: Some(self.line), fact: None, flaw });
        }
        match self.chain.head() {
            Some(head) if self.damage.is_empty() => Ok(head),
            _ => Err(self.damage),
        }
    }
}

/// What other programs do to text files, named before the line is read as a fact.
fn ragged(bytes: &[u8], line: u64) -> Option<Flaw> {
    if line == 1 && [b"\xef\xbb\xbf".as_slice(), b"\xff\xfe", b"\xfe\xff"].iter().any(|mark| bytes.starts_with(mark)) {
        return Some(Flaw::ByteOrderMark);
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Some(Flaw::NulByte { byte: at + 1 });
    }
    if bytes.ends_with(b"\r") {
        return Some(Flaw::CarriageReturn);
    }
    bytes.iter().all(u8::is_ascii_whitespace).then_some(Flaw::BlankLine)
}

/// Reads the closing line.
fn closed(bytes: &[u8]) -> Option<Head> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (facts, hash) = text.strip_prefix("{\"facts\":")?.strip_suffix("\"}")?.split_once(",\"head\":\"")?;
    let head = Head { facts: facts.parse().ok()?, hash: Hash::parse(hash)? };
    (closing(head) == text).then_some(head)
}
