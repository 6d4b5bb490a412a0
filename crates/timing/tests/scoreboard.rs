use std::path::Path;
use timing::scoreboard::log;
#[test]
fn show() {
    for name in [
        "rmonitor/Orbits_Mock_Session",
        "redmist/TestAbnormalReset",
        "redmist/TestEntries",
        "redmist/TestGap",
        "redmist/TestInitialPositions",
        "redmist/TestStart",
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(format!("{name}.rmon"));
        show_one(&path);
    }
    if let Ok(folder) = std::env::var("PARCFERME_CAPTURES") {
        for n in ["redmist/TestSessionChanges.txt", "rmonitor-crate/sample/2009_Sebring_ALMS_Session_5.txt"] {
            show_one(&Path::new(&folder).join(n));
        }
    }
}
fn show_one(path: &Path) {
    let bytes = std::fs::read(path).unwrap();
    let (runs, flaws) = log::rmonitor(&bytes);
    println!("{}: {} runs {} flaws", path.display(), runs.len(), flaws.len());
    for run in &runs {
        let cars = &run.board.cars;
        let laps: usize = cars.values().map(|c| c.laps.len()).sum();
        let ent = cars.values().filter(|c| c.entry.is_some()).count();
        let ranked = cars.values().filter(|c| c.position.is_some()).count();
        let added: Vec<_> = cars.iter().filter_map(|(r, c)| c.added().filter(|a| a.0 != 0).map(|a| (r.clone(), a.0 / 1000))).collect();
        let noadd = cars.values().filter(|c| c.added().is_none() && !c.laps.is_empty()).count();
        println!(
            "   {:?} cars {} entries {} ranked {} laps {} set_off {} flags {:?} odd {:?} added {:?} none {} began {:?}",
            run.board.run,
            cars.len(),
            ent,
            ranked,
            laps,
            cars.values().filter(|c| c.set_off.is_some()).count(),
            run.flags.iter().map(|f| (f.flag, f.race.0 / 1000000)).collect::<Vec<_>>(),
            run.odd,
            added,
            noadd,
            run.began.map(|b| b.0 / 1000)
        );
    }
}
