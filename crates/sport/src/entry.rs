//! Entries: a car, its competitor and crew, accepted for some events of the season.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::date::Date;
use crate::grade::{DatedGrade, Grade};
use crate::names::{ChampionshipId, ClassId, CupId, DriverId, EntryId, MakerId, TeamId};
use crate::rulebook::championship::CompetitorKind;

/// A driver.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Driver {
    /// Slug of the name.
    pub id: DriverId,
    /// The name as printed.
    pub name: String,
    /// Three letters, where published.
    pub nationality: Option<String>,
    /// The driver's accounts as a player, as servers of simulators print them: `S76561…`. Of no other driver.
    pub players: Vec<String>,
    /// Where published; needed for age classes only (P25).
    pub born: Option<Date>,
    /// Grades by the day they hold from, ascending. Empty where never published.
    pub grades: Vec<DatedGrade>,
}

impl Driver {
    /// The grade on a day, where known.
    pub fn grade_on(&self, day: Date) -> Option<Grade> {
        self.grades.iter().rev().find(|dated| dated.from <= day).map(|dated| dated.grade)
    }
}

/// A team: one competitor's licence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Team {
    /// Slug.
    pub id: TeamId,
    /// The name as printed.
    pub name: String,
}

/// How an entry takes part.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EntryStatus {
    /// For the championships.
    Regular,
    /// A guest (wild card).
    Guest,
    /// Invited at the promoter's discretion (A2).
    Invitational,
}

impl EntryStatus {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 3] = [("regular", Self::Regular), ("guest", Self::Guest), ("invitational", Self::Invitational)];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, status)| *status == self).map_or("", |(word, _)| word)
    }
}

/// The crew of an entry for some rounds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spell {
    /// The rounds it is entered for, ascending.
    pub rounds: Vec<u16>,
    /// The drivers known to be in the crew.
    pub crew: Vec<DriverId>,
    /// Drivers who may have been in the crew: nobody published it either way.
    pub perhaps: Vec<DriverId>,
    /// True where the crew as published is known to lack a name.
    pub crew_open: bool,
    /// The cup as published; derived from the crew where absent (A4).
    pub cup: Option<CupId>,
}

/// An entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Unique in the season; usually the number.
    pub id: EntryId,
    /// The number on the car, where published.
    pub number: Option<String>,
    /// The team, where published.
    pub team: Option<TeamId>,
    /// The class.
    pub class: ClassId,
    /// The model as printed.
    pub model: Option<String>,
    /// The manufacturer.
    pub maker: Option<MakerId>,
    /// The constructor where the rulebook pairs chassis and engine (P64); the manufacturer otherwise.
    pub constructor: Option<MakerId>,
    /// Regular, guest or invitational from the entry list; facts can change it per round.
    pub status: EntryStatus,
    /// Championships it is registered for, where a championship scores by registration (P7, P14).
    pub registered: Vec<ChampionshipId>,
    /// Crews by rounds, in order; no round twice.
    pub spells: Vec<Spell>,
}

impl Entry {
    /// The crew entered for a round; `None` when the car is not entered there.
    pub fn spell(&self, round: u16) -> Option<&Spell> {
        self.spells.iter().find(|spell| spell.rounds.contains(&round))
    }

    /// How a person names the car: its number, or its id in brackets where no number was published.
    pub fn label(&self) -> String {
        self.number.clone().unwrap_or_else(|| alloc::format!("[{}]", self.id))
    }
}

/// Everybody entered in a season. Order is the order of the entry list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EntryList {
    /// All drivers.
    pub drivers: Vec<Driver>,
    /// All teams.
    pub teams: Vec<Team>,
    /// All entries.
    pub entries: Vec<Entry>,
}

impl EntryList {
    /// The position of an entry.
    pub fn entry(&self, id: &EntryId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.id == *id)
    }

    /// The position of a driver.
    pub fn driver(&self, id: &DriverId) -> Option<usize> {
        self.drivers.iter().position(|driver| driver.id == *id)
    }

    /// The position of a team.
    pub fn team(&self, id: &TeamId) -> Option<usize> {
        self.teams.iter().position(|team| team.id == *id)
    }

    /// The manufacturers, and constructors where the rulebook pairs chassis and engine, by name.
    pub fn makers(&self) -> Vec<MakerId> {
        let mut makers: Vec<MakerId> =
            self.entries.iter().flat_map(|entry| entry.maker.iter().chain(&entry.constructor)).cloned().collect();
        makers.sort();
        makers.dedup();
        makers
    }

    /// The position of a competitor among those of its kind, by id.
    pub fn competitor(&self, kind: CompetitorKind, id: &str) -> Option<usize> {
        match kind {
            CompetitorKind::Driver => self.driver(&DriverId::new(id)),
            CompetitorKind::Team => self.team(&TeamId::new(id)),
            CompetitorKind::Entry => self.entry(&EntryId::new(id)),
            CompetitorKind::Maker | CompetitorKind::Constructor => self.makers().iter().position(|maker| maker.as_str() == id),
        }
    }

    /// The id of a competitor among those of its kind, by position.
    pub fn competitor_id(&self, kind: CompetitorKind, at: usize) -> Option<String> {
        match kind {
            CompetitorKind::Driver => self.drivers.get(at).map(|driver| driver.id.to_string()),
            CompetitorKind::Team => self.teams.get(at).map(|team| team.id.to_string()),
            CompetitorKind::Entry => self.entries.get(at).map(|entry| entry.id.to_string()),
            CompetitorKind::Maker | CompetitorKind::Constructor => self.makers().get(at).map(|maker| maker.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn competitors_are_found_by_id_and_told_by_position() {
        let entry = |id: &str, maker: &str, constructor: Option<&str>| Entry {
            id: id.into(),
            number: None,
            team: None,
            class: "GT3".into(),
            model: None,
            maker: Some(maker.into()),
            constructor: constructor.map(MakerId::from),
            status: EntryStatus::Regular,
            registered: Vec::new(),
            spells: Vec::new(),
        };
        let entries = alloc::vec![entry("7", "porsche", None), entry("8", "audi", Some("audi-abt")), entry("9", "audi", None)];
        let list = EntryList { entries, ..EntryList::default() };
        assert_eq!(list.makers(), ["audi", "audi-abt", "porsche"].map(MakerId::from));
        for (kind, id, at) in
            [(CompetitorKind::Entry, "8", 1), (CompetitorKind::Maker, "porsche", 2), (CompetitorKind::Constructor, "audi-abt", 1)]
        {
            assert_eq!(list.competitor(kind, id), Some(at));
            assert_eq!(list.competitor_id(kind, at).as_deref(), Some(id));
        }
        assert_eq!(list.competitor(CompetitorKind::Driver, "8"), None);
        assert_eq!(list.competitor_id(CompetitorKind::Team, 0), None);
    }
}
