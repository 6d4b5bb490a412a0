//! The success ledger (D5): for every car and race what was earned where, is due where, was served how, and what is left.

use alloc::string::String;

use crate::date::Micros;
use crate::fact::ServedHow;
use crate::names::ClassId;
use crate::rulebook::success::SuccessUnit;
use crate::world::Ground;

/// What became of a due.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DueState {
    /// The race it is due in has no result yet.
    Upcoming,
    /// Served in full.
    Served,
    /// Announced as due; nobody published whether it was served.
    Announced,
    /// The race is over and nobody published whether it was served.
    NotPublished,
    /// Not, or not wholly, served: this much is left. It is shown, not carried on (D3).
    Left(Micros),
    /// Served although the result, as it stands now, asks for less: the rest is not undone (D3).
    TooMuch(Micros),
    /// Added to the race time instead (case 1).
    AddedToTime(Ground),
    /// There is no next race: it lapses (D1).
    Lapsed,
    /// The car did not take part in the next race: it lapses by the rulebook (D4).
    LapsedAbsent,
}

/// One line of the ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Due {
    /// The class whose places are counted.
    pub class: ClassId,
    /// Position of the car in the entry list. It belongs to the car, not to its drivers (D2).
    pub entry: usize,
    /// Position in the calendar of the race that earned it; `None` for seconds served that no result, as it stands now, earned.
    pub earned_in: Option<usize>,
    /// The place that earned it.
    pub place: u16,
    /// How much.
    pub amount: Micros,
    /// In time or weight.
    pub unit: SuccessUnit,
    /// The race in which it is due; `None` when it lapses.
    pub due_in: Option<usize>,
    /// What was served there, where published.
    pub served: Option<(Micros, ServedHow)>,
    /// What became of it.
    pub state: DueState,
}

impl Due {
    /// An amount of it as printed, with its unit: a time cut to milliseconds, as every time for people is, or a mass to the gram; without
    /// closing zeros: `15 s`, `12.5 kg`.
    pub fn printed(&self, micros: i64) -> String {
        let (micros, unit, word, digits) = match self.unit {
            SuccessUnit::Time => (Micros(micros).whole_ms().0, 1_000_000, "s", 6),
            SuccessUnit::Ballast => (micros, 1_000, "kg", 3),
        };
        let (sign, size) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
        let text = alloc::format!("{sign}{}.{:0digits$}", size / unit, size % unit);
        alloc::format!("{} {word}", text.trim_end_matches('0').trim_end_matches('.'))
    }
}
