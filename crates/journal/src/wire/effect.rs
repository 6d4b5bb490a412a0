//! Effects of decisions on the wire, version 1.

use serde::{Deserialize, Serialize};
use sport::decision as sport_decision;
use sport::names::{ChampionshipId, DecisionId, DriverId, EntryId};

use super::decision::Named;
use super::written::{Exact, Name, Span, Stage, is_false, named, names};

#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Effect {
    AddTime {
        session: Stage,
        car: Name<EntryId>,
        time_us: Span,
    },
    AddUnservedSuccess {
        session: Stage,
    },
    DropPlaces {
        session: Stage,
        car: Name<EntryId>,
        places: u16,
    },
    DeductLaps {
        session: Stage,
        car: Name<EntryId>,
        laps: u32,
    },
    Disqualify {
        session: Stage,
        car: Name<EntryId>,
    },
    AnnulSession {
        session: Stage,
    },
    WithholdPoints {
        session: Stage,
    },
    FactorPoints {
        session: Stage,
        factor: Exact,
    },
    Ineligible {
        session: Stage,
        car: Name<EntryId>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        championships: Vec<Name<ChampionshipId>>,
        #[serde(default, skip_serializing_if = "is_false")]
        others_move_up: bool,
    },
    Shares {
        session: Stage,
        car: Name<EntryId>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        shares: Vec<Share>,
    },
    DeductPoints {
        championship: Name<ChampionshipId>,
        competitor: Named,
        points: Exact,
        from_round: u16,
    },
    Exclude {
        championship: Name<ChampionshipId>,
        competitor: Named,
        #[serde(default, skip_serializing_if = "is_false")]
        keeps_points: bool,
        from_round: u16,
    },
    Restart {
        championship: Name<ChampionshipId>,
        competitor: Named,
        from_round: u16,
    },
    Annul {
        decision: Name<DecisionId>,
    },
    DropGrid {
        session: Stage,
        car: Name<EntryId>,
        places: u16,
    },
    DeleteLap {
        session: Stage,
        car: Name<EntryId>,
        lap: u32,
    },
    DriveThrough {
        session: Stage,
        car: Name<EntryId>,
    },
    StopAndGo {
        session: Stage,
        car: Name<EntryId>,
        time_us: Span,
    },
    Reprimand {
        car: Name<EntryId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        driver: Option<Name<DriverId>>,
    },
    Fine {
        car: Name<EntryId>,
        hundredths: u64,
        currency: String,
    },
    LicencePoints {
        driver: Name<DriverId>,
        points: u16,
    },
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Share {
    driver: Name<DriverId>,
    share: Exact,
}

impl From<&sport_decision::Effect> for Effect {
    fn from(effect: &sport_decision::Effect) -> Self {
        use sport_decision::Effect as Sport;
        let stage = |session: &sport::session::SessionName| Stage(session.clone());
        let entry = |car: &EntryId| Name(car.clone());
        let title = |championship: &ChampionshipId| Name(championship.clone());
        match effect {
            Sport::AddTime { session, car, time } => Self::AddTime { session: stage(session), car: entry(car), time_us: Span(*time) },
            Sport::AddUnservedSuccess { session } => Self::AddUnservedSuccess { session: stage(session) },
            Sport::DropPlaces { session, car, places } => Self::DropPlaces { session: stage(session), car: entry(car), places: *places },
            Sport::DeductLaps { session, car, laps } => Self::DeductLaps { session: stage(session), car: entry(car), laps: *laps },
            Sport::Disqualify { session, car } => Self::Disqualify { session: stage(session), car: entry(car) },
            Sport::AnnulSession { session } => Self::AnnulSession { session: stage(session) },
            Sport::WithholdPoints { session } => Self::WithholdPoints { session: stage(session) },
            Sport::FactorPoints { session, factor } => Self::FactorPoints { session: stage(session), factor: Exact(*factor) },
            Sport::Ineligible { session, car, championships, others_move_up } => Self::Ineligible {
                session: stage(session),
                car: entry(car),
                championships: names(championships),
                others_move_up: *others_move_up,
            },
            Sport::Shares { session, car, shares } => {
                let shares = shares.iter().map(|(driver, share)| Share { driver: Name(driver.clone()), share: Exact(*share) });
                Self::Shares { session: stage(session), car: entry(car), shares: shares.collect() }
            }
            Sport::DeductPoints { championship, competitor, points, from_round } => Self::DeductPoints {
                championship: title(championship),
                competitor: Named::from(competitor),
                points: Exact(*points),
                from_round: *from_round,
            },
            Sport::Exclude { championship, competitor, keeps_points, from_round } => Self::Exclude {
                championship: title(championship),
                competitor: Named::from(competitor),
                keeps_points: *keeps_points,
                from_round: *from_round,
            },
            Sport::Restart { championship, competitor, from_round } => {
                Self::Restart { championship: title(championship), competitor: Named::from(competitor), from_round: *from_round }
            }
            Sport::Annul { decision } => Self::Annul { decision: Name(decision.clone()) },
            Sport::DropGrid { session, car, places } => Self::DropGrid { session: stage(session), car: entry(car), places: *places },
            Sport::DeleteLap { session, car, lap } => Self::DeleteLap { session: stage(session), car: entry(car), lap: *lap },
            Sport::DriveThrough { session, car } => Self::DriveThrough { session: stage(session), car: entry(car) },
            Sport::StopAndGo { session, car, time } => Self::StopAndGo { session: stage(session), car: entry(car), time_us: Span(*time) },
            Sport::Reprimand { car, driver } => Self::Reprimand { car: entry(car), driver: driver.clone().map(Name) },
            Sport::Fine { car, hundredths, currency } => {
                Self::Fine { car: entry(car), hundredths: *hundredths, currency: currency.clone() }
            }
            Sport::LicencePoints { driver, points } => Self::LicencePoints { driver: Name(driver.clone()), points: *points },
        }
    }
}

impl From<Effect> for sport_decision::Effect {
    fn from(wire: Effect) -> Self {
        match wire {
            Effect::AddTime { session, car, time_us } => Self::AddTime { session: session.0, car: car.0, time: time_us.0 },
            Effect::AddUnservedSuccess { session } => Self::AddUnservedSuccess { session: session.0 },
            Effect::DropPlaces { session, car, places } => Self::DropPlaces { session: session.0, car: car.0, places },
            Effect::DeductLaps { session, car, laps } => Self::DeductLaps { session: session.0, car: car.0, laps },
            Effect::Disqualify { session, car } => Self::Disqualify { session: session.0, car: car.0 },
            Effect::AnnulSession { session } => Self::AnnulSession { session: session.0 },
            Effect::WithholdPoints { session } => Self::WithholdPoints { session: session.0 },
            Effect::FactorPoints { session, factor } => Self::FactorPoints { session: session.0, factor: factor.0 },
            Effect::Ineligible { session, car, championships, others_move_up } => {
                Self::Ineligible { session: session.0, car: car.0, championships: named(championships), others_move_up }
            }
            Effect::Shares { session, car, shares } => {
                let shares = shares.into_iter().map(|Share { driver, share }| (driver.0, share.0));
                Self::Shares { session: session.0, car: car.0, shares: shares.collect() }
            }
            Effect::DeductPoints { championship, competitor, points, from_round } => {
                Self::DeductPoints { championship: championship.0, competitor: competitor.into(), points: points.0, from_round }
            }
            Effect::Exclude { championship, competitor, keeps_points, from_round } => {
                Self::Exclude { championship: championship.0, competitor: competitor.into(), keeps_points, from_round }
            }
            Effect::Restart { championship, competitor, from_round } => {
                Self::Restart { championship: championship.0, competitor: competitor.into(), from_round }
            }
            Effect::Annul { decision } => Self::Annul { decision: decision.0 },
            Effect::DropGrid { session, car, places } => Self::DropGrid { session: session.0, car: car.0, places },
            Effect::DeleteLap { session, car, lap } => Self::DeleteLap { session: session.0, car: car.0, lap },
            Effect::DriveThrough { session, car } => Self::DriveThrough { session: session.0, car: car.0 },
            Effect::StopAndGo { session, car, time_us } => Self::StopAndGo { session: session.0, car: car.0, time: time_us.0 },
            Effect::Reprimand { car, driver } => Self::Reprimand { car: car.0, driver: driver.map(|driver| driver.0) },
            Effect::Fine { car, hundredths, currency } => Self::Fine { car: car.0, hundredths, currency },
            Effect::LicencePoints { driver, points } => Self::LicencePoints { driver: driver.0, points },
        }
    }
}
