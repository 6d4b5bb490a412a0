//! A race of the captures as a season of one race: its passings as a decoder sends them, the sheet they give, the decisions, the table.

use std::collections::BTreeMap;
use std::sync::Arc;

use sport::citation::{Cite, RuleCitation};
use sport::classification::Classification;
use sport::date::{Date, Instant, Micros};
use sport::decision::{Decision, Effect};
use sport::entry::{Entry, EntryList, EntryStatus, Spell};
use sport::evaluate::evaluate;
use sport::fact::{Fact, What};
use sport::line::Layout;
use sport::live_session::LiveSession;
use sport::meeting_fact::{Heard, MeetingFact, Signal};
use sport::names::{ClassId, DecisionId, EntryId, SourceId};
use sport::passing::{Passing, Transponder};
use sport::points::Points;
use sport::reading::Reading;
use sport::result::{Finish, ResultState};
use sport::rulebook::award::{ClassifiedRule, Length, Sessions};
use sport::rulebook::crew::{Class, EntryRules, StatusRule};
use sport::rulebook::{Law, Rulebook, Version};
use sport::season::{Moment, Season};
use sport::session::{Calendar, Round, Session, SessionKind, SessionName};
use sport::world::World;

use crate::stewards::{Act, Decided};

/// One car of a race.
pub(crate) struct Car {
    pub(crate) number: String,
    pub(crate) class: String,
    pub(crate) readings: Vec<Reading>,
}

/// A race to be folded.
pub(crate) struct Race {
    pub(crate) cars: Vec<Car>,
    pub(crate) layout: Layout,
    pub(crate) start: Instant,
    pub(crate) time: Micros,
    pub(crate) chequered: Instant,
    /// Who is classified.
    pub(crate) classified: Classify,
}

/// Who is classified.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Classify {
    /// Who started (IMSA).
    Starters,
    /// Who drove 70 % of the distance of the first of the class and took the chequered flag (WEC).
    Seventy,
}

/// One row of the table as decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    pub(crate) car: String,
    pub(crate) class: String,
    pub(crate) finish: Finish,
    pub(crate) place: Option<u16>,
    pub(crate) class_place: Option<u16>,
    pub(crate) laps: u32,
    pub(crate) time: Option<Micros>,
    pub(crate) best: Option<Micros>,
}

fn cite() -> Cite {
    Arc::new(RuleCitation {
        rule: "rule".into(),
        article: "1".into(),
        source: None,
        assumed: None,
        file: "captures".into(),
        line: 1,
        bulletin: None,
    })
}

fn name() -> SessionName {
    SessionName { round: 1, id: "race".into() }
}

impl Race {
    /// The rows as they stand with the decisions recorded: the sheet of the passings is published, the decisions are facts behind it.
    pub(crate) fn table(&self, decided: &[&Decided<'_>]) -> Vec<Row> {
        let (rulebook, mut season) = (self.rulebook(), self.season());
        self.facts().iter().for_each(|fact| season.apply(fact));
        let live = LiveSession::of(&rulebook, &season, Moment::NOW, 0).expect("a session that was opened");
        let sheet = live.sheet(&rulebook, &season, ResultState::Provisional);
        let after = |season: &Season, what: What, citation: &str| {
            let number = season.next_number();
            let at = Instant(self.start.0 + 86_400_000_000 + i64::try_from(number).unwrap());
            Fact { number, happened: at, recorded: at, by: "clerk".into(), citation: citation.into(), what }
        };
        season.apply(&after(&season, What::Result(sheet), "computed from the passings"));
        for (nth, decided) in decided.iter().enumerate() {
            let decision = Decision {
                id: DecisionId::new(&format!("decision-{}", nth + 1)),
                authority: "Stewards".into(),
                article: "as published".into(),
                reason: decided.reason.into(),
                effects: vec![effect(decided)],
                settles: None,
                answers: None,
            };
            season.apply(&after(&season, What::Decision(decision), decided.ground));
        }
        let evaluation = evaluate(&rulebook, &season, Moment::NOW, None, &World::default());
        let classification = evaluation.classification(0).expect("a classified race");
        for decided in decided {
            let car = EntryId::new(decided.car);
            let row = classification.rows.iter().find(|row| season.list.entries[row.entry].id == car);
            assert!(row.is_some_and(|row| !row.effects.is_empty()), "the decision on car {} acts", decided.car);
        }
        rows(&season, classification)
    }

    fn rulebook(&self) -> Rulebook {
        let mut classes: Vec<&String> = self.cars.iter().map(|car| &car.class).collect();
        classes.sort();
        classes.dedup();
        let class = |id: &&String| Class { id: ClassId::new(id), title: (*id).clone(), admits: Vec::new(), cite: cite() };
        let status = || StatusRule { scores: false, others_move_up: true, takes_success: false, cite: cite() };
        let seventy = self.classified == Classify::Seventy;
        let share = ClassifiedRule {
            sessions: Sessions { kind: SessionKind::Race, ids: Vec::new(), rounds: Vec::new(), length: Length::default() },
            classes: Vec::new(),
            share: Points::parse(if seventy { "0.7" } else { "0" }).expect("written so"),
            of_class_winner: true,
            round_down: true,
            take_chequered: seventy,
            cite: cite(),
        };
        let law = Law {
            classes: classes.iter().map(class).collect(),
            cups: Vec::new(),
            dispensations: Vec::new(),
            entries: EntryRules { crew: (1, 5), cars_per_licence: None, class_minimum: None, cite: cite() },
            guests: status(),
            invitational: status(),
            weekend: Vec::new(),
            qualifying: None,
            grid: None,
            start: None,
            end: None,
            pit_stop: None,
            drive_times: Vec::new(),
            success: None,
            classified: vec![share],
            shortened: Vec::new(),
            tables: Vec::new(),
            awards: Vec::new(),
            championships: Vec::new(),
            podiums: Vec::new(),
            tariff: Vec::new(),
            conversion: None,
            protest: None,
            appeal: None,
            licence: None,
            bop: None,
            scrutineering: None,
            tyres: None,
        };
        Rulebook {
            id: "captures".into(),
            series: "Captures".into(),
            year: 2017,
            edition: "1".into(),
            hash: "0".into(),
            sources: Vec::new(),
            versions: vec![Version { from: None, bulletin: None, law }],
        }
    }

    fn season(&self) -> Season {
        let (circuit, country) = ("ring".into(), "Nowhere".into());
        let round = Round { number: 1, circuit, name: "Ring".into(), country, layout: Some(self.layout.clone()) };
        let session = Session {
            name: name(),
            kind: SessionKind::Race,
            number: 1,
            date: Date { year: 2017, month: 7, day: 14 },
            minutes: Some(u16::try_from(self.time.0 / 60_000_000).unwrap()),
            kilometres: None,
            laps: None,
            points_factor: Points::whole(1),
            without_awards: Vec::new(),
        };
        let entry = |car: &Car| Entry {
            id: EntryId::new(&car.number),
            number: Some(car.number.clone()),
            team: None,
            class: ClassId::new(&car.class),
            model: None,
            maker: None,
            constructor: None,
            status: EntryStatus::Regular,
            registered: Vec::new(),
            spells: vec![Spell { rounds: vec![1], crew: Vec::new(), perhaps: Vec::new(), crew_open: false, cup: None }],
        };
        let list = EntryList { drivers: Vec::new(), teams: Vec::new(), entries: self.cars.iter().map(entry).collect() };
        Season::new("Captures", 2017, Calendar { rounds: vec![round], sessions: vec![session] }, list)
    }

    /// Transponders and signals, and of each source the passings of a second together, as they arrive.
    fn facts(&self) -> Vec<Fact> {
        let minutes = |at: Instant, minutes: i64| Instant(at.0 + minutes * 60_000_000);
        let mut all: Vec<(Instant, MeetingFact)> = Vec::new();
        let mut heard: BTreeMap<(u8, i64), Vec<Passing>> = BTreeMap::new();
        for (nth, car) in self.cars.iter().enumerate() {
            let transponder = Transponder(u32::try_from(nth + 1).unwrap());
            let what = MeetingFact::Transponder { round: 1, transponder, car: EntryId::new(&car.number), from: None };
            all.push((minutes(self.start, -60), what));
            for reading in &car.readings {
                let passing = Passing { at: reading.at, transponder: Some(transponder) };
                heard.entry((reading.source, reading.at.0.div_euclid(1_000_000))).or_default().push(passing);
            }
        }
        let signalled = |signal| MeetingFact::Signal { session: name(), signal };
        all.push((minutes(self.start, -30), signalled(Signal::Open)));
        all.push((self.start, signalled(Signal::Green)));
        all.push((Instant(self.chequered.0 + 300_000), signalled(Signal::Chequered)));
        all.push((minutes(self.chequered, 60), signalled(Signal::Close)));
        for ((source, _), mut passings) in heard {
            passings.sort();
            let source: SourceId = self.layout.sources()[usize::from(source)].id.clone();
            let arrived = Instant(passings.last().expect("a passing").at.0 + 90_000);
            all.push((arrived, MeetingFact::Heard(Heard { round: 1, source, passings: passings.into() })));
        }
        all.sort_by_key(|(at, _)| *at);
        let fact = |(nth, (at, what)): (usize, (Instant, MeetingFact))| Fact {
            number: u64::try_from(nth + 1).unwrap(),
            happened: at,
            recorded: at,
            by: "decoder".into(),
            citation: String::new(),
            what: What::Meeting(what),
        };
        all.into_iter().enumerate().map(fact).collect()
    }
}

fn effect(decided: &Decided<'_>) -> Effect {
    let (session, car) = (name(), EntryId::new(decided.car));
    match decided.act {
        Act::Time(seconds) => Effect::AddTime { session, car, time: Micros::seconds(seconds) },
        Act::Laps(laps) => Effect::DeductLaps { session, car, laps },
        Act::Places(places) => Effect::DropPlaces { session, car, places },
        Act::Disqualified => Effect::Disqualify { session, car },
    }
}

fn rows(season: &Season, classification: &Classification) -> Vec<Row> {
    let exact = |places: Option<sport::place::Places>| places.and_then(sport::place::Places::exact);
    let row = |row: &sport::classification::Classified| {
        let entry = &season.list.entries[row.entry];
        Row {
            car: entry.label(),
            class: entry.class.as_str().to_owned(),
            finish: row.finish,
            place: exact(row.place),
            class_place: exact(row.class_place),
            laps: row.laps.unwrap_or(0),
            time: row.time,
            best: row.best_lap,
        }
    };
    classification.rows.iter().map(row).collect()
}
