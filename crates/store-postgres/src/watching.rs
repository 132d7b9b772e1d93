//! The watch's rows in PostgreSQL.

use record::Situation;
use store::{Entry, Error, Head, WatchRows, pack, unpack};

use crate::Postgres;
use crate::rows::{json, limited, place, plain};

impl WatchRows for Postgres {
    fn watch_head(&mut self) -> Result<Head, Error> {
        let head = self.one("SELECT seq, hash FROM watch_head", &[], |row| {
            Ok(Head { seq: row.try_get::<_, i64>(0)?.unsigned_abs(), hash: row.try_get(1)? })
        })?;
        head.ok_or_else(|| Error::damaged(self.name(), "the end of the watch's log is not written down"))
    }

    fn watch_append(&mut self, entry: &Entry, kind: &str, about: &str) -> Result<(), Error> {
        let seq = place(entry.seq);
        let sql = "INSERT INTO watch_entry VALUES ($1, $2, $3, $4, $5)";
        self.put(sql, &[&seq, &kind, &plain(about), &pack(&entry.body)?, &entry.hash])?;
        self.put("UPDATE watch_head SET seq = $1, hash = $2", &[&seq, &entry.hash]).map(|_| ())
    }

    fn watch_entries(
        &mut self,
        kind: Option<&str>,
        about: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, Error> {
        let sql = "SELECT seq, body, hash FROM watch_entry WHERE seq > $1 AND ($2::text IS NULL OR kind = $2)
            AND ($3::text IS NULL OR about = $3) ORDER BY seq LIMIT $4";
        let about = about.map(plain);
        let rows: Vec<(i64, Vec<u8>, String)> =
            self.all(sql, &[&place(after), &kind, &about, &limited(limit)], |row| {
                Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
            })?;
        rows.into_iter()
            .map(|(seq, body, hash)| {
                let body = unpack(&body, self.name(), &format!("entry {seq} of the watch's log"))?;
                Ok(Entry { seq: seq.unsigned_abs(), body, hash })
            })
            .collect()
    }

    fn put_situation(&mut self, situation: &Situation) -> Result<(), Error> {
        let sql = "INSERT INTO situation VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET
            open = excluded.open, updated = excluded.updated, document = excluded.document";
        let updated = situation.updated.as_microsecond();
        self.put(sql, &[&situation.id, &situation.open(), &updated, &json(situation)?]).map(|_| ())
    }

    fn situation(&mut self, id: &str) -> Result<Option<Situation>, Error> {
        let sql = "SELECT document FROM situation WHERE id = $1";
        let document = self.one(sql, &[&plain(id)], |row| row.try_get::<_, String>(0))?;
        document.map(|document| self.read(&format!("situation {id}"), &document)).transpose()
    }

    fn situations(&mut self, open: bool, limit: usize) -> Result<Vec<Situation>, Error> {
        let sql = "SELECT document FROM situation WHERE open OR NOT $1 ORDER BY updated DESC, id LIMIT $2";
        let documents: Vec<String> = self.all(sql, &[&open, &limited(limit)], |row| row.try_get(0))?;
        documents.iter().map(|document| self.read("a situation", document)).collect()
    }

    fn forget_situations(&mut self) -> Result<(), Error> {
        self.put("DELETE FROM situation", &[]).map(|_| ())
    }
}
