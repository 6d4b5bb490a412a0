//! In RMonitor.

use std::collections::BTreeMap;

use sport::date::{Date, Instant, Micros};

use crate::account;
use crate::rmonitor::field::Time;
use crate::rmonitor::record::{Flag, Record};
use crate::scoreboard::from_rmonitor::NOT_BY_LAPS;
use crate::scoreboard::{Best, Car, Clock, Entry, Position, Scoreboard};

impl Scoreboard {
    /// Everything that is on the board, as a feed sends it to whoever connects. Laps are told when they are driven, and never again.
    pub fn refresh(&self, out: &mut String) {
        let mut say = |record: Record<'_>| record.encode(out);
        say(self.run_told());
        self.settings.iter().for_each(|(name, value)| say(Record::Setting { name, value }));
        self.classes.iter().for_each(|(number, name)| say(Record::Class { number: *number, name }));
        let ranked = self.ranked();
        ranked.iter().for_each(|(registration, car)| car.entered(registration, &mut say));
        ranked.iter().filter_map(|(registration, car)| Some(position(registration, car.position?))).for_each(&mut say);
        self.by_best().into_iter().for_each(|(registration, of)| say(best(registration, of)));
        self.clock.into_iter().for_each(|clock| say(heartbeat(clock)));
    }

    /// What changed since `before`. Another run empties the board and is told whole, and so is one that lacks something; but the closing of a run leaves its result on it.
    pub fn changes(&self, before: &Self, now: Instant, out: &mut String) {
        let another = self.another_run(before);
        if (another && self.run.number != Some(crate::scoreboard::CLOSED)) || self.lacks(before) {
            self.clear(now, out);
            self.refresh(out);
            let none = Self::default();
            self.crossings(if another { &none } else { before }, &mut |record| record.encode(out));
            return;
        }
        let mut say = |record: Record<'_>| record.encode(out);
        if another {
            say(self.run_told());
        }
        let new = self.settings.iter().filter(|(name, value)| before.settings.get(*name) != Some(*value));
        new.for_each(|(name, value)| say(Record::Setting { name, value }));
        let new = self.classes.iter().filter(|(number, name)| before.classes.get(number) != Some(*name));
        new.for_each(|(number, name)| say(Record::Class { number: *number, name }));
        let unknown = Car::default();
        let was = |registration: &str| before.cars.get(registration).unwrap_or(&unknown);
        let ranked = self.ranked();
        ranked.iter().filter(|(of, car)| was(of).entry != car.entry).for_each(|(of, car)| car.entered(of, &mut say));
        self.crossings(before, &mut say);
        let moved = ranked.iter().filter(|(of, car)| was(of).position != car.position);
        moved.filter_map(|(of, car)| Some(position(of, car.position?))).for_each(&mut say);
        let before_by_best: BTreeMap<&str, Best> = before.by_best().into_iter().collect();
        let improved = self.by_best().into_iter().filter(|(of, best)| before_by_best.get(of) != Some(best));
        improved.for_each(|(registration, of)| say(best(registration, of)));
        if self.clock != before.clock {
            self.clock.into_iter().for_each(|clock| say(heartbeat(clock)));
        }
    }

    /// What is told when it happens: cars that set off, laps, other lines, corrections.
    fn crossings(&self, before: &Self, say: &mut impl FnMut(Record<'_>)) {
        let unknown = Car::default();
        for (registration, car) in &self.cars {
            let was = before.cars.get(registration).unwrap_or(&unknown);
            if let Some(total) = car.set_off.filter(|_| was.set_off != car.set_off) {
                say(Record::Crossing { car: registration, lap: Time(0), total: ms(total) });
            }
            let number = car.entry.as_ref().map_or(registration, |entry| &entry.number);
            if let (Some(of), true) = (&car.line, was.line != car.line)
                && let Some(time) = of.of_day
            {
                let (line, kind, date) = (&of.line, &of.kind, &of.date);
                say(Record::LineCrossing { car: number, line, kind, date, time: ms(time), more: None });
            }
            if let Some(of) = car.correction.filter(|_| was.correction != car.correction) {
                say(Record::Correction { car: registration, number, laps: of.laps, total: ms(of.total), by: ms(of.by) });
            }
        }
        for (registration, _, lap) in self.driven_since(before) {
            say(Record::Crossing { car: registration, lap: ms(lap.time), total: ms(lap.total) });
        }
    }

    /// Empties the board.
    fn clear(&self, now: Instant, out: &mut String) {
        let ms = self.run.start.unwrap_or(now).0.rem_euclid(86_400_000_000) / 1_000;
        let time = format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000);
        Record::Clear { time: &time, date: &day(now) }.encode(out);
    }

    fn run_told(&self) -> Record<'_> {
        Record::Run { number: self.run.number.unwrap_or(0), name: &self.run.name }
    }

    /// The cars by their best laps, each with its place among them, which only RMonitor tells.
    fn by_best(&self) -> Vec<(&str, Best)> {
        let mut cars: Vec<_> = self.cars.iter().filter_map(|(registration, car)| Some((registration.as_str(), car.best?))).collect();
        cars.sort_by_key(|(_, best)| (best.place.unwrap_or(u32::MAX), best.time.map_or(i64::MAX, |time| time.0)));
        for (nth, (_, best)) in cars.iter_mut().enumerate() {
            best.place = best.place.or(u32::try_from(nth + 1).ok());
        }
        cars
    }
}

impl Car {
    /// Who it is. What only one of the two records can say is told by that.
    fn entered(&self, car: &str, say: &mut impl FnMut(Record<'_>)) {
        let Some(Entry { number, transponder, first, last, nationality, class, more }) = &self.entry else { return };
        let class = *class;
        if let Some(transponder) = transponder {
            say(Record::Competitor { car, number, transponder, first, last, nationality, class });
        }
        if more.is_some() || transponder.is_none() {
            let more = more.as_deref().unwrap_or_default();
            say(Record::CompetitorMore { car, number, class, first, last, nationality, more });
        }
    }
}

pub(in crate::scoreboard) fn position(car: &str, of: Position) -> Record<'_> {
    Record::Position { position: of.place, car, laps: of.laps, total: of.total.map(ms).unwrap_or_default() }
}

pub(in crate::scoreboard) fn best(car: &str, of: Best) -> Record<'_> {
    let lap = of.lap.and_then(|lap| i32::try_from(lap).ok()).unwrap_or(0);
    Record::Best { position: of.place.unwrap_or(0), car, lap, time: of.time.map(ms).unwrap_or_default() }
}

pub(in crate::scoreboard) fn heartbeat(clock: Clock) -> Record<'static> {
    let flag = match clock.flag {
        None => Flag::None,
        // White is green to a feed that has no word for it.
        Some(account::Flag::Green | account::Flag::White) => Flag::Green,
        Some(account::Flag::Yellow | account::Flag::FullCourseYellow | account::Flag::SafetyCar) => Flag::Yellow,
        Some(account::Flag::Red) => Flag::Red,
        Some(account::Flag::Chequered) => Flag::Finish,
    };
    let laps_to_go = clock.laps_to_go.unwrap_or(NOT_BY_LAPS);
    Record::Heartbeat { laps_to_go, to_go: ms(clock.to_go), of_day: ms(clock.of_day), race: ms(clock.race), flag }
}

pub(in crate::scoreboard) fn ms(time: Micros) -> Time {
    Time(time.0.div_euclid(1_000))
}

/// `03 Dec 24`.
fn day(at: Instant) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Some(Date { year, month, day }) = Date::of_days(at.0.div_euclid(86_400_000_000)) else { return String::new() };
    format!("{day:02} {} {:02}", MONTHS[usize::from(month - 1)], year.rem_euclid(100))
}
