//! The mistakes people make at the desk, and how they put them right.

use sport::date::Instant;
use sport::fact::What;
use sport::line::{LineKind, SourceKind};
use sport::meeting_fact::{MeetingFact, Signal, Verdict};
use sport::names::EntryId;
use sport::passing::PassingId;

use crate::dice::{Dice, MILLION};
use crate::faults::Fault;
use crate::hearing::Heard;
use crate::mishaps::Scene;
use crate::said::Said;
use crate::telling::{Names, Word};
use crate::truth::Happened;

const MINUTE: i64 = 60 * MILLION;

/// A person at the desk who errs.
pub(crate) struct Operator<'a> {
    /// Where.
    pub(crate) scene: Scene<'a>,
    /// The round.
    pub(crate) round: u16,
    /// The cars by place on the grid.
    pub(crate) cars: Vec<&'a EntryId>,
    /// Whether it is a race.
    pub(crate) race: bool,
    /// What the sources sent.
    pub(crate) heard: &'a Heard,
}

impl Operator<'_> {
    /// So many mistakes, no two of a kind, added to what is said. Returns them in words.
    pub(crate) fn errs(&self, mistakes: usize, words: &mut Vec<Word>, dice: &mut Dice) -> Vec<Happened> {
        let first = dice.position(3);
        let mut happened = Vec::new();
        for kind in (first..first + 3).map(|kind| kind % 3) {
            if happened.len() == mistakes {
                break;
            }
            happened.extend(match kind {
                0 => self.fits_wrongly(words, dice),
                1 => self.voids(words, dice),
                _ if self.race && dice.chance(500_000) => misses_the_end(words, dice),
                _ => mistimes(words, dice),
            });
        }
        happened
    }

    /// A transponder is written down for the wrong car, and mended minutes later.
    fn fits_wrongly(&self, words: &mut Vec<Word>, dice: &mut Dice) -> Option<Happened> {
        let cars = self.cars.len();
        if cars < 2 {
            return None;
        }
        let right = dice.position(cars);
        let wrong = (right + 1 + dice.position(cars - 1)) % cars;
        let at = dice.between(self.scene.start, (self.scene.end - 10 * MINUTE).max(self.scene.start + 1));
        let mended = at + dice.between(MINUTE, 8 * MINUTE);
        let from = Some(Instant(at - dice.between(0, 60 * MILLION)));
        let transponder = self.scene.transponders[right];
        for (at, car) in [(at, wrong), (mended, right)] {
            let fact = MeetingFact::Transponder { round: self.round, transponder, car: self.cars[car].clone(), from };
            words.push(Word::plain(said(at, "transponder list", What::Meeting(fact))));
        }
        let labels = self.scene.labels;
        let words = format!("the transponder of car {} is written down for car {}, and mended", labels[right], labels[wrong]);
        let until = Some(Instant(mended));
        Some(Happened { at: Instant(at), until, fault: Fault::OperatorError, car: Some(right), source: None, words })
    }

    /// A good passing at the finish line is judged void, which is undone minutes later.
    fn voids(&self, words: &mut Vec<Word>, dice: &mut Dice) -> Option<Happened> {
        let layout = self.scene.layout;
        let finish = |source: usize| {
            let source = &layout.sources()[source];
            source.kind == SourceKind::Main && layout.lines()[usize::from(source.line)].kind == LineKind::Finish
        };
        let during = |batch: usize| finish(self.heard.batches[batch].source) && self.heard.batches[batch].at > self.scene.start;
        let batches: Vec<usize> = (0..self.heard.batches.len()).filter(|batch| during(*batch)).collect();
        let batch = *batches.get(dice.position(batches.len()))?;
        let of = self.heard.batches[batch];
        let nth = dice.position((of.to - of.from).min(usize::from(u16::MAX)));
        let passing = self.heard.passings[of.from + nth];
        let car = self.scene.transponders.iter().position(|number| Some(*number) == passing.transponder)?;
        let at = of.at + dice.between(20 * MILLION, 120 * MILLION);
        let undone = at + dice.between(2 * MINUTE, 8 * MINUTE);
        // The number of the fact is known when everything said has its place.
        let passing = PassingId { fact: 0, nth: u16::try_from(nth).expect("cut to fit") };
        let judged = MeetingFact::Judged { passing, verdict: Verdict::Void, reason: "taken for a phantom impulse".to_owned() };
        words.push(Word { said: said(at, "timekeeper's log", What::Meeting(judged)), names: Names::Batch(batch) });
        let undo = What::Undo { fact: 0, reason: "the passing was a good one".to_owned() };
        words.push(Word { said: said(undone, "timekeeper's log", undo), names: Names::Word(words.len() - 1) });
        let said = format!("a good passing of car {} at the finish line is judged void, and restored", self.scene.labels[car]);
        let (until, source) = (Some(Instant(undone)), Some(of.source));
        Some(Happened { at: Instant(at), until, fault: Fault::OperatorError, car: Some(car), source, words: said })
    }
}

/// The signals given, in order: each with its position among what is said.
fn signals(words: &[Word]) -> Vec<(usize, Instant, Signal)> {
    let signal = |word: &Word| if let What::Meeting(MeetingFact::Signal { signal, .. }) = &word.said.what { Some(*signal) } else { None };
    let mut signals: Vec<(usize, Instant, Signal)> =
        words.iter().enumerate().filter_map(|(ix, word)| Some((ix, word.said.at, signal(word)?))).collect();
    signals.sort_by_key(|(_, at, _)| *at);
    signals
}

/// A signal is given seconds late or early; sometimes that is noticed and mended.
fn mistimes(words: &mut Vec<Word>, dice: &mut Dice) -> Option<Happened> {
    let inner = signals(words).len().checked_sub(2).filter(|count| *count > 0)?;
    let nth = 1 + dice.position(inner);
    let by = dice.near(400_000, 8 * MILLION) * if dice.chance(700_000) { 1 } else { -1 };
    moves(words, nth, by, dice)
}

/// The chequered signal of a race is given up to two minutes too early, up to four too late, or not at all.
fn misses_the_end(words: &mut Vec<Word>, dice: &mut Dice) -> Option<Happened> {
    let signals = signals(words);
    let nth = signals.iter().position(|(_, _, signal)| *signal == Signal::Chequered)?;
    match dice.below(3) {
        0 => moves(words, nth, -dice.near(5 * MILLION, 2 * MINUTE), dice),
        1 => moves(words, nth, dice.near(10 * MILLION, 4 * MINUTE), dice),
        _ => {
            let (gone, at, _) = signals[nth];
            words.remove(gone);
            for word in words.iter_mut() {
                word.names = match word.names {
                    Names::Word(ix) if ix > gone => Names::Word(ix - 1),
                    Names::Word(ix) => Names::Word(ix),
                    Names::Batch(ix) => Names::Batch(ix),
                    Names::Nothing => Names::Nothing,
                };
            }
            let words = "the chequered signal is not given".to_owned();
            Some(Happened { at, until: None, fault: Fault::OperatorError, car: None, source: None, words })
        }
    }
}

/// Gives the signal at a place in their order so much later, but between those before and after it.
fn moves(words: &mut Vec<Word>, nth: usize, by: i64, dice: &mut Dice) -> Option<Happened> {
    let signals = signals(words);
    let (ix, at, signal) = signals[nth];
    let (before, after) = (signals.get(nth.checked_sub(1)?)?.1.0 + 100_000, signals.get(nth + 1)?.1.0 - 100_000);
    let moved = (at.0 + by).min(after).max(before);
    let word = &mut words[ix].said;
    let right = Said { happened: at, ..word.clone() };
    (word.at, word.happened) = (Instant(moved), Instant(moved));
    let mended = dice.chance(400_000).then(|| moved.max(at.0) + dice.between(30 * MILLION, 4 * MINUTE));
    if let Some(mended) = mended {
        let undo = What::Undo { fact: 0, reason: "given at the wrong moment".to_owned() };
        words.push(Word { said: said(mended, "timekeeper's log", undo), names: Names::Word(ix) });
        words.push(Word::plain(Said { at: Instant(mended + 1_000), ..right }));
    }
    let by = (moved - at.0) / 1_000;
    let (by, late) = (by.abs(), if by < 0 { "early" } else { "late" });
    let text = format!("the signal {} is given {by} ms too {late}{}", signal.word(), if mended.is_some() { ", and mended" } else { "" });
    Some(Happened { at: Instant(moved), until: mended.map(Instant), fault: Fault::OperatorError, car: None, source: None, words: text })
}

fn said(at: i64, citation: &str, what: What) -> Said {
    Said { at: Instant(at), happened: Instant(at), by: "timekeeper", citation: citation.to_owned(), what }
}
