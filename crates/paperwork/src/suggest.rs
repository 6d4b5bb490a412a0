//! The word that was probably meant.

/// The known word nearest to the written one, when it is near enough to be a slip. Upper and lower case count as the same.
pub fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if written.len() > 64 {
        return None;
    }
    let folded = written.to_lowercase();
    let scored = known.into_iter().filter_map(|word| {
        let score = strsim::jaro_winkler(&folded, &word.to_lowercase());
        let distance = strsim::damerau_levenshtein(&folded, &word.to_lowercase());
        let near = distance <= 2.min(word.chars().count() / 2) || score >= 0.85;
        near.then_some((distance, word))
    });
    scored.min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// What timing sheets print for how a car finished, and the word for it here.
const PRINTED: [(&str, &str); 7] = [
    ("dnf", "not-classified"),
    ("ret", "not-classified"),
    ("nc", "not-classified"),
    ("dns", "not-started"),
    ("dsq", "disqualified"),
    ("dq", "disqualified"),
    ("exc", "disqualified"),
];

/// The word for an abbreviation of timing sheets, where it is one of the known words.
fn meant<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let (_, word) = PRINTED.iter().find(|(printed, _)| *printed == written.to_lowercase())?;
    known.into_iter().find(|known| known == word)
}

/// `did you mean "pro-am"?`, or the known words where none is near and they are few.
pub fn help<'k>(written: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> Option<String> {
    if let Some(word) = meant(written, known.clone()).or_else(|| nearest(written, known.clone())) {
        return Some(format!("did you mean \"{word}\"?"));
    }
    let known: Vec<&str> = known.into_iter().collect();
    if known.is_empty() || known.len() > 30 {
        return None;
    }
    Some(format!("known: {}", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_slip_and_leaves_the_stranger() {
        let known = ["pro-am", "silver", "am"];
        assert_eq!(nearest("proam", known), Some("pro-am"));
        assert_eq!(nearest("Silber", known), Some("silver"));
        assert_eq!(nearest("trophy", known), None);
        assert_eq!(help("trophy", known), Some("known: pro-am, silver, am".to_owned()));
        assert_eq!(help("x", []), None);
        let finishes = ["classified", "not-classified", "not-started", "disqualified"];
        for (printed, word) in [("DNF", "not-classified"), ("DNS", "not-started"), ("dsq", "disqualified")] {
            assert_eq!(help(printed, finishes), Some(format!("did you mean \"{word}\"?")));
        }
        assert_eq!(help("DNF", known), Some("known: pro-am, silver, am".to_owned()));
    }
}
