//! RACE RESULT decoders: lines of fields between semicolons over TCP, the host's commands and what is answered.
//!
//! From the protocol its maker publishes; no stream of a real decoder was seen. What only others say of it is marked so.

pub mod command;
pub mod record;

use crate::lines::Lines;

/// The port decoders listen on.
pub const PORT: u16 = 3601;
/// The version this program asks for: the first with all fields of a passing is 1.6.
pub const VERSION: &str = "2.0";

const MOST: usize = 1_024;

/// The lines of a stream, to the host or from it.
pub fn lines() -> Lines {
    Lines::new(b'\n', MOST)
}

/// Bytes as text: ISO 8859-1.
fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Text in bytes. A letter that ISO 8859-1 has not is written `?`, and so is a line break.
fn bytes(line: &str) -> Vec<u8> {
    let byte = |of: char| u8::try_from(u32::from(of)).ok().filter(|byte| !matches!(byte, b'\r' | b'\n'));
    line.chars().map(|of| byte(of).unwrap_or(b'?')).chain(*b"\r\n").collect()
}
