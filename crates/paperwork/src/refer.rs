//! Whether what a document refers to exists: every [`Kind::Id`] of a tree against the ids that are known.

use std::collections::{BTreeMap, BTreeSet};

use crate::fault::Fault;
use crate::fields::Fields;
use crate::place::Place;
use crate::shape::{Ids, Kind, Noun, Shape};
use crate::suggest;
use crate::tree::{Node, Value};
use crate::written;

/// The ids that exist, by what they name. References to a noun nobody told about are not checked.
#[derive(Clone, Default, Debug)]
pub struct Known {
    ids: BTreeMap<Noun, BTreeSet<String>>,
}

impl Known {
    /// Adds ids of a noun; with none at all, the noun is known to be empty.
    pub fn add<'i>(&mut self, noun: Noun, ids: impl IntoIterator<Item = &'i str>) {
        self.ids.entry(noun).or_default().extend(ids.into_iter().map(str::to_owned));
    }

    /// Adds the ids of a table; where one of them can be no id, which was told, references to the noun are not checked: it may be the one meant.
    pub(crate) fn add_keys(&mut self, noun: Noun, fields: &Fields<'_>, key: &str) {
        if fields.keyed(key).all(|(id, _)| written::is_id(id)) {
            self.add(noun, fields.keyed(key).map(|(id, _)| id));
        }
    }

    /// The fault, where an id names nothing. What can be no id at all was told by [`crate::check`] already.
    pub fn fault(&self, noun: Noun, id: &str, place: &Place) -> Option<Fault> {
        let known = self.ids.get(&noun)?;
        if known.contains(id) || !written::is_id(id) {
            return None;
        }
        let message = format!("there is no {} \"{id}\"", noun.word());
        let help = suggest::help(id, known.iter().map(String::as_str));
        Some(Fault::error(noun.unknown(), place, message).label(format!("unknown {}", noun.word())).help_if(help))
    }
}

/// Reports every reference to something that does not exist: one fault for each name that is not there, however often it stands in the file.
pub fn check(node: &Node, shape: &Shape, known: &Known, faults: &mut Vec<Fault>) {
    let mut found = Vec::new();
    table(node, shape, known, &mut found);
    let mut told: Vec<(Fault, Vec<String>)> = Vec::new();
    found.sort_by_key(|fault| (fault.line, fault.column));
    for fault in found {
        let same = |(first, _): &&mut (Fault, Vec<String>)| (&first.file, &first.message) == (&fault.file, &fault.message);
        match told.iter_mut().find(same) {
            Some((_, lines)) => lines.push(fault.line.to_string()),
            None => told.push((fault, Vec::new())),
        }
    }
    for (mut fault, mut lines) in told {
        lines.dedup();
        if !lines.is_empty() {
            let word = if lines.len() == 1 { "line" } else { "lines" };
            fault.message.push_str(&format!(", here and on {word} {}", lines.join(", ")));
        }
        faults.push(fault);
    }
}

fn table(node: &Node, shape: &Shape, known: &Known, faults: &mut Vec<Fault>) {
    let Value::Table(table) = &node.value else { return };
    for entry in &table.entries {
        if let Some(key) = shape.keys.iter().find(|key| key.name == entry.key) {
            value(&entry.node, &key.kind, known, faults);
        }
    }
}

fn value(node: &Node, kind: &Kind, known: &Known, faults: &mut Vec<Fault>) {
    match (kind, &node.value) {
        (Kind::Id(noun), Value::Text(id)) => faults.extend(known.fault(*noun, id, &node.place)),
        (Kind::List(kind) | Kind::Pair(kind), Value::List(items)) => items.iter().for_each(|item| value(item, kind, known, faults)),
        (Kind::Table(shape), Value::Table(_)) => table(node, shape, known, faults),
        (Kind::Map(ids, kind), Value::Table(table)) => {
            for entry in &table.entries {
                if let Ids::Of(noun) = ids {
                    faults.extend(known.fault(*noun, &entry.key, &entry.place));
                }
                value(&entry.node, kind, known, faults);
            }
        }
        (Kind::Either(kinds), found) => {
            if let Some(kind) = kinds.iter().find(|kind| crate::check::fits(found, kind)) {
                value(node, kind, known, faults);
            }
        }
        _ => {}
    }
}
