//! The broadcasting protocol of Assetto Corsa Competizione, version 4: what the game tells over UDP while a session runs, to whoever registers for it.
//!
//! The game of a driver or a spectator tells it, and not the server. One datagram is one message; its first byte says which. No datagram was seen: the layouts are those on which the
//! maker's sample and an independent program in use agree, but where the two differ, which is said where it is.
//!
//! To write what was read gives the same bytes where texts are UTF-8, truths are 0 or 1, and nothing stands behind the last field, where a later version may put more.

mod request;
mod told;
mod wire;

pub use request::Request;
pub use told::{CarUpdate, Driver, Entry, Event, Registration, SessionUpdate, Told, Track};

use sport::date::Micros;

use crate::flaw::Flaw;
use wire::{Bytes, Out, Short};

/// The version that is asked for.
pub const VERSION: u8 = 4;
/// The time of a lap or a split that was not driven.
pub const NO_TIME: i32 = i32::MAX;

/// What a session is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Practice.
    Practice,
    /// Qualifying.
    Qualifying,
    /// One car after the other.
    Superpole,
    /// A race.
    Race,
    /// For one's own best lap.
    Hotlap,
    /// For one's own best stint.
    Hotstint,
    /// One lap for the grid.
    HotlapSuperpole,
    /// What was.
    Replay,
    /// Any other number.
    Other(u8),
}

/// How far a session is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// None.
    None,
    /// It is made.
    Starting,
    /// Before the formation lap.
    PreFormation,
    /// The formation lap.
    Formation,
    /// Before the start.
    PreSession,
    /// It runs.
    Session,
    /// Its time is over.
    SessionOver,
    /// Everybody has finished.
    PostSession,
    /// The result is shown.
    ResultUi,
    /// Any other number.
    Other(u8),
}

/// Where a car is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Location {
    /// Nowhere.
    None,
    /// On the track.
    Track,
    /// In the pit lane.
    PitLane,
    /// On the way into it.
    PitEntry,
    /// On the way out of it.
    PitExit,
    /// Any other number.
    Other(u8),
}

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EventKind {
    /// Nothing.
    None,
    /// Green.
    Green,
    /// The time of the session is over.
    SessionOver,
    /// A penalty, in words.
    Penalty,
    /// An accident. It is told some seconds late, of several at once often only one, and seldom of both cars.
    Accident,
    /// A car completed a lap.
    Lap,
    /// The best lap of the session.
    BestSessionLap,
    /// The best lap of its driver.
    BestPersonalLap,
    /// Any other number.
    Other(u8),
}

macro_rules! numbered {
    ($type:ident: $($number:literal => $name:ident),+) => {
        impl $type {
            /// By its number.
            pub fn of(number: u8) -> Self {
                match number {
                    $($number => Self::$name,)+
                    other => Self::Other(other),
                }
            }

            /// Its number.
            pub fn number(self) -> u8 {
                match self {
                    $(Self::$name => $number,)+
                    Self::Other(number) => number,
                }
            }
        }
    };
}

numbered!(Kind: 0 => Practice, 4 => Qualifying, 9 => Superpole, 10 => Race, 11 => Hotlap, 12 => Hotstint, 13 => HotlapSuperpole, 14 => Replay);
numbered!(Phase: 0 => None, 1 => Starting, 2 => PreFormation, 3 => Formation, 4 => PreSession, 5 => Session, 6 => SessionOver, 7 => PostSession, 8 => ResultUi);
numbered!(Location: 0 => None, 1 => Track, 2 => PitLane, 3 => PitEntry, 4 => PitExit);
numbered!(EventKind: 0 => None, 1 => Green, 2 => SessionOver, 3 => Penalty, 4 => Accident, 5 => Lap, 6 => BestSessionLap, 7 => BestPersonalLap);

/// A lap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lap {
    /// What it took or has taken yet, in milliseconds; [`NO_TIME`] of none.
    pub time_ms: i32,
    /// Whose.
    pub car: u16,
    /// Who drove it, by position in the car's entry.
    pub driver: u16,
    /// Its splits in milliseconds; [`NO_TIME`] of one that was not driven.
    pub splits: Vec<i32>,
    /// It is no lap.
    pub invalid: bool,
    /// It may be the best.
    pub may_be_best: bool,
    /// It began in the pit lane.
    pub out: bool,
    /// It ended in the pit lane.
    pub into: bool,
}

impl Default for Lap {
    fn default() -> Self {
        Self { time_ms: NO_TIME, car: 0, driver: 0, splits: Vec::new(), invalid: false, may_be_best: true, out: false, into: false }
    }
}

impl Lap {
    /// What it took, if it took anything.
    pub fn time(&self) -> Option<Micros> {
        time(self.time_ms)
    }

    /// What its splits took.
    pub fn splits(&self) -> Vec<Option<Micros>> {
        self.splits.iter().map(|split| time(*split)).collect()
    }

    fn read(of: &mut Bytes<'_>) -> Result<Self, Short> {
        let (time_ms, car, driver) = (of.i32("the time of a lap")?, of.u16("a lap")?, of.u16("a lap")?);
        let count = of.u8("the splits of a lap")?;
        Ok(Self {
            time_ms,
            car,
            driver,
            splits: of.list(count.into(), "the splits of a lap", |of| of.i32("the splits of a lap"))?,
            invalid: of.truth("a lap")?,
            may_be_best: of.truth("a lap")?,
            out: of.truth("a lap")?,
            into: of.truth("a lap")?,
        })
    }

    fn write(&self, out: &mut Out) {
        out.i32(self.time_ms).u16(self.car).u16(self.driver);
        out.short_list(&self.splits, |out, split| {
            out.i32(*split);
        });
        out.truth(self.invalid).truth(self.may_be_best).truth(self.out).truth(self.into);
    }
}

/// Milliseconds, if they are a time.
fn time(ms: i32) -> Option<Micros> {
    (1..NO_TIME).contains(&ms).then(|| Micros(i64::from(ms) * 1_000))
}

/// What is wrong with a datagram.
fn flaw(bytes: &[u8], of: &Bytes<'_>, why: String) -> Flaw {
    let at = bytes.len() - of.rest.len();
    Flaw::of(at as u64, None, bytes, why)
}
