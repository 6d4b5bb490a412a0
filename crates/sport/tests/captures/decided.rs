//! The table as decided against the official one, row by row.

use std::collections::BTreeMap;

use sport::date::Micros;
use sport::result::Finish;

use crate::alkamel::Official;
use crate::season::Row;
use crate::stewards::{Act, Decided, Printed};

/// Every car whose row is not the official one, with both.
pub(crate) fn against(table: &[Row], official: &[Official]) -> Vec<String> {
    let mut in_class: BTreeMap<&str, u16> = BTreeMap::new();
    let mut differs = Vec::new();
    for (at, row) in official.iter().enumerate() {
        let classified = row.status == "Classified";
        let nth = in_class.entry(&row.class).or_default();
        *nth += u16::from(classified);
        let finish = if classified { Finish::Classified } else { Finish::NotStarted };
        let wanted = Row {
            car: row.car.clone(),
            class: row.class.clone(),
            finish,
            place: row.place.parse().ok(),
            class_place: classified.then_some(*nth),
            laps: row.laps,
            time: row.time,
            best: row.best,
        };
        let told = table.iter().position(|told| told.car == row.car);
        let gaps = told.map(|told| [gap(table.first(), &table[told]), gap(told.checked_sub(1).map(|ahead| &table[ahead]), &table[told])]);
        // Of a car that set no lap time of its own the sheet prints no best lap.
        let same = told.is_some_and(|told| table[told] == Row { best: row.best.or(table[told].best), ..wanted.clone() });
        if !same || (classified && (told != Some(at) || gaps != Some(row.gaps.clone().map(Some)))) {
            differs.push(format!(
                "car {}: official {wanted:?} {:?}, decided {:?} {gaps:?}",
                row.car,
                row.gaps,
                told.map(|told| &table[told])
            ));
        }
    }
    let extra = table.iter().filter(|row| !official.iter().any(|official| official.car == row.car));
    differs.extend(extra.map(|row| format!("car {}: not on the official sheet", row.car)));
    differs
}

/// As the sheet prints it: `-` of the first, `+3.761`, `2 Laps`.
fn gap(ahead: Option<&Row>, row: &Row) -> Option<String> {
    let Some(ahead) = ahead.filter(|ahead| ahead.car != row.car) else { return Some("-".to_owned()) };
    match ahead.laps.checked_sub(row.laps)? {
        0 => Some(format!("+{}", Micros(row.time?.0 - ahead.time?.0))),
        1 => Some("1 Lap".to_owned()),
        laps => Some(format!("{laps} Laps")),
    }
}

/// Every car that is not as reports printed it.
pub(crate) fn against_reports(table: &[Row], printed: &[Printed]) -> Vec<String> {
    let differs = |printed: &&Printed| {
        let Some(row) = table.iter().find(|row| row.car == printed.car) else { return true };
        let first = table.iter().find(|first| !printed.of_class || first.class == row.class);
        let behind = first.and_then(|first| Some((row.time?.0 - first.time?.0) / 1_000).filter(|_| first.laps == row.laps));
        let place = if printed.of_class { row.class_place } else { row.place };
        place != printed.place
            || (row.finish == Finish::Classified) != printed.place.is_some()
            || printed.laps.is_some_and(|laps| laps != row.laps)
            || (printed.behind_ms.is_some() && behind != printed.behind_ms)
    };
    let says = |printed: &Printed| {
        let row = table.iter().find(|row| row.car == printed.car);
        format!("car {}: printed {:?} {:?} {:?}, decided {row:?}", printed.car, printed.place, printed.laps, printed.behind_ms)
    };
    printed.iter().filter(differs).map(says).collect()
}

/// The classified cars of a sheet as decisions would leave them, worked out without the product: who is disqualified goes, laps and time are
/// counted again, and places are dropped last, by one car at most.
pub(crate) fn supposed(official: &[Official], decided: &[&Decided<'_>]) -> Vec<(String, u32, Option<Micros>)> {
    let classified = official.iter().filter(|row| row.status == "Classified");
    let mut rows: Vec<_> = classified.map(|row| (row.car.clone(), row.laps, row.time)).collect();
    let mut dropped = None;
    for decided in decided {
        let at = rows.iter().position(|row| row.0 == decided.car).expect("a classified car");
        match decided.act {
            Act::Time(seconds) => rows[at].2 = rows[at].2.map(|time| Micros(time.0 + seconds * 1_000_000)),
            Act::Laps(laps) => rows[at].1 -= laps,
            Act::Places(places) => dropped = Some((decided.car, usize::from(places))),
            Act::Disqualified => drop(rows.remove(at)),
        }
    }
    rows.sort_by_key(|(_, laps, time)| (std::cmp::Reverse(*laps), *time));
    if let Some((car, places)) = dropped {
        let from = rows.iter().position(|row| row.0 == car).expect("a classified car");
        let row = rows.remove(from);
        rows.insert((from + places).min(rows.len()), row);
    }
    rows
}
