//! When a session ended: the chequered signal where it was due, and the rulebook's word where it was early, late, or never given (B5, case 9).

use alloc::vec::Vec;

use crate::date::{Instant, Micros};
use crate::meeting_fact::Signal;
use crate::reading::between;
use crate::rulebook::weekend::{EarlySignal, EndRule, LateSignal};
use crate::running::Schedule;

/// How a session ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It has not ended, as far as is known.
    Open,
    /// As planned: the leader's first crossing once the time or the laps were complete.
    Due(Instant),
    /// The chequered signal of race control, where the passings name no other moment.
    Signalled(Instant),
    /// The signal came before it was due.
    Early {
        /// When it was given.
        given: Instant,
        /// When the session ended by the rulebook.
        at: Instant,
    },
    /// The signal came after it was due.
    Late {
        /// When it was given.
        given: Instant,
        /// When the session ended by the rulebook.
        at: Instant,
    },
    /// A red flag ended it, and the result is taken back.
    Red {
        /// When it was shown.
        shown: Instant,
        /// The crossing the result is taken at; none where no lap was completed before.
        at: Option<Instant>,
        /// Laps the leader has completed there.
        laps: u32,
    },
}

impl Ending {
    /// The moment from which a car that crosses the line ends its session.
    pub fn at(self) -> Option<Instant> {
        match self {
            Self::Open => None,
            Self::Due(at) | Self::Signalled(at) | Self::Early { at, .. } | Self::Late { at, .. } => Some(at),
            Self::Red { shown, at, .. } => Some(at.unwrap_or(shown)),
        }
    }
}

/// A signal given so long before or after a crossing was given at it: a hand is not a loop.
const HAND: i64 = 4_000_000;

/// What the end of a race is told by.
#[derive(Clone, Debug)]
pub(crate) struct Finish<'a> {
    /// The rule; where there is none, the signal as given holds.
    pub(crate) rule: Option<&'a EndRule>,
    /// When the first car completed one lap, two, ….
    pub(crate) lead: &'a [Instant],
    /// The crossing at which the signal is due, as far as the passings say.
    pub(crate) due: Option<Instant>,
    /// The planned length.
    pub(crate) schedule: Schedule,
    /// The signals of the session with their moments, in order.
    pub(crate) signals: &'a [(Instant, Signal)],
}

impl Finish<'_> {
    /// How the race ended.
    pub(crate) fn ending(&self) -> Ending {
        let given = self.signals.iter().rev().find(|(_, signal)| *signal == Signal::Chequered).map(|(at, _)| *at);
        if let Some(given) = given {
            return self.given(given);
        }
        if let Some(shown) = red_for_good(self.signals)
            && self.due.is_none_or(|due| shown < due)
        {
            return self.red(shown);
        }
        self.due.map_or(Ending::Open, Ending::Due)
    }

    fn given(&self, given: Instant) -> Ending {
        let near = |crossing: Instant| (crossing.0 - given.0).abs() <= HAND;
        let at_or_after = |moment: i64| self.lead.iter().copied().find(|crossing| crossing.0 >= moment);
        match self.due {
            Some(due) if near(due) => Ending::Due(due),
            Some(due) if given < due => self.early(given),
            Some(due) => match self.rule.map_or(LateSignal::Due, |rule| rule.late) {
                LateSignal::Due => Ending::Late { given, at: due },
                LateSignal::Signal => Ending::Late { given, at: at_or_after(given.0 - HAND).unwrap_or(given) },
            },
            // The leader stopped, or nobody completed the time: who is shown the signal is whoever comes round next.
            None if self.before_its_time(given) => self.early(given),
            None => Ending::Signalled(at_or_after(given.0 - HAND).unwrap_or(Instant(given.0 - HAND))),
        }
    }

    fn early(&self, given: Instant) -> Ending {
        let at = match self.rule.map_or(EarlySignal::Signal, |rule| rule.early) {
            EarlySignal::LastCrossing => self.lead.iter().copied().rfind(|crossing| *crossing < given),
            EarlySignal::Signal => self.lead.iter().copied().find(|crossing| crossing.0 >= given.0 - HAND),
        };
        Ending::Early { given, at: at.unwrap_or(given) }
    }

    /// Whether neither the time nor the laps were complete when the signal was given. Cars that are shown it go in: often nobody ever completes
    /// the distance, and no crossing says when the signal would have been due.
    fn before_its_time(&self, given: Instant) -> bool {
        let full = self.schedule.start.zip(self.schedule.time).map(|(start, time)| start.0.saturating_add(time.0));
        let laps = self.schedule.laps.map(|laps| self.lead.len() < laps as usize);
        let time = full.map(|full| given.0.saturating_add(HAND) < full);
        (laps.is_some() || time.is_some()) && laps.unwrap_or(true) && time.unwrap_or(true)
    }

    fn red(&self, shown: Instant) -> Ending {
        let back = usize::from(self.rule.map_or(1, |rule| rule.red_laps_back));
        let completed = self.lead.partition_point(|crossing| *crossing < shown);
        // The lap it is shown in is the one after those completed; one lap before that one is the last completed.
        let laps = (completed + 1).saturating_sub(back);
        let at = laps.checked_sub(1).and_then(|last| self.lead.get(last)).copied();
        Ending::Red { shown, at, laps: u32::try_from(laps).unwrap_or(u32::MAX) }
    }
}

/// The red flag after which nobody raced again, once the session is closed.
fn red_for_good(signals: &[(Instant, Signal)]) -> Option<Instant> {
    signals.last().filter(|(_, signal)| *signal == Signal::Close)?;
    let (last, shown) = signals.iter().enumerate().rev().find(|(_, (_, signal))| *signal == Signal::Red)?;
    let again = signals[last..].iter().any(|(_, signal)| matches!(signal, Signal::Green | Signal::SafetyCar | Signal::FullCourseYellow));
    (!again).then_some(shown.0)
}

/// How long the session was suspended before a moment: from each red flag to the signal that resumed it.
pub(crate) fn suspended(signals: &[(Instant, Signal)], until: Instant) -> Micros {
    let mut red: Option<Instant> = None;
    let mut total = 0;
    for (at, signal) in signals.iter().filter(|(at, _)| *at <= until) {
        match signal {
            Signal::Red => red = red.or(Some(*at)),
            Signal::Green | Signal::SafetyCar | Signal::FullCourseYellow => total += red.take().map_or(0, |red| between(red, *at).0),
            Signal::Open | Signal::Chequered | Signal::Close => {}
        }
    }
    Micros(total + red.map_or(0, |red| between(red, until).0))
}

/// When the race was neutralised or suspended, with the signal that began it; open at the end where it still is.
pub fn neutralised(signals: &[(Instant, Signal)]) -> Vec<(Signal, Instant, Option<Instant>)> {
    let mut spans: Vec<(Signal, Instant, Option<Instant>)> = Vec::new();
    for (at, signal) in signals {
        if let Some(open) = spans.last_mut().filter(|(_, _, end)| end.is_none()) {
            open.2 = Some(*at);
        }
        if matches!(signal, Signal::SafetyCar | Signal::FullCourseYellow | Signal::Red) {
            spans.push((*signal, *at, None));
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::RuleCitation;

    const SECOND: i64 = 1_000_000;

    fn rule(early: EarlySignal, late: LateSignal, red_laps_back: u16) -> EndRule {
        let cite = alloc::sync::Arc::new(RuleCitation {
            rule: "end".into(),
            article: "B5".into(),
            source: None,
            assumed: None,
            file: "weekend.toml".into(),
            line: 1,
            bulletin: None,
        });
        EndRule { early, late, red_laps_back, time_runs_when_suspended: true, cite }
    }

    /// The leader comes round every 100 s; the signal is due at his tenth crossing.
    fn ending(rule: &EndRule, signals: &[(i64, Signal)]) -> Ending {
        let lead: Vec<Instant> = (1..=12).map(|lap| Instant(lap * 100 * SECOND)).collect();
        let signals: Vec<(Instant, Signal)> = signals.iter().map(|(at, signal)| (Instant(at * SECOND), *signal)).collect();
        let schedule = Schedule { start: None, time: None, laps: Some(10), signalled: None };
        Finish { rule: Some(rule), lead: &lead, due: Some(Instant(1_000 * SECOND)), schedule, signals: &signals }.ending()
    }

    /// The signal comes early, at 499 s, and everybody goes in: the leader has five laps and nobody completes the distance.
    #[test]
    fn an_early_signal_is_early_though_nobody_goes_on() {
        let lead: Vec<Instant> = (1..=5).map(|lap| at(lap * 100)).collect();
        let last = rule(EarlySignal::LastCrossing, LateSignal::Due, 1);
        let signals = [(at(0), Signal::Green), (at(499), Signal::Chequered)];
        let ended = |time: Option<i64>, laps: Option<u32>| {
            let schedule = Schedule { start: Some(at(0)), time: time.map(Micros::seconds), laps, signalled: None };
            Finish { rule: Some(&last), lead: &lead, due: None, schedule, signals: &signals }.ending()
        };
        let early = Ending::Early { given: at(499), at: at(400) };
        assert_eq!((ended(None, Some(6)), ended(Some(600), None), ended(Some(7_200), Some(6))), (early, early, early));
        // The time is up and the leader stopped on his last lap: whoever comes round is shown the signal.
        assert_eq!((ended(Some(480), None), ended(None, None)), (Ending::Signalled(at(500)), Ending::Signalled(at(500))));
    }

    fn at(seconds: i64) -> Instant {
        Instant(seconds * SECOND)
    }

    #[test]
    fn a_hand_is_not_a_loop() {
        let rule = rule(EarlySignal::LastCrossing, LateSignal::Due, 1);
        for given in [996, 1_000, 1_004] {
            assert_eq!(ending(&rule, &[(0, Signal::Green), (given, Signal::Chequered)]), Ending::Due(at(1_000)));
        }
        assert_eq!(ending(&rule, &[(0, Signal::Green)]), Ending::Due(at(1_000)), "nobody pressed anything");
    }

    #[test]
    fn an_early_signal_ends_the_race_as_the_rulebook_says() {
        let last = rule(EarlySignal::LastCrossing, LateSignal::Due, 1);
        let signal = rule(EarlySignal::Signal, LateSignal::Due, 1);
        // Japan 2019: shown as the leader had just begun the last lap. Canada 2018: shown a moment before he ended the last but one.
        assert_eq!(ending(&last, &[(0, Signal::Green), (901, Signal::Chequered)]), Ending::Early { given: at(901), at: at(900) });
        assert_eq!(ending(&last, &[(0, Signal::Green), (899, Signal::Chequered)]), Ending::Early { given: at(899), at: at(800) });
        // Daytona 2024: the race ended when the flag was shown.
        assert_eq!(ending(&signal, &[(0, Signal::Green), (899, Signal::Chequered)]), Ending::Early { given: at(899), at: at(900) });
    }

    #[test]
    fn a_late_signal_changes_nothing_unless_the_rulebook_says_so() {
        let due = rule(EarlySignal::Signal, LateSignal::Due, 1);
        let signal = rule(EarlySignal::Signal, LateSignal::Signal, 1);
        assert_eq!(ending(&due, &[(0, Signal::Green), (1_101, Signal::Chequered)]), Ending::Late { given: at(1_101), at: at(1_000) });
        assert_eq!(ending(&signal, &[(0, Signal::Green), (1_101, Signal::Chequered)]), Ending::Late { given: at(1_101), at: at(1_100) });
    }

    #[test]
    fn a_red_flag_that_ends_the_race_takes_the_result_back() {
        let red = [(0, Signal::Green), (550, Signal::Red), (700, Signal::Close)];
        let one = rule(EarlySignal::Signal, LateSignal::Due, 1);
        assert_eq!(ending(&one, &red), Ending::Red { shown: at(550), at: Some(at(500)), laps: 5 });
        assert_eq!(
            ending(&rule(EarlySignal::Signal, LateSignal::Due, 2), &red),
            Ending::Red { shown: at(550), at: Some(at(400)), laps: 4 }
        );
        let resumed = [(0, Signal::Green), (550, Signal::Red), (700, Signal::SafetyCar), (760, Signal::Green), (1_200, Signal::Close)];
        assert_eq!(ending(&one, &resumed), Ending::Due(at(1_000)));
        let first_lap = [(0, Signal::Green), (50, Signal::Red), (700, Signal::Close)];
        assert_eq!(ending(&one, &first_lap), Ending::Red { shown: at(50), at: None, laps: 0 });
    }

    #[test]
    fn suspensions_add_up() {
        let signals: Vec<(Instant, Signal)> =
            [(0, Signal::Green), (50, Signal::Red), (70, Signal::SafetyCar), (90, Signal::Green), (100, Signal::Red)]
                .map(|(seconds, signal)| (at(seconds), signal))
                .to_vec();
        assert_eq!(suspended(&signals, at(110)), Micros::seconds(30));
        assert_eq!(
            neutralised(&signals),
            [(Signal::Red, at(50), Some(at(70))), (Signal::SafetyCar, at(70), Some(at(90))), (Signal::Red, at(100), None)]
        );
    }
}
