//! Which source heard which car, and which cars went by it unheard.

use alloc::vec::Vec;

use crate::date::Instant;
use crate::line::{Layout, LineKind};
use crate::reading::Track;
use crate::running::Running;

/// So many cars in a row that a source did not hear make it silent.
const CARS: usize = 3;

/// A car was at a line: heard by a source or not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Went {
    at: Instant,
    heard: bool,
    car: usize,
}

/// What every source heard and missed.
pub(crate) struct Watch {
    /// By source, in order.
    went: Vec<Vec<Went>>,
}

/// A car at a line, with the sources that heard it there, one bit each.
struct Seen {
    at: Instant,
    line: u8,
    by: u128,
}

impl Watch {
    pub(crate) fn of(running: &Running) -> Self {
        let layout = running.layout();
        let mut way: Vec<u8> =
            (0..layout.lines().len()).filter(|line| on_track(layout, *line)).filter_map(|line| u8::try_from(line).ok()).collect();
        way.sort_by_key(|line| layout.line(*line).at);
        let mut watch = Self { went: alloc::vec![Vec::new(); layout.sources().len()] };
        for (car, track) in running.tracks().iter().enumerate() {
            let seen = seen(layout, track);
            for (nth, one) in seen.iter().enumerate() {
                watch.at_line(layout, car, one);
                if let Some(next) = seen.get(nth + 1) {
                    watch.between(layout, &way, car, one, next);
                }
            }
        }
        watch.went.iter_mut().for_each(|went| went.sort_unstable());
        watch
    }

    fn at_line(&mut self, layout: &Layout, car: usize, seen: &Seen) {
        for (source, _) in layout.sources().iter().enumerate().filter(|(_, of)| of.line == seen.line) {
            self.went[source].push(Went { at: seen.at, heard: seen.by & bit(source) != 0, car });
        }
    }

    /// The lines a car must have crossed between two at which it was heard.
    fn between(&mut self, layout: &Layout, way: &[u8], car: usize, one: &Seen, next: &Seen) {
        let at = |line: u8| way.iter().position(|of| *of == line);
        let (Some(from), Some(to)) = (at(one.line), at(next.line)) else { return };
        // Long apart it may have been round more than once, or stood in the pits.
        let mut line = (from + 1) % way.len();
        let steps = (to + way.len() - from - 1) % way.len();
        for step in 0..steps {
            let part = i64::try_from(step + 1).unwrap_or(1) * (next.at.0 - one.at.0) / i64::try_from(steps + 1).unwrap_or(1);
            for (source, _) in layout.sources().iter().enumerate().filter(|(_, of)| of.line == way[line]) {
                self.went[source].push(Went { at: Instant(one.at.0 + part), heard: false, car });
            }
            line = (line + 1) % way.len();
        }
    }

    /// When a source was silent: from the first of several cars in a row that it did not hear to the last, with how many cars.
    pub(crate) fn silences(&self, source: usize) -> Vec<(Instant, Instant, usize)> {
        let mut silences = Vec::new();
        for run in self.went[source].split(|went| went.heard) {
            let mut cars: Vec<usize> = run.iter().map(|went| went.car).collect();
            cars.sort_unstable();
            cars.dedup();
            if let (Some(first), Some(last), true) = (run.first(), run.last(), cars.len() >= CARS) {
                silences.push((first.at, last.at, cars.len()));
            }
        }
        silences
    }
}

fn bit(source: usize) -> u128 {
    // A layout with more sources than bits is not watched beyond them.
    u32::try_from(source).ok().and_then(|source| 1_u128.checked_shl(source)).unwrap_or(u128::MAX)
}

fn on_track(layout: &Layout, line: usize) -> bool {
    let line = &layout.lines()[line];
    matches!(line.kind, LineKind::Finish | LineKind::Sector | LineKind::SpeedTrap) && !line.in_pit_lane
}

/// Where a car was heard, line after line.
fn seen(layout: &Layout, track: &Track) -> Vec<Seen> {
    let mut seen: Vec<Seen> = Vec::new();
    for reading in track.readings() {
        let line = layout.source(reading.source).line;
        let by = bit(usize::from(reading.source));
        match seen.last_mut() {
            Some(last) if last.line == line && reading.at.0 - last.at.0 <= layout.measures.coincidence.0 => last.by |= by,
            _ => seen.push(Seen { at: reading.at, line, by }),
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::date::Micros;
    use crate::line::{Line, Measures, Source, SourceKind};
    use crate::passing::PassingId;
    use crate::reading::Reading;
    use crate::running::{Ranking, Schedule};

    const MAIN: u8 = 0;
    const BACKUP: u8 = 1;
    const S1: u8 = 2;
    const S2: u8 = 3;
    const IN_LANE: u8 = 4;

    /// A finish line with two sources, two sectors, and a sector line of the pit lane; `heard` are seconds, car and source.
    fn silences(cars: usize, heard: &[(i64, usize, u8)]) -> [Vec<(i64, i64, usize)>; 5] {
        let line = |id: &str, kind, at, in_pit_lane| Line { id: id.into(), kind, at, in_pit_lane };
        let source = |id: &str, line, kind| Source { id: id.into(), line, kind };
        let measures = Measures { length: 4_500, minimum_lap: Micros::seconds(60), top_speed: 100, coincidence: Micros(500_000) };
        let sector = LineKind::Sector;
        let lines = alloc::vec![
            line("finish", LineKind::Finish, 0, false),
            line("s1", sector, 1_500, false),
            line("s2", sector, 3_000, false),
            line("lane", sector, 4_000, true),
        ];
        let sources = alloc::vec![
            source("main", 0, SourceKind::Main),
            source("backup", 0, SourceKind::Backup),
            source("s1", 1, SourceKind::Main),
            source("s2", 2, SourceKind::Main),
            source("lane", 3, SourceKind::Main),
        ];
        let schedule = Schedule { start: Some(Instant(0)), stopped: None, time: None, laps: None, to_all: false, signalled: None };
        let mut running = Running::new(Layout::new(measures, lines, sources).unwrap(), Ranking::Distance, schedule, cars);
        for ((seconds, car, source), nth) in heard.iter().zip(0..) {
            running.hear(*car, Reading { at: Instant(seconds * 1_000_000), passing: PassingId { fact: 1, nth }, source: *source });
        }
        let watch = Watch::of(&running);
        let whole = |(from, to, cars): (Instant, Instant, usize)| (from.0 / 1_000_000, to.0 / 1_000_000, cars);
        [MAIN, BACKUP, S1, S2, IN_LANE].map(|source| watch.silences(source.into()).into_iter().map(whole).collect())
    }

    /// Three cars were heard over the finish line alone: they crossed the sectors at a third and two thirds of their lap.
    #[test]
    fn three_cars_unheard_make_a_source_silent_from_where_they_must_have_been() {
        let laps = [(90, 0, MAIN), (90, 0, BACKUP), (180, 0, MAIN), (180, 0, BACKUP)];
        let of = |car: usize| laps.map(|(at, _, source)| (at + i64::try_from(car).unwrap(), car, source));
        let three = silences(3, &[of(0), of(1), of(2)].concat());
        assert_eq!(three, [vec![], vec![], vec![(120, 122, 3)], vec![(150, 152, 3)], vec![]], "nobody must pass the pit lane");
        let two = silences(2, &[of(0), of(1)].concat());
        assert_eq!(two, [const { Vec::new() }; 5], "two are too few");
    }

    #[test]
    fn one_car_that_is_never_heard_makes_no_source_silent() {
        let laps: Vec<(i64, usize, u8)> = (1..6).flat_map(|lap| [(lap * 90, 0, MAIN), (lap * 90, 0, BACKUP)]).collect();
        assert_eq!(silences(1, &laps), [const { Vec::new() }; 5]);
    }

    /// A lap later is another crossing, though nothing was heard in between.
    #[test]
    fn what_one_source_read_a_lap_later_the_other_missed() {
        let of = |car: usize| [(90 + i64::try_from(car).unwrap(), car, MAIN), (180 + i64::try_from(car).unwrap(), car, BACKUP)];
        let [main, backup, ..] = silences(3, &[of(0), of(1), of(2)].concat());
        assert_eq!((main, backup), (vec![(180, 182, 3)], vec![(90, 92, 3)]));
    }
}
