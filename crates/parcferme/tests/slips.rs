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

#[test]
fn signals_in_an_impossible_order_are_refused_or_told() {
    let folder = league("slips-signals");
    let no = |act: &[&str], time: &str, says: &[&str]| {
        meeting(&folder, act, time).code(1).says(says).says(&["nothing was recorded"]);
    };
    let yes = |act: &[&str], time: &str| {
        meeting(&folder, act, time).code(0);
    };
    yes(&["open", "race"], "11:50:00");
    no(&["open", "race"], "11:51:00", &["1.race is open already"]);
    yes(&["start", "race"], "12:00:00");
    no(&["start", "race"], "12:00:10", &["1.race is green already"]);
    yes(&["signal", "race", "safety-car"], "12:03:00");
    no(&["signal", "race", "safety-car"], "12:04:00", &["1.race is behind the safety car already"]);
    yes(&["signal", "race", "full-course-yellow"], "12:05:00");
    yes(&["signal", "race", "green"], "12:06:00");
    yes(&["signal", "race", "chequered"], "12:18:00");
    for signal in ["green", "full-course-yellow", "safety-car"] {
        no(&["signal", "race", signal], "12:19:00", &["the chequered signal of 1.race was given before"]);
    }
    no(&["stop", "race"], "12:17:00", &["the later chequered of 1.race", "is closed at that time"]);
    yes(&["stop", "race"], "12:30:00");
    no(&["open", "race"], "12:31:00", &["1.race was opened before, and closed"]);
}

#[test]
fn an_undone_signal_leaves_a_word_and_does_not_come_back_beside_another() {
    let folder = raced("slips-opens");
    record(&folder, &undo(3)).code(0);
    folder
        .run(&["standings", L])
        .code(0)
        .says(&["contradiction: fact 4: the signal green cannot have been given then: 1.race is not open"]);
    meeting(&folder, &["open", "race"], "11:49:00").code(0);
    let said = folder.run(&["standings", L]).code(0);
    assert!(!said.out.contains("contradiction"), "{}", said.out);
    record(&folder, &undo(8)).code(1).says(&["opened-before", "bring back fact 3", "nothing was recorded"]);
}

#[test]
fn what_a_simulation_would_say_again_is_told_before_its_first_fact() {
    let folder = Folder::new("slips-simulate");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    folder::copy(&root.join("rulebooks"), &folder.0.join("rulebooks"));
    folder::copy(&root.join("circuits"), &folder.0.join("circuits"));
    folder::copy(&root.join("seasons"), &folder.0.join("seasons"));
    let season = "seasons/blancpain-gt-series-asia-2018";
    let facts = folder.run(&["export", season]).code(0).out;
    folder.run(&["simulate", season, "1", "--seed", "4"]).code(1).says(&[
        "round 1 has success seconds served (",
        "nothing was recorded",
        "a copy of the season's folder without its journal",
    ]);
    assert_eq!(folder.run(&["export", season]).code(0).out, facts);
    // Where nothing is in the way it goes, after the same rehearsal.
    let league = Folder::league("slips-rehearsed");
    record(&league, "[[status]]\nat = 2020-03-01T10:00:00Z\ncite = \"list\"\ncar = \"1\"\nstatus = \"guest\"\n").code(0);
    league.run(&["simulate", L, "1", "--seed", "4"]).code(0);
    let again = league.run(&["simulate", L, "1", "--seed", "4"]).code(0).says(&["facts of round 1 simulated with seed 4"]);
    assert!(again.err.is_empty(), "{}", again.err);
    let decided = "[[decision]]\nid = \"2-1\"\nat = 2020-04-30T10:00:00Z\ncite = \"D\"\nauthority = \"Stewards\"\narticle = \"1\"\nreason = \"r\"\n\
                   effects = [{ reprimand = { car = \"1\" } }]\n";
    record(&league, decided).code(0);
    league.run(&["simulate", L, "2", "--seed", "4"]).code(1).says(&["round 2 has decisions of the numbers it would give (1 fact"]);
}

/// The qualifying, each car with a way out and three laps.
fn qualified(name: &str) -> Folder {
    let folder = league(name);
    let said = |act: &[&str], time: &str| {
        folder.run(&[&["meeting", L, "1"], act, &["--at", &format!("2020-04-04T{time}Z")]].concat()).code(0);
    };
    said(&["open", "qualifying"], "09:50:00");
    said(&["start", "qualifying"], "10:00:00");
    let laps =
        heard("10:00:00", "10:08:00", "\"1:52.310\", \"1:40.115\", \"1:40.020\", \"1:41.020\"", "\"1:53.520\", \"1:40.345\", \"1:41.002\"");
    record(&folder, &laps.replace("04-05", "04-04")).code(0);
    said(&["signal", "qualifying", "chequered"], "10:20:00");
    said(&["stop", "qualifying"], "10:30:00");
    folder
}

fn delete(laps: &[u8]) -> String {
    let effects: Vec<String> =
        laps.iter().map(|lap| format!("{{ delete-lap = {{ session = \"1.qualifying\", car = \"1\", lap = {lap} }} }}")).collect();
    format!(
        "[[decision]]\nid = \"D1\"\nat = 2020-04-04T10:40:00Z\ncite = \"D1\"\nauthority = \"Stewards\"\narticle = \"1\"\nreason = \"Track limits\"\neffects = [{}]\n",
        effects.join(", ")
    )
}

#[test]
fn laps_deleted_before_the_sheet_are_in_the_sheet() {
    let folder = qualified("slips-deleted-before");
    folder.run(&["classify", L, "1", "qualifying", "--laps", "1"]).code(0).says(&["way out of the pits", "1:40.020*", "* best lap"]);
    let said = folder.feed(&["preview", L, "-"], &delete(&[2, 3])).code(0).says(&["1.qualifying by its passings", "1.race starting grid"]);
    assert!(!said.out.contains("does nothing"), "{}", said.out);
    folder.feed(&["decide", L, "-"], &delete(&[2, 3])).code(0);
    let said = folder.run(&["classify", L, "1", "qualifying", "--laps", "1"]).code(0).says(&["deleted by decision D1", "1:41.020*"]);
    assert_eq!(said.out.matches("deleted by").count(), 2, "{}", said.out);
    folder.run(&["classify", L, "1", "qualifying", "--laps", "1", "--format", "csv"]).code(0).says(&[",deleted by decision D1\n"]);
    folder.run(&["why", L, "1.qualifying", "1"]).code(0).says(&["lap 3, 1:40.020, does not count: deleted by decision D1"]);
    folder.run(&["meeting", L, "1", "publish", "qualifying", "final"]).code(0);
    for command in [&["standings", L][..], &["grid", L, "1.race"], &["classify", L, "1.qualifying"]] {
        let said = folder.run(command).code(0);
        assert!(!said.out.contains("a printed sheet is not made of laps") && !said.out.contains("published in fact"), "{}", said.out);
    }
    folder.run(&["grid", L, "1.race"]).code(0).says(&["place 1 in 1.qualifying with 1:40.345", "place 2 in 1.qualifying with 1:41.020"]);
    // All of its laps deleted, its best lap is none.
    let folder = qualified("slips-all-deleted");
    folder.feed(&["decide", L, "-"], &delete(&[2, 3, 4])).code(0);
    let said = folder.run(&["classify", L, "1", "qualifying", "--laps", "1"]).code(0).says(&["no lap that counts as a best lap"]);
    assert!(!said.out.contains('*'), "{}", said.out);
    folder.run(&["why", L, "1.qualifying", "1"]).code(0).says(&["4 laps, none of which is a best lap", "lap 2, 1:40.115, does not count"]);
}

#[test]
fn laps_deleted_after_the_sheet_or_never_driven_are_told() {
    let folder = qualified("slips-deleted-after");
    folder.run(&["meeting", L, "1", "publish", "qualifying", "provisional"]).code(0);
    let late = ["a printed sheet is not made of laps", "or publish it anew from its passings"];
    folder.feed(&["preview", L, "-"], &delete(&[3])).code(0).says(&late);
    folder
        .feed(&["decide", L, "-"], &delete(&[3]))
        .code(0)
        .says(&late)
        .says(&["published in fact 8 as place 1, 4 laps, best lap 1:40.020"]);
    folder.run(&["grid", L, "1.race"]).code(0).says(&[
        "place 1 in 1.qualifying with 1:40.020",
        "Findings",
        "a printed sheet is not made of laps",
    ]);
    folder.run(&["grid", L, "1.race", "--format", "json"]).code(0).says(&["\"code\": \"deletion-not-in-sheet\""]);
    folder.run(&["meeting", L, "1", "publish", "qualifying", "amended"]).code(0);
    let said = folder.run(&["grid", L, "1.race"]).code(0).says(&["place 1 in 1.qualifying with 1:40.115"]);
    assert!(!said.out.contains("Findings"), "{}", said.out);
    // A lap that nobody drove.
    let folder = qualified("slips-undriven");
    let told = "a decision deletes lap 22, and it drove 4 that count";
    folder.feed(&["preview", L, "-"], &delete(&[22])).code(0).says(&[told]);
    folder.feed(&["decide", L, "-"], &delete(&[22])).code(0).says(&[told]);
}

#[test]
fn why_says_why_a_car_is_not_classified() {
    let folder = raced("slips-unclassified");
    let rule = "[classified.race]\nkind = \"race\"\nshare = \"3/4\"\nof = \"overall-winner\"\nrounding = \"down\"\ntake-chequered = false\narticle = \"E6\"\n";
    std::fs::write(folder.0.join("l/rulebook/classified.toml"), rule).expect("a file of rules");
    record(&folder, &undo(5)).code(0);
    record(&folder, &heard("12:00:00", "12:05:06", "\"1:42.310\", \"1:40.115\", \"1:40.020\"", "\"1:43.520\"")).code(0);
    folder
        .run(&["why", L, "1.race", "2"])
        .code(0)
        .says(&["by its passings 1 lap in", "it has 1 lap, and 3/4 of the 3 laps of the winner is asked for\n      "]);
    folder.run(&["meeting", L, "1", "publish", "race", "final"]).code(0);
    folder.run(&["why", L, "1.race", "2"]).code(0).says(&["has no place: not-classified", "not classified: it"]);
}

#[test]
fn a_result_called_final_too_soon_becomes_final_once_nothing_stands_in_its_way() {
    let folder = raced("slips-final");
    let publish = |time: &str| meeting(&folder, &["publish", "race", "final"], time);
    let matter = |id: &str| {
        format!(
            "[[matter]]\nid = \"{id}\"\nkind = \"protest\"\nby = \"Team Two\"\nat = 2020-04-05T13:00:00Z\ncite = \"P\"\nagainst = {{ result = \"1.race\" }}\nreason = \"r\"\n"
        )
    };
    record(&folder, &matter("A1")).code(0);
    publish("14:00:00")
        .code(0)
        .says(&["published as final while matter A1 is open; once nothing stands in the way, publish it as final again"]);
    publish("14:30:00").code(1).says(&["is this very result of 1.race"]);
    let settled = "[[decision]]\nid = \"S1\"\nat = 2020-04-05T15:00:00Z\ncite = \"S1\"\nauthority = \"Stewards\"\narticle = \"1\"\nreason = \"r\"\n\
                   settles = { matter = \"A1\", outcome = \"rejected\" }\n";
    record(&folder, settled).code(0);
    folder.run(&["standings", L]).code(0).says(&["published as final while matter A1 is open"]);
    publish("16:00:00").code(0);
    let said = folder.run(&["standings", L]).code(0);
    assert!(!said.out.contains("published as final while"), "{}", said.out);
    publish("17:00:00").code(1).says(&["is this very result of 1.race"]);
}

#[test]
fn small_words_are_right() {
    let folder = raced("slips-words");
    // Three seconds after the first lap of car 1: once sooner than a car can drive.
    let again = "[[heard]]\nround = 1\nsource = \"finish-main\"\nat = 2020-04-05T12:05:08Z\ncite = \"Decoder\"\npassings = [\"101 2020-04-05T12:01:52Z\"]\n";
    record(&folder, again).code(0);
    folder.run(&["classify", L, "1", "race"]).code(0).says(&["1 crossing came sooner than a car can drive, over finish at 1:52.000"]);
    let folder = qualified("slips-chart");
    folder.run(&["classify", L, "1.qualifying"]).code(0).says(&["First Circuit · ended\n"]);
    folder.run(&["meeting", L, "1"]).code(0).says(&["closed, ended \u{20}"]);
    folder.change("l/season/entries.toml", "number = \"1\"", "number = \"1001\"");
    folder.run(&["classify", L, "1.qualifying", "--chart"]).code(0).says(&["   1  1001    2\n", "   4  1001\n"]);
}

#[test]
fn a_day_without_a_time_and_a_time_without_its_offset_are_told() {
    let folder = league("slips-times");
    let open = |at: &str| folder.run(&["meeting", L, "1", "open", "race", "--at", at]);
    open("2020-04-05").code(2).says(&["`2020-04-05` is a day, and this happens at a time", "2020-04-05T12:00:00Z"]);
    for at in ["2020-04-05T12:00:00", "2020-04-05 12:00:00"] {
        open(at).code(2).says(&["add its offset: 2020-04-05T12:00:00Z for UTC, or such as 2020-04-05T12:00:00+02:00"]);
    }
    folder.run(&["meeting", L, "1", "timetable", "race", "2020-04-05"]).code(2).says(&["is a day"]);
    folder.run(&["log", L]).code(0).says(&["2 facts,"]);
    // A sheet may be published by a day's end.
    let folder = raced("slips-published");
    let publish = ["meeting", L, "1", "publish", "race", "final", "--at", "2020-04-05"];
    folder.run(&publish).code(0).says(&["4 doubts stand beside it; the weightiest: 1.race: the chequered signal came early"]);
    // Told later than it happened: what was not recorded by then.
    let early = ["classify", L, "1.race", "--at", "2020-04-05T12:04:00Z"];
    folder.run(&early).code(1).says(&["nothing of 1.race was recorded by 2020-04-05T12:04:00Z: its opening, fact 3, was recorded at "]);
}

#[test]
fn what_was_told_before_or_of_another_day_is_refused() {
    let folder = raced("slips-again");
    let fitted = "[[transponder]]\nround = 1\nat = 2020-04-05T09:00:00Z\ncite = \"list\"\ntransponder = 101\ncar = \"1\"\n";
    record(&folder, fitted).code(1).says(&["fact 1 is this very fitting of transponder 101", "nothing to do"]);
    let aboard =
        "[[aboard]]\nsession = \"1.race\"\nat = 2020-04-05T11:55:00Z\ncite = \"card\"\ncar = \"1\"\ndriver = \"a\"\nhow = \"identified\"\n";
    record(&folder, aboard).code(0);
    record(&folder, aboard).code(1).says(&["fact 8 says who is aboard from that moment on already", "nothing to do"]);
    record(&folder, &aboard.replace("11:55", "12:02")).code(0);
    // In another car in between, it comes back.
    record(&folder, &fitted.replace("\"1\"", "\"2\"")).code(0);
    record(&folder, fitted).code(0);
    let laps = heard("12:00:00", "12:05:06", "\"1:42.310\"", "\"1:43.520\"");
    let no = |from: &str, to: &str, says: &str| {
        record(&folder, &laps.replace(from, to)).code(1).says(&[says, "nothing was recorded"]);
    };
    no("from = 2020-04-05", "from = 2020-04-03", "far-from-arrival");
    no("2020-04-05", "2020-03-05", "before-the-session");
    no("2020-04-05", "2020-04-08", "round 1 ends on 2020-04-05, sooner than this is said to have been heard");
}

#[test]
fn a_drop_of_places_names_a_race_and_a_matter_a_decision_that_is_there() {
    let folder = league("slips-named");
    let drop = delete(&[1]).replace("delete-lap", "drop-grid").replace("lap = 1", "places = 3");
    record(&folder, &drop)
        .code(1)
        .says(&["1.qualifying is no race and has no grid", "name the race on whose grid it acts: 1.race, 2.race"]);
    let appeal = |decision: &str, at: &str| {
        let against = ["--against-decision", decision, "--reason", "r", "--cite", "c", "--at", at];
        folder.run(&[&["appeal", L, "--id", "A1", "--by", "Team One"][..], &against].concat())
    };
    appeal("44", "2020-04-05T16:00:00Z").code(1).says(&["unknown-decision", "none is recorded"]);
    record(&folder, &delete(&[1])).code(0);
    std::fs::write(folder.0.join("l/rulebook/appeal.toml"), "[appeal]\nlodged = \"1:00:00\"\narticle = \"41\"\n").expect("a rule");
    appeal("44", "2020-04-05T16:00:00Z").code(1).says(&["decisions are D1"]);
    let said = appeal("D1", "2020-04-05T16:00:00Z").code(0);
    assert_eq!(said.out.matches("after its last moment").count(), 1, "{}", said.out);
}

#[test]
fn a_car_is_named_by_its_whole_number_or_by_a_word_of_its_name() {
    let folder = qualified("slips-cars");
    folder.change("l/season/entries.toml", "number = \"1\"", "number = \"14\"");
    let laps = |car: &str| folder.run(&["classify", L, "1.qualifying", "--laps", car]);
    laps("4").code(2).says(&["there is no car 4"]);
    laps("14").code(0);
    folder.run(&["why", L, "drivers", "driv"]).code(2).says(&["driv may be Driver A or Driver B or Driver C"]);
    folder.run(&["why", L, "drivers", "river"]).code(2).says(&["there is no driver river"]);
}

#[test]
fn a_grid_without_an_article_names_none() {
    let folder = league("slips-grid");
    let order = "[[result]]\nsession = \"1.qualifying\"\nat = 2020-04-04T12:00:00Z\ncite = \"Q\"\norder = [\"1\"]\nnot-started = [\"2\"]\n";
    record(&folder, order).code(0);
    let said = folder.run(&["grid", L, "1.race"]).code(0).says(&["at the back with leave of the stewards"]);
    assert!(!said.out.contains("()"), "{}", said.out);
}
