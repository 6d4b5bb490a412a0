//! Requests while a meeting runs: signals, the timetable, transponders, drivers aboard, passings judged.

use sport::fact::What;
use sport::meeting_fact::{AboardHow, MeetingFact, Signal, Verdict};
use sport::names::DriverId;
use sport::passing::{PassingId, Transponder};

use crate::fault::Fault;
use crate::fields::Fields;
use crate::request::{Reader, request};
use crate::shape::{Key, Kind, Noun, Shape};

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
