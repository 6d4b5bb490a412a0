//! The "simple" text of AMB TranX and AMBrc decoders: a line of hexadecimal digits for each passing, and one with the noise every second.
//!
//! Nothing is counted and nothing is summed: a line that was lost is not missed, and one that was changed may be read. From published lines of three
//! decoders.

use std::fmt::Write as _;

use crate::lines::Lines;

/// The longest line has 25 characters.
const MOST: usize = 64;

/// What a line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Record {
    /// `#`: the decoder is there.
    Noise {
        /// The decoder.
        decoder: u8,
        /// Background noise.
        noise: u8,
    },
    /// `$`: a passing.
    Passing(Passing),
}

/// A passing.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Passing {
    /// The decoder: the same as in its noise.
    pub decoder: u8,
    /// The transponder. Its first byte was 0 in every line seen.
    pub transponder: u32,
    /// Milliseconds since the decoder was switched on.
    pub ticks: u32,
    /// How often it was heard.
    pub hits: u8,
    /// How strong it was heard.
    pub strength: u8,
    /// 0 in every line seen.
    pub rest: u8,
}

/// The lines of a stream.
pub fn lines() -> Lines {
    Lines::new(b'\n', MOST)
}

impl Record {
    /// From a line with its end or without.
    ///
    /// # Errors
    /// It is no line of such a decoder: why.
    pub fn decode(line: &[u8]) -> Result<Self, String> {
        match line.trim_ascii() {
            [b'#', digits @ ..] => {
                let [decoder, noise] = bytes(digits)?;
                Ok(Self::Noise { decoder, noise })
            }
            [b'$', digits @ ..] => {
                let [decoder, a, b, c, d, e, f, g, h, hits, strength, rest] = bytes(digits)?;
                let (transponder, ticks) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
                Ok(Self::Passing(Passing { decoder, transponder, ticks, hits, strength, rest }))
            }
            _ => Err(String::from("a line begins with # or $")),
        }
    }

    /// As a line with its end.
    pub fn encode(&self) -> Vec<u8> {
        let mut line = String::new();
        match self {
            Self::Noise { decoder, noise } => write!(line, "#{decoder:02X}{noise:02X}"),
            Self::Passing(of) => {
                write!(line, "${:02X}{:08X}{:08X}{:02X}{:02X}{:02X}", of.decoder, of.transponder, of.ticks, of.hits, of.strength, of.rest)
            }
        }
        .expect("a text takes everything");
        line.push_str("\r\n");
        line.into_bytes()
    }
}

/// So many bytes of hexadecimal digits, two each.
fn bytes<const N: usize>(digits: &[u8]) -> Result<[u8; N], String> {
    let wrong = || format!("after its first character it has {} hexadecimal digits", 2 * N);
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes: Option<Vec<u8>> = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    bytes.filter(|_| rest.is_empty()).and_then(|bytes| bytes.try_into().ok()).ok_or_else(wrong)
}
