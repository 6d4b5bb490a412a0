//! Stewarding: what an unserved penalty becomes, the clocks of protests and appeals, points on a licence (G2, P44).

use alloc::string::String;
use alloc::vec::Vec;

use crate::citation::Cite;
use crate::date::Micros;
use crate::decision::PenaltyKind;
use crate::rulebook::weekend::TariffPenalty;

/// What a penalty at the pit lane becomes when the race ends before it is served.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conversion {
    /// Added to the race time for a drive-through.
    pub drive_through: Micros,
    /// Added to the race time for a stop-and-go, beside the time the car was to stand still.
    pub stop_and_go: Micros,
    /// Where it is written.
    pub cite: Cite,
}

/// Until when a result may be protested against.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProtestRule {
    /// After the publication of a result that is not final.
    pub within: Micros,
    /// Where it is written.
    pub cite: Cite,
}

/// Until when a decision may be appealed against, and which may not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppealRule {
    /// After the decision, for the intention to appeal; none where no intention is asked for.
    pub intention: Option<Micros>,
    /// After the decision, for the appeal itself.
    pub lodged: Micros,
    /// Penalties that may not be appealed against, served or converted.
    pub not_appealable: Vec<PenaltyKind>,
    /// Where it is written.
    pub cite: Cite,
}

/// What points on a driver's licence lead to (P44).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LicenceRule {
    /// Thresholds, lowest first; of those reached at the end of an event the highest is proposed.
    pub steps: Vec<LicenceStep>,
    /// Taken from a driver's total once a threshold was reached.
    pub after_penalty: u16,
    /// Taken from a driver's total for an event in which he takes part and is given none.
    pub clean_event: u16,
    /// Where it is written.
    pub cite: Cite,
}

/// A threshold of points.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LicenceStep {
    /// Its id: `five`.
    pub id: String,
    /// Reached with so many points.
    pub points: u16,
    /// What is proposed.
    pub penalty: TariffPenalty,
    /// Where it is written.
    pub cite: Cite,
}
