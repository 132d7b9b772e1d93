//! What reports tell, fetched from the store when the linker looks at them; of the latest looked at, kept at hand.

use std::num::NonZeroUsize;
use std::sync::Arc;

use link::{Frequencies, Recall, Told};
use lru::LruCache;
use rustc_hash::{FxBuildHasher, FxHashMap};
use store::{Error, Store};

use crate::memory::Names;

/// Reports that are kept at hand: some 3 kB each. News is compared with news of the same weeks, so most of what is looked at was looked at before.
const AT_HAND: NonZeroUsize = NonZeroUsize::new(1 << 14).unwrap();

/// What reports tell that was looked at lately, by their numbers.
pub(crate) struct Tellings {
    lately: LruCache<u32, Arc<Told>, FxBuildHasher>,
    /// Of a batch that the store does not hold yet.
    batch: FxHashMap<u32, Arc<Told>>,
}

impl Tellings {
    pub(crate) fn new() -> Self {
        Self { lately: LruCache::with_hasher(AT_HAND, FxBuildHasher), batch: FxHashMap::default() }
    }

    /// Keeps at hand what the store holds.
    pub(crate) fn put(&mut self, report: u32, told: Arc<Told>) {
        self.lately.put(report, told);
    }

    /// Keeps what the store does not hold yet, until [`Tellings::kept`].
    pub(crate) fn put_new(&mut self, report: u32, told: Arc<Told>) {
        self.batch.insert(report, told);
    }

    /// The store holds the batch now.
    pub(crate) fn kept(&mut self) {
        for (report, told) in self.batch.drain() {
            self.lately.put(report, told);
        }
    }

    fn get(&mut self, report: u32) -> Option<Arc<Told>> {
        self.batch.get(&report).or_else(|| self.lately.get(&report)).cloned()
    }
}

/// Tellings with the store that holds the others.
pub(crate) struct Asked<'a> {
    pub(crate) store: &'a mut dyn Store,
    pub(crate) reports: &'a Names,
    pub(crate) tellings: &'a mut Tellings,
    pub(crate) frequencies: &'a Frequencies,
}

impl Recall for Asked<'_> {
    type Error = Error;

    fn recall(&mut self, reports: &[u32]) -> Result<Vec<Option<Arc<Told>>>, Error> {
        let mut found: Vec<Option<Arc<Told>>> =
            reports.iter().map(|report| self.tellings.get(*report)).collect();
        let missing = reports.iter().zip(&found).filter(|(_, found)| found.is_none());
        let ids: Vec<&str> = missing
            .filter_map(|(report, _)| self.reports.get_index(*report as usize))
            .map(AsRef::as_ref)
            .collect();
        if ids.is_empty() {
            return Ok(found);
        }
        for (id, packed) in self.store.linking_of(&ids)? {
            let told = match Told::unpack(&packed, self.frequencies) {
                Some(told) => Some(told),
                None => read(self.store, &id, self.frequencies)?,
            };
            let number = self.reports.get_index_of(id.as_str()).and_then(|number| u32::try_from(number).ok());
            if let (Some(told), Some(number)) = (told, number) {
                let told = Arc::new(told);
                for (_, place) in reports.iter().zip(&mut found).filter(|(report, _)| **report == number) {
                    *place = Some(Arc::clone(&told));
                }
                self.tellings.put(number, told);
            }
        }
        Ok(found)
    }
}

/// What a kept report tells, from its text; `None` where there is no such report or its coded document is of a version that cannot be read.
pub(crate) fn read(
    store: &mut dyn Store,
    report: &str,
    frequencies: &Frequencies,
) -> Result<Option<Told>, Error> {
    let name = store.name();
    let Some(kept) = store.report(report)? else { return Ok(None) };
    Ok(kept.document(&name).ok().map(|coded| Told::new(&coded, Some(&kept.text), frequencies)))
}
