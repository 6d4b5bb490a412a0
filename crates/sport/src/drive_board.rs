//! Time at the wheel, for every car of a race (P43): each driver's time, and what of it breaks a limit.
//!
//! A run is from the start or a pit exit to a pit entry or the end. Who drove it is who was aboard when it began: driver identification, a
//! declaration or the pit wall, told until shortly after the exit (C5).

use alloc::string::String;
use alloc::vec::Vec;

use crate::date::{Instant, Micros};
use crate::grade::Grade;
use crate::live_session::LiveSession;
use crate::pit_board::SETTLED;
use crate::pit_visit::{PitVisit, visits};
use crate::rulebook::Rulebook;
use crate::rulebook::drive_time::DriveTimeRule;
use crate::rules::cup::grade_in;
use crate::rules::drive_time::{AtWheel, DriveBreach, DriveOffence, Drives};
use crate::rules::end::neutralised;
use crate::rules::tariff::Proposal;
use crate::season::{Moment, Season};

/// A car and its drivers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DriveCar {
    /// Position in [`LiveSession::cars`].
    pub car: usize,
    /// What it did on the track, in order.
    pub runs: Vec<AtWheel>,
    /// Each driver's time: position in the list of drivers, and how long.
    pub drivers: Vec<(usize, Micros)>,
    /// Time of which nobody said whose it is.
    pub unknown: Micros,
    /// What breaks a limit.
    pub breaches: Vec<DriveBreach>,
}

impl DriveBreach {
    /// In words.
    pub fn told(&self, season: &Season) -> String {
        let who = self.driver.map_or("the drivers", |driver| season.list.drivers[driver].name.as_str());
        let (time, by) = (self.time, self.by);
        let period = self.period.map_or_else(String::new, |(from, to)| alloc::format!(" between {from} and {to}"));
        let told = match self.what {
            DriveOffence::WithoutStop => alloc::format!("{who} {time} without a stop, {by} too long"),
            DriveOffence::WithoutChange => alloc::format!("{who} {time} without a change, {by} too long"),
            DriveOffence::TooMuch => alloc::format!("{who} {time} at the wheel{period}, {by} too long"),
            DriveOffence::TooLittle => alloc::format!("{who} {time} at the wheel{period}, {by} too short"),
            DriveOffence::Rest => alloc::format!("{who} rested {time}, {by} too short"),
        };
        if self.doubtful { told + ", as far as it is known" } else { told }
    }
}

impl LiveSession {
    /// The limits of this session.
    pub fn drive_times<'a>(&self, rulebook: &'a Rulebook, season: &Season) -> Vec<&'a DriveTimeRule> {
        let on = &season.calendar.sessions[self.session];
        let rules = &rulebook.law_at(&season.calendar, self.session).drive_times;
        rules.iter().filter(|rule| rule.length.holds(on.minutes, on.kilometres)).collect()
    }

    /// Every car's time at the wheel; `None` where the rulebook limits none in this session, or it has not started.
    pub fn drive_board(&self, rulebook: &Rulebook, season: &Season) -> Option<Vec<DriveCar>> {
        let start = self.start()?;
        let rules = self.drive_times(rulebook, season);
        if rules.is_empty() {
            return None;
        }
        let (clock, neutral) = (self.race_clock(rulebook, season)?, neutralised(&self.signals));
        let over = self.ending.at().is_some();
        let car = |car: usize| {
            let crew = self.crew(rulebook, season, car);
            let runs = if self.started(car) { self.runs(car, start) } else { Vec::new() };
            let complete = over && self.running.progress(car).chequered;
            let drives = Drives { runs: &runs, crew: &crew, clock: &clock, complete, over, neutral: &neutral };
            let (drivers, unknown) = drives.totals();
            let breaches = rules.iter().flat_map(|rule| drives.breaches(rule)).collect();
            DriveCar { car, drivers, unknown, breaches, runs }
        };
        Some((0..self.cars.len()).map(car).collect())
    }

    /// What the tariff proposes for it.
    pub fn drive_proposal(&self, rulebook: &Rulebook, season: &Season, car: usize, breach: &DriveBreach) -> Option<Proposal> {
        self.proposed(rulebook, season, car, breach.what.offence(), breach.by)
    }

    /// A car's crew with its grades, where known.
    fn crew(&self, rulebook: &Rulebook, season: &Season, car: usize) -> Vec<(usize, Option<Grade>)> {
        let on = &season.calendar.sessions[self.session];
        let law = rulebook.law_at(&season.calendar, self.session);
        let live = season.live(Moment { known: self.known, in_force: self.now });
        let spell = season.list.entries[self.cars[car]].spell(on.name.round);
        let graded = |id| {
            let driver = season.list.driver(id)?;
            Some((driver, grade_in(law, id, season.grade_on(&live, driver, on.date))))
        };
        spell.into_iter().flat_map(|spell| &spell.crew).filter_map(graded).collect()
    }

    /// What a car did on the track since the start, with who drove.
    fn runs(&self, car: usize, start: Instant) -> Vec<AtWheel> {
        let track = &self.running.tracks()[car];
        let last = track.crossings().iter().rev().find(|crossing| !crossing.impossible).map_or(start, |crossing| crossing.at);
        let end = match self.ending.at() {
            Some(_) => self.running.progress(car).end.filter(|_| self.running.progress(car).chequered).unwrap_or(last),
            None => self.now,
        };
        let mut runs = Vec::new();
        let (mut from, mut sure) = (Some(start), true);
        let since = |visit: &PitVisit| visit.entry.or(visit.exit).is_some_and(|crossing| crossing.at >= start && crossing.at < end);
        for visit in visits(self.running.layout(), track).into_iter().filter(since) {
            // A line that was not heard: the visit took no time, as far as anybody knows.
            let (entry, exit) = (visit.entry.map(|crossing| crossing.at), visit.exit.map(|crossing| crossing.at));
            let heard_once = visit.doubtful.is_empty();
            if let (Some(from), Some(to)) = (from, entry.or(exit)) {
                self.split(car, from, to.min(end), sure && heard_once && entry.is_some(), &mut runs);
            }
            from = exit.or(entry.filter(|_| !visit.inside));
            sure = heard_once && entry.is_some() && exit.is_some();
        }
        if let Some(from) = from.filter(|from| *from < end) {
            self.split(car, from, end, sure, &mut runs);
        }
        runs
    }

    /// A run, in parts where another driver is said to have taken over on the way.
    fn split(&self, car: usize, from: Instant, to: Instant, sure: bool, runs: &mut Vec<AtWheel>) {
        let settled = Instant(from.0.saturating_add(SETTLED).min(to.0));
        let mut later = self.stints.iter().filter(|stint| stint.car == car && stint.from > settled && stint.from < to).peekable();
        let told = self.driver(car, settled);
        // Nobody said who was aboard until later: it is he, as far as anybody knows.
        let mut of = AtWheel { driver: told, from, to, fresh: true, sure };
        if let (None, Some(first)) = (told, later.peek()) {
            (of.driver, of.sure) = (Some(first.driver), false);
        }
        for stint in later {
            if Some(stint.driver) != of.driver {
                runs.push(AtWheel { to: stint.from, sure: false, ..of });
                of = AtWheel { driver: Some(stint.driver), from: stint.from, to, fresh: false, sure: false };
            }
        }
        runs.push(of);
    }
}
