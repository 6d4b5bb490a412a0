//! What only the championships together can get wrong: sums of one another, and values that have no effect.

use std::collections::BTreeMap;

use super::cross::{not_empty, one_of, ordered};
use crate::fault::Fault;
use crate::fields::Fields;
use crate::tree::Node;

/// What a sum of other championships never looks at: each of those has taken it into account already, or not at all (P9).
const WITHOUT_EFFECT_ON_A_SUM: &[&str] = &[
    "classes",
    "cups",
    "driver-grades",
    "driver-ages",
    "by-registration",
    "newcomers-until",
    "rounds-min",
    "shared-drive",
    "two-cars",
    "drive-min",
    "skip-rounds",
    "best-cars",
    "keep",
];

/// Checks the championships of one version of the law.
pub(super) fn check(top: Fields<'_>, faults: &mut Vec<Fault>) {
    let all: BTreeMap<&str, Fields<'_>> = top.keyed("championship").collect();
    for (id, fields) in top.keyed("championship") {
        one_of(&format!("championship {id}"), fields, &["awards", "sum-of"], faults);
        not_empty(fields, "awards", faults);
        not_empty(fields, "sum-of", faults);
        ordered("range-order", fields, "driver-ages", Node::whole::<i64>, faults);
        if fields.get("sum-of").is_some() {
            sum(id, fields, &all, faults);
        } else {
            kept(top, fields, faults);
            lowest(id, fields, faults);
        }
    }
}

/// A sum adds up totals of the same kind of competitor, goes in no circle, and has no rules of its own for single results.
fn sum(id: &str, fields: Fields<'_>, all: &BTreeMap<&str, Fields<'_>>, faults: &mut Vec<Fault>) {
    if sums_itself(id, all) {
        let message = format!("championship {id} is a sum of itself");
        faults.push(Fault::error("sums-itself", fields.place_of("sum-of"), message).label("a circle"));
    }
    let mut seen: Vec<&str> = Vec::new();
    for part in fields.list("sum-of") {
        let Some(of) = part.text() else { continue };
        if seen.contains(&of) {
            let message = format!("championship {id} adds up {of} twice");
            faults.push(Fault::error("written-twice", &part.place, message).label("again").help("keep one of the two"));
        }
        seen.push(of);
        let theirs = all.get(of).and_then(|of| of.text("competitor"));
        if let (Some(mine), Some(theirs)) = (fields.text("competitor"), theirs)
            && mine != theirs
        {
            let message = format!("{of} ranks by {theirs}, and {id} by {mine}: their totals cannot be added up");
            let help = format!("name championships with competitor = \"{mine}\"");
            faults.push(Fault::error("sum-of-another-kind", &part.place, message).label(format!("ranks by {theirs}")).help(help));
        }
    }
    for key in WITHOUT_EFFECT_ON_A_SUM.iter().filter(|key| fields.get(key).is_some()) {
        let message = format!("{key} has no effect on {id}, which is the sum of {}", seen.join(", "));
        let place = fields.entries().iter().find(|entry| entry.key == *key).map_or(fields.place(), |entry| &entry.place);
        let help = format!("take it out here, and write it in {}", seen.join(", "));
        faults.push(Fault::error("without-effect", place, message).label("without effect").help(help));
    }
}

/// Whether following the sums from a championship leads back to it.
fn sums_itself(id: &str, all: &BTreeMap<&str, Fields<'_>>) -> bool {
    let parts = |of: &str| all.get(of).map_or_else(Vec::new, |fields| fields.texts("sum-of"));
    let mut ahead = parts(id);
    let mut seen: Vec<&str> = Vec::new();
    while let Some(next) = ahead.pop() {
        if next == id {
            return true;
        }
        if !seen.contains(&next) {
            seen.push(next);
            ahead.extend(parts(next));
        }
    }
    false
}

/// Where the lowest total wins, who has fewer results stands behind (P5): no series drops results there, or leaves a driver of two cars
/// the better one, and what that would mean is nowhere written.
fn lowest(id: &str, fields: Fields<'_>, faults: &mut Vec<Fault>) {
    if !fields.truth("lowest-wins").unwrap_or(false) {
        return;
    }
    let better = fields.get("two-cars").filter(|node| node.text() == Some("better"));
    let keys = [("keep", fields.get("keep")), ("two-cars = \"better\"", better)];
    for (key, node) in keys.into_iter().filter_map(|(key, node)| Some((key, node?))) {
        let message = format!("{key} is not defined where the lowest total wins, as in {id}");
        let help = "take it out, or give points of which the highest total wins";
        faults.push(Fault::error("not-with-lowest-wins", &node.place, message).label("not with lowest-wins").help(help));
    }
}

/// No range keeps more results than it can ever hold: nothing would be dropped.
fn kept(top: Fields<'_>, fields: Fields<'_>, faults: &mut Vec<Fault>) {
    let keep = fields.inside("keep");
    let (unit, a_round) = match keep.text("unit") {
        Some("round") => ("rounds", 1),
        _ => ("sessions that score", scoring_sessions(top, fields)),
    };
    for (_, range) in keep.keyed("range") {
        ordered("range-order", range, "rounds", Node::whole::<i64>, faults);
        let Some((first, last)) = range.pair("rounds", Node::whole::<usize>).filter(|(first, last)| first <= last) else { continue };
        let most = (last - first + 1) * a_round;
        let best = range.get("best").into_iter().flat_map(|node| match node.items() {
            [] => vec![node],
            steps => steps.iter().filter_map(|step| step.items().get(1)).collect(),
        });
        for node in best {
            if let Some(best) = node.whole::<usize>().filter(|best| *best > most && most > 0) {
                let message = format!("the best {best} of rounds {first} to {last}, which have {most} {unit}: nothing is ever dropped");
                let fault = Fault::error("keeps-too-many", &node.place, message).label("more than there are");
                faults.push(fault.help(format!("keep at most {most}, or widen the range")));
            }
        }
    }
}

/// How many sessions of a weekend give points in a championship, by the kinds and ids its awards name.
fn scoring_sessions(top: Fields<'_>, championship: Fields<'_>) -> usize {
    let awards: Vec<Fields<'_>> =
        championship.texts("awards").into_iter().filter_map(|id| top.inside("award").get(id)).map(Node::fields).collect();
    let given = |award: &Fields<'_>, id: &str, kind: Option<&str>| {
        let sessions = award.texts("sessions");
        kind == award.text("kind").or(Some("race")) && (sessions.is_empty() || sessions.contains(&id))
    };
    let scores = |(id, session): &(&str, Fields<'_>)| awards.iter().any(|award| given(award, id, session.text("kind")));
    top.keyed("session").filter(scores).count()
}
