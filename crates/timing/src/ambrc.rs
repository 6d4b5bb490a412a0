//! The text of AMBrc decoders ("Enhanced", P98): fields between tabs, with a checksum; and that of the I-Lap, which is like it and has none.
//!
//! The checksum, over everything before it with its last tab, is that of nine published lines of a real decoder. What a passing's last field means is
//! not published.

use sport::date::Micros;

use crate::dial;
use crate::lines::Lines;
use crate::p3::frame::sum;

/// The port network decoders listen on. Said by others, not seen.
pub const PORT: u16 = 5100;

/// What a host sends first: numbers of seven digits are wanted, not those of two that an older decoder sends when it is switched on. An I-Lap begins to
/// send at it, and sets its clock to nought.
pub const BEGIN: &[u8] = b"\x01%\r\n";

/// Every line begins with it.
const HEAD: u8 = 0x01;
/// Twice the longest line seen.
const MOST: usize = 128;

/// What a line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Record {
    /// `@`: a passing.
    Passing(Passing),
    /// `#`: the decoder is there.
    Status {
        /// The decoder.
        decoder: u32,
        /// Counted with the passings.
        number: u64,
        /// Background noise.
        noise: u16,
        /// 0 in every line seen.
        rest: String,
    },
    /// `%`: the answer of an I-Lap to [`BEGIN`].
    Begun {
        /// The decoder.
        decoder: u32,
    },
    /// A line of another kind: its letter and its fields.
    Other {
        /// What it begins with.
        kind: char,
        /// Its fields, without the checksum.
        fields: Vec<String>,
    },
}

/// A passing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passing {
    /// The decoder.
    pub decoder: u32,
    /// The transponder.
    pub transponder: u32,
    /// Since the decoder was switched on, or [`BEGIN`] was sent.
    pub time: Micros,
    /// What an I-Lap does not tell.
    pub more: Option<More>,
}

/// What an AMBrc tells of a passing beside who and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct More {
    /// Counted by the decoder, with every line it sends: lines about its state are counted too.
    pub number: u64,
    /// How often it was heard.
    pub hits: u16,
    /// How strong it was heard.
    pub strength: u16,
    /// 2 in every line seen.
    pub rest: String,
}

/// The lines of a stream.
pub fn lines() -> Lines {
    Lines::new(b'\n', MOST)
}

impl Record {
    /// From a line with its end or without.
    ///
    /// # Errors
    /// It is no line of such a decoder, or its checksum is another: why.
    pub fn decode(line: &[u8]) -> Result<Self, String> {
        let [HEAD, line @ ..] = line.trim_ascii() else { return Err(String::from("a line begins with the byte 01")) };
        let line = std::str::from_utf8(line).ok().filter(|line| line.is_ascii()).ok_or("a line has only ASCII characters")?;
        let (said, checked) = checked(line)?;
        let mut fields = said.split('\t');
        let kind = fields.next().unwrap_or_default();
        let fields: Vec<&str> = fields.collect();
        match (kind, fields.as_slice(), checked) {
            ("@", [decoder, number, transponder, time, hits, strength, rest], true) => {
                let (number, hits, strength) = (whole("its number", number)?, whole("its hits", hits)?, whole("its strength", strength)?);
                passing(decoder, transponder, time, Some(More { number, hits, strength, rest: (*rest).to_owned() }))
            }
            ("@", [decoder, transponder, time], false) => passing(decoder, transponder, time, None),
            ("#", [decoder, number, noise, rest], true) => Ok(Self::Status {
                decoder: whole("the decoder", decoder)?,
                number: whole("its number", number)?,
                noise: whole("the noise", noise)?,
                rest: (*rest).to_owned(),
            }),
            ("%", [decoder, "0", "0"], false) => Ok(Self::Begun { decoder: whole("the decoder", decoder)? }),
            ("@" | "#" | "%", _, true) => Err(format!("a line with {kind} has other fields than these {}", fields.len())),
            (kind, _, true) if kind.len() == 1 => {
                let fields = fields.into_iter().map(str::to_owned).collect();
                Ok(Self::Other { kind: char::from(kind.as_bytes()[0]), fields })
            }
            _ => Err(String::from("it has no checksum, and is no line of a decoder that sends none")),
        }
    }

    /// As a line with its end.
    pub fn encode(&self) -> Vec<u8> {
        let said = match self {
            Self::Passing(Passing { decoder, transponder, time, more: Some(more) }) => {
                let More { number, hits, strength, rest } = more;
                checksummed(&format!("@\t{decoder}\t{number}\t{transponder}\t{}\t{hits}\t{strength}\t{rest}\t", short(*time)))
            }
            Self::Passing(Passing { decoder, transponder, time, more: None }) => {
                let ms = time.0.max(0) / 1_000;
                format!("@\t{decoder}\t{transponder}\t{}.{:03}", ms / 1_000, ms % 1_000)
            }
            Self::Status { decoder, number, noise, rest } => checksummed(&format!("#\t{decoder}\t{number}\t{noise}\t{rest}\t")),
            Self::Begun { decoder } => format!("%\t{decoder}\t0\t0"),
            Self::Other { kind, fields } => checksummed(&fields.iter().fold(format!("{kind}\t"), |line, field| line + field + "\t")),
        };
        [&[HEAD], said.as_bytes(), b"\r\n"].concat()
    }
}

/// What stands before the checksum, where there is one; it is right then.
fn checked(line: &str) -> Result<(&str, bool), String> {
    let Some((before, said)) = line.rsplit_once("\tx") else { return Ok((line, false)) };
    let Ok(number) = u16::from_str_radix(said, 16) else { return Ok((line, false)) };
    let is = sum(before.bytes().chain([b'\t']));
    if number == is { Ok((before, true)) } else { Err(format!("its checksum is {is:X}, and it says {said}")) }
}

fn checksummed(before: &str) -> String {
    // Without leading zeros, as it is printed by the decoder.
    format!("{before}x{:X}", sum(before.bytes()))
}

/// Seconds to the millisecond, without zeros at the end, as these decoders print them: `688.41`.
fn short(time: Micros) -> String {
    let ms = time.0.max(0) / 1_000;
    let text = format!("{}.{:03}", ms / 1_000, ms % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn passing(decoder: &str, transponder: &str, time: &str, more: Option<More>) -> Result<Record, String> {
    let at = dial::seconds(time).ok_or_else(|| format!("its time `{time}` is none in seconds such as 596.126"))?;
    let (decoder, transponder) = (whole("the decoder", decoder)?, whole("the transponder", transponder)?);
    Ok(Record::Passing(Passing { decoder, transponder, time: at, more }))
}

fn whole<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, String> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or_else(|| format!("{what} `{text}` is no whole number in its range"))
}
