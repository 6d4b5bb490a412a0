//! Chronelec and TAG Heuer decoders (Protime, Elite, CP 540): lines of text with a sum, each sent again until the host says that it has it.
//!
//! The layout of a passing and its sum are those of five published lines; the rest is said by others, not seen.

use sport::date::{Date, Micros};

use crate::dial;
use crate::lines::Lines;

/// The port of decoders with a network: datagrams, to and from it. On a serial line they speak with 19,200 baud.
pub const PORT: u16 = 2008;

const MOST: usize = 128;
/// Between `<` and the sum.
const SUMMED: usize = 32;
/// Between hours, minutes, seconds and thousandths.
const MARKS: [char; 3] = [':', '\'', '"'];

/// What a line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Record {
    /// `<…>`: a passing. The decoder sends it until it is acknowledged.
    Passing(Passing),
    /// `[…]`: the state of the decoder.
    Status(Status),
    /// `+++`: how it is set up, in bytes this program makes nothing of.
    SetUp(Vec<u8>),
}

/// A passing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passing {
    /// `STA` the loop of the track, `BOX` that of the pit lane, `B01` and so on further ones, `MAN` by hand.
    pub on: String,
    /// The transponder, six characters as printed.
    pub transponder: String,
    /// Of the day, to the millisecond.
    pub time: Micros,
    /// How strong it was heard.
    pub strength: u8,
    /// As sent: what it means is not said.
    pub count: u8,
    /// Of the transponder: 1 good, 2 low, 3 bad.
    pub battery: u8,
}

/// The state of a decoder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Status {
    /// Of the day.
    pub time: Micros,
    /// Background noise of the track's loop.
    pub noise: u8,
    /// Background noise of the pit lane's loop.
    pub noise_in_pit: u8,
    /// How strong a transponder has to be on the track.
    pub level: u8,
    /// How strong a transponder has to be in the pit lane.
    pub level_in_pit: u8,
}

/// The lines of a stream.
pub fn lines() -> Lines {
    Lines::new(b'\n', MOST)
}

impl Record {
    /// From a line with its end or without.
    ///
    /// # Errors
    /// It is no line of such a decoder, or its sum is another: why.
    pub fn decode(line: &[u8]) -> Result<Self, String> {
        // Zeros come before a line when a serial line was switched on.
        let from = line.iter().position(|byte| *byte != 0).unwrap_or(line.len());
        match line[from..].trim_ascii_end() {
            [b'<', inner @ .., b'>'] => passing(inner).map(Self::Passing),
            [b'[', inner @ .., b']'] => status(inner).map(Self::Status),
            [b'+', b'+', b'+', rest @ ..] => Ok(Self::SetUp(rest.to_vec())),
            _ => Err(String::from("a line is <…>, […] or +++")),
        }
    }

    /// As a line with its end.
    pub fn encode(&self) -> Vec<u8> {
        let mut line = match self {
            Self::Passing(of) => {
                let time = dial::of_day_written(of.time, MARKS, 3);
                let (on, transponder) = (exactly(&of.on, 3, ' '), exactly(&of.transponder, 6, '0'));
                let (strength, count, battery) = (of.strength.min(99), of.count.min(99), of.battery.min(9));
                let said = format!("{on} {transponder} {time} {strength:02} {count:02} {battery} ");
                format!("<{said}{:04}>", sum(said.as_bytes())).into_bytes()
            }
            Self::Status(of) => {
                let time = dial::of_day_written(of.time, MARKS, 0);
                let [a, b, c, d] = [of.noise, of.noise_in_pit, of.level, of.level_in_pit].map(|of| of.min(99));
                format!("[{time}\" {a:02} {b:02} {c:02} {d:02}]").into_bytes()
            }
            Self::SetUp(bytes) => [b"+++", bytes.as_slice()].concat(),
        };
        line.extend(b"\r\n");
        line
    }
}

/// The end of a text, or the text after as many characters as it lacks.
fn exactly(text: &str, length: usize, before: char) -> String {
    let printed: Vec<char> = text.chars().map(|of| if of.is_ascii_graphic() { of } else { '?' }).collect();
    let end = &printed[printed.len().saturating_sub(length)..];
    std::iter::repeat_n(before, length - end.len()).chain(end.iter().copied()).collect()
}

/// The values of all bytes together.
fn sum(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from(*byte)).sum()
}

fn passing(inner: &[u8]) -> Result<Passing, String> {
    let (said, after) = inner.split_at_checked(SUMMED).filter(|(_, after)| after.len() == 4).ok_or("a passing has 38 characters")?;
    let is = format!("{:04}", sum(said));
    if is.as_bytes() != after {
        return Err(format!("its sum is {is}, and it says {}", String::from_utf8_lossy(after)));
    }
    let said = String::from_utf8_lossy(said);
    let fields: Vec<&str> = said.split_ascii_whitespace().collect();
    let [on, transponder, time, strength, count, battery] = fields[..] else { return Err(String::from("a passing has six fields")) };
    let at = dial::of_day(time, MARKS).ok_or_else(|| format!("its time `{time}` is none such as 12:05'31\"957"))?.0;
    let (strength, count, battery) = (number("its strength", strength)?, number("its count", count)?, number("its battery", battery)?);
    Ok(Passing { on: on.to_owned(), transponder: transponder.to_owned(), time: at, strength, count, battery })
}

fn status(inner: &[u8]) -> Result<Status, String> {
    let said = String::from_utf8_lossy(inner);
    let fields: Vec<&str> = said.split_ascii_whitespace().collect();
    let [time, noise, noise_in_pit, level, level_in_pit] = fields[..] else { return Err(String::from("a state has five fields")) };
    let at = dial::of_day(time, MARKS).ok_or_else(|| format!("its time `{time}` is none such as 12:05'31\""))?.0;
    Ok(Status {
        time: at,
        noise: number("the noise", noise)?,
        noise_in_pit: number("the noise in the pit lane", noise_in_pit)?,
        level: number("the level", level)?,
        level_in_pit: number("the level in the pit lane", level_in_pit)?,
    })
}

fn number(what: &str, text: &str) -> Result<u8, String> {
    let number = dial::digits(text, 1, 3).and_then(|of| u8::try_from(of).ok());
    number.ok_or_else(|| format!("{what} `{text}` is no whole number below 256"))
}

/// What a host sends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    /// The last line has arrived: the next may be sent.
    Acknowledge,
    /// The last line is wanted again.
    Repeat,
    /// How it is, is wanted.
    Status,
    /// Begin a session.
    Start,
    /// End it.
    Stop,
    /// How it is set up, is wanted.
    SetUp,
    /// What time it is, to the second.
    Time {
        /// Hour.
        hour: u8,
        /// Minute.
        minute: u8,
        /// Second.
        second: u8,
    },
    /// What day it is. After the turn of the century only.
    Day(Date),
    /// How strong a transponder has to be, to 99.
    Level {
        /// On the loop of the pit lane; on that of the track where not.
        in_pit: bool,
        /// At least.
        level: u8,
    },
}

const ESCAPE: u8 = 0x1b;

impl Command {
    /// As it is sent.
    pub fn encode(self) -> Vec<u8> {
        match self {
            Self::Acknowledge => vec![ESCAPE, 0x11],
            Self::Repeat => vec![ESCAPE, 0x12],
            Self::Status => vec![ESCAPE, 0x05],
            Self::Start => vec![ESCAPE, 0x07],
            Self::Stop => vec![ESCAPE, 0x13, 0x5c],
            Self::SetUp => vec![ESCAPE, 0x10],
            Self::Time { hour, minute, second } => vec![ESCAPE, 0x48, hour, minute, second, 0x74],
            Self::Day(date) => {
                let year = u8::try_from(date.year.saturating_sub(2_000)).unwrap_or(0);
                long(&[0x0a, 0x0a, date.day, date.month, year])
            }
            Self::Level { in_pit, level } => {
                let level = level.min(99);
                vec![ESCAPE, if in_pit { 0x1f } else { 0x1e }, b'0' + level / 10, b'0' + level % 10]
            }
        }
    }

    /// The first command of what was sent, and how many bytes it has; `None` where the first bytes are none, or not all of one.
    pub fn decode(bytes: &[u8]) -> Option<(Self, usize)> {
        let [ESCAPE, inner @ ..] = bytes else { return None };
        Some(match *inner {
            [0x11, ..] => (Self::Acknowledge, 2),
            [0x12, ..] => (Self::Repeat, 2),
            [0x05, ..] => (Self::Status, 2),
            [0x07, ..] => (Self::Start, 2),
            [0x13, 0x5c, ..] => (Self::Stop, 3),
            [0x10, ..] => (Self::SetUp, 2),
            [0x48, hour, minute, second, 0x74, ..] => (Self::Time { hour, minute, second }, 6),
            [0x0a, 0x0a, day, month, year, ..] if bytes.get(..9) == Some(&long(&inner[..5])) => {
                (Self::Day(Date { year: 2_000 + i16::from(year), month, day }), 9)
            }
            [which @ (0x1e | 0x1f), tens @ b'0'..=b'9', units @ b'0'..=b'9', ..] => {
                (Self::Level { in_pit: which == 0x1f, level: (tens - b'0') * 10 + (units - b'0') }, 4)
            }
            _ => return None,
        })
    }
}

/// A command with its checksum, high byte first.
fn long(said: &[u8]) -> Vec<u8> {
    [&[ESCAPE], said, &crc(said).to_be_bytes(), b">"].concat()
}

/// CRC-16/MCRF4XX.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |sum: u16, byte| {
        (0..8).fold(sum ^ u16::from(*byte), |sum, _| if sum & 1 == 0 { sum >> 1 } else { (sum >> 1) ^ 0x8408 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_of_commands_is_the_one_that_is_published() {
        assert_eq!(crc(b"123456789"), 0x6f91);
    }
}
