//! The pit board: the window, what every car owes, from when it may leave, what its stops break, and the time at the wheel.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use sport::date::{Instant, Micros};
use sport::drive_board::DriveCar;
use sport::live_session::LiveSession;
use sport::pit_board::PitCar;
use sport::rules::stops::Breach;
use sport::season::Season;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::clock::printed;
use crate::frame::PitWindow;
use crate::problem::Problem;
use crate::session_at::{self, SessionAt};
use crate::site::Site;

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<Arc<Site>> {
    OpenApiRouter::new().routes(routes!(pit))
}

/// The moment a session is looked at.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct At {
    /// As known at a moment, RFC 3339; now where absent.
    #[param(format = DateTime)]
    pub(crate) at: Option<String>,
}

/// The pit board of a race at a moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct PitBoard {
    /// `6.race-1`.
    pub(crate) session: String,
    /// The moment, RFC 3339.
    pub(crate) at: String,
    /// True while the session runs.
    pub(crate) running: bool,
    /// The start signal, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<String>,
    /// When the race's time is complete, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ends: Option<String>,
    /// The window of the mandatory stop; none where the rulebook asks for no stop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) window: Option<PitWindow>,
    /// The article that asks for the stop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) article: Option<String>,
    /// Between which lines a stop is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) zone: Option<String>,
    /// The cars, in the order of the race.
    pub(crate) cars: Vec<PitBoardCar>,
    /// Time at the wheel, by car in the order of the race; none where the rulebook limits none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) drive_times: Option<Vec<DriveTimes>>,
}

/// A car on the pit board.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct PitBoardCar {
    /// Its id.
    pub(crate) car: String,
    /// The number on it.
    pub(crate) number: String,
    /// Its class.
    pub(crate) class: String,
    /// Its place as it stands, or why it has none.
    pub(crate) position: String,
    /// The team.
    pub(crate) team: String,
    /// Who is aboard, where anybody said.
    pub(crate) driver: String,
    /// `to-do`, `in`, `done`, `breach`, `decided` where stewards decided about it, `none` where none is owed any more.
    pub(crate) state: String,
    /// What stewards decided about its stop, where they did.
    pub(crate) decided: String,
    /// Success seconds due, in microseconds.
    pub(crate) due_us: i64,
    /// The least time from entry to exit with them, in microseconds.
    pub(crate) minimum_us: i64,
    /// The same as printed.
    pub(crate) minimum: String,
    /// How many stops are asked for.
    pub(crate) asked: u16,
    /// How many were made.
    pub(crate) made: usize,
    /// It is in the pit lane since, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<String>,
    /// The earliest moment it may leave, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) earliest_exit: Option<String>,
    /// The same by further readings of the entry that cannot all be true, RFC 3339.
    pub(crate) other_exits: Vec<String>,
    /// Why the visit it is at would be no mandatory stop; empty where it would.
    pub(crate) untimely: String,
    /// Its visits to the pit lane since the start.
    pub(crate) visits: Vec<PitBoardVisit>,
    /// What its stops break.
    pub(crate) breaches: Vec<PitBoardBreach>,
}

/// A visit to the pit lane.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct PitBoardVisit {
    /// Over the entry line, RFC 3339; none where it was not heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) entry: Option<String>,
    /// Over the exit line, RFC 3339; none where it was not heard, or not yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) exit: Option<String>,
    /// Between the two, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time_us: Option<i64>,
    /// The same as printed; empty where one was not heard.
    pub(crate) time: String,
    /// In which of its laps it came in, from 1.
    pub(crate) lap: u32,
    /// `mandatory`, `joker`, `technical`; empty for any other visit.
    pub(crate) kind: String,
}

/// What a stop breaks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct PitBoardBreach {
    /// The line of the tariff: `short-stop`; empty where first somebody has to find out what happened.
    pub(crate) offence: String,
    /// In words.
    pub(crate) says: String,
    /// What was missing of the minimum, in microseconds.
    pub(crate) shortfall_us: i64,
    /// The visit it is about, by position from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) visit: Option<usize>,
    /// The penalty the tariff proposes; nothing is a penalty until stewards confirm it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) proposal: Option<Proposed>,
}

/// A proposed penalty.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Proposed {
    /// In words.
    pub(crate) says: String,
    /// Its article.
    pub(crate) article: String,
}

/// The time at the wheel of a car's drivers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct DriveTimes {
    /// The car's id.
    pub(crate) car: String,
    /// The number on it.
    pub(crate) number: String,
    /// Its class.
    pub(crate) class: String,
    /// Each driver.
    pub(crate) drivers: Vec<DriveTime>,
    /// Time of which nobody said whose it is, in microseconds.
    pub(crate) unknown_us: i64,
    /// What breaks a limit, with the penalty proposed.
    pub(crate) breaches: Vec<DriveBreached>,
}

/// A driver's time at the wheel.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct DriveTime {
    /// The driver's id.
    pub(crate) driver: String,
    /// By name.
    pub(crate) name: String,
    /// In microseconds.
    pub(crate) time_us: i64,
}

/// A limit of the drive time that is broken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct DriveBreached {
    /// In words.
    pub(crate) says: String,
    /// The penalty the tariff proposes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) proposal: Option<Proposed>,
}

/// The pit board of a race.
#[utoipa::path(
    get, path = "/api/v1/sessions/{id}/pit", tag = "sessions", params(("id" = String, Path, description = "The session: `6.race-1`"), At),
    responses((status = 200, body = PitBoard), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn pit(
    State(site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    at: Result<Query<At>, QueryRejection>,
) -> Result<impl IntoResponse, Problem> {
    let (Path(id), Query(at)) = (id?, at?);
    let when = session_at::when(&site, at.at.as_deref())?;
    let season = site.season();
    let of = session_at::seen(&site, &season, &id, when)?;
    Ok(([("cache-control", "no-cache")], Json(board(&site, &season, &of)?)))
}

/// The board of a session, or why it has none.
pub(crate) fn board(site: &Site, season: &Season, of: &SessionAt) -> Result<PitBoard, Problem> {
    let (session, rulebook) = (&of.stands.session, &site.rulebook);
    let (board, drives) = (of.board(site, season), session.drive_board(rulebook, season));
    let name = &season.calendar.sessions[session.session].name;
    if board.is_none() && drives.is_none() {
        let why = without(site, season, session);
        return Err(Problem::missing(format!("{name} has no pit board: {why}")));
    }
    let in_order = |car: usize| {
        let id = season.list.entries[session.cars[car]].id.as_str();
        of.frame.order.iter().position(|of| of == id).unwrap_or(usize::MAX)
    };
    let mut cars: Vec<&PitCar> = board.unwrap_or_default().iter().collect();
    cars.sort_by_key(|car| in_order(car.car));
    let mut drives = drives;
    drives.iter_mut().for_each(|drives| drives.sort_by_key(|car| in_order(car.car)));
    let rule = session.stop_rule(rulebook, season).filter(|_| board.is_some());
    let head = of.frame.session.as_ref();
    Ok(PitBoard {
        session: name.to_string(),
        at: of.frame.at.clone(),
        running: head.is_some_and(|head| head.running),
        start: head.and_then(|head| head.start.clone()),
        ends: head.and_then(|head| head.ends.clone()),
        window: of.frame.window.clone(),
        article: rule.map(|rule| rule.cite.article.to_string()),
        zone: session.pit_zone().filter(|_| board.is_some()).map(|zone| zone.to_string()),
        cars: cars.into_iter().map(|pit| car(site, season, of, pit)).collect(),
        drive_times: drives.map(|drives| drives.iter().map(|drove| drive_times(site, season, session, drove)).collect()),
    })
}

/// Why there is no board.
fn without(site: &Site, season: &Season, session: &LiveSession) -> &'static str {
    if session.running.ranking() != sport::running::Ranking::Distance {
        "it is no race"
    } else if session.stop_rule(&site.rulebook, season).is_none() {
        "the rulebook asks for no stop"
    } else if session.pit_zone().is_none() {
        "the circuit has no lines that say where the pit lane begins and ends"
    } else {
        "it has not started"
    }
}

fn car(site: &Site, season: &Season, of: &SessionAt, pit: &PitCar) -> PitBoardCar {
    let session = &of.stands.session;
    let (entry, board) = (&season.list.entries[session.cars[pit.car]], &pit.board);
    let shown = of.frame.cars.get(entry.id.as_str());
    let inside = pit.visits.last().filter(|visit| visit.inside);
    let kind = |at: usize| {
        if board.technical == Some(at) {
            "technical"
        } else if board.jokers.contains(&at) {
            "joker"
        } else if board.mandatory.contains(&at) {
            "mandatory"
        } else {
            ""
        }
    };
    let visit = |(at, visit): (usize, &sport::pit_visit::PitVisit)| PitBoardVisit {
        entry: visit.entry.map(|crossing| printed(crossing.at)),
        exit: visit.exit.map(|crossing| printed(crossing.at)),
        time_us: visit.time().map(|time| time.0),
        time: visit.time().map_or_else(String::new, |time| time.to_string()),
        lap: visit.lap + 1,
        kind: kind(at).to_owned(),
    };
    let breach = |breach: &Breach| PitBoardBreach {
        offence: breach.offence().unwrap_or_default().to_owned(),
        says: breach.to_string(),
        shortfall_us: breach.shortfall().0,
        visit: breach.visit(),
        proposal: session.proposal(&site.rulebook, season, pit.car, breach).map(proposed),
    };
    let stop = shown.and_then(|car| car.stop.as_ref());
    PitBoardCar {
        car: entry.id.to_string(),
        number: entry.label(),
        class: entry.class.to_string(),
        position: shown.map_or_else(String::new, |car| car.position.clone()),
        team: shown.map_or_else(String::new, |car| car.team.clone()),
        driver: shown.map_or_else(String::new, |car| car.driver.clone()),
        state: stop.map_or_else(String::new, |stop| stop.state.clone()),
        decided: stop.filter(|stop| stop.state == "decided").map_or_else(String::new, |stop| stop.detail.clone()),
        due_us: pit.due.0,
        minimum_us: board.minimum.0,
        minimum: board.minimum.to_string(),
        asked: board.asked,
        made: board.mandatory.len(),
        since: inside.and_then(|visit| visit.entry).map(|entry| printed(entry.at)),
        earliest_exit: stop.and_then(|stop| stop.earliest.clone()),
        other_exits: board.other_exits.iter().map(|at: &Instant| printed(*at)).collect(),
        untimely: board.untimely.map_or_else(String::new, |why| why.to_string()),
        visits: pit.visits.iter().enumerate().map(visit).collect(),
        breaches: board.breaches.iter().map(breach).collect(),
    }
}

fn proposed(of: sport::rules::tariff::Proposal) -> Proposed {
    Proposed { says: of.says, article: of.cite.article.to_string() }
}

fn drive_times(site: &Site, season: &Season, session: &LiveSession, of: &DriveCar) -> DriveTimes {
    let entry = &season.list.entries[session.cars[of.car]];
    let driver = |(at, time): &(usize, Micros)| {
        let driver = &season.list.drivers[*at];
        DriveTime { driver: driver.id.to_string(), name: driver.name.clone(), time_us: time.0 }
    };
    let breach = |breach: &sport::rules::drive_time::DriveBreach| DriveBreached {
        says: breach.told(season),
        proposal: session.drive_proposal(&site.rulebook, season, of.car, breach).map(proposed),
    };
    DriveTimes {
        car: entry.id.to_string(),
        number: entry.label(),
        class: entry.class.to_string(),
        drivers: of.drivers.iter().map(driver).collect(),
        unknown_us: of.unknown.0,
        breaches: of.breaches.iter().map(breach).collect(),
    }
}
