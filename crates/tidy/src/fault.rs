//! Something in the repository that has to be put right.

use std::fmt;

/// One fault, printed as `path:line: says`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fault {
    /// The file, relative to the root, `/` between parts.
    pub path: String,
    /// The line, from 1; 0 for the whole file.
    pub line: usize,
    /// What is wrong and what to do.
    pub says: String,
}

impl Fault {
    /// A fault of a whole file.
    pub fn of(path: &str, says: impl Into<String>) -> Self {
        Self { path: path.into(), line: 0, says: says.into() }
    }

    /// A fault at a line, counted from 1.
    pub fn at(path: &str, line: usize, says: impl Into<String>) -> Self {
        Self { path: path.into(), line, says: says.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 { write!(f, "{}: {}", self.path, self.says) } else { write!(f, "{}:{}: {}", self.path, self.line, self.says) }
    }
}
