//! A session's result and everything that stands around it.

use std::sync::Arc;

use serde::Serialize;
use sport::as_it_stands::AsItStands;
use sport::citation::RuleCitation;
use sport::classification::Classification;
use sport::clock::{Clocks, Hindrance};
use sport::decision::Against;
use sport::evaluation::Evaluation;
use sport::fact::Fact;
use sport::finding::Finding;
use sport::points::Points;
use sport::rules::podium;
use sport::season::Season;
use sport::session::SessionKind;
use sport::tower;
use sport::world::Docket;
use utoipa::ToSchema;

use crate::clock::printed;
use crate::framing::title;
use crate::named::{CarNamed, car};
use crate::results::asked::Asking;
use crate::results::docket::{Decided, IncidentOf, MatterOf, OnSession};
use crate::results::grid::{self, Grid};
use crate::results::rows::{self, LiveRow, ResultRow, Rows};
use crate::results::{Look, Named, table};
use crate::session_at::When;
use crate::site::Site;

/// A session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct SessionSheet {
    /// `2.race-1`.
    pub(crate) id: String,
    /// `Race 1`.
    pub(crate) title: String,
    /// The event as printed.
    pub(crate) event: String,
    /// The round.
    pub(crate) round: u16,
    /// `practice`, `qualifying`, `qualifying-race`, `race`, `warm-up`.
    pub(crate) kind: String,
    /// True where it has a pit board: the rulebook asks for a stop, or limits the time at the wheel.
    pub(crate) pit_board: bool,
    /// The day it is held.
    pub(crate) date: String,
    /// `provisional`, `amended`, `final`; `annulled`; `running`, `unpublished` where it was run and nothing is published; `none` before.
    pub(crate) state: String,
    /// The sheet the classification starts from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) published: Option<Publication>,
    /// Every sheet of it that was published, the first first.
    pub(crate) publications: Vec<Publication>,
    /// What is said above its table: annulled, points withheld or reduced, decisions suspended.
    pub(crate) remarks: Vec<String>,
    /// What stands in the way of a final result.
    pub(crate) hindrances: Vec<String>,
    /// The times within which protests and appeals may be lodged, run out or not.
    pub(crate) clocks: Vec<Within>,
    /// Whether places are of all cars; otherwise nobody published the order of all and only those in class are known.
    pub(crate) overall: bool,
    /// The classification.
    pub(crate) classification: Vec<ResultRow>,
    /// Orders at marks inside the race, where they give points.
    pub(crate) marks: Vec<AtMark>,
    /// The championships somebody scored in.
    pub(crate) scored_in: Vec<Named>,
    /// The podiums as they were staged.
    pub(crate) podiums: Vec<PodiumOf>,
    /// The starting grid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) grid: Option<Grid>,
    /// Decisions about it.
    pub(crate) decisions: Vec<Decided>,
    /// Incidents in it.
    pub(crate) incidents: Vec<IncidentOf>,
    /// Protests, appeals and the like about it.
    pub(crate) matters: Vec<MatterOf>,
    /// What a person should look at.
    pub(crate) findings: Vec<Look>,
    /// The order by its passings, while no result is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) running: Option<RunningOrder>,
    /// Whether there are passings of it: laps, charts, a replay.
    pub(crate) timed: bool,
}

/// A sheet as it was published.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Publication {
    /// `provisional`, `amended`, `final`.
    pub(crate) state: String,
    /// The fact it was recorded as.
    pub(crate) fact: u64,
    /// The sheet's number, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) document: Option<String>,
    /// When, RFC 3339.
    pub(crate) at: String,
    /// Who recorded it.
    pub(crate) by: String,
    /// Where it says so.
    pub(crate) citation: String,
    /// Whether it lists every car that took part.
    pub(crate) complete: bool,
    /// The mark inside the race it is of, where not of the finish.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mark: Option<String>,
}

/// The time within which something may be lodged.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Within {
    /// `protest`, `intention to appeal`, `appeal`.
    pub(crate) lodged: String,
    /// Against what: `the result`, `decision 7`.
    pub(crate) against: String,
    /// The last moment in time, RFC 3339.
    pub(crate) until: String,
    /// Whether it still runs.
    pub(crate) runs: bool,
    /// The article.
    pub(crate) article: String,
}

/// The order at a mark inside a race.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct AtMark {
    /// The mark: `6h`.
    pub(crate) mark: String,
    /// The classification there.
    pub(crate) classification: Vec<ResultRow>,
}

/// A podium.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct PodiumOf {
    /// As printed.
    pub(crate) title: String,
    /// The cars on its steps, the first first; null where nobody published it.
    pub(crate) steps: Vec<Option<CarNamed>>,
}

/// The order of a session by its passings.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct RunningOrder {
    /// How far it is, in words.
    pub(crate) state: String,
    /// Whether it is still running.
    pub(crate) running: bool,
    /// The cars.
    pub(crate) rows: Vec<LiveRow>,
}

/// Everything about a session.
pub(crate) fn sheet(site: &Site, season: &Season, session: usize, asking: &Asking) -> SessionSheet {
    let live = season.live(asking.moment());
    // The session is told whole, through whichever session tables are asked for.
    let evaluation = table::of_world(site, season, asking, None);
    let seen = site.sessions.get(site, season, session, asking.at.map_or(When::Now, When::At));
    let stands = seen.as_ref().map(|seen| &seen.stands);
    let gather = Gather { site, season, live: &live, evaluation: &evaluation, asking, session };
    let of = evaluation.classification(session);
    let on = &season.calendar.sessions[session];
    let docket = OnSession::of(season, &live, session, &asking.world);
    let (decisions, matters) = (docket.decisions(), docket.matters());
    let publications = gather.publications();
    let clocks = Clocks { rulebook: &site.rulebook, season, live: &live };
    let now = asking.at.unwrap_or_else(|| site.clock.now());
    let rows = Rows { rulebook: &site.rulebook, season, live: &live, evaluation: &evaluation };
    let running = stands.filter(|_| of.is_none()).map(|of| gather.running(of));
    let race = matches!(on.kind, SessionKind::Race | SessionKind::QualifyingRace);
    let marks = evaluation.classifications.iter().filter(|of| of.session == session);
    let mark = |of: &Arc<Classification>| Some(AtMark { mark: of.mark.as_ref()?.to_string(), classification: rows.of(of) });
    let classification = of.map_or_else(Vec::new, |of| rows.of(of));
    let scored = |id: &str| classification.iter().any(|row| row.points.iter().any(|of| of.championship == id));
    let tables = evaluation.standings.iter().filter(|table| scored(table.championship.as_str()));
    SessionSheet {
        id: on.name.to_string(),
        title: title(&site.rulebook, season, session),
        event: season.calendar.round(on.name.round).map_or_else(String::new, |round| round.name.clone()),
        round: on.name.round,
        kind: on.kind.word().to_owned(),
        pit_board: site.rulebook.law_at(&season.calendar, session).has_pit_board(on),
        date: on.date.to_string(),
        state: state(of, running.as_ref()),
        published: publications.iter().rev().find(|one| of.is_some_and(|of| of.fact == one.fact)).cloned(),
        remarks: of.map_or_else(Vec::new, |of| gather.remarks(of)),
        hindrances: if publications.is_empty() {
            Vec::new()
        } else {
            clocks.hindrances(session, now).iter().map(Hindrance::to_string).collect()
        },
        clocks: clocks.of(session).iter().map(|clock| within(clock, clock.runs_at(now))).collect(),
        overall: of.is_none_or(|of| of.order == sport::classification::Order::Overall),
        marks: marks.filter_map(mark).collect(),
        scored_in: tables.map(|table| Named { id: table.championship.to_string(), name: table.title.clone() }).collect(),
        podiums: of.map_or_else(Vec::new, |of| gather.podiums(of)),
        grid: if race { grid::of(&site.rulebook, season, &live, asking, session) } else { None },
        incidents: docket.incidents(),
        findings: gather.findings(&publications, &decisions, &matters, stands),
        timed: stands.is_some(),
        classification,
        publications,
        decisions,
        matters,
        running,
    }
}

fn state(of: Option<&Classification>, running: Option<&RunningOrder>) -> String {
    let word = match (of, running) {
        (Some(of), _) if of.annulled.is_some() => "annulled",
        (Some(of), _) => of.state.word(),
        (None, Some(order)) if order.running => "running",
        (None, Some(_)) => "unpublished",
        (None, None) => "none",
    };
    word.to_owned()
}

fn within(clock: &sport::clock::Clock, runs: bool) -> Within {
    let cite: &RuleCitation = &clock.cite;
    Within {
        lodged: clock.lodged.word().to_owned(),
        against: match &clock.against {
            Against::Decision(id) => format!("decision {id}"),
            Against::Result(_) => String::from("the result"),
        },
        until: printed(clock.until),
        runs,
        article: cite.article.clone(),
    }
}

struct Gather<'a> {
    site: &'a Site,
    season: &'a Season,
    live: &'a [&'a Fact],
    evaluation: &'a Evaluation,
    asking: &'a Asking,
    session: usize,
}

impl Gather<'_> {
    fn publications(&self) -> Vec<Publication> {
        let name = &self.season.calendar.sessions[self.session].name;
        let sheets = self.live.iter().filter_map(|fact| Some((fact, fact.what.result().filter(|sheet| sheet.session == *name)?)));
        let told = sheets.map(|(fact, sheet)| Publication {
            state: sheet.state.word().to_owned(),
            fact: fact.number,
            document: sheet.document.clone(),
            at: printed(fact.happened),
            by: fact.by.clone(),
            citation: fact.citation.clone(),
            complete: sheet.complete,
            mark: sheet.mark.as_ref().map(ToString::to_string),
        });
        told.collect()
    }

    fn remarks(&self, of: &Classification) -> Vec<String> {
        let mut told = Vec::new();
        told.extend(of.annulled.iter().map(|ground| format!("Annulled by {ground}: no classification, no points. Below the order before")));
        told.extend(of.withheld.iter().map(|ground| format!("Points withheld by {ground}")));
        if of.factor != Points::ONE {
            told.push(format!("Points {}", of.factor_reasons.join(", ")));
        }
        let name = &self.season.calendar.sessions[self.session].name;
        let suspended = Docket::of(self.live).suspended_on(&self.asking.world, name, None);
        told.extend(suspended.iter().map(|(decision, matter)| {
            format!("Decision {} is suspended by {} {}: it has no effect until that is settled", decision.id, matter.kind.word(), matter.id)
        }));
        if !of.complete {
            told.push(String::from("Incomplete as published: not every car that took part is listed"));
        }
        told
    }

    fn running(&self, of: &AsItStands) -> RunningOrder {
        RunningOrder {
            state: tower::state(&of.session),
            running: of.session.ending.at().is_none() && !of.session.closed(),
            rows: rows::running(&self.site.rulebook, self.season, of),
        }
    }

    fn podiums(&self, of: &Classification) -> Vec<PodiumOf> {
        let staged = podium::staged(&self.site.rulebook, self.season, self.asking.moment(), of);
        let told = staged.into_iter().map(|(podium, steps)| PodiumOf {
            title: podium.title.clone(),
            steps: steps.into_iter().map(|step| step.map(|entry| car(&self.site.rulebook, self.season, entry))).collect(),
        });
        told.collect()
    }

    /// What is doubtful about the session, its facts, its decisions and matters, and its passings.
    fn findings(&self, sheets: &[Publication], decisions: &[Decided], matters: &[MatterOf], of: Option<&AsItStands>) -> Vec<Look> {
        let name = self.season.calendar.sessions[self.session].name.to_string();
        let facts = sheets.iter().map(|of| of.fact).chain(decisions.iter().map(|of| of.fact)).chain(matters.iter().map(|of| of.fact));
        let facts: Vec<String> = facts.map(|fact| format!("fact {fact}")).collect();
        let about = |finding: &&Finding| {
            let matter = matters.iter().any(|of| finding.about.strip_prefix("matter ") == Some(&of.id));
            finding.about.strip_prefix(&name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
                || facts.contains(&finding.about)
                || matter
        };
        let mut found: Vec<Finding> = self.evaluation.findings.iter().filter(about).cloned().collect();
        found.extend(of.into_iter().flat_map(|of| of.session.doubts.iter().map(|doubt| of.session.finding(self.season, doubt))));
        found.sort_by_key(|finding| std::cmp::Reverse(finding.weight));
        found.iter().map(Look::of).collect()
    }
}
