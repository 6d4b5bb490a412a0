//! The one check of a tree against a [`Shape`]: unknown keys, missing keys, wrong types, numbers out of range, unknown words.

use sport::points::Points;

use crate::fault::Fault;
use crate::place::Place;
use crate::shape::{Ids, Key, Kind, Shape};
use crate::tree::{Node, Table, Value};
use crate::{slips, suggest, written};

/// Checks all that is written, and that nothing required is missing. The node must be the table the shape describes.
pub fn check(node: &Node, shape: &Shape, faults: &mut Vec<Fault>) {
    written_well(node, shape, faults);
    complete(node, shape, faults);
}

/// Checks what is written, and asks for nothing: for a file that is a part of a whole.
pub fn written_well(node: &Node, shape: &Shape, faults: &mut Vec<Fault>) {
    let Value::Table(table) = &node.value else {
        faults.push(wrong_type(node, "a table"));
        return;
    };
    for entry in &table.entries {
        match shape.keys.iter().find(|key| key.name == entry.key) {
            Some(key) => value(&entry.node, &key.kind, &entry.key, faults),
            None => faults.push(unknown_key(&entry.key, &entry.place, shape)),
        }
    }
}

fn unknown_key(written: &str, place: &Place, shape: &Shape) -> Fault {
    let names = shape.keys.iter().map(|key| key.name);
    let message = format!("unknown key {written} in {}", shape.name);
    Fault::error("unknown-key", place, message).label("unknown key").help_if(suggest::help(written, names))
}

/// Checks that nothing required is missing, in the table and in all inside it.
pub fn complete(node: &Node, shape: &Shape, faults: &mut Vec<Fault>) {
    let Value::Table(table) = &node.value else { return };
    let missing = |key: &&Key| key.required && table.get(key.name).is_none();
    for key in shape.keys.iter().filter(missing) {
        let message = format!("{} has no {}", shape.name, key.name);
        faults.push(Fault::error("missing-key", &node.place, message).label("here").help(format!(
            "add {} = {}",
            key.name,
            example(&key.kind)
        )));
    }
    for entry in &table.entries {
        if let Some(key) = shape.keys.iter().find(|key| key.name == entry.key) {
            complete_inside(&entry.node, &key.kind, faults);
        }
    }
}

fn complete_inside(node: &Node, kind: &Kind, faults: &mut Vec<Fault>) {
    match (kind, &node.value) {
        (Kind::Table(shape), Value::Table(_)) => complete(node, shape, faults),
        (Kind::List(kind) | Kind::Pair(kind), Value::List(items)) => items.iter().for_each(|item| complete_inside(item, kind, faults)),
        (Kind::Map(_, kind), Value::Table(table)) => table.entries.iter().for_each(|entry| complete_inside(&entry.node, kind, faults)),
        (Kind::Either(kinds), _) => {
            if let Some(kind) = kinds.iter().find(|kind| fits(&node.value, kind)) {
                complete_inside(node, kind, faults);
            }
        }
        _ => {}
    }
}

/// How a value of a kind is written, for the remedy of a missing key.
fn example(kind: &Kind) -> String {
    match kind {
        Kind::Text | Kind::Id(_) => "\"…\"".to_owned(),
        Kind::Whole(least, _) => least.to_string(),
        Kind::Exact => "1".to_owned(),
        Kind::Truth => "true".to_owned(),
        Kind::Only(truth) => truth.to_string(),
        Kind::Day => "2018-04-14".to_owned(),
        Kind::Instant => "2018-04-14T12:00:00Z".to_owned(),
        Kind::Duration => "\"1:30\"".to_owned(),
        Kind::Amount => "\"15s\"".to_owned(),
        Kind::Choice(words) => words.first().map_or_else(String::new, |word| format!("\"{word}\"")),
        Kind::Crew => "\"Bronze + Silver\"".to_owned(),
        Kind::Penalty => "\"discretion\"".to_owned(),
        Kind::Session => "\"1.race-1\"".to_owned(),
        Kind::Path => "\"folder/file\"".to_owned(),
        Kind::List(kind) => format!("[{}]", example(kind)),
        Kind::Pair(kind) => format!("[{}, {}]", example(kind), example(kind)),
        Kind::Table(_) | Kind::Map(..) => "{ … }".to_owned(),
        Kind::Either(kinds) => kinds.first().map_or_else(String::new, example),
    }
}

/// What a kind is called in messages.
pub(crate) fn word(kind: &Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Whole(..) => "a whole number".to_owned(),
        Kind::Exact => "a number such as 25, 16.5 or \"3/4\"".to_owned(),
        Kind::Truth => "true or false".to_owned(),
        Kind::Only(truth) => truth.to_string(),
        Kind::Day => "a date such as 2018-04-14".to_owned(),
        Kind::Instant => "a date and time with its offset such as 2018-04-14T12:00:00Z".to_owned(),
        Kind::Duration => "a duration such as \"25:00\", \"1:02:24.881\" or \"15s\"".to_owned(),
        Kind::Amount => "a duration such as \"15s\" or a weight such as \"20kg\"".to_owned(),
        Kind::Choice(words) => format!("one of {}", words.join(", ")),
        Kind::Crew => "a crew such as \"Bronze + Silver/Gold\"".to_owned(),
        Kind::Penalty => "a penalty such as \"drive-through\", \"stop-and-go 30s\", \"time 30s plus shortfall\" or \"grid 5\"".to_owned(),
        Kind::Session => "a session such as \"2.race-1\"".to_owned(),
        Kind::Id(noun) => format!("the id of {}", noun.one()),
        Kind::Path => "a path".to_owned(),
        Kind::List(kind) => format!("a list, each {}", word(kind)),
        Kind::Pair(kind) => format!("a list of two, each {}", word(kind)),
        Kind::Table(shape) => format!("a table ({})", shape.name),
        Kind::Map(..) => "a table of ids".to_owned(),
        Kind::Either(kinds) => kinds.iter().map(word).collect::<Vec<_>>().join(", or "),
    }
}

/// Whether a value is of the TOML type a kind is written in.
pub(crate) fn fits(value: &Value, kind: &Kind) -> bool {
    match kind {
        Kind::Text
        | Kind::Duration
        | Kind::Amount
        | Kind::Choice(_)
        | Kind::Crew
        | Kind::Penalty
        | Kind::Session
        | Kind::Id(_)
        | Kind::Path => {
            matches!(value, Value::Text(_))
        }
        Kind::Whole(..) => matches!(value, Value::Whole(_)),
        Kind::Exact => matches!(value, Value::Whole(_) | Value::Decimal(_) | Value::Text(_)),
        Kind::Truth => matches!(value, Value::Truth(_)),
        Kind::Only(truth) => matches!(value, Value::Truth(written) if written == truth),
        Kind::Day => matches!(value, Value::Day(_)),
        Kind::Instant => matches!(value, Value::Instant(_)),
        Kind::List(kind) => matches!(value, Value::List(items) if items.iter().all(|item| fits(&item.value, kind))),
        Kind::Pair(_) => matches!(value, Value::List(_)),
        Kind::Table(_) | Kind::Map(..) => matches!(value, Value::Table(_)),
        Kind::Either(kinds) => kinds.iter().any(|kind| fits(value, kind)),
    }
}

fn wrong_type(node: &Node, wanted: &str) -> Fault {
    let message = format!("this is {}, not {wanted}", node.value.word());
    Fault::error("wrong-type", &node.place, message).label(format!("{} expected", wanted.split(',').next().unwrap_or(wanted)))
}

/// The remedy for the slips in which the type alone is wrong: brackets once instead of twice, a number without its quotes.
fn type_help(node: &Node, kind: &Kind, key: &str) -> Option<String> {
    match (kind, &node.value) {
        (Kind::List(Kind::Table(_)), Value::Table(_)) => Some(format!("write [[{key}]] with two brackets: there may be several")),
        (Kind::Table(_), Value::List(_)) => Some(format!("write [{key}] with one bracket: there is only one")),
        (Kind::Map(_, Kind::Table(_)), Value::List(_)) => Some(format!("write [{key}.ID] with one bracket, each with an id of its own")),
        (Kind::Duration, Value::Whole(number)) => {
            Some(format!("write it in quotes with its unit: \"{number}:00\" for minutes, \"{number}s\" for seconds"))
        }
        (Kind::Amount, Value::Whole(number)) => Some(format!("write it in quotes with its unit: \"{number}s\" or \"{number}kg\"")),
        (Kind::Id(_) | Kind::Text | Kind::Exact | Kind::Session, Value::Whole(number)) => Some(format!("write it in quotes: \"{number}\"")),
        (Kind::Session, Value::Decimal(number)) => Some(format!("write it in quotes, with the session's id: \"{number}\"")),
        (Kind::List(inner), found) if fits(found, inner) => Some(format!("write it in brackets: {key} = […]")),
        (Kind::Whole(..), Value::Text(text)) if text.parse::<i64>().is_ok() => Some(format!("write it without quotes: {text}")),
        (Kind::Day, Value::Text(text)) => {
            written::date(text).map(|day| format!("write it without quotes: {day}")).or_else(|| slips::date(text))
        }
        (Kind::List(Kind::Whole(..)), Value::Text(_)) => Some(format!("write numbers in brackets, without quotes: {key} = [1, 2]")),
        (Kind::Day, Value::Clock(clock)) if clock.contains('T') => {
            Some(format!("write the day alone: {}", clock.split('T').next().unwrap_or_default()))
        }
        (Kind::Day, Value::Instant(_)) => Some("write the day alone: 2018-04-14".to_owned()),
        (Kind::Instant, Value::Day(day)) => Some(format!("add the time with its offset: {day}T12:00:00Z")),
        (Kind::Instant, Value::Clock(clock)) if clock.contains('T') => {
            Some(format!("add its offset: {clock}Z for UTC, or such as {clock}+02:00"))
        }
        (Kind::Instant, Value::Text(text)) if text.contains(['T', ' ']) && text.len() >= 16 => {
            Some(format!("write it without quotes: {text}"))
        }
        (Kind::Instant, Value::Text(text)) => slips::date(text),
        (Kind::Truth | Kind::Only(_), Value::Text(text)) if text == "true" || text == "false" => {
            Some(format!("write it without quotes: {text}"))
        }
        _ => None,
    }
}

/// Checks one value against its kind.
fn value(node: &Node, kind: &Kind, key: &str, faults: &mut Vec<Fault>) {
    match (kind, &node.value) {
        (Kind::Either(kinds), found) => match kinds.iter().find(|kind| fits(found, kind)) {
            Some(kind) => value(node, kind, key, faults),
            None => faults.push(wrong_type(node, &word(kind))),
        },
        (Kind::List(kind), Value::List(items)) => items.iter().for_each(|item| value(item, kind, key, faults)),
        (Kind::Pair(kind), Value::List(items)) => {
            if items.len() != 2 {
                let message = format!("{key} has {}, not two", written::counted(items.len(), "value", "values"));
                faults.push(Fault::error("wrong-type", &node.place, message).label("two values expected"));
            }
            items.iter().for_each(|item| value(item, kind, key, faults));
        }
        (Kind::Table(shape), Value::Table(_)) => written_well(node, shape, faults),
        (Kind::Map(_, Kind::Table(shape)), Value::Table(table)) if bare(table, shape) => {
            let message = format!("{key} has no id: its keys stand where its ids are");
            faults.push(Fault::error("bad-id", &node.place, message).label("no id").help(format!("write the heading [….{key}.1]")));
        }
        (Kind::Map(ids, kind), Value::Table(table)) => map(table, ids, kind, faults),
        (kind, found) if !fits(found, kind) => faults.push(wrong_type(node, &word(kind)).help_if(type_help(node, kind, key))),
        (Kind::Whole(least, most), Value::Whole(number)) if !(least..=most).contains(&number) => {
            let message = format!("{key} is {number}, not between {least} and {most}");
            faults.push(Fault::error("out-of-range", &node.place, message).label("out of range"));
        }
        (kind, Value::Text(text)) => words(text, node, kind, key, faults),
        (Kind::Exact, Value::Whole(number)) => exact(&number.to_string(), node, faults),
        (Kind::Exact, Value::Decimal(number)) => exact(number, node, faults),
        _ => {}
    }
}

fn exact(written: &str, node: &Node, faults: &mut Vec<Fault>) {
    if Points::parse(written).is_none() {
        let message = format!("{written} is not an exact number");
        let help = "write 25, 16.5 or \"3/4\": at most four decimals, at most a million";
        faults.push(Fault::error("bad-value", &node.place, message).label("not an exact number").help(help));
    }
}

/// Checks a value written as text: what is wrong with it, and the remedy.
fn words(text: &str, node: &Node, kind: &Kind, key: &str, faults: &mut Vec<Fault>) {
    let bad = |message: String| Fault::error("bad-value", &node.place, message).label("not understood");
    let unread = |read: bool| (!read).then(|| bad(format!("\"{text}\" is not {}", word(kind))));
    let fault = match kind {
        Kind::Exact => return exact(text, node, faults),
        Kind::Choice(known) => (!known.contains(&text)).then(|| {
            let help = suggest::help(text, known.iter().copied());
            Fault::error("unknown-word", &node.place, format!("{key} cannot be \"{text}\"")).label("unknown word").help_if(help)
        }),
        Kind::Crew => written::crew(text).err().map(|part| {
            let near = suggest::nearest(part, written::GRADES.iter().copied()).map(|grade| format!("did you mean \"{grade}\"?"));
            bad(format!("\"{part}\" is no grade"))
                .help(near.unwrap_or_else(|| "write a crew like \"Bronze + Silver/Gold\", at most eight drivers".to_owned()))
        }),
        Kind::Duration => unread(written::duration(text).is_some()).map(|fault| fault.help_if(written::with_unit(text))),
        Kind::Amount => unread(written::duration(text).is_some() || written::grams(text).is_some()),
        Kind::Penalty => unread(written::penalty(text).is_some()),
        Kind::Session => unread(written::session(text).is_some()),
        Kind::Id(_) => (!written::is_id(text)).then(|| bad_id(text, &node.place)),
        Kind::Path if text.contains('\\') || text.starts_with('/') => {
            Some(bad(format!("\"{text}\" is not a relative path")).help("write it from this file's folder on, with / between parts"))
        }
        Kind::Text | Kind::Path => text.trim().is_empty().then(|| bad(format!("{key} is empty")).help("write it, or leave the key out")),
        Kind::Whole(..) | Kind::Truth | Kind::Only(_) | Kind::Day | Kind::Instant => None,
        Kind::List(_) | Kind::Pair(_) | Kind::Table(_) | Kind::Map(..) | Kind::Either(_) => None,
    };
    faults.extend(fault);
}

fn bad_id(text: &str, place: &Place) -> Fault {
    let message = format!("\"{text}\" cannot be an id");
    let parts: Vec<&str> = text.split(['+', '/', '&', ',', ';']).map(str::trim).collect();
    let several = parts.len() > 1 && parts.iter().all(|part| written::is_id(part));
    let help = if several {
        format!("write each in quotes of its own: \"{}\"", parts.join("\", \""))
    } else {
        "an id has 1 to 64 characters without spaces, dots and slashes".to_owned()
    };
    Fault::error("bad-id", place, message).label("not an id").help(help)
}

/// Whether a table of tables was written as one of them, `[entry.1.crew]` for `[entry.1.crew.1]`.
fn bare(table: &Table, shape: &Shape) -> bool {
    let own =
        |entry: &crate::tree::Entry| shape.keys.iter().any(|key| key.name == entry.key) && !matches!(entry.node.value, Value::Table(_));
    !table.entries.is_empty() && table.entries.iter().all(own)
}

fn map(table: &Table, ids: &Ids, kind: &Kind, faults: &mut Vec<Fault>) {
    for entry in &table.entries {
        if let Some(fault) = bad_key(&entry.key, &entry.place, ids) {
            faults.push(fault);
        }
        value(&entry.node, kind, &entry.key, faults);
    }
}

fn bad_key(key: &str, place: &Place, ids: &Ids) -> Option<Fault> {
    match ids {
        Ids::Any | Ids::Of(_) => (!written::is_id(key)).then(|| bad_id(key, place)),
        Ids::Whole(least, most) => {
            let number = key.parse::<i64>().ok().filter(|number| (least..=most).contains(&number) && number.to_string() == key);
            let message = format!("\"{key}\" is not a number between {least} and {most}");
            number.is_none().then(|| Fault::error("bad-id", place, message).label("a number expected"))
        }
        Ids::Choice(known) => {
            let message = format!("\"{key}\" is not known here");
            let help = || suggest::help(key, known.iter().copied());
            (!known.contains(&key)).then(|| Fault::error("unknown-key", place, message).label("unknown key").help_if(help()))
        }
        Ids::Printed => {
            let fault = || Fault::error("bad-id", place, "the name is empty").label("a name expected");
            key.trim().is_empty().then(fault)
        }
        Ids::Day => {
            let message = format!("\"{key}\" is not a day such as 2018-01-01");
            written::date(key).is_none().then(|| Fault::error("bad-id", place, message).label("a day expected"))
        }
    }
}
