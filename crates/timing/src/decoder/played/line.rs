//! The line to the host: what waits to be sent, how it is cut, and what goes wrong on it.

use std::collections::VecDeque;

use super::Fault;

/// What waits to be sent.
#[derive(Debug)]
pub(super) struct Line {
    frames: VecDeque<Frame>,
    open: bool,
    most: usize,
    skip: usize,
    garble: usize,
    drop: bool,
}

#[derive(Debug)]
struct Frame {
    bytes: Vec<u8>,
    /// So many of them are sent.
    sent: usize,
    /// The passing that it is.
    of: Option<usize>,
}

impl Default for Line {
    fn default() -> Self {
        Self { frames: VecDeque::new(), open: false, most: usize::MAX, skip: 0, garble: 0, drop: false }
    }
}

impl Line {
    pub(super) fn cut(&mut self, most: usize) {
        self.most = most.max(1);
    }

    pub(super) fn misbehave(&mut self, fault: Fault) {
        match fault {
            Fault::Skip => self.skip += 1,
            Fault::Garble => self.garble += 1,
            Fault::Drop => self.drop = true,
        }
    }

    pub(super) fn connect(&mut self) {
        self.open = true;
    }

    pub(super) fn close(&mut self) {
        self.open = false;
    }

    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Something that is no passing.
    pub(super) fn say(&mut self, bytes: Vec<u8>) {
        self.frames.push_back(Frame { bytes, sent: 0, of: None });
    }

    /// A passing. Whether it is sent as it should be.
    pub(super) fn pass(&mut self, of: usize, mut bytes: Vec<u8>) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        let garbled = self.garble > 0;
        if garbled {
            self.garble -= 1;
            spoil(&mut bytes);
        }
        self.frames.push_back(Frame { bytes, sent: 0, of: (!garbled).then_some(of) });
        !garbled
    }

    /// As much as goes over the line at once.
    pub(super) fn send(&mut self) -> Vec<u8> {
        if !self.open {
            return Vec::new();
        }
        let waiting: usize = self.frames.iter().map(|frame| frame.bytes.len() - frame.sent).sum();
        let mut room = self.most.min(waiting);
        if self.drop && room > 0 {
            (self.drop, self.open) = (false, false);
            room = room.div_ceil(2);
        }
        let mut sent = Vec::with_capacity(room);
        while let Some(frame) = self.frames.front_mut().filter(|_| sent.len() < room) {
            let rest = &frame.bytes[frame.sent..];
            let piece = &rest[..rest.len().min(room - sent.len())];
            sent.extend_from_slice(piece);
            frame.sent += piece.len();
            if frame.sent == frame.bytes.len() {
                self.frames.pop_front();
            }
        }
        sent
    }

    /// Nothing of what waits is sent any more: the passings among it.
    pub(super) fn break_off(&mut self) -> Vec<usize> {
        self.frames.drain(..).filter_map(|frame| frame.of).collect()
    }
}

/// Changes a byte so that it cannot be taken for what it was: a line between texts at its beginning, for nothing sums it.
fn spoil(bytes: &mut [u8]) {
    let at = if bytes.contains(&b';') { 0 } else { bytes.len() / 2 };
    if let Some(byte) = bytes.get_mut(at) {
        *byte = b'~';
    }
}
