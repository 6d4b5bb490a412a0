//! How long each driver of a car was at the wheel, and what about it breaks a limit (P43).
//!
//! It takes the car's runs, from start or pit exit to pit entry or end, with who drove. Time in the pit lane and while the race is suspended counts
//! for nobody. What is too much is said as soon as it is; what is too little when the race, or the period, is over, of cars that were still in it.

use alloc::vec::Vec;

use crate::citation::Cite;
use crate::date::{Instant, Micros};
use crate::grade::Grade;
use crate::meeting_fact::Signal;
use crate::race_clock::RaceClock;
use crate::reading::between;
use crate::rulebook::drive_time::{Allotment, DriveLimit, DriveTimeRule};

/// A part of the race in which one driver drove a car on the track.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AtWheel {
    /// Position in the list of drivers; none where nobody said.
    pub driver: Option<usize>,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// True where it began at the start or after a stop; false where the driver is said to have changed on the track.
    pub fresh: bool,
    /// False where a pit line was not heard, or heard twice, or the driver was told late.
    pub sure: bool,
}

/// What about the time at the wheel breaks the rule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DriveOffence {
    /// Too long between two stops.
    WithoutStop,
    /// Too long until another took over.
    WithoutChange,
    /// Too much in all.
    TooMuch,
    /// Too little in all.
    TooLittle,
    /// Too short a rest.
    Rest,
}

impl DriveOffence {
    /// The line of the tariff it is proposed under.
    pub fn offence(self) -> &'static str {
        match self {
            Self::WithoutStop => "without-stop-too-long",
            Self::WithoutChange => "without-change-too-long",
            Self::TooMuch => "drive-time-too-long",
            Self::TooLittle => "drive-time-too-short",
            Self::Rest => "rest-too-short",
        }
    }
}

/// A limit that was broken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DriveBreach {
    /// Whose; none where it is of several drivers together, or nobody said.
    pub driver: Option<usize>,
    /// What.
    pub what: DriveOffence,
    /// How long it was.
    pub time: Micros,
    /// By how much that is too long or too short.
    pub by: Micros,
    /// The period, in race time, where the limit is for one.
    pub period: Option<(Micros, Micros)>,
    /// Whether it rests on something that is not known for sure.
    pub doubtful: bool,
    /// The rule.
    pub cite: Cite,
}

/// What the drivers of a car are judged by.
#[derive(Clone, Copy, Debug)]
pub struct Drives<'a> {
    /// What the car did on the track, in order.
    pub runs: &'a [AtWheel],
    /// Its drivers, with their grades where known.
    pub crew: &'a [(usize, Option<Grade>)],
    /// The race clock, by which periods are told.
    pub clock: &'a RaceClock,
    /// Whether the race is over and the car was in it to the end: then what is too little is judged.
    pub complete: bool,
    /// Whether the race is over.
    pub over: bool,
    /// When the race was neutralised or suspended.
    pub neutral: &'a [(Signal, Instant, Option<Instant>)],
}

/// Runs that belong together, with their time.
struct Block<'a> {
    runs: &'a [AtWheel],
    time: Micros,
}

impl Block<'_> {
    fn driver(&self) -> Option<usize> {
        let first = self.runs.first()?.driver;
        first.filter(|_| self.runs.iter().all(|run| run.driver == first))
    }

    fn sure(&self) -> bool {
        self.runs.iter().all(|run| run.sure)
    }
}

impl<'a> Drives<'a> {
    /// The time of each driver of the crew, and of others who drove, in all; last that of which nobody said whose it is.
    pub fn totals(&self) -> (Vec<(usize, Micros)>, Micros) {
        let mut drivers: Vec<usize> = self.crew.iter().map(|(driver, _)| *driver).collect();
        for driver in self.runs.iter().filter_map(|run| run.driver) {
            if !drivers.contains(&driver) {
                drivers.push(driver);
            }
        }
        let totals = drivers.into_iter().map(|driver| (driver, self.of(Some(driver), None))).collect();
        (totals, self.of(None, None))
    }

    /// What breaks a rule.
    pub fn breaches(&self, rule: &DriveTimeRule) -> Vec<DriveBreach> {
        let breach = |driver, what, time: Micros, limit: Micros, sure: bool| DriveBreach {
            driver,
            what,
            time,
            by: Micros((time.0 - limit.0).abs()),
            period: None,
            doubtful: !sure,
            cite: rule.cite.clone(),
        };
        let concerned = |driver: Option<usize>| rule.grades.is_empty() || driver.is_some_and(|driver| self.graded(rule, driver));
        match rule.limit {
            DriveLimit::WithoutStop { most, neutral } => {
                let blocks = self.blocks(|_, run| !run.fresh);
                let limit = |block: &Block<'_>| neutral.filter(|_| self.neutralised(block.runs)).unwrap_or(most);
                let long = blocks.iter().filter(|block| block.time > limit(block) && concerned(block.driver()));
                long.map(|block| breach(block.driver(), DriveOffence::WithoutStop, block.time, limit(block), block.sure())).collect()
            }
            DriveLimit::WithoutChange { most } => {
                let blocks = self.blocks(|before, run| before.driver.is_some() && before.driver == run.driver);
                let long = blocks.iter().filter(|block| block.time > most && block.driver().is_some() && concerned(block.driver()));
                long.map(|block| breach(block.driver(), DriveOffence::WithoutChange, block.time, most, block.sure())).collect()
            }
            DriveLimit::Rest { least } => {
                let blocks = self.blocks(|before, run| before.driver.is_some() && before.driver == run.driver);
                let again = |(at, block): (usize, &Block<'_>)| {
                    let driver = block.driver().filter(|driver| concerned(Some(*driver)))?;
                    let before = blocks[..at].iter().rfind(|before| before.driver() == Some(driver))?;
                    let rested = between(before.runs.last()?.to, block.runs.first()?.from);
                    let sure = before.sure() && block.sure();
                    (rested < least).then(|| breach(Some(driver), DriveOffence::Rest, rested, least, sure))
                };
                blocks.iter().enumerate().filter_map(again).collect()
            }
            DriveLimit::Most { most, per } => self.most(rule, most, per),
            DriveLimit::Least { least, per, together } => self.least(rule, least, per, together),
        }
    }

    fn most(&self, rule: &DriveTimeRule, most: Allotment, per: Option<Micros>) -> Vec<DriveBreach> {
        let mut breaches = Vec::new();
        for period in self.periods(per, false) {
            let most = match most {
                Allotment::Time(most) => most,
                Allotment::Share { .. } if !self.over => continue,
                // Cut to the microsecond: a limit that is not whole is broken by the next one.
                Allotment::Share { over, under } => {
                    let all = self.all(period).0;
                    let (over, under) = (i64::from(over), i64::from(under.get()));
                    Micros(all / under * over + all % under * over / under)
                }
            };
            for driver in self.concerned(rule) {
                let time = self.of(Some(driver), period);
                if time > most {
                    let doubtful = !self.sure(Some(driver), period);
                    let (what, by) = (DriveOffence::TooMuch, Micros(time.0 - most.0));
                    breaches.push(DriveBreach { driver: Some(driver), what, time, by, period, doubtful, cite: rule.cite.clone() });
                }
            }
        }
        breaches
    }

    fn least(&self, rule: &DriveTimeRule, least: Micros, per: Option<Micros>, together: bool) -> Vec<DriveBreach> {
        if per.is_none() && !self.complete {
            return Vec::new();
        }
        let drivers = self.concerned(rule);
        let groups: Vec<Vec<usize>> = if together { alloc::vec![drivers] } else { drivers.into_iter().map(|of| alloc::vec![of]).collect() };
        let mut breaches = Vec::new();
        for period in self.periods(per, true) {
            for group in groups.iter().filter(|group| !group.is_empty()) {
                let time = Micros(group.iter().map(|driver| self.of(Some(*driver), period).0).sum());
                if time < least {
                    // Time nobody said whose it is may have been theirs.
                    let doubtful = self.of(None, period).0 > 0 || !group.iter().all(|driver| self.sure(Some(*driver), period));
                    let driver = if let [driver] = group.as_slice() { Some(*driver) } else { None };
                    let (what, by) = (DriveOffence::TooLittle, Micros(least.0 - time.0));
                    breaches.push(DriveBreach { driver, what, time, by, period, doubtful, cite: rule.cite.clone() });
                }
            }
        }
        breaches
    }

    /// The drivers a rule is for; nobody by a grade that is not known.
    fn concerned(&self, rule: &DriveTimeRule) -> Vec<usize> {
        self.crew.iter().map(|(driver, _)| *driver).filter(|driver| rule.grades.is_empty() || self.graded(rule, *driver)).collect()
    }

    fn graded(&self, rule: &DriveTimeRule, driver: usize) -> bool {
        self.crew.iter().any(|(of, grade)| *of == driver && grade.is_some_and(|grade| rule.grades.contains(&grade)))
    }

    /// The periods of the race so far; `ended`: those only that the car completed. The whole race as one where there are none.
    fn periods(&self, per: Option<Micros>, ended: bool) -> Vec<Option<(Micros, Micros)>> {
        let Some(per) = per.filter(|per| per.0 > 0) else { return alloc::vec![None] };
        let driven = self.runs.last().map_or(0, |run| self.clock.time(run.to).0);
        let last = if ended { driven / per.0 } else { (driven + per.0 - 1) / per.0 };
        (0..last).map(|nth| Some((Micros(nth * per.0), Micros((nth + 1) * per.0)))).collect()
    }

    /// The time of a driver, or that of which nobody said whose it is, in a period of the race.
    fn of(&self, driver: Option<usize>, period: Option<(Micros, Micros)>) -> Micros {
        Micros(self.runs.iter().filter(|run| run.driver == driver).map(|run| self.inside(run, period).0).sum())
    }

    fn all(&self, period: Option<(Micros, Micros)>) -> Micros {
        Micros(self.runs.iter().map(|run| self.inside(run, period).0).sum())
    }

    fn sure(&self, driver: Option<usize>, period: Option<(Micros, Micros)>) -> bool {
        self.runs.iter().filter(|run| run.driver == driver && self.inside(run, period).0 > 0).all(|run| run.sure)
    }

    /// The part of a run in a period, without what the race was suspended.
    fn inside(&self, run: &AtWheel, period: Option<(Micros, Micros)>) -> Micros {
        let (from, to) =
            period.map_or((run.from, run.to), |(from, to)| (run.from.max(self.clock.when(from)), run.to.min(self.clock.when(to))));
        let red = self.neutral.iter().filter(|(signal, _, _)| *signal == Signal::Red);
        let red: i64 = red.map(|(_, at, end)| (end.unwrap_or(to).min(to).0 - at.max(&from).0).max(0)).sum();
        Micros((to.0 - from.0 - red).max(0))
    }

    /// Whether the safety car was out, or a full-course yellow shown, while these runs lasted.
    fn neutralised(&self, runs: &[AtWheel]) -> bool {
        let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return false };
        let slow = |signal: &Signal| matches!(signal, Signal::SafetyCar | Signal::FullCourseYellow);
        self.neutral.iter().any(|(signal, at, end)| slow(signal) && *at < last.to && end.is_none_or(|end| end > first.from))
    }

    /// Neighbouring runs that go on with one another.
    fn blocks(&self, goes_on: impl Fn(&AtWheel, &AtWheel) -> bool) -> Vec<Block<'a>> {
        let runs = self.runs.chunk_by(|before, run| goes_on(before, run));
        runs.map(|runs| Block { runs, time: Micros(runs.iter().map(|run| self.inside(run, None).0).sum()) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::citation::RuleCitation;
    use crate::rulebook::award::Length;

    const MINUTE: i64 = 60_000_000;

    fn at(minutes: i64) -> Instant {
        Instant(minutes * MINUTE)
    }

    fn minutes(minutes: i64) -> Micros {
        Micros(minutes * MINUTE)
    }

    /// Runs by driver, from and to in minutes of the race; 9 is nobody.
    fn runs(of: &[(usize, i64, i64)]) -> Vec<AtWheel> {
        let run = |(driver, from, to): &(usize, i64, i64)| {
            let driver = (*driver != 9).then_some(*driver);
            AtWheel { driver, from: at(*from), to: at(*to), fresh: true, sure: true }
        };
        of.iter().map(run).collect()
    }

    fn rule(grades: &[Grade], limit: DriveLimit) -> DriveTimeRule {
        let cite = alloc::sync::Arc::new(RuleCitation {
            rule: "drive-time.x".into(),
            article: "P43".into(),
            source: None,
            assumed: None,
            file: "drive.toml".into(),
            line: 1,
            bulletin: None,
        });
        let length = Length { minutes_min: None, minutes_max: None, kilometres_min: None, kilometres_max: None };
        DriveTimeRule { id: "x".into(), length, grades: grades.to_vec(), limit, cite }
    }

    /// Drivers 0 (Bronze) and 1 (Silver), 2 (no grade known).
    const CREW: [(usize, Option<Grade>); 3] = [(0, Some(Grade::Bronze)), (1, Some(Grade::Silver)), (2, None)];

    fn drives<'a>(runs: &'a [AtWheel], neutral: &'a [(Signal, Instant, Option<Instant>)]) -> Drives<'a> {
        static RUNS: RaceClock = RaceClock::running(Instant(0));
        Drives { runs, crew: &CREW, clock: &RUNS, complete: true, over: true, neutral }
    }

    /// What was broken: driver, minutes, minutes too long or too short, whether in doubt.
    fn told(drives: &Drives<'_>, grades: &[Grade], limit: DriveLimit) -> Vec<(Option<usize>, i64, i64, bool)> {
        let breaches = drives.breaches(&rule(grades, limit));
        breaches.iter().map(|of| (of.driver, of.time.0 / MINUTE, of.by.0 / MINUTE, of.doubtful)).collect()
    }

    #[test]
    fn time_in_the_pit_lane_and_while_suspended_counts_for_nobody() {
        let runs = runs(&[(0, 0, 60), (1, 62, 120), (9, 122, 130)]);
        let red = [(Signal::Red, at(20), Some(at(30))), (Signal::Red, at(110), None)];
        let (totals, unknown) = drives(&runs, &red).totals();
        assert_eq!((totals, unknown), (vec![(0, minutes(50)), (1, minutes(48)), (2, Micros(0))], Micros(0)));
    }

    #[test]
    fn sixty_five_minutes_without_a_stop_and_seventy_behind_the_safety_car() {
        let runs = runs(&[(0, 0, 65), (1, 67, 135), (1, 137, 205), (0, 207, 278)]);
        let limit = DriveLimit::WithoutStop { most: minutes(65), neutral: Some(minutes(70)) };
        let car = [(Signal::SafetyCar, at(140), Some(at(150))), (Signal::FullCourseYellow, at(270), None)];
        assert_eq!(told(&drives(&runs, &car), &[], limit), [(Some(1), 68, 3, false), (Some(0), 71, 1, false)]);
    }

    #[test]
    fn without_a_change_stops_go_on_and_the_pit_lane_does_not_count() {
        let runs = runs(&[(0, 0, 60), (0, 62, 120), (1, 122, 180), (9, 182, 240), (0, 242, 362)]);
        assert_eq!(
            told(&drives(&runs, &[]), &[], DriveLimit::WithoutChange { most: minutes(117) }),
            [(Some(0), 118, 1, false), (Some(0), 120, 3, false)]
        );
        assert_eq!(told(&drives(&runs, &[]), &[], DriveLimit::Rest { least: minutes(123) }), [(Some(0), 122, 1, false)]);
        assert_eq!(told(&drives(&runs, &[]), &[], DriveLimit::Rest { least: minutes(122) }), []);
    }

    #[test]
    fn too_much_in_all_in_a_period_and_by_share() {
        let runs = runs(&[(0, 0, 100), (1, 100, 130), (0, 130, 180)]);
        let of = drives(&runs, &[]);
        let most = |most, per| DriveLimit::Most { most: Allotment::Time(minutes(most)), per };
        assert_eq!(told(&of, &[], most(149, None)), [(Some(0), 150, 1, false)]);
        assert_eq!(told(&of, &[], most(150, None)), []);
        assert_eq!(told(&of, &[], most(80, Some(minutes(90)))), [(Some(0), 90, 10, false)], "the second period has 60");
        assert_eq!(told(&of, &[Grade::Silver], most(10, None)), [(Some(1), 30, 20, false)]);
        let share = DriveLimit::Most { most: Allotment::Share { over: 2, under: 3.try_into().unwrap() }, per: None };
        assert_eq!(told(&of, &[], share), [(Some(0), 150, 30, false)], "two thirds of three hours");
        assert_eq!(told(&Drives { over: false, ..of }, &[], share), [], "not before the end");
    }

    #[test]
    fn too_little_is_judged_at_the_end_or_when_the_period_is_over() {
        let runs = runs(&[(0, 0, 20), (1, 20, 70), (0, 70, 90), (1, 90, 130)]);
        let of = drives(&runs, &[]);
        let least = |least, per, together| DriveLimit::Least { least: minutes(least), per, together };
        assert_eq!(told(&of, &[Grade::Bronze], least(41, None, false)), [(Some(0), 40, 1, false)]);
        assert_eq!(told(&Drives { complete: false, ..of }, &[Grade::Bronze], least(41, None, false)), []);
        assert_eq!(told(&of, &[Grade::Bronze], least(25, Some(minutes(60)), false)), [(Some(0), 20, 5, false), (Some(0), 20, 5, false)]);
        assert_eq!(told(&of, &[Grade::Bronze, Grade::Silver], least(131, None, true)), [(None, 130, 1, false)]);
        assert_eq!(told(&of, &[Grade::Gold], least(131, None, true)), [], "no such driver in the crew");
        assert_eq!(told(&of, &[], least(1, None, false)), [(Some(2), 0, 1, false)], "entered, and never drove");
    }

    #[test]
    fn a_limit_that_is_reached_is_kept() {
        let of_runs = runs(&[(0, 0, 60), (1, 62, 122), (0, 124, 184)]);
        let of = drives(&of_runs, &[]);
        let least = |least, per| DriveLimit::Least { least: minutes(least), per, together: false };
        assert_eq!(told(&of, &[], DriveLimit::WithoutStop { most: minutes(60), neutral: None }), []);
        assert_eq!(told(&of, &[], DriveLimit::WithoutChange { most: minutes(60) }), []);
        assert_eq!(told(&of, &[], DriveLimit::Rest { least: minutes(64) }), []);
        assert_eq!(told(&of, &[Grade::Silver], least(60, None)), []);
        assert_eq!(told(&of, &[Grade::Bronze], least(120, None)), []);
        // A safety car that went in when the run began was not out in it.
        let car = [(Signal::SafetyCar, at(50), Some(at(62))), (Signal::SafetyCar, at(122), Some(at(124)))];
        let limit = DriveLimit::WithoutStop { most: minutes(59), neutral: Some(minutes(70)) };
        assert_eq!(told(&drives(&of_runs, &car), &[], limit), [(Some(1), 60, 1, false), (Some(0), 60, 1, false)]);
        // The fourth hour has only begun: nothing is too little in it yet.
        assert_eq!(told(&of, &[Grade::Silver], least(1, Some(minutes(60)))), [(Some(1), 0, 1, false)], "the first hour");
    }

    /// The clock stands from 0:30 to 0:50: the first hour of race time ends at 1:20.
    #[test]
    fn periods_are_race_time() {
        let signals = [(at(30), Signal::Red), (at(50), Signal::Green)];
        let red = [(Signal::Red, at(30), Some(at(50)))];
        let clock = RaceClock::standing(at(0), &signals, at(200));
        let of_runs = runs(&[(0, 0, 100), (1, 100, 180)]);
        let limit = DriveLimit::Most { most: Allotment::Time(minutes(59)), per: Some(minutes(60)) };
        let of = Drives { clock: &clock, ..drives(&of_runs, &red) };
        assert_eq!(told(&of, &[], limit), [(Some(0), 60, 1, false)], "of the second hour 20 minutes are his");
        assert_eq!(of.breaches(&rule(&[], limit))[0].period, Some((Micros(0), minutes(60))));
    }

    #[test]
    fn what_nobody_said_is_held_against_nobody_for_sure() {
        let mut runs = runs(&[(0, 0, 20), (9, 20, 70)]);
        let least = DriveLimit::Least { least: minutes(41), per: None, together: false };
        assert_eq!(told(&drives(&runs, &[]), &[Grade::Bronze], least), [(Some(0), 20, 21, true)]);
        runs[0].sure = false;
        assert_eq!(
            told(&drives(&runs, &[]), &[], DriveLimit::WithoutStop { most: minutes(10), neutral: None }),
            [(Some(0), 20, 10, true), (None, 50, 40, false)]
        );
    }
}
