//! Exact points: a fraction in lowest terms. Sums, ties and comparisons never round (P74).

use alloc::string::{String, ToString};
use core::cmp::Ordering;
use core::fmt;
use core::iter::Sum;
use core::ops::{Add, AddAssign, Mul, Neg, Sub};

/// An exact number of points (or a factor on points), in lowest terms with a positive denominator.
///
/// Numbers from outside come in through [`Points::parse`] and [`Points::fraction`], which bound them. Arithmetic is exact in 128 bits,
/// far beyond what any real rulebook's tables, factors and shares need; a result that does not fit is taken in millionths, so that
/// absurd rulebooks get absurd numbers and nothing breaks.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Points {
    over: i128,
    under: i128,
}

/// The largest number a person may write: a million.
const LARGEST_WRITTEN: i128 = 1_000_000;
/// The largest numerator of a number taken in millionths: two of them still multiply inside 128 bits.
const COARSEST: i128 = 1_000_000_000_000_000_000;
/// The largest denominator a person may write.
const FINEST_WRITTEN: i128 = 10_000;

impl Points {
    /// No points.
    pub const ZERO: Self = Self { over: 0, under: 1 };
    /// One point; the neutral factor.
    pub const ONE: Self = Self { over: 1, under: 1 };

    /// Whole points.
    pub const fn whole(points: i64) -> Self {
        Self { over: points as i128, under: 1 }
    }

    /// `over / under`, or `None` for a zero denominator or a number beyond what people write (a million, in ten-thousandths).
    pub fn fraction(over: i64, under: i64) -> Option<Self> {
        let (over, under) = (i128::from(over), i128::from(under));
        if under == 0 || under.abs() > FINEST_WRITTEN || (over / under).abs() > LARGEST_WRITTEN {
            return None;
        }
        Some(Self::reduced(over, under))
    }

    /// Reads `25`, `-15`, `16.5` or `1/7`. `None` for anything else, for more than four decimals and beyond a million.
    pub fn parse(written: &str) -> Option<Self> {
        let written = written.trim();
        if let Some((over, under)) = written.split_once('/') {
            return Self::fraction(over.trim().parse().ok()?, under.trim().parse().ok()?);
        }
        let (sign, digits) = match written.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, written),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 9 || decimals.len() > 4 || !plain(whole) || !plain(decimals) {
            return None;
        }
        if digits.contains('.') && decimals.is_empty() {
            return None;
        }
        let scale = 10_i64.pow(u32::try_from(decimals.len()).ok()?);
        let fine: i64 = if decimals.is_empty() { 0 } else { decimals.parse().ok()? };
        Self::fraction(sign * (whole.parse::<i64>().ok()? * scale + fine), scale)
    }

    fn reduced(over: i128, under: i128) -> Self {
        debug_assert!(under != 0);
        let divisor = gcd(over, under);
        let sign = if under < 0 { -1 } else { 1 };
        Self { over: sign * over / divisor, under: sign * under / divisor }
    }

    /// The numerator and denominator in lowest terms.
    pub const fn parts(self) -> (i128, i128) {
        (self.over, self.under)
    }

    /// True for exactly zero.
    pub const fn is_zero(self) -> bool {
        self.over == 0
    }

    /// Divided into `shares` equal exact parts (P51 a, P52). One share for a car without a known crew.
    #[must_use]
    pub fn split(self, shares: usize) -> Self {
        let shares = i128::try_from(shares.max(1)).unwrap_or(i128::MAX);
        self * Self::reduced(1, shares)
    }

    /// Rounded half up (away from zero for negatives) to `decimals` places, as rulebooks that publish rounded points say (P3, P74).
    /// Up to nine decimals.
    #[must_use]
    pub fn rounded(self, decimals: u32) -> Self {
        let scale = 10_i128.pow(decimals.min(9));
        let (whole, rest) = (self.over.abs() / self.under, self.over.abs() % self.under);
        // The rest is smaller than the denominator; where its product does not fit, it is taken from the leading digits.
        let parts = rest.checked_mul(2 * scale).map_or_else(|| rest / (self.under / (2 * scale)), |doubled| doubled / self.under);
        let units = whole.saturating_mul(scale).saturating_add((parts + 1) / 2);
        Self::reduced(self.over.signum() * units, scale)
    }

    /// In millionths and inside the range: what arithmetic falls back on beyond 128 bits.
    fn coarse(self) -> Self {
        let rounded = self.rounded(6);
        Self { over: rounded.over.clamp(-COARSEST, COARSEST), under: rounded.under }
    }

    /// As published: rounded half up to two decimals, without trailing zeros: `16.5`, `9.83`, `25`.
    pub fn published(self) -> String {
        let cents = self.cents();
        let (whole, rest) = (cents.abs() / 100, cents.abs() % 100);
        let mut text = String::new();
        if cents < 0 {
            text.push('-');
        }
        text.push_str(&whole.to_string());
        if rest != 0 {
            text.push('.');
            text.push_str(&(rest / 10).to_string());
            if rest % 10 != 0 {
                text.push_str(&(rest % 10).to_string());
            }
        }
        text
    }

    fn cents(self) -> i128 {
        let rounded = self.rounded(2);
        rounded.over.saturating_mul(100 / rounded.under)
    }

    /// In hundredths, rounded as published: for drawing.
    pub fn hundredths(self) -> i64 {
        i64::try_from(self.cents()).unwrap_or(if self.over < 0 { i64::MIN } else { i64::MAX })
    }

    /// Exactly: a whole number, or a fraction `50/3`. Reads back with [`Points::parse`] where it was written that way.
    pub fn exact(self) -> String {
        if self.under == 1 {
            return self.over.to_string();
        }
        alloc::format!("{}/{}", self.over, self.under)
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

impl Add for Points {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        if self.under == 1 && other.under == 1 {
            return Self { over: self.over.saturating_add(other.over), under: 1 };
        }
        let shared = gcd(self.under, other.under);
        let sum = || {
            let under = self.under.checked_mul(other.under / shared)?;
            let left = self.over.checked_mul(other.under / shared)?;
            let right = other.over.checked_mul(self.under / shared)?;
            Some(Self::reduced(left.checked_add(right)?, under))
        };
        sum().unwrap_or_else(|| self.coarse() + other.coarse())
    }
}

impl Mul for Points {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        if self.under == 1
            && other.under == 1
            && let Some(over) = self.over.checked_mul(other.over)
        {
            return Self { over, under: 1 };
        }
        let product = || Some(Self::reduced(self.over.checked_mul(other.over)?, self.under.checked_mul(other.under)?));
        product().unwrap_or_else(|| (self.coarse() * other.coarse()).coarse())
    }
}

impl Neg for Points {
    type Output = Self;

    fn neg(self) -> Self {
        Self { over: self.over.saturating_neg(), under: self.under }
    }
}

impl Sub for Points {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl AddAssign for Points {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

impl Ord for Points {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.under == other.under {
            return self.over.cmp(&other.over);
        }
        let crossed = || Some(self.over.checked_mul(other.under)?.cmp(&other.over.checked_mul(self.under)?));
        crossed().unwrap_or_else(|| (*self - *other).over.cmp(&0))
    }
}

impl PartialOrd for Points {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.published())
    }
}

impl fmt::Debug for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.exact())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_rulebooks_write_and_nothing_else() {
        for (written, exact) in [("25", "25"), ("16.5", "33/2"), ("-15", "-15"), ("0.5", "1/2"), ("1/7", "1/7"), ("2/4", "1/2")] {
            assert_eq!(Points::parse(written).expect(written).exact(), exact);
        }
        for written in ["", "-", "1.", ".5", "1.00001", "x", "1/0", "1e3", "9999999999", "1 / x", "--1", "+1"] {
            assert_eq!(Points::parse(written), None, "{written}");
        }
    }

    #[test]
    fn seven_drivers_with_the_same_fastest_lap_share_one_point_exactly() {
        let share = Points::ONE.split(7);
        assert_eq!((0..7).map(|_| share).sum::<Points>(), Points::ONE);
    }

    #[test]
    fn rounds_half_up_to_the_decimals_asked_for() {
        let points = |n: i64, p: i64| (Points::whole(10) * Points::fraction(2 * (n - p) + 1, 2 * n).expect("bounded")).rounded(2);
        // VLN 2018: published values of 10 × (N − P + 0.5) / N (P3).
        for (n, p, published) in
            [(30, 1, "9.83"), (20, 1, "9.75"), (18, 1, "9.72"), (15, 1, "9.67"), (13, 1, "9.62"), (3, 1, "8.33"), (3, 3, "1.67")]
        {
            assert_eq!(points(n, p).published(), published);
        }
        assert_eq!(Points::fraction(-5, 1000).expect("bounded").published(), "-0.01");
        assert_eq!(Points::fraction(33, 2).expect("bounded").hundredths(), 1_650);
    }

    #[test]
    fn absurd_numbers_do_not_break_it() {
        let mut product = Points::fraction(999_999, 9_973).expect("bounded");
        let mut sum = Points::ONE.split(9_973);
        for prime in [9_967_usize, 9_949, 9_941, 9_931, 9_929, 9_923, 9_907, 9_901, 9_887, 9_883, 9_871, 9_859, 9_857, 9_851, 9_839] {
            product = product * Points::fraction(999_999, 9_973).expect("bounded");
            sum += Points::ONE.split(prime);
        }
        assert!(product > Points::whole(1_000) && sum > Points::ZERO && sum < Points::ONE, "{product:?} {sum:?}");
        assert_eq!(sum.published(), "0");
        let mut halves = Points::ONE;
        for _ in 0..400 {
            halves = halves * Points::fraction(10_000, 1).expect("bounded");
            halves += halves;
        }
        assert!(!halves.published().is_empty());
    }

    #[test]
    fn orders_exactly() {
        let third = Points::fraction(1, 3).expect("bounded");
        assert!(third > Points::parse("0.33").expect("bounded"));
        assert!(third < Points::parse("0.34").expect("bounded"));
        assert_eq!(third.cmp(&Points::fraction(2, 6).expect("bounded")), Ordering::Equal);
    }
}
