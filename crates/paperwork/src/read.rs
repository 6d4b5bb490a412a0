//! From a file to a tree: reading within bounds, and TOML with every syntax fault reported.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use sport::date::Instant;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::fault::Fault;
use crate::place::{Lines, Place};
use crate::tree::{Entry, Node, Table, Value};
use crate::{slips, written};

/// The largest file read: 8 MiB.
pub const FILE_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Tables and lists inside one another, at most.
const DEPTH_MAX: usize = 32;
/// Keys of one table, at most.
const KEYS_MAX: usize = 20_000;
/// Syntax faults reported of one file, at most.
const SYNTAX_FAULTS_MAX: usize = 20;

/// Every file read so far, so that a fault can be shown with its lines.
#[derive(Clone, Debug)]
pub struct Sources {
    root: PathBuf,
    files: BTreeMap<String, Arc<str>>,
}

impl Sources {
    /// Nothing read yet. File names in faults and citations are relative to `root`, the tree the user named.
    pub fn new(root: &Path) -> Self {
        Self { root: plain(root), files: BTreeMap::new() }
    }

    /// The text of a file by its name in faults.
    pub fn text(&self, file: &str) -> Option<&str> {
        self.files.get(file).map(AsRef::as_ref)
    }

    /// The files read, by name.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(name, text)| (name.as_str(), text.as_ref()))
    }

    /// The name of a path in faults and citations: relative to the root, `/` between parts, no `..` where it can be avoided.
    pub fn name(&self, path: &Path) -> String {
        let path = plain(path);
        let inside = path.strip_prefix(&self.root).unwrap_or(&path);
        let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        if parts.is_empty() { ".".to_owned() } else { parts.join("/").replace("//", "/") }
    }

    /// Reads a text file. Every way this can fail is a fault: `cannot-read`, `too-large`, `not-utf8`, `empty-file`.
    pub fn read(&mut self, path: &Path, faults: &mut Vec<Fault>) -> Option<Arc<str>> {
        let name = self.name(path);
        match read_text(path, &name) {
            Ok(text) => {
                let text: Arc<str> = Arc::from(text);
                self.files.insert(name.clone(), Arc::clone(&text));
                if text.trim_start_matches('\u{feff}').trim().is_empty() {
                    faults.push(
                        Fault::error("empty-file", &Place::file(&name), format!("{name} is empty")).help("write it, or delete the file"),
                    );
                    return None;
                }
                Some(text)
            }
            Err(fault) => {
                faults.push(*fault);
                None
            }
        }
    }

    /// Keeps a text that stands in no file under a name, so that a fault in it can be shown with its lines.
    pub fn hold(&mut self, name: &str, text: &str) {
        self.files.insert(name.to_owned(), Arc::from(text));
    }

    /// Reads a TOML file into a tree. `None` with at least one fault when it is not TOML throughout.
    pub fn toml(&mut self, path: &Path, faults: &mut Vec<Fault>) -> Option<Node> {
        let text = self.read(path, faults)?;
        let name = self.name(path);
        parse(&name, &text, faults)
    }
}

/// A path without `.` and with `..` taken back where a name stands before it.
pub(crate) fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            Component::ParentDir | Component::Normal(_) | Component::RootDir | Component::Prefix(_) => out.push(part),
        }
    }
    out
}

fn read_text(path: &Path, name: &str) -> Result<String, Box<Fault>> {
    let unread = |error: &std::io::Error| {
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        let cause = if missing { "there is no such file".to_owned() } else { error.to_string() };
        Box::new(Fault::unread("cannot-read", name, format!("cannot read {name}: {cause}")))
    };
    let file = File::open(path).map_err(|error| unread(&error))?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(Box::new(Fault::unread("cannot-read", name, format!("cannot read {name}: it is a folder"))));
    }
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| unread(&error))?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(Box::new(
            Fault::unread("too-large", name, format!("{name} is larger than 8 MiB"))
                .help("what people write is smaller: this is probably another file; requests can be split into several files"),
        ));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
        let place = Lines::of(Arc::from(name), &before).place(at..at);
        let fault = Fault::error("not-utf8", &place, format!("{name} is not UTF-8 text: byte {at} begins no character"));
        Box::new(Fault { span: None, ..fault }.help("save it as UTF-8"))
    })
}

/// Dots in one key up to which nested tables stay shallow enough for any stack.
const DOTS_PLAIN_MAX: usize = 8;
/// Stack for the few texts beyond that: the parser bounds them at 80 dots in each of 80 tables inside one another.
const DEEP_STACK_BYTES: usize = 256 * 1024 * 1024;

/// Reads TOML text into a tree. `name` is the file's name in faults. `None` with at least one fault when it is not TOML.
pub fn parse(name: &str, text: &str, faults: &mut Vec<Fault>) -> Option<Node> {
    let between = |c: char| matches!(c, '\n' | '=' | ',' | '{' | '}' | '[' | ']');
    let dots = text.split(between).map(|run| run.bytes().filter(|byte| *byte == b'.').count()).max();
    if dots.is_none_or(|dots| dots <= DOTS_PLAIN_MAX) {
        return parse_here(name, text, faults);
    }
    let read = std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(DEEP_STACK_BYTES);
        let reading = builder.spawn_scoped(scope, || {
            let mut faults = Vec::new();
            (parse_here(name, text, &mut faults), faults)
        });
        reading.ok().and_then(|reading| reading.join().ok())
    });
    let Some((node, found)) = read else {
        faults.push(Fault::error("too-deep", &Place::file(name), format!("{name} is nested too deeply to be read")));
        return None;
    };
    faults.extend(found);
    node
}

fn parse_here(name: &str, text: &str, faults: &mut Vec<Fault>) -> Option<Node> {
    let lines = Lines::of(Arc::from(name), text);
    let (root, errors) = DeTable::parse_recoverable(text);
    let before = faults.len();
    let spans = errors.iter().map(|error| (error.span().unwrap_or(0..0), error.message()));
    for fault in slips::faults(text, &lines, spans.collect()).into_iter().take(SYNTAX_FAULTS_MAX) {
        faults.push(fault);
    }
    let table = table(root.get_ref(), &lines, DEPTH_MAX, faults);
    (faults.len() == before).then(|| Node { place: lines.place(0..0), value: Value::Table(table) })
}

fn table(written: &DeTable<'_>, lines: &Lines<'_>, depth: usize, faults: &mut Vec<Fault>) -> Table {
    let mut entries = Vec::with_capacity(written.len().min(KEYS_MAX));
    for (ix, (key, value)) in written.iter().enumerate() {
        if ix == KEYS_MAX {
            faults.push(Fault::error("too-large", &lines.place(key.span()), "more than 20000 keys in one table"));
            break;
        }
        let place = lines.place(key.span());
        faults.extend(hidden(key.get_ref(), &place));
        if let Some(mut node) = node(value, lines, depth, faults) {
            if node.place.span.is_empty() {
                node.place = place.clone();
            }
            entries.push(Entry { key: key.get_ref().to_string(), place, node });
        }
    }
    entries.sort_by_key(|entry| entry.place.span.start);
    Table { entries }
}

fn node(written: &Spanned<DeValue<'_>>, lines: &Lines<'_>, depth: usize, faults: &mut Vec<Fault>) -> Option<Node> {
    let place = lines.place(written.span());
    let Some(depth) = depth.checked_sub(1) else {
        faults.push(Fault::error("too-deep", &place, "more than 32 tables and lists inside one another"));
        return None;
    };
    let value = match written.get_ref() {
        DeValue::String(text) => {
            faults.extend(hidden(text, &place));
            Value::Text(text.to_string())
        }
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Whole(number),
            Err(_) => {
                faults.push(Fault::error("out-of-range", &place, format!("{number} is too large a number")));
                return None;
            }
        },
        DeValue::Float(number) => Value::Decimal(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Value::Truth(*truth),
        DeValue::Datetime(clock) => datetime(clock),
        DeValue::Array(items) => Value::List(items.iter().filter_map(|item| node(item, lines, depth, faults)).collect()),
        DeValue::Table(inner) => Value::Table(table(inner, lines, depth, faults)),
    };
    Some(Node { place, value })
}

/// The fault of a text that holds a character which steers what shows it: a control character other than tab and line end, a line
/// separator, a change of direction. TOML can write them as escapes; printed, they could hide or forge what a reader sees.
fn hidden(text: &str, place: &Place) -> Option<Fault> {
    let steers = |c: char| match c {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        other => other.is_control(),
    };
    let plain = text.replace("\r\n", "\n");
    let found = plain.chars().find(|c| steers(*c))?;
    let fault =
        Fault::error("hidden-character", place, format!("the text holds the character U+{:04X}, which is not shown", u32::from(found)));
    Some(fault.label("here").help("write it without that character"))
}

/// A date and time with its offset, written inside a text.
pub(crate) fn instant(written: &str) -> Option<Instant> {
    if let Value::Instant(at) = datetime(&written.parse().ok()?) { Some(at) } else { None }
}

fn datetime(clock: &toml::value::Datetime) -> Value {
    let day = clock.date.and_then(|date| written::day_of(i64::from(date.year), i64::from(date.month), i64::from(date.day)));
    let offset_minutes = clock.offset.map(|offset| match offset {
        toml::value::Offset::Z => 0,
        toml::value::Offset::Custom { minutes } => i64::from(minutes),
    });
    match (day, clock.time, offset_minutes) {
        (Some(day), None, None) => Value::Day(day),
        (Some(day), Some(time), Some(offset)) => {
            let minutes = day.days_since_1970() * 1440 + i64::from(time.hour) * 60 + i64::from(time.minute) - offset;
            let seconds = minutes * 60 + i64::from(time.second.unwrap_or(0));
            Value::Instant(Instant(seconds * 1_000_000 + i64::from(time.nanosecond.unwrap_or(0) / 1000)))
        }
        _ => Value::Clock(clock.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of(text: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let node = parse("a.toml", text, &mut faults);
        assert_eq!(node.is_none(), !faults.is_empty());
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn numbers_keep_their_text_and_order_is_the_writers() {
        let mut faults = Vec::new();
        let node = parse("a.toml", "z = 16.5\n[b.x]\nq = 0x10\n[a]\n", &mut faults).expect("TOML");
        let fields = node.fields();
        assert_eq!(fields.get("z").map(|node| &node.value), Some(&Value::Decimal("16.5".to_owned())));
        assert_eq!(fields.entries().iter().map(|entry| entry.key.as_str()).collect::<Vec<_>>(), ["z", "b", "a"]);
        let x = fields.inside("b").inside("x");
        assert_eq!((x.place().line, x.place().column, x.whole::<i64>("q")), (2, 1, Some(16)));
        assert_eq!(fields.place_of("z").column, 5);
    }

    #[test]
    fn every_syntax_fault_is_reported_at_its_place() {
        assert_eq!(
            faults_of("é = 1\nb = \nb = 2\na = 1\na = 2\n"),
            [
                "a.toml:1:1: error[not-toml]: not TOML: invalid unquoted key, expected letters, numbers, `-`, `_`",
                "a.toml:2:5: error[not-toml]: not TOML: string values must be quoted, expected literal string",
                "a.toml:3:1: error[written-twice]: b is written twice in this table",
                "a.toml:5:1: error[written-twice]: a is written twice in this table",
            ]
        );
        assert_eq!(faults_of("a = 99999999999999999999"), ["a.toml:1:5: error[out-of-range]: 99999999999999999999 is too large a number"]);
    }

    #[test]
    fn characters_that_steer_what_shows_them_are_refused_with_their_place() {
        let told =
            faults_of("a = \"x\\u001b[31m\"\n\"b\\u202e\" = 1\nc = [\"\\u0000\"]\nd = \"\"\"\ntwo\tlines\r\n\"\"\"\ne = \"鈴木 é\"\n");
        assert_eq!(told.len(), 3, "{told:?}");
        let starts = ["a.toml:1:5: error[hidden-character]: the text holds the character U+001B", "a.toml:2:1: ", "a.toml:3:6: "];
        assert!(told.iter().zip(starts).all(|(fault, start)| fault.starts_with(start)), "{told:?}");
    }

    #[test]
    fn deep_nesting_is_a_fault_and_not_a_crash() {
        assert!(faults_of(&format!("a = {}1{}", "[".repeat(40), "]".repeat(40)))[0].contains("too-deep"));
        assert!(!faults_of(&format!("a = {}", "[".repeat(200_000))).is_empty());
        assert!(!faults_of(&format!("{}a = 1", "a.".repeat(200_000))).is_empty());
        let dotted = format!("{}a", "a.".repeat(78));
        assert!(!faults_of(&format!("{dotted} = {}1{}", format!("{{{dotted} = ").repeat(78), "}".repeat(78))).is_empty());
    }

    #[test]
    fn instants_read_with_their_offset() {
        let mut faults = Vec::new();
        let node = parse("a.toml", "a = 2018-04-14T12:00:00.5+08:00\nb = 2018-04-14\nc = 12:00:00", &mut faults).expect("TOML");
        assert_eq!(node.fields().instant("a"), Some(Instant((17_635 * 86_400 + 4 * 3600) * 1_000_000 + 500_000)));
        assert_eq!(node.fields().day("b").map(|day| day.to_string()).as_deref(), Some("2018-04-14"));
        assert!(matches!(node.fields().get("c").map(|node| &node.value), Some(Value::Clock(_))));
    }
}
