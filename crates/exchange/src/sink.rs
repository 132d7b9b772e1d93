//! Where rows go, one after another, whatever the format.

use std::io::{self, Write};

use crate::Row;
use crate::acled::ByActor;
use crate::cell::Value;
use crate::column::Shape;

/// Takes rows one after another.
pub trait Sink {
    /// Writes a row, where it belongs in the shape: `false` where it does not.
    ///
    /// # Errors
    /// Where the output cannot be written, or the format does not hold so many rows.
    fn row(&mut self, row: &Row<'_>) -> io::Result<bool>;

    /// What was written so far goes out: a reader at the other end of a pipe may wait for it.
    ///
    /// # Errors
    /// Where the output cannot be written.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Writes what comes last, and says how many rows were written, where that is not one for each that was taken.
    ///
    /// # Errors
    /// Where the output cannot be written.
    fn finish(self: Box<Self>) -> io::Result<Option<u64>>;

    /// Says in the output itself, in its last line, that it was cut off here.
    ///
    /// # Errors
    /// Where the output cannot be written.
    fn cut(self: Box<Self>, why: &str) -> io::Result<()>;
}

/// How a table is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Tabs between the cells in the place of commas.
    pub tabs: bool,
    /// A byte order mark first, without which Excel takes UTF-8 for something else.
    pub bom: bool,
    /// A second line with the tags of the Humanitarian Exchange Language.
    pub hxl: bool,
}

/// The first bytes of a file that says it is UTF-8.
pub const BOM: &[u8] = "\u{feff}".as_bytes();

/// Lines of cells, CSV (RFC 4180) or between tabs, in UTF-8.
pub(crate) struct Lines<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> Lines<W> {
    pub(crate) fn new(mut output: W, style: Style, header: &[&str], tags: &[&str]) -> io::Result<Self> {
        if style.bom {
            output.write_all(BOM)?;
        }
        let mut builder = csv::WriterBuilder::new();
        // A line that was cut off is shorter than the others.
        builder.flexible(true);
        if style.tabs {
            builder.delimiter(b'\t').terminator(csv::Terminator::Any(b'\n'));
        } else {
            builder.terminator(csv::Terminator::CRLF);
        }
        let mut lines = Self { writer: builder.from_writer(output) };
        lines.writer.write_record(header).map_err(plain)?;
        if style.hxl {
            lines.writer.write_record(tags).map_err(plain)?;
        }
        lines.writer.flush()?;
        Ok(lines)
    }

    pub(crate) fn cells(&mut self, cells: impl IntoIterator<Item = String>) -> io::Result<()> {
        // Base R and the readers in C end a cell at a zero byte.
        let whole = cells
            .into_iter()
            .map(|cell| if cell.contains('\0') { cell.replace('\0', "\u{fffd}") } else { cell });
        self.writer.write_record(whole).map_err(plain)
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    pub(crate) fn cut(mut self, why: &str) -> io::Result<()> {
        self.cells([format!("# cut off here: {why}")])?;
        self.flush()
    }
}

/// A table as CSV (RFC 4180, UTF-8), or with tabs.
pub struct Csv<W: Write> {
    shape: &'static Shape,
    lines: Lines<W>,
}

impl<W: Write> Csv<W> {
    /// Begins the table: writes the header.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn new(shape: &'static Shape, style: Style, output: W) -> io::Result<Self> {
        let header: Vec<&str> = shape.header().collect();
        let tags: Vec<&str> = shape.columns.iter().map(|column| column.hxl).collect();
        Ok(Self { shape, lines: Lines::new(output, style, &header, &tags)? })
    }
}

impl<W: Write> Sink for Csv<W> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<bool> {
        if !(self.shape.takes)(row) {
            return Ok(false);
        }
        self.lines.cells(self.shape.columns.iter().map(|column| (column.value)(row).cell()))?;
        Ok(true)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.lines.flush()
    }

    fn finish(mut self: Box<Self>) -> io::Result<Option<u64>> {
        self.lines.flush().map(|()| None)
    }

    fn cut(self: Box<Self>, why: &str) -> io::Result<()> {
        self.lines.cut(why)
    }
}

/// ACLED's table with a row for each actor.
pub struct ActorCsv<W: Write> {
    lines: Lines<W>,
    rows: u64,
}

impl<W: Write> ActorCsv<W> {
    /// Begins the table: writes the header.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn new(style: Style, output: W) -> io::Result<Self> {
        Ok(Self { lines: Lines::new(output, style, &ByActor::header(), &ByActor::tags())?, rows: 0 })
    }
}

impl<W: Write> Sink for ActorCsv<W> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<bool> {
        if !(crate::ACLED.takes)(row) {
            return Ok(false);
        }
        for values in ByActor::rows(row) {
            self.lines.cells(values.iter().map(Value::cell))?;
            self.rows += 1;
        }
        Ok(true)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.lines.flush()
    }

    fn finish(mut self: Box<Self>) -> io::Result<Option<u64>> {
        self.lines.flush().map(|()| Some(self.rows))
    }

    fn cut(self: Box<Self>, why: &str) -> io::Result<()> {
        self.lines.cut(why)
    }
}

/// Incidents as they are, one JSON object a line.
pub struct JsonLines<W: Write> {
    output: W,
}

impl<W: Write> JsonLines<W> {
    /// Lines to that output.
    pub const fn new(output: W) -> Self {
        Self { output }
    }
}

impl<W: Write> Sink for JsonLines<W> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<bool> {
        let Some(incident) = row.incident else { return Ok(false) };
        serde_json::to_writer(&mut self.output, incident)?;
        self.output.write_all(b"\n")?;
        Ok(true)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    fn finish(mut self: Box<Self>) -> io::Result<Option<u64>> {
        self.output.flush().map(|()| None)
    }

    fn cut(mut self: Box<Self>, why: &str) -> io::Result<()> {
        cut_json(&mut self.output, why)
    }
}

/// The last line of JSON lines that were cut off.
pub(crate) fn cut_json(output: &mut impl Write, why: &str) -> io::Result<()> {
    let line = serde_json::json!({
        "schema": record::ERROR_SCHEMA,
        "error": format!("cut off here: {why}"),
    });
    writeln!(output, "{line}")?;
    output.flush()
}

/// A broken pipe must be seen as one: the csv crate wraps it.
pub(crate) fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
