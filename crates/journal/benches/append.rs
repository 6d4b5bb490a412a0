//! How long an acknowledged fact takes, alone and in a group, and how long a season of 10,000 facts takes to read.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]

use std::path::{Path, PathBuf};

use divan::Bencher;
use divan::counter::ItemsCount;
use journal::{Journal, jsonl};
use sport::date::{Instant, Micros};
use sport::fact::{Fact, Served, ServedHow, What};
use sport::names::SessionId;
use sport::session::SessionName;

const SEASON: u64 = 10_000;

fn main() {
    divan::main();
}

fn facts(numbers: std::ops::RangeInclusive<u64>) -> Vec<Fact> {
    let session = SessionName { round: 2, id: SessionId::new("race-1") };
    let served = Served { session, car: "19".into(), time: Micros::seconds(15), how: ServedHow::AtStop };
    let fact = |number| Fact {
        number,
        happened: Instant(1_523_707_200_000_000),
        recorded: Instant(1_523_707_200_250_000),
        by: "secretary".to_owned(),
        citation: "sheet 14, page 2".to_owned(),
        what: What::Served(served.clone()),
    };
    numbers.map(fact).collect()
}

/// A path without a file, in the folder for build output: a memory file system would not wait for a disk.
fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("{name}{end}")));
    }
    folder.join(name)
}

fn season(name: &str) -> Journal {
    let mut journal = Journal::create(&fresh(name)).unwrap();
    journal.append(&facts(1..=SEASON)).unwrap();
    journal
}

#[divan::bench(args = [1, 10, 100])]
fn append(bencher: Bencher, group: u64) {
    let mut journal = Journal::create(&fresh(&format!("append-{group}.sqlite"))).unwrap();
    bencher.counter(ItemsCount::new(group)).bench_local(|| {
        let next = journal.head().facts + 1;
        journal.append(&facts(next..=next + group - 1)).unwrap()
    });
}

#[divan::bench(sample_count = 10)]
fn read_10_000(bencher: Bencher) {
    let mut journal = season("read.sqlite");
    bencher.counter(ItemsCount::new(SEASON)).bench_local(|| journal.read().unwrap());
}

#[divan::bench(sample_count = 10)]
fn verify_10_000(bencher: Bencher) {
    let journal = season("verify.sqlite");
    bencher.counter(ItemsCount::new(SEASON)).bench_local(|| journal.verify().unwrap());
}

#[divan::bench(sample_count = 10)]
fn export_10_000(bencher: Bencher) {
    let journal = season("export.sqlite");
    let mut text = Vec::new();
    bencher.counter(ItemsCount::new(SEASON)).bench_local(|| {
        text.clear();
        journal.export(&mut text).unwrap()
    });
}

#[divan::bench(sample_count = 10)]
fn import_10_000(bencher: Bencher) {
    let mut text = Vec::new();
    jsonl::write(&facts(1..=SEASON), &mut text, Path::new("text")).unwrap();
    let into = || Journal::create(&fresh("import.sqlite")).unwrap();
    bencher.counter(ItemsCount::new(SEASON)).with_inputs(into).bench_local_values(|mut journal| {
        jsonl::import(&mut text.as_slice(), Path::new("text"), &mut journal).unwrap();
        journal
    });
}
