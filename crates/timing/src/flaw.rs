//! What could not be read.

use std::fmt;

/// A part of a stream or file that is no record as its format says. It is told, counted and passed over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flaw {
    /// Bytes of the stream before it.
    pub offset: u64,
    /// The line, from 1; none in binary formats.
    pub line: Option<u64>,
    /// What is wrong with it, in a sentence without an end.
    pub why: String,
    /// The beginning of it, as it can be printed.
    pub text: String,
}

/// Where in a file something begins.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Place {
    /// Bytes of the file before it.
    pub offset: u64,
    /// The line, from 1; 0 for what was not read from a file.
    pub line: u64,
}

/// So many bytes of what was not understood are shown.
const SHOWN: usize = 120;

impl Flaw {
    /// A flaw in bytes that begin `offset` into a stream.
    pub fn of(offset: u64, line: Option<u64>, bytes: &[u8], why: impl Into<String>) -> Self {
        let shown = &bytes[..bytes.len().min(SHOWN)];
        let text = match line {
            Some(_) => String::from_utf8_lossy(shown).escape_debug().to_string(),
            None => shown.iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        Self { offset, line, why: why.into(), text }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}: {}", self.why, self.text),
            None => write!(f, "byte {}: {}: {}", self.offset, self.why, self.text),
        }
    }
}
