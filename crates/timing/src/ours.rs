//! A session of ours as an account, to be written in anybody's format: one that was held, or the field of one that is to come.

use sport::as_it_stands::AsItStands;
use sport::bop;
use sport::classification::Classified;
use sport::date::Instant;
use sport::evaluate::evaluate;
use sport::grade::Grade;
use sport::grid;
use sport::live_session::LiveSession;
use sport::meeting_fact::Signal;
use sport::place::Places;
use sport::result::Finish;
use sport::rulebook::Rulebook;
use sport::rulebook::success::SuccessUnit;
use sport::rules::cup::cup_of;
use sport::running::Ranking;
use sport::season::{Moment, Season};
use sport::world::World;

use crate::account::{About, Account, Car, Claim, Driver, Flag, Flown, Lap, Stop};

/// A session that was held, as it is known: the classification with every decision in force in it, and the laps where it was timed here.
pub fn session(rulebook: &Rulebook, season: &Season, moment: Moment, session: usize) -> Account {
    let mut account = field(rulebook, season, moment, session);
    let stands = AsItStands::of(rulebook, season, moment, session);
    let evaluation = evaluate(rulebook, season, moment, Some(session), &World::default());
    // A sheet that was published holds; before there is one, the passings do.
    if let Some(classification) = evaluation.classification(session) {
        account.claims = claims(season, &account, session, &classification.rows);
    } else if let Some(classification) = stands.as_ref().and_then(|stands| stands.classification.as_ref()) {
        account.claims = claims(season, &account, session, &classification.rows);
    }
    if let Some(stands) = &stands {
        timed(season, &stands.session, &mut account);
    }
    account
}

/// The cars entered for a session, with the ballast they carry in it and their places on its grid, as far as they are known.
pub fn field(rulebook: &Rulebook, season: &Season, moment: Moment, session: usize) -> Account {
    let on = &season.calendar.sessions[session];
    let round = on.name.round;
    let live = season.live(moment);
    let law = rulebook.law_at(&season.calendar, session);
    let evaluation = evaluate(rulebook, season, moment, Some(session), &World::default());
    let in_force = bop::in_force(season, &live, session);
    let grid = grid::grid(rulebook, season, moment, &World::default(), session).ok();
    let grid = grid.map(|grid| grid.places.iter().map(|place| place.entry).collect::<Vec<_>>()).unwrap_or_default();
    let mut account = Account { about: about(season, session), ..Account::default() };
    for (nth, entry) in season.list.entries.iter().enumerate() {
        let Some(spell) = entry.spell(round) else { continue };
        let crew: Vec<usize> = spell.crew.iter().filter_map(|id| season.list.driver(id)).collect();
        let grades: Vec<Option<Grade>> = crew.iter().map(|driver| season.grade_on(&live, *driver, on.date)).collect();
        let cup = spell.cup.as_ref().and_then(|id| law.cups.iter().find(|cup| cup.id == *id).map(|cup| cup.title.clone()));
        let cup =
            cup.or_else(|| Some(cup_of(law, &entry.class, &grades, spell.crew_open).title(rulebook)).filter(|title| !title.is_empty()));
        let due =
            evaluation.ledger.iter().filter(|due| due.entry == nth && due.due_in == Some(session) && due.unit == SuccessUnit::Ballast);
        let success: i64 = due.map(|due| due.amount.0).sum();
        let balance =
            entry.model.as_ref().and_then(|model| in_force.get(model)?.ballast_kg.as_ref().map(|set| i64::from(set.value) * 1_000));
        let driver = |(driver, grade): (&usize, &Option<Grade>)| driver_of(&season.list.drivers[*driver], *grade);
        account.cars.push(Car {
            number: entry.number.clone().unwrap_or_else(|| entry.id.to_string()),
            class: Some(entry.class.to_string()),
            cup,
            team: entry.team.as_ref().and_then(|id| season.list.team(id)).map(|team| season.list.teams[team].name.clone()),
            model: entry.model.clone(),
            maker: entry.maker.as_ref().map(ToString::to_string),
            drivers: crew.iter().zip(&grades).map(driver).collect(),
            ballast_g: (success != 0).then_some(success),
            balance_g: balance,
            grid: grid.iter().position(|of| *of == nth).and_then(|at| u16::try_from(at + 1).ok()),
            ..Car::default()
        });
    }
    account
}

fn about(season: &Season, session: usize) -> About {
    let on = &season.calendar.sessions[session];
    let round = season.calendar.round(on.name.round);
    About {
        event: Some(format!("{}, round {}", season.title, on.name.round)),
        session: Some(on.name.id.to_string()),
        track: round.map(|round| round.circuit.clone()),
        kind: Some(on.kind),
        number: Some(on.number),
        planned: on.minutes.map(|minutes| sport::date::Micros::seconds(i64::from(minutes) * 60)),
        planned_laps: on.laps,
        ..About::default()
    }
}

/// A driver; the first word of the name is taken for the first name, as most servers want two.
fn driver_of(driver: &sport::entry::Driver, grade: Option<Grade>) -> Driver {
    let (first, last) = driver.name.split_once(' ').unwrap_or(("", &driver.name));
    Driver {
        name: driver.name.clone(),
        first: Some(first.to_owned()),
        last: Some(last.to_owned()),
        short: None,
        id: driver.players.first().cloned(),
        nationality: driver.nationality.clone(),
        grade,
    }
}

fn car_of(season: &Season, account: &Account, entry: usize) -> Option<usize> {
    let number = season.list.entries[entry].number.clone().unwrap_or_else(|| season.list.entries[entry].id.to_string());
    account.cars.iter().position(|car| car.number == number)
}

fn claims(season: &Season, account: &Account, session: usize, rows: &[Classified]) -> Vec<Claim> {
    let ranking = Ranking::of(season.calendar.sessions[session].kind);
    let leader = rows.first().and_then(|row| Some((row.laps?, row.time?)));
    let claim = |row: &Classified| {
        let car = car_of(season, account, row.entry)?;
        let place = row.place.filter(|_| row.may_finish()).and_then(Places::exact);
        let behind = leader.zip(row.laps.zip(row.time)).filter(|_| ranking == Ranking::Distance && row.finish == Finish::Classified);
        let gap = behind.and_then(|((laps, time), (own, at))| (laps == own && at > time).then(|| sport::date::Micros(at.0 - time.0)));
        Some(Claim {
            finish: row.finish,
            status: row.note.clone(),
            place,
            class_place: row.class_place.filter(|_| row.may_finish()).and_then(Places::exact),
            laps: row.laps,
            time: row.time.filter(|_| ranking == Ranking::Distance),
            gap,
            laps_down: behind.and_then(|((laps, _), (own, _))| laps.checked_sub(own)).filter(|down| *down > 0),
            best: row.best_lap,
            drove: row.drove.iter().filter_map(|(driver, time)| Some((aboard(season, account, car, *driver)?, *time))).collect(),
            ..Claim::of(car)
        })
    };
    rows.iter().filter(|row| row.on_sheet).filter_map(claim).collect()
}

/// A driver's place in the crew of a car.
fn aboard(season: &Season, account: &Account, car: usize, driver: usize) -> Option<usize> {
    account.cars[car].drivers.iter().position(|of| of.name == season.list.drivers[driver].name)
}

/// Laps, stops and flags of a session that was timed here.
fn timed(season: &Season, live: &LiveSession, account: &mut Account) {
    account.about.began = live.start();
    let start = live.start().unwrap_or(Instant(0));
    let since = |at: Instant| sport::date::Micros(at.0 - start.0);
    for (nth, entry) in live.cars.iter().enumerate() {
        let Some(car) = car_of(season, account, *entry) else { continue };
        let visits = sport::pit_visit::visits(live.running.layout(), &live.running.tracks()[nth]);
        let mut begun = start;
        for (number, lap) in live.laps_of(nth).into_iter().enumerate() {
            // A visit goes over the end of a lap: in on one, out on the next.
            let during =
                |crossing: &Option<sport::reading::Crossing>| crossing.as_ref().is_some_and(|of| of.at > begun && of.at <= lap.end);
            let left = visits.iter().find(|visit| during(&visit.exit));
            let entered = visits.iter().any(|visit| during(&visit.entry) && !during(&visit.exit));
            account.laps.push(Lap {
                driver: lap.driver.and_then(|driver| aboard(season, account, car, driver)),
                time: Some(lap.time),
                sectors: lap.sectors,
                elapsed: Some(since(lap.end)),
                ended: Some(lap.end),
                valid: lap.timed,
                into_pit: entered,
                in_pit: left.and_then(sport::pit_visit::PitVisit::time),
                flag: Some(flown(&live.signals, lap.end)),
                top_speed: None,
                ..Lap::of(car, u32::try_from(number + 1).unwrap_or(u32::MAX))
            });
            begun = lap.end;
        }
        for visit in visits {
            let (entry_at, exit_at) = (visit.entry.as_ref().map(|of| of.at), visit.exit.as_ref().map(|of| of.at));
            let driver = |at: Option<Instant>| aboard(season, account, car, live.driver(nth, at?)?);
            account.stops.push(Stop {
                car,
                entry: entry_at.map(since),
                exit: exit_at.map(since),
                entry_at,
                exit_at,
                time: visit.time(),
                driver_in: driver(entry_at),
                driver_out: driver(exit_at),
                lap: Some(visit.lap),
                reason: None,
            });
        }
    }
    account.laps.sort_by_key(|lap| lap.ended);
    account.laps_as_completed = true;
    for (at, signal) in &live.signals {
        let flag = match signal {
            Signal::Green => Flag::Green,
            Signal::FullCourseYellow => Flag::FullCourseYellow,
            Signal::SafetyCar => Flag::SafetyCar,
            Signal::Red => Flag::Red,
            Signal::Chequered => Flag::Chequered,
            Signal::Open | Signal::Close => continue,
        };
        account.flags.push(Flown { elapsed: Some(since(*at)), at: Some(*at), flag });
    }
}

/// What was shown at a moment.
fn flown(signals: &[(Instant, Signal)], at: Instant) -> Flag {
    let last = signals.iter().rev().find(|(given, signal)| *given <= at && !matches!(signal, Signal::Open | Signal::Close));
    match last.map(|(_, signal)| signal) {
        Some(Signal::FullCourseYellow) => Flag::FullCourseYellow,
        Some(Signal::SafetyCar) => Flag::SafetyCar,
        Some(Signal::Red) => Flag::Red,
        Some(Signal::Chequered) => Flag::Chequered,
        Some(Signal::Green | Signal::Open | Signal::Close) | None => Flag::Green,
    }
}
