//! Multiloop (MLP), the other feed of MYLAPS timing: lines of text over TCP, every field parted by one byte that is no ASCII, numbers in hexadecimal digits, such as
//! `$L¦N¦EF325¦Q1¦89¦5¦SF¦A¦9B82E¦G¦T`. With the additions of USAC, who time SRO America.
//!
//! The fields are those that one reader of this feed expects and tests, eighteen lines of its tests among the captures; the specification itself is not public, and no
//! stream was seen.

pub mod field;
pub mod letter;
pub mod record;
pub mod stream;
pub mod usac;

/// The port USAC sends the feed of SRO America on. There is no common one.
pub const PORT: u16 = 50_003;
