//! Seeded meetings under any rulebook on any circuit: what the world would say of them, and beside it what truly happened.
//!
//! [`fittings()`] is what is said before a round, [`session`] a session of it. The same [`Plan`] and [`Orders`] give the same bytes on every
//! machine: everything is whole numbers, and every number is drawn from the seed. What goes wrong between the track and our machine is drawn
//! apart from what happens on the track, so that one truth can be told under any faults.
//!
//! Pace, gaps, retirements and visits to the pit lane are held to what was measured on real races (`tests/plausible.rs`). [`soak`] holds what
//! the core makes of it all against the truth.

mod course;
mod desk;
mod dice;
mod ending;
mod excuses;
mod faults;
mod field;
mod fittings;
mod flags;
mod hearing;
mod lane;
mod mishaps;
mod opening;
mod operator;
mod penalty;
mod plan;
mod said;
mod simulate;
pub mod soak;
mod stops;
mod telling;
mod traffic;
mod troubles;
mod truth;
mod world;

pub use faults::{Fault, Faults};
pub use fittings::fittings;
pub use penalty::{at_a_stop, decisions};
pub use plan::{Cannot, Orders, Plan};
pub use said::{Run, Said};
pub use simulate::session;
pub use truth::{CarTruth, Happened, Stop, Truth};
