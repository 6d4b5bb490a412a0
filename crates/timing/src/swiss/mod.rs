//! Files of Swiss Timing, who time GT World Challenge Europe: entry lists, result lists, sessions that a viewer archived. Their tables are in [`crate::swiss_tables`].
//!
//! Read off one entry list, two result lists and five archived sessions of 2026, none of which may be kept here; all are of practice and qualifying. What else is said of them is
//! marked where it is used.

pub mod entry_list;
pub mod race_control;
pub mod result_list;
pub mod session;

use sport::date::{Date, Instant};
use sport::session::SessionKind;

use crate::account::{Account, Note};
use crate::written;
use crate::xml::{Document, Element};

const ROOT: &str = "FILE";
const BEFORE: [&str; 1] = ["<?xml version=\"1.0\"?>"];

/// A new file of these elements, laid out as theirs are.
fn document(elements: Vec<Element>) -> Document {
    let mut root = Element::new(ROOT)
        .with("xmlns:xsd", "http://www.w3.org/2001/XMLSchema")
        .with("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    elements.into_iter().for_each(|element| root.push(element));
    Document::of(&BEFORE, root, "  ", "\r\n")
}

/// An element with a text, or the short form of one without.
fn element(name: &str, text: &str) -> Element {
    if text.is_empty() { Element::empty(name) } else { Element::of(name, text) }
}

/// `04.07.2031 10:15:00.000`, by the clock at the circuit: an instant as if that were UTC, which no file says how far it is from.
fn moment(written: &str) -> Option<Instant> {
    let (date, clock) = written.trim().split_once(' ')?;
    let mut parts =
        date.split('.').map(|part| if part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse::<i16>().ok() } else { None });
    let (day, month, year) = (u8::try_from(parts.next()??).ok()?, u8::try_from(parts.next()??).ok()?, parts.next()??);
    let date = Date { year, month, day };
    // What is no day is none: the 31st of a short month is another day than it says.
    let real = (1..=12).contains(&month) && parts.next().is_none() && Date::of_days(date.days_since_1970()) == Some(date);
    let clock = written::time(clock).filter(|clock| (0..86_400_000_000).contains(&clock.0) && written.matches(':').count() == 2)?;
    real.then_some(Instant(date.midnight().0 + clock.0))
}

/// A moment, as [`moment`] reads it: to the millisecond.
fn printed(at: Instant) -> String {
    let date = Date::of_days(at.0.div_euclid(86_400_000_000)).unwrap_or(Date { year: 1970, month: 1, day: 1 });
    let ms = at.0.rem_euclid(86_400_000_000) / 1_000;
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    format!("{:02}.{:02}.{:04} {hours:02}:{minutes:02}:{seconds:02}.{:03}", date.day, date.month, date.year, ms % 1_000)
}

/// What a session is for and which of its kind it is, by its name: `Free Practice 1`, `Qualifying 2`, `Race`.
fn kind(name: &str) -> (Option<SessionKind>, Option<u16>) {
    let lower = name.to_lowercase();
    let has = |word| lower.contains(word);
    let kind = if has("warm") {
        Some(SessionKind::WarmUp)
    } else if has("practice") || has("pre-quali") || has("test") {
        Some(SessionKind::Practice)
    } else if has("qualifying race") {
        Some(SessionKind::QualifyingRace)
    } else if has("quali") || has("pole") {
        Some(SessionKind::Qualifying)
    } else if has("race") {
        Some(SessionKind::Race)
    } else {
        None
    };
    (kind, lower.rsplit_once(' ').and_then(|(_, number)| number.parse().ok()))
}

/// Says that the account's moments are by the clock at the circuit, if it has any.
fn note_local_time(account: &mut Account) {
    if account.about.began.is_some() || account.messages.iter().any(|message| message.at.is_some()) {
        let says = String::from("times of day are by the clock at the circuit; how far that is from UTC is not in the file");
        account.notes.push(Note { code: "local-time", car: None, line: None, says });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_moment_is_read_and_nothing_that_is_none() {
        assert_eq!(moment("01.01.1970 00:00:01.500"), Some(Instant(1_500_000)));
        assert_eq!(moment("04.07.2031 10:15:00.000"), Some(Instant(1_940_926_500_000_000)));
        for wrong in [
            "",
            "-",
            "25.06.2031",
            "31.06.2031 10:16:00.000",
            "25.13.2031 10:16:00.000",
            "0.6.2031 10:16:00",
            "25.06.2031 24:00:00.000",
            "25.06.2031 16:00",
            "25.06.26.1 10:16:00",
            "+5.06.2031 10:16:00",
        ] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_session_is_known_by_its_name() {
        assert_eq!(kind("Free Practice 1"), (Some(SessionKind::Practice), Some(1)));
        assert_eq!(kind("Night Practice"), (Some(SessionKind::Practice), None));
        assert_eq!(kind("Qualifying 3"), (Some(SessionKind::Qualifying), Some(3)));
        assert_eq!(kind("Race 2"), (Some(SessionKind::Race), Some(2)));
        assert_eq!((kind("Warm-Up"), kind("Parade")), ((Some(SessionKind::WarmUp), None), (None, None)));
    }

    proptest! {
        #[test]
        fn a_moment_that_is_printed_is_read(ms in 0_i64..253_402_300_800_000) {
            prop_assert_eq!(moment(&printed(Instant(ms * 1_000))), Some(Instant(ms * 1_000)));
        }
    }
}
