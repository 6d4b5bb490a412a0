//! Timy: impulses have a number that is a start number or counts them, as the program at the device will have it; its memory can be asked for.
//!
//! After a break, and after a line that could not be read, all of it is asked for, and what was told already is passed over.

use super::said::{Said, Talk};
use super::told::{Days, Told};
use super::{Heard, Moment, Passing, Status};
use crate::lines::Lines;
use crate::timy::{ASK_MEMORY, Impulse, Mark, Record, lines};

/// As many as its memory may have.
const TOLD: usize = 32_768;
/// So often a number that does not come next is taken as a hint that one is missing. Where numbers are start numbers that is in vain: then it is no more.
const HINTS: u8 = 3;

#[derive(Debug)]
pub(super) struct Client {
    lines: Lines,
    heard: State,
}

#[derive(Debug)]
struct State {
    told: Told,
    clock: Days,
    /// The newest impulse: its time and its number.
    newest: Option<(i64, u16)>,
    /// So many hints are left.
    hints: u8,
}

impl Client {
    pub(super) fn new() -> Self {
        Self { lines: lines(), heard: State { told: Told::new(TOLD), clock: Days::default(), newest: None, hints: HINTS } }
    }

    pub(super) fn reconnected(&mut self, said: &mut Said) {
        self.lines.forget();
        self.heard.hints = HINTS;
        said.say(ASK_MEMORY);
    }

    pub(super) fn take(&mut self, bytes: &[u8], talk: &mut Talk<'_>) {
        let Self { lines, heard } = self;
        let mut broken = false;
        lines.take(bytes, |line| match line.and_then(|line| Record::decode(line.bytes).map_err(|why| line.flaw(why))) {
            Ok(record) => heard.hear(record, talk),
            Err(flaw) => {
                broken = true;
                talk.flaw(flaw);
            }
        });
        if broken {
            talk.said.say(ASK_MEMORY);
        }
    }
}

impl State {
    fn hear(&mut self, record: Record, talk: &mut Talk<'_>) {
        match record {
            Record::Impulse(of) => self.impulse(&of, talk),
            Record::Running(time) => {
                let clock = Some(Moment::OfDay(self.clock.on(time)));
                talk.tell(Heard::Status(Status { clock, ..Status::default() }));
            }
            Record::Next(_) | Record::Other(_) => {}
        }
    }

    fn impulse(&mut self, of: &Impulse, talk: &mut Talk<'_>) {
        let cancelled = matches!(of.mark, Mark::Cleared | Mark::Disqualified);
        if !self.told.is_new(&(cancelled, of.number, of.channel, of.manual, of.time)) {
            return talk.repeat();
        }
        let time = self.clock.on(of.time);
        let late = self.newest.is_some_and(|(newest, _)| time.0 < newest);
        let next = self.newest.is_none_or(|(_, number)| of.number == number.saturating_add(1));
        self.newest = self.newest.max(Some((time.0, of.number)));
        if late {
            // It was missing: hints are no vain ones.
            self.hints = HINTS;
        } else if !next && !cancelled && self.hints > 0 {
            self.hints -= 1;
            talk.said.say(ASK_MEMORY);
        }
        let passing = Passing {
            number: None,
            who: format!("{:04}", of.number),
            transponder: Some(u32::from(of.number)),
            time: Moment::OfDay(time),
            strength: None,
            hits: None,
            resent: late || of.mark == Mark::Memory,
            in_pit: None,
            on: Some(of.channel()),
        };
        talk.tell(if cancelled { Heard::Cancelled(passing) } else { Heard::Passing(passing) });
    }
}
