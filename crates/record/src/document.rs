//! A report as it comes in, and as it goes out coded.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, Statement, Tally};

/// A report as the coder takes it: text, and what is known about it from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The text, already free of mark-up.
    pub text: String,
    /// The id that the input carried.
    pub given_id: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Headline, where it is not the first line of the text.
    pub title: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// BCP 47 tag, where the input says.
    pub language: Option<String>,
    /// The day that relative dates are read against.
    pub published: Option<Date>,
    /// How that day is known.
    pub published_from: DateProvenance,
    /// What stands in place of the report's own text, where something does.
    pub text_from: Option<TextOrigin>,
}

/// What stands in place of a report's own text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TextOrigin {
    /// What the feed says of the report: its page could not be had.
    Feed,
}

/// How the day of publication is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DateProvenance {
    /// Said on the command line.
    Option,
    /// In the page's or record's own data.
    Metadata,
    /// In the text itself (a dateline).
    Text,
    /// Not known.
    #[default]
    None,
}

/// What the coded document says about the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentInfo {
    /// `sha256:` and the hash of the text.
    pub id: String,
    /// The id that the input carried, if any.
    pub given_id: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// The day that relative dates are read against, or null.
    pub published: Option<Date>,
    /// How that day is known.
    pub published_from: DateProvenance,
    /// Length of the text in Unicode code points.
    pub chars: usize,
    /// `feed`: the text is not the report's own but what the feed says of it. Else absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_from: Option<TextOrigin>,
}

/// Which program with which knowledge did the reading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoderInfo {
    /// Always `watchpost`.
    pub name: String,
    /// The program's version.
    pub version: String,
    /// Which reader.
    pub reader: String,
    /// Which weights.
    pub model: String,
    /// Which tables, by hash.
    pub knowledge: String,
}

/// What `watchpost code` writes for one report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CodedDocument {
    /// `watchpost.coded/1`.
    pub schema: String,
    /// About the report.
    pub document: DocumentInfo,
    /// Attacks, clashes, strikes, abductions, arrests, riots, …, each once.
    pub events: Vec<Event>,
    /// Totals over a period or many places: never events.
    pub tallies: Vec<Tally>,
    /// Trend, cause, forecast, estimate, demand, allegation.
    pub statements: Vec<Statement>,
    /// Which program did the reading.
    pub coder: CoderInfo,
    /// Why the report could not be read; then the lists are empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What goes to standard error for a report that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorLine {
    /// `watchpost.error/1`.
    pub schema: String,
    /// Line of the input, from 1.
    pub line: u64,
    /// The id that the input carried, if any.
    pub given_id: Option<String>,
    /// What went wrong, where, and what was expected.
    pub error: String,
    /// What to do.
    pub hint: String,
}
