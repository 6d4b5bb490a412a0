//! A rulebook, from its folder to `sport`'s type.
//!
//! All `*.toml` directly in the folder are one rulebook. `extends` lays it over another folder's rules (not over that
//! folder's bulletins), `remove` takes rules away, and every file in `bulletins/` makes the next version of the law.

mod championships;
mod cross;
mod drive_time;
mod folder;
mod grid_source;
mod law;
mod points;
mod scrutineering;
pub mod shapes;
mod stewarding;

use std::collections::BTreeMap;
use std::path::{Component, Path};
use std::sync::Arc;

use sport::citation::{Cite, RuleCitation};
use sport::rulebook::{Law, Rulebook, Source, Version};

use crate::check;
use crate::fault::{Fault, Loaded, Weight};
use crate::fields::Fields;
use crate::read::{Sources, plain};
use crate::tree::Node;

/// Loads a rulebook's folder. Files read are added to `sources`; the value is there when no fault is an error.
pub fn rulebook(folder: &Path, sources: &mut Sources) -> Loaded<Rulebook> {
    let mut faults = Vec::new();
    let value = load(folder, sources, &mut faults).map(|(rulebook, _)| rulebook);
    Loaded::of(value, faults)
}

/// The same with what a season asks beside it: whether a driver championship says `two-cars`, whatever it says (P12).
pub(crate) fn for_season(folder: &Path, sources: &mut Sources) -> Loaded<(Rulebook, bool)> {
    let mut faults = Vec::new();
    let value = load(folder, sources, &mut faults);
    Loaded::of(value, faults)
}

fn load(folder: &Path, sources: &mut Sources, faults: &mut Vec<Fault>) -> Option<(Rulebook, bool)> {
    let read = folder::read(folder, sources, faults)?;
    if !read.whole {
        return None;
    }
    let trees = read.versions(sources, faults);
    for tree in &trees {
        check::complete(tree, &shapes::RULEBOOK, faults);
    }
    cross::bulletins(&read.bulletins, &trees, faults);
    for tree in &trees {
        cross::rules(tree, faults);
    }
    if faults.iter().any(|fault| fault.weight == Weight::Error) {
        return None;
    }
    let lowering = Lowering { bulletins: read.bulletins.iter().map(|bulletin| (bulletin.file.clone(), bulletin.number.clone())).collect() };
    let first = trees.first()?.fields();
    let last = trees.last()?.fields();
    let mut versions = vec![Version { from: None, bulletin: None, law: lowering.law(first)? }];
    for (bulletin, tree) in read.bulletins.iter().zip(trees.iter().skip(1)) {
        let law = lowering.law(tree.fields())?;
        versions.push(Version { from: Some(bulletin.from.clone()), bulletin: Some(bulletin.number.clone()), law });
    }
    let source = |(id, fields): (&str, Fields<'_>)| {
        Some(Source { id: id.to_owned(), site: fields.text("site")?.to_owned(), page: fields.text("page")?.to_owned() })
    };
    let two_cars = last.keyed("championship").any(|(_, of)| of.text("competitor") == Some("driver") && of.get("two-cars").is_some());
    let rulebook = Rulebook {
        id: id_of(folder),
        series: first.text("series")?.to_owned(),
        year: first.whole("year")?,
        edition: first.text("edition")?.to_owned(),
        hash: read.hash,
        sources: last.keyed("source").filter_map(source).collect(),
        versions,
    };
    Some((rulebook, two_cars))
}

/// The rules as last amended, as they are written: for looking a value up by its dotted name.
pub fn as_written(folder: &Path, sources: &mut Sources) -> Option<Node> {
    let mut faults = Vec::new();
    let read = folder::read(folder, sources, &mut faults)?;
    read.versions(sources, &mut faults).pop()
}

/// The last two names of the folder: `blancpain-gt-series-asia/2018`.
fn id_of(folder: &Path) -> String {
    let full = plain(&std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()));
    let names: Vec<_> =
        full.components().filter(|part| matches!(part, Component::Normal(_))).map(|part| part.as_os_str().to_string_lossy()).collect();
    names[names.len().saturating_sub(2)..].join("/")
}

/// Every citation of a rulebook's rules, each once, in the order of the law.
pub fn values(rulebook: &Rulebook) -> Vec<Cite> {
    let mut all: Vec<Cite> = Vec::new();
    for version in &rulebook.versions {
        for cite in cites(&version.law) {
            if !all.contains(cite) {
                all.push(Arc::clone(cite));
            }
        }
    }
    all
}

/// The rules whose values are assumed, each once.
pub fn assumptions(rulebook: &Rulebook) -> Vec<Cite> {
    values(rulebook).into_iter().filter(|cite| cite.assumed.is_some()).collect()
}

/// The citations of one version of the law.
fn cites(law: &Law) -> Vec<&Cite> {
    let mut cites: Vec<&Cite> = Vec::new();
    cites.extend(law.classes.iter().map(|rule| &rule.cite));
    cites.extend(law.cups.iter().map(|rule| &rule.cite));
    cites.extend(law.dispensations.iter().map(|rule| &rule.cite));
    cites.extend([&law.entries.cite, &law.guests.cite, &law.invitational.cite]);
    cites.extend(law.weekend.iter().map(|rule| &rule.cite));
    cites.extend(law.qualifying.iter().map(|rule| &rule.cite));
    cites.extend(law.grid.iter().map(|rule| &rule.cite));
    cites.extend(law.start.iter().map(|rule| &rule.cite));
    cites.extend(law.end.iter().map(|rule| &rule.cite));
    if let Some(stop) = &law.pit_stop {
        cites.push(&stop.cite);
        cites.extend(stop.minimum_at.iter().map(|rule| &rule.cite));
        cites.extend(stop.every.iter().flat_map(|every| &every.joker).map(|rule| &rule.cite));
        cites.extend(stop.technical.iter().map(|rule| &rule.cite));
    }
    cites.extend(law.drive_times.iter().map(|rule| &rule.cite));
    if let Some(success) = &law.success {
        cites.push(&success.cite);
        cites.extend(success.steps.iter().map(|rule| &rule.cite));
    }
    cites.extend(law.classified.iter().map(|rule| &rule.cite));
    cites.extend(law.shortened.iter().map(|rule| &rule.cite));
    cites.extend(law.tables.iter().map(|rule| &rule.cite));
    cites.extend(law.awards.iter().map(|rule| &rule.cite));
    for championship in &law.championships {
        cites.extend([&championship.cite, &championship.ties.cite]);
        cites.extend(championship.best_cars.iter().map(|rule| &rule.cite));
        cites.extend(championship.keep.iter().map(|rule| &rule.cite));
    }
    cites.extend(law.podiums.iter().map(|rule| &rule.cite));
    cites.extend(law.tariff.iter().map(|rule| &rule.cite));
    cites.extend(law.conversion.iter().map(|rule| &rule.cite));
    cites.extend(law.protest.iter().map(|rule| &rule.cite));
    cites.extend(law.appeal.iter().map(|rule| &rule.cite));
    if let Some(licence) = &law.licence {
        cites.push(&licence.cite);
        cites.extend(licence.steps.iter().map(|rule| &rule.cite));
    }
    cites.extend(law.bop.iter().map(|rule| &rule.cite));
    cites.extend(law.scrutineering.iter().map(|rule| &rule.cite));
    cites.extend(law.tyres.iter().map(|rule| &rule.cite));
    cites
}

/// What lowering needs to know beside the tree: which files are bulletins.
struct Lowering {
    /// Number by file.
    bulletins: BTreeMap<String, String>,
}

impl Lowering {
    /// The citation of a rule table; what it does not say itself, the table around it says.
    fn cite(&self, rule: &str, fields: Fields<'_>, around: Option<&Cite>) -> Cite {
        let file = fields.place().file.to_string();
        let own = |key: &str| fields.text(key).map(str::to_owned);
        let outer = |read: fn(&RuleCitation) -> Option<String>| around.and_then(|cite| read(cite));
        Arc::new(RuleCitation {
            rule: rule.to_owned(),
            article: own("article").or_else(|| outer(|cite| Some(cite.article.clone()))).unwrap_or_default(),
            source: own("source").or_else(|| outer(|cite| cite.source.clone())),
            assumed: own("assumed")
                .or_else(|| outer(|cite| cite.assumed.clone()).filter(|_| fields.get("assumed").is_none() && own("source").is_none())),
            bulletin: self.bulletins.get(&file).cloned(),
            line: fields.place().line,
            file,
        })
    }

    /// The rules under a key, each with its id and citation, in order.
    fn rules<'t, R>(&self, top: Fields<'t>, key: &str, lower: impl Fn(&'t str, Fields<'t>, Cite) -> Option<R>) -> Option<Vec<R>> {
        top.keyed(key).map(|(id, fields)| lower(id, fields, self.cite(&format!("{key}.{id}"), fields, None))).collect()
    }

    /// The rule written as one table, where it is written; the outer `None` stands for a rule that could not be read.
    #[expect(clippy::option_option, reason = "absent and unreadable are two answers")]
    fn rule<'t, R>(&self, top: Fields<'t>, key: &str, lower: impl Fn(Fields<'t>, Cite) -> Option<R>) -> Option<Option<R>> {
        match top.get(key).map(Node::fields) {
            None => Some(None),
            Some(fields) => lower(fields, self.cite(key, fields, None)).map(Some),
        }
    }
}
