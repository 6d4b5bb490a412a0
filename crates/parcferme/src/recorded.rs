//! Recorded facts against the season as it is written now: what a fact names must still be there.

use paperwork::fault::Fault;
use paperwork::place::Place;
use sport::accept::{Refusal, Request, accept};
use sport::fact::{Fact, What};
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};

/// A fault for each fact that could not be recorded any more, because an entry, a driver, a session or a championship it names was
/// renamed or taken away. The place is the number of the fact. A fact that was undone may name what it likes.
pub(crate) fn faults(rulebook: &Rulebook, begun: &Season, facts: &[Fact], journal: &str) -> Vec<Fault> {
    let mut all = begun.clone();
    facts.iter().for_each(|fact| all.apply(fact));
    let live: Vec<u64> = all.live(Moment::NOW).iter().map(|fact| fact.number).collect();
    let mut season = begun.clone();
    let mut faults = Vec::new();
    for fact in facts {
        if live.contains(&fact.number)
            && let Some((code, reason)) = missing(rulebook, &season, fact)
        {
            let place = Place { line: 0, column: 0, ..Place::file(&format!("{journal}, fact {}", fact.number)) };
            let message = format!("fact {} ({}) names what is not there any more: {reason}", fact.number, fact.citation);
            let help = format!("write it into the season again as it was, or undo fact {} and record it anew", fact.number);
            faults.push(Fault { span: None, ..Fault::error(code, &place, message) }.help(help));
        }
        season.apply(fact);
    }
    faults
}

/// What a fact names and the season lacks: the code and the reason with which it would be refused today.
fn missing(rulebook: &Rulebook, season: &Season, fact: &Fact) -> Option<(&'static str, String)> {
    if let What::Grid(grid) = &fact.what {
        let mut drivers = grid.rows.iter().filter_map(|row| row.driver.as_ref());
        if let Some(driver) = drivers.find(|driver| season.list.driver(driver).is_none()) {
            return Some(("unknown-driver", format!("driver {driver} is not entered")));
        }
    }
    let request = Request { happened: fact.happened, by: fact.by.clone(), citation: fact.citation.clone(), what: fact.what.clone() };
    let Refusal { code, reason, .. } = accept(rulebook, season, request, fact.recorded).err()?;
    (code.starts_with("unknown-") || code == "not-entered").then_some((code, reason))
}
