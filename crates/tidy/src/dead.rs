//! Dead files: Rust sources that no `mod` line reaches, which the compiler therefore never reads.

use std::collections::BTreeSet;

use crate::fault::Fault;
use crate::tree::{Tree, folder, resolve};

/// Rust files in `crates/` that nothing compiles.
pub fn faults(tree: &Tree) -> Vec<Fault> {
    let all: BTreeSet<&str> = tree.ending(".rs").map(|(path, _)| path).filter(|path| path.starts_with("crates/")).collect();
    let mut reached: BTreeSet<String> = all.iter().filter(|path| is_root(path)).map(|path| (*path).to_owned()).collect();
    let mut ahead: Vec<String> = reached.iter().cloned().collect();
    while let Some(path) = ahead.pop() {
        let named = tree.text(&path).map(|text| named(&path, text)).unwrap_or_default();
        ahead.extend(named.into_iter().filter(|name| all.contains(name.as_str()) && reached.insert(name.clone())));
    }
    all.iter()
        .filter(|path| !reached.contains(**path))
        .map(|path| Fault::of(path, "no `mod` line reaches it: name it or delete it"))
        .collect()
}

/// Where cargo begins to read: a library, a program, a test, a benchmark, an example, a build script, what is fuzzed.
fn is_root(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').skip(2).collect();
    matches!(
        parts.as_slice(),
        ["build.rs"]
            | ["src", "lib.rs" | "main.rs"]
            | ["fuzz", "src", "main.rs"]
            | ["src", "bin", _]
            | ["src", "bin", _, "main.rs"]
            | ["tests" | "benches" | "examples", _]
            | ["tests" | "benches" | "examples", _, "main.rs"]
    )
}

/// The files a file may mean by its `mod` and `#[path]` lines.
fn named(path: &str, text: &str) -> Vec<String> {
    let here = folder(path);
    let stem = path[here.len()..].trim_matches('/').trim_end_matches(".rs");
    let beside = is_root(path) || stem == "mod";
    let inner = if beside { here.to_owned() } else { format!("{here}/{stem}") };
    let mut files = Vec::new();
    for line in text.lines().map(str::trim) {
        let said = line.strip_prefix("#[path = \"").and_then(|rest| rest.split('"').next());
        files.extend(said.and_then(|said| resolve(here, said)));
        let name = line
            .strip_suffix(';')
            .and_then(|line| line.rsplit_once("mod "))
            .filter(|(before, _)| before.is_empty() || before.starts_with("pub"));
        if let Some((_, name)) = name {
            files.push(format!("{inner}/{name}.rs"));
            files.push(format!("{inner}/{name}/mod.rs"));
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_mod_line_is_dead_and_so_is_what_it_names() {
        let tree = Tree::of(&[
            ("crates/a/src/lib.rs", "pub mod rulebook;\nmod entry;\n#[cfg(test)]\n#[path = \"../far.rs\"]\nmod far;\n// mod ghost;\n"),
            ("crates/a/src/entry.rs", "pub(crate) mod inner;\n"),
            ("crates/a/src/entry/inner.rs", ""),
            ("crates/a/src/rulebook/mod.rs", "mod crew;\n"),
            ("crates/a/src/rulebook/crew.rs", ""),
            ("crates/a/far.rs", ""),
            ("crates/a/src/ghost.rs", "mod shade;\n"),
            ("crates/a/src/ghost/shade.rs", ""),
            ("crates/a/src/shade.rs", ""),
            ("crates/a/tests/journey.rs", "mod season;\n"),
            ("crates/a/tests/season/mod.rs", ""),
            ("crates/a/benches/season.rs", ""),
        ]);
        let dead: Vec<String> = faults(&tree).into_iter().map(|fault| fault.path).collect();
        assert_eq!(dead, ["crates/a/src/ghost.rs", "crates/a/src/ghost/shade.rs", "crates/a/src/shade.rs"]);
    }
}
