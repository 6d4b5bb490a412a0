//! `decide`, `protest` and `appeal`: one request to the journal through [`crate::record`], and the clocks that run after it.

use std::path::Path;

use sport::clock::Clocks;
use sport::decision::Against;
use sport::fact::What;
use sport::names::MatterId;
use sport::season::{Moment, Season};

use crate::arguments::MatterArguments;
use crate::record::Read;
use crate::stop::Stop;
use crate::{facts, moment};

/// `decide`: one decision, and until when it may be appealed against.
pub(crate) fn decide(folder: &Path, requests: &Path, by: &str, recorded: Option<&str>, dry_run: bool) -> Result<String, Stop> {
    let read = Read::of(folder, requests)?;
    let one = read.written.iter().filter_map(|one| one.what.decision()).count();
    if one != 1 || read.written.len() != 1 {
        return Err(Stop::no("`decide` takes one decision; record several facts with `record`"));
    }
    recorded_with_clocks(folder, &read, by, recorded, dry_run)
}

/// `protest` or `appeal`: a matter, and the clocks of what it is against. `kind` is its word.
pub(crate) fn matter(folder: &Path, kind: &str, arguments: &MatterArguments) -> Result<String, Stop> {
    let quoted = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
    let against = match (&arguments.against_decision, &arguments.against_result) {
        (Some(decision), _) => format!("decision = {}", quoted(decision)),
        (None, Some(result)) => format!("result = {}", quoted(result)),
        (None, None) => return Err(Stop::usage("say against what: --against-decision ID or --against-result SESSION")),
    };
    let at = arguments.at.as_deref().map_or_else(|| Ok(moment::now()), moment::instant)?;
    // A matter is a request like any other: written as one, it meets the same checks and the same words.
    let text = format!(
        "[[matter]]\nid = {}\nkind = {}\nat = {}\ncite = {}\nby = {}\nagainst = {{ {against} }}\nsuspends = {}\nreason = {}\n",
        quoted(&arguments.id),
        quoted(kind),
        moment::printed(at),
        quoted(&arguments.cite),
        quoted(&arguments.by),
        arguments.suspends,
        quoted(&arguments.reason),
    );
    let read = Read::text(folder, "the command line", &text)?;
    recorded_with_clocks(folder, &read, &arguments.recorder, None, arguments.dry_run)
}

/// Records what was read and says which clocks were started against it, or against what it is directed at.
fn recorded_with_clocks(folder: &Path, read: &Read, by: &str, recorded: Option<&str>, dry_run: bool) -> Result<String, Stop> {
    let mut said = read.record(folder, by, recorded, dry_run)?;
    let mut season = read.season.clone();
    facts::read(folder, Some(&season.title))?.0.iter().for_each(|fact| season.apply(fact));
    if dry_run {
        let (known, facts) = read.supposed(folder, by)?;
        season = known;
        facts.iter().for_each(|fact| season.apply(fact));
    }
    for one in &read.written {
        if let Some(decision) = one.what.decision() {
            let clocks = clocks(read, &season, &Against::Decision(decision.id.clone()), None, &said);
            said.push_str(&clocks);
        } else if let What::Matter(matter) = &one.what {
            let clocks = clocks(read, &season, &matter.against, Some(&matter.id), &said);
            said.push_str(&clocks);
        }
    }
    Ok(said)
}

/// The clocks against one thing, a line each; what is odd about the matter is a finding of the standings, and
/// said here too where it was not `said` before.
fn clocks(read: &Read, season: &Season, against: &Against, matter: Option<&MatterId>, said: &str) -> String {
    let live = season.live(Moment::NOW);
    let clocks = Clocks { rulebook: &read.rulebook, season, live: &live };
    let now = moment::now();
    let mut text = String::new();
    for clock in clocks.against(against) {
        let runs = if clock.runs_at(now) { "" } else { ", which is over" };
        text.push_str(&format!("{}: until {}{runs} ({})\n", clock.lodged.word(), moment::printed(clock.until), clock.cite));
    }
    let about = matter.map(|id| format!("matter {id}"));
    for finding in clocks.findings().iter().filter(|finding| Some(&finding.about) == about.as_ref() && !said.contains(&finding.says)) {
        text.push_str(&format!("{}: {}: {}\n", finding.weight.word(), finding.about, finding.says));
    }
    if text.is_empty() { String::from("no clock runs for it\n") } else { text }
}
