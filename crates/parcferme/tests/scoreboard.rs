//! The session that runs as a scoreboard reads it: over TCP, with the reader of this project and against what `classify` prints.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use timing::rmonitor::record::Record;
use timing::rmonitor::stream::Stream;

#[expect(dead_code, reason = "a part of what other tests ask for")]
mod folder;
#[expect(dead_code, reason = "a part of what other tests ask for")]
mod served;

use folder::Folder;
use served::Demo;

/// What a scoreboard that connects is sent until so many heartbeats came.
fn read(demo: &Demo, heartbeats: usize) -> String {
    let said = fs::read_to_string(demo.folder.0.join("said")).expect("it says where");
    let address = said.split("RMonitor for scoreboards: ").nth(1).and_then(|rest| rest.lines().next()).expect("an address");
    let mut line = TcpStream::connect(address).expect("it listens");
    line.set_read_timeout(Some(Duration::from_secs(1))).expect("a socket");
    let (mut text, mut bytes, begun) = (String::new(), [0; 4_096], Instant::now());
    while text.matches("$F,").count() < heartbeats && begun.elapsed() < Duration::from_secs(30) {
        if let Ok(length) = line.read(&mut bytes) {
            text.push_str(&String::from_utf8_lossy(&bytes[..length]));
        }
    }
    text
}

fn records(text: &str, mut tell: impl FnMut(&Record<'_>)) {
    let mut stream = Stream::new();
    let mut told = |of: Result<Record<'_>, _>| tell(&of.expect("it is a record"));
    stream.take(text.as_bytes(), &mut told);
    stream.end(&mut told);
}

#[test]
fn a_scoreboard_that_connects_sees_the_order_that_classify_prints() {
    let folder = Folder::league("scoreboard");
    folder.run(&["simulate", "l/season", "2", "--seed", "7"]).code(0);
    let printed = folder.run(&["classify", "l/season", "2.race", "--format", "csv"]).code(0).out;
    let rows: Vec<Vec<String>> = printed.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    let column = |name: &str| rows[0].iter().position(|of| of == name).expect(name);
    let expected: Vec<(String, String, i64)> = rows[1..]
        .iter()
        .map(|row| (row[column("car")].clone(), row[column("laps")].clone(), row[column("time_us")].parse::<i64>().unwrap_or(0) / 1_000))
        .collect();
    let demo = Demo::run(folder, &["serve", "l/season", "--listen", "127.0.0.1:0", "--rmonitor", "127.0.0.1:0"]);
    let text = read(&demo, 2);
    let (mut order, mut bests, mut cars) = (BTreeMap::new(), 0, 0);
    records(&text, |record| {
        if let Record::Position { position, car, laps, total } = *record {
            order.insert(position, (car.to_owned(), laps.map_or_else(String::new, |laps| laps.to_string()), total.0));
        }
        bests += usize::from(matches!(record, Record::Best { .. }));
        cars += usize::from(matches!(record, Record::Competitor { .. }));
    });
    assert_eq!(order.into_values().collect::<Vec<_>>(), expected, "{text}");
    assert!(bests >= expected.len() && cars >= expected.len(), "{text}");
    assert!(text.contains("$B,") && text.contains("$E,\"TRACKNAME\",\"Second Circuit\"") && text.contains("\"Finish\""), "{text}");
}
