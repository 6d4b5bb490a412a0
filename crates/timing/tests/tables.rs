//! The tables of timing companies on files as they are, where these are present: nothing of them may be copied.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sport::date::Micros;
use sport::running::Ranking;
use timing::account::{Account, Car, Lap};
use timing::al_kamel::analysis::{self, Analysis};
use timing::al_kamel::classification::{self, Classification};
use timing::al_kamel::flags;
use timing::al_kamel::weather::{self, WeatherReport};
use timing::gtwce::{self, Results};
use timing::mapped;
use timing::p3;
use timing::reckoned::Reckoned;
use timing::swiss_tables;
use timing::together::together;

/// Every file in a folder of captures that may not be copied; none where the folder is not present.
fn captures(folder: &str) -> Vec<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures");
    let root = std::env::var_os("PARCFERME_CAPTURES").map_or_else(beside, PathBuf::from).join(folder);
    let files = files(&root);
    if files.is_empty() {
        _ = writeln!(std::io::stderr(), "skipped: no captures in {}", root.display());
    }
    files
}

fn files(root: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() { &mut folders } else { &mut files }.push(path);
        }
    }
    files.sort();
    files
}

/// What was read of files of one kind.
#[derive(Default, PartialEq, Debug)]
struct Read {
    files: usize,
    rows: usize,
}

#[test]
fn every_lap_of_every_analysis_is_read_and_written_again_in_the_same_bytes_and_the_laps_sum_up() {
    let mut read = Read::default();
    for path in [captures("imsa"), captures("wec")].concat() {
        let bytes = std::fs::read(&path).unwrap();
        if !analysis::is(&bytes) {
            continue;
        }
        let (analysis, flaws) = Analysis::decode(&bytes).unwrap();
        assert_eq!(flaws, [], "{}", path.display());
        assert!(analysis.encode() == bytes, "{}", path.display());
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        for lap in analysis.laps() {
            let sum = sums.entry(lap.number).or_default();
            *sum += lap.time.unwrap().0;
            assert_eq!(Some(Micros(*sum)), lap.elapsed, "{}:{}", path.display(), lap.line);
        }
        let account = analysis.account();
        assert_eq!((account.laps.len(), account.notes.len()), (analysis.laps().count(), 0), "{}", path.display());
        // What the format has beside the account is lost on the way back (improvements, mean speeds), and nothing else.
        let (again, flaws) = Analysis::decode(&Analysis::of(&account).encode()).unwrap();
        assert!(again.account() == account && flaws.is_empty(), "{}", path.display());
        read.files += 1;
        read.rows += account.laps.len();
    }
    assert!([Read::default(), Read { files: 11, rows: 30_689 }].contains(&read), "{read:?}");
}

#[test]
fn every_classification_and_every_weather_is_read_and_written_again_in_the_same_bytes() {
    let (mut results, mut reports) = (Read::default(), Read::default());
    for path in captures("imsa") {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.display();
        if classification::is(&bytes) {
            let (classification, flaws) = Classification::decode(&bytes).unwrap();
            assert!(flaws.is_empty() && classification.encode() == bytes, "{name}");
            let account = classification.account();
            assert_eq!(account.notes, [], "{name}");
            let (again, flaws) = Classification::decode(&Classification::of(&account).encode()).unwrap();
            assert!(again.account() == account && flaws.is_empty(), "{name}");
            results = Read { files: results.files + 1, rows: results.rows + account.claims.len() };
        } else if weather::is(&bytes) {
            let (weather, flaws) = WeatherReport::decode(&bytes).unwrap();
            assert!(flaws.is_empty() && weather.encode() == bytes, "{name}");
            let account = weather.account();
            let (again, flaws) = WeatherReport::decode(&WeatherReport::of(&account).encode()).unwrap();
            assert!(again.account() == account && flaws.is_empty(), "{name}");
            reports = Read { files: reports.files + 1, rows: reports.rows + account.weather.len() };
        } else if !analysis::is(&bytes) {
            // One file is empty where it comes from.
            assert!(bytes.is_empty(), "{name}");
            assert_eq!(WeatherReport::decode(&bytes).unwrap_err().why, "it is empty");
        }
    }
    let told = ((results.files, results.rows), (reports.files, reports.rows));
    assert!([((0, 0), (0, 0)), ((9, 237), (8, 1_058))].contains(&told), "{told:?}");
}

/// The files of each race, as one account.
fn races() -> Vec<(String, Account)> {
    let mut races: BTreeMap<PathBuf, Vec<Account>> = BTreeMap::new();
    for path in captures("imsa") {
        let bytes = std::fs::read(&path).unwrap();
        let account = if analysis::is(&bytes) {
            Analysis::decode(&bytes).unwrap().0.account()
        } else if classification::is(&bytes) {
            Classification::decode(&bytes).unwrap().0.account()
        } else if weather::is(&bytes) {
            WeatherReport::decode(&bytes).unwrap().0.account()
        } else {
            continue;
        };
        races.entry(path.parent().unwrap().to_owned()).or_default().push(account);
    }
    races.into_iter().map(|(folder, accounts)| (folder.display().to_string(), together(accounts))).collect()
}

#[test]
fn the_laps_and_the_time_of_every_car_are_those_of_its_last_lap_or_it_is_told_that_they_are_not() {
    let (mut cars, mut differ, mut races_seen) = (0, Vec::new(), 0);
    for (race, account) in races() {
        let differences = Reckoned::of(&account, Ranking::Distance).differences;
        let mut last: BTreeMap<usize, &Lap> = BTreeMap::new();
        account.laps.iter().for_each(|lap| _ = last.insert(lap.car, lap));
        for claim in &account.claims {
            let told = |codes: &[&str]| differences.iter().any(|of| of.car == claim.car && codes.contains(&of.code));
            let same = last.get(&claim.car).is_some_and(|lap| (claim.laps, claim.time) == (Some(lap.number), lap.elapsed));
            let without = !last.contains_key(&claim.car) && claim.laps == Some(0) && claim.time.is_none();
            assert!(same || without || told(&["time-differs", "laps-differ"]), "{race}: {}", account.cars[claim.car].number);
            cars += 1;
        }
        differ.extend(differences.iter().filter(|of| matches!(of.code, "time-differs" | "laps-differ")).map(|of| of.says.clone()));
        races_seen += 1;
    }
    let seen = (races_seen, cars, differ.len());
    assert!([(0, 0, 0), (9, 237, 0)].contains(&seen), "{seen:?} {differ:#?}");
}

#[test]
fn several_files_make_one_account_with_every_car_once_and_crews_that_are_not_doubled() {
    for (race, account) in races() {
        let mut numbers: Vec<&String> = account.cars.iter().map(|car| &car.number).collect();
        numbers.sort();
        numbers.dedup();
        assert_eq!((numbers.len(), account.claims.len()), (account.cars.len(), account.cars.len()), "{race}");
        let two = |car: &Car| car.drivers.len() == 2 && car.drivers.iter().all(|driver| driver.grade.is_some() && driver.first.is_some());
        let odd: Vec<&Car> = account.cars.iter().filter(|car| !two(car)).collect();
        assert!(odd.is_empty(), "{race}: {odd:#?}");
        assert!(account.cars.iter().all(|car| car.model.is_some() && car.team.is_some()), "{race}");
        let codes: Vec<&str> = account.notes.iter().map(|note| note.code).filter(|code| *code != "rain-unknown").collect();
        assert!(codes.is_empty(), "{race}: {:#?}", account.notes);
    }
}

#[test]
fn every_result_of_gt_world_challenge_europe_is_read_and_written_again_in_the_same_bytes() {
    let mut read = Read::default();
    let (mut lapped, mut backwards) = (0, 0);
    for path in captures("gtwce-results").into_iter().filter(|path| !path.ends_with("poles.csv")) {
        let (bytes, name) = (std::fs::read(&path).unwrap(), path.display());
        assert!(gtwce::is(&bytes), "{name}");
        let (results, flaws) = Results::decode(&bytes).unwrap();
        assert!(flaws.is_empty() && results.encode() == bytes, "{name}");
        let mut winner = None;
        for row in results.rows() {
            winner = winner.or(row.laps);
            let below = row.gap.is_some_and(|gap| gap.0 < 0);
            lapped += usize::from(row.laps < winner && row.gap.is_some() && !below);
            backwards += usize::from(below);
            // On the winner's lap none is before him.
            assert!(row.laps != winner || !below, "{name}:{}", row.line);
        }
        let mut account = results.account();
        assert!(account.claims.iter().all(|claim| claim.time.is_none()), "{name}");
        let (again, flaws) = Results::decode(&Results::of(&account).encode()).unwrap();
        // The gaps of lapped cars are none, and are not written.
        account.notes.retain(|note| note.code != "gaps-of-lapped");
        assert!(again.account() == account && flaws.is_empty(), "{name}");
        read.files += 1;
        read.rows += account.claims.len();
    }
    let told = (read.files, read.rows, lapped, backwards);
    assert!([(0, 0, 0, 0), (50, 2_351, 832, 520)].contains(&told), "{told:?}");
}

#[test]
fn no_table_is_taken_for_a_file_of_another_format() {
    let repository = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("captures"));
    let mut claimed = BTreeMap::new();
    for path in captures("").into_iter().chain(repository) {
        let bytes = std::fs::read(&path).unwrap();
        let begin = &bytes[..bytes.len().min(64 << 10)];
        let formats = [
            ("analysis", analysis::is(begin)),
            ("classification", classification::is(begin)),
            ("flags", flags::is(begin)),
            ("weather", weather::is(begin)),
            ("gtwce", gtwce::is(begin)),
            ("swiss", swiss_tables::is_stops(begin) || swiss_tables::is_sectors(begin)),
            ("mapped", mapped::is(begin)),
            ("p3", p3::log::is(begin)),
        ];
        let of: Vec<&str> = formats.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
        let path = path.to_string_lossy().into_owned();
        match of.as_slice() {
            [] => assert!(!path.contains("/wec/") && (!path.contains("/imsa/") || bytes.is_empty()), "{path}"),
            ["analysis" | "classification" | "weather"] => assert!(path.contains("/imsa/") || path.contains("/wec/"), "{path} {of:?}"),
            ["gtwce"] => assert!(path.contains("/Races/"), "{path} {of:?}"),
            ["p3"] => {}
            of => panic!("{path} {of:?}"),
        }
        *claimed.entry(of.concat()).or_insert(0) += 1;
    }
    assert_eq!(claimed.get("p3"), Some(&claimed.get("p3").copied().unwrap_or(1)));
}
