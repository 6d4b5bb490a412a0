//! The journal on the command line: when facts are recorded, which file holds, what is refused and with which exit code.

#[expect(dead_code, reason = "a part of what other tests ask for")]
mod folder;

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use folder::Folder;
use journal::{Journal, JournalError};
use sport::date::{Date, Instant};
use sport::fact::{Fact, What};
use sport::grade::Grade;

/// A decision about car 2 of the league, taken and recorded when it says.
fn decision(id: &str, at: &str) -> String {
    format!(
        "[[decision]]\nid = \"{id}\"\nat = {at}\ncite = \"D{id}\"\nauthority = \"Stewards\"\narticle = \"1\"\nreason = \"r\"\neffects = [{{ disqualify = {{ session = \"1.race\", car = \"2\" }} }}]\n"
    )
}

#[test]
fn the_times_of_recording_only_go_forward_and_never_past_now() {
    let folder = Folder::league("forward");
    folder.run(&["record", "l/season", "l/season/results.toml", "--recorded", "2020-05-01T12:00:00Z"]).code(0);
    let one = decision("1", "2020-04-05T16:00:00Z");
    folder.feed(&["record", "l/season", "-", "--recorded", "2020-05-01T11:59:59Z"], &one).code(1).says(&[
        "recorded-backwards",
        "fact 1",
        "2020-05-01T12:00:00Z",
    ]);
    folder
        .feed(&["record", "l/season", "-", "--recorded", "as-happened"], &one)
        .code(1)
        .says(&["recorded-backwards", "standard input:3:6"]);
    for future in ["2999-01-01T00:00:00Z", "9999-12-31", "9999-12-30"] {
        folder.feed(&["record", "l/season", "-", "--recorded", future], &one).code(1).says(&["recorded-in-the-future"]);
        folder.feed(&["record", "l/season", "-", "--dry-run", "--recorded", future], &one).code(1);
    }
    folder.feed(&["record", "l/season", "-", "--recorded", "2020-05-01T12:00:00Z"], &one).code(0).says(&["fact 2"]);
    let two = decision("2", "2020-05-03T16:00:00Z") + &decision("3", "2020-05-02T16:00:00Z");
    folder
        .feed(&["record", "l/season", "-", "--recorded", "as-happened"], &two)
        .code(1)
        .says(&["recorded-backwards", "nothing was recorded"]);
    folder.feed(&["record", "l/season", "-"], &two).code(0).says(&["fact 4", "recorded in l/season/journal.sqlite"]);
    folder.run(&["standings", "l/season", "--as-known-at", "9999-12-31"]).code(0);
    folder.run(&["standings", "l/season", "--as-known-at", "-009999-01-02"]).code(2);
    folder.run(&["verify", "l/season"]).code(0);
}

#[test]
fn a_journal_of_another_season_is_refused_fact_by_fact() {
    let folder = Folder::league("foreign");
    folder.run(&["new", "Other League", "o", "--year", "2020"]).code(0);
    folder.run(&["record", "o/season", "o/season/results.toml", "--recorded", "2020-05-01T12:00:00Z"]).code(0);
    folder.feed(&["record", "o/season", "-", "--recorded", "2020-05-02T12:00:00Z"], &decision("1", "2020-04-05T16:00:00Z")).code(0);
    folder.run(&["export", "o/season", "--to", "o.jsonl"]).code(0);
    // The league of the test has no car 2 and calls the race otherwise.
    folder.change("l/season/entries.toml", "[entry.2]", "[entry.77]");
    folder.change("l/season/entries.toml", "entry.2.crew", "entry.77.crew");
    folder.run(&["import", "l/season", "o.jsonl"]).code(1).says(&[
        "o.jsonl, fact 1: unknown-car: car 2 is not entered",
        "fact 2: unknown-car",
        "nothing was imported",
    ]);
    folder.run(&["log", "l/season"]).code(0).says(&["no facts recorded"]);
    // Put there by hand, it is read, and verify says what has no effect.
    fs::remove_file(folder.0.join("l/season/journal.sqlite")).expect("the store");
    fs::copy(folder.0.join("o.jsonl"), folder.0.join("l/season/journal.jsonl")).expect("a copy");
    folder
        .run(&["verify", "l/season"])
        .code(1)
        .says(&["sound, 2 facts", "unknown-car: fact 2 (D1) names what is not there any more: car 2 is not entered"]);
    fs::remove_file(folder.0.join("l/season/journal.jsonl")).expect("the text");
    fs::copy(folder.0.join("o/season/journal.sqlite"), folder.0.join("l/season/journal.sqlite")).expect("a copy");
    for arguments in [&["standings", "l/season"][..], &["log", "l/season"], &["verify", "l/season"]] {
        folder.run(arguments).code(1).says(&["made for the season \"Other League 2020\", here is \"Example League 2020\"", "export"]);
    }
    folder.feed(&["record", "l/season", "-"], &decision("9", "2020-04-05T16:00:00Z")).code(1).says(&["made for the season"]);
}

#[test]
fn an_imported_journal_whose_times_go_backwards_is_refused() {
    let folder = Folder::league("backwards");
    folder.run(&["record", "l/season", "l/season/results.toml", "--recorded", "2020-05-01T12:00:00Z"]).code(0);
    folder.feed(&["record", "l/season", "-", "--recorded", "2020-05-02T12:00:00Z"], &decision("1", "2020-04-05T16:00:00Z")).code(0);
    folder.run(&["export", "l/season", "--to", "a.jsonl"]).code(0);
    let mut facts = journal::jsonl::read_file(&folder.0.join("a.jsonl")).expect("a journal");
    facts[1].recorded.0 = facts[0].recorded.0 - 1;
    journal::jsonl::save(&facts, &folder.0.join("b.jsonl")).expect("a journal");
    fs::remove_file(folder.0.join("l/season/journal.sqlite")).expect("the store");
    folder.run(&["import", "l/season", "b.jsonl"]).code(1).says(&["fact 2: recorded-backwards", "nothing was imported"]);
    folder.run(&["import", "l/season", "a.jsonl"]).code(0).says(&["2 facts imported"]);
}

#[test]
fn store_and_text_are_compared_before_anything_is_acknowledged() {
    let folder = Folder::league("both");
    let text = folder.0.join("l/season/journal.jsonl");
    folder
        .run(&["record", "l/season", "l/season/results.toml", "--by", "One", "--recorded", "2020-05-01"])
        .code(0)
        .says(&["made without facts"]);
    folder.run(&["export", "l/season", "--to", "l/season/journal.jsonl"]).code(0);
    folder.feed(&["record", "l/season", "-"], &decision("1", "2020-04-05T16:00:00Z")).code(0);
    folder.run(&["verify", "l/season"]).code(0).says(&["journal.jsonl is behind l/season/journal.sqlite by 1 fact"]);
    let sound = fs::read_to_string(&text).expect("text");
    let mut facts = journal::jsonl::read_file(&text).expect("a journal");
    facts[0].by = String::from("Two");
    journal::jsonl::save(&facts, &text).expect("a journal");
    folder
        .feed(&["record", "l/season", "-"], &decision("2", "2020-04-05T16:00:00Z"))
        .code(1)
        .says(&["journal.sqlite and l/season/journal.jsonl hold different facts from fact 1 on"]);
    folder.run(&["standings", "l/season"]).code(1).says(&["different facts from fact 1 on"]);
    folder.run(&["verify", "l/season"]).code(1).says(&["different facts from fact 1 on"]);
    fs::write(&text, sound).expect("text");
    // The store is gone: the text is all there is, and that is said.
    fs::remove_file(folder.0.join("l/season/journal.sqlite")).expect("the store");
    let third = folder.feed(&["record", "l/season", "-"], &decision("3", "2020-04-05T16:00:00Z")).code(0);
    third.says(&["l/season/journal.sqlite was not there; made from l/season/journal.jsonl: 1 fact, head ", "fact 2"]);
    // A log without its store may hold more.
    fs::remove_file(folder.0.join("l/season/journal.sqlite")).expect("the store");
    fs::write(folder.0.join("l/season/journal.sqlite-wal"), "facts").expect("a log");
    for arguments in [&["standings", "l/season"][..], &["verify", "l/season"], &["record", "l/season", "l/season/results.toml"]] {
        folder.run(arguments).code(1).says(&["journal.sqlite is gone and its log", "put the store back"]);
    }
}

#[test]
fn decisions_get_in_once_each_while_another_program_records_without_pause() {
    let folder = Folder::league("without-pause");
    folder.run(&["record", "l/season", "l/season/results.toml"]).code(0);
    // The text beside it has nothing that the store has not.
    folder.run(&["export", "l/season", "--to", "l/season/journal.jsonl"]).code(0);
    let path = folder.0.join("l/season/journal.sqlite");
    let over = AtomicBool::new(false);
    let written = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut writer = Journal::open(&path).expect("the store");
            let mut written = 0;
            while !over.load(Ordering::Relaxed) {
                let known = writer.head().facts;
                let next = |news: Vec<Fact>| -> Result<Vec<Fact>, JournalError> { Ok(vec![grade(known + 1 + news.len() as u64)]) };
                match writer.decide(next) {
                    Ok(_) => written += 1,
                    Err(JournalError::Busy { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            written
        });
        let recorded = std::panic::catch_unwind(|| {
            for id in 1..=20 {
                folder.feed(&["record", "l/season", "-"], &decision(&id.to_string(), "2020-04-05T16:00:00Z")).code(0);
            }
            for _ in 0..5 {
                let said = folder.run(&["verify", "l/season"]).code(0).out;
                let after = |words: &str| said.split_once(words).and_then(|(_, rest)| rest.split(' ').next()?.parse::<u64>().ok());
                let (whole, behind) = (after("journal.sqlite: sound, "), after("behind l/season/journal.sqlite by "));
                assert_eq!(whole.zip(behind).map(|(whole, behind)| whole - behind), Some(1), "{said}");
            }
        });
        over.store(true, Ordering::Relaxed);
        let written = writing.join().expect("it wrote");
        recorded.unwrap_or_else(|why| std::panic::resume_unwind(why));
        written
    });
    let facts = Journal::open_to_read(&path).and_then(|mut store| store.read()).expect("a sound store");
    let decisions: Vec<String> = facts.iter().filter_map(|fact| fact.what.decision()).map(|taken| taken.id.to_string()).collect();
    assert_eq!(decisions, (1..=20).map(|id| id.to_string()).collect::<Vec<_>>());
    assert_eq!(facts.len(), 1 + 20 + written);
    assert!(written > 20, "{written}: there was no contest");
    folder.run(&["verify", "l/season"]).code(0);
}

/// A fact that somebody else records now.
fn grade(number: u64) -> Fact {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let now = Instant(i64::try_from(now.as_micros()).expect("before the year 200000"));
    let what = What::Grade { driver: "a".into(), grade: Grade::Gold, from: Date { year: 2020, month: 1, day: 1 } };
    Fact { number, happened: now, recorded: now, by: "else".into(), citation: "list".into(), what }
}

#[test]
fn exit_codes_are_those_of_help() {
    let folder = Folder::league("exits");
    fs::create_dir(folder.0.join("empty")).expect("a folder");
    folder.run(&["verify", "/dev/null"]).code(3).says(&["this is a device"]);
    folder.run(&["verify", "missing.jsonl"]).code(3).says(&["there is no journal"]);
    folder.run(&["verify", "empty"]).code(3);
    folder.run(&["verify", "l/rulebook/rulebook.toml"]).code(3).says(&["not a journal"]);
    folder.run(&["record", "l/season", "l"]).code(3).says(&["it is a folder"]);
    folder.run(&["record", "l/season", "missing.toml"]).code(3).says(&["no such file"]);
    folder.run(&["record", "l/season", "l/season/season.toml"]).code(1);
    folder.run(&["import", "l/season", "missing.jsonl"]).code(3);
    folder.run(&["import", "l/season", "l"]).code(1).says(&["none is in a known format"]);
    folder.run(&["import", "l/season", "l/season/season.toml"]).code(1).says(&["its format is not known"]);
    folder.run(&["export", "l/season", "--to", "/dev/null"]).code(3).says(&["this is a device"]);
    folder.run(&["export", "l/season", "--to", "l"]).code(3).says(&["this is a folder"]);
    folder.run(&["export", "missing"]).code(3);
    folder.run(&["standings", "empty"]).code(3).says(&["cannot read"]);
    folder.run(&["standings", "l/season", "--suppose", "A1=upheld"]).code(2);
}

#[test]
fn what_a_table_needs_is_said_at_once_and_of_the_command_line() {
    let folder = Folder::league("needs");
    fs::write(folder.0.join("t.csv"), "car,place\n1,1\n2,2\n").expect("a table");
    folder.run(&["import", "l/season", "t.csv"]).code(2).says(&["a table needs --session, --cite, --at on the command line"]);
    folder.run(&["import", "l/season", "t.csv", "--session", "1.race", "--at", "2020-04-05"]).code(2).says(&["a table needs --cite on"]);
    let all = ["import", "l/season", "t.csv", "--session", "1.race", "--cite", "c", "--at"];
    let with = |at: &'static str, more: &[&'static str]| [&all[..], &[at], more].concat();
    folder.run(&with("2999-01-01", &[])).code(2).says(&["--at 2999-01-01", "not happened yet"]);
    folder.run(&with("9999-12-31", &[])).code(2).says(&["not happened yet"]);
    folder.run(&with("2020-04-05", &["--state", "finale"])).code(2).says(&["--state", "final"]);
    folder.run(&with("2020-04-05", &["--by", "a\u{1b}[31mb"])).code(2).says(&["--by", "control character"]);
    folder.run(&with("2020-04-05", &["--state", "final"])).code(0).says(&["fact 1"]);
}

#[test]
fn a_matter_is_supposed_to_end_once() {
    let folder = Folder::league("once");
    folder.run(&["record", "l/season", "l/season/results.toml"]).code(0);
    let court = "[[matter]]\nid = \"A1\"\nkind = \"appeal\"\nby = \"Team Two\"\nat = 2020-04-06T09:00:00Z\ncite = \"appeal\"\nagainst = { result = \"1.race\" }\nreason = \"the window\"\n";
    folder.feed(&["record", "l/season", "-"], court).code(0);
    for suppose in ["A1=upheld,A1=rejected", "A1=upheld,A1=upheld"] {
        folder.run(&["standings", "l/season", "--suppose", suppose]).code(2).says(&["A1 is supposed to end twice"]);
    }
    folder.run(&["standings", "l/season", "--suppose", "A1=upheld", "--suppose", "A1=rejected"]).code(2).says(&["twice"]);
}

#[test]
fn no_text_steers_the_terminal_of_who_reads_it() {
    let folder = Folder::league("terminal");
    folder.run(&["record", "l/season", "l/season/results.toml", "--recorded", "2020-05-01"]).code(0);
    let forged = decision("1", "2020-04-05T16:00:00Z").replace("\"r\"", "\"r\\u001b[2J\\u202e\"");
    folder.feed(&["record", "l/season", "-"], &forged).code(1).says(&["hidden-character", "U+001B"]);
    // In a journal from elsewhere it may stand; shown to people it does nothing, programs get what was written.
    folder.feed(&["record", "l/season", "-"], &decision("1", "2020-04-05T16:00:00Z")).code(0);
    folder.run(&["export", "l/season", "--to", "a.jsonl"]).code(0);
    let mut facts = journal::jsonl::read_file(&folder.0.join("a.jsonl")).expect("a journal");
    facts[1].citation = String::from("a\u{1b}[2Jb\u{202e}c\0d\ne");
    journal::jsonl::save(&facts, &folder.0.join("a.jsonl")).expect("a journal");
    fs::remove_file(folder.0.join("l/season/journal.sqlite")).expect("the store");
    folder.run(&["import", "l/season", "a.jsonl"]).code(0);
    let people = folder.run(&["log", "l/season"]).code(0).says(&["a␛[2Jb�c␀d␊e"]);
    assert!(!people.out.contains(['\u{1b}', '\u{202e}', '\0']), "{}", people.out);
    assert!(folder.run(&["log", "l/season", "--format", "csv"]).code(0).out.contains("a\u{1b}[2Jb\u{202e}c\0d\ne"));
    fs::copy(folder.0.join("a.jsonl"), folder.0.join("a\u{1b}[2J.jsonl")).expect("a copy");
    let path = folder.run(&["verify", "a\u{1b}[2J.jsonl"]).code(0).says(&["a␛[2J.jsonl: sound, 2 facts"]);
    assert!(!path.out.contains('\u{1b}'), "{}", path.out);
    folder.run(&["log", "l\u{1b}[2J"]).code(3).says(&["l␛[2J: there is no such folder"]);
    folder.change("l/season/season.toml", "title = \"", "title = \"\\u001b]0;x\\u0007");
    let said = folder.run(&["standings", "l/season"]).code(1).says(&["hidden-character", "season.toml:2:9"]);
    assert!(!said.err.contains('\u{1b}'), "{}", said.err);
}

#[cfg(target_os = "linux")]
#[test]
fn pipes_do_not_hang_links_are_written_through_and_a_full_disk_is_called_full() {
    use std::os::unix::fs::symlink;
    use std::process::{Command, Stdio};
    let folder = Folder::league("kinds");
    folder.run(&["record", "l/season", "l/season/results.toml"]).code(0);
    fs::write(folder.0.join("real.jsonl"), "old").expect("a file");
    symlink("real.jsonl", folder.0.join("link.jsonl")).expect("a link");
    folder.run(&["export", "l/season", "--to", "link.jsonl"]).code(0);
    folder.run(&["verify", "real.jsonl"]).code(0).says(&["sound, 1 fact"]);
    assert!(folder.0.join("link.jsonl").is_symlink());
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a device that is always full");
    let said = folder.command(&["log", "l/season"]).stdout(Stdio::from(full)).output().expect("the binary runs");
    assert_eq!(said.status.code(), Some(3));
    assert_eq!(String::from_utf8_lossy(&said.stderr), "error: standard output: the disk is full; free space there and try again\n");
    let pipe = folder.0.join("l/season/journal.jsonl");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    for arguments in [
        &["log", "l/season"][..],
        &["verify", "l/season"],
        &["record", "l/season", "l/season/results.toml"],
        &["import", "l/season", "l/season/journal.jsonl"],
    ] {
        folder.run(arguments).code(3).says(&["journal.jsonl: this is a pipe"]);
    }
}
