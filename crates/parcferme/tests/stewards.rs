//! A steward's afternoon: what a decision would move, the decision, a protest, an appeal, and the clocks.

#[expect(dead_code, reason = "only what a steward does is used here")]
mod folder;

use std::fs;

use folder::Folder;

const DECISION: &str = "[[decision]]\nid = \"7\"\nat = 2020-04-05T16:00:00Z\ncite = \"Decision 7\"\nauthority = \"Stewards\"\n\
    article = \"12\"\nreason = \"Under the minimum weight\"\neffects = [{ disqualify = { session = \"1.race\", car = \"1\" } }]\n";

/// A league with a result, and with clocks.
fn league(name: &str) -> Folder {
    let folder = Folder::league(name);
    let rules = "[protest]\nwithin = \"30:00\"\narticle = \"40\"\n\
        [appeal]\nintention = \"1:00:00\"\nlodged = \"96:00:00\"\nnot-appealable = [\"drive-through\"]\narticle = \"41\"\n\
        [conversion]\ndrive-through = \"30s\"\nstop-and-go = \"30s\"\narticle = \"42\"\n";
    fs::write(folder.0.join("l/rulebook/stewarding.toml"), rules).expect("a file of rules");
    folder.run(&["record", "l/season", "l/season/results.toml", "--recorded", "as-happened"]).code(0);
    folder
}

#[test]
fn a_preview_shows_what_moves_and_records_nothing() {
    let folder = league("preview");
    let said = folder.feed(&["preview", "l/season", "-"], DECISION).code(0);
    let said = said.says(&["1 fact; nothing was recorded", "1.race classification", "car 1  1       DSQ, disqualified (decision 7)"]);
    assert!(said.out.contains("Driver C / Driver D  2 with 18  1 with 25"), "{}", said.out);
    let csv = folder.feed(&["preview", "l/season", "-", "--format", "csv"], DECISION).code(0).out;
    assert_eq!(csv.lines().next(), Some("kind,table,who,before,after"));
    assert!(csv.lines().any(|line| line == "classification,1.race classification,car 2,2,1"), "{csv}");
    let json = folder.feed(&["preview", "l/season", "-", "--format", "json"], DECISION).code(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["facts"].as_array().map(Vec::len), Some(1));
    assert!(json["moves"].as_array().is_some_and(|moves| moves.iter().all(|of| of["before"] != of["after"])));
    let refused = DECISION.replace("car = \"1\"", "car = \"11\"");
    folder.feed(&["preview", "l/season", "-"], &refused).code(1).says(&["unknown-car"]);
    folder.run(&["log", "l/season"]).code(0).says(&["1 fact,"]);
    let fine =
        DECISION.replace("disqualify = { session = \"1.race\", car = \"1\" }", "fine = { car = \"1\", amount = 500, currency = \"EUR\" }");
    folder.feed(&["preview", "l/season", "-"], &fine).code(0).says(&["no table moves"]);
    let places = DECISION
        .replace("disqualify = { session = \"1.race\", car = \"1\" }", "drop-grid = { session = \"2.race\", car = \"1\", places = 3 }");
    folder.feed(&["preview", "l/season", "-"], &places).code(0).says(&["2.race grid", "3 places back (decision 7)"]);
}

#[test]
fn a_preview_shows_what_an_evaluation_then_gives() {
    let folder = league("previewed");
    let through = DECISION.replace("disqualify", "drive-through");
    folder.feed(&["preview", "l/season", "-"], &through).code(0).says(&["converted to 30.000 s by article 42"]);
    folder.feed(&["decide", "l/season", "-"], &through).code(0).says(&["no clock runs"]);
    folder.run(&["results", "l/season", "1", "race"]).code(0).says(&["drive-through not served, converted to 30.000 s by article 42"]);
    let served = "[[penalty-served]]\nat = 2020-04-05T14:30:00Z\ncite = \"lap chart\"\ndecision = \"7\"\ncar = \"1\"\n";
    folder.feed(&["record", "l/season", "-"], served).code(1).says(&["later-decision"]);
    let served = served.replace("14:30", "16:05");
    folder.feed(&["preview", "l/season", "-"], &served).code(0).says(&["1.race classification", "Findings"]);
}

#[test]
fn decide_takes_one_decision_and_tells_its_clocks() {
    let folder = league("decide");
    let twice = format!("{DECISION}{}", DECISION.replace("\"7\"", "\"8\""));
    folder.feed(&["decide", "l/season", "-"], &twice).code(1).says(&["takes one decision"]);
    let dry = folder.feed(&["decide", "l/season", "-", "--dry-run"], DECISION).code(0);
    dry.says(&["would be recorded", "intention to appeal: until 2020-04-05T17:00:00Z", "article 41"]);
    let said = folder.feed(&["decide", "l/season", "-", "--by", "Secretary"], DECISION).code(0);
    said.says(&["fact 2", "intention to appeal: until 2020-04-05T17:00:00Z, which is over", "appeal: until 2020-04-09T16:00:00Z"]);
    folder.feed(&["decide", "l/season", "-"], DECISION).code(1).says(&["decision-exists"]);
}

#[test]
fn a_protest_and_an_appeal_are_recorded_late_or_not_and_their_clocks_told() {
    let folder = league("matters");
    folder.feed(&["decide", "l/season", "-"], DECISION).code(0);
    let protest = ["protest", "l/season", "--id", "P1", "--by", "Team Two", "--reason", "ride height", "--cite", "form 1"];
    folder.run(&protest).code(2).says(&["--against-decision", "--against-result"]);
    let against = |rest: &[&str]| -> Vec<String> { protest.iter().chain(rest).map(ToString::to_string).collect() };
    let run = |arguments: &[String]| folder.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    run(&against(&["--against-result", "1.race", "--at", "2020-04-05T15:10:00Z", "--dry-run"]))
        .code(0)
        .says(&["protest: until 2020-04-05T15:30:00Z"]);
    run(&against(&["--against-result", "1.race", "--at", "2020-04-05T15:31:00Z"]))
        .code(0)
        .says(&["fact 3: protest P1", "came 1:00.000 after its last moment"]);
    run(&against(&["--against-result", "1.rase"])).code(1).says(&["unknown-session", "did you mean"]);
    let appeal = |rest: &[&str]| {
        let head =
            ["appeal", "l/season", "--by", "Team One", "--against-decision", "7", "--suspends", "--reason", "scales", "--cite", "form 2"];
        folder.run(&head.iter().chain(rest).copied().collect::<Vec<_>>())
    };
    appeal(&["--intention", "--id", "N1", "--at", "2020-04-05T16:59:00Z"]).code(0).says(&["fact 4: intention N1"]);
    folder.run(&["results", "l/season", "1", "race"]).code(0).says(&["suspended by"]);
    let said = appeal(&["--id", "A1", "--at", "2020-04-09T15:00:00Z"]).code(0).says(&["fact 5: appeal A1"]);
    assert!(!said.out.contains("doubt"), "{}", said.out);
    let worlds = folder.run(&["standings", "l/season", "--worlds"]).code(0).out;
    assert!(worlds.contains("A1") && !worlds.contains("N1"), "the appeal took the place of the intention\n{worlds}");
    folder.run(&["standings", "l/season"]).code(0).says(&["doubt: matter P1"]);
    folder
        .run(&["appeal", "l/season", "--id", "A2", "--by", "Team Two", "--against-decision", "99", "--reason", "r", "--cite", "c"])
        .code(1)
        .says(&["unknown-decision"]);
}
