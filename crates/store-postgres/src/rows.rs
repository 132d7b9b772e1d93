//! The rows of the store in PostgreSQL.

use std::borrow::Cow;
use std::collections::BTreeMap;

use postgres::Row;
use record::{EventKey, Incident};
use store::find::{ChangeCursor, ChangeRow, Filter, Found, Page, ReportFilter, ReportRow, Total, What};
use store::rows::{IncidentRow, Link, Linking, ReportDay, Rows};
use store::words::key;
use store::{Entry, Error, Head, StoredReport, Telling, unpack};

use crate::Postgres;

/// Bytes of a report's words that are searched: a `tsvector` holds one megabyte, with what is kept of each word's places.
const SEARCHED: usize = 400_000;

impl Postgres {
    fn number(&mut self, sql: &str) -> Result<u64, Error> {
        Ok(self.one(sql, &[], |row| row.try_get::<_, i64>(0))?.unwrap_or(0).unsigned_abs())
    }

    /// Documents that were kept as JSON.
    pub(crate) fn read<T: serde::de::DeserializeOwned>(&self, what: &str, json: &str) -> Result<T, Error> {
        serde_json::from_str(json)
            .map_err(|error| Error::damaged(self.name(), format!("{what} cannot be read: {error}")))
    }

    fn unread(&self, report: &str, column: &str, value: impl std::fmt::Display) -> Error {
        Error::damaged(self.name(), format!("`{column}` of report {report} cannot be read: {value}"))
    }
}

/// A place of the log as PostgreSQL keeps it.
pub(crate) fn place(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// Text as PostgreSQL takes it: any but the character 0, which stands in the text and in the coded document alone, and those are
/// kept as bytes.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

fn plainly(text: Option<&str>) -> Option<Cow<'_, str>> {
    text.map(plain)
}

/// As many of the words as can be searched.
fn searched(words: &str) -> &str {
    match words.get(..SEARCHED) {
        Some(start) => start.rsplit_once(' ').map_or(start, |(start, _)| start),
        None => words,
    }
}

fn entry(row: &Row) -> Result<Entry, postgres::Error> {
    Ok(Entry { seq: row.try_get::<_, i64>(0)?.unsigned_abs(), body: row.try_get(1)?, hash: row.try_get(2)? })
}

pub(crate) fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Asked(error.to_string()))
}

pub(crate) fn limited(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

impl Rows for Postgres {
    fn name(&self) -> &str {
        Self::name(self)
    }

    fn begin(&mut self) -> Result<(), Error> {
        self.begin_with("BEGIN")?;
        // Whoever holds this row writes; the others wait for it.
        match self.batch("SELECT 1 FROM head FOR UPDATE") {
            Ok(()) => Ok(()),
            Err(error) => {
                self.rollback();
                Err(error)
            }
        }
    }

    fn begin_looking(&mut self) -> Result<(), Error> {
        self.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    fn commit(&mut self) -> Result<(), Error> {
        self.end_with("COMMIT")
    }

    fn rollback(&mut self) {
        // Where the connection is gone, so is the transaction.
        let _ = self.end_with("ROLLBACK");
    }

    fn head(&mut self) -> Result<Head, Error> {
        let head = self.one("SELECT seq, hash FROM head", &[], |row| {
            Ok(Head { seq: row.try_get::<_, i64>(0)?.unsigned_abs(), hash: row.try_get(1)? })
        })?;
        head.ok_or_else(|| Error::damaged(self.name(), "the end of the log is not written down"))
    }

    fn append(&mut self, entry: &Entry, subjects: &[String]) -> Result<(), Error> {
        let seq = place(entry.seq);
        self.put("INSERT INTO decision VALUES ($1, $2, $3)", &[&seq, &entry.body, &entry.hash])?;
        self.put("UPDATE head SET seq = $1, hash = $2", &[&seq, &entry.hash])?;
        self.index(entry.seq, subjects)
    }

    fn entry(&mut self, seq: u64) -> Result<Option<Entry>, Error> {
        self.one("SELECT seq, body, hash FROM decision WHERE seq = $1", &[&place(seq)], entry)
    }

    fn entries_about(&mut self, subjects: &[String]) -> Result<Vec<Entry>, Error> {
        let sql = "SELECT seq, body, hash FROM decision
            WHERE seq IN (SELECT seq FROM subject WHERE subject = ANY ($1)) ORDER BY seq";
        self.all(sql, &[&subjects], entry)
    }

    fn entries_after(&mut self, seq: u64, limit: usize) -> Result<Vec<Entry>, Error> {
        let sql = "SELECT seq, body, hash FROM decision WHERE seq > $1 ORDER BY seq LIMIT $2";
        self.all(sql, &[&place(seq), &limited(limit)], entry)
    }

    fn subject_count(&mut self) -> Result<u64, Error> {
        self.number("SELECT count(*) FROM subject")
    }

    fn index(&mut self, seq: u64, subjects: &[String]) -> Result<(), Error> {
        let sql = "INSERT INTO subject SELECT subject, $2 FROM unnest($1::text[]) AS subject ON CONFLICT DO NOTHING";
        self.put(sql, &[&subjects, &place(seq)]).map(|_| ())
    }

    fn forget_derived(&mut self) -> Result<(), Error> {
        self.batch(
            "DELETE FROM subject; DELETE FROM incident; DELETE FROM incident_document; DELETE FROM incident_actor;
             DELETE FROM incident_source; UPDATE event SET home = NULL WHERE home IS NOT NULL;
             UPDATE report SET copy_of = NULL WHERE copy_of IS NOT NULL",
        )
    }

    fn has_report(&mut self, id: &str) -> Result<bool, Error> {
        Ok(self.one("SELECT 1 FROM report WHERE id = $1", &[&plain(id)], |_| Ok(()))?.is_some())
    }

    fn report_with_text(&mut self, text_sha256: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT id FROM report WHERE text_sha256 = $1 ORDER BY n LIMIT 1";
        self.one(sql, &[&text_sha256], |row| row.try_get(0))
    }

    fn put_report(&mut self, report: &StoredReport, tellings: &[Telling]) -> Result<(), Error> {
        let words = report.words();
        let (text, coded) = (self.packer.pack(&report.text)?, self.packer.pack(&report.coded)?);
        self.put(
            "INSERT INTO report (id, text_sha256, coded_sha256, url, given_id, title, publisher, publisher_key, language,
                published, fetched, source, headers, copy_of, text, coded, words)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                to_tsvector('watchpost', $17))",
            &[
                &report.id,
                &report.text_sha256,
                &report.coded_sha256,
                &plainly(report.url.as_deref()),
                &plainly(report.given_id.as_deref()),
                &plainly(report.title.as_deref()),
                &plainly(report.publisher.as_deref()),
                &report.publisher.as_deref().map(key),
                &plainly(report.language.as_deref()),
                &report.published.map(|day| day.to_string()).unwrap_or_default(),
                &report.fetched.map(|at| at.to_string()),
                &plainly(report.source.as_deref()),
                &json(&report.headers)?,
                &report.copy_of,
                &text,
                &coded,
                &searched(&words),
            ],
        )?;
        self.put_tellings(&report.id, tellings)
    }

    fn put_tellings(&mut self, report: &str, tellings: &[Telling]) -> Result<(), Error> {
        self.put("DELETE FROM event WHERE report = $1", &[&plain(report)])?;
        let mut columns = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (index, telling) in tellings.iter().enumerate() {
            columns.0.push(telling.key.report.as_str());
            columns.1.push(plain(&telling.key.event));
            columns.2.push(limited(index));
            columns.3.push(json(telling)?);
        }
        let sql = "INSERT INTO event (report, event, place, telling)
            SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[])";
        self.put(sql, &[&columns.0, &columns.1, &columns.2, &columns.3]).map(|_| ())
    }

    fn report(&mut self, id: &str) -> Result<Option<StoredReport>, Error> {
        let sql = "SELECT id, text_sha256, coded_sha256, url, given_id, title, publisher, language, published, fetched,
            source, headers, copy_of, text, coded FROM report WHERE id = $1";
        let Some((mut report, texts)) = self.one(sql, &[&plain(id)], |row| {
            let report = StoredReport {
                id: row.try_get(0)?,
                text_sha256: row.try_get(1)?,
                coded_sha256: row.try_get(2)?,
                url: row.try_get(3)?,
                given_id: row.try_get(4)?,
                title: row.try_get(5)?,
                publisher: row.try_get(6)?,
                language: row.try_get(7)?,
                published: None,
                fetched: None,
                source: row.try_get(10)?,
                headers: BTreeMap::new(),
                copy_of: row.try_get(12)?,
                text: String::new(),
                coded: String::new(),
            };
            let days: (String, Option<String>, String) = (row.try_get(8)?, row.try_get(9)?, row.try_get(11)?);
            let packed: (Vec<u8>, Vec<u8>) = (row.try_get(13)?, row.try_get(14)?);
            Ok((report, (days, packed)))
        })?
        else {
            return Ok(None);
        };
        let ((published, fetched, headers), (text, coded)) = texts;
        if !published.is_empty() {
            report.published = Some(published.parse().map_err(|error| self.unread(id, "published", error))?);
        }
        if let Some(fetched) = fetched {
            report.fetched = Some(fetched.parse().map_err(|error| self.unread(id, "fetched", error))?);
        }
        report.headers = self.read(&format!("`headers` of report {id}"), &headers)?;
        report.text = unpack(&text, self.name(), &format!("the text of report {id}"))?;
        report.coded = unpack(&coded, self.name(), &format!("the coded document of report {id}"))?;
        Ok(Some(report))
    }

    fn report_count(&mut self) -> Result<u64, Error> {
        self.number("SELECT count(*) FROM report")
    }

    fn report_ids(&mut self, after: &str, limit: usize) -> Result<Vec<String>, Error> {
        let sql = "SELECT id FROM report WHERE id > $1 ORDER BY id LIMIT $2";
        self.all(sql, &[&after, &limited(limit)], |row| row.try_get(0))
    }

    fn keep_linking(&mut self, report: &str, told: &[u8]) -> Result<(), Error> {
        let sql = "INSERT INTO linking SELECT n, $2 FROM report WHERE id = $1
            ON CONFLICT (n) DO UPDATE SET told = excluded.told";
        self.put(sql, &[&plain(report), &told]).map(|_| ())
    }

    fn linking(&mut self, after: i64, limit: usize) -> Result<Vec<Linking>, Error> {
        let sql = "SELECT r.n, r.id, r.copy_of, coalesce(l.told, ''::bytea) FROM report r LEFT JOIN linking l ON l.n = r.n
            WHERE r.n > $1 ORDER BY r.n LIMIT $2";
        self.all(sql, &[&after, &limited(limit)], |row| {
            Ok(Linking {
                row: row.try_get(0)?,
                report: row.try_get(1)?,
                copy_of: row.try_get(2)?,
                told: row.try_get(3)?,
                events: Vec::new(),
            })
        })
    }

    fn linking_of(&mut self, reports: &[&str]) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let sql = "SELECT r.id, l.told FROM report r JOIN linking l ON l.n = r.n WHERE r.id = ANY($1)";
        self.all(sql, &[&reports], |row| Ok((row.try_get(0)?, row.try_get(1)?)))
    }

    fn homes_between(&mut self, after: i64, last: i64) -> Result<Vec<(EventKey, Option<String>)>, Error> {
        let sql = "SELECT e.report, e.event, e.home FROM report r JOIN event e ON e.report = r.id
            WHERE r.n > $1 AND r.n <= $2 ORDER BY r.n, e.place";
        self.all(sql, &[&after, &last], |row| {
            Ok((EventKey { report: row.try_get(0)?, event: row.try_get(1)? }, row.try_get(2)?))
        })
    }

    fn gone(&mut self) -> Result<Vec<Incident>, Error> {
        let sql = "SELECT d.document FROM incident i JOIN incident_document d ON d.n = i.n WHERE NOT i.live ORDER BY i.n";
        let documents: Vec<String> = self.all(sql, &[], |row| row.try_get(0))?;
        documents.iter().map(|document| self.read("an incident", document)).collect()
    }

    fn set_copy(&mut self, report: &str, of: Option<&str>) -> Result<(), Error> {
        self.put("UPDATE report SET copy_of = $1 WHERE id = $2", &[&of, &report]).map(|_| ())
    }

    fn copies(&mut self, of: &str) -> Result<Vec<String>, Error> {
        self.all("SELECT id FROM report WHERE copy_of = $1 ORDER BY n", &[&of], |row| row.try_get(0))
    }

    fn report_days(&mut self, after: i64, limit: usize) -> Result<Vec<ReportDay>, Error> {
        let sql = "SELECT n, id, url, copy_of, published FROM report WHERE n > $1 ORDER BY n LIMIT $2";
        let rows: Vec<(ReportDay, String)> = self.all(sql, &[&after, &limited(limit)], |row| {
            let day = ReportDay {
                row: row.try_get(0)?,
                id: row.try_get(1)?,
                url: row.try_get(2)?,
                copy_of: row.try_get(3)?,
                published: None,
            };
            Ok((day, row.try_get(4)?))
        })?;
        let read = |(day, published): (ReportDay, String)| {
            if published.is_empty() {
                return Ok(day);
            }
            let date = published.parse().map_err(|error| self.unread(&day.id, "published", error))?;
            Ok(ReportDay { published: Some(date), ..day })
        };
        rows.into_iter().map(read).collect()
    }

    fn links(&mut self, reports: &[String]) -> Result<Vec<Link>, Error> {
        let sql = "SELECT id, url, copy_of FROM report WHERE id = ANY ($1)";
        self.all(sql, &[&reports], |row| {
            Ok(Link { id: row.try_get(0)?, url: row.try_get(1)?, copy_of: row.try_get(2)? })
        })
    }

    fn home(&mut self, event: &EventKey) -> Result<Option<Option<String>>, Error> {
        let sql = "SELECT home FROM event WHERE report = $1 AND event = $2";
        self.one(sql, &[&plain(&event.report), &plain(&event.event)], |row| row.try_get(0))
    }

    fn set_home(&mut self, event: &EventKey, home: Option<&str>) -> Result<(), Error> {
        let sql = "UPDATE event SET home = $1 WHERE report = $2 AND event = $3";
        self.put(sql, &[&home, &plain(&event.report), &plain(&event.event)]).map(|_| ())
    }

    fn events(&mut self, report: &str) -> Result<Vec<(EventKey, Option<String>)>, Error> {
        let sql = "SELECT event, home FROM event WHERE report = $1 ORDER BY place";
        self.all(sql, &[&plain(report)], |row| {
            Ok((EventKey { report: report.to_owned(), event: row.try_get(0)? }, row.try_get(1)?))
        })
    }

    fn tellings(&mut self, events: &[EventKey]) -> Result<Vec<Telling>, Error> {
        let reports: Vec<&str> = events.iter().map(|event| event.report.as_str()).collect();
        let names: Vec<Cow<'_, str>> = events.iter().map(|event| plain(&event.event)).collect();
        let sql = "SELECT asked.number, telling
            FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (report, event, number)
            JOIN event ON event.report = asked.report AND event.event = asked.event ORDER BY asked.number";
        let found = self.all(sql, &[&reports, &names], |row| {
            Ok((row.try_get::<_, i64>(0)?, row.try_get::<_, String>(1)?))
        })?;
        let mut found = found.into_iter().peekable();
        let mut tellings = Vec::with_capacity(events.len());
        for (number, event) in (1..).zip(events) {
            let what = || format!("event {} of report {}", event.event, event.report);
            match found.next_if(|(at, _)| *at == number) {
                Some((_, telling)) => tellings.push(self.read(&what(), &telling)?),
                None => return Err(Error::damaged(self.name(), format!("{} is missing", what()))),
            }
        }
        Ok(tellings)
    }

    fn incident(&mut self, id: &str) -> Result<Option<Incident>, Error> {
        let sql = "SELECT document FROM incident JOIN incident_document USING (n) WHERE id = $1";
        let document = self.one(sql, &[&plain(id)], |row| row.try_get::<_, String>(0))?;
        document.map(|document| self.read(&format!("incident {id}"), &document)).transpose()
    }

    fn put_incident(&mut self, row: &IncidentRow<'_>) -> Result<(), Error> {
        let incident = row.incident;
        let place_of = incident.place.as_ref();
        let live = incident.standing == record::Standing::Live;
        let point = place_of.and_then(|place| place.latitude.zip(place.longitude));
        let words = if live { searched(&row.words) } else { "" };
        let n: i64 = self
            .one(
                "INSERT INTO incident (id, live, status, event_type, sub_event_type, first_day, last_day, wide, country,
                    admin1, latitude, longitude, deaths, confidence, updated, words)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, to_tsvector('watchpost', $16))
                 ON CONFLICT (id) DO UPDATE SET live = excluded.live, status = excluded.status,
                    event_type = excluded.event_type, sub_event_type = excluded.sub_event_type,
                    first_day = excluded.first_day, last_day = excluded.last_day, wide = excluded.wide,
                    country = excluded.country, admin1 = excluded.admin1, latitude = excluded.latitude,
                    longitude = excluded.longitude, deaths = excluded.deaths, confidence = excluded.confidence,
                    updated = excluded.updated, words = excluded.words
                 RETURNING n",
                &[
                    &incident.id,
                    &live,
                    &incident.status.as_str(),
                    &incident.event_type.map(|kind| kind.as_str()),
                    &incident.sub_event_type.map(|kind| kind.as_str()),
                    &row.first,
                    &row.last,
                    &row.wide,
                    &row.country(),
                    &row.admin1(),
                    &point.map(|(latitude, _)| latitude),
                    &point.map(|(_, longitude)| longitude),
                    &incident.deaths.best.map_or(-1, place),
                    &incident.confidence,
                    &place(incident.updated),
                    &words,
                ],
                |row| row.try_get(0),
            )?
            .unwrap_or_default();
        let sql = "INSERT INTO incident_document VALUES ($1, $2)
            ON CONFLICT (n) DO UPDATE SET document = excluded.document";
        self.put(sql, &[&n, &json(incident)?])?;
        self.put("DELETE FROM incident_actor WHERE n = $1", &[&n])?;
        self.put("DELETE FROM incident_source WHERE n = $1", &[&n])?;
        if live {
            let sql = "INSERT INTO incident_actor SELECT actor, $2 FROM unnest($1::text[]) AS actor";
            self.put(sql, &[&row.actors, &n])?;
            let sql = "INSERT INTO incident_source SELECT source, $2 FROM unnest($1::text[]) AS source";
            self.put(sql, &[&row.sources, &n])?;
        }
        Ok(())
    }

    fn incident_ids(&mut self, after: &str, limit: usize) -> Result<Vec<String>, Error> {
        let sql = "SELECT id FROM incident WHERE id > $1 ORDER BY id LIMIT $2";
        self.all(sql, &[&after, &limited(limit)], |row| row.try_get(0))
    }

    fn find(&mut self, filter: &Filter, page: &Page) -> Result<Found<Incident>, Error> {
        self.find_incidents(filter, page)
    }

    fn count(&mut self, filter: &Filter, limit: u64) -> Result<Total, Error> {
        self.count_incidents(filter, limit)
    }

    fn find_reports(&mut self, filter: &ReportFilter, page: &Page) -> Result<Found<ReportRow>, Error> {
        self.found_reports(filter, page)
    }

    fn count_reports(&mut self, filter: &ReportFilter, limit: u64) -> Result<Total, Error> {
        self.counted_reports(filter, limit)
    }

    fn changed(&mut self, since: ChangeCursor, limit: usize) -> Result<Vec<(i64, ChangeRow)>, Error> {
        let sql = "SELECT n, id, document FROM incident JOIN incident_document USING (n)
            WHERE (updated, n) > ($1, $2) ORDER BY updated, n LIMIT $3";
        let rows = self.all(sql, &[&place(since.seq), &since.row, &limited(limit)], |row| {
            Ok((row.try_get::<_, i64>(0)?, row.try_get::<_, String>(1)?, row.try_get::<_, String>(2)?))
        })?;
        let read = |(n, id, document): (i64, String, String)| {
            let incident: Incident = self.read(&format!("incident {id}"), &document)?;
            Ok((n, ChangeRow { what: What::since(&incident, since.seq), seq: incident.updated, incident }))
        };
        rows.into_iter().map(read).collect()
    }

    fn integrity(&mut self) -> Result<Vec<String>, Error> {
        // The server looks after its own files; `pg_amcheck` is its tool for that.
        Ok(Vec::new())
    }
}
