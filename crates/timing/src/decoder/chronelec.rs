//! Chronelec: the decoder sends a passing until the host says that it has it. Nothing is lost, and anything may come twice.

use super::said::Talk;
use super::told::{Days, Told};
use super::{Heard, Moment, Passing, Status};
use crate::chronelec::{Command, Passing as Line, Record, lines};
use crate::lines::Lines;

/// A passing that comes again comes soon.
const TOLD: usize = 1_024;
/// A line that comes broken so often is broken in the decoder: it is given up, or the decoder would send nothing else.
const TRIES: u8 = 4;

#[derive(Debug)]
pub(super) struct Client {
    lines: Lines,
    heard: State,
}

#[derive(Debug)]
struct State {
    told: Told,
    clock: Days,
    /// Lines in a row that came broken.
    broken: u8,
}

impl Client {
    pub(super) fn new() -> Self {
        Self { lines: lines(), heard: State { told: Told::new(TOLD), clock: Days::default(), broken: 0 } }
    }

    /// The decoder sends by itself what was not acknowledged. To ask for it would bring it twice, and two answers for one.
    pub(super) fn reconnected(&mut self) {
        self.lines.forget();
    }

    pub(super) fn take(&mut self, bytes: &[u8], talk: &mut Talk<'_>) {
        let Self { lines, heard } = self;
        lines.take(bytes, |line| match line.and_then(|line| Record::decode(line.bytes).map_err(|why| line.flaw(why))) {
            Ok(record) => heard.hear(record, talk),
            Err(flaw) => {
                heard.broken += 1;
                let answer = if heard.broken < TRIES { Command::Repeat } else { Command::Acknowledge };
                heard.broken %= TRIES;
                talk.said.say(&answer.encode());
                talk.flaw(flaw);
            }
        });
    }
}

impl State {
    fn hear(&mut self, record: Record, talk: &mut Talk<'_>) {
        match record {
            Record::Passing(of) => {
                self.broken = 0;
                talk.said.say(&Command::Acknowledge.encode());
                if self.told.is_new(&(&of.on, &of.transponder, of.time)) {
                    let passing = self.passing(of);
                    talk.tell(Heard::Passing(passing));
                } else {
                    talk.repeat();
                }
            }
            Record::Status(of) => {
                let clock = Some(Moment::OfDay(self.clock.on(of.time)));
                talk.tell(Heard::Status(Status { noise: Some(u16::from(of.noise)), clock, ..Status::default() }));
            }
            Record::SetUp(_) => {}
        }
    }

    fn passing(&mut self, of: Line) -> Passing {
        let in_pit = match of.on.as_str() {
            "STA" => Some(false),
            "MAN" => None,
            on => on.starts_with('B').then_some(true),
        };
        Passing {
            number: None,
            transponder: of.transponder.parse().ok(),
            who: of.transponder,
            time: Moment::OfDay(self.clock.on(of.time)),
            strength: Some(u16::from(of.strength)),
            hits: None,
            resent: false,
            in_pit,
            on: Some(of.on),
        }
    }
}
