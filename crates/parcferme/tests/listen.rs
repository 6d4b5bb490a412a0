//! `listen`: a decoder on a line that breaks, with frames that get lost; every passing is in the journal once.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sport::date::Micros;
use sport::session::SessionKind;
use timing::account::{Account, Car, Driver, Lap};
use timing::p3::record::{Passing, Record, What};
use timing::p3::stream::Stream;
use timing::sim::acc::broadcast_played::Played;

#[expect(dead_code, reason = "a part of what other tests ask for")]
mod folder;

use folder::Folder;

/// A league whose first round begins today.
fn today(name: &str) -> Folder {
    let folder = Folder::league(name);
    let now = jiff::Timestamp::now().to_string();
    folder.change("l/season/season.toml", "first-day = 2020-04-04", &format!("first-day = {}", &now[..10]));
    folder.change("l/rulebook/rulebook.toml", "year = 2020", &format!("year = {}", &now[..4]));
    folder.change("l/season/season.toml", "first-day = 2020-05-02", &format!("first-day = {}-12-30", &now[..4]));
    folder
}

/// A decoder that keeps what it counted, and loses some of it on the way.
struct Loop {
    listener: TcpListener,
    begun: i64,
}

impl Loop {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        Self { listener, begun: jiff::Timestamp::now().as_microsecond() }
    }

    fn frame(&self, number: u32) -> Vec<u8> {
        let time = u64::try_from(self.begun + i64::from(number) * 1_000_000).expect("after 1970");
        let what = What::Passing(Passing { number, transponder: Some(1_000 + number), time, ..Passing::default() });
        Record { decoder: Some(1), what, rest: Vec::new() }.frame().encode()
    }

    /// Sends these on a new line, and what is asked for again, until nothing more is asked; then breaks the line.
    fn serve(&self, numbers: &[u32], newest: u32) {
        let (mut line, _) = self.listener.accept().expect("it connects");
        line.set_read_timeout(Some(Duration::from_millis(300))).expect("a socket");
        for number in numbers {
            line.write_all(&self.frame(*number)).expect("it listens");
        }
        let (mut stream, mut bytes) = (Stream::new(), [0; 4_096]);
        let until = Instant::now() + Duration::from_secs(3);
        while Instant::now() < until {
            let Ok(length) = line.read(&mut bytes) else { continue };
            let mut asked = Vec::new();
            stream.take(&bytes[..length], |told| {
                if let Ok(Record { what: What::Resend { from, until }, .. }) = told {
                    asked.extend(from..=until.min(newest));
                }
            });
            asked.into_iter().for_each(|number| answer(&mut line, &self.frame(number)));
        }
    }
}

fn answer(line: &mut TcpStream, frame: &[u8]) {
    // A line may be gone by now.
    _ = line.write_all(frame);
}

fn listen(folder: &Folder, port: u16) -> Child {
    let source = format!("finish-main=p3://127.0.0.1:{port}");
    let mut command = folder.command(&["listen", "l/season", "1", "--source", &source]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs")
}

fn interrupted(child: Child) -> String {
    let told = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
    assert!(told.success());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The transponders in the journal, in order.
fn recorded(folder: &Folder) -> Vec<u64> {
    let journal = folder.run(&["export", "l/season"]).code(0).out;
    // A source's passings are pairs of a transponder and a time: `"passings":[[1001,1764566400000000],…]`.
    let heard =
        journal.lines().filter_map(|line| line.split_once("\"passings\":[[")?.1.split_once("]]")).flat_map(|(pairs, _)| pairs.split("],["));
    let mut all: Vec<u64> = heard.filter_map(|pair| pair.split(',').next()?.parse().ok()).collect();
    all.sort_unstable();
    all
}

#[test]
fn every_passing_is_recorded_once_whatever_becomes_of_the_line() {
    let folder = today("listen");
    let decoder = Loop::new();
    let port = decoder.listener.local_addr().expect("an address").port();
    let child = listen(&folder, port);
    // Some are lost on the way, and then the line is.
    decoder.serve(&[1, 2, 4, 5, 9], 9);
    // While it was gone the decoder heard more; of that the first new one tells.
    decoder.serve(&[14], 14);
    let said = interrupted(child);
    assert!(said.contains("14 passings recorded") && said.contains("connected (2.)"), "{said}");
    assert_eq!(recorded(&folder), (1_001..=1_014).collect::<Vec<u64>>());
    // The program was gone as well: it asks for all the decoder has, and records what is new.
    let child = listen(&folder, port);
    decoder.serve(&[17], 17);
    let said = interrupted(child);
    assert!(said.contains("3 passings recorded"), "{said}");
    assert_eq!(recorded(&folder), (1_001..=1_017).collect::<Vec<u64>>());
}

/// A qualifying session, played by a decoder of every kind and heard over TCP: as many passings come as were played.
#[test]
fn every_kind_of_decoder_is_played_and_heard() {
    let kinds = ["p3", "tranx", "ambrc", "chronelec", "race-result", "x2"];
    let tried: Vec<_> = kinds.map(|kind| std::thread::spawn(move || played_and_heard(kind))).into_iter().collect();
    for (tried, kind) in tried.into_iter().zip(kinds) {
        tried.join().unwrap_or_else(|_| panic!("{kind}"));
    }
}

fn played_and_heard(kind: &str) {
    let before = Folder::league(&format!("play-{kind}"));
    before.run(&["simulate", "l/season", "2", "--seed", "7"]).code(0);
    let here = today(&format!("heard-{kind}"));
    let arguments = ["play", "l/season", "2.qualifying", "--as", kind, "--listen", "127.0.0.1:0", "--speed", "100"];
    let mut playing = before.command(&arguments).stderr(Stdio::piped()).spawn().expect("the binary runs");
    let mut said = BufReader::new(playing.stderr.take().expect("piped")).lines();
    // `38 passings of 2.qualifying, as p3 on 127.0.0.1:5403`.
    let told = said.next().expect("it says so").expect("text");
    let (count, address) = (told.split(' ').next().expect("a count"), told.rsplit(' ').next().expect("an address"));
    let source = format!("finish-main={kind}://{address}");
    let mut command = here.command(&["listen", "l/season", "1", "--source", &source]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    let over = said.next().map(|line| line.expect("text"));
    assert_eq!(over.as_deref(), Some("everything was played"), "{kind}");
    std::thread::sleep(Duration::from_secs(1));
    let heard = interrupted(child);
    playing.kill().expect("it plays on");
    playing.wait().expect("it ends");
    assert!(heard.contains(&format!("{count} passings recorded")), "{kind}: {told}: {heard}");
    let count: usize = count.parse().expect("a number");
    assert_eq!(recorded(&here).len(), count, "{kind}");
}

/// A game that plays a race of one short lap, and tells of it in datagrams: each car's lap is recorded, fitted to the car of the season.
#[test]
fn laps_of_a_game_are_heard_over_udp() {
    let folder = today("game");
    folder.change("l/season/entries.toml", "number = \"2\"", "number = \"22\"");
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    socket.set_read_timeout(Some(Duration::from_millis(20))).expect("a socket");
    let port = socket.local_addr().expect("an address").port();
    let mut account = Account::default();
    account.about.kind = Some(SessionKind::Race);
    for number in ["1", "22"] {
        let car = account.cars.len();
        account.cars.push(Car { number: number.to_owned(), drivers: vec![Driver::default()], ..Car::default() });
        for lap in 1..=1 {
            account.laps.push(Lap { time: Some(Micros(21_000_000 + i64::from(lap) * 500_000)), driver: Some(0), ..Lap::of(car, lap) });
        }
    }
    let source = format!("finish-main=acc://asd@127.0.0.1:{port}");
    let mut command = folder.command(&["listen", "l/season", "1", "--source", &source]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    let now = || sport::date::Instant(jiff::Timestamp::now().as_microsecond());
    let mut game = Played::of(&[account], "asd", now());
    let (mut bytes, begun) = ([0; 4_096], Instant::now());
    while begun.elapsed() < Duration::from_secs(31) {
        if let Ok((length, from)) = socket.recv_from(&mut bytes) {
            for datagram in game.take(&from, &bytes[..length], now()) {
                socket.send_to(&datagram, from).expect("it listens");
            }
        }
        for (to, datagram) in game.due(now()) {
            socket.send_to(&datagram, to).expect("it listens");
        }
    }
    let said = interrupted(child);
    assert!(said.contains("2 passings recorded"), "{said}");
    let journal = folder.run(&["log", "l/season"]).code(0).out;
    assert!(journal.contains("car 1 of the feed") && journal.contains("car 22 of the feed"), "{journal}");
}

#[test]
fn what_cannot_be_listened_to_is_told_before_anything_is_recorded() {
    let folder = today("unheard");
    let said = |source: &str| folder.run(&["listen", "l/season", "1", "--source", source]);
    said("finish-mian=p3://127.0.0.1").code(2).says(&["no source finish-mian", "finish-main"]);
    said("finish-main=p9://127.0.0.1").code(2).says(&["p9", "race-result"]);
    folder.run(&["listen", "l/season", "9", "--source", "finish-main=p3://127.0.0.1"]).code(2).says(&["there is no round 9"]);
}
