//! The repository itself. `UPDATE=1 cargo test -p tidy` rewrites what is generated: the ratchet, the schemas, the outputs in README.md and docs/.

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use tidy::console::{self, Shown};
use tidy::fault::Fault;
use tidy::tree::Tree;
use tidy::{codes, dead, generated, lengths, licences, links, map, purity, rulebooks, text};

/// Fails with every fault, one a line.
fn expect_none(faults: &[Fault]) {
    let list: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "\n{}\n", list.join("\n"));
}

/// Whether generated files are to be rewritten instead of compared.
fn update() -> bool {
    env::var_os("UPDATE").is_some_and(|value| value == "1")
}

#[test]
fn text_is_clean_and_names_no_machine() {
    expect_none(&text::faults(&Tree::read()));
}

#[test]
fn no_file_grows_beyond_what_a_person_reads() {
    let tree = Tree::read();
    if update() {
        fs::write(Tree::root().join(lengths::RATCHET), lengths::ratchet(&tree)).expect("the ratchet can be written");
    }
    expect_none(&lengths::faults(&Tree::read()));
}

#[test]
fn links_lead_somewhere() {
    expect_none(&links::faults(&Tree::read()));
}

#[test]
fn the_map_names_every_crate_and_what_it_may_depend_on() {
    expect_none(&map::faults(&Tree::read()));
}

#[test]
fn every_finding_and_refusal_is_explained() {
    expect_none(&codes::faults(&Tree::read()));
}

#[test]
fn no_source_is_dead() {
    expect_none(&dead::faults(&Tree::read()));
}

#[test]
fn no_room_knows_what_it_must_not() {
    expect_none(&purity::faults(&Tree::read()));
}

#[test]
fn schemas_are_those_the_program_writes() {
    let written = paperwork::schema::all();
    if update() {
        let folder = Tree::root().join("schemas");
        fs::create_dir_all(&folder).expect("schemas/ can be made");
        for (name, text) in &written {
            fs::write(folder.join(name), text).expect("a schema can be written");
        }
    }
    expect_none(&generated::faults(&Tree::read(), "schemas", &written));
}

#[test]
fn rulebooks_and_cases_name_their_schema() {
    expect_none(&rulebooks::faults(&Tree::read()));
}

#[test]
fn every_crate_carries_the_licence() {
    expect_none(&licences::faults(&Tree::read()));
}

#[test]
fn dependencies_are_under_licences_we_allow() {
    let host = Command::new(cargo()).args(["-vV"]).output().expect("cargo runs");
    let host = String::from_utf8(host.stdout).expect("cargo prints text");
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo names its host");
    let arguments = ["metadata", "--format-version", "1", "--locked", "--filter-platform", host];
    let output = Command::new(cargo()).args(arguments).current_dir(Tree::root()).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    expect_none(&licences::foreign(&Tree::read(), &metadata));
}

/// The pages whose commands are run.
const PAGES: [&str; 2] = ["README.md", "docs/worked-example.md"];

#[test]
fn the_commands_of_the_pages_work_and_print_what_they_show() {
    for name in PAGES {
        let path = Tree::root().join(name);
        let mut page = fs::read_to_string(&path).expect(name);
        if update() {
            page = console::rewritten(&page, |shown| String::from_utf8_lossy(&run(name, shown).stdout).into_owned());
            fs::write(&path, &page).expect(name);
        }
        let commands = console::shown(&page);
        assert!(commands.len() >= 3, "{name} shows hardly a command");
        for shown in &commands {
            let output = run(name, shown);
            let place = format!("{name}:{}: {}", shown.line, shown.command);
            assert!(output.status.success(), "{place}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
            let broken = shown.broken_by(&String::from_utf8_lossy(&output.stdout));
            assert!(broken.is_none(), "{place}: {} (UPDATE=1 cargo test -p tidy rewrites the page)", broken.unwrap_or_default());
        }
    }
}

#[test]
fn the_rules_of_the_worked_example_are_those_it_runs_under() {
    let page = fs::read_to_string(Tree::root().join("docs/worked-example.md")).expect("the page");
    let rules = fs::read_to_string(Tree::root().join("examples/two-classes/rulebook/rulebook.toml")).expect("its rulebook");
    let (_, shown) = page.split_once("```toml\n").expect("the page shows rules");
    let (shown, _) = shown.split_once("```").expect("a block ends");
    for rule in shown.split("\n\n").map(str::trim) {
        assert!(rules.contains(rule), "docs/worked-example.md shows a rule the rulebook does not have:\n{rule}");
    }
}

/// Runs a command as a page shows it, with the program that was just built: `PARCFERME` where set, else what `cargo run` builds.
fn run(page: &str, shown: &Shown) -> Output {
    let words =
        shown.command.strip_prefix("cargo run --release -- ").unwrap_or_else(|| panic!("{page}:{}: not a command of ours", shown.line));
    let program = match env::var("PARCFERME") {
        Ok(program) => format!("'{program}'"),
        Err(_) => format!("'{}' run --quiet --locked --", Path::new(&cargo()).display()),
    };
    Command::new("sh").arg("-c").arg(format!("{program} {words}")).current_dir(Tree::root()).output().expect("a shell runs")
}

fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".into())
}
