//! The grid of a race, with the reason for every place (B4).

use alloc::string::String;
use alloc::vec::Vec;

use crate::classification::Classification;
use crate::date::Micros;
use crate::live_session::LiveSession;
use crate::place::Places;
use crate::result::{GridRow, PublishedGrid};
use crate::rulebook::Rulebook;
use crate::rulebook::weekend::SessionPlan;
use crate::season::Season;
use crate::world::Ground;

/// Places a car drops on a grid, by what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GridDrop {
    /// Position in the entry list.
    pub entry: usize,
    /// How many.
    pub places: u16,
    /// By what.
    pub ground: Ground,
}

/// A place on a grid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GridPlace {
    /// Position in the entry list.
    pub entry: usize,
    /// Who set the time, where known.
    pub driver: Option<usize>,
    /// The time it rests on.
    pub time: Option<Micros>,
    /// Why it starts there: each step in one phrase.
    pub reasons: Vec<String>,
}

/// The plan of a session in the weekend format.
pub fn plan<'a>(rulebook: &'a Rulebook, season: &Season, session: usize) -> Option<&'a SessionPlan> {
    let id = &season.calendar.sessions[session].name.id;
    rulebook.law_at(&season.calendar, session).weekend.iter().find(|plan| plan.id == *id)
}

/// The session whose result makes a race's grid.
pub fn source(rulebook: &Rulebook, season: &Season, race: usize) -> Option<usize> {
    let from = plan(rulebook, season, race)?.grid_from.as_ref()?;
    let round = season.calendar.sessions[race].name.round;
    season.calendar.sessions.iter().position(|session| session.name.round == round && session.name.id == *from)
}

/// What a grid is made from.
#[derive(Clone, Copy, Debug)]
pub struct GridFrom<'a> {
    /// The race.
    pub race: usize,
    /// The classification of the session that makes the grid, penalties and deleted laps applied.
    pub of: &'a Classification,
    /// The passings of that session, where there are any: they know who set the time.
    pub live: Option<&'a LiveSession>,
    /// Grid drops in force, also those carried over from an earlier round.
    pub drops: &'a [GridDrop],
}

/// The grid, first place first: the qualifying order, cars without a time behind it, then the drops.
pub fn grid(rulebook: &Rulebook, season: &Season, from: &GridFrom<'_>) -> Vec<GridPlace> {
    let session = &season.calendar.sessions[from.of.session].name;
    let law = rulebook.law_at(&season.calendar, from.race);
    let article = law.grid.as_ref().map_or("", |rule| rule.cite.article.as_str());
    let mut places: Vec<GridPlace> = Vec::new();
    for row in &from.of.rows {
        let driver = from.live.and_then(|live| best_by(live, row.entry));
        let why = match row.place.and_then(Places::exact) {
            Some(place) => match row.best_lap {
                Some(time) => alloc::format!("place {place} in {session} with {time}"),
                None => alloc::format!("place {place} in {session}"),
            },
            None => alloc::format!("no time in {session}: at the back with leave of the stewards ({article})"),
        };
        let time = row.best_lap.filter(|_| row.place.is_some());
        places.push(GridPlace { entry: row.entry, driver, time, reasons: alloc::vec![why] });
    }
    // A car that took no part in the session has no place yet.
    let round = season.calendar.sessions[from.race].name.round;
    for entry in 0..season.list.entries.len() {
        if season.list.entries[entry].spell(round).is_some() && !places.iter().any(|place| place.entry == entry) {
            let why = alloc::format!("took no part in {session}: at the back with leave of the stewards ({article})");
            places.push(GridPlace { entry, driver: None, time: None, reasons: alloc::vec![why] });
        }
    }
    dropped(places, from.drops)
}

/// Every car that drops goes so many places back, to the last at most; those it falls behind move up.
fn dropped(places: Vec<GridPlace>, drops: &[GridDrop]) -> Vec<GridPlace> {
    let mut keyed: Vec<((usize, bool, usize), GridPlace)> = Vec::with_capacity(places.len());
    for (at, mut place) in places.into_iter().enumerate() {
        let mut by = 0;
        for drop in drops.iter().filter(|drop| drop.entry == place.entry) {
            by += usize::from(drop.places);
            place.reasons.push(alloc::format!("{} place{} back by {}", drop.places, if drop.places == 1 { "" } else { "s" }, drop.ground));
        }
        keyed.push(((at + by, by > 0, at), place));
    }
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, place)| place).collect()
}

/// Who set a car's best lap.
fn best_by(live: &LiveSession, entry: usize) -> Option<usize> {
    let car = live.cars.iter().position(|of| *of == entry)?;
    let (best, set) = live.running.best_lap(car)?;
    live.driver(car, crate::date::Instant(set.0 - best.0 / 2))
}

/// The grid as a sheet to publish.
pub fn sheet(season: &Season, race: usize, grid: &[GridPlace]) -> PublishedGrid {
    let row = |(at, place): (usize, &GridPlace)| GridRow {
        car: season.list.entries[place.entry].id.clone(),
        place: Some(Places::exactly(u16::try_from(at + 1).expect("a grid fits in a number"))),
        class_place: None,
        cup_place: None,
        driver: place.driver.map(|driver| season.list.drivers[driver].id.clone()),
        time: place.time,
        note: Some(place.reasons.join("; ")),
    };
    PublishedGrid { session: season.calendar.sessions[race].name.clone(), complete: true, rows: grid.iter().enumerate().map(row).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(entry: usize) -> GridPlace {
        GridPlace { entry, driver: None, time: None, reasons: Vec::new() }
    }

    fn drop_of(entry: usize, places: u16) -> GridDrop {
        GridDrop { entry, places, ground: Ground::Decision("7".into()) }
    }

    fn order(count: usize, drops: &[GridDrop]) -> Vec<usize> {
        dropped((0..count).map(place).collect(), drops).into_iter().map(|place| place.entry).collect()
    }

    #[test]
    fn a_car_drops_as_many_places_as_it_was_given() {
        assert_eq!(order(6, &[drop_of(1, 3)]), [0, 2, 3, 4, 1, 5]);
        assert_eq!(order(6, &[drop_of(4, 10)]), [0, 1, 2, 3, 5, 4], "to the last at most");
        assert_eq!(order(6, &[drop_of(0, 1), drop_of(0, 2)]), [1, 2, 3, 0, 4, 5], "two drops add up");
    }

    #[test]
    fn two_that_drop_keep_their_order() {
        assert_eq!(order(5, &[drop_of(0, 2), drop_of(1, 2)]), [2, 0, 3, 1, 4]);
        let told = &dropped((0..3).map(place).collect(), &[drop_of(0, 1)])[1];
        assert_eq!(told.reasons, ["1 place back by decision 7"]);
    }
}
