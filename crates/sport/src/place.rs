//! A place in an order, as far as it is known.

use core::cmp::Ordering;
use core::fmt;

/// The places a car can hold: `best` to `worst`, both from 1. Exact when they are equal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Places {
    /// The best place it can hold.
    pub best: u16,
    /// The worst place it can hold; [`Places::OPEN`] when nothing bounds it.
    pub worst: u16,
}

impl Places {
    /// No worst place is known.
    pub const OPEN: u16 = u16::MAX;
    /// Nothing is known.
    pub const ANY: Self = Self { best: 1, worst: Self::OPEN };

    /// Exactly this place.
    pub const fn exactly(place: u16) -> Self {
        Self { best: place, worst: place }
    }

    /// The place, when it is known exactly.
    pub const fn exact(self) -> Option<u16> {
        if self.best == self.worst { Some(self.best) } else { None }
    }

    /// Which of two places of one order is in front: less is ahead, equal a dead heat, `None` not known.
    pub fn order(self, other: Self) -> Option<Ordering> {
        if self.worst < other.best {
            Some(Ordering::Less)
        } else if other.worst < self.best {
            Some(Ordering::Greater)
        } else {
            (self.exact().is_some() && self == other).then_some(Ordering::Equal)
        }
    }

    /// What both allow; `None` when they contradict each other.
    pub fn both(self, other: Self) -> Option<Self> {
        let (best, worst) = (self.best.max(other.best), self.worst.min(other.worst));
        (best <= worst).then_some(Self { best, worst })
    }
}

/// `3`, `6–7`, `8+`, `?`.
impl fmt::Display for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match (self.best, self.worst) {
            (1, Self::OPEN) => alloc::string::String::from("?"),
            (best, Self::OPEN) => alloc::format!("{best}+"),
            (best, worst) if best == worst => alloc::format!("{best}"),
            (best, worst) => alloc::format!("{best}–{worst}"),
        };
        f.pad(&text)
    }
}
