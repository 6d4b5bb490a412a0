//! Podium ceremonies follow the provisional result; a later change does not stage them again (E7).

use alloc::vec::Vec;

use crate::classification::Classification;
use crate::evaluate::evaluate;
use crate::fact::Fact;
use crate::rulebook::Rulebook;
use crate::rulebook::weekend::Podium;
use crate::season::{Moment, Season};
use crate::session::SessionKind;
use crate::world::World;

/// The podiums of a race as they were staged, each with the cars on its steps; those of which nobody published a step are left out. The ceremony
/// follows the first sheet published.
pub fn staged<'a>(rulebook: &'a Rulebook, season: &Season, moment: Moment, of: &Classification) -> Vec<(&'a Podium, Vec<Option<usize>>)> {
    let session = &season.calendar.sessions[of.session];
    if session.kind != SessionKind::Race || of.annulled.is_some() {
        return Vec::new();
    }
    let finish = |fact: &&&Fact| fact.what.result().is_some_and(|sheet| sheet.session == session.name && sheet.mark.is_none());
    let live = season.live(moment);
    let Some(first) = live.iter().find(finish) else { return Vec::new() };
    let then = Moment { in_force: first.happened, ..moment };
    let staged = evaluate(rulebook, season, then, Some(of.session), &World::default());
    let Some(of) = staged.classification(of.session) else { return Vec::new() };
    let podiums = rulebook.law_at(&season.calendar, of.session).podiums.iter();
    podiums.map(|podium| (podium, steps(podium, season, of))).filter(|(_, steps)| steps.iter().any(Option::is_some)).collect()
}

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
