//! File lengths by ratchet: over 600 lines is a worry that is written down and may not grow, 1,000 is the stop.

use std::collections::BTreeMap;

use crate::fault::Fault;
use crate::tree::Tree;

/// Where the files over 600 lines stand with their length.
pub const RATCHET: &str = "crates/tidy/ratchet.txt";
const WORRY: usize = 600;
const STOP: usize = 1_000;

/// The ratchet as it would be written now.
pub fn ratchet(tree: &Tree) -> String {
    let head = "# Rust files of more than 600 lines, with their length. None may grow; a file that is short again is taken out.\n# UPDATE=1 cargo test -p tidy rewrites this.\n";
    let long = tree.ending(".rs").map(|(path, text)| (path, text.lines().count())).filter(|(_, lines)| *lines > WORRY);
    long.fold(head.to_owned(), |all, (path, lines)| all + &format!("{path} {lines}\n"))
}

/// Files that are too long or longer than the ratchet allows, and lines of the ratchet that are no longer needed.
pub fn faults(tree: &Tree) -> Vec<Fault> {
    let written = tree.text(RATCHET).unwrap_or_default();
    let mut allowed: BTreeMap<&str, usize> = BTreeMap::new();
    for line in written.lines().filter(|line| !line.starts_with('#')) {
        if let Some((path, lines)) = line.rsplit_once(' ').and_then(|(path, lines)| Some((path, lines.parse().ok()?))) {
            allowed.insert(path, lines);
        }
    }
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".rs") {
        let lines = text.lines().count();
        let fault = match allowed.remove(path) {
            _ if lines > STOP => Some(Fault::of(path, format!("{lines} lines; the stop is {STOP}: give each noun its file"))),
            Some(_) if lines <= WORRY => Some(Fault::of(RATCHET, format!("{path} is short again ({lines} lines): take its line out"))),
            Some(before) if lines > before => {
                Some(Fault::of(path, format!("grew from {before} to {lines} lines although it is over {WORRY}")))
            }
            None if lines > WORRY => Some(Fault::of(path, format!("{lines} lines, over {WORRY}: split it, or write it into {RATCHET}"))),
            _ => None,
        };
        faults.extend(fault);
    }
    faults.extend(allowed.keys().map(|path| Fault::of(RATCHET, format!("{path} is not there: take its line out"))));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: usize, ratchet: &str) -> usize {
        faults(&Tree::of(&[("a.rs", &"x\n".repeat(lines)), (RATCHET, ratchet)])).len()
    }

    #[test]
    fn a_long_file_is_written_down_and_cannot_grow() {
        assert_eq!((found(600, ""), found(601, ""), found(700, "a.rs 700\n")), (0, 1, 0));
        assert_eq!((found(701, "a.rs 700\n"), found(1_001, "a.rs 1001\n")), (1, 1));
        assert_eq!((found(600, "a.rs 700\n"), found(10, "b.rs 700\n")), (1, 1));
    }

    #[test]
    fn the_ratchet_as_written_passes() {
        let files = [("a.rs", "x\n".repeat(800)), ("b.rs", "x\n".repeat(8))];
        let tree = Tree::of(&[("a.rs", &files[0].1), ("b.rs", &files[1].1)]);
        let ratchet = ratchet(&tree);
        assert!(ratchet.ends_with("\na.rs 800\n"), "{ratchet}");
        assert_eq!(faults(&Tree::of(&[("a.rs", &files[0].1), ("b.rs", &files[1].1), (RATCHET, &ratchet)])), []);
    }
}
