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

impl DueState {
    /// The word it is written as.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::Served => "served",
            Self::Announced => "announced",
            Self::NotPublished => "not-published",
            Self::Left(_) => "left",
            Self::TooMuch(_) => "too-much",
            Self::AddedToTime(_) => "added-to-time",
            Self::Lapsed => "lapsed",
            Self::LapsedAbsent => "lapsed-absent",
        }
    }
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
    /// A time cut to milliseconds, as every time for people is, or a mass to the gram; without closing zeros: `13.645 s`, `20 kg`.
    pub fn printed(&self, micros: i64) -> String {
        let (micros, unit, word, digits) = match self.unit {
            SuccessUnit::Time => (Micros(micros).whole_ms().0, 1_000_000, "s", 6),
            SuccessUnit::Ballast => (micros, 1_000, "kg", 3),
        };
        let (sign, size) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
        let text = alloc::format!("{sign}{}.{:0digits$}", size / unit, size % unit);
        alloc::format!("{} {word}", text.trim_end_matches('0').trim_end_matches('.'))
    }

    /// What was served, so that what is printed adds up: served and left are the amount, served less what was too much is the amount.
    pub fn served_printed(&self) -> Option<String> {
        let (time, _) = self.served?;
        let left = if let DueState::Left(left) = self.state { left } else { Micros(0) };
        let more = if let DueState::TooMuch(more) = self.state { more } else { Micros(0) };
        let sums = time.0 == self.amount.0 - left.0 + more.0;
        let cut = self.amount.whole_ms().0 - left.whole_ms().0 + more.whole_ms().0;
        Some(self.printed(if sums { cut } else { time.0 }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::why::state_words;

    #[test]
    fn times_are_cut_to_milliseconds_and_add_up() {
        let due = |unit| Due {
            earned_in: None,
            class: "GT3".into(),
            place: 1,
            entry: 0,
            amount: Micros(0),
            unit,
            due_in: None,
            served: None,
            state: DueState::Upcoming,
        };
        let (time, ballast) = (due(SuccessUnit::Time), due(SuccessUnit::Ballast));
        assert_eq!(
            [13_645_580, 15_000_000, 10_500_000, -1_900].map(|micros| time.printed(micros)),
            ["13.645 s", "15 s", "10.5 s", "-0.001 s"]
        );
        let of = |served: i64, state: DueState| {
            let due = Due { amount: Micros(10_000_000), served: Some((Micros(served), ServedHow::AtStop)), state, ..time.clone() };
            (due.served_printed(), state_words(&due.state))
        };
        let (left, more) = (of(9_661_626, DueState::Left(Micros(338_374))), of(10_661_626, DueState::TooMuch(Micros(661_626))));
        assert_eq!(left, (Some("9.662 s".into()), "0.338 s left unserved".into()));
        assert_eq!(more.0.as_deref(), Some("10.661 s"));
        assert_eq!([20_000, 12_500].map(|grams| ballast.printed(grams)), ["20 kg", "12.5 kg"]);
    }
}
