//! A circuit as cars drive it: from node to node round the lap, or through the pit lane.

use sport::line::{Layout, LineKind};

use crate::dice::MILLION;

/// Micros a metre of pit lane takes at 60 km/h.
const LANE: i64 = 60_000;
/// Micros a metre of track takes the fastest car on average: 176 km/h.
const TRACK: i64 = 20_400;

/// A place on the track that cars pass in every lap.
#[derive(Debug)]
pub(crate) struct Node {
    /// The part of a lap from here to the next node, in millionths.
    pub(crate) share: i64,
    /// The lines here, by position in the layout.
    pub(crate) lines: Vec<u8>,
}

/// The pit lane.
#[derive(Debug)]
pub(crate) struct Lane {
    /// Metres from entry to exit.
    pub(crate) length: i64,
    /// Metres from the entry to the finish line, where the lane passes it.
    pub(crate) finish: Option<i64>,
    /// Lines heard at its entry.
    pub(crate) entry: Vec<u8>,
    /// Lines heard at its exit.
    pub(crate) exit: Vec<u8>,
    /// Lines heard where it passes the finish line.
    pub(crate) finish_lines: Vec<u8>,
}

/// A circuit as cars drive it.
#[derive(Debug)]
pub(crate) struct Course {
    /// In driving direction; the first is the finish line.
    pub(crate) nodes: Vec<Node>,
    /// The node where the pit lane leaves the track.
    pub(crate) entry: usize,
    /// The node where it comes back.
    pub(crate) exit: usize,
    /// The pit lane.
    pub(crate) lane: Lane,
    /// Metres of a lap.
    pub(crate) metres: i64,
    /// The usual lap of the fastest class, in micros.
    pub(crate) lap: i64,
    /// No lap is shorter, in micros.
    pub(crate) least: i64,
}

impl Course {
    /// The circuit of these lines. A pit lane without lines lies round the finish line, unheard.
    pub(crate) fn of(layout: &Layout) -> Self {
        let length = i64::from(layout.measures.length).max(100);
        let lines = || layout.lines().iter().zip(0_u8..);
        let start = lines().find(|(line, _)| line.kind == LineKind::Finish && !line.in_pit_lane).map_or(0, |(line, _)| i64::from(line.at));
        let from_start = |at: u32| (i64::from(at) - start).rem_euclid(length);
        let find = |kind: LineKind| lines().find(|(line, _)| line.kind == kind).map(|(line, _)| from_start(line.at));
        let entry = find(LineKind::PitEntry).unwrap_or(length - length / 20);
        let exit = find(LineKind::PitExit).unwrap_or(length / 20);
        let on_track = |kind: LineKind, in_lane: bool| match kind {
            LineKind::Finish | LineKind::Sector | LineKind::SpeedTrap => !in_lane,
            LineKind::PitEntry | LineKind::PitExit => false,
        };
        let track: Vec<(i64, u8)> =
            lines().filter(|(line, _)| on_track(line.kind, line.in_pit_lane)).map(|(line, ix)| (from_start(line.at), ix)).collect();
        let mut places: Vec<i64> = track.iter().map(|(at, _)| *at).chain([0, entry, exit]).collect();
        places.sort_unstable();
        places.dedup();
        let end_of = |nth: usize| places.get(nth + 1).copied().unwrap_or(length);
        let node = |(nth, at): (usize, &i64)| Node {
            share: end_of(nth) * MILLION / length - at * MILLION / length,
            lines: track.iter().filter(|(place, _)| place == at).map(|(_, line)| *line).collect(),
        };
        let nodes: Vec<Node> = places.iter().enumerate().map(node).collect();
        let position = |of: i64| places.iter().position(|at| *at == of).expect("every place is a node");
        let least = layout.measures.minimum_lap.0.max(MILLION);
        Self {
            entry: position(entry),
            exit: position(exit),
            lane: lane(layout, length, (entry, exit), &nodes[0].lines),
            nodes,
            metres: length,
            lap: (length * TRACK).max(least / 100 * 112),
            least,
        }
    }

    /// Micros a car takes for so many metres of pit lane.
    pub(crate) fn lane_time(metres: i64) -> i64 {
        metres * LANE
    }

    /// The node after a node.
    pub(crate) fn next(&self, node: usize) -> usize {
        if node + 1 < self.nodes.len() { node + 1 } else { 0 }
    }
}

fn lane(layout: &Layout, length: i64, (entry, exit): (i64, i64), on_track: &[u8]) -> Lane {
    let of =
        |kind: LineKind| -> Vec<u8> { layout.lines().iter().zip(0..).filter(|(line, _)| line.kind == kind).map(|(_, ix)| ix).collect() };
    let own: Vec<u8> = of(LineKind::Finish).into_iter().filter(|ix| layout.lines()[usize::from(*ix)].in_pit_lane).collect();
    let whole = (exit - entry).rem_euclid(length);
    let to_finish = length - entry;
    Lane {
        length: whole,
        finish: (0 < to_finish && to_finish < whole).then_some(to_finish),
        entry: of(LineKind::PitEntry),
        exit: of(LineKind::PitExit),
        // One loop lies across track and pit lane unless the lane has its own.
        finish_lines: if own.is_empty() { on_track.to_vec() } else { own },
    }
}
