//! Messages of the game.

use super::wire::{Bytes, Out, Short};
use super::{EventKind, Kind, Lap, Location, Phase, flaw};
use crate::flaw::Flaw;

/// A message of the game.
#[derive(Clone, PartialEq, Debug)]
pub enum Told {
    /// Whether who asked will be told.
    Registration(Registration),
    /// The session, at every interval, before the cars.
    Session(SessionUpdate),
    /// A car, at every interval.
    Car(CarUpdate),
    /// Which cars there are: an entry of each follows.
    EntryList {
        /// The number the game gave.
        connection: i32,
        /// The cars by their index.
        cars: Vec<u16>,
    },
    /// The circuit.
    Track(Track),
    /// A car and its drivers.
    Entry(Entry),
    /// Something happened.
    Event(Event),
}

/// An answer to who asked to be told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Registration {
    /// The number to ask by.
    pub connection: i32,
    /// Whether it will be told.
    pub accepted: bool,
    /// Whether it may command: one source says that 0 is reading only, the other that 1 is. Nothing here depends on it.
    pub access: u8,
    /// Why not.
    pub error: String,
}

/// The session.
#[derive(Clone, PartialEq, Debug)]
pub struct SessionUpdate {
    /// Of the event, as the game counts.
    pub event: u16,
    /// In it, from 0.
    pub session: u16,
    /// What it is for.
    pub kind: Kind,
    /// How far it is.
    pub phase: Phase,
    /// Since its beginning, in milliseconds.
    pub time_ms: f32,
    /// To its end, in milliseconds.
    pub end_ms: f32,
    /// The car that is looked at.
    pub focused: i32,
    /// Set of cameras.
    pub camera_set: String,
    /// Camera.
    pub camera: String,
    /// Page over the picture.
    pub hud_page: String,
    /// The game shows what was: from when of the session, and for how long, in milliseconds.
    pub replay: Option<(f32, f32)>,
    /// The time of day in the game.
    pub time_of_day: f32,
    /// Of the air, in degrees.
    pub ambient: u8,
    /// Of the track, in degrees.
    pub track: u8,
    /// Clouds, in tenths.
    pub clouds: u8,
    /// Rain, in tenths.
    pub rain: u8,
    /// How wet it is, in tenths.
    pub wetness: u8,
    /// The best lap of the session.
    pub best: Lap,
}

/// A car.
#[derive(Clone, PartialEq, Debug)]
pub struct CarUpdate {
    /// Which. It is not the `carId` of a result file.
    pub car: u16,
    /// Who drives, by position in its entry.
    pub driver: u16,
    /// How many drivers it has.
    pub drivers: u8,
    /// The gear: 1 is reverse, 2 none, 3 the first.
    pub gear: u8,
    /// Where it is on the plane of the world and how it is turned, says the maker's sample; how it is turned about its three axes, says who looked.
    pub floats: [f32; 3],
    /// Where it is.
    pub location: Location,
    /// Kilometres per hour.
    pub speed: u16,
    /// Place.
    pub position: u16,
    /// Place in its cup.
    pub cup_position: u16,
    /// Place on the track.
    pub track_position: u16,
    /// How much of the lap is behind it, from 0 to 1.
    pub spline: f32,
    /// Laps completed.
    pub laps: u16,
    /// To its best lap, in milliseconds.
    pub delta_ms: i32,
    /// Its best lap of the session.
    pub best: Lap,
    /// The lap it completed last.
    pub last: Lap,
    /// The lap it is on.
    pub current: Lap,
}

/// The circuit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Track {
    /// The number the game gave.
    pub connection: i32,
    /// Its name.
    pub name: String,
    /// Its number.
    pub id: i32,
    /// How long it is, in metres.
    pub metres: i32,
    /// Sets of cameras, each with its cameras.
    pub cameras: Vec<(String, Vec<String>)>,
    /// Pages over the picture.
    pub hud_pages: Vec<String>,
}

/// A car and its drivers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// What it is called by in updates.
    pub car: u16,
    /// Its model, by number.
    pub model: u8,
    /// Its team.
    pub team: String,
    /// The number on it.
    pub number: i32,
    /// Its cup, by number.
    pub cup: u8,
    /// Who drives, by position.
    pub driver: u8,
    /// Its nationality, by number.
    pub nationality: u16,
    /// Its drivers.
    pub drivers: Vec<Driver>,
}

/// A driver.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Driver {
    /// First name.
    pub first: String,
    /// Family name.
    pub last: String,
    /// Three letters.
    pub short: String,
    /// 0 Bronze, 1 Silver, 2 Gold, 3 Platinum.
    pub category: u8,
    /// Nationality, by number.
    pub nationality: u16,
}

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// In words.
    pub text: String,
    /// When, in milliseconds of a clock of the game's own: said to be that of its replay. From that of the session it is as far away all the time.
    pub time_ms: i32,
    /// Which car, if it is about one.
    pub car: i32,
}

impl Told {
    /// Reads a datagram of the game.
    ///
    /// # Errors
    /// It is none, or ends within a field.
    pub fn decode(bytes: &[u8]) -> Result<Self, Flaw> {
        let mut of = Bytes { rest: bytes };
        let read = Self::read(&mut of).map_err(|why| flaw(bytes, &of, format!("no datagram of the game: it ends within {why}")))?;
        read.ok_or_else(|| flaw(bytes, &of, String::from("no datagram of the game: nobody knows its kind")))
    }

    fn read(of: &mut Bytes<'_>) -> Result<Option<Self>, Short> {
        let kind = of.u8("its kind")?;
        Ok(Some(match kind {
            1 => Self::Registration(Registration {
                connection: of.i32("the connection")?,
                accepted: of.truth("the answer")?,
                access: of.u8("the access")?,
                error: of.text("the error")?,
            }),
            2 => Self::Session(session(of)?),
            3 => Self::Car(car(of)?),
            4 => {
                let (connection, count) = (of.i32("the connection")?, of.u16("the cars")?);
                Self::EntryList { connection, cars: of.list(count.into(), "the cars", |of| of.u16("the cars"))? }
            }
            5 => Self::Track(track(of)?),
            6 => Self::Entry(entry(of)?),
            7 => Self::Event(Event {
                kind: EventKind::of(of.u8("what happened")?),
                text: of.text("the words")?,
                time_ms: of.i32("the time")?,
                car: of.i32("the car")?,
            }),
            _ => return Ok(None),
        }))
    }

    /// The datagram.
    pub fn encode(&self) -> Vec<u8> {
        let mut out;
        match self {
            Self::Registration(of) => {
                out = Out::of(1);
                out.i32(of.connection).truth(of.accepted).u8(of.access).text(&of.error);
            }
            Self::Session(of) => {
                out = Out::of(2);
                write_session(of, &mut out);
            }
            Self::Car(of) => {
                out = Out::of(3);
                write_car(of, &mut out);
            }
            Self::EntryList { connection, cars } => {
                out = Out::of(4);
                let count = u16::try_from(cars.len()).unwrap_or(u16::MAX);
                out.i32(*connection).u16(count);
                cars.iter().take(count.into()).for_each(|car| _ = out.u16(*car));
            }
            Self::Track(of) => {
                out = Out::of(5);
                out.i32(of.connection).text(&of.name).i32(of.id).i32(of.metres);
                out.short_list(&of.cameras, |out, (set, cameras)| {
                    out.text(set).short_list(cameras, |out, camera| _ = out.text(camera));
                });
                out.short_list(&of.hud_pages, |out, page| _ = out.text(page));
            }
            Self::Entry(of) => {
                out = Out::of(6);
                out.u16(of.car).u8(of.model).text(&of.team).i32(of.number).u8(of.cup).u8(of.driver).u16(of.nationality);
                out.short_list(&of.drivers, |out, driver| {
                    out.text(&driver.first).text(&driver.last).text(&driver.short).u8(driver.category).u16(driver.nationality);
                });
            }
            Self::Event(of) => {
                out = Out::of(7);
                out.u8(of.kind.number()).text(&of.text).i32(of.time_ms).i32(of.car);
            }
        }
        out.0
    }
}

fn session(of: &mut Bytes<'_>) -> Result<SessionUpdate, Short> {
    Ok(SessionUpdate {
        event: of.u16("the event")?,
        session: of.u16("the session")?,
        kind: Kind::of(of.u8("what the session is for")?),
        phase: Phase::of(of.u8("the phase")?),
        time_ms: of.f32("the time")?,
        end_ms: of.f32("the end")?,
        focused: of.i32("the car looked at")?,
        camera_set: of.text("the camera")?,
        camera: of.text("the camera")?,
        hud_page: of.text("the page")?,
        replay: if of.truth("the replay")? { Some((of.f32("the replay")?, of.f32("the replay")?)) } else { None },
        time_of_day: of.f32("the time of day")?,
        ambient: of.u8("the weather")?,
        track: of.u8("the weather")?,
        clouds: of.u8("the weather")?,
        rain: of.u8("the weather")?,
        wetness: of.u8("the weather")?,
        best: Lap::read(of)?,
    })
}

fn write_session(of: &SessionUpdate, out: &mut Out) {
    out.u16(of.event).u16(of.session).u8(of.kind.number()).u8(of.phase.number()).f32(of.time_ms).f32(of.end_ms).i32(of.focused);
    out.text(&of.camera_set).text(&of.camera).text(&of.hud_page).truth(of.replay.is_some());
    of.replay.iter().for_each(|(time, remaining)| _ = out.f32(*time).f32(*remaining));
    out.f32(of.time_of_day).u8(of.ambient).u8(of.track).u8(of.clouds).u8(of.rain).u8(of.wetness);
    of.best.write(out);
}

fn car(of: &mut Bytes<'_>) -> Result<CarUpdate, Short> {
    Ok(CarUpdate {
        car: of.u16("the car")?,
        driver: of.u16("the driver")?,
        drivers: of.u8("the drivers")?,
        gear: of.u8("the gear")?,
        floats: [of.f32("its place in the world")?, of.f32("its place in the world")?, of.f32("its place in the world")?],
        location: Location::of(of.u8("where it is")?),
        speed: of.u16("its speed")?,
        position: of.u16("its place")?,
        cup_position: of.u16("its place")?,
        track_position: of.u16("its place")?,
        spline: of.f32("its place in the lap")?,
        laps: of.u16("its laps")?,
        delta_ms: of.i32("its delta")?,
        best: Lap::read(of)?,
        last: Lap::read(of)?,
        current: Lap::read(of)?,
    })
}

fn write_car(of: &CarUpdate, out: &mut Out) {
    out.u16(of.car).u16(of.driver).u8(of.drivers).u8(of.gear);
    of.floats.iter().for_each(|float| _ = out.f32(*float));
    out.u8(of.location.number()).u16(of.speed).u16(of.position).u16(of.cup_position).u16(of.track_position);
    out.f32(of.spline).u16(of.laps).i32(of.delta_ms);
    [&of.best, &of.last, &of.current].into_iter().for_each(|lap| lap.write(out));
}

fn track(of: &mut Bytes<'_>) -> Result<Track, Short> {
    let (connection, name) = (of.i32("the connection")?, of.text("the name")?);
    let (id, metres) = (of.i32("the number of the circuit")?, of.i32("its length")?);
    let sets = of.u8("the cameras")?;
    let cameras = of.list(sets.into(), "the cameras", |of| {
        let (set, count) = (of.text("the cameras")?, of.u8("the cameras")?);
        Ok((set, of.list(count.into(), "the cameras", |of| of.text("the cameras"))?))
    })?;
    let pages = of.u8("the pages")?;
    Ok(Track { connection, name, id, metres, cameras, hud_pages: of.list(pages.into(), "the pages", |of| of.text("the pages"))? })
}

fn entry(of: &mut Bytes<'_>) -> Result<Entry, Short> {
    let (car, model, team) = (of.u16("the car")?, of.u8("the model")?, of.text("the team")?);
    let (number, cup, driver) = (of.i32("the number")?, of.u8("the cup")?, of.u8("the driver")?);
    let (nationality, count) = (of.u16("the nationality")?, of.u8("the drivers")?);
    let drivers = of.list(count.into(), "the drivers", |of| {
        let (first, last, short) = (of.text("a driver")?, of.text("a driver")?, of.text("a driver")?);
        Ok(Driver { first, last, short, category: of.u8("a driver")?, nationality: of.u16("a driver")? })
    })?;
    Ok(Entry { car, model, team, number, cup, driver, nationality, drivers })
}
