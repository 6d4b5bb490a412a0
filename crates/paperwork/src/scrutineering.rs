//! Measurements and sets of tyres as people write them (F2).

use sport::fact::What;
use sport::meeting_fact::MeetingFact;
use sport::scrutineering::{Measured, Quantity};

use crate::fault::Fault;
use crate::fields::Fields;
use crate::request::{Reader, request};
use crate::shape::{Key, Kind, Noun, Shape};

request!(
    /// `[[measured]]`.
    MEASURED,
    "measured",
    "What was measured of a car; each value becomes a fact of its own.",
    [
        Key::must("session", Kind::Session, "The session it belongs to: the bulletin in force there counts."),
        Key::must("car", Kind::Id(Noun::Entry), "The car."),
        Key::may("weight-kg", Kind::Exact, "Its weight, at most one decimal."),
        Key::may("ride-height-mm", Kind::Pair(&Kind::Exact), "Ride height front and rear, at most one decimal."),
        Key::may("restrictor-mm", Kind::Exact, "Diameter of the restrictor, at most two decimals."),
        Key::may("fuel-l", Kind::Exact, "Fuel capacity, at most one decimal."),
        Key::must("instrument", Kind::Text, "What it was measured with."),
    ]
);

request!(
    /// `[[tyre-set]]`.
    TYRE_SET,
    "tyre-set",
    "A set of tyres that was marked for a car, or used by it.",
    [
        Key::must("round", Kind::Whole(1, 999), "The round."),
        Key::must("car", Kind::Id(Noun::Entry), "The car."),
        Key::must("set", Kind::Text, "The set: its mark."),
        Key::may("used-in", Kind::Session, "The session in which it was used; marked when absent."),
    ]
);

impl Reader<'_> {
    /// One fact a value.
    pub(crate) fn measured(&mut self, fields: &Fields<'_>) -> Vec<What> {
        let Some(session) = self.session(fields) else { return Vec::new() };
        let (Some(car), Some(instrument)) = (self.car(fields, "car", session.round), fields.text("instrument")) else { return Vec::new() };
        let heights = fields.list("ride-height-mm");
        let written = [
            (Quantity::Weight, fields.get("weight-kg")),
            (Quantity::RideHeightFront, heights.first()),
            (Quantity::RideHeightRear, heights.get(1)),
            (Quantity::Restrictor, fields.get("restrictor-mm")),
            (Quantity::Fuel, fields.get("fuel-l")),
        ];
        if written.iter().all(|(_, node)| node.is_none()) {
            let fault = Fault::error("missing-key", fields.place(), "nothing was measured");
            self.faults.push(fault.help("add weight-kg, ride-height-mm, restrictor-mm or fuel-l"));
        }
        let mut facts = Vec::new();
        for (quantity, node) in written {
            let per = i64::try_from(quantity.parts()).unwrap_or(1);
            let Some(value) = node.and_then(|node| self.parts(node, per)) else { continue };
            let of = Measured { session: session.clone(), car: car.clone(), quantity, value, instrument: instrument.to_owned() };
            facts.push(What::Meeting(MeetingFact::Measured(of)));
        }
        facts
    }

    pub(crate) fn tyre_set(&mut self, fields: &Fields<'_>) -> Option<What> {
        let round = self.round_at(fields.get("round")?)?;
        let car = self.car(fields, "car", round)?;
        let used_in = match fields.get("used-in") {
            Some(node) => Some(self.session_at(node)?),
            None => None,
        };
        Some(What::Meeting(MeetingFact::TyreSet { round, car, set: fields.text("set")?.to_owned(), used_in }))
    }
}
