//! A session as the log of a feed that told it: who takes part, every lap and flag when it was, and the order in the end.

use std::collections::BTreeMap;

use sport::date::{Instant, Micros};

use super::told::Speaker;
use super::told::rmonitor::{best, heartbeat, ms, position};
use super::{Best, Car, Clock, Entry, Lap, Position, Scoreboard, TRACK_NAME};
use crate::account::{self, Account};
use crate::multiloop::field::Separator;
use crate::rmonitor::record::Record;

/// A log of RMonitor.
pub fn rmonitor(account: &Account) -> Vec<u8> {
    let mut replay = Replay::of(account);
    let mut out = String::new();
    replay.board.refresh(&mut out);
    let mut say = |record: Record<'_>| record.encode(&mut out);
    for happens in events(account) {
        match happens {
            Happens::Flag(elapsed, flag) => say(heartbeat(replay.flag(elapsed, flag))),
            Happens::Lap(car, lap) => {
                let (registration, lap, at) = replay.lap(car, lap);
                say(Record::Crossing { car: registration, lap: ms(lap.time), total: ms(lap.total) });
                say(position(registration, at));
            }
        }
    }
    replay.claim(account);
    let ranked = replay.board.ranked();
    ranked.iter().filter_map(|(registration, car)| Some(position(registration, car.position?))).for_each(&mut say);
    ranked.iter().filter_map(|(registration, car)| Some(best(registration, car.best?))).for_each(&mut say);
    out.into_bytes()
}

/// A log of Multiloop.
pub fn multiloop(account: &Account, separator: Separator) -> Vec<u8> {
    let mut replay = Replay::of(account);
    let mut speaker = Speaker::new(separator);
    let start = began(account);
    let mut out = speaker.refresh(&replay.board, start);
    for happens in events(account) {
        match happens {
            Happens::Flag(elapsed, flag) => {
                replay.flag(elapsed, flag);
                speaker.flag(&replay.board, Instant(start.0.saturating_add(elapsed.0)), &mut out);
            }
            Happens::Lap(car, lap) => {
                replay.lap(car, lap);
                let registration = &replay.registrations[car];
                speaker.lap_of(&replay.board, registration, &replay.board.cars[registration], &mut out);
            }
        }
    }
    replay.claim(account);
    out.extend(speaker.refresh(&replay.board, start));
    out
}

/// When it began; where nobody says that, when time did.
fn began(account: &Account) -> Instant {
    account.about.began.unwrap_or(Instant(0))
}

/// What happens in a session.
enum Happens<'a> {
    /// A flag, since the start.
    Flag(Micros, account::Flag),
    /// A lap, of a car by its position in the account.
    Lap(usize, &'a account::Lap),
}

/// What happens, by when it does.
fn events(account: &Account) -> Vec<Happens<'_>> {
    let flags = account.flags.iter().filter_map(|of| Some((of.elapsed?, Happens::Flag(of.elapsed?, of.flag))));
    let laps = account.laps.iter().filter_map(|lap| Some((lap.elapsed?, Happens::Lap(lap.car, lap))));
    let mut events: Vec<(Micros, Happens<'_>)> = flags.chain(laps).collect();
    events.sort_by_key(|(at, _)| *at);
    events.into_iter().map(|(_, happens)| happens).collect()
}

/// The board while a session is told again.
struct Replay {
    board: Scoreboard,
    /// By the position of a car in the account.
    registrations: Vec<String>,
    began: Instant,
    /// How many cars have completed a lap of this number.
    completed: BTreeMap<u32, u32>,
}

impl Replay {
    /// Before the start.
    fn of(account: &Account) -> Self {
        let mut board = Scoreboard::default();
        board.run.number = Some(1);
        board.run.name = account.about.session.clone().unwrap_or_default();
        board.run.event = account.about.event.clone().unwrap_or_default();
        (board.run.kind, board.run.start) = (account.about.kind, account.about.began);
        board.settings.insert(TRACK_NAME.to_owned(), account.about.track.clone().unwrap_or_default());
        let mut classes: Vec<&str> = account.cars.iter().filter_map(|car| car.class.as_deref()).collect();
        classes.sort_unstable();
        classes.dedup();
        board.classes = (1..).zip(classes.into_iter().map(str::to_owned)).collect();
        let mut registrations = Vec::new();
        for car in &account.cars {
            let of_class = |class: &str| board.classes.iter().find(|(_, name)| *name == class).map(|(number, _)| *number);
            let class = car.class.as_deref().and_then(of_class).unwrap_or(0);
            let registration = car.key.clone().unwrap_or_else(|| car.number.clone());
            board.cars.insert(registration.clone(), Car { entry: Some(entry(car, class)), ..Car::default() });
            registrations.push(registration);
        }
        Self { board, registrations, began: began(account), completed: BTreeMap::new() }
    }

    fn flag(&mut self, elapsed: Micros, flag: account::Flag) -> Clock {
        let of_day = Micros(self.began.0.saturating_add(elapsed.0).rem_euclid(86_400_000_000));
        let clock = Clock { laps_to_go: None, to_go: Micros(0), of_day, race: elapsed, flag: Some(flag) };
        self.board.clock = Some(clock);
        clock
    }

    /// A car completes a lap: its place is after all who completed it before.
    fn lap(&mut self, car: usize, of: &account::Lap) -> (&str, Lap, Position) {
        let place = self.completed.entry(of.number).or_default();
        *place += 1;
        let total = of.elapsed.unwrap_or(Micros(0)).whole_ms();
        let at = Position { place: *place, laps: i32::try_from(of.number).ok(), total: Some(total) };
        let time = of.time.map_or(Micros(0), Micros::whole_ms);
        let lap = Lap { number: of.number, time, total, into_pit: of.into_pit, invalidated: !of.valid, ..Lap::told(of.flag, None) };
        let registration = &self.registrations[car];
        if let Some(car) = self.board.cars.get_mut(registration) {
            car.position = Some(at);
            car.laps.push(lap);
        }
        (registration, lap, at)
    }

    /// The order in the end, as the account has it.
    fn claim(&mut self, account: &Account) {
        for (nth, claim) in account.claims.iter().enumerate() {
            let Some(car) = self.board.cars.get_mut(&self.registrations[claim.car]) else { continue };
            let driven = car.position;
            let place = claim.place.map_or_else(|| u32::try_from(nth + 1).unwrap_or(u32::MAX), u32::from);
            let laps = claim.laps.map(|laps| i32::try_from(laps).unwrap_or(i32::MAX)).or(driven.and_then(|of| of.laps));
            let total = claim.time.map(Micros::whole_ms).or(driven.and_then(|of| of.total));
            car.position = Some(Position { place, laps, total });
            car.stops = claim.stops;
            car.best = Some(Best { place: Some(place), lap: claim.best_lap, time: claim.best.map(Micros::whole_ms) });
        }
    }
}

fn entry(car: &account::Car, class: i32) -> Entry {
    let (first, last) = car.drivers.first().map_or(("", ""), |driver| match (&driver.first, &driver.last) {
        (None, None) => driver.name.split_once(' ').unwrap_or(("", &driver.name)),
        (first, last) => (first.as_deref().unwrap_or_default(), last.as_deref().unwrap_or_default()),
    });
    Entry {
        number: car.number.clone(),
        transponder: Some(car.transponder.clone().unwrap_or_default()),
        first: first.to_owned(),
        last: last.to_owned(),
        nationality: car.nationality.clone().unwrap_or_default(),
        class,
        more: car.team.clone(),
    }
}
