//! The JSON API: everything the pages show, for programs. Its description is made from its routes and types.

pub(crate) mod charts;
pub(crate) mod events;
pub(crate) mod laps;
pub(crate) mod pit;
mod results;
mod season;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use utoipa::{OpenApi, openapi};
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
    let mut routes = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(stream::stream))
        .routes(routes!(live))
        .merge(season::routes())
        .merge(results::routes())
        .merge(pit::routes())
        .merge(laps::routes())
        .merge(charts::routes())
        .merge(replay::routes());
    complete(routes.get_openapi_mut());
    routes
}

/// Completes what every route has in common: problems are problem details, and an address that cannot be read is one.
fn complete(api: &mut openapi::OpenApi) {
    let problem = || {
        let of = openapi::Ref::from_schema_name("Problem");
        openapi::ContentBuilder::new().schema(Some(of)).build()
    };
    let told = |says: &str| openapi::ResponseBuilder::new().description(says).content(PROBLEM, problem()).build();
    for operation in api.paths.paths.values_mut().filter_map(|of| of.get.as_mut()) {
        let responses = &mut operation.responses.responses;
        if operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty()) {
            responses.entry(String::from("400")).or_insert_with(|| told("What is asked for cannot be understood").into());
        }
        let says = "Anything else: another method than GET, a fault of the program, or a server that is being ended";
        responses.insert(String::from("default"), told(says).into());
        for (status, response) in responses.iter_mut() {
            let openapi::RefOr::T(response) = response else { continue };
            if status.starts_with(['4', '5']) {
                response.content = [(String::from(PROBLEM), problem().into())].into();
            }
            if response.description.is_empty() {
                response.description = String::from(match status.as_str() {
                    "400" => "What is asked for cannot be understood",
                    "404" => "What is asked for is not there",
                    "503" => "Nothing can be shown just now; ask again in a moment",
                    _ => "As asked for",
                });
            }
        }
    }
}

/// Problem details (RFC 9457).
const PROBLEM: &str = "application/problem+json";

/// The answer to one who has the latest.
#[derive(utoipa::IntoResponses)]
#[response(status = 304, description = "What `If-None-Match` names is still true")]
struct Unchanged;

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
