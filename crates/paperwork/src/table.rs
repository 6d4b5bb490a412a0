//! Published tables as received: a result or a grid in comma-separated columns, any subset of them, in any order.

use std::ops::Range;
use std::sync::Arc;

use sport::date::Micros;
use sport::entry::{Entry, EntryList, Spell};
use sport::fact::ServedHow;
use sport::names::{DriverId, EntryId};
use sport::place::Places;
use sport::result::{Finish, GridRow, ResultRow};

use crate::columns::{Column, GRID_COLUMNS, RESULT_COLUMNS};
use crate::csv::{self, Cell, Record};
use crate::fault::Fault;
use crate::place::{Lines, Place};
use crate::shared::{DEAD_HEAT, PLACE_COLUMNS, Standing, shared_places};
use crate::{suggest, written};

/// Rows of one table, at most.
const ROWS_MAX: usize = 1000;

/// A result table: its rows, and the success seconds its cars served.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ResultTable {
    /// The cars, in the table's order.
    pub rows: Vec<ResultRow>,
    /// What each car served, where the table says so (D5).
    pub served: Vec<(EntryId, Micros, ServedHow)>,
}

/// Reads a result table. `name` is the file's name in faults, `round` the event whose entries it lists.
pub fn results(name: &str, text: &str, entries: &EntryList, round: u16, faults: &mut Vec<Fault>) -> ResultTable {
    let mut sheet = Sheet::new(name, text, entries, round, faults);
    let mut table = ResultTable::default();
    for line in sheet.lines(RESULT_COLUMNS) {
        let Some(car) = sheet.car(&line) else { continue };
        let success = sheet.duration(&line, "success");
        let how = sheet.word(&line, "success-how", &ServedHow::WORDS);
        match (success, how) {
            (Some(time), how) => table.served.push((car.clone(), time, how.unwrap_or(ServedHow::AtStop))),
            (None, Some(_)) if line.filled("success").is_none() => {
                let help = Some("write them, such as 10s, under success".to_owned());
                sheet.push(line.record.at.clone(), "missing-value", "success-how without success seconds", "how many seconds?", help);
            }
            (None, _) => {}
        }
        table.rows.push(sheet.result_row(&line, car));
    }
    sheet.check_places(&table.rows.iter().map(Standing::of_result).collect::<Vec<_>>());
    table
}

/// Reads a grid table. `name` is the file's name in faults, `round` the event whose entries it lists.
pub fn grid(name: &str, text: &str, entries: &EntryList, round: u16, faults: &mut Vec<Fault>) -> Vec<GridRow> {
    let mut sheet = Sheet::new(name, text, entries, round, faults);
    let mut rows = Vec::new();
    for line in sheet.lines(GRID_COLUMNS) {
        let Some(car) = sheet.car(&line) else { continue };
        let driver = line.filled("driver").and_then(|cell| sheet.driver(&cell.text, cell.at.clone(), &car));
        rows.push(GridRow {
            place: sheet.places(&line, "place"),
            class_place: sheet.places(&line, "class-place"),
            cup_place: sheet.places(&line, "cup-place"),
            driver,
            time: sheet.duration(&line, "time"),
            note: line.note(),
            car,
        });
    }
    sheet.check_places(&rows.iter().map(Standing::of_grid).collect::<Vec<_>>());
    rows
}

/// The entry a car's id or number means at an event: the id first, then the number among the entries of the event.
pub(crate) fn entered<'e>(entries: &'e EntryList, written: &str, round: u16) -> Option<&'e Entry> {
    let here = |entry: &&Entry| entry.spell(round).is_some();
    let mut by_id = entries.entries.iter().filter(here).filter(|entry| entry.id.as_str() == written);
    let mut by_number = entries.entries.iter().filter(here).filter(|entry| entry.number.as_deref() == Some(written));
    by_id.next().or_else(|| by_number.next())
}

/// The driver an id or a full name means.
pub(crate) fn driver<'e>(entries: &'e EntryList, written: &str) -> Option<&'e DriverId> {
    let by_id = entries.drivers.iter().find(|driver| driver.id.as_str() == written);
    by_id.or_else(|| entries.drivers.iter().find(|driver| driver.name == written)).map(|driver| &driver.id)
}

/// The remedy for a car that is not entered: the nearest that is.
pub(crate) fn car_help(entries: &EntryList, written: &str, round: u16) -> Option<String> {
    let here = entries.entries.iter().filter(|entry| entry.spell(round).is_some()).map(|entry| entry.id.as_str());
    suggest::help(written, here)
}

/// The remedy for a driver who is not known: the nearest by id, then by name.
pub(crate) fn driver_help(entries: &EntryList, written: &str) -> Option<String> {
    if let Some(joined) = written.chars().find(|joined| matches!(joined, '+' | '&' | ';' | ',' | '/')) {
        return Some(format!(
            "this is more than one driver: a table joins them with /, a list writes each in quotes of its own, not with {joined}"
        ));
    }
    let ids = entries.drivers.iter().map(|driver| driver.id.as_str());
    let named = || suggest::nearest(written, entries.drivers.iter().map(|driver| driver.name.as_str()));
    match suggest::nearest(written, ids).or_else(named) {
        Some(word) => Some(format!("did you mean \"{word}\"?")),
        None => Some("add the driver to entries.toml".to_owned()),
    }
}

/// One record with the columns its table has.
struct Line {
    columns: Arc<[String]>,
    record: Record,
}

impl Line {
    /// The cell of a column, when it is not empty.
    fn filled(&self, column: &str) -> Option<&Cell> {
        let ix = self.columns.iter().position(|name| name == column)?;
        self.record.cells.get(ix).filter(|cell| !cell.text.trim().is_empty())
    }

    fn text(&self, column: &str) -> Option<&str> {
        self.filled(column).map(|cell| cell.text.trim())
    }

    /// The remark, with the row's own source in brackets.
    fn note(&self) -> Option<String> {
        match (self.text("note"), self.text("source")) {
            (None, None) => None,
            (Some(note), None) => Some(note.to_owned()),
            (None, Some(source)) => Some(format!("[{source}]")),
            (Some(note), Some(source)) => Some(format!("{note} [{source}]")),
        }
    }
}

/// A table while it is read.
struct Sheet<'a> {
    lines: Lines<'a>,
    text: &'a str,
    name: &'a str,
    entries: &'a EntryList,
    round: u16,
    /// Cars read so far, with the bytes of their cells and of their records.
    cars: Vec<(EntryId, Range<usize>)>,
    /// The cells of places read so far.
    placed: Vec<(EntryId, &'static str, Range<usize>)>,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Sheet<'a> {
    fn new(name: &'a str, text: &'a str, entries: &'a EntryList, round: u16, faults: &'a mut Vec<Fault>) -> Self {
        Self { lines: Lines::of(Arc::from(name), text), text, name, entries, round, cars: Vec::new(), placed: Vec::new(), faults }
    }

    fn place(&self, at: Range<usize>) -> Place {
        self.lines.place(at)
    }

    fn push(&mut self, at: Range<usize>, code: &'static str, message: impl Into<String>, label: &str, help: Option<String>) {
        let fault = Fault::error(code, &self.place(at), message).label(label).help_if(help);
        self.faults.push(fault);
    }

    /// The lines below the header. None where the header is not understood.
    fn lines(&mut self, known: &[Column]) -> Vec<Line> {
        if self.other_separator() {
            return Vec::new();
        }
        let known: Vec<&str> = known.iter().map(|column| column.name).collect();
        let records = match csv::records(self.text) {
            Ok(records) => records,
            Err(broken) => {
                self.push(broken.at, "not-csv", broken.why, "here", Some(broken.remedy.to_owned()));
                return Vec::new();
            }
        };
        let mut records = records.into_iter();
        let Some(header) = records.next() else {
            self.push(
                0..0,
                "empty-table",
                format!("{} has no header row", self.name),
                "",
                Some(format!("name the columns: {}", known.join(","))),
            );
            return Vec::new();
        };
        if !self.header(&header, &known) {
            return Vec::new();
        }
        let columns: Arc<[String]> = header.cells.iter().map(|cell| cell.text.trim().to_owned()).collect();
        let (mut lines, before) = (Vec::new(), self.faults.len());
        for record in records {
            if lines.len() == ROWS_MAX {
                self.push(record.at, "too-large", format!("more than {ROWS_MAX} rows"), "the first too many", None);
                break;
            }
            if record.cells.len() != columns.len() {
                let message =
                    format!("{} here and {} in the header", written::counted(record.cells.len(), "column", "columns"), columns.len());
                self.push(record.at, "unequal-columns", message, "this row", Some("quote cells that contain a comma".to_owned()));
                continue;
            }
            lines.push(Line { columns: Arc::clone(&columns), record });
        }
        if lines.is_empty() && self.faults.len() == before {
            self.push(header.at, "empty-table", "the table has no rows", "only a header", Some("give it a row a car".to_owned()));
        }
        lines
    }

    /// Whether the header has another separator than the comma, as a spreadsheet of many countries writes it; told once.
    fn other_separator(&mut self) -> bool {
        let start = self.text.len() - self.text.trim_start_matches(['\u{feff}', '\r', '\n']).len();
        let header = self.text[start..].lines().next().unwrap_or_default();
        let found = header.find([';', '\t']).filter(|_| !header.contains(','));
        if let Some(at) = found {
            let word = if header[at..].starts_with(';') { "semicolons" } else { "tabs" };
            let message = format!("the columns are separated by {word}, not by commas");
            let help = "save it as comma-separated text: in a spreadsheet, \"CSV\" with a comma as the separator";
            self.push(start + at..start + at + 1, "not-commas", message, "no comma", Some(help.to_owned()));
        }
        found.is_some()
    }

    fn header(&mut self, header: &Record, known: &[&str]) -> bool {
        let before = self.faults.len();
        for (ix, cell) in header.cells.iter().enumerate() {
            let column = cell.text.trim();
            if !known.contains(&column) {
                let help = suggest::help(column, known.iter().copied());
                self.push(cell.at.clone(), "unknown-column", format!("there is no column \"{column}\""), "not a column", help);
            } else if header.cells[..ix].iter().any(|earlier| earlier.text.trim() == column) {
                self.push(cell.at.clone(), "written-twice", format!("the column {column} is there twice"), "again", None);
            }
        }
        if !header.cells.iter().any(|cell| cell.text.trim() == "car") {
            self.push(
                header.at.clone(),
                "missing-column",
                "the column car is missing",
                "no car",
                Some("name the column of car numbers car".to_owned()),
            );
        }
        self.faults.len() == before
    }

    /// The car of a line, when it is entered for the event and not there twice.
    fn car(&mut self, line: &Line) -> Option<EntryId> {
        let Some(cell) = line.filled("car") else {
            self.push(line.record.at.clone(), "missing-value", "a row without a car", "which car?", None);
            return None;
        };
        let (at, written) = (cell.at.clone(), cell.text.trim());
        let Some(entry) = entered(self.entries, written, self.round) else {
            let fault = unknown_car(self.entries, written, self.round, &self.place(at));
            self.faults.push(fault);
            return None;
        };
        let id = entry.id.clone();
        if let Some((_, first)) = self.cars.iter().find(|(car, _)| *car == id) {
            let line = self.place(first.clone()).line;
            self.push(
                at,
                "car-twice",
                format!("car {id} is in the table twice"),
                "again",
                Some(format!("first on line {line}; keep one row a car")),
            );
            return None;
        }
        self.cars.push((id.clone(), at));
        Some(id)
    }

    fn result_row(&mut self, line: &Line, car: EntryId) -> ResultRow {
        let crew = self.crew(line, &car);
        let [place, class_place, cup_place] = PLACE_COLUMNS.map(|column| self.places(line, column));
        let placed = place.or(class_place).or(cup_place).is_some();
        let finish = self.word(line, "finish", &Finish::WORDS);
        let finish = finish.unwrap_or(if placed { Finish::Classified } else { Finish::Unknown });
        ResultRow {
            place,
            class_place,
            cup_place,
            laps: self.laps(line),
            time: self.duration(line, "time"),
            gap: self.gap(line),
            best_lap: self.duration(line, "best-lap"),
            crew,
            led: self.word(line, "led", &[("yes", true), ("no", false)]).unwrap_or(false),
            note: line.note(),
            ..ResultRow::of(car, finish)
        }
    }

    fn crew(&mut self, line: &Line, car: &EntryId) -> Vec<DriverId> {
        let Some(cell) = line.filled("crew") else { return Vec::new() };
        let mut crew = Vec::new();
        for written in cell.text.split('/').map(str::trim) {
            if let Some(driver) = self.driver(written, cell.at.clone(), car) {
                if crew.contains(&driver) {
                    self.push(cell.at.clone(), "driver-twice", format!("{driver} is in the crew twice"), "again", None);
                } else {
                    crew.push(driver);
                }
            }
        }
        crew
    }

    fn driver(&mut self, written: &str, at: Range<usize>, car: &EntryId) -> Option<DriverId> {
        let written = written.trim();
        let Some(id) = driver(self.entries, written).cloned() else {
            let help = driver_help(self.entries, written);
            self.push(at, "unknown-driver", format!("there is no driver \"{written}\""), "not an entered driver", help);
            return None;
        };
        let entered = |spell: &Spell| spell.crew.contains(&id) || spell.perhaps.contains(&id) || spell.crew_open;
        let spell = self.entries.entries.iter().find(|entry| entry.id == *car).and_then(|entry| entry.spell(self.round));
        if !spell.is_some_and(entered) {
            let message = format!("{id} is not in the crew that entered car {car} for round {}", self.round);
            let fault = Fault::warning("driver-not-in-crew", &self.place(at), message)
                .label("not in this crew")
                .help("change the crew in entries.toml if it did");
            self.faults.push(fault);
        }
        Some(id)
    }

    /// A place `3`, or `6|7` where the order was not published.
    fn places(&mut self, line: &Line, column: &'static str) -> Option<Places> {
        let cell = line.filled(column)?;
        let places = places(cell.text.trim());
        if places.is_none() {
            let message = format!("\"{}\" is no place", cell.text.trim());
            self.push(cell.at.clone(), "bad-place", message, "not a place", Some("write 3, or 6|7 for sixth or seventh".to_owned()));
        } else if let Some((car, _)) = self.cars.last() {
            self.placed.push((car.clone(), column, cell.at.clone()));
        }
        places
    }

    fn duration(&mut self, line: &Line, column: &str) -> Option<Micros> {
        let cell = line.filled(column)?;
        let time = written::duration(cell.text.trim());
        if time.is_none() {
            let message = format!("\"{}\" is no time", cell.text.trim());
            let help = written::with_unit(&cell.text).or_else(|| Some("write 1:33.396, 1:02:24.881 or 15s".to_owned()));
            self.push(cell.at.clone(), "bad-time", message, "not a time", help);
        }
        time
    }

    /// A gap as sheets print it: `+5.631`, where a spreadsheet was kept from running it `'+1:05.631`, or in laps, which the column laps tells.
    fn gap(&mut self, line: &Line) -> Option<Micros> {
        let cell = line.filled("gap")?;
        let bare = cell.text.trim().trim_start_matches('\'').trim_start_matches('+');
        let seconds = || written::duration(&format!("{bare}s")).filter(|_| bare.len() < cell.text.trim().len());
        if let Some(time) = written::duration(bare).or_else(seconds) {
            return Some(time);
        }
        let number = bare.to_lowercase().trim_end_matches('s').strip_suffix("lap").map(|number| number.trim().to_owned());
        let in_laps = number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
        if !in_laps {
            return self.duration(line, "gap");
        }
        if line.filled("laps").is_none() {
            let message = format!("\"{}\" says how many laps it is behind, and not how many it completed", cell.text.trim());
            self.push(cell.at.clone(), "missing-value", message, "a gap in laps", Some("write the laps completed under laps".to_owned()));
        }
        None
    }

    fn laps(&mut self, line: &Line) -> Option<u32> {
        let cell = line.filled("laps")?;
        let laps = Some(cell.text.trim())
            .filter(|text| text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|text| text.parse().ok());
        if laps.is_none() {
            self.push(
                cell.at.clone(),
                "bad-number",
                format!("\"{}\" is no number of laps", cell.text.trim()),
                "not a number",
                Some("write whole laps".to_owned()),
            );
        }
        laps
    }

    fn word<T: Copy>(&mut self, line: &Line, column: &str, words: &[(&'static str, T)]) -> Option<T> {
        let cell = line.filled(column)?;
        let written = cell.text.trim();
        let found = words.iter().find(|(word, _)| *word == written).map(|(_, value)| *value);
        if found.is_none() {
            let help = suggest::help(written, words.iter().map(|(word, _)| *word));
            self.push(cell.at.clone(), "unknown-word", format!("{column} is never \"{written}\""), "not a known word", help);
        }
        found
    }

    /// No two cars hold one place of the same ranking.
    fn check_places(&mut self, rows: &[Standing<'_>]) {
        for shared in shared_places(self.entries, self.round, rows) {
            let cell = self.placed.iter().find(|(car, of, _)| *car == shared.car && *of == shared.column);
            let at = cell.map_or(0..0, |(_, _, at)| at.clone());
            self.push(at, "place-twice", shared.message(), "again", Some(DEAD_HEAT.to_owned()));
        }
    }
}

/// A place `3`, or a range `6|7`.
pub(crate) fn places(written: &str) -> Option<Places> {
    let number = |text: &str| -> Option<u16> {
        let plain = !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten().filter(|place| *place > 0)
    };
    // What `--format csv` prints has a dash there.
    match written.split_once(['|', '–']) {
        None => number(written).map(Places::exactly),
        Some((best, worst)) => {
            let (best, worst) = (number(best)?, number(worst)?);
            (best <= worst).then_some(Places { best, worst })
        }
    }
}

/// A car that is not entered for an event: unknown altogether, or entered elsewhere only.
pub(crate) fn unknown_car(entries: &EntryList, written: &str, round: u16, place: &Place) -> Fault {
    let elsewhere = entries.entries.iter().find(|entry| entry.id.as_str() == written || entry.number.as_deref() == Some(written));
    match elsewhere {
        Some(entry) => {
            let rounds: Vec<String> = entry.spells.iter().flat_map(|spell| &spell.rounds).map(ToString::to_string).collect();
            Fault::error("not-entered", place, format!("car {written} is not entered for round {round}"))
                .label("not entered here")
                .help(format!("it is entered for {}; add the round to a crew in entries.toml", rounds.join(", ")))
        }
        None => Fault::error("unknown-car", place, format!("there is no car \"{written}\""))
            .label("not an entered car")
            .help_if(car_help(entries, written, round)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    const COMMAS: &str = "1:4 not-commas (save it as comma-separated text: in a spreadsheet, \"CSV\" with a comma as the separator)";

    fn told(text: &str) -> Vec<String> {
        let season = sample::with(&[]).value.expect("sound");
        let mut faults = Vec::new();
        results("race.csv", text, &season.entries, 1, &mut faults);
        sample::told(&faults)
    }

    #[test]
    fn a_table_reads_with_its_places_times_and_seconds_served() {
        let season = sample::with(&[]).value.expect("sound");
        let text = "\u{feff}car,place,class-place,finish,time,laps,led,success,success-how,crew,note,source\r\n19,1,1,,1:00:12.3,28,yes,15s,announced,,\"won, again\",S03\r\n28,,6|7,,,,,,,Morris Chen/slade,,\r\n666,,,not-classified,,,no,,,,,S05\r\n";
        let mut faults = Vec::new();
        let table = results("race.csv", text, &season.entries, 1, &mut faults);
        assert_eq!(faults, []);
        assert_eq!(table.served, [("19".into(), Micros::seconds(15), ServedHow::Announced)]);
        let [first, second, third] = table.rows.as_slice() else { panic!("three rows") };
        assert_eq!((first.place, first.laps, first.led), (Some(Places::exactly(1)), Some(28), true));
        assert_eq!((first.time, first.note.as_deref()), (Some(Micros(3_612_300_000)), Some("won, again [S03]")));
        assert_eq!((second.class_place, second.finish), (Some(Places { best: 6, worst: 7 }), Finish::Classified));
        assert_eq!(second.crew, ["chen".into(), "slade".into()]);
        assert_eq!((third.finish, third.note.as_deref()), (Finish::NotClassified, Some("[S05]")));
    }

    #[test]
    fn every_fault_of_a_table_has_its_place_and_remedy() {
        for (text, expected) in [
            ("car,plase\n19,1\n", "1:5 unknown-column (did you mean \"place\"?)"),
            ("car;place\n19;1\n", COMMAS),
            ("\"car\";\"place\"\n\"19\";\"1\"\n", &COMMAS.replace("1:4", "1:6")),
            ("\ncar\tplace\n19\t1\n", &COMMAS.replace("1:4", "2:4")),
            ("car,place,place\n19,1,1\n", "1:11 written-twice (-)"),
            ("place\n1\n", "1:1 missing-column (name the column of car numbers car)"),
            ("car,place\n", "1:1 empty-table (give it a row a car)"),
            ("car,place\n19\n", "2:1 unequal-columns (quote cells that contain a comma)"),
            ("car,place\n\"19,1\n", "2:1 not-csv (close the quoted cell)"),
            ("car,place\n,1\n", "2:1 missing-value (-)"),
            ("car,place\n29,1\n", "2:1 unknown-car (did you mean \"19\"?)"),
            ("car,place\n19,1\n19,2\n", "3:1 car-twice (first on line 2; keep one row a car)"),
            (
                "car,place\n19,1\n28,1\n",
                "3:4 place-twice (correct one; for a dead heat give both the same time, or say dead heat in both notes)",
            ),
            (
                "car,class-place\n19,1\n28,1\n",
                "3:4 place-twice (correct one; for a dead heat give both the same time, or say dead heat in both notes)",
            ),
            ("car,place\n19,first\n", "2:4 bad-place (write 3, or 6|7 for sixth or seventh)"),
            ("car,place\n19,7|6\n", "2:4 bad-place (write 3, or 6|7 for sixth or seventh)"),
            ("car,time\n19,1:60.0\n", "2:4 bad-time (write 1:33.396, 1:02:24.881 or 15s)"),
            ("car,laps\n19,-1\n", "2:4 bad-number (write whole laps)"),
            ("car,finish\n19,clasified\n", "2:4 unknown-word (did you mean \"classified\"?)"),
            ("car,crew\n19,kodric/lindt\n", "2:4 unknown-driver (did you mean \"lind\"?)"),
            (
                "car,crew\n19,kodric + lind\n",
                "2:4 unknown-driver (this is more than one driver: a table joins them with /, a list writes each in quotes of its own, not with +)",
            ),
            ("car,crew\n19,kodric/kodric\n", "2:4 driver-twice (-)"),
            ("car,crew\n19,kodric/chen\n", "2:4 driver-not-in-crew (change the crew in entries.toml if it did)"),
            ("car,success-how\n19,at-stop\n", "2:1 missing-value (write them, such as 10s, under success)"),
        ] {
            assert_eq!(told(text), [expected], "{text}");
        }
    }

    #[test]
    fn gaps_and_places_are_read_as_they_are_printed() {
        let season = sample::with(&[]).value.expect("sound");
        let text = "car,class-place,laps,gap\n19,6–7,29,+5.631\n28,6|7,29,'+1:05.631\n666,,28,'+1 lap\n";
        let mut faults = Vec::new();
        let table = results("race.csv", text, &season.entries, 1, &mut faults);
        let gaps: Vec<Option<Micros>> = table.rows.iter().map(|row| row.gap).collect();
        assert_eq!(gaps, [Some(Micros(5_631_000)), Some(Micros(65_631_000)), None], "{faults:?}");
        assert_eq!((faults.as_slice(), table.rows[0].class_place), ([].as_slice(), table.rows[1].class_place));
        assert_eq!(told("car,gap\n19,+2 laps\n"), ["2:4 missing-value (write the laps completed under laps)"]);
        assert_eq!(told("car,gap\n19,5.631\n"), ["2:4 bad-time (did you mean \"5.631s\"?)"]);
    }

    #[test]
    fn a_table_of_blank_lines_has_no_header() {
        for text in ["", "\n", "\r\n\n", "\u{feff}\n"] {
            assert!(told(text)[0].starts_with("1:1 empty-table"), "{text:?}");
        }
    }

    #[test]
    fn a_car_entered_elsewhere_only_is_told_apart() {
        let season = sample::with(&[]).value.expect("sound");
        let mut faults = Vec::new();
        grid("grid.csv", "car,place\n28,1\n", &season.entries, 2, &mut faults);
        assert_eq!(sample::told(&faults), ["2:1 not-entered (it is entered for 1; add the round to a crew in entries.toml)"]);
    }

    #[test]
    fn classes_and_dead_heats_share_a_place() {
        assert_eq!(told("car,class-place\n19,1\n666,1\n"), [""; 0]);
        assert_eq!(told("car,place,time\n19,1,1:00:00.0\n28,1,1:00:00.000\n"), [""; 0]);
        assert_eq!(told("car,place,note\n19,1,dead heat\n28,1,Dead heat\n"), [""; 0]);
        assert_eq!(told("car,place\n19,6|7\n28,6|7\n"), [""; 0]);
    }

    proptest::proptest! {
        #[test]
        fn no_table_breaks_it(text in "(car|19|28|place|time|crew|[\\PC\r\n\",/|]){0,30}", header in proptest::bool::ANY) {
            let text = if header { format!("car,place,time,crew,success\n{text}") } else { text };
            let season = sample::with(&[]).value.expect("sound");
            let mut faults = Vec::new();
            results("race.csv", &text, &season.entries, 1, &mut faults);
            grid("grid.csv", &text, &season.entries, 1, &mut faults);
        }
    }
}
