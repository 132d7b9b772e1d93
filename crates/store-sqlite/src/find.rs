/*! Finding incidents and reports in SQLite.

SQLite goes through one index and looks at the rest row by row, and it does not know how many rows a word, a participant or a box has.
So that is asked first, up to [`FEW`]: where one of them has few rows those are taken and sorted; where all have many, the
rows of the order's own index are gone through, which soon has a page full.
*/

use record::Incident;
use rusqlite::{params_from_iter, types::Value};
use store::Error;
use store::find::{
    Area, Filter, Found, Order, Page, Rank, RankKey, ReportFilter, ReportRow, Total, together,
};
use store::sql::{self, Ask, Bind};
use store::words::{Query, key, snippet};

use crate::Sqlite;

/// Rows that are sorted without being noticed (some 20 ms).
const FEW: i64 = 20_000;

/// A condition that has rows of its own elsewhere.
enum List {
    Actor(String),
    Source(String),
    Words(Query),
    Box(Area),
}

impl List {
    /// The numbers of its incidents, as a question; what is in a box is to be looked at again, since its edges are rounded.
    fn rows(&self, ask: &mut Ask) -> String {
        match self {
            Self::Actor(actor) => {
                format!("SELECT n AS d FROM incident_actor WHERE actor = {}", ask.text(actor))
            }
            Self::Source(source) => {
                format!("SELECT n AS d FROM incident_source WHERE source = {}", ask.text(source))
            }
            Self::Words(query) => {
                format!(
                    "SELECT rowid AS d FROM incident_words WHERE incident_words MATCH {}",
                    ask.text(query.fts5())
                )
            }
            Self::Box(area) => {
                let [south, north, west, east] =
                    [area.south, area.north, area.west, area.east].map(|edge| ask.bind(Bind::Real(edge)));
                format!(
                    "SELECT n AS d FROM incident_box
                     WHERE north >= {south} AND south <= {north} AND east >= {west} AND west <= {east}"
                )
            }
        }
    }

    /// That an incident is among them, looked at row by row.
    fn holds(&self, ask: &mut Ask) -> String {
        match self {
            Self::Actor(actor) => {
                let actor = ask.text(actor);
                format!(
                    "EXISTS (SELECT 1 FROM incident_actor a WHERE a.actor = {actor} AND a.n = incident.n)"
                )
            }
            Self::Source(source) => {
                let source = ask.text(source);
                format!(
                    "EXISTS (SELECT 1 FROM incident_source s WHERE s.source = {source} AND s.n = incident.n)"
                )
            }
            Self::Words(query) => {
                let query = ask.text(query.fts5());
                format!(
                    "EXISTS (SELECT 1 FROM incident_words WHERE rowid = incident.n AND incident_words MATCH {query})"
                )
            }
            Self::Box(area) => sql::inside(ask, area),
        }
    }
}

/// What a question is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Rows in an order.
    Page(Order),
    /// How many rows.
    Count,
    /// Something of every row.
    Sums,
}

pub(crate) fn values(ask: &Ask) -> Vec<Value> {
    let value = |bind: &Bind| match bind {
        Bind::Text(text) => Value::Text(text.clone()),
        Bind::Int(number) => Value::Integer(*number),
        Bind::Real(number) => Value::Real(*number),
    };
    ask.binds.iter().map(value).collect()
}

impl Sqlite {
    /// The questions of a filter, each with the table that its rows are taken from.
    pub(crate) fn questions(&self, filter: &Filter, wanted: Wanted) -> Result<Vec<(String, Ask)>, Error> {
        let mut lists = Vec::new();
        lists.extend(filter.actor.as_deref().map(|actor| List::Actor(self.actor(actor))));
        lists.extend(filter.source.as_deref().map(|source| List::Source(key(source))));
        lists.extend(filter.text.clone().map(List::Words));
        let areas: Vec<Option<Area>> = match &filter.area {
            Some(area) => area.parts().into_iter().map(Some).collect(),
            None => vec![None],
        };
        let mut questions = Vec::new();
        for area in areas {
            let area = area.map(List::Box);
            let lists: Vec<&List> = lists.iter().chain(&area).collect();
            let mut fewest: Option<(i64, usize)> = None;
            for (index, list) in lists.iter().enumerate() {
                let count = self.few(list)?;
                if count <= FEW && fewest.is_none_or(|(least, _)| count < least) {
                    fewest = Some((count, index));
                }
            }
            for mut ask in sql::arms(filter, '?') {
                let wide = ask.conditions.iter().any(|condition| condition == "wide");
                let first = fewest.map(|(_, index)| index);
                let from = match first.and_then(|index| lists.get(index)) {
                    Some(list) => format!("({}) CROSS JOIN incident ON incident.n = d", list.rows(&mut ask)),
                    None => format!("incident{}", index(filter, wanted, wide)),
                };
                for (number, list) in lists.iter().enumerate() {
                    if first != Some(number) || matches!(list, List::Box(_)) {
                        let condition = list.holds(&mut ask);
                        ask.conditions.push(condition);
                    }
                }
                questions.push((from, ask));
            }
        }
        Ok(questions)
    }

    /// Participants are found by key or by name.
    fn actor(&self, asked: &str) -> String {
        let known = self.one("SELECT 1 FROM incident_actor WHERE actor = ? LIMIT 1", [asked], |_| Ok(()));
        if matches!(known, Ok(Some(()))) { asked.to_owned() } else { key(asked) }
    }

    fn few(&self, list: &List) -> Result<i64, Error> {
        let mut ask = Ask::new('?');
        let sql = format!("SELECT count(*) FROM ({} LIMIT {})", list.rows(&mut ask), FEW + 1);
        Ok(self.one(&sql, params_from_iter(values(&ask)), |row| row.get(0))?.unwrap_or(0))
    }

    pub(crate) fn find_incidents(&self, filter: &Filter, page: &Page) -> Result<Found<Incident>, Error> {
        let key = sql::column(page.order);
        let mut ranks: Vec<Rank> = Vec::new();
        for (from, mut ask) in self.questions(filter, Wanted::Page(page.order))? {
            sql::after(&mut ask, page, key, "n");
            let sql = format!(
                "SELECT n, {key} FROM {from} WHERE {} ORDER BY {key} DESC, n DESC LIMIT {}",
                ask.all(),
                page.limit + 1
            );
            ranks.extend(self.all(&sql, params_from_iter(values(&ask)), |row| {
                let key = match page.order {
                    Order::Newest => RankKey::Day(row.get(1)?),
                    Order::Touched | Order::Deadliest | Order::Worth => RankKey::Number(row.get(1)?),
                };
                Ok(Rank { row: row.get(0)?, key })
            })?);
        }
        ranks.sort_by(|a, b| b.cmp(a));
        ranks.truncate(page.limit + 1);
        let mut rows = Vec::with_capacity(ranks.len());
        for rank in ranks {
            let sql = "SELECT document FROM incident_document WHERE n = ?";
            let what = format!("the incident of row {}", rank.row);
            match self.one(sql, [rank.row], |row| row.get::<_, String>(0))? {
                Some(document) => rows.push((rank, self.read(&what, &document)?)),
                None => return Err(Error::damaged(&self.name, format!("{what} has no document"))),
            }
        }
        Ok(together(rows, page))
    }

    pub(crate) fn count_incidents(&self, filter: &Filter, limit: u64) -> Result<Total, Error> {
        let mut count = 0;
        for (from, ask) in self.questions(filter, Wanted::Count)? {
            count += self.counted(&format!("SELECT 1 FROM {from} WHERE {}", ask.all()), &ask, limit)?;
        }
        Ok(if count > limit { Total::MoreThan(limit) } else { Total::Exactly(count) })
    }

    fn counted(&self, rows: &str, ask: &Ask, limit: u64) -> Result<u64, Error> {
        let limit = limit.saturating_add(1).min(i64::MAX.unsigned_abs());
        let sql = format!("SELECT count(*) FROM ({rows} LIMIT {limit})");
        Ok(self
            .one(&sql, params_from_iter(values(ask)), |row| row.get::<_, i64>(0))?
            .unwrap_or(0)
            .unsigned_abs())
    }

    fn report_question(&self, filter: &ReportFilter) -> (String, Ask) {
        let mut ask = sql::reports(filter, '?');
        if let Some(query) = &filter.text {
            let query = ask.text(query.fts5());
            let words = format!("SELECT rowid AS d FROM report_words WHERE report_words MATCH {query}");
            return (format!("({words}) CROSS JOIN report ON report.n = d"), ask);
        }
        ("report".to_owned(), ask)
    }

    pub(crate) fn found_reports(
        &self,
        filter: &ReportFilter,
        page: &Page,
    ) -> Result<Found<ReportRow>, Error> {
        let (from, mut ask) = self.report_question(filter);
        sql::after(&mut ask, page, "published", "n");
        let sql = format!(
            "SELECT n, published FROM {from} WHERE {} ORDER BY published DESC, n DESC LIMIT {}",
            ask.all(),
            page.limit + 1
        );
        let mut ranks: Vec<(i64, String)> =
            self.all(&sql, params_from_iter(values(&ask)), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let more = ranks.len() > page.limit;
        ranks.truncate(page.limit);
        let next = ranks.last().filter(|_| more).map(|(row, key)| store::find::Cursor {
            order: page.order,
            key: key.clone(),
            row: *row,
        });
        let mut rows = Vec::with_capacity(ranks.len());
        for (n, _) in ranks {
            rows.extend(self.report_row(n, filter.text.as_ref())?);
        }
        Ok(Found { rows, next })
    }

    fn report_row(&self, n: i64, query: Option<&Query>) -> Result<Option<ReportRow>, Error> {
        let sql =
            "SELECT id, url, given_id, title, publisher, published, copy_of, text FROM report WHERE n = ?";
        let Some((mut row, published, text)) = self.one(sql, [n], |row| {
            let found = ReportRow {
                id: row.get(0)?,
                url: row.get(1)?,
                given_id: row.get(2)?,
                title: row.get(3)?,
                publisher: row.get(4)?,
                published: None,
                copy_of: row.get(6)?,
                snippet: String::new(),
            };
            Ok((found, row.get::<_, String>(5)?, row.get::<_, Vec<u8>>(7)?))
        })?
        else {
            return Ok(None);
        };
        let text = store::unpack(&text, &self.name, &format!("the text of report {}", row.id))?;
        row.published = published.parse().ok();
        row.snippet = snippet(&text, query.unwrap_or(&Query::default()), store::find::SNIPPET);
        Ok(Some(row))
    }

    pub(crate) fn counted_reports(&self, filter: &ReportFilter, limit: u64) -> Result<Total, Error> {
        let (from, ask) = self.report_question(filter);
        let count = self.counted(&format!("SELECT 1 FROM {from} WHERE {}", ask.all()), &ask, limit)?;
        Ok(if count > limit { Total::MoreThan(limit) } else { Total::Exactly(count) })
    }
}

/// The index whose rows are already in order: without being told, SQLite takes any that fits a condition and sorts.
fn index(filter: &Filter, wanted: Wanted, wide: bool) -> &'static str {
    if wide {
        return " INDEXED BY incident_wide";
    }
    if !filter.only.is_empty() {
        return "";
    }
    match wanted {
        Wanted::Page(Order::Touched) => " INDEXED BY incident_updated",
        Wanted::Page(Order::Deadliest) => " INDEXED BY incident_deaths",
        // Its index is by status first: the queue is of one.
        Wanted::Page(Order::Worth) => {
            if filter.statuses.len() == 1 {
                " INDEXED BY incident_worth"
            } else {
                ""
            }
        }
        Wanted::Page(Order::Newest) | Wanted::Count | Wanted::Sums => {
            if filter.admin1.is_some() {
                " INDEXED BY incident_admin1"
            } else if filter.countries.len() == 1 {
                " INDEXED BY incident_country"
            } else if filter.sub_event_types.len() == 1 {
                " INDEXED BY incident_sub_type"
            } else if filter.event_types.len() == 1 {
                " INDEXED BY incident_type"
            } else if filter.statuses.len() == 1 {
                " INDEXED BY incident_status"
            } else if wanted == Wanted::Sums && filter.from.is_none() && filter.to.is_none() {
                // Every row is looked at: one after the other, as they lie in the file.
                " NOT INDEXED"
            } else {
                " INDEXED BY incident_day"
            }
        }
    }
}
