//! Every address the server answers to, as its sources write them: none can be forgotten in a list.

use std::fs;
use std::path::Path;

/// The patterns of the pages, such as `/sessions/{session}/pit`, and of whatever else is no part of the API.
pub(crate) fn pages() -> Vec<String> {
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src"), &mut found);
    found.retain(|address| !address.starts_with("/api/"));
    found.sort();
    found.dedup();
    assert!(found.iter().any(|address| address == "/live"), "{found:?}");
    found
}

fn walk(folder: &Path, found: &mut Vec<String>) {
    for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).expect("a source");
            for after in text.split(".route(").skip(1) {
                let written = after.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
                found.push(written.unwrap_or_else(|| panic!("{}: write the address into .route(\"…\")", path.display())).to_owned());
            }
        }
    }
}
