//! The tables of Al Kamel Systems, who time WEC, ELMS, IMSA, SRO America and the GR Cup: laps ([`analysis`]), results ([`classification`]), flags with the messages of race
//! control ([`flags`]), weather ([`weather`]). Each is one file of several on a session: [`crate::together::together`] makes one account of them.
//!
//! They are separated by `;` with CR LF, with a byte-order mark or without, names padded with blanks and an empty cell at the end of each row; data sets made of them
//! have commas. Car numbers are text: `007` and `7` are two cars.

use sport::date::Micros;

use crate::account::{Flag, Note};
use crate::encoding::Encoding;
use crate::table::{LineEnd, Shape};
use crate::written;

pub mod analysis;
pub mod classification;
pub mod flags;
pub mod weather;

/// How they are written.
const SHAPE: Shape = Shape { encoding: Encoding::Utf8Marked, separator: b';', line_end: LineEnd::CrLf, ended: true };

/// The flags by their codes. A plain yellow and the white flag have none.
const FLAGS: [(&str, Flag); 5] =
    [("GF", Flag::Green), ("FCY", Flag::FullCourseYellow), ("SF", Flag::SafetyCar), ("RF", Flag::Red), ("FF", Flag::Chequered)];

fn flag(code: &str) -> Option<Flag> {
    FLAGS.iter().find(|(of, _)| *of == code).map(|(_, flag)| *flag)
}

fn code(flag: Flag) -> Option<&'static str> {
    FLAGS.iter().find(|(_, of)| *of == flag).map(|(code, _)| *code)
}

/// A time that is not below nothing. Some of their tables have an apostrophe behind the minutes: `5:44'41.101` (said by others, not seen).
fn time(cell: &str) -> Option<Micros> {
    let time = if cell.contains('\'') { written::time(&cell.replacen('\'', ":", 1)) } else { written::time(cell) };
    time.filter(|time| time.0 >= 0 && !cell.starts_with(['+', '-']))
}

/// What a cell says, where it says anything.
fn maybe<T>(cell: &str, what: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, String> {
    match cell {
        "" | "-" => Ok(None),
        cell => read(cell).map(Some).ok_or_else(|| format!("{what} is `{}`, and that is none", cell.chars().take(40).collect::<String>())),
    }
}

/// What is not empty.
fn some(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| cell.to_owned())
}

fn note(code: &'static str, car: Option<usize>, line: Option<u64>, says: String) -> Note {
    Note { code, car, line, says }
}
