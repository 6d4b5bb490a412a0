//! Reading values out of a checked tree. A getter gives nothing for what is absent or was reported already; it never reports.

use sport::date::{Date, Instant, Micros};
use sport::points::Points;
use sport::rulebook::crew::CrewPattern;
use sport::session::SessionName;

use crate::place::Place;
use crate::tree::{Entry, Node, Table, Value};
use crate::written;

/// A table of a tree that was checked against its shape.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'t> {
    place: &'t Place,
    table: Option<&'t Table>,
}

impl Node {
    /// The text, where it is text.
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The whole number, where it is one that fits.
    pub fn whole<N: TryFrom<i64>>(&self) -> Option<N> {
        if let Value::Whole(number) = &self.value { N::try_from(*number).ok() } else { None }
    }

    /// The exact number, where it is one.
    pub fn exact(&self) -> Option<Points> {
        match &self.value {
            Value::Whole(number) => Points::parse(&number.to_string()),
            Value::Decimal(number) | Value::Text(number) => Points::parse(number),
            Value::Truth(_) | Value::Day(_) | Value::Instant(_) | Value::Clock(_) | Value::List(_) | Value::Table(_) => None,
        }
    }

    /// The duration, where it is one.
    pub fn duration(&self) -> Option<Micros> {
        written::duration(self.text()?)
    }

    /// The crew pattern, where it is one.
    pub fn crew(&self) -> Option<CrewPattern> {
        written::crew(self.text()?).ok()
    }

    /// The session of the season, where it is one.
    pub fn session(&self) -> Option<SessionName> {
        written::session(self.text()?)
    }

    /// The values of a list; none for anything else.
    pub fn items(&self) -> &[Self] {
        if let Value::List(items) = &self.value { items } else { &[] }
    }

    /// As a table; an empty one for anything else.
    pub fn fields(&self) -> Fields<'_> {
        let table = if let Value::Table(table) = &self.value { Some(table) } else { None };
        Fields { place: &self.place, table }
    }
}

impl<'t> Fields<'t> {
    /// Where the table stands.
    pub fn place(&self) -> &'t Place {
        self.place
    }

    /// Where a value stands; the table's place when it is absent.
    pub fn place_of(&self, key: &str) -> &'t Place {
        self.get(key).map_or(self.place, |node| &node.place)
    }

    /// All entries, in the order they were written.
    pub fn entries(&self) -> &'t [Entry] {
        self.table.map_or(&[], |table| &table.entries)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'t Node> {
        self.table?.get(key)
    }

    /// Text.
    pub fn text(&self, key: &str) -> Option<&'t str> {
        self.get(key)?.text()
    }

    /// A whole number.
    pub fn whole<N: TryFrom<i64>>(&self, key: &str) -> Option<N> {
        self.get(key)?.whole()
    }

    /// An exact number.
    pub fn exact(&self, key: &str) -> Option<Points> {
        self.get(key)?.exact()
    }

    /// True or false.
    pub fn truth(&self, key: &str) -> Option<bool> {
        if let Value::Truth(truth) = self.get(key)?.value { Some(truth) } else { None }
    }

    /// A day.
    pub fn day(&self, key: &str) -> Option<Date> {
        if let Value::Day(day) = self.get(key)?.value { Some(day) } else { None }
    }

    /// An instant.
    pub fn instant(&self, key: &str) -> Option<Instant> {
        if let Value::Instant(instant) = self.get(key)?.value { Some(instant) } else { None }
    }

    /// A duration.
    pub fn duration(&self, key: &str) -> Option<Micros> {
        self.get(key)?.duration()
    }

    /// A crew pattern.
    pub fn crew(&self, key: &str) -> Option<CrewPattern> {
        self.get(key)?.crew()
    }

    /// A session of the season.
    pub fn session(&self, key: &str) -> Option<SessionName> {
        self.get(key)?.session()
    }

    /// The values of a list; none when it is absent.
    pub fn list(&self, key: &str) -> &'t [Node] {
        self.get(key).map_or(&[], Node::items)
    }

    /// The texts of a list, or the one text written without brackets.
    pub fn texts(&self, key: &str) -> Vec<&'t str> {
        match self.get(key) {
            Some(Node { value: Value::List(items), .. }) => items.iter().filter_map(Node::text).collect(),
            Some(node) => node.text().into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The whole numbers of a list.
    pub fn wholes<N: TryFrom<i64>>(&self, key: &str) -> Vec<N> {
        self.list(key).iter().filter_map(Node::whole).collect()
    }

    /// A list of two, each read by `read`.
    pub fn pair<V>(&self, key: &str, read: impl Fn(&'t Node) -> Option<V>) -> Option<(V, V)> {
        let [first, second] = self.list(key) else { return None };
        Some((read(first)?, read(second)?))
    }

    /// A table inside; an empty one when it is absent.
    pub fn inside(&self, key: &str) -> Self {
        self.get(key).map_or(Self { place: self.place, table: None }, Node::fields)
    }

    /// The ids and tables under a key, in the order they were written.
    pub fn keyed(&self, key: &str) -> impl Iterator<Item = (&'t str, Self)> {
        self.inside(key).entries().iter().map(|entry| (entry.key.as_str(), entry.node.fields()))
    }

    /// The index among `words` of the word under a key.
    pub fn choice<V: Copy>(&self, key: &str, words: &[(&str, V)]) -> Option<V> {
        let written = self.text(key)?;
        words.iter().find(|(word, _)| *word == written).map(|(_, value)| *value)
    }
}
