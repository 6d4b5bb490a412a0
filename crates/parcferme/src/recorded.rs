//! Recorded facts against the season as it is written now: what a fact names must still be there.

use paperwork::fault::Fault;
use paperwork::place::Place;
use sport::fact::Fact;
use sport::known::strays;
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};

/// A fault for each fact that could not be recorded any more, because an entry, a driver, a session or a championship it names was
/// renamed or taken away. The place is the number of the fact. A fact that was undone may name what it likes.
pub(crate) fn faults(rulebook: &Rulebook, begun: &Season, facts: &[Fact], journal: &str) -> Vec<Fault> {
    let mut season = begun.clone();
    facts.iter().for_each(|fact| season.apply(fact));
    let strays = strays(rulebook, &season, Moment::NOW).into_iter().map(|(number, stray)| {
        let place = Place { line: 0, column: 0, ..Place::file(&format!("{journal}, fact {number}")) };
        let citation = facts.iter().find(|fact| fact.number == number).map_or("", |fact| &fact.citation);
        let message = format!("fact {number} ({citation}) names what is not there any more: {}", stray.reason);
        let help = format!("write it into the season again as it was, or undo fact {number} and record it anew");
        Fault { span: None, ..Fault::error(stray.code, &place, message) }.help(help)
    });
    strays.collect()
}
