//! What forecasts are worth: on the windows of the VIEWS prediction challenge, and on GED's country-months with their whole history.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde::Serialize;
use watch::forecast::{self, Model, Settings};
use watch::score::{self, Scores, Summary};
use watch::{Every, Series};

use crate::Options;

/// Deaths by VIEWS' country and month, 2018–2021.
const VIEWS: &str = include_str!("../data/views-country-months.csv");

/// Months ahead that VIEWS asks for: data end in October, and the next calendar year is foreseen.
const AHEAD: std::ops::RangeInclusive<i32> = 3..=14;

/// Draws of each forecast.
const DRAWS: u32 = 1000;

/// One calendar year, foreseen from the October before.
#[derive(Debug, Serialize)]
pub struct Window {
    /// Which counts.
    pub counts: &'static str,
    /// The year.
    pub year: i16,
    /// By model.
    pub models: BTreeMap<&'static str, Summary>,
}

/// All windows.
#[derive(Debug, Serialize)]
pub struct Measured {
    /// Each window.
    pub windows: Vec<Window>,
    /// Our mean scores over those of conflictology, by counts: CRPS, ignorance, MIS, log CRPS.
    pub ratios: BTreeMap<&'static str, [f64; 4]>,
}

const MODELS: [(&str, Model); 4] = [
    ("last", Model::Last),
    ("mean", Model::Mean),
    ("conflictology", Model::Conflictology),
    ("watchpost", Model::Watchpost),
];

/// Runs every window.
pub fn measure(options: &Options) -> Result<Measured> {
    let mut windows = Vec::new();
    let of_views = views()?;
    for year in [2020, 2021] {
        windows.push(window("VIEWS, state-based", year, &of_views, options.seed));
    }
    let of_ged = ged(options)?;
    for year in 2018..=2021 {
        windows.push(window("GED, all deaths", year, &of_ged, options.seed));
    }
    let mut ratios = BTreeMap::new();
    for counts in ["VIEWS, state-based", "GED, all deaths"] {
        let mean = |model: &str, of: fn(&Summary) -> f64| -> f64 {
            windows
                .iter()
                .filter(|window| window.counts == counts)
                .filter_map(|window| window.models.get(model))
                .map(of)
                .sum()
        };
        let ratio = |of: fn(&Summary) -> f64| mean("watchpost", of) / mean("conflictology", of);
        ratios.insert(
            counts,
            [ratio(|one| one.crps), ratio(|one| one.ign), ratio(|one| one.mis), ratio(|one| one.log_crps)],
        );
    }
    Ok(Measured { windows, ratios })
}

/// The series of VIEWS' countries.
fn views() -> Result<Vec<Series>> {
    let first = Every::Month.of(jiff::civil::date(2018, 1, 1));
    let rows = VIEWS.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|row| {
        let mut cells = row.split(',');
        let name = cells.next().unwrap_or_default();
        let mut counts = cells
            .map(|cell| {
                cell.parse()
                    .map(Some)
                    .with_context(|| format!("views-country-months.csv, country {name}: `{cell}`"))
            })
            .collect::<Result<Vec<Option<u32>>>>()?;
        counts.resize(48, Some(0));
        Ok(Series::new(name, Every::Month, first, counts))
    })
    .collect()
}

/// The series of GED's countries: deaths of all kinds, 1989–2024.
fn ged(options: &Options) -> Result<Vec<Series>> {
    const FILE: &str = "series/ged/country_month_full_v25_1_panel.csv";
    let mut table = csv::Reader::from_reader(options.open(FILE)?);
    let first = Every::Month.of(jiff::civil::date(1989, 1, 1));
    let last = Every::Month.of(jiff::civil::date(2024, 12, 1));
    let mut deaths: BTreeMap<String, Vec<(i32, u32)>> = BTreeMap::new();
    for (row, record) in table.records().enumerate() {
        let record = record.with_context(|| format!("{FILE}, row {}", row + 1))?;
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let month = format!("{}-01", cell(1))
            .parse()
            .with_context(|| format!("{FILE}, row {}: no month", row + 1))?;
        let best: f64 = cell(3).parse().with_context(|| format!("{FILE}, row {}: no number", row + 1))?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "deaths of a month")]
        deaths.entry(cell(0).to_owned()).or_default().push((Every::Month.of(month), best as u32));
    }
    deaths
        .into_iter()
        .map(|(name, events)| Ok(Series::of_events(name, Every::Month, (first, last), events)?))
        .collect()
}

/// One year, from what is known of October of the year before.
fn window(counts: &'static str, year: i16, all: &[Series], seed: u64) -> Window {
    let origin = Every::Month.of(jiff::civil::date(year - 1, 10, 1));
    let known: Vec<Series> = all
        .iter()
        .map(|series| {
            let length = series.index(origin).map_or(0, |index| index + 1);
            Series::new(series.name(), Every::Month, series.first(), series.counts()[..length].to_vec())
        })
        .collect();
    let mut models = BTreeMap::new();
    for (name, model) in MODELS {
        let settings = Settings { model, horizon: AHEAD.end().unsigned_abs(), draws: DRAWS, seed };
        let mut scores: Vec<Scores> = Vec::new();
        forecast::each(&known, &settings, |one| {
            if !AHEAD.contains(&(one.period - origin)) {
                return;
            }
            let series = &all[one.series];
            let came = series.index(one.period).and_then(|index| series.counts()[index]);
            scores.extend(came.and_then(|came| score::scores(&one.draws, f64::from(came))));
        });
        if let Some(summary) = score::summary(&scores) {
            models.insert(name, summary);
        }
    }
    Window { counts, year, models }
}

/// The result as a table for people.
#[must_use]
pub fn table(measured: &Measured) -> String {
    let mut text = format!(
        "{:20} {:4} {:14} {:>9} {:>7} {:>9} {:>9} {:>9} {:>9}\n",
        "counts", "year", "model", "CRPS", "IGN", "MIS", "log CRPS", "coverage", "alive"
    );
    for window in &measured.windows {
        for (model, one) in &window.models {
            let alive =
                one.coverage_alive.map_or_else(String::new, |share| format!("{:.1} %", share * 100.0));
            text += &format!(
                "{:20} {:4} {model:14} {:9.3} {:7.4} {:9.1} {:9.4} {:7.1} % {alive:>9}\n",
                window.counts,
                window.year,
                one.crps,
                one.ign,
                one.mis,
                one.log_crps,
                one.coverage * 100.0
            );
        }
    }
    for (counts, [crps, ign, mis, log_crps]) in &measured.ratios {
        text += &format!(
            "{counts}: ours over conflictology, means of the years: CRPS {crps:.3}, IGN {ign:.3}, MIS {mis:.3}, log CRPS {log_crps:.3}\n"
        );
    }
    text
}
