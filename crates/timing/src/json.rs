//! A JSON file as it stands: the order of its keys, keys it has twice, which numbers are whole, how it is indented, and where in the file
//! every object is.
//!
//! Result files of simulators are read by programs that are particular about them, and carry keys this program does not know. So a file is
//! kept as a tree, what is known of it is read off the tree, and the tree is written back the way it came.

mod read;
mod write;

pub use write::{Break, Escapes, Indent, Style};

use crate::encoding::Encoding;
use crate::flaw::Flaw;
pub use crate::flaw::Place;

/// A value.
#[derive(Clone, PartialEq, Debug)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without a point or an exponent.
    Whole(i128),
    /// Any other number.
    Decimal(f64),
    /// A text.
    Text(String),
    /// `[…]`
    List(Vec<Self>),
    /// `{…}`
    Object(Object),
}

/// `{…}`, its members in the order they are told, a key that is told twice twice.
#[derive(Clone, Default, Debug)]
pub struct Object {
    /// Key and value.
    pub members: Vec<(String, Json)>,
    /// Where its first key is.
    pub place: Place,
}

/// A file.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    /// What it holds.
    pub root: Json,
    /// How it is laid out.
    pub style: Style,
    /// How its text is written in bytes.
    pub encoding: Encoding,
}

impl Document {
    /// Reads a file. Control characters within texts, which JSON forbids, are taken as they are: a league's names have line feeds in them.
    ///
    /// # Errors
    /// What is no JSON, nested deeper than 128, or has a number of more than 308 digits: with its line and column.
    pub fn decode(bytes: &[u8]) -> Result<Self, Flaw> {
        let (text, encoding) = Encoding::decode(bytes)?;
        let (root, raw_controls) = read::read(&text, encoding)?;
        Ok(Self { root, style: Style::of(&text, raw_controls), encoding })
    }

    /// The file: in the bytes it was read from, where it was laid out alike from beginning to end. Of a number with a point the parser
    /// warrants fifteen digits, and every number is written with as few as it needs.
    pub fn encode(&self) -> Vec<u8> {
        self.encoding.encode(&self.style.write(&self.root))
    }
}

impl Json {
    /// A member of an object, the first of that name.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.object()?.get(key)
    }

    /// Its members, if it is an object.
    pub fn object(&self) -> Option<&Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// Its values, if it is a list; none of anything else, such as the `null` that stands for an empty list.
    pub fn list(&self) -> &[Self] {
        if let Self::List(list) = self { list } else { &[] }
    }

    /// The list that is a member of an object, none where there is none.
    pub fn rows(&self, key: &str) -> &[Self] {
        self.get(key).map_or(&[], Self::list)
    }

    /// Its letters, if it is a text.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A whole number in the range of its type: `7`, and `7.0` as tools write that have no whole numbers.
    pub fn whole<N: TryFrom<i128>>(&self) -> Option<N> {
        let number = match self {
            Self::Whole(number) => *number,
            Self::Decimal(_) => i128::from(self.scaled(0)?),
            Self::Null | Self::Bool(_) | Self::Text(_) | Self::List(_) | Self::Object(_) => return None,
        };
        N::try_from(number).ok()
    }

    /// A number, times ten to the power of `digits`, exactly: `1.5` with 3 digits is 1500. None where digits would be lost.
    pub fn scaled(&self, digits: u32) -> Option<i64> {
        let factor = 10_i64.checked_pow(digits)?;
        match self {
            Self::Whole(number) => i64::try_from(*number).ok()?.checked_mul(factor),
            Self::Decimal(number) => scaled(&write::decimal(*number), digits),
            Self::Null | Self::Bool(_) | Self::Text(_) | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// Yes or no, as `true` and `false` or as 1 and 0.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            Self::Whole(0) => Some(false),
            Self::Whole(1) => Some(true),
            Self::Null | Self::Whole(_) | Self::Decimal(_) | Self::Text(_) | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// Says what is wrong with it; where it is, if it is an object.
    pub fn flaw(&self, why: impl Into<String>) -> Flaw {
        let Place { offset, line } = self.object().map(|object| object.place).unwrap_or_default();
        let text = Style { indent: Indent::None, ..Style::default() }.write(self);
        Flaw { line: Some(line).filter(|line| *line > 0), ..Flaw::of(offset, Some(line), text.as_bytes(), why) }
    }

    /// A number that was [`Json::scaled`] by up to 18 digits, as it is written: whole where it is.
    pub fn unscaled(number: i64, digits: u32) -> Self {
        let factor = 10_i64.pow(digits);
        if number % factor == 0 {
            return Self::Whole(i128::from(number / factor));
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "what is written of the quotient is exact up to fifteen digits, and times have fewer"
        )]
        Self::Decimal(number as f64 / factor as f64)
    }
}

/// Digits with a point, times a power of ten.
fn scaled(written: &str, digits: u32) -> Option<i64> {
    let (before, after) = written.split_once('.')?;
    let after = after.trim_end_matches('0');
    let short = digits.checked_sub(u32::try_from(after.len()).ok()?)?;
    // A number with an exponent is none of ours, and its letter fails here.
    format!("{before}{after}").parse::<i64>().ok()?.checked_mul(10_i64.checked_pow(short)?)
}

impl Object {
    /// Of these members.
    pub fn of<const N: usize>(members: [(&str, Json); N]) -> Self {
        Self { members: members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(), place: Place::default() }
    }

    /// The first member of that name.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.all(key).next()
    }

    /// The first member of that name, if it is a list; none where there is none.
    pub fn rows(&self, key: &str) -> &[Json] {
        self.get(key).map_or(&[], Json::list)
    }

    /// Every member of that name.
    pub fn all(&self, key: &str) -> impl Iterator<Item = &Json> {
        self.members.iter().filter(move |(name, _)| name == key).map(|(_, value)| value)
    }

    /// Writes a member that was changed, and leaves one that was not as it was read. What is now nothing is taken out.
    pub fn change<T: PartialEq>(&mut self, key: &str, was: &T, now: &T, json: impl FnOnce() -> Option<Json>) {
        if was == now {
            return;
        }
        match json() {
            Some(json) => self.set(key, json),
            None => self.members.retain(|(name, _)| name != key),
        }
    }

    /// Writes a member where it is, or behind the others.
    pub fn set(&mut self, key: &str, value: Json) {
        match self.members.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => self.members.push((key.to_owned(), value)),
        }
    }
}

/// Where two objects were read does not tell them apart.
impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.members == other.members
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Self {
        Self::Whole(i128::from(number))
    }
}

impl From<bool> for Json {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl From<Vec<Self>> for Json {
    fn from(list: Vec<Self>) -> Self {
        Self::List(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Json {
        Document::decode(text.as_bytes()).unwrap().root
    }

    #[test]
    fn numbers_are_taken_exactly_or_not_at_all() {
        assert_eq!(number("1632095.5").scaled(3), Some(1_632_095_500));
        assert_eq!(number("1632095.5").scaled(0), None, "half of one would be lost");
        assert_eq!((number("7").whole::<u8>(), number("7.0").whole::<u8>(), number("7.5").whole::<u8>()), (Some(7), Some(7), None));
        assert_eq!((number("256").whole::<u8>(), number("-1").whole::<u8>()), (None, None));
        assert_eq!(number("9223372036854775807").scaled(1), None, "there is no room for it");
        assert_eq!(number("1e300").scaled(3), None);
        assert_eq!(number("-0.25").scaled(2), Some(-25));
        assert_eq!(number("4294967295").whole::<u32>(), Some(u32::MAX));
    }

    #[test]
    fn what_was_scaled_is_written_as_it_was() {
        for (thousandths, written) in [(1_632_095_500, "1632095.5"), (0, "0"), (-25, "-0.025"), (7_000, "7")] {
            let json = Json::unscaled(thousandths, 3);
            assert_eq!((Style::default().write(&json).as_str(), json.scaled(3)), (written, Some(thousandths)));
        }
    }

    #[test]
    fn a_member_is_written_where_it_is_and_the_first_of_two_is_the_one() {
        let mut object = Object::of([("a", 1.into()), ("b", 2.into()), ("a", 3.into())]);
        object.set("a", true.into());
        object.set("c", "new".into());
        let text = Style { indent: Indent::None, ..Style::default() }.write(&object.clone().into());
        assert_eq!(text, r#"{"a": true, "b": 2, "a": 3, "c": "new"}"#);
        assert_eq!(object.all("a").count(), 2);
    }
}
