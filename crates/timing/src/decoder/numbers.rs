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
        Gaps { open: self.missing.iter().map(Missing::len).sum(), ..self.gaps }
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
            self.pending = Some(Pending { from: doubt.number, until: None, beats: 0 });
            // Before the first there is none that could be another.
            self.doubt = self.doubt.filter(|doubt| doubt.number >= self.rules.first);
            let from = doubt.number.max(self.rules.first);
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
            self.gaps.lost = self.gaps.lost.saturating_add(self.missing.remove(0).len());
        }
    }

    fn lose(&mut self, which: impl Fn(&Missing) -> bool) {
        let lost: u64 = self.missing.iter().filter(|missing| which(missing)).map(Missing::len).sum();
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

impl Missing {
    fn len(&self) -> u64 {
        self.until - self.from + 1
    }
}
