//! How a session begins: the way to the grid and the rolling start, or the cars that wait for the pit lane to open.

use crate::course::Course;
use crate::dice::MILLION;
use crate::stops;
use crate::world::{Boarding, Crossing, Place, World};

const MINUTE: i64 = 60 * MILLION;

impl World {
    /// Puts every car where it begins. `opens`: when the pit lane opened.
    pub(crate) fn opens(&mut self, opens: i64) {
        let cars = u16::try_from(self.cars.len()).expect("a session has fewer than 65,536 cars");
        if self.length.race {
            self.rolls(opens, cars);
            self.finds_leader(0);
        } else {
            (0..cars).for_each(|car| self.waits(car));
        }
    }

    /// The visits to the pit lane a car plans for a race.
    pub(crate) fn plans_visits(&mut self, car: u16) {
        let of = &mut self.cars[usize::from(car)];
        of.visits = stops::planned(&mut self.dice, of.window.as_ref(), (self.length.start, self.length.about), of.lap);
        self.expects_penalties(car);
    }

    /// Whether a car will give up. Returns when it is stranded on the track, where it will be.
    pub(crate) fn draws_fate(&mut self, ix: usize) -> Option<i64> {
        let (start, about) = (self.length.start, self.length.about);
        let hours = ((about - start) / (60 * MINUTE)).max(1);
        let of = &mut self.cars[ix];
        // Six cars of a hundred an hour, one of a hundred in the first laps.
        let when = if self.dice.chance(60_000 * hours) {
            self.dice.between(start, about)
        } else if self.dice.chance(12_000) {
            start + self.dice.between(0, 3 * MINUTE)
        } else {
            return None;
        };
        let in_lane = self.dice.chance(450_000);
        of.gives_up = Some((when, in_lane));
        (!in_lane).then_some(when)
    }

    /// A rolling start: over the line nose to tail, in the order of the grid.
    fn rolls(&mut self, opens: i64, cars: u16) {
        let start = self.length.start;
        // However short the lap, the last is over the line well before the first comes round.
        let most = (self.course.least * 6 / 10 / i64::from(cars.max(1))).min(800_000);
        let mut at = start + self.dice.between(150_000, 500_000);
        let formed = start - self.course.lap * 145 / 100;
        let mut in_lane = Vec::new();
        for car in 0..cars {
            let begins = match self.dice.below(1_000) {
                _ if self.cars[usize::from(car)].crew.is_empty() => continue,
                0..=11 => continue,
                12..=19 => Begins::InLane,
                _ => Begins::OnGrid,
            };
            self.boards(car, start);
            let leaves = opens + i64::from(car) * 3 * MILLION + self.dice.below(2 * MILLION);
            self.reconnoitres(leaves, car, begins);
            if let Begins::InLane = begins {
                in_lane.push(car);
                continue;
            }
            at += self.dice.between(most / 2, most);
            self.cars[usize::from(car)].truth.started = true;
            self.forms_up(formed + (at - start), at, car);
            self.arrives(at, car, Place::Node(0));
        }
        // Those in the pit lane leave it when the field is past.
        for car in in_lane {
            at += MILLION;
            self.begins_in_lane(at + 4 * MILLION, car);
        }
    }

    /// Out of the pit lane and round to the grid, before the line, or through the pit lane to its end.
    fn reconnoitres(&mut self, leaves: i64, car: u16, begins: Begins) {
        self.crosses(leaves, car, |course| &course.lane.exit);
        let lap = self.course.lap * 120 / 100;
        let exit = self.course.exit;
        match begins {
            Begins::OnGrid => {
                self.passes_nodes(leaves, lap, car, exit + 1..self.course.nodes.len());
            }
            Begins::InLane => {
                let at = self.passes_nodes(leaves, lap, car, exit + 1..self.course.entry);
                self.crosses(at, car, |course| &course.lane.entry);
                if let Some(metres) = self.course.lane.finish {
                    self.crosses(at + Course::lane_time(metres), car, |course| &course.lane.finish_lines);
                }
            }
        }
    }

    /// The formation lap, from the grid to the line.
    fn forms_up(&mut self, leaves: i64, arrives: i64, car: u16) {
        self.passes_nodes(leaves, arrives - leaves, car, 0..self.course.nodes.len());
    }

    /// These nodes, evenly in a lap of this time. Returns when the car is at the node after them.
    fn passes_nodes(&mut self, leaves: i64, lap: i64, car: u16, nodes: std::ops::Range<usize>) -> i64 {
        let mut driven = 0;
        let after = |driven: i64| leaves + lap / 1_000 * (driven / 10) / 100;
        for (nth, node) in self.course.nodes.iter().enumerate().take(nodes.end) {
            if nth >= nodes.start {
                let at = after(driven);
                self.crossings.extend(node.lines.iter().map(|line| Crossing { at, car, line: *line, phantom: false }));
            }
            driven += node.share;
        }
        after(driven)
    }

    /// In the pit lane until the session begins.
    fn waits(&mut self, car: u16) {
        let ix = usize::from(car);
        // A car of which nobody published who drives it stays in its garage.
        if self.dice.chance(20_000) || self.cars[ix].crew.is_empty() {
            return;
        }
        self.boards(car, self.length.start);
        self.cars[ix].stint = self.dice.between(3, 8);
        let leaves = self.length.start + self.dice.near(MILLION, 120 * MILLION);
        self.begins_in_lane(leaves, car);
    }

    fn boards(&mut self, car: u16, leaves: i64) {
        let at = leaves - self.dice.between(MINUTE / 2, 9 * MINUTE);
        if let Some(driver) = self.cars[usize::from(car)].driver().cloned() {
            self.aboard.push(Boarding { at, car, driver, leaves });
        }
    }
}

/// Where a car begins a race.
#[derive(Clone, Copy)]
enum Begins {
    OnGrid,
    InLane,
}
