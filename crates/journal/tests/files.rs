//! The files of a journal: what stands where one should, altered stores, stores of another season, store and text side by side.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

use journal::{Flaw, Journal, JournalError, Text, jsonl};
use rusqlite::Connection;
use sport::fact::Fact;

/// A folder of its own for a test.
fn folder(test: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("journal-files-{test}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn facts() -> Vec<Fact> {
    jsonl::read_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/v1.jsonl")).unwrap()
}

#[test]
fn a_store_with_another_table_or_trigger_takes_no_fact_and_is_not_sound() {
    let folder = folder("altered");
    for (ix, sql) in [
        "CREATE TRIGGER lose AFTER INSERT ON facts BEGIN SELECT 1; END",
        "DROP TRIGGER facts_keep",
        "DROP TRIGGER facts_keep; CREATE TRIGGER facts_keep BEFORE UPDATE ON facts BEGIN SELECT 1; END",
        "CREATE TABLE notes (n)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE INDEX i ON facts (hash)",
        "ALTER TABLE head ADD COLUMN more TEXT",
        "DROP TABLE season; CREATE TABLE season (title)",
    ]
    .iter()
    .enumerate()
    {
        let path = folder.join(format!("{ix}.sqlite"));
        let mut writer = Journal::create(&path).unwrap();
        writer.append(&facts()[..3]).unwrap();
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let altered = |error: JournalError| {
            let JournalError::Damaged { damage } = error else { panic!("{sql}: {error}") };
            damage.iter().all(|one| matches!(one.flaw, Flaw::Schema { .. }))
        };
        assert!(altered(writer.append(&facts()[3..4]).unwrap_err()), "{sql}");
        drop(writer);
        assert!(altered(Journal::open(&path).map(|_| ()).unwrap_err()), "{sql}");
        let mut reader = Journal::open_to_read(&path).unwrap();
        let damage = reader.verify().unwrap_err();
        assert!(altered(JournalError::Damaged { damage }), "{sql}");
        assert_eq!(reader.read().unwrap().len(), 3, "what is sound can still be exported");
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_store_belongs_to_one_season_and_an_older_store_to_the_first_that_claims_it() {
    let folder = folder("season");
    let path = folder.join("j.sqlite");
    let mut journal = Journal::create(&path).unwrap();
    journal.append(&facts()).unwrap();
    let head = journal.head();
    assert_eq!(journal.season().unwrap(), None);
    journal.is_of("One").unwrap();
    journal.claim("One").unwrap();
    journal.claim("One").unwrap();
    assert!(matches!(journal.claim("Two"), Err(JournalError::OtherSeason { .. })));
    assert_eq!(Journal::open_to_read(&path).unwrap().season().unwrap().as_deref(), Some("One"));
    assert_eq!((journal.head(), journal.verify().unwrap().head), (head, head));
    drop(journal);
    // Stores of earlier versions have no such table.
    Connection::open(&path).unwrap().execute_batch("DROP TABLE season").unwrap();
    let mut older = Journal::open(&path).unwrap();
    older.verify().unwrap();
    older.claim("Two").unwrap();
    older.verify().unwrap();
    assert!(older.is_of("One").unwrap_err().to_string().contains("made for the season \"Two\", here is \"One\""));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_text_that_differs_is_named_with_the_fact_whichever_is_longer() {
    let folder = folder("forked");
    let mut other = facts();
    other[4].by = String::from("somebody else");
    let text = folder.join("journal.jsonl");
    for (in_store, in_text) in [(26, 26), (26, 9), (9, 26), (5, 5)] {
        let path = folder.join(format!("{in_store}-{in_text}.sqlite"));
        let mut journal = Journal::create(&path).unwrap();
        journal.append(&facts()[..in_store]).unwrap();
        jsonl::save(&other[..in_text], &text).unwrap();
        let forked = journal.take(&Text::open(&text).unwrap()).unwrap_err();
        assert!(matches!(&forked, JournalError::Forked { fact: 5, text: named, .. } if *named == text), "{forked}");
        jsonl::save(&facts()[..in_text], &text).unwrap();
        let head = journal.take(&Text::open(&text).unwrap()).unwrap();
        assert_eq!(head.facts, in_store.max(in_text) as u64);
    }
    fs::remove_dir_all(folder).unwrap();
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_before_it_is_opened() {
    use std::os::unix::fs::symlink;
    use std::process::Command;
    let folder = folder("kinds");
    let pipe = folder.join("pipe.jsonl");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let nowhere = folder.join("nowhere.jsonl");
    symlink(folder.join("missing"), &nowhere).unwrap();
    let device = PathBuf::from("/dev/null");
    for path in [&pipe, &nowhere, &device, &folder] {
        let refused = |error: JournalError| assert!(matches!(error, JournalError::NotAFile { .. }), "{error}");
        refused(jsonl::read_file(path).unwrap_err());
        refused(jsonl::verify_file(path).unwrap_err());
        refused(Journal::open(path).map(|_| ()).unwrap_err());
        refused(Journal::open_to_read(path).map(|_| ()).unwrap_err());
        refused(Journal::create(path).map(|_| ()).unwrap_err());
        refused(jsonl::save(&facts(), path).unwrap_err());
    }
    // A store whose log is a pipe would be one to wait for.
    let path = folder.join("j.sqlite");
    drop(Journal::create(&path).unwrap());
    assert!(Command::new("mkfifo").arg(folder.join("j.sqlite-wal")).status().unwrap().success());
    assert!(matches!(Journal::open(&path), Err(JournalError::NotAFile { is: "a pipe", .. })));
    fs::remove_dir_all(folder).unwrap();
}

#[cfg(unix)]
#[test]
fn through_a_link_the_file_it_points_at_is_replaced_with_the_rights_it_had() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("link");
    let (real, link) = (folder.join("real.jsonl"), folder.join("link.jsonl"));
    jsonl::save(&facts()[..2], &real).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.jsonl", &link).unwrap();
    jsonl::save(&facts(), &link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().file_type().is_symlink());
    assert_eq!(jsonl::read_file(&real).unwrap(), facts());
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_log_without_its_store_is_never_passed_over() {
    let folder = folder("log");
    let path = folder.join("j.sqlite");
    let mut writer = Journal::create(&path).unwrap();
    writer.append(&facts()).unwrap();
    let log = fs::read(folder.join("j.sqlite-wal")).unwrap();
    drop(writer);
    fs::remove_file(&path).unwrap();
    fs::write(folder.join("j.sqlite-wal"), log).unwrap();
    let refused = |error: JournalError| assert!(matches!(error, JournalError::LogLeft { .. }), "{error}");
    refused(Journal::open(&path).map(|_| ()).unwrap_err());
    refused(Journal::open_to_read(&path).map(|_| ()).unwrap_err());
    refused(Journal::create(&path).map(|_| ()).unwrap_err());
    refused(Journal::not_lost(&path).unwrap_err());
    fs::remove_dir_all(folder).unwrap();
}
