//! The order that the laps of an account give, and where it claims something else.
//!
//! No rulebook is asked: laps completed, then when they were completed; in practice and qualifying the best lap, then who set it first. What a rulebook or a steward made of it
//! is in the difference.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use sport::date::Micros;
use sport::finding::Weight;
use sport::result::Finish;
use sport::running::Ranking;
use sport::session::SessionKind;

use crate::account::{Account, Claim, Lap, PenaltyKind};
use crate::written::printed;

/// By less than this, in microseconds, a total may differ from the sum of its laps without anybody having added time.
const LITTLE: i64 = 100_000;

/// The order, and what is claimed otherwise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reckoned {
    /// What the order was made by.
    pub ranking: Ranking,
    /// Every car that has a lap, in order.
    pub rows: Vec<Row>,
    /// Where the account claims something else, in the order of its claims.
    pub differences: Vec<Difference>,
}

/// A car in the order its laps give.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Position in [`Account::cars`].
    pub car: usize,
    /// From 1; none where the account does not say when laps were completed, or the car set no time.
    pub place: Option<u16>,
    /// Laps completed.
    pub laps: u32,
    /// From the start to the end of the last of them, where it can be known.
    pub time: Option<Micros>,
    /// The best of those that may be.
    pub best: Option<Micros>,
    /// Its number.
    pub best_lap: Option<u32>,
    /// Laps before the last of which nothing is told.
    pub missing: u32,
}

/// A claim that is not what the laps give.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// How much it matters.
    pub weight: Weight,
    /// One word for it, for programs.
    pub code: &'static str,
    /// Position in [`Account::cars`].
    pub car: usize,
    /// In a sentence without an end.
    pub says: String,
}

/// What the order of an account is made by, where it says what the session is for: best laps but in races. Without a word of it a race where a car is told with a
/// time for more than its best lap.
pub fn ranking(account: &Account) -> Ranking {
    if let Some(kind) = account.about.kind {
        return Ranking::of(kind);
    }
    let longer = |claim: &Claim| claim.time.zip(claim.best).is_some_and(|(time, best)| time > best);
    if account.claims.is_empty() || account.claims.iter().any(longer) { Ranking::of(SessionKind::Race) } else { Ranking::BestLap }
}

impl Reckoned {
    /// The order of an account.
    pub fn of(account: &Account, ranking: Ranking) -> Self {
        let mut laps: Vec<Vec<&Lap>> = vec![Vec::new(); account.cars.len()];
        // When each car completed its last lap, by the order the file tells laps in.
        let mut completed: Vec<usize> = vec![usize::MAX; account.cars.len()];
        for (nth, lap) in account.laps.iter().enumerate() {
            laps[lap.car].push(lap);
            completed[lap.car] = nth;
        }
        let mut rows: Vec<Row> = (0..account.cars.len()).filter(|car| !laps[*car].is_empty()).map(|car| row(car, &laps[car])).collect();
        match ranking {
            Ranking::Distance => by_distance(&mut rows, account.laps_as_completed.then_some(&completed)),
            Ranking::BestLap => by_best(&mut rows, &laps),
        }
        let mut reckoned = Self { ranking, rows, differences: Vec::new() };
        reckoned.differences = differences(account, &reckoned);
        reckoned
    }
}

/// What the laps of one car, by number, amount to.
fn row(car: usize, laps: &[&Lap]) -> Row {
    let last = laps[laps.len() - 1];
    let told = u32::try_from(laps.len()).unwrap_or(u32::MAX);
    let missing = last.number.saturating_sub(told);
    let sum = || laps.iter().try_fold(0_i64, |sum, lap| sum.checked_add(lap.time?.0)).map(Micros);
    let best = laps.iter().filter(|lap| lap.valid).filter_map(|lap| Some((lap.time?, lap.number))).min();
    Row {
        car,
        place: None,
        laps: last.number,
        time: last.elapsed.or_else(|| if missing == 0 { sum() } else { None }),
        best: best.map(|(time, _)| time),
        best_lap: best.map(|(_, number)| number),
        missing,
    }
}

/// Most laps first, then who completed them first: by the time from the start, or by the order the file tells laps in.
fn by_distance(rows: &mut [Row], completed: Option<&Vec<usize>>) {
    let timed = rows.iter().all(|row| row.time.is_some());
    rows.sort_by_key(|row| {
        let since = if timed {
            row.time.map_or(i64::MAX, |time| time.0)
        } else {
            completed.map_or(0, |of| i64::try_from(of[row.car]).unwrap_or(i64::MAX))
        };
        (Reverse(row.laps), since)
    });
    if timed || completed.is_some() {
        place(rows.iter_mut());
    }
}

/// The best lap first; of two alike, whose was completed first.
fn by_best(rows: &mut [Row], laps: &[Vec<&Lap>]) {
    let set = |row: &Row| {
        let lap = laps[row.car].iter().find(|lap| Some(lap.number) == row.best_lap)?;
        lap.ended.map(|at| at.0).or(lap.elapsed.map(|time| time.0))
    };
    rows.sort_by_key(|row| (row.best.is_none(), row.best, set(row), row.car));
    place(rows.iter_mut().filter(|row| row.best.is_some()));
}

fn place<'r>(rows: impl Iterator<Item = &'r mut Row>) {
    for (nth, row) in rows.enumerate() {
        row.place = u16::try_from(nth + 1).ok();
    }
}

fn differences(account: &Account, reckoned: &Reckoned) -> Vec<Difference> {
    if account.claims.is_empty() || account.laps.is_empty() {
        return Vec::new();
    }
    let rows: BTreeMap<usize, &Row> = reckoned.rows.iter().map(|row| (row.car, row)).collect();
    let mut found = Found { account, told: Vec::new() };
    for claim in &account.claims {
        match rows.get(&claim.car) {
            Some(row) => found.car(claim, row, reckoned.ranking),
            None if claim.finish == Finish::NotStarted => {}
            None => found.tell(Weight::Note, "no-laps", claim.car, "listed, without a lap in the file".to_owned()),
        }
    }
    if reckoned.ranking == Ranking::Distance {
        found.places_by_time(&rows);
    } else {
        found.places_by_best(&rows);
    }
    for row in &reckoned.rows {
        if !account.claims.iter().any(|claim| claim.car == row.car) {
            found.tell(Weight::Contradiction, "not-listed", row.car, format!("has {} and is not in the classification", counted(row.laps)));
        }
    }
    found.told
}

struct Found<'a> {
    account: &'a Account,
    told: Vec<Difference>,
}

impl Found<'_> {
    fn tell(&mut self, weight: Weight, code: &'static str, car: usize, says: String) {
        self.told.push(Difference { weight, code, car, says });
    }

    /// What is claimed of a car for itself.
    fn car(&mut self, claim: &Claim, row: &Row, ranking: Ranking) {
        if row.missing > 0 {
            let says = format!("{} of its {} not told lap by lap", row.missing, counted(row.laps));
            self.tell(Weight::Doubt, "laps-missing", row.car, says);
        }
        if let Some(laps) = claim.laps.filter(|laps| *laps != row.laps) {
            let says = format!("claimed with {}; {} by its laps", counted(laps), row.laps);
            self.tell(Weight::Contradiction, "laps-differ", row.car, says);
        } else if let (Ranking::Distance, Some(claimed), Some(time)) = (ranking, claim.time, row.time) {
            self.time(row.car, claimed, time);
        }
        if let Some(best) = claim.best
            && row.best.is_some_and(|by_laps| by_laps.whole_ms() != best.whole_ms())
        {
            let by_laps = row.best.map_or_else(String::new, printed);
            let says = format!("best lap claimed as {}; {by_laps} by its laps", printed(best));
            self.tell(Weight::Doubt, "best-differs", row.car, says);
        }
    }

    /// A total that is not what the laps take, and whether a penalty that is told explains it.
    fn time(&mut self, car: usize, claimed: Micros, by_laps: Micros) {
        let added = Micros(claimed.0 - by_laps.0);
        if added.whole_ms() == Micros(0) {
            return;
        }
        let told: i64 = self.account.penalties.iter().filter(|penalty| penalty.car == car).map(|penalty| time_of(penalty.kind)).sum();
        // Some files cut or round totals otherwise than laps.
        let little = added.0.abs() < LITTLE;
        let sign = if added.0 < 0 { "" } else { "+" };
        let why = match added.0 {
            added if added == told => ", as its penalties say",
            added if added < 0 || little => "",
            _ => ", and no penalty told says so",
        };
        let says = format!("claimed in {}; {} by its laps: {sign}{}{why}", printed(claimed), printed(by_laps), printed(added));
        let weight = if told == added.0 || little { Weight::Note } else { Weight::Doubt };
        self.tell(weight, "time-differs", car, says);
    }

    /// A place in a race that neither the laps nor the claimed laps and times give: it was decided.
    fn places_by_time(&mut self, rows: &BTreeMap<usize, &Row>) {
        let of = |claim: &&Claim| {
            Some((Reverse(claim.laps.or(rows.get(&claim.car).map(|row| row.laps))?), claim.time.or(rows.get(&claim.car)?.time)?))
        };
        let ranked: Vec<&Claim> = self.account.claims.iter().filter(|claim| claim.place.is_some() && of(claim).is_some()).collect();
        let mut by_claims = ranked.clone();
        by_claims.sort_by_key(of);
        self.moved(rows, &ranked, &by_claims, "its laps and its time give");
    }

    /// A place in qualifying that the best laps claimed do not give.
    fn places_by_best(&mut self, rows: &BTreeMap<usize, &Row>) {
        let of = |claim: &&Claim| claim.best.or(claim.time);
        let ranked: Vec<&Claim> = self.account.claims.iter().filter(|claim| claim.place.is_some() && of(claim).is_some()).collect();
        let mut by_claims = ranked.clone();
        by_claims.sort_by_key(of);
        self.moved(rows, &ranked, &by_claims, "its best lap gives");
    }

    /// Cars that were moved against the order their claims give, told as few of them as explain the rest: who are not in the longest run that kept its order.
    fn moved(&mut self, rows: &BTreeMap<usize, &Row>, ranked: &[&Claim], by_claims: &[&Claim], what: &str) {
        let at: BTreeMap<usize, usize> = by_claims.iter().enumerate().map(|(nth, claim)| (claim.car, nth)).collect();
        let order: Vec<usize> = ranked.iter().map(|claim| at[&claim.car]).collect();
        for nth in out_of_order(&order) {
            let claim = ranked[nth];
            let says = format!("listed as {}; {what} {}: the place was decided", nth + 1, at[&claim.car] + 1);
            self.tell(Weight::Doubt, "place-decided", claim.car, says);
        }
        // And against the laps themselves, without what was added.
        let raced: Vec<(&Claim, u16)> = ranked.iter().filter_map(|claim| Some((*claim, rows.get(&claim.car)?.place?))).collect();
        for nth in out_of_order(&raced.iter().map(|(_, place)| usize::from(*place)).collect::<Vec<_>>()) {
            let (claim, by_laps) = raced[nth];
            let says = format!("claimed {}; {by_laps} by its laps", claim.place.map_or_else(String::new, |place| place.to_string()));
            self.tell(Weight::Note, "place-differs", claim.car, says);
        }
    }
}

/// Positions that are not in the longest ascending run of an order.
fn out_of_order(order: &[usize]) -> Vec<usize> {
    // By the last of each length the position it ends at, and of each position the one before it in its run.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    for (nth, value) in order.iter().enumerate() {
        let length = ends.partition_point(|end| order[*end] < *value);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() { ends.push(nth) } else { ends[length] = nth }
    }
    let mut kept = vec![false; order.len()];
    let mut at = ends.last().copied();
    while let Some(nth) = at {
        kept[nth] = true;
        at = before[nth];
    }
    (0..order.len()).filter(|nth| !kept[*nth]).collect()
}

fn time_of(kind: PenaltyKind) -> i64 {
    match kind {
        PenaltyKind::Time(time) => time.0,
        PenaltyKind::DriveThrough
        | PenaltyKind::StopAndGo(_)
        | PenaltyKind::LapDeleted
        | PenaltyKind::Disqualified
        | PenaltyKind::Warning
        | PenaltyKind::Other => 0,
    }
}

fn counted(laps: u32) -> String {
    if laps == 1 { String::from("1 lap") } else { format!("{laps} laps") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Car, Penalty};
    use proptest::prelude::*;

    fn seconds(seconds: i64) -> Micros {
        Micros::seconds(seconds)
    }

    /// Cars 1, 2, …, with their laps in seconds, and their claims: place, laps, seconds.
    fn account(cars: &[&[i64]], claims: &[(usize, u16, u32, i64)]) -> Account {
        let mut account = Account::default();
        account.about.kind = Some(SessionKind::Race);
        for (car, laps) in cars.iter().enumerate() {
            account.cars.push(Car { number: (car + 1).to_string(), ..Car::default() });
            let mut elapsed = 0;
            for (nth, lap) in laps.iter().enumerate() {
                elapsed += lap;
                let number = u32::try_from(nth + 1).unwrap();
                account.laps.push(Lap { time: Some(seconds(*lap)), elapsed: Some(seconds(elapsed)), ..Lap::of(car, number) });
            }
        }
        for (car, place, laps, time) in claims {
            let claim = Claim {
                place: Some(*place),
                laps: Some(*laps),
                time: Some(seconds(*time)),
                finish: Finish::Classified,
                ..Claim::of(car - 1)
            };
            account.claims.push(claim);
        }
        account
    }

    fn told(account: &Account) -> Vec<String> {
        let reckoned = Reckoned::of(account, ranking(account));
        reckoned.differences.iter().map(|of| format!("{} {}: {}", account.cars[of.car].number, of.code, of.says)).collect()
    }

    #[test]
    fn who_has_more_laps_is_ahead_and_of_those_who_completed_them_first() {
        let account = account(&[&[100, 100], &[101, 98], &[90]], &[]);
        let order: Vec<_> =
            Reckoned::of(&account, Ranking::Distance).rows.iter().map(|row| (row.car, row.place, row.laps, row.time)).collect();
        assert_eq!(order, [(1, Some(1), 2, Some(seconds(199))), (0, Some(2), 2, Some(seconds(200))), (2, Some(3), 1, Some(seconds(90)))]);
    }

    #[test]
    fn a_total_that_is_longer_than_its_laps_is_told_with_the_penalty_that_explains_it() {
        let mut account = account(&[&[100, 100], &[101, 100]], &[(2, 1, 2, 201), (1, 2, 2, 230)]);
        let time = "1 time-differs: claimed in 3:50.000; 3:20.000 by its laps: +30.000, and no penalty told says so";
        assert_eq!(told(&account), [time, "2 place-differs: claimed 1; 2 by its laps"]);
        let words = String::from("30 s");
        let kind = PenaltyKind::Time(seconds(30));
        account.penalties.push(Penalty { car: 0, driver: None, kind, words, lap: None, served: None, after: true, contained: true });
        assert_eq!(told(&account)[0], "1 time-differs: claimed in 3:50.000; 3:20.000 by its laps: +30.000, as its penalties say");
    }

    /// Dropped to the back with its time unchanged: laps and times cannot say so, and one car explains it.
    #[test]
    fn a_car_put_back_without_a_time_is_the_one_that_is_told() {
        let laps: [&[i64]; 4] = [&[100], &[101], &[102], &[103]];
        let account = account(&laps, &[(2, 1, 1, 101), (3, 2, 1, 102), (4, 3, 1, 103), (1, 4, 1, 100)]);
        let decided = "1 place-decided: listed as 4; its laps and its time give 1: the place was decided";
        assert_eq!(told(&account), [decided, "1 place-differs: claimed 4; 1 by its laps"]);
    }

    #[test]
    fn laps_that_are_missing_make_no_time_up() {
        let mut account = account(&[&[100, 100, 100]], &[(1, 1, 3, 300)]);
        account.laps.remove(1);
        account.laps.iter_mut().for_each(|lap| lap.elapsed = None);
        let reckoned = Reckoned::of(&account, Ranking::Distance);
        assert_eq!((reckoned.rows[0].laps, reckoned.rows[0].time, reckoned.rows[0].missing), (3, None, 1));
        assert_eq!(told(&account), ["1 laps-missing: 1 of its 3 laps not told lap by lap"]);
    }

    #[test]
    fn without_times_the_order_of_completion_is_the_order_and_without_that_there_is_none() {
        let mut account = account(&[&[1, 1], &[1, 1]], &[]);
        account.laps.iter_mut().for_each(|lap| (lap.time, lap.elapsed) = (None, None));
        account.laps.rotate_left(2);
        let places =
            |account: &Account| Reckoned::of(account, Ranking::Distance).rows.iter().map(|row| (row.car, row.place)).collect::<Vec<_>>();
        assert_eq!(places(&account), [(0, None), (1, None)]);
        account.laps_as_completed = true;
        assert_eq!(places(&account), [(1, Some(1)), (0, Some(2))]);
    }

    #[test]
    fn in_qualifying_the_best_valid_lap_is_first() {
        let mut account = account(&[&[120, 95], &[110, 96], &[130]], &[]);
        account.laps[1].valid = false;
        account.laps[4].time = None;
        let rows = Reckoned::of(&account, Ranking::BestLap).rows;
        let order: Vec<_> = rows.iter().map(|row| (row.car, row.place, row.best, row.best_lap)).collect();
        assert_eq!(order, [(1, Some(1), Some(seconds(96)), Some(2)), (0, Some(2), Some(seconds(120)), Some(1)), (2, None, None, None)]);
    }

    proptest! {
        /// Against the obvious: of all subsets in order, the longest.
        #[test]
        fn as_few_as_possible_are_told_to_be_out_of_order(order in Just((0..7_usize).collect::<Vec<_>>()).prop_shuffle()) {
            let ascending = |mask: &u32| {
                let kept: Vec<usize> = (0..7).filter(|nth| mask >> nth & 1 == 1).map(|nth| order[nth]).collect();
                kept.is_sorted()
            };
            let most = (0_u32..128).filter(ascending).map(u32::count_ones).max();
            prop_assert_eq!(7 - out_of_order(&order).len(), most.map_or(0, |most| most as usize));
        }
    }
}
