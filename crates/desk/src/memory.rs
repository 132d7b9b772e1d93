//! The table of incidents in memory (`store::table`): filled when the desk opens, and brought up by whoever asks first after something
//! was written, here or by another program. Until it is filled, and for what it cannot answer, the database is asked.

use std::collections::HashMap;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use record::Incident;
use serde_json::value::RawValue;
use store::find::{Filter, Found, Page, Total};
use store::table::{Listed, RowSet};
use store::words::Query;
use store::{Store, Table};

use crate::pool::Open;
use crate::problem::Problem;

/// How often the table is brought up while nobody asks, so that whoever asks next does not wait for it.
const EVERY: Duration = Duration::from_secs(1);

/// Decisions that a question does not wait for: the database answers it.
const FAR: u64 = 20_000;

/// Questions whose words' rows are kept.
const WORDS: usize = 16;

/// Names and points that are kept, of each.
const KEPT: usize = 60_000;

/// What to filter by, and the name that people read.
pub(crate) type Label = Option<(String, String)>;

/// A point of a map as it is sent.
pub(crate) type Point = Arc<RawValue>;

/// What of a row's document was read before, for as long as nothing touches the incident.
type Read<K, V> = Mutex<HashMap<K, (i64, i64, V)>>;

/// The table, and what was read beside it.
#[derive(Debug)]
pub(crate) struct Memory {
    shared: Arc<Shared>,
    /// The thread ends when this goes.
    _stop: Sender<()>,
}

#[derive(Debug, Default)]
struct Shared {
    table: RwLock<Option<Table>>,
    /// Held by the one who brings the table up.
    following: Mutex<()>,
    words: Mutex<Vec<(Query, u64, Arc<RowSet>)>>,
    labels: Read<(bool, String), Label>,
    points: Read<i64, Point>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// Begins to fill it, on a thread of its own with a store of its own; where it is not wanted it stays empty.
    pub(crate) fn start(open: &Open, wanted: bool) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (stop, stopped) = channel::<()>();
        if wanted {
            let (shared, open) = (Arc::clone(&shared), Arc::clone(open));
            std::thread::Builder::new().name("desk-memory".to_owned()).spawn(move || {
                let mut store = None;
                loop {
                    if let Err(error) = shared.look(&open, &mut store) {
                        // A store that is busy or away for a moment is no reason to end: the database answers meanwhile, or says why not.
                        eprintln!("desk: the table in memory: {error}");
                        store = None;
                    }
                    if stopped.recv_timeout(EVERY) != Err(RecvTimeoutError::Timeout) {
                        return;
                    }
                }
            })?;
        }
        Ok(Self { shared, _stop: stop })
    }

    /// How many incidents are in it; 0 until it is filled.
    pub(crate) fn len(&self) -> usize {
        self.shared.read().as_ref().map_or(0, Table::len)
    }

    /// Asks the table as of now; `None` where it cannot answer. `filter` is one of those that are asked for: all of them have its words.
    pub(crate) fn ask<T>(
        &self,
        store: &mut dyn Store,
        filter: &Filter,
        work: impl FnOnce(&Table, Option<&RowSet>) -> Option<T>,
    ) -> Result<Option<T>, store::Error> {
        if !Table::answers(filter) {
            return Ok(None);
        }
        let head = store.head()?.seq;
        let Some(known) = self.shared.read().as_ref().map(Table::seq) else { return Ok(None) };
        if head.saturating_sub(known) > FAR {
            return Ok(None);
        }
        if head > known {
            self.shared.follow(store)?;
        }
        let words = match &filter.text {
            Some(query) => Some(self.shared.found(store, query, head)?),
            None => None,
        };
        Ok(self.shared.read().as_ref().and_then(|table| work(table, words.as_deref())))
    }

    /// How many incidents a filter finds.
    pub(crate) fn count(
        &self,
        store: &mut dyn Store,
        filter: &Filter,
        limit: u64,
    ) -> Result<Total, store::Error> {
        match self.ask(store, filter, |table, words| table.count(filter, words))? {
            Some(count) => Ok(counted(count, limit)),
            None => store.count(filter, limit),
        }
    }

    /// A page of what a filter finds, and how many there are in all.
    pub(crate) fn find(
        &self,
        store: &mut dyn Store,
        filter: &Filter,
        page: &Page,
        limit: u64,
    ) -> Result<(Found<Incident>, Total), store::Error> {
        if let Some(listed) = self.listed(store, filter, page)? {
            let rows: Vec<i64> = listed.rows.iter().map(|(row, _)| *row).collect();
            let found = store.at_rows(&rows)?;
            if found.len() == rows.len() {
                let rows = found.into_iter().map(|(_, incident)| incident).collect();
                return Ok((Found { rows, next: listed.next }, counted(listed.total, limit)));
            }
        }
        Ok((store.find(filter, page)?, store.count(filter, limit)?))
    }

    /// The rows of a page.
    pub(crate) fn listed(
        &self,
        store: &mut dyn Store,
        filter: &Filter,
        page: &Page,
    ) -> Result<Option<Listed>, store::Error> {
        self.ask(store, filter, |table, words| table.page(filter, words, page))
    }

    /// What a name is called in the incident that it was found in, from the document where it was not read before.
    pub(crate) fn label(
        &self,
        store: &mut dyn Store,
        of: (bool, String),
        (row, updated): (i64, i64),
        read: impl FnOnce(Incident) -> Label,
    ) -> Result<Label, store::Error> {
        let kept = locked(&self.shared.labels)
            .get(&of)
            .filter(|(from, since, _)| (*from, *since) == (row, updated))
            .map(|(_, _, label)| label.clone());
        if let Some(label) = kept {
            return Ok(label);
        }
        let label = store.at_rows(&[row])?.pop().and_then(|(_, incident)| read(incident));
        let mut labels = locked(&self.shared.labels);
        if labels.len() >= KEPT {
            labels.clear();
        }
        labels.insert(of, (row, updated, label.clone()));
        Ok(label)
    }

    /// The points of these rows, made of the documents of those that nobody has asked for; `None` where the store does not have all of them.
    pub(crate) fn points(
        &self,
        store: &mut dyn Store,
        rows: &[(i64, i64)],
        made: impl Fn(&str) -> Result<Point, Problem>,
    ) -> Result<Option<Vec<Point>>, Problem> {
        let kept = |(row, updated): &(i64, i64)| {
            let points = locked(&self.shared.points);
            points.get(row).filter(|(_, since, _)| since == updated).map(|(_, _, point)| Arc::clone(point))
        };
        let known: Vec<Option<Point>> = rows.iter().map(kept).collect();
        let missing: Vec<(i64, i64)> =
            rows.iter().zip(&known).filter(|(_, point)| point.is_none()).map(|(row, _)| *row).collect();
        let numbers: Vec<i64> = missing.iter().map(|(row, _)| *row).collect();
        let found = store.documents(&numbers)?;
        if found.len() != missing.len() {
            return Ok(None);
        }
        let mut read = Vec::with_capacity(found.len());
        for (_, document) in found {
            read.push(made(&document)?);
        }
        let mut points = locked(&self.shared.points);
        if points.len() + read.len() > KEPT {
            points.clear();
        }
        for ((row, updated), point) in missing.iter().zip(&read) {
            points.insert(*row, (*row, *updated, Arc::clone(point)));
        }
        drop(points);
        let mut read = read.into_iter();
        Ok(known.into_iter().map(|point| point.or_else(|| read.next())).collect())
    }
}

fn counted(count: u64, limit: u64) -> Total {
    if count > limit { Total::MoreThan(limit) } else { Total::Exactly(count) }
}

impl Shared {
    fn read(&self) -> RwLockReadGuard<'_, Option<Table>> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, table: Option<Table>) {
        *self.table.write().unwrap_or_else(PoisonError::into_inner) = table;
        locked(&self.points).clear();
        locked(&self.labels).clear();
        locked(&self.words).clear();
    }

    /// Fills the table, or brings it up.
    fn look(&self, open: &Open, kept: &mut Option<Box<dyn Store>>) -> Result<(), store::Error> {
        let store = match kept {
            Some(store) => store.as_mut(),
            None => kept.insert(open()?).as_mut(),
        };
        let known = self.read().as_ref().map(Table::seq);
        match known {
            None => self.put(Some(Table::load(store)?)),
            Some(known) if store.head()?.seq > known => self.follow(store)?,
            Some(_) => {
                let _one = locked(&self.following);
                let is_of = self.read().as_ref().is_none_or(|table| table.is_of(store).unwrap_or(true));
                if !is_of {
                    self.put(None);
                }
            }
        }
        Ok(())
    }

    /// Brings the table up to what the store holds: one at a time, and others go on reading while the store is asked.
    fn follow(&self, store: &mut dyn Store) -> Result<(), store::Error> {
        let _one = locked(&self.following);
        let head = store.head()?.seq;
        let news = match self.read().as_ref() {
            Some(table) if table.seq() >= head => return Ok(()),
            Some(table) => {
                if table.is_of(store)? {
                    Some(table.news(store)?)
                } else {
                    None
                }
            }
            None => return Ok(()),
        };
        let fits = news.is_some_and(|news| {
            let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
            table.as_mut().is_some_and(|table| table.take(&news).is_ok())
        });
        if !fits {
            // The store's tables were made anew: so is this one.
            self.put(None);
        }
        Ok(())
    }

    /// The rows that words are found in.
    fn found(&self, store: &mut dyn Store, query: &Query, head: u64) -> Result<Arc<RowSet>, store::Error> {
        let known = locked(&self.words)
            .iter()
            .find(|(known, seq, _)| *seq == head && known == query)
            .map(|(_, _, rows)| Arc::clone(rows));
        if let Some(rows) = known {
            return Ok(rows);
        }
        let rows = Arc::new(RowSet::of(&store.matching(query)?));
        let mut words = locked(&self.words);
        words.retain(|(known, seq, _)| *seq >= head && known != query);
        if words.len() >= WORDS {
            words.remove(0);
        }
        words.push((query.clone(), head, Arc::clone(&rows)));
        Ok(rows)
    }
}
