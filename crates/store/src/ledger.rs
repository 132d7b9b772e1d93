/*! The fold: from the decisions of the log to what holds.

Every decision is a set of writes into registers: which incident an event belongs to, where an incident's id leads, its status,
a field of it, which report another repeats. A register holds the last write that still stands. That one rule gives the rest:

- To undo a decision is to let its writes stand no longer; to undo the undoing is to let them stand again. So both restore exactly
  what was there, whatever was decided elsewhere in between.
- A merge moves no event: it writes where the id leads. Its undoing gives every event back to the incident it was linked to.
- What a person decides seals the registers that the decision is about: the members of the incident and where its id leads, with the
  fields written. A program's write to a sealed register has no effect, from then on and for ever.
- Ids are never used twice and never forgotten: the id of a split that was undone leads back to the incident that it was split from.

Nothing here reads a clock or a row: the same decisions in the same order give the same state, however often and in however many pieces.
Pieces are whole where every decision names all the incidents that it touches ([`record::Decision::incidents`]) and a piece holds
every decision of every incident that it names.
*/

use std::collections::{BTreeMap, BTreeSet};

use record::{
    AuthorKind, Change, Correction, Decision, DecisionEffect, EventKey, FieldName, FigureRule, Standing,
    Status,
};
use serde_json::Value;

use crate::Refusal;

/// What a write goes to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// Which incident an event was linked to.
    Home(EventKey),
    /// Where an incident's id leads.
    Redirect(String),
    /// What a reviewer has said.
    Status(String),
    /// A corrected field.
    Field(String, FieldName),
    /// Which report a report repeats.
    Copy(String),
    /// The rule for figures.
    Rule,
}

/// What is written.
#[derive(Debug, Clone, PartialEq)]
enum Written {
    Incident(String),
    Status(Status),
    Correction(Box<Correction>),
    Copy(Option<String>),
    Rule(FigureRule),
}

#[derive(Debug, Clone)]
struct Write {
    seq: u64,
    value: Written,
}

#[derive(Debug, Clone, Default)]
struct Register {
    writes: Vec<Write>,
    /// The first decision of a person about it.
    sealed: Option<u64>,
}

#[derive(Debug, Clone)]
struct Taken {
    keys: Vec<Key>,
    undoes: Option<u64>,
    standing: bool,
}

#[derive(Debug, Clone)]
struct Origin {
    seq: u64,
    /// The incident that it was split from.
    from: Option<String>,
}

/// A decision that can be taken, and what it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The decision, with every id led to where it leads.
    pub change: Change,
    /// The incidents that it touches.
    pub incidents: Vec<String>,
    /// What stood before and what stands after.
    pub effects: Vec<DecisionEffect>,
}

/// What holds after some decisions.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    registers: BTreeMap<Key, Register>,
    taken: BTreeMap<u64, Taken>,
    origins: BTreeMap<String, Origin>,
    touched: BTreeMap<String, u64>,
    /// Events by the incident that they were linked to.
    linked: BTreeMap<String, BTreeSet<EventKey>>,
    /// Incidents by the one that their id leads to next.
    led: BTreeMap<String, BTreeSet<String>>,
    /// The other way round, so that a change is seen.
    home: BTreeMap<EventKey, String>,
    next: BTreeMap<String, String>,
    /// The last decision about the rule for figures, an undoing included.
    ruled: u64,
}

impl Ledger {
    /// The state after those decisions.
    pub fn fold<'a>(decisions: impl IntoIterator<Item = &'a Decision>) -> Self {
        let mut ledger = Self::default();
        for decision in decisions {
            ledger.replay(decision);
        }
        ledger
    }

    /// Takes in a decision of the log. One that has no effect (a program's against a person's) changes nothing.
    pub fn replay(&mut self, decision: &Decision) {
        if self.taken.contains_key(&decision.seq) {
            return;
        }
        let person = decision.by.kind == AuthorKind::Person;
        if let Ok(planned) = self.take(decision.seq, person, &decision.change) {
            for incident in decision.incidents.iter().chain(&planned.incidents) {
                self.touch(incident, decision.seq);
            }
        }
    }

    /// Takes a new decision, or says why not; then nothing has changed. `also` are incidents that it touches besides,
    /// as its caller knows (those whose figures a copy changes).
    pub fn decide(
        &mut self,
        seq: u64,
        by: AuthorKind,
        change: &Change,
        also: &[String],
    ) -> Result<Planned, Refusal> {
        let mut planned = self.take(seq, by == AuthorKind::Person, change)?;
        planned.incidents.extend(also.iter().cloned());
        planned.incidents.sort();
        planned.incidents.dedup();
        for incident in &planned.incidents {
            self.touch(incident, seq);
        }
        Ok(planned)
    }

    fn touch(&mut self, incident: &str, seq: u64) {
        let last = self.touched.entry(incident.to_owned()).or_default();
        *last = seq.max(*last);
    }

    fn take(&mut self, seq: u64, person: bool, change: &Change) -> Result<Planned, Refusal> {
        let change = self.led_on(change);
        let writes = self.writes(&change)?;
        let undoes = if let Change::Undone { decision } = change { Some(decision) } else { None };
        let keys: Vec<Key> = match undoes {
            Some(decision) => self.taken.get(&decision).map(|taken| taken.keys.clone()).unwrap_or_default(),
            None => writes.iter().map(|(key, _)| key.clone()).collect(),
        };
        if !person
            && let Some(by) = keys.iter().find_map(|key| self.registers.get(key).and_then(|r| r.sealed))
        {
            return Err(Refusal::Overruled { by });
        }
        let stands = writes.iter().all(|(key, value)| self.value(key) == Some(value));
        let makes =
            matches!(change, Change::Created { .. } | Change::Split { .. } | Change::ReportAdded { .. });
        if !person && !makes && undoes.is_none() && stands {
            return Err(Refusal::NoChange);
        }

        let mut incidents: BTreeSet<String> = keys.iter().flat_map(|key| self.about(key)).collect();
        self.widen(&change, &mut incidents);
        let before: Vec<Value> = keys.iter().map(|key| self.shown(key)).collect();
        if let Change::Created { incident, .. } | Change::Split { into: incident, .. } = &change {
            let from = if let Change::Split { from, .. } = &change { Some(from.clone()) } else { None };
            self.origins.insert(incident.clone(), Origin { seq, from });
            incidents.insert(incident.clone());
        }
        if let Change::Split { from, .. } = &change {
            incidents.insert(from.clone());
        }
        if let Change::Merged { into, .. } = &change {
            incidents.insert(into.clone());
        }
        if keys.contains(&Key::Rule) {
            self.ruled = seq.max(self.ruled);
        }
        self.taken.insert(seq, Taken { keys: keys.clone(), undoes, standing: true });
        for (key, value) in writes {
            self.registers.entry(key).or_default().writes.push(Write { seq, value });
        }
        if let Some(decision) = undoes {
            self.let_stand(decision, false);
        }
        self.refresh(&keys, undoes);
        if let Some(decision) = undoes
            && let Some(ring) = self.ring(&incidents)
        {
            self.let_stand(decision, true);
            self.taken.remove(&seq);
            self.refresh(&keys, undoes);
            return Err(Refusal::Invalid(format!(
                "decision {decision} cannot be undone now: the id {ring} would lead back to itself; undo the later merge or split first"
            )));
        }
        if let Some(decision) = undoes
            && let Some(ring) = self.ring_of_copies(&keys)
        {
            self.let_stand(decision, true);
            self.taken.remove(&seq);
            self.refresh(&keys, undoes);
            return Err(Refusal::Invalid(format!(
                "decision {decision} cannot be undone now: report {ring} would be a copy of itself; say first that the report that repeats it is none"
            )));
        }
        incidents.extend(keys.iter().flat_map(|key| self.about(key)));
        self.widen(&change, &mut incidents);
        let effects = keys
            .iter()
            .zip(before)
            .map(|(key, before)| {
                let (of, what) = named(key);
                DecisionEffect { of, what, before, after: self.shown(key) }
            })
            .collect();
        if person {
            self.seal(seq, &keys, &incidents);
        }
        Ok(Planned { change, incidents: incidents.into_iter().collect(), effects })
    }

    /// A report that would be a copy of itself, by way of others.
    fn ring_of_copies(&self, keys: &[Key]) -> Option<String> {
        keys.iter().find_map(|key| {
            let Key::Copy(report) = key else { return None };
            let mut seen = BTreeSet::from([report.as_str()]);
            let mut at = report.as_str();
            while let Some(of) = self.copy_of(at) {
                if !seen.insert(of) {
                    return Some(report.clone());
                }
                at = of;
            }
            None
        })
    }

    /// Where an id leads somewhere else, so do all that lead to it.
    fn widen(&self, change: &Change, incidents: &mut BTreeSet<String>) {
        if matches!(change, Change::Merged { .. } | Change::Undone { .. }) {
            let families: Vec<String> = incidents.iter().flat_map(|id| self.family(id)).collect();
            incidents.extend(families);
        }
    }

    /// A person has decided: what the decision is about is a person's matter from now on.
    fn seal(&mut self, seq: u64, keys: &[Key], incidents: &BTreeSet<String>) {
        let mut sealed: Vec<Key> = keys.to_vec();
        for incident in incidents {
            // What was merged into it before stays with it too.
            sealed.extend(self.family(incident).into_iter().map(Key::Redirect));
            sealed.extend(self.members(incident).into_iter().map(Key::Home));
        }
        for key in sealed {
            self.registers.entry(key).or_default().sealed.get_or_insert(seq);
        }
    }

    /// The change with every id led on to the incident that it stands for.
    fn led_on(&self, change: &Change) -> Change {
        let on = |id: &String| self.resolve(id);
        match change.clone() {
            Change::Linked { event, incident } => Change::Linked { event, incident: on(&incident) },
            Change::Merged { from, into } => {
                let into = on(&into);
                let from: BTreeSet<String> = from.iter().map(on).filter(|id| *id != into).collect();
                Change::Merged { from: from.into_iter().collect(), into }
            }
            Change::Split { from, mut events, into } => {
                events.sort();
                events.dedup();
                Change::Split { from: on(&from), events, into }
            }
            Change::Corrected { incident, correction } => {
                Change::Corrected { incident: on(&incident), correction }
            }
            Change::Accepted { incident } => Change::Accepted { incident: on(&incident) },
            Change::Rejected { incident } => Change::Rejected { incident: on(&incident) },
            Change::NotAnEvent { incident } => Change::NotAnEvent { incident: on(&incident) },
            Change::Created { incident, mut events } => {
                events.sort();
                events.dedup();
                Change::Created { incident, events }
            }
            same @ (Change::ReportAdded { .. }
            | Change::CopyOf { .. }
            | Change::Undone { .. }
            | Change::RuleSet { .. }) => same,
        }
    }

    /// What a change writes; an error where it cannot be.
    fn writes(&self, change: &Change) -> Result<Vec<(Key, Written)>, Refusal> {
        let invalid = |what: String| Err(Refusal::Invalid(what));
        let status = |incident: &String, status: Status| -> Result<Vec<(Key, Written)>, Refusal> {
            self.must_live(incident)?;
            Ok(vec![(Key::Status(incident.clone()), Written::Status(status))])
        };
        match change {
            Change::ReportAdded { .. } => Ok(Vec::new()),
            Change::CopyOf { report, of } => {
                if of.as_ref() == Some(report) {
                    return invalid(format!("report {report} cannot be a copy of itself"));
                }
                Ok(vec![(Key::Copy(report.clone()), Written::Copy(of.clone()))])
            }
            Change::Created { incident, events } => {
                self.must_be_new(incident)?;
                if events.is_empty() {
                    return invalid(format!("incident {incident} needs at least one event of a report"));
                }
                Ok(events.iter().map(|event| home(event, incident)).collect())
            }
            Change::Linked { event, incident } => {
                self.must_exist(incident)?;
                Ok(vec![home(event, incident)])
            }
            Change::Merged { from, into } => {
                self.must_live(into)?;
                from.iter().try_for_each(|id| self.must_live(id))?;
                if from.is_empty() {
                    return Err(Refusal::NoChange);
                }
                let to = |id: &String| (Key::Redirect(id.clone()), Written::Incident(into.clone()));
                Ok(from.iter().map(to).collect())
            }
            Change::Split { from, events, into } => {
                self.must_be_new(into)?;
                self.must_live(from)?;
                let members = self.members(from);
                if let Some(stranger) = events.iter().find(|event| !members.contains(event)) {
                    return invalid(format!(
                        "event {} of report {} does not belong to incident {from}",
                        stranger.event, stranger.report
                    ));
                }
                if events.is_empty() || events.len() == members.len() {
                    return invalid(format!(
                        "a split takes some of the {} events of incident {from}, neither none nor all",
                        members.len()
                    ));
                }
                Ok(events.iter().map(|event| home(event, into)).collect())
            }
            Change::Corrected { incident, correction } => {
                self.must_live(incident)?;
                sound(correction)?;
                let key = Key::Field(incident.clone(), correction.field());
                Ok(vec![(key, Written::Correction(Box::new(correction.clone())))])
            }
            Change::Accepted { incident } => status(incident, Status::Accepted),
            Change::Rejected { incident } => status(incident, Status::Rejected),
            Change::NotAnEvent { incident } => status(incident, Status::NotAnEvent),
            Change::Undone { decision } => match self.taken.get(decision) {
                None => invalid(format!("there is no decision {decision} that could be undone")),
                Some(taken) if taken.keys.is_empty() => invalid(format!(
                    "decision {decision} added a report: that is not undone; reject its incidents instead"
                )),
                Some(taken) if !taken.standing => invalid(format!("decision {decision} is undone already")),
                Some(_) => Ok(Vec::new()),
            },
            Change::RuleSet { rule } => Ok(vec![(Key::Rule, Written::Rule(rule.clone()))]),
        }
    }

    fn must_be_new(&self, incident: &str) -> Result<(), Refusal> {
        // Ids stand in addresses, files and on paper.
        let fits = (1..=64).contains(&incident.len())
            && incident.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if !fits {
            return Err(Refusal::Invalid(format!(
                "`{incident}` is no id of an incident: 1 to 64 letters, digits, `-`, `_` or `.`"
            )));
        }
        if self.origins.contains_key(incident) {
            return Err(Refusal::Invalid(format!(
                "incident {incident} exists already: ids are never used again"
            )));
        }
        Ok(())
    }

    fn must_exist(&self, incident: &str) -> Result<(), Refusal> {
        if self.origins.contains_key(incident) {
            return Ok(());
        }
        Err(Refusal::Invalid(format!("there is no incident {incident}")))
    }

    fn must_live(&self, incident: &str) -> Result<(), Refusal> {
        self.must_exist(incident)?;
        if self.members(incident).is_empty() {
            return Err(Refusal::Invalid(format!(
                "incident {incident} is withdrawn: no report tells of it any more"
            )));
        }
        Ok(())
    }

    /// Lets a decision stand or not; what it undid itself stands the other way round.
    fn let_stand(&mut self, mut seq: u64, mut standing: bool) {
        while let Some(taken) = self.taken.get_mut(&seq) {
            taken.standing = standing;
            let Some(undone) = taken.undoes else { break };
            (seq, standing) = (undone, !standing);
        }
    }

    fn stands(&self, seq: u64) -> bool {
        self.taken.get(&seq).is_some_and(|taken| taken.standing)
    }

    fn value(&self, key: &Key) -> Option<&Written> {
        self.last(key).map(|write| &write.value)
    }

    fn last(&self, key: &Key) -> Option<&Write> {
        self.registers.get(key)?.writes.iter().rev().find(|write| self.stands(write.seq))
    }

    /// Brings the two indexes up to date with those registers.
    fn refresh(&mut self, keys: &[Key], undoes: Option<u64>) {
        let mut ids: BTreeSet<String> = BTreeSet::new();
        for key in keys {
            match key {
                Key::Home(event) => {
                    let now = match self.value(key) {
                        Some(Written::Incident(id)) => Some(id.clone()),
                        _ => None,
                    };
                    if let Some(old) = self.home.remove(event)
                        && let Some(events) = self.linked.get_mut(&old)
                    {
                        events.remove(event);
                    }
                    if let Some(id) = now {
                        self.linked.entry(id.clone()).or_default().insert(event.clone());
                        self.home.insert(event.clone(), id);
                    }
                }
                Key::Redirect(id) => {
                    ids.insert(id.clone());
                }
                Key::Status(_) | Key::Field(..) | Key::Copy(_) | Key::Rule => {}
            }
        }
        // An undone split leads its id back.
        let mut seq = undoes;
        while let Some(undone) = seq {
            ids.extend(
                self.origins.iter().filter(|(_, origin)| origin.seq == undone).map(|(id, _)| id.clone()),
            );
            seq = self.taken.get(&undone).and_then(|taken| taken.undoes);
        }
        for id in ids {
            if let Some(old) = self.next.remove(&id)
                && let Some(led) = self.led.get_mut(&old)
            {
                led.remove(&id);
            }
            if let Some(to) = self.leads_to(&id) {
                self.led.entry(to.clone()).or_default().insert(id.clone());
                self.next.insert(id, to);
            }
        }
    }

    fn leads_to(&self, id: &str) -> Option<String> {
        if let Some(Written::Incident(to)) = self.value(&Key::Redirect(id.to_owned())) {
            return Some(to.clone());
        }
        let origin = self.origins.get(id)?;
        origin.from.clone().filter(|_| !self.stands(origin.seq))
    }

    /// An id among those that leads back to itself.
    fn ring(&self, ids: &BTreeSet<String>) -> Option<String> {
        ids.iter()
            .find(|id| {
                let mut seen = BTreeSet::new();
                let mut at = id.as_str();
                while let Some(next) = self.next.get(at) {
                    if !seen.insert(at) {
                        return true;
                    }
                    at = next;
                }
                false
            })
            .cloned()
    }

    /// The incidents that a register is about, as it stands.
    fn about(&self, key: &Key) -> Vec<String> {
        let with = |id: &str| vec![id.to_owned(), self.resolve(id)];
        match key {
            Key::Home(event) => self.home.get(event).map(|id| with(id)).unwrap_or_default(),
            Key::Redirect(id) | Key::Status(id) | Key::Field(id, _) => with(id),
            Key::Copy(_) | Key::Rule => Vec::new(),
        }
    }

    fn shown(&self, key: &Key) -> Value {
        match self.value(key) {
            None if matches!(key, Key::Status(_)) => Status::default().as_str().into(),
            None => Value::Null,
            Some(Written::Incident(id)) => id.as_str().into(),
            Some(Written::Status(status)) => status.as_str().into(),
            Some(Written::Copy(of)) => of.as_deref().into(),
            Some(Written::Rule(rule)) => serde_json::to_value(rule).unwrap_or_default(),
            Some(Written::Correction(correction)) => {
                serde_json::to_value(correction).map(|mut value| value["value"].take()).unwrap_or_default()
            }
        }
    }

    /// Where an incident's id leads: to itself, unless it was merged or its split was undone.
    #[must_use]
    pub fn resolve(&self, id: &str) -> String {
        let mut at = id;
        // No ring is ever let in; the bound is for a log that somebody else has written.
        for _ in 0..=self.next.len() {
            match self.next.get(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        at.to_owned()
    }

    /// The incident that an event was linked to, as it was linked.
    #[must_use]
    pub fn home(&self, event: &EventKey) -> Option<&str> {
        self.home.get(event).map(String::as_str)
    }

    /// The events of an incident, those of the incidents merged into it included, in the order in which they were linked.
    #[must_use]
    pub fn members(&self, incident: &str) -> Vec<EventKey> {
        if self.next.contains_key(incident) {
            return Vec::new();
        }
        let mut found: Vec<(u64, &EventKey)> = Vec::new();
        for id in self.family(incident) {
            for event in self.linked.get(&id).into_iter().flatten() {
                let seq = self.last(&Key::Home(event.clone())).map_or(0, |write| write.seq);
                found.push((seq, event));
            }
        }
        found.sort();
        found.into_iter().map(|(_, event)| event.clone()).collect()
    }

    /// The incident and all whose ids lead to it.
    #[must_use]
    pub fn family(&self, incident: &str) -> Vec<String> {
        let mut family = vec![incident.to_owned()];
        let mut at = 0;
        while let Some(id) = family.get(at) {
            let led: Vec<String> = self.led.get(id).into_iter().flatten().cloned().collect();
            family.extend(led.into_iter().filter(|id| id != incident));
            at += 1;
        }
        family
    }

    /// Every incident that was ever created or split off.
    pub fn incidents(&self) -> impl Iterator<Item = &str> {
        self.origins.keys().map(String::as_str)
    }

    /// Every event that was ever linked.
    pub fn events(&self) -> impl Iterator<Item = &EventKey> {
        self.registers.keys().filter_map(|key| if let Key::Home(event) = key { Some(event) } else { None })
    }

    /// Whether an incident stands for itself, and where else its id leads.
    #[must_use]
    pub fn standing(&self, incident: &str) -> (Standing, Option<String>) {
        if self.next.contains_key(incident) {
            return (Standing::Merged, Some(self.resolve(incident)));
        }
        let standing = if self.members(incident).is_empty() { Standing::Withdrawn } else { Standing::Live };
        (standing, None)
    }

    /// What a reviewer has said.
    #[must_use]
    pub fn status(&self, incident: &str) -> Status {
        match self.value(&Key::Status(incident.to_owned())) {
            Some(Written::Status(status)) => *status,
            _ => Status::default(),
        }
    }

    /// The correction of a field and its decision: the incident's own, else the last one of those merged into it.
    #[must_use]
    pub fn correction(&self, incident: &str, field: FieldName) -> Option<(u64, &Correction)> {
        let of = |id: &str| {
            let write = self.last(&Key::Field(id.to_owned(), field))?;
            if let Written::Correction(correction) = &write.value {
                Some((write.seq, correction.as_ref()))
            } else {
                None
            }
        };
        of(incident)
            .or_else(|| self.family(incident).iter().filter_map(|id| of(id)).max_by_key(|(seq, _)| *seq))
    }

    /// Which report a report repeats, if that was ever decided.
    #[must_use]
    pub fn copy_of(&self, report: &str) -> Option<&str> {
        match self.value(&Key::Copy(report.to_owned())) {
            Some(Written::Copy(of)) => of.as_deref(),
            _ => None,
        }
    }

    /// The rule for figures, and the last decision about it (0: there is none).
    #[must_use]
    pub fn rule(&self) -> (u64, FigureRule) {
        match self.value(&Key::Rule) {
            Some(Written::Rule(rule)) => (self.ruled, rule.clone()),
            _ => (self.ruled, FigureRule::default()),
        }
    }

    /// The register of the rule alone, for the ledgers of other pieces of the same log.
    #[must_use]
    pub(crate) fn clone_rule(&self) -> Self {
        let mut rule = Self { ruled: self.ruled, ..Self::default() };
        if let Some(register) = self.registers.get(&Key::Rule) {
            for write in &register.writes {
                rule.taken.extend(self.taken.get(&write.seq).map(|taken| (write.seq, taken.clone())));
            }
            rule.registers.insert(Key::Rule, register.clone());
        }
        rule
    }

    /// Takes over the rule of another piece.
    pub(crate) fn set_rule(&mut self, rule: Self) {
        self.ruled = rule.ruled;
        self.registers.extend(rule.registers);
        self.taken.extend(rule.taken);
    }

    /// The decisions that created an incident and that touched it last.
    #[must_use]
    pub fn span(&self, incident: &str) -> (u64, u64) {
        let created = self.origins.get(incident).map_or(0, |origin| origin.seq);
        (created, self.touched.get(incident).copied().unwrap_or(created))
    }
}

fn home(event: &EventKey, incident: &str) -> (Key, Written) {
    (Key::Home(event.clone()), Written::Incident(incident.to_owned()))
}

/// What a register is called in the log.
fn named(key: &Key) -> (String, String) {
    match key {
        Key::Home(event) => (format!("{}#{}", event.report, event.event), "incident".to_owned()),
        Key::Redirect(id) => (id.clone(), "merged_into".to_owned()),
        Key::Status(id) => (id.clone(), "status".to_owned()),
        Key::Field(id, field) => (id.clone(), field.as_str().to_owned()),
        Key::Copy(report) => (report.clone(), "copy_of".to_owned()),
        Key::Rule => (String::new(), "rule".to_owned()),
    }
}

/// Whether a correction can be.
fn sound(correction: &Correction) -> Result<(), Refusal> {
    let wrong = match correction {
        Correction::Figure(figure) => {
            let given: Vec<u64> = [figure.low, figure.best, figure.high].into_iter().flatten().collect();
            (!given.is_sorted()).then(|| "low, best and high must not fall".to_owned())
        }
        Correction::Dates(dates) => match (dates.event_date, dates.event_date_end) {
            (Some(first), Some(last)) if last < first => Some(format!("{last} is before {first}")),
            (None, Some(_)) => Some("a last day needs a first one".to_owned()),
            _ => None,
        },
        Correction::Place(Some(place)) => match (place.latitude, place.longitude) {
            (Some(lat), Some(lon)) if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) => {
                Some(format!("{lat}, {lon} is no point of the earth"))
            }
            (Some(_), None) | (None, Some(_)) => Some("a latitude needs a longitude".to_owned()),
            _ => (!place.where_precision.is_none_or(|p| (1..=7).contains(&p)))
                .then(|| "where_precision is 1 to 7".to_owned()),
        },
        _ => None,
    };
    wrong.map_or(Ok(()), |what| Err(Refusal::Invalid(format!("`{}`: {what}", correction.field().as_str()))))
}
