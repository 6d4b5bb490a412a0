//! The whole season, left to right, in one world of open matters: what one session decides is input to the next.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::clashes::clashes;
use crate::classification::Classification;
use crate::classify::Sheets;
use crate::clock;
use crate::date::Instant;
use crate::decision::Effect;
use crate::evaluation::Evaluation;
use crate::fact::Fact;
use crate::finding::{Finding, Weight};
use crate::known::strays;
use crate::ledger::Due;
use crate::names::{ChampionshipId, MarkId};
use crate::roster::Roster;
use crate::rulebook::Rulebook;
use crate::rulebook::award::Award;
use crate::rulebook::championship::{Championship, CompetitorKind};
use crate::rules::awards::{Scored, Scorer};
use crate::rules::licence;
use crate::rules::ranking::Field;
use crate::rules::success::{self, Earned, Owed, Settling};
use crate::scrutineering;
use crate::season::{Moment, Season};
use crate::session::SessionKind;
use crate::signals;
use crate::standings::{Bounds, Line, Standings};
use crate::tally::Tally;
use crate::world::{Docket, Ground, InForce, World};

/// The season as known at a moment, through a session (all when `None`), in a world of open matters.
pub fn evaluate(rulebook: &Rulebook, season: &Season, moment: Moment, through: Option<usize>, world: &World) -> Evaluation {
    let live = season.live(moment);
    let docket = Docket::of(&live);
    let mut evaluation = Evaluator::new(rulebook, season, &live, &docket, through).world(world);
    evaluation.findings.extend(journal(rulebook, season, moment));
    evaluation.findings.extend(scrutineering::findings(rulebook, season, moment));
    evaluation.findings.extend(licence::findings(rulebook, season, &live, &docket.in_force(world)));
    ordered(&mut evaluation.findings);
    evaluation
}

/// The success ledger through a session as it was known at a moment, such as its start: what was decided later has no part in it, for what was
/// served is not undone (D3).
pub(crate) fn as_known(rulebook: &Rulebook, season: &Season, live: &[&Fact], at: Instant, through: usize) -> Vec<Due> {
    let so_far = &live[..live.partition_point(|fact| fact.happened <= at)];
    Evaluator::new(rulebook, season, so_far, &Docket::of(so_far), Some(through)).world(&World::default()).ledger
}

/// What is odd about the facts themselves: names of what is not there, facts that clash, what came too late or too soon.
pub(crate) fn journal(rulebook: &Rulebook, season: &Season, moment: Moment) -> Vec<Finding> {
    let strays = strays(rulebook, season, moment).into_iter().map(|(number, stray)| Finding {
        weight: Weight::Contradiction,
        code: stray.code,
        about: alloc::format!("fact {number}"),
        says: alloc::format!("{}; what it says of it counts for nothing ({})", stray.reason, stray.remedy),
    });
    let clashes = clashes(season.facts().iter(), moment).into_iter().map(|clash| Finding {
        weight: Weight::Contradiction,
        code: clash.code,
        about: String::from("journal"),
        says: alloc::format!("{clash}"),
    });
    let signals = signals::contradicting(&season.live(moment)).into_iter().map(|(number, refusal)| Finding {
        weight: Weight::Contradiction,
        code: refusal.code,
        about: alloc::format!("fact {number}"),
        says: alloc::format!("{refusal}"),
    });
    strays.chain(clashes).chain(signals).chain(clock::findings(rulebook, season, moment)).collect()
}

/// The weightiest first, each once.
pub(crate) fn ordered(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.cmp(b)));
    findings.dedup();
}

/// What one classification gives, kept so that worlds that agree on its input share it.
struct Outcome {
    classification: Arc<Classification>,
    earned: Earned,
    /// Scores by championship, in the rulebook's order.
    scores: Vec<Given>,
    findings: Vec<Finding>,
}

/// What a classification gives in one championship.
struct Given {
    scores: Vec<Scored>,
    /// Whether somebody surely took part whom the championship counts.
    surely_held: bool,
}

/// What a classification depends on in a world: the effects on it and on what it was owed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Input {
    session: usize,
    mark: Option<MarkId>,
    effects: Vec<(Ground, usize)>,
    decisions: Vec<crate::names::DecisionId>,
    owed: Vec<Owed>,
}

/// What a table depends on in a world: its championship, the outcomes by number, the effects on championships.
type TableInput = (usize, Vec<usize>, Vec<(Ground, usize)>);

/// A table, what was found in making it, and every line of it for the championships that are a sum.
#[derive(Clone)]
struct Table {
    shown: Arc<Standings>,
    found: Arc<Vec<Finding>>,
    lines: Arc<Vec<Line>>,
}

/// An outcome with its number among all that were computed.
type Numbered = (usize, Arc<Outcome>);

/// Evaluates world after world and computes each thing they have in common once.
pub(crate) struct Evaluator<'a> {
    pub(crate) rulebook: &'a Rulebook,
    pub(crate) season: &'a Season,
    pub(crate) live: &'a [&'a Fact],
    pub(crate) docket: &'a Docket<'a>,
    pub(crate) roster: Roster,
    last: usize,
    /// The last round that is over: the table stands after it (P73).
    last_round: u16,
    rounds_entered: Vec<Vec<u16>>,
    served: Vec<success::ServedAt>,
    /// Lines keep no scores, and nothing is settled at the end: of thousands of worlds only places and points are looked at.
    pub(crate) thin: bool,
    sheets: Vec<(usize, Option<MarkId>)>,
    outcomes: BTreeMap<Input, Numbered>,
    tables: BTreeMap<TableInput, Table>,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(
        rulebook: &'a Rulebook,
        season: &'a Season,
        live: &'a [&'a Fact],
        docket: &'a Docket<'a>,
        through: Option<usize>,
    ) -> Self {
        let roster = Roster::new(rulebook, season, live);
        let last = through.unwrap_or(usize::MAX).min(season.calendar.sessions.len().saturating_sub(1));
        let rounds_entered = rulebook.latest().championships.iter().map(|of| rounds_entered(season, &roster, of)).collect();
        let mut served = success::served(season, live, &roster);
        if through.is_some() {
            served.retain(|served| served.session <= last);
        }
        let mut this = Self {
            rulebook,
            season,
            live,
            docket,
            roster,
            last,
            last_round: 0,
            rounds_entered,
            served,
            thin: false,
            sheets: Vec::new(),
            outcomes: BTreeMap::new(),
            tables: BTreeMap::new(),
        };
        this.sheets = this.published();
        this.last_round = this.round_over(through);
        this
    }

    /// The last round that is over at the session asked for or, where none is, at the last with a result. In the middle of a round
    /// the table is still the one after the round before (P73).
    fn round_over(&self, through: Option<usize>) -> u16 {
        let sessions = &self.season.calendar.sessions;
        let finished = self.sheets.iter().filter(|(_, mark)| mark.is_none()).map(|(session, _)| *session).max();
        let Some(at) = through.map(|_| self.last).or(finished) else { return 0 };
        let goes_on = |at: usize| sessions.get(at + 1).is_some_and(|next| next.name.round == sessions[at].name.round);
        (0..sessions.len().min(at + 1)).rev().find(|at| !goes_on(*at)).map_or(0, |at| sessions[at].name.round)
    }

    /// Every session and mark with a sheet, in order.
    fn published(&self) -> Vec<(usize, Option<MarkId>)> {
        let sheets = self.sources();
        let sessions = 0..self.season.calendar.sessions.len().min(self.last + 1);
        sessions.flat_map(|session| sheets.marks(session).into_iter().map(move |mark| (session, mark))).collect()
    }

    fn sources(&self) -> Sheets<'_> {
        Sheets { season: self.season, roster: &self.roster, rulebook: self.rulebook, live: self.live, docket: self.docket }
    }

    /// The evaluation in one world.
    pub(crate) fn world(&mut self, world: &World) -> Evaluation {
        let force = self.docket.in_force(world);
        let (mut dues, mut perhaps): (Vec<Due>, Vec<(usize, usize)>) = (Vec::new(), Vec::new());
        let mut outcomes: Vec<(usize, Arc<Outcome>)> = Vec::new();
        let mut unserved: Vec<Finding> = Vec::new();
        for (session, mark) in self.sheets.clone() {
            let owed = self.owed(session, (&dues, &perhaps), &outcomes, &force, &mut unserved);
            let outcome = self.outcome(session, mark, &force, owed);
            dues.extend(outcome.1.earned.dues.iter().cloned());
            perhaps.extend(outcome.1.earned.perhaps.iter().map(|entry| (session, *entry)));
            outcomes.push(outcome);
        }
        let classifications: Vec<Arc<Classification>> = outcomes.iter().map(|(_, outcome)| Arc::clone(&outcome.classification)).collect();
        let ledger = if self.thin { Vec::new() } else { self.settled(&dues, &classifications, &force) };
        let mut findings: Vec<Finding> = outcomes.iter().flat_map(|(_, outcome)| outcome.findings.iter().cloned()).collect();
        findings.extend(unserved);
        let standings = self.standings(&outcomes, &force, &mut findings);
        self.without_result(&force, &mut findings);
        self.shown_later(&force, &mut findings);
        self.passed_by(&mut findings);
        ordered(&mut findings);
        let open = self.docket.open().iter().map(|matter| matter.id.clone()).collect();
        Evaluation { classifications, ledger, standings, open, findings }
    }

    /// Effects on the order of sessions nobody has published a result of.
    fn without_result(&self, force: &InForce<'_>, findings: &mut Vec<Finding>) {
        for holds in &force.effects {
            let (Some(session), Some(car)) = (holds.effect.session(), holds.effect.car()) else { continue };
            if matches!(holds.effect, Effect::DropGrid { .. }) {
                // It acts on the grid, before there is a result.
                continue;
            }
            let Some(at) = self.season.calendar.find(session).filter(|at| *at <= self.last) else { continue };
            // Where its laps were heard, a deletion acts on what they give, and is in the sheet once that is published.
            let heard = matches!(holds.effect, Effect::DeleteLap { .. }) && signals::opened(self.live, session);
            if !heard && !self.sheets.iter().any(|(of, _)| *of == at) {
                findings.push(Finding {
                    weight: Weight::Doubt,
                    code: "decision-without-result",
                    about: alloc::format!("{session}"),
                    says: alloc::format!(
                        "{} acts on car {car}; no result of the session is recorded, so it does nothing yet",
                        holds.ground
                    ),
                });
            }
        }
    }

    /// Sessions that give points and have no result, though later ones do.
    fn passed_by(&self, findings: &mut Vec<Finding>) {
        let finished = |session: usize| self.sheets.iter().any(|(of, mark)| *of == session && mark.is_none());
        let sessions = self.season.calendar.sessions.iter().enumerate().take(self.last + 1);
        let Some(latest) = sessions.clone().map(|(at, _)| at).filter(|at| finished(*at)).max() else { return };
        for (at, session) in sessions.take(latest).filter(|(at, _)| !finished(*at)) {
            let law = self.rulebook.law_at(&self.season.calendar, at);
            let counts = |award: &Award| award.sessions.hold(session) && !session.without_awards.contains(&award.id);
            if law.awards.iter().any(counts) {
                findings.push(Finding {
                    weight: Weight::Doubt,
                    code: "session-without-result",
                    about: alloc::format!("{}", session.name),
                    says: alloc::format!("no result of {} is recorded, though later ones are; it counts for nothing", session.name),
                });
            }
        }
    }

    /// Effects on totals that enter a later table than this one (P73).
    fn shown_later(&self, force: &InForce<'_>, findings: &mut Vec<Finding>) {
        for holds in &force.effects {
            let (Some((championship, _)), Some(round)) = (holds.effect.total(), holds.effect.from_round()) else { continue };
            if round > self.last_round {
                findings.push(Finding {
                    weight: Weight::Note,
                    code: "shown-later",
                    about: alloc::format!("{championship}"),
                    says: alloc::format!(
                        "{} enters the table after round {round}; {}",
                        holds.ground,
                        if self.last_round == 0 {
                            String::from("no round is over yet")
                        } else {
                            alloc::format!("this one stands after round {}", self.last_round)
                        }
                    ),
                });
            }
        }
    }

    /// What each car owes in a session of what was earned before it; asked for only where a decision adds it to race times.
    fn owed(
        &self,
        session: usize,
        (dues, perhaps): (&[Due], &[(usize, usize)]),
        outcomes: &[Numbered],
        force: &InForce<'_>,
        findings: &mut Vec<Finding>,
    ) -> Vec<Owed> {
        let name = &self.season.calendar.sessions[session].name;
        let Some(by) = force.on(name).find(|holds| matches!(holds.effect, Effect::AddUnservedSuccess { .. })) else { return Vec::new() };
        let held: Vec<Arc<Classification>> = outcomes.iter().map(|(_, outcome)| Arc::clone(&outcome.classification)).collect();
        let owed = self.settling(&held, force, |settling| {
            let mut dues = dues.to_vec();
            success::settle(settling, &mut dues);
            settling.owed(&dues, perhaps, session)
        });
        for of in owed.iter().filter(|of| !of.told && of.time.0 > 0) {
            let car = self.season.list.entries[of.entry].label();
            findings.push(Finding {
                weight: Weight::Doubt,
                code: "served-unknown",
                about: alloc::format!("{name}"),
                says: alloc::format!(
                    "nobody published whether car {car} served its {} s of success penalty; {} adds them to its time as not served",
                    of.time,
                    by.ground
                ),
            });
        }
        owed
    }

    fn settled(&self, dues: &[Due], classifications: &[Arc<Classification>], force: &InForce<'_>) -> Vec<Due> {
        self.settling(classifications, force, |settling| {
            let mut dues = dues.to_vec();
            success::settle(settling, &mut dues);
            dues
        })
    }

    fn settling<T>(&self, held: &[Arc<Classification>], force: &InForce<'_>, then: impl Fn(&Settling<'_>) -> T) -> T {
        let results: Vec<&Classification> = held.iter().map(|of| &**of).collect();
        let kept = |session: usize| {
            self.rulebook.law_at(&self.season.calendar, session).success.as_ref().is_some_and(|rule| rule.kept_when_absent)
        };
        then(&Settling { season: self.season, kept: &kept, served: &self.served, results: &results, force })
    }

    /// One classification with all its scores, computed once for all worlds with the same input.
    fn outcome(&mut self, session: usize, mark: Option<MarkId>, force: &InForce<'_>, owed: Vec<Owed>) -> (usize, Arc<Outcome>) {
        let name = &self.season.calendar.sessions[session].name;
        let effects = force.on(name).map(|holds| (holds.ground.clone(), core::ptr::from_ref(holds.effect).addr())).collect();
        let contains =
            self.live.iter().filter_map(|fact| fact.what.result()).filter(|result| result.session == *name).map(|result| &result.includes);
        let decisions = contains.flatten().filter(|id| force.decisions.contains(*id)).cloned().collect();
        let input = Input { session, mark, effects, decisions, owed };
        if let Some(known) = self.outcomes.get(&input) {
            return known.clone();
        }
        let mut findings = Vec::new();
        let classification = self
            .sources()
            .classify(session, input.mark.as_ref(), force, &input.owed, &mut findings)
            .expect("only sessions with a sheet are evaluated");
        let law = self.rulebook.law_at(&self.season.calendar, session);
        let races = self.season.calendar.sessions[session].kind == SessionKind::Race;
        let earned =
            if races { success::earned(self.season, &self.roster, law, &classification, force, &mut findings) } else { Earned::default() };
        let championships = self.rulebook.latest().championships.iter().enumerate();
        let scores = championships.map(|(at, of)| self.scores(at, of, &classification, force, &mut findings)).collect();
        let outcome = Arc::new(Outcome { classification: Arc::new(classification), earned, scores, findings });
        let known = (self.outcomes.len(), outcome);
        self.outcomes.insert(input, known.clone());
        known
    }

    /// A classification as a championship sees it.
    pub(crate) fn field<'f>(
        &'f self,
        at: usize,
        championship: &'f Championship,
        classification: &'f Classification,
        force: &'f InForce<'f>,
    ) -> Field<'f> {
        let law = self.rulebook.law_at(&self.season.calendar, classification.session);
        Field {
            season: self.season,
            roster: &self.roster,
            guests: &law.guests,
            invitational: &law.invitational,
            championship,
            classification,
            force,
            rounds_entered: &self.rounds_entered[at],
            passes_ineligible: false,
        }
    }

    /// What a classification gives in one championship.
    fn scores(
        &self,
        at: usize,
        of: &Championship,
        classification: &Classification,
        force: &InForce<'_>,
        findings: &mut Vec<Finding>,
    ) -> Given {
        let session = &self.season.calendar.sessions[classification.session];
        if classification.annulled.is_some() || of.skip_rounds.contains(&session.name.round) {
            return Given { scores: Vec::new(), surely_held: false };
        }
        let law = self.rulebook.law_at(&self.season.calendar, classification.session);
        let given = law.awards.iter().filter(|award| {
            of.awards.contains(&award.id)
                && award.mark == classification.mark
                && award.sessions.hold(session)
                && !session.without_awards.contains(&award.id)
        });
        let given: Vec<_> = given.collect();
        if given.is_empty() {
            return Given { scores: Vec::new(), surely_held: false };
        }
        let field = self.field(at, of, classification, force);
        let ranked = field.rank();
        let sheet = self.live.iter().find(|fact| fact.number == classification.fact).and_then(|fact| fact.what.result());
        let fastest = sheet.map(|result| result.fastest.iter().filter_map(|car| self.roster.entry(car)).collect());
        let scorer = Scorer { field, law, live: self.live, fastest: fastest.unwrap_or_default() };
        let mut scores = scorer.all(&given, &ranked, findings);
        if classification.withheld.is_some() {
            // The classification stands; only its points are kept back (case 1).
            for (_, score) in &mut scores {
                score.points = Bounds::ZERO;
                score.scoring = None;
            }
        }
        let rows =
            || classification.rows.iter().zip(&ranked).filter(|(row, one)| row.on_sheet && one.counted.is_some()).map(|(row, _)| row);
        let aboard = |driver: usize, entry: usize| rows().any(|row| row.entry == entry && row.crew.contains(&driver));
        let counts = |(competitor, score): &Scored| match of.competitor {
            CompetitorKind::Driver => aboard(*competitor, score.entry),
            CompetitorKind::Team | CompetitorKind::Maker | CompetitorKind::Constructor | CompetitorKind::Entry => {
                rows().any(|row| row.entry == score.entry)
            }
        };
        let surely_held = scores.iter().any(counts);
        Given { scores, surely_held }
    }

    fn standings(&mut self, outcomes: &[(usize, Arc<Outcome>)], force: &InForce<'_>, findings: &mut Vec<Finding>) -> Vec<Arc<Standings>> {
        let championships = &self.rulebook.latest().championships;
        let shared: Vec<usize> = outcomes.iter().map(|(number, _)| *number).collect();
        let season_effects: Vec<(Ground, usize)> = force
            .effects
            .iter()
            .filter(|holds| holds.effect.session().is_none())
            .map(|holds| (holds.ground.clone(), core::ptr::from_ref(holds.effect).addr()))
            .collect();
        let mut tables: Vec<Option<Table>> = alloc::vec![None; championships.len()];
        // Sums come after what they sum; the rulebook's reader refuses sums that go in circles.
        for _ in 0..championships.len() {
            for (at, of) in championships.iter().enumerate() {
                if tables[at].is_some() {
                    continue;
                }
                let Some(parts) = parts(championships, of, &tables) else { continue };
                let key = (at, shared.clone(), season_effects.clone());
                let table = match self.tables.get(&key) {
                    Some(known) => known.clone(),
                    None => {
                        let made = self.table(at, of, outcomes, &parts, force);
                        self.tables.insert(key, made.clone());
                        made
                    }
                };
                findings.extend(table.found.iter().cloned());
                tables[at] = Some(table);
            }
        }
        tables.into_iter().flatten().map(|table| table.shown).collect()
    }

    fn table(
        &self,
        at: usize,
        of: &Championship,
        outcomes: &[(usize, Arc<Outcome>)],
        parts: &[Arc<Vec<Line>>],
        force: &InForce<'_>,
    ) -> Table {
        let mut found = Vec::new();
        let counts = |outcome: &&Outcome| !outcome.scores[at].scores.is_empty() && outcome.classification.withheld.is_none();
        let counting = || outcomes.iter().map(|(_, outcome)| &**outcome).filter(counts);
        let mut held: Vec<usize> = counting().map(|outcome| outcome.classification.session).collect();
        held.dedup();
        let surely = counting().filter(|outcome| outcome.scores[at].surely_held);
        let mut surely_held: Vec<usize> = surely.map(|outcome| outcome.classification.session).collect();
        surely_held.dedup();
        let tally = Tally {
            season: self.season,
            roster: &self.roster,
            championship: of,
            force,
            held: &held,
            surely_held: &surely_held,
            last_round: self.last_round,
            thin: self.thin,
        };
        let lines = if of.sum_of.is_empty() {
            tally.lines(outcomes.iter().flat_map(|(_, outcome)| outcome.scores[at].scores.iter().cloned()).collect())
        } else {
            tally.sum(parts)
        };
        let summed = self.rulebook.latest().championships.iter().any(|sum| sum.sum_of.contains(&of.id));
        let all = if summed { lines.clone() } else { Vec::new() };
        let mut shown = tally.table(lines, &mut found);
        if self.thin {
            shown.lines.iter_mut().for_each(|line| line.scores = Vec::new());
        }
        Table { shown: Arc::new(shown), found: Arc::new(found), lines: Arc::new(all) }
    }
}

/// The lines a sum is made of, once all are there; empty for a championship that is no sum.
fn parts(championships: &[Championship], of: &Championship, tables: &[Option<Table>]) -> Option<Vec<Arc<Vec<Line>>>> {
    let table = |id: &ChampionshipId| {
        let at = championships.iter().position(|of| of.id == *id)?;
        tables[at].as_ref().map(|table| Arc::clone(&table.lines))
    };
    of.sum_of.iter().map(table).collect()
}

/// Rounds entered by each competitor, where the championship asks for a minimum.
fn rounds_entered(season: &Season, roster: &Roster, of: &Championship) -> Vec<u16> {
    if of.rounds_min.is_none() {
        return alloc::vec![0; roster.size(season, of.competitor)];
    }
    let mut rounds: Vec<Vec<u16>> = alloc::vec![Vec::new(); roster.size(season, of.competitor)];
    for (ix, entry) in season.list.entries.iter().enumerate() {
        for spell in &entry.spells {
            let drivers = if of.competitor == CompetitorKind::Driver { &spell.crew[..] } else { &[] };
            let competitors =
                roster.competitor(of.competitor, ix).into_iter().chain(drivers.iter().filter_map(|driver| roster.driver(driver)));
            competitors.for_each(|competitor| rounds[competitor].extend(&spell.rounds));
        }
    }
    rounds
        .into_iter()
        .map(|mut rounds| {
            rounds.sort_unstable();
            rounds.dedup();
            u16::try_from(rounds.len()).unwrap_or(u16::MAX)
        })
        .collect()
}
