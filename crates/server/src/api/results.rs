//! Results, standings, the success ledger, and the reasons behind each number.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::Serialize;
use sport::why::Question;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::Problem;
use crate::results::asked::{self, Asked};
use crate::results::chain::{self, Chain};
use crate::results::ended_now::{self, EndedNow};
use crate::results::ledger::{self, Ledger};
use crate::results::session::{self, SessionSheet};
use crate::results::table::{self, Progress, Table};
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

type Answer<T> = Result<([(&'static str, &'static str); 1], Json<T>), Problem>;
type Words = Result<Query<Asked>, QueryRejection>;
type Part<T> = Result<Path<T>, PathRejection>;

/// What may be different the next time it is asked.
fn answer<T: Serialize>(value: T) -> Answer<T> {
    Ok(([("cache-control", "no-cache")], Json(value)))
}

fn path<T>(part: Part<T>) -> Result<T, Problem> {
    part.map(|Path(part)| part)
        .map_err(|_| Problem::unclear(String::from("this address cannot be read; the description of this API has all addresses")))
}

fn words(words: Words) -> Result<Asked, Problem> {
    words
        .map(|Query(asked)| asked)
        .map_err(|_| Problem::unclear(String::from("what stands after the question mark cannot be read: at, after, suppose, each once")))
}

/// A session: its result with state and reasons, its grid, its decisions, and what is open about it.
#[utoipa::path(
    get, path = "/api/v1/sessions/{session}", tag = "results",
    params(("session" = String, Path, description = "`2.race-1`, or `2.1` for race 1 of round 2"), Asked),
    responses((status = 200, body = SessionSheet), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn session(State(site): State<Arc<Site>>, of: Part<String>, asked: Words) -> Answer<SessionSheet> {
    let (of, asked, season) = (path(of)?, words(asked)?, site.season());
    let asking = asked.of(&season)?;
    answer(session::sheet(&site, &season, asked::session(&season, &of)?, &asking))
}

/// The championships as they would stand if a session ended now.
#[utoipa::path(
    get, path = "/api/v1/sessions/{session}/if-it-ended-now", tag = "results", params(("session" = String, Path), Asked),
    responses((status = 200, body = EndedNow), (status = 400, body = Problem), (status = 404, description = "It was not opened", body = Problem))
)]
async fn if_it_ended_now(State(site): State<Arc<Site>>, of: Part<String>, asked: Words) -> Answer<EndedNow> {
    let (of, asked, season) = (path(of)?, words(asked)?, site.season());
    let asking = asked.of(&season)?;
    answer(ended_now::asked(&site, &season, asked::session(&season, &of)?, &asking)?)
}

/// All tables.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
struct Standings {
    /// One a championship, in the rulebook's order.
    standings: Vec<Table>,
}

/// The tables of all championships.
#[utoipa::path(
    get, path = "/api/v1/standings", tag = "standings", params(Asked),
    responses((status = 200, body = Standings), (status = 400, body = Problem))
)]
async fn standings(State(site): State<Arc<Site>>, asked: Words) -> Answer<Standings> {
    let (asked, season) = (words(asked)?, site.season());
    let asking = asked.of(&season)?;
    let evaluation = table::evaluation(&site, &season, &asking);
    let standings = evaluation.standings.iter().map(|of| table::table(&site, &season, &evaluation, of)).collect();
    answer(Standings { standings })
}

/// A table, how the season went to it, and what open matters would change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
struct OneTable {
    /// The table.
    table: Table,
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
    responses((status = 200, body = OneTable), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn championship(State(site): State<Arc<Site>>, of: Part<String>, asked: Words) -> Answer<OneTable> {
    let (of, asked, season) = (path(of)?, words(asked)?, site.season());
    let (asking, of) = (asked.of(&season)?, asked::championship(&site.rulebook, &of)?);
    let evaluation = table::evaluation(&site, &season, &asking);
    let standings = evaluation.table(&of.id).ok_or_else(|| Problem::missing(format!("{} has no table yet", of.id)))?;
    let table = table::table(&site, &season, &evaluation, standings);
    answer(OneTable {
        table,
        progress: table::asked_progress(&site, &season, standings, &asking),
        open_matters: worlds::asked(&site, &season, &of.id, &asking),
    })
}

/// The success ledger.
#[utoipa::path(
    get, path = "/api/v1/success", tag = "standings", params(Asked), responses((status = 200, body = Ledger), (status = 400, body = Problem))
)]
async fn success(State(site): State<Arc<Site>>, asked: Words) -> Answer<Ledger> {
    let (asked, season) = (words(asked)?, site.season());
    let asking = asked.of(&season)?;
    answer(ledger::ledger(&site, &season, &table::evaluation(&site, &season, &asking)))
}

/// Why a competitor has its points.
#[utoipa::path(
    get, path = "/api/v1/why/points/{championship}/{competitor}", tag = "why",
    params(("championship" = String, Path), ("competitor" = String, Path, description = "The id of a driver, a team, a car or a maker, by the championship"), Asked),
    responses((status = 200, body = Chain), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn why_points(State(site): State<Arc<Site>>, of: Part<(String, String)>, asked: Words) -> Answer<Chain> {
    let ((championship, competitor), asked, season) = (path(of)?, words(asked)?, site.season());
    let question = asked::total(&site.rulebook, &season, &championship, &competitor)?;
    answer(chain::chain(&site, &season, &asked.of(&season)?, &question)?)
}

/// Why a car has its place in a session.
#[utoipa::path(
    get, path = "/api/v1/why/place/{session}/{car}", tag = "why", params(("session" = String, Path), ("car" = String, Path), Asked),
    responses((status = 200, body = Chain), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn why_place(State(site): State<Arc<Site>>, of: Part<(String, String)>, asked: Words) -> Answer<Chain> {
    let ((session, car), asked, season) = (path(of)?, words(asked)?, site.season());
    let question = Question::Place(asked::session(&season, &session)?, asked::car(&season, &car)?);
    answer(chain::chain(&site, &season, &asked.of(&season)?, &question)?)
}

/// Why a car has its success penalty: earned in a session, or due there.
#[utoipa::path(
    get, path = "/api/v1/why/success/{session}/{car}", tag = "why", params(("session" = String, Path), ("car" = String, Path), Asked),
    responses((status = 200, body = Chain), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn why_success(State(site): State<Arc<Site>>, of: Part<(String, String)>, asked: Words) -> Answer<Chain> {
    let ((session, car), asked, season) = (path(of)?, words(asked)?, site.season());
    let question = Question::Success(asked::session(&season, &session)?, asked::car(&season, &car)?);
    answer(chain::chain(&site, &season, &asked.of(&season)?, &question)?)
}
