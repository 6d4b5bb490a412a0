//! When a session ended: the chequered signal where it was due, and the rulebook's word where it was early, late, or never given (B5, case 9).

use alloc::vec::Vec;

use crate::date::Instant;
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
    /// When any car ended a lap, in order.
    pub(crate) ends: &'a [Instant],
    /// The crossing at which the signal is due, as far as the passings say.
    pub(crate) due: Option<Instant>,
    /// When the car of that crossing ended its laps, in order.
    pub(crate) leader: &'a [Instant],
    /// The planned length.
    pub(crate) schedule: Schedule,
    /// The signals of the session with their moments, in order.
    pub(crate) signals: &'a [(Instant, Signal)],
}

impl Finish<'_> {
    /// How the race ended.
    pub(crate) fn ending(&self) -> Ending {
        // Whoever stands in the pit lane under a red flag is shown no chequered one: what was signalled then only closes the session.
        if let Some(shown) = red_for_good(self.signals)
            && self.due.is_none_or(|due| shown < due)
        {
            return self.red(shown);
        }
        match chequered(self.signals) {
            Some(given) => self.given(given),
            None => self.due.map_or(Ending::Open, Ending::Due),
        }
    }

    fn given(&self, given: Instant) -> Ending {
        match self.due {
            Some(due) if near(due, given) => Ending::Due(due),
            Some(due) if given < due && self.before_its_time(given) => self.early(given),
            // The time is up, and the flag is held ready for the leader, who is on his way.
            Some(due) if given < due && !self.leader.iter().any(|end| (given..due).contains(end)) => Ending::Due(due),
            Some(due) if given < due => Ending::Signalled(self.shown(given)),
            Some(due) => match self.rule.map_or(LateSignal::Due, |rule| rule.late) {
                LateSignal::Due => Ending::Late { given, at: due },
                LateSignal::Signal => Ending::Late { given, at: self.shown(given) },
            },
            // The leader stopped, or nobody completed the time: who is shown the signal is whoever comes round next.
            None if self.before_its_time(given) => self.early(given),
            None => Ending::Signalled(self.shown(given)),
        }
    }

    /// The moment of a signal that no leader's crossing gives: the crossing nearest to the hand that gave it, of any car, or the hand's. Which of
    /// the cars about it were shown the signal a person must say (see [`by_hand`]).
    fn shown(&self, given: Instant) -> Instant {
        nearest(self.ends, given).unwrap_or(given)
    }

    fn early(&self, given: Instant) -> Ending {
        let at = match self.rule.map_or(EarlySignal::Signal, |rule| rule.early) {
            EarlySignal::LastCrossing => self.lead.iter().copied().rfind(|crossing| *crossing < given),
            // It is shown to the leader: no other car's crossing says when that was.
            EarlySignal::Signal => nearest(self.lead, given),
        };
        Ending::Early { given, at: at.unwrap_or(given) }
    }

    /// Whether neither the time nor the laps were complete when the signal was given. Cars that are shown it go in: often nobody ever completes
    /// the distance, and no crossing says when the signal would have been due.
    fn before_its_time(&self, given: Instant) -> bool {
        let full = self.schedule.start.zip(self.schedule.time).map(|(start, time)| start.0.saturating_add(time.0));
        let led = self.lead.partition_point(|crossing| crossing.0 <= given.0.saturating_add(HAND));
        let laps = self.schedule.laps.map(|laps| led < laps as usize);
        let time = full.map(|full| given.0.saturating_add(HAND) < full);
        (laps.is_some() || time.is_some()) && laps.unwrap_or(true) && time.unwrap_or(true)
    }

    fn red(&self, shown: Instant) -> Ending {
        let back = usize::from(self.rule.map_or(1, |rule| rule.red_laps_back));
        let completed = self.lead.partition_point(|crossing| *crossing < shown);
        // The lap it is shown in is the one after those completed; one lap before that one is the last completed. The other cars end theirs as
        // they next come over the line, and where that is after the red flag a person is told (`lap-under-red`).
        let laps = (completed + 1).saturating_sub(back);
        let at = laps.checked_sub(1).and_then(|last| self.lead.get(last)).copied();
        Ending::Red { shown, at, laps: u32::try_from(laps).unwrap_or(u32::MAX) }
    }
}

/// The chequered signal as given last.
pub(crate) fn chequered(signals: &[(Instant, Signal)]) -> Option<Instant> {
    signals.iter().rev().find(|(_, signal)| *signal == Signal::Chequered).map(|(at, _)| *at)
}

/// The crossing at which a signal was given: the nearest to the hand that gave it, where there is one.
fn nearest(crossings: &[Instant], given: Instant) -> Option<Instant> {
    crossings.iter().copied().filter(|end| near(*end, given)).min_by_key(|end| (end.0 - given.0).abs())
}

/// Whether a signal that a hand gave may have been given at this crossing.
pub(crate) fn near(crossing: Instant, given: Instant) -> bool {
    between(crossing.min(given), crossing.max(given)).0 <= HAND
}

/// From when to when a car that ended a lap may have been shown the chequered signal or not, where a hand alone says when that was, or the flag
/// was out before the leader came.
pub(crate) fn by_hand(ending: Ending, signals: &[(Instant, Signal)], rule: Option<&EndRule>) -> Option<(Instant, Instant)> {
    let given = chequered(signals)?;
    let about = |given: Instant| Some((Instant(given.0.saturating_sub(HAND)), Instant(given.0.saturating_add(HAND))));
    match ending {
        Ending::Signalled(_) => about(given),
        Ending::Early { .. } if rule.is_none_or(|rule| rule.early == EarlySignal::Signal) => about(given),
        Ending::Late { .. } if rule.is_some_and(|rule| rule.late == LateSignal::Signal) => about(given),
        Ending::Due(due) if given < due => about(given).map(|(from, _)| (from, due)),
        Ending::Open | Ending::Due(_) | Ending::Early { .. } | Ending::Late { .. } | Ending::Red { .. } => None,
    }
}

/// Whether a race that was suspended goes on.
pub(crate) fn resumes(signal: Signal) -> bool {
    matches!(signal, Signal::Green | Signal::SafetyCar | Signal::FullCourseYellow)
}

/// The red flag after which nobody raced again, once the session is closed or the chequered signal was given under it. A red flag after the
/// chequered signal ends nothing.
fn red_for_good(signals: &[(Instant, Signal)]) -> Option<Instant> {
    let last = signals.iter().rposition(|(_, signal)| resumes(*signal)).map_or(0, |at| at + 1);
    let end = |signal: Signal| matches!(signal, Signal::Chequered | Signal::Close);
    let over = last + signals[last..].iter().position(|(_, signal)| end(*signal))?;
    signals[last..over].iter().find(|(_, signal)| *signal == Signal::Red).map(|(shown, _)| *shown)
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
    use crate::date::Micros;

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
        let schedule = Schedule { start: None, stopped: None, time: None, laps: Some(10), to_all: false, signalled: None };
        Finish {
            rule: Some(rule),
            lead: &lead,
            ends: &lead,
            due: Some(Instant(1_000 * SECOND)),
            leader: &lead,
            schedule,
            signals: &signals,
        }
        .ending()
    }

    /// The signal comes early, at 499 s, and everybody goes in: the leader has five laps and nobody completes the distance.
    #[test]
    fn an_early_signal_is_early_though_nobody_goes_on() {
        let lead: Vec<Instant> = (1..=5).map(|lap| at(lap * 100)).collect();
        let last = rule(EarlySignal::LastCrossing, LateSignal::Due, 1);
        let signals = [(at(0), Signal::Green), (at(499), Signal::Chequered)];
        let ended = |time: Option<i64>, laps: Option<u32>| {
            let schedule =
                Schedule { start: Some(at(0)), stopped: None, time: time.map(Micros::seconds), laps, to_all: false, signalled: None };
            Finish { rule: Some(&last), lead: &lead, ends: &lead, due: None, leader: &[], schedule, signals: &signals }.ending()
        };
        let early = Ending::Early { given: at(499), at: at(400) };
        assert_eq!((ended(None, Some(6)), ended(Some(600), None), ended(Some(7_200), Some(6))), (early, early, early));
        // The time is up and the leader stopped on his last lap: whoever comes round is shown the signal.
        assert_eq!((ended(Some(480), None), ended(None, None)), (Ending::Signalled(at(500)), Ending::Signalled(at(500))));
        // Five laps were to be driven, and the leader ended the fifth as the hand gave the signal.
        assert_eq!(ended(None, Some(5)), Ending::Signalled(at(500)));
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
        // Shown at the very moment the leader ended his fifth lap: that is the lap it was shown in.
        let on_the_line = [(0, Signal::Green), (500, Signal::Red), (700, Signal::Close)];
        assert_eq!(ending(&one, &on_the_line), Ending::Red { shown: at(500), at: Some(at(400)), laps: 4 });
        // Shown at the very moment the chequered signal was due: the race was over.
        let due = [(0, Signal::Green), (1_000, Signal::Red), (1_200, Signal::Close)];
        assert_eq!(ending(&one, &due), Ending::Due(at(1_000)));
        let first_lap = [(0, Signal::Green), (50, Signal::Red), (700, Signal::Close)];
        assert_eq!(ending(&one, &first_lap), Ending::Red { shown: at(50), at: None, laps: 0 });
    }

    #[test]
    fn a_signal_ends_the_one_before_it() {
        let signals: Vec<(Instant, Signal)> =
            [(0, Signal::Green), (50, Signal::Red), (70, Signal::SafetyCar), (90, Signal::Green), (100, Signal::Red)]
                .map(|(seconds, signal)| (at(seconds), signal))
                .to_vec();
        assert_eq!(
            neutralised(&signals),
            [(Signal::Red, at(50), Some(at(70))), (Signal::SafetyCar, at(70), Some(at(90))), (Signal::Red, at(100), None)]
        );
    }
}
