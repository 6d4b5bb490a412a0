//! Messages to the game.

use super::wire::{Bytes, Out, Short};
use super::{VERSION, flaw};
use crate::flaw::Flaw;

/// A message to the game.
#[derive(Clone, PartialEq, Debug)]
pub enum Request {
    /// Asks to be told what happens.
    Register {
        /// What the game shows of who asks.
        name: String,
        /// The game's `connectionPassword`.
        password: String,
        /// How often, in milliseconds. Below 30 nothing comes.
        interval_ms: i32,
        /// The game's `commandPassword`: without it cameras cannot be moved, and everything is told all the same.
        command_password: String,
    },
    /// Says that nobody listens any more.
    Unregister {
        /// The number the game gave.
        connection: i32,
    },
    /// Asks for the cars.
    EntryList {
        /// The number the game gave.
        connection: i32,
    },
    /// Asks for the circuit.
    TrackData {
        /// The number the game gave.
        connection: i32,
    },
    /// Shows another page over the picture.
    HudPage {
        /// The number the game gave.
        connection: i32,
        /// Its name.
        page: String,
    },
    /// Looks at another car, or with another camera.
    Focus {
        /// The number the game gave.
        connection: i32,
        /// Which car.
        car: Option<u16>,
        /// Set of cameras, and camera.
        camera: Option<(String, String)>,
    },
    /// Shows what was.
    Replay {
        /// The number the game gave.
        connection: i32,
        /// From when of the session, in milliseconds.
        start_ms: f32,
        /// For how long, in milliseconds.
        duration_ms: f32,
        /// Looking at which car.
        car: i32,
        /// Set of cameras.
        camera_set: String,
        /// Camera.
        camera: String,
    },
}

impl Request {
    /// Reads a datagram to the game.
    ///
    /// # Errors
    /// It is none, or ends within a field.
    pub fn decode(bytes: &[u8]) -> Result<Self, Flaw> {
        let mut of = Bytes { rest: bytes };
        let read = Self::read(&mut of).map_err(|why| flaw(bytes, &of, format!("no datagram to the game: it ends within {why}")))?;
        read.ok_or_else(|| flaw(bytes, &of, String::from("no datagram to the game: nobody knows its kind")))
    }

    fn read(of: &mut Bytes<'_>) -> Result<Option<Self>, Short> {
        let kind = of.u8("its kind")?;
        Ok(Some(match kind {
            1 => {
                of.u8("the version")?;
                let (name, password) = (of.text("the name")?, of.text("the password")?);
                let interval_ms = of.i32("the interval")?;
                Self::Register { name, password, interval_ms, command_password: of.text("the password")? }
            }
            9 => Self::Unregister { connection: of.i32("the connection")? },
            10 => Self::EntryList { connection: of.i32("the connection")? },
            11 => Self::TrackData { connection: of.i32("the connection")? },
            49 => Self::HudPage { connection: of.i32("the connection")?, page: of.text("the page")? },
            50 => {
                let connection = of.i32("the connection")?;
                let car = if of.truth("the car")? { Some(of.u16("the car")?) } else { None };
                let camera = if of.truth("the camera")? { Some((of.text("the camera")?, of.text("the camera")?)) } else { None };
                Self::Focus { connection, car, camera }
            }
            51 => Self::Replay {
                connection: of.i32("the connection")?,
                start_ms: of.f32("the start")?,
                duration_ms: of.f32("the duration")?,
                car: of.i32("the car")?,
                camera_set: of.text("the camera")?,
                camera: of.text("the camera")?,
            },
            _ => return Ok(None),
        }))
    }

    /// The datagram.
    pub fn encode(&self) -> Vec<u8> {
        let mut out;
        match self {
            Self::Register { name, password, interval_ms, command_password } => {
                out = Out::of(1);
                out.u8(VERSION).text(name).text(password).i32(*interval_ms).text(command_password);
            }
            Self::Unregister { connection } => {
                out = Out::of(9);
                out.i32(*connection);
            }
            Self::EntryList { connection } => {
                out = Out::of(10);
                out.i32(*connection);
            }
            Self::TrackData { connection } => {
                out = Out::of(11);
                out.i32(*connection);
            }
            Self::HudPage { connection, page } => {
                out = Out::of(49);
                out.i32(*connection).text(page);
            }
            Self::Focus { connection, car, camera } => {
                out = Out::of(50);
                out.i32(*connection).truth(car.is_some());
                car.iter().for_each(|car| _ = out.u16(*car));
                out.truth(camera.is_some());
                camera.iter().for_each(|(set, camera)| _ = out.text(set).text(camera));
            }
            Self::Replay { connection, start_ms, duration_ms, car, camera_set, camera } => {
                out = Out::of(51);
                out.i32(*connection).f32(*start_ms).f32(*duration_ms).i32(*car).text(camera_set).text(camera);
            }
        }
        out.0
    }
}
