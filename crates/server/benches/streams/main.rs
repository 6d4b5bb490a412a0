//! How many open streams a machine carries, what each costs, and how long a passing takes to the client: our live stream beside nginx with the
//! nchan module, in one run, on loopback.
//!
//! `cargo bench -p server --bench streams -- rounds=3 seconds=10 streams=1000,10000,19900 workers=2,1 wide=100000`
//!
//! Servers and clients are processes of their own and share the machine. A swarm of clients is one process for each limit of open files. Both
//! servers send the same bytes at the same instants: what our server made of a simulated race is recorded, and published to the peer. First each
//! has a few streams: what its memory grows by then it takes for the frames, and is not counted as memory of more streams.
//!
//! `wide` streams come last, once: more than the files of one process, so there are as many processes of our server as it takes, each with the
//! same race, and as many workers of the peer.

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]
#![expect(clippy::cast_possible_truncation, reason = "counts of streams and bytes are small")]
#![expect(unreachable_pub, dead_code, reason = "the rooms of one benchmark")]

mod crowd;
#[path = "../../../parcferme/benches/season/made.rs"]
mod made;
mod ours;
mod peer;
mod process;
#[path = "../../../sport/tests/twin/random.rs"]
mod random;
mod recorder;
mod stream_reader;
mod swarm;
mod tally;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use crowd::Crowd;
use ours::Ours;
use peer::{Peer, Publisher};
use recorder::Recorded;
use tally::{Made, Row};

/// So few streams that their memory is little beside what a server takes for the frames, and so many that every worker has some.
const FEW: usize = 16;
/// After the last frame so long is waited for it.
const GRACE: Duration = Duration::from_millis(1_500);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match std::env::var(crowd::ROLE).as_deref() {
        Ok(crowd::SWARM) => swarm::live(&crowd::asked(&arguments)),
        Ok(ours::SERVER) => ours::live(),
        _ => Bench::of(&arguments).run(),
    }
}

/// What is measured.
struct Bench {
    rounds: usize,
    time: Duration,
    streams: Vec<usize>,
    workers: Vec<usize>,
    wide: usize,
    /// Runs so far: each has addresses of its own.
    runs: u8,
    /// What the memory of each server grows by with few streams.
    fixed: BTreeMap<String, u64>,
    rows: Vec<Row>,
}

/// What our server made of the race, for the peer.
struct Programme {
    made: Vec<Made>,
    frames: Vec<Recorded>,
}

impl Bench {
    fn of(arguments: &[String]) -> Self {
        let value = |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name)?.strip_prefix('='));
        let number = |name: &str, otherwise: usize| value(name).map_or(otherwise, |value| value.parse().expect("a number"));
        let list = |name: &str, otherwise: &[usize]| match value(name) {
            Some(all) => all.split(',').filter_map(|one| one.parse().ok()).collect(),
            None => otherwise.to_vec(),
        };
        let most = process::streams();
        Self {
            rounds: number("rounds", 3),
            time: Duration::from_secs(number("seconds", 10) as u64),
            streams: list("streams", &[1_000, 10_000, most]).into_iter().map(|count| count.min(most)).collect(),
            workers: list("workers", &[2, 1]),
            wide: number("wide", 100_000),
            runs: 0,
            fixed: BTreeMap::new(),
            rows: Vec::new(),
        }
    }

    fn run(mut self) {
        stream_reader::proves_itself();
        println!("{}", process::machine());
        let (files, most) = (process::open_files(), process::streams());
        println!("a process may open {files} files: {most} streams are the limit of a server of one process here");
        if let Err(missing) = peer::installed() {
            println!("no peer: {missing} (in Debian: nginx-light and libnginx-mod-nchan)");
        }
        println!("{}", tally::HEAD);
        self.round(FEW);
        self.rows.clear();
        for _ in 0..self.rounds {
            for streams in self.streams.clone() {
                self.round(streams);
            }
        }
        self.medians();
        if self.wide > most {
            let processes = self.wide.div_ceil(most);
            println!("\n{} streams, {processes} processes, once\n{}", self.wide, tally::HEAD);
            let programme = self.ours(self.wide, processes);
            self.peer(processes, self.wide, &programme);
        }
    }

    /// Our server and the peer after one another.
    fn round(&mut self, streams: usize) {
        let programme = self.ours(streams, 1);
        for workers in self.workers.clone() {
            self.peer(workers, streams, &programme);
        }
    }

    fn ours(&mut self, streams: usize, processes: usize) -> Programme {
        let mut servers: Vec<Ours> = (0..processes).map(|_| Ours::start()).collect();
        let recorder = recorder::record(servers[0].address);
        let processes: Vec<u32> = servers.iter().map(Ours::process).collect();
        let addresses: Vec<SocketAddr> = servers.iter().map(|server| server.address).collect();
        let trial = Trial::begin(self.next(), processes, &addresses, ours::SUBSCRIBE, streams);
        servers.iter_mut().for_each(|server| server.run(self.time));
        let mut made: Vec<Vec<Made>> = servers.iter_mut().map(Ours::made).collect();
        let row = trial.end("parcferme", &made);
        self.add(row, servers.len());
        drop(servers);
        Programme { made: made.swap_remove(0), frames: recorder.join().unwrap() }
    }

    fn peer(&mut self, workers: usize, streams: usize, programme: &Programme) {
        let Ok(module) = peer::installed() else { return };
        let server = Peer::start(module, workers);
        let mut publisher = Publisher::new(server.address);
        let trial = Trial::begin(self.next(), server.processes(), &[server.address], peer::SUBSCRIBE, streams);
        let made = publish(&mut publisher, programme);
        let row = trial.end(&format!("nginx, {workers} worker{}", if workers == 1 { "" } else { "s" }), &[made]);
        self.add(row, 1);
    }

    fn next(&mut self) -> u8 {
        self.runs = self.runs.wrapping_add(1);
        self.runs
    }

    /// Prints a row. Its memory is that of each stream beyond the few, of which there were some at each of so many servers.
    fn add(&mut self, mut row: Row, servers: usize) {
        if row.asked == FEW {
            self.fixed.insert(row.server.clone(), row.memory);
        } else {
            let fixed = self.fixed.get(&row.server).copied().unwrap_or(0) * servers as u64;
            row.memory = row.memory.saturating_sub(fixed) / row.streams.saturating_sub(FEW * servers).max(1) as u64;
        }
        println!("{row}");
        self.rows.push(row);
    }

    /// The table: of each kind of run the medians of all rounds.
    fn medians(&self) {
        println!("\nmedians of {} rounds\n{}", self.rounds, tally::HEAD);
        for first in &self.rows[..self.rows.len() / self.rounds.max(1)] {
            let same: Vec<&Row> = self.rows.iter().filter(|row| (row.asked, &row.server) == (first.asked, &first.server)).collect();
            println!("{}", tally::median(&same));
        }
    }
}

/// Publishes to the peer what our server sent, at the same distances in time. The time a passing waited for its frame is our server's.
fn publish(publisher: &mut Publisher, programme: &Programme) -> Vec<Made> {
    let begun = Instant::now();
    let first = programme.made.first().map_or(0, |first| first.made_ns);
    let mut made = Vec::new();
    for frame in &programme.made {
        let recorded = programme.frames.iter().find(|recorded| recorded.frame == frame.frame);
        let Some(recorded) = recorded else { continue };
        let due = begun + Duration::from_nanos(frame.made_ns - first);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let made_ns = since.as_nanos() as u64;
        publisher.publish(&recorded.event, &recorded.data);
        made.push(Made { frame: frame.frame, given_ns: made_ns - (frame.made_ns - frame.given_ns), made_ns });
    }
    made
}

/// One server under one crowd.
struct Trial {
    processes: Vec<u32>,
    crowd: Crowd,
    streams: usize,
    memory: u64,
    processor: f64,
}

impl Trial {
    /// Opens the streams.
    fn begin(run: u8, processes: Vec<u32>, servers: &[SocketAddr], path: &str, streams: usize) -> Self {
        let memory = process::memory_at_rest(&processes);
        let crowd = Crowd::open(servers, path, streams, run);
        std::thread::sleep(Duration::from_millis(500));
        let processor = process::processor(&processes);
        Self { processes, crowd, streams, memory, processor }
    }

    /// Closes them, and says what came of it. The memory is what it grew by.
    fn end(self, server: &str, made: &[Vec<Made>]) -> Row {
        std::thread::sleep(GRACE);
        let processor = process::processor(&self.processes) - self.processor;
        let memory = process::memory(&self.processes).saturating_sub(self.memory);
        let (streams, lost, server) = (self.crowd.open, self.crowd.failed as u64, server.to_owned());
        let mut row = Row { asked: self.streams, streams, server, memory, lost, processor, ..Row::default() };
        row.count(made, &self.crowd.close());
        row
    }
}
