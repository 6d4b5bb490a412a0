//! Letters that stand for another, and back.

use std::borrow::Cow;

use memchr::memchr;

/// The five that XML itself has.
const ENTITIES: [(&str, char); 5] = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];
/// The longest of them that is looked for, with its end: `&#x0010FFFF;`.
const LONGEST: usize = 12;

/// A text with the entities of XML and numbered letters resolved. Any other stays as it is written, and so does an `&` that begins none.
pub(super) fn meant(written: &str) -> Cow<'_, str> {
    let Some(first) = memchr(b'&', written.as_bytes()) else { return Cow::Borrowed(written) };
    let mut text = String::with_capacity(written.len());
    text.push_str(&written[..first]);
    let mut rest = &written[first..];
    while let Some(begun) = rest.strip_prefix('&') {
        let resolved = entity(begun);
        text.push(resolved.map_or('&', |(letter, _)| letter));
        rest = resolved.map_or(begun, |(_, rest)| rest);
        let next = memchr(b'&', rest.as_bytes()).unwrap_or(rest.len());
        text.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(text)
}

/// The letter that stands here behind an `&`, and what is behind its `;`.
fn entity(begun: &str) -> Option<(char, &str)> {
    let end = memchr(b';', &begun.as_bytes()[..begun.len().min(LONGEST)])?;
    let (name, rest) = (&begun[..end], &begun[end + 1..]);
    let letter = match name.strip_prefix('#') {
        None => ENTITIES.iter().find(|(known, _)| *known == name)?.1,
        Some(number) => {
            let (digits, radix) = number.strip_prefix(['x', 'X']).map_or((number, 10), |digits| (digits, 16));
            let signed = digits.starts_with('+');
            char::from_u32(u32::from_str_radix(digits, radix).ok()?).filter(|letter| !signed && *letter != '\0')?
        }
    };
    Some((letter, rest))
}

/// A text as it is written in an element or an attribute. What XML has no place for, which is most control characters, becomes a question mark.
pub(super) fn written(text: &str) -> Cow<'_, str> {
    let plain = |letter: char| !matches!(letter, '&' | '<' | '>' | '"') && allowed(letter);
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match ENTITIES.iter().find(|(_, known)| *known == letter && letter != '\'') {
            Some((name, _)) => written.extend(["&", name, ";"]),
            None => written.push(if allowed(letter) { letter } else { '?' }),
        }
    }
    Cow::Owned(written)
}

/// Whether XML has a place for a letter.
fn allowed(letter: char) -> bool {
    !matches!(letter, '\0'..'\t' | '\x0b' | '\x0c' | '\x0e'..' ' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_letter_is_that_letter_and_nothing_else_is_touched() {
        assert_eq!(meant("a &lt;b&gt; &amp;amp; &#65;&#x42; &quot;&apos;"), "a <b> &amp; AB \"'");
        for kept in ["Ash & Elm", "&", "a&b;", "&rFEnt;", "&#0;", "&#xD800;", "&#+65;", "&#;", "&amp", "& amp;", "&;", "&#x11FFFF;", "&Zoë"]
        {
            assert_eq!(meant(kept), kept);
        }
        assert!(matches!(meant("plain"), Cow::Borrowed("plain")));
    }
}
