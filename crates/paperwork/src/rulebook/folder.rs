//! A rulebook's folder: its files joined, laid over what it extends, then its bulletins in order; and the hash of all of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use sport::session::SessionName;

use super::shapes::{BULLETIN, RULEBOOK};
use crate::check;
use crate::fault::Fault;
use crate::place::Place;
use crate::read::{Sources, plain};
use crate::shape::{Kind, Shape};
use crate::suggest;
use crate::tree::{Entry, Node, Table, Value};

/// Rulebooks that extend one another, at most.
const LAYERS_MAX: usize = 8;

/// Everything read from a rulebook's folder, not yet lowered.
pub(super) struct Folder {
    /// The rules, before any bulletin.
    pub(super) base: Node,
    /// Bulletins in the order of their file names.
    pub(super) bulletins: Vec<Bulletin>,
    /// Of all bytes read, in hexadecimal.
    pub(super) hash: String,
    /// No file failed to be read: what is missing is really missing.
    pub(super) whole: bool,
}

/// One bulletin file.
pub(super) struct Bulletin {
    /// Its file's name in faults and citations.
    pub(super) file: String,
    /// As published.
    pub(super) number: String,
    /// The first session it applies to.
    pub(super) from: SessionName,
    /// Where that is written.
    pub(super) from_place: Place,
    /// Where the number is written.
    pub(super) number_place: Place,
    /// Its rules.
    pub(super) rules: Node,
}

struct Reading<'s> {
    sources: &'s mut Sources,
    faults: &'s mut Vec<Fault>,
    /// Path relative to the rulebook's folder, and text.
    read: BTreeMap<String, String>,
    whole: bool,
}

pub(super) fn read(folder: &Path, sources: &mut Sources, faults: &mut Vec<Fault>) -> Option<Folder> {
    let mut reading = Reading { sources, faults, read: BTreeMap::new(), whole: true };
    let base = reading.layer(folder, "", &mut Vec::new())?;
    let mut bulletins = Vec::new();
    let inside = folder.join("bulletins");
    // A link that leads nowhere is read too, so that it is told and not passed over.
    if inside.is_dir() || inside.is_symlink() {
        for path in reading.toml_files(&inside) {
            bulletins.extend(reading.bulletin(&path));
        }
    }
    let mut hash = Sha256::new();
    for (name, text) in &reading.read {
        for part in [name.as_bytes(), text.as_bytes()] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Some(Folder { base, bulletins, hash, whole: reading.whole })
}

impl Reading<'_> {
    /// The TOML files directly in a folder, by name.
    fn toml_files(&mut self, folder: &Path) -> Vec<PathBuf> {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                let name = self.sources.name(folder);
                let missing = error.kind() == std::io::ErrorKind::NotFound;
                let cause = if missing { "there is no such folder".to_owned() } else { error.to_string() };
                self.faults.push(Fault::unread("cannot-read", &name, format!("cannot read {name}: {cause}")));
                self.whole = false;
                return Vec::new();
            }
        };
        let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
        let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
        paths.sort();
        paths
    }

    /// Reads one file, remembers its bytes, checks what is written in it.
    fn file(&mut self, path: &Path, relative: String, shape: &Shape) -> Option<Node> {
        let node = self.sources.toml(path, self.faults);
        if let Some(text) = self.sources.text(&self.sources.name(path)) {
            self.read.insert(relative, text.to_owned());
        }
        match &node {
            Some(node) => check::written_well(node, shape, self.faults),
            None => self.whole = false,
        }
        node
    }

    /// One folder's files joined and laid over what it extends.
    fn layer(&mut self, folder: &Path, relative: &str, above: &mut Vec<PathBuf>) -> Option<Node> {
        let paths = self.toml_files(folder);
        let name = self.sources.name(folder);
        if paths.is_empty() {
            if self.whole {
                self.faults.push(
                    Fault::unread("no-rulebook", &name, format!("there is no rulebook in {name}"))
                        .help("a rulebook is a folder of .toml files"),
                );
            }
            self.whole = false;
            return None;
        }
        let mut joined: Option<Node> = None;
        for path in paths {
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let Some(node) = self.file(&path, format!("{relative}{file}"), &RULEBOOK) else { continue };
            joined = Some(match joined {
                None => node,
                Some(so_far) => self.join(so_far, node),
            });
        }
        let mut joined = joined?;
        above.push(std::fs::canonicalize(folder).unwrap_or_else(|_| plain(folder)));
        let own = take(&mut joined, &["extends", "remove"]);
        let mut below = Node { place: joined.place.clone(), value: Value::Table(Table::default()) };
        if let Some(extends) = own.get("extends").filter(|node| node.text().is_some()) {
            below = self.below(folder, relative, extends, above)?;
        }
        below.place = joined.place.clone();
        self.remove(&mut below, own.get("remove"));
        lay(&mut below, joined);
        Some(below)
    }

    /// The rulebook another one is laid over, without its identity.
    fn below(&mut self, folder: &Path, relative: &str, extends: &Node, above: &mut Vec<PathBuf>) -> Option<Node> {
        let written = extends.text()?;
        let path = plain(&folder.join(written));
        let same = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if above.contains(&same) || above.len() >= LAYERS_MAX {
            let message = format!("{written} extends this rulebook: it would extend itself");
            self.faults.push(Fault::error("extends-itself", &extends.place, message).label("a circle"));
            self.whole = false;
            return None;
        }
        if !path.is_dir() {
            let message = format!("there is no folder {}", self.sources.name(&path));
            let help = "write the folder from this one on, such as \"../../sro/2018\"";
            self.faults.push(Fault::error("cannot-read", &extends.place, message).label("no such folder").help(help));
            self.whole = false;
            return None;
        }
        let beside = plain(&Path::new(relative).join(written));
        let relative: Vec<_> = beside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let mut node = self.layer(&path, &format!("{}/", relative.join("/")), above)?;
        take(&mut node, &["series", "year", "edition"]);
        Some(node)
    }

    fn join(&mut self, mut here: Node, there: Node) -> Node {
        if let (Value::Table(here), Value::Table(there)) = (&mut here.value, there.value) {
            for (entry, first) in here.join(there) {
                let message = format!("{} is written in {} already", entry.key, first.file);
                let help = format!("keep one of them; the other is on line {}", first.line);
                self.faults.push(Fault::error("written-twice", &entry.place, message).label("again").help(help));
            }
        }
        here
    }

    /// Takes rules away by their dotted names.
    fn remove(&mut self, from: &mut Node, names: Option<&Node>) {
        let Value::Table(table) = &mut from.value else { return };
        for name in names.map_or(&[][..], Node::items) {
            let Some(written) = name.text() else { continue };
            let known = rule_names(table);
            if !table.remove(written) {
                let help = suggest::help(written, known.iter().map(String::as_str));
                let message = format!("there is no rule {written} to remove");
                self.faults.push(Fault::error("unknown-rule", &name.place, message).label("unknown rule").help_if(help));
            }
        }
    }

    fn bulletin(&mut self, path: &Path) -> Option<Bulletin> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut rules = self.file(path, format!("bulletins/{name}"), &BULLETIN)?;
        let own = take(&mut rules, &["number", "from", "date", "article"]);
        let Value::Table(_) = &rules.value else { return None };
        for (key, what) in WHOLE_SEASON {
            let written = rules.fields();
            let changed = written.entries().iter().filter(|entry| entry.key == key).map(|entry| &entry.place);
            let named = |node: &&Node| node.text().is_some_and(|name| name.split('.').next() == Some(key));
            let removed = written.list("remove").iter().filter(named).map(|node| &node.place);
            for place in changed.chain(removed) {
                let message = format!("a bulletin cannot change {what}: one value holds for the whole season");
                let fault = Fault::error("whole-season", place, message).label("not from a session on");
                self.faults.push(fault.help("change them in the rulebook itself, under a new edition"));
            }
        }
        for key in ["number", "from", "article"].into_iter().filter(|key| own.get(key).is_none()) {
            let remedy = BULLETIN.keys.iter().find(|known| known.name == key).map_or("", |known| known.doc);
            let fault = Fault::error("missing-key", &rules.place, format!("bulletin has no {key}")).label("here");
            self.faults.push(fault.help(format!("add {key}: {remedy}")));
        }
        let (number, from) = (own.get("number")?, own.get("from")?);
        grant_article(&mut rules, &BULLETIN, own.entry("article")?);
        Some(Bulletin {
            file: self.sources.name(path),
            number: number.text()?.to_owned(),
            from: from.session()?,
            from_place: from.place.clone(),
            number_place: number.place.clone(),
            rules,
        })
    }

    /// The tree with a bulletin laid over it.
    fn laid(&mut self, base: &Node, bulletin: &Bulletin) -> Node {
        let mut node = base.clone();
        let mut rules = bulletin.rules.clone();
        let own = take(&mut rules, &["remove"]);
        self.remove(&mut node, own.get("remove"));
        lay(&mut node, rules);
        node
    }
}

impl Folder {
    /// The tree of every version, the first without any bulletin.
    pub(super) fn versions(&self, sources: &mut Sources, faults: &mut Vec<Fault>) -> Vec<Node> {
        let mut reading = Reading { sources, faults, read: BTreeMap::new(), whole: true };
        let mut versions = vec![self.base.clone()];
        for bulletin in &self.bulletins {
            let next = reading.laid(versions.last().unwrap_or(&self.base), bulletin);
            versions.push(next);
        }
        versions
    }
}

/// What has one value for a season: its tables and its sessions are made by the law as last amended.
const WHOLE_SEASON: [(&str, &str); 3] =
    [("session", "the sessions of a weekend"), ("championship", "what a championship is"), ("ties", "how ties fall")];

/// Takes keys out of the top of a tree.
fn take(node: &mut Node, keys: &[&str]) -> Table {
    let Value::Table(table) = &mut node.value else { return Table::default() };
    let (taken, left) = std::mem::take(&mut table.entries).into_iter().partition(|entry| keys.contains(&entry.key.as_str()));
    table.entries = left;
    Table { entries: taken }
}

fn lay(below: &mut Node, above: Node) {
    if let (Value::Table(below), Value::Table(above)) = (&mut below.value, above.value) {
        below.overlay(above);
    }
}

/// The dotted names of what can be removed: `ties`, `cup.silver`.
fn rule_names(table: &Table) -> Vec<String> {
    let inside = |entry: &Entry| {
        let Value::Table(inner) = &entry.node.value else { return vec![entry.key.clone()] };
        if inner.speaks() {
            return vec![entry.key.clone()];
        }
        inner.entries.iter().map(|rule| format!("{}.{}", entry.key, rule.key)).collect()
    };
    table.entries.iter().flat_map(inside).collect()
}

/// Gives the bulletin's article to every rule in it that names none.
fn grant_article(node: &mut Node, shape: &Shape, article: &Entry) {
    let Value::Table(table) = &mut node.value else { return };
    for entry in &mut table.entries {
        let kind = shape.keys.iter().find(|key| key.name == entry.key).map(|key| key.kind);
        match kind {
            Some(Kind::Table(shape)) => grant_inside(&mut entry.node, shape, article),
            Some(Kind::Map(_, Kind::Table(shape))) => {
                if let Value::Table(map) = &mut entry.node.value {
                    map.entries.iter_mut().for_each(|entry| grant_inside(&mut entry.node, shape, article));
                }
            }
            _ => {}
        }
    }
}

fn grant_inside(node: &mut Node, shape: &Shape, article: &Entry) {
    if let Value::Table(table) = &mut node.value {
        let asks = shape.keys.iter().any(|key| key.name == "article");
        if asks && table.speaks() && table.get("article").is_none() {
            table.entries.push(article.clone());
        }
    }
    grant_article(node, shape, article);
}
