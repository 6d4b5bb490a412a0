//! The table of a championship, and how the season went to it.

use serde::Serialize;
use sport::evaluate::evaluate;
use sport::evaluation::Evaluation;
use sport::progress::After;
use sport::rulebook::championship::CompetitorKind;
use sport::season::Season;
use sport::standings::{Bounds, Line, Score, Standings};
use std::sync::Arc;
use utoipa::ToSchema;

use crate::framing::{place, title};
use crate::results::asked::Asking;
use crate::results::{Look, Named, kind, points};
use crate::site::Site;

/// A championship's table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct ChampionshipTable {
    /// The championship.
    pub(crate) championship: String,
    /// As printed.
    pub(crate) title: String,
    /// Who competes: `driver`, `team`, `maker`, `constructor`, `entry`.
    pub(crate) competitor: String,
    /// Scores whose place nobody published: points then lie between two numbers.
    pub(crate) unknown_places: usize,
    /// The sessions that gave points, in order.
    pub(crate) sessions: Vec<SessionNamed>,
    /// The lines, best first.
    pub(crate) lines: Vec<TableLine>,
    /// Open matters, by id: the table is provisional until they are settled.
    pub(crate) open: Vec<String>,
    /// What a person should look at.
    pub(crate) findings: Vec<Look>,
}

/// A session as a table names it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct SessionNamed {
    /// `2.race-1`.
    pub(crate) id: String,
    /// `Race 1`.
    pub(crate) title: String,
    /// The event as printed.
    pub(crate) event: String,
    /// In short: `2.1` for the first race of round 2.
    pub(crate) short: String,
}

/// A line: a competitor, or a crew that scored together throughout.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct TableLine {
    /// The place as printed: `3`, `3=` when shared, `EXC` for an exclusion.
    pub(crate) position: String,
    /// The places it can still hold, where points are only partly known: `2–5`; empty otherwise.
    pub(crate) possible: String,
    /// Who.
    pub(crate) competitors: Vec<Named>,
    /// As printed.
    pub(crate) name: String,
    /// The points that count, as far as they are known: at least so many.
    pub(crate) points: String,
    /// At most so many.
    pub(crate) at_most: String,
    /// Dropped results included.
    pub(crate) gross: String,
    /// Sessions won.
    pub(crate) wins: usize,
    /// Deductions, broken ties and the like.
    pub(crate) remarks: Vec<String>,
    /// What it scored, by session; sessions without points are left out.
    pub(crate) scores: Vec<Scored>,
}

/// What a line scored in a session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Scored {
    /// The session.
    pub(crate) session: String,
    /// The points: `25`, or `12–15`.
    pub(crate) points: String,
    /// The scoring place, where it is by place.
    pub(crate) place: String,
    /// Whether they count, by the points known.
    pub(crate) kept: bool,
    /// The cars, by id.
    pub(crate) cars: Vec<String>,
}

/// The season as it is asked for.
pub(crate) fn evaluation(site: &Site, season: &Season, asking: &Asking) -> Arc<Evaluation> {
    of_world(site, season, asking, asking.through)
}

/// The season in the world that is asked for, through a session.
pub(crate) fn of_world(site: &Site, season: &Season, asking: &Asking, through: Option<usize>) -> Arc<Evaluation> {
    if through.is_none() && asking.world.outcomes.is_empty() {
        return site.evaluation(season, asking.at);
    }
    Arc::new(site.seats.compute(|| evaluate(&site.rulebook, season, asking.moment(), through, &asking.world)))
}

/// The table.
pub(crate) fn table(site: &Site, season: &Season, evaluation: &Evaluation, of: &Standings) -> ChampionshipTable {
    let mut held: Vec<usize> = of.lines.iter().flat_map(|line| &line.scores).map(|score| score.session).collect();
    held.sort_unstable();
    held.dedup();
    let id = of.championship.as_str();
    let lines = of.lines.iter().enumerate().map(|(at, one)| line(season, of.competitor, one, of.lines.get(at + 1)));
    ChampionshipTable {
        championship: id.to_owned(),
        title: of.title.clone(),
        competitor: kind(of.competitor).to_owned(),
        unknown_places: of.unknown,
        sessions: held.iter().map(|session| session_named(site, season, *session)).collect(),
        lines: lines.collect(),
        open: evaluation.open.iter().map(ToString::to_string).collect(),
        findings: evaluation.findings.iter().filter(|finding| finding.about == id).map(Look::of).collect(),
    }
}

/// A session's names.
pub(crate) fn session_named(site: &Site, season: &Season, session: usize) -> SessionNamed {
    let on = &season.calendar.sessions[session];
    let race = on.kind == sport::session::SessionKind::Race;
    SessionNamed {
        id: on.name.to_string(),
        title: title(&site.rulebook, season, session),
        event: season.calendar.round(on.name.round).map_or_else(String::new, |round| round.name.clone()),
        short: if race { format!("{}.{}", on.name.round, on.number) } else { on.name.to_string() },
    }
}

/// The competitors of a line.
pub(crate) fn competitors(season: &Season, kind: CompetitorKind, line: &Line) -> Vec<Named> {
    let named = |at: &usize| {
        let id = season.list.competitor_id(kind, *at)?;
        let list = &season.list;
        let name = match kind {
            CompetitorKind::Driver => list.drivers[*at].name.clone(),
            CompetitorKind::Team => list.teams[*at].name.clone(),
            CompetitorKind::Entry => list.entries[*at].label(),
            CompetitorKind::Maker | CompetitorKind::Constructor => id.clone(),
        };
        Some(Named { id, name })
    };
    line.competitors.iter().filter_map(named).collect()
}

fn line(season: &Season, kind: CompetitorKind, of: &Line, next: Option<&Line>) -> TableLine {
    TableLine {
        position: of.position(),
        possible: of.possible_places(),
        competitors: competitors(season, kind, of),
        name: of.name.clone(),
        points: of.points.at_least.published(),
        at_most: of.points.at_most.published(),
        gross: points(of.gross),
        wins: of.wins(),
        remarks: of.remarks(next),
        scores: by_session(season, of),
    }
}

fn by_session(season: &Season, of: &Line) -> Vec<Scored> {
    let chunks = of.scores.chunk_by(|a, b| a.session == b.session);
    let told = chunks.filter_map(|scores| {
        let sum = scores.iter().fold(Bounds::ZERO, |sum, score| sum.plus(score.points));
        let telling = || scores.iter().filter(|score| !score.points.at_most.is_zero());
        let mut cars: Vec<String> = telling().map(|score| season.list.entries[score.entry].id.to_string()).collect();
        cars.dedup();
        let best = telling().filter_map(|score: &Score| score.scoring).min();
        let session = season.calendar.sessions[scores.first()?.session].name.to_string();
        let kept = telling().all(|score| score.fate.kept());
        (!cars.is_empty()).then(|| Scored { session, points: points(sum), place: place(best), kept, cars })
    });
    told.collect()
}

/// How the season went: the leading competitors after each session that gave points.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Progress {
    /// The sessions.
    pub(crate) sessions: Vec<SessionNamed>,
    /// One a competitor, in the order of the table.
    pub(crate) courses: Vec<Course>,
}

/// A competitor's way through the season.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Course {
    /// Who.
    pub(crate) name: String,
    /// The ids on the line.
    pub(crate) competitors: Vec<String>,
    /// After each session, in the order of the sessions.
    pub(crate) after: Vec<Standing>,
}

/// A competitor after a session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Standing {
    /// The place as printed; empty while not in the table.
    pub(crate) position: String,
    /// The points, at least.
    pub(crate) points: String,
    /// The same in hundredths, for drawing.
    pub(crate) hundredths: i64,
}

/// So many competitors are drawn.
const DRAWN: usize = 8;

/// The way of the leading competitors of a table to it.
pub(crate) fn progress(site: &Site, season: &Season, all: &[After], of: &Standings, through: Option<usize>) -> Progress {
    let scored = |session: usize| of.lines.iter().any(|line| line.scores.iter().any(|score| score.session == session));
    let after: Vec<(usize, &Standings)> = all
        .iter()
        .filter(|after| through.is_none_or(|through| after.session <= through) && scored(after.session))
        .filter_map(|after| Some((after.session, &**after.standings.iter().find(|table| table.championship == of.championship)?)))
        .collect();
    let placed = of.lines.iter().filter(|line| line.label.is_none() && !line.competitors.is_empty()).take(DRAWN);
    let courses = placed.map(|line| {
        let names = competitors(season, of.competitor, line);
        Course {
            name: line.name.clone(),
            competitors: names.into_iter().map(|named| named.id).collect(),
            after: after.iter().map(|(_, table)| standing(table, line.competitors[0])).collect(),
        }
    });
    Progress { sessions: after.iter().map(|(session, _)| session_named(site, season, *session)).collect(), courses: courses.collect() }
}

fn standing(table: &Standings, competitor: usize) -> Standing {
    let line = table.lines.iter().find(|line| line.label.is_none() && line.competitors.contains(&competitor));
    let points = line.map_or(sport::points::Points::ZERO, |line| line.points.at_least);
    Standing { position: line.map_or_else(String::new, Line::position), points: points.published(), hundredths: points.hundredths() }
}

/// The same where it is cheap to tell: of the season as it is known now, in the world as it is.
pub(crate) fn asked_progress(site: &Site, season: &Season, of: &Standings, asking: &Asking) -> Option<Progress> {
    let now = asking.at.is_none() && asking.world.outcomes.is_empty();
    now.then(|| progress(site, season, &site.progress(season), of, asking.through))
}
