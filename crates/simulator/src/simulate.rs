//! One session from its orders to what is said of it.

use sport::date::Instant;
use sport::line::Layout;
use sport::meeting_fact::Signal;
use sport::passing::Transponder;
use sport::rulebook::Law;
use sport::session::{Session, SessionKind};

use crate::course::Course;
use crate::dice::{Dice, For, MILLION};
use crate::field::{Car, Seat, due, field};
use crate::flags::{Flags, Outlook};
use crate::hearing::heard;
use crate::mishaps::Scene;
use crate::operator::Operator;
use crate::penalty::{self, Control};
use crate::plan::{Cannot, Orders, Plan, is_race};
use crate::said::Run;
use crate::stops::Window;
use crate::telling::{Word, told};
use crate::truth::Truth;
use crate::world::{Length, World};
use crate::{desk, fittings, mishaps};

const MINUTE: i64 = 60 * MILLION;

/// Simulates a session.
///
/// # Errors
/// Where the circuit or the calendar leaves nothing to simulate.
///
/// # Panics
/// Where the grid names a car that the entry list does not have, or has 65,536 cars or more.
pub fn session(plan: &Plan, orders: &Orders) -> Result<Run, Cannot> {
    let (of, layout, circuit) = plan.session(orders.session)?;
    let number = u64::try_from(orders.session).expect("a calendar fits");
    let mut dice = Dice::of(plan.seed, For::Track, number);
    let course = Course::of(layout);
    let opens = orders.begins.0 - 10 * MINUTE;
    let length = length(of, &course, orders.begins.0, &mut dice);
    let mut cars = field(plan, orders, of, &course, &mut dice);
    let law = plan.rulebook.law_at(&plan.season.calendar, orders.session);
    seats(plan, of, law, &mut cars, &mut dice);
    let mut world = World::new(course, length, Flags::default(), dice, cars);
    let stranded: Vec<i64> = (0..world.cars.len()).filter_map(|ix| world.draws_fate(ix)).collect();
    if length.race {
        let time_runs = law.end.as_ref().is_none_or(|rule| rule.time_runs_when_suspended);
        let (start, end, lap) = (length.start, length.about, world.course.lap);
        world.flags = Flags::drawn(&mut world.dice, Outlook { start, end, lap, stranded: &stranded, time_runs });
        if !time_runs {
            world.length.end = world.flags.prolonged(length.end);
        }
        world.control = Some(Control::of(law, Dice::of(plan.seed, For::Officials, number)));
        for ix in 0..world.cars.len() {
            let window = law.pit_stop.as_ref().map(|rule| (rule, world.flags.window(rule, length.start, time_runs)));
            world.cars[ix].window = window.map(|(rule, window)| Window::of(rule, circuit, due(orders, ix), window));
            world.plans_visits(u16::try_from(ix).expect("a grid is short"));
        }
    }
    world.opens(opens);
    world.run();
    world.takes_back(law.end.as_ref().map_or(1, |rule| rule.red_laps_back));
    Ok(tell(plan, orders, (of, layout), opens, world).numbered(orders.first_fact))
}

/// Who drives first: in qualifying whom the rulebook asks for, seldom another; otherwise the crew takes turns.
fn seats(plan: &Plan, session: &Session, law: &Law, cars: &mut [Car], dice: &mut Dice) {
    let rule = law.qualifying.as_ref().filter(|_| session.kind == SessionKind::Qualifying);
    let graded = |seat: &Seat| plan.season.list.driver(&seat.driver).and_then(|at| plan.season.list.drivers[at].grade_on(session.date));
    for car in cars.iter_mut().filter(|car| !car.crew.is_empty()) {
        let highest = (0..car.crew.len()).max_by_key(|at| (graded(&car.crew[*at]), *at)).unwrap_or(0);
        let other = (0..car.crew.len()).find(|at| *at != highest).unwrap_or(highest);
        let wrong = rule.is_some() && dice.chance(15_000);
        car.alone = rule.is_some_and(|rule| rule.one_session_each);
        car.seat = match rule.and_then(|rule| rule.highest_rated_in.as_ref()) {
            Some(asked) if (*asked == session.name.id) != wrong => highest,
            Some(_) => other,
            None => usize::from(session.number.max(1) - 1) % car.crew.len(),
        };
    }
}

fn length(session: &Session, course: &Course, begins: i64, dice: &mut Dice) -> Length {
    let race = is_race(session);
    let start = begins + dice.below(if race { MINUTE } else { 2 * MILLION });
    let over = session.kilometres.map(|kilometres| i64::from(kilometres) * 1_000);
    let round = course.metres.max(1);
    let over = over.map(|metres| u32::try_from((metres + round - 1) / round).unwrap_or(u32::MAX));
    let laps = session.laps.or(over.filter(|_| session.minutes.is_none())).filter(|_| race);
    let minutes = session.minutes.map(|minutes| i64::from(minutes) * MINUTE);
    let end = match (minutes, laps) {
        (Some(minutes), _) => start + minutes,
        (None, Some(_)) => i64::MAX / 4,
        (None, None) => start + if race { 60 * MINUTE } else { 30 * MINUTE },
    };
    let about = laps.map_or(end, |laps| end.min(start + course.lap.saturating_mul(i64::from(laps))));
    Length { race, start, end, laps, about }
}

/// What is said of what happened.
fn tell(plan: &Plan, orders: &Orders, (session, layout): (&Session, &Layout), opens: i64, mut world: World) -> Run {
    let number = u64::try_from(orders.session).expect("a calendar fits");
    let mut dice = Dice::of(plan.seed, For::Sources, number);
    let mut signals = signals(opens, &world, &mut dice);
    signals.sort_by_key(|(at, _)| *at);
    let entries = &plan.season.list.entries;
    let transponders: Vec<Transponder> = orders.grid.iter().map(|entry| fittings::transponder(plan, *entry)).collect();
    let labels: Vec<String> = orders.grid.iter().map(|entry| entries[*entry].label()).collect();
    let scene = Scene { layout, transponders: &transponders, labels: &labels, start: world.length.start, end: world.last };
    let mut troubled = Dice::of(plan.seed, For::Troubles, number);
    let mut mishaps = mishaps::drawn(plan.faults, &scene, &mut world.crossings, &mut troubled);
    world.crossings.sort_unstable();
    let heard = heard(layout, &world.crossings, &transponders, &mishaps.troubles, &mut dice);

    let mut words: Vec<Word> = signals.iter().map(|(at, signal)| Word::plain(desk::signal(&session.name, *at, *signal))).collect();
    words.extend(desk::boardings(plan.season, &session.name, &world, &mut dice).into_iter().map(Word::plain));
    let cars = orders.grid.iter().map(|entry| &entries[*entry].id).collect();
    let operator = Operator { scene, round: plan.round, cars, race: world.length.race, heard: &heard };
    mishaps.happened.extend(operator.errs(mishaps.slips, &mut words, &mut troubled));
    words.extend(penalty::told(plan, orders, session, &world, &mut dice).into_iter().map(Word::plain));
    mishaps.happened.sort_by_key(|happened| happened.at);
    let said = told(plan.round, layout, &heard, words, &mishaps.troubles);
    let cars = world.cars.into_iter().map(|car| car.truth).collect();
    let (chequered, red, race) = (world.chequered.map(Instant), world.red.map(Instant), world.length.race);
    Run { said, truth: Truth { cars, signals, chequered, red, faults: mishaps.happened, race } }
}

/// The signals, when they were truly given.
fn signals(opens: i64, world: &World, dice: &mut Dice) -> Vec<(Instant, Signal)> {
    let closes = world.last + dice.between(30 * MILLION, 90 * MILLION);
    // Where every car of a few is in its garage by then, nobody crosses anything after the signal.
    let closes = world.chequered.map_or(closes, |at| closes.max(at + 30 * MILLION));
    let mut signals = vec![(opens, Signal::Open), (world.length.start, Signal::Green)];
    signals.extend(world.flags.signals(world.chequered.unwrap_or(closes)));
    signals.extend(world.chequered.map(|at| (at + dice.between(200_000, 900_000), Signal::Chequered)));
    signals.push((closes, Signal::Close));
    signals.into_iter().map(|(at, signal)| (Instant(at), signal)).collect()
}
