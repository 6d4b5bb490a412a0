//! The live page as it is sent: what it shows where there is little to show.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[expect(dead_code, reason = "other tests ask for the session")]
mod race;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use race::{Race, Told};
use serde_json::Value;
use sport::date::Instant;
use sport::fact::{Fact, What};
use sport::meeting_fact::{MeetingFact, Signal};
use sport::result::{PublishedResult, Raced, ResultState};
use sport::session::SessionName;
use tower::ServiceExt as _;

const ID: &str = "6.race-1";

async fn page(told: &Told, address: &str) -> String {
    let request = Request::get(address).body(Body::empty()).unwrap();
    let response = server::router(told.site.clone()).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{address}");
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

async fn frame(told: &Told) -> Value {
    serde_json::from_str(&page(told, "/api/v1/live").await).unwrap()
}

/// A race told until a part of it, in twentieths.
fn until(race: Race, twentieths: i64) -> Told {
    let mut told = Told::of(race);
    let (from, until) = told.span();
    told.until(Instant(from + (until - from) * twentieths / 20));
    told
}

#[tokio::test]
async fn a_class_that_is_not_there_says_so_and_names_those_that_are() {
    let told = until(race::race(3), 10);
    let nobody = |page: &str| {
        let rest = page.split("class=\"large nobody\" role=\"status\"").nth(1).unwrap();
        (!rest.starts_with(" hidden")).then(|| rest.split("</p>").next().unwrap().to_owned())
    };
    let shown = nobody(&page(&told, "/live?class=GT9").await).unwrap();
    assert!(shown.contains("No car of this class; there are GT3, GT4."), "{shown}");
    let shown = nobody(&page(&told, "/live?cup=gold").await).unwrap();
    assert!(shown.contains("No car of this cup; there are pro-am, silver, am."), "{shown}");
    for some in ["/live", "/live?class=GT4", "/live?cup=silver"] {
        assert_eq!(nobody(&page(&told, some).await), None, "{some}");
    }
}

#[tokio::test]
async fn in_a_cup_every_car_shown_but_the_first_has_a_gap() {
    let told = until(race::race(3), 10);
    let frame = frame(&told).await;
    let (mut sure, mut open) = (0, 0);
    for cup in ["pro-am", "silver", "am"] {
        let cars = frame["order"].as_array().unwrap().iter().map(|id| &frame["cars"][id.as_str().unwrap()]);
        let in_cup = |car: &&Value| car["state"] != "not-out" && car["cup"].as_str().unwrap().split('|').any(|of| of == cup);
        let cars: Vec<&Value> = cars.filter(in_cup).collect();
        for (nth, car) in cars.iter().enumerate() {
            let of = &car["in_cups"][cup];
            assert_eq!((of["gap"] == "", of["interval"] == ""), (nth == 0, nth == 0), "{cup}: car {}", car["number"]);
            let unsure = car["cup"].as_str().unwrap().contains('|');
            assert_eq!(car["cup_position"] == "?", unsure, "car {}", car["number"]);
            if unsure { open += 1 } else { sure += 1 }
        }
        let second = cars[1]["in_cups"][cup]["gap"].as_str().unwrap();
        assert!(page(&told, &format!("/live?cup={cup}")).await.contains(&format!("data-k=\"gap\">{second}<")), "{cup}: {second}");
    }
    assert!(sure > 5 && open > 5, "{sure} {open}");
}

#[tokio::test]
async fn before_the_start_the_clock_counts_down_to_it() {
    let mut told = Told::of(race::race(3));
    told.until(Instant(told.race.facts[0].recorded.0 + 1_000_000));
    let session = frame(&told).await["session"].clone();
    assert!(session["start"].is_null() && session["planned"] == "2018-10-13T08:00:00Z", "{session}");
    let shown = page(&told, "/live").await;
    assert!(shown.contains("aria-label=\"Time to the start\" data-clock=\"\">start in "), "{shown}");
    // Signals and states are told in words, each once; where nobody said who starts, the crew stands.
    assert!(shown.contains("data-h=\"signal\">pit exit open<") && shown.contains("data-h=\"far\">not started<"), "{shown}");
    let rows = shown.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    assert!(rows.contains("<tr data-car=") && !rows.contains("data-k=\"driver\"></strong>"), "{rows}");
    let at = page(&told, "/live?at=2018-10-13T08:00:20Z").await;
    assert!(at.contains("data-clock=\"\">start due<") || at.contains("aria-label=\"Time left\""), "it was planned by then");
}

#[tokio::test]
async fn race_control_tells_what_is_published_of_every_session_of_the_round_day_by_day() {
    let mut told = until(race::race(3), 10);
    assert!(!page(&told, "/live").await.contains("<li class=\"day\">"), "one day has no date");
    let at = told.race.facts[0].recorded;
    let sheet = PublishedResult {
        session: SessionName { round: 6, id: "qualifying-1".into() },
        mark: None,
        state: ResultState::Amended,
        document: None,
        complete: true,
        includes: Vec::new(),
        without: Vec::new(),
        raced: Raced::Full,
        fastest: Vec::new(),
        rows: Vec::new(),
    };
    let (happened, by, citation) = (Instant(at.0 - 86_400_000_000), String::from("secretary"), String::from("S00"));
    told.site.hear(vec![Fact { number: 900_000, happened, recorded: at, by, citation, what: What::Result(sheet) }]);
    let (from, end) = told.span();
    told.until(Instant(from + (end - from) / 2 + 1_000_000));
    let shown = page(&told, "/live").await;
    let list = shown.split("aria-label=\"Messages of race control\">").nth(1).unwrap().split("</ol>").next().unwrap();
    let (today, before) = list.split_once("<li class=\"day\">2018-10-12</li>").expect("the day before has its date");
    assert!(today.starts_with("<li class=\"day\">2018-10-13</li>"), "{today}");
    assert!(before.contains("amended result published"), "{before}");
}

#[tokio::test]
async fn all_pages_of_a_session_have_the_same_ways_on_and_the_same_place() {
    let nav = |shown: &str, label: &str| {
        let nav = shown.split(&format!("<nav aria-label=\"{label}\">")).nth(1).unwrap().split("</nav>").next().unwrap();
        let lit = nav
            .split("<a ")
            .find(|link| link.contains("aria-current"))
            .map_or("", |link| link.split(['>', '<']).nth(1).unwrap())
            .to_owned();
        (nav.replace(" aria-current=\"page\"", ""), lit)
    };
    let pages = ["", "/pit", "/charts", "/replay", "/if-it-ended-now"].map(|way| format!("/sessions/{ID}{way}"));
    let mut told = until(race::race(3), 10);
    let (_, end) = told.span();
    let (at, by, citation) = (Instant(end + 1), String::from("race control"), String::from("simulated"));
    let close = What::Meeting(MeetingFact::Signal { session: SessionName { round: 6, id: "race-1".into() }, signal: Signal::Close });
    told.site.hear(vec![Fact { number: 900_000, happened: at, recorded: at, by, citation, what: close }]);
    for (lit, banner) in [("Live", "<span data-over=\"false\">"), ("Calendar", "<span data-over=\"true\">")] {
        let live = page(&told, "/live").await;
        assert!(live.contains(banner), "{live}");
        assert_eq!(live.contains("aria-label=\"Next legal exit\" hidden"), lit == "Calendar", "nobody is waited for once it is over");
        let ways = nav(&live, "Session").0;
        for address in &pages[..if lit == "Live" { 5 } else { 4 }] {
            let shown = page(&told, address).await;
            assert_eq!((nav(&shown, "Session").0.as_str(), nav(&shown, "Site").1.as_str()), (ways.as_str(), lit), "{address}");
        }
        told.until(Instant(end + 1_000_000));
    }
    assert!(page(&told, "/live").await.contains("data-h=\"signal\">closed<"));
}

#[tokio::test]
async fn a_rulebook_without_stops_and_success_penalties_leads_to_neither() {
    let told = until(race::race(3), 10);
    let pages = [String::from("/live"), format!("/sessions/{ID}"), format!("/sessions/{ID}/charts"), String::from("/calendar")];
    for address in &pages {
        assert!(page(&told, address).await.contains(&format!("href=\"/sessions/{ID}/pit\"")), "{address}");
    }
    let others = ["/", "/standings", "/calendar/6"];
    for address in others {
        assert!(page(&told, address).await.contains("href=\"/success\""), "{address}");
    }
    let mut race = race::race(3);
    for version in &mut race.rulebook.versions {
        (version.law.pit_stop, version.law.success) = (None, None);
        version.law.drive_times.clear();
    }
    let told = until(race, 10);
    for address in pages.iter().map(String::as_str).chain(others) {
        let shown = page(&told, address).await;
        assert!(!shown.contains("/pit\"") && !shown.contains("href=\"/success\""), "{address}");
    }
}

#[tokio::test]
async fn a_car_in_its_box_shows_where_it_is_in_place_of_its_gap() {
    let told = until(race::race(3), 9);
    let frame = frame(&told).await;
    let inside = frame["cars"].as_object().unwrap().iter().find(|(_, car)| car["state"] == "pit");
    let (id, _) = inside.expect("the window is open");
    let shown = page(&told, "/live").await;
    let row = shown.split(&format!("<tr data-car=\"{id}\" data-state=\"pit\"")).nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(row.contains("<strong class=\"instead\" data-k=\"state\">pit</strong>"), "{row}");
    assert!(shown.contains("data-race=\"\""), "only in a race a gap is one on the road");
}
