//! The drops in force on a grid (B4), and those carried over to it.
//!
//! A drop is given for the grid of one race. Where the car takes no part in that race, does not take the start, the drop came into force
//! only after it, or nothing of the race was ever published, it is carried over to the next race the car is entered for, in this round or a later one. It is used up at the first race
//! it acted on, once.

use alloc::vec::Vec;

use crate::date::Instant;
use crate::decision::Effect;
use crate::fact::{Fact, What};
use crate::meeting_fact::{MeetingFact, Signal};
use crate::names::EntryId;
use crate::result::{Finish, PublishedResult};
use crate::running::Ranking;
use crate::season::{Moment, Season};
use crate::session::SessionName;
use crate::world::{Docket, Ground, Holds, World};

/// Places a car drops on a grid, by what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GridDrop {
    /// Position in the entry list.
    pub entry: usize,
    /// How many.
    pub places: u16,
    /// By what.
    pub ground: Ground,
    /// Where it comes from, where it was given for an earlier race.
    pub carried: Option<Carried>,
}

/// A drop that was not used in the race it was given for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Carried {
    /// The race it was given for.
    pub from: SessionName,
    /// Why it was not used there.
    pub why: Unused,
}

/// Why a drop was not used in a race.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Unused {
    /// The car is not entered for the round.
    NotEntered,
    /// The car did not take the start.
    NotStarted,
    /// The drop was not in force when the race started: it was given later, or suspended.
    NotInForce,
    /// Nobody published anything of the race, and a later one has been held.
    NotHeld,
}

impl Unused {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotEntered => "it was not entered there",
            Self::NotStarted => "it did not start there",
            Self::NotInForce => "the drop was not in force at its start",
            Self::NotHeld => "nothing was published of it",
        }
    }
}

impl core::fmt::Display for GridDrop {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} place{} back by {}", self.places, if self.places == 1 { "" } else { "s" }, self.ground)?;
        let Some(carried) = &self.carried else { return Ok(()) };
        write!(f, ", carried over from {}: {}", carried.from, carried.why.words())
    }
}

/// The drops on the grid of a race, in the order they were decided.
pub fn grid_drops(season: &Season, moment: Moment, world: &World, race: usize) -> Vec<GridDrop> {
    let live = season.live(moment);
    let docket = Docket::of(&live);
    let force = docket.in_force(world);
    let facts = Facts { season, live: &live, moment };
    force.effects.iter().filter_map(|holds| facts.on(holds, race)).collect()
}

/// The cars that did not take the start of a race, by the sheet published last.
pub(crate) fn not_started(season: &Season, live: &[&Fact], race: usize) -> Vec<usize> {
    let Some(sheet) = sheets(live, &season.calendar.sessions[race].name).last() else { return Vec::new() };
    let round = season.calendar.sessions[race].name.round;
    let absent = |entry: &usize| {
        let entry = &season.list.entries[*entry];
        let row = sheet.rows.iter().find(|row| row.car == entry.id);
        entry.spell(round).is_some() && row.map_or(sheet.complete, |row| row.finish == Finish::NotStarted)
    };
    (0..season.list.entries.len()).filter(absent).collect()
}

/// The sheets published of a session's finish, in order.
fn sheets<'a>(live: &[&'a Fact], name: &SessionName) -> impl Iterator<Item = &'a PublishedResult> {
    live.iter().filter_map(|fact| fact.what.result()).filter(move |sheet| sheet.session == *name && sheet.mark.is_none())
}

/// What drops are looked up in.
struct Facts<'a> {
    season: &'a Season,
    live: &'a [&'a Fact],
    moment: Moment,
}

impl Facts<'_> {
    /// An effect as a drop on the grid of this race.
    fn on(&self, holds: &Holds<'_>, race: usize) -> Option<GridDrop> {
        let Effect::DropGrid { session, car, places } = holds.effect else { return None };
        let entry = self.season.list.entry(car)?;
        let given_for = self.season.calendar.find(session).filter(|given_for| *given_for <= race)?;
        let mut carried = None;
        for at in given_for..race {
            if Ranking::of(self.season.calendar.sessions[at].kind) == Ranking::Distance {
                // The reason told is why it was not used where it was given for.
                carried = carried.or(Some(self.unused(holds, car, entry, at)?));
            }
        }
        let on = &self.season.calendar.sessions[race];
        let here = Ranking::of(on.kind) == Ranking::Distance && self.season.list.entries[entry].spell(on.name.round).is_some();
        // It acts no longer on a grid whose race started without it.
        if !here || self.unused(holds, car, entry, race) == Some(Unused::NotInForce) {
            return None;
        }
        let carried = carried.map(|why| Carried { from: session.clone(), why });
        Some(GridDrop { entry, places: *places, ground: holds.ground.clone(), carried })
    }

    /// Why a drop was not used in a race; `None`: it was, or will be.
    fn unused(&self, holds: &Holds<'_>, car: &EntryId, entry: usize, race: usize) -> Option<Unused> {
        let name = &self.season.calendar.sessions[race].name;
        if self.season.list.entries[entry].spell(name.round).is_none() {
            Some(Unused::NotEntered)
        } else if not_started(self.season, self.live, race).contains(&entry) {
            Some(Unused::NotStarted)
        } else {
            match self.started(name) {
                Some(started) => (!self.in_force(holds, car, started)).then_some(Unused::NotInForce),
                None => self.passed_by(race).then_some(Unused::NotHeld),
            }
        }
    }

    /// Whether a later race has been held.
    fn passed_by(&self, race: usize) -> bool {
        let later = self.season.calendar.sessions.iter().skip(race + 1);
        later.filter(|session| Ranking::of(session.kind) == Ranking::Distance).any(|session| self.started(&session.name).is_some())
    }

    /// When a race started: its start signal; where nobody gave one, when its grid was published last, or else its first result.
    fn started(&self, name: &SessionName) -> Option<Instant> {
        let green =
            |fact: &&Fact| matches!(&fact.what, What::Meeting(MeetingFact::Signal { session, signal: Signal::Green }) if session == name);
        let result = |fact: &&Fact| fact.what.result().is_some_and(|sheet| sheet.session == *name && sheet.mark.is_none());
        let grid = |fact: &&Fact| matches!(&fact.what, What::Grid(grid) if grid.session == *name);
        let happened = |fact: &&Fact| fact.happened;
        let run = self.live.iter().copied().find(result).as_ref().map(happened);
        let grid = run.and_then(|run| self.live.iter().copied().rfind(|fact| grid(fact) && fact.happened <= run));
        self.live.iter().copied().find(green).as_ref().map(happened).or(grid.as_ref().map(happened)).or(run)
    }

    /// Whether a drop was in force at a moment, as it is known now.
    fn in_force(&self, holds: &Holds<'_>, car: &EntryId, at: Instant) -> bool {
        let live = self.season.live(Moment { in_force: at, ..self.moment });
        let force = Docket::of(&live).in_force(&World::default());
        let Effect::DropGrid { session, .. } = holds.effect else { return false };
        force.grid_drops(session).iter().any(|(of, _, ground)| *of == car && **ground == holds.ground)
    }
}
