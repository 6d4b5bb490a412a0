//! Facts on disk: appended, read, verified; never interpreted, never changed.

mod damage;
mod error;
mod hash;
pub mod jsonl;
pub mod line;
mod look;
mod store;
mod wire;

pub use crate::damage::{Damage, Flaw};
pub use crate::error::JournalError;
pub use crate::hash::{Hash, Head};
pub use crate::jsonl::Verified;
pub use crate::store::Journal;
