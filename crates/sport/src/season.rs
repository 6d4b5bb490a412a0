//! A season's state: who is entered, what is on the calendar, and every fact so far. Knows no rule.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::date::{Date, Instant};
use crate::entry::{EntryList, EntryStatus};
use crate::fact::{Fact, What};
use crate::grade::Grade;
use crate::rulebook::Source;
use crate::session::Calendar;

/// A moment to look at the season from: what was known, and what was in force.
///
/// A court decides on 4 October and the organiser learns of it on the 21st: on the 10th the decision was in force and not known (case 3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// Facts recorded later are not known.
    pub known: Instant,
    /// Facts that happened later are not in force.
    pub in_force: Instant,
}

impl Moment {
    /// Everything known today.
    pub const NOW: Self = Self { known: Instant::FOREVER, in_force: Instant::FOREVER };

    /// Whether a fact counts at this moment, undoing aside.
    pub fn sees(self, fact: &Fact) -> bool {
        fact.recorded <= self.known && fact.happened <= self.in_force
    }
}

/// The season as folded from what people wrote and the facts so far.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Season {
    /// As printed.
    pub title: String,
    /// The year.
    pub year: u16,
    /// Rounds and sessions.
    pub calendar: Calendar,
    /// Drivers, teams, entries.
    pub list: EntryList,
    /// The documents that entries and facts cite, beside the rulebook's own.
    pub sources: Vec<Source>,
    /// Every fact, by number.
    facts: Vec<Fact>,
}

impl Season {
    /// A season before its first fact.
    pub fn new(title: &str, year: u16, calendar: Calendar, list: EntryList) -> Self {
        Self { title: String::from(title), year, calendar, list, sources: Vec::new(), facts: Vec::new() }
    }

    /// One more fact. Total: any journal ever written can be folded.
    pub fn apply(&mut self, fact: &Fact) {
        self.facts.push(fact.clone());
    }

    /// Facts that nobody else needs, in order, without a copy of each.
    pub fn take(&mut self, mut facts: Vec<Fact>) {
        if self.facts.is_empty() {
            self.facts = facts;
        } else {
            self.facts.append(&mut facts);
        }
    }

    /// Every fact, in the order they were recorded.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The number the next fact gets.
    pub fn next_number(&self) -> u64 {
        self.facts.last().map_or(1, |fact| fact.number + 1)
    }

    /// The facts that count at a moment and were not undone, in the order they happened. Facts of the same instant keep
    /// the order they were recorded in; otherwise the order of recording does not matter.
    pub fn live(&self, moment: Moment) -> Vec<&Fact> {
        live(self.facts.iter(), moment)
    }

    /// The facts that were undone, each with the undo that counts: one that was itself undone has undone nothing.
    pub fn undone(&self, known: Instant) -> BTreeMap<u64, u64> {
        undone(self.facts.iter(), known)
    }

    /// A driver's grade on a day: the entry list's, or a later one recorded as a fact.
    pub fn grade_on(&self, live: &[&Fact], driver: usize, day: Date) -> Option<Grade> {
        let driver = &self.list.drivers[driver];
        let listed = driver.grades.iter().map(|dated| (dated.from, dated.grade));
        let recorded = live.iter().filter_map(|fact| {
            if let What::Grade { driver: id, grade, from } = &fact.what
                && *id == driver.id
            {
                return Some((*from, *grade));
            }
            None
        });
        listed.chain(recorded).filter(|(from, _)| *from <= day).max_by_key(|(from, _)| *from).map(|(_, grade)| grade)
    }

    /// An entry's status in a round: the entry list's, or what the latest fact about it says. A fact without rounds holds for the
    /// rounds that were not over when it happened.
    pub fn status_in(&self, live: &[&Fact], entry: usize, round: u16) -> EntryStatus {
        let entry = &self.list.entries[entry];
        let last = self.calendar.last_of(round).map(|last| self.calendar.sessions[last].date.midnight());
        let over = |happened: Instant| last.is_some_and(|last| happened.0 >= last.0.saturating_add(86_400_000_000));
        let recorded = live.iter().rev().find_map(|fact| {
            if let What::Status { car, status, rounds } = &fact.what
                && *car == entry.id
                && if rounds.is_empty() { !over(fact.happened) } else { rounds.contains(&round) }
            {
                return Some(*status);
            }
            None
        });
        recorded.unwrap_or(entry.status)
    }
}

/// See [`Season::undone`]. An undo mends the record; it is no event of the sport, so it holds for every moment once it is known.
fn undone<'a>(facts: impl DoubleEndedIterator<Item = &'a Fact>, known: Instant) -> BTreeMap<u64, u64> {
    let mut undone = BTreeMap::new();
    for fact in facts.rev().filter(|fact| fact.recorded <= known) {
        if let What::Undo { fact: earlier, .. } = &fact.what
            && !undone.contains_key(&fact.number)
        {
            undone.insert(*earlier, fact.number);
        }
    }
    undone
}

/// See [`Season::live`].
pub(crate) fn live<'a>(facts: impl DoubleEndedIterator<Item = &'a Fact> + Clone, moment: Moment) -> Vec<&'a Fact> {
    let undone = undone(facts.clone(), moment.known);
    let mut live: Vec<&Fact> = facts.filter(|fact| moment.sees(fact) && !undone.contains_key(&fact.number)).collect();
    live.sort_by_key(|fact| (fact.happened, fact.number));
    live
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::EntryList;

    #[test]
    fn an_undo_that_was_undone_undoes_nothing() {
        let mut season = Season::new("a season", 2018, Calendar::default(), EntryList::default());
        let what = |of: u64| match of {
            0 => What::Status { car: "7".into(), status: EntryStatus::Guest, rounds: Vec::new() },
            of => What::Undo { fact: of, reason: String::from("x") },
        };
        // 2 undoes 1, 3 undoes 2, 4 undoes 1 again.
        for (number, of) in (1..).zip([0, 1, 2, 1]) {
            let at = Instant(i64::try_from(number).expect("small"));
            season.apply(&Fact { number, happened: at, recorded: at, by: String::new(), citation: String::new(), what: what(of) });
        }
        let undone = |known: i64| season.undone(Instant(known)).into_iter().collect::<Vec<_>>();
        assert_eq!(undone(1), []);
        assert_eq!(undone(2), [(1, 2)]);
        assert_eq!(undone(3), [(2, 3)]);
        assert_eq!(undone(4), [(1, 4), (2, 3)]);
    }
}
