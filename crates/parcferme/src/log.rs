//! `log`: the facts of a season.

use std::path::Path;

use paperwork::written::counted;
use serde_json::{Value, json};
use sport::date::Instant;
use sport::decision::Against;
use sport::fact::{Fact, What};
use sport::meeting_fact::{MeetingFact, Verdict};
use sport::names::EntryId;

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};
use crate::stop::Stop;
use crate::{facts, moment, place};

/// One line about a fact.
pub(crate) fn words(what: &What) -> (&'static str, String) {
    match what {
        What::Result(result) => {
            let mark = result.mark.as_ref().map_or_else(String::new, |mark| format!(" at {mark}"));
            (
                "result",
                format!(
                    "{}{mark}, {}, {} cars{}",
                    result.session,
                    result.state.word(),
                    result.rows.len(),
                    if result.complete { "" } else { ", incomplete" }
                ),
            )
        }
        What::Grid(grid) => ("grid", format!("{}, {} places", grid.session, grid.rows.len())),
        What::Decision(decision) => {
            let settles = decision.settles.as_ref().map_or_else(String::new, |(matter, outcome)| format!(", {matter} {}", outcome.word()));
            let answers = decision.answers.as_ref().map_or_else(String::new, |answer| format!(" on incident {}", answer.incident));
            ("decision", format!("{} of {}{answers}{settles}: {}", decision.id, decision.authority, decision.reason))
        }
        What::Matter(matter) => {
            let against = match &matter.against {
                Against::Decision(id) => format!("decision {id}"),
                Against::Result(session) => format!("the result of {session}"),
            };
            (matter.kind.word(), format!("{} by {} against {against}: {}", matter.id, matter.by, matter.reason))
        }
        What::Status { car, status, rounds } => ("status", format!("car {car} {} in {}", status.word(), list(rounds))),
        What::Grade { driver, grade, from } => ("grade", format!("{driver} {grade} from {from}")),
        What::Bop(bulletin) => {
            ("bop", format!("bulletin {} from round {}, {} models", bulletin.number, bulletin.from_round, bulletin.rows.len()))
        }
        What::Served(served) => ("served", format!("car {} {} s in {}, {}", served.car, served.time, served.session, served.how.word())),
        What::Nomination { session, driver, car, .. } => ("nomination", format!("{driver} scores with car {car} in {session}")),
        What::Meeting(fact) => meeting(fact),
        What::Undo { fact, reason } => ("undo", format!("fact {fact}: {reason}")),
    }
}

/// One line about a fact, among all that are known: an undo says what it undoes.
pub(crate) fn words_among(what: &What, known: &[Fact]) -> (&'static str, String) {
    let (kind, says) = words(what);
    if let What::Undo { fact: number, reason } = what
        && let Some(undone) = known.iter().find(|fact| fact.number == *number)
    {
        let (of, undone) = words(&undone.what);
        return (kind, format!("fact {number} ({of} {undone}): {reason}"));
    }
    (kind, says)
}

fn meeting(fact: &MeetingFact) -> (&'static str, String) {
    match fact {
        MeetingFact::Heard(heard) => {
            ("heard", format!("{} by {} in round {}", counted(heard.passings.len(), "passing", "passings"), heard.source, heard.round))
        }
        MeetingFact::Signal { session, signal } => ("signal", format!("{} in {session}", signal.word())),
        MeetingFact::Timetable { session, at } => ("timetable", format!("{session} at {}", moment::printed(*at))),
        MeetingFact::Transponder { round, transponder, car, from } => {
            let from = from.map_or_else(String::new, |from| format!(", from {}", moment::printed(from)));
            ("transponder", format!("{} in car {car} in round {round}{from}", transponder.0))
        }
        MeetingFact::Aboard { session, car, driver, how } => ("aboard", format!("{driver} in car {car} in {session}, {}", how.word())),
        MeetingFact::Judged { passing, verdict, reason } => {
            let verdict = match verdict {
                Verdict::Void => String::from("void"),
                Verdict::Of(car) => format!("car {car}'s"),
            };
            ("judged", format!("passing {} of fact {} is {verdict}: {reason}", passing.nth, passing.fact))
        }
        MeetingFact::Incident(incident) => {
            let cars: Vec<&str> = incident.cars.iter().map(EntryId::as_str).collect();
            let cars = if cars.is_empty() { String::from("no car named") } else { format!("cars {}", cars.join(", ")) };
            ("incident", format!("{} in {}, {cars}: {}", incident.id, incident.session, incident.what))
        }
        MeetingFact::Measured(of) => (
            "measured",
            format!(
                "{} of car {} {} in {}, {}",
                of.quantity.word(),
                of.car,
                of.quantity.printed(i64::from(of.value)),
                of.session,
                of.instrument
            ),
        ),
        MeetingFact::TyreSet { round, car, set, used_in } => {
            let what = used_in.as_ref().map_or_else(|| String::from("marked"), |session| format!("used in {session}"));
            ("tyre-set", format!("set {set} of car {car} in round {round}: {what}"))
        }
        MeetingFact::PenaltyServed { decision, car } => ("penalty-served", format!("car {car} served its penalty of decision {decision}")),
    }
}

fn list(rounds: &[u16]) -> String {
    if rounds.is_empty() {
        return String::from("every round");
    }
    format!("rounds {}", rounds.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}

/// The journal in the form asked for.
pub(crate) fn run(folder: &Path, format: Format) -> Result<String, Stop> {
    let (rulebook, mut season) = place::written(folder)?;
    let (facts, head) = facts::read(folder, Some(&season.title))?;
    facts.iter().for_each(|fact| season.apply(fact));
    let undone = season.undone(Instant::FOREVER);
    let undone_by = |number: u64| undone.get(&number).copied();
    let cells = |fact: &Fact| {
        let (kind, says) = words_among(&fact.what, &facts);
        [
            fact.number.to_string(),
            moment::printed(fact.happened),
            moment::printed(fact.recorded),
            kind.to_owned(),
            says,
            fact.citation.clone(),
            fact.by.clone(),
        ]
    };
    match format {
        Format::Text => {
            let mut columns = Columns::new(&[
                ("Fact", Lean::Right),
                ("Happened", Lean::Left),
                ("Recorded", Lean::Left),
                ("Kind", Lean::Left),
                ("What", Lean::Left),
                ("Source", Lean::Left),
                ("By", Lean::Left),
                ("Note", Lean::Left),
            ]);
            for fact in &facts {
                let note = undone_by(fact.number).map_or_else(String::new, |undo| format!("undone by fact {undo}"));
                columns.row(cells(fact).into_iter().chain([note]).collect());
            }
            Ok(format!("{} {} · {head}\n\n{}", rulebook.series, rulebook.year, columns.text()))
        }
        Format::Csv => {
            let mut text = csv_line(["fact", "happened", "recorded", "kind", "what", "source", "by", "undone_by"]);
            for fact in &facts {
                let undone = undone_by(fact.number).map_or_else(String::new, |undo| undo.to_string());
                text.push_str(&csv_line(cells(fact).iter().chain([&undone]).map(String::as_str)));
            }
            Ok(text)
        }
        Format::Json => {
            let rows: Vec<Value> = facts
                .iter()
                .map(|fact| {
                    let [number, happened, recorded, kind, says, source, by] = cells(fact);
                    json!({ "fact": number.parse::<u64>().unwrap_or_default(), "happened": happened, "recorded": recorded, "kind": kind, "what": says, "source": source, "by": by, "undone_by": undone_by(fact.number) })
                })
                .collect();
            Ok(format!("{:#}\n", json!({ "head": head, "facts": rows })))
        }
    }
}
