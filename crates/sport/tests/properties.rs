//! What must hold of every season: undoing is forgetting, annulling an annulment restores, order and chunks do not matter.
//!
//! `SEED=123 cargo test -p sport --test properties` repeats one season.
#![allow(clippy::wildcard_enum_match_arm, reason = "a test reads only the variants it is about")]
#![expect(unreachable_pub, reason = "the rooms are shared with the twin")]

#[path = "twin/random.rs"]
mod random;
#[path = "twin/rulebooks.rs"]
mod rulebooks;
#[path = "twin/seasons.rs"]
mod seasons;

use sport::clock::{Clocks, Hindrance};
use sport::date::{Instant, Micros};
use sport::decision::{Decision, Effect, Outcome};
use sport::evaluate::evaluate;
use sport::evaluation::Evaluation;
use sport::fact::{Fact, What};
use sport::meeting_fact::MeetingFact;
use sport::names::DecisionId;
use sport::result::PublishedResult;
use sport::rulebook::Version;
use sport::rulebook::stewarding::{AppealRule, Conversion, LicenceRule, LicenceStep, ProtestRule};
use sport::rulebook::weekend::TariffPenalty;
use sport::rules::licence::{licences, total};
use sport::season::{Moment, Season};
use sport::standings::Standings;
use sport::why::{Question, why};
use sport::world::{Docket, World};
use sport::worlds::worlds;

use random::Random;
use seasons::{Made, Size};

fn every(check: impl Fn(&Made, &mut Random)) {
    let seed = std::env::var("SEED").ok().and_then(|text| text.parse().ok());
    for seed in seed.map_or(0..120_u64, |seed| seed..seed + 1) {
        let made = seasons::made(seed, Size { rounds: 3, cars: (3, 6), decisions: 40 });
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&made, &mut Random::seeded(seed))));
        assert!(told.is_ok(), "SEED={seed} repeats it");
    }
}

fn of(made: &Made, facts: &[Fact], moment: Moment, through: Option<usize>) -> Evaluation {
    let mut season: Season = made.blank.clone();
    facts.iter().for_each(|fact| season.apply(fact));
    evaluate(&made.rulebook, &season, moment, through, &made.world)
}

fn now(made: &Made, facts: &[Fact]) -> Evaluation {
    of(made, facts, Moment::NOW, None)
}

fn next(facts: &[Fact], what: What) -> Fact {
    let last = facts.last().expect("a fact");
    let at = Instant(last.happened.0 + 1000);
    Fact { number: last.number + 1, happened: at, recorded: at, by: "clerk".into(), citation: "made".into(), what }
}

fn tables_equal(a: &Evaluation, b: &Evaluation) {
    assert_eq!(a.standings, b.standings);
    assert_eq!(a.ledger, b.ledger);
}

#[test]
fn undo_is_never_recorded_and_undo_of_the_undo_is_recorded() {
    every(|made, random| {
        let Some(fact) =
            made.facts.iter().filter(|fact| !matches!(fact.what, What::Undo { .. })).nth(random.below(made.facts.len().max(1)))
        else {
            return;
        };
        let undone = |of: u64| made.facts.iter().any(|fact| matches!(fact.what, What::Undo { fact, .. } if fact == of));
        if undone(fact.number) {
            return;
        }
        let mut facts = made.facts.clone();
        facts.push(next(&facts, What::Undo { fact: fact.number, reason: "made".into() }));
        let without: Vec<Fact> = made.facts.iter().filter(|other| other.number != fact.number).cloned().collect();
        tables_equal(&now(made, &facts), &now(made, &without));
        let undo = facts.last().expect("the undo").number;
        facts.push(next(&facts, What::Undo { fact: undo, reason: "made".into() }));
        assert_eq!(now(made, &facts), now(made, &made.facts));
    });
}

#[test]
fn an_annulled_annulment_gives_the_first_result_exactly() {
    every(|made, random| {
        let decided: Vec<DecisionId> = made
            .facts
            .iter()
            .filter_map(|fact| if let What::Decision(decision) = &fact.what { Some(decision.id.clone()) } else { None })
            .collect();
        if decided.is_empty() {
            return;
        }
        let annul = |id: &str, decision: DecisionId| {
            let effects = vec![Effect::Annul { decision }];
            What::Decision(Decision {
                id: id.into(),
                authority: "Court".into(),
                article: "1".into(),
                reason: "made".into(),
                effects,
                settles: None,
                answers: None,
            })
        };
        let mut facts = made.facts.clone();
        facts.push(next(&facts, annul("first-court", random.pick(&decided).clone())));
        facts.push(next(&facts, annul("last-court", "first-court".into())));
        tables_equal(&now(made, &facts), &now(made, &made.facts));
    });
}

#[test]
fn an_unserved_penalty_at_the_pit_lane_is_time_added_and_a_served_one_is_nothing() {
    every(|made, random| {
        let mut made = made.clone();
        for Version { law, .. } in &mut made.rulebook.versions {
            let (drive_through, stop_and_go) = (Micros::seconds(20), Micros::seconds(25));
            law.conversion = Some(Conversion { drive_through, stop_and_go, cite: law.entries.cite.clone() });
        }
        let sheets: Vec<&PublishedResult> = made.facts.iter().filter_map(|fact| fact.what.result()).collect();
        if sheets.is_empty() {
            return;
        }
        let sheet = *random.pick(&sheets);
        let (session, car) = (sheet.session.clone(), random.pick(&sheet.rows).car.clone());
        let with = |effects: Vec<Effect>| {
            let mut facts = made.facts.clone();
            let what = What::Decision(Decision {
                id: "pit-lane".into(),
                authority: "Stewards".into(),
                article: "1".into(),
                reason: "made".into(),
                effects,
                settles: None,
                answers: None,
            });
            facts.push(next(&facts, what));
            facts
        };
        let added = |seconds| {
            let time = Micros::seconds(seconds);
            now(&made, &with(vec![Effect::AddTime { session: session.clone(), car: car.clone(), time }]))
        };
        let through = with(vec![Effect::DriveThrough { session: session.clone(), car: car.clone() }]);
        let stop = with(vec![Effect::StopAndGo { session: session.clone(), car: car.clone(), time: Micros::seconds(10) }]);
        tables_equal(&now(&made, &through), &added(20));
        tables_equal(&now(&made, &stop), &added(35));
        for mut facts in [through, stop] {
            facts.push(next(&facts, What::Meeting(MeetingFact::PenaltyServed { decision: "pit-lane".into(), car: car.clone() })));
            tables_equal(&now(&made, &facts), &now(&made, &made.facts));
        }
    });
}

#[test]
fn licence_points_add_up_and_of_the_thresholds_reached_the_highest_is_proposed() {
    every(|made, random| {
        if made.facts.is_empty() {
            return;
        }
        let mut made = made.clone();
        let cite = made.rulebook.versions[0].law.entries.cite.clone();
        let step = |id: &str, points| LicenceStep { id: id.into(), points, penalty: TariffPenalty::GridPlaces(points), cite: cite.clone() };
        let rule = LicenceRule { steps: vec![step("three", 3), step("five", 5)], after_penalty: 3, clean_event: 0, cite: cite.clone() };
        made.rulebook.versions.iter_mut().for_each(|version| version.law.licence = Some(rule.clone()));
        let (driver, many) = (made.blank.list.drivers[0].id.clone(), random.between(1, 4));
        let mut facts = made.facts.clone();
        let mut given = 0;
        for nth in 0..many {
            let points = random.small(1, 3);
            given += points;
            let decision = Decision {
                id: DecisionId::new(&format!("licence-{nth}")),
                authority: "Stewards".into(),
                article: "1".into(),
                reason: "made".into(),
                effects: vec![Effect::LicencePoints { driver: driver.clone(), points }],
                settles: None,
                answers: None,
            };
            facts.push(next(&facts, What::Decision(decision)));
        }
        let mut season = made.blank.clone();
        facts.iter().for_each(|fact| season.apply(fact));
        let live = season.live(Moment::NOW);
        let force = Docket::of(&live).in_force(&made.world);
        let all = licences(&made.rulebook, &season, &live, &force);
        let with_points: Vec<_> = all.iter().filter(|licence| licence.given > 0).collect();
        assert_eq!(with_points.len(), 1, "all were given in one event");
        let reached = with_points[0].reached.map(|step| step.points);
        let wanted = [5, 3].into_iter().find(|step| *step <= given);
        assert_eq!((with_points[0].given, reached), (given, wanted));
        let left = total(&all, &driver, None);
        assert!(left == given || (reached.is_some() && left == given.saturating_sub(3)), "{left} of {given}");
        let told = now(&made, &facts).findings.iter().filter(|finding| finding.code == "licence-threshold").count();
        assert_eq!(told, usize::from(wanted.is_some()));
    });
}

#[test]
fn what_stands_in_the_way_of_a_final_result_only_goes_with_time() {
    every(|made, random| {
        let mut made = made.clone();
        for Version { law, .. } in &mut made.rulebook.versions {
            let cite = law.entries.cite.clone();
            law.protest = Some(ProtestRule { within: Micros::seconds(1800), cite: cite.clone() });
            let intention = Some(Micros::seconds(3600));
            law.appeal = Some(AppealRule { intention, lodged: Micros::seconds(96 * 3600), not_appealable: Vec::new(), cite });
        }
        let season = made.season();
        let live = season.live(Moment::NOW);
        let Some(last) = live.last() else { return };
        let clocks = Clocks { rulebook: &made.rulebook, season: &season, live: &live };
        for session in 0..season.calendar.sessions.len() {
            let mut at = last.happened;
            let mut before = clocks.hindrances(session, at);
            for _ in 0..6 {
                at.0 += i64::from(random.small(1, 3600)) * 1_000_000;
                let after = clocks.hindrances(session, at);
                assert!(after.iter().all(|hindrance| before.contains(hindrance)));
                before = after;
            }
            let open = clocks.hindrances(session, Instant::FOREVER);
            assert!(open.iter().all(|hindrance| matches!(hindrance, Hindrance::Matter(_))), "every clock runs out");
        }
    });
}

#[test]
fn the_order_of_recording_does_not_matter() {
    every(|made, random| {
        // An undo names a number, so seasons with an undo keep their numbers.
        if made.facts.iter().any(|fact| matches!(fact.what, What::Undo { .. })) {
            return;
        }
        let mut facts = made.facts.clone();
        random.shuffle(&mut facts);
        for (ix, fact) in facts.iter_mut().enumerate() {
            fact.number = ix as u64 + 1;
            fact.recorded = Instant(1_000_000_000 + i64::try_from(ix).expect("few facts"));
        }
        tables_equal(&now(made, &facts), &now(made, &made.facts));
    });
}

#[test]
fn as_known_at_a_moment_is_the_evaluation_of_what_was_recorded_by_then() {
    every(|made, random| {
        let upto = random.below(made.facts.len().max(1)) + 1;
        let Some(last) = made.facts.iter().take(upto).next_back() else { return };
        let moment = Moment { known: last.recorded, in_force: Instant::FOREVER };
        let prefix: Vec<Fact> = made.facts.iter().take(upto).cloned().collect();
        assert_eq!(of(made, &made.facts, moment, None), now(made, &prefix));
    });
}

#[test]
fn a_later_result_never_changes_the_table_after_an_earlier_round() {
    every(|made, _| {
        let Some(at) = made.facts.iter().rposition(|fact| matches!(fact.what, What::Result(_))) else { return };
        let What::Result(result) = &made.facts[at].what else { return };
        let Some(before) = made.blank.calendar.find(&result.session).and_then(|session| session.checked_sub(1)) else { return };
        if made.facts.iter().any(|fact| matches!(fact.what, What::Undo { .. })) {
            return;
        }
        let without: Vec<Fact> = made.facts.iter().enumerate().filter(|(ix, _)| *ix != at).map(|(_, fact)| fact.clone()).collect();
        let (with, without) = (of(made, &made.facts, Moment::NOW, Some(before)), of(made, &without, Moment::NOW, Some(before)));
        assert_eq!(with.standings, without.standings);
    });
}

#[test]
fn every_world_is_what_is_supposed_of_it() {
    let open = std::cell::Cell::new(0);
    every(|made, _| {
        let season = made.season();
        let Ok(all) = worlds(&made.rulebook, &season, Moment::NOW, made.through) else { return };
        open.set(open.get() + all.matters.len());
        for number in 0..all.count {
            let ends = |bit: usize| if number >> bit & 1 == 1 { Outcome::Upheld } else { Outcome::Rejected };
            let outcomes = all.matters.iter().enumerate().map(|(bit, matter)| (matter.id.clone(), ends(bit))).collect();
            let supposed = evaluate(&made.rulebook, &season, Moment::NOW, made.through, &World { outcomes });
            for (across, table) in all.tables.iter().zip(&supposed.standings) {
                let (shown, _) = across.outcomes.iter().find(|(_, worlds)| worlds.contains(&number)).expect("every world has its table");
                let said = |of: &Standings| {
                    of.lines
                        .iter()
                        .map(|line| (line.place, line.label.clone(), line.competitors.clone(), line.possible, line.points))
                        .collect::<Vec<_>>()
                };
                assert_eq!(said(shown), said(table));
                for line in table.lines.iter().filter(|line| line.label.is_none()) {
                    for one in across.competitors.iter().filter(|one| line.competitors.contains(&one.competitor)) {
                        assert!(one.possible.best <= line.possible.best && line.possible.worst <= one.possible.worst);
                        assert!(one.points_min <= line.points.at_least && line.points.at_most <= one.at_most);
                    }
                }
            }
            assert!(supposed.findings.iter().all(|finding| all.findings.contains(finding)));
        }
    });
    assert!(open.get() > 0 || std::env::var("SEED").is_ok(), "some season has an open matter");
}

#[test]
fn why_tells_every_score_of_every_line_and_no_other() {
    let dropped = std::cell::Cell::new(0);
    every(|made, _| {
        let season = made.season();
        let now = evaluate(&made.rulebook, &season, Moment::NOW, made.through, &made.world);
        for table in &now.standings {
            for line in table.lines.iter().filter(|line| line.label.is_none()) {
                let asked = Question::Total(table.championship.clone(), line.competitors[0]);
                let told =
                    why(&made.rulebook, &season, Moment::NOW, made.through, &made.world, &asked).expect("every line has its reasons");
                let total =
                    if line.points.is_exact() { line.points.at_least.published() } else { format!("at most {}", line.points.at_most) };
                assert!(told.says.contains(&total), "{}: {total}", told.says);
                let session = |at: usize| season.calendar.sessions[at].name.to_string();
                let car = |at: usize| season.list.entries[at].label();
                let mut scores: Vec<String> = line
                    .scores
                    .iter()
                    .filter(|score| !score.points.at_most.is_zero() || !score.points.at_least.is_zero())
                    .map(|score| format!("{}: car {}", session(score.session), car(score.entry)))
                    .collect();
                let because: Vec<&String> = told.because.iter().map(|reason| &reason.says).collect();
                // In a sum one part may drop what another keeps.
                let sums = made.rulebook.latest().championship(&table.championship).is_some_and(|of| !of.sum_of.is_empty());
                for score in line.scores.iter().filter(|_| !sums) {
                    let start = format!("{}: car {}", session(score.session), car(score.entry));
                    for says in
                        because.iter().filter(|says| says.starts_with(&format!("{start},")) || says.starts_with(&format!("{start}:")))
                    {
                        // Everything was published, so nothing only may be dropped.
                        assert_eq!(says.ends_with(", dropped"), !score.fate.kept(), "{}: {says}", line.name);
                        dropped.set(dropped.get() + usize::from(!score.fate.kept()));
                    }
                }
                let told = because.into_iter().filter(|says| says.contains(": car ") && !says.contains("scores nothing"));
                let mut said: Vec<String> = told.map(|says| says.split([',', ':']).take(2).collect::<Vec<_>>().join(":")).collect();
                scores.sort();
                said.sort();
                assert_eq!(said, scores);
            }
        }
    });
    assert!(dropped.get() > 0 || std::env::var("SEED").is_ok(), "some result is dropped");
}
