//! The fields of a record: what parts them, and how their numbers and times are written.

use std::borrow::Cow;

use sport::date::{Instant, Micros};

use crate::rmonitor::field::read;

/// What parts the fields of a record. It is told by what stands behind the command, so that nobody has to know it beforehand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Separator {
    /// A byte of 80 or above. Texts are then one byte a letter, as the feed of such a byte cannot be UTF-8.
    Byte(u8),
    /// The broken bar, in UTF-8.
    Bar,
    /// U+FFFD: somebody on the way took the byte for UTF-8, and every other letter that is no ASCII is lost with it.
    Lost,
    /// The three letters `<S>`, as samples are retyped.
    Retyped,
}

impl Separator {
    /// What a server sends: the broken bar as one byte. Said by others, not seen.
    pub const USUAL: Self = Self::Byte(0xa6);

    /// What parts the fields of a line; none where nothing stands behind its command that could.
    pub fn of(line: &[u8]) -> Option<Self> {
        let command = line.strip_prefix(b"$")?;
        let end = command.iter().position(|byte| !is_of_command(*byte)).filter(|end| *end > 0)?;
        let behind = &command[end..];
        let written = [Self::Bar, Self::Lost, Self::Retyped].into_iter().find(|of| behind.starts_with(of.text().as_bytes()));
        written.or_else(|| (behind[0] >= 0x80).then(|| Self::Byte(behind[0])))
    }

    /// In the text of a record.
    fn text(self) -> Cow<'static, str> {
        match self {
            Self::Byte(byte) => Cow::Owned(char::from(byte).to_string()),
            Self::Bar => Cow::Borrowed("¦"),
            Self::Lost => Cow::Borrowed("\u{fffd}"),
            Self::Retyped => Cow::Borrowed("<S>"),
        }
    }

    /// The text of a line.
    pub fn read(self, line: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Byte(_) => Cow::Owned(line.iter().map(|byte| char::from(*byte)).collect()),
            Self::Bar | Self::Lost | Self::Retyped => read(line),
        }
    }

    /// Writes a field. What would end it or its line is written otherwise, and a letter that has no byte of its own where letters are single bytes as `?`.
    fn put(self, field: &str, out: &mut Vec<u8>) {
        let parting = self.text();
        let field = if field.contains(&*parting) { Cow::Owned(field.replace(&*parting, "|")) } else { Cow::Borrowed(field) };
        let lasting = field.chars().map(|letter| if matches!(letter, '\r' | '\n') { ' ' } else { letter });
        if let Self::Byte(_) = self {
            out.extend(lasting.map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')));
        } else {
            out.extend(lasting.collect::<String>().into_bytes());
        }
    }

    fn cut(self, text: &str) -> Option<(&str, &str)> {
        match self {
            Self::Byte(byte) => text.split_once(char::from(byte)),
            Self::Bar => text.split_once('¦'),
            Self::Lost => text.split_once('\u{fffd}'),
            Self::Retyped => text.split_once("<S>"),
        }
    }
}

/// Letters, digits and the colon of `$USAC:S`.
fn is_of_command(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b':'
}

/// A time in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Ms(pub u32);

impl Ms {
    /// In microseconds.
    pub fn micros(self) -> Micros {
        Micros(i64::from(self.0) * 1_000)
    }
}

/// A moment in seconds since 1970. Whether of UTC or of the clock at the track is not said.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Seconds(pub u32);

impl Seconds {
    /// As an instant, taken for UTC.
    pub fn instant(self) -> Instant {
        Instant(i64::from(self.0) * 1_000_000)
    }
}

/// What a field can hold.
pub(crate) trait Value<'a>: Copy {
    /// What it should be, for who wrote something else.
    const SHOULD: &'static str;
    /// Nothing between two separators is one: a text.
    const MAY_BE_EMPTY: bool = false;
    fn read(field: &'a str) -> Option<Self>;
    fn write(self) -> Cow<'a, str>;
}

impl<'a> Value<'a> for &'a str {
    const SHOULD: &'static str = "a text";
    const MAY_BE_EMPTY: bool = true;

    fn read(field: &'a str) -> Option<Self> {
        Some(field)
    }

    fn write(self) -> Cow<'a, str> {
        Cow::Borrowed(self)
    }
}

/// A number without a sign, in hexadecimal digits.
impl Value<'_> for u32 {
    const SHOULD: &'static str = "a number of up to eight hexadecimal digits";

    fn read(field: &str) -> Option<Self> {
        let digits = field.trim();
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| Self::from_str_radix(digits, 16).ok()).flatten()
    }

    fn write(self) -> Cow<'static, str> {
        Cow::Owned(format!("{self:X}"))
    }
}

/// A number that may have a sign, in decimal digits.
impl Value<'_> for i32 {
    const SHOULD: &'static str = "a whole number in its range";

    fn read(field: &str) -> Option<Self> {
        field.trim().parse().ok()
    }

    fn write(self) -> Cow<'static, str> {
        Cow::Owned(self.to_string())
    }
}

impl Value<'_> for Ms {
    const SHOULD: &'static str = "a time of up to eight hexadecimal digits";

    fn read(field: &str) -> Option<Self> {
        u32::read(field).map(Self)
    }

    fn write(self) -> Cow<'static, str> {
        self.0.write()
    }
}

impl Value<'_> for Seconds {
    const SHOULD: &'static str = "a moment of up to eight hexadecimal digits";

    fn read(field: &str) -> Option<Self> {
        u32::read(field).map(Self)
    }

    fn write(self) -> Cow<'static, str> {
        self.0.write()
    }
}

/// The fields of a line, from the first.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    rest: Option<&'a str>,
    separator: Separator,
    nth: u16,
}

/// What a field should have been.
pub(crate) type Wrong = String;

impl<'a> Fields<'a> {
    pub(crate) fn of(line: &'a str, separator: Separator) -> Self {
        Self { rest: Some(line), separator, nth: 0 }
    }

    /// Whether the line has no further field: one that ends with a separator has an empty one.
    pub(crate) fn is_over(&self) -> bool {
        self.rest.is_none()
    }

    /// Whether nothing stands in any further field.
    pub(crate) fn is_empty(&self) -> bool {
        let mut rest = self.clone();
        std::iter::from_fn(|| rest.text()).all(|field| field.trim().is_empty())
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        self.nth = self.nth.saturating_add(1);
        let (field, after) = self.separator.cut(rest).map_or((rest, None), |(field, after)| (field, Some(after)));
        self.rest = after;
        Some(field)
    }

    /// The next field; none where the line is over or where nothing stands between two separators.
    pub(crate) fn next<T: Value<'a>>(&mut self, what: &str) -> Result<Option<T>, Wrong> {
        let Some(field) = self.text() else { return Ok(None) };
        if !T::MAY_BE_EMPTY && field.trim().is_empty() {
            return Ok(None);
        }
        let wrong = || format!("{what} `{field}` (field {}) is not {}", self.nth, T::SHOULD);
        T::read(field).map(Some).ok_or_else(wrong)
    }

    /// Everything that is left.
    pub(crate) fn all(&mut self) -> Vec<&'a str> {
        std::iter::from_fn(|| self.text()).collect()
    }
}

/// A line, field by field.
#[derive(Default)]
pub(crate) struct Line<'a> {
    fields: Vec<Cow<'a, str>>,
    /// Fields up to the last that there is.
    told: usize,
}

impl<'a> Line<'a> {
    /// Puts a field behind the others. Fields that there are not are left out at the end of a line and empty before it.
    pub(crate) fn put<T: Value<'a>>(&mut self, value: Option<T>) {
        let there = value.is_some();
        self.fields.push(value.map(T::write).unwrap_or_default());
        if there {
            self.told = self.fields.len();
        }
    }

    pub(crate) fn put_all(&mut self, fields: &[&'a str]) {
        fields.iter().for_each(|field| self.put(Some(*field)));
    }

    /// Writes it, with its end.
    pub(crate) fn write(&self, separator: Separator, out: &mut Vec<u8>) {
        for (nth, field) in self.fields[..self.told].iter().enumerate() {
            if nth > 0 {
                match separator {
                    Separator::Byte(byte) => out.push(byte),
                    Separator::Bar | Separator::Lost | Separator::Retyped => out.extend(separator.text().as_bytes()),
                }
            }
            separator.put(field, out);
        }
        out.extend(b"\r\n");
    }
}
