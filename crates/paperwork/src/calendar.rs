//! The calendar: the season's rounds laid over the rulebook's weekend (B1, B2).

use std::path::Path;

use sport::date::Date;
use sport::names::{AwardId, SessionId};
use sport::points::Points;
use sport::rulebook::weekend::SessionPlan;
use sport::rulebook::{Law, Rulebook};
use sport::session::{Calendar, Round, Session, SessionName};

use crate::fault::Fault;
use crate::fields::Fields;
use crate::place::Place;
use crate::refer::Known;
use crate::shape::{Ids, Key, Kind, Noun, Shape};
use crate::tree::Value;
use crate::{suggest, written};

/// `[round.1]` of season.toml.
pub static ROUND: Shape = Shape {
    name: "round",
    doc: "One event of the season.",
    keys: &[
        Key::must("name", Kind::Text, "The circuit's name as printed."),
        Key::must("circuit", Kind::Id(Noun::Circuit), "The circuit's id: circuits/<id>.toml, where there is one."),
        Key::must("country", Kind::Text, "The country as printed."),
        Key::must("first-day", Kind::Day, "The day from which the weekend's sessions count theirs."),
        Key::may(
            "session",
            Kind::Map(Ids::Of(Noun::SessionPlan), &Kind::Table(&OVERRIDE)),
            "What is different for a session of this round.",
        ),
        Key::may("without-sessions", Kind::List(&Kind::Id(Noun::SessionPlan)), "Sessions of the weekend that are not held here."),
        Key::may("source", Kind::Text, "Where it was published."),
    ],
};

/// `[round.4.session.race-2]` of season.toml.
pub static OVERRIDE: Shape = Shape {
    name: "session of a round",
    doc: "What is different from the rulebook's weekend.",
    keys: &[
        Key::may("date", Kind::Day, "The day it is held."),
        Key::may("minutes", Kind::Whole(1, 2880), "Scheduled minutes."),
        Key::may("kilometres", Kind::Whole(1, 10_000), "Scheduled kilometres."),
        Key::may("laps", Kind::Whole(1, 10_000), "Scheduled laps."),
        Key::may("points-factor", Kind::Exact, "Multiplies all points of the session (P53, P55)."),
        Key::may("without-awards", Kind::List(&Kind::Id(Noun::Award)), "Awards that are not given here."),
        Key::may("source", Kind::Text, "Where it was published."),
    ],
};

/// The ids a season refers to in its rulebook.
pub(crate) fn known(law: &Law) -> Known {
    let mut known = Known::default();
    known.add(Noun::Class, law.classes.iter().map(|class| class.id.as_str()));
    known.add(Noun::Cup, law.cups.iter().map(|cup| cup.id.as_str()));
    known.add(Noun::SessionPlan, law.weekend.iter().map(|plan| plan.id.as_str()));
    known.add(Noun::Award, law.awards.iter().map(|award| award.id.as_str()));
    known.add(Noun::Championship, law.championships.iter().map(|championship| championship.id.as_str()));
    known
}

/// The calendar of a checked season.toml. `circuits` is the folder of circuits of the tree.
pub(crate) fn calendar(season: &Fields<'_>, rulebook: &Rulebook, circuits: &Path, faults: &mut Vec<Fault>) -> Calendar {
    let law = rulebook.latest();
    let mut rounds: Vec<(u16, Fields<'_>)> = season.keyed("round").filter_map(|(id, round)| Some((id.parse().ok()?, round))).collect();
    rounds.sort_by_key(|(number, _)| *number);
    if rounds.is_empty() && season.get("round").is_some_and(|node| matches!(&node.value, Value::Table(table) if table.entries.is_empty())) {
        faults
            .push(Fault::error("no-rounds", season.place_of("round"), "the season has no rounds").label("no rounds").help("add [round.1]"));
    }
    let mut calendar = Calendar::default();
    let mut days = Vec::new();
    for (number, round) in &rounds {
        circuit(round, circuits, faults);
        let Some(sessions) = sessions(*number, round, law, rulebook.year, faults) else {
            // Its first day was told already. The round is there all the same: what refers to it is no fault of its own.
            calendar.rounds.push(of(*number, round));
            continue;
        };
        if let (Some(first), Some(last)) = (sessions.first(), sessions.last()) {
            days.push(Days { number: *number, first: first.date, last: last.date, place: round.place_of("first-day") });
        }
        calendar.sessions.extend(sessions);
        calendar.rounds.push(of(*number, round));
    }
    in_order(&days, faults);
    if !dated(season) {
        return calendar;
    }
    for version in &rulebook.versions {
        if let Some(from) = version.from.as_ref().filter(|from| calendar.find(from).is_none()) {
            let bulletin = version.bulletin.as_deref().unwrap_or("?");
            let message = format!("bulletin {bulletin} of the rulebook is in force from {from}, which is not on the calendar");
            faults.push(
                Fault::error("unknown-session", season.place_of("rulebook"), message)
                    .label("its bulletin")
                    .help_if(session_help(&calendar, from)),
            );
        }
    }
    calendar
}

fn of(number: u16, round: &Fields<'_>) -> Round {
    let text = |key: &str| round.text(key).unwrap_or_default().to_owned();
    Round { number, circuit: text("circuit"), name: text("name"), country: text("country"), layout: None }
}

/// Whether every round has a number that could be read: otherwise any round may be there.
pub(crate) fn numbered(season: &Fields<'_>) -> bool {
    let table = season.get("round").is_some_and(|node| matches!(node.value, Value::Table(_)));
    table && season.keyed("round").all(|(id, _)| id.parse::<u16>().is_ok_and(|number| (1..=999).contains(&number)))
}

/// Whether every round's number and first day could be read: a round without has no sessions.
pub(crate) fn dated(season: &Fields<'_>) -> bool {
    numbered(season) && season.keyed("round").all(|(_, round)| round.day("first-day").is_some())
}

/// The remedy for a session that is not on the calendar: the rounds where the round is none, else the round's sessions.
pub(crate) fn session_help(calendar: &Calendar, written: &SessionName) -> Option<String> {
    if calendar.round(written.round).is_none() {
        let known: Vec<String> = calendar.rounds.iter().map(|round| round.number.to_string()).collect();
        return Some(format!("there is no round {}; rounds: {}", written.round, known.join(", ")));
    }
    let of_round = calendar.sessions.iter().filter(|session| session.name.round == written.round);
    let names: Vec<String> = of_round.map(|session| session.name.to_string()).collect();
    suggest::help(&written.to_string(), names.iter().map(String::as_str))
}

/// The days a round takes.
struct Days<'t> {
    number: u16,
    first: Date,
    last: Date,
    place: &'t Place,
}

/// Rounds follow one another.
fn in_order(days: &[Days<'_>], faults: &mut Vec<Fault>) {
    for pair in days.windows(2) {
        let [before, after] = pair else { continue };
        if after.first <= before.last {
            let (code, what) =
                if after.last < before.first { ("rounds-out-of-order", "is before") } else { ("rounds-overlap", "overlaps") };
            let message = format!(
                "round {} ({} to {}) {what} round {} ({} to {})",
                after.number, after.first, after.last, before.number, before.first, before.last
            );
            faults.push(Fault::error(code, after.place, message).label("this day").help("number the rounds in the order they are held"));
        }
    }
}

/// A circuit's file is optional; a name that is nearly one is a slip.
pub(crate) fn circuit(round: &Fields<'_>, circuits: &Path, faults: &mut Vec<Fault>) {
    let Some(id) = round.text("circuit") else { return };
    let known = crate::circuit::ids(circuits);
    if known.iter().any(|name| name == id) {
        return;
    }
    if let Some(near) = suggest::nearest(id, known.iter().map(String::as_str)) {
        let fault =
            Fault::error("unknown-circuit", round.place_of("circuit"), format!("there is no circuit \"{id}\"")).label("unknown circuit");
        faults.push(fault.help(format!("did you mean \"{near}\"?")));
    }
}

/// The sessions of a round by date, then in the weekend's order.
fn sessions(number: u16, round: &Fields<'_>, law: &Law, year: u16, faults: &mut Vec<Fault>) -> Option<Vec<Session>> {
    let first_day = round.day("first-day")?;
    in_year(first_day, year, round.place_of("first-day"), faults);
    let without = round.texts("without-sessions");
    let held = law.weekend.iter().filter(|plan| !without.contains(&plan.id.as_str()));
    let mut sessions = Vec::new();
    for plan in held {
        let own = round.inside("session").inside(plan.id.as_str());
        let session = session(number, plan, first_day, &own, faults);
        if own.day("date").is_some() {
            in_year(session.date, year, own.place_of("date"), faults);
            if session.date < first_day {
                let message = format!("{} is held on {}, before the round's first day {first_day}", session.name, session.date);
                faults.push(Fault::error("before-round", own.place_of("date"), message).label("before the round"));
            }
        }
        sessions.push(session);
    }
    for entry in round.inside("session").entries() {
        if without.contains(&entry.key.as_str()) {
            let message = format!("{} is changed here and left out by without-sessions", entry.key);
            faults.push(Fault::error("contradiction", &entry.place, message).label("not held").help("keep one of the two"));
        }
    }
    sessions.sort_by_key(|session| session.date);
    for ix in 0..sessions.len() {
        let earlier = sessions[..ix].iter().filter(|earlier| earlier.kind == sessions[ix].kind).count();
        sessions[ix].number = u16::try_from(earlier + 1).unwrap_or(u16::MAX);
    }
    Some(sessions)
}

fn session(round: u16, plan: &SessionPlan, first_day: Date, own: &Fields<'_>, faults: &mut Vec<Fault>) -> Session {
    let factor = own.exact("points-factor").unwrap_or(Points::ONE);
    if factor < Points::ZERO || factor > Points::whole(10) {
        let message = format!("{factor} is no factor for points");
        faults.push(Fault::error("out-of-range", own.place_of("points-factor"), message).label("0 to 10 expected"));
    }
    Session {
        name: SessionName { round, id: SessionId::new(plan.id.as_str()) },
        kind: plan.kind,
        number: 1,
        date: own.day("date").unwrap_or_else(|| written::later(first_day, plan.day)),
        minutes: own.whole("minutes").or(plan.minutes),
        kilometres: own.whole("kilometres").or(plan.kilometres),
        laps: own.whole("laps").or(plan.laps),
        points_factor: factor,
        without_awards: own.texts("without-awards").into_iter().map(AwardId::new).collect(),
    }
}

fn in_year(day: Date, year: u16, place: &Place, faults: &mut Vec<Fault>) {
    if i32::from(day.year) != i32::from(year) {
        let message = format!("{day} is not in the season's year {year}");
        faults.push(Fault::error("other-year", place, message).label("another year").help(format!("the rulebook is for {year}")));
    }
}
