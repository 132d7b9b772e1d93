//! Counting incidents in PostgreSQL.

use record::Incident;
use store::find::{Area, Filter};
use store::sql::{Bind, DEATHS};
use store::survey::{self, Cell, DayCount, Group, NameCount, Named};
use store::{Error, Survey};

use crate::Postgres;
use crate::find::{Values, questions};

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
            let sql = "SELECT document FROM incident_document WHERE n = $1";
            if let Some(document) = self.one(sql, &[&n], |row| row.try_get::<_, String>(0))? {
                let example: Incident = self.read(&format!("the incident of row {n}"), &document)?;
                names.push(NameCount { key, count, example });
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
}
