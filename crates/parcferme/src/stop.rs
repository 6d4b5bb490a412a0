//! Why a command stopped, in words for a person, and the exit code that says so to a program.

use std::fmt::Display;
use std::process::ExitCode;

/// A command stopped.
pub(crate) struct Stop {
    code: u8,
    text: String,
}

impl Stop {
    /// The answer is no: faults, damage, a refusal.
    pub(crate) fn no(text: impl Into<String>) -> Self {
        Self { code: 1, text: text.into() }
    }

    /// The command line names something that is not there.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self { code: 2, text: text.into() }
    }

    /// Something could not be read or written.
    pub(crate) fn io(what: &str, why: &dyn Display) -> Self {
        Self { code: 3, text: format!("{what}: {why}\n") }
    }

    /// Something could not be read or written, in its own words.
    pub(crate) fn trouble(text: impl Into<String>) -> Self {
        Self { code: 3, text: text.into() }
    }

    /// Says why on standard error.
    #[expect(clippy::print_stderr, reason = "the one place that words a stop for a person")]
    pub(crate) fn report(&self) -> ExitCode {
        let text = self.text.trim_end();
        let named = text.starts_with("error") || text.starts_with("warning");
        eprintln!("{}{text}", if named { "" } else { "error: " });
        ExitCode::from(self.code)
    }
}
