//! A classification, row by row: as published and as decisions have left it, or by the passings while nothing is published.

use std::collections::BTreeMap;

use serde::Serialize;
use sport::as_it_stands::AsItStands;
use sport::classification::{Classification, Classified, Order};
use sport::evaluation::Evaluation;
use sport::fact::Fact;
use sport::result::Finish;
use sport::rulebook::Rulebook;
use sport::running::Ranking;
use sport::season::Season;
use sport::standings::Bounds;
use sport::tower::{TowerRow, position, tower};
use utoipa::ToSchema;

use crate::season::results::{SourceNamed, named};

use crate::framing::place;
use crate::named::{CarNamed, PersonNamed, car, driver};
use crate::results::{points, time};

/// A car in a classification.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct ResultRow {
    /// Its place, or why it has none: `3`, `6–7`, `NC`, `DNS`, `DSQ`; empty where nobody published it.
    pub(crate) position: String,
    /// The place it was published in, where decisions have moved it since.
    pub(crate) on_road: String,
    /// Its place in its class.
    pub(crate) class_position: String,
    /// Its cup by id; several with `|` where nobody knows which.
    pub(crate) cup: String,
    /// The cup as printed.
    pub(crate) cup_title: String,
    /// Its place in its cup.
    pub(crate) cup_position: String,
    /// The car.
    pub(crate) car: CarNamed,
    /// Who drove, as far as it is known.
    pub(crate) crew: Vec<PersonNamed>,
    /// A driver's name is missing.
    pub(crate) crew_open: bool,
    /// `classified`, `not-classified`, `not-started`, `disqualified`, `unknown`.
    pub(crate) finish: String,
    /// Laps, deductions applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) laps: Option<u32>,
    /// Race time as printed; a gap where only gaps were published.
    pub(crate) time: String,
    /// The same in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time_us: Option<i64>,
    /// To the first: `+7.259`, `+1 lap`.
    pub(crate) gap: String,
    /// Its best lap.
    pub(crate) best_lap: String,
    /// The same in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) best_lap_us: Option<i64>,
    /// Whether that is the best lap of all.
    pub(crate) fastest: bool,
    /// What it scored, by championship.
    pub(crate) points: Vec<ScoredIn>,
    /// What was done to its result, and by what.
    pub(crate) effects: Vec<Done>,
    /// The publisher's remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    /// The sources the remark names by their ids.
    pub(crate) sources: Vec<SourceNamed>,
    /// Whether the sheet names it.
    pub(crate) on_sheet: bool,
}

/// What a car scored in a session for a championship.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct ScoredIn {
    /// The championship.
    pub(crate) championship: String,
    /// Whose points they are; the first of a crew.
    pub(crate) competitor: String,
    /// The points: `25`, or `12–15` where a place is not known.
    pub(crate) points: String,
}

/// One thing done to a result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Done {
    /// `decision 7`.
    pub(crate) by: String,
    /// What.
    pub(crate) says: String,
}

/// What rows are made from.
pub(crate) struct Rows<'a> {
    pub(crate) rulebook: &'a Rulebook,
    pub(crate) season: &'a Season,
    pub(crate) live: &'a [&'a Fact],
    pub(crate) evaluation: &'a Evaluation,
}

impl Rows<'_> {
    /// The rows of a classification, cars that are neither on its sheet nor acted on left out.
    pub(crate) fn of(&self, of: &Classification) -> Vec<ResultRow> {
        let sheet = self.live.iter().find(|fact| fact.number == of.fact).and_then(|fact| fact.what.result());
        let list = &self.season.list;
        let mut scored = if of.mark.is_none() { self.scored(of.session) } else { BTreeMap::new() };
        let ranking = Ranking::of(self.season.calendar.sessions[of.session].kind);
        let best = |row: &Classified| row.best_lap.map(sport::date::Micros::whole_ms);
        let fastest = of.rows.iter().filter(|row| row.finish != Finish::Disqualified).filter_map(best).min();
        let shown = of.rows.iter().filter(|row| row.on_sheet || !row.effects.is_empty());
        let row = |row: &Classified| ResultRow {
            position: if of.annulled.is_some() { String::new() } else { position_of(of, row) },
            on_road: if row.published == row.place { String::new() } else { place(row.published) },
            class_position: if of.annulled.is_some() { String::new() } else { place(row.class_place) },
            cup: row.cup.ids(),
            cup_title: row.cup.title(self.rulebook),
            cup_position: if of.annulled.is_some() { String::new() } else { place(row.cup_place) },
            car: car(self.rulebook, self.season, row.entry),
            crew: row.crew.iter().map(|at| driver(self.season, *at)).collect(),
            crew_open: row.crew_open,
            finish: row.finish.word().to_owned(),
            laps: row.laps,
            time: row.printed_time(sheet, list),
            time_us: row.time.map(|time| time.0),
            gap: of.behind(sheet, ranking, row).to_string(),
            best_lap: time(row.best_lap),
            best_lap_us: row.best_lap.map(|best| best.0),
            fastest: fastest.is_some() && best(row) == fastest,
            points: scored.remove(&row.entry).unwrap_or_default(),
            effects: row.effects.iter().map(|(ground, says)| Done { by: ground.to_string(), says: says.clone() }).collect(),
            note: row.note.clone(),
            sources: row.note.as_ref().map_or_else(Vec::new, |note| named(self.rulebook, self.season, std::slice::from_ref(note))),
            on_sheet: row.on_sheet,
        };
        shown.map(row).collect()
    }

    /// What each car scored in a session; what the drivers of one car have alike once.
    fn scored(&self, session: usize) -> BTreeMap<usize, Vec<ScoredIn>> {
        let mut scored: BTreeMap<usize, Vec<ScoredIn>> = BTreeMap::new();
        for table in &self.evaluation.standings {
            for line in &table.lines {
                let mut by_car: BTreeMap<usize, Bounds> = BTreeMap::new();
                for score in line.scores.iter().filter(|score| score.session == session && !score.points.at_most.is_zero()) {
                    let sum = by_car.entry(score.entry).or_insert(Bounds::ZERO);
                    *sum = sum.plus(score.points);
                }
                let first = line.competitors.first().and_then(|at| self.season.list.competitor_id(table.competitor, *at));
                for (entry, sum) in by_car {
                    let championship = table.championship.to_string();
                    let one = ScoredIn { championship, competitor: first.clone().unwrap_or_default(), points: points(sum) };
                    let of = scored.entry(entry).or_default();
                    if !of.iter().any(|other| (&other.championship, &other.points) == (&one.championship, &one.points)) {
                        of.push(one);
                    }
                }
            }
        }
        scored
    }
}

/// The place in the order of all, or why there is none.
fn position_of(of: &Classification, row: &Classified) -> String {
    match row.finish.without_place() {
        Some(word) => word.to_owned(),
        None if of.order == Order::Overall => place(row.place),
        None => String::new(),
    }
}

/// A car in the running order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct LiveRow {
    /// Its place, or why it has none.
    pub(crate) position: String,
    /// Its place in its class.
    pub(crate) class_position: String,
    /// Its cup by id.
    pub(crate) cup: String,
    /// The cup as printed.
    pub(crate) cup_title: String,
    /// Its place in its cup.
    pub(crate) cup_position: String,
    /// The car.
    pub(crate) car: CarNamed,
    /// Who is aboard, or was last; empty where nobody said.
    pub(crate) driver: String,
    /// Laps.
    pub(crate) laps: u32,
    /// To the first.
    pub(crate) gap: String,
    /// To the car ahead.
    pub(crate) interval: String,
    /// Its best lap.
    pub(crate) best_lap: String,
    /// Visits to the pit lane since the start.
    pub(crate) stops: usize,
    /// `not-out`, `track`, `pit`, `out-lap`, `stopped`, `finished`.
    pub(crate) state: String,
    /// What was done to its result, and by what.
    pub(crate) effects: Vec<Done>,
}

/// The running order of a session as it stands.
pub(crate) fn running(rulebook: &Rulebook, season: &Season, of: &AsItStands) -> Vec<LiveRow> {
    let row = |row: &TowerRow| {
        let classified = &row.classified;
        LiveRow {
            position: position(&of.session, classified),
            class_position: place(classified.class_place),
            cup: classified.cup.ids(),
            cup_title: classified.cup.title(rulebook),
            cup_position: place(classified.cup_place),
            car: car(rulebook, season, classified.entry),
            driver: row.driver.map_or_else(String::new, |at| season.list.drivers[at].name.clone()),
            laps: row.laps(),
            gap: row.overall.gap.to_string(),
            interval: row.overall.interval.to_string(),
            best_lap: time(row.progress.best),
            stops: row.stops,
            state: row.whereabouts.word().to_owned(),
            effects: classified.effects.iter().map(|(ground, says)| Done { by: ground.to_string(), says: says.clone() }).collect(),
        }
    };
    tower(season, of).iter().map(row).collect()
}
