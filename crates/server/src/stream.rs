//! The live stream: server-sent events, or a WebSocket for those who need one. A snapshot, then numbered merge patches.
//!
//! A client that was away says what it saw last and gets what it missed, or a snapshot where that is no longer kept or is too much.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use sport::date::Instant;
use tokio::sync::watch;

use crate::clock::in_head;
use crate::problem::Problem;
use crate::ring::{Numbered, QUIET, Ring, SILENCE};
use crate::site::Site;

/// A client that is behind by more frames than this gets a snapshot instead of all of them.
const BEHIND: u64 = 40;
/// A client of the WebSocket has nothing to say; what is longer than this is not even taken in.
const HEARD_MOST: usize = 4 << 10;
/// The longest delay, in seconds.
pub(crate) const DELAY_MOST: u32 = 120;

/// What a client may ask of the stream.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wish {
    /// Everything so many seconds late, at most 120: for viewers of a broadcast.
    #[param(maximum = 120)]
    #[serde(default, deserialize_with = "asked")]
    delay: Option<u32>,
    /// The id of the last event seen, for clients that cannot set `Last-Event-ID`.
    after: Option<String>,
}

/// A number that is asked for; what a form sends empty is not.
fn asked<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    let written = Option::<String>::deserialize(from)?.filter(|written| !written.is_empty());
    written.map(|written| written.parse().map_err(|_| D::Error::custom(format!("`{written}` is no whole number")))).transpose()
}

/// The live stream.
///
/// Server-sent events: `snapshot` with `{"n": N, "frame": {…}}`, then `delta` with `{"n": N, "patch": {…}}`, where each patch is a JSON merge
/// patch (RFC 7396) and its `n` is one more than that of the event before. A client that misses a number asks again without an id. With
/// `Upgrade: websocket` the same events come as text messages `{"event": "snapshot", "id": "…", "data": {…}}`.
#[utoipa::path(
    get, path = "/api/v1/live/stream", tag = "live", params(Wish),
    responses(
        (status = 200, description = "Server-sent events; the `data` of each is one of these", content_type = "text/event-stream", body = crate::api::events::LiveEvent),
        (status = 101, description = "The same events over a WebSocket"),
        (status = 400, description = "The delay is no number of seconds up to 120", body = Problem),
    )
)]
pub(crate) async fn stream(State(site): State<Arc<Site>>, Query(wish): Query<Wish>, request: Request) -> Result<Response, Problem> {
    let delay = wish.delay.unwrap_or(0);
    if delay > DELAY_MOST {
        return Err(Problem::unclear(format!("a delay of {delay} s is too long; the longest is {DELAY_MOST} s")));
    }
    let header = request.headers().get("last-event-id").and_then(|id| id.to_str().ok());
    let seen = header.or(wish.after.as_deref()).and_then(|id| site.ring.number(id));
    let follower = Follower::new(Arc::clone(&site), seen, i64::from(delay) * 1_000_000);
    let (mut parts, _) = request.into_parts();
    // Any other upgrade is an offer that need not be taken.
    let wanted = |value: &HeaderValue| value.to_str().is_ok_and(|value| value.eq_ignore_ascii_case("websocket"));
    if parts.headers.get(header::UPGRADE).is_some_and(wanted) {
        return Ok(match WebSocketUpgrade::from_request_parts(&mut parts, &site).await {
            Ok(upgrade) => upgrade.max_message_size(HEARD_MOST).max_frame_size(HEARD_MOST).on_upgrade(|socket| to_socket(socket, follower)),
            Err(refused) => Problem::of(StatusCode::BAD_REQUEST, format!("this is no WebSocket: {refused}")).into_response(),
        });
    }
    let date = HeaderValue::try_from(in_head(site.watch())).expect("a date is text");
    let mut response = Body::from_stream(futures(follower.clone())).into_response();
    // A connection that can send the stream by itself takes it from here; the body is for whoever asks without one.
    response.extensions_mut().insert(follower);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::DATE, date);
    // A proxy that gathers what it passes on would make a stream of bursts.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// What is sent next, one piece after the other, for as long as somebody reads.
fn futures(follower: Follower) -> impl tokio_stream::Stream<Item = Result<Bytes, Infallible>> + Send {
    tokio_stream::StreamExt::map(Unfold::new(follower), Ok)
}

async fn to_socket(mut socket: WebSocket, mut follower: Follower) {
    loop {
        tokio::select! {
            bytes = follower.next() => {
                let events = messages(&bytes);
                let alive = events.is_empty().then(|| Message::Ping(Bytes::new()));
                for message in events.into_iter().map(|event| Message::Text(event.into())).chain(alive) {
                    if socket.send(message).await.is_err() {
                        return;
                    }
                }
            }
            heard = socket.recv() => match heard {
                // Nothing a client says changes what it gets; pings are answered by the library.
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}

/// The events in some bytes, each as one JSON text; what is said against silence is none.
fn messages(bytes: &Bytes) -> Vec<String> {
    let text = std::str::from_utf8(bytes).expect("events are text");
    let field = |event: &str, name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    let message = |event: &str| {
        let (kind, id, data) = (field(event, "event: ")?, field(event, "id: ")?, field(event, "data: ")?);
        Some(format!("{{\"event\":\"{kind}\",\"id\":\"{id}\",\"data\":{data}}}"))
    };
    text.split("\n\n").filter_map(message).collect()
}

/// A client's place in the stream.
#[derive(Clone, Debug)]
pub(crate) struct Follower {
    site: Arc<Site>,
    bell: watch::Receiver<u64>,
    /// The number of the last frame it has; none before the first.
    has: Option<u64>,
    /// In microseconds.
    delay: i64,
}

impl Follower {
    fn new(site: Arc<Site>, has: Option<u64>, delay: i64) -> Self {
        let bell = site.ring.bell();
        Self { site, bell, has, delay }
    }

    /// What comes next: every frame it lacks up to now in one piece, or a word against silence.
    pub(crate) async fn next(&mut self) -> Bytes {
        let (mut waited, asked) = (false, self.site.watch());
        loop {
            let rung = *self.bell.borrow_and_update();
            if let Some(bytes) = self.ready() {
                return bytes;
            }
            // Who watches with a delay may have nothing to see yet where the others have: the bell does not ring for their silence.
            let quiet = if self.delay == 0 { rung == SILENCE } else { self.site.watch().0 - asked.0 >= QUIET };
            if waited && quiet {
                return Bytes::from_static(b": still here\n\n");
            }
            if self.delay == 0 {
                _ = self.bell.changed().await;
            } else {
                // Boxed: the few who watch with a delay have a timer, the many who do not have no room for one.
                let left = QUIET - (self.site.watch().0 - asked.0).clamp(0, QUIET);
                _ = Box::pin(tokio::time::timeout(self.until_due(left), self.bell.changed())).await;
            }
            waited = true;
        }
    }

    /// The latest frame it may see.
    fn visible(&self) -> Option<Arc<Numbered>> {
        if self.delay == 0 { self.site.ring.latest() } else { self.site.ring.shown_by(Instant(self.site.watch().0 - self.delay)) }
    }

    fn ready(&mut self) -> Option<Bytes> {
        let visible = self.visible()?;
        let bytes = since(&self.site.ring, self.has, &visible)?;
        self.has = Some(visible.n);
        Some(bytes)
    }

    /// How long until the next frame is old enough for one who watches with a delay; at most so many microseconds.
    fn until_due(&self, most: i64) -> Duration {
        let next = self.has.and_then(|has| self.site.ring.numbered(has + 1));
        let due = next.map_or(most, |next| next.shown.0 + self.delay - self.site.watch().0);
        Duration::from_micros(due.min(most).max(1_000).unsigned_abs())
    }
}

/// What brings a client that has frame `has` to a frame: nothing where it has that, the patches between where they are few and kept, the frame
/// itself otherwise. A client that has a later one (it gave up a delay, and took another) gets the frame.
fn since(ring: &Ring, has: Option<u64>, to: &Arc<Numbered>) -> Option<Bytes> {
    match has {
        Some(has) if has == to.n => None,
        Some(has) if has < to.n && to.n - has <= BEHIND => {
            let missing: Option<VecDeque<Arc<Numbered>>> = (has + 1..=to.n).map(|n| ring.numbered(n)).collect();
            Some(match missing {
                Some(one) if one.len() == 1 => to.delta.clone(),
                Some(missing) => missing.iter().flat_map(|frame| frame.delta.iter().copied()).collect(),
                None => to.snapshot(),
            })
        }
        Some(_) | None => Some(to.snapshot()),
    }
}

/// A stream of what a follower says next.
struct Unfold {
    next: std::pin::Pin<Box<dyn Future<Output = (Bytes, Follower)> + Send>>,
}

impl Unfold {
    fn new(follower: Follower) -> Self {
        Self { next: Box::pin(Self::step(follower)) }
    }

    async fn step(mut follower: Follower) -> (Bytes, Follower) {
        (follower.next().await, follower)
    }
}

impl tokio_stream::Stream for Unfold {
    type Item = Bytes;

    fn poll_next(mut self: std::pin::Pin<&mut Self>, context: &mut std::task::Context<'_>) -> std::task::Poll<Option<Bytes>> {
        self.next.as_mut().poll(context).map(|(bytes, follower)| {
            self.next = Box::pin(Self::step(follower));
            Some(bytes)
        })
    }
}
