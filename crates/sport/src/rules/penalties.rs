//! What decisions do to an order: disqualifications first, then added time and deducted laps, then dropped places.
//!
//! The three are applied in that order whatever the order they were decided in, so that the same decisions always give the same result.

use alloc::string::String;
use alloc::vec::Vec;

use crate::date::Micros;
use crate::place::Places;
use crate::result::Finish;
use crate::world::Ground;

/// A car in one order: all cars, or the cars of one class.
#[derive(Clone, Debug)]
pub(crate) struct Runner {
    pub(crate) finish: Finish,
    /// `None` for a car that is not classified.
    pub(crate) place: Option<Places>,
    pub(crate) laps: Option<u32>,
    pub(crate) time: Option<Micros>,
    /// What is done to it.
    pub(crate) disqualified: bool,
    pub(crate) added: Micros,
    pub(crate) laps_taken: u32,
    pub(crate) places_dropped: u16,
    pub(crate) effects: Vec<(Ground, String)>,
}

/// Applies everything noted on the runners to their places.
pub(crate) fn apply(runners: &mut [Runner]) {
    for ix in 0..runners.len() {
        if runners[ix].disqualified {
            disqualify(runners, ix);
        }
    }
    add_times(runners);
    // From the last car up: each loses its places to the cars behind it, and two neighbours who both drop one do not swap back.
    let mut dropping: Vec<usize> = (0..runners.len()).filter(|ix| runners[*ix].places_dropped > 0).collect();
    dropping.sort_by_key(|ix| runners[*ix].place);
    for ix in dropping.into_iter().rev() {
        drop_places(runners, ix);
    }
}

/// Everybody behind moves up one place. Where the place of the disqualified car is not known, each of the others may have.
fn disqualify(runners: &mut [Runner], out: usize) {
    let had = runners[out].place.take();
    let finish = core::mem::replace(&mut runners[out].finish, Finish::Disqualified);
    let Some(had) = had.or((finish == Finish::Unknown).then_some(Places::ANY)) else { return };
    for runner in runners.iter_mut() {
        let Some(place) = &mut runner.place else { continue };
        let down = |place: u16| if place == Places::OPEN { place } else { place - 1 };
        // Moves up for certain when it was surely behind; stays for certain when it was surely not.
        if place.best > had.worst {
            *place = Places { best: down(place.best), worst: down(place.worst) };
        } else if place.worst > had.best && place.best > 1 {
            place.best -= u16::from(place.best > had.best);
        }
    }
}

/// Laps then time decide again, from the first penalised car down, as far as laps and times were published.
fn add_times(runners: &mut [Runner]) {
    for runner in runners.iter_mut().filter(|runner| runner.finish == Finish::Classified) {
        runner.laps = runner.laps.map(|laps| laps.saturating_sub(runner.laps_taken));
        runner.time = runner.time.map(|time| Micros(time.0.saturating_add(runner.added.0)));
    }
    let penalised = |runner: &Runner| runner.finish == Finish::Classified && (runner.added.0 > 0 || runner.laps_taken > 0);
    let Some(first) = runners.iter().filter(|runner| penalised(runner)).map(|runner| runner.place.map_or(1, |place| place.best)).min()
    else {
        return;
    };
    let mut behind: Vec<usize> = (0..runners.len()).filter(|ix| runners[*ix].place.is_some_and(|place| place.worst >= first)).collect();
    behind.sort_by_key(|ix| runners[*ix].place);
    // The run of consecutive cars from the first penalised place on whose order laps and times can decide.
    let gaps_only = runners.iter().all(|runner| runner.laps.is_none());
    let mut seen = (first, first);
    let run = behind.iter().take_while(|ix| {
        let runner = &runners[**ix];
        let Some(place) = runner.place.and_then(Places::exact) else { return false };
        // Next in line, or a dead heat with the one before.
        let fits = place == seen.1 || place == seen.0;
        seen = (place, seen.1 + 1);
        fits && runner.time.is_some() && (gaps_only || runner.laps.is_some())
    });
    let run = run.count();
    let (decided, beyond) = behind.split_at(run);
    let mut order = decided.to_vec();
    order.sort_by_key(|ix| (core::cmp::Reverse(runners[*ix].laps), runners[*ix].time, runners[*ix].place));
    // A penalised car that comes out last of the run may have to go further down, among cars whose times nobody published.
    let sinking = order.iter().rev().take_while(|ix| penalised(&runners[**ix]));
    let sinking = if beyond.is_empty() { 0 } else { sinking.count() };
    let settled = order.len() - sinking;
    let mut place = first;
    let before: Vec<(Option<Places>, Option<u32>, Option<Micros>)> =
        order.iter().map(|ix| (runners[*ix].place, runners[*ix].laps, runners[*ix].time)).collect();
    for (at, ix) in order[..settled].iter().enumerate() {
        // A dead heat stays one where the penalties left both times equal.
        let heat = at > 0 && (before[at].1, before[at].2) == (before[at - 1].1, before[at - 1].2) && before[at].0 == before[at - 1].0;
        let mine = if heat { runners[order[at - 1]].place.and_then(Places::exact).unwrap_or(place) } else { place };
        runners[*ix].place = Some(Places::exactly(mine));
        place += 1;
    }
    loosen(runners, &order[settled..], beyond, place, &penalised);
}

/// Cars behind the last decided place: those with added time can be anywhere from `place` on, the others can gain what those lose.
fn loosen(runners: &mut [Runner], sinking: &[usize], beyond: &[usize], place: u16, penalised: &dyn Fn(&Runner) -> bool) {
    for ix in sinking {
        runners[*ix].place = Some(Places { best: place, worst: Places::OPEN });
    }
    if beyond.is_empty() {
        return;
    }
    let beyond_penalised = beyond.iter().filter(|ix| penalised(&runners[**ix])).count();
    let gain = u16::try_from(sinking.len() + beyond_penalised).expect("a field fits in a number");
    for ix in beyond {
        let open = penalised(&runners[*ix]);
        let Some(had) = &mut runners[*ix].place else { continue };
        had.best = had.best.saturating_sub(gain).max(place.min(had.best));
        if open {
            had.worst = Places::OPEN;
        }
    }
}

/// A car drops so many places; those it falls behind move up one.
fn drop_places(runners: &mut [Runner], falls: usize) {
    let Some(had) = runners[falls].place else { return };
    let by = runners[falls].places_dropped;
    let Some(from) = had.exact() else {
        runners[falls].place = Some(Places { best: had.best.saturating_add(by), worst: Places::OPEN });
        for (ix, runner) in runners.iter_mut().enumerate() {
            if ix != falls
                && let Some(place) = &mut runner.place
                && place.worst > had.best
            {
                place.best = (place.best - 1).max(had.best.min(place.best));
            }
        }
        return;
    };
    let placed = runners.iter().filter(|runner| runner.place.is_some()).count();
    let last = u16::try_from(placed).expect("a field fits in a number");
    let all_known = runners
        .iter()
        .all(|runner| !matches!(runner.finish, Finish::Classified | Finish::Unknown) || runner.place.and_then(Places::exact).is_some());
    let wanted = from.saturating_add(by);
    let to = if all_known {
        // Behind all of a dead heat it would land in.
        let ahead = |ix: usize, runner: &Runner| ix != falls && runner.place.is_some_and(|place| place.worst <= wanted.min(last));
        let ahead = runners.iter().enumerate().filter(|(ix, runner)| ahead(*ix, runner)).count();
        u16::try_from(ahead + 1).expect("a field fits in a number")
    } else {
        wanted
    };
    for (ix, runner) in runners.iter_mut().enumerate() {
        let Some(place) = &mut runner.place else { continue };
        if ix == falls {
            *place = Places::exactly(to);
        } else if place.best > from && place.worst <= to {
            *place = Places { best: place.best - 1, worst: place.worst - 1 };
        } else if place.worst > from && place.best <= to {
            place.best = if place.best > from { place.best - 1 } else { place.best };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn runner(place: u16, time: i64) -> Runner {
        Runner {
            finish: Finish::Classified,
            place: Some(Places::exactly(place)),
            laps: Some(30),
            time: Some(Micros::seconds(time)),
            disqualified: false,
            added: Micros(0),
            laps_taken: 0,
            places_dropped: 0,
            effects: Vec::new(),
        }
    }

    fn places(runners: &[Runner]) -> Vec<String> {
        runners.iter().map(|runner| runner.place.map_or(String::from("-"), |place| alloc::format!("{place}"))).collect()
    }

    #[test]
    fn thirteen_cars_get_thirty_seconds_and_the_fourteenth_wins() {
        let mut field: Vec<Runner> = (1..=15).map(|place| runner(place, 3600 + i64::from(place))).collect();
        for car in &mut field[..13] {
            car.added = Micros::seconds(30);
        }
        apply(&mut field);
        assert_eq!(places(&field), ["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "1", "2"]);
    }

    #[test]
    fn a_place_drop_after_a_disqualification_counts_from_the_new_place() {
        let mut field = vec![runner(1, 1), runner(2, 2), runner(3, 3), runner(4, 4)];
        field[0].disqualified = true;
        field[1].places_dropped = 1;
        apply(&mut field);
        assert_eq!(places(&field), ["-", "2", "1", "3"]);
    }

    #[test]
    fn two_neighbours_who_both_drop_a_place_both_lose_it() {
        let mut field = vec![runner(1, 1), runner(2, 2), runner(3, 3)];
        field[0].places_dropped = 1;
        field[1].places_dropped = 1;
        apply(&mut field);
        assert_eq!(places(&field), ["2", "3", "1"]);
    }

    #[test]
    fn without_times_the_penalised_car_is_somewhere_behind_and_the_others_may_gain() {
        let mut field = vec![runner(1, 1), runner(2, 2), runner(3, 3)];
        field[1].time = None;
        field[2].time = None;
        field[0].added = Micros::seconds(30);
        apply(&mut field);
        assert_eq!(places(&field), ["?", "1–2", "2–3"]);
    }
}
