//! The log as it is kept: every decision as the bytes that were hashed, each hash over the one before.

use record::{AuthorKind, Change, Decision, EventKey};
use sha2::{Digest, Sha256};

use crate::Error;

/// The hash that the first decision is chained to.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place, from 1.
    pub seq: u64,
    /// The decision as JSON: exactly the bytes that were hashed.
    pub body: String,
    /// SHA-256 over the hash before and the body, in hexadecimal digits.
    pub hash: String,
}

/// The end of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The last decision's place; 0 where there is none.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
}

impl Default for Head {
    fn default() -> Self {
        Self { seq: 0, hash: GENESIS.to_owned() }
    }
}

impl Entry {
    /// Chains a decision to the head; the head moves on.
    pub fn chain(head: &mut Head, decision: &Decision) -> Result<Self, Error> {
        let body = serde_json::to_string(decision)
            .map_err(|error| Error::Asked(format!("decision {} cannot be written: {error}", decision.seq)))?;
        let hash = hash(&head.hash, &body);
        *head = Head { seq: decision.seq, hash: hash.clone() };
        Ok(Self { seq: decision.seq, body, hash })
    }

    /// The decision.
    pub fn decision(&self, store: &str) -> Result<Decision, Error> {
        serde_json::from_str(&self.body)
            .map_err(|error| Error::damaged(store, format!("decision {} cannot be read: {error}", self.seq)))
    }
}

/// The hash of a body after the hash before.
#[must_use]
pub fn hash(before: &str, body: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(before.as_bytes());
    hasher.update(b"\n");
    hasher.update(body.as_bytes());
    hex(&hasher.finalize())
}

/// Hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a string does not fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// SHA-256 of bytes, in hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// What a decision is found by: the incidents that it touches, the report, the rule. Derived from its body alone, so that
/// the index can be made anew.
#[must_use]
pub fn subjects(decision: &Decision) -> Vec<String> {
    let mut subjects: Vec<String> = decision.incidents.iter().map(|id| incident_subject(id)).collect();
    if let Change::ReportAdded { report, .. } = &decision.change {
        subjects.push(report_subject(report));
    }
    for effect in &decision.effects {
        match effect.what.as_str() {
            "copy_of" => subjects.push(report_subject(&effect.of)),
            "rule" => subjects.push(RULE.to_owned()),
            // What a person says of an event holds where it belongs to no incident any more, too.
            "incident" if decision.by.kind == AuthorKind::Person => subjects.push(format!("e:{}", effect.of)),
            _ => {}
        }
    }
    subjects.sort();
    subjects.dedup();
    subjects
}

/// What decisions about the rule for figures are found by.
pub const RULE: &str = "rule";

/// What decisions about an incident are found by.
#[must_use]
pub fn incident_subject(id: &str) -> String {
    format!("i:{id}")
}

/// What a person's decisions about an event are found by.
#[must_use]
pub fn event_subject(event: &EventKey) -> String {
    format!("e:{}#{}", event.report, event.event)
}

/// What decisions about a report are found by.
#[must_use]
pub fn report_subject(id: &str) -> String {
    format!("r:{id}")
}

pub use serde_json::Value as Json;
