//! Names people give to things: ids as written in rulebooks, entry lists and facts. Cheap to clone, ordered, never empty.

use alloc::sync::Arc;
use core::fmt;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as it was written.
            pub fn new(written: &str) -> Self {
                Self(Arc::from(written))
            }

            /// The id as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl From<&str> for $name {
            fn from(written: &str) -> Self {
                Self::new(written)
            }
        }
    };
}

name!(
    /// A class of cars: `GT3`, `GT4`, `GTC`.
    ClassId
);
name!(
    /// A cup: a ranking inside a class by the crew's grades: `pro-am`, `silver`, `am`.
    CupId
);
name!(
    /// An entry (a car, its competitor and crew): usually its number, `19`.
    EntryId
);
name!(
    /// A driver: a slug of the name, `kodric`.
    DriverId
);
name!(
    /// A team under one licence.
    TeamId
);
name!(
    /// A manufacturer, or a constructor where a rulebook pairs chassis and engine.
    MakerId
);
name!(
    /// A session of the weekend format: `q1`, `race-1`.
    SessionId
);
name!(
    /// A championship: `gt3-drivers`.
    ChampionshipId
);
name!(
    /// A points table of a rulebook: `top-ten`.
    TableId
);
name!(
    /// An award: what a session gives points for: `race`, `pole`.
    AwardId
);
name!(
    /// An intermediate mark inside a race at which points are given: `6h`.
    MarkId
);
name!(
    /// A stewards' or court's decision: its number as published.
    DecisionId
);
name!(
    /// An open matter: a protest, an appeal, a review.
    MatterId
);
name!(
    /// An incident: its number or short name.
    IncidentId
);
name!(
    /// A line of a circuit: `finish`, `s1`, `pit-entry`.
    LineId
);
name!(
    /// A source of passings: a loop, a light barrier, a button: `finish-main`.
    SourceId
);
