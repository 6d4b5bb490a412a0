//! `demo`: a season, and a simulated weekend of it that runs while you watch.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use include_dir::{Dir, include_dir};
use journal::{Journal, jsonl};
use server::{Clock, Opening, Site};
use simulator::Faults;
use sport::date::{Instant, Micros};
use sport::fact::{Fact, What};
use sport::meeting_fact::{MeetingFact, Signal};
use sport::rulebook::Rulebook;
use sport::season::Season;
use sport::session::SessionKind;

use crate::simulate::{self, Simulation};
use crate::stop::Stop;
use crate::{facts, moment, place, serve};

/// A season and a simulated weekend, live in the browser
///
/// Serves the 2018 season of Blancpain GT Series Asia with its last event, at Ningbo, run by a simulator: the weekend goes on from the
/// middle of the first race. What it writes stays in one folder; run again, it goes on where it stopped.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  parcferme demo\n  parcferme demo --speed 30 --listen 127.0.0.1:8080 --dir /tmp/demo")]
pub(crate) struct DemoArguments {
    /// Where to listen: an address and a port; port 0 for any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8018")]
    listen: SocketAddr,
    /// The one folder it writes
    #[arg(long, value_name = "DIR", default_value = "parcferme-demo")]
    dir: PathBuf,
    /// So many times faster than life
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=200))]
    speed: u32,
    /// Another seed, another weekend
    #[arg(long, default_value_t = 35)]
    seed: u64,
}

static RULEBOOKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../rulebooks/blancpain-gt-series-asia");
static SEASON: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../seasons/blancpain-gt-series-asia-2018");
static CIRCUITS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../circuits");

/// The round that is simulated: the last of the season.
const ROUND: u16 = 6;
/// The weekend is watched from so long after the start of its first race: the window of the stop opens three minutes later.
const FROM: i64 = 22 * 60_000_000;
/// What is quiet for longer is passed over.
const QUIET: i64 = 60_000_000;
/// How often the simulated clock is moved on.
const TICK: Duration = Duration::from_millis(50);

/// `demo`.
pub(crate) fn run(arguments: &DemoArguments) -> Result<String, Stop> {
    let listener = serve::listen(arguments.listen)?;
    let folder = arguments.dir.join("seasons/blancpain-gt-series-asia-2018");
    unpack(&arguments.dir, &folder)?;
    let (rulebook, written) = place::shown(&folder)?;
    let (mut journal, known) = journal(&folder, &written)?;
    let mut season = written;
    season.take(known);
    let weekend = Weekend::of(&rulebook, &season, arguments.seed)?;
    let recorded = season.facts().len();
    let now = weekend.begin(season.facts(), recorded);
    let clock = Arc::new(AtomicI64::new(now.0));
    // The past of the weekend is there when the first page is asked for.
    let past = weekend.until(recorded, now);
    append(&mut journal, past)?;
    past.iter().for_each(|fact| season.apply(fact));
    let news = serve::follow(&folder, season.facts().len());
    let next = season.facts().len();
    serve::tell(&format!("{}, with its weekend at Ningbo simulated {} times faster than life", season.title, arguments.speed), &listener)?;
    let read = Arc::clone(&clock);
    let simulated = Clock { now: Arc::new(move || Instant(read.load(Ordering::Relaxed))), speed: arguments.speed };
    let watch = Clock { now: Arc::new(moment::now), speed: 1 };
    let site = Arc::new(Site::new(Opening { rulebook, season, clock: simulated, watch, simulated: simulate::SIMULATED }));
    let over = Arc::new(AtomicBool::new(false));
    let driving = {
        let (over, speed) = (Arc::clone(&over), arguments.speed);
        std::thread::spawn(move || weekend.drive(&mut journal, next, &clock, speed, &over))
    };
    let served = serve::open(&site, listener, news);
    over.store(true, Ordering::Relaxed);
    driving.join().map_err(|_| Stop::io("the simulation", &"it broke off; this is a fault of the program"))?;
    served.map(|()| String::new())
}

/// Writes what people wrote of the season into the folder, where it is not there yet. Of its facts those of the rounds before.
fn unpack(dir: &Path, folder: &Path) -> Result<(), Stop> {
    if folder.join("season.toml").exists() {
        return Ok(());
    }
    // What an earlier start left half written is written again.
    let ours = ["rulebooks", "circuits", "seasons"];
    let strange = |entry: fs::DirEntry| !ours.iter().any(|of| entry.file_name() == *of);
    if dir.exists() && fs::read_dir(dir).map_err(|error| Stop::file(dir, &error))?.filter_map(Result::ok).any(strange) {
        return Err(Stop::usage(format!("{} holds something else; name an empty or a new folder with --dir", dir.display())));
    }
    let put = |what: &Dir<'_>, to: &Path| fs::create_dir_all(to).and_then(|()| what.extract(to)).map_err(|error| Stop::file(to, &error));
    put(&RULEBOOKS, &dir.join("rulebooks/blancpain-gt-series-asia"))?;
    put(&CIRCUITS, &dir.join("circuits"))?;
    // The season last, and in one go.
    let aside = dir.join("seasons/half-written");
    let swept = fs::remove_dir_all(&aside).or_else(|error| if aside.exists() { Err(error) } else { Ok(()) });
    swept.map_err(|error| Stop::file(&aside, &error))?;
    put(&SEASON, &aside)?;
    let swept = fs::remove_dir_all(folder).or_else(|error| if folder.exists() { Err(error) } else { Ok(()) });
    swept.and_then(|()| fs::rename(&aside, folder)).map_err(|error| Stop::file(folder, &error))
}

/// The store with the facts so far. The published facts of the simulated round are not among them; a weekend that is over begins again.
fn journal(folder: &Path, season: &Season) -> Result<(Journal, Vec<Fact>), Stop> {
    let (store, text) = (folder.join("journal.sqlite"), folder.join("journal.jsonl"));
    if !store.exists() {
        let published = jsonl::read_file(&text).map_err(|error| facts::stop(&error))?;
        let before: Vec<Fact> = published.into_iter().take_while(|fact| !of_round(season, fact)).collect();
        jsonl::save(&before, &text).map_err(|error| facts::stop(&error))?;
    }
    let (mut journal, _) = facts::open_to_append(folder, &season.title)?;
    let known = journal.read().map_err(|error| facts::stop(&error))?;
    Ok((journal, known))
}

/// Whether a published fact is of the round that is simulated, or later.
fn of_round(season: &Season, fact: &Fact) -> bool {
    let first = season.calendar.sessions.iter().find(|session| session.name.round == ROUND);
    first.is_some_and(|session| fact.happened >= session.date.midnight())
}

fn append(journal: &mut Journal, facts: &[Fact]) -> Result<(), Stop> {
    journal.append(facts).map(|_| ()).map_err(|error| facts::stop(&error))
}

/// The weekend: every fact of it, in the order they are recorded.
struct Weekend {
    /// Facts before the first of it.
    before: usize,
    facts: Vec<Fact>,
}

impl Weekend {
    /// The weekend that follows the facts of the rounds before. Of one that was begun the seed is in its facts.
    fn of(rulebook: &Rulebook, season: &Season, seed: u64) -> Result<Self, Stop> {
        let begun = season.facts().iter().position(|fact| fact.citation.starts_with(simulate::SIMULATED));
        let before = begun.unwrap_or(season.facts().len());
        let told = begun.and_then(|at| season.facts()[at].citation.rsplit_once("seed ")?.1.parse().ok());
        let mut start = Season::new(&season.title, season.year, season.calendar.clone(), season.list.clone());
        start.take(season.facts()[..before].to_vec());
        let simulation = Simulation { round: ROUND, seed: told.unwrap_or(seed), faults: Faults::NONE, speed: None };
        Ok(Self { before, facts: simulate::whole(rulebook, &start, &simulation)? })
    }

    /// The moment it is watched from: where it stopped, or the middle of its first race.
    fn begin(&self, known: &[Fact], recorded: usize) -> Instant {
        if recorded > self.before {
            return known.last().map_or(Instant(0), |last| last.recorded);
        }
        let race = self.facts.iter().find(|fact| {
            matches!(&fact.what, What::Meeting(MeetingFact::Signal { session, signal: Signal::Green }) if session.id.as_str().starts_with(SessionKind::Race.word()))
        });
        race.map_or(Instant(0), |green| Instant(green.happened.0 + FROM))
    }

    /// The facts after the first `recorded` of the journal that are recorded by a moment.
    fn until(&self, recorded: usize, now: Instant) -> &[Fact] {
        let rest = &self.facts[(recorded - self.before).min(self.facts.len())..];
        &rest[..rest.partition_point(|fact| fact.recorded <= now)]
    }

    /// Records fact after fact as the simulated clock comes to them, until it is told to stop.
    fn drive(&self, journal: &mut Journal, from: usize, clock: &AtomicI64, speed: u32, over: &AtomicBool) {
        let (mut recorded, mut last, mut told) = (from, moment::now(), false);
        while !over.load(Ordering::Relaxed) {
            std::thread::sleep(TICK);
            let watched = moment::now();
            let passed = Micros((watched.0 - last.0).max(0) * i64::from(speed));
            last = watched;
            let now = Instant(clock.load(Ordering::Relaxed) + passed.0);
            let ready = self.until(recorded, now);
            if let Err(stop) = append(journal, ready) {
                // The clock stands until it can be recorded again: another program may be writing, or the disk be full.
                if !told {
                    serve::said(&format!("the simulation stands still: {}", stop.text().trim_end()));
                    told = true;
                }
                continue;
            }
            told = false;
            recorded += ready.len();
            // The wait until the next thing happens is no part of the show.
            let next = self.facts.get(recorded - self.before).map(|fact| fact.recorded.0 - QUIET / 4);
            let now = next.filter(|next| next - now.0 > QUIET).map_or(now.0, |next| next);
            clock.store(now, Ordering::Relaxed);
        }
    }
}
