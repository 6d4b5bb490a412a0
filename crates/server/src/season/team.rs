//! A team's season: cars, results, championships, decisions.

use serde::Serialize;
use sport::decision::{Effect, Named};
use sport::names::TeamId;
use sport::rulebook::championship::CompetitorKind;
use utoipa::ToSchema;

use crate::named::{CarNamed, TeamNamed};
use crate::season::Known;
use crate::season::competitor::{InChampionship, championships};
use crate::season::penalties::{self, PenaltyLine};
use crate::season::results::{self, NoData, ResultLine};

/// A team's season.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct TeamSeason {
    /// The team.
    pub(crate) team: TeamNamed,
    /// Its cars.
    pub(crate) cars: Vec<TeamCar>,
    /// The results of its cars, in calendar order.
    pub(crate) results: Vec<ResultLine>,
    /// The races of its rounds of which nothing is known about it.
    pub(crate) no_data: Vec<NoData>,
    /// The championships the team stands in.
    pub(crate) championships: Vec<InChampionship>,
    /// Decisions against the team and its cars, latest first.
    pub(crate) penalties: Vec<PenaltyLine>,
}

/// A car of a team.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct TeamCar {
    /// The car.
    pub(crate) car: CarNamed,
    /// The rounds it is entered for.
    pub(crate) rounds: Vec<u16>,
}

/// A team's season; none where there is no such team.
pub(crate) fn season(known: &Known<'_>, id: &str) -> Option<TeamSeason> {
    let id = TeamId::new(id);
    let at = known.season.list.team(&id)?;
    let entries = &known.season.list.entries;
    let mine = |entry: usize| entries[entry].team.as_ref() == Some(&id);
    let cars = entries.iter().enumerate().filter(|(entry, _)| mine(*entry)).map(|(at, entry)| {
        let mut rounds: Vec<u16> = entry.spells.iter().flat_map(|spell| spell.rounds.iter().copied()).collect();
        rounds.sort_unstable();
        TeamCar { car: known.car(at), rounds }
    });
    let against = |effect: &Effect| {
        let car = effect.car().and_then(|car| known.season.list.entry(car));
        car.is_some_and(mine) || effect.total().is_some_and(|(_, who)| *who == Named::Team(id.clone()))
    };
    let cars: Vec<TeamCar> = cars.collect();
    let rounds: Vec<u16> = cars.iter().flat_map(|car| car.rounds.iter().copied()).collect();
    let results = results::lines(known, |row| mine(row.entry));
    Some(TeamSeason {
        team: known.team_of(&id),
        no_data: results::no_data(known, &rounds, &results),
        cars,
        results,
        championships: championships(known, CompetitorKind::Team, at),
        penalties: penalties::lines(known, against),
    })
}
