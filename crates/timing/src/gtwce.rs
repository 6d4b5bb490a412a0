//! The results that GT World Challenge Europe publishes, as a table: `Pos,Car #,Class,Drivers,Team,Car,Time,Laps,Gap`.
//!
//! Two columns are not what their names say. *Time* is the best lap, never the race time. *Gap* is how long after the winner a car completed its own last lap,
//! whichever lap that was (no file says so; of 832 lapped cars half have less than half a lap): below nothing for a car that stopped before the end, and for a
//! lapped car no distance at all. Only on the winner's lap is it a gap.

use sport::date::Micros;
use sport::result::Finish;

use crate::account::{Account, Car, Claim, Driver, Note};
use crate::flaw::Flaw;
use crate::table::{self, Row, Shape, Table};
use crate::written::{printed, time};

const HEADER: [&str; 9] = ["Pos", "Car #", "Class", "Drivers", "Team", "Car", "Time", "Laps", "Gap"];

/// What stands where a place would. Only the first was seen.
const WITHOUT_PLACE: [(&str, Finish); 5] = [
    ("NC", Finish::NotClassified),
    ("DNF", Finish::NotClassified),
    ("DNS", Finish::NotStarted),
    ("DSQ", Finish::Disqualified),
    ("DQ", Finish::Disqualified),
];

/// Whether bytes are the beginning of one.
pub fn is(bytes: &[u8]) -> bool {
    table::has(bytes, &["POS", "CAR #", "CLASS", "DRIVERS", "LAPS", "GAP"])
}

/// A published result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Results {
    table: Table,
    columns: [usize; 9],
}

/// A row: one car.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placed<'t> {
    /// Its place, or how it ended without one.
    pub place: Result<u16, Finish>,
    /// What stands there.
    pub position: &'t str,
    /// The car's number, as printed.
    pub number: &'t str,
    /// The cup, as printed: `Pro-Am Cup` and `Pro-AM Cup` are one.
    pub cup: &'t str,
    /// The drivers.
    pub drivers: Vec<&'t str>,
    /// The team.
    pub team: &'t str,
    /// The model.
    pub model: &'t str,
    /// Best lap.
    pub best: Option<Micros>,
    /// Laps completed.
    pub laps: Option<u32>,
    /// How long after the winner it completed its last lap.
    pub gap: Option<Micros>,
    /// Its line in the file.
    pub line: u64,
}

fn columns(table: &Table) -> Result<[usize; 9], Flaw> {
    let mut columns = [0; 9];
    for (column, name) in columns.iter_mut().zip(HEADER) {
        *column = table.needed(name)?;
    }
    Ok(columns)
}

fn read<'t>(row: Row<'t>, columns: &[usize; 9]) -> Result<Placed<'t>, String> {
    let [position, number, cup, drivers, team, model, best, laps, gap] = columns.map(|column| row.cell(column).trim());
    let word = |cell: &str| WITHOUT_PLACE.iter().find(|(word, _)| *word == cell).map(|(_, finish)| *finish);
    let place = match word(position) {
        Some(finish) => Err(finish),
        None => Ok(position
            .parse()
            .ok()
            .filter(|place| *place > 0)
            .ok_or_else(|| format!("the place is `{position}`: neither a number nor NC"))?),
    };
    if number.is_empty() {
        return Err(String::from("it has no car number"));
    }
    let laps =
        (!laps.is_empty()).then(|| laps.parse().map_err(|_| format!("the number of laps is `{laps}`, and that is none"))).transpose()?;
    let maybe = |cell: &str, what: &str| match time(cell) {
        None if !cell.is_empty() => Err(format!("the {what} is `{cell}`, and that is none")),
        time => Ok(time),
    };
    let best = maybe(best, "best lap")?;
    if best.is_some_and(|best| best.0 < 0) {
        return Err(String::from("the best lap is below nothing"));
    }
    let drivers = drivers.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    Ok(Placed { place, position, number, cup, drivers, team, model, best, laps, gap: maybe(gap, "gap")?, line: row.line() })
}

impl Results {
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

    /// The cars, in its order.
    pub fn rows(&self) -> impl Iterator<Item = Placed<'_>> {
        self.table.body().map(|row| read(row, &self.columns).expect("a row that cannot be read was taken out"))
    }

    /// What it tells.
    pub fn account(&self) -> Account {
        let some = |cell: &str| (!cell.is_empty()).then(|| cell.to_owned());
        let won = self.rows().find(|row| row.place == Ok(1)).and_then(|row| row.laps);
        let mut account = Account::default();
        let mut elsewhere = 0;
        for row in self.rows() {
            let gap = row.gap.filter(|gap| row.place.is_ok() && row.laps == won && gap.0 >= 0);
            elsewhere += usize::from(row.gap.is_some() && gap.is_none());
            let car = account.cars.len();
            account.cars.push(Car {
                number: row.number.to_owned(),
                cup: some(row.cup),
                team: some(row.team),
                model: some(row.model),
                drivers: row.drivers.iter().map(|name| Driver { name: (*name).to_owned(), ..Driver::default() }).collect(),
                ..Car::default()
            });
            account.claims.push(Claim {
                finish: row.place.err().unwrap_or(Finish::Classified),
                status: row.place.is_err().then(|| row.position.to_owned()),
                place: row.place.ok(),
                laps: row.laps,
                gap,
                best: row.best,
                ..Claim::of(car)
            });
        }
        if elsewhere > 0 {
            let says = format!(
                "the gaps of {elsewhere} cars that are not on the winner's lap say when they completed their last lap, and are not taken as gaps"
            );
            account.notes.push(Note { code: "gaps-of-lapped", car: None, line: None, says });
        }
        account
    }

    /// The classification that an account claims. It has no place for the time of the race, nor for gaps of cars that are not on the winner's lap.
    pub fn of(account: &Account) -> Self {
        let mut table = Table::new(Shape::default());
        table.push(HEADER);
        for claim in &account.claims {
            table.push(cells(&account.cars[claim.car], claim));
        }
        let columns = columns(&table).expect("its header has every column");
        Self { table, columns }
    }
}

fn cells(car: &Car, claim: &Claim) -> [String; 9] {
    let text = |of: &Option<String>| of.clone().unwrap_or_default();
    let own = claim.status.clone().filter(|status| WITHOUT_PLACE.contains(&(status.as_str(), claim.finish)));
    // A car of which it is not said whether it is classified, and that has no place, is not.
    let without = || own.unwrap_or_else(|| claim.finish.without_place().unwrap_or("NC").to_owned());
    let place = claim.place.filter(|_| matches!(claim.finish, Finish::Classified | Finish::Unknown));
    let drivers: Vec<&str> = car.drivers.iter().map(|driver| driver.name.as_str()).collect();
    [
        place.map_or_else(without, |place| place.to_string()),
        car.number.clone(),
        text(if car.cup.is_some() { &car.cup } else { &car.class }),
        drivers.join(", "),
        text(&car.team),
        text(&car.model),
        claim.best.map(printed).unwrap_or_default(),
        claim.laps.map(|laps| laps.to_string()).unwrap_or_default(),
        claim.gap.map(printed).unwrap_or_default(),
    ]
}
