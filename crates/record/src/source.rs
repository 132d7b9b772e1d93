//! What a source of reports is, and what is remembered of fetching it.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that is fetched again and again for reports: a feed, a page that lists articles, a sitemap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// Its id, made of the address that it was added with; stays when the address moves.
    pub id: String,
    /// Where it is fetched from.
    pub url: String,
    /// What people call it.
    pub name: String,
    /// The page for people that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The folder that it lies in, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folder: Vec<String>,
    /// What it is; found out by looking where it is not said.
    #[serde(default)]
    pub kind: SourceType,
    /// Where a report's text is taken from.
    #[serde(default)]
    pub text: TextFrom,
    /// Who publishes it; stands above what pages and the feed say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// BCP 47, where neither page nor feed says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Minutes between two fetches, where it is not as for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u32>,
    /// When it was added.
    pub added: Timestamp,
    /// Why it is not fetched, where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<Paused>,
}

/// Since when and why a source is not fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Paused {
    /// Since when.
    pub at: Timestamp,
    /// Why, in words.
    pub why: String,
}

/// What a source is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceType {
    /// Found out by looking.
    #[default]
    Auto,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A page that lists articles.
    Page,
    /// A sitemap, an index of sitemaps, or the robots.txt that names them.
    Sitemap,
}

impl SourceType {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Feed => "feed",
            Self::Page => "page",
            Self::Sitemap => "sitemap",
        }
    }
}

/// Where a report's text is taken from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TextFrom {
    /// The page that an item links to; the feed's own text where that is refused.
    #[default]
    Page,
    /// The feed's own text; the page is not fetched.
    Feed,
}

/// What is remembered of fetching a source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// The last time that it was asked for.
    pub last_try: Option<Timestamp>,
    /// The last time that it answered and could be read.
    pub last_success: Option<Timestamp>,
    /// The last time that it brought a report that was not there before.
    pub last_new: Option<Timestamp>,
    /// What went wrong the last time, in words.
    pub error: Option<String>,
    /// How often in a row it failed.
    pub failures: u32,
    /// When it is asked for next.
    pub next_try: Option<Timestamp>,
    /// What it turned out to be.
    pub kind: Option<SourceType>,
    /// What it calls itself.
    pub title: Option<String>,
    /// The version that was seen last, as the server names it (RFC 9110, 8.8.3).
    pub etag: Option<String>,
    /// The day and time of that version, as the server writes it (RFC 9110, 8.8.2).
    pub last_modified: Option<String>,
    /// Whether all that it listed the first time was looked at.
    pub begun: bool,
}

/// What a source did on one day (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceDay {
    /// The day.
    pub day: Date,
    /// How often it was asked for.
    pub tries: u32,
    /// How often it answered and could be read.
    pub successes: u32,
    /// Items that brought a report.
    pub new: u32,
    /// Items that were there before, or whose text was.
    pub seen: u32,
    /// Items that brought none.
    pub refused: u32,
}

impl SourceDay {
    /// A day without anything.
    #[must_use]
    pub const fn empty(day: Date) -> Self {
        Self { day, tries: 0, successes: 0, new: 0, seen: 0, refused: 0 }
    }
}

/// An item of a source that was met, by its key: an address, an id or the hash of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceItem {
    /// What it is known by within its source.
    pub key: String,
    /// The day on which it was met last.
    pub met: Date,
    /// What the source said of it, where it is still to be read: as whoever fetches writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<String>,
    /// When it was changed last, as the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<String>,
    /// How often it was read again because it was changed.
    #[serde(default)]
    pub reads: u8,
}

/// What is remembered of a server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HostState {
    /// When its robots.txt was asked for.
    pub robots_at: Option<Timestamp>,
    /// Its robots.txt: the text, empty where it has none.
    pub robots: Option<String>,
    /// Since when its robots.txt cannot be had because the server fails.
    pub robots_failing: Option<Timestamp>,
    /// It asked to be left alone until then (`Retry-After`).
    pub not_before: Option<Timestamp>,
}
