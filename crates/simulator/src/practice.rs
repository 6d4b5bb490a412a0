//! Practice, qualifying and warm-up as they truly happen: every car comes and goes, and drives its laps alone.

use sport::meeting_fact::Signal;

use crate::dice::Dice;
use crate::field::Car;
use crate::track::Way;
use crate::truth::{CarTruth, Crossed, Stop, Truth};

/// What a timed session is run by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PracticePlan<'a> {
    pub(crate) way: &'a Way,
    pub(crate) cars: &'a [Car],
    /// The session begins.
    pub(crate) green: i64,
    /// For so long.
    pub(crate) time: i64,
    /// Which of the crew drives first; one driver only where a rule says so.
    pub(crate) first: &'a [usize],
    pub(crate) alone: bool,
    pub(crate) seed: u64,
}

/// Runs it.
pub(crate) fn practice(plan: PracticePlan<'_>) -> (Truth, Vec<Crossed>) {
    let mut crossed = Vec::new();
    let cars: Vec<CarTruth> = (0..plan.cars.len()).map(|car| drives(&plan, car, &mut crossed)).collect();
    crossed.sort_unstable_by_key(|crossed| (crossed.at, crossed.car));
    let end = plan.green + plan.time;
    let last = crossed.last().map_or(end, |crossed: &Crossed| crossed.at).max(end);
    let signals = vec![
        (plan.green - 60_000_000, Signal::Open),
        (plan.green, Signal::Green),
        (end, Signal::Chequered),
        (last + 60_000_000, Signal::Close),
    ];
    (Truth { cars, signals, chequered: Some(end), by_laps: false, happened: Vec::new() }, crossed)
}

/// One car's session: runs of a few laps, with minutes in the pits between them.
fn drives(plan: &PracticePlan<'_>, car: usize, crossed: &mut Vec<Crossed>) -> CarTruth {
    let mut dice = Dice::new(plan.seed, 500 + car as u64);
    let of = &plan.cars[car];
    let end = plan.green + plan.time;
    let mut wheel = plan.first[car];
    let mut at = plan.green + dice.between(2_000_000, 150_000_000.min(plan.time / 4));
    let (mut laps, mut stops): (Vec<i64>, Vec<Stop>) = (Vec::new(), Vec::new());
    let started = !dice.chance(8_000);
    let mut entered = None;
    while started && at < end {
        let driver = of.crew[wheel % of.crew.len()];
        if let Some(entry) = entered {
            stops.push(Stop { entry, exit: at, driver: driver.driver });
        }
        let flying = dice.between(2, 7);
        let mut clock = Out { plan, car, crossed, at, laps: &mut laps };
        clock.out(driver.lap * 118 / 100);
        for lap in 0..flying {
            let pace =
                driver.lap + driver.lap * lap * 400 / 1_000_000 + dice.around(driver.spread).abs() / 2 + dice.tail(driver.spread / 3);
            clock.lap(pace);
            if clock.at >= end {
                break;
            }
        }
        let inlap = driver.lap * 122 / 100;
        let (entry, arrived) = clock.home(inlap, &mut dice);
        entered = Some(entry);
        at = arrived + dice.between(90_000_000, 420_000_000);
        if !plan.alone && dice.chance(500_000) {
            wheel += 1;
        }
    }
    let counted: Vec<i64> = {
        let first_after = laps.partition_point(|lap| *lap < end);
        laps[..laps.len().min(first_after + 1)].to_vec()
    };
    CarTruth {
        entry: of.entry,
        started,
        first: of.crew[plan.first[car] % of.crew.len()].driver,
        best: counted.windows(2).map(|two| (two[1] - two[0], two[1])).min(),
        laps: counted,
        stops,
        retired: None,
    }
}

/// A car out on the track.
struct Out<'a, 'p> {
    plan: &'a PracticePlan<'p>,
    car: usize,
    crossed: &'a mut Vec<Crossed>,
    at: i64,
    laps: &'a mut Vec<i64>,
}

impl Out<'_, '_> {
    fn over(&mut self, line: u8, at: i64) {
        self.at = at;
        self.crossed.push(Crossed { at, car: self.car, line });
    }

    /// Out of the pits to the end of the lap.
    fn out(&mut self, pace: i64) {
        let way = self.plan.way;
        let from = way.pits.map_or(0, |pits| pits.exit.1);
        if let Some(pits) = way.pits {
            self.over(pits.exit.0, self.at);
        }
        let begun = self.at - pace * from / way.length;
        for (line, metres) in way.lines.iter().skip(1).filter(|(_, metres)| *metres > from) {
            self.over(*line, begun + pace * metres / way.length);
        }
        self.ends(begun + pace);
    }

    /// A whole lap.
    fn lap(&mut self, pace: i64) {
        let (way, begun) = (self.plan.way, self.at);
        for (line, metres) in way.lines.iter().skip(1) {
            self.over(*line, begun + pace * metres / way.length);
        }
        self.ends(begun + pace);
    }

    fn ends(&mut self, at: i64) {
        self.over(self.plan.way.lines[0].0, at);
        self.laps.push(at);
    }

    /// A lap into the pits: over the finish line inside the pit lane. When it entered, and when it stands.
    fn home(&mut self, pace: i64, dice: &mut Dice) -> (i64, i64) {
        let (way, begun) = (self.plan.way, self.at);
        let entry = way.pits.map_or(way.length, |pits| pits.entry.1);
        for (line, metres) in way.lines.iter().skip(1).filter(|(_, metres)| *metres < entry) {
            self.over(*line, begun + pace * metres / way.length);
        }
        let entered = begun + pace * entry / way.length;
        if let Some(pits) = way.pits {
            self.over(pits.entry.0, entered);
        }
        self.ends(entered + dice.between(8_000_000, 16_000_000));
        (entered, self.at)
    }
}
