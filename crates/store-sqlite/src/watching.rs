//! The watch's rows in SQLite.

use record::Situation;
use rusqlite::{Row, params};
use store::{Entry, Error, Head, WatchRows, pack, unpack};

use crate::Sqlite;
use crate::rows::{json, place};

/// An entry as its columns have it; the body is unpacked afterwards.
fn columns(row: &Row<'_>) -> rusqlite::Result<(i64, Vec<u8>, String)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn limited(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

impl WatchRows for Sqlite {
    fn watch_head(&mut self) -> Result<Head, Error> {
        let head = self.one("SELECT seq, hash FROM watch_head", [], |row| {
            Ok(Head { seq: row.get::<_, i64>(0)?.unsigned_abs(), hash: row.get(1)? })
        })?;
        head.ok_or_else(|| Error::damaged(&self.name, "the end of the watch's log is not written down"))
    }

    fn watch_append(&mut self, entry: &Entry, kind: &str, about: &str) -> Result<(), Error> {
        let seq = place(entry.seq);
        let sql = "INSERT INTO watch_entry VALUES (?, ?, ?, ?, ?)";
        self.put(sql, params![seq, kind, about, pack(&entry.body)?, entry.hash])?;
        self.put("UPDATE watch_head SET seq = ?, hash = ?", params![seq, entry.hash]).map(|_| ())
    }

    fn watch_entries(
        &mut self,
        kind: Option<&str>,
        about: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, Error> {
        let (after, limit) = (place(after), limited(limit));
        let select = "SELECT seq, body, hash FROM watch_entry WHERE seq > ?";
        let end = "ORDER BY seq LIMIT ?";
        let rows = match (kind, about) {
            (None, None) => self.all(&format!("{select} {end}"), params![after, limit], columns),
            (Some(kind), None) => {
                self.all(&format!("{select} AND kind = ? {end}"), params![after, kind, limit], columns)
            }
            (None, Some(about)) => {
                self.all(&format!("{select} AND about = ? {end}"), params![after, about, limit], columns)
            }
            (Some(kind), Some(about)) => self.all(
                &format!("{select} AND about = ? AND kind = ? {end}"),
                params![after, about, kind, limit],
                columns,
            ),
        }?;
        rows.into_iter()
            .map(|(seq, body, hash)| {
                let body = unpack(&body, &self.name, &format!("entry {seq} of the watch's log"))?;
                Ok(Entry { seq: seq.unsigned_abs(), body, hash })
            })
            .collect()
    }

    fn put_situation(&mut self, situation: &Situation) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO situation VALUES (?, ?, ?, ?)";
        let updated = situation.updated.as_microsecond();
        self.put(sql, params![situation.id, situation.open(), updated, json(situation)?]).map(|_| ())
    }

    fn situation(&mut self, id: &str) -> Result<Option<Situation>, Error> {
        let sql = "SELECT document FROM situation WHERE id = ?";
        let document = self.one(sql, [id], |row| row.get::<_, String>(0))?;
        document.map(|document| self.read(&format!("situation {id}"), &document)).transpose()
    }

    fn situations(&mut self, open: bool, limit: usize) -> Result<Vec<Situation>, Error> {
        let sql = "SELECT document FROM situation WHERE open OR NOT ? ORDER BY updated DESC, id LIMIT ?";
        let documents: Vec<String> = self.all(sql, params![open, limited(limit)], |row| row.get(0))?;
        documents.iter().map(|document| self.read("a situation", document)).collect()
    }

    fn forget_situations(&mut self) -> Result<(), Error> {
        self.put("DELETE FROM situation", []).map(|_| ())
    }
}
