//! A decoder that is none: given what is to pass, it sends what a decoder of its kind would send at a moment, answers what a host says, and does wrong what
//! it is told to.
//!
//! It is the other end of [`super::Decoder`], and like it knows no socket and no clock. What a real decoder does that nobody has published, it does as the
//! codec of its kind says.

mod ambrc;
mod chronelec;
mod line;
mod p3;
mod race_result;
mod timy;
mod tranx;
mod x2;

use std::collections::VecDeque;

use sport::date::{Instant, Micros};

use super::Kind;
use line::Line;

/// Something that passes a loop.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Crossed {
    /// When.
    pub at: Instant,
    /// Its transponder; of a Timy its start number.
    pub transponder: u32,
    /// The loop, from 1.
    pub on: u32,
    /// The loop is in the pit lane.
    pub in_pit: bool,
}

/// What a decoder does wrong, once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Fault {
    /// The next passing is not sent, though it was counted.
    Skip,
    /// The next passing is sent with a byte that is another.
    Garble,
    /// The connection breaks in the middle of what is sent next.
    Drop,
}

/// A passing that happened.
#[derive(Clone, Copy, Debug)]
struct Kept {
    /// Counted from 1.
    number: u64,
    of: Crossed,
}

/// What all kinds have at hand.
#[derive(Debug)]
struct Desk {
    /// In this count: what happened since it was switched on.
    kept: Vec<Kept>,
    line: Line,
    /// When it was switched on.
    began: Instant,
    /// How much its clock is ahead of ours.
    ahead: Micros,
}

impl Desk {
    /// Our time by its clock.
    fn clock(&self, at: Instant) -> Instant {
        Instant(at.0 + self.ahead.0)
    }

    fn since(&self, at: Instant) -> Micros {
        Micros((at.0 - self.began.0).max(0))
    }
}

#[derive(Debug)]
enum Speech {
    P3(p3::Speech),
    TranX,
    AmbRc(ambrc::Speech),
    Chronelec(chronelec::Speech),
    Timy(timy::Speech),
    RaceResult(race_result::Speech),
    X2(x2::Speech),
}

/// A decoder that is none.
#[derive(Debug)]
pub struct Played {
    kind: Kind,
    /// What is to happen.
    ahead: VecDeque<Crossed>,
    desk: Desk,
    speech: Speech,
    /// When it told last how it is.
    told: Option<Instant>,
    missed: Vec<Crossed>,
}

/// It tells so often how it is.
const STATUS: i64 = 5_000_000;

impl Played {
    /// A decoder that is switched on at a moment, and over whose loops these pass later. Nobody is connected.
    pub fn new(kind: Kind, began: Instant, crossed: Vec<Crossed>) -> Self {
        let speech = match kind {
            Kind::P3 => Speech::P3(p3::Speech::default()),
            Kind::TranX => Speech::TranX,
            Kind::AmbRc => Speech::AmbRc(ambrc::Speech::counting()),
            Kind::Chronelec => Speech::Chronelec(chronelec::Speech::default()),
            Kind::Timy => Speech::Timy(timy::Speech::new()),
            Kind::RaceResult => Speech::RaceResult(race_result::Speech::new()),
            Kind::X2 => Speech::X2(x2::Speech::default()),
        };
        let desk = Desk { kept: Vec::new(), line: Line::default(), began, ahead: Micros(0) };
        let mut played = Self { kind, ahead: VecDeque::new(), desk, speech, told: None, missed: Vec::new() };
        played.will_pass(crossed);
        played
    }

    /// These are to pass as well.
    pub fn will_pass(&mut self, crossed: Vec<Crossed>) {
        self.ahead.extend(crossed);
        self.ahead.make_contiguous().sort_by_key(|of| of.at);
    }

    /// An I-Lap: like an AMBrc, but it counts nothing and waits for the host to begin.
    pub fn ilap(began: Instant, crossed: Vec<Crossed>) -> Self {
        Self { speech: Speech::AmbRc(ambrc::Speech::ilap()), ..Self::new(Kind::AmbRc, began, crossed) }
    }

    /// The same with a clock that is ahead of ours.
    #[must_use]
    pub fn ahead(mut self, by: Micros) -> Self {
        self.desk.ahead = by;
        self
    }

    /// At most so many bytes are sent at once, wherever that cuts.
    pub fn cut(&mut self, most: usize) {
        self.desk.line.cut(most);
    }

    /// Does something wrong, as soon as there is occasion.
    pub fn misbehave(&mut self, fault: Fault) {
        self.desk.line.misbehave(fault);
    }

    /// A host is connected.
    pub fn connected(&mut self) {
        self.disconnected();
        self.desk.line.connect();
        match &mut self.speech {
            Speech::P3(of) => *of = p3::Speech::default(),
            Speech::Chronelec(of) => of.connected(),
            Speech::Timy(of) => of.connected(),
            Speech::RaceResult(of) => of.connected(),
            Speech::X2(of) => of.connected(&mut self.desk),
            Speech::TranX | Speech::AmbRc(_) => {}
        }
    }

    /// The host is gone.
    pub fn disconnected(&mut self) {
        self.desk.line.close();
        self.broken();
    }

    /// Whether a host is connected: not after [`Fault::Drop`].
    pub fn is_connected(&self) -> bool {
        self.desk.line.is_open()
    }

    /// It is switched off and on: what it kept is gone, and it counts from the beginning. Nobody is connected.
    pub fn restart(&mut self, now: Instant) {
        self.disconnected();
        self.desk.kept.clear();
        self.desk.began = now;
        match &mut self.speech {
            Speech::P3(_) | Speech::TranX => {}
            Speech::AmbRc(of) => of.restart(),
            Speech::Chronelec(of) => *of = chronelec::Speech::default(),
            Speech::Timy(of) => *of = timy::Speech::new(),
            Speech::RaceResult(of) => of.restart(),
            Speech::X2(of) => *of = x2::Speech::default(),
        }
    }

    /// What it sends now.
    pub fn due(&mut self, now: Instant) -> Vec<u8> {
        while self.ahead.front().is_some_and(|of| of.at <= now)
            && let Some(of) = self.ahead.pop_front()
        {
            self.happen(of);
        }
        if self.desk.line.is_open() {
            match &mut self.speech {
                Speech::Chronelec(of) => of.due(&mut self.desk, now),
                Speech::X2(of) => of.due(&mut self.desk),
                Speech::P3(_) | Speech::TranX | Speech::AmbRc(_) | Speech::Timy(_) | Speech::RaceResult(_) => {}
            }
            if self.told.is_none_or(|told| now.0 - told.0 >= STATUS) {
                self.told = Some(now);
                self.status(now);
            }
        }
        let sent = self.desk.line.send();
        self.broken();
        sent
    }

    /// Takes what a host said.
    pub fn take(&mut self, bytes: &[u8], now: Instant) {
        if !self.desk.line.is_open() {
            return;
        }
        match &mut self.speech {
            Speech::P3(of) => of.take(&mut self.desk, bytes, now),
            Speech::AmbRc(of) => of.take(&mut self.desk, bytes, now),
            Speech::Chronelec(of) => of.take(&mut self.desk, bytes, now),
            Speech::Timy(of) => of.take(&mut self.desk, bytes),
            Speech::RaceResult(of) => of.take(&mut self.desk, bytes, now),
            Speech::TranX | Speech::X2(_) => {}
        }
    }

    /// Which kind it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What nobody heard and nobody can: passings of a decoder that keeps none, while nobody was connected or when it did something wrong.
    pub fn missed(&self) -> &[Crossed] {
        &self.missed
    }

    /// Nothing is to happen any more, and nothing to be sent.
    pub fn is_over(&self) -> bool {
        self.ahead.is_empty() && self.desk.line.is_empty()
    }

    fn happen(&mut self, of: Crossed) {
        let kept = Kept { number: self.desk.kept.len() as u64 + 1, of };
        let nth = self.desk.kept.len();
        self.desk.kept.push(kept);
        if !self.desk.line.is_open() {
            return self.miss(nth);
        }
        let whole = match &mut self.speech {
            Speech::P3(_) => self.desk.line.pass(nth, p3::passing(&self.desk, kept)),
            Speech::TranX => self.desk.line.pass(nth, tranx::passing(&self.desk, kept)),
            Speech::AmbRc(speech) => match speech.passing(&self.desk, kept) {
                Some(line) => self.desk.line.pass(nth, line),
                None => false,
            },
            Speech::Timy(speech) => self.desk.line.pass(nth, speech.passing(&self.desk, kept)),
            Speech::RaceResult(speech) => speech.happened(&mut self.desk, kept),
            // They send it when its turn comes.
            Speech::Chronelec(_) | Speech::X2(_) => true,
        };
        if !whole {
            self.miss(nth);
        }
    }

    /// What was to be sent whole and was not.
    fn broken(&mut self) {
        if !self.desk.line.is_open() {
            for nth in self.desk.line.break_off() {
                self.miss(nth);
            }
        }
    }

    fn miss(&mut self, nth: usize) {
        if matches!(self.kind, Kind::TranX | Kind::AmbRc) {
            self.missed.extend(self.desk.kept.get(nth).map(|kept| kept.of));
        }
    }

    fn status(&mut self, now: Instant) {
        let line = match &mut self.speech {
            Speech::P3(_) => p3::status(),
            Speech::TranX => tranx::status(),
            Speech::AmbRc(speech) => speech.status(),
            Speech::Chronelec(_) | Speech::RaceResult(_) | Speech::X2(_) => return,
            Speech::Timy(_) => timy::running(&self.desk, now),
        };
        self.desk.line.say(line);
    }
}
