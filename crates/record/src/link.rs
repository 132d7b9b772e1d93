//! Which reports are of one incident.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `watchpost link` writes for one report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkedReport {
    /// The id that the input carried, if any.
    pub given_id: Option<String>,
    /// The incident that the report is chiefly about; null where nothing is known to have happened.
    pub primary: Option<String>,
    /// The report's events in the order of its coded document.
    pub events: Vec<LinkedEvent>,
    /// The report that this one has its text from: its `given_id`, or where it has none the id of its document. Of
    /// reports with one text the earliest is nobody's copy.
    pub copy_of: Option<String>,
    /// Why the report could not be read or linked; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// An event of a report, and the incident that it is told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkedEvent {
    /// The event's id in the coded document.
    pub id: String,
    /// Its incident, the same for all reports of it; null for what did not happen (denied, feared, planned).
    pub incident: Option<String>,
}

/// What `watchpost ingest --to jsonl` writes for one report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ingested {
    /// The id that the input carried, if any.
    pub given_id: Option<String>,
    /// The report's id in the store; null where it could not be read.
    pub report: Option<String>,
    /// Whether the store had it already: then nothing changed.
    pub known: bool,
    /// The report in the store that this one has its text from.
    pub copy_of: Option<String>,
    /// The incidents that it tells of, what it is chiefly about first; empty for a report that was known.
    pub incidents: Vec<IngestedIncident>,
    /// Why the report could not be read; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// An incident that a report tells of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IngestedIncident {
    /// Its id.
    pub incident: String,
    /// Whether this report is the first to tell of it.
    pub new: bool,
}
