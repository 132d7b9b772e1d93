//! What the linker holds of a store, under the store's names.

use std::fmt::Write as _;
use std::ops::Range;

use std::sync::Arc;

use indexmap::IndexSet;
use link::{Growing, Recall as _, Story, Told};
use record::{Change, Decision, EventKey};
use rustc_hash::{FxBuildHasher, FxHashMap};
use sha2::{Digest, Sha256};
use store::{Act, Error, Store};

use crate::tellings::{Asked, Tellings, read};
use crate::{Added, Incoming, Tables, act};

/// Rows that are asked for at a time.
const PIECE: usize = 1000;

/// Names in the order of the numbers that the linker has for them.
pub(crate) type Names = IndexSet<Box<str>, FxBuildHasher>;

/// An act with the change that it is for; none where it keeps a report.
pub(crate) type Step = (Act, Option<Change>);

/// Which stories the store has, by what they are found, and the incident that each belongs to. What they tell stays in the store.
pub(crate) struct Memory {
    tables: Tables,
    growing: Growing,
    reports: Names,
    incidents: Names,
    tellings: Tellings,
    /// The last decision that was taken in.
    seen: u64,
}

/// What is to be done for a batch.
#[derive(Default)]
pub(crate) struct Planned {
    pub(crate) acts: Vec<Act>,
    pub(crate) reports: Vec<PlannedReport>,
}

/// What is to be done for one report of it.
pub(crate) struct PlannedReport {
    pub(crate) added: Added,
    /// Its acts among all, and what each changes.
    pub(crate) acts: Range<usize>,
    pub(crate) changes: Vec<Option<Change>>,
}

fn of(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Memory {
    /// Everything that the store holds.
    pub(crate) fn load(
        store: &mut dyn Store,
        tables: &Tables,
        loaded: &mut dyn FnMut(usize),
    ) -> Result<Self, Error> {
        let mut memory = Self {
            tables: tables.clone(),
            growing: Growing::new(tables.weights.clone()),
            reports: Names::default(),
            incidents: Names::default(),
            tellings: Tellings::new(),
            // What is decided while this goes on is taken in afterwards, twice where it was seen: that changes nothing.
            seen: store.head()?.seq,
        };
        for gone in store.gone()? {
            memory.lead(&gone.id, gone.merged_into.as_deref());
        }
        let mut after = i64::MIN;
        let mut remade: Vec<(String, Vec<u8>)> = Vec::new();
        loop {
            let rows = store.linking(after, PIECE)?;
            let Some(last) = rows.last() else { break };
            after = last.row;
            for row in rows {
                let told = match Told::unpack(&row.told, &tables.frequencies) {
                    Some(told) => told,
                    // Kept by another version, or restored from a dump.
                    None => {
                        let Some(told) = read(store, &row.report, &tables.frequencies)? else { continue };
                        remade.push((row.report.clone(), told.pack(&tables.frequencies)));
                        told
                    }
                };
                let homes: FxHashMap<&str, &str> = row
                    .events
                    .iter()
                    .filter_map(|(event, home)| Some((event.as_str(), home.as_deref()?)))
                    .collect();
                memory.take_in(&row.report, told, row.copy_of.is_some(), |event| homes.get(event).copied());
            }
            if remade.len() >= PIECE {
                store.keep_linking(&std::mem::take(&mut remade))?;
            }
            loaded(memory.reports.len());
        }
        if !remade.is_empty() {
            store.keep_linking(&remade)?;
        }
        Ok(memory)
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.reports.contains(id)
    }

    pub(crate) fn reports(&self) -> impl Iterator<Item = &str> {
        self.reports.iter().map(AsRef::as_ref)
    }

    /// The log was written up to there.
    pub(crate) fn seen(&mut self, seq: Option<u64>) {
        self.seen = self.seen.max(seq.unwrap_or_default());
    }

    /// Takes in what was decided since the last time.
    pub(crate) fn catch_up(&mut self, store: &mut dyn Store) -> Result<(), Error> {
        loop {
            let decisions = store.decisions(self.seen, PIECE)?;
            if decisions.is_empty() {
                return Ok(());
            }
            for decision in decisions {
                self.seen = decision.seq;
                self.follow(store, &decision)?;
            }
        }
    }

    fn follow(&mut self, store: &mut dyn Store, decision: &Decision) -> Result<(), Error> {
        if let Change::ReportAdded { report, .. } = &decision.change
            && !self.has(report)
            && let Some(told) = read(store, report, &self.tables.frequencies)?
        {
            self.take_in(report, told, false, |_| None);
        }
        for effect in &decision.effects {
            match (effect.what.as_str(), effect.of.split_once('#')) {
                ("incident", Some((report, event))) => {
                    let event = EventKey { report: report.to_owned(), event: event.to_owned() };
                    self.set_home(store, &event, effect.after.as_str())?;
                }
                ("merged_into", _) => self.lead(&effect.of, effect.after.as_str()),
                _ => {}
            }
        }
        Ok(())
    }

    fn take_in<'h>(&mut self, id: &str, told: Told, copy: bool, home: impl Fn(&str) -> Option<&'h str>) {
        let incidents: Vec<Option<u32>> = told
            .stories()
            .map(|story| story.own_facts().iter().find_map(|fact| home(&fact.event)))
            .map(|home| home.map(|home| self.number(home)))
            .collect();
        // Which report it copies is the store's matter; here only that its words are another's.
        let number = self.growing.put(&told, copy.then_some(u32::MAX), &incidents);
        self.reports.insert(id.into());
        self.tellings.put(number, Arc::new(told));
    }

    fn number(&mut self, incident: &str) -> u32 {
        if let Some(number) = self.incidents.get_index_of(incident) {
            return of(number);
        }
        self.incidents.insert(incident.into());
        self.growing.begin()
    }

    fn name(&self, incident: u32) -> &str {
        self.incidents.get_index(incident as usize).map(AsRef::as_ref).unwrap_or_default()
    }

    /// What the store holds of the reports, for the linker to look at.
    fn asked<'a>(&'a mut self, store: &'a mut dyn Store) -> (&'a Growing, Asked<'a>) {
        let Self { tables, growing, reports, tellings, .. } = self;
        (growing, Asked { store, reports, tellings, frequencies: &tables.frequencies })
    }

    /// The store holds what was planned.
    pub(crate) fn kept(&mut self) {
        self.tellings.kept();
    }

    pub(crate) fn lead(&mut self, from: &str, into: Option<&str>) {
        let from = self.number(from);
        let into = into.map(|into| self.number(into));
        self.growing.lead(from, into);
    }

    pub(crate) fn set_home(
        &mut self,
        store: &mut dyn Store,
        event: &EventKey,
        home: Option<&str>,
    ) -> Result<(), Error> {
        let Some(report) = self.reports.get_index_of(event.report.as_str()).map(of) else { return Ok(()) };
        let told = self.asked(store).1.recall(&[report])?.pop().flatten();
        let has = |story: &Story| story.own_facts().iter().any(|fact| fact.event == event.event);
        if let Some(story) = told.and_then(|told| told.stories().position(has)) {
            let home = home.map(|home| self.number(home));
            self.growing.set_incident(report, story, home);
        }
        Ok(())
    }

    /// What is to be done to keep and link these reports. The memory is as if it were done.
    pub(crate) fn plan(&mut self, store: &mut dyn Store, batch: &[Incoming]) -> Result<Planned, Error> {
        let mut plan = Planned::default();
        // The texts of the batch: the store does not hold them yet when it is asked.
        let mut texts: FxHashMap<&str, &str> = FxHashMap::default();
        for incoming in batch {
            let begin = plan.acts.len();
            let document = &incoming.report.coded.document;
            let same = match (texts.get(document.id.as_str()), &document.url) {
                (Some(same), None) => Some((*same).to_owned()),
                _ => None,
            };
            let (added, acts) = match same {
                Some(same) => (Added::known(same), Vec::new()),
                None => self.plan_one(store, incoming)?,
            };
            if !added.known {
                texts.entry(&document.id).or_insert(&incoming.id);
            }
            let (acts, changes): (Vec<Act>, Vec<Option<Change>>) = acts.into_iter().unzip();
            plan.acts.extend(acts);
            plan.reports.push(PlannedReport { added, acts: begin..plan.acts.len(), changes });
        }
        Ok(plan)
    }

    fn plan_one(&mut self, store: &mut dyn Store, incoming: &Incoming) -> Result<(Added, Vec<Step>), Error> {
        let mut added = Added {
            report: incoming.id.clone(),
            known: self.has(&incoming.id),
            copy_of: None,
            incidents: Vec::new(),
            merged: Vec::new(),
            refused: Vec::new(),
        };
        if added.known {
            return Ok((added, Vec::new()));
        }
        let document = &incoming.report.coded.document;
        if document.url.is_none()
            && let Some(same) = store.report_with_text(document.id.trim_start_matches("sha256:"))?
        {
            // The text alone says nothing new, where it is not another page that has it.
            added.known = true;
            added.report = same;
            return Ok((added, Vec::new()));
        }
        let mut acts = vec![(Act::Report(Box::new(incoming.report.clone())), None)];
        let told = &incoming.told;
        let (growing, mut asked) = self.asked(store);
        let placed = growing.place(told, &mut asked)?;
        if let Some(original) = placed.copy_of.and_then(|number| self.reports.get_index(number as usize)) {
            added.copy_of = Some(original.to_string());
            let change = Change::CopyOf { report: incoming.id.clone(), of: added.copy_of.clone() };
            acts.push(act(change, "the same text but for some words".to_owned()));
        }
        let mut incidents = Vec::with_capacity(placed.incidents.len());
        for (place, story) in placed.incidents.iter().zip(told.stories()) {
            let keys: Vec<EventKey> = story
                .own_facts()
                .iter()
                .map(|fact| EventKey { report: incoming.id.clone(), event: fact.event.clone() })
                .collect();
            let Some(first) = keys.first() else {
                incidents.push(None);
                continue;
            };
            let number = match place {
                Some(place) => {
                    let id = self.name(place.incident).to_owned();
                    let why = self.why(store, story, place.incident, place.points)?;
                    for event in keys {
                        acts.push(act(Change::Linked { event, incident: id.clone() }, why.clone()));
                    }
                    added.incidents.push((id, false));
                    place.incident
                }
                None => {
                    let id = self.new_id(first);
                    let number = self.number(&id);
                    let change = Change::Created { incident: id.clone(), events: keys };
                    acts.push(act(change, "no incident has enough in common with it".to_owned()));
                    added.incidents.push((id, true));
                    number
                }
            };
            incidents.push(Some(number));
        }
        for (into, from) in placed.joined {
            let (into, from) = (self.name(into).to_owned(), self.name(from).to_owned());
            let why = format!("report {} has enough in common with both", incoming.id);
            acts.push(act(Change::Merged { from: vec![from.clone()], into: into.clone() }, why));
            added.merged.push((from, into));
        }
        let number = self.growing.put(told, placed.copy_of, &incidents);
        self.reports.insert(incoming.id.as_str().into());
        self.tellings.put_new(number, Arc::clone(told));
        for (from, into) in &added.merged {
            let (from, into) = (from.clone(), into.clone());
            self.lead(&from, Some(&into));
        }
        Ok((added, acts))
    }

    /// Why a story belongs to an incident: with how many points, and what most of them are for.
    fn why(
        &mut self,
        store: &mut dyn Store,
        story: &Story,
        incident: u32,
        points: f32,
    ) -> Result<String, Error> {
        if points.is_infinite() {
            return Ok("the incident of the report that it repeats".to_owned());
        }
        let mut why = format!("{points:+.1} points on average");
        let (growing, mut asked) = self.asked(store);
        if let Some((report, score)) = growing.nearest(story, incident, &mut asked)? {
            let of = self.reports.get_index(report as usize).map(AsRef::as_ref).unwrap_or_default();
            // Writing to a string does not fail.
            let _ = write!(why, "; with report {of} {:+.1}", score.points);
            for (at, (aspect, points)) in score.reasons.iter().take(4).enumerate() {
                let _ = write!(why, "{} {aspect} {points:+.1}", if at == 0 { ":" } else { "," });
            }
        }
        Ok(why)
    }

    /// The id of a new incident, of the event that it begins with: whoever builds a collection of the same reports in the same order gets the same.
    fn new_id(&self, first: &EventKey) -> String {
        let digest = Sha256::digest(format!("{}#{}", first.report, first.event).as_bytes());
        let id = incident_id(&digest);
        let mut again = 1;
        let mut unique = id.clone();
        while self.incidents.contains(unique.as_str()) {
            again += 1;
            unique = format!("{id}-{again}");
        }
        unique
    }
}

/// The id of an incident, of the first sixty bits of a hash.
#[must_use]
pub fn incident_id(hash: &[u8]) -> String {
    let bits = hash.iter().take(8).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    // Crockford's base 32 has no letter that is taken for a digit.
    let digits = (0..12).filter_map(|at| DIGITS.get((bits >> (59 - 5 * at) & 31) as usize));
    format!("WP-{}", digits.map(|digit| char::from(*digit)).collect::<String>())
}

const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
