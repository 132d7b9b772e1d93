//! What was fetched goes the way of all reports: read, linked, kept; and then what came of its source is remembered.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use fetch::{Desk, Done, Due, Fetched};
use intake::Problem;
use record::{HostState, Report, SourceItem};
use store::Settled;

use crate::cli::project::IngestFormat;
use crate::desk::ingest::write;
use crate::desk::intake::{Intake, Origin, Readier, Ready, Sum};
use crate::jobs::Pool;
use crate::say;
use crate::table::plain;

/// A desk over a project's store. Reports are read on threads of their own and go on in the order in which they came, each source's end
/// behind its last report.
pub(super) struct Pipeline {
    intake: Intake,
    reading: Pool<(Report, Origin), Looked>,
    /// What came and was not dealt with yet, in its order.
    came: VecDeque<Came>,
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

/// What a round brings.
enum Came {
    /// A report, which is being read.
    Report(Box<Coming>),
    /// A source is done.
    Done(Box<Done>),
}

/// What is known of a report besides what is read in it.
struct Coming {
    source: String,
    given_id: Option<String>,
    /// What it is called in messages.
    what: String,
    notes: Vec<String>,
    keys: Vec<String>,
    again: Option<SourceItem>,
}

/// A report that was read, and what is to be said of that.
struct Looked {
    ready: Result<Ready, Problem>,
    notes: Vec<String>,
}

/// A report that could not be read.
struct Unread {
    keys: HashSet<String>,
    again: Option<SourceItem>,
}

impl Pipeline {
    /// With so many threads that read.
    pub(super) fn new(intake: Intake, readier: Readier, jobs: usize, to: Option<IngestFormat>) -> Self {
        let look = move |(report, origin): (Report, Origin)| {
            let mut notes = Vec::new();
            // A fault of ours costs the report that shows it, and no thread that others wait for.
            let ready = catch_unwind(AssertUnwindSafe(|| readier.ready(report, origin, &mut notes)));
            let ready = ready.unwrap_or_else(|_| {
                Err(Problem::new(
                    "what was read in it cannot be made ready to be kept; this is a fault of Watchpost",
                    "please report it, with the text if you may",
                ))
            });
            Looked { ready, notes }
        };
        Self {
            intake,
            reading: Pool::new(jobs, look),
            came: VecDeque::new(),
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
        // What is left of a round that broke off is had again: its sources are not settled.
        while self.reading.take(true).is_some() {}
        self.came.clear();
        self.due = due.iter().map(|due| (due.source.id.clone(), due.clone())).collect();
        self.unread.clear();
        self.known.clear();
    }

    fn name(&self, id: &str) -> String {
        self.due.get(id).map_or_else(
            || id.to_owned(),
            |due| plain(&super::called(&due.source, due.state.title.as_deref())),
        )
    }

    /// Ends a round: all that came is dealt with.
    pub(super) fn end(&mut self) -> anyhow::Result<()> {
        while self.next(true)? {}
        Ok(())
    }

    /// Deals with what came next, where it was read or may be waited for; whether there was such.
    fn next(&mut self, wait: bool) -> anyhow::Result<bool> {
        let looked = match self.came.front() {
            Some(Came::Report(_)) => match self.reading.take(wait) {
                Some(looked) => Some(looked),
                None => return Ok(false),
            },
            Some(Came::Done(_)) => None,
            None => return Ok(false),
        };
        match (self.came.pop_front(), looked) {
            (Some(Came::Report(coming)), Some(looked)) => self.read(*coming, looked)?,
            (Some(Came::Done(done)), _) => self.settle(*done)?,
            _ => {}
        }
        Ok(true)
    }

    /// A report was read.
    fn read(&mut self, coming: Coming, looked: Looked) -> anyhow::Result<()> {
        let Coming { source, given_id, what, notes, keys, again } = coming;
        let name = self.name(&source);
        for note in notes.into_iter().chain(looked.notes) {
            say::note(&format!("{name}: {what}: {note}"), None);
        }
        match looked.ready {
            Ok(ready) => {
                self.waiting.push_back((source, given_id));
                let added = self.intake.take(ready);
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

    /// What came of a source is remembered.
    fn settle(&mut self, done: Done) -> anyhow::Result<()> {
        // Kept first: what is remembered as read must be there.
        let added = self.intake.keep();
        self.kept(added)?;
        let name = self.name(&done.source);
        let Done { source, mut state, moved, paused, mut day, mut items, listed, failure, notes } = done;
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
        let settled = Settled { source, state, moved, paused, day, items, listed };
        if !self.store().settle_source(&settled)? {
            say::note(&format!("{name} was removed meanwhile; its reports stay"), None);
        }
        Ok(())
    }

    /// Writes down what became of reports that were kept.
    fn kept(&mut self, added: anyhow::Result<Vec<collection::Added>>) -> anyhow::Result<()> {
        let added = added.inspect_err(|_| {
            // Those that waited are gone with it, and are had again.
            self.waiting.clear();
        })?;
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
        let Fetched { source, report, fetched, headers, notes, keys, again } = fetched;
        let from = self.due.get(&source).and_then(|due| fetch::link::parse(&due.source.url).ok());
        let origin =
            Origin { source: from.as_ref().map(fetch::link::named), fetched: Some(fetched), headers };
        let shown = report
            .url
            .as_deref()
            .and_then(|url| fetch::link::parse(url).ok())
            .map(|url| fetch::link::shown(&url));
        let what = shown.or_else(|| report.title.clone()).unwrap_or_default();
        let given_id = report.given_id.clone();
        while self.reading.is_full() && self.next(true)? {}
        self.reading.give((report, origin));
        let coming = Coming { source, given_id, what, notes, keys, again };
        self.came.push_back(Came::Report(Box::new(coming)));
        while self.next(false)? {}
        Ok(())
    }

    fn done(&mut self, done: Done) -> anyhow::Result<()> {
        self.came.push_back(Came::Done(Box::new(done)));
        while self.next(false)? {}
        Ok(())
    }
}
