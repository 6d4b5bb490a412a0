//! A rulebook: what a series wrote down for a year, as dated, cited values. Bulletins make later versions of the law.

use alloc::string::String;
use alloc::vec::Vec;

pub mod award;
pub mod championship;
pub mod crew;
pub mod drive_time;
pub mod grid_source;
pub mod scrutineering;
pub mod stewarding;
pub mod success;
pub mod weekend;

use crate::names::{ChampionshipId, ClassId, CupId, TableId};
use crate::running::Ranking;
use crate::session::{Calendar, Session, SessionName};
use award::{Award, ClassifiedRule, PointsTable, ShortenedStep};
use championship::Championship;
use crew::{Class, Cup, Dispensation, EntryRules, StatusRule};
use drive_time::DriveTimeRule;
use scrutineering::{ScrutineeringRule, TyreRule};
use stewarding::{AppealRule, Conversion, LicenceRule, ProtestRule};
use success::SuccessPenalty;
use weekend::{BopRule, EndRule, GridRule, PitStop, Podium, QualifyingRule, SessionPlan, StartRule, Tariff};

/// A document the rulebook's values are taken from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Its id in citations: `S00`.
    pub id: String,
    /// Who published it.
    pub site: String,
    /// Title and date.
    pub page: String,
}

/// The law in force from a session on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    /// The first session it applies to; the first version has none and applies from the start.
    pub from: Option<SessionName>,
    /// The bulletin that made it.
    pub bulletin: Option<String>,
    /// All rules.
    pub law: Law,
}

/// A rulebook as loaded: identity and every version of its law.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rulebook {
    /// `blancpain-gt-series-asia/2018`.
    pub id: String,
    /// The series as printed.
    pub series: String,
    /// The season's year.
    pub year: u16,
    /// The edition as the writer numbers it.
    pub edition: String,
    /// Hash of everything the rulebook was read from, in hexadecimal: two equal hashes, two equal rulebooks.
    pub hash: String,
    /// Sources by id.
    pub sources: Vec<Source>,
    /// The law, first version first; never empty.
    pub versions: Vec<Version>,
}

impl Rulebook {
    /// The law in force at a session: the last version that began at or before it.
    pub fn law_at(&self, calendar: &Calendar, session: usize) -> &Law {
        let began = |version: &&Version| match &version.from {
            None => true,
            Some(name) => calendar.find(name).is_some_and(|from| from <= session),
        };
        let law = self.versions.iter().rev().find(began).or(self.versions.first());
        &law.expect("a rulebook has a first version").law
    }

    /// The law as last amended: what a season's tables are made by.
    pub fn latest(&self) -> &Law {
        &self.versions.last().expect("a rulebook has a first version").law
    }
}

/// All rules of one version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Law {
    /// Classes (A1, A2).
    pub classes: Vec<Class>,
    /// Cups by crew (A4).
    pub cups: Vec<Cup>,
    /// Exceptions a series grants, with a reason (A3).
    pub dispensations: Vec<Dispensation>,
    /// What an entry must satisfy.
    pub entries: EntryRules,
    /// What guests score.
    pub guests: StatusRule,
    /// What invitational entries score (A2).
    pub invitational: StatusRule,
    /// The sessions of a weekend, in order (B1, B2).
    pub weekend: Vec<SessionPlan>,
    /// Who qualifies for what (B3).
    pub qualifying: Option<QualifyingRule>,
    /// How a grid is made (B4).
    pub grid: Option<GridRule>,
    /// How a race starts and ends (B5).
    pub start: Option<StartRule>,
    /// How a race ends when something goes wrong (B5).
    pub end: Option<EndRule>,
    /// The mandatory stop (C).
    pub pit_stop: Option<PitStop>,
    /// Time at the wheel (P43).
    pub drive_times: Vec<DriveTimeRule>,
    /// The success penalty (D).
    pub success: Option<SuccessPenalty>,
    /// Who is classified (E6, P19).
    pub classified: Vec<ClassifiedRule>,
    /// What a shortened race gives (E6, P20), in the order they are tried.
    pub shortened: Vec<ShortenedStep>,
    /// Points tables (E1, P1, P3).
    pub tables: Vec<PointsTable>,
    /// What points are given for (P1, P2, P6, P52).
    pub awards: Vec<Award>,
    /// The championships (E2, E4).
    pub championships: Vec<Championship>,
    /// Podium ceremonies (E7).
    pub podiums: Vec<Podium>,
    /// The tariff of penalties (C3).
    pub tariff: Vec<Tariff>,
    /// What a drive-through or stop-and-go becomes that was not served in the race.
    pub conversion: Option<Conversion>,
    /// Until when a result may be protested against (G2).
    pub protest: Option<ProtestRule>,
    /// Until when a decision may be appealed against, and which may not (G2).
    pub appeal: Option<AppealRule>,
    /// What points on a licence lead to (P44).
    pub licence: Option<LicenceRule>,
    /// Balance of Performance (F1).
    pub bop: Option<BopRule>,
    /// What measurements are held against (F2).
    pub scrutineering: Option<ScrutineeringRule>,
    /// Sets of tyres (F2).
    pub tyres: Option<TyreRule>,
}

impl Law {
    /// Whether a session has a pit board: a race in which a stop is asked for, or the time at the wheel is limited.
    pub fn has_pit_board(&self, session: &Session) -> bool {
        let limited = || self.drive_times.iter().any(|rule| rule.length.holds(session.minutes, session.kilometres));
        Ranking::of(session.kind) == Ranking::Distance && (self.pit_stop.is_some() || limited())
    }

    /// The class by its id.
    pub fn class(&self, id: &ClassId) -> Option<&Class> {
        self.classes.iter().find(|class| class.id == *id)
    }

    /// The cup by its id.
    pub fn cup(&self, id: &CupId) -> Option<&Cup> {
        self.cups.iter().find(|cup| cup.id == *id)
    }

    /// The championship by its id.
    pub fn championship(&self, id: &ChampionshipId) -> Option<&Championship> {
        self.championships.iter().find(|championship| championship.id == *id)
    }

    /// The points table by its id.
    pub fn table(&self, id: &TableId) -> Option<&PointsTable> {
        self.tables.iter().find(|table| table.id == *id)
    }
}
