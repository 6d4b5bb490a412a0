//! Lines out of a stream of bytes, however it was cut on its way.

use crate::flaw::Flaw;

/// A reader of lines. It keeps at most one.
#[derive(Clone, Debug)]
pub struct Lines {
    end: u8,
    most: usize,
    /// The line that has begun: of one that is too long its beginning, which is told.
    held: Vec<u8>,
    /// All bytes of the line that has begun.
    length: u64,
    /// Bytes of the stream before it.
    offset: u64,
    /// Lines before it.
    before: u64,
}

/// A line without its end.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Bytes of the stream before it.
    pub offset: u64,
    /// From 1.
    pub nth: u64,
    /// Its bytes.
    pub bytes: &'a [u8],
}

impl Line<'_> {
    /// What is wrong with it.
    pub fn flaw(&self, why: impl Into<String>) -> Flaw {
        Flaw::of(self.offset, Some(self.nth), self.bytes, why)
    }
}

impl Lines {
    /// Lines that end in a byte and have at most so many before it.
    pub fn new(end: u8, most: usize) -> Self {
        Self { end, most, held: Vec::new(), length: 0, offset: 0, before: 0 }
    }

    /// Takes what came, and tells every line that is whole now; of a line that is too long its beginning, once.
    pub fn take(&mut self, mut bytes: &[u8], mut tell: impl FnMut(Result<Line<'_>, Flaw>)) {
        while !bytes.is_empty() {
            let end = bytes.iter().position(|byte| *byte == self.end);
            let (piece, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
            self.hold(piece, &mut tell);
            if end.is_some() {
                if !self.is_too_long() {
                    tell(Ok(Line { offset: self.offset, nth: self.before + 1, bytes: &self.held }));
                }
                self.next();
            }
            bytes = rest.get(1..).unwrap_or_default();
        }
    }

    /// The stream is over: tells what is left, which had no end.
    pub fn end(&mut self, tell: impl FnOnce(Flaw)) {
        if !self.held.is_empty() && !self.is_too_long() {
            tell(Flaw::of(self.offset, Some(self.before + 1), &self.held, "a line broke off"));
        }
        self.forget();
    }

    /// Another stream begins: what is held of this one will have no end.
    pub fn forget(&mut self) {
        *self = Self::new(self.end, self.most);
    }

    fn is_too_long(&self) -> bool {
        self.length > self.most as u64
    }

    fn hold(&mut self, piece: &[u8], tell: &mut impl FnMut(Result<Line<'_>, Flaw>)) {
        let before = self.is_too_long();
        let room = self.most - self.held.len();
        self.held.extend_from_slice(&piece[..piece.len().min(room)]);
        self.length += piece.len() as u64;
        if self.is_too_long() && !before {
            let why = format!("a line has at most {} bytes", self.most);
            tell(Err(Flaw::of(self.offset, Some(self.before + 1), &self.held, why)));
        }
    }

    fn next(&mut self) {
        self.offset += self.length + 1;
        self.before += 1;
        self.length = 0;
        self.held.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let mut told = Vec::new();
        let mut lines = Lines::new(b'\n', 5);
        for piece in pieces {
            lines.take(piece, |line| {
                told.push(match line {
                    Ok(line) => format!("{} {}: {}", line.offset, line.nth, String::from_utf8_lossy(line.bytes)),
                    Err(flaw) => flaw.to_string(),
                });
            });
        }
        lines.end(|flaw| told.push(flaw.to_string()));
        told
    }

    #[test]
    fn a_line_is_told_once_whole_and_one_that_is_too_long_by_its_beginning() {
        let text = b"a\n\n123456789\n12345\nend";
        let expected = ["0 1: a", "2 2: ", "line 3: a line has at most 5 bytes: 12345", "13 4: 12345", "line 5: a line broke off: end"];
        assert_eq!(read(&[text]), expected);
        for size in 1..text.len() {
            assert_eq!(read(&text.chunks(size).collect::<Vec<_>>()), expected, "{size}");
        }
    }

    #[test]
    fn what_has_no_end_is_not_kept() {
        let mut lines = Lines::new(b'\n', 100);
        let mut told = 0;
        for _ in 0..1_000 {
            lines.take(&[b'x'; 1_000], |_| told += 1);
        }
        assert_eq!((told, lines.held.len()), (1, 100));
    }
}
