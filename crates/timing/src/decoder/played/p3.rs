//! A P3 decoder: its state every few seconds, every passing when it happens, and again when it is asked for.

use super::{Desk, Kept};
use crate::p3::record::{Passing, Record, Status, Time, Version, What};
use crate::p3::stream::Stream;
use sport::date::Instant;

/// The number of the decoder.
const DECODER: u32 = 0x41813;

#[derive(Default, Debug)]
pub(super) struct Speech {
    heard: Stream,
}

fn said(what: What) -> Vec<u8> {
    Record { decoder: Some(DECODER), what, rest: Vec::new() }.frame().encode()
}

pub(super) fn passing(desk: &Desk, Kept { number, of }: Kept) -> Vec<u8> {
    said(What::Passing(Passing {
        number: u32::try_from(number).unwrap_or(u32::MAX),
        transponder: Some(of.transponder),
        time: micros(desk.clock(of.at)),
        strength: Some(110),
        hits: Some(24),
        flags: Some(0),
        code: None,
    }))
}

pub(super) fn status() -> Vec<u8> {
    said(What::Status(Status { noise: Some(40), gps: Some(0), temperature: Some(22), voltage: Some(118), satellites: None }))
}

fn micros(at: Instant) -> u64 {
    u64::try_from(at.0).unwrap_or(0)
}

impl Speech {
    pub(super) fn take(&mut self, desk: &mut Desk, bytes: &[u8], now: Instant) {
        self.heard.take(bytes, |told| {
            let Ok(record) = told else { return desk.line.say(said(What::Error { code: 1, description: None })) };
            match &record.what {
                What::Resend { from, until } => {
                    let asked = u64::from(*from)..=u64::from(*until);
                    for (nth, kept) in desk.kept.iter().enumerate().filter(|(_, kept)| asked.contains(&kept.number)) {
                        let frame = passing(desk, *kept);
                        desk.line.pass(nth, frame);
                    }
                }
                What::Time(_) if record.asks() => {
                    let rtc = Some(micros(desk.clock(now)));
                    desk.line.say(said(What::Time(Time { rtc, flags: Some(0), utc: None })));
                }
                What::Version(_) if record.asks() => {
                    desk.line.say(said(What::Version(Version { decoder: Some(0x12), ..Version::default() })));
                }
                What::Status(_) if record.asks() => desk.line.say(status()),
                What::Ping => desk.line.say(said(What::Ping)),
                What::Passing(_) | What::Status(_) | What::Time(_) | What::Version(_) | What::Settings(_) => {}
                What::Reset | What::Watchdog | What::Error { .. } | What::Other(_) => {}
            }
        });
    }
}
