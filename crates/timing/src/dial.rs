//! Times of a day, days and seconds as decoders print them, read exactly: no decimal is rounded.

use sport::date::{Date, Instant, Micros};

/// A day.
pub(crate) const DAY: i64 = 86_400_000_000;

/// A time of the day and how many decimals of a second it was printed with.
pub(crate) type OfDay = (Micros, usize);

/// Digits, and so many of them.
pub(crate) fn digits(text: &str, least: usize, most: usize) -> Option<i64> {
    let sum = |sum, byte: u8| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0'));
    ((least..=most).contains(&text.len()) && most < 19).then(|| text.bytes().try_fold(0, sum)).flatten()
}

/// Decimals of a second, six at most, in microseconds.
fn decimals(text: &str) -> Option<i64> {
    let missing = 6_usize.checked_sub(text.len())?;
    Some(digits(text, 1, 6)? * 10_i64.pow(u32::try_from(missing).ok()?))
}

/// `HH:MM:SS`, with decimals or none, and with the given marks instead of the colons and the point.
pub(crate) fn of_day(text: &str, marks: [char; 3]) -> Option<OfDay> {
    let (hours, rest) = text.split_once(marks[0])?;
    let (minutes, rest) = rest.split_once(marks[1])?;
    let (seconds, part) = rest.split_once(marks[2]).map_or((rest, ""), |(seconds, part)| (seconds, part));
    let (hours, minutes, seconds) = (digits(hours, 2, 2)?, digits(minutes, 2, 2)?, digits(seconds, 2, 2)?);
    let micros = if part.is_empty() { 0 } else { decimals(part)? };
    let whole = (hours * 60 + minutes) * 60 + seconds;
    (hours < 24 && minutes < 60 && seconds < 60).then_some((Micros(whole * 1_000_000 + micros), part.len()))
}

/// The time of the day as [`of_day`] reads it; what is beyond a day is left out, and so are further decimals.
pub(crate) fn of_day_written(time: Micros, marks: [char; 3], decimals: usize) -> String {
    let of_day = time.0.rem_euclid(DAY);
    let (seconds, micros) = (of_day / 1_000_000, of_day % 1_000_000);
    let [first, second, third] = marks;
    let mut text = format!("{:02}{first}{:02}{second}{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if decimals > 0 {
        text.push(third);
        text.extend(format!("{micros:06}").chars().take(decimals));
    }
    text
}

/// `YYYY-MM-DD`, where there is such a day.
pub(crate) fn day(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (digits(parts.next()?, 4, 4)?, digits(parts.next()?, 2, 2)?, digits(parts.next()?, 2, 2)?);
    let date = Date { year: i16::try_from(year).ok()?, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? };
    (Date::of_days(date.days_since_1970()) == Some(date)).then_some(date)
}

/// The day an instant is on.
pub(crate) fn day_of(at: Instant) -> Date {
    Date::of_days(at.0.div_euclid(DAY)).unwrap_or(Date { year: 1970, month: 1, day: 1 })
}

/// Seconds, with up to six decimals.
pub(crate) fn seconds(text: &str) -> Option<Micros> {
    let (whole, part) = text.split_once('.').map_or((text, None), |(whole, part)| (whole, Some(part)));
    Some(Micros(digits(whole, 1, 12)? * 1_000_000 + part.map_or(Some(0), decimals)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLONS: [char; 3] = [':', ':', '.'];

    #[test]
    fn times_are_read_as_they_are_printed_and_printed_again() {
        for text in ["00:00:00", "23:59:59.9", "10:07:20.2731", "08:38:21.424999"] {
            let (time, decimals) = of_day(text, COLONS).expect("it is a time");
            assert_eq!(of_day_written(time, COLONS, decimals), text);
        }
        assert_eq!(of_day("00:00'31\"957", [':', '\'', '"']), Some((Micros(31_957_000), 3)));
        for text in ["24:00:00", "00:60:00", "00:00:60", "0:00:00", "00:00:00.1234567", "00:00", "aa:00:00", "00:00:-1"] {
            assert_eq!(of_day(text, COLONS), None, "{text}");
        }
    }

    #[test]
    fn days_that_are_none_are_none() {
        assert_eq!(day("2024-02-29"), Some(Date { year: 2024, month: 2, day: 29 }));
        assert_eq!(["2023-02-29", "0000-00-00", "2024-13-01", "24-01-01", "2024-01-1"].map(day), [None; 5]);
        assert_eq!(day_of(Instant(-1)), Date { year: 1969, month: 12, day: 31 });
    }

    #[test]
    fn seconds_are_exact() {
        assert_eq!(seconds("688.41"), Some(Micros(688_410_000)));
        assert_eq!(seconds("4.448001"), Some(Micros(4_448_001)));
        assert_eq!(["", ".5", "1.", "1.2345678", "-1", "9999999999999"].map(seconds), [None; 6]);
    }
}
