//! The season of 2018 as a site, and what a visitor gets of it.

use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use paperwork::read::Sources;
use serde_json::Value;
use server::{Clock, Opening, Site};
use sport::date::Instant;
use sport::decision::{Against, Decision, Effect, Matter, MatterKind};
use sport::fact::{Fact, What};
use sport::session::SessionName;
use tower::ServiceExt as _;

/// A day after the season.
pub(crate) const NOW: i64 = 1_539_648_000_000_000;

/// The season of 2018 with its journal, and more facts.
pub(crate) fn site(more: Vec<What>) -> Arc<Site> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("seasons/blancpain-gt-series-asia-2018");
    let written = paperwork::season::season(&folder, &mut Sources::new(&root)).value.unwrap();
    let mut season = written.begin();
    season.take(journal::jsonl::read_file(&folder.join("journal.jsonl")).unwrap());
    for (nth, what) in (0..).zip(more) {
        let at = Instant(NOW + nth * 1_000_000);
        let (by, citation) = (String::from("secretary"), String::from("S00"));
        season.apply(&Fact { number: season.next_number(), happened: at, recorded: at, by, citation, what });
    }
    let clock = Clock { now: Arc::new(|| Instant(NOW + 60_000_000)), speed: 1 };
    Arc::new(Site::new(Opening { rulebook: written.rulebook, season, clock: clock.clone(), watch: clock, simulated: "simulated" }))
}

pub(crate) async fn ask(site: &Arc<Site>, address: &str, has: Option<&str>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = Request::get(address);
    if let Some(has) = has {
        request = request.header("if-none-match", has);
    }
    let response = server::router(Arc::clone(site)).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

pub(crate) async fn text(site: &Arc<Site>, address: &str) -> String {
    let (status, _, body) = ask(site, address, None).await;
    assert_eq!(status, StatusCode::OK, "{address}");
    String::from_utf8(body).unwrap()
}

pub(crate) async fn json(site: &Arc<Site>, address: &str) -> Value {
    serde_json::from_str(&text(site, address).await).unwrap()
}

pub(crate) fn race(round: u16, id: &str) -> SessionName {
    SessionName { round, id: id.into() }
}

pub(crate) fn disqualified() -> What {
    What::Decision(Decision {
        id: "71".into(),
        authority: String::from("Stewards"),
        article: String::from("12.1"),
        reason: String::from("ride height <b>below</b> the limit"),
        effects: vec![Effect::Disqualify { session: race(6, "race-2"), car: "888".into() }],
        settles: None,
        answers: None,
    })
}

pub(crate) fn appeal() -> What {
    What::Matter(Matter {
        id: "A1".into(),
        kind: MatterKind::Appeal,
        by: String::from("GruppeM Racing Team"),
        against: Against::Decision("71".into()),
        if_upheld: Vec::new(),
        suspends: true,
        reason: String::from("the gauge was wrong"),
    })
}
