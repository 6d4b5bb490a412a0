//! The page about a race weekend: every command on it is run.

use std::fs;

use crate::folder::Folder;
use crate::told;

/// What a step says, the commands run for it, each with its code and how many lines are printed of what it says.
type Step = (&'static str, &'static [(&'static str, i32, usize)]);

/// A weekend that the simulator drives.
const SIMULATED: [Step; 7] = [
    (
        "From the first practice to final results, in one command. The same seed on the same journal gives the same bytes; interrupted, the same command \
         goes on. `--faults all` lets loops fall silent, clocks step and transponders die; `--speed 60` runs it sixty times faster than life.",
        &[("simulate seasons/s 1 --seed 38", 0, 4), ("meeting seasons/s 1", 0, 20)],
    ),
    (
        "What `meeting` counts under *To look at* stands below the classification: nothing that rests on a guess is without a word. `--at` shows any past \
         moment, as it was known then.",
        &[("classify seasons/s 1 race-1 --at 2018-04-14T08:20:00Z", 0, 9), ("classify seasons/s 1 race-1", 0, 40)],
    ),
    (
        "The laps of a car, each with the passing that ended it; `--chart` gives everybody's places lap by lap.",
        &[("classify seasons/s 1 race-1 --laps 19", 0, 9)],
    ),
    ("Every place on a grid has its reason.", &[("grid seasons/s 1 race-2", 0, 9)]),
    (
        "The pit board counts success seconds to the minimum, and what it finds is a proposal: a penalty is what a person decides. Car 81 got its \
         drive-through while the race was driven and served it: that visit is no stop, and costs nothing more.",
        &[("pit seasons/s 1 race-1", 0, 20)],
    ),
    ("Car 3 was penalised after the race. A penalty goes down to its two passings.", &[("why seasons/s 1.race-1 3", 0, 30)]),
    ("And the championships have moved.", &[("standings seasons/s --championship gt3-drivers", 0, 9), ("dues seasons/s", 0, 12)]),
];

const FITTED: &str = r#"[[transponder]]
round = 1
at = 2020-04-05T11:00:00Z
cite = "Scrutineering list"
transponder = 101
car = "1"

[[aboard]]
session = "1.race"
at = 2020-04-05T11:55:00Z
cite = "Crew card"
car = "1"
driver = "a"
how = "identified"
"#;

const FOUND: &str = r#"[[transponder]]
round = 1
at = 2020-04-05T11:00:00Z
cite = "Scrutineer, seen on car 2 after the race"
transponder = 102
car = "2"
"#;

const HEARD: &str = r#"[[heard]]
round = 1
source = "finish-main"
at = 2020-04-05T12:05:06Z
cite = "Decoder"
from = 2020-04-05T12:00:00Z
laps.101 = ["1:42.310", "1:40.115", "1:40.020"]
laps.102 = ["1:43.520", "1:40.345", "1:41.002"]

[[heard]]
round = 1
source = "s1-main"
at = 2020-04-05T12:05:06Z
cite = "Decoder"
passings = [
  "101 2020-04-05T12:00:35Z", "102 2020-04-05T12:00:36Z", "101 2020-04-05T12:02:16Z",
  "102 2020-04-05T12:02:17Z", "101 2020-04-05T12:03:56Z", "102 2020-04-05T12:03:58Z",
]

[[heard]]
round = 1
source = "s2-main"
at = 2020-04-05T12:05:06Z
cite = "Decoder"
passings = [
  "101 2020-04-05T12:01:08Z", "102 2020-04-05T12:01:10Z", "101 2020-04-05T12:02:49Z",
  "102 2020-04-05T12:02:50Z", "101 2020-04-05T12:04:29Z", "102 2020-04-05T12:04:31Z",
]
"#;

/// A file written, and what follows.
type Hand = (&'static str, &'static str, &'static str, &'static [(&'static str, i32, usize)]);

/// A race by hand.
const BY_HAND: [Hand; 3] = [
    (
        "Which transponder is in which car, and who is aboard.",
        "fitted.toml",
        FITTED,
        &[
            ("record league/season fitted.toml", 0, 5),
            ("meeting league/season 1 open race --at 2020-04-05T11:50:00Z", 0, 2),
            ("meeting league/season 1 start race --at 2020-04-05T12:00:00Z", 0, 2),
            ("meeting league/season 1 signal race safety-cra", 2, 6),
        ],
    ),
    (
        "What the loops heard; a decoder's own protocol will write the same facts.",
        "heard.toml",
        HEARD,
        &[
            ("record league/season heard.toml", 0, 4),
            ("classify league/season 1 race", 0, 20),
            ("why league/season 1.race 1", 0, 12),
            ("meeting league/season 1 publish race final", 1, 3),
        ],
    ),
    (
        "Nobody is fitted with transponder 102: what it sent is held until a person says whose it is. Said later, it reaches back.",
        "found.toml",
        FOUND,
        &[
            ("record league/season found.toml", 0, 8),
            ("meeting league/season 1 signal race chequered --at 2020-04-05T12:05:01Z", 0, 2),
            ("meeting league/season 1 stop race --at 2020-04-05T12:20:00Z", 0, 2),
            ("classify league/season 1 race", 0, 20),
            ("meeting league/season 1 publish race provisional", 0, 2),
            ("standings league/season --championship drivers", 0, 8),
            ("why league/season 1.race 1", 0, 12),
        ],
    ),
];

fn shown(folder: &Folder, commands: &[(&str, i32, usize)]) -> String {
    let one = |(command, code, most): &(&str, i32, usize)| {
        let text = told(folder, &command.split(' ').collect::<Vec<_>>(), *code);
        let mut lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        if lines.len() > most + 1 {
            lines.truncate(most + 1);
            lines.push("…");
        }
        format!("{}\n", lines.join("\n"))
    };
    commands.iter().map(one).collect::<Vec<_>>().join("")
}

/// The page.
pub(crate) fn page() -> String {
    let mut text = String::from(
        "# A race weekend\n\nWritten by a test that runs every command. What is shown is cut at `…`; blank lines and the lines with the journal's head are left out.\n\n## Simulated\n\nA copy of the season of 2018, before its first \
         fact; in a season whose round has results already, simulated ones would stand beside them.\n\n```sh\ncp -r seasons/blancpain-gt-series-asia-2018 \
         seasons/s\nrm seasons/s/journal*\n```\n",
    );
    let folder = Folder::season("weekend-page");
    for (says, commands) in SIMULATED {
        text.push_str(&format!("\n{says}\n\n```console\n{}```\n", shown(&folder, commands)));
    }
    text.push_str(
        "\n## By hand\n\nIn the league that `parcferme new 'Example League' league --year 2020` makes. Its circuits have lines and sources; take out what your track has \
         not.\n`--at` is for a past that is told here; on the day itself, leave it out.\n",
    );
    let folder = Folder::new("hand-page");
    folder.run(&["new", "Example League", "league", "--year", "2020"]).code(0);
    for (says, file, written, commands) in BY_HAND {
        fs::write(folder.0.join(file), format!("# {file}\n{written}")).expect(file);
        text.push_str(&format!("\n{says}\n\n```toml\n# {file}\n{written}```\n\n```console\n{}```\n", shown(&folder, commands)));
    }
    text.push_str(
        "\nStewards' decisions, protests and appeals: [requests](requests.md#from-an-incident-to-a-protest). Scrutineering: `parcferme scrutineer --help`. What every \
         finding means: [output](output.md).\n",
    );
    text
}
