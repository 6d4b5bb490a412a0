//! What can go wrong between the track and our machine.

use std::fmt;

use crate::dice::Dice;

/// A fault.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Fault {
    /// A car is not heard any more, for minutes or for good.
    DeadTransponder,
    /// A car is heard at some lines only.
    WeakTransponder,
    /// A car sends another car's number.
    DuplicateTransponder,
    /// A source is silent for minutes.
    LostLoop,
    /// A source's clock jumps.
    ClockStep,
    /// A source is cut off, then sends everything again.
    Reconnect,
    /// Our machine hears nothing for a while.
    PowerCut,
    /// A person fits a transponder to the wrong car, voids a good passing, or gives a signal at the wrong moment, or the chequered one not at all.
    OperatorError,
    /// A line of the pit lane reports a car twice.
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

    fn of(written: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(word, _)| *word == written).map(|(_, fault)| *fault)
    }
}

/// Which faults may occur.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Faults(u16);

impl Faults {
    /// Everything is heard, once and in time.
    pub const NONE: Self = Self(0);
    /// Anything may happen.
    pub const ALL: Self = Self((1 << Fault::WORDS.len()) - 1);

    /// These and no others.
    pub fn of(faults: &[Fault]) -> Self {
        Self(faults.iter().fold(0, |all, fault| all | 1 << *fault as u16))
    }

    /// As written: `none`, `all`, or words with commas between them. The error is the word that is none.
    ///
    /// # Errors
    /// A word that names no fault.
    pub fn parse(written: &str) -> Result<Self, String> {
        match written {
            "none" => Ok(Self::NONE),
            "all" => Ok(Self::ALL),
            words => {
                let faults: Result<Vec<Fault>, String> =
                    words.split(',').map(str::trim).map(|word| Fault::of(word).ok_or_else(|| word.to_owned())).collect();
                faults.map(|faults| Self::of(&faults))
            }
        }
    }

    /// Whether a fault may occur.
    pub fn has(self, fault: Fault) -> bool {
        self.0 & (1 << fault as u16) != 0
    }

    /// Those that happen in one session: one to three, where there are any.
    pub(crate) fn drawn(self, dice: &mut Dice) -> Vec<Fault> {
        let mut left: Vec<Fault> = Fault::WORDS.iter().map(|(_, fault)| *fault).filter(|fault| self.has(*fault)).collect();
        let wanted = (1 + dice.position(3)).min(left.len());
        let mut drawn: Vec<Fault> = (0..wanted).map(|_| left.swap_remove(dice.position(left.len()))).collect();
        drawn.sort_unstable();
        drawn
    }
}

impl fmt::Display for Faults {
    /// As [`Faults::parse`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NONE => f.write_str("none"),
            Self::ALL => f.write_str("all"),
            some => {
                let words = Fault::WORDS.iter().filter(|(_, fault)| some.has(*fault)).map(|(word, _)| *word);
                f.write_str(&words.collect::<Vec<_>>().join(","))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_every_word_and_none_is_none() {
        let all: Vec<Fault> = Fault::WORDS.iter().map(|(_, fault)| *fault).collect();
        assert_eq!(Faults::of(&all), Faults::ALL);
        assert!(all.iter().all(|fault| Faults::ALL.has(*fault) && !Faults::NONE.has(*fault)));
        assert_eq!(Fault::Reconnect.word(), "reconnect");
    }

    #[test]
    fn what_is_written_is_read_again() {
        for written in ["none", "all", "clock-step", "lost-loop,clock-step"] {
            assert_eq!(Faults::parse(&Faults::parse(written).unwrap().to_string()), Faults::parse(written));
        }
        assert_eq!(Faults::parse("dead-transponder,none-such"), Err("none-such".to_owned()));
    }
}
