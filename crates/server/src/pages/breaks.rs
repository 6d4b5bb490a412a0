//! Words too long for a narrow screen: a name of some hundred letters without a space may break, or it would make the page as wide as itself.

use maud::{Markup, PreEscaped};

/// A word of more letters than this may break,
const LONG: usize = 24;
/// after every so many of them.
const PIECE: usize = 10;

/// The same with breaks allowed in long words of its text; what stands in tags, scripts, fields and drawings is as it was.
pub(crate) fn breakable(page: &Markup) -> Markup {
    let mut rest = page.0.as_str();
    let mut whole = String::with_capacity(rest.len());
    // The element whose text is not touched, while one is open.
    let mut within: Option<&str> = None;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        push(&mut whole, text, within.is_none());
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, after) = tag.split_at(end);
        whole.push_str(tag);
        let name = tag.trim_start_matches(['<', '/']).split([' ', '>']).next().unwrap_or_default();
        match within {
            Some(of) if of == name && tag.starts_with("</") => within = None,
            None if ["script", "svg", "select", "textarea"].contains(&name) => within = Some(name),
            Some(_) | None => {}
        }
        rest = after;
    }
    push(&mut whole, rest, within.is_none());
    PreEscaped(whole)
}

fn push(whole: &mut String, text: &str, breaks: bool) {
    // Shorter in bytes than a long word in letters: nothing to do, as nearly everywhere.
    if !breaks || text.len() <= LONG {
        return whole.push_str(text);
    }
    for word in text.split_inclusive(char::is_whitespace) {
        let letters = || {
            // What stands for a letter in markup is one letter: `&amp;`.
            word.chars().scan(false, |within, letter| {
                let begins = !*within;
                *within = if *within { letter != ';' } else { letter == '&' };
                Some((letter, begins))
            })
        };
        let long = letters().filter(|(letter, begins)| *begins && !letter.is_whitespace()).count() > LONG;
        let mut count = 0;
        for (letter, begins) in letters() {
            if long && begins && !letter.is_whitespace() {
                if count > 0 && count % PIECE == 0 {
                    whole.push_str("<wbr>");
                }
                count += 1;
            }
            whole.push(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(page: &str) -> String {
        breakable(&PreEscaped(page.to_owned())).0
    }

    #[test]
    fn only_long_words_of_the_text_may_break() {
        let long = "a".repeat(25);
        let broken = format!("{0}<wbr>{0}<wbr>{1}", "a".repeat(10), "a".repeat(5));
        assert_eq!(told(&format!("<p title=\"{long}\">{long} b</p>{long}")), format!("<p title=\"{long}\">{broken} b</p>{broken}"));
        let short = "a".repeat(24);
        for same in [
            "",
            &short,
            "<p>a name of many words, none of which is long, however long it is</p>",
            &format!("<svg><text>{long}</text></svg>"),
        ] {
            assert_eq!(told(same), same);
        }
        // What stands for one letter is none of several, and is not broken.
        let marks = "&lt;".repeat(30);
        assert_eq!(told(&marks), format!("{0}<wbr>{0}<wbr>{0}", "&lt;".repeat(10)));
        assert_eq!(told(&format!("<svg>{long}</svg>{long}<script>{long}")), format!("<svg>{long}</svg>{broken}<script>{long}"));
    }
}
