//! Connections as clients have them: HTTP as long as they ask, a stream from when they ask for it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(dead_code, reason = "of the race only its facts are used")]

mod race;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use race::Told;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A race that has begun, and where it is served.
async fn served() -> (Told, SocketAddr) {
    let mut told = Told::of(race::race(35));
    told.until(sport::date::Instant(told.span().0));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(server::serve(Arc::clone(&told.site), listener, std::future::pending()));
    (told, address)
}

struct Client {
    socket: TcpStream,
    heard: String,
}

impl Client {
    async fn of(address: SocketAddr) -> Self {
        Self { socket: TcpStream::connect(address).await.unwrap(), heard: String::new() }
    }

    async fn ask(&mut self, request: &str) {
        self.heard.clear();
        self.socket.write_all(format!("{request}\r\n\r\n").as_bytes()).await.unwrap();
    }

    /// Reads on until some words came.
    async fn hears(&mut self, words: &str) {
        let read = async {
            let mut some = [0; 4_096];
            while !self.heard.contains(words) {
                let length = self.socket.read(&mut some).await.unwrap();
                assert!(length > 0, "ended before {words:?}: {}", self.heard);
                self.heard.push_str(&String::from_utf8_lossy(&some[..length]));
            }
        };
        tokio::time::timeout(Duration::from_secs(10), read).await.unwrap();
    }
}

const STREAM: &str = "GET /api/v1/live/stream HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream";

#[tokio::test]
async fn a_connection_that_has_asked_for_other_things_becomes_a_stream() {
    let (mut told, address) = served().await;
    let mut client = Client::of(address).await;
    client.ask("GET /api/v1/live HTTP/1.1\r\nHost: a").await;
    client.hears("\r\n\r\n{").await;
    let length = client.heard.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse::<usize>().ok()).unwrap();
    let (_, body) = client.heard.split_once("\r\n\r\n").unwrap();
    let mut rest = vec![0; length - body.len()];
    client.socket.read_exact(&mut rest).await.unwrap();
    client.ask(STREAM).await;
    client.hears("}\n\n").await;
    let (head, events) = client.heard.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    for header in
        ["content-type: text/event-stream", "cache-control: no-store", "x-content-type-options: nosniff", "date: ", "connection: close"]
    {
        assert_eq!(head.matches(&format!("\r\n{header}")).count(), 1, "{header} in {head}");
    }
    assert!(!head.contains("transfer-encoding"), "{head}");
    assert!(events.starts_with("event: snapshot\n"), "{events:.100}");
    // Whatever it says now is not listened to.
    client.ask("GET / HTTP/1.1\r\nHost: a").await;
    told.until(sport::date::Instant(i64::midpoint(told.span().0, told.span().1)));
    client.hears("}\n\n").await;
    assert!(client.heard.starts_with("event: delta\n"), "{:.100}", client.heard);
}

#[tokio::test]
async fn a_client_that_leaves_is_let_go() {
    let (told, address) = served().await;
    // Somebody who stays, so that the server is there to be counted.
    let mut client = Client::of(address).await;
    client.ask(STREAM).await;
    client.hears("event: snapshot").await;
    let before = Arc::strong_count(&told.site);
    let mut clients = Vec::new();
    for _ in 0..20 {
        let mut client = Client::of(address).await;
        client.ask(STREAM).await;
        client.hears("event: snapshot").await;
        clients.push(client);
    }
    assert!(Arc::strong_count(&told.site) >= before + 20);
    drop(clients);
    let since = std::time::Instant::now();
    while Arc::strong_count(&told.site) > before {
        assert!(since.elapsed() < Duration::from_secs(10), "{} of 20 are still held", Arc::strong_count(&told.site) - before);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn who_wants_the_head_or_a_socket_gets_it_from_http() {
    let (_told, address) = served().await;
    let mut client = Client::of(address).await;
    client.ask(&STREAM.replace("GET", "HEAD")).await;
    client.hears("\r\n\r\n").await;
    assert!(client.heard.starts_with("HTTP/1.1 200 OK\r\n"), "{}", client.heard);
    // The connection is still one of HTTP.
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    client.ask(&format!("{STREAM}\r\n{upgrade}")).await;
    client.hears("{\"event\":\"snapshot\"").await;
    assert!(client.heard.starts_with("HTTP/1.1 101 "), "{:.100}", client.heard);
    assert!(client.heard.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{:.300}", client.heard);
}
