//! The grid of a race, with the reason for every place (B4).

use alloc::string::String;
use alloc::vec::Vec;

use crate::classification::Classification;
use crate::date::{Instant, Micros};
use crate::evaluate::evaluate;
use crate::evaluation::Evaluation;
use crate::fact::{Fact, What};
use crate::grid_drop::{GridDrop, grid_drops, not_started};
use crate::live_session::LiveSession;
use crate::place::Places;
use crate::result::{GridRow, PublishedGrid, ResultState};
use crate::rulebook::Rulebook;
use crate::rulebook::weekend::{GridRule, SessionPlan};
use crate::rules::grid_drops::dropped as order_after;
use crate::rules::line_up::{Entered, LineUp, Ran, Run};
use crate::running::Ranking;
use crate::season::{Moment, Season};
use crate::world::World;

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

/// A grid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grid {
    /// First place first.
    pub places: Vec<GridPlace>,
    /// Cars that are not on it, where the rulebook lets nobody start without a time.
    pub out: Vec<GridPlace>,
    /// Who has pole position, by its place in the entry list; the next car where it passed on.
    pub pole: Option<usize>,
}

/// Why there is no grid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoGrid {
    /// The rulebook names no session of the round that makes it.
    NoSource,
    /// This session, by its position on the calendar, has no result yet.
    NoResult(usize),
}

/// The plan of a session in the weekend format.
pub fn plan<'a>(rulebook: &'a Rulebook, season: &Season, session: usize) -> Option<&'a SessionPlan> {
    let id = &season.calendar.sessions[session].name.id;
    rulebook.law_at(&season.calendar, session).weekend.iter().find(|plan| plan.id == *id)
}

/// The sessions held in the round that make a race's grid, in the order they are asked; `None` where none makes it.
pub fn sources(rulebook: &Rulebook, season: &Season, race: usize) -> Option<Vec<usize>> {
    let from = plan(rulebook, season, race)?.grid_from.as_ref()?;
    let round = season.calendar.sessions[race].name.round;
    let held = |id: &crate::names::SessionId| {
        season.calendar.sessions.iter().position(|session| session.name.round == round && session.name.id == *id)
    };
    from.base.sessions().iter().any(|id| held(id).is_some()).then(|| from.sessions().into_iter().filter_map(held).collect())
}

/// The grid of a race: by the results of the sessions that make it, as published or else as their passings give them, and the drops.
pub fn grid(rulebook: &Rulebook, season: &Season, moment: Moment, world: &World, race: usize) -> Result<Grid, NoGrid> {
    let from = plan(rulebook, season, race).and_then(|plan| plan.grid_from.as_ref()).ok_or(NoGrid::NoSource)?;
    let sessions = sources(rulebook, season, race).ok_or(NoGrid::NoSource)?;
    let runs = runs(rulebook, season, moment, world, &sessions)?;
    let law = rulebook.law_at(&season.calendar, race);
    let article = law.grid.as_ref().map_or("", |rule| rule.cite.article.as_str());
    let without_time_at_back = law.grid.as_ref().is_none_or(|rule| rule.without_time_at_back);
    let entered = entered(season, season.calendar.sessions[race].name.round);
    let lined = LineUp { source: from, runs: &runs, entered: &entered, article, without_time_at_back }.order();
    let (lined, out): (Vec<_>, Vec<_>) = lined.into_iter().partition(|lined| lined.timed || without_time_at_back);
    let places = lined.into_iter().map(|lined| lined.place).collect();
    let out = out.into_iter().map(|lined| lined.place).collect();
    let mut places = dropped(places, &grid_drops(season, moment, world, race));
    let absent = not_started(season, &season.live(moment), race);
    let pole = unstarted(season, &mut places, &absent, law.grid.as_ref());
    Ok(Grid { places, out, pole })
}

/// The cars entered for a round.
fn entered(season: &Season, round: u16) -> Vec<Entered> {
    let of = |(entry, of): (usize, &crate::entry::Entry)| {
        let named = |driver: usize| (driver, season.list.drivers[driver].name.clone());
        let spell = of.spell(round)?;
        let crew = spell.crew.iter().filter_map(|id| season.list.driver(id)).map(named).collect();
        Some(Entered { entry, crew, crew_open: spell.crew_open })
    };
    season.list.entries.iter().enumerate().filter_map(of).collect()
}

/// What the cars did in these sessions.
fn runs(rulebook: &Rulebook, season: &Season, moment: Moment, world: &World, sessions: &[usize]) -> Result<Vec<Run>, NoGrid> {
    let live: Vec<Option<LiveSession>> = sessions.iter().map(|session| LiveSession::of(rulebook, season, moment, *session)).collect();
    let evaluation = results(rulebook, season, moment, world, sessions, &live);
    let run = |(session, live): (&usize, &Option<LiveSession>)| {
        let of = evaluation.classification(*session).ok_or(NoGrid::NoResult(*session))?;
        Ok(run(season, of, live.as_ref()))
    };
    sessions.iter().zip(&live).map(run).collect()
}

/// The season with a sheet for each of these sessions: where none was published, the one its passings give.
fn results(
    rulebook: &Rulebook,
    season: &Season,
    moment: Moment,
    world: &World,
    sessions: &[usize],
    live: &[Option<LiveSession>],
) -> Evaluation {
    let facts = season.live(moment);
    let published = |session: usize| {
        let name = &season.calendar.sessions[session].name;
        facts.iter().filter_map(|fact| fact.what.result()).any(|sheet| sheet.session == *name && sheet.mark.is_none())
    };
    let last = season.facts().iter().map(|fact| fact.happened).max().unwrap_or(Instant(0));
    let (happened, recorded) = (last.min(moment.in_force), last.min(moment.known));
    let mut with = season.clone();
    for (session, live) in sessions.iter().zip(live) {
        if let Some(live) = live.as_ref().filter(|_| !published(*session)) {
            let what = What::Result(live.sheet(rulebook, season, ResultState::Provisional));
            let citation = String::from("computed from passings");
            with.apply(&Fact { number: with.next_number(), happened, recorded, by: String::new(), citation, what });
        }
    }
    evaluate(rulebook, &with, moment, sessions.iter().max().copied(), world)
}

fn run(season: &Season, of: &Classification, live: Option<&LiveSession>) -> Run {
    let on = &season.calendar.sessions[of.session];
    let ran = |row: &crate::classification::Classified| {
        let by_driver = live.map_or_else(Vec::new, |live| by_driver(live, row.entry));
        // A sheet that names one driver says whose the best lap is.
        let alone =
            if let ([driver], [], false) = (row.crew.as_slice(), row.perhaps.as_slice(), row.crew_open) { Some(*driver) } else { None };
        let by_driver = if by_driver.is_empty() { alone.zip(row.best_lap).into_iter().collect() } else { by_driver };
        let driver = live.and_then(|live| best_by(live, row.entry));
        Ran { entry: row.entry, finish: row.finish, place: row.place, best: row.best_lap, driver, by_driver }
    };
    // Who is on no sheet took no part, as far as anybody said.
    let cars = of.rows.iter().filter(|row| row.on_sheet).map(ran).collect();
    Run { name: on.name.clone(), race: Ranking::of(on.kind) == Ranking::Distance, cars }
}

/// Who set a car's best lap.
fn best_by(live: &LiveSession, entry: usize) -> Option<usize> {
    let car = live.cars.iter().position(|of| *of == entry)?;
    let (best, set) = live.running.best_lap(car)?;
    live.driver(car, Instant(set.0 - best.0 / 2))
}

/// The best lap of each driver of whom it is known who drove.
fn by_driver(live: &LiveSession, entry: usize) -> Vec<(usize, Micros)> {
    let mut best: Vec<(usize, Micros)> = Vec::new();
    let Some(car) = live.cars.iter().position(|of| *of == entry) else { return best };
    for (lap, end) in live.running.timed_laps(car) {
        let Some(by) = live.driver(car, Instant(end.0 - lap.0 / 2)) else { continue };
        match best.iter_mut().find(|(driver, _)| *driver == by) {
            Some((_, known)) => *known = lap.min(*known),
            None => best.push((by, lap)),
        }
    }
    best
}

/// Cars of the grid that did not start, in its order: each leaves its place empty; and who has pole then, as the rulebook says.
fn unstarted(season: &Season, places: &mut [GridPlace], absent: &[usize], rule: Option<&GridRule>) -> Option<usize> {
    for place in places.iter_mut().filter(|place| absent.contains(&place.entry)) {
        place.reasons.push(String::from("did not start: its place stays empty"));
    }
    let first = places.first()?.entry;
    let Some(rule) = rule.filter(|_| absent.contains(&first)) else { return Some(first) };
    let article = &rule.cite.article;
    if !rule.pole_passes_on {
        places[0].reasons.push(alloc::format!("keeps pole position ({article})"));
        return Some(first);
    }
    let next = places.iter_mut().find(|place| !absent.contains(&place.entry))?;
    let first = season.list.entries[first].label();
    next.reasons.push(alloc::format!("pole position passes on to it: car {first} did not start ({article})"));
    Some(next.entry)
}

/// The grid after the drops, each told with the car it acts on (see [`order_after`]).
fn dropped(mut places: Vec<GridPlace>, drops: &[GridDrop]) -> Vec<GridPlace> {
    let mut by = alloc::vec![0; places.len()];
    for (place, by) in places.iter_mut().zip(&mut by) {
        for drop in drops.iter().filter(|drop| drop.entry == place.entry) {
            *by += usize::from(drop.places);
            place.reasons.push(alloc::format!("{drop}"));
        }
    }
    order_after(&by).into_iter().map(|at| places[at].clone()).collect()
}

/// The grid as a sheet to publish.
pub fn sheet(season: &Season, race: usize, grid: &Grid) -> PublishedGrid {
    let row = |(at, place): (usize, &GridPlace)| GridRow {
        car: season.list.entries[place.entry].id.clone(),
        place: Some(Places::exactly(u16::try_from(at + 1).expect("a grid fits in a number"))),
        class_place: None,
        cup_place: None,
        driver: place.driver.map(|driver| season.list.drivers[driver].id.clone()),
        time: place.time,
        note: Some(place.reasons.join("; ")),
    };
    let rows = grid.places.iter().enumerate().map(row).collect();
    PublishedGrid { session: season.calendar.sessions[race].name.clone(), complete: true, rows }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Ground;

    #[test]
    fn a_drop_is_told_with_its_car() {
        let place = |entry| GridPlace { entry, driver: None, time: None, reasons: Vec::new() };
        let drop = GridDrop { entry: 0, places: 1, ground: Ground::Decision("7".into()), carried: None };
        let told = dropped((0..3).map(place).collect(), &[drop]);
        assert_eq!((told[1].entry, told[1].reasons.clone()), (0, alloc::vec![String::from("1 place back by decision 7")]));
    }
}
