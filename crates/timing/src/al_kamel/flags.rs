//! `25_FlagsAnalysisWithRCMessages…`: flags, and what race control said, by the clock.
//!
//! Read off lines that others quote: a flag is told when it is shown, with how long it stayed and how long there was one of its kind so far; a message has the same
//! columns and none of that. There is no empty cell at the end of a row.

use sport::date::{Instant, Micros};

use super::{SHAPE, code, flag, maybe, note, time};
use crate::account::{Account, Flag, Flown, Message};
use crate::clock::Clock;
use crate::encoding::Encoding;
use crate::flaw::Flaw;
use crate::table::{self, Row, Shape, Table};
use crate::written::printed;

const HEADER: [&str; 9] = ["TIME", "ELAPSED", "REC_TYPE", "FLAG", "SECTOR", "MESSAGE", "FLAG_TIME", "ACCUM_TIME", "LAP"];
const MESSAGE: &str = "RCMessage";
/// What a flag is called beside its code; the safety car and red are called so by their meaning, not seen.
const WORDS: [(Flag, &str); 5] = [
    (Flag::Green, "GREEN FLAG"),
    (Flag::FullCourseYellow, "FULL COURSE YELLOW"),
    (Flag::SafetyCar, "SAFETY CAR"),
    (Flag::Red, "RED FLAG"),
    (Flag::Chequered, "CHEQUERED FLAG"),
];

/// Whether bytes are the beginning of one.
pub fn is(bytes: &[u8]) -> bool {
    table::has(bytes, &["TIME", "ELAPSED", "REC_TYPE", "FLAG", "MESSAGE"])
}

/// Flags and messages of a session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FlagAnalysis {
    table: Table,
    columns: [usize; 4],
}

/// A row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Recorded<'t> {
    /// Since midnight.
    pub clock: Option<Micros>,
    /// From the start; none before it.
    pub elapsed: Option<Micros>,
    /// The code of a flag, or that it is a message.
    pub kind: &'t str,
    /// The words of a message.
    pub message: &'t str,
    /// Its line in the file.
    pub line: u64,
}

fn columns(table: &Table) -> Result<[usize; 4], Flaw> {
    Ok([table.needed(HEADER[0])?, table.needed(HEADER[1])?, table.needed(HEADER[2])?, table.needed(HEADER[5])?])
}

fn read<'t>(row: Row<'t>, columns: &[usize; 4]) -> Result<Recorded<'t>, String> {
    let [at, elapsed, kind, message] = columns.map(|column| row.cell(column).trim());
    if kind.is_empty() {
        return Err(String::from("it does not say what it records"));
    }
    let (clock, elapsed) = (maybe(at, "the time of day", time)?, maybe(elapsed, "the time from the start", time)?);
    Ok(Recorded { clock, elapsed, kind, message, line: row.line() })
}

impl FlagAnalysis {
    /// From the bytes of a file.
    ///
    /// # Errors
    /// It is no table, or lacks a column.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let (mut table, mut flaws) = Table::decode(bytes)?;
        let columns = columns(&table)?;
        flaws.extend(table.without_uneven());
        flaws.extend(table.sift(|row| read(row, &columns).map(|_| ())));
        Ok((Self { table, columns }, flaws))
    }

    /// The bytes of the file.
    pub fn encode(&self) -> Vec<u8> {
        self.table.encode()
    }

    /// What was recorded, in its order.
    pub fn rows(&self) -> impl Iterator<Item = Recorded<'_>> {
        self.table.body().map(|row| read(row, &self.columns).expect("a row that cannot be read was taken out"))
    }

    /// What it tells.
    pub fn account(&self) -> Account {
        let (mut account, mut clock) = (Account::default(), Clock::default());
        for row in self.rows() {
            let at = row.clock.map(|at| clock.reading(at, row.elapsed));
            match (row.kind, flag(row.kind)) {
                (_, Some(flag)) => account.flags.push(Flown { elapsed: row.elapsed, at, flag }),
                (MESSAGE, None) => account.messages.push(Message { elapsed: row.elapsed, at, text: row.message.to_owned() }),
                (kind, None) => {
                    account.notes.push(note("record-unknown", None, Some(row.line), format!("what a record `{kind}` is, is not known")));
                }
            }
        }
        account
    }

    /// The flags and messages of an account, by time. It has no place for a plain yellow and for white.
    pub fn of(account: &Account) -> Self {
        let mut table = Table::new(Shape { encoding: Encoding::Utf8, ..SHAPE });
        table.push(HEADER);
        let mut rows: Vec<(Option<Instant>, Option<Micros>, [String; 9])> = account.messages.iter().map(message).collect();
        rows.extend(flags(&account.flags));
        rows.sort_by_key(|(at, elapsed, _)| (*at, *elapsed));
        rows.into_iter().for_each(|(.., cells)| table.push(cells));
        let columns = columns(&table).expect("its header has every column");
        Self { table, columns }
    }
}

fn of_day(at: Option<Instant>) -> String {
    at.map(Clock::printed).unwrap_or_default()
}

fn message(message: &Message) -> (Option<Instant>, Option<Micros>, [String; 9]) {
    let none = String::new;
    let nothing = || String::from("-");
    let elapsed = message.elapsed.map(printed).unwrap_or_default();
    let cells =
        [of_day(message.at), elapsed, MESSAGE.to_owned(), none(), none(), message.text.clone(), nothing(), nothing(), String::from("0")];
    (message.at, message.elapsed, cells)
}

/// Flags with how long each stayed, up to the next, and how long its kind was shown so far.
fn flags(flown: &[Flown]) -> impl Iterator<Item = (Option<Instant>, Option<Micros>, [String; 9])> {
    let known: Vec<&Flown> = flown.iter().filter(|flown| code(flown.flag).is_some()).collect();
    let mut shown = [0_i64; WORDS.len()];
    let mut rows = Vec::new();
    for (nth, flown) in known.iter().enumerate() {
        let (Some(code), Some(kind)) = (code(flown.flag), WORDS.iter().position(|(flag, _)| *flag == flown.flag)) else { continue };
        let next = known.get(nth + 1).and_then(|next| Some(next.at?.0 - flown.at?.0)).filter(|stayed| *stayed >= 0);
        shown[kind] += next.unwrap_or(0);
        let span = |micros: i64| next.map_or_else(|| String::from("-"), |_| printed(Micros(micros)));
        let cells = [
            of_day(flown.at),
            flown.elapsed.map_or_else(|| String::from("-"), printed),
            code.to_owned(),
            WORDS[kind].1.to_owned(),
            String::new(),
            String::new(),
            span(next.unwrap_or(0)),
            span(shown[kind]),
            // In which lap is not told.
            String::from("0"),
        ];
        rows.push((flown.at, flown.elapsed, cells));
    }
    rows.into_iter()
}
