//! Chance: whole numbers drawn from a seed, the same on every machine.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// Certain, in millionths.
pub(crate) const MILLION: i64 = 1_000_000;

/// What a die is thrown for. Each has its own row of numbers, so that faults do not change what happens on the track.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum For {
    /// Transponders, and what a car or a driver is worth for a whole round.
    Round,
    /// What happens on the track.
    Track,
    /// What the sources and the people at them make of it.
    Sources,
    /// Which faults occur.
    Troubles,
    /// What race control makes of what happens on the track.
    Officials,
}

/// A row of random numbers.
#[derive(Clone, Debug)]
pub(crate) struct Dice(Pcg64Mcg);

impl Dice {
    /// The row for a seed, a purpose and a number of the caller's, such as a session or a car.
    pub(crate) fn of(seed: u64, purpose: For, number: u64) -> Self {
        let purpose = match purpose {
            For::Round => 1,
            For::Track => 2,
            For::Sources => 3,
            For::Troubles => 4,
            For::Officials => 5,
        };
        // Odd multipliers keep rows of neighbouring seeds and numbers apart.
        let mixed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number.wrapping_mul(0xD1B5_4A32_D192_ED03).wrapping_add(purpose);
        Self(Pcg64Mcg::seed_from_u64(mixed))
    }

    /// From 0 to less than `bound`; 0 where the bound is not positive.
    pub(crate) fn below(&mut self, bound: i64) -> i64 {
        let wide = u128::from(self.0.next_u64()) * u128::from(bound.max(0).unsigned_abs());
        i64::try_from(wide >> 64).expect("less than a bound that fits")
    }

    /// From `from` to `to`, both possible.
    pub(crate) fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below(to - from + 1)
    }

    /// Like [`Dice::between`], mostly near `from`: the smaller of two throws.
    pub(crate) fn near(&mut self, from: i64, to: i64) -> i64 {
        self.between(from, to).min(self.between(from, to))
    }

    /// True so many times in a million.
    pub(crate) fn chance(&mut self, millionths: i64) -> bool {
        self.below(MILLION) < millionths
    }

    /// A bell curve around 0 with this standard deviation, cut off at three and a half: the sum of four throws.
    pub(crate) fn bell(&mut self, deviation: i64) -> i64 {
        let throws = self.0.next_u64();
        let sum: i64 = (0..4).map(|nth| i64::from(u16::try_from(throws >> (16 * nth) & 0xFFFF).expect("sixteen bits"))).sum();
        // The mean of four throws is 131,070, their standard deviation 37,837.
        deviation * (sum - 131_070) / 37_837
    }

    /// A position in a list of so many; 0 where it is empty.
    pub(crate) fn position(&mut self, of: usize) -> usize {
        usize::try_from(self.below(i64::try_from(of).expect("a list fits"))).expect("not negative")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same_and_another_purpose_does_not() {
        let row = |purpose| {
            let mut dice = Dice::of(7, purpose, 3);
            (0..8).map(|_| dice.below(1_000)).collect::<Vec<_>>()
        };
        assert_eq!(row(For::Track), row(For::Track));
        assert_ne!(row(For::Track), row(For::Sources));
    }

    #[test]
    fn the_bell_has_its_deviation() {
        let mut dice = Dice::of(1, For::Track, 0);
        let throws: Vec<i64> = (0..40_000).map(|_| dice.bell(1_000)).collect();
        let mean = throws.iter().sum::<i64>() / 40_000;
        let variance = throws.iter().map(|throw| throw * throw).sum::<i64>() / 40_000;
        assert!(mean.abs() < 20, "{mean}");
        assert!((970_000..1_030_000).contains(&variance), "{variance}");
    }
}
