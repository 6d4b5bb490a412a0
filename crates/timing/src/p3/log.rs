//! What a decoder sent, kept in a file: as it came, or each frame in hexadecimal digits on a line of its own.

use sport::date::Instant;

use super::record::{Passing, Record, What};
use super::stream::Stream;
use crate::account::{Account, Crossing};
use crate::flaw::Flaw;

/// Whether bytes are what a P3 decoder sends, or that in hexadecimal digits.
pub fn is(bytes: &[u8]) -> bool {
    // A record of version 1 or 2, told from other files that begin with the same byte by its version.
    let frame = |bytes: &[u8]| bytes.len() > 10 && bytes[0] == 0x8e && matches!(bytes[1], 1 | 2);
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
    frame(bytes) || of_digits(&line[..line.len().min(64)]).is_some_and(|bytes| frame(&bytes))
}

/// Every passing of a log, and how often the decoder told how it was.
pub fn decode(bytes: &[u8]) -> (Account, Vec<Flaw>) {
    let mut log = Log::default();
    if bytes.first() == Some(&0x8e) {
        let mut stream = Stream::new();
        stream.take(bytes, |told| log.take(told));
        stream.end(|told| log.take(told));
    } else {
        let mut offset = 0;
        for (nth, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            log.line(offset, nth as u64 + 1, line.trim_ascii());
            offset += line.len() as u64 + 1;
        }
    }
    (log.account, log.flaws)
}

#[derive(Default)]
struct Log {
    account: Account,
    flaws: Vec<Flaw>,
}

impl Log {
    fn line(&mut self, offset: u64, nth: u64, line: &[u8]) {
        if line.is_empty() {
            return;
        }
        let Some(bytes) = of_digits(line) else {
            self.flaws.push(Flaw::of(
                offset,
                Some(nth),
                line,
                "a line of a log in hexadecimal digits has two for each byte and nothing else",
            ));
            return;
        };
        let mut stream = Stream::new();
        let mut told = |told: Result<Record, Flaw>| {
            self.take(told.map_err(|flaw| Flaw { offset, line: Some(nth), ..flaw }));
        };
        stream.take(&bytes, &mut told);
        stream.end(&mut told);
    }

    fn take(&mut self, told: Result<Record, Flaw>) {
        match told {
            Ok(Record { decoder, what: What::Passing(passing), .. }) => {
                let code = passing.code.map(|code| String::from_utf8_lossy(&code).trim_end_matches(['\0', ' ']).to_owned());
                let transponder = passing.transponder.map(|of| of.to_string()).or(code).unwrap_or_else(|| String::from("-"));
                let Ok(at) = i64::try_from(passing.time) else { return };
                self.account.crossings.push(Crossing { at: Instant(at), line: decoder.map(|decoder| decoder.to_string()), transponder });
            }
            Ok(_) => {}
            Err(flaw) => self.flaws.push(flaw),
        }
    }
}

/// Bytes of hexadecimal digits, two each.
fn of_digits(line: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = line.as_chunks::<2>();
    (rest.is_empty() && !pairs.is_empty()).then_some(())?;
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

/// The passings of an account as a decoder would have sent them, a frame a line in hexadecimal digits: those it tells, else the ends of its laps.
pub fn encode(account: &Account) -> Vec<u8> {
    let number = |text: &str| text.parse::<u32>().ok();
    let of_car = |car: usize| {
        let car = &account.cars[car];
        car.transponder.as_deref().and_then(number).or_else(|| number(&car.number))
    };
    let mut passings: Vec<(Instant, Option<u32>, Option<u32>)> = if account.crossings.is_empty() {
        account.laps.iter().filter_map(|lap| Some((lap.ended?, of_car(lap.car), None))).collect()
    } else {
        account.crossings.iter().map(|of| (of.at, number(&of.transponder), of.line.as_deref().and_then(number))).collect()
    };
    passings.sort_unstable();
    let mut text = Vec::new();
    for (nth, (at, transponder, decoder)) in passings.into_iter().enumerate() {
        let number = u32::try_from(nth + 1).unwrap_or(u32::MAX);
        let time = u64::try_from(at.0).unwrap_or(0);
        let what = What::Passing(Passing { number, transponder, time, ..Passing::default() });
        let frame = Record { decoder, what, rest: Vec::new() }.frame().encode();
        text.extend(frame.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()));
        text.push(b'\n');
    }
    text
}
