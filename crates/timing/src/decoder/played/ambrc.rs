//! An AMBrc, which counts every line it sends, or an I-Lap, which counts none.

use super::{Desk, Kept};
use crate::ambrc::{BEGIN, More, Passing, Record, lines};
use crate::lines::Lines;
use sport::date::Instant;

#[derive(Debug)]
pub(super) struct Speech {
    heard: Lines,
    /// The number of the next line; none of an I-Lap.
    number: Option<u64>,
    /// An I-Lap sends nothing before the host has said so.
    begun: bool,
}

impl Speech {
    pub(super) fn counting() -> Self {
        Self { heard: lines(), number: Some(0), begun: true }
    }

    pub(super) fn ilap() -> Self {
        Self { heard: lines(), number: None, begun: false }
    }

    pub(super) fn restart(&mut self) {
        *self = if self.number.is_some() { Self::counting() } else { Self::ilap() };
    }

    /// Counts a line.
    fn next(&mut self) -> Option<u64> {
        let number = self.number?;
        self.number = Some(number + 1);
        Some(number)
    }

    pub(super) fn passing(&mut self, desk: &Desk, Kept { of, .. }: Kept) -> Option<Vec<u8>> {
        let more = self.next().map(|number| More { number, hits: 211, strength: 98, rest: String::from("2") });
        let decoder = if more.is_some() { 20 } else { 204 };
        let passing = Passing { decoder, transponder: of.transponder, time: desk.since(of.at), more };
        self.begun.then(|| Record::Passing(passing).encode())
    }

    pub(super) fn status(&mut self) -> Vec<u8> {
        let status = |number| Record::Status { decoder: 20, number, noise: 64, rest: String::from("0") }.encode();
        self.next().map_or_else(Vec::new, status)
    }

    pub(super) fn take(&mut self, desk: &mut Desk, bytes: &[u8], now: Instant) {
        let Self { heard, number, begun } = self;
        heard.take(bytes, |line| {
            let asked = line.is_ok_and(|line| line.bytes.trim_ascii_end() == BEGIN.trim_ascii_end());
            if asked && number.is_none() {
                *begun = true;
                desk.began = now;
                desk.line.say(Record::Begun { decoder: 204 }.encode());
            }
        });
    }
}
