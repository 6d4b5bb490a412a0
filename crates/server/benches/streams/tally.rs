//! What a run comes to, and the table of all of them.

use crate::crowd::Heard;

/// A stream that has a frame later than this after it was made has it when the next one is due.
const LATE_NS: u64 = 250_000_000;

/// A frame as its server made it. Nanoseconds of the wall clock.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// Its number.
    pub frame: u32,
    /// When the first passing that it tells of was given to the server.
    pub given_ns: u64,
    /// When it was made: of the peer, when it was published.
    pub made_ns: u64,
}

/// A spread of times, in milliseconds.
#[derive(Clone, Copy, Default, Debug)]
pub struct Spread {
    /// Half of all are not longer.
    pub p50: f64,
    /// All but one in a hundred are not longer.
    pub p99: f64,
    /// The longest.
    pub most: f64,
}

/// A row of the table.
#[derive(Clone, Default, Debug)]
pub struct Row {
    /// Streams that were asked for.
    pub asked: usize,
    /// Streams that were open.
    pub streams: usize,
    /// Whose.
    pub server: String,
    /// Bytes of the server's memory for each, once it had sent frames on all of them; without what it takes for the frames themselves.
    pub memory: u64,
    /// Frames made.
    pub frames: usize,
    /// From a frame made to its last byte read by a client.
    pub sent: Spread,
    /// From its first passing given to its last byte read by a client.
    pub passed: Spread,
    /// Receptions at which a later frame stood for the one that was due.
    pub merged: u64,
    /// Receptions later than the next frame was due.
    pub late: u64,
    /// Frames that never came to a client that should have had them.
    pub missing: u64,
    /// Streams that were refused, or ended by themselves.
    pub lost: u64,
    /// Processor time of the server while frames were sent, in seconds.
    pub processor: f64,
}

impl Row {
    /// Counts what was received of the frames that each server made.
    pub fn count(&mut self, made: &[Vec<Made>], heard: &[Heard]) {
        let (mut sent, mut passed) = (Vec::new(), Vec::new());
        self.frames = made.iter().map(Vec::len).max().unwrap_or(0);
        for heard in heard {
            self.lost += heard.lost;
            for frame in &made[heard.server] {
                let received = heard.frames.get(&frame.frame);
                let at_ns = received.map_or(&[][..], |received| &received.at_ns);
                self.merged += received.map_or(0, |received| received.merged);
                self.missing += heard.streams.saturating_sub(at_ns.len() as u64);
                sent.extend(at_ns.iter().map(|at| at.saturating_sub(frame.made_ns)));
                passed.extend(at_ns.iter().map(|at| at.saturating_sub(frame.given_ns)));
            }
        }
        self.late = sent.iter().filter(|time| **time > LATE_NS).count() as u64;
        (self.sent, self.passed) = (spread(sent), spread(passed));
    }
}

/// The spread of some times in nanoseconds.
fn spread(mut times_ns: Vec<u64>) -> Spread {
    times_ns.sort_unstable();
    let at = |hundredths: usize| {
        let nth = (times_ns.len() * hundredths).div_ceil(100).saturating_sub(1);
        times_ns.get(nth).map_or(f64::NAN, |time| *time as f64 / 1e6)
    };
    Spread { p50: at(50), p99: at(99), most: at(100) }
}

/// The head of the table.
pub const HEAD: &str = "streams | server            |    B/stream | sent p50 | sent p99 | sent max | passed p50 | passed p99 | frames | merged |   late | missing | lost | CPU s";

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { asked: _, streams, server, memory, frames, sent, passed, merged, late, missing, lost, processor } = self;
        write!(
            f,
            "{streams:>7} | {server:<17} | {memory:>11} | {:>8.1} | {:>8.1} | {:>8.1} | {:>10.1} | {:>10.1} | {frames:>6} | {merged:>6} | {late:>6} | {missing:>7} | {lost:>4} | {processor:>5.2}",
            sent.p50, sent.p99, sent.most, passed.p50, passed.p99
        )
    }
}

/// The medians of some runs of the same.
pub fn median(rows: &[&Row]) -> Row {
    let of = |value: fn(&Row) -> f64| {
        let mut all: Vec<f64> = rows.iter().map(|row| value(row)).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let whole = |value: fn(&Row) -> u64| {
        let mut all: Vec<u64> = rows.iter().map(|row| value(row)).collect();
        all.sort_unstable();
        all[all.len() / 2]
    };
    Row {
        memory: whole(|row| row.memory),
        frames: rows.iter().map(|row| row.frames).sum::<usize>() / rows.len(),
        sent: Spread { p50: of(|row| row.sent.p50), p99: of(|row| row.sent.p99), most: of(|row| row.sent.most) },
        passed: Spread { p50: of(|row| row.passed.p50), p99: of(|row| row.passed.p99), most: of(|row| row.passed.most) },
        merged: whole(|row| row.merged),
        late: whole(|row| row.late),
        missing: whole(|row| row.missing),
        lost: whole(|row| row.lost),
        processor: of(|row| row.processor),
        ..rows[0].clone()
    }
}
