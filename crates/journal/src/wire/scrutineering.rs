//! Measurements and sets of tyres on the wire, version 1.

use serde::{Deserialize, Serialize};
use sport::meeting_fact::MeetingFact;
use sport::names::EntryId;
use sport::scrutineering as sport_scrutineering;
use sport::scrutineering::Quantity;

use super::written::{Name, Stage, Word};

/// The value in whole parts of the quantity's unit: tenths of a kilogram, a millimetre or a litre, hundredths of a millimetre of a restrictor.
#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Measured {
    session: Stage,
    car: Name<EntryId>,
    quantity: Word<Quantity>,
    value: u32,
    instrument: String,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct TyreSet {
    pub(super) round: u16,
    pub(super) car: Name<EntryId>,
    pub(super) set: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) used_in: Option<Stage>,
}

impl From<&sport_scrutineering::Measured> for Measured {
    fn from(measured: &sport_scrutineering::Measured) -> Self {
        let sport_scrutineering::Measured { session, car, quantity, value, instrument } = measured;
        Self {
            session: Stage(session.clone()),
            car: Name(car.clone()),
            quantity: Word(*quantity),
            value: *value,
            instrument: instrument.clone(),
        }
    }
}

impl From<Measured> for MeetingFact {
    fn from(Measured { session, car, quantity, value, instrument }: Measured) -> Self {
        Self::Measured(sport_scrutineering::Measured { session: session.0, car: car.0, quantity: quantity.0, value, instrument })
    }
}

impl From<TyreSet> for MeetingFact {
    fn from(TyreSet { round, car, set, used_in }: TyreSet) -> Self {
        Self::TyreSet { round, car: car.0, set, used_in: used_in.map(|session| session.0) }
    }
}
