//! What the sources hear of the crossings, and when it arrives.

use sport::date::Instant;
use sport::line::{Layout, SourceKind};
use sport::passing::{Passing, Transponder};

use crate::dice::{Dice, MILLION};
use crate::troubles::{Fate, Troubles};
use crate::world::Crossing;

/// Passings sent in one go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Batch {
    /// When it arrives here.
    pub(crate) at: i64,
    /// The source, by position in the layout.
    pub(crate) source: usize,
    /// Its passings: from here in [`Heard::passings`].
    pub(crate) from: usize,
    /// And up to here.
    pub(crate) to: usize,
}

/// Everything the sources sent.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// All passings, batch after batch.
    pub(crate) passings: Vec<Passing>,
    /// The batches, source after source.
    pub(crate) batches: Vec<Batch>,
}

/// One source at work.
struct Ear<'a> {
    source: usize,
    kind: SourceKind,
    /// How much later than the line's first loop it hears a car.
    offset: i64,
    /// Where its open batch begins in [`Heard::passings`], and when.
    open: Option<(usize, i64)>,
    /// The last crossing in it.
    last: i64,
    /// Where its first passing stands.
    first: usize,
    /// Batches nobody took, and when they will be sent again.
    waiting: Vec<(usize, usize)>,
    until: i64,
    troubles: &'a Troubles,
    dice: &'a mut Dice,
}

/// What every source of a circuit hears. `crossings` in the order of time; `transponders` by place on the grid.
pub(crate) fn heard(layout: &Layout, crossings: &[Crossing], transponders: &[Transponder], troubles: &Troubles, dice: &mut Dice) -> Heard {
    let mut heard = Heard { passings: Vec::with_capacity(crossings.len() * 2), batches: Vec::with_capacity(crossings.len()) };
    for (ix, source) in layout.sources().iter().enumerate() {
        let offset = match source.kind {
            SourceKind::Main => 0,
            SourceKind::Backup | SourceKind::Photocell | SourceKind::Operator => dice.between(-6_000, 6_000),
        };
        let first = heard.passings.len();
        let (waiting, until) = (Vec::new(), 0);
        let mut ear = Ear { source: ix, kind: source.kind, offset, open: None, last: 0, first, waiting, until, troubles, dice };
        for crossing in crossings.iter().filter(|crossing| crossing.line == source.line) {
            ear.hears(&mut heard, crossing, transponders[usize::from(crossing.car)]);
        }
        ear.sends(&mut heard);
        ear.sends_again(&mut heard);
    }
    heard
}

impl Ear<'_> {
    /// A car over the line; what was heard more than about a second before is sent first.
    fn hears(&mut self, heard: &mut Heard, crossing: &Crossing, own: Transponder) {
        if self.open.is_some_and(|(_, since)| crossing.at > since + MILLION) {
            self.sends(heard);
        }
        let of = &self.troubles.sources[self.source];
        if of.lost.iter().any(|span| span.holds(crossing.at)) {
            return;
        }
        let (number, second) = self.troubles.numbers(crossing.car, own, crossing.at);
        let (shake, number, second) = match self.kind {
            SourceKind::Main | SourceKind::Backup => {
                let false_echo = crossing.phantom && self.kind == SourceKind::Backup;
                if false_echo || !self.troubles.heard(crossing.car, crossing.at, self.dice) {
                    return;
                }
                (self.dice.bell(60), Some(number), second)
            }
            SourceKind::Photocell | SourceKind::Operator if crossing.phantom => return,
            SourceKind::Photocell => (self.dice.bell(15), None, None),
            SourceKind::Operator => (self.dice.bell(60_000), None, None),
        };
        let at = Instant(crossing.at + self.offset + shake + of.wrong_by(crossing.at));
        self.open.get_or_insert((heard.passings.len(), crossing.at));
        self.last = crossing.at;
        heard.passings.push(Passing { at, transponder: number });
        heard.passings.extend(second.map(|second| Passing { at: Instant(at.0 + 40), transponder: Some(second) }));
    }

    /// Sends what is open, or keeps it where it cannot be sent.
    fn sends(&mut self, heard: &mut Heard) {
        let Some((from, _)) = self.open.take() else { return };
        let to = heard.passings.len();
        let at = self.last + self.dice.between(20_000, 300_000);
        match self.troubles.fate(self.source, at) {
            Fate::Lost => {}
            Fate::Waits(until) => {
                if until != self.until {
                    self.sends_again(heard);
                }
                self.until = until;
                self.waiting.push((from, to));
            }
            Fate::Arrives => {
                self.sends_again(heard);
                heard.batches.push(Batch { at, source: self.source, from, to });
            }
        }
    }

    /// Sends what waited, in one go: after the last few that had arrived, and some of it twice.
    fn sends_again(&mut self, heard: &mut Heard) {
        let (Some((begin, _)), Some((_, end))) = (self.waiting.first().copied(), self.waiting.last().copied()) else { return };
        let from = heard.passings.len();
        let known = (begin - self.first).min(self.dice.position(20));
        heard.passings.extend_from_within(begin - known..begin);
        for (from, to) in std::mem::take(&mut self.waiting) {
            heard.passings.extend_from_within(from..to);
        }
        let twice = self.dice.position((end - begin).min(40) + 1);
        let sent = heard.passings.len();
        heard.passings.extend_from_within(sent - twice.min(sent - from)..sent);
        let at = self.until + self.dice.between(100_000, 2 * MILLION);
        heard.batches.push(Batch { at, source: self.source, from, to: heard.passings.len() });
    }
}
