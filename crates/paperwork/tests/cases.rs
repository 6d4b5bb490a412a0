//! Every rulebook holds its cases, every scenario holds, and every value of the Asian rulebook is held by a case.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use paperwork::case::{read, run, run_under};
use paperwork::fault::{Fault, stops};
use paperwork::read::Sources;
use paperwork::rulebook::{as_written, rulebook, shapes};
use paperwork::shape::{Kind, Noun, Shape};
use paperwork::tree::{Entry, Node, Value};

/// What is no rule: texts for a reader, sources, and what names the rulebook itself.
const NO_RULE: [&str; 9] = ["title", "article", "source", "assumed", "reason", "offence", "series", "year", "edition"];

fn tree() -> PathBuf {
    fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

fn asia() -> PathBuf {
    tree().join("rulebooks/blancpain-gt-series-asia/2018")
}

fn inside(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    inside(folder).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect()
}

/// Every folder under this one that holds a file of this name.
fn folders_with(folder: &Path, name: &str) -> Vec<PathBuf> {
    let below = inside(folder).into_iter().filter(|path| path.is_dir()).flat_map(|path| folders_with(&path, name));
    folder.join(name).is_file().then(|| folder.to_owned()).into_iter().chain(below).collect()
}

fn told(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn every_rulebook_loads_and_holds_its_cases() {
    let books = folders_with(&tree().join("rulebooks"), "rulebook.toml");
    assert!(books.contains(&asia()));
    for book in books {
        let mut sources = Sources::new(&tree());
        let loaded = rulebook(&book, &mut sources);
        assert_eq!(told(&loaded.faults), Vec::<String>::new(), "{}", book.display());
        for file in files_of(&book.join("cases")) {
            assert_eq!(told(&run(&file, &mut sources)), Vec::<String>::new(), "{}", file.display());
        }
    }
}

#[test]
fn every_scenario_holds() {
    let scenarios = folders_with(&tree().join("cases"), "case.toml");
    assert!(scenarios.len() >= 5, "{scenarios:?}");
    for folder in scenarios {
        assert_eq!(told(&run(&folder.join("case.toml"), &mut Sources::new(&tree()))), Vec::<String>::new(), "{}", folder.display());
    }
}

#[test]
fn an_expectation_that_is_not_so_fails_and_a_request_without_one_is_noticed() {
    let case = |text: &str| {
        let node = paperwork::read::parse("case.toml", text, &mut Vec::new()).unwrap();
        let book = rulebook(&asia(), &mut Sources::new(&tree())).value.unwrap();
        let faults = run_under(&node, Path::new("."), &book, None, &mut Sources::new(&tree()));
        faults.iter().map(|fault| (fault.code, fault.line)).collect::<Vec<_>>()
    };
    let given = "title = \"x\"\n[cars]\n1 = \"GT3, A: One (Silver) + Two (Silver)\"\n2 = \"GT3, B: Three (Silver) + Four (Silver)\"\n\
        [[result]]\nsession = \"1.race-1\"\nat = 2018-01-06T12:00:00Z\ncite = \"x\"\norder = [\"1\", \"2\"]\n";
    let with = |line: &str| case(&format!("{given}[[expect]]\nsay = \"x\"\n{line}\n"));
    let at_session = |line: &str| with(&format!("session = \"1.race-1\"\n{line}"));
    let unmet = |line| vec![("case-unmet", line)];
    assert_eq!(at_session("order = [\"1\", \"2\"]"), []);
    for wrong in [
        "order = [\"2\", \"1\"]",
        "order = [\"1\"]",
        "road = [\"2\", \"1\"]",
        "out = [\"1 dsq\"]",
        "open = [\"A1\"]",
        "state = \"annulled\"",
        "document = \"7\"",
        "effects = { 1 = [\"decision 1: disqualified\"] }",
        "factor = \"1/2\"",
        "podium = { gt3 = [\"2\", \"1\", \"?\"] }",
    ] {
        assert_eq!(at_session(wrong), unmet(13), "{wrong}");
    }
    for wrong in [
        "dues = []",
        "cups = { 1 = \"am\" }",
        "admitted = { 1 = false }",
        "stop = { circuit = \"x\", minimum = \"91s\" }",
        "window = { entry = \"30:00\", exit = \"31:30\", inside = false }",
        "classified = { laps = 27, winner = 27, is = false }",
        "findings = [\"x\"]",
        "refused = \"unknown-car\"",
        "value = { \"start.rolling\" = \"false\" }",
    ] {
        assert_eq!(with(wrong), unmet(12), "{wrong}");
    }
    for wrong in ["table = [\"1 One / Two 25\"]", "top = [\"1 One / Two 26\"]", "depends = { One = [\"A1\"] }", "tie = { One = \"x\" }"] {
        assert_eq!(with(&format!("championship = \"gt3-drivers\"\n{wrong}")), unmet(13), "{wrong}");
    }
    assert_eq!(case(given), unmet(5));
}

/// One car on a ring with a pit lane: two laps, a stop of 1:16.5 by one impulse at the entry and of 1:13.5 by the other.
const TIMED: &str = r#"title = "x"
[cars]
1 = "GT3, A: One (Silver) + Two (Silver)"
[circuit.circuit-1]
name = "Ring"
country = "-"
length = 3000
minimum-lap = "40s"
[circuit.circuit-1.line]
finish = { kind = "finish" }
pit-entry = { kind = "pit-entry", at = 2800 }
pit-exit = { kind = "pit-exit", at = 100 }
[circuit.circuit-1.timing]
finish-main = { line = "finish", kind = "main" }
pit-entry-main = { line = "pit-entry", kind = "main" }
pit-exit-main = { line = "pit-exit", kind = "main" }
[[transponder]]
round = 1
at = 2018-01-06T10:00:00Z
cite = "x"
transponder = 7
car = "1"
[[signal]]
session = "1.race-1"
signal = "open"
at = 2018-01-06T11:00:00Z
cite = "x"
[[signal]]
session = "1.race-1"
signal = "green"
at = 2018-01-06T12:00:00Z
cite = "x"
[[heard]]
round = 1
source = "finish-main"
at = 2018-01-06T12:02:00Z
cite = "x"
from = 2018-01-06T12:00:00Z
laps.7 = ["50s", "51.5s"]
[[heard]]
round = 1
source = "pit-entry-main"
at = 2018-01-06T12:26:04Z
cite = "x"
passings = ["7 2018-01-06T12:26:00Z", "7 2018-01-06T14:26:03+02:00"]
"#;

fn told_of(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let node = paperwork::read::parse("case.toml", text, &mut faults).unwrap();
    paperwork::check::check(&node, &paperwork::case::CASE, &mut faults);
    let book = rulebook(&asia(), &mut Sources::new(&tree())).value.unwrap();
    faults.extend(run_under(&node, Path::new("."), &book, None, &mut Sources::new(&tree())));
    faults
        .iter()
        .map(|fault| format!("{}:{} {} ({})", fault.line, fault.column, fault.code, fault.help.as_deref().unwrap_or("-")))
        .collect()
}

#[test]
fn what_passings_give_is_held_against_what_a_case_expects() {
    let with = |line: &str| {
        let text = format!("{TIMED}[[expect]]\nsay = \"x\"\nsession = \"1.race-1\"\nin-force-at = 2018-01-06T12:26:10Z\n{line}\n");
        told_of(&text)
    };
    for holds in [
        "timed = { order = [\"1 1 2 laps 1:41.500\"], ended = \"open\", as-planned = [] }",
        "doubts = [\"1 reading-impossible\"]",
        "board.1 = { window = \"open, closes in 8:50.000\", minimum = \"90s\", due = \"0s\", rule = \"C1\" }",
        "board.1 = { zone = \"pit-entry at 2800 m to pit-exit at 100 m\", earliest-exit = \"27:30.000 or 27:33.000\" }",
        "board.1 = { stops = [\"inside\"], breaches = [], impulses = [\"pit-entry-main 26:00.000\", \"pit-entry-main 26:03.000\"] }",
    ] {
        assert_eq!(with(holds), [""; 0], "{holds}");
    }
    for wrong in [
        "timed = { order = [] }",
        "timed = { ended = \"as planned at 1:41.500\" }",
        "timed = { as-planned = [\"1 1 2 laps 1:41.500\"] }",
        "doubts = []",
        "board.1 = { window = \"closed\" }",
        "board.1 = { minimum = \"1:30.001\" }",
        "board.1 = { due = \"1s\" }",
        "board.1 = { rule = \"C2\" }",
        "board.1 = { zone = \"-\" }",
        "board.1 = { earliest-exit = \"27:30.000\" }",
        "board.1 = { stops = [] }",
        "board.1 = { impulses = [] }",
        "board.1 = { breaches = [\"no stop\"] }",
        "board.2 = { breaches = [] }",
    ] {
        let told = with(wrong);
        assert!(matches!(told.as_slice(), [one] if one.contains(" case-unmet ")), "{wrong}: {told:?}");
    }
}

#[test]
fn slips_in_what_was_heard_are_told_where_they_are() {
    for (from, to, expected) in [
        ("source = \"pit-entry-main\"", "source = \"pit-entry-mian\"", "42:10 unknown-source (did you mean \"pit-entry-main\"?)"),
        ("7 2018-01-06T12:26:00Z", "7 2018-01-06T12:26:00", "45:13 bad-passing (write \"4100037 2018-04-14T05:26:00.123456Z\""),
        ("7 2018-01-06T12:26:00Z", "2018-01-06T12:26:00Z", "45:13 bad-passing (write \"4100037 2018-04-14T05:26:00.123456Z\""),
        ("from = 2018-01-06T12:00:00Z\n", "", "38:1 missing-key (add from = 2018-04-14T05:26:00Z, when the first laps begin)"),
        ("laps.7 = [\"50s\", \"51.5s\"]", "", "33:1 one-of (keep exactly one of passings and laps)"),
        ("laps.7 = [\"50s\"", "laps.x = [\"50s\"", "39:6 bad-id"),
        ("passings = [", "from = 2018-01-06T12:00:00Z\npassings = [", "45:8 contradiction (take `from` out)"),
        ("[circuit.circuit-1]", "[circuit.circuit-2]\nname = \"x\"\ncountry = \"-\"\n[circuit.circuit-1]", "4:10 unknown-circuit"),
    ] {
        let text = format!("{}[[expect]]\nsay = \"x\"\n", TIMED.replacen(from, to, 1));
        let told = told_of(&text);
        assert!(matches!(told.as_slice(), [one] if one.starts_with(expected)), "{from} → {to}: {told:?}");
    }
}

/// A value of the rulebook as written, and the texts it could have been instead.
struct Leaf {
    name: String,
    file: PathBuf,
    span: Range<usize>,
    others: Vec<String>,
}

/// The leaves of a tree that was checked against its shape.
struct Leaves<'t> {
    root: &'t Path,
    top: &'t Node,
    all: Vec<Leaf>,
}

impl Leaves<'_> {
    fn table(&mut self, name: &str, node: &Node, shape: &Shape) {
        let Value::Table(table) = &node.value else { return };
        for Entry { key, node, .. } in &table.entries {
            if !NO_RULE.contains(&key.as_str()) {
                let kind = shape.keys.iter().find(|known| known.name == key).unwrap().kind;
                self.value(&if name.is_empty() { key.clone() } else { format!("{name}.{key}") }, node, &kind);
            }
        }
    }

    fn value(&mut self, name: &str, node: &Node, kind: &Kind) {
        match (kind, &node.value) {
            (Kind::Table(shape), _) => self.table(name, node, shape),
            (Kind::Map(_, kind), Value::Table(table)) => {
                table.entries.iter().for_each(|entry| self.value(&format!("{name}.{}", entry.key), &entry.node, kind));
            }
            (Kind::Either(kinds), found) => {
                let list = matches!(found, Value::List(_));
                let fits = |kind: &&Kind| matches!(kind, Kind::List(_) | Kind::Pair(_)) == list;
                self.value(name, node, kinds.iter().find(fits).unwrap());
            }
            (Kind::List(kind) | Kind::Pair(kind), Value::List(items)) => {
                for (at, item) in items.iter().enumerate() {
                    self.value(&format!("{name}[{at}]"), item, kind);
                    let mut kept: Vec<&str> = items.iter().map(|item| self.text(item)).collect();
                    kept.remove(at);
                    let others = vec![format!("[{}]", kept.join(", "))];
                    self.add(&format!("{name} without [{at}]"), node, others);
                }
            }
            (kind, _) => {
                let others = self.others(node, kind);
                self.add(name, node, others);
            }
        }
    }

    fn add(&mut self, name: &str, node: &Node, others: Vec<String>) {
        let file = self.root.join(&*node.place.file);
        self.all.push(Leaf { name: name.to_owned(), file, span: node.place.span.clone(), others });
    }

    /// The value as its author wrote it.
    fn text(&self, node: &Node) -> &'static str {
        let text = fs::read_to_string(self.root.join(&*node.place.file)).unwrap();
        text[node.place.span.clone()].to_owned().leak()
    }

    fn others(&self, node: &Node, kind: &Kind) -> Vec<String> {
        let quoted = |words: &mut dyn Iterator<Item = String>| words.map(|word| format!("\"{word}\"")).collect();
        match (kind, &node.value) {
            (_, Value::Whole(number)) => vec![(number + 1).to_string()],
            (_, Value::Truth(truth)) => vec![(!truth).to_string()],
            (Kind::Exact, Value::Text(text)) => {
                let (over, under) = text.split_once('/').unwrap();
                let over: i64 = over.parse().unwrap();
                quoted(&mut [over - 1, over + 1].into_iter().map(|over| format!("{over}/{under}")))
            }
            (Kind::Choice(words), Value::Text(is)) => {
                quoted(&mut words.iter().filter(|word| **word != is).take(2).map(ToString::to_string))
            }
            (Kind::Crew, Value::Text(crew)) => quoted(&mut other_crews(crew).into_iter()),
            (Kind::Penalty, Value::Text(is)) => {
                let words = ["drive-through", "discretion", "time 31s"];
                quoted(&mut words.into_iter().filter(|word| word != is).map(str::to_owned))
            }
            (Kind::Duration | Kind::Amount, Value::Text(time)) => {
                let time = paperwork::written::duration(time).unwrap();
                vec![format!("\"{}s\"", time.0 / 1_000_000 + 1)]
            }
            (Kind::Id(noun), Value::Text(is)) => {
                let tables = [
                    (Noun::Class, "class"),
                    (Noun::Cup, "cup"),
                    (Noun::SessionPlan, "session"),
                    (Noun::Table, "table"),
                    (Noun::Award, "award"),
                ];
                let (_, table) = tables.iter().find(|(of, _)| of == noun).unwrap();
                let ids = self.top.fields().inside(table).entries().iter().map(|entry| entry.key.clone());
                let others: Vec<String> = quoted(&mut ids.filter(|id| id != is));
                if others.is_empty() { vec!["\"another\"".to_owned()] } else { others }
            }
            (kind, value) => panic!("{kind:?} {value:?} at {:?}", node.place),
        }
    }
}

/// Crews that differ by one grade: another in its place, or one of several left out.
fn other_crews(crew: &str) -> Vec<String> {
    let slots: Vec<Vec<&str>> = crew.split('+').map(|slot| slot.split('/').map(str::trim).collect()).collect();
    let mut others = Vec::new();
    for (at, slot) in slots.iter().enumerate() {
        for (nth, grade) in slot.iter().enumerate() {
            let mut change = |new: Vec<&str>| {
                let mut slots = slots.clone();
                slots[at] = new;
                others.push(slots.iter().map(|slot| slot.join("/")).collect::<Vec<_>>().join(" + "));
            };
            for other in paperwork::written::GRADES.iter().filter(|other| !slot.contains(other)).take(1) {
                let mut new = slot.clone();
                new[nth] = other;
                change(new);
            }
            if slot.len() > 1 {
                change(slot.iter().copied().filter(|other| other != grade).collect());
            }
        }
    }
    others
}

/// The cases of the rulebook, read once.
fn cases_of(book: &Path) -> Vec<Node> {
    let mut faults = Vec::new();
    let cases: Vec<Node> =
        files_of(&book.join("cases")).iter().filter_map(|file| read(file, &mut Sources::new(book), &mut faults)).collect();
    assert_eq!(told(&faults), Vec::<String>::new());
    cases
}

/// Whether a changed rulebook is noticed: it does not load, or a case fails. That case is tried first the next time.
fn noticed(book: &Path, cases: &mut [Node]) -> bool {
    let mut sources = Sources::new(book);
    let Some(law) = rulebook(book, &mut sources).value else { return true };
    let mut written = None;
    let mut fails = |case: &Node| {
        // Reading the rulebook once more takes as long as all else: only for cases that look at values.
        let looks = case.fields().list("expect").iter().any(|block| block.fields().get("value").is_some());
        let written = if looks { written.get_or_insert_with(|| as_written(book, &mut sources)).as_ref() } else { None };
        stops(&run_under(case, book, &law, written, &mut Sources::new(book)))
    };
    let Some(at) = cases.iter().position(&mut fails) else { return false };
    cases[..=at].rotate_right(1);
    true
}

/// The values no case holds among every so many of a copy of the rulebook.
fn loose(copy: &Path, cases: &mut [Node], part: usize, parts: usize) -> Vec<String> {
    fs::create_dir_all(copy).unwrap();
    for file in files_of(&asia()) {
        fs::copy(&file, copy.join(file.file_name().unwrap())).unwrap();
    }
    assert!(!noticed(copy, cases), "a case fails before anything is changed");
    let top = as_written(copy, &mut Sources::new(copy)).unwrap();
    let mut leaves = Leaves { root: copy, top: &top, all: Vec::new() };
    leaves.table("", &top, &shapes::RULEBOOK);
    assert!(leaves.all.len() > 150, "{}", leaves.all.len());
    let mut loose = Vec::new();
    for leaf in leaves.all.iter().skip(part).step_by(parts) {
        let was = fs::read_to_string(&leaf.file).unwrap();
        for other in &leaf.others {
            let mut text = was.clone();
            text.replace_range(leaf.span.clone(), other);
            fs::write(&leaf.file, text).unwrap();
            if !noticed(copy, cases) {
                loose.push(format!("{} = {other} (is {})", leaf.name, &was[leaf.span.clone()]));
            }
        }
        fs::write(&leaf.file, was).unwrap();
    }
    loose
}

#[test]
fn every_value_of_the_asian_rulebook_is_held_by_a_case() {
    const PARTS: usize = 4;
    let root = std::env::temp_dir().join(format!("cases-{}", std::process::id()));
    let cases = cases_of(&asia());
    let mut all: Vec<String> = std::thread::scope(|scope| {
        let part = |part: usize| {
            let (copy, mut cases) = (root.join(format!("{part}/2018")), cases.clone());
            scope.spawn(move || loose(&copy, &mut cases, part, PARTS))
        };
        let parts: Vec<_> = (0..PARTS).map(part).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    fs::remove_dir_all(&root).unwrap();
    all.sort();
    assert!(all.is_empty(), "no case holds these values:\n{}", all.join("\n"));
}
