//! The part of a question that both databases ask in the same words.

use jiff::ToSpan;
use record::Status;

use crate::find::{Area, Cursor, Filter, Order, Page, ReportFilter};
use crate::rows::WIDE;
use crate::words::key;

/// A value in the place of a placeholder.
#[derive(Debug, Clone, PartialEq)]
pub enum Bind {
    /// Text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A number.
    Real(f64),
}

/// Conditions that must all hold, and their values: `?1`, `?2` in SQLite, `$1`, `$2` in PostgreSQL.
#[derive(Debug, Clone)]
pub struct Ask {
    mark: char,
    /// The conditions.
    pub conditions: Vec<String>,
    /// The values.
    pub binds: Vec<Bind>,
}

impl Ask {
    /// No condition yet; `mark` begins a placeholder.
    #[must_use]
    pub const fn new(mark: char) -> Self {
        Self { mark, conditions: Vec::new(), binds: Vec::new() }
    }

    /// A placeholder for a value.
    pub fn bind(&mut self, value: Bind) -> String {
        self.binds.push(value);
        format!("{}{}", self.mark, self.binds.len())
    }

    /// A placeholder for text.
    pub fn text(&mut self, value: impl Into<String>) -> String {
        self.bind(Bind::Text(value.into()))
    }

    /// Adds a condition on one value: `column op value`.
    pub fn compare(&mut self, column: &str, op: &str, value: Bind) {
        let mark = self.bind(value);
        self.conditions.push(format!("{column} {op} {mark}"));
    }

    fn one_of(&mut self, column: &str, values: impl IntoIterator<Item = String>) {
        let marks: Vec<String> = values.into_iter().map(|value| self.text(value)).collect();
        match marks.as_slice() {
            [] => {}
            [one] => self.conditions.push(format!("{column} = {one}")),
            _ => self.conditions.push(format!("{column} IN ({})", marks.join(", "))),
        }
    }

    /// All of it as SQL.
    #[must_use]
    pub fn all(&self) -> String {
        if self.conditions.is_empty() { "TRUE".to_owned() } else { self.conditions.join(" AND ") }
    }
}

/// The questions whose answers together are those to a filter, and share no row: what lasts long is asked for apart, so that the
/// index of first days serves all the rest. Without the conditions on area, participants, outlets and words, which each
/// database has its own indexes for.
#[must_use]
pub fn arms(filter: &Filter, mark: char) -> Vec<Ask> {
    let mut base = Ask::new(mark);
    base.conditions.push("live".to_owned());
    base.one_of("country", filter.countries.iter().map(|country| key(country).to_uppercase()));
    base.one_of("admin1", filter.admin1.iter().map(|name| key(name)));
    base.one_of("event_type", filter.event_types.iter().map(|kind| kind.as_str().to_owned()));
    base.one_of("sub_event_type", filter.sub_event_types.iter().map(|kind| kind.as_str().to_owned()));
    base.one_of("status", filter.statuses.iter().map(|status: &Status| status.as_str().to_owned()));
    base.one_of("id", filter.only.iter().cloned());
    if !filter.except.is_empty() {
        let marks: Vec<String> = filter.except.iter().map(|id| base.text(id.as_str())).collect();
        base.conditions.push(format!("id NOT IN ({})", marks.join(", ")));
    }
    if filter.ring.len() > 2 {
        base.conditions.push(in_ring(&filter.ring));
    }
    if filter.placed {
        base.conditions.push("latitude IS NOT NULL".to_owned());
    }
    if let Some(deaths) = filter.min_deaths {
        base.compare("deaths", ">=", Bind::Int(i64::try_from(deaths).unwrap_or(i64::MAX)));
    }
    if let Some(confidence) = filter.min_confidence {
        base.compare("confidence", ">=", Bind::Real(confidence));
    }
    if let Some(to) = filter.to {
        base.compare("first_day", "<=", Bind::Text(to.to_string()));
        base.conditions.push("first_day <> ''".to_owned());
    }
    let Some(from) = filter.from else { return vec![base] };
    base.compare("last_day", ">=", Bind::Text(from.to_string()));
    let (mut short, mut long) = (base.clone(), base);
    short.conditions.push("NOT wide".to_owned());
    let earliest = from.checked_sub(WIDE.days()).unwrap_or(from);
    short.compare("first_day", ">=", Bind::Text(earliest.to_string()));
    long.conditions.push("wide".to_owned());
    vec![short, long]
}

/// [`Order::Worth`] in millionths, as a whole number that can be gone on from. The index of it has the same words.
const WORTH: &str =
    "CAST((1.0 - confidence) * (1 + CASE WHEN deaths > 0 THEN deaths ELSE 0 END) * 1000000 AS BIGINT)";

/// Deaths by the best figure, 0 where there is none, to be summed.
pub const DEATHS: &str = "CAST(sum(CASE WHEN deaths > 0 THEN deaths ELSE 0 END) AS BIGINT)";

/// The column that rows are ordered by.
#[must_use]
pub const fn column(order: Order) -> &'static str {
    match order {
        Order::Newest => "first_day",
        Order::Touched => "updated",
        Order::Deadliest => "deaths",
        Order::Worth => WORTH,
    }
}

/// Goes on after a cursor. `row` is the column of the row's number.
pub fn after(ask: &mut Ask, page: &Page, key: &str, row: &str) {
    if let Some(Cursor { order, key: value, row: number }) = &page.after {
        let value = match order {
            Order::Newest => Bind::Text(value.clone()),
            // A cursor is read with a number here, or not at all.
            Order::Touched | Order::Deadliest | Order::Worth => Bind::Int(value.parse().unwrap_or(i64::MAX)),
        };
        let (value, number) = (ask.bind(value), ask.bind(Bind::Int(*number)));
        ask.conditions.push(format!("({key}, {row}) < ({value}, {number})"));
    }
}

/// A condition that a point lies inside of a ring: that a line from it due east crosses the ring an odd number of times (the
/// even-odd rule; Shimrat, Algorithm 112, Communications of the ACM 5(8), 1962). The numbers stand in it as they are: there are many.
fn in_ring(ring: &[[f64; 2]]) -> String {
    let next = ring.iter().cycle().skip(1);
    let crossings: Vec<String> = ring
        .iter()
        .zip(next)
        // Due east runs along such an edge, and crosses it nowhere.
        .filter(|([south, _], [north, _])| south != north)
        .map(|([y1, x1], [y2, x2])| {
            format!(
                "CASE WHEN (latitude < {y1:?}) <> (latitude < {y2:?})
                    AND longitude < {x1:?} + (latitude - ({y1:?})) * ({:?}) THEN 1 ELSE 0 END",
                (x2 - x1) / (y2 - y1)
            )
        })
        .collect();
    if crossings.is_empty() {
        return "FALSE".to_owned();
    }
    format!("latitude IS NOT NULL AND ({}) % 2 = 1", crossings.join(" + "))
}

/// A condition that a point lies in a box.
pub fn inside(ask: &mut Ask, area: &Area) -> String {
    let [south, north, west, east] =
        [area.south, area.north, area.west, area.east].map(|edge| ask.bind(Bind::Real(edge)));
    format!("latitude BETWEEN {south} AND {north} AND longitude BETWEEN {west} AND {east}")
}

/// The question for reports, without the words.
#[must_use]
pub fn reports(filter: &ReportFilter, mark: char) -> Ask {
    let mut ask = Ask::new(mark);
    if let Some(from) = filter.from {
        ask.compare("published", ">=", Bind::Text(from.to_string()));
    }
    if let Some(to) = filter.to {
        ask.compare("published", "<=", Bind::Text(to.to_string()));
        ask.conditions.push("published <> ''".to_owned());
    }
    ask.one_of("publisher_key", filter.publisher.iter().map(|name| key(name)));
    ask.one_of("source", filter.source.iter().cloned());
    ask
}
