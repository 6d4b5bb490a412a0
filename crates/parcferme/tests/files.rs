//! Other people's files, from the command line: read, imported once, written; and what is wrong with them told.

use std::fs;
use std::path::Path;

#[expect(dead_code, reason = "a league of its own is used here")]
mod folder;

use folder::{Folder, copy};

const SEASON: &str = "seasons/sim-gt-league-2026";

/// The example league before its first fact.
fn league(name: &str) -> Folder {
    let folder = Folder::new(name);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for part in ["rulebooks", "circuits", SEASON] {
        copy(&root.join(part), &folder.0.join(part));
    }
    _ = fs::remove_file(folder.0.join(SEASON).join("journal.sqlite"));
    folder
}

fn results(folder: &Folder) -> String {
    folder.0.join(SEASON).join("results").display().to_string()
}

/// The text of a file as a server of the simulator writes it.
fn utf16(path: &Path) -> String {
    let bytes = fs::read(path).expect("it was written");
    let words: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&words).expect("UTF-16").trim_start_matches('\u{feff}').to_owned()
}

#[test]
fn a_leagues_evening_is_three_commands() {
    let folder = league("evening");
    let said = folder.run(&["import", SEASON, &results(&folder)]).code(0);
    said.says(&["→ 1.race: 3 cars", "→ 2.race: 12 cars", "4 sessions imported, 1 of no known format"]);
    // The cup has its own winner, the worst of three results will be dropped, and the winner carries the most.
    folder.run(&["standings", SEASON]).code(0).says(&[
        "1  Driver Elm          47     1",
        "1  Driver Fir        50     2",
        "1  Driver Ash          45     1",
    ]);
    folder
        .run(&["export", SEASON, "3.race", "--as", "acc-entry-list,acc-bop", "--to", "cfg/"])
        .code(0)
        .says(&["cfg/entrylist.json", "cfg/bop.json"]);
    let list: serde_json::Value = serde_json::from_str(&utf16(&folder.0.join("cfg/entrylist.json"))).expect("JSON");
    let ballast = |number: u64| {
        let entry = list["entries"].as_array().expect("a list").iter().find(|entry| entry["raceNumber"] == number).expect("entered");
        (entry["ballastKg"].as_i64(), entry["drivers"][0]["playerID"].as_str().map(str::to_owned))
    };
    assert_eq!(ballast(4), (Some(30), Some(String::from("S76561190000000004"))), "who won last");
    assert_eq!((ballast(82).0, ballast(99).0), (Some(25), Some(0)), "who was second; who is in a class without ballast");
    let bop: serde_json::Value = serde_json::from_str(&utf16(&folder.0.join("cfg/bop.json"))).expect("JSON");
    assert!(bop["entries"].as_array().expect("a list").iter().all(|row| row["track"] == "misano"), "{bop}");
}

#[test]
fn an_import_that_is_repeated_or_was_interrupted_doubles_nothing() {
    let folder = league("again");
    let race = format!("{}/260105_222500_R.json", results(&folder));
    folder.run(&["import", SEASON, &race]).code(0).says(&["→ 1.race"]);
    folder.run(&["import", SEASON, &results(&folder)]).code(0).says(&["3 sessions imported, 1 here already"]);
    folder.run(&["import", SEASON, &results(&folder)]).code(0).says(&["0 sessions imported, 4 here already"]);
    folder.run(&["log", SEASON]).code(0).says(&["4 facts"]);
    // A sheet that was taken back may be imported again.
    fs::write(folder.0.join("undo.toml"), "[[undo]]\nfact = 1\nreason = \"the wrong file\"\nat = 2026-02-01T12:00:00Z\ncite = \"n\"\n")
        .expect("requests");
    folder.run(&["record", SEASON, "undo.toml"]).code(0);
    folder.run(&["import", SEASON, &race]).code(0).says(&["→ 1.race: 3 cars"]);
}

#[test]
fn of_a_folder_what_cannot_be_imported_is_told_and_the_rest_is() {
    let folder = league("broken");
    let (results, race) = (results(&folder), "260112_222500_R.json");
    let path = Path::new(&results).join(race);
    let whole = fs::read(&path).expect("it is there");
    fs::write(&path, &whole[..(whole.len() / 2) | 1]).expect("it is cut");
    folder.run(&["import", SEASON, &results]).code(1).says(&["error:", "it was cut off", "3 sessions imported", "1 could not be imported"]);
    fs::write(&path, &whole[..whole.len() / 4 * 2]).expect("it is cut");
    folder.run(&["import", SEASON, &results]).code(1).says(&["error:", "line ", "0 sessions imported, 3 here already"]);
    folder.run(&["log", SEASON]).code(0).says(&["3 facts"]);
    fs::write(&path, whole).expect("it is whole");
    folder.run(&["import", SEASON, &results]).code(0).says(&["1 session imported, 3 here already"]);
}

#[test]
fn a_file_of_nobody_is_told_by_its_name_and_nothing_is_recorded() {
    let folder = league("nobody");
    let write = |name: &str, bytes: &[u8]| fs::write(folder.0.join(name), bytes).expect("a file");
    write("empty.json", b"");
    write("noise.bin", &[0x8e; 64]);
    write("other.json", b"{\"name\": 1}");
    folder.run(&["classify", "empty.json"]).code(1).says(&["empty.json: it is empty"]);
    folder.run(&["classify", "noise.bin"]).code(1).says(&["its format is not known", "--as"]);
    folder.run(&["import", SEASON, "other.json"]).code(1).says(&["its format is not known"]);
    folder.run(&["classify", "other.json", "--as", "acc-results"]).code(1).says(&["no result of Assetto Corsa Competizione"]);
    folder.run(&["classify", "missing.json"]).code(3).says(&["missing.json"]);
    folder.run(&["classify", "other.json", "--as", "nonsense"]).code(2).says(&["acc-results", "al-kamel-analysis"]);
    folder.run(&["log", SEASON]).code(0).says(&["no facts recorded"]);
}

/// What is larger than any file is refused before it is read, not when memory is gone.
#[test]
fn a_file_larger_than_any_is_refused_at_once() {
    let folder = league("huge");
    let file = fs::File::create(folder.0.join("huge.json")).expect("a file");
    file.set_len(1 << 30).expect("a file with a hole");
    folder.run(&["classify", "huge.json"]).code(3).says(&["it has 1024 MiB"]);
    folder.run(&["import", SEASON, "huge.json"]).code(3).says(&["it has 1024 MiB"]);
}

#[test]
fn a_session_is_asked_for_where_nothing_says_which_it_is() {
    let folder = league("which");
    let file = Path::new(&results(&folder)).join("260105_222500_R.json");
    let text = utf16(&file).replace("brands_hatch", "elsewhere");
    fs::write(folder.0.join("result.json"), &text).expect("a file");
    folder.run(&["import", SEASON, "result.json"]).code(1).says(&["it can be 1.race, 2.race, 3.race", "--session 1.race"]);
    folder.run(&["import", SEASON, "result.json", "--session", "1.race", "--dry-run"]).code(0).says(&["would be recorded", "nothing"]);
    folder.run(&["import", SEASON, "result.json", "--session", "1.race"]).code(0).says(&["→ 1.race: 3 cars"]);
    fs::write(folder.0.join("stranger.json"), text.replace("\"456\"", "\"999\"").replace("107", "108")).expect("a file");
    let said = folder.run(&["import", SEASON, "stranger.json", "--session", "2.race"]).code(0);
    said.says(&[
        "contradiction: car 108",
        "is entered nowhere in round 2; it is left out",
        "placed as if those left out had not taken part",
    ]);
}

/// What one format tells, another tells too: the order, the laps, the times.
#[test]
fn what_was_imported_with_its_laps_is_charted_and_written_in_another_format() {
    let folder = league("laps");
    folder.run(&["simulate", SEASON, "2", "--seed", "5"]).code(0);
    folder.run(&["export", SEASON, "2.race", "--as", "p3", "--to", "race.hex"]).code(0);
    folder.run(&["classify", "race.hex"]).code(0).says(&["11 cars, 303 laps"]);
    folder.run(&["export", SEASON, "2.race", "--as", "acc-results"]).code(2).says(&["name a file with --to"]);
    folder.run(&["export", SEASON, "2.race", "--as", "p3,acc-bop"]).code(2).says(&["name a folder with --to"]);
}

/// The numbers of a table of `classify FILE`, in order, with the column asked for.
fn listed(folder: &Folder, file: &str, column: &str) -> Vec<(String, String)> {
    let printed = folder.run(&["classify", file, "--kind", "race", "--format", "csv"]).code(0).out;
    let mut rows = printed.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let head = rows.next().expect("a head");
    let at = |name: &str| head.iter().position(|of| of == name).expect(name);
    rows.map(|row| (row[at("number")].clone(), row[at(column)].clone())).collect()
}

/// One race in every format that is written, read again: the same cars in the same order, with the same laps.
#[test]
fn a_race_is_the_same_in_every_format() {
    let folder = league("formats");
    folder.run(&["simulate", SEASON, "2", "--seed", "8"]).code(0);
    folder.run(&["export", SEASON, "2.race", "--as", "acc-results", "--to", "first.json"]).code(0);
    let (order, laps) = (listed(&folder, "first.json", "finish"), listed(&folder, "first.json", "laps"));
    let numbers: Vec<&String> = order.iter().map(|(number, _)| number).collect();
    assert_eq!(numbers.len(), 12);
    let results = [
        "rfactor",
        "iracing",
        "iracing-csv",
        "al-kamel-classification",
        "gtwce",
        "swiss-results",
        "table",
        "xlsx",
        "rmonitor",
        "multiloop",
        "assetto-corsa",
    ];
    for format in results {
        let file = format!("race.{format}");
        folder.run(&["export", SEASON, "2.race", "--as", format, "--to", &file]).code(0);
        let again = listed(&folder, &file, "laps");
        if format != "assetto-corsa" {
            // Which tells cars by its own numbers.
            assert_eq!(again.iter().map(|(number, _)| number).collect::<Vec<_>>(), numbers, "{format}");
        }
        if !["swiss-results", "assetto-corsa"].contains(&format) {
            assert_eq!(again, laps, "{format}");
        }
    }
    // Laps alone give the order too, but for who completed none.
    for format in ["al-kamel-analysis", "swiss-sectors", "lap-table", "lap-xlsx"] {
        let file = format!("race.{format}");
        folder.run(&["export", SEASON, "2.race", "--as", format, "--to", &file]).code(0);
        let again: Vec<String> = listed(&folder, &file, "laps-by-laps").into_iter().map(|(number, _)| number).collect();
        assert_eq!(again, numbers.iter().take(again.len()).map(|number| (*number).clone()).collect::<Vec<_>>(), "{format}");
    }
}

/// A session that another timekeeper timed, brought in with its laps, is classified from them as it was there.
#[test]
fn laps_that_are_imported_are_classified_here() {
    let folder = league("timed");
    folder.run(&["simulate", SEASON, "2", "--seed", "8"]).code(0);
    let expected = folder.run(&["classify", SEASON, "2.race", "--format", "csv"]).code(0).out;
    for format in ["al-kamel-analysis", "al-kamel-classification"] {
        folder.run(&["export", SEASON, "2.race", "--as", format, "--to", &format!("2026-{format}.csv")]).code(0);
    }
    _ = fs::remove_file(folder.0.join(SEASON).join("journal.sqlite"));
    let files = ["2026-al-kamel-analysis.csv", "2026-al-kamel-classification.csv"];
    let said = folder.run(&["import", SEASON, files[0], files[1], "--session", "2.race", "--laps"]).code(0);
    said.says(&["2026-al-kamel-analysis.csv + 2026-al-kamel-classification.csv", "→ 2.race: 12 cars"]);
    let told = folder.run(&["classify", SEASON, "2.race", "--format", "csv"]).code(0).out;
    let columns = |text: &str| -> Vec<Vec<String>> {
        let rows: Vec<Vec<String>> = text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
        let wanted = ["car", "position", "laps"].map(|name| rows[0].iter().position(|of| of == name).expect(name));
        rows[1..].iter().map(|row| wanted.iter().map(|at| row[*at].clone()).collect()).collect()
    };
    assert_eq!(columns(&told), columns(&expected));
    // And its sectors, whose ends the file tells with them.
    let laps = folder.run(&["classify", SEASON, "2.race", "--laps", "4", "--format", "csv"]).code(0).out;
    let (head, rows) = laps.split_once('\n').expect("a head");
    let sectors = head.split(',').position(|name| name == "sectors_us").expect("sectors");
    let whole = |row: &str| row.split(',').nth(sectors).is_some_and(|cell| cell.split(';').filter(|part| !part.is_empty()).count() == 3);
    assert!(rows.lines().count() > 25 && rows.lines().skip(1).all(whole), "{laps}");
    folder.run(&["import", SEASON, files[0], files[1], "--session", "2.race", "--laps"]).code(0).says(&["here already"]);
}
