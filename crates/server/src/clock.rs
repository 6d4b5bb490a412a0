//! The time of day as the server is given it, and times to and from text.

use std::fmt;
use std::sync::Arc;

use sport::date::Instant;

/// What tells the time of day. The binary reads the clock; a simulation has one of its own.
#[derive(Clone)]
pub struct Clock {
    /// The time of day.
    pub now: Arc<dyn Fn() -> Instant + Send + Sync>,
    /// So many times faster than life it runs.
    pub speed: u32,
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock").field("now", &self.now()).field("speed", &self.speed).finish()
    }
}

impl Clock {
    /// The time of day.
    pub fn now(&self) -> Instant {
        (self.now)()
    }
}

/// An instant as RFC 3339 in UTC, to the microsecond where it has any: `2018-10-13T06:25:00Z`.
pub fn printed(at: Instant) -> String {
    jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| format!("{} µs", at.0), |time| time.to_string())
}

/// The same, always with milliseconds, for programs that read it as a fixed form.
pub(crate) fn to_ms(at: Instant) -> String {
    let ms = at.0.div_euclid(1_000);
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| printed(at), |time| format!("{time:.3}"))
}

/// Hours, minutes and seconds of an instant in UTC: `06:25:00`.
pub(crate) fn time_of_day(at: Instant) -> String {
    jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| printed(at), |time| time.strftime("%H:%M:%S").to_string())
}

/// The day and the time of it, in UTC: `2018-10-13 06:25:00`.
pub(crate) fn day_and_time(at: Instant) -> String {
    jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| printed(at), |time| time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// The same to the millisecond: `06:25:00.250`.
pub(crate) fn time_of_day_ms(at: Instant) -> String {
    let ms = at.0.div_euclid(1_000);
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| printed(at), |time| time.strftime("%H:%M:%S.%3f").to_string())
}

/// An instant as the head of an HTTP answer says it: `Sat, 13 Oct 2018 06:25:00 GMT`.
pub(crate) fn in_head(at: Instant) -> String {
    jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| printed(at), |time| time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

/// An instant as written in an address: RFC 3339.
pub(crate) fn parse(written: &str) -> Option<Instant> {
    // A plus sign that nobody encoded arrives as a space.
    let time: jiff::Timestamp = written.replace(' ', "+").parse().ok()?;
    Some(Instant(time.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_back() {
        let at = Instant(1_539_411_900_250_000);
        assert_eq!(printed(at), "2018-10-13T06:25:00.25Z");
        assert_eq!(to_ms(at), "2018-10-13T06:25:00.250Z");
        assert_eq!(time_of_day(at), "06:25:00");
        assert_eq!(time_of_day_ms(at), "06:25:00.250");
        assert_eq!(in_head(at), "Sat, 13 Oct 2018 06:25:00 GMT");
        assert_eq!(parse(&to_ms(at)), Some(at));
        assert_eq!(parse("2018-10-13T08:25:00.25 02:00"), Some(at));
        assert_eq!(parse("yesterday"), None);
    }
}
