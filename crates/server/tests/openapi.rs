//! The description of the API that is checked in is the one that is served, and what is answered is as described.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod described;
#[expect(dead_code, reason = "a part of what other tests ask for")]
mod race;
#[expect(dead_code, reason = "a part of what other tests ask for")]
mod visited;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use described::Described;
use http_body_util::BodyExt as _;
use race::Told;
use serde_json::Value;
use server::Site;
use sport::date::Instant;
use tower::ServiceExt as _;

#[test]
fn the_description_of_the_api_is_checked_in() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let made = server::description();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &made).expect("the description can be written");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == made, "docs/openapi.json is not what the server says; run UPDATE=1 cargo test -p server --test openapi");
}

/// What is there in both sites, by the place of an address where it stands.
const THERE: [(&str, &str); 7] = [
    ("round", "6"),
    ("id", "6.race-1"),
    ("session", "6.race-1"),
    ("car", "666"),
    ("championship", "gt3-drivers"),
    ("competitor", "kodric"),
    ("fact", "3"),
];

/// What is asked after a question mark: well, and not.
const VALUES: [&str; 8] = ["", "6", "99", "%ff", "6.race-1", "2018-10-13T08:10:00Z", "A1=upheld", "x=upheld&x=1"];

/// What a site answers: its status, its type, its tag, and the body; of a stream the first piece.
async fn ask(site: &Arc<Site>, address: &str, tag: Option<&str>) -> (u16, String, String, Vec<u8>) {
    let request = tag.iter().fold(Request::get(address), |request, tag| request.header("if-none-match", *tag));
    let response = server::router(Arc::clone(site)).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, mut body) = response.into_parts();
    let header = |name: &str| parts.headers.get(name).map_or_else(String::new, |value| value.to_str().unwrap().to_owned());
    let kind = header("content-type");
    let bytes = if kind == "text/event-stream" {
        body.frame().await.unwrap().unwrap().into_data().unwrap().to_vec()
    } else {
        body.collect().await.unwrap().to_bytes().to_vec()
    };
    (parts.status.as_u16(), kind, header("etag"), bytes)
}

/// The names of what a route takes in one place.
fn named(of: &Value, place: &str) -> Vec<String> {
    let parameters = of["get"]["parameters"].as_array().cloned().unwrap_or_default();
    parameters.iter().filter(|of| of["in"] == place).map(|of| of["name"].as_str().unwrap().to_owned()).collect()
}

/// A route asked well, and in every way that is not meant.
fn asked(route: &str, of: &Value) -> Vec<String> {
    let places = named(of, "path");
    let filled = |wrong: &str, by: &str| {
        let there = |name: &str| match (name, route) {
            ("id", "/api/v1/drivers/{id}") => "kodric",
            ("id", "/api/v1/teams/{id}") => "absolute",
            _ => THERE.iter().find(|(place, _)| *place == name).unwrap().1,
        };
        places
            .iter()
            .fold(route.to_owned(), |address, name| address.replace(&format!("{{{name}}}"), if name == wrong { by } else { there(name) }))
    };
    let good = filled("", "");
    let mut asked = vec![good.clone(), format!("{good}?unknown=1")];
    asked.extend(places.iter().flat_map(|place| ["nothing", "%ff"].map(|by| filled(place, by))));
    for query in named(of, "query") {
        asked.extend(VALUES.map(|value| format!("{good}?{query}={value}")));
        asked.push(format!("{good}?{query}=1&{query}=2"));
    }
    asked
}

/// Asks every described route, and gives which statuses each answered.
async fn every_route_of(site: &Arc<Site>) -> BTreeSet<(String, u16)> {
    let described = Described(serde_json::from_str(&server::description()).unwrap());
    let mut answered = BTreeSet::new();
    for (route, of) in described.0["paths"].as_object().unwrap() {
        for address in asked(route, of) {
            let (status, kind, tag, body) = ask(site, &address, None).await;
            let mut wrong = described.wrong(route, status, &kind, &body);
            if !tag.is_empty() {
                let (status, kind, _, body) = ask(site, &address, Some(&tag)).await;
                wrong.extend(described.wrong(route, status, &kind, &body));
                answered.insert((route.clone(), status));
            }
            wrong.truncate(5);
            assert!(wrong.is_empty(), "{address}: {status} {kind}\n{}", wrong.join("\n"));
            answered.insert((route.clone(), status));
        }
    }
    answered
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_is_as_described() {
    let mut told = Told::of(race::race(3));
    let (from, until) = told.span();
    told.until(Instant(from + (until - from) / 10 * 6));
    let mut all = every_route_of(&told.site).await;
    let season = visited::site(vec![visited::disqualified(), visited::appeal()]);
    season.show();
    all.extend(every_route_of(&season).await);
    let description: Value = serde_json::from_str(&server::description()).unwrap();
    for (route, of) in description["paths"].as_object().unwrap() {
        // A WebSocket, the end of a replay and a server that shows nothing yet are asked for elsewhere.
        let seldom = ["101", "204", "503", "default"];
        for status in of["get"]["responses"].as_object().unwrap().keys().filter(|status| !seldom.contains(&status.as_str())) {
            assert!(all.contains(&(route.clone(), status.parse().unwrap())), "{route} never answered {status}, which is described");
        }
    }
}
