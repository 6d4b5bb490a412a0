//! Reference pages that are made from the program; `UPDATE=1` writes them again.

use std::fs;
use std::path::Path;
use std::process::Command;

fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_parcferme")).args(arguments).arg("--help").output().expect("the binary runs");
    assert!(output.status.success(), "{arguments:?}");
    let text = String::from_utf8(output.stdout).expect("help is UTF-8");
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn agrees(page: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, text).expect(page);
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "docs/{page} is not what the program says; run UPDATE=1 cargo test -p parcferme --test docs");
}

#[test]
fn the_command_reference_is_what_help_says() {
    let mut page = String::from("# Commands\n\nWhat `--help` says, command by command; written by a test.\n");
    let mut add =
        |title: &str, arguments: &[&str]| page.push_str(&format!("\n## {title}\n\n```text\n{}\n```\n", help(arguments).trim_end()));
    add("parcferme", &[]);
    let whole = help(&[]);
    let commands = whole.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> =
        commands.filter_map(|line| line.split_whitespace().next().filter(|_| line.starts_with("  ") && !line.starts_with("   "))).collect();
    assert!(names.len() >= 14, "{names:?}");
    for name in names {
        add(&format!("parcferme {name}"), &[name]);
    }
    agrees("cli.md", &page);
}

#[test]
fn the_request_reference_is_what_the_reader_knows() {
    let text = paperwork::schema::page(&paperwork::request::REQUESTS);
    let head = "# Requests\n\nWhat `record` reads, key by key; written by a test. A file holds any number of requests; they become facts in the order of the\nfile, all or none. Durations: `\"15s\"`, `\"25:00\"`, `\"1:02:24.881\"`. Sessions: `\"2.race-1\"`. Exact numbers: `25`, `16.5`, `\"3/4\"`.\n\n";
    agrees("requests.md", &format!("{head}{text}"));
}
