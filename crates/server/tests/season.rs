//! The season's pages and their counterparts in the API: everything is there, links lead somewhere, what was undone says so, and whatever
//! a stranger asks for is answered harmlessly.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod visited;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::Value;
use sport::date::{Date, Instant};
use sport::entry::EntryStatus;
use sport::fact::What;
use sport::grade::Grade;
use sport::meeting_fact::MeetingFact;

use visited::{NOW, appeal, ask, disqualified, json, race, site, text};

fn timetable(at: i64) -> What {
    What::Meeting(MeetingFact::Timetable { session: race(6, "race-2"), at: Instant(at) })
}

fn undo(fact: u64) -> What {
    What::Undo { fact, reason: String::from("typed twice") }
}

/// Addresses of these pages in a page.
fn addresses(page: &str) -> BTreeSet<String> {
    const MINE: [&str; 6] = ["/calendar", "/entries", "/drivers/", "/teams/", "/documents", "/search"];
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mine = |link: &&str| *link == "/" || MINE.iter().any(|of| link.starts_with(of));
    links.filter(mine).map(|link| link.replace("&amp;", "&")).collect()
}

#[tokio::test]
async fn every_page_is_there_and_every_link_between_them_leads_somewhere() {
    let site = site(vec![timetable(NOW), disqualified(), appeal(), undo(3)]);
    let (mut seen, mut next) = (BTreeSet::new(), BTreeSet::from([String::from("/")]));
    while let Some(address) = next.pop_first() {
        let page = text(&site, &address).await;
        if address != "/calendar.ics" {
            assert_eq!(page.matches("<h1").count(), 1, "{address} has one heading");
            assert_eq!(page.matches("<table").count(), page.matches("<caption").count(), "{address}: every table says what it is");
            next.extend(addresses(&page).into_iter().filter(|of| !seen.contains(of)));
        }
        seen.insert(address);
    }
    for wanted in [
        "/entries/19",
        "/drivers/lind",
        "/teams/absolute",
        "/documents/44",
        "/calendar/6",
        "/documents?round=2",
        "/documents?kind=decision",
    ] {
        assert!(seen.contains(wanted), "nothing leads to {wanted}");
    }
}

#[tokio::test]
async fn a_source_is_explained_and_a_race_without_data_is_named() {
    let site = site(Vec::new());
    let car = json(&site, "/api/v1/entries/19").await;
    let first = &car["results"][0];
    assert!(first["notes"][0].as_str().unwrap().ends_with("[S05 S03]"));
    assert_eq!(first["sources"].as_array().unwrap().iter().map(|of| of["id"].as_str().unwrap()).collect::<Vec<_>>(), ["S03", "S05"]);
    let page = text(&site, "/entries/19").await;
    let says = "blancpain-gt-series-asia.com: news 147 (JP) Sepang race 1; news 149 (JP) Sepang race 2";
    assert!(page.contains(&format!("[<a href=\"/documents/{}\" title=\"{says}\">S05</a> ", first["fact"])), "{page}");
    assert!(text(&site, "/sessions/1.race-1").await.contains(&format!("title=\"{says}\">S05</a>")));
    for (address, kind) in [("entries/19", "results"), ("drivers/lind", "results"), ("teams/absolute", "results")] {
        let of = json(&site, &format!("/api/v1/{address}")).await;
        let told = |list: &str| of[list].as_array().unwrap().iter().map(|of| of["session"]["id"].as_str().unwrap().to_owned()).collect();
        let (there, lacks): (BTreeSet<String>, BTreeSet<String>) = (told(kind), told("no_data"));
        assert!(there.is_disjoint(&lacks), "{address}");
        let page = text(&site, &format!("/{address}")).await;
        for session in &lacks {
            assert!(session.contains(".race-") && page.contains(&format!("<li><a href=\"/sessions/{session}\">")), "{address}: {session}");
        }
        let races = there.iter().chain(&lacks).filter(|id| id.contains(".race-")).count();
        assert!(races == 12 && !lacks.is_empty(), "{address}: of twelve races each is there or is said to lack: {there:?} {lacks:?}");
    }
}

#[tokio::test]
async fn the_api_has_what_the_pages_show() {
    let site = site(vec![disqualified(), appeal()]);
    let car = json(&site, "/api/v1/entries/19").await;
    let first = &car["results"][0];
    assert_eq!((first["session"]["id"].as_str(), first["class_place"].as_str()), (Some("1.race-1"), Some("2")));
    assert_eq!(car["points"][0]["points"], "18");
    let driver = json(&site, "/api/v1/drivers/lind").await;
    assert_eq!(driver["rounds"].as_array().unwrap().len(), 6);
    assert_eq!(driver["championships"][0]["championship"], "gt3-drivers");
    let page = text(&site, "/drivers/lind").await;
    assert!(page.contains("/why/points/gt3-drivers/lind") && page.contains("/why/place/1.race-1/19"), "numbers lead to their reasons");
    let season = json(&site, "/api/v1/season").await;
    assert_eq!(season["matters"][0]["id"], "A1");
    assert!(text(&site, "/").await.contains("Appeal A1"));
    let penalties = json(&site, "/api/v1/entries/888").await["penalties"].clone();
    assert_eq!((penalties[0]["decision"].as_str(), penalties[0]["in_force"].as_bool()), (Some("71"), Some(false)), "suspended");
    let round = json(&site, "/api/v1/calendar/6").await;
    assert_eq!(round["sessions"].as_array().unwrap().len(), 7);
    assert_eq!(json(&site, "/api/v1/entries?round=2").await.as_array().unwrap().len(), 1);
    let decision = json(&site, "/api/v1/documents/42").await;
    assert_eq!(decision["fields"][2]["value"], "12.1");
    assert!(text(&site, "/documents/42").await.contains("&lt;b&gt;below&lt;/b&gt;"), "what people write is escaped");
}

#[tokio::test]
async fn entry_lists_have_grades_and_statuses_as_they_are_in_force_there() {
    let gold = What::Grade { driver: "lind".into(), grade: Grade::Gold, from: Date { year: 2018, month: 6, day: 1 } };
    let guest = What::Status { car: "19".into(), status: EntryStatus::Guest, rounds: vec![5] };
    let site = site(vec![gold, guest]);
    let lists = json(&site, "/api/v1/entries").await;
    let crew = |round: usize| {
        let entries = lists[round - 1]["entries"].as_array().unwrap();
        let crew = &entries.iter().find(|of| of["car"]["id"] == "19").unwrap()["crew"];
        let lind = crew["drivers"].as_array().unwrap().iter().find(|of| of["driver"]["id"] == "lind").unwrap();
        (lind["grade"].clone(), crew["cup"].clone(), crew["status"].clone())
    };
    assert_eq!(crew(2), ("Silver".into(), "Silver Cup".into(), "regular".into()));
    assert_eq!(crew(3), ("Gold".into(), "Silver Cup".into(), "regular".into()), "the cup is the one the list was published with");
    assert_eq!(crew(5), ("Gold".into(), "Silver Cup".into(), "guest".into()));
}

#[tokio::test]
async fn what_was_undone_is_struck_through_until_that_is_undone() {
    // 42 is undone by 43; 44 undoes 43 again. 45 names itself, 46 a later one: a journal from elsewhere may.
    let struck = |page: &str| page.contains("<s><a href=\"/documents/42\">Decision 71</a>") && page.contains("undone by fact 43");
    let undone = site(vec![disqualified(), undo(42)]);
    assert!(struck(&text(&undone, "/documents").await));
    assert!(text(&undone, "/documents/42").await.contains("It has no effect"));
    assert_eq!(json(&undone, "/api/v1/documents").await["notices"][1]["undone_by"], 43);
    let restored = site(vec![disqualified(), undo(42), undo(43), undo(45), undo(47)]);
    assert!(!struck(&text(&restored, "/documents").await));
    assert!(text(&restored, "/documents?round=6").await.contains("Correction of fact 43"), "a correction is where what it corrects is");
    for fact in 42..=46 {
        text(&restored, &format!("/documents/{fact}")).await;
    }
}

#[tokio::test]
async fn the_board_can_be_walked_page_by_page() {
    let site = site(vec![disqualified()]);
    let (mut before, mut numbers) = (String::new(), Vec::new());
    loop {
        let page = json(&site, &format!("/api/v1/documents?limit=7{before}")).await;
        numbers.extend(page["notices"].as_array().unwrap().iter().map(|notice| notice["fact"].as_u64().unwrap()));
        let Some(next) = page["next"].as_u64() else { break };
        before = format!("&before={next}");
    }
    assert_eq!(numbers, (1..=42).rev().collect::<Vec<u64>>());
}

#[tokio::test]
async fn the_calendar_for_programs_keeps_its_form_and_its_names() {
    let (before, after) = (site(Vec::new()), site(vec![timetable(NOW), timetable(NOW + 3_600_000_000)]));
    let (before, after) = (text(&before, "/calendar.ics").await, text(&after, "/calendar.ics").await);
    for text in [&before, &after] {
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    }
    let names =
        |text: &str| text.replace("\r\n ", "").lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(names(&before), names(&after));
    assert_eq!(names(&before).iter().collect::<BTreeSet<_>>().len(), 42, "each its own");
    assert!(before.contains("DTSTART;VALUE=DATE:20181014\r\n"), "of a day only the day is told");
    assert!(after.contains("SEQUENCE:1\r\nDTSTART:20181016T010000Z\r\nDURATION:PT60M\r\n"), "the time told last");
    assert!(after.contains("LOCATION:Ningbo International Circuit\\, China\r\n"));
}

#[tokio::test]
async fn who_has_the_latest_is_told_so() {
    let site = site(Vec::new());
    for address in ["/calendar.ics", "/api/v1/entries", "/api/v1/documents/1", "/api/v1/teams/absolute"] {
        let (_, headers, _) = ask(&site, address, None).await;
        let tag = headers["etag"].to_str().unwrap().to_owned();
        let (status, _, body) = ask(&site, address, Some(&tag)).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0), "{address}");
    }
}

#[tokio::test]
async fn search_finds_whatever_the_accents() {
    let site = site(vec![disqualified()]);
    let first = async |query: &str| json(&site, &format!("/api/v1/search?q={query}")).await["hits"][0].clone();
    assert_eq!(first("19").await["address"], "/entries/19");
    assert_eq!(first("M%C3%81RCIELLO").await["address"], "/drivers/marciello");
    assert_eq!(first("decision%2071").await["address"], "/documents/42");
    assert_eq!(first("absolute%20racing").await["address"], "/teams/absolute");
    assert_eq!(first("race%202%20ningbo").await["address"], "/sessions/6.race-2");
    assert_eq!(first("nobody%20of%20that%20name").await, Value::Null);
    assert!(text(&site, "/search?q=%3Cscript%3E").await.contains("&lt;script&gt;"));
}

#[tokio::test]
async fn whatever_a_stranger_asks_for_is_answered_harmlessly() {
    let site = site(Vec::new());
    let long = "9".repeat(5_000);
    let odd = [
        "%00",
        "%FF",
        "..%2F..%2Fetc%2Fpasswd",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "-1",
        "0",
        "18446744073709551616",
        "%E2%80%AE",
        &long,
    ];
    let below = ["/calendar/", "/entries/", "/drivers/", "/teams/", "/documents/"];
    let asked =
        ["/entries?round=", "/documents?round=", "/documents?kind=", "/documents?before=", "/api/v1/documents?limit=", "/search?q=%FF&q="];
    let mut addresses: Vec<String> = below.iter().flat_map(|of| odd.iter().map(move |odd| format!("{of}{odd}"))).collect();
    addresses.extend(asked.iter().flat_map(|of| odd.iter().map(move |odd| format!("{of}{odd}"))));
    addresses.extend(["/documents?round=1&round=2", "/search?q=a&q=b", "/entries?round=1&round=x"].map(str::to_owned));
    addresses.push(format!("/search?q={long}"));
    let api: Vec<String> = addresses.iter().filter(|of| !of.starts_with("/api")).map(|of| format!("/api/v1{of}")).collect();
    for address in addresses.iter().chain(&api) {
        let (status, headers, body) = ask(&site, address, None).await;
        let short: String = address.chars().take(80).collect();
        let body = String::from_utf8(body).unwrap();
        // An empty board and an empty search are answers.
        let answered =
            status == StatusCode::OK && (address.contains("before=") || address.contains("round=") || address.contains("limit="));
        assert!(status.is_client_error() || answered, "{short}: {status}");
        assert!(address.starts_with("/api") || !body.contains("<script>alert"), "{short}");
        assert!(!body.contains(['\0', '\u{202e}']), "{short}");
        assert!(body.len() < 50_000, "{short}: {} bytes", body.len());
        let kind = headers["content-type"].to_str().unwrap();
        let wanted = match (address.starts_with("/api"), status.is_client_error()) {
            (true, true) => "application/problem+json",
            (true, false) => "application/json",
            (false, _) => "text/html; charset=utf-8",
        };
        assert_eq!(kind, wanted, "{short}");
    }
}
