//! What people write, read and checked: rulebooks, seasons, entry lists, requests. Decides nothing about a race.
//!
//! From a file to a value in four steps, each over every file before anything is given up:
//! 1. [`read::Sources::toml`] reads a file into a [`tree::Node`]: keys and values in order, each with its [`place::Place`].
//! 2. [`check::check`] holds the tree against a [`shape::Shape`]: unknown and missing keys, types, ranges, words.
//! 3. [`refer::check`] asks whether what it refers to exists ([`refer::Known`]).
//! 4. The document's own module lowers it to `sport`'s types with the getters of [`fields::Fields`] and adds what only
//!    that document can say.
//!
//! Every step adds to one list of [`fault::Fault`]s; [`fault::Loaded`] carries the value and the list. The same shapes make
//! the JSON Schemas ([`schema`]).

pub mod bop;
pub mod calendar;
mod cars;
pub mod case;
pub mod check;
pub mod circuit;
pub mod columns;
mod crews;
mod csv;
pub mod effect;
pub mod entries;
pub mod expect;
pub mod fault;
pub mod fields;
pub mod incident;
mod kept;
pub mod meeting;
pub mod place;
mod pointed;
pub mod read;
pub mod refer;
pub mod request;
pub mod rulebook;
pub mod schema;
pub mod scrutineering;
pub mod season;
pub mod shape;
mod shared;
pub mod sheet;
mod slips;
pub mod suggest;
pub mod table;
pub mod timed;
pub mod tree;
pub mod written;

#[cfg(test)]
mod sample;
