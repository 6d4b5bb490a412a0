//! Neutralisations of a race: when, and how fast cars drive under them.

use sport::meeting_fact::Signal;

use crate::dice::{Dice, MILLION};

const MINUTE: i64 = 60 * MILLION;

/// A time under another signal than green.
#[derive(Clone, Copy, Debug)]
struct Phase {
    from: i64,
    to: i64,
    signal: Signal,
}

/// The neutralisations of a race, in order, none over another.
#[derive(Debug, Default)]
pub(crate) struct Flags {
    phases: Vec<Phase>,
}

impl Flags {
    /// Draws what happens between `start` and `end`, for cars that stop on the track at these times and for what nobody foresees.
    pub(crate) fn drawn(dice: &mut Dice, start: i64, end: i64, stranded: &[i64]) -> Self {
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
        if dice.chance(25_000) {
            let from = dice.between(start + 5 * MINUTE, end);
            let to = from + dice.between(6 * MINUTE, 15 * MINUTE);
            phases.push(Phase { from, to, signal: Signal::Red });
            phases.push(Phase { from: to, to: to + 3 * MINUTE, signal: Signal::SafetyCar });
        }
        Self::apart(phases)
    }

    /// None over another: what would begin before the one before is over for a minute does not happen, unless it follows at once.
    fn apart(mut phases: Vec<Phase>) -> Self {
        phases.sort_by_key(|phase| phase.from);
        let mut kept: Vec<Phase> = Vec::new();
        for phase in phases {
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

    /// When a red flag that is shown at a moment ends.
    pub(crate) fn red_until(&self, at: i64) -> Option<i64> {
        self.phases.iter().find(|phase| phase.signal == Signal::Red && phase.from <= at && at < phase.to).map(|phase| phase.to)
    }

    /// The signals given before the end, in order.
    pub(crate) fn signals(&self, end: i64) -> Vec<(i64, Signal)> {
        let mut signals = Vec::new();
        for phase in &self.phases {
            signals.push((phase.from, phase.signal));
            if !self.phases.iter().any(|next| next.from == phase.to) {
                signals.push((phase.to, Signal::Green));
            }
        }
        signals.retain(|(at, _)| *at < end);
        signals
    }
}

fn safety_car(dice: &mut Dice, from: i64) -> Phase {
    Phase { from, to: from + dice.between(5 * MINUTE, 9 * MINUTE), signal: Signal::SafetyCar }
}

fn yellow(dice: &mut Dice, from: i64) -> Phase {
    Phase { from, to: from + dice.between(2 * MINUTE, 5 * MINUTE), signal: Signal::FullCourseYellow }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_phase_takes_longer_by_what_of_it_is_driven_in_it() {
        let flags = Flags { phases: vec![Phase { from: 10 * MILLION, to: 20 * MILLION, signal: Signal::FullCourseYellow }] };
        assert_eq!(flags.after(0, 10 * MILLION, false), 10 * MILLION);
        assert_eq!(flags.after(0, 13 * MILLION, false), 15 * MILLION);
        // Six of the ten seconds are covered, four remain after it.
        assert_eq!(flags.after(5 * MILLION, 15 * MILLION, false), 24 * MILLION);
        assert_eq!(flags.after(20 * MILLION, MILLION, true), 21 * MILLION);
    }

    #[test]
    fn phases_do_not_lie_over_each_other() {
        let phase = |from, to| Phase { from: from * MINUTE, to: to * MINUTE, signal: Signal::SafetyCar };
        let flags = Flags::apart(vec![phase(5, 9), phase(1, 4), phase(8, 12), phase(9, 11)]);
        let kept: Vec<i64> = flags.phases.iter().map(|phase| phase.from / MINUTE).collect();
        assert_eq!(kept, [1, 5, 9]);
        assert_eq!(flags.signals(10 * MINUTE).len(), 4);
    }
}
