//! Our server in a process of its own, with a simulated race that goes on in it at a pace that makes about four frames a second.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use server::{Clock, Opening, Site};
use simulator::{Faults, Orders, Plan};
use sport::date::{Instant, Micros};
use sport::fact::{Fact, What};
use sport::meeting_fact::MeetingFact;
use sport::passing::Transponder;
use sport::rulebook::Rulebook;
use sport::season::Season;
use sport::session::SessionKind;

use crate::crowd::ROLE;
use crate::made;
use crate::tally::Made;

/// The role of our server.
pub const SERVER: &str = "server";
/// The path of the stream.
pub const SUBSCRIBE: &str = "/api/v1/live/stream";
/// So many times faster than life the race goes on: its passings come about fifteen a second.
const SPEED: u32 = 10;
/// It is watched from here on: laps are on the tower, and the window of the stop is about to open.
const FROM: i64 = 20 * 60_000_000;
const BEGINS: Instant = Instant(1_523_700_000_000_000);

/// Our server, seen from the benchmark.
pub struct Ours {
    child: Child,
    told: BufReader<ChildStdout>,
    asks: ChildStdin,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Ours {
    /// Starts it; it shows the race as it stands, and waits.
    pub fn start() -> Self {
        let this = std::env::current_exe().expect("this program is a file");
        let child = Command::new(this).env(ROLE, SERVER).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("a child can be started");
        let (asks, told) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
        let mut told = BufReader::new(told);
        let mut line = String::new();
        told.read_line(&mut line).expect("the server says where it listens");
        Self { child, told, asks, address: line.trim().parse().expect("an address") }
    }

    /// The process of it.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Lets the race go on for so long.
    pub fn run(&mut self, time: Duration) {
        writeln!(self.asks, "{}", time.as_millis()).and_then(|()| self.asks.flush()).expect("the server listens");
    }

    /// The frames it made, once the time is over.
    pub fn made(&mut self) -> Vec<Made> {
        let mut made = Vec::new();
        loop {
            let mut line = String::new();
            self.told.read_line(&mut line).expect("the server tells its frames");
            let numbers: Vec<u64> = line.split_whitespace().filter_map(|number| number.parse().ok()).collect();
            let [frame, given_ns, made_ns] = numbers[..] else { return made };
            made.push(Made { frame: u32::try_from(frame).expect("few frames"), given_ns, made_ns });
        }
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The race up to where it is watched from, and what comes then.
struct Race {
    rulebook: Rulebook,
    season: Season,
    from: Instant,
    rest: Vec<Fact>,
}

fn race() -> Race {
    let (rulebook, mut season) = made::written();
    let is_race = |session: &sport::session::Session| session.name.round == 1 && session.kind == SessionKind::Race;
    let session = season.calendar.sessions.iter().position(is_race).expect("every round has one");
    let plan = Plan { rulebook: &rulebook, season: &season, round: 1, seed: 5, faults: Faults::NONE };
    let grid: Vec<usize> = (0..season.list.entries.len()).collect();
    let mut said = simulator::fittings(&plan, |_| BEGINS);
    let orders = Orders { session, begins: BEGINS, due: vec![Micros(0); grid.len()], grid, first_fact: 1 + said.len() as u64 };
    said.extend(simulator::session(&plan, &orders).expect("the circuit has its lines").said);
    let fact = |(number, one): (u64, simulator::Said)| Fact {
        number,
        happened: one.happened,
        recorded: one.at,
        by: one.by.to_owned(),
        citation: one.citation,
        what: one.what,
    };
    let mut facts: Vec<Fact> = (1..).zip(said).map(fact).collect();
    let from = Instant(BEGINS.0 + FROM);
    let rest = facts.split_off(facts.partition_point(|fact| fact.recorded <= from));
    season.take(facts);
    Race { rulebook, season, from, rest }
}

fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// What goes by between the race, the server and this process; microseconds of the wall clock.
#[derive(Default)]
struct Desk {
    /// When the race goes on, and until when; nothing before it is asked to.
    from_us: AtomicU64,
    until_us: AtomicU64,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    made: Vec<Made>,
    /// The latest frame that is accounted for.
    frame: u64,
    /// When the first passing was due that no frame tells of yet.
    waits_us: Option<u64>,
}

impl Desk {
    /// The moment of the race.
    fn clock(&self, race: Instant) -> Instant {
        let (from, now) = (self.from_us.load(Ordering::Relaxed), now_us());
        let passed = if from == 0 { 0 } else { now.min(self.until_us.load(Ordering::Relaxed)).saturating_sub(from) };
        Instant(race.0 + i64::try_from(passed).unwrap_or(0) * i64::from(SPEED))
    }

    /// When a fact is due.
    fn due_us(&self, race: Instant, fact: &Fact) -> u64 {
        let after = (fact.recorded.0 - race.0) / i64::from(SPEED);
        self.from_us.load(Ordering::Relaxed) + after.unsigned_abs()
    }

    /// Writes down the frame that was shown since the last look, and what it made wait.
    fn look(&self, site: &Site) {
        let mut log = self.log.lock().expect("nobody panics while holding it");
        let Some((frame, shown)) = site.shown().filter(|(frame, _)| *frame > log.frame) else { return };
        let made_ns = shown.0.unsigned_abs() * 1_000;
        // A frame in which only clocks went on made nobody wait.
        let given_ns = log.waits_us.take().map_or(made_ns, |waits| waits * 1_000);
        if self.from_us.load(Ordering::Relaxed) > 0 {
            log.made.push(Made { frame: u32::try_from(frame).expect("few frames"), given_ns, made_ns });
        }
        log.frame = frame;
    }
}

/// The child's whole life: says where it listens, lets the race go on as asked, tells the frames it made, and serves until it is ended.
pub fn live() {
    let Race { rulebook, season, from, rest } = race();
    let desk = Arc::new(Desk::default());
    let clock = Clock {
        now: {
            let desk = Arc::clone(&desk);
            Arc::new(move || desk.clock(from))
        },
        speed: SPEED,
    };
    let watch = Clock { now: Arc::new(|| Instant(i64::try_from(now_us()).unwrap_or(0))), speed: 1 };
    let site = Arc::new(Site::new(Opening { rulebook, season, clock, watch, simulated: "simulated" }));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let address = listener.local_addr().expect("it listens");
    feed(&site, &desk, from, rest);
    let asked = Arc::clone(&desk);
    std::thread::spawn(move || talk(address, &asked));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime can be made");
    let _ = runtime.block_on(server::serve(site, listener, std::future::pending()));
}

/// Gives the server the facts as they fall due.
fn feed(site: &Arc<Site>, desk: &Arc<Desk>, from: Instant, rest: Vec<Fact>) {
    let (site, desk) = (Arc::clone(site), Arc::clone(desk));
    let seen = Arc::clone(&site);
    let mut rest = rest.into_iter().peekable();
    let mut heard = HashMap::new();
    let news = move || {
        desk.look(&seen);
        let now = desk.clock(from);
        let due: Vec<Fact> = std::iter::from_fn(|| rest.next_if(|fact| fact.recorded <= now)).collect();
        let tells = due.iter().filter(|fact| first_heard(&mut heard, fact)).collect::<Vec<_>>();
        if let Some(first) = tells.first() {
            desk.log.lock().expect("nobody panics while holding it").waits_us.get_or_insert(desk.due_us(from, first));
        }
        Ok(due)
    };
    std::thread::spawn(move || server::feed(&site, news, |wrong| panic!("{wrong}"), || false));
}

/// Whether a fact tells of a passing that no other decoder of the line has told of. What the second hears again changes nothing that is shown, and
/// nobody waits for it.
fn first_heard(heard: &mut HashMap<(String, Transponder), Instant>, fact: &Fact) -> bool {
    const AGAIN: i64 = 1_000_000;
    let What::Meeting(MeetingFact::Heard(of)) = &fact.what else { return false };
    let line = of.source.as_str().split('-').next().unwrap_or_default();
    let mut first = false;
    for passing in of.passings.iter() {
        let Some(transponder) = passing.transponder else { continue };
        let before = heard.insert((String::from(line), transponder), passing.at);
        first |= before.is_none_or(|before| (passing.at.0 - before.0).abs() > AGAIN);
    }
    first
}

/// Says and does what the benchmark asks, until it asks no more.
fn talk(address: SocketAddr, desk: &Desk) {
    let mut out = std::io::stdout();
    writeln!(out, "{address}").and_then(|()| out.flush()).expect("the benchmark listens");
    for line in std::io::stdin().lines() {
        let Some(time) = line.ok().and_then(|line| line.parse::<u64>().ok()) else { break };
        let from = now_us();
        desk.until_us.store(from + time * 1_000, Ordering::Relaxed);
        desk.from_us.store(from, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(time));
        let made = std::mem::take(&mut desk.log.lock().expect("nobody panics while holding it").made);
        let frames = made.iter().map(|Made { frame, given_ns, made_ns }| format!("{frame} {given_ns} {made_ns}\n"));
        let frames: String = frames.chain(std::iter::once(String::from("end\n"))).collect();
        out.write_all(frames.as_bytes()).and_then(|()| out.flush()).expect("the benchmark listens");
    }
    std::process::exit(0);
}
