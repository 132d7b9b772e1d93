//! What reports and incidents are searched by, held back until the end of a transaction.
//!
//! Within a transaction FTS5 writes what it holds out before every statement that may have to be taken back, and so a piece of index
//! for each report, which it then has to merge again and again. All words of a transaction in one statement are one piece.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use store::Error;

use crate::Sqlite;

/// Rows of a statement: SQLite takes 32,766 values.
const ROWS: usize = 1000;

/// Rows that are held back at most.
const MOST: usize = 10_000;

/// Words that were not written yet.
#[derive(Debug, Default)]
pub(crate) struct Words {
    reports: BTreeMap<i64, String>,
    incidents: BTreeMap<i64, Changed>,
}

/// What became of an incident's words.
#[derive(Debug, Default)]
struct Changed {
    /// Whether others are in the index, which have to go.
    there: bool,
    words: Option<String>,
}

impl Words {
    pub(crate) fn clear(&mut self) {
        self.reports.clear();
        self.incidents.clear();
    }
}

impl Sqlite {
    /// A new report's words.
    pub(crate) fn report_words(&mut self, n: i64, words: String) -> Result<(), Error> {
        self.words.reports.insert(n, words);
        self.unless_within()
    }

    /// An incident's words from now on; `known` says whether the incident was there before.
    pub(crate) fn incident_words(&mut self, n: i64, known: bool, words: Option<String>) -> Result<(), Error> {
        let changed = self.words.incidents.entry(n).or_insert(Changed { there: known, words: None });
        changed.words = words;
        self.unless_within()
    }

    /// Outside of a transaction each change is one of its own; and not all of a large store is held back at once.
    fn unless_within(&mut self) -> Result<(), Error> {
        let held = self.words.reports.len() + self.words.incidents.len();
        if held >= MOST || self.connection.is_autocommit() { self.write_words() } else { Ok(()) }
    }

    /// Writes what was held back: before a transaction ends, and before anybody searches in it.
    pub(crate) fn write_words(&mut self) -> Result<(), Error> {
        let Words { reports, incidents } = std::mem::take(&mut self.words);
        self.write_all("report_words", reports.into_iter().collect())?;
        let gone: Vec<i64> = incidents.iter().filter(|(_, changed)| changed.there).map(|(n, _)| *n).collect();
        for some in gone.chunks(ROWS) {
            let marks = vec!["?"; some.len()].join(", ");
            self.once(&format!("DELETE FROM incident_words WHERE rowid IN ({marks})"), some.iter().copied())?;
        }
        let words = incidents.into_iter().filter_map(|(n, changed)| Some((n, changed.words?))).collect();
        self.write_all("incident_words", words)
    }

    fn write_all(&self, table: &str, words: Vec<(i64, String)>) -> Result<(), Error> {
        let mut words = words.into_iter().peekable();
        while words.peek().is_some() {
            let values: Vec<Value> = words
                .by_ref()
                .take(ROWS)
                .flat_map(|(n, words)| [Value::Integer(n), Value::Text(words)])
                .collect();
            let rows = vec!["(?, ?)"; values.len() / 2].join(", ");
            self.once(&format!("INSERT INTO {table} (rowid, words) VALUES {rows}"), values)?;
        }
        Ok(())
    }

    /// A statement whose length is another each time, and which is not kept.
    fn once<T: rusqlite::ToSql>(&self, sql: &str, values: impl IntoIterator<Item = T>) -> Result<(), Error> {
        let done = self.connection.execute(sql, rusqlite::params_from_iter(values));
        done.map(|_| ()).map_err(|error| self.told(error))
    }
}
