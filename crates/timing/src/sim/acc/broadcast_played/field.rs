//! The cars of a session that is played: where each is after how long.

use std::cmp::Reverse;

use sport::date::Micros;
use sport::grade::Grade;
use sport::session::SessionKind;

use super::super::broadcast::{Driver, Entry, EventKind, Kind, Lap, NO_TIME};
use super::super::tables::{self, CarModel, Platform};
use crate::account::{self, Account};
use crate::written::printed;

/// A session.
#[derive(Debug)]
pub(super) struct Playing {
    pub(super) kind: Kind,
    pub(super) track: String,
    pub(super) cars: Vec<PlayedCar>,
    /// What happens, by time.
    pub(super) events: Vec<Happening>,
    /// How long it is, in milliseconds.
    pub(super) planned: i64,
    /// When the last car completes its last lap.
    pub(super) end: i64,
}

/// A car.
#[derive(Debug)]
pub(super) struct PlayedCar {
    pub(super) entry: Entry,
    pub(super) laps: Vec<PlayedLap>,
}

/// A lap.
#[derive(Debug)]
pub(super) struct PlayedLap {
    pub(super) lap: Lap,
    /// When it ends, in milliseconds from the start of the session.
    end: i64,
    /// How long the car is in the pit lane when it begins.
    in_pit: i64,
}

/// Something that happens.
#[derive(Debug)]
pub(super) struct Happening {
    /// In milliseconds from the start of the session.
    pub(super) at: i64,
    pub(super) kind: EventKind,
    pub(super) text: String,
    pub(super) car: i32,
}

/// What a lap takes of which nobody knows it, in milliseconds.
const LAP: i64 = 120_000;
/// How long a car that comes into the pit lane is in it before the line, and how long behind it.
const PIT_ENTRY: i64 = 8_000;
const PIT_EXIT: i64 = 25_000;

impl Playing {
    /// As an account tells it.
    pub(super) fn of(account: &Account) -> Self {
        let mut laps: Vec<Vec<&account::Lap>> = vec![Vec::new(); account.cars.len()];
        account.laps.iter().for_each(|lap| laps[lap.car].push(lap));
        let cars: Vec<PlayedCar> =
            account.cars.iter().zip(&laps).enumerate().map(|(nth, (car, laps))| PlayedCar::of(nth, car, laps)).collect();
        let end = cars.iter().filter_map(|car| car.laps.last()).map(|lap| lap.end).max().unwrap_or(0);
        let planned = account.about.planned.map_or(end, |planned| planned.0 / 1_000).max(1);
        let mut events =
            vec![happening(0, EventKind::Green, String::new(), -1), happening(planned, EventKind::SessionOver, String::new(), -1)];
        for car in &cars {
            let index = i32::from(car.entry.car);
            events.extend(car.laps.iter().map(|lap| {
                let text = lap.lap.time().map_or_else(String::new, printed);
                happening(lap.end, EventKind::Lap, text, index)
            }));
        }
        for penalty in &account.penalties {
            let before = penalty.lap.and_then(|lap| usize::try_from(lap).ok()?.checked_sub(2));
            let at = before.and_then(|before| cars[penalty.car].laps.get(before)).map_or(1, |lap| lap.end + 1);
            events.push(happening(at, EventKind::Penalty, penalty.words.clone(), i32::from(cars[penalty.car].entry.car)));
        }
        events.sort_by_key(|event| event.at);
        let kind = match account.about.kind {
            Some(SessionKind::Practice | SessionKind::WarmUp) | None => Kind::Practice,
            Some(SessionKind::Qualifying) => Kind::Qualifying,
            Some(SessionKind::Race | SessionKind::QualifyingRace) => Kind::Race,
        };
        Self { kind, track: account.about.track.clone().unwrap_or_default(), cars, events, planned, end }
    }

    /// The place of each car after so many milliseconds: in a race by laps and when they were completed, else by the best lap.
    pub(super) fn places(&self, clock: i64) -> Vec<u16> {
        let mut order: Vec<usize> = (0..self.cars.len()).collect();
        if self.kind == Kind::Race {
            order.sort_by_key(|car| {
                let laps = self.cars[*car].completed(clock);
                (Reverse(laps.len()), laps.last().map(|lap| lap.end))
            });
        } else {
            order.sort_by_key(|car| self.cars[*car].best(clock).map_or(NO_TIME, |lap| lap.time_ms));
        }
        let mut places = vec![0; order.len()];
        order.iter().zip(1..).for_each(|(car, place)| places[*car] = place);
        places
    }
}

fn happening(at: i64, kind: EventKind, text: String, car: i32) -> Happening {
    Happening { at, kind, text, car }
}

/// The number of a grade: the lowest is 0.
fn category(grade: Grade) -> u8 {
    match grade {
        Grade::Bronze => 0,
        Grade::Silver => 1,
        Grade::Gold => 2,
        Grade::Platinum => 3,
    }
}

impl PlayedCar {
    fn of(nth: usize, car: &account::Car, laps: &[&account::Lap]) -> Self {
        let index = u16::try_from(nth).unwrap_or(u16::MAX);
        let driver = |of: &account::Driver| Driver {
            first: of.first.clone().unwrap_or_default(),
            last: of.last.clone().unwrap_or_else(|| if of.first.is_none() { of.name.clone() } else { String::new() }),
            short: of.short.clone().unwrap_or_default(),
            category: of.grade.map_or(0, category),
            nationality: of.nationality.as_deref().and_then(tables::nationality_id).unwrap_or(0),
        };
        let cup = car.cup.as_deref().and_then(|cup| tables::CUPS.iter().position(|of| *of == cup)).and_then(|cup| u8::try_from(cup).ok());
        let model = car.model.as_deref().and_then(CarModel::named).and_then(|model| model.number(Platform::Pc));
        let entry = Entry {
            car: index,
            model: model.and_then(|model| u8::try_from(model).ok()).unwrap_or(0),
            team: car.team.clone().unwrap_or_default(),
            number: car.number.parse().unwrap_or(0),
            cup: cup.unwrap_or(0),
            driver: 0,
            nationality: car.nationality.as_deref().and_then(tables::nationality_id).unwrap_or(0),
            drivers: car.drivers.iter().map(driver).collect(),
        };
        let (mut played, mut end, mut out) = (Vec::new(), 0, false);
        for lap in laps {
            let ms = |time: Option<Micros>| time.and_then(|time| i32::try_from(time.0 / 1_000).ok()).filter(|ms| *ms > 0);
            let time = ms(lap.time);
            let told = lap.elapsed.map(|elapsed| elapsed.0 / 1_000).filter(|told| *told > end);
            end = told.unwrap_or(end + time.map_or(LAP, i64::from));
            let of = Lap {
                time_ms: time.unwrap_or(NO_TIME),
                car: index,
                driver: lap.driver.and_then(|driver| u16::try_from(driver).ok()).unwrap_or(0),
                splits: lap.sectors.iter().map(|sector| ms(*sector).unwrap_or(NO_TIME)).collect(),
                invalid: false,
                may_be_best: lap.valid,
                out,
                into: lap.into_pit,
            };
            let in_pit = if out { lap.in_pit.map_or(PIT_EXIT, |time| time.0 / 1_000) } else { 0 };
            played.push(PlayedLap { lap: of, end, in_pit });
            out = lap.into_pit;
        }
        Self { entry, laps: played }
    }

    /// The laps completed after so many milliseconds.
    pub(super) fn completed(&self, clock: i64) -> &[PlayedLap] {
        &self.laps[..self.laps.partition_point(|lap| lap.end <= clock)]
    }

    /// The best of them.
    pub(super) fn best(&self, clock: i64) -> Option<Lap> {
        let may_be = self.completed(clock).iter().filter(|lap| lap.lap.may_be_best && lap.lap.time_ms != NO_TIME);
        may_be.min_by_key(|lap| lap.lap.time_ms).map(|lap| lap.lap.clone())
    }

    /// Since when the car is on the lap it is on, and that lap, if it has one more.
    fn on(&self, clock: i64) -> (i64, Option<&PlayedLap>) {
        let completed = self.completed(clock);
        (completed.last().map_or(0, |lap| lap.end), self.laps.get(completed.len()))
    }

    /// The lap it is on, as far as it is.
    pub(super) fn current(&self, clock: i64, driver: u16) -> Lap {
        let (began, on) = self.on(clock);
        let time_ms = i32::try_from(clock - began).ok().filter(|time| *time > 0 && on.is_some()).unwrap_or(NO_TIME);
        let mut driven = i64::from(time_ms);
        let splits = on.map_or(&[][..], |on| &on.lap.splits).iter().copied().take_while(|split| {
            driven -= i64::from(*split);
            time_ms != NO_TIME && driven >= 0
        });
        let splits = splits.collect();
        Lap { time_ms, car: self.entry.car, driver, splits, out: on.is_some_and(|on| on.lap.out), ..Lap::default() }
    }

    /// Whether it is in the pit lane: before and behind the line of a lap that ends there, and after its last.
    pub(super) fn in_pit_lane(&self, clock: i64) -> bool {
        let (began, on) = self.on(clock);
        on.is_none_or(|on| clock - began < on.in_pit || (on.lap.into && on.end - clock < PIT_ENTRY))
    }

    /// How much of the lap is behind it.
    pub(super) fn spline(&self, clock: i64) -> f32 {
        let (began, on) = self.on(clock);
        on.map_or(0.0, |on| super::float(clock.max(began) - began) / super::float((on.end - began).max(1)))
    }
}
