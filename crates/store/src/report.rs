//! A report as it is archived.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use record::CodedDocument;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::log::sha256;

/// A report to be kept: its text, where it came from, and what the coder made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewReport {
    /// The text that the coder read.
    pub text: String,
    /// The coded document of exactly this text.
    pub coded: CodedDocument,
    /// When it was fetched, where it was.
    pub fetched: Option<Timestamp>,
    /// Which feed, folder or collection it came from.
    pub source: Option<String>,
    /// The headers that it was sent with, as they were.
    pub headers: BTreeMap<String, String>,
    /// What the linker keeps of it, as the linker packs it; empty where it was not asked. It is made anew where it is missing.
    pub linking: Vec<u8>,
}

/// A report as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredReport {
    /// Its id: of the page and the text together, or of the text alone where there is no page.
    pub id: String,
    /// SHA-256 of the text.
    pub text_sha256: String,
    /// SHA-256 of `coded`.
    pub coded_sha256: String,
    /// Where it was published.
    pub url: Option<String>,
    /// The id that the input carried.
    pub given_id: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// The outlet.
    pub publisher: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// The day of publication.
    pub published: Option<Date>,
    /// When it was fetched.
    pub fetched: Option<Timestamp>,
    /// Which feed, folder or collection it came from.
    pub source: Option<String>,
    /// The headers that it was sent with.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The report that it repeats.
    #[serde(default)]
    pub copy_of: Option<String>,
    /// The text.
    pub text: String,
    /// The coded document as JSON: exactly the bytes that were hashed.
    pub coded: String,
}

impl StoredReport {
    /// The row that a new report becomes; an error in words where its coded document is not of its text.
    pub fn new(report: &NewReport) -> Result<Self, String> {
        let text_sha256 = sha256(report.text.as_bytes());
        let info = &report.coded.document;
        if info.id != format!("sha256:{text_sha256}") {
            return Err(format!(
                "the coded document {} is not of this text, whose hash is {text_sha256}: code the report again",
                info.id
            ));
        }
        let mut ids = std::collections::BTreeSet::new();
        for event in &report.coded.events {
            if event.id.is_empty()
                || event.id.len() > LONGEST_ID
                || event.id.contains(|c: char| c == '#' || c.is_control())
            {
                return Err(format!(
                    "`{}` is no id of an event: 1 to {LONGEST_ID} bytes, no `#` and nothing that cannot be seen",
                    event.id.escape_debug()
                ));
            }
            if !ids.insert(event.id.as_str()) {
                return Err(format!("two events have the id {}", event.id));
            }
        }
        let coded = serde_json::to_string(&report.coded).map_err(|error| error.to_string())?;
        Ok(Self {
            id: report_id(info.url.as_deref(), &text_sha256),
            coded_sha256: sha256(coded.as_bytes()),
            text_sha256,
            url: info.url.clone(),
            given_id: info.given_id.clone(),
            title: info.title.clone(),
            publisher: info.publisher.clone(),
            language: info.language.clone(),
            published: info.published,
            fetched: report.fetched,
            source: report.source.clone(),
            headers: report.headers.clone(),
            copy_of: None,
            text: report.text.clone(),
            coded,
        })
    }

    /// The coded document.
    pub fn document(&self, store: &str) -> Result<CodedDocument, Error> {
        serde_json::from_str(&self.coded).map_err(|error| {
            Error::damaged(store, format!("the coded document of report {} cannot be read: {error}", self.id))
        })
    }

    /// What it is searched by.
    #[must_use]
    pub fn words(&self) -> String {
        crate::words::fold(&format!("{} {}", self.title.as_deref().unwrap_or_default(), self.text))
    }
}

/// Bytes of an event's id; the coder's have nineteen.
const LONGEST_ID: usize = 200;

/// The id of a report: the same page with the same text is the same report, however often it comes.
#[must_use]
pub fn report_id(url: Option<&str>, text_sha256: &str) -> String {
    let key = match url.map(str::trim).filter(|url| !url.is_empty()) {
        Some(url) => sha256(format!("{url}\n{text_sha256}").as_bytes()),
        None => text_sha256.to_owned(),
    };
    // 96 bits: of a thousand million reports, two share an id with a chance of about one in 10^11.
    format!("R-{}", key.get(..24).unwrap_or(&key))
}

const LEVEL: i32 = 3;

/// Packs texts as they are kept on disk, one after the other: what it works with is made once.
pub struct Packer(zstd::bulk::Compressor<'static>);

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Packer")
    }
}

impl Packer {
    /// One that packs.
    pub fn new() -> Result<Self, Error> {
        Ok(Self(zstd::bulk::Compressor::new(LEVEL)?))
    }

    /// A text as it is kept on disk.
    pub fn pack(&mut self, text: &str) -> Result<Vec<u8>, Error> {
        Ok(self.0.compress(text.as_bytes())?)
    }
}

/// One text as it is kept on disk; for many, keep a [`Packer`].
pub fn pack(text: &str) -> Result<Vec<u8>, Error> {
    Packer::new()?.pack(text)
}

/// The text again. `store` and `what` are for the message where the bytes are not what was written.
pub fn unpack(bytes: &[u8], store: &str, what: &str) -> Result<String, Error> {
    let damaged = |why: String| Error::damaged(store, format!("{what} cannot be unpacked: {why}"));
    let plain = zstd::stream::decode_all(bytes).map_err(|error| damaged(error.to_string()))?;
    String::from_utf8(plain).map_err(|error| damaged(error.to_string()))
}
