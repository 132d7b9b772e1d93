//! Web archives: records that hold a page or a text, through the `fastwarc` library.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use fastwarc::stream_io::bufread::TrackingBufReader;
use fastwarc::warc::iter::{ArchiveIterator, ArchiveIteratorOptions};
use fastwarc::warc::record::{AutoDecode, WarcRecord, WarcRecordType};
use jiff::Timestamp;
use record::Report;

use crate::{Problem, encoding, html, stream};

/// A record's block and what its header says.
#[derive(Debug)]
pub(crate) struct Record {
    id: Option<String>,
    url: Option<String>,
    content_type: String,
    http: bool,
    pub(crate) date: Option<Timestamp>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// A WARC stream, already unpacked.
pub(crate) struct Archive {
    records: ArchiveIterator,
    number: u64,
}

/// The library asks its reader where it stands, never to go elsewhere.
struct Forward<R> {
    inner: R,
    position: u64,
}

impl<R: Read> Read for Forward<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl<R> Seek for Forward<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match to {
            SeekFrom::Current(0) => Ok(self.position),
            SeekFrom::Start(position) if position == self.position => Ok(position),
            _ => Err(io::Error::new(io::ErrorKind::Unsupported, "the archive is read from front to back")),
        }
    }
}

/// A record's number in the archive, and the record or why it cannot be read (with its id).
type Found = (u64, Result<Record, (Problem, Option<String>)>);

impl Archive {
    pub(crate) fn new(reader: Box<dyn BufRead + Send>) -> Self {
        let options = ArchiveIteratorOptions {
            stream_detect: false,
            parse_http: false,
            quirks_mode: true,
            ..ArchiveIteratorOptions::default()
        };
        let reader = TrackingBufReader::with_capacity(1 << 16, Forward { inner: reader, position: 0 });
        Self { records: ArchiveIterator::with_options(reader, options), number: 0 }
    }

    /// The next record that can hold a report; records of other kinds are passed over.
    ///
    /// # Errors
    /// The number of the record at which the archive cannot be read on.
    pub(crate) fn next_record(&mut self, max_bytes: usize) -> Result<Option<Found>, (u64, io::Error)> {
        loop {
            self.number += 1;
            let number = self.number;
            let shared = match self.records.next() {
                None => return Ok(None),
                Some(record) => record.map_err(|error| (number, error))?,
            };
            let mut record = shared.borrow_mut();
            let http = match record.record_type() {
                WarcRecordType::Response => true,
                WarcRecordType::Resource | WarcRecordType::Conversion => false,
                _ => continue,
            };
            let header = |name: &str| record.headers().get(name).map(|value| value.into_owned());
            let content_type = header("Content-Type").unwrap_or_default().to_ascii_lowercase();
            let id = header("WARC-Record-ID").map(|id| id.trim_matches(['<', '>']).to_owned());
            let url = header("WARC-Target-URI").map(|url| url.trim_matches(['<', '>']).to_owned());
            if http && !content_type.starts_with("application/http") || !http && !is_text(&content_type) {
                continue;
            }
            let date = header("WARC-Date").and_then(|date| date.parse().ok());
            let Some(reader) = record.reader_mut() else { continue };
            let mut body = Vec::new();
            let mut headers = BTreeMap::new();
            if http {
                reader.take(HTTP_HEAD).read_to_end(&mut body).map_err(|error| (number, error))?;
                // Images, redirects and error pages are archived like pages and are no documents.
                if !is_page(&body) {
                    continue;
                }
                headers = sent_with(&body);
            }
            let rest = stream::rest(reader, max_bytes.saturating_sub(body.len()))
                .map_err(|error| (number, error))?;
            let found = match rest.map(|rest| [body, rest].concat()) {
                Some(body) => Ok(Record { id, url, content_type, http, date, headers, body }),
                None => Err((Problem::too_long("the record", max_bytes), id)),
            };
            return Ok(Some((number, found)));
        }
    }
}

/// How much of an HTTP response is looked at to tell whether it is a page; headers beyond this are no one's.
const HTTP_HEAD: u64 = 32 << 10;

/// Headers of a response that are worth keeping: what the page is, and how it can be asked for again.
const KEPT: &[&str] = &["content-type", "content-language", "date", "etag", "last-modified", "location"];

/// The headers of an HTTP response that are kept, by their names in small letters.
fn sent_with(head: &[u8]) -> BTreeMap<String, String> {
    let lines = head.split(|&byte| byte == b'\n').skip(1).map(<[u8]>::trim_ascii);
    lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            let line = String::from_utf8_lossy(line);
            let (name, value) = line.split_once(':')?;
            let name = name.trim().to_ascii_lowercase();
            KEPT.contains(&name.as_str()).then(|| (name, value.trim().to_owned()))
        })
        .collect()
}

/// Whether an HTTP response says that it is a page or a text, and all went well.
fn is_page(head: &[u8]) -> bool {
    let mut lines =
        head.split(|&byte| byte == b'\n').map(|line| String::from_utf8_lossy(line).to_ascii_lowercase());
    let status = lines.next().unwrap_or_default();
    let fine = status.split_ascii_whitespace().nth(1).is_some_and(|code| code.starts_with('2'));
    let kind = lines
        .take_while(|line| !line.trim_end().is_empty())
        .find_map(|line| line.strip_prefix("content-type:").map(|kind| kind.trim().to_owned()));
    fine && kind.is_none_or(|kind| is_text(&kind))
}

fn is_text(content_type: &str) -> bool {
    ["text/html", "application/xhtml", "text/plain"].iter().any(|kind| content_type.starts_with(kind))
}

impl Record {
    /// Decodes the transfer, tells page from text, extracts.
    pub(crate) fn parse(
        self,
        max_bytes: usize,
        notes: &mut Vec<String>,
    ) -> (Option<String>, Result<Report, Problem>) {
        let id = self.id.clone();
        let url = self.url.clone();
        let report = self.report(max_bytes, notes).map(|mut report| {
            report.url = report.url.or(url);
            report
        });
        (id, report)
    }

    fn report(self, max_bytes: usize, notes: &mut Vec<String>) -> Result<Report, Problem> {
        let (content_type, charset, body) = if self.http {
            self.transfer(max_bytes)?
        } else {
            let charset = self.content_type.split_once("charset=").map(|(_, charset)| charset.to_owned());
            (self.content_type, charset, self.body)
        };
        let charset = charset.and_then(|charset| {
            encoding_rs::Encoding::for_label(charset.trim_matches(['"', '\'', ' ']).as_bytes())
        });
        if content_type.starts_with("text/plain") {
            let text = encoding::text(&body, charset, notes)?;
            return Ok(Report { text, ..Report::default() });
        }
        html::report(&html::decode(&body, charset, notes)?, notes)
    }

    /// The body of an HTTP response: type, charset, bytes without transfer and content encoding.
    fn transfer(self, max_bytes: usize) -> Result<(String, Option<String>, Vec<u8>), Problem> {
        let broken = |error: &io::Error| {
            Problem::new(
                format!("the HTTP response cannot be decoded: {error}"),
                "fetch the page again, or leave this record out",
            )
        };
        // The library decodes what it reads from an archive lazily, which bounds what a packed body can
        // swell to; hence the block is put back under a header of its own.
        let mut block = format!(
            "WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
            self.body.len()
        )
        .into_bytes();
        block.extend_from_slice(&self.body);
        let mut record = WarcRecord::from_reader(io::Cursor::new(block)).map_err(|error| broken(&error))?;
        record.parse_http_with_opts(AutoDecode::All, 32 << 10, true).map_err(|error| broken(&error))?;
        let content_type = record.http_content_type().unwrap_or_default().to_ascii_lowercase();
        let charset = record.http_charset().map(|charset| charset.into_owned());
        let Some(reader) = record.reader_mut() else {
            return Err(Problem::new("the HTTP response has no body", "leave the record out"));
        };
        match stream::rest(reader, max_bytes).map_err(|error| broken(&error))? {
            Some(body) => Ok((content_type, charset, body)),
            None => Err(Problem::too_long("the unpacked page", max_bytes)),
        }
    }
}
