//! RACE RESULT: the decoder counts the passings of each file from 1, sends them when they happen, and can be asked for them.

use super::numbers::{Gaps, Numbers, Rules, Verdict};
use super::said::{Said, Talk};
use super::told::print;
use super::{Heard, Moment, Passing, Status};
use crate::lines::Lines;
use crate::race_result::command::Command;
use crate::race_result::record::{Passing as Line, Record, Time};
use crate::race_result::{VERSION, lines};

/// What others ask for at once.
const MOST: u64 = 32;
const RULES: Rules = Rules { first: 1, ask: Some(MOST) };

#[derive(Debug)]
pub(super) struct Client {
    lines: Lines,
    heard: State,
}

#[derive(Debug)]
struct State {
    numbers: Numbers,
    file: Option<String>,
    /// Passings were asked for, and their end has not come.
    awaiting: bool,
}

/// Which version it is to speak, that passings are wanted when they happen, how many there are, and how it is.
pub(super) fn greeting() -> Vec<u8> {
    let push = Command::Push { new: true, old: false };
    [Command::Protocol(VERSION.to_owned()), push, Command::Passings, Command::Status].iter().flat_map(Command::encode).collect()
}

impl Client {
    pub(super) fn new(last: Option<u64>) -> Self {
        Self { lines: lines(), heard: State { numbers: Numbers::new(RULES, last), file: None, awaiting: false } }
    }

    pub(super) fn gaps(&self) -> Gaps {
        self.heard.numbers.gaps()
    }

    pub(super) fn reconnected(&mut self) {
        self.lines.forget();
        self.heard.numbers.reconnected();
        self.heard.awaiting = false;
    }

    pub(super) fn idle(&mut self, said: &mut Said) {
        self.heard.awaiting = false;
        self.heard.numbers.answered();
        said.say(&Command::Passings.encode());
        said.say(&Command::Status.encode());
    }

    pub(super) fn ask(&mut self, said: &mut Said) {
        if !self.heard.awaiting
            && let Some((first, until)) = self.heard.numbers.ask()
        {
            let count = until.map_or(MOST, |until| (until - first + 1).min(MOST));
            said.say(&Command::From { first, count }.encode());
            self.heard.awaiting = true;
        }
    }

    pub(super) fn take(&mut self, bytes: &[u8], talk: &mut Talk<'_>) {
        let Self { lines, heard } = self;
        lines.take(bytes, |line| match line.and_then(|line| Record::decode(line.bytes).map_err(|why| line.flaw(why))) {
            Ok(record) => heard.hear(record, talk),
            Err(flaw) => {
                heard.numbers.suspect();
                talk.flaw(flaw);
            }
        });
    }
}

impl State {
    fn hear(&mut self, record: Record, talk: &mut Talk<'_>) {
        match record {
            Record::Passing { passing, .. } => self.passing(&passing, talk),
            Record::End | Record::Only(_) => {
                self.awaiting = false;
                self.numbers.answered();
            }
            Record::Passings { count, file } => {
                self.begins(file.as_deref(), talk);
                if self.numbers.counted(count) {
                    talk.tell(Heard::Restarted);
                }
            }
            Record::Status(of) => {
                let clock = of.time().map(moment);
                talk.tell(Heard::Status(Status { noise: None, temperature: of.temperature(), voltage: of.voltage(), clock }));
            }
            Record::Answer(_) | Record::Pushed(_) => {}
        }
    }

    /// Passings of a file come: where it is another one than before, they are counted from the beginning.
    fn begins(&mut self, file: Option<&str>, talk: &mut Talk<'_>) {
        let Some(file) = file.filter(|file| self.file.as_deref() != Some(file)) else { return };
        if self.file.replace(file.to_owned()).is_some() {
            self.numbers.renew();
            talk.tell(Heard::Restarted);
        }
    }

    fn passing(&mut self, of: &Line, talk: &mut Talk<'_>) {
        let Some(time) = of.time().map(moment) else { return };
        self.begins(of.file(), talk);
        let verdict = self.numbers.heard(of.number, time.micros(), print(&of.who()), false);
        match verdict {
            Verdict::Repeat => return talk.repeat(),
            Verdict::Restarted => talk.tell(Heard::Restarted),
            Verdict::New | Verdict::Late => {}
        }
        talk.tell(Heard::Passing(Passing {
            number: Some(of.number),
            who: if of.who().is_empty() { String::from("-") } else { of.who().to_owned() },
            transponder: of.who().parse().ok(),
            time,
            strength: of.strength(),
            hits: of.hits(),
            resent: verdict == Verdict::Late || of.stored(),
            in_pit: None,
            on: of.on().map(str::to_owned),
        }));
    }
}

fn moment(time: Time) -> Moment {
    match time {
        Time::Of(at) => Moment::At(at),
        Time::Clock(since) => Moment::OfDay(since),
    }
}
