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

/// A page for a kind of document: what stands above its keys, and its keys from the shape the reader checks by.
fn reference(page: &str, head: &str, shapes: &[&'static paperwork::shape::Shape]) {
    agrees(page, &format!("{head}\nWritten by a test from what the reader checks.\n\n{}", paperwork::schema::page(shapes)));
}

#[test]
fn the_references_are_what_the_reader_knows() {
    let values = "Durations: `\"15s\"`, `\"25:00\"`, `\"1:02:24.881\"`. Exact numbers: `25`, `16.5`, `\"3/4\"`. Crews: `\"Bronze + Silver/Gold/Platinum\"`. \
                  Sessions of a season: `\"2.race-1\"`.";
    let requests = format!(
        "# Requests\n\nWhat `record` reads, key by key. A file holds any number of requests; they become facts in the order of the file, all or none.\n{values}\n"
    );
    let tables = "## Tables\n\nThe `table` of a result or grid, and what `import` reads: comma-separated text in UTF-8 as RFC 4180 writes it, a header with the names \
                  of the columns,\nthen one row a car. Any of these columns, in any order; only `car` must be there. An empty cell says nothing. Cells with a comma stand in \
                  quotes.\nSemicolons or tabs instead of commas are refused, and so is a column with another name.\n\n```text\ncar,place,laps,time,crew,note\n19,1,34,1:00:12.300,Ann Example / Ben Example,\n28,2,34,,,\"gap not published, 2 s or less\"\n7,,12,,,gearbox\n```\n";
    let columns = [
        paperwork::table::page("Columns of a result", paperwork::table::RESULT_COLUMNS),
        paperwork::table::page("Columns of a grid", paperwork::table::GRID_COLUMNS),
    ];
    let keys = paperwork::schema::page(&[&paperwork::request::REQUESTS]);
    let written = "Written by a test from what the reader checks.";
    agrees("requests.md", &format!("{requests}\n{written}\n\n{tables}\n{}\n{}\n{keys}", columns[0], columns[1]));
    let rulebook = format!(
        "# Rulebooks\n\nAll `*.toml` directly in a rulebook's folder are one document. A rule is a table with an id, such as `[award.race]`; it says its \
         `article`,\nits `source` where there is one, and `assumed = \"why\"` where the text is not known. `extends` lays a rulebook over another; every file in\n\
         `bulletins/` changes the law from a session on and writes, of a rule it changes, only the keys that change; `cases/` holds its cases.\n\
         `rulebooks/blancpain-gt-series-asia/2018` is a complete one.\n{values}\n"
    );
    reference("rulebook.md", &rulebook, &[&paperwork::rulebook::shapes::RULEBOOK, &paperwork::rulebook::shapes::BULLETIN]);
    let season = format!(
        "# Seasons and entry lists\n\n`season.toml` is the calendar, `entries.toml` the entry list. A circuit may have a file of its own, `circuits/<id>.toml`\nbeside the folder `seasons/`.\n{values}\n"
    );
    reference("season.md", &season, &[&paperwork::season::SEASON, &paperwork::entries::ENTRIES, &paperwork::circuit::CIRCUIT]);
    let case = "# Cases\n\nA case is a season in small with what must follow; `check` runs those in a rulebook's `cases/` and every `case.toml`. Requests and\n\
                `[[expect]]` blocks take effect in the order of the file.\n";
    reference("case.md", case, &[&paperwork::case::CASE]);
}
