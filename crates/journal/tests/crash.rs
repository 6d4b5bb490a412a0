//! A writer killed at any moment loses nothing it acknowledged (invariant 6).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use journal::{Journal, jsonl};
use sport::date::Instant;
use sport::fact::{Fact, What};

/// Set for the child: the journal to append to.
const JOURNAL: &str = "JOURNAL_CRASH_TEST_FILE";
/// Set for the child: facts in a commit.
const GROUP: &str = "JOURNAL_CRASH_TEST_GROUP";

fn fact(number: u64) -> Fact {
    Fact {
        number,
        happened: Instant(1_523_707_200_000_000),
        recorded: Instant(1_523_707_200_000_000 + i64::try_from(number).unwrap()),
        by: "secretary".to_owned(),
        citation: String::new(),
        what: What::Undo { fact: number, reason: "x".repeat(usize::try_from(number % 700).unwrap()) },
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("journal-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The child: appends until it is killed and says after each commit how far it came. Does nothing in an ordinary run.
#[test]
fn writer() {
    let Some(path) = std::env::var_os(JOURNAL) else { return };
    let group: u64 = std::env::var(GROUP).unwrap().parse().unwrap();
    let mut journal = Journal::open(Path::new(&path)).unwrap();
    let mut out = std::io::stdout();
    loop {
        let next = journal.head().facts + 1;
        let facts: Vec<_> = (next..next + group).map(fact).collect();
        let head = journal.append(&facts).unwrap();
        writeln!(out, "\nacknowledged {}", head.facts).unwrap();
        out.flush().unwrap();
    }
}

/// Runs a writer, kills it after a while, and returns the last number it acknowledged.
fn killed_writer(path: &Path, group: u64, after: Duration) -> Option<u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writer", "--nocapture", "--test-threads=1"])
        .env(JOURNAL, path)
        .env(GROUP, group.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let acknowledged = |line: &str| line.strip_prefix("acknowledged ").and_then(|number| number.trim_end().parse().ok());
    // The delay counts from the first acknowledgement: before it, there is little to interrupt.
    let mut last = None;
    let mut line = String::new();
    while last.is_none() && out.read_line(&mut line).unwrap() > 0 {
        last = acknowledged(&line);
        line.clear();
    }
    std::thread::sleep(after);
    child.kill().unwrap();
    // A last line that was cut off acknowledges nothing.
    for rest in out.split(b'\n') {
        let rest = String::from_utf8(rest.unwrap()).unwrap();
        last = acknowledged(&rest).max(last);
    }
    child.wait().unwrap();
    last
}

#[test]
fn acknowledged_facts_survive_forty_kills() {
    let folder = folder("kill");
    let mut appended = 0;
    for group in [1, 7] {
        let path = folder.join(format!("by-{group}.sqlite"));
        drop(Journal::create(&path).unwrap());
        for kill in 0..20_u64 {
            let acknowledged = killed_writer(&path, group, Duration::from_micros(kill * kill * 211 % 30_000)).unwrap();
            let mut reader = Journal::open_to_read(&path).unwrap();
            assert_eq!(reader.verify().unwrap().head, reader.head());
            let facts = reader.read().unwrap();
            assert!(reader.head().facts >= acknowledged, "{acknowledged} acknowledged, {} there", reader.head());
            // The commit under way when it was killed is there as a whole or not at all.
            assert!(reader.head().facts % group == kill % group && reader.head().facts <= acknowledged + group);
            assert!(facts.iter().zip(1..).all(|(there, number)| *there == fact(number)));
            let mut writer = Journal::open(&path).unwrap();
            let next = writer.head().facts + 1;
            assert_eq!(writer.append(&[fact(next)]).unwrap().facts, next);
            // Every second time the next writer finds a log that was not closed.
            if kill % 2 == 0 {
                drop(writer);
            } else {
                std::mem::forget(writer);
            }
            appended = next;
        }
    }
    assert!(appended > 20);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_log_cut_at_any_byte_leaves_the_commits_before_it() {
    let folder = folder("cut");
    let path = folder.join("whole.sqlite");
    let mut journal = Journal::create(&path).unwrap();
    for number in [1, 4, 7, 10] {
        journal.append(&[fact(number), fact(number + 1), fact(number + 2)]).unwrap();
    }
    let (store, log) = (fs::read(&path).unwrap(), fs::read(folder.join("whole.sqlite-wal")).unwrap());
    drop(journal);
    let cut = folder.join("cut.sqlite");
    let mut seen = Vec::new();
    for length in (0..=log.len()).filter(|length| length % 131 == 0 || *length == log.len()) {
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(folder.join(format!("cut.sqlite{end}")));
        }
        fs::write(&cut, &store).unwrap();
        fs::write(folder.join("cut.sqlite-wal"), &log[..length]).unwrap();
        // The log also holds the creation: before it, there is no journal yet.
        let Ok(mut journal) = Journal::open(&cut) else {
            assert!(seen.is_empty(), "{seen:?}");
            continue;
        };
        let facts = journal.read().unwrap();
        assert!(facts.len() % 3 == 0 && facts.iter().zip(1..).all(|(there, number)| *there == fact(number)));
        assert_eq!(journal.verify().unwrap().facts, facts.len() as u64);
        let next = journal.head().facts + 1;
        journal.append(&[fact(next)]).unwrap();
        seen.push(facts.len());
    }
    assert!(seen.is_sorted());
    seen.dedup();
    assert_eq!(seen, [0, 3, 6, 9, 12]);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_text_is_replaced_at_once_or_not_at_all() {
    let folder = folder("replace");
    let path = folder.join("j.jsonl");
    jsonl::save(&[fact(1), fact(2)], &path).unwrap();
    let before = fs::read(&path).unwrap();
    assert!(jsonl::save(&[fact(1), fact(3)], &path).is_err());
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    fs::remove_dir_all(folder).unwrap();
}
