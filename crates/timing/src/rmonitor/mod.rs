//! RMonitor, the feed of scoreboards: lines of text over TCP, such as `$G,1,"12",14,"00:28:09.341"`.
//!
//! From the two published specifications (RMonitor 1.0, IMSA Enhanced 1.03), and from feeds as they are: see the cases of `tests/rmonitor.rs`.

pub mod field;
pub mod heard;
pub mod record;
pub mod stream;

/// The port servers listen on.
pub const PORT: u16 = 50_000;
