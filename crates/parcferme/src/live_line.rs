//! The line to a server: its live stream, taken up again where it broke.

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

use crate::live::Board;
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

/// Listens until it is over, and puts what it hears on the board.
pub(crate) fn listen(address: &str, board: Board, over: Arc<AtomicBool>) -> Result<std::thread::JoinHandle<()>, Stop> {
    let unclear = |why: &str| Stop::usage(format!("`{address}` is no address of a server: {why}; write it as http://127.0.0.1:8018"));
    let uri: Uri = address.parse().map_err(|_| unclear("it cannot be read"))?;
    if uri.scheme_str() != Some("http") {
        return Err(unclear("only http is spoken here; for https go through a proxy"));
    }
    let host = uri.host().ok_or_else(|| unclear("it names no host"))?;
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let port = uri.port_u16().unwrap_or(80);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Stop::io("the live view", &error))?;
    let mut line = Line { host, port, board, known: Value::Null, number: None, seen: None };
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
    host: String,
    port: u16,
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
            let Err(why) = self.open().await;
            self.board.lock().expect("nobody panics while holding the frame").lost = Some(why);
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Listens until the line is lost, and says why it was.
    async fn open(&mut self) -> Result<std::convert::Infallible, String> {
        let late = |_| String::from("no answer");
        let connecting = TcpStream::connect((self.host.as_str(), self.port));
        let stream = tokio::time::timeout(ANSWER, connecting).await.map_err(late)?.map_err(|error| error.to_string())?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
        tokio::spawn(connection);
        let mut request = Request::get("/api/v1/live/stream").header("host", format!("{}:{}", self.host, self.port));
        if let Some(seen) = &self.seen {
            request = request.header("last-event-id", seen);
        }
        let request = request.body(Empty::<Bytes>::new()).map_err(|error| error.to_string())?;
        let response = tokio::time::timeout(ANSWER, sender.send_request(request)).await.map_err(late)?;
        let response = response.map_err(|error| error.to_string())?;
        if response.status() != StatusCode::OK {
            return Err(format!("the server answered {}; is it Parc Fermé?", response.status()));
        }
        self.read(response.into_body()).await
    }

    async fn read(&mut self, mut body: Incoming) -> Result<std::convert::Infallible, String> {
        let mut text = Vec::new();
        loop {
            let piece = tokio::time::timeout(SILENT, body.frame()).await.map_err(|_| String::from("the server fell silent"))?;
            let piece = piece.ok_or_else(|| String::from("the server closed the line"))?.map_err(|error| error.to_string())?;
            let Some(bytes) = piece.data_ref() else { continue };
            text.extend_from_slice(bytes);
            while let Some(end) = text.windows(2).position(|pair| pair == b"\n\n") {
                let event: Vec<u8> = text.drain(..end + 2).collect();
                self.event(&String::from_utf8_lossy(&event))?;
            }
            if text.len() > LONGEST {
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
            "delta" if self.number.is_some_and(|last| last + 1 == number) => patch::apply(&mut self.known, &data["patch"]),
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
