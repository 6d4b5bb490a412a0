//! A table of separated text, which keeps what it takes to be written again in the same bytes: encoding, separator, line ends, names padded with blanks, an empty cell
//! at the end of every row.
//!
//! Cells are one long text with the places where they end, so that a table of a million cells is three allocations. Quotes are written where they are needed and
//! nowhere else, as all tables seen do; what was quoted without need, a quote in a cell that is not quoted, blank lines, and line ends that vary are not kept.

use std::collections::BTreeMap;

use csv::{ByteRecord, QuoteStyle, ReaderBuilder, Terminator, WriterBuilder};

use crate::encoding::Encoding;
use crate::flaw::Flaw;

/// More rows than this has no table of a session: a race of 24 hours with 60 cars has 40,000 laps.
const MOST_ROWS: usize = 1_000_000;
/// More cells than this neither.
const MOST_CELLS: usize = 32_000_000;
/// More columns than this neither: the widest seen has 93.
const MOST_COLUMNS: usize = 4_096;
/// So many flaws are told one by one.
const MOST_FLAWS: usize = 1_000;
/// So much of a file is looked at for its header.
pub(crate) const HEADER: usize = 16 << 10;

/// What ends a line.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum LineEnd {
    /// LF.
    #[default]
    Lf,
    /// CR LF.
    CrLf,
}

/// How a table is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    /// Its bytes.
    pub encoding: Encoding,
    /// Between cells: `;`, `,` or a tab.
    pub separator: u8,
    /// Between lines.
    pub line_end: LineEnd,
    /// The last line has an end too.
    pub ended: bool,
}

impl Shape {
    /// How a text is written, but for what its bytes and its header say: line ends.
    pub fn of(text: &str, encoding: Encoding, separator: u8) -> Self {
        let line_end = if text.find('\n').is_some_and(|at| text[..at].ends_with('\r')) { LineEnd::CrLf } else { LineEnd::Lf };
        Self { encoding, separator, line_end, ended: text.ends_with(['\n', '\r']) }
    }
}

impl Default for Shape {
    /// UTF-8, commas, LF at the end of every line.
    fn default() -> Self {
        Self { encoding: Encoding::Utf8, separator: b',', line_end: LineEnd::Lf, ended: true }
    }
}

/// A table.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Table {
    /// How it is written.
    pub shape: Shape,
    /// All cells, one after the other.
    text: String,
    /// Where in the text each cell ends.
    ends: Vec<usize>,
    rows: Vec<Place>,
}

/// A row: its cells, and where it was in the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Place {
    first: usize,
    end: usize,
    line: u64,
    offset: u64,
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'t> {
    table: &'t Table,
    place: &'t Place,
}

impl Table {
    /// A table without rows.
    pub fn new(shape: Shape) -> Self {
        Self { shape, ..Self::default() }
    }

    /// From its bytes. The separator is the one that its first line has most of.
    ///
    /// # Errors
    /// It is empty, not text, or larger than any table of a session.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let (text, encoding) = Encoding::decode(bytes)?;
        let first = text.trim_start_matches(['\r', '\n']).lines().next().unwrap_or_default();
        Self::of(&text, Shape::of(&text, encoding, separator(first)))
    }

    /// From its text, where it is known how it is written. A quote that is never closed is told: the rows it would swallow are left out.
    ///
    /// # Errors
    /// It is empty, or larger than any table of a session.
    pub fn of(text: &str, shape: Shape) -> Result<(Self, Vec<Flaw>), Flaw> {
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(shape.separator).from_reader(text.as_bytes());
        let (mut record, mut cells) = (ByteRecord::new(), Vec::with_capacity(text.len()));
        let mut table = Self::new(shape);
        let mut cursor = Cursor { text, encoding: shape.encoding, at: 0, line: 1, offset: shape.encoding.mark().len() as u64 };
        let flaw = |cursor: &Cursor, why: &str| Flaw::of(cursor.offset, Some(cursor.line), cursor.rest().as_bytes(), why);
        loop {
            if !reader.read_byte_record(&mut record).map_err(|wrong| flaw(&cursor, &wrong.to_string()))? {
                break;
            }
            cursor.to(record.position().map_or(0, csv::Position::byte));
            if table.rows.len() >= MOST_ROWS || table.ends.len() + record.len() > MOST_CELLS {
                return Err(flaw(&cursor, "no table of a session is as long as this"));
            }
            if record.len() > MOST_COLUMNS {
                return Err(flaw(&cursor, "no table of a session is as wide as this"));
            }
            let (first, before) = (table.ends.len(), cells.len());
            cells.extend_from_slice(record.as_slice());
            table.ends.extend((0..record.len()).filter_map(|nth| record.range(nth)).map(|range| before + range.end));
            table.rows.push(Place { first, end: table.ends.len(), line: cursor.line, offset: cursor.offset });
        }
        table.text = String::from_utf8(cells).expect("text that is parted at separators is text");
        let mut flaws = Vec::new();
        if cursor.rest().trim_end().contains('\n') && cursor.rest().matches('"').count() % 2 == 1 {
            flaws.push(flaw(&cursor, "a quote is never closed: what follows cannot be parted into cells"));
            table.rows.pop();
        }
        if table.rows.is_empty() {
            return Err(flaws.pop().unwrap_or_else(|| Flaw::of(0, Some(1), b"", "it is empty")));
        }
        Ok((table, flaws))
    }

    /// In bytes.
    pub fn encode(&self) -> Vec<u8> {
        let terminator = match self.shape.line_end {
            LineEnd::CrLf => Terminator::CRLF,
            LineEnd::Lf => Terminator::Any(b'\n'),
        };
        let mut writer = WriterBuilder::new()
            .delimiter(self.shape.separator)
            .terminator(terminator)
            .quote_style(QuoteStyle::Necessary)
            .flexible(true)
            .from_writer(Vec::with_capacity(self.text.len() + self.ends.len() + 2 * self.rows.len()));
        for row in self.rows() {
            writer.write_record(row.cells()).expect("memory takes every row");
        }
        let mut bytes = writer.into_inner().expect("memory takes every row");
        if !self.shape.ended {
            bytes.truncate(bytes.len().saturating_sub(if self.shape.line_end == LineEnd::CrLf { 2 } else { 1 }));
        }
        if self.shape.encoding == Encoding::Utf8 {
            return bytes;
        }
        self.shape.encoding.encode(std::str::from_utf8(&bytes).expect("text with separators is text"))
    }

    /// Adds a row at the end.
    pub fn push<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) {
        self.push_at(self.rows.len() as u64 + 1, cells);
    }

    /// The same of a row of which it is known which line it is.
    pub fn push_at<C: AsRef<str>>(&mut self, line: u64, cells: impl IntoIterator<Item = C>) {
        let first = self.ends.len();
        for cell in cells {
            self.text.push_str(cell.as_ref());
            self.ends.push(self.text.len());
        }
        self.rows.push(Place { first, end: self.ends.len(), line, offset: 0 });
    }

    /// All rows, the header first where there is one.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> + Clone {
        self.rows.iter().map(|place| Row { table: self, place })
    }

    /// The rows without the first.
    pub fn body(&self) -> impl Iterator<Item = Row<'_>> + Clone {
        self.rows().skip(1)
    }

    /// The first row.
    pub fn header(&self) -> Option<Row<'_>> {
        self.rows().next()
    }

    /// The column of a name, looked up as people read it: without the blanks around it, capitals or not.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header()?.cells().position(|cell| cell.trim().eq_ignore_ascii_case(name))
    }

    /// The column of a name that a table of its kind cannot be without.
    ///
    /// # Errors
    /// It has none: not that kind of table.
    pub fn needed(&self, name: &str) -> Result<usize, Flaw> {
        let flaw = || {
            let header = self.header().map(|row| row.written()).unwrap_or_default();
            Flaw::of(0, Some(1), header.as_bytes(), format!("the header has no column {name}"))
        };
        self.column(name).ok_or_else(flaw)
    }

    /// So many cells most rows below the first have; a header may name more than any row has.
    pub fn usual_width(&self) -> usize {
        let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
        for row in self.body() {
            *widths.entry(row.len()).or_default() += 1;
        }
        widths.into_iter().max_by_key(|(_, count)| *count).map_or(0, |(width, _)| width)
    }

    /// Takes out the rows below the first that have more or fewer cells than most: what is in which column cannot be known. They are told.
    pub fn without_uneven(&mut self) -> Vec<Flaw> {
        let usual = self.usual_width();
        self.sift(
            |row| if row.len() == usual { Ok(()) } else { Err(format!("it has {} cells, and the other rows have {usual}", row.len())) },
        )
    }

    /// Takes out the rows below the first that do not hold, and tells why; of many the first.
    pub fn sift(&mut self, mut holds: impl FnMut(Row<'_>) -> Result<(), String>) -> Vec<Flaw> {
        let mut rows = std::mem::take(&mut self.rows);
        let (mut flaws, mut nth, mut more) = (Vec::new(), 0, 0_usize);
        rows.retain(|place| {
            nth += 1;
            let row = Row { table: self, place };
            let why = if nth == 1 { Ok(()) } else { holds(row) };
            match why {
                Ok(()) => return true,
                Err(why) if flaws.len() < MOST_FLAWS => flaws.push(row.flaw(why)),
                Err(_) => more += 1,
            }
            false
        });
        self.rows = rows;
        if let Some(last) = flaws.last_mut().filter(|_| more > 0) {
            last.why = format!("{}; and {more} rows more that cannot be read", last.why);
        }
        flaws
    }
}

impl<'t> Row<'t> {
    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.place.end - self.place.first
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A cell; nothing where the row is too short.
    pub fn cell(&self, column: usize) -> &'t str {
        let nth = self.place.first + column;
        if column >= self.len() {
            return "";
        }
        let begin = if nth == 0 { 0 } else { self.table.ends[nth - 1] };
        &self.table.text[begin..self.table.ends[nth]]
    }

    /// A cell that the table may not have, without the blanks around it.
    pub fn of(&self, column: Option<usize>) -> &'t str {
        column.map_or("", |column| self.cell(column).trim())
    }

    /// All cells.
    pub fn cells(self) -> impl ExactSizeIterator<Item = &'t str> {
        (0..self.len()).map(move |column| self.cell(column))
    }

    /// Its line in the file, from 1.
    pub fn line(&self) -> u64 {
        self.place.line
    }

    /// What is wrong with it.
    pub fn flaw(&self, why: impl Into<String>) -> Flaw {
        Flaw::of(self.place.offset, Some(self.place.line), self.written().as_bytes(), why)
    }

    /// The cells with separators, as far as a person wants to see them.
    fn written(&self) -> String {
        let mut written = String::new();
        for (nth, cell) in self.cells().enumerate() {
            if nth > 0 {
                written.push(char::from(self.table.shape.separator));
            }
            written.push_str(cell);
            if written.len() > 200 {
                break;
            }
        }
        written
    }
}

/// A place in a text that goes forwards, with its line, and its offset in the bytes the text was read from.
struct Cursor<'t> {
    text: &'t str,
    encoding: Encoding,
    at: usize,
    line: u64,
    offset: u64,
}

impl Cursor<'_> {
    /// On to a byte of the text, and over the line ends there: blank lines are passed over.
    fn to(&mut self, byte: u64) {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).clamp(self.at, self.text.len());
        let blank = self.text[byte..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = &self.text[self.at..byte + blank];
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count() as u64;
        self.offset += self.encoding.length(passed) as u64;
        self.at = byte + blank;
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }
}

/// The separators.
pub const SEPARATORS: [u8; 3] = [b'\t', b';', b','];

/// The separator of a line: what it has most of outside quotes.
pub fn separator(line: &str) -> u8 {
    SEPARATORS.into_iter().max_by_key(|separator| separators(line, *separator)).unwrap_or(b',')
}

/// How many of a separator a line has outside quotes.
pub fn separators(line: &str, separator: u8) -> usize {
    let mut quoted = false;
    let outside = line.bytes().filter(|byte| {
        quoted ^= *byte == b'"';
        !quoted && *byte == separator
    });
    outside.count()
}

/// The names in the first line of a file, without the blanks around them, in capitals; nothing where it is no text. It looks at the beginning of the file only.
pub fn header(bytes: &[u8]) -> Vec<String> {
    let begin = &bytes[..bytes.len().min(HEADER)];
    let line = begin.iter().position(|byte| *byte == b'\n').map_or(begin.len(), |at| at + 1);
    // Of two bytes a letter, both.
    let whole = if Encoding::of(begin).length("\n") == 2 { (line + 1).min(begin.len()) & !1 } else { line };
    let Ok((text, _)) = Encoding::decode(&begin[..whole]) else { return Vec::new() };
    if text.contains('\0') {
        return Vec::new();
    }
    let separator = char::from(separator(&text));
    text.trim_end().split(separator).map(|name| name.trim().trim_matches('"').to_uppercase()).collect()
}

/// Whether a file's first line names all these columns.
pub fn has(bytes: &[u8], names: &[&str]) -> bool {
    let header = header(bytes);
    names.iter().all(|name| header.iter().any(|column| column == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(text: &str) -> Table {
        Table::decode(text.as_bytes()).unwrap().0
    }

    fn rows(table: &Table) -> Vec<Vec<String>> {
        table.rows().map(|row| row.cells().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_table_is_written_again_in_the_same_bytes() {
        let texts = [
            "NUMBER; LAP_NUMBER; TEAM;\r\n007;1;Test Team;\r\n",
            "Pos,Drivers,Gap\n1,\"A One, B Two\",\n2,\"He said \"\"go\"\"\",0.5",
            "a\tb\n1\t\"two\nlines\"\n",
            "one column\nwithout any\n",
            "a;b\n1;ü\n",
        ];
        for text in texts {
            assert_eq!(String::from_utf8(table(text).encode()).unwrap(), text);
        }
        for encoding in [Encoding::Utf8Marked, Encoding::Utf16, Encoding::Utf16Marked, Encoding::Latin1] {
            let bytes = encoding.encode(texts[4]);
            assert_eq!(Table::decode(&bytes).unwrap().0.encode(), bytes, "{encoding:?}");
        }
        // What is not kept: quotes without need, blank lines, line ends that vary.
        assert_eq!(table("a,b\n\n\"1\",2\r\n3,4\n").encode(), b"a,b\n1,2\n3,4\n");
    }

    #[test]
    fn a_column_is_found_as_people_read_its_name() {
        let padded = table("NUMBER; LAP_NUMBER;;\n7;1;;\n");
        assert_eq!((padded.column("lap_number"), padded.column("LAP")), (Some(1), None));
        assert_eq!(padded.needed("LAP").unwrap_err().to_string(), "line 1: the header has no column LAP: NUMBER; LAP_NUMBER;;");
        assert!(has(b"NUMBER; LAP_NUMBER\r\n7;1", &["NUMBER", "LAP_NUMBER"]) && !has(b"NUMBER;\r\nLAP", &["LAP"]));
        assert_eq!(header(b"\0\0;NUMBER"), [""; 0]);
        assert_eq!(header(&Encoding::Utf16Marked.encode("Pos,\"Car #\"\nx,y")), ["POS", "CAR #"]);
    }

    #[test]
    fn a_row_that_is_too_long_or_too_short_is_told_with_its_line_and_taken_out() {
        // The header may name more than the rows have.
        let bytes = Encoding::Utf8Marked.encode("a,b,c,d\r\n\"1\n1\",2,3\r\n\r\n4,5\r\n6,7,8\r\n9,10,11,12\r\n");
        let (mut table, none) = Table::decode(&bytes).unwrap();
        let flaws = table.without_uneven();
        let told: Vec<String> = flaws.iter().map(ToString::to_string).collect();
        let short = "line 5: it has 2 cells, and the other rows have 3: 4,5";
        assert_eq!(told, [short, "line 7: it has 4 cells, and the other rows have 3: 9,10,11,12"]);
        assert_eq!((flaws[0].offset, flaws[1].offset, none), (25, 37, vec![]));
        assert_eq!(rows(&table)[1..], [["1\n1", "2", "3"], ["6", "7", "8"]]);
        let many: String = std::iter::once("a,b\n1,2\n1,2\n").chain(std::iter::repeat_n("1\n", 2_000)).collect();
        let mut table = Table::decode(format!("{many}{}", "1,2\n".repeat(2_000)).as_bytes()).unwrap().0;
        let flaws = table.without_uneven();
        assert!(flaws.len() == 1_000 && flaws[999].why.ends_with("; and 1000 rows more that cannot be read"), "{}", flaws[999]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_and_what_is_before_it_is_read() {
        let (table, flaws) = Table::decode(b"a,b\n1,2\n3,\"4\n5,6\n").unwrap();
        assert_eq!((rows(&table).len(), flaws[0].line, flaws[0].offset), (2, Some(3), 8));
        // An inch is no quote.
        assert_eq!(Table::decode(b"a,b\n1,18\" wheel\n3,4\n").unwrap().1, []);
        assert_eq!(Table::decode(b"\"a\nb").unwrap_err().line, Some(1));
    }

    #[test]
    fn nothing_is_no_table() {
        for empty in [&b""[..], b"\xef\xbb\xbf", b"\r\n\n"] {
            assert_eq!(Table::decode(empty).unwrap_err().why, "it is empty");
        }
        let long = "\n1".repeat(MOST_ROWS + 1);
        assert_eq!(Table::decode(long.as_bytes()).unwrap_err().why, "no table of a session is as long as this");
        let wide = Table::decode(",".repeat(MOST_COLUMNS).as_bytes()).unwrap_err();
        assert_eq!(wide.why, "no table of a session is as wide as this");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            cells in prop::collection::vec(prop::collection::vec("[a-z ,;\"\r\nü]{0,6}", 2..5), 1..8),
            separator in prop::sample::select(vec![b',', b';', b'\t']),
            crlf: bool,
            ended: bool,
        ) {
            let line_end = if crlf { LineEnd::CrLf } else { LineEnd::Lf };
            let shape = Shape { encoding: Encoding::Utf8, separator, line_end, ended };
            let mut table = Table::new(shape);
            cells.iter().for_each(|row| table.push(row));
            let bytes = table.encode();
            let (again, flaws) = Table::of(std::str::from_utf8(&bytes).unwrap(), shape).unwrap();
            prop_assert_eq!((rows(&again), flaws), (cells, vec![]));
            prop_assert_eq!(again.encode(), bytes);
        }

        #[test]
        fn whatever_comes_is_a_table_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok((mut table, _)) = Table::decode(&bytes) {
                table.without_uneven();
                prop_assert!(table.rows().all(|row| row.cells().len() == row.len()));
                table.encode();
            }
            header(&bytes);
        }
    }
}
