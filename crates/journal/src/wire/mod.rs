//! Facts on the wire: mirror types, one module a version. What is here is version 1.
//!
//! The types of `sport` are not serialisable on purpose: they may change shape, lines already written may not. A change
//! that version 1 cannot say gets a version 2 beside it; version 1 is read forever.

mod bulletin;
mod decision;
mod effect;
mod incident;
mod meeting;
mod result;
mod scrutineering;
mod written;

use serde::{Deserialize, Serialize};
use sport::entry::EntryStatus;
use sport::fact as sport_fact;
use sport::fact::{Fact, ServedHow};
use sport::grade::Grade;
use sport::names::{ChampionshipId, DriverId, EntryId};

use self::bulletin::BopBulletin;
use self::decision::{Decision, Matter};
use self::result::{PublishedGrid, PublishedResult};
use self::written::{Day, Name, Span, Stage, Time, Word, named, names};
pub(crate) use self::written::{MOST_PASSINGS, YEARS};

/// The version every line starts with.
pub(crate) const VERSION: u32 = 1;

/// A line of the journal; without its hash while it is being written.
#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    v: u32,
    n: u64,
    happened: Time,
    recorded: Time,
    by: String,
    cite: String,
    fact: What,
    prev: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
}

impl Line {
    /// The line of a fact after the line with the hash `prev`, still without its own hash.
    pub(crate) fn of(fact: &Fact, prev: String) -> Self {
        let Fact { number, happened, recorded, by, citation, what } = fact;
        Self {
            v: VERSION,
            n: *number,
            happened: Time(*happened),
            recorded: Time(*recorded),
            by: by.clone(),
            cite: citation.clone(),
            fact: What::from(what),
            prev,
            hash: None,
        }
    }

    /// The fact, and the hash of the line before.
    pub(crate) fn into_fact(self) -> (Fact, String) {
        let Self { v: _, n, happened, recorded, by, cite, fact, prev, hash: _ } = self;
        let fact = Fact { number: n, happened: happened.0, recorded: recorded.0, by, citation: cite, what: fact.into() };
        (fact, prev)
    }
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum What {
    Result(PublishedResult),
    Grid(PublishedGrid),
    Decision(Decision),
    Matter(Matter),
    Status {
        car: Name<EntryId>,
        status: Word<EntryStatus>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rounds: Vec<u16>,
    },
    Grade {
        driver: Name<DriverId>,
        grade: Word<Grade>,
        from: Day,
    },
    Bop(BopBulletin),
    Served {
        session: Stage,
        car: Name<EntryId>,
        time_us: Span,
        how: Word<ServedHow>,
    },
    Nomination {
        session: Stage,
        driver: Name<DriverId>,
        car: Name<EntryId>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        championships: Vec<Name<ChampionshipId>>,
    },
    Heard(meeting::Heard),
    Signal(meeting::GivenSignal),
    Timetable(meeting::Timetable),
    Transponder(meeting::Fitted),
    Aboard(meeting::Aboard),
    Judged(meeting::Judged),
    Incident(incident::Incident),
    PenaltyServed(incident::PenaltyServed),
    Measured(scrutineering::Measured),
    TyreSet(scrutineering::TyreSet),
    Undo {
        fact: u64,
        reason: String,
    },
}

impl From<&sport_fact::What> for What {
    fn from(what: &sport_fact::What) -> Self {
        use sport_fact::{Served, What as Sport};
        match what {
            Sport::Result(result) => Self::Result(result.into()),
            Sport::Grid(grid) => Self::Grid(grid.into()),
            Sport::Decision(decision) => Self::Decision(decision.into()),
            Sport::Matter(matter) => Self::Matter(matter.into()),
            Sport::Status { car, status, rounds } => Self::Status { car: Name(car.clone()), status: Word(*status), rounds: rounds.clone() },
            Sport::Grade { driver, grade, from } => Self::Grade { driver: Name(driver.clone()), grade: Word(*grade), from: Day(*from) },
            Sport::Bop(bulletin) => Self::Bop(bulletin.into()),
            Sport::Served(Served { session, car, time, how }) => {
                Self::Served { session: Stage(session.clone()), car: Name(car.clone()), time_us: Span(*time), how: Word(*how) }
            }
            Sport::Nomination { session, driver, car, championships } => Self::Nomination {
                session: Stage(session.clone()),
                driver: Name(driver.clone()),
                car: Name(car.clone()),
                championships: names(championships),
            },
            Sport::Meeting(fact) => fact.into(),
            Sport::Undo { fact, reason } => Self::Undo { fact: *fact, reason: reason.clone() },
        }
    }
}

impl From<What> for sport_fact::What {
    fn from(wire: What) -> Self {
        match wire {
            What::Result(result) => Self::Result(result.into()),
            What::Grid(grid) => Self::Grid(grid.into()),
            What::Decision(decision) => Self::Decision(decision.into()),
            What::Matter(matter) => Self::Matter(matter.into()),
            What::Status { car, status, rounds } => Self::Status { car: car.0, status: status.0, rounds },
            What::Grade { driver, grade, from } => Self::Grade { driver: driver.0, grade: grade.0, from: from.0 },
            What::Bop(bulletin) => Self::Bop(bulletin.into()),
            What::Served { session, car, time_us, how } => {
                Self::Served(sport_fact::Served { session: session.0, car: car.0, time: time_us.0, how: how.0 })
            }
            What::Nomination { session, driver, car, championships } => {
                Self::Nomination { session: session.0, driver: driver.0, car: car.0, championships: named(championships) }
            }
            What::Heard(heard) => Self::Meeting(heard.into()),
            What::Signal(signal) => Self::Meeting(signal.into()),
            What::Timetable(timetable) => Self::Meeting(timetable.into()),
            What::Transponder(fitted) => Self::Meeting(fitted.into()),
            What::Aboard(aboard) => Self::Meeting(aboard.into()),
            What::Judged(judged) => Self::Meeting(judged.into()),
            What::Incident(incident) => Self::Meeting(incident.into()),
            What::PenaltyServed(served) => Self::Meeting(served.into()),
            What::Measured(measured) => Self::Meeting(measured.into()),
            What::TyreSet(set) => Self::Meeting(set.into()),
            What::Undo { fact, reason } => Self::Undo { fact, reason },
        }
    }
}
