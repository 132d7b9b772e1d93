//! Counting incidents in PostgreSQL.

use std::collections::HashMap;

use postgres::Row;
use record::Incident;
use store::find::{Area, ChangeCursor, Filter};
use store::sql::{Bind, DEATHS};
use store::survey::{self, Cell, Columns, DayCount, Group, NameCount, Named, Part};
use store::words::Query;
use store::{Error, Survey};

use crate::Postgres;
use crate::find::{Values, questions};
use crate::rows::{limited, place};

const COLUMNS: &str = "SELECT n, live, status, event_type, sub_event_type, first_day, last_day, country, admin1, latitude, longitude, deaths,
    confidence, updated,
    ARRAY(SELECT actor FROM incident_actor a WHERE a.n = incident.n) AS actors,
    ARRAY(SELECT source FROM incident_source s WHERE s.n = incident.n) AS sources FROM incident";

impl Survey for Postgres {
    fn groups(&mut self, filter: &Filter) -> Result<Vec<Group>, Error> {
        let mut groups = Vec::new();
        for ask in questions(filter) {
            let sql = format!(
                "SELECT country, event_type, sub_event_type, status, count(*), {DEATHS} FROM incident WHERE {}
                 GROUP BY 1, 2, 3, 4",
                ask.all()
            );
            groups.extend(self.all(&sql, &Values::of(&ask).all(), |row| {
                Ok(Group {
                    country: row.try_get(0)?,
                    event_type: row.try_get(1)?,
                    sub_event_type: row.try_get(2)?,
                    status: row.try_get(3)?,
                    count: row.try_get::<_, i64>(4)?.unsigned_abs(),
                    deaths: row.try_get::<_, i64>(5)?.unsigned_abs(),
                })
            })?);
        }
        Ok(survey::groups(groups))
    }

    fn names(&mut self, filter: &Filter, named: Named, limit: usize) -> Result<Vec<NameCount>, Error> {
        let (table, column) = match named {
            Named::Actor => ("incident_actor", "actor"),
            Named::Source => ("incident_source", "source"),
        };
        let mut counted = Vec::new();
        for ask in questions(filter) {
            let sql = format!(
                "SELECT {column}, count(*), max(n) FROM {table} WHERE n IN (SELECT n FROM incident WHERE {}) GROUP BY {column}",
                ask.all()
            );
            counted.extend(self.all(&sql, &Values::of(&ask).all(), |row| {
                Ok((
                    row.try_get::<_, String>(0)?,
                    row.try_get::<_, i64>(1)?.unsigned_abs(),
                    row.try_get::<_, i64>(2)?,
                ))
            })?);
        }
        let mut names = Vec::new();
        for (key, count, n) in survey::most_named(counted, limit) {
            let sql = "SELECT updated FROM incident WHERE n = $1";
            if let Some(updated) = self.one(sql, &[&n], |row| row.try_get::<_, i64>(0))? {
                names.push(NameCount { key, count, row: n, updated });
            }
        }
        Ok(names)
    }

    fn days(&mut self, filter: &Filter) -> Result<Vec<DayCount>, Error> {
        let mut days = Vec::new();
        for ask in questions(filter) {
            let sql = format!(
                "SELECT first_day, last_day, event_type, count(*), {DEATHS} FROM incident WHERE {} GROUP BY 1, 2, 3",
                ask.all()
            );
            days.extend(self.all(&sql, &Values::of(&ask).all(), |row| {
                Ok(DayCount {
                    first: row.try_get(0)?,
                    last: row.try_get(1)?,
                    event_type: row.try_get(2)?,
                    count: row.try_get::<_, i64>(3)?.unsigned_abs(),
                    deaths: row.try_get::<_, i64>(4)?.unsigned_abs(),
                })
            })?);
        }
        Ok(days)
    }

    fn cells(&mut self, filter: &Filter, degrees: f64) -> Result<Vec<Cell>, Error> {
        let filter = Filter { placed: true, ..filter.clone() };
        let mut cells = Vec::new();
        for mut ask in questions(&filter) {
            let side = ask.bind(Bind::Real(degrees));
            let sql = format!(
                "SELECT min(latitude), min(longitude), max(latitude), max(longitude), avg(latitude), avg(longitude), count(*),
                    {DEATHS} FROM incident WHERE {}
                 GROUP BY floor((latitude + 90.0) / {side}), floor((longitude + 180.0) / {side})",
                ask.all()
            );
            cells.extend(self.all(&sql, &Values::of(&ask).all(), |row| {
                Ok(Cell {
                    extent: Area {
                        south: row.try_get(0)?,
                        west: row.try_get(1)?,
                        north: row.try_get(2)?,
                        east: row.try_get(3)?,
                    },
                    latitude: row.try_get(4)?,
                    longitude: row.try_get(5)?,
                    count: row.try_get::<_, i64>(6)?.unsigned_abs(),
                    deaths: row.try_get::<_, i64>(7)?.unsigned_abs(),
                })
            })?);
        }
        Ok(cells)
    }

    fn columns(&mut self, part: Part<'_>, limit: usize) -> Result<Vec<Columns>, Error> {
        let limit = limited(limit);
        match part {
            Part::After(after) => {
                self.all(&format!("{COLUMNS} WHERE n > $1 ORDER BY n LIMIT $2"), &[&after, &limit], columns)
            }
            Part::Changed(ChangeCursor { seq, row }) => {
                let sql = format!("{COLUMNS} WHERE (updated, n) > ($1, $2) ORDER BY updated, n LIMIT $3");
                self.all(&sql, &[&place(seq), &row, &limit], columns)
            }
            Part::These(rows) => self.all(&format!("{COLUMNS} WHERE n = ANY($1)"), &[&rows], columns),
        }
    }

    fn matching(&mut self, words: &Query) -> Result<Vec<i64>, Error> {
        let sql = "SELECT n FROM incident WHERE live AND words @@ to_tsquery('watchpost', $1)";
        self.all(sql, &[&words.tsquery()], |row| row.try_get(0))
    }

    fn documents(&mut self, rows: &[i64]) -> Result<Vec<(i64, String)>, Error> {
        let sql = "SELECT n, document FROM incident_document WHERE n = ANY($1)";
        let found = self.all(sql, &[&rows], |row| Ok((row.try_get(0)?, row.try_get::<_, String>(1)?)))?;
        let mut documents: HashMap<i64, String> = found.into_iter().collect();
        Ok(rows.iter().filter_map(|row| Some((*row, documents.remove(row)?))).collect())
    }

    fn at_rows(&mut self, rows: &[i64]) -> Result<Vec<(i64, Incident)>, Error> {
        let documents = self.documents(rows)?.into_iter();
        documents
            .map(|(row, document)| Ok((row, self.read(&format!("the incident of row {row}"), &document)?)))
            .collect()
    }
}

fn columns(row: &Row) -> Result<Columns, postgres::Error> {
    Ok(Columns {
        row: row.try_get(0)?,
        live: row.try_get(1)?,
        status: row.try_get(2)?,
        event_type: row.try_get(3)?,
        sub_event_type: row.try_get(4)?,
        first: row.try_get(5)?,
        last: row.try_get(6)?,
        country: row.try_get(7)?,
        admin1: row.try_get(8)?,
        latitude: row.try_get(9)?,
        longitude: row.try_get(10)?,
        deaths: row.try_get(11)?,
        confidence: row.try_get(12)?,
        updated: row.try_get(13)?,
        actors: row.try_get(14)?,
        sources: row.try_get(15)?,
    })
}
