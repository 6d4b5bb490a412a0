//! ALGE Timy: a line for each impulse, ` 0043 C0  08:38:21.4249 00`, with a checksum where it is switched on.
//!
//! The columns are those of published lines of three devices. What the first letter of a line means is said by others, not seen.

use sport::date::Micros;

use crate::dial;
use crate::lines::Lines;

/// Lines end in a carriage return; some programs between put a line feed after it.
const END: u8 = b'\r';
const MOST: usize = 128;
/// A line without its checksum.
const COLUMNS: usize = 26;
const COLONS: [char; 3] = [':', ':', '.'];

/// Asks for every impulse in the memory.
pub const ASK_MEMORY: &[u8] = b"RSM\r";
/// Switches the checksum on.
pub const WITH_CHECKSUM: &[u8] = b"CHK1\r";

/// What a line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Record {
    /// An impulse, or what became of one.
    Impulse(Impulse),
    /// The running time, every tenth of a second where it is switched on.
    Running(Micros),
    /// `n0012`: the start number that the next impulse has.
    Next(u16),
    /// An answer: which program runs, who it is.
    Other(String),
}

/// An impulse.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Impulse {
    /// What the line is about.
    pub mark: Mark,
    /// The start number, or which impulse it is: that is a matter of the program. 0 to 9999.
    pub number: u16,
    /// Of a parallel race: `r` after the number.
    pub parallel: bool,
    /// 0 to 9.
    pub channel: u8,
    /// By hand.
    pub manual: bool,
    /// Of the day, or since the start.
    pub time: Micros,
    /// Decimals of a second, 0 to 4.
    pub decimals: usize,
    /// The group or the rank, as printed.
    pub group: String,
    /// The line has a checksum.
    pub checked: bool,
}

/// What a line of an impulse is about: its first letter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mark {
    /// It came.
    None,
    /// It has no valid start number.
    NoNumber,
    /// It was in the memory.
    Memory,
    /// It does not count: it was cleared.
    Cleared,
    /// It does not count: disqualified.
    Disqualified,
    /// It was put in by hand.
    Inserted,
    /// It has another number.
    Number,
}

impl Mark {
    const SENT: [(u8, Self); 7] = [
        (b' ', Self::None),
        (b'?', Self::NoNumber),
        (b'm', Self::Memory),
        (b'c', Self::Cleared),
        (b'd', Self::Disqualified),
        (b'i', Self::Inserted),
        (b'n', Self::Number),
    ];
}

impl Impulse {
    /// The channel as it is printed: `C0`, `C1M`.
    pub fn channel(&self) -> String {
        format!("C{}{}", self.channel, if self.manual { "M" } else { "" })
    }
}

/// The lines of a stream.
pub fn lines() -> Lines {
    Lines::new(END, MOST)
}

impl Record {
    /// From a line with its end or without.
    ///
    /// # Errors
    /// It is no line of a Timy, or its checksum is another: why.
    pub fn decode(line: &[u8]) -> Result<Self, String> {
        let from = line.iter().position(|byte| *byte != b'\n').unwrap_or(line.len());
        let line = std::str::from_utf8(&line[from..]).ok().filter(|line| line.is_ascii()).ok_or("a line has only ASCII characters")?;
        let line = line.trim_end_matches(['\r', '\n']);
        if let Some((time, _)) = dial::of_day(line, COLONS) {
            return Ok(Self::Running(time));
        }
        if let Some(next) = line.strip_prefix('n').and_then(|next| dial::digits(next, 1, 4)) {
            return Ok(Self::Next(u16::try_from(next).map_err(|_| "it has four digits")?));
        }
        if line.starts_with(|first: char| first.is_ascii_uppercase()) {
            return Ok(Self::Other(line.to_owned()));
        }
        let (said, checked) = checked(line)?;
        impulse(said, checked).map(Self::Impulse)
    }

    /// As a line with its end.
    pub fn encode(&self) -> Vec<u8> {
        let mut line = match self {
            Self::Impulse(of) => {
                let mark = Mark::SENT.iter().find(|(_, mark)| *mark == of.mark).map_or(b' ', |(sent, _)| *sent);
                let (parallel, manual) = (if of.parallel { 'r' } else { ' ' }, if of.manual { 'M' } else { ' ' });
                let time = dial::of_day_written(of.time, COLONS, of.decimals.min(4));
                let number = of.number.min(9_999);
                let said = format!("{}{number:04}{parallel}C{}{manual} {time:<13} {:>2}", char::from(mark), of.channel.min(9), of.group);
                let sum = if of.checked { checksum(&said) } else { String::new() };
                said + &sum
            }
            Self::Running(time) => dial::of_day_written(*time, COLONS, 1),
            Self::Next(number) => format!("n{:04}", number.min(&9_999)),
            Self::Other(text) => text.clone(),
        };
        line.push(char::from(END));
        line.into_bytes()
    }
}

/// The columns of an impulse; the two after them are its checksum.
fn checked(line: &str) -> Result<(&str, bool), String> {
    if line.len() != COLUMNS + 2 {
        return Ok((line, false));
    }
    let (said, sum) = line.split_at(COLUMNS);
    let is = checksum(said);
    if is == sum { Ok((said, true)) } else { Err(format!("its checksum is {is}, and it says {sum}")) }
}

/// The last byte of the sum of all, in two characters from `0` to `?`.
fn checksum(said: &str) -> String {
    let sum = said.bytes().fold(0_u8, u8::wrapping_add);
    [sum >> 4, sum & 0xf].map(|half| char::from(b'0' + half)).iter().collect()
}

fn impulse(said: &str, checked: bool) -> Result<Impulse, String> {
    let first = said.bytes().next().unwrap_or_default();
    let marked = Mark::SENT.iter().find(|(sent, _)| *sent == first);
    // Programs between take the blanks at the beginning away.
    let (mark, rest) = marked.map_or((Mark::None, said), |(_, mark)| (*mark, &said[1..]));
    let rest = rest.trim_start();
    let (number, rest) = rest.split_at_checked(4).ok_or("an impulse has a number of four digits")?;
    let number = dial::digits(number, 4, 4).and_then(|of| u16::try_from(of).ok()).ok_or("an impulse has a number of four digits")?;
    let (parallel, rest) = rest.strip_prefix('r').map_or((false, rest), |rest| (true, rest));
    let mut fields = rest.split_ascii_whitespace();
    let (channel, time, group) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
    let (digit, manual) = channel.strip_suffix('M').map_or((channel, false), |channel| (channel, true));
    let digit = digit.strip_prefix(['C', 'c']).and_then(|digit| dial::digits(digit, 1, 1)).and_then(|of| u8::try_from(of).ok());
    let channel = digit.ok_or_else(|| format!("its channel `{channel}` is none from C0 to C9"))?;
    let (at, decimals) = dial::of_day(time, COLONS)
        .filter(|(_, decimals)| *decimals <= 4)
        .ok_or_else(|| format!("its time `{time}` is none such as 10:07:20.2731"))?;
    if fields.next().is_some() || group.len() > 2 {
        return Err(String::from("after its time an impulse has two characters"));
    }
    Ok(Impulse { mark, number, parallel, channel, manual, time: at, decimals, group: group.to_owned(), checked })
}
