//! A feed as a source of passings: where another timekeeper times a session, its crossings of the finish line are heard like those of a loop.
//!
//! A feed says how long after the start a car crossed the line, and every second what time of the day it is and how long ago the start was: both in whole seconds. The
//! start is taken for a whole second, the same one after every new connection; how far that is from when it was, no feed says. Between cars nothing is lost.

use std::collections::BTreeMap;

use sport::date::Instant;

use super::field::Time;
use super::record::{Flag, Record};
use super::stream::Stream;
use crate::flaw::Flaw;

/// What was heard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Heard {
    /// A car crossed the line.
    Crossing {
        /// The car's number, as printed.
        number: String,
        /// When.
        at: Instant,
        /// It is known from the positions, after a line that was broken.
        from_positions: bool,
    },
    /// A competitor, with the transponder where the feed says one.
    Car {
        /// The number, as printed.
        number: String,
        /// The transponder.
        transponder: Option<u32>,
    },
    /// Another flag than before.
    Flag(Flag),
    /// The feed is there.
    Alive,
    /// What could not be read.
    Flaw(Flaw),
}

/// A host of a feed.
#[derive(Default, Debug)]
pub struct Feed {
    stream: Stream,
    board: Board,
}

#[derive(Default, Debug)]
struct Board {
    /// The run: another number is another session.
    run: u32,
    /// Numbers by registration.
    numbers: BTreeMap<String, String>,
    /// The total of the last crossing that was told, by registration.
    told: BTreeMap<String, Time>,
    /// When the race began.
    start: Option<i64>,
    flag: Option<Flag>,
    /// Since the line was broken, positions may say what was missed.
    broken: bool,
}

const SECOND: i64 = 1_000_000;
const QUARTER: i64 = 900 * SECOND;

impl Feed {
    /// At the beginning of a connection.
    pub fn new() -> Self {
        Self::default()
    }

    /// The line was broken and there is another: what was heard before is not told again, and of what was missed at least the last of each car.
    pub fn reconnected(&mut self) {
        self.stream = Stream::new();
        self.board.broken = true;
    }

    /// Takes what came at a moment.
    pub fn take(&mut self, bytes: &[u8], arrived: Instant, mut tell: impl FnMut(Heard)) {
        let board = &mut self.board;
        self.stream.take(bytes, |told| match told {
            Ok(record) => board.hear(&record, arrived, &mut tell),
            Err(flaw) => tell(Heard::Flaw(flaw)),
        });
    }
}

impl Board {
    fn hear(&mut self, record: &Record<'_>, arrived: Instant, tell: &mut impl FnMut(Heard)) {
        match *record {
            Record::Run { number, .. } if number != self.run => {
                let numbers = std::mem::take(&mut self.numbers);
                *self = Self { run: number, numbers, flag: self.flag, ..Self::default() };
            }
            Record::Heartbeat { of_day, race, flag, .. } => {
                if self.start.is_none() && race.0 > 0 {
                    self.start = Some(start(of_day, race, arrived));
                }
                if self.flag != Some(flag) {
                    self.flag = Some(flag);
                    tell(Heard::Flag(flag));
                }
                tell(Heard::Alive);
            }
            Record::Competitor { car, number, transponder, .. } => {
                if self.numbers.get(car).map(String::as_str) != Some(number) {
                    self.numbers.insert(car.to_owned(), number.to_owned());
                    tell(Heard::Car { number: number.to_owned(), transponder: transponder.parse().ok() });
                }
            }
            Record::Crossing { car, total, .. } => self.crossing(car, total, false, tell),
            // What stewards added is in the total of the positions: only after a broken line is it better than nothing.
            Record::Position { car, laps, total, .. } if self.broken && laps.is_some_and(|laps| laps > 0) => {
                self.crossing(car, total, true, tell);
            }
            Record::Position { .. }
            | Record::Run { .. }
            | Record::CompetitorMore { .. }
            | Record::Class { .. }
            | Record::Setting { .. }
            | Record::Best { .. }
            | Record::Clear { .. }
            | Record::Correction { .. }
            | Record::LineCrossing { .. }
            | Record::Other { .. }
            | Record::Stamp(_) => {}
        }
    }

    fn crossing(&mut self, car: &str, total: Time, from_positions: bool, tell: &mut impl FnMut(Heard)) {
        let (Some(start), Some(total)) = (self.start, total.some()) else { return };
        // Crossings are told once, and a feed that is asked again tells them again.
        if self.told.get(car).is_some_and(|before| *before >= total) {
            return;
        }
        self.told.insert(car.to_owned(), total);
        if !from_positions {
            // The feed goes on as before.
            self.broken = self.broken && self.told.len() < self.numbers.len();
        }
        let number = self.numbers.get(car).cloned().unwrap_or_else(|| car.to_owned());
        tell(Heard::Crossing { number, at: Instant(start + total.0 * 1_000), from_positions });
    }
}

/// When a race began, by a heartbeat: the whole second of the day that it says, in whatever zone it says it, nearest to what its arrival says.
fn start(of_day: Time, race: Time, arrived: Instant) -> i64 {
    let within = (of_day.0 - race.0).rem_euclid(900_000) * 1_000;
    let near = arrived.0 - race.0 * 1_000;
    let quarter = (near - within + QUARTER / 2).div_euclid(QUARTER) * QUARTER;
    quarter + within
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARRIVED: i64 = 1_700_000_000 * SECOND;

    fn heard(feed: &mut Feed, lines: &str) -> Vec<Heard> {
        let mut all = Vec::new();
        feed.take(lines.as_bytes(), Instant(ARRIVED), |of| all.push(of));
        all.retain(|of| !matches!(of, Heard::Alive));
        all
    }

    /// It is 22:13:20 here and 15:13:20 there; the race is a minute old.
    const ALIVE: &str = "$A,\"R7\",\"7\",123,\"\",\"\",\"\",1\n$F,9999,\"00:59:00\",\"15:13:20\",\"00:01:00\",\"Green \"\n";

    #[test]
    fn a_crossing_is_heard_once_when_it_happened() {
        let mut feed = Feed::new();
        assert_eq!(heard(&mut feed, ALIVE), [Heard::Car { number: "7".into(), transponder: Some(123) }, Heard::Flag(Flag::Green)]);
        let at = |ms: i64| Instant(ARRIVED - 60 * SECOND + ms * 1_000);
        let crossing = |ms, from_positions| Heard::Crossing { number: "7".into(), at: at(ms), from_positions };
        assert_eq!(
            heard(&mut feed, "$J,\"R7\",\"00:00:59.250\",\"00:00:59.250\"\n$G,1,\"R7\",1,\"00:00:59.250\"\n"),
            [crossing(59_250, false)]
        );
        assert_eq!(heard(&mut feed, "$J,\"R7\",\"00:00:59.250\",\"00:00:59.250\"\n"), []);
        // A line that was broken: what the positions know is told, and no more than once.
        feed.reconnected();
        assert_eq!(heard(&mut feed, "$G,1,\"R7\",2,\"00:01:58.500\"\n$G,1,\"R7\",2,\"00:01:58.500\"\n"), [crossing(118_500, true)]);
    }

    #[test]
    fn the_start_is_the_same_second_after_a_new_connection_whatever_the_delay() {
        let of = |late: i64| start(Time(54_800_000), Time(60_000), Instant(ARRIVED + late));
        assert_eq!([0, 900_000, -400_000].map(of), [ARRIVED - 60 * SECOND; 3]);
    }
}
