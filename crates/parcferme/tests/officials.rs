//! The officials of simulated meetings: nobody is punished twice for one stop, and nobody who served a penalty is punished for it again.

#[expect(dead_code, reason = "a part of what other tests ask for")]
mod folder;

use std::fs;

use folder::Folder;
use serde_json::Value;

const S: &str = "seasons/s";
const FOR_A_STOP: [&str; 3] = ["too short", "stop outside the window", "no stop"];

/// A decision of the simulated officials.
struct Decided {
    id: String,
    car: String,
    session: String,
    reason: String,
    evidence: String,
    number: u64,
}

fn decided(fact: &Value) -> Option<Decided> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let decision = fact["fact"].get("decision")?;
    let (_, effect) = decision["effects"][0].as_object()?.iter().next()?;
    Some(Decided {
        id: text(&decision["id"])?,
        car: text(&effect["car"])?,
        session: text(&effect["session"])?,
        reason: text(&decision["reason"])?,
        evidence: decision["answers"]["evidence"].to_string(),
        number: fact["n"].as_u64()?,
    })
}

/// How many penalties of a meeting were served, and how many of its decisions rest on readings.
fn meeting(folder: &Folder, round: &str, seed: &str, faults: &str) -> (usize, usize) {
    let about = format!("round {round}, seed {seed}, faults {faults}");
    let journal = folder.0.join(S).join("journal.sqlite");
    if journal.exists() {
        fs::remove_file(&journal).expect("the journal of the meeting before");
    }
    folder.run(&["simulate", S, round, "--seed", seed, "--faults", faults]).code(0);
    let lines = folder.run(&["export", S]).code(0).out;
    let facts: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("a fact")).collect();
    let decisions: Vec<Decided> = facts.iter().filter_map(decided).collect();
    for one in &decisions {
        let stop = |of: &&Decided| FOR_A_STOP.iter().any(|word| of.reason.ends_with(word));
        let same = |of: &&Decided| of.car == one.car && of.session == one.session && stop(of);
        assert!(decisions.iter().filter(same).count() < 2, "{about}: car {} is punished twice in {}", one.car, one.session);
    }
    let results = folder.run(&["results", S, round, "--format", "json"]).code(0).out;
    let results: Vec<Value> = serde_json::from_str(&results).expect("results");
    let mut served = 0;
    for fact in facts.iter().filter(|fact| fact["fact"].get("penalty-served").is_some()) {
        let id = fact["fact"]["penalty-served"]["decision"].as_str().expect("a decision");
        let of = decisions.iter().find(|of| of.id == id).expect("it was decided");
        assert!(of.number < fact["n"].as_u64().expect("a number"), "{about}: decision {id} comes after it was served");
        let of_session = |result: &&Value| result["session"] == of.session.as_str();
        let rows = results.iter().find(of_session).and_then(|result| result["rows"].as_array()).expect("its result");
        let row = rows.iter().find(|row| row["car"] == of.car.as_str()).expect("a car that served is in the result");
        assert!(!row["effects"].to_string().contains(&format!("decision {id}\"")), "{about}: {row}");
        served += 1;
    }
    (served, decisions.iter().filter(|of| of.evidence.contains("\"passing\"")).count())
}

#[test]
fn nobody_is_punished_twice_and_nobody_for_what_he_served() {
    let folder = Folder::season("officials");
    let (mut served, mut read) = (0, 0);
    for (round, seed, faults) in
        [("1", "7", "none"), ("1", "12", "none"), ("2", "7", "none"), ("3", "7", "none"), ("3", "1", "all"), ("5", "3", "all")]
    {
        let (of_it, rests) = meeting(&folder, round, seed, faults);
        served += of_it;
        read += rests;
    }
    assert!(served > 8 && read > 3, "{served} served, {read} on readings");
}
