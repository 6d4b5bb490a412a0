//! Published classifications and grids on the wire, version 1.

use serde::{Deserialize, Serialize};
use sport::names::{DecisionId, DriverId, EntryId, MarkId};
use sport::result as sport_result;
use sport::result::{Finish, ResultState};

use super::written::{Name, Ranks, Span, Stage, Word, is_false, named, names};

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublishedResult {
    session: Stage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<Name<MarkId>>,
    state: Word<ResultState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    complete: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    includes: Vec<Name<DecisionId>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    without: Vec<Name<DecisionId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raced: Option<Raced>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fastest: Vec<Name<EntryId>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rows: Vec<ResultRow>,
}

/// A race cut short; absent for the full length.
#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Raced {
    Laps {
        completed: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scheduled: Option<u32>,
    },
    Time {
        run_us: Span,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        laps: Option<u32>,
    },
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct ResultRow {
    car: Name<EntryId>,
    finish: Word<Finish>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<Ranks>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    class_place: Option<Ranks>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cup_place: Option<Ranks>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    laps: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_us: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gap_us: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    best_lap_us: Option<Span>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    crew: Vec<Name<DriverId>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    drove: Vec<Drove>,
    #[serde(default, skip_serializing_if = "is_false")]
    led: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Drove {
    driver: Name<DriverId>,
    time_us: Span,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublishedGrid {
    session: Stage,
    #[serde(default, skip_serializing_if = "is_false")]
    complete: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rows: Vec<GridRow>,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct GridRow {
    car: Name<EntryId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<Ranks>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    class_place: Option<Ranks>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cup_place: Option<Ranks>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    driver: Option<Name<DriverId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_us: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl From<&sport_result::PublishedResult> for PublishedResult {
    fn from(result: &sport_result::PublishedResult) -> Self {
        let sport_result::PublishedResult { session, mark, state, document, complete, includes, without, raced, fastest, rows } = result;
        Self {
            session: Stage(session.clone()),
            mark: mark.clone().map(Name),
            state: Word(*state),
            document: document.clone(),
            complete: *complete,
            includes: names(includes),
            without: names(without),
            raced: match *raced {
                sport_result::Raced::Full => None,
                sport_result::Raced::Laps { completed, scheduled } => Some(Raced::Laps { completed, scheduled }),
                sport_result::Raced::Time { run, laps } => Some(Raced::Time { run_us: Span(run), laps }),
            },
            fastest: names(fastest),
            rows: rows.iter().map(ResultRow::from).collect(),
        }
    }
}

impl From<PublishedResult> for sport_result::PublishedResult {
    fn from(wire: PublishedResult) -> Self {
        let PublishedResult { session, mark, state, document, complete, includes, without, raced, fastest, rows } = wire;
        Self {
            session: session.0,
            mark: mark.map(|mark| mark.0),
            state: state.0,
            document,
            complete,
            includes: named(includes),
            without: named(without),
            raced: match raced {
                None => sport_result::Raced::Full,
                Some(Raced::Laps { completed, scheduled }) => sport_result::Raced::Laps { completed, scheduled },
                Some(Raced::Time { run_us, laps }) => sport_result::Raced::Time { run: run_us.0, laps },
            },
            fastest: named(fastest),
            rows: rows.into_iter().map(sport_result::ResultRow::from).collect(),
        }
    }
}

impl From<&sport_result::ResultRow> for ResultRow {
    fn from(row: &sport_result::ResultRow) -> Self {
        let sport_result::ResultRow { car, finish, place, class_place, cup_place, laps, time, gap, best_lap, crew, drove, led, note } = row;
        Self {
            car: Name(car.clone()),
            finish: Word(*finish),
            place: place.map(Ranks),
            class_place: class_place.map(Ranks),
            cup_place: cup_place.map(Ranks),
            laps: *laps,
            time_us: time.map(Span),
            gap_us: gap.map(Span),
            best_lap_us: best_lap.map(Span),
            crew: names(crew),
            drove: drove.iter().map(|(driver, time)| Drove { driver: Name(driver.clone()), time_us: Span(*time) }).collect(),
            led: *led,
            note: note.clone(),
        }
    }
}

impl From<ResultRow> for sport_result::ResultRow {
    fn from(wire: ResultRow) -> Self {
        let ResultRow { car, finish, place, class_place, cup_place, laps, time_us, gap_us, best_lap_us, crew, drove, led, note } = wire;
        Self {
            car: car.0,
            finish: finish.0,
            place: place.map(|place| place.0),
            class_place: class_place.map(|place| place.0),
            cup_place: cup_place.map(|place| place.0),
            laps,
            time: time_us.map(|span| span.0),
            gap: gap_us.map(|span| span.0),
            best_lap: best_lap_us.map(|span| span.0),
            crew: named(crew),
            drove: drove.into_iter().map(|Drove { driver, time_us }| (driver.0, time_us.0)).collect(),
            led,
            note,
        }
    }
}

impl From<&sport_result::PublishedGrid> for PublishedGrid {
    fn from(grid: &sport_result::PublishedGrid) -> Self {
        let sport_result::PublishedGrid { session, complete, rows } = grid;
        Self { session: Stage(session.clone()), complete: *complete, rows: rows.iter().map(GridRow::from).collect() }
    }
}

impl From<PublishedGrid> for sport_result::PublishedGrid {
    fn from(wire: PublishedGrid) -> Self {
        let PublishedGrid { session, complete, rows } = wire;
        Self { session: session.0, complete, rows: rows.into_iter().map(sport_result::GridRow::from).collect() }
    }
}

impl From<&sport_result::GridRow> for GridRow {
    fn from(row: &sport_result::GridRow) -> Self {
        let sport_result::GridRow { car, place, class_place, cup_place, driver, time, note } = row;
        Self {
            car: Name(car.clone()),
            place: place.map(Ranks),
            class_place: class_place.map(Ranks),
            cup_place: cup_place.map(Ranks),
            driver: driver.clone().map(Name),
            time_us: time.map(Span),
            note: note.clone(),
        }
    }
}

impl From<GridRow> for sport_result::GridRow {
    fn from(wire: GridRow) -> Self {
        let GridRow { car, place, class_place, cup_place, driver, time_us, note } = wire;
        Self {
            car: car.0,
            place: place.map(|place| place.0),
            class_place: class_place.map(|place| place.0),
            cup_place: cup_place.map(|place| place.0),
            driver: driver.map(|driver| driver.0),
            time: time_us.map(|span| span.0),
            note,
        }
    }
}
