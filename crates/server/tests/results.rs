//! Results, standings, the success ledger and reasons, as pages and in the API: they say what the core computed, every number leads to its reasons,
//! what is open is never missed, and whatever a stranger asks for is answered harmlessly.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod visited;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::Value;
use sport::decision::{Against, Decision, Effect, Matter, MatterKind};
use sport::fact::What;
use sport::result::{Finish, PublishedResult, Raced, ResultRow, ResultState};

use visited::{appeal, ask, disqualified, json, race, site, text};

/// Car 888 won a race that two cars finished.
fn sheet(state: ResultState) -> What {
    let row = |car: &str, place: u16, ms: i64| ResultRow {
        place: Some(sport::place::Places::exactly(place)),
        laps: Some(30),
        time: Some(sport::date::Micros(ms * 1_000)),
        ..ResultRow::of(car.into(), Finish::Classified)
    };
    What::Result(PublishedResult {
        session: race(6, "race-2"),
        mark: None,
        state,
        document: Some(String::from("61")),
        complete: true,
        includes: Vec::new(),
        without: Vec::new(),
        raced: Raced::Full,
        fastest: Vec::new(),
        rows: vec![row("888", 1, 3_600_000), row("19", 2, 3_601_250), ResultRow::of("27".into(), Finish::NotClassified)],
    })
}

fn protest() -> What {
    What::Matter(Matter {
        id: "P2".into(),
        kind: MatterKind::Protest,
        by: String::from("FFF <Racing>"),
        against: Against::Result(race(6, "race-1")),
        if_upheld: vec![Effect::AnnulSession { session: race(6, "race-1") }],
        suspends: false,
        reason: String::from("the chequered signal came late"),
    })
}

/// Addresses of these pages in a page.
fn addresses(page: &str) -> BTreeSet<String> {
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let there = |link: &&str| {
        let elsewhere = ["/pit", "/charts", "/replay"].iter().any(|of| link.ends_with(of)) || link.contains("/laps/");
        ["/sessions/", "/standings", "/success", "/why/"].iter().any(|of| link.starts_with(of)) && !elsewhere
    };
    links.filter(there).map(|link| link.replace("&amp;", "&")).collect()
}

#[tokio::test]
async fn every_link_between_the_pages_leads_somewhere() {
    let site = site(vec![sheet(ResultState::Amended), disqualified(), appeal(), protest()]);
    let (mut seen, mut next) = (BTreeSet::new(), BTreeSet::from([String::from("/standings")]));
    let mut reasons = 0;
    while let Some(address) = next.pop_first() {
        let page = text(&site, &address).await;
        assert_eq!(page.matches("<h1").count(), 1, "{address} has one heading");
        assert_eq!(page.matches("<table").count(), page.matches("<caption").count(), "{address}: every table says what it is");
        assert!(!page.contains("<Racing>"), "{address}: what people write is escaped");
        seen.insert(address);
        let more = addresses(&page).into_iter().filter(|of| !(seen.contains(of) || of.contains("suppose") && of.starts_with("/why")));
        for address in more {
            // There are some hundred reasons; of each kind some are followed.
            reasons += usize::from(address.starts_with("/why"));
            if !address.starts_with("/why") || reasons % 23 == 0 || address.ends_with("6.race-2/888") {
                next.insert(address);
            }
        }
    }
    let kinds =
        ["/why/points/gt3-drivers/", "/why/place/6.race-2/", "/why/success/", "/success", "/sessions/1.race-1", "/standings/gt4-teams"];
    for wanted in kinds {
        assert!(seen.iter().any(|of| of.starts_with(wanted)), "nothing leads to {wanted}");
    }
}

#[tokio::test]
async fn a_session_says_what_it_is_and_what_may_change_it() {
    let site = site(vec![sheet(ResultState::Provisional), sheet(ResultState::Amended), disqualified(), appeal()]);
    let of = json(&site, "/api/v1/sessions/6.race-2").await;
    assert_eq!(
        (of["state"].as_str(), of["published"]["document"].as_str(), of["published"]["fact"].as_u64()),
        (Some("amended"), Some("61"), Some(43))
    );
    assert_eq!(of["publications"].as_array().unwrap().len(), 3, "one from the season's journal");
    let hindrances: Vec<&str> = of["hindrances"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(hindrances.contains(&"matter A1 is open"), "{hindrances:?}");
    let row = |at: usize| &of["classification"][at];
    assert_eq!((row(0)["position"].as_str(), row(0)["time"].as_str(), row(0)["gap"].as_str()), (Some("1"), Some("1:00:00.000"), Some("")));
    assert_eq!((row(1)["position"].as_str(), row(1)["gap"].as_str()), (Some("2"), Some("+1.250")));
    assert_eq!((row(2)["position"].as_str(), row(2)["finish"].as_str()), (Some("NC"), Some("not-classified")));
    assert_eq!((row(0)["points"][0]["championship"].as_str(), row(0)["points"][0]["points"].as_str()), (Some("gt3-drivers"), Some("25")));
    assert_eq!((of["decisions"][0]["id"].as_str(), of["decisions"][0]["in_force"].as_bool()), (Some("71"), Some(false)));
    assert_eq!(of["decisions"][0]["effects"][0], "car 888: disqualified");
    let page = text(&site, "/sessions/6.race-2").await;
    for wanted in [
        "<strong class=\"tag amended\">amended</strong>",
        "Decision 71 is suspended by appeal A1",
        "matter A1 is open",
        "<h2>Not classified</h2>",
        "href=\"/why/place/6.race-2/888\"",
        "href=\"/why/points/gt3-drivers/",
        "ride height &lt;b&gt;below&lt;/b&gt; the limit",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    let before = json(&site, "/api/v1/sessions/6.race-2?at=2018-10-01T00:00:00Z").await;
    assert_eq!((before["state"].as_str(), before["decisions"].as_array().map(Vec::len)), (Some("none"), Some(0)), "as known before");
}

#[tokio::test]
async fn tables_are_those_of_the_core_and_the_progress_ends_in_them() {
    let site = site(vec![disqualified(), appeal(), protest()]);
    let all = json(&site, "/api/v1/standings").await;
    assert_eq!(all["standings"].as_array().unwrap().len(), 7);
    for table in all["standings"].as_array().unwrap() {
        let id = table["championship"].as_str().unwrap();
        let one = json(&site, &format!("/api/v1/standings/{id}")).await;
        assert_eq!(one["table"], *table);
        let page = text(&site, &format!("/standings/{id}")).await;
        for line in table["lines"].as_array().unwrap() {
            let first = line["competitors"][0]["id"].as_str().unwrap();
            assert!(page.contains(&format!("/why/points/{id}/{first}")), "{id}: {first}");
        }
        for course in one["progress"]["courses"].as_array().unwrap() {
            let line = table["lines"].as_array().unwrap().iter().find(|line| line["name"] == course["name"]).unwrap();
            let last = course["after"].as_array().unwrap().last().unwrap();
            assert_eq!((&last["points"], &last["position"]), (&line["points"], &line["position"]), "{id}: {}", course["name"]);
        }
    }
    let earlier = json(&site, "/api/v1/standings/gt3-drivers?after=1.2").await;
    assert_eq!(earlier["table"]["sessions"].as_array().unwrap().len(), 2, "the races of one round");
}

/// What is asked before a penalty is known to have been served is not what is answered after.
#[tokio::test]
async fn a_table_moves_with_a_penalty_that_was_served() {
    let drive_through = What::Decision(Decision {
        id: "72".into(),
        authority: String::from("Stewards"),
        article: String::from("6.3"),
        reason: String::from("pit stop too short"),
        effects: vec![Effect::DriveThrough { session: race(6, "race-2"), car: "888".into() }],
        settles: None,
        answers: None,
    });
    let facts = vec![sheet(ResultState::Final), drive_through];
    let site = site(facts);
    let first = async || {
        let one = json(&site, "/api/v1/standings/gt3-drivers").await;
        let points = |course: &Value| course["after"].as_array().unwrap().last().unwrap()["points"].clone();
        let course = one["progress"]["courses"].as_array().unwrap().iter().map(|of| (of["name"].clone(), points(of)));
        let line = one["table"]["lines"].as_array().unwrap().iter().map(|of| (of["name"].clone(), of["points"].clone()));
        let by_name =
            |of: &mut dyn Iterator<Item = (Value, Value)>| of.map(|(name, points)| format!("{name} {points}")).collect::<BTreeSet<_>>();
        (by_name(&mut { course }), by_name(&mut { line }))
    };
    let (unserved, table) = first().await;
    assert!(unserved.is_subset(&table));
    let at = sport::date::Instant(visited::NOW + 10_000_000);
    site.hear(vec![sport::fact::Fact {
        number: 100,
        happened: at,
        recorded: at,
        by: String::from("secretary"),
        citation: String::from("S00"),
        what: What::Meeting(sport::meeting_fact::MeetingFact::PenaltyServed { decision: "72".into(), car: "888".into() }),
    }]);
    let (served, table) = first().await;
    assert_ne!(unserved, served);
    assert!(served.is_subset(&table));
}

#[tokio::test]
async fn what_is_open_says_what_it_would_change() {
    let site = site(vec![sheet(ResultState::Final), disqualified(), appeal()]);
    let of = json(&site, "/api/v1/standings/gt3-drivers").await["open_matters"].clone();
    assert_eq!((of["matters"][0]["id"].as_str(), of["worlds"].as_u64(), of["same"].as_bool()), (Some("A1"), Some(2), Some(false)));
    assert!(of["competitors"].as_array().unwrap().iter().any(|one| one["name"].as_str().unwrap().contains("Marciello")));
    assert_eq!(of["outcomes"][0]["when"], "A1 rejected");
    let page = text(&site, "/standings/gt3-drivers").await;
    assert!(page.contains("<strong class=\"tag provisional\">Provisional</strong>") && page.contains("suppose=A1%3Dupheld"));
    let elsewhere = json(&site, "/api/v1/standings/gt4-drivers").await["open_matters"].clone();
    assert_eq!(elsewhere["same"], true);
    assert!(!text(&site, "/standings/gt4-drivers").await.contains("Provisional"));
    let why = async |world: &str| json(&site, &format!("/api/v1/why/place/6.race-2/888{world}")).await["reason"]["says"].clone();
    assert_eq!(why("").await, "6.race-2: car 888 has place 1");
    assert_eq!(why("?suppose=A1%3Dupheld").await, "6.race-2: car 888 has place 1");
    assert_eq!(why("?suppose=A1%3Drejected").await, "6.race-2: car 888 has no place: disqualified");
    // The session is the same in that world as its tables are.
    let of = json(&site, "/api/v1/sessions/6.race-2?suppose=A1=rejected").await;
    let row = |car: &str| of["classification"].as_array().unwrap().iter().find(|row| row["car"]["id"] == car).unwrap();
    assert_eq!((row("888")["position"].as_str(), row("888")["points"].as_array().map(Vec::len)), (Some("DSQ"), Some(0)));
    assert_eq!(row("19")["position"], "1");
    assert!(!of["remarks"].to_string().contains("suspended"), "{}", of["remarks"]);
    let (decision, matter) = (&of["decisions"][0], &of["matters"][0]);
    assert_eq!(
        (decision["in_force"].as_bool(), decision["suspended_by"].as_str(), matter["supposed"].as_str()),
        (Some(true), None, Some("rejected"))
    );
    let page = text(&site, "/sessions/6.race-2?suppose=A1=rejected").await;
    assert!(page.contains("supposed <strong>rejected</strong>") && !page.contains("Suspended by"));
    let of = json(&site, "/api/v1/sessions/6.race-2?suppose=A1=upheld").await;
    assert_eq!((of["decisions"][0]["in_force"].as_bool(), of["classification"][0]["car"]["id"].as_str()), (Some(false), Some("888")));
    let page = text(&site, "/why/place/6.race-2/888?suppose=A1=rejected").await;
    assert!(page.contains("Supposing A1 rejected") && page.contains("href=\"/documents/43\">decision 71</a>"));
}

#[tokio::test]
async fn reasons_say_which_sheet_it_is_and_that_the_decision_is_not_in_it() {
    let says = async |site: &std::sync::Arc<server::Site>| {
        let chain = json(site, "/api/v1/why/place/6.race-2/888").await;
        let because = chain["reason"]["because"].as_array().unwrap().iter();
        because.map(|of| of["says"].as_str().unwrap().to_owned()).take(2).collect::<Vec<_>>()
    };
    let later = says(&site(vec![sheet(ResultState::Amended), disqualified()])).await;
    let of = "amended sheet, without decision 71: place 1 of all";
    assert_eq!(later, [of, "disqualified: decision 71, taken after that sheet"]);
    let before = says(&site(vec![disqualified(), sheet(ResultState::Amended)])).await;
    assert_eq!(before, [of, "disqualified: decision 71, taken before that sheet and not in it"]);
    assert_eq!(says(&site(vec![sheet(ResultState::Final)])).await[0], "final sheet: place 1 of all", "nothing came after it");
}

#[tokio::test]
async fn a_car_asked_for_by_its_number_is_named() {
    let site = site(Vec::new());
    for what in ["place", "success"] {
        for folder in ["", "/api/v1"] {
            let (status, _, body) = ask(&site, &format!("{folder}/why/{what}/6.race-1/5"), None).await;
            let body = String::from_utf8(body).unwrap().replace("<wbr>", "");
            let wanted = format!("car 5 in 6.race-1 is 5-bentley: /why/{what}/6.race-1/5-bentley");
            assert!(status == StatusCode::NOT_FOUND && body.contains(&wanted), "{body}");
        }
    }
    let (_, _, body) = ask(&site, "/why/place/6.race-1/4711", None).await;
    assert!(String::from_utf8(body).unwrap().contains("there is no car `4711`"));
}

#[tokio::test]
async fn the_ledger_leads_to_its_reasons() {
    let site = site(Vec::new());
    let ledger = json(&site, "/api/v1/success").await;
    let due = &ledger["dues"][0];
    assert_eq!(
        (due["earned_in"]["short"].as_str(), due["amount"].as_str(), due["due_in"]["id"].as_str()),
        (Some("1.1"), Some("15 s"), Some("1.race-2"))
    );
    let (session, car) = (due["earned_in"]["id"].as_str().unwrap(), due["car"]["id"].as_str().unwrap());
    assert!(text(&site, "/success").await.contains(&format!("href=\"/why/success/{session}/{car}\"")));
    let says = json(&site, &format!("/api/v1/why/success/{session}/{car}")).await["reason"]["because"][0]["says"].clone();
    assert!(says.as_str().unwrap().starts_with("15.000 s earned in 1.race-1 by place 1 of GT3"), "{says}");
}

#[tokio::test]
async fn whatever_a_stranger_asks_for_is_answered_harmlessly() {
    let site = site(vec![disqualified(), appeal()]);
    let long = "9".repeat(5_000);
    let odd =
        ["%00", "%FF", "..%2F..%2Fetc", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "-1", "99999.race-1", "1.99999", "%E2%80%AE", "1.", &long];
    let mut addresses: Vec<String> = Vec::new();
    for odd in odd {
        addresses.extend(
            ["/sessions/X", "/sessions/X/if-it-ended-now", "/standings/X", "/why/points/X/lind", "/why/points/gt3-drivers/X"]
                .map(|of| of.replace('X', odd)),
        );
        addresses.extend(
            ["/why/place/X/19", "/why/place/1.race-1/X", "/why/success/X/19", "/why/success/1.race-1/X"].map(|of| of.replace('X', odd)),
        );
        addresses.extend(
            ["/standings?at=X", "/standings/gt3-drivers?after=X", "/success?at=X", "/sessions/1.race-1?at=X"]
                .map(|of| of.replace('X', odd)),
        );
        addresses.extend(
            ["/why/place/1.race-1/19?suppose=X", "/standings?suppose=X%3Dupheld", "/standings?suppose=A1%3DX"]
                .map(|of| of.replace('X', odd)),
        );
    }
    addresses.extend(
        ["/standings?at=a&at=b", "/success?after=%FF&after=", "/why/place/1.race-1/19?suppose=A1=upheld,A1=rejected"].map(str::to_owned),
    );
    let api: Vec<String> = addresses.iter().map(|of| format!("/api/v1{of}")).collect();
    for address in addresses.iter().chain(&api) {
        let (status, headers, body) = ask(&site, address, None).await;
        let short: String = address.chars().take(80).collect();
        let body = String::from_utf8(body).unwrap();
        assert!(status.is_client_error(), "{short}: {status}");
        assert!(address.starts_with("/api") || !body.contains("<script>alert"), "{short}");
        assert!(!body.contains(['\0', '\u{202e}']) && body.len() < 10_000, "{short}: {} bytes", body.len());
        let wanted = if address.starts_with("/api") { "application/problem+json" } else { "text/html; charset=utf-8" };
        assert_eq!(headers["content-type"].to_str().unwrap(), wanted, "{short}");
    }
    // Moments beyond all time are moments.
    for at in ["-009999-01-03T00:00:00Z", "9999-12-30T00:00:00Z"] {
        assert_eq!(ask(&site, &format!("/standings/gt3-drivers?at={at}"), None).await.0, StatusCode::OK, "{at}");
    }
}
