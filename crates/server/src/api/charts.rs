//! The charts of a session as numbers: every car's position, gap and time at the end of each lap.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use sport::season::Season;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::laps;
use crate::problem::Problem;
use crate::session_at::{self, SessionAt};
use crate::site::Site;

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<Arc<Site>> {
    OpenApiRouter::new().routes(routes!(lap_chart))
}

/// So many laps are given at once.
pub(crate) const MOST: u32 = 200;

/// What of a chart is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Part {
    /// As known at a moment, RFC 3339; now where absent.
    #[param(format = DateTime)]
    pub(crate) at: Option<String>,
    /// Only the cars of this class: positions and gaps are among them.
    pub(crate) class: Option<String>,
    /// Gaps to this car; to the first at the end of each lap where absent.
    pub(crate) to: Option<String>,
    /// From this lap on; where absent, the last 200.
    pub(crate) from: Option<u32>,
}

/// The lap chart, the gap chart and the lap times of a session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Chart {
    /// `6.race-1`.
    pub(crate) session: String,
    /// The moment, RFC 3339.
    pub(crate) at: String,
    /// True while the session runs.
    pub(crate) running: bool,
    /// The laps of the first.
    pub(crate) laps: u32,
    /// The first lap that is given, from 1. At most 200 are.
    pub(crate) from: u32,
    /// The last lap that is given.
    pub(crate) until: u32,
    /// The car gaps are to; none where they are to the first at the end of each lap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<String>,
    /// When it was neutralised or suspended.
    pub(crate) neutral: Vec<Neutral>,
    /// The cars, in the order of the grid.
    pub(crate) cars: Vec<Line>,
}

/// A neutralisation or a suspension, in laps of the first car.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Neutral {
    /// `full-course-yellow`, `safety-car`, `red`.
    pub(crate) signal: String,
    /// The lap in which it was given, from 1.
    pub(crate) from: u32,
    /// The lap in which it ended, or that is under way.
    pub(crate) until: u32,
}

/// A car's line through the laps.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Line {
    /// The car's id.
    pub(crate) car: String,
    /// The number on it.
    pub(crate) number: String,
    /// Its class.
    pub(crate) class: String,
    /// Its drivers or its team, for a reader.
    pub(crate) name: String,
    /// Where it began, from 1.
    pub(crate) grid: u16,
    /// Its laps that are given, without a gap between.
    pub(crate) laps: Vec<Point>,
}

/// A car at the end of a lap.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Point {
    /// The lap, from 1.
    pub(crate) lap: u32,
    /// Its position at the end of it, from 1.
    pub(crate) position: u16,
    /// How much later it ended the lap, in microseconds; negative where sooner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gap_us: Option<i64>,
    /// What the lap took, in microseconds.
    pub(crate) time_us: i64,
    /// Whether it can be a best lap.
    pub(crate) timed: bool,
}

/// Positions, gaps and times by lap.
#[utoipa::path(
    get, path = "/api/v1/sessions/{id}/charts/lap", tag = "sessions", params(("id" = String, Path, description = "The session: `6.race-1`"), Part),
    responses((status = 200, body = Chart), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn lap_chart(
    State(site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    part: Result<Query<Part>, QueryRejection>,
) -> Result<impl IntoResponse, Problem> {
    let (Path(id), Query(part)) = (id?, part?);
    let when = session_at::when(&site, part.at.as_deref())?;
    let season = site.season();
    let of = session_at::seen(&site, &season, &id, when)?;
    Ok(([("cache-control", "no-cache")], Json(chart(&season, &of, &part)?)))
}

/// The chart of a session.
pub(crate) fn chart(season: &Season, of: &SessionAt, part: &Part) -> Result<Chart, Problem> {
    let session = &of.stands.session;
    let name = season.calendar.sessions[session.session].name.to_string();
    let entry = |car: usize| &season.list.entries[session.cars[car]];
    let wanted = |car: &usize| part.class.as_ref().is_none_or(|class| entry(*car).class.as_str() == class);
    let cars: Vec<usize> = (0..session.cars.len()).filter(wanted).collect();
    if cars.is_empty() {
        let class = part.class.as_deref().unwrap_or_default();
        return Err(Problem::missing(format!("no car of class `{class}` is entered in {name}")));
    }
    let to = part.to.as_deref().filter(|to| !to.is_empty()).map(|to| laps::find(season, of, &name, to)).transpose()?;
    let lines = session.chart(&cars, to);
    let laps = lines.iter().map(|line| count(line.laps.len())).max().unwrap_or(0);
    let from = part.from.unwrap_or_else(|| (laps + 1).saturating_sub(MOST)).clamp(1, laps.max(1));
    let until = laps.min(from + MOST - 1);
    let line = |line: sport::chart::CarLine| {
        let of_car = entry(line.car);
        let shown = of.frame.cars.get(of_car.id.as_str());
        let name = shown.map_or_else(String::new, |car| {
            let drivers: Vec<&str> = [car.driver.as_str(), car.others.as_str()].into_iter().filter(|name| !name.is_empty()).collect();
            if drivers.is_empty() { car.team.clone() } else { drivers.join(" / ") }
        });
        let point = |(nth, point): (usize, &sport::chart::LapPoint)| Point {
            lap: count(nth + 1),
            position: point.position,
            gap_us: point.gap.map(|gap| gap.0),
            time_us: point.time.0,
            timed: point.timed,
        };
        let points = line.laps.iter().enumerate().map(point).filter(|point| (from..=until).contains(&point.lap));
        Line {
            car: of_car.id.to_string(),
            number: of_car.label(),
            class: of_car.class.to_string(),
            name,
            grid: line.grid,
            laps: points.collect(),
        }
    };
    Ok(Chart {
        session: name,
        at: of.frame.at.clone(),
        running: of.frame.session.as_ref().is_some_and(|session| session.running),
        laps,
        from,
        until,
        to: to.map(|car| entry(car).id.to_string()),
        neutral: session
            .neutral_laps()
            .into_iter()
            .map(|(signal, from, until)| Neutral { signal: signal.word().to_owned(), from, until })
            .collect(),
        cars: lines.into_iter().map(line).collect(),
    })
}

fn count(laps: usize) -> u32 {
    u32::try_from(laps).unwrap_or(u32::MAX)
}
