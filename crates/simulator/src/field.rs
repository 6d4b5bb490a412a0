//! The field: cars and their crews, as fast as their class, their grades and the day make them.

use sport::date::Micros;
use sport::grade::Grade;
use sport::names::{ClassId, DriverId};
use sport::session::Session;

use crate::course::Course;
use crate::dice::{Dice, For, MILLION};
use crate::plan::{Orders, Plan};
use crate::stops::{Visit, Window};
use crate::truth::CarTruth;

/// A driver in a crew.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    /// The driver.
    pub(crate) driver: DriverId,
    /// How much longer a lap takes than with the best, in millionths.
    pub(crate) slower: i64,
}

/// Where a car is in its session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    /// Not over the line or out of the pit lane yet.
    Waiting,
    /// Driving.
    Out,
    /// It took the chequered signal.
    Ended,
    /// It does not move any more.
    Done,
}

/// A car in a session.
#[derive(Debug)]
pub(crate) struct Car {
    /// Its lap with the best driver, in micros.
    pub(crate) lap: i64,
    /// Who may drive; empty where nobody was published.
    pub(crate) crew: Vec<Seat>,
    /// Who drives.
    pub(crate) seat: usize,
    /// Whether a box in the car says who drives.
    pub(crate) identified: bool,
    /// Metres of pit lane to its garage.
    pub(crate) garage: i64,
    /// The least it follows another car by.
    pub(crate) gap: i64,
    /// Its mandatory stop.
    pub(crate) window: Option<Window>,
    /// What it plans, in order.
    pub(crate) visits: Vec<Visit>,
    /// It gives up at the first chance from this moment on: in the pit lane, or where it is.
    pub(crate) gives_up: Option<(i64, bool)>,
    /// In a timed session: whether one driver drives all of it.
    pub(crate) alone: bool,
    /// In a timed session: laps until it comes in.
    pub(crate) stint: i64,
    /// Where it is in the session.
    pub(crate) state: State,
    /// Laps it completed.
    pub(crate) laps: u32,
    /// Laps since the start or the last stop.
    pub(crate) since_stop: i64,
    /// When its lap began.
    pub(crate) began: i64,
    /// This lap on a free track.
    pub(crate) pace: i64,
    /// A mistake in this lap: at which node, and what it costs.
    pub(crate) slip: (usize, i64),
    /// The visit it is on: when it came in, when it leaves, why it came.
    pub(crate) visit: Option<crate::lane::Inside>,
    /// What truly became of it.
    pub(crate) truth: CarTruth,
}

impl Car {
    /// Who drives.
    pub(crate) fn driver(&self) -> Option<&DriverId> {
        self.crew.get(self.seat).map(|seat| &seat.driver)
    }
}

/// The cars of a session in the order of the grid, before anything happened.
pub(crate) fn field(plan: &Plan, orders: &Orders, session: &Session, course: &Course, dice: &mut Dice) -> Vec<Car> {
    orders.grid.iter().map(|entry| car(plan, session, course, *entry, dice)).collect()
}

fn car(plan: &Plan, session: &Session, course: &Course, entry: usize, dice: &mut Dice) -> Car {
    let listed = &plan.season.list.entries[entry];
    let slower = slower_class(plan, &listed.class);
    let mut own = Dice::of(plan.seed, For::Round, u64::try_from(entry).expect("an entry list fits"));
    // Balance of performance leaves half a per cent between cars of a class.
    let lap = course.lap + course.lap / MILLION * (slower + own.bell(2_500).abs());
    let crew = crew(plan, session, entry);
    Car {
        lap,
        seat: 0,
        identified: dice.chance(880_000),
        garage: course.lane.length * own.between(150, 850) / 1_000,
        gap: own.between(450_000, 850_000),
        window: None,
        visits: Vec::new(),
        gives_up: None,
        alone: false,
        stint: 0,
        state: State::Waiting,
        laps: 0,
        since_stop: 0,
        began: 0,
        pace: lap,
        slip: (0, 0),
        visit: None,
        crew,
        truth: CarTruth { entry, ..CarTruth::default() },
    }
}

/// What a class is slower than the first of the rulebook, in millionths: seven per cent a class.
fn slower_class(plan: &Plan, class: &ClassId) -> i64 {
    let at = plan.rulebook.latest().classes.iter().position(|other| other.id == *class).unwrap_or(0);
    70_000 * i64::try_from(at).expect("a rulebook has few classes")
}

fn crew(plan: &Plan, session: &Session, entry: usize) -> Vec<Seat> {
    let list = &plan.season.list;
    let Some(spell) = list.entries[entry].spell(session.name.round) else { return Vec::new() };
    let seat = |driver: usize| {
        let number = u64::try_from(driver).expect("a driver list fits");
        let mut own = Dice::of(plan.seed, For::Round, 1 << 32 | number);
        let grade = match list.drivers[driver].grade_on(session.date) {
            Some(Grade::Platinum) => 0,
            Some(Grade::Gold) => 2_000,
            Some(Grade::Silver) | None => 5_000,
            Some(Grade::Bronze) => 13_000,
        };
        Seat { driver: list.drivers[driver].id.clone(), slower: (grade + own.bell(2_000)).max(0) }
    };
    spell.crew.iter().filter_map(|id| list.driver(id)).map(seat).collect()
}

/// The seconds due to a car on the grid.
pub(crate) fn due(orders: &Orders, car: usize) -> Micros {
    orders.due.get(car).copied().unwrap_or(Micros(0))
}
