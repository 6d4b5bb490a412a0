//! The store as its users see it: append, read, refuse, and find what was changed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

use journal::{Damage, Flaw, Follower, Hash, Head, Journal, JournalError, Text, jsonl};
use rusqlite::Connection;
use sport::fact::{Fact, What};

/// A folder of its own for a test, removed when the test succeeds.
struct Folder(PathBuf);

impl Folder {
    fn of(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("journal-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(&self.0).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/v1.jsonl")
}

fn facts() -> Vec<Fact> {
    jsonl::read_file(&golden()).unwrap()
}

fn filled(path: &Path) -> Journal {
    let mut journal = Journal::create(path).unwrap();
    journal.append(&facts()).unwrap();
    journal
}

#[test]
fn what_is_appended_is_read_back_after_closing() {
    let folder = Folder::of("read-back");
    let path = folder.file("season #1 100%?.sqlite");
    let head = filled(&path).head();
    let mut journal = Journal::open(&path).unwrap();
    assert_eq!(journal.head(), head);
    assert_eq!(journal.read().unwrap(), facts());
    assert_eq!(journal.verify().unwrap().head, head);
    assert_eq!(folder.names().len(), 3, "{:?}", folder.names());
    drop(journal);
    let mut reader = Journal::open_to_read(&path).unwrap();
    assert_eq!(reader.read().unwrap(), facts());
    assert_eq!(reader.verify().unwrap().head, head);
    assert_eq!(folder.names(), ["season #1 100%?.sqlite"]);
    assert!(matches!(reader.append(&[]), Err(JournalError::ReadOnly { .. })));
}

#[test]
fn a_reader_sees_what_a_writer_appends_and_survives_its_leaving() {
    let folder = Folder::of("reader");
    let path = folder.file("j.sqlite");
    let mut writer = Journal::create(&path).unwrap();
    let mut reader = Journal::open_to_read(&path).unwrap();
    assert_eq!(reader.head(), Head::START);
    for count in 1..=facts().len() {
        writer.append(&facts()[count - 1..count]).unwrap();
        assert_eq!(reader.read().unwrap().len(), count);
        if count % 5 == 0 {
            drop(writer);
            assert_eq!(folder.names(), ["j.sqlite"]);
            assert_eq!(reader.read().unwrap().len(), count);
            writer = Journal::open(&path).unwrap();
        }
    }
}

#[test]
fn a_reader_never_sees_half_of_what_writers_that_come_and_go_do() {
    let folder = Folder::of("come-and-go");
    let path = folder.file("j.sqlite");
    drop(Journal::create(&path).unwrap());
    let all = facts();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 0..8 {
                for fact in &all {
                    let mut writer = Journal::open(&path).unwrap();
                    let number = writer.head().facts + 1;
                    writer.append(&[Fact { number, ..fact.clone() }]).unwrap();
                }
                assert_eq!(Journal::open(&path).unwrap().head().facts, (round + 1) * 26);
            }
        });
        let mut seen = 0;
        while !writer.is_finished() {
            let read = Journal::open_to_read(&path).and_then(|mut reader| reader.read());
            let count = read.unwrap().len();
            assert!(count >= seen);
            seen = count;
        }
    });
}

#[test]
fn a_head_changed_while_the_journal_is_open_is_found() {
    let folder = Folder::of("open-head");
    let path = folder.file("j.sqlite");
    drop(filled(&path));
    let mut reader = Journal::open_to_read(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("UPDATE head SET facts = 25").unwrap();
    assert!(matches!(reader.verify().unwrap_err()[..], [Damage { flaw: Flaw::HeadRow { .. }, .. }]));
    assert!(matches!(reader.read(), Err(JournalError::Damaged { .. })));
}

#[cfg(unix)]
#[test]
fn a_reader_needs_no_right_to_write() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::of("read-only");
    let path = folder.file("j.sqlite");
    drop(filled(&path));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o555)).unwrap();
    let read = Journal::open_to_read(&path).and_then(|mut reader| reader.read());
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(read.unwrap(), facts());
    assert_eq!(folder.names(), ["j.sqlite"]);
}

#[test]
fn the_second_of_two_writers_is_told_that_it_came_second() {
    let folder = Folder::of("overtaken");
    let path = folder.file("j.sqlite");
    let mut one = Journal::create(&path).unwrap();
    let mut two = Journal::open(&path).unwrap();
    one.append(&facts()[..2]).unwrap();
    let refused = two.append(&facts()[..1]);
    assert!(matches!(refused, Err(JournalError::Overtaken { .. })), "{refused:?}");
    assert_eq!(two.read().unwrap().len(), 2);
    two.append(&facts()[2..]).unwrap();
    assert!(matches!(one.append(&facts()[2..3]), Err(JournalError::Overtaken { .. })));
    assert_eq!(one.read().unwrap(), facts());
}

#[test]
fn what_is_decided_while_nobody_else_may_write_follows_what_came_before() {
    let folder = Folder::of("decide");
    let path = folder.file("j.sqlite");
    let mut one = Journal::create(&path).unwrap();
    let mut two = Journal::open(&path).unwrap();
    one.append(&facts()[..3]).unwrap();
    let head = two.decide(|news| -> Result<_, JournalError> {
        assert_eq!(news, facts()[..3]);
        let raw = Connection::open(&path).unwrap();
        raw.busy_timeout(std::time::Duration::ZERO).unwrap();
        assert!(raw.execute_batch("BEGIN IMMEDIATE").is_err(), "somebody else may write");
        Ok(facts()[3..5].to_vec())
    });
    assert_eq!(head.unwrap(), jsonl_head(&facts()[..5]));
    // Who refuses stores nothing, and knows no more than before.
    one.decide(|news| -> Result<_, JournalError> {
        assert_eq!(news, facts()[3..5]);
        Ok(facts()[5..6].to_vec())
    })
    .unwrap();
    let refused = two.decide(|_| Err(JournalError::Missing { path: path.clone() })).unwrap_err();
    assert!(matches!(refused, JournalError::Missing { .. }), "{refused}");
    let gap = two.decide(|_| -> Result<_, JournalError> { Ok(facts()[7..8].to_vec()) }).unwrap_err();
    assert!(matches!(gap, JournalError::Misnumbered { expected: 7, found: 8 }), "{gap}");
    assert_eq!((two.head(), one.read().unwrap()), (jsonl_head(&facts()[..5]), facts()[..6].to_vec()));
    two.decide(|news| -> Result<_, JournalError> { Ok(facts()[5 + news.len()..].to_vec()) }).unwrap();
    assert_eq!(one.read().unwrap(), facts());
    one.verify().unwrap();
    // Another store in its place, and a reader.
    drop((one, two));
    let mut longer = Journal::open(&path).unwrap();
    behind_the_triggers(&path, "UPDATE facts SET hash = 'x' WHERE n = (SELECT facts FROM head)");
    let nothing = |_| -> Result<_, JournalError> { panic!("nothing is to be decided") };
    assert!(matches!(longer.decide(nothing), Err(JournalError::Damaged { .. })));
    assert!(matches!(
        Journal::open_to_read(&path).map(|mut reader| reader.decide(nothing)),
        Ok(Err(JournalError::ReadOnly { .. })) | Err(_)
    ));
}

/// The head of facts from the first on.
fn jsonl_head(facts: &[Fact]) -> Head {
    let mut head = Head::START;
    for fact in facts {
        head = Head { facts: fact.number, hash: journal::line::write(fact, head.hash).unwrap().1 };
    }
    head
}

#[test]
fn taking_a_text_goes_on_after_what_came_first_and_appends_nothing_where_it_has_no_more() {
    let folder = Folder::of("take");
    let (path, text) = (folder.file("j.sqlite"), folder.file("j.jsonl"));
    jsonl::save(&facts()[..4], &text).unwrap();
    let text = Text::open(&text).unwrap();
    let mut one = Journal::create(&path).unwrap();
    let mut two = Journal::open(&path).unwrap();
    one.append(&facts()[..2]).unwrap();
    assert_eq!(two.take(&text).unwrap(), text.head());
    // Nothing is left to take, and a fact came that is not known here.
    one.read().unwrap();
    one.append(&facts()[4..5]).unwrap();
    assert_eq!(two.take(&text).unwrap(), text.head());
    let mut other = facts();
    other[4].by = "somebody else".into();
    jsonl::save(&other, text.path()).unwrap();
    assert!(matches!(two.take(&Text::open(text.path()).unwrap()), Err(JournalError::Forked { fact: 5, .. })));
}

#[test]
fn a_store_is_opened_while_another_program_writes() {
    let folder = Folder::of("open-while");
    let path = folder.file("j.sqlite");
    let mut writer = Journal::create(&path).unwrap();
    let over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 1.. {
                if over.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
                writer.append(&[Fact { number, ..facts()[0].clone() }]).unwrap();
            }
        });
        let opened = (0..300).find_map(|_| Journal::open(&path).err());
        over.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(opened.is_none(), "{opened:?}");
    });
}

#[test]
fn facts_that_do_not_continue_or_cannot_be_written_are_refused_and_nothing_is_stored() {
    let folder = Folder::of("refused");
    let mut journal = Journal::create(&folder.file("j.sqlite")).unwrap();
    assert!(matches!(journal.append(&facts()[1..]), Err(JournalError::Misnumbered { expected: 1, found: 2 })));
    let twice = [facts()[0].clone(), facts()[0].clone()];
    assert!(matches!(journal.append(&twice), Err(JournalError::Misnumbered { expected: 2, found: 1 })));
    let mut late = facts();
    late[1].happened = sport::date::Instant::FOREVER;
    let refused = journal.append(&late).unwrap_err();
    assert!(refused.to_string().starts_with("fact 2 cannot be written: "), "{refused}");
    late[1].happened = late[0].happened;
    late[1].what = What::Undo { fact: 1, reason: "x".repeat(journal::line::LONGEST) };
    assert!(matches!(journal.append(&late), Err(JournalError::Unwritable { fact: 2, .. })));
    assert_eq!(journal.read().unwrap(), []);
    assert_eq!(journal.verify().unwrap().head, Head::START);
}

#[test]
fn what_is_not_a_journal_is_not_opened_and_not_touched() {
    let folder = Folder::of("foreign");
    let missing = folder.file("missing.sqlite");
    assert!(matches!(Journal::open(&missing), Err(JournalError::Missing { .. })));
    assert!(matches!(Journal::open_to_read(&missing), Err(JournalError::Missing { .. })));
    assert!(matches!(Journal::open(&folder.0), Err(JournalError::NotAFile { is: "a folder", .. })));
    assert!(folder.names().is_empty());
    let text = folder.file("text");
    fs::write(&text, "a text that is longer than the header of a store; ".repeat(20)).unwrap();
    let empty = folder.file("empty");
    fs::write(&empty, "").unwrap();
    let other = folder.file("other");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (a); PRAGMA user_version = 1").unwrap();
    let before: Vec<_> = [&text, &empty, &other].map(|path| fs::read(path).unwrap()).to_vec();
    for path in [&text, &empty, &other] {
        let opened = Journal::open(path);
        assert!(matches!(opened, Err(JournalError::NotAJournal { .. })), "{opened:?}");
        let opened = Journal::open_to_read(path);
        assert!(matches!(opened, Err(JournalError::NotAJournal { .. })), "{opened:?}");
    }
    for path in [&text, &other] {
        assert!(matches!(Journal::create(path), Err(JournalError::AlreadyThere { .. })));
    }
    assert_eq!(before, [&text, &empty, &other].map(|path| fs::read(path).unwrap()).to_vec());
    let newer = folder.file("newer");
    drop(filled(&newer));
    Connection::open(&newer).unwrap().execute_batch("PRAGMA user_version = 2").unwrap();
    assert!(matches!(Journal::open(&newer), Err(JournalError::TooNew { format: 2, .. })));
}

#[test]
fn a_text_is_imported_and_exported_with_the_same_bytes() {
    let folder = Folder::of("import");
    let text = fs::read(golden()).unwrap();
    let mut journal = Journal::create(&folder.file("j.sqlite")).unwrap();
    journal.append(&facts()[..7]).unwrap();
    let head = jsonl::import(&mut text.as_slice(), &golden(), &mut journal).unwrap();
    assert_eq!(head.facts, 26);
    assert_eq!(jsonl::import(&mut text.as_slice(), &golden(), &mut journal).unwrap(), head);
    let mut exported = Vec::new();
    assert_eq!(journal.export(&mut exported).unwrap(), head);
    assert_eq!(exported, text);
    let out = folder.file("out.jsonl");
    journal.export_to(&out).unwrap();
    assert_eq!(fs::read(&out).unwrap(), text);
    assert!(!folder.names().contains(&"out.jsonl.new".to_owned()));

    let mut other = facts();
    other[0].by = "somebody else".to_owned();
    let mut forked = Journal::create(&folder.file("forked.sqlite")).unwrap();
    forked.append(&other[..1]).unwrap();
    let refused = jsonl::import(&mut text.as_slice(), &golden(), &mut forked);
    assert!(matches!(refused, Err(JournalError::Forked { .. })), "{refused:?}");
    assert_eq!(forked.read().unwrap().len(), 1);
}

/// Changes a store as somebody does who takes the triggers away first and puts them back afterwards.
fn behind_the_triggers(path: &Path, sql: &str) {
    let connection = Connection::open(path).unwrap();
    let mut triggers = connection.prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger'").unwrap();
    let back: Vec<String> = triggers.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    connection.execute_batch("DROP TRIGGER facts_stay; DROP TRIGGER facts_keep").unwrap();
    connection.execute_batch(sql).unwrap();
    connection.execute_batch(&back.join(";")).unwrap();
}

/// Changes a filled journal through SQL, and expects each flaw to be found for the fact named.
fn changed(name: &str, sql: &str, fact: Option<u64>, is_expected: impl Fn(&Flaw) -> bool) {
    let folder = Folder::of(name);
    let path = folder.file("j.sqlite");
    drop(filled(&path));
    behind_the_triggers(&path, sql);
    let damage = match Journal::open_to_read(&path) {
        Ok(mut journal) => {
            assert!(journal.read().is_err(), "{name}");
            journal.verify().unwrap_err()
        }
        Err(JournalError::Damaged { damage }) => damage,
        Err(error) => panic!("{name}: {error}"),
    };
    assert_eq!(damage[0].fact, fact, "{name}: {}", damage[0]);
    assert!(is_expected(&damage[0].flaw), "{name}: {}", damage[0]);
    assert_eq!(damage.len(), 1, "{name}: {damage:#?}");
}

#[test]
fn facts_changed_through_sql_are_found_and_named() {
    changed("alter", "UPDATE facts SET line = replace(line, 'D15', 'D16') WHERE n = 7", Some(7), |flaw| {
        matches!(flaw, Flaw::Changed { .. })
    });
    changed("delete", "DELETE FROM facts WHERE n = 7", Some(7), |flaw| matches!(flaw, Flaw::Number { expected: 7, found: 8 }));
    changed("delete-last", "DELETE FROM facts WHERE n = 26", None, |flaw| matches!(flaw, Flaw::HeadRow { .. }));
    changed("delete-first", "DELETE FROM facts WHERE n = 1", Some(1), |flaw| matches!(flaw, Flaw::Number { expected: 1, found: 2 }));
    changed("move", "UPDATE facts SET n = 30 WHERE n = 26; UPDATE head SET facts = 30", Some(26), |flaw| {
        matches!(flaw, Flaw::RowNumber { row: 30 })
    });
    let zeros = Hash::START;
    changed("hash", &format!("UPDATE facts SET hash = '{zeros}' WHERE n = 9"), Some(9), |flaw| matches!(flaw, Flaw::RowHash { .. }));
    changed("head-hash", &format!("UPDATE head SET hash = '{zeros}'"), None, |flaw| matches!(flaw, Flaw::HeadRow { .. }));
    changed("head-count", "UPDATE head SET facts = 25", None, |flaw| matches!(flaw, Flaw::HeadRow { .. }));
}

#[test]
fn swapped_and_relinked_facts_are_found() {
    let folder = Folder::of("swap");
    let path = folder.file("j.sqlite");
    drop(filled(&path));
    behind_the_triggers(
        &path,
        "UPDATE facts SET n = 99 WHERE n = 7; UPDATE facts SET n = 7 WHERE n = 8; UPDATE facts SET n = 8 WHERE n = 99",
    );
    let damage = Journal::open_to_read(&path).unwrap().verify().unwrap_err();
    assert!(matches!(damage[0].flaw, Flaw::Number { expected: 7, found: 8 }), "{}", damage[0]);

    // A fact written anew with a hash of its own: the fact after it follows another line.
    let path = folder.file("forged.sqlite");
    drop(filled(&path));
    let mut forged = facts();
    forged[6].by = "nobody".to_owned();
    let lines = Journal::open_to_read(&path).unwrap().lines().unwrap();
    let before = journal::line::read(&lines[5]).unwrap().hash;
    let (line, hash) = journal::line::write(&forged[6], before).unwrap();
    behind_the_triggers(&path, &format!("UPDATE facts SET line = '{}', hash = '{hash}' WHERE n = 7", line.replace('\'', "''")));
    let damage = Journal::open_to_read(&path).unwrap().verify().unwrap_err();
    assert_eq!(damage.len(), 1);
    assert!(matches!(damage[0].flaw, Flaw::Link { .. }) && damage[0].fact == Some(8), "{}", damage[0]);
}

#[test]
fn facts_are_neither_changed_nor_removed_by_accident() {
    let folder = Folder::of("triggers");
    let path = folder.file("j.sqlite");
    drop(filled(&path));
    let connection = Connection::open(&path).unwrap();
    for sql in ["UPDATE facts SET line = ''", "DELETE FROM facts WHERE n = 3"] {
        assert!(connection.execute_batch(sql).is_err());
    }
}

#[test]
fn any_changed_byte_of_the_file_is_found_or_changes_no_fact() {
    let folder = Folder::of("flips");
    let whole = folder.file("j.sqlite");
    let mut journal = Journal::create(&whole).unwrap();
    journal.append(&facts()[5..12].iter().zip(1..).map(|(fact, number)| Fact { number, ..fact.clone() }).collect::<Vec<_>>()).unwrap();
    let (expected, head) = (journal.read().unwrap(), journal.head());
    drop(journal);
    let bytes = fs::read(&whole).unwrap();
    let path = folder.file("flipped.sqlite");
    let mut found = 0;
    // Every 13th byte, and every byte where the header and the first page begin.
    for at in (0..bytes.len()).filter(|at| *at < 400 || at % 13 == 0) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        fs::write(&path, &flipped).unwrap();
        match Journal::open_to_read(&path) {
            Err(_) => found += 1,
            Ok(mut reader) => match (reader.verify(), reader.read()) {
                (Ok(verified), Ok(facts)) => {
                    assert_eq!((verified.head, &facts), (head, &expected), "byte {at} was changed and not found");
                }
                _ => found += 1,
            },
        }
    }
    assert!(found > 250, "{found} found of {}", bytes.len());
}

#[test]
fn who_follows_a_store_is_told_each_fact_once_and_stays_where_it_was_when_something_is_wrong() {
    let folder = Folder::of("follow");
    let path = folder.file("season.sqlite");
    let (all, half) = (facts(), facts().len() / 2);
    let mut journal = Journal::create(&path).unwrap();
    let mut follower = Follower::new(&path);
    assert_eq!(follower.news().unwrap(), []);
    journal.append(&all[..half]).unwrap();
    assert_eq!(follower.news().unwrap(), all[..half]);
    assert_eq!(follower.news().unwrap(), []);
    let head = journal.append(&all[half..]).unwrap();
    drop(journal);
    // A line that is not what its hash says is not passed on, and asked for again.
    let break_it = |to: &str| {
        let connection = Connection::open(&path).unwrap();
        for name in triggers(&connection) {
            connection.execute_batch(&format!("DROP TRIGGER \"{name}\"")).unwrap();
        }
        let number = half as i64 + 1;
        connection.execute("UPDATE facts SET line = replace(line, ?1, ?2) WHERE n = ?3", (to, "\"by\":\"nobody\"", number)).unwrap();
    };
    let by = format!("\"by\":\"{}\"", all[half].by);
    break_it(&by);
    let wrong = follower.news().unwrap_err();
    assert!(matches!(&wrong, JournalError::Damaged { damage } if damage[0].fact == Some(half as u64 + 1)), "{wrong}");
    assert_eq!(follower.head().facts, half as u64);
    let connection = Connection::open(&path).unwrap();
    connection.execute("UPDATE facts SET line = replace(line, '\"by\":\"nobody\"', ?1) WHERE n = ?2", (by, half as i64 + 1)).unwrap();
    assert_eq!(follower.news().unwrap(), all[half..]);
    assert_eq!(follower.head(), head);
}

#[test]
fn who_follows_a_store_that_is_taken_back_or_removed_is_told_and_goes_on_once_it_continues_what_was_read() {
    let folder = Folder::of("follow-another");
    let (path, older, newer) = (folder.file("season.sqlite"), folder.file("older.sqlite"), folder.file("newer.sqlite"));
    let (all, half) = (facts(), facts().len() / 2);
    let place = |from: &std::path::Path| {
        // As a person does who brings a copy: the file goes and another one comes.
        let _ = std::fs::remove_file(&path);
        std::fs::copy(from, &path).unwrap();
    };
    let made = |path: &std::path::Path, facts: &[sport::fact::Fact]| Journal::create(path).unwrap().append(facts).unwrap();
    let less = made(&older, &all[..half - 1]);
    made(&newer, &all);
    let read = made(&path, &all[..half]);
    let mut follower = Follower::new(&path);
    assert_eq!(follower.news().unwrap().len(), half);
    place(&older);
    let told = follower.news().unwrap_err();
    assert!(matches!(&told, JournalError::TakenBack { read: r, found, .. } if *r == read && *found == less), "{told}");
    assert!(told.to_string().contains("start again"), "{told}");
    std::fs::remove_file(&path).unwrap();
    let told = follower.news().unwrap_err();
    assert!(matches!(&told, JournalError::Gone { .. }) && told.to_string().contains("put it back"), "{told}");
    assert!(!path.exists(), "a look makes no file");
    // One as long with other facts, and one that is longer.
    for more in [0, 3] {
        let other = folder.file(&format!("other-{more}.sqlite"));
        let mut facts = all[..half + more].to_vec();
        facts[half / 2].by = "somebody else".into();
        made(&other, &facts);
        place(&other);
        let told = follower.news().unwrap_err();
        assert!(matches!(&told, JournalError::TakenBack { .. }), "{told}");
        assert_eq!(follower.head(), read);
    }
    place(&newer);
    assert_eq!(follower.news().unwrap(), all[half..]);
}

fn triggers(connection: &Connection) -> Vec<String> {
    let mut named = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").unwrap();
    named.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}
