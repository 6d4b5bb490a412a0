//! What a fact names, looked up in the rulebook, the calendar and the entry list.

use alloc::vec::Vec;

use crate::accept::{Refusal, refuse};
use crate::decision::{Against, Effect, Named};
use crate::entry::Spell;
use crate::fact::What;
use crate::incident::Evidence;
use crate::meeting_fact::{MeetingFact, Verdict};
use crate::names::{ChampionshipId, DriverId, EntryId, SourceId};
use crate::passing::PassingId;
use crate::rulebook::Rulebook;
use crate::season::{Moment, Season};
use crate::session::SessionName;

/// The facts that count at a moment and name what is not there, each with what it names first. `accept` lets nobody record one;
/// but the entry list, the calendar and the rulebook can change afterwards, and a journal can come from elsewhere.
pub fn strays(rulebook: &Rulebook, season: &Season, moment: Moment) -> Vec<(u64, Refusal)> {
    let known = Known { rulebook, season };
    season.live(moment).into_iter().filter_map(|fact| Some((fact.number, known.all(&fact.what).err()?))).collect()
}

/// What can be named.
pub(crate) struct Known<'a> {
    pub(crate) rulebook: &'a Rulebook,
    pub(crate) season: &'a Season,
}

impl Known<'_> {
    /// Everything a fact names, facts aside.
    pub(crate) fn all(&self, what: &What) -> Result<(), Refusal> {
        match what {
            What::Result(result) => {
                let session = self.session(&result.session)?;
                for row in &result.rows {
                    let spell = self.car_in(&result.session, &row.car)?;
                    // Who is entered in the car is in the list: most are, and the list is long.
                    let named = row.crew.iter().chain(row.drove.iter().map(|(driver, _)| driver));
                    named.filter(|driver| !spell.crew.contains(driver)).try_for_each(|driver| self.driver(driver))?;
                }
                result.fastest.iter().try_for_each(|car| self.car(car).map(|_| ()))?;
                let awards = || &self.rulebook.law_at(&self.season.calendar, session).awards;
                match &result.mark {
                    Some(mark) if !awards().iter().any(|award| award.mark.as_ref() == Some(mark)) => Err(refuse(
                        "unknown-mark",
                        alloc::format!("no award is given at a mark {mark}"),
                        "name a mark of the rulebook's awards",
                    )),
                    _ => Ok(()),
                }
            }
            What::Grid(grid) => {
                self.session(&grid.session)?;
                for row in &grid.rows {
                    self.car_in(&grid.session, &row.car)?;
                    row.driver.iter().try_for_each(|driver| self.driver(driver))?;
                }
                Ok(())
            }
            What::Decision(decision) => {
                let cited = decision.answers.iter().flat_map(|answer| &answer.evidence);
                cited.into_iter().try_for_each(|evidence| self.evidence(evidence))?;
                decision.effects.iter().try_for_each(|effect| self.effect(effect))
            }
            What::Matter(matter) => {
                if let Against::Result(session) = &matter.against {
                    self.session(session)?;
                }
                matter.if_upheld.iter().try_for_each(|effect| self.effect(effect))
            }
            What::Status { car, rounds, .. } => {
                self.car(car)?;
                rounds.iter().try_for_each(|round| self.round(*round))
            }
            What::Grade { driver, .. } => self.driver(driver),
            What::Bop(bulletin) => {
                self.round(bulletin.from_round)?;
                match &bulletin.from_session {
                    Some(id) => self.session(&SessionName { round: bulletin.from_round, id: id.clone() }).map(|_| ()),
                    None => Ok(()),
                }
            }
            What::Served(served) => self.car_in(&served.session, &served.car).map(|_| ()),
            What::Nomination { session, driver, car, championships } => {
                self.driver(driver)?;
                self.car_in(session, car)?;
                championships.iter().try_for_each(|id| self.championship(id))
            }
            What::Meeting(fact) => self.meeting(fact),
            What::Undo { .. } => Ok(()),
        }
    }

    fn meeting(&self, fact: &MeetingFact) -> Result<(), Refusal> {
        match fact {
            MeetingFact::Heard(heard) => self.source(heard.round, &heard.source),
            MeetingFact::Signal { session, .. } | MeetingFact::Timetable { session, .. } => self.session(session).map(|_| ()),
            MeetingFact::Transponder { round, car, .. } => {
                self.round(*round)?;
                self.car(car).map(|_| ())
            }
            MeetingFact::Aboard { session, car, driver, .. } => {
                self.car_in(session, car)?;
                self.driver(driver)
            }
            MeetingFact::Judged { passing, verdict, .. } => {
                if let Verdict::Of(car) = verdict {
                    self.car(car)?;
                }
                self.passing(*passing)
            }
            MeetingFact::Incident(incident) => {
                self.session(&incident.session)?;
                incident.cars.iter().try_for_each(|car| self.car_in(&incident.session, car).map(|_| ()))?;
                incident.evidence.iter().try_for_each(|evidence| self.evidence(evidence))
            }
            MeetingFact::PenaltyServed { car, .. } => self.car(car).map(|_| ()),
            MeetingFact::Measured(measured) => self.car_in(&measured.session, &measured.car).map(|_| ()),
            MeetingFact::TyreSet { round, car, used_in, .. } => {
                self.round(*round)?;
                self.car(car)?;
                used_in.as_ref().map_or(Ok(()), |session| self.session(session).map(|_| ()))
            }
        }
    }

    fn evidence(&self, evidence: &Evidence) -> Result<(), Refusal> {
        match evidence {
            Evidence::Passing(passing) => self.passing(*passing),
            Evidence::Lap { car, .. } => self.car(car).map(|_| ()),
            Evidence::Report(_) | Evidence::Video(_) => Ok(()),
        }
    }

    fn source(&self, round: u16, source: &SourceId) -> Result<(), Refusal> {
        self.round(round)?;
        let Some(layout) = self.season.calendar.round(round).and_then(|round| round.layout.as_ref()) else {
            return Err(refuse(
                "no-layout",
                alloc::format!("the circuit of round {round} has no lines, so no passing can be read"),
                "write its [line.x] and [timing.x] into the circuit's file",
            ));
        };
        let known = layout.sources().iter().any(|of| of.id == *source);
        known.then_some(()).ok_or_else(|| {
            refuse(
                "unknown-source",
                alloc::format!("the circuit of round {round} has no source {source}"),
                "name one of the [timing.x] in the circuit's file",
            )
        })
    }

    fn passing(&self, passing: PassingId) -> Result<(), Refusal> {
        let fact = self.season.facts().iter().find(|fact| fact.number == u64::from(passing.fact));
        let holds =
            |what: &What| matches!(what, What::Meeting(MeetingFact::Heard(heard)) if usize::from(passing.nth) < heard.passings.len());
        let there = fact.is_some_and(|fact| holds(&fact.what));
        there.then_some(()).ok_or_else(|| {
            refuse(
                "unknown-passing",
                alloc::format!("there is no passing {} in fact {}", passing.nth, passing.fact),
                "name it by the fact that holds it and its place there, from 0",
            )
        })
    }

    fn effect(&self, effect: &Effect) -> Result<(), Refusal> {
        if let Some(session) = effect.session() {
            self.session(session)?;
            let carried = matches!(effect, Effect::DropGrid { .. });
            effect.car().map_or(Ok(()), |car| if carried { self.car_from(session, car) } else { self.car_in(session, car).map(|_| ()) })?;
        }
        match effect {
            Effect::Ineligible { championships, .. } => championships.iter().try_for_each(|id| self.championship(id)),
            Effect::Shares { shares, .. } => shares.iter().try_for_each(|(driver, _)| self.driver(driver)),
            Effect::DeductPoints { championship, competitor, from_round, .. }
            | Effect::Exclude { championship, competitor, from_round, .. }
            | Effect::Restart { championship, competitor, from_round } => {
                self.championship(championship)?;
                self.round(*from_round)?;
                self.named(competitor)
            }
            Effect::AddTime { .. }
            | Effect::AddUnservedSuccess { .. }
            | Effect::DropPlaces { .. }
            | Effect::DeductLaps { .. }
            | Effect::Disqualify { .. }
            | Effect::AnnulSession { .. }
            | Effect::WithholdPoints { .. }
            | Effect::FactorPoints { .. }
            | Effect::Annul { .. }
            | Effect::DropGrid { .. }
            | Effect::DeleteLap { .. }
            | Effect::DriveThrough { .. }
            | Effect::StopAndGo { .. } => Ok(()),
            Effect::Reprimand { car, .. } | Effect::Fine { car, .. } => {
                self.car(car)?;
                effect.driver().map_or(Ok(()), |driver| self.driver(driver))
            }
            Effect::LicencePoints { driver, .. } => self.driver(driver),
        }
    }

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

    /// A car entered for the round of a session, or a later one: a drop on a grid is carried over to it.
    fn car_from(&self, session: &SessionName, id: &EntryId) -> Result<(), Refusal> {
        self.session(session)?;
        let entry = self.car(id)?;
        let later = self.season.list.entries[entry].spells.iter().flat_map(|spell| &spell.rounds).any(|round| *round >= session.round);
        if later { Ok(()) } else { self.car_in(session, id).map(|_| ()) }
    }

    fn car_in(&self, session: &SessionName, id: &EntryId) -> Result<&Spell, Refusal> {
        self.session(session)?;
        let entry = self.car(id)?;
        self.season.list.entries[entry].spell(session.round).ok_or_else(|| {
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
