//! Every page and every route of the API under input that nobody means well with: what comes back is bounded, escaped, of the right kind and
//! clear, and the server goes on.

mod addresses;
#[expect(dead_code, reason = "only a folder is needed here")]
mod folder;
#[expect(dead_code, reason = "only the demo is needed here")]
mod served;

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use serde_json::Value;

use served::{Answer, Demo};

/// A whole page or answer at most.
const MOST: usize = 2 << 20;
/// An error at most: what a stranger wrote comes back in part, or not at all.
const MOST_ERROR: usize = 12 << 10;

/// What comes where a name or a number is meant, as it stands in an address.
const NAMES: [&str; 34] = [
    "%00",
    "%0d%0aset-cookie:%20a=b",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "..",
    "%5c..%5c",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    "%22%20onmouseover=%22alert(1)",
    "%27%3B%20DROP%20TABLE%20facts%3B--",
    "javascript:alert(1)",
    "%7B%7B7*7%7D%7D",
    "%ff%fe%c0%af",
    "%",
    "%zz",
    "%E2%80%AE%E2%80%8B%EF%BB%BF",
    "%F0%9F%8F%81",
    "e%CC%81%CC%81%CC%81",
    "-1",
    "0",
    "1e308",
    "NaN",
    "65536",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999999999999999999999",
    "6.",
    ".race-1",
    "65536.race-1",
    "6.race-1.race-1",
    "1-99999999",
    "9999-12-31T23:59:59Z",
    "-009999-01-02T01:59:59Z",
];

/// What is there in the demo, so that what else is asked gets as deep as it can.
const THERE: [(&str, &str); 14] = [
    ("round", "6"),
    ("session", "6.race-1"),
    ("car", "38"),
    ("entry", "38"),
    ("lap", "3"),
    ("championship", "gt3-drivers"),
    ("competitor", "kodric"),
    ("driver", "kodric"),
    ("team", "absolute"),
    ("fact", "3"),
    ("number", "3"),
    ("document", "3"),
    ("id", "6.race-1"),
    ("name", "style.css"),
];

/// What pages take after the question mark, beside what the description of the API names.
const QUERIES: [&str; 14] =
    ["class", "cup", "follow", "delay", "at", "q", "page", "limit", "from", "to", "after", "car", "speed", "format"];

/// A route: its parts, and what it may be asked after the question mark.
struct Route {
    pattern: String,
    queries: BTreeSet<String>,
}

impl Route {
    fn api(&self) -> bool {
        self.pattern.starts_with("/api/")
    }

    fn places(&self) -> Vec<&str> {
        self.pattern.split(['{', '}']).skip(1).step_by(2).collect()
    }

    /// The address with what is there, but for one place.
    fn with(&self, place: &str, value: &str) -> String {
        let mut address = self.pattern.clone();
        for of in self.places() {
            let there = THERE.iter().find(|(name, _)| *name == of).map_or("6", |(_, there)| there);
            address = address.replace(&format!("{{{of}}}"), if of == place { value } else { there });
        }
        address
    }
}

/// Every route: the pages as the sources write them, the API as its description says.
fn routes() -> Vec<Route> {
    let description: Value = serde_json::from_str(&server::description()).expect("JSON");
    let paths = description["paths"].as_object().expect("paths");
    let named = |of: &Value| {
        let parameters = of["get"]["parameters"].as_array().cloned().unwrap_or_default();
        let query = parameters.into_iter().filter(|of| of["in"] == "query");
        query.map(|of| of["name"].as_str().expect("a name").to_owned()).collect::<BTreeSet<String>>()
    };
    let mut queries: BTreeSet<String> = QUERIES.map(String::from).into();
    queries.extend(paths.values().flat_map(named));
    let api = paths.iter().map(|(pattern, of)| Route { pattern: pattern.clone(), queries: named(of) });
    let mut routes: Vec<Route> = api.collect();
    assert!(routes.len() >= 2, "the description names the routes");
    routes.extend(addresses::pages().into_iter().map(|pattern| Route { pattern, queries: queries.clone() }));
    routes.push(Route { pattern: String::from("/api/v1/openapi.json"), queries: BTreeSet::new() });
    routes.push(Route { pattern: String::from("/api/v1/{nothing}"), queries: BTreeSet::new() });
    routes.push(Route { pattern: String::from("/{nothing}"), queries: BTreeSet::new() });
    routes
}

/// What is wrong with an answer; empty where nothing is.
fn wrong(route: &Route, answer: &Answer) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut hold = |is: bool, says: String| {
        if !is {
            wrong.push(says);
        }
    };
    let (status, kind, text) = (answer.status, answer.header("content-type"), answer.text());
    hold((200..500).contains(&status), format!("status {status}"));
    let most = if status >= 400 { MOST_ERROR } else { MOST };
    hold(answer.body.len() <= most, format!("{} bytes with status {status}", answer.body.len()));
    hold(answer.header("set-cookie").is_empty(), String::from("a header that a stranger wrote"));
    // 431 and 414 are said by the wire itself, before there is a page; 400 too where the address cannot be one.
    let by_the_wire = answer.body.is_empty() && [400, 414, 431].contains(&status);
    if by_the_wire {
        return wrong;
    }
    hold(answer.header("x-content-type-options") == "nosniff", String::from("no nosniff"));
    hold(answer.header("content-security-policy").contains("script-src 'self'"), String::from("no policy for scripts"));
    if route.api() || (route.pattern.starts_with("/assets/") && status >= 400) {
        if status >= 400 {
            hold(kind == "application/problem+json", format!("an error of the API as `{kind}`"));
            let problem: Value = serde_json::from_str(&text).unwrap_or_default();
            hold(problem["status"] == status && problem["detail"].as_str().is_some_and(|detail| detail.len() > 5), format!("says {text}"));
        } else {
            hold(["application/json", "text/event-stream"].contains(&kind), format!("the API answers `{kind}`"));
        }
    } else {
        let known =
            ["text/html; charset=utf-8", "text/calendar; charset=utf-8", "text/css; charset=utf-8", "text/javascript; charset=utf-8"];
        hold(known.contains(&kind) || (300..400).contains(&status), format!("a page as `{kind}`"));
        for marker in ["<script>alert", "<img src=x", "\" onmouseover=", "href=\"javascript:"] {
            hold(!text.contains(marker), format!("`{marker}` as it was written"));
        }
    }
    wrong
}

/// What was asked, and what was wrong with the answers.
#[derive(Default)]
struct Account {
    asked: usize,
    faults: Vec<String>,
}

impl Account {
    fn hold(&mut self, route: &Route, target: &str, answer: &Answer) {
        self.asked += 1;
        let shown: String = target.chars().take(120).collect();
        self.faults.extend(wrong(route, answer).into_iter().map(|says| format!("{shown}: {says}")));
    }

    fn close(self, what: &str) {
        let first: Vec<&str> = self.faults.iter().map(String::as_str).take(40).collect();
        assert!(self.faults.is_empty(), "{} of {} {what}:\n{}", self.faults.len(), self.asked, first.join("\n"));
        assert!(self.asked > 50, "only {} {what}", self.asked);
        // Past the test runner, which keeps to itself what a test that passes says.
        _ = writeln!(std::io::stderr().lock(), "hostile: {} {what}", self.asked);
    }
}

#[test]
fn names_and_ids() {
    let demo = Demo::start("hostile-names");
    let mut account = Account::default();
    let huge = ["a".repeat(9_000), "%F0%9F%8F%81".repeat(2_000), "..%2f".repeat(2_000)];
    for route in routes() {
        for place in route.places() {
            for name in NAMES.into_iter().chain(huge.iter().map(String::as_str)) {
                let target = route.with(place, name);
                account.hold(&route, &target, &demo.get(&target));
            }
        }
    }
    account.close("names");
    demo.end();
}

#[test]
fn queries_and_ranges() {
    let demo = Demo::start("hostile-queries");
    let mut account = Account::default();
    let many: Vec<String> = (0..2_000).map(|nth| format!("q{nth}=x")).collect();
    for route in routes() {
        let base = route.with("", "");
        // One of each kind for each question; all kinds in turn over the routes.
        for (nth, query) in route.queries.iter().enumerate() {
            for name in NAMES.into_iter().skip(nth % 4).step_by(4) {
                let target = format!("{base}?{query}={name}");
                account.hold(&route, &target, &demo.get(&target));
            }
        }
        let at = route.queries.first().map_or("q", String::as_str);
        let long = [many.join("&"), format!("{at}={}", "a".repeat(20_000)), format!("{at}=1&{at}=2&{at}[]=3"), String::from("&&==%00=&?#")];
        for query in long {
            let target = format!("{base}?{query}");
            account.hold(&route, &target, &demo.get(&target));
        }
    }
    account.close("queries");
    demo.end();
}

#[test]
fn methods() {
    let demo = Demo::start("hostile-methods");
    let mut account = Account::default();
    for route in routes() {
        let target = route.with("", "");
        let there = demo.get(&target).status;
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "GET2", "get"] {
            let answer = demo.ask(method, &target);
            account.hold(&route, &format!("{method} {target}"), &answer);
            assert!(answer.status >= 400, "{method} {target} answers {}", answer.status);
        }
        let head = demo.ask("HEAD", &target);
        assert!(head.status == there && head.body.is_empty(), "HEAD {target}: {}, GET {there}", head.status);
        let body =
            format!("POST {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 99999999999\r\n\r\n{}", "x".repeat(70_000));
        account.hold(&route, &format!("POST {target} with a body"), &demo.send(body.as_bytes()));
    }
    account.close("methods");
    demo.end();
}

#[test]
fn broken_requests() {
    let demo = Demo::start("hostile-requests");
    let line = "GET /live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n";
    let requests: [(&str, Vec<u8>); 14] = [
        ("a header of a megabyte", format!("{line}a: {}\r\n\r\n", "x".repeat(1 << 20)).into()),
        ("ten thousand headers", format!("{line}{}\r\n", "a: b\r\n".repeat(10_000)).into()),
        ("an address of a megabyte", format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(1 << 20)).into()),
        ("a header with a zero", format!("{line}a: \0\r\n\r\n").into()),
        ("bytes that are no text", [line.as_bytes(), b"a: \xff\xfe\r\n\r\n"].concat()),
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec()),
        ("another protocol", b"SSH-2.0-x\r\n\r\n".to_vec()),
        ("a version to come", b"GET /live HTTP/9.9\r\nhost: x\r\n\r\n".to_vec()),
        ("two lengths", format!("{line}content-length: 5\r\ncontent-length: 6\r\n\r\nabcdef").into()),
        ("a length and chunks", format!("{line}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n").into()),
        ("a broken chunk", format!("POST{}transfer-encoding: chunked\r\n\r\nzz\r\n", &line[3..]).into()),
        (
            "an address elsewhere",
            b"GET http://elsewhere.example/live HTTP/1.1\r\nhost: elsewhere.example\r\nconnection: close\r\n\r\n".to_vec(),
        ),
        ("a tunnel", b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: x\r\n\r\n".to_vec()),
        ("a range of bytes", format!("{line}range: bytes=0-0,-1,99999999999999999999-\r\n\r\n").into()),
    ];
    for (what, request) in requests {
        let answer = demo.send_within(&request, Duration::from_secs(2));
        assert!(answer.status < 500 && answer.body.len() < MOST, "{what}: {answer:?}");
    }
    let ids = ["x".repeat(7_000), String::from("-"), String::from("1-18446744073709551616"), String::from("é-1")];
    for id in ids {
        let request = format!("GET /api/v1/live/stream HTTP/1.1\r\nhost: x\r\nlast-event-id: {id}\r\n\r\n");
        let answer = demo.send(request.as_bytes());
        assert!(answer.status == 200 && answer.text().contains("event: snapshot"), "{answer:?}");
    }
    demo.end();
}

/// A WebSocket that was opened as it should be.
const UPGRADE: &str = "GET /api/v1/live/stream HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

#[test]
fn broken_sockets() {
    let demo = Demo::start("hostile-sockets");
    for (from, to) in [
        ("sec-websocket-version: 13", "sec-websocket-version: 12"),
        ("sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""),
        ("connection: upgrade", "connection: close"),
        ("GET", "POST"),
    ] {
        let answer = demo.send(UPGRADE.replacen(from, to, 1).replace("connection: upgrade", "connection: upgrade, close").as_bytes());
        let problem = answer.header("content-type") == "application/problem+json";
        assert!((400..500).contains(&answer.status) && problem, "{from} as {to}: {answer:?}");
    }
    // Another upgrade is an offer that need not be taken: some clients make it with every request.
    let offered = demo.send(UPGRADE.replacen("upgrade: websocket", "upgrade: h2c", 1).as_bytes());
    assert!(offered.status == 200 && offered.header("content-type") == "text/event-stream", "{offered:?}");
    let masked = |head: &[u8], text: &[u8]| [head, &[0, 0, 0, 0], text].concat();
    let frames: [(&str, Vec<u8>); 7] = [
        ("nothing that is a frame", vec![0xff; 4_000]),
        ("a frame without its mask", b"\x81\x05hello".to_vec()),
        ("a frame of nine exabytes", masked(&[0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], b"x")),
        ("a text that is none", masked(&[0x81, 0x82], b"\xff\xfe")),
        ("a long text", masked(&[0x81, 0xff, 0, 0, 0, 0, 0, 0x40, 0, 0], &vec![b'x'; 1 << 22])),
        ("many pings", masked(&[0x89, 0x80], b"").repeat(5_000)),
        ("many empty parts", masked(&[0x00, 0x80], b"").repeat(5_000)),
    ];
    for (what, frame) in frames {
        let mut stream = demo.connect();
        stream.write_all(UPGRADE.as_bytes()).expect("it reads");
        assert_eq!(Answer::read(&mut stream).status, 101, "{what}");
        // It may hang up while we still talk.
        _ = stream.write_all(&frame);
        let begun = Instant::now();
        let mut read = vec![0; 1 << 16];
        stream.set_read_timeout(Some(Duration::from_millis(500))).expect("a limit");
        while begun.elapsed() < Duration::from_millis(500) && matches!(stream.read(&mut read), Ok(read) if read > 0) {}
    }
    demo.end();
}

#[test]
fn slow_readers_and_slow_writers_hold_up_nobody() {
    let demo = Demo::start("hostile-slow");
    let mut held = Vec::new();
    for nth in 0..150 {
        let mut stream = demo.connect();
        let request: &[u8] = match nth % 3 {
            // A stream that nobody reads; pages that nobody reads; a request that never ends.
            0 => b"GET /api/v1/live/stream HTTP/1.1\r\nhost: x\r\n\r\n",
            1 => b"GET /live HTTP/1.1\r\nhost: x\r\n\r\nGET /live HTTP/1.1\r\nhost: x\r\n\r\n",
            _ => b"GET /live HTTP/1.1\r\nhost: x\r\na: ",
        };
        stream.write_all(request).expect("it reads");
        held.push(stream);
    }
    std::thread::sleep(Duration::from_secs(2));
    for target in ["/live", "/api/v1/live", "/api/v1/live/stream"] {
        let begun = Instant::now();
        assert_eq!(demo.get(target).status, 200, "{target}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{target} took {:?}", begun.elapsed());
    }
    drop(held);
    demo.end();
}
