//! What is recorded while a meeting runs, on the wire, version 1.
//!
//! Passings are the bulk of a journal: each is `[transponder, microseconds since 1970]`, with `null` for a passing without a transponder.

use serde::{Deserialize, Serialize};
use sport::date::Instant;
use sport::meeting_fact as meeting;
use sport::meeting_fact::{AboardHow, MeetingFact, Signal};
use sport::names::{DriverId, EntryId, SourceId};
use sport::passing::{Passing, PassingId, Transponder};

use super::What;
use super::incident::PenaltyServed;
use super::scrutineering::TyreSet;
use super::written::{Name, Passings, Stage, Time, Word};

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Heard {
    round: u16,
    source: Name<SourceId>,
    passings: Passings,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenSignal {
    session: Stage,
    signal: Word<Signal>,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Timetable {
    session: Stage,
    at: Time,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Fitted {
    round: u16,
    transponder: u32,
    car: Name<EntryId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Time>,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Aboard {
    session: Stage,
    car: Name<EntryId>,
    driver: Name<DriverId>,
    how: Word<AboardHow>,
}

/// A passing that is no car's, or another car's.
#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Judged {
    fact: u32,
    nth: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    car: Option<Name<EntryId>>,
    reason: String,
}

impl From<&MeetingFact> for What {
    fn from(fact: &MeetingFact) -> Self {
        match fact {
            MeetingFact::Heard(meeting::Heard { round, source, passings }) => Self::Heard(Heard {
                round: *round,
                source: Name(source.clone()),
                passings: Passings(passings.iter().map(|passing| (passing.transponder.map(|number| number.0), passing.at.0)).collect()),
            }),
            MeetingFact::Signal { session, signal } => Self::Signal(GivenSignal { session: Stage(session.clone()), signal: Word(*signal) }),
            MeetingFact::Timetable { session, at } => Self::Timetable(Timetable { session: Stage(session.clone()), at: Time(*at) }),
            MeetingFact::Transponder { round, transponder, car, from } => {
                Self::Transponder(Fitted { round: *round, transponder: transponder.0, car: Name(car.clone()), from: from.map(Time) })
            }
            MeetingFact::Aboard { session, car, driver, how } => Self::Aboard(Aboard {
                session: Stage(session.clone()),
                car: Name(car.clone()),
                driver: Name(driver.clone()),
                how: Word(*how),
            }),
            MeetingFact::Judged { passing, verdict, reason } => Self::Judged(Judged {
                fact: passing.fact,
                nth: passing.nth,
                car: match verdict {
                    meeting::Verdict::Void => None,
                    meeting::Verdict::Of(car) => Some(Name(car.clone())),
                },
                reason: reason.clone(),
            }),
            MeetingFact::Incident(incident) => Self::Incident(incident.into()),
            MeetingFact::PenaltyServed { decision, car } => Self::PenaltyServed(PenaltyServed::of(decision, car)),
            MeetingFact::Measured(measured) => Self::Measured(measured.into()),
            MeetingFact::TyreSet { round, car, set, used_in } => {
                Self::TyreSet(TyreSet { round: *round, car: Name(car.clone()), set: set.clone(), used_in: used_in.clone().map(Stage) })
            }
        }
    }
}

impl From<Heard> for MeetingFact {
    fn from(Heard { round, source, passings }: Heard) -> Self {
        let passing = |(transponder, at): (Option<u32>, i64)| Passing { at: Instant(at), transponder: transponder.map(Transponder) };
        Self::Heard(meeting::Heard { round, source: source.0, passings: passings.0.into_iter().map(passing).collect() })
    }
}

impl From<GivenSignal> for MeetingFact {
    fn from(GivenSignal { session, signal }: GivenSignal) -> Self {
        Self::Signal { session: session.0, signal: signal.0 }
    }
}

impl From<Timetable> for MeetingFact {
    fn from(Timetable { session, at }: Timetable) -> Self {
        Self::Timetable { session: session.0, at: at.0 }
    }
}

impl From<Fitted> for MeetingFact {
    fn from(Fitted { round, transponder, car, from }: Fitted) -> Self {
        Self::Transponder { round, transponder: Transponder(transponder), car: car.0, from: from.map(|from| from.0) }
    }
}

impl From<Aboard> for MeetingFact {
    fn from(Aboard { session, car, driver, how }: Aboard) -> Self {
        Self::Aboard { session: session.0, car: car.0, driver: driver.0, how: how.0 }
    }
}

impl From<Judged> for MeetingFact {
    fn from(Judged { fact, nth, car, reason }: Judged) -> Self {
        let verdict = car.map_or(meeting::Verdict::Void, |car| meeting::Verdict::Of(car.0));
        Self::Judged { passing: PassingId { fact, nth }, verdict, reason }
    }
}
