//! A season made from a seed: 12 races, 40 cars in two classes and three cups, every sheet complete.

use journal::jsonl;
use paperwork::read::Sources;
use paperwork::season::LoadedSeason;
use sport::date::{Date, Instant, Micros};
use sport::decision::{Against, Decision, Effect, Matter, MatterKind};
use sport::entry::{Driver, Entry, EntryList, EntryStatus, Spell, Team};
use sport::fact::{BopBulletin, BopRow, Fact, Served, ServedHow, What};
use sport::grade::{DatedGrade, Grade};
use sport::names::{DecisionId, DriverId, EntryId, MatterId, TeamId};
use sport::place::Places;
use sport::result::{Finish, GridRow, PublishedGrid, PublishedResult, Raced, ResultRow, ResultState};
use sport::rulebook::Rulebook;
use sport::season::Season;
use sport::session::{SessionKind, SessionName};
use std::path::Path;

use crate::random::Random;

/// Races of the season.
pub const RACES: usize = 12;
/// Cars: 26 GT3, then 14 GT4.
const CARS: usize = 40;
const GT3: usize = 26;
/// A fortnight between two races.
const FORTNIGHT: i64 = 14 * 24 * 3600;
const MODELS: usize = 10;

/// A rulebook, a season before its facts, and the facts.
pub struct Made {
    /// Blancpain GT Series Asia 2018 as checked in.
    pub rulebook: Rulebook,
    /// The season of that year with a made-up entry list.
    pub blank: Season,
    /// In the order they were recorded.
    pub facts: Vec<Fact>,
}

impl Made {
    /// The season with all its facts.
    pub fn season(&self) -> Season {
        folded(&self.blank, &self.facts)
    }

    /// The journal as text.
    pub fn text(&self) -> Vec<u8> {
        text(&self.facts)
    }
}

fn text(facts: &[Fact]) -> Vec<u8> {
    let mut text = Vec::new();
    jsonl::write(facts, &mut text, Path::new("text")).unwrap();
    text
}

/// The journal of a seed as text, without an appeal.
pub fn text_of(blank: &Season, seed: u64) -> Vec<u8> {
    text(&facts(blank, seed, 0))
}

/// A season with these facts.
pub fn folded(blank: &Season, facts: &[Fact]) -> Season {
    let mut season = blank.clone();
    facts.iter().for_each(|fact| season.apply(fact));
    season
}

/// What was written before the first fact of any of the seasons.
pub fn written() -> (Rulebook, Season) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let loaded = paperwork::season::season(&root.join("seasons/blancpain-gt-series-asia-2018"), &mut Sources::new(&root));
    let LoadedSeason { title, rulebook, calendar, .. } = loaded.value.unwrap();
    assert_eq!(rulebook.latest().championships.len(), 7, "the figures are published for seven championships");
    let season = Season::new(&title, rulebook.year, calendar, entry_list());
    (rulebook, season)
}

/// The season of a seed, with one open appeal in each of its last `appeals` races.
pub fn made(seed: u64, appeals: usize) -> Made {
    let (rulebook, blank) = written();
    let facts = facts(&blank, seed, appeals);
    Made { rulebook, blank, facts }
}

/// The crew's grades say the cup (A4, A5): ten Pro/Am, eight Silver, eight Am cars, and GT4.
fn grades(car: usize) -> [Grade; 2] {
    match car {
        0..10 => [Grade::Platinum, Grade::Bronze],
        10..18 => [Grade::Silver, Grade::Silver],
        _ => [Grade::Bronze, Grade::Bronze],
    }
}

fn entry_list() -> EntryList {
    let mut list = EntryList::default();
    let from = Date { year: 2018, month: 1, day: 1 };
    let born = Some(Date { year: 1985, month: 4, day: 14 });
    let team = |car: usize| TeamId::new(&format!("team-{:02}", car / 2));
    for car in 0..CARS {
        let crew: Vec<DriverId> = (0..2).map(|seat| DriverId::new(&format!("driver-{car:02}-{seat}"))).collect();
        for (id, grade) in crew.iter().zip(grades(car)) {
            let grades = vec![DatedGrade { grade, from }];
            list.drivers.push(Driver {
                id: id.clone(),
                name: format!("Driver {}", id.as_str()),
                nationality: None,
                players: Vec::new(),
                born,
                grades,
            });
        }
        if car % 2 == 0 {
            list.teams.push(Team { id: team(car), name: format!("Team {:02}", car / 2) });
        }
        list.entries.push(Entry {
            id: EntryId::new(&format!("{}", car + 1)),
            number: Some(format!("{}", car + 1)),
            team: Some(team(car)),
            class: if car < GT3 { "GT3".into() } else { "GT4".into() },
            model: Some(format!("Model {}", car % MODELS)),
            maker: None,
            constructor: None,
            status: EntryStatus::Regular,
            registered: Vec::new(),
            spells: vec![Spell { rounds: (1..=6).collect(), crew, perhaps: Vec::new(), crew_open: false, cup: None }],
        });
    }
    list
}

/// Facts as they are recorded, numbered from 1.
struct Recording {
    facts: Vec<Fact>,
    at: Instant,
}

impl Recording {
    fn record(&mut self, what: What) {
        self.at.0 += 60_000_000;
        self.facts.push(Fact {
            number: self.facts.len() as u64 + 1,
            happened: self.at,
            recorded: Instant(self.at.0 + 250_000),
            by: "secretary".to_owned(),
            citation: "official notice board".to_owned(),
            what,
        });
    }
}

/// A car of a race before anybody looked at it: laps, time, best lap.
#[derive(Clone)]
struct Run {
    car: usize,
    laps: u32,
    time: i64,
    best: i64,
}

fn facts(blank: &Season, seed: u64, appeals: usize) -> Vec<Fact> {
    let mut random = Random::seeded(seed);
    let races: Vec<SessionName> =
        blank.calendar.sessions.iter().filter(|session| session.kind == SessionKind::Race).map(|session| session.name.clone()).collect();
    assert_eq!(races.len(), RACES, "the figures are published for twelve races");
    let mut recording = Recording { facts: Vec::new(), at: Instant(1_523_000_000_000_000) };
    let mut owed: Vec<(usize, i64)> = Vec::new();
    for (nth, race) in races.iter().enumerate() {
        recording.at.0 += FORTNIGHT * 1_000_000;
        if nth % 2 == 0 {
            recording.record(bulletin(&mut random, race));
        }
        let mut runs = race_of(&mut random);
        recording.record(grid(race, &runs));
        recording.record(sheet(blank, race, ResultState::Provisional, &runs, Vec::new()));
        for (car, seconds) in owed.drain(..) {
            let served = Served { session: race.clone(), car: id(blank, car), time: Micros::seconds(seconds), how: ServedHow::AtStop };
            recording.record(What::Served(served));
        }
        // The winner of GT3 and a car behind it get seconds: what is decided moves places that score.
        let mut decided = Vec::new();
        for (which, place) in [0, 4].into_iter().enumerate() {
            let decision = DecisionId::new(&format!("{}-{}", nth + 1, which + 1));
            let time = random.signed(5, 12);
            let run = runs.iter_mut().filter(|run| run.car < GT3).nth(place).unwrap();
            run.time += time * 1_000_000;
            recording.record(ruling(blank, race, &decision, run.car, time));
            decided.push(decision);
        }
        order(&mut runs);
        let state = if nth >= RACES - appeals { ResultState::Amended } else { ResultState::Final };
        recording.record(sheet(blank, race, state, &runs, decided.clone()));
        if state == ResultState::Amended {
            recording.record(appeal(nth, decided.swap_remove(0)));
        }
        for class in [0..GT3, GT3..CARS] {
            let first = runs.iter().filter(|run| class.contains(&run.car)).zip([15, 10, 5]);
            owed.extend(first.map(|(run, seconds)| (run.car, seconds)));
        }
    }
    recording.facts
}

fn id(blank: &Season, car: usize) -> EntryId {
    blank.list.entries[car].id.clone()
}

fn order(runs: &mut [Run]) {
    runs.sort_by_key(|run| (std::cmp::Reverse(run.laps), run.time));
}

fn race_of(random: &mut Random) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for class in [0..GT3, GT3..CARS] {
        let mut cars: Vec<usize> = class.collect();
        random.shuffle(&mut cars);
        let (laps, mut time) = if cars.contains(&0) { (31, 3_600_000_000) } else { (28, 3_605_000_000) };
        for (place, car) in cars.into_iter().enumerate() {
            time += random.signed(400_000, 6_000_000);
            runs.push(Run { car, laps: laps - u32::from(place > 15), time, best: 90_000_000 + random.signed(0, 4_000_000) });
        }
    }
    order(&mut runs);
    runs
}

fn sheet(blank: &Season, race: &SessionName, state: ResultState, runs: &[Run], includes: Vec<DecisionId>) -> What {
    let rows = runs.iter().enumerate().map(|(at, run)| {
        let retired = at >= CARS - 3;
        let mut row = ResultRow::of(id(blank, run.car), if retired { Finish::NotClassified } else { Finish::Classified });
        row.place = (!retired).then(|| Places::exactly(u16::try_from(at + 1).unwrap()));
        (row.laps, row.time, row.best_lap) = (Some(run.laps), Some(Micros(run.time)), Some(Micros(run.best)));
        row.crew.clone_from(&blank.list.entries[run.car].spells[0].crew);
        row
    });
    What::Result(PublishedResult {
        session: race.clone(),
        mark: None,
        state,
        document: Some("sheet 14".to_owned()),
        complete: true,
        includes,
        without: Vec::new(),
        raced: Raced::Full,
        fastest: Vec::new(),
        rows: rows.collect(),
    })
}

fn grid(race: &SessionName, runs: &[Run]) -> What {
    let row = |(at, run): (usize, &Run)| GridRow {
        car: EntryId::new(&format!("{}", run.car + 1)),
        place: Some(Places::exactly(u16::try_from(at + 1).unwrap())),
        class_place: None,
        cup_place: None,
        driver: Some(DriverId::new(&format!("driver-{:02}-0", run.car))),
        time: Some(Micros(run.best)),
        note: None,
    };
    What::Grid(PublishedGrid { session: race.clone(), complete: true, rows: runs.iter().enumerate().map(row).collect() })
}

fn ruling(blank: &Season, race: &SessionName, decision: &DecisionId, car: usize, seconds: i64) -> What {
    What::Decision(Decision {
        id: decision.clone(),
        authority: "Stewards".to_owned(),
        article: "C3".to_owned(),
        reason: "Causing a collision".to_owned(),
        effects: vec![Effect::AddTime { session: race.clone(), car: id(blank, car), time: Micros::seconds(seconds) }],
        settles: None,
        answers: None,
    })
}

fn appeal(nth: usize, decision: DecisionId) -> What {
    What::Matter(Matter {
        id: MatterId::new(&format!("appeal-{}", nth + 1)),
        kind: MatterKind::Appeal,
        by: "the entrant".to_owned(),
        against: Against::Decision(decision),
        if_upheld: Vec::new(),
        suspends: false,
        reason: "the contact was not the car's fault".to_owned(),
    })
}

fn bulletin(random: &mut Random, race: &SessionName) -> What {
    let mut row = |model| BopRow {
        model: format!("Model {model}"),
        ballast_kg: i32::try_from(random.between(0, 60)).ok(),
        restrictor_hundredths_mm: None,
        boost: None,
        ride_height_tenths_mm: None,
        engine_map: None,
        fuel_tenths_l: None,
    };
    What::Bop(BopBulletin {
        number: format!("{}", race.round),
        from_round: race.round,
        from_session: None,
        article: "F1".to_owned(),
        rows: (0..MODELS).map(&mut row).collect(),
    })
}
