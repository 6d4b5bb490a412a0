//! Where something stands in a file.

use std::ops::Range;
use std::sync::Arc;

/// A place in a file a person wrote: what a fault points at and a citation names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The file, relative to the tree, `/` between parts.
    pub file: Arc<str>,
    /// Bytes from the start of the file.
    pub span: Range<usize>,
    /// The line of the first byte, from 1.
    pub line: u32,
    /// The column of the first byte, in characters, from 1.
    pub column: u32,
}

impl Place {
    /// The whole of a file, for what is wrong with the file itself.
    pub fn file(file: &str) -> Self {
        Self { file: Arc::from(file), span: 0..0, line: 1, column: 1 }
    }
}

/// Bytes between two marks of [`Lines`].
const MARK_BYTES: usize = 1024;

/// Finds lines and columns in one text, also in one very long line.
pub(crate) struct Lines<'t> {
    file: Arc<str>,
    text: &'t str,
    starts: Vec<usize>,
    /// Characters before every 1024th byte.
    marks: Vec<usize>,
}

/// Characters that begin in these bytes.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

impl<'t> Lines<'t> {
    pub(crate) fn of(file: Arc<str>, text: &'t str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut marks = vec![0];
        for chunk in text.as_bytes().chunks(MARK_BYTES) {
            marks.push(marks.last().copied().unwrap_or(0) + begun(chunk));
        }
        Self { file, text, starts, marks }
    }

    fn characters_before(&self, at: usize) -> usize {
        let mark = at / MARK_BYTES;
        self.marks[mark] + begun(&self.text.as_bytes()[mark * MARK_BYTES..at])
    }

    /// The place of a span. A span outside the text or inside a character is moved to the nearest start before it.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        let floor = |at: usize| (0..=at.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let (start, end) = (floor(span.start), floor(span.end));
        let line = self.starts.partition_point(|from| *from <= start).max(1);
        let column = self.characters_before(start) - self.characters_before(self.starts[line - 1]) + 1;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Place { file: Arc::clone(&self.file), span: start..end.max(start), line: number(line), column: number(column) }
    }
}
