//! A season's facts on disk: `journal.sqlite` of a live season, `journal.jsonl` for people and diffs, the same facts in both.

use std::fs::{self, File};
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};

use journal::{Damage, Journal, JournalError, jsonl};
use sport::fact::Fact;

use crate::Answer;
use crate::stop::Stop;

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
        JournalError::Forked { .. }
        | JournalError::Overtaken { .. }
        | JournalError::Misnumbered { .. }
        | JournalError::Unwritable { .. } => Stop::no(error.to_string()),
        JournalError::Missing { .. }
        | JournalError::AlreadyThere { .. }
        | JournalError::NotAJournal { .. }
        | JournalError::TooNew { .. }
        | JournalError::Busy { .. }
        | JournalError::ReadOnly { .. }
        | JournalError::Full { .. }
        | JournalError::Store { .. }
        | JournalError::File { .. } => Stop::trouble(error.to_string()),
    }
}

fn damaged(damage: &[Damage]) -> String {
    let lines: Vec<String> = damage.iter().map(|one| format!("damage: {one}")).collect();
    format!("error: the journal is damaged; nothing of it is used\n{}", lines.join("\n"))
}

/// Every fact of a season, and how far they go in words. A season without a journal has none.
///
/// Where both files are there, the longer holds; the shorter must be its beginning.
pub(crate) fn read(folder: &Path) -> Result<(Vec<Fact>, String), Stop> {
    let live = if store(folder).exists() {
        Some(Journal::open_to_read(&store(folder)).and_then(|mut journal| journal.read()).map_err(|error| stop(&error))?)
    } else {
        None
    };
    let written = if text(folder).exists() { Some(jsonl::read_file(&text(folder)).map_err(|error| stop(&error))?) } else { None };
    let facts = match (live, written) {
        (None, None) => Vec::new(),
        (Some(facts), None) | (None, Some(facts)) => facts,
        (Some(live), Some(written)) => {
            let shared = live.len().min(written.len());
            if live[..shared] != written[..shared] {
                let first = live.iter().zip(&written).take_while(|(a, b)| a == b).count() + 1;
                return Err(Stop::no(format!(
                    "{} and {} hold different facts from fact {first} on; verify both, keep the right one and move the other away",
                    store(folder).display(),
                    text(folder).display()
                )));
            }
            if live.len() >= written.len() { live } else { written }
        }
    };
    let head = jsonl::write(&facts, &mut std::io::sink(), &text(folder)).map_err(|error| stop(&error))?;
    Ok((facts, if head.facts == 0 { String::from("no facts recorded") } else { head.to_string() }))
}

/// The store of a season, ready to append to: made from the text where there is none, caught up where the text is ahead.
pub(crate) fn open_to_append(folder: &Path) -> Result<Journal, Stop> {
    let path = store(folder);
    if !path.exists() {
        // Made aside and moved into place, so that a half-made store never hides the text.
        let aside = folder.join(format!("journal.sqlite.{}.new", std::process::id()));
        _ = fs::remove_file(&aside);
        let made = Journal::create(&aside).and_then(|mut journal| catch_up(folder, &mut journal));
        let moved = made.map_err(|error| stop(&error)).and_then(|()| {
            fs::hard_link(&aside, &path)
                .or_else(|error| if path.exists() { Ok(()) } else { Err(error) })
                .map_err(|error| Stop::io(&path.display().to_string(), &error))
        });
        _ = fs::remove_file(&aside);
        moved?;
    }
    let mut journal = Journal::open(&path).map_err(|error| stop(&error))?;
    catch_up(folder, &mut journal).map_err(|error| stop(&error))?;
    Ok(journal)
}

/// Appends what the text has beyond the store.
fn catch_up(folder: &Path, journal: &mut Journal) -> Result<(), JournalError> {
    let path = text(folder);
    if !path.exists() {
        return Ok(());
    }
    let written = jsonl::read_file(&path)?;
    if u64::try_from(written.len()).is_ok_and(|facts| facts <= journal.head().facts) {
        return Ok(());
    }
    let file = File::open(&path).map_err(|why| JournalError::File { path: path.clone(), doing: "opening it", why })?;
    jsonl::import(&mut BufReader::new(file), &path, journal).map(|_| ())
}

/// `verify`.
pub(crate) fn verify(path: &Path) -> Result<Answer, Stop> {
    let files: Vec<PathBuf> =
        if path.is_dir() { [store(path), text(path)].into_iter().filter(|file| file.exists()).collect() } else { vec![path.to_owned()] };
    if files.is_empty() {
        return Err(Stop::io(&path.display().to_string(), &"there is no journal.sqlite and no journal.jsonl"));
    }
    let mut said = String::new();
    let mut sound = true;
    for file in &files {
        if !file.exists() {
            return Err(Stop::io(&file.display().to_string(), &"there is no such file"));
        }
        let is_text = file.extension().is_some_and(|extension| extension == "jsonl");
        let verified = if is_text {
            jsonl::verify_file(file)
        } else {
            Journal::open_to_read(file)
                .map_err(|error| damage_of(&error))
                .and_then(|journal| journal.verify().map_err(|damage| damage.iter().map(ToString::to_string).collect()))
                .map_err(|lines: Vec<String>| {
                    sound = false;
                    lines.iter().for_each(|line| said.push_str(&format!("damage: {line}\n")));
                    Vec::new()
                })
        };
        match verified {
            Ok(verified) => said.push_str(&format!("{}: sound, {}\n", file.display(), verified.head)),
            Err(damage) => {
                sound = false;
                damage.iter().for_each(|one| said.push_str(&format!("damage: {one}\n")));
            }
        }
    }
    if sound && files.len() > 1 {
        read(path)?;
    }
    Ok(Answer { text: said, code: u8::from(!sound) })
}

fn damage_of(error: &JournalError) -> Vec<String> {
    if let JournalError::Damaged { damage } = error { damage.iter().map(ToString::to_string).collect() } else { vec![error.to_string()] }
}

/// `export`: the same lines, to a file or to standard output.
pub(crate) fn export(folder: &Path, to: Option<&Path>) -> Result<String, Stop> {
    if !folder.is_dir() {
        return Err(Stop::io(&folder.display().to_string(), &"there is no such folder"));
    }
    let (facts, _) = read(folder)?;
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

/// Brings a text journal into the season's store.
pub(crate) fn import(folder: &Path, file: &Path) -> Result<String, Stop> {
    let mut journal = open_to_append(folder)?;
    let before = journal.head().facts;
    let there = jsonl::read_file(file).map_err(|error| stop(&error))?;
    if u64::try_from(there.len()).is_ok_and(|facts| facts <= before) {
        let here = journal.read().map_err(|error| stop(&error))?;
        if here[..there.len()] == there[..] {
            return Ok(format!("nothing new: all {} facts of {} are here already\n", there.len(), file.display()));
        }
    }
    let open = File::open(file).map_err(|error| Stop::io(&file.display().to_string(), &error))?;
    let head = jsonl::import(&mut BufReader::new(open), file, &mut journal).map_err(|error| stop(&error))?;
    Ok(format!("{} facts imported; {head}\n", head.facts - before))
}
