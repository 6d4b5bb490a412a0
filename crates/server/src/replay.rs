//! Replays: the events of the live stream, computed from what is known of a session today, at any speed.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{ConnectInfo, Extension, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use sport::date::Instant;
use sport::season::{Moment, Season};
use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::clock::{parse, to_ms};
use crate::frame::Frame;
use crate::framing::Framing;
use crate::patch;
use crate::problem::Problem;
use crate::session_at::{find, not_timed, span};
use crate::site::Site;

/// So many replays run at once. When all are taken, who has most of them gives one up to who has fewer.
const MOST: usize = 32;
/// The fastest, in times of life.
pub(crate) const FASTEST: u32 = 60;
/// So often a frame, by the viewer's clock. Moments are multiples of this times the speed, so that viewers of one session share frames.
const STEP: Duration = Duration::from_millis(250);
/// So many frames are kept.
const KEPT: usize = 128;
/// After so long a frame is sent even if nothing changed but its moment.
const STILL: Duration = Duration::from_secs(5);

/// The replays that run, and the frames they showed lately.
#[derive(Debug)]
pub(crate) struct Replays {
    running: Arc<Mutex<Vec<Running>>>,
    frames: Mutex<VecDeque<(Shown, Arc<Frame>)>>,
}

/// A replay that runs: for whom, and what ends it.
#[derive(Debug)]
struct Running {
    client: Option<IpAddr>,
    over: watch::Sender<()>,
}

/// A place among the replays that run, given back when it is dropped.
#[derive(Debug)]
struct Slot {
    of: Arc<Mutex<Vec<Running>>>,
    /// Told when the place was given to somebody else.
    over: watch::Receiver<()>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut running = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|one| !one.over.subscribe().same_channel(&self.over));
    }
}

/// Which session, at which moment, of so many facts.
type Shown = (usize, Instant, usize);

impl Replays {
    pub(crate) fn new() -> Self {
        Self { running: Arc::default(), frames: Mutex::new(VecDeque::new()) }
    }

    /// A place for one more replay; none where all are taken and nobody has two more than this client.
    fn slot(&self, client: Option<IpAddr>) -> Option<Slot> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let has = |running: &[Running], client| running.iter().filter(|one| one.client == client).count();
        if running.len() >= MOST {
            let most = running.iter().map(|one| one.client).max_by_key(|client| has(&running, *client))?;
            if has(&running, most) < has(&running, client) + 2 {
                return None;
            }
            let oldest = running.iter().position(|one| one.client == most)?;
            running.remove(oldest);
        }
        let (ends, over) = watch::channel(());
        running.push(Running { client, over: ends });
        Some(Slot { of: Arc::clone(&self.running), over })
    }

    /// The frame of a session at a moment, by everything known today. One is computed at a time: replays take no more than one core from the race
    /// that runs.
    pub(crate) fn frame(&self, site: &Site, season: &Season, session: usize, at: Instant) -> Arc<Frame> {
        let shown = (session, at, season.facts().len());
        let mut frames = self.frames.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, frame)) = frames.iter().find(|(of, _)| *of == shown) {
            return Arc::clone(frame);
        }
        let moment = Moment { known: Instant::FOREVER, in_force: at };
        let framing = Framing { rulebook: &site.rulebook, season, moment, now: at, speed: 0, simulated: site.simulated() };
        let frame = Arc::new(framing.frame(Some(session)).0);
        frames.push_back((shown, Arc::clone(&frame)));
        if frames.len() > KEPT {
            frames.pop_front();
        }
        frame
    }
}

/// What a client may ask of a replay.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wish {
    /// From this moment on, RFC 3339; from the start signal where absent.
    #[param(format = DateTime)]
    from: Option<String>,
    /// So many times faster than life, 1 to 60; 1 where absent.
    #[param(minimum = 1, maximum = 60)]
    speed: Option<u32>,
    /// The id of the last event seen, for clients that cannot set `Last-Event-ID`: the replay goes on there.
    after: Option<String>,
}

/// The route.
pub(crate) fn routes() -> OpenApiRouter<Arc<Site>> {
    OpenApiRouter::new().routes(routes!(replay))
}

/// A replay.
///
/// Server-sent events as those of the live stream: `snapshot` with `{"n": N, "frame": {…}}`, then `delta` with `{"n": N, "patch": {…}}`, each one number
/// after the last, and `end` with `{"at": "…"}` when the session is closed. Its id is the moment in microseconds since 1970. A client that comes again
/// goes on where it was; one that was at the end gets 204.
#[utoipa::path(
    get, path = "/api/v1/sessions/{id}/replay", tag = "sessions", params(("id" = String, Path, description = "The session: `6.race-1`"), Wish),
    responses(
        (status = 200, description = "Server-sent events; the `data` of each is one of these", content_type = "text/event-stream", body = crate::api::events::ReplayEvent),
        (status = 204, description = "The replay is over"),
        (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 503, description = "So many replays run that no other can", body = Problem),
    )
)]
async fn replay(
    State(site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    wish: Result<Query<Wish>, QueryRejection>,
    client: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (Path(id), Query(wish)) = (id?, wish?);
    let speed = wish.speed.unwrap_or(1);
    if !(1..=FASTEST).contains(&speed) {
        return Err(Problem::unclear(format!("a speed of {speed} is not between 1 and {FASTEST}")));
    }
    let (session, of) = {
        let season = site.season();
        let session = find(&season, &id)?;
        (session, Span::of(&site, &season, session).ok_or_else(|| not_timed(&id))?)
    };
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).or(wish.after.as_deref());
    let last = last.and_then(|id| id.parse().ok()).map(Instant);
    if of.closed && last.is_some_and(|last| last >= of.until) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let from = match wish.from.as_deref() {
        Some(from) => parse(from).ok_or_else(|| Problem::unclear(format!("`{from}` is no moment; write it as 2018-10-13T06:25:00Z")))?,
        None => of.start,
    };
    let from = last.unwrap_or(from).clamp(of.open, of.until);
    let slot = site.replays.slot(client.map(|Extension(ConnectInfo(client))| household(client.ip()))).ok_or_else(|| {
        Problem::of(StatusCode::SERVICE_UNAVAILABLE, format!("{MOST} replays run already; try again when somebody has seen enough"))
    })?;
    let (events, receiver) = mpsc::channel(1);
    let playing = Playing { site, session, from, speed };
    tokio::spawn(async move {
        let mut over = slot.over.clone();
        tokio::select! {
            () = playing.play(events) => {}
            // Its sender is gone with its place.
            _ = over.changed() => {}
        }
        drop(slot);
    });
    let mut response = Body::from_stream(ReceiverStream::new(receiver).map(Ok::<Bytes, Infallible>)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// The addresses that one client is given: of IPv6 a whole network.
fn household(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

/// What of a session can be replayed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span {
    pub(crate) open: Instant,
    /// The start signal, or the opening before there is one.
    pub(crate) start: Instant,
    /// When it was closed; now while it is not.
    pub(crate) until: Instant,
    pub(crate) closed: bool,
}

impl Span {
    /// `None` where the session was never opened.
    pub(crate) fn of(site: &Site, season: &Season, session: usize) -> Option<Self> {
        let of = span(site, season, session)?;
        let start = of.signals.iter().find(|(_, signal)| *signal == sport::meeting_fact::Signal::Green).map_or(of.open, |(at, _)| *at);
        Some(Self { open: of.open, start: start.max(of.open), until: of.until, closed: of.closed })
    }
}

/// A replay that runs.
struct Playing {
    site: Arc<Site>,
    session: usize,
    from: Instant,
    speed: u32,
}

impl Playing {
    /// Sends frame after frame until the session is over or nobody listens.
    async fn play(self, events: mpsc::Sender<Bytes>) {
        let this = Arc::new(self);
        let mut tick = tokio::time::interval(STEP);
        // A frame that took long makes the next one later, not two at once.
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let (mut number, mut shown) = (0_u64, None::<(Instant, Value)>);
        let (mut began, mut sent) = (None, Duration::ZERO);
        loop {
            // How long it has been playing, in whole steps.
            let passed = tokio::select! {
                now = tick.tick() => now - *began.get_or_insert(now),
                () = events.closed() => return,
            };
            let playing = Arc::clone(&this);
            let at = shown.as_ref().map(|(at, _)| *at);
            // Computing would hold up the streams that run on this thread.
            let Ok((at, over, value)) = tokio::task::spawn_blocking(move || playing.show(at, passed)).await else { return };
            let change = match (&shown, value) {
                (_, None) => None,
                (None, Some(value)) => {
                    number = 1;
                    Some((event("snapshot", at, &json!({ "n": number, "frame": value })), value))
                }
                (Some((_, before)), Some(value)) => changed(before, &value, over || passed - sent >= STILL).map(|patch| {
                    number += 1;
                    (event("delta", at, &json!({ "n": number, "patch": patch })), value)
                }),
            };
            if let Some((event, value)) = change {
                sent = passed;
                shown = Some((at, value));
                if events.send(event).await.is_err() {
                    return;
                }
            }
            if over {
                // Nobody who left needs to be told that it is over.
                _ = events.send(event("end", at, &json!({ "at": to_ms(at) }))).await;
                return;
            }
        }
    }

    /// The moment that is due after playing for so long, whether it is the last, and its frame; no frame where none newer than the one shown `last` is due.
    fn show(&self, last: Option<Instant>, passed: Duration) -> (Instant, bool, Option<Value>) {
        let season = self.site.season();
        let now = self.site.clock.now();
        let of = Span::of(&self.site, &season, self.session).unwrap_or(Span { open: now, start: now, until: now, closed: true });
        let step = i64::try_from(STEP.as_micros()).unwrap_or(i64::MAX).saturating_mul(i64::from(self.speed));
        let passed = i64::try_from(passed.as_micros()).unwrap_or(i64::MAX).saturating_mul(i64::from(self.speed));
        let due = if last.is_none() { self.from } else { Instant((self.from.0 + passed).div_euclid(step) * step) };
        let at = due.min(of.until);
        let over = of.closed && due >= of.until;
        if last.is_some_and(|last| at <= last) && !over {
            return (at, false, None);
        }
        let mut frame = (*self.site.replays.frame(&self.site, &season, self.session, at)).clone();
        // One that has come to the present goes on as that does.
        frame.speed = if due > of.until && !of.closed { self.site.clock.speed } else { self.speed };
        (at, over, Some(serde_json::to_value(&frame).expect("a frame has only texts for keys")))
    }
}

/// What changed; nothing where that is only the moment, unless even that has to be told.
fn changed(before: &Value, after: &Value, even_the_moment: bool) -> Option<Value> {
    let patch = patch::between(before, after)?;
    let only_time = patch.as_object().is_some_and(|patch| patch.len() == 1 && patch.contains_key("at"));
    (even_the_moment || !only_time).then_some(patch)
}

fn event(kind: &str, at: Instant, data: &Value) -> Bytes {
    Bytes::from(format!("event: {kind}\nid: {}\ndata: {data}\n\n", at.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(client: &str) -> Option<IpAddr> {
        Some(household(client.parse().expect("an address")))
    }

    #[test]
    fn who_has_most_replays_gives_one_up_to_who_has_fewer() {
        let replays = Replays::new();
        let greedy: Vec<Slot> = std::iter::from_fn(|| replays.slot(of("10.0.0.1"))).take(MOST + 1).collect();
        assert_eq!(greedy.len(), MOST, "its own are not ended for more of its own");
        let ended = |slots: &[Slot]| slots.iter().filter(|slot| slot.over.has_changed().is_err()).count();
        let fair: Vec<Slot> = std::iter::from_fn(|| replays.slot(of("2001:db8::1"))).take(MOST).collect();
        assert_eq!((fair.len(), ended(&greedy), ended(&fair)), (MOST / 2, MOST / 2, 0));
        assert!(greedy[..MOST / 2].iter().all(|slot| slot.over.has_changed().is_err()), "the oldest first");
        assert!(replays.slot(of("2001:db8::2")).is_none(), "of the same household");
        let last = replays.slot(of("10.0.0.2"));
        assert_eq!((last.is_some(), ended(&greedy) + ended(&fair)), (true, MOST / 2 + 1));
        // Those who are gone give back their places, those whose place was taken already none of another's.
        drop(greedy);
        let fairs = MOST / 2 - ended(&fair);
        assert_eq!(replays.running.lock().map(|running| running.len()).ok(), Some(fairs + 1));
        drop((fair, last));
        assert!(replays.running.lock().is_ok_and(|running| running.is_empty()));
    }
}
