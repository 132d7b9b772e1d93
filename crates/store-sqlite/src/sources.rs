//! The rows of sources in SQLite.

use jiff::civil::Date;
use record::{HostState, Source, SourceDay, SourceItem, SourceState};
use rusqlite::{Row, params, params_from_iter};
use store::{Error, SourceRows};

use crate::Sqlite;
use crate::rows::json;

/// Values in one list of a question.
const LIST: usize = 100;

const ITEM: &str = "key, met, waiting, changed, reads";

/// An item as its columns have it; the day is read afterwards.
type Columns = (String, String, Option<String>, Option<String>, i64);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

impl Sqlite {
    fn day(&self, what: &str, text: &str) -> Result<Date, Error> {
        text.parse()
            .map_err(|error| Error::damaged(&self.name, format!("the day of {what} cannot be read: {error}")))
    }

    fn items(&self, source: &str, rows: Vec<Columns>) -> Result<Vec<SourceItem>, Error> {
        rows.into_iter()
            .map(|(key, met, waiting, changed, reads)| {
                let met = self.day(&format!("an item of source {source}"), &met)?;
                Ok(SourceItem { key, met, waiting, changed, reads: u8::try_from(reads).unwrap_or(u8::MAX) })
            })
            .collect()
    }
}

impl SourceRows for Sqlite {
    fn sources(&mut self) -> Result<Vec<(Source, SourceState)>, Error> {
        let sql = "SELECT id, definition, state FROM source ORDER BY id";
        let rows: Vec<(String, String, String)> =
            self.all(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.iter()
            .map(|(id, definition, state)| {
                let what = format!("source {id}");
                Ok((self.read(&what, definition)?, self.read(&what, state)?))
            })
            .collect()
    }

    fn put_source(&mut self, source: &Source) -> Result<(), Error> {
        let sql = "INSERT INTO source VALUES (?, ?, '{}') ON CONFLICT (id) DO UPDATE SET definition = excluded.definition";
        self.put(sql, params![source.id, json(source)?]).map(|_| ())
    }

    fn put_source_state(&mut self, id: &str, state: &SourceState) -> Result<(), Error> {
        self.put("UPDATE source SET state = ? WHERE id = ?", params![json(state)?, id]).map(|_| ())
    }

    fn remove_source(&mut self, id: &str) -> Result<bool, Error> {
        self.put("DELETE FROM source_day WHERE source = ?", [id])?;
        self.put("DELETE FROM source_item WHERE source = ?", [id])?;
        Ok(self.put("DELETE FROM source WHERE id = ?", [id])? > 0)
    }

    fn source_days(&mut self, id: &str, from: Date) -> Result<Vec<SourceDay>, Error> {
        let sql = "SELECT day, tries, successes, new, seen, refused FROM source_day
            WHERE source = ? AND day >= ? ORDER BY day";
        let rows: Vec<(String, [i64; 5])> = self.all(sql, params![id, from.to_string()], |row| {
            Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?]))
        })?;
        rows.into_iter()
            .map(|(day, counts)| {
                let [tries, successes, new, seen, refused] =
                    counts.map(|count| u32::try_from(count).unwrap_or(u32::MAX));
                let day = self.day(&format!("source {id}"), &day)?;
                Ok(SourceDay { day, tries, successes, new, seen, refused })
            })
            .collect()
    }

    fn add_source_day(&mut self, id: &str, day: &SourceDay) -> Result<(), Error> {
        let sql = "INSERT INTO source_day VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, day) DO UPDATE SET
            tries = tries + excluded.tries, successes = successes + excluded.successes, new = new + excluded.new,
            seen = seen + excluded.seen, refused = refused + excluded.refused";
        let counts =
            params![id, day.day.to_string(), day.tries, day.successes, day.new, day.seen, day.refused];
        self.put(sql, counts).map(|_| ())
    }

    fn source_items(&mut self, id: &str, keys: &[String]) -> Result<Vec<SourceItem>, Error> {
        let mut found = Vec::new();
        for some in keys.chunks(LIST) {
            let marks = vec!["?"; some.len()].join(", ");
            let sql = format!("SELECT {ITEM} FROM source_item WHERE source = ? AND key IN ({marks})");
            let values = std::iter::once(id).chain(some.iter().map(String::as_str));
            let rows = self.all(&sql, params_from_iter(values), columns)?;
            found.extend(self.items(id, rows)?);
        }
        Ok(found)
    }

    fn source_items_after(&mut self, id: &str, key: &str, limit: usize) -> Result<Vec<SourceItem>, Error> {
        let sql = format!("SELECT {ITEM} FROM source_item WHERE source = ? AND key > ? ORDER BY key LIMIT ?");
        let rows = self.all(&sql, params![id, key, limit as i64], columns)?;
        self.items(id, rows)
    }

    fn waiting_items(&mut self, id: &str, limit: usize) -> Result<Vec<SourceItem>, Error> {
        let sql = format!(
            "SELECT {ITEM} FROM source_item WHERE source = ? AND waiting IS NOT NULL ORDER BY met, key LIMIT ?"
        );
        let rows = self.all(&sql, params![id, limit as i64], columns)?;
        self.items(id, rows)
    }

    fn put_source_items(&mut self, id: &str, items: &[SourceItem]) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO source_item VALUES (?, ?, ?, ?, ?, ?)";
        for item in items {
            self.put(
                sql,
                params![id, item.key, item.met.to_string(), item.waiting, item.changed, item.reads],
            )?;
        }
        Ok(())
    }

    fn forget_source_items(&mut self, id: &str, before: Date) -> Result<(), Error> {
        let sql = "DELETE FROM source_item WHERE source = ? AND met < ? AND waiting IS NULL";
        self.put(sql, params![id, before.to_string()]).map(|_| ())
    }

    fn host(&mut self, server: &str) -> Result<Option<HostState>, Error> {
        let state =
            self.one("SELECT state FROM host WHERE server = ?", [server], |row| row.get::<_, String>(0))?;
        state.map(|state| self.read(&format!("server {server}"), &state)).transpose()
    }

    fn put_host(&mut self, server: &str, state: &HostState) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO host VALUES (?, ?)";
        self.put(sql, params![server, json(state)?]).map(|_| ())
    }
}
