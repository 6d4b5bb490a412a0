//! Reference pages that are made from the program; `UPDATE=1` writes them again.

#[expect(dead_code, reason = "only what runs commands is used here")]
mod folder;
#[path = "docs/weekend.rs"]
mod weekend;

use std::fs;
use std::path::Path;
use std::process::Command;

use folder::Folder;

use sport::rulebook::championship::TieBreak;

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

/// How points, dropped results and ties work together, which no single key says.
fn points_explained() -> String {
    let step = |(word, tie): &(&str, TieBreak)| {
        let doc = match tie {
            TieBreak::Wins => "More wins, by scoring place. Nothing else is compared.",
            TieBreak::CountbackScoring => {
                "More first places, then more seconds, and so on, by scoring place, over the results that brought points."
            }
            TieBreak::CountbackClassified => "The same by classified place, over every classified result, also without points.",
            TieBreak::EarliestBest => "Who reached the best scoring place of the two first in the season.",
            TieBreak::LatestBetter => {
                "The better scoring place in the latest session in which the two differ; a place is better than none."
            }
        };
        format!("| `{word}` | {doc} |\n")
    };
    let steps: String = TieBreak::WORDS.iter().map(step).collect();
    format!(
        "## Ties\n\nEqual points are told apart by `steps`, in order. Where no step does, the place is shared and the next is skipped.\n\n\
         | step | who is ahead |\n| --- | --- |\n{steps}\n\
         Dropped results count in every step: dropping takes away points, not what was achieved. Only awards that count for countback are looked at:\n\
         tables at the finish of a race, and others with `countback = true`. Where a place that matters was never published, the place stays shared.\n\n\
         ## Dropped results\n\n`keep` drops by `unit`. With `unit = \"round\"` all points of a round, races and pole together, are kept or dropped as one. Of equal results\n\
         the earlier is kept. What is outside all ranges always counts. A sum of championships cannot drop: each of its parts does.\n\
         With `unit = \"session\"` every session that gives an award is a result of its own, a qualifying with a point for pole too. To drop races and\n\
         count every pole, keep the races in one championship, the poles in another, and publish the sum of the two.\n\n\
         ## One pole a championship\n\nAn award by place counts among the cars a championship ranks. A championship of GT3 gives the point for pole to the best GT3 car in qualifying,\n\
         a cup to the best car of the cup, a championship of all classes to the first car of all. One award named by four championships is four\n\
         poles a session. To give one, name the award in one championship only. [A worked example](worked-example.md) shows it.\n"
    )
}

/// A matter from the decision to the ruling, and a fact recorded in error: what each step says, its requests, and what is asked after it.
const CHAIN: [(&str, &str, &str, &[&str]); 5] = [
    (
        "The stewards disqualify car 1. The provisional classification, `results.toml`, is recorded before it.",
        "decision.toml",
        r#"[[decision]]
id = "7"
at = 2020-04-05T16:00:00Z
cite = "Decision 7"
authority = "Stewards"
article = "12.3"
reason = "Car 1 was under the minimum weight"
effects = [{ disqualify = { session = "1.race", car = "1" } }]
"#,
        &["results league/season 1 race"],
    ),
    (
        "The team appeals. `suspends = true`: until the ruling the decision has no effect.",
        "appeal.toml",
        r#"[[matter]]
id = "A1"
kind = "appeal"
at = 2020-04-05T17:00:00Z
cite = "Notice of appeal"
by = "Team One"
against = { decision = "7" }
suspends = true
reason = "The scales were not level"
"#,
        &["results league/season 1 race", "standings league/season --championship drivers --worlds"],
    ),
    (
        "The court upholds the appeal: the decision is annulled for good. A ruling is a decision that settles the matter; what else it orders goes \
         under `effects`.",
        "ruling.toml",
        r#"[[decision]]
id = "NCA 3"
at = 2020-04-20T10:00:00Z
cite = "Ruling 3"
authority = "National Court of Appeal"
article = "15.1"
reason = "The scales were not level"
settles = { matter = "A1", outcome = "upheld" }
"#,
        &["results league/season 1 race"],
    ),
    (
        "Somebody records a penalty of another car against car 1: fact 5 is a mistake.",
        "mistake.toml",
        r#"[[decision]]
id = "9"
at = 2020-04-21T10:00:00Z
cite = "Decision 9"
authority = "Stewards"
article = "12.1"
reason = "Overtaking under yellow flags"
effects = [{ drop-places = { session = "1.race", car = "1", places = 1 } }]
"#,
        &["results league/season 1 race"],
    ),
    (
        "Nothing is ever deleted: the fact is undone by its number, which `record` and `log` print, and recorded anew as it is.",
        "undo.toml",
        r#"[[undo]]
fact = 5
at = 2020-04-21T11:00:00Z
cite = "Race secretary"
reason = "Decision 9 is about a car of another series"
"#,
        &["results league/season 1 race", "log league/season"],
    ),
];

/// A step of an afternoon: what it says, the file it writes, and the commands run after it, each with the code it ends with.
type Step = (&'static str, &'static str, &'static str, &'static [(&'static str, i32)]);

/// An afternoon of stewards.
const STEWARDS: [Step; 5] = [
    (
        "The rulebook says until when, and what a penalty becomes that nobody served.",
        "league/rulebook/stewarding.toml",
        r#"[protest]
within = "30:00"
article = "40"

[appeal]
intention = "1:00:00"
lodged = "96:00:00"
not-appealable = ["drive-through", "stop-and-go"]
article = "41"

[conversion]
drive-through = "30s"
stop-and-go = "30s"
article = "42"
"#,
        &[("record league/season league/season/results.toml --recorded as-happened", 0)],
    ),
    (
        "Race control names the cars of an incident, with what shows it.",
        "incident.toml",
        r#"[[incident]]
id = "I1"
at = 2020-04-05T13:20:00Z
cite = "Race control log"
session = "1.race"
cars = ["2"]
what = "Unsafe release"
evidence = [{ lap = { car = "2", lap = 11 } }, { video = "camera 3, 13:20:04" }]
"#,
        &[("record league/season incident.toml", 0)],
    ),
    (
        "A decision about it on another car is refused, unless it says why with `other-car`.",
        "wrong.toml",
        r#"[[decision]]
id = "7"
at = 2020-04-05T13:25:00Z
cite = "Decision 7"
authority = "Stewards"
article = "12.3"
reason = "Unsafe release"
incident = "I1"
effects = [{ drive-through = { session = "1.race", car = "1" } }]
"#,
        &[("decide league/season wrong.toml", 1)],
    ),
    (
        "`preview` shows what the right one moves: the drive-through is not recorded as served. Without an effect that may be appealed against no \
         clock runs.",
        "right.toml",
        r#"[[decision]]
id = "7"
at = 2020-04-05T13:25:00Z
cite = "Decision 7"
authority = "Stewards"
article = "12.3"
reason = "Unsafe release"
incident = "I1"
evidence = [{ lap = { car = "2", lap = 11 } }]
effects = [{ drive-through = { session = "1.race", car = "2" } }]
"#,
        &[("preview league/season right.toml", 0), ("decide league/season right.toml", 0)],
    ),
    (
        "It was served after all. A protest after its time is kept, and told.",
        "served.toml",
        r#"[[penalty-served]]
decision = "7"
car = "2"
at = 2020-04-05T13:31:00Z
cite = "Lap chart"
"#,
        &[
            ("preview league/season served.toml", 0),
            ("record league/season served.toml", 0),
            ("protest league/season --id P1 --by Two --against-result 1.race --reason weight --cite form-1 --at 2020-04-05T15:31:00Z", 0),
        ],
    ),
];

/// A command as a page shows it, and what it said: the head of the journal follows from what new versions write and says nothing there.
fn told(folder: &Folder, arguments: &[&str], code: i32) -> String {
    let said = folder.run(arguments).code(code);
    let command = arguments.iter().map(|word| if word.contains(' ') { format!("'{word}'") } else { (*word).to_owned() });
    let lines = said.out.lines().chain(said.err.lines());
    let lines = lines.filter(|line| !line.contains(", head ") && !line.contains("was not there")).map(str::trim_end);
    let lines = lines.collect::<Vec<_>>().join("\n");
    format!("$ parcferme {}\n{}\n", command.collect::<Vec<_>>().join(" "), lines.trim_end().trim_start_matches('\n'))
}

/// The afternoon as a page tells it: every command on it was run.
fn stewards() -> String {
    let folder = Folder::new("stewards-page");
    folder.run(&["new", "Example League", "league", "--year", "2020"]).code(0);
    let mut text = String::from("\n## From an incident to a protest\n\nIn another such league.\n");
    for (says, file, written, commands) in STEWARDS {
        fs::write(folder.0.join(file), format!("# {file}\n{written}")).expect(file);
        text.push_str(&format!("\n{says}\n\n```toml\n# {file}\n{written}```\n\n```console\n"));
        for (command, code) in commands {
            text.push_str(&told(&folder, &command.split(' ').collect::<Vec<_>>(), *code));
        }
        text.push_str("```\n");
    }
    text
}

/// The chain as a page tells it: every command on it was run.
fn chain() -> String {
    let folder = Folder::new("chain");
    folder.run(&["new", "Example League", "league", "--year", "2020"]).code(0);
    let past = |file: &str| {
        vec!["record", "league/season", file, "--by", "Race secretary", "--recorded", "as-happened"]
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let run = |arguments: &[String]| told(&folder, &arguments.iter().map(String::as_str).collect::<Vec<_>>(), 0);
    let mut text = String::from(
        "## From a decision to an undo\n\nAll of it works in the league that `parcferme new 'Example League' league --year 2020` makes. `--recorded as-happened` is \
         for a past that is brought\nin; on the day itself, leave it out.\n\n```console\n",
    );
    text.push_str(&format!("{}```\n", run(&past("league/season/results.toml"))));
    for (says, file, requests, asks) in CHAIN {
        // As the page shows it: what an error says of lines holds for who copies it.
        fs::write(folder.0.join(file), format!("# {file}\n{requests}")).expect(file);
        text.push_str(&format!("\n{says}\n\n```toml\n# {file}\n{requests}```\n\n```console\n{}", run(&past(file))));
        for ask in asks {
            text.push_str(&run(&ask.split(' ').map(str::to_owned).collect::<Vec<_>>()));
        }
        text.push_str("```\n");
    }
    text
}

#[test]
fn the_page_of_a_weekend_is_what_its_commands_say() {
    agrees("weekend.md", &weekend::page());
}

#[test]
fn the_references_are_what_the_reader_knows() {
    let values = "Durations: `\"15s\"`, `\"25:00\"`, `\"1:02:24.881\"`. Exact numbers: `25`, `16.5`, `\"3/4\"`. Crews: `\"Bronze + Silver/Gold/Platinum\"`. \
                  Sessions of a season: `\"2.race-1\"`.";
    let requests = format!(
        "# Requests\n\nWhat `record` reads, key by key. A file holds any number of requests; they become facts in the order of the file, all or none.\n{values}\n\n\
         Of several sheets of a session the one published last counts: that with the latest `at`, whatever the order they were recorded in; of sheets\n\
         of the same moment the one recorded last. Where the latest contains (`includes`) a decision that is not in force, the latest without such a\n\
         decision counts. A sheet recorded in error is undone.\n\n\
         A decision that settles a protest or an appeal as `upheld` and has no effects of its own applies what its `if-upheld` asks for. Where it writes\n\
         effects, those hold instead, so an effect written in both counts once.\n"
    );
    let tables = "## Tables\n\nThe `table` of a result or grid, and what `import` reads: comma-separated text in UTF-8 as RFC 4180 writes it, a header with the names \
                  of the columns,\nthen one row a car. Any of these columns, in any order; only `car` must be there. An empty cell says nothing. Cells with a comma stand in \
                  quotes.\nSemicolons or tabs instead of commas are refused, and so is a column with another name.\n\n```text\ncar,place,laps,time,crew,note\n19,1,34,1:00:12.300,Ann Example / Ben Example,\n28,2,34,,,\"gap not published, 2 s or less\"\n7,,12,,,gearbox\n```\n";
    let columns = [
        paperwork::columns::page("Columns of a result", paperwork::columns::RESULT_COLUMNS),
        paperwork::columns::page("Columns of a grid", paperwork::columns::GRID_COLUMNS),
    ];
    let keys = paperwork::schema::page(&[&paperwork::request::REQUESTS]);
    let written = "Written by a test from what the reader checks. Of what commands say, the lines with the journal's head are left out.";
    agrees("requests.md", &format!("{requests}\n{written}\n\n{}{}\n{tables}\n{}\n{}\n{keys}", chain(), stewards(), columns[0], columns[1]));
    let rulebook = format!(
        "# Rulebooks\n\nAll `*.toml` directly in a rulebook's folder are one document. A rule is a table with an id, such as `[award.race]`; it says its \
         `article`,\nits `source` where there is one, and `assumed = \"why\"` where the text is not known. `extends` lays a rulebook over another; every file in\n\
         `bulletins/` changes the law from a session on and writes, of a rule it changes, only the keys that change; `cases/` holds its cases.\n\
         A bulletin reaches the cups of a round's crews if it holds from the round's first session on; what a championship is, how ties fall and the\n\
         sessions of a weekend hold for the whole season, and only a new edition changes them. Bulletins of a rulebook that is extended are not inherited.\n\
         `rulebooks/blancpain-gt-series-asia/2018` is a complete one.\n{values}\n"
    );
    let rulebook = format!("{rulebook}\n{}", points_explained());
    reference("rulebook.md", &rulebook, &[&paperwork::rulebook::shapes::RULEBOOK, &paperwork::rulebook::shapes::BULLETIN]);
    let season = format!(
        "# Seasons and entry lists\n\n`season.toml` is the calendar, `entries.toml` the entry list. A circuit may have a file of its own, `circuits/<id>.toml`,\nin a folder beside the season's or beside the folder `seasons/`.\n{values}\n\n\
         ## Where the journal is\n\n\
         `record` and `import` write facts to `journal.sqlite` in the season's folder, the store, and to nothing else; it is not made for version control. \
         `export SEASON --to\nSEASON/journal.jsonl` writes the same facts as text beside it, for reading, diffs and keeping. With both there, each must begin \
         as the other does, and the longer one\nholds; where they differ, every command stops and names the first fact in which they do. With only the text there, \
         it holds, and the next `record` makes the store\nfrom it and says of how many facts. Facts that were in a lost store alone are lost: export after every session, \
         and keep the head that `record` prints.\n\n\
         A store belongs to the season whose title it was made under. Facts are recorded in the order they become known: none earlier than the one before it, \
         none later than now.\n`verify` checks both files, says which is behind, and names every fact about something the season does not have.\n"
    );
    reference("season.md", &season, &[&paperwork::season::SEASON, &paperwork::entries::ENTRIES, &paperwork::circuit::CIRCUIT]);
    let case = "# Cases\n\nA case is a season in small with what must follow; `check` runs those in a rulebook's `cases/` and every `case.toml`. Requests and\n\
                `[[expect]]` blocks take effect in the order of the file.\n";
    reference("case.md", case, &[&paperwork::case::CASE]);
}
