//! The lap and result tables of a timing company, as far as these tests need them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sport::date::Micros;

/// One lap of the table.
pub(crate) struct Timed {
    pub(crate) time: Micros,
    pub(crate) elapsed: Micros,
    /// The three sector times, where all were taken and make up the lap.
    pub(crate) sectors: Option<[Micros; 3]>,
    /// It was completed under the chequered flag.
    pub(crate) chequered: bool,
}

/// One row of the official result.
pub(crate) struct Official {
    pub(crate) place: String,
    pub(crate) car: String,
    pub(crate) laps: u32,
    pub(crate) time: Option<Micros>,
    pub(crate) best: Option<Micros>,
    /// `Classified`, `Not started`.
    pub(crate) status: String,
    pub(crate) class: String,
    /// To the winner and to the car ahead: `+3.761`, `2 Laps`, `-`.
    pub(crate) gaps: [String; 2],
}

/// The races of a folder: laps and results.
pub(crate) fn races(folder: &Path) -> Vec<(PathBuf, PathBuf)> {
    let inside = |folder: &Path| -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    };
    let files = inside(folder).iter().flat_map(|year| inside(year)).flat_map(|event| inside(&event)).collect::<Vec<_>>();
    let laps = files.into_iter().filter(|file| file.to_string_lossy().ends_with("-laps.csv"));
    laps.map(|laps| (laps.clone(), PathBuf::from(laps.to_string_lossy().replace("-laps.csv", "-results.csv")))).collect()
}

/// Every car's laps, in order.
pub(crate) fn laps(file: &Path) -> Vec<(String, Vec<Timed>)> {
    let mut cars: BTreeMap<String, Vec<Timed>> = BTreeMap::new();
    for row in table(file) {
        let sectors = ["S1", "S2", "S3"].map(|key| time(&row[key]));
        let lap = time(&row["LAP_TIME"]).expect("a lap time");
        let sectors = if let [Some(one), Some(two), Some(three)] = sectors { Some([one, two, three]) } else { None };
        let sectors = sectors.filter(|all| all.iter().map(|sector| sector.0).sum::<i64>() == lap.0);
        let elapsed = time(&row["ELAPSED"]).expect("an elapsed time");
        cars.entry(row["NUMBER"].clone()).or_default().push(Timed { time: lap, elapsed, sectors, chequered: row["FLAG_AT_FL"] == "FF" });
    }
    cars.into_iter().collect()
}

/// The class of every car that drove a lap.
pub(crate) fn classes(file: &Path) -> BTreeMap<String, String> {
    table(file).into_iter().map(|row| (row["NUMBER"].clone(), row["CLASS"].clone())).collect()
}

/// The official result, in order.
pub(crate) fn results(file: &Path) -> Vec<Official> {
    let row = |row: BTreeMap<String, String>| Official {
        place: row["POSITION"].clone(),
        car: row["NUMBER"].clone(),
        laps: row["LAPS"].parse().unwrap_or(0),
        time: time(&row["TOTAL_TIME"]),
        best: time(&row["FL_TIME"]),
        status: row["STATUS"].clone(),
        class: row["CLASS"].clone(),
        gaps: ["GAP_FIRST", "GAP_PREVIOUS"].map(|key| row[key].clone()),
    };
    table(file).into_iter().map(row).collect()
}

/// The rows of a table, each cell by the head of its column.
pub(crate) fn table(file: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(file).unwrap();
    let text = text.trim_start_matches('\u{feff}');
    let (heads, rows) = text.split_once('\n').unwrap();
    let comma = if heads.contains(';') { ';' } else { ',' };
    let heads: Vec<&str> = heads.split(comma).map(str::trim).collect();
    let cells = |row: &str| -> Vec<String> {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        for c in row.chars() {
            match c {
                '"' => quoted = !quoted,
                c if c == comma && !quoted => cells.push(String::new()),
                c => cells.last_mut().unwrap().push(c),
            }
        }
        cells.iter().map(|cell| cell.trim().to_owned()).collect()
    };
    rows.lines()
        .filter(|row| !row.trim().is_empty())
        .map(|row| heads.iter().map(|head| (*head).to_owned()).zip(cells(row)).collect())
        .collect()
}

/// `1:36.568`, `2:40:01.002`, `32.533`; nothing where it is none.
pub(crate) fn time(cell: &str) -> Option<Micros> {
    let (whole, ms) = cell.split_once('.')?;
    let seconds = whole.split(':').try_fold(0_i64, |sum, part| Some(sum * 60 + part.parse::<i64>().ok()?))?;
    Some(Micros(seconds * 1_000_000 + ms.parse::<i64>().ok()? * 1_000))
}
