//! The pages in a real browser: scenarios in `crates/server/browser`, each with a demo of its own.
//!
//! What they need is put in place by `crates/server/browser/install.sh`. Where it is not there they say so and are skipped; never with
//! `CI=true`.

mod addresses;
#[expect(dead_code, reason = "only a folder is needed here")]
mod folder;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use folder::Folder;

/// What the scenarios need beside the binary.
struct Installed {
    scripts: PathBuf,
    modules: PathBuf,
    chromium: PathBuf,
}

impl Installed {
    /// Or what is missing.
    fn find() -> Result<Self, String> {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target/tmp lies in target");
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/browser");
        let modules = target.join("browser");
        let chromium = ["chromium", "google-chrome", "chromium-browser"].into_iter().find_map(on_path).ok_or("no Chromium on the PATH")?;
        on_path("node").ok_or("no node on the PATH")?;
        if !modules.join("installed.json").exists() {
            return Err(format!("no npm packages in {}", modules.display()));
        }
        Ok(Self { scripts, modules, chromium })
    }
}

fn on_path(command: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(command)).find(|file| file.is_file())
}

/// Past the test runner, which keeps to itself what a test that passes says.
fn told(text: &str) {
    _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
}

/// Runs a scenario; it has its own limit of time.
fn scenario(name: &str) {
    let installed = match Installed::find() {
        Ok(installed) => installed,
        Err(lacks) => {
            let says = format!("browser test `{name}` SKIPPED: {lacks}; crates/server/browser/install.sh puts it in place");
            assert!(std::env::var("CI").is_err(), "{says}");
            return told(&says);
        }
    };
    let folder = Folder::new(&format!("browser-{name}"));
    // The release build where ./check made one: a simulation in haste asks much of a debug build.
    let binary = std::env::var("PARCFERME").unwrap_or_else(|_| String::from(env!("CARGO_BIN_EXE_parcferme")));
    let settings = json!({
        "binary": binary,
        "modules": installed.modules,
        "chromium": installed.chromium,
        "folder": folder.0,
        "pictures": installed.modules.parent().expect("a folder of target").join("pictures"),
        "patterns": addresses::pages(),
    });
    let mut node = Command::new("node");
    node.arg(installed.scripts.join(format!("{name}.mjs"))).arg(settings.to_string());
    let output = node.output().expect("node runs");
    let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{wrong}");
    told(&format!("browser, {name}:\n  {}", said.trim_end().replace('\n', "\n  ")));
}

#[test]
fn a_whole_race_on_screen_is_what_the_core_says() {
    scenario("watch");
}

#[test]
fn a_lost_line_is_taken_up_again() {
    scenario("line");
}

#[test]
fn the_live_page_does_what_a_reader_wants() {
    scenario("live");
}

#[test]
fn every_page_is_readable_for_everybody() {
    scenario("pages");
}
