//! An XML file as it stands: its tags as they are written, what is between them, its declarations and comments, and where in the file every element is.
//!
//! Games write what they call XML by hand: with letters that XML forbids, in another encoding than they declare, with an `&` that begins nothing. So a file is kept as a tree of
//! what is written, what is known of it is read off the tree, and the tree is written back the way it came. No entity but the five of XML itself and numbered letters is ever
//! resolved, and nothing outside the file is ever asked for: what a DOCTYPE declares is kept and has no meaning.

mod letters;
mod read;
mod write;

use std::borrow::Cow;

use quick_xml::events::attributes::Attributes;

use crate::encoding::Encoding;
use crate::flaw::{Flaw, Place};

/// A file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    /// What stands before the root: declaration, DOCTYPE, line ends.
    pub before: Vec<Node>,
    /// The outermost element.
    pub root: Element,
    /// What stands behind the root, as it is written: a line end, or whatever a server left there.
    pub after: String,
    /// Where that begins.
    pub end: Place,
    /// How its text is written in bytes.
    pub encoding: Encoding,
}

/// A part of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Node {
    /// `<a>…</a>` or `<a/>`.
    Element(Element),
    /// Text as it is written, with its entities.
    Text(String),
    /// `<![CDATA[…]]>`, what is in it.
    Data(String),
    /// A declaration, a DOCTYPE, a comment, an instruction: with its brackets.
    Aside(String),
}

/// An element.
#[derive(Clone, Debug)]
pub struct Element {
    /// Name and attributes, as they are written between the brackets of its first tag.
    tag: String,
    /// What is in it.
    pub nodes: Vec<Node>,
    /// How it ends.
    end: End,
    /// Where its first tag begins.
    pub place: Place,
}

/// How an element ends.
#[derive(Clone, PartialEq, Eq, Debug)]
enum End {
    /// With its first tag: `<a/>`.
    Within,
    /// With a tag of its name: `</a>`.
    Tag,
    /// With a tag of its name and blanks, as it is written between the brackets.
    As(String),
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// What is no XML, is cut off, or is nested deeper than 64: with its line.
    pub fn decode(bytes: &[u8]) -> Result<Self, Flaw> {
        let (text, encoding) = Encoding::decode(bytes)?;
        read::read(&text, encoding)
    }

    /// The file: what was read, in the bytes it was read from.
    pub fn encode(&self) -> Vec<u8> {
        self.encoding.encode(&write::write(self))
    }

    /// A new file: a declaration and what else stands before the root, each on a line of its own; every element on a line of its own, indented by so much a level.
    pub fn of(before: &[&str], mut root: Element, indent: &str, line_end: &str) -> Self {
        write::lay_out(&mut root, indent, line_end);
        let before = before.iter().flat_map(|aside| [Node::Aside((*aside).to_owned()), Node::Text(line_end.to_owned())]);
        Self { before: before.collect(), root, after: String::new(), end: Place::default(), encoding: Encoding::Utf8 }
    }

    /// Says what stands behind the root and is no line end: it is not looked at.
    pub fn beyond(&self) -> Option<Flaw> {
        let Place { offset, line } = self.end;
        let why = "behind the end of the file's only element, and not looked at";
        (!self.after.trim().is_empty()).then(|| Flaw::of(offset, Some(line), self.after.trim().as_bytes(), why))
    }
}

/// The names of the first elements of a file, in the order they begin; none of a file that is no XML.
pub fn beginning(bytes: &[u8]) -> Vec<String> {
    read::beginning(bytes)
}

impl Element {
    /// An element with nothing in it.
    pub fn new(name: &str) -> Self {
        Self { tag: name.to_owned(), nodes: Vec::new(), end: End::Tag, place: Place::default() }
    }

    /// An element with a text in it.
    pub fn of(name: &str, text: &str) -> Self {
        let mut element = Self::new(name);
        if !text.is_empty() {
            element.nodes.push(Node::Text(letters::written(text).into_owned()));
        }
        element
    }

    /// An element that ends with its first tag: `<a />`.
    pub fn empty(name: &str) -> Self {
        Self { end: End::Within, ..Self::new(&format!("{name} ")) }
    }

    /// The same with one attribute more.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let blank = if self.tag.ends_with(' ') { "" } else { " " };
        let after = if self.tag.ends_with(' ') { " " } else { "" };
        self.tag.push_str(&format!("{blank}{name}=\"{}\"{after}", letters::written(value)));
        self
    }

    /// Puts an element behind the others.
    pub fn push(&mut self, element: Self) {
        self.nodes.push(Node::Element(element));
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.tag.split(|letter: char| letter.is_ascii_whitespace()).next().unwrap_or_default()
    }

    /// An attribute, its entities resolved; the first of that name.
    pub fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut attributes = Attributes::new(&self.tag, self.name().len());
        let found = attributes.with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name)?;
        Some(match found.value {
            Cow::Borrowed(value) => letters::meant(value),
            Cow::Owned(value) => Cow::Owned(letters::meant(&value).into_owned()),
        })
    }

    /// The elements in it.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Data(_) | Node::Aside(_) => None,
        })
    }

    /// The elements of a name in it.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.elements().filter(move |element| element.name() == name)
    }

    /// The first element of a name in it.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.all(name).next()
    }

    /// The text in it, its entities resolved, without that of the elements in it.
    pub fn text(&self) -> Cow<'_, str> {
        let meant = |node: &'_ Node| match node {
            Node::Text(text) => letters::meant(text).into_owned(),
            Node::Data(data) => data.clone(),
            Node::Element(_) | Node::Aside(_) => String::new(),
        };
        match self.nodes.as_slice() {
            [] => Cow::Borrowed(""),
            [Node::Text(text)] => letters::meant(text),
            nodes => Cow::Owned(nodes.iter().map(meant).collect()),
        }
    }

    /// The text of the first element of a name in it, without blanks around it. None where there is no such element, or nothing in it.
    pub fn said(&self, name: &str) -> Option<String> {
        let text = self.get(name)?.text();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Says what is wrong with it.
    pub fn flaw(&self, why: impl Into<String>) -> Flaw {
        let mut shown = String::new();
        write::shown(self, &mut shown);
        Flaw::of(self.place.offset, Some(self.place.line), shown.as_bytes(), why)
    }
}

/// Where two elements were read does not tell them apart.
impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        (&self.tag, &self.nodes, &self.end) == (&other.tag, &other.nodes, &other.end)
    }
}

impl Eq for Element {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn root(text: &str) -> Element {
        Document::decode(text.as_bytes()).unwrap().root
    }

    #[test]
    fn what_is_written_is_read_off() {
        let of = root("<r><Lap num=\"7\" s1='1.5'>48.4</Lap><Name>  D&apos;Ash &amp; Elm</Name><Team/><Data>a<![CDATA[<&>]]>b</Data></r>");
        let lap = of.get("Lap").unwrap();
        assert_eq!((lap.name(), lap.attribute("num").as_deref(), lap.attribute("s1").as_deref()), ("Lap", Some("7"), Some("1.5")));
        assert_eq!((lap.attribute("s2"), lap.text().as_ref()), (None, "48.4"));
        assert_eq!((of.said("Name").as_deref(), of.said("Team"), of.said("Car")), (Some("D'Ash & Elm"), None, None));
        assert_eq!(of.get("Data").unwrap().text(), "a<&>b");
        assert_eq!(of.elements().map(Element::name).collect::<Vec<_>>(), ["Lap", "Name", "Team", "Data"]);
    }

    #[test]
    fn a_file_that_is_made_is_laid_out_and_read() {
        let mut root = Element::new("FILE");
        let mut entry = Element::new("ENTR");
        entry.push(Element::of("Bib", "7 & \"8\""));
        entry.push(Element::empty("Rank").with("xsi:nil", "true"));
        entry.push(Element::of("Team", ""));
        root.push(entry);
        let document = Document::of(&["<?xml version=\"1.0\"?>"], root, "  ", "\r\n");
        let text = String::from_utf8(document.encode()).unwrap();
        let lines = [
            "<?xml version=\"1.0\"?>",
            "<FILE>",
            "  <ENTR>",
            "    <Bib>7 &amp; &quot;8&quot;</Bib>",
            "    <Rank xsi:nil=\"true\" />",
            "    <Team></Team>",
            "  </ENTR>",
            "</FILE>",
        ];
        assert_eq!(text, lines.join("\r\n"));
        let again = Document::decode(text.as_bytes()).unwrap().root;
        assert_eq!(again, document.root);
        assert_eq!(again.get("ENTR").and_then(|entry| entry.said("Bib")).as_deref(), Some("7 & \"8\""));
    }

    #[test]
    fn a_letter_that_xml_has_no_place_for_is_not_written() {
        let text = Document::of(&[], Element::of("Name", "Ash\u{1}\u{fffe}Elm\tOak"), "", "\n").encode();
        assert_eq!(text, b"<Name>Ash??Elm\tOak</Name>");
    }

    proptest! {
        #[test]
        fn a_text_that_is_written_is_read(text in "[^\u{0}-\u{8}\u{b}-\u{1f}\u{7f}-\u{9f}\u{fffe}\u{ffff}\r]{0,20}") {
            let element = Element::of("a", &text).with("b", &text).with("c", "1");
            let document = Document::of(&[], element, "", "\n");
            let again = Document::decode(&document.encode()).unwrap().root;
            prop_assert_eq!(again.text(), text.as_str());
            prop_assert_eq!(again.attribute("b").unwrap(), text.as_str());
            prop_assert_eq!(again.attribute("c").unwrap(), "1");
        }
    }
}
