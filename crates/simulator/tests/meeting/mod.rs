//! A season to simulate in, and sessions folded from what was said.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;

use paperwork::read::Sources;
use simulator::{Faults, Orders, Plan, Run, Said, session};
use sport::date::{Instant, Micros};
use sport::fact::Fact;
use sport::rulebook::Rulebook;
use sport::season::Season;

/// The season of 2018 before its first fact.
pub(crate) fn loaded() -> (Rulebook, Season) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let loaded = paperwork::season::season(&root.join("seasons/blancpain-gt-series-asia-2018"), &mut Sources::new(&root));
    let written = loaded.value.unwrap();
    let season = written.begin();
    (written.rulebook, season)
}

/// What was said becomes facts, recorded as it was said.
pub(crate) fn apply<'s>(season: &mut Season, said: impl IntoIterator<Item = &'s Said>) {
    for one in said {
        let (by, citation) = (one.by.to_owned(), one.citation.clone());
        season.apply(&Fact {
            number: season.next_number(),
            happened: one.happened,
            recorded: one.at,
            by,
            citation,
            what: one.what.clone(),
        });
    }
}

/// One session of round 5 under a seed: the season with its transponders, the session's position, what is said of it.
pub(crate) fn told(rulebook: &Rulebook, begun: &Season, id: &str, seed: u64, faults: Faults) -> (Season, usize, Run) {
    let plan = Plan { rulebook, season: begun, round: 5, seed, faults };
    let begins = Instant(1_537_600_000_000_000);
    let mut season = begun.clone();
    apply(&mut season, &simulator::fittings(&plan, |_| begins));
    let at = begun.calendar.sessions.iter().position(|session| session.name.round == 5 && session.name.id.as_str() == id).unwrap();
    let grid: Vec<usize> = (0..begun.list.entries.len()).filter(|entry| begun.list.entries[*entry].spell(5).is_some()).collect();
    let due = vec![Micros(0); grid.len()];
    let run = session(&plan, &Orders { session: at, begins, grid, due, first_fact: season.next_number() }).unwrap();
    (season, at, run)
}
