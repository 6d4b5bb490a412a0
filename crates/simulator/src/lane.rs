//! Cars in the pit lane.

use sport::date::Instant;

use crate::course::Course;
use crate::dice::MILLION;
use crate::field::State;
use crate::stops::{self, Visit, Why};
use crate::truth::Stop;
use crate::world::{Boarding, Crossing, Place, World};

const MINUTE: i64 = 60 * MILLION;

/// A car's visit while it lasts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inside {
    /// Over the entry line; none for a car that began here.
    entry: Option<i64>,
    /// Over the exit line, if nothing holds it up; none where it stays.
    exit: Option<i64>,
    /// Why it came.
    why: Why,
    /// Where its stop breaks the rule and race control looks: when it would come in again, if it is told to.
    again: Option<i64>,
}

impl World {
    /// Whether a car at the end of the lap turns into the pit lane.
    pub(crate) fn comes_in(&mut self, at: i64, car: u16) -> bool {
        let ix = usize::from(car);
        let of = &self.cars[ix];
        if of.state == State::Ended || of.gives_up.is_some_and(|(from, in_lane)| in_lane && from <= at) || self.flags.over(at) {
            return true;
        }
        if !self.length.race {
            return of.stint <= 0 || at >= self.length.end;
        }
        // A suspended race is no time to stop: everybody goes on to where the field waits.
        let Some(visit) = of.visits.first().filter(|_| self.flags.red_until(at).is_none()) else { return false };
        // Once the flag is shown it is too late to serve a penalty.
        if visit.why == Why::DriveThrough && self.chequered.is_some() {
            return false;
        }
        if visit.after <= at {
            return true;
        }
        let Some(window) = of.window.filter(|window| visit.why == Why::Mandatory && window.holds(at)) else { return false };
        // The last chance, or a cheap one: the others are slow.
        let next = self.flags.after(at, of.lap * 103 / 100, false);
        (visit.after <= window.closes && next > window.closes) || (self.flags.at(at).is_some() && self.dice.chance(500_000))
    }

    /// A car over the entry line.
    pub(crate) fn enters(&mut self, at: i64, car: u16) {
        self.crosses(at, car, |course| &course.lane.entry);
        let ix = usize::from(car);
        let inside = self.visit(at, ix);
        let exit = inside.exit;
        self.cars[ix].visit = Some(inside);
        self.finds_leader(ix);
        let driven = Course::lane_time(self.course.lane.length);
        let stands = exit.map_or(0, |exit| exit - at - driven);
        match self.course.lane.finish {
            Some(metres) if self.cars[ix].garage >= metres => self.arrives(at + Course::lane_time(metres), car, Place::LaneFinish),
            // The garage comes first; a car that stays there never reaches the line.
            Some(metres) if exit.is_some() => self.arrives(at + Course::lane_time(metres) + stands, car, Place::LaneFinish),
            _ => self.leaves(at, car),
        }
    }

    /// Why a car comes in, and when it will leave again. Of a hundred breaches sixty are looked at during the race.
    fn visit(&mut self, at: i64, ix: usize) -> Inside {
        let driven = Course::lane_time(self.course.lane.length);
        let dice = &mut self.dice;
        let of = &mut self.cars[ix];
        let parks = Inside { entry: Some(at), exit: None, why: Why::Repair, again: None };
        if of.state == State::Ended || of.gives_up.is_some_and(|(from, in_lane)| in_lane && from <= at) || self.flags.over(at) {
            return parks;
        }
        if !self.length.race {
            of.stint = dice.between(4, 9);
            of.seat = (of.seat + usize::from(!of.alone && dice.chance(600_000))) % of.crew.len().max(1);
            let exit = at + driven + dice.between(2 * MINUTE, 6 * MINUTE);
            return Inside { exit: (exit + of.lap < self.length.end).then_some(exit), ..parks };
        }
        let Visit { why, .. } = if of.visits.is_empty() { Visit { after: at, why: Why::Repair } } else { of.visits.remove(0) };
        let time = stops::time(dice, why, of.window.as_ref(), driven);
        let changes = match why {
            Why::Mandatory => of.window.is_none_or(|window| window.change) && !dice.chance(4_000),
            Why::Fuel => dice.chance(700_000),
            Why::Repair | Why::DriveThrough => false,
        };
        of.seat = (of.seat + usize::from(changes)) % of.crew.len().max(1);
        let breach = why == Why::Mandatory && of.window.is_some_and(|window| time < window.minimum || !window.holds(at));
        let again = (breach && dice.chance(600_000)).then(|| at + dice.between(4 * MINUTE, 9 * MINUTE));
        Inside { exit: Some(at + time), why, again, ..parks }
    }

    /// A car past its garage or the finish line in the pit lane: on to the exit, if it leaves at all.
    fn leaves(&mut self, at: i64, car: u16) {
        let ix = usize::from(car);
        let exit = self.cars[ix].visit.and_then(|visit| visit.exit).filter(|_| self.cars[ix].state != State::Ended);
        match exit {
            Some(exit) => self.arrives(exit.max(at), car, Place::LaneExit),
            None if self.cars[ix].state == State::Ended => self.cars[ix].state = State::Done,
            None if self.flags.over(at) => self.cars[ix].state = State::Done,
            None if self.length.race => self.retires(at + 5 * MILLION, car),
            None => self.cars[ix].state = State::Done,
        }
    }

    /// A car over the finish line in the pit lane.
    pub(crate) fn at_lane_finish(&mut self, at: i64, car: u16) {
        self.crosses(at, car, |course| &course.lane.finish_lines);
        self.finish(at, car);
        self.leaves(at, car);
    }

    /// A car over the exit line.
    pub(crate) fn at_lane_exit(&mut self, at: i64, car: u16) {
        self.crosses(at, car, |course| &course.lane.exit);
        let ix = usize::from(car);
        let of = &mut self.cars[ix];
        of.truth.started = true;
        if let Some(Inside { entry: Some(entry), why, again, .. }) = of.visit.take() {
            of.since_stop = 0;
            // The driver is in a few seconds before the car leaves.
            let seated = (at - self.dice.between(4 * MILLION, 20 * MILLION)).max(entry + MILLION);
            let driver = of.driver().cloned();
            let penalty = why == Why::DriveThrough;
            of.truth.stops.push(Stop { entry: Instant(entry), exit: Instant(at), driver: driver.clone(), penalty });
            let aboard = self.aboard.iter().rev().find(|boarding| boarding.car == car).map(|boarding| &boarding.driver);
            if let Some(driver) = driver.filter(|driver| aboard != Some(driver)) {
                self.aboard.push(Boarding { at: seated, car, driver, leaves: at });
            }
            self.leaves_stop(car, (why, again), (entry, at));
        } else {
            // Where the lane ends before the finish line, the first crossing of it is the start of the first lap.
            of.state = if self.length.race && self.course.lane.finish.is_none() { State::Waiting } else { State::Out };
            of.began = at;
        }
        self.begins_lap(ix);
        let exit = self.course.exit;
        self.drives(at, car, exit);
    }

    /// A car stands at the end of the pit lane from the beginning and leaves it at a moment.
    pub(crate) fn begins_in_lane(&mut self, leaves: i64, car: u16) {
        self.cars[usize::from(car)].visit = Some(Inside { entry: None, exit: Some(leaves), why: Why::Repair, again: None });
        self.arrives(leaves, car, Place::LaneExit);
    }

    /// Records a car over lines.
    pub(crate) fn crosses(&mut self, at: i64, car: u16, lines: impl Fn(&Course) -> &Vec<u8>) {
        for line in lines(&self.course) {
            self.crossings.push(Crossing { at, car, line: *line, phantom: false });
        }
    }
}
