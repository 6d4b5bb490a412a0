//! What machines read: one form of a car's id in every command, and every column and field explained in docs/output.md.

#[expect(dead_code, reason = "a part of what other tests ask for")]
mod folder;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

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

/// The section of a command in docs/output.md.
fn section(title: &str) -> String {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/output.md")).expect("the page");
    let begin = page.find(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("docs/output.md has no section {title}"));
    let rest = &page[begin + 4..];
    rest[..rest.find("\n## ").unwrap_or(rest.len())].to_owned()
}

/// The words between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The names of all fields of a JSON value; findings have a section of their own.
fn fields(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|one| fields(one, names)),
        Value::Object(map) => {
            for (name, one) in map {
                names.insert(name.clone());
                if name != "findings" {
                    fields(one, names);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_column_and_field_is_explained() {
    let folder = Folder::season("columns");
    let rules = folder.0.join("rulebooks/blancpain-gt-series-asia/2018");
    fs::write(rules.join("drive-time.toml"), "[drive-time.most]\ntotal-max = \"30:00\"\narticle = \"P43\"\n").unwrap();
    folder.run(&["simulate", S, "1", "--seed", "7"]).code(0);
    let facts = "[[measured]]\nat = 2018-04-14T10:00:00Z\ncite = \"scales\"\nsession = \"1.race-1\"\ncar = \"19\"\nweight-kg = 1234.5\ninstrument = \"scales\"\n\
                 [[bop]]\nat = 2018-04-01T10:00:00Z\ncite = \"bulletin 1\"\nnumber = \"1\"\narticle = \"F1\"\nfrom-round = 1\nrows = [{ model = \"M\", ballast-kg = 10 }]\n\
                 [[decision]]\nid = \"D1\"\nat = 2018-04-14T12:00:00Z\ncite = \"D1\"\nauthority = \"Stewards\"\narticle = \"1\"\nreason = \"Cut\"\n\
                 effects = [{ add-time = { session = \"1.race-1\", car = \"37\", time = \"30s\" } }]\n";
    fs::write(folder.0.join("facts.toml"), facts).unwrap();
    let preview = folder.run(&["preview", S, "facts.toml", "--format", "csv"]).code(0).out;
    explained("preview", &preview, &folder.run(&["preview", S, "facts.toml", "--format", "json"]).code(0).out);
    folder.run(&["record", S, "facts.toml"]).code(0);
    for (title, command) in [
        ("results", &["results", S, "1.race-1"][..]),
        ("meeting", &["meeting", S, "1"]),
        ("classify", &["classify", S, "1.race-1"]),
        ("classify --laps", &["classify", S, "1.race-1", "--laps", "arn"]),
        ("classify --chart", &["classify", S, "1.race-1", "--chart"]),
        ("grid", &["grid", S, "1.race-2"]),
        ("pit", &["pit", S, "1.race-1"]),
        ("dues", &["dues", S]),
        ("scrutineer", &["scrutineer", S, "1"]),
    ] {
        let said = |format| folder.run(&[command, &["--format", format]].concat()).code(0).out;
        explained(title, &said("csv"), &said("json"));
    }
    fs::write(rules.join("licence.toml"), LICENCE).unwrap();
    folder.feed(&["record", S, "-"], POINTS).code(0);
    let said = |format| folder.run(&["licences", S, "--format", format]).code(0).out;
    explained("licences", &said("csv"), &said("json"));
    assert!(said("csv").contains("\nkodric,Martin Kodric,1,1,4,D2,4,4,10 places on the next grid,3,1\n"), "{}", said("csv"));
    let text = folder.run(&["licences", S]).code(0);
    text.says(&[
        "Martin Kodric",
        "10 places on the next grid for 4",
        "4 points: 10 places on the next grid is proposed (article P44)",
        "3 points go with the event of a penalty",
    ]);
    folder.run(&["licences", S, "--as-known-at", "2018-04-14"]).code(0).says(&["no points were given"]);
    folder.run(&["meeting", S, "1", "--format", "csv", "open", "race-1"]).code(2).says(&["--format is for the timetable"]);
}

const LICENCE: &str = "[licence]\nafter-penalty = 3\nclean-event = 2\narticle = \"P44\"\n[licence.step.three]\npoints = 3\npenalty = \"grid 5\"\n\
    [licence.step.four]\npoints = 4\npenalty = \"grid 10\"\n";
const POINTS: &str = "[[decision]]\nid = \"D2\"\nat = 2018-04-14T12:10:00Z\ncite = \"D2\"\nauthority = \"Stewards\"\narticle = \"P44\"\nreason = \"Signals\"\n\
    effects = [{ licence-points = { driver = \"kodric\", points = 4 } }]\n";

/// Whether a section has the columns that are printed, in their order, and every field.
fn explained(title: &str, csv: &str, json: &str) {
    let section = section(title);
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let columns: Vec<&str> = rows.flat_map(|line| quoted(line.split('|').nth(1).unwrap_or_default())).collect();
    assert!(csv.lines().count() > 1, "{title}: no row shows whether it is true");
    assert_eq!(columns.join(","), csv.lines().next().unwrap_or_default(), "docs/output.md, {title}");
    let mut names = BTreeSet::new();
    fields(&serde_json::from_str(json).expect("JSON"), &mut names);
    let told = quoted(&section);
    let missing: Vec<&String> = names.iter().filter(|name| !told.contains(&name.as_str())).collect();
    assert!(missing.is_empty(), "docs/output.md, {title} does not explain {missing:?}");
    // What stands in the sentence about JSON is there.
    let of_json = section.find("\nJSON").map(|at| quoted(&section[at..])).unwrap_or_default();
    let gone: Vec<&str> = of_json.into_iter().filter(|name| name.ends_with("_us") && !names.contains(*name)).collect();
    assert!(gone.is_empty(), "docs/output.md, {title} explains {gone:?}, which is not printed");
}
