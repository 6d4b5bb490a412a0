//! Facts: one line of the journal each. Appended through [`accept`](crate::accept::accept), never changed, never removed; undo is a fact.

use alloc::string::String;
use alloc::vec::Vec;

use crate::date::{Date, Instant, Micros};
use crate::decision::{Decision, Matter};
use crate::entry::EntryStatus;
use crate::grade::Grade;
use crate::meeting_fact::MeetingFact;
use crate::names::{ChampionshipId, DriverId, EntryId, SessionId};
use crate::result::{PublishedGrid, PublishedResult};
use crate::session::SessionName;

/// One fact with its two times.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    /// From 1, without gaps.
    pub number: u64,
    /// When it happened in the world: the decision was taken, the sheet was published.
    pub happened: Instant,
    /// When it was recorded here.
    pub recorded: Instant,
    /// Who recorded it.
    pub by: String,
    /// Where it says so: a document, a page, a source id.
    pub citation: String,
    /// What happened.
    pub what: What,
}

/// What happened. Closed: a new kind of fact is a new variant, and every reader must say what it means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A classification was published.
    Result(PublishedResult),
    /// A grid was published.
    Grid(PublishedGrid),
    /// A decision was taken.
    Decision(Decision),
    /// A protest, appeal, review or inquiry was opened.
    Matter(Matter),
    /// An entry takes part in some rounds as a guest, invitational or regular entry.
    Status {
        /// The entry.
        car: EntryId,
        /// The status.
        status: EntryStatus,
        /// The rounds it holds for; all from now on when empty.
        rounds: Vec<u16>,
    },
    /// A driver has another grade from a day on.
    Grade {
        /// The driver.
        driver: DriverId,
        /// The grade.
        grade: Grade,
        /// The first day.
        from: Date,
    },
    /// A Balance of Performance bulletin.
    Bop(BopBulletin),
    /// What a car served of its success penalty in a race.
    Served(Served),
    /// The car in which a driver entered in two cars scores (P12).
    Nomination {
        /// The session.
        session: SessionName,
        /// The driver.
        driver: DriverId,
        /// The car that scores.
        car: EntryId,
        /// In these championships; all when empty.
        championships: Vec<ChampionshipId>,
    },
    /// Something while a meeting runs: passings, signals, drivers aboard.
    Meeting(MeetingFact),
    /// An earlier fact was recorded in error and has no effect. Undoing the undo restores it.
    Undo {
        /// The earlier fact's number.
        fact: u64,
        /// Why.
        reason: String,
    },
}

impl What {
    /// The published classification, where it is one.
    pub fn result(&self) -> Option<&PublishedResult> {
        if let Self::Result(result) = self { Some(result) } else { None }
    }

    /// The decision, where it is one.
    pub fn decision(&self) -> Option<&Decision> {
        if let Self::Decision(decision) = self { Some(decision) } else { None }
    }

    /// The matter, where it is one.
    pub fn matter(&self) -> Option<&Matter> {
        if let Self::Matter(matter) = self { Some(matter) } else { None }
    }

    /// The success seconds served, where it is about them.
    pub fn served(&self) -> Option<&Served> {
        if let Self::Served(served) = self { Some(served) } else { None }
    }
}

/// How success seconds were served, as published.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ServedHow {
    /// In the mandatory stop.
    AtStop,
    /// Announced as due; the serving itself was not published.
    Announced,
    /// Not served: the time told is what the car should have served, and nothing of it counts as served. What was served in part is told
    /// as [`ServedHow::AtStop`], with the seconds served.
    NotServed,
}

impl ServedHow {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 3] =
        [("at-stop", Self::AtStop), ("announced", Self::Announced), ("not-served", Self::NotServed)];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, how)| *how == self).map_or("", |(word, _)| word)
    }
}

/// Success seconds a car served in a race.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Served {
    /// The race.
    pub session: SessionName,
    /// The car.
    pub car: EntryId,
    /// How much.
    pub time: Micros,
    /// How.
    pub how: ServedHow,
}

/// A Balance of Performance bulletin (F1): rows for some models, in force from a session on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BopBulletin {
    /// Its number as published.
    pub number: String,
    /// The first session it applies to.
    pub from_round: u16,
    /// The session of that round; its first when absent.
    pub from_session: Option<SessionId>,
    /// The article that allows it.
    pub article: String,
    /// The rows, one a model.
    pub rows: Vec<BopRow>,
}

/// What a bulletin sets for one model. A value it does not name stays as it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BopRow {
    /// The model as in the entry list.
    pub model: String,
    /// Ballast over the homologated weight in kilograms; negative where weight may be taken out.
    pub ballast_kg: Option<i32>,
    /// Restrictor diameter in hundredths of a millimetre.
    pub restrictor_hundredths_mm: Option<u32>,
    /// Boost table by name.
    pub boost: Option<String>,
    /// Minimum ride height front and rear in tenths of a millimetre.
    pub ride_height_tenths_mm: Option<(u32, u32)>,
    /// Engine map by name.
    pub engine_map: Option<String>,
    /// Fuel capacity in tenths of a litre.
    pub fuel_tenths_l: Option<u32>,
}
