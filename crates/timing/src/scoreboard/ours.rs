//! The board of a session of ours.
//!
//! As real feeds do it, the total and the place of a car contain what stewards added, and the totals of its laps do not: the difference of the two is the penalty.

use std::collections::BTreeMap;

use sport::as_it_stands::AsItStands;
use sport::date::{Instant, Micros};
use sport::meeting_fact::Signal;
use sport::rulebook::Rulebook;
use sport::running::Ranking;
use sport::season::Season;
use sport::tower::tower;

use super::{Best, Car, Clock, Entry, Lap, Position, Run, Scoreboard, TRACK_LENGTH, TRACK_NAME};
use crate::account::Flag;

/// Runs are numbered to here, and then from 1 again.
const RUNS: usize = 90;

impl Scoreboard {
    /// The board of a session as it stands at a moment. `transponder`: the transponder of an entry, where it has one.
    pub fn of(rulebook: &Rulebook, season: &Season, stands: &AsItStands, now: Instant, transponder: impl Fn(usize) -> Option<u32>) -> Self {
        let live = &stands.session;
        let on = &season.calendar.sessions[live.session];
        let round = season.calendar.round(on.name.round);
        let run = Run {
            number: u32::try_from(live.session % RUNS + 1).ok(),
            name: format!("{} {}", on.kind.word(), on.number),
            event: round.map(|round| round.name.clone()).unwrap_or_default(),
            kind: Some(on.kind),
            start: live.start(),
        };
        let length = round.and_then(|round| round.layout.as_ref()).map(|layout| kilometres(layout.measures.length));
        let settings = [(TRACK_NAME, run.event.clone()), (TRACK_LENGTH, length.unwrap_or_default())];
        let settings = settings.map(|(name, value)| (name.to_owned(), value)).into();
        let clock = Some(clock(rulebook, season, stands, now));
        let mut board = Self { run, settings, classes: BTreeMap::new(), clock, cars: BTreeMap::new() };
        for (nth, row) in tower(season, stands).into_iter().enumerate() {
            let start = live.start().unwrap_or(now);
            let lap = |nth: usize, time: Micros, end: Instant| Lap {
                number: u32::try_from(nth + 1).unwrap_or(u32::MAX),
                time: time.whole_ms(),
                total: Micros(end.0 - start.0).whole_ms(),
                ..Lap::told(None, None)
            };
            let laps = live.laps_of(row.car);
            let driven: Vec<Lap> = laps.iter().enumerate().map(|(nth, of)| lap(nth, of.time, of.end)).collect();
            let total = if Ranking::of(on.kind) == Ranking::Distance { row.classified.time } else { None };
            let position = Position {
                place: place(nth),
                laps: if driven.is_empty() { None } else { i32::try_from(row.laps()).ok() },
                total: total.map(Micros::whole_ms).or(driven.last().map(|lap| lap.total)),
            };
            let best = laps.iter().enumerate().filter(|(_, lap)| lap.timed).min_by_key(|(_, lap)| lap.time);
            let best = Best { place: None, lap: best.map(|(nth, _)| place(nth)), time: best.map(|(_, lap)| lap.time.whole_ms()) };
            let entry = &season.list.entries[row.classified.entry];
            let driver = row.driver.or(row.classified.crew.first().copied()).map(|driver| season.list.drivers[driver].name.as_str());
            let (first, last) = driver.map_or(("", ""), |name| name.split_once(' ').unwrap_or(("", name)));
            let team = entry.team.as_ref().and_then(|id| season.list.team(id)).map(|team| season.list.teams[team].name.clone());
            let who = Entry {
                number: entry.label(),
                transponder: Some(transponder(row.classified.entry).map_or_else(String::new, |of| of.to_string())),
                first: first.to_owned(),
                last: last.to_owned(),
                // What apps show beside the name, of whichever of the two records they read.
                nationality: team.clone().unwrap_or_default(),
                class: board.class_named(&entry.class.to_string()),
                more: Some(team.unwrap_or_default()),
            };
            let car = Car { entry: Some(who), position: Some(position), best: Some(best), laps: driven, ..Car::default() };
            board.cars.insert(entry.id.to_string(), car);
        }
        board.rank_bests();
        board
    }

    /// Cars in the order of their best laps, those without one in the order of the rest.
    fn rank_bests(&mut self) {
        let mut order: Vec<&mut Car> = self.cars.values_mut().collect();
        let time = |car: &Car| car.best.and_then(|best| best.time).unwrap_or(Micros(i64::MAX));
        order.sort_by_key(|car| (time(car), car.position.map(|position| position.place)));
        for (nth, car) in order.into_iter().enumerate() {
            if let Some(best) = &mut car.best {
                best.place = Some(place(nth));
            }
        }
    }
}

fn place(nth: usize) -> u32 {
    u32::try_from(nth + 1).unwrap_or(u32::MAX)
}

/// Metres as kilometres: `5.451`.
fn kilometres(metres: u32) -> String {
    format!("{}.{:03}", metres / 1_000, metres % 1_000)
}

/// Whole seconds: a feed has no finer ones in its heartbeat.
fn whole(time: Micros) -> Micros {
    Micros::seconds(time.0.max(0) / 1_000_000)
}

fn clock(rulebook: &Rulebook, season: &Season, stands: &AsItStands, now: Instant) -> Clock {
    let live = &stands.session;
    let on = &season.calendar.sessions[live.session];
    let race = live.race_clock(rulebook, season).map_or(Micros(0), |clock| clock.time(now));
    let planned = on.minutes.map(|minutes| Micros::seconds(i64::from(minutes) * 60));
    let to_go = planned.map_or(Micros(0), |planned| Micros((planned.0 - race.0).max(0)));
    let leader = live.running.order().map(|progress| progress.laps).max().unwrap_or(0);
    let laps_to_go = on.laps.map(|laps| laps.saturating_sub(leader));
    let shown = live.signals.iter().rev().map(|(_, signal)| *signal).find(|signal| *signal != Signal::Close);
    let flag = match shown {
        Some(Signal::Green) => Some(Flag::Green),
        Some(Signal::FullCourseYellow) => Some(Flag::FullCourseYellow),
        Some(Signal::SafetyCar) => Some(Flag::SafetyCar),
        Some(Signal::Red) => Some(Flag::Red),
        Some(Signal::Chequered) => Some(Flag::Chequered),
        Some(Signal::Open | Signal::Close) | None => None,
    };
    Clock { laps_to_go, to_go: whole(to_go), of_day: whole(Micros(now.0.rem_euclid(86_400_000_000))), race: whole(race), flag }
}
