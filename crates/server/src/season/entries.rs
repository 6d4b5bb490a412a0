//! The entry lists of the rounds.

use serde::Serialize;
use sport::entered::{Aboard, Entered, entered};
use utoipa::ToSchema;

use crate::named::{CarNamed, PersonNamed};
use crate::season::Known;

/// The entry list of a round.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct EntryList {
    /// The round.
    pub(crate) round: u16,
    /// The circuit, as printed.
    pub(crate) event: String,
    /// The cars, in the order of the entry list.
    pub(crate) entries: Vec<EntryLine>,
}

/// A car entered for a round.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct EntryLine {
    /// The car.
    pub(crate) car: CarNamed,
    /// The crew at this round.
    pub(crate) crew: Crew,
}

/// A crew at a round.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Crew {
    /// The drivers.
    pub(crate) drivers: Vec<CrewMember>,
    /// Drivers who may be in it: nobody published it either way.
    pub(crate) perhaps: Vec<CrewMember>,
    /// True where a name is missing.
    pub(crate) open: bool,
    /// The cup, as printed: `?` where several are possible, empty where none.
    pub(crate) cup: String,
    /// `regular`, `guest`, `invitational`.
    pub(crate) status: String,
}

/// A driver of a crew.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct CrewMember {
    /// The driver.
    pub(crate) driver: PersonNamed,
    /// `Bronze`, `Silver`, `Gold`, `Platinum`; empty where not known.
    pub(crate) grade: String,
}

/// The entry lists of all rounds.
pub(crate) fn lists(known: &Known<'_>) -> Vec<EntryList> {
    let rounds = entered(known.rulebook, known.season, &known.live);
    let list = |(round, entries): (u16, Vec<Entered>)| EntryList {
        round,
        event: known.event(round),
        entries: entries.iter().map(|of| line(known, of)).collect(),
    };
    rounds.into_iter().map(list).collect()
}

fn line(known: &Known<'_>, of: &Entered) -> EntryLine {
    EntryLine {
        car: known.car(of.entry),
        crew: Crew {
            drivers: members(known, &of.crew),
            perhaps: members(known, &of.perhaps),
            open: of.crew_open,
            cup: of.cup.title(known.rulebook),
            status: of.status.word().to_owned(),
        },
    }
}

fn members(known: &Known<'_>, crew: &[Aboard]) -> Vec<CrewMember> {
    let member = |of: &Aboard| CrewMember {
        driver: known.driver(of.driver),
        grade: of.grade.map_or_else(String::new, |grade| grade.word().to_owned()),
    };
    crew.iter().map(member).collect()
}
