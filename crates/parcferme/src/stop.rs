//! Why a command stopped, in words for a person, and the exit code that says so to a program.

use std::fmt::Display;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use paperwork::fault::{Fault, Weight};
use paperwork::read::Sources;

use crate::columns::visible;
use crate::faults;

/// A command stopped.
pub(crate) struct Stop {
    code: u8,
    text: String,
    /// Whether the colours in the text are ours.
    styled: bool,
}

impl Stop {
    /// The answer is no: faults, damage, a refusal.
    pub(crate) fn no(text: impl Into<String>) -> Self {
        Self { code: 1, text: text.into(), styled: false }
    }

    /// The command line names something that is not there.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self { code: 2, text: text.into(), styled: false }
    }

    /// Something could not be read or written.
    pub(crate) fn io(what: &str, why: &dyn Display) -> Self {
        Self { code: 3, text: format!("{what}: {why}\n"), styled: false }
    }

    /// A file could not be read or written.
    pub(crate) fn file(path: &Path, why: &io::Error) -> Self {
        let why: &dyn Display = if journal::file::is_full(why) { &"the disk is full; free space there and try again" } else { why };
        Self::io(&path.display().to_string(), why)
    }

    /// Faults that were looked for: the answer is no.
    pub(crate) fn found(faults: &[Fault], sources: &Sources) -> Self {
        Self { code: 1, text: faults::text(faults, sources), styled: true }
    }

    /// Faults in what was read: the answer is no; or nothing is wrong but that files could not be read at all.
    pub(crate) fn faults(faults: &[Fault], sources: &Sources) -> Self {
        let mut errors = faults.iter().filter(|fault| fault.weight == Weight::Error);
        let code = if errors.all(|fault| fault.code == "cannot-read") { 3 } else { 1 };
        Self { code, ..Self::found(faults, sources) }
    }

    /// One more line.
    pub(crate) fn and(mut self, line: &str) -> Self {
        self.text.push_str(line);
        self.text.push('\n');
        self
    }

    /// Something could not be read or written, in its own words.
    pub(crate) fn trouble(text: impl Into<String>) -> Self {
        Self { code: 3, text: text.into(), styled: false }
    }

    /// What it says.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Says why on standard error.
    #[expect(clippy::print_stderr, reason = "the one place that words a stop for a person")]
    pub(crate) fn report(&self) -> ExitCode {
        let text = visible(self.text.trim_end(), self.styled && faults::colours());
        let named = text.starts_with("error") || text.starts_with("warning");
        eprintln!("{}{text}", if named { "" } else { "error: " });
        ExitCode::from(self.code)
    }
}
