/*! One report to a coded document. */

use record::{CodedDocument, Report};

/// The tables and weights that reading needs, as the program finds them.
#[derive(Clone, Default)]
pub struct Tables<'a> {
    /// `knowledge/countries.tsv`.
    pub countries: &'a str,
    /// `knowledge/actors.tsv`.
    pub actors: &'a str,
    /// `knowledge/roles.tsv`.
    pub roles: &'a str,
    /// `knowledge/places.tsv`.
    pub places: &'a str,
    /// `knowledge/frames.tsv`.
    pub frames: &'a str,
    /// `knowledge/crosswalk.tsv`.
    pub crosswalk: &'a str,
    /// `models/syntax.bin`.
    pub syntax: &'a [u8],
    /// Gazetteer packs.
    pub packs: Vec<std::sync::Arc<dyn AsRef<[u8]> + Send + Sync>>,
}

/// Knowledge, loaded once.
pub struct Knowledge {}

/// Why the tables could not be loaded.
#[derive(Debug, thiserror::Error)]
#[error("{table}: {problem}")]
pub struct KnowledgeError {
    /// Which table.
    pub table: &'static str,
    /// What is wrong with it, where, and what was expected.
    pub problem: String,
}

impl Knowledge {
    /// Reads every table.
    pub fn load(tables: &Tables<'_>) -> Result<Self, KnowledgeError> {
        let _ = tables;
        Ok(Self {})
    }
}

/// Reads reports.
pub struct Coder {
    #[allow(dead_code)]
    knowledge: Knowledge,
}

/// What the coder saw, sentence by sentence.
#[derive(Debug, Clone, Default)]
pub struct Explanation {}

impl std::fmt::Display for Explanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("")
    }
}

impl Coder {
    /// A coder with this knowledge.
    #[must_use]
    pub fn new(knowledge: Knowledge) -> Self {
        Self { knowledge }
    }

    /// Reads one report.
    #[must_use]
    pub fn code(&self, report: &Report) -> CodedDocument {
        let _ = report;
        CodedDocument {
            schema: record::CODED_SCHEMA.to_owned(),
            document: record::DocumentInfo {
                id: String::new(),
                given_id: report.given_id.clone(),
                url: report.url.clone(),
                title: report.title.clone(),
                publisher: report.publisher.clone(),
                language: report.language.clone(),
                published: report.published,
                published_from: report.published_from,
                chars: report.text.chars().count(),
            },
            events: Vec::new(),
            tallies: Vec::new(),
            statements: Vec::new(),
            coder: record::CoderInfo::default(),
            error: None,
        }
    }

    /// Says what was seen in a report, what was thrown out, and why.
    #[must_use]
    pub fn explain(&self, report: &Report) -> Explanation {
        let _ = report;
        Explanation {}
    }

    /// The place names that belong to the event verb at these code points of a sentence.
    #[must_use]
    pub fn locate(&self, sentence: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
        let _ = (sentence, start, end);
        Vec::new()
    }
}
