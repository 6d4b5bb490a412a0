//! Frames out of a stream of bytes, however it was cut on its way.

use super::frame::{BEGIN, END, Frame, LONGEST};
use super::record::Record;
use crate::flaw::Flaw;

/// A reader of a decoder's stream. It keeps at most one frame.
#[derive(Default, Debug)]
pub struct Stream {
    /// The frame that has begun, or what is none.
    held: Vec<u8>,
    /// Bytes of the stream before what is held.
    offset: u64,
}

/// Every byte may be escaped.
const MOST: usize = 2 * LONGEST;

impl Stream {
    /// At the beginning of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what came, and tells every record that is whole now, and what is none.
    pub fn take(&mut self, bytes: &[u8], mut tell: impl FnMut(Result<Record, Flaw>)) {
        let mut rest = bytes;
        while let Some(first) = rest.first() {
            // What is between frames ends where one begins.
            let begun = self.held.first().map_or(*first == BEGIN, |first| *first == BEGIN);
            let end = if begun {
                let skipped = usize::from(self.held.is_empty());
                let end = rest[skipped..].iter().position(|byte| matches!(*byte, BEGIN | END));
                // A frame that was broken off ends before the next begins.
                end.map(|at| at + skipped).map(|at| if rest[at] == END { at + 1 } else { at })
            } else {
                rest.iter().position(|byte| *byte == BEGIN)
            };
            let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
            let room = MOST - self.held.len();
            let (piece, after) = if piece.len() > room { rest.split_at(room) } else { (piece, after) };
            self.held.extend_from_slice(piece);
            rest = after;
            if end.is_some() || self.held.len() >= MOST {
                self.tell(&mut tell);
            }
        }
    }

    /// The stream is over: tells what is left.
    pub fn end(&mut self, mut tell: impl FnMut(Result<Record, Flaw>)) {
        self.tell(&mut tell);
    }

    fn tell(&mut self, tell: &mut impl FnMut(Result<Record, Flaw>)) {
        if self.held.is_empty() {
            return;
        }
        let flaw = |why: String| Flaw::of(self.offset, None, &self.held, why);
        let told = if self.held[0] == BEGIN {
            Frame::decode(&self.held).map(Record::of).map_err(|bad| flaw(bad.to_string()))
        } else {
            Err(flaw(format!("{} bytes between frames", self.held.len())))
        };
        self.offset += self.held.len() as u64;
        self.held.clear();
        tell(told);
    }
}
