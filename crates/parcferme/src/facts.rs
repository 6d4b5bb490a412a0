//! A season's facts on disk: `journal.sqlite` of a live season, `journal.jsonl` for people and diffs, the same facts in both.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use journal::{Damage, Head, Journal, JournalError, Text, jsonl};
use sport::fact::{Fact, What};
use sport::rulebook::Rulebook;
use sport::season::Season;

use crate::stop::Stop;
use crate::{Answer, place, record, recorded};

fn store(folder: &Path) -> PathBuf {
    folder.join("journal.sqlite")
}

fn text(folder: &Path) -> PathBuf {
    folder.join("journal.jsonl")
}

/// A journal's error as a stop: damage is an answer, the rest is trouble with files.
pub(crate) fn stop(error: &JournalError) -> Stop {
    match error {
        JournalError::Damaged { damage } => Stop::no(damaged(damage)),
        JournalError::LogLeft { .. }
        | JournalError::OtherSeason { .. }
        | JournalError::Forked { .. }
        | JournalError::Overtaken { .. }
        | JournalError::TakenBack { .. }
        | JournalError::Gone { .. }
        | JournalError::Misnumbered { .. }
        | JournalError::Unwritable { .. } => Stop::no(error.to_string()),
        JournalError::Missing { .. }
        | JournalError::AlreadyThere { .. }
        | JournalError::NotAFile { .. }
        | JournalError::NotAJournal { .. }
        | JournalError::TooNew { .. }
        | JournalError::Busy { .. }
        | JournalError::ReadOnly { .. }
        | JournalError::Full { .. }
        | JournalError::Store { .. }
        | JournalError::File { .. } => Stop::trouble(error.to_string()),
    }
}

impl From<JournalError> for Stop {
    fn from(error: JournalError) -> Self {
        stop(&error)
    }
}

fn damaged(damage: &[Damage]) -> String {
    let lines: Vec<String> = damage.iter().map(|one| format!("damage: {one}")).collect();
    format!("error: the journal is damaged; nothing of it is used\n{}", lines.join("\n"))
}

/// Whether a file of a journal is there; what is there and is no regular file is trouble.
fn there(path: &Path) -> Result<bool, Stop> {
    journal::file::there(path).map_err(|error| stop(&error))
}

/// The store to read, where there is one. One that is gone while its log is still there is not passed over.
fn live(folder: &Path) -> Result<Option<Journal>, Stop> {
    let path = store(folder);
    if !there(&path)? {
        return Journal::not_lost(&path).map(|()| None).map_err(|error| stop(&error));
    }
    Journal::open_to_read(&path).map(Some).map_err(|error| stop(&error))
}

fn written(folder: &Path) -> Result<Option<Text>, Stop> {
    let path = text(folder);
    if !there(&path)? {
        return Ok(None);
    }
    Text::open(&path).map(Some).map_err(|error| stop(&error))
}

/// Every fact of a season, and how far they go in words. A season without a journal has none.
///
/// Where both files are there, the longer holds; the shorter must be its beginning. A store that was made for another season than the one
/// with this `title` is refused; without a title, whose it is is not asked.
pub(crate) fn read(folder: &Path, title: Option<&str>) -> Result<(Vec<Fact>, String), Stop> {
    let stop = |error: JournalError| stop(&error);
    let (live, written) = (live(folder)?, written(folder)?);
    let (facts, head) = match (live, written) {
        (None, None) => (Vec::new(), Head::START),
        (None, Some(written)) => (written.facts().to_vec(), written.head()),
        (Some(mut live), written) => {
            title.map_or(Ok(()), |title| live.is_of(title)).map_err(stop)?;
            let facts = live.read().map_err(stop)?;
            written.as_ref().map_or(Ok(()), |written| live.agrees(written)).map_err(stop)?;
            match written.filter(|written| written.head().facts > live.head().facts) {
                Some(written) => (written.facts().to_vec(), written.head()),
                None => (facts, live.head()),
            }
        }
    };
    Ok((facts, if head.facts == 0 { String::from("no facts recorded") } else { head.to_string() }))
}

/// The store of a season, ready to append to, and a line where something had to be done for it: made from the text where there was none,
/// caught up where the text was ahead.
pub(crate) fn open_to_append(folder: &Path, title: &str) -> Result<(Journal, String), Stop> {
    let path = store(folder);
    let written = written(folder)?;
    let mut said = String::new();
    if !there(&path)? {
        Journal::not_lost(&path).map_err(|error| stop(&error))?;
        said = made(folder, &path, title, written.as_ref())?;
    }
    let mut journal = Journal::open(&path).map_err(|error| stop(&error))?;
    journal.claim(title).map_err(|error| stop(&error))?;
    if let Some(written) = &written {
        let before = journal.head().facts;
        let head = journal.take(written).map_err(|error| stop(&error))?;
        if head.facts > before {
            said = format!("{}: {} taken over from {}\n", path.display(), counted(head.facts - before), text(folder).display());
        }
    }
    Ok((journal, said))
}

/// Makes the store aside and moves it into place, so that a half-made store never hides the text. Says from what it was made.
fn made(folder: &Path, path: &Path, title: &str, written: Option<&Text>) -> Result<String, Stop> {
    let aside = folder.join(format!("journal.sqlite.{}.new", std::process::id()));
    // With what SQLite keeps beside a store that was not closed.
    let sweep = || {
        for end in ["", "-wal", "-shm"] {
            let mut name = aside.clone().into_os_string();
            name.push(end);
            _ = fs::remove_file(name);
        }
    };
    sweep();
    let made = Journal::create(&aside).and_then(|mut journal| {
        journal.claim(title)?;
        written.map_or(Ok(()), |written| journal.take(written).map(|_| ()))
    });
    // The name aside says nothing to anybody.
    let full = |error: &JournalError| matches!(error, JournalError::Full { .. });
    let made = made.map_err(|error| if full(&error) { JournalError::Full { path: path.to_owned() } } else { error });
    let moved = made.map_err(|error| stop(&error)).and_then(|()| {
        let linked = fs::hard_link(&aside, path);
        linked.or_else(|error| if path.exists() { Ok(()) } else { Err(error) }).map_err(|error| Stop::file(path, &error))
    });
    sweep();
    moved?;
    Ok(match written {
        Some(written) => format!("{} was not there; made from {}: {}\n", path.display(), text(folder).display(), written.head()),
        None => format!("{} was not there; made without facts\n", path.display()),
    })
}

/// `1 fact`, `2 facts`.
fn counted(facts: u64) -> String {
    format!("{facts} fact{}", if facts == 1 { "" } else { "s" })
}

/// `verify`: every byte of one file, or of a season's files, that they agree, and that the season has what the facts name.
pub(crate) fn verify(path: &Path) -> Result<Answer, Stop> {
    let mut found = Found { said: String::new(), sound: true };
    if !path.is_dir() {
        found.file(path, looked_at(path)?);
        return Ok(found.answer());
    }
    let (store, text) = (store(path), text(path));
    let (live, written) = (there(&store)?, there(&text)?);
    if !live {
        Journal::not_lost(&store).map_err(|error| stop(&error))?;
    }
    if !live && !written {
        return Err(Stop::io(&path.display().to_string(), &"there is no journal.sqlite and no journal.jsonl"));
    }
    // The text first: what is recorded or exported meanwhile is in the store, so that it never seems to lack what the text has.
    let written = if written { Some(looked_at(&text)?) } else { None };
    let live = if live { Some(looked_at(&store)?) } else { None };
    let heads = live.map(|live| found.file(&store, live)).zip(written.map(|written| found.file(&text, written)));
    if let (true, Some((Some(live), Some(written)))) = (found.sound, heads) {
        found.both((&store, live), (&text, written))?;
    }
    if found.sound {
        found.names(path)?;
    }
    Ok(found.answer())
}

/// Every byte of one file: its head, or its damage.
fn looked_at(file: &Path) -> Result<Result<Head, Vec<Damage>>, Stop> {
    let verified = if file.extension().is_some_and(|extension| extension == "jsonl") {
        jsonl::verify_file(file)
    } else {
        Journal::open_to_read(file).and_then(|journal| journal.verify().map_err(|damage| JournalError::Damaged { damage }))
    };
    match verified {
        Ok(verified) => Ok(Ok(verified.head)),
        Err(JournalError::Damaged { damage }) => Ok(Err(damage)),
        Err(error) => Err(stop(&error)),
    }
}

/// What `verify` found so far.
struct Found {
    said: String,
    sound: bool,
}

impl Found {
    fn answer(self) -> Answer {
        Answer { text: self.said, code: u8::from(!self.sound) }
    }

    fn wrong(&mut self, line: &str) {
        self.sound = false;
        self.said.push_str(line);
        self.said.push('\n');
    }

    /// What a look at a file found: its head, where it is sound.
    fn file(&mut self, file: &Path, looked: Result<Head, Vec<Damage>>) -> Option<Head> {
        match &looked {
            Ok(head) => self.said.push_str(&format!("{}: sound, {head}\n", file.display())),
            Err(damage) => damage.iter().for_each(|one| self.wrong(&format!("damage: {one}"))),
        }
        looked.ok()
    }

    /// Whether store and text hold the same facts, and which was behind when they were looked at.
    fn both(&mut self, (store, live_head): (&Path, Head), (text, text_head): (&Path, Head)) -> Result<(), Stop> {
        let live = Journal::open_to_read(store).map_err(|error| stop(&error))?;
        let written = Text::open(text).map_err(|error| stop(&error))?;
        match live.agrees(&written) {
            Ok(()) => {}
            Err(forked @ JournalError::Forked { .. }) => {
                self.wrong(&format!("damage: {forked}"));
                return Ok(());
            }
            Err(error) => return Err(stop(&error)),
        }
        let (here, there) = (live_head.facts, text_head.facts);
        let (store, text) = (store.display(), text.display());
        if there < here {
            self.said.push_str(&format!("{text} is behind {store} by {}; `export --to {text}` writes it again\n", counted(here - there)));
        } else if here < there {
            self.said.push_str(&format!("{store} is behind {text} by {}; the next `record` takes them over\n", counted(there - here)));
        }
        Ok(())
    }

    /// Whether the season has what the facts name: what it does not have counts nowhere, and must not vanish in silence.
    fn names(&mut self, folder: &Path) -> Result<(), Stop> {
        if !folder.join("season.toml").exists() {
            return Ok(());
        }
        let Ok((rulebook, season)) = place::written(folder) else {
            self.said.push_str("the season does not load, so what the facts name was not looked up; `check` says why\n");
            return Ok(());
        };
        let (facts, _) = read(folder, Some(&season.title))?;
        for (number, refusal) in record::backwards(&facts) {
            self.wrong(&format!("fact {number}: {}: {refusal}", refusal.code));
        }
        for fault in recorded::faults(&rulebook, &season, &facts, "journal") {
            self.wrong(&format!("{}: {}; {}", fault.code, fault.message, fault.help.unwrap_or_default()));
        }
        Ok(())
    }
}

/// `export`: the same lines, to a file or to standard output.
pub(crate) fn export(folder: &Path, to: Option<&Path>) -> Result<String, Stop> {
    if !folder.is_dir() {
        return Err(Stop::io(&folder.display().to_string(), &"there is no such folder"));
    }
    let (facts, _) = read(folder, None)?;
    match to {
        Some(path) => {
            let head = jsonl::save(&facts, path).map_err(|error| stop(&error))?;
            Ok(format!("{}: {head}\n", path.display()))
        }
        None => {
            let mut bytes = Vec::new();
            jsonl::write(&facts, &mut bytes, Path::new("standard output")).map_err(|error| stop(&error))?;
            bytes.flush().map_err(|error| Stop::io("standard output", &error))?;
            String::from_utf8(bytes).map_err(|error| Stop::io("standard output", &error))
        }
    }
}

/// Brings a text journal into the season's store: all of it, or nothing where one of its facts would have been refused here.
pub(crate) fn import(folder: &Path, file: &Path, rulebook: &Rulebook, season: &Season) -> Result<String, Stop> {
    let there = Text::open(file).map_err(|error| stop(&error))?;
    let (mut journal, made) = open_to_append(folder, &season.title)?;
    journal.agrees(&there).map_err(|error| stop(&error))?;
    let new = there.after(journal.head().facts);
    if new.is_empty() {
        return Ok(format!("{made}nothing new: {} of {} are here already\n", counted(there.head().facts), file.display()));
    }
    let mut known = season.clone();
    journal.read().map_err(|error| stop(&error))?.iter().for_each(|fact| known.apply(fact));
    let refusals = record::refusals(rulebook, &known, new);
    if !refusals.is_empty() {
        let lines: Vec<String> = refusals
            .iter()
            .map(|(number, refusal)| format!("error: {}, fact {number}: {}: {refusal}", file.display(), refusal.code))
            .collect();
        return Err(Stop::no(format!("{}\nnothing was imported", lines.join("\n"))));
    }
    let (count, named) = (counted(new.len() as u64), named(new));
    let head = journal.take(&there).map_err(|error| stop(&error))?;
    Ok(format!("{made}{count} imported into {}; {head}\n{named}", journal.path().display()))
}

/// What the imported facts are about, for a person to see whether they are of this season: a journal's text does not name its own.
fn named(facts: &[Fact]) -> String {
    let (mut sessions, mut cars) = (BTreeSet::new(), BTreeSet::new());
    for fact in facts {
        match &fact.what {
            What::Result(result) => {
                sessions.insert(result.session.clone());
                cars.extend(result.rows.iter().map(|row| row.car.clone()));
            }
            What::Grid(grid) => {
                sessions.insert(grid.session.clone());
                cars.extend(grid.rows.iter().map(|row| row.car.clone()));
            }
            What::Served(served) => {
                sessions.insert(served.session.clone());
                cars.insert(served.car.clone());
            }
            What::Decision(_)
            | What::Matter(_)
            | What::Status { .. }
            | What::Grade { .. }
            | What::Bop(_)
            | What::Nomination { .. }
            | What::Meeting(_)
            | What::Undo { .. } => {}
        }
    }
    let list = |words: Vec<String>| words.join(", ");
    match (sessions.is_empty(), facts.first()) {
        (false, Some(first)) => format!(
            "they are of {}, cars {}; the first is {}: look whether that is this season\n",
            list(sessions.iter().map(ToString::to_string).collect()),
            list(cars.iter().map(ToString::to_string).collect()),
            first.citation
        ),
        _ => String::new(),
    }
}
