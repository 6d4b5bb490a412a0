//! Podium ceremonies follow the provisional result; a later change does not stage them again (E7).

use alloc::vec::Vec;

use crate::classification::Classification;
use crate::rulebook::weekend::Podium;
use crate::season::Season;

/// The cars on a podium's steps by a classification, first first; the second of a dead heat stands on the next step. A step whose
/// car nobody published is `None`.
pub fn steps(podium: &Podium, season: &Season, of: &Classification) -> Vec<Option<usize>> {
    let mut steps: Vec<Option<usize>> = alloc::vec![None; usize::from(podium.places)];
    for row in &of.rows {
        let place = if podium.cup.is_some() { row.cup_place } else { row.class_place };
        let in_cup = podium.cup.as_ref().is_none_or(|cup| row.cup.is(cup) == Some(true));
        let belongs = season.list.entries[row.entry].class == podium.class && in_cup && row.may_finish();
        let Some(place) = place.and_then(|place| place.exact()).filter(|_| belongs) else { continue };
        if let Some(free) = steps.iter_mut().skip(usize::from(place) - 1).find(|step| step.is_none()) {
            *free = Some(row.entry);
        }
    }
    steps
}
