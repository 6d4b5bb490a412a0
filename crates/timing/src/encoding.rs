//! How the text of a file is written in bytes, and back in the same bytes.
//!
//! Servers of one simulator write sixteen-bit letters, with a mark before them or without; timing companies write eight-bit ones of three kinds.

use memchr::memchr_iter;

use crate::flaw::{Flaw, Place};

/// How text is written in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-8 with a byte-order mark before it.
    Utf8Marked,
    /// UTF-16, low byte first.
    Utf16,
    /// UTF-16, low byte first, with a byte-order mark before it.
    Utf16Marked,
    /// One byte a letter, as Western Europe wrote before UTF-8 (ISO 8859-1).
    Latin1,
}

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF16_MARK: &[u8] = b"\xff\xfe";

impl Encoding {
    /// What bytes are written in: by the mark before them; else UTF-16 where the second byte is none, as of a text that begins with an ASCII letter;
    /// else UTF-8, and Latin-1 where they cannot be that. Text with letters of UTF-8 that ends within one was cut off.
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.starts_with(UTF8_MARK) {
            Self::Utf8Marked
        } else if bytes.starts_with(UTF16_MARK) {
            Self::Utf16Marked
        } else if bytes.len() > 1 && bytes[0] != 0 && bytes[1] == 0 {
            Self::Utf16
        } else {
            match std::str::from_utf8(bytes) {
                Ok(_) => Self::Utf8,
                Err(wrong) if wrong.error_len().is_none() && !bytes[..wrong.valid_up_to()].is_ascii() => Self::Utf8,
                Err(_) => Self::Latin1,
            }
        }
    }

    /// The text of bytes, and what they are written in.
    ///
    /// # Errors
    /// UTF-16 that ends within a letter, or has half of a pair: where.
    pub fn decode(bytes: &[u8]) -> Result<(String, Self), Flaw> {
        let encoding = Self::of(bytes);
        let text = match encoding {
            Self::Utf8 => utf8(bytes, 0),
            Self::Utf8Marked => utf8(bytes, UTF8_MARK.len()),
            Self::Utf16 => utf16(bytes, 0),
            Self::Utf16Marked => utf16(bytes, UTF16_MARK.len()),
            Self::Latin1 => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
        };
        Ok((text?, encoding))
    }

    /// How many bytes text takes, without a mark before it.
    pub fn length(self, text: &str) -> usize {
        match self {
            Self::Utf8 | Self::Utf8Marked => text.len(),
            Self::Utf16 | Self::Utf16Marked => 2 * text.encode_utf16().count(),
            Self::Latin1 => text.chars().count(),
        }
    }

    /// The mark before the text.
    pub fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8Marked => UTF8_MARK,
            Self::Utf16Marked => UTF16_MARK,
            Self::Utf8 | Self::Utf16 | Self::Latin1 => b"",
        }
    }

    /// Text in bytes. A letter that Latin-1 has not is written `?`.
    pub fn encode(self, text: &str) -> Vec<u8> {
        let wide = || text.encode_utf16().flat_map(u16::to_le_bytes);
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf8Marked => [UTF8_MARK, text.as_bytes()].concat(),
            Self::Utf16 => wide().collect(),
            Self::Utf16Marked => UTF16_MARK.iter().copied().chain(wide()).collect(),
            Self::Latin1 => text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect(),
        }
    }
}

/// Where in a file positions of its text are. What is before one that was asked for is not counted again, so they are asked for in their order.
#[derive(Clone, Copy, Debug)]
pub struct Places<'t> {
    text: &'t str,
    encoding: Encoding,
    /// The position asked for last.
    reached: usize,
    place: Place,
}

impl<'t> Places<'t> {
    /// Of the text of a file.
    pub fn of(text: &'t str, encoding: Encoding) -> Self {
        Self { text, encoding, reached: 0, place: Place { offset: encoding.mark().len() as u64, line: 1 } }
    }

    /// The place of a position: that of the last one where it is before it.
    pub fn at(&mut self, position: usize) -> Place {
        if let Some(between) = self.text.get(self.reached..position) {
            self.place.offset += self.encoding.length(between) as u64;
            self.place.line += memchr_iter(b'\n', between.as_bytes()).count() as u64;
            self.reached = position;
        }
        self.place
    }
}

fn utf8(bytes: &[u8], mark: usize) -> Result<String, Flaw> {
    let text = std::str::from_utf8(&bytes[mark..]);
    text.map(str::to_owned).map_err(|wrong| {
        let at = mark + wrong.valid_up_to();
        let cut = "the text is UTF-8 and ends within a letter: it was cut off";
        let why = if wrong.error_len().is_none() { cut } else { "the mark before the text says UTF-8, and this is none" };
        Flaw::of(at as u64, None, &bytes[at..], why)
    })
}

fn utf16(bytes: &[u8], mark: usize) -> Result<String, Flaw> {
    let (pairs, rest) = bytes[mark..].as_chunks::<2>();
    let flaw = |at: usize, why: &str| Flaw::of(at as u64, None, &bytes[at..], why);
    if !rest.is_empty() {
        return Err(flaw(bytes.len() - 1, "the text is UTF-16 and ends within a letter: it was cut off"));
    }
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut at = mark;
    for letter in char::decode_utf16(pairs.iter().map(|pair| u16::from_le_bytes(*pair))) {
        let letter = letter.map_err(|_| flaw(at, "half of a pair of UTF-16, without the other half"))?;
        text.push(letter);
        at += 2 * letter.len_utf16();
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Encoding; 5] = [Encoding::Utf8, Encoding::Utf8Marked, Encoding::Utf16, Encoding::Utf16Marked, Encoding::Latin1];

    #[test]
    fn each_way_of_writing_is_known_by_its_bytes() {
        for encoding in ALL {
            let bytes = encoding.encode("{\n\"team\": \"Müller\"}");
            assert_eq!(Encoding::decode(&bytes), Ok((String::from("{\n\"team\": \"Müller\"}"), encoding)));
        }
        assert_eq!(Encoding::of(b""), Encoding::Utf8);
    }

    #[test]
    fn a_text_that_was_cut_within_a_letter_says_where() {
        let cut = Encoding::decode(b"{\0\n").unwrap_err();
        assert_eq!(cut.to_string(), "byte 2: the text is UTF-16 and ends within a letter: it was cut off: 0a");
        let half = Encoding::decode(b"\xff\xfe{\0\x00\xd8a\0").unwrap_err();
        assert_eq!((half.offset, half.why.as_str()), (4, "half of a pair of UTF-16, without the other half"));
        assert_eq!(Encoding::decode(b"\xef\xbb\xbfa\xff").unwrap_err().offset, 4);
        let cut = Encoding::decode("Zoë Müller".as_bytes().get(..7).unwrap()).unwrap_err();
        assert_eq!((cut.offset, cut.why.as_str()), (6, "the text is UTF-8 and ends within a letter: it was cut off"));
        // What ends with a letter of Western Europe is whole.
        assert_eq!(Encoding::decode(b"Andr\xe9").unwrap().0, "André");
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_in_the_same_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok((text, encoding)) = Encoding::decode(&bytes) {
                prop_assert_eq!(encoding.mark().len() + encoding.length(&text), bytes.len());
                prop_assert_eq!(encoding.encode(&text), bytes);
            }
        }
    }
}
