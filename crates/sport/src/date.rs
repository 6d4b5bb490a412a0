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
