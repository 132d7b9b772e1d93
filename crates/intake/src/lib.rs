/*! Files, pages, archives and JSON lines to [`record::Report`]s.

Reading has two steps. [`cut`] walks a byte stream once and cuts it into raw
documents, in order and with bounded memory; [`Raw::report`] turns one raw
document into a report. The first step is cheap and sequential, the second is
the costly one (decoding, main-text extraction) and can run on any thread.

Nothing that arrives is trusted: a document may be too long, a stream may be a
decompression bomb, a page may nest a million elements, a date may be absurd.
Each of these costs that document (a [`Problem`]) and never the batch.
*/

mod cut;
mod date;
mod encoding;
mod guard;
mod html;
mod jsonl;
mod stream;
mod warc;

pub use cut::{Cutter, cut};
pub use date::{PublishedDay, published_day};
pub use encoding::{Decoded, decode};
pub use html::{Page, PageLink, PageLinks, decode_page, fragment, links, page};
pub use jsonl::is_language_tag;
pub use stream::Compression;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use record::{DateProvenance, Report};
use serde_json::{Map, Value};

/// Longest document in bytes, as it comes in: a line, a page, a file. A long newspaper article
/// has 50 kB, a book 1 MB. What is longer could be read, but is mostly many reports in one file.
pub const DEFAULT_MAX_BYTES: usize = 16 << 20;

/// What the input is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// Look at the first bytes, then at the file's name.
    #[default]
    Auto,
    /// One report, plain text.
    Text,
    /// One report, a web page.
    Html,
    /// One JSON object a line.
    Jsonl,
    /// A web archive.
    Warc,
}

/// What is known from outside, and the limits.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the input is.
    pub format: Format,
    /// Stands above what a document says of itself, as do the next three.
    pub published: Option<Date>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Longest document in bytes.
    pub max_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: Format::Auto,
            published: None,
            publisher: None,
            title: None,
            language: None,
            max_bytes: DEFAULT_MAX_BYTES,
        }
    }
}

/// Why a document could not be read, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct Problem {
    /// What went wrong, and what was expected.
    pub error: String,
    /// What to do.
    pub hint: String,
}

impl Problem {
    /// Both halves of what a person needs to know.
    pub fn new(error: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { error: error.into(), hint: hint.into() }
    }

    pub(crate) fn too_long(what: &str, max_bytes: usize) -> Self {
        Self::new(
            format!("{what} is longer than {max_bytes} bytes"),
            "raise the limit with --max-bytes, or split the document",
        )
    }
}

/// One document as it lies in the stream, not yet decoded.
#[derive(Debug)]
pub struct Raw {
    /// Line of the input, record of the archive, or 1: from 1.
    pub line: u64,
    payload: Payload,
}

#[derive(Debug)]
enum Payload {
    Text { bytes: Vec<u8>, name: Option<String> },
    Html { bytes: Vec<u8>, name: Option<String> },
    Line(Vec<u8>),
    Record(warc::Record),
    Unreadable { problem: Problem, given_id: Option<String> },
}

/// A document after reading: the report, or why there is none.
#[derive(Debug)]
pub struct Parsed {
    /// Line of the input, from 1.
    pub line: u64,
    /// The id that the input carried.
    pub given_id: Option<String>,
    /// The report, or what is wrong with it.
    pub report: Result<Report, Problem>,
    /// What was guessed or left out on the way, for a person to know.
    pub notes: Vec<String>,
    /// The fields of a JSON line besides the text, for what asks more of a line than a report; else empty.
    pub fields: Map<String, Value>,
    /// When it was fetched, where an archive says.
    pub fetched: Option<Timestamp>,
    /// The headers that it was sent with, where an archive has them; what one visitor was told alone (cookies) is left out.
    pub headers: BTreeMap<String, String>,
}

impl Raw {
    fn unreadable(line: u64, problem: Problem) -> Self {
        Self::failed(line, None, problem)
    }

    /// The place of a document that could not even be opened.
    #[must_use]
    pub fn failed(line: u64, given_id: Option<String>, problem: Problem) -> Self {
        Self { line, payload: Payload::Unreadable { problem, given_id } }
    }

    /// Bytes held, to weigh what is in flight.
    #[must_use]
    pub fn size(&self) -> usize {
        match &self.payload {
            Payload::Text { bytes, .. } | Payload::Html { bytes, .. } | Payload::Line(bytes) => bytes.len(),
            Payload::Record(record) => record.body.len(),
            Payload::Unreadable { .. } => 0,
        }
    }

    /// Decodes and extracts. Never panics, whatever the bytes.
    #[must_use]
    pub fn report(self, options: &Options) -> Parsed {
        let mut notes = Vec::new();
        let mut fields = Map::new();
        let (mut fetched, mut headers) = (None, BTreeMap::new());
        let (given_id, report) = match self.payload {
            Payload::Text { bytes, name } => {
                let report =
                    encoding::text(&bytes, None, &mut notes).map(|text| Report { text, ..Report::default() });
                (name, report)
            }
            Payload::Html { bytes, name } => {
                let report =
                    html::decode(&bytes, None, &mut notes).and_then(|html| html::report(&html, &mut notes));
                (name, report)
            }
            Payload::Line(bytes) => {
                let line = jsonl::parse(&bytes, &mut notes);
                fields = line.fields;
                (line.given_id, line.report)
            }
            Payload::Record(mut record) => {
                fetched = record.date;
                headers = std::mem::take(&mut record.headers);
                record.parse(options.max_bytes, &mut notes)
            }
            Payload::Unreadable { problem, given_id } => (given_id, Err(problem)),
        };
        let report =
            report.and_then(not_empty).map(|report| known_from_outside(report, given_id.clone(), options));
        Parsed { line: self.line, given_id, report, notes, fields, fetched, headers }
    }
}

/// A report without a character to see is a mistake somewhere before: coded in silence, it would look like a quiet day.
fn not_empty(report: Report) -> Result<Report, Problem> {
    if report.text.chars().all(is_invisible) {
        return Err(Problem::new(
            "the document is empty; expected the text of a report",
            "check how it was saved; for a stream that may hold no report at all, say --format jsonl",
        ));
    }
    Ok(report)
}

fn is_invisible(c: char) -> bool {
    c.is_whitespace() || matches!(c, encoding::BYTE_ORDER_MARK | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

/// What the operator says stands above what the document says of itself.
fn known_from_outside(mut report: Report, given_id: Option<String>, options: &Options) -> Report {
    report.given_id = given_id;
    if let Some(day) = options.published {
        report.published = Some(day);
        report.published_from = DateProvenance::Option;
    }
    for (field, said) in [
        (&mut report.publisher, &options.publisher),
        (&mut report.title, &options.title),
        (&mut report.language, &options.language),
    ] {
        if said.is_some() {
            field.clone_from(said);
        }
    }
    report
}
