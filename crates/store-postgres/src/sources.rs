//! The rows of sources in PostgreSQL.

use jiff::civil::Date;
use postgres::Row;
use record::{HostState, Source, SourceDay, SourceItem, SourceState};
use store::{Error, SourceRows};

use crate::Postgres;
use crate::rows::{json, limited, plain};

const ITEM: &str = "key, met, waiting, changed, reads";

/// An item as its columns have it; the day is read afterwards.
type Columns = (String, String, Option<String>, Option<String>, i64);

fn columns(row: &Row) -> Result<Columns, postgres::Error> {
    Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?))
}

impl Postgres {
    fn day(&self, what: &str, text: &str) -> Result<Date, Error> {
        text.parse().map_err(|error| {
            Error::damaged(self.name(), format!("the day of {what} cannot be read: {error}"))
        })
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

impl SourceRows for Postgres {
    fn sources(&mut self) -> Result<Vec<(Source, SourceState)>, Error> {
        let sql = "SELECT id, definition, state FROM source ORDER BY id";
        let rows: Vec<(String, String, String)> =
            self.all(sql, &[], |row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))?;
        rows.iter()
            .map(|(id, definition, state)| {
                let what = format!("source {id}");
                Ok((self.read(&what, definition)?, self.read(&what, state)?))
            })
            .collect()
    }

    fn put_source(&mut self, source: &Source) -> Result<(), Error> {
        let sql = "INSERT INTO source VALUES ($1, $2, '{}') ON CONFLICT (id) DO UPDATE SET definition = excluded.definition";
        self.put(sql, &[&source.id, &json(source)?]).map(|_| ())
    }

    fn put_source_state(&mut self, id: &str, state: &SourceState) -> Result<(), Error> {
        self.put("UPDATE source SET state = $2 WHERE id = $1", &[&id, &json(state)?]).map(|_| ())
    }

    fn remove_source(&mut self, id: &str) -> Result<bool, Error> {
        self.put("DELETE FROM source_day WHERE source = $1", &[&id])?;
        self.put("DELETE FROM source_item WHERE source = $1", &[&id])?;
        Ok(self.put("DELETE FROM source WHERE id = $1", &[&id])? > 0)
    }

    fn source_days(&mut self, id: &str, from: Date) -> Result<Vec<SourceDay>, Error> {
        let sql = "SELECT day, tries, successes, new, seen, refused FROM source_day
            WHERE source = $1 AND day >= $2 ORDER BY day";
        let rows: Vec<(String, [i64; 5])> = self.all(sql, &[&id, &from.to_string()], |row| {
            let count = |at: usize| row.try_get::<_, i64>(at);
            Ok((row.try_get(0)?, [count(1)?, count(2)?, count(3)?, count(4)?, count(5)?]))
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
        let sql = "INSERT INTO source_day VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (source, day) DO UPDATE SET
            tries = source_day.tries + excluded.tries, successes = source_day.successes + excluded.successes,
            new = source_day.new + excluded.new, seen = source_day.seen + excluded.seen,
            refused = source_day.refused + excluded.refused";
        let [tries, successes, new, seen, refused] =
            [day.tries, day.successes, day.new, day.seen, day.refused].map(i64::from);
        let on = day.day.to_string();
        self.put(sql, &[&id, &on, &tries, &successes, &new, &seen, &refused]).map(|_| ())
    }

    fn source_items(&mut self, id: &str, keys: &[String]) -> Result<Vec<SourceItem>, Error> {
        let sql = format!("SELECT {ITEM} FROM source_item WHERE source = $1 AND key = ANY ($2)");
        let rows = self.all(&sql, &[&id, &keys], columns)?;
        self.items(id, rows)
    }

    fn source_items_after(&mut self, id: &str, key: &str, limit: usize) -> Result<Vec<SourceItem>, Error> {
        let sql =
            format!("SELECT {ITEM} FROM source_item WHERE source = $1 AND key > $2 ORDER BY key LIMIT $3");
        let rows = self.all(&sql, &[&id, &key, &limited(limit)], columns)?;
        self.items(id, rows)
    }

    fn waiting_items(&mut self, id: &str, limit: usize) -> Result<Vec<SourceItem>, Error> {
        let sql = format!(
            "SELECT {ITEM} FROM source_item WHERE source = $1 AND waiting IS NOT NULL ORDER BY met, key LIMIT $2"
        );
        let rows = self.all(&sql, &[&id, &limited(limit)], columns)?;
        self.items(id, rows)
    }

    fn put_source_items(&mut self, id: &str, items: &[SourceItem]) -> Result<(), Error> {
        let sql = "INSERT INTO source_item VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (source, key) DO UPDATE SET
            met = excluded.met, waiting = excluded.waiting, changed = excluded.changed, reads = excluded.reads";
        for item in items {
            // JSON writes the character 0 as an escape; a time that has one is none.
            let changed = item.changed.as_deref().map(plain);
            self.put(
                sql,
                &[&id, &item.key, &item.met.to_string(), &item.waiting, &changed, &i64::from(item.reads)],
            )?;
        }
        Ok(())
    }

    fn forget_source_items(&mut self, id: &str, before: Date) -> Result<(), Error> {
        let sql = "DELETE FROM source_item WHERE source = $1 AND met < $2 AND waiting IS NULL";
        self.put(sql, &[&id, &before.to_string()]).map(|_| ())
    }

    fn host(&mut self, server: &str) -> Result<Option<HostState>, Error> {
        let sql = "SELECT state FROM host WHERE server = $1";
        let state = self.one(sql, &[&server], |row| row.try_get::<_, String>(0))?;
        state.map(|state| self.read(&format!("server {server}"), &state)).transpose()
    }

    fn put_host(&mut self, server: &str, state: &HostState) -> Result<(), Error> {
        let sql =
            "INSERT INTO host VALUES ($1, $2) ON CONFLICT (server) DO UPDATE SET state = excluded.state";
        self.put(sql, &[&server, &json(state)?]).map(|_| ())
    }
}
