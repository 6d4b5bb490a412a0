//! Laps out of passings: an account of a decoder tells who was over its loop when, and no more.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use sport::date::{Instant, Micros};

use crate::account::{Account, Car, Crossing, Lap, Note};

/// Readings of one transponder on one line within this time are one crossing: no lap of anything is as short.
const ONE_CROSSING: i64 = 5_000_000;

/// Makes cars and laps of an account's passings: of the line that most were heard on, from each car's first passing on, which begins its first lap. Elapsed
/// times are since the first passing of all. Nothing where the account has laps already.
pub fn laps(account: &mut Account) {
    if !account.laps.is_empty() || account.crossings.is_empty() {
        return;
    }
    account.crossings.sort_by_key(|crossing| crossing.at);
    let line = most_heard(&account.crossings);
    let begin = account.crossings[0].at;
    let mut last: BTreeMap<&str, (usize, Instant, u32)> = BTreeMap::new();
    let (mut cars, mut laps, mut elsewhere, mut again) = (Vec::new(), Vec::new(), 0_usize, 0_usize);
    for crossing in &account.crossings {
        if crossing.line != line {
            elsewhere += 1;
            continue;
        }
        let Some((car, before, count)) = last.get_mut(crossing.transponder.as_str()) else {
            last.insert(&crossing.transponder, (cars.len(), crossing.at, 0));
            let transponder = Some(crossing.transponder.clone());
            cars.push(Car { number: crossing.transponder.clone(), transponder, ..Car::default() });
            continue;
        };
        let time = Micros(crossing.at.0.saturating_sub(before.0));
        if time.0 < ONE_CROSSING {
            again += 1;
            continue;
        }
        *count += 1;
        let elapsed = Some(Micros(crossing.at.0.saturating_sub(begin.0)));
        laps.push(Lap { time: Some(time), elapsed, ended: Some(crossing.at), ..Lap::of(*car, *count) });
        *before = crossing.at;
    }
    let passings = |count: usize| if count == 1 { String::from("1 passing") } else { format!("{count} passings") };
    let mut note = |code, says| account.notes.push(Note { code, car: None, line: None, says });
    note("laps-from-passings", String::from("laps are counted from each car's first passing; what it did before that is not in the file"));
    if elsewhere > 0 {
        let line = line.as_deref().unwrap_or("without a name");
        note("other-lines", format!("{} of other lines than {line}, which make no laps", passings(elsewhere)));
    }
    if again > 0 {
        note("heard-again", format!("{} within 5 s of the one before, taken as the same crossing", passings(again)));
    }
    (account.cars, account.laps, account.laps_as_completed) = (cars, laps, true);
}

/// The line with the most passings; of two alike the one heard first.
fn most_heard(crossings: &[Crossing]) -> Option<String> {
    let mut heard: BTreeMap<&Option<String>, (usize, Reverse<usize>)> = BTreeMap::new();
    for (nth, crossing) in crossings.iter().enumerate() {
        heard.entry(&crossing.line).or_insert((0, Reverse(nth))).0 += 1;
    }
    heard.into_iter().max_by_key(|(_, count)| *count).and_then(|(line, _)| line.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reckoned::Reckoned;
    use sport::running::Ranking;

    fn crossing(second: i64, transponder: &str, line: &str) -> Crossing {
        Crossing { at: Instant(second * 1_000_000), line: Some(line.into()), transponder: transponder.into() }
    }

    #[test]
    fn the_first_passing_begins_a_lap_and_the_next_ends_it() {
        let heard = [(0, "A", "f"), (2, "B", "f"), (60, "A", "s1"), (100, "B", "f"), (101, "A", "f"), (103, "A", "f"), (200, "A", "f")];
        let crossings = heard.map(|(second, transponder, line)| crossing(second, transponder, line)).to_vec();
        let mut account = Account { crossings, ..Account::default() };
        laps(&mut account);
        let told: Vec<_> = account.laps.iter().map(|lap| (lap.car, lap.number, lap.time.map(|time| time.0 / 1_000_000))).collect();
        assert_eq!(told, [(1, 1, Some(98)), (0, 1, Some(101)), (0, 2, Some(99))]);
        assert_eq!(account.notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["laps-from-passings", "other-lines", "heard-again"]);
        let order: Vec<_> = Reckoned::of(&account, Ranking::Distance).rows.iter().map(|row| (row.car, row.laps, row.best)).collect();
        assert_eq!(order, [(0, 2, Some(Micros::seconds(99))), (1, 1, Some(Micros::seconds(98)))]);
    }
}
