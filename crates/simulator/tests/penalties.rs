//! Race control of a simulated race: who drives through the pit lane was told to before, and what was served is told.

#![expect(clippy::unwrap_used, reason = "a test")]

mod made;
#[expect(dead_code, reason = "a part of what other tests ask for")]
mod reading;

use std::collections::BTreeMap;

use made::made;
use reading::run;
use simulator::{Faults, Run};
use sport::date::Instant;
use sport::decision::Effect;
use sport::fact::What;
use sport::meeting_fact::MeetingFact;
use sport::session::SessionKind;

/// What was said of a penalty, in order: who got it, when its incident and its decision were told, when it was served and when that was told.
#[derive(Debug, Default)]
struct Told {
    car: String,
    incident: Option<Instant>,
    decided: Option<Instant>,
    served: Option<(Instant, Instant)>,
}

fn told(run: &Run) -> BTreeMap<String, Told> {
    let mut all: BTreeMap<String, Told> = BTreeMap::new();
    for said in &run.said {
        if let What::Meeting(MeetingFact::Incident(incident)) = &said.what {
            assert!(!incident.evidence.is_empty() && said.happened <= said.at, "{incident:?}");
            let id = incident.id.as_str().trim_start_matches('I').to_owned();
            all.entry(id).or_default().incident = Some(said.at);
        } else if let What::Decision(decision) = &said.what {
            let told = all.get_mut(decision.id.as_str()).expect("its incident was told before");
            let [Effect::DriveThrough { car, .. }] = &decision.effects[..] else { panic!("{decision:?}") };
            assert_eq!(decision.answers.as_ref().unwrap().incident.as_str(), format!("I{}", decision.id));
            (told.car, told.decided) = (car.as_str().to_owned(), Some(said.at));
        } else if let What::Meeting(MeetingFact::PenaltyServed { decision, car }) = &said.what {
            let told = all.get_mut(decision.as_str()).expect("it was given before");
            assert_eq!((told.car.as_str(), told.served), (car.as_str(), None), "served once, by whom it was given to");
            told.served = Some((said.happened, said.at));
        }
    }
    all
}

#[test]
fn every_drive_through_was_decided_before_and_is_told_once() {
    let made = made(30);
    let (mut given, mut served) = (0, 0);
    for seed in 0..40 {
        let round = 1 + u16::try_from(seed % 6).unwrap();
        let faults = if seed % 4 == 3 { Faults::ALL } else { Faults::NONE };
        let run = run(&made, round, SessionKind::Race, seed, faults);
        let told = told(&run);
        for (id, of) in &told {
            let decided = of.decided.expect("an incident told in the race is decided in it");
            assert!(of.incident <= Some(decided), "seed {seed}, {id}");
            assert!(faults != Faults::NONE || run.truth.chequered.is_none_or(|at| decided < at), "seed {seed}, {id}: the race was over");
            given += 1;
        }
        for car in &run.truth.cars {
            let id = &made.season.list.entries[car.entry].id;
            let of: Vec<&Told> = told.values().filter(|of| of.car == id.as_str()).collect();
            for stop in &car.stops {
                let within = |of: &&&Told| of.served.is_some_and(|(at, _)| stop.entry < at && at < stop.exit);
                let in_it: Vec<&&Told> = of.iter().filter(within).collect();
                assert_eq!(in_it.len(), usize::from(stop.penalty), "seed {seed}, car {id}: {stop:?} {of:?}");
                for of in in_it {
                    let late = faults != Faults::NONE;
                    assert!(late || of.decided.unwrap() < stop.entry, "seed {seed}, car {id}: told before it came in");
                    assert!(stop.exit < of.served.unwrap().1, "seed {seed}, car {id}");
                    served += 1;
                }
            }
            let in_stops = car.stops.iter().filter(|stop| stop.penalty).count();
            assert_eq!(of.iter().filter(|of| of.served.is_some()).count(), in_stops, "seed {seed}, car {id}");
        }
    }
    assert!(served > 20 && given > served, "{served} of {given} served");
}
