//! What the watch has found and foreseen: a log of its own, only ever added to and chained like that of decisions, and the situations that it
//! folds to. Apart from the log of decisions, since none of it says anything about incidents.

use jiff::civil::Date;
use record::{AuthorKind, Seen, Situation, Snoozed, WatchEntry, WatchNote};

use crate::log::{Head, hash};
use crate::{Entry, Error, Fault, Keeper, Refusal, Rows, Stamp, Store};

/// What is to be put into the watch's log, made of what the store holds.
pub type WatchPlan<'p> = dyn FnMut(&mut dyn Store) -> Result<Vec<Noting>, Error> + 'p;

/// A note, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Noting {
    /// What.
    pub note: WatchNote,
    /// Why, in words.
    pub why: String,
}

/// The watch's rows in one database. A method outside of a transaction is one of its own.
pub trait WatchRows {
    /// The end of the watch's log.
    fn watch_head(&mut self) -> Result<Head, Error>;
    /// Adds to its end.
    fn watch_append(&mut self, entry: &Entry, kind: &str, about: &str) -> Result<(), Error>;
    /// The entries after a place, in their order, at most so many; those of a kind or about one thing alone where that is said.
    fn watch_entries(
        &mut self,
        kind: Option<&str>,
        about: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, Error>;
    /// Keeps a situation as it stands.
    fn put_situation(&mut self, situation: &Situation) -> Result<(), Error>;
    /// A situation.
    fn situation(&mut self, id: &str) -> Result<Option<Situation>, Error>;
    /// Situations, those updated last first, at most so many; only those that go on where that is said.
    fn situations(&mut self, open: bool, limit: usize) -> Result<Vec<Situation>, Error>;
    /// Forgets all situations: they can be made anew.
    fn forget_situations(&mut self) -> Result<(), Error>;
}

/// The part of a store that remembers what the watch has found and foreseen.
pub trait Watching {
    /// The end of the watch's log.
    fn watch_head(&mut self) -> Result<Head, Error>;
    /// Puts notes into the log, all or none, made of what the store holds at that moment. A note that cannot be is refused by itself.
    fn note_with(
        &mut self,
        stamp: &Stamp,
        plan: &mut WatchPlan<'_>,
    ) -> Result<Vec<Result<u64, Refusal>>, Error>;
    /// The entries of the watch's log after a place, at most so many; of one kind or about one situation or forecast where that is said.
    fn watch_entries(
        &mut self,
        kind: Option<&str>,
        about: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<WatchEntry>, Error>;
    /// A situation as it stands.
    fn situation(&mut self, id: &str) -> Result<Option<Situation>, Error>;
    /// Situations, those updated last first, at most so many; only those that go on where that is said.
    fn situations(&mut self, open: bool, limit: usize) -> Result<Vec<Situation>, Error>;
}

impl<R: Rows> Watching for Keeper<R> {
    fn watch_head(&mut self) -> Result<Head, Error> {
        self.rows.watch_head()
    }

    fn note_with(
        &mut self,
        stamp: &Stamp,
        plan: &mut WatchPlan<'_>,
    ) -> Result<Vec<Result<u64, Refusal>>, Error> {
        self.within(|keeper| {
            let notings = plan(keeper)?;
            let mut head = keeper.rows.watch_head()?;
            let mut came = Vec::with_capacity(notings.len());
            for noting in notings {
                came.push(note(keeper, &mut head, stamp, noting)?);
            }
            Ok(came)
        })
    }

    fn watch_entries(
        &mut self,
        kind: Option<&str>,
        about: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<WatchEntry>, Error> {
        let name = self.rows.name().to_owned();
        self.rows.watch_entries(kind, about, after, limit)?.iter().map(|entry| read(entry, &name)).collect()
    }

    fn situation(&mut self, id: &str) -> Result<Option<Situation>, Error> {
        self.rows.situation(id)
    }

    fn situations(&mut self, open: bool, limit: usize) -> Result<Vec<Situation>, Error> {
        self.rows.situations(open, limit)
    }
}

fn read(entry: &Entry, store: &str) -> Result<WatchEntry, Error> {
    serde_json::from_str(&entry.body).map_err(|error| {
        Error::damaged(store, format!("entry {} of the watch's log cannot be read: {error}", entry.seq))
    })
}

fn note<R: Rows>(
    keeper: &mut Keeper<R>,
    head: &mut Head,
    stamp: &Stamp,
    noting: Noting,
) -> Result<Result<u64, Refusal>, Error> {
    let person = stamp.by.kind == AuthorKind::Person;
    let about = noting.note.about().to_owned();
    let known = keeper.rows.situation(&about)?;
    let refused = |what: String| Ok(Err(Refusal::Invalid(what)));
    match &noting.note {
        WatchNote::Acknowledged { .. } | WatchNote::Snoozed { .. } => {
            if known.is_none() {
                return refused(format!("there is no situation {about}"));
            }
            if !person || noting.why.trim().is_empty() {
                return refused("a person acknowledges or snoozes a situation, and says why".to_owned());
            }
        }
        WatchNote::Forecast { .. } => {
            if !keeper.rows.watch_entries(Some("forecast"), Some(&about), 0, 1)?.is_empty() {
                return refused(format!("forecast {about} was issued already: it is not issued anew"));
            }
        }
        WatchNote::Came { came } => {
            let name = keeper.rows.name().to_owned();
            let before = keeper.rows.watch_entries(Some("came"), Some(&about), 0, usize::MAX)?;
            for entry in before {
                if matches!(read(&entry, &name)?.note, WatchNote::Came { came: known } if known.date == came.date)
                {
                    return Ok(Err(Refusal::NoChange));
                }
            }
        }
        WatchNote::Situation { .. } => {}
    }
    let entry = WatchEntry {
        seq: head.seq + 1,
        at: stamp.at,
        by: stamp.by.clone(),
        why: noting.why.trim().to_owned(),
        tool: stamp.tool.clone(),
        note: noting.note,
    };
    let body = serde_json::to_string(&entry).map_err(|error| {
        Error::Asked(format!("entry {} of the watch's log cannot be written: {error}", entry.seq))
    })?;
    let chained = Entry { seq: entry.seq, hash: hash(&head.hash, &body), body };
    *head = Head { seq: chained.seq, hash: chained.hash.clone() };
    keeper.rows.watch_append(&chained, entry.note.kind(), &about)?;
    if let Some(situation) = folded(known, &entry) {
        keeper.rows.put_situation(&situation)?;
    }
    Ok(Ok(entry.seq))
}

/// A situation after one more entry: what persons have said stays until they say otherwise, or until it grows after it was acknowledged.
#[must_use]
pub fn folded(before: Option<Situation>, entry: &WatchEntry) -> Option<Situation> {
    match &entry.note {
        WatchNote::Situation { situation } => {
            let mut after = (**situation).clone();
            after.updated = entry.at;
            if let Some(before) = before {
                after.opened = before.opened;
                after.acknowledged = before.acknowledged;
                after.snoozed = before.snoozed;
            }
            Some(after)
        }
        WatchNote::Acknowledged { .. } => {
            before.map(|before| Situation { acknowledged: Some(seen(entry)), ..before })
        }
        WatchNote::Snoozed { until, .. } => before.map(|before| Situation {
            snoozed: Some(Snoozed { until: *until, seen: seen(entry) }),
            ..before
        }),
        WatchNote::Forecast { .. } | WatchNote::Came { .. } => None,
    }
}

fn seen(entry: &WatchEntry) -> Seen {
    Seen { by: entry.by.clone(), at: entry.at, why: entry.why.clone() }
}

/// Whether a situation is to be said on a day: it is neither snoozed nor has a person acknowledged it as it stands.
#[must_use]
pub fn to_be_said(situation: &Situation, today: Date) -> bool {
    let snoozed = situation.snoozed.as_ref().is_some_and(|snoozed| today <= snoozed.until);
    let known = situation.acknowledged.as_ref().is_some_and(|seen| seen.at >= situation.updated);
    !snoozed && !known
}

/// Goes through the watch's log in its order.
pub(crate) fn each<R: Rows>(
    keeper: &mut Keeper<R>,
    mut take: impl FnMut(&mut Keeper<R>, Entry) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut last = 0;
    loop {
        let entries = keeper.rows.watch_entries(None, None, last, crate::keeper::PIECE)?;
        let Some(end) = entries.last() else { return Ok(()) };
        last = end.seq;
        entries.into_iter().try_for_each(|entry| take(keeper, entry))?;
    }
}

/// Makes the situations anew from the watch's log.
pub(crate) fn rebuild<R: Rows>(keeper: &mut Keeper<R>) -> Result<(), Error> {
    keeper.rows.forget_situations()?;
    let name = keeper.rows.name().to_owned();
    each(keeper, |keeper, entry| {
        let entry = read(&entry, &name)?;
        let before = keeper.rows.situation(entry.note.about())?;
        match folded(before, &entry) {
            Some(situation) => keeper.rows.put_situation(&situation),
            None => Ok(()),
        }
    })
}

/// Looks whether the watch's log and its situations are as they were written.
pub(crate) fn verify<R: Rows>(keeper: &mut Keeper<R>, found: &mut dyn FnMut(Fault)) -> Result<(), Error> {
    let mut last = Head::default();
    let name = keeper.rows.name().to_owned();
    let mut situations: std::collections::BTreeMap<String, Situation> = std::collections::BTreeMap::new();
    each(keeper, |_, entry| {
        if entry.seq != last.seq + 1 || hash(&last.hash, &entry.body) != entry.hash {
            found(Fault::Watch { seq: entry.seq });
        }
        last = Head { seq: entry.seq, hash: entry.hash.clone() };
        match read(&entry, &name) {
            Ok(entry) => {
                let before = situations.remove(entry.note.about());
                if let Some(situation) = folded(before, &entry) {
                    situations.insert(situation.id.clone(), situation);
                }
            }
            Err(error) => found(Fault::Unreadable { seq: entry.seq, why: error.to_string() }),
        }
        Ok(())
    })?;
    if keeper.rows.watch_head()? != last {
        found(Fault::Watch { seq: last.seq });
    }
    let kept = keeper.rows.situations(false, usize::MAX)?;
    for situation in &kept {
        if situations.remove(&situation.id).as_ref() != Some(situation) {
            found(Fault::Situation(situation.id.clone()));
        }
    }
    situations.into_keys().for_each(|id| found(Fault::Situation(id)));
    Ok(())
}

/// Takes an entry in from a dump; `false` where it does not follow the one before.
pub(crate) fn restored<R: Rows>(keeper: &mut Keeper<R>, given: String, body: String) -> Result<bool, Error> {
    let head = keeper.rows.watch_head()?;
    let entry = Entry { seq: head.seq + 1, hash: given, body };
    let name = keeper.rows.name().to_owned();
    let Ok(told) = read(&entry, &name) else { return Ok(false) };
    if hash(&head.hash, &entry.body) != entry.hash || told.seq != entry.seq {
        return Ok(false);
    }
    keeper.rows.watch_append(&entry, told.note.kind(), told.note.about())?;
    Ok(true)
}
