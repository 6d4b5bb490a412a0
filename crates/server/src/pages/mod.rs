//! Pages for people. Each works without JavaScript; a script makes it live.

mod breaks;
pub(crate) mod calendar;
pub(crate) mod charts;
mod drawing;
pub(crate) mod entries;
pub(crate) mod laps;
pub(crate) mod layout;
pub(crate) mod live;
pub(crate) mod notices;
pub(crate) mod overlay;
pub(crate) mod parts;
pub(crate) mod pit;
pub(crate) mod replay;
mod results;
pub(crate) mod search;
pub(crate) mod season;
pub(crate) mod timed;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};

use crate::problem::Problem;
use crate::site::Site;

/// A page that cannot be shown, told as a page.
pub(crate) struct Lost(pub(crate) Problem);

impl From<Problem> for Lost {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<PathRejection> for Lost {
    fn from(_: PathRejection) -> Self {
        Self(Problem::unclear(String::from("this address cannot be read; go on from the calendar")))
    }
}

impl From<QueryRejection> for Lost {
    fn from(_: QueryRejection) -> Self {
        Self(Problem::unclear(String::from("what stands after the question mark of this address cannot be read; try without it")))
    }
}

impl IntoResponse for Lost {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let main = html! {
            h1 { (problem.title) }
            p { (problem.detail) }
            p { a href="/calendar" { "Calendar" } " · " a href="/search" { "Search" } }
        };
        (problem.code(), layout::bare(&problem.title, &main)).into_response()
    }
}

/// Whether there are success penalties to speak of: where the rulebook has none, nothing leads to them.
pub(crate) fn success(site: &Site) -> bool {
    site.rulebook.latest().success.is_some()
}

/// The pages' routes.
pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/live", get(live::live))
        .merge(of_season())
        .merge(results::routes())
        .merge(pit::routes())
        .merge(charts::routes())
        .merge(laps::routes())
        .merge(replay::routes())
        .merge(overlay::routes())
        .fallback(crate::nowhere)
}

/// The pages about the season: calendar, entries, documents, search.
fn of_season() -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(season::season))
        .route("/calendar", get(calendar::calendar))
        .route("/calendar/{round}", get(calendar::round))
        .route("/calendar.ics", get(calendar::icalendar))
        .route("/entries", get(entries::entries))
        .route("/entries/{car}", get(entries::car))
        .route("/drivers/{id}", get(entries::driver))
        .route("/teams/{id}", get(entries::team_page))
        .route("/documents", get(notices::documents))
        .route("/documents/{fact}", get(notices::fact))
        .route("/search", get(search::page))
}

/// What a page's handler gives.
pub(crate) type Page = Result<Markup, Lost>;
