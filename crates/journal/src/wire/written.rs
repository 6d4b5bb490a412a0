//! How single values are written: times, days, spans, places, points, sessions, names and words.
//!
//! Every value has one spelling. A second spelling of the same value is refused, so the same fact is always the same bytes.

use std::fmt;

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{self, Serialize, SerializeSeq, Serializer};
use sport::date::{Date, Instant, Micros};
use sport::decision::{MatterKind, Outcome};
use sport::entry::EntryStatus;
use sport::fact::ServedHow;
use sport::grade::Grade;
use sport::meeting_fact::{AboardHow, Signal};
use sport::names::SessionId;
use sport::place::Places;
use sport::points::Points;
use sport::result::{Finish, ResultState};
use sport::scrutineering::Quantity;
use sport::session::SessionName;

/// An instant: `2018-04-14T12:00:00Z`, with six decimals where it is not a whole second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time(pub(crate) Instant);

fn time_text(instant: Instant) -> Option<String> {
    let timestamp = Timestamp::from_microsecond(instant.0).ok()?;
    let decimals = if instant.0 % 1_000_000 == 0 { 0 } else { 6 };
    let text = DateTimePrinter::new().precision(Some(decimals)).timestamp_to_string(&timestamp);
    // Years outside 0000 to 9999 are printed with a sign.
    text.starts_with(|first: char| first.is_ascii_digit()).then_some(text)
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let text =
            time_text(self.0).ok_or_else(|| ser::Error::custom(format_args!("{} µs is not inside the years 0000 to 9999", self.0.0)))?;
        to.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let instant = text.parse::<Timestamp>().ok().map(|timestamp| Instant(timestamp.as_microsecond()));
        match instant {
            Some(instant) if time_text(instant).as_deref() == Some(text.as_str()) => Ok(Self(instant)),
            _ => Err(de::Error::custom(format_args!(
                "`{text}` is not a time; a time is written `2018-04-14T12:00:00Z`, with six decimals where it is not a whole second"
            ))),
        }
    }
}

/// A span of time in whole microseconds, shorter than any season is long: sums of such spans cannot overflow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span(pub(crate) Micros);

/// Eleven thousand days.
const LONGEST: i64 = 1_000_000_000_000_000;

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if !(-LONGEST..=LONGEST).contains(&self.0.0) {
            return Err(ser::Error::custom(format_args!("{} µs is longer than any season", self.0.0)));
        }
        to.serialize_i64(self.0.0)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let micros = i64::deserialize(from)?;
        if (-LONGEST..=LONGEST).contains(&micros) {
            return Ok(Self(Micros(micros)));
        }
        Err(de::Error::custom(format_args!("{micros} µs is longer than any season")))
    }
}

/// What a source sent in one go, each as transponder and microseconds since 1970: 1 to 65,535 passings of the years 0001 to 9999.
#[derive(Clone, Debug)]
pub(crate) struct Passings(pub(crate) Vec<(Option<u32>, i64)>);

/// The most passings of one fact: each has a number of its own in it.
pub(crate) const MOST_PASSINGS: usize = 65_535;
/// 0001-01-01 and 9999-12-31, in microseconds since 1970.
pub(crate) const YEARS: std::ops::RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_214_400_000_000;

impl Passings {
    fn sound(&self) -> Result<(), String> {
        if self.0.is_empty() || self.0.len() > MOST_PASSINGS {
            return Err(format!("{} passings in one fact; 1 to {MOST_PASSINGS} can be told", self.0.len()));
        }
        match self.0.iter().find(|(_, at)| !YEARS.contains(at)) {
            Some((_, at)) => Err(format!("a passing at {at} µs is not inside the years 0001 to 9999")),
            None => Ok(()),
        }
    }
}

impl Serialize for Passings {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.sound().map_err(ser::Error::custom)?;
        self.0.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Passings {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let passings = Self(Vec::deserialize(from)?);
        passings.sound().map_err(de::Error::custom)?;
        Ok(passings)
    }
}

/// A day: `2018-04-14`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Day(pub(crate) Date);

fn day_exists(day: Date) -> bool {
    let parts = (i8::try_from(day.month), i8::try_from(day.day));
    let (Ok(month), Ok(date)) = parts else { return false };
    (0..=9999).contains(&day.year) && jiff::civil::Date::new(day.year, month, date).is_ok()
}

fn day_of(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let date = Date { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
    (day_exists(date) && date.to_string() == text).then_some(date)
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if !day_exists(self.0) {
            return Err(ser::Error::custom(format_args!("{} is not a day of the calendar", self.0)));
        }
        to.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let day = day_of(&text).ok_or_else(|| de::Error::custom(format_args!("`{text}` is not a day; a day is written `2018-04-14`")))?;
        Ok(Self(day))
    }
}

/// Places: `3`, `[6,7]`, or `[8,null]` when nothing bounds the worst.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranks(pub(crate) Places);

impl Serialize for Ranks {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Places { best, worst } = self.0;
        if best == 0 || best > worst {
            return Err(ser::Error::custom(format_args!("places count from 1 and the best comes first, not {best} to {worst}")));
        }
        if best == worst {
            return to.serialize_u16(best);
        }
        let mut pair = to.serialize_seq(Some(2))?;
        pair.serialize_element(&best)?;
        pair.serialize_element(&(worst != Places::OPEN).then_some(worst))?;
        pair.end()
    }
}

struct RanksVisitor;

impl<'de> Visitor<'de> for RanksVisitor {
    type Value = Ranks;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a place from 1 `3`, two different places `[6,7]`, or an open end `[8,null]`")
    }

    fn visit_u64<E: de::Error>(self, place: u64) -> Result<Ranks, E> {
        match u16::try_from(place) {
            Ok(place) if place > 0 => Ok(Ranks(Places::exactly(place))),
            _ => Err(de::Error::invalid_value(de::Unexpected::Unsigned(place), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> Result<Ranks, A::Error> {
        let best = pair.next_element::<u16>()?.ok_or_else(|| de::Error::invalid_length(0, &self))?;
        let worst = pair.next_element::<Option<u16>>()?.ok_or_else(|| de::Error::invalid_length(1, &self))?;
        if worst == Some(Places::OPEN) || best == 0 || best >= worst.unwrap_or(Places::OPEN) {
            return Err(de::Error::invalid_value(de::Unexpected::Seq, &self));
        }
        Ok(Ranks(Places { best, worst: worst.unwrap_or(Places::OPEN) }))
    }
}

impl<'de> Deserialize<'de> for Ranks {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(RanksVisitor)
    }
}

/// Points: `"25"`, `"-15"`, `"33/2"` in lowest terms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exact(pub(crate) Points);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let text = self.0.exact();
        if Points::parse(&text) != Some(self.0) {
            return Err(ser::Error::custom(format_args!("{text} points are beyond what a person may write")));
        }
        to.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        match Points::parse(&text) {
            Some(points) if points.exact() == text => Ok(Self(points)),
            _ => Err(de::Error::custom(format_args!("`{text}` are no points; points are written `\"25\"` or `\"33/2\"` in lowest terms"))),
        }
    }
}

/// A session: `"2.race-1"`, the round before the first dot.
#[derive(Clone, Debug)]
pub(crate) struct Stage(pub(crate) SessionName);

impl Serialize for Stage {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.0.id.as_str().is_empty() {
            return Err(ser::Error::custom(format_args!("a session of round {} has an empty name", self.0.round)));
        }
        to.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Stage {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let session = text.split_once('.').and_then(|(round, id)| {
            let name = SessionName { round: round.parse().ok()?, id: SessionId::new(id) };
            (!id.is_empty() && name.to_string() == text).then_some(name)
        });
        let session =
            session.ok_or_else(|| de::Error::custom(format_args!("`{text}` is not a session; a session is written `2.race-1`")))?;
        Ok(Self(session))
    }
}

/// A name as it was given, never empty.
#[derive(Clone, Debug)]
pub(crate) struct Name<T>(pub(crate) T);

impl<T: fmt::Display> Serialize for Name<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let text = self.0.to_string();
        if text.is_empty() {
            return Err(ser::Error::custom("a name is empty"));
        }
        to.serialize_str(&text)
    }
}

impl<'de, T: for<'a> From<&'a str>> Deserialize<'de> for Name<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if text.is_empty() {
            return Err(de::Error::custom("a name is empty"));
        }
        Ok(Self(T::from(&text)))
    }
}

/// Names of things, wrapped to be written.
pub(crate) fn names<T: Clone>(names: &[T]) -> Vec<Name<T>> {
    names.iter().cloned().map(Name).collect()
}

/// Names of things, as they were read.
pub(crate) fn named<T>(names: Vec<Name<T>>) -> Vec<T> {
    names.into_iter().map(|name| name.0).collect()
}

/// Values written as one word of a closed list.
pub(crate) trait Worded: Copy + PartialEq + 'static {
    /// All, with the word each is written as in version 1.
    const WORDS: &'static [(&'static str, Self)];
}

macro_rules! worded {
    ($($kind:ident),*) => {$(
        impl Worded for $kind {
            const WORDS: &'static [(&'static str, Self)] = &$kind::WORDS;
        }
    )*};
}

worded!(ResultState, Finish, ServedHow, Outcome, MatterKind, EntryStatus, Signal, AboardHow, Quantity);

impl Worded for Grade {
    const WORDS: &'static [(&'static str, Self)] =
        &[("bronze", Self::Bronze), ("silver", Self::Silver), ("gold", Self::Gold), ("platinum", Self::Platinum)];
}

/// A value written as its word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<T>(pub(crate) T);

impl<T: Worded> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let word = T::WORDS.iter().find(|(_, value)| *value == self.0);
        let (word, _) = word.ok_or_else(|| ser::Error::custom("a value has no word in version 1 of the journal"))?;
        to.serialize_str(word)
    }
}

impl<'de, T: Worded> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if let Some((_, value)) = T::WORDS.iter().find(|(word, _)| *word == text) {
            return Ok(Self(*value));
        }
        let words = T::WORDS.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        Err(de::Error::custom(format_args!("`{text}` is not one of {words}")))
    }
}

/// Whether a false is left out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
pub(crate) fn is_false(value: &bool) -> bool {
    !*value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_passings_have_bounds_that_no_sum_goes_beyond() {
        let span = |text: &str| serde_json::from_str::<Span>(text).map(|span| span.0).map_err(|error| error.to_string());
        assert_eq!(span("1000000000000000").unwrap(), Micros(LONGEST));
        assert!(span("1000000000000001").unwrap_err().contains("longer than any season"));
        assert!(span("-9223372036854775808").unwrap_err().contains("longer than any season"));
        assert!(serde_json::to_string(&Span(Micros(i64::MAX))).is_err());
        let passings = |text: &str| serde_json::from_str::<Passings>(text).map(|of| of.0.len()).map_err(|error| error.to_string());
        assert_eq!(passings("[[7,0],[null,253402214400000000]]").unwrap(), 2);
        assert!(passings("[]").unwrap_err().contains("0 passings in one fact"));
        assert!(passings("[[7,253402214400000001]]").unwrap_err().contains("0001 to 9999"));
        assert!(passings("[[7,-9223372036854775808]]").unwrap_err().contains("0001 to 9999"));
        let many = |count: usize| format!("[{}]", vec!["[7,1]"; count].join(","));
        assert_eq!(passings(&many(65_535)).unwrap(), 65_535);
        assert!(passings(&many(65_536)).unwrap_err().contains("65536 passings"));
    }
}
