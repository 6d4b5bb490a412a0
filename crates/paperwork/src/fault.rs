//! What is wrong with what was written: gathered, never thrown. The binary words and colours it; nothing stops at the first.

use std::fmt;

use crate::place::Place;

/// How much a fault weighs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    /// The document cannot be used.
    Error,
    /// The document can be used; a person should look.
    Warning,
}

/// One thing wrong, where it is and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The kind, stable across releases: `unknown-class`, `wrong-type`, `not-toml`.
    pub code: &'static str,
    /// Error or warning.
    pub weight: Weight,
    /// The file, relative to the tree, `/` between parts.
    pub file: String,
    /// The bytes meant, where the file was read at all.
    pub span: Option<std::ops::Range<usize>>,
    /// From 1; 0 for what stands in no line of a file, such as a fact of a journal.
    pub line: u32,
    /// In characters, from 1; 0 with line 0.
    pub column: u32,
    /// The cause in one sentence, without a full stop.
    pub message: String,
    /// Two or three words to stand under the excerpt.
    pub label: String,
    /// The remedy, where there is one to name: `did you mean GT3?`.
    pub help: Option<String>,
}

impl Fault {
    /// An error at a place.
    pub fn error(code: &'static str, place: &Place, message: impl Into<String>) -> Self {
        Self {
            code,
            weight: Weight::Error,
            file: place.file.to_string(),
            span: Some(place.span.clone()),
            line: place.line,
            column: place.column,
            message: message.into(),
            label: String::new(),
            help: None,
        }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, place: &Place, message: impl Into<String>) -> Self {
        Self { weight: Weight::Warning, ..Self::error(code, place, message) }
    }

    /// An error about a file that could not be read: no excerpt.
    pub fn unread(code: &'static str, file: &str, message: impl Into<String>) -> Self {
        Self { span: None, ..Self::error(code, &Place::file(file), message) }
    }

    /// With words under the excerpt.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// With a remedy.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// With a remedy where there is one.
    #[must_use]
    pub fn help_if(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }
}

/// Plain: `file:line:column: error[code]: message (help)`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = match self.weight {
            Weight::Error => "error",
            Weight::Warning => "warning",
        };
        write!(f, "{}:{}:{}: {weight}[{}]: {}", self.file, self.line, self.column, self.code, self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

/// Whether any fault is an error.
pub fn stops(faults: &[Fault]) -> bool {
    faults.iter().any(|fault| fault.weight == Weight::Error)
}

/// What became of loading something: its value, unless an error stands against it, and every fault found on the way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Loaded<T> {
    /// Present exactly when no fault is an error.
    pub value: Option<T>,
    /// Errors and warnings, by file and place.
    pub faults: Vec<Fault>,
}

impl<T> Loaded<T> {
    /// Keeps the value only when no fault is an error; orders the faults by file and place and drops repeats.
    pub fn of(value: Option<T>, mut faults: Vec<Fault>) -> Self {
        faults.sort_by(|a, b| (&a.file, a.line, a.column, a.code).cmp(&(&b.file, b.line, b.column, b.code)));
        faults.dedup();
        let sound = faults.iter().all(|fault| fault.weight == Weight::Warning);
        Self { value: value.filter(|_| sound), faults }
    }
}
