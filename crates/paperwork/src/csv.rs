//! Comma-separated text as RFC 4180 writes it, with the place of every cell. Strict: what a spreadsheet would guess is a fault.

use std::ops::Range;

/// One cell: its text without quotes, and the bytes it stands in with them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) at: Range<usize>,
}

/// One record: a line, or several where a quoted cell contains line breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Record {
    pub(crate) cells: Vec<Cell>,
    pub(crate) at: Range<usize>,
}

/// Where the text stops being comma-separated, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Broken {
    pub(crate) at: Range<usize>,
    pub(crate) why: &'static str,
    pub(crate) remedy: &'static str,
}

/// The records of a text; blank lines are no records. A byte-order mark at the start is skipped.
pub(crate) fn records(text: &str) -> Result<Vec<Record>, Broken> {
    let mut records = Vec::new();
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while at < text.len() {
        let (record, next) = record(text, at)?;
        let blank = matches!(record.cells.as_slice(), [only] if only.at.is_empty());
        if !blank {
            records.push(record);
        }
        at = next;
    }
    Ok(records)
}

/// The record that starts at `start`, and where the next one starts.
fn record(text: &str, start: usize) -> Result<(Record, usize), Broken> {
    let bytes = text.as_bytes();
    let mut cells = Vec::new();
    let mut at = start;
    loop {
        let cell = if bytes.get(at) == Some(&b'"') { quoted(text, at)? } else { bare(text, at)? };
        at = cell.at.end;
        cells.push(cell);
        match bytes.get(at) {
            Some(b',') => at += 1,
            Some(b'\n') => return Ok((Record { cells, at: start..at }, at + 1)),
            Some(b'\r') => return Ok((Record { cells, at: start..at }, at + 2)),
            _ => return Ok((Record { cells, at: start..at }, at)),
        }
    }
}

fn bare(text: &str, start: usize) -> Result<Cell, Broken> {
    let end = text[start..].find([',', '\r', '\n']).map_or(text.len(), |length| start + length);
    if let Some(quote) = text[start..end].find('"') {
        let at = start + quote;
        return Err(Broken {
            at: at..at + 1,
            why: "a quote inside a cell that is not quoted",
            remedy: "quote the whole cell and double the quotes inside it",
        });
    }
    line_ends_well(text, end)?;
    Ok(Cell { text: text[start..end].to_owned(), at: start..end })
}

fn quoted(text: &str, start: usize) -> Result<Cell, Broken> {
    let bytes = text.as_bytes();
    let mut inside = String::new();
    let mut at = start + 1;
    loop {
        let Some(length) = text[at..].find('"') else {
            return Err(Broken { at: start..start + 1, why: "a quote that is never closed", remedy: "close the quoted cell" });
        };
        inside.push_str(&text[at..at + length]);
        at += length + 1;
        if bytes.get(at) != Some(&b'"') {
            break;
        }
        inside.push('"');
        at += 1;
    }
    match bytes.get(at) {
        None | Some(b',' | b'\n' | b'\r') => {
            line_ends_well(text, at)?;
            Ok(Cell { text: inside, at: start..at })
        }
        Some(_) => Err(Broken {
            at: start..at,
            why: "text after the closing quote of a cell",
            remedy: "put the comma behind the quote, or double the quotes inside the cell",
        }),
    }
}

/// A carriage return stands only before a line feed.
fn line_ends_well(text: &str, at: usize) -> Result<(), Broken> {
    let bytes = text.as_bytes();
    if bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) != Some(&b'\n') {
        return Err(Broken { at: at..at + 1, why: "a carriage return without a line feed", remedy: "end lines with a line feed" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let records = records(text).expect("well formed");
        records.into_iter().map(|record| record.cells.into_iter().map(|cell| cell.text).collect()).collect()
    }

    #[test]
    fn reads_quotes_line_breaks_marks_and_blank_lines() {
        assert_eq!(cells("a,b\n1,2\n"), [["a", "b"], ["1", "2"]]);
        assert_eq!(cells("\u{feff}a,b\r\n\r\n\"1,\"\"x\"\"\n2\",\r\n"), [["a", "b"], ["1,\"x\"\n2", ""]]);
        assert_eq!(cells("a"), [["a"]]);
        assert_eq!(cells("a\n\"\"\n"), [["a"], [""]]);
        assert!(cells("").is_empty());
    }

    #[test]
    fn refuses_what_a_spreadsheet_would_guess() {
        for (text, at) in [("a,b\"c\n", 3..4), ("a,\"b\n", 2..3), ("a,\"b\"c\n", 2..5), ("a\rb\n", 1..2), ("\"a\"\rb", 3..4)] {
            assert_eq!(records(text).expect_err(text).at, at, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it_and_every_place_is_inside(text in "[\\PC\r\n\",]{0,40}") {
            if let Ok(records) = records(&text) {
                for cell in records.iter().flat_map(|record| &record.cells) {
                    proptest::prop_assert!(text.get(cell.at.clone()).is_some());
                }
            }
        }
    }
}
