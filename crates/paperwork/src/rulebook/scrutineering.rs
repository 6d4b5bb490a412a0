//! The tables of scrutineering: their measures in whole parts, checked and lowered.

use sport::citation::Cite;
use sport::points::Points;
use sport::rulebook::scrutineering::{ScrutineeringRule, TyreRule};

use crate::fault::Fault;
use crate::fields::Fields;
use crate::tree::Node;

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
