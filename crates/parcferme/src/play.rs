//! `play`: a decoder on TCP that is none. It plays the passings of a session, so that whatever listens to decoders can be tried.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use paperwork::written::counted;
use sport::date::Instant;
use sport::fact::What;
use sport::meeting_fact::{MeetingFact, Signal};
use sport::names::SourceId;
use sport::season::{Moment, Season};
use sport::session::SessionName;
use timing::decoder::Kind;
use timing::decoder::played::{Crossed, Played};

use crate::place::{self, Place};
use crate::serve::said;
use crate::stop::Stop;
use crate::{moment, serve};

/// Be a decoder: play the passings of a session on TCP, as a decoder of a kind would send them, to try whatever listens to decoders
///
/// The passings of one source are played from now on, in the time they took or faster. It answers what a host asks: for passings again, for the time. One host at a time.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  parcferme play SEASON 5.race-1\n  parcferme play SEASON 5.race-1 --as tranx --listen 0.0.0.0:4001 --speed 10 --source finish-main"
)]
pub(crate) struct PlayArguments {
    /// The season's folder
    season: PathBuf,
    /// The session, such as 5.race-1
    session: String,
    /// The kind of decoder: p3, tranx, ambrc, chronelec, timy, race-result, x2
    #[arg(long = "as", value_name = "KIND", default_value = "p3", value_parser = kind)]
    kind: Kind,
    /// The source of the circuit whose passings are played
    #[arg(long, value_name = "SOURCE", default_value = "finish-main")]
    source: String,
    /// Where to listen: an address and a port; port 0 for any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:5403", value_parser = serve::address)]
    listen: SocketAddr,
    /// So many times faster than life
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    speed: u32,
    /// End when everything was played and the host is gone; else it goes on until Ctrl-C
    #[arg(long)]
    once: bool,
}

fn kind(written: &str) -> Result<Kind, String> {
    let words = Kind::ALL;
    let found = words.iter().find(|(_, word, _)| *word == written).map(|(kind, ..)| *kind);
    found.ok_or_else(|| format!("kinds are {}", words.map(|(_, word, _)| word).join(", ")))
}

/// How long is waited for a word of the host before the next of its own.
const LOOK: Duration = Duration::from_millis(20);
/// The first passing is so much later than the start of the program.
const FIRST: i64 = 1_000_000;

/// `play`.
pub(crate) fn run(arguments: &PlayArguments) -> Result<String, Stop> {
    let Place { season, .. } = place::open(&arguments.season)?;
    let session = moment::session(&season, &arguments.session)?;
    let name = season.calendar.sessions[session].name.clone();
    let listener = serve::listen(arguments.listen)?;
    let at = listener.local_addr().map_err(|error| Stop::io("the address", &error))?;
    let began = moment::now();
    let crossed = passings(&season, &name, &SourceId::new(&arguments.source), Instant(began.0 + FIRST), arguments.speed);
    if crossed.is_empty() {
        return Err(Stop::no(format!("no passing of {} by {} is recorded", name, arguments.source)));
    }
    let count = crossed.len();
    said(&format!("{} of {name}, as {} on {at}", counted(count, "passing", "passings"), arguments.kind.word()));
    let mut played = Played::new(arguments.kind, began, crossed);
    listener.set_nonblocking(true).map_err(|error| Stop::io("the listener", &error))?;
    let mut over = false;
    loop {
        if let Some(host) = accepted(&listener) {
            played.connected();
            talk(&mut played, host, &mut over);
            played.disconnected();
        }
        // What passes while nobody is connected was counted all the same.
        _ = played.due(moment::now());
        tell(&played, &mut over);
        if over && arguments.once {
            return Ok(String::new());
        }
        std::thread::sleep(LOOK);
    }
}

fn accepted(listener: &TcpListener) -> Option<TcpStream> {
    let (host, _) = listener.accept().ok()?;
    host.set_nonblocking(false).and_then(|()| host.set_read_timeout(Some(LOOK))).ok()?;
    Some(host)
}

/// Says once that everything was played.
fn tell(played: &Played, over: &mut bool) {
    if played.is_over() && !*over {
        *over = true;
        said("everything was played");
    }
}

/// Until the host is gone.
fn talk(played: &mut Played, mut host: TcpStream, over: &mut bool) {
    let mut bytes = [0; 4_096];
    loop {
        match host.read(&mut bytes) {
            Ok(0) => return,
            Ok(length) => played.take(&bytes[..length], moment::now()),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {}
            Err(_) => return,
        }
        let due = played.due(moment::now());
        if (!due.is_empty() && host.write_all(&due).is_err()) || !played.is_connected() {
            return;
        }
        tell(played, over);
    }
}

/// What a source heard in a session, from a moment on instead of when it was.
fn passings(season: &Season, session: &SessionName, source: &SourceId, from: Instant, speed: u32) -> Vec<Crossed> {
    let live = season.live(Moment::NOW);
    let given = |wanted: Signal| {
        live.iter().find_map(|fact| {
            let What::Meeting(MeetingFact::Signal { session: of, signal }) = &fact.what else { return None };
            (of == session && *signal == wanted).then_some(fact.happened)
        })
    };
    let (open, close) = (given(Signal::Open).unwrap_or(Instant::FOREVER), given(Signal::Close).unwrap_or(Instant::FOREVER));
    let heard = live.iter().filter_map(|fact| {
        let What::Meeting(MeetingFact::Heard(heard)) = &fact.what else { return None };
        (heard.round == session.round && heard.source == *source).then(|| heard.passings.iter())
    });
    let mut passings: Vec<(Instant, u32)> = heard
        .flatten()
        .filter(|passing| passing.at >= open && passing.at <= close)
        .filter_map(|passing| Some((passing.at, passing.transponder?.0)))
        .collect();
    passings.sort_unstable();
    let first = passings.first().map_or(from, |(at, _)| *at);
    let at = |at: Instant| Instant(from.0 + (at.0 - first.0) / i64::from(speed));
    passings.into_iter().map(|(when, transponder)| Crossed { at: at(when), transponder, on: 1, in_pit: false }).collect()
}
