//! What each room must never know: `sport` its surroundings, all but the binary the time of day, all but `journal` SQL.

use crate::fault::Fault;
use crate::tree::Tree;

/// Words that no line of code in `sport` may hold.
const NOT_IN_SPORT: [&str; 5] = ["std", "serde", "f32", "f64", "rand"];
/// Words that read the clock.
const CLOCK: [&str; 4] = ["SystemTime", "Instant::now", "Timestamp::now", "Zoned::now"];

/// Where a room knows what it must not.
pub fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = sport_manifest(tree);
    if !tree.text("crates/sport/src/lib.rs").is_some_and(|text| text.lines().any(|line| line == "#![no_std]")) {
        faults.push(Fault::of("crates/sport/src/lib.rs", "does not say #![no_std]"));
    }
    for (path, text) in tree.ending(".rs") {
        let source = path.strip_prefix("crates/").and_then(|path| path.split_once("/src/"));
        let Some((room, _)) = source.filter(|(room, _)| *room != "tidy") else { continue };
        let sport = NOT_IN_SPORT.iter().filter(|_| room == "sport").map(|word| (*word, "sport must not know it"));
        let clock =
            CLOCK.iter().filter(|_| room != "parcferme").map(|word| (*word, "only the binary reads the clock: take the time as a value"));
        let sql = ["rusqlite"].into_iter().filter(|_| room != "journal").map(|word| (word, "only the journal knows SQL"));
        for (word, why) in sport.chain(clock).chain(sql) {
            let lines = text.lines().enumerate().filter(|(_, line)| holds(code(line), word));
            faults.extend(lines.map(|(ix, _)| Fault::at(path, ix + 1, format!("names `{word}`: {why}"))));
        }
    }
    faults
}

fn sport_manifest(tree: &Tree) -> Vec<Fault> {
    let path = "crates/sport/Cargo.toml";
    let Some(manifest) = tree.text(path).and_then(|text| text.parse::<toml::Table>().ok()) else {
        return vec![Fault::of(path, "not there, or not TOML")];
    };
    let forbidden = ["dependencies", "build-dependencies", "target", "features"];
    forbidden
        .iter()
        .filter(|key| manifest.contains_key(**key))
        .map(|key| Fault::of(path, format!("has [{key}]: sport stands alone")))
        .collect()
}

/// A line without its comment.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

/// Whether a line holds the word as a whole word.
fn holds(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(part) && !line[at + word.len()..].starts_with(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(source: &str, path: &str) -> Vec<usize> {
        let files = [("crates/sport/Cargo.toml", ""), ("crates/sport/src/lib.rs", "#![no_std]\n"), (path, source)];
        faults(&Tree::of(&files)).iter().map(|fault| fault.line).collect()
    }

    #[test]
    fn sport_names_nothing_of_its_surroundings() {
        let source =
            "use std::fmt;\n// std::fs in words\nuse serde::Serialize;\nlet share: f64 = 0.5;\nlet first_standing = 1;\n#![no_std]\n";
        assert_eq!(lines(source, "crates/sport/src/a.rs"), [1, 3, 4]);
        assert_eq!(lines("use std::fmt;\n", "crates/journal/src/a.rs"), [0; 0]);
    }

    #[test]
    fn only_the_binary_reads_the_clock_and_only_the_journal_knows_sql() {
        let source = "let now = Timestamp::now();\nuse rusqlite::Connection;\n";
        assert_eq!(lines(source, "crates/journal/src/a.rs"), [1]);
        assert_eq!(lines(source, "crates/parcferme/src/a.rs"), [2]);
        assert_eq!(lines(source, "crates/paperwork/src/a.rs"), [1, 2]);
        assert_eq!(lines(source, "crates/journal/tests/a.rs"), [0; 0]);
    }

    #[test]
    fn sport_without_no_std_or_with_a_dependency_is_found() {
        let tree = Tree::of(&[("crates/sport/Cargo.toml", "[dependencies]\nserde = \"1\"\n"), ("crates/sport/src/lib.rs", "//! sport\n")]);
        assert_eq!(faults(&tree).len(), 2);
    }
}
