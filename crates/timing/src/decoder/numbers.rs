//! What a decoder has counted: which numbers were told, which are missing, and whether it counts from the beginning again.
//!
//! A number that came before is a repeat only where the same passing came under it. Another passing under the same number is of another count: the decoder
//! was switched off. After a break the last number is asked for again together with what came after it, so that such a decoder betrays itself even where it
//! has counted beyond that number since.

use std::collections::VecDeque;

/// What was missing, in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Gaps {
    /// Asked for.
    pub asked: u64,
    /// Missing, and came.
    pub filled: u64,
    /// Missing.
    pub open: u64,
    /// Missing, and no longer waited for: the decoder began again, or there were too many.
    pub lost: u64,
}

/// How a decoder counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Its first number.
    pub(super) first: u64,
    /// How many it is asked for at once; `None` where it cannot be asked.
    pub(super) ask: Option<u64>,
}

/// What a number is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// It comes next.
    New,
    /// It was missing.
    Late,
    /// It came before.
    Repeat,
    /// It is the first of another count.
    Restarted,
}

/// What is known of the numbers of a decoder.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    rules: Rules,
    /// The highest of this count.
    last: Option<u64>,
    /// What is missing below it, by number.
    missing: Vec<Missing>,
    /// The last that were told, of this count and of those before.
    told: VecDeque<Print>,
    count: u32,
    /// The first and the last time told in this count.
    times: Option<(i64, i64)>,
    /// Whether the decoder still has this passing under this number is not known.
    doubt: Option<Doubt>,
    pending: Option<Pending>,
    gaps: Gaps,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Print {
    number: u64,
    time: i64,
    who: u64,
    count: u32,
}

#[derive(Clone, Copy, Debug)]
struct Missing {
    from: u64,
    until: u64,
    /// How often it was asked for in vain in this connection.
    tries: u8,
}

#[derive(Clone, Copy, Debug)]
struct Doubt {
    number: u64,
    tries: u8,
}

/// What was asked and is not answered.
#[derive(Clone, Copy, Debug)]
struct Pending {
    from: u64,
    /// `None` where the question was of the doubt: what was answered is not known before the end.
    until: Option<u64>,
    beats: u8,
}

/// So many passings are known again.
const TOLD: usize = 4_096;
/// So many gaps are kept; then the oldest is lost.
const MISSING: usize = 256;
/// So often the same is asked for in vain in one connection.
const TRIES: u8 = 4;
/// After so many states of the decoder it has not heard the question, or has no answer.
const BEATS: u8 = 2;
/// A clock that lost its time is wrong by more than this.
const DAY: i64 = 86_400_000_000;

impl Numbers {
    /// Of a decoder of which everything up to a number is known; of a decoder not heard before where there is none.
    pub(super) fn new(rules: Rules, last: Option<u64>) -> Self {
        let (missing, told) = (Vec::new(), VecDeque::new());
        let mut numbers = Self { rules, last, missing, told, count: 0, times: None, doubt: None, pending: None, gaps: Gaps::default() };
        numbers.reconnected();
        numbers
    }

    /// What is missing.
    pub(super) fn gaps(&self) -> Gaps {
        Gaps { open: all(self.missing.iter()), ..self.gaps }
    }

    /// A passing under a number, at a time by the decoder's clock. `resent`: the decoder says that it sent it before.
    pub(super) fn heard(&mut self, number: u64, time: i64, who: u64, resent: bool) -> Verdict {
        let verdict = self.judge(Print { number, time, who, count: self.count }, resent);
        if verdict != Verdict::Repeat {
            self.told.push_back(Print { number, time, who, count: self.count });
            if self.told.len() > TOLD {
                self.told.pop_front();
            }
            let (first, newest) = self.times.unwrap_or((time, time));
            self.times = Some((first.min(time), newest.max(time)));
        }
        verdict
    }

    fn judge(&mut self, print: Print, resent: bool) -> Verdict {
        let number = print.number;
        let Some(last) = self.last else {
            self.last = Some(number);
            return Verdict::New;
        };
        if number > last {
            self.miss(last + 1, number - 1);
            self.last = Some(number);
            return Verdict::New;
        }
        let same = |of: &Print| (of.number, of.time, of.who) == (number, print.time, print.who);
        if self.told.iter().rev().any(same) {
            self.settle(number);
            return Verdict::Repeat;
        }
        if self.fill(number) {
            return Verdict::Late;
        }
        let other = self.told.iter().any(|of| of.number == number && of.count == self.count);
        if !other && self.doubt.is_some_and(|doubt| doubt.number == number) {
            // It is the one everything up to which is known.
            self.settle(number);
            return Verdict::Repeat;
        }
        if other || (!resent && self.is_of_another_time(print.time)) {
            self.restart(number);
            return Verdict::Restarted;
        }
        Verdict::Repeat
    }

    /// Of a number that is too old to be known: whether its passing happened after all that were told, or so long before that the clock is another.
    fn is_of_another_time(&self, time: i64) -> bool {
        self.rules.ask.is_none() || self.times.is_none_or(|(first, newest)| time > newest || time < first.saturating_sub(DAY))
    }

    /// A number is what it was: there is no doubt about it, and it is not missing.
    fn settle(&mut self, number: u64) {
        self.fill(number);
        if self.doubt.is_some_and(|doubt| doubt.number == number) {
            self.doubt = None;
            self.pending = self.pending.filter(|pending| pending.until.is_some());
        }
    }

    /// Another count began, and this is a number of it.
    fn restart(&mut self, number: u64) {
        let before = self.count;
        self.count = self.count.wrapping_add(1);
        let since = self.doubt.map(|doubt| doubt.number).filter(|doubt| number <= *doubt && self.last > Some(*doubt));
        if let Some(doubt) = since {
            // What was told since the break is of this count already; what came up to the doubt is missing.
            self.lose(|missing| missing.from <= doubt);
            self.told.iter_mut().filter(|of| of.count == before && of.number > doubt).for_each(|of| of.count = self.count);
            if number < doubt {
                self.miss(number + 1, doubt);
            }
        } else {
            self.lose(|_| true);
            self.last = Some(number);
        }
        if number > self.rules.first {
            self.miss(self.rules.first, number - 1);
        }
        (self.doubt, self.pending, self.times) = (None, None, None);
    }

    /// Another count began, of which nothing is known yet.
    pub(super) fn renew(&mut self) {
        self.count = self.count.wrapping_add(1);
        self.lose(|_| true);
        self.last = self.rules.first.checked_sub(1);
        (self.doubt, self.pending, self.times) = (None, None, None);
    }

    /// The decoder says up to which number it has counted. Whether that is another count.
    pub(super) fn counted(&mut self, count: u64) -> bool {
        let Some(last) = self.last else {
            self.last = Some(count);
            return false;
        };
        let again = count < last;
        if again {
            self.renew();
        }
        if self.last != Some(count) {
            let next = self.last.map_or(self.rules.first, |last| last + 1);
            self.miss(next, count);
            self.last = Some(count);
        }
        again
    }

    /// The line was broken: what came since, and whether it is the same count, is not known.
    pub(super) fn reconnected(&mut self) {
        self.pending = None;
        self.missing.iter_mut().for_each(|missing| missing.tries = 0);
        self.doubt();
    }

    /// Something came that could not be read: it may have been a passing.
    pub(super) fn suspect(&mut self) {
        if self.doubt.is_none_or(|doubt| doubt.tries >= TRIES) {
            self.doubt();
        }
    }

    /// Whether the last is still what it was is not known from now on; what was in doubt before still is.
    fn doubt(&mut self) {
        let number = self.doubt.map(|doubt| doubt.number).or(self.last);
        // Of a decoder that cannot be asked nothing before its first is doubted: it would be for ever.
        let number = number.filter(|number| self.rules.ask.is_some() || *number >= self.rules.first);
        self.doubt = number.map(|number| Doubt { number, tries: 0 });
    }

    /// What is to be asked for now: from a number on, up to another or whatever there is.
    pub(super) fn ask(&mut self) -> Option<(u64, Option<u64>)> {
        let most = self.rules.ask?;
        if self.pending.is_some() {
            return None;
        }
        if let Some(doubt) = self.doubt.filter(|doubt| doubt.tries < TRIES) {
            if doubt.number < self.rules.first {
                // Before the first there is none that could be another: nothing is waited for.
                self.doubt = None;
                return Some((self.rules.first, None));
            }
            let from = doubt.number;
            self.pending = Some(Pending { from, until: None, beats: 0 });
            return Some(match doubt.tries {
                // It does not have that one any more: it may have begun again and not come so far. Then all that it has is wanted.
                tries if tries + 1 == TRIES => (self.rules.first, None),
                // Not every decoder may answer a question without an end.
                tries if tries % 2 == 1 => (from, self.last.filter(|last| *last >= from)),
                _ => (from, None),
            });
        }
        let missing = self.missing.iter().find(|missing| missing.tries < TRIES)?;
        let (from, until) = (missing.from, missing.until.min(missing.from.saturating_add(most - 1)));
        if missing.tries == 0 {
            self.gaps.asked = self.gaps.asked.saturating_add(until - from + 1);
        }
        self.pending = Some(Pending { from, until: Some(until), beats: 0 });
        Some((from, Some(until)))
    }

    /// The decoder is alive, and has not answered.
    pub(super) fn beat(&mut self) {
        if let Some(pending) = &mut self.pending {
            pending.beats += 1;
            if pending.beats >= BEATS {
                self.answered();
            }
        }
    }

    /// Nothing more comes of what was asked.
    pub(super) fn answered(&mut self) {
        let Some(Pending { from, until, .. }) = self.pending.take() else { return };
        let Some(until) = until else {
            if let Some(doubt) = &mut self.doubt {
                doubt.tries = doubt.tries.saturating_add(1);
            }
            return;
        };
        let asked = self.missing.iter_mut().filter(|missing| missing.from <= until && missing.until >= from);
        asked.for_each(|missing| missing.tries = missing.tries.saturating_add(1));
    }

    fn miss(&mut self, from: u64, until: u64) {
        if from > until {
            return;
        }
        let at = self.missing.partition_point(|missing| missing.from < from);
        self.missing.insert(at, Missing { from, until, tries: 0 });
        self.bound();
    }

    fn bound(&mut self) {
        while self.missing.len() > MISSING {
            let lost = all([self.missing.remove(0)].iter());
            self.gaps.lost = self.gaps.lost.saturating_add(lost);
        }
    }

    fn lose(&mut self, which: impl Fn(&Missing) -> bool) {
        let lost = all(self.missing.iter().filter(|missing| which(missing)));
        self.gaps.lost = self.gaps.lost.saturating_add(lost);
        self.missing.retain(|missing| !which(missing));
    }

    /// Whether a number was missing; it is not any more.
    fn fill(&mut self, number: u64) -> bool {
        let Some(at) = self.missing.iter().position(|missing| (missing.from..=missing.until).contains(&number)) else { return false };
        let Missing { from, until, tries } = self.missing.remove(at);
        if number < until {
            self.missing.insert(at, Missing { from: number + 1, until, tries });
        }
        if number > from {
            self.missing.insert(at, Missing { from, until: number - 1, tries });
        }
        self.gaps.filled += 1;
        self.bound();
        let waits = |pending: &Pending, until| self.missing.iter().any(|of| of.from <= until && of.until >= pending.from);
        self.pending = self.pending.filter(|pending| pending.until.is_none_or(|until| waits(pending, until)));
        true
    }
}

/// How many numbers are missing in all of these.
fn all<'a>(missing: impl Iterator<Item = &'a Missing>) -> u64 {
    missing.fold(0, |all: u64, missing| all.saturating_add(missing.until - missing.from).saturating_add(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ASKED: Rules = Rules { first: 1, ask: Some(256) };

    /// Passings a second apart, one transponder.
    fn heard(numbers: &mut Numbers, number: u64) -> Verdict {
        numbers.heard(number, i64::try_from(number).expect("small") * 1_000_000, 7, false)
    }

    #[test]
    fn what_is_missing_is_asked_for_piece_by_piece_and_exactly() {
        let mut numbers = Numbers::new(ASKED, None);
        assert_eq!([10, 11, 15, 600].map(|number| heard(&mut numbers, number)), [Verdict::New; 4]);
        assert_eq!(numbers.ask(), Some((12, Some(14))));
        assert_eq!(numbers.ask(), None, "it is asked and not answered");
        assert_eq!(
            [12, 13, 14, 13].map(|number| heard(&mut numbers, number)),
            [Verdict::Late, Verdict::Late, Verdict::Late, Verdict::Repeat]
        );
        assert_eq!(numbers.ask(), Some((16, Some(271))));
        assert_eq!(numbers.gaps(), Gaps { asked: 259, filled: 3, open: 584, lost: 0 });
    }

    #[test]
    fn what_is_not_answered_is_asked_for_again_and_then_no_more_until_the_line_was_broken() {
        let mut numbers = Numbers::new(ASKED, None);
        heard(&mut numbers, 1);
        heard(&mut numbers, 3);
        let mut asked = 0;
        for _ in 0..100 {
            asked += usize::from(numbers.ask().is_some());
            numbers.beat();
        }
        assert_eq!((asked, numbers.gaps()), (4, Gaps { asked: 1, filled: 0, open: 1, lost: 0 }));
        // It may come all the same.
        assert_eq!(heard(&mut numbers, 2), Verdict::Late);
        numbers.reconnected();
        let questions: Vec<_> = (0..100)
            .filter_map(|_| {
                numbers.beat();
                numbers.ask()
            })
            .collect();
        assert_eq!(questions, [(3, None), (3, Some(3)), (3, None), (1, None)]);
    }

    #[test]
    fn what_was_asked_for_in_vain_is_asked_for_again_after_a_break() {
        let mut numbers = Numbers::new(ASKED, None);
        assert_eq!([1, 3].map(|number| heard(&mut numbers, number)), [Verdict::New; 2]);
        for _ in 0..100 {
            numbers.ask();
            numbers.beat();
        }
        numbers.reconnected();
        assert_eq!(numbers.ask(), Some((3, None)));
        assert_eq!(heard(&mut numbers, 3), Verdict::Repeat);
        assert_eq!(numbers.ask(), Some((2, Some(2))));
    }

    #[test]
    fn a_doubt_outlives_a_second_break_and_what_came_after_it_is_of_the_new_count() {
        let mut numbers = Numbers::new(ASKED, None);
        assert_eq!([1, 2, 3].map(|number| heard(&mut numbers, number)), [Verdict::New; 3]);
        numbers.reconnected();
        let hour = 3_600_000_000;
        assert_eq!(numbers.heard(4, 10 * hour, 7, false), Verdict::New);
        numbers.reconnected();
        assert_eq!(numbers.ask(), Some((3, None)), "whether 4 is of the same count is not known yet");
        assert_eq!(numbers.heard(3, 9 * hour, 7, false), Verdict::Restarted);
        assert_eq!(numbers.heard(4, 10 * hour, 7, false), Verdict::Repeat);
        assert_eq!((numbers.ask(), numbers.last), (Some((1, Some(2))), Some(4)));
        // Another 4, by a clock that was set back a little, is of a third.
        assert_eq!(numbers.heard(4, 9 * hour, 8, false), Verdict::Restarted);
    }

    #[test]
    fn what_another_host_asked_for_from_before_is_not_told() {
        let mut numbers = Numbers::new(ASKED, None);
        assert_eq!(
            [100, 101, 50, 51, 102].map(|number| heard(&mut numbers, number)),
            [Verdict::New, Verdict::New, Verdict::Repeat, Verdict::Repeat, Verdict::New,]
        );
    }

    #[test]
    fn a_clock_that_lost_its_day_is_of_another_count() {
        let mut numbers = Numbers::new(ASKED, None);
        let now = 1_700_000_000_000_000;
        (5_000..10_000)
            .for_each(|number| assert_eq!(numbers.heard(number, now + i64::try_from(number).expect("small"), 7, false), Verdict::New));
        // Too long ago to be known, and of 1970.
        assert_eq!(numbers.heard(3, 4_000_000, 7, false), Verdict::Restarted);
        assert_eq!((numbers.ask(), numbers.told.len()), (Some((1, Some(2))), TOLD));
    }

    #[test]
    fn a_number_that_cannot_be_does_no_harm() {
        let mut numbers = Numbers::new(ASKED, None);
        heard(&mut numbers, 1);
        assert_eq!(numbers.heard(u64::MAX, 2_000_000, 7, false), Verdict::New);
        assert_eq!([2, 3, 4].map(|number| heard(&mut numbers, number)), [Verdict::Late; 3]);
        assert_eq!(numbers.gaps().open, u64::MAX - 5);
        assert!(!numbers.counted(u64::MAX));
        // Every second one of many: more gaps than are kept.
        (1..2_000).for_each(|half| assert_eq!(heard(&mut numbers, 2 * half + 10), Verdict::Late));
        assert_eq!(numbers.missing.len(), MISSING);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_comes_no_passing_of_a_count_is_told_twice(
            rules in prop_oneof![Just(ASKED), Just(Rules { first: 0, ask: None })],
            calls in prop::collection::vec((0_u8..12, prop_oneof![0_u64..12, Just(u64::MAX), Just(u64::MAX - 1)], 0_i64..4, any::<bool>()), 0..400),
        ) {
            let mut numbers = Numbers::new(rules, None);
            let mut told = Vec::new();
            for (what, number, time, resent) in calls {
                let before = numbers.count;
                match what {
                    0 => numbers.reconnected(),
                    1 => numbers.suspect(),
                    2 => numbers.beat(),
                    3 => numbers.answered(),
                    4 => numbers.renew(),
                    5 => _ = numbers.counted(number),
                    6 => _ = numbers.ask(),
                    _ => if numbers.heard(number, time, 7, resent) != Verdict::Repeat {
                        prop_assert!(numbers.count != before || !told.contains(&(number, time)));
                        told.push((number, time));
                    },
                }
                if numbers.count != before {
                    told.clear();
                }
                prop_assert!(numbers.missing.windows(2).all(|two| two[0].until < two[1].from));
                prop_assert!(numbers.missing.iter().all(|of| of.from <= of.until && Some(of.until) <= numbers.last));
            }
        }
    }
}
