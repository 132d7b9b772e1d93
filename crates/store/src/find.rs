//! What incidents and reports are asked for by, and in which order they are given, page by page.

use jiff::civil::Date;
use record::vocabulary::{EventType, SubEventType};
use record::{Incident, Status};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::words::Query;

/// A box of degrees; `west` greater than `east` where it crosses the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Least latitude.
    pub south: f64,
    /// Western edge.
    pub west: f64,
    /// Greatest latitude.
    pub north: f64,
    /// Eastern edge.
    pub east: f64,
}

impl Area {
    /// The boxes that do not cross the antimeridian.
    #[must_use]
    pub fn parts(&self) -> Vec<Self> {
        if self.west <= self.east {
            return vec![*self];
        }
        vec![Self { east: 180.0, ..*self }, Self { west: -180.0, ..*self }]
    }
}

/// Which incidents. A list that is empty and a field that is `None` ask for nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// On that day or later: the incident's last day counts.
    pub from: Option<Date>,
    /// On that day or earlier: the incident's first day counts.
    pub to: Option<Date>,
    /// With coordinates in this box.
    pub area: Option<Area>,
    /// With coordinates inside of this ring of points, each latitude and longitude; none where there are fewer than three. It does
    /// not cross the antimeridian.
    pub ring: Vec<[f64; 2]>,
    /// Only with coordinates, wherever they are.
    pub placed: bool,
    /// In one of these countries (ISO 3166-1 alpha-3).
    pub countries: Vec<String>,
    /// In this first-order division, however it is spelled.
    pub admin1: Option<String>,
    /// Of one of these types.
    pub event_types: Vec<EventType>,
    /// Of one of these sub-types.
    pub sub_event_types: Vec<SubEventType>,
    /// With this participant: its key in the registry, or its name however it is spelled.
    pub actor: Option<String>,
    /// Told by this outlet.
    pub source: Option<String>,
    /// With one of these statuses.
    pub statuses: Vec<Status>,
    /// With at least so many deaths (best figure).
    pub min_deaths: Option<u64>,
    /// At least so sure.
    pub min_confidence: Option<f64>,
    /// With these words in its places, sides or quotes.
    pub text: Option<Query>,
    /// One of these, by their ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// None of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
}

/// Which incidents come first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The newest day; those without a day last.
    #[default]
    Newest,
    /// The last touched.
    Touched,
    /// The most deaths.
    Deadliest,
    /// What a person's look is worth most: the chance that the incident is wrong, times what hangs on it, itself and its deaths.
    Worth,
}

/// Where a page ends: the next one begins after it, whatever was added meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The order that it belongs to.
    pub order: Order,
    /// What the last row was ordered by.
    pub key: String,
    /// The last row.
    pub row: i64,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let order = match self.order {
            Order::Newest => 'n',
            Order::Touched => 't',
            Order::Deadliest => 'd',
            Order::Worth => 'w',
        };
        write!(f, "{order}_{}_{}", self.key, self.row)
    }
}

impl std::str::FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong =
            || Error::Asked(format!("`{text}` is no cursor: give the one that the page before ended with"));
        let (order, rest) = text.split_once('_').ok_or_else(wrong)?;
        let (key, row) = rest.rsplit_once('_').ok_or_else(wrong)?;
        let order = match order {
            "n" => Order::Newest,
            "t" => Order::Touched,
            "d" => Order::Deadliest,
            "w" => Order::Worth,
            _ => return Err(wrong()),
        };
        let fits = match order {
            Order::Newest => key.is_empty() || key.parse::<Date>().is_ok(),
            Order::Touched | Order::Deadliest | Order::Worth => key.parse::<i64>().is_ok(),
        };
        if !fits {
            return Err(wrong());
        }
        Ok(Self { order, key: key.to_owned(), row: row.parse().map_err(|_| wrong())? })
    }
}

/// Which part of what was found.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// In which order.
    pub order: Order,
    /// After that row.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: usize,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
}

/// What a row is ordered by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Date, place in the log or deaths.
    pub key: RankKey,
    /// The row's number.
    pub row: i64,
}

/// The value that rows are ordered by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RankKey {
    /// An ISO day, empty where there is none.
    Day(String),
    /// A number.
    Number(i64),
}

impl RankKey {
    /// As it stands in a cursor.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Day(day) => day.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// Puts the pages of several questions that share no row together into one.
#[must_use]
pub fn together(mut rows: Vec<(Rank, Incident)>, page: &Page) -> Found<Incident> {
    rows.sort_by(|a, b| b.0.cmp(&a.0));
    let more = rows.len() > page.limit;
    rows.truncate(page.limit);
    let next = rows.last().filter(|_| more).map(|(rank, _)| Cursor {
        order: page.order,
        key: rank.key.text(),
        row: rank.row,
    });
    Found { rows: rows.into_iter().map(|(_, incident)| incident).collect(), next }
}

/// Which reports.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReportFilter {
    /// Published on that day or later.
    pub from: Option<Date>,
    /// Published on that day or earlier.
    pub to: Option<Date>,
    /// By this outlet.
    pub publisher: Option<String>,
    /// From this feed, folder or collection.
    pub source: Option<String>,
    /// With these words in headline or text.
    pub text: Option<Query>,
}

/// A report in a list: without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReportRow {
    /// Its id.
    pub id: String,
    /// Where it was published.
    pub url: Option<String>,
    /// The id that the input carried.
    pub given_id: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// The outlet.
    pub publisher: Option<String>,
    /// The day of publication.
    pub published: Option<Date>,
    /// The report that it repeats.
    pub copy_of: Option<String>,
    /// The words around what was looked for, or the beginning.
    pub snippet: String,
}

/// How many match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// All of them counted.
    Exactly(u64),
    /// So many were counted, and there are more.
    MoreThan(u64),
}

/// What became of an incident since a place of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It is new.
    Created,
    /// Something of it changed.
    Updated,
    /// Its id leads to another incident now.
    MergedInto,
    /// No report tells of it any more.
    Deleted,
}

/// A change of an incident.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ChangeRow {
    /// What became of it.
    pub what: What,
    /// The last decision that touched it.
    pub seq: u64,
    /// As it stands now.
    pub incident: Incident,
}

/// The changes after a place of the log, each incident once, the one touched longest ago first.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// The changes.
    pub rows: Vec<ChangeRow>,
    /// Where to go on from.
    pub next: ChangeCursor,
    /// Whether there are more now.
    pub more: bool,
}

/// A place among the changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChangeCursor {
    /// The place in the log.
    pub seq: u64,
    /// The last incident of that decision that was given: one decision can touch several.
    pub row: i64,
}

impl std::fmt::Display for ChangeCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.row == i64::MAX { write!(f, "{}", self.seq) } else { write!(f, "{}.{}", self.seq, self.row) }
    }
}

impl std::str::FromStr for ChangeCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = |_| {
            Error::Asked(format!(
                "`{text}` is no place in the log: give 0 for everything, or the cursor that the last answer ended with"
            ))
        };
        let (seq, row) = text.split_once('.').unwrap_or((text, ""));
        let row = if row.is_empty() { i64::MAX } else { row.parse().map_err(wrong)? };
        Ok(Self { seq: seq.parse().map_err(wrong)?, row })
    }
}

impl What {
    /// What became of an incident since a place of the log.
    #[must_use]
    pub const fn since(incident: &Incident, seq: u64) -> Self {
        use record::Standing;
        match incident.standing {
            Standing::Merged => Self::MergedInto,
            Standing::Withdrawn => Self::Deleted,
            Standing::Live if incident.created > seq => Self::Created,
            Standing::Live => Self::Updated,
        }
    }
}

/// Characters of a report that a list shows.
pub const SNIPPET: usize = 160;
