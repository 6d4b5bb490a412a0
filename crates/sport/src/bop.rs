//! Balance of Performance in force at a session (F1): bulletin after bulletin, each from its own session on, by model and by value.
//!
//! A bulletin that names one value of one model leaves the others as they were; a later session's bulletin never reaches back (case 7).

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::fact::{BopBulletin, BopRow, Fact, What};
use crate::points::Points;
use crate::season::Season;
use crate::session::SessionName;

/// A value with the bulletin that set it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Set<V> {
    /// The value.
    pub value: V,
    /// The bulletin's number.
    pub bulletin: String,
    /// The fact it was recorded as.
    pub fact: u64,
}

/// What a model must run to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InForce {
    /// Ballast in kilograms.
    pub ballast_kg: Option<Set<i32>>,
    /// Restrictor in hundredths of a millimetre.
    pub restrictor_hundredths_mm: Option<Set<u32>>,
    /// Boost table.
    pub boost: Option<Set<String>>,
    /// Ride height front and rear in tenths of a millimetre.
    pub ride_height_tenths_mm: Option<Set<(u32, u32)>>,
    /// Engine map.
    pub engine_map: Option<Set<String>>,
    /// Fuel capacity in tenths of a litre.
    pub fuel_tenths_l: Option<Set<u32>>,
}

impl InForce {
    /// What is set, each as name with its unit, value as printed, and the bulletin that set it.
    pub fn values(&self) -> Vec<(&'static str, String, &str)> {
        fn one<'v, V>(name: &'static str, set: Option<&'v Set<V>>, text: impl Fn(&V) -> String) -> Option<(&'static str, String, &'v str)> {
            set.map(|set| (name, text(&set.value), set.bulletin.as_str()))
        }
        let list = [
            one("ballast_kg", self.ballast_kg.as_ref(), ToString::to_string),
            one("restrictor_mm", self.restrictor_hundredths_mm.as_ref(), |number| decimal(*number, 100)),
            one("boost", self.boost.as_ref(), Clone::clone),
            one("ride_height_mm", self.ride_height_tenths_mm.as_ref(), |(front, rear)| {
                alloc::format!("{} / {}", decimal(*front, 10), decimal(*rear, 10))
            }),
            one("engine_map", self.engine_map.as_ref(), Clone::clone),
            one("fuel_l", self.fuel_tenths_l.as_ref(), |number| decimal(*number, 10)),
        ];
        list.into_iter().flatten().collect()
    }
}

/// A decimal number of tenths or hundredths, as printed.
fn decimal(number: u32, per_unit: usize) -> String {
    Points::whole(i64::from(number)).split(per_unit).published()
}

/// The first session a bulletin applies to, by position in the calendar.
pub fn applies_from(season: &Season, bulletin: &BopBulletin) -> Option<usize> {
    match &bulletin.from_session {
        Some(id) => season.calendar.find(&SessionName { round: bulletin.from_round, id: id.clone() }),
        None => season.calendar.sessions.iter().position(|session| session.name.round == bulletin.from_round),
    }
}

/// Every model a bulletin in force at a session names, with its values.
pub fn in_force(season: &Season, live: &[&Fact], session: usize) -> BTreeMap<String, InForce> {
    let bulletins = live.iter().filter_map(|fact| if let What::Bop(bulletin) = &fact.what { Some((fact.number, bulletin)) } else { None });
    let mut begun: Vec<(usize, u64, &BopBulletin)> = bulletins
        .filter_map(|(fact, bulletin)| Some((applies_from(season, bulletin)?, fact, bulletin)))
        .filter(|(from, _, _)| *from <= session)
        .collect();
    // Of bulletins from one session the later published holds; `live` is in the order they happened.
    begun.sort_by_key(|(from, _, _)| *from);
    let mut models: BTreeMap<String, InForce> = BTreeMap::new();
    for (_, fact, bulletin) in begun {
        for row in &bulletin.rows {
            set(models.entry(row.model.clone()).or_default(), row, bulletin, fact);
        }
    }
    models
}

fn set(values: &mut InForce, row: &BopRow, bulletin: &BopBulletin, fact: u64) {
    fn put<V: Clone>(into: &mut Option<Set<V>>, value: Option<&V>, bulletin: &BopBulletin, fact: u64) {
        if let Some(value) = value {
            *into = Some(Set { value: value.clone(), bulletin: bulletin.number.clone(), fact });
        }
    }
    put(&mut values.ballast_kg, row.ballast_kg.as_ref(), bulletin, fact);
    put(&mut values.restrictor_hundredths_mm, row.restrictor_hundredths_mm.as_ref(), bulletin, fact);
    put(&mut values.boost, row.boost.as_ref(), bulletin, fact);
    put(&mut values.ride_height_tenths_mm, row.ride_height_tenths_mm.as_ref(), bulletin, fact);
    put(&mut values.engine_map, row.engine_map.as_ref(), bulletin, fact);
    put(&mut values.fuel_tenths_l, row.fuel_tenths_l.as_ref(), bulletin, fact);
}
