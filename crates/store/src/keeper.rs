//! The store above the rows: takes decisions, folds them, and keeps the incidents that come of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use record::{Author, AuthorKind, Change, Decision, EventKey, Incident};

use crate::log::{RULE, event_subject, incident_subject, report_subject, subjects};
use crate::rows::{IncidentRow, Rows};
use crate::view::{Voiced, view};
use crate::{Entry, Error, Head, Ledger, NewReport, Refusal, StoredReport, Telling};

/// Who decides, when, and with which program.
#[derive(Debug, Clone, PartialEq)]
pub struct Stamp {
    /// Who.
    pub by: Author,
    /// When, by the caller's clock. The order of the log does not rest on it.
    pub at: Timestamp,
    /// The program and its version.
    pub tool: String,
}

/// One thing to be done.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a batch has some hundreds, and they are written out by hand in many places"
)]
pub enum Act {
    /// Keep a report.
    Report(Box<NewReport>),
    /// Take a decision.
    Decide {
        /// What it changes.
        change: Change,
        /// Why, in words.
        why: String,
    },
}

/// What came of an act.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The report is kept.
    Added {
        /// Its id.
        report: String,
        /// The decision.
        seq: u64,
        /// The report that has the same text.
        copy_of: Option<String>,
    },
    /// The report was there already: nothing changed.
    Known {
        /// Its id.
        report: String,
    },
    /// The decision stands in the log.
    Decided {
        /// Its place.
        seq: u64,
    },
    /// It was not done; nothing of it was kept.
    Refused(Refusal),
}

/// A store over the rows of one database.
#[derive(Debug)]
pub struct Keeper<R> {
    pub(crate) rows: R,
}

/// What is known while a batch is written.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) ledger: Ledger,
    loaded: BTreeSet<String>,
    known: BTreeSet<u64>,
    head: Head,
    dirty: BTreeSet<String>,
    rule_changed: bool,
    /// What the events of the reports of this batch tell: it need not be read again.
    tellings: HashMap<EventKey, Telling>,
}

impl<R: Rows> Keeper<R> {
    /// A store over those rows.
    pub const fn new(rows: R) -> Self {
        Self { rows }
    }

    /// The rows, to be looked into.
    pub const fn rows(&mut self) -> &mut R {
        &mut self.rows
    }

    /// Does `work` as one transaction: all of it is kept, or nothing.
    pub(crate) fn within<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.rows.begin()?;
        match work(self).and_then(|done| self.rows.commit().map(|()| done)) {
            Ok(done) => Ok(done),
            Err(error) => {
                self.rows.rollback();
                Err(error)
            }
        }
    }

    /// Looks at all of it as it stands at one moment.
    pub(crate) fn looking<T>(
        &mut self,
        look: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.rows.begin_looking()?;
        let seen = look(self);
        self.rows.rollback();
        seen
    }

    pub(crate) fn write(&mut self, stamp: &Stamp, acts: &[Act]) -> Result<Vec<Outcome>, Error> {
        let mut batch = Batch { head: self.rows.head()?, ..Batch::default() };
        self.load(&mut batch, vec![RULE.to_owned()])?;
        let mut outcomes = Vec::with_capacity(acts.len());
        for act in acts {
            outcomes.push(match act {
                Act::Report(report) => self.add(&mut batch, stamp, report)?,
                Act::Decide { change, why } => match self.decide(&mut batch, stamp, change, why)? {
                    Ok(seq) => Outcome::Decided { seq },
                    Err(refusal) => Outcome::Refused(refusal),
                },
            });
        }
        self.settle(&mut batch)?;
        Ok(outcomes)
    }

    fn add(&mut self, batch: &mut Batch, stamp: &Stamp, report: &NewReport) -> Result<Outcome, Error> {
        let row = match StoredReport::new(report) {
            Ok(row) => row,
            Err(why) => return Ok(Outcome::Refused(Refusal::Invalid(why))),
        };
        if self.rows.has_report(&row.id)? {
            return Ok(Outcome::Known { report: row.id });
        }
        let same = self.rows.report_with_text(&row.text_sha256)?;
        if let (Some(same), None) = (&same, &row.url) {
            // The text alone says nothing new, where it is not another page that has it.
            return Ok(Outcome::Known { report: same.clone() });
        }
        let tellings = Telling::of(&row.id, &report.coded);
        self.rows.put_report(&row, &tellings)?;
        batch.tellings.extend(tellings.into_iter().map(|telling| (telling.key.clone(), telling)));
        if !report.linking.is_empty() {
            self.rows.keep_linking(&row.id, &report.linking)?;
        }
        let added = Change::ReportAdded {
            report: row.id.clone(),
            text_sha256: row.text_sha256.clone(),
            coded_sha256: row.coded_sha256.clone(),
        };
        let seq = match self.decide(batch, stamp, &added, "")? {
            Ok(seq) => seq,
            Err(refusal) => return Err(Error::damaged(self.rows.name(), refusal)),
        };
        if let Some(of) = &same {
            let by = Author { kind: AuthorKind::Machine, name: "store".to_owned() };
            let copy = Change::CopyOf { report: row.id.clone(), of: Some(of.clone()) };
            let stamp = Stamp { by, ..stamp.clone() };
            if let Err(refusal) = self.decide(batch, &stamp, &copy, "the same text, letter by letter")? {
                return Err(Error::damaged(self.rows.name(), refusal));
            }
        }
        Ok(Outcome::Added { report: row.id, seq, copy_of: same })
    }

    fn decide(
        &mut self,
        batch: &mut Batch,
        stamp: &Stamp,
        change: &Change,
        why: &str,
    ) -> Result<Result<u64, Refusal>, Error> {
        let person = stamp.by.kind == AuthorKind::Person;
        if person && why.trim().is_empty() && matches!(change, Change::Corrected { .. }) {
            return Ok(Err(Refusal::Invalid(
                "a correction needs a reason: say in `why` what it rests on".to_owned(),
            )));
        }
        let mut change = change.clone();
        let also = match self.prepare(batch, &mut change)? {
            Ok(also) => also,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let shown = match &change {
            Change::Corrected { incident, correction } => {
                let id = batch.ledger.resolve(incident);
                Some((correction.field(), self.look(batch, &id)?.0.field(&correction.field())))
            }
            _ => None,
        };
        let seq = batch.head.seq + 1;
        let planned = match batch.ledger.decide(seq, stamp.by.kind, &change, &also) {
            Ok(planned) => planned,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut effects = planned.effects;
        if let (Some((field, before)), Some(effect)) = (shown, effects.first_mut()) {
            let after = self.look(batch, &effect.of)?.0.field(&field);
            (effect.before, effect.after) = (before, after);
        }
        for effect in &effects {
            match effect.what.as_str() {
                "incident" => {
                    if let Some((report, event)) = effect.of.split_once('#') {
                        let event = EventKey { report: report.to_owned(), event: event.to_owned() };
                        self.rows.set_home(&event, batch.ledger.home(&event))?;
                    }
                }
                "copy_of" => self.rows.set_copy(&effect.of, batch.ledger.copy_of(&effect.of))?,
                "rule" => batch.rule_changed = true,
                _ => {}
            }
        }
        batch.dirty.extend(planned.incidents.iter().cloned());
        let decision = Decision {
            seq,
            at: stamp.at,
            by: stamp.by.clone(),
            why: why.trim().to_owned(),
            tool: stamp.tool.clone(),
            change: planned.change,
            incidents: planned.incidents,
            effects,
        };
        let entry = Entry::chain(&mut batch.head, &decision)?;
        batch.known.insert(seq);
        self.rows.append(&entry, &subjects(&decision))?;
        Ok(Ok(seq))
    }

    /// Loads what a change is about, and gives the incidents that it touches without naming them.
    fn prepare(
        &mut self,
        batch: &mut Batch,
        change: &mut Change,
    ) -> Result<Result<Vec<String>, Refusal>, Error> {
        let missing = |what: String| Ok(Err(Refusal::Invalid(what)));
        let mut wanted: Vec<String> = Vec::new();
        let mut also = Vec::new();
        match change {
            Change::ReportAdded { .. } => {}
            Change::RuleSet { .. } => wanted.push(RULE.to_owned()),
            Change::Undone { decision } => match self.rows.entry(*decision)? {
                Some(entry) => {
                    let mut base = entry.decision(self.rows.name())?;
                    wanted = subjects(&base);
                    // To undo an undoing is to decide again: what is at stake is what the first of them decided.
                    while let Change::Undone { decision } = base.change
                        && let Some(entry) = self.rows.entry(decision)?
                    {
                        base = entry.decision(self.rows.name())?;
                    }
                    if let Change::CopyOf { report, .. } = &base.change {
                        let family = self.copies_of(report)?;
                        also = self.homes(batch, &family)?;
                        // What the report was a copy of before may be a copy of it by now.
                        wanted.extend(family.iter().map(|id| report_subject(id)));
                    }
                }
                None => return missing(format!("there is no decision {decision}")),
            },
            Change::CopyOf { report, of } => {
                for id in [Some(&*report), of.as_ref()].into_iter().flatten() {
                    if !self.rows.has_report(id)? {
                        return missing(format!("there is no report {id}"));
                    }
                }
                if let Some(of) = of {
                    // A copy of a copy is a copy of the first.
                    let root = self.root(of)?;
                    if root == *report {
                        return missing(format!(
                            "report {of} is a copy of {report} itself: say first that it is none"
                        ));
                    }
                    *of = root;
                }
                wanted.push(report_subject(report));
                let family = self.copies_of(report)?;
                also = self.homes(batch, &family)?;
            }
            Change::Created { incident, events } => {
                wanted.push(incident_subject(incident));
                wanted.extend(events.iter().map(event_subject));
                for event in events.iter() {
                    match self.home_of(batch, event)? {
                        Some(home) => wanted.extend(home.iter().map(|home| incident_subject(home))),
                        None => return missing(no_event(event)),
                    }
                }
            }
            Change::Linked { event, incident } => {
                wanted.extend([incident_subject(incident), event_subject(event)]);
                match self.home_of(batch, event)? {
                    Some(home) => wanted.extend(home.iter().map(|home| incident_subject(home))),
                    None => return missing(no_event(event)),
                }
            }
            Change::Merged { from, into } => {
                wanted.extend(from.iter().chain([&*into]).map(|id| incident_subject(id)));
            }
            Change::Split { from, into, .. } => {
                wanted = vec![incident_subject(from), incident_subject(into)];
            }
            Change::Corrected { incident, .. }
            | Change::Accepted { incident }
            | Change::Rejected { incident }
            | Change::NotAnEvent { incident } => wanted.push(incident_subject(incident)),
        }
        wanted.extend(also.iter().map(|id| incident_subject(id)));
        self.load(batch, wanted)?;
        let leads: Vec<String> = also.iter().map(|id| batch.ledger.resolve(id)).collect();
        also.extend(leads);
        Ok(Ok(also))
    }

    /// The incidents in which a report or a copy of it is a voice.
    fn homes(&mut self, batch: &Batch, family: &[String]) -> Result<Vec<String>, Error> {
        let mut homes = Vec::new();
        for id in family {
            for (event, home) in self.rows.events(id)? {
                homes.extend(batch.ledger.home(&event).map(str::to_owned).or(home));
            }
        }
        Ok(homes)
    }

    /// A report and those that repeat it.
    fn copies_of(&mut self, report: &str) -> Result<Vec<String>, Error> {
        let mut family = vec![report.to_owned()];
        let mut at = 0;
        while let Some(id) = family.get(at).cloned() {
            let copies = self.rows.copies(&id)?;
            family.extend(copies.into_iter().filter(|id| !family.contains(id)).collect::<Vec<_>>());
            at += 1;
        }
        Ok(family)
    }

    fn home_of(&mut self, batch: &Batch, event: &EventKey) -> Result<Option<Option<String>>, Error> {
        match batch.ledger.home(event) {
            Some(home) => Ok(Some(Some(home.to_owned()))),
            None => self.rows.home(event),
        }
    }

    /// The report that a report repeats in the end.
    fn root(&mut self, report: &str) -> Result<String, Error> {
        let mut seen = BTreeSet::new();
        let mut at = report.to_owned();
        while seen.insert(at.clone()) {
            let links = self.rows.links(std::slice::from_ref(&at))?;
            match links.into_iter().next().and_then(|link| link.copy_of) {
                Some(next) => at = next,
                None => break,
            }
        }
        Ok(at)
    }

    /// Takes in every decision about those subjects, and about all that those are about in turn: a piece of the log that
    /// can be folded by itself.
    pub(crate) fn load(&mut self, batch: &mut Batch, wanted: Vec<String>) -> Result<(), Error> {
        let mut queue: Vec<String> =
            wanted.into_iter().filter(|subject| batch.loaded.insert(subject.clone())).collect();
        let mut found: BTreeMap<u64, Decision> = BTreeMap::new();
        while !queue.is_empty() {
            let entries = self.rows.entries_about(&queue)?;
            queue.clear();
            for entry in entries {
                if !batch.known.insert(entry.seq) {
                    continue;
                }
                let decision = entry.decision(self.rows.name())?;
                for subject in subjects(&decision) {
                    if subject != RULE && batch.loaded.insert(subject.clone()) {
                        queue.push(subject);
                    }
                }
                found.insert(entry.seq, decision);
            }
        }
        for decision in found.values() {
            batch.ledger.replay(decision);
        }
        Ok(())
    }

    /// An incident as it stands in the batch, and the quotes of its reports.
    pub(crate) fn look(&mut self, batch: &Batch, id: &str) -> Result<(Incident, String), Error> {
        let members = batch.ledger.members(id);
        let (known, asked): (Vec<_>, Vec<_>) =
            members.iter().cloned().partition(|key| batch.tellings.contains_key(key));
        let mut others = if asked.is_empty() { Vec::new() } else { self.rows.tellings(&asked)? }.into_iter();
        let tellings: Vec<Telling> = if known.is_empty() {
            others.collect()
        } else {
            let of = |key: &EventKey| batch.tellings.get(key).cloned();
            members.iter().filter_map(|key| of(key).or_else(|| others.next())).collect()
        };
        let mut voices: BTreeMap<String, String> = BTreeMap::new();
        let mut links: BTreeMap<String, crate::rows::Link> = BTreeMap::new();
        let mut wanted: BTreeSet<String> = tellings.iter().map(|t| t.key.report.clone()).collect();
        let reports = wanted.clone();
        while !wanted.is_empty() {
            let asked: Vec<String> = std::mem::take(&mut wanted).into_iter().collect();
            for link in self.rows.links(&asked)? {
                wanted.extend(link.copy_of.iter().filter(|of| !links.contains_key(*of)).cloned());
                links.insert(link.id.clone(), link);
            }
            wanted.retain(|id| !links.contains_key(id));
        }
        for report in reports {
            let mut at = report.clone();
            let mut steps = 0;
            while let Some(next) = links.get(&at).and_then(|link| link.copy_of.clone())
                && steps <= links.len()
            {
                at = next;
                steps += 1;
            }
            let voice = links.get(&at).and_then(|link| link.url.clone()).unwrap_or(at);
            voices.insert(report, voice);
        }
        let quotes = tellings.iter().map(|t| t.words.as_str()).collect::<Vec<_>>().join("\n");
        let voiced: Vec<Voiced> = tellings
            .into_iter()
            .map(|telling| {
                let report = &telling.key.report;
                let voice = voices.get(report).cloned().unwrap_or_else(|| report.clone());
                Voiced { telling, voice }
            })
            .collect();
        Ok((view(id, &batch.ledger, &voiced), quotes))
    }

    /// Keeps every incident that the batch has touched as it stands now.
    fn settle(&mut self, batch: &mut Batch) -> Result<(), Error> {
        if batch.rule_changed {
            let mut after = String::new();
            loop {
                let ids = self.rows.incident_ids(&after, PIECE)?;
                let Some(last) = ids.last() else { break };
                after.clone_from(last);
                for id in ids.iter().filter(|id| !batch.dirty.contains(*id)) {
                    let (rule, mut piece) = (batch.ledger.clone_rule(), Batch::default());
                    self.load(&mut piece, vec![incident_subject(id)])?;
                    piece.ledger.set_rule(rule);
                    self.keep(&piece, id)?;
                }
            }
        }
        for id in std::mem::take(&mut batch.dirty) {
            self.keep(batch, &id)?;
        }
        Ok(())
    }

    pub(crate) fn keep(&mut self, batch: &Batch, id: &str) -> Result<(), Error> {
        let (incident, quotes) = self.look(batch, id)?;
        self.rows.put_incident(&IncidentRow::new(&incident, &quotes))
    }

    /// The piece of the log around one incident, with the rule for figures.
    pub(crate) fn piece(&mut self, id: &str) -> Result<Batch, Error> {
        let mut batch = Batch::default();
        self.load(&mut batch, vec![RULE.to_owned(), incident_subject(id)])?;
        Ok(batch)
    }
}

/// How many rows are asked for at a time where all are gone through.
pub(crate) const PIECE: usize = 1000;

fn no_event(event: &EventKey) -> String {
    format!("there is no event {} of report {}", event.event, event.report)
}
