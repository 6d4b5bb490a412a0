//! The championships as they would stand if a session ended now, against as they stand.

use serde::Serialize;
use sport::as_it_stands::AsItStands;
use sport::evaluation::Evaluation;
use sport::season::Season;
use sport::standings::{Line, Standings};
use sport::tower;
use utoipa::ToSchema;

use crate::framing::title;
use crate::problem::Problem;
use crate::results::asked::Asking;
use crate::results::ledger::{self, DueRow};
use crate::results::table::competitors;
use crate::results::{Named, kind, points};
use crate::session_at::When;
use crate::site::Site;

/// A session as if it had ended, and what would follow.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct EndedNow {
    /// `6.race-1`.
    pub(crate) session: String,
    /// `Race 1`.
    pub(crate) title: String,
    /// The event as printed.
    pub(crate) event: String,
    /// How far it is, in words.
    pub(crate) state: String,
    /// Whether it is still running.
    pub(crate) running: bool,
    /// Whether a result of it is published: then that counts, and this is what its passings would give.
    pub(crate) published: bool,
    /// The tables, those that would move first.
    pub(crate) tables: Vec<Moved>,
    /// Success penalties that would be earned.
    pub(crate) success: Vec<DueRow>,
}

/// A table as it would stand.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Moved {
    /// The championship.
    pub(crate) championship: String,
    /// As printed.
    pub(crate) title: String,
    /// Who competes.
    pub(crate) competitor: String,
    /// Whether any of it would change.
    pub(crate) moves: bool,
    /// The lines as they would stand.
    pub(crate) lines: Vec<MovedLine>,
}

/// A line as it would stand.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct MovedLine {
    /// The place it would have.
    pub(crate) position: String,
    /// The place it has; empty where it is not in the table.
    pub(crate) before: String,
    /// Places won; negative where lost; none where it is not in both tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) won: Option<i32>,
    /// Who.
    pub(crate) competitors: Vec<Named>,
    /// As printed.
    pub(crate) name: String,
    /// The points it would have.
    pub(crate) points: String,
    /// The points it has; empty where it is not in the table.
    pub(crate) points_before: String,
    /// What it would score in the session, at least.
    pub(crate) gained: String,
}

/// What would follow.
pub(crate) fn ended_now(site: &Site, season: &Season, now: &Evaluation, of: &AsItStands) -> EndedNow {
    let session = of.session.session;
    let on = &season.calendar.sessions[session];
    let mut tables: Vec<Moved> = of.evaluation.standings.iter().map(|table| moved(season, now, table)).collect();
    tables.sort_by_key(|table| !table.moves);
    let earned = of.evaluation.ledger.iter().filter(|due| due.earned_in == Some(session));
    EndedNow {
        session: on.name.to_string(),
        title: title(&site.rulebook, season, session),
        event: season.calendar.round(on.name.round).map_or_else(String::new, |round| round.name.clone()),
        state: tower::state(&of.session),
        running: of.session.ending.at().is_none() && !of.session.closed(),
        published: now.classification(session).is_some(),
        tables,
        success: earned.map(|due| ledger::row(site, season, due)).collect(),
    }
}

fn moved(season: &Season, now: &Evaluation, table: &Standings) -> Moved {
    let before = now.table(&table.championship);
    let lines: Vec<MovedLine> = table.lines.iter().map(|line| moved_line(season, table, before, line)).collect();
    Moved {
        championship: table.championship.to_string(),
        title: table.title.clone(),
        competitor: kind(table.competitor).to_owned(),
        moves: lines.iter().any(|line| line.position != line.before || line.points != line.points_before),
        lines,
    }
}

fn moved_line(season: &Season, table: &Standings, before: Option<&Standings>, line: &Line) -> MovedLine {
    let first = line.competitors.first();
    let same =
        |other: &&Line| other.label.is_some() == line.label.is_some() && first.is_some_and(|first| other.competitors.contains(first));
    let was = before.and_then(|before| before.lines.iter().find(same));
    let won = was.and_then(|was| was.place).zip(line.place).map(|(was, is)| i32::from(was) - i32::from(is));
    let gained = line.points.at_least - was.map_or(sport::points::Points::ZERO, |was| was.points.at_least);
    MovedLine {
        position: line.position(),
        before: was.map_or_else(String::new, Line::position),
        won,
        competitors: competitors(season, table.competitor, line),
        name: line.name.clone(),
        points: points(line.points),
        points_before: was.map_or_else(String::new, |was| points(was.points)),
        gained: if gained.is_zero() { String::new() } else { gained.published() },
    }
}

/// The same of what is asked; where the session was not opened, that.
pub(crate) fn asked(site: &Site, season: &Season, session: usize, asking: &Asking) -> Result<EndedNow, Problem> {
    let seen = site.sessions.get(site, season, session, asking.at.map_or(When::Now, When::At));
    let seen = seen.ok_or_else(|| {
        let name = &season.calendar.sessions[session].name;
        Problem::missing(format!("no passing of {name} is known; what is published of it is at /sessions/{name}"))
    })?;
    Ok(ended_now(site, season, &site.evaluation(season, asking.at), &seen.stands))
}
