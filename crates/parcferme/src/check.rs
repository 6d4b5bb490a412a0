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
    let found = find(paths)?;
    let mut checking = Checking { sources: Sources::new(Path::new(".")), faults: Vec::new(), said: String::new() };
    for folder in &found.rulebooks {
        checking.rulebook(folder, assumptions);
    }
    for folder in &found.seasons {
        checking.season(folder)?;
    }
    checking.cases(&found.cases);
    let Checking { sources, faults: mut all, mut said } = checking;
    all.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    all.dedup();
    if all.iter().any(|fault| fault.weight == Weight::Error) {
        return Err(Stop::no(faults::text(&all, &sources)));
    }
    if !all.is_empty() {
        said.push_str(&faults::text(&all, &sources));
    }
    Ok(Answer { text: said, code: 0 })
}

fn find(paths: &[PathBuf]) -> Result<Found, Stop> {
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
    Ok(found)
}

/// What was read, found and said so far.
struct Checking {
    sources: Sources,
    faults: Vec<Fault>,
    said: String,
}

impl Checking {
    fn rulebook(&mut self, folder: &Path, assumptions: bool) {
        progress(&format!("checking {}", folder.display()));
        let loaded = rulebook::rulebook(folder, &mut self.sources);
        self.faults.extend(loaded.faults);
        let Some(book) = loaded.value else { return };
        let (assumed, rules) = (rulebook::assumptions(&book), rulebook::values(&book).len());
        let hash = &book.hash[..12.min(book.hash.len())];
        self.said.push_str(&format!(
            "rulebook {} edition {}: {rules} rules, {} assumed, hash {hash}\n",
            book.id,
            book.edition,
            assumed.len()
        ));
        for cite in assumed.iter().filter(|_| assumptions) {
            let why = cite.assumed.as_deref().unwrap_or_default();
            self.said.push_str(&format!("  assumed: {} ({}:{}): {why}\n", cite.rule, cite.file, cite.line));
        }
    }

    fn season(&mut self, folder: &Path) -> Result<(), Stop> {
        progress(&format!("checking {}", folder.display()));
        let loaded = season::season(folder, &mut self.sources);
        self.faults.extend(loaded.faults);
        if let Some(season) = &loaded.value {
            let (_, head) = facts::read(folder)?;
            let (rounds, entries, drivers) = (season.calendar.rounds.len(), season.entries.entries.len(), season.entries.drivers.len());
            self.said.push_str(&format!("season {}: {rounds} rounds, {entries} entries, {drivers} drivers, {head}\n", season.title));
        }
        Ok(())
    }

    fn cases(&mut self, files: &BTreeSet<PathBuf>) {
        let mut passed = 0;
        for file in files {
            progress(&format!("running {}", file.display()));
            let outcome = case::run(file, &mut self.sources);
            passed += usize::from(outcome.iter().all(|fault| fault.weight == Weight::Warning));
            self.faults.extend(outcome);
        }
        progress("");
        if !files.is_empty() {
            self.said.push_str(&format!("{passed} of {} cases hold\n", files.len()));
        }
    }
}

fn is_case(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "case.toml")
        || path.parent().is_some_and(|folder| folder.file_name().is_some_and(|name| name == "cases"))
}
