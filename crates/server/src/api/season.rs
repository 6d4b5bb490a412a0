//! The season for programs: what its pages show.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Unchanged;
use crate::cached;
use crate::pages::{self, notices::Asked};
use crate::problem::Problem;
use crate::season::Known;
use crate::season::car::{self, CarSeason};
use crate::season::document::Document;
use crate::season::driver::{self, DriverSeason};
use crate::season::entries::{EntryList, lists};
use crate::season::glance::Glance;
use crate::season::notices::{Notice, board};
use crate::season::programme::RoundLine;
use crate::season::search::Found;
use crate::season::team::{self, TeamSeason};
use crate::site::Site;

/// The routes of this part.
pub(crate) fn routes() -> OpenApiRouter<Arc<Site>> {
    OpenApiRouter::new()
        .routes(routes!(season))
        .routes(routes!(calendar))
        .routes(routes!(round))
        .routes(routes!(entries))
        .routes(routes!(car))
        .routes(routes!(driver))
        .routes(routes!(team))
        .routes(routes!(documents))
        .routes(routes!(document))
        .routes(routes!(search))
}

const NO_CACHE: [(&str, &str); 1] = [("cache-control", "no-cache")];

type Answer = Result<Response, Problem>;

fn path(path: Result<Path<String>, PathRejection>) -> Result<String, Problem> {
    path.map(|Path(path)| path).map_err(|_| Problem::unclear(String::from("this address cannot be read")))
}

fn query<Q>(query: Result<Query<Q>, QueryRejection>) -> Result<Q, Problem> {
    let unclear = |_| Problem::unclear(String::from("what stands after the question mark of this address cannot be read"));
    query.map(|Query(query)| query).map_err(unclear)
}

/// An answer that changes with the facts alone.
fn of_facts<T: Serialize>(site: &Site, headers: &HeaderMap, answer: impl FnOnce(&Known<'_>) -> Result<T, Problem>) -> Answer {
    let season = site.season();
    if let Some(unchanged) = cached::unchanged(site, &season, headers) {
        return Ok(unchanged);
    }
    let answer = answer(&Known::of(site, &season))?;
    Ok((NO_CACHE, cached::tag(site, &season), Json(answer)).into_response())
}

/// The season at a glance.
#[utoipa::path(get, path = "/api/v1/season", tag = "season", responses((status = 200, body = Glance)))]
async fn season(State(site): State<Arc<Site>>) -> Response {
    (NO_CACHE, Json(pages::season::look(&site))).into_response()
}

/// The rounds and their sessions, with times and states.
#[utoipa::path(get, path = "/api/v1/calendar", tag = "season", responses((status = 200, body = Vec<RoundLine>)))]
async fn calendar(State(site): State<Arc<Site>>) -> Response {
    (NO_CACHE, Json(pages::calendar::rounds(&site))).into_response()
}

/// A round and its sessions.
#[utoipa::path(
    get, path = "/api/v1/calendar/{round}", tag = "season", params(("round" = u16, Path, description = "From 1")),
    responses((status = 200, body = RoundLine), (status = 404, description = "There is no such round", body = Problem))
)]
async fn round(State(site): State<Arc<Site>>, number: Result<Path<String>, PathRejection>) -> Answer {
    let number = path(number)?;
    let rounds = pages::calendar::rounds(&site);
    let round = pages::calendar::find(&rounds, &number)?;
    Ok((NO_CACHE, Json(round.clone())).into_response())
}

/// Which entry lists.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct OfRound {
    /// Only of this round.
    round: Option<String>,
}

/// The entry lists of the rounds, with crews, grades, classes and cups.
#[utoipa::path(
    get, path = "/api/v1/entries", tag = "entries", params(OfRound),
    responses(Unchanged, (status = 200, body = Vec<EntryList>), (status = 404, description = "There is no such round", body = Problem))
)]
async fn entries(State(site): State<Arc<Site>>, headers: HeaderMap, asked: Result<Query<OfRound>, QueryRejection>) -> Answer {
    let asked = query(asked)?;
    of_facts(&site, &headers, |known| {
        let mut lists = lists(known);
        if let Some(round) = asked.round.as_deref().filter(|round| !round.is_empty()) {
            let at = pages::entries::chosen(&lists, round)?;
            lists = vec![lists.swap_remove(at)];
        }
        Ok(lists)
    })
}

/// A car's season: crews, results, points, success penalties, decisions.
#[utoipa::path(
    get, path = "/api/v1/entries/{car}", tag = "entries", params(("car" = String, Path, description = "The car's id")),
    responses(Unchanged, (status = 200, body = CarSeason), (status = 404, description = "No such car is entered", body = Problem))
)]
async fn car(State(site): State<Arc<Site>>, headers: HeaderMap, id: Result<Path<String>, PathRejection>) -> Answer {
    let id = path(id)?;
    of_facts(&site, &headers, |known| car::season(known, &id).ok_or_else(|| Problem::missing(format!("no car {id} is entered"))))
}

/// A driver's season: rounds, results, championships, decisions.
#[utoipa::path(
    get, path = "/api/v1/drivers/{id}", tag = "entries", params(("id" = String, Path, description = "The driver's id")),
    responses(Unchanged, (status = 200, body = DriverSeason), (status = 404, description = "No such driver is entered", body = Problem))
)]
async fn driver(State(site): State<Arc<Site>>, headers: HeaderMap, id: Result<Path<String>, PathRejection>) -> Answer {
    let id = path(id)?;
    of_facts(&site, &headers, |known| driver::season(known, &id).ok_or_else(|| Problem::missing(format!("no driver {id} is entered"))))
}

/// A team's season: cars, results, championships, decisions.
#[utoipa::path(
    get, path = "/api/v1/teams/{id}", tag = "entries", params(("id" = String, Path, description = "The team's id")),
    responses(Unchanged, (status = 200, body = TeamSeason), (status = 404, description = "There is no such team", body = Problem))
)]
async fn team(State(site): State<Arc<Site>>, headers: HeaderMap, id: Result<Path<String>, PathRejection>) -> Answer {
    let id = path(id)?;
    of_facts(&site, &headers, |known| team::season(known, &id).ok_or_else(|| Problem::missing(format!("there is no team {id}"))))
}

/// A page of the notice board.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
struct Board {
    /// The notices, newest first.
    notices: Vec<Notice>,
    /// The `before` of the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

/// The notice board: everything published or decided, newest first.
#[utoipa::path(
    get, path = "/api/v1/documents", tag = "documents", params(Asked),
    responses(Unchanged, (status = 200, body = Board), (status = 400, description = "What is asked for cannot be understood", body = Problem))
)]
async fn documents(State(site): State<Arc<Site>>, headers: HeaderMap, asked: Result<Query<Asked>, QueryRejection>) -> Answer {
    let wanted = query(asked)?.wanted()?;
    of_facts(&site, &headers, |known| {
        let (notices, more) = board(known, wanted);
        let next = notices.last().filter(|_| more).map(|last| last.fact);
        Ok(Board { notices, next })
    })
}

/// A fact in full.
#[utoipa::path(
    get, path = "/api/v1/documents/{fact}", tag = "documents", params(("fact" = u64, Path, description = "The fact's number")),
    responses(Unchanged, (status = 200, body = Document), (status = 404, description = "There is no such fact", body = Problem))
)]
async fn document(State(site): State<Arc<Site>>, headers: HeaderMap, number: Result<Path<String>, PathRejection>) -> Answer {
    let number = path(number)?;
    of_facts(&site, &headers, |known| pages::notices::find(known, &number).map_err(|lost| lost.0))
}

/// Search by words in drivers, cars, teams, sessions and notices.
#[utoipa::path(
    get, path = "/api/v1/search", tag = "season", params(pages::search::Asked),
    responses((status = 200, body = Found), (status = 400, description = "The query is too long", body = Problem))
)]
async fn search(State(site): State<Arc<Site>>, asked: Result<Query<pages::search::Asked>, QueryRejection>) -> Answer {
    let asked = query(asked)?;
    Ok((NO_CACHE, Json(pages::search::found(&site, &asked)?)).into_response())
}
