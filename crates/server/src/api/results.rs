//! Results, standings, the success ledger, and the reasons behind each number.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use sport::season::Season;
use sport::why::Question;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Unchanged;
use crate::cached;
use crate::problem::Problem;
use crate::results::asked::{self, Asked, Asking};
use crate::results::chain::{self, Chain};
use crate::results::ended_now::{self, EndedNow};
use crate::results::ledger::{self, Ledger};
use crate::results::session::{self, SessionSheet};
use crate::results::table::{self, ChampionshipTable, Progress};
use crate::results::worlds::{self, OpenMatters};
use crate::site::Site;

/// The routes with their description.
pub(crate) fn routes() -> OpenApiRouter<Arc<Site>> {
    OpenApiRouter::new()
        .routes(routes!(session))
        .routes(routes!(if_it_ended_now))
        .routes(routes!(standings))
        .routes(routes!(championship))
        .routes(routes!(success))
        .routes(routes!(why_points))
        .routes(routes!(why_place))
        .routes(routes!(why_success))
}

type Answer = Result<Response, Problem>;
type Words = Result<Query<Asked>, QueryRejection>;
type Part<T> = Result<Path<T>, PathRejection>;

const NO_CACHE: [(&str, &str); 1] = [("cache-control", "no-cache")];

fn path<T>(part: Part<T>) -> Result<T, Problem> {
    part.map(|Path(part)| part).map_err(|_| Problem::unclear(String::from("this address cannot be read")))
}

fn words(words: Words) -> Result<Asked, Problem> {
    let unclear = |_| Problem::unclear(String::from("what stands after the question mark cannot be read: at, after, suppose, each once"));
    words.map(|Query(asked)| asked).map_err(unclear)
}

/// An answer that changes with the facts alone.
fn of_facts<T: Serialize>(
    site: &Site,
    headers: &HeaderMap,
    asked: Words,
    answer: impl FnOnce(&Season, &Asking) -> Result<T, Problem>,
) -> Answer {
    let (asked, season) = (words(asked)?, site.season());
    let asking = asked.of(&season)?;
    if let Some(unchanged) = cached::unchanged(site, &season, headers) {
        return Ok(unchanged);
    }
    let answer = answer(&season, &asking)?;
    Ok((NO_CACHE, cached::tag(site, &season), Json(answer)).into_response())
}

/// An answer that changes with time too.
fn of_now<T: Serialize>(site: &Site, asked: Words, answer: impl FnOnce(&Season, &Asking) -> Result<T, Problem>) -> Answer {
    let (asked, season) = (words(asked)?, site.season());
    let answer = answer(&season, &asked.of(&season)?)?;
    Ok((NO_CACHE, Json(answer)).into_response())
}

/// A session: its result with state and reasons, its grid, its decisions, and what is open about it.
#[utoipa::path(
    get, path = "/api/v1/sessions/{session}", tag = "results",
    params(("session" = String, Path, description = "`2.race-1`, or `2.1` for race 1 of round 2"), Asked),
    responses((status = 200, body = SessionSheet), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn session(State(site): State<Arc<Site>>, of: Part<String>, asked: Words) -> Answer {
    let of = path(of)?;
    of_now(&site, asked, |season, asking| Ok(session::sheet(&site, season, asked::session(season, &of)?, asking)))
}

/// The championships as they would stand if a session ended now.
#[utoipa::path(
    get, path = "/api/v1/sessions/{session}/if-it-ended-now", tag = "results", params(("session" = String, Path), Asked),
    responses((status = 200, body = EndedNow), (status = 400, body = Problem), (status = 404, description = "It was not opened", body = Problem))
)]
async fn if_it_ended_now(State(site): State<Arc<Site>>, of: Part<String>, asked: Words) -> Answer {
    let of = path(of)?;
    of_now(&site, asked, |season, asking| ended_now::asked(&site, season, asked::session(season, &of)?, asking))
}

/// All tables.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
struct Standings {
    /// One a championship, in the rulebook's order.
    standings: Vec<ChampionshipTable>,
}

/// The tables of all championships.
#[utoipa::path(
    get, path = "/api/v1/standings", tag = "standings", params(Asked),
    responses(Unchanged, (status = 200, body = Standings), (status = 400, body = Problem), (status = 404, description = "There is no session that `after` names", body = Problem))
)]
async fn standings(State(site): State<Arc<Site>>, headers: HeaderMap, asked: Words) -> Answer {
    of_facts(&site, &headers, asked, |season, asking| {
        let evaluation = table::evaluation(&site, season, asking);
        let standings = evaluation.standings.iter().map(|of| table::table(&site, season, &evaluation, of)).collect();
        Ok(Standings { standings })
    })
}

/// A table, how the season went to it, and what open matters would change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
struct OneTable {
    /// The table.
    table: ChampionshipTable,
    /// The leading competitors after each session; none at an earlier moment or in a supposed world.
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<Progress>,
    /// What the outcomes of open matters would change; none where nothing is open, at an earlier moment, or in a supposed world.
    #[serde(skip_serializing_if = "Option::is_none")]
    open_matters: Option<OpenMatters>,
}

/// The table of a championship.
#[utoipa::path(
    get, path = "/api/v1/standings/{championship}", tag = "standings",
    params(("championship" = String, Path, description = "Such as `gt3-drivers`"), Asked),
    responses(Unchanged, (status = 200, body = OneTable), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn championship(State(site): State<Arc<Site>>, of: Part<String>, headers: HeaderMap, asked: Words) -> Answer {
    let of = path(of)?;
    of_facts(&site, &headers, asked, |season, asking| {
        let of = asked::championship(&site.rulebook, &of)?;
        let evaluation = table::evaluation(&site, season, asking);
        let standings = evaluation.table(&of.id).ok_or_else(|| Problem::missing(format!("{} has no table yet", of.id)))?;
        Ok(OneTable {
            table: table::table(&site, season, &evaluation, standings),
            progress: table::asked_progress(&site, season, standings, asking),
            open_matters: worlds::asked(&site, season, &of.id, asking),
        })
    })
}

/// The success ledger.
#[utoipa::path(
    get, path = "/api/v1/success", tag = "standings", params(Asked), responses(Unchanged, (status = 200, body = Ledger), (status = 400, body = Problem), (status = 404, description = "There is no session that `after` names", body = Problem))
)]
async fn success(State(site): State<Arc<Site>>, headers: HeaderMap, asked: Words) -> Answer {
    of_facts(&site, &headers, asked, |season, asking| Ok(ledger::ledger(&site, season, &table::evaluation(&site, season, asking))))
}

/// Why a competitor has its points.
#[utoipa::path(
    get, path = "/api/v1/why/points/{championship}/{competitor}", tag = "why",
    params(("championship" = String, Path), ("competitor" = String, Path, description = "The id of a driver, a team, a car or a maker, by the championship"), Asked),
    responses(Unchanged, (status = 200, body = Chain), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn why_points(State(site): State<Arc<Site>>, of: Part<(String, String)>, headers: HeaderMap, asked: Words) -> Answer {
    let (championship, competitor) = path(of)?;
    of_facts(&site, &headers, asked, |season, asking| {
        chain::chain(&site, season, asking, &asked::total(&site.rulebook, season, &championship, &competitor)?)
    })
}

/// Why a car has its place in a session.
#[utoipa::path(
    get, path = "/api/v1/why/place/{session}/{car}", tag = "why", params(("session" = String, Path), ("car" = String, Path), Asked),
    responses(Unchanged, (status = 200, body = Chain), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn why_place(State(site): State<Arc<Site>>, of: Part<(String, String)>, headers: HeaderMap, asked: Words) -> Answer {
    let (session, car) = path(of)?;
    of_facts(&site, &headers, asked, |season, asking| {
        let at = asked::session(season, &session)?;
        let entry = asked::car(season, at, &car, &format!("/why/place/{}", season.calendar.sessions[at].name))?;
        chain::chain(&site, season, asking, &Question::Place(at, entry))
    })
}

/// Why a car has its success penalty: earned in a session, or due there.
#[utoipa::path(
    get, path = "/api/v1/why/success/{session}/{car}", tag = "why", params(("session" = String, Path), ("car" = String, Path), Asked),
    responses(Unchanged, (status = 200, body = Chain), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn why_success(State(site): State<Arc<Site>>, of: Part<(String, String)>, headers: HeaderMap, asked: Words) -> Answer {
    let (session, car) = path(of)?;
    of_facts(&site, &headers, asked, |season, asking| {
        let at = asked::session(season, &session)?;
        let entry = asked::car(season, at, &car, &format!("/why/success/{}", season.calendar.sessions[at].name))?;
        chain::chain(&site, season, asking, &Question::Success(at, entry))
    })
}
