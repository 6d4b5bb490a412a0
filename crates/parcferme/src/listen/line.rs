//! The line to a decoder or a feed: made, kept, made anew.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::Duration;

use sport::date::Instant;
use sport::passing::{Passing, Transponder};
use timing::decoder::{Counts, Decoder, Heard};
use timing::rmonitor::heard::{self, Feed};
use timing::set_right::SetRight;

use super::health::Shared;
use super::{Spoken, What};
use crate::moment;

/// Something a source said.
pub(crate) struct News {
    /// Which source, in the order they were given.
    pub(crate) nth: usize,
    pub(crate) arrived: Instant,
    pub(crate) what: Said,
}

pub(crate) enum Said {
    Passing(Passing),
    /// A car of a feed, by its number, with what it is heard as.
    Car {
        number: String,
        transponder: Transponder,
    },
}

/// A line to a source.
pub(crate) struct Line {
    pub(crate) nth: usize,
    pub(crate) spoken: Spoken,
    /// Its passings are in the journal already: what it has counted since is asked for.
    pub(crate) again: bool,
    pub(crate) health: Shared,
    pub(crate) over: Arc<AtomicBool>,
}

const PATIENCE: Duration = Duration::from_secs(5);
/// Whether it should end is looked at so often.
const LOOK: Duration = Duration::from_millis(250);
/// Silent for so long, it is asked how it is.
const IDLE: i64 = 3_000_000;
/// Silent for so long, its line is made anew.
const SILENT: i64 = 20_000_000;
/// After a line that could not be made, the next is tried after one second, two, four, …, and at most after this.
const PAUSE: Duration = Duration::from_secs(10);

enum Client {
    Decoder(Box<Decoder>, SetRight),
    Feed(Feed),
}

impl Line {
    /// Keeps the line until it is told to stop.
    pub(crate) fn keep(&self, news: &Sender<News>) {
        let mut client = match self.spoken.what {
            What::Decoder(kind) => {
                let decoder = if self.again { Decoder::since(kind, 0) } else { Decoder::new(kind) };
                Client::Decoder(Box::new(decoder), SetRight::new())
            }
            What::Rmonitor => Client::Feed(Feed::new()),
            What::Acc => return self.keep_game(&self.spoken.password, news),
        };
        let (mut first, mut pause) = (true, Duration::from_secs(1));
        while !self.over.load(Ordering::Relaxed) {
            let why = match self.connect() {
                Ok(line) => {
                    if !first {
                        client.reconnected();
                    }
                    (first, pause) = (false, Duration::from_secs(1));
                    self.health[self.nth].up();
                    self.talk(&mut client, line, news)
                }
                Err(why) => why,
            };
            if self.over.load(Ordering::Relaxed) {
                return;
            }
            self.health[self.nth].lost(why);
            self.wait(pause);
            pause = (pause * 2).min(PAUSE);
        }
    }

    fn connect(&self) -> Result<TcpStream, String> {
        let told = |error: std::io::Error| error.to_string();
        let mut last = String::from("there is no such address");
        for address in self.spoken.address.to_socket_addrs().map_err(told)? {
            match TcpStream::connect_timeout(&address, PATIENCE) {
                Ok(line) => {
                    line.set_read_timeout(Some(LOOK)).map_err(told)?;
                    line.set_write_timeout(Some(PATIENCE)).map_err(told)?;
                    return Ok(line);
                }
                Err(error) => last = told(error),
            }
        }
        Err(last)
    }

    /// Talks until the line breaks, and says why it did.
    fn talk(&self, client: &mut Client, mut line: TcpStream, news: &Sender<News>) -> String {
        let mut bytes = vec![0; 64 << 10];
        let (mut last, mut asked) = (moment::now(), moment::now());
        while !self.over.load(Ordering::Relaxed) {
            let saying = client.saying();
            if !saying.is_empty()
                && let Err(error) = line.write_all(&saying)
            {
                return error.to_string();
            }
            let read = line.read(&mut bytes);
            let now = moment::now();
            match read {
                Ok(0) => return String::from("it was closed at the other end"),
                Ok(length) => {
                    (last, asked) = (now, now);
                    self.hear(client, &bytes[..length], now, news);
                }
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {}
                Err(error) => return error.to_string(),
            }
            if now.0 - asked.0 >= IDLE {
                asked = now;
                client.idle();
            }
            if now.0 - last.0 >= SILENT {
                return format!("nothing was heard for {} s", SILENT / 1_000_000);
            }
        }
        String::from("ended")
    }

    fn hear(&self, client: &mut Client, bytes: &[u8], arrived: Instant, news: &Sender<News>) {
        let health = &self.health[self.nth];
        // Who records is there for as long as lines are.
        let tell = |what| _ = news.send(News { nth: self.nth, arrived, what });
        match client {
            Client::Decoder(decoder, clock) => {
                decoder.take(bytes, |heard| match heard {
                    Heard::Passing(of) => {
                        let at = clock.passing(of.time, arrived, of.resent);
                        tell(Said::Passing(Passing { at, transponder: of.transponder.map(Transponder) }));
                    }
                    Heard::Status(of) => {
                        if let Some(clocked) = of.clock {
                            clock.hear(clocked, arrived);
                        }
                        of.noise.into_iter().for_each(|noise| health.noise(noise));
                    }
                    Heard::Restarted => clock.restarted(),
                    // A cleared passing is a person's to judge, and a flaw is counted.
                    Heard::Cancelled(_) | Heard::Flaw(_) => {}
                });
                health.heard(arrived, decoder.counts(), clock.measured());
            }
            Client::Feed(feed) => {
                let mut counts = Counts::default();
                feed.take(bytes, arrived, |heard| match heard {
                    heard::Heard::Crossing { number, at, .. } => {
                        counts.passings += 1;
                        tell(Said::Passing(Passing { at, transponder: Some(heard_as(&number)) }));
                    }
                    heard::Heard::Car { number, .. } => {
                        let transponder = heard_as(&number);
                        tell(Said::Car { number, transponder });
                    }
                    heard::Heard::Flaw(_) => counts.flaws += 1,
                    heard::Heard::Flag(_) | heard::Heard::Alive => {}
                });
                health.fed(arrived, counts);
            }
        }
    }

    pub(super) fn wait(&self, pause: Duration) {
        let until = moment::now().0 + i64::try_from(pause.as_micros()).unwrap_or(i64::MAX);
        while moment::now().0 < until && !self.over.load(Ordering::Relaxed) {
            std::thread::sleep(LOOK);
        }
    }
}

/// What a car of a feed is heard as: a number of its own, far from those of transponders, the same for the same car every time.
pub(super) fn heard_as(number: &str) -> Transponder {
    let sum = number.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(131).wrapping_add(u32::from(byte)));
    Transponder(4_000_000_000 + sum % 200_000_000)
}

impl Client {
    fn reconnected(&mut self) {
        match self {
            Self::Decoder(decoder, _) => decoder.reconnected(),
            Self::Feed(feed) => feed.reconnected(),
        }
    }

    fn idle(&mut self) {
        if let Self::Decoder(decoder, _) = self {
            decoder.idle();
        }
    }

    fn saying(&mut self) -> Vec<u8> {
        if let Self::Decoder(decoder, _) = self { decoder.to_send() } else { Vec::new() }
    }
}
