//! A session as its passings and signals tell it, at any moment: who did what, how it ended, the sheet it gives.

use alloc::vec::Vec;

use crate::alignment::Alignment;
use crate::date::{Instant, Micros};
use crate::decision::Effect;
use crate::doubts::Doubt;
use crate::fact::{Fact, What};
use crate::finding::Weight;
use crate::grade::Grade;
use crate::line::Layout;
use crate::meeting::Meeting;
use crate::meeting_fact::{Signal, Verdict};
use crate::names::{DecisionId, DriverId, EntryId};
use crate::passing::{PassingId, Transponder};
use crate::race_clock::RaceClock;
use crate::reading::{Reading, between};
use crate::result::PublishedGrid;
use crate::rulebook::Rulebook;
use crate::rules::cup::grade_in;
use crate::rules::end::{Ending, Finish, chequered, near};
use crate::rules::qualifying::{Barred, barred};
use crate::running::{Ranking, Running, Schedule};
use crate::season::{Moment, Season};
use crate::session::{Session, SessionKind, SessionName};
use crate::signals;
use crate::world::{Docket, Ground, World};

/// A passing that is no car's yet: a person has to say whose it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    /// The passing.
    pub passing: PassingId,
    /// When.
    pub at: Instant,
    /// Position of its source in the layout.
    pub source: u8,
    /// What was heard; none for a light barrier.
    pub transponder: Option<Transponder>,
}

/// A driver's time in a car.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stint {
    /// Position of the car in [`LiveSession::cars`].
    pub car: usize,
    /// Position in the list of drivers.
    pub driver: usize,
    /// From when.
    pub from: Instant,
    /// The fact that says so.
    pub fact: u64,
}

/// A lap that was driven by the wrong driver.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Struck {
    /// Position of the car in [`LiveSession::cars`].
    pub car: usize,
    /// Its number, from 0.
    pub lap: usize,
    /// Position in the list of drivers.
    pub driver: usize,
    /// Why he may not take part.
    pub why: Barred,
}

/// A session while it runs, and after.
#[derive(Clone, Debug)]
pub struct LiveSession {
    /// Position on the calendar.
    pub session: usize,
    /// The cars, by position in the entry list, in the order of the grid.
    pub cars: Vec<usize>,
    /// Every car's passings, and the order.
    pub running: Running,
    /// The signals, in order.
    pub signals: Vec<(Instant, Signal)>,
    /// When the first car completed one lap, two, three, ….
    pub lead: Vec<Instant>,
    /// How it ended.
    pub ending: Ending,
    /// Who drove, in order.
    pub stints: Vec<Stint>,
    /// Laps by the wrong driver.
    pub struck: Vec<Struck>,
    /// Laps (car, number from 0) that a decision deletes and nobody drove.
    pub(crate) undriven: Vec<(usize, usize)>,
    /// Laps that a decision deletes: the car, its number from 0, by what.
    pub deleted: Vec<(usize, usize, Ground)>,
    /// Decisions in force that do nothing in the session but delete laps: what its passings give contains them.
    pub(crate) contains: Vec<DecisionId>,
    /// Passings that are no car's.
    pub held: Vec<Held>,
    /// Decisions about its result taken so far. The passings know nothing of them: they act on the sheet when it is read.
    pub decided: Vec<DecisionId>,
    /// What a person should look at, the weightiest first.
    pub doubts: Vec<Doubt>,
    /// The moment it is looked at: nothing later happened. Where no moment was named, that of the last thing told of it.
    pub now: Instant,
    /// What was recorded later is not known.
    pub(crate) known: Instant,
}

/// Clocks are set right by one another at most so often; each time everything is read again.
const ROUNDS: usize = 12;

impl LiveSession {
    /// A session at a moment. `None` where it was never opened, or its circuit has no lines.
    pub fn of(rulebook: &Rulebook, season: &Season, moment: Moment, session: usize) -> Option<Self> {
        let live = season.live(moment);
        let round = season.calendar.sessions[session].name.round;
        let meeting = Meeting::of(season, &live, round);
        Self::folded(rulebook, season, &live, &meeting, session, moment)
    }

    /// The same, of facts that were read already.
    pub(crate) fn folded(
        rulebook: &Rulebook,
        season: &Season,
        live: &[&Fact],
        meeting: &Meeting<'_>,
        session: usize,
        moment: Moment,
    ) -> Option<Self> {
        let (now, known) = (moment.in_force, moment.known);
        let on = &season.calendar.sessions[session];
        let layout = season.calendar.round(on.name.round)?.layout.as_ref()?;
        let (open, close) = meeting.span(&on.name)?;
        let until = close.min(now);
        let cars = cars(season, live, on);
        let signals: Vec<(Instant, Signal)> = meeting.signals_of(&on.name).map(|given| (given.at, given.signal)).collect();
        let now = if now == Instant::FOREVER { last_told(&signals, meeting, open, close) } else { now };
        let start = signals.iter().find(|(_, signal)| *signal == Signal::Green).map(|(at, _)| *at);
        let ranking = Ranking::of(on.kind);
        let red = |(at, signal): &(Instant, Signal)| (*signal == Signal::Red && ranking == Ranking::Distance).then_some(*at);
        let stopped = start.and_then(|start| signals.iter().filter(|(at, _)| *at >= start).find_map(red));
        let time = length(on, start.map(|start| clock(rulebook, season, session, start, &signals, now)));
        let rule = rulebook.law_at(&season.calendar, session).start.as_ref().filter(|_| ranking == Ranking::Distance);
        let to_all = rule.is_some_and(|rule| !rule.chequered_to_leader);
        let schedule = Schedule { start, stopped, time, laps: laps(on, layout), to_all, signalled: None };
        let running = Running::new(layout.clone(), ranking, schedule, cars.len());
        let stints = stints(season, meeting, on, &cars);
        let fresh = running.clone();
        let mut this = Self {
            session,
            cars,
            running,
            signals,
            lead: Vec::new(),
            ending: Ending::Open,
            stints,
            struck: Vec::new(),
            undriven: Vec::new(),
            deleted: Vec::new(),
            contains: Vec::new(),
            held: Vec::new(),
            decided: Vec::new(),
            doubts: Vec::new(),
            now,
            known,
        };
        let mut clocks = Alignment::by_arrival(&meeting.batches, layout);
        this.hear(season, meeting, &clocks, open, until);
        // What the sources of a line say of each other can only be seen once they were read; what they say changes the reading.
        for _ in 0..ROUNDS {
            if !clocks.by_pairs(layout, this.running.tracks(), &meeting.batches) {
                break;
            }
            this.running = fresh.clone();
            this.held.clear();
            this.hear(season, meeting, &clocks, open, until);
        }
        if let Some(over) = this.running.over_the_line().filter(|_| rule.is_some_and(|rule| !rule.time_from_signal)) {
            this.running.reschedule(Schedule { start: Some(over), ..schedule });
        }
        this.end(rulebook, season, ranking);
        this.strike(rulebook, season, live, meeting);
        this.doubts = this.doubtful(rulebook, season, meeting, &clocks);
        this.doubts.extend(this.against_published(rulebook, season, live));
        let name = &season.calendar.sessions[session].name;
        let wrong = signals::contradicting_in(live, name).into_iter();
        let wrong = wrong.map(|(fact, refusal)| (refusal.code, alloc::format!("fact {fact}: {refusal}")));
        this.doubts.splice(0..0, wrong.map(|(code, says)| Doubt { weight: Weight::Contradiction, code, car: None, says }));
        Some(this)
    }

    /// Every passing of the session to the car it is of.
    fn hear(&mut self, season: &Season, meeting: &Meeting<'_>, clocks: &Alignment, open: Instant, until: Instant) {
        let mut at_car = alloc::vec![None; season.list.entries.len()];
        for (car, entry) in self.cars.iter().enumerate() {
            at_car[*entry] = Some(car);
        }
        let entry_of = |id: &EntryId| season.list.entry(id);
        for batch in &meeting.batches {
            for (nth, passing) in batch.passings.iter().enumerate() {
                let id = PassingId { fact: batch.fact, nth: u16::try_from(nth).expect("a fact holds at most 65,535 passings") };
                let at = clocks.at(batch.source, id, passing.at);
                if at < open || at > until {
                    continue;
                }
                let entry = match meeting.verdict(id) {
                    Some(Verdict::Void) => continue,
                    Some(Verdict::Of(car)) => entry_of(car),
                    None => passing.transponder.and_then(|transponder| meeting.fitted(transponder, at)),
                };
                match entry.and_then(|entry| at_car[entry]) {
                    Some(car) => self.running.hear(car, Reading { at, passing: id, source: batch.source }),
                    None => self.held.push(Held { passing: id, at, source: batch.source, transponder: passing.transponder }),
                }
            }
        }
    }

    /// How it ended, and the order that follows.
    fn end(&mut self, rulebook: &Rulebook, season: &Season, ranking: Ranking) {
        let law = rulebook.law_at(&season.calendar, self.session);
        self.lead = self.running.lead();
        self.ending = match ranking {
            Ranking::Distance => {
                let (due, schedule) = (self.running.chequered(), self.running.schedule());
                let signalled = chequered(&self.signals).is_some();
                let ends = if signalled { self.running.ends() } else { Vec::new() };
                let leader = due.filter(|_| signalled).map_or_else(Vec::new, |due| self.running.ends_of(due));
                let (rule, lead, signals) = (law.end.as_ref(), &self.lead, &self.signals);
                Finish { rule, lead, ends: &ends, due, leader: &leader, schedule, signals }.ending()
            }
            Ranking::BestLap => {
                let due = self.running.chequered().filter(|due| *due <= self.now);
                match (chequered(&self.signals), due) {
                    // The clock is more exact than the hand that follows it.
                    (Some(given), Some(due)) if near(due, given) => Ending::Due(due),
                    (Some(given), _) => Ending::Signalled(given),
                    (None, Some(due)) => Ending::Due(due),
                    (None, None) => Ending::Open,
                }
            }
        };
        match self.ending {
            Ending::Open | Ending::Due(_) => {}
            Ending::Red { at: None, .. } => self.running.annul(),
            Ending::Signalled(_) | Ending::Early { .. } | Ending::Late { .. } | Ending::Red { .. } => self.running.end(self.ending.at()),
        }
    }

    /// Laps that do not count: deleted by a decision, or by a driver who may not take part in this session (B3, B4).
    fn strike(&mut self, rulebook: &Rulebook, season: &Season, live: &[&Fact], meeting: &Meeting<'_>) {
        self.barred(rulebook, season, live, meeting);
        let docket = Docket::of(live);
        let deleted = docket.in_force(&World::default());
        let on = &season.calendar.sessions[self.session].name;
        let acts = |effect: &Effect| effect.session() == Some(on) && !matches!(effect, Effect::DeleteLap { .. } | Effect::DropGrid { .. });
        let about = docket.decisions.iter().filter(|(_, decision)| decision.effects.iter().any(acts));
        self.decided = about.map(|(_, decision)| decision.id.clone()).collect();
        let at = |(car, lap, ground): (&EntryId, u32, &Ground)| {
            let entry = season.list.entry(car)?;
            let car = self.cars.iter().position(|of| *of == entry)?;
            Some((car, (lap as usize).checked_sub(1)?, ground.clone()))
        };
        let all = deleted.deleted_laps(on);
        for ground in all.iter().map(|(.., ground)| *ground) {
            if let Ground::Decision(id) = ground
                && !self.decided.contains(id)
                && !self.contains.contains(id)
            {
                self.contains.push(id.clone());
            }
        }
        let driven = |(car, lap, _): &(usize, usize, Ground)| *lap < self.running.progress(*car).laps as usize;
        let (deleted, undriven): (Vec<_>, Vec<_>) = all.into_iter().filter_map(at).partition(driven);
        let place = |(car, lap, _): &(usize, usize, Ground)| (*car, *lap);
        let mut struck: Vec<(usize, usize)> = deleted.iter().map(place).collect();
        self.undriven = undriven.iter().map(place).collect();
        self.deleted = deleted;
        struck.extend(self.struck.iter().map(|struck| (struck.car, struck.lap)));
        if !struck.is_empty() {
            self.running.strike(struck);
        }
    }

    /// Laps by a driver who may not take part.
    fn barred(&mut self, rulebook: &Rulebook, season: &Season, live: &[&Fact], meeting: &Meeting<'_>) {
        let on = &season.calendar.sessions[self.session];
        let law = rulebook.law_at(&season.calendar, self.session);
        let Some(rule) = law.qualifying.as_ref().filter(|rule| on.kind == SessionKind::Qualifying && rule.wrong_driver_deleted) else {
            return;
        };
        let earlier = |id: &SessionName| {
            let at = season.calendar.find(id);
            at.is_some_and(|at| at < self.session && season.calendar.sessions[at].kind == SessionKind::Qualifying)
        };
        for car in 0..self.cars.len() {
            let entry = &season.list.entries[self.cars[car]];
            let Some(spell) = entry.spell(on.name.round) else { continue };
            let graded = |id: &DriverId| {
                let driver = season.list.driver(id)?;
                Some((driver, grade_in(law, id, season.grade_on(live, driver, on.date))))
            };
            let crew: Vec<(usize, Option<Grade>)> = spell.crew.iter().filter_map(graded).collect();
            let before = meeting.aboard.iter().filter(|took| *took.car == entry.id && earlier(took.session));
            let before: Vec<usize> = before.filter_map(|took| season.list.driver(took.driver)).collect();
            let track = &self.running.tracks()[car];
            let mut begun = self.start();
            for (nth, lap) in track.laps().iter().enumerate() {
                let middle = begun.map(|begun| Instant(begun.0 + (lap.end.0 - begun.0) / 2));
                begun = Some(lap.end);
                let Some(driver) = middle.and_then(|at| self.driver(car, at)) else { continue };
                if let Some(why) = barred(rule, &on.name.id, &crew, &before, driver) {
                    self.struck.push(Struck { car, lap: nth, driver, why });
                }
            }
        }
    }

    /// The session had it ended when its time or its laps were complete, whatever was signalled: the order that another rule for an early or a
    /// late signal would have given (case 9). `None` where it ended so, or nobody completed the distance.
    pub fn as_planned(&self) -> Option<Self> {
        match self.ending {
            Ending::Early { .. } | Ending::Late { .. } => {}
            Ending::Open | Ending::Due(_) | Ending::Signalled(_) | Ending::Red { .. } => return None,
        }
        let mut planned = self.clone();
        planned.running.end(None);
        planned.ending = Ending::Due(planned.running.chequered()?);
        Some(planned)
    }

    /// The start signal.
    pub fn start(&self) -> Option<Instant> {
        self.running.schedule().start
    }

    /// The race clock, as the rulebook has it run; none before the start.
    pub fn race_clock(&self, rulebook: &Rulebook, season: &Season) -> Option<RaceClock> {
        Some(clock(rulebook, season, self.session, self.start()?, &self.signals, self.now))
    }

    /// Whether it is closed.
    pub fn closed(&self) -> bool {
        self.signals.last().is_some_and(|(_, signal)| *signal == Signal::Close)
    }

    /// Who drives a car at a moment, where anybody said.
    pub fn driver(&self, car: usize, at: Instant) -> Option<usize> {
        self.stints.iter().rfind(|stint| stint.car == car && stint.from <= at).map(|stint| stint.driver)
    }
}

/// When the last thing was told of a session: its last signal, or what arrived last while it was open.
fn last_told(signals: &[(Instant, Signal)], meeting: &Meeting<'_>, open: Instant, close: Instant) -> Instant {
    let arrived = meeting.batches.iter().map(|batch| batch.arrived).filter(|at| *at >= open && *at <= close).max();
    signals.last().map(|(at, _)| *at).max(arrived).unwrap_or(open)
}

/// The scheduled time, longer by what it was suspended where the rulebook stops the clock then.
fn length(on: &Session, clock: Option<RaceClock>) -> Option<Micros> {
    let time = Micros::seconds(i64::from(on.minutes?) * 60);
    Some(clock.map_or(time, |clock| between(clock.start, clock.when(time))))
}

/// The clock of a session that began at `start`.
fn clock(rulebook: &Rulebook, season: &Season, session: usize, start: Instant, signals: &[(Instant, Signal)], now: Instant) -> RaceClock {
    let law = rulebook.law_at(&season.calendar, session);
    match law.end.as_ref().is_some_and(|rule| !rule.time_runs_when_suspended) {
        true => RaceClock::standing(start, signals, now),
        false => RaceClock::running(start),
    }
}

/// The scheduled laps: as written, or as many as the scheduled distance needs.
fn laps(on: &Session, layout: &Layout) -> Option<u32> {
    let metres = on.kilometres.map(|kilometres| u32::from(kilometres) * 1_000);
    on.laps.or(metres.map(|metres| metres.div_ceil(layout.measures.length.max(1))))
}

/// The cars of a session: as on its grid, and those without a place on it behind them.
fn cars(season: &Season, live: &[&Fact], on: &Session) -> Vec<usize> {
    let grid = live
        .iter()
        .rev()
        .find_map(|fact| if let What::Grid(grid) = &fact.what { Some(grid).filter(|grid| grid.session == on.name) } else { None });
    let mut placed: Vec<(u16, usize)> = grid.map_or_else(Vec::new, |grid: &PublishedGrid| {
        let place = |row: &crate::result::GridRow| Some((row.place?.best, season.list.entry(&row.car)?));
        grid.rows.iter().filter_map(place).collect()
    });
    placed.sort_unstable();
    let mut cars: Vec<usize> = Vec::new();
    let entered = (0..season.list.entries.len()).filter(|entry| season.list.entries[*entry].spell(on.name.round).is_some());
    for car in placed.into_iter().map(|(_, car)| car).chain(entered) {
        if !cars.contains(&car) {
            cars.push(car);
        }
    }
    cars
}

fn stints(season: &Season, meeting: &Meeting<'_>, on: &Session, cars: &[usize]) -> Vec<Stint> {
    let of = meeting.aboard.iter().filter(|took| *took.session == on.name);
    let stint = |took: &crate::meeting::TookOver<'_>| {
        let entry = season.list.entry(took.car)?;
        let car = cars.iter().position(|car| *car == entry)?;
        Some(Stint { car, driver: season.list.driver(took.driver)?, from: took.at, fact: took.fact })
    };
    of.filter_map(stint).collect()
}
