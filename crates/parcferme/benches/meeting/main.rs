//! How long a race takes from its journal to its order, with every passing read again; and how much memory a day of racing holds.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]
#![expect(unreachable_pub, reason = "the rooms of one benchmark")]
#![expect(dead_code, reason = "of the made season only the entry list is used")]

#[path = "../season/made.rs"]
mod made;
#[path = "../../../sport/tests/twin/random.rs"]
mod random;

use std::hint::black_box;
use std::path::Path;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use journal::{Journal, jsonl};
use simulator::{Faults, Orders, Plan};
use sport::date::{Instant, Micros};
use sport::fact::{Fact, What};
use sport::live_session::LiveSession;
use sport::meeting_fact::MeetingFact;
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};
use sport::session::SessionKind;

fn main() {
    divan::main();
}

/// A simulated race of round 1 with 40 cars, of so many minutes.
struct Raced {
    rulebook: Rulebook,
    blank: Season,
    facts: Vec<Fact>,
    session: usize,
    passings: usize,
}

fn raced(minutes: u16) -> Raced {
    let (rulebook, mut blank) = made::written();
    let is_race = |session: &sport::session::Session| session.name.round == 1 && session.kind == SessionKind::Race;
    let session = blank.calendar.sessions.iter().position(is_race).unwrap();
    blank.calendar.sessions[session].minutes = Some(minutes);
    let begins = Instant(1_523_700_000_000_000);
    let plan = Plan { rulebook: &rulebook, season: &blank, round: 1, seed: 5, faults: Faults::NONE };
    let grid: Vec<usize> = (0..blank.list.entries.len()).collect();
    let mut said = simulator::fittings(&plan, |_| begins);
    let orders = Orders { session, begins, due: vec![Micros(0); grid.len()], grid, first_fact: 1 + said.len() as u64 };
    said.extend(simulator::session(&plan, &orders).unwrap().said);
    let fact = |(number, one): (u64, simulator::Said)| Fact {
        number,
        happened: one.happened,
        recorded: one.at,
        by: one.by.to_owned(),
        citation: one.citation,
        what: one.what,
    };
    let facts: Vec<Fact> = (1..).zip(said).map(fact).collect();
    let count = |fact: &Fact| if let What::Meeting(MeetingFact::Heard(heard)) = &fact.what { heard.passings.len() } else { 0 };
    let passings = facts.iter().map(count).sum();
    Raced { rulebook, blank, facts, session, passings }
}

impl Raced {
    fn season(&self, facts: Vec<Fact>) -> Season {
        let mut season = self.blank.clone();
        season.take(facts);
        season
    }

    fn live(&self, season: &Season) -> LiveSession {
        LiveSession::of(&self.rulebook, season, Moment::NOW, self.session).unwrap()
    }
}

/// The whole way: the store, every line checked, to facts, to laps, order, end and doubts.
#[divan::bench(sample_count = 50)]
fn race_1_from_store(bencher: Bencher) {
    let raced = raced(60);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("race.sqlite");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(path.with_file_name(format!("race.sqlite{end}")));
    }
    let mut journal = Journal::create(&path).unwrap();
    journal.append(&raced.facts).unwrap();
    bencher.counter(ItemsCount::new(raced.passings)).bench_local(|| {
        let facts = journal.read().unwrap();
        raced.live(&raced.season(facts))
    });
}

#[divan::bench(sample_count = 50)]
fn race_2_part_read_text(bencher: Bencher) {
    let raced = raced(60);
    let mut text = Vec::new();
    jsonl::write(&raced.facts, &mut text, Path::new("text")).unwrap();
    bencher.counter(BytesCount::new(text.len())).bench_local(|| jsonl::read(&mut &*text, Path::new("text")).unwrap());
}

/// The floor: the same text read as JSON and nothing else; no hash, no meaning.
#[divan::bench(sample_count = 50)]
fn race_3_peer_json_value(bencher: Bencher) {
    let raced = raced(60);
    let mut text = Vec::new();
    jsonl::write(&raced.facts, &mut text, Path::new("text")).unwrap();
    let lines = |text: &[u8]| {
        text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect::<Vec<serde_json::Value>>()
    };
    bencher.counter(BytesCount::new(text.len())).bench_local(|| lines(&text));
}

/// From facts in memory: apply, then laps, order, end and doubts.
#[divan::bench(sample_count = 50)]
fn race_4_part_apply_and_fold(bencher: Bencher) {
    let raced = raced(60);
    let facts = || raced.facts.clone();
    bencher
        .counter(ItemsCount::new(raced.passings))
        .with_inputs(facts)
        .bench_local_values(|facts| raced.live(&raced.season(black_box(facts))));
}

/// The same for a day of racing.
#[divan::bench(sample_count = 10)]
fn race_5_of_24_hours(bencher: Bencher) {
    let raced = raced(24 * 60);
    let season = raced.season(raced.facts.clone());
    bencher.counter(ItemsCount::new(raced.passings)).bench_local(|| raced.live(black_box(&season)));
}
