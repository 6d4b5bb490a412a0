//! The project's files: those git tracks or would track.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The project's files with their text.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// By path relative to the root, `/` between parts; `None` where the file is not UTF-8.
    pub files: BTreeMap<String, Option<String>>,
}

impl Tree {
    /// The root of this project.
    pub fn root() -> PathBuf {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        manifest.ancestors().nth(2).unwrap_or(manifest).to_path_buf()
    }

    /// Reads this project: what `git ls-files` names, or every file where there is no git.
    pub fn read() -> Self {
        let root = Self::root();
        let names = tracked(&root).unwrap_or_else(|| walked(&root));
        let read = |name: String| fs::read(root.join(&name)).ok().map(|bytes| (name, String::from_utf8(bytes).ok()));
        Self { files: names.into_iter().filter_map(read).collect() }
    }

    /// A tree made of these files, for tests.
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).into(), Some((*text).into()))).collect() }
    }

    /// The files that are text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, text)| text.as_deref().map(|text| (path.as_str(), text)))
    }

    /// The text files whose name ends so.
    pub fn ending(&self, end: &'static str) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(move |(path, _)| path.ends_with(end))
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.as_deref()
    }

    /// Whether there is such a file or folder.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.files.contains_key(path) || self.files.range(folder.clone()..).next().is_some_and(|(name, _)| name.starts_with(&folder))
    }

    /// The folders in `crates/` that hold a manifest.
    pub fn crates(&self) -> Vec<&str> {
        let manifest =
            |path: &'_ str| path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml").filter(|name| !name.contains('/')).map(str::len);
        self.files.keys().filter_map(|path| manifest(path).map(|len| &path["crates/".len()..][..len])).collect()
    }
}

/// Tracked files, and new ones that are not ignored: a fault shows before the commit.
fn tracked(root: &Path) -> Option<Vec<String>> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok().filter(|output| output.status.success())?;
    let names: Vec<String> = String::from_utf8(output.stdout).ok()?.split_terminator('\0').map(String::from).collect();
    (!names.is_empty()).then_some(names)
}

fn walked(root: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                let skipped = name == ".git" || (folder == root && (name == "target" || name == "scratch"));
                folders.extend((!skipped).then_some(path));
            } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
                names.push(name.replace('\\', "/"));
            }
        }
    }
    names
}

/// The folder of a path, empty at the root.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path as written in a file of `folder`, relative to the root; `None` where it leaves the tree.
pub fn resolve(folder: &str, written: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_and_without_git_the_same_sources_are_found() {
        let root = Tree::root();
        let walked = walked(&root);
        for name in tracked(&root).unwrap_or_default().iter().filter(|name| root.join(name).is_file()) {
            assert!(walked.contains(name), "{name}");
        }
        assert!(Tree::read().crates().contains(&"tidy"));
    }

    #[test]
    fn a_relative_path_is_followed_and_cannot_leave_the_tree() {
        assert_eq!(resolve("rulebooks/a/2018", "../../sro/./2018").as_deref(), Some("rulebooks/sro/2018"));
        assert_eq!(resolve("docs", "../../README.md"), None);
    }
}
