//! The swarms from outside: started, waited for, and their books put together.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::process;
use crate::swarm::Asked;

/// What a child of this benchmark is to be.
pub const ROLE: &str = "PARCFERME_STREAMS_ROLE";
/// The role of a process of clients.
pub const SWARM: &str = "swarm";

/// All clients of a run.
pub struct Crowd {
    swarms: Vec<Swarm>,
    /// Streams that are open.
    pub open: usize,
    /// Streams the server did not give.
    pub failed: usize,
}

struct Swarm {
    /// Its server, counted as they were given.
    server: usize,
    open: usize,
    child: Child,
    stop: ChildStdin,
    told: BufReader<ChildStdout>,
}

/// What all clients received of a frame: when, in nanoseconds of the wall clock, and how many had a later frame in its place.
#[derive(Default)]
pub struct Received {
    pub at_ns: Vec<u64>,
    pub merged: u64,
}

/// What the clients of a process received.
#[derive(Default)]
pub struct Heard {
    /// Their server, counted as they were given.
    pub server: usize,
    /// How many they were.
    pub streams: u64,
    /// By number.
    pub frames: BTreeMap<u32, Received>,
    /// Streams that ended although nobody asked.
    pub lost: u64,
}

impl Crowd {
    /// Opens streams, from as many processes as their limit of open files asks for, the servers in turn. Each run connects from addresses of its
    /// own, so that no port of the run before stands in its way.
    pub fn open(servers: &[SocketAddr], path: &str, streams: usize, run: u8) -> Self {
        let most = process::streams();
        let processes = streams.div_ceil(most);
        let start = |nth: usize| {
            let share = streams / processes + usize::from(nth < streams % processes);
            let last = u8::try_from(8 * nth + 1).expect("a few processes of a few addresses each");
            let server = nth % servers.len();
            let asked = Asked { server: servers[server], path: path.to_owned(), streams: share, from: Ipv4Addr::new(127, 1, run, last) };
            Swarm::start(server, &asked)
        };
        let mut crowd = Self { swarms: (0..processes).map(start).collect(), open: 0, failed: 0 };
        for swarm in &mut crowd.swarms {
            let mut line = String::new();
            swarm.told.read_line(&mut line).expect("a swarm says how many streams it has");
            let mut counts = line.split_whitespace().map(|count| count.parse::<usize>().expect("a count"));
            swarm.open = counts.next().unwrap_or(0);
            crowd.open += swarm.open;
            crowd.failed += counts.next().unwrap_or(0);
        }
        crowd
    }

    /// Ends all streams and gives what they received, a process each.
    pub fn close(self) -> Vec<Heard> {
        let close = |mut swarm: Swarm| {
            let mut heard = Heard { server: swarm.server, streams: swarm.open as u64, ..Heard::default() };
            let _ = swarm.stop.write_all(b"stop\n");
            let _ = swarm.stop.flush();
            swarm.tell(&mut heard).expect("a swarm tells what it received");
            let _ = swarm.child.wait();
            heard
        };
        self.swarms.into_iter().map(close).collect()
    }
}

impl Swarm {
    fn start(server: usize, asked: &Asked) -> Self {
        let this = std::env::current_exe().expect("this program is a file");
        let mut child = Command::new(this)
            .env(ROLE, SWARM)
            .args([asked.server.to_string(), asked.path.clone(), asked.streams.to_string(), asked.from.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a child can be started");
        let (stop, told) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
        Self { server, open: 0, child, stop, told: BufReader::with_capacity(1 << 20, told) }
    }

    fn tell(&mut self, heard: &mut Heard) -> std::io::Result<()> {
        let opened_ns = self.number()?;
        heard.lost += self.number()?;
        let first = u32::try_from(self.number()?).unwrap_or(0);
        let frames = u32::try_from(self.number()?).unwrap_or(0);
        for frame in first..first + frames {
            let (count, merged) = (self.number()?, self.number()?);
            let received = heard.frames.entry(frame).or_default();
            received.merged += merged;
            for _ in 0..count {
                let mut four = [0; 4];
                self.told.read_exact(&mut four)?;
                received.at_ns.push(opened_ns + u64::from(u32::from_le_bytes(four)) * 1_000);
            }
        }
        Ok(())
    }

    fn number(&mut self) -> std::io::Result<u64> {
        let mut eight = [0; 8];
        self.told.read_exact(&mut eight)?;
        Ok(u64::from_le_bytes(eight))
    }
}

/// What a child was asked for, from its arguments.
pub fn asked(arguments: &[String]) -> Asked {
    let [server, path, streams, from] = arguments else { panic!("a swarm takes a server, a path, a count and an address: {arguments:?}") };
    Asked {
        server: server.parse().expect("an address"),
        path: path.clone(),
        streams: streams.parse().expect("a count"),
        from: from.parse().expect("an address"),
    }
}
