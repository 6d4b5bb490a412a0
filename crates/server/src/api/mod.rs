//! The JSON API: everything the pages show, for programs. Its description is made from its routes and types.

pub(crate) mod charts;
pub(crate) mod laps;
pub(crate) mod pit;
mod results;
mod season;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::Problem;
use crate::site::Site;
use crate::{frame, replay, stream};

/// The description, without its routes.
#[derive(OpenApi)]
#[openapi(info(
    title = "Parc Fermé",
    description = "A season of motor sport: calendar, entries, live timing, results, standings, and the reasons behind each number. Ids are stable; times are RFC 3339 in UTC; durations are in microseconds where a field ends in `_us`, and as printed otherwise.",
    version = "1",
    license(name = "MIT OR Apache-2.0")
))]
struct Description;

/// The routes with their description.
pub(crate) fn routes() -> OpenApiRouter<Arc<Site>> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(stream::stream))
        .routes(routes!(live))
        .merge(season::routes())
        .merge(results::routes())
        .merge(pit::routes())
        .merge(laps::routes())
        .merge(charts::routes())
        .merge(replay::routes())
}

/// The description as it is checked in and served.
pub fn description() -> String {
    let (_, api) = routes().split_for_parts();
    let mut text = api.to_pretty_json().expect("a description is JSON");
    text.push('\n');
    text
}

/// The live page at this moment: the same as the snapshot of the stream.
#[utoipa::path(get, path = "/api/v1/live", tag = "live", responses((status = 200, body = frame::Frame), (status = 503, body = Problem)))]
async fn live(State(site): State<Arc<Site>>) -> Result<impl IntoResponse, Problem> {
    let latest = site.ring.latest();
    let latest = latest.ok_or_else(|| {
        Problem::of(axum::http::StatusCode::SERVICE_UNAVAILABLE, String::from("nothing has been shown yet; ask again in a second"))
    })?;
    Ok(([("cache-control", "no-cache")], Json((*latest.frame()).clone())))
}
