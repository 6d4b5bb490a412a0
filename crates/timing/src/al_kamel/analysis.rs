//! `23_Analysis…` and `23_Time Cards…`: every lap of every car, one car after the other.
//!
//! The time in the pit lane is on the lap that left it, and so is a change of drivers. The flag is the one shown when the car crossed the line, so a lap that began under
//! green can have another. WEC adds its sectors in seconds, SRO and the GR Cup intermediate times too: they stay in the table, as everything that is not read.

use std::collections::BTreeMap;

use sport::date::Micros;

use super::{SHAPE, flag, maybe, note, some, time};
use crate::account::{Account, Car, Driver, Lap};
use crate::clock::Clock;
use crate::flaw::Flaw;
use crate::table::{self, Row, Table};
use crate::written::{decimal, printed, printed_decimal, printed_hours};

/// The columns as the files have them, blanks and all; an empty one ends each row.
const HEADER: [&str; 27] = [
    "NUMBER",
    " DRIVER_NUMBER",
    " LAP_NUMBER",
    " LAP_TIME",
    " LAP_IMPROVEMENT",
    " CROSSING_FINISH_LINE_IN_PIT",
    " S1",
    " S1_IMPROVEMENT",
    " S2",
    " S2_IMPROVEMENT",
    " S3",
    " S3_IMPROVEMENT",
    " KPH",
    " ELAPSED",
    " HOUR",
    "S1_LARGE",
    "S2_LARGE",
    "S3_LARGE",
    "TOP_SPEED",
    "DRIVER_NAME",
    "PIT_TIME",
    "CLASS",
    "GROUP",
    "TEAM",
    "MANUFACTURER",
    "FLAG_AT_FL",
    "",
];

/// Whether bytes are the beginning of one.
pub fn is(bytes: &[u8]) -> bool {
    table::has(bytes, &["NUMBER", "LAP_NUMBER", "LAP_TIME", "CROSSING_FINISH_LINE_IN_PIT", "FLAG_AT_FL"])
}

/// The laps of a session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Analysis {
    table: Table,
    columns: Columns,
}

/// A row: one lap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timed<'t> {
    /// The car's number, as printed.
    pub number: &'t str,
    /// The driver's number in the crew, from 1.
    pub driver_number: Option<u32>,
    /// The driver; some files are without names.
    pub driver: &'t str,
    /// The lap, from 1.
    pub lap: u32,
    /// What it took.
    pub time: Option<Micros>,
    /// It ended in the pit lane.
    pub into_pit: bool,
    /// Its sectors.
    pub sectors: [Option<Micros>; 3],
    /// From the start of the session to its end: the sum of the laps so far.
    pub elapsed: Option<Micros>,
    /// When it ended, since midnight.
    pub hour: Option<Micros>,
    /// The highest speed in it, in hundredths of a kilometre per hour.
    pub top_speed: Option<u32>,
    /// How long the car was in the pit lane, on the lap that left it.
    pub in_pit: Option<Micros>,
    /// The class.
    pub class: &'t str,
    /// The group in the class.
    pub group: &'t str,
    /// The team.
    pub team: &'t str,
    /// The manufacturer.
    pub maker: &'t str,
    /// The code of the flag shown when it ended.
    pub flag: &'t str,
    /// Its line in the file.
    pub line: u64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Columns {
    number: usize,
    lap: usize,
    time: usize,
    into_pit: usize,
    flag: usize,
    driver_number: Option<usize>,
    driver: Option<usize>,
    sectors: [Option<usize>; 3],
    elapsed: Option<usize>,
    hour: Option<usize>,
    top_speed: Option<usize>,
    in_pit: Option<usize>,
    class: Option<usize>,
    group: Option<usize>,
    team: Option<usize>,
    maker: Option<usize>,
}

impl Columns {
    fn of(table: &Table) -> Result<Self, Flaw> {
        Ok(Self {
            number: table.needed("NUMBER")?,
            lap: table.needed("LAP_NUMBER")?,
            time: table.needed("LAP_TIME")?,
            into_pit: table.needed("CROSSING_FINISH_LINE_IN_PIT")?,
            flag: table.needed("FLAG_AT_FL")?,
            driver_number: table.column("DRIVER_NUMBER"),
            driver: table.column("DRIVER_NAME"),
            sectors: ["S1", "S2", "S3"].map(|name| table.column(name)),
            elapsed: table.column("ELAPSED"),
            hour: table.column("HOUR"),
            top_speed: table.column("TOP_SPEED"),
            in_pit: table.column("PIT_TIME"),
            class: table.column("CLASS"),
            group: table.column("GROUP"),
            team: table.column("TEAM"),
            maker: table.column("MANUFACTURER"),
        })
    }

    fn read<'t>(&self, row: Row<'t>) -> Result<Timed<'t>, String> {
        let number = row.cell(self.number).trim();
        if number.is_empty() {
            return Err(String::from("it has no car number"));
        }
        let lap = row.cell(self.lap).trim();
        let lap = lap.parse().ok().filter(|lap| *lap > 0).ok_or_else(|| format!("the lap is `{lap}`, and that is no number from 1"))?;
        let speed = |cell: &str| decimal(cell, 2).and_then(|speed| u32::try_from(speed).ok());
        let [first, second, third] = self.sectors;
        Ok(Timed {
            number,
            driver_number: maybe(row.of(self.driver_number), "the driver's number", |cell| cell.parse().ok())?,
            driver: row.of(self.driver),
            lap,
            time: maybe(row.cell(self.time).trim(), "the lap time", time)?,
            into_pit: row.cell(self.into_pit).trim() == "B",
            sectors: [
                maybe(row.of(first), "the first sector", time)?,
                maybe(row.of(second), "the second sector", time)?,
                maybe(row.of(third), "the third sector", time)?,
            ],
            elapsed: maybe(row.of(self.elapsed), "the time from the start", time)?,
            hour: maybe(row.of(self.hour), "the time of day", time)?,
            top_speed: maybe(row.of(self.top_speed), "the top speed", speed)?,
            in_pit: maybe(row.of(self.in_pit), "the time in the pit lane", time)?,
            class: row.of(self.class),
            group: row.of(self.group),
            team: row.of(self.team),
            maker: row.of(self.maker),
            flag: row.cell(self.flag).trim(),
            line: row.line(),
        })
    }
}

impl Analysis {
    /// From the bytes of a file.
    ///
    /// # Errors
    /// It is no table, or lacks a column that no analysis is without.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let (mut table, mut flaws) = Table::decode(bytes)?;
        let columns = Columns::of(&table)?;
        flaws.extend(table.without_uneven());
        flaws.extend(table.sift(|row| columns.read(row).map(|_| ())));
        Ok((Self { table, columns }, flaws))
    }

    /// The bytes of the file.
    pub fn encode(&self) -> Vec<u8> {
        self.table.encode()
    }

    /// The laps as they are told.
    pub fn laps(&self) -> impl Iterator<Item = Timed<'_>> {
        self.table.body().map(|row| self.columns.read(row).expect("a row that cannot be read was taken out"))
    }

    /// What it tells.
    pub fn account(&self) -> Account {
        let mut told = Told::default();
        self.laps().for_each(|lap| told.lap(&lap));
        told.account()
    }

    /// The laps of an account. It has no place for cars without a lap; a driver's number is his place in the crew.
    pub fn of(account: &Account) -> Self {
        let mut table = Table::new(SHAPE);
        table.push(HEADER);
        let mut laps: Vec<Vec<&Lap>> = vec![Vec::new(); account.cars.len()];
        account.laps.iter().for_each(|lap| laps[lap.car].push(lap));
        for lap in laps.into_iter().flatten() {
            table.push(cells(&account.cars[lap.car], lap));
        }
        let columns = Columns::of(&table).expect("its header has every column");
        Self { table, columns }
    }
}

/// The cells of a lap.
fn cells(car: &Car, lap: &Lap) -> [String; 27] {
    let text = |of: &Option<String>| of.clone().unwrap_or_default();
    let time = |of: Option<Micros>| of.map(printed).unwrap_or_default();
    let sector = |nth: usize| lap.sectors.get(nth).copied().flatten();
    // Minutes always.
    let large = |nth: usize| {
        let minutes = |time: Micros| if time.0 < 60_000_000 { format!("0:{:0>6}", printed(time)) } else { printed(time) };
        sector(nth).map(minutes).unwrap_or_default()
    };
    let driver = lap.driver.and_then(|driver| Some((driver + 1, car.drivers.get(driver)?)));
    let none = String::new;
    [
        car.number.clone(),
        driver.map(|(number, _)| number.to_string()).unwrap_or_default(),
        lap.number.to_string(),
        time(lap.time),
        String::from("0"),
        if lap.into_pit { String::from("B") } else { none() },
        time(sector(0)),
        String::from("0"),
        time(sector(1)),
        String::from("0"),
        time(sector(2)),
        String::from("0"),
        none(),
        time(lap.elapsed),
        lap.ended.map(Clock::printed).unwrap_or_default(),
        large(0),
        large(1),
        large(2),
        lap.top_speed.map(|speed| printed_decimal(i64::from(speed), 2)).unwrap_or_default(),
        driver.map(|(_, driver)| driver.name.clone()).unwrap_or_default(),
        lap.in_pit.map(printed_hours).unwrap_or_default(),
        text(&car.class),
        text(&car.cup),
        text(&car.team),
        text(&car.maker),
        lap.flag.and_then(super::code).unwrap_or_default().to_owned(),
        none(),
    ]
}

/// What was told so far.
#[derive(Default)]
struct Told<'t> {
    account: Account,
    /// By number.
    cars: BTreeMap<&'t str, usize>,
    crews: Vec<Crew<'t>>,
    /// Flags by a code that is not known: how many laps, and the line of the first.
    unknown: BTreeMap<&'t str, (usize, u64)>,
    clock: Clock,
}

/// A car so far.
#[derive(Default)]
struct Crew<'t> {
    /// Driver number and name, with which of the crew that is as they came.
    drivers: BTreeMap<(u32, &'t str), usize>,
    /// What its first row says of it.
    about: [&'t str; 4],
    /// The sum of its laps; none after one that is not said, or that the file sums up otherwise.
    sum: Option<i64>,
}

impl<'t> Told<'t> {
    fn lap(&mut self, row: &Timed<'t>) {
        let before = self.account.laps.last().map(|lap| lap.car);
        let car = match before {
            Some(last) if self.account.cars[last].number == row.number => last,
            _ => self.car(row),
        };
        if before != Some(car) && row.elapsed.is_none() {
            // The first laps of each car are on the first day.
            self.clock = Clock::default();
        }
        self.about(car, row);
        let sectors = if row.sectors == [None; 3] { Vec::new() } else { row.sectors.to_vec() };
        let flag = flag(row.flag);
        if flag.is_none() && !row.flag.is_empty() {
            self.unknown.entry(row.flag).or_insert((0, row.line)).0 += 1;
        }
        let driver = self.driver(car, row);
        let ended = row.hour.map(|hour| self.clock.reading(hour, row.elapsed));
        self.account.laps.push(Lap {
            driver,
            time: row.time,
            sectors,
            elapsed: row.elapsed,
            ended,
            into_pit: row.into_pit,
            in_pit: row.in_pit,
            flag,
            top_speed: row.top_speed,
            ..Lap::of(car, row.lap)
        });
    }

    fn car(&mut self, row: &Timed<'t>) -> usize {
        *self.cars.entry(row.number).or_insert_with(|| {
            self.account.cars.push(Car {
                number: row.number.to_owned(),
                class: some(row.class),
                cup: some(row.group),
                team: some(row.team),
                maker: some(row.maker),
                ..Car::default()
            });
            self.crews.push(Crew { about: [row.class, row.group, row.team, row.maker], sum: Some(0), ..Crew::default() });
            self.crews.len() - 1
        })
    }

    /// Whether a row says of its car and of the sum of its laps what those before said; what it does not is told once.
    fn about(&mut self, car: usize, row: &Timed<'t>) {
        let crew = &mut self.crews[car];
        let about = [row.class, row.group, row.team, row.maker];
        if about != crew.about {
            let says =
                format!("from lap {} on it is told as {}, before as {}; the first counts", row.lap, about.join(" "), crew.about.join(" "));
            self.account.notes.push(note("car-changes", Some(car), Some(row.line), says));
            crew.about = about;
        }
        let sum = crew.sum.zip(row.time).map(|(sum, time)| sum.saturating_add(time.0));
        crew.sum = match (sum, row.elapsed) {
            (Some(sum), Some(elapsed)) if sum != elapsed.0 => {
                let says = format!(
                    "at the end of lap {} its laps are {}, and the time from the start {}",
                    row.lap,
                    printed(Micros(sum)),
                    printed(elapsed)
                );
                self.account.notes.push(note("elapsed-differs", Some(car), Some(row.line), says));
                None
            }
            (sum, _) => sum,
        };
    }

    /// Which of the crew drove, by the order in which they are told.
    fn driver(&mut self, car: usize, row: &Timed<'t>) -> Option<usize> {
        if row.driver.is_empty() {
            return None;
        }
        let drivers = &mut self.crews[car].drivers;
        let number = row.driver_number.unwrap_or(u32::MAX);
        if let Some(known) = drivers.get(&(number, row.driver)) {
            return Some(*known);
        }
        let same = drivers.range((number, "")..).next().filter(|((of, _), _)| *of == number && number != u32::MAX);
        if let Some(((_, name), _)) = same {
            let says = format!("driver {number} is {name}, and from lap {} on {}: taken as two", row.lap, row.driver);
            self.account.notes.push(note("driver-changes", Some(car), Some(row.line), says));
        }
        drivers.insert((number, row.driver), drivers.len());
        Some(drivers.len() - 1)
    }

    /// Drivers are counted by their numbers, whoever of them drove first.
    fn account(mut self) -> Account {
        let mut places: Vec<Vec<usize>> = Vec::new();
        for (car, crew) in self.account.cars.iter_mut().zip(&self.crews) {
            let named = |(_, name): &(u32, &str)| Driver { name: (*name).to_owned(), ..Driver::default() };
            car.drivers = crew.drivers.keys().map(named).collect();
            let mut of_crew = vec![0; crew.drivers.len()];
            crew.drivers.values().enumerate().for_each(|(place, came)| of_crew[*came] = place);
            places.push(of_crew);
        }
        for lap in &mut self.account.laps {
            lap.driver = lap.driver.map(|driver| places[lap.car][driver]);
        }
        for (flag, (laps, line)) in self.unknown {
            let says = format!("flag `{flag}` is none that is known; {laps} laps end under it, the first in this line");
            self.account.notes.push(note("flag-unknown", None, Some(line), says));
        }
        self.account.number_laps();
        self.account
    }
}
