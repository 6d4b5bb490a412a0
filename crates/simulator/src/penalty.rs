//! Penalties race control gives while a race is driven, and what becomes of them.
//!
//! Who drives through the pit lane was told to, and who is told to may not live to do it: the flag falls, or the car stands for good.

use sport::date::{Instant, Micros};
use sport::decision::{Decision, Effect};
use sport::fact::What;
use sport::incident::{Answer, Evidence, Incident};
use sport::meeting_fact::MeetingFact;
use sport::names::{DecisionId, IncidentId};
use sport::rulebook::Law;
use sport::rulebook::weekend::{Tariff, TariffPenalty};
use sport::rules::stops::Breach;
use sport::season::Season;
use sport::session::Session;

use crate::dice::{Dice, MILLION};
use crate::plan::{Orders, Plan};
use crate::said::Said;
use crate::stops::{Visit, Why};
use crate::world::World;

/// So long before a car comes in its offence happened, and the decision was given, where nothing else says when.
const REPORTED: i64 = 55 * MILLION;
const GIVEN: i64 = 20 * MILLION;
/// An offence on the track is so far from any visit to the pit lane that nobody takes it for one in the visit.
const CLEAR: i64 = 5 * MILLION;
/// Who saw a stop that broke the rule.
const MARSHALS: &str = "pit lane marshals, by their watches";

/// What a car did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Offence {
    /// Its stop was so much too short.
    Short(Micros),
    /// Its stop was outside the window.
    Outside,
    /// Something on the track that an observer saw.
    Reported,
}

/// A drive-through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Penalty {
    /// The car's place on the grid.
    car: u16,
    offence: Offence,
    /// When it happened.
    happened: i64,
    /// When it is decided, if the race is still driven.
    decided: i64,
    /// The visit in which it was served.
    served: Option<(i64, i64)>,
}

/// Which breaches of the stop's rule race control answers with a drive-through: those for which the tariff has one, or leaves it to them.
#[derive(Debug)]
pub(crate) struct Control {
    short: bool,
    outside: bool,
    /// Apart from the track's: how long officials take changes no lap before a car is told.
    dice: Dice,
}

impl Control {
    pub(crate) fn of(law: &Law, dice: Dice) -> Self {
        let through = |tariff: &Tariff| matches!(tariff.penalty, TariffPenalty::DriveThrough | TariffPenalty::Discretion);
        let of = |id: &str| law.tariff.iter().any(|tariff| tariff.id == id && through(tariff));
        Self { short: of("short-stop"), outside: of("outside-window"), dice }
    }
}

impl World {
    /// Whoever plans to drive through the pit lane is told so before.
    pub(crate) fn expects_penalties(&mut self, car: u16) {
        let through = |visit: &&Visit| visit.why == Why::DriveThrough;
        let of = |visit: &Visit| Penalty {
            car,
            offence: Offence::Reported,
            happened: visit.after - REPORTED,
            decided: visit.after - GIVEN,
            served: None,
        };
        self.penalties.extend(self.cars[usize::from(car)].visits.iter().filter(through).map(of));
    }

    /// A car leaves the pit lane: what it owes is served, or race control looks at the stop it made. `again`: when it would come in if it is told
    /// to; what race control does not look at is left to the stewards.
    pub(crate) fn leaves_stop(&mut self, car: u16, (why, again): (Why, Option<i64>), (entry, exit): (i64, i64)) {
        match why {
            Why::Fuel | Why::Repair => {}
            Why::DriveThrough => {
                let owed = |penalty: &&mut Penalty| penalty.car == car && penalty.served.is_none() && penalty.decided <= entry;
                if let Some(penalty) = self.penalties.iter_mut().find(owed) {
                    penalty.served = Some((entry, exit));
                }
            }
            Why::Mandatory => {
                if let Some(again) = again {
                    self.looks_at(car, again, (entry, exit));
                }
            }
        }
    }

    fn looks_at(&mut self, car: u16, again: i64, (entry, exit): (i64, i64)) {
        let of = &mut self.cars[usize::from(car)];
        let Some((window, control)) = of.window.zip(self.control.as_mut()).filter(|_| self.chequered.is_none()) else { return };
        let lacks = Micros(window.minimum - Micros(exit - entry).whole_ms().0);
        let (offence, answered) = if !window.fits(entry, exit) {
            (Offence::Outside, control.outside)
        } else if exit - entry < window.minimum {
            (Offence::Short(lacks), control.short)
        } else {
            return;
        };
        if !answered {
            return;
        }
        // Who stopped too early may stop again while the window is open.
        let known = if offence == Offence::Outside { exit.max(window.span.1) } else { exit };
        let decided = known + control.dice.between(30 * MILLION, 120 * MILLION);
        let after = decided.max(again);
        // One crew in eight never comes in, and takes what the rulebook makes of that.
        if control.dice.chance(875_000) {
            of.visits.push(Visit { after, why: Why::DriveThrough });
            of.visits.sort_by_key(|visit| visit.after);
        }
        self.penalties.push(Penalty { car, offence, happened: exit, decided, served: None });
    }

    /// Whether the decision was given: the race was driven, and the car was in it.
    fn given(&self, penalty: &Penalty) -> bool {
        let of = &self.cars[usize::from(penalty.car)].truth;
        let driven = self.chequered.is_none_or(|at| penalty.decided < at) && !self.flags.over(penalty.decided);
        driven && of.started && of.retired.is_none_or(|at| penalty.decided < at.0)
    }
}

/// How many decisions of a round a season has: the next has the number after it.
pub fn decisions(season: &Season, round: u16) -> usize {
    let of_round = format!("{round}-");
    season.facts().iter().filter(|fact| fact.what.decision().is_some_and(|of| of.id.as_str().starts_with(&of_round))).count()
}

/// Whether a simulated incident is about the stop the rulebook asks for.
pub fn at_a_stop(incident: &Incident) -> bool {
    incident.evidence.contains(&Evidence::Report(MARSHALS.to_owned()))
}

/// The incident, the decision and what became of it, penalty by penalty, in the order in which they were decided.
pub(crate) fn told(plan: &Plan, orders: &Orders, session: &Session, world: &World, dice: &mut Dice) -> Vec<Said> {
    let law = plan.rulebook.law_at(&plan.season.calendar, orders.session);
    let mut given: Vec<&Penalty> = world.penalties.iter().filter(|penalty| world.given(penalty)).collect();
    given.sort_by_key(|penalty| (penalty.decided, penalty.car));
    let before = decisions(plan.season, plan.round);
    let mut said = Vec::with_capacity(given.len() * 3);
    for (nth, penalty) in given.into_iter().enumerate() {
        let number = format!("{}-{}", plan.round, before + nth + 1);
        let car = plan.season.list.entries[orders.grid[usize::from(penalty.car)]].id.clone();
        let (what, article) = penalty.words(law);
        let evidence = vec![penalty.report()];
        let incident = Incident {
            id: IncidentId::new(&format!("I{number}")),
            session: session.name.clone(),
            cars: vec![car.clone()],
            what: what.clone(),
            evidence: evidence.clone(),
        };
        let decision = Decision {
            id: DecisionId::new(&number),
            authority: "Stewards".to_owned(),
            article,
            reason: what,
            effects: vec![Effect::DriveThrough { session: session.name.clone(), car: car.clone() }],
            settles: None,
            answers: Some(Answer { incident: incident.id.clone(), evidence, other_car: None }),
        };
        let happened = penalty.happened(world);
        let seen = penalty.decided.min(happened + dice.between(5 * MILLION, 20 * MILLION));
        said.push(one(seen, happened, "race director", What::Meeting(MeetingFact::Incident(incident))));
        said.push(one(penalty.decided, penalty.decided, "stewards", What::Decision(decision)));
        if let Some((entry, exit)) = penalty.served {
            // Somewhere between the lines: no clock is so wrong that another visit is meant.
            let served = MeetingFact::PenaltyServed { decision: DecisionId::new(&number), car };
            let at = exit + dice.between(2 * MILLION, 8 * MILLION);
            said.push(one(at, entry.midpoint(exit), "race control", What::Meeting(served)));
        }
    }
    said
}

fn one(at: i64, happened: i64, by: &'static str, what: What) -> Said {
    Said { at: Instant(at), happened: Instant(happened), by, citation: "race control log".to_owned(), what }
}

impl Penalty {
    /// What happened, and the article it is punished by.
    fn words(&self, law: &Law) -> (String, String) {
        let article = |tariff: &Tariff| tariff.cite.article.clone();
        let of = |breach: &Breach| law.tariff.iter().find(|tariff| Some(tariff.id.as_str()) == breach.offence()).map(article);
        match self.offence {
            Offence::Short(by) => {
                let breach = Breach::Short { visit: 0, by, doubtful: false };
                (breach.to_string(), of(&breach).unwrap_or_default())
            }
            Offence::Outside => {
                let breach = Breach::OutsideWindow { visit: 0 };
                (breach.to_string(), of(&breach).unwrap_or_default())
            }
            Offence::Reported => {
                let of_stops = ["short-stop", "outside-window", "no-driver-change", "missing-stop", "missing-technical-stop"];
                let through = |tariff: &&Tariff| tariff.penalty == TariffPenalty::DriveThrough && !of_stops.contains(&tariff.id.as_str());
                let none = || ("Contact with another car".to_owned(), "race control".to_owned());
                law.tariff.iter().rfind(through).map_or_else(none, |tariff| (tariff.offence.clone(), article(tariff)))
            }
        }
    }

    /// What shows it beside the loops.
    fn report(&self) -> Evidence {
        let report = match self.offence {
            Offence::Short(_) | Offence::Outside => MARSHALS,
            Offence::Reported => "report of an observer",
        };
        Evidence::Report(report.to_owned())
    }

    /// When it happened: what is reported from the track not while the car stood in the pit lane.
    fn happened(&self, world: &World) -> i64 {
        if self.offence != Offence::Reported {
            return self.happened;
        }
        let stops = &world.cars[usize::from(self.car)].truth.stops;
        let beside = stops.iter().find(|stop| stop.entry.0 - CLEAR < self.happened && self.happened < stop.exit.0 + CLEAR);
        beside.map_or(self.happened, |stop| stop.entry.0 - CLEAR)
    }
}
