//! What a TOML file says, as an owned tree in the order it was written, with the place of every key and value.

use sport::date::{Date, Instant};

use crate::place::Place;

/// A value with its place.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// Where it stands; for a table written with a heading, the heading.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// What a value is.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Text in quotes.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with a decimal point, as it was written: never through a float.
    Decimal(String),
    /// `true` or `false`.
    Truth(bool),
    /// A day: `2018-04-14`.
    Day(Date),
    /// An instant with its offset: `2018-04-14T12:00:00Z`.
    Instant(Instant),
    /// A date or time of another kind, as written: used nowhere.
    Clock(String),
    /// Values in brackets, or repeated `[[tables]]`.
    List(Vec<Node>),
    /// Keys and values.
    Table(Table),
}

impl Value {
    /// The kind of value in words: `text`, `a whole number`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Whole(_) => "a whole number",
            Self::Decimal(_) => "a decimal number",
            Self::Truth(_) => "true or false",
            Self::Day(_) => "a date",
            Self::Instant(_) => "a date and time with its offset",
            Self::Clock(_) => "a date or time without its offset",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// Keys and values in the order they were written.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Table {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands: for a table, in the heading that made it.
    pub place: Place,
    /// The value.
    pub node: Node,
}

impl Table {
    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    fn entry_mut(&mut self, key: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.key == key)
    }

    /// Whether it says anything itself, not only through tables inside it.
    pub fn speaks(&self) -> bool {
        self.entries.iter().any(|entry| !matches!(entry.node.value, Value::Table(_)))
    }

    /// Takes away what stands at a dotted path. False when nothing stands there.
    pub fn remove(&mut self, path: &str) -> bool {
        let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
        let Some(rest) = rest else {
            let before = self.entries.len();
            self.entries.retain(|entry| entry.key != key);
            return self.entries.len() < before;
        };
        match self.entry_mut(key).map(|entry| &mut entry.node.value) {
            Some(Value::Table(inner)) => inner.remove(rest),
            _ => false,
        }
    }

    /// Lays `over` on top: tables merge key by key, all else is replaced whole. A rule that `over` speaks about takes over's
    /// place; its source falls away unless restated, and the reason for an assumption falls away when every value is restated.
    pub fn overlay(&mut self, over: Self) {
        for new in over.entries {
            let Some(old) = self.entry_mut(&new.key) else {
                self.entries.push(new);
                continue;
            };
            match (&mut old.node.value, new.node.value) {
                (Value::Table(below), Value::Table(above)) => {
                    if above.speaks() {
                        below.yield_to(&above);
                        old.place = new.place;
                        old.node.place = new.node.place;
                    }
                    below.overlay(above);
                }
                (_, value) => *old = Entry { node: Node { value, place: new.node.place }, ..new },
            }
        }
    }

    /// Forgets what only the lower layer could say of itself.
    fn yield_to(&mut self, above: &Self) {
        let own = |entry: &&Entry| {
            !matches!(entry.node.value, Value::Table(_)) && !["article", "source", "assumed"].contains(&entry.key.as_str())
        };
        let restated = self.entries.iter().filter(own).all(|entry| above.entry(&entry.key).is_some());
        self.entries.retain(|entry| entry.key != "source" && (entry.key != "assumed" || !restated));
    }

    /// Joins another file of the same folder. Returns what both files say: each is written twice.
    pub fn join(&mut self, other: Self) -> Vec<(Entry, Place)> {
        let mut twice = Vec::new();
        for new in other.entries {
            let Some(old) = self.entry_mut(&new.key) else {
                self.entries.push(new);
                continue;
            };
            match (&mut old.node.value, new.node.value) {
                (Value::Table(here), Value::Table(there)) if !(here.speaks() && there.speaks()) => {
                    if there.speaks() {
                        old.place = new.place;
                        old.node.place = new.node.place;
                    }
                    twice.extend(here.join(there));
                }
                (_, value) => twice.push((Entry { node: Node { value, place: new.node.place }, ..new }, old.place.clone())),
            }
        }
        twice
    }
}
