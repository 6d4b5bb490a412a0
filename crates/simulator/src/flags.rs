//! Neutralisations of a race: when, and how fast cars drive under them.

use sport::meeting_fact::Signal;
use sport::rulebook::weekend::PitStop;

use crate::dice::{Dice, MILLION};

const MINUTE: i64 = 60 * MILLION;

/// A time under another signal than green.
#[derive(Clone, Copy, Debug)]
struct Phase {
    from: i64,
    to: i64,
    signal: Signal,
    /// A red flag after which nobody races again.
    ends: bool,
}

/// A race as whoever draws its flags sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outlook<'a> {
    /// The start signal.
    pub(crate) start: i64,
    /// About when it will be over.
    pub(crate) end: i64,
    /// A lap of the fastest car.
    pub(crate) lap: i64,
    /// When cars stop on the track.
    pub(crate) stranded: &'a [i64],
    /// Whether race time goes on under a red flag.
    pub(crate) time_runs: bool,
}

/// The neutralisations of a race, in order, none over another.
#[derive(Debug, Default)]
pub(crate) struct Flags {
    phases: Vec<Phase>,
}

impl Flags {
    /// Draws what happens in a race, for cars that stop on the track and for what nobody foresees.
    pub(crate) fn drawn(dice: &mut Dice, outlook: Outlook<'_>) -> Self {
        let Outlook { start, end, stranded, .. } = outlook;
        let mut phases = Vec::new();
        for at in stranded {
            let from = at + dice.between(15 * MILLION, 45 * MILLION);
            if dice.chance(250_000) {
                phases.push(safety_car(dice, from));
            } else if dice.chance(250_000) {
                phases.push(yellow(dice, from));
            }
        }
        if dice.chance(60_000) {
            let from = start + dice.between(20 * MILLION, 80 * MILLION);
            phases.push(safety_car(dice, from));
        }
        let hours = ((end - start) / (60 * MINUTE)).max(1);
        for _ in 0..hours {
            if dice.chance(120_000) {
                let from = dice.between(start + 3 * MINUTE, end);
                phases.push(if dice.chance(500_000) { safety_car(dice, from) } else { yellow(dice, from) });
            }
        }
        if dice.chance(40_000) {
            phases.extend(red(dice, outlook));
        }
        Self::apart(phases)
    }

    /// None over another: what would begin before the one before is over for a minute does not happen, unless it follows at once. A red flag
    /// ends what was shown before it.
    fn apart(mut phases: Vec<Phase>) -> Self {
        phases.sort_by_key(|phase| phase.from);
        let mut kept: Vec<Phase> = Vec::new();
        for phase in phases {
            if let Some(last) = kept.last_mut().filter(|last| phase.signal == Signal::Red && last.from < phase.from) {
                last.to = last.to.min(phase.from);
            }
            if kept.last().is_none_or(|last| last.to == phase.from || last.to + MINUTE <= phase.from) {
                kept.push(phase);
            }
        }
        // A red flag that fell away takes the safety car after it along; alone it does no harm.
        Self { phases: kept }
    }

    /// When a car is where it would be `free` micros after `at` on a free track. Behind the safety car the leader drives slowest: the others
    /// close up.
    pub(crate) fn after(&self, at: i64, free: i64, leads: bool) -> i64 {
        let (mut now, mut left) = (at, free);
        for phase in self.phases.iter().filter(|phase| phase.to > at) {
            if phase.from > now {
                if left <= phase.from - now {
                    return now + left;
                }
                left -= phase.from - now;
                now = phase.from;
            }
            let speed = match phase.signal {
                Signal::SafetyCar if leads => 560_000,
                Signal::SafetyCar => 730_000,
                Signal::FullCourseYellow => 600_000,
                Signal::Open | Signal::Green | Signal::Red | Signal::Chequered | Signal::Close => 600_000,
            };
            let whole = (phase.to - now) * speed / MILLION;
            if left <= whole {
                return now + left * MILLION / speed;
            }
            left -= whole;
            now = phase.to;
        }
        now + left
    }

    /// The signal that rules at a moment, where it is not green.
    pub(crate) fn at(&self, at: i64) -> Option<Signal> {
        self.phases.iter().find(|phase| phase.from <= at && at < phase.to).map(|phase| phase.signal)
    }

    /// When the race is resumed after the red flag that is shown at a moment.
    pub(crate) fn red_until(&self, at: i64) -> Option<i64> {
        self.reds().find(|phase| !phase.ends && phase.from <= at && at < phase.to).map(|phase| phase.to)
    }

    /// When a red flag was shown that ended the race, if it was.
    pub(crate) fn ended(&self) -> Option<i64> {
        self.reds().find(|phase| phase.ends).map(|phase| phase.from)
    }

    /// Whether the race was ended by a red flag before a moment.
    pub(crate) fn over(&self, at: i64) -> bool {
        self.ended().is_some_and(|from| from <= at)
    }

    fn reds(&self) -> impl Iterator<Item = &Phase> {
        self.phases.iter().filter(|phase| phase.signal == Signal::Red)
    }

    /// The end of a race to `end` whose time stands still under a red flag.
    pub(crate) fn prolonged(&self, end: i64) -> i64 {
        self.reds().fold(end, |end, phase| if phase.from < end && !phase.ends { end.saturating_add(phase.to - phase.from) } else { end })
    }

    /// When the window of a stop opens and closes, delayed by what is shown when it should open, in a race that began at `start` (C4). Where its time
    /// stands still under a red flag, the window comes later by as much.
    pub(crate) fn window(&self, rule: &PitStop, start: i64, time_runs: bool) -> (i64, i64) {
        let planned = start + rule.opens.0;
        let mut opens = if time_runs { planned } else { self.prolonged(planned) };
        let delays = |phase: &&Phase, opens: i64| rule.delayed_by.contains(&phase.signal) && phase.from <= opens && opens < phase.to;
        while let Some(phase) = self.phases.iter().find(|phase| delays(phase, opens)) {
            opens = phase.to;
        }
        let mut closes = opens + rule.closes.0 - rule.opens.0;
        for phase in self.reds().filter(|_| rule.red_extends || !time_runs) {
            if phase.from < closes && phase.to > opens {
                closes += phase.to - phase.from.max(opens);
            }
        }
        (opens, closes)
    }

    /// The signals given before the end, in order.
    pub(crate) fn signals(&self, end: i64) -> Vec<(i64, Signal)> {
        let mut signals = Vec::new();
        for phase in &self.phases {
            signals.push((phase.from, phase.signal));
            if !phase.ends && !self.phases.iter().any(|next| next.from == phase.to) {
                signals.push((phase.to, Signal::Green));
            }
        }
        signals.retain(|(at, _)| *at < end);
        signals
    }
}

fn safety_car(dice: &mut Dice, from: i64) -> Phase {
    Phase { from, to: from + dice.between(5 * MINUTE, 9 * MINUTE), signal: Signal::SafetyCar, ends: false }
}

fn yellow(dice: &mut Dice, from: i64) -> Phase {
    Phase { from, to: from + dice.between(2 * MINUTE, 5 * MINUTE), signal: Signal::FullCourseYellow, ends: false }
}

/// A red flag, one in four of them in the first three laps. It ends the race where too little would be left of it, and one in three times
/// otherwise; else the race is resumed behind the safety car.
fn red(dice: &mut Dice, outlook: Outlook<'_>) -> Vec<Phase> {
    let Outlook { start, end, lap, time_runs, .. } = outlook;
    let from = if dice.chance(250_000) {
        start + dice.between(10 * MILLION, 3 * lap)
    } else {
        dice.between(start + 5 * MINUTE, end.max(start + 6 * MINUTE))
    };
    let to = from + dice.between(6 * MINUTE, 15 * MINUTE);
    if dice.chance(330_000) || (time_runs && to + 6 * MINUTE > end) {
        // Everybody is in the pit lane long before.
        return vec![Phase { from, to: from + 180 * MINUTE, signal: Signal::Red, ends: true }];
    }
    let resumed = Phase { from: to, to: to + 3 * MINUTE, signal: Signal::SafetyCar, ends: false };
    vec![Phase { from, to, signal: Signal::Red, ends: false }, resumed]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_phase_takes_longer_by_what_of_it_is_driven_in_it() {
        let flags = Flags { phases: vec![Phase { from: 10 * MILLION, to: 20 * MILLION, signal: Signal::FullCourseYellow, ends: false }] };
        assert_eq!(flags.after(0, 10 * MILLION, false), 10 * MILLION);
        assert_eq!(flags.after(0, 13 * MILLION, false), 15 * MILLION);
        // Six of the ten seconds are covered, four remain after it.
        assert_eq!(flags.after(5 * MILLION, 15 * MILLION, false), 24 * MILLION);
        assert_eq!(flags.after(20 * MILLION, MILLION, true), 21 * MILLION);
    }

    #[test]
    fn phases_do_not_lie_over_each_other() {
        let phase = |from, to| Phase { from: from * MINUTE, to: to * MINUTE, signal: Signal::SafetyCar, ends: false };
        let flags = Flags::apart(vec![phase(5, 9), phase(1, 4), phase(8, 12), phase(9, 11)]);
        let kept: Vec<i64> = flags.phases.iter().map(|phase| phase.from / MINUTE).collect();
        assert_eq!(kept, [1, 5, 9]);
        assert_eq!(flags.signals(10 * MINUTE).len(), 4);
    }

    #[test]
    fn a_red_flag_ends_what_was_shown_before_it_and_may_end_the_race() {
        let phase = |from, to, signal, ends| Phase { from: from * MINUTE, to: to * MINUTE, signal, ends };
        let car = phase(5, 9, Signal::SafetyCar, false);
        let flags = Flags::apart(vec![car, phase(7, 20, Signal::Red, false), phase(20, 23, Signal::SafetyCar, false)]);
        let given: Vec<(i64, Signal)> = flags.signals(60 * MINUTE).into_iter().map(|(at, signal)| (at / MINUTE, signal)).collect();
        assert_eq!(given, [(5, Signal::SafetyCar), (7, Signal::Red), (20, Signal::SafetyCar), (23, Signal::Green)]);
        assert_eq!((flags.prolonged(60 * MINUTE), flags.prolonged(6 * MINUTE)), (73 * MINUTE, 6 * MINUTE));
        let flags = Flags::apart(vec![car, phase(7, 200, Signal::Red, true), phase(20, 23, Signal::SafetyCar, false)]);
        assert_eq!((flags.signals(60 * MINUTE).len(), flags.over(8 * MINUTE), flags.red_until(8 * MINUTE)), (2, true, None));
    }
}
