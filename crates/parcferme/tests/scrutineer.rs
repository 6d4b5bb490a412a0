//! The scrutineers' bay: what is due, measured and out, and the tyres.

#[expect(dead_code, reason = "only what a scrutineer does is used here")]
mod folder;

use std::fs;

use folder::Folder;

const FACTS: &str = "[[bop]]\nat = 2020-04-01T10:00:00Z\ncite = \"bulletin 1\"\nnumber = \"1\"\narticle = \"F1\"\nfrom-round = 1\n\
    rows = [{ model = \"Model One GT3\", ballast-kg = 10, fuel-l = 110 }]\n\
    [[measured]]\nat = 2020-04-05T13:00:00Z\ncite = \"scales\"\nsession = \"1.race\"\ncar = \"1\"\nweight-kg = 1234.5\nfuel-l = 109.5\ninstrument = \"scales 1\"\n\
    [[tyre-set]]\nat = 2020-04-05T13:10:00Z\ncite = \"tyres\"\nround = 1\ncar = \"1\"\nset = \"A\"\nused-in = \"1.race\"\n";

#[test]
fn a_car_under_its_weight_and_a_set_nobody_marked_are_shown() {
    let folder = Folder::league("scrutineer");
    let rules = "[bop]\nclasses = [\"GT3\"]\nduring-event = false\narticle = \"50\"\n[scrutineering]\nhomologated-kg = { \"Model One GT3\" = 1225 }\narticle = \"51\"\n[tyres]\nsets = 2\narticle = \"52\"\n";
    fs::write(folder.0.join("l/rulebook/scrutineering.toml"), rules).expect("a file of rules");
    folder.run(&["scrutineer", "l/season", "1"]).code(0).says(&["nothing is asked for and nothing was measured"]);
    folder.feed(&["record", "l/season", "-"], FACTS).code(0).says(&["weight of car 1 1234.5 kg in 1.race, scales 1", "set A of car 1"]);
    let said = folder.run(&["scrutineer", "l/season", "1"]).code(0);
    let row = said.out.lines().find(|line| line.contains("weight")).expect("a weight");
    for cell in ["≥ 1235 kg", "1234.5 kg", "0.5 kg", "scales 1", "1225 kg homologated, +10 kg by bulletin 1"] {
        assert!(row.contains(cell), "{cell} in {row}");
    }
    said.says(&["≤ 110 l", "109.5 l", "marked none; used A; 2 allowed", "set A used and not marked"]);
    let csv = folder.run(&["scrutineer", "l/season", "1.race", "--format", "csv"]).code(0).out;
    assert!(csv.starts_with("of,car,what,due,tolerance,measured,out,instrument,why,number\n"), "{csv}");
    let json: serde_json::Value =
        serde_json::from_str(&folder.run(&["scrutineer", "l/season", "1", "race", "--format", "json"]).code(0).out).expect("JSON");
    assert_eq!(json["rows"].as_array().map(Vec::len), Some(3));
    folder
        .run(&["standings", "l/season"])
        .code(0)
        .says(&["doubt: 1.race: weight of car 1 measured 1234.5 kg", "doubt: round 1: car 1: set A"]);
    let late = "[[bop]]\nat = 2020-04-05T10:00:00Z\ncite = \"bulletin 2\"\nnumber = \"2\"\narticle = \"F1\"\nfrom-round = 1\nrows = [{ model = \"Model One GT3\", ballast-kg = 9 }]\n";
    folder.feed(&["preview", "l/season", "-"], late).code(0).says(&["bulletin 2 changes an event that had begun; article 50 does not"]);
    let nothing =
        "[[measured]]\nat = 2020-04-05T13:00:00Z\ncite = \"scales\"\nsession = \"1.race\"\ncar = \"1\"\ninstrument = \"scales 1\"\n";
    folder.feed(&["record", "l/season", "-"], nothing).code(1).says(&["nothing was measured"]);
    folder.feed(&["record", "l/season", "-"], &nothing.replace("instrument", "weight-kg = 1.23\ninstrument")).code(1).says(&["bad-value"]);
}
