//! The README's first command as a newcomer has it, and a server that is killed in the middle of a race.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A demo that runs; killed when dropped.
struct Demo {
    child: Child,
    address: String,
}

impl Demo {
    fn start(dir: &Path, speed: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_parcferme"))
            .args(["demo", "--listen", "127.0.0.1:0", "--speed", speed, "--dir"])
            .arg(dir)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let line = lines.find(|line| line.contains("http://")).expect("it prints its address");
        let address = line.split_once("http://").unwrap().1.split('/').next().unwrap().to_owned();
        Self { child, address }
    }

    /// What a path answers: the status line and headers, and the body.
    fn get(&self, path: &str) -> (String, String) {
        let mut line = TcpStream::connect(&self.address).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(line, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = Vec::new();
        line.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    fn live(&self) -> Value {
        let (head, body) = self.get("/api/v1/live");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        serde_json::from_str(&body).unwrap()
    }

    /// Waits until the race is so far.
    fn wait(&self, what: &str, so_far: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let live = self.live();
            if so_far(&live) {
                return live;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "not in two minutes: {what}; it is {}", live["at"]);
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // SIGKILL: nothing is tidied up.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("parcferme-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn cars(live: &Value) -> impl Iterator<Item = &Value> {
    live["cars"].as_object().unwrap().values()
}

#[test]
fn a_newcomer_sees_a_race_and_a_server_that_was_killed_goes_on_where_it_was() {
    let folder = folder("demo");
    let dir = folder.join("demo");
    let demo = Demo::start(&dir, "120");
    let (head, page) = demo.get("/live");
    assert!(head.starts_with("HTTP/1.1 200") && page.contains("Simulation") && page.contains("Ningbo"), "{head}");
    demo.wait("the window opens", |live| live["window"]["state"] == "open");
    let served = |car: &Value| car["stop"]["state"] == "done" && car["stop"]["due"] != "";
    let before = demo.wait("success seconds are served", |live| cars(live).any(served));
    assert!(before["messages"].as_object().unwrap().values().any(|said| said["says"] == "Pit window open"));
    drop(demo);
    // Nothing that was told is lost, and it goes on from there.
    let verified =
        Command::new(env!("CARGO_BIN_EXE_parcferme")).arg("verify").arg(dir.join("seasons/blancpain-gt-series-asia-2018")).output();
    assert!(verified.unwrap().status.success());
    let demo = Demo::start(&dir, "120");
    let after = demo.live();
    assert!(after["at"].as_str() >= before["at"].as_str(), "{} after {}", after["at"], before["at"]);
    assert_eq!(after["session"]["id"], before["session"]["id"]);
    for car in cars(&before).filter(|car| served(car)) {
        let again = cars(&after).find(|again| again["number"] == car["number"]).unwrap();
        assert_eq!(again["stop"]["visits"][0], car["stop"]["visits"][0]);
    }
    demo.wait("the race ends", |live| live["session"]["running"] == false);
    drop(demo);
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["demo"], "nothing beside the one folder");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// What a command says of a demo's season, and how it ended.
fn command(dir: &Path, name: &str, more: &[&str]) -> (Option<i32>, String) {
    let season = dir.join("seasons/blancpain-gt-series-asia-2018");
    let output = Command::new(env!("CARGO_BIN_EXE_parcferme")).arg(name).arg(season).args(more).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
}

/// The facts of a demo's season, as they are exported.
fn exported(dir: &Path) -> Vec<Value> {
    let (code, lines) = command(dir, "export", &[]);
    assert_eq!(code, Some(0), "{lines}");
    let facts = lines.lines().map(|line| serde_json::from_str(line).unwrap());
    facts.filter(|line: &Value| line["n"].is_u64()).collect()
}

/// Records an incident beside the weekend, which goes on meanwhile.
fn note(dir: &Path, id: &str) {
    let file = dir.join("seasons/note.toml");
    let text = format!(
        "[[incident]]\nid = \"{id}\"\nat = 2018-10-13T06:30:00Z\ncite = \"a note\"\nsession = \"6.race-1\"\ncars = []\nwhat = \"A dog on the track\"\n"
    );
    std::fs::write(&file, text).unwrap();
    let (code, said) = command(dir, "record", &[file.to_str().unwrap(), "--by", "Kim"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn what_somebody_records_beside_the_weekend_is_kept_and_nothing_of_it_is_told_twice() {
    let folder = folder("demo-beside");
    let dir = folder.join("demo");
    let told = |live: &Value| cars(live).filter_map(|car| car["laps"].as_str()?.parse::<u32>().ok()).sum::<u32>();
    let demo = Demo::start(&dir, "20");
    note(&dir, "beside-1");
    // It goes on after a fact that it did not record itself.
    let before = told(&demo.live());
    let went_on = demo.wait("laps after a fact of somebody else", |live| told(live) > before + 5);
    drop(demo);
    note(&dir, "beside-2");
    let demo = Demo::start(&dir, "20");
    let after = demo.live();
    assert!(told(&after) >= told(&went_on) && after["at"].as_str() < Some("2018-10-14"), "{}", after["at"]);
    demo.wait("laps after the second start", |live| told(live) > told(&went_on) + 5);
    // Of two demos on one folder the second says where the first is, and writes nothing.
    let address = demo.address.clone();
    let second = ["demo", "--listen", "127.0.0.1:0", "--dir", dir.to_str().unwrap()];
    let output = Command::new(env!("CARGO_BIN_EXE_parcferme")).args(second).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("in use") && said.contains(&address) && said.contains("--dir"), "{said}");
    drop(demo);
    let (code, said) = command(&dir, "verify", &[]);
    assert_eq!(code, Some(0), "{said}");
    let facts = exported(&dir);
    let by_kim = facts.iter().filter(|fact| fact["by"] == "Kim").map(|fact| fact["fact"]["incident"]["id"].as_str().unwrap());
    assert_eq!(by_kim.collect::<Vec<_>>(), ["beside-1", "beside-2"]);
    let mut told: Vec<String> = facts.iter().map(|fact| format!("{} {} {}", fact["happened"], fact["by"], fact["fact"])).collect();
    let all = told.len();
    told.sort_unstable();
    told.dedup();
    assert_eq!(told.len(), all, "nothing twice");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_folder_of_somebody_else_is_left_alone_and_a_taken_port_says_what_to_do() {
    let folder = folder("demo-not-ours");
    std::fs::write(folder.join("mine.txt"), "mine").unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_parcferme")).arg("demo").args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = run(&["--listen", "127.0.0.1:0", "--dir", folder.to_str().unwrap()]);
    assert!(code == Some(2) && said.contains("--dir"), "{said}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = taken.local_addr().unwrap().to_string();
    let (code, said) = run(&["--listen", &at, "--dir", folder.join("new").to_str().unwrap()]);
    assert!(code == Some(3) && said.contains("--listen"), "{said}");
    assert!(!folder.join("new").exists(), "nothing is written before it can be served");
    std::fs::remove_dir_all(&folder).unwrap();
}
