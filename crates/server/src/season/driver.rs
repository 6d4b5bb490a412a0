//! A driver's season: cars, results, championships, decisions, licence points.

use serde::Serialize;
use sport::decision::{Effect, Named};
use sport::names::DriverId;
use sport::rulebook::championship::CompetitorKind;
use sport::rules::licence::{licences, total};
use sport::world::{Docket, World};
use utoipa::ToSchema;

use crate::named::{CarNamed, PersonNamed};
use crate::season::Known;
use crate::season::competitor::{InChampionship, championships};
use crate::season::entries::lists;
use crate::season::penalties::{self, PenaltyLine};
use crate::season::results::{self, NoData, ResultLine};

/// A driver's season.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct DriverSeason {
    /// The driver.
    pub(crate) driver: PersonNamed,
    /// Three letters; empty where not published.
    pub(crate) nationality: String,
    /// The rounds, each with the car.
    pub(crate) rounds: Vec<DriverRound>,
    /// The results of the cars, in calendar order.
    pub(crate) results: Vec<ResultLine>,
    /// The races of its rounds of which nothing is known about it.
    pub(crate) no_data: Vec<NoData>,
    /// The championships the driver stands in.
    pub(crate) championships: Vec<InChampionship>,
    /// Decisions against the driver, latest first.
    pub(crate) penalties: Vec<PenaltyLine>,
    /// Points on the licence; none where the rulebook keeps none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) licence_points: Option<u16>,
}

/// A round a driver is entered for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct DriverRound {
    /// The round.
    pub(crate) round: u16,
    /// The circuit, as printed.
    pub(crate) event: String,
    /// The car.
    pub(crate) car: CarNamed,
    /// The grade there; empty where not known.
    pub(crate) grade: String,
    /// The cup of the crew.
    pub(crate) cup: String,
    /// Who shares the car.
    pub(crate) with: Vec<PersonNamed>,
    /// False where nobody published whether the driver was in the crew.
    pub(crate) sure: bool,
}

/// A driver's season; none where no such driver is entered.
pub(crate) fn season(known: &Known<'_>, id: &str) -> Option<DriverSeason> {
    let id = DriverId::new(id);
    let at = known.season.list.driver(&id)?;
    let driver = &known.season.list.drivers[at];
    let against =
        |effect: &Effect| effect.driver() == Some(&id) || effect.total().is_some_and(|(_, who)| *who == Named::Driver(id.clone()));
    let rounds = rounds(known, id.as_str());
    let results = results::lines(known, |row| row.crew.contains(&at));
    let sure: Vec<u16> = rounds.iter().filter(|round| round.sure).map(|round| round.round).collect();
    Some(DriverSeason {
        driver: known.driver(at),
        nationality: driver.nationality.clone().unwrap_or_default(),
        no_data: results::no_data(known, &sure, &results),
        rounds,
        results,
        championships: championships(known, CompetitorKind::Driver, at),
        penalties: penalties::lines(known, against),
        licence_points: known.rulebook.latest().licence.is_some().then(|| {
            let docket = Docket::of(&known.live);
            let force = docket.in_force(&World::default());
            total(&licences(known.rulebook, known.season, &known.live, &force), &id, None)
        }),
    })
}

fn rounds(known: &Known<'_>, id: &str) -> Vec<DriverRound> {
    let mut rounds = Vec::new();
    for list in lists(known) {
        for line in list.entries {
            let all = || line.crew.drivers.iter().map(|of| (of, true)).chain(line.crew.perhaps.iter().map(|of| (of, false)));
            let Some((member, sure)) = all().find(|(of, _)| of.driver.id == id) else { continue };
            rounds.push(DriverRound {
                round: list.round,
                event: list.event.clone(),
                car: line.car.clone(),
                grade: member.grade.clone(),
                cup: line.crew.cup.clone(),
                with: line.crew.drivers.iter().filter(|of| of.driver.id != id).map(|of| of.driver.clone()).collect(),
                sure,
            });
        }
    }
    rounds
}
