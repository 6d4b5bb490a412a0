//! What the sources hear of it: passings with their jitter, sent in batches, in the order in which they arrive.

use sport::line::{Layout, SourceKind};

use crate::dice::Dice;
use crate::field::Car;
use crate::truth::Crossed;

/// A source heard a car.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Heard {
    /// When, by the source's clock.
    pub(crate) at: i64,
    /// When it truly happened.
    pub(crate) truly: i64,
    pub(crate) source: u8,
    /// Position of the car.
    pub(crate) car: u16,
    /// None for a light barrier.
    pub(crate) transponder: Option<u32>,
}

/// A batch on its way to us.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Sent {
    /// When it arrives.
    pub(crate) arrives: i64,
    pub(crate) source: u8,
    /// What is in it, by position in the list of what was heard; a resend holds some twice.
    pub(crate) heard: Vec<u32>,
}

/// Everything every source heard, by source and in order.
pub(crate) fn heard(layout: &Layout, cars: &[Car], crossed: &[Crossed], seed: u64) -> Vec<Heard> {
    let mut heard = Vec::with_capacity(crossed.len() * 2);
    for (source, of) in layout.sources().iter().enumerate() {
        let mut dice = Dice::new(seed, 50 + source as u64);
        // A loop lies some centimetres from the line, always the same.
        let apart = if of.kind == SourceKind::Main { 0 } else { dice.between(-9_000, 9_000) };
        if of.kind == SourceKind::Operator {
            continue;
        }
        let number = u8::try_from(source).expect("a layout has fewer than 256 sources");
        for crossed in crossed.iter().filter(|crossed| crossed.line == of.line) {
            let at = crossed.at + apart + dice.between(-120, 120);
            let transponder = (of.kind != SourceKind::Photocell).then(|| cars[crossed.car].transponder);
            let car = u16::try_from(crossed.car).expect("a field is small");
            heard.push(Heard { at, truly: crossed.at, source: number, car, transponder });
        }
    }
    heard
}

/// How a source sends what it heard: about once a second, some tenths of a second on the way.
pub(crate) fn sent(heard: &[Heard], seed: u64) -> Vec<Sent> {
    let mut dice = Dice::new(seed, 90);
    let mut sent: Vec<Sent> = Vec::new();
    let mut begun = i64::MIN;
    for (at, one) in heard.iter().enumerate() {
        let nth = u32::try_from(at).expect("a session has fewer than four billion passings");
        match sent.last_mut() {
            Some(batch) if batch.source == one.source && one.truly < begun + 1_000_000 => batch.heard.push(nth),
            _ => {
                begun = one.truly;
                sent.push(Sent { arrives: 0, source: one.source, heard: vec![nth] });
            }
        }
    }
    for batch in &mut sent {
        let last = batch.heard.last().map_or(0, |last| heard[*last as usize].truly);
        batch.arrives = last + dice.between(20_000, 300_000);
    }
    sent
}
