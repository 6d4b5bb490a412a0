//! What every text file keeps to: UTF-8, line feeds, no trailing white space, a final line feed, no path of somebody's machine.

use crate::fault::Fault;
use crate::tree::Tree;

/// Folders of a machine that no file of the project may name. Written in two parts, so that this file passes.
const MACHINE: [&str; 4] = [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/wo", "rk/"), concat!("/Us", "ers/")];

/// Endings of files that are not text.
const BINARY: [&str; 6] = [".pdf", ".png", ".sqlite", ".otf", ".ttf", ".woff2"];

/// Endings of what was received, kept as it came.
const RECEIVED: [&str; 1] = [".rmon"];
/// Where everything with one of these endings was received; elsewhere it is ours.
const CAPTURES: [&str; 2] = ["crates/timing/captures/", "seasons/"];
const RECEIVED_THERE: [&str; 2] = [".json", ".xml"];

/// The faults of all files.
pub fn faults(tree: &Tree) -> Vec<Fault> {
    let binary = |path: &str| BINARY.iter().any(|end| path.ends_with(end));
    let not_text = tree.files.iter().filter(|(path, text)| text.is_none() && !binary(path) && !received(path));
    let not_text = not_text.map(|(path, _)| Fault::of(path, "not UTF-8"));
    not_text.chain(tree.texts().filter(|(path, _)| !received(path)).flat_map(|(path, text)| of_file(path, text))).collect()
}

/// Whether a file was received: its bytes are not ours.
fn received(path: &str) -> bool {
    let ends = |endings: &[&str]| endings.iter().any(|end| path.ends_with(end));
    ends(&RECEIVED) || (CAPTURES.iter().any(|folder| path.starts_with(folder)) && ends(&RECEIVED_THERE))
}

fn of_file(path: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (ix, line) in text.split('\n').enumerate() {
        if line.ends_with('\r') {
            faults.push(Fault::at(path, ix + 1, "ends in a carriage return: line feeds only"));
        } else if line.ends_with([' ', '\t']) {
            faults.push(Fault::at(path, ix + 1, "trailing white space"));
        }
        for folder in MACHINE.iter().filter(|folder| names(line, folder)) {
            faults.push(Fault::at(path, ix + 1, format!("names a machine's folder, {folder}: write a path relative to the tree")));
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        faults.push(Fault::of(path, "the last line does not end in a line feed"));
    }
    faults
}

/// Whether a line names the folder as the start of a path, not inside an address or a longer path.
fn names(line: &str, folder: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || "._-)/".contains(c);
    line.match_indices(folder).any(|(at, _)| !line[..at].ends_with(inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        faults(&Tree::of(&[("a.md", text)])).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_fault_is_found_at_its_line() {
        assert_eq!(said("one\ntwo \n"), ["a.md:2: trailing white space"]);
        assert_eq!(said("one\r\n"), ["a.md:1: ends in a carriage return: line feeds only"]);
        assert_eq!(said("one"), ["a.md: the last line does not end in a line feed"]);
        let path = format!("see {}me/x and https://a.example{}me/\n", "/ho", "/ho");
        assert_eq!(said(&path).len(), 1);
        assert_eq!(said(&format!("https://a.example{}me/\n", "/ho")).len(), 0);
    }

    #[test]
    fn a_file_that_is_not_text_is_a_fault_unless_it_is_meant_to_be_binary() {
        let mut tree = Tree::default();
        tree.files.insert("a.png".into(), None);
        tree.files.insert("a.csv".into(), None);
        tree.files.insert("crates/timing/captures/acc/a.json".into(), None);
        tree.files.insert("a.json".into(), None);
        assert_eq!(faults(&tree), [Fault::of("a.csv", "not UTF-8"), Fault::of("a.json", "not UTF-8")]);
    }
}
