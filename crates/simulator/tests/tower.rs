//! The timing tower held against what a person with a list of laps would write down.

mod meeting;

use sport::as_it_stands::AsItStands;
use sport::date::{Instant, Micros};
use sport::fact::What;
use sport::meeting_fact::MeetingFact;
use sport::names::EntryId;
use sport::running::Ranking;
use sport::season::Moment;
use sport::tower::{Behind, BestOf, Whereabouts, position, tower};

fn whole_ms(from: Instant, to: Instant) -> i64 {
    (to.0 - from.0).div_euclid(1_000)
}

#[test]
fn gaps_and_bests_are_those_of_the_list_of_laps_at_every_moment_of_a_race() {
    let (rulebook, begun) = meeting::loaded();
    let (mut season, at, run) = meeting::told(&rulebook, &begun, "race-1", 11, simulator::Faults::NONE);
    meeting::apply(&mut season, &run.said);
    let (first, last) = (run.said[0].at, run.said[run.said.len() - 1].at);
    let (mut exact, mut raised, mut gaps, mut lapped, mut bests, mut in_pits, mut out) = (0, 0, 0, 0, 0, 0, 0);
    for now in (first.0..last.0).step_by(97_000_000).map(Instant) {
        let moment = Moment { known: now, in_force: now };
        let Some(of) = AsItStands::of(&rulebook, &season, moment, at) else { continue };
        let session = &of.session;
        assert_eq!(session.running.ranking(), Ranking::Distance);
        let rows = tower(&season, &of);
        let laps = |car: usize| session.laps_of(car);
        let Some(start) = session.start() else { continue };
        let best_of_all = (0..session.cars.len()).flat_map(laps).filter(|lap| lap.timed).map(|lap| lap.time.0.div_euclid(1_000)).min();
        for (nth, row) in rows.iter().enumerate() {
            let own = laps(row.car);
            assert_eq!(row.last, own.last().map(|lap| lap.time));
            if let (Some(last), Some(best)) = (own.last().filter(|lap| lap.timed), best_of_all) {
                assert_eq!(row.last_best == BestOf::Session, last.time.0.div_euclid(1_000) == best);
                bests += usize::from(row.last_best == BestOf::Session);
            }
            in_pits += usize::from(row.whereabouts == Whereabouts::Pit);
            out += usize::from(row.whereabouts == Whereabouts::OutLap);
            let leader = laps(rows[0].car);
            if session.ending.at().is_some() || own.is_empty() || row.car == rows[0].car {
                continue;
            }
            let end = own[own.len() - 1].end;
            // How many laps the leader had ended when this car ended its last, and by how much it was earlier at the end of the same lap.
            let ahead = leader.iter().filter(|lap| lap.end < end).count();
            let down = ahead.saturating_sub(own.len()).max(leader.len().saturating_sub(own.len() + 1));
            if down > 0 {
                assert_eq!(row.overall.gap, Behind::Laps(u32::try_from(down).expect("few")));
                lapped += 1;
            } else {
                let behind = |at: Instant, of: Instant| whole_ms(start, at) - whole_ms(start, of);
                let then = behind(end, leader[own.len() - 1].end);
                // Whoever is still on a lap that the leader ended is behind by at least so long.
                let by_now = leader.get(own.len()).map_or(0, |lap| behind(now, lap.end));
                let own = Micros(then.max(by_now) * 1_000);
                let Behind::Time(gap) = row.overall.gap else { panic!("car {}: {:?}", row.car, row.overall) };
                // No row is nearer to the leader than the one above; on the same lap gap and interval add up.
                match rows[nth - 1].overall.gap {
                    Behind::Time(before) if rows[nth - 1].progress.laps == row.progress.laps => {
                        assert_eq!(row.overall.interval, Behind::Time(Micros(gap.0 - before.0)), "car {}", row.car);
                        assert!(gap >= own && gap >= before, "car {}", row.car);
                        let same = laps(rows[nth - 1].car)[row.progress.laps as usize - 1].end;
                        assert!(
                            gap.0 - before.0 >= behind(end, same) * 1_000,
                            "car {} is no nearer to the car ahead than at the line",
                            row.car
                        );
                        raised += usize::from(gap > own);
                    }
                    Behind::Time(before) => assert_eq!(gap, own.max(before), "car {}", row.car),
                    Behind::Nothing | Behind::Laps(_) => assert_eq!(gap, own, "car {}", row.car),
                }
                exact += usize::from(gap == own);
                gaps += 1;
            }
        }
    }
    assert!(exact > gaps / 2 && raised < gaps / 5, "{exact} {raised} of {gaps}");
    assert!(gaps > 200 && lapped > 20 && bests > 3 && in_pits > 3 && out > 3, "{gaps} {lapped} {bests} {in_pits} {out}");
}

#[test]
fn while_they_race_the_table_counts_from_first_to_last() {
    let (rulebook, begun) = meeting::loaded();
    let (mut season, at, run) = meeting::told(&rulebook, &begun, "race-1", 11, simulator::Faults::NONE);
    meeting::apply(&mut season, &run.said);
    let (first, last) = (run.said[0].at, run.said[run.said.len() - 1].at);
    let mut tables = 0;
    // The first laps closely: until it ends its first a car has none, and is not classified.
    let moments = (first.0..first.0 + 1_200_000_000).step_by(7_000_000).chain((first.0..last.0).step_by(97_000_000));
    for now in moments.map(Instant) {
        let moment = Moment { known: now, in_force: now };
        let Some(of) = AsItStands::of(&rulebook, &season, moment, at) else { continue };
        if of.session.start().is_none() || of.session.ending.at().is_some() {
            continue;
        }
        let printed: Vec<String> = tower(&season, &of).iter().map(|row| position(&of.session, &row.classified)).collect();
        let numbers: Vec<usize> = printed.iter().filter_map(|printed| printed.parse().ok()).collect();
        let counted: Vec<usize> = (1..=numbers.len()).collect();
        assert_eq!(numbers, counted, "at {now:?}: {printed:?}");
        tables += usize::from(!numbers.is_empty());
    }
    assert!(tables > 60, "{tables}");
}

#[test]
fn who_goes_on_after_the_end_is_not_said_to_be_unclassified() {
    let (rulebook, begun) = meeting::loaded();
    let (mut season, at, run) = meeting::told(&rulebook, &begun, "race-1", 11, simulator::Faults::NONE);
    // One car is heard from late in the race on only: it has too few laps, and drives.
    let late = |car: &EntryId| {
        season.facts().iter().find_map(|fact| {
            let What::Meeting(MeetingFact::Transponder { transponder, car: of, .. }) = &fact.what else { return None };
            (of == car).then_some(*transponder)
        })
    };
    let car = season.list.entries.iter().find(|entry| entry.spell(5).is_some()).map(|entry| entry.id.clone()).expect("a car");
    let transponder = late(&car);
    let from = Instant(run.said[0].at.0 + 50 * 60_000_000);
    let mut said = run.said.clone();
    for one in &mut said {
        if let What::Meeting(MeetingFact::Heard(heard)) = &mut one.what {
            heard.passings = heard.passings.iter().filter(|of| of.transponder != transponder || of.at > from).copied().collect();
        }
    }
    meeting::apply(&mut season, &said);
    let entry = season.list.entry(&car).expect("entered");
    let (mut drove, mut after) = (0, Vec::new());
    for now in (from.0 + 600_000_000..said[said.len() - 1].at.0).step_by(5_000_000).map(Instant) {
        let moment = Moment { known: now, in_force: now };
        let of = AsItStands::of(&rulebook, &season, moment, at).expect("it was opened");
        let rows = tower(&season, &of);
        let row = rows.iter().find(|row| row.classified.entry == entry).expect("it takes part");
        if of.session.ending.at().is_none() || of.session.closed() {
            continue;
        }
        let printed = position(&of.session, &row.classified);
        if row.progress.chequered {
            after.push(printed);
        } else {
            assert!(printed.parse::<usize>().is_ok(), "at {now:?} it drives and is {printed}");
            drove += 1;
        }
    }
    assert!(drove > 0 && after.iter().all(|printed| printed == "NC") && !after.is_empty(), "{drove} {after:?}");
}
