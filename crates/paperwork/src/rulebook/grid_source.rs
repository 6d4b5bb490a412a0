//! What a grid is made from: `grid-from`, `grid-by` and `through` of a race, lowered and checked.

use sport::names::SessionId;
use sport::rulebook::grid_source::{Combine, GridBase, GridSource, GroupOrder, LapsOf, Missing, Through};

use super::law::is;
use crate::fault::Fault;
use crate::fields::Fields;
use crate::tree::Node;

/// The words of `grid-by`.
pub(super) const BY: &[&str] = &[
    "result",
    "fastest-laps",
    "average",
    "sum",
    "best",
    "sum-of-places",
    "groups-fastest-first",
    "groups-as-written",
    "group-behind-group",
];

/// The words of `grid-laps`.
pub(super) const LAPS: &[&str] = &["sessions", "drivers"];

/// The words of `grid-missing`.
pub(super) const MISSING: &[&str] = &["behind", "left-out"];

/// The source a session's table names; `None` where it names none.
pub(super) fn grid_source(fields: Fields<'_>) -> Option<GridSource> {
    let sessions: Vec<SessionId> = fields.texts("grid-from").into_iter().map(SessionId::new).collect();
    let first = sessions.first()?.clone();
    let of = if is(fields, "grid-laps", "drivers", false) { LapsOf::Drivers } else { LapsOf::Sessions };
    let missing = if is(fields, "grid-missing", "left-out", false) { Missing::LeftOut } else { Missing::Behind };
    let laps = |how| GridBase::Laps { sessions: sessions.clone(), of, how };
    let groups = |order| GridBase::Groups { sessions: sessions.clone(), order };
    let base = match fields.text("grid-by").unwrap_or("result") {
        "fastest-laps" => GridBase::FastestLaps(first),
        "average" => laps(Combine::Average(missing)),
        "sum" => laps(Combine::Sum),
        "best" => laps(Combine::Best),
        "sum-of-places" => GridBase::Places { sessions: sessions.clone(), ties: fields.text("grid-ties").map(SessionId::new) },
        "groups-fastest-first" => groups(GroupOrder::FastestFirst),
        "groups-as-written" => groups(GroupOrder::AsWritten),
        "group-behind-group" => groups(GroupOrder::Behind),
        _ => GridBase::Result(first),
    };
    let through = |entry: &crate::tree::Entry| Some(Through { session: SessionId::new(&entry.key), cars: entry.node.whole()? });
    let through = fields.inside("through").entries().iter().filter_map(through).collect();
    Some(GridSource { base, through })
}

/// Checks the source of a session: `order` are the sessions of the weekend as they are held.
pub(super) fn check(id: &str, fields: Fields<'_>, order: &[&str], faults: &mut Vec<Fault>) {
    let from: Vec<(&str, &Node)> = match fields.get("grid-from") {
        Some(node) if node.text().is_some() => node.text().map(|text| (text, node)).into_iter().collect(),
        Some(node) => node.items().iter().filter_map(|item| Some((item.text()?, item))).collect(),
        None => Vec::new(),
    };
    super::cross::not_empty(fields, "grid-from", faults);
    let at = |session: &str| order.iter().position(|known| *known == session);
    for (session, node) in &from {
        if at(session).is_some() && at(session) >= at(id) {
            let message = format!("{id} takes its grid from {session}, which is not held before it");
            faults.push(Fault::error("session-order", &node.place, message).label("not before it"));
        }
        if from.iter().filter(|(other, _)| other == session).count() > 1 {
            let message = format!("{id} takes its grid from {session} twice");
            faults.push(Fault::error("written-twice", &node.place, message).label("again"));
            break;
        }
    }
    if fields.get("grid-from").is_none() {
        for key in ["grid-by", "grid-laps", "grid-missing", "grid-ties", "through"].iter().filter(|key| fields.get(key).is_some()) {
            let message = format!("{id} has {key} without grid-from");
            faults.push(Fault::error("one-of", fields.place_of(key), message).label("without effect").help("write grid-from"));
        }
        return;
    }
    if let Some(ties) = fields.text("grid-ties").filter(|ties| at(ties).is_some() && at(ties) >= at(id)) {
        let message = format!("{id} breaks ties by {ties}, which is not held before it");
        faults.push(Fault::error("session-order", fields.place_of("grid-ties"), message).label("not before it"));
    }
    if !from.is_empty() {
        how(id, fields, from.len(), faults);
    }
    through(id, fields, &from, order, faults);
}

/// Whether what is said of the way fits the way.
fn how(id: &str, fields: Fields<'_>, sessions: usize, faults: &mut Vec<Fault>) {
    let by = fields.text("grid-by").unwrap_or("result");
    let one = matches!(by, "result" | "fastest-laps");
    if one && sessions > 1 {
        let message = format!("{id} takes its grid from {sessions} sessions and does not say how they are taken together");
        let fault = Fault::error("one-of", fields.place_of("grid-from"), message).label("more than one");
        faults.push(fault.help(format!("write grid-by: {}; or name one session, and the others in through", BY[2..].join(", "))));
    }
    let drivers = fields.text("grid-laps") == Some("drivers");
    if !one && sessions < 2 && !(drivers && matches!(by, "average" | "sum" | "best")) {
        let message = format!("{id} takes its grid by {by} from one session");
        faults.push(Fault::error("one-of", fields.place_of("grid-from"), message).label("only one").help("name the others as well"));
    }
    let laps = ["average", "sum", "best"].as_slice();
    for (key, with) in [("grid-laps", laps), ("grid-missing", &laps[..1]), ("grid-ties", &["sum-of-places"])] {
        if fields.get(key).is_some() && !with.contains(&by) {
            let message = format!("{id} has {key} with grid-by {by}");
            let help = format!("it belongs to grid-by {}", with.join(", "));
            faults.push(Fault::error("one-of", fields.place_of(key), message).label("without effect").help(help));
        }
    }
}

/// A session of a knock-out is held after what decides who goes through to it, before the race, and for fewer cars than the one before.
fn through(id: &str, fields: Fields<'_>, from: &[(&str, &Node)], order: &[&str], faults: &mut Vec<Fault>) {
    let at = |session: &str| order.iter().position(|known| *known == session);
    let mut before = from.iter().filter_map(|(session, _)| Some((at(session)?, *session))).max();
    let mut cars_before: Option<i64> = None;
    for entry in fields.inside("through").entries() {
        let session = entry.key.as_str();
        let Some(own) = at(session) else { continue };
        let late = Some(own) >= at(id);
        if let Some(earlier) = before.map(|(_, earlier)| earlier).filter(|_| late || before.is_some_and(|(earlier, _)| own <= earlier)) {
            let message = if late {
                format!("{id} takes its grid from {session}, which is not held before it")
            } else {
                format!("cars go through to {session}, which is not held after {earlier}")
            };
            faults.push(Fault::error("session-order", &entry.place, message).label("out of order"));
        }
        before = Some((own, session));
        if let (Some(cars), Some(earlier)) = (entry.node.whole::<i64>(), cars_before)
            && cars >= earlier
        {
            let message = format!("{cars} cars go through to {session}, not fewer than the {earlier} before");
            faults.push(Fault::error("range-order", &entry.node.place, message).label("not fewer"));
        }
        cars_before = entry.node.whole();
    }
}
