//! Balance of Performance bulletins on the wire, version 1.

use serde::{Deserialize, Serialize};
use sport::fact as sport_fact;
use sport::names::SessionId;

use super::written::Name;

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct BopBulletin {
    number: String,
    from_round: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from_session: Option<Name<SessionId>>,
    article: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rows: Vec<BopRow>,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct BopRow {
    model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ballast_kg: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    restrictor_hundredths_mm: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    boost: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ride_height_tenths_mm: Option<(u32, u32)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    engine_map: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fuel_tenths_l: Option<u32>,
}

impl From<&sport_fact::BopBulletin> for BopBulletin {
    fn from(bulletin: &sport_fact::BopBulletin) -> Self {
        let sport_fact::BopBulletin { number, from_round, from_session, article, rows } = bulletin;
        Self {
            number: number.clone(),
            from_round: *from_round,
            from_session: from_session.clone().map(Name),
            article: article.clone(),
            rows: rows.iter().map(BopRow::from).collect(),
        }
    }
}

impl From<BopBulletin> for sport_fact::BopBulletin {
    fn from(wire: BopBulletin) -> Self {
        let BopBulletin { number, from_round, from_session, article, rows } = wire;
        Self {
            number,
            from_round,
            from_session: from_session.map(|session| session.0),
            article,
            rows: rows.into_iter().map(sport_fact::BopRow::from).collect(),
        }
    }
}

impl From<&sport_fact::BopRow> for BopRow {
    fn from(row: &sport_fact::BopRow) -> Self {
        let sport_fact::BopRow { model, ballast_kg, restrictor_hundredths_mm, boost, ride_height_tenths_mm, engine_map, fuel_tenths_l } =
            row;
        Self {
            model: model.clone(),
            ballast_kg: *ballast_kg,
            restrictor_hundredths_mm: *restrictor_hundredths_mm,
            boost: boost.clone(),
            ride_height_tenths_mm: *ride_height_tenths_mm,
            engine_map: engine_map.clone(),
            fuel_tenths_l: *fuel_tenths_l,
        }
    }
}

impl From<BopRow> for sport_fact::BopRow {
    fn from(wire: BopRow) -> Self {
        let BopRow { model, ballast_kg, restrictor_hundredths_mm, boost, ride_height_tenths_mm, engine_map, fuel_tenths_l } = wire;
        Self { model, ballast_kg, restrictor_hundredths_mm, boost, ride_height_tenths_mm, engine_map, fuel_tenths_l }
    }
}
