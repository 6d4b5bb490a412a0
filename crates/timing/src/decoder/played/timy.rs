//! A Timy: an impulse for each passing, and all of them when its memory is asked for.

use super::{Desk, Kept};
use crate::dial;
use crate::lines::Lines;
use crate::timy::{ASK_MEMORY, Impulse, Mark, Record, WITH_CHECKSUM, lines};
use sport::date::{Instant, Micros};

#[derive(Debug)]
pub(super) struct Speech {
    heard: Lines,
    checked: bool,
}

impl Speech {
    pub(super) fn new() -> Self {
        Self { heard: lines(), checked: false }
    }

    pub(super) fn connected(&mut self) {
        self.heard.forget();
    }

    pub(super) fn passing(&self, desk: &Desk, kept: Kept) -> Vec<u8> {
        impulse(desk, kept, Mark::None, self.checked)
    }

    pub(super) fn take(&mut self, desk: &mut Desk, bytes: &[u8]) {
        let Self { heard, checked } = self;
        heard.take(bytes, |line| {
            let Ok(line) = line else { return };
            let said = |command: &[u8]| line.bytes.trim_ascii() == command.trim_ascii_end();
            *checked |= said(WITH_CHECKSUM);
            if said(ASK_MEMORY) {
                for (nth, kept) in desk.kept.iter().enumerate() {
                    let line = impulse(desk, *kept, Mark::Memory, *checked);
                    desk.line.pass(nth, line);
                }
            }
        });
    }
}

pub(super) fn running(desk: &Desk, now: Instant) -> Vec<u8> {
    Record::Running(Micros(desk.clock(now).0.rem_euclid(dial::DAY))).encode()
}

/// Impulses are counted, as they are where no start numbers are put in.
fn impulse(desk: &Desk, Kept { number, of }: Kept, mark: Mark, checked: bool) -> Vec<u8> {
    let number = u16::try_from(number % 10_000).unwrap_or(0);
    let channel = u8::try_from(of.on % 10).unwrap_or(0);
    let time = Micros(desk.clock(of.at).0.rem_euclid(dial::DAY));
    let group = String::from("00");
    Record::Impulse(Impulse { mark, number, parallel: false, channel, manual: false, time, decimals: 4, group, checked }).encode()
}
