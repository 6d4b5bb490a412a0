//! What a client has at hand while it reads: what it wants to say, what it counts, whom it tells.

use super::{Counts, Heard};
use crate::flaw::Flaw;

/// So many bytes wait at most to be sent: who never sends them loses the later ones.
const MOST: usize = 4_096;

/// What is to be sent.
#[derive(Clone, Default, Debug)]
pub(super) struct Said(Vec<u8>);

impl Said {
    pub(super) fn say(&mut self, bytes: &[u8]) {
        if self.0.len() + bytes.len() <= MOST {
            self.0.extend_from_slice(bytes);
        }
    }

    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

pub(super) struct Talk<'a> {
    pub(super) said: &'a mut Said,
    pub(super) counts: &'a mut Counts,
    pub(super) tell: &'a mut dyn FnMut(Heard),
}

impl Talk<'_> {
    pub(super) fn tell(&mut self, heard: Heard) {
        match heard {
            Heard::Passing(_) => self.counts.passings += 1,
            Heard::Status(_) => self.counts.statuses += 1,
            Heard::Restarted => self.counts.restarts += 1,
            Heard::Flaw(_) => self.counts.flaws += 1,
            Heard::Cancelled(_) => {}
        }
        (self.tell)(heard);
    }

    pub(super) fn flaw(&mut self, flaw: Flaw) {
        self.tell(Heard::Flaw(flaw));
    }

    /// It came again.
    pub(super) fn repeat(&mut self) {
        self.counts.repeats += 1;
    }
}
