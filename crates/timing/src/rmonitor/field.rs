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
///
/// Feeds are long and their lines short, so each field is read where it stands, byte by byte: every sign that ends one is ASCII.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    line: &'a str,
    /// Where the next field begins; behind the end where there is none.
    at: usize,
    nth: u8,
    /// A text was begun and not closed.
    pub(crate) open: bool,
}

/// What a field should have been.
pub(crate) type Wrong = String;

impl<'a> Fields<'a> {
    /// Of a line, from a position on; none where that is behind its end.
    pub(crate) fn of(line: &'a str, at: usize) -> Self {
        Self { line, at, nth: 0, open: false }
    }

    /// The next field, without its quotes.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<&'a str> {
        let bytes = self.line.as_bytes();
        self.nth = self.nth.saturating_add(1);
        let mut begin = self.at;
        if begin > bytes.len() {
            return None;
        }
        while bytes.get(begin) == Some(&b' ') {
            begin += 1;
        }
        if bytes.get(begin) == Some(&b'"') { Some(self.quoted(begin + 1)) } else { Some(self.bare()) }
    }

    #[inline]
    fn bare(&mut self) -> &'a str {
        let bytes = self.line.as_bytes();
        let begin = self.at;
        let mut end = begin;
        while end < bytes.len() && bytes[end] != b',' {
            end += 1;
        }
        self.at = end + 1;
        let field = &self.line[begin..end];
        // Most have no blanks around them.
        match field.as_bytes() {
            [] | [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => field,
            _ => field.trim(),
        }
    }

    #[inline(always)]
    fn quoted(&mut self, begin: usize) -> &'a str {
        let bytes = self.line.as_bytes();
        let mut at = begin;
        while at < bytes.len() {
            if bytes[at] == b'"' {
                // A quote inside a text ends it only where a comma or nothing comes after.
                let mut after = at + 1;
                while bytes.get(after) == Some(&b' ') {
                    after += 1;
                }
                if after >= bytes.len() || bytes[after] == b',' {
                    self.at = after + 1;
                    return &self.line[begin..at];
                }
            }
            at += 1;
        }
        self.open = true;
        self.at = bytes.len() + 1;
        &self.line[begin..]
    }

    /// What is left, as one.
    pub(crate) fn rest(&mut self) -> Option<&'a str> {
        let rest = self.line.get(self.at..);
        self.at = self.line.len() + 1;
        rest
    }

    #[inline]
    pub(crate) fn text(&mut self, what: &str) -> Result<&'a str, Wrong> {
        match self.next() {
            Some(text) => Ok(text),
            None => Err(missing(what)),
        }
    }

    #[inline(always)]
    pub(crate) fn number<T: TryFrom<i64>>(&mut self, what: &str) -> Result<T, Wrong> {
        if let Some(number) = self.digits().and_then(|number| T::try_from(number).ok()) {
            return Ok(number);
        }
        let text = self.text(what)?;
        match signed(text).and_then(|number| T::try_from(number).ok()) {
            Some(number) => Ok(number),
            None => Err(self.no_number(what, text)),
        }
    }

    /// A number, or nothing between the commas.
    #[inline(always)]
    pub(crate) fn maybe<T: TryFrom<i64>>(&mut self, what: &str) -> Result<Option<T>, Wrong> {
        if let Some(number) = self.digits().and_then(|number| T::try_from(number).ok()) {
            return Ok(Some(number));
        }
        let text = self.text(what)?;
        if text.is_empty() {
            return Ok(None);
        }
        match signed(text).and_then(|number| T::try_from(number).ok()) {
            Some(number) => Ok(Some(number)),
            None => Err(self.no_number(what, text)),
        }
    }

    #[inline(always)]
    pub(crate) fn time(&mut self, what: &str) -> Result<Time, Wrong> {
        if let Some(time) = self.clock::<12>().or_else(|| self.clock::<8>()) {
            return Ok(time);
        }
        let text = self.text(what)?;
        match time(text) {
            Some(time) => Ok(time),
            None => Err(self.no_time(what, text)),
        }
    }

    /// A field of up to nine digits and nothing else, with the comma behind it; where it is another, the field is still to come.
    #[inline(always)]
    fn digits(&mut self) -> Option<i64> {
        let bytes = self.line.as_bytes();
        let (mut at, mut sum) = (self.at, 0_i64);
        // Nine are enough, and more might be too many.
        let most = self.at.saturating_add(10);
        while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10 && at < most) {
            sum = sum * 10 + i64::from(digit);
            at += 1;
        }
        let digits = at.wrapping_sub(self.at);
        if bytes.get(at) != Some(&b',') || digits == 0 || digits > 9 {
            return None;
        }
        (self.at, self.nth) = (at + 1, self.nth.saturating_add(1));
        Some(sum)
    }

    /// A quoted time of so many letters as specified; where it is another, the field is still to come.
    #[inline(always)]
    fn clock<const LONG: usize>(&mut self) -> Option<Time> {
        let bytes = self.line.as_bytes();
        let (quote, rest) = bytes.get(self.at..)?.split_first()?;
        let (clock, rest) = rest.split_first_chunk::<LONG>()?;
        let (close, rest) = rest.split_first()?;
        if *quote != b'"' || *close != b'"' || rest.first().is_some_and(|comma| *comma != b',') {
            return None;
        }
        let time = as_specified(clock)?;
        (self.at, self.nth) = (self.at + LONG + 3, self.nth.saturating_add(1));
        Some(time)
    }

    #[cold]
    fn no_number(&self, what: &str, text: &str) -> Wrong {
        format!("{what} `{text}` (field {}) is no whole number in its range", self.nth)
    }

    #[cold]
    fn no_time(&self, what: &str, text: &str) -> Wrong {
        format!("{what} `{text}` (field {}) is no time such as 00:02:05.195", self.nth)
    }
}

#[cold]
fn missing(what: &str) -> Wrong {
    format!("{what} is missing")
}

/// `[+|-]HH:MM:SS` with or without milliseconds; hours may be many. Before a start feeds count down with a sign inside: `00:00:-47`.
#[inline]
pub(crate) fn time(text: &str) -> Option<Time> {
    as_specified(text.as_bytes()).or_else(|| odd(text))
}

/// `HH:MM:SS.DDD` and `HH:MM:SS`, as nearly all are: eight letters at once.
#[inline(always)]
fn as_specified(text: &[u8]) -> Option<Time> {
    let (clock, part) = text.split_first_chunk::<8>()?;
    // What is left of each letter is its digit, and nothing of a colon.
    let digits = u64::from_le_bytes(*clock) ^ u64::from_le_bytes(*b"00:00:00");
    // Of a greater digit than 9, of a greater tens of minutes or seconds than 5 and of anything in a colon's place this makes the highest bit one.
    let more = digits.wrapping_add(u64::from_le_bytes([0x76, 0x76, 0x7f, 0x7a, 0x76, 0x7f, 0x7a, 0x76]));
    if (digits | more) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    let [h, hours, _, m, minutes, _, s, seconds] = digits.to_le_bytes().map(i64::from);
    let seconds = ((h * 10 + hours) * 60 + m * 10 + minutes) * 60 + s * 10 + seconds;
    let part = match *part {
        [] => 0,
        [b'.', tenth, hundredth, thousandth] => {
            let [t, h, th] = [tenth, hundredth, thousandth].map(|letter| i64::from(letter.wrapping_sub(b'0')));
            if t.max(h).max(th) > 9 {
                return None;
            }
            t * 100 + h * 10 + th
        }
        _ => return None,
    };
    Some(Time(seconds * 1_000 + part))
}

/// Signs, many hours.
#[cold]
fn odd(text: &str) -> Option<Time> {
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
#[inline]
fn number(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    let mut sum = 0;
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        sum = sum * 10 + i64::from(byte - b'0');
    }
    Some(sum)
}

/// The same, with a sign or without.
#[inline]
fn signed(text: &str) -> Option<i64> {
    match text.as_bytes().first()? {
        b'-' => number(&text[1..]).map(|number| -number),
        b'+' => number(&text[1..]),
        _ => number(text),
    }
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

    /// Without quotes where it can be.
    pub(crate) fn plain(&mut self, text: &str) -> &mut Self {
        if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) { self.bare(text) } else { self.quoted(text) }
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
