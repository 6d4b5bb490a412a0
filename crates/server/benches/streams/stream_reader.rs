//! One stream as its client sees it: just enough of HTTP and of server-sent events to tell which frame has arrived, without keeping it.

use std::io::BufRead;

/// What of a line tells what it is: `HTTP/1.1 200`, or where a frame says its number.
const HEAD: usize = 32;
/// In the event's id of our server, after its epoch; at the head of the data where somebody else gives it an id.
const ID: &[u8] = b"id: ";
const DATA: &[u8] = b"data: {\"n\":";

/// What a client learns from the bytes it reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seen {
    /// The answer's head is there, and it is a stream.
    Open,
    /// The server answered something else.
    Refused,
    /// A frame is there to its last byte.
    Frame(u32),
}

/// Where a client is in its stream. A frame of any length in any pieces passes through these few bytes.
#[derive(Default)]
pub struct StreamReader {
    head: [u8; HEAD],
    held: u8,
    lines: u8,
    in_body: bool,
    refused: bool,
    frame: Option<u32>,
}

impl StreamReader {
    /// Reads on, and says what was seen.
    pub fn read(&mut self, mut bytes: &[u8], mut see: impl FnMut(Seen)) {
        while !bytes.is_empty() {
            let before = bytes;
            let taken = bytes.skip_until(b'\n').expect("a slice can be read");
            let (line, ended) = match before[taken - 1] {
                b'\n' => (&before[..taken - 1], true),
                _ => (&before[..taken], false),
            };
            let held = usize::from(self.held);
            let more = line.len().min(HEAD - held);
            self.head[held..held + more].copy_from_slice(&line[..more]);
            self.held = u8::try_from(held + more).expect("a head is short");
            if ended {
                if let Some(seen) = self.line() {
                    see(seen);
                }
                self.held = 0;
            }
        }
    }

    /// Whether the answer's head is through and it is a stream; none before the head is.
    pub fn is_stream(&self) -> Option<bool> {
        self.in_body.then_some(!self.refused)
    }

    /// A line has ended. Lines of chunked transfer look like fields nobody knows, and none of them is empty as the end of a frame is.
    fn line(&mut self) -> Option<Seen> {
        let head = &self.head[..usize::from(self.held)];
        if self.in_body {
            let after_epoch = |rest: &'_ [u8]| rest.iter().position(|byte| *byte == b'-').map(|at| at + 1);
            let number = match (head.strip_prefix(ID), head.strip_prefix(DATA)) {
                (Some(id), _) => after_epoch(id).map(|at| &id[at..]),
                (None, data) => data,
            };
            if let Some(number) = number {
                let digits = number.iter().take_while(|byte| byte.is_ascii_digit());
                self.frame = Some(digits.fold(0_u32, |n, digit| n.wrapping_mul(10).wrapping_add(u32::from(digit - b'0'))));
            }
            return if head.is_empty() { self.frame.take().map(Seen::Frame) } else { None };
        }
        if self.lines == 0 {
            self.refused = !head.starts_with(b"HTTP/1.1 200");
        }
        self.lines = self.lines.saturating_add(1);
        if head != b"\r" {
            return None;
        }
        self.in_body = true;
        Some(if self.refused { Seen::Refused } else { Seen::Open })
    }
}

/// The benchmark has no test harness: it holds its reader against a stream in every cut before it measures with it.
pub fn proves_itself() {
    let stream =
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n51\r\nevent: snapshot\nid: 7-12\ndata: {\"cars\":[]}\n\n\r\n: hi\n\n\
        3a\r\nid: 1796068181:0\ndata: {\"n\":13,\"a long line that goes on\":\r\n12\r\n1}\r\n2\r\n\n\n\r\n";
    let all = [Seen::Open, Seen::Frame(12), Seen::Frame(13)];
    for first in 0..stream.len() {
        for second in [first, (first + 1).min(stream.len()), (first + 9).min(stream.len())] {
            let (mut reader, mut seen) = (StreamReader::default(), Vec::new());
            for part in [&stream[..first], &stream[first..second], &stream[second..]] {
                reader.read(part, |one| seen.push(one));
            }
            assert_eq!(seen, all, "cut at {first} and {second}");
        }
    }
    let mut seen = Vec::new();
    StreamReader::default().read(b"HTTP/1.1 503 No\r\n\r\n", |one| seen.push(one));
    assert_eq!(seen, [Seen::Refused]);
}
