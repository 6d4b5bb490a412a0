//! Assetto Corsa Competizione: the results its dedicated server writes, the files a league writes for it, and what the game tells while a session runs.
//!
//! Read off 19 real result files of 2019 to 2025 and off five configurations; what only its handbook or other programs say is marked so
//! where it is used.

pub mod bop;
pub mod broadcast;
pub mod broadcast_client;
pub mod broadcast_played;
pub mod entry_list;
pub mod event;
pub mod limits;
pub mod results;
pub mod tables;

use crate::encoding::Encoding;

/// What the server reads its configuration in, as its handbook says; other encodings seem to work and are misread.
pub const SERVER: Encoding = Encoding::Utf16Marked;
