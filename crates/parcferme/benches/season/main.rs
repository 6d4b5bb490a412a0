//! How long a season takes from its journal, how long an archive of them, and how long every world of its open appeals.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]
#![expect(unreachable_pub, reason = "the rooms of one benchmark, and of the second scorer's test")]
#![expect(clippy::wildcard_enum_match_arm, reason = "the second scorer reads only the variants it is about")]

mod made;

#[path = "../../../sport/tests/twin/docket.rs"]
mod docket;
#[path = "../../../sport/tests/twin/fraction.rs"]
mod fraction;
#[path = "../../../sport/tests/twin/orders.rs"]
mod orders;
#[path = "../../../sport/tests/twin/random.rs"]
#[expect(dead_code, reason = "a part of what its tests ask for")]
mod random;
#[path = "../../../sport/tests/twin/scores.rs"]
mod scores;
#[path = "../../../sport/tests/twin/tables.rs"]
#[expect(dead_code, reason = "a part of what its test asks for")]
mod tables;

use std::hint::black_box;
use std::path::{Path, PathBuf};

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use journal::{Journal, jsonl};
use sport::evaluate::evaluate;
use sport::evaluation::Evaluation;
use sport::fact::Fact;
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};
use sport::world::World;
use sport::worlds::worlds;

use made::{RACES, folded, made, written};

const SEED: u64 = 2018;

fn main() {
    divan::main();
}

fn tables_of(rulebook: &Rulebook, season: &Season) -> Evaluation {
    evaluate(rulebook, season, Moment::NOW, None, &World::default())
}

fn read(text: &[u8]) -> Vec<Fact> {
    jsonl::read(&mut &*text, Path::new("text")).unwrap()
}

/// A path without a file, in the folder for build output.
fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("{name}{end}")));
    }
    folder.join(name)
}

/// The whole way: the store, every line checked, to facts, to the season, to seven tables.
#[divan::bench(sample_count = 50)]
fn season_1_from_store(bencher: Bencher) {
    let made = made(SEED, 0);
    let mut journal = Journal::create(&fresh("season.sqlite")).unwrap();
    journal.append(&made.facts).unwrap();
    bencher.counter(ItemsCount::new(made.facts.len())).bench_local(|| {
        let facts = journal.read().unwrap();
        tables_of(&made.rulebook, &folded(&made.blank, &facts))
    });
}

/// The same from the text.
#[divan::bench(sample_count = 50)]
fn season_2_from_text(bencher: Bencher) {
    let made = made(SEED, 0);
    let text = made.text();
    bencher.counter(BytesCount::new(text.len())).bench_local(|| tables_of(&made.rulebook, &folded(&made.blank, &read(&text))));
}

#[divan::bench(sample_count = 50)]
fn season_3_part_read(bencher: Bencher) {
    let text = made(SEED, 0).text();
    bencher.counter(BytesCount::new(text.len())).bench_local(|| read(&text));
}

/// The floor: the same text read as JSON and nothing else; no hash, no meaning.
#[divan::bench(sample_count = 50)]
fn season_4_peer_json_value(bencher: Bencher) {
    let text = made(SEED, 0).text();
    let lines = |text: &[u8]| {
        text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect::<Vec<serde_json::Value>>()
    };
    bencher.counter(BytesCount::new(text.len())).bench_local(|| lines(&text));
}

#[divan::bench(sample_count = 50)]
fn season_5_part_apply(bencher: Bencher) {
    let made = made(SEED, 0);
    bencher.counter(ItemsCount::new(made.facts.len())).bench_local(|| made.season());
}

#[divan::bench(sample_count = 50)]
fn season_6_part_evaluate(bencher: Bencher) {
    let made = made(SEED, 0);
    let season = made.season();
    bencher.counter(ItemsCount::new(RACES)).bench_local(|| tables_of(&made.rulebook, black_box(&season)));
}

/// The second scorer of the tests, written from the rules alone to be plain, on the same season.
#[divan::bench(sample_count = 50)]
fn season_7_peer_second_scorer(bencher: Bencher) {
    let made = made(SEED, 0);
    let season = made.season();
    let ours: Vec<Vec<(Option<u16>, String, fraction::Fraction)>> = tables_of(&made.rulebook, &season)
        .standings
        .iter()
        .map(|table| table.lines.iter().map(|line| (line.place, line.name.clone(), fraction::from(line.points.at_least))).collect())
        .collect();
    let second = || tables::tables(&made.rulebook, black_box(&season), Moment::NOW, None, &World::default());
    let theirs: Vec<Vec<_>> =
        second().into_iter().map(|(_, lines)| lines.into_iter().map(|line| (line.place, line.name, line.points)).collect()).collect();
    assert!(!ours[0].is_empty() && ours == theirs, "both make the same tables, or their times say nothing");
    bencher.counter(ItemsCount::new(RACES)).bench_local(second);
}

/// 1,000 different seasons, each read from its text, folded and evaluated, one after the other on one thread.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn archive_of_1000_seasons(bencher: Bencher) {
    let (rulebook, blank) = written();
    let texts: Vec<Vec<u8>> = (0..1000).map(|seed| made::text_of(&blank, seed)).collect();
    bencher.counter(ItemsCount::new(texts.len())).counter(BytesCount::new(texts.iter().map(Vec::len).sum::<usize>())).bench_local(|| {
        for text in &texts {
            black_box(tables_of(&rulebook, &folded(&blank, &read(text))));
        }
    });
}

/// Open appeals, one a race: two to their number of worlds.
#[divan::bench(args = [1, 10, 12], sample_count = 5, sample_size = 1)]
fn worlds_of_open_appeals(bencher: Bencher, appeals: usize) {
    let made = made(SEED, appeals);
    let season = made.season();
    let all = || worlds(&made.rulebook, black_box(&season), Moment::NOW, None).unwrap();
    let count = all().count;
    assert_eq!(count, 1 << appeals, "every appeal is open");
    bencher.counter(ItemsCount::new(count)).bench_local(all);
}
