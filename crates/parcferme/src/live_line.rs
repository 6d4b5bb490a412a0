//! The line to a server: its live stream, taken up again where it broke.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use server::patch;
use tokio::net::TcpStream;

use crate::live::{Board, Lost};
use crate::moment;
use crate::stop::Stop;

/// A server says something at least every fifteen seconds; who is silent for longer is gone.
const SILENT: Duration = Duration::from_secs(25);
/// How long a server may take to answer.
const ANSWER: Duration = Duration::from_secs(10);
/// No event is longer than this: a server that sends more is none of ours.
const LONGEST: usize = 8 << 20;
/// The wait before the line is taken up again.
const AGAIN: Duration = Duration::from_secs(1);

/// Where a server is.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Server {
    /// A name or an address, without the brackets that an address of IPv6 is written in.
    host: String,
    port: u16,
    /// Both as a request names them.
    named: String,
}

impl Server {
    /// The server of an address as people write it: alone, or of its live page.
    fn of(address: &str) -> Result<Self, Stop> {
        let unclear = |why: &str| Stop::usage(format!("`{address}` is no address of a server: {why}; write it as http://127.0.0.1:8018"));
        let uri: Uri = address.parse().map_err(|_| unclear("it cannot be read"))?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => {
                return Err(Stop::usage(format!(
                    "`{address}`: https is not spoken here; on the machine that serves, or through a tunnel to it, take the server's own address, such as http://127.0.0.1:8018"
                )));
            }
            _ => return Err(unclear("only http is spoken here")),
        }
        let authority = uri.authority().ok_or_else(|| unclear("it names no host"))?;
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(unclear("it names more or less than a host and a port"));
        }
        let port = match authority.as_str().strip_prefix(authority.host()) {
            Some("") => 80,
            rest => rest.and_then(|rest| rest.strip_prefix(':')?.parse().ok()).ok_or_else(|| unclear("its port cannot be read"))?,
        };
        if uri.query().is_some() || !matches!(uri.path(), "" | "/" | "/live") {
            return Err(Stop::usage(format!("`{address}` names one of its pages; name the server alone: http://{authority}")));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { host, port, named: format!("{}:{port}", authority.host()) })
    }
}

/// Listens until it is over, and puts what it hears on the board.
pub(crate) fn listen(address: &str, board: Board, over: Arc<AtomicBool>) -> Result<std::thread::JoinHandle<()>, Stop> {
    let server = Server::of(address)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Stop::io("the live view", &error))?;
    let mut line = Line { server, board, known: Value::Null, number: None, seen: None };
    Ok(std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                () = line.keep() => {}
                () = until(&over) => {}
            }
        });
    }))
}

async fn until(over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

struct Line {
    server: Server,
    board: Board,
    /// The frame, as its patches are applied to it.
    known: Value,
    number: Option<u64>,
    /// The id of the last event, to go on from.
    seen: Option<String>,
}

impl Line {
    async fn keep(&mut self) {
        loop {
            let Err(lost) = self.open().await;
            self.board.lock().expect("nobody panics while holding the frame").lost = Some(lost);
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Listens until the line is lost, and says why it was.
    async fn open(&mut self) -> Result<std::convert::Infallible, Lost> {
        let late = |_| Lost::perhaps_not_for_long("no answer");
        let odd = |error: hyper::Error| Lost::perhaps_not_for_long(&format!("what answers is no server of pages: {error}"));
        let Server { host, port, named } = &self.server;
        let connecting = TcpStream::connect((host.as_str(), *port));
        let stream = tokio::time::timeout(ANSWER, connecting).await.map_err(late)?.map_err(|error| {
            Lost::for_good(&if error.kind() == ErrorKind::ConnectionRefused {
                format!("nothing listens there; `parcferme serve SEASON --listen {named}` would, or check the address")
            } else {
                format!("{named} cannot be reached: {error}; check the address")
            })
        })?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(odd)?;
        tokio::spawn(connection);
        let mut request = Request::get("/api/v1/live/stream").header("host", named);
        if let Some(seen) = &self.seen {
            request = request.header("last-event-id", seen);
        }
        let request = request.body(Empty::<Bytes>::new()).map_err(|error| Lost::for_good(&error.to_string()))?;
        let response = tokio::time::timeout(ANSWER, sender.send_request(request)).await.map_err(late)?.map_err(odd)?;
        match response.status() {
            StatusCode::OK => self.read(response.into_body()).await.map_err(|why| Lost::perhaps_not_for_long(&why)),
            full @ (StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) => {
                Err(Lost::perhaps_not_for_long(&format!("the server answered {full}")))
            }
            other => Err(Lost::for_good(&format!("the server answered {other}; is it Parc Fermé?"))),
        }
    }

    async fn read(&mut self, mut body: Incoming) -> Result<std::convert::Infallible, String> {
        let mut events = Events::default();
        loop {
            let piece = tokio::time::timeout(SILENT, body.frame()).await.map_err(|_| String::from("the server fell silent"))?;
            let piece = piece.ok_or_else(|| String::from("the server closed the line"))?.map_err(|error| error.to_string())?;
            let Some(bytes) = piece.data_ref() else { continue };
            events.more(bytes);
            while let Some(event) = events.next() {
                self.event(&event)?;
            }
            if events.text.len() > LONGEST {
                return Err(String::from("the server sends what is no event"));
            }
        }
    }

    /// One event. A number that does not follow loses the line: it is taken up again from a snapshot.
    fn event(&mut self, event: &str) -> Result<(), String> {
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
        let (Some(kind), Some(data)) = (field("event: "), field("data: ")) else { return Ok(()) };
        let odd = |error: serde_json::Error| format!("an event cannot be read: {error}");
        let mut data: Value = serde_json::from_str(data).map_err(odd)?;
        let number = data["n"].as_u64().ok_or_else(|| String::from("an event has no number"))?;
        match kind {
            "snapshot" => self.known = data["frame"].take(),
            "delta" if self.number.and_then(|last| last.checked_add(1)) == Some(number) => patch::apply(&mut self.known, &data["patch"]),
            "delta" => {
                (self.number, self.seen) = (None, None);
                return Err(String::from("an event is missing"));
            }
            _ => return Ok(()),
        }
        (self.number, self.seen) = (Some(number), field("id: ").map(str::to_owned));
        let frame = serde_json::from_value(self.known.clone()).map_err(odd)?;
        let mut board = self.board.lock().expect("nobody panics while holding the frame");
        (board.frame, board.at, board.lost) = (Some(Arc::new(frame)), moment::now().0, None);
        Ok(())
    }
}

/// What a stream sent, cut into its events.
#[derive(Default)]
struct Events {
    text: Vec<u8>,
    /// So much of it was given out already.
    given: usize,
    /// No event ends before here: a large one comes in many pieces, and is looked through once.
    searched: usize,
}

impl Events {
    fn more(&mut self, bytes: &[u8]) {
        self.text.drain(..self.given);
        self.searched -= self.given;
        self.given = 0;
        self.text.extend_from_slice(bytes);
    }

    /// The next event, once all of it is there.
    fn next(&mut self) -> Option<String> {
        let Some(end) = self.text[self.searched..].windows(2).position(|pair| pair == b"\n\n") else {
            // The first of the two may be the last that came.
            self.searched = self.text.len().saturating_sub(1).max(self.given);
            return None;
        };
        let end = self.searched + end + 2;
        let event = String::from_utf8_lossy(&self.text[self.given..end]).into_owned();
        (self.given, self.searched) = (end, end);
        Some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_a_server_or_it_is_said_what_is_wrong() {
        let of = |address: &str| Server::of(address).map_err(|stop| stop.text().to_owned());
        let server = |host: &str, port, named: &str| Ok(Server { host: host.to_owned(), port, named: named.to_owned() });
        assert_eq!(of("http://127.0.0.1:8018"), server("127.0.0.1", 8018, "127.0.0.1:8018"));
        assert_eq!(of("http://timing.example/"), server("timing.example", 80, "timing.example:80"));
        assert_eq!(of("http://[::1]:8018/live"), server("::1", 8018, "[::1]:8018"));
        let wrong = |address: &str, says: &str| {
            let said = of(address).expect_err(address);
            assert!(said.contains(says) && said.contains("http://"), "{said}");
        };
        wrong("https://timing.example", "https is not spoken here");
        wrong("ftp://timing.example", "only http");
        wrong("http://127.0.0.1:8018/standings", "the server alone: http://127.0.0.1:8018");
        wrong("http://127.0.0.1:8018/?delay=3", "the server alone: http://127.0.0.1:8018");
        wrong("http://kim:secret@127.0.0.1:8018", "a host and a port");
        for unread in ["http://:8018", "http://127.0.0.1:99999", "http://127.0.0.1:", "http://[::1", "http://a b"] {
            wrong(unread, "is no address of a server");
        }
    }

    #[test]
    fn a_large_event_in_small_pieces_is_looked_through_once_and_cut_where_it_ends() {
        let large = format!("event: snapshot\ndata: {}\n\n", "x".repeat(6 << 20));
        let small = "event: delta\ndata: y\n\n";
        let all = [large.as_str(), small, small, "event: d"].concat();
        let (mut events, mut found) = (Events::default(), Vec::new());
        for piece in all.as_bytes().chunks(16) {
            events.more(piece);
            while let Some(event) = events.next() {
                found.push(event);
            }
        }
        assert_eq!(found, [large.as_str(), small, small]);
        assert_eq!(&events.text[events.given..], b"event: d");
    }

    #[test]
    fn after_the_last_number_there_is_no_next() {
        let server = Server::of("http://127.0.0.1:1").map_err(|stop| stop.text().to_owned()).expect("an address");
        let mut line = Line { server, board: Board::default(), known: Value::Null, number: Some(u64::MAX), seen: None };
        assert_eq!(line.event("event: delta\ndata: {\"n\": 0, \"patch\": {}}\n\n"), Err(String::from("an event is missing")));
    }
}
