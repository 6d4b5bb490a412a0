//! What a finding about the whole session says is uncertain: another end, times of a clock that nothing checked, laps while nothing was heard.

use std::collections::BTreeSet;

use sport::date::Instant;
use sport::doubts::Doubt;
use sport::live_session::LiveSession;
use sport::rules::end::Ending;

use crate::soak::{Both, EXACT, Wrong};
use crate::truth::Truth;

/// Readings that were set right by the time they arrived are as exact as that: some tenths of a second.
const BY_ARRIVAL: i64 = 500_000;

/// Where a finding says the result is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Taken {
    /// At this moment: every car's session ends with its next crossing.
    At(Instant),
    /// Before anybody completed a lap.
    BeforeAnyLap,
}

impl Taken {
    fn of(ending: Ending) -> Option<Self> {
        match ending {
            Ending::Red { at: None, .. } => Some(Self::BeforeAnyLap),
            Ending::Red { at: Some(at), .. }
            | Ending::Due(at)
            | Ending::Signalled(at)
            | Ending::Early { at, .. }
            | Ending::Late { at, .. } => Some(Self::At(at)),
            Ending::Open => None,
        }
    }
}

/// No lap is shorter, in micros.
const LAP: i64 = 60_000_000;

/// What findings about the session leave uncertain.
#[derive(Debug, Default)]
pub(crate) struct Excuses<'a> {
    /// The session ended here, they say, and perhaps elsewhere: places are those of this moment.
    pub(crate) end: Option<Taken>,
    /// Times between these moments may be wrong by so much.
    times: Vec<(Instant, Instant, i64)>,
    /// Laps that ended between these moments may be lacking.
    laps: Vec<(Instant, Instant)>,
    truth: Option<&'a Truth>,
}

impl<'a> Excuses<'a> {
    /// Of the doubts that weigh more than a note.
    pub(crate) fn of<'d>(live: &LiveSession, doubts: impl Iterator<Item = &'d Doubt>, truth: &'a Truth) -> Self {
        let mut excuses = Self { truth: Some(truth), ..Self::default() };
        let Some(start) = live.start() else { return excuses };
        let moment = |micros: Option<i64>, otherwise: Instant| micros.map_or(otherwise, |micros| Instant(start.0 + micros));
        for doubt in doubts.filter(|doubt| doubt.car.is_none()) {
            let after = |word: &str| doubt.says.split_once(word).and_then(|(_, rest)| time(rest));
            let (from, to) = (moment(after(" from "), start), moment(after(" to "), Instant::FOREVER));
            match doubt.code {
                "ended-otherwise" | "end-doubtful" | "no-signal" => excuses.end = Taken::of(live.ending),
                // What is printed is cut to milliseconds.
                "one-source" => excuses.times.push((from, Instant(to.0.saturating_add(999)), i64::MAX)),
                "clock-stepped" => excuses.times.push((moment(after(" at "), start), Instant::FOREVER, BY_ARRIVAL)),
                "clocks-differ" => excuses.times.push((from, Instant::FOREVER, after(" by ").unwrap_or(0) + EXACT)),
                "clock-ahead" => excuses.times.push((start, Instant::FOREVER, after(" up to ").unwrap_or(0) + BY_ARRIVAL)),
                "nothing-heard" => excuses.laps.push((from, to)),
                // These name what was heard of no car, and the cars that were not heard have findings of their own.
                _ => {}
            }
        }
        excuses.as_it_was(live);
        excuses
    }

    /// A crossing that one source alone timed ended the session, of a car that is in no doubt: its true moment is meant, whatever that source's clock
    /// said.
    fn as_it_was(&mut self, live: &LiveSession) {
        let Some(Taken::At(end)) = self.end else { return };
        if !self.times.iter().any(|(from, to, most)| *from <= end && end <= *to && *most == i64::MAX) {
            return;
        }
        let nth = |car: usize| Some((car, live.running.tracks()[car].laps().iter().position(|lap| lap.end == end)?));
        let doubted = |car: &usize| live.doubts.iter().any(|doubt| doubt.car == Some(*car));
        let ended = (0..live.cars.len()).filter(|car| !doubted(car)).find_map(nth);
        let truly = ended.and_then(|(car, nth)| self.of_car(live.cars[car])?.laps.get(nth).copied());
        self.end = truly.map(Taken::At).or(self.end);
    }

    /// Whether something wrong is what they say is uncertain.
    pub(crate) fn cover(&self, wrong: &Wrong) -> bool {
        match wrong {
            Wrong::Laps { car, told, truly } => told <= truly && truly - told <= self.lacking(*car),
            Wrong::End { car, by, at } => {
                // Who lacks a lap ends one later where the laps that count are taken from a moment.
                by.abs() >= LAP && self.lacking(*car) > 0
                    || self.times.iter().any(|(from, to, most)| from <= at && at <= to && by.abs() <= *most)
            }
            Wrong::Best { .. } => false,
            Wrong::Order { before, after, apart, at: late } => {
                let within = |at: Instant, apart: i64| {
                    self.times.iter().any(|(from, to, most)| *from <= at && at <= *to && apart <= most.saturating_mul(2))
                };
                let lacks = self.lacking(*before) + self.lacking(*after) > 0;
                lacks || late.zip(*apart).is_some_and(|(at, apart)| within(at, apart))
            }
        }
    }

    /// How near the end they name is to a crossing, in microseconds: as exact as a loop, or as the clock that gave it.
    pub(crate) fn near(&self) -> i64 {
        let Some(Taken::At(end)) = self.end else { return EXACT };
        let there = self.times.iter().filter(|(from, to, _)| *from <= end && end <= *to);
        there.map(|(_, _, most)| (*most).min(BY_ARRIVAL)).max().unwrap_or(EXACT)
    }

    /// Laps of a car that may be lacking.
    fn lacking(&self, entry: usize) -> usize {
        let laps = self.of_car(entry).map_or(&[][..], |car| &car.laps);
        laps.iter().filter(|lap| self.laps.iter().any(|(from, to)| from <= lap && *lap <= to)).count()
    }

    fn of_car(&self, entry: usize) -> Option<&crate::truth::CarTruth> {
        self.truth?.cars.iter().find(|car| car.entry == entry)
    }
}

/// A time as findings write it, at the beginning of a text: `1:02:03.004`, `2:03.004`, `3.004`; in micros.
fn time(text: &str) -> Option<i64> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(text.len());
    let (whole, ms) = text[..end].trim_end_matches('.').split_once('.')?;
    let seconds = whole.split(':').try_fold(0_i64, |sum, part| Some(sum * 60 + part.parse::<i64>().ok()?))?;
    Some(seconds * 1_000_000 + ms.parse::<i64>().ok()? * 1_000)
}

/// The only car, no finding names it, that was heard in the place of another that a finding says was never heard: with the two exchanged it
/// is right.
pub(crate) fn exchanged(live: &LiveSession, both: &[Both], named: &BTreeSet<usize>) -> Option<usize> {
    let silent: Vec<usize> =
        live.doubts.iter().filter(|doubt| doubt.code == "never-heard").filter_map(|doubt| doubt.car).map(|car| live.cars[car]).collect();
    let near =
        |told: Option<Instant>, truly: Option<Instant>| told.zip(truly).is_some_and(|(told, truly)| (told.0 - truly.0).abs() <= EXACT);
    let differs = |of: &&Both| of.laps != of.true_laps || (of.laps > 0 && !near(of.end, of.true_end));
    let others: Vec<&Both> = both.iter().filter(|of| !named.contains(&of.entry)).filter(differs).collect();
    let [only] = others[..] else { return None };
    let as_heard = |of: &&Both| {
        let near = near(only.end, of.true_end);
        silent.contains(&of.entry) && of.true_laps == only.laps && (near || only.laps == 0)
    };
    both.iter().find(as_heard).map(|_| only.entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_findings_write_them() {
        assert_eq!(time("1:02:03.004 on, and nothing"), Some(3_723_004_000));
        assert_eq!(time("2:03.004; its"), Some(123_004_000));
        assert_eq!(time("0.317 s at"), Some(317_000));
        assert_eq!(time("before"), None);
    }
}
