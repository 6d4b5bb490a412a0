//! A journal as text: one line a fact and a closing line, so that a lost tail is found.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};

use sport::fact::Fact;

use crate::damage::{Damage, Flaw};
use crate::error::JournalError;
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
    let failed = |why| JournalError::File { path: path.to_owned(), doing: "writing the journal", why };
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

/// Writes beside `path` and moves the whole file there once it is on disk.
pub(crate) fn replace(path: &Path, fill: impl FnOnce(&mut dyn Write) -> Result<Head, JournalError>) -> Result<Head, JournalError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    let failed = |why| JournalError::File { path: path.to_owned(), doing: "writing the journal", why };
    let mut to = BufWriter::new(File::create(&beside).map_err(failed)?);
    let filled = fill(&mut to).and_then(|head| {
        let file = to.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        fs::rename(&beside, path).map_err(failed)?;
        sync_folder(path).map_err(failed)?;
        Ok(head)
    });
    if filled.is_err() {
        // What could not be completed is of no use; the error that matters is the first one.
        let _ = fs::remove_file(&beside);
    }
    filled
}

/// Makes a new name in a folder survive a power cut.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Reads the facts of a journal in a file; every byte is checked.
pub fn read_file(path: &Path) -> Result<Vec<Fact>, JournalError> {
    read(&mut open(path)?, path)
}

/// Reads the facts of a journal; every byte is checked. `path` is named in errors.
pub fn read(from: &mut dyn BufRead, path: &Path) -> Result<Vec<Fact>, JournalError> {
    let mut facts = Vec::new();
    scan(from, path, |fact, _| facts.push(fact)).map_err(|damage| JournalError::Damaged { damage })?;
    Ok(facts)
}

/// Checks every byte of a journal in a file and names what is wrong.
pub fn verify_file(path: &Path) -> Result<Verified, Vec<Damage>> {
    let mut from = open(path).map_err(|error| vec![unreachable_damage(path, &error)])?;
    verify(&mut from, path)
}

/// Checks every byte of a journal and names what is wrong. `path` is named in errors.
pub fn verify(from: &mut dyn BufRead, path: &Path) -> Result<Verified, Vec<Damage>> {
    scan(from, path, |_, _| ()).map(|head| Verified { facts: head.facts, head })
}

/// Appends to a store what the text has beyond it. The store must hold the beginning of the same journal, or nothing.
///
/// The lines and hashes in the store are then those of the text. All of it is stored, or nothing.
pub fn import(from: &mut dyn BufRead, path: &Path, into: &mut Journal) -> Result<Head, JournalError> {
    let here = into.head();
    let mut shared = here.facts == 0;
    let mut facts = Vec::new();
    let read = scan(from, path, |fact, hash| {
        if fact.number == here.facts {
            shared = hash == here.hash;
        } else if fact.number > here.facts {
            facts.push(fact);
        }
    });
    read.map_err(|damage| JournalError::Damaged { damage })?;
    if !shared {
        return Err(JournalError::Forked { path: into.path().to_owned(), head: here });
    }
    into.append(&facts)
}

fn open(path: &Path) -> Result<BufReader<File>, JournalError> {
    match File::open(path) {
        Ok(file) => Ok(BufReader::new(file)),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Err(JournalError::Missing { path: path.to_owned() }),
        Err(why) => Err(JournalError::File { path: path.to_owned(), doing: "reading the journal", why }),
    }
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
