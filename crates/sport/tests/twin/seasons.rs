//! Random seasons with complete results, and every effect a decision can have.

use sport::date::{Date, Instant, Micros};
use sport::decision::{Against, Decision, Effect, Matter, MatterKind, Named, Outcome};
use sport::entry::{Driver, Entry, EntryList, EntryStatus, Spell, Team};
use sport::fact::{Fact, Served, ServedHow, What};
use sport::grade::{DatedGrade, Grade};
use sport::names::{ChampionshipId, DecisionId, DriverId, EntryId, MakerId, MarkId, MatterId, SessionId, TeamId};
use sport::place::Places;
use sport::points::Points;
use sport::result::{Finish, PublishedResult, Raced, ResultRow, ResultState};
use sport::rulebook::Rulebook;
use sport::season::Season;
use sport::session::{Calendar, Round, Session, SessionKind, SessionName};
use sport::world::World;

use crate::random::Random;
use crate::rulebooks;

/// How large a season may become.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Rounds at most.
    pub rounds: usize,
    /// Cars at least and at most.
    pub cars: (usize, usize),
    /// Percent of sessions that see decisions.
    pub decisions: usize,
}

/// A rulebook, a season before its facts, the facts, and what is asked of them.
#[derive(Clone, Debug)]
pub struct Made {
    /// The rulebook.
    pub rulebook: Rulebook,
    /// The season without a fact.
    pub blank: Season,
    /// Facts in the order they were recorded.
    pub facts: Vec<Fact>,
    /// The last session counted.
    pub through: Option<usize>,
    /// How open matters end.
    pub world: World,
}

impl Made {
    /// The season with all its facts.
    pub fn season(&self) -> Season {
        let mut season = self.blank.clone();
        self.facts.iter().for_each(|fact| season.apply(fact));
        season
    }
}

fn session(round: u16, id: &str, kind: SessionKind, number: u16, random: &mut Random) -> Session {
    let race = kind != SessionKind::Qualifying;
    let by_distance = race && random.chance(20);
    Session {
        name: SessionName { round, id: SessionId::from(id) },
        kind,
        number,
        date: Date { year: 2018, month: u8::try_from(round).expect("at most twelve rounds"), day: 14 },
        minutes: (race && !by_distance).then(|| *random.pick(&[60, 60, 120, 180])),
        kilometres: by_distance.then(|| *random.pick(&[500, 700, 1000])),
        laps: None,
        points_factor: Points::parse(random.pick::<&str>(&["1", "1", "1", "2", "0.5", "1.5"])).expect("written so"),
        without_awards: if random.chance(5) { vec!["award-1".into()] } else { Vec::new() },
    }
}

fn calendar(random: &mut Random, size: Size) -> Calendar {
    let mut calendar = Calendar::default();
    for number in 1..=u16::try_from(random.between(1, size.rounds)).expect("few rounds") {
        calendar.rounds.push(Round {
            number,
            circuit: "ring".into(),
            name: format!("Ring {number}"),
            country: "Nowhere".into(),
            layout: None,
        });
        let formats: [&[(&str, SessionKind, u16)]; 5] = [
            &[("race-1", SessionKind::Race, 1)],
            &[("q1", SessionKind::Qualifying, 1), ("race-1", SessionKind::Race, 1)],
            &[("race-1", SessionKind::Race, 1), ("race-2", SessionKind::Race, 2)],
            &[("q1", SessionKind::Qualifying, 1), ("qr", SessionKind::QualifyingRace, 1), ("race-1", SessionKind::Race, 1)],
            &[("q1", SessionKind::Qualifying, 1), ("race-1", SessionKind::Race, 1), ("race-2", SessionKind::Race, 2)],
        ];
        let format = *random.pick(&formats);
        for (id, kind, nth) in format {
            let session = session(number, id, *kind, *nth, random);
            calendar.sessions.push(session);
        }
    }
    calendar
}

fn driver(random: &mut Random, number: usize) -> Driver {
    let mut grades = vec![DatedGrade { grade: *random.pick(&Grade::ALL), from: Date { year: 2018, month: 1, day: 1 } }];
    if random.chance(10) {
        grades.push(DatedGrade {
            grade: *random.pick(&Grade::ALL),
            from: Date { year: 2018, month: u8::try_from(random.between(2, 8)).expect("a month"), day: 1 },
        });
    }
    let born = Date {
        year: i16::try_from(random.between(1960, 2002)).expect("a year"),
        month: u8::try_from(random.between(1, 12)).expect("a month"),
        day: 14,
    };
    Driver {
        id: DriverId::new(&format!("driver-{number}")),
        name: format!("Driver {number:02}"),
        nationality: None,
        players: Vec::new(),
        born: Some(born),
        grades,
    }
}

/// Crews for some of the rounds; a driver is at most once in a car, but may be in two cars.
fn spells(random: &mut Random, rounds: u16, own: &[DriverId], all: &[DriverId], cups: &[sport::names::CupId]) -> Vec<Spell> {
    let regular = random.chance(70);
    let entered: Vec<u16> = (1..=rounds).filter(|_| regular || random.chance(50)).collect();
    let cut = if random.chance(30) { random.below(entered.len() + 1) } else { entered.len() };
    let mut spells = Vec::new();
    for rounds in [&entered[..cut], &entered[cut..]] {
        let mut crew = own[..random.between(1, own.len())].to_vec();
        if random.chance(20) {
            crew.pop();
            let other = random.pick(all).clone();
            if !crew.contains(&other) {
                crew.push(other);
            }
        }
        if crew.is_empty() {
            crew.push(own[0].clone());
        }
        let cup = (!cups.is_empty() && random.chance(30)).then(|| random.pick(cups).clone());
        if !rounds.is_empty() {
            spells.push(Spell { rounds: rounds.to_vec(), crew, perhaps: Vec::new(), crew_open: false, cup });
        }
    }
    spells
}

fn entry_list(random: &mut Random, size: Size, rulebook: &Rulebook, rounds: u16) -> EntryList {
    let law = rulebook.latest();
    let cars = random.between(size.cars.0, size.cars.1);
    let drivers: Vec<Driver> = (0..cars * 2 + 3).map(|number| driver(random, number)).collect();
    let all: Vec<DriverId> = drivers.iter().map(|driver| driver.id.clone()).collect();
    let teams: Vec<Team> =
        (0..random.between(1, cars)).map(|ix| Team { id: TeamId::new(&format!("team-{ix}")), name: format!("Team {ix:02}") }).collect();
    let mut entries = Vec::new();
    for car in 0..cars {
        let class = random.pick(&law.classes).id.clone();
        let cups: Vec<_> = law.cups.iter().filter(|cup| cup.class == class).map(|cup| cup.id.clone()).collect();
        let status = *random.pick(&[
            EntryStatus::Regular,
            EntryStatus::Regular,
            EntryStatus::Regular,
            EntryStatus::Guest,
            EntryStatus::Invitational,
        ]);
        let titles: Vec<ChampionshipId> = law.championships.iter().map(|championship| championship.id.clone()).collect();
        let own = &all[car * 2..car * 2 + 2 + usize::from(random.chance(30))];
        entries.push(Entry {
            id: EntryId::new(&format!("{}", car + 1)),
            number: Some(format!("{}", car + 1)),
            team: random.chance(95).then(|| random.pick(&teams).id.clone()),
            class,
            model: None,
            maker: random.chance(95).then(|| MakerId::new(&format!("maker-{}", random.below(4)))),
            constructor: random.chance(30).then(|| MakerId::new(&format!("constructor-{}", random.below(3)))),
            status,
            registered: random.some(&titles, 70),
            spells: spells(random, rounds, own, &all, &cups),
        });
    }
    EntryList { drivers, teams, entries }
}

/// A complete sheet of a session: an order, laps and times that agree with it, and the cars without a place.
pub fn sheet(random: &mut Random, season: &Season, session: &Session, mark: Option<MarkId>) -> Option<PublishedResult> {
    let round = session.name.round;
    let race = session.kind != SessionKind::Qualifying;
    let mut cars: Vec<usize> = (0..season.list.entries.len()).filter(|ix| season.list.entries[*ix].spell(round).is_some()).collect();
    cars.retain(|_| random.chance(97));
    if cars.is_empty() {
        return None;
    }
    random.shuffle(&mut cars);
    let out = if cars.len() > 3 { random.below(cars.len() / 3 + 1) } else { 0 };
    let placed = cars.len() - out;
    let (mut laps, mut seconds, mut place) = (random.small(20, 40), 3600, 0);
    let mut rows: Vec<ResultRow> = Vec::new();
    for (ix, car) in cars.iter().enumerate() {
        let entry = &season.list.entries[*car];
        let mut row = ResultRow::of(entry.id.clone(), Finish::Classified);
        let dead_heat = ix > 0 && ix < placed && random.chance(3);
        if !dead_heat && random.chance(20) && laps > 5 {
            laps -= random.small(1, 2);
        }
        seconds += random.signed(1, 9);
        place = if dead_heat { place } else { ix + 1 };
        row.laps = Some(u32::from(laps));
        row.time = race.then(|| Micros(seconds * 1_000_000 + i64::try_from(*car).expect("a few cars")));
        if let (true, Some(ahead)) = (dead_heat, rows.last()) {
            (row.laps, row.time) = (ahead.laps, ahead.time);
        }
        row.best_lap = Some(Micros(90_000_000 + random.signed(0, 12) * 1000));
        row.led = random.chance(20);
        let crew = &entry.spell(round).expect("entered").crew;
        if random.chance(30) {
            row.crew = crew[..if random.chance(10) { 1 } else { crew.len() }].to_vec();
        }
        if random.chance(60) {
            let aboard = if row.crew.is_empty() { crew } else { &row.crew };
            row.drove = aboard.iter().map(|id| (id.clone(), Micros::seconds(random.signed(400, 2000)))).collect();
        }
        if ix < placed {
            row.place = Some(Places::exactly(u16::try_from(place).expect("a few cars")));
        } else {
            row.finish = *random.pick(&[Finish::NotClassified, Finish::NotClassified, Finish::NotStarted, Finish::Disqualified]);
            if row.finish == Finish::NotStarted {
                (row.laps, row.time, row.best_lap, row.led, row.drove) = (None, None, None, false, Vec::new());
            }
        }
        rows.push(row);
    }
    // Somebody led: a sheet without a leader is one on which nobody published who did.
    if let Some(first) = rows.first_mut().filter(|row| row.finish != Finish::NotStarted) {
        first.led = true;
    }
    let started: Vec<EntryId> = rows.iter().filter(|row| row.best_lap.is_some()).map(|row| row.car.clone()).collect();
    let fastest = if !started.is_empty() && random.chance(15) { random.pick(&started).clone() } else { EntryId::from("-") };
    let fastest: Vec<EntryId> = started.into_iter().filter(|car| *car == fastest).collect();
    let state = ResultState::Provisional;
    Some(PublishedResult {
        session: session.name.clone(),
        mark,
        state,
        document: None,
        complete: true,
        includes: Vec::new(),
        without: Vec::new(),
        raced: Raced::Full,
        fastest,
        rows,
    })
}

fn raced(random: &mut Random, session: &Session) -> Raced {
    match random.below(12) {
        0 => Raced::Laps { completed: 1, scheduled: Some(30) },
        1 => Raced::Laps { completed: u32::try_from(random.between(2, 30)).expect("few laps"), scheduled: Some(30) },
        2 if session.minutes.is_some() => {
            let scheduled = i64::from(session.minutes.unwrap_or(60)) * 60;
            Raced::Time { run: Micros::seconds(scheduled * random.signed(2, 10) / 10), laps: Some(15) }
        }
        _ => Raced::Full,
    }
}

/// What a season has seen so far while its facts are made.
struct Making<'a> {
    random: &'a mut Random,
    rulebook: &'a Rulebook,
    blank: &'a Season,
    whats: Vec<What>,
    decisions: Vec<DecisionId>,
    matters: Vec<MatterId>,
    open: Vec<MatterId>,
}

impl Making<'_> {
    fn named(&mut self) -> Named {
        let list = &self.blank.list;
        match self.random.below(4) {
            0 => Named::Team(self.random.pick(&list.teams).id.clone()),
            1 => Named::Maker(MakerId::new(&format!("maker-{}", self.random.below(4)))),
            2 => Named::Entry(self.random.pick(&list.entries).id.clone()),
            _ => Named::Driver(self.random.pick(&list.drivers).id.clone()),
        }
    }

    fn on_totals(&mut self, round: u16) -> Effect {
        let championship = self.random.pick(&self.rulebook.latest().championships).id.clone();
        let competitor = self.named();
        let rounds = self.blank.calendar.rounds.last().expect("a round").number;
        let from_round = if self.random.chance(70) { round } else { self.random.small(1, rounds) };
        match self.random.below(4) {
            0 => Effect::Exclude { championship, competitor, keeps_points: self.random.chance(50), from_round },
            1 => Effect::Restart { championship, competitor, from_round },
            _ => Effect::DeductPoints { championship, competitor, points: Points::whole(self.random.signed(1, 15)), from_round },
        }
    }

    fn effect(&mut self, session: &Session, cars: &[EntryId]) -> Effect {
        let name = session.name.clone();
        let car = self.random.pick(cars).clone();
        let race = session.kind != SessionKind::Qualifying;
        match self.random.below(14) {
            0..=2 if race => Effect::AddTime { session: name, car, time: Micros::seconds(self.random.signed(1, 40)) },
            3 => Effect::DropPlaces { session: name, car, places: self.random.small(1, 6) },
            4 if race => Effect::DeductLaps { session: name, car, laps: u32::from(*self.random.pick(&[1_u16, 1, 3, 12])) },
            5 => Effect::AnnulSession { session: name },
            6 => Effect::WithholdPoints { session: name },
            7 => Effect::FactorPoints {
                session: name,
                factor: Points::parse(self.random.pick::<&str>(&["0.5", "2", "0", "1/3"])).expect("written so"),
            },
            8 => self.ineligible(name, car),
            9 => self.shares(name, car),
            10 if !self.decisions.is_empty() => Effect::Annul { decision: self.random.pick(&self.decisions).clone() },
            11 | 12 => self.on_totals(session.name.round),
            13 if race && self.random.chance(20) => Effect::AddUnservedSuccess { session: name },
            _ => Effect::Disqualify { session: name, car },
        }
    }

    fn ineligible(&mut self, session: SessionName, car: EntryId) -> Effect {
        let titles: Vec<ChampionshipId> = self.rulebook.latest().championships.iter().map(|championship| championship.id.clone()).collect();
        let championships = if self.random.chance(50) { vec![self.random.pick(&titles).clone()] } else { Vec::new() };
        Effect::Ineligible { session, car, championships, others_move_up: self.random.chance(50) }
    }

    fn shares(&mut self, session: SessionName, car: EntryId) -> Effect {
        let entry = &self.blank.list.entries[self.blank.list.entry(&car).expect("entered")];
        let crew = &entry.spell(session.round).expect("entered").crew;
        let part = |random: &mut Random| Points::parse(random.pick::<&str>(&["0.5", "1", "0", "1/3"])).expect("written so");
        let shares = crew.iter().take(self.random.between(1, crew.len())).map(|id| (id.clone(), part(self.random))).collect();
        Effect::Shares { session, car, shares }
    }

    fn decide(&mut self, session: &Session, cars: &[EntryId]) {
        let id = DecisionId::new(&format!("d{}", self.decisions.len() + 1));
        let settles = (!self.open.is_empty() && self.random.chance(40)).then(|| {
            let at = self.random.below(self.open.len());
            (self.open.remove(at), *self.random.pick(&[Outcome::Upheld, Outcome::Rejected, Outcome::Withdrawn]))
        });
        let some = if settles.is_some() { self.random.between(0, 2) } else { self.random.between(1, 3) };
        let effects = (0..some).map(|_| self.effect(session, cars)).collect();
        let decision = Decision {
            id: id.clone(),
            authority: "Stewards".into(),
            article: "1".into(),
            reason: "made".into(),
            effects,
            settles,
            answers: None,
        };
        self.whats.push(What::Decision(decision));
        self.decisions.push(id);
    }

    fn open_matter(&mut self, session: &Session, cars: &[EntryId]) {
        let id = MatterId::new(&format!("m{}", self.matters.len() + 1));
        let at_decision = !self.decisions.is_empty() && self.random.chance(60);
        let against =
            if at_decision { Against::Decision(self.random.pick(&self.decisions).clone()) } else { Against::Result(session.name.clone()) };
        let if_upheld = (0..self.random.between(0, 2)).map(|_| self.effect(session, cars)).collect();
        let suspends = self.random.chance(40);
        let matter =
            Matter { id: id.clone(), kind: MatterKind::Appeal, by: "somebody".into(), against, if_upheld, suspends, reason: "made".into() };
        self.whats.push(What::Matter(matter));
        self.matters.push(id.clone());
        self.open.push(id);
    }

    fn aside(&mut self, session: &Session, cars: &[EntryId]) {
        let car = self.random.pick(cars).clone();
        let status = *self.random.pick(&[EntryStatus::Regular, EntryStatus::Guest, EntryStatus::Invitational]);
        let rounds = if self.random.chance(50) { vec![session.name.round] } else { Vec::new() };
        match self.random.below(4) {
            0 => self.whats.push(What::Status { car, status, rounds }),
            1 => {
                let driver = self.random.pick(&self.blank.list.drivers).id.clone();
                let from = Date { year: 2018, month: u8::try_from(session.name.round).expect("a month"), day: 1 };
                self.whats.push(What::Grade { driver, grade: *self.random.pick(&Grade::ALL), from });
            }
            2 if session.kind == SessionKind::Race => {
                let how = *self.random.pick(&[ServedHow::AtStop, ServedHow::Announced, ServedHow::NotServed]);
                let time = Micros::seconds(*self.random.pick(&[5, 10, 15]));
                self.whats.push(What::Served(Served { session: session.name.clone(), car, time, how }));
            }
            _ => {
                let crew = &self.blank.list.entries[self.blank.list.entry(&car).expect("entered")]
                    .spell(session.name.round)
                    .expect("entered")
                    .crew;
                let driver = self.random.pick(crew).clone();
                self.whats.push(What::Nomination { session: session.name.clone(), driver, car, championships: Vec::new() });
            }
        }
    }

    /// Decisions that only move places, so that a sheet can contain all of their effect.
    fn moving(&self) -> Vec<DecisionId> {
        let moves = |effect: &Effect| {
            matches!(effect, Effect::AddTime { .. } | Effect::DropPlaces { .. } | Effect::DeductLaps { .. } | Effect::Disqualify { .. })
        };
        let decisions = self.whats.iter().filter_map(|what| if let What::Decision(decision) = what { Some(decision) } else { None });
        decisions
            .filter(|decision| !decision.effects.is_empty() && decision.effects.iter().all(moves))
            .map(|decision| decision.id.clone())
            .collect()
    }

    fn nominate(&mut self, session: &Session, result: &PublishedResult) {
        for driver in &self.blank.list.drivers {
            let aboard = |row: &&ResultRow| {
                let entry = &self.blank.list.entries[self.blank.list.entry(&row.car).expect("entered")];
                let crew = if row.crew.is_empty() { &entry.spell(session.name.round).expect("entered").crew } else { &row.crew };
                crew.contains(&driver.id)
            };
            let cars: Vec<EntryId> = result.rows.iter().filter(aboard).map(|row| row.car.clone()).collect();
            if cars.len() > 1 && self.random.chance(70) {
                let car = self.random.pick(&cars).clone();
                self.whats.push(What::Nomination {
                    session: session.name.clone(),
                    driver: driver.id.clone(),
                    car,
                    championships: Vec::new(),
                });
            }
        }
    }

    fn session(&mut self, session: &Session, size: Size) {
        let Some(mut result) = sheet(self.random, self.blank, session, None) else { return };
        let cars: Vec<EntryId> = result.rows.iter().map(|row| row.car.clone()).collect();
        let marked = session.kind == SessionKind::Race && self.random.chance(40);
        let mark = if marked { sheet(self.random, self.blank, session, Some(MarkId::from("6h"))) } else { None };
        match mark {
            Some(mark) => self.whats.push(What::Result(mark)),
            None if session.kind == SessionKind::Qualifying => {}
            None => result.raced = raced(self.random, session),
        }
        let raced = result.raced;
        self.nominate(session, &result);
        self.whats.push(What::Result(result));
        while self.random.chance(size.decisions) {
            match self.random.below(6) {
                0 => self.open_matter(session, &cars),
                1 => self.aside(session, &cars),
                2 if !self.decisions.is_empty() => {
                    let Some(mut amended) = sheet(self.random, self.blank, session, None) else { continue };
                    amended.raced = raced;
                    amended.state = ResultState::Amended;
                    amended.includes = self.random.some(&self.moving(), 40);
                    self.whats.push(What::Result(amended));
                }
                3 if self.whats.len() > 2 && self.random.chance(40) => {
                    let fact = self.random.between(1, self.whats.len()) as u64;
                    self.whats.push(What::Undo { fact, reason: "made".into() });
                }
                _ => self.decide(session, &cars),
            }
        }
    }
}

/// A random season of a random rulebook.
pub fn made(seed: u64, size: Size) -> Made {
    let random = &mut Random::seeded(seed);
    let calendar = calendar(random, size);
    let rulebook = rulebooks::rulebook(random, &calendar);
    let rounds = calendar.rounds.last().expect("a round").number;
    let list = entry_list(random, size, &rulebook, rounds);
    let blank = Season::new("Made", 2018, calendar, list);
    let held = if random.chance(30) { random.between(1, blank.calendar.sessions.len()) } else { blank.calendar.sessions.len() };
    let mut making = Making {
        random,
        rulebook: &rulebook,
        blank: &blank,
        whats: Vec::new(),
        decisions: Vec::new(),
        matters: Vec::new(),
        open: Vec::new(),
    };
    for session in &blank.calendar.sessions[..held] {
        making.session(session, size);
    }
    let (whats, open) = (making.whats, making.open);
    let fact = |(ix, what): (usize, What)| {
        let at = Instant(i64::try_from(ix).expect("few facts") * 1000);
        Fact { number: ix as u64 + 1, happened: at, recorded: at, by: "clerk".into(), citation: "made".into(), what }
    };
    let facts: Vec<Fact> = whats.into_iter().enumerate().map(fact).collect();
    let through = if random.chance(30) { Some(random.below(blank.calendar.sessions.len())) } else { None };
    let mut world = World::default();
    for matter in open {
        if random.chance(60) {
            world.outcomes.insert(matter, *random.pick(&[Outcome::Upheld, Outcome::Rejected, Outcome::Withdrawn]));
        }
    }
    Made { rulebook, blank, facts, through, world }
}
