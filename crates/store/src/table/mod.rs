/*! The incidents of a store as columns in memory: what is counted, drawn on a map or cut in time is counted here in a few milliseconds, where
the database goes through all its rows.

A table is filled from what the database keeps for each incident ([`Columns`]) and brought up by the changes of the log. It answers as the
database does ([`crate::Survey`], [`crate::Store::count`], [`crate::Store::find`]): a test of every store compares them. It holds no ids and no documents: a row is
the number that the database knows it by. What it cannot answer it says ([`Table::answers`]), and the database is asked.
*/

mod chosen;
mod column;
mod counted;

use jiff::civil::Date;

use crate::find::{ChangeCursor, Filter};
use crate::survey::{Columns, Part};
use crate::{Error, Store};

pub use chosen::RowSet;
use chosen::{Chosen, Words};
use column::{Coded, Lists};
pub use counted::{Dimension, Listed, TimePart, Value};

/// A day as a number that is greater for a later day; [`NO_DAY`] where there is none.
type Day = i32;

const NO_DAY: Day = Day::MIN;

/// Rows that are asked for at a time.
const PIECE: usize = 10_000;

/// Rows by which a table is held against the store that it is of.
const SAMPLE: usize = 16;

fn day_of(date: Option<Date>) -> Day {
    date.map_or(NO_DAY, |date| {
        i32::from(date.year()) * 512 + i32::from(date.month()) * 32 + i32::from(date.day())
    })
}

fn date_of(day: Day) -> Option<Date> {
    if day == NO_DAY {
        return None;
    }
    let (year, rest) = (day.div_euclid(512), day.rem_euclid(512));
    Date::new(i16::try_from(year).ok()?, i8::try_from(rest / 32).ok()?, i8::try_from(rest % 32).ok()?).ok()
}

/// The incidents of a store.
#[derive(Debug, Default)]
pub struct Table {
    /// The numbers of the rows, rising.
    rows: Vec<i64>,
    live: Vec<bool>,
    first: Vec<Day>,
    last: Vec<Day>,
    /// Not a number where there is none.
    latitude: Vec<f64>,
    longitude: Vec<f64>,
    /// -1 where there is no best figure.
    deaths: Vec<i64>,
    confidence: Vec<f64>,
    updated: Vec<i64>,
    country: Coded<u16>,
    admin1: Coded<u32>,
    event_type: Coded<u8>,
    sub_event_type: Coded<u8>,
    status: Coded<u8>,
    actors: Lists,
    sources: Lists,
    /// The earliest and the latest day that was ever in it.
    days: Option<(Day, Day)>,
    /// The end of the log that it is of, at least.
    seq: u64,
    cursor: ChangeCursor,
}

impl Table {
    /// All incidents of a store, whatever is written to it meanwhile.
    ///
    /// # Errors
    /// Where the store cannot be read, or holds what no table can.
    pub fn load(store: &mut dyn Store) -> Result<Self, Error> {
        let seq = store.head()?.seq;
        let mut table = Self { cursor: ChangeCursor { seq, row: i64::MAX }, seq, ..Self::default() };
        let mut after = i64::MIN;
        loop {
            let rows = store.columns(Part::After(after), PIECE)?;
            let Some(last) = rows.last() else { break };
            after = last.row;
            for row in &rows {
                table.put(row)?;
            }
        }
        // What was written while the rows were read is among the changes.
        let news = table.news(store)?;
        table.take(&news)?;
        Ok(table)
    }

    /// Of rows in the order of their numbers, wherever they are from.
    ///
    /// # Errors
    /// Where no table can hold them.
    pub fn of(rows: impl IntoIterator<Item = Columns>) -> Result<Self, Error> {
        let mut table = Self::default();
        for row in rows {
            table.put(&row)?;
        }
        Ok(table)
    }

    /// The end of the log that it is of: it may hold some of what was decided after it.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// Rows in it, those of merged and withdrawn incidents included.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What a store holds that this table does not yet.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn news(&self, store: &mut dyn Store) -> Result<News, Error> {
        let mut news = News { rows: Vec::new(), seq: store.head()?.seq, cursor: self.cursor };
        if news.seq <= self.seq && !self.rows.is_empty() {
            return Ok(news);
        }
        loop {
            let rows = store.columns(Part::Changed(news.cursor), PIECE)?;
            let Some(last) = rows.last() else {
                // They come in the order of the log; new rows must come in that of their numbers. What was touched twice stays in its order.
                news.rows.sort_by_key(|row| row.row);
                return Ok(news);
            };
            news.cursor = ChangeCursor { seq: last.updated.unsigned_abs(), row: last.row };
            news.rows.extend(rows);
        }
    }

    /// Takes the news of its store over.
    ///
    /// # Errors
    /// Where they do not fit: then it is to be loaded anew.
    pub fn take(&mut self, news: &News) -> Result<(), Error> {
        for row in &news.rows {
            self.put(row)?;
        }
        if news.cursor.seq >= self.cursor.seq {
            self.cursor = news.cursor;
        }
        self.seq = self.seq.max(news.seq);
        Ok(())
    }

    /// Some of its rows, by which [`Table::is_of`] knows the store.
    fn sample(&self) -> impl Iterator<Item = usize> {
        let step = (self.rows.len() / SAMPLE).max(1);
        (0..self.rows.len()).step_by(step)
    }

    /// Whether the rows are still those of a store: where its tables were made anew, they have other numbers. Some of them are looked at.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn is_of(&self, store: &mut dyn Store) -> Result<bool, Error> {
        let sample: Vec<usize> = self.sample().collect();
        let rows: Vec<i64> = sample.iter().map(|at| self.rows[*at]).collect();
        let found = store.columns(Part::These(&rows), rows.len().max(1))?;
        let same = |at: usize, row: &Columns| {
            let newer = row.updated > self.updated[at] && row.updated.unsigned_abs() > self.seq;
            newer
                || (self.updated[at] == row.updated
                    && self.live[at] == row.live
                    && self.deaths[at] == row.deaths
                    && self.first[at] == day_of(row.first.parse().ok())
                    && self.confidence[at].to_bits() == row.confidence.to_bits())
        };
        Ok(found.len() == rows.len()
            && sample.iter().zip(&rows).all(|(at, number)| {
                found.iter().find(|row| row.row == *number).is_some_and(|row| same(*at, row))
            }))
    }

    /// Keeps a row in the place of what was kept of it.
    fn put(&mut self, row: &Columns) -> Result<(), Error> {
        let unfit = |what: &str| {
            Error::Asked(format!("row {} does not fit into the table in memory: {what}", row.row))
        };
        let at = match self.rows.last() {
            Some(last) if *last >= row.row => {
                self.rows.binary_search(&row.row).map_err(|_| unfit("it is out of order"))?
            }
            _ => {
                self.add(row.row);
                self.rows.len() - 1
            }
        };
        self.live[at] = row.live;
        (self.first[at], self.last[at]) = (day_of(row.first.parse().ok()), day_of(row.last.parse().ok()));
        for day in [self.first[at], self.last[at]].into_iter().filter(|day| *day != NO_DAY) {
            let (earliest, latest) = self.days.unwrap_or((day, day));
            self.days = Some((earliest.min(day), latest.max(day)));
        }
        let point = row.latitude.zip(row.longitude).unwrap_or((f64::NAN, f64::NAN));
        (self.latitude[at], self.longitude[at]) = point;
        (self.deaths[at], self.confidence[at], self.updated[at]) = (row.deaths, row.confidence, row.updated);
        let fits = self.country.set(at, row.country.as_deref())
            && self.admin1.set(at, row.admin1.as_deref())
            && self.event_type.set(at, row.event_type.as_deref())
            && self.sub_event_type.set(at, row.sub_event_type.as_deref())
            && self.status.set(at, Some(&row.status))
            && self.actors.set(at, &row.actors)
            && self.sources.set(at, &row.sources);
        if fits { Ok(()) } else { Err(unfit("too many different values")) }
    }

    fn add(&mut self, row: i64) {
        self.rows.push(row);
        self.live.push(false);
        self.first.push(NO_DAY);
        self.last.push(NO_DAY);
        self.latitude.push(f64::NAN);
        self.longitude.push(f64::NAN);
        self.deaths.push(-1);
        self.confidence.push(0.0);
        self.updated.push(0);
        self.country.add();
        self.admin1.add();
        self.event_type.add();
        self.sub_event_type.add();
        self.status.add();
        self.actors.add();
        self.sources.add();
    }

    /// Whether a filter can be answered here; the rows that its words are found in must be given with it.
    #[must_use]
    pub const fn answers(filter: &Filter) -> bool {
        filter.only.is_empty() && filter.except.is_empty()
    }

    fn chosen<'t>(&'t self, filter: &Filter, words: Option<&'t RowSet>) -> Option<Chosen<'t>> {
        let words = match (&filter.text, words) {
            (None, _) => Words::Any,
            (Some(_), Some(rows)) => Words::Rows(rows),
            (Some(_), None) => return None,
        };
        Self::answers(filter).then(|| Chosen::new(self, filter, words))
    }
}

/// What has changed in a store.
#[derive(Debug)]
pub struct News {
    rows: Vec<Columns>,
    seq: u64,
    cursor: ChangeCursor,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_is_a_number_and_back() {
        for day in [date(2024, 2, 29), date(1, 1, 1), date(-1, 12, 31), date(9999, 12, 31)] {
            assert_eq!(date_of(day_of(Some(day))), Some(day));
        }
        assert!(day_of(Some(date(2024, 2, 29))) < day_of(Some(date(2024, 3, 1))));
        assert!(day_of(Some(date(-1, 12, 31))) < day_of(Some(date(0, 1, 1))));
        assert_eq!(date_of(day_of(None)), None);
    }
}
