//! What a database must be able to do to be a store: keep rows and find them. Everything else is above it, once for all
//! databases ([`crate::Keeper`]).

use jiff::civil::Date;
use record::{EventKey, Incident, Party};

use crate::find::{ChangeCursor, ChangeRow, Filter, Found, Page, ReportFilter, ReportRow, Total};
use crate::words::{fold, key};
use crate::{Entry, Error, Head, StoredReport, Telling};

/// An incident as a row: the document, and what it is found by.
#[derive(Debug, Clone)]
pub struct IncidentRow<'a> {
    /// The document.
    pub incident: &'a Incident,
    /// The words of its places, sides and quotes.
    pub words: String,
    /// The keys and folded names of its participants.
    pub actors: Vec<String>,
    /// The folded names of its outlets.
    pub sources: Vec<String>,
    /// First day, as ISO; empty where there is none.
    pub first: String,
    /// Last day.
    pub last: String,
    /// Whether it lasts longer than [`WIDE`] days.
    pub wide: bool,
}

/// Days that an incident lasts at most to be looked for by its first day alone. Of the events of UCDP GED nearly all last
/// a day, a week or a month; the others are few enough to be asked separately.
pub const WIDE: i64 = 31;

impl<'a> IncidentRow<'a> {
    /// The row of an incident; `quotes` are the words of its reports.
    #[must_use]
    pub fn new(incident: &'a Incident, quotes: &str) -> Self {
        let mut words = String::from(quotes);
        let mut actors = Vec::new();
        for party in incident.actors.iter().chain(&incident.recipients) {
            words.push('\n');
            words.push_str(party.label.as_deref().unwrap_or_default());
            actors.extend(keys(party));
        }
        if let Some(place) = &incident.place {
            for name in
                [Some(&place.name), place.admin1.as_ref(), place.admin2.as_ref()].into_iter().flatten()
            {
                words.push('\n');
                words.push_str(name);
            }
        }
        actors.sort();
        actors.dedup();
        let mut sources: Vec<String> =
            incident.sources.iter().filter_map(|outlet| outlet.publisher.as_deref()).map(key).collect();
        sources.sort();
        sources.dedup();
        let (first, last) =
            (incident.dates.event_date, incident.dates.event_date_end.or(incident.dates.event_date));
        let wide = first.zip(last).is_some_and(|(first, last)| {
            first.until(last).map_or(true, |span| i64::from(span.get_days()) > WIDE)
        });
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Self { incident, words: fold(&words), actors, sources, first: day(first), last: day(last), wide }
    }

    /// The division that it is in, as it is looked for.
    #[must_use]
    pub fn admin1(&self) -> Option<String> {
        self.incident.place.as_ref()?.admin1.as_deref().map(key)
    }

    /// The country that it is in, as it is looked for.
    #[must_use]
    pub fn country(&self) -> Option<String> {
        self.incident.place.as_ref()?.country.as_deref().map(|country| key(country).to_uppercase())
    }
}

fn keys(party: &Party) -> impl Iterator<Item = String> {
    // Ids are short; one that is not is found by its beginning alone.
    let id = party.actor_id.as_ref().map(|id| id.chars().take(200).collect());
    [id, party.label.as_deref().map(key)].into_iter().flatten().filter(|key: &String| !key.is_empty())
}

/// Of a report, what its voice is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: String,
    /// Its page.
    pub url: Option<String>,
    /// The report that it repeats.
    pub copy_of: Option<String>,
}

/// What the linker keeps of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linking {
    /// Its row: where to go on from.
    pub row: i64,
    /// The report's id.
    pub report: String,
    /// The report that it repeats.
    pub copy_of: Option<String>,
    /// As the linker packed it; empty where nothing was kept.
    pub told: Vec<u8>,
    /// Its events, and the incident that each was linked to, wherever that leads by now.
    pub events: Vec<(String, Option<String>)>,
}

/// Of a report, when it came and whose voice it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportDay {
    /// Its row: where to go on from.
    pub row: i64,
    /// Its id.
    pub id: String,
    /// Its page.
    pub url: Option<String>,
    /// The report that it repeats.
    pub copy_of: Option<String>,
    /// The day of publication.
    pub published: Option<Date>,
}

/// The rows of one database. A method outside `begin` and `commit` is a transaction of its own.
pub trait Rows: crate::SourceRows + crate::Survey + crate::WatchRows + crate::accounts::AccountRows {
    /// What the store is called in messages.
    fn name(&self) -> &str;
    /// Begins to write: no other program writes until `commit` or `rollback`.
    fn begin(&mut self) -> Result<(), Error>;
    /// Begins to look at all of it as it stands at one moment, whatever others write meanwhile; ended by `rollback`.
    fn begin_looking(&mut self) -> Result<(), Error>;
    /// Keeps what was written.
    fn commit(&mut self) -> Result<(), Error>;
    /// Forgets what was written.
    fn rollback(&mut self);

    /// The end of the log.
    fn head(&mut self) -> Result<Head, Error>;
    /// Adds to the end of the log.
    fn append(&mut self, entry: &Entry, subjects: &[String]) -> Result<(), Error>;
    /// The decision at a place of the log.
    fn entry(&mut self, seq: u64) -> Result<Option<Entry>, Error>;
    /// The decisions about any of these subjects.
    fn entries_about(&mut self, subjects: &[String]) -> Result<Vec<Entry>, Error>;
    /// The decisions after a place of the log, in its order, at most so many.
    fn entries_after(&mut self, seq: u64, limit: usize) -> Result<Vec<Entry>, Error>;
    /// Rows of the index of subjects.
    fn subject_count(&mut self) -> Result<u64, Error>;
    /// Puts the subjects of a decision into the index; those that are there already stay.
    fn index(&mut self, seq: u64, subjects: &[String]) -> Result<(), Error>;
    /// Empties what can be made anew from the log and the reports: the index of subjects, the incidents, where events
    /// belong and what is a copy.
    fn forget_derived(&mut self) -> Result<(), Error>;

    /// Whether there is such a report.
    fn has_report(&mut self, id: &str) -> Result<bool, Error>;
    /// The first report with this text.
    fn report_with_text(&mut self, text_sha256: &str) -> Result<Option<String>, Error>;
    /// Keeps a report with what its events tell.
    fn put_report(&mut self, report: &StoredReport, tellings: &[Telling]) -> Result<(), Error>;
    /// Puts what the events of a report tell in place of what was kept, and forgets where they belong.
    fn put_tellings(&mut self, report: &str, tellings: &[Telling]) -> Result<(), Error>;
    /// A report.
    fn report(&mut self, id: &str) -> Result<Option<StoredReport>, Error>;
    /// Keeps what the linker wants to know of a report.
    fn keep_linking(&mut self, report: &str, told: &[u8]) -> Result<(), Error>;
    /// What the linker keeps of the reports after a row, in the order in which they came, at most so many; without their events.
    fn linking(&mut self, after: i64, limit: usize) -> Result<Vec<Linking>, Error>;
    /// What the linker keeps of reports, by their ids, in any order; of those that are there.
    fn linking_of(&mut self, reports: &[&str]) -> Result<Vec<(String, Vec<u8>)>, Error>;
    /// The events of the reports after a row up to another, and the incident that each was linked to: report, event, home.
    fn homes_between(&mut self, after: i64, last: i64) -> Result<Vec<(EventKey, Option<String>)>, Error>;
    /// How many there are.
    fn report_count(&mut self) -> Result<u64, Error>;
    /// The ids after one, in the order of the ids, at most so many.
    fn report_ids(&mut self, after: &str, limit: usize) -> Result<Vec<String>, Error>;
    /// Says which report a report repeats.
    fn set_copy(&mut self, report: &str, of: Option<&str>) -> Result<(), Error>;
    /// The reports that repeat one.
    fn copies(&mut self, of: &str) -> Result<Vec<String>, Error>;
    /// The days and voices of the reports after a row, in the order in which they came, at most so many.
    fn report_days(&mut self, after: i64, limit: usize) -> Result<Vec<ReportDay>, Error>;
    /// What the voices of reports are found by.
    fn links(&mut self, reports: &[String]) -> Result<Vec<Link>, Error>;

    /// Where an event belongs: `None` where there is no such event, `Some(None)` where it belongs to no incident.
    fn home(&mut self, event: &EventKey) -> Result<Option<Option<String>>, Error>;
    /// Says where an event belongs.
    fn set_home(&mut self, event: &EventKey, home: Option<&str>) -> Result<(), Error>;
    /// The events of a report and where they belong.
    fn events(&mut self, report: &str) -> Result<Vec<(EventKey, Option<String>)>, Error>;
    /// What events tell, in the order of the keys.
    fn tellings(&mut self, events: &[EventKey]) -> Result<Vec<Telling>, Error>;

    /// An incident as it was kept.
    fn incident(&mut self, id: &str) -> Result<Option<Incident>, Error>;
    /// Keeps an incident.
    fn put_incident(&mut self, row: &IncidentRow<'_>) -> Result<(), Error>;
    /// The incidents that were merged or withdrawn.
    fn gone(&mut self) -> Result<Vec<Incident>, Error>;
    /// The ids after one, in the order of the ids, at most so many; withdrawn and merged ones too.
    fn incident_ids(&mut self, after: &str, limit: usize) -> Result<Vec<String>, Error>;

    /// Incidents.
    fn find(&mut self, filter: &Filter, page: &Page) -> Result<Found<Incident>, Error>;
    /// How many incidents, counted up to a limit.
    fn count(&mut self, filter: &Filter, limit: u64) -> Result<Total, Error>;
    /// Reports, the one published last first.
    fn find_reports(&mut self, filter: &ReportFilter, page: &Page) -> Result<Found<ReportRow>, Error>;
    /// How many reports, counted up to a limit.
    fn count_reports(&mut self, filter: &ReportFilter, limit: u64) -> Result<Total, Error>;
    /// Incidents touched after a place of the log, the one touched longest ago first.
    fn changed(&mut self, since: ChangeCursor, limit: usize) -> Result<Vec<(i64, ChangeRow)>, Error>;

    /// What the database itself finds wrong with its file.
    fn integrity(&mut self) -> Result<Vec<String>, Error>;
}
