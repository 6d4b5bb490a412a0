//! A place that two cars hold: a slip, unless the sheet shows a dead heat.

use sport::date::Micros;
use sport::entry::EntryList;
use sport::names::EntryId;
use sport::place::Places;
use sport::result::{GridRow, ResultRow};

/// What the check for a place given twice needs of a row.
pub(crate) struct Standing<'r> {
    car: &'r EntryId,
    places: [Option<Places>; 3],
    time: Option<Micros>,
    dead_heat: bool,
}

/// The columns and keys of places: among all cars, in the class, in the cup.
pub(crate) const PLACE_COLUMNS: [&str; 3] = ["place", "class-place", "cup-place"];

impl<'r> Standing<'r> {
    pub(crate) fn of_result(row: &'r ResultRow) -> Self {
        Self {
            car: &row.car,
            places: [row.place, row.class_place, row.cup_place],
            time: row.time,
            dead_heat: dead_heat(row.note.as_deref()),
        }
    }

    pub(crate) fn of_grid(row: &'r GridRow) -> Self {
        Self { car: &row.car, places: [row.place, row.class_place, row.cup_place], time: None, dead_heat: dead_heat(row.note.as_deref()) }
    }
}

fn dead_heat(note: Option<&str>) -> bool {
    note.is_some_and(|note| note.to_lowercase().contains("dead heat"))
}

/// The remedy for a place given twice.
pub(crate) const DEAD_HEAT: &str = "correct one; for a dead heat give both the same time, or say dead heat in both notes";

/// A place that two cars hold.
pub(crate) struct Shared {
    /// The car written first.
    first: EntryId,
    /// The car written second.
    pub(crate) car: EntryId,
    /// The column or key of the place.
    pub(crate) column: &'static str,
    place: u16,
}

impl Shared {
    pub(crate) fn message(&self) -> String {
        format!("{} {} is given to car {} and to car {}", self.column, self.place, self.first, self.car)
    }
}

/// The places two cars hold in one ranking, unless the sheet shows a dead heat: the same time, or the words in both notes.
pub(crate) fn shared_places(entries: &EntryList, round: u16, rows: &[Standing<'_>]) -> Vec<Shared> {
    let mut shared = Vec::new();
    for (ix, row) in rows.iter().enumerate() {
        for (ranking, column) in PLACE_COLUMNS.into_iter().enumerate() {
            let exact = |row: &Standing<'_>| row.places[ranking].and_then(Places::exact);
            let Some(place) = exact(row) else { continue };
            let Some(of) = group(entries, round, row.car, ranking) else { continue };
            let same = |other: &&Standing<'_>| {
                exact(other) == Some(place) && other.car != row.car && group(entries, round, other.car, ranking).as_ref() == Some(&of)
            };
            let level = |other: &&Standing<'_>| (row.time.is_some() && row.time == other.time) || (row.dead_heat && other.dead_heat);
            let Some(first) = rows[..ix].iter().filter(same).find(|other| !level(other)) else { continue };
            shared.push(Shared { first: first.car.clone(), car: row.car.clone(), column, place });
        }
    }
    shared
}

/// Which ranking a place counts in: all cars, the class, or the cup where the entry names one.
fn group(entries: &EntryList, round: u16, car: &EntryId, ranking: usize) -> Option<(Option<String>, Option<String>)> {
    let entry = entries.entries.iter().find(|entry| entry.id == *car)?;
    let class = Some(entry.class.to_string());
    match ranking {
        0 => Some((None, None)),
        1 => Some((class, None)),
        _ => entry.spell(round)?.cup.as_ref().map(|cup| (class, Some(cup.to_string()))),
    }
}
