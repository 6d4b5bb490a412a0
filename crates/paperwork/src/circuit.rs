//! Circuits: one file each in the tree's folder of circuits, named by id.

use std::path::{Path, PathBuf};

use crate::check;
use crate::fault::Fault;
use crate::read::Sources;
use crate::shape::{Key, Kind, Shape};

/// `circuits/<id>.toml`.
pub static CIRCUIT: Shape = Shape {
    name: "circuit",
    doc: "A circuit; its id is the name of its file.",
    keys: &[
        Key::must("name", Kind::Text, "The circuit's name as printed."),
        Key::must("country", Kind::Text, "The country as printed."),
        Key::may("source", Kind::Text, "Where it was published."),
    ],
};

/// The ids of the circuits in a folder, by name; none where there is no such folder.
pub(crate) fn ids(folder: &Path) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut ids: Vec<String> = files.filter_map(|file| file.ok()?.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned)).collect();
    ids.sort();
    ids
}

/// Reads every circuit of a folder: all faults.
pub fn check(folder: &Path, sources: &mut Sources) -> Vec<Fault> {
    let mut faults = Vec::new();
    for id in ids(folder) {
        let file: PathBuf = folder.join(format!("{id}.toml"));
        if let Some(node) = sources.toml(&file, &mut faults) {
            check::check(&node, &CIRCUIT, &mut faults);
        }
    }
    faults
}
