//! Version 1 as it was first written: one line of every kind of fact. These bytes are read forever and never change.

use std::path::Path;

use journal::jsonl;
use sport::date::{Date, Instant, Micros};
use sport::decision::{Against, Decision, Effect, Matter, MatterKind, Named, Outcome};
use sport::entry::EntryStatus;
use sport::fact::{BopBulletin, BopRow, Fact, Served, ServedHow, What};
use sport::grade::Grade;
use sport::incident::{Answer, Evidence, Incident};
use sport::meeting_fact::{AboardHow, Heard, MeetingFact, Signal, Verdict};
use sport::names::{ChampionshipId, DriverId, EntryId, SessionId};
use sport::passing::{Passing, PassingId, Transponder};
use sport::place::Places;
use sport::points::Points;
use sport::result::{Finish, GridRow, PublishedGrid, PublishedResult, Raced, ResultRow, ResultState};
use sport::scrutineering::{Measured, Quantity};
use sport::session::SessionName;

fn session(round: u16, id: &str) -> SessionName {
    SessionName { round, id: SessionId::new(id) }
}

fn points(written: &str) -> Points {
    Points::parse(written).expect("written in this file")
}

fn result_facts() -> Vec<What> {
    let full = ResultRow {
        place: Some(Places::exactly(1)),
        class_place: Some(Places { best: 6, worst: 7 }),
        cup_place: Some(Places { best: 8, worst: Places::OPEN }),
        laps: Some(31),
        time: Some(Micros(3_744_881_000)),
        gap: Some(Micros(0)),
        best_lap: Some(Micros(93_396_000)),
        crew: vec!["kodric".into(), "bastian".into()],
        drove: vec![("kodric".into(), Micros(1_800_000_000)), ("bastian".into(), Micros(1_944_881_000))],
        led: true,
        note: Some("+ 5s \u{2013} \"unsafe release\"\n".to_owned()),
        ..ResultRow::of("19".into(), Finish::Classified)
    };
    let mut rows = vec![full];
    rows.extend(Finish::WORDS.iter().map(|(word, finish)| ResultRow::of(EntryId::new(word), *finish)));
    let complete = PublishedResult {
        session: session(2, "race-1"),
        mark: Some("6h".into()),
        state: ResultState::Provisional,
        document: Some("D14".to_owned()),
        complete: true,
        includes: vec!["D12".into()],
        without: Vec::new(),
        raced: Raced::Full,
        fastest: vec!["19".into()],
        rows,
    };
    let short = |state, raced| PublishedResult {
        mark: None,
        state,
        document: None,
        complete: false,
        includes: Vec::new(),
        without: Vec::new(),
        raced,
        fastest: Vec::new(),
        rows: Vec::new(),
        ..complete.clone()
    };
    let laps = short(ResultState::Amended, Raced::Laps { completed: 12, scheduled: Some(31) });
    let time = short(ResultState::Final, Raced::Time { run: Micros::seconds(1800), laps: Some(17) });
    let grid = GridRow {
        car: "19".into(),
        place: Some(Places::exactly(1)),
        class_place: Some(Places::exactly(1)),
        cup_place: Some(Places::ANY),
        driver: Some("kodric".into()),
        time: Some(Micros(93_396_000)),
        note: Some("pole".to_owned()),
    };
    let unknown = GridRow { car: "7".into(), place: None, class_place: None, cup_place: None, driver: None, time: None, note: None };
    let grid = PublishedGrid { session: session(2, "race-2"), complete: true, rows: vec![grid, unknown] };
    vec![What::Result(complete), What::Result(laps), What::Result(time), What::Grid(grid)]
}

fn effects() -> Vec<Effect> {
    let race = || session(2, "race-1");
    let car = || EntryId::new("19");
    let title = || ChampionshipId::new("gt3-drivers");
    vec![
        Effect::AddTime { session: race(), car: car(), time: Micros::seconds(30) },
        Effect::AddUnservedSuccess { session: race() },
        Effect::DropPlaces { session: race(), car: car(), places: 3 },
        Effect::DeductLaps { session: race(), car: car(), laps: 1 },
        Effect::Disqualify { session: race(), car: car() },
        Effect::AnnulSession { session: race() },
        Effect::WithholdPoints { session: race() },
        Effect::FactorPoints { session: race(), factor: points("0.5") },
        Effect::Ineligible { session: race(), car: car(), championships: vec![title()], others_move_up: true },
        Effect::Ineligible { session: race(), car: car(), championships: Vec::new(), others_move_up: false },
        Effect::Shares { session: race(), car: car(), shares: vec![("kodric".into(), points("2/3")), ("bastian".into(), points("1/3"))] },
        Effect::DeductPoints { championship: title(), competitor: Named::Driver("kodric".into()), points: points("-7.5"), from_round: 2 },
        Effect::Exclude { championship: title(), competitor: Named::Team("team-wrt".into()), keeps_points: true, from_round: 3 },
        Effect::Exclude { championship: title(), competitor: Named::Maker("audi".into()), keeps_points: false, from_round: 3 },
        Effect::Restart { championship: title(), competitor: Named::Entry("19".into()), from_round: 4 },
        Effect::Annul { decision: "D12".into() },
    ]
}

fn decision_facts() -> Vec<What> {
    let decision = |settles| Decision {
        id: "D15".into(),
        authority: "Stewards".to_owned(),
        article: "E4".to_owned(),
        reason: "Contact in turn 1".to_owned(),
        effects: Vec::new(),
        settles,
        answers: None,
    };
    let mut facts = vec![What::Decision(Decision { effects: effects(), ..decision(None) })];
    facts.extend(Outcome::WORDS.iter().map(|(_, outcome)| What::Decision(decision(Some(("M1".into(), *outcome))))));
    let matter = |kind, against, suspends| Matter {
        id: "M1".into(),
        kind,
        by: "Team WRT".to_owned(),
        against,
        if_upheld: vec![Effect::Disqualify { session: session(2, "race-1"), car: "7".into() }],
        suspends,
        reason: "Ride height".to_owned(),
    };
    facts.push(What::Matter(matter(MatterKind::Protest, Against::Result(session(2, "race-1")), false)));
    facts.push(What::Matter(matter(MatterKind::Appeal, Against::Decision("D15".into()), true)));
    facts.push(What::Matter(Matter { if_upheld: Vec::new(), ..matter(MatterKind::Review, Against::Decision("D15".into()), false) }));
    facts.push(What::Matter(matter(MatterKind::Inquiry, Against::Result(session(2, "q1")), false)));
    facts
}

fn other_facts() -> Vec<What> {
    let mut facts = Vec::new();
    for (_, status) in EntryStatus::WORDS {
        let rounds = if status == EntryStatus::Guest { vec![2, 3] } else { Vec::new() };
        facts.push(What::Status { car: "19".into(), status, rounds });
    }
    for grade in Grade::ALL {
        facts.push(What::Grade { driver: "kodric".into(), grade, from: Date { year: 2018, month: 6, day: 1 } });
    }
    for (_, how) in ServedHow::WORDS {
        facts.push(What::Served(Served { session: session(2, "race-2"), car: "19".into(), time: Micros::seconds(15), how }));
    }
    let row = BopRow {
        model: "Audi R8 LMS".to_owned(),
        ballast_kg: Some(-10),
        restrictor_hundredths_mm: Some(3_800),
        boost: Some("B2".to_owned()),
        ride_height_tenths_mm: Some((550, 600)),
        engine_map: Some("3".to_owned()),
        fuel_tenths_l: Some(1_200),
    };
    let bare = BopRow {
        model: "McLaren 570S".to_owned(),
        ballast_kg: None,
        restrictor_hundredths_mm: None,
        boost: None,
        ride_height_tenths_mm: None,
        engine_map: None,
        fuel_tenths_l: None,
    };
    facts.push(What::Bop(BopBulletin {
        number: "3".to_owned(),
        from_round: 2,
        from_session: Some("q1".into()),
        article: "F1".to_owned(),
        rows: vec![row, bare],
    }));
    let (driver, car) = (DriverId::new("kodric"), EntryId::new("19"));
    facts.push(What::Nomination { session: session(3, "race-1"), driver: driver.clone(), car: car.clone(), championships: Vec::new() });
    facts.push(What::Nomination { session: session(3, "race-1"), driver, car, championships: vec!["gt3-am".into()] });
    facts.push(What::Undo { fact: 2, reason: "typed for the wrong car".to_owned() });
    facts
}

/// Fields that came later; the other file stays as it was.
fn later_facts() -> Vec<What> {
    vec![What::Result(PublishedResult {
        session: session(3, "race-1"),
        mark: None,
        state: ResultState::Final,
        document: None,
        complete: true,
        includes: Vec::new(),
        without: vec!["D11".into()],
        raced: Raced::Full,
        fastest: Vec::new(),
        rows: vec![ResultRow::of("19".into(), Finish::Unknown)],
    })]
}

/// Incidents, and the penalties and matters that came with them.
fn stewarding_facts() -> Vec<What> {
    let race = || session(2, "race-1");
    let car = || EntryId::new("19");
    let evidence = vec![
        Evidence::Passing(PassingId { fact: 3, nth: 7 }),
        Evidence::Lap { car: car(), lap: 12 },
        Evidence::Report("Post 4: car 19 into the side of car 7".to_owned()),
        Evidence::Video("camera 3, 14:02:11".to_owned()),
    ];
    let incident = |cars, evidence| {
        let what = "Contact in turn 1".to_owned();
        What::Meeting(MeetingFact::Incident(Incident { id: "I1".into(), session: race(), cars, what, evidence }))
    };
    let effects = vec![
        Effect::DropGrid { session: session(2, "race-2"), car: car(), places: 3 },
        Effect::DeleteLap { session: session(2, "q1"), car: car(), lap: 4 },
        Effect::DriveThrough { session: race(), car: car() },
        Effect::StopAndGo { session: race(), car: car(), time: Micros::seconds(10) },
        Effect::Reprimand { car: car(), driver: Some("kodric".into()) },
        Effect::Reprimand { car: car(), driver: None },
        Effect::Fine { car: car(), hundredths: 250_050, currency: "EUR".to_owned() },
        Effect::LicencePoints { driver: "kodric".into(), points: 2 },
    ];
    let decision = |effects, answers| {
        What::Decision(Decision {
            id: "D15".into(),
            authority: "Stewards".to_owned(),
            article: "E4".to_owned(),
            reason: "Contact in turn 1".to_owned(),
            effects,
            settles: None,
            answers: Some(answers),
        })
    };
    let answer = |evidence, other_car| Answer { incident: "I1".into(), evidence, other_car };
    vec![
        incident(vec![car(), "7".into()], evidence.clone()),
        incident(Vec::new(), Vec::new()),
        decision(effects, answer(evidence, Some("the sister car was taken for it".to_owned()))),
        decision(Vec::new(), answer(Vec::new(), None)),
        What::Meeting(MeetingFact::PenaltyServed { decision: "D15".into(), car: car() }),
        What::Matter(Matter {
            id: "M1".into(),
            kind: MatterKind::Intention,
            by: "Team WRT".to_owned(),
            against: Against::Decision("D15".into()),
            if_upheld: Vec::new(),
            suspends: false,
            reason: "announced".to_owned(),
        }),
    ]
}

/// Measurements and sets of tyres.
/// What is recorded while a meeting runs.
fn meeting_facts() -> Vec<What> {
    let race = || session(2, "race-1");
    let heard = [(Some(4_100_037), 1_523_707_200_123_456), (None, 1_523_707_200_123_999)];
    let passing = |(transponder, at): (Option<u32>, i64)| Passing { at: Instant(at), transponder: transponder.map(Transponder) };
    let passing_id = PassingId { fact: 1, nth: 1 };
    let fitted = |from| MeetingFact::Transponder { round: 2, transponder: Transponder(4_100_037), car: "19".into(), from };
    let aboard = |how| MeetingFact::Aboard { session: race(), car: "19".into(), driver: "kodric".into(), how };
    let judged = |verdict| MeetingFact::Judged { passing: passing_id, verdict, reason: "false impulse".to_owned() };
    let mut facts =
        vec![MeetingFact::Heard(Heard { round: 2, source: "finish-main".into(), passings: heard.into_iter().map(passing).collect() })];
    facts.extend(Signal::WORDS.map(|(_, signal)| MeetingFact::Signal { session: race(), signal }));
    facts.push(MeetingFact::Timetable { session: race(), at: Instant(1_523_707_200_000_000) });
    facts.extend([fitted(None), fitted(Some(Instant(1_523_707_200_500_000)))]);
    facts.extend(AboardHow::WORDS.map(|(_, how)| aboard(how)));
    facts.extend([judged(Verdict::Void), judged(Verdict::Of("7".into()))]);
    facts.into_iter().map(What::Meeting).collect()
}

fn scrutineering_facts() -> Vec<What> {
    let mut facts = Vec::new();
    for (value, (_, quantity)) in (12_905..).zip(Quantity::WORDS) {
        let (session, instrument) = (session(2, "race-1"), "scales 2".to_owned());
        facts.push(What::Meeting(MeetingFact::Measured(Measured { session, car: "19".into(), quantity, value, instrument })));
    }
    for used_in in [None, Some(session(2, "q1"))] {
        facts.push(What::Meeting(MeetingFact::TyreSet { round: 2, car: "19".into(), set: "A1".to_owned(), used_in }));
    }
    facts
}

fn every_kind() -> Vec<Fact> {
    numbered([result_facts(), decision_facts(), other_facts()].concat())
}

fn numbered(what: Vec<What>) -> Vec<Fact> {
    let fact = |(number, what)| Fact {
        number,
        happened: Instant(1_523_707_200_000_000),
        recorded: Instant(1_523_707_200_250_000 + i64::try_from(number).expect("few facts") * 1_000_000),
        by: "secretary".to_owned(),
        citation: "sheet 14, page 2".to_owned(),
        what,
    };
    (1..).zip(what).map(fact).collect()
}

#[test]
fn version_1_is_written_and_read_as_it_always_was() {
    hold("v1.jsonl", &every_kind());
    hold("v1-later.jsonl", &numbered(later_facts()));
    hold("v1-stewarding.jsonl", &numbered(stewarding_facts()));
    hold("v1-meeting.jsonl", &numbered(meeting_facts()));
    hold("v1-scrutineering.jsonl", &numbered(scrutineering_facts()));
}

fn hold(name: &str, facts: &[Fact]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(name);
    let golden = std::fs::read_to_string(&path).expect("a golden file");
    let mut written = Vec::new();
    jsonl::write(facts, &mut written, &path).expect("written to memory");
    for (golden, written) in golden.lines().zip(String::from_utf8(written.clone()).expect("text").lines()) {
        assert_eq!(golden, written);
    }
    assert_eq!(golden.as_bytes(), written);
    assert_eq!(jsonl::read_file(&path).expect("a golden file"), facts);
}
