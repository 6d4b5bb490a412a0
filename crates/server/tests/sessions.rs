//! Pit board, laps, charts and replays of a race: what they say is what the core says, and whatever a stranger asks for is answered harmlessly.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod race;

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use race::Told;
use serde_json::Value;
use server::patch;
use sport::as_it_stands::AsItStands;
use sport::date::Instant;
use sport::decision::{Decision, Effect};
use sport::fact::{Fact, What};
use sport::incident::Answer;
use sport::live_session::LiveSession;
use sport::season::{Moment, Season};
use sport::tower::tower;
use tower::ServiceExt as _;

const ID: &str = "6.race-1";

async fn ask(told: &Told, address: &str) -> (StatusCode, String) {
    let request = Request::get(address).body(Body::empty()).unwrap();
    let response = server::router(told.site.clone()).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap())
}

async fn page(told: &Told, address: &str) -> String {
    let (status, text) = ask(told, address).await;
    assert_eq!(status, StatusCode::OK, "{address}: {text}");
    text
}

async fn json(told: &Told, address: &str) -> Value {
    serde_json::from_str(&page(told, address).await).unwrap()
}

/// The season with everything told by a moment.
fn season(told: &Told, now: Instant) -> Season {
    let mut season = told.race.season.clone();
    season.take(told.race.facts.iter().filter(|fact| fact.recorded <= now).cloned().collect());
    season
}

fn live(told: &Told, season: &Season, now: Instant) -> LiveSession {
    LiveSession::of(&told.race.rulebook, season, Moment { known: now, in_force: now }, told.race.session).unwrap()
}

#[tokio::test]
async fn the_pit_board_is_that_of_the_core_while_the_race_runs() {
    let mut told = Told::of(race::race(3));
    let (from, until) = told.span();
    let (mut waited, mut made) = (0, 0);
    for nth in 0..24 {
        let now = Instant(from + (until - from) * nth / 23);
        told.until(now);
        let season = season(&told, now);
        let live = live(&told, &season, now);
        let Some(board) = live.pit_board(&told.race.rulebook, &season) else {
            assert_eq!(ask(&told, &format!("/api/v1/sessions/{ID}/pit")).await.0, StatusCode::NOT_FOUND);
            continue;
        };
        let said = json(&told, &format!("/api/v1/sessions/{ID}/pit")).await;
        let cars: BTreeMap<&str, &Value> = said["cars"].as_array().unwrap().iter().map(|car| (car["car"].as_str().unwrap(), car)).collect();
        assert_eq!(cars.len(), board.len());
        for pit in &board {
            let car = cars[season.list.entries[live.cars[pit.car]].id.as_str()];
            assert_eq!(car["minimum_us"], pit.board.minimum.0);
            // Nobody waits for a car that drives through after its stop.
            let made_before = pit.board.mandatory.iter().filter(|visit| **visit + 1 != pit.visits.len()).count();
            let exit = pit.board.earliest_exit.filter(|_| made_before < usize::from(pit.board.asked));
            assert_eq!(car["earliest_exit"].as_str().map(str::to_owned), exit.map(server::printed));
            assert_eq!(car["breaches"].as_array().unwrap().len(), pit.board.breaches.len());
            let times: Vec<Option<i64>> = pit.visits.iter().map(|visit| visit.time().map(|time| time.0)).collect();
            let here: Vec<Option<i64>> = car["visits"].as_array().unwrap().iter().map(|visit| visit["time_us"].as_i64()).collect();
            assert_eq!(here, times);
            (waited, made) = (waited + usize::from(pit.board.earliest_exit.is_some()), made + pit.board.mandatory.len());
        }
        let shown = page(&told, &format!("/sessions/{ID}/pit")).await;
        assert_eq!(shown.matches("<tr data-car=").count(), board.len());
    }
    assert!(waited > 0 && made > 0, "cars were seen at their stops, and after them");
}

#[tokio::test]
async fn what_is_decided_about_a_stop_is_no_longer_proposed() {
    let mut told = Told::of(race::race(6));
    let (_, until) = told.span();
    told.until(Instant(until + 1));
    let board = json(&told, &format!("/api/v1/sessions/{ID}/pit")).await;
    let broken = board["cars"]
        .as_array()
        .unwrap()
        .iter()
        .find(|car| !car["breaches"].as_array().unwrap().is_empty())
        .expect("a stop was too short")
        .clone();
    let car = broken["car"].as_str().unwrap();
    let row = async |told: &Told| {
        let shown = page(told, &format!("/sessions/{ID}/pit")).await;
        shown.split(&format!("<tr data-car=\"{car}\"")).nth(1).unwrap().split("</tr>").next().unwrap().to_owned()
    };
    let at = Instant(until + 2);
    let session = sport::session::SessionName { round: 6, id: "race-1".into() };
    let decision = Decision {
        id: "6-77".into(),
        authority: String::from("Stewards"),
        article: String::from("C3"),
        reason: String::from("too short"),
        effects: vec![Effect::DriveThrough { session, car: car.into() }],
        settles: None,
        answers: Some(Answer { incident: "I6-77".into(), evidence: Vec::new(), other_car: None }),
    };
    assert!(row(&told).await.contains("proposed: "));
    let (by, citation) = (String::from("stewards"), String::from("S00"));
    told.site.hear(vec![Fact { number: 900_000, happened: at, recorded: at, by, citation, what: What::Decision(decision) }]);
    told.until(Instant(until + 3));
    let after = row(&told).await;
    assert!(after.contains("drive-through, <a href=\"/documents/900000\">decision 6-77</a>") && !after.contains("proposed"), "{after}");
}

#[tokio::test]
async fn charts_and_laps_are_those_of_the_core() {
    let mut told = Told::of(race::race(3));
    let (from, until) = told.span();
    let now = Instant(from + (until - from) / 10 * 6);
    told.until(now);
    let season = season(&told, now);
    let live = live(&told, &season, now);
    let said = json(&told, &format!("/api/v1/sessions/{ID}/charts/lap")).await;
    for (nth, cars) in live.lap_chart().iter().enumerate() {
        let mut here: Vec<(u64, &str, i64)> = Vec::new();
        for car in said["cars"].as_array().unwrap() {
            let point = car["laps"].as_array().unwrap().iter().find(|point| point["lap"] == nth as u64 + 1);
            let at = |point: &Value| (point["position"].as_u64().unwrap(), car["car"].as_str().unwrap(), point["gap_us"].as_i64().unwrap());
            here.extend(point.map(at));
        }
        here.sort_unstable();
        let ids: Vec<&str> = cars.iter().map(|car| season.list.entries[live.cars[*car]].id.as_str()).collect();
        assert_eq!(here.iter().map(|(_, id, _)| *id).collect::<Vec<_>>(), ids, "lap {}", nth + 1);
        assert!(here[0].2 == 0 && here.windows(2).all(|two| two[0].2 <= two[1].2));
    }
    let (status, other) = ask(&told, &format!("/api/v1/sessions/{ID}/laps/5")).await;
    assert!(
        status == StatusCode::NOT_FOUND && other.contains("car 5 in 6.race-1 is 5-bentley: /sessions/6.race-1/laps/5-bentley"),
        "{other}"
    );
    // A class alone is a chart of its own, and gaps may be to any car.
    let first = said["cars"][0]["car"].as_str().unwrap();
    let class = said["cars"][0]["class"].as_str().unwrap();
    let of_class = json(&told, &format!("/api/v1/sessions/{ID}/charts/lap?class={class}&to={first}")).await;
    assert!(of_class["cars"].as_array().unwrap().iter().all(|car| car["class"] == class));
    assert!(of_class["cars"][0]["laps"].as_array().unwrap().iter().all(|point| point["gap_us"] == 0));
    let total: usize = (0..live.cars.len()).map(|car| live.laps_of(car).len()).sum();
    let (mut offset, mut laps) = (0, Vec::new());
    loop {
        let part = json(&told, &format!("/api/v1/sessions/{ID}/laps?limit=77&offset={offset}")).await;
        assert_eq!(part["total"], total);
        laps.extend(part["laps"].as_array().unwrap().clone());
        let Some(next) = part["next_offset"].as_u64() else { break };
        offset = next;
    }
    assert_eq!(laps.len(), total);
    let of_first = json(&told, &format!("/api/v1/sessions/{ID}/laps/{first}")).await;
    let own: Vec<&Value> = laps.iter().filter(|lap| lap["car"] == first).collect();
    assert_eq!(of_first["laps"].as_array().unwrap().len(), own.len());
    assert_eq!(of_first["laps"][0]["time_us"], own[0]["time_us"]);
    for chart in ["lap", "gap", "times"] {
        let shown = page(&told, &format!("/sessions/{ID}/charts?chart={chart}&car={first}")).await;
        assert!(shown.contains("<svg") && shown.contains("The same as a table"));
        assert_eq!(
            shown.matches("<g class=\"car\"").count(),
            said["cars"].as_array().unwrap().iter().filter(|car| chart == "lap" || !car["laps"].as_array().unwrap().is_empty()).count()
        );
    }
    let shown = page(&told, &format!("/sessions/{ID}/laps/{first}")).await;
    assert_eq!(shown.matches("data-lap=").count(), own.len());
}

/// What a replay sends: the frames its events make, each with its kind, and the id of the last.
async fn replayed(told: &Told, query: &str) -> (StatusCode, Vec<(String, Value)>, String) {
    let request = Request::get(format!("/api/v1/sessions/{ID}/replay{query}")).body(Body::empty()).unwrap();
    let response = server::router(told.site.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let mut body = response.into_body();
    let (mut text, mut frames, mut frame, mut id) = (String::new(), Vec::new(), Value::Null, String::new());
    while let Ok(Some(piece)) = tokio::time::timeout(Duration::from_secs(20), body.frame()).await {
        text.push_str(std::str::from_utf8(piece.unwrap().data_ref().unwrap()).unwrap());
    }
    for event in text.split_terminator("\n\n") {
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        let data: Value = serde_json::from_str(field("data: ")).unwrap_or_default();
        match field("event: ") {
            "snapshot" => frame = data["frame"].clone(),
            "delta" => patch::apply(&mut frame, &data["patch"]),
            _ => {}
        }
        id = field("id: ").to_owned();
        frames.push((field("event: ").to_owned(), frame.clone()));
    }
    (status, frames, id)
}

#[tokio::test]
async fn a_replay_is_the_race_as_it_was_and_ends_with_it() {
    let mut told = Told::of(race::race(3));
    let (_, until) = told.span();
    told.until(Instant(until + 1));
    let from = server::printed(Instant(until - 90_000_000));
    let (status, frames, id) = replayed(&told, &format!("?from={from}&speed=60")).await;
    assert_eq!(status, StatusCode::OK);
    let kinds: Vec<&str> = frames.iter().map(|(kind, _)| kind.as_str()).collect();
    assert!(kinds.starts_with(&["snapshot"]) && kinds.ends_with(&["end"]), "{kinds:?}");
    let season = season(&told, Instant(until + 1));
    for (_, frame) in &frames {
        let at: i64 = jiff::Timestamp::as_microsecond(frame["at"].as_str().unwrap().parse().unwrap());
        let moment = Moment { known: Instant::FOREVER, in_force: Instant(at) };
        let of = AsItStands::of(&told.race.rulebook, &season, moment, told.race.session).unwrap();
        let order: Vec<&str> = tower(&season, &of).iter().map(|row| season.list.entries[row.classified.entry].id.as_str()).collect();
        assert_eq!(frame["order"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect::<Vec<_>>(), order);
        assert_eq!(frame["speed"], 60);
    }
    // Who was at the end is not sent it again.
    assert_eq!(replayed(&told, &format!("?speed=60&after={id}")).await.0, StatusCode::NO_CONTENT);
    let shown = page(&told, &format!("/sessions/{ID}/replay?at={from}&speed=30")).await;
    assert!(shown.contains("data-replay=") && shown.contains("−1 min"));
}

#[tokio::test]
async fn no_more_replays_run_than_the_machine_can_bear() {
    let mut told = Told::of(race::race(3));
    let (_, until) = told.span();
    told.until(Instant(until + 1));
    let mut running = Vec::new();
    loop {
        let request = Request::get(format!("/api/v1/sessions/{ID}/replay")).body(Body::empty()).unwrap();
        let response = server::router(told.site.clone()).oneshot(request).await.unwrap();
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            break;
        }
        running.push(response);
        assert!(running.len() < 100);
    }
    // Those who go make room.
    drop(running);
    tokio::time::sleep(Duration::from_millis(400)).await;
    let from = server::printed(Instant(until));
    assert_eq!(replayed(&told, &format!("?from={from}&speed=60")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn whatever_is_asked_for_is_answered_harmlessly() {
    let mut told = Told::of(race::race(3));
    let (from, until) = told.span();
    told.until(Instant(from + (until - from) / 2));
    let long = "9".repeat(5_000);
    let wild =
        ["%3Cscript%3Ealert(1)%3C%2Fscript%3E", "..%2F..%2Fetc%2Fpasswd", "%00", "%F0%9F%8F%81", "%ff", long.as_str(), "6.race-1%0A"];
    for odd in wild {
        let mut addresses = Vec::new();
        for prefix in ["", "/api/v1"] {
            for part in ["pit", "replay", "laps/19"] {
                addresses.push(format!("{prefix}/sessions/{odd}/{part}"));
            }
            addresses.push(format!("{prefix}/sessions/{ID}/laps/{odd}"));
            for (part, key) in [("pit", "at"), ("laps/19", "at")] {
                addresses.push(format!("{prefix}/sessions/{ID}/{part}?{key}={odd}"));
            }
        }
        for key in ["chart", "class", "to", "at"] {
            addresses.push(format!("/sessions/{ID}/charts?{key}={odd}"));
        }
        for key in ["from", "speed"] {
            addresses.push(format!("/api/v1/sessions/{ID}/replay?{key}={odd}"));
        }
        for key in ["show", "rows", "size", "side", "delay"] {
            addresses.push(format!("/overlay?{key}={odd}"));
        }
        addresses.push(format!("/api/v1/sessions/{ID}/laps?offset={odd}&limit={odd}"));
        for address in addresses {
            let (status, text) = ask(&told, &address).await;
            assert!(status == StatusCode::BAD_REQUEST || status == StatusCode::NOT_FOUND, "{status} {address}");
            // Problem details are JSON, which no browser takes for a page.
            assert!(text.len() < 5_000 && (address.starts_with("/api/") || !text.contains("<script>alert")), "{address}: {text}");
        }
        // What only chooses is no error where it chooses nothing.
        let shown = page(&told, &format!("/sessions/{ID}/charts?car={}", if odd == "%ff" { "" } else { odd })).await;
        assert!(!shown.contains("<script>alert"));
    }
    for fine in ["/overlay", "/overlay?show=window,leaders&class=GT3&rows=3&size=30&side=right&delay=5", "/overlay?class=nobody"] {
        assert!(page(&told, fine).await.contains("data-stream"));
    }
    for address in [format!("/sessions/{ID}/charts?from=4000000000"), format!("/api/v1/sessions/{ID}/charts/lap?from=0")] {
        page(&told, &address).await;
    }
    assert_eq!(ask(&told, "/sessions/1.race-1/pit").await.0, StatusCode::NOT_FOUND, "nothing was timed there");
}
