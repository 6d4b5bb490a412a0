//! A competitor's championships: place, points, and the points session by session.

use std::collections::BTreeMap;

use serde::Serialize;
use sport::rulebook::championship::CompetitorKind;
use sport::standings::{Bounds, Line, Standings};
use utoipa::ToSchema;

use crate::pages::live::encoded;
use crate::results::points;
use crate::season::Known;

/// A competitor in a championship.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct InChampionship {
    /// `gt3-drivers`.
    pub(crate) championship: String,
    /// As printed.
    pub(crate) title: String,
    /// The competitor's name on the line; a crew that scored together throughout shares one.
    pub(crate) name: String,
    /// The place as printed: `3`, `3=` where shared, a label where there is none.
    pub(crate) place: String,
    /// The places still possible where points are only partly known; empty otherwise.
    pub(crate) possible: String,
    /// The points that count: `42`, or `12–30` where they are only partly known.
    pub(crate) points: String,
    /// Where their reasons are told.
    pub(crate) why: String,
    /// The points of each session that gave some, or may have.
    pub(crate) sessions: Vec<SessionPoints>,
}

/// What a session gave a competitor in a championship.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct SessionPoints {
    /// `6.race-1`.
    pub(crate) session: String,
    /// The car that scored.
    pub(crate) car: String,
    /// The points: `25`, or `12–18` where they are only partly known.
    pub(crate) points: String,
    /// False where the result is dropped.
    pub(crate) counts: bool,
}

/// The championships a competitor stands in, by its position in the list of its kind.
pub(crate) fn championships(known: &Known<'_>, kind: CompetitorKind, competitor: usize) -> Vec<InChampionship> {
    let mut all = Vec::new();
    for table in known.evaluation.standings.iter().filter(|table| table.competitor == kind) {
        for line in table.lines.iter().filter(|line| line.competitors.contains(&competitor)) {
            all.push(in_championship(known, table, line, competitor));
        }
    }
    all
}

/// A line of a table, for one of its competitors.
pub(crate) fn in_championship(known: &Known<'_>, table: &Standings, line: &Line, competitor: usize) -> InChampionship {
    let id = id(known, table.competitor, competitor);
    InChampionship {
        championship: table.championship.to_string(),
        title: table.title.clone(),
        name: line.name.clone(),
        place: line.position(),
        possible: line.possible_places(),
        points: points(line.points),
        why: why(table, &id),
        sessions: sessions(known, line),
    }
}

fn sessions(known: &Known<'_>, line: &Line) -> Vec<SessionPoints> {
    let mut sums: BTreeMap<(usize, usize), (Bounds, bool)> = BTreeMap::new();
    for score in &line.scores {
        let sum = sums.entry((score.session, score.entry)).or_insert((Bounds::ZERO, true));
        *sum = (sum.0.plus(score.points), sum.1 && score.fate.kept());
    }
    let of = |((session, entry), (sum, counts)): ((usize, usize), (Bounds, bool))| SessionPoints {
        session: known.season.calendar.sessions[session].name.to_string(),
        car: known.season.list.entries[entry].id.to_string(),
        points: points(sum),
        counts,
    };
    sums.into_iter().map(of).collect()
}

/// The id of a competitor of a table.
pub(crate) fn id(known: &Known<'_>, kind: CompetitorKind, at: usize) -> String {
    known.season.list.competitor_id(kind, at).expect("a table ranks competitors of the entry list")
}

/// Where a competitor has a page of its own.
pub(crate) fn address(known: &Known<'_>, kind: CompetitorKind, at: usize) -> Option<String> {
    let id = || encoded(&id(known, kind, at));
    match kind {
        CompetitorKind::Driver => Some(format!("/drivers/{}", id())),
        CompetitorKind::Team => Some(format!("/teams/{}", id())),
        CompetitorKind::Entry => Some(format!("/entries/{}", id())),
        CompetitorKind::Maker | CompetitorKind::Constructor => None,
    }
}

/// Points a car brought somebody in a session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Brought {
    /// `gt3-drivers`.
    pub(crate) championship: String,
    /// As printed.
    pub(crate) title: String,
    /// `6.race-1`.
    pub(crate) session: String,
    /// The points: `25`, or `12–18` where they are only partly known. Those who share the car have as many each.
    pub(crate) points: String,
    /// Where their reasons are told.
    pub(crate) why: String,
}

/// What a car's results were worth, in every championship where they brought points.
pub(crate) fn brought(known: &Known<'_>, entry: usize) -> Vec<Brought> {
    let mut all = Vec::new();
    for table in &known.evaluation.standings {
        let mut by_session: BTreeMap<usize, (usize, Bounds)> = BTreeMap::new();
        for line in &table.lines {
            let Some(competitor) = line.competitors.first() else { continue };
            for score in line.scores.iter().filter(|score| score.entry == entry) {
                let sum = by_session.entry(score.session).or_insert((*competitor, Bounds::ZERO));
                // Those who share the car have the same from it: one of them tells it.
                if sum.0 == *competitor {
                    sum.1 = sum.1.plus(score.points);
                }
            }
        }
        all.extend(by_session.into_iter().filter(|(_, (_, sum))| *sum != Bounds::ZERO).map(|(session, (competitor, sum))| Brought {
            championship: table.championship.to_string(),
            title: table.title.clone(),
            session: known.season.calendar.sessions[session].name.to_string(),
            points: points(sum),
            why: why(table, &id(known, table.competitor, competitor)),
        }));
    }
    all
}

fn why(table: &Standings, competitor: &str) -> String {
    format!("/why/points/{}/{}", encoded(table.championship.as_str()), encoded(competitor))
}
