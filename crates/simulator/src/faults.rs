//! Faults on demand: what sources and people get wrong.

use sport::line::Layout;

use crate::dice::Dice;
use crate::field::Car;
use crate::sources::{Heard, Sent};

/// A kind of fault.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Fault {
    /// A transponder falls silent, for good or for some minutes.
    DeadTransponder,
    /// A transponder is heard now and then only.
    WeakTransponder,
    /// A car carries another car's number.
    DuplicateTransponder,
    /// A source hears nothing for some minutes.
    LostLoop,
    /// A source's clock steps, and perhaps back again later.
    ClockStep,
    /// A decoder is cut off, keeps what it hears, and sends it all later, some of it twice.
    Reconnect,
    /// Our side is without power: some decoders keep what they hear, others lose it.
    PowerCut,
    /// A transponder written down for the wrong car, a good passing taken out, a signal given late; all but the signal are put right later.
    OperatorError,
    /// A loop in the pit lane gives a second impulse that is false.
    Phantom,
}

impl Fault {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 9] = [
        ("dead-transponder", Self::DeadTransponder),
        ("weak-transponder", Self::WeakTransponder),
        ("duplicate-transponder", Self::DuplicateTransponder),
        ("lost-loop", Self::LostLoop),
        ("clock-step", Self::ClockStep),
        ("reconnect", Self::Reconnect),
        ("power-cut", Self::PowerCut),
        ("operator-error", Self::OperatorError),
        ("phantom", Self::Phantom),
    ];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, fault)| *fault == self).map_or("", |(word, _)| word)
    }
}

/// Which faults may occur.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// None.
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// Any.
    pub fn all() -> Self {
        Self(Fault::WORDS.iter().map(|(_, fault)| *fault).collect())
    }

    /// These.
    pub fn of(faults: &[Fault]) -> Self {
        Self(faults.to_vec())
    }

    /// As written: `none`, `all`, or words with commas between them. The error is the word that is none.
    ///
    /// # Errors
    /// A word that names no fault.
    pub fn parse(written: &str) -> Result<Self, String> {
        match written {
            "none" => Ok(Self::none()),
            "all" => Ok(Self::all()),
            words => words.split(',').map(|word| fault(word.trim())).collect::<Result<_, _>>().map(Self),
        }
    }

    /// Those that happen in one session: one to three, where there are any.
    pub(crate) fn draw(&self, dice: &mut Dice) -> Vec<Fault> {
        let mut all = self.0.clone();
        dice.shuffle(&mut all);
        let wanted = usize::try_from(dice.between(1, 3)).unwrap_or(1);
        all.truncate(wanted);
        all.sort_unstable();
        all
    }
}

fn fault(word: &str) -> Result<Fault, String> {
    Fault::WORDS.iter().find(|(of, _)| *of == word).map(|(_, fault)| *fault).ok_or_else(|| word.to_owned())
}

/// The stream of a session with what goes wrong in it.
pub(crate) struct Stream<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) cars: &'a [Car],
    pub(crate) heard: Vec<Heard>,
    /// What each number in it was lost.
    pub(crate) lost: Vec<bool>,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) happened: Vec<String>,
    pub(crate) dice: Dice,
}

impl Stream<'_> {
    fn when(&mut self) -> i64 {
        self.dice.between(self.from, self.to)
    }

    fn race(&self, at: i64) -> String {
        format!("{}", sport::date::Micros(at - self.from))
    }

    fn car(&mut self) -> u16 {
        u16::try_from(self.dice.one_of(self.cars.len())).expect("a field is small")
    }

    fn source(&mut self) -> u8 {
        u8::try_from(self.dice.one_of(self.layout.sources().len())).expect("few sources")
    }

    fn name(&self, source: u8) -> &str {
        self.layout.sources()[usize::from(source)].id.as_str()
    }

    /// What happens before anything is sent.
    pub(crate) fn spoil(&mut self, fault: Fault) {
        match fault {
            Fault::DeadTransponder => {
                let (car, from) = (self.car(), self.when());
                let to = if self.dice.chance(500_000) { i64::MAX } else { from + self.dice.between(60_000_000, 900_000_000) };
                self.lose(|one| one.car == car && one.truly >= from && one.truly < to);
                let number = self.cars[usize::from(car)].transponder;
                self.happened.push(format!("transponder {number} is dead from {}", self.race(from)));
            }
            Fault::WeakTransponder => {
                let (car, share) = (self.car(), self.dice.between(100_000, 600_000));
                for at in 0..self.heard.len() {
                    if self.heard[at].car == car && self.dice.chance(share) {
                        self.lost[at] = true;
                    }
                }
                let number = self.cars[usize::from(car)].transponder;
                self.happened.push(format!("transponder {number} is weak: {} of 100 passings are lost", share / 10_000));
            }
            Fault::DuplicateTransponder => {
                let (car, other) = (self.car(), self.car());
                let number = self.cars[usize::from(other)].transponder;
                for one in self.heard.iter_mut().filter(|one| one.car == car && one.transponder.is_some()) {
                    one.transponder = Some(number);
                }
                self.happened.push(format!("two cars carry transponder {number}"));
            }
            Fault::LostLoop => {
                let (source, from) = (self.source(), self.when());
                let to = from + self.dice.between(30_000_000, 900_000_000);
                self.lose(|one| one.source == source && one.truly >= from && one.truly < to);
                self.happened.push(format!("{} hears nothing from {} to {}", self.name(source), self.race(from), self.race(to)));
            }
            Fault::ClockStep => self.step(),
            Fault::Phantom => self.phantom(),
            Fault::Reconnect | Fault::PowerCut | Fault::OperatorError => {}
        }
    }

    fn lose(&mut self, which: impl Fn(&Heard) -> bool) {
        for (one, lost) in self.heard.iter().zip(&mut self.lost) {
            *lost |= which(one);
        }
    }

    fn step(&mut self) {
        let (source, from) = (self.source(), self.when());
        let sign = if self.dice.chance(500_000) { 1 } else { -1 };
        let by = sign * if self.dice.chance(300_000) { self.dice.between(40_000, 400_000) } else { self.dice.between(400_000, 30_000_000) };
        let to = if self.dice.chance(400_000) { self.dice.between(from, self.to) } else { i64::MAX };
        for one in self.heard.iter_mut().filter(|one| one.source == source && one.truly >= from && one.truly < to) {
            one.at += by;
        }
        self.happened.push(format!("the clock of {} steps by {} µs at {}", self.name(source), by, self.race(from)));
    }

    /// Second impulses at a line of the pit lane.
    fn phantom(&mut self) {
        let of: Vec<u8> = (0..self.layout.sources().len())
            .filter(|at| self.layout.lines()[usize::from(self.layout.sources()[*at].line)].in_pit_lane)
            .filter_map(|at| u8::try_from(at).ok())
            .collect();
        if of.is_empty() {
            return;
        }
        let source = of[self.dice.one_of(of.len())];
        let mut more: Vec<Heard> = Vec::new();
        for one in self.heard.iter().filter(|one| one.source == source) {
            if self.dice.chance(150_000) {
                let later = self.dice.between(1_000_000, 4_000_000);
                more.push(Heard { at: one.at + later, truly: one.truly + later, ..*one });
            }
        }
        self.happened.push(format!("{} gives {} second impulses", self.name(source), more.len()));
        self.lost.extend(std::iter::repeat_n(false, more.len()));
        self.heard.extend(more);
    }

    /// What happens on the way: batches held back and sent again, or lost on our side.
    pub(crate) fn hold(&mut self, fault: Fault, sent: &mut Vec<Sent>) {
        match fault {
            Fault::Reconnect => {
                let (source, from) = (self.source(), self.when());
                let to = from + self.dice.between(10_000_000, 300_000_000);
                let again = self.resend(sent, source, from, to);
                self.happened.push(format!(
                    "{} is cut off from {} to {}; {again} passings come later",
                    self.name(source),
                    self.race(from),
                    self.race(to)
                ));
            }
            Fault::PowerCut => {
                let from = self.when();
                let to = from + self.dice.between(5_000_000, 240_000_000);
                for source in 0..self.layout.sources().len() {
                    let source = u8::try_from(source).expect("few sources");
                    if self.dice.chance(500_000) {
                        self.resend(sent, source, from, to);
                    } else {
                        sent.retain(|batch| batch.source != source || batch.arrives < from || batch.arrives >= to);
                    }
                }
                self.happened.push(format!("no power from {} to {}", self.race(from), self.race(to)));
            }
            Fault::DeadTransponder
            | Fault::WeakTransponder
            | Fault::DuplicateTransponder
            | Fault::LostLoop
            | Fault::ClockStep
            | Fault::OperatorError
            | Fault::Phantom => {}
        }
    }

    /// Holds a source's batches back and sends them as one, with some of what came just before.
    fn resend(&mut self, sent: &mut Vec<Sent>, source: u8, from: i64, to: i64) -> usize {
        let held = |batch: &Sent| batch.source == source && batch.arrives >= from && batch.arrives < to;
        let mut all: Vec<u32> = sent
            .iter()
            .filter(|batch| batch.source == source && batch.arrives < from && batch.arrives >= from - 20_000_000)
            .flat_map(|batch| batch.heard.iter().copied())
            .collect();
        all.extend(sent.iter().filter(|batch| held(batch)).flat_map(|batch| batch.heard.iter().copied()));
        sent.retain(|batch| !held(batch));
        let count = all.len();
        if count > 0 {
            let arrives = to + self.dice.between(200_000, 4_000_000);
            sent.push(Sent { arrives, source, heard: all });
        }
        count
    }
}
