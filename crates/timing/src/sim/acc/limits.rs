//! What the server takes, as its handbook says. What is beyond is told before a file is written, with what to do; nothing is cut to fit.

use std::fmt;
use std::ops::RangeInclusive;

use crate::encoding::Encoding;
use crate::json::{Document, Json, Style};

/// Something the server would not take, or would take for something else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beyond {
    /// Which entry, row or session of the file, from 1.
    pub row: Option<usize>,
    /// What is wrong with it, in a sentence without an end.
    pub says: String,
    /// What to do about it.
    pub remedy: &'static str,
}

impl fmt::Display for Beyond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {row}: ")?;
        }
        write!(f, "{}; {}", self.says, self.remedy)
    }
}

/// A file for a server in an encoding, or what it would not take.
pub(super) fn for_server(document: Document, encoding: Encoding, mut beyond: Vec<Beyond>) -> Result<Vec<u8>, Vec<Beyond>> {
    if encoding == Encoding::Latin1 {
        let says = String::from("the server does not read Latin-1");
        beyond.push(Beyond { row: None, says, remedy: "write UTF-16, or UTF-8 where a tool needs it" });
    }
    if beyond.is_empty() { Ok(Document { encoding, ..document }.encode()) } else { Err(beyond) }
}

/// A bound of a number that must be whole: what it is of, in what unit, and what to do beyond it.
pub(super) struct Bound {
    pub(super) what: &'static str,
    pub(super) unit: &'static str,
    /// A number has so many digits of a fraction.
    pub(super) digits: u32,
    pub(super) from: RangeInclusive<i64>,
    pub(super) remedy: &'static str,
}

impl Bound {
    /// Tells a number that is beyond, or has a fraction.
    pub(super) fn check(&self, row: Option<usize>, number: i64, told: &mut Vec<Beyond>) {
        let Self { what, unit, from, remedy, .. } = self;
        let factor = 10_i64.pow(self.digits);
        let says = if !(from.start() * factor..=from.end() * factor).contains(&number) {
            format!("is not within {} to {}", from.start(), from.end())
        } else if number % factor != 0 {
            String::from("is not whole")
        } else {
            return;
        };
        let printed = Style::default().write(&Json::unscaled(number, self.digits));
        told.push(Beyond { row, says: format!("{what} of {printed}{unit} {says}"), remedy });
    }
}

/// Ballast of an entry, in grams.
pub(super) const BALLAST: Bound = Bound {
    what: "a ballast",
    unit: " kg",
    digits: 3,
    from: 0..=100,
    remedy: "the server adds that of bop.json, which may be less than none, and knows whole kilograms",
};

/// Ballast of a car at a track, in grams. The handbook has 0 to 100; −40 is in use and works.
pub(super) const BALANCE: Bound =
    Bound { what: "a ballast", unit: " kg", digits: 3, from: -100..=100, remedy: "the server knows no more, and whole kilograms" };

/// Restrictor, in hundredths of a per cent.
pub(super) const RESTRICTOR: Bound =
    Bound { what: "a restrictor", unit: " %", digits: 2, from: 0..=20, remedy: "the server knows no more, and whole ones" };

/// Race number, where an entry has one.
pub(super) const NUMBER: Bound = Bound {
    what: "a race number",
    unit: "",
    digits: 0,
    from: 1..=998,
    remedy: "give the car another, or none for the one its driver chose",
};

/// Entries: the connections a server takes.
pub(super) const ENTRIES: usize = 85;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_is_told_with_what_to_do() {
        let mut told = Vec::new();
        for grams in [-1_000, 0, 100_000, 100_001, 12_500] {
            BALLAST.check(Some(3), grams, &mut told);
        }
        BALANCE.check(None, -40_000, &mut told);
        RESTRICTOR.check(None, 2_100, &mut told);
        let says: Vec<String> = told.iter().map(|beyond| beyond.to_string().split(';').take(1).collect()).collect();
        assert_eq!(
            says,
            [
                "row 3: a ballast of -1 kg is not within 0 to 100",
                "row 3: a ballast of 100.001 kg is not within 0 to 100",
                "row 3: a ballast of 12.5 kg is not whole",
                "a restrictor of 21 % is not within 0 to 20",
            ]
        );
        assert_eq!(told[3].to_string(), "a restrictor of 21 % is not within 0 to 20; the server knows no more, and whole ones");
    }
}
