//! A race as it truly happens: every car over every line, from the rolling start to the last lap in.
//!
//! Cars meet line by line, in the order of time: whoever comes up behind another waits or passes. Nobody passes under a safety car or a
//! full-course yellow.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use sport::meeting_fact::Signal;

use crate::dice::Dice;
use crate::field::{Car, Wheel};
use crate::track::{Pits, Way};
use crate::truth::{CarTruth, Crossed, Stop, Truth};

/// What a race is run by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RacePlan<'a> {
    pub(crate) way: &'a Way,
    /// In the order of the grid.
    pub(crate) cars: &'a [Car],
    /// The start signal.
    pub(crate) green: i64,
    /// Race time, or laps.
    pub(crate) time: Option<i64>,
    pub(crate) laps: Option<u32>,
    /// The mandatory stop: race time of opening and closing, and each car's minimum.
    pub(crate) window: Option<(i64, i64)>,
    pub(crate) minimum: &'a [i64],
    pub(crate) delayed_by_neutral: bool,
    pub(crate) seed: u64,
}

/// Where a car comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    /// A line of the way.
    Line(usize),
    PitEntry,
    /// The finish line, crossed in the pit lane.
    PitFinish,
    PitExit,
}

/// A car on its way.
#[derive(Debug)]
struct Driving {
    next: Next,
    laps: Vec<i64>,
    wheel: usize,
    /// Laps on these tyres.
    worn: i64,
    /// This lap's own pace, in microseconds a lap.
    pace: i64,
    /// Race times at which it means to come in, with how long it means to stay in the pit lane and whether the driver changes.
    plans: Vec<(i64, i64, bool)>,
    entered: i64,
    stays: i64,
    swaps: bool,
    stops: Vec<Stop>,
    /// When it stops for good; whether in the pit lane.
    fails: Option<(i64, bool)>,
    started: bool,
    finished: bool,
    going_in: bool,
}

/// A stretch of race in which nobody races.
#[derive(Clone, Copy, Debug)]
struct Neutral {
    signal: Signal,
    from: i64,
    to: i64,
}

struct Race<'a> {
    plan: RacePlan<'a>,
    dice: Dice,
    driving: Vec<Driving>,
    neutral: Vec<Neutral>,
    /// The latest crossing of each line of the way that is on its way, and by whom.
    latest: Vec<(i64, usize)>,
    heap: BinaryHeap<Reverse<(i64, usize)>>,
    crossed: Vec<Crossed>,
    most_laps: usize,
    chequered: Option<i64>,
}

/// Runs a race.
pub(crate) fn race(plan: RacePlan<'_>) -> (Truth, Vec<Crossed>) {
    let mut dice = Dice::new(plan.seed, 7);
    let neutral = neutral(&plan, &mut dice);
    let driving = (0..plan.cars.len()).map(|car| driving(&plan, car, &neutral, &mut dice)).collect();
    let latest = vec![(i64::MIN / 2, usize::MAX); plan.way.lines.len()];
    let mut race =
        Race { plan, dice, driving, neutral, latest, heap: BinaryHeap::new(), crossed: Vec::new(), most_laps: 0, chequered: None };
    race.start();
    while let Some(Reverse((at, car))) = race.heap.pop() {
        race.crosses(at, car);
    }
    race.truth()
}

/// When nobody races: safety cars and full-course yellows, in order.
fn neutral(plan: &RacePlan<'_>, dice: &mut Dice) -> Vec<Neutral> {
    let length = plan.time.unwrap_or(3_600_000_000);
    let mut all = Vec::new();
    let mut from = plan.green + dice.between(60_000_000, length);
    while from < plan.green + length - 300_000_000 && dice.chance(550_000) {
        let car = dice.chance(650_000);
        let (signal, lasts) = if car {
            (Signal::SafetyCar, dice.between(240_000_000, 480_000_000))
        } else {
            (Signal::FullCourseYellow, dice.between(60_000_000, 200_000_000))
        };
        all.push(Neutral { signal, from, to: from + lasts });
        from += lasts + dice.between(120_000_000, length);
    }
    all
}

/// A car on the grid with what it means to do.
fn driving(plan: &RacePlan<'_>, car: usize, neutral: &[Neutral], dice: &mut Dice) -> Driving {
    let mut plans: Vec<(i64, i64, bool)> = Vec::new();
    if let Some((opens, closes)) = plan.window {
        let planned = plan.green + opens;
        let out = neutral.iter().find(|span| span.from <= planned && span.to > planned).filter(|_| plan.delayed_by_neutral);
        let later = out.map_or(0, |span| span.to - planned);
        let at = if dice.chance(20_000) {
            opens - dice.between(5_000_000, 60_000_000)
        } else {
            dice.between(opens + 5_000_000, closes - 130_000_000)
        };
        let margin = if dice.chance(25_000) { -dice.between(50_000, 1_500_000) } else { dice.between(150_000, 6_000_000) };
        let swaps = !dice.chance(5_000);
        if !dice.chance(8_000) {
            plans.push((plan.green + at + later, plan.minimum[car] + margin, swaps));
        }
    }
    if dice.chance(50_000) {
        let at = plan.green + dice.between(120_000_000, plan.time.unwrap_or(3_600_000_000));
        plans.push((at, dice.between(26_000_000, 60_000_000), false));
    }
    plans.sort_unstable();
    let fails =
        dice.chance(80_000).then(|| (plan.green + dice.between(5_000_000, plan.time.unwrap_or(3_600_000_000)), dice.chance(400_000)));
    Driving {
        next: Next::Line(0),
        laps: Vec::new(),
        wheel: 0,
        worn: 0,
        pace: 0,
        plans,
        entered: 0,
        stays: 0,
        swaps: false,
        stops: Vec::new(),
        fails,
        started: !dice.chance(10_000),
        finished: false,
        going_in: false,
    }
}

impl Race<'_> {
    /// The field over the line behind one another as the signal is given.
    fn start(&mut self) {
        let mut at = self.plan.green + self.dice.between(50_000, 400_000);
        for car in 0..self.driving.len() {
            if self.driving[car].started {
                self.heap.push(Reverse((at, car)));
                at += self.dice.between(350_000, 800_000);
                self.new_lap(car);
            }
        }
    }

    fn wheel(&self, car: usize) -> Wheel {
        let crew = &self.plan.cars[car].crew;
        crew[self.driving[car].wheel % crew.len()]
    }

    /// Draws a lap's pace: the driver, the tyres, the fuel, how the lap went.
    fn new_lap(&mut self, car: usize) {
        let wheel = self.wheel(car);
        let driving = &self.driving[car];
        let (worn, burnt) = (driving.worn, i64::try_from(driving.laps.len()).expect("few laps"));
        let pace = wheel.lap + wheel.lap * (worn * 220 - burnt * 90) / 1_000_000;
        let slip = if self.dice.chance(12_000) { self.dice.between(800_000, 9_000_000) } else { 0 };
        let went = self.dice.around(wheel.spread).abs() / 2 + self.dice.tail(wheel.spread / 3);
        let driving = &mut self.driving[car];
        driving.pace = pace + went + slip;
        driving.worn += 1;
    }

    fn neutral_at(&self, at: i64) -> Option<Signal> {
        self.neutral.iter().find(|span| span.from <= at && at < span.to).map(|span| span.signal)
    }

    /// A car crosses the line it was coming to; where it goes next.
    fn crosses(&mut self, at: i64, car: usize) {
        if self.driving[car].fails.is_some_and(|(fails, in_pits)| at >= fails && !in_pits) {
            return;
        }
        let way = self.plan.way;
        match self.driving[car].next {
            Next::Line(of) => {
                self.crossed.push(Crossed { at, car, line: way.lines[of].0 });
                if of == 0 && self.lap_ends(at, car) {
                    return;
                }
                self.onward(at, car, of);
            }
            Next::PitEntry => self.enters(at, car),
            Next::PitFinish => {
                self.crossed.push(Crossed { at, car, line: way.lines[0].0 });
                if self.lap_ends(at, car) {
                    return;
                }
                let driving = &mut self.driving[car];
                driving.next = Next::PitExit;
                let out = (driving.entered + driving.stays).max(at + 1_000_000);
                self.heap.push(Reverse((out, car)));
            }
            Next::PitExit => {
                let Some(pits) = way.pits else { return };
                self.crossed.push(Crossed { at, car, line: pits.exit.0 });
                let driving = &mut self.driving[car];
                let driver = self.plan.cars[car].crew[driving.wheel % self.plan.cars[car].crew.len()].driver;
                driving.stops.push(Stop { entry: driving.entered, exit: at, driver });
                let metres = way.lines.get(pits.back_at).map_or(way.length, |(_, metres)| *metres) - pits.exit.1;
                let free = at + driving.pace * metres / way.length + 2_500_000;
                self.comes_to(free, car, pits.back_at % way.lines.len());
            }
        }
    }

    fn enters(&mut self, at: i64, car: usize) {
        let Some(pits) = self.plan.way.pits else { return };
        self.crossed.push(Crossed { at, car, line: pits.entry.0 });
        let driving = &mut self.driving[car];
        driving.entered = at;
        if driving.finished || driving.fails.is_some_and(|(fails, _)| at >= fails) {
            return;
        }
        if driving.swaps {
            driving.wheel += 1;
        }
        if driving.stays > 60_000_000 {
            driving.worn = 0;
        }
        driving.next = Next::PitFinish;
        // The box is before the finish line or behind it.
        let share = self.dice.between(15, 85);
        self.heap.push(Reverse((at + driving.stays * share / 100, car)));
    }

    /// From a line of the way to the next, or into the pits.
    fn onward(&mut self, at: i64, car: usize, of: usize) {
        let way = self.plan.way;
        let driving = &mut self.driving[car];
        if let Some(Pits { entry, leaves_after, .. }) = way.pits
            && leaves_after == of
        {
            let wants = driving.plans.first().is_some_and(|(plan, _, _)| at >= *plan) && !driving.going_in;
            let fails = driving.fails.is_some_and(|(fails, in_pits)| in_pits && at >= fails);
            if wants || fails || driving.going_in {
                if wants {
                    let (_, stays, swaps) = driving.plans.remove(0);
                    (driving.stays, driving.swaps) = (stays, swaps);
                } else {
                    (driving.stays, driving.swaps) = (60_000_000, false);
                }
                let metres = entry.1 - way.lines[of].1;
                driving.next = Next::PitEntry;
                let slow = self.slow(at, car);
                let free = at + self.driving[car].pace * slow / 100 * metres / way.length;
                self.heap.push(Reverse((free + 1_500_000, car)));
                return;
            }
        }
        let to = (of + 1) % way.lines.len();
        let slow = self.slow(at, car);
        let free = at + self.driving[car].pace * slow / 100 * way.stretch(of) / way.length;
        self.comes_to(free, car, to);
    }

    /// Hundredths of the free time a car takes now.
    fn slow(&self, at: i64, car: usize) -> i64 {
        if self.driving[car].finished {
            return 135;
        }
        let leads = self.driving[car].laps.len() >= self.most_laps;
        match self.neutral_at(at) {
            Some(Signal::SafetyCar) if leads => 185,
            Some(Signal::SafetyCar) => 150,
            Some(_) => 190,
            None => 100,
        }
    }

    /// A car would come to a line at a time, alone; behind another it waits, or passes.
    fn comes_to(&mut self, free: i64, car: usize, to: usize) {
        let (ahead, other) = self.latest[to];
        let mut at = free;
        if other != car && free < ahead + 250_000 {
            let faster = other != usize::MAX && self.passes(free, car, other);
            at = if faster && free < ahead { free } else { ahead + self.dice.between(250_000, 650_000) };
            if faster && free >= ahead {
                at = ahead + self.dice.between(20_000, 120_000);
            }
        }
        if at > ahead {
            self.latest[to] = (at, car);
        }
        self.driving[car].next = Next::Line(to);
        self.heap.push(Reverse((at, car)));
    }

    /// Whether it gets by on this stretch.
    fn passes(&mut self, at: i64, car: usize, other: usize) -> bool {
        let gone = self.driving[other].finished || self.driving[other].fails.is_some_and(|(fails, _)| at >= fails);
        if gone || self.driving[car].finished {
            return gone;
        }
        if self.neutral_at(at).is_some() {
            return false;
        }
        let quicker = (self.driving[other].pace - self.driving[car].pace) * 1_000_000 / self.driving[other].pace.max(1);
        self.dice.chance((quicker * 12).clamp(4_000, 850_000))
    }

    /// A car completes a lap. True where its race is over and it goes nowhere any more.
    fn lap_ends(&mut self, at: i64, car: usize) -> bool {
        let first = self.driving[car].laps.is_empty() && at < self.plan.green + self.plan.cars[car].crew[0].lap / 2;
        if first || self.driving[car].finished {
            return self.driving[car].finished;
        }
        self.driving[car].laps.push(at);
        let done = self.driving[car].laps.len();
        let leads = done > self.most_laps || (self.due(at, done) && !self.anybody_ahead(at, done));
        self.most_laps = self.most_laps.max(done);
        if leads && self.chequered.is_none() && self.due(at, done) {
            self.chequered = Some(at);
        }
        if self.chequered.is_some() {
            self.driving[car].finished = true;
            self.driving[car].going_in = true;
            // Who ends the race in the pit lane stays there.
            return self.driving[car].next == Next::PitFinish;
        }
        self.new_lap(car);
        false
    }

    fn due(&self, at: i64, laps: usize) -> bool {
        self.plan.time.is_some_and(|time| at >= self.plan.green + time) || self.plan.laps.is_some_and(|due| laps >= due as usize)
    }

    /// Whether a car that still runs has completed so many laps already.
    fn anybody_ahead(&self, at: i64, laps: usize) -> bool {
        let runs = |driving: &&Driving| driving.started && driving.fails.is_none_or(|(fails, _)| at < fails);
        self.driving.iter().filter(runs).filter(|driving| driving.laps.len() >= laps).count() > 1
    }

    fn truth(mut self) -> (Truth, Vec<Crossed>) {
        self.crossed.sort_unstable_by_key(|crossed| (crossed.at, crossed.car));
        let last = self.crossed.last().map_or(self.plan.green, |crossed| crossed.at);
        let mut signals = vec![(self.plan.green - 600_000_000, Signal::Open), (self.plan.green, Signal::Green)];
        let end = self.chequered.unwrap_or(last);
        for span in self.neutral.iter().filter(|span| span.from < end) {
            signals.push((span.from, span.signal));
            if span.to < end {
                signals.push((span.to, Signal::Green));
            }
        }
        signals.extend(self.chequered.map(|at| (at, Signal::Chequered)));
        signals.push((last + 60_000_000, Signal::Close));
        let cars = self.driving.into_iter().zip(self.plan.cars).map(|(driving, car)| CarTruth {
            entry: car.entry,
            started: driving.started,
            first: car.crew[0].driver,
            best: best(self.plan.green, &driving.laps),
            laps: driving.laps,
            stops: driving.stops,
            retired: driving.fails.map(|(at, _)| at),
        });
        (Truth { cars: cars.collect(), signals, chequered: self.chequered, by_laps: true, happened: Vec::new() }, self.crossed)
    }
}

/// The best of a car's laps and when it ended.
fn best(begun: i64, laps: &[i64]) -> Option<(i64, i64)> {
    let from = std::iter::once(begun).chain(laps.iter().copied());
    laps.iter().zip(from).map(|(end, begun)| (end - begun, *end)).min()
}
