//! The log of a feed, as a relay or a timekeeper keeps one: the runs in it, each with its laps and what it claims at its end; and a session as such a log.

use std::collections::BTreeMap;

use sport::session::SessionKind;

use super::reader::{Odd, Reader, Session};
use super::{CLOSED, Car, Entry, Scoreboard};
use crate::account::{self, Account, Claim, Driver, Flown, Lap, Note};
use crate::flaw::Flaw;
use crate::{multiloop, rmonitor, which};

/// A log that is recognised by its beginning has so many bytes of it.
const BEGINNING: usize = 4_096;
/// So many cars a log may have in all its runs: those of a hundred seasons.
const MOST_CARS: usize = 100_000;

/// Whether bytes are the beginning of a log of RMonitor: every line of it is a record, or one that a relay puts between them.
pub fn is_rmonitor(bytes: &[u8]) -> bool {
    use rmonitor::record::Record;
    let bytes = &bytes[..bytes.len().min(BEGINNING)];
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(bytes, |end| &bytes[..end + 1]);
    let (mut records, mut flaws) = (0, 0);
    let mut stream = rmonitor::stream::Stream::new();
    stream.take(whole, |told| match told {
        Ok(Record::Other { .. } | Record::Stamp(_)) => {}
        Ok(_) => records += 1,
        Err(_) => flaws += 1,
    });
    records > 0 && flaws <= records / 10
}

/// The runs of a log of RMonitor, and what of it could not be read.
pub fn rmonitor(bytes: &[u8]) -> (Vec<Session>, Vec<Flaw>) {
    let mut runs = Runs::default();
    let mut tell = |told: Result<rmonitor::record::Record<'_>, Flaw>| runs.hear(told, Reader::rmonitor);
    let mut stream = rmonitor::stream::Stream::new();
    stream.take(bytes, &mut tell);
    stream.end(&mut tell);
    runs.end()
}

/// The runs of a log of Multiloop, and what of it could not be read.
pub fn multiloop(bytes: &[u8]) -> (Vec<Session>, Vec<Flaw>) {
    let mut runs = Runs::default();
    let mut tell = |told: Result<multiloop::record::Record<'_>, Flaw>| runs.hear(told, Reader::multiloop);
    let mut stream = multiloop::stream::Stream::new();
    stream.take(bytes, &mut tell);
    stream.end(&mut tell);
    runs.end()
}

/// What a log has told so far.
#[derive(Default)]
struct Runs {
    reader: Reader,
    over: Vec<Session>,
    /// In all runs that are over.
    cars: usize,
    flaws: Vec<Flaw>,
}

impl Runs {
    fn hear<R>(&mut self, told: Result<R, Flaw>, read: impl Fn(&mut Reader, &R) -> Option<Session>) {
        match told {
            // Every run has the cars of the one before, as long as nobody takes them off the board: a log of nothing but beginnings would fill any memory.
            Ok(_) if self.cars > MOST_CARS => {}
            Ok(record) => {
                if let Some(over) = read(&mut self.reader, &record) {
                    self.cars += over.board.cars.len();
                    self.over.push(over);
                }
                if self.cars > MOST_CARS {
                    let why = format!("what comes after {} runs with {MOST_CARS} cars is left out", self.over.len());
                    self.flaws.push(Flaw::of(0, None, b"", why));
                }
            }
            Err(flaw) => self.flaws.push(flaw),
        }
    }

    /// The runs that have cars. What a timekeeper's closing of a run leaves on the board is none.
    fn end(mut self) -> (Vec<Session>, Vec<Flaw>) {
        self.over.push(self.reader.end());
        let drove = |run: &Session| run.board.cars.values().any(|car| !car.laps.is_empty());
        self.over.retain(|run| !run.board.cars.is_empty() && (run.board.run.number != Some(CLOSED) || drove(run)));
        (self.over, self.flaws)
    }
}

impl Session {
    /// What it tells of a session.
    pub fn account(&self) -> Account {
        let mut account = Account { laps_as_completed: true, messages: self.messages.clone(), ..Account::default() };
        self.about(&mut account);
        let race = account.about.kind.is_none_or(|kind| matches!(kind, SessionKind::Race | SessionKind::QualifyingRace));
        for (nth, (registration, car)) in self.board.cars.iter().enumerate() {
            account.cars.push(car.account(registration, &self.board.classes));
            account.laps.extend(car.laps.iter().map(|lap| lap_of(nth, lap)));
            account.claims.extend(car.claim(nth, race));
            if let Some(negative) = car.position.and_then(|of| of.laps).filter(|laps| *laps < 0) {
                let says = format!("the feed says it has {negative} laps");
                account.notes.push(Note { code: "negative-laps", car: Some(nth), line: None, says });
            }
        }
        account.laps.sort_by_key(|lap| lap.elapsed);
        account.claims.sort_by_key(|claim| claim.place);
        let shown = self.flags.iter().filter_map(|flown| Some((flown, flown.flag?)));
        account.flags = shown.map(|(of, flag)| Flown { elapsed: Some(of.race), at: None, flag }).collect();
        // Between two of the same there was none, which no account can say.
        account.flags.dedup_by_key(|flown| flown.flag);
        account.notes.extend(self.odd.notes());
        account
    }

    fn about(&self, account: &mut Account) {
        let Scoreboard { run, .. } = &self.board;
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let hints = which::Hints::of(&[&run.name]);
        (account.about.session, account.about.event) = (some(&run.name), some(&run.event));
        account.about.track = self.board.track().map(str::to_owned);
        (account.about.kind, account.about.number) = (run.kind.or(hints.kind), hints.number);
        account.about.began = run.start;
    }
}

impl Odd {
    fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        let mut note = |count: u32, code, says: &str| {
            if count > 0 {
                notes.push(Note { code, car: None, line: None, says: format!("{count} {says}") });
            }
        };
        note(self.resets, "board-cleared", "times the board was cleared; what was known of the run was kept");
        note(self.set_right, "laps-set-right", "laps were told again with another time, which counts");
        note(self.unknown, "earlier-laps-set-right", "laps were told again that were driven before the log begins");
        note(self.corrections, "corrections", "corrections by the photocell, which the positions contain");
        note(self.others, "other-records", "records of kinds that tell nothing that is understood here");
        notes
    }
}

impl Car {
    fn account(&self, registration: &str, classes: &BTreeMap<i32, String>) -> account::Car {
        let unnamed = Entry::default();
        let entry = self.entry.as_ref().unwrap_or(&unnamed);
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (first, last) = (entry.first.trim(), entry.last.trim());
        let name = [first, last].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let driver = Driver { name, first: some(first), last: some(last), ..Driver::default() };
        account::Car {
            number: if entry.number.is_empty() { registration.to_owned() } else { entry.number.clone() },
            key: Some(registration.to_owned()),
            transponder: entry.transponder.as_deref().and_then(some),
            class: classes.get(&entry.class).cloned(),
            nationality: some(&entry.nationality),
            drivers: if driver.name.is_empty() { Vec::new() } else { vec![driver] },
            ..account::Car::default()
        }
    }

    /// What the board claims of it. Practice and qualifying are ordered by best laps, and their totals are no race times.
    fn claim(&self, nth: usize, race: bool) -> Option<Claim> {
        let position = self.position?;
        Some(Claim {
            place: u16::try_from(position.place).ok(),
            laps: position.laps.and_then(|laps| u32::try_from(laps).ok()),
            time: position.total.filter(|_| race),
            best: self.best.and_then(|best| best.time),
            best_lap: self.best.and_then(|best| best.lap),
            stops: self.stops,
            ..Claim::of(nth)
        })
    }
}

fn lap_of(nth: usize, lap: &super::Lap) -> Lap {
    let (time, elapsed) = (Some(lap.time), Some(lap.total));
    Lap { time, elapsed, valid: !lap.invalidated, into_pit: lap.into_pit, flag: lap.flag, ..Lap::of(nth, lap.number) }
}
