//! A process of many clients. It shares two cores with the server, so a client is a few bytes and a socket: all of them read into one buffer,
//! and a reception is four bytes in a list.

use std::cell::RefCell;
use std::io::{BufRead, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::LocalSet;

use crate::stream_reader::{Seen, StreamReader};

/// Clients that are connecting at a time: less than any server keeps waiting.
const CONNECTING: usize = 200;
/// Clients that connect from one address. It has 28,000 ports, but the system seeks long for a free one once half of them are taken.
const FROM_ONE_ADDRESS: usize = 5_000;
/// No swarm lives longer, whatever happens to who started it.
const LONGEST: Duration = Duration::from_secs(300);
/// Frames a run can have; a number beyond is not one of ours.
const FRAMES: u32 = 100_000;

/// What a swarm is asked for.
pub struct Asked {
    /// The server.
    pub server: SocketAddr,
    /// The path of the stream.
    pub path: String,
    /// How many clients.
    pub streams: usize,
    /// The first of the addresses they connect from.
    pub from: Ipv4Addr,
}

/// What was received of a frame.
#[derive(Default, Clone)]
pub struct Receptions {
    /// Microseconds since the book was opened, a reception each.
    pub at_us: Vec<u32>,
    /// How many of them were not this frame, but a later one that stands for it.
    pub merged: u32,
}

/// What all clients of the process received.
struct Book {
    opened: SystemTime,
    /// The first frame is this one.
    first: Option<u32>,
    frames: Vec<Receptions>,
    open: usize,
    failed: usize,
    /// Streams that ended although nobody asked.
    lost: usize,
    buffer: Box<[u8]>,
}

impl Book {
    fn new() -> Self {
        let buffer = vec![0; 64 * 1_024].into_boxed_slice();
        Self { opened: SystemTime::now(), first: None, frames: Vec::new(), open: 0, failed: 0, lost: 0, buffer }
    }

    /// A frame has arrived at a client whose last was `before`. Whatever it did not get between the two it has now.
    fn receive(&mut self, frame: u32, before: Option<u32>) {
        let at = self.opened.elapsed().map_or(0, |at| u32::try_from(at.as_micros()).unwrap_or(u32::MAX));
        let first = *self.first.get_or_insert(frame);
        let from = before.map_or(frame, |before| before.saturating_add(1)).max(first);
        if frame < from || frame - first >= FRAMES {
            return;
        }
        for nth in from - first..=frame - first {
            let nth = nth as usize;
            if self.frames.len() <= nth {
                self.frames.resize(nth + 1, Receptions::default());
            }
            self.frames[nth].at_us.push(at);
            self.frames[nth].merged += u32::from(nth < (frame - first) as usize);
        }
    }
}

/// The child's whole life: opens its streams, says so on a line, receives until a line comes in, tells what it received, and ends.
pub fn live(asked: &Asked) {
    let (stop, stopped) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().lock().read_line(&mut String::new());
        let _ = stop.send(());
    });
    let book = Rc::new(RefCell::new(Book::new()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    let all = async {
        open_all(asked, &book).await;
        let (open, failed) = (book.borrow().open, book.borrow().failed);
        let mut out = std::io::stdout().lock();
        writeln!(out, "{open} {failed}").and_then(|()| out.flush()).expect("the parent listens");
        let _ = stopped.await;
        tell(&book.borrow(), &mut out).expect("the parent listens");
    };
    let local = LocalSet::new();
    let _ = runtime.block_on(local.run_until(async { tokio::time::timeout(LONGEST, all).await }));
    // Closing tens of thousands of sockets one by one in the runtime takes longer than leaving it to the kernel.
    std::process::exit(0);
}

async fn open_all(asked: &Asked, book: &Rc<RefCell<Book>>) {
    let connecting = Arc::new(Semaphore::new(CONNECTING));
    let request = format!("GET {} HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\n\r\n", asked.path, asked.server);
    let request: Rc<[u8]> = Rc::from(request.into_bytes());
    let server = asked.server;
    for nth in 0..asked.streams {
        let address = Ipv4Addr::from_bits(asked.from.to_bits() + u32::try_from(nth / FROM_ONE_ADDRESS).expect("a few"));
        let from = SocketAddr::V4(SocketAddrV4::new(address, 0));
        let turn = Arc::clone(&connecting).acquire_owned().await.expect("never closed");
        let (book, request) = (Rc::clone(book), Rc::clone(&request));
        tokio::task::spawn_local(async move {
            let Ok(stream) = connect(server, from, &request).await else {
                book.borrow_mut().failed += 1;
                return;
            };
            receive(stream, book, turn).await;
        });
    }
    let all = u32::try_from(CONNECTING).expect("few");
    let _ = connecting.acquire_many(all).await;
}

async fn connect(server: SocketAddr, from: SocketAddr, request: &[u8]) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(from)?;
    let mut stream = socket.connect(server).await?;
    stream.write_all(request).await?;
    Ok(stream)
}

/// Reads a stream to its end. The turn is given back once it is open, so that the next may connect.
async fn receive<T>(mut stream: TcpStream, book: Rc<RefCell<Book>>, turn: T) {
    let mut turn = Some(turn);
    let mut reader = StreamReader::default();
    let mut last: Option<u32> = None;
    loop {
        let read = std::future::poll_fn(|context| {
            let mut book = book.borrow_mut();
            let mut buffer = std::mem::take(&mut book.buffer);
            let mut room = ReadBuf::new(&mut buffer);
            let polled = Pin::new(&mut stream).poll_read(context, &mut room);
            if matches!(polled, Poll::Ready(Ok(()))) {
                reader.read(room.filled(), |seen| match seen {
                    Seen::Open => book.open += 1,
                    Seen::Refused => book.failed += 1,
                    Seen::Frame(frame) => {
                        book.receive(frame, last);
                        last = last.max(Some(frame));
                    }
                });
            }
            let length = room.filled().len();
            book.buffer = buffer;
            polled.map(|read| read.map(|()| length))
        });
        match read.await {
            Ok(0) | Err(_) => break,
            Ok(_) if reader.is_stream() == Some(false) => return,
            Ok(_) if reader.is_stream() == Some(true) => turn = None,
            Ok(_) => {}
        }
    }
    book.borrow_mut().lost += 1;
    drop(turn);
}

/// The book in binary: when it was opened (nanoseconds of the wall clock), streams lost, the first frame, the number of frames; then of each its
/// receptions, how many of them merged, and when.
fn tell(book: &Book, out: &mut impl Write) -> std::io::Result<()> {
    let opened = book.opened.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let opened = u64::try_from(opened).unwrap_or(u64::MAX);
    let mut out = std::io::BufWriter::new(out);
    for head in [opened, book.lost as u64, u64::from(book.first.unwrap_or(0)), book.frames.len() as u64] {
        out.write_all(&head.to_le_bytes())?;
    }
    for frame in &book.frames {
        out.write_all(&(frame.at_us.len() as u64).to_le_bytes())?;
        out.write_all(&u64::from(frame.merged).to_le_bytes())?;
        frame.at_us.iter().try_for_each(|at| out.write_all(&at.to_le_bytes()))?;
    }
    out.flush()
}
