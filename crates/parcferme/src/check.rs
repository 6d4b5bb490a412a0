//! `check`: every fault of every rulebook and season at once, and every case run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use paperwork::fault::{Fault, Weight};
use paperwork::read::Sources;
use paperwork::{case, rulebook, season};

use crate::stop::Stop;
use crate::{Answer, facts, faults, progress};

/// Folders inside one another are followed so far.
const DEPTH: usize = 6;

/// What there is to check in a tree.
#[derive(Default)]
struct Found {
    rulebooks: BTreeSet<PathBuf>,
    seasons: BTreeSet<PathBuf>,
    cases: BTreeSet<PathBuf>,
}

impl Found {
    fn look(&mut self, folder: &Path, depth: usize) {
        if folder.join("season.toml").is_file() {
            self.seasons.insert(folder.to_owned());
        }
        if folder.join("rulebook.toml").is_file() {
            self.rulebooks.insert(folder.to_owned());
        }
        if folder.join("case.toml").is_file() {
            self.cases.insert(folder.join("case.toml"));
        }
        let in_cases = folder.file_name().is_some_and(|name| name == "cases");
        let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for path in entries {
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.') || name == "target");
            if path.is_dir() && !hidden && depth > 0 {
                self.look(&path, depth - 1);
            } else if in_cases && path.extension().is_some_and(|extension| extension == "toml") {
                self.cases.insert(path);
            }
        }
    }
}

/// Checks the paths, or rulebooks/, seasons/ and cases/ here.
pub(crate) fn run(paths: &[PathBuf], assumptions: bool) -> Result<Answer, Stop> {
    let defaults = ["rulebooks", "seasons", "cases"].map(PathBuf::from);
    let paths: Vec<PathBuf> = if paths.is_empty() { defaults.into_iter().filter(|path| path.is_dir()).collect() } else { paths.to_vec() };
    let mut found = Found::default();
    for path in &paths {
        if path.is_file() && path.extension().is_some_and(|extension| extension == "toml") && is_case(path) {
            found.cases.insert(path.clone());
        } else if path.is_dir() {
            found.look(path, DEPTH);
        } else {
            return Err(Stop::io(&path.display().to_string(), &"there is no such folder, and it is no case file"));
        }
    }
    if found.rulebooks.is_empty() && found.seasons.is_empty() && found.cases.is_empty() {
        return Err(Stop::usage("there is nothing to check: no folder with a rulebook.toml or season.toml, no case"));
    }
    let mut sources = Sources::new(Path::new("."));
    let mut all: Vec<Fault> = Vec::new();
    let mut said = String::new();
    for folder in &found.rulebooks {
        progress(&format!("checking {}", folder.display()));
        let loaded = rulebook::rulebook(folder, &mut sources);
        if let Some(book) = &loaded.value {
            let (assumed, values) = (rulebook::assumptions(book), rulebook::values(book));
            said.push_str(&format!(
                "rulebook {} edition {}: {} rules, {} assumed, hash {}\n",
                book.id,
                book.edition,
                values.len(),
                assumed.len(),
                &book.hash[..12.min(book.hash.len())]
            ));
            if assumptions {
                for cite in assumed {
                    said.push_str(&format!(
                        "  assumed: {} ({}:{}): {}\n",
                        cite.rule,
                        cite.file,
                        cite.line,
                        cite.assumed.as_deref().unwrap_or_default()
                    ));
                }
            }
        }
        all.extend(loaded.faults);
    }
    for folder in &found.seasons {
        progress(&format!("checking {}", folder.display()));
        let loaded = season::season(folder, &mut sources);
        if let Some(season) = &loaded.value {
            let (facts, head) = facts::read(folder)?;
            let rounds = season.calendar.rounds.len();
            said.push_str(&format!(
                "season {}: {rounds} rounds, {} entries, {} drivers, {head}\n",
                season.title,
                season.entries.entries.len(),
                season.entries.drivers.len()
            ));
            drop(facts);
        }
        all.extend(loaded.faults);
    }
    let mut passed = 0;
    for file in &found.cases {
        progress(&format!("running {}", file.display()));
        let outcome = case::run(file, &mut sources);
        passed += usize::from(outcome.iter().all(|fault| fault.weight == Weight::Warning));
        all.extend(outcome);
    }
    progress("");
    if !found.cases.is_empty() {
        said.push_str(&format!("{passed} of {} cases hold\n", found.cases.len()));
    }
    all.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    all.dedup();
    let failed = all.iter().any(|fault| fault.weight == Weight::Error);
    if failed {
        return Err(Stop::no(faults::text(&all, &sources)));
    }
    if !all.is_empty() {
        said.push_str(&faults::text(&all, &sources));
    }
    Ok(Answer { text: said, code: 0 })
}

fn is_case(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "case.toml")
        || path.parent().is_some_and(|folder| folder.file_name().is_some_and(|name| name == "cases"))
}
