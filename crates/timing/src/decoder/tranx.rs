//! TranX: the decoder counts nothing and keeps nothing. What it sent while nobody listened is lost.

use sport::date::Micros;

use super::said::Talk;
use super::told::Since;
use super::{Heard, Moment, Passing, Status};
use crate::lines::Lines;
use crate::tranx::{Record, lines};

#[derive(Debug)]
pub(super) struct Client {
    lines: Lines,
    clock: Since,
}

impl Client {
    pub(super) fn new() -> Self {
        Self { lines: lines(), clock: Since::default() }
    }

    pub(super) fn reconnected(&mut self) {
        self.lines.forget();
    }

    pub(super) fn take(&mut self, bytes: &[u8], talk: &mut Talk<'_>) {
        let Self { lines, clock } = self;
        lines.take(bytes, |line| match line.and_then(|line| Record::decode(line.bytes).map_err(|why| line.flaw(why))) {
            Ok(record) => hear(clock, &record, talk),
            Err(flaw) => talk.flaw(flaw),
        });
    }
}

fn hear(clock: &mut Since, record: &Record, talk: &mut Talk<'_>) {
    match record {
        Record::Noise { noise, .. } => talk.tell(Heard::Status(Status { noise: Some(u16::from(*noise)), ..Status::default() })),
        Record::Passing(of) => {
            let time = Micros(i64::from(of.ticks) * 1_000);
            if clock.began_again(time) {
                talk.tell(Heard::Restarted);
            }
            talk.tell(Heard::Passing(Passing {
                number: None,
                who: of.transponder.to_string(),
                transponder: Some(of.transponder),
                time: Moment::SinceStart(time),
                strength: Some(u16::from(of.strength)),
                hits: Some(u16::from(of.hits)),
                resent: false,
                in_pit: None,
                on: Some(of.decoder.to_string()),
            }));
        }
    }
}
