//! How long drivers may and must be at the wheel (P43).

use alloc::string::String;
use alloc::vec::Vec;

use crate::citation::Cite;
use crate::date::Micros;
use crate::grade::Grade;
use crate::rulebook::award::Length;

/// A limit on the time at the wheel; of several every one that fits holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DriveTimeRule {
    /// Its id.
    pub id: String,
    /// In races of this length.
    pub length: Length,
    /// For drivers of these grades; all when empty.
    pub grades: Vec<Grade>,
    /// The limit.
    pub limit: DriveLimit,
    /// Where it is written.
    pub cite: Cite,
}

/// What is limited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DriveLimit {
    /// The time between two stops of the car.
    WithoutStop {
        /// At most.
        most: Micros,
        /// At most where the race was neutralised in it.
        neutral: Option<Micros>,
    },
    /// The time of one driver until another takes over, stops or not.
    WithoutChange {
        /// At most.
        most: Micros,
    },
    /// A driver's time in all.
    Most {
        /// At most.
        most: Allotment,
        /// In each period of so much race time; in the race where there is none.
        per: Option<Micros>,
    },
    /// A driver's time in all.
    Least {
        /// At least.
        least: Micros,
        /// In each period of so much race time that the car completes; in the race where there is none.
        per: Option<Micros>,
        /// True: the drivers of these grades together.
        together: bool,
    },
    /// The time a driver rests before taking over again.
    Rest {
        /// At least.
        least: Micros,
    },
}

/// How much.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Allotment {
    /// So much time.
    Time(Micros),
    /// A share of the car's time, known when the race is over.
    Share {
        /// So many parts.
        over: u32,
        /// Of so many.
        under: core::num::NonZeroU32,
    },
}
