//! A car: how many laps it has completed, and where it is.

use sport::date::{Instant, Micros};

use super::super::broadcast::{CarUpdate, Entry, Event, Lap, Location};
use super::session::Running;
use super::{ASKED_FOR, Completed, Happened, LATE, PitLane, since};
use crate::written;

/// What is known of a car.
#[derive(Default, Debug)]
pub(super) struct Car {
    pub(super) entry: Option<Entry>,
    /// When it was heard of last.
    pub(super) heard: Option<Instant>,
    /// How often the cars were asked for because of it.
    asked: u8,
    /// Laps that were told, or that were completed before anybody listened.
    laps: Option<u16>,
    /// How far it was at the last update that was not late: laps, and milliseconds of the next.
    reached: (u16, i32),
    /// Updates since then that were behind that.
    behind: u8,
    /// When the lap it is on began, by the clock that updates come by: of all of them the one that was on its way for the least time.
    began: Option<Instant>,
    /// When it ended the last lap that was told, since the beginning of the session.
    crossed: Option<Micros>,
    /// When its last lap was told.
    told: Option<Instant>,
    /// A lap that an event told, and no update yet.
    by_event: Option<ByEvent>,
    in_pit_lane: Option<bool>,
}

#[derive(Debug)]
struct ByEvent {
    at: Instant,
    elapsed: Option<Micros>,
    time: Option<Micros>,
}

/// Nobody drives a lap of any circuit in less.
const SHORTEST_LAP: i64 = 20_000_000;
/// An update that is behind is late; as many one after the other are not, and the car was set back.
const SET_BACK: u8 = 4;

impl Car {
    /// Whether the cars are to be asked for because of it.
    pub(super) fn is_missed(&self) -> bool {
        self.entry.is_none() && self.asked < ASKED_FOR
    }

    /// The cars were asked for.
    pub(super) fn asked_for(&mut self) {
        self.asked = self.asked.saturating_add(1);
    }

    /// Another session begins.
    pub(super) fn begin(&mut self) {
        *self = Self { entry: self.entry.take(), heard: self.heard, ..Self::default() };
    }

    /// Takes an update of a session that counts laps.
    pub(super) fn take(&mut self, of: &CarUpdate, running: &Running, now: Instant, tell: &mut impl FnMut(Happened)) {
        // More laps than anybody can have completed by now are those of the session before.
        if i64::from(of.laps) * SHORTEST_LAP > running.at_most(now) {
            return;
        }
        let current = of.current.time().map_or(0, |_| of.current.time_ms);
        let reached = (of.laps, current);
        if reached < self.reached {
            self.behind += 1;
            if self.behind < SET_BACK {
                return;
            }
            self.laps = self.laps.map(|laps| laps.min(of.laps));
            (self.began, self.crossed) = (None, None);
        }
        (self.reached, self.behind) = (reached, 0);
        self.pit_lane(of, running, now, tell);
        let began = of.current.time().map(|current| Instant(now.0 - current.0));
        let known = *self.laps.get_or_insert(if running.from_the_start { 0 } else { of.laps });
        if of.laps <= known {
            self.began = self.began.into_iter().chain(began).min();
            return;
        }
        // Of laps of which no update came only the number is known.
        for number in known + 1..of.laps {
            tell(Happened::Lap(counted(of.car, number.into())));
        }
        let time = of.last.time().filter(|_| of.laps == known + 1);
        // This lap ended when the next began, and as long after its own beginning as it took. Of that beginning there were more updates.
        let near = |one: i64, other: i64| (one - other).abs() <= LATE;
        let by_lap = self.began.zip(time).map(|(began, time)| Instant(began.0 + time.0));
        self.began = by_lap.filter(|by_lap| began.is_none_or(|began| near(by_lap.0, began.0))).or(began);
        let by_clock = self.began.and_then(|ended| running.elapsed(ended));
        let by_laps = self.crossed.zip(time).map(|(crossed, time)| Micros(crossed.0 + time.0));
        self.crossed = by_laps.filter(|by_laps| by_clock.is_none_or(|by_clock| near(by_laps.0, by_clock.0))).or(by_clock);
        (self.laps, self.told, self.by_event) = (Some(of.laps), Some(now), None);
        tell(Happened::Lap(completed(of.car, of.laps.into(), &of.last, self.crossed)));
    }

    fn pit_lane(&mut self, of: &CarUpdate, running: &Running, now: Instant, tell: &mut impl FnMut(Happened)) {
        let into = of.location == Location::PitLane;
        let before = self.in_pit_lane.replace(into);
        if before.is_some_and(|before| before != into) {
            tell(Happened::PitLane(PitLane { car: of.car, driver: of.driver, into, elapsed: running.elapsed(now) }));
        }
    }

    /// An event tells a lap. The count of the next update does so better; if one did already, this is that lap.
    pub(super) fn lap_of_event(&mut self, of: &Event, elapsed: Option<Micros>, now: Instant) {
        if self.told.is_none_or(|told| since(told, now) >= SHORTEST_LAP) {
            // Its words are said to be the time.
            let time = written::time(of.text.trim()).filter(|time| time.0 > 0);
            self.by_event = Some(ByEvent { at: now, elapsed, time });
        }
    }

    /// Tells the lap of an event where no update came since: a car that left, or all of them were lost. An update without the lap says there was none.
    pub(super) fn lap_without_update(&mut self, index: u16, now: Instant, tell: &mut impl FnMut(Happened)) {
        let Some(lap) = self.by_event.take_if(|lap| since(lap.at, now) > LATE) else { return };
        let unheard = self.heard.is_none_or(|heard| heard <= lap.at);
        let Some(number) = self.laps.filter(|_| unheard).and_then(|laps| laps.checked_add(1)) else { return };
        let Some(elapsed) = lap.elapsed else { return };
        (self.laps, self.began, self.crossed, self.told) = (Some(number), None, None, Some(now));
        self.reached = (number, 0);
        tell(Happened::Lap(Completed { time: lap.time, elapsed: Some(elapsed), ..counted(index, number.into()) }));
    }
}

/// A lap of which only the number is known.
fn counted(car: u16, number: u32) -> Completed {
    Completed { car, number, driver: None, time: None, splits: Vec::new(), valid: None, out: false, into: false, elapsed: None }
}

fn completed(car: u16, number: u32, last: &Lap, elapsed: Option<Micros>) -> Completed {
    Completed {
        car,
        number,
        driver: Some(last.driver),
        time: last.time(),
        splits: last.splits(),
        valid: Some(last.may_be_best && !last.invalid),
        out: last.out,
        into: last.into,
        elapsed,
    }
}
