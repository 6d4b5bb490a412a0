//! Exact fractions of the second scorer's own.

use std::cmp::Ordering;

use sport::points::Points;

/// A fraction in lowest terms over a positive number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fraction(pub i128, pub i128);

/// Nothing.
pub const ZERO: Fraction = Fraction(0, 1);
/// One.
pub const ONE: Fraction = Fraction(1, 1);

fn common(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { common(b, a % b) }
}

/// A fraction from two numbers.
pub fn over(a: i128, b: i128) -> Fraction {
    let by = common(a, b).max(1) * if b < 0 { -1 } else { 1 };
    Fraction(a / by, b / by)
}

/// The same number.
pub fn from(points: Points) -> Fraction {
    let (a, b) = points.parts();
    Fraction(a, b)
}

impl Fraction {
    /// The sum.
    pub fn plus(self, other: Self) -> Self {
        over(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }

    /// The product.
    pub fn times(self, other: Self) -> Self {
        over(self.0 * other.0, self.1 * other.1)
    }

    /// The other way round.
    pub fn negative(self) -> Self {
        Self(-self.0, self.1)
    }

    /// Which is more.
    pub fn against(self, other: Self) -> Ordering {
        (self.0 * other.1).cmp(&(other.0 * self.1))
    }

    /// Half up to so many decimals; of numbers that are not negative.
    pub fn rounded(self, decimals: u32) -> Self {
        let scale = 10_i128.pow(decimals);
        over((2 * self.0 * scale + self.1).div_euclid(2 * self.1), scale)
    }
}
