//! Captures of simulators: those that are here, and those that may not be copied, where they are at hand.

#![allow(dead_code, reason = "each test reads some of them")]

use std::path::{Path, PathBuf};

/// A file: its name and its bytes.
pub type File = (String, Vec<u8>);

/// The files of a folder of captures that are here, but its licence.
pub fn here(folder: &str) -> Vec<File> {
    let files = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(folder));
    assert!(!files.is_empty(), "{folder}");
    files
}

/// The file of a folder of captures that is here.
pub fn one(folder: &str, name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(folder).join(name)).expect("the capture is here")
}

/// The files of a folder of captures that may not be copied. None where they are not at hand, which is said.
pub fn elsewhere(folder: &str) -> Vec<File> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures");
    let root = std::env::var_os("PARCFERME_CAPTURES").map_or(beside, PathBuf::from);
    let folder = root.join(folder);
    if !folder.is_dir() {
        eprintln!("skipped: {} is not at hand", folder.display());
        return Vec::new();
    }
    files(&folder)
}

fn files(folder: &Path) -> Vec<File> {
    let entries = std::fs::read_dir(folder).expect("the captures are there").map(|entry| entry.expect("it can be read").path());
    let mut paths: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|of| of == "json")).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    paths.iter().map(|path| (name(path), std::fs::read(path).expect("it can be read"))).collect()
}
