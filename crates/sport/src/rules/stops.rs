//! The mandatory stop of a car: which visit it is, from when it may leave, and what about it breaks the rule (C1–C3, C6, P35).
//!
//! A breach is what the passings say, with its evidence; it becomes a penalty when a person confirms it.

use alloc::vec::Vec;
use core::fmt;

use crate::date::{Instant, Micros};
use crate::line::{Layout, LineKind};
use crate::meeting_fact::Signal;
use crate::pit_visit::PitVisit;
use crate::race_clock::RaceClock;
use crate::reading::Crossing;
use crate::rulebook::weekend::PitStop;
use crate::rules::pit_window::Window;

/// What about a car's stops breaks the rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Breach {
    /// A stop shorter than the minimum.
    Short {
        /// The visit, by position.
        visit: usize,
        /// What was missing.
        by: Micros,
        /// Whether readings of the pit lines contradict one another, and by one of them it was long enough.
        doubtful: bool,
    },
    /// The stop was made outside the window.
    OutsideWindow {
        /// The visit, by position.
        visit: usize,
    },
    /// Nobody else took over.
    NoDriverChange {
        /// The visit, by position.
        visit: usize,
    },
    /// Fewer stops than asked for, and the window is over.
    Missing {
        /// How many are missing.
        stops: u16,
    },
    /// What may have been the stop was not heard whole: nobody is accused of what nobody heard.
    Unread {
        /// The visit, by position; none where another driver took over and no visit was heard at all.
        visit: Option<usize>,
    },
    /// No stop long enough to be the technical one, and its time is over.
    MissingTechnical {
        /// The longest visit in its time, by position.
        longest: Option<usize>,
        /// What that lacked.
        by: Micros,
    },
}

impl Breach {
    /// The visit it is about, by position; none where it is about a visit that was not made.
    pub fn visit(&self) -> Option<usize> {
        match self {
            Self::Short { visit, .. } | Self::OutsideWindow { visit } | Self::NoDriverChange { visit } => Some(*visit),
            Self::Unread { visit } | Self::MissingTechnical { longest: visit, .. } => *visit,
            Self::Missing { .. } => None,
        }
    }

    /// The line of the tariff it is proposed under; none where first somebody has to find out what happened.
    pub fn offence(&self) -> Option<&'static str> {
        match self {
            Self::Short { .. } => Some("short-stop"),
            Self::OutsideWindow { .. } => Some("outside-window"),
            Self::NoDriverChange { .. } => Some("no-driver-change"),
            Self::Missing { .. } => Some("missing-stop"),
            Self::MissingTechnical { .. } => Some("missing-technical-stop"),
            Self::Unread { .. } => None,
        }
    }

    /// What was missing of a minimum, where something was.
    pub fn shortfall(&self) -> Micros {
        match self {
            Self::Short { by, .. } | Self::MissingTechnical { by, .. } => *by,
            Self::OutsideWindow { .. } | Self::NoDriverChange { .. } | Self::Missing { .. } | Self::Unread { .. } => Micros(0),
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short { by, doubtful: false, .. } => write!(f, "{by} s too short"),
            Self::Short { by, doubtful: true, .. } => write!(f, "{by} s too short, by one of several readings"),
            Self::OutsideWindow { .. } => f.write_str("stop outside the window"),
            Self::NoDriverChange { .. } => f.write_str("no driver change"),
            Self::Unread { visit: Some(_) } => f.write_str("a visit of which one end was not heard: perhaps the stop"),
            Self::Unread { visit: None } => f.write_str("another driver took over, and no visit to the pit lane was heard"),
            Self::Missing { stops: 1 } => f.write_str("no stop"),
            Self::Missing { stops } => write!(f, "{stops} stops missing"),
            Self::MissingTechnical { longest: None, .. } => f.write_str("no technical stop"),
            Self::MissingTechnical { longest: Some(_), by } => write!(f, "no technical stop, the longest stop {by} s too short"),
        }
    }
}

/// What a car's stops are judged by.
#[derive(Clone, Copy, Debug)]
pub struct Stops<'a> {
    /// The rule.
    pub rule: &'a PitStop,
    /// The circuit, for its own minimum.
    pub circuit: &'a str,
    /// Success seconds due in this race.
    pub due: Micros,
    /// The race clock.
    pub clock: &'a RaceClock,
    /// The moment the board is looked at: nothing later counts.
    pub now: Instant,
    /// When the race was neutralised or suspended (see [`crate::rules::end::neutralised`]).
    pub neutral: &'a [(Signal, Instant, Option<Instant>)],
    /// When the car served penalties at the pit lane: such a visit is no stop.
    pub served: &'a [Instant],
    /// When the race ended, where it has: the moment the result is taken at.
    pub ended: Option<Instant>,
    /// When the car was last heard. One that stopped for good before the window was over owes no stop.
    pub heard: Option<Instant>,
}

/// Why the visit a car is at would be no mandatory stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Untimely {
    /// It came in while the window was not open.
    CameIn,
    /// It may stay, and leave while the window is open; at its earliest exit the window is not.
    Leaves,
}

impl fmt::Display for Untimely {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CameIn => "came in while the window was not open: no mandatory stop",
            Self::Leaves => "the window is not open at the earliest exit",
        })
    }
}

/// A car on the board (C6).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Board {
    /// The window.
    pub window: Window,
    /// The least time from pit entry to pit exit, success seconds included.
    pub minimum: Micros,
    /// The car is in the pit lane and may leave it from this moment on.
    pub earliest_exit: Option<Instant>,
    /// The same by further readings of the pit entry that cannot all be true, in order.
    pub other_exits: Vec<Instant>,
    /// Why it would be no mandatory stop although one is still owed.
    pub untimely: Option<Untimely>,
    /// How many mandatory stops are asked for.
    pub asked: u16,
    /// The visits that are mandatory stops, by position: not more than are asked for.
    pub mandatory: Vec<usize>,
    /// The visit that is the technical stop, by position (P37).
    pub technical: Option<usize>,
    /// The visits that are joker stops, by position (P36).
    pub jokers: Vec<usize>,
    /// What the passings say against it.
    pub breaches: Vec<Breach>,
}

impl Stops<'_> {
    /// The board of a car with these visits. `changed` says of a visit whether another driver took over; `None` where nobody said.
    pub fn board(&self, layout: &Layout, visits: &[PitVisit], changed: impl Fn(usize) -> Option<bool>) -> Board {
        let (minimum, _) = self.rule.minimum_for(self.circuit, self.due);
        let inside = visits.last().filter(|visit| visit.inside);
        let from = |entry: &Crossing| Instant(entry.at.0.saturating_add(minimum.0));
        let earliest_exit = inside.and_then(|visit| visit.entry.as_ref()).map(from);
        let entries = inside.into_iter().flat_map(|visit| &visit.doubtful);
        let other_exits = entries.filter(|crossing| layout.line(crossing.line).kind == LineKind::PitEntry).map(from).collect();
        let technical = self.technical(visits);
        let (mandatory, mut breaches) = self.breaches(layout, visits, minimum, technical, changed);
        let further = self.further(layout, visits, &mandatory, technical);
        breaches.extend(further.breaches);
        let (window, asked) = (self.window(), self.rule.count);
        let owed = mandatory.len() < usize::from(asked) && self.ended.is_none();
        let untimely = earliest_exit.filter(|_| owed).and_then(|exit| self.untimely(visits, exit));
        Board { window, minimum, earliest_exit, other_exits, untimely, asked, mandatory, technical, jokers: further.jokers, breaches }
    }

    /// Why the visit a car is at would be no mandatory stop, if it left at `exit`.
    fn untimely(&self, visits: &[PitVisit], exit: Instant) -> Option<Untimely> {
        let at = visits.len().checked_sub(1).filter(|at| !self.no_stop(visits, *at))?;
        let why = self.rule.judged(Untimely::CameIn, Untimely::Leaves);
        (!self.fits(self.rule.judged(visits[at].entry?.at, exit))).then_some(why)
    }

    /// Whether a moment lies inside the window.
    fn fits(&self, judged: Instant) -> bool {
        self.opening().is_ok_and(|(opens, closes)| opens <= judged && judged <= closes)
    }

    /// Whether a visit cannot be a mandatory stop: a penalty was served in it, or the car came in under a red flag like all the others.
    fn no_stop(&self, visits: &[PitVisit], at: usize) -> bool {
        let under_red = |entry: Instant| {
            let shown = |(signal, at, end): &(Signal, Instant, Option<Instant>)| {
                *signal == Signal::Red && *at <= entry && end.is_none_or(|end| entry < end)
            };
            self.neutral.iter().any(shown)
        };
        visits[at].entry.is_some_and(|entry| under_red(entry.at)) || self.penalty_in(visits, at)
    }

    /// The visits that may be mandatory stops.
    fn candidates(&self, visits: &[PitVisit], technical: Option<usize>) -> Candidates {
        let mut found = Candidates::default();
        for (ix, visit) in visits.iter().enumerate().filter(|(ix, _)| Some(*ix) != technical && !self.no_stop(visits, *ix)) {
            match (visit.entry, visit.exit, visit.time()) {
                (Some(entry), Some(exit), Some(time)) if self.fits(self.rule.judged(entry.at, exit.at)) => found.inside.push((ix, time)),
                (Some(_), Some(_), _) => found.outside.push(ix),
                _ if visit.inside => {}
                // The end that the window is judged by was heard outside it: whatever the other was, it is no stop inside.
                (entry, exit, _) => match self.rule.judged(entry, exit) {
                    Some(judged) if !self.fits(judged.at) => found.outside.push(ix),
                    Some(_) | None => found.unread.push(ix),
                },
            }
        }
        found
    }

    /// Whether the car owed its stops: the window is over, and the car was in the race until then.
    fn owes(&self) -> bool {
        let until = |closes: Instant| self.heard.is_some_and(|heard| heard > closes);
        self.window() == Window::Closed && self.opening().is_ok_and(|(_, closes)| until(closes))
    }

    /// Whether the car stands at a visit that may be its stop: it did not come in when the window was over.
    fn standing(&self, visits: &[PitVisit]) -> bool {
        let in_time = |entry: &Crossing| self.opening().is_ok_and(|(_, closes)| entry.at <= closes);
        visits.last().is_some_and(|visit| visit.inside && visit.entry.as_ref().is_none_or(in_time))
    }

    /// The visits that are the mandatory stops, and what is wrong with them.
    fn breaches(
        &self,
        layout: &Layout,
        visits: &[PitVisit],
        minimum: Micros,
        technical: Option<usize>,
        changed: impl Fn(usize) -> Option<bool>,
    ) -> (Vec<usize>, Vec<Breach>) {
        let Candidates { mut inside, mut outside, unread } = self.candidates(visits, technical);
        let through = |(ix, time): &(usize, Micros)| time.0 < minimum.0 / 2 && changed(*ix) != Some(true);
        let whole = |ix: &&usize| visits[**ix].time().is_some_and(|time| time >= minimum) || changed(**ix) == Some(true);
        // Who stopped at length outside the window made the stop there; through the lane inside it is no second one.
        instead(&mut inside, outside.iter().filter(whole).count(), through);
        // A visit that was not heard whole may have been the stop: then another that would be a bad one was made on other business.
        let same = |(ix, _): &(usize, Micros)| self.rule.driver_change && changed(*ix) == Some(false);
        let perhaps = unread.iter().filter(|ix| changed(**ix) != Some(false)).count();
        instead(&mut inside, perhaps, |visit| through(visit) || same(visit));
        // A car may drive through the pit lane in the window beside its stop: the stops are the visits that serve best as such.
        inside.sort_by_key(|(ix, time)| (*time < minimum, changed(*ix) == Some(false), core::cmp::Reverse(*time)));
        inside.truncate(self.rule.count.into());
        inside.sort_unstable();
        let made = u16::try_from(inside.len()).expect("not more than the rule asks for");
        let mandatory = inside.iter().map(|(ix, _)| *ix).collect();
        let mut breaches = Vec::new();
        let owes = self.owes();
        for (visit, time) in inside {
            // Through the lane and out again while the window is open: perhaps on other business, the stop may still come.
            let passing = !owes && through(&(visit, time));
            breaches.extend(short(visit, time, &visits[visit].other_times(layout), minimum).filter(|_| !passing));
            if self.rule.driver_change && changed(visit) == Some(false) && !passing {
                breaches.push(Breach::NoDriverChange { visit });
            }
        }
        if owes && !self.standing(visits) {
            let missing = usize::from(self.rule.count - made);
            breaches.extend(unread.iter().take(missing).map(|visit| Breach::Unread { visit: Some(*visit) }));
            let missing = missing.saturating_sub(unread.len());
            // A stop outside the window stands for one that is missing inside: of several visits the longest.
            outside.sort_by_key(|ix| core::cmp::Reverse(visits[*ix].time()));
            breaches.extend(outside.iter().take(missing).map(|visit| Breach::OutsideWindow { visit: *visit }));
            let missing = u16::try_from(missing.saturating_sub(outside.len())).unwrap_or(self.rule.count);
            breaches.extend((missing > 0).then_some(Breach::Missing { stops: missing }));
        }
        (mandatory, breaches)
    }
}

/// The visits that may be mandatory stops, by position.
#[derive(Default)]
struct Candidates {
    /// Inside the window, each with how long it took.
    inside: Vec<(usize, Micros)>,
    /// Outside it.
    outside: Vec<usize>,
    /// Not heard whole.
    unread: Vec<usize>,
}

/// Of so many visits elsewhere each takes the place of one inside that is no stop beside it.
fn instead(inside: &mut Vec<(usize, Micros)>, mut elsewhere: usize, no_stop: impl Fn(&(usize, Micros)) -> bool) {
    inside.retain(|visit| {
        let instead = elsewhere > 0 && no_stop(visit);
        elsewhere -= usize::from(instead);
        !instead
    });
}

/// A stop that was too short by any reading of the pit lines: which of them is true is for a person to say (case 6).
pub(super) fn short(visit: usize, time: Micros, others: &[Micros], minimum: Micros) -> Option<Breach> {
    // Stops are timed to the millisecond: what is missing and what it took add up to the minimum.
    let by = |time: Micros| Micros(minimum.0 - time.whole_ms().0);
    if time < minimum {
        return Some(Breach::Short { visit, by: by(time), doubtful: others.iter().any(|other| *other >= minimum) });
    }
    // Of several that are too short the longest: nobody is suspected of more than the readings need.
    let longest = others.iter().copied().filter(|other| *other < minimum).max()?;
    Some(Breach::Short { visit, by: by(longest), doubtful: true })
}

#[cfg(test)]
pub(crate) mod tests {
    use alloc::vec;

    use super::*;
    use crate::citation::RuleCitation;
    use crate::line::{Line, Measures, Source, SourceKind};
    use crate::passing::PassingId;
    use crate::pit_visit::visits;
    use crate::reading::{Reading, Track};
    use crate::rulebook::weekend::PitReference;

    const SECOND: i64 = 1_000_000;

    pub(crate) fn layout() -> Layout {
        let line = |id: &str, kind, at| Line { id: id.into(), kind, at, in_pit_lane: at == 4_300 || at == 200 };
        let lines = vec![
            line("finish", LineKind::Finish, 0),
            line("s1", LineKind::Sector, 1_500),
            line("pit-entry", LineKind::PitEntry, 4_300),
            line("pit-exit", LineKind::PitExit, 200),
        ];
        let sources = (0..4).map(|line| Source { id: "loop".into(), line, kind: SourceKind::Main }).collect();
        let measures = Measures { length: 4_500, minimum_lap: Micros::seconds(80), top_speed: 100, coincidence: Micros(500_000) };
        Layout::new(measures, lines, sources).expect("it has a finish line")
    }

    /// As in 2018: 25:00 to 35:00 by the pit entry, 90 s, success seconds added.
    pub(crate) fn rule() -> PitStop {
        PitStop {
            count: 1,
            opens: Micros::seconds(1_500),
            closes: Micros::seconds(2_100),
            reference: PitReference::Entry,
            driver_change: true,
            minimum: Micros::seconds(90),
            minimum_at: Vec::new(),
            adds_success: true,
            delayed_by: vec![Signal::SafetyCar],
            red_extends: true,
            every: None,
            technical: None,
            cite: alloc::sync::Arc::new(RuleCitation {
                rule: "pit-stop".into(),
                article: "C1".into(),
                source: None,
                assumed: None,
                file: "pit.toml".into(),
                line: 1,
                bulletin: None,
            }),
        }
    }

    /// A car heard at these lines (by position) at these milliseconds of the race.
    pub(crate) fn visits_of(heard: &[(i64, u8)]) -> Vec<PitVisit> {
        let mut track = Track::default();
        track.start(&layout(), Some(Instant(0)), None);
        for (at, source) in heard {
            track.hear(&layout(), Reading { at: Instant(at * 1_000), passing: PassingId { fact: 1, nth: 0 }, source: *source });
        }
        visits(&layout(), &track)
    }

    fn board(due: i64, now: i64, heard: &[(i64, u8)], changed: Option<bool>) -> Board {
        let rule = rule();
        let stops = Stops { due: Micros::seconds(due), ..looked_at(&rule, now, &[]) };
        stops.board(&layout(), &visits_of(heard), |_| changed)
    }

    pub(crate) fn looked_at<'a>(rule: &'a PitStop, now: i64, neutral: &'a [(Signal, Instant, Option<Instant>)]) -> Stops<'a> {
        static RUNS: RaceClock = RaceClock::running(Instant(0));
        let now = Instant(now * SECOND);
        Stops { rule, circuit: "ring", due: Micros(0), clock: &RUNS, now, neutral, served: &[], ended: None, heard: Some(now) }
    }

    pub(crate) fn at(seconds: i64) -> Instant {
        Instant(seconds * SECOND)
    }

    /// In at 26:00, out so many milliseconds later, on the track again.
    fn stop(in_lane: i64) -> [(i64, u8); 3] {
        [(1_560_000, 2), (1_560_000 + in_lane, 3), (1_600_000 + in_lane, 1)]
    }

    #[test]
    fn the_earliest_exit_includes_the_success_seconds() {
        let board = board(15, 1_570, &stop(0)[..1], None);
        assert_eq!(board.minimum, Micros::seconds(105));
        assert_eq!(board.earliest_exit, Some(Instant((1_560 + 105) * SECOND)));
        assert_eq!(board.window, Window::ClosesIn(Micros::seconds(530)));
        assert_eq!(board.breaches, []);
    }

    #[test]
    fn a_tenth_too_short_is_a_breach() {
        assert_eq!(board(0, 1_700, &stop(89_900), Some(true)).breaches, [Breach::Short { visit: 0, by: Micros(100_000), doubtful: false }]);
        assert_eq!(board(0, 1_700, &stop(90_000), Some(true)).breaches, []);
        // The same stop with 15 s due.
        assert_eq!(
            board(15, 1_700, &stop(90_000), Some(true)).breaches,
            [Breach::Short { visit: 0, by: Micros::seconds(15), doubtful: false }]
        );
    }

    #[test]
    fn a_second_impulse_at_the_exit_makes_a_short_stop_doubtful() {
        // Out at 87 s by the first impulse, at 91 s by the second: one of them is false.
        let heard = [(1_560_000, 2), (1_647_000, 3), (1_651_000, 3), (1_690_000, 1)];
        let visits = visits_of(&heard);
        assert_eq!((visits[0].time(), visits[0].other_times(&layout())), (Some(Micros::seconds(87)), vec![Micros::seconds(91)]));
        assert_eq!(board(0, 1_700, &heard, Some(true)).breaches, [Breach::Short { visit: 0, by: Micros::seconds(3), doubtful: true }]);
    }

    /// In by three impulses, out by one: two of the three times are too short, and nobody is suspected of more than the readings need.
    #[test]
    fn of_several_readings_that_are_too_short_the_longest_is_told() {
        let heard = [(1_560_000, 2), (1_563_000, 2), (1_566_000, 2), (1_651_500, 3), (1_690_000, 1)];
        assert_eq!(visits_of(&heard)[0].other_times(&layout()), vec![Micros(85_500_000), Micros(88_500_000)]);
        assert_eq!(board(0, 1_700, &heard, Some(true)).breaches, [Breach::Short { visit: 0, by: Micros(1_500_000), doubtful: true }]);
    }

    /// Case 6: the second impulse at the entry came three seconds late and was false; by it the stop was too short.
    #[test]
    fn a_second_impulse_at_the_entry_makes_a_stop_suspect() {
        let heard = [(1_560_000, 2), (1_563_000, 2), (1_651_500, 3), (1_690_000, 1)];
        let visits = visits_of(&heard);
        assert_eq!((visits[0].time(), visits[0].other_times(&layout())), (Some(Micros(91_500_000)), vec![Micros(88_500_000)]));
        assert_eq!(board(0, 1_700, &heard, Some(true)).breaches, [Breach::Short { visit: 0, by: Micros(1_500_000), doubtful: true }]);
        let inside = board(0, 1_570, &heard[..2], None);
        assert_eq!((inside.earliest_exit, inside.other_exits), (Some(at(1_650)), vec![at(1_653)]));
        // Long enough by either: nothing is suspected.
        let long = [(1_560_000, 2), (1_563_000, 2), (1_653_000, 3), (1_690_000, 1)];
        assert_eq!(board(0, 1_700, &long, Some(true)).breaches, []);
    }

    #[test]
    fn the_window_is_judged_when_it_is_over() {
        let early = [(1_499_000, 2), (1_600_000, 3), (1_640_000, 1)];
        assert_eq!(board(0, 2_000, &early, Some(true)).breaches, []);
        assert_eq!(board(0, 2_101, &early, Some(true)).breaches, [Breach::OutsideWindow { visit: 0 }]);
        assert_eq!(board(0, 2_101, &[], None).breaches, [Breach::Missing { stops: 1 }]);
        // In before the window for 49 s, and for 93 s after it: the second was the stop.
        let twice = [(1_300_000, 2), (1_349_000, 3), (1_380_000, 1), (2_200_000, 2), (2_293_000, 3), (2_330_000, 1)];
        assert_eq!(board(0, 2_400, &twice, Some(true)).breaches, [Breach::OutsideWindow { visit: 1 }]);
        // On the last moment of the window it may come in, and is not missing while it stands there.
        assert_eq!(board(0, 2_101, &[(2_100_000, 2)], None).breaches, []);
        assert_eq!(board(0, 2_201, &[(2_100_001, 2)], None).breaches, [Breach::Missing { stops: 1 }], "nor does it hide there later");
        assert_eq!(board(0, 2_300, &[(2_100_000, 2), (2_195_000, 3)], None).breaches, []);
    }

    #[test]
    fn a_stop_needs_another_driver_and_nobody_is_accused_unheard() {
        assert_eq!(board(0, 1_700, &stop(95_000), Some(false)).breaches, [Breach::NoDriverChange { visit: 0 }]);
        assert_eq!(board(0, 1_700, &stop(95_000), None).breaches, []);
    }

    /// Nobody is accused of what nobody heard: one end of the visit was lost, and it is a person's to find out.
    #[test]
    fn a_visit_of_which_one_end_was_not_heard_is_no_missing_stop() {
        // In at 26:00 and on the track at 28:10; out at 27:40, and nothing heard at the entry.
        let (no_exit, no_entry) = ([(1_560_000, 2), (1_690_000, 1)], [(1_480_000, 1), (1_660_000, 3), (1_690_000, 1)]);
        for heard in [&no_exit[..], &no_entry[..]] {
            assert_eq!(board(0, 2_101, heard, None).breaches, [Breach::Unread { visit: Some(0) }]);
            assert_eq!(board(0, 2_000, heard, None).breaches, [], "the window is open");
        }
        assert_eq!(Breach::Unread { visit: Some(0) }.offence(), None);
        // The entry was before the window: it is judged by that.
        let early = [(1_460_000, 2), (1_590_000, 1)];
        assert_eq!(board(0, 2_101, &early, None).breaches, [Breach::OutsideWindow { visit: 0 }]);
        // It made a whole stop besides: nothing is left to find out.
        let besides = [(1_560_000, 2), (1_690_000, 1), (1_760_000, 2), (1_855_000, 3), (1_900_000, 1)];
        assert_eq!(board(0, 2_101, &besides, Some(true)).breaches, []);
    }

    #[test]
    fn standing_in_the_lane_under_a_red_flag_is_no_stop() {
        let rule = rule();
        let red = [(Signal::Red, at(1_600), Some(at(1_900)))];
        let visit = visits_of(&[(1_650_000, 2), (1_950_000, 3), (1_990_000, 1)]);
        let breaches = |visits: &[PitVisit], now: i64| looked_at(&rule, now, &red).board(&layout(), visits, |_| Some(true)).breaches;
        assert_eq!(breaches(&visit, 2_000), []);
        assert_eq!(breaches(&visit, 2_500), [Breach::Missing { stops: 1 }]);
        // In at the very moment the flag was shown: like all the others.
        let with_it = visits_of(&[(1_600_000, 2), (1_950_000, 3), (1_990_000, 1)]);
        assert_eq!(breaches(&with_it, 2_500), [Breach::Missing { stops: 1 }]);
        // It stood at its stop when the flag came out.
        let before = visits_of(&[(1_550_000, 2), (1_950_000, 3), (1_990_000, 1)]);
        assert_eq!(breaches(&before, 2_500), []);
        // A penalty served in the lane is no stop either.
        let served = [at(1_620)];
        let through = visits_of(&[(1_560_000, 2), (1_660_000, 3), (1_700_000, 1)]);
        let stops = Stops { served: &served, ..looked_at(&rule, 2_200, &[]) };
        assert_eq!(stops.board(&layout(), &through, |_| Some(true)).breaches, [Breach::Missing { stops: 1 }]);
    }

    #[test]
    fn a_drive_through_while_the_window_is_open_accuses_nobody_yet() {
        let through = [(1_560_000, 2), (1_590_000, 3), (1_640_000, 1)];
        assert_eq!(board(0, 1_700, &through, None).breaches, []);
        assert_eq!(board(0, 1_700, &through, Some(true)).breaches.len(), 1, "another driver took over: it was the stop");
        assert_eq!(board(0, 2_101, &through, None).breaches, [Breach::Short { visit: 0, by: Micros::seconds(60), doubtful: false }]);
    }

    /// The stop was made too soon, 90 s and another driver, and a drive-through came in the window: it is one stop outside it, and none too short.
    #[test]
    fn a_stop_outside_the_window_is_not_made_short_by_a_drive_through_inside() {
        let heard = [(1_400_000, 2), (1_495_000, 3), (1_520_000, 1), (1_560_000, 2), (1_585_000, 3), (1_640_000, 1)];
        let rule = rule();
        let judged = |first: Option<bool>, second: Option<bool>| {
            let stops = looked_at(&rule, 2_101, &[]);
            stops.board(&layout(), &visits_of(&heard), |visit| if visit == 0 { first } else { second }).breaches
        };
        assert_eq!(judged(Some(true), Some(false)), [Breach::OutsideWindow { visit: 0 }]);
        assert_eq!(judged(None, None), [Breach::OutsideWindow { visit: 0 }]);
        let short = Breach::Short { visit: 1, by: Micros::seconds(65), doubtful: false };
        assert_eq!(judged(Some(false), Some(true)), [short], "the other driver took over in the window: that was the stop");
    }

    /// What a stop took is printed to the millisecond, and what it lacks with it adds up to the minimum.
    #[test]
    fn what_is_missing_and_what_it_took_add_up_as_printed() {
        let breach = short(0, Micros(89_637_412), &[], Micros::seconds(90));
        assert_eq!(breach, Some(Breach::Short { visit: 0, by: Micros(363_000), doubtful: false }));
    }

    /// Who stopped for good before the window was over owes nothing; who was heard after it owes the stop, however the race went on for it.
    #[test]
    fn a_stop_is_owed_by_cars_that_were_in_the_race_when_the_window_was_over() {
        let rule = rule();
        let early = visits_of(&[(1_300_000, 2), (1_322_000, 3), (1_360_000, 1)]);
        let breaches = |heard: i64, visits: &[PitVisit]| {
            let heard = Some(at(heard));
            Stops { heard, ..looked_at(&rule, 3_000, &[]) }.board(&layout(), visits, |_| None).breaches
        };
        assert_eq!((breaches(2_100, &[]), breaches(2_101, &[])), (vec![], vec![Breach::Missing { stops: 1 }]));
        assert_eq!((breaches(2_100, &early), breaches(2_101, &early)), (vec![], vec![Breach::OutsideWindow { visit: 0 }]));
        // A drive-through inside the window and out of the race before it was over: the stop might still have come.
        let through = visits_of(&[(1_560_000, 2), (1_590_000, 3), (1_640_000, 1)]);
        assert_eq!((breaches(1_640, &through), breaches(2_200, &through).len()), (vec![], 1));
    }

    /// The entry of the stop was not heard, and a short visit followed in the window: that was no stop.
    #[test]
    fn a_visit_not_heard_whole_may_have_been_the_stop() {
        let rule = rule();
        let heard = [(1_480_000, 1), (1_660_000, 3), (1_690_000, 1), (1_760_000, 2), (1_780_000, 3), (1_820_000, 1)];
        let judged = |now: i64, second: Option<bool>| {
            let board = looked_at(&rule, now, &[]).board(&layout(), &visits_of(&heard), |visit| if visit == 0 { None } else { second });
            board.breaches
        };
        for second in [None, Some(false)] {
            assert_eq!((judged(2_000, second), judged(2_101, second)), (vec![], vec![Breach::Unread { visit: Some(0) }]));
        }
        let short = Breach::Short { visit: 1, by: Micros::seconds(70), doubtful: false };
        assert_eq!(judged(2_101, Some(true)), [short], "another driver took over in the second: that was the stop");
    }

    #[test]
    fn a_car_that_came_in_before_the_window_opened_is_told() {
        let rule = rule();
        let out = [(Signal::SafetyCar, at(1_400), None)];
        let untimely = |rule: &PitStop, entry: i64, neutral: &[(Signal, Instant, Option<Instant>)]| {
            looked_at(rule, entry + 20, neutral).board(&layout(), &visits_of(&[(entry * 1_000, 2)]), |_| None).untimely
        };
        assert_eq!(untimely(&rule, 1_560, &out), Some(Untimely::CameIn), "delayed");
        assert_eq!([1_499, 1_500, 2_100, 2_101].map(|entry| untimely(&rule, entry, &[]).is_some()), [true, false, false, true]);
        let by_exit = PitStop { reference: PitReference::Exit, ..rule.clone() };
        assert_eq!([1_409, 1_410].map(|entry| untimely(&by_exit, entry, &[])), [Some(Untimely::Leaves), None]);
    }

    #[test]
    fn a_drive_through_in_the_window_is_not_the_stop() {
        let heard = [(1_560_000, 2), (1_590_000, 3), (1_640_000, 1), (1_760_000, 2), (1_855_000, 3), (1_900_000, 1)];
        assert_eq!(board(0, 2_101, &heard, Some(true)).breaches, []);
    }
}
