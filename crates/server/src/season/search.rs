//! Search: drivers, cars, teams, sessions and notices by words, whatever their accents and case.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::pages::live::encoded;
use crate::season::Known;
use crate::season::notices::{Wanted, board};

/// The longest query, in characters.
pub(crate) const LONGEST: usize = 80;
/// So many words of it are looked for.
const WORDS: usize = 8;
/// So many hits are given.
pub(crate) const MOST: usize = 60;
/// So many notices are looked through, the newest first.
const NOTICES: usize = 5_000;

/// What a search found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, ToSchema)]
pub(crate) struct Found {
    /// What was looked for.
    pub(crate) query: String,
    /// The best hits, best first; at most 60.
    pub(crate) hits: Vec<Hit>,
    /// How many there are in all.
    pub(crate) of: usize,
}

/// A hit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Hit {
    /// `driver`, `car`, `team`, `session`, or the kind of a notice: `decision`, `result`, …
    pub(crate) kind: String,
    /// What it is.
    pub(crate) title: String,
    /// More about it.
    pub(crate) says: String,
    /// Where it is.
    pub(crate) address: String,
    /// True for a notice that was undone.
    pub(crate) undone: bool,
}

/// How well a hit fits: all words in its title before some in what it says, whole words before beginnings before parts.
type Rank = (u32, u8);

/// What fits every word of a query.
pub(crate) fn search(known: &Known<'_>, query: &str) -> Found {
    let words: Vec<String> = words(query).into_iter().take(WORDS).collect();
    if words.is_empty() {
        return Found { query: query.to_owned(), ..Found::default() };
    }
    let mut hits: Vec<(Rank, usize, Hit)> = Vec::new();
    for (order, hit) in candidates(known).into_iter().enumerate() {
        if let Some(rank) = rank(&words, &hit) {
            hits.push((rank, order, hit));
        }
    }
    hits.sort_by_key(|(rank, order, _)| (std::cmp::Reverse(rank.0), rank.1, *order));
    let of = hits.len();
    Found { query: query.to_owned(), hits: hits.into_iter().take(MOST).map(|(_, _, hit)| hit).collect(), of }
}

/// Everything that can be found: people and cars before sessions before notices.
fn candidates(known: &Known<'_>) -> Vec<Hit> {
    let list = &known.season.list;
    let mut all: Vec<Hit> = Vec::new();
    let mut add = |kind: &str, title: String, says: String, address: String, undone: bool| {
        all.push(Hit { kind: kind.to_owned(), title, says, address, undone });
    };
    for driver in &list.drivers {
        let of = list.entries.iter().filter(|entry| entry.spells.iter().any(|spell| spell.crew.contains(&driver.id)));
        let cars: Vec<String> = of.map(|entry| format!("car {}", entry.label())).collect();
        add("driver", driver.name.clone(), cars.join(", "), format!("/drivers/{}", encoded(driver.id.as_str())), false);
    }
    for entry in &list.entries {
        let ids: BTreeSet<_> = entry.spells.iter().flat_map(|spell| &spell.crew).collect();
        let crew: Vec<String> = ids.into_iter().map(|id| known.teller().driver(id)).collect();
        let team = entry.team.as_ref().map(|id| known.teller().team(id)).unwrap_or_default();
        let model = entry.model.clone().unwrap_or_default();
        let says = [entry.class.to_string(), team, model, crew.join(" / ")];
        let says: Vec<String> = says.into_iter().filter(|part| !part.is_empty()).collect();
        add("car", format!("Car {}", entry.label()), says.join(" · "), format!("/entries/{}", encoded(entry.id.as_str())), false);
    }
    for team in &list.teams {
        let of = list.entries.iter().filter(|entry| entry.team.as_ref() == Some(&team.id));
        let cars: Vec<String> = of.map(|entry| format!("car {}", entry.label())).collect();
        add("team", team.name.clone(), cars.join(", "), format!("/teams/{}", encoded(team.id.as_str())), false);
    }
    for session in &known.season.calendar.sessions {
        let title = known.teller().session(&session.name);
        let says = format!("{} · round {} · {}", known.event(session.name.round), session.name.round, session.date);
        add("session", title, says, format!("/sessions/{}", session.name), false);
    }
    let (notices, _) = board(known, Wanted { most: NOTICES, ..Wanted::default() });
    for notice in notices {
        let event = notice.rounds.first().map_or_else(String::new, |round| known.event(*round));
        let says = [notice.says, event].join(" · ");
        add(&notice.kind, notice.title, says, format!("/documents/{}", notice.fact), notice.undone_by.is_some());
    }
    all
}

/// How well a hit fits; none where a word is missing.
fn rank(words: &[String], hit: &Hit) -> Option<Rank> {
    let (title, says) = (self::words(&hit.title), self::words(&hit.says));
    let mut sum = 0;
    for word in words {
        let fits = |of: &[String], weight: u32| {
            let whole = of.iter().any(|of| of == word);
            let begins = || of.iter().any(|of| of.starts_with(word.as_str()));
            // A part of a number is another number.
            let within = || !word.chars().all(|of| of.is_ascii_digit()) && of.iter().any(|of| of.contains(word.as_str()));
            if whole {
                weight * 3
            } else if begins() {
                weight * 2
            } else if within() {
                weight
            } else {
                0
            }
        };
        let fit = fits(&title, 4).max(fits(&says, 1));
        if fit == 0 {
            return None;
        }
        sum += fit;
    }
    Some((sum, u8::from(hit.undone)))
}

/// The words of a text, folded: without case, accents and signs.
fn words(text: &str) -> Vec<String> {
    let folded: String = text.chars().flat_map(fold).collect();
    folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A letter without case and accent. Of Latin letters; others are as they are.
fn fold(letter: char) -> impl Iterator<Item = char> {
    const PLAIN: [(&str, &str); 26] = [
        ("a", "àáâãäåāăąǎ"),
        ("c", "çćĉċč"),
        ("d", "ďđð"),
        ("e", "èéêëēĕėęě"),
        ("g", "ĝğġģ"),
        ("h", "ĥħ"),
        ("i", "ìíîïĩīĭįıǐ"),
        ("j", "ĵ"),
        ("k", "ķ"),
        ("l", "ĺļľŀł"),
        ("n", "ñńņňŉ"),
        ("o", "òóôõöøōŏőǒ"),
        ("r", "ŕŗř"),
        ("s", "śŝşšș"),
        ("t", "ţťŧț"),
        ("u", "ùúûüũūŭůűųǔ"),
        ("w", "ŵ"),
        ("y", "ýÿŷ"),
        ("z", "źżž"),
        ("ss", "ß"),
        ("ae", "æ"),
        ("oe", "œ"),
        ("th", "þ"),
        ("", "'’"),
        // Accents that stand by themselves.
        ("", "\u{300}\u{301}\u{302}\u{303}\u{304}\u{306}\u{307}\u{308}\u{30a}\u{30b}\u{30c}"),
        ("", "\u{327}\u{328}"),
    ];
    let lower: Vec<char> = letter.to_lowercase().collect();
    let plain = |letter: char| {
        let known = PLAIN.iter().find(|(_, accented)| accented.contains(letter));
        known.map_or_else(|| letter.to_string(), |(plain, _)| (*plain).to_owned())
    };
    lower.into_iter().map(plain).collect::<String>().chars().collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        assert_eq!(words("Raffaele MARCIELLO, Håkan Škoda-Groß"), ["raffaele", "marciello", "hakan", "skoda", "gross"]);
        assert_eq!(words("Huraca\u{301}n O’Young 林"), ["huracan", "oyoung", "林"]);
        assert_eq!(words(" .. / "), Vec::<String>::new());
    }

    #[test]
    fn a_number_is_no_part_of_another() {
        let car = |number: &str| Hit {
            kind: "car".into(),
            title: format!("Car {number}"),
            says: String::new(),
            address: String::new(),
            undone: false,
        };
        let of = |query: &str, number: &str| rank(&words(query), &car(number)).map(|(rank, _)| rank);
        assert_eq!(of("19", "19"), Some(12));
        assert_eq!(of("19", "199"), Some(8));
        assert_eq!(of("19", "919"), None);
        assert_eq!(of("car 19", "19"), Some(24));
        assert_eq!(of("19 absolute", "19"), None, "every word is asked for");
    }
}
