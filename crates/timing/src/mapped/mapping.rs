//! Which column of a table holds what: guessed by the names of columns and what is in them, and set by whoever knows better.

use std::collections::BTreeSet;

use sport::result::Finish;

use super::names;
use crate::flaw::Flaw;
use crate::table::{Row, Table};

/// The header is looked for in so many rows.
const TITLES: usize = 30;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Meaning {
    /// The car's number.
    Number,
    /// The place among all cars, or how a car ended without one.
    Place,
    /// The place in the class.
    ClassPlace,
    /// A driver's name; more than one column may.
    Driver,
    /// The names of all drivers.
    Drivers,
    /// A driver's first name; the family name is in the column behind it.
    First,
    /// A driver's family name.
    Last,
    /// The team.
    Team,
    /// The class.
    Class,
    /// The cup in the class.
    Cup,
    /// The model.
    Model,
    /// The manufacturer.
    Maker,
    /// The transponder.
    Transponder,
    /// The place on the grid.
    Grid,
    /// Laps completed.
    Laps,
    /// The time of the race.
    Time,
    /// The gap to the first, in time or laps.
    Gap,
    /// The best lap.
    Best,
    /// The number of the best lap.
    BestLap,
    /// How the car ended.
    Status,
    /// Of laps: the number of the lap.
    Lap,
    /// What it took.
    LapTime,
    /// Its first sector.
    Sector1,
    /// Its second sector.
    Sector2,
    /// Its third sector.
    Sector3,
    /// From the start of the session to its end.
    Elapsed,
    /// Nothing that is read.
    Nothing,
}

impl Meaning {
    /// All, with the word each is asked for by.
    pub const WORDS: [(&'static str, Self); 27] = [
        ("number", Self::Number),
        ("place", Self::Place),
        ("class-place", Self::ClassPlace),
        ("driver", Self::Driver),
        ("drivers", Self::Drivers),
        ("first-name", Self::First),
        ("last-name", Self::Last),
        ("team", Self::Team),
        ("class", Self::Class),
        ("cup", Self::Cup),
        ("model", Self::Model),
        ("maker", Self::Maker),
        ("transponder", Self::Transponder),
        ("grid", Self::Grid),
        ("laps", Self::Laps),
        ("time", Self::Time),
        ("gap", Self::Gap),
        ("best", Self::Best),
        ("best-lap", Self::BestLap),
        ("status", Self::Status),
        ("lap", Self::Lap),
        ("lap-time", Self::LapTime),
        ("sector-1", Self::Sector1),
        ("sector-2", Self::Sector2),
        ("sector-3", Self::Sector3),
        ("elapsed", Self::Elapsed),
        ("nothing", Self::Nothing),
    ];

    /// The word it is asked for by.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, meaning)| *meaning == self).map_or("", |(word, _)| word)
    }

    /// Whether more than one column may hold it.
    fn repeats(self) -> bool {
        matches!(self, Self::Driver | Self::First | Self::Last | Self::Nothing)
    }

    /// Whether its cells are times.
    pub(super) fn is_time(self) -> bool {
        matches!(self, Self::Time | Self::Gap | Self::Best | Self::LapTime | Self::Sector1 | Self::Sector2 | Self::Sector3 | Self::Elapsed)
    }

    /// Whether its cells are whole numbers. A car's number is none.
    pub(super) fn is_count(self) -> bool {
        matches!(self, Self::Place | Self::ClassPlace | Self::Grid | Self::Laps | Self::BestLap | Self::Lap)
    }
}

/// What a row of a table is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rows {
    /// A car's result.
    Results,
    /// A lap.
    Laps,
}

/// How times are written.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Times {
    /// With colons, or in seconds; a decimal finer than any seconds is a part of a day.
    #[default]
    Written,
    /// Parts of a day, as a spreadsheet keeps them.
    Days,
    /// Whole thousandths of a second.
    Milliseconds,
}

/// What somebody knows of a table.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Known {
    /// The sheet of a spreadsheet, by its name.
    pub sheet: Option<String>,
    /// The line of the header, from 1.
    pub header: Option<u64>,
    /// What a row is of.
    pub rows: Option<Rows>,
    /// How times are written.
    pub times: Option<Times>,
    /// Columns by their names, or by a letter as in spreadsheets.
    pub columns: Vec<(String, Meaning)>,
    /// Words for how a car ended.
    pub words: Vec<(String, Finish)>,
}

impl Known {
    /// From pairs as they are given: `Startnummer=number`, `C=team`, `Aufgabe=not-classified`, `header=3`, `sheet=Race 1`, `rows=laps`, `times=days`.
    ///
    /// # Errors
    /// A pair that says nothing that is known.
    pub fn of<P: AsRef<str>>(pairs: &[P]) -> Result<Self, String> {
        let mut known = Self::default();
        for pair in pairs {
            let pair = pair.as_ref();
            let (name, meaning) = pair
                .rsplit_once('=')
                .map(|(name, meaning)| (name.trim(), meaning.trim()))
                .ok_or_else(|| format!("`{pair}` is no pair such as Startnummer=number: the name of a column, =, and what it holds"))?;
            let wrong = || format!("`{pair}`: {name} cannot be `{meaning}`");
            match name {
                "sheet" => known.sheet = Some(meaning.to_owned()),
                "header" => known.header = Some(meaning.parse().ok().filter(|line| *line > 0).ok_or_else(wrong)?),
                "rows" => known.rows = Some(rows(meaning).ok_or_else(wrong)?),
                "times" => known.times = Some(times(meaning).ok_or_else(wrong)?),
                name => match (column(meaning), finish(meaning)) {
                    (Some(meaning), _) => known.columns.push((name.to_owned(), meaning)),
                    (None, Some(finish)) => known.words.push((names::bare(name), finish)),
                    (None, None) => {
                        let words: Vec<&str> = Meaning::WORDS.iter().map(|(word, _)| *word).collect();
                        return Err(format!("`{pair}`: a column can hold {}, and none is `{meaning}`", words.join(", ")));
                    }
                },
            }
        }
        Ok(known)
    }
}

fn rows(word: &str) -> Option<Rows> {
    match word {
        "results" => Some(Rows::Results),
        "laps" => Some(Rows::Laps),
        _ => None,
    }
}

fn times(word: &str) -> Option<Times> {
    match word {
        "written" => Some(Times::Written),
        "days" => Some(Times::Days),
        "milliseconds" => Some(Times::Milliseconds),
        _ => None,
    }
}

fn column(word: &str) -> Option<Meaning> {
    Meaning::WORDS.iter().find(|(of, _)| *of == word).map(|(_, meaning)| *meaning)
}

fn finish(word: &str) -> Option<Finish> {
    Finish::WORDS.iter().find(|(of, finish)| *of == word && *finish != Finish::Unknown).map(|(_, finish)| *finish)
}

/// Which column holds what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mapping {
    /// The header, counted in rows from 0.
    pub header: usize,
    /// What a row is of.
    pub rows: Rows,
    /// What each column holds, in order.
    pub columns: Vec<Meaning>,
    /// How times are written.
    pub times: Times,
    /// Words of somebody's own for how a car ended.
    pub(super) words: Vec<(String, Finish)>,
}

impl Mapping {
    /// The mapping of a table: as known, and guessed where it is not.
    ///
    /// # Errors
    /// It has no header that names what is needed: the car's number, and a result or a lap.
    pub fn of(table: &Table, known: &Known) -> Result<Self, Flaw> {
        let (header, row) = header(table, known)?;
        let mut columns = guessed(row);
        for (name, meaning) in &known.columns {
            let place = place(row, name).ok_or_else(|| {
                let names: Vec<&str> = row.cells().map(str::trim).filter(|name| !name.is_empty()).collect();
                row.flaw(format!("no column is called `{name}`; there are {}", names.join(", ")))
            })?;
            if !meaning.repeats() {
                columns.iter_mut().filter(|of| *of == meaning).for_each(|of| *of = Meaning::Nothing);
            }
            columns[place] = *meaning;
        }
        let body = || table.rows().skip(header + 1);
        by_values(&mut columns, row, body());
        let rows = known.rows.unwrap_or_else(|| if is_of_laps(&columns, body()) { Rows::Laps } else { Rows::Results });
        settle(&mut columns, rows);
        let mapping = Self { header, rows, columns, times: known.times.unwrap_or_default(), words: known.words.clone() };
        match mapping.lacks() {
            None => Ok(mapping),
            Some(lacks) => {
                Err(row.flaw(format!("no column is known to hold {lacks}; say which does, such as {}=number", row.cell(0).trim())))
            }
        }
    }

    /// What it lacks to be read.
    fn lacks(&self) -> Option<&'static str> {
        let has = |any: &[Meaning]| self.columns.iter().any(|column| any.contains(column));
        match self.rows {
            _ if !has(&[Meaning::Number]) => Some("the car's number"),
            Rows::Results if !has(&[Meaning::Place, Meaning::Laps, Meaning::Time, Meaning::Gap, Meaning::Best]) => {
                Some("a place, laps or a time")
            }
            Rows::Laps if !has(&[Meaning::Lap]) => Some("the number of the lap"),
            Rows::Laps if !has(&[Meaning::LapTime, Meaning::Elapsed]) => Some("the lap time"),
            Rows::Results | Rows::Laps => None,
        }
    }

    /// The column of a meaning; the first of several.
    pub fn column(&self, meaning: Meaning) -> Option<usize> {
        self.columns.iter().position(|of| *of == meaning)
    }

    /// How a car ended, by a word where its place, its time or its status would stand.
    pub(super) fn finish(&self, word: &str) -> Option<Finish> {
        if word.is_empty() {
            return None;
        }
        let own = || {
            let word = names::bare(word);
            self.words.iter().find(|(of, _)| *of == word).map(|(_, finish)| *finish)
        };
        own().or_else(|| names::finish(word))
    }
}

/// The header: as known; else, of the first rows, that with most names that are known.
fn header<'t>(table: &'t Table, known: &Known) -> Result<(usize, Row<'t>), Flaw> {
    let mut rows = table.rows().enumerate();
    if let Some(line) = known.header {
        return rows
            .find(|(_, row)| row.line() == line)
            .ok_or_else(|| Flaw::of(0, Some(line), b"", "there is no such line to be a header"));
    }
    let names = |row: Row<'_>| row.cells().filter_map(names::meaning).map(|(meaning, _)| meaning).collect::<BTreeSet<_>>().len();
    let best = rows.take(TITLES).map(|(nth, row)| (names(row), nth, row)).reduce(|best, next| if next.0 > best.0 { next } else { best });
    match best {
        Some((2.., nth, row)) => Ok((nth, row)),
        Some((_, _, row)) => Err(row.flaw(format!(
            "none of its first {TITLES} lines names columns that are known; say what they hold, such as Startnummer=number"
        ))),
        None => Err(Flaw::of(0, Some(1), b"", "it is empty")),
    }
}

/// The column that somebody means.
fn place(header: Row<'_>, name: &str) -> Option<usize> {
    let named = header.cells().position(|cell| cell.trim().to_lowercase() == name.to_lowercase());
    let letter = || match name.as_bytes() {
        [letter @ b'A'..=b'Z'] => Some(usize::from(letter - b'A')).filter(|place| *place < header.len()),
        _ => None,
    };
    named.or_else(letter)
}

/// By their names; of two that can be the same, the surer is.
fn guessed(header: Row<'_>) -> Vec<Meaning> {
    let guesses: Vec<Option<(Meaning, usize)>> = header.cells().map(names::meaning).collect();
    let surest = |nth: usize, meaning: Meaning, sure: usize| {
        guesses
            .iter()
            .enumerate()
            .all(|(other, guess)| guess.is_none_or(|(of, sureness)| of != meaning || (sure, nth) <= (sureness, other)))
    };
    let column = |(nth, guess): (usize, &Option<(Meaning, usize)>)| match guess {
        Some((meaning, sure)) if meaning.repeats() || surest(nth, *meaning, *sure) => *meaning,
        _ => Meaning::Nothing,
    };
    guesses.iter().enumerate().map(column).collect()
}

/// A column called *car* holds the number where no other does and numbers are in it.
fn by_values<'t>(columns: &mut [Meaning], header: Row<'_>, mut body: impl Iterator<Item = Row<'t>>) {
    if columns.contains(&Meaning::Number) {
        return;
    }
    let called = |nth: usize| {
        matches!(names::bare(header.cell(nth)).as_str(), "car" | "auto" | "voiture" | "vettura" | "coche" | "fahrzeug" | "wagen")
    };
    let place = (0..columns.len()).find(|nth| columns[*nth] == Meaning::Model && called(*nth));
    let numbered =
        |cell: &str| cell.trim().trim_start_matches('#').chars().all(|letter| letter.is_ascii_digit()) && !cell.trim().is_empty();
    if let Some(place) = place
        && body.next().is_some_and(|row| numbered(row.cell(place)))
    {
        columns[place] = Meaning::Number;
    }
}

/// Rows are of laps where they number them and a car has more than one.
fn is_of_laps<'t>(columns: &[Meaning], body: impl Iterator<Item = Row<'t>>) -> bool {
    let Some(number) = columns.iter().position(|of| *of == Meaning::Number) else { return false };
    let mut seen = BTreeSet::new();
    columns.contains(&Meaning::Lap)
        && body.map(|row| row.cell(number)).filter(|cell| !cell.is_empty()).take(1_000).any(|cell| !seen.insert(cell))
}

/// Names that mean one thing in a result and another of a lap.
fn settle(columns: &mut [Meaning], rows: Rows) {
    let mut instead = |of: Meaning, is: Meaning| {
        let known = columns.contains(&is);
        columns.iter_mut().filter(|column| **column == of).for_each(|column| *column = if known { Meaning::Nothing } else { is });
    };
    match rows {
        Rows::Results => {
            instead(Meaning::Lap, Meaning::Laps);
            instead(Meaning::LapTime, Meaning::Best);
        }
        Rows::Laps => instead(Meaning::Time, Meaning::LapTime),
    }
}
