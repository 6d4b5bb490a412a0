//! Reference files that are generated and checked in: a change of the program shows as a diff of the file.

use crate::fault::Fault;
use crate::tree::Tree;

/// Files of `folder` that differ from what the program writes now, that are missing, or that nothing writes any more.
/// `written` is file name and text.
pub fn faults(tree: &Tree, folder: &str, written: &[(String, String)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, text) in written {
        let path = format!("{folder}/{name}");
        match tree.text(&path) {
            Some(there) if there == text => {}
            Some(there) => {
                let same = there.lines().zip(text.lines()).take_while(|(there, now)| there == now).count();
                faults.push(Fault::at(
                    &path,
                    same + 1,
                    "differs from what the program writes now (UPDATE=1 cargo test -p tidy rewrites it)",
                ));
            }
            None => faults.push(Fault::of(&path, "not there (UPDATE=1 cargo test -p tidy writes it)")),
        }
    }
    let inside = |path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let kept = |path: &str| written.iter().any(|(name, _)| path.strip_prefix(folder) == Some(&format!("/{name}")));
    let stray = tree.files.keys().filter(|path| inside(path) && !kept(path));
    faults.extend(stray.map(|path| Fault::of(path, "nothing writes it any more: delete it")));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_file_that_is_old_missing_or_left_over_is_found() {
        let tree =
            Tree::of(&[("schemas/a.json", "1\n2\n"), ("schemas/b.json", "1\n"), ("schemas/c.json", "1\n"), ("schemasx/d.json", "1\n")]);
        let written = [("a.json", "1\n3\n"), ("b.json", "1\n"), ("e.json", "1\n")].map(|(name, text)| (name.to_owned(), text.to_owned()));
        let found: Vec<String> =
            faults(&tree, "schemas", &written).into_iter().map(|fault| format!("{}:{}", fault.path, fault.line)).collect();
        assert_eq!(found, ["schemas/a.json:2", "schemas/e.json:0", "schemas/c.json:0"]);
    }
}
