//! A connection: HTTP until its client asks for the live stream, then the stream and nothing else.
//!
//! What serves HTTP keeps room for the next request and the next answer, some 20 kB a connection. A stream has neither: its socket is taken
//! back once the answer's head is known, and what is left of the connection is a place in the stream. Measured in docs/performance.md.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, Version};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;

use crate::stream::Follower;

/// A client that takes so long to say what it wants is let go, and one that wants nothing more.
const ASKING: Duration = Duration::from_secs(30);
/// A client that takes nothing of what it asked for for so long is let go; one of the stream comes back where it was, if it is still there.
const STUCK: Duration = Duration::from_secs(30);
/// Where no more connections can be had, the next try comes after this.
const FULL: Duration = Duration::from_millis(200);

/// Open files that no connection gets: the journal is read with some, and who finds no room is told so with others.
const SPARE: usize = 64;
/// So many at a time are told that there is no room; more are only closed.
const TOLD: usize = SPARE / 2;
/// Connections where the system names no limit.
const MOST: usize = 1_000_000;

/// How many connections there is room for. A system lets a program have more files open than it gives it at first, where it asks.
#[cfg(unix)]
fn room() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // Where it cannot be raised, the limit is the one there is.
    _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    let files = getrlimit(Resource::Nofile).current.and_then(|files| usize::try_from(files).ok());
    files.map_or(MOST, |files| files.saturating_sub(SPARE).clamp(1, MOST))
}

#[cfg(not(unix))]
fn room() -> usize {
    MOST
}

/// What connections are held to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    room: usize,
    stuck: Duration,
}

impl Bounds {
    /// Those of this system.
    pub(crate) fn here() -> Self {
        Self { room: room(), stuck: STUCK }
    }
}

/// Accepts connections for ever, so many at a time. Without a bound of ours the system's would be met, and the journal could not be read any more.
pub(crate) async fn accept(listener: TcpListener, router: Router, bounds: Bounds) {
    let Bounds { room, stuck } = bounds;
    let router = TowerToHyperService::new(router);
    let (seats, told) = (Arc::new(Semaphore::new(room)), Arc::new(Semaphore::new(TOLD)));
    loop {
        match listener.accept().await {
            Ok((socket, client)) => {
                // What is sent is whole, and somebody waits for it.
                _ = socket.set_nodelay(true);
                hold_little(&socket);
                if let Ok(seat) = Arc::clone(&seats).try_acquire_owned() {
                    tokio::spawn(hold(Seated { socket, seat }, client, router.clone(), stuck));
                } else if let Ok(seat) = Arc::clone(&told).try_acquire_owned() {
                    tokio::spawn(turn_away(Seated { socket, seat }));
                }
            }
            // A client that left before it was let in is no reason to wait; the limit of open files is.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted || error.kind() == io::ErrorKind::ConnectionReset => {}
            Err(_) => tokio::time::sleep(FULL).await,
        }
    }
}

/// The system holds no more than this for a client that has no room for it, in bytes. Left alone it holds minutes of a stream, nobody notices that they
/// are not read, and they are old when they are.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 32 << 10;

/// Bounds what the system holds; one that cannot is as it was.
#[cfg(target_os = "linux")]
fn hold_little(socket: &TcpStream) {
    _ = socket2::SockRef::from(socket).set_tcp_notsent_lowat(UNSENT);
}

#[cfg(not(target_os = "linux"))]
fn hold_little(_: &TcpStream) {}

/// Tells a client that there is no room. Closed before its request is read, it might not read the answer.
async fn turn_away(seated: Seated) {
    let answer = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let heard = tokio::time::timeout(FULL, seated.socket.readable()).await;
    if heard.is_ok() {
        _ = seated.socket.try_read(&mut [0; 4_096]);
    }
    _ = seated.socket.try_write(answer);
}

/// A socket, and that it is counted.
struct Seated {
    socket: TcpStream,
    #[expect(dead_code, reason = "given back when it is dropped")]
    seat: OwnedSemaphorePermit,
}

/// What the two lives of a connection share.
struct Held {
    seated: Mutex<Option<Seated>>,
    /// The head of the answer and the place in the stream, once the stream was asked for.
    onward: Mutex<Option<(Vec<u8>, Follower)>>,
}

/// A connection from its first request on.
async fn hold(seated: Seated, client: SocketAddr, router: TowerToHyperService<Router>, stuck: Duration) {
    let held = Arc::new(Held { seated: Mutex::new(Some(seated)), onward: Mutex::new(None) });
    let answers = {
        let held = Arc::clone(&held);
        service_fn(move |request: Request<Incoming>| {
            let (held, router) = (Arc::clone(&held), router.clone());
            async move { answer(&held, &router, client, request).await }
        })
    };
    let mut http = http1::Builder::new();
    let serving = http
        .timer(TokioTimer::new())
        .header_read_timeout(ASKING)
        .serve_connection(Lent { held: Arc::clone(&held), patience: stuck, stuck: None }, answers)
        .with_upgrades();
    // Whatever ended it ended it; there is nobody left to tell.
    _ = serving.await;
    // Where nothing goes onward, the socket is closed with what was lent it, or has become one of WebSockets and is lent for longer.
    let Some((head, follower)) = held.onward.lock().expect(UNBROKEN).take() else { return };
    let Some(seated) = held.seated.lock().expect(UNBROKEN).take() else { return };
    // In a task of its own: this one has the size of everything HTTP may need.
    tokio::spawn(follow(seated, head, follower, stuck));
}

const UNBROKEN: &str = "nobody panics while holding it";

/// The answer to a request, or that the stream takes over.
async fn answer(
    held: &Held,
    router: &TowerToHyperService<Router>,
    client: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response, TakenOver> {
    let streams = request.method() == Method::GET && request.version() >= Version::HTTP_10;
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(client));
    let Ok(mut response) = router.call(request).await;
    let Some(follower) = response.extensions_mut().remove::<Follower>().filter(|_| streams && response.status() == StatusCode::OK) else {
        return Ok(response);
    };
    *held.onward.lock().expect(UNBROKEN) = Some((head(response.headers()), follower));
    Err(TakenOver)
}

/// The head of a stream's answer. It ends with its connection, so that nothing has to say how long it is.
fn head(headers: &HeaderMap) -> Vec<u8> {
    let mut head = b"HTTP/1.1 200 OK\r\n".to_vec();
    for (name, value) in headers {
        head.extend_from_slice(&[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    head.extend_from_slice(b"connection: close\r\n\r\n");
    head
}

/// The stream, until its client leaves or takes nothing any more.
async fn follow(seated: Seated, head: Vec<u8>, mut follower: Follower, stuck: Duration) {
    let socket = &seated.socket;
    let sent = send(socket, &head, stuck).await;
    drop(head);
    if sent.is_err() {
        return;
    }
    loop {
        let next = {
            let mut next = pin!(follower.next());
            std::future::poll_fn(|context| {
                if left(socket, context) {
                    return Poll::Ready(None);
                }
                next.as_mut().poll(context).map(Some)
            })
            .await
        };
        let Some(bytes) = next else { return };
        if send(socket, &bytes, stuck).await.is_err() {
            return;
        }
    }
}

/// Whether the client has closed its end. What it says meanwhile is not listened to.
fn left(socket: &TcpStream, context: &mut Context<'_>) -> bool {
    loop {
        match socket.poll_read_ready(context) {
            Poll::Pending => return false,
            Poll::Ready(Err(_)) => return true,
            Poll::Ready(Ok(())) => match socket.try_read(&mut [0; 256]) {
                Ok(0) => return true,
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => return true,
                Ok(_) | Err(_) => {}
            },
        }
    }
}

/// Sends bytes; almost always the system takes them at once.
async fn send(socket: &TcpStream, mut bytes: &[u8], stuck: Duration) -> io::Result<()> {
    while !bytes.is_empty() {
        match socket.try_write(bytes) {
            Ok(taken) => bytes = &bytes[taken..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                // Boxed, so that the many who need not wait have no room for it.
                Box::pin(tokio::time::timeout(stuck, socket.writable())).await??;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// What ends HTTP where the stream takes over. Nobody reads it.
#[derive(Debug)]
struct TakenOver;

impl fmt::Display for TakenOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the stream takes over")
    }
}

impl std::error::Error for TakenOver {}

/// The socket, as long as HTTP or a WebSocket has it.
struct Lent {
    held: Arc<Held>,
    patience: Duration,
    /// When the client is given up that takes nothing, while it takes nothing.
    stuck: Option<Pin<Box<Sleep>>>,
}

impl Lent {
    fn with<T>(&self, act: impl FnOnce(Pin<&mut TokioIo<&mut TcpStream>>) -> Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match &mut *self.held.seated.lock().expect(UNBROKEN) {
            Some(seated) => act(pin!(TokioIo::new(&mut seated.socket))),
            None => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    /// Sends, for as long as the client takes something now and then.
    fn send(
        &mut self,
        context: &mut Context<'_>,
        act: impl FnOnce(Pin<&mut TokioIo<&mut TcpStream>>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let sent = self.with(|socket| act(socket, context));
        if sent.is_ready() {
            self.stuck = None;
            return sent;
        }
        let patience = self.patience;
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        stuck.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Read for Lent {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        self.with(|socket| socket.poll_read(context, into))
    }
}

impl Write for Lent {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.get_mut().send(context, |socket, context| Write::poll_write(socket, context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|socket| Write::poll_flush(socket, context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|socket| Write::poll_shutdown(socket, context))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        self.get_mut().send(context, |socket, context| Write::poll_write_vectored(socket, context, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    /// The first line of the answer.
    async fn answered(socket: &mut TcpStream) -> String {
        socket.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("it is open");
        let mut some = [0; 1_024];
        let length = socket.read(&mut some).await.expect("it is answered");
        String::from_utf8_lossy(&some[..length]).lines().next().unwrap_or_default().to_owned()
    }

    #[tokio::test]
    async fn who_finds_no_room_is_told_so_until_somebody_leaves() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it listens");
        tokio::spawn(accept(listener, Router::new(), Bounds { room: 2, stuck: STUCK }));
        let connect = async || TcpStream::connect(address).await.expect("it listens");
        let (mut first, mut second, mut third) = (connect().await, connect().await, connect().await);
        assert_eq!(answered(&mut first).await, "HTTP/1.1 404 Not Found");
        assert_eq!(answered(&mut second).await, "HTTP/1.1 404 Not Found");
        assert_eq!(answered(&mut third).await, "HTTP/1.1 503 Service Unavailable");
        drop(first);
        let let_in = async {
            while answered(&mut connect().await).await != "HTTP/1.1 404 Not Found" {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), let_in).await.expect("the seat of who left is free");
    }

    #[tokio::test]
    async fn who_takes_nothing_of_what_it_asked_for_is_let_go_and_who_reads_slowly_is_not() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it listens");
        // More than the system holds for a client that does not read.
        let much = Router::new().fallback(|| async { vec![b'.'; 40 << 20] });
        tokio::spawn(accept(listener, much, Bounds { room: 1, stuck: Duration::from_millis(300) }));
        let ask = async || {
            let mut socket = TcpStream::connect(address).await.expect("it listens");
            socket.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("it is open");
            socket
        };
        let mut slow = ask().await;
        let mut some = vec![0; 1 << 20];
        let mut came = 0;
        // Two megabytes every fifty milliseconds: far longer than the patience in all.
        while came < 40 << 20 {
            let length = slow.read(&mut some).await.expect("it is answered");
            assert!(length > 0, "let go after {came}");
            came += length;
            if came % (4 << 20) < length {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        drop(slow);
        let stuck = loop {
            let mut socket = ask().await;
            let length = socket.read(&mut some[..12]).await.expect("it is answered");
            if &some[..length] == b"HTTP/1.1 200" {
                break socket;
            }
        };
        let let_in = async {
            let mut line = [0; 12];
            while line != *b"HTTP/1.1 200" {
                tokio::time::sleep(Duration::from_millis(20)).await;
                ask().await.read_exact(&mut line).await.expect("it is answered");
            }
        };
        tokio::time::timeout(Duration::from_secs(10), let_in).await.expect("the seat of who takes nothing is free");
        drop(stuck);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn little_is_held_for_who_takes_nothing() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let client = tokio::net::TcpSocket::new_v4().expect("a socket");
        client.set_recv_buffer_size(4_096).expect("it is open");
        let connecting = client.connect(listener.local_addr().expect("it listens"));
        let (client, accepted) = tokio::join!(connecting, listener.accept());
        let (_client, (socket, _)) = (client.expect("it listens"), accepted.expect("somebody comes"));
        hold_little(&socket);
        let (mut held, frame) = (0, [b'.'; 1_000]);
        // As a stream is sent: a little at a time, long after what came before.
        for _ in 0..2_000 {
            _ = tokio::time::timeout(Duration::from_millis(1), socket.writable()).await;
            held += socket.try_write(&frame).unwrap_or(0);
        }
        assert!((20_000..100_000).contains(&held), "{held}");
    }

    #[cfg(unix)]
    #[test]
    fn there_is_room_for_some() {
        assert!(room() > 100, "{}", room());
    }
}
