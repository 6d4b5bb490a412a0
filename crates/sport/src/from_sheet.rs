//! What a published sheet says of a car, in words, and whether a decision came before it or after.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::classification::Classified;
use crate::entry::EntryList;
use crate::fact::Fact;
use crate::place::Places;
use crate::result::{PublishedResult, ResultState};
use crate::world::Ground;

/// `amended sheet, without decision 71: place 3 of all, 2 in class`: the state it was published in, and what moved the car and is not in it.
pub(crate) fn told(list: &EntryList, sheet: Option<&PublishedResult>, state: ResultState, row: &Classified) -> String {
    let car = &list.entries[row.entry].id;
    let printed = sheet.and_then(|sheet| sheet.rows.iter().find(|row| row.car == *car));
    let printed = printed.map_or([None; 3], |row| [row.place, row.class_place, row.cup_place]);
    let places = printed.into_iter().zip(["of all", "in class", "in cup"]);
    let places = places.filter_map(|(place, of)| Some((place.filter(|place| *place != Places::ANY)?, of)));
    let places: Vec<String> = places.map(|(place, of)| alloc::format!("{place} {of}")).collect();
    let places = if places.is_empty() { String::from("no place printed") } else { alloc::format!("place {}", places.join(", ")) };
    // A matter that is supposed to be upheld is no decision that a sheet could hold.
    let decisions = row.effects.iter().filter(|(ground, _)| matches!(ground, Ground::Decision(_)));
    let mut without: Vec<String> = decisions.map(|(ground, _)| ground.to_string()).collect();
    without.dedup();
    let without = if without.is_empty() { String::new() } else { alloc::format!(", without {}", without.join(", ")) };
    alloc::format!("{} sheet{without}: {places}", state.word())
}

/// Whether a decision that acts on a sheet came after it, or was there before and is not in it.
pub(crate) fn when(live: &[&Fact], sheet: &Fact, ground: &Ground) -> &'static str {
    let Ground::Decision(id) = ground else { return "" };
    let decided = live.iter().find(|fact| fact.what.decision().is_some_and(|decision| decision.id == *id));
    match decided {
        Some(fact) if (fact.happened, fact.number) > (sheet.happened, sheet.number) => ", taken after that sheet",
        Some(_) => ", taken before that sheet and not in it",
        None => "",
    }
}
