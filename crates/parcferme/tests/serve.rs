//! A season of one's own, served: every page of seasons that have little to show, and a journal that is taken back meanwhile.

mod addresses;
#[expect(dead_code, reason = "a part of what other tests ask for")]
mod folder;
#[expect(dead_code, reason = "a part of what other tests ask for")]
mod served;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

use folder::Folder;
use served::Demo;

/// More pages than any of these seasons has.
const PAGES: usize = 2_000;
/// Of what stands after the question mark so much is asked of each page.
const QUERIES: usize = 3;

/// Every page and every answer of the API that links, the description and the names in it lead to. All are there, or clearly not.
fn every_page_of(demo: &Demo, names: &[(&str, &str)]) {
    let description: Value = serde_json::from_str(&server::description()).expect("JSON");
    let api = description["paths"].as_object().expect("paths").keys().filter(|path| !path.ends_with("/stream")).cloned();
    let mut waiting: Vec<String> = api.chain(addresses::pages()).collect();
    for (place, name) in names {
        waiting.iter_mut().for_each(|address| *address = address.replace(&format!("{{{place}}}"), name));
    }
    waiting.push(String::from("/"));
    let (mut seen, mut asked, mut there) = (BTreeSet::new(), BTreeMap::<String, usize>::new(), 0);
    while let Some(address) = waiting.pop() {
        if address.contains("/stream") || address.contains('{') || !seen.insert(address.clone()) {
            continue;
        }
        let times = asked.entry(address.split('?').next().unwrap_or_default().to_owned()).or_default();
        *times += 1;
        if *times > QUERIES {
            continue;
        }
        assert!(asked.len() < PAGES, "more pages than there can be: {address}");
        let answer = demo.get(&address);
        let (status, text) = (answer.status, answer.text());
        assert!(matches!(status, 200 | 303 | 307 | 308 | 404), "{address}: {status} {text}");
        there += usize::from(status == 200);
        if status == 404 {
            let says = if address.starts_with("/api/") { "\"detail\":" } else { "<main" };
            assert!(text.contains(says), "{address}: {text}");
        } else if answer.header("content-type").starts_with("text/html") {
            let links = text.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next());
            waiting.extend(links.map(|link| format!("/{}", link.split('#').next().unwrap_or_default().replace("&amp;", "&"))));
        }
    }
    assert!(there > 20, "{there} of {asked:?}");
}

#[test]
fn every_page_of_a_new_season_is_there_or_clearly_not() {
    let demo = Demo::serve(Folder::league("serve-new"), "l/season");
    let names = [("round", "1"), ("session", "1.race"), ("car", "1"), ("lap", "1"), ("championship", "drivers"), ("competitor", "a")];
    let more = [("id", "1.race"), ("driver", "a"), ("team", "one"), ("fact", "1"), ("name", "style.css")];
    every_page_of(&demo, &[&names[..], &more].concat());
    demo.end();
}

const SESSION: [(&str, &str); 6] =
    [("round", "6"), ("session", "6.race-1"), ("car", "38"), ("lap", "1"), ("championship", "gt3-drivers"), ("competitor", "kodric")];

#[test]
fn every_page_of_a_season_whose_circuits_have_no_lines_is_there_or_clearly_not() {
    let folder = Folder::season("serve-no-lines");
    for entry in fs::read_dir(folder.0.join("circuits")).expect("circuits").map(|entry| entry.expect("an entry").path()) {
        let text = fs::read_to_string(&entry).expect("a circuit");
        let without = ["\n[line", "\n[timing", "\n[source"].iter().filter_map(|table| text.find(table)).min().unwrap_or(text.len());
        fs::write(&entry, &text[..without]).expect("a circuit without lines");
    }
    let signal = |at: &str, signal: &str| {
        format!("[[signal]]\nat = 2018-10-13T{at}Z\ncite = \"race control\"\nsession = \"6.race-1\"\nsignal = \"{signal}\"\n")
    };
    let requests = [signal("06:00:00", "open"), signal("06:10:00", "green"), signal("06:20:00", "safety-car")].concat();
    folder.feed(&["record", "seasons/s", "-", "--recorded", "as-happened"], &requests).code(0);
    let demo = Demo::serve(folder, "seasons/s");
    every_page_of(&demo, &SESSION);
    demo.end();
}

/// The season with a simulated weekend, as far as it was told until something followed the first red flag.
fn red_flag(name: &str) -> Folder {
    let folder = Folder::season(name);
    folder.run(&["simulate", "seasons/s", "6", "--seed", RED]).code(0);
    let text = folder.run(&["export", "seasons/s"]).code(0).out;
    let lines: Vec<(&str, Value)> = text.lines().map(|line| (line, serde_json::from_str(line).expect("JSON"))).collect();
    let signal = |fact: &Value| fact["fact"]["signal"]["signal"].as_str().map(str::to_owned);
    let red = lines.iter().position(|(_, fact)| signal(fact).as_deref() == Some("red")).expect("a red flag");
    let more = lines[red + 1..].iter().position(|(_, fact)| signal(fact).is_some()).expect("another signal");
    let told = &lines[..=red + more];
    let (last, head) = (told.len(), &told[red + more].1["hash"]);
    let text: String = told.iter().map(|(line, _)| format!("{line}\n")).collect();
    fs::remove_file(folder.0.join("seasons/s/journal.sqlite")).expect("the store");
    fs::write(folder.0.join("seasons/s/journal.jsonl"), format!("{text}{{\"facts\":{last},\"head\":{head}}}\n")).expect("a journal");
    folder
}

/// A seed whose first race is suspended.
const RED: &str = "7";

#[test]
fn every_page_of_a_season_while_a_race_is_suspended_is_there_or_clearly_not() {
    let demo = Demo::serve(red_flag("serve-red"), "seasons/s");
    let live: Value = serde_json::from_slice(&demo.get("/api/v1/live").body).expect("JSON");
    assert_eq!(live["session"]["signal"], "red");
    every_page_of(&demo, &SESSION);
    demo.end();
}

#[test]
fn a_journal_that_is_taken_back_or_removed_is_said_once_and_what_was_known_stays() {
    let folder = Folder::league("serve-taken-back");
    let record = |folder: &Folder, round: u8, month: u8| {
        let result = format!(
            "[[result]]\nsession = \"{round}.race\"\nat = 2020-0{month}-05T15:00:00Z\ncite = \"Classification {round}\"\norder = [\"1\", \"2\"]\n"
        );
        folder.feed(&["record", "l/season", "-"], &result).code(0);
    };
    record(&folder, 1, 4);
    let (store, older) = (folder.0.join("l/season/journal.sqlite"), folder.0.join("older.sqlite"));
    fs::copy(&store, &older).expect("a copy");
    record(&folder, 2, 6);
    let newer = folder.0.join("newer.sqlite");
    fs::copy(&store, &newer).expect("a copy");
    let said = folder.0.join("said");
    let demo = Demo::serve(folder, "l/season");
    let wait = |what: &str, times: usize| {
        let begun = Instant::now();
        loop {
            let text = fs::read_to_string(&said).expect("UTF-8");
            if text.matches(what).count() >= times {
                return text;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "`{what}` is not said in\n{text}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let both = demo.get("/standings").text();
    // In one go: half of a copy would be something else that is said.
    fs::rename(&older, &store).expect("an older copy over it");
    wait("start again", 1);
    // So long that it would have been said many times.
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(wait("start again", 1).lines().count(), 1);
    assert_eq!(demo.get("/standings").text(), both);
    fs::remove_file(&store).expect("the store");
    wait("is gone", 1);
    fs::rename(&newer, &store).expect("the right one");
    let text = wait("can be read again", 1);
    assert_eq!(text.lines().count(), 3, "{text}");
    // And it goes on where it was.
    let decision = "[[decision]]\nid = \"1\"\nat = 2020-06-06T10:00:00Z\ncite = \"D1\"\nauthority = \"Stewards\"\narticle = \"1\"\nreason = \"r\"\neffects = [{ disqualify = { session = \"2.race\", car = \"1\" } }]\n";
    demo.folder.feed(&["record", "l/season", "-"], decision).code(0);
    let begun = Instant::now();
    while demo.get("/standings").text() == both {
        assert!(begun.elapsed() < Duration::from_secs(20), "what is recorded shows");
        std::thread::sleep(Duration::from_millis(50));
    }
    demo.end();
}
