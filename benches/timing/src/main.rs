//! Our reader of RMonitor beside the published crate `rmonitor`, on the same files in the same run: which lines each understands, and how many a second.
//!
//! `timing-peers FILE…`

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use rmonitor::RMonitorDecoder;
use timing::rmonitor::stream::Stream;
use tokio_util::codec::Decoder as _;

/// Each reader reads a file again for so long, and the fastest time counts: what else the machine does only makes it slower.
const LONG: Duration = Duration::from_secs(2);

fn main() {
    println!(
        "{:<36} {:>8}  {:>16} {:>16}  {:>12} {:>12} {:>7}",
        "file", "lines", "ours understands", "crate's does", "ours lines/s", "crate's", "ratio"
    );
    let mut all = Sum::default();
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).expect("the file can be read");
        let of = compare(&bytes);
        let name = path.rsplit('/').next().unwrap_or(&path);
        of.print(name);
        let lost = lost(&bytes);
        if lost > 0 {
            println!("  the crate understands {lost} lines that ours does not");
        }
        all.add(&of);
    }
    all.print("all");
}

#[derive(Default)]
struct Sum {
    lines: usize,
    ours: usize,
    theirs: usize,
    our_time: Duration,
    their_time: Duration,
}

impl Sum {
    fn add(&mut self, other: &Self) {
        self.lines += other.lines;
        self.ours += other.ours;
        self.theirs += other.theirs;
        self.our_time += other.our_time;
        self.their_time += other.their_time;
    }

    fn print(&self, name: &str) {
        let rate = |time: Duration| self.lines as f64 / time.as_secs_f64();
        let (ours, theirs) = (rate(self.our_time), rate(self.their_time));
        println!(
            "{name:<36} {:>8}  {:>16} {:>16}  {ours:>12.0} {theirs:>12.0} {:>6.1}x",
            self.lines,
            self.ours,
            self.theirs,
            ours / theirs
        );
    }
}

/// Both, by turns, on the records of a file: lines that begin with the sign of one.
fn compare(bytes: &[u8]) -> Sum {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"$")).count();
    let mut of = Sum { lines, our_time: Duration::MAX, their_time: Duration::MAX, ..Sum::default() };
    let begun = Instant::now();
    while begun.elapsed() < 2 * LONG {
        let at = Instant::now();
        of.ours = ours(bytes);
        of.our_time = of.our_time.min(at.elapsed());
        let at = Instant::now();
        of.theirs = theirs(bytes);
        of.their_time = of.their_time.min(at.elapsed());
    }
    of
}

/// Records that our reader understands.
fn ours(bytes: &[u8]) -> usize {
    let mut stream = Stream::new();
    let mut records = 0;
    let mut count = |told: Result<timing::rmonitor::record::Record<'_>, _>| {
        if let Ok(record) = told
            && !matches!(black_box(record), timing::rmonitor::record::Record::Stamp(_))
        {
            records += 1;
        }
    };
    stream.take(bytes, &mut count);
    stream.end(&mut count);
    records
}

/// Records that the crate understands.
fn theirs(bytes: &[u8]) -> usize {
    let mut decoder = RMonitorDecoder::new();
    let mut bytes = BytesMut::from(bytes);
    let mut records = 0;
    loop {
        let before = bytes.len();
        match decoder.decode(&mut bytes) {
            Ok(Some(record)) => {
                black_box(record);
                records += 1;
            }
            Ok(None) if bytes.len() == before => break,
            // A line that it does not understand, or one that is no record.
            Ok(None) | Err(_) => {}
        }
    }
    records
}

/// Lines that the crate understands and ours does not: there should be none.
fn lost(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let theirs = text.lines().filter(|line| rmonitor::protocol::Record::decode(line.trim_end_matches('\r')).is_ok());
    theirs.filter(|line| ours(line.as_bytes()) == 0).count()
}
