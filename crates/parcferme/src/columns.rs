//! Aligned columns for people, and CSV for machines.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

/// Text as a person sees it: what would steer a terminal or turn the direction of writing stands there as a sign and does nothing.
///
/// Line feeds and tabs stay. With `styled`, so do colours: that text was made by us, of parts that went through here.
pub(crate) fn visible(text: &str, styled: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if styled { colour(rest) } else { 0 };
        if length > 0 {
            shown.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        shown.push(match c {
            '\n' | '\t' => c,
            '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
            '\x7f' => '\u{2421}',
            hidden if hides(hidden) => '\u{fffd}',
            plain => plain,
        });
        rest = &rest[c.len_utf8()..];
    }
    shown
}

/// Bytes of the colour sequence that a text begins with; 0 where it begins with none.
fn colour(text: &str) -> usize {
    let Some(numbers) = text.strip_prefix("\x1b[") else { return 0 };
    let end = numbers.find(|c: char| !c.is_ascii_digit() && c != ';');
    end.filter(|end| numbers[*end..].starts_with('m')).map_or(0, |end| 2 + end + 1)
}

/// Whether a character steers what shows it instead of being shown: control characters, line separators, changes of direction.
pub(crate) fn hides(c: char) -> bool {
    c.is_control() || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Which side a column leans to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lean {
    Left,
    Right,
}

/// A table for people: a head and rows of cells.
pub(crate) struct Columns {
    leans: Vec<Lean>,
    rows: Vec<Vec<String>>,
}

impl Columns {
    /// A table with these columns; an empty head prints no head line.
    pub(crate) fn new(head: &[(&str, Lean)]) -> Self {
        Self { leans: head.iter().map(|(_, lean)| *lean).collect(), rows: vec![head.iter().map(|(name, _)| (*name).to_owned()).collect()] }
    }

    /// One more row.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        assert_eq!(cells.len(), self.leans.len(), "a row has a cell for every column");
        // A line feed in a cell would make a line of its own.
        self.rows.push(cells.iter().map(|cell| visible(cell, false).replace('\n', "\u{240a}").replace('\t', " ")).collect());
    }

    /// The table as text, indented by two; columns that are empty in every row are left out.
    pub(crate) fn text(&self) -> String {
        let used = |ix: &usize| self.rows.iter().skip(1).any(|row| !row[*ix].is_empty());
        let shown: Vec<usize> = (0..self.leans.len()).filter(used).collect();
        let width = |ix: usize| self.rows.iter().map(|row| row[ix].width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.leans.len()).map(width).collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for ix in &shown {
                let room = " ".repeat(widths[*ix] - row[*ix].width());
                match self.leans[*ix] {
                    Lean::Left => _ = write!(line, "  {}{room}", row[*ix]),
                    Lean::Right => _ = write!(line, "  {room}{}", row[*ix]),
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// One line of CSV (quoted as in RFC 4180), with a plain line feed. A cell that a spreadsheet would run as a formula begins with an apostrophe.
pub(crate) fn csv_line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let quoted = cells.into_iter().map(|cell| {
        let cell = if formula(cell) { format!("'{cell}") } else { cell.to_owned() };
        if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
    });
    let mut line = quoted.collect::<Vec<_>>().join(",");
    line.push('\n');
    line
}

/// Whether a spreadsheet would run a cell: it skips white space before the sign, and takes wide signs for plain ones.
fn formula(cell: &str) -> bool {
    let bare = cell.trim_start();
    let number = || bare.parse::<f64>().is_ok_and(f64::is_finite);
    cell.starts_with(['\t', '\r'])
        || bare.starts_with(['=', '@', '＝', '＠', '＋', '－'])
        || (bare.starts_with(['+', '-']) && bare.len() > 1 && !number())
}

/// A name or a source: something on one line, without characters that steer a terminal.
pub(crate) fn plain(written: &str) -> Result<String, String> {
    if written.trim().is_empty() {
        return Err(String::from("it is empty"));
    }
    if written.chars().any(hides) {
        return Err(String::from("it holds a control character; write it on one line, in plain characters"));
    }
    Ok(written.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_quotes_what_a_spreadsheet_would_misread() {
        assert_eq!(csv_line(["a", "b,c", "d\"e", "=1+1", "-15", "-x"]), "a,\"b,c\",\"d\"\"e\",'=1+1,-15,'-x\n");
        assert_eq!(csv_line([" =1+1", "\t@x", "  -x", "＝1", "-inf", " a", "- 1"]), "' =1+1,'\t@x,'  -x,'＝1,'-inf, a,'- 1\n");
    }

    #[test]
    fn what_would_steer_a_terminal_is_shown_and_colours_of_ours_stay() {
        assert_eq!(visible("a\x1b[31mb\u{202e}c\0\x7f\u{9b}\td\n", false), "a\u{241b}[31mb\u{fffd}c\u{2400}\u{2421}\u{fffd}\td\n");
        assert_eq!(visible("\x1b[1m\x1b[38;5;9me\x1b[0m\x1b[2J\x1b[", true), "\x1b[1m\x1b[38;5;9me\x1b[0m\u{241b}[2J\u{241b}[");
        let mut table = Columns::new(&[("Driver", Lean::Left), ("Points", Lean::Right)]);
        table.row(vec!["A\nB".into(), "1".into()]);
        assert_eq!(table.text(), "  Driver  Points\n  A\u{240a}B          1\n");
    }

    #[test]
    fn columns_line_up_for_wide_scripts_and_drop_empty_ones() {
        let mut table = Columns::new(&[("Pos", Lean::Right), ("Driver", Lean::Left), ("Label", Lean::Left), ("Points", Lean::Right)]);
        table.row(vec!["1".into(), "鈴木".into(), String::new(), "25".into()]);
        table.row(vec!["10".into(), "Ant".into(), String::new(), "1".into()]);
        assert_eq!(table.text(), "  Pos  Driver  Points\n    1  鈴木        25\n   10  Ant          1\n");
    }
}
