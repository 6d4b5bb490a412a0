//! Captures of simulators: those that are here, and those that may not be copied, where they are at hand.

#![allow(dead_code, clippy::print_stderr, reason = "each test reads some of them, and says which it does not")]

use std::path::{Path, PathBuf};

/// A file: its path below the captures, and its bytes.
pub(crate) type File = (String, Vec<u8>);

/// The files with an ending of a folder of captures that are here.
pub(crate) fn here(folder: &str, ending: &str) -> Vec<File> {
    let files = files(&captures(), &captures().join(folder), ending);
    assert!(!files.is_empty(), "{folder}");
    files
}

/// A capture that is here.
pub(crate) fn one(path: &str) -> Vec<u8> {
    std::fs::read(captures().join(path)).expect("the capture is here")
}

/// The files with an ending of a folder of captures that may not be copied. None where they are not at hand, which is said.
pub(crate) fn elsewhere(folder: &str, ending: &str) -> Vec<File> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures");
    let root = std::env::var_os("PARCFERME_CAPTURES").map_or(beside, PathBuf::from);
    let folder = root.join(folder);
    if !folder.is_dir() {
        eprintln!("skipped: {} is not at hand", folder.display());
        return Vec::new();
    }
    files(&root, &folder, ending)
}

fn captures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures")
}

fn files(root: &Path, folder: &Path, ending: &str) -> Vec<File> {
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the captures are there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let name = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    paths.iter().map(|path| (name(path), std::fs::read(path).expect("it can be read"))).collect()
}
