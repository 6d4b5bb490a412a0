//! What decisions do to an order: disqualifications first, then added time and deducted laps, then dropped places.
//!
//! The three are applied in that order whatever the order they were decided in, so that the same decisions always give the same result.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::date::Micros;
use crate::place::Places;
use crate::result::Finish;
use crate::rules::distance::Distance;
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
    /// More may have been added than that.
    pub(crate) added_open: bool,
    pub(crate) laps_taken: u32,
    /// Whether it is still classified once laps are taken from it.
    pub(crate) distance: Distance,
    pub(crate) places_dropped: u16,
    pub(crate) effects: Vec<(Ground, String)>,
}

/// What an order is of.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    /// Nobody else of the class, or of all, took part.
    pub(crate) complete: bool,
    /// It is the order of all cars; the places a car drops are places of that one. In the order of one class of several it drops as many
    /// of them at most.
    pub(crate) whole: bool,
}

/// Applies everything noted on the runners to their places.
pub(crate) fn apply(runners: &mut [Runner], scope: Scope) {
    let complete = scope.complete;
    for ix in 0..runners.len() {
        if runners[ix].disqualified {
            leave(runners, ix, Finish::Disqualified);
        }
    }
    add_times(runners, complete);
    for ix in 0..runners.len() {
        match runners[ix].distance {
            Distance::Enough => {}
            Distance::Short => leave(runners, ix, Finish::NotClassified),
            Distance::Unknown => may_leave(runners, ix),
        }
    }
    // From the last car up: each loses its places to the cars behind it, and two neighbours who both drop one do not swap back.
    let mut dropping: Vec<usize> =
        (0..runners.len()).filter(|ix| runners[*ix].places_dropped > 0 && runners[*ix].place.is_some()).collect();
    dropping.sort_by_key(|ix| runners[*ix].place);
    let order = |pair: &[usize]| runners[pair[0]].place?.order(runners[pair[1]].place?);
    if scope.whole && dropping.windows(2).all(|pair| matches!(order(pair), Some(Ordering::Less | Ordering::Equal))) {
        for ix in dropping.into_iter().rev() {
            drop_places(runners, ix, complete);
        }
    } else {
        drop_in_any_order(runners, &dropping, scope);
    }
}

/// Where nobody knows which of two cars that drop places was ahead, or whose places they are: each drop moves every other car up one
/// place at most, and none down.
fn drop_in_any_order(runners: &mut [Runner], dropping: &[usize], scope: Scope) {
    let sure = surely_classified(runners);
    let drops = u16::try_from(dropping.len()).expect("a field fits in a number");
    let field = u16::try_from(runners.iter().filter(|runner| runner.place.is_some()).count()).expect("a field fits in a number");
    for runner in runners.iter_mut() {
        let (by, others) = (runner.places_dropped, drops - u16::from(runner.places_dropped > 0 && runner.place.is_some()));
        let Some(place) = &mut runner.place else { continue };
        let surely = if scope.whole { place.best.saturating_add(by).min(sure).max(place.best) } else { place.best };
        let best = surely.saturating_sub(others).max(1);
        let last = if scope.complete && place.worst != Places::OPEN { field.max(place.worst) } else { Places::OPEN };
        *place = Places { best, worst: place.worst.saturating_add(by).min(last).max(best) };
    }
}

/// How many cars are classified at least.
fn surely_classified(runners: &[Runner]) -> u16 {
    let sure = runners.iter().filter(|runner| runner.finish == Finish::Classified && runner.place.is_some()).count();
    u16::try_from(sure).expect("a field fits in a number")
}

/// Everybody behind moves up one place. Where the place of the car that leaves is not known, each of the others may have.
fn leave(runners: &mut [Runner], out: usize, finish: Finish) {
    let had = runners[out].place.take();
    let finish = core::mem::replace(&mut runners[out].finish, finish);
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

/// A car that may not be classified any more: whoever may be behind it may have moved up.
fn may_leave(runners: &mut [Runner], out: usize) {
    let Some(had) = runners[out].place else { return };
    runners[out].finish = Finish::Unknown;
    for (ix, runner) in runners.iter_mut().enumerate() {
        if let Some(place) = runner.place.as_mut().filter(|place| ix != out && place.best > had.best) {
            place.best -= 1;
        }
    }
}

/// Laps then time decide again between any two cars, as far as laps and times were published: where they were not, a car that
/// was given nothing keeps those behind it that it surely had, and nothing else is certain.
fn add_times(runners: &mut [Runner], complete: bool) {
    let penalised: Vec<bool> = runners
        .iter()
        .map(|runner| {
            let given = runner.added.0 > 0 || runner.added_open || runner.laps_taken > 0;
            runner.finish != Finish::NotClassified && runner.place.is_some() && given
        })
        .collect();
    if !penalised.contains(&true) {
        return;
    }
    let stretch = stretches(runners);
    for runner in runners.iter_mut().filter(|runner| runner.finish == Finish::Classified) {
        runner.laps = runner.laps.map(|laps| laps.saturating_sub(runner.laps_taken));
        runner.time = runner.time.map(|time| Micros(time.0.saturating_add(runner.added.0)));
    }
    let was: Vec<Option<Places>> = runners.iter().map(|runner| runner.place).collect();
    let order = Order { runners, was: &was, penalised: &penalised, stretch: &stretch };
    let sure = order.surely_ahead();
    let field: Vec<usize> = (0..runners.len()).filter(|ix| was[*ix].is_some()).collect();
    let places = field.iter().map(|ix| (*ix, order.place(*ix, &field, &sure, complete))).collect::<Vec<_>>();
    for (ix, place) in places {
        runners[ix].place = place;
    }
}

/// The stretches of the order in which laps and times decide: cars whose place is known, each printed with laps, or with a time where
/// no laps are printed at all, in the order of the places. Where the print turns against the places something else decided, perhaps laps
/// nobody printed, and a new stretch begins. Where no laps are printed at all, the cars of a stretch are taken to be on the same lap.
fn stretches(runners: &[Runner]) -> Vec<Option<usize>> {
    let no_laps = runners.iter().all(|runner| runner.laps.is_none());
    let printed = |runner: &Runner| {
        let counted = runner.laps.is_some() || (no_laps && runner.laps_taken == 0 && !runner.added_open && runner.time.is_some());
        runner.place.and_then(Places::exact).filter(|_| counted && runner.finish == Finish::Classified)
    };
    let mut known: Vec<usize> = (0..runners.len()).filter(|ix| printed(&runners[*ix]).is_some()).collect();
    known.sort_by_key(|ix| runners[*ix].place);
    let mut stretch = alloc::vec![None; runners.len()];
    let mut number = 0;
    // The lap of the car in front, and the last time printed on it.
    let (mut lap, mut latest) = (None, None);
    for ix in known {
        let Runner { laps, time, .. } = runners[ix];
        let same = lap == Some(laps);
        number += usize::from(lap.is_some_and(|lap| laps > lap) || (same && time.is_some() && time < latest));
        latest = if same { time.or(latest) } else { time };
        lap = Some(laps);
        stretch[ix] = Some(number);
    }
    stretch
}

/// Two orders of the same cars: by the places before, and by what is known once laps and times have changed.
struct Order<'a> {
    runners: &'a [Runner],
    was: &'a [Option<Places>],
    penalised: &'a [bool],
    stretch: &'a [Option<usize>],
}

impl Order<'_> {
    /// Before: less is ahead, equal a dead heat, `None` not known.
    fn before(&self, a: usize, b: usize) -> Option<Ordering> {
        self.was[a]?.order(self.was[b]?)
    }

    /// After, of these two alone.
    fn after(&self, a: usize, b: usize) -> Option<Ordering> {
        let before = self.before(a, b);
        if self.stretch[a].is_some() && self.stretch[a] == self.stretch[b] {
            let laps = self.runners[b].laps.cmp(&self.runners[a].laps);
            let time = |ix: usize| self.runners[ix].time.filter(|_| !self.runners[ix].added_open);
            // More laps are ahead whatever the times.
            if laps != Ordering::Equal {
                return Some(laps);
            }
            // Of equal times the one that was ahead stays ahead; a dead heat stays one.
            if let (Some(mine), Some(theirs)) = (time(a), time(b)) {
                return Some(mine.cmp(&theirs).then(before.unwrap_or(Ordering::Equal)));
            }
        }
        match (before?, self.penalised[a], self.penalised[b]) {
            (Ordering::Less, false, _) | (Ordering::Equal, false, true) => Some(Ordering::Less),
            (Ordering::Greater, _, false) | (Ordering::Equal, true, false) => Some(Ordering::Greater),
            (Ordering::Equal, false, false) => Some(Ordering::Equal),
            _ => None,
        }
    }

    /// Who is surely ahead of whom afterwards, also by way of a third car that is surely classified.
    fn surely_ahead(&self) -> Vec<Vec<bool>> {
        let count = self.runners.len();
        let mut sure: Vec<Vec<bool>> =
            (0..count).map(|a| (0..count).map(|b| a != b && self.after(a, b) == Some(Ordering::Less)).collect()).collect();
        // Two in a dead heat that are given nothing stay in it: whoever is ahead of one, or behind, is so of the other.
        for a in 0..count {
            for b in (0..count).filter(|b| *b != a && self.after(a, *b) == Some(Ordering::Equal)) {
                let behind = sure[b].clone();
                sure[a].iter_mut().zip(&behind).for_each(|(sure, behind)| *sure |= *behind);
                sure.iter_mut().for_each(|ahead| ahead[a] |= ahead[b]);
            }
        }
        for through in (0..count).filter(|ix| self.runners[*ix].finish == Finish::Classified) {
            let behind = sure[through].clone();
            for ahead in sure.iter_mut().filter(|ahead| ahead[through]) {
                ahead.iter_mut().zip(&behind).for_each(|(sure, behind)| *sure |= *behind);
            }
        }
        sure
    }

    /// A car's place afterwards: the one it had, less those it came ahead of, and those that came ahead of it. Only a car that was
    /// given something can have come behind another; in a sheet that lacks cars, behind one that nobody named.
    fn place(&self, ix: usize, field: &[usize], sure: &[Vec<bool>], complete: bool) -> Option<Places> {
        let had = self.was[ix]?;
        let (mut lost, mut may_lose, mut gained, mut may_gain) = (0_u16, 0_u16, 0_u16, 0_u16);
        for other in field.iter().copied().filter(|other| *other != ix) {
            let was = self.before(other, ix).map(|order| order == Ordering::Less);
            let told = self.after(other, ix).map(|order| order == Ordering::Less);
            let is = if sure[other][ix] {
                Some(true)
            } else if sure[ix][other] {
                Some(false)
            } else {
                told
            };
            let certain = self.runners[other].finish == Finish::Classified;
            gained += u16::from(certain && was == Some(true) && is == Some(false));
            may_gain += u16::from(self.penalised[other] && was != Some(false) && is != Some(true));
            lost += u16::from(certain && was == Some(false) && is == Some(true));
            may_lose += u16::from(self.penalised[ix] && was != Some(true) && is != Some(false));
        }
        let best = (had.best + lost).saturating_sub(may_gain).max(1);
        let open = had.worst == Places::OPEN || (!complete && may_lose > lost);
        let worst = if open { Places::OPEN } else { (had.worst + may_lose).saturating_sub(gained).max(best) };
        Some(Places { best, worst })
    }
}

/// A car drops so many places, to the last at most; those it falls behind move up one.
fn drop_places(runners: &mut [Runner], falls: usize, complete: bool) {
    let Some(had) = runners[falls].place else { return };
    let by = runners[falls].places_dropped;
    let field = u16::try_from(runners.iter().filter(|runner| runner.place.is_some()).count()).expect("a field fits in a number");
    let all_known = runners
        .iter()
        .filter(|runner| runner.place.is_some())
        .all(|runner| runner.finish == Finish::Classified && runner.place.and_then(Places::exact).is_some());
    let to = match had.exact() {
        Some(from) if all_known => Places::exactly(behind_all_at(runners, falls, from.saturating_add(by).min(field))),
        _ => {
            let best = had.best.saturating_add(by).min(surely_classified(runners)).max(had.best);
            // It may land in a dead heat, and comes behind all of it.
            let shared = |ix: usize| {
                let mine = runners[ix].place.and_then(Places::exact);
                ix != falls
                    && mine.is_some()
                    && (0..runners.len()).any(|other| other != ix && other != falls && runners[other].place.and_then(Places::exact) == mine)
            };
            let heats = u16::try_from((0..runners.len()).filter(|ix| shared(*ix)).count()).expect("a field fits in a number");
            let limit = if complete { field } else { Places::OPEN };
            let worst = had.worst.saturating_add(by).saturating_add(heats).min(limit).max(best);
            let worst = if had.worst == Places::OPEN { had.worst } else { worst };
            Places { best, worst }
        }
    };
    for (ix, runner) in runners.iter_mut().enumerate() {
        let Some(place) = &mut runner.place else { continue };
        if ix == falls {
            *place = to;
        } else if place.best > had.worst && place.worst <= to.best {
            *place = Places { best: place.best - 1, worst: place.worst - 1 };
        } else if place.best > had.best && place.best <= to.worst {
            place.best -= 1;
        }
    }
}

/// The place a car drops to, in a field of which every place is known: behind all of a dead heat it would land in.
fn behind_all_at(runners: &[Runner], falls: usize, wanted: u16) -> u16 {
    let ahead = |ix: usize, runner: &Runner| ix != falls && runner.place.is_some_and(|place| place.worst <= wanted);
    let ahead = runners.iter().enumerate().filter(|(ix, runner)| ahead(*ix, runner)).count();
    u16::try_from(ahead + 1).expect("a field fits in a number")
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    const ALL: Scope = Scope { complete: true, whole: true };

    fn runner(place: u16, time: i64) -> Runner {
        Runner {
            finish: Finish::Classified,
            place: Some(Places::exactly(place)),
            laps: Some(30),
            time: Some(Micros::seconds(time)),
            disqualified: false,
            added: Micros(0),
            added_open: false,
            laps_taken: 0,
            distance: Distance::Enough,
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
        apply(&mut field, ALL);
        assert_eq!(places(&field), ["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "1", "2"]);
    }

    #[test]
    fn a_place_drop_after_a_disqualification_counts_from_the_new_place() {
        let mut field = vec![runner(1, 1), runner(2, 2), runner(3, 3), runner(4, 4)];
        field[0].disqualified = true;
        field[1].places_dropped = 1;
        apply(&mut field, ALL);
        assert_eq!(places(&field), ["-", "2", "1", "3"]);
    }

    #[test]
    fn two_neighbours_who_both_drop_a_place_both_lose_it() {
        let mut field = vec![runner(1, 1), runner(2, 2), runner(3, 3)];
        field[0].places_dropped = 1;
        field[1].places_dropped = 1;
        apply(&mut field, ALL);
        assert_eq!(places(&field), ["2", "3", "1"]);
    }

    #[test]
    fn without_times_the_penalised_car_is_somewhere_behind_and_the_others_may_gain() {
        let mut field = vec![runner(1, 1), runner(2, 2), runner(3, 3)];
        field[1].time = None;
        field[2].time = None;
        field[0].added = Micros::seconds(30);
        apply(&mut field, ALL);
        assert_eq!(places(&field), ["1–3", "1–2", "2–3"]);
    }

    #[test]
    fn a_lap_more_is_ahead_whatever_the_times_that_nobody_printed() {
        let mut field: Vec<Runner> = (1..=8).map(|place| runner(place, 2400 + i64::from(place))).collect();
        for car in &mut field[5..] {
            (car.laps, car.time) = (Some(28), None);
        }
        (field[6].place, field[7].place) = (Some(Places::exactly(7)), Some(Places::exactly(7)));
        field[4].added = Micros::seconds(10);
        let given = field.clone();
        apply(&mut field, ALL);
        assert_eq!(places(&field), ["1", "2", "3", "4", "5", "6", "7", "7"]);
        let mut field = given.clone();
        field[4].laps_taken = 2;
        apply(&mut field, ALL);
        assert_eq!(places(&field), ["1", "2", "3", "4", "5–8", "5–6", "6–7", "6–7"], "the laps taken come first");
        let mut field = given;
        field[5].added = Micros::seconds(10);
        apply(&mut field, ALL);
        assert_eq!(places(&field), ["1", "2", "3", "4", "5", "6–8", "6–7", "6–7"], "on one lap only times tell");
    }

    #[test]
    fn a_lapped_car_does_not_come_ahead_by_its_time() {
        let mut field = vec![runner(1, 3600), runner(2, 3590), runner(3, 3660)];
        field.iter_mut().for_each(|car| car.laps = None);
        field[0].added = Micros::seconds(30);
        apply(&mut field, ALL);
        assert_eq!(places(&field), ["1–3", "1–2", "2–3"], "the times printed are not in the order of the places");
    }

    #[test]
    fn laps_taken_from_a_car_whose_laps_nobody_printed_leave_the_order_open() {
        let mut field = vec![runner(1, 3600), runner(2, 3601)];
        field.iter_mut().for_each(|car| car.laps = None);
        field[0].laps_taken = 1;
        apply(&mut field, ALL);
        assert_eq!(places(&field), ["1–2", "1–2"]);
    }

    #[test]
    fn a_car_nobody_listed_may_come_ahead_of_one_given_time() {
        let mut field = vec![runner(1, 1), runner(2, 2)];
        field.iter_mut().for_each(|car| car.time = None);
        field[0].added = Micros::seconds(30);
        apply(&mut field, Scope { complete: false, ..ALL });
        assert_eq!(places(&field), ["?", "1–2"], "the sheet lacks cars");
    }

    #[test]
    fn a_car_may_land_in_a_dead_heat_where_another_place_is_open() {
        let mut field: Vec<Runner> = [1, 2, 2, 4, 5].into_iter().map(|place| runner(place, i64::from(place))).collect();
        (field[3].place, field[4].place) = (Some(Places { best: 4, worst: 5 }), Some(Places { best: 4, worst: 5 }));
        field[0].places_dropped = 1;
        apply(&mut field, ALL);
        assert_eq!(places(&field), ["2–4", "1", "1", "3–5", "3–5"]);
    }

    #[test]
    fn places_dropped_in_the_order_of_one_class_are_perhaps_another_s() {
        let mut field: Vec<Runner> = (1..=4).map(|place| runner(place, i64::from(place))).collect();
        field[1].places_dropped = 2;
        apply(&mut field, Scope { whole: false, ..ALL });
        assert_eq!(places(&field), ["1", "2–4", "2–3", "3–4"]);
    }

    #[test]
    fn nobody_drops_behind_the_last() {
        let mut field: Vec<Runner> = (1..=5).map(|place| runner(place, i64::from(place))).collect();
        field[3].place = Some(Places { best: 3, worst: 4 });
        field[2].place = Some(Places { best: 3, worst: 4 });
        field[0].places_dropped = 10;
        apply(&mut field, ALL);
        assert_eq!(places(&field), ["5", "1", "2–3", "2–3", "4"]);
    }

    /// A field with everything known, and the same with some of it hidden: what is said of the second contains what is so.
    #[test]
    fn what_is_not_known_bounds_what_is() {
        for seed in 0..60_000_u64 {
            let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            let mut below = |n: u64| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state.wrapping_mul(0x2545_F491_4F6C_DD1D) % n
            };
            let count = u16::try_from(2 + below(5)).expect("small");
            let mut truth: Vec<Runner> = Vec::new();
            for place in 1..=count {
                let mut car = runner(place, 0);
                // Laps never rise down the order, and times rise within a lap.
                car.laps = Some(truth.last().and_then(|ahead: &Runner| ahead.laps).unwrap_or(30) - u32::from(below(4) == 0));
                car.time = Some(Micros::seconds(i64::from(place) * 7 + i64::try_from(below(5)).expect("small")));
                (car.disqualified, car.added) =
                    (below(9) == 0, Micros::seconds([0, 0, 0, 5, 12][usize::try_from(below(5)).expect("small")]));
                car.laps_taken = u32::from(below(9) == 0);
                car.distance = if car.laps_taken > 0 && below(3) == 0 { Distance::Short } else { Distance::Enough };
                car.places_dropped = if below(5) == 0 { u16::try_from(1 + below(4)).expect("small") } else { 0 };
                truth.push(car);
            }
            let mut partly = truth.clone();
            let (no_laps, few) = (below(4) == 0 && truth.iter().all(|car| car.laps == truth[0].laps), below(6));
            for car in &mut partly {
                let exact = car.place.and_then(Places::exact).expect("known");
                match below(2 + few) {
                    0 => car.place = Some(Places { best: exact.saturating_sub(1).max(1), worst: exact + 1 }),
                    1 => (car.finish, car.place) = (Finish::Unknown, Some(Places::ANY)),
                    _ => {}
                }
                if no_laps {
                    car.laps = None;
                }
                if below(2 + few) == 0 || car.finish == Finish::Unknown {
                    (car.laps, car.time) = (None, None);
                } else if below(3) == 0 {
                    car.time = None;
                } else if car.added.0 > 0 && below(6) == 0 {
                    (car.added, car.added_open) = (Micros(0), true);
                }
                if car.laps_taken > 0 && (car.laps.is_none() || below(2) == 0) {
                    car.distance = Distance::Unknown;
                }
            }
            if below(3) == 0 {
                let mut absent = runner(1, 0);
                (absent.finish, absent.place, absent.laps, absent.time) = (Finish::Unknown, Some(Places::ANY), None, None);
                partly.push(absent);
            }
            let (before, hidden) = (truth.clone(), partly.clone());
            apply(&mut truth, ALL);
            apply(&mut partly, ALL);
            for (ix, car) in truth.iter().enumerate() {
                let told = match (car.place.and_then(Places::exact), partly[ix].place) {
                    (Some(place), Some(said)) => said.best <= place && place <= said.worst,
                    // A car that may be classified is said to have a place, and not to be sure of it.
                    (None, told) => told.is_none() || (car.finish == Finish::NotClassified && partly[ix].finish == Finish::Unknown),
                    _ => false,
                };
                assert!(told, "seed {seed}, car {ix}: {:?}\nis {:?}\nof {before:#?}\nhidden {hidden:#?}", places(&partly), places(&truth));
            }
        }
    }
}
