//! Points on a driver's licence (P44): given by decisions, gone with clean events, and a penalty proposed where a threshold is reached.
//!
//! It takes the decisions in force and who is entered where; it gives each driver's total event by event. Thresholds are looked at once an
//! event, with all that was given in it: of those reached the highest is proposed, and a person decides.

use alloc::string::String;
use alloc::vec::Vec;

use crate::date::Instant;
use crate::decision::Effect;
use crate::fact::Fact;
use crate::finding::{Finding, Weight};
use crate::incident::incident;
use crate::names::{DecisionId, DriverId};
use crate::rulebook::Rulebook;
use crate::rulebook::stewarding::{LicenceRule, LicenceStep};
use crate::season::Season;
use crate::world::{Ground, InForce};

/// A driver's licence after an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Licence<'a> {
    /// The driver.
    pub driver: DriverId,
    /// The round.
    pub round: u16,
    /// Points given in it.
    pub given: u16,
    /// By these decisions.
    pub by: Vec<DecisionId>,
    /// The threshold reached with them, where one was.
    pub reached: Option<&'a LicenceStep>,
    /// Points on the licence with what was given, before anything was taken off for a threshold.
    pub with_these: u16,
    /// Points left afterwards.
    pub left: u16,
}

/// The licences of all drivers who were ever given points, a line each driver and event.
pub fn licences<'a>(rulebook: &'a Rulebook, season: &Season, live: &[&Fact], force: &InForce<'_>) -> Vec<Licence<'a>> {
    let given = given(season, live, force);
    let mut drivers: Vec<&DriverId> = given.iter().map(|of| of.driver).collect();
    drivers.sort();
    drivers.dedup();
    let over = rounds_over(season, live);
    let mut all = Vec::new();
    for driver in drivers {
        let mut left: u16 = 0;
        for round in season.calendar.rounds.iter().map(|round| round.number) {
            let Some(rule) = rule_in(rulebook, season, round) else { continue };
            let mine: Vec<&Given<'_>> = given.iter().filter(|of| of.driver == driver && of.round == round).collect();
            let here = mine.iter().fold(0_u16, |sum, of| sum.saturating_add(of.points));
            let (is_over, with_these) = (over.contains(&round), left.saturating_add(here));
            let reached = rule.steps.iter().rfind(|step| here > 0 && step.points <= with_these);
            let gone = match reached {
                Some(_) => rule.after_penalty,
                None if here == 0 && took_part(season, driver, round) => rule.clean_event,
                None => 0,
            };
            left = with_these.saturating_sub(if is_over { gone } else { 0 });
            let by = mine.iter().filter_map(|of| of.by.cloned()).collect();
            all.push(Licence { driver: driver.clone(), round, given: here, by, reached, with_these, left });
        }
    }
    all
}

/// A driver's points after a round; after the last on the calendar, with the events that are over, where none is named.
pub fn total(licences: &[Licence<'_>], driver: &DriverId, after: Option<u16>) -> u16 {
    let mine = |of: &&Licence<'_>| of.driver == *driver && after.is_none_or(|after| of.round <= after);
    licences.iter().rfind(mine).map_or(0, |licence| licence.left)
}

/// The penalties that thresholds propose.
pub(crate) fn findings(rulebook: &Rulebook, season: &Season, live: &[&Fact], force: &InForce<'_>) -> Vec<Finding> {
    let proposed = |licence: Licence<'_>| {
        let step = licence.reached?;
        let by: Vec<&str> = licence.by.iter().map(DecisionId::as_str).collect();
        Some(Finding {
            weight: Weight::Note,
            code: "licence-threshold",
            about: alloc::format!("driver {}", licence.driver),
            says: alloc::format!(
                "{} licence points in round {}, {} of them by {}: {} is proposed ({})",
                licence.with_these,
                licence.round,
                licence.given,
                if by.is_empty() { String::from("what a matter asks for") } else { alloc::format!("decision {}", by.join(", ")) },
                step.penalty,
                step.cite
            ),
        })
    };
    licences(rulebook, season, live, force).into_iter().filter_map(proposed).collect()
}

/// Points a decision gave, and the round they belong to.
struct Given<'a> {
    driver: &'a DriverId,
    points: u16,
    round: u16,
    by: Option<&'a DecisionId>,
}

/// The points in force, each in the round of its incident, or in the last that had begun when it was decided.
fn given<'a>(season: &Season, live: &[&'a Fact], force: &'a InForce<'a>) -> Vec<Given<'a>> {
    let mut all = Vec::new();
    for holds in &force.effects {
        let Effect::LicencePoints { driver, points } = holds.effect else { continue };
        let by = if let Ground::Decision(id) = &holds.ground { Some(id) } else { None };
        let taken = |fact: &&&Fact| fact.what.decision().is_some_and(|decision| Some(&decision.id) == by);
        let fact = live.iter().find(taken).copied();
        let answered = fact.and_then(|fact| fact.what.decision()?.answers.as_ref());
        let of_incident = answered.and_then(|answer| incident(live, &answer.incident)).map(|incident| incident.session.round);
        let at = fact.map_or(Instant::FOREVER, |fact| fact.happened);
        let begun = season.calendar.sessions.iter().rfind(|session| session.date.midnight() <= at);
        let first = season.calendar.rounds.first().map(|round| round.number);
        let Some(round) = of_incident.or(begun.map(|session| session.name.round)).or(first) else { continue };
        all.push(Given { driver, points: *points, round, by });
    }
    all
}

/// The rounds whose last session has a result, and those before one that has.
fn rounds_over(season: &Season, live: &[&Fact]) -> Vec<u16> {
    let with_result = |at: usize| {
        let name = &season.calendar.sessions[at].name;
        live.iter().filter_map(|fact| fact.what.result()).any(|result| result.session == *name)
    };
    let Some(last) = (0..season.calendar.sessions.len()).rev().find(|at| with_result(*at)) else { return Vec::new() };
    let rounds = season.calendar.rounds.iter().map(|round| round.number);
    rounds.filter(|round| season.calendar.last_of(*round).is_some_and(|end| end <= last)).collect()
}

fn took_part(season: &Season, driver: &DriverId, round: u16) -> bool {
    season.list.entries.iter().filter_map(|entry| entry.spell(round)).any(|spell| spell.crew.contains(driver))
}

fn rule_in<'a>(rulebook: &'a Rulebook, season: &Season, round: u16) -> Option<&'a LicenceRule> {
    let last = season.calendar.last_of(round)?;
    rulebook.law_at(&season.calendar, last).licence.as_ref()
}
