//! The shapes of documents as data: what keys a table has and what each may hold. One description serves the check
//! ([`crate::check`]), the JSON Schema an editor completes from ([`crate::schema`]) and the reader of the code.

/// A table and its keys.
#[derive(Debug)]
pub struct Shape {
    /// Its name in schemas and messages: `award`.
    pub name: &'static str,
    /// What it is, one sentence.
    pub doc: &'static str,
    /// The keys it may have.
    pub keys: &'static [Key],
}

/// A key of a table.
#[derive(Debug)]
pub struct Key {
    /// As written.
    pub name: &'static str,
    /// What it is, one sentence.
    pub doc: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
}

impl Key {
    /// A key that must be there.
    pub const fn must(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { name, doc, kind, required: true }
    }

    /// A key that may be left out.
    pub const fn may(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { name, doc, kind, required: false }
    }
}

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text, not empty.
    Text,
    /// A whole number in these bounds, both inclusive.
    Whole(i64, i64),
    /// An exact number: `25`, `16.5` or `"3/4"`.
    Exact,
    /// `true` or `false`.
    Truth,
    /// Only this truth value: `assumed = false`.
    Only(bool),
    /// A date.
    Day,
    /// A date and time with its offset.
    Instant,
    /// A duration: `"25:00"`, `"1:02:24.881"`, `"15s"`.
    Duration,
    /// A duration or a weight: `"15s"`, `"20kg"`.
    Amount,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A crew by grades: `"Bronze + Silver/Gold/Platinum"`.
    Crew,
    /// What an offence costs: `"drive-through"`, `"time 30s plus shortfall"`.
    Penalty,
    /// A session of the season: `"2.race-1"`.
    Session,
    /// The id of something written elsewhere; [`crate::refer`] checks that it exists.
    Id(Noun),
    /// A path of a file or folder, relative to the file it stands in, `/` between parts.
    Path,
    /// Any number of values of a kind.
    List(&'static Self),
    /// Exactly two values of a kind.
    Pair(&'static Self),
    /// A table.
    Table(&'static Shape),
    /// Ids and what each holds: `[class.GT3]`.
    Map(Ids, &'static Self),
    /// The first of these whose type fits.
    Either(&'static [Self]),
}

/// What the ids of a [`Kind::Map`] may be.
#[derive(Clone, Copy, Debug)]
pub enum Ids {
    /// Any id.
    Any,
    /// The id of something written elsewhere.
    Of(Noun),
    /// A whole number in these bounds.
    Whole(i64, i64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A day: `2018-01-01`.
    Day,
    /// A name as printed, or a dotted name of a rule: any text that is not empty.
    Printed,
}

/// What an id names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Noun {
    /// A class of a rulebook.
    Class,
    /// A cup of a rulebook.
    Cup,
    /// A session of the weekend format.
    SessionPlan,
    /// A points table.
    Table,
    /// An award.
    Award,
    /// A championship.
    Championship,
    /// A source of the document.
    Source,
    /// A mark inside a race.
    Mark,
    /// A circuit.
    Circuit,
    /// A driver of the entry list.
    Driver,
    /// A team of the entry list.
    Team,
    /// An entry, by its id.
    Entry,
    /// A manufacturer.
    Maker,
    /// A decision.
    Decision,
    /// A matter.
    Matter,
    /// A line of a circuit.
    Line,
}

impl Noun {
    /// The word in messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Cup => "cup",
            Self::SessionPlan => "session",
            Self::Table => "points table",
            Self::Award => "award",
            Self::Championship => "championship",
            Self::Source => "source",
            Self::Mark => "mark",
            Self::Circuit => "circuit",
            Self::Driver => "driver",
            Self::Team => "team",
            Self::Entry => "entry",
            Self::Maker => "maker",
            Self::Decision => "decision",
            Self::Matter => "matter",
            Self::Line => "line",
        }
    }

    /// The word with its article: `an entry`.
    pub fn one(self) -> String {
        let word = self.word();
        format!("{} {word}", if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" })
    }

    /// The code of the fault when there is no such thing.
    pub const fn unknown(self) -> &'static str {
        match self {
            Self::Class => "unknown-class",
            Self::Cup => "unknown-cup",
            Self::SessionPlan => "unknown-session",
            Self::Table => "unknown-table",
            Self::Award => "unknown-award",
            Self::Championship => "unknown-championship",
            Self::Source => "unknown-source",
            Self::Mark => "unknown-mark",
            Self::Circuit => "unknown-circuit",
            Self::Driver => "unknown-driver",
            Self::Team => "unknown-team",
            Self::Entry => "unknown-entry",
            Self::Maker => "unknown-maker",
            Self::Decision => "unknown-decision",
            Self::Matter => "unknown-matter",
            Self::Line => "unknown-line",
        }
    }
}
