/*! How fast incidents are counted in memory, and what they take there: figures for `docs/speed.md` of more incidents than a store is filled with
in an hour. The rows are drawn as `store_speed` draws incidents; one thread asks, without a database and without a network. Words are found by the
database, so their rows are drawn: every hundredth, and all.
*/

use std::fmt::Write as _;
use std::time::Instant;

use anyhow::{Result, anyhow};
use jiff::civil::Date;
use serde::Serialize;
use store::Table;
use store::find::{Filter, Order, Page};
use store::table::{Dimension, RowSet};
use store::words::Query;

use crate::bootstrap::Random;
use crate::desk_load::resident;
use crate::store_speed::{Asked, kinds, row, timed};

/// Questions of each kind.
const QUESTIONS: usize = 20;

/// Degrees of a cell at zoom 2, as the overview begins.
const CELL: f64 = 22.5;

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct TableSpeed {
    /// Incidents.
    pub incidents: usize,
    /// Making the rows up and taking them in, in milliseconds.
    pub filled_ms: f64,
    /// Bytes of memory for each.
    pub bytes: f64,
    /// The questions.
    pub asked: Vec<Asked>,
}

/// Measures.
///
/// # Errors
/// Where no table can hold so many.
pub fn measure(incidents: usize, seed: u64) -> Result<TableSpeed> {
    let mut random = Random::new(seed);
    let before = resident();
    let start = Instant::now();
    let table = Table::of((1..).take(incidents).map(|number| row(&mut random, number)))?;
    let filled_ms = start.elapsed().as_secs_f64() * 1000.0;
    let bytes = (resident() - before) * 1e6 / incidents.max(1) as f64;
    let all: Vec<i64> = (1..).take(incidents).collect();
    let few: Vec<i64> = all.iter().copied().step_by(100).collect();
    let (all, few) = (RowSet::of(&all), RowSet::of(&few));
    let of = [
        Dimension::Country,
        Dimension::Type,
        Dimension::SubType,
        Dimension::Status,
        Dimension::Actor,
        Dimension::Source,
    ];
    let nothing = || store::Error::Asked("the table cannot answer".to_owned());
    let mut asked = Vec::new();
    for (what, draw) in kinds() {
        let filters: Vec<Filter> = (0..QUESTIONS).map(|_| draw(&mut random)).collect();
        let words = match filters.first().and_then(|filter| filter.text.as_ref()) {
            Some(text) if Some(text) == Query::parse("villages").as_ref() => Some(&all),
            Some(_) => Some(&few),
            None => None,
        };
        let mut ask = |name: &str, work: &dyn Fn(&Filter) -> Option<()>| -> Result<()> {
            let work = filters.iter().map(|filter| work(filter).ok_or_else(nothing));
            asked.push(timed(&format!("{what}: {name}"), work)?);
            Ok(())
        };
        ask("facets", &|filter| table.values(filter, words, &of).map(drop))?;
        ask("time line", &|filter| table.line(filter, words, Date::first_of_month).map(drop))?;
        ask("map", &|filter| {
            table.placed(filter, words)?;
            table.cells(filter, words, CELL).map(drop)
        })?;
        let page = Page { order: Order::Newest, after: None, limit: 60 };
        ask("page and total", &|filter| table.page(filter, words, &page).map(drop))?;
    }
    if table.len() != incidents {
        return Err(anyhow!("{} rows of {incidents} are there", table.len()));
    }
    Ok(TableSpeed { incidents, filled_ms, bytes, asked })
}

/// The figures as lines for people.
#[must_use]
pub fn table(speed: &TableSpeed) -> String {
    let mut out = String::new();
    let TableSpeed { incidents, filled_ms, bytes, .. } = speed;
    let _ = writeln!(
        out,
        "{incidents} incidents, drawn and taken in within {filled_ms:.0} ms, {bytes:.0} bytes each"
    );
    let _ = writeln!(out, "{:<48} {:>9} {:>9}", "ms", "p50", "p99");
    for Asked { what, p50_ms, p99_ms } in &speed.asked {
        let _ = writeln!(out, "{what:<48} {p50_ms:>9.2} {p99_ms:>9.2}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_made_up_rows_is_asked() {
        let measured = measure(300, 1).expect("a measurement");
        assert_eq!((measured.incidents, measured.asked.len()), (300, 48));
    }
}
