//! The hash of a line, and the head of a journal: how many facts it has and the hash of the last one.

use std::fmt;

use sha2::{Digest, Sha256};

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

    /// Reads 64 lower-case hexadecimal digits. `None` for anything else.
    pub fn parse(written: &str) -> Option<Self> {
        let digits = written.as_bytes();
        if digits.len() != Self::DIGITS {
            return None;
        }
        let value = |digit: u8| match digit {
            b'0'..=b'9' => Some(digit - b'0'),
            b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        };
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = value(pair[0])? << 4 | value(pair[1])?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(Self::DIGITS);
        for byte in self.0 {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(digit), 16).expect("four bits are one hexadecimal digit"));
            }
        }
        f.pad(&text)
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
