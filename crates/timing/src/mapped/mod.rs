//! Tables of everybody else, separated text and spreadsheets: results or laps, in columns that are known by their names in several languages, or that somebody says
//! the meaning of ([`mapping::Known`]).

use std::collections::HashMap;

use sport::result::Finish;

use crate::account::{Account, Car, Claim, Driver, Lap, Note};
use crate::encoding::Encoding;
use crate::flaw::Flaw;
use crate::table::{self, Row, SEPARATORS, Shape, Table};
use crate::written::printed;
use crate::{al_kamel, gtwce, swiss_tables};

mod cells;
pub mod mapping;
mod names;
mod spreadsheet;

use cells::Gap;
use mapping::{Known, Mapping, Meaning, Rows};

/// The separator is looked for in so many lines: there may be titles before the header.
const TITLES: usize = 30;

/// What holds a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Separated text.
    Text,
    /// A sheet of a spreadsheet, by its name.
    Sheet(String),
}

/// A table of results or laps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mapped {
    kind: Kind,
    table: Table,
    mapping: Mapping,
}

/// Whether bytes are the beginning of a spreadsheet, or of text whose first lines name a car's number and a result or lap in columns, and that is no table of
/// those that are known by themselves.
pub fn is(bytes: &[u8]) -> bool {
    let known = [
        al_kamel::analysis::is,
        al_kamel::classification::is,
        al_kamel::flags::is,
        al_kamel::weather::is,
        gtwce::is,
        swiss_tables::is_stops,
        swiss_tables::is_sectors,
    ];
    if spreadsheet::is(bytes) {
        return true;
    }
    if known.iter().any(|is| is(bytes)) {
        return false;
    }
    // The beginning is enough, of whole lines.
    let begin = &bytes[..bytes.len().min(table::HEADER)];
    let whole = begin.iter().rposition(|byte| *byte == b'\n').map_or(begin, |at| &begin[..at]);
    text(whole).and_then(|(table, _)| Mapping::of(&table, &Known::default())).is_ok()
}

/// Whether bytes are the beginning of a spreadsheet.
pub fn is_spreadsheet(bytes: &[u8]) -> bool {
    spreadsheet::is(bytes)
}

/// Separated text; the separator is what any of its first lines has most of.
fn text(bytes: &[u8]) -> Result<(Table, Vec<Flaw>), Flaw> {
    let (text, encoding) = Encoding::decode(bytes)?;
    let most = |separator: u8| text.lines().take(TITLES).map(|line| table::separators(line, separator)).max().unwrap_or(0);
    let separator = SEPARATORS.into_iter().max_by_key(|separator| most(*separator)).unwrap_or(b',');
    Table::of(&text, Shape::of(&text, encoding, separator))
}

impl Mapped {
    /// From the bytes of a file, and what somebody knows of it. Of a spreadsheet the first sheet that can be read.
    ///
    /// # Errors
    /// It is no table, or what its columns hold is not known.
    pub fn decode(bytes: &[u8], known: &Known) -> Result<(Self, Vec<Flaw>), Flaw> {
        if !bytes.starts_with(b"PK\x03\x04") {
            let (table, flaws) = text(bytes)?;
            let mapping = Mapping::of(&table, known)?;
            return Ok(Self { kind: Kind::Text, table, mapping }.sifted(flaws));
        }
        // Of sheets that cannot be read the largest says why: it is the one that was meant.
        let mut refused: Option<(usize, Flaw)> = None;
        for (name, table) in spreadsheet::sheets(bytes, known.sheet.as_deref())? {
            let rows = table.rows().len();
            match Mapping::of(&table, known) {
                Ok(mapping) => return Ok(Self { kind: Kind::Sheet(name), table, mapping }.sifted(Vec::new())),
                Err(flaw) if refused.as_ref().is_none_or(|(of, _)| rows > *of) => {
                    refused = Some((rows, Flaw { why: format!("sheet {name}: {}", flaw.why), ..flaw }));
                }
                Err(_) => {}
            }
        }
        let empty = || Flaw::of(0, None, b"", "the spreadsheet has no sheet with anything in it");
        Err(refused.map_or_else(empty, |(_, flaw)| flaw))
    }

    /// Without the rows that cannot be read, which are told.
    fn sifted(mut self, mut flaws: Vec<Flaw>) -> (Self, Vec<Flaw>) {
        let header = self.mapping.header;
        let (width, last) = (self.mapping.columns.len(), self.table.rows().len());
        let cut = !self.table.shape.ended && self.kind == Kind::Text;
        let usual = self.table.usual_width();
        let mut nth = 0;
        let mapping = &self.mapping;
        flaws.extend(self.table.sift(|row| {
            nth += 1;
            if nth <= header || row.cells().all(|cell| cell.trim().is_empty()) {
                return Ok(());
            }
            if row.cells().skip(width).any(|cell| !cell.trim().is_empty()) {
                return Err(format!("it has {} cells, and the header names {width}", row.len()));
            }
            // Spreadsheets leave out empty cells at the end of a row; who stopped in the middle of one does so too.
            if cut && nth + 1 == last && row.len() < usual {
                return Err(format!("it ends after {} cells of {usual}, without a line end: it was cut off", row.len()));
            }
            match mapping.rows {
                Rows::Results => result(row, mapping).map(|_| ()),
                Rows::Laps => lap(row, mapping).map(|_| ()),
            }
        }));
        (self, flaws)
    }

    /// Which column was taken to hold what.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// The bytes of the file: of separated text as it was, of a spreadsheet one with the same sheet alone.
    pub fn encode(&self) -> Vec<u8> {
        match &self.kind {
            Kind::Text => self.table.encode(),
            Kind::Sheet(name) => spreadsheet::written(&self.table, &self.mapping, name),
        }
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.table.rows().skip(self.mapping.header + 1).filter(|row| row.cells().any(|cell| !cell.trim().is_empty()))
    }

    /// What it tells.
    pub fn account(&self) -> Account {
        match self.mapping.rows {
            Rows::Results => self.results(),
            Rows::Laps => self.laps(),
        }
    }

    fn results(&self) -> Account {
        let (mut account, mut known) = (Account::default(), HashMap::new());
        // A table that says of some cars that they are not classified says of the others that they are.
        let distinguishes = self.rows().any(|row| result(row, &self.mapping).is_ok_and(|(_, claim)| claim.finish != Finish::Unknown));
        for row in self.rows() {
            let (car, mut claim) = result(row, &self.mapping).expect("a row that cannot be read was taken out");
            claim.car = account.cars.len();
            if claim.finish == Finish::Unknown && claim.place.is_some() && distinguishes {
                claim.finish = Finish::Classified;
            }
            if let Some(first) = known.insert(car.number.clone(), row.line()) {
                let says = format!("car {} is in line {first} already", car.number);
                account.notes.push(Note { code: "car-twice", car: Some(claim.car), line: Some(row.line()), says });
            }
            account.cars.push(car);
            account.claims.push(claim);
        }
        account
    }

    fn laps(&self) -> Account {
        let (mut account, mut known): (Account, HashMap<String, usize>) = (Account::default(), HashMap::new());
        let mut crews: HashMap<(usize, String), usize> = HashMap::new();
        for row in self.rows() {
            let (mut car, mut lap) = lap(row, &self.mapping).expect("a row that cannot be read was taken out");
            let drivers = std::mem::take(&mut car.drivers);
            lap.car = *known.entry(car.number.clone()).or_insert_with(|| {
                account.cars.push(car);
                account.cars.len() - 1
            });
            let crew = &mut account.cars[lap.car].drivers;
            let alone = drivers.len() == 1;
            for driver in drivers {
                let place = *crews.entry((lap.car, driver.name.clone())).or_insert(crew.len());
                if place == crew.len() {
                    crew.push(driver);
                }
                // Where several names are in a row they are the crew, and not who drove.
                lap.driver = alone.then_some(place);
            }
            account.laps.push(lap);
        }
        account.number_laps();
        account
    }

    /// A session of an account as a table of results, where it claims any or has no laps, else of laps; the names of its columns are English.
    pub fn of(account: &Account, kind: Kind) -> Self {
        let rows = if account.claims.is_empty() && !account.laps.is_empty() { Rows::Laps } else { Rows::Results };
        Self::of_rows(account, kind, rows)
    }

    /// The results or the laps of an account as a table. What an account has beside the columns has no place in it.
    pub fn of_rows(account: &Account, kind: Kind, rows: Rows) -> Self {
        let mut table = Table::new(Shape::default());
        match rows {
            Rows::Results => {
                table.push(RESULTS);
                account.claims.iter().for_each(|claim| table.push(result_cells(&account.cars[claim.car], claim)));
            }
            Rows::Laps => {
                table.push(LAPS);
                account.laps.iter().for_each(|lap| table.push(lap_cells(&account.cars[lap.car], lap)));
            }
        }
        let known = Known { header: Some(1), rows: Some(rows), ..Known::default() };
        let mapping = Mapping::of(&table, &known).expect("its names are known");
        Self { kind, table, mapping }
    }
}

const RESULTS: [&str; 17] = [
    "Position",
    "Class position",
    "Number",
    "Drivers",
    "Team",
    "Class",
    "Cup",
    "Model",
    "Manufacturer",
    "Transponder",
    "Grid",
    "Laps",
    "Total time",
    "Gap",
    "Best lap",
    "Best lap number",
    "Status",
];
const LAPS: [&str; 11] = ["Number", "Class", "Team", "Model", "Driver", "Lap", "Lap time", "Sector 1", "Sector 2", "Sector 3", "Elapsed"];

fn text_of(of: &Option<String>) -> String {
    of.clone().unwrap_or_default()
}

fn result_cells(car: &Car, claim: &Claim) -> [String; 17] {
    let number = |of: Option<u32>| of.map(|of| of.to_string()).unwrap_or_default();
    let place = |of: Option<u16>| of.map(|of| of.to_string()).unwrap_or_default();
    let time = |of: Option<_>| of.map(printed).unwrap_or_default();
    let drivers: Vec<&str> = car.drivers.iter().map(|driver| driver.name.as_str()).collect();
    let gap = claim
        .gap
        .map(printed)
        .or_else(|| claim.laps_down.map(|laps| if laps == 1 { String::from("1 lap") } else { format!("{laps} laps") }));
    let ended = match claim.finish {
        Finish::Unknown => None,
        Finish::Classified => Some("classified"),
        Finish::NotClassified | Finish::NotStarted | Finish::Disqualified => claim.finish.without_place(),
    };
    [
        place(claim.place),
        place(claim.class_place),
        car.number.clone(),
        drivers.join(" / "),
        text_of(&car.team),
        text_of(&car.class),
        text_of(&car.cup),
        text_of(&car.model),
        text_of(&car.maker),
        text_of(&car.transponder),
        place(car.grid),
        number(claim.laps),
        time(claim.time),
        gap.unwrap_or_default(),
        time(claim.best),
        number(claim.best_lap),
        ended.map_or_else(|| text_of(&claim.status), str::to_owned),
    ]
}

fn lap_cells(car: &Car, lap: &Lap) -> [String; 11] {
    let time = |of: Option<_>| of.map(printed).unwrap_or_default();
    let sector = |nth: usize| time(lap.sectors.get(nth).copied().flatten());
    [
        car.number.clone(),
        text_of(&car.class),
        text_of(&car.team),
        text_of(&car.model),
        lap.driver.and_then(|driver| car.drivers.get(driver)).map(|driver| driver.name.clone()).unwrap_or_default(),
        lap.number.to_string(),
        time(lap.time),
        sector(0),
        sector(1),
        sector(2),
        time(lap.elapsed),
    ]
}

/// The cells of a row by what they hold.
struct Cells<'t, 'm> {
    row: Row<'t>,
    mapping: &'m Mapping,
}

impl<'t> Cells<'t, '_> {
    fn text(&self, meaning: Meaning) -> &'t str {
        self.row.of(self.mapping.column(meaning))
    }

    fn some(&self, meaning: Meaning) -> Option<String> {
        Some(self.text(meaning).to_owned()).filter(|text| !text.is_empty() && text != "-")
    }

    /// What a cell says; nothing where it is empty, a dash, or a word for a car that did not finish.
    fn maybe<T>(&self, meaning: Meaning, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, String> {
        let cell = self.text(meaning);
        let shown = || cell.chars().take(40).collect::<String>();
        match read(cell) {
            None if !matches!(cell, "" | "-" | "--" | "---") && self.mapping.finish(cell).is_none() => {
                Err(format!("what should be {} is `{}`", meaning.word(), shown()))
            }
            read => Ok(read),
        }
    }

    fn time(&self, meaning: Meaning) -> Result<Option<sport::date::Micros>, String> {
        let times = self.mapping.times;
        self.maybe(meaning, |cell| cells::time(cell, times).filter(|time| time.0 >= 0))
    }

    fn car(&self) -> Result<Car, String> {
        let number = self.text(Meaning::Number).trim_start_matches('#').trim();
        if number.is_empty() {
            return Err(String::from("it has no car number"));
        }
        Ok(Car {
            number: number.strip_suffix(".0").unwrap_or(number).to_owned(),
            transponder: self.some(Meaning::Transponder),
            class: self.some(Meaning::Class),
            cup: self.some(Meaning::Cup),
            team: self.some(Meaning::Team),
            model: self.some(Meaning::Model),
            maker: self.some(Meaning::Maker),
            drivers: self.drivers(),
            grid: self.maybe(Meaning::Grid, cells::place)?,
            ..Car::default()
        })
    }

    /// The names of all columns that hold any, in their order; a first name belongs to the next family name.
    fn drivers(&self) -> Vec<Driver> {
        let (mut drivers, mut first) = (Vec::new(), "");
        for (column, meaning) in self.mapping.columns.iter().enumerate() {
            let cell = self.row.of(Some(column));
            if matches!(meaning, Meaning::Driver | Meaning::Drivers) {
                let names = cells::drivers(cell, *meaning == Meaning::Drivers);
                drivers.extend(names.into_iter().map(|name| Driver { name: name.to_owned(), ..Driver::default() }));
            } else if *meaning == Meaning::First {
                first = cell;
            } else if *meaning == Meaning::Last && !(cell.is_empty() && first.is_empty()) {
                let some = |part: &str| Some(part.to_owned()).filter(|part| !part.is_empty());
                let name = format!("{first} {cell}").trim().to_owned();
                drivers.push(Driver { name, first: some(first), last: some(cell), ..Driver::default() });
                first = "";
            }
        }
        drivers
    }
}

fn result(row: Row<'_>, mapping: &Mapping) -> Result<(Car, Claim), String> {
    let of = Cells { row, mapping };
    let car = of.car()?;
    let gap = of.maybe(Meaning::Gap, |cell| cells::gap(cell, mapping.times))?;
    // Some tables have the laps behind where the time would be.
    let (time, down) = match of.maybe(Meaning::Time, |cell| cells::gap(cell, mapping.times))? {
        Some(Gap::Laps(laps)) => (None, Some(laps)),
        Some(Gap::Time(_)) => (of.time(Meaning::Time)?, None),
        None => (None, None),
    };
    let words = [Meaning::Status, Meaning::Place, Meaning::Time, Meaning::Gap, Meaning::Laps, Meaning::Best];
    let finish = words.iter().find_map(|meaning| mapping.finish(of.text(*meaning)));
    let word = words.iter().map(|meaning| of.text(*meaning)).find(|cell| mapping.finish(cell).is_some());
    let claim = Claim {
        finish: finish.unwrap_or(Finish::Unknown),
        status: of.some(Meaning::Status).or_else(|| word.map(str::to_owned)),
        place: of.maybe(Meaning::Place, cells::place)?,
        class_place: of.maybe(Meaning::ClassPlace, cells::place)?,
        laps: of.maybe(Meaning::Laps, cells::whole)?,
        time,
        gap: gap.and_then(|gap| if let Gap::Time(time) = gap { Some(time) } else { None }).filter(|gap| gap.0 > 0),
        laps_down: gap.and_then(|gap| if let Gap::Laps(laps) = gap { Some(laps) } else { None }).or(down),
        best: of.time(Meaning::Best)?,
        best_lap: of.maybe(Meaning::BestLap, cells::whole)?.filter(|lap| *lap > 0),
        ..Claim::of(0)
    };
    Ok((car, claim))
}

fn lap(row: Row<'_>, mapping: &Mapping) -> Result<(Car, Lap), String> {
    let of = Cells { row, mapping };
    let car = of.car()?;
    let number = of.maybe(Meaning::Lap, cells::whole)?.filter(|lap| *lap > 0).ok_or("it has no number of a lap from 1")?;
    let sectors = vec![of.time(Meaning::Sector1)?, of.time(Meaning::Sector2)?, of.time(Meaning::Sector3)?];
    let lap = Lap {
        time: of.time(Meaning::LapTime)?,
        sectors: if sectors.iter().all(Option::is_none) { Vec::new() } else { sectors },
        elapsed: of.time(Meaning::Elapsed)?,
        ..Lap::of(0, number)
    };
    Ok((car, lap))
}
