//! Pit visits: a car's time in the pit lane, from the entry line to the exit line, with what it rests on (C2, case 6).

use alloc::vec::Vec;

use crate::date::{Instant, Micros};
use crate::line::{Layout, LineKind};
use crate::reading::{Crossing, Track, between};

/// One visit to the pit lane.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PitVisit {
    /// Over the entry line; none where it was not heard: a start from the pit lane, or a missed reading.
    pub entry: Option<Crossing>,
    /// Over the exit line; none while the car is in the pit lane, or where it was not heard.
    pub exit: Option<Crossing>,
    /// True from the entry until something was heard of the car outside the pit lane.
    pub inside: bool,
    /// Laps completed before the visit.
    pub lap: u32,
    /// Further readings of the entry or exit line during the visit that cannot all be true, in order.
    pub doubtful: Vec<Crossing>,
}

impl PitVisit {
    /// From entry to exit line; none while one of them is missing.
    pub fn time(&self) -> Option<Micros> {
        self.entry.zip(self.exit).map(|(entry, exit)| between(entry.at, exit.at))
    }

    /// Every time the visit would have had, if a doubtful reading were the true one; ascending, without [`PitVisit::time`].
    pub fn other_times(&self, layout: &Layout) -> Vec<Micros> {
        let kind = |crossing: &&Crossing| layout.line(crossing.line).kind;
        let of = |wanted: LineKind, read: Option<Crossing>| -> Vec<Instant> {
            let doubtful = self.doubtful.iter().filter(|crossing| kind(crossing) == wanted).map(|crossing| crossing.at);
            read.map(|crossing| crossing.at).into_iter().chain(doubtful).collect()
        };
        let exits = of(LineKind::PitExit, self.exit);
        let mut times: Vec<Micros> = of(LineKind::PitEntry, self.entry)
            .into_iter()
            .flat_map(|entry| exits.iter().filter(move |exit| **exit > entry).map(move |exit| between(entry, *exit)))
            .filter(|time| Some(*time) != self.time())
            .collect();
        times.sort_unstable();
        times.dedup();
        times
    }
}

/// The visits of a car, in order.
pub fn visits(layout: &Layout, track: &Track) -> Vec<PitVisit> {
    let mut visits: Vec<PitVisit> = Vec::new();
    // Whether the car was last truly heard at the entry or the exit.
    let mut at_pit_line = false;
    for (at, crossing) in track.crossings().iter().enumerate() {
        let line = layout.line(crossing.line);
        let of_pits = matches!(line.kind, LineKind::PitEntry | LineKind::PitExit);
        if crossing.impossible {
            visits.last_mut().filter(|_| of_pits && at_pit_line).into_iter().for_each(|visit| visit.doubtful.push(*crossing));
            continue;
        }
        at_pit_line = of_pits;
        // The finish line is often one loop across track and pit lane: it does not say that the car is out.
        let outside = matches!(line.kind, LineKind::Sector | LineKind::SpeedTrap) && !line.in_pit_lane;
        let open = visits.last_mut().filter(|visit| visit.inside);
        match (line.kind, open) {
            (LineKind::PitExit, Some(visit)) => {
                visit.exit = Some(*crossing);
                visit.inside = false;
                visit.doubtful.extend(track.otherwise(layout, crossing));
            }
            (LineKind::PitExit, None) => visits.push(PitVisit { exit: Some(*crossing), inside: false, ..unheard(track, at) }),
            (LineKind::PitEntry, open) => {
                open.into_iter().for_each(|visit| visit.inside = false);
                visits.push(PitVisit { entry: Some(*crossing), doubtful: track.otherwise(layout, crossing), ..unheard(track, at) });
            }
            (LineKind::Sector | LineKind::SpeedTrap | LineKind::Finish, Some(visit)) if outside => visit.inside = false,
            (LineKind::Sector | LineKind::SpeedTrap | LineKind::Finish, _) => {}
        }
    }
    visits
}

fn unheard(track: &Track, at: usize) -> PitVisit {
    let lap = track.laps().partition_point(|lap| (lap.crossing as usize) < at);
    let lap = u32::try_from(lap).expect("a car completes fewer than four billion laps");
    PitVisit { entry: None, exit: None, inside: true, lap, doubtful: Vec::new() }
}
