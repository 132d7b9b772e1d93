//! Reports into the store: read, linked and kept, some hundred at a time. Every command that takes reports in goes this way.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use collection::{Added, Collection, Incoming, Tables};
use intake::Problem;
use jiff::Timestamp;
use record::{CodedDocument, Report};
use store::{NewReport, report_id};

use super::project::{Privacy, machine};
use crate::reading::Reading;
use crate::setup;

/// A report waits no longer to be kept than this, while others come.
const WAIT: Duration = Duration::from_millis(500);

/// Where a report came from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origin {
    /// The feed, file or collection.
    pub(crate) source: Option<String>,
    /// When it was fetched.
    pub(crate) fetched: Option<Timestamp>,
    /// With what it was sent.
    pub(crate) headers: BTreeMap<String, String>,
}

/// What makes a report ready to be kept: can be cloned, and works on any thread.
#[derive(Clone)]
pub(crate) struct Readier {
    reading: Reading,
    tables: Tables,
    keep_names: bool,
    known: Arc<RwLock<HashSet<String>>>,
}

/// A report that was looked at.
pub(crate) enum Ready {
    /// The store has it: it was not read again.
    Known(String),
    /// It was read.
    New(Box<Incoming>),
}

impl Readier {
    /// Reads a report, unless the store has it.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) fn ready(
        &self,
        report: Report,
        origin: Origin,
        notes: &mut Vec<String>,
    ) -> Result<Ready, Problem> {
        let id = report_id(report.url.as_deref(), &setup::sha256(report.text.as_bytes()));
        if self.known.read().unwrap_or_else(PoisonError::into_inner).contains(&id) {
            return Ok(Ready::Known(id));
        }
        let read = self.reading.read(&report, false)?;
        notes.extend(read.note);
        if let Some(problem) = read.problem {
            return Err(problem);
        }
        Ok(Ready::New(Box::new(self.coded(read.document, report.text, origin))))
    }

    /// Makes a report ready that was coded already.
    pub(crate) fn coded(&self, mut coded: CodedDocument, text: String, origin: Origin) -> Incoming {
        if !self.keep_names {
            record::privacy::unname_document(&mut coded);
        }
        let report = NewReport {
            text,
            coded,
            fetched: origin.fetched,
            source: origin.source,
            headers: origin.headers,
            linking: Vec::new(),
        };
        Incoming::new(report, &self.tables.frequencies)
    }
}

/// Keeps reports in the order in which they come.
pub(crate) struct Intake {
    pub(crate) collection: Collection,
    known: Arc<RwLock<HashSet<String>>>,
    waiting: Vec<Incoming>,
    most: usize,
    since: Instant,
    /// What was kept.
    pub(crate) sum: Sum,
}

/// What became of reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    /// Kept.
    pub(crate) new: usize,
    /// There already.
    pub(crate) known: usize,
    /// Copies among the new ones.
    pub(crate) copies: usize,
    /// Incidents begun.
    pub(crate) begun: usize,
    /// Stories that belong to an incident that was there.
    pub(crate) joined: usize,
    /// Incidents merged.
    pub(crate) merged: usize,
}

impl Sum {
    /// For people.
    pub(crate) fn told(&self, unread: usize) -> String {
        let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let mut told =
            format!("{}, {} known before", count(self.new, "new report", "new reports"), self.known);
        if unread > 0 {
            told += &format!(", {unread} unread");
        }
        told += &format!(
            "; {}; {} begun, {} told again",
            count(self.copies, "copy", "copies"),
            count(self.begun, "incident", "incidents"),
            self.joined
        );
        if self.merged > 0 {
            told += &format!(", {} merged", self.merged);
        }
        told
    }
}

impl Intake {
    /// An intake into that collection, so many reports at a time, and what readies them.
    pub(crate) fn new(
        collection: Collection,
        most: usize,
        reading: Reading,
        tables: Tables,
        privacy: &Privacy,
    ) -> (Self, Readier) {
        let known: HashSet<String> = collection.reports().map(str::to_owned).collect();
        let known = Arc::new(RwLock::new(known));
        let readier = Readier { reading, tables, keep_names: privacy.keep_names, known: Arc::clone(&known) };
        let intake =
            Self { collection, known, waiting: Vec::new(), most, since: Instant::now(), sum: Sum::default() };
        (intake, readier)
    }

    /// Takes a report; what became of those that were kept with it, or nothing as long as it waits.
    pub(crate) fn take(&mut self, ready: Ready) -> anyhow::Result<Vec<Added>> {
        match ready {
            Ready::Known(report) => {
                // In its place among the others.
                let mut added = self.keep()?;
                self.sum.known += 1;
                added.push(Added::known(report));
                Ok(added)
            }
            Ready::New(incoming) => {
                self.waiting.push(*incoming);
                if self.waiting.len() >= self.most || self.since.elapsed() >= WAIT {
                    self.keep()
                } else {
                    Ok(Vec::new())
                }
            }
        }
    }

    /// Keeps what waits.
    pub(crate) fn keep(&mut self) -> anyhow::Result<Vec<Added>> {
        if self.waiting.is_empty() {
            return Ok(Vec::new());
        }
        let batch = std::mem::take(&mut self.waiting);
        let kept = self.collection.add(&machine("linker"), &batch);
        self.since = Instant::now();
        let added = kept.with_context(|| {
            format!(
                "of this run {} new reports were kept, and the next {} were not\nhint: give the same command again when that is mended; what is kept is passed over",
                self.sum.new,
                batch.len()
            )
        })?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for one in &added {
            known.insert(one.report.clone());
            self.sum.add(one);
        }
        Ok(added)
    }
}

impl Sum {
    fn add(&mut self, added: &Added) {
        if added.known {
            self.known += 1;
            return;
        }
        self.new += 1;
        self.copies += usize::from(added.copy_of.is_some());
        self.begun += added.incidents.iter().filter(|(_, new)| *new).count();
        self.joined += added.incidents.iter().filter(|(_, new)| !new).count();
        self.merged += added.merged.len();
    }
}
