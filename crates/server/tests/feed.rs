//! What keeps a site true, when its journal cannot be read.

#![expect(dead_code, reason = "of the race only its facts are used")]

mod race;

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use server::{Clock, Opening, Site};
use sport::date::Instant;

/// The journal is there, then cannot be read, then is there again. Time goes on by a second with every question.
#[test]
fn while_the_journal_cannot_be_read_the_last_frame_stands_and_it_is_said_once() {
    let race = race::race(35);
    let begins = race.facts[0].recorded.0;
    let middle = begins + 1_800_000_000;
    let now = Arc::new(AtomicI64::new(middle));
    let clock = Clock {
        now: {
            let now = Arc::clone(&now);
            Arc::new(move || Instant(now.load(Ordering::Relaxed)))
        },
        speed: 1,
    };
    let opening = Opening { rulebook: race.rulebook, season: race.season, clock: clock.clone(), watch: clock, simulated: "simulated" };
    let site = Arc::new(Site::new(opening));
    let mut rest = race.facts.into_iter().peekable();
    let asked = Cell::new(0);
    let frames = RefCell::new(Vec::new());
    let said = RefCell::new(Vec::new());
    let news = || {
        frames.borrow_mut().push(site.shown().map_or(0, |(n, _)| n));
        asked.set(asked.get() + 1);
        let at = Instant(now.fetch_add(1_000_000, Ordering::Relaxed) + 1_000_000);
        match asked.get() {
            5..8 => Err(String::from("the disk is gone")),
            8 => Err(String::from("the disk is back, and full")),
            _ => Ok(std::iter::from_fn(|| rest.next_if(|fact| fact.recorded <= at)).collect()),
        }
    };
    server::feed(&site, news, |what| said.borrow_mut().push(what.to_owned()), || asked.get() >= 12);
    let frames = frames.into_inner();
    assert!(frames[1] > 0 && frames[3] > frames[1], "{frames:?}");
    assert_eq!(frames[4..8], [frames[4]; 4], "nothing was shown of a time that nothing is known of");
    assert!(frames[11] > frames[8], "{frames:?}");
    assert_eq!(said.into_inner(), ["the disk is gone", "the disk is back, and full", "the journal can be read again"]);
}
