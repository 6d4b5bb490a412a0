//! Requests while a meeting runs: signals, the timetable, transponders, passings heard and judged, drivers aboard.

use std::sync::Arc;

use sport::date::Instant;
use sport::fact::What;
use sport::meeting_fact::{AboardHow, Heard, MeetingFact, Signal, Verdict};
use sport::names::{DriverId, SourceId};
use sport::passing::{Passing, PassingId, Transponder};

use crate::fault::Fault;
use crate::fields::Fields;
use crate::request::{Reader, request};
use crate::shape::{Ids, Key, Kind, Noun, Shape};
use crate::tree::Node;
use crate::{read, suggest};

request!(
    /// `[[signal]]`.
    SIGNAL,
    "signal",
    "A signal of race control, given at the time of `at`.",
    [
        Key::must("session", Kind::Session, "The session."),
        Key::must(
            "signal",
            Kind::Choice(&["open", "green", "full-course-yellow", "safety-car", "red", "chequered", "close"]),
            "The signal. `open`: the pit exit opens, passings belong to the session from here on; `green`: the start, or racing again; `close`: nothing later belongs to it."
        ),
    ]
);

request!(
    /// `[[timetable]]`.
    TIMETABLE,
    "timetable",
    "When a session is to begin.",
    [Key::must("session", Kind::Session, "The session."), Key::must("begins", Kind::Instant, "When.")]
);

request!(
    /// `[[transponder]]`.
    TRANSPONDER,
    "transponder",
    "A transponder and the car it is in; the latest that names it holds.",
    [
        Key::must("round", Kind::Whole(1, 999), "The round."),
        Key::must("transponder", Kind::Whole(0, u32::MAX as i64), "Its number as the decoder prints it."),
        Key::must("car", Kind::Id(Noun::Entry), "The car."),
        Key::may("from", Kind::Instant, "For passings from this time on; throughout the round when absent."),
    ]
);

request!(
    /// `[[heard]]`.
    HEARD,
    "heard",
    "What one source heard; it arrived here at the time of `at`. Passings one by one, or the laps of cars.",
    [
        Key::must("round", Kind::Whole(1, 999), "The round."),
        Key::must("source", Kind::Text, "The source: a `[timing.x]` of the circuit."),
        Key::may(
            "passings",
            Kind::List(&Kind::Text),
            "A transponder and when, by the source's clock: `4100037 2018-04-14T05:26:00.123456Z`; `-` for a light barrier, which hears none."
        ),
        Key::may(
            "laps",
            Kind::Map(Ids::Whole(0, u32::MAX as i64), &Kind::List(&Kind::Duration)),
            "By transponder the times from one passing to the next, the first from `from` on: `{ 4100037 = [\"1:48.2\", \"1:47.9\"] }`."
        ),
        Key::may("from", Kind::Instant, "When the first of `laps` begin: the start signal."),
    ]
);

request!(
    /// `[[aboard]]`.
    ABOARD,
    "aboard",
    "A driver is in a car, from the time of `at` until another is.",
    [
        Key::must("session", Kind::Session, "The session."),
        Key::must("car", Kind::Id(Noun::Entry), "The car."),
        Key::must("driver", Kind::Id(Noun::Driver), "The driver."),
        Key::must("how", Kind::Choice(&["identified", "declared", "seen"]), "How it is known: driver identification, the team's word, the pit wall."),
    ]
);

request!(
    /// `[[judged]]`.
    JUDGED,
    "judged",
    "A passing that is no car's (`void = true`) or another car's (`car`). Undoing the fact restores it.",
    [
        Key::must("fact", Kind::Whole(1, u32::MAX as i64), "The fact that holds the passing."),
        Key::must("nth", Kind::Whole(0, u16::MAX as i64), "Its place among the passings of that fact, from 0."),
        Key::may("void", Kind::Only(true), "It is no crossing of any car."),
        Key::may("car", Kind::Id(Noun::Entry), "It is this car's."),
        Key::must("reason", Kind::Text, "Why."),
    ]
);

/// How a passing is written, for who wrote it otherwise.
const PASSING: &str =
    "write \"4100037 2018-04-14T05:26:00.123456Z\": its transponder, or - where none was heard, and the time with its offset";

impl Reader<'_> {
    pub(crate) fn signal(&mut self, fields: &Fields<'_>) -> Option<What> {
        let session = self.session(fields)?;
        Some(What::Meeting(MeetingFact::Signal { session, signal: fields.choice("signal", &Signal::WORDS)? }))
    }

    pub(crate) fn timetable(&mut self, fields: &Fields<'_>) -> Option<What> {
        let session = self.session(fields)?;
        Some(What::Meeting(MeetingFact::Timetable { session, at: fields.instant("begins")? }))
    }

    pub(crate) fn transponder(&mut self, fields: &Fields<'_>) -> Option<What> {
        let round = self.round_at(fields.get("round")?)?;
        let car = self.car(fields, "car", round)?;
        let transponder = Transponder(fields.whole("transponder")?);
        Some(What::Meeting(MeetingFact::Transponder { round, transponder, car, from: fields.instant("from") }))
    }

    pub(crate) fn heard(&mut self, fields: &Fields<'_>) -> Option<What> {
        let round = self.round_at(fields.get("round")?)?;
        let source = self.source(fields, round)?;
        let passings = match (fields.get("passings"), fields.get("laps")) {
            (Some(list), None) => {
                if fields.get("from").is_some() {
                    let message = "`from` says when laps begin, and passings have a time each";
                    self.faults.push(Fault::error("contradiction", fields.place_of("from"), message).help("take `from` out"));
                }
                let read: Vec<Option<Passing>> = list.items().iter().map(|node| self.passing_at(node)).collect();
                read.into_iter().collect::<Option<Vec<Passing>>>()?
            }
            (None, Some(laps)) => self.laps_at(laps, fields)?,
            (Some(_), Some(_)) | (None, None) => {
                let fault = Fault::error("one-of", fields.place(), "what was heard is exactly one of passings and laps");
                self.faults.push(fault.label("one of the two").help("keep exactly one of passings and laps"));
                return None;
            }
        };
        Some(What::Meeting(MeetingFact::Heard(Heard { round, source, passings: Arc::from(passings) })))
    }

    /// The source under `source`; of a circuit without lines that is for `accept` to say.
    fn source(&mut self, fields: &Fields<'_>, round: u16) -> Option<SourceId> {
        let (written, place) = (fields.text("source")?, fields.place_of("source"));
        let layout = self.desk.calendar.round(round).and_then(|round| round.layout.as_ref());
        let known: Vec<&str> = layout.into_iter().flat_map(|layout| layout.sources()).map(|source| source.id.as_str()).collect();
        if layout.is_none() || known.contains(&written) {
            return Some(SourceId::new(written));
        }
        let message = format!("the circuit of round {round} has no source \"{written}\"");
        let fault = Fault::error("unknown-source", place, message).label("no [timing.x] of the circuit");
        self.faults.push(fault.help_if(suggest::help(written, known.iter().copied())));
        None
    }

    /// `4100037 2018-04-14T05:26:00.123456Z`.
    fn passing_at(&mut self, node: &Node) -> Option<Passing> {
        let (who, at) = node.text()?.split_once(' ').unwrap_or((node.text()?, ""));
        let transponder = if who == "-" { Some(None) } else { who.parse().ok().map(|number| Some(Transponder(number))) };
        let passing = transponder.zip(read::instant(at.trim_start())).map(|(transponder, at)| Passing { at, transponder });
        passing.or_else(|| {
            let fault = Fault::error("bad-passing", &node.place, format!("\"{}\" is no passing", node.text()?));
            self.faults.push(fault.label("a transponder and when").help(PASSING));
            None
        })
    }

    /// Laps one after the other, of all cars in the order a source heard them.
    fn laps_at(&mut self, laps: &Node, fields: &Fields<'_>) -> Option<Vec<Passing>> {
        let Some(from) = fields.instant("from") else {
            let fault = Fault::error("missing-key", &laps.place, "laps begin somewhere: `from` is missing").label("from when?");
            self.faults.push(fault.help("add from = 2018-04-14T05:26:00Z, when the first laps begin"));
            return None;
        };
        let mut passings = Vec::new();
        for entry in laps.fields().entries() {
            let transponder = Some(Transponder(entry.key.parse().ok()?));
            let mut at = from;
            for lap in entry.node.items().iter().filter_map(Node::duration) {
                at = Instant(at.0.saturating_add(lap.0));
                passings.push(Passing { at, transponder });
            }
        }
        passings.sort_unstable();
        Some(passings)
    }

    pub(crate) fn aboard(&mut self, fields: &Fields<'_>) -> Option<What> {
        let session = self.session(fields)?;
        let car = self.car(fields, "car", session.round)?;
        let (driver, how) = (DriverId::new(fields.text("driver")?), fields.choice("how", &AboardHow::WORDS)?);
        Some(What::Meeting(MeetingFact::Aboard { session, car, driver, how }))
    }

    pub(crate) fn judged(&mut self, fields: &Fields<'_>) -> Option<What> {
        let verdict = match (fields.truth("void"), fields.get("car")) {
            (Some(true), None) => Verdict::Void,
            (None | Some(false), Some(_)) => Verdict::Of(self.any_car(fields, "car")?),
            (Some(true), Some(_)) | (None | Some(false), None) => {
                let fault = Fault::error("one-of", fields.place(), "a passing is judged void, or some car's: exactly one of the two");
                self.faults.push(fault.label("one of void and car"));
                return None;
            }
        };
        let passing = PassingId { fact: fields.whole("fact")?, nth: fields.whole("nth")? };
        Some(What::Meeting(MeetingFact::Judged { passing, verdict, reason: fields.text("reason")?.to_owned() }))
    }
}
