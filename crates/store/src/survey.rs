//! What incidents come to, counted by the database itself: for facets, time lines and maps.

use record::Incident;

use crate::find::{Area, ChangeCursor, Filter};
use crate::words::Query;
use crate::{Error, Keeper, Rows};

/// Incidents that are alike in what they are filtered by most.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// ACLED event type.
    pub event_type: Option<String>,
    /// ACLED sub-event type.
    pub sub_event_type: Option<String>,
    /// What a reviewer has said.
    pub status: String,
    /// How many incidents.
    pub count: u64,
    /// Their deaths by the best figures.
    pub deaths: u64,
}

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Participants, by key in the registry and by name.
    Actor,
    /// Outlets, by name.
    Source,
}

/// A name, and in how many incidents it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameCount {
    /// The key in the registry, or the name as it is looked for ([`crate::words::key`]).
    pub key: String,
    /// How many incidents.
    pub count: u64,
    /// The last of their rows, to read the name from as it is written ([`Survey::at_rows`]).
    pub row: i64,
    /// The decision that touched it last.
    pub updated: i64,
}

/// Incidents of the same days and type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayCount {
    /// First day, as ISO; empty where there is none.
    pub first: String,
    /// Last day.
    pub last: String,
    /// ACLED event type.
    pub event_type: Option<String>,
    /// How many incidents.
    pub count: u64,
    /// Their deaths by the best figures.
    pub deaths: u64,
}

/// Incidents of one cell of a grid of degrees.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What the points in it span: no more than the cell.
    pub extent: Area,
    /// The middle of the points.
    pub latitude: f64,
    /// The middle of the points.
    pub longitude: f64,
    /// How many incidents.
    pub count: u64,
    /// Their deaths by the best figures.
    pub deaths: u64,
}

/// What an incident is filtered, ordered and counted by, as the database keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// The row's number.
    pub row: i64,
    /// Whether it stands for itself: neither merged nor withdrawn.
    pub live: bool,
    /// What a reviewer has said.
    pub status: String,
    /// ACLED event type.
    pub event_type: Option<String>,
    /// ACLED sub-event type.
    pub sub_event_type: Option<String>,
    /// First day, as ISO; empty where there is none.
    pub first: String,
    /// Last day.
    pub last: String,
    /// The country, as it is looked for.
    pub country: Option<String>,
    /// The first-order division, as it is looked for.
    pub admin1: Option<String>,
    /// Degrees.
    pub latitude: Option<f64>,
    /// Degrees.
    pub longitude: Option<f64>,
    /// Deaths by the best figure; -1 where there is none.
    pub deaths: i64,
    /// How sure.
    pub confidence: f64,
    /// The decision that touched it last.
    pub updated: i64,
    /// What its participants are found by.
    pub actors: Vec<String>,
    /// What its outlets are found by.
    pub sources: Vec<String>,
}

/// Which rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'p> {
    /// Those after a row, in the order of their numbers.
    After(i64),
    /// Those touched after a place of the log, the one touched longest ago first.
    Changed(ChangeCursor),
    /// These, in any order.
    These(&'p [i64]),
}

/// The part of a store that counts.
pub trait Survey {
    /// The incidents of a filter by country, type and status, in no order.
    fn groups(&mut self, filter: &Filter) -> Result<Vec<Group>, Error>;
    /// Who stands in the incidents of a filter most often, at most so many.
    fn names(&mut self, filter: &Filter, named: Named, limit: usize) -> Result<Vec<NameCount>, Error>;
    /// The incidents of a filter by their days and types, in no order.
    fn days(&mut self, filter: &Filter) -> Result<Vec<DayCount>, Error>;
    /// The incidents of a filter that have coordinates, in cells of so many degrees, in no order.
    fn cells(&mut self, filter: &Filter, degrees: f64) -> Result<Vec<Cell>, Error>;

    /// Incidents as rows, those merged and withdrawn included, at most so many: what [`crate::table`] is filled from.
    fn columns(&mut self, part: Part<'_>, limit: usize) -> Result<Vec<Columns>, Error>;
    /// The rows of the incidents that words are found in, in no order.
    fn matching(&mut self, words: &Query) -> Result<Vec<i64>, Error>;
    /// The documents of those rows that there are, as JSON, in the order of the rows given.
    fn documents(&mut self, rows: &[i64]) -> Result<Vec<(i64, String)>, Error>;
    /// The incidents of those rows that there are, in the order of the rows given.
    fn at_rows(&mut self, rows: &[i64]) -> Result<Vec<(i64, Incident)>, Error>;
}

impl<R: Rows> Survey for Keeper<R> {
    fn groups(&mut self, filter: &Filter) -> Result<Vec<Group>, Error> {
        self.rows.groups(filter)
    }

    fn names(&mut self, filter: &Filter, named: Named, limit: usize) -> Result<Vec<NameCount>, Error> {
        self.rows.names(filter, named, limit)
    }

    fn days(&mut self, filter: &Filter) -> Result<Vec<DayCount>, Error> {
        self.rows.days(filter)
    }

    fn cells(&mut self, filter: &Filter, degrees: f64) -> Result<Vec<Cell>, Error> {
        self.rows.cells(filter, degrees)
    }

    fn columns(&mut self, part: Part<'_>, limit: usize) -> Result<Vec<Columns>, Error> {
        self.rows.columns(part, limit)
    }

    fn matching(&mut self, words: &Query) -> Result<Vec<i64>, Error> {
        self.rows.matching(words)
    }

    fn documents(&mut self, rows: &[i64]) -> Result<Vec<(i64, String)>, Error> {
        self.rows.documents(rows)
    }

    fn at_rows(&mut self, rows: &[i64]) -> Result<Vec<(i64, Incident)>, Error> {
        self.rows.at_rows(rows)
    }
}

/// The counts of several questions that share no row, put together: rows alike but for their numbers become one.
pub fn sum<T: Ord + Clone>(rows: Vec<T>, same: impl Fn(&T, &T) -> bool, add: impl Fn(&mut T, &T)) -> Vec<T> {
    let mut rows = rows;
    rows.sort();
    let mut summed: Vec<T> = Vec::with_capacity(rows.len());
    for row in rows {
        match summed.last_mut().filter(|last| same(last, &row)) {
            Some(last) => add(last, &row),
            None => summed.push(row),
        }
    }
    summed
}

/// Groups of several questions as one list.
#[must_use]
pub fn groups(rows: Vec<Group>) -> Vec<Group> {
    let key =
        |g: &Group| (g.country.clone(), g.event_type.clone(), g.sub_event_type.clone(), g.status.clone());
    sum(
        rows,
        |a, b| key(a) == key(b),
        |a, b| {
            a.count += b.count;
            a.deaths += b.deaths;
        },
    )
}

/// Names of several questions as one list, those in the most incidents first. A row is a key, how many, and the last of them.
#[must_use]
pub fn most_named(rows: Vec<(String, u64, i64)>, limit: usize) -> Vec<(String, u64, i64)> {
    let mut rows = sum(
        rows,
        |a, b| a.0 == b.0,
        |a, b| {
            a.1 += b.1;
            a.2 = a.2.max(b.2);
        },
    );
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    rows.truncate(limit);
    rows
}
