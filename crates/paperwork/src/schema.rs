//! JSON Schema (draft 2020-12) from the same shapes the check uses, so that an editor completes and checks as one writes.

use serde_json::{Map, Value, json};

use crate::case::CASE;
use crate::circuit::CIRCUIT;
use crate::entries::ENTRIES;
use crate::request::REQUESTS;
use crate::rulebook::shapes::{BULLETIN, RULEBOOK};
use crate::season::SEASON;
use crate::shape::{Ids, Kind, Shape};

/// Every checked-in schema: file name and text.
pub fn all() -> Vec<(String, String)> {
    let named = |name: &str, shape, partial| (format!("{name}.schema.json"), document(shape, partial));
    vec![
        named("rulebook", &RULEBOOK, true),
        named("bulletin", &BULLETIN, true),
        named("season", &SEASON, false),
        named("entries", &ENTRIES, false),
        named("circuit", &CIRCUIT, false),
        named("requests", &REQUESTS, false),
        named("case", &CASE, false),
    ]
}

/// The schema of one document as text, with a final newline.
///
/// `partial`: the document may be a part of a whole (a rulebook is written in several files), so nothing is required.
pub fn document(shape: &'static Shape, partial: bool) -> String {
    let mut writer = Writer { definitions: Map::new(), partial };
    let mut schema = writer.table(shape);
    if let Value::Object(schema) = &mut schema {
        schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        schema.insert("title".to_owned(), json!(shape.name));
        if !writer.definitions.is_empty() {
            schema.insert("$defs".to_owned(), Value::Object(writer.definitions));
        }
    }
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema has text keys only");
    text.push('\n');
    text
}

/// Shapes as a page for people: their keys, what each holds and means, table after table, each table once.
pub fn page(shapes: &[&'static Shape]) -> String {
    let mut text = String::new();
    let mut shown: Vec<&'static str> = Vec::new();
    let mut queue: Vec<(&'static Shape, &'static str)> = shapes.iter().map(|shape| (*shape, "")).collect();
    while !queue.is_empty() {
        let (shape, under) = queue.remove(0);
        if shown.contains(&shape.name) {
            continue;
        }
        shown.push(shape.name);
        let heading = if under.is_empty() { shape.name.to_owned() } else { format!("`{under}`: {}", shape.name) };
        text.push_str(&format!("## {heading}\n\n{}\n\n| key | | holds | what it is |\n| --- | --- | --- | --- |\n", shape.doc));
        for key in shape.keys {
            let must = if key.required { "must" } else { "" };
            text.push_str(&format!("| `{}` | {must} | {} | {} |\n", key.name, holds(&key.kind), key.doc.replace('|', "\\|")));
            inner(&key.kind, &mut |inner| queue.push((inner, key.name)));
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The tables inside a kind.
fn inner(kind: &'static Kind, found: &mut dyn FnMut(&'static Shape)) {
    match kind {
        Kind::Table(shape) => found(shape),
        Kind::List(kind) | Kind::Pair(kind) | Kind::Map(_, kind) => inner(kind, found),
        Kind::Either(kinds) => kinds.iter().for_each(|kind| inner(kind, found)),
        Kind::Text
        | Kind::Whole(..)
        | Kind::Exact
        | Kind::Truth
        | Kind::Only(_)
        | Kind::Day
        | Kind::Instant
        | Kind::Duration
        | Kind::Amount
        | Kind::Penalty
        | Kind::Choice(_)
        | Kind::Crew
        | Kind::Session
        | Kind::Id(_)
        | Kind::Path => {}
    }
}

/// What a kind holds, in words.
fn holds(kind: &Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Whole(least, most) if *most > 1_000_000 => format!("a whole number from {least}"),
        Kind::Whole(least, most) => format!("{least} to {most}"),
        Kind::Exact => "an exact number".to_owned(),
        Kind::Truth => "true or false".to_owned(),
        Kind::Only(truth) => truth.to_string(),
        Kind::Day => "a day".to_owned(),
        Kind::Instant => "a date and time with its offset".to_owned(),
        Kind::Duration => "a duration".to_owned(),
        Kind::Amount => "a duration or a weight".to_owned(),
        Kind::Penalty => "a penalty".to_owned(),
        Kind::Choice(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        Kind::Crew => "a crew by grades".to_owned(),
        Kind::Session => "a session".to_owned(),
        Kind::Id(noun) => format!("the id of {}", noun.one()),
        Kind::Path => "a path".to_owned(),
        Kind::List(kind) => format!("list of {}", holds(kind)),
        Kind::Pair(kind) => format!("two of {}", holds(kind)),
        Kind::Table(shape) => format!("table: {}", shape.name),
        Kind::Map(ids, kind) => {
            let key = match ids {
                Ids::Whole(..) => "number",
                Ids::Day => "day",
                Ids::Printed => "name",
                Ids::Any | Ids::Of(_) | Ids::Choice(_) => "id",
            };
            format!("{key} = {}", holds(kind))
        }
        Kind::Either(kinds) => kinds.iter().map(holds).collect::<Vec<_>>().join(", or "),
    }
}

struct Writer {
    definitions: Map<String, Value>,
    partial: bool,
}

impl Writer {
    fn table(&mut self, shape: &'static Shape) -> Value {
        let mut properties = Map::new();
        for key in shape.keys {
            let mut schema = self.kind(&key.kind);
            if let Value::Object(schema) = &mut schema {
                let required = if key.required && self.partial { " Required." } else { "" };
                schema.insert("description".to_owned(), json!(format!("{}{required}", key.doc)));
            }
            properties.insert(key.name.to_owned(), schema);
        }
        let mut schema = json!({ "type": "object", "description": shape.doc, "properties": properties, "additionalProperties": false });
        let required: Vec<&str> = shape.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
        if !self.partial && !required.is_empty() {
            schema["required"] = json!(required);
        }
        schema
    }

    /// A reference to a table's definition: tables may contain themselves.
    fn definition(&mut self, shape: &'static Shape) -> Value {
        if !self.definitions.contains_key(shape.name) {
            self.definitions.insert(shape.name.to_owned(), Value::Null);
            let table = self.table(shape);
            self.definitions.insert(shape.name.to_owned(), table);
        }
        json!({ "$ref": format!("#/$defs/{}", shape.name.replace(' ', "%20")) })
    }

    fn kind(&mut self, kind: &'static Kind) -> Value {
        const ID: &str = "^[^\\s./]{1,64}$";
        match kind {
            Kind::Text => json!({ "type": "string", "pattern": "\\S" }),
            Kind::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Kind::Exact => {
                json!({ "anyOf": [{ "type": "number" }, { "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{1,4}|\\s*/\\s*[0-9]+)?$" }] })
            }
            Kind::Truth => json!({ "type": "boolean" }),
            Kind::Only(truth) => json!({ "const": truth }),
            Kind::Day => json!({ "type": "string", "format": "date" }),
            Kind::Instant => json!({ "type": "string", "format": "date-time" }),
            Kind::Duration => {
                json!({ "type": "string", "pattern": "^([0-9]{1,3}:([0-5][0-9]:)?[0-5][0-9](\\.[0-9]{1,6})?|[0-9]{1,7}(\\.[0-9]{1,6})?s)$" })
            }
            Kind::Amount => {
                json!({ "type": "string", "pattern": "^([0-9]{1,3}:([0-5][0-9]:)?[0-5][0-9](\\.[0-9]{1,6})?|[0-9]{1,7}(\\.[0-9]{1,6})?s|[0-9]{1,4} *kg)$" })
            }
            Kind::Choice(words) => json!({ "enum": words }),
            Kind::Crew => {
                let grade = "\\s*(Bronze|Silver|Gold|Platinum)\\s*";
                let slot = format!("{grade}(/{grade})*");
                json!({ "type": "string", "pattern": format!("^{slot}(\\+{slot})*$") })
            }
            Kind::Penalty => json!({
                "type": "string",
                "pattern": "^(drive-through|disqualification|discretion|grid [0-9]{1,2}|(stop-and-go|time) \\S+( plus shortfall)?)$"
            }),
            Kind::Session => json!({ "type": "string", "pattern": "^[0-9]{1,3}\\.[^\\s./]{1,64}$" }),
            Kind::Id(_) => json!({ "type": "string", "pattern": ID }),
            Kind::Path => json!({ "type": "string", "pattern": "^[^/\\\\][^\\\\]*$" }),
            Kind::List(kind) => json!({ "type": "array", "items": self.kind(kind) }),
            Kind::Pair(kind) => json!({ "type": "array", "items": self.kind(kind), "minItems": 2, "maxItems": 2 }),
            Kind::Table(shape) => self.definition(shape),
            Kind::Map(ids, kind) => self.map(ids, kind),
            Kind::Either(kinds) => json!({ "anyOf": kinds.iter().map(|kind| self.kind(kind)).collect::<Vec<_>>() }),
        }
    }

    fn map(&mut self, ids: &Ids, kind: &'static Kind) -> Value {
        let value = self.kind(kind);
        match ids {
            Ids::Choice(words) => {
                let properties: Map<String, Value> = words.iter().map(|word| ((*word).to_owned(), value.clone())).collect();
                json!({ "type": "object", "properties": properties, "additionalProperties": false })
            }
            Ids::Any | Ids::Of(_) => {
                json!({ "type": "object", "propertyNames": { "pattern": "^[^\\s./]{1,64}$" }, "additionalProperties": value })
            }
            Ids::Printed => json!({ "type": "object", "propertyNames": { "pattern": "\\S" }, "additionalProperties": value }),
            Ids::Whole(..) => json!({ "type": "object", "propertyNames": { "pattern": "^[0-9]{1,9}$" }, "additionalProperties": value }),
            Ids::Day => {
                json!({ "type": "object", "propertyNames": { "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }, "additionalProperties": value })
            }
        }
    }
}
