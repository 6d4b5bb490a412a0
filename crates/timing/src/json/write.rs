//! The text out of the tree.

use super::{Json, Object};

/// How a file is laid out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Style {
    /// What a level is indented by.
    pub indent: Indent,
    /// What ends a line.
    pub line_end: Break,
    /// A blank stands behind a colon, and behind a comma that ends no line.
    pub spaced: bool,
    /// Which letters are escaped that need not be.
    pub escapes: Escapes,
    /// What stands behind the last bracket: a line feed or nothing.
    pub end: String,
}

/// What a level is indented by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Indent {
    /// Everything is in one line.
    None,
    /// A tab.
    Tab,
    /// So many blanks.
    Blanks(usize),
}

/// What ends a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Break {
    /// A line feed.
    Feed,
    /// A carriage return and a line feed.
    ReturnFeed,
}

/// Which letters of texts are written in another way than they must.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Escapes {
    /// Control characters stand as they are, which JSON forbids.
    pub raw_controls: bool,
    /// `\/`, as by PHP.
    pub slash: bool,
    /// `\u003c`, `\u003e` and `\u0026` for `<`, `>` and `&`, as by Go.
    pub html: bool,
    /// `\u00fc` for everything beyond ASCII, as by Python.
    pub ascii: bool,
}

/// As the servers write that this is for.
impl Default for Style {
    fn default() -> Self {
        Self { indent: Indent::Blanks(4), line_end: Break::Feed, spaced: true, escapes: Escapes::default(), end: String::new() }
    }
}

impl Style {
    /// How a text is laid out, by its first lines and its last.
    pub(super) fn of(text: &str, raw_controls: bool) -> Self {
        let inner = text.trim_start().get(1..).unwrap_or_default();
        let blank = &inner[..inner.len() - inner.trim_start().len()];
        let indent = match blank.rsplit_once('\n') {
            None => Indent::None,
            Some((_, "\t")) => Indent::Tab,
            Some((_, blanks)) => Indent::Blanks(blanks.len()),
        };
        Self {
            indent,
            line_end: if blank.starts_with('\r') { Break::ReturnFeed } else { Break::Feed },
            spaced: is_spaced(text),
            escapes: Escapes::of(text, raw_controls),
            end: text[text.trim_end().len()..].to_owned(),
        }
    }

    /// The text of a tree.
    pub fn write(&self, root: &Json) -> String {
        let mut writer = Writer { style: self, text: String::new() };
        writer.value(root, 0);
        writer.text.push_str(&self.end);
        writer.text
    }
}

impl Escapes {
    fn of(text: &str, raw_controls: bool) -> Self {
        let mut found = Self { raw_controls, ..Self::default() };
        let mut rest = text;
        while let Some((_, after)) = rest.split_once('\\') {
            let mut letters = after.chars();
            match letters.next() {
                Some('/') => found.slash = true,
                Some('u') => {
                    let digits = letters.as_str().get(..4).unwrap_or_default();
                    let letter = u32::from_str_radix(digits, 16).unwrap_or_default();
                    found.html |= ['<', '>', '&'].map(u32::from).contains(&letter);
                    found.ascii |= letter > 0x7f;
                }
                _ => {}
            }
            rest = letters.as_str();
        }
        found.ascii &= text.is_ascii();
        found
    }
}

/// Whether a blank stands behind the first colon, or comma in one line, that is not within a text.
fn is_spaced(text: &str) -> bool {
    let (mut within, mut escaping) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaping => escaping = false,
            b'\\' => escaping = true,
            b'"' => within = !within,
            b':' | b',' if !within => {
                let behind = text.as_bytes().get(at + 1);
                // A comma that ends a line says nothing.
                if byte == b':' || behind.is_some_and(|behind| !b"\r\n".contains(behind)) {
                    return behind == Some(&b' ');
                }
            }
            _ => {}
        }
    }
    true
}

struct Writer<'s> {
    style: &'s Style,
    text: String,
}

impl Writer<'_> {
    fn value(&mut self, value: &Json, level: usize) {
        match value {
            Json::Null => self.text.push_str("null"),
            Json::Bool(truth) => self.text.push_str(if *truth { "true" } else { "false" }),
            Json::Whole(number) => self.text.push_str(&number.to_string()),
            Json::Decimal(number) => self.text.push_str(&decimal(*number)),
            Json::Text(text) => self.quoted(text),
            Json::List(list) => self.list(list, level),
            Json::Object(object) => self.object(object, level),
        }
    }

    fn list(&mut self, list: &[Json], level: usize) {
        self.text.push('[');
        for (nth, value) in list.iter().enumerate() {
            self.next(nth, level + 1);
            self.value(value, level + 1);
        }
        self.close(']', list.is_empty(), level);
    }

    fn object(&mut self, object: &Object, level: usize) {
        self.text.push('{');
        for (nth, (key, value)) in object.members.iter().enumerate() {
            self.next(nth, level + 1);
            self.quoted(key);
            self.text.push_str(if self.style.spaced { ": " } else { ":" });
            self.value(value, level + 1);
        }
        self.close('}', object.members.is_empty(), level);
    }

    fn next(&mut self, nth: usize, level: usize) {
        let in_line = self.style.indent == Indent::None;
        if nth > 0 {
            self.text.push_str(if in_line && self.style.spaced { ", " } else { "," });
        }
        self.line(level);
    }

    fn close(&mut self, bracket: char, empty: bool, level: usize) {
        if !empty {
            self.line(level);
        }
        self.text.push(bracket);
    }

    fn line(&mut self, level: usize) {
        let (indent, times) = match self.style.indent {
            Indent::None => return,
            Indent::Tab => ('\t', level),
            Indent::Blanks(blanks) => (' ', blanks.saturating_mul(level)),
        };
        self.text.push_str(match self.style.line_end {
            Break::Feed => "\n",
            Break::ReturnFeed => "\r\n",
        });
        self.text.extend(std::iter::repeat_n(indent, times));
    }

    fn quoted(&mut self, text: &str) {
        let escapes = self.style.escapes;
        self.text.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '/' if escapes.slash => self.text.push_str("\\/"),
                '<' | '>' | '&' if escapes.html => self.unicode(letter),
                '\0'..' ' if escapes.raw_controls => self.text.push(letter),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                '\u{8}' => self.text.push_str("\\b"),
                '\u{c}' => self.text.push_str("\\f"),
                '\0'..' ' => self.unicode(letter),
                '\u{80}'.. if escapes.ascii => self.unicode(letter),
                _ => self.text.push(letter),
            }
        }
        self.text.push('"');
    }

    fn unicode(&mut self, letter: char) {
        for half in letter.encode_utf16(&mut [0; 2]) {
            self.text.push_str(&format!("\\u{half:04x}"));
        }
    }
}

/// The fewest digits that are this number and no other, with a point; with an exponent where Go and every browser write one.
pub(super) fn decimal(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let written = format!("{number:e}");
        return if size < 1.0 { written } else { written.replace('e', "e+") };
    }
    let mut written = number.to_string();
    if !written.contains('.') {
        written.push_str(".0");
    }
    written
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Place};
    use super::*;
    use crate::encoding::Encoding;
    use proptest::prelude::*;

    fn again(text: &str) -> String {
        String::from_utf8(Document::decode(text.as_bytes()).unwrap().encode()).unwrap()
    }

    #[test]
    fn every_way_of_laying_a_file_out_comes_back() {
        for text in [
            "{\n    \"a\": [\n        1,\n        2.5\n    ],\n    \"b\": [],\n    \"c\": {}\n}",
            "{\r\n\t\"a\": null,\r\n\t\"a\": true\r\n}\r\n",
            "{\"a\":1,\"b\":[false,0.0]}",
            "{\"a\": 1, \"b\": [1, 2]}\n",
            "[\n  \"\\u0001 \\n \\\" \\\\ /\"\n]",
            "{\n  \"lastName\": \"Ash\nTeam\tElm\"\n}",
            "[\"a\\/b\"]",
            "[\"\\u0026 \\u003c \\u003e é\"]",
            "[\"\\u00fc \\ud834\\udd1e\"]",
            "[0.000051155686, 1e-7, -15.25, 2e+21, 4294967295, -9223372036854775808, 18446744073709551615]",
            "7",
        ] {
            assert_eq!(again(text), text);
        }
    }

    #[test]
    fn what_is_laid_out_in_two_ways_comes_back_in_the_first() {
        assert_eq!(again("{\n  \"a\": [1, 2],   \n  \"b\": 1e2\n}"), "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": 100.0\n}");
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::Bool),
            any::<i64>().prop_map(Json::from),
            (-1_000_000_000_000_000_i64..1_000_000_000_000_000).prop_map(|number| Json::unscaled(number, 3)),
            ".{0,8}".prop_map(Json::Text),
            "[\u{0}-\u{20}\"\\\\/<&é𝄞]{0,8}".prop_map(Json::Text),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Json::List),
                prop::collection::vec((".{0,4}", inner), 0..5)
                    .prop_map(|members| Json::Object(Object { members, place: Place::default() })),
            ]
        })
    }

    fn any_style() -> impl Strategy<Value = Style> {
        let indent = prop_oneof![Just(Indent::None), Just(Indent::Tab), (1_usize..5).prop_map(Indent::Blanks)];
        let line_end = prop_oneof![Just(Break::Feed), Just(Break::ReturnFeed)];
        let escapes =
            any::<(bool, bool, bool, bool)>().prop_map(|(raw_controls, slash, html, ascii)| Escapes { raw_controls, slash, html, ascii });
        (indent, line_end, any::<bool>(), escapes, "\n?").prop_map(|(indent, line_end, spaced, escapes, end)| Style {
            indent,
            line_end,
            spaced,
            escapes,
            end,
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_and_written_in_the_same_bytes(root in any_json(), style in any_style(), wide: bool) {
            let encoding = if wide { Encoding::Utf16Marked } else { Encoding::Utf8 };
            let root = Json::Object(Object::of([("a", root.clone()), ("b", root)]));
            let written = encoding.encode(&style.write(&root));
            let read = Document::decode(&written).expect("it was written here");
            prop_assert_eq!(&read.root, &root);
            prop_assert_eq!(read.encode(), written);
        }
    }
}
