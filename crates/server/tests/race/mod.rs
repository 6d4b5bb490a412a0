//! A simulated race, and a site that is told of it as it goes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use paperwork::read::Sources;
use server::{Clock, Opening, Site};
use simulator::{Faults, Orders, Plan, Said};
use sport::date::{Instant, Micros};
use sport::fact::Fact;
use sport::rulebook::Rulebook;
use sport::season::Season;

/// The round that is raced: its circuit has lines.
const ROUND: u16 = 6;

/// A race as it is told, fact by fact.
pub(crate) struct Race {
    pub(crate) rulebook: Rulebook,
    /// The season with what is known before the race.
    pub(crate) season: Season,
    pub(crate) session: usize,
    /// What is told of it, in the order it is recorded.
    pub(crate) facts: Vec<Fact>,
}

/// A race of the season of 2018 under a seed.
pub(crate) fn race(seed: u64) -> Race {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let loaded = paperwork::season::season(&root.join("seasons/blancpain-gt-series-asia-2018"), &mut Sources::new(&root));
    let written = loaded.value.unwrap();
    let mut season = written.begin();
    let rulebook = written.rulebook;
    let plan = Plan { rulebook: &rulebook, season: &season.clone(), round: ROUND, seed, faults: Faults::NONE };
    let begins = Instant(1_539_417_600_000_000);
    let fitted = as_facts(&season, &simulator::fittings(&plan, |_| begins));
    season.take(fitted);
    let of = |session: &sport::session::Session| session.name.round == ROUND && session.name.id.as_str() == "race-1";
    let session = season.calendar.sessions.iter().position(of).unwrap();
    let grid: Vec<usize> = (0..season.list.entries.len()).filter(|entry| season.list.entries[*entry].spell(ROUND).is_some()).collect();
    let due = vec![Micros(0); grid.len()];
    let orders = Orders { session, begins, grid, due, first_fact: season.next_number() };
    let run = simulator::session(&plan, &orders).unwrap();
    let facts = as_facts(&season, &run.said);
    Race { rulebook, season, session, facts }
}

fn as_facts(season: &Season, said: &[Said]) -> Vec<Fact> {
    let fact = |(nth, one): (usize, &Said)| Fact {
        number: season.next_number() + nth as u64,
        happened: one.happened,
        recorded: one.at,
        by: one.by.to_owned(),
        citation: one.citation.clone(),
        what: one.what.clone(),
    };
    said.iter().enumerate().map(fact).collect()
}

/// A site whose clocks stand where a test sets them.
pub(crate) struct Told {
    pub(crate) site: Arc<Site>,
    clock: Arc<AtomicI64>,
    watch: Arc<AtomicI64>,
    pub(crate) race: Race,
    heard: usize,
}

impl Told {
    pub(crate) fn of(race: Race) -> Self {
        let (clock, watch) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(1_000_000_000)));
        let reads = |of: &Arc<AtomicI64>| {
            let of = Arc::clone(of);
            Clock { now: Arc::new(move || Instant(of.load(Ordering::Relaxed))), speed: 1 }
        };
        let opening = Opening {
            rulebook: race.rulebook.clone(),
            season: race.season.clone(),
            clock: reads(&clock),
            watch: reads(&watch),
            simulated: "simulated",
        };
        Self { site: Arc::new(Site::new(opening)), clock, watch, race, heard: 0 }
    }

    /// The race goes on until a moment; the site is told, and shows it. The viewers' clock goes on by as much.
    pub(crate) fn until(&mut self, now: Instant) {
        let ready = self.race.facts[self.heard..].partition_point(|fact| fact.recorded <= now);
        let fresh = self.race.facts[self.heard..self.heard + ready].to_vec();
        self.heard += ready;
        self.site.hear(fresh);
        let before = self.clock.swap(now.0, Ordering::Relaxed);
        self.watch.fetch_add(if before == 0 { 0 } else { now.0 - before }, Ordering::Relaxed);
        self.site.show();
    }

    /// When the race is told from, and until.
    pub(crate) fn span(&self) -> (i64, i64) {
        (self.race.facts[0].recorded.0, self.race.facts[self.race.facts.len() - 1].recorded.0)
    }
}
