//! Scrutineering: homologated weights, tolerances, tyre sets (F2).

use alloc::string::String;
use alloc::vec::Vec;

use crate::citation::Cite;

/// What measurements are held against. Tolerances are in the parts of their [`Quantity`](crate::scrutineering::Quantity).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScrutineeringRule {
    /// The homologated weight of each model in tenths of a kilogram; Balance of Performance counts from it.
    pub homologated: Vec<(String, u32)>,
    /// Tenths of a kilogram a car may be under its weight.
    pub weight: u32,
    /// Tenths of a millimetre a car may be under its ride height.
    pub ride_height: u32,
    /// Hundredths of a millimetre a restrictor may be over its diameter.
    pub restrictor: u32,
    /// Tenths of a litre a tank may hold over its capacity.
    pub fuel: u32,
    /// Where it is written.
    pub cite: Cite,
}

/// How many sets of tyres a car may use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TyreRule {
    /// Sets an event.
    pub sets: u16,
    /// Where it is written.
    pub cite: Cite,
}
