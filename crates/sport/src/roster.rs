//! The season's people and cars by position, so that scoring counts in small numbers instead of names.

use alloc::vec::Vec;

use crate::entry::EntryStatus;
use crate::fact::{Fact, What};
use crate::grade::Grade;
use crate::names::{DriverId, EntryId, MakerId};
use crate::rulebook::Rulebook;
use crate::rulebook::championship::CompetitorKind;
use crate::rules::cup::{CupFit, cup_of, grade_in};
use crate::season::Season;

/// An entry as it took part in one session's round.
#[derive(Clone, Debug)]
pub(crate) struct Taking {
    /// The cup of its crew.
    pub(crate) cup: CupFit,
    /// Known crew, by position in the driver list.
    pub(crate) crew: Vec<usize>,
    /// Drivers who may have been aboard.
    pub(crate) perhaps: Vec<usize>,
    /// A name is missing.
    pub(crate) crew_open: bool,
    /// Regular, guest, invitational.
    pub(crate) status: EntryStatus,
}

/// Everything looked up once.
#[derive(Debug)]
pub(crate) struct Roster {
    /// Takings by `round_ix * entries + entry`.
    takings: Vec<Option<Taking>>,
    rounds: Vec<u16>,
    entries: usize,
    /// Team by entry.
    pub(crate) team: Vec<Option<usize>>,
    /// Manufacturer by entry.
    pub(crate) maker: Vec<Option<usize>>,
    /// Constructor by entry.
    pub(crate) constructor: Vec<Option<usize>>,
    /// Names of makers and constructors.
    pub(crate) makers: Vec<MakerId>,
    /// The first round each entry is entered for.
    pub(crate) first_round: Vec<u16>,
    /// Positions of entries and drivers by name, sorted.
    entry_names: Vec<(EntryId, usize)>,
    driver_names: Vec<(DriverId, usize)>,
}

impl Roster {
    pub(crate) fn new(rulebook: &Rulebook, season: &Season, live: &[&Fact]) -> Self {
        let list = &season.list;
        let makers = list.makers();
        let maker_at = |id: &Option<MakerId>| id.as_ref().and_then(|id| makers.binary_search(id).ok());
        let mut entry_names: Vec<_> = list.entries.iter().enumerate().map(|(ix, entry)| (entry.id.clone(), ix)).collect();
        entry_names.sort();
        let mut driver_names: Vec<_> = list.drivers.iter().enumerate().map(|(ix, driver)| (driver.id.clone(), ix)).collect();
        driver_names.sort();
        let first_round =
            |ix: usize| list.entries[ix].spells.iter().flat_map(|spell| spell.rounds.iter().copied()).min().unwrap_or(u16::MAX);
        let mut roster = Self {
            takings: Vec::new(),
            rounds: season.calendar.rounds.iter().map(|round| round.number).collect(),
            entries: list.entries.len(),
            team: list.entries.iter().map(|entry| entry.team.as_ref().and_then(|id| list.team(id))).collect(),
            maker: list.entries.iter().map(|entry| maker_at(&entry.maker)).collect(),
            constructor: list.entries.iter().map(|entry| maker_at(&entry.constructor).or(maker_at(&entry.maker))).collect(),
            first_round: (0..list.entries.len()).map(first_round).collect(),
            makers,
            entry_names,
            driver_names,
        };
        let told: Vec<&Fact> = live.iter().copied().filter(|fact| matches!(fact.what, What::Grade { .. } | What::Status { .. })).collect();
        for round in roster.rounds.clone() {
            for entry in 0..list.entries.len() {
                let taking = roster.taking_of(rulebook, season, &told, entry, round);
                roster.takings.push(taking);
            }
        }
        roster
    }

    fn taking_of(&self, rulebook: &Rulebook, season: &Season, live: &[&Fact], entry: usize, round: u16) -> Option<Taking> {
        let spell = season.list.entries[entry].spell(round)?;
        let first = season.calendar.sessions.iter().position(|session| session.name.round == round)?;
        let law = rulebook.law_at(&season.calendar, first);
        let day = season.calendar.sessions[first].date;
        let at = |ids: &[DriverId]| ids.iter().filter_map(|id| self.driver(id)).collect::<Vec<_>>();
        let crew = at(&spell.crew);
        let grade = |driver: &usize| grade_in(law, &season.list.drivers[*driver].id, season.grade_on(live, *driver, day));
        let class = &season.list.entries[entry].class;
        let cup = spell.cup.clone().map_or_else(
            || {
                let grades: Vec<Option<Grade>> = crew.iter().map(grade).collect();
                cup_of(law, class, &grades, spell.crew_open)
            },
            CupFit::Cup,
        );
        Some(Taking { cup, crew, perhaps: at(&spell.perhaps), crew_open: spell.crew_open, status: season.status_in(live, entry, round) })
    }

    /// How an entry took part in a round; `None` when it was not entered.
    pub(crate) fn taking(&self, round: u16, entry: usize) -> Option<&Taking> {
        let at = self.rounds.iter().position(|number| *number == round)?;
        self.takings.get(at * self.entries + entry)?.as_ref()
    }

    pub(crate) fn entry(&self, id: &EntryId) -> Option<usize> {
        self.entry_names.binary_search_by(|(name, _)| name.cmp(id)).ok().map(|at| self.entry_names[at].1)
    }

    pub(crate) fn driver(&self, id: &DriverId) -> Option<usize> {
        self.driver_names.binary_search_by(|(name, _)| name.cmp(id)).ok().map(|at| self.driver_names[at].1)
    }

    /// The competitor an entry scores for, where one competitor takes a car's points.
    pub(crate) fn competitor(&self, kind: CompetitorKind, entry: usize) -> Option<usize> {
        match kind {
            CompetitorKind::Driver => None,
            CompetitorKind::Team => self.team[entry],
            CompetitorKind::Maker => self.maker[entry],
            CompetitorKind::Constructor => self.constructor[entry],
            CompetitorKind::Entry => Some(entry),
        }
    }

    /// How many competitors of a kind there can be.
    pub(crate) fn size(&self, season: &Season, kind: CompetitorKind) -> usize {
        match kind {
            CompetitorKind::Driver => season.list.drivers.len(),
            CompetitorKind::Team => season.list.teams.len(),
            CompetitorKind::Maker | CompetitorKind::Constructor => self.makers.len(),
            CompetitorKind::Entry => self.entries,
        }
    }
}
