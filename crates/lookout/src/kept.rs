//! What a store holds, as far as it is counted: its incidents, when each was first told, and how much was reported.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::ToSpan;
use jiff::civil::Date;
use record::vocabulary::{EventType, SubEventType, TimePrecision};
use record::{Incident, ParticipantKind, Status};
use store::find::{Filter, Page, ReportFilter};
use store::rows::ReportDay;
use store::{Error, Store};

/// Rows that are asked for at a time.
const PIECE: usize = 1000;

/// Days after which an incident is told late: what is told later is mostly told in passing, by reports of other things.
const LATE: i32 = 31;

/// An organised actor of the registry, and the side on which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// Its key in the registry.
    pub id: String,
    /// Its name there.
    pub name: String,
    /// Whether it is the one that suffers, and nothing else.
    pub suffers: bool,
}

/// An incident, as far as it is counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// Its id.
    pub id: String,
    /// The first day that it may have been on.
    pub first: Date,
    /// The last.
    pub last: Date,
    /// How exactly the day is known.
    pub precision: TimePrecision,
    /// The day on which the first report of it was published; nothing where none says when.
    pub known: Option<Date>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// First-order division.
    pub admin1: Option<String>,
    /// Second-order division.
    pub admin2: Option<String>,
    /// Degrees north and east.
    pub point: Option<(f64, f64)>,
    /// UCDP's precision of the place, 1 to 7.
    pub where_precision: Option<u8>,
    /// Organised actors of the registry that take part, each once.
    pub actors: Vec<Side>,
    /// ACLED event type.
    pub event_type: Option<EventType>,
    /// The same in words.
    pub(crate) kind: Option<String>,
    /// ACLED sub-event type.
    pub sub_event_type: Option<SubEventType>,
    /// The dead by the best figure.
    pub deaths: Option<u64>,
    /// The voices that tell of it, by their number in [`Kept`].
    pub voices: Vec<u32>,
    /// How sure the surest report is.
    pub confidence: f64,
    /// What a reviewer has said.
    pub status: Status,
}

impl Happening {
    /// Where it was, if that is known as exactly as UCDP's precision `most` says.
    #[must_use]
    pub fn point_within(&self, most: u8) -> Option<(f64, f64)> {
        self.point.filter(|_| self.where_precision.is_some_and(|precision| precision <= most))
    }

    /// Days between it and the first report of it; nothing where either is not known to the day.
    #[must_use]
    pub fn delay(&self) -> Option<i32> {
        let exact = self.precision == TimePrecision::Day && self.first == self.last;
        let known = self.known.filter(|_| exact)?;
        Some(self.first.until(known).ok()?.get_days().max(0))
    }

    fn of(incident: Incident, voices: &HashMap<String, (u32, Option<Date>)>) -> Option<Self> {
        let first = incident.dates.event_date?;
        let last = incident.dates.event_date_end.unwrap_or(first).max(first);
        let mut of: Vec<u32> = Vec::new();
        let mut known: Option<Date> = None;
        for event in &incident.events {
            let Some((voice, published)) = voices.get(&event.report) else { continue };
            of.push(*voice);
            known = known.into_iter().chain(*published).min();
        }
        of.sort_unstable();
        of.dedup();
        let mut actors: Vec<Side> = Vec::new();
        let sides = [(&incident.actors, false), (&incident.recipients, true)];
        for (party, suffers) in
            sides.into_iter().flat_map(|(side, suffers)| side.iter().map(move |p| (p, suffers)))
        {
            let Some(id) = party.actor_id.clone().filter(|_| party.kind != ParticipantKind::Individual)
            else {
                continue;
            };
            if actors.iter().all(|known| known.id != id) {
                let name = party.label.clone().unwrap_or_else(|| id.clone());
                actors.push(Side { id, name, suffers });
            }
        }
        let place = incident.place.unwrap_or_default();
        Some(Self {
            first,
            last,
            precision: incident.dates.time_precision.unwrap_or_else(|| {
                TimePrecision::of_days(first.until(last).map_or(1, |span| i64::from(span.get_days()) + 1))
            }),
            known,
            point: place.latitude.zip(place.longitude),
            country: place.country,
            admin1: place.admin1,
            admin2: place.admin2,
            where_precision: place.where_precision,
            actors,
            event_type: incident.event_type,
            kind: incident.event_type.map(|kind| kind.as_str().to_owned()),
            sub_event_type: incident.sub_event_type,
            deaths: incident.deaths.best,
            voices: of,
            confidence: incident.confidence,
            status: incident.status,
            id: incident.id,
        })
    }
}

/// What a store holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kept {
    /// Incidents with a day, in the order of their ids.
    pub happenings: Vec<Happening>,
    /// Incidents without one.
    pub dayless: u64,
    /// Voices that were first heard on a day: reports, those of one text and those of one page once.
    pub volume: BTreeMap<Date, u64>,
    /// Voices that do not say when they were published.
    pub undated: u64,
    /// The end of the log that this was read at.
    pub cursor: u64,
}

/// Reads what a store holds, as it stands at one moment. What was rejected, and what is no event, is not counted unless the filter asks for
/// it.
///
/// # Errors
/// What the store says.
pub fn load(store: &mut dyn Store, filter: &Filter) -> Result<Kept, Error> {
    let filter = counted(filter);
    let mut kept = Kept::default();
    store.at_one_moment(&mut |store| {
        kept = read(store, &filter)?;
        Ok(())
    })?;
    Ok(kept)
}

/// The same filter, for what counts.
pub(crate) fn counted(filter: &Filter) -> Filter {
    let mut filter = filter.clone();
    if filter.statuses.is_empty() {
        filter.statuses = vec![Status::Unreviewed, Status::Accepted];
    }
    filter
}

pub(crate) fn read(store: &mut dyn Store, filter: &Filter) -> Result<Kept, Error> {
    let mut kept = Kept { cursor: store.head()?.seq, ..Kept::default() };
    let voices = voices(store, &mut kept)?;
    let mut page = Page { limit: PIECE, ..Page::default() };
    loop {
        let found = store.find(filter, &page)?;
        for incident in found.rows {
            match Happening::of(incident, &voices) {
                Some(happening) => kept.happenings.push(happening),
                None => kept.dayless += 1,
            }
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    kept.happenings.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(kept)
}

/// The voice of each report, by its number, and the day on which the report was published.
fn voices(store: &mut dyn Store, kept: &mut Kept) -> Result<HashMap<String, (u32, Option<Date>)>, Error> {
    let mut reports: Vec<ReportDay> = Vec::new();
    loop {
        let after = reports.last().map_or(i64::MIN, |report| report.row);
        let more = store.report_days(after, PIECE)?;
        if more.is_empty() {
            break;
        }
        reports.extend(more);
    }
    let places: HashMap<&str, usize> =
        reports.iter().enumerate().map(|(at, report)| (report.id.as_str(), at)).collect();
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut first: Vec<Option<Date>> = Vec::new();
    let mut voices = HashMap::with_capacity(reports.len());
    for report in &reports {
        // As the store tells voices: a copy is the voice of what it repeats, a version that of its page.
        let mut root = report;
        let mut seen = BTreeSet::new();
        while let Some(of) = root.copy_of.as_deref().and_then(|of| places.get(of))
            && seen.insert(*of)
        {
            root = &reports[*of];
        }
        let name = root.url.as_deref().unwrap_or(&root.id);
        let number = *numbers.entry(name).or_insert_with(|| {
            first.push(None);
            u32::try_from(first.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some(first) = first.get_mut(number as usize) {
            *first = (*first).into_iter().chain(report.published).min();
        }
        voices.insert(report.id.clone(), (number, report.published));
    }
    for day in first {
        match day {
            Some(day) => *kept.volume.entry(day).or_default() += 1,
            None => kept.undated += 1,
        }
    }
    Ok(voices)
}

impl Kept {
    /// The day on which the newest report was published.
    #[must_use]
    pub fn newest(&self) -> Option<Date> {
        self.volume.keys().next_back().copied()
    }

    /// Whether most incidents are told without a day of publication, or long after, as in a table that was imported: then reports do not
    /// say which days are covered.
    #[must_use]
    pub fn is_table(&self) -> bool {
        let in_time = |one: &&Happening| {
            one.known.is_some_and(|known| one.last.checked_add(LATE.days()).is_ok_and(|late| known <= late))
        };
        self.volume.is_empty() || self.happenings.iter().filter(in_time).count() * 2 < self.happenings.len()
    }

    /// The days that the record covers: from the publication of the oldest report to the day before that of the newest, which may go on; of an
    /// imported table from the first incident to the last.
    #[must_use]
    pub fn covered(&self) -> Option<(Date, Date)> {
        if self.is_table() {
            let first = self.happenings.iter().map(|one| one.first).min()?;
            return Some((first, self.happenings.iter().map(|one| one.first).max()?));
        }
        let first = self.volume.keys().next().copied()?;
        let last = self.newest()?.yesterday().ok()?;
        (first <= last).then_some((first, last))
    }
}

/// The last day that a store tells of: that of the publication of the newest report, else that of the newest incident.
///
/// # Errors
/// What the store says.
pub fn newest(store: &mut dyn Store) -> Result<Option<Date>, Error> {
    let page = Page { limit: 1, ..Page::default() };
    let reports = store.find_reports(&ReportFilter::default(), &page)?;
    if let Some(day) = reports.rows.first().and_then(|report| report.published) {
        return Ok(Some(day));
    }
    let incidents = store.find(&Filter::default(), &page)?;
    Ok(incidents.rows.first().and_then(|incident| incident.dates.event_date))
}
