//! The demo, or a season that is served, as a process of its own, and what it answers on the wire.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::folder::Folder;

/// So long an answer may take, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than any page, by far.
const MOST: u64 = 8 << 20;

/// A demo that runs.
pub(crate) struct Demo {
    child: Child,
    /// Where it listens: `127.0.0.1:PORT`.
    pub(crate) at: String,
    /// Removed with it.
    pub(crate) folder: Folder,
}

impl Demo {
    pub(crate) fn start(name: &str) -> Self {
        Self::run(Folder::new(name), &["demo", "--listen", "127.0.0.1:0", "--dir", "demo", "--speed", "20"])
    }

    /// A season that is served, and no demo.
    pub(crate) fn serve(folder: Folder, season: &str) -> Self {
        Self::run(folder, &["serve", season, "--listen", "127.0.0.1:0"])
    }

    /// What serves pages, by these arguments.
    pub(crate) fn run(folder: Folder, arguments: &[&str]) -> Self {
        let wrong = File::create(folder.0.join("said")).expect("a file");
        // The release build where ./check made one.
        let binary = std::env::var_os("PARCFERME").unwrap_or_else(|| env!("CARGO_BIN_EXE_parcferme").into());
        let mut command = Command::new(binary);
        command.current_dir(&folder.0).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(wrong).spawn().expect("the binary runs");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let address = |line: &String| line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).map(str::to_owned);
        let at = lines.find_map(|line| address(&line.expect("it tells where it listens"))).expect("an address");
        let demo = Self { child, at, folder };
        let begun = Instant::now();
        while demo.get("/api/v1/live").status != 200 {
            assert!(begun.elapsed() < PATIENCE, "no first frame");
            std::thread::sleep(Duration::from_millis(50));
        }
        demo
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.at).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        stream.set_write_timeout(Some(PATIENCE)).expect("a limit");
        stream
    }

    /// What it answers to these bytes.
    pub(crate) fn send(&self, request: &[u8]) -> Answer {
        self.send_within(request, PATIENCE)
    }

    /// The same, where it may wait for more and say nothing.
    pub(crate) fn send_within(&self, request: &[u8], patience: Duration) -> Answer {
        let mut stream = self.connect();
        stream.set_read_timeout(Some(patience)).expect("a limit");
        // What is refused early may not be read to its end.
        _ = stream.write_all(request);
        Answer::read(&mut stream)
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        self.ask("GET", target)
    }

    pub(crate) fn ask(&self, method: &str, target: &str) -> Answer {
        self.send(format!("{method} {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes())
    }

    /// Ends it: it must have run until now, and nothing in it may have broken.
    pub(crate) fn end(mut self) {
        assert_eq!(self.get("/live").status, 200, "after all of it");
        assert!(self.child.try_wait().expect("a child").is_none(), "it ended by itself");
        self.child.kill().expect("it runs");
        let wrong = fs::read_to_string(self.folder.0.join("said")).expect("UTF-8");
        assert!(!wrong.contains("panicked"), "{wrong}");
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// An answer: its first bytes where it is a stream.
#[derive(Debug)]
pub(crate) struct Answer {
    /// 0 where nothing that is HTTP came back.
    pub(crate) status: u16,
    /// In small letters, as they came.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn read(stream: &mut TcpStream) -> Self {
        let mut reader = BufReader::new(stream.take(MOST));
        let mut lines = Vec::new();
        loop {
            let mut line = Vec::new();
            let read = reader.read_until(b'\n', &mut line).unwrap_or(0);
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            if read == 0 || line.is_empty() {
                break;
            }
            lines.push(line);
        }
        let status = lines.first().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
        let header = |line: &String| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
        let mut answer = Self { status, headers: lines.iter().skip(1).filter_map(header).collect(), body: Vec::new() };
        if answer.header("content-type") == "text/event-stream" {
            answer.body.resize(512, 0);
            let read = reader.read(&mut answer.body).unwrap_or(0);
            answer.body.truncate(read);
        } else if status != 101 {
            _ = reader.read_to_end(&mut answer.body);
        }
        answer
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(of, _)| of == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
