//! Records out of a stream of bytes: lines that end in CR LF or in LF.

use super::field::Separator;
use super::record::Record;
use crate::flaw::Flaw;

/// A reader of a feed. It keeps at most one line.
#[derive(Default, Debug)]
pub struct Stream {
    /// The line that has begun.
    begun: Vec<u8>,
    /// It is longer than any record, and that was told: the rest of it is passed over.
    passed_over: u64,
    separator: Option<Separator>,
    /// Bytes before the line that has begun.
    offset: u64,
    /// Lines before it.
    lines: u64,
}

/// The longest line. The longest seen has not a tenth of it.
const MOST: usize = 4_096;
/// A log may begin with it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether bytes are the beginning of a feed: of a line with a command, a separator and one of the three record types behind it.
pub fn is(bytes: &[u8]) -> bool {
    let line = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes).trim_ascii_start();
    let line = &line[..line.iter().position(|byte| *byte == b'\n').unwrap_or(line.len()).min(MOST)];
    let Some(separator) = Separator::of(line) else { return false };
    let text = separator.read(line.trim_ascii_end());
    Record::decode(&text, separator).is_ok_and(|record| record.header.kind.is_some())
}

impl Stream {
    /// At the beginning of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// What parts the fields of this feed; none before the first line that tells it.
    pub fn separator(&self) -> Option<Separator> {
        self.separator
    }

    /// Takes what came, and tells every record that is whole now, and what is none.
    pub fn take(&mut self, mut bytes: &[u8], mut tell: impl FnMut(Result<Record<'_>, Flaw>)) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (piece, rest) = bytes.split_at(end + 1);
            self.hold(piece, &mut tell);
            self.close(&mut tell);
            self.lines += 1;
            bytes = rest;
        }
        self.hold(bytes, &mut tell);
    }

    /// The stream is over: tells what is left.
    pub fn end(&mut self, mut tell: impl FnMut(Result<Record<'_>, Flaw>)) {
        self.close(&mut tell);
    }

    /// Adds to the line that has begun, as far as it may be a record.
    fn hold(&mut self, piece: &[u8], tell: &mut impl FnMut(Result<Record<'_>, Flaw>)) {
        if self.passed_over > 0 {
            self.passed_over += piece.len() as u64;
            return;
        }
        let room = MOST - self.begun.len();
        self.begun.extend_from_slice(&piece[..piece.len().min(room)]);
        if piece.len() > room {
            self.passed_over = (piece.len() - room) as u64;
            tell(Err(self.flaw(format!("no record is longer than {MOST} bytes"))));
        }
    }

    /// Tells the line that has begun, and begins another.
    fn close(&mut self, tell: &mut impl FnMut(Result<Record<'_>, Flaw>)) {
        let begun = std::mem::take(&mut self.begun);
        if self.passed_over == 0 {
            let mark = if self.offset == 0 { begun.strip_prefix(BYTE_ORDER_MARK) } else { None };
            let line = mark.unwrap_or(&begun).trim_ascii_start();
            // A text at the end of a record may end in blanks.
            let ends = line.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
            self.told(&line[..ends], tell);
        }
        self.offset += begun.len() as u64 + self.passed_over;
        self.passed_over = 0;
        // Its room is used again.
        self.begun = begun;
        self.begun.clear();
    }

    fn told(&mut self, line: &[u8], tell: &mut impl FnMut(Result<Record<'_>, Flaw>)) {
        if line.is_empty() {
            return;
        }
        // A relay that began anew may send another one than before it.
        self.separator = Separator::of(line).or(self.separator);
        let separator = self.separator.unwrap_or(Separator::USUAL);
        let text = separator.read(line);
        let said = Record::decode(&text, separator);
        tell(said.map_err(|why| Flaw::of(self.offset, Some(self.lines + 1), line, why)));
    }

    fn flaw(&self, why: String) -> Flaw {
        Flaw::of(self.offset, Some(self.lines + 1), &self.begun, why)
    }
}
