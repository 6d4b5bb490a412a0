//! What happens to a board and its cars, in whichever language it is told. A board has room for so much and no more, whatever a feed sends.

use sport::date::{Instant, Micros};

use super::{Best, Car, Correction, Entry, Lap, Position, Scoreboard};

/// So many cars have room on a board.
const MOST_CARS: usize = 1_000;
/// So many laps of a car.
const MOST_LAPS: usize = 2_500;
/// So many classes, and so many settings.
const MOST_NAMES: usize = 200;
/// A crossing within this of another, in microseconds, is the same one: no lap of anything is as short.
const AGAIN: i64 = 5_000_000;

/// What became of a lap that was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Heard {
    /// It is new.
    New,
    /// It was told before: a relay that connects again repeats it.
    Again,
    /// It was told before with another time, and this one counts: a photo cell, a second loop or a timekeeper read it otherwise.
    SetRight,
    /// One that was driven before the board knew of the car is told otherwise.
    Unknown,
}

impl Scoreboard {
    /// A car, which is put on the board where it is not; none where it has no room.
    pub(super) fn car(&mut self, registration: &str) -> Option<&mut Car> {
        if !self.cars.contains_key(registration) {
            if self.cars.len() >= MOST_CARS {
                return None;
            }
            self.cars.insert(registration.to_owned(), Car::default());
        }
        self.cars.get_mut(registration)
    }

    /// The car with a number.
    pub(super) fn numbered(&mut self, number: &str) -> Option<&mut Car> {
        self.cars.values_mut().find(|car| car.entry.as_ref().is_some_and(|entry| entry.number == number))
    }

    pub(super) fn setting(&mut self, name: &str, value: &str) {
        if self.settings.len() < MOST_NAMES || self.settings.contains_key(name) {
            self.settings.insert(name.to_owned(), value.to_owned());
        }
    }

    pub(super) fn class(&mut self, number: i32, name: &str) {
        if self.classes.len() < MOST_NAMES || self.classes.contains_key(&number) {
            self.classes.insert(number, name.to_owned());
        }
    }

    /// The number of a class that is told by its name.
    pub(super) fn class_named(&mut self, name: &str) -> i32 {
        if let Some((number, _)) = self.classes.iter().find(|(_, known)| *known == name) {
            return *number;
        }
        let number = self.classes.last_key_value().map_or(1, |(last, _)| last.saturating_add(1));
        self.class(number, name);
        number
    }

    /// What another board was told after this one: where both know something, the other knows it better.
    pub(super) fn update(&mut self, later: Self) {
        if later.run.number.is_some() {
            self.run = later.run;
        }
        later.settings.iter().for_each(|(name, value)| self.setting(name, value));
        later.classes.iter().for_each(|(number, name)| self.class(*number, name));
        self.clock = later.clock.or(self.clock);
        for (registration, later) in later.cars {
            if let Some(car) = self.car(&registration) {
                car.update(later);
            }
        }
    }

    /// Whether anything was ranked or driven.
    pub(super) fn has_counted(&self) -> bool {
        self.cars.values().any(|car| car.position.is_some() || car.best.is_some() || !car.laps.is_empty())
    }

    /// What is on the board, but for the laps.
    pub(super) fn without_laps(&self) -> Self {
        let Self { run, settings, classes, clock, cars } = self;
        let cars = cars.iter().map(|(registration, car)| (registration.clone(), car.without_laps())).collect();
        Self { run: run.clone(), settings: settings.clone(), classes: classes.clone(), clock: *clock, cars }
    }

    /// Takes what was counted in a run off the board; who the cars are and how they line up stays.
    pub(super) fn begin_counting(&mut self) {
        for car in self.cars.values_mut() {
            let lined_up = car.position.filter(|position| position.laps.is_none_or(|laps| laps <= 0));
            *car = Car { entry: car.entry.take(), position: lined_up, ..Car::default() };
        }
    }
}

impl Car {
    fn without_laps(&self) -> Self {
        let Self { entry, position, best, set_off, laps: _, stops, line, correction } = self;
        Self {
            entry: entry.clone(),
            position: *position,
            best: *best,
            set_off: *set_off,
            laps: Vec::new(),
            stops: *stops,
            line: line.clone(),
            correction: *correction,
        }
    }

    fn update(&mut self, later: Self) {
        if let Some(entry) = later.entry {
            self.enter(entry);
        }
        self.position = later.position.or(self.position);
        self.best = later.best.or(self.best);
        self.set_off = later.set_off.or(self.set_off);
        self.stops = later.stops.or(self.stops);
        self.line = later.line.or(self.line.take());
        self.correction = later.correction.or(self.correction);
        for lap in later.laps {
            self.count(lap);
        }
    }

    /// Who it is. What this telling leaves out stays as it is known.
    pub(super) fn enter(&mut self, entry: Entry) {
        let known = self.entry.take().unwrap_or_default();
        self.entry = Some(Entry { transponder: entry.transponder.or(known.transponder), more: entry.more.or(known.more), ..entry });
    }

    /// Where it is. Where that tells the very crossing that came last, it also tells its number.
    pub(super) fn rank(&mut self, position: Position) {
        self.position = Some(position);
        let told = position.laps.and_then(|laps| u32::try_from(laps).ok());
        if let (Some(number), [before @ .., last]) = (told, &mut self.laps[..])
            && position.total == Some(last.total)
            && before.last().map_or(0, |before| before.number) < number
        {
            last.number = number;
        }
    }

    pub(super) fn improve(&mut self, best: Best) {
        self.best = Some(best);
    }

    /// A lap without a number: one more than the feed said, where it has not told this very lap already.
    pub(super) fn crossed(&mut self, time: Micros, total: Micros, lap: Lap) -> Heard {
        let last = self.laps.last();
        if last.is_some_and(|last| total.0 < last.total.0.saturating_add(AGAIN)) {
            let near = |lap: &&mut Lap| (lap.total.0 - total.0).abs() < AGAIN;
            return match self.laps.iter_mut().rev().find(near) {
                Some(lap) if (lap.time, lap.total) == (time, total) => Heard::Again,
                Some(lap) => {
                    (lap.time, lap.total) = (time, total);
                    Heard::SetRight
                }
                None => Heard::Unknown,
            };
        }
        // Who connects in the middle of a run may hear first of a lap that was set right hours after it was driven.
        if last.is_none()
            && self.position.and_then(|position| position.total).is_some_and(|ranked| total.0.saturating_add(AGAIN) < ranked.0)
        {
            return Heard::Unknown;
        }
        let said = self.position.and_then(|position| u32::try_from(position.laps?).ok()).unwrap_or(0);
        // Some feeds rank first and tell the crossing after it.
        let told = if self.position.is_some_and(|position| position.total == Some(total)) { said } else { said.saturating_add(1) };
        let number = told.max(last.map_or(1, |last| last.number.saturating_add(1)));
        self.push(Lap { number, time, total, ..lap });
        Heard::New
    }

    /// A lap with its number.
    pub(super) fn count(&mut self, lap: Lap) -> Heard {
        match self.laps.binary_search_by_key(&lap.number, |known| known.number) {
            Ok(at) => {
                let known = &mut self.laps[at];
                let same = (known.time, known.total) == (lap.time, lap.total);
                (known.time, known.total) = (lap.time, lap.total);
                known.into_pit |= lap.into_pit;
                if same { Heard::Again } else { Heard::SetRight }
            }
            Err(at) if at == self.laps.len() => {
                self.push(lap);
                Heard::New
            }
            Err(_) => Heard::Unknown,
        }
    }

    fn push(&mut self, lap: Lap) {
        if self.laps.len() < MOST_LAPS {
            self.laps.push(lap);
        }
    }

    /// A crossing was moved by the photo cell: the lap that ended with it and the one that began.
    pub(super) fn correct(&mut self, correction: Correction) {
        self.correction = Some(correction);
        let Some(number) = correction.laps.and_then(|laps| u32::try_from(laps).ok()) else { return };
        let Some(at) = self.laps.iter().position(|lap| lap.number == number) else { return };
        let by = correction.total.0 - self.laps[at].total.0;
        (self.laps[at].total, self.laps[at].time.0) = (correction.total, self.laps[at].time.0.saturating_add(by));
        if let Some(next) = self.laps.get_mut(at + 1).filter(|next| next.number == number.saturating_add(1)) {
            next.time.0 = next.time.0.saturating_sub(by);
        }
    }

    /// The lap that ended at a moment does not count.
    pub(super) fn invalidate(&mut self, total: Micros) {
        self.laps.iter_mut().filter(|lap| lap.total == total).for_each(|lap| lap.invalidated = true);
    }
}

impl Lap {
    /// A lap of which nothing but this is known yet.
    pub(super) fn told(flag: Option<crate::account::Flag>, told: Option<Instant>) -> Self {
        Self { number: 0, time: Micros(0), total: Micros(0), flag, into_pit: false, invalidated: false, told }
    }
}
