//! `demo`: a season, and a simulated weekend of it that runs while you watch.

use std::fs;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use include_dir::{Dir, include_dir};
use journal::{Journal, JournalError, jsonl};
use server::{Clock, Opening, Site};
use sport::date::{Instant, Micros};
use sport::fact::Fact;
use sport::season::Season;

use crate::stop::Stop;
use crate::weekend::{self, Told, Weekend};
use crate::{facts, moment, place, scoreboard, serve, simulate};

/// A season and a simulated weekend, live in the browser
///
/// Serves the 2018 season of Blancpain GT Series Asia with its last event, at Ningbo, run by a simulator: the weekend goes on from the
/// middle of the first race. What it writes stays in one folder; run again, it goes on where it stopped; with that folder removed, it begins
/// again. What another command records in that folder bears today's date, and so does from then on what the weekend records: `--at` of other
/// commands there means today's clock then.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  parcferme demo\n  parcferme demo --speed 30 --listen 127.0.0.1:8080 --dir /tmp/demo")]
pub(crate) struct DemoArguments {
    /// Where to listen: an address and a port; port 0 for any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8018", value_parser = serve::address)]
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
    /// Where to serve the session that runs as an RMonitor feed, for scoreboards and apps that read one
    #[arg(long, value_name = "ADDR", value_parser = serve::address)]
    rmonitor: Option<SocketAddr>,
}

static RULEBOOKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../rulebooks/blancpain-gt-series-asia");
static SEASON: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../seasons/blancpain-gt-series-asia-2018");
static CIRCUITS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../circuits");

/// What is quiet for longer is passed over.
const QUIET: i64 = 60_000_000;
/// How often the simulated clock is moved on.
const TICK: Duration = Duration::from_millis(50);

/// `demo`.
pub(crate) fn run(arguments: &DemoArguments) -> Result<String, Stop> {
    let listener = serve::listen(arguments.listen)?;
    let rmonitor = arguments.rmonitor.map(scoreboard::listen).transpose()?;
    let folder = arguments.dir.join("seasons/blancpain-gt-series-asia-2018");
    let _alone = alone(&arguments.dir, &folder, &listener)?;
    unpack(&arguments.dir, &folder)?;
    let (rulebook, mut season) = place::shown(&folder)?;
    let (mut journal, known) = journal(&folder, &season)?;
    let weekend = Arc::new(Weekend::of(&rulebook, &season, &known, arguments.seed)?);
    let (mut told, mut shown) = (Told::nothing(&weekend), Told::nothing(&weekend));
    season.take(known.into_iter().map(|fact| told.hear(fact)).collect());
    told.ours()?;
    let now = told.begin();
    // The past of the weekend is there when the first page is asked for.
    let past = told.due(now);
    journal.append(&past).map_err(|error| facts::stop(&error))?;
    past.into_iter().for_each(|fact| season.apply(&told.hear(fact)));
    let mut news = serve::follow(&folder, 0);
    // What is known already is heard again by who follows, to know which of what comes is the weekend's.
    let mut skip = told.heard();
    let news = move || {
        let mut facts: Vec<Fact> = news()?.into_iter().map(|fact| shown.hear(fact)).collect();
        let old = skip.min(facts.len());
        skip -= old;
        Ok(facts.split_off(old))
    };
    serve::tell(&format!("{}, with its weekend at Ningbo simulated {} times faster than life", season.title, arguments.speed), &listener)?;
    let clock = Arc::new(AtomicI64::new(now.0));
    let read = Arc::clone(&clock);
    let simulated = Clock { now: Arc::new(move || Instant(read.load(Ordering::Relaxed))), speed: arguments.speed };
    let watch = Clock { now: Arc::new(moment::now), speed: 1 };
    let site = Arc::new(Site::new(Opening { rulebook, season, clock: simulated, watch, simulated: simulate::SIMULATED }));
    let over = Arc::new(AtomicBool::new(false));
    let driving = {
        let (over, speed) = (Arc::clone(&over), arguments.speed);
        let mut drive = Drive { told, clock, wrong: false, over: false };
        std::thread::spawn(move || drive.keep(&mut journal, speed, &over))
    };
    let served = serve::open(&site, listener, rmonitor, news);
    over.store(true, Ordering::Relaxed);
    driving.join().map_err(|_| Stop::io("the simulation", &"it broke off; this is a fault of the program"))?;
    served.map(|()| String::new())
}

/// Who holds it is the only one in the folder; whoever comes second is told where the first shows its pages.
const IN_USE: &str = "in-use";

/// Takes the folder for this demo alone, for as long as what it returns is held: two that write one weekend would write it twice.
fn alone(dir: &Path, folder: &Path, listener: &TcpListener) -> Result<fs::File, Stop> {
    let ours = ["rulebooks", "circuits", "seasons", IN_USE];
    let strange = |entry: fs::DirEntry| !ours.iter().any(|of| entry.file_name() == *of);
    let begun = folder.join("season.toml").exists();
    if !begun && dir.exists() && fs::read_dir(dir).map_err(|error| Stop::file(dir, &error))?.filter_map(Result::ok).any(strange) {
        return Err(Stop::usage(format!("{} holds something else; name an empty or a new folder with --dir", dir.display())));
    }
    fs::create_dir_all(dir).map_err(|error| Stop::file(dir, &error))?;
    let path = dir.join(IN_USE);
    let failed = |error| Stop::file(&path, &error);
    let mut file = fs::File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            let at = fs::read_to_string(&path).ok().and_then(|text| text.trim().parse::<SocketAddr>().ok());
            let at = at.map_or_else(String::new, |at| format!(" and shows it at http://{at}/"));
            return Err(Stop::usage(format!("{} is in use: another demo runs in it{at}; name another folder with --dir", dir.display())));
        }
        Err(fs::TryLockError::Error(error)) => return Err(failed(error)),
    }
    let at = listener.local_addr().map_err(failed)?;
    file.set_len(0).and_then(|()| writeln!(file, "{at}")).map_err(failed)?;
    Ok(file)
}

/// Writes what people wrote of the season into the folder, where it is not there yet. Of its facts those of the rounds before.
fn unpack(dir: &Path, folder: &Path) -> Result<(), Stop> {
    if folder.join("season.toml").exists() {
        return Ok(());
    }
    // What an earlier start left half written is written again.
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

/// The store with the facts so far. The published facts of the simulated round are not among them.
fn journal(folder: &Path, season: &Season) -> Result<(Journal, Vec<Fact>), Stop> {
    let (store, text) = (folder.join("journal.sqlite"), folder.join("journal.jsonl"));
    if !store.exists() {
        let published = jsonl::read_file(&text).map_err(|error| facts::stop(&error))?;
        let before: Vec<Fact> = published.into_iter().take_while(|fact| !weekend::of_round(season, fact)).collect();
        jsonl::save(&before, &text).map_err(|error| facts::stop(&error))?;
    }
    let (mut journal, _) = facts::open_to_append(folder, &season.title)?;
    let known = journal.read().map_err(|error| facts::stop(&error))?;
    Ok((journal, known))
}

/// What moves the weekend on.
struct Drive {
    told: Told,
    clock: Arc<AtomicI64>,
    /// Whether it could not be recorded when it was tried last.
    wrong: bool,
    /// Whether it was said that the weekend is over.
    over: bool,
}

impl Drive {
    /// Records fact after fact as the simulated clock comes to them, until it is told to stop.
    fn keep(&mut self, journal: &mut Journal, speed: u32, over: &AtomicBool) {
        let mut last = moment::now();
        while !over.load(Ordering::Relaxed) {
            std::thread::sleep(TICK);
            let watched = moment::now();
            let passed = Micros((watched.0 - last.0).max(0) * i64::from(speed));
            let went = self.on(passed, |told, now| record(journal, told, now), serve::said);
            // How long was waited in vain is no time of the weekend.
            last = if went { watched } else { moment::now() };
        }
    }

    /// Moves the clock on by so much, unless what is due by then cannot be recorded: another program may be writing, or the disk be full.
    fn on(&mut self, passed: Micros, record: impl FnOnce(&mut Told, Instant) -> Result<(), Stop>, mut said: impl FnMut(&str)) -> bool {
        let now = Instant(self.clock.load(Ordering::Relaxed) + passed.0);
        let failed = record(&mut self.told, now).err();
        let before = std::mem::replace(&mut self.wrong, failed.is_some());
        match failed {
            Some(stop) if !before => said(&format!("the simulation stands still: {}", stop.text().trim_end())),
            None if before => said("the simulation goes on"),
            Some(_) | None => {}
        }
        if self.wrong {
            return false;
        }
        if self.told.next().is_none() && !std::mem::replace(&mut self.over, true) {
            said("the weekend is over; remove the demo's folder to begin it again");
        }
        // The wait until the next thing happens is no part of the show.
        let next = self.told.next().map(|next| next.0 - QUIET / 4);
        let now = next.filter(|next| next - now.0 > QUIET).map_or(now.0, |next| next);
        self.clock.store(now, Ordering::Relaxed);
        true
    }
}

/// Records what is due by a moment, after what others recorded meanwhile.
fn record(journal: &mut Journal, told: &mut Told, now: Instant) -> Result<(), Stop> {
    let mut due = told.due(now);
    while !due.is_empty() {
        match journal.append(&due) {
            Ok(_) => due.drain(..).for_each(|fact| _ = told.hear(fact)),
            Err(JournalError::Overtaken { .. }) => {
                let known = journal.read().map_err(|error| facts::stop(&error))?;
                known.into_iter().skip(told.heard()).for_each(|fact| _ = told.hear(fact));
                due = told.due(now);
            }
            Err(error) => return Err(facts::stop(&error)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weekend::made_up;

    #[test]
    fn while_it_cannot_be_recorded_the_clock_stands_and_that_is_said_once() {
        let clock = Arc::new(AtomicI64::new(0));
        let mut drive = Drive { told: Told::nothing(&made_up(0, 3)), clock: Arc::clone(&clock), wrong: false, over: false };
        let (mut said, mut written) = (Vec::new(), Vec::new());
        let full = |_: &mut Told, _| Err(Stop::trouble("the disk is full\n"));
        for _ in 0..3 {
            assert!(!drive.on(Micros(1_000), full, |what| said.push(what.to_owned())));
            assert_eq!(clock.load(Ordering::Relaxed), 0);
        }
        assert_eq!(said, ["the simulation stands still: the disk is full"]);
        // It goes on with what was due, and says so.
        let mut there = |told: &mut Told, now| {
            let due = told.due(now);
            written.extend(due.iter().map(|fact| fact.number));
            due.into_iter().for_each(|fact| _ = told.hear(fact));
            Ok(())
        };
        for _ in 0..2 {
            assert!(drive.on(Micros(1_000), &mut there, |what| said.push(what.to_owned())));
        }
        assert_eq!((clock.load(Ordering::Relaxed), said.len(), said[1].as_str()), (2_000, 3, "the simulation goes on"));
        assert_eq!(said[2], "the weekend is over; remove the demo's folder to begin it again", "said once");
        drive.on(Micros(1_000), full, |what| said.push(what.to_owned()));
        assert_eq!(written, [1, 2, 3]);
        assert_eq!(said.len(), 4, "said again when it is wrong again");
    }

    #[test]
    fn a_first_start_that_broke_off_is_completed() {
        let dir = std::env::temp_dir().join(format!("parcferme-half-demo-{}", std::process::id()));
        let folder = dir.join("seasons/blancpain-gt-series-asia-2018");
        _ = fs::remove_dir_all(&dir);
        let whole = |dir: &Path| unpack(dir, &folder).map_err(|stop| stop.text().to_owned()).map(|()| files(dir));
        let all = whole(&dir).expect("a new folder");
        for half in ["rulebooks/blancpain-gt-series-asia/2018/rulebook.toml", "seasons/blancpain-gt-series-asia-2018/season.toml"] {
            // What was written before it broke off, and what was being written.
            fs::rename(&folder, dir.join("seasons/half-written")).expect("the season");
            fs::write(dir.join("rulebooks/blancpain-gt-series-asia/2018/rulebook.toml"), "id = \"bla").expect("half a rulebook");
            fs::write(dir.join("seasons/half-written/left.toml"), "x").expect("half a season");
            fs::create_dir_all(&folder).expect("a folder without a season");
            assert_eq!(whole(&dir), Ok(all), "{half}");
            let written = fs::read_to_string(dir.join(half)).expect("a file");
            assert!(written.len() > 100, "{half}: {written}");
        }
        fs::remove_dir_all(&dir).expect("the folder");
    }

    /// Files in a folder and in those in it.
    fn files(path: &Path) -> usize {
        let inside = fs::read_dir(path).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
        inside.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
    }
}
