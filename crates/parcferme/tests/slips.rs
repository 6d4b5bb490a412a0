//! What people get wrong on a race day, and what the binary says of it: signals in an impossible order, undos, deleted laps, days without times.

#[expect(dead_code, reason = "a part of what other tests ask for")]
mod folder;

use folder::{Folder, Said};

const L: &str = "l/season";

/// A time of the day of the first race.
fn at(time: &str) -> String {
    format!("2020-04-05T{time}Z")
}

/// A league on the morning of its first race: two cars, each with its transponder and its driver.
fn league(name: &str) -> Folder {
    let folder = Folder::league(name);
    let mut facts = String::new();
    for (transponder, car) in [(101, "1"), (102, "2")] {
        facts.push_str(&format!(
            "[[transponder]]\nround = 1\nat = 2020-04-05T09:00:00Z\ncite = \"list\"\ntransponder = {transponder}\ncar = \"{car}\"\n"
        ));
    }
    record(&folder, &facts).code(0);
    folder
}

fn record(folder: &Folder, facts: &str) -> Said {
    folder.feed(&["record", L, "-"], facts)
}

/// What the finish line heard of both cars from a time on.
fn heard(from: &str, arrived: &str, one: &str, two: &str) -> String {
    format!(
        "[[heard]]\nround = 1\nsource = \"finish-main\"\nat = 2020-04-05T{arrived}Z\ncite = \"Decoder\"\nfrom = 2020-04-05T{from}Z\n\
         laps.101 = [{one}]\nlaps.102 = [{two}]\n"
    )
}

fn undo(fact: u32) -> String {
    format!("[[undo]]\nfact = {fact}\nat = 2020-04-06T10:00:00Z\ncite = \"c\"\nreason = \"slip\"\n")
}

fn meeting(folder: &Folder, act: &[&str], time: &str) -> Said {
    let at = at(time);
    folder.run(&[&["meeting", L, "1"], act, &["--at", &at]].concat())
}

/// The race: facts 3 (open), 4 (green), 5 (heard), 6 (chequered), 7 (close).
fn raced(name: &str) -> Folder {
    let folder = league(name);
    meeting(&folder, &["open", "race"], "11:50:00").code(0);
    meeting(&folder, &["start", "race"], "12:00:00").code(0);
    record(&folder, &heard("12:00:00", "12:05:06", "\"1:42.310\", \"1:40.115\", \"1:40.020\"", "\"1:43.520\", \"1:40.345\", \"1:41.002\""))
        .code(0);
    meeting(&folder, &["signal", "race", "chequered"], "12:05:01").code(0);
    meeting(&folder, &["stop", "race"], "12:20:00").code(0);
    folder
}

#[test]
fn an_undo_is_previewed_and_told_with_what_it_moves() {
    let folder = raced("slips-undo");
    for (fact, gone) in [(5, "3 laps, 5:02.445"), (3, "3 laps, 5:02.445")] {
        let said = folder.feed(&["preview", L, "-"], &undo(fact)).code(0).says(&["1.race by its passings", gone]);
        assert!(!said.out.contains("no table moves"), "{}", said.out);
    }
    record(&folder, &undo(5)).code(0).says(&["this moves 1.race by its passings (2 rows)"]);
    // Undoing the undo moves them back.
    folder.feed(&["preview", L, "-"], &undo(8)).code(0).says(&["1.race by its passings", "3 laps, 5:02.445"]);
    record(&folder, &undo(8)).code(0).says(&["this moves 1.race by its passings (2 rows)"]);
}
