//! How much memory a day of racing takes: 24 hours, 60 cars, 207,000 passings.
//!
//! The allocator counts. `max alloc` is the peak; what stays is `alloc` and `grow` less `dealloc` and `shrink`. After the table a process of its
//! own reads the race from its store and says its peak of resident memory.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]
#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]
#![expect(unreachable_pub, reason = "the rooms of one benchmark")]
#![expect(dead_code, reason = "of the made season only the entry list is used")]

#[path = "../../../sport/benches/passings/lapped.rs"]
mod lapped;
#[path = "../season/made.rs"]
mod made;
#[path = "../../../sport/tests/twin/random.rs"]
mod random;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use journal::Journal;
use sport::date::{Instant, Micros};
use sport::fact::{Fact, What};
use sport::live_session::LiveSession;
use sport::meeting_fact::{AboardHow, Heard, MeetingFact, Signal};
use sport::names::EntryId;
use sport::passing::{Passing, Transponder};
use sport::rulebook::Rulebook;
use sport::running::{Ranking, Running, Schedule};
use sport::season::{Moment, Season};
use sport::session::{SessionKind, SessionName};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const CARS: usize = 60;
const MINUTES: u16 = 24 * 60;
const START: Instant = Instant(1_523_700_000_000_000);
/// Names the store to the process that reads it.
const STORE: &str = "PARCFERME_BENCH_STORE";

fn main() {
    if let Some(path) = std::env::var_os(STORE) {
        return read(&PathBuf::from(path));
    }
    divan::main();
    let path = stored(&Day::new().facts());
    let this = std::env::current_exe().unwrap();
    assert!(std::process::Command::new(this).env(STORE, path).status().unwrap().success());
}

/// The season before its facts, with 60 cars, and the race.
struct Day {
    rulebook: Rulebook,
    blank: Season,
    session: usize,
    name: SessionName,
}

impl Day {
    fn new() -> Self {
        let (rulebook, mut blank) = made::written();
        let is_race = |session: &sport::session::Session| session.name.round == 1 && session.kind == SessionKind::Race;
        let session = blank.calendar.sessions.iter().position(is_race).unwrap();
        blank.calendar.sessions[session].minutes = Some(MINUTES);
        blank.calendar.rounds[0].layout = Some(lapped::layout());
        for car in blank.list.entries.len()..CARS {
            let mut entry = blank.list.entries[car - 40].clone();
            entry.id = EntryId::new(&(car + 1).to_string());
            entry.number = Some((car + 1).to_string());
            blank.list.entries.push(entry);
        }
        let name = blank.calendar.sessions[session].name.clone();
        Self { rulebook, blank, session, name }
    }

    /// As a decoder sends them: of each source the passings of a second together. A driver takes over at every stop.
    fn facts(&self) -> Vec<Fact> {
        let at = |seconds: i64| Instant(START.0 + seconds * 1_000_000);
        let entry = |car: usize| self.blank.list.entries[car].id.clone();
        let mut said: Vec<(Instant, MeetingFact)> = Vec::new();
        for car in 0..CARS {
            let transponder = Transponder(u32::try_from(car).unwrap() + 1);
            said.push((at(-3_600), MeetingFact::Transponder { round: self.name.round, transponder, car: entry(car), from: None }));
        }
        let end = i64::from(MINUTES) * 60;
        for (seconds, signal) in [(-1_800, Signal::Open), (0, Signal::Green), (end + 95, Signal::Chequered), (end + 900, Signal::Close)] {
            said.push((at(seconds), MeetingFact::Signal { session: self.name.clone(), signal }));
        }
        let mut heard: BTreeMap<(i64, u8), Vec<Passing>> = BTreeMap::new();
        let mut seats = [0; CARS];
        let layout = lapped::layout();
        for (car, reading) in lapped::race(CARS, i64::from(MINUTES)) {
            let passing = Passing { at: Instant(START.0 + reading.at.0), transponder: Some(Transponder(u32::try_from(car).unwrap() + 1)) };
            heard.entry((reading.at.0 / 1_000_000, reading.source)).or_default().push(passing);
            if layout.sources()[usize::from(reading.source)].id.as_str() == "pit-exit" {
                seats[car] = 1 - seats[car];
                let driver = self.blank.list.entries[car].spells[0].crew[seats[car]].clone();
                let session = self.name.clone();
                said.push((passing.at, MeetingFact::Aboard { session, car: entry(car), driver, how: AboardHow::Declared }));
            }
        }
        for ((_, source), passings) in heard {
            let arrived = Instant(passings.last().unwrap().at.0 + 90_000);
            let source = layout.sources()[usize::from(source)].id.clone();
            said.push((arrived, MeetingFact::Heard(Heard { round: self.name.round, source, passings: passings.into() })));
        }
        said.sort_by_key(|(at, _)| *at);
        let fact = |(number, (at, what)): (u64, (Instant, MeetingFact))| Fact {
            number,
            happened: at,
            recorded: at,
            by: "timing".to_owned(),
            citation: "decoder".to_owned(),
            what: What::Meeting(what),
        };
        (1..).zip(said).map(fact).collect()
    }

    fn live(&self, season: &Season) -> LiveSession {
        LiveSession::of(&self.rulebook, season, Moment::NOW, self.session).unwrap()
    }
}

fn passings(facts: &[Fact]) -> usize {
    let count = |fact: &Fact| if let What::Meeting(MeetingFact::Heard(heard)) = &fact.what { heard.passings.len() } else { 0 };
    facts.iter().map(count).sum()
}

fn stored(facts: &[Fact]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("day.sqlite");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(path.with_file_name(format!("day.sqlite{end}")));
    }
    Journal::create(&path).unwrap().append(facts).unwrap();
    path
}

/// Reads the race from its store, once, and says how much memory was resident at most.
fn read(path: &Path) {
    let day = Day::new();
    let peak = |what: &str| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: not told on this system");
        println!("{what}: {line}");
    };
    peak("before reading");
    let facts = Journal::open_to_read(path).unwrap().read().unwrap();
    peak("read to facts");
    let (count, heard) = (facts.len(), passings(&facts));
    let season = made::folded(&day.blank, &facts);
    drop(facts);
    peak("a season with them");
    let live = day.live(&season);
    peak("a live session");
    let leader = live.running.order().next().unwrap();
    println!("{count} facts, {heard} passings, {} laps led, {} doubts", leader.laps, live.doubts.len());
}

/// Passings to crossings, laps and order.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn day_1_running(bencher: Bencher) {
    let heard = lapped::race(CARS, i64::from(MINUTES));
    let time = Some(Micros::seconds(i64::from(MINUTES) * 60));
    let schedule = Schedule { start: Some(Instant(0)), stopped: None, time, laps: None, to_all: false, signalled: None };
    bencher.counter(ItemsCount::new(heard.len())).bench_local(|| {
        let mut running = Running::new(lapped::layout(), Ranking::Distance, schedule, CARS);
        heard.iter().for_each(|(car, reading)| running.hear(*car, *reading));
        running
    });
}

/// The facts of the race: what a season holds.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn day_2_facts(bencher: Bencher) {
    let facts = Day::new().facts();
    bencher.counter(ItemsCount::new(passings(&facts))).bench_local(|| facts.clone());
}

/// Facts in memory to a live session: laps, order, end, doubts. What it keeps is beside the facts.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn day_3_live_session(bencher: Bencher) {
    let day = Day::new();
    let facts = day.facts();
    let season = made::folded(&day.blank, &facts);
    bencher.counter(ItemsCount::new(passings(&facts))).bench_local(|| day.live(&season));
}

/// The store, every line checked, to facts.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn day_4_read_store(bencher: Bencher) {
    let facts = Day::new().facts();
    let path = stored(&facts);
    let mut journal = Journal::open_to_read(&path).unwrap();
    bencher.counter(ItemsCount::new(passings(&facts))).bench_local(|| journal.read().unwrap());
}
