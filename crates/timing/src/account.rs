//! What somebody outside tells of one session: a result file of a simulator, a timing company's tables, the log of a scoreboard, a decoder's passings.
//!
//! Every format that tells of a session is read into an [`Account`] and written from one, so that a format knows no other format. Nothing in it is filled in: what a
//! file does not say is `None`, what it says oddly is a [`Note`].

use sport::date::{Instant, Micros};
use sport::grade::Grade;
use sport::result::Finish;
use sport::session::SessionKind;

/// One session as it is told.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Account {
    /// Which session.
    pub about: About,
    /// The cars, in the order they are told.
    pub cars: Vec<Car>,
    /// What it claims the classification is, in its order. Empty where it claims none.
    pub claims: Vec<Claim>,
    /// The laps, in the order they are told; of one car by number.
    pub laps: Vec<Lap>,
    /// The laps are told as they were completed, over all cars: who comes first of two with the same lap completed it first.
    pub laps_as_completed: bool,
    /// Passings of lines, by time, where it tells them.
    pub crossings: Vec<Crossing>,
    /// Penalties it tells of.
    pub penalties: Vec<Penalty>,
    /// Flags, by time.
    pub flags: Vec<Flown>,
    /// What race control said, in words.
    pub messages: Vec<Message>,
    /// Stops in the pit lane, where it tells them apart from laps.
    pub stops: Vec<Stop>,
    /// The weather, by time.
    pub weather: Vec<Weather>,
    /// What is odd in it: nothing of it stops the reading.
    pub notes: Vec<Note>,
}

/// Which session an account is of, as far as it says.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct About {
    /// The competition the event is part of: a championship, a league.
    pub competition: Option<String>,
    /// The event or meeting.
    pub event: Option<String>,
    /// The session's name as printed: `Race 1`, `FP`.
    pub session: Option<String>,
    /// The circuit as the file names it.
    pub track: Option<String>,
    /// What the session is for.
    pub kind: Option<SessionKind>,
    /// First, second, … of its kind, from 1, where it says so.
    pub number: Option<u16>,
    /// When it started.
    pub began: Option<Instant>,
    /// When its result was written, where the file says that and not when it began.
    pub written: Option<Instant>,
    /// How long it was to be.
    pub planned: Option<Micros>,
    /// Laps it was to be.
    pub planned_laps: Option<u32>,
    /// It was wet.
    pub wet: Option<bool>,
    /// The server or the publisher.
    pub publisher: Option<String>,
}

/// A car of an account.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Car {
    /// The number on it, as printed: `007` is not `7`.
    pub number: String,
    /// What the file calls it, where that is not the number: an id of a server, a registration.
    pub key: Option<String>,
    /// Its transponder.
    pub transponder: Option<String>,
    /// The class.
    pub class: Option<String>,
    /// The cup or group inside the class.
    pub cup: Option<String>,
    /// The team.
    pub team: Option<String>,
    /// The model as the file names it.
    pub model: Option<String>,
    /// The manufacturer.
    pub maker: Option<String>,
    /// Of the car or its team, as printed.
    pub nationality: Option<String>,
    /// The drivers.
    pub drivers: Vec<Driver>,
    /// Ballast in grams: what the car carries beside what its model has to.
    pub ballast_g: Option<i64>,
    /// Ballast in grams that a balance of performance asks of its model; negative where weight may be taken out.
    pub balance_g: Option<i64>,
    /// Restrictor of a simulator, in hundredths of a per cent.
    pub restrictor: Option<u32>,
    /// Its place on the grid.
    pub grid: Option<u16>,
}

/// A driver of an account.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Driver {
    /// The name as printed, first name first.
    pub name: String,
    /// First name, where it is told apart.
    pub first: Option<String>,
    /// Family name, where it is told apart.
    pub last: Option<String>,
    /// Three letters.
    pub short: Option<String>,
    /// The player's account in a simulator, or an id of a timing company: the same in every file of the same source.
    pub id: Option<String>,
    /// As printed.
    pub nationality: Option<String>,
    /// The grade, where the file says one.
    pub grade: Option<Grade>,
}

/// What an account says of a car's result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim {
    /// Position in [`Account::cars`].
    pub car: usize,
    /// How it ended, where the file says so: [`Finish::Unknown`] where it only lists the car.
    pub finish: Finish,
    /// What the file calls that.
    pub status: Option<String>,
    /// Place among all cars.
    pub place: Option<u16>,
    /// Place in the class.
    pub class_place: Option<u16>,
    /// Laps completed.
    pub laps: Option<u32>,
    /// Total time of a race, penalties included where the publisher includes them.
    pub time: Option<Micros>,
    /// Behind the first on the same lap.
    pub gap: Option<Micros>,
    /// Laps behind the first.
    pub laps_down: Option<u32>,
    /// Best lap.
    pub best: Option<Micros>,
    /// The number of the best lap, from 1.
    pub best_lap: Option<u32>,
    /// Stops.
    pub stops: Option<u32>,
    /// Incident points that the simulator counted.
    pub incidents: Option<u32>,
    /// Who drove how long, positions in [`Car::drivers`].
    pub drove: Vec<(usize, Micros)>,
}

impl Claim {
    /// A claim that says only that the car was there.
    pub fn of(car: usize) -> Self {
        Self {
            car,
            finish: Finish::Unknown,
            status: None,
            place: None,
            class_place: None,
            laps: None,
            time: None,
            gap: None,
            laps_down: None,
            best: None,
            best_lap: None,
            stops: None,
            incidents: None,
            drove: Vec::new(),
        }
    }
}

/// A lap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lap {
    /// Position in [`Account::cars`].
    pub car: usize,
    /// From 1. Of a car none is told twice, but some may be missing.
    pub number: u32,
    /// Position in [`Car::drivers`].
    pub driver: Option<usize>,
    /// What it took. `None` where the file has none, or one that is no lap time (the first of a session on some servers).
    pub time: Option<Micros>,
    /// Its sectors, in driving order.
    pub sectors: Vec<Option<Micros>>,
    /// From the start of the session to its end.
    pub elapsed: Option<Micros>,
    /// When it ended, by the publisher's clock.
    pub ended: Option<Instant>,
    /// Whether it may be the best lap.
    pub valid: bool,
    /// It ended in the pit lane.
    pub into_pit: bool,
    /// How long the car was in the pit lane, on the lap that left it.
    pub in_pit: Option<Micros>,
    /// What was shown when it ended.
    pub flag: Option<Flag>,
    /// The highest speed in it, in hundredths of a kilometre per hour.
    pub top_speed: Option<u32>,
}

impl Lap {
    /// A lap of which only the number is known. It may be the best.
    pub fn of(car: usize, number: u32) -> Self {
        Self {
            car,
            number,
            driver: None,
            time: None,
            sectors: Vec::new(),
            elapsed: None,
            ended: None,
            valid: true,
            into_pit: false,
            in_pit: None,
            flag: None,
            top_speed: None,
        }
    }
}

/// A car over a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Crossing {
    /// When, by the source's clock.
    pub at: Instant,
    /// The line or loop as the source names it; the only one where it names none.
    pub line: Option<String>,
    /// The transponder or start number as the source prints it.
    pub transponder: String,
}

/// A flag.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Flag {
    /// Racing.
    Green,
    /// Yellow, of which it is not said whether it is for the whole course.
    Yellow,
    /// Full-course yellow, or virtual safety car.
    FullCourseYellow,
    /// Safety car.
    SafetyCar,
    /// Red: stopped.
    Red,
    /// White: the last lap.
    White,
    /// Chequered.
    Chequered,
}

/// A flag from a moment on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flown {
    /// From the start of the session.
    pub elapsed: Option<Micros>,
    /// By the publisher's clock.
    pub at: Option<Instant>,
    /// Which.
    pub flag: Flag,
}

/// Race control, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// From the start of the session.
    pub elapsed: Option<Micros>,
    /// By the publisher's clock.
    pub at: Option<Instant>,
    /// As printed.
    pub text: String,
}

/// What kind of penalty.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PenaltyKind {
    /// Through the pit lane without a stop.
    DriveThrough,
    /// A stop of so long.
    StopAndGo(Micros),
    /// Added to the time of the race.
    Time(Micros),
    /// The best lap, or the lap it was for, is taken away.
    LapDeleted,
    /// Disqualified.
    Disqualified,
    /// Noted, without one.
    Warning,
    /// Of a kind that is only in the words.
    Other,
}

/// A penalty an account tells of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Penalty {
    /// Position in [`Account::cars`].
    pub car: usize,
    /// Position in [`Car::drivers`].
    pub driver: Option<usize>,
    /// What.
    pub kind: PenaltyKind,
    /// As the file words it.
    pub words: String,
    /// In which lap, from 1.
    pub lap: Option<u32>,
    /// In which lap it was served; not, or turned into another one, where `None`.
    pub served: Option<u32>,
    /// Given after the race.
    pub after: bool,
    /// The claimed total time contains it already.
    pub contained: bool,
}

/// A stop in the pit lane.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stop {
    /// Position in [`Account::cars`].
    pub car: usize,
    /// Into the pit lane, from the start of the session.
    pub entry: Option<Micros>,
    /// Out of it.
    pub exit: Option<Micros>,
    /// Into the pit lane, by the publisher's clock.
    pub entry_at: Option<Instant>,
    /// Out of it, by the publisher's clock.
    pub exit_at: Option<Instant>,
    /// In the lane, as told.
    pub time: Option<Micros>,
    /// Who came in, position in [`Car::drivers`].
    pub driver_in: Option<usize>,
    /// Who went out.
    pub driver_out: Option<usize>,
    /// In which lap it came in.
    pub lap: Option<u32>,
    /// Why, as told.
    pub reason: Option<String>,
}

/// The weather at a moment.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Weather {
    /// By the publisher's clock.
    pub at: Option<Instant>,
    /// Air in hundredths of a degree, of the unit the publisher uses.
    pub air: Option<i32>,
    /// Track in hundredths of a degree, of the unit the publisher uses.
    pub track: Option<i32>,
    /// Humidity in hundredths of a per cent.
    pub humidity: Option<u32>,
    /// Pressure in thousandths of the unit the publisher uses.
    pub pressure: Option<u32>,
    /// Wind in hundredths of the unit the publisher uses.
    pub wind_speed: Option<u32>,
    /// Where it comes from, in degrees.
    pub wind_direction: Option<u16>,
    /// It rains.
    pub rain: Option<bool>,
}

/// Something odd in an account that did not stop the reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// One word for it, for programs: `first-lap-untimed`.
    pub code: &'static str,
    /// The car, position in [`Account::cars`].
    pub car: Option<usize>,
    /// Where in the file, from 1.
    pub line: Option<u64>,
    /// In a sentence without an end.
    pub says: String,
}

impl Account {
    /// The car with a number, or what the file calls it.
    pub fn car(&self, key: &str) -> Option<usize> {
        self.cars.iter().position(|car| car.key.as_deref().unwrap_or(&car.number) == key)
    }

    /// The laps of a car, in order.
    pub fn laps_of(&self, car: usize) -> impl Iterator<Item = &Lap> {
        self.laps.iter().filter(move |lap| lap.car == car)
    }

    /// Brings the laps of every car into the order of their numbers, where they are told in another; of two with the same number the first stays, and the other is
    /// noted.
    pub fn number_laps(&mut self) {
        let mut last = vec![0; self.cars.len()];
        let ascending = self.laps.iter().all(|lap| std::mem::replace(&mut last[lap.car], lap.number) < lap.number);
        if ascending {
            return;
        }
        self.laps.sort_by_key(|lap| (lap.car, lap.number));
        self.laps_as_completed = false;
        let notes = &mut self.notes;
        self.laps.dedup_by(|later, first| {
            let twice = (later.car, later.number) == (first.car, first.number);
            if twice {
                let says = format!("lap {} is told twice; the first counts", later.number);
                notes.push(Note { code: "lap-twice", car: Some(later.car), line: None, says });
            }
            twice
        });
    }
}
