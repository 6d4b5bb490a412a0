//! A few journeys through the binary, as a person at a terminal goes: with mistakes.

#[expect(dead_code, reason = "a part of what other tests ask for")]
mod folder;

use std::fs;
use std::path::{Path, PathBuf};

use folder::Folder;

fn season_2018() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seasons/blancpain-gt-series-asia-2018")
}

#[test]
fn the_2018_season_gives_seven_tables_with_bounds_and_findings() {
    let season = season_2018();
    let season = season.to_str().expect("a plain path");
    let folder = Folder::new("tables");
    let said = folder.run(&["standings", season, "--format", "csv"]).code(0);
    let mut lines = said.out.lines();
    assert!(lines.next().expect("a head").starts_with("championship,position,competitor,points,at_least,at_most,"));
    let champions: Vec<&str> = lines.filter(|line| line.split(',').nth(1) == Some("1")).collect();
    let ids: Vec<&str> = champions.iter().map(|line| line.split(',').next().expect("an id")).collect();
    assert_eq!(ids, ["gt3-drivers", "gt3-pro-am", "gt3-silver", "gt3-am", "gt4-drivers", "gt3-teams", "gt4-teams"]);
    // Published title decisions: the champions of GT3, Silver, Am, GT4 and both teams' titles lead; Pro/Am is contradicted (C1).
    for champion in ["Martin Kodric / Dennis Lind", "Takuya Shirasaka", "Reinhold Renger", "FFF Racing Team by ACM", "BMW Team Studie"] {
        assert!(champions.iter().any(|line| line.contains(champion)), "{champion}");
    }
    folder
        .run(&["standings", season, "--championship", "gt4-drivers", "--after", "2.2"])
        .code(0)
        .says(&["Reinhold Renger", "places of cars"]);
    folder.run(&["standings", season, "--championship", "gt4-driver"]).code(2).says(&["did you mean gt4-drivers?"]);
    folder.run(&["standings", season, "--after", "9"]).code(2).says(&["there is no such round"]);
    folder.run(&["why", season, "gt3-drivers", "kodric"]).code(0).says(&["table.top-ten", "points.toml", "article E1", "fact "]);
}

#[test]
fn every_mistake_in_an_entry_list_is_told_at_once_with_its_line_and_the_word_meant() {
    let folder = Folder::league("mistakes");
    folder.change("l/season/entries.toml", "class = \"GT3\"", "class = \"GT33\"");
    folder.change("l/season/entries.toml", "drivers = [\"c\", ", "drivers = [\"a\", ");
    folder.change("l/season/entries.toml", "number = \"2\"", "number = \"1\"");
    folder.change("l/season/season.toml", "circuit = \"second-circuit\"\n", "");
    folder.change("l/season/season.toml", "first-day = 2020-04-04", "first-day = 2030-04-04");
    let said = folder.run(&["check", "l"]).code(1);
    let said = said.says(&["GT33", "did you mean \"GT3\"?", "entries.toml:", "season.toml:", "circuit"]);
    assert!(said.err.matches("error[").count() >= 4, "{}", said.err);
    folder.run(&["standings", "l/season"]).code(1).says(&["GT33"]);
}

#[test]
fn a_fault_of_the_rulebook_hides_no_fault_of_the_entry_list() {
    let folder = Folder::league("all-at-once");
    folder.change("l/rulebook/rulebook.toml", "kind = \"race\"", "kind = \"rase\"");
    folder.change("l/season/entries.toml", "grade = \"Silver\"", "grade = \"Sliver\"");
    folder.change("l/season/entries.toml", "drivers = [\"c\", ", "drivers = [\"cc\", ");
    folder.change("l/season/entries.toml", "rounds = [1, 2]", "rounds = [1, 7]");
    folder.change("l/season/entries.toml", "number = \"2\"", "number = \"1\"");
    let said = folder.run(&["check", "l"]).code(1);
    said.says(&["\"rase\"", "Sliver", "there is no driver \"cc\"", "there is no round 7", "number 1 is on entries"]);
}

#[test]
fn a_rulebook_that_is_not_there_is_shown_where_it_is_named() {
    let folder = Folder::league("named");
    folder.change("l/season/season.toml", "\"../rulebook\"", "\"../rulebok\"");
    for command in [["check", "l"], ["standings", "l/season"]] {
        folder.run(&command).says(&["l/season/season.toml:3:12", "there is no such folder", "such as \"../rulebook\""]);
    }
}

#[test]
fn a_round_and_a_session_are_taken_however_they_are_written() {
    let folder = Folder::league("rounds");
    folder.run(&["record", "l/season", "l/season/results.toml", "--recorded", "as-happened"]).code(0);
    let wanted = folder.run(&["results", "l/season", "1", "race"]).code(0).out;
    for written in [&["1.race"][..], &["1.1"], &["1.race", "race"], &["1", "1.race"], &["1", "1"]] {
        let arguments: Vec<&str> = ["results", "l/season"].iter().chain(written).copied().collect();
        assert_eq!(folder.run(&arguments).code(0).out, wanted, "{written:?}");
    }
    folder.run(&["results", "l/season", "race"]).code(2).says(&["`race` is no round", "2.race-1"]);
    folder.run(&["results", "l/season", "1.rase"]).code(2).says(&["did you mean 1.race?"]);
    folder.run(&["results", "l/season", "1.race", "qualifying"]).code(2).says(&["keep one of the two"]);
    folder.run(&["results", "l/season", "9.race"]).code(2).says(&["there is no round 9; rounds are 1, 2"]);
    folder.run(&["new", "X", "x", "--year", "20x"]).code(2).says(&["four digits"]);
}

#[test]
fn what_new_prints_works_when_pasted_from_anywhere() {
    let folder = Folder::new("pasted");
    let said = folder.run(&["new", "Example League", "my league", "--year", "2020"]).code(0).out;
    let check = said.lines().find_map(|line| line.strip_prefix("  parcferme check ")).expect("a command").trim_matches('\'');
    for from in [".", "my league", "my league/season"] {
        let run = |arguments: &[&str]| folder.command(arguments).current_dir(folder.0.join(from)).output().expect("the binary runs");
        assert!(run(&["check", check]).status.success(), "{from}");
        if from != "." {
            assert!(run(&["check"]).status.success(), "{from}");
        }
    }
}

#[test]
fn check_says_how_many_findings_there_are_and_what_tells_them() {
    let folder = Folder::league("findings");
    folder.change("l/season/results.toml", "order = [\"1\", \"2\"]", "order = [\"1\"]");
    let said = folder.run(&["check", "l"]).code(0);
    assert!(!said.out.contains("findings"), "{}", said.out);
    folder.run(&["record", "l/season", "l/season/results.toml"]).code(0);
    folder.run(&["check", "l"]).code(0).says(&["findings: 1 note; `parcferme standings l/season` tells them", "1 of 1 case holds"]);
}

#[test]
fn a_refused_request_records_nothing_and_the_journal_stays_sound() {
    let folder = Folder::league("refused");
    folder.run(&["record", "l/season", "l/season/results.toml", "--by", "Secretary"]).code(0).says(&["fact 1"]);
    let unknown = "[[decision]]\nid = \"1\"\nat = 2020-04-05T16:00:00Z\ncite = \"D1\"\nauthority = \"Stewards\"\narticle = \"1\"\nreason = \"r\"\neffects = [{ disqualify = { session = \"1.race\", car = \"2\" } }, { disqualify = { session = \"1.race\", car = \"22\" } }]\n";
    folder.feed(&["record", "l/season", "-"], unknown).code(1).says(&["22", "standard input:8:"]);
    folder.feed(&["record", "l/season", "-"], "").code(1);
    folder.feed(&["record", "l/season", "-"], "[[decision").code(1);
    let known = unknown.replace(", { disqualify = { session = \"1.race\", car = \"22\" } }", "");
    folder.feed(&["record", "l/season", "-", "--dry-run"], &known).code(0).says(&["nothing was"]);
    folder.feed(&["record", "l/season", "-"], &known).code(0).says(&["fact 2"]);
    folder.feed(&["record", "l/season", "-"], &known).code(1).says(&["decision-exists", "standard input:2:6"]);
    folder.run(&["standings", "l/season"]).code(0).says(&["Driver A / Driver B"]);
    folder.run(&["results", "l/season", "1", "race"]).code(0).says(&["DSQ", "decision 1"]);
    folder.run(&["verify", "l/season"]).code(0).says(&["sound, 2 facts"]);
}

#[test]
fn an_exported_journal_comes_back_with_the_same_hashes_and_a_changed_byte_is_named() {
    let folder = Folder::league("journal");
    folder.run(&["record", "l/season", "l/season/results.toml"]).code(0);
    let first = folder.run(&["export", "l/season", "--to", "out.jsonl"]).code(0).out;
    fs::remove_file(folder.0.join("l/season/journal.sqlite")).expect("the store");
    folder.run(&["import", "l/season", "out.jsonl"]).code(0).says(&["1 fact imported into l/season/journal.sqlite"]);
    folder.run(&["import", "l/season", "out.jsonl"]).code(0).says(&["nothing new"]);
    let again = folder.run(&["export", "l/season", "--to", "again.jsonl"]).code(0).out;
    assert_eq!(first.split_once(": ").map(|(_, head)| head), again.split_once(": ").map(|(_, head)| head));
    assert_eq!(fs::read(folder.0.join("out.jsonl")).expect("text"), fs::read(folder.0.join("again.jsonl")).expect("text"));
    folder.change("out.jsonl", "Classification 1", "Classification 2");
    folder.run(&["verify", "out.jsonl"]).code(1).says(&["fact 1", "damage"]);
    fs::remove_file(folder.0.join("l/season/journal.sqlite")).expect("the store");
    folder.run(&["import", "l/season", "out.jsonl"]).code(1).says(&["fact 1"]);
    folder.run(&["standings", "l/season"]).code(0).says(&["no facts recorded"]);
}

#[test]
fn files_that_are_no_text_end_in_a_sentence_and_lose_nothing() {
    let folder = Folder::league("files");
    for (name, bytes) in [("empty", &b""[..]), ("broken", b"[entry.1"), ("latin", b"title = \"Gr\xfcn\""), ("nul", b"\0\0\0")] {
        for file in ["l/season/season.toml", "l/season/entries.toml", "l/rulebook/rulebook.toml"] {
            let before = fs::read(folder.0.join(file)).expect(file);
            fs::write(folder.0.join(file), bytes).expect(file);
            folder.run(&["standings", "l/season"]).code(1).says(&["error"]);
            folder.run(&["check", "l/season"]).code(1).says(&["error"]);
            fs::write(folder.0.join(file), before).expect(file);
        }
        fs::write(folder.0.join("bad.csv"), bytes).expect(name);
        let arguments = ["import", "l/season", "bad.csv", "--session", "1.race", "--cite", "c", "--at", "2020-04-05T15:00:00Z"];
        folder.run(&arguments).code(1).says(&["bad.csv"]);
    }
    fs::write(folder.0.join("cars.csv"), "car,place\n1,1\n99,2\n").expect("a table");
    folder
        .run(&["import", "l/season", "cars.csv", "--session", "1.race", "--cite", "c", "--at", "2020-04-05T15:00:00Z"])
        .code(1)
        .says(&["99", "cars.csv:3:1"]);
    fs::write(folder.0.join("cars.csv"), "car,place\n1,1\n2,2\n").expect("a table");
    folder
        .run(&["import", "l/season", "cars.csv", "--session", "1.race", "--cite", "c", "--at", "2020-04-05T15:00:00Z"])
        .code(0)
        .says(&["fact 1"]);
    folder.run(&["standings", "nowhere"]).code(3).says(&["there is no such folder"]);
}

#[test]
fn a_person_asks_as_of_a_moment_and_in_every_world() {
    let folder = Folder::league("moments");
    folder.run(&["record", "l/season", "l/season/results.toml", "--recorded", "as-happened"]).code(0);
    let court = "[[matter]]\nid = \"A1\"\nkind = \"appeal\"\nby = \"Team Two\"\nat = 2020-04-06T09:00:00Z\ncite = \"appeal\"\nagainst = { result = \"1.race\" }\nif-upheld = [{ annul-session = { session = \"1.race\" } }]\nreason = \"the window\"\n";
    folder.feed(&["record", "l/season", "-", "--recorded", "as-happened"], court).code(0);
    folder.run(&["standings", "l/season", "--worlds"]).code(0).says(&["1 open matter, 2 worlds", "A1 upheld", "A1 rejected"]);
    folder.run(&["standings", "l/season", "--suppose", "A1=upheld"]).code(0).says(&["no scores yet"]);
    folder.run(&["standings", "l/season", "--suppose", "A2=upheld"]).code(2).says(&["A2 is not open", "A1"]);
    let ruling = "[[decision]]\nid = \"C1\"\nat = 2020-05-01T09:00:00Z\ncite = \"court\"\nauthority = \"Court\"\narticle = \"1\"\nreason = \"void\"\nsettles = { matter = \"A1\", outcome = \"upheld\" }\n";
    folder.feed(&["record", "l/season", "-", "--recorded", "2020-05-21T09:00:00Z"], ruling).code(0);
    folder.run(&["standings", "l/season"]).code(0).says(&["no scores yet"]);
    // Decided on 1 May, recorded on the 21st: on the 10th it was in force and nobody here knew.
    folder.run(&["standings", "l/season", "--as-known-at", "2020-05-10"]).code(0).says(&["Driver A / Driver B"]);
    folder.run(&["standings", "l/season", "--in-force-at", "2020-05-10"]).code(0).says(&["no scores yet"]);
}

#[test]
fn a_recorded_fact_whose_car_driver_or_session_is_gone_is_an_error_of_check_with_its_number() {
    let folder = Folder::league("gone");
    folder.run(&["record", "l/season", "l/season/results.toml"]).code(0);
    let grade = "[[grade]]\nat = 2026-04-06T16:00:00Z\ncite = \"list\"\ndriver = \"c\"\ngrade = \"Gold\"\nfrom = 2026-04-10\n";
    folder.feed(&["record", "l/season", "-"], grade).code(0);
    folder.run(&["check", "l"]).code(0);
    for (file, changes, words) in [
        (
            "l/season/entries.toml",
            &[("entry.2", "entry.22")][..],
            &["unknown-car", "fact 1 (Classification 1)", "car 2 is not entered"][..],
        ),
        (
            "l/season/entries.toml",
            &[("[entry.2.crew.1]\nrounds = [1, 2]", "[entry.2.crew.1]\nrounds = [2]")],
            &["not-entered", "fact 1 (Classification 1)", "car 2 is not entered for round 1"],
        ),
        (
            "l/season/entries.toml",
            &[("[driver.c]", "[driver.cc]"), ("[\"c\", ", "[\"cc\", ")],
            &["unknown-driver", "fact 2 (list)", "driver c is not entered"],
        ),
        ("l/season/season.toml", &[("[round.2]", "without-sessions = [\"race\"]\n[round.2]")], &["unknown-session", "fact 1 ("]),
    ] {
        let before = fs::read_to_string(folder.0.join(file)).expect(file);
        let after = changes.iter().fold(before.clone(), |text, (from, to)| text.replace(from, to));
        fs::write(folder.0.join(file), after).expect(file);
        let said = folder.run(&["check", "l/season"]).code(1).says(words).says(&["season/journal, fact ", "undo fact "]);
        assert!(!said.err.contains("fact 1:"), "a fact has no column: {}", said.err);
        fs::write(folder.0.join(file), before).expect(file);
    }
    // A fact that was undone may name what it likes.
    let undo = "[[undo]]\nat = 2026-04-07T16:00:00Z\ncite = \"mail\"\nfact = 1\nreason = \"the wrong car\"\n";
    folder.feed(&["record", "l/season", "-"], undo).code(0);
    let text = fs::read_to_string(folder.0.join("l/season/entries.toml")).expect("the list");
    fs::write(folder.0.join("l/season/entries.toml"), text.replace("entry.2", "entry.22")).expect("the list");
    folder.run(&["check", "l"]).code(0);
}

#[test]
fn a_weekend_without_sessions_answers_every_question_in_a_sentence() {
    let folder = Folder::league("empty-weekend");
    let text = fs::read_to_string(folder.0.join("l/rulebook/rulebook.toml")).expect("the rulebook");
    let (before, after) = text.split_once("[session.qualifying]").expect("sessions");
    let rest = after.split_once("[table.top-ten]").expect("tables").1;
    fs::write(folder.0.join("l/rulebook/rulebook.toml"), format!("{before}[table.top-ten]{rest}")).expect("the rulebook");
    folder.run(&["bop", "l/season"]).code(1).says(&["has no sessions"]);
    folder.run(&["standings", "l/season"]).code(0);
    folder.run(&["dues", "l/season"]).code(0);
    folder.run(&["results", "l/season", "1"]).code(0);
    folder.run(&["why", "l/season", "drivers", "a"]).code(1);
}

#[test]
fn errors_come_before_warnings_and_many_warnings_of_one_kind_are_one() {
    let folder = Folder::league("folded");
    let mut list = fs::read_to_string(folder.0.join("l/season/entries.toml")).expect("the list");
    for number in 10..16 {
        list.push_str(&format!("\n[driver.d{number}]\nname = \"D {number}\"\ngrade = \"Gold\"\n[entry.{number}]\nclass = \"GT3\"\n[entry.{number}.crew.1]\nrounds = [1]\ndrivers = [\"d{number}\"]\n"));
    }
    fs::write(folder.0.join("l/season/entries.toml"), &list).expect("the list");
    let said = folder.run(&["check", "l/season"]).code(0).says(&["6 of this kind", "and 3 more", "0 errors, 6 warnings"]);
    assert_eq!(said.out.matches("fits no cup").count(), 3, "{}", said.out);
    folder.change("l/season/season.toml", "circuit = \"second-circuit\"\n", "");
    let said = folder.run(&["check", "l/season"]).code(1);
    assert!(said.err.find("error[").expect("an error") < said.err.find("warning[").expect("a warning"), "{}", said.err);
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_and_links_to_nowhere_are_faults() {
    use std::os::unix::fs::symlink;
    let folder = Folder::league("links");
    for (name, to) in [("back", ".."), ("up", "../.."), ("self", "self"), ("nowhere", "no/such/folder")] {
        symlink(to, folder.0.join("l/season").join(name)).expect("a link");
    }
    let said = folder.run(&["check", "l"]).code(1).says(&["l/season/back: it leads back to", "l/season/self", "l/season/nowhere"]);
    assert_eq!(said.err.matches("error[").count(), 4, "{}", said.err);
    for name in ["back", "up", "self", "nowhere"] {
        fs::remove_file(folder.0.join("l/season").join(name)).expect("a link");
    }
    symlink("bulletins", folder.0.join("l/rulebook/bulletins")).expect("a link");
    folder.run(&["check", "l/rulebook"]).code(1).says(&["bulletins"]);
}

#[test]
fn circuits_are_read_by_their_shape() {
    let folder = Folder::league("circuits");
    fs::create_dir(folder.0.join("circuits")).expect("a folder");
    fs::create_dir(folder.0.join("seasons")).expect("a folder");
    fs::rename(folder.0.join("l/season"), folder.0.join("seasons/l")).expect("a season");
    folder.change("seasons/l/season.toml", "../rulebook", "../../l/rulebook");
    fs::write(folder.0.join("circuits/first-circuit.toml"), "name = \"First\"\ncountry = \"C\"\n").expect("a circuit");
    folder.run(&["check", "seasons"]).code(0);
    fs::write(folder.0.join("circuits/first-circuit.toml"), "nmae = \"First\"\ncountry = 3\n").expect("a circuit");
    let said = folder.run(&["check", "seasons"]).code(1);
    said.says(&["circuits/first-circuit.toml", "did you mean \"name\"?", "unknown-key", "wrong-type", "missing-key"]);
    folder.run(&["check", "circuits"]).code(1).says(&["unknown-key"]);
    // Passings are read by its lines: with such a circuit nothing of the season is.
    folder.run(&["standings", "seasons/l"]).code(1).says(&["did you mean \"name\"?"]);
}

#[test]
fn a_new_series_tells_the_editor_a_schema_that_is_there() {
    let folder = Folder::league("schema");
    for file in ["rulebook/rulebook.toml", "rulebook/cases/points.toml", "season/season.toml", "season/entries.toml", "season/results.toml"]
    {
        let path = folder.0.join("l").join(file);
        let text = fs::read_to_string(&path).expect(file);
        let schema = text.lines().next().and_then(|line| line.strip_prefix("#:schema ")).expect(file);
        let schema = fs::read_to_string(path.parent().expect("a folder").join(schema)).expect(schema);
        assert!(schema.contains("json-schema.org/draft/2020-12"), "{file}");
    }
}

#[test]
fn nobody_protests_a_result_before_the_session() {
    let folder = Folder::league("early-protest");
    let matter = |at: &str| {
        format!(
            "[[matter]]\nid = \"P1\"\nkind = \"protest\"\nby = \"Team Two\"\nat = {at}\ncite = \"P1\"\nagainst = {{ result = \"2.race\" }}\nreason = \"r\"\n"
        )
    };
    folder.feed(&["record", "l/season", "-"], &matter("2020-04-23T10:00:00Z")).code(1).says(&["before-the-session"]);
    folder.feed(&["record", "l/season", "-"], &matter("2020-05-03T16:00:00Z")).code(0);
}

#[test]
fn a_table_that_is_too_large_is_told_once() {
    let folder = Folder::league("large-table");
    fs::write(folder.0.join("big.csv"), [&b"car,place\n"[..], &vec![b'1'; 9 * 1024 * 1024]].concat()).expect("a file");
    let said = folder
        .run(&["import", "l/season", "big.csv", "--session", "1.race", "--cite", "sheet", "--at", "2020-04-05T15:00:00Z"])
        .code(1)
        .says(&["too-large"]);
    assert!(!said.err.contains("no-table"), "{}", said.err);
}

#[test]
fn what_new_makes_has_nothing_to_warn_of_and_what_comes_next_names_every_step() {
    let folder = Folder::new("untouched");
    folder.run(&["new", "Example League", "l", "--year", "2026"]).code(0).says(&["parcferme serve "]);
    let said = folder.run(&["check", "l"]).code(0);
    assert!(!said.out.contains("warning") && !said.err.contains("warning"), "{}{}", said.out, said.err);
}
