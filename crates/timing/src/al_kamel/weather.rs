//! `26_Weather…`: the weather about once a minute.
//!
//! Units are the publisher's: those of races in America read as degrees Fahrenheit and inches of mercury, and no column says so.

use sport::date::{Date, Instant};

use super::{SHAPE, maybe, note};
use crate::account::{Account, Weather};
use crate::encoding::Encoding;
use crate::flaw::Flaw;
use crate::table::{self, Row, Shape, Table};
use crate::written::{decimal, printed_decimal};

const HEADER: [&str; 10] =
    ["TIME_UTC_SECONDS", "TIME_UTC_STR", "AIR_TEMP", "TRACK_TEMP", "HUMIDITY", "PRESSURE", "WIND_SPEED", "WIND_DIRECTION", "RAIN", ""];

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Whether bytes are the beginning of one.
pub fn is(bytes: &[u8]) -> bool {
    table::has(bytes, &["TIME_UTC_SECONDS", "AIR_TEMP", "TRACK_TEMP", "RAIN"])
}

/// The weather of a session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WeatherReport {
    table: Table,
    columns: [usize; 8],
}

fn columns(table: &Table) -> Result<[usize; 8], Flaw> {
    Ok([
        table.needed(HEADER[0])?,
        table.needed(HEADER[2])?,
        table.needed(HEADER[3])?,
        table.needed(HEADER[4])?,
        table.needed(HEADER[5])?,
        table.needed(HEADER[6])?,
        table.needed(HEADER[7])?,
        table.needed(HEADER[8])?,
    ])
}

/// A row. Digits beyond what is kept are those of a conversion of units, and rounded.
fn read(row: Row<'_>, columns: &[usize; 8]) -> Result<Weather, String> {
    let [seconds, air, track, humidity, pressure, wind, direction, rain] = columns.map(|column| row.cell(column).trim());
    let signed = |cell: &str| decimal(cell, 2).and_then(|value| i32::try_from(value).ok());
    let unsigned = |cell: &str| decimal(cell, 2).and_then(|value| u32::try_from(value).ok());
    let whole = |cell: &str| decimal(cell, 0).and_then(|value| u16::try_from(value).ok()).filter(|degrees| *degrees <= 360);
    let instant = |cell: &str| cell.parse::<i64>().ok()?.checked_mul(1_000_000).map(Instant);
    Ok(Weather {
        at: maybe(seconds, "the time", instant)?,
        air: maybe(air, "the temperature of the air", signed)?,
        track: maybe(track, "the temperature of the track", signed)?,
        humidity: maybe(humidity, "the humidity", unsigned)?,
        pressure: maybe(pressure, "the pressure", |cell| decimal(cell, 3).and_then(|value| u32::try_from(value).ok()))?,
        wind_speed: maybe(wind, "the speed of the wind", unsigned)?,
        wind_direction: maybe(direction, "the direction of the wind", whole)?,
        // -1 stands all through sessions in the dry and is no more than a gauge that tells nothing.
        rain: match rain {
            "0" => Some(false),
            "1" => Some(true),
            "" | "-1" => None,
            other => return Err(format!("the rain is `{}`, and that is none", other.chars().take(40).collect::<String>())),
        },
    })
}

impl WeatherReport {
    /// From the bytes of a file.
    ///
    /// # Errors
    /// It is no table, or lacks a column.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let (mut table, mut flaws) = Table::decode(bytes)?;
        let columns = columns(&table)?;
        flaws.extend(table.without_uneven());
        flaws.extend(table.sift(|row| read(row, &columns).map(|_| ())));
        Ok((Self { table, columns }, flaws))
    }

    /// The bytes of the file.
    pub fn encode(&self) -> Vec<u8> {
        self.table.encode()
    }

    /// The readings.
    pub fn readings(&self) -> impl Iterator<Item = Weather> {
        self.table.body().map(|row| read(row, &self.columns).expect("a row that cannot be read was taken out"))
    }

    /// What it tells.
    pub fn account(&self) -> Account {
        let mut account = Account { weather: self.readings().collect(), ..Account::default() };
        let silent = account.weather.iter().filter(|weather| weather.rain.is_none()).count();
        if silent > 0 {
            let says = format!("{silent} of {} readings do not say whether it rained", account.weather.len());
            account.notes.push(note("rain-unknown", None, None, says));
        }
        account
    }

    /// The weather of an account.
    pub fn of(account: &Account) -> Self {
        let mut table = Table::new(Shape { encoding: Encoding::Utf8Marked, ..SHAPE });
        table.push(HEADER);
        for weather in &account.weather {
            table.push(cells(weather));
        }
        let columns = columns(&table).expect("its header has every column");
        Self { table, columns }
    }
}

fn cells(weather: &Weather) -> [String; 10] {
    let hundredths = |of: Option<i64>| of.map(|value| printed_decimal(value, 2)).unwrap_or_default();
    [
        weather.at.map(|at| at.0.div_euclid(1_000_000).to_string()).unwrap_or_default(),
        weather.at.map(words).unwrap_or_default(),
        hundredths(weather.air.map(i64::from)),
        hundredths(weather.track.map(i64::from)),
        hundredths(weather.humidity.map(i64::from)),
        weather.pressure.map(|value| printed_decimal(i64::from(value), 3)).unwrap_or_default(),
        hundredths(weather.wind_speed.map(i64::from)),
        weather.wind_direction.map(|degrees| degrees.to_string()).unwrap_or_default(),
        match weather.rain {
            Some(true) => String::from("1"),
            Some(false) => String::from("0"),
            None => String::from("-1"),
        },
        String::new(),
    ]
}

/// `14-May-23 19:11:34`, as older files say an instant beside its seconds; newer ones say `5/11/2025 7:11:23 PM`.
fn words(at: Instant) -> String {
    let seconds = at.0.div_euclid(1_000_000);
    let Some(day) = Date::of_days(seconds.div_euclid(86_400)) else { return String::new() };
    let month = MONTHS[usize::from(day.month.clamp(1, 12)) - 1];
    let of_day = seconds.rem_euclid(86_400);
    format!("{:02}-{month}-{:02} {:02}:{:02}:{:02}", day.day, day.year.rem_euclid(100), of_day / 3_600, of_day / 60 % 60, of_day % 60)
}
