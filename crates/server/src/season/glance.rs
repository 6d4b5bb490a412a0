//! The season at a glance: what is on or next, what was published last, who leads, what is open.

use serde::Serialize;
use sport::clock::{Clocks, Hindrance};
use sport::fact::Fact;
use sport::result::ResultState;
use sport::session::SessionKind;
use sport::world::Docket;
use utoipa::ToSchema;

use crate::clock::printed;
use crate::frame::{Next, SessionHead};
use crate::season::competitor::{InChampionship, address, in_championship};
use crate::season::notices::{Notice, Wanted, board};
use crate::season::programme::{RoundLine, calendar};
use crate::season::results::{ResultLine, leaders};
use crate::season::{Known, SessionTitle};

/// So many results, lines of each championship, and notices are shown.
const RESULTS: usize = 2;
const LINES: usize = 3;
const NOTICES: usize = 8;

/// The season at a glance.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Glance {
    /// The season, as printed.
    pub(crate) season: String,
    /// The series, as printed.
    pub(crate) series: String,
    /// The year.
    pub(crate) year: u16,
    /// True where what is live is a simulation.
    pub(crate) simulated: bool,
    /// The moment, RFC 3339.
    pub(crate) at: String,
    /// How many facts are recorded.
    pub(crate) facts: usize,
    /// The session that is open, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) live: Option<SessionHead>,
    /// The session that comes next, where a time was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<Next>,
    /// The round of the calendar that is on, or else comes next; the last where the season is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) round: Option<RoundLine>,
    /// The sessions whose results are the latest by the calendar, latest first.
    pub(crate) results: Vec<SessionLeaders>,
    /// The first of each championship.
    pub(crate) championships: Vec<Leaders>,
    /// Open matters, latest first.
    pub(crate) matters: Vec<OpenMatter>,
    /// Results that are not final, and what stands in the way.
    pub(crate) provisional: Vec<NotFinal>,
    /// The latest notices.
    pub(crate) notices: Vec<Notice>,
}

/// The first of each class in a session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct SessionLeaders {
    /// The session.
    pub(crate) session: SessionTitle,
    /// `provisional`, `amended`, `final`.
    pub(crate) state: String,
    /// True where the session is annulled.
    pub(crate) annulled: bool,
    /// The first three of each class, as far as their places are known.
    pub(crate) lines: Vec<ResultLine>,
}

/// The first of a championship.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Leaders {
    /// `gt3-drivers`.
    pub(crate) championship: String,
    /// As printed.
    pub(crate) title: String,
    /// The first three lines.
    pub(crate) lines: Vec<LeaderLine>,
}

/// One of the first of a championship.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct LeaderLine {
    /// The line.
    #[serde(flatten)]
    pub(crate) line: InChampionship,
    /// The page of the first competitor on it, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<String>,
}

/// An open matter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct OpenMatter {
    /// Its id.
    pub(crate) id: String,
    /// Its fact.
    pub(crate) fact: u64,
    /// `protest`, `appeal`, `review`, `inquiry`, `intention`.
    pub(crate) kind: String,
    /// By whom, against what, on what grounds.
    pub(crate) says: String,
    /// Since when, RFC 3339.
    pub(crate) since: String,
}

/// A result that is not final.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct NotFinal {
    /// The session.
    pub(crate) session: SessionTitle,
    /// `provisional`, `amended`.
    pub(crate) state: String,
    /// What stands in the way of a final result; empty where nothing does.
    pub(crate) because: Vec<Obstacle>,
}

/// What stands in the way of a final result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Obstacle {
    /// In a few words.
    pub(crate) says: String,
    /// Until when, RFC 3339, where it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<String>,
}

/// The season at a glance; `live` and `next` are the live page's.
pub(crate) fn glance(known: &Known<'_>, simulated: bool, live: Option<&SessionHead>, next: Option<&Next>) -> Glance {
    Glance {
        season: known.season.title.clone(),
        series: known.rulebook.series.clone(),
        year: known.rulebook.year,
        simulated,
        at: printed(known.now),
        facts: known.season.facts().len(),
        live: live.filter(|session| session.running).cloned(),
        next: next.cloned(),
        round: round(known, live),
        results: results(known),
        championships: championships(known),
        matters: matters(known),
        provisional: provisional(known),
        notices: board(known, Wanted { most: NOTICES, ..Wanted::default() }).0,
    }
}

/// The round that is on or next: the first with a day from today on.
fn round(known: &Known<'_>, live: Option<&SessionHead>) -> Option<RoundLine> {
    let mut rounds = calendar(known, live);
    let today = printed(known.now);
    let next = rounds.iter().position(|round| round.last_day.as_str() >= today.get(..10).unwrap_or_default());
    let at = next.or(rounds.len().checked_sub(1))?;
    Some(rounds.swap_remove(at))
}

fn results(known: &Known<'_>) -> Vec<SessionLeaders> {
    let counts = |session: usize| match known.season.calendar.sessions[session].kind {
        SessionKind::Race | SessionKind::QualifyingRace | SessionKind::Qualifying => true,
        SessionKind::Practice | SessionKind::WarmUp => false,
    };
    let latest = known.evaluation.classifications.iter().rev().filter(|of| of.mark.is_none() && counts(of.session));
    let leaders = |of: &std::sync::Arc<sport::classification::Classification>| SessionLeaders {
        session: known.session(&known.season.calendar.sessions[of.session].name),
        state: of.state.word().to_owned(),
        annulled: of.annulled.is_some(),
        lines: leaders(known, of, 3),
    };
    latest.take(RESULTS).map(leaders).collect()
}

fn championships(known: &Known<'_>) -> Vec<Leaders> {
    let leaders = |table: &std::sync::Arc<sport::standings::Standings>| {
        let line = |line: &sport::standings::Line| {
            let competitor = *line.competitors.first()?;
            let mut of = in_championship(known, table, line, competitor);
            // Session by session it is told with the competitor.
            of.sessions.clear();
            Some(LeaderLine { line: of, address: address(known, table.competitor, competitor) })
        };
        let lines = table.lines.iter().take(LINES).filter_map(line).collect();
        Leaders { championship: table.championship.to_string(), title: table.title.clone(), lines }
    };
    known.evaluation.standings.iter().map(leaders).collect()
}

fn matters(known: &Known<'_>) -> Vec<OpenMatter> {
    let docket = Docket::of(&known.live);
    let open = docket.open();
    let of = |fact: &&&Fact| fact.what.matter().is_some_and(|matter| open.iter().any(|open| open.id == matter.id));
    let teller = known.teller();
    let line = |fact: &&Fact| {
        let matter = fact.what.matter()?;
        Some(OpenMatter {
            id: matter.id.to_string(),
            fact: fact.number,
            kind: matter.kind.word().to_owned(),
            says: teller.matter(matter),
            since: printed(fact.happened),
        })
    };
    known.live.iter().rev().filter(of).filter_map(line).collect()
}

fn provisional(known: &Known<'_>) -> Vec<NotFinal> {
    let clocks = Clocks { rulebook: known.rulebook, season: known.season, live: &known.live };
    let sessions = known.evaluation.classifications.iter().filter(|of| of.mark.is_none() && of.state != ResultState::Final);
    let obstacle = |of: Hindrance| Obstacle {
        says: of.to_string(),
        until: if let Hindrance::Clock(clock) = &of { Some(printed(clock.until)) } else { None },
    };
    let line = |of: &std::sync::Arc<sport::classification::Classification>| NotFinal {
        session: known.session(&known.season.calendar.sessions[of.session].name),
        state: of.state.word().to_owned(),
        because: clocks.hindrances(of.session, known.now).into_iter().map(obstacle).collect(),
    };
    sessions.map(line).collect()
}
