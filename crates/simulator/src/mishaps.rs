//! Draws what goes wrong in a session, and says it in words.

use sport::date::Instant;
use sport::line::{Layout, LineKind};
use sport::passing::Transponder;

use crate::dice::{Dice, MILLION};
use crate::faults::{Fault, Faults};
use crate::troubles::{AtSource, Double, Silence, Span, Troubles};
use crate::truth::Happened;
use crate::world::Crossing;

const MINUTE: i64 = 60 * MILLION;
const LASTING: i64 = i64::MAX;

/// Where things can go wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    /// The circuit.
    pub(crate) layout: &'a Layout,
    /// The numbers the cars were given, by place on the grid.
    pub(crate) transponders: &'a [Transponder],
    /// How a person names the cars, by place on the grid.
    pub(crate) labels: &'a [String],
    /// The start signal.
    pub(crate) start: i64,
    /// The last moment anything happened.
    pub(crate) end: i64,
}

/// What went wrong.
#[derive(Debug, Default)]
pub(crate) struct Mishaps {
    /// As the sources see it.
    pub(crate) troubles: Troubles,
    /// In words.
    pub(crate) happened: Vec<Happened>,
    /// How many mistakes the people at the desk make.
    pub(crate) slips: usize,
}

/// Draws what goes wrong: one to three of the faults that may occur. Phantom impulses are added to the crossings.
pub(crate) fn drawn(faults: Faults, scene: &Scene, crossings: &mut Vec<Crossing>, dice: &mut Dice) -> Mishaps {
    let mut mishaps = Mishaps::default();
    mishaps.troubles.sources = vec![AtSource::default(); scene.layout.sources().len()];
    if scene.labels.is_empty() || scene.layout.sources().is_empty() {
        return mishaps;
    }
    for fault in faults.drawn(dice) {
        match fault {
            Fault::DeadTransponder | Fault::WeakTransponder => mishaps.silences(fault, scene, dice),
            Fault::DuplicateTransponder => mishaps.doubles(scene, dice),
            Fault::LostLoop => mishaps.loses(scene, dice),
            Fault::ClockStep => mishaps.steps(scene, dice),
            Fault::Reconnect => mishaps.cuts_off(scene, dice),
            Fault::PowerCut => mishaps.darkens(scene, dice),
            Fault::OperatorError => mishaps.slips = 1 + dice.position(2),
            Fault::Phantom => mishaps.haunts(scene, crossings, dice),
        }
    }
    mishaps
}

impl Scene<'_> {
    /// A moment something begins: anywhere, one in four in the last ten minutes, where it hurts.
    fn moment(&self, dice: &mut Dice) -> i64 {
        let late = (self.end - 10 * MINUTE).max(self.start);
        let from = if dice.chance(250_000) { late } else { self.start };
        dice.between(from, self.end.max(from + 1))
    }

    fn car(&self, dice: &mut Dice) -> usize {
        dice.position(self.labels.len())
    }

    fn source(&self, dice: &mut Dice) -> usize {
        dice.position(self.layout.sources().len())
    }
}

impl Mishaps {
    fn of_car(&mut self, fault: Fault, car: usize, (from, to): (i64, i64), words: String) {
        let until = (to < LASTING).then_some(Instant(to));
        self.happened.push(Happened { at: Instant(from), until, fault, car: Some(car), source: None, words });
    }

    fn of_source(&mut self, fault: Fault, source: usize, (from, to): (i64, i64), words: String) {
        let until = (to < LASTING).then_some(Instant(to));
        self.happened.push(Happened { at: Instant(from), until, fault, car: None, source: Some(source), words });
    }

    fn silences(&mut self, fault: Fault, scene: &Scene, dice: &mut Dice) {
        let car = scene.car(dice);
        let from = if dice.chance(300_000) { scene.start } else { scene.moment(dice) };
        let label = &scene.labels[car];
        let (to, missed, words) = if fault == Fault::WeakTransponder {
            let missed = dice.between(100_000, 600_000);
            (LASTING, missed, format!("the transponder of car {label} is weak: {} of 100 passings are missed", missed / 10_000))
        } else if dice.chance(400_000) {
            (LASTING, MILLION, format!("the transponder of car {label} is dead for the rest of the session"))
        } else {
            let to = from + dice.between(MINUTE, 15 * MINUTE);
            (to, MILLION, format!("the transponder of car {label} is silent for {} seconds", (to - from) / MILLION))
        };
        self.troubles.silences.push(Silence { car: place(car), from, to, missed });
        self.of_car(fault, car, (from, to), words);
    }

    fn doubles(&mut self, scene: &Scene, dice: &mut Dice) {
        let cars = scene.labels.len();
        let car = scene.car(dice);
        let of = (car + 1 + dice.position(cars.saturating_sub(1))) % cars;
        if of == car {
            return;
        }
        let from = if dice.chance(500_000) { scene.start - 20 * MINUTE } else { scene.moment(dice) };
        let beside = dice.chance(400_000);
        let instead = if beside { "beside" } else { "instead of" };
        let words = format!("car {} sends the number of car {} {instead} its own", scene.labels[car], scene.labels[of]);
        self.troubles.doubles.push(Double { car: place(car), number: scene.transponders[of], from, beside });
        self.of_car(Fault::DuplicateTransponder, car, (from, LASTING), words);
    }

    fn loses(&mut self, scene: &Scene, dice: &mut Dice) {
        let source = scene.source(dice);
        let from = scene.moment(dice);
        let to = from + dice.between(MINUTE, 12 * MINUTE);
        self.troubles.sources[source].lost.push(Span { from, to });
        let words = format!("{} hears nothing for {} seconds", name(scene, source), (to - from) / MILLION);
        self.of_source(Fault::LostLoop, source, (from, to), words);
    }

    fn steps(&mut self, scene: &Scene, dice: &mut Dice) {
        let source = scene.source(dice);
        let from = scene.moment(dice);
        let by = dice.near(300_000, 30 * MILLION) * if dice.chance(500_000) { 1 } else { -1 };
        let to = if dice.chance(400_000) { from + dice.between(MINUTE, 20 * MINUTE) } else { LASTING };
        self.troubles.sources[source].steps.push((from, by));
        if to < LASTING {
            self.troubles.sources[source].steps.push((to, -by));
        }
        let direction = if by > 0 { "forward" } else { "back" };
        let words = format!("the clock of {} jumps {direction} by {} ms", name(scene, source), by.abs() / 1_000);
        self.of_source(Fault::ClockStep, source, (from, to), words);
    }

    fn cuts_off(&mut self, scene: &Scene, dice: &mut Dice) {
        let source = scene.source(dice);
        let from = scene.moment(dice);
        let to = from + dice.between(10 * MILLION, 5 * MINUTE);
        self.troubles.sources[source].cut_off.push(Span { from, to });
        let words = format!("{} is cut off for {} seconds, then sends again", name(scene, source), (to - from) / MILLION);
        self.of_source(Fault::Reconnect, source, (from, to), words);
    }

    fn darkens(&mut self, scene: &Scene, dice: &mut Dice) {
        let from = scene.moment(dice);
        let to = from + dice.between(20 * MILLION, 4 * MINUTE);
        self.troubles.power = Some(Span { from, to });
        let mut forgot = Vec::new();
        for (source, of) in self.troubles.sources.iter_mut().enumerate() {
            of.remembers = dice.chance(600_000);
            if !of.remembers {
                forgot.push(name(scene, source));
            }
        }
        let forgot = if forgot.is_empty() { "no source".to_owned() } else { forgot.join(", ") };
        let words = format!("our machine hears nothing for {} seconds; {forgot} lost what it heard", (to - from) / MILLION);
        self.happened.push(Happened {
            at: Instant(from),
            until: Some(Instant(to)),
            fault: Fault::PowerCut,
            car: None,
            source: None,
            words,
        });
    }

    /// A few lines of the pit lane report a car a second time.
    fn haunts(&mut self, scene: &Scene, crossings: &mut Vec<Crossing>, dice: &mut Dice) {
        let of_pits = |line: u8| matches!(scene.layout.lines()[usize::from(line)].kind, LineKind::PitEntry | LineKind::PitExit);
        let true_ones: Vec<Crossing> = crossings.iter().filter(|crossing| of_pits(crossing.line)).copied().collect();
        for _ in 0..true_ones.len().min(1 + dice.position(4)) {
            let of = true_ones[dice.position(true_ones.len())];
            let at = of.at + dice.between(MILLION, 4 * MILLION);
            crossings.push(Crossing { at, phantom: true, ..of });
            let car = usize::from(of.car);
            let words = format!("{} reports car {} a second time", scene.layout.lines()[usize::from(of.line)].id, scene.labels[car]);
            let source = scene.layout.sources().iter().position(|source| source.line == of.line);
            let happened = Happened { at: Instant(at), until: None, fault: Fault::Phantom, car: Some(car), source, words };
            self.happened.push(happened);
        }
    }
}

fn name<'a>(scene: &Scene<'a>, source: usize) -> &'a str {
    scene.layout.sources()[source].id.as_str()
}

fn place(car: usize) -> u16 {
    u16::try_from(car).expect("a session has fewer than 65,536 cars")
}
