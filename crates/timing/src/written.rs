//! Times as timing companies write them, exactly: no float touches them.

use sport::date::Micros;

/// `1:40:36.022`, `2:05.195`, `59.9`, `95`, with a sign before it or not, to the microsecond: what is finer, and none of it lost, is read all the same. `None` where it
/// is no time, or longer than a thousand hours.
pub fn time(written: &str) -> Option<Micros> {
    let (sign, digits) = match written.as_bytes().first()? {
        b'-' => (-1, &written[1..]),
        b'+' => (1, &written[1..]),
        _ => (1, written),
    };
    let (clock, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut seconds = 0_i64;
    for (nth, part) in clock.split(':').enumerate() {
        let number = whole(part)?;
        // Sixty of the smaller make one of the greater; the greatest may be more.
        if (nth > 0 && (number > 59 || part.len() > 2)) || nth > 2 || part.len() > 7 {
            return None;
        }
        seconds = seconds * 60 + number;
    }
    (seconds < 3_600_000).then_some(())?;
    Some(Micros(sign * (seconds * 1_000_000 + micros(fraction)?)))
}

/// The digits after a point, in microseconds.
fn micros(fraction: &str) -> Option<i64> {
    let (kept, beyond) = fraction.split_at_checked(6).unwrap_or((fraction, ""));
    if beyond.len() > 9 || beyond.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let digits = if kept.is_empty() { 0 } else { whole(kept)? };
    Some(digits * 10_i64.pow(6 - u32::try_from(kept.len()).ok()?))
}

/// Digits and nothing else.
fn whole(digits: &str) -> Option<i64> {
    if digits.is_empty() || digits.len() > 12 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// `2:05.195`, `1:40:36.022`, `59.900`: as most files write a time, in thousandths (cut, as timing cuts), minutes and hours where there are any.
pub fn printed(time: Micros) -> String {
    let (sign, ms) = (if time.0 < 0 { "-" } else { "" }, time.0.unsigned_abs() / 1_000);
    let (hours, minutes, seconds, ms) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{seconds}.{ms:03}"),
        (0, _) => format!("{sign}{minutes}:{seconds:02}.{ms:03}"),
        _ => format!("{sign}{hours}:{minutes:02}:{seconds:02}.{ms:03}"),
    }
}

/// `14:07:41.491`, `0:01:03.403`: hours always. Below nothing is nothing.
pub fn printed_hours(time: Micros) -> String {
    let ms = time.0.max(0) / 1_000;
    format!("{}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000)
}

/// A decimal number such as `309.5` or `-0.25` in units of so many places behind the point, to the nearest of them: `309.5` with two is 30950. `None` where it is no
/// number, or not below a thousand million.
pub fn decimal(written: &str, places: u32) -> Option<i64> {
    let (sign, digits) = written.strip_prefix('-').map_or((1, written), |digits| (-1, digits));
    let (before, behind) = digits.split_once('.').unwrap_or((digits, ""));
    let all = behind.bytes().all(|byte| byte.is_ascii_digit());
    (all && before.len() <= 9 && places <= 9 && !(before.is_empty() && behind.is_empty())).then_some(())?;
    let mut value = if before.is_empty() { 0 } else { whole(before)? };
    let mut places_of = behind.bytes().map(|byte| i64::from(byte - b'0')).chain(std::iter::repeat(0));
    for digit in places_of.by_ref().take(places as usize) {
        value = value * 10 + digit;
    }
    Some(sign * (value + i64::from(places_of.next() >= Some(5))))
}

/// So many units of so many places behind the point, with no more places than it takes, but one.
pub fn printed_decimal(value: i64, places: u32) -> String {
    let one = 10_u64.pow(places);
    let (sign, size) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
    let behind = format!("{:0width$}", size % one, width = places as usize);
    let behind = behind.trim_end_matches('0');
    format!("{sign}{}.{}", size / one, if behind.is_empty() { "0" } else { behind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_as_they_are_written() {
        let ms = |written| time(written).map(|time| time.0 / 1_000);
        assert_eq!(ms("2:05.195"), Some(125_195));
        assert_eq!(ms("1:40:36.022"), Some(6_036_022));
        assert_eq!(ms("+3.058"), Some(3_058));
        assert_eq!(ms("-0:00:47"), Some(-47_000));
        assert_eq!(ms("95"), Some(95_000));
        assert_eq!(ms("125:01.5"), Some(7_501_500));
        assert_eq!(time("0.0000019"), None, "a tenth of a microsecond would be lost");
        assert_eq!(time("10:07:20.2731000"), Some(Micros(36_440_273_100)));
        for wrong in ["", "-", "1:60.000", "1:2:3:4", ":30", "1:234", "1.2.3", "x", "9999999:00", "1,5", "--1", "٣", "1:００"] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn decimals_to_the_nearest() {
        assert_eq!(decimal("309.5", 2), Some(30_950));
        assert_eq!(decimal("67.49996", 2), Some(6_750));
        assert_eq!(decimal("29.9139913", 3), Some(29_914));
        assert_eq!(
            [decimal("-0.005", 2), decimal(".5", 0), decimal("5.", 1), decimal("78", 2)],
            [Some(-1), Some(1), Some(50), Some(7_800)]
        );
        for wrong in ["", "-", ".", "1,5", "1e3", "1.2.3", "+1", "--1", "1234567890"] {
            assert_eq!(decimal(wrong, 2), None, "{wrong}");
        }
        assert_eq!([printed_decimal(30_950, 2), printed_decimal(-5, 2), printed_decimal(7_800, 2)], ["309.5", "-0.05", "78.0"]);
    }

    proptest! {
        #[test]
        fn a_decimal_that_is_printed_is_read(value in -1_000_000_000_i64..1_000_000_000, places in 1_u32..4) {
            prop_assert_eq!(decimal(&printed_decimal(value, places), places), Some(value));
        }

        #[test]
        fn what_is_printed_is_read(ms in -3_599_999_999_i64..3_599_999_999) {
            prop_assert_eq!(time(&printed(Micros(ms * 1_000))), Some(Micros(ms * 1_000)));
        }

        #[test]
        fn whatever_is_written_is_a_time_or_none(written in ".{0,24}") {
            let _ = (time(&written), decimal(&written, 3));
        }
    }
}
