//! The rows of the store in SQLite.

use std::collections::BTreeMap;

use record::{EventKey, Incident};
use rusqlite::{OptionalExtension, Row, named_params, params, params_from_iter};
use store::find::{ChangeCursor, ChangeRow, Filter, Found, Page, ReportFilter, ReportRow, Total, What};
use store::rows::{IncidentRow, Link, Linking, ReportDay, Rows};
use store::words::key;
use store::{Entry, Error, Head, StoredReport, Telling, unpack};

use crate::Sqlite;

/// Values in one list of a question; SQLite takes more, in questions that it then has to read anew.
const LIST: usize = 100;

impl Sqlite {
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let mut asked = self.connection.prepare_cached(sql).map_err(|error| self.told(error))?;
        let rows = asked.query_map(values, read).map_err(|error| self.told(error))?;
        rows.collect::<Result<_, _>>().map_err(|error| self.told(error))
    }

    pub(crate) fn one<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let mut asked = self.connection.prepare_cached(sql).map_err(|error| self.told(error))?;
        asked.query_row(values, read).optional().map_err(|error| self.told(error))
    }

    pub(crate) fn put(&self, sql: &str, values: impl rusqlite::Params) -> Result<usize, Error> {
        let mut asked = self.connection.prepare_cached(sql).map_err(|error| self.told(error))?;
        asked.execute(values).map_err(|error| self.told(error))
    }

    fn insert_tellings(&self, tellings: &[Telling]) -> Result<(), Error> {
        for (index, telling) in tellings.iter().enumerate() {
            self.put(
                "INSERT INTO event VALUES (?, ?, ?, NULL, ?)",
                params![telling.key.report, telling.key.event, index as i64, json(telling)?],
            )?;
        }
        Ok(())
    }

    fn number(&self, sql: &str) -> Result<u64, Error> {
        Ok(self.one(sql, [], |row| row.get::<_, i64>(0))?.unwrap_or(0).unsigned_abs())
    }

    /// Documents that were kept as JSON.
    pub(crate) fn read<T: serde::de::DeserializeOwned>(&self, what: &str, json: &str) -> Result<T, Error> {
        serde_json::from_str(json)
            .map_err(|error| Error::damaged(&self.name, format!("{what} cannot be read: {error}")))
    }

    fn unread(&self, report: &str, column: &str, value: impl std::fmt::Display) -> Error {
        Error::damaged(&self.name, format!("`{column}` of report {report} cannot be read: {value}"))
    }
}

/// A place of the log as SQLite keeps it.
pub(crate) fn place(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry { seq: row.get::<_, i64>(0)?.unsigned_abs(), body: row.get(1)?, hash: row.get(2)? })
}

fn marks(count: usize) -> String {
    vec!["?"; count].join(", ")
}

pub(crate) fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Asked(error.to_string()))
}

impl Rows for Sqlite {
    fn name(&self) -> &str {
        &self.name
    }

    fn begin(&mut self) -> Result<(), Error> {
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(|error| self.told(error))
    }

    fn begin_looking(&mut self) -> Result<(), Error> {
        // The first question takes the moment.
        self.connection.execute_batch("BEGIN DEFERRED").map_err(|error| self.told(error))
    }

    fn commit(&mut self) -> Result<(), Error> {
        self.write_words()?;
        self.connection.execute_batch("COMMIT").map_err(|error| self.told(error))
    }

    fn rollback(&mut self) {
        self.words.clear();
        // Some errors have rolled back already; then there is nothing to do.
        if !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }

    fn head(&mut self) -> Result<Head, Error> {
        let head = self.one("SELECT seq, hash FROM head", [], |row| {
            Ok(Head { seq: row.get::<_, i64>(0)?.unsigned_abs(), hash: row.get(1)? })
        })?;
        head.ok_or_else(|| Error::damaged(&self.name, "the end of the log is not written down"))
    }

    fn append(&mut self, entry: &Entry, subjects: &[String]) -> Result<(), Error> {
        self.put("INSERT INTO decision VALUES (?, ?, ?)", params![place(entry.seq), entry.body, entry.hash])?;
        self.put("UPDATE head SET seq = ?, hash = ?", params![place(entry.seq), entry.hash])?;
        self.index(entry.seq, subjects)
    }

    fn entry(&mut self, seq: u64) -> Result<Option<Entry>, Error> {
        self.one("SELECT seq, body, hash FROM decision WHERE seq = ?", [place(seq)], entry)
    }

    fn entries_about(&mut self, subjects: &[String]) -> Result<Vec<Entry>, Error> {
        let mut found: BTreeMap<u64, Entry> = BTreeMap::new();
        for some in subjects.chunks(LIST) {
            let sql = format!(
                "SELECT seq, body, hash FROM decision WHERE seq IN (SELECT seq FROM subject WHERE subject IN ({}))",
                marks(some.len())
            );
            for entry in self.all(&sql, params_from_iter(some), entry)? {
                found.insert(entry.seq, entry);
            }
        }
        Ok(found.into_values().collect())
    }

    fn entries_after(&mut self, seq: u64, limit: usize) -> Result<Vec<Entry>, Error> {
        let sql = "SELECT seq, body, hash FROM decision WHERE seq > ? ORDER BY seq LIMIT ?";
        self.all(sql, params![place(seq), limit as i64], entry)
    }

    fn subject_count(&mut self) -> Result<u64, Error> {
        self.number("SELECT count(*) FROM subject")
    }

    fn index(&mut self, seq: u64, subjects: &[String]) -> Result<(), Error> {
        for subject in subjects {
            self.put("INSERT OR IGNORE INTO subject VALUES (?, ?)", params![subject, place(seq)])?;
        }
        Ok(())
    }

    fn forget_derived(&mut self) -> Result<(), Error> {
        self.write_words()?;
        let all = "DELETE FROM subject; DELETE FROM incident; DELETE FROM incident_document; DELETE FROM incident_actor;
            DELETE FROM incident_source; DELETE FROM incident_box; DELETE FROM incident_words;
            UPDATE event SET home = NULL; UPDATE report SET copy_of = NULL;";
        self.connection.execute_batch(all).map_err(|error| self.told(error))
    }

    fn has_report(&mut self, id: &str) -> Result<bool, Error> {
        Ok(self.one("SELECT 1 FROM report WHERE id = ?", [id], |_| Ok(()))?.is_some())
    }

    fn report_with_text(&mut self, text_sha256: &str) -> Result<Option<String>, Error> {
        self.one("SELECT id FROM report WHERE text_sha256 = ? ORDER BY n LIMIT 1", [text_sha256], |row| {
            row.get(0)
        })
    }

    fn put_report(&mut self, report: &StoredReport, tellings: &[Telling]) -> Result<(), Error> {
        let (text, coded) = (self.packer.pack(&report.text)?, self.packer.pack(&report.coded)?);
        self.put(
            "INSERT INTO report (id, text_sha256, coded_sha256, url, given_id, title, publisher, publisher_key, language,
                published, fetched, source, headers, copy_of, text, coded)
             VALUES (:id, :text_sha256, :coded_sha256, :url, :given_id, :title, :publisher, :publisher_key, :language,
                :published, :fetched, :source, :headers, :copy_of, :text, :coded)",
            named_params! {
                ":id": report.id,
                ":text_sha256": report.text_sha256,
                ":coded_sha256": report.coded_sha256,
                ":url": report.url,
                ":given_id": report.given_id,
                ":title": report.title,
                ":publisher": report.publisher,
                ":publisher_key": report.publisher.as_deref().map(key),
                ":language": report.language,
                ":published": report.published.map(|day| day.to_string()).unwrap_or_default(),
                ":fetched": report.fetched.map(|at| at.to_string()),
                ":source": report.source,
                ":headers": json(&report.headers)?,
                ":copy_of": report.copy_of,
                ":text": text,
                ":coded": coded,
            },
        )?;
        let n = self.connection.last_insert_rowid();
        self.report_words(n, report.words())?;
        self.insert_tellings(tellings)
    }

    fn put_tellings(&mut self, report: &str, tellings: &[Telling]) -> Result<(), Error> {
        self.put("DELETE FROM event WHERE report = ?", [report])?;
        self.insert_tellings(tellings)
    }

    fn report(&mut self, id: &str) -> Result<Option<StoredReport>, Error> {
        let sql = "SELECT id, text_sha256, coded_sha256, url, given_id, title, publisher, language, published, fetched,
            source, headers, copy_of, text, coded FROM report WHERE id = ?";
        let Some((mut report, texts)) = self.one(sql, [id], |row| {
            let report = StoredReport {
                id: row.get(0)?,
                text_sha256: row.get(1)?,
                coded_sha256: row.get(2)?,
                url: row.get(3)?,
                given_id: row.get(4)?,
                title: row.get(5)?,
                publisher: row.get(6)?,
                language: row.get(7)?,
                published: None,
                fetched: None,
                source: row.get(10)?,
                headers: BTreeMap::new(),
                copy_of: row.get(12)?,
                text: String::new(),
                coded: String::new(),
            };
            let days: (String, Option<String>, String) = (row.get(8)?, row.get(9)?, row.get(11)?);
            let packed: (Vec<u8>, Vec<u8>) = (row.get(13)?, row.get(14)?);
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
        report.text = unpack(&text, &self.name, &format!("the text of report {id}"))?;
        report.coded = unpack(&coded, &self.name, &format!("the coded document of report {id}"))?;
        Ok(Some(report))
    }

    fn report_count(&mut self) -> Result<u64, Error> {
        self.number("SELECT count(*) FROM report")
    }

    fn report_ids(&mut self, after: &str, limit: usize) -> Result<Vec<String>, Error> {
        let sql = "SELECT id FROM report WHERE id > ? ORDER BY id LIMIT ?";
        self.all(sql, params![after, limit as i64], |row| row.get(0))
    }

    fn keep_linking(&mut self, report: &str, told: &[u8]) -> Result<(), Error> {
        let sql = "INSERT INTO linking SELECT n, ?2 FROM report WHERE id = ?1
            ON CONFLICT (n) DO UPDATE SET told = excluded.told";
        self.put(sql, params![report, told]).map(|_| ())
    }

    fn linking(&mut self, after: i64, limit: usize) -> Result<Vec<Linking>, Error> {
        let sql = "SELECT r.n, r.id, r.copy_of, coalesce(l.told, x'') FROM report r LEFT JOIN linking l ON l.n = r.n
            WHERE r.n > ? ORDER BY r.n LIMIT ?";
        self.all(sql, params![after, limit as i64], |row| {
            Ok(Linking {
                row: row.get(0)?,
                report: row.get(1)?,
                copy_of: row.get(2)?,
                told: row.get(3)?,
                events: Vec::new(),
            })
        })
    }

    fn linking_of(&mut self, reports: &[&str]) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let sql = "SELECT r.id, l.told FROM report r JOIN linking l ON l.n = r.n WHERE r.id = ?";
        let mut told = Vec::with_capacity(reports.len());
        for report in reports {
            told.append(&mut self.all(sql, [report], |row| Ok((row.get(0)?, row.get(1)?)))?);
        }
        Ok(told)
    }

    fn homes_between(&mut self, after: i64, last: i64) -> Result<Vec<(EventKey, Option<String>)>, Error> {
        let sql = "SELECT e.report, e.event, e.home FROM report r JOIN event e ON e.report = r.id
            WHERE r.n > ? AND r.n <= ? ORDER BY r.n, e.place";
        self.all(sql, params![after, last], |row| {
            Ok((EventKey { report: row.get(0)?, event: row.get(1)? }, row.get(2)?))
        })
    }

    fn gone(&mut self) -> Result<Vec<Incident>, Error> {
        let sql = "SELECT d.document FROM incident i JOIN incident_document d ON d.n = i.n WHERE NOT i.live ORDER BY i.n";
        let documents: Vec<String> = self.all(sql, [], |row| row.get(0))?;
        documents.iter().map(|document| self.read("an incident", document)).collect()
    }

    fn set_copy(&mut self, report: &str, of: Option<&str>) -> Result<(), Error> {
        self.put("UPDATE report SET copy_of = ? WHERE id = ?", params![of, report]).map(|_| ())
    }

    fn copies(&mut self, of: &str) -> Result<Vec<String>, Error> {
        self.all("SELECT id FROM report WHERE copy_of = ? ORDER BY n", [of], |row| row.get(0))
    }

    fn report_days(&mut self, after: i64, limit: usize) -> Result<Vec<ReportDay>, Error> {
        let sql = "SELECT n, id, url, copy_of, published FROM report WHERE n > ? ORDER BY n LIMIT ?";
        let rows: Vec<(ReportDay, String)> = self.all(sql, params![after, limit as i64], |row| {
            let (row_number, id) = (row.get(0)?, row.get(1)?);
            let day =
                ReportDay { row: row_number, id, url: row.get(2)?, copy_of: row.get(3)?, published: None };
            Ok((day, row.get(4)?))
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
        let mut links = Vec::with_capacity(reports.len());
        for id in reports {
            let sql = "SELECT id, url, copy_of FROM report WHERE id = ?";
            let link = self
                .one(sql, [id], |row| Ok(Link { id: row.get(0)?, url: row.get(1)?, copy_of: row.get(2)? }))?;
            links.extend(link);
        }
        Ok(links)
    }

    fn home(&mut self, event: &EventKey) -> Result<Option<Option<String>>, Error> {
        let sql = "SELECT home FROM event WHERE report = ? AND event = ?";
        self.one(sql, [&event.report, &event.event], |row| row.get(0))
    }

    fn set_home(&mut self, event: &EventKey, home: Option<&str>) -> Result<(), Error> {
        let sql = "UPDATE event SET home = ? WHERE report = ? AND event = ?";
        self.put(sql, params![home, event.report, event.event]).map(|_| ())
    }

    fn events(&mut self, report: &str) -> Result<Vec<(EventKey, Option<String>)>, Error> {
        let sql = "SELECT event, home FROM event WHERE report = ? ORDER BY place";
        self.all(sql, [report], |row| {
            Ok((EventKey { report: report.to_owned(), event: row.get(0)? }, row.get(1)?))
        })
    }

    fn tellings(&mut self, events: &[EventKey]) -> Result<Vec<Telling>, Error> {
        let mut tellings = Vec::with_capacity(events.len());
        for event in events {
            let sql = "SELECT telling FROM event WHERE report = ? AND event = ?";
            let what = || format!("event {} of report {}", event.event, event.report);
            match self.one(sql, [&event.report, &event.event], |row| row.get::<_, String>(0))? {
                Some(telling) => tellings.push(self.read(&what(), &telling)?),
                None => return Err(Error::damaged(&self.name, format!("{} is missing", what()))),
            }
        }
        Ok(tellings)
    }

    fn incident(&mut self, id: &str) -> Result<Option<Incident>, Error> {
        let sql = "SELECT document FROM incident JOIN incident_document USING (n) WHERE id = ?";
        let document = self.one(sql, [id], |row| row.get::<_, String>(0))?;
        document.map(|document| self.read(&format!("incident {id}"), &document)).transpose()
    }

    fn put_incident(&mut self, row: &IncidentRow<'_>) -> Result<(), Error> {
        let incident = row.incident;
        let place_of = incident.place.as_ref();
        let live = incident.standing == record::Standing::Live;
        let known =
            self.one("SELECT n FROM incident WHERE id = ?", [&incident.id], |row| row.get::<_, i64>(0))?;
        let mut asked = self
            .connection
            .prepare_cached(
                "INSERT INTO incident VALUES (:n, :id, :live, :status, :event_type, :sub_event_type, :first, :last, :wide,
                    :country, :admin1, :latitude, :longitude, :deaths, :confidence, :updated)
                 ON CONFLICT (n) DO UPDATE SET live = :live, status = :status, event_type = :event_type,
                    sub_event_type = :sub_event_type, first_day = :first, last_day = :last, wide = :wide,
                    country = :country, admin1 = :admin1, latitude = :latitude, longitude = :longitude,
                    deaths = :deaths, confidence = :confidence, updated = :updated",
            )
            .map_err(|error| self.told(error))?;
        let point = place_of.and_then(|place| place.latitude.zip(place.longitude));
        asked
            .execute(named_params! {
                ":n": known,
                ":id": incident.id,
                ":live": live,
                ":status": incident.status.as_str(),
                ":event_type": incident.event_type.map(|kind| kind.as_str()),
                ":sub_event_type": incident.sub_event_type.map(|kind| kind.as_str()),
                ":first": row.first,
                ":last": row.last,
                ":wide": row.wide,
                ":country": row.country(),
                ":admin1": row.admin1(),
                ":latitude": point.map(|(latitude, _)| latitude),
                ":longitude": point.map(|(_, longitude)| longitude),
                ":deaths": incident.deaths.best.map_or(-1, place),
                ":confidence": incident.confidence,
                ":updated": place(incident.updated),
            })
            .map_err(|error| self.told(error))?;
        drop(asked);
        let n = known.unwrap_or_else(|| self.connection.last_insert_rowid());
        let document = json(incident)?;
        self.put("INSERT OR REPLACE INTO incident_document VALUES (?, ?)", params![n, document])?;
        if known.is_some() {
            self.put("DELETE FROM incident_actor WHERE n = ?", [n])?;
            self.put("DELETE FROM incident_source WHERE n = ?", [n])?;
            self.put("DELETE FROM incident_box WHERE n = ?", [n])?;
        }
        self.incident_words(n, known.is_some(), live.then(|| row.words.clone()))?;
        if !live {
            return Ok(());
        }
        for actor in &row.actors {
            self.put("INSERT INTO incident_actor VALUES (?, ?)", params![actor, n])?;
        }
        for source in &row.sources {
            self.put("INSERT INTO incident_source VALUES (?, ?)", params![source, n])?;
        }
        if let Some((latitude, longitude)) = point {
            let sql = "INSERT INTO incident_box VALUES (?1, ?2, ?2, ?3, ?3)";
            self.put(sql, params![n, latitude, longitude])?;
        }
        Ok(())
    }

    fn incident_ids(&mut self, after: &str, limit: usize) -> Result<Vec<String>, Error> {
        let sql = "SELECT id FROM incident WHERE id > ? ORDER BY id LIMIT ?";
        self.all(sql, params![after, limit as i64], |row| row.get(0))
    }

    fn find(&mut self, filter: &Filter, page: &Page) -> Result<Found<Incident>, Error> {
        self.write_words()?;
        self.find_incidents(filter, page)
    }

    fn count(&mut self, filter: &Filter, limit: u64) -> Result<Total, Error> {
        self.write_words()?;
        self.count_incidents(filter, limit)
    }

    fn find_reports(&mut self, filter: &ReportFilter, page: &Page) -> Result<Found<ReportRow>, Error> {
        self.write_words()?;
        self.found_reports(filter, page)
    }

    fn count_reports(&mut self, filter: &ReportFilter, limit: u64) -> Result<Total, Error> {
        self.write_words()?;
        self.counted_reports(filter, limit)
    }

    fn changed(&mut self, since: ChangeCursor, limit: usize) -> Result<Vec<(i64, ChangeRow)>, Error> {
        let sql = "SELECT n, id, document FROM incident JOIN incident_document USING (n)
            WHERE (updated, n) > (?, ?) ORDER BY updated, n LIMIT ?";
        let rows = self.all(sql, params![place(since.seq), since.row, limit as i64], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?;
        let read = |(n, id, document): (i64, String, String)| {
            let incident: Incident = self.read(&format!("incident {id}"), &document)?;
            Ok((n, ChangeRow { what: What::since(&incident, since.seq), seq: incident.updated, incident }))
        };
        rows.into_iter().map(read).collect()
    }

    fn integrity(&mut self) -> Result<Vec<String>, Error> {
        let found: Vec<String> = self.all("PRAGMA integrity_check(20)", [], |row| row.get(0))?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }
}
