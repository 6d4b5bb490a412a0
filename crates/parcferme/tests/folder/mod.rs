//! A folder to run the binary in, and what it said.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own for a test, removed at the end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("parcferme-{name}-{}", std::process::id()));
        _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        Said::of(self.command(arguments).output().expect("the binary runs"))
    }

    pub(crate) fn feed(&self, arguments: &[&str], input: &str) -> Said {
        let mut child =
            self.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
        child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("the binary reads");
        Said::of(child.wait_with_output().expect("the binary ends"))
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parcferme"));
        command.current_dir(&self.0).args(arguments).env("NO_COLOR", "1");
        command
    }

    /// A league to make mistakes in.
    pub(crate) fn league(name: &str) -> Self {
        let folder = Self::new(name);
        folder.run(&["new", "Example League", "l", "--year", "2020"]).code(0).says(&["l/season/journal.sqlite"]);
        folder
    }

    /// The season of 2018 before its first fact, as `seasons/s`.
    pub(crate) fn season(name: &str) -> Self {
        let folder = Self::new(name);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for part in ["rulebooks", "circuits", "seasons"] {
            copy(&root.join(part), &folder.0.join(part));
        }
        fs::rename(folder.0.join("seasons/blancpain-gt-series-asia-2018"), folder.0.join("seasons/s")).expect("a season");
        for journal in ["journal.jsonl", "journal.sqlite"] {
            _ = fs::remove_file(folder.0.join("seasons/s").join(journal));
        }
        folder
    }

    pub(crate) fn change(&self, file: &str, from: &str, to: &str) {
        let path = self.0.join(file);
        let text = fs::read_to_string(&path).expect(file);
        assert!(text.contains(from), "{file} has no {from}");
        fs::write(path, text.replacen(from, to, 1)).expect(file);
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what people read is UTF-8");
        Self { code: output.status.code().expect("ended by itself"), out: text(output.stdout), err: text(output.stderr) }
    }

    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    pub(crate) fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.out.contains(word) || self.err.contains(word), "`{word}` is missing in\n{}{}", self.out, self.err);
        }
        self
    }
}
