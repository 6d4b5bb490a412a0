//! Every kind of fault in a rulebook, with its code, line, column and remedy; and no text that brings the reader down.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::fs;
use std::path::{Path, PathBuf};

use paperwork::read::{Sources, parse};
use paperwork::rulebook::{rulebook, shapes};
use proptest::prelude::*;

const GOOD: &str = r#"series = "S"
year = 2018
edition = "1"
source.S1 = { site = "x", page = "y" }
class.GT3 = { title = "GT3", article = "A" }
class.GT4 = { title = "GT4", article = "A" }
cup.am = { title = "Am", class = "GT3", crews = "Bronze + Bronze", article = "A" }
dispensation.x = { class = "GT4", crew = "Bronze", reason = "r", article = "A" }
entries = { crew = [1, 2], article = "A" }
status.guest = { article = "A" }
status.invitational = { article = "A" }
session.q1 = { kind = "qualifying", title = "Q1", day = 0, article = "A" }
session.race-1 = { kind = "race", title = "R1", day = 1, grid-from = "q1", article = "A" }
pit-stop = { window = ["25:00", "35:00"], minimum = "1:30", article = "A" }
success = { unit = "time", classes = ["GT3"], step.hour = { amounts = ["15s"] }, article = "A" }
classified.race = { share = "3/4", article = "A", source = "S1" }
shortened.half = { share-below = 0.75, factor = 0.5, article = "A" }
table.ten = { points = [25, 16.5], article = "A" }
award.race = { table = "ten", article = "A" }
championship.one = { title = "One", competitor = "driver", classes = ["GT3"], cups = ["am"], awards = ["race"], article = "A" }
championship.sum = { title = "Sum", competitor = "driver", sum-of = ["one"], article = "A" }
podium.am = { title = "Am", class = "GT3", cup = "am", article = "A" }
penalty.short = { offence = "o", penalty = "time 30s plus shortfall", article = "A" }
"#;

/// A folder of its own, removed at the end of its test.
struct Folder(PathBuf);

impl std::ops::Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn folder(name: &str) -> Folder {
    let folder = std::env::temp_dir().join(format!("rulebook-faults-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("bulletins")).unwrap();
    Folder(folder)
}

/// All faults of the good rulebook with one thing replaced.
fn faults(name: &str, files: &[(&str, &str)]) -> Vec<String> {
    let folder = folder(name);
    for (file, text) in files {
        fs::write(folder.join(file), text).unwrap();
    }
    let loaded = rulebook(&folder, &mut Sources::new(&folder));
    assert_eq!(loaded.value.is_none(), !loaded.faults.is_empty());
    loaded.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn every_fault_has_its_code_place_and_remedy() {
    assert_eq!(faults("good", &[("r.toml", GOOD)]), Vec::<String>::new());
    let cases = [
        (
            "class = \"GT3\", crews",
            "class = \"GT33\", crews",
            "7:34: error[unknown-class]: there is no class \"GT33\" (did you mean \"GT3\"?)",
        ),
        ("cups = [\"am\"]", "cups = [\"ma\"]", "20:87: error[unknown-cup]: there is no cup \"ma\" (did you mean \"am\"?)"),
        ("table = \"ten\"", "table = \"tem\"", "19:24: error[unknown-table]: there is no points table \"tem\" (did you mean \"ten\"?)"),
        ("awards = [\"race\"]", "awards = [\"rase\"]", "20:104: error[unknown-award]: there is no award \"rase\" (did you mean \"race\"?)"),
        ("grid-from = \"q1\"", "grid-from = \"q2\"", "13:70: error[unknown-session]: there is no session \"q2\" (did you mean \"q1\"?)"),
        ("[\"one\"]", "[\"ones\"]", "21:70: error[unknown-championship]: there is no championship \"ones\" (did you mean \"one\"?)"),
        ("source = \"S1\"", "source = \"S1 S2\"", "16:60: error[unknown-source]: there is no source S2 (did you mean \"S1\"?)"),
        ("minimum = ", "minimun = ", "14:43: error[unknown-key]: unknown key minimun in pit-stop (did you mean \"minimum\"?)"),
        ("day = 1", "day = \"1\"", "13:55: error[wrong-type]: this is text, not a whole number"),
        ("[1, 2]", "[1]", "9:20: error[wrong-type]: crew has 1 value, not two"),
        ("year = 2018", "year = 20180", "2:8: error[out-of-range]: year is 20180, not between 1900 and 2999"),
        ("\"3/4\"", "1.5", "16:29: error[out-of-range]: share is 3/2, not between 0 and 1"),
        ("16.5", "16.55555", "18:29: error[bad-value]: 16.55555 is not an exact number"),
        ("\"1:30\"", "\"90\"", "14:53: error[bad-value]: \"90\" is not a duration such as"),
        ("\"Bronze + Bronze\"", "\"Bronze + Bronce\"", "7:49: error[bad-value]: \"Bronce\" is no grade (did you mean \"Bronze\"?)"),
        ("plus shortfall", "plus short", "23:44: error[bad-value]: \"time 30s plus short\" is not a penalty such as"),
        ("\"time\"", "\"tine\"", "15:20: error[unknown-word]: unit cannot be \"tine\" (did you mean \"time\"?)"),
        ("[\"15s\"]", "[\"15kg\"]", "15:72: error[wrong-unit]: the penalty is counted in time (write it like \"15s\")"),
        ("class.GT4", "class.\"G T\"", "6:7: error[bad-id]: \"G T\" cannot be an id"),
        ("edition = \"1\"\n", "\n", "1:1: error[missing-key]: rulebook has no edition (add edition = \"…\")"),
        ("status.guest = { article = \"A\" }", "", "11:1: error[missing-key]: statuses has no guest (add guest = { … })"),
        ("site = \"x\", ", "", "4:13: error[missing-key]: source has no site (add site = \"…\")"),
        ("[25, 16.5]", "[]", "18:24: error[empty-list]: points is empty (write its values, or leave the key out)"),
        ("[\"25:00\", \"35:00\"]", "[\"35:00\", \"25:00\"]", "14:23: error[window-order]: window ends before it begins"),
        ("[1, 2]", "[2, 1]", "9:20: error[range-order]: crew ends before it begins"),
        ("day = 0", "day = 2", "13:55: error[session-order]: race-1 is written after a session of a later day"),
        ("sum-of = [\"one\"]", "sum-of = [\"sum\"]", "21:69: error[sums-itself]: championship sum is a sum of itself"),
        (
            "table = \"ten\", ",
            "",
            "19:14: error[one-of]: award race needs exactly one of table, laps-behind, fastest-lap, led; it has none",
        ),
        (", sum-of = [\"one\"]", "", "21:20: error[one-of]: championship sum needs exactly one of awards, sum-of; it has none"),
        ("class = \"GT3\", cup = \"am\"", "class = \"GT4\", cup = \"am\"", "22:50: error[cup-of-another-class]: cup am is part of GT3"),
        ("year = 2018", "year = 2018\nyear = 2018", "3:1: error[written-twice]: year is written twice in this table"),
        ("year = 2018", "year = ", "2:8: error[not-toml]: not TOML: "),
        ("year = 2018", "year = 2018\nextends = \"../nowhere\"", "3:11: error[cannot-read]: there is no folder"),
        ("year = 2018", "year = 2018\nremove = [\"cup.a\"]", "3:11: error[unknown-rule]: there is no rule cup.a to remove"),
    ];
    each_is_told("table", &cases);
}

#[test]
fn a_stop_that_cannot_be_made_is_a_fault() {
    each_is_told(
        "stops",
        &[
            (
                "minimum = \"1:30\"",
                "minimum = \"1:30\", joker = { count = 1 }",
                "14:69: error[one-of]: a joker stop is exempt from a minimum that holds for the mandatory stops only (write minimum-for",
            ),
            (
                "minimum = \"1:30\"",
                "minimum = \"1:30\", minimum-for = \"every-stop\", joker = { count = 1, per = \"0s\" }",
                "14:116: error[out-of-range]: per is no time at all",
            ),
            (
                "minimum = \"1:30\"",
                "minimum = \"1:30\", minimum-for = \"every-stop\", joker = { per = \"6:00:00\" }",
                "14:97: error[missing-key]: joker has no count",
            ),
            (
                "minimum = \"1:30\"",
                "minimum = \"1:30\", technical = { minimum = \"5:00\", window = [\"22:00:00\", \"12:00:00\"] }",
                "14:102: error[window-order]: window ends before it begins",
            ),
        ],
    );
}

#[test]
fn a_drive_time_that_limits_nothing_is_a_fault() {
    let with = |limit: &str| format!("minimum = \"1:30\", article = \"A\" }}\ndrive-time.x = {{ {limit}, article = \"A\" }}");
    let at = "minimum = \"1:30\", article = \"A\" }";
    let limit = |name: &str, written: &str| faults(name, &[("r.toml", &GOOD.replacen(at, &with(written), 1))]);
    assert_eq!(limit("drive-good", "share-max = \"2/3\""), [""; 0]);
    assert_eq!(
        limit("drive-two", "total-max = \"1:00:00\", total-min = \"30:00\""),
        [
            "r.toml:15:16: error[one-of]: drive-time x needs exactly one of without-stop-max, without-change-max, total-max, share-max, total-min, rest-min; it has total-max and total-min"
        ]
    );
    assert_eq!(limit("drive-share", "share-max = 1.5"), ["r.toml:15:30: error[out-of-range]: share-max is 3/2, not between 0 and 1"]);
    assert_eq!(
        limit("drive-neutral", "total-max = \"1:00:00\", neutral = \"2:00:00\""),
        ["r.toml:15:51: error[one-of]: drive-time x has neutral without without-stop-max"]
    );
    assert_eq!(
        limit("drive-grade", "total-max = \"1:00:00\", grades = [\"Bronce\"]"),
        ["r.toml:15:51: error[unknown-word]: grades cannot be \"Bronce\" (did you mean \"Bronze\"?)"]
    );
}

#[test]
fn a_grid_that_cannot_be_made_is_a_fault() {
    let q2 = "grid-from = \"q1\", article = \"A\" }";
    each_is_told(
        "grid",
        &[
            (
                "grid-from = \"q1\"",
                "grid-from = [\"q1\", \"q3\"], grid-by = \"sum\"",
                "13:77: error[unknown-session]: there is no session \"q3\" (did you mean \"q1\"?)",
            ),
            (
                "grid-from = \"q1\"",
                "grid-from = \"race-1\"",
                "13:70: error[session-order]: race-1 takes its grid from race-1, which is not held before it",
            ),
            (
                "grid-from = \"q1\"",
                "grid-from = [\"q1\", \"q1\"], grid-by = \"sum\"",
                "13:71: error[written-twice]: race-1 takes its grid from q1 twice",
            ),
            (
                "grid-from = \"q1\"",
                "grid-from = \"q1\", grid-ties = \"race-1\"",
                "13:88: error[session-order]: race-1 breaks ties by race-1, which is not held before it",
            ),
            ("grid-from = \"q1\"", "grid-from = []", "13:70: error[empty-list]: grid-from is empty"),
            (
                "grid-from = \"q1\"",
                "grid-from = [\"q1\", \"race-1\"]",
                "13:70: error[one-of]: race-1 takes its grid from 2 sessions and does not say how they are taken together (write grid-by: average, sum",
            ),
            (
                "grid-from = \"q1\"",
                "grid-from = \"q1\", grid-by = \"average\"",
                "13:70: error[one-of]: race-1 takes its grid by average from one session (name the others as well)",
            ),
            (
                "grid-from = \"q1\"",
                "grid-from = \"q1\", grid-by = \"knock-out\"",
                "13:86: error[unknown-word]: grid-by cannot be \"knock-out\"",
            ),
            (
                "grid-from = \"q1\"",
                "grid-from = \"q1\", grid-missing = \"left-out\"",
                "13:91: error[one-of]: race-1 has grid-missing with grid-by result (it belongs to grid-by average)",
            ),
            ("grid-from = \"q1\", ", "grid-by = \"sum\", ", "13:68: error[one-of]: race-1 has grid-by without grid-from (write grid-from)"),
            (
                q2,
                "grid-from = \"q1\", through.race-1 = 10, article = \"A\" }",
                "13:84: error[session-order]: race-1 takes its grid from race-1, which is not held before it",
            ),
            (
                q2,
                "grid-from = \"q1\", through.q1 = 10, article = \"A\" }",
                "13:84: error[session-order]: cars go through to q1, which is not held after q1",
            ),
            (q2, "grid-from = \"q1\", through.q1 = 0, article = \"A\" }", "13:89: error[out-of-range]: q1 is 0, not between 1 and 999"),
        ],
    );
}

#[test]
fn a_knock_out_for_more_cars_or_out_of_order_is_a_fault() {
    let knock_out = |cars: &str| {
        let two = "session.q2 = { kind = \"qualifying\", title = \"Q2\", day = 0, article = \"A\" }\nsession.q3 = { kind = \"qualifying\", title = \"Q3\", day = 0, article = \"A\" }\nsession.race-1";
        let text =
            GOOD.replacen("session.race-1", two, 1).replacen("grid-from = \"q1\"", &format!("grid-from = \"q1\", through = {cars}"), 1);
        faults("knock-out", &[("r.toml", &text)])
    };
    assert_eq!(knock_out("{ q2 = 16, q3 = 8 }"), [""; 0]);
    assert_eq!(
        knock_out("{ q2 = 8, q3 = 8 }"),
        ["r.toml:15:101: error[range-order]: 8 cars go through to q3, not fewer than the 8 before"]
    );
    assert_eq!(knock_out("{ q3 = 8, q2 = 4 }"), ["r.toml:15:96: error[session-order]: cars go through to q2, which is not held after q3"]);
}

#[test]
fn what_has_no_effect_on_a_championship_is_a_fault() {
    each_is_told(
        "effect",
        &[
            (
                "\"Sum\", competitor = \"driver\"",
                "\"Sum\", competitor = \"team\"",
                "21:68: error[sum-of-another-kind]: one ranks by driver, and sum by team: their totals cannot be added up (name championships with competitor = \"team\")",
            ),
            (
                "sum-of = [\"one\"]",
                "sum-of = [\"one\"], keep = { range.all = { rounds = [1, 4], best = 3 } }",
                "21:78: error[without-effect]: keep has no effect on sum, which is the sum of one (take it out here, and write it in one)",
            ),
            ("sum-of = [\"one\"]", "sum-of = [\"one\", \"one\"]", "21:77: error[written-twice]: championship sum adds up one twice"),
            (
                "awards = [\"race\"]",
                "awards = [\"race\"], keep = { unit = \"round\", range.all = { rounds = [1, 4], best = 5 } }",
                "20:176: error[keeps-too-many]: the best 5 of rounds 1 to 4, which have 4 rounds: nothing is ever dropped (keep at most 4, or widen the range)",
            ),
            (
                "awards = [\"race\"]",
                "awards = [\"race\"], lowest-wins = true, keep = { range.all = { rounds = [1, 4], best = 3 } }",
                "20:140: error[not-with-lowest-wins]: keep is not defined where the lowest total wins, as in one (take it out, or give points of which the highest total wins)",
            ),
            (
                "awards = [\"race\"]",
                "awards = [\"race\"], lowest-wins = true, two-cars = \"better\"",
                "20:144: error[not-with-lowest-wins]: two-cars = \"better\" is not defined",
            ),
            (
                "awards = [\"race\"]",
                "awards = [\"race\"], keep = { range.all = { rounds = [1, 4], best = [[0, 4], [4, 5]] } }",
                "20:173: error[keeps-too-many]: the best 5 of rounds 1 to 4, which have 4 sessions that score",
            ),
        ],
    );
}

/// Each replacement of the first by the second in the good rulebook is told in the third's words.
fn each_is_told(name: &str, cases: &[(&str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (good, bad, says) in cases {
        assert!(GOOD.contains(good), "{good}");
        let found = faults(name, &[("r.toml", &GOOD.replacen(good, bad, 1))]);
        if !found.iter().any(|fault| fault.starts_with(&format!("r.toml:{says}"))) {
            wrong.push(format!("{bad}: wanted {says}, found {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_table_that_rises_is_a_warning_unless_the_lowest_total_wins() {
    let told = |name: &str, text: &str| {
        let folder = folder(name);
        fs::write(folder.join("r.toml"), text).unwrap();
        let loaded = rulebook(&folder, &mut Sources::new(&folder));
        assert!(loaded.value.is_some());
        loaded.faults.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let rising = GOOD.replace("[25, 16.5]", "[10, 8, 6, 8]");
    assert_eq!(told("rises", &rising), ["r.toml:18:35: warning[points-rise]: a worse place gives more points: 8 after 6"]);
    let lowest = rising.replace("awards = [\"race\"]", "awards = [\"race\"], lowest-wins = true");
    assert_eq!(told("lowest", &lowest), [""; 0]);
}

#[test]
fn two_faults_in_two_files_are_both_reported() {
    let second = "class.GT3 = { title = \"GT3\", article = \"A\" }\nties = { step = [], article = \"A\" }\n";
    let found = faults("two", &[("r.toml", &GOOD.replace("day = 1", "dya = 1")), ("s.toml", second)]);
    let codes: Vec<&str> = found.iter().map(|fault| fault.split(": ").nth(1).unwrap()).collect();
    assert_eq!(
        codes,
        ["error[missing-key]", "error[unknown-key]", "error[written-twice]", "error[missing-key]", "error[unknown-key]"],
        "{found:#?}"
    );
    assert!(found.iter().any(|fault| fault.contains("s.toml:1:7: error[written-twice]: GT3 is written in r.toml already")), "{found:#?}");
}

#[test]
fn bulletins_are_held_in_order() {
    let bulletin = |number: &str, from: &str| format!("number = \"{number}\"\nfrom = \"{from}\"\narticle = \"B\"\n");
    let (later, earlier) = (bulletin("1", "2.race-1"), bulletin("1", "2.q1"));
    let found = faults("order", &[("r.toml", GOOD), ("bulletins/01.toml", &later), ("bulletins/02.toml", &earlier)]);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("bulletins/02.toml:1:10: error[written-twice]: bulletin 1 is in bulletins/01.toml already"), "{found:#?}");
    assert!(found[1].starts_with("bulletins/02.toml:2:8: error[bulletin-order]: bulletin 1 begins at 2.q1, before"), "{found:#?}");
    let found = faults("from", &[("r.toml", GOOD), ("bulletins/01.toml", &bulletin("1", "2.race-2"))]);
    assert!(found[0].contains("01.toml:2:8: error[unknown-session]") && found[0].contains("did you mean \"race-1\"?"), "{found:#?}");
    let found = faults("bare", &[("r.toml", GOOD), ("bulletins/01.toml", "number = \"1\"\narticle = \"B\"\n")]);
    assert!(found[0].contains("error[missing-key]: bulletin has no from"), "{found:#?}");
}

#[test]
fn a_bulletin_cannot_change_what_holds_for_the_whole_season() {
    for (change, place, what) in [
        ("[session.race-1]\nminutes = 180\n", "4:2", "the sessions of a weekend"),
        ("[championship.one]\nawards = [\"race\"]\n", "4:2", "what a championship is"),
        ("remove = [\"championship.one\"]\n", "4:11", "what a championship is"),
        ("[ties]\nsteps = [\"wins\"]\n", "4:2", "how ties fall"),
    ] {
        let bulletin = format!("number = \"1\"\nfrom = \"2.race-1\"\narticle = \"B\"\n{change}");
        let found = faults("season-long", &[("r.toml", GOOD), ("bulletins/01.toml", &bulletin)]);
        let said = format!(
            "bulletins/01.toml:{place}: error[whole-season]: a bulletin cannot change {what}: one value holds for the whole season"
        );
        assert!(found.iter().any(|fault| fault.starts_with(&said)), "{said}: {found:#?}");
    }
}

/// Reads, checks and lowers text as a rulebook: it must come back.
fn whole_way(text: &[u8], name: &str) {
    let folder = folder(name);
    fs::write(folder.join("r.toml"), text).unwrap();
    let loaded = rulebook(&folder, &mut Sources::new(&folder));
    assert_eq!(loaded.value.is_none(), paperwork::fault::stops(&loaded.faults));
}

proptest! {
    #[test]
    fn no_bytes_bring_the_reader_down(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        whole_way(&bytes, "bytes");
    }

    #[test]
    fn no_text_brings_the_parser_down(text in "[a-z\\[\\]{}=.,\"'#0-9\n é-]{0,200}") {
        let mut faults = Vec::new();
        if let Some(node) = parse("r.toml", &text, &mut faults) {
            paperwork::check::check(&node, &shapes::RULEBOOK, &mut faults);
        }
    }

    #[test]
    fn no_slip_of_the_pen_brings_the_rulebook_down(at in 0..GOOD.len(), cut in 0_usize..12, put in "[a-z0-9\"\\[\\]{}=.,/+ -]{0,6}") {
        let end = (at + cut).min(GOOD.len());
        whole_way(format!("{}{put}{}", &GOOD[..at], &GOOD[end..]).as_bytes(), "slip");
    }

    #[test]
    fn a_rulebook_cut_short_anywhere_is_read_or_refused(at in 0..GOOD.len()) {
        whole_way(&GOOD.as_bytes()[..at], "cut");
    }
}
