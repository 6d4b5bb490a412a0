//! `check`: every fault of every rulebook and season at once, and every case run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use paperwork::fault::{Fault, Weight};
use paperwork::read::Sources;
use paperwork::season::{LoadedSeason, circuits};
use paperwork::written::counted;
use paperwork::{case, rulebook, season};
use sport::evaluate::evaluate;
use sport::fact::Fact;
use sport::finding;
use sport::season::Moment;
use sport::world::World;

use crate::stop::Stop;
use crate::{Answer, facts, faults, new, place, progress, recorded};

/// Folders inside one another are followed so far.
const DEPTH: usize = 6;

/// What there is to check in a tree.
#[derive(Default)]
struct Found {
    rulebooks: BTreeSet<PathBuf>,
    seasons: BTreeSet<PathBuf>,
    cases: BTreeSet<PathBuf>,
    /// Folders of circuits.
    circuits: BTreeSet<PathBuf>,
    /// Folders looked into, as the file system names them.
    seen: BTreeSet<PathBuf>,
    /// Links that lead nowhere or round in a circle.
    faults: Vec<Fault>,
}

impl Found {
    /// Looks into a folder and those inside it. `above` are the folders on the way here: a link to one of them is a circle.
    fn look(&mut self, folder: &Path, above: &[PathBuf]) {
        let real = match std::fs::canonicalize(folder) {
            Ok(real) => real,
            Err(error) => return self.fault("cannot-read", folder, &error.to_string(), "mend the link, or take it away"),
        };
        if above.contains(&real) {
            let cause = format!("it leads back to {}", real.display());
            return self.fault("link-circle", folder, &cause, "take the link away");
        }
        if !self.seen.insert(real.clone()) {
            return;
        }
        if folder.join("season.toml").is_file() {
            self.seasons.insert(folder.to_owned());
        }
        if folder.join("rulebook.toml").is_file() {
            self.rulebooks.insert(folder.to_owned());
        }
        if folder.join("case.toml").is_file() {
            self.cases.insert(folder.join("case.toml"));
        }
        let named = |name: &str| folder.file_name().is_some_and(|own| own == name);
        let (in_cases, in_circuits) = (named("cases"), named("circuits"));
        let mut entries: Vec<PathBuf> = match std::fs::read_dir(folder) {
            Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
            Err(error) => return self.fault("cannot-read", folder, &error.to_string(), "give the right to read it"),
        };
        entries.sort();
        let below: Vec<PathBuf> = above.iter().cloned().chain([real]).collect();
        for path in entries {
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.') || name == "target");
            let toml = path.extension().is_some_and(|extension| extension == "toml");
            if let (true, Err(error)) = (path.is_symlink() && !hidden, path.metadata()) {
                self.fault("cannot-read", &path, &error.to_string(), "mend the link, or take it away");
            } else if path.is_dir() && !hidden && below.len() <= DEPTH {
                self.look(&path, &below);
            } else if in_cases && toml {
                self.cases.insert(path);
            } else if in_circuits && toml {
                self.circuits.insert(folder.to_owned());
            }
        }
    }

    fn fault(&mut self, code: &'static str, path: &Path, cause: &str, help: &str) {
        let name = Sources::new(Path::new(".")).name(path);
        self.faults.push(Fault::unread(code, &name, format!("cannot look into {name}: {cause}")).help(help));
    }
}

/// Checks the paths, or rulebooks/, seasons/, cases/ and circuits/ here, or what `new` makes.
pub(crate) fn run(paths: &[PathBuf], assumptions: bool) -> Result<Answer, Stop> {
    let found = find(paths)?;
    let mut checking = Checking { sources: Sources::new(Path::new(".")), faults: found.faults, said: String::new() };
    for folder in found.seasons.iter().map(|season| circuits(season)).filter(|folder| folder.is_dir()).chain(found.circuits) {
        checking.faults.extend(paperwork::circuit::check(&folder, &mut checking.sources));
    }
    for folder in &found.rulebooks {
        checking.rulebook(folder, assumptions);
    }
    for folder in &found.seasons {
        checking.season(folder)?;
    }
    checking.cases(&found.cases);
    let Checking { sources, faults: mut all, mut said } = checking;
    let key = |fault: &Fault| (fault.weight, fault.file.clone(), fault.line, fault.column, fault.code, fault.message.clone());
    all.sort_by_cached_key(key);
    all.dedup();
    if all.iter().any(|fault| fault.weight == Weight::Error) {
        return Err(Stop::found(&all, &sources));
    }
    if !all.is_empty() {
        said.push_str(&faults::text(&all, &sources));
    }
    Ok(Answer { text: said, code: 0 })
}

fn find(paths: &[PathBuf]) -> Result<Found, Stop> {
    let mut paths = paths.to_vec();
    if paths.is_empty() {
        let defaults = ["rulebooks", "seasons", "cases", "circuits", "rulebook", "season"].map(PathBuf::from);
        paths.extend(defaults.into_iter().filter(|path| path.is_dir()));
        if ["season.toml", "rulebook.toml"].into_iter().any(|file| Path::new(file).is_file()) {
            paths.push(PathBuf::from("."));
        }
    }
    let mut found = Found::default();
    for path in &paths {
        if path.is_file() && path.extension().is_some_and(|extension| extension == "toml") && is_case(path) {
            found.cases.insert(path.clone());
        } else if path.is_dir() {
            found.look(path, &[]);
        } else {
            return Err(Stop::io(&path.display().to_string(), &"there is no such folder, and it is no case file"));
        }
    }
    let nothing = found.rulebooks.is_empty() && found.seasons.is_empty() && found.cases.is_empty() && found.circuits.is_empty();
    if nothing && found.faults.is_empty() {
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
        let hash = place::short(&book.hash);
        self.said.push_str(&format!(
            "rulebook {} edition {}: {}, {} assumed, hash {hash}\n",
            book.id,
            book.edition,
            counted(rules, "rule", "rules"),
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
            let (facts, head) = facts::read(folder, Some(&season.title))?;
            let journal = self.sources.name(&folder.join("journal"));
            self.faults.extend(recorded::faults(&season.rulebook, &season.begin(), &facts, &journal));
            let rounds = counted(season.calendar.rounds.len(), "round", "rounds");
            let entries = counted(season.entries.entries.len(), "entry", "entries");
            let drivers = counted(season.entries.drivers.len(), "driver", "drivers");
            self.said.push_str(&format!("season {}: {rounds}, {entries}, {drivers}, {head}\n", season.title));
            self.said.push_str(&findings(folder, season, &facts));
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
            let hold = if files.len() == 1 { "case holds" } else { "cases hold" };
            self.said.push_str(&format!("{passed} of {} {hold}\n", files.len()));
        }
    }
}

/// How many findings of each weight the season's results have, and the command that tells them; nothing without findings.
fn findings(folder: &Path, season: &LoadedSeason, facts: &[Fact]) -> String {
    if facts.is_empty() {
        return String::new();
    }
    let mut state = season.begin();
    facts.iter().for_each(|fact| state.apply(fact));
    let found = evaluate(&season.rulebook, &state, Moment::NOW, None, &World::default()).findings;
    let of = |weight: finding::Weight| match found.iter().filter(|finding| finding.weight == weight).count() {
        0 => None,
        count => Some(counted(count, weight.word(), &format!("{}s", weight.word()))),
    };
    let weights = [finding::Weight::Contradiction, finding::Weight::Doubt, finding::Weight::Note];
    let counts: Vec<String> = weights.into_iter().filter_map(of).collect();
    if counts.is_empty() {
        return String::new();
    }
    // `dues` tells the findings on success penalties, `standings` all others.
    let dues = found.iter().filter(|finding| finding.code == "success-places-unknown").count();
    let commands: Vec<&str> =
        [("standings", found.len() > dues), ("dues", dues > 0)].into_iter().filter(|(_, tells)| *tells).map(|(name, _)| name).collect();
    let told: Vec<String> = commands.iter().map(|name| format!("`parcferme {name} {}`", new::quoted(folder))).collect();
    format!("  findings: {}; {} {} them\n", counts.join(", "), told.join(" and "), if told.len() == 1 { "tells" } else { "tell" })
}

fn is_case(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "case.toml")
        || path.parent().is_some_and(|folder| folder.file_name().is_some_and(|name| name == "cases"))
}
