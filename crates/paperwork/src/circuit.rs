//! Circuits: one file each in the tree's folder of circuits, named by id. Its lines, where they are written, are what passings are read by.

use std::path::{Path, PathBuf};

use sport::date::Micros;
use sport::line::{Layout, Line, LineKind, Measures, Source, SourceKind};
use sport::names::{LineId, SourceId};

use crate::check;
use crate::fault::Fault;
use crate::fields::Fields;
use crate::read::Sources;
use crate::refer::{self, Known};
use crate::shape::{Ids, Key, Kind, Noun, Shape};
use crate::tree::Node;

/// `circuits/<id>.toml`.
pub static CIRCUIT: Shape = Shape {
    name: "circuit",
    doc: "A circuit; its id is the name of its file.",
    keys: &[
        Key::must("name", Kind::Text, "The circuit's name as printed."),
        Key::must("country", Kind::Text, "The country as printed."),
        Key::may("source", Kind::Text, "Where it was published."),
        Key::may("length", Kind::Whole(100, 100_000), "Length of a lap in metres."),
        Key::may("minimum-lap", Kind::Duration, "No car can complete a lap in less: what is faster is a false reading."),
        Key::may("top-speed", Kind::Whole(50, 600), "No car is faster, in km/h; 400 when absent."),
        Key::may("coincidence", Kind::Duration, "Readings of a car on a line within this time are one crossing; 1s when absent."),
        Key::may("line", Kind::Map(Ids::Any, &Kind::Table(&LINE)), "Its timing lines."),
        Key::may("timing", Kind::Map(Ids::Any, &Kind::Table(&TIMING)), "What watches the lines."),
        Key::may("assumed", Kind::Text, "What of this was not published, and why it was taken so."),
    ],
};

/// `[line.s1]`.
static LINE: Shape = Shape {
    name: "line",
    doc: "A line across the track or the pit lane.",
    keys: &[
        Key::must("kind", Kind::Choice(&["finish", "sector", "pit-entry", "pit-exit", "speed-trap"]), "What it is for."),
        Key::may("at", Kind::Whole(0, 100_000), "Metres from the finish line in driving direction; 0 when absent."),
        Key::may("pit-lane", Kind::Truth, "True where it crosses the pit lane only; pit entry and pit exit always do."),
    ],
};

/// `[timing.finish-backup]`.
static TIMING: Shape = Shape {
    name: "timing",
    doc: "What watches a line.",
    keys: &[
        Key::must("line", Kind::Id(Noun::Line), "The line."),
        Key::must("kind", Kind::Choice(&["main", "backup", "photocell", "operator"]), "What it is, in the order they are believed."),
    ],
};

/// So many lines a circuit has at most, and so many sources.
const MOST: usize = 255;

/// The ids of the circuits in a folder, by name; none where there is no such folder.
pub(crate) fn ids(folder: &Path) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut ids: Vec<String> = files.filter_map(|file| file.ok()?.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned)).collect();
    ids.sort();
    ids
}

/// Reads every circuit of a folder: all faults.
pub fn check(folder: &Path, sources: &mut Sources) -> Vec<Fault> {
    let mut faults = Vec::new();
    for id in ids(folder) {
        layout(folder, &id, sources, &mut faults);
    }
    faults
}

/// The lines of a circuit; none where its file is not there or names no line.
pub(crate) fn layout(folder: &Path, id: &str, sources: &mut Sources, faults: &mut Vec<Fault>) -> Option<Layout> {
    let file: PathBuf = folder.join(format!("{id}.toml"));
    if !file.exists() {
        return None;
    }
    let node = sources.toml(&file, faults)?;
    let before = faults.len();
    check::check(&node, &CIRCUIT, faults);
    read(&node, faults).filter(|_| faults.len() == before)
}

/// The lines of a checked circuit.
pub(crate) fn read(node: &Node, faults: &mut Vec<Fault>) -> Option<Layout> {
    let fields = node.fields();
    let mut known = Known::default();
    known.add_keys(Noun::Line, &fields, "line");
    refer::check(node, &CIRCUIT, &known, faults);
    fields.keyed("line").next()?;
    let missing = |key: &str, example: &str| {
        Fault::error("missing-key", &node.place, format!("a circuit with lines needs \"{key}\"")).help(format!("add {key} = {example}"))
    };
    let length: Option<u32> = fields.whole("length");
    let minimum_lap = fields.duration("minimum-lap");
    let absent = [("length", "4554", length.is_none()), ("minimum-lap", "\"80s\"", minimum_lap.is_none())];
    faults.extend(
        absent.iter().filter(|(key, _, absent)| *absent && fields.get(key).is_none()).map(|(key, example, _)| missing(key, example)),
    );
    if minimum_lap.is_some_and(|time| time.0 <= 0) {
        faults.push(
            Fault::error("lap-of-no-time", fields.place_of("minimum-lap"), "no lap takes no time: every reading would be a lap")
                .label("longer than 0")
                .help("give a time no car can lap in: a little less than the best lap ever driven here"),
        );
    }
    few_enough(&fields, faults);
    let lines = lines(&fields, length, faults);
    let at = |id: &str| lines.iter().position(|line| line.id.as_str() == id).and_then(|at| u8::try_from(at).ok());
    let watches = |(id, fields): (&str, Fields<'_>)| {
        Some(Source { id: SourceId::new(id), line: at(fields.text("line")?)?, kind: fields.choice("kind", &SourceKind::WORDS)? })
    };
    let sources: Vec<Source> = fields.keyed("timing").filter_map(watches).collect();
    let kilometres_an_hour: u32 = fields.whole("top-speed").unwrap_or(400);
    let measures = Measures {
        length: length?,
        minimum_lap: minimum_lap?,
        top_speed: kilometres_an_hour * 10 / 36,
        coincidence: fields.duration("coincidence").unwrap_or(Micros::seconds(1)),
    };
    Layout::new(measures, lines, sources)
}

/// Lines and sources of a circuit are counted in one byte.
fn few_enough(fields: &Fields<'_>, faults: &mut Vec<Fault>) {
    for (key, what, drop) in [("line", "lines", "leave out lines that nothing watches"), ("timing", "sources", "leave some of them out")] {
        let (there, beyond) = (fields.keyed(key).count(), fields.keyed(key).nth(MOST));
        if let Some((id, _)) = beyond {
            faults.push(
                Fault::error("too-many", fields.inside(key).place_of(id), format!("a circuit has at most {MOST} {what}; here are {there}"))
                    .label("one too many")
                    .help(drop),
            );
        }
    }
}

fn lines(fields: &Fields<'_>, length: Option<u32>, faults: &mut Vec<Fault>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (id, line) in fields.keyed("line") {
        let Some(kind) = line.choice("kind", &LineKind::WORDS) else { continue };
        let at: u32 = line.whole("at").unwrap_or(0);
        let place = line.place_of("at");
        if kind == LineKind::Finish && at != 0 {
            faults.push(
                Fault::error("line-misplaced", place, "distances count from the finish line: it is at 0")
                    .label("not 0")
                    .help("leave \"at\" out"),
            );
        }
        if kind != LineKind::Finish && at == 0 {
            faults.push(
                Fault::error("line-misplaced", place, format!("line {id} is not the finish line and needs a distance"))
                    .help("add at = 1500"),
            );
        }
        if length.is_some_and(|length| at >= length) {
            faults.push(
                Fault::error("line-misplaced", place, format!("line {id} is beyond the lap"))
                    .label("longer than the lap")
                    .help("give metres from the finish line, fewer than \"length\""),
            );
        }
        let in_pit_lane = matches!(kind, LineKind::PitEntry | LineKind::PitExit) || line.truth("pit-lane").unwrap_or(false);
        let same = |other: &&Line| other.kind == LineKind::Finish && kind == LineKind::Finish && other.in_pit_lane == in_pit_lane;
        if let Some(first) = lines.iter().find(same) {
            let place = line.place_of("kind");
            let lane = if in_pit_lane { " of the pit lane" } else { "" };
            faults.push(
                Fault::error("second-finish-line", place, format!("line {} is the finish line{lane} already", first.id))
                    .label("a second one")
                    .help("name another kind; several sources of one line are [timing.x] with line = the same"),
            );
        }
        lines.push(Line { id: LineId::new(id), kind, at, in_pit_lane });
    }
    if !lines.is_empty() && !lines.iter().any(|line| line.kind == LineKind::Finish && !line.in_pit_lane) {
        let place = fields.place_of("line");
        faults.push(
            Fault::error("no-finish-line", place, "no line on the track is the finish line")
                .help("add [line.finish] with kind = \"finish\""),
        );
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const RING: &str = r#"name = "Ring"
country = "Nowhere"
length = 4500
minimum-lap = "80s"

[line.finish]
kind = "finish"

[line.s1]
kind = "sector"
at = 1500

[line.pit-entry]
kind = "pit-entry"
at = 4300

[timing.finish-main]
line = "finish"
kind = "main"

[timing.finish-backup]
line = "finish"
kind = "backup"
"#;

    fn told(text: &str) -> (Option<Layout>, Vec<String>) {
        let mut faults = Vec::new();
        let node = crate::read::parse("ring.toml", text, &mut faults).unwrap();
        check::check(&node, &CIRCUIT, &mut faults);
        let layout = read(&node, &mut faults);
        (layout, faults.iter().map(|fault| format!("{}:{} {}", fault.line, fault.column, fault.code)).collect())
    }

    #[test]
    fn a_circuit_with_lines_is_a_layout() {
        let (layout, faults) = told(RING);
        let layout = layout.unwrap();
        assert_eq!(faults, [""; 0]);
        assert_eq!(
            layout.lines().iter().map(|line| (line.id.as_str(), line.at, line.in_pit_lane)).collect::<Vec<_>>(),
            [("finish", 0, false), ("s1", 1500, false), ("pit-entry", 4300, true)]
        );
        assert_eq!(
            layout.sources().iter().map(|source| (source.line, source.kind)).collect::<Vec<_>>(),
            [(0, SourceKind::Main), (0, SourceKind::Backup)]
        );
        // 400 km/h.
        assert_eq!((layout.measures.top_speed, layout.measures.coincidence), (111, Micros::seconds(1)));
    }

    #[test]
    fn a_circuit_without_lines_is_a_name() {
        assert_eq!(told("name = \"Ring\"\ncountry = \"Nowhere\"\n"), (None, Vec::new()));
    }

    #[test]
    fn slips_are_told_where_they_are() {
        for (from, to, expected) in [
            ("length = 4500\n", "", "1:1 missing-key"),
            ("minimum-lap = \"80s\"\n", "", "1:1 missing-key"),
            ("at = 1500", "at = 4500", "11:6 line-misplaced"),
            ("at = 1500", "", "9:1 line-misplaced"),
            ("kind = \"finish\"", "kind = \"finish\"\nat = 5", "8:6 line-misplaced"),
            ("line = \"finish\"\nkind = \"main\"", "line = \"finnish\"\nkind = \"main\"", "18:8 unknown-line"),
            ("kind = \"finish\"", "kind = \"finish\"\npit-lane = true", "6:2 no-finish-line"),
            ("minimum-lap = \"80s\"", "minimum-lap = \"0s\"", "4:15 lap-of-no-time"),
            ("[timing.finish-main]", "[line.again]\nkind = \"finish\"\n\n[timing.finish-main]", "18:8 second-finish-line"),
        ] {
            let (_, faults) = told(&RING.replacen(from, to, 1));
            assert_eq!(faults, [expected], "{from} → {to}");
        }
        let (layout, faults) =
            told(&RING.replacen("[timing.finish-main]", "[line.in]\nkind = \"finish\"\npit-lane = true\n\n[timing.finish-main]", 1));
        assert!(layout.is_some() && faults.is_empty(), "one on the track, one in the pit lane: {faults:?}");
    }

    #[test]
    fn lines_and_sources_are_at_most_255() {
        let sources =
            |many: usize| (2..many).map(|nth| format!("[timing.x{nth}]\nline = \"finish\"\nkind = \"backup\"\n")).collect::<String>();
        let lines = |many: usize| (3..many).map(|nth| format!("[line.l{nth}]\nkind = \"sector\"\nat = {nth}\n")).collect::<String>();
        for more in [sources(255), lines(255)] {
            let (layout, faults) = told(&format!("{RING}{more}"));
            assert!(layout.is_some() && faults.is_empty(), "{faults:?}");
        }
        for (more, expected) in [(sources(300), "783:1 too-many"), (lines(256), "780:1 too-many")] {
            assert_eq!(told(&format!("{RING}{more}")).1, [expected]);
        }
    }
}
