//! P3, the binary protocol of MYLAPS/AMB decoders over TCP: records of tagged fields in frames with escapes and a checksum.
//!
//! Read off 1,395 real frames of two kinds of decoder; what is only said by others is marked so where it is used.

pub mod frame;
pub mod log;
pub mod record;
pub mod stream;

/// The port decoders listen on.
pub const PORT: u16 = 5403;
