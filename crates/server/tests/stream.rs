//! The live stream as a client has it: what it makes of its events is what the core says, whatever it missed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod race;

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use race::Told;
use serde_json::Value;
use server::patch;
use sport::as_it_stands::AsItStands;
use sport::date::Instant;
use sport::season::Moment;
use tower::ServiceExt as _;

/// A client of the stream: the frame as its events made it.
struct Client {
    body: Body,
    text: String,
    frame: Value,
    n: u64,
    id: String,
    /// How many snapshots and deltas came.
    came: (usize, usize),
    /// How often it was told that the line is alive.
    alive: usize,
}

impl Client {
    async fn open(told: &Told, query: &str, seen: Option<&str>) -> Self {
        let mut request = Request::get(format!("/api/v1/live/stream{query}"));
        if let Some(seen) = seen {
            request = request.header("last-event-id", seen);
        }
        let response = server::router(told.site.clone()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert!(!response.headers().contains_key("content-encoding"), "events are sent as they come");
        Self { body: response.into_body(), text: String::new(), frame: Value::Null, n: 0, id: String::new(), came: (0, 0), alive: 0 }
    }

    /// Hears what comes until nothing does.
    async fn hear(&mut self) {
        while let Ok(Some(piece)) = tokio::time::timeout(Duration::from_millis(60), self.body.frame()).await {
            self.text.push_str(std::str::from_utf8(piece.unwrap().data_ref().unwrap()).unwrap());
        }
        while let Some(end) = self.text.find("\n\n") {
            let event: String = self.text.drain(..end + 2).collect();
            self.event(&event);
        }
        assert_eq!(self.text, "", "half an event");
    }

    fn event(&mut self, event: &str) {
        self.alive += usize::from(event.starts_with(": "));
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
        let (Some(kind), Some(data)) = (field("event: "), field("data: ")) else { return };
        let mut data: Value = serde_json::from_str(data).unwrap();
        let n = data["n"].as_u64().unwrap();
        if kind == "snapshot" {
            self.frame = data["frame"].take();
            self.came.0 += 1;
        } else {
            assert_eq!(n, self.n + 1, "no number is missing");
            patch::apply(&mut self.frame, &data["patch"]);
            self.came.1 += 1;
        }
        self.n = n;
        field("id: ").unwrap().clone_into(&mut self.id);
    }
}

/// Two frames are the same; where they are not, their moments are told, for the whole is long.
fn same(one: &Value, other: &Value) {
    assert!(one == other, "a frame of {} is not that of {}", one["at"], other["at"]);
}

fn moments(told: &Told, of: i64) -> impl Iterator<Item = Instant> + use<> {
    let (first, last) = told.span();
    (1..=of).map(move |nth| Instant(first + (last - first) * nth / of))
}

#[tokio::test]
async fn who_applies_every_patch_of_a_race_has_what_the_core_says_at_every_moment() {
    let mut told = Told::of(race::race(35));
    told.until(Instant(told.span().0));
    let mut client = Client::open(&told, "", None).await;
    let mut compared = 0;
    for now in moments(&told, 60) {
        told.until(now);
        client.hear().await;
        let latest = told.site.latest().unwrap();
        same(&client.frame, &serde_json::to_value(&*latest).unwrap());
        // The core, asked anew.
        let mut season = told.race.season.clone();
        season.take(told.race.facts.clone());
        let of = AsItStands::of(&told.race.rulebook, &season, Moment { known: now, in_force: now }, told.race.session);
        let Some(classification) = of.and_then(|of| of.classification) else { continue };
        let order: Vec<&str> = classification.rows.iter().map(|row| season.list.entries[row.entry].id.as_str()).collect();
        assert_eq!(latest.order, order);
        for row in &classification.rows {
            let car = &latest.cars[season.list.entries[row.entry].id.as_str()];
            assert_eq!(car.laps, row.laps.unwrap_or(0).to_string());
        }
        compared += 1;
    }
    assert!(compared > 50, "{compared}");
    assert_eq!(client.came.0, 1, "one snapshot, then patches");
}

#[tokio::test]
async fn a_client_that_was_away_gets_what_it_missed_or_all_of_it_in_one_piece() {
    let mut told = Told::of(race::race(35));
    let moments: Vec<Instant> = moments(&told, 200).collect();
    moments[..90].iter().for_each(|now| told.until(*now));
    let mut client = Client::open(&told, "", None).await;
    client.hear().await;
    let (seen, held) = (client.id.clone(), client.frame.clone());
    drop(client);
    // A moment: the patches between.
    moments[90..95].iter().for_each(|now| told.until(*now));
    let mut back = Client::open(&told, "", Some(&seen)).await;
    (back.frame, back.n) = (held, told.site.latest().map_or(0, |_| seen.rsplit_once('-').unwrap().1.parse().unwrap()));
    back.hear().await;
    assert_eq!(back.came.0, 0);
    assert!(back.came.1 > 0);
    same(&back.frame, &serde_json::to_value(&*told.site.latest().unwrap()).unwrap());
    // As long as an hour: everything at once, with sectors and stops.
    moments[95..180].iter().for_each(|now| told.until(*now));
    let query = format!("?after={seen}");
    let mut slept = Client::open(&told, &query, None).await;
    slept.hear().await;
    assert_eq!(slept.came, (1, 0));
    let latest = told.site.latest().unwrap();
    same(&slept.frame, &serde_json::to_value(&*latest).unwrap());
    let car = &slept.frame["cars"][&latest.order[0]];
    assert_eq!(car["sectors"].as_array().map(Vec::len), Some(3));
    assert!(car["stop"]["visits"].as_array().is_some_and(|visits| !visits.is_empty()), "{car}");
    // Of another start of the server: numbers say nothing.
    let mut stranger = Client::open(&told, "?after=abc-7", None).await;
    stranger.hear().await;
    assert_eq!(stranger.came, (1, 0));
}

#[tokio::test]
async fn who_watches_with_a_delay_sees_what_the_others_saw_then() {
    let mut told = Told::of(race::race(35));
    let (first, last) = told.span();
    let half = first + (last - first) / 2;
    // Every six seconds: a frame is shown for each, even where nothing but its moment changed.
    let moments: Vec<Instant> = (0..60).map(|nth| Instant(half + nth * 6_000_000)).collect();
    let mut shown = Vec::new();
    for now in &moments {
        told.until(*now);
        shown.push(serde_json::to_value(&*told.site.latest().unwrap()).unwrap());
    }
    let mut late = Client::open(&told, "?delay=30", None).await;
    late.hear().await;
    same(&late.frame, &shown[59 - 5]);
    for nth in 60..70 {
        told.until(Instant(half + nth * 6_000_000));
        shown.push(serde_json::to_value(&*told.site.latest().unwrap()).unwrap());
        late.hear().await;
        same(&late.frame, &shown[usize::try_from(nth).unwrap() - 5]);
    }
    assert_eq!(late.alive, 0);
    let asked = async |query: &str| {
        let request = Request::get(format!("/api/v1/live/stream?{query}")).body(Body::empty()).unwrap();
        server::router(told.site.clone()).oneshot(request).await.unwrap().status()
    };
    for (query, status) in
        [("delay=121", 400), ("delay=-1", 400), ("delay=soon", 400), ("delay=120", 200), ("delay=", 200), ("after=", 200)]
    {
        assert_eq!(asked(query).await.as_u16(), status, "{query}");
    }
}

#[tokio::test]
async fn who_watches_with_a_delay_is_told_that_the_line_is_alive_while_there_is_nothing_to_see() {
    let mut told = Told::of(race::race(35));
    let first = told.span().0;
    told.until(Instant(first));
    let mut late = Client::open(&told, "?delay=120", None).await;
    for nth in 1..=10 {
        told.until(Instant(first + nth * 6_000_000));
        late.hear().await;
    }
    assert_eq!((late.came, late.alive), ((1, 0), 3), "a minute, three seconds of eighteen");
}
