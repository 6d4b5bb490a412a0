//! What RMonitor puts on a board.

use sport::date::{Instant, Micros};

use super::cars::Heard;
use super::{Best, Clock, Correction, Entry, Lap, LineCrossing, Position, Run, Scoreboard};
use crate::account;
use crate::rmonitor::field::Time;
use crate::rmonitor::record::{Flag, Record};

/// What a feed sends where a run is not by laps.
pub(super) const NOT_BY_LAPS: u32 = 9_999;

impl Scoreboard {
    /// Takes a record of a feed, that of another run included: whoever wants to know which run is over asks a [`super::reader::Reader`].
    pub(super) fn hear_rmonitor(&mut self, record: &Record<'_>, told: Option<Instant>) -> Option<Heard> {
        match *record {
            Record::Run { number, name } => self.run = Run { number: Some(number), name: name.to_owned(), ..Run::default() },
            Record::Setting { name, value } => self.setting(name, value),
            Record::Class { number, name } => self.class(number, name),
            Record::Heartbeat { laps_to_go, to_go, of_day, race, flag } => {
                self.clock = Some(Clock {
                    laps_to_go: (laps_to_go != NOT_BY_LAPS).then_some(laps_to_go),
                    to_go: micros(to_go),
                    of_day: micros(of_day),
                    race: race.some().map_or(Micros(0), micros),
                    flag: flag_of(flag),
                });
            }
            Record::Competitor { car, number, transponder, first, last, nationality, class } => {
                let transponder = Some(transponder.to_owned());
                let entry =
                    Entry { number: number.to_owned(), transponder, nationality: nationality.to_owned(), class, ..named(first, last) };
                self.car(car)?.enter(entry);
            }
            Record::CompetitorMore { car, number, class, first, last, nationality, more } => {
                let more = Some(more.to_owned());
                let entry = Entry { number: number.to_owned(), more, nationality: nationality.to_owned(), class, ..named(first, last) };
                self.car(car)?.enter(entry);
            }
            Record::Position { position, car, laps, total } => {
                self.car(car)?.rank(Position { place: position, laps, total: total.some().map(micros) });
            }
            Record::Best { position, car, lap, time } => {
                let lap = u32::try_from(lap).ok().filter(|lap| *lap > 0);
                self.car(car)?.improve(Best { place: Some(position), lap, time: time.some().map(micros) });
            }
            Record::Crossing { car, lap, total } => return self.crossing(car, lap, total, told),
            Record::Correction { car, laps, total, by, .. } => {
                self.car(car)?.correct(Correction { laps, total: micros(total), by: micros(by) });
            }
            Record::LineCrossing { car, line, kind, date, time, .. } => {
                let (line, kind, date) = (line.to_owned(), kind.to_owned(), date.to_owned());
                // A line is told by the number, and of a car that is not known by its transponder.
                self.numbered(car)?.line = Some(LineCrossing { line, kind, date, of_day: Some(micros(time)), race: None });
            }
            Record::Clear { .. } | Record::Other { .. } | Record::Stamp(_) => {}
        }
        None
    }

    /// A car came over the line. Who does so for the first time after the start has no lap behind him: it is told without a time.
    fn crossing(&mut self, registration: &str, time: Time, total: Time, told: Option<Instant>) -> Option<Heard> {
        let lap = Lap::told(self.flag(), told);
        let car = self.car(registration)?;
        let total = total.some().map(micros)?;
        let Some(time) = time.some().map(micros) else {
            car.set_off = Some(total);
            return None;
        };
        Some(car.crossed(time, total, lap))
    }
}

fn named(first: &str, last: &str) -> Entry {
    Entry { first: first.to_owned(), last: last.to_owned(), ..Entry::default() }
}

pub(super) fn micros(time: Time) -> Micros {
    Micros(time.0 * 1_000)
}

fn flag_of(flag: Flag) -> Option<account::Flag> {
    match flag {
        Flag::None => None,
        Flag::Green => Some(account::Flag::Green),
        Flag::Yellow => Some(account::Flag::Yellow),
        Flag::Red => Some(account::Flag::Red),
        Flag::Finish => Some(account::Flag::Chequered),
    }
}
