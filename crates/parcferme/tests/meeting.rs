//! A race weekend on the command line: simulated from practice to final results, looked at while it runs, signalled by hand.

#[expect(dead_code, reason = "a part of what other tests ask for")]
mod folder;

use std::fs;

use folder::Folder;

/// The season's folder there.
const S: &str = "seasons/s";

#[test]
fn a_whole_weekend_in_one_command_and_every_number_says_why() {
    let folder = Folder::season("weekend");
    // A limit nobody keeps: half an hour at the wheel.
    let limit = "[drive-time.most]\ntotal-max = \"30:00\"\narticle = \"P43\"\n";
    fs::write(folder.0.join("rulebooks/blancpain-gt-series-asia/2018/drive-time.toml"), limit).unwrap();
    folder.run(&["simulate", S, "1", "--seed", "7"]).code(0).says(&["facts of round 1 simulated with seed 7"]);
    let state = folder.run(&["meeting", S, "1"]).code(0).says(&["no session is open"]);
    assert_eq!(state.out.matches("  final").count(), 7, "{}", state.out);
    let csv = folder.run(&["meeting", S, "1", "--format", "csv"]).code(0).out;
    assert!(csv.starts_with("session,day,begins,state,published,to_look_at\n1.practice-1,2018-04-13,"), "{csv}");
    assert!(csv.contains("\n1.race-1,2018-04-14,2018-04-14T08:00:00Z,\"closed, ended after 29 laps\",final,"), "{csv}");
    let json = folder.run(&["meeting", S, "1", "--format", "json"]).code(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (json["round"].as_u64(), &json["open"], json["sessions"].as_array().map(Vec::len)),
        (Some(1), &serde_json::Value::Null, Some(7))
    );
    assert_eq!(json["sessions"][5]["session"], "1.race-1");
    folder.run(&["meeting", S, "1", "--format", "csv", "stop", "race-1"]).code(2).says(&["--format is for the timetable"]);
    folder.run(&["simulate", S, "2", "--seed", "6"]).code(0);
    // The seconds earned in round 1 are due in round 2, and the board adds them to the minimum.
    let dues = folder.run(&["dues", S, "--format", "csv"]).code(0).out;
    let due = dues.lines().find(|line| line.starts_with("1.race-2,GT3,1,")).unwrap();
    let car = due.split(',').nth(3).unwrap();
    let board = folder.run(&["pit", S, "2.race-1", "--format", "csv"]).code(0).out;
    let row = board.lines().find(|line| line.starts_with(&format!("{car},"))).unwrap();
    assert_eq!(row.split(',').nth(2), Some("105000000"), "90 s and 15 s: {row}");
    folder.run(&["pit", S, "2.race-1"]).code(0).says(&["Drive time", "At the wheel", "at the wheel, ", " too long"]);
    // A penalty of the pit board, down to the two passings that made it.
    let results = folder.run(&["results", S, "2.race-1", "--format", "json"]).code(0).out;
    let results: serde_json::Value = serde_json::from_str(&results).unwrap();
    let short = |row: &&serde_json::Value| row["effects"].as_array().is_some_and(|effects| !effects.is_empty());
    let penalised = results[0]["rows"].as_array().unwrap().iter().find(short).expect("somebody was penalised");
    let car = penalised["number"].as_str().unwrap();
    folder.run(&["why", S, "2.race-1", car]).code(0).says(&[
        "converted to 30.000 s by article",
        "too short",
        "pit-entry-main heard transponder",
        "pit-exit-main heard transponder",
        "the start signal was given at",
    ]);
    // A lap deleted moves the qualifying; the sheet that was published stays until another is.
    let laps = folder.run(&["classify", S, "2.q2", "--laps", car, "--format", "csv"]).code(0).out;
    let best = laps
        .lines()
        .skip(1)
        .filter(|line| line.contains(",true,"))
        .min_by_key(|line| line.split(',').nth(4).unwrap().parse::<u64>().unwrap());
    let lap = best.unwrap().split(',').nth(2).unwrap();
    let delete = format!(
        "[[decision]]\nid = \"D1\"\nat = 2018-05-12T20:00:00Z\ncite = \"Decision D1\"\nauthority = \"Stewards\"\narticle = \"1\"\nreason = \"Track limits\"\n\
         effects = [{{ delete-lap = {{ session = \"2.q2\", car = \"{car}\", lap = {lap} }} }}]\n"
    );
    folder.feed(&["preview", S, "-"], &delete).code(0).says(&["2.q2 by its passings", "stays as it is: record the sheet issued after it"]);
    folder.run(&["standings", S]).code(0).says(&["GT3 Drivers"]);
    folder.run(&["grid", S, "2.race-2"]).code(0).says(&["place 1 in 2.q2 with"]);
    folder.run(&["verify", S]).code(0);
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_what_was_interrupted_goes_on() {
    let (one, other) = (Folder::season("seed-one"), Folder::season("seed-other"));
    for folder in [&one, &other] {
        folder.run(&["simulate", S, "1", "--seed", "3", "--faults", "all"]).code(0);
    }
    let text = |folder: &Folder| folder.run(&["export", S]).code(0).out;
    assert_eq!(text(&one), text(&other));
    let again = one.run(&["simulate", S, "1", "--seed", "3", "--faults", "all"]).code(0);
    assert_eq!(text(&one), text(&other), "repeated: {}", again.out);
    one.run(&["simulate", S, "1", "--seed", "4"]).code(1).says(&["round 1 has passings or signals already"]);
    // Killed on its way, it goes on where it was and ends at the same bytes.
    let whole = text(&one);
    let cut = Folder::season("seed-cut");
    let mut running = cut.command(&["simulate", S, "1", "--seed", "3", "--faults", "all", "--speed", "20000"]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    running.kill().unwrap();
    running.wait().unwrap();
    let part = text(&cut).lines().count();
    assert!(part > 10 && part < whole.lines().count(), "{part} lines were there");
    cut.run(&["simulate", S, "1", "--seed", "3", "--faults", "all"]).code(0);
    assert_eq!(text(&cut), whole);
}

#[test]
fn race_control_by_hand_with_mistakes() {
    let folder = Folder::season("by-hand");
    let at = |time: &str| format!("2018-04-14T{time}Z");
    folder.run(&["meeting", S, "9"]).code(2).says(&["there is no round 9"]);
    folder.run(&["meeting", S, "1", "open", "rase-1"]).code(2).says(&["did you mean race-1?"]);
    folder.run(&["meeting", S, "1", "start", "race-1", "--at", &at("05:00:00")]).code(1).says(&["is not open", "nothing was recorded"]);
    folder.run(&["meeting", S, "1", "open", "race-1", "--at", &at("04:50:00")]).code(0);
    folder.run(&["meeting", S, "1", "open", "q2", "--at", &at("04:51:00")]).code(1).says(&["1.race-1 is still open"]);
    folder.run(&["meeting", S, "1", "signal", "race-1", "red", "--at", &at("04:55:00")]).code(1).says(&["has not started"]);
    folder.run(&["meeting", S, "1", "start", "race-1", "--at", &at("05:00:00")]).code(0);
    folder.run(&["meeting", S, "1"]).code(0).says(&["1.race-1 is open", "green, 0 laps"]);
    folder.run(&["meeting", S, "1", "signal", "race-1", "chequered", "--at", &at("06:00:30")]).code(0);
    folder.run(&["meeting", S, "1", "signal", "race-1", "chequered", "--at", &at("06:00:31")]).code(1).says(&["given before"]);
    folder.run(&["meeting", S, "1", "stop", "race-1", "--at", &at("06:10:00")]).code(0);
    // Told belatedly, with a time before what was told already.
    folder
        .run(&["meeting", S, "1", "signal", "race-1", "chequered", "--at", &at("05:59:00")])
        .code(1)
        .says(&["the later chequered of 1.race-1"]);
    folder
        .run(&["meeting", S, "1", "stop", "race-1", "--at", &at("05:30:00")])
        .code(1)
        .says(&["the later chequered of 1.race-1", "is closed at that time"]);
    folder
        .run(&["meeting", S, "1", "open", "q2", "--at", &at("04:40:00")])
        .code(1)
        .says(&["the later open of 1.race-1", "1.q2 is still open"]);
    folder.run(&["meeting", S, "1", "signal", "race-1", "safety-car", "--at", &at("05:20:00")]).code(0);
    folder.run(&["classify", S, "1.race-2"]).code(1).says(&["1.race-2 was not opened"]);
    folder.run(&["classify", S, "1.race-1"]).code(0).says(&["DNS"]);
}

#[test]
fn a_soak_ends_with_a_line_of_counts() {
    let folder = Folder::season("soak");
    let said = folder.run(&["soak", "--seeds", "0..40", "--season", S]).code(0);
    assert!(said.out.starts_with("40 races, 0 wrong orders, 0 unflagged guesses; "), "{}", said.out);
    assert!(said.out.contains(" exactly right, ") && said.out.ends_with(" doubted as a whole\n"), "{}", said.out);
    folder.run(&["soak", "--seeds", "4", "--round", "9", "--season", S]).code(2).says(&["there is no round 9; rounds are 1, 2, "]);
    folder.run(&["soak", "--seeds", "4..2", "--season", S]).code(2).says(&["holds no seed"]);
    folder.run(&["soak", "--seeds", "4", "--faults", "clock-stepp", "--season", S]).code(2).says(&["did you mean clock-step?"]);
}

#[test]
fn stops_that_nobody_would_see_are_not_simulated() {
    let folder = Folder::season("no-pit-lines");
    let circuit = folder.0.join("circuits/sepang.toml");
    let text = fs::read_to_string(&circuit).unwrap();
    let kept: Vec<&str> = text.split_inclusive("\n\n").filter(|part| !part.contains("pit-entry")).collect();
    fs::write(&circuit, kept.concat()).unwrap();
    for command in [&["simulate", S, "1", "--seed", "7"][..], &["soak", "--seeds", "4", "--round", "1", "--season", S]] {
        folder.run(command).code(1).says(&["no lines at both ends of its pit lane", "circuits/sepang.toml"]);
    }
    assert!(!folder.0.join(S).join("journal.sqlite").exists(), "nothing was begun");
}
