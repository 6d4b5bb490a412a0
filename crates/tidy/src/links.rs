//! Links between the project's pages.

use crate::fault::Fault;
use crate::tree::{Tree, folder, resolve};

/// Links in Markdown that point at nothing in the tree. Addresses elsewhere are not followed.
pub fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".md") {
        for (line, target) in links(text) {
            let file = target.split('#').next().unwrap_or_default();
            let elsewhere = file.is_empty() || file.contains("://") || file.starts_with("mailto:");
            let found = elsewhere || resolve(folder(path), file).is_some_and(|file| tree.has(&file));
            if !found {
                faults.push(Fault::at(path, line, format!("links to {target}, which is not there")));
            }
        }
    }
    faults
}

/// Link targets with their line, outside code.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    let mut fenced = false;
    for (ix, line) in text.lines().enumerate() {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            let in_code = line[..at].matches('`').count() % 2 == 1;
            let target = line[at + 2..].split([')', ' ']).next().unwrap_or_default();
            links.extend((!in_code).then_some((ix + 1, target)));
        }
        if let Some((_, target)) = line.strip_prefix('[').and_then(|line| line.split_once("]: ")) {
            links.push((ix + 1, target.trim()));
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_nothing_is_found() {
        let page = "[a](b.md) [b](../README.md#top) [c](gone.md)\n```\n[d](gone.md)\n```\n`[e](gone.md)` [f](https://a.example/x)\n[g]: away.md\n[h](folder)\n";
        let tree = Tree::of(&[("docs/a.md", page), ("docs/b.md", ""), ("README.md", ""), ("docs/folder/x.rs", "")]);
        let lines: Vec<usize> = faults(&tree).iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [1, 6]);
    }
}
