//! Lap by lap: what every lap of a car took and rests on.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use sport::date::{Instant, Micros};
use sport::names::EntryId;
use sport::pit_visit::{PitVisit, visits};
use sport::season::Season;
use sport::tower::{LapBests, lap_bests};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::pit::At;
use crate::clock::printed;
use crate::problem::Problem;
use crate::results::asked;
use crate::session_at::{self, SessionAt};
use crate::site::Site;

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<Arc<Site>> {
    OpenApiRouter::new().routes(routes!(laps)).routes(routes!(of_car))
}

/// So many laps are given at once.
const MOST: usize = 1_000;

/// Which laps of all cars.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Pages {
    /// As known at a moment, RFC 3339; now where absent.
    #[param(format = DateTime)]
    at: Option<String>,
    /// Skip so many laps of the list.
    offset: Option<usize>,
    /// At most so many laps, 1 to 1000; 1000 where absent.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// Laps of all cars, car after car in the order of the session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Laps {
    /// `6.race-1`.
    session: String,
    /// The moment, RFC 3339.
    at: String,
    /// How many laps there are in all.
    total: usize,
    /// The offset of the laps that follow; none after the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_offset: Option<usize>,
    /// The laps.
    laps: Vec<LapOfCar>,
}

/// A lap with the car that drove it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct LapOfCar {
    /// The car's id.
    car: String,
    /// The lap.
    #[serde(flatten)]
    lap: Lap,
}

/// A car's laps.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct CarLaps {
    /// `6.race-1`.
    pub(crate) session: String,
    /// The moment, RFC 3339.
    pub(crate) at: String,
    /// The car's id.
    pub(crate) car: String,
    /// The number on it.
    pub(crate) number: String,
    /// The laps, from the first.
    pub(crate) laps: Vec<Lap>,
    /// Its best lap, from 1; none where no lap counts as one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) best: Option<u32>,
    /// The best of each sector, in microseconds; null for one that was never read whole.
    pub(crate) best_sectors_us: Vec<Option<i64>>,
    /// The sum of the best sectors, in microseconds; none where not all are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ideal_us: Option<i64>,
}

/// A lap.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Lap {
    /// From 1.
    pub(crate) lap: u32,
    /// When it ended, RFC 3339.
    pub(crate) ended: String,
    /// In microseconds.
    pub(crate) time_us: i64,
    /// As printed.
    pub(crate) time: String,
    /// Whose best it is by now: `none`, `car`, `class`, `session`.
    pub(crate) best: String,
    /// Its sectors.
    pub(crate) sectors: Vec<LapSector>,
    /// Who drove; empty where nobody said.
    pub(crate) driver: String,
    /// Whether it can be a best lap.
    pub(crate) timed: bool,
    /// Whether it was deleted: by a decision, or for its driver.
    pub(crate) deleted: bool,
    /// Why it cannot be a best lap; empty where it can.
    pub(crate) why: String,
    /// The passing it ended with: the fact and the position in it; none where nothing heard it and it must have happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) passing: Option<(u32, u16)>,
    /// A visit to the pit lane that began in it: the time from entry to exit as printed, `not heard whole` or `in the pit lane`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pit: Option<String>,
}

/// A sector of a lap.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct LapSector {
    /// In microseconds; null where an end of it was not heard.
    pub(crate) time_us: Option<i64>,
    /// As printed; empty where an end of it was not heard.
    pub(crate) time: String,
    /// Whose best it is by now: `none`, `car`, `class`, `session`.
    pub(crate) best: String,
}

/// The laps of all cars of a session.
#[utoipa::path(
    get, path = "/api/v1/sessions/{id}/laps", tag = "sessions", params(("id" = String, Path, description = "The session: `6.race-1`"), Pages),
    responses((status = 200, body = Laps), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn laps(
    State(site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    pages: Result<Query<Pages>, QueryRejection>,
) -> Result<impl IntoResponse, Problem> {
    let (Path(id), Query(pages)) = (id?, pages?);
    let limit = pages.limit.unwrap_or(MOST);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::unclear(format!("a limit of {limit} laps is not between 1 and {MOST}")));
    }
    let when = session_at::when(&site, pages.at.as_deref())?;
    let season = site.season();
    let of = session_at::seen(&site, &season, &id, when)?;
    let session = &of.stands.session;
    let counts = |car: &String| {
        let entry = season.list.entry(&EntryId::new(car))?;
        let at = session.cars.iter().position(|of| *of == entry)?;
        Some((at, session.running.progress(at).laps as usize))
    };
    let cars: Vec<(usize, usize)> = of.frame.order.iter().filter_map(counts).collect();
    let total = cars.iter().map(|(_, laps)| laps).sum();
    let (mut skip, mut given) = (pages.offset.unwrap_or(0), Vec::new());
    for (car, laps) in cars {
        if given.len() == limit {
            break;
        }
        if skip >= laps {
            skip -= laps;
            continue;
        }
        let id = season.list.entries[session.cars[car]].id.to_string();
        let laps = self::of(&season, &of, car).laps.into_iter().skip(skip).take(limit - given.len());
        given.extend(laps.map(|lap| LapOfCar { car: id.clone(), lap }));
        skip = 0;
    }
    let next = pages.offset.unwrap_or(0).saturating_add(given.len());
    let laps =
        Laps { session: id, at: of.frame.at.clone(), total, next_offset: (next < total && !given.is_empty()).then_some(next), laps: given };
    Ok(([("cache-control", "no-cache")], Json(laps)))
}

/// The laps of a car.
#[utoipa::path(
    get, path = "/api/v1/sessions/{id}/laps/{car}", tag = "sessions",
    params(("id" = String, Path, description = "The session: `6.race-1`"), ("car" = String, Path, description = "The car's id"), At),
    responses((status = 200, body = CarLaps), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn of_car(
    State(site): State<Arc<Site>>,
    path: Result<Path<(String, String)>, PathRejection>,
    at: Result<Query<At>, QueryRejection>,
) -> Result<impl IntoResponse, Problem> {
    let (Path((id, car)), Query(at)) = (path?, at?);
    let when = session_at::when(&site, at.at.as_deref())?;
    let season = site.season();
    let of = session_at::seen(&site, &season, &id, when)?;
    let car = find(&season, &of, &id, &car)?;
    Ok(([("cache-control", "no-cache")], Json(self::of(&season, &of, car))))
}

/// A car of a session, by position in it.
pub(crate) fn find(season: &Season, of: &SessionAt, session: &str, written: &str) -> Result<usize, Problem> {
    let entry = season.list.entry(&EntryId::new(written));
    let car = entry.and_then(|entry| of.stands.session.cars.iter().position(|car| *car == entry));
    car.ok_or_else(|| {
        let namesake = asked::namesake(season, of.stands.session.session, written, &format!("/sessions/{session}/laps"));
        Problem::missing(namesake.unwrap_or_else(|| format!("car `{written}` is not entered in {session}")))
    })
}

/// The laps of a car of a session.
pub(crate) fn of(season: &Season, of: &SessionAt, car: usize) -> CarLaps {
    let session = &of.stands.session;
    let entry = &season.list.entries[session.cars[car]];
    let laps = session.laps_of(car);
    let bests = lap_bests(season, session, car);
    let start = session.start().unwrap_or(Instant::FOREVER);
    let mut pits = visits(session.running.layout(), &session.running.tracks()[car]);
    pits.retain(|visit| visit.entry.or(visit.exit).is_some_and(|crossing| crossing.at >= start));
    let deleted = |nth: usize| {
        session.deleted.iter().any(|(of, lap, _)| (*of, *lap) == (car, nth))
            || session.struck.iter().any(|struck| (struck.car, struck.lap) == (car, nth))
    };
    let lap = |(nth, (lap, best)): (usize, (&sport::lap_analysis::LapOf, LapBests))| Lap {
        lap: numbered(nth),
        ended: printed(lap.end),
        time_us: lap.time.0,
        time: lap.time.to_string(),
        best: best.lap.word().to_owned(),
        sectors: sectors(&lap.sectors, &best),
        driver: lap.driver.map_or_else(String::new, |driver| season.list.drivers[driver].name.clone()),
        timed: lap.timed,
        deleted: deleted(nth),
        why: lap.untimed.clone().unwrap_or_default(),
        passing: lap.evidence.map(|id| (id.fact, id.nth)),
        pit: pit(&pits, numbered(nth)),
    };
    let timed = laps.iter().enumerate().filter(|(_, lap)| lap.timed);
    CarLaps {
        session: season.calendar.sessions[session.session].name.to_string(),
        at: of.frame.at.clone(),
        car: entry.id.to_string(),
        number: entry.label(),
        best: timed.min_by_key(|(nth, lap)| (lap.time, *nth)).map(|(nth, _)| numbered(nth)),
        best_sectors_us: session.best_sectors(&laps).into_iter().map(|time| time.map(|time| time.0)).collect(),
        ideal_us: session.ideal_lap(&laps).map(|time| time.0),
        laps: laps.iter().zip(bests).enumerate().map(lap).collect(),
    }
}

fn numbered(nth: usize) -> u32 {
    u32::try_from(nth + 1).unwrap_or(u32::MAX)
}

fn sectors(of: &[Option<Micros>], best: &LapBests) -> Vec<LapSector> {
    let sector = |(time, best): (&Option<Micros>, &sport::tower::BestOf)| LapSector {
        time_us: time.map(|time| time.0),
        time: time.map_or_else(String::new, |time| time.to_string()),
        best: best.word().to_owned(),
    };
    of.iter().zip(&best.sectors).map(sector).collect()
}

/// The visits that began in a lap.
fn pit(visits: &[PitVisit], lap: u32) -> Option<String> {
    let of = visits.iter().filter(|visit| visit.lap + 1 == lap);
    let told = of.map(|visit| match visit.time() {
        Some(time) => time.to_string(),
        None if visit.inside => String::from("in the pit lane"),
        None => String::from("not heard whole"),
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join(", "))
}
