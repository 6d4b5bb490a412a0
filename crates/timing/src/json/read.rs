//! The tree out of the text.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Json, Object, Place};
use crate::encoding::{Encoding, Places};
use crate::flaw::Flaw;

/// The tree of a text, and whether there were control characters within its texts.
pub(super) fn read(text: &str, encoding: Encoding) -> Result<(Json, bool), Flaw> {
    let (escaped, escapes) = escape_controls(text);
    let reading = Reading { text, escaped: &escaped, escapes: &escapes, encoding, places: Cell::new(Places::of(text, encoding)) };
    let mut deserializer = serde_json::Deserializer::from_str(&escaped);
    let root = Value(&reading).deserialize(&mut deserializer).and_then(|root| deserializer.end().map(|()| root));
    let root = root.map_err(|wrong| reading.flaw(&wrong))?;
    Ok((root, !escapes.is_empty()))
}

/// Letters of an escape such as `\u000a`, less the one it stands for.
const LONGER: usize = 5;

/// The text with control characters within its texts escaped, and where those escapes are.
fn escape_controls(text: &str) -> (Cow<'_, str>, Vec<usize>) {
    let (mut within, mut escaping) = (false, false);
    let mut raw = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaping => escaping = false,
            b'\\' => escaping = within,
            b'"' => within = !within,
            0..0x20 if within => raw.push(at),
            _ => {}
        }
    }
    if raw.is_empty() {
        return (Cow::Borrowed(text), raw);
    }
    let mut escaped = String::with_capacity(text.len() + LONGER * raw.len());
    let mut done = 0;
    for at in &mut raw {
        escaped.push_str(&text[done..*at]);
        let byte = text.as_bytes()[*at];
        done = *at + 1;
        *at = escaped.len();
        escaped.push_str(&format!("\\u{byte:04x}"));
    }
    escaped.push_str(&text[done..]);
    (Cow::Owned(escaped), raw)
}

/// A text that is being read.
struct Reading<'t> {
    text: &'t str,
    escaped: &'t str,
    escapes: &'t [usize],
    encoding: Encoding,
    places: Cell<Places<'t>>,
}

impl Reading<'_> {
    /// Where a piece of the escaped text is in the file. A text without escapes is lent by the parser out of what it parses, so that its
    /// address tells where it is; with any other the place is that of the last one.
    fn place(&self, piece: Option<&str>) -> Place {
        let at = piece.and_then(|piece| piece.as_ptr().addr().checked_sub(self.escaped.as_ptr().addr()));
        self.place_at(at.filter(|at| *at <= self.escaped.len()).map_or(0, |at| self.unescaped(at)))
    }

    /// A position in the escaped text as one in the text. Within an escape that is the letter it stands for.
    fn unescaped(&self, at: usize) -> usize {
        let before = self.escapes.partition_point(|escape| escape + LONGER < at);
        let next = self.escapes.get(before).copied().unwrap_or(usize::MAX);
        at.min(next) - LONGER * before
    }

    /// The place of a position in the text; of one before one that was asked for, that of the last.
    fn place_at(&self, at: usize) -> Place {
        let mut places = self.places.get();
        let place = places.at(at);
        self.places.set(places);
        place
    }

    /// What the parser says, where it is in the file.
    fn flaw(&self, wrong: &serde_json::Error) -> Flaw {
        let line_begin = |line: usize| self.escaped.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
        let at = line_begin(wrong.line().max(1)) + wrong.column().saturating_sub(1);
        let mut at = self.unescaped(at.min(self.escaped.len())).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let said = wrong.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        let begin = self.text[..at].rfind('\n').map_or(0, |feed| feed + 1);
        let column = self.text[begin..at].chars().count() + 1;
        // Counted from the beginning: the parser may have gone beyond the place of what is wrong.
        let place = Places::of(self.text, self.encoding).at(at);
        Flaw::of(place.offset, Some(place.line), &self.text.as_bytes()[at..], format!("no JSON: {said}, column {column}"))
    }
}

/// Reads any value.
struct Value<'r, 't>(&'r Reading<'t>);

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Json, E> {
        Ok(Json::Bool(truth))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Whole(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Whole(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Decimal(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element_seed(Value(self.0))? {
            list.push(value);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut values: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        let mut place = None;
        while let Some((key, at)) = values.next_key_seed(Key(if place.is_none() { Some(self.0) } else { None }))? {
            place = place.or(at);
            members.push((key, values.next_value_seed(Value(self.0))?));
        }
        Ok(Json::Object(Object { members, place: place.unwrap_or_else(|| self.0.place(None)) }))
    }
}

/// Reads a key, and where it is if a reading asks for it.
struct Key<'r, 't>(Option<&'r Reading<'t>>);

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = (String, Option<Place>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_, '_> {
    type Value = (String, Option<Place>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok((key.to_owned(), self.0.map(|reading| reading.place(Some(key)))))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok((key.to_owned(), self.0.map(|reading| reading.place(None))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::*;
    use proptest::prelude::*;

    fn wrong(text: &str, encoding: Encoding) -> Flaw {
        Document::decode(&encoding.encode(text)).unwrap_err()
    }

    #[test]
    fn what_is_no_json_is_told_by_line_and_column_and_byte() {
        let text = "{\n  \"a\": 1,\n  \"ü\": x\n}";
        let flaw = wrong(text, Encoding::Utf8);
        assert_eq!(flaw.to_string(), "line 3: no JSON: expected value, column 8: x\\n}");
        assert_eq!((flaw.offset, wrong(text, Encoding::Utf16Marked).offset), (20, 2 + 2 * 19));
        let cut = wrong("{\"laps\": [1, 2", Encoding::Utf8);
        assert_eq!(cut.to_string(), "line 1: no JSON: EOF while parsing a list, column 14: 2");
        assert_eq!(wrong("", Encoding::Utf8).why, "no JSON: EOF while parsing a value, column 1");
        assert_eq!(wrong("{} {}", Encoding::Utf8).why, "no JSON: trailing characters, column 4");
    }

    #[test]
    fn a_line_feed_within_a_name_is_taken_and_counted_as_a_line() {
        let text = "{\n  \"lastName\": \"Ash\nTeam\tElm\",\n  \"car\": {\"id\": 1}, \"b\": x}";
        let flaw = wrong(text, Encoding::Utf8);
        assert_eq!(flaw.to_string(), "line 4: no JSON: expected value, column 26: x}");
        let document = Document::decode(text.replace('x', "2").as_bytes()).unwrap();
        assert_eq!(document.root.get("lastName").and_then(Json::text), Some("Ash\nTeam\tElm"));
        assert_eq!(document.root.get("car").and_then(Json::object).map(|car| car.place), Some(Place { offset: 43, line: 4 }));
    }

    #[test]
    fn a_text_that_ends_with_a_line_feed_is_told_at_its_end() {
        assert_eq!(wrong("\"\n", Encoding::Utf8).to_string(), "line 1: no JSON: EOF while parsing a string, column 2: \\n");
        assert_eq!(wrong("[\"\n\n\n", Encoding::Utf8).line, Some(3));
    }

    #[test]
    fn an_object_tells_where_it_is_in_any_encoding() {
        let text = "[\n{\"é𝄞\": {}},\n{\"b\": 1}]";
        let places = |encoding: Encoding| {
            let document = Document::decode(&encoding.encode(text)).unwrap();
            document.root.list().iter().map(|of| of.object().map(|of| (of.place.offset, of.place.line))).collect::<Vec<_>>()
        };
        assert_eq!(places(Encoding::Utf8), [Some((4, 2)), Some((20, 3))]);
        assert_eq!(places(Encoding::Utf16), [Some((8, 2)), Some((34, 3))]);
        assert_eq!(places(Encoding::Utf8Marked), [Some((7, 2)), Some((23, 3))]);
    }

    #[test]
    fn nesting_and_numbers_have_bounds() {
        let nested = "[".repeat(10_000);
        assert!(wrong(&nested, Encoding::Utf8).why.starts_with("no JSON: recursion limit exceeded, column"));
        let long = format!("{{\"laps\": {}}}", "9".repeat(400));
        assert!(wrong(&long, Encoding::Utf8).why.starts_with("no JSON: number out of range, column"));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_told(text in r#"[\[\]{}",:\\tfnu0-9.eE é\n\t-]{0,60}"#) {
            match Document::decode(text.as_bytes()) {
                Ok(document) => {
                    let again = Document::decode(&document.encode()).expect("it was written here");
                    prop_assert_eq!(again.root, document.root);
                }
                Err(flaw) => prop_assert!(flaw.offset <= text.len() as u64),
            }
        }

        #[test]
        fn a_file_cut_anywhere_is_told(at in 0_usize..70) {
            let text = r#"{"laps": [{"carId": 1001, "splits": [1, 2.5], "valid": true}], "n": null}"#;
            prop_assert!(Document::decode(&text.as_bytes()[..at]).is_err());
        }
    }
}
