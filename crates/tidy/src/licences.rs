//! Licences: ours on every crate, and those of all we depend on among the ones `deny.toml` allows.

use serde_json::Value;

use crate::fault::Fault;
use crate::tree::Tree;

/// Crates that do not inherit the project's licence, and licence files that are not there.
pub fn faults(tree: &Tree) -> Vec<Fault> {
    let texts = [("LICENSE-MIT", "Permission is hereby granted"), ("LICENSE-APACHE", "Version 2.0, January 2004")];
    let missing = texts.iter().filter(|(path, says)| !tree.text(path).is_some_and(|text| text.contains(says)));
    let mut faults: Vec<Fault> = missing.map(|(path, _)| Fault::of(path, "not there, or not that licence")).collect();
    let workspace = table(tree, "Cargo.toml");
    if at(&workspace, &["workspace", "package", "license"]).and_then(toml::Value::as_str) != Some("MIT OR Apache-2.0") {
        faults.push(Fault::of("Cargo.toml", "the workspace's licence is MIT OR Apache-2.0"));
    }
    for name in tree.crates() {
        let path = format!("crates/{name}/Cargo.toml");
        if at(&table(tree, &path), &["package", "license", "workspace"]) != Some(&toml::Value::Boolean(true)) {
            faults.push(Fault::of(&path, "says no `license.workspace = true`"));
        }
    }
    faults
}

/// Packages of `cargo metadata` whose licence `deny.toml` does not allow, or that come from elsewhere than the public index.
pub fn foreign(tree: &Tree, metadata: &Value) -> Vec<Fault> {
    let deny = table(tree, "deny.toml");
    let allowed = at(&deny, &["licenses", "allow"]).and_then(toml::Value::as_array);
    let allowed: Vec<&str> = allowed.into_iter().flatten().filter_map(toml::Value::as_str).collect();
    let mut faults = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or("?");
        let licence = package["license"].as_str().unwrap_or_default();
        if !permits(licence, &allowed) {
            faults.push(Fault::of("Cargo.lock", format!("{name} is licensed `{licence}`, which deny.toml does not allow")));
        }
        let source = package["source"].as_str();
        if source.is_some_and(|source| !source.starts_with("registry+https://github.com/rust-lang/crates.io-index")) {
            faults.push(Fault::of("Cargo.lock", format!("{name} does not come from the public index")));
        }
    }
    faults
}

/// Whether a licence expression can be met with the licences allowed: `(MIT OR Apache-2.0) AND Unicode-3.0`, `MIT/Apache-2.0`.
fn permits(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    either(&mut rest, allowed) && rest.is_empty()
}

fn either(rest: &mut &[&str], allowed: &[&str]) -> bool {
    let mut met = both(rest, allowed);
    while let [first, after @ ..] = *rest
        && *first == "OR"
    {
        *rest = after;
        met |= both(rest, allowed);
    }
    met
}

fn both(rest: &mut &[&str], allowed: &[&str]) -> bool {
    let mut met = one(rest, allowed);
    while let [first, after @ ..] = *rest
        && *first == "AND"
    {
        *rest = after;
        met &= one(rest, allowed);
    }
    met
}

fn one(rest: &mut &[&str], allowed: &[&str]) -> bool {
    let Some((first, after)) = rest.split_first() else { return false };
    *rest = after;
    if *first == "(" {
        let met = either(rest, allowed);
        return match rest.split_first() {
            Some((&")", after)) => {
                *rest = after;
                met
            }
            _ => false,
        };
    }
    // An exception (`WITH LLVM-exception`) only widens what its licence grants.
    if let ["WITH", _, after @ ..] = *rest {
        *rest = after;
    }
    allowed.contains(first)
}

fn table(tree: &Tree, path: &str) -> toml::Table {
    tree.text(path).and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn at<'a>(table: &'a toml::Table, path: &[&str]) -> Option<&'a toml::Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_expression_is_met_or_not() {
        let allowed = ["MIT", "Apache-2.0", "Unicode-3.0"];
        for expression in
            ["MIT", "MIT/Apache-2.0", "GPL-3.0 OR MIT", "(MIT OR GPL-3.0) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception OR GPL-2.0"]
        {
            assert!(permits(expression, &allowed), "{expression}");
        }
        for expression in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Apache-2.0) AND BSL-1.0", "(MIT", "MIT MIT", "MIT OR"] {
            let hanging = expression == "MIT OR";
            assert_eq!(permits(expression, &allowed), hanging, "{expression}");
        }
    }

    #[test]
    fn a_crate_without_the_licence_and_a_missing_text_are_found() {
        let tree = Tree::of(&[
            ("LICENSE-MIT", "Permission is hereby granted\n"),
            ("Cargo.toml", "[workspace.package]\nlicense = \"MIT OR Apache-2.0\"\n"),
            ("crates/a/Cargo.toml", "[package]\nlicense.workspace = true\n"),
            ("crates/b/Cargo.toml", "[package]\nlicense = \"MIT\"\n"),
        ]);
        let found: Vec<String> = faults(&tree).into_iter().map(|fault| fault.path).collect();
        assert_eq!(found, ["LICENSE-APACHE", "crates/b/Cargo.toml"]);
    }

    #[test]
    fn a_dependency_under_another_licence_or_from_elsewhere_is_found() {
        let tree = Tree::of(&[("deny.toml", "[licenses]\nallow = [\"MIT\"]\n")]);
        let index = "registry+https://github.com/rust-lang/crates.io-index";
        let metadata = serde_json::json!({ "packages": [
            { "name": "good", "license": "MIT", "source": index },
            { "name": "ours", "license": "MIT", "source": null },
            { "name": "copyleft", "license": "GPL-3.0", "source": index },
            { "name": "unsaid", "license": null, "source": index },
            { "name": "away", "license": "MIT", "source": "git+https://a.example/away" },
        ]});
        assert_eq!(foreign(&tree, &metadata).len(), 3);
    }
}
