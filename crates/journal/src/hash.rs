//! The hash of a line, and the head of a journal: how many facts it has and the hash of the last one.

use std::fmt;

use sha2::{Digest, Sha256};

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The value of a hexadecimal digit by its byte; more than 15 for what is none.
const VALUES: [u8; 256] = {
    let mut values = [255; 256];
    let mut digit = 0;
    while digit < 16 {
        values[DIGITS[digit as usize] as usize] = digit;
        digit += 1;
    }
    values
};

/// A SHA-256, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// What the first line names as the line before it: 64 zeros.
    pub const START: Self = Self([0; 32]);
    /// Digits of a written hash.
    pub const DIGITS: usize = 64;

    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// As it is written.
    pub(crate) fn digits(&self) -> [u8; Self::DIGITS] {
        let mut digits = [0; Self::DIGITS];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        digits
    }

    /// Reads 64 lower-case hexadecimal digits. `None` for anything else.
    pub fn parse(written: &str) -> Option<Self> {
        let digits = written.as_bytes();
        if digits.len() != Self::DIGITS {
            return None;
        }
        // Every line names two hashes: no digit is looked at twice, and what is none is told at the end.
        let (mut bytes, mut wrong) = ([0; 32], 0);
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let (high, low) = (VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]);
            wrong |= high | low;
            *byte = high << 4 | low & 15;
        }
        (wrong < 16).then_some(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits();
        f.pad(std::str::from_utf8(&digits).expect("hexadecimal digits are plain characters"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// How far a journal goes. Two journals with the same head hold the same facts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// How many facts it holds; the number of the last one.
    pub facts: u64,
    /// The hash of the last line.
    pub hash: Hash,
}

impl Head {
    /// Before the first fact.
    pub const START: Self = Self { facts: 0, hash: Hash::START };
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = self.hash.to_string();
        let facts = if self.facts == 1 { "fact" } else { "facts" };
        write!(f, "{} {facts}, head {}", self.facts, hash.get(..12).unwrap_or(&hash))
    }
}
