//! The formats of others: decoders of transponders, scoreboard feeds, files of timing companies and of simulators. Each is a codec, bytes to values and
//! values to bytes, and knows no rule. A format that tells of a session is read into an [`account::Account`] and written from one.
//!
//! What a codec cannot read is a [`flaw::Flaw`] that says where and why; the next record is read all the same. Everything is bounded: whatever arrives,
//! a codec keeps no more of it than its longest record.

pub mod account;
pub mod al_kamel;
pub mod ambrc;
pub mod chronelec;
pub mod clock;
pub mod crossings;
pub mod decoder;
mod dial;
pub mod drift;
pub mod encoding;
pub mod flaw;
pub mod format;
pub mod gtwce;
pub mod json;
pub mod lines;
pub mod mapped;
pub mod matched;
pub mod multiloop;
pub mod ours;
pub mod p3;
pub mod passings;
pub mod race_result;
pub mod reckoned;
pub mod requests;
pub mod rmonitor;
pub mod scoreboard;
pub mod set_right;
pub mod sim;
pub mod swiss;
pub mod swiss_tables;
pub mod table;
pub mod timy;
pub mod together;
pub mod tranx;
pub mod which;
pub mod written;
pub mod x2;
pub mod xml;
