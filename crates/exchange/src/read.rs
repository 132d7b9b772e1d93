//! Files in ACLED's or GED's columns, read line by line: with or without a byte order mark, with other orders of columns, with commas,
//! semicolons or tabs, with a line of HXL tags, and (GED) without a header.

use std::collections::BTreeMap;
use std::io::Read;

use crate::cell::unguard;
use crate::{ACLED, GED, Shape};

/// In whose columns a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// ACLED's.
    Acled,
    /// UCDP GED's.
    Ged,
}

impl Layout {
    /// The shape whose columns they are.
    #[must_use]
    pub const fn shape(self) -> &'static Shape {
        match self {
            Self::Acled => &ACLED,
            Self::Ged => &GED,
        }
    }

    /// The column that a row is known by.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Acled => "event_id_cnty",
            Self::Ged => "id",
        }
    }

    /// What a dataset in these columns is called, where nobody says.
    #[must_use]
    pub const fn dataset(self) -> &'static str {
        match self {
            Self::Acled => "ACLED",
            Self::Ged => "UCDP GED",
        }
    }

    /// Columns without which nothing can be read.
    const fn needed(self) -> &'static [&'static str] {
        match self {
            Self::Acled => &["event_id_cnty", "event_date", "sub_event_type"],
            Self::Ged => &["id", "type_of_violence", "date_start"],
        }
    }
}

/// What is wrong with a file or a row of it: where, what was found and what is expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Fault {
    /// Line of the file, from 1.
    pub line: u64,
    /// The column, where it is one's.
    pub column: Option<String>,
    /// What was found.
    pub found: String,
    /// What is expected.
    pub expected: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(column) = &self.column {
            write!(f, "column {column}: ")?;
        }
        write!(f, "found {}, expected {}", self.found, self.expected)
    }
}

/// A row of a file: what stands in each column that is known, where anything does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Line of the file, from 1.
    pub number: u64,
    /// The columns that the file has, and what stands there; white space is one space, and there may be nothing.
    pub cells: BTreeMap<&'static str, String>,
}

impl Line {
    /// What stands in a column; nothing where the file does not have it.
    #[must_use]
    pub fn get(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// The rows of a file.
pub struct Lines<R> {
    layout: Layout,
    /// For each field of a record, the column that it is.
    columns: Vec<Option<&'static str>>,
    records: csv::ByteRecordsIntoIter<R>,
    /// A record that was looked at already: the first of a file without a header.
    first: Option<csv::ByteRecord>,
    begun: bool,
    crlf: bool,
}

/// A file of which the beginning was looked at.
pub type Rest<R> = std::io::Chain<std::io::Cursor<Vec<u8>>, R>;

/// What HDX's cuts and older files call columns otherwise.
const ALIASES: &[(&str, &str)] = &[("data_id", "event_id_cnty"), ("iso3", ISO3)];

/// The country's code of three letters, which neither table has and HDX's cuts do.
pub const ISO3: &str = "iso3";

impl<R: Read> Lines<R> {
    /// Begins to read.
    ///
    /// # Errors
    /// Where the file cannot be read, is empty, or lacks a column that is needed.
    pub fn new(layout: Layout, mut input: R) -> Result<Lines<Rest<R>>, Fault> {
        let wrong = |found: String, expected: &str| Fault {
            line: 1,
            column: None,
            found,
            expected: expected.to_owned(),
        };
        // So much of the file tells what stands between its cells.
        let mut head = vec![0; 1 << 16];
        let mut filled = 0;
        while filled < head.len() {
            match input.read(head.get_mut(filled..).unwrap_or_default()) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(wrong(format!("a file that cannot be read ({error})"), "a table")),
            }
        }
        head.truncate(filled);
        if head.starts_with(crate::BOM) {
            head.drain(..crate::BOM.len());
        }
        let first_line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let crlf = first_line.ends_with(b"\r");
        let count = |delimiter: u8| first_line.iter().filter(|byte| **byte == delimiter).count();
        let delimiter =
            [b',', b'\t', b';'].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',');
        let mut records = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(std::io::Cursor::new(head).chain(input))
            .into_byte_records();
        let first = match records.next() {
            Some(Ok(record)) => record,
            Some(Err(error)) => return Err(wrong(error.to_string(), "a header")),
            None => return Err(wrong("an empty file".to_owned(), "a header and rows")),
        };
        let names: Vec<String> = first.iter().map(|cell| name(&text(cell))).collect();
        let known = |name: &str| {
            let alias = ALIASES.iter().find(|(other, _)| *other == name).map(|(_, column)| *column);
            layout.shape().header().find(|column| *column == name).or(alias)
        };
        let columns: Vec<Option<&'static str>> = names.iter().map(|name| known(name)).collect();
        let has = |column: &str| columns.contains(&Some(column));
        if let Some(missing) = layout.needed().iter().find(|column| !has(column)) {
            // GED's own files come without a header too.
            let all: Vec<&'static str> = layout.shape().header().collect();
            if layout == Layout::Ged && first.len() == all.len() && columns.iter().flatten().next().is_none()
            {
                let columns = all.into_iter().map(Some).collect();
                return Ok(Lines { layout, columns, records, first: Some(first), begun: true, crlf });
            }
            let found = names.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
            return Err(wrong(
                format!("no column `{missing}` (the first line has {} columns: {found}, …)", names.len()),
                &format!("the columns of {}, in any order", layout.dataset()),
            ));
        }
        Ok(Lines { layout, columns, records, first: None, begun: false, crlf })
    }
}

impl<R: Read> Lines<R> {
    /// The columns that the file has.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().flatten().copied()
    }

    /// In whose columns it is.
    #[must_use]
    pub const fn layout(&self) -> Layout {
        self.layout
    }

    fn line(&self, record: &csv::ByteRecord) -> Result<Line, Fault> {
        // Where the record begins is told before blank lines in front of it; where it ends, after them.
        let begun = record.position().map_or(0, csv::Position::line);
        let inside = record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        // Of "\r\n" the reader has taken only the first half by then.
        let ended = u64::from(!self.crlf);
        let number = begun.max(self.records.reader().position().line().saturating_sub(inside + ended));
        let wrong = |found: String, expected: String| Fault { line: number, column: None, found, expected };
        let first = text(record.get(0).unwrap_or_default());
        if first.starts_with("# cut off here") {
            return Err(wrong(format!("`{first}`"), "a whole file: write the export again".to_owned()));
        }
        if record.len() != self.columns.len() {
            return Err(wrong(
                format!("{} cells", record.len()),
                format!(
                    "{}, as in the first line; a cell with a comma, a quote or a line end stands in quotes",
                    self.columns.len()
                ),
            ));
        }
        let mut cells = BTreeMap::new();
        for (column, cell) in self.columns.iter().zip(record) {
            if let Some(column) = column {
                let cell = text(cell);
                let words: Vec<&str> = unguard(&cell).split_whitespace().collect();
                cells.insert(*column, words.join(" "));
            }
        }
        Ok(Line { number, cells })
    }
}

impl<R: Read> Iterator for Lines<R> {
    type Item = Result<Line, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let record = match self.first.take().map(Ok).or_else(|| self.records.next())? {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    return Some(Err(Fault {
                        line,
                        column: None,
                        found: error.to_string(),
                        expected: "a row".to_owned(),
                    }));
                }
            };
            // A line of HXL tags follows the header.
            let is_tags = !std::mem::replace(&mut self.begun, true)
                && record.iter().any(|cell| cell.starts_with(b"#"))
                && record.iter().all(|cell| cell.is_empty() || cell.starts_with(b"#"));
            let is_blank = record.iter().all(|cell| cell.iter().all(u8::is_ascii_whitespace));
            if !is_tags && !is_blank {
                return Some(self.line(&record));
            }
        }
    }
}

/// UTF-8, else the Western European code of older files.
fn text(cell: &[u8]) -> String {
    match std::str::from_utf8(cell) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(cell).0.into_owned(),
    }
}

/// The name of a column, however it is written.
fn name(header: &str) -> String {
    header.trim().to_lowercase().replace([' ', '-', '.'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(layout: Layout, text: &str) -> Vec<Result<Line, Fault>> {
        Lines::new(layout, text.as_bytes()).expect("a table").collect()
    }

    #[test]
    fn columns_in_any_order_and_case_with_bom_tags_and_blank_lines() {
        let text = "\u{feff}EVENT_DATE;Sub Event Type;event_id_cnty;population_best\n#date+occurred;#event+type;#event+code;\n\n2024-03-05;Attack;X1;5\n";
        let rows = lines(Layout::Acled, text);
        let row = rows[0].as_ref().expect("a row");
        assert_eq!(
            (rows.len(), row.number, row.get("event_id_cnty"), row.get("event_date")),
            (1, 4, "X1", "2024-03-05")
        );
        assert_eq!(row.get("population_best"), "", "columns that nobody knows are left alone");
    }

    #[test]
    fn rows_are_named_by_their_lines() {
        let numbers = |text: &str| -> Vec<u64> {
            lines(Layout::Acled, text).into_iter().map(|row| row.expect("a row").number).collect()
        };
        let text = "event_date,sub_event_type,event_id_cnty,notes\n2024-03-05,Attack,X1,\"two\nlines\"\n\n2024-03-05,Attack,X2,\n2024-03-05,Attack,X3,";
        assert_eq!(numbers(text), [2, 5, 6]);
        assert_eq!(numbers(&text.replace('\n', "\r\n")), [2, 5, 6]);
    }

    #[test]
    fn ged_without_a_header() {
        let row: Vec<String> = (0..49).map(|n| format!("v{n}")).collect();
        let rows = lines(Layout::Ged, &row.join(","));
        assert_eq!(rows[0].as_ref().expect("a row").get("gwnob"), "v48");
    }

    #[test]
    fn a_broken_row_is_said_and_the_next_is_read() {
        let text = "event_id_cnty,event_date,sub_event_type\nX1,2024-03-05\nX2,2024-03-05,Attack\n# cut off here: no room\n";
        let rows = lines(Layout::Acled, text);
        assert_eq!(rows[0].as_ref().expect_err("short").to_string().split(',').next(), Some("found 2 cells"));
        assert_eq!(rows[1].as_ref().expect("a row").get("event_id_cnty"), "X2");
        assert!(rows[2].as_ref().expect_err("cut off").found.contains("cut off"));
    }

    #[test]
    fn what_is_no_such_table_is_said() {
        let fault = Lines::new(Layout::Ged, &b"a,b\n1,2\n"[..]).err().expect("no table");
        assert!(fault.to_string().contains("no column `id`"), "{fault}");
        assert!(Lines::new(Layout::Acled, &b""[..]).is_err());
    }

    #[test]
    fn older_files_are_in_another_code() {
        let rows = lines(Layout::Acled, "event_id_cnty,event_date,sub_event_type\n");
        assert!(rows.is_empty());
        let bytes = b"event_id_cnty,event_date,sub_event_type,location\nX,2024-01-01,Attack,C\xf3rdoba\n";
        let row =
            Lines::new(Layout::Acled, &bytes[..]).expect("a table").next().expect("one").expect("a row");
        assert_eq!(row.get("location"), "Córdoba");
    }
}
