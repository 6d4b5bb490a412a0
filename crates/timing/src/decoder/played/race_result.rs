//! A RACE RESULT decoder: files of passings, sent when they happen where that is wanted, and when they are asked for.

use super::{Desk, Kept};
use crate::lines::Lines;
use crate::race_result::command::Command;
use crate::race_result::lines;
use crate::race_result::record::{Passing, Record, Status, Time};
use sport::date::Instant;

#[derive(Debug)]
pub(super) struct Speech {
    heard: Lines,
    push: bool,
    file: u32,
}

impl Speech {
    pub(super) fn new() -> Self {
        Self { heard: lines(), push: false, file: 1 }
    }

    pub(super) fn connected(&mut self) {
        *self = Self { file: self.file, ..Self::new() };
    }

    pub(super) fn restart(&mut self) {
        *self = Self { file: self.file + 1, ..Self::new() };
    }

    pub(super) fn happened(&mut self, desk: &mut Desk, kept: Kept) -> bool {
        let line = passing(desk, kept, self.file, true);
        !self.push || desk.line.pass(desk.kept.len() - 1, line)
    }

    pub(super) fn take(&mut self, desk: &mut Desk, bytes: &[u8], now: Instant) {
        let Self { heard, push, file } = self;
        heard.take(bytes, |line| {
            let Some(command) = line.ok().and_then(|line| Command::decode(line.bytes)) else { return };
            let count = desk.kept.len() as u64;
            match command {
                Command::From { first, count: wanted } if (1..=count).contains(&first) => {
                    let asked = first..first.saturating_add(wanted);
                    for (nth, kept) in desk.kept.iter().enumerate().filter(|(_, kept)| asked.contains(&kept.number)) {
                        let line = passing(desk, *kept, *file, false);
                        desk.line.pass(nth, line);
                    }
                    desk.line.say(Record::End.encode());
                }
                Command::From { .. } => desk.line.say(Record::Only(format!("{count} PASSINGS")).encode()),
                Command::Passings => desk.line.say(Record::Passings { count, file: Some(file.to_string()) }.encode()),
                Command::Status => {
                    let status = Status::of(Time::Of(desk.clock(now)), &file.to_string());
                    desk.line.say(Record::Status(status).encode());
                }
                Command::Push { new, .. } => {
                    *push = new;
                    desk.line.say(command.encode());
                }
                Command::Protocol(_) | Command::Other(_) => desk.line.say(command.encode()),
                Command::Start | Command::Stop => {}
            }
        });
    }
}

fn passing(desk: &Desk, Kept { number, of }: Kept, file: u32, pushed: bool) -> Vec<u8> {
    let passing = Passing::of(number, &of.transponder.to_string(), Time::Of(desk.clock(of.at)), &file.to_string());
    Record::Passing { pushed, passing: passing.heard(9, 30, &of.on.to_string()) }.encode()
}
