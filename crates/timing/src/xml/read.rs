//! The tree out of the text.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Document, Element, End, Node};
use crate::encoding::{Encoding, Places};
use crate::flaw::{Flaw, Place};

/// Elements within each other. The deepest file that is known has five.
const MOST_NESTED: usize = 64;
/// So many bytes of a file are looked at to tell what it is.
const LOOKED_AT: usize = 8_192;

/// A reader that finds the markup and judges nothing else.
fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    reader
}

/// The tree of a text.
pub(super) fn read(text: &str, encoding: Encoding) -> Result<Document, Flaw> {
    let mut reading = Reading { text, encoding, places: Places::of(text, encoding), before: Vec::new(), open: Vec::new() };
    // A mark before the text that is there twice is text, and the reader would pass over it without a word.
    let marks = text.len() - text.trim_start_matches('\u{feff}').len();
    reading.text(&text[..marks]);
    let mut reader = reader(&text[marks..]);
    let mut done = marks;
    loop {
        let event = reader.read_event();
        let (from, to) = (done, position(marks, reader.buffer_position(), text));
        let written = &text[from..to];
        let root = match event {
            Ok(Event::Start(_)) => reading.begin(from, inner(written, 1, 1))?,
            Ok(Event::Empty(_)) => reading.whole(from, inner(written, 1, 2)),
            Ok(Event::End(_)) => reading.end(inner(written, 2, 1)),
            Ok(Event::Text(_) | Event::GeneralRef(_)) => reading.text(written),
            Ok(Event::CData(_)) => reading.put(Node::Data(inner(written, 9, 3).to_owned())),
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => reading.put(Node::Aside(written.to_owned())),
            Ok(Event::Eof) => return Err(reading.cut_off()),
            Err(wrong) => {
                let at = position(marks, reader.error_position(), text);
                return Err(reading.flaw(at, format!("no XML: {wrong}")));
            }
        };
        done = to;
        if let Some(root) = root {
            let end = reading.places.at(done);
            return Ok(Document { before: reading.before, root, after: text[done..].to_owned(), end, encoding });
        }
    }
}

/// A position that a reader tells which began behind so many bytes, at the beginning of a letter of the text.
fn position(behind: usize, told: u64, text: &str) -> usize {
    let mut at = usize::try_from(told).unwrap_or(usize::MAX).saturating_add(behind).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// What is between so many letters of brackets before and behind.
fn inner(written: &str, before: usize, behind: usize) -> &str {
    written.len().checked_sub(behind).and_then(|end| written.get(before..end)).unwrap_or_default()
}

/// A text that is being read.
struct Reading<'t> {
    text: &'t str,
    encoding: Encoding,
    places: Places<'t>,
    before: Vec<Node>,
    /// The elements that have begun and not ended, each within the one before.
    open: Vec<Element>,
}

impl Reading<'_> {
    fn begin(&mut self, from: usize, tag: &str) -> Result<Option<Element>, Flaw> {
        if self.open.len() == MOST_NESTED {
            return Err(self.flaw(from, format!("no file of ours: {MOST_NESTED} elements within each other, and one more")));
        }
        let place = self.places.at(from);
        self.open.push(Element { tag: tag.to_owned(), nodes: Vec::new(), end: End::Tag, place });
        Ok(None)
    }

    fn whole(&mut self, from: usize, tag: &str) -> Option<Element> {
        let place = self.places.at(from);
        self.put_element(Element { tag: tag.to_owned(), nodes: Vec::new(), end: End::Within, place })
    }

    /// The reader has seen to it that it is the last that began.
    fn end(&mut self, written: &str) -> Option<Element> {
        let mut element = self.open.pop()?;
        if written != element.name() {
            element.end = End::As(written.to_owned());
        }
        self.put_element(element)
    }

    /// Puts an element into the one it is in; gives back the one that is in none.
    fn put_element(&mut self, element: Element) -> Option<Element> {
        match self.open.last_mut() {
            Some(around) => around.nodes.push(Node::Element(element)),
            None => return Some(element),
        }
        None
    }

    fn put(&mut self, node: Node) -> Option<Element> {
        self.open.last_mut().map_or(&mut self.before, |around| &mut around.nodes).push(node);
        None
    }

    /// A piece of text: the reader ends one before and behind every `&`.
    fn text(&mut self, written: &str) -> Option<Element> {
        let nodes = self.open.last_mut().map_or(&mut self.before, |around| &mut around.nodes);
        if written.is_empty() {
            return None;
        }
        match nodes.last_mut() {
            Some(Node::Text(text)) => text.push_str(written),
            _ => nodes.push(Node::Text(written.to_owned())),
        }
        None
    }

    fn cut_off(&mut self) -> Flaw {
        let Some(last) = self.open.last() else { return self.flaw(self.text.len(), String::from("no XML: it has no element")) };
        let why = format!("cut off: <{}> of line {} does not end", last.name(), last.place.line);
        self.flaw(self.text.len(), why)
    }

    fn flaw(&mut self, at: usize, why: String) -> Flaw {
        // From the beginning: a place before one that was asked for may be asked for.
        let Place { offset, line } = Places::of(self.text, self.encoding).at(at);
        Flaw::of(offset, Some(line), &self.text.as_bytes()[at..], why)
    }
}

/// The names of the first elements, as far as the beginning of a file goes.
pub(super) fn beginning(bytes: &[u8]) -> Vec<String> {
    let bytes = &bytes[..bytes.len().min(LOOKED_AT)];
    // What is cut in the middle of a letter does no harm to the tags before.
    let even = &bytes[..bytes.len() & !1];
    let Ok((text, _)) = Encoding::decode(bytes).or_else(|_| Encoding::decode(even)) else { return Vec::new() };
    if !text.trim_start().starts_with('<') {
        return Vec::new();
    }
    let (mut reader, mut names) = (reader(&text), Vec::new());
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => names.push(tag.name().as_ref().to_owned()),
            Ok(Event::Eof) | Err(_) => return names,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wrong(text: &str) -> String {
        Document::decode(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_xml_is_told_where_it_is() {
        assert_eq!(wrong("<a>\n<b>1</b>\n<c>"), "line 3: cut off: <c> of line 3 does not end: ");
        assert_eq!(wrong("<a>\n<b>1</c>\n</a>"), "line 2: no XML: ill-formed document: expected `</b>`, but `</c>` was found: </c>\\n</a>");
        assert_eq!(
            wrong("<a>\n<b x=\"1"),
            "line 2: no XML: syntax error: attribute value not closed: `\"` not found before end of input: <b x=\\\"1"
        );
        assert_eq!(wrong("</a>"), "line 1: no XML: ill-formed document: close tag `</a>` does not match any open tag: </a>");
        assert_eq!(
            (wrong(""), wrong("a\nb")),
            ("line 1: no XML: it has no element: ".into(), "line 2: no XML: it has no element: ".into())
        );
        let deep = wrong(&"<a>\n".repeat(10_000));
        assert_eq!(&deep[..71], "line 65: no file of ours: 64 elements within each other, and one more: ");
    }

    #[test]
    fn an_element_tells_where_it_is_in_any_encoding() {
        let text = "<a>\n<é𝄞/>\n<b/></a>\u{feff} x";
        for (encoding, offsets) in
            [(Encoding::Utf8, [4, 14]), (Encoding::Utf8Marked, [7, 17]), (Encoding::Utf16, [8, 22]), (Encoding::Utf16Marked, [10, 24])]
        {
            let document = Document::decode(&encoding.encode(text)).unwrap();
            let places: Vec<_> = document.root.elements().map(|of| (of.place.offset, of.place.line)).collect();
            assert_eq!(places, [(offsets[0], 2), (offsets[1], 3)], "{encoding:?}");
            assert_eq!(document.encode(), encoding.encode(text));
            assert_eq!(document.beyond().map(|flaw| flaw.line), Some(Some(3)));
        }
    }

    /// A thousand million letters of it are none here.
    #[test]
    fn nothing_that_a_doctype_declares_is_resolved() {
        let text =
            "<!DOCTYPE a [<!ENTITY b \"bbb\"><!ENTITY c \"&b;&b;\"><!ENTITY d SYSTEM \"file:///etc/hosts\">]><a x='&c;'>&c;&d;%b;</a>";
        let document = Document::decode(text.as_bytes()).unwrap();
        assert_eq!((document.root.text().as_ref(), document.root.attribute("x").as_deref()), ("&c;&d;%b;", Some("&c;")));
        assert_eq!(document.encode(), text.as_bytes());
    }

    #[test]
    fn a_file_is_known_by_its_first_elements() {
        let names = |bytes: &[u8]| beginning(bytes).join(" ");
        assert_eq!(names(b"\xef\xbb\xbf<?xml version='1.0'?><!DOCTYPE r [<!ENTITY e 'x'>]>\n<r><a>&amp; & 1</a><b/><c"), "r a b");
        assert_eq!(names(&Encoding::Utf16.encode("<r>\n<a>")), "r a");
        assert_eq!((names(b"{\"a\": \"<r>\"}"), names(b""), names(b"<")), (String::new(), String::new(), String::new()));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_told_or_written_again_in_the_same_bytes(text in r#"(<a>|</a>|<b c="1"/>|<b\n d='&lt;'>|</b >|<!--x-->|<\?x\?>|<!\[CDATA\[<]]>|<!DOCTYPE a>|&amp;|[&<>a;é "'/\n\u{1}\u{feff}-]){0,12}"#) {
            for encoding in [Encoding::Utf8, Encoding::Utf16Marked] {
                let bytes = encoding.encode(&text);
                match Document::decode(&bytes) {
                    Ok(document) => prop_assert_eq!(document.encode(), bytes),
                    Err(flaw) => prop_assert!(flaw.offset <= bytes.len() as u64 + 2),
                }
            }
        }

        #[test]
        fn a_file_cut_anywhere_is_told(at in 0_usize..64) {
            let text = r#"<?xml version="1.0"?><r><Lap num="1">48.4 &amp; 1</Lap><x/></r>"#;
            prop_assert!(Document::decode(&text.as_bytes()[..at.min(text.len() - 1)]).is_err());
        }
    }
}
