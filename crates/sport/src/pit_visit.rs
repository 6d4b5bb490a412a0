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

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::line::{Line, Measures, Source, SourceKind};
    use crate::passing::PassingId;
    use crate::reading::Reading;

    /// The visits of a car heard at these seconds over these lines: 0 finish, 1 a sector on the track, 2 a sector in the pit lane, 3 entry, 4 exit.
    fn heard(at: &[(i64, u8)]) -> Vec<(Option<i64>, Option<i64>, bool)> {
        let line = |id: &str, kind, at, in_pit_lane| Line { id: id.into(), kind, at, in_pit_lane };
        let lines = vec![
            line("finish", LineKind::Finish, 0, false),
            line("s1", LineKind::Sector, 1_500, false),
            line("box", LineKind::Sector, 4_400, true),
            line("pit-entry", LineKind::PitEntry, 4_300, true),
            line("pit-exit", LineKind::PitExit, 200, true),
        ];
        let sources = (0..5).map(|line| Source { id: "loop".into(), line, kind: SourceKind::Main }).collect();
        let measures = Measures { length: 4_500, minimum_lap: Micros::seconds(80), top_speed: 100, coincidence: Micros(500_000) };
        let layout = Layout::new(measures, lines, sources).expect("it has a finish line");
        let mut track = Track::default();
        track.start(&layout, Some(Instant(0)), None);
        for (at, source) in at {
            track.hear(&layout, Reading { at: Instant(at * 1_000_000), passing: PassingId { fact: 1, nth: 0 }, source: *source });
        }
        let seconds = |crossing: Option<Crossing>| crossing.map(|crossing| crossing.at.0 / 1_000_000);
        visits(&layout, &track).iter().map(|visit| (seconds(visit.entry), seconds(visit.exit), visit.inside)).collect()
    }

    /// A sector loop of the pit lane says that the car stands there; one of the track that it is out.
    #[test]
    fn a_line_of_the_pit_lane_does_not_let_a_car_out() {
        assert_eq!(heard(&[(1_560, 3), (1_575, 2)]), [(Some(1_560), None, true)]);
        assert_eq!(heard(&[(1_560, 3), (1_575, 2), (1_660, 4)]), [(Some(1_560), Some(1_660), false)]);
        assert_eq!(heard(&[(1_560, 3), (1_690, 1)]), [(Some(1_560), None, false)]);
    }

    /// In twice, and no exit between: it was out, or it would not have come in again; it is in the lane once.
    #[test]
    fn a_car_that_comes_in_again_was_out() {
        assert_eq!(heard(&[(1_560, 3), (1_760, 3)]), [(Some(1_560), None, false), (Some(1_760), None, true)]);
        assert_eq!(heard(&[(1_560, 3), (1_760, 3), (1_850, 4)]), [(Some(1_560), None, false), (Some(1_760), Some(1_850), false)]);
    }
}
