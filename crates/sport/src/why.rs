//! Why a number is what it is: the chain down to published place, rule value and decision.
//!
//! The numbers come from the same evaluation that made the tables; this only says out loud what it looked at.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::classification::{Classification, Classified, Order};
use crate::date::Micros;
use crate::decision::{Decision, Effect, Matter, Named};
use crate::evaluate::Evaluator;
use crate::evaluation::Evaluation;
use crate::fact::Fact;
use crate::from_sheet;
use crate::grade::{Grade, GradeSet};
use crate::ledger::{Due, DueState};
use crate::names::ChampionshipId;
use crate::place::Places;
use crate::points::Points;
use crate::proof;
use crate::result::Finish;
use crate::rulebook::Rulebook;
use crate::rulebook::award::{Award, CrewFactor};
use crate::rulebook::championship::{Championship, CompetitorKind, SharedDrive};
use crate::rulebook::crew::CrewPattern;
use crate::rules::crew_factor;
use crate::rules::cup::grade_in;
use crate::rules::keep;
use crate::rules::ranking::Passed;
use crate::season::{Moment, Season};
use crate::standings::{Bounds, Fate, Line, Score};
use crate::world::{Docket, Ground, InForce, World};

/// A reason, and the reasons behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// One sentence.
    pub says: String,
    /// Rules, facts, decisions it rests on.
    pub cites: Vec<String>,
    /// What is behind it.
    pub because: Vec<Self>,
}

impl Reason {
    pub(crate) fn of(says: String) -> Self {
        Self { says, cites: Vec::new(), because: Vec::new() }
    }

    fn citing(mut self, cite: String) -> Self {
        self.cites.push(cite);
        self
    }
}

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Question {
    /// A competitor's points in a championship, by position in the competitors' list.
    Total(ChampionshipId, usize),
    /// A car's place in a session, by positions in the calendar and the entry list.
    Place(usize, usize),
    /// A car's success penalty due in a session.
    Success(usize, usize),
}

/// The reasons behind a number; `None` where there is no such number.
pub fn why(
    rulebook: &Rulebook,
    season: &Season,
    moment: Moment,
    through: Option<usize>,
    world: &World,
    question: &Question,
) -> Option<Reason> {
    let live = season.live(moment);
    let docket = Docket::of(&live);
    let mut evaluator = Evaluator::new(rulebook, season, &live, &docket, through);
    let evaluation = evaluator.world(world);
    let force = docket.in_force(world);
    let (live, docket) = (&live, &docket);
    let teller = Teller { rulebook, season, live, docket, evaluator: &evaluator, evaluation: &evaluation, world, force: &force };
    match question {
        Question::Total(championship, competitor) => teller.total(championship, *competitor),
        Question::Place(session, entry) => teller.place_in(*session, *entry),
        Question::Success(session, entry) => teller.success(*session, *entry),
    }
}

struct Teller<'a> {
    rulebook: &'a Rulebook,
    season: &'a Season,
    live: &'a [&'a Fact],
    docket: &'a Docket<'a>,
    evaluator: &'a Evaluator<'a>,
    evaluation: &'a Evaluation,
    world: &'a World,
    force: &'a InForce<'a>,
}

impl Teller<'_> {
    fn total(&self, id: &ChampionshipId, competitor: usize) -> Option<Reason> {
        let table = self.evaluation.table(id)?;
        let line = table.lines.iter().find(|line| line.competitors.contains(&competitor))?;
        let of = self.rulebook.latest().championship(id)?;
        let place = line.label.clone().or(line.place.map(|place| alloc::format!("place {place}"))).unwrap_or_default();
        let mut reason = Reason::of(alloc::format!("{}: {place} in {}, {}", line.name, table.title, in_points(line.points)))
            .citing(alloc::format!("rulebook {} edition {}, hash {}", self.rulebook.id, self.rulebook.edition, self.rulebook.hash))
            .citing(alloc::format!("{}", of.cite));
        if let Some(tie) = &line.tie {
            reason.because.push(
                Reason::of(alloc::format!("level on points with the line above, behind it by the tie-break: {tie}"))
                    .citing(alloc::format!("{}", of.ties.cite)),
            );
        }
        if line.gross != line.points && of.keep.is_some() {
            let keep = of.keep.as_ref().map_or_else(String::new, |keep| alloc::format!("{}", keep.cite));
            reason.because.push(Reason::of(alloc::format!("{} scored, {} count", in_points(line.gross), amount(line.points))).citing(keep));
        }
        for score in self.telling(line) {
            reason.because.push(self.score(of, score));
        }
        reason.because.extend(self.kept_at_zero(of, line));
        reason.because.extend(self.passed_over(of, line));
        reason.because.extend(self.without_points(of));
        if let Some((ground, round)) = &line.restart {
            reason.because.push(
                Reason::of(alloc::format!("points and finishes before round {round} are void by {ground}")).citing(self.ground(ground)),
            );
        }
        for adjustment in &line.adjustments {
            let says = alloc::format!("{adjustment}");
            reason.because.push(Reason::of(says).citing(self.ground(&adjustment.ground)));
        }
        reason.because.extend(self.suspended_totals(of, line));
        Some(reason)
    }

    /// The scores worth telling: those with points, or with points that may be.
    fn telling<'l>(&self, line: &'l Line) -> impl Iterator<Item = &'l Score> {
        line.scores.iter().filter(|score| !score.points.at_most.is_zero() || !score.points.at_least.is_zero())
    }

    /// Results without points that count where others are dropped: a disqualification's zero takes the place of a result (P17).
    fn kept_at_zero(&self, of: &Championship, line: &Line) -> Option<Reason> {
        let rule = of.keep.as_ref()?;
        let unit = |score: &Score| keep::unit_of(rule, self.round_of(score.session), score.session);
        let telling: Vec<usize> = self.telling(line).map(unit).collect();
        let mut reason = Reason::of(String::from("results at 0 points that count")).citing(alloc::format!("{}", rule.cite));
        let mut told: Vec<(usize, usize)> = Vec::new();
        for score in line.scores.iter().filter(|score| !telling.contains(&unit(score))) {
            let at = (score.session, score.entry);
            let Some(classification) = self.evaluation.classification(score.session) else { continue };
            let Some(row) = classification.rows.iter().find(|row| row.entry == score.entry) else { continue };
            if score.fate == Fate::Dropped || told.contains(&at) {
                continue;
            }
            told.push(at);
            let session = &self.season.calendar.sessions[score.session].name;
            let car = self.season.list.entries[score.entry].label();
            let mut one = Reason::of(alloc::format!("{session}: car {car} {}{}", place_words(row, classification), score.fate.words()));
            one.because = self.place(classification, score.entry);
            reason.because.push(one);
        }
        (!told.is_empty()).then_some(reason)
    }

    /// Sessions that count for a championship, or for a part of it, and gave no points at all: annulled, withheld, too short.
    fn without_points(&self, of: &Championship) -> Vec<Reason> {
        let latest = self.rulebook.latest();
        let parts = of.sum_of.iter().filter_map(|id| latest.championship(id));
        let all: Vec<&Championship> = core::iter::once(of).chain(parts).collect();
        let mut told = Vec::new();
        for classification in self.evaluation.classifications.iter().filter(|of| of.mark.is_none()) {
            let session = &self.season.calendar.sessions[classification.session];
            let law = self.rulebook.law_at(&self.season.calendar, classification.session);
            let mut awards = law.awards.iter().filter(|award| award.sessions.hold(session));
            if !awards.any(|award| all.iter().any(|of| of.awards.contains(&award.id))) {
                continue;
            }
            let by = |what: &str, ground: &Ground| {
                Reason::of(alloc::format!("{}: no points, {what} by {ground}", session.name)).citing(self.ground(ground))
            };
            told.extend(match (&classification.annulled, &classification.withheld) {
                (Some(ground), _) => Some(by("annulled", ground)),
                (None, Some(ground)) => Some(by("withheld", ground)),
                (None, None) if classification.factor.is_zero() => {
                    Some(Reason::of(alloc::format!("{}: no points, {}", session.name, classification.factor_reasons.join("; "))))
                }
                (None, None) => None,
            });
        }
        told
    }

    fn round_of(&self, session: usize) -> u16 {
        self.season.calendar.sessions[session].name.round
    }

    fn score(&self, of: &Championship, score: &Score) -> Reason {
        let session = &self.season.calendar.sessions[score.session];
        let law = self.rulebook.law_at(&self.season.calendar, score.session);
        let car = self.season.list.entries[score.entry].label();
        let dropped = score.fate.words();
        let place = score.scoring.map_or_else(String::new, |places| alloc::format!(", scoring place {places}"));
        let mut reason = Reason::of(alloc::format!("{}: car {car}{place}: {}{dropped}", session.name, in_points(score.points)));
        if let Some(award) = law.awards.iter().find(|award| award.id == score.award) {
            reason = reason.citing(alloc::format!("{}", award.cite));
            if let crate::rulebook::award::Basis::Place { table } = &award.basis
                && let Some(table) = law.table(table)
            {
                reason = reason.citing(alloc::format!("{}", table.cite));
            }
            if award.factor != Points::ONE {
                reason.because.push(Reason::of(alloc::format!("the award counts {} ×", award.factor.exact())));
            }
        }
        reason.because.extend(self.parts(of, score));
        let given = law.awards.iter().find(|award| award.id == score.award).and_then(|award| award.mark.as_ref());
        let mark = |of: &&alloc::sync::Arc<Classification>| {
            of.session == score.session && of.mark.as_ref() == given && of.rows.iter().any(|row| row.entry == score.entry)
        };
        if let Some(classification) = self.evaluation.classifications.iter().rev().find(mark) {
            for factor in &classification.factor_reasons {
                reason.because.push(Reason::of(alloc::format!("points {factor}")));
            }
            reason.because.extend(self.open_factor(classification));
            let award = law.awards.iter().find(|award| award.id == score.award);
            reason.because.extend(award.and_then(|award| self.crew_factor(of, award, classification, score)));
            reason.because.extend(self.moved_up(of, classification, score));
            reason.because.extend(self.place(classification, score.entry));
        }
        reason
    }

    /// The factors of which one holds, where nobody published how much of a race cut short was run (P20).
    fn open_factor(&self, classification: &Classification) -> Option<Reason> {
        let law = self.rulebook.law_at(&self.season.calendar, classification.session);
        let factors: Vec<String> = classification.factor_open.iter().map(|factor| alloc::format!("{} ×", factor.exact())).collect();
        let says = alloc::format!("nobody published how much of the race was run: points count {}", factors.join(" or "));
        let reason = Reason { cites: law.shortened.iter().map(|step| alloc::format!("{}", step.cite)).collect(), ..Reason::of(says) };
        (!factors.is_empty()).then_some(reason)
    }

    /// Which factor by crew multiplied the points: that of the first pattern that fits (P27).
    fn crew_factor(&self, of: &Championship, award: &Award, classification: &Classification, score: &Score) -> Option<Reason> {
        if award.crew_factors.is_empty() {
            return None;
        }
        let at = classification.rows.iter().position(|row| row.entry == score.entry)?;
        let row = &classification.rows[at];
        let championship = self.rulebook.latest().championships.iter().position(|other| other.id == of.id)?;
        let places = self.evaluator.field(championship, of, classification, self.force).rank()[at].scoring.filter(|_| row.may_finish());
        let session = &self.season.calendar.sessions[classification.session];
        let law = self.rulebook.law_at(&self.season.calendar, classification.session);
        let grade = |driver: &usize| {
            let id = &self.season.list.drivers[*driver].id;
            grade_in(law, id, self.season.grade_on(self.live, *driver, session.date))
        };
        let reason = |says: String| Some(Reason::of(says).citing(alloc::format!("{}", award.cite)));
        let grades: Option<Vec<Grade>> = row.crew.iter().map(grade).collect();
        if grades.is_none() {
            return reason(String::from(
                "nobody published every grade of the crew, so any of the award's factors by crew may hold, or none",
            ));
        }
        let possible = crew_factor::possible(&award.crew_factors, grades.as_deref(), places);
        let words = |factor: &CrewFactor| {
            let within = factor.place_max.map_or_else(String::new, |max| alloc::format!(" in the first {max} scoring places"));
            alloc::format!("{} × for a crew of {}{within}", factor.factor.exact(), crew_words(&factor.crew))
        };
        match possible[..] {
            [Some(factor)] => reason(alloc::format!("points {}", words(factor))),
            [Some(factor), ..] => reason(alloc::format!("it may be that points count {}", words(factor))),
            _ => reason(String::from("no factor by crew applies to its crew and place")),
        }
    }

    /// What divides a car's points among its drivers: shares by decision, or the rule on shared drives (P51).
    fn parts(&self, of: &Championship, score: &Score) -> Option<Reason> {
        if of.competitor != CompetitorKind::Driver {
            return None;
        }
        let session = &self.season.calendar.sessions[score.session].name;
        let car = &self.season.list.entries[score.entry].id;
        let decided = self.force.on(session).filter(|holds| matches!(&holds.effect, Effect::Shares { car: of, .. } if of == car)).last();
        if let Some(holds) = decided {
            return Some(
                Reason::of(alloc::format!("its drivers' shares are fixed by {}", holds.ground)).citing(self.ground(&holds.ground)),
            );
        }
        let rule = match of.shared_drive {
            SharedDrive::Full => return None,
            SharedDrive::Split => "the points of a car are split equally among its drivers",
            SharedDrive::Nothing => "a car shared by drivers gives them no points",
        };
        Some(Reason::of(String::from(rule)).citing(alloc::format!("{}", of.cite)))
    }

    /// Cars ahead on the sheet that are not counted: each moves those behind up for points (P8, P58).
    fn moved_up(&self, of: &Championship, classification: &Classification, score: &Score) -> Vec<Reason> {
        let Some(at) = self.rulebook.latest().championships.iter().position(|other| other.id == of.id) else { return Vec::new() };
        let ranked = self.evaluator.field(at, of, classification, self.force).rank();
        let Some(mine) = classification.rows.iter().position(|row| row.entry == score.entry) else { return Vec::new() };
        let ahead = classification.rows.iter().zip(&ranked).take(mine);
        let told = ahead.filter_map(|(row, one)| {
            let car = self.season.list.entries[row.entry].label();
            let (why, cite) = self.passed(one.passed.as_ref().filter(|_| one.counted == Some(false))?)?;
            Some(Reason::of(alloc::format!("car {car} ahead is not counted: it {why}")).citing(cite))
        });
        told.collect()
    }

    /// Why a car does not score, in words; nothing where it belongs elsewhere.
    fn passed(&self, passed: &Passed) -> Option<(&'static str, String)> {
        Some(match passed {
            Passed::OtherClass | Passed::OtherCup | Passed::NotRegistered | Passed::NoCompetitor => return None,
            Passed::Guest(cite) => ("is a guest or invitational entry", alloc::format!("{cite}")),
            Passed::Newcomer(cite) => ("entered too late in the season to score", alloc::format!("{cite}")),
            Passed::FewRounds(cite) => ("belongs to a competitor of too few rounds", alloc::format!("{cite}")),
            Passed::Surplus(cite) => ("is a surplus car of its competitor", alloc::format!("{cite}")),
            Passed::Ineligible(ground) => ("was declared ineligible", self.ground(ground)),
        })
    }

    /// Cars of the competitor that took part and score nothing by a rule or a decision, not by their place (E4, P57).
    fn passed_over(&self, of: &Championship, line: &Line) -> Vec<Reason> {
        let Some(at) = self.rulebook.latest().championships.iter().position(|other| other.id == of.id) else { return Vec::new() };
        let mut told = Vec::new();
        for classification in &self.evaluation.classifications {
            let ranked = self.evaluator.field(at, of, classification, self.force).rank();
            for (row, one) in classification.rows.iter().zip(&ranked) {
                let mine = |score: &Score| score.session == classification.session && score.entry == row.entry;
                let Some((why, cite)) = one.passed.as_ref().filter(|_| line.scores.iter().any(mine)).and_then(|passed| self.passed(passed))
                else {
                    continue;
                };
                let session = &self.season.calendar.sessions[classification.session].name;
                let car = self.season.list.entries[row.entry].label();
                told.push(Reason::of(alloc::format!("{session}: car {car} scores nothing: it {why}")).citing(cite));
            }
        }
        told
    }

    /// Decisions on the line's total that have no effect until an open matter ends (P60–P63).
    fn suspended_totals(&self, of: &Championship, line: &Line) -> Vec<Reason> {
        let position = |named: &Named| match (named, of.competitor) {
            (Named::Driver(id), CompetitorKind::Driver) => self.evaluator.roster.driver(id),
            (Named::Team(id), CompetitorKind::Team) => self.season.list.team(id),
            (Named::Entry(id), CompetitorKind::Entry) => self.evaluator.roster.entry(id),
            (Named::Maker(id), CompetitorKind::Maker | CompetitorKind::Constructor) => self.evaluator.roster.makers.binary_search(id).ok(),
            _ => None,
        };
        let mine = |effect: &Effect| {
            effect.total().is_some_and(|(championship, named)| {
                *championship == of.id && position(named).is_some_and(|named| line.competitors.contains(&named))
            })
        };
        let suspended = self.docket.suspended(self.world).into_iter().filter(|(decision, _)| decision.effects.iter().any(mine));
        suspended.map(|(decision, matter)| self.suspended(decision, matter)).collect()
    }

    fn suspended(&self, decision: &Decision, matter: &Matter) -> Reason {
        let (by, matter) = (matter.kind.word(), &matter.id);
        Reason::of(alloc::format!("decision {} is suspended by {by} {matter}: it has no effect until that is settled", decision.id))
            .citing(self.ground(&Ground::Decision(decision.id.clone())))
            .citing(self.ground(&Ground::Matter(matter.clone())))
    }

    fn place_in(&self, session: usize, entry: usize) -> Option<Reason> {
        let Some(classification) = self.evaluation.classification(session) else {
            return proof::unpublished(self.rulebook, self.season, self.live, session, entry);
        };
        let (name, car) = (&self.season.calendar.sessions[session].name, self.season.list.entries[entry].label());
        let row = classification.rows.iter().find(|row| row.entry == entry)?;
        let mut reason = Reason::of(alloc::format!("{name}: car {car} {}", place_words(row, classification)));
        reason.because = self.place(classification, entry);
        Some(reason)
    }

    /// The sheet a car's place comes from, and every decision that moved it.
    fn place(&self, classification: &Classification, entry: usize) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let Some(row) = classification.rows.iter().find(|row| row.entry == entry) else { return reasons };
        let fact = self.live.iter().find(|fact| fact.number == classification.fact);
        let source =
            fact.map_or_else(String::new, |fact| alloc::format!("fact {} ({}), recorded by {}", fact.number, fact.citation, fact.by));
        if row.on_sheet {
            let says = from_sheet::told(&self.season.list, fact.and_then(|fact| fact.what.result()), classification.state, row);
            let mut published = Reason::of(says).citing(source);
            if let Some(note) = &row.note {
                published.because.push(Reason::of(note.clone()));
            }
            published.because.extend(proof::laps(self.rulebook, self.season, self.live, classification.session, entry));
            reasons.push(published);
        } else {
            reasons.push(
                Reason::of(String::from(
                    "no sheet names the car; it was entered, so it may have had any place nobody else is known to have",
                ))
                .citing(source),
            );
        }
        for (ground, says) in &row.effects {
            let when = fact.map_or("", |sheet| from_sheet::when(self.live, sheet, ground));
            let mut reason = Reason::of(alloc::format!("{says}: {ground}{when}")).citing(self.ground(ground));
            if let Ground::Decision(id) = ground {
                let decision = self.docket.decisions.iter().find(|(_, decision)| decision.id == *id);
                reason.because.extend(decision.and_then(|(_, decision)| proof::answered(self.live, decision)));
            }
            reasons.push(reason);
        }
        reasons.extend(self.arithmetic(classification, row).map(Reason::of));
        let name = &self.season.calendar.sessions[classification.session].name;
        let car = &self.season.list.entries[entry].id;
        let suspended = self.docket.suspended_on(self.world, name, Some(car));
        reasons.extend(suspended.into_iter().map(|(decision, matter)| self.suspended(decision, matter)));
        let moved = row.effects.is_empty() && row.published != row.place && row.published.is_some();
        if moved {
            let others = classification.rows.iter().filter(|other| !other.effects.is_empty());
            let grounds: Vec<String> = others
                .flat_map(|other| {
                    other
                        .effects
                        .iter()
                        .map(|(ground, says)| alloc::format!("car {}: {says} by {ground}", self.season.list.entries[other.entry].label()))
                })
                .collect();
            reasons.push(Reason::of(alloc::format!(
                "moved to {} because of others: {}",
                row.place.map_or(String::from("no place"), |place| alloc::format!("{place}")),
                grounds.join("; ")
            )));
        }
        reasons.extend(self.in_class(classification, row).map(Reason::of));
        if let Some(ground) = &classification.annulled {
            reasons.push(Reason::of(alloc::format!("the session is annulled by {ground}")).citing(self.ground(ground)));
        }
        reasons
    }

    /// What a time penalty comes to, and who is ahead by it: `40:12.300 + 5.000 = 40:17.300, behind 21 and 22`.
    fn arithmetic(&self, classification: &Classification, row: &Classified) -> Option<String> {
        let sheet = self.live.iter().find(|fact| fact.number == classification.fact)?.what.result()?;
        let printed = sheet.rows.iter().find(|on| on.car == self.season.list.entries[row.entry].id)?;
        let gaps = sheet.rows.iter().any(|on| on.finish == Finish::Classified && on.time.is_none() && on.gap.is_some());
        let (before, after) = (if gaps { printed.gap } else { printed.time }?, row.time?);
        if row.effects.is_empty() || after <= before {
            return None;
        }
        let order = |other: &Classified, mine: Option<Places>, theirs: Option<Places>| {
            (other.entry != row.entry).then(|| theirs?.order(mine?)).flatten()
        };
        let overtook = |other: &&Classified| {
            order(other, row.published, other.published) == Some(Ordering::Greater)
                && order(other, row.place, other.place) == Some(Ordering::Less)
        };
        let cars: Vec<String> =
            classification.rows.iter().filter(overtook).map(|other| self.season.list.entries[other.entry].label()).collect();
        let behind = match &cars[..] {
            [] => String::new(),
            [one] => alloc::format!(", behind {one}"),
            [first @ .., last] => alloc::format!(", behind {} and {last}", first.join(", ")),
        };
        Some(alloc::format!("{before} + {} = {after}{behind}", Micros(after.0.saturating_sub(before.0))))
    }

    /// From the place of all to the place in class, where the order is of all and cars of other classes are ahead.
    fn in_class(&self, classification: &Classification, row: &Classified) -> Option<String> {
        let (place, in_class) = (row.place.and_then(Places::exact)?, row.class_place.and_then(Places::exact)?);
        let class = |row: &Classified| &self.season.list.entries[row.entry].class;
        let ahead = |other: &&Classified| class(other) != class(row) && other.place.and_then(Places::exact).is_some_and(|at| at < place);
        let others = classification.rows.iter().filter(ahead).count();
        if classification.order != Order::Overall || others == 0 {
            return None;
        }
        let cars = if others == 1 { "car of another class" } else { "cars of other classes" };
        Some(alloc::format!("place {place} of all; {others} {cars} ahead: place {in_class} in {}", class(row)))
    }

    fn success(&self, session: usize, entry: usize) -> Option<Reason> {
        let dues: Vec<&Due> = self
            .evaluation
            .ledger
            .iter()
            .filter(|due| due.entry == entry && (due.due_in == Some(session) || due.earned_in == Some(session)))
            .collect();
        let first = dues.first()?;
        let name = |session: usize| alloc::format!("{}", self.season.calendar.sessions[session].name);
        let car = self.season.list.entries[entry].label();
        let mut reason = Reason::of(alloc::format!("car {car}: success penalty around {}", name(session)));
        if let Some(rule) = self.rulebook.law_at(&self.season.calendar, first.earned_in.unwrap_or(session)).success.as_ref() {
            reason = reason.citing(alloc::format!("{}", rule.cite));
        }
        for due in dues {
            let earned = due.earned_in.map_or(String::from("by no result as it stands now"), |session| {
                alloc::format!("in {} by place {} of {}", name(session), due.place, due.class)
            });
            let where_due = due.due_in.map_or(String::from("it lapses"), |session| alloc::format!("due in {}", name(session)));
            let mut line = Reason::of(alloc::format!("{} s earned {earned}; {where_due}; {}", due.amount, state_words(&due.state)));
            if let Some(earned_in) = due.earned_in
                && let Some(classification) = self.evaluation.classification(earned_in)
            {
                line.because = self.place(classification, entry);
            }
            let served = self.live.iter().filter(|fact| {
                fact.what.served().is_some_and(|served| {
                    Some(self.season.list.entry(&served.car)) == Some(Some(entry))
                        && due.due_in.is_some_and(|at| self.season.calendar.sessions[at].name == served.session)
                })
            });
            for fact in served {
                line.because.push(Reason::of(String::from("what was served was published")).citing(alloc::format!(
                    "fact {} ({})",
                    fact.number,
                    fact.citation
                )));
            }
            reason.because.push(line);
        }
        Some(reason)
    }

    /// A decision or matter as a citation: number, authority, article, the fact it was recorded as.
    fn ground(&self, ground: &Ground) -> String {
        match ground {
            Ground::Decision(id) => {
                self.docket.decisions.iter().find(|(_, decision)| decision.id == *id).map_or_else(String::new, |(fact, decision)| {
                    alloc::format!(
                        "decision {id} of {}, article {}, fact {fact}: {}",
                        decision.authority,
                        decision.article,
                        decision.reason
                    )
                })
            }
            Ground::Matter(id) => {
                self.docket.matters.iter().find(|(_, matter)| matter.id == *id).map_or_else(String::new, |(fact, matter)| {
                    alloc::format!("{} {id} by {}, fact {fact}: {}", matter.kind.word(), matter.by, matter.reason)
                })
            }
        }
    }
}

/// Points in words: `25`, or `at least 12 at most 30`.
pub fn amount(points: Bounds) -> String {
    if points.is_exact() {
        return points.at_least.published();
    }
    alloc::format!("at least {} at most {}", points.at_least, points.at_most)
}

/// Points in words, with the word: `1 point`, `25 points`.
fn in_points(points: Bounds) -> String {
    let one = points.is_exact() && points.at_least == Points::ONE;
    alloc::format!("{} point{}", amount(points), if one { "" } else { "s" })
}

/// What became of a due, in words.
pub fn state_words(state: &DueState) -> String {
    match state {
        DueState::Upcoming => String::from("to be served"),
        DueState::Served => String::from("served"),
        DueState::Announced => String::from("announced as due; serving not published"),
        DueState::NotPublished => String::from("not published whether served"),
        DueState::Left(left) => alloc::format!("{left} s left unserved"),
        DueState::TooMuch(more) => alloc::format!("served {more} s more than now due; not undone"),
        DueState::AddedToTime(ground) => alloc::format!("added to the race time by {ground}"),
        DueState::Lapsed => String::from("lapsed with the season"),
        DueState::LapsedAbsent => String::from("lapsed: the car did not take part"),
    }
}

/// A crew's pattern as rulebooks write it: `Bronze + Silver/Gold`.
fn crew_words(crew: &CrewPattern) -> String {
    let slot = |grades: &GradeSet| {
        let grades = Grade::ALL.into_iter().filter(|grade| grades.has(*grade));
        grades.map(Grade::word).collect::<Vec<_>>().join("/")
    };
    crew.slots.iter().map(slot).collect::<Vec<_>>().join(" + ")
}

fn place_words(row: &Classified, classification: &Classification) -> String {
    if let Some(ground) = &classification.annulled {
        return alloc::format!("has no place: annulled by {ground}");
    }
    match row.place {
        Some(place) if place == Places::ANY => String::from("has a place that was never published"),
        Some(place) => alloc::format!("has place {place}"),
        None => alloc::format!("has no place: {}", row.finish.word()),
    }
}
