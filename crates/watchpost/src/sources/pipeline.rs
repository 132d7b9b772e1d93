//! What was fetched goes the way of all reports: read, linked, kept; and then what came of its source is remembered.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;

use fetch::{Desk, Done, Due, Fetched};
use record::{HostState, SourceItem};
use store::Settled;

use crate::cli::project::IngestFormat;
use crate::desk::ingest::write;
use crate::desk::intake::{Intake, Origin, Readier, Sum};
use crate::say;
use crate::table::plain;

/// A desk over a project's store.
pub(super) struct Pipeline {
    intake: Intake,
    readier: Readier,
    /// Where it is written what became of each report.
    out: Option<io::BufWriter<io::Stdout>>,
    /// The sources of this round.
    due: HashMap<String, Due>,
    /// Those whose reports wait to be kept: source, and the id that the feed gave.
    waiting: VecDeque<(String, Option<String>)>,
    /// What could not be read, to be read another time.
    unread: HashMap<String, Vec<Unread>>,
    /// Reports of each source that the store had already.
    known: HashMap<String, u32>,
    /// Sources that failed.
    pub(super) failed: usize,
    /// Reports that could not be read.
    pub(super) unread_count: usize,
}

/// A report that could not be read.
struct Unread {
    keys: HashSet<String>,
    again: Option<SourceItem>,
}

impl Pipeline {
    pub(super) fn new(intake: Intake, readier: Readier, to: Option<IngestFormat>) -> Self {
        Self {
            intake,
            readier,
            out: to.map(|_| io::BufWriter::new(io::stdout())),
            due: HashMap::new(),
            waiting: VecDeque::new(),
            unread: HashMap::new(),
            known: HashMap::new(),
            failed: 0,
            unread_count: 0,
        }
    }

    /// The store.
    pub(super) fn store(&mut self) -> &mut dyn store::Store {
        self.intake.collection.store()
    }

    /// What was kept so far.
    pub(super) const fn sum(&self) -> Sum {
        self.intake.sum
    }

    /// Begins a round over these sources.
    pub(super) fn begin(&mut self, due: &[Due]) {
        self.due = due.iter().map(|due| (due.source.id.clone(), due.clone())).collect();
        self.waiting.clear();
        self.unread.clear();
        self.known.clear();
    }

    fn name(&self, id: &str) -> String {
        self.due.get(id).map_or_else(
            || id.to_owned(),
            |due| plain(&super::called(&due.source, due.state.title.as_deref())),
        )
    }

    /// Writes down what became of reports that were kept.
    fn kept(&mut self, added: Vec<collection::Added>) -> anyhow::Result<()> {
        let mut ids = VecDeque::new();
        for one in &added {
            let (source, given_id) = self.waiting.pop_front().unwrap_or_default();
            if one.known {
                *self.known.entry(source).or_default() += 1;
            }
            ids.push_back(given_id);
        }
        write(self.out.as_mut(), added, &mut ids)
    }
}

impl Desk for Pipeline {
    type Error = anyhow::Error;

    fn known(&mut self, source: &str, keys: &[String]) -> anyhow::Result<Vec<Option<SourceItem>>> {
        Ok(self.store().source_items(source, keys)?)
    }

    fn waiting(&mut self, source: &str, limit: usize) -> anyhow::Result<Vec<SourceItem>> {
        Ok(self.store().waiting_items(source, limit)?)
    }

    fn host(&mut self, server: &str) -> anyhow::Result<HostState> {
        Ok(self.store().host(server)?)
    }

    fn keep_host(&mut self, server: &str, state: &HostState) -> anyhow::Result<()> {
        Ok(self.store().put_host(server, state)?)
    }

    fn take(&mut self, fetched: Fetched) -> anyhow::Result<()> {
        let Fetched { source, report, fetched, headers, mut notes, keys, again } = fetched;
        let from = self.due.get(&source).and_then(|due| fetch::link::parse(&due.source.url).ok());
        let origin =
            Origin { source: from.as_ref().map(fetch::link::shown), fetched: Some(fetched), headers };
        let (given_id, url) = (report.given_id.clone(), report.url.clone());
        let name = self.name(&source);
        let shown =
            url.as_deref().and_then(|url| fetch::link::parse(url).ok()).map(|url| fetch::link::shown(&url));
        let what = shown.or_else(|| report.title.clone()).unwrap_or_default();
        let ready = self.readier.ready(report, origin, &mut notes);
        for note in notes {
            say::note(&format!("{name}: {what}: {note}"), None);
        }
        match ready {
            Ok(ready) => {
                self.waiting.push_back((source, given_id));
                let added = self.intake.take(ready)?;
                self.kept(added)
            }
            Err(problem) => {
                self.unread_count += 1;
                let hint = if again.is_some() {
                    format!("it is read again in a later round; {}", problem.hint)
                } else {
                    problem.hint
                };
                say::note(&format!("{name}: {what}: {}", problem.error), Some(&hint));
                let keys = keys.into_iter().collect();
                self.unread.entry(source).or_default().push(Unread { keys, again });
                Ok(())
            }
        }
    }

    fn done(&mut self, done: Done) -> anyhow::Result<()> {
        // Kept first: what is remembered as read must be there.
        let added = self.intake.keep()?;
        self.kept(added)?;
        let name = self.name(&done.source);
        let Done { source, mut state, moved, paused, mut day, mut items, failure, notes } = done;
        let known = self.known.remove(&source).unwrap_or_default().min(day.new);
        let unread = self.unread.remove(&source).unwrap_or_default();
        let unread_count = u32::try_from(unread.len()).unwrap_or(u32::MAX).min(day.new - known);
        for Unread { keys, again } in unread {
            items.retain(|item| !keys.contains(&item.key));
            items.extend(again);
        }
        day.new -= known + unread_count;
        day.seen = day.seen.saturating_add(known);
        day.refused = day.refused.saturating_add(unread_count);
        if day.new == 0 {
            state.last_new = self.due.get(&source).and_then(|due| due.state.last_new);
        }
        for note in notes {
            say::note(&format!("{name}: {note}"), None);
        }
        match &failure {
            Some(failure) if failure.why == fetch::Why::Stopped => {}
            Some(failure) => {
                self.failed += usize::from(!matches!(failure.why, fetch::Why::Wait(_)));
                let paused = if paused.is_some() { "; it is paused and asked for no more" } else { "" };
                say::note(&format!("{name}: {}{paused}", failure.error), Some(&failure.hint));
            }
            None => {
                say::line(&format!("{name}: {} new, {} seen, {} refused", day.new, day.seen, day.refused))
            }
        }
        let settled = Settled { source, state, moved, paused, day, items };
        if !self.store().settle_source(&settled)? {
            say::note(&format!("{name} was removed meanwhile; its reports stay"), None);
        }
        Ok(())
    }
}
