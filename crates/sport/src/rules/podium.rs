//! Podium ceremonies follow the provisional result; a later change does not stage them again (E7).

use alloc::vec::Vec;

use crate::classification::Classification;
use crate::rulebook::weekend::Podium;
use crate::season::Season;

/// The cars on a podium's steps by a classification, first first. A step whose car nobody published is `None`.
pub fn steps(podium: &Podium, season: &Season, of: &Classification) -> Vec<Option<usize>> {
    let on = |step: u16| {
        let there = of.rows.iter().find(|row| {
            let place = if podium.cup.is_some() { row.cup_place } else { row.class_place };
            let in_cup = podium.cup.as_ref().is_none_or(|cup| row.cup.is(cup) == Some(true));
            season.list.entries[row.entry].class == podium.class
                && in_cup
                && row.may_finish()
                && place.and_then(|place| place.exact()) == Some(step)
        });
        there.map(|row| row.entry)
    };
    (1..=podium.places).map(on).collect()
}
