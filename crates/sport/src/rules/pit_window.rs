//! The window of the mandatory stop: when it opens and closes in race time, what delays it and what makes it longer (C1, C4).
//!
//! It takes the rule, the race clock and the signals, and says where the window stands at a moment. A race that ends before the window is over leaves it
//! open: until the last moment every car might still have come in, so none owes the stop.

use core::fmt;

use crate::date::{Instant, Micros};
use crate::meeting_fact::Signal;
use crate::reading::between;
use crate::rules::stops::Stops;

/// The window as it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Window {
    /// Opens in so long.
    OpensIn(Micros),
    /// It should have opened, and opens when this signal ends.
    Delayed(Signal),
    /// Closes in so long.
    ClosesIn(Micros),
    /// Over.
    Closed,
    /// The race ended before it was over.
    Unfinished,
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpensIn(time) => write!(f, "opens in {time}"),
            Self::Delayed(signal) => write!(f, "delayed by {}", signal.word()),
            Self::ClosesIn(time) => write!(f, "open, closes in {time}"),
            Self::Closed => f.write_str("closed"),
            Self::Unfinished => f.write_str("not over when the race ended: nobody owes the stop"),
        }
    }
}

impl Stops<'_> {
    /// When the window opens and closes, delays included; the signal it waits for where it should have opened and has not (C4).
    pub fn opening(&self) -> Result<(Instant, Instant), Signal> {
        let mut opens = self.clock.when(self.rule.opens);
        // One signal may follow another: a red flag after the safety car.
        while let Some((signal, _, end)) = self.neutral.iter().find(|span| self.delays(span, opens)) {
            let Some(end) = end else { return Err(*signal) };
            opens = *end;
        }
        let length = self.rule.closes.0 - self.rule.opens.0;
        let mut closes = self.clock.time(opens).0.saturating_add(length);
        for (_, at, end) in self.neutral.iter().filter(|(signal, _, _)| self.rule.red_extends && *signal == Signal::Red) {
            let end = end.unwrap_or(self.now);
            if *at < self.clock.when(Micros(closes)) && end > opens {
                // Where the clock stands meanwhile, nothing is lost that would have to be given back.
                closes += self.clock.time(end).0 - self.clock.time((*at).max(opens)).0;
            }
        }
        Ok((opens, self.clock.when(Micros(closes))))
    }

    fn delays(&self, (signal, at, end): &(Signal, Instant, Option<Instant>), opens: Instant) -> bool {
        self.rule.delayed_by.contains(signal) && *at <= opens && *at <= self.now && end.is_none_or(|end| end > opens)
    }

    /// The window as it stands.
    pub fn window(&self) -> Window {
        let (planned, opening) = (self.clock.when(self.rule.opens), self.opening());
        match opening {
            Ok((_, closes)) if self.now > closes && self.lasted(closes) => Window::Closed,
            Ok(_) | Err(_) if self.ended.is_some() => Window::Unfinished,
            Ok((opens, _)) if self.now < opens => Window::OpensIn(between(self.now, opens)),
            Ok((_, closes)) => Window::ClosesIn(between(self.now, closes)),
            Err(_) if self.now < planned => Window::OpensIn(between(self.now, planned)),
            Err(signal) => Window::Delayed(signal),
        }
    }

    /// Whether the race was still run at a moment.
    pub(super) fn lasted(&self, at: Instant) -> bool {
        self.ended.is_none_or(|ended| ended >= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race_clock::RaceClock;
    use crate::rulebook::weekend::PitStop;
    use crate::rules::stops::Breach;
    use crate::rules::stops::tests::{at, layout, looked_at, rule, visits_of};

    /// Case 2: the safety car is out when the window should open; it opens when the car is in, and is as long as planned.
    #[test]
    fn a_safety_car_at_the_opening_delays_the_window() {
        let rule = rule();
        let out = [(Signal::SafetyCar, at(1_400), None)];
        assert_eq!(looked_at(&rule, 1_450, &out).window(), Window::OpensIn(Micros::seconds(50)));
        assert_eq!(looked_at(&rule, 1_600, &out).window(), Window::Delayed(Signal::SafetyCar));
        let home = [(Signal::SafetyCar, at(1_400), Some(at(1_700)))];
        assert_eq!(looked_at(&rule, 1_800, &home).opening(), Ok((at(1_700), at(2_300))));
        assert_eq!(looked_at(&rule, 1_800, &home).window(), Window::ClosesIn(Micros::seconds(500)));
        let over = [(Signal::SafetyCar, at(1_400), Some(at(1_490)))];
        assert_eq!(looked_at(&rule, 1_500, &over).opening(), Ok((at(1_500), at(2_100))), "in again before the window should open");
        let later = [(Signal::SafetyCar, at(1_501), Some(at(1_700)))];
        assert_eq!(looked_at(&rule, 1_800, &later).opening(), Ok((at(1_500), at(2_100))), "the window was open already");
        let yellow = [(Signal::FullCourseYellow, at(1_400), Some(at(1_700)))];
        assert_eq!(looked_at(&rule, 1_800, &yellow).opening(), Ok((at(1_500), at(2_100))), "this rule does not name it");
        let stop = [(1_600_000, 2), (1_700_000, 3), (1_740_000, 1)];
        let breaches = looked_at(&rule, 2_301, &home).board(&layout(), &visits_of(&stop), |_| Some(true)).breaches;
        assert_eq!(breaches, [Breach::OutsideWindow { visit: 0 }], "it came in before the window was opened");
    }

    #[test]
    fn a_red_flag_inside_the_window_makes_it_longer() {
        let rule = rule();
        let red = [(Signal::Red, at(1_600), Some(at(2_000))), (Signal::SafetyCar, at(2_000), Some(at(2_200)))];
        assert_eq!(looked_at(&rule, 2_300, &red).opening(), Ok((at(1_500), at(2_500))));
        let still = [(Signal::Red, at(1_600), None)];
        assert_eq!(
            looked_at(&rule, 3_000, &still).window(),
            Window::ClosesIn(Micros::seconds(500)),
            "as long as it is out nothing is lost"
        );
        let fixed = PitStop { red_extends: false, ..rule.clone() };
        assert_eq!(looked_at(&fixed, 2_300, &red).opening(), Ok((at(1_500), at(2_100))));
    }

    /// The clock stands from 10:00 to 15:00 and from 27:00 to 29:00: 25:00 of race time is at 30:00, and nothing is given back twice.
    #[test]
    fn the_window_is_told_by_the_race_clock() {
        let signals = [(0, Signal::Green), (600, Signal::Red), (900, Signal::Green), (1_620, Signal::Red), (1_740, Signal::Green)];
        let signals = signals.map(|(seconds, signal)| (at(seconds), signal));
        let clock = RaceClock::standing(at(0), &signals, at(5_000));
        let red = [(Signal::Red, at(600), Some(at(900))), (Signal::Red, at(1_620), Some(at(1_740)))];
        let window = |rule: &PitStop| Stops { clock: &clock, ..looked_at(rule, 1_860, &red) }.opening();
        assert_eq!(window(&rule()), Ok((at(1_920), at(2_520))));
        let runs = Stops { clock: &RaceClock::running(at(0)), ..looked_at(&rule(), 1_860, &red) }.opening();
        assert_eq!(runs, Ok((at(1_500), at(2_220))));
        let inside = PitStop { opens: Micros::seconds(1_300), closes: Micros::seconds(1_400), ..rule() };
        assert_eq!(window(&inside), Ok((at(1_600), at(1_820))), "a suspension inside it takes nothing of it, and gives nothing");
        assert_eq!(window(&PitStop { red_extends: false, ..inside }), Ok((at(1_600), at(1_820))));
    }

    /// A red flag for good, or a chequered signal shown early: until the last moment every car might still have come in.
    #[test]
    fn nobody_owes_a_stop_in_a_race_that_ended_before_the_window_was_over() {
        let rule = rule();
        let ended = |seconds: i64| Stops { ended: Some(at(seconds)), ..looked_at(&rule, 2_400, &[]) };
        assert_eq!((ended(2_099).window(), ended(2_100).window()), (Window::Unfinished, Window::Closed));
        let breaches = |seconds: i64, visits| ended(seconds).board(&layout(), visits, |_| None).breaches;
        assert_eq!((breaches(2_099, &[]), breaches(2_100, &[]).len()), (alloc::vec![], 1));
        let short = visits_of(&[(1_560_000, 2), (1_645_000, 3), (1_690_000, 1)]);
        assert_eq!(
            breaches(2_000, &short),
            [Breach::Short { visit: 0, by: Micros::seconds(5), doubtful: false }],
            "a stop that was made is judged"
        );
    }
}
