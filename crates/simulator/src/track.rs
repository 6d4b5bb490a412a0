//! A circuit as cars drive it: the lines in the order a lap crosses them, and the way through the pit lane.

use sport::line::{Layout, LineKind};

/// A lap's way: lines by position in the layout, with metres from the finish line.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    /// Metres of a lap.
    pub(crate) length: i64,
    /// The lines on the track, ascending; the first is the finish line.
    pub(crate) lines: Vec<(u8, i64)>,
    /// The pit lane, where the layout has both its ends.
    pub(crate) pits: Option<Pits>,
}

/// The way through the pit lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pits {
    pub(crate) entry: (u8, i64),
    pub(crate) exit: (u8, i64),
    /// Position in [`Way::lines`] of the last line before the entry.
    pub(crate) leaves_after: usize,
    /// Position in [`Way::lines`] of the first line after the exit.
    pub(crate) back_at: usize,
}

impl Way {
    pub(crate) fn of(layout: &Layout) -> Self {
        let length = i64::from(layout.measures.length);
        let numbered = || layout.lines().iter().enumerate().filter_map(|(at, line)| Some((u8::try_from(at).ok()?, line)));
        let on_track = |kind: LineKind| matches!(kind, LineKind::Finish | LineKind::Sector | LineKind::SpeedTrap);
        let mut lines: Vec<(u8, i64)> =
            numbered().filter(|(_, line)| on_track(line.kind) && !line.in_pit_lane).map(|(at, line)| (at, i64::from(line.at))).collect();
        lines.sort_by_key(|(_, metres)| *metres);
        let of = |kind: LineKind| numbered().find(|(_, line)| line.kind == kind).map(|(at, line)| (at, i64::from(line.at)));
        // The ways here have the entry before the finish line and the exit after it, as most circuits do.
        let pits = of(LineKind::PitEntry).zip(of(LineKind::PitExit)).filter(|(entry, exit)| exit.1 < entry.1).map(|(entry, exit)| Pits {
            entry,
            exit,
            leaves_after: lines.iter().rposition(|(_, metres)| *metres < entry.1).unwrap_or(0),
            back_at: lines.iter().skip(1).position(|(_, metres)| *metres > exit.1).map_or(0, |at| at + 1),
        });
        Self { length, lines, pits }
    }

    /// Metres from one line of the way to the next.
    pub(crate) fn stretch(&self, at: usize) -> i64 {
        let (_, from) = self.lines[at];
        match self.lines.get(at + 1) {
            Some((_, to)) => to - from,
            None => self.length - from,
        }
    }
}
