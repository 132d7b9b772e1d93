//! Counting incidents in SQLite.

use std::collections::HashMap;

use record::Incident;
use rusqlite::{Row, params, params_from_iter};
use store::find::{Area, ChangeCursor, Filter};
use store::sql::DEATHS;
use store::survey::{self, Cell, Columns, DayCount, Group, NameCount, Named, Part};
use store::words::Query;
use store::{Error, Survey};

use crate::Sqlite;
use crate::find::{Wanted, values};
use crate::rows::place;

/// Rows of a question that names them one by one.
const LIST: usize = 200;

const COLUMNS: &str = "SELECT n, live, status, event_type, sub_event_type, first_day, last_day, country, admin1, latitude, longitude, deaths,
    confidence, updated FROM incident";

impl Survey for Sqlite {
    fn groups(&mut self, filter: &Filter) -> Result<Vec<Group>, Error> {
        self.write_words()?;
        let mut groups = Vec::new();
        for (from, ask) in self.questions(filter, Wanted::Sums)? {
            let sql = format!(
                "SELECT country, event_type, sub_event_type, status, count(*), {DEATHS} FROM {from} WHERE {}
                 GROUP BY 1, 2, 3, 4",
                ask.all()
            );
            groups.extend(self.all(&sql, params_from_iter(values(&ask)), |row| {
                Ok(Group {
                    country: row.get(0)?,
                    event_type: row.get(1)?,
                    sub_event_type: row.get(2)?,
                    status: row.get(3)?,
                    count: row.get::<_, i64>(4)?.unsigned_abs(),
                    deaths: row.get::<_, i64>(5)?.unsigned_abs(),
                })
            })?);
        }
        Ok(survey::groups(groups))
    }

    fn names(&mut self, filter: &Filter, named: Named, limit: usize) -> Result<Vec<NameCount>, Error> {
        self.write_words()?;
        let (table, column) = match named {
            Named::Actor => ("incident_actor", "actor"),
            Named::Source => ("incident_source", "source"),
        };
        let read = |row: &rusqlite::Row<'_>| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?.unsigned_abs(), row.get::<_, i64>(2)?))
        };
        let mut counted = Vec::new();
        if *filter == Filter::default() {
            // The names of merged and withdrawn incidents are not kept: the table by itself has the counts, in its own order.
            let sql = format!("SELECT {column}, count(*), max(n) FROM {table} GROUP BY {column}");
            counted = self.all(&sql, [], read)?;
        } else {
            for (from, ask) in self.questions(filter, Wanted::Sums)? {
                let sql = format!(
                    "SELECT {column}, count(*), max(named.n) FROM (SELECT n AS found FROM {from} WHERE {})
                     CROSS JOIN {table} AS named ON named.n = found GROUP BY {column}",
                    ask.all()
                );
                counted.extend(self.all(&sql, params_from_iter(values(&ask)), read)?);
            }
        }
        let mut names = Vec::new();
        for (key, count, n) in survey::most_named(counted, limit) {
            let sql = "SELECT updated FROM incident WHERE n = ?";
            if let Some(updated) = self.one(sql, [n], |row| row.get::<_, i64>(0))? {
                names.push(NameCount { key, count, row: n, updated });
            }
        }
        Ok(names)
    }

    fn days(&mut self, filter: &Filter) -> Result<Vec<DayCount>, Error> {
        self.write_words()?;
        let mut days = Vec::new();
        for (from, ask) in self.questions(filter, Wanted::Sums)? {
            let sql = format!(
                "SELECT first_day, last_day, event_type, count(*), {DEATHS} FROM {from} WHERE {} GROUP BY 1, 2, 3",
                ask.all()
            );
            days.extend(self.all(&sql, params_from_iter(values(&ask)), |row| {
                Ok(DayCount {
                    first: row.get(0)?,
                    last: row.get(1)?,
                    event_type: row.get(2)?,
                    count: row.get::<_, i64>(3)?.unsigned_abs(),
                    deaths: row.get::<_, i64>(4)?.unsigned_abs(),
                })
            })?);
        }
        Ok(days)
    }

    fn cells(&mut self, filter: &Filter, degrees: f64) -> Result<Vec<Cell>, Error> {
        self.write_words()?;
        let filter = Filter { placed: true, ..filter.clone() };
        let mut cells = Vec::new();
        for (from, mut ask) in self.questions(&filter, Wanted::Sums)? {
            let side = ask.bind(store::sql::Bind::Real(degrees));
            let sql = format!(
                "SELECT min(latitude), min(longitude), max(latitude), max(longitude), avg(latitude), avg(longitude), count(*),
                    {DEATHS} FROM {from} WHERE {}
                 GROUP BY CAST((latitude + 90.0) / {side} AS INTEGER), CAST((longitude + 180.0) / {side} AS INTEGER)",
                ask.all()
            );
            cells.extend(self.all(&sql, params_from_iter(values(&ask)), |row| {
                Ok(Cell {
                    extent: Area {
                        south: row.get(0)?,
                        west: row.get(1)?,
                        north: row.get(2)?,
                        east: row.get(3)?,
                    },
                    latitude: row.get(4)?,
                    longitude: row.get(5)?,
                    count: row.get::<_, i64>(6)?.unsigned_abs(),
                    deaths: row.get::<_, i64>(7)?.unsigned_abs(),
                })
            })?);
        }
        Ok(cells)
    }

    fn columns(&mut self, part: Part<'_>, limit: usize) -> Result<Vec<Columns>, Error> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        match part {
            Part::After(after) => {
                let sql = format!("{COLUMNS} WHERE n > ? ORDER BY n LIMIT ?");
                let mut rows = self.all(&sql, params![after, limit], columns)?;
                let Some(last) = rows.last().map(|row| row.row) else { return Ok(rows) };
                let sql =
                    "SELECT n, actor FROM incident_actor INDEXED BY incident_actor_of WHERE n > ? AND n <= ?";
                let mut actors = self.all(sql, [after, last], name)?;
                let sql = "SELECT n, source FROM incident_source INDEXED BY incident_source_of WHERE n > ? AND n <= ?";
                let mut sources = self.all(sql, [after, last], name)?;
                give(&mut rows, &mut actors, &mut sources);
                Ok(rows)
            }
            Part::Changed(ChangeCursor { seq, row }) => {
                let sql = format!("{COLUMNS} WHERE (updated, n) > (?, ?) ORDER BY updated, n LIMIT ?");
                let rows = self.all(&sql, params![place(seq), row, limit], columns)?;
                self.with_names(rows)
            }
            Part::These(rows) => {
                let mut found = Vec::with_capacity(rows.len());
                for some in rows.chunks(LIST) {
                    let sql = format!("{COLUMNS} WHERE n IN ({})", marks(some.len()));
                    found.extend(self.all(&sql, params_from_iter(some), columns)?);
                }
                self.with_names(found)
            }
        }
    }

    fn matching(&mut self, words: &Query) -> Result<Vec<i64>, Error> {
        self.write_words()?;
        let sql = "SELECT rowid FROM incident_words WHERE incident_words MATCH ?";
        self.all(sql, [words.fts5()], |row| row.get(0))
    }

    fn documents(&mut self, rows: &[i64]) -> Result<Vec<(i64, String)>, Error> {
        let sql = "SELECT document FROM incident_document WHERE n = ?";
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            if let Some(document) = self.one(sql, [row], |found| found.get(0))? {
                found.push((*row, document));
            }
        }
        Ok(found)
    }

    fn at_rows(&mut self, rows: &[i64]) -> Result<Vec<(i64, Incident)>, Error> {
        let documents = self.documents(rows)?.into_iter();
        documents
            .map(|(row, document)| Ok((row, self.read(&format!("the incident of row {row}"), &document)?)))
            .collect()
    }
}

impl Sqlite {
    fn with_names(&self, mut rows: Vec<Columns>) -> Result<Vec<Columns>, Error> {
        let numbers: Vec<i64> = rows.iter().map(|row| row.row).collect();
        let (mut actors, mut sources) = (Vec::new(), Vec::new());
        for some in numbers.chunks(LIST) {
            let marks = marks(some.len());
            let sql = format!(
                "SELECT n, actor FROM incident_actor INDEXED BY incident_actor_of WHERE n IN ({marks})"
            );
            actors.extend(self.all(&sql, params_from_iter(some), name)?);
            let sql = format!(
                "SELECT n, source FROM incident_source INDEXED BY incident_source_of WHERE n IN ({marks})"
            );
            sources.extend(self.all(&sql, params_from_iter(some), name)?);
        }
        give(&mut rows, &mut actors, &mut sources);
        Ok(rows)
    }
}

fn marks(count: usize) -> String {
    vec!["?"; count].join(", ")
}

fn name(row: &Row<'_>) -> rusqlite::Result<(i64, String)> {
    Ok((row.get(0)?, row.get(1)?))
}

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok(Columns {
        row: row.get(0)?,
        live: row.get(1)?,
        status: row.get(2)?,
        event_type: row.get(3)?,
        sub_event_type: row.get(4)?,
        first: row.get(5)?,
        last: row.get(6)?,
        country: row.get(7)?,
        admin1: row.get(8)?,
        latitude: row.get(9)?,
        longitude: row.get(10)?,
        deaths: row.get(11)?,
        confidence: row.get(12)?,
        updated: row.get(13)?,
        actors: Vec::new(),
        sources: Vec::new(),
    })
}

/// Gives each row its names.
fn give(rows: &mut [Columns], actors: &mut Vec<(i64, String)>, sources: &mut Vec<(i64, String)>) {
    let at: HashMap<i64, usize> = rows.iter().enumerate().map(|(at, row)| (row.row, at)).collect();
    for (row, name) in actors.drain(..) {
        if let Some(at) = at.get(&row) {
            rows[*at].actors.push(name);
        }
    }
    for (row, name) in sources.drain(..) {
        if let Some(at) = at.get(&row) {
            rows[*at].sources.push(name);
        }
    }
}
