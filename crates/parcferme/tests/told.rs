//! What `why`, `results`, `log` and `--worlds` say beside the numbers: what was left out, suspended, undone or supposed.

#[expect(dead_code, reason = "a part of what other tests ask for")]
mod folder;

use folder::{Folder, Said};

fn record(folder: &Folder, requests: &str) {
    folder.feed(&["record", "l/season", "-"], requests).code(0);
}

/// A classification of round 1 or 2, with what else is said of it.
fn result(round: u8, what: &str) -> String {
    let at = if round == 1 { "2020-04-05T15:00:00Z" } else { "2020-05-03T15:00:00Z" };
    format!("[[result]]\nsession = \"{round}.race\"\nat = {at}\ncite = \"Classification {round}\"\n{what}\n")
}

fn decision(id: &str, effect: &str) -> String {
    format!(
        "[[decision]]\nid = \"{id}\"\nat = 2020-05-04T10:00:00Z\ncite = \"D{id}\"\nauthority = \"Stewards\"\narticle = \"1\"\nreason = \"r\"\neffects = [{{ {effect} }}]\n"
    )
}

fn appeal(suspends: bool) -> String {
    format!(
        "[[matter]]\nid = \"A1\"\nkind = \"appeal\"\nby = \"Team Two\"\nat = 2020-05-04T11:00:00Z\ncite = \"A1\"\nagainst = {{ decision = \"1\" }}\nsuspends = {suspends}\nreason = \"r\"\n"
    )
}

fn add_rule(folder: &Folder, rule: &str) {
    let last = "surplus = \"invisible\"\n";
    folder.change("l/rulebook/rulebook.toml", last, &format!("{last}\n{rule}\n"));
}

impl Said {
    fn keeps_silent(self, words: &[&str]) -> Self {
        for word in words {
            assert!(!self.out.contains(word), "`{word}` stands in\n{}", self.out);
        }
        self
    }
}

#[test]
fn why_names_the_guest_ahead_who_leaves_his_points_to_those_behind() {
    let folder = Folder::league("told-guest");
    record(&folder, "[[status]]\nat = 2020-03-01T10:00:00Z\ncite = \"list\"\ncar = \"1\"\nstatus = \"guest\"\n");
    record(&folder, &result(1, "order = [\"1\", \"2\"]"));
    folder
        .run(&["why", "l/season", "drivers", "c"])
        .code(0)
        .says(&["scoring place 1: 25 points", "car 1 ahead is not counted: it is a guest or invitational entry"]);
}

#[test]
fn why_says_which_factor_by_crew_applied() {
    let folder = Folder::league("told-factor");
    add_rule(&folder, "[award.race.crew-factor.mixed]\ncrew = \"Bronze + Gold/Platinum\"\nfactor = \"6/5\"\nplace-max = 1");
    record(&folder, &(result(1, "order = [\"1\", \"2\"]") + &result(2, "order = [\"2\", \"1\"]")));
    let factor = "points 6/5 × for a crew of Bronze + Gold/Platinum in the first 1 scoring places";
    let said = folder.run(&["why", "l/season", "drivers", "a"]).code(0);
    let said = said.says(&["scoring place 1: 30 points", "scoring place 2: 18 points", "no factor by crew applies"]);
    assert_eq!(said.out.matches(factor).count(), 1, "{}", said.out);
    folder.run(&["why", "l/season", "drivers", "c"]).code(0).says(&["no factor by crew applies"]).keeps_silent(&["6/5"]);
}

#[test]
fn why_says_what_is_dropped_what_may_be_and_what_counts_at_zero() {
    let keep = "[championship.drivers.keep]\nunit = \"session\"\narticle = \"10\"\n\n[championship.drivers.keep.range.all]\nrounds = [1, 2]\nbest = 1";
    let folder = Folder::league("told-dropped");
    add_rule(&folder, keep);
    record(&folder, &(result(1, "order = [\"1\", \"2\"]") + &result(2, "order = [\"2\", \"1\"]")));
    folder
        .run(&["why", "l/season", "drivers", "a"])
        .code(0)
        .says(&["1.race: car 1, scoring place 1: 25 points\n", "2.race: car 1, scoring place 2: 18 points, dropped\n"])
        .keeps_silent(&["may be dropped", "that count"]);
    // A disqualification's zero counts, and drops what would have counted (P17).
    record(&folder, &decision("1", "disqualify = { session = \"2.race\", car = \"1\" }"));
    folder.run(&["why", "l/season", "drivers", "a"]).code(0).says(&[
        "1.race: car 1, scoring place 1: 25 points, dropped\n",
        "results at 0 points that count",
        "2.race: car 1 has no place: disqualified, cannot be dropped",
        "disqualified: decision 1",
    ]);
    // Of a car that the second sheet does not name nobody knows: it may have come first, or have been disqualified.
    let folder = Folder::league("told-may-be-dropped");
    add_rule(&folder, keep);
    record(&folder, &(result(1, "order = [\"1\", \"2\"]") + &result(2, "complete = false\norder = [\"1\"]")));
    folder
        .run(&["why", "l/season", "drivers", "c"])
        .code(0)
        .says(&["1.race: car 2, scoring place 2: 18 points, may be dropped\n"])
        .keeps_silent(&["points, dropped"]);
}

#[test]
fn a_suspended_decision_is_named_under_its_session_and_in_its_cars_reasons() {
    let folder = Folder::league("told-suspended");
    record(&folder, &(result(1, "order = [\"2\", \"1\"]") + &decision("1", "disqualify = { session = \"1.race\", car = \"2\" }")));
    let (under, why) = ("Decision 1 is suspended by appeal A1", "decision 1 is suspended by appeal A1");
    record(&folder, &appeal(true));
    folder.run(&["results", "l/season", "1"]).code(0).says(&[under]).keeps_silent(&["DSQ"]);
    folder.run(&["results", "l/season", "1", "--format", "json"]).code(0).says(&["\"by\": \"appeal A1\"", "\"decision\": \"1\""]);
    let said = folder.run(&["results", "l/season", "1", "--format", "csv"]).code(0);
    let suspended: Vec<&str> = said.out.lines().filter_map(|line| line.split(',').nth(16)).collect();
    assert_eq!(suspended, ["suspended", "1 by appeal A1", ""]);
    folder.run(&["why", "l/season", "1.race", "2"]).code(0).says(&[why]);
    folder.run(&["why", "l/season", "drivers", "c"]).code(0).says(&[why]);
    folder.run(&["why", "l/season", "1.race", "1"]).code(0).keeps_silent(&["suspended"]);
    folder.run(&["why", "l/season", "1.race", "2", "--suppose", "A1=rejected"]).code(0).keeps_silent(&["suspended"]);
    // So is a decision on a total, and one that two appeals suspend.
    let folder = Folder::league("told-suspended-total");
    let deduct = "deduct-points = { championship = \"teams\", team = \"two\", points = 5, from-round = 1 }";
    record(&folder, &(result(1, "order = [\"2\", \"1\"]") + &decision("1", deduct)));
    record(&folder, &(appeal(true) + &appeal(true).replace("A1", "A2")));
    folder.run(&["why", "l/season", "teams", "two"]).code(0).says(&["25 points", why, "decision 1 is suspended by appeal A2"]);
    folder.run(&["why", "l/season", "teams", "one"]).code(0).keeps_silent(&["suspended"]);
    folder.run(&["results", "l/season", "1"]).code(0).keeps_silent(&["suspended"]);
    // An appeal that suspends nothing leaves the decision in force.
    let folder = Folder::league("told-in-force");
    record(&folder, &(result(1, "order = [\"2\", \"1\"]") + &decision("1", "disqualify = { session = \"1.race\", car = \"2\" }")));
    record(&folder, &appeal(false));
    folder.run(&["results", "l/season", "1"]).code(0).says(&["DSQ", "Open: A1"]).keeps_silent(&["suspended"]);
}

#[test]
fn the_log_marks_what_was_undone_and_not_what_an_undone_undo_named() {
    let folder = Folder::league("told-undone");
    record(&folder, &result(1, "order = [\"1\", \"2\"]"));
    let undo = |fact: u8, at: &str| format!("[[undo]]\nat = {at}\ncite = \"mail\"\nfact = {fact}\nreason = \"typed in error\"\n");
    record(&folder, &undo(1, "2020-04-06T10:00:00Z"));
    let last = |format: &str| -> Vec<String> {
        let said = folder.run(&["log", "l/season", "--format", format]).code(0);
        said.out.lines().filter_map(|line| line.rsplit(',').next().map(str::to_owned)).collect()
    };
    folder.run(&["log", "l/season"]).code(0).says(&["undone by fact 2"]);
    assert_eq!(last("csv"), ["undone_by", "2", ""]);
    folder.run(&["log", "l/season", "--format", "json"]).code(0).says(&["\"undone_by\": 2", "\"undone_by\": null"]);
    record(&folder, &undo(2, "2020-04-07T10:00:00Z"));
    folder.run(&["log", "l/season"]).code(0).says(&["undone by fact 3"]).keeps_silent(&["undone by fact 2"]);
    assert_eq!(last("csv"), ["undone_by", "", "3", ""]);
}

#[test]
fn supposed_outcomes_are_named_in_every_format() {
    let folder = Folder::league("told-supposed");
    record(&folder, &(result(1, "order = [\"2\", \"1\"]") + &decision("1", "disqualify = { session = \"1.race\", car = \"2\" }")));
    record(&folder, &appeal(false));
    let run = |format: &str, suppose: &[&str]| {
        folder.run(&[&["standings", "l/season", "--championship", "teams", "--format", format], suppose].concat()).code(0)
    };
    let supposed = ["--suppose", "A1=upheld"];
    run("text", &supposed).says(&["supposing A1=upheld"]);
    run("csv", &supposed).says(&["label,supposed\n", ",,A1=upheld\n"]);
    run("csv", &[]).says(&["label,supposed\n"]).keeps_silent(&["A1"]);
    run("json", &supposed).says(&["\"supposed\": [\n    \"A1=upheld\"\n  ]"]);
    run("json", &[]).says(&["\"supposed\": []"]);
    let why = |format| folder.run(&["why", "l/season", "1.race", "2", "--suppose", "A1=upheld", "--format", format]).code(0);
    why("text").says(&["supposing A1=upheld\n1.race: car 2 has place 1"]);
    why("json").says(&["\"supposed\": [\n    \"A1=upheld\"\n  ]"]);
}

#[test]
fn who_is_excluded_in_every_world_is_shown_across_the_worlds() {
    let folder = Folder::league("told-excluded");
    record(&folder, &(result(1, "order = [\"2\", \"1\"]") + &result(2, "order = [\"2\", \"1\"]")));
    record(&folder, &decision("1", "disqualify = { session = \"1.race\", car = \"2\" }"));
    let exclude = "exclude = { championship = \"teams\", team = \"two\", points = \"kept\", from-round = 2 }";
    record(&folder, &decision("2", exclude).replace("10:00", "10:30"));
    record(&folder, &appeal(false));
    let run = |format| folder.run(&["standings", "l/season", "--worlds", "--championship", "teams", "--format", format]).code(0);
    let said = run("text");
    let line = said.out.lines().find(|line| line.trim_start().starts_with("EXC")).expect("the team is shown");
    assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["EXC", "Team", "Two", "25–50", "A1"]);
    run("csv").says(&["worst_possible,label\n", "teams,,Team Two,25,,50,,A1,50,,,EXC\n"]);
    run("json").says(&["\"label\": \"EXC\"", "\"label\": null"]);
}

#[test]
fn a_car_that_a_decision_puts_out_is_shown_though_the_sheet_does_not_list_it() {
    let folder = Folder::league("told-unlisted");
    record(&folder, &result(1, "complete = false\norder = [\"1\"]"));
    folder.run(&["results", "l/season", "1"]).code(0).keeps_silent(&["Driver C"]);
    record(&folder, &decision("1", "disqualify = { session = \"1.race\", car = \"2\" }"));
    let said = folder.run(&["results", "l/season", "1"]).code(0);
    let line = said.out.lines().find(|line| line.contains("Driver C")).expect("the car is shown");
    assert!(line.trim_start().starts_with("DSQ"), "{line}");
    assert!(line.ends_with("disqualified (decision 1); not on the sheet"), "{line}");
    folder.run(&["results", "l/season", "1", "--format", "csv"]).code(0).says(&["Driver D,disqualified,"]);
    folder.run(&["results", "l/season", "1", "--format", "json"]).code(0).says(&["\"on_sheet\": false", "\"on_sheet\": true"]);
}

#[test]
fn the_leader_of_a_sheet_of_gaps_has_its_time_or_a_dash() {
    for (printed, shown) in [("", "34  -"), (", time = \"1:00:12.300\"", "34  1:00:12.300")] {
        let folder = Folder::league("told-gaps");
        let rows =
            format!("rows = [{{ car = \"1\", place = 1, laps = 34{printed} }}, {{ car = \"2\", place = 2, laps = 34, gap = \"2.1s\" }}]");
        record(&folder, &result(1, &rows));
        let said = folder.run(&["results", "l/season", "1"]).code(0);
        let squeezed = said.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n");
        assert!(squeezed.contains(&shown.split_whitespace().collect::<Vec<_>>().join(" ")), "{}", said.out);
        assert!(squeezed.contains("34 2.100"), "{}", said.out);
        // Gaps say where a car comes out as times do.
        record(&folder, &decision("1", "add-time = { session = \"1.race\", car = \"1\", time = \"5s\" }"));
        let said = folder.run(&["results", "l/season", "1"]).code(0);
        let first = said.out.lines().find(|line| line.contains("Driver C")).expect("the car is shown");
        assert!(first.trim_start().starts_with("1 "), "{}", said.out);
    }
}

#[test]
fn why_names_the_session_that_gave_no_points_and_by_what() {
    let folder = Folder::league("told-annulled");
    record(&folder, &(result(1, "order = [\"1\", \"2\"]") + &result(2, "order = [\"2\", \"1\"]")));
    record(&folder, &decision("1", "annul-session = { session = \"1.race\" }"));
    folder
        .run(&["why", "l/season", "drivers", "a"])
        .code(0)
        .says(&["1.race: no points, annulled by decision 1", "decision 1 of Stewards, article 1"]);
    record(&folder, &decision("2", "withhold-points = { session = \"2.race\" }"));
    folder.run(&["why", "l/season", "drivers", "a"]).code(0).says(&["2.race: no points, withheld by decision 2"]);
}

#[test]
fn a_restart_is_told_beside_the_line_and_in_why() {
    let folder = Folder::league("told-restart");
    record(&folder, &(result(1, "order = [\"1\", \"2\"]") + &result(2, "order = [\"2\", \"1\"]")));
    record(&folder, &decision("1", "deduct-points = { championship = \"drivers\", driver = \"a\", points = 5, from-round = 1 }"));
    record(&folder, &decision("2", "restart = { championship = \"drivers\", driver = \"a\", from-round = 2 }"));
    // What was taken before is void with what it was taken from.
    folder.run(&["standings", "l/season", "--championship", "drivers", "--format", "csv"]).code(0).says(&[",18,", "until round 1", ",20,"]);
    folder.run(&["standings", "l/season", "--championship", "drivers"]).code(0).says(&["anew from round 2 by decision 2"]);
    folder.run(&["why", "l/season", "drivers", "a"]).code(0).says(&["points and finishes before round 2 are void by decision 2"]);
}

#[test]
fn record_says_which_sheet_holds_what_is_new_and_what_an_undo_undoes() {
    let folder = Folder::league("told-record");
    record(&folder, &result(1, "order = [\"1\", \"2\"]"));
    let earlier = result(1, "rows = [{ car = \"1\", place = 2 }, { car = \"2\", place = 3 }]").replace("15:00", "14:00");
    folder
        .feed(&["record", "l/season", "-"], &earlier)
        .code(0)
        .says(&["fact 1 of 2020-04-05T15:00:00Z still holds for 1.race: of several sheets the one published last counts", "recorded in"]);
    let later = earlier.replace("14:00", "16:00");
    folder
        .feed(&["record", "l/season", "-", "--dry-run"], &later)
        .code(0)
        .says(&["new findings:\n  contradiction: 1.race: the sheet is said to be complete, and no car has place 1", "nothing was"])
        .keeps_silent(&["still holds"]);
    let undo = "[[undo]]\nfact = 1\nat = 2020-05-05T15:00:00Z\ncite = \"c\"\nreason = \"typed twice\"\n";
    let says = "undo fact 1 (result 1.race, final, 2 cars): typed twice";
    folder.feed(&["record", "l/season", "-", "--dry-run"], undo).code(0).says(&[says]);
    folder.feed(&["record", "l/season", "-"], undo).code(0).says(&[says]);
    folder.run(&["log", "l/season"]).code(0).says(&["fact 1 (result 1.race, final, 2 cars): typed twice"]);
}

#[test]
fn why_does_the_sum_of_a_time_penalty() {
    let folder = Folder::league("told-sum");
    let rows = "rows = [{ car = \"1\", place = 1, time = \"40:12.300\" }, { car = \"2\", place = 2, time = \"40:13.000\" }]";
    record(&folder, &result(1, rows));
    record(&folder, &decision("1", "add-time = { session = \"1.race\", car = \"1\", time = \"5s\" }"));
    folder.run(&["why", "l/season", "1.race", "1"]).code(0).says(&["40:12.300 + 5.000 = 40:17.300, behind 2\n"]);
}

#[test]
fn a_question_that_has_no_answer_says_what_there_is_to_ask() {
    let folder = Folder::league("told-asked");
    record(&folder, &result(1, "order = [\"1\"]\nnot-started = [\"2\"]"));
    folder.run(&["why", "l/season", "drivers", "1"]).code(2).says(&["1 is a car; ask for one of its drivers: Driver A, Driver B"]);
    folder.run(&["why", "l/season", "2.race", "1"]).code(1).says(&["no result of 2.race is recorded"]);
    folder.run(&["why", "l/season", "success", "1@1.race"]).code(1).says(&["the rulebook has no success penalty"]);
    folder.run(&["dues", "l/season"]).code(0).says(&["the rulebook has no success penalty"]);
    folder.run(&["standings", "l"]).code(2).says(&["did you mean l/season?"]);
    folder.run(&["record", "l/season", "x.csv"]).code(2).says(&["parcferme import l/season x.csv"]);
    let early = ["standings", "l/season", "--as-known-at", "2019-01-01"];
    folder.run(&early).code(0).says(&["nothing was recorded by then", "--in-force-at"]);
}
