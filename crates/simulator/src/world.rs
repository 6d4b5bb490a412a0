//! A session as it happens: cars from node to node, in the order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use sport::date::{Instant, Micros};
use sport::names::DriverId;

use crate::course::Course;
use crate::dice::{Dice, MILLION};
use crate::field::{Car, State};
use crate::flags::Flags;
use crate::penalty::{Control, Penalty};
use crate::traffic::{Approach, Traffic};

/// Two cars are never over the finish line closer together than this, nor are two best laps: which of them was first would be for a person with
/// a photograph.
const APART: i64 = 2_000;

/// A car truly over a line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Crossing {
    /// When, in micros.
    pub(crate) at: i64,
    /// The car's place on the grid.
    pub(crate) car: u16,
    /// The line, by position in the layout.
    pub(crate) line: u8,
    /// It did not happen: the line's first loop reports the car once more.
    pub(crate) phantom: bool,
}

/// A driver gets in.
#[derive(Clone, Debug)]
pub(crate) struct Boarding {
    /// When.
    pub(crate) at: i64,
    /// The car's place on the grid.
    pub(crate) car: u16,
    /// Who.
    pub(crate) driver: DriverId,
    /// When the car leaves; before that nobody outside knows.
    pub(crate) leaves: i64,
}

/// Where a car arrives next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Place {
    /// At a node of the track.
    Node(usize),
    /// At the finish line, in the pit lane.
    LaneFinish,
    /// At the end of the pit lane.
    LaneExit,
}

/// When a session begins and ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Length {
    /// Whether it is a race.
    pub(crate) race: bool,
    /// The start signal.
    pub(crate) start: i64,
    /// When the time is over; far away where laps are counted.
    pub(crate) end: i64,
    /// Laps after which it is over.
    pub(crate) laps: Option<u32>,
    /// About when it will be over, for whoever plans ahead.
    pub(crate) about: i64,
}

/// A session as it happens.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) course: Course,
    pub(crate) length: Length,
    pub(crate) flags: Flags,
    pub(crate) dice: Dice,
    pub(crate) cars: Vec<Car>,
    traffic: Vec<Traffic>,
    ahead: BinaryHeap<Reverse<(i64, u16, Place)>>,
    pub(crate) crossings: Vec<Crossing>,
    pub(crate) aboard: Vec<Boarding>,
    /// What race control answers with a drive-through, in a race.
    pub(crate) control: Option<Control>,
    /// The drive-throughs of the race.
    pub(crate) penalties: Vec<Penalty>,
    pub(crate) chequered: Option<i64>,
    /// The red flag that ended it, where one did.
    pub(crate) red: Option<i64>,
    /// The last moment anything happened.
    pub(crate) last: i64,
    /// Laps of the leader.
    most: u32,
    leader: usize,
    /// The last crossing of the finish line.
    last_finish: i64,
    /// Cars that waited out a red flag.
    waited: i64,
}

impl World {
    /// Before anything happened.
    pub(crate) fn new(course: Course, length: Length, flags: Flags, dice: Dice, cars: Vec<Car>) -> Self {
        Self {
            traffic: vec![Traffic::default(); course.nodes.len()],
            ahead: BinaryHeap::with_capacity(cars.len() * 2),
            crossings: Vec::with_capacity(cars.len() * 256),
            aboard: Vec::new(),
            control: None,
            penalties: Vec::new(),
            chequered: (!length.race).then_some(length.end),
            red: None,
            last: length.start,
            most: 0,
            leader: 0,
            last_finish: i64::MIN,
            waited: 0,
            course,
            length,
            flags,
            dice,
            cars,
        }
    }

    /// Lets a car arrive somewhere at a time.
    pub(crate) fn arrives(&mut self, at: i64, car: u16, place: Place) {
        self.ahead.push(Reverse((at, car, place)));
    }

    /// Everything until the last car stands.
    pub(crate) fn run(&mut self) {
        while let Some(Reverse((at, car, place))) = self.ahead.pop() {
            if let Some(later) = self.delayed(at, car, place) {
                self.arrives(later, car, place);
                continue;
            }
            self.last = self.last.max(at);
            // Who stands in the pit lane when a red flag ends the race stays there.
            if place == Place::LaneExit && self.flags.over(at) {
                self.cars[usize::from(car)].state = State::Done;
                continue;
            }
            match place {
                Place::Node(node) => self.at_node(at, car, node),
                Place::LaneFinish => self.at_lane_finish(at, car),
                Place::LaneExit => self.at_lane_exit(at, car),
            }
        }
    }

    /// When something happens instead, where it cannot happen now: nobody passes the finish line or leaves the pit lane under a red flag, and
    /// no two moments that decide a race are too close for a loop.
    fn delayed(&mut self, at: i64, car: u16, place: Place) -> Option<i64> {
        let finish = match place {
            Place::Node(0) => true,
            Place::Node(_) => return None,
            Place::LaneFinish => return self.too_close(at, car),
            Place::LaneExit => false,
        };
        if let Some(until) = self.flags.red_until(at) {
            self.waited += 1;
            return Some(until + self.waited * 900_000);
        }
        if finish { self.too_close(at, car) } else { None }
    }

    fn too_close(&self, at: i64, car: u16) -> Option<i64> {
        if at < self.last_finish + APART {
            return Some(self.last_finish + APART);
        }
        if (at - self.length.end).abs() < APART {
            return Some(self.length.end + APART);
        }
        let of = &self.cars[usize::from(car)];
        if self.length.race || of.laps == 0 || of.state != State::Out {
            return None;
        }
        let taken = at - of.began;
        let level = |best: Micros| (best.0 - taken).abs() < APART;
        let improves = of.truth.best.is_none_or(|best| taken < best.0);
        (improves && self.cars.iter().filter_map(|of| of.truth.best).any(level)).then_some(at + APART)
    }

    fn at_node(&mut self, at: i64, car: u16, node: usize) {
        self.crosses(at, car, |course| &course.nodes[node].lines);
        if node == 0 {
            self.finish(at, car);
        }
        if node == self.course.entry && self.comes_in(at, car) {
            self.enters(at, car);
            return;
        }
        let ix = usize::from(car);
        if self.cars[ix].state == State::Out
            && let Some((_, false)) = self.cars[ix].gives_up.filter(|(from, _)| *from <= at)
        {
            let stands = at + self.dice.between(3 * MILLION, 20 * MILLION);
            self.retires(stands, car);
            return;
        }
        self.drives(at, car, node);
    }

    /// A car stands for good.
    pub(crate) fn retires(&mut self, at: i64, car: u16) {
        let ix = usize::from(car);
        self.cars[ix].state = State::Done;
        self.cars[ix].truth.retired = Some(Instant(at));
        self.last = self.last.max(at);
        self.finds_leader(ix);
    }

    /// From a node on to the next.
    pub(crate) fn drives(&mut self, at: i64, car: u16, node: usize) {
        let ix = usize::from(car);
        let next = self.course.next(node);
        let leads = ix == self.leader;
        let of = &mut self.cars[ix];
        let slip = if of.slip.0 == node { std::mem::take(&mut of.slip.1) } else { 0 };
        let slow = if of.state == State::Ended { of.pace / 4 } else { 0 };
        let free = (of.pace + slow) / 1_000 * (self.course.nodes[node].share / 10) / 100 + slip;
        let free = self.flags.after(at, free, leads);
        let neutral = self.flags.at(at).is_some() || self.flags.at(free).is_some();
        let ease = match (self.length.race, self.cars[ix].laps) {
            (false, _) => 800_000,
            (true, 0) => 60_000,
            (true, _) => 0,
        };
        let of = &self.cars[ix];
        let gap = if neutral { of.gap * 2 } else { of.gap };
        let approach = Approach { free, pace: of.pace, laps: of.laps, gap, passing: (!neutral).then_some(ease) };
        let arrival = self.traffic[next].settle(&mut self.dice, approach);
        self.arrives(arrival, car, Place::Node(next));
    }

    /// A car over the finish line, on the track or in the pit lane.
    pub(crate) fn finish(&mut self, at: i64, car: u16) {
        self.last_finish = at;
        let ix = usize::from(car);
        match self.cars[ix].state {
            State::Ended | State::Done => {
                self.cars[ix].truth.beyond.push(Instant(at));
                return;
            }
            State::Waiting => self.cars[ix].state = State::Out,
            State::Out => self.lap(at, ix),
        }
        self.cars[ix].began = at;
        self.begins_lap(ix);
    }

    /// A lap is completed: it counts, and may be the last.
    fn lap(&mut self, at: i64, ix: usize) {
        let of = &mut self.cars[ix];
        // In a race the first lap is as long as it took from the signal; elsewhere the first crossing only begins a lap.
        let begun = if of.laps == 0 { self.length.start } else { of.began };
        if self.length.race || of.laps > 0 {
            let taken = Micros(at - begun);
            of.truth.best = Some(of.truth.best.map_or(taken, |best| best.min(taken)));
        }
        of.laps += 1;
        of.since_stop += 1;
        of.stint -= 1;
        of.truth.laps.push(Instant(at));
        let laps = of.laps;
        let leads = laps > self.most;
        if leads {
            (self.most, self.leader) = (laps, ix);
        }
        let complete = at >= self.length.end || self.length.laps.is_some_and(|least| laps >= least);
        if self.length.race && self.chequered.is_none() && leads && complete && !self.flags.over(at) {
            self.chequered = Some(at);
        }
        if self.chequered.is_some_and(|shown| at >= shown) {
            self.cars[ix].state = State::Ended;
        }
    }

    /// What the next lap will be on a free track.
    pub(crate) fn begins_lap(&mut self, ix: usize) {
        let (dice, nodes) = (&mut self.dice, self.course.nodes.len());
        let of = &mut self.cars[ix];
        let driver = of.crew.get(of.seat).map_or(5_000, |seat| seat.slower);
        // Tyres cost a quarter of a thousandth a lap, fuel gives back less; the first lap is driven on cold tyres.
        let worn = of.since_stop * 250 - i64::from(of.laps) * 120 + if of.since_stop == 0 { 25_000 } else { 0 };
        let mut noise = dice.bell(3_500);
        if dice.chance(90_000) {
            noise += dice.bell(12_000).abs();
        }
        let usual = of.lap + of.lap / 1_000 * (driver + worn + noise) / 1_000;
        of.pace = usual.max(self.course.least / 100 * 104);
        of.slip = match dice.below(1_000) {
            0..=2 => (dice.position(nodes), dice.near(4 * MILLION, 25 * MILLION)),
            3..=20 => (dice.position(nodes), dice.near(300_000, 3 * MILLION)),
            _ => return,
        };
    }

    /// The car that leads the field on the track, when the one that did is gone.
    pub(crate) fn finds_leader(&mut self, gone: usize) {
        if gone != self.leader {
            return;
        }
        let on_track = self.cars.iter().enumerate().filter(|(_, of)| of.state == State::Out && of.visit.is_none());
        self.leader = on_track.min_by_key(|(_, of)| (Reverse(of.laps), of.began)).map_or(gone, |(ix, _)| ix);
    }
}
