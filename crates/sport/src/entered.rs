//! Who is entered for a round: the entry list of an event, with grades, cups and statuses as they are in force there (A2, A3, A4).

use alloc::vec::Vec;

use crate::entry::EntryStatus;
use crate::fact::Fact;
use crate::grade::Grade;
use crate::names::DriverId;
use crate::roster::Roster;
use crate::rulebook::Rulebook;
use crate::rules::cup::{CupFit, grade_in};
use crate::season::Season;

/// A driver of a crew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Aboard {
    /// Position in the driver list.
    pub driver: usize,
    /// The grade in this series on the round's first day, where known.
    pub grade: Option<Grade>,
}

/// An entry at one round.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entered {
    /// Position in the entry list.
    pub entry: usize,
    /// Regular, guest, invitational.
    pub status: EntryStatus,
    /// The cup of its crew.
    pub cup: CupFit,
    /// The drivers known to be in the crew.
    pub crew: Vec<Aboard>,
    /// Drivers who may be in it.
    pub perhaps: Vec<Aboard>,
    /// A name is missing.
    pub crew_open: bool,
}

/// The entries of each round, in the order of the entry list; by the facts that count (see [`Season::live`]).
pub fn entered(rulebook: &Rulebook, season: &Season, live: &[&Fact]) -> Vec<(u16, Vec<Entered>)> {
    let roster = Roster::new(rulebook, season, live);
    let of = |round: u16| {
        let first = season.calendar.sessions.iter().position(|session| session.name.round == round);
        let aboard =
            |driver: &usize| Aboard { driver: *driver, grade: first.and_then(|first| grade(rulebook, season, live, *driver, first)) };
        let entry = |entry: usize| {
            let taking = roster.taking(round, entry)?;
            Some(Entered {
                entry,
                status: taking.status,
                cup: taking.cup.clone(),
                crew: taking.crew.iter().map(aboard).collect(),
                perhaps: taking.perhaps.iter().map(aboard).collect(),
                crew_open: taking.crew_open,
            })
        };
        (0..season.list.entries.len()).filter_map(entry).collect()
    };
    season.calendar.rounds.iter().map(|round| (round.number, of(round.number))).collect()
}

/// A driver's grade in the series on the day of a session: its own dispensation before the FIA's.
fn grade(rulebook: &Rulebook, season: &Season, live: &[&Fact], driver: usize, session: usize) -> Option<Grade> {
    let law = rulebook.law_at(&season.calendar, session);
    let id: &DriverId = &season.list.drivers[driver].id;
    grade_in(law, id, season.grade_on(live, driver, season.calendar.sessions[session].date))
}
