//! Which session runs, and its clock.

use sport::date::{Instant, Micros};

use super::super::broadcast::{Kind, Phase, SessionUpdate};
use super::{Client, Happened, LATE, Session, since};

/// A session that runs.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Running {
    /// Of the event, of the session in it, and what for.
    key: (u16, u16, Kind),
    phase: Phase,
    /// The clock at the last update that was not late, in microseconds.
    clock: i64,
    /// When that came.
    heard: Instant,
    /// The clock at the update that came with the least delay of the last, and when that came.
    anchor: (i64, Instant),
    /// Since when it has its phase.
    phase_since: Instant,
    /// Since when it runs here.
    began: Instant,
    /// Its beginning was seen, so that the first lap told is the first.
    pub(super) from_the_start: bool,
    /// The game shows what was, and what it tells of cars may be from then.
    replays: bool,
}

/// A clock that is set back by more is that of a session that began again.
const SET_BACK: i64 = 5_000_000;
/// For so long without an update the clock is taken to go on as it did.
const GOES_ON: i64 = 2_000_000;
/// An update that is behind the clock by less was on its way for longer than the one before; by more, the clock stood still.
const DELAY: i64 = 1_000_000;
/// For so long an update with little delay is better than one that came later: two clocks are hardly a millisecond apart then.
const KEPT: i64 = 10_000_000;
/// Whoever hears of a session that is not as old as this heard of it from its beginning: nobody has completed a lap.
const YOUNG: i64 = 10_000_000;

/// Milliseconds, exactly as they are told. None of what is no time of a session.
fn micros(ms: f32) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "it is a number below ten to the power of twelve")]
    let micros = |ms: f32| (f64::from(ms) * 1_000.0).round() as i64;
    (0.0..1e9).contains(&ms).then(|| micros(ms))
}

impl Running {
    /// Whether laps are counted: not before it started, and not while the game shows what was.
    pub(super) fn counts(&self) -> bool {
        self.has_started() && !self.replays
    }

    fn has_started(&self) -> bool {
        match self.phase {
            Phase::None | Phase::Starting | Phase::PreFormation | Phase::Formation | Phase::PreSession => false,
            Phase::Session | Phase::SessionOver | Phase::PostSession | Phase::ResultUi | Phase::Other(_) => true,
        }
    }

    /// The clock at a moment. None where nothing was heard of it for a while.
    pub(super) fn elapsed(&self, at: Instant) -> Option<Micros> {
        let (clock, anchored) = self.anchor;
        let runs = if self.has_started() { at.0 - anchored.0 } else { 0 };
        (since(self.heard, at) <= GOES_ON).then(|| Micros((clock + runs).max(0)))
    }

    /// The clock now at the latest: what nobody can have been longer on the track than.
    pub(super) fn at_most(&self, now: Instant) -> i64 {
        self.clock.saturating_add(since(self.heard, now).max(0))
    }

    /// The clock goes on.
    fn goes_on(&mut self, clock: i64, now: Instant) {
        let expected = self.elapsed(now).map_or(i64::MIN, |elapsed| elapsed.0);
        let delayed = (clock..clock + DELAY).contains(&expected) && since(self.anchor.1, now) < KEPT;
        (self.clock, self.heard) = (clock, now);
        if !delayed || !self.has_started() {
            self.anchor = (clock, now);
        }
    }

    /// Whether an update is of this session: its clock has not been set back.
    fn has(&self, key: (u16, u16, Kind), clock: i64) -> bool {
        self.key == key && clock + SET_BACK >= self.clock
    }

    /// Whether an update is the last of the session before, that comes late into this one.
    fn is_late(&self, before: &Self, key: (u16, u16, Kind), clock: i64, now: Instant) -> bool {
        let elsewhere = self.key != key || clock > self.clock + SET_BACK;
        since(self.began, now) < LATE && elsewhere && before.has(key, clock)
    }
}

impl Client {
    pub(super) fn session(&mut self, of: &SessionUpdate, now: Instant, tell: &mut impl FnMut(Happened)) {
        let Some(clock) = micros(of.time_ms) else { return };
        let key = (of.event, of.session, of.kind);
        if self.running.as_ref().zip(self.before.as_ref()).is_some_and(|(running, before)| running.is_late(before, key, clock, now)) {
            return;
        }
        let began = match &mut self.running {
            Some(running) if running.has(key, clock) => {
                // What is behind the clock is late, and so is the phase it tells.
                let earlier = running.phase.number() > of.phase.number() && since(running.phase_since, now) < LATE;
                if clock < running.clock || (clock == running.clock && earlier) {
                    return;
                }
                if clock > running.clock {
                    running.goes_on(clock, now);
                }
                running.replays = of.replay.is_some();
                if running.phase == of.phase {
                    return;
                }
                (running.phase, running.phase_since) = (of.phase, now);
                false
            }
            _ => {
                self.begin(of, clock, now);
                true
            }
        };
        let to_go = micros(of.end_ms).filter(|to_go| *to_go > 0).map(Micros);
        let (index, elapsed) = ((of.event, of.session), Micros(clock));
        tell(Happened::Session(Session { index, kind: of.kind, phase: of.phase, elapsed, to_go, began }));
    }

    /// Another session, or the same again: laps are counted from the first, if its beginning was seen.
    fn begin(&mut self, of: &SessionUpdate, clock: i64, now: Instant) {
        let mut running = Running {
            key: (of.event, of.session, of.kind),
            phase: of.phase,
            clock,
            heard: now,
            anchor: (clock, now),
            phase_since: now,
            began: now,
            from_the_start: false,
            replays: of.replay.is_some(),
        };
        running.from_the_start = !running.has_started() || clock < YOUNG;
        self.cars.values_mut().for_each(super::Car::begin);
        self.before = self.running.replace(running);
        // Who left between two sessions is on no list any more, and who came is asked for.
        if let Some(connection) = self.connection.filter(|_| self.before.is_some()) {
            self.ask(connection, now);
        }
    }
}
