//! What is remembered of sources: their definitions, what came of fetching them, which of their items were met. None of it is in
//! the log: it says where reports come from, and nothing about what they tell.

use jiff::ToSpan;
use jiff::civil::Date;
use record::{HostState, Paused, Source, SourceDay, SourceItem, SourceState};
use serde::{Deserialize, Serialize};

use crate::{Error, Keeper, Rows};

/// Days after which an item that its source lists no more is forgotten. If it is listed again, it is read again, and the report
/// is known by its page and text.
const FORGOTTEN: i32 = 90;

/// The rows of sources in one database. A method outside of a transaction is one of its own.
pub trait SourceRows {
    /// All sources, in the order of their ids.
    fn sources(&mut self) -> Result<Vec<(Source, SourceState)>, Error>;
    /// Keeps a source's definition; what is remembered of it stays.
    fn put_source(&mut self, source: &Source) -> Result<(), Error>;
    /// Keeps what is remembered of a source that is there.
    fn put_source_state(&mut self, id: &str, state: &SourceState) -> Result<(), Error>;
    /// Forgets a source and all that is remembered of it; whether it was there.
    fn remove_source(&mut self, id: &str) -> Result<bool, Error>;
    /// The days of a source from one on, oldest first.
    fn source_days(&mut self, id: &str, from: Date) -> Result<Vec<SourceDay>, Error>;
    /// Adds to a day of a source.
    fn add_source_day(&mut self, id: &str, day: &SourceDay) -> Result<(), Error>;
    /// The items of a source with these keys.
    fn source_items(&mut self, id: &str, keys: &[String]) -> Result<Vec<SourceItem>, Error>;
    /// All items of a source after a key, in the order of the keys, at most so many.
    fn source_items_after(&mut self, id: &str, key: &str, limit: usize) -> Result<Vec<SourceItem>, Error>;
    /// Items of a source that are still to be read, those met longest ago first, at most so many.
    fn waiting_items(&mut self, id: &str, limit: usize) -> Result<Vec<SourceItem>, Error>;
    /// Keeps items of a source.
    fn put_source_items(&mut self, id: &str, items: &[SourceItem]) -> Result<(), Error>;
    /// Forgets items of a source that were met before a day last, but for those that are still to be read.
    fn forget_source_items(&mut self, id: &str, before: Date) -> Result<(), Error>;
    /// What is remembered of a server.
    fn host(&mut self, server: &str) -> Result<Option<HostState>, Error>;
    /// Keeps what is remembered of a server.
    fn put_host(&mut self, server: &str, state: &HostState) -> Result<(), Error>;
}

/// What came of fetching a source, to be kept at once.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The source's id.
    pub source: String,
    /// What is to be remembered of it.
    pub state: SourceState,
    /// Its new address, where it moved for good.
    pub moved: Option<String>,
    /// Why it is not to be fetched any more.
    pub paused: Option<Paused>,
    /// What is to be added to its day.
    pub day: SourceDay,
    /// The items that were met.
    pub items: Vec<SourceItem>,
    /// Whether all that it lists was looked at: only then is what was not met for long listed no more.
    pub listed: bool,
}

/// The part of a store that remembers sources.
pub trait Sources {
    /// All sources, in the order of their ids.
    fn sources(&mut self) -> Result<Vec<(Source, SourceState)>, Error>;
    /// Adds sources or changes their definitions, all or none; what is remembered of them stays.
    fn put_sources(&mut self, sources: &[Source]) -> Result<(), Error>;
    /// Asks for a source at once, whatever came of it before.
    fn wake_source(&mut self, id: &str) -> Result<bool, Error>;
    /// Forgets a source and all that is remembered of it; its reports stay. Whether it was there.
    fn remove_source(&mut self, id: &str) -> Result<bool, Error>;
    /// The days of a source from one on, oldest first.
    fn source_days(&mut self, id: &str, from: Date) -> Result<Vec<SourceDay>, Error>;
    /// The items of a source with these keys, in their order.
    fn source_items(&mut self, id: &str, keys: &[String]) -> Result<Vec<Option<SourceItem>>, Error>;
    /// Items of a source that are still to be read, those met longest ago first, at most so many.
    fn waiting_items(&mut self, id: &str, limit: usize) -> Result<Vec<SourceItem>, Error>;
    /// Keeps what came of fetching a source; `false` where it was removed meanwhile.
    fn settle_source(&mut self, settled: &Settled) -> Result<bool, Error>;
    /// What is remembered of a server.
    fn host(&mut self, server: &str) -> Result<HostState, Error>;
    /// Keeps what is remembered of a server.
    fn put_host(&mut self, server: &str, state: &HostState) -> Result<(), Error>;
}

impl<R: Rows> Sources for Keeper<R> {
    fn sources(&mut self) -> Result<Vec<(Source, SourceState)>, Error> {
        self.rows.sources()
    }

    fn put_sources(&mut self, sources: &[Source]) -> Result<(), Error> {
        self.within(|keeper| sources.iter().try_for_each(|source| keeper.rows.put_source(source)))
    }

    fn wake_source(&mut self, id: &str) -> Result<bool, Error> {
        self.within(|keeper| {
            let found = keeper.rows.sources()?.into_iter().find(|(source, _)| source.id == id);
            let Some((mut source, state)) = found else { return Ok(false) };
            source.paused = None;
            keeper.rows.put_source(&source)?;
            let state = SourceState { error: None, failures: 0, next_try: None, ..state };
            keeper.rows.put_source_state(id, &state).map(|()| true)
        })
    }

    fn remove_source(&mut self, id: &str) -> Result<bool, Error> {
        self.within(|keeper| keeper.rows.remove_source(id))
    }

    fn source_days(&mut self, id: &str, from: Date) -> Result<Vec<SourceDay>, Error> {
        self.rows.source_days(id, from)
    }

    fn source_items(&mut self, id: &str, keys: &[String]) -> Result<Vec<Option<SourceItem>>, Error> {
        let found = self.rows.source_items(id, keys)?;
        let mut by_key: std::collections::HashMap<String, SourceItem> =
            found.into_iter().map(|item| (item.key.clone(), item)).collect();
        // A key that is asked for twice is there twice.
        let mut last: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
        for (at, key) in keys.iter().enumerate() {
            last.insert(key, at);
        }
        Ok(keys
            .iter()
            .enumerate()
            .map(|(at, key)| {
                if last.get(key.as_str()) == Some(&at) {
                    by_key.remove(key)
                } else {
                    by_key.get(key).cloned()
                }
            })
            .collect())
    }

    fn waiting_items(&mut self, id: &str, limit: usize) -> Result<Vec<SourceItem>, Error> {
        self.rows.waiting_items(id, limit)
    }

    fn settle_source(&mut self, settled: &Settled) -> Result<bool, Error> {
        self.within(|keeper| {
            let sources = keeper.rows.sources()?;
            let Some((mut source, _)) =
                sources.iter().find(|(source, _)| source.id == settled.source).cloned()
            else {
                return Ok(false);
            };
            let before = source.clone();
            if let Some(to) = &settled.moved {
                let other = sources.iter().find(|(other, _)| other.id != source.id && other.url == *to);
                match other {
                    Some((other, _)) => {
                        let at = settled.state.last_try.unwrap_or(source.added);
                        let why = format!(
                            "it moved to the address of another source, {} ({})",
                            other.name, other.id
                        );
                        source.paused = Some(Paused { at, why });
                    }
                    None => source.url.clone_from(to),
                }
            }
            if settled.paused.is_some() && source.paused.is_none() {
                source.paused.clone_from(&settled.paused);
            }
            if source != before {
                keeper.rows.put_source(&source)?;
            }
            keeper.rows.put_source_state(&source.id, &settled.state)?;
            if settled.day != SourceDay::empty(settled.day.day) {
                keeper.rows.add_source_day(&source.id, &settled.day)?;
            }
            keeper.rows.put_source_items(&source.id, &settled.items)?;
            if settled.listed
                && let Ok(before) = settled.day.day.checked_sub(FORGOTTEN.days())
            {
                keeper.rows.forget_source_items(&source.id, before)?;
            }
            Ok(true)
        })
    }

    fn host(&mut self, server: &str) -> Result<HostState, Error> {
        Ok(self.rows.host(server)?.unwrap_or_default())
    }

    fn put_host(&mut self, server: &str, state: &HostState) -> Result<(), Error> {
        self.rows.put_host(server, state)
    }
}

/// A source with all that is remembered of it, as a dump has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Dumped {
    source: Source,
    #[serde(default)]
    state: SourceState,
    #[serde(default)]
    days: Vec<SourceDay>,
    #[serde(default)]
    items: Vec<SourceItem>,
}

/// Every source as a dump has it, one after another.
pub(crate) fn dumped<R: Rows>(
    rows: &mut R,
    put: &mut dyn FnMut(Dumped) -> Result<(), Error>,
) -> Result<(), Error> {
    for (source, state) in rows.sources()? {
        let days = rows.source_days(&source.id, Date::MIN)?;
        let mut items: Vec<SourceItem> = Vec::new();
        loop {
            let after = items.last().map(|item| item.key.clone()).unwrap_or_default();
            let more = rows.source_items_after(&source.id, &after, crate::keeper::PIECE)?;
            if more.is_empty() {
                break;
            }
            items.extend(more);
        }
        put(Dumped { source, state, days, items })?;
    }
    Ok(())
}

/// Takes a source in from a dump.
pub(crate) fn restored<R: Rows>(rows: &mut R, dumped: &Dumped) -> Result<(), Error> {
    let id = &dumped.source.id;
    rows.put_source(&dumped.source)?;
    rows.put_source_state(id, &dumped.state)?;
    dumped.days.iter().try_for_each(|day| rows.add_source_day(id, day))?;
    rows.put_source_items(id, &dumped.items)
}
