//! The codes of findings and refusals: machines read them, so each is explained in docs/output.md, and none there is only a memory.

use std::collections::BTreeSet;

use crate::fault::Fault;
use crate::tree::Tree;

const PAGE: &str = "docs/output.md";

/// Where the sport, and `record` beside it, writes a code: the first text after one of these.
const MARKS: [&str; 7] = ["code: \"", "unknown: \"", "later: \"", "refuse(", "say(Weight::", "say(weight", ".doubt("];

/// Codes that are not explained, and explanations without a code.
pub fn faults(tree: &Tree) -> Vec<Fault> {
    let sources = || tree.texts().filter(|(path, _)| path.starts_with("crates/sport/src/") || *path == "crates/parcferme/src/record.rs");
    let page = tree.text(PAGE).unwrap_or_default();
    let section = |head: &str| page.split_once(head).map_or("", |(_, rest)| rest.split("\n## ").next().unwrap_or(rest));
    let rows = [section("\n## Findings\n"), section("\n## Refusals\n")].concat();
    let first = rows.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let explained: BTreeSet<&str> = first.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    let mut faults = Vec::new();
    let mut written = BTreeSet::new();
    for (path, text) in sources() {
        for code in MARKS.iter().flat_map(|mark| codes(text, mark)) {
            if !explained.contains(code) {
                faults.push(Fault::of(path, format!("the code `{code}` is not explained in {PAGE}")));
            }
            written.insert(code);
        }
    }
    faults.extend(explained.difference(&written).map(|code| Fault::of(PAGE, format!("no finding or refusal has the code `{code}`"))));
    faults
}

/// The quoted words that follow a mark closely.
fn codes<'t>(text: &'t str, mark: &str) -> Vec<&'t str> {
    let after = text.match_indices(mark).map(|(at, _)| &text[at + mark.len() - usize::from(mark.ends_with('"'))..]);
    let code = |rest: &'t str| {
        let (before, rest) = rest.split_once('"')?;
        let code = rest.split('"').next()?;
        let kebab = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        (kebab && before.len() < 40 && !before.contains([';', ')'])).then_some(code)
    };
    after.filter_map(code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_without_a_row_and_a_row_without_a_code_are_faults() {
        let source = "Finding { code: \"lost\", }; refuse(\n  \"said\", x); say(Weight::Note, \"told\", y); fn refuse(code: &str)";
        let page = "# Output\n\n## Findings\n\n| `told` | note | it |\n\n## Refusals\n\n| `said`, `gone` | why |\n\n## export\n";
        let tree = Tree::of(&[("crates/sport/src/a.rs", source), ("docs/output.md", page)]);
        let says: Vec<String> = faults(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            says,
            [
                "crates/sport/src/a.rs: the code `lost` is not explained in docs/output.md",
                "docs/output.md: no finding or refusal has the code `gone`"
            ]
        );
    }
}
