/*! What the store remembers, and how: the only part of Watchpost that does.

It keeps reports as they were read, the sources that they come from, an append-only log of decisions, and the incidents that the decisions make of the reports; and, in a log of its own, what the watch has found and foreseen.
The log is the truth. An incident is what its decisions fold to ([`Ledger`]) and its reports tell ([`view()`]); the tables that
incidents are found in hold what was folded, and can be made anew at any time ([`Store::rebuild`]). Every decision's hash covers
the one before, so [`Store::verify`] finds what was changed, taken out or moved.

[`Store`] is what the rest of Watchpost sees. [`Keeper`] is it over any database that can keep and find rows ([`Rows`]): the
rules are written once, and `store-sqlite` and `store-postgres` have none of their own. This crate itself touches no file,
network or clock.
*/

pub mod accounts;
mod dump;
mod error;
pub mod find;
mod keeper;
mod ledger;
pub mod log;
mod report;
pub mod rows;
mod sources;
pub mod sql;
pub mod survey;
pub mod table;
mod telling;
mod verify;
mod view;
mod watching;
pub mod words;

use std::collections::HashMap;
use std::io::{BufRead, Write};

use record::{Decision, EventKey, FigureRule, Incident};

pub use accounts::Accounts;
pub use dump::{DUMP_SCHEMA, Restored};
pub use error::{Error, Refusal};
pub use keeper::{Act, Keeper, Outcome, Stamp};
pub use ledger::{Ledger, Planned};
pub use log::{Entry, Head};
pub use report::{NewReport, Packer, StoredReport, pack, report_id, unpack};
pub use rows::{Linking, ReportDay, Rows};
pub use sources::{Settled, SourceRows, Sources};
pub use survey::Survey;
pub use table::Table;
pub use telling::{Telling, Told};
pub use verify::Fault;
pub use view::{Voiced, view};
pub use watching::{Noting, WatchPlan, WatchRows, Watching, folded, to_be_said};

use find::{ChangeCursor, Changes, Filter, Found, Page, ReportFilter, ReportRow, Total};

/// What is to be done, made of what the store holds.
pub type Plan<'p> = dyn FnMut(&mut dyn Store) -> Result<Vec<Act>, Error> + 'p;

/// A store of reports, decisions and incidents.
pub trait Store: Sources + Survey + Watching + Accounts {
    /// What it is called in messages.
    fn name(&self) -> String;

    /// Keeps reports and takes decisions, in this order and as one transaction: after an error nothing of them is kept. An
    /// act that cannot be done is refused by itself ([`Outcome::Refused`]) and does not stop the others.
    fn record(&mut self, stamp: &Stamp, acts: &[Act]) -> Result<Vec<Outcome>, Error>;

    /// The same for acts that rest on what the store holds at that moment: `plan` may ask the store anything while no other program
    /// writes, and gives what is to be done. It must not write.
    fn record_with(&mut self, stamp: &Stamp, plan: &mut Plan<'_>) -> Result<Vec<Outcome>, Error>;

    /// Looks at what the store holds at one moment, whatever other programs write meanwhile. `look` must not write.
    fn at_one_moment(
        &mut self,
        look: &mut dyn FnMut(&mut dyn Store) -> Result<(), Error>,
    ) -> Result<(), Error>;

    /// What the linker keeps of the reports after a row, in the order in which they came, at most so many.
    fn linking(&mut self, after: i64, limit: usize) -> Result<Vec<Linking>, Error>;
    /// What the linker keeps of reports, by their ids, in any order; of those that are there.
    fn linking_of(&mut self, reports: &[&str]) -> Result<Vec<(String, Vec<u8>)>, Error>;
    /// Keeps what the linker makes of reports anew. No decision: it changes nothing that the store says.
    fn keep_linking(&mut self, told: &[(String, Vec<u8>)]) -> Result<(), Error>;
    /// The incidents that were merged or withdrawn.
    fn gone(&mut self) -> Result<Vec<Incident>, Error>;

    /// A report.
    fn report(&mut self, id: &str) -> Result<Option<StoredReport>, Error>;
    /// The days and voices of the reports after a row, in the order in which they came, at most so many.
    fn report_days(&mut self, after: i64, limit: usize) -> Result<Vec<ReportDay>, Error>;
    /// The first report with this text, by the SHA-256 of it.
    fn report_with_text(&mut self, text_sha256: &str) -> Result<Option<String>, Error>;
    /// The events of a report, and the incident of each as it stands now.
    fn events(&mut self, report: &str) -> Result<Vec<(EventKey, Option<String>)>, Error>;
    /// An incident by its id: one that was merged says where it went.
    fn incident(&mut self, id: &str) -> Result<Option<Incident>, Error>;
    /// The incident that an id stands for now, merges followed.
    fn resolved(&mut self, id: &str) -> Result<Option<Incident>, Error>;
    /// Incidents.
    fn find(&mut self, filter: &Filter, page: &Page) -> Result<Found<Incident>, Error>;
    /// How many incidents there are, counted up to `limit`.
    fn count(&mut self, filter: &Filter, limit: u64) -> Result<Total, Error>;
    /// Reports, the one published last first.
    fn find_reports(&mut self, filter: &ReportFilter, page: &Page) -> Result<Found<ReportRow>, Error>;
    /// How many reports there are, counted up to `limit`.
    fn count_reports(&mut self, filter: &ReportFilter, limit: u64) -> Result<Total, Error>;

    /// The decisions that an incident as it stands now has come of, its merged ones' included, in the order of the log.
    fn log(&mut self, incident: &str) -> Result<Vec<Decision>, Error>;
    /// The decisions after a place of the log, at most so many.
    fn decisions(&mut self, after: u64, limit: usize) -> Result<Vec<Decision>, Error>;
    /// The end of the log: where to ask for changes from, and the hash to write down elsewhere.
    fn head(&mut self) -> Result<Head, Error>;
    /// The incidents that were touched after a place of the log.
    fn changes(&mut self, since: ChangeCursor, limit: usize) -> Result<Changes, Error>;
    /// The rule for figures.
    fn rule(&mut self) -> Result<FigureRule, Error>;

    /// Looks for everything that is not as it was written: says each to `found`, and how many decisions were looked at.
    fn verify(&mut self, found: &mut dyn FnMut(Fault)) -> Result<u64, Error>;
    /// Makes everything anew that is derived from the log and the reports.
    fn rebuild(&mut self) -> Result<(), Error>;
    /// Writes reports and decisions as JSON lines (`docs/store.md`), to be restored into any store.
    fn dump(&mut self, out: &mut dyn Write) -> Result<(), Error>;
    /// Takes in a dump; the store must be empty. All of it or nothing.
    fn restore(&mut self, from: &mut dyn BufRead) -> Result<Restored, Error>;
}

impl<R: Rows> Store for Keeper<R> {
    fn name(&self) -> String {
        self.rows.name().to_owned()
    }

    fn record(&mut self, stamp: &Stamp, acts: &[Act]) -> Result<Vec<Outcome>, Error> {
        self.within(|keeper| keeper.write(stamp, acts))
    }

    fn record_with(&mut self, stamp: &Stamp, plan: &mut Plan<'_>) -> Result<Vec<Outcome>, Error> {
        self.within(|keeper| {
            let acts = plan(keeper)?;
            keeper.write(stamp, &acts)
        })
    }

    fn at_one_moment(
        &mut self,
        look: &mut dyn FnMut(&mut dyn Store) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.looking(|keeper| look(keeper))
    }

    fn linking(&mut self, after: i64, limit: usize) -> Result<Vec<Linking>, Error> {
        let mut rows = self.rows.linking(after, limit)?;
        let Some(last) = rows.last() else { return Ok(rows) };
        let mut events: HashMap<String, Vec<(String, Option<String>)>> = HashMap::new();
        for (key, home) in self.rows.homes_between(after, last.row)? {
            events.entry(key.report).or_default().push((key.event, home));
        }
        for row in &mut rows {
            row.events = events.remove(&row.report).unwrap_or_default();
        }
        Ok(rows)
    }

    fn linking_of(&mut self, reports: &[&str]) -> Result<Vec<(String, Vec<u8>)>, Error> {
        self.rows.linking_of(reports)
    }

    fn keep_linking(&mut self, told: &[(String, Vec<u8>)]) -> Result<(), Error> {
        self.within(|keeper| {
            told.iter().try_for_each(|(report, told)| keeper.rows.keep_linking(report, told))
        })
    }

    fn gone(&mut self) -> Result<Vec<Incident>, Error> {
        self.rows.gone()
    }

    fn report(&mut self, id: &str) -> Result<Option<StoredReport>, Error> {
        self.rows.report(id)
    }

    fn report_days(&mut self, after: i64, limit: usize) -> Result<Vec<ReportDay>, Error> {
        self.rows.report_days(after, limit)
    }

    fn report_with_text(&mut self, text_sha256: &str) -> Result<Option<String>, Error> {
        self.rows.report_with_text(text_sha256)
    }

    fn events(&mut self, report: &str) -> Result<Vec<(EventKey, Option<String>)>, Error> {
        let mut events = self.rows.events(report)?;
        for (_, home) in &mut events {
            if let Some(id) = home {
                *home = self.resolved(id)?.map(|incident| incident.id);
            }
        }
        Ok(events)
    }

    fn incident(&mut self, id: &str) -> Result<Option<Incident>, Error> {
        self.rows.incident(id)
    }

    fn resolved(&mut self, id: &str) -> Result<Option<Incident>, Error> {
        let incident = self.rows.incident(id)?;
        // What is kept leads to the end of the way already.
        match incident.as_ref().and_then(|incident| incident.merged_into.as_deref()) {
            Some(into) => self.rows.incident(into),
            None => Ok(incident),
        }
    }

    fn find(&mut self, filter: &Filter, page: &Page) -> Result<Found<Incident>, Error> {
        self.rows.find(filter, &checked(page)?)
    }

    fn count(&mut self, filter: &Filter, limit: u64) -> Result<Total, Error> {
        self.rows.count(filter, limit)
    }

    fn find_reports(&mut self, filter: &ReportFilter, page: &Page) -> Result<Found<ReportRow>, Error> {
        self.rows.find_reports(filter, &checked(page)?)
    }

    fn count_reports(&mut self, filter: &ReportFilter, limit: u64) -> Result<Total, Error> {
        self.rows.count_reports(filter, limit)
    }

    fn log(&mut self, incident: &str) -> Result<Vec<Decision>, Error> {
        let piece = self.piece(incident)?;
        let family = piece.ledger.family(&piece.ledger.resolve(incident));
        let subjects: Vec<String> = family.iter().map(|id| log::incident_subject(id)).collect();
        let name = self.name();
        self.rows.entries_about(&subjects)?.iter().map(|entry| entry.decision(&name)).collect()
    }

    fn decisions(&mut self, after: u64, limit: usize) -> Result<Vec<Decision>, Error> {
        let name = self.name();
        self.rows.entries_after(after, limit)?.iter().map(|entry| entry.decision(&name)).collect()
    }

    fn head(&mut self) -> Result<Head, Error> {
        self.rows.head()
    }

    fn changes(&mut self, since: ChangeCursor, limit: usize) -> Result<Changes, Error> {
        let mut rows = self.rows.changed(since, limit.saturating_add(1))?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().map_or(since, |(row, change)| ChangeCursor { seq: change.seq, row: *row });
        Ok(Changes { rows: rows.into_iter().map(|(_, change)| change).collect(), next, more })
    }

    fn rule(&mut self) -> Result<FigureRule, Error> {
        Ok(self.piece("")?.ledger.rule().1)
    }

    fn verify(&mut self, found: &mut dyn FnMut(Fault)) -> Result<u64, Error> {
        self.looking(|keeper| verify::verify(keeper, found))
    }

    fn rebuild(&mut self) -> Result<(), Error> {
        self.within(verify::rebuild)
    }

    fn dump(&mut self, out: &mut dyn Write) -> Result<(), Error> {
        self.looking(|keeper| dump::dump(keeper, out))
    }

    fn restore(&mut self, from: &mut dyn BufRead) -> Result<Restored, Error> {
        self.within(|keeper| dump::restore(keeper, from))
    }
}

/// The most rows that a page may have: what a program can show at once, and what a database can give at once.
pub const LONGEST_PAGE: usize = 10_000;

fn checked(page: &Page) -> Result<Page, Error> {
    if page.after.as_ref().is_some_and(|after| after.order != page.order) {
        return Err(Error::Asked("the cursor belongs to another order: begin again without it".to_owned()));
    }
    if !(1..=LONGEST_PAGE).contains(&page.limit) {
        return Err(Error::Asked(format!("a page has 1 to {LONGEST_PAGE} rows, not {}", page.limit)));
    }
    Ok(page.clone())
}
