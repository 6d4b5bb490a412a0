//! What the core made of a faulty meeting, held against the truth: it is right, or a finding says before anything is published what is not.
//!
//! A wrong lap, time or place is excused by a finding that names the car, and two cars in the wrong order by one that names either of them.
//! A finding about the whole session excuses no more than what it says is uncertain (`excuses.rs`).

use std::collections::BTreeSet;

use sport::date::{Instant, Micros};
use sport::finding::Weight;
use sport::live_session::LiveSession;
use sport::season::Season;

use crate::excuses::{Excuses, Taken, exchanged};
use crate::truth::Truth;

/// How what was told stands to the truth.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Standing {
    /// Every place, lap and time is the true one, findings or not.
    Right,
    /// What is wrong is excused by findings that name the cars.
    DoubtedByCar,
    /// Some of it is excused by a finding about the session only.
    DoubtedWhole,
    /// No finding says so.
    Wrong,
}

/// How a session came out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What is wrong and no finding excuses, in words.
    pub wrong: Vec<String>,
    /// Laps that rest on a guess no finding names.
    pub guesses: usize,
    /// How it stands.
    pub standing: Standing,
}

/// A time may differ from the true one by no more than this, in microseconds: no loop reads more exactly.
pub(crate) const EXACT: i64 = 1_000;

/// By no more than this are two readings of one crossing apart.
const LITTLE: i64 = 1_000_000;

/// Something that is not as it truly was. Cars by position in the entry list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Wrong {
    /// A car has other laps than it drove.
    Laps { car: usize, told: usize, truly: usize },
    /// Its last lap is told to have ended at a moment, so many micros from when it did.
    End { car: usize, by: i64, at: Instant },
    /// Its best lap is not the true one.
    Best { car: usize, told: Option<Micros>, truly: Option<Micros> },
    /// One car is told before another that was ahead of it, by so much where both have the same laps; the later of the two is told to have ended then.
    Order { before: usize, after: usize, apart: Option<i64>, at: Option<Instant> },
}

/// A car as the core tells it, and as it was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Both {
    pub(crate) entry: usize,
    pub(crate) laps: usize,
    pub(crate) end: Option<Instant>,
    best: Option<Micros>,
    pub(crate) true_laps: usize,
    pub(crate) true_end: Option<Instant>,
    true_best: Option<Micros>,
}

/// Holds a session against the truth.
pub fn judge(season: &Season, live: &LiveSession, truth: &Truth) -> Outcome {
    // Who drove excuses nothing of what a car did.
    let heavy = || live.doubts.iter().filter(|doubt| doubt.weight > Weight::Note && doubt.code != "crew-in-part");
    let named: BTreeSet<usize> = heavy().filter_map(|doubt| doubt.car).map(|car| live.cars[car]).collect();
    // What only says that a time is unsure by a little, or a visit to the pit lane, excuses no lap.
    let in_laps =
        heavy().filter(|doubt| !matches!(doubt.code, "pit-visit-open" | "readings-differ" | "driver-barred" | "source-unmeasured"));
    let of_laps: BTreeSet<usize> = in_laps.filter_map(|doubt| doubt.car).map(|car| live.cars[car]).collect();
    let doubted = |car: usize, by: Option<i64>| of_laps.contains(&car) || (named.contains(&car) && by.is_some_and(|by| by <= LITTLE));
    let unnamed = |(_, entry): &(usize, &usize)| !named.contains(entry);
    let guesses = live.cars.iter().enumerate().filter(unnamed).map(|(car, _)| inferred(live, car)).sum();

    let both = both(live, truth, None, EXACT);
    let mut wrong = wrong(&both, truth.race);
    let mut standing = Standing::Right;
    if !wrong.is_empty() {
        standing = Standing::DoubtedByCar;
        let exchanged = exchanged(live, &both, &of_laps);
        wrong.retain(|wrong| !wrong.excused(|car, by| doubted(car, by) || Some(car) == exchanged));
    }
    if !wrong.is_empty() {
        standing = Standing::DoubtedWhole;
        let excuses = Excuses::of(live, heavy(), truth);
        wrong = self::wrong(&self::both(live, truth, excuses.end, excuses.near()), truth.race);
        wrong.retain(|wrong| !wrong.excused(doubted) && !excuses.cover(wrong));
    }
    if !wrong.is_empty() {
        standing = Standing::Wrong;
    }
    Outcome { wrong: wrong.iter().map(|wrong| wrong.told(season)).collect(), guesses, standing }
}

impl Wrong {
    /// Whether it is about a car that is doubted, by so many microseconds where it is about a time: of two in the wrong order, one is enough.
    fn excused(&self, mut doubted: impl FnMut(usize, Option<i64>) -> bool) -> bool {
        match self {
            Self::Laps { car, .. } => doubted(*car, None),
            Self::End { car, by, .. } => doubted(*car, Some(by.abs())),
            Self::Best { car, told, truly } => doubted(*car, told.zip(*truly).map(|(told, truly)| (told.0 - truly.0).abs())),
            Self::Order { before, after, apart, .. } => doubted(*before, *apart) || doubted(*after, *apart),
        }
    }

    fn told(&self, season: &Season) -> String {
        let label = |car: &usize| season.list.entries[*car].label();
        let time = |time: &Option<Micros>| time.map_or_else(|| "none".to_owned(), |time| time.to_string());
        match self {
            Self::Laps { car, told, truly } => format!("car {} has {told} laps, truly {truly}", label(car)),
            Self::End { car, by, .. } => format!("car {} ends {by} µs from the truth", label(car)),
            Self::Best { car, told, truly } => format!("car {}: best lap {}, truly {}", label(car), time(told), time(truly)),
            Self::Order { before, after, .. } => {
                format!("car {} is told before car {}, which was ahead of it", label(before), label(after))
            }
        }
    }
}

/// Every car in the order told. `end`: the truth is taken as if the session had ended with the crossing the core has there, which is `near` the true
/// one in microseconds.
fn both(live: &LiveSession, truth: &Truth, end: Option<Taken>, near: i64) -> Vec<Both> {
    let car = |progress: sport::running::Progress| {
        let entry = live.cars[progress.car];
        let of = truth.cars.iter().find(|car| car.entry == entry);
        let driven: Vec<Instant> = of.into_iter().flat_map(|car| car.laps.iter().chain(&car.beyond)).copied().collect();
        let laps = of.map_or(0, |car| car.laps.len());
        let until = |end: i64| driven.len().min(driven.partition_point(|lap| lap.0 < end) + 1);
        // Whether a crossing was before the moment of the end or at it no loop says where they are so close.
        let counted = match end {
            None => laps,
            Some(Taken::BeforeAnyLap) => 0,
            Some(Taken::At(end)) => {
                let (before, after) = (until(end.0 - near), until(end.0 + near));
                if after == progress.laps as usize { after } else { before }
            }
        };
        Both {
            entry,
            laps: progress.laps as usize,
            end: progress.end,
            best: progress.best,
            true_laps: counted,
            true_end: driven[..counted].last().copied(),
            true_best: of.and_then(|car| car.best),
        }
    };
    live.running.order().map(car).collect()
}

fn wrong(both: &[Both], race: bool) -> Vec<Wrong> {
    let mut wrong: Vec<Wrong> = both.iter().filter_map(|of| if race { of.differs() } else { of.best_differs() }).collect();
    for (nth, before) in both.iter().enumerate() {
        for after in &both[nth + 1..] {
            if let Some(apart) = if race { after.was_ahead_of(before) } else { after.was_faster_than(before) } {
                wrong.push(Wrong::Order { before: before.entry, after: after.entry, apart, at: before.end.max(after.end) });
            }
        }
    }
    wrong
}

impl Both {
    fn differs(&self) -> Option<Wrong> {
        if self.laps != self.true_laps {
            return Some(Wrong::Laps { car: self.entry, told: self.laps, truly: self.true_laps });
        }
        let (told, truly) = self.end.zip(self.true_end)?;
        let by = told.0 - truly.0;
        (by.abs() > EXACT).then_some(Wrong::End { car: self.entry, by, at: told })
    }

    fn best_differs(&self) -> Option<Wrong> {
        let same = match (self.best, self.true_best) {
            (Some(told), Some(truly)) => (told.0 - truly.0).abs() <= 2 * EXACT,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        (!same).then_some(Wrong::Best { car: self.entry, told: self.best, truly: self.true_best })
    }

    /// Whether it was truly ahead of a car that is told before it: by how much, where both have the same laps. Where no loop tells them apart
    /// nobody was.
    fn was_ahead_of(&self, before: &Self) -> Option<Option<i64>> {
        if self.true_laps != before.true_laps {
            return (self.true_laps > before.true_laps).then_some(None);
        }
        let apart = before.true_end?.0 - self.true_end?.0;
        (apart > EXACT).then_some(Some(apart))
    }

    fn was_faster_than(&self, before: &Self) -> Option<Option<i64>> {
        match (self.true_best, before.true_best) {
            (Some(own), Some(other)) => (other.0 - own.0 > 2 * EXACT).then_some(Some(other.0 - own.0)),
            (Some(_), None) => Some(None),
            (None, Some(_) | None) => None,
        }
    }
}

fn inferred(live: &LiveSession, car: usize) -> usize {
    let track = &live.running.tracks()[car];
    let counted = live.running.progress(car).laps as usize;
    track.laps()[..counted].iter().filter(|lap| track.crossings()[lap.crossing as usize].inferred()).count()
}
