//! A bridge beside an X2: passings as they happen, and after a break once more what may not have come.

use super::{Desk, Kept};
use crate::x2::{Passing, encode};

/// So many are sent again.
const AGAIN: usize = 256;

#[derive(Default, Debug)]
pub(super) struct Speech {
    /// So many were sent.
    sent: usize,
}

impl Speech {
    pub(super) fn connected(&mut self, desk: &mut Desk) {
        for nth in self.sent.saturating_sub(AGAIN)..self.sent {
            let line = encode(&[passing(desk, desk.kept[nth], true)]);
            desk.line.pass(nth, line);
        }
    }

    pub(super) fn due(&mut self, desk: &mut Desk) {
        for nth in self.sent..desk.kept.len() {
            let line = encode(&[passing(desk, desk.kept[nth], false)]);
            desk.line.pass(nth, line);
        }
        self.sent = desk.kept.len();
    }
}

fn passing(desk: &Desk, Kept { number, of }: Kept, resent: bool) -> Passing {
    Passing {
        id: u32::try_from(number).unwrap_or(u32::MAX),
        on: of.on,
        transponder: of.transponder,
        short: 0,
        hits: 31,
        local: None,
        utc: Some(desk.clock(of.at)),
        in_pit: of.in_pit,
        resent,
        of: None,
    }
}
