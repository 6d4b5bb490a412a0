//! A TranX: a line for each passing, and its noise.

use super::{Desk, Kept};
use crate::tranx::{Passing, Record};

const DECODER: u8 = 9;

pub(super) fn passing(desk: &Desk, Kept { of, .. }: Kept) -> Vec<u8> {
    let ticks = u32::try_from(desk.since(of.at).0 / 1_000).unwrap_or(u32::MAX);
    Record::Passing(Passing { decoder: DECODER, transponder: of.transponder, ticks, hits: 53, strength: 135, rest: 0 }).encode()
}

pub(super) fn status() -> Vec<u8> {
    Record::Noise { decoder: DECODER, noise: 0x70 }.encode()
}
