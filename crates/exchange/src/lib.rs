/*! Coded documents in the shapes that other programs read.

Every column is declared once, with its name, its meaning and how its value is had, so the header, the
rows and the documentation cannot drift apart. Nothing here reads a file or a clock; output goes to
whatever [`std::io::Write`] is given.

Only what a report tells as having happened becomes a row: `realis` asserted, and not merely
threatened. What was left out is counted, so a program can say so.
*/

mod acled;
mod ged;
mod geojson;
mod row;

pub use acled::ACLED;
pub use ged::GED;
pub use geojson::GeoJson;
pub use record::priogrid;
pub use row::{Context, Row, happened, name_of, passages, sides};

use std::io::{self, Write};

use record::CodedDocument;

/// One column of a table.
pub struct Column {
    /// As its owner spells it.
    pub name: &'static str,
    /// What stands in it, and where it differs from its owner's use.
    pub meaning: &'static str,
    /// Its value.
    pub value: fn(&Row<'_>) -> String,
}

/// A table: its columns, and which events belong in it.
pub struct Shape {
    /// Its columns in order.
    pub columns: &'static [Column],
    /// Whether an event belongs in it.
    pub takes: fn(&Row<'_>) -> bool,
}

/// A table as CSV (RFC 4180, UTF-8).
pub struct Csv<'a, W: Write> {
    shape: &'static Shape,
    context: &'a Context<'a>,
    writer: csv::Writer<W>,
    left_out: u64,
}

impl<'a, W: Write> Csv<'a, W> {
    /// Begins the table: writes the header.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn new(shape: &'static Shape, context: &'a Context<'a>, output: W) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(output);
        writer.write_record(shape.columns.iter().map(|column| column.name)).map_err(plain)?;
        writer.flush()?;
        Ok(Self { shape, context, writer, left_out: 0 })
    }

    /// Writes a document's events.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn document(&mut self, document: &CodedDocument) -> io::Result<()> {
        for event in &document.events {
            let row = Row { document: &document.document, event, context: self.context };
            if (self.shape.takes)(&row) {
                let cells = self.shape.columns.iter().map(|column| harmless((column.value)(&row)));
                self.writer.write_record(cells).map_err(plain)?;
            } else {
                self.left_out += 1;
            }
        }
        self.writer.flush()
    }

    /// Events that were read but do not belong in this table.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }
}

/// The columns as a Markdown table.
#[must_use]
pub fn columns_markdown(shape: &Shape) -> String {
    let rows = shape.columns.iter().map(|column| format!("| `{}` | {} |\n", column.name, column.meaning));
    format!("| column | meaning |\n|---|---|\n{}", rows.collect::<String>())
}

/// A broken pipe must be seen as one: the csv crate wraps it.
fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Spreadsheets run a cell that begins like a formula; text from the open web may be written to be run
/// (OWASP, "CSV Injection"). Numbers stay as they are.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err() {
        format!("'{cell}")
    } else {
        cell
    }
}
