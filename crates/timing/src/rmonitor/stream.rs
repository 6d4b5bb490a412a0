//! Records out of a stream of bytes: lines that end in CR LF, in LF, in CR CR LF, or inside a text.

use super::field::read;
use super::record::Record;
use crate::flaw::Flaw;

/// A reader of a feed. It keeps at most one record.
#[derive(Debug)]
pub struct Stream {
    /// The line that has begun.
    begun: Vec<u8>,
    /// Whole lines whose last text is not closed: it may go on in the next.
    open: Vec<u8>,
    /// Bytes before what is held.
    offset: u64,
    /// Lines before what is held.
    lines: u64,
}

/// The longest record. The longest that the specification allows has not a tenth of it.
const MOST: usize = 4_096;
/// A relay's log may begin with it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Stream {
    /// At the beginning of a stream.
    pub fn new() -> Self {
        Self { begun: Vec::new(), open: Vec::new(), offset: 0, lines: 0 }
    }

    /// Takes what came, and tells every record that is whole now, and what is none.
    pub fn take(&mut self, mut bytes: &[u8], mut tell: impl FnMut(Result<Record<'_>, Flaw>)) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = bytes.split_at(end + 1);
            bytes = rest;
            if self.begun.is_empty() {
                self.line(line, &mut tell);
            } else {
                let mut begun = std::mem::take(&mut self.begun);
                begun.extend_from_slice(line);
                self.line(&begun, &mut tell);
                // Its room is used again.
                begun.clear();
                self.begun = begun;
            }
        }
        // What is longer than any record is told in pieces, and none of them is one.
        for piece in bytes.chunks(MOST) {
            self.begun.extend_from_slice(piece);
            if self.begun.len() >= MOST {
                let begun = std::mem::take(&mut self.begun);
                self.line(&begun, &mut tell);
            }
        }
    }

    /// The stream is over: tells what is left.
    pub fn end(&mut self, mut tell: impl FnMut(Result<Record<'_>, Flaw>)) {
        let begun = std::mem::take(&mut self.begun);
        self.line(&begun, &mut tell);
        self.close(&mut tell);
    }

    /// A line with its end.
    fn line(&mut self, line: &[u8], tell: &mut impl FnMut(Result<Record<'_>, Flaw>)) {
        if !self.open.is_empty() {
            if line.starts_with(b"$") || line.starts_with(b"##") || self.open.len() + line.len() > MOST {
                self.close(tell);
            } else {
                self.open.extend_from_slice(line);
                if !is_open(&self.open) {
                    self.close(tell);
                }
                return;
            }
        }
        if is_open(line) {
            self.open.extend_from_slice(line);
        } else {
            self.told(line, tell);
        }
    }

    fn close(&mut self, tell: &mut impl FnMut(Result<Record<'_>, Flaw>)) {
        let mut open = std::mem::take(&mut self.open);
        self.told(&open, tell);
        open.clear();
        self.open = open;
    }

    /// Tells one record, whatever number of lines it has.
    fn told(&mut self, lines: &[u8], tell: &mut impl FnMut(Result<Record<'_>, Flaw>)) {
        let mark = if self.offset == 0 { lines.strip_prefix(BYTE_ORDER_MARK) } else { None };
        let trimmed = mark.unwrap_or(lines).trim_ascii();
        if !trimmed.is_empty() {
            let text = read(trimmed);
            let said = Record::decode(&text);
            tell(said.map_err(|why| Flaw::of(self.offset, Some(self.lines + 1), trimmed, why)));
        }
        self.offset += lines.len() as u64;
        self.lines += lines.iter().filter(|byte| **byte == b'\n').count() as u64;
    }
}

impl Default for Stream {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether a text is begun and not closed.
fn is_open(line: &[u8]) -> bool {
    line.iter().filter(|byte| **byte == b'"').count() % 2 == 1
}
