//! What machines read: one form of a car's id in every command, and every column and field explained in docs/output.md.

#[expect(dead_code, reason = "a part of what other tests ask for")]
mod folder;

use std::collections::BTreeSet;

use folder::Folder;

/// The season's folder there.
const S: &str = "seasons/s";

/// The cells of a column, without the head.
fn column(csv: &str, name: &str) -> BTreeSet<String> {
    let at = csv.lines().next().and_then(|head| head.split(',').position(|cell| cell == name)).unwrap_or_else(|| panic!("{name} in {csv}"));
    csv.lines().skip(1).filter_map(|line| line.split(',').nth(at).map(str::to_owned)).collect()
}

#[test]
fn a_car_has_one_id_in_every_command() {
    let folder = Folder::season("ids");
    folder.run(&["simulate", S, "1", "--seed", "7"]).code(0);
    let csv = |arguments: &[&str]| folder.run(&[arguments, &["--format", "csv"]].concat()).code(0).out;
    let known = column(&csv(&["results", S, "1.race-1"]), "car");
    // Behind car 97, whose cup the grades published leave open, a place in cup is a range, and the car says why.
    for command in ["results", "classify"] {
        let said = csv(&[command, S, "1.race-1"]);
        assert!(column(&said, "cup").contains("pro-am|silver|am") && column(&said, "cup_position").contains("2–3"), "{said}");
        let said = folder.run(&[command, S, "1.race-1"]).code(0).out;
        assert!(said.lines().any(|line| line.contains("  97  GT3") && line.contains("  ?  ")), "{said}");
    }
    // A car without a number: people read it in brackets, machines never.
    assert!(known.contains("arn") && known.contains("craft-bamboo-gt4"), "{known:?}");
    folder.run(&["pit", S, "1.race-1"]).code(0).says(&["[arn]"]);
    for command in [
        &["classify", S, "1.race-1"][..],
        &["classify", S, "1.race-1", "--laps", "arn"],
        &["classify", S, "1.race-1", "--chart"],
        &["grid", S, "1.race-1"],
        &["pit", S, "1.race-1"],
        &["dues", S],
    ] {
        let said = csv(command);
        let cars = column(&said, "car");
        assert!(!cars.is_empty() && cars.is_subset(&known), "{command:?}: {cars:?}");
        let numbers = column(&said, "number");
        assert!(numbers.iter().all(|number| number.is_empty() || known.contains(number)), "{command:?}: {numbers:?}");
        let json = folder.run(&[command, &["--format", "json"]].concat()).code(0).out;
        assert!(!json.contains("\"[arn]\""), "{command:?}: {json}");
    }
}
