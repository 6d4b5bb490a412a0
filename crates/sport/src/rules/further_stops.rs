//! Stops beside the mandatory ones: the minimum for every stop, joker stops that are exempt from it (P36), the technical stop (P37).
//!
//! It takes a car's visits and those that are its mandatory stops. The technical stop is the longest visit that is long enough and in its time; it
//! is no mandatory stop as well. Of the others, each shorter than the minimum without success seconds is a joker stop while the car has one left
//! in that period of the race, in the order they were made, and a breach after that. A visit in which a penalty was served is no stop.

use alloc::vec::Vec;

use crate::date::{Instant, Micros};
use crate::line::Layout;
use crate::pit_visit::PitVisit;
use crate::rulebook::weekend::{EveryStop, TechnicalStop};
use crate::rules::stops::{Breach, Stops, short};

/// What the stops beside the mandatory ones come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Further {
    /// The visits that are joker stops, by position.
    pub(crate) jokers: Vec<usize>,
    /// What is wrong.
    pub(crate) breaches: Vec<Breach>,
}

/// A penalty is recorded as served at most so long after the car left the pit lane.
const RECORDED: i64 = 60_000_000;

impl Stops<'_> {
    /// Whether a penalty was served in a visit: in the one the car was at or, where it was out already, in the last before that.
    pub(crate) fn penalty_in(&self, visits: &[PitVisit], at: usize) -> bool {
        self.served.iter().any(|served| {
            let last = visits.iter().rposition(|visit| visit.entry.or(visit.exit).is_some_and(|begun| begun.at <= *served));
            let recorded = |exit: Instant| served.0 <= exit.0.saturating_add(RECORDED);
            last == Some(at) && visits[at].exit.is_none_or(|exit| recorded(exit.at))
        })
    }

    /// The technical stop, where it was made.
    pub(crate) fn technical(&self, visits: &[PitVisit]) -> Option<usize> {
        let rule = self.rule.technical.as_ref()?;
        let long = self.in_time(rule, visits).filter(|(_, time)| *time >= rule.minimum);
        long.max_by_key(|(ix, time)| (*time, core::cmp::Reverse(*ix))).map(|(ix, _)| ix)
    }

    /// The visits in the time of the technical stop, each with how long it took.
    fn in_time(&self, rule: &TechnicalStop, visits: &[PitVisit]) -> impl Iterator<Item = (usize, Micros)> {
        let (opens, closes) = (self.clock.when(rule.opens), self.clock.when(rule.closes));
        let timed = move |(ix, visit): (usize, &PitVisit)| {
            let judged = self.rule.judged(visit.entry?.at, visit.exit?.at);
            visit.time().filter(|_| opens <= judged && judged <= closes).map(|time| (ix, time))
        };
        visits.iter().enumerate().filter_map(timed).collect::<Vec<_>>().into_iter()
    }

    pub(crate) fn further(&self, layout: &Layout, visits: &[PitVisit], mandatory: &[usize], technical: Option<usize>) -> Further {
        let mut further = Further { jokers: Vec::new(), breaches: Vec::new() };
        if let Some(every) = &self.rule.every {
            let others = (0..visits.len()).filter(|ix| !mandatory.contains(ix) && Some(*ix) != technical);
            self.every(every, layout, visits, others, &mut further);
        }
        if let Some(rule) = self.rule.technical.as_ref().filter(|_| technical.is_none()) {
            let closes = self.clock.when(rule.closes);
            let there = self.lasted(closes) && self.heard.is_some_and(|heard| heard > closes);
            let over = self.now > closes && there && visits.last().is_none_or(|visit| !visit.inside);
            let longest = self.in_time(rule, visits).max_by_key(|(_, time)| *time);
            let by = Micros(rule.minimum.0 - longest.map_or(0, |(_, time)| time.whole_ms().0));
            let missing = Breach::MissingTechnical { longest: longest.map(|(visit, _)| visit), by };
            further.breaches.extend(over.then_some(missing));
        }
        further
    }

    fn every(&self, every: &EveryStop, layout: &Layout, visits: &[PitVisit], others: impl Iterator<Item = usize>, further: &mut Further) {
        let (minimum, _) = self.rule.minimum_for(self.circuit, Micros(0));
        // Jokers used, by period.
        let mut used: Vec<(i64, u16)> = Vec::new();
        for ix in others {
            let visit = &visits[ix];
            let (Some(entry), Some(time)) = (visit.entry, visit.time()) else { continue };
            let Some(breach) = short(ix, time, &visit.other_times(layout), minimum).filter(|_| !self.penalty_in(visits, ix)) else {
                continue;
            };
            let Some(joker) = &every.joker else {
                further.breaches.push(breach);
                continue;
            };
            let period = joker.per.map_or(0, |per| self.clock.time(entry.at).0 / per.0.max(1));
            let at = used.iter().position(|(of, _)| *of == period).unwrap_or_else(|| {
                used.push((period, 0));
                used.len() - 1
            });
            if used[at].1 < joker.count {
                used[at].1 += 1;
                further.jokers.push(ix);
            } else {
                further.breaches.push(breach);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::meeting_fact::Signal;
    use crate::race_clock::RaceClock;
    use crate::rulebook::weekend::{Joker, PitStop};
    use crate::rules::stops::tests::{layout, looked_at, rule, visits_of};

    /// As in an endurance race: no window of its own, 72 s for every stop, one joker in each hour; five minutes between the first and the second.
    fn endurance(joker: bool, technical: bool) -> PitStop {
        let cite = rule().cite;
        let joker = joker.then(|| Joker { count: 1, per: Some(Micros::seconds(3_600)), cite: cite.clone() });
        let of = TechnicalStop { minimum: Micros::seconds(300), opens: Micros::seconds(3_600), closes: Micros::seconds(7_200), cite };
        PitStop {
            count: 0,
            driver_change: false,
            minimum: Micros::seconds(72),
            every: Some(EveryStop { joker }),
            technical: technical.then_some(of),
            ..rule()
        }
    }

    /// Visits that begin at these seconds and take so many.
    fn visits(stops: &[(i64, i64)]) -> Vec<PitVisit> {
        let mut heard = Vec::new();
        for (at, takes) in stops {
            heard.extend([(at * 1_000, 2), ((at + takes) * 1_000, 3), ((at + takes + 40) * 1_000, 1)]);
        }
        visits_of(&heard)
    }

    fn short_by(visit: usize, seconds: i64) -> Breach {
        Breach::Short { visit, by: Micros::seconds(seconds), doubtful: false }
    }

    #[test]
    fn every_stop_is_as_long_as_the_minimum_and_a_served_penalty_is_no_stop() {
        let rule = endurance(false, false);
        let stops = looked_at(&rule, 5_000, &[]);
        let of = visits(&[(1_000, 75), (2_000, 60), (3_000, 20)]);
        assert_eq!(stops.board(&layout(), &of, |_| None).breaches, [short_by(1, 12), short_by(2, 52)]);
        let served = [Instant(3_030_000_000)];
        let stops = Stops { served: &served, ..stops };
        assert_eq!(stops.board(&layout(), &of, |_| None).breaches, [short_by(1, 12)], "the third was a drive-through");
    }

    #[test]
    fn a_joker_in_each_hour_is_exempt_and_the_second_is_not() {
        let rule = endurance(true, false);
        let board = looked_at(&rule, 9_000, &[]).board(&layout(), &visits(&[(1_000, 30), (2_000, 40), (4_000, 30), (8_000, 71)]), |_| None);
        assert_eq!(board.jokers, [0, 2, 3]);
        assert_eq!(board.breaches, [short_by(1, 32)]);
    }

    /// The joker belongs to the hour in which the car came in, wherever it went out again.
    #[test]
    fn a_stop_over_the_end_of_an_hour_is_one_of_the_hour_it_began_in() {
        let rule = endurance(true, false);
        let board = looked_at(&rule, 9_000, &[]).board(&layout(), &visits(&[(3_580, 40), (5_000, 30)]), |_| None);
        assert_eq!((board.jokers, board.breaches), (vec![0, 1], vec![]));
        let board = looked_at(&rule, 9_000, &[]).board(&layout(), &visits(&[(1_000, 30), (3_580, 40)]), |_| None);
        assert_eq!((board.jokers, board.breaches), (vec![0], vec![short_by(1, 32)]));
    }

    #[test]
    fn the_first_and_the_last_moment_of_the_technical_stop_are_in_its_time() {
        let rule = endurance(false, true);
        let technical = |entry| looked_at(&rule, 7_600, &[]).board(&layout(), &visits(&[(entry, 300)]), |_| None).technical;
        assert_eq!([technical(3_599), technical(3_600), technical(7_200), technical(7_201)], [None, Some(0), Some(0), None]);
        // A penalty is written down as served when the car is out again, a minute later at most.
        let lane = visits(&[(3_000, 20)]);
        let breaches = |at: i64| {
            let served = [Instant(at * 1_000_000)];
            Stops { served: &served, ..looked_at(&rule, 5_000, &[]) }.board(&layout(), &lane, |_| None).breaches
        };
        assert_eq!((breaches(3_080), breaches(3_081), breaches(2_999)), (vec![], vec![short_by(0, 52)], vec![short_by(0, 52)]));
    }

    /// The clock stands from 50:00 to 70:00: the second hour begins at 80:00, and with it the time of the technical stop.
    #[test]
    fn periods_and_the_time_of_the_technical_stop_are_race_time() {
        let signals = [(Instant(3_000_000_000), Signal::Red), (Instant(4_200_000_000), Signal::Green)];
        let clock = RaceClock::standing(Instant(0), &signals, Instant(9_000_000_000));
        let rule = endurance(true, true);
        let at = |now, of: &[(i64, i64)]| Stops { clock: &clock, ..looked_at(&rule, now, &[]) }.board(&layout(), &visits(of), |_| None);
        let board = at(8_000, &[(1_000, 30), (4_700, 30), (4_900, 30)]);
        assert_eq!((board.jokers, board.breaches), (vec![0, 2], vec![short_by(1, 42)]));
        assert_eq!([4_799, 4_800, 8_400, 8_401].map(|entry| at(8_800, &[(entry, 300)]).technical), [None, Some(0), Some(0), None]);
        assert_eq!((at(8_400, &[]).breaches.len(), at(8_401, &[]).breaches.len()), (0, 1));
    }

    /// The drive-through of the lap after a stop, recorded within a minute of the stop's exit: it was served in the second visit alone.
    #[test]
    fn a_penalty_is_served_in_one_visit() {
        let rule = endurance(false, false);
        let of = visits_of(&[(1_000_000, 2), (1_050_000, 3), (1_065_000, 1), (1_095_000, 2), (1_111_000, 3), (1_150_000, 1)]);
        let breaches = |at: i64| {
            let served = [Instant(at * 1_000_000)];
            Stops { served: &served, ..looked_at(&rule, 5_000, &[]) }.board(&layout(), &of, |_| None).breaches
        };
        let only = |visit, seconds| vec![short_by(visit, seconds)];
        assert_eq!(breaches(1_100), only(0, 22), "while it was in the lane");
        assert_eq!(breaches(1_115), only(0, 22), "when it was out");
        assert_eq!(breaches(1_090), only(1, 56), "before it came in again");
    }

    #[test]
    fn the_technical_stop_is_made_once_in_its_time_and_is_no_mandatory_stop() {
        let rule = endurance(false, true);
        let made = visits(&[(1_000, 310), (4_000, 305), (6_000, 301)]);
        let board = looked_at(&rule, 7_201, &[]).board(&layout(), &made, |_| None);
        assert_eq!((board.technical, board.breaches), (Some(1), vec![]), "the first was before its time");
        let short = visits(&[(4_000, 290)]);
        let at = |now| looked_at(&rule, now, &[]).board(&layout(), &short, |_| None).breaches;
        assert_eq!(at(7_200), []);
        assert_eq!(at(7_201), [Breach::MissingTechnical { longest: Some(0), by: Micros::seconds(10) }]);
        let both = PitStop { count: 1, ..endurance(false, true) };
        let board = looked_at(&both, 7_201, &[]).board(&layout(), &visits(&[(1_800, 80), (3_700, 400)]), |_| None);
        assert_eq!((board.technical, board.breaches), (Some(1), vec![]));
        let window = PitStop { opens: Micros::seconds(3_600), closes: Micros::seconds(7_200), ..both };
        let board = looked_at(&window, 7_201, &[]).board(&layout(), &visits(&[(3_700, 400)]), |_| None);
        assert_eq!(board.breaches, [Breach::Missing { stops: 1 }], "one visit cannot be both");
    }

    #[test]
    fn three_mandatory_stops_are_counted() {
        let three = PitStop { count: 3, opens: Micros(0), closes: Micros::seconds(10_800), driver_change: false, ..rule() };
        let stops = [(1_000, 95), (2_000, 20), (3_600, 91), (5_000, 80)];
        let board = looked_at(&three, 10_801, &[]).board(&layout(), &visits(&stops), |_| None);
        assert_eq!((board.asked, board.mandatory), (3, vec![0, 2, 3]));
        assert_eq!(board.breaches, [short_by(3, 10)], "of four visits the three that serve best");
        let board = looked_at(&three, 10_801, &[]).board(&layout(), &visits(&stops[..2]), |_| None);
        assert_eq!(board.breaches, [short_by(1, 70), Breach::Missing { stops: 1 }]);
    }
}
