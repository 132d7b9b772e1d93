//! Coded documents to standard output, in the shape asked for.

use std::io::{self, Write};

use exchange::{Context, Csv, GeoJson};
use record::CodedDocument;

use crate::cli::OutputFormat;
use crate::table::Table;

/// What a person is told where the output cannot be written.
pub(crate) fn unwritable(error: io::Error) -> anyhow::Error {
    anyhow::Error::new(error)
        .context("the output cannot be written")
        .context("hint: check the disk or the program at the other end, then run again; the last line written may be cut off")
}

/// Writes to standard output, all of it: what its buffer holds at the end of the program would be lost without a word.
pub(crate) fn print(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(unwritable)
}

/// Where coded documents go, one after another.
pub(crate) enum Output<'a, W: Write> {
    Table(Box<Table<'a>>, W),
    Jsonl(W),
    Json { output: W, any: bool },
    Csv(Box<Csv<'a, W>>),
    GeoJson(GeoJson<'a, W>),
}

impl<'a, W: Write> Output<'a, W> {
    /// Begins.
    pub(crate) fn new(
        format: OutputFormat,
        context: &'a Context<'a>,
        width: usize,
        mut output: W,
    ) -> io::Result<Self> {
        Ok(match format {
            OutputFormat::Table => Self::Table(Box::new(Table::new(context, width)), output),
            OutputFormat::Jsonl => Self::Jsonl(output),
            OutputFormat::Json => {
                write!(output, "[")?;
                Self::Json { output, any: false }
            }
            OutputFormat::CsvAcled => Self::Csv(Box::new(Csv::new(&exchange::ACLED, context, output)?)),
            OutputFormat::CsvGed => Self::Csv(Box::new(Csv::new(&exchange::GED, context, output)?)),
            OutputFormat::Geojson => Self::GeoJson(GeoJson::new(context, output)?),
        })
    }

    /// Writes one document, after what the coder has to say of it where that was asked for.
    pub(crate) fn document(&mut self, document: &CodedDocument, explanation: Option<&str>) -> io::Result<()> {
        match self {
            Self::Table(table, output) => {
                let text = table.document(document, explanation);
                output.write_all(text.as_bytes())
            }
            Self::Jsonl(output) => {
                serde_json::to_writer(&mut *output, document)?;
                output.write_all(b"\n")
            }
            Self::Json { output, any } => {
                output.write_all(if *any { b",\n" } else { b"\n" })?;
                *any = true;
                serde_json::to_writer_pretty(output, document).map_err(io::Error::from)
            }
            Self::Csv(csv) => csv.document(document),
            Self::GeoJson(geojson) => geojson.document(document),
        }
    }

    /// What was written so far goes out: a reader at the other end of a pipe may wait for it.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Table(_, output) | Self::Jsonl(output) | Self::Json { output, .. } => output.flush(),
            Self::Csv(_) | Self::GeoJson(_) => Ok(()),
        }
    }

    /// Ends; gives the number of events that were read but do not belong in the shape.
    pub(crate) fn finish(self) -> io::Result<u64> {
        match self {
            Self::Table(_, mut output) | Self::Jsonl(mut output) => output.flush().map(|()| 0),
            Self::Json { mut output, any } => {
                output.write_all(if any { b"\n]\n" } else { b"]\n" })?;
                output.flush().map(|()| 0)
            }
            Self::Csv(csv) => Ok(csv.left_out()),
            Self::GeoJson(geojson) => geojson.finish(),
        }
    }
}
