//! `listen`: decoders and feeds into the journal of a meeting that runs, with their health beside it.

mod game;
mod health;
mod line;
mod recorder;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use clap::Args;
use sport::names::SourceId;
use timing::decoder::Kind;

use crate::listen::health::{Health, Shared};
use crate::stop::Stop;
use crate::{moment, place, serve};

/// Record what decoders and feeds hear into the journal of a meeting that runs, with their health shown
///
/// Each source of the circuit is given the decoder or feed that is it: finish-main=p3://192.168.1.50:5403. Kinds are p3, tranx, ambrc, chronelec, timy, race-result, x2
/// (decoders, over TCP), rmonitor (another timekeeper's feed) and acc (a game of Assetto Corsa Competizione, acc://PASSWORD@HOST:9000), both as a source of the finish line. A line that breaks is made anew, and what was missed is asked for where the
/// decoder can be asked; a clock that drifts is measured and set right. What is heard is recorded several times a second; Ctrl-C ends it with nothing left behind.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  parcferme listen SEASON 5 --source finish-main=p3://192.168.1.50 --source pit-entry-main=tranx://192.168.1.60:4001\n  parcferme listen SEASON 5 --source finish-main=rmonitor://timing.example:50000"
)]
pub(crate) struct ListenArguments {
    /// The season's folder
    season: PathBuf,
    /// The round's number
    round: u16,
    /// A source of the circuit and what is heard as it; several may be given
    #[arg(long, value_name = "SOURCE=KIND://HOST[:PORT]", required = true, value_parser = spoken)]
    source: Vec<Spoken>,
    /// Who records
    #[arg(long, default_value = "timekeeping", value_name = "NAME", value_parser = crate::columns::plain)]
    by: String,
}

/// A source as it is given.
#[derive(Clone, Debug)]
pub(crate) struct Spoken {
    pub(crate) source: SourceId,
    pub(crate) what: What,
    pub(crate) address: String,
    /// Of a game: the password in its broadcasting.json.
    pub(crate) password: String,
}

/// What is heard as a source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum What {
    /// A decoder.
    Decoder(Kind),
    /// A scoreboard's feed.
    Rmonitor,
    /// A game of Assetto Corsa Competizione, over UDP.
    Acc,
}

impl What {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Decoder(kind) => kind.word(),
            Self::Rmonitor => "rmonitor",
            Self::Acc => "acc",
        }
    }
}

/// The port of a game, as its broadcasting.json has it.
const ACC_PORT: u16 = 9_000;

fn spoken(written: &str) -> Result<Spoken, String> {
    let form = "write a source of the circuit, what it is, and where: finish-main=p3://192.168.1.50:5403";
    let (source, rest) = written.split_once('=').ok_or(form)?;
    let (kind, address) = rest.split_once("://").ok_or(form)?;
    let feeds = [("rmonitor", What::Rmonitor), ("acc", What::Acc)];
    let decoder = Kind::ALL.iter().find(|(_, word, _)| *word == kind).map(|(kind, ..)| What::Decoder(*kind));
    let words = || Kind::ALL.iter().map(|(_, word, _)| *word).chain(feeds.map(|(word, _)| word)).collect::<Vec<_>>().join(", ");
    let feed = feeds.iter().find(|(word, _)| *word == kind).map(|(_, what)| *what);
    let what = decoder.or(feed).ok_or_else(|| format!("`{kind}` is none of {}", words()))?;
    let (password, address) = address.rsplit_once('@').unwrap_or(("", address));
    let port = match what {
        What::Decoder(kind) => kind.port(),
        What::Rmonitor => Some(timing::rmonitor::PORT),
        What::Acc => Some(ACC_PORT),
    };
    let bare = address.trim_end_matches('/');
    let address = match (bare.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()), port) {
        (true, _) => bare.to_owned(),
        (false, Some(port)) if !bare.is_empty() => format!("{bare}:{port}"),
        (false, _) => return Err(format!("{kind} has no port of its own; write it: {source}={kind}://HOST:PORT")),
    };
    if source.is_empty() {
        Err(String::from(form))
    } else {
        Ok(Spoken { source: SourceId::new(source), what, address, password: password.to_owned() })
    }
}

/// How often the health is drawn.
const DRAWN: Duration = Duration::from_millis(500);

/// `listen`.
pub(crate) fn run(arguments: &ListenArguments) -> Result<String, Stop> {
    let (rulebook, season) = place::written(&arguments.season)?;
    let round = season.calendar.round(arguments.round);
    let round =
        round.ok_or_else(|| Stop::usage(format!("there is no round {}; rounds are {}", arguments.round, moment::rounds(&season))))?;
    let Some(layout) = &round.layout else {
        return Err(Stop::no(format!(
            "the circuit of round {} has no lines; write its [line.x] and [timing.x] into its file",
            round.number
        )));
    };
    for spoken in &arguments.source {
        let known = || layout.sources().iter().map(|source| source.id.as_str());
        if !known().any(|id| id == spoken.source.as_str()) {
            let help = paperwork::suggest::help(spoken.source.as_str(), known().collect::<Vec<_>>()).unwrap_or_default();
            return Err(Stop::usage(format!("the circuit has no source {}; {help}", spoken.source)));
        }
    }
    let twice =
        (1..arguments.source.len()).find(|nth| arguments.source[..*nth].iter().any(|of| of.source == arguments.source[*nth].source));
    if let Some(nth) = twice {
        return Err(Stop::usage(format!(
            "the source {} is given twice; two loops are two sources of the circuit",
            arguments.source[nth].source
        )));
    }
    let health: Shared = Arc::new(arguments.source.iter().map(Health::new).collect());
    let over = Arc::new(AtomicBool::new(false));
    let (news, heard) = mpsc::channel();
    let recorder = recorder::Recorder::open(arguments, rulebook, season, Arc::clone(&health))?;
    let lines: Vec<_> = arguments
        .source
        .iter()
        .enumerate()
        .map(|(nth, spoken)| {
            let line = line::Line {
                nth,
                spoken: spoken.clone(),
                again: recorder.heard_before(nth),
                health: Arc::clone(&health),
                over: Arc::clone(&over),
            };
            let news = news.clone();
            std::thread::spawn(move || line.keep(&news))
        })
        .collect();
    drop(news);
    let recording = std::thread::spawn(move || recorder.keep(&heard));
    let drawing = {
        let (health, over) = (Arc::clone(&health), Arc::clone(&over));
        std::thread::spawn(move || draw(&health, &over))
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Stop::io("listening", &error))?.block_on(serve::interrupted());
    over.store(true, Ordering::Relaxed);
    let broke = |_| Stop::io("listening", &"it broke off; this is a fault of the program");
    for line in lines {
        line.join().map_err(broke)?;
    }
    let recorded = recording.join().map_err(broke)?;
    drawing.join().map_err(broke)?;
    recorded
}

/// Shows the health of every source: a table that stays on a terminal, a line about each change elsewhere.
fn draw(health: &Shared, over: &AtomicBool) {
    let terminal = std::io::stderr().is_terminal();
    let mut drawn = 0;
    while !over.load(Ordering::Relaxed) {
        let mut err = std::io::stderr().lock();
        if terminal {
            let table = health::table(health, moment::now());
            let up = if drawn > 0 { format!("\x1b[{drawn}A") } else { String::new() };
            drawn = table.lines().count();
            let lines: String = table.lines().map(|line| format!("\r\x1b[K{line}\n")).collect();
            // Where it cannot be shown, it is recorded all the same.
            _ = write!(err, "{up}{lines}").and_then(|()| err.flush());
        } else {
            for line in health.iter().filter_map(Health::changed) {
                _ = writeln!(err, "{line}");
            }
        }
        drop(err);
        std::thread::sleep(DRAWN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_given_with_its_kind_and_address() {
        let of = |written| spoken(written).map(|of| format!("{} {} {}", of.source, of.what.word(), of.address));
        assert_eq!(of("finish-main=p3://10.0.0.5").as_deref(), Ok("finish-main p3 10.0.0.5:5403"));
        assert_eq!(of("finish-main=rmonitor://host:50001/").as_deref(), Ok("finish-main rmonitor host:50001"));
        assert!(of("finish-main=p4://10.0.0.5").is_err_and(|why| why.contains("p3")));
        assert!(of("finish-main=tranx://10.0.0.5").is_err_and(|why| why.contains("port")));
        assert!(of("p3://10.0.0.5").is_err());
        assert!(spoken("finish-main=acc://a@b@host").is_ok_and(|of| (of.password.as_str(), of.address.as_str()) == ("a@b", "host:9000")));
    }
}
