//! Real races from their laps: the passings behind every lap, heard again, give the official classification.
//!
//! The captures stand beside the repository and may not be copied into it; where they are not, this says so and passes.

#![expect(clippy::unwrap_used, reason = "a capture that cannot be read is a failed test")]
#![expect(clippy::print_stderr, reason = "what is skipped is said")]

#[path = "captures/alkamel.rs"]
mod alkamel;
#[path = "captures/decided.rs"]
mod decided;
#[path = "captures/season.rs"]
mod season;
#[path = "captures/stewards.rs"]
mod stewards;

use std::path::{Path, PathBuf};

use alkamel::{Official, Timed};
use season::{Car, Classify, Race, Row};
use sport::date::{Instant, Micros};
use sport::line::{Layout, Line, LineKind, Measures, Source, SourceKind};
use sport::passing::PassingId;
use sport::reading::Reading;
use sport::running::{Ranking, Running, Schedule};
use stewards::{Act, Decided, Printed};

const START: Instant = Instant(1_500_000_000_000_000);

/// Finish line and two sector lines, a main and a backup loop at each. The distances are of no real circuit.
fn layout() -> Layout {
    let line = |id: &str, kind, at| Line { id: id.into(), kind, at, in_pit_lane: false };
    let source = |id: &str, line, kind| Source { id: id.into(), line, kind };
    let measures = Measures { length: 4_500, minimum_lap: Micros::seconds(60), top_speed: 150, coincidence: Micros(500_000) };
    let lines = vec![line("finish", LineKind::Finish, 0), line("s1", LineKind::Sector, 1_500), line("s2", LineKind::Sector, 3_000)];
    let sources = vec![
        source("finish-main", 0, SourceKind::Main),
        source("s1", 1, SourceKind::Main),
        source("s2", 2, SourceKind::Main),
        source("finish-backup", 0, SourceKind::Backup),
    ];
    Layout::new(measures, lines, sources).unwrap()
}

/// The passings behind a car's laps: at the finish line by both loops, and at the sectors. A car that took the chequered signal drives
/// one more lap, slowly.
fn passings(laps: &[Timed], finished: bool) -> Vec<Reading> {
    let mut readings = Vec::new();
    let mut hear =
        |at: i64, source: u8| readings.push(Reading { at: Instant(START.0 + at), passing: PassingId { fact: 1, nth: 0 }, source });
    for lap in laps {
        let begun = lap.elapsed.0 - lap.time.0;
        if let Some(sectors) = lap.sectors {
            hear(begun + sectors[0].0, 1);
            hear(begun + sectors[0].0 + sectors[1].0, 2);
        }
        hear(lap.elapsed.0, 0);
        hear(lap.elapsed.0 - 1_700, 3);
    }
    if let Some(last) = laps.last().filter(|_| finished) {
        hear(last.elapsed.0 + 140_000_000, 0);
    }
    readings
}

/// A small generator of numbers, the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

fn captures(folder: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures").join(folder);
    if !folder.is_dir() {
        eprintln!("skipped: no captures {} beside the repository", folder.display());
        return None;
    }
    Some(folder)
}

/// The scheduled length of the races in the captures, from the time the leader took.
fn scheduled(winner: Micros) -> Micros {
    let lengths = [100, 120, 160, 360].map(|minutes| Micros::seconds(minutes * 60));
    *lengths.iter().rfind(|length| **length <= winner).expect("a race of a known length")
}

/// Hears a race, in the order of time but for some passings that arrive up to a minute late.
fn run(cars: &[(String, Vec<Timed>)], time: Micros, seed: u64) -> Running {
    let signal = cars.iter().flat_map(|(_, laps)| laps).filter(|lap| lap.elapsed >= time).map(|lap| lap.elapsed).min();
    let signal = signal.expect("somebody took the chequered signal");
    let mut all: Vec<(i64, usize, Reading)> = Vec::new();
    let mut dice = Dice(seed);
    for (car, (_, laps)) in cars.iter().enumerate() {
        let finished = laps.last().is_some_and(|lap| lap.elapsed >= signal);
        for reading in passings(laps, finished) {
            let late = if dice.below(20) == 0 { i64::try_from(dice.below(60_000_000)).unwrap() } else { 0 };
            all.push((reading.at.0 + late, car, reading));
        }
    }
    all.sort_by_key(|(heard, car, reading)| (*heard, *car, reading.source));
    let schedule = Schedule { start: Some(START), stopped: None, time: Some(time), laps: None, to_all: false, signalled: None };
    let mut running = Running::new(layout(), Ranking::Distance, schedule, cars.len());
    for (_, car, reading) in all {
        running.hear(car, reading);
    }
    running
}

#[test]
fn the_official_classification_of_every_race_follows_from_its_passings() {
    let Some(folder) = captures("imsa") else { return };
    let mut races = 0;
    for (laps, official) in alkamel::races(&folder) {
        let cars = alkamel::laps(&laps);
        let official: Vec<Official> = alkamel::results(&official);
        let running = run(&cars, scheduled(official[0].time.expect("the winner has a time")), races);
        let rows: Vec<_> = running.order().filter(|row| row.laps > 0).collect();
        let finished = official.iter().filter(|row| row.laps > 0);
        assert_eq!(rows.len(), finished.clone().count(), "cars with laps in {}", laps.display());
        for (row, official) in rows.iter().zip(finished) {
            let of = format!("{}: place {} is car {}", laps.display(), official.place, official.car);
            assert_eq!(cars[row.car].0, official.car, "{of}");
            assert_eq!((row.laps, row.time), (official.laps, official.time), "{of}");
            assert_eq!(row.best, official.best.or(row.best), "best lap; {of}");
        }
        races += 1;
    }
    assert_eq!(races, 9, "races with results in {}", folder.display());
}

#[test]
fn every_lap_of_a_long_race_is_read_from_its_passings() {
    let Some(folder) = captures("wec/2025") else { return };
    for file in ["imola_6h.csv", "spa_6h.csv"] {
        let cars = alkamel::laps(&folder.join(file));
        let last = cars.iter().flat_map(|(_, laps)| laps).map(|lap| lap.elapsed).max().expect("laps");
        let running = run(&cars, scheduled(last), 7);
        for (car, (number, laps)) in cars.iter().enumerate() {
            let heard: Vec<i64> = running.tracks()[car].laps().iter().take(laps.len()).map(|lap| lap.end.0 - START.0).collect();
            assert_eq!(heard, laps.iter().map(|lap| lap.elapsed.0).collect::<Vec<_>>(), "{file}, car {number}");
            assert_eq!(running.progress(car).laps as usize, laps.len(), "{file}, car {number}");
        }
    }
}

/// A race to be folded, of the cars that drove and those that only stand on the sheet. Who is classified there without a lap took the start;
/// that it crossed the line then is all its passings tell.
fn race(cars: &[(String, Vec<Timed>)], class: impl Fn(&str) -> String, absent: &[&Official], classified: Classify) -> Race {
    let last = cars.iter().flat_map(|(_, laps)| laps).map(|lap| lap.elapsed).max().expect("laps");
    let flagged = cars.iter().flat_map(|(_, laps)| laps).filter(|lap| lap.chequered).map(|lap| lap.elapsed).min();
    let flagged = flagged.expect("somebody took the chequered flag");
    let drove = cars.iter().map(|(number, laps)| Car {
        number: number.clone(),
        class: class(number),
        readings: passings(laps, laps.last().is_some_and(|lap| lap.chequered)),
    });
    let away = Reading { at: Instant(START.0 + 3_000_000), passing: PassingId { fact: 1, nth: 0 }, source: 0 };
    let started = |row: &Official| if row.status == "Classified" { vec![away] } else { Vec::new() };
    let stood = absent.iter().map(|row| Car { number: row.car.clone(), class: row.class.clone(), readings: started(row) });
    Race {
        cars: drove.chain(stood).collect(),
        layout: layout(),
        start: START,
        time: scheduled(flagged.min(last)),
        chequered: Instant(START.0 + flagged.0),
        classified,
    }
}

/// Says what was found of a race, and gives what still differs.
fn told(of: &str, race: &Race, decided: &[&Decided<'_>], compared: usize, differs: impl Fn(&[Row]) -> Vec<String>) -> Vec<String> {
    let before = differs(&race.table(&[])).len();
    let after = differs(&race.table(decided));
    eprintln!(
        "{of}: {} cars, {compared} compared, {} exact without decisions, {} decisions recorded, {} exact after",
        race.cars.len(),
        compared - before,
        decided.len(),
        compared - after.len()
    );
    after.into_iter().map(|says| format!("{of}: {says}")).collect()
}

/// The decisions about a race.
fn decided(of: &str) -> Vec<&'static Decided<'static>> {
    let decided: Vec<&Decided<'_>> = stewards::DECIDED.iter().filter(|decided| decided.race == of).collect();
    decided.iter().for_each(|decided| eprintln!("{of}: car {}, {} ({})", decided.car, decided.reason, decided.ground));
    decided
}

/// The races with an official sheet: their name, themselves, the sheet.
fn imsa(folder: &Path) -> Vec<(String, Race, Vec<Official>)> {
    let read = |(laps, sheet): (PathBuf, PathBuf)| {
        let of = format!("imsa/{}", laps.strip_prefix(folder).unwrap().display());
        let (cars, official) = (alkamel::laps(&laps), alkamel::results(&sheet));
        let class = |car: &str| official.iter().find(|row| row.car == car).expect("a car of the sheet").class.clone();
        let absent: Vec<&Official> = official.iter().filter(|row| cars.iter().all(|(car, _)| *car != row.car)).collect();
        let race = race(&cars, class, &absent, Classify::Starters);
        (of, race, official)
    };
    alkamel::races(folder).into_iter().map(read).collect()
}

#[test]
fn every_official_row_follows_from_the_passings_and_the_decisions() {
    let Some(folder) = captures("imsa") else { return };
    let races = imsa(&folder);
    let found = races
        .iter()
        .flat_map(|(of, race, official)| told(of, race, &decided(of), official.len(), |table| decided::against(table, official)));
    assert_eq!(found.collect::<Vec<_>>(), [""; 0]);
    assert_eq!(races.len(), 9, "races with results in {}", folder.display());
}

/// No steward moved a car in these races. Had they, the table would follow: the winner given time, a car laps taken, one dropped, one disqualified.
#[test]
fn decisions_move_real_fields_as_laps_and_times_say() {
    let Some(folder) = captures("imsa") else { return };
    for (of, race, official) in imsa(&folder) {
        let suppose = |place: usize, act| Decided { race: &of, car: &official[place - 1].car, act, reason: "supposed", ground: "supposed" };
        let acts = [(1, Act::Time(30)), (4, Act::Laps(1)), (6, Act::Disqualified), (9, Act::Places(5)), (12, Act::Time(75))];
        let all = acts.map(|(place, act)| suppose(place, act));
        let some: Vec<&Decided<'_>> = all.iter().collect();
        for decided in some.iter().map(std::slice::from_ref).chain([&some[..]]) {
            let table = race.table(decided);
            let placed = table.iter().filter(|row| row.place.is_some());
            let placed: Vec<_> = placed.map(|row| (row.car.clone(), row.laps, row.time)).collect();
            assert_eq!(placed, decided::supposed(&official, decided), "{of}");
        }
    }
}

/// No capture holds the official sheet of these two; what reports printed of them must come out.
#[test]
fn what_was_printed_of_races_without_a_sheet_follows_from_the_passings_and_the_decisions() {
    let Some(folder) = captures("wec/2025") else { return };
    let mut differs = Vec::new();
    for (file, printed) in [("imola_6h.csv", stewards::IMOLA), ("spa_6h.csv", stewards::SPA)] {
        let (of, file) = (format!("wec/2025/{file}"), folder.join(file));
        let (cars, classes) = (alkamel::laps(&file), alkamel::classes(&file));
        let race = race(&cars, |car| classes[car].clone(), &[], Classify::Seventy);
        let printed: &[Printed] = printed;
        differs.extend(told(&of, &race, &decided(&of), printed.len(), |table| decided::against_reports(table, printed)));
    }
    assert_eq!(differs, [""; 0]);
}
