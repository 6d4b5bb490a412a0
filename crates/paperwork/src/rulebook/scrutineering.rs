//! The tables of scrutineering: their measures in whole parts, checked and lowered.

use sport::citation::Cite;
use sport::points::Points;
use sport::rulebook::scrutineering::{ScrutineeringRule, TyreRule};

use super::shapes::{ARTICLE, ASSUMED, SOURCE};
use crate::fault::Fault;
use crate::fields::Fields;
use crate::shape::{Ids, Key, Kind, Shape};
use crate::tree::Node;

pub(super) static SCRUTINEERING: Shape = Shape {
    name: "scrutineering",
    doc: "What measurements are held against.",
    keys: &[
        Key::may("homologated-kg", Kind::Map(Ids::Printed, &Kind::Exact), "The homologated weight by model, as in the entry list."),
        Key::may("weight-tolerance-kg", Kind::Exact, "How much a car may be under its weight; 0 when absent."),
        Key::may("ride-height-tolerance-mm", Kind::Exact, "How much it may be under its ride height; 0 when absent."),
        Key::may("restrictor-tolerance-mm", Kind::Exact, "How much a restrictor may be over its diameter; 0 when absent."),
        Key::may("fuel-tolerance-l", Kind::Exact, "How much a tank may hold over its capacity; 0 when absent."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

pub(super) static TYRES: Shape = Shape {
    name: "tyres",
    doc: "Sets of tyres.",
    keys: &[Key::must("sets", Kind::Whole(1, 999), "Sets a car may use at an event."), ARTICLE, SOURCE, ASSUMED],
};

/// The tolerances, each with the parts of its unit that count.
const TOLERANCES: [(&str, i64); 4] =
    [("weight-tolerance-kg", 10), ("ride-height-tolerance-mm", 10), ("restrictor-tolerance-mm", 100), ("fuel-tolerance-l", 10)];

/// A measure in whole parts of its unit, where it is one.
fn parts(node: &Node, parts: i64) -> Option<u32> {
    match (node.exact()? * Points::whole(parts)).parts() {
        (whole, 1) => u32::try_from(whole).ok(),
        _ => None,
    }
}

/// Measures that are too fine, or negative.
pub(super) fn check(top: Fields<'_>, faults: &mut Vec<Fault>) {
    let of = top.inside("scrutineering");
    let weights = of.inside("homologated-kg");
    let weights = weights.entries().iter().map(|entry| (&entry.node, 10));
    let tolerances = TOLERANCES.into_iter().filter_map(|(key, parts)| Some((of.get(key)?, parts)));
    for (node, per) in weights.chain(tolerances).filter(|(node, per)| parts(node, *per).is_none()) {
        let message = format!("not a measure in whole {per}ths of its unit");
        faults.push(Fault::error("bad-value", &node.place, message).label("too fine, or negative"));
    }
}

pub(super) fn scrutineering(fields: Fields<'_>, cite: Cite) -> Option<ScrutineeringRule> {
    let weight = |entry: &crate::tree::Entry| Some((entry.key.clone(), parts(&entry.node, 10)?));
    let [weight_kg, ride_height, restrictor, fuel] =
        TOLERANCES.map(|(key, per)| fields.get(key).and_then(|node| parts(node, per)).unwrap_or(0));
    Some(ScrutineeringRule {
        homologated: fields.inside("homologated-kg").entries().iter().map(weight).collect::<Option<_>>()?,
        weight: weight_kg,
        ride_height,
        restrictor,
        fuel,
        cite,
    })
}

pub(super) fn tyres(fields: Fields<'_>, cite: Cite) -> Option<TyreRule> {
    Some(TyreRule { sets: fields.whole("sets")?, cite })
}
