//! Tables of timing companies on files as they are, where they are present: nothing of them may be copied.

use std::path::{Path, PathBuf};

use timing::account::Account;
use timing::al_kamel::{analysis, classification, flags, weather};
use timing::flaw::Flaw;

/// The folder of captures that may not be copied; `None` where it is not present.
fn captures(folder: &str) -> Option<Vec<PathBuf>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures");
    let root = std::env::var_os("PARCFERME_CAPTURES").map_or_else(beside, PathBuf::from).join(folder);
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() { folders.push(entry.path()) } else { files.push(entry.path()) }
        }
    }
    files.sort();
    if files.is_empty() {
        use std::io::Write as _;
        _ = writeln!(std::io::stderr(), "skipped: no captures in {}", root.display());
        return None;
    }
    Some(files)
}

#[test]
fn probe() {
    for folder in ["imsa", "wec"] {
        for path in captures(folder).unwrap() {
            let bytes = std::fs::read(&path).unwrap();
            let name = path.display();
            let kinds = (analysis::is(&bytes), classification::is(&bytes), weather::is(&bytes), flags::is(&bytes));
            let (account, flaws, same): (Account, Vec<Flaw>, bool) = match kinds {
                (true, false, false, false) => { let (a, f) = analysis::Analysis::decode(&bytes).unwrap(); (a.account(), f, a.encode() == bytes) }
                (false, true, false, false) => { let (a, f) = classification::Classification::decode(&bytes).unwrap(); (a.account(), f, a.encode() == bytes) }
                (false, false, true, false) => { let (a, f) = weather::WeatherReport::decode(&bytes).unwrap(); (a.account(), f, a.encode() == bytes) }
                other => { eprintln!("{name} {other:?}"); continue }
            };
            eprintln!("{name}: {} cars {} laps {} claims {} weather, flaws {flaws:?} same {same} notes {:?}", account.cars.len(), account.laps.len(), account.claims.len(), account.weather.len(), account.notes.iter().map(|n| n.code).collect::<Vec<_>>());
        }
    }
}
