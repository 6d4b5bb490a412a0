//! Dice: random numbers that are the same for a seed on every machine. Whole numbers only.

use rand_core::{RngCore as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

/// Seeded dice.
#[derive(Clone, Debug)]
pub(crate) struct Dice(Pcg64Mcg);

impl Dice {
    /// Dice of a seed; `stream` tells apart what shares the seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ stream.wrapping_mul(0xD1B5_4A32_D192_ED03)))
    }

    /// Evenly from `from` to `to`, both included.
    pub(crate) fn between(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to - from).map_or(0, |span| span + 1).max(1);
        let scaled = (u128::from(self.0.next_u64()) * u128::from(span)) >> 64;
        from + i64::try_from(scaled).expect("smaller than the span")
    }

    /// True so many times in a million.
    pub(crate) fn chance(&mut self, in_a_million: i64) -> bool {
        self.between(0, 999_999) < in_a_million
    }

    /// One of so many, from 0.
    pub(crate) fn one_of(&mut self, count: usize) -> usize {
        let last = i64::try_from(count.max(1) - 1).expect("few");
        usize::try_from(self.between(0, last)).expect("not negative")
    }

    /// Around zero, bell-shaped, with this standard deviation (the sum of four even throws; never beyond 3.5 times of it).
    pub(crate) fn around(&mut self, deviation: i64) -> i64 {
        let sum: i64 = (0..4).map(|_| self.between(-1_000, 1_000)).sum();
        // Four even throws from -1 to 1 have a standard deviation of 2/√3.
        sum * deviation * 866 / 1_000_000
    }

    /// Mostly near zero and sometimes far above: how much longer a lap is than the best the car could do.
    pub(crate) fn tail(&mut self, scale: i64) -> i64 {
        let even = self.between(1, 1_000);
        scale * (1_000 - even) / (even + 150)
    }

    /// Puts a list into random order.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            let other = self.one_of(at + 1);
            list.swap(at, other);
        }
    }
}
