//! Sheets of a spreadsheet, as tables of text.
//!
//! A spreadsheet is an archive: a few kilobytes can say that they are gigabytes. What its parts say they unpack to is looked at before any is, the archive's
//! reader stops where a part is more than it said, and rows, cells and text are counted while they are read.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, Xlsx, XlsxCellReader, XlsxError};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError as WriteError};
use sport::date::Micros;
use zip::ZipArchive;

use super::cells;
use super::mapping::{Mapping, Meaning};
use crate::flaw::Flaw;
use crate::table::{Shape, Table};
use crate::written::{printed, time};

/// More than this no sheet of a session unpacks to: 40,000 laps are a third of it.
const UNPACKED: u64 = 64 << 20;
/// Text of a sheet; one text may be in many cells.
const MOST_TEXT: usize = 64 << 20;
const MOST_ROWS: u32 = 200_000;
/// Of more sheets the others are not looked at.
const MOST_SHEETS: usize = 32;
const MOST_COLUMNS: u32 = 256;
const MOST_CELLS: usize = 4_000_000;

/// Whether bytes are the beginning of a spreadsheet.
pub(super) fn is(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") && bytes.windows(3).any(|part| part == b"xl/")
}

fn broken(why: impl std::fmt::Display) -> Flaw {
    Flaw { offset: 0, line: None, why: format!("the spreadsheet cannot be read: {why}"), text: String::new() }
}

/// The sheets of a spreadsheet that hold anything, with their names: all, or the one that is asked for.
///
/// # Errors
/// It is no spreadsheet, is broken or protected, has no such sheet, or is larger than that of any session.
pub(super) fn sheets(bytes: &[u8], asked: Option<&str>) -> Result<Vec<(String, Table)>, Flaw> {
    checked(bytes)?;
    // A file that was made to break its reader is a broken file.
    catch_unwind(AssertUnwindSafe(|| read(bytes, asked))).unwrap_or_else(|_| Err(broken("its parts contradict each other")))
}

/// How much it unpacks to, before anything is.
fn checked(bytes: &[u8]) -> Result<(), Flaw> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut unpacked = 0_u64;
    for nth in 0..archive.len() {
        // A part may have any name.
        unpacked = unpacked.saturating_add(archive.by_index_raw(nth).map_err(broken)?.size());
    }
    if unpacked > UNPACKED {
        return Err(broken(format!("it unpacks to {} MiB, and no session has more than {}", unpacked >> 20, UNPACKED >> 20)));
    }
    counted(&mut archive)
}

/// How many texts it says that its sheets share: its reader makes room for as many.
fn counted(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), Flaw> {
    use std::io::Read as _;
    const COUNT: &[u8] = b"uniqueCount";
    for nth in 0..archive.len() {
        let part = archive.by_index(nth).map_err(broken)?;
        if !part.name().map_err(broken)?.to_lowercase().ends_with("sharedstrings.xml") {
            continue;
        }
        let mut text = Vec::new();
        part.take(UNPACKED).read_to_end(&mut text).map_err(broken)?;
        for at in (0..text.len()).filter(|at| text[*at..].starts_with(COUNT)) {
            let value = text[at + COUNT.len()..].iter().skip_while(|byte| b" \t\r\n=+'\"".contains(byte));
            let digits = value.take_while(|byte| byte.is_ascii_digit()).map(|byte| u64::from(byte - b'0'));
            let count = digits.fold(0_u64, |count, digit| count.saturating_mul(10).saturating_add(digit));
            if count > text.len() as u64 {
                return Err(broken(format!("it says that it has {count} texts, in {} bytes", text.len())));
            }
        }
    }
    Ok(())
}

fn read(bytes: &[u8], asked: Option<&str>) -> Result<Vec<(String, Table)>, Flaw> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let names = book.sheet_names();
    if let Some(asked) = asked.filter(|asked| !names.iter().any(|name| name == asked)) {
        return Err(broken(format!("no sheet is called `{asked}`; there are {}", names.join(", "))));
    }
    let mut room = Room { cells: MOST_CELLS, text: MOST_TEXT };
    let mut sheets = Vec::new();
    for name in names.into_iter().filter(|name| asked.is_none_or(|asked| name == asked)).take(MOST_SHEETS) {
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // A sheet of a chart has no cells.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(wrong) => return Err(broken(wrong)),
        };
        let table = sheet(&mut cells, &mut room)?;
        if table.header().is_some() {
            sheets.push((name, table));
        }
    }
    Ok(sheets)
}

/// What may still be read.
struct Room {
    cells: usize,
    text: usize,
}

impl Room {
    fn take(&mut self, cells: usize, text: usize) -> Result<(), Flaw> {
        match (self.cells.checked_sub(cells), self.text.checked_sub(text)) {
            (Some(cells), Some(text)) => *self = Self { cells, text },
            _ => return Err(broken("it has more cells than any session")),
        }
        Ok(())
    }
}

fn sheet(cells: &mut XlsxCellReader<'_, Cursor<&[u8]>>, room: &mut Room) -> Result<Table, Flaw> {
    let mut table = Table::new(Shape::default());
    let (mut row, mut line) = (Vec::new(), 0);
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (nth, column) = cell.get_position();
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if nth >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(broken(format!("a cell is in row {} and column {}, and no table of a session is as large", nth + 1, column + 1)));
        }
        if nth < line {
            return Err(broken(format!("row {} comes after row {}", nth + 1, line + 1)));
        }
        if nth > line {
            push(&mut table, line, &mut row);
            line = nth;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let wider = (column + 1).saturating_sub(row.len());
        room.take(wider, text.len())?;
        row.resize(row.len() + wider, String::new());
        row[column] = text;
    }
    push(&mut table, line, &mut row);
    Ok(table)
}

fn push(table: &mut Table, line: u32, row: &mut Vec<String>) {
    if !row.is_empty() {
        table.push_at(u64::from(line) + 1, row.drain(..));
    }
}

/// What a cell shows. What is a time for the spreadsheet is a float of days in the file, to the nearest millisecond.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.abs() < 1e15 => number.to_string(),
        DataRef::Float(number) => format!("{number:e}"),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(at) => cells::of_days(at.as_f64()).map_or_else(|| at.to_string(), printed),
    }
}

/// A sheet has so many columns,
const COLUMNS: usize = 16_384;
/// and so many rows.
const ROWS: usize = 1_048_576;
/// A cell has so many letters.
const LETTERS: usize = 32_767;

/// A table as a spreadsheet: what is a time in it is one for the spreadsheet too, and so are counts; a car's number is text. Rows and letters beyond what a sheet has
/// room for are left out.
pub(super) fn written(table: &Table, mapping: &Mapping, sheet: &str) -> Vec<u8> {
    make(table, mapping, sheet).expect("what does not fit into a sheet is left out")
}

fn make(table: &Table, mapping: &Mapping, name: &str) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    // The same session is the same file, whenever it is written.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let (span, bold) = (Format::new().set_num_format("[h]:mm:ss.000"), Format::new().set_bold());
    let sheet = book.add_worksheet();
    if sheet.set_name(name).is_err() {
        sheet.set_name("Sheet1")?;
    }
    for (nth, row) in table.rows().take(ROWS).enumerate() {
        let line = u32::try_from(nth).unwrap_or(u32::MAX);
        for (column, cell) in row.cells().take(COLUMNS).enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let cell = fitting(cell);
            let meaning = mapping.columns.get(column).copied().filter(|_| nth > mapping.header).unwrap_or(Meaning::Nothing);
            let column = u16::try_from(column).unwrap_or(u16::MAX);
            let days = || time(cell).filter(|_| meaning.is_time()).and_then(days);
            if let Some(count) = cells::whole(cell).filter(|_| meaning.is_count()) {
                sheet.write_number(line, column, count)?;
            } else if let Some(days) = days() {
                sheet.write_number_with_format(line, column, days, &span)?;
            } else if nth == mapping.header {
                sheet.write_string_with_format(line, column, cell, &bold)?;
            } else {
                sheet.write_string(line, column, cell)?;
            }
        }
    }
    book.save_to_buffer()
}

/// What of a text a cell has room for. Spreadsheets count letters as UTF-16 does.
fn fitting(text: &str) -> &str {
    let mut room = LETTERS;
    let beyond = text.char_indices().find(|(_, letter)| {
        let fits = room.checked_sub(letter.len_utf16());
        room = fits.unwrap_or(0);
        fits.is_none()
    });
    beyond.map_or(text, |(end, _)| &text[..end])
}

/// A time as a part of a day, which spreadsheets keep; one below nothing they do not show.
fn days(time: Micros) -> Option<f64> {
    u32::try_from(time.0 / 1_000).ok().map(|ms| f64::from(ms) / 86_400_000.0)
}
