//! Simulated races are like real ones.

#![expect(clippy::unwrap_used, reason = "a capture that cannot be read is a failed test")]
#![expect(clippy::print_stderr, reason = "what is skipped is said")]

#[expect(dead_code, reason = "its tables only, not its races")]
#[path = "../../sport/tests/captures/alkamel.rs"]
mod alkamel;
mod made;
#[path = "plausible/measured.rs"]
mod measured;

use std::path::{Path, PathBuf};

use made::made;
use measured::{Measured, captured, measured, simulated, sprint};
use simulator::Faults;
use sport::session::SessionKind;

/// The least and the most of every figure, in millionths, over eleven races: IMSA 2021 to 2025 (Virginia, Long Beach, Laguna Seca; 100 or 160
/// minutes, 18 to 38 cars) and WEC 2025 (Imola, Spa; six hours, 36 cars).
const LEAST: Measured = Measured { spread: 5_378, slow: 7_162, between_cars: 1_965, retired: 0, visits: 658_823, gap: 10_038 };
const MOST: Measured = Measured { spread: 11_778, slow: 77_324, between_cars: 10_808, retired: 124_120, visits: 1_312_643, gap: 129_089 };

/// The same of the twenty one-hour races of GT World Challenge Europe 2021 and 2022 (24 to 30 cars): the median gap between neighbours on the
/// leader's lap, in laps, and the cars not classified.
const SPRINT_GAP: [i64; 2] = [4_453, 43_796];
const SPRINT_NOT_CLASSIFIED: [i64; 2] = [0, 222_222];

/// A figure of those measured.
type Figure = fn(&Measured) -> i64;

const FIGURES: [(&str, Figure); 6] = [
    ("spread", |of| of.spread),
    ("slow", |of| of.slow),
    ("between cars", |of| of.between_cars),
    ("retired", |of| of.retired),
    ("visits", |of| of.visits),
    ("gap", |of| of.gap),
];

/// Forty races of so many minutes.
fn races_of(minutes: u16) -> Vec<Measured> {
    let mut made = made(40);
    let race = made.session(1, SessionKind::Race);
    made.season.calendar.sessions.iter_mut().for_each(|session| session.minutes = session.minutes.map(|_| minutes));
    let run = |seed: u64| simulator::session(&made.plan(1, seed, Faults::NONE), &made.orders(race)).unwrap();
    let class = |entry: usize| made.season.list.entries[entry].class.as_str().to_owned();
    (0..40).map(|seed| measured(&simulated(&run(seed).truth, class))).collect()
}

/// The mean lies between the least and the most, and so do four races of five, by a tenth of the way.
fn lies_between(name: &str, of: Vec<i64>, [least, most]: [i64; 2]) {
    let races = i64::try_from(of.len()).unwrap();
    let mean = of.iter().sum::<i64>() / races;
    let slack = (most - least) / 10;
    let inside = of.iter().filter(|figure| (least - slack..=most + slack).contains(*figure)).count();
    eprintln!("{name}: {mean} of a million on average, {inside} of {races} races between {least} and {most}");
    assert!((least..=most).contains(&mean), "{name}: {mean} of a million on average, measured {least} to {most}");
    assert!(inside * 5 >= of.len() * 4, "{name}: {inside} of {races} races lie between {least} and {most}: {of:?}");
}

#[test]
fn long_races_are_like_the_captured_ones() {
    let races = races_of(160);
    for (name, figure) in FIGURES {
        lies_between(name, races.iter().map(figure).collect(), [figure(&LEAST), figure(&MOST)]);
    }
}

#[test]
fn short_races_are_like_the_captured_ones() {
    let races = races_of(60);
    lies_between("gap", races.iter().map(|of| of.gap).collect(), SPRINT_GAP);
    lies_between("retired", races.iter().map(|of| of.retired).collect(), SPRINT_NOT_CLASSIFIED);
    for (name, figure) in &FIGURES[..3] {
        lies_between(name, races.iter().map(figure).collect(), [figure(&LEAST), figure(&MOST)]);
    }
}

#[test]
fn the_figures_are_those_of_the_captures() {
    let Some(folder) = captures() else { return };
    let imsa = alkamel::races(&folder.join("imsa")).into_iter().map(|(laps, _)| laps);
    let wec = ["imola_6h.csv", "spa_6h.csv"].map(|file| folder.join("wec/2025").join(file));
    let races: Vec<Measured> = imsa.chain(wec).map(|file| measured(&captured(&file))).collect();
    assert_eq!(races.len(), 11);
    for (name, figure) in FIGURES {
        let of = || races.iter().map(figure);
        assert_eq!([of().min().unwrap(), of().max().unwrap()], [figure(&LEAST), figure(&MOST)], "{name}");
    }
    let sprints: Vec<(i64, i64)> = sprints(&folder.join("gtwce-results")).iter().map(|file| sprint(file)).collect();
    assert_eq!(sprints.len(), 20);
    let ends = |of: Vec<i64>| [of.iter().min().copied().unwrap(), of.iter().max().copied().unwrap()];
    assert_eq!(ends(sprints.iter().map(|of| of.0).collect()), SPRINT_GAP, "gap");
    assert_eq!(ends(sprints.iter().map(|of| of.1).collect()), SPRINT_NOT_CLASSIFIED, "not classified");
}

/// The tables of the one-hour races: `<year>/<event>/Races/Race_1.csv`.
fn sprints(folder: &Path) -> Vec<PathBuf> {
    let inside = |folder: &Path| -> Vec<PathBuf> {
        let all = std::fs::read_dir(folder).into_iter().flatten();
        all.map(|entry| entry.unwrap().path()).collect()
    };
    let events = inside(folder).into_iter().flat_map(|year| inside(&year));
    let tables = events.flat_map(|event| inside(&event.join("Races")));
    tables.filter(|table| ["Race_1.csv", "Race_2.csv"].iter().any(|name| table.ends_with(name))).collect()
}

/// The captures, where they stand beside the repository; they may not be copied into it.
fn captures() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures");
    if !folder.is_dir() {
        eprintln!("skipped: no captures {} beside the repository", folder.display());
        return None;
    }
    Some(folder)
}
