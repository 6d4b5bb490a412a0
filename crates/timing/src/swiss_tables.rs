//! Two reports of Swiss Timing as tables: `…PitStopsCsv…`, the stops of a race, and `…SectorListCSV…`, every lap with its sectors.
//!
//! Written from how others describe and read them; no capture may be kept. Cells are separated by `;` in Western European letters, and the header of the list of sectors
//! comes again every ten rows. Neither knows a position: cars are by number.

use std::collections::HashMap;

use sport::date::{Instant, Micros};

use crate::account::{Account, Car, Driver, Lap, Note, Stop};
use crate::clock::Clock;
use crate::encoding::Encoding;
use crate::flaw::Flaw;
use crate::table::{self, LineEnd, Row, Shape, Table};
use crate::written::{decimal, printed, printed_decimal, time};

const SHAPE: Shape = Shape { encoding: Encoding::Latin1, separator: b';', line_end: LineEnd::CrLf, ended: true };
const STOPS: [&str; 10] =
    ["Nr", "Driver in", "Day time in", "Time in", "Driver out", "Day time out", "Time out", "Nett Time", "Reason", "Lap In"];
const LAPS: [&str; 16] = [
    "Bib",
    "Class",
    "Driver1",
    "Driver2",
    "Driver3",
    "Driver4",
    "Car",
    "Lap",
    "Time",
    "Sector1Time",
    "SpeedTrap1",
    "Sector2Time",
    "SpeedTrap2",
    "Sector3Time",
    "SpeedTrap3",
    "TopSpeed",
];
/// Rows between two headers of a list of sectors.
const BETWEEN_HEADERS: usize = 10;

/// Whether bytes are the beginning of a report of stops.
pub fn is_stops(bytes: &[u8]) -> bool {
    table::has(bytes, &["NR", "DRIVER IN", "TIME IN", "TIME OUT", "NETT TIME"])
}

/// Whether bytes are the beginning of a list of sectors.
pub fn is_sectors(bytes: &[u8]) -> bool {
    table::has(bytes, &["BIB", "LAP", "TIME", "SECTOR1TIME"])
}

/// The stops of a race.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PitStops {
    table: Table,
    columns: [usize; 10],
}

/// Every lap with its sectors.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SectorList {
    table: Table,
    columns: [Option<usize>; 16],
}

fn span(cell: &str, what: &str) -> Result<Option<Micros>, String> {
    match time(cell).filter(|time| time.0 >= 0) {
        None if !cell.is_empty() => Err(format!("the {what} is `{}`, and that is no time", cell.chars().take(40).collect::<String>())),
        time => Ok(time),
    }
}

/// A stop, its car by number and its drivers by name.
struct OfStop<'t> {
    number: &'t str,
    driver_in: &'t str,
    driver_out: &'t str,
    day_in: Option<Micros>,
    day_out: Option<Micros>,
    stop: Stop,
}

impl<'t> OfStop<'t> {
    fn read(row: Row<'t>, columns: &[usize; 10]) -> Result<Self, String> {
        let [number, driver_in, day_in, time_in, driver_out, day_out, time_out, nett, reason, lap] =
            columns.map(|column| row.cell(column).trim());
        if number.is_empty() {
            return Err(String::from("it has no car number"));
        }
        let stop = Stop {
            car: 0,
            entry: span(time_in, "time in")?,
            exit: span(time_out, "time out")?,
            entry_at: None,
            exit_at: None,
            time: span(nett, "net time")?,
            driver_in: None,
            driver_out: None,
            lap: (!lap.is_empty()).then(|| lap.parse().map_err(|_| format!("the lap is `{lap}`, and that is no number"))).transpose()?,
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
        };
        let (day_in, day_out) = (span(day_in, "time of day in")?, span(day_out, "time of day out")?);
        Ok(Self { number, driver_in, driver_out, day_in, day_out, stop })
    }
}

impl PitStops {
    /// From the bytes of a file.
    ///
    /// # Errors
    /// It is no table, or lacks a column.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let (mut table, mut flaws) = Table::decode(bytes)?;
        let columns = Self::columns(&table)?;
        flaws.extend(table.without_uneven());
        flaws.extend(table.sift(|row| OfStop::read(row, &columns).map(|_| ())));
        Ok((Self { table, columns }, flaws))
    }

    fn columns(table: &Table) -> Result<[usize; 10], Flaw> {
        let mut columns = [0; 10];
        for (column, name) in columns.iter_mut().zip(STOPS) {
            *column = table.needed(name)?;
        }
        Ok(columns)
    }

    /// The bytes of the file.
    pub fn encode(&self) -> Vec<u8> {
        self.table.encode()
    }

    /// What it tells. A car that came in and stayed has no way out.
    pub fn account(&self) -> Account {
        let (mut account, mut known, mut crews, mut clock) = (Account::default(), HashMap::new(), HashMap::new(), Clock::default());
        for row in self.table.body() {
            let of = OfStop::read(row, &self.columns).expect("a row that cannot be read was taken out");
            let mut stop = of.stop;
            stop.car = *known.entry(of.number).or_insert_with(|| {
                account.cars.push(Car { number: of.number.to_owned(), ..Car::default() });
                account.cars.len() - 1
            });
            let crew = &mut account.cars[stop.car].drivers;
            let mut aboard = |name| aboard(crew, &mut crews, stop.car, name);
            (stop.driver_in, stop.driver_out) = (aboard(of.driver_in), aboard(of.driver_out));
            stop.entry_at = of.day_in.map(|at| clock.reading(at, stop.entry));
            stop.exit_at = of.day_out.map(|at| clock.reading(at, stop.exit));
            if let (Some(entry), Some(exit), Some(time)) = (stop.entry, stop.exit, stop.time)
                && exit.0 - entry.0 != time.0
            {
                let says = format!("in at {}, out at {}, and {} between them is claimed", printed(entry), printed(exit), printed(time));
                account.notes.push(Note { code: "stop-differs", car: Some(stop.car), line: Some(row.line()), says });
            }
            account.stops.push(stop);
        }
        account
    }

    /// The stops of an account.
    pub fn of(account: &Account) -> Self {
        let mut table = Table::new(SHAPE);
        table.push(STOPS);
        for stop in &account.stops {
            let car = &account.cars[stop.car];
            let name =
                |driver: Option<usize>| driver.and_then(|driver| car.drivers.get(driver)).map(|of| of.name.clone()).unwrap_or_default();
            let time = |of: Option<Micros>| of.map(printed).unwrap_or_default();
            let clock = |of: Option<Instant>| of.map(Clock::printed).unwrap_or_default();
            table.push([
                car.number.clone(),
                name(stop.driver_in),
                clock(stop.entry_at),
                time(stop.entry),
                name(stop.driver_out),
                clock(stop.exit_at),
                time(stop.exit),
                time(stop.time),
                stop.reason.clone().unwrap_or_default(),
                stop.lap.map(|lap| lap.to_string()).unwrap_or_default(),
            ]);
        }
        let columns = Self::columns(&table).expect("its header has every column");
        Self { table, columns }
    }
}

/// Who of a car's crew has a name, which is added where nobody has.
fn aboard<'t>(crew: &mut Vec<Driver>, known: &mut HashMap<(usize, &'t str), usize>, car: usize, name: &'t str) -> Option<usize> {
    let mut added = || {
        crew.push(Driver { name: name.to_owned(), ..Driver::default() });
        crew.len() - 1
    };
    (!name.is_empty()).then(|| *known.entry((car, name)).or_insert_with(&mut added))
}

/// A lap, its car as the row says it.
struct OfLap<'t> {
    number: &'t str,
    class: &'t str,
    model: &'t str,
    drivers: [&'t str; 4],
    lap: Lap,
}

impl<'t> OfLap<'t> {
    fn read(row: Row<'t>, columns: &[Option<usize>; 16]) -> Result<Self, String> {
        let [number, class, one, two, three, four, model, lap, time, first, _, second, _, third, _, top] =
            columns.map(|column| row.of(column));
        if number.is_empty() {
            return Err(String::from("it has no car number"));
        }
        let lap = lap.parse().ok().filter(|lap| *lap > 0).ok_or_else(|| format!("the lap is `{lap}`, and that is no number from 1"))?;
        let speed = |cell: &str| decimal(cell, 2).and_then(|speed| u32::try_from(speed).ok());
        let sectors = vec![span(first, "first sector")?, span(second, "second sector")?, span(third, "third sector")?];
        let lap = Lap {
            time: span(time, "lap time")?,
            sectors: if sectors.iter().all(Option::is_none) { Vec::new() } else { sectors },
            top_speed: if top.is_empty() {
                None
            } else {
                Some(speed(top).ok_or_else(|| format!("the top speed is `{top}`, and that is none"))?)
            },
            ..Lap::of(0, lap)
        };
        Ok(Self { number, class, model, drivers: [one, two, three, four], lap })
    }
}

impl SectorList {
    /// From the bytes of a file.
    ///
    /// # Errors
    /// It is no table, or lacks a column that no such list is without.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let (mut table, mut flaws) = Table::decode(bytes)?;
        for name in ["Bib", "Lap", "Time", "Sector1Time"] {
            table.needed(name)?;
        }
        let columns = LAPS.map(|name| table.column(name));
        flaws.extend(table.without_uneven());
        flaws.extend(table.sift(|row| if is_header(row, &columns) { Ok(()) } else { OfLap::read(row, &columns).map(|_| ()) }));
        Ok((Self { table, columns }, flaws))
    }

    /// The bytes of the file.
    pub fn encode(&self) -> Vec<u8> {
        self.table.encode()
    }

    /// What it tells. Who of the crew drove a lap is not in it.
    pub fn account(&self) -> Account {
        let (mut account, mut known) = (Account::default(), HashMap::new());
        for row in self.table.body().filter(|row| !is_header(*row, &self.columns)) {
            let of = OfLap::read(row, &self.columns).expect("a row that cannot be read was taken out");
            let some = |cell: &str| (!cell.is_empty()).then(|| cell.to_owned());
            let car = *known.entry(of.number).or_insert_with(|| {
                let named = |name: &&str| Driver { name: (*name).to_owned(), ..Driver::default() };
                let drivers = of.drivers.iter().filter(|name| !name.is_empty()).map(named).collect();
                account.cars.push(Car {
                    number: of.number.to_owned(),
                    class: some(of.class),
                    model: some(of.model),
                    drivers,
                    ..Car::default()
                });
                account.cars.len() - 1
            });
            account.laps.push(Lap { car, ..of.lap });
        }
        account.number_laps();
        account
    }

    /// The laps of an account, with the header again every ten. It has no place for cars without a lap, who drove a lap, when it ended, and a fifth driver.
    pub fn of(account: &Account) -> Self {
        let mut table = Table::new(SHAPE);
        for (nth, lap) in account.laps.iter().enumerate() {
            if nth % BETWEEN_HEADERS == 0 {
                table.push(LAPS);
            }
            table.push(cells(&account.cars[lap.car], lap));
        }
        if account.laps.is_empty() {
            table.push(LAPS);
        }
        let columns = LAPS.map(|name| table.column(name));
        Self { table, columns }
    }
}

/// Whether a row is the header again.
fn is_header(row: Row<'_>, columns: &[Option<usize>; 16]) -> bool {
    row.of(columns[0]).eq_ignore_ascii_case(LAPS[0]) && row.of(columns[7]).eq_ignore_ascii_case(LAPS[7])
}

fn cells(car: &Car, lap: &Lap) -> [String; 16] {
    let text = |of: &Option<String>| of.clone().unwrap_or_default();
    let driver = |nth: usize| car.drivers.get(nth).map(|driver| driver.name.clone()).unwrap_or_default();
    let time = |of: Option<Micros>| of.map(printed).unwrap_or_default();
    let sector = |nth: usize| time(lap.sectors.get(nth).copied().flatten());
    let speed = |speed: u32| printed_decimal(i64::from(speed), 2);
    [
        car.number.clone(),
        text(&car.class),
        driver(0),
        driver(1),
        driver(2),
        driver(3),
        text(&car.model),
        lap.number.to_string(),
        time(lap.time),
        sector(0),
        String::new(),
        sector(1),
        String::new(),
        sector(2),
        String::new(),
        lap.top_speed.map(|top| speed(top).trim_end_matches(".0").to_owned()).unwrap_or_default(),
    ]
}
