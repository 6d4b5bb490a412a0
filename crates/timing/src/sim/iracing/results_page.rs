//! The table that a results page of iRacing exports: two lines about the event, an empty one, and a row for every driver, or for every team
//! and each of its drivers.
//!
//! Its columns are read off tables in the tests of other programs, official and hosted, of 2012 to 2026; no file itself was seen.

use std::collections::BTreeMap;

use sport::date::Micros;
use sport::result::Finish;

use crate::account::{About, Account, Car, Claim, Driver, Note};
use crate::encoding::Encoding;
use crate::flaw::Flaw;
use crate::sim;
use crate::written;

/// A table of results.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResultsPage {
    /// Its rows, with those about the event and the head.
    pub rows: Vec<Row>,
    /// How its text is written in bytes.
    pub encoding: Encoding,
}

/// A row.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Row {
    /// Its cells; none of an empty line.
    pub cells: Vec<Cell>,
    /// What ends it: a line feed, with a carriage return before it or without, or nothing.
    pub end: String,
    /// Bytes of the text before it.
    pub offset: u64,
    /// The line it begins in, from 1.
    pub line: u64,
}

/// A cell.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Cell {
    /// What is in it.
    pub text: String,
    /// Whether it stands in quotation marks.
    pub quoted: bool,
}

/// The columns that are written, in the order of a hosted event.
const COLUMNS: [&str; 15] = [
    "Fin Pos",
    "Car ID",
    "Car",
    "Car Class",
    "Team ID",
    "Cust ID",
    "Name",
    "Start Pos",
    "Car #",
    "Out",
    "Interval",
    "Fastest Lap Time",
    "Fast Lap#",
    "Laps Comp",
    "Inc",
];
const WEIGHT: &str = "Weight Penalty (KG)";

impl ResultsPage {
    /// Whether this is one.
    pub fn is(bytes: &[u8]) -> bool {
        let Ok((text, _)) = Encoding::decode(&bytes[..bytes.len().min(4_096)]) else { return false };
        let head = |line: &str| line.replace('"', "").starts_with("Fin Pos,");
        text.lines().take(8).any(head)
    }

    /// Reads a table. A row with more or fewer cells than the head is told and passed over.
    ///
    /// # Errors
    /// A table without a head of these columns, or none.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let (text, encoding) = Encoding::decode(bytes)?;
        let page = Self { rows: rows(&text, encoding), encoding };
        let flaw = |row: &Row, why| Flaw::of(row.offset, Some(row.line), row.text().as_bytes(), why);
        let Some(head) = page.head() else {
            return Err(Flaw::of(0, Some(1), text.as_bytes(), "no results page of iRacing: no row begins with Fin Pos"));
        };
        let columns = page.rows[head].cells.len();
        let odd = |row: &&Row| !row.cells.is_empty() && row.cells.len() != columns;
        let why = |row: &Row| format!("a row of {} cells under a head of {columns}", row.cells.len());
        let flaws = page.rows[head + 1..].iter().filter(odd).map(|row| flaw(row, why(row))).collect();
        Ok((page, flaws))
    }

    /// The table.
    pub fn encode(&self) -> Vec<u8> {
        self.encoding.encode(&self.rows.iter().map(|row| row.text() + &row.end).collect::<String>())
    }

    /// The position of the head of the results.
    fn head(&self) -> Option<usize> {
        self.rows.iter().position(|row| row.cells.first().is_some_and(|cell| cell.text == "Fin Pos"))
    }

    /// What it tells. Of which session it is, it does not say.
    pub fn account(&self) -> Account {
        let mut account = Account { about: self.about(), ..Account::default() };
        if account.about.began.is_some() {
            let says = String::from("the start is that of the event; which of its sessions this is, the page does not say");
            account.notes.push(Note { code: "event-start", car: None, line: None, says });
        }
        let Some(head) = self.head() else { return account };
        let names = &self.rows[head].cells;
        for row in self.rows[head + 1..].iter().filter(|row| row.cells.len() == names.len()) {
            let cells = names.iter().zip(&row.cells).map(|(name, cell)| (name.text.as_str(), cell.text.trim())).collect();
            result(&Cells(cells), &mut account);
        }
        account
    }

    fn about(&self) -> About {
        let line = |nth: usize| self.rows.get(nth).map_or(&[][..], |row| &row.cells);
        let cells: BTreeMap<&str, &str> = line(0).iter().zip(line(1)).map(|(name, cell)| (name.text.as_str(), cell.text.trim())).collect();
        let told = |key| cells.get(key).filter(|text| !text.is_empty()).map(|text| (*text).to_owned());
        About {
            event: told("Hosted Session Name").or_else(|| told("Series")),
            track: told("Track"),
            began: told("Start Time").as_deref().and_then(sim::instant),
            ..About::default()
        }
    }

    /// The table that tells an account, every cell in quotation marks. It has no place for laps, class places and total times.
    pub fn of(account: &Account) -> Self {
        let about = &account.about;
        let moment = about.began.map(sim::printed).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut rows = vec![
            Row::of(["Start Time", "Track", "Series", "Hosted Session Name"].map(str::to_owned)),
            Row::of([moment, text(&about.track), String::from("Hosted iRacing"), text(&about.event)]),
            Row { end: String::from("\r\n"), ..Row::default() },
            Row::of(COLUMNS.iter().chain([&WEIGHT]).map(|column| (*column).to_owned())),
        ];
        for claim in &account.claims {
            rows.extend(lines(&account.cars[claim.car], claim));
        }
        Self { rows, encoding: Encoding::Utf8 }
    }
}

impl Row {
    fn of(cells: impl IntoIterator<Item = String>) -> Self {
        let cells = cells.into_iter().map(|text| Cell { text, quoted: true }).collect();
        Self { cells, end: String::from("\r\n"), ..Self::default() }
    }

    fn text(&self) -> String {
        let cell = |cell: &Cell| if cell.quoted { format!("\"{}\"", cell.text.replace('"', "\"\"")) } else { cell.text.clone() };
        self.cells.iter().map(cell).collect::<Vec<_>>().join(",")
    }
}

/// The rows of a text. A cell in quotation marks may have commas and line feeds in it, and a mark that stands twice for one.
fn rows(text: &str, encoding: Encoding) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut rest, mut line, mut offset) = (text, 1, encoding.mark().len() as u64);
    while !rest.is_empty() {
        let mut row = Row { line, offset, ..Row::default() };
        let begin = rest;
        if !rest.starts_with(['\r', '\n']) {
            loop {
                let (cell, after) = cell(rest);
                row.cells.push(cell);
                let Some(next) = after.strip_prefix(',') else {
                    rest = after;
                    break;
                };
                rest = next;
            }
        }
        let end = ["\r\n", "\n", "\r"].into_iter().find(|end| rest.starts_with(end)).unwrap_or_default();
        end.clone_into(&mut row.end);
        rest = &rest[end.len()..];
        let taken = &begin[..begin.len() - rest.len()];
        line += taken.matches('\n').count() as u64;
        offset += encoding.encode(taken).len() as u64 - encoding.mark().len() as u64;
        rows.push(row);
    }
    rows
}

/// The first cell of a text, and what is behind it.
fn cell(text: &str) -> (Cell, &str) {
    let plain = || {
        let (cell, after) = text.split_at(text.find([',', '\r', '\n']).unwrap_or(text.len()));
        (Cell { text: cell.to_owned(), quoted: false }, after)
    };
    let Some(inner) = text.strip_prefix('"') else { return plain() };
    let (mut content, mut rest) = (String::new(), inner);
    loop {
        // A mark that is never closed is a letter like any other.
        let Some((part, after)) = rest.split_once('"') else { return plain() };
        content.push_str(part);
        match after.strip_prefix('"') {
            Some(next) => {
                content.push('"');
                rest = next;
            }
            None if after.is_empty() || after.starts_with([',', '\r', '\n']) => return (Cell { text: content, quoted: true }, after),
            None => return plain(),
        }
    }
}

/// The cells of a row by the names of their columns.
struct Cells<'p>(BTreeMap<&'p str, &'p str>);

impl Cells<'_> {
    /// What is in the first of these columns that is there: older pages call two of them otherwise.
    fn text(&self, columns: &[&str]) -> Option<String> {
        columns.iter().find_map(|column| self.0.get(column)).filter(|text| !text.is_empty()).map(|text| (*text).to_owned())
    }

    fn number<N: std::str::FromStr>(&self, column: &str) -> Option<N> {
        self.0.get(column)?.parse().ok()
    }
}

/// A row of a driver, of a team, or of one of the drivers of the team before it.
fn result(cells: &Cells<'_>, account: &mut Account) {
    let (team, who) = (cells.text(&["Team ID"]), cells.text(&["Cust ID", "Custid"]));
    // Teams have negative numbers.
    let is_team = team.as_ref().is_some_and(|team| team.starts_with('-'));
    let name = cells.text(&["Name", "Driver"]);
    let driver = Driver { name: name.clone().unwrap_or_default(), id: who.clone(), ..Driver::default() };
    if is_team && let Some(car) = account.cars.last_mut().filter(|car| car.key == team) {
        car.drivers.push(driver);
        return;
    }
    let index = account.cars.len();
    account.cars.push(Car {
        number: cells.text(&["Car #"]).unwrap_or_default(),
        key: if is_team { team } else { who },
        class: cells.text(&["Car Class"]),
        team: name.filter(|_| is_team),
        model: cells.text(&["Car"]).or_else(|| cells.text(&["Car ID"])),
        drivers: if is_team { Vec::new() } else { vec![driver] },
        ballast_g: cells.number::<i64>(WEIGHT).filter(|kg| *kg >= 0).and_then(|kg| kg.checked_mul(1_000)),
        grid: cells.number("Start Pos").filter(|place| *place > 0),
        ..Car::default()
    });
    let status = cells.text(&["Out"]);
    let disqualified = status.as_deref() == Some("Disqualified");
    let (gap, laps_down) = interval(&cells.text(&["Interval"]).unwrap_or_default());
    account.claims.push(Claim {
        finish: if disqualified { Finish::Disqualified } else { Finish::Unknown },
        status,
        place: cells.number("Fin Pos").filter(|place| *place > 0 && !disqualified),
        laps: cells.number("Laps Comp"),
        gap,
        laps_down,
        best: cells.text(&["Fastest Lap Time"]).as_deref().and_then(written::time).filter(|best| best.0 > 0),
        best_lap: cells.number("Fast Lap#").filter(|lap| *lap > 0),
        incidents: cells.number("Inc"),
        ..Claim::of(index)
    });
}

/// `-00.000` of the first, `-15.549` behind it, `-4 L` so many laps behind, `-` nothing.
fn interval(text: &str) -> (Option<Micros>, Option<u32>) {
    let behind = text.strip_prefix('-').unwrap_or(text);
    match behind.strip_suffix('L') {
        Some(laps) => (None, laps.trim().parse().ok()),
        None => (written::time(behind), None),
    }
}

/// The row of a car, and one for each of its drivers where it is of a team.
fn lines(car: &Car, claim: &Claim) -> Vec<Row> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
    let place = |place: Option<u16>| place.map_or_else(String::new, |place| place.to_string());
    let is_team = car.team.is_some() || car.drivers.len() != 1;
    let interval = match (claim.laps_down, claim.gap) {
        (Some(laps), _) => format!("-{laps} L"),
        (None, Some(gap)) => format!("-{:0>6}", written::printed(gap)),
        (None, None) => String::from("-"),
    };
    // Teams have negative numbers; one from elsewhere is given one.
    let team_id = car.key.clone().filter(|key| key.starts_with('-')).unwrap_or_else(|| format!("-{}", claim.car + 1));
    let row = |id: String, name: String, interval: String| {
        let team = if is_team { team_id.clone() } else { id.clone() };
        Row::of([
            place(claim.place),
            String::new(),
            text(&car.model),
            text(&car.class),
            team,
            id,
            name,
            place(car.grid),
            car.number.clone(),
            text(&claim.status),
            interval,
            claim.best.map(written::printed).unwrap_or_default(),
            number(claim.best_lap),
            number(claim.laps),
            number(claim.incidents),
            car.ballast_g.map_or_else(String::new, |grams| (grams / 1_000).to_string()),
        ])
    };
    let drivers = car.drivers.iter().map(|driver| (text(&driver.id), driver.name.clone()));
    if is_team {
        let team = row(team_id.clone(), text(&car.team), interval);
        std::iter::once(team).chain(drivers.map(|(id, name)| row(id, name, String::from("-")))).collect()
    } else {
        drivers.map(|(id, name)| row(id, name, interval.clone())).collect()
    }
}
