//! The humanitarian exchange's table of conflict events: how many events and deaths of each type in each administrative unit in
//! each month (HDX HAPI, `conflict-events`).

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::civil::Date;
use record::vocabulary::TimePrecision;

use crate::Sink;
use crate::cell::Value;
use crate::row::Row;
use crate::sink::{Lines, Style};

/// A column of the table, and where its value is had.
struct Cell {
    name: &'static str,
    meaning: &'static str,
    empty: &'static str,
    hxl: &'static str,
    value: fn(&Unit, &Counts) -> Value,
}

const fn cell(
    name: &'static str,
    hxl: &'static str,
    meaning: &'static str,
    empty: &'static str,
    value: fn(&Unit, &Counts) -> Value,
) -> Cell {
    Cell { name, meaning, empty, hxl, value }
}

const CELLS: &[Cell] = &[
    cell("location_code", "#country+code", "ISO 3166-1 alpha-3", "", |unit, _| unit.country.clone().into()),
    cell(
        "has_hrp",
        "#meta+has_hrp",
        "",
        "always: which countries have a response plan is not ours to say",
        |_, _| Value::Empty,
    ),
    cell("in_gho", "#meta+in_gho", "", "always: nor which are in the overview", |_, _| Value::Empty),
    cell(
        "provider_admin1_name",
        "#adm1+name+provider",
        "first-order division, as our gazetteer calls it",
        "where it is not known",
        |unit, _| unit.admin1.clone().into(),
    ),
    cell(
        "provider_admin2_name",
        "",
        "second-order division, as our gazetteer calls it",
        "where it is not known",
        |unit, _| unit.admin2.clone().into(),
    ),
    cell(
        "admin1_code",
        "#adm1+code",
        "its P-code",
        "where no gazetteer with P-codes is in use, or it lacks the division",
        |unit, _| unit.code1.clone().into(),
    ),
    cell(
        "admin1_name",
        "#adm1+name",
        "the division with that P-code",
        "where the P-code is not known",
        |unit, _| unit.code1.as_ref().and_then(|_| unit.admin1.clone()).into(),
    ),
    cell("admin2_code", "", "its P-code", "as admin1_code", |unit, _| unit.code2.clone().into()),
    cell("admin2_name", "", "the division with that P-code", "where the P-code is not known", |unit, _| {
        unit.code2.as_ref().and_then(|_| unit.admin2.clone()).into()
    }),
    cell("admin_level", "#adm+level", "2, 1 or 0: how well the place is known", "", |unit, _| {
        unit.level().into()
    }),
    cell(
        "event_type",
        "#event+type",
        "`civilian_targeting`, `demonstration`, `political_violence`; an event of two types is in both rows, as with the provider's own",
        "",
        |unit, _| unit.kind.into(),
    ),
    cell("events", "#indicator+event+num", "incidents", "", |_, counts| counts.events.into()),
    cell(
        "fatalities",
        "#affected+killed",
        "their deaths: best estimates, else the least",
        "",
        |_, counts| counts.deaths.into(),
    ),
    cell("reference_period_start", "#date+start", "first day of the month", "", |unit, _| unit.month.into()),
    cell("reference_period_end", "#date+end", "last day of the month", "", |unit, _| {
        unit.month.last_of_month().into()
    }),
    cell("dataset_hdx_id", "#meta+dataset_id", "", "always: the table is no dataset there", |_, _| {
        Value::Empty
    }),
    cell("resource_hdx_id", "#meta+resource_id", "", "always", |_, _| Value::Empty),
    cell(
        "warning",
        "",
        "that the places are known only to a coarser level, and what else to heed",
        "where there is nothing",
        |unit, counts| warning(unit, counts).into(),
    ),
    cell("error", "", "", "always: a row with an error is not written", |_, _| Value::Empty),
];

/// The columns: name, meaning, what is left empty and why, for the documentation.
pub fn columns() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    CELLS.iter().map(|cell| (cell.name, cell.meaning, cell.empty))
}

/// The columns that have an HXL tag.
pub fn tags() -> impl Iterator<Item = (&'static str, &'static str)> {
    CELLS.iter().filter(|cell| !cell.hxl.is_empty()).map(|cell| (cell.name, cell.hxl))
}

/// What a row counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Unit {
    country: String,
    month: Date,
    admin1: Option<String>,
    admin2: Option<String>,
    code1: Option<String>,
    code2: Option<String>,
    kind: &'static str,
}

impl Unit {
    fn level(&self) -> u8 {
        match (&self.admin1, &self.admin2) {
            (_, Some(_)) => 2,
            (Some(_), None) => 1,
            (None, None) => 0,
        }
    }
}

#[derive(Debug, Default)]
struct Counts {
    events: u64,
    deaths: u64,
    /// How many are known only to the month, or to a week.
    inexact: u64,
}

fn warning(unit: &Unit, counts: &Counts) -> String {
    let mut warnings = Vec::new();
    match unit.level() {
        0 => warnings.push("places known only to the country".to_owned()),
        1 => warnings.push("places known only to the first-order division".to_owned()),
        _ => {}
    }
    if counts.inexact > 0 {
        warnings.push(format!(
            "{} of {} events lie at the edge of the month and are dated to a week",
            counts.inexact, counts.events
        ));
    }
    warnings.join("; ")
}

/// The table. Nothing is written before all is counted; units and months without events have no row.
pub struct Hapi<W: Write> {
    output: W,
    hxl: bool,
    units: BTreeMap<Unit, Counts>,
}

/// What is not counted, in words: "they …".
pub const LEAVES_OUT: &str = "did not happen, are strategic developments, or have no country or no month";

impl<W: Write> Hapi<W> {
    /// A table to that output.
    pub const fn new(hxl: bool, output: W) -> Self {
        Self { output, hxl, units: BTreeMap::new() }
    }
}

/// The types that an event counts in.
fn kinds(row: &Row<'_>) -> Vec<&'static str> {
    let Some(codes) = row.codes() else { return Vec::new() };
    let mut kinds = Vec::new();
    if codes.disorder_type.contains("Political violence") {
        kinds.push("political_violence");
    }
    if codes.disorder_type.contains("Demonstrations") {
        kinds.push("demonstration");
    }
    if codes.civilian_targeting && !kinds.is_empty() {
        kinds.push("civilian_targeting");
    }
    kinds
}

impl<W: Write> Sink for Hapi<W> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<bool> {
        let kinds = kinds(row);
        let month = row
            .dates
            .event_date
            .filter(|_| row.dates.time_precision.is_none_or(|precision| precision < TimePrecision::Year));
        let (Some(country), Some(day)) = (row.country(), month) else { return Ok(false) };
        if !row.happened() || kinds.is_empty() {
            return Ok(false);
        }
        let place = row.place();
        let of = |field: fn(&record::IncidentPlace) -> &Option<String>| {
            place.and_then(|place| field(place).clone())
        };
        let deaths = row.deaths.best.or(row.deaths.low).unwrap_or(0);
        let across = row.last_day().is_some_and(|last| last.first_of_month() != day.first_of_month());
        for kind in kinds {
            let unit = Unit {
                country: country.iso3.clone(),
                month: day.first_of_month(),
                admin1: of(|place| &place.admin1),
                admin2: of(|place| &place.admin2),
                code1: of(|place| &place.admin1_pcode),
                code2: of(|place| &place.admin2_pcode),
                kind,
            };
            let counts = self.units.entry(unit).or_default();
            counts.events += 1;
            counts.deaths = counts.deaths.saturating_add(deaths);
            counts.inexact += u64::from(across);
        }
        Ok(true)
    }

    fn finish(self: Box<Self>) -> io::Result<Option<u64>> {
        let header: Vec<&str> = CELLS.iter().map(|cell| cell.name).collect();
        let tags: Vec<&str> = CELLS.iter().map(|cell| cell.hxl).collect();
        // The provider's own files begin so.
        let style = Style { bom: true, hxl: self.hxl, tabs: false };
        let mut lines = Lines::new(self.output, style, &header, &tags)?;
        for (unit, counts) in &self.units {
            lines.cells(CELLS.iter().map(|cell| (cell.value)(unit, counts).cell()))?;
        }
        lines.flush()?;
        Ok(Some(self.units.len() as u64))
    }

    /// Nothing was written yet; a header and a line say why.
    fn cut(self: Box<Self>, why: &str) -> io::Result<()> {
        let header: Vec<&str> = CELLS.iter().map(|cell| cell.name).collect();
        let style = Style { bom: true, hxl: false, tabs: false };
        Lines::new(self.output, style, &header, &[])?.cut(why)
    }
}
