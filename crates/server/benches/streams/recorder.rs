//! One client that keeps what it reads: the frames that are published to the peer, byte for byte.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;

use crate::ours::SUBSCRIBE;

/// A frame as it was sent.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub frame: u32,
    pub event: String,
    pub data: String,
}

/// Records the stream of a server until that ends.
pub fn record(server: SocketAddr) -> JoinHandle<Vec<Recorded>> {
    let mut stream = TcpStream::connect(server).expect("the server listens");
    write!(stream, "GET {SUBSCRIBE} HTTP/1.1\r\nHost: {server}\r\nAccept: text/event-stream\r\n\r\n").expect("it takes a request");
    std::thread::spawn(move || {
        let (mut recorded, mut frame, mut event) = (Vec::new(), None, String::new());
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            match line.split_once(": ") {
                Some(("event", name)) => name.clone_into(&mut event),
                Some(("id", id)) => frame = id.rsplit_once('-').and_then(|(_, frame)| frame.parse().ok()),
                Some(("data", data)) => {
                    let frame = frame.take().expect("every frame has an id before its data");
                    recorded.push(Recorded { frame, event: std::mem::take(&mut event), data: data.to_owned() });
                }
                _ => {}
            }
        }
        recorded
    })
}
