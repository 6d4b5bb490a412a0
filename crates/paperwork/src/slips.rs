//! What is no TOML, in our own words: one fault a slip. A heading written twice is one slip, however many keys stand under it.

use std::ops::Range;

use sport::date::Date;

use crate::fault::Fault;
use crate::place::Lines;
use crate::written;

/// The faults of what the parser could not take, in the order of the text. `errors` are its spans and its words.
pub(crate) fn faults(text: &str, lines: &Lines<'_>, mut errors: Vec<(Range<usize>, &str)>) -> Vec<Fault> {
    errors.sort_by_key(|(span, _)| span.start);
    let mut faults = Vec::new();
    // Where a heading written twice reaches to, and its path.
    let mut again: Option<(usize, &str)> = None;
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (span, message) in errors {
        let place = lines.place(span);
        if message.starts_with("duplicate key") {
            let line = line_of(text, place.span.start);
            let heading = heading(&text[line.clone()]);
            let inside = |(end, path): (usize, &str)| match heading {
                Some(heading) => heading.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')),
                None => place.span.start < end,
            };
            if again.is_some_and(inside) {
                again = heading.map_or(again, |_| again.map(|(_, path)| (block_end(text, line.end), path)));
                continue;
            }
            let written = text.get(place.span.clone()).unwrap_or_default();
            let fault = Fault::error("written-twice", &place, format!("{written} is written twice in this table")).label("again");
            let Some(path) = heading else {
                faults.push(fault);
                continue;
            };
            again = Some((block_end(text, line.end), path));
            let message = format!("[{path}] is written twice");
            let first = first_heading(text, path).map(|at| lines.place(at..at).line);
            let help = first.map(|first| format!("the first is on line {first}; give this one an id of its own, or take it out"));
            faults.push(Fault { message, ..fault }.help_if(help));
            continue;
        }
        let run = run(text, place.span.start);
        if let Some(help) = date(&text[run.clone()]) {
            if !runs.contains(&run) {
                let message = format!("{} is no date as TOML writes it", &text[run.clone()]);
                faults.push(Fault::error("bad-date", &lines.place(run.clone()), message).label("not a date").help(help));
                runs.push(run);
            }
            continue;
        }
        if absent(&text[run.clone()]) {
            let message = format!("there is no day {}", &text[run.clone()]);
            faults.push(Fault::error("bad-date", &lines.place(run), message).label("not in the calendar"));
            continue;
        }
        faults.push(Fault::error("not-toml", &place, format!("not TOML: {message}")).label("here"));
    }
    faults
}

/// The line a byte stands on, without its end.
fn line_of(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    start..text[at..].find('\n').map_or(text.len(), |end| at + end)
}

/// The path of a heading `[entry.1]`, where the line is one. `[[…]]` cannot be there twice.
fn heading(line: &str) -> Option<&str> {
    let inner = line.trim_start().strip_prefix('[')?;
    let (path, _) = inner.split_once(']')?;
    (!path.starts_with('[')).then(|| path.trim())
}

/// Where the keys under a heading end: at the next line that is a heading, or the end of the text.
fn block_end(text: &str, from: usize) -> usize {
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        if at > from && line.trim_start().starts_with('[') {
            return at;
        }
        at += line.len();
    }
    text.len()
}

fn first_heading(text: &str, path: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if heading(line) == Some(path) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// The characters around a byte up to the next that parts values.
fn run(text: &str, at: usize) -> Range<usize> {
    let parts = |c: char| c.is_whitespace() || matches!(c, '=' | ',' | '[' | ']' | '{' | '}' | '#');
    let start = text[..at].rfind(parts).map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
    start..text[at..].find(parts).map_or(text.len(), |after| at + after)
}

/// Whether this is written as a day is, and no calendar has it: `2026-02-30`.
fn absent(written: &str) -> bool {
    let day = written.get(..10).unwrap_or_default();
    let digits = |range: std::ops::Range<usize>| day.get(range).is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let shaped = digits(0..4) && digits(5..7) && digits(8..10) && day.get(4..5) == Some("-") && day.get(7..8) == Some("-");
    shaped && written::date(day).is_none()
}

/// How to write what was probably meant as a date: `02.05.2026`, `2026-5-2`, `02/05/2026`.
pub(crate) fn date(written: &str) -> Option<String> {
    let day = written.split(['T', ' ']).next().unwrap_or_default();
    let separator = day.chars().find(|c| matches!(c, '.' | '/' | '-'))?;
    let parts: Vec<&str> = day.split(separator).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let number = |part: &str| {
        let plain = matches!(part.len(), 1 | 2 | 4) && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| part.parse::<i64>().ok()).flatten()
    };
    let (a, b, c) = (number(first)?, number(second)?, number(third)?);
    let found: Vec<Date> = match (first.len(), third.len()) {
        (4, 1 | 2) => vec![written::day_of(a, b, c)?],
        // Month and day stand in another order elsewhere; only a dot says which.
        (1 | 2, 4) if separator == '.' => vec![written::day_of(c, b, a)?],
        (1 | 2, 4) => [written::day_of(c, b, a), written::day_of(c, a, b)].into_iter().flatten().collect(),
        _ => return None,
    };
    let days: Vec<String> = found.iter().map(ToString::to_string).collect();
    match days.as_slice() {
        [] => None,
        [one] => Some(format!("write the date as {one}")),
        [one, two, ..] if one == two => Some(format!("write the date as {one}")),
        [one, two, ..] => Some(format!("write the date as {one} or as {two}: year, month, day")),
    }
}

#[cfg(test)]
mod tests {
    fn told(text: &str) -> Vec<String> {
        let mut faults = Vec::new();
        crate::read::parse("a.toml", text, &mut faults);
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_date_of_another_habit_is_told_how_it_is_written() {
        for (written, help) in [
            ("02.05.2026", "write the date as 2026-05-02"),
            ("2.5.2026", "write the date as 2026-05-02"),
            ("2026-5-2", "write the date as 2026-05-02"),
            ("2026/05/02", "write the date as 2026-05-02"),
            ("2026.05.02", "write the date as 2026-05-02"),
            ("05/05/2026", "write the date as 2026-05-05"),
            ("28/05/2026", "write the date as 2026-05-28"),
            ("02/05/2026", "write the date as 2026-05-02 or as 2026-02-05: year, month, day"),
            ("02-05-2026", "write the date as 2026-05-02 or as 2026-02-05: year, month, day"),
        ] {
            let text = format!("[round.1]\nfirst-day = {written} # the day\nx = 1\n");
            let expected = format!("a.toml:2:13: error[bad-date]: {written} is no date as TOML writes it ({help})");
            assert_eq!(told(&text), [expected]);
        }
        assert!(told("a = 1.2.3\n")[0].contains("not-toml"));
        assert_eq!(told("a = 2026-02-30\n"), ["a.toml:1:5: error[bad-date]: there is no day 2026-02-30"]);
    }

    #[test]
    fn a_heading_written_twice_is_one_fault_with_the_line_of_the_first() {
        let entry = "[entry.1]\nnumber = \"1\"\nclass = \"GT3\"\n[entry.1.crew.1]\nrounds = [\n1,\n]\n";
        let help = "(the first is on line 1; give this one an id of its own, or take it out)";
        let twice = format!("{entry}{entry}a = 1\na = 1\n");
        assert_eq!(told(&twice), [format!("a.toml:8:8: error[written-twice]: [entry.1] is written twice {help}"),]);
        let keys = told("[a]\nx = 1\nx = 2\n[b]\n[a]\nx = 3\n[c]\ny = 1\ny = 2\n");
        let starts = ["a.toml:3:1: error[written-twice]: x is written twice in this table", "a.toml:5:2: ", "a.toml:9:1: "];
        assert_eq!(keys.len(), 3, "{keys:?}");
        assert!(keys.iter().zip(starts).all(|(told, start)| told.starts_with(start)), "{keys:?}");
    }
}
