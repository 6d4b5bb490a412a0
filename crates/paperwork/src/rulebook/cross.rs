//! What only a rulebook as a whole can get wrong: references, alternatives, orders and ranges.

use std::collections::BTreeMap;

use sport::points::Points;

use super::championships;
use super::folder::Bulletin;
use super::shapes::RULEBOOK;
use crate::fault::Fault;
use crate::fields::Fields;
use crate::place::Place;
use crate::refer::{self, Known};
use crate::shape::Noun;
use crate::suggest;
use crate::tree::{Node, Value};

const NOUNS: [(Noun, &str); 6] = [
    (Noun::Class, "class"),
    (Noun::Cup, "cup"),
    (Noun::SessionPlan, "session"),
    (Noun::Table, "table"),
    (Noun::Award, "award"),
    (Noun::Championship, "championship"),
];

/// Checks one version of the law.
pub(super) fn rules(tree: &Node, faults: &mut Vec<Fault>) {
    let top = tree.fields();
    let mut known = Known::default();
    for (noun, key) in NOUNS {
        known.add_keys(noun, &top, key);
    }
    refer::check(tree, &RULEBOOK, &known, faults);
    let sources: Vec<&str> = top.keyed("source").map(|(id, _)| id).collect();
    for entry in top.entries().iter().filter(|entry| entry.key != "source") {
        cited(&entry.node, &sources, faults);
    }
    field(top, faults);
    weekend(top, faults);
    super::drive_time::check(top, faults);
    super::scrutineering::check(top, faults);
    points(top, faults);
    championships::check(top, faults);
}

/// Every id in a `source` must be in the rulebook's table of sources.
fn cited(node: &Node, known: &[&str], faults: &mut Vec<Fault>) {
    for entry in node.fields().entries() {
        match (&entry.node.value, entry.key.as_str()) {
            (Value::Text(ids), "source") => {
                for id in ids.split_whitespace().filter(|id| !known.contains(id)) {
                    let help = suggest::nearest(id, known.iter().copied()).map(|near| format!("did you mean \"{near}\"?"));
                    let help = help.or_else(|| Some(format!("add [source.{id}] with site and page")));
                    faults.push(
                        Fault::error("unknown-source", &entry.node.place, format!("there is no source {id}"))
                            .label("unknown source")
                            .help_if(help),
                    );
                }
            }
            _ => cited(&entry.node, known, faults),
        }
    }
}

/// Exactly one of several keys must be written.
pub(super) fn one_of(what: &str, fields: Fields<'_>, keys: &[&str], faults: &mut Vec<Fault>) {
    let written: Vec<&str> = keys.iter().copied().filter(|key| fields.get(key).is_some()).collect();
    if written.len() != 1 {
        let found = if written.is_empty() { "none".to_owned() } else { written.join(" and ") };
        let message = format!("{what} needs exactly one of {}; it has {found}", keys.join(", "));
        faults.push(Fault::error("one-of", fields.place(), message).label("here"));
    }
}

/// A list that is written must say something.
pub(super) fn not_empty(fields: Fields<'_>, key: &str, faults: &mut Vec<Fault>) {
    if fields.get(key).is_some_and(|node| matches!(&node.value, Value::List(items) if items.is_empty())) {
        faults.push(
            Fault::error("empty-list", fields.place_of(key), format!("{key} is empty"))
                .label("empty")
                .help("write its values, or leave the key out"),
        );
    }
}

/// The first of two values must not be above the second.
pub(super) fn ordered<V: PartialOrd>(
    code: &'static str,
    fields: Fields<'_>,
    key: &str,
    read: impl Fn(&Node) -> Option<V>,
    faults: &mut Vec<Fault>,
) {
    if fields.pair(key, read).is_some_and(|(first, second)| first > second) {
        let message = format!("{key} ends before it begins");
        faults.push(Fault::error(code, fields.place_of(key), message).label("wrong way round").help("write the smaller value first"));
    }
}

/// A share must lie between 0 and 1.
pub(super) fn share(fields: Fields<'_>, key: &str, faults: &mut Vec<Fault>) {
    if let Some(value) = fields.exact(key).filter(|value| !(Points::ZERO..=Points::ONE).contains(value)) {
        let message = format!("{key} is {}, not between 0 and 1", value.exact());
        faults.push(Fault::error("out-of-range", fields.place_of(key), message).label("out of range"));
    }
}

fn field(top: Fields<'_>, faults: &mut Vec<Fault>) {
    ordered("range-order", top.inside("entries"), "crew", Node::whole::<i64>, faults);
    for (_, fields) in top.keyed("cup") {
        not_empty(fields, "crews", faults);
    }
    for (id, fields) in top.keyed("dispensation") {
        one_of(&format!("dispensation {id}"), fields, &["crew", "driver"], faults);
        let (has, needs) = if fields.get("driver").is_some() { ("driver", "grade") } else { ("crew", "class") };
        if fields.get(has).is_some() && fields.get(needs).is_none() {
            faults.push(
                Fault::error("missing-key", fields.place(), format!("dispensation {id} has no {needs}")).help(format!("add {needs}")),
            );
        }
    }
    for (id, fields) in top.keyed("podium").chain(top.keyed("championship")) {
        cups_of_classes(top, id, fields, faults);
    }
}

/// A cup must be one of the classes it is named with.
fn cups_of_classes(top: Fields<'_>, id: &str, fields: Fields<'_>, faults: &mut Vec<Fault>) {
    let mut classes = fields.texts("class");
    classes.extend(fields.texts("classes"));
    let cups = top.inside("cup");
    for (key, cup) in ["cup", "cups"].into_iter().flat_map(|key| fields.texts(key).into_iter().map(move |cup| (key, cup))) {
        let class = cups.get(cup).and_then(|node| node.fields().text("class"));
        if let Some(class) =
            class.filter(|class| !classes.is_empty() && !classes.contains(class) && top.inside("class").get(class).is_some())
        {
            let message = format!("cup {cup} is part of {class}, which {id} does not name");
            faults.push(Fault::error("cup-of-another-class", fields.place_of(key), message).label("not its class"));
        }
    }
}

fn weekend(top: Fields<'_>, faults: &mut Vec<Fault>) {
    let order: Vec<&str> = top.keyed("session").map(|(id, _)| id).collect();
    let mut day_before: i64 = 0;
    for (id, fields) in top.keyed("session") {
        let day = fields.whole("day").unwrap_or(day_before);
        if day < day_before {
            let message = format!("{id} is written after a session of a later day");
            faults.push(
                Fault::error("session-order", fields.place_of("day"), message)
                    .label("earlier day")
                    .help("write sessions in the order they are held"),
            );
        }
        day_before = day;
        super::grid_source::check(id, fields, &order, faults);
    }
    stops(top.inside("pit-stop"), faults);
    let success = top.inside("success");
    for (_, step) in success.keyed("step") {
        ordered("range-order", step, "minutes", Node::whole::<i64>, faults);
        ordered("range-order", step, "kilometres", Node::whole::<i64>, faults);
        not_empty(step, "amounts", faults);
        let ballast = success.text("unit") == Some("ballast");
        for amount in step.list("amounts").iter().filter(|amount| amount.text().is_some_and(|text| text.ends_with("kg") != ballast)) {
            let (unit, example) = if ballast { ("ballast", "20kg") } else { ("time", "15s") };
            let message = format!("the penalty is counted in {unit}");
            faults
                .push(Fault::error("wrong-unit", &amount.place, message).label("wrong unit").help(format!("write it like \"{example}\"")));
        }
    }
}

fn stops(stop: Fields<'_>, faults: &mut Vec<Fault>) {
    ordered("window-order", stop, "window", Node::duration, faults);
    ordered("window-order", stop.inside("technical"), "window", Node::duration, faults);
    if stop.get("joker").is_some() && stop.text("minimum-for") != Some("every-stop") {
        let message = "a joker stop is exempt from a minimum that holds for the mandatory stops only";
        let help = "write minimum-for = \"every-stop\", or take the joker out";
        faults.push(Fault::error("one-of", stop.place_of("joker"), message).label("without effect").help(help));
    }
    if stop.inside("joker").duration("per").is_some_and(|per| per.0 <= 0) {
        faults.push(Fault::error("out-of-range", stop.inside("joker").place_of("per"), "per is no time at all").label("too short"));
    }
}

fn points(top: Fields<'_>, faults: &mut Vec<Fault>) {
    for (id, fields) in top.keyed("table") {
        one_of(&format!("table {id}"), fields, &["points", "by-starters", "place-itself"], faults);
        not_empty(fields, "points", faults);
        rises(top, id, fields, faults);
    }
    for (id, fields) in top.keyed("award") {
        one_of(&format!("award {id}"), fields, &["table", "laps-behind", "fastest-lap", "led"], faults);
        not_empty(fields, "laps-behind", faults);
        if fields.get("place-max").is_some() && fields.get("fastest-lap").is_none() {
            let message = format!("award {id} has place-max without fastest-lap");
            faults.push(Fault::error("one-of", fields.place_of("place-max"), message).label("without effect"));
        }
    }
    for (_, fields) in top.keyed("award").chain(top.keyed("classified")) {
        ordered("range-order", fields, "minutes", Node::whole::<i64>, faults);
        ordered("range-order", fields, "kilometres", Node::whole::<i64>, faults);
    }
    for (_, fields) in top.keyed("classified") {
        share(fields, "share", faults);
    }
    for (id, fields) in top.keyed("shortened") {
        one_of(&format!("shortened {id}"), fields, &["laps-below", "share-below"], faults);
        share(fields, "share-below", faults);
        share(fields, "factor", faults);
    }
}

/// A worse place seldom gives more points, but where the lowest total wins.
fn rises(top: Fields<'_>, id: &str, fields: Fields<'_>, faults: &mut Vec<Fault>) {
    let awards: Vec<&str> = top.keyed("award").filter(|(_, award)| award.text("table") == Some(id)).map(|(id, _)| id).collect();
    let lowest = |of: Fields<'_>| of.truth("lowest-wins") == Some(true) && of.texts("awards").iter().any(|award| awards.contains(award));
    if top.keyed("championship").any(|(_, of)| lowest(of)) {
        return;
    }
    for pair in fields.list("points").windows(2) {
        if let (Some(better), Some(worse)) = (pair[0].exact(), pair[1].exact())
            && worse > better
        {
            let message = format!("a worse place gives more points: {} after {}", worse.exact(), better.exact());
            faults.push(Fault::warning("points-rise", &pair[1].place, message).label("more than the place before"));
            return;
        }
    }
}

/// Checks the order of bulletins: by the session each begins with, every number once.
pub(super) fn bulletins(bulletins: &[Bulletin], trees: &[Node], faults: &mut Vec<Fault>) {
    let mut before: Option<((u16, usize), &Bulletin)> = None;
    let mut numbers: BTreeMap<&str, &Place> = BTreeMap::new();
    for (bulletin, tree) in bulletins.iter().zip(trees.iter().skip(1)) {
        let order: Vec<&str> = tree.fields().keyed("session").map(|(id, _)| id).collect();
        let Some(position) = order.iter().position(|id| *id == bulletin.from.id.as_str()) else {
            let help = suggest::help(bulletin.from.id.as_str(), order.iter().copied());
            let message = format!("there is no session \"{}\" in the weekend", bulletin.from.id);
            faults.push(Fault::error("unknown-session", &bulletin.from_place, message).label("unknown session").help_if(help));
            continue;
        };
        let begins = (bulletin.from.round, position);
        if let Some((_, earlier)) = before.filter(|(other, _)| *other > begins) {
            let message =
                format!("bulletin {} begins at {}, before bulletin {} at {}", bulletin.number, bulletin.from, earlier.number, earlier.from);
            let help = "number the files in the order the bulletins begin";
            faults.push(Fault::error("bulletin-order", &bulletin.from_place, message).label("out of order").help(help));
        }
        before = Some((begins, bulletin));
        if let Some(first) = numbers.insert(&bulletin.number, &bulletin.number_place) {
            let message = format!("bulletin {} is in {} already", bulletin.number, first.file);
            faults.push(Fault::error("written-twice", &bulletin.number_place, message).label("again"));
        }
    }
}
