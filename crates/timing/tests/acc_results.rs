//! Results of Assetto Corsa Competizione on real files: each is read without a row that tells nothing, and written again byte for byte.

use timing::sim::acc::results::Results;

mod sim_captures;

fn all() -> Vec<sim_captures::File> {
    ["bangbot", "egt-canada-2025-09-18"]
        .iter()
        .flat_map(|folder| sim_captures::elsewhere(&format!("sim/{folder}")))
        .chain(sim_captures::here("acc"))
        .collect()
}

#[test]
fn every_file_is_read_and_written_again_byte_for_byte() {
    for (name, bytes) in all() {
        let (results, flaws) = Results::decode(&bytes).unwrap_or_else(|flaw| panic!("{name}: {flaw}"));
        assert_eq!(flaws, [], "{name}");
        assert!(results.encode() == bytes, "{name}");
        let account = results.account();
        eprintln!("{name}: {} cars {} laps {} pen", account.cars.len(), account.laps.len(), account.penalties.len());
        for note in &account.notes {
            eprintln!("    {} {:?} {:?} {}", note.code, note.car, note.line, note.says);
        }
        let again = Results::of(&account);
        let again = Results::decode(&again.encode()).expect("x").0.account();
        let mut a = account.clone();
        let mut b = again.clone();
        a.notes.clear();
        b.notes.clear();
        if a != b {
            eprintln!("{:?}\n{:?}", a.about, b.about);
            eprintln!("{}", a.cars == b.cars);
            eprintln!("{}", a.claims == b.claims);
            eprintln!("{}", a.laps == b.laps);
            eprintln!("{}", a.penalties == b.penalties);
        }
        let r = timing::reckoned::Reckoned::of(&account, timing::reckoned::ranking(&account));
        for d in r.differences {
            eprintln!("    D {:?} {} {} {}", d.weight, d.code, account.cars[d.car].number, d.says);
        }
    }
}
