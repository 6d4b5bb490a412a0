//! Files of simulators: what their servers write after a session, and what leagues write for them before one.

pub mod acc;
pub mod assetto_corsa;
pub mod iracing;
pub mod rfactor;

use sport::date::{Date, Instant, Micros};

use crate::encoding::Encoding;
use crate::flaw::Flaw;
use crate::json::{Json, Object};

/// So many bytes of a file are looked at to tell what it is.
const LOOKED_AT: usize = 8_192;

/// The first letters of a JSON file with an object in it; none of any other file. What is cut in the middle of a letter does no harm to the
/// keys before.
pub(crate) fn beginning(bytes: &[u8]) -> Option<String> {
    let bytes = &bytes[..bytes.len().min(LOOKED_AT)];
    let even = &bytes[..bytes.len() & !1];
    let (text, _) = Encoding::decode(bytes).or_else(|_| Encoding::decode(even)).ok()?;
    text.trim_start().starts_with('{').then_some(text)
}

/// Whether a text has a key of JSON.
pub(crate) fn has(text: &str, key: &str) -> bool {
    let quoted = format!("\"{key}\"");
    text.match_indices(&quoted).any(|(at, _)| text[at + quoted.len()..].trim_start().starts_with(':'))
}

/// What a member must be to be read.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Whole,
    Number,
    Truth,
    Text,
    List,
}

/// Members that are there and are not what they must be. What is `null` is not there.
pub(crate) fn unread(object: &Object, known: &[(&str, Kind)]) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (key, kind) in known {
        let Some(value) = object.get(key).filter(|value| **value != Json::Null) else { continue };
        let what = match kind {
            Kind::Whole if value.whole::<i64>().is_none() => "no whole number",
            Kind::Number if value.scaled(3).is_none() => "no number",
            Kind::Truth if value.truth().is_none() => "neither true nor false",
            Kind::Text if value.text().is_none() => "no text",
            Kind::List if !matches!(value, Json::List(_)) => "no list",
            Kind::Whole | Kind::Number | Kind::Truth | Kind::Text | Kind::List => continue,
        };
        let told = Object { members: vec![((*key).to_owned(), value.clone())], place: object.place };
        flaws.push(Json::Object(told).flaw(format!("`{key}` is {what}")));
    }
    flaws
}

/// A time in a decimal part of a second: milliseconds are of 3 digits, ten-thousandths of 4. None where it is no number, or no time of
/// this world.
pub(crate) fn time(json: &Json, digits: u32) -> Option<Micros> {
    let micros = json.scaled(6 - digits)?;
    (-YEAR..YEAR).contains(&micros).then_some(Micros(micros))
}

/// In microseconds. No session is longer, and sums of such times have room.
const YEAR: i64 = 366 * 86_400 * 1_000_000;

/// A text that says something.
pub(crate) fn said(json: Option<&Json>) -> Option<String> {
    json.and_then(Json::text).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// `2025-09-18T17:23:08Z`: a moment in UTC, to the second.
pub(crate) fn instant(written: &str) -> Option<Instant> {
    let (date, clock) = written.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(clock, ':')?;
    let real = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !real || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let date = Date { year, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? };
    let seconds = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
    Some(Instant(date.midnight().0 + seconds * 1_000_000))
}

/// Three numbers between two marks, digits and nothing else.
fn numbers(written: &str, mark: char) -> Option<[i16; 3]> {
    let mut parts = written.split(mark).map(|part| if part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse().ok() } else { None });
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}

/// A moment, as [`instant`] reads it: what is finer than a second is cut.
fn printed(at: Instant) -> String {
    let (days, seconds) = (at.0.div_euclid(86_400_000_000), at.0.rem_euclid(86_400_000_000) / 1_000_000);
    // From the first of March of the year 0, so that the leap day is the last of a year: the inverse of `days_since_1970`.
    let day = days + 719_468;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let of_years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * of_years + of_years / 4 - of_years / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (month, day) = (if shifted < 10 { shifted + 3 } else { shifted - 9 }, of_year - (153 * shifted + 2) / 5 + 1);
    let year = era * 400 + of_years + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_moment_is_read_and_nothing_that_is_none() {
        assert_eq!(instant("1970-01-01T00:00:01Z"), Some(Instant(1_000_000)));
        assert_eq!(instant("2025-09-18T17:23:08Z"), Some(Instant(1_758_216_188_000_000)));
        for wrong in
            ["", "2025-09-18", "2025-13-01T00:00:00Z", "2025-09-18T24:00:00Z", "2025-09-18T17:23Z", "2025-09-18T17:23:08", "x-1-1T1:1:1Z"]
        {
            assert_eq!(instant(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_key_is_one_and_not_a_name_that_is_alike() {
        assert!(has("{\"laps\" : []}", "laps") && !has("{\"name\": \"laps\"}", "laps"));
        assert_eq!(beginning(b"\xff\xfe{\0}\0x").as_deref(), Some("{}"));
        assert_eq!(beginning(b"<xml/>"), None);
    }

    proptest! {
        #[test]
        fn a_moment_that_is_printed_is_read(seconds in 0_i64..253_402_300_800) {
            prop_assert_eq!(instant(&printed(Instant(seconds * 1_000_000))), Some(Instant(seconds * 1_000_000)));
        }
    }
}
