//! ARCHITECTURE.md against the crates that are there: every room named, none invented, each depending on what the page allows.

use std::collections::{BTreeMap, BTreeSet};

use crate::fault::Fault;
use crate::tree::Tree;

const PAGE: &str = "ARCHITECTURE.md";
/// The heading after which crates are announced that are not there yet.
const TO_COME: &str = "### To come";

/// A row of the page's tables of crates.
struct Room<'a> {
    line: usize,
    name: &'a str,
    may_depend_on: &'a str,
    to_come: bool,
}

/// Where the page and the crates differ.
pub fn faults(tree: &Tree) -> Vec<Fault> {
    let Some(page) = tree.text(PAGE) else { return vec![Fault::of(PAGE, "not there")] };
    let rooms = rooms(page);
    let there: BTreeSet<&str> = tree.crates().into_iter().collect();
    let mut faults = Vec::new();
    for room in &rooms {
        if room.to_come == there.contains(room.name) {
            let says = if room.to_come { "is there: move it out of what is to come" } else { "is named, but crates/ has no such crate" };
            faults.push(Fault::at(PAGE, room.line, format!("`{}` {says}", room.name)));
        }
    }
    let named: BTreeSet<&str> = rooms.iter().map(|room| room.name).collect();
    faults.extend(there.difference(&named).map(|name| Fault::of(PAGE, format!("does not name crates/{name}"))));
    for room in rooms.iter().filter(|room| !room.to_come && room.may_depend_on != "all") {
        let path = format!("crates/{}/Cargo.toml", room.name);
        let allowed: BTreeSet<&str> = room.may_depend_on.split([',', ';', ' ']).collect();
        let beyond = dependencies(tree, &path).into_iter().filter(|name| there.contains(name.as_str()) && !allowed.contains(name.as_str()));
        faults.extend(beyond.map(|name| Fault::of(&path, format!("depends on {name}, which {PAGE} does not allow"))));
    }
    faults
}

fn rooms(page: &str) -> Vec<Room<'_>> {
    let come = page.lines().position(|line| line == TO_COME).unwrap_or(usize::MAX);
    let mut rooms: BTreeMap<&str, Room<'_>> = BTreeMap::new();
    let mut in_table = false;
    for (ix, line) in page.lines().enumerate() {
        in_table = line.starts_with("| crate |") || (in_table && line.starts_with('|'));
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let name = cells.get(1).and_then(|cell| cell.strip_prefix('`')).and_then(|cell| cell.strip_suffix('`'));
        if let (true, Some(name), Some(may_depend_on)) = (in_table, name, cells.get(3)) {
            rooms.insert(name, Room { line: ix + 1, name, may_depend_on, to_come: ix > come });
        }
    }
    rooms.into_values().collect()
}

fn dependencies(tree: &Tree, path: &str) -> Vec<String> {
    let manifest = tree.text(path).and_then(|text| text.parse::<toml::Table>().ok());
    let table = manifest.as_ref().and_then(|manifest| manifest.get("dependencies")?.as_table());
    table.map(|table| table.keys().cloned().collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "| crate | for | may depend on | never |\n| --- | --- | --- | --- |\n| `sport` | x | nothing | x |\n| `journal` | x | sport | x |\n";

    fn said(page: &str, journal: &str) -> Vec<String> {
        let tree = Tree::of(&[
            (PAGE, page),
            ("crates/sport/Cargo.toml", ""),
            ("crates/journal/Cargo.toml", journal),
            ("crates/paperwork/Cargo.toml", ""),
            ("crates/paperwork/src/Cargo.toml", ""),
        ]);
        faults(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_crate_that_is_missing_invented_or_still_to_come_is_found() {
        let whole = format!("{ROWS}| `paperwork` | x | sport | x |\n");
        assert_eq!(said(&whole, ""), [] as [&str; 0]);
        assert_eq!(said(ROWS, ""), ["ARCHITECTURE.md: does not name crates/paperwork"]);
        let invented = format!("{whole}| `utils` | x | all | x |\n");
        assert_eq!(said(&invented, ""), ["ARCHITECTURE.md:6: `utils` is named, but crates/ has no such crate"]);
        let come = format!(
            "{ROWS}\n{TO_COME}\n\n| crate | for | may depend on | never |\n| --- | --- | --- | --- |\n| `paperwork` | x | sport | x |\n| `server` | x | all | x |\n"
        );
        assert_eq!(said(&come, ""), ["ARCHITECTURE.md:10: `paperwork` is there: move it out of what is to come"]);
    }

    #[test]
    fn a_dependency_the_page_does_not_allow_is_found() {
        let whole = format!("{ROWS}| `paperwork` | x | sport | x |\n");
        let manifest = "[dependencies]\nsport.workspace = true\npaperwork.workspace = true\nserde.workspace = true\n";
        assert_eq!(said(&whole, manifest), ["crates/journal/Cargo.toml: depends on paperwork, which ARCHITECTURE.md does not allow"]);
    }
}
