//! The sport itself, pure: same rulebook and same facts give the same result, on any machine.
//!
//! One noun per file. [`rulebook`] holds what a series wrote down; [`fact`] what happened and what was decided;
//! [`mod@accept`] is the only place that may refuse a request; [`Season::apply`](season::Season::apply) folds facts into
//! state and knows no rule; [`mod@evaluate`] reads state and rules into classifications, the success ledger and the
//! standings, with a [`Finding`](finding::Finding) for everything a person should look at.
//!
//! Nothing here knows a clock, a file, a network, a format, a locale, a float or a random number.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod aboard;
pub mod accept;
mod alignment;
pub mod as_it_stands;
pub mod bop;
pub mod chart;
pub mod citation;
mod clashes;
pub mod classification;
mod classify;
pub mod clock;
mod computed;
pub mod conversion;
pub mod date;
pub mod decision;
pub mod doubts;
pub mod drive_board;
pub mod entered;
pub mod entry;
pub mod evaluate;
pub mod evaluation;
mod exchanged;
pub mod fact;
pub mod finding;
mod from_sheet;
pub mod grade;
pub mod grid;
pub mod grid_drop;
mod identity;
pub mod impulse;
pub mod incident;
pub mod known;
pub mod lap_analysis;
pub mod ledger;
pub mod line;
pub mod live_session;
pub mod meeting;
pub mod meeting_fact;
pub mod names;
mod oddities;
pub mod passing;
pub mod pit_board;
pub mod pit_visit;
pub mod place;
pub mod points;
pub mod progress;
mod proof;
pub mod race_clock;
pub mod reading;
pub mod result;
mod roster;
pub mod rulebook;
pub mod rules;
pub mod running;
mod runs;
pub mod scrutineering;
pub mod season;
pub mod session;
mod signals;
pub mod standings;
mod stretch;
mod tally;
pub mod tower;
mod under_red;
mod unsure_times;
mod watch;
pub mod why;
pub mod world;
pub mod worlds;
