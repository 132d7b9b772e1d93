//! Coded documents to standard output, in the shape asked for.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use exchange::{Context, Csv, GeoJson, Row, Sink, Style};
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

/// Standard output, or a file that appears only when it is whole.
pub(crate) enum Target {
    Out,
    File { part: PathBuf, whole: PathBuf },
}

impl Target {
    pub(crate) fn new(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self::Out) };
        if path.is_dir() {
            bail!("{} is a folder\nhint: name a file in it", path.display());
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        Ok(Self::File { part: part.into(), whole: path.to_owned() })
    }

    pub(crate) fn writer(&mut self) -> anyhow::Result<Box<dyn Write + Send>> {
        Ok(match self {
            Self::Out => Box::new(BufWriter::with_capacity(1 << 16, io::stdout())),
            Self::File { part, whole } => {
                let file = File::create(&*part).with_context(|| {
                    format!(
                        "{} cannot be written\nhint: check the folder and who may write to it",
                        whole.display()
                    )
                })?;
                Box::new(BufWriter::with_capacity(1 << 16, file))
            }
        })
    }

    /// The file is whole.
    pub(crate) fn keep(self) -> anyhow::Result<()> {
        if let Self::File { part, whole } = self {
            std::fs::rename(&part, &whole).map_err(|error| {
                anyhow!(
                    "{} cannot be written: {error}; what was written is in {}",
                    whole.display(),
                    part.display()
                )
            })?;
        }
        Ok(())
    }

    /// Half a file is none.
    pub(crate) fn forget(self) {
        if let Self::File { part, .. } = self {
            let _ = std::fs::remove_file(part);
        }
    }
}

/// Where coded documents go, one after another.
pub(crate) enum Output<'a, W: Write> {
    Table(Box<Table<'a>>, W),
    Jsonl(W),
    Json { output: W, any: bool },
    Rows { sink: Box<dyn Sink + 'a>, context: &'a Context<'a>, left_out: u64 },
}

impl<'a, W: Write + 'a> Output<'a, W> {
    /// Begins.
    pub(crate) fn new(
        format: OutputFormat,
        context: &'a Context<'a>,
        width: usize,
        mut output: W,
    ) -> io::Result<Self> {
        let rows = |sink: Box<dyn Sink + 'a>| Self::Rows { sink, context, left_out: 0 };
        Ok(match format {
            OutputFormat::Table => Self::Table(Box::new(Table::new(context, width)), output),
            OutputFormat::Jsonl => Self::Jsonl(output),
            OutputFormat::Json => {
                write!(output, "[")?;
                Self::Json { output, any: false }
            }
            OutputFormat::CsvAcled => rows(Box::new(Csv::new(&exchange::ACLED, Style::default(), output)?)),
            OutputFormat::CsvGed => rows(Box::new(Csv::new(&exchange::GED, Style::default(), output)?)),
            OutputFormat::Geojson => rows(Box::new(GeoJson::new(output)?)),
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
            Self::Rows { sink, context, left_out } => {
                for event in &document.events {
                    let row = Row::of_event(&document.document, event, context);
                    *left_out += u64::from(!sink.row(&row)?);
                }
                Ok(())
            }
        }
    }

    /// What was written so far goes out: a reader at the other end of a pipe may wait for it.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Table(_, output) | Self::Jsonl(output) | Self::Json { output, .. } => output.flush(),
            Self::Rows { sink, .. } => sink.flush(),
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
            Self::Rows { sink, left_out, .. } => sink.finish().map(|_| left_out),
        }
    }
}
