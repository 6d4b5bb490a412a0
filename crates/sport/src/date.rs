//! Days and instants as plain numbers. The clock and the calendar's words live at the edge.

use core::fmt;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instant(pub i64);

impl Instant {
    /// Later than anything that can be recorded.
    pub const FOREVER: Self = Self(i64::MAX);
}

/// A span of time in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Micros(pub i64);

impl Micros {
    /// Whole seconds.
    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds * 1_000_000)
    }

    /// Cut to whole milliseconds, as it is printed.
    pub const fn whole_ms(self) -> Self {
        Self(self.0 / 1_000 * 1_000)
    }
}

impl core::iter::Sum for Micros {
    fn sum<I: Iterator<Item = Self>>(spans: I) -> Self {
        Self(spans.map(|span| span.0).sum())
    }
}

/// As printed on sheets, to the millisecond: `1:02:24.881`, `1:33.396`, `15.000`.
impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let ms = self.0.unsigned_abs() / 1000;
        let (h, m, s, ms) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000);
        let text = if h > 0 {
            alloc::format!("{sign}{h}:{m:02}:{s:02}.{ms:03}")
        } else if m > 0 {
            alloc::format!("{sign}{m}:{s:02}.{ms:03}")
        } else {
            alloc::format!("{sign}{s}.{ms:03}")
        };
        f.pad(&text)
    }
}

/// A calendar day. Ordered; the edge checks that it exists.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    /// Year, such as 2018.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
}

impl Date {
    /// Days since 1970-01-01 in the civil calendar.
    pub fn days_since_1970(self) -> i64 {
        let (year, month) = (i64::from(self.year) - i64::from(self.month <= 2), (i64::from(self.month) + 9) % 12);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day so many days after 1970-01-01; `None` where its year is beyond what is counted.
    pub fn of_days(days: i64) -> Option<Self> {
        let days = days.checked_add(719_468)?;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let of_cycle = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * of_cycle + of_cycle / 4 - of_cycle / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let (year, month) = (era * 400 + of_cycle + i64::from(month >= 10), if month < 10 { month + 3 } else { month - 9 });
        Some(Self { year: i16::try_from(year).ok()?, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? })
    }

    /// The instant it begins in UTC.
    pub fn midnight(self) -> Instant {
        Instant(self.days_since_1970() * 86_400_000_000)
    }

    /// Whole years between two days, as ages are counted (P25).
    pub fn years_until(self, day: Self) -> i16 {
        let before_birthday = (day.month, day.day) < (self.month, self.day);
        day.year - self.year - i16::from(before_birthday)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&alloc::format!("{:04}-{:02}-{:02}", self.year, self.month, self.day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_counted_there_and_back() {
        assert_eq!(Date { year: 1970, month: 1, day: 1 }.days_since_1970(), 0);
        assert_eq!(Date { year: 2024, month: 2, day: 29 }.days_since_1970(), 19_782);
        for days in (-800_000..3_000_000).chain([i64::from(i16::MIN) * 366, 11_248_737]) {
            if let Some(day) = Date::of_days(days) {
                assert_eq!(day.days_since_1970(), days);
                assert!((1..=12).contains(&day.month) && (1..=31).contains(&day.day));
            }
        }
        assert_eq!([i64::MIN, i64::MAX, 20_000_000].map(Date::of_days), [None; 3]);
    }
}
