/*! Coded reports into the incidents of a store: what `watchpost ingest` and `watchpost run` do with what was read.

A [`Collection`] is a store with its linker: by what the store's reports are found is held in memory ([`link::Growing`]), what they tell is fetched when it is looked at. It is brought up to
date from the log before each batch, so that what persons and other programs have decided meanwhile counts. A batch is one transaction: its reports, which of them
are copies, and the incidents that they belong to are kept together or not at all, and no other program writes between the look and the decision.
*/

mod memory;
mod tellings;

use std::sync::Arc;

use link::{Frequencies, Told, Weights};
use record::{Change, CodedDocument};
use store::{Act, Error, NewReport, Outcome, Refusal, Stamp, Store, report_id};

pub use memory::incident_id;

use memory::{Memory, Planned};

/// The linker's tables.
#[derive(Debug, Clone)]
pub struct Tables {
    /// What each thing that two stories have in common counts.
    pub weights: Weights,
    /// What each word tells.
    pub frequencies: Arc<Frequencies>,
}

/// A report that was read, ready to be kept.
#[derive(Debug, Clone)]
pub struct Incoming {
    report: NewReport,
    told: Arc<Told>,
    id: String,
}

impl Incoming {
    /// Makes a report ready: the costly part, which needs no store and can be done on any thread.
    #[must_use]
    pub fn new(mut report: NewReport, frequencies: &Frequencies) -> Self {
        let told = Told::new(&report.coded, Some(&report.text), frequencies);
        report.linking = told.pack(frequencies);
        let text = store::log::sha256(report.text.as_bytes());
        let id = report_id(report.coded.document.url.as_deref(), &text);
        Self { report, told: Arc::new(told), id }
    }

    /// The id that the store gives it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The coded document.
    #[must_use]
    pub fn coded(&self) -> &CodedDocument {
        &self.report.coded
    }
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Added {
    /// Its id in the store.
    pub report: String,
    /// Whether the store had it already; then nothing changed.
    pub known: bool,
    /// The report that it repeats.
    pub copy_of: Option<String>,
    /// The incidents that it tells of, what it is chiefly about first, and whether it is the first to tell of it.
    pub incidents: Vec<(String, bool)>,
    /// Incidents that it shows to be one with another.
    pub merged: Vec<(String, String)>,
    /// What the store would not take, in words.
    pub refused: Vec<String>,
}

impl Added {
    /// A report that the store had already.
    #[must_use]
    pub fn known(report: String) -> Self {
        Self {
            report,
            known: true,
            copy_of: None,
            incidents: Vec::new(),
            merged: Vec::new(),
            refused: Vec::new(),
        }
    }
}

/// A store with its linker.
pub struct Collection {
    store: Box<dyn Store>,
    tables: Tables,
    memory: Memory,
    /// What is in memory may not be what the store holds, since a batch failed half-way.
    doubtful: bool,
}

impl Collection {
    /// Loads what the linker needs of a store; `loaded` is told how many reports were.
    ///
    /// # Errors
    /// What the store says.
    pub fn open(
        mut store: Box<dyn Store>,
        tables: Tables,
        loaded: &mut dyn FnMut(usize),
    ) -> Result<Self, Error> {
        let memory = Memory::load(store.as_mut(), &tables, loaded)?;
        Ok(Self { store, tables, memory, doubtful: false })
    }

    /// The store, to be asked.
    pub fn store(&mut self) -> &mut dyn Store {
        self.store.as_mut()
    }

    /// Whether a report is kept already, as far as is known here.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.memory.has(id)
    }

    /// The ids of the reports that are kept, as far as is known here.
    pub fn reports(&self) -> impl Iterator<Item = &str> {
        self.memory.reports()
    }

    /// Keeps reports and links them, in this order: all of it, or nothing where there is an error.
    ///
    /// # Errors
    /// What the store says. Nothing of the batch was kept then, and it can be given again.
    pub fn add(&mut self, stamp: &Stamp, batch: &[Incoming]) -> Result<Vec<Added>, Error> {
        if std::mem::replace(&mut self.doubtful, true) {
            self.memory = Memory::load(self.store.as_mut(), &self.tables, &mut |_| ())?;
        }
        let memory = &mut self.memory;
        let mut plan = Planned::default();
        let outcomes = self.store.record_with(stamp, &mut |store| {
            memory.catch_up(store)?;
            plan = memory.plan(store, batch)?;
            Ok(std::mem::take(&mut plan.acts))
        })?;
        let added = self.settle(&plan, &outcomes)?;
        self.doubtful = false;
        Ok(added)
    }

    /// What became of the reports; what the store refused is taken back in memory.
    fn settle(&mut self, plan: &Planned, outcomes: &[Outcome]) -> Result<Vec<Added>, Error> {
        let mut added = Vec::with_capacity(plan.reports.len());
        for report in &plan.reports {
            let mut one = report.added.clone();
            let outcomes = outcomes.get(report.acts.clone()).unwrap_or_default();
            let mut last = None;
            for (change, outcome) in report.changes.iter().zip(outcomes) {
                match outcome {
                    Outcome::Decided { seq } | Outcome::Added { seq, .. } => last = Some(*seq),
                    Outcome::Known { report } => one = Added::known(report.clone()),
                    Outcome::Refused(why) => {
                        self.take_back(change.as_ref(), why, &mut one)?;
                    }
                }
                if let Outcome::Added { copy_of: Some(of), seq, .. } = outcome {
                    one.copy_of = Some(of.clone());
                    // The store's own decision that it is a copy stands behind it.
                    last = Some(seq + 1);
                }
            }
            self.memory.seen(last);
            added.push(one);
        }
        self.memory.kept();
        Ok(added)
    }

    fn take_back(&mut self, change: Option<&Change>, why: &Refusal, added: &mut Added) -> Result<(), Error> {
        match change {
            // The store had seen to it, or a person has said otherwise: either is as it should be.
            Some(Change::CopyOf { .. }) => {}
            Some(Change::Merged { from, .. }) => {
                for from in from {
                    self.memory.lead(from, None);
                    added.merged.retain(|(merged, _)| merged != from);
                }
            }
            Some(Change::Created { incident, events }) => {
                for event in events {
                    self.memory.set_home(self.store.as_mut(), event, None)?;
                }
                added.incidents.retain(|(id, _)| id != incident);
                added.refused.push(why.to_string());
            }
            Some(Change::Linked { event, .. }) => {
                self.memory.set_home(self.store.as_mut(), event, None)?;
                added.refused.push(why.to_string());
            }
            _ => added.refused.push(why.to_string()),
        }
        Ok(())
    }
}

/// A decision as a step.
fn act(change: Change, why: String) -> memory::Step {
    (Act::Decide { change: change.clone(), why }, Some(change))
}
