//! A session is a function of its facts: not of the order they came in, nor of how often it was looked at.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod meeting;

use meeting::{apply, loaded, told};
use proptest::prelude::*;
use simulator::Faults;
use sport::date::Instant;
use sport::fact::{Fact, What};
use sport::live_session::LiveSession;
use sport::meeting_fact::{MeetingFact, Verdict};
use sport::passing::PassingId;
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};

/// Laps of every car, by entry, with when each ended.
fn laps(live: &LiveSession) -> Vec<(usize, Vec<Instant>)> {
    let of = |car: usize| live.running.tracks()[car].laps().iter().map(|lap| lap.end).collect();
    let mut laps: Vec<(usize, Vec<Instant>)> = (0..live.cars.len()).map(|car| (live.cars[car], of(car))).collect();
    laps.sort();
    laps
}

fn folded(rulebook: &Rulebook, season: &Season, session: usize) -> LiveSession {
    LiveSession::of(rulebook, season, Moment::NOW, session).unwrap()
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn late_batches_in_any_order_give_the_same_laps(seed in 0_u64..1_000, late in proptest::collection::vec((0_usize..2_000, 1_i64..90), 1..40)) {
        let (rulebook, begun) = loaded();
        let (season, session, run) = told(&rulebook, &begun, "race-1", seed, Faults::NONE);
        let (mut in_time, mut delayed) = (season.clone(), season);
        apply(&mut in_time, &run.said);
        let mut said = run.said;
        for (at, seconds) in late {
            let at = at % said.len();
            if matches!(said[at].what, What::Meeting(MeetingFact::Heard(_))) {
                said[at].at.0 += seconds * 1_000_000;
            }
        }
        said.sort_by_key(|one| one.at);
        apply(&mut delayed, &said);
        prop_assert_eq!(laps(&folded(&rulebook, &in_time, session)), laps(&folded(&rulebook, &delayed, session)));
    }

    #[test]
    fn a_passing_taken_out_and_put_back_is_nothing(seed in 0_u64..1_000, which in 0_usize..5_000) {
        let (rulebook, begun) = loaded();
        let (mut season, session, run) = told(&rulebook, &begun, "race-1", seed, Faults::ALL);
        apply(&mut season, &run.said);
        let before = folded(&rulebook, &season, session);
        let heard: Vec<(u64, usize)> = season.facts().iter().filter_map(|fact| {
            if let What::Meeting(MeetingFact::Heard(heard)) = &fact.what { Some((fact.number, heard.passings.len())) } else { None }
        }).collect();
        let (fact, count) = heard[which % heard.len()];
        let passing = PassingId { fact: u32::try_from(fact).unwrap(), nth: u16::try_from(which % count).unwrap() };
        let last = season.facts().last().unwrap().happened;
        let mut say = |what| {
            let fact = Fact { number: season.next_number(), happened: last, recorded: last, by: "a".into(), citation: "b".into(), what };
            season.apply(&fact);
            fact.number
        };
        let voided = say(What::Meeting(MeetingFact::Judged { passing, verdict: Verdict::Void, reason: "a".into() }));
        say(What::Undo { fact: voided, reason: "b".into() });
        let after = folded(&rulebook, &season, session);
        prop_assert_eq!(before.running, after.running);
        prop_assert_eq!(before.doubts, after.doubts);
    }

    #[test]
    fn what_was_known_at_a_moment_is_the_journal_up_to_it(seed in 0_u64..1_000, part in 1_usize..100) {
        let (rulebook, begun) = loaded();
        let (season, session, run) = told(&rulebook, &begun, "race-1", seed, Faults::ALL);
        let half = run.said.len() * part / 100;
        let at = run.said[half].at;
        let (mut whole, mut first) = (season.clone(), season);
        apply(&mut whole, &run.said);
        apply(&mut first, run.said.iter().filter(|one| one.at <= at));
        let moment = Moment { known: at, in_force: at };
        let then = LiveSession::of(&rulebook, &whole, moment, session);
        let now = LiveSession::of(&rulebook, &first, moment, session);
        prop_assert_eq!(then.is_some(), now.is_some());
        if let (Some(then), Some(now)) = (then, now) {
            prop_assert_eq!(then.running, now.running);
            prop_assert_eq!(then.doubts, now.doubts);
        }
    }
}
