//! AMBrc: the decoder counts every line it sends and cannot be asked for one. What is missing is counted, and stays missing.

use super::numbers::{Gaps, Numbers, Rules, Verdict};
use super::said::Talk;
use super::told::{Since, print};
use super::{Heard, Moment, Passing, Status};
use crate::ambrc::{BEGIN, Passing as Line, Record, lines};
use crate::lines::Lines;

const RULES: Rules = Rules { first: 0, ask: None };

#[derive(Debug)]
pub(super) struct Client {
    lines: Lines,
    heard: State,
    /// It sent as an older decoder does, and was told to begin.
    begun_again: bool,
}

#[derive(Debug)]
struct State {
    numbers: Numbers,
    clock: Since,
}

impl Client {
    pub(super) fn new() -> Self {
        let heard = State { numbers: Numbers::new(RULES, None), clock: Since::default() };
        Self { lines: lines(), heard, begun_again: false }
    }

    pub(super) fn gaps(&self) -> Gaps {
        self.heard.numbers.gaps()
    }

    pub(super) fn reconnected(&mut self) {
        self.lines.forget();
        self.begun_again = false;
    }

    pub(super) fn take(&mut self, bytes: &[u8], talk: &mut Talk<'_>) {
        let Self { lines, heard, begun_again } = self;
        lines.take(bytes, |line| match line.and_then(|line| Record::decode(line.bytes).map_err(|why| line.flaw(why))) {
            Ok(record) => heard.hear(record, talk),
            Err(flaw) => {
                // Numbers of two digits: it was switched off, and is as it was when it was built.
                if flaw.text.starts_with('@') && !std::mem::replace(begun_again, true) {
                    talk.said.say(BEGIN);
                }
                talk.flaw(flaw);
            }
        });
    }
}

impl State {
    fn hear(&mut self, record: Record, talk: &mut Talk<'_>) {
        match record {
            Record::Passing(of) => self.passing(of, talk),
            Record::Status { number, noise, rest, .. } => {
                let verdict = self.numbers.heard(number, 0, print(&(noise, rest)), false);
                self.restarted(verdict, talk);
                talk.tell(Heard::Status(Status { noise: Some(noise), ..Status::default() }));
            }
            Record::Begun { .. } => {
                if self.clock.set() {
                    talk.tell(Heard::Restarted);
                }
            }
            Record::Other { .. } => {}
        }
    }

    fn restarted(&mut self, verdict: Verdict, talk: &mut Talk<'_>) {
        if verdict == Verdict::Restarted {
            self.clock.set();
            talk.tell(Heard::Restarted);
        }
    }

    fn passing(&mut self, of: Line, talk: &mut Talk<'_>) {
        let numbered = of.more.as_ref().map(|more| (more.number, of.time.0, print(&of.transponder)));
        if let Some((number, time, who)) = numbered {
            let verdict = self.numbers.heard(number, time, who, false);
            if verdict == Verdict::Repeat {
                return talk.repeat();
            }
            self.restarted(verdict, talk);
        }
        // It may have counted beyond the last number that was heard: then its clock tells.
        if self.clock.began_again(of.time) {
            self.numbers.renew();
            if let Some((number, time, who)) = numbered {
                self.numbers.heard(number, time, who, false);
            }
            talk.tell(Heard::Restarted);
        }
        talk.tell(Heard::Passing(Passing {
            number: of.more.as_ref().map(|more| more.number),
            who: of.transponder.to_string(),
            transponder: Some(of.transponder),
            time: Moment::SinceStart(of.time),
            strength: of.more.as_ref().map(|more| more.strength),
            hits: of.more.as_ref().map(|more| more.hits),
            resent: false,
            in_pit: None,
            on: Some(of.decoder.to_string()),
        }));
    }
}
