//! P3: the decoder counts its passings and can be asked for them.

use sport::date::Instant;

use super::numbers::{Gaps, Numbers, Rules, Verdict};
use super::said::{Said, Talk};
use super::told::print;
use super::{Heard, Moment, Passing, Status};
use crate::flaw::Flaw;
use crate::p3::record::{Passing as Frame, Record, What};
use crate::p3::stream::Stream;

const RULES: Rules = Rules { first: 1, ask: Some(256) };

#[derive(Debug)]
pub(super) struct Client {
    stream: Stream,
    numbers: Numbers,
}

/// What time it is: it is asked at once, so that the clock is known before the first passing.
pub(super) fn greeting() -> Vec<u8> {
    Record::asked_time().frame().encode()
}

impl Client {
    pub(super) fn new(last: Option<u64>) -> Self {
        Self { stream: Stream::new(), numbers: Numbers::new(RULES, last) }
    }

    pub(super) fn gaps(&self) -> Gaps {
        self.numbers.gaps()
    }

    pub(super) fn reconnected(&mut self) {
        self.stream = Stream::new();
        self.numbers.reconnected();
    }

    pub(super) fn idle(&mut self, said: &mut Said) {
        said.say(&greeting());
        self.numbers.answered();
    }

    pub(super) fn ask(&mut self, said: &mut Said) {
        if let Some((from, until)) = self.numbers.ask() {
            let number = |of: u64| u32::try_from(of).unwrap_or(u32::MAX);
            let what = What::Resend { from: number(from), until: until.map_or(u32::MAX, number) };
            said.say(&Record::said(what).frame().encode());
        }
    }

    pub(super) fn take(&mut self, bytes: &[u8], talk: &mut Talk<'_>) {
        let Self { stream, numbers } = self;
        stream.take(bytes, |told| match told {
            Ok(record) => hear(numbers, record, talk),
            Err(flaw) => {
                numbers.suspect();
                talk.flaw(flaw);
            }
        });
    }
}

fn hear(numbers: &mut Numbers, record: Record, talk: &mut Talk<'_>) {
    let decoder = record.decoder.map(|decoder| decoder.to_string());
    match record.what {
        What::Passing(of) => passing(numbers, decoder, &of, talk),
        What::Status(of) => {
            numbers.beat();
            talk.tell(Heard::Status(Status { noise: of.noise, temperature: of.temperature, voltage: of.voltage, clock: None }));
        }
        What::Time(of) => {
            if let Some(clock) = of.rtc.and_then(moment) {
                talk.tell(Heard::Status(Status { clock: Some(clock), ..Status::default() }));
            }
        }
        What::Error { code, description } => {
            let words = description.unwrap_or_default();
            talk.flaw(Flaw::of(0, None, &words, format!("the decoder did not understand: error {code}")));
        }
        What::Watchdog | What::Ping => numbers.beat(),
        What::Resend { .. } | What::Version(_) | What::Settings(_) | What::Reset | What::Other(_) => {}
    }
}

fn moment(micros: u64) -> Option<Moment> {
    i64::try_from(micros).ok().map(|micros| Moment::At(Instant(micros)))
}

fn passing(numbers: &mut Numbers, decoder: Option<String>, of: &Frame, talk: &mut Talk<'_>) {
    let Some(time) = moment(of.time) else {
        talk.flaw(Flaw::of(0, None, &of.time.to_le_bytes(), "the time of a passing is beyond what is counted"));
        return;
    };
    let code = of.code.map(|code| String::from_utf8_lossy(&code).trim_end_matches(['\0', ' ']).to_owned());
    let who = of.transponder.map(|of| of.to_string()).or(code).unwrap_or_else(|| String::from("-"));
    let number = u64::from(of.number);
    let verdict = numbers.heard(number, time.micros(), print(&who), false);
    match verdict {
        Verdict::Repeat => return talk.repeat(),
        Verdict::Restarted => talk.tell(Heard::Restarted),
        Verdict::New | Verdict::Late => {}
    }
    talk.tell(Heard::Passing(Passing {
        number: Some(number),
        who,
        transponder: of.transponder,
        time,
        strength: of.strength,
        hits: of.hits,
        resent: verdict == Verdict::Late,
        in_pit: None,
        on: decoder,
    }));
}
