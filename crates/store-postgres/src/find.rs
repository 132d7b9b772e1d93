//! Finding incidents and reports in PostgreSQL: it knows how many rows its indexes have, so it is told what and not how.

use postgres::types::ToSql;
use record::Incident;
use store::Error;
use store::find::{
    Area, Cursor, Filter, Found, Order, Page, Rank, RankKey, ReportFilter, ReportRow, SNIPPET, Total,
    together,
};
use store::sql::{self, Ask, Bind};
use store::words::{Query, key, snippet};

use crate::Postgres;
use crate::rows::plain;

/// The values of a question.
pub(crate) struct Values(Vec<Box<dyn ToSql + Sync>>);

impl Values {
    pub(crate) fn of(ask: &Ask) -> Self {
        let value = |bind: &Bind| -> Box<dyn ToSql + Sync> {
            match bind {
                Bind::Text(text) => Box::new(plain(text).into_owned()),
                Bind::Int(number) => Box::new(*number),
                Bind::Real(number) => Box::new(*number),
            }
        };
        Self(ask.binds.iter().map(value).collect())
    }

    pub(crate) fn all(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.0.iter().map(AsRef::as_ref).collect()
    }
}

fn within(ask: &mut Ask, area: &Area) -> String {
    let exact = sql::inside(ask, area);
    let [south, west, north, east] =
        [area.south, area.west, area.north, area.east].map(|edge| ask.bind(Bind::Real(edge)));
    // The index is of points, whose comparison forgives a millionth of a degree: the edges are looked at again.
    format!("point(longitude, latitude) <@ box(point({west}, {south}), point({east}, {north})) AND {exact}")
}

/// The questions of a filter.
pub(crate) fn questions(filter: &Filter) -> Vec<Ask> {
    let areas: Vec<Option<Area>> = match &filter.area {
        Some(area) => area.parts().into_iter().map(Some).collect(),
        None => vec![None],
    };
    let mut questions = Vec::new();
    for area in areas {
        for mut ask in sql::arms(filter, '$') {
            if let Some(actor) = &filter.actor {
                let (id, name) = (ask.text(actor.as_str()), ask.text(key(actor)));
                // By its key where there is such a participant, else by its name.
                ask.conditions.push(format!(
                    "n IN (SELECT n FROM incident_actor WHERE actor =
                        (CASE WHEN EXISTS (SELECT 1 FROM incident_actor WHERE actor = {id}) THEN {id} ELSE {name} END))"
                ));
            }
            if let Some(source) = &filter.source {
                let source = ask.text(key(source));
                ask.conditions.push(format!("n IN (SELECT n FROM incident_source WHERE source = {source})"));
            }
            if let Some(query) = &filter.text {
                let query = ask.text(query.tsquery());
                ask.conditions.push(format!("words @@ to_tsquery('watchpost', {query})"));
            }
            if let Some(area) = &area {
                let condition = within(&mut ask, area);
                ask.conditions.push(condition);
            }
            questions.push(ask);
        }
    }
    questions
}

impl Postgres {
    pub(crate) fn find_incidents(&mut self, filter: &Filter, page: &Page) -> Result<Found<Incident>, Error> {
        let column = sql::column(page.order);
        let mut ranks: Vec<(Rank, String)> = Vec::new();
        for mut ask in questions(filter) {
            sql::after(&mut ask, page, column, "n");
            let sql = format!(
                "SELECT n, key, document FROM
                    (SELECT n, {column} AS key FROM incident WHERE {} ORDER BY {column} DESC, n DESC LIMIT {}) AS page
                 JOIN incident_document USING (n)",
                ask.all(),
                page.limit + 1
            );
            let values = Values::of(&ask);
            ranks.extend(self.all(&sql, &values.all(), |row| {
                let key = match page.order {
                    Order::Newest => RankKey::Day(row.try_get(1)?),
                    Order::Touched | Order::Deadliest | Order::Worth => RankKey::Number(row.try_get(1)?),
                };
                Ok((Rank { row: row.try_get(0)?, key }, row.try_get(2)?))
            })?);
        }
        let mut rows = Vec::with_capacity(ranks.len());
        for (rank, document) in ranks {
            let incident = self.read(&format!("the incident of row {}", rank.row), &document)?;
            rows.push((rank, incident));
        }
        Ok(together(rows, page))
    }

    pub(crate) fn count_incidents(&mut self, filter: &Filter, limit: u64) -> Result<Total, Error> {
        let mut count = 0;
        for ask in questions(filter) {
            count += self.counted("incident", &ask, limit)?;
        }
        Ok(if count > limit { Total::MoreThan(limit) } else { Total::Exactly(count) })
    }

    fn counted(&mut self, table: &str, ask: &Ask, limit: u64) -> Result<u64, Error> {
        let limit = limit.saturating_add(1).min(i64::MAX.unsigned_abs());
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {} LIMIT {limit}) AS counted",
            ask.all()
        );
        let values = Values::of(ask);
        Ok(self.one(&sql, &values.all(), |row| row.try_get::<_, i64>(0))?.unwrap_or(0).unsigned_abs())
    }

    pub(crate) fn found_reports(
        &mut self,
        filter: &ReportFilter,
        page: &Page,
    ) -> Result<Found<ReportRow>, Error> {
        let mut ask = report_question(filter);
        sql::after(&mut ask, page, "published", "n");
        let sql = format!(
            "SELECT n, published, id, url, given_id, title, publisher, copy_of, text FROM report
             WHERE {} ORDER BY published DESC, n DESC LIMIT {}",
            ask.all(),
            page.limit + 1
        );
        let values = Values::of(&ask);
        let mut found = self.all(&sql, &values.all(), |row| {
            let report = ReportRow {
                id: row.try_get(2)?,
                url: row.try_get(3)?,
                given_id: row.try_get(4)?,
                title: row.try_get(5)?,
                publisher: row.try_get(6)?,
                published: None,
                copy_of: row.try_get(7)?,
                snippet: String::new(),
            };
            let rank: (i64, String) = (row.try_get(0)?, row.try_get(1)?);
            Ok((rank, report, row.try_get::<_, Vec<u8>>(8)?))
        })?;
        let more = found.len() > page.limit;
        found.truncate(page.limit);
        let next = found.last().filter(|_| more).map(|((row, published), ..)| Cursor {
            order: page.order,
            key: published.clone(),
            row: *row,
        });
        let nothing = Query::default();
        let query = filter.text.as_ref().unwrap_or(&nothing);
        let mut rows = Vec::with_capacity(found.len());
        for ((_, published), mut row, text) in found {
            let text = store::unpack(&text, self.name(), &format!("the text of report {}", row.id))?;
            row.published = published.parse().ok();
            row.snippet = snippet(&text, query, SNIPPET);
            rows.push(row);
        }
        Ok(Found { rows, next })
    }

    pub(crate) fn counted_reports(&mut self, filter: &ReportFilter, limit: u64) -> Result<Total, Error> {
        let count = self.counted("report", &report_question(filter), limit)?;
        Ok(if count > limit { Total::MoreThan(limit) } else { Total::Exactly(count) })
    }
}

fn report_question(filter: &ReportFilter) -> Ask {
    let mut ask = sql::reports(filter, '$');
    if let Some(query) = &filter.text {
        let query = ask.text(query.tsquery());
        ask.conditions.push(format!("words @@ to_tsquery('watchpost', {query})"));
    }
    ask
}
