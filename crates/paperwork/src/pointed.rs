//! The word of a request that a refusal is about. A refusal comes from the sport, which knows no file: its code and its reason say which.

use crate::place::Place;
use crate::tree::{Node, Value};

/// A value of a request with the key it stands under.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Word {
    key: String,
    /// Empty where it is no word: a time.
    text: String,
    place: Place,
    /// Where the table begins that it stands in.
    table: usize,
}

/// Every value of a request, in order.
pub(crate) fn words(node: &Node) -> Vec<Word> {
    let mut words = Vec::new();
    add(node, "", 0, &mut words);
    words
}

fn add(node: &Node, key: &str, table: usize, words: &mut Vec<Word>) {
    let text = match &node.value {
        Value::Table(inner) => {
            for entry in &inner.entries {
                // Ids with a value each: both are words of the key above.
                let ids = matches!(key, "shares" | "drove") && !matches!(entry.node.value, Value::Table(_));
                if ids {
                    let place = entry.place.clone();
                    words.push(Word { key: key.to_owned(), text: entry.key.clone(), place, table: node.place.span.start });
                }
                add(&entry.node, if ids { key } else { &entry.key }, node.place.span.start, words);
            }
            return;
        }
        Value::List(items) => return items.iter().for_each(|item| add(item, key, table, words)),
        Value::Text(text) | Value::Decimal(text) => text.clone(),
        Value::Whole(number) => number.to_string(),
        Value::Truth(_) | Value::Day(_) | Value::Instant(_) | Value::Clock(_) => String::new(),
    };
    words.push(Word { key: key.to_owned(), text, place: node.place.clone(), table });
}

/// The keys under which a refusal's word stands.
fn keys(code: &str) -> &'static [&'static str] {
    match code {
        "in-the-future" | "before-the-session" | "after-the-round" | "recorded-in-the-future" | "recorded-backwards" => &["at"],
        "no-citation" => &["cite"],
        "unknown-session" | "no-success-time" | "no-grid" | "recorded-before" | "empty-result" => &["session", "result"],
        "unknown-mark" => &["mark"],
        "unknown-source" | "no-layout" | "no-passings" | "far-from-arrival" => &["source"],
        "unknown-passing" => &["nth"],
        "unknown-round" => &["rounds", "from-round"],
        "unknown-car" | "not-entered" | "car-twice" | "served-before" => {
            &["car", "order", "fastest", "not-classified", "not-started", "disqualified", "entry"]
        }
        "unknown-driver" | "not-aboard" | "driver-twice" => &["driver", "crew", "shares", "drove"],
        "unknown-competitor" => &["team", "maker", "driver", "entry"],
        "unknown-championship" | "restart-of-a-sum" => &["championship", "championships"],
        "unknown-fact" | "undone-twice" | "undone-before" => &["fact"],
        "unknown-decision" | "later-decision" => &["decision", "includes", "without"],
        "unknown-matter" | "later-matter" | "settled" => &["matter"],
        "unknown-incident" | "later-incident" => &["incident"],
        "another-car" | "evidence-of-another-car" => &["car"],
        "another-driver" => &["driver"],
        "nothing-to-serve" | "penalty-served-before" => &["decision"],
        "another-round" => &["used-in"],
        "zero" => &["lap", "places", "amount", "points"],
        "decision-exists" | "matter-exists" | "incident-exists" => &["id"],
        "negative-time" => &["time"],
        "absurd-factor" => &["factor"],
        "absurd-share" => &["shares"],
        _ => &[],
    }
}

/// The place of the word a refusal is about, where it can be told.
pub(crate) fn place<'w>(words: &'w [Word], code: &str, reason: &str) -> Option<&'w Place> {
    let keys = keys(code);
    let candidates = || words.iter().filter(|word| keys.contains(&word.key.as_str()));
    // Of two that are named alike, the one of whose table the reason names more.
    let neighbours = |word: &Word| {
        let near = words.iter().filter(|other| other.table == word.table);
        near.filter(|other| named(reason, &other.text).is_some()).count()
    };
    let told = candidates().filter_map(|word| Some((named(reason, &word.text)?, word)));
    let best = told.min_by_key(|(at, word)| (*at, std::cmp::Reverse(neighbours(word))));
    let only = || candidates().next().filter(|_| candidates().count() == 1);
    best.map(|(_, word)| word).or_else(only).map(|word| &word.place)
}

/// Where a reason names a word, as a whole word.
fn named(reason: &str, word: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let alone = |at: &usize| {
        let (before, after) = (&reason[..*at], &reason[at + word.len()..]);
        // A full stop inside a name, as in 2.race-1, ends no word.
        let goes_on = after.strip_prefix('.').map_or(after, |rest| rest).starts_with(part);
        let went_on = before.strip_suffix('.').map_or(before, |rest| rest).ends_with(part);
        !goes_on && !went_on
    };
    (!word.is_empty()).then(|| reason.match_indices(word).map(|(at, _)| at).find(alone)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_points_at_its_word() {
        let text = "at = 2026-04-05T15:00:00Z\nid = \"1\"\neffects = [\n{ disqualify = { session = \"1.race\", car = \"2\" } },\n\
                    { disqualify = { session = \"2.race\", car = \"2\" } },\n{ shares = { session = \"1.race\", car = \"1\", shares = { a = \"3/2\" } } },\n]\n";
        let node = crate::read::parse("a.toml", text, &mut Vec::new()).expect("TOML");
        let words = words(&node);
        let told = |code, reason| place(&words, code, reason).map(|place| (place.line, place.column));
        assert_eq!(told("in-the-future", "it has not happened yet"), Some((1, 6)));
        assert_eq!(told("decision-exists", "decision 1 is recorded already"), Some((2, 6)));
        assert_eq!(told("not-entered", "car 2 is not entered for round 1"), Some((4, 44)));
        assert_eq!(told("unknown-session", "there is no session 2.race on the calendar"), Some((5, 28)));
        assert_eq!(told("not-aboard", "driver a is not in the crew of car 1 in round 1"), Some((6, 56)));
        assert_eq!(told("absurd-share", "3/2 is no share"), Some((6, 60)));
        assert_eq!(told("unknown-fact", "there is no fact 9"), None);
    }
}
