//! `03_Classification…`: the result of a session, with the crews.
//!
//! Times are as the publisher counts them, penalties in them: a total may be longer than the car's laps. Rows end before the header does, which names columns for
//! six drivers.

use sport::date::Micros;
use sport::grade::Grade;
use sport::result::Finish;

use super::{SHAPE, maybe, note, some, time};
use crate::account::{Account, Car, Claim, Driver};
use crate::flaw::Flaw;
use crate::table::{self, Row, Table};
use crate::written::printed;

const HEADER: [&str; 16] = [
    "POSITION",
    "NUMBER",
    "STATUS",
    "LAPS",
    "TOTAL_TIME",
    "GAP_FIRST",
    "GAP_PREVIOUS",
    "FL_LAPNUM",
    "FL_TIME",
    "FL_KPH",
    "TEAM",
    "CLASS",
    "GROUP",
    "DIVISION",
    "VEHICLE",
    "TIRES",
];

/// What a driver's columns are called behind `DRIVER1_`.
const OF_DRIVER: [&str; 6] = ["FIRSTNAME", "SECONDNAME", "LICENSE", "HOMETOWN", "COUNTRY", "SHORTNAME"];

/// What a car's status is called. The first two were seen, the others are what the words mean.
const STATUS: [(&str, Finish); 8] = [
    ("Classified", Finish::Classified),
    ("Not started", Finish::NotStarted),
    ("Not classified", Finish::NotClassified),
    ("Retired", Finish::NotClassified),
    ("Disqualified", Finish::Disqualified),
    ("Excluded", Finish::Disqualified),
    ("Did not start", Finish::NotStarted),
    ("Did not finish", Finish::NotClassified),
];

/// Whether bytes are the beginning of one.
pub fn is(bytes: &[u8]) -> bool {
    table::has(bytes, &["POSITION", "NUMBER", "STATUS", "LAPS", "GAP_FIRST", "FL_LAPNUM"])
}

/// The result of a session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Classification {
    table: Table,
    columns: Columns,
}

/// A gap to the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gap {
    /// On the same lap.
    Time(Micros),
    /// So many laps.
    Laps(u32),
}

/// A row: one car.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placed<'t> {
    /// Among all cars; none of a car that did not start.
    pub position: Option<u16>,
    /// The car's number, as printed.
    pub number: &'t str,
    /// `Classified`, `Not started`.
    pub status: &'t str,
    /// Laps completed.
    pub laps: Option<u32>,
    /// Total time, with what was added to it.
    pub time: Option<Micros>,
    /// To the first.
    pub gap: Option<Gap>,
    /// The lap of its best time; 0 where it has none.
    pub best_lap: Option<u32>,
    /// Its best time.
    pub best: Option<Micros>,
    /// The team.
    pub team: &'t str,
    /// The class.
    pub class: &'t str,
    /// The group in the class.
    pub group: &'t str,
    /// The model.
    pub vehicle: &'t str,
    /// The crew.
    pub drivers: Vec<Driver>,
    /// Its line in the file.
    pub line: u64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Columns {
    position: usize,
    number: usize,
    status: usize,
    laps: usize,
    gap: usize,
    time: Option<usize>,
    best_lap: Option<usize>,
    best: Option<usize>,
    team: Option<usize>,
    class: Option<usize>,
    group: Option<usize>,
    vehicle: Option<usize>,
    drivers: Vec<OfDriver>,
}

/// The columns of one driver.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
struct OfDriver {
    whole: Option<usize>,
    first: Option<usize>,
    last: Option<usize>,
    license: Option<usize>,
    country: Option<usize>,
    short: Option<usize>,
    id: Option<usize>,
}

impl OfDriver {
    /// The columns of driver `nth`, the only one of a table without numbers where it is `None`. A driver's id has a name of its publisher's before it:
    /// `DRIVER1_IMSA_DriverId`, `DRIVER1_ECM Driver Id`.
    fn find(table: &Table, nth: Option<usize>) -> Option<Self> {
        let prefix = nth.map_or_else(|| String::from("DRIVER_"), |nth| format!("DRIVER{nth}_"));
        let column = |name: &str| table.column(&format!("{prefix}{name}"));
        let id = table.header()?.cells().position(|cell| {
            let name = cell.trim().to_uppercase();
            name.starts_with(&prefix) && (name.ends_with("DRIVERID") || name.ends_with("DRIVER ID"))
        });
        let found = Self {
            whole: nth.and_then(|nth| table.column(&format!("DRIVER_{nth}"))),
            first: column("FIRSTNAME"),
            last: column("SECONDNAME"),
            license: column("LICENSE"),
            country: column("COUNTRY"),
            short: column("SHORTNAME"),
            id,
        };
        (found.whole.is_some() || found.first.is_some() || found.last.is_some()).then_some(found)
    }

    fn read(&self, row: Row<'_>) -> Option<Driver> {
        let (first, last) = (row.of(self.first), row.of(self.last));
        let whole = row.of(self.whole);
        let name = if whole.is_empty() { format!("{first} {last}").trim().to_owned() } else { whole.to_owned() };
        (!name.is_empty()).then(|| Driver {
            name,
            first: some(first),
            last: some(last),
            short: some(row.of(self.short)),
            id: some(row.of(self.id)),
            nationality: some(row.of(self.country)),
            grade: Grade::ALL.into_iter().find(|grade| grade.word().eq_ignore_ascii_case(row.of(self.license))),
        })
    }
}

impl Columns {
    fn of(table: &Table) -> Result<Self, Flaw> {
        Ok(Self {
            position: table.needed("POSITION")?,
            number: table.needed("NUMBER")?,
            status: table.needed("STATUS")?,
            laps: table.needed("LAPS")?,
            gap: table.needed("GAP_FIRST")?,
            time: table.column("TOTAL_TIME"),
            best_lap: table.column("FL_LAPNUM"),
            best: table.column("FL_TIME"),
            team: table.column("TEAM"),
            class: table.column("CLASS"),
            group: table.column("GROUP"),
            vehicle: table.column("VEHICLE"),
            drivers: std::iter::once(None).chain((1..=9).map(Some)).filter_map(|nth| OfDriver::find(table, nth)).collect(),
        })
    }

    fn read<'t>(&self, row: Row<'t>) -> Result<Placed<'t>, String> {
        let number = row.cell(self.number).trim();
        if number.is_empty() {
            return Err(String::from("it has no car number"));
        }
        Ok(Placed {
            position: maybe(row.cell(self.position).trim(), "the position", |cell| cell.parse().ok().filter(|position| *position > 0))?,
            number,
            status: row.cell(self.status).trim(),
            laps: maybe(row.cell(self.laps).trim(), "the number of laps", |cell| cell.parse().ok())?,
            time: maybe(row.of(self.time), "the total time", time)?,
            gap: maybe(row.cell(self.gap).trim(), "the gap", gap)?,
            best_lap: maybe(row.of(self.best_lap), "the best lap", |cell| cell.parse().ok())?,
            best: maybe(row.of(self.best), "the best time", time)?,
            team: row.of(self.team),
            class: row.of(self.class),
            group: row.of(self.group),
            vehicle: row.of(self.vehicle),
            drivers: self.drivers.iter().filter_map(|driver| driver.read(row)).collect(),
            line: row.line(),
        })
    }
}

/// `+0.903`, `4 Laps`, `1 Lap`.
fn gap(cell: &str) -> Option<Gap> {
    match cell.split_once(' ') {
        Some((laps, "Lap" | "Laps")) => laps.parse().ok().map(Gap::Laps),
        _ => time(cell.strip_prefix('+')?).map(Gap::Time),
    }
}

impl Classification {
    /// From the bytes of a file.
    ///
    /// # Errors
    /// It is no table, or lacks a column that no classification is without.
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

    /// The cars, in its order.
    pub fn rows(&self) -> impl Iterator<Item = Placed<'_>> {
        self.table.body().map(|row| self.columns.read(row).expect("a row that cannot be read was taken out"))
    }

    /// What it tells.
    pub fn account(&self) -> Account {
        let mut account = Account::default();
        for row in self.rows() {
            let car = account.cars.len();
            let status = STATUS.iter().find(|(word, _)| word.eq_ignore_ascii_case(row.status));
            if status.is_none() {
                let says = format!("what the status `{}` means is not known", row.status);
                account.notes.push(note("status-unknown", Some(car), Some(row.line), says));
            }
            account.claims.push(Claim {
                finish: status.map_or(Finish::Unknown, |(_, finish)| *finish),
                status: some(row.status),
                place: row.position,
                laps: row.laps,
                time: row.time,
                gap: row.gap.and_then(|gap| if let Gap::Time(time) = gap { Some(time) } else { None }),
                laps_down: row.gap.and_then(|gap| if let Gap::Laps(laps) = gap { Some(laps) } else { None }),
                best: row.best,
                best_lap: row.best_lap.filter(|lap| *lap > 0),
                ..Claim::of(car)
            });
            account.cars.push(Car {
                number: row.number.to_owned(),
                class: some(row.class),
                cup: some(row.group),
                team: some(row.team),
                model: some(row.vehicle),
                drivers: row.drivers,
                ..Car::default()
            });
        }
        account
    }

    /// The classification that an account claims. It has no place for what the laps say, nor for a driver's family name and first name where they are not told apart:
    /// then the whole is the family name.
    pub fn of(account: &Account) -> Self {
        let most = account.claims.iter().map(|claim| account.cars[claim.car].drivers.len()).max().unwrap_or(0).max(1);
        let of_driver = (1..=most).flat_map(|nth| OF_DRIVER.iter().chain(&["ID_DriverId"]).map(move |name| format!("DRIVER{nth}_{name}")));
        let header: Vec<String> = HEADER.iter().map(|name| (*name).to_owned()).chain(of_driver).chain([String::new()]).collect();
        let mut table = Table::new(SHAPE);
        table.push(&header);
        let mut before = None;
        for claim in &account.claims {
            let mut row = cells(&account.cars[claim.car], claim, before);
            row.resize(header.len(), String::new());
            table.push(row);
            before = Some(claim);
        }
        let columns = Columns::of(&table).expect("its header has every column");
        Self { table, columns }
    }
}

fn cells(car: &Car, claim: &Claim, before: Option<&Claim>) -> Vec<String> {
    let text = |of: &Option<String>| of.clone().unwrap_or_default();
    let time = |of: Option<Micros>| of.map(printed).unwrap_or_default();
    let number = |of: Option<u32>| of.map(|of| of.to_string()).unwrap_or_default();
    let word = STATUS.iter().find(|(_, finish)| *finish == claim.finish).map(|(word, _)| (*word).to_owned());
    // The words of others are theirs: a row says in its own how the car ended.
    let own =
        claim.status.clone().filter(|status| STATUS.iter().any(|(word, of)| *of == claim.finish && word.eq_ignore_ascii_case(status)));
    let told = claim.gap.map(Gap::Time).or(claim.laps_down.map(Gap::Laps));
    let previous = before.and_then(|before| since(before, claim));
    let mut row = vec![
        claim.place.map(|place| place.to_string()).unwrap_or_default(),
        car.number.clone(),
        own.or(word).or_else(|| claim.status.clone()).unwrap_or_default(),
        number(claim.laps),
        time(claim.time),
        if claim.place == Some(1) { String::from("-") } else { told.map(written).unwrap_or_default() },
        if claim.place == Some(1) { String::from("-") } else { previous.map(written).unwrap_or_default() },
        claim.best_lap.unwrap_or(0).to_string(),
        time(claim.best),
        String::new(),
        text(&car.team),
        text(&car.class),
        text(&car.cup),
        String::new(),
        text(&car.model),
        String::new(),
    ];
    for driver in &car.drivers {
        let (first, last) = match (&driver.first, &driver.last) {
            (None, None) => (String::new(), driver.name.clone()),
            (first, last) => (text(first), text(last)),
        };
        let grade = driver.grade.map(|grade| grade.word().to_owned()).unwrap_or_default();
        row.extend([first, last, grade, String::new(), text(&driver.nationality), text(&driver.short), text(&driver.id)]);
    }
    row
}

/// The gap of a car to the one before it, as far as both say laps and time.
fn since(before: &Claim, claim: &Claim) -> Option<Gap> {
    match before.laps?.checked_sub(claim.laps?)? {
        0 => Some(Gap::Time(Micros(claim.time?.0 - before.time?.0))).filter(|gap| !matches!(gap, Gap::Time(time) if time.0 < 0)),
        laps => Some(Gap::Laps(laps)),
    }
}

fn written(gap: Gap) -> String {
    match gap {
        Gap::Time(time) => format!("+{}", printed(time)),
        Gap::Laps(1) => String::from("1 Lap"),
        Gap::Laps(laps) => format!("{laps} Laps"),
    }
}
