//! A Chronelec: one passing after the other, each until it is acknowledged.

use super::{Crossed, Desk};
use crate::chronelec::{Command, Passing, Record, Status};
use crate::dial;
use sport::date::{Instant, Micros};

/// It waits so long for an acknowledgement.
const PATIENCE: i64 = 1_000_000;
/// The longest command.
const COMMAND: usize = 9;

#[derive(Default, Debug)]
pub(super) struct Speech {
    heard: Vec<u8>,
    /// So many passings are acknowledged.
    acknowledged: usize,
    /// When the next was sent last.
    sent: Option<Instant>,
}

impl Speech {
    pub(super) fn connected(&mut self) {
        self.heard.clear();
        self.sent = None;
    }

    pub(super) fn due(&mut self, desk: &mut Desk, now: Instant) {
        let waits = self.sent.is_some_and(|sent| now.0 - sent.0 < PATIENCE);
        let Some(kept) = desk.kept.get(self.acknowledged).filter(|_| !waits && desk.line.is_empty()) else { return };
        let line = passing(desk, kept.of);
        desk.line.pass(self.acknowledged, line);
        self.sent = Some(now);
    }

    pub(super) fn take(&mut self, desk: &mut Desk, bytes: &[u8], now: Instant) {
        self.heard.extend_from_slice(bytes);
        loop {
            let Some((command, length)) = Command::decode(&self.heard) else {
                // A byte that begins no command is none; a command that has begun may go on.
                if self.heard.len() < COMMAND && self.heard.first().is_none_or(|first| *first == 0x1b) {
                    return;
                }
                self.heard.remove(0);
                continue;
            };
            self.heard.drain(..length);
            self.obey(command, desk, now);
        }
    }

    fn obey(&mut self, command: Command, desk: &mut Desk, now: Instant) {
        match command {
            Command::Acknowledge if self.sent.take().is_some() => self.acknowledged += 1,
            Command::Repeat => self.sent = None,
            Command::Status => {
                let time = of_day(desk.clock(now));
                desk.line.say(Record::Status(Status { time, noise: 12, noise_in_pit: 9, level: 10, level_in_pit: 10 }).encode());
            }
            Command::Time { hour, minute, second } => {
                let said = ((i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second)) * 1_000_000;
                desk.ahead = Micros(said - of_day(now).0);
            }
            Command::Acknowledge | Command::Start | Command::Stop | Command::SetUp | Command::Day(_) | Command::Level { .. } => {}
        }
    }
}

fn of_day(at: Instant) -> Micros {
    Micros(at.0.rem_euclid(dial::DAY))
}

fn passing(desk: &Desk, of: Crossed) -> Vec<u8> {
    let on = if of.in_pit { "BOX" } else { "STA" };
    let transponder = of.transponder.to_string();
    let time = of_day(desk.clock(of.at));
    Record::Passing(Passing { on: on.to_owned(), transponder, time, strength: 24, count: 1, battery: 1 }).encode()
}
