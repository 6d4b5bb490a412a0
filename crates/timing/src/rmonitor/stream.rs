//! Records out of a stream of bytes: lines that end in CR LF, in LF, in CR CR LF, or inside a text.

use memchr::{memchr, memchr_iter};

use super::field::read;
use super::record::Record;
use crate::flaw::Flaw;

/// A reader of a feed. It keeps at most one record.
#[derive(Debug)]
pub struct Stream {
    /// The line that has begun.
    begun: Vec<u8>,
    /// Whole lines whose last text is not closed: it may go on in the next.
    open: String,
    /// The bytes they came in.
    open_came: u64,
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
        Self { begun: Vec::new(), open: String::new(), open_came: 0, offset: 0, lines: 0 }
    }

    /// Takes what came, and tells every record that is whole now, and what is none.
    pub fn take(&mut self, mut bytes: &[u8], mut tell: impl FnMut(Result<Record<'_>, Flaw>)) {
        if !self.begun.is_empty() {
            let Some(end) = memchr(b'\n', bytes) else { return self.keep(bytes, &mut tell) };
            let (line, rest) = bytes.split_at(end + 1);
            bytes = rest;
            let mut begun = std::mem::take(&mut self.begun);
            begun.extend_from_slice(line);
            self.line(&begun, &mut tell);
            // Its room is used again.
            begun.clear();
            self.begun = begun;
        }
        // Text that is none is looked at line by line: one old server among many must not make all of them slow.
        if let Ok(mut text) = simdutf8::basic::from_utf8(bytes) {
            while let Some(end) = line_end(text.as_bytes()) {
                let (line, rest) = text.split_at(end + 1);
                text = rest;
                self.text(line, line.len(), &mut tell);
            }
            bytes = text.as_bytes();
        } else {
            while let Some(end) = memchr(b'\n', bytes) {
                let (line, rest) = bytes.split_at(end + 1);
                bytes = rest;
                self.line(line, &mut tell);
            }
        }
        self.keep(bytes, &mut tell);
    }

    /// Keeps the beginning of a line. What is longer than any record is told in pieces, and none of them is one.
    fn keep(&mut self, bytes: &[u8], tell: &mut impl FnMut(Result<Record<'_>, Flaw>)) {
        for piece in bytes.chunks(MOST) {
            self.begun.extend_from_slice(piece);
            if self.begun.len() >= MOST {
                let begun = std::mem::take(&mut self.begun);
                self.line(&begun, tell);
            }
        }
    }

    /// The stream is over: tells what is left.
    pub fn end(&mut self, mut tell: impl FnMut(Result<Record<'_>, Flaw>)) {
        let begun = std::mem::take(&mut self.begun);
        self.line(&begun, &mut tell);
        self.close(&mut tell);
    }

    /// A line with its end, in bytes.
    fn line(&mut self, line: &[u8], tell: &mut impl FnMut(Result<Record<'_>, Flaw>)) {
        // Where it is no UTF-8, a mark of it is no letter either.
        let mark = if self.offset == 0 && std::str::from_utf8(line).is_err() { line.strip_prefix(BYTE_ORDER_MARK) } else { None };
        self.text(&read(mark.unwrap_or(line)), line.len(), tell);
    }

    /// A line with its end, or what is left of one; it came in so many bytes, which Latin-1 in UTF-8 has more of.
    #[inline(always)]
    fn text(&mut self, line: &str, came: usize, tell: &mut impl FnMut(Result<Record<'_>, Flaw>)) {
        if !self.open.is_empty() {
            if line.starts_with('$') || line.starts_with("##") || self.open.len() + line.len() > MOST {
                self.close(tell);
            } else {
                self.open.push_str(line);
                self.open_came += came as u64;
                let mut open = false;
                _ = Record::read(self.open.trim_ascii(), &mut open);
                if !open {
                    self.close(tell);
                }
                return;
            }
        }
        let mark = if self.offset == 0 { line.strip_prefix('\u{feff}') } else { None };
        let trimmed = trimmed(mark.unwrap_or(line));
        if !trimmed.is_empty() && !Record::often(trimmed, &mut |record| tell(Ok(record))) {
            let mut open = false;
            let record = Record::read(trimmed, &mut open);
            if open && line.len() < MOST {
                self.open.push_str(line);
                self.open_came = came as u64;
                return;
            }
            tell(record.map_err(|why| self.flaw(trimmed, why)));
        }
        self.offset += came as u64;
        self.lines += u64::from(line.ends_with('\n'));
    }

    #[cold]
    fn flaw(&self, line: &str, why: String) -> Flaw {
        Flaw::of(self.offset, Some(self.lines + 1), line.as_bytes(), why)
    }

    /// A record of several lines, or one whose last text nobody closed.
    fn close(&mut self, tell: &mut impl FnMut(Result<Record<'_>, Flaw>)) {
        let mut open = std::mem::take(&mut self.open);
        let trimmed = open.trim_ascii();
        if !trimmed.is_empty() {
            tell(Record::decode(trimmed).map_err(|why| self.flaw(trimmed, why)));
        }
        self.offset += std::mem::take(&mut self.open_came);
        self.lines += memchr_iter(b'\n', open.as_bytes()).count() as u64;
        open.clear();
        self.open = open;
    }
}

/// Where a line ends. Logs of relays have every other line empty.
#[inline(always)]
fn line_end(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'\n', ..] => Some(0),
        [b'\r', b'\n', ..] => Some(1),
        _ => memchr(b'\n', bytes),
    }
}

/// A line without its end, and without blanks around it, of which most have none.
#[inline(always)]
fn trimmed(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    match line.as_bytes() {
        [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => line,
        _ => line.trim_ascii(),
    }
}

impl Default for Stream {
    fn default() -> Self {
        Self::new()
    }
}
