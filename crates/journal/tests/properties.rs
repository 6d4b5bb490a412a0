//! For all facts: what is written is read back, and how it was stored makes no difference.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use journal::{Head, Journal, jsonl, line};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use sport::date::{Date, Instant, Micros};
use sport::decision::{Against, Decision, Effect, Matter, MatterKind, Named, Outcome};
use sport::entry::EntryStatus;
use sport::fact::{BopBulletin, BopRow, Fact, Served, ServedHow, What};
use sport::grade::Grade;
use sport::incident::{Answer, Evidence, Incident};
use sport::meeting_fact::{AboardHow, Heard, MeetingFact, Signal, Verdict};
use sport::names::SessionId;
use sport::passing::{Passing, PassingId, Transponder};
use sport::place::Places;
use sport::points::Points;
use sport::result::{Finish, GridRow, PublishedGrid, PublishedResult, Raced, ResultRow, ResultState};
use sport::scrutineering::{Measured, Quantity};
use sport::session::SessionName;

fn name<T: for<'a> From<&'a str> + std::fmt::Debug>() -> impl Strategy<Value = T> {
    let any = prop_oneof![4 => "[a-z0-9-]{1,6}", 1 => ".{1,4}"];
    any.prop_filter("names are not empty", |name: &String| !name.is_empty()).prop_map(|name| T::from(&name))
}

fn names<T: for<'a> From<&'a str> + std::fmt::Debug>() -> impl Strategy<Value = Vec<T>> {
    vec(name(), 0..3)
}

/// Any text, with what JSON has to escape.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        ".{0,6}",
        select(vec!["\"", "\\", "\n", "\r\n", "\t", "\0", "\u{7f}", "\u{2028}", ",\"hash\":\"", "{\"facts\":", "\u{feff}", "🏁"])
            .prop_map(str::to_owned)
    ];
    vec(piece, 0..3).prop_map(|pieces| pieces.concat())
}

fn session() -> impl Strategy<Value = SessionName> {
    (any::<u16>(), name::<SessionId>()).prop_map(|(round, id)| SessionName { round, id })
}

fn micros() -> impl Strategy<Value = Micros> {
    (-1_000_000_000_000_000..=1_000_000_000_000_000_i64).prop_map(Micros)
}

/// Any instant of the years 0000 to 9999.
fn instant() -> impl Strategy<Value = Instant> {
    let seconds = -62_167_219_200_i64..=253_402_207_199;
    (seconds, prop_oneof![Just(0), 0..1_000_000_i64]).prop_map(|(seconds, micros)| Instant(seconds * 1_000_000 + micros))
}

fn places() -> impl Strategy<Value = Places> {
    let open = (1..=u16::MAX).prop_map(|best| Places { best, worst: Places::OPEN });
    let between = (1..=u16::MAX, 1..=u16::MAX).prop_map(|(a, b)| Places { best: a.min(b), worst: a.max(b) });
    prop_oneof![(1..=u16::MAX).prop_map(Places::exactly), open, between]
}

fn points() -> impl Strategy<Value = Points> {
    (-1_000_000..=1_000_000_i64, 1..=10_000_i64).prop_map(|(over, under)| Points::fraction(over, under).unwrap())
}

fn raced() -> impl Strategy<Value = Raced> {
    prop_oneof![
        Just(Raced::Full),
        (any::<u32>(), of(any::<u32>())).prop_map(|(completed, scheduled)| Raced::Laps { completed, scheduled }),
        (micros(), of(any::<u32>())).prop_map(|(run, laps)| Raced::Time { run, laps }),
    ]
}

fn result_row() -> impl Strategy<Value = ResultRow> {
    let finish = select(Finish::WORDS.map(|(_, finish)| finish).to_vec());
    let times = (of(micros()), of(micros()), of(micros()));
    let drivers = (names(), vec((name(), micros()), 0..3));
    (name(), finish, (of(places()), of(places()), of(places())), of(any::<u32>()), times, drivers, any::<bool>(), of(text())).prop_map(
        |(car, finish, (place, class_place, cup_place), laps, (time, gap, best_lap), (crew, drove), led, note)| ResultRow {
            car,
            finish,
            place,
            class_place,
            cup_place,
            laps,
            time,
            gap,
            best_lap,
            crew,
            drove,
            led,
            note,
        },
    )
}

fn result() -> impl Strategy<Value = PublishedResult> {
    let state = select(ResultState::WORDS.map(|(_, state)| state).to_vec());
    let rows = vec(result_row(), 0..4);
    (session(), of(name()), state, of(text()), any::<bool>(), (names(), names()), raced(), names(), rows).prop_map(
        |(session, mark, state, document, complete, (includes, without), raced, fastest, rows)| PublishedResult {
            session,
            mark,
            state,
            document,
            complete,
            includes,
            without,
            raced,
            fastest,
            rows,
        },
    )
}

fn grid() -> impl Strategy<Value = PublishedGrid> {
    let row = (name(), of(places()), of(places()), of(places()), of(name()), of(micros()), of(text())).prop_map(
        |(car, place, class_place, cup_place, driver, time, note)| GridRow { car, place, class_place, cup_place, driver, time, note },
    );
    (session(), any::<bool>(), vec(row, 0..4)).prop_map(|(session, complete, rows)| PublishedGrid { session, complete, rows })
}

fn competitor() -> impl Strategy<Value = Named> {
    prop_oneof![name().prop_map(Named::Driver), name().prop_map(Named::Team), name().prop_map(Named::Maker), name().prop_map(Named::Entry)]
}

fn effect() -> impl Strategy<Value = Effect> {
    let on_a_car = prop_oneof![
        (session(), name(), micros()).prop_map(|(session, car, time)| Effect::AddTime { session, car, time }),
        (session(), name(), any::<u16>()).prop_map(|(session, car, places)| Effect::DropPlaces { session, car, places }),
        (session(), name(), any::<u32>()).prop_map(|(session, car, laps)| Effect::DeductLaps { session, car, laps }),
        (session(), name()).prop_map(|(session, car)| Effect::Disqualify { session, car }),
        (session(), name(), names(), any::<bool>()).prop_map(|(session, car, championships, others_move_up)| Effect::Ineligible {
            session,
            car,
            championships,
            others_move_up
        }),
        (session(), name(), vec((name(), points()), 0..3)).prop_map(|(session, car, shares)| Effect::Shares { session, car, shares }),
    ];
    let on_a_session = prop_oneof![
        session().prop_map(|session| Effect::AddUnservedSuccess { session }),
        session().prop_map(|session| Effect::AnnulSession { session }),
        session().prop_map(|session| Effect::WithholdPoints { session }),
        (session(), points()).prop_map(|(session, factor)| Effect::FactorPoints { session, factor }),
    ];
    let on_a_total = (name(), competitor(), points(), any::<bool>(), any::<u16>(), 0..3).prop_map(
        |(championship, competitor, points, keeps_points, from_round, kind)| match kind {
            0 => Effect::DeductPoints { championship, competitor, points, from_round },
            1 => Effect::Exclude { championship, competitor, keeps_points, from_round },
            _ => Effect::Restart { championship, competitor, from_round },
        },
    );
    prop_oneof![on_a_car, on_a_session, on_a_total, penalty(), name().prop_map(|decision| Effect::Annul { decision })]
}

fn penalty() -> impl Strategy<Value = Effect> {
    prop_oneof![
        (session(), name(), any::<u16>()).prop_map(|(session, car, places)| Effect::DropGrid { session, car, places }),
        (session(), name(), any::<u32>()).prop_map(|(session, car, lap)| Effect::DeleteLap { session, car, lap }),
        (session(), name()).prop_map(|(session, car)| Effect::DriveThrough { session, car }),
        (session(), name(), micros()).prop_map(|(session, car, time)| Effect::StopAndGo { session, car, time }),
        (name(), of(name())).prop_map(|(car, driver)| Effect::Reprimand { car, driver }),
        (name(), any::<u64>(), text()).prop_map(|(car, hundredths, currency)| Effect::Fine { car, hundredths, currency }),
        (name(), any::<u16>()).prop_map(|(driver, points)| Effect::LicencePoints { driver, points }),
    ]
}

fn evidence() -> impl Strategy<Value = Evidence> {
    prop_oneof![
        (any::<u32>(), any::<u16>()).prop_map(|(fact, nth)| Evidence::Passing(PassingId { fact, nth })),
        (name(), any::<u32>()).prop_map(|(car, lap)| Evidence::Lap { car, lap }),
        text().prop_map(Evidence::Report),
        text().prop_map(Evidence::Video),
    ]
}

fn incident() -> impl Strategy<Value = Incident> {
    (name(), session(), names(), text(), vec(evidence(), 0..3)).prop_map(|(id, session, cars, what, evidence)| Incident {
        id,
        session,
        cars,
        what,
        evidence,
    })
}

fn decision() -> impl Strategy<Value = Decision> {
    let outcome = select(Outcome::WORDS.map(|(_, outcome)| outcome).to_vec());
    let answer =
        (name(), vec(evidence(), 0..3), of(text())).prop_map(|(incident, evidence, other_car)| Answer { incident, evidence, other_car });
    (name(), text(), text(), text(), vec(effect(), 0..4), of((name(), outcome)), of(answer)).prop_map(
        |(id, authority, article, reason, effects, settles, answers)| Decision {
            id,
            authority,
            article,
            reason,
            effects,
            settles,
            answers,
        },
    )
}

fn matter() -> impl Strategy<Value = Matter> {
    let kind = select(MatterKind::WORDS.map(|(_, kind)| kind).to_vec());
    let against = prop_oneof![name().prop_map(Against::Decision), session().prop_map(Against::Result)];
    (name(), kind, text(), against, vec(effect(), 0..3), any::<bool>(), text())
        .prop_map(|(id, kind, by, against, if_upheld, suspends, reason)| Matter { id, kind, by, against, if_upheld, suspends, reason })
}

fn bulletin() -> impl Strategy<Value = BopBulletin> {
    let numbers = (of(any::<i32>()), of(any::<u32>()), of(any::<(u32, u32)>()), of(any::<u32>()));
    let row = (text(), numbers, of(text()), of(text())).prop_map(
        |(model, (ballast_kg, restrictor_hundredths_mm, ride_height_tenths_mm, fuel_tenths_l), boost, engine_map)| BopRow {
            model,
            ballast_kg,
            restrictor_hundredths_mm,
            boost,
            ride_height_tenths_mm,
            engine_map,
            fuel_tenths_l,
        },
    );
    (text(), any::<u16>(), of(name()), text(), vec(row, 0..3)).prop_map(|(number, from_round, from_session, article, rows)| BopBulletin {
        number,
        from_round,
        from_session,
        article,
        rows,
    })
}

fn what() -> impl Strategy<Value = What> {
    let status = select(EntryStatus::WORDS.map(|(_, status)| status).to_vec());
    let how = select(ServedHow::WORDS.map(|(_, how)| how).to_vec());
    let quantity = select(Quantity::WORDS.map(|(_, quantity)| quantity).to_vec());
    let date = (0..=9999_i16, 1..=12_u8, 1..=28_u8).prop_map(|(year, month, day)| Date { year, month, day });
    prop_oneof![
        result().prop_map(What::Result),
        grid().prop_map(What::Grid),
        decision().prop_map(What::Decision),
        matter().prop_map(What::Matter),
        (name(), status, vec(any::<u16>(), 0..3)).prop_map(|(car, status, rounds)| What::Status { car, status, rounds }),
        (name(), select(Grade::ALL.to_vec()), date).prop_map(|(driver, grade, from)| What::Grade { driver, grade, from }),
        bulletin().prop_map(What::Bop),
        (session(), name(), micros(), how).prop_map(|(session, car, time, how)| What::Served(Served { session, car, time, how })),
        (session(), name(), name(), names()).prop_map(|(session, driver, car, championships)| What::Nomination {
            session,
            driver,
            car,
            championships
        }),
        (any::<u64>(), text()).prop_map(|(fact, reason)| What::Undo { fact, reason }),
        during_a_meeting().prop_map(What::Meeting),
        incident().prop_map(|incident| What::Meeting(MeetingFact::Incident(incident))),
        (name(), name()).prop_map(|(decision, car)| What::Meeting(MeetingFact::PenaltyServed { decision, car })),
        (session(), name(), quantity, any::<u32>(), text()).prop_map(|(session, car, quantity, value, instrument)| {
            What::Meeting(MeetingFact::Measured(Measured { session, car, quantity, value, instrument }))
        }),
        (any::<u16>(), name(), text(), of(session())).prop_map(|(round, car, set, used_in)| What::Meeting(MeetingFact::TyreSet {
            round,
            car,
            set,
            used_in
        })),
    ]
}

fn during_a_meeting() -> impl Strategy<Value = MeetingFact> {
    let passing = (-62_135_596_800_000_000..253_402_214_400_000_000_i64, of(any::<u32>()))
        .prop_map(|(at, number)| Passing { at: Instant(at), transponder: number.map(Transponder) });
    let signal = select(Signal::WORDS.map(|(_, signal)| signal).to_vec());
    let how = select(AboardHow::WORDS.map(|(_, how)| how).to_vec());
    let verdict = prop_oneof![Just(Verdict::Void), name().prop_map(Verdict::Of)];
    let id = (any::<u32>(), any::<u16>()).prop_map(|(fact, nth)| PassingId { fact, nth });
    prop_oneof![
        (any::<u16>(), name(), vec(passing, 1..5)).prop_map(|(round, source, passings)| MeetingFact::Heard(Heard {
            round,
            source,
            passings: passings.into()
        })),
        (session(), signal).prop_map(|(session, signal)| MeetingFact::Signal { session, signal }),
        (session(), instant()).prop_map(|(session, at)| MeetingFact::Timetable { session, at }),
        (any::<u16>(), any::<u32>(), name(), of(instant())).prop_map(|(round, transponder, car, from)| MeetingFact::Transponder {
            round,
            transponder: Transponder(transponder),
            car,
            from
        }),
        (session(), name(), name(), how).prop_map(|(session, car, driver, how)| MeetingFact::Aboard { session, car, driver, how }),
        (id, verdict, text()).prop_map(|(passing, verdict, reason)| MeetingFact::Judged { passing, verdict, reason }),
    ]
}

fn fact() -> impl Strategy<Value = Fact> {
    (any::<u64>(), instant(), instant(), text(), text(), what()).prop_map(|(number, happened, recorded, by, citation, what)| Fact {
        number,
        happened,
        recorded,
        by,
        citation,
        what,
    })
}

fn season() -> impl Strategy<Value = Vec<Fact>> {
    vec(fact(), 0..12).prop_map(|facts| facts.into_iter().zip(1..).map(|(fact, number)| Fact { number, ..fact }).collect())
}

/// A path of its own; what was written there is removed at the end.
struct Fresh(PathBuf);

impl std::ops::Deref for Fresh {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        for more in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{more}", self.0.display()));
        }
        // The folder goes with the last.
        let _ = self.0.parent().map(std::fs::remove_dir);
    }
}

/// A fresh path in a folder of this run.
fn fresh() -> Fresh {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let folder = std::env::temp_dir().join(format!("journal-properties-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{}.sqlite", COUNT.fetch_add(1, Ordering::Relaxed)));
    let _ = std::fs::remove_file(&path);
    Fresh(path)
}

fn written(facts: &[Fact]) -> (Vec<u8>, Head) {
    let mut text = Vec::new();
    let head = jsonl::write(facts, &mut text, Path::new("text")).unwrap();
    (text, head)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_fact_is_read_back_from_its_line(fact in fact()) {
        let (text, hash) = line::write(&fact, Head::START.hash).unwrap();
        prop_assert!(!text.contains('\n') && !text.contains('\r'));
        let read = line::read(&text).unwrap();
        prop_assert_eq!(&read.fact, &fact);
        prop_assert_eq!((read.prev, read.hash), (Head::START.hash, hash));
        // The hash covers what stands before the only `,"hash":` of the line.
        prop_assert_eq!(text.matches(",\"hash\":").count(), 1);
    }

    #[test]
    fn no_text_breaks_the_reader(bytes in vec(any::<u8>(), 0..300), at in any::<prop::sample::Index>(), fact in fact()) {
        let _ = jsonl::verify(&mut bytes.as_slice(), Path::new("noise"));
        let (mut text, _) = written(&[Fact { number: 1, ..fact }]);
        let at = at.index(text.len());
        text.splice(at..at, bytes.iter().copied());
        prop_assert!(bytes.is_empty() || jsonl::verify(&mut text.as_slice(), Path::new("noise")).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_chunking_of_appends_and_any_way_through_text_give_the_same_journal(facts in season(), cuts in vec(0..13_usize, 0..5)) {
        let (text, head) = written(&facts);
        prop_assert_eq!(jsonl::read(&mut text.as_slice(), Path::new("text")).unwrap(), facts.clone());

        let chunked = fresh();
        let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(facts.len())).chain([0, facts.len()]).collect();
        cuts.sort_unstable();
        let mut journal = Journal::create(&chunked).unwrap();
        for pair in cuts.windows(2) {
            journal.append(&facts[pair[0]..pair[1]]).unwrap();
        }
        prop_assert_eq!(journal.head(), head);
        prop_assert_eq!(journal.read().unwrap(), facts.clone());
        let mut exported = Vec::new();
        journal.export(&mut exported).unwrap();
        prop_assert_eq!(&exported, &text);

        let imported = fresh();
        let mut other = Journal::create(&imported).unwrap();
        prop_assert_eq!(jsonl::import(&mut text.as_slice(), Path::new("text"), &mut other).unwrap(), head);
        prop_assert_eq!(other.lines().unwrap(), journal.lines().unwrap());
        drop((journal, other));
    }
}
