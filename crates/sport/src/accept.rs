//! A person's or a device's request becomes facts, or is refused with a reason. The only place that may refuse.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::date::Instant;
use crate::decision::{Against, Decision, Effect, Named};
use crate::fact::{Fact, What};
use crate::names::{ChampionshipId, DecisionId, DriverId, EntryId, MatterId};
use crate::points::Points;
use crate::result::PublishedResult;
use crate::rulebook::Rulebook;
use crate::season::{Moment, Season};
use crate::session::SessionName;

/// What somebody asks to be recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// When it happened.
    pub happened: Instant,
    /// Who asks.
    pub by: String,
    /// Where it says so.
    pub citation: String,
    /// What happened.
    pub what: What,
}

/// Why a request was not recorded. Nothing of it was kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// A stable short code: `unknown-car`.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.reason, self.remedy)
    }
}

fn refuse(code: &'static str, reason: String, remedy: &str) -> Refusal {
    Refusal { code, reason, remedy: String::from(remedy) }
}

/// The facts a request becomes, recorded at `at`.
///
/// # Errors
/// A [`Refusal`] when the request names what does not exist, repeats what was recorded, or contradicts itself.
pub fn accept(rulebook: &Rulebook, season: &Season, request: Request, at: Instant) -> Result<Vec<Fact>, Refusal> {
    if request.happened > at {
        return Err(refuse("in-the-future", "it has not happened yet".into(), "give the time it happened, not later than now"));
    }
    if request.by.trim().is_empty() || request.citation.trim().is_empty() {
        return Err(refuse("no-citation", "every fact says who recorded it and where it is written".into(), "give --by and --cite"));
    }
    let desk = Desk { rulebook, season };
    match &request.what {
        What::Result(result) => desk.result(result)?,
        What::Grid(grid) => {
            desk.session(&grid.session)?;
            for row in &grid.rows {
                desk.car_in(&grid.session, &row.car)?;
            }
        }
        What::Decision(decision) => desk.decision(decision)?,
        What::Matter(matter) => {
            if desk.matter(&matter.id).is_some() {
                return Err(refuse(
                    "matter-exists",
                    alloc::format!("matter `{}` was opened before", matter.id),
                    "give the new matter another id",
                ));
            }
            match &matter.against {
                Against::Decision(id) => desk.known_decision(id)?,
                Against::Result(session) => {
                    desk.session(session)?;
                }
            }
            matter.if_upheld.iter().try_for_each(|effect| desk.effect(effect))?;
        }
        What::Status { car, rounds, .. } => {
            desk.car(car)?;
            rounds.iter().try_for_each(|round| desk.round(*round))?;
        }
        What::Grade { driver, .. } => desk.driver(driver)?,
        What::Bop(bulletin) => {
            desk.round(bulletin.from_round)?;
            if let Some(id) = &bulletin.from_session {
                desk.session(&SessionName { round: bulletin.from_round, id: id.clone() })?;
            }
        }
        What::Served(served) => {
            desk.car_in(&served.session, &served.car)?;
            if served.time.0 < 0 {
                return Err(refuse("negative-time", "success seconds cannot be negative".into(), "give the seconds served, or zero"));
            }
        }
        What::Nomination { session, driver, car, championships } => {
            desk.driver(driver)?;
            desk.car_in(session, car)?;
            championships.iter().try_for_each(|id| desk.championship(id))?;
        }
        What::Undo { fact, .. } => {
            if !season.facts().iter().any(|earlier| earlier.number == *fact) {
                return Err(refuse(
                    "unknown-fact",
                    alloc::format!("there is no fact {fact} to undo"),
                    "see `log` for the numbers of facts",
                ));
            }
        }
    }
    let Request { happened, by, citation, what } = request;
    Ok(alloc::vec![Fact { number: season.next_number(), happened, recorded: at, by, citation, what }])
}

/// What a request is checked against.
struct Desk<'a> {
    rulebook: &'a Rulebook,
    season: &'a Season,
}

impl Desk<'_> {
    fn session(&self, name: &SessionName) -> Result<usize, Refusal> {
        self.season.calendar.find(name).ok_or_else(|| {
            refuse(
                "unknown-session",
                alloc::format!("there is no session {name} on the calendar"),
                "name it as round.session, such as 2.race-1",
            )
        })
    }

    fn round(&self, number: u16) -> Result<(), Refusal> {
        let known = self.season.calendar.round(number).is_some();
        known
            .then_some(())
            .ok_or_else(|| refuse("unknown-round", alloc::format!("there is no round {number}"), "see the season's calendar"))
    }

    fn car(&self, id: &EntryId) -> Result<usize, Refusal> {
        self.season
            .list
            .entry(id)
            .ok_or_else(|| refuse("unknown-car", alloc::format!("car {id} is not entered"), "name a car of the entry list"))
    }

    fn car_in(&self, session: &SessionName, id: &EntryId) -> Result<(), Refusal> {
        self.session(session)?;
        let entry = self.car(id)?;
        let entered = self.season.list.entries[entry].spell(session.round).is_some();
        entered.then_some(()).ok_or_else(|| {
            refuse(
                "not-entered",
                alloc::format!("car {id} is not entered for round {}", session.round),
                "add the round to its crew in the entry list",
            )
        })
    }

    fn driver(&self, id: &DriverId) -> Result<(), Refusal> {
        let known = self.season.list.driver(id).is_some();
        known
            .then_some(())
            .ok_or_else(|| refuse("unknown-driver", alloc::format!("driver {id} is not entered"), "name a driver of the entry list"))
    }

    fn championship(&self, id: &ChampionshipId) -> Result<(), Refusal> {
        let known = self.rulebook.latest().championship(id).is_some();
        known.then_some(()).ok_or_else(|| {
            refuse("unknown-championship", alloc::format!("the rulebook has no championship {id}"), "name a championship of the rulebook")
        })
    }

    fn recorded(&self) -> Vec<&Fact> {
        self.season.live(Moment::NOW)
    }

    fn known_decision(&self, id: &DecisionId) -> Result<(), Refusal> {
        let known = self.recorded().iter().any(|fact| matches!(&fact.what, What::Decision(decision) if decision.id == *id));
        known
            .then_some(())
            .ok_or_else(|| refuse("unknown-decision", alloc::format!("there is no decision {id}"), "record the decision first"))
    }

    fn matter(&self, id: &MatterId) -> Option<bool> {
        let live = self.recorded();
        live.iter().find(|fact| matches!(&fact.what, What::Matter(matter) if matter.id == *id))?;
        let settled = |fact: &&&Fact| matches!(&fact.what, What::Decision(Decision { settles: Some((settles, _)), .. }) if settles == id);
        Some(live.iter().any(|fact| settled(&fact)))
    }

    fn result(&self, result: &PublishedResult) -> Result<(), Refusal> {
        let session = self.session(&result.session)?;
        if result.rows.is_empty() {
            return Err(refuse("empty-result", alloc::format!("the result of {} has no cars", result.session), "give its table"));
        }
        for (ix, row) in result.rows.iter().enumerate() {
            self.car_in(&result.session, &row.car)?;
            row.crew.iter().try_for_each(|driver| self.driver(driver))?;
            if result.rows[..ix].iter().any(|earlier| earlier.car == row.car) {
                return Err(refuse("car-twice", alloc::format!("car {} stands in the result twice", row.car), "keep one row a car"));
            }
        }
        if let Some(mark) = &result.mark
            && !self.rulebook.law_at(&self.season.calendar, session).awards.iter().any(|award| award.mark.as_ref() == Some(mark))
        {
            return Err(refuse(
                "unknown-mark",
                alloc::format!("no award is given at a mark {mark}"),
                "name a mark of the rulebook's awards",
            ));
        }
        result.includes.iter().try_for_each(|id| self.known_decision(id))
    }

    fn decision(&self, decision: &Decision) -> Result<(), Refusal> {
        if self.known_decision(&decision.id).is_ok() {
            return Err(refuse(
                "decision-exists",
                alloc::format!("decision {} was recorded before", decision.id),
                "give the new decision another number; to withdraw the old one, record a decision that annuls it",
            ));
        }
        if let Some((matter, _)) = &decision.settles {
            match self.matter(matter) {
                None => {
                    return Err(refuse(
                        "unknown-matter",
                        alloc::format!("there is no matter {matter} to settle"),
                        "record the protest or appeal first",
                    ));
                }
                Some(true) => {
                    return Err(refuse("settled", alloc::format!("matter {matter} is settled"), "a later appeal is a matter of its own"));
                }
                Some(false) => {}
            }
        }
        decision.effects.iter().try_for_each(|effect| self.effect(effect))
    }

    fn effect(&self, effect: &Effect) -> Result<(), Refusal> {
        match effect {
            Effect::AddTime { session, car, time } => {
                self.car_in(session, car)?;
                if time.0 <= 0 {
                    return Err(refuse(
                        "negative-time",
                        "a time penalty adds time".into(),
                        "to take time away, annul the decision that added it",
                    ));
                }
            }
            Effect::DropPlaces { session, car, .. } | Effect::DeductLaps { session, car, .. } | Effect::Disqualify { session, car } => {
                self.car_in(session, car)?;
            }
            Effect::AddUnservedSuccess { session } | Effect::AnnulSession { session } | Effect::WithholdPoints { session } => {
                self.session(session)?;
            }
            Effect::FactorPoints { session, factor } => {
                self.session(session)?;
                if *factor < Points::ZERO || *factor > Points::whole(10) {
                    return Err(refuse("absurd-factor", alloc::format!("{factor} is no factor for points"), "give a factor from 0 to 10"));
                }
            }
            Effect::Ineligible { session, car, championships, .. } => {
                self.car_in(session, car)?;
                championships.iter().try_for_each(|id| self.championship(id))?;
            }
            Effect::Shares { session, car, shares } => {
                self.car_in(session, car)?;
                for (driver, share) in shares {
                    self.driver(driver)?;
                    if *share < Points::ZERO || *share > Points::ONE {
                        return Err(refuse("absurd-share", alloc::format!("{} is no share", share.exact()), "give shares from 0 to 1"));
                    }
                }
            }
            Effect::DeductPoints { championship, competitor, from_round, .. }
            | Effect::Exclude { championship, competitor, from_round, .. }
            | Effect::Restart { championship, competitor, from_round } => {
                self.championship(championship)?;
                self.round(*from_round)?;
                self.named(competitor)?;
            }
            Effect::Annul { decision } => self.known_decision(decision)?,
        }
        Ok(())
    }

    fn named(&self, competitor: &Named) -> Result<(), Refusal> {
        let known = match competitor {
            Named::Driver(id) => return self.driver(id),
            Named::Entry(id) => return self.car(id).map(|_| ()),
            Named::Team(id) => self.season.list.team(id).is_some(),
            Named::Maker(id) => {
                self.season.list.entries.iter().any(|entry| entry.maker.as_ref() == Some(id) || entry.constructor.as_ref() == Some(id))
            }
        };
        known
            .then_some(())
            .ok_or_else(|| refuse("unknown-competitor", "no such competitor is entered".into(), "name one of the entry list"))
    }
}
