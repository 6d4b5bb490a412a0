//! The fields of a line: quoted or bare, with commas and quotes where they should not be.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A time, in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct Time(pub i64);

impl Time {
    /// What some feeds send where there is no time.
    pub const NEVER: Self = Self(3_599_999);

    /// The time, where it is one: feeds send 0 or a millisecond less than an hour where there is none. A lap or a race that really took so long is
    /// taken for none by every reader.
    pub fn some(self) -> Option<Self> {
        (self.0 != 0 && self != Self::NEVER && self.0 != 3_599_000).then_some(self)
    }
}

/// The fields of a line after its command.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    rest: Option<&'a str>,
    nth: u8,
}

/// What a field should have been.
pub(crate) type Wrong = String;

impl<'a> Fields<'a> {
    /// Of what stands behind the comma of the command; none where no comma does.
    pub(crate) fn of(rest: Option<&'a str>) -> Self {
        Self { rest, nth: 0 }
    }

    /// The next field, without its quotes.
    pub(crate) fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        self.nth = self.nth.saturating_add(1);
        let trimmed = rest.trim_start_matches(' ');
        let Some(inner) = trimmed.strip_prefix('"') else {
            return Some(if let Some((field, after)) = rest.split_once(',') {
                self.rest = Some(after);
                field.trim()
            } else {
                self.rest = None;
                rest.trim()
            });
        };
        // A quote inside a text ends it only where a comma or nothing comes after.
        let bytes = inner.as_bytes();
        let mut from = 0;
        while let Some(at) = bytes[from..].iter().position(|byte| *byte == b'"').map(|at| at + from) {
            let after = inner[at + 1..].trim_start_matches(' ');
            if after.is_empty() {
                self.rest = None;
                return Some(&inner[..at]);
            }
            if let Some(after) = after.strip_prefix(',') {
                self.rest = Some(after);
                return Some(&inner[..at]);
            }
            from = at + 1;
        }
        // It was never closed.
        self.rest = None;
        Some(inner)
    }

    /// What is left, as one.
    pub(crate) fn rest(&mut self) -> Option<&'a str> {
        self.rest.take()
    }

    pub(crate) fn text(&mut self, what: &str) -> Result<&'a str, Wrong> {
        self.next().ok_or_else(|| format!("{what} is missing"))
    }

    pub(crate) fn number<T: std::str::FromStr>(&mut self, what: &str) -> Result<T, Wrong> {
        let text = self.text(what)?;
        text.parse().map_err(|_| format!("{what} `{text}` (field {}) is no whole number in its range", self.nth))
    }

    /// A number, or nothing between the commas.
    pub(crate) fn maybe<T: std::str::FromStr>(&mut self, what: &str) -> Result<Option<T>, Wrong> {
        let text = self.text(what)?;
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| format!("{what} `{text}` (field {}) is no whole number in its range", self.nth))
    }

    pub(crate) fn time(&mut self, what: &str) -> Result<Time, Wrong> {
        let text = self.text(what)?;
        time(text).ok_or_else(|| format!("{what} `{text}` (field {}) is no time such as 00:02:05.195", self.nth))
    }
}

/// `[+|-]HH:MM:SS` with or without milliseconds; hours may be many. Before a start feeds count down with a sign inside: `00:00:-47`.
pub(crate) fn time(text: &str) -> Option<Time> {
    let (mut sign, text) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let (clock, part) = text.split_once('.').map_or((text, None), |(clock, part)| (clock, Some(part)));
    let mut of = clock.splitn(3, ':').map(|part| {
        let digits = part.strip_prefix('-');
        sign = if digits.is_some() { -1 } else { sign };
        number(digits.unwrap_or(part))
    });
    let (hours, minutes, seconds) = (of.next()??, of.next()??, of.next()??);
    let part = part.map_or(Some(0), |part| (part.len() == 3).then(|| number(part)).flatten())?;
    (minutes < 60 && seconds < 60).then_some(Time(sign * (((hours * 60 + minutes) * 60 + seconds) * 1_000 + part)))
}

/// Digits, and few enough of them.
fn number(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 6 {
        return None;
    }
    text.bytes().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

/// Bytes as text: UTF-8, or where they are none, Latin-1, as older servers send.
pub(crate) fn read(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()), Cow::Borrowed)
}

/// Writes a line field by field.
pub(crate) struct Line<'a>(pub(crate) &'a mut String);

impl Line<'_> {
    pub(crate) fn quoted(&mut self, text: &str) -> &mut Self {
        self.0.push_str(",\"");
        // A line has no line break inside, and a text no quote, or readers of others would end there.
        self.0.extend(text.chars().map(|of| {
            if of == '"' {
                '\''
            } else if of.is_control() {
                ' '
            } else {
                of
            }
        }));
        self.0.push('"');
        self
    }

    pub(crate) fn bare(&mut self, value: impl std::fmt::Display) -> &mut Self {
        write!(self.0, ",{value}").expect("a text takes everything");
        self
    }

    pub(crate) fn maybe(&mut self, value: Option<impl std::fmt::Display>) -> &mut Self {
        match value {
            Some(value) => self.bare(value),
            None => self.bare(""),
        }
    }

    /// `HH:MM:SS.DDD`.
    pub(crate) fn exact(&mut self, time: Time) -> &mut Self {
        self.time(time, "", true)
    }

    /// `HH:MM:SS`.
    pub(crate) fn whole(&mut self, time: Time) -> &mut Self {
        self.time(time, "", false)
    }

    /// `+HH:MM:SS.DDD`.
    pub(crate) fn signed(&mut self, time: Time) -> &mut Self {
        self.time(time, "+", true)
    }

    fn time(&mut self, time: Time, plus: &str, exact: bool) -> &mut Self {
        let sign = if time.0 < 0 { "-" } else { plus };
        let ms = time.0.unsigned_abs();
        let (hours, minutes, seconds, part) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000);
        write!(self.0, ",\"{sign}{hours:02}:{minutes:02}:{seconds:02}").expect("a text takes everything");
        if exact {
            write!(self.0, ".{part:03}").expect("a text takes everything");
        }
        self.0.push('"');
        self
    }
}
