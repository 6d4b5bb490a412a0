//! What a scoreboard shows, whichever language it was told in: RMonitor or Multiloop.
//!
//! A [`Scoreboard`] is a plain value. It is made of what a feed tells ([`reader`]) or of a session of ours ([`ours`]), and [`told`] is the other way: what a feed has to
//! send so that every board that listens shows it. It knows no rule: positions are those that were told.

mod cars;
mod from_multiloop;
mod from_rmonitor;
pub mod log;
pub mod ours;
pub mod reader;
pub mod replay;
pub mod told;

use std::collections::BTreeMap;

use sport::date::{Instant, Micros};
use sport::session::SessionKind;

use crate::account::Flag;

/// RMonitor's number of no run: with it a timekeeper closes the one that ran.
pub const CLOSED: u32 = 95;
/// The setting that names the track.
pub const TRACK_NAME: &str = "TRACKNAME";
/// The setting that says how long it is, as the timekeeper wrote it.
pub const TRACK_LENGTH: &str = "TRACKLENGTH";

/// What is on the board.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Scoreboard {
    /// Which run.
    pub run: Run,
    /// Settings by their name, such as [`TRACK_NAME`].
    pub settings: BTreeMap<String, String>,
    /// Names of classes, by number.
    pub classes: BTreeMap<i32, String>,
    /// The flag and how far the run is; none before it was told.
    pub clock: Option<Clock>,
    /// The cars by registration, which need not be their number.
    pub cars: BTreeMap<String, Car>,
}

/// A run: what a timekeeper starts and ends, a session or a part of one.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Run {
    /// Its number; none before it was told.
    pub number: Option<u32>,
    /// Its name.
    pub name: String,
    /// The event. Multiloop tells it.
    pub event: String,
    /// What it is for. Multiloop tells it.
    pub kind: Option<SessionKind>,
    /// When it starts. Multiloop tells it.
    pub start: Option<Instant>,
}

/// How far a run is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Clock {
    /// None where the run is not by laps.
    pub laps_to_go: Option<u32>,
    /// Until the end.
    pub to_go: Micros,
    /// The time of day at the track.
    pub of_day: Micros,
    /// Since the start; before it some feeds count down to nothing.
    pub race: Micros,
    /// The flag; none before the start.
    pub flag: Option<Flag>,
}

/// A car.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Car {
    /// Who it is; none of a car that was only ever ranked.
    pub entry: Option<Entry>,
    /// Where it is.
    pub position: Option<Position>,
    /// Its best lap.
    pub best: Option<Best>,
    /// When it first crossed the line, with no lap behind it, since the start.
    pub set_off: Option<Micros>,
    /// Its laps as they were driven, by number.
    pub laps: Vec<Lap>,
    /// Stops in the pits. Multiloop tells them.
    pub stops: Option<u32>,
    /// The last line it crossed, of a feed that tells of more lines than one.
    pub line: Option<LineCrossing>,
    /// How a photo cell corrected it last.
    pub correction: Option<Correction>,
}

/// Who a car is.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Entry {
    /// On the car.
    pub number: String,
    /// A number in most feeds, empty or a word in some; none where it was not told.
    pub transponder: Option<String>,
    /// First name of the driver, or the team.
    pub first: String,
    /// Last name of the driver, or the team.
    pub last: String,
    /// Nationality, or whatever the timekeeper put there.
    pub nationality: String,
    /// The number of the class.
    pub class: i32,
    /// Whatever else is told of it; none where nothing is.
    pub more: Option<String>,
}

/// Where a car is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// From 1. While an order changes, two cars may be told the same.
    pub place: u32,
    /// Laps as told: none before the first, and feeds have sent negative ones.
    pub laps: Option<i32>,
    /// Since the start, with what was added as a penalty.
    pub total: Option<Micros>,
}

/// A best lap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Best {
    /// In the order by best laps, from 1. Multiloop does not tell it.
    pub place: Option<u32>,
    /// In which lap.
    pub lap: Option<u32>,
    /// Its time; none where there is none.
    pub time: Option<Micros>,
}

/// A lap as it was driven.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lap {
    /// From 1; some may be missing.
    pub number: u32,
    /// What it took.
    pub time: Micros,
    /// From the start to its end, without penalties.
    pub total: Micros,
    /// The flag on the board when it was told.
    pub flag: Option<Flag>,
    /// It ended in the pit lane. Multiloop tells it.
    pub into_pit: bool,
    /// It was taken away again. Multiloop tells it.
    pub invalidated: bool,
    /// When it was told, where a relay wrote that down.
    pub told: Option<Instant>,
}

/// A car over a line.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct LineCrossing {
    /// The line as the feed names it: `T1`, `SF`.
    pub line: String,
    /// What line that is: `SFT`, `SFP`, `POT`, `POP`, `PIT`, `PIP`, or by Multiloop `T` and `P` for the track and the pit lane.
    pub kind: String,
    /// The day, as told.
    pub date: String,
    /// The time of day, where it is told by that.
    pub of_day: Option<Micros>,
    /// Since the start, where it is told by that.
    pub race: Option<Micros>,
}

/// A correction by the photo cell. From RMonitor's specification; in no feed seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Correction {
    /// In which lap.
    pub laps: Option<i32>,
    /// The right total.
    pub total: Micros,
    /// Against what was told before.
    pub by: Micros,
}

impl Scoreboard {
    /// The track, where it is named.
    pub fn track(&self) -> Option<&str> {
        self.settings.get(TRACK_NAME).map(String::as_str).filter(|name| !name.is_empty())
    }

    /// The cars as they are ranked; those that are not after those that are.
    pub fn ranked(&self) -> Vec<(&str, &Car)> {
        let mut cars: Vec<_> = self.cars.iter().map(|(registration, car)| (registration.as_str(), car)).collect();
        cars.sort_by_key(|(_, car)| car.position.map_or(u32::MAX, |position| position.place));
        cars
    }

    fn flag(&self) -> Option<Flag> {
        self.clock.and_then(|clock| clock.flag)
    }
}

impl Car {
    /// What has been added to its total as a penalty: the total it is ranked with, less that of the same lap as it was driven. None where that lap was not told.
    pub fn added(&self) -> Option<Micros> {
        let position = self.position?;
        let laps = u32::try_from(position.laps?).ok()?;
        let lap = self.laps.iter().rev().find(|lap| lap.number == laps)?;
        Some(Micros(position.total?.0.saturating_sub(lap.total.0)))
    }
}
