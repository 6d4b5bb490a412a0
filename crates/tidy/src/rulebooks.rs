//! Rulebooks, cases and examples tell the editor their schema.

use crate::fault::Fault;
use crate::tree::{Tree, folder, resolve};

/// Files of rulebooks, cases and examples whose first line is no `#:schema` comment that points at a schema in the tree.
pub fn faults(tree: &Tree) -> Vec<Fault> {
    let guided = |path: &str| ["rulebooks/", "cases/", "examples/"].iter().any(|folder| path.starts_with(folder));
    let unguided = tree.ending(".toml").filter(|(path, _)| guided(path)).filter(|(path, text)| {
        let written = text.lines().next().and_then(|line| line.strip_prefix("#:schema "));
        !written.and_then(|written| resolve(folder(path), written.trim())).is_some_and(|schema| tree.has(&schema))
    });
    let says = "the first line must be `#:schema <path to a schema in schemas/>`, so that an editor completes it";
    unguided.map(|(path, _)| Fault::at(path, 1, says)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rulebook_without_its_schema_is_found() {
        let tree = Tree::of(&[
            ("schemas/rulebook.json", "{}\n"),
            ("rulebooks/a/2018/rulebook.toml", "#:schema ../../../schemas/rulebook.json\nseries = \"a\"\n"),
            ("rulebooks/a/2018/points.toml", "[table.top-ten]\n"),
            ("rulebooks/a/2018/cases/a.toml", "#:schema ../../../schemas/case.json\n"),
            ("cases/a/case.toml", "title = \"a\"\n"),
            ("examples/a/season.toml", "title = \"a\"\n"),
            ("seasons/a/season.toml", "title = \"a\"\n"),
        ]);
        let found: Vec<String> = faults(&tree).into_iter().map(|fault| fault.path).collect();
        assert_eq!(found, ["cases/a/case.toml", "examples/a/season.toml", "rulebooks/a/2018/cases/a.toml", "rulebooks/a/2018/points.toml"]);
    }
}
