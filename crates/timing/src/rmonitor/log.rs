//! The log of a feed, as a relay or a timekeeper keeps one: the runs in it, each with its laps and what it claims at its end.
//!
//! A run ends where another number or name begins. The board may be cleared in the middle of one, and a relay that connects again sends only a part: what is known of
//! the run stays.

use std::collections::BTreeMap;

use sport::date::Micros;
use sport::session::SessionKind;

use super::field::Time;
use super::record::{Flag, Record};
use super::stream::Stream;
use crate::account::{self, Account, Car, Claim, Driver, Flown, Lap, Note};
use crate::flaw::Flaw;
use crate::which;

/// A crossing within this of another, in microseconds, is the same one: no lap of anything is as short.
const AGAIN: i64 = 5_000_000;

/// Whether bytes are the beginning of such a log: every line of it is a record, or one that a relay puts between them.
pub fn is(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(4_096)];
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(bytes, |end| &bytes[..end + 1]);
    let (mut records, mut flaws) = (0, 0);
    let mut stream = Stream::new();
    stream.take(whole, |told| match told {
        Ok(Record::Other { .. } | Record::Stamp(_)) => {}
        Ok(_) => records += 1,
        Err(_) => flaws += 1,
    });
    records > 0 && flaws <= records / 10
}

/// The runs of a log, those without a car left out.
pub fn decode(bytes: &[u8]) -> (Vec<Account>, Vec<Flaw>) {
    let (mut log, mut flaws) = (Log::default(), Vec::new());
    let mut stream = Stream::new();
    let mut tell = |told: Result<Record<'_>, Flaw>| match told {
        Ok(record) => log.take(&record),
        Err(flaw) => flaws.push(flaw),
    };
    stream.take(bytes, &mut tell);
    stream.end(&mut tell);
    (log.accounts(), flaws)
}

/// A session as a feed tells it when it is over: who took part, every crossing, and the order in the end.
pub fn encode(account: &Account) -> Vec<u8> {
    let mut text = String::new();
    let mut say = |record: Record<'_>| record.encode(&mut text);
    let about = &account.about;
    say(Record::Run { number: 1, name: about.session.as_deref().unwrap_or("Session") });
    say(Record::Setting { name: "TRACKNAME", value: about.track.as_deref().unwrap_or_default() });
    let mut classes: Vec<&str> = account.cars.iter().filter_map(|car| car.class.as_deref()).collect();
    classes.sort_unstable();
    classes.dedup();
    let number = |nth: usize| i32::try_from(nth + 1).unwrap_or(i32::MAX);
    classes.iter().enumerate().for_each(|(nth, name)| say(Record::Class { number: number(nth), name }));
    let registration = |car: &'_ Car| car.key.clone().unwrap_or_else(|| car.number.clone());
    for car in &account.cars {
        let class = car.class.as_deref().and_then(|class| classes.iter().position(|of| *of == class)).map_or(0, number);
        let (first, last) = car.drivers.first().map_or(("", ""), |driver| driver.name.split_once(' ').unwrap_or(("", &driver.name)));
        let (transponder, team) = (car.transponder.as_deref().unwrap_or_default(), car.team.as_deref().unwrap_or_default());
        say(Record::Competitor { car: &registration(car), number: &car.number, transponder, first, last, nationality: team, class });
    }
    let ms = |time: Option<Micros>| time.map_or(Time(0), |time| Time(time.0.div_euclid(1_000)));
    let mut laps: Vec<&Lap> = account.laps.iter().collect();
    laps.sort_by_key(|lap| lap.elapsed);
    for lap in laps {
        say(Record::Crossing { car: &registration(&account.cars[lap.car]), lap: ms(lap.time), total: ms(lap.elapsed) });
    }
    for (nth, claim) in account.claims.iter().enumerate() {
        let car = registration(&account.cars[claim.car]);
        let position = u32::try_from(nth + 1).unwrap_or(u32::MAX);
        say(Record::Position { position, car: &car, laps: claim.laps.and_then(|laps| i32::try_from(laps).ok()), total: ms(claim.time) });
        let lap = claim.best_lap.and_then(|lap| i32::try_from(lap).ok()).unwrap_or(0);
        say(Record::Best { position, car: &car, lap, time: ms(claim.best) });
    }
    text.into_bytes()
}

#[derive(Default)]
struct Log {
    over: Vec<Run>,
    run: Run,
    /// What is told of competitors and classes is often told before the run it is for.
    classes: BTreeMap<i32, String>,
    track: Option<String>,
    skipped: usize,
}

#[derive(Default)]
struct Run {
    number: u32,
    name: String,
    cars: Vec<Competitor>,
    by_registration: BTreeMap<String, usize>,
    laps: Vec<Lap>,
    flags: Vec<Flown>,
    cleared: usize,
    /// Corrections by a record of their own.
    corrected: usize,
    /// Laps that were told again otherwise.
    set_right: usize,
    /// Such laps of which the log does not have the first telling.
    unknown: usize,
}

#[derive(Default)]
struct Competitor {
    registration: String,
    number: String,
    name: (String, String),
    nationality: String,
    transponder: String,
    class: i32,
    /// Laps, as the feed last said.
    laps: Option<i32>,
    position: Option<u32>,
    total: Option<Time>,
    best: Option<(i32, Time)>,
    /// The number of its last lap.
    driven: u32,
    /// Where its laps are.
    laps_at: Vec<usize>,
}

impl Log {
    fn take(&mut self, record: &Record<'_>) {
        match *record {
            Record::Run { number, name } => self.begin(number, name),
            Record::Class { number, name } => {
                self.classes.insert(number, name.to_owned());
            }
            Record::Setting { name: "TRACKNAME", value } if !value.is_empty() => self.track = Some(value.to_owned()),
            Record::Competitor { car, number, transponder, first, last, nationality, class } => {
                let of = self.run.car(car);
                (of.number, of.transponder, of.class) = (number.to_owned(), transponder.to_owned(), class);
                (of.name, of.nationality) = ((first.to_owned(), last.to_owned()), nationality.to_owned());
            }
            Record::CompetitorMore { car, number, class, first, last, .. } => {
                let of = self.run.car(car);
                (of.number, of.class, of.name) = (number.to_owned(), class, (first.to_owned(), last.to_owned()));
            }
            Record::Position { position, car, laps, total } => {
                let of = self.run.car(car);
                (of.position, of.laps, of.total) = (Some(position), laps, total.some());
            }
            Record::Best { car, lap, time, .. } => self.run.car(car).best = time.some().map(|time| (lap, time)),
            Record::Crossing { car, lap, total } => self.run.crossing(car, lap, total),
            Record::Heartbeat { race, flag, .. } => self.run.flag(race, flag),
            Record::Clear { .. } => self.run.cleared += 1,
            Record::Correction { .. } => self.run.corrected += 1,
            Record::Setting { .. } | Record::LineCrossing { .. } | Record::Stamp(_) => {}
            Record::Other { .. } => self.skipped += 1,
        }
    }

    fn begin(&mut self, number: u32, name: &str) {
        if self.run.number == 0 || (self.run.number, self.run.name.as_str()) == (number, name) {
            (self.run.number, self.run.name) = (number, name.to_owned());
            return;
        }
        let over = std::mem::take(&mut self.run);
        (self.run.number, self.run.name) = (number, name.to_owned());
        self.over.push(over);
    }

    fn accounts(mut self) -> Vec<Account> {
        self.over.push(self.run);
        let (classes, track, skipped) = (self.classes, self.track, self.skipped);
        let told = self.over.into_iter().filter(|run| run.cars.iter().any(|car| car.position.is_some()) || !run.laps.is_empty());
        let mut accounts: Vec<Account> = told.map(|run| run.account(&classes, track.clone())).collect();
        if let (true, Some(first)) = (skipped > 0, accounts.first_mut()) {
            let says = format!("{skipped} records of kinds that tell nothing that is understood here");
            first.notes.push(Note { code: "other-records", car: None, line: None, says });
        }
        accounts
    }
}

impl Run {
    fn car(&mut self, registration: &str) -> &mut Competitor {
        let nth = self.nth(registration);
        &mut self.cars[nth]
    }

    fn nth(&mut self, registration: &str) -> usize {
        if let Some(nth) = self.by_registration.get(registration) {
            return *nth;
        }
        let nth = self.cars.len();
        self.by_registration.insert(registration.to_owned(), nth);
        self.cars.push(Competitor { registration: registration.to_owned(), ..Competitor::default() });
        nth
    }

    /// A crossing of the line: a lap, or one that was set right. Its number is one more than the feed said, where it has not told the very lap already.
    fn crossing(&mut self, registration: &str, lap: Time, total: Time) {
        let nth = self.nth(registration);
        let car = &mut self.cars[nth];
        // Who crosses the line for the first time after the start has no lap behind him: it is told without a time.
        let (Some(lap), Some(total)) = (lap.some(), total.some()) else { return };
        let micros = |time: Time| Micros(time.0 * 1_000);
        let (time, elapsed) = (Some(micros(lap)), Some(micros(total)));
        let last = car.laps_at.last().map(|at| self.laps[*at].elapsed.unwrap_or(Micros(0)));
        if last.is_some_and(|last| micros(total).0 < last.0 + AGAIN) {
            // The photocell, a second loop or a timekeeper read it otherwise; a relay that connects again only repeats it.
            let near = |at: &&usize| self.laps[**at].elapsed.is_some_and(|of| (of.0 - micros(total).0).abs() < AGAIN);
            match car.laps_at.iter().rev().find(near).copied() {
                Some(at) if self.laps[at].elapsed == elapsed => {}
                Some(at) => {
                    (self.laps[at].time, self.laps[at].elapsed) = (time, elapsed);
                    self.set_right += 1;
                }
                None => self.unknown += 1,
            }
            return;
        }
        let said = car.laps.and_then(|laps| u32::try_from(laps).ok()).unwrap_or(0);
        // Some feeds rank first and tell the crossing after it.
        let told = if car.total == Some(total) { said } else { said.saturating_add(1) };
        let number = told.max(car.driven.saturating_add(1));
        car.driven = number;
        car.laps_at.push(self.laps.len());
        self.laps.push(Lap { time, elapsed, ..Lap::of(nth, number) });
    }

    fn flag(&mut self, race: Time, flag: Flag) {
        let flag = match flag {
            Flag::Green => account::Flag::Green,
            Flag::Yellow => account::Flag::Yellow,
            Flag::Red => account::Flag::Red,
            Flag::Finish => account::Flag::Chequered,
            Flag::None => return,
        };
        if self.flags.last().is_none_or(|last| last.flag != flag) {
            self.flags.push(Flown { elapsed: Some(Micros(race.0 * 1_000)), at: None, flag });
        }
    }

    fn account(self, classes: &BTreeMap<i32, String>, track: Option<String>) -> Account {
        let race = self.is_race();
        let mut account = Account { laps: self.laps, laps_as_completed: true, flags: self.flags, ..Account::default() };
        account.about.session = Some(self.name.clone()).filter(|name| !name.is_empty());
        account.about.track = track;
        let hints = which::Hints::of(&[&self.name]);
        (account.about.kind, account.about.number) = (hints.kind, hints.number);
        let mut claims: Vec<Claim> = Vec::new();
        for (nth, car) in self.cars.iter().enumerate() {
            account.cars.push(car.account(classes));
            let Some(place) = car.position else { continue };
            let micros = |time: Time| Micros(time.0 * 1_000);
            let laps = car.laps.and_then(|laps| u32::try_from(laps).ok());
            if let Some(negative) = car.laps.filter(|laps| *laps < 0) {
                let says = format!("the feed says it has {negative} laps");
                account.notes.push(Note { code: "negative-laps", car: Some(nth), line: None, says });
            }
            claims.push(Claim {
                place: u16::try_from(place).ok(),
                laps,
                time: car.total.map(micros).filter(|_| race),
                best: car.best.map(|(_, time)| micros(time)),
                best_lap: car.best.and_then(|(lap, _)| u32::try_from(lap).ok()).filter(|lap| *lap > 0),
                ..Claim::of(nth)
            });
        }
        claims.sort_by_key(|claim| claim.place);
        account.claims = claims;
        let mut note = |count: usize, code, says: &str| {
            if count > 0 {
                account.notes.push(Note { code, car: None, line: None, says: format!("{count} {says}") });
            }
        };
        note(self.cleared, "board-cleared", "times the board was cleared; what was known of the run was kept");
        note(self.set_right, "laps-set-right", "laps were told again with another time, which counts");
        note(self.unknown, "earlier-laps-set-right", "laps were told again that were driven before the log begins");
        note(self.corrected, "corrections", "corrections by the photocell, which the positions contain");
        account
    }

    /// Practice and qualifying are ordered by best laps, and their totals are no race times.
    fn is_race(&self) -> bool {
        which::Hints::of(&[&self.name]).kind.is_none_or(|kind| matches!(kind, SessionKind::Race | SessionKind::QualifyingRace))
    }
}

impl Competitor {
    fn account(&self, classes: &BTreeMap<i32, String>) -> Car {
        let (first, last) = (self.name.0.trim(), self.name.1.trim());
        let name = [first, last].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let drivers =
            if name.is_empty() { Vec::new() } else { vec![Driver { name, first: some(first), last: some(last), ..Driver::default() }] };
        Car {
            number: if self.number.is_empty() { self.registration.clone() } else { self.number.clone() },
            key: Some(self.registration.clone()),
            transponder: some(&self.transponder),
            class: classes.get(&self.class).cloned(),
            nationality: some(&self.nationality),
            drivers,
            ..Car::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reckoned::{Reckoned, ranking};

    fn runs(lines: &str) -> Vec<Account> {
        let (accounts, flaws) = decode(lines.as_bytes());
        assert_eq!(flaws, []);
        accounts
    }

    /// From the moment of a decision on the feed adds ten seconds to the total of the positions, and not to that of the crossing.
    #[test]
    fn a_penalty_is_the_difference_between_what_is_ranked_and_what_was_driven() {
        let of = runs(
            "$B,5,\"Race 1\"\n$A,\"7\",\"7\",1,\"A\",\"B\",\"\",1\n$J,\"7\",\"00:02:00.000\",\"00:02:00.000\"\n$G,1,\"7\",1,\"00:02:00.000\"\n\
             $J,\"7\",\"00:02:01.500\",\"00:04:01.500\"\n$G,1,\"7\",2,\"00:04:11.500\"\n",
        );
        let reckoned = Reckoned::of(&of[0], ranking(&of[0]));
        let told: Vec<_> = reckoned.differences.iter().map(|of| of.says.as_str()).collect();
        assert_eq!(told, ["claimed in 4:11.500; 4:01.500 by its laps: +10.000, and no penalty told says so"]);
    }

    #[test]
    fn a_relay_that_connects_again_repeats_no_lap_and_a_board_that_is_cleared_keeps_the_run() {
        let of = runs(
            "$B,5,\"Race\"\n$J,\"7\",\"00:02:00.000\",\"00:02:00.000\"\n$G,1,\"7\",1,\"00:02:00.000\"\n$I, \"00:00:00\", \"0/0/0000\"\n$B,5,\"Race\"\n\
             $G,1,\"7\",1,\"00:02:00.000\"\n$J,\"7\",\"00:02:00.000\",\"00:02:00.000\"\n$J,\"7\",\"00:02:02.000\",\"00:04:02.000\"\n$B,6,\"Race\"\n\
             $G,1,\"8\",,\"00:00:00.000\"\n",
        );
        let laps: Vec<_> = of.iter().map(|run| run.laps.iter().map(|lap| lap.number).collect::<Vec<_>>()).collect();
        assert_eq!(laps, [vec![1, 2], vec![]]);
        assert_eq!(of[0].notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["board-cleared"]);
    }

    /// A second loop read a lap 30 ms earlier, and a timekeeper set right one that the log does not have.
    #[test]
    fn a_lap_that_is_told_again_is_set_right_and_no_further_lap() {
        let of = runs(
            "$B,5,\"Race\"\n$J,\"7\",\"00:00:00.000\",\"00:00:55.897\"\n$J,\"7\",\"00:02:23.428\",\"00:05:48.232\"\n\
             $J,\"7\",\"00:02:23.398\",\"00:05:48.202\"\n$G,1,\"7\",2,\"00:05:48.202\"\n$J,\"7\",\"00:02:29.000\",\"00:03:24.804\"\n\
             $G,1,\"7\",3,\"00:08:10.720\"\n$J,\"7\",\"00:02:22.518\",\"00:08:10.720\"\n",
        );
        let laps: Vec<_> = of[0].laps.iter().map(|lap| (lap.number, lap.elapsed.map(|time| time.0 / 1_000))).collect();
        assert_eq!(laps, [(1, Some(348_202)), (3, Some(490_720))]);
        let notes: Vec<_> = of[0].notes.iter().map(|note| note.code).collect();
        assert_eq!(notes, ["laps-set-right", "earlier-laps-set-right"]);
    }

    /// Whoever connects in mid race hears how many laps were driven before.
    #[test]
    fn laps_are_counted_from_what_the_feed_says() {
        let of = runs(
            "$B,5,\"Race\"\n$G,1,\"7\",30,\"01:00:00.000\"\n$J,\"7\",\"00:02:00.000\",\"01:02:00.000\"\n$G,2,\"58\",-2,\"00:00:00.000\"\n",
        );
        assert_eq!(of[0].laps[0].number, 31);
        assert_eq!((of[0].claims[1].laps, of[0].notes[0].code), (None, "negative-laps"));
    }
}
