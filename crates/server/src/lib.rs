//! A season for the public: pages, the live stream, a JSON API. Everything is computed by the core from the same facts; nothing here
//! decides about a race.

mod api;
mod assets;
mod cached;
mod clock;
mod connection;
#[cfg(test)]
mod contrast;
mod feed;
pub mod frame;
mod framing;
mod kept;
mod messages;
mod named;
mod pages;
pub mod patch;
pub mod problem;
mod replay;
mod results;
mod ring;
mod season;
mod seats;
mod sentences;
mod session_at;
mod site;
mod stream;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};

pub use crate::api::description;
pub use crate::clock::{Clock, printed};
pub use crate::feed::feed;
pub use crate::site::{Opening, Site};

use crate::problem::Problem;

/// Serves a site until `stop` is done; then what is open is closed.
pub async fn serve(
    site: Arc<Site>,
    listener: std::net::TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    // A stream never ends by itself: nobody waits for those who listen.
    tokio::select! {
        () = connection::accept(listener, router(site), connection::Bounds::here()) => {}
        () = stop => {}
    }
    Ok(())
}

/// Every route.
pub fn router(site: Arc<Site>) -> Router {
    let (api, description) = api::routes().split_for_parts();
    let description = Arc::new(description.to_pretty_json().expect("a description is JSON"));
    let described = move || {
        let description = (*description).clone();
        async move { ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")], description) }
    };
    // Events are sent as they come; to compress them would hold them back.
    let compressed = SizeAbove::new(256).and(NotForContentType::new("text/event-stream")).and(NotForContentType::new("font/"));
    api.route("/api/v1/openapi.json", get(described))
        .route(
            "/assets/{version}/{name}",
            get(|Path((version, name)): Path<(String, String)>| async move { assets::serve(&version, &name) }),
        )
        .merge(pages::routes())
        .with_state(site)
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(axum::middleware::from_fn_with_state(Rooms::new(), aside))
        .layer(CatchPanicLayer::new())
        .layer(axum::middleware::from_fn(worded))
        .layer(axum::middleware::map_response(guarded))
}

/// What every response says to a browser: nothing is loaded from elsewhere, nothing is guessed.
async fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    response
}

/// So many pages are made at the same time; who comes meanwhile waits. Most of them wait for what one of them computes: what takes long has
/// [`seats`] of its own.
const AT_ONCE: usize = 64;

/// Where pages are made. What is live does not wait for tables that take long.
#[derive(Clone, Debug)]
struct Rooms {
    live: Arc<Semaphore>,
    other: Arc<Semaphore>,
}

impl Rooms {
    fn new() -> Self {
        let room = || Arc::new(Semaphore::new(AT_ONCE));
        Self { live: room(), other: room() }
    }

    fn of(self, path: &str) -> Arc<Semaphore> {
        if matches!(path, "/live" | "/overlay" | "/api/v1/live") { self.live } else { self.other }
    }
}

/// A page is computed and compressed, and may take some milliseconds: that happens beside the threads that send the streams, or all of them
/// would wait for it.
async fn aside(State(rooms): State<Rooms>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/assets/") || path.ends_with("/stream") || (path.starts_with("/api/") && path.ends_with("/replay")) {
        return next.run(request).await;
    }
    let here = Handle::current();
    let Ok(seat) = rooms.of(path).acquire_owned().await else { return going().into_response() };
    let made = tokio::task::spawn_blocking(move || {
        let response = here.block_on(async { gathered(next.run(request).await).await });
        drop(seat);
        response
    });
    match made.await {
        Ok(response) => response,
        // Told as every other panic is, where pages are made as where they are not.
        Err(broken) => broken.try_into_panic().map_or_else(|_| going().into_response(), |panic| std::panic::resume_unwind(panic)),
    }
}

/// The whole of what is sent, made here and now.
async fn gathered(response: Response) -> Response {
    let (head, body) = response.into_parts();
    match axum::body::to_bytes(body, usize::MAX).await {
        Ok(bytes) => Response::from_parts(head, bytes.into()),
        Err(_) => going().into_response(),
    }
}

fn going() -> Problem {
    Problem::of(StatusCode::SERVICE_UNAVAILABLE, String::from("the server is being ended; ask again in a moment"))
}

/// What is refused before it comes to one of our handlers, or breaks in one, is told as everything else is: a page, or problem details.
async fn worded(request: Request, next: Next) -> Response {
    let program = ["/api/", "/assets/"].iter().any(|of| request.uri().path().starts_with(of));
    let response = next.run(request).await;
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !(status.is_client_error() || status.is_server_error()) || kind.starts_with("text/html") || kind == "application/problem+json" {
        return response;
    }
    let says = match status {
        StatusCode::METHOD_NOT_ALLOWED => "what is here can be read, with GET, and nothing else",
        StatusCode::INTERNAL_SERVER_ERROR => "this is a fault of the program; everything recorded is safe, and the other pages go on",
        _ => "this address, or what stands after its question mark, cannot be read",
    };
    let allowed = response.headers().get(header::ALLOW).cloned();
    let problem = Problem::of(status, String::from(says));
    let mut told = if program { problem.into_response() } else { pages::Lost(problem).into_response() };
    told.headers_mut().extend(allowed.map(|allowed| (header::ALLOW, allowed)));
    told
}

/// Where nothing is.
async fn nowhere(uri: axum::http::Uri) -> Response {
    let problem = Problem::of(StatusCode::NOT_FOUND, format!("there is nothing at {}", uri.path()));
    if uri.path().starts_with("/api/") { problem.into_response() } else { pages::Lost(problem).into_response() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn what_is_live_does_not_wait_for_tables_that_take_long() {
        let over = Arc::new(Semaphore::new(0));
        let slow = {
            let over = Arc::clone(&over);
            move || async move { over.acquire_owned().await.map(|_| "made").unwrap_or_default() }
        };
        let router = Router::new().route("/standings", get(slow)).route("/live", get(|| async { "live" }));
        let router = router.layer(axum::middleware::from_fn_with_state(Rooms::new(), aside));
        let ask = |path: &str| router.clone().oneshot(Request::get(path).body(Body::empty()).expect("a request"));
        let many: Vec<_> = (0..AT_ONCE + 2).map(|_| tokio::spawn(ask("/standings"))).collect();
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        let live = tokio::time::timeout(std::time::Duration::from_secs(10), ask("/live")).await;
        over.add_permits(1);
        assert!(live.is_ok_and(|live| live.is_ok_and(|live| live.status() == StatusCode::OK)));
        for one in many {
            let made = one.await.expect("it is not broken off").expect("it is answered");
            assert_eq!(made.status(), StatusCode::OK);
        }
    }
}
