//! Counting incidents in SQLite.

use record::Incident;
use rusqlite::params_from_iter;
use store::find::{Area, Filter};
use store::sql::DEATHS;
use store::survey::{self, Cell, DayCount, Group, NameCount, Named};
use store::{Error, Survey};

use crate::Sqlite;
use crate::find::{Wanted, values};

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
            let sql = "SELECT document FROM incident_document WHERE n = ?";
            if let Some(document) = self.one(sql, [n], |row| row.get::<_, String>(0))? {
                let example: Incident = self.read(&format!("the incident of row {n}"), &document)?;
                names.push(NameCount { key, count, example });
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
}
