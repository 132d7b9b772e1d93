//! Forecasts that are issued: frozen in the watch's log, and held against the record when their day has come.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use record::{Came, Draws, ForecastOf, ForecastSeries, IssuedForecast, WatchEntry, WatchNote};
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::find::Filter;
use store::{Error, Head, Noting, Stamp, Store};
use watch::forecast::{Forecast, Model, Settings};
use watch::score::{self, Scores, Summary};
use watch::{Every, Series};

use crate::{Areas, By, Gathered, Kept, Measure, Question, series};

/// The name of a model, as forecasts keep it.
#[must_use]
pub const fn name_of(model: Model) -> &'static str {
    match model {
        Model::Last => "last",
        Model::Mean => "mean",
        Model::Conflictology => "conflictology",
        Model::Watchpost => "watchpost",
    }
}

/// The length of a period by its name.
fn every_of(name: &str) -> Every {
    match name {
        "day" => Every::Day,
        "month" => Every::Month,
        _ => Every::Week,
    }
}

/// What is asked of a store, so that the same can be asked again.
///
/// # Errors
/// Where the filter cannot be written.
pub fn asked(
    question: &Question<'_>,
    filter: &Filter,
    covered: (Date, Date),
    areas: Option<serde_json::Value>,
) -> Result<ForecastOf, Error> {
    let text =
        |value: serde_json::Result<serde_json::Value>| value.map_err(|error| Error::Asked(error.to_string()));
    let count = text(serde_json::to_value(question.count))?;
    Ok(ForecastOf {
        by: question.by.iter().map(ToString::to_string).collect(),
        count: count.as_str().unwrap_or_default().to_owned(),
        every: question.every.name().to_owned(),
        filter: text(serde_json::to_value(filter))?,
        since: covered.0,
        until: covered.1,
        areas,
    })
}

/// Draws as they are kept.
fn packed(every: Every, one: &Forecast) -> Draws {
    let mut times: BTreeMap<u32, u32> = BTreeMap::new();
    for draw in &one.draws {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole numbers up to a thousand million"
        )]
        let value = draw.clamp(0.0, 4e9) as u32;
        *times.entry(value).or_default() += 1;
    }
    Draws {
        date: Some(every.start(one.period)),
        values: times.keys().copied().collect(),
        times: times.values().copied().collect(),
    }
}

/// The draws again, from the least up.
#[must_use]
pub fn unpacked(draws: &Draws) -> Vec<f64> {
    draws
        .values
        .iter()
        .zip(&draws.times)
        .flat_map(|(value, times)| std::iter::repeat_n(f64::from(*value), *times as usize))
        .collect()
}

fn foreseen(all: &[Series], settings: &Settings) -> Vec<ForecastSeries> {
    let mut of: BTreeMap<usize, Vec<Draws>> = BTreeMap::new();
    watch::forecast::each(all, settings, |one| {
        if let Some(series) = all.get(one.series) {
            of.entry(one.series).or_default().push(packed(series.every(), &one));
        }
    });
    of.into_iter()
        .filter_map(|(at, periods)| Some(ForecastSeries { name: all.get(at)?.name().to_owned(), periods }))
        .collect()
}

/// A forecast of series of a store, to be kept. Beside it stands conflictology's of the same series, which it has to be better than.
#[must_use]
pub fn issue(gathered: &Gathered, of: ForecastOf, settings: &Settings, head: &Head) -> IssuedForecast {
    let mut issued = IssuedForecast {
        id: String::new(),
        model: name_of(settings.model).to_owned(),
        of,
        horizon: settings.horizon,
        draws: settings.draws,
        seed: settings.seed,
        cursor: head.seq,
        log_hash: head.hash.clone(),
        series: foreseen(&gathered.series, settings),
        baseline: foreseen(
            &gathered.series,
            &Settings { model: Model::Conflictology, draws: BASELINE, ..*settings },
        ),
    };
    let told = serde_json::to_string(&issued).unwrap_or_default();
    let digest = store::log::hex(&Sha256::digest(told.as_bytes()));
    issued.id = format!("FC-{}", digest.get(..12).unwrap_or(&digest));
    issued
}

/// Draws of the baseline: its values are at most 366, each as likely.
const BASELINE: u32 = 1000;

/// Keeps a forecast; its place in the watch's log, or why it is not kept.
///
/// # Errors
/// What the store says.
pub fn keep(
    store: &mut dyn Store,
    stamp: &Stamp,
    forecast: &IssuedForecast,
) -> Result<Result<u64, String>, Error> {
    let note = WatchNote::Forecast { forecast: Box::new(forecast.clone()) };
    let noting = Noting { note, why: String::new() };
    let came = store.note_with(stamp, &mut |_| Ok(vec![noting.clone()]))?.pop();
    Ok(match came {
        Some(Ok(seq)) => Ok(seq),
        Some(Err(why)) => Err(why.to_string()),
        None => Err("nothing was noted".to_owned()),
    })
}

/// A forecast that was issued: when, and by whose entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Issued {
    /// Its place in the watch's log.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// With which program.
    pub tool: String,
    /// What.
    pub forecast: IssuedForecast,
    /// What was known first of its periods.
    pub came: BTreeMap<Date, Came>,
}

/// The forecasts that were issued, the oldest first.
///
/// # Errors
/// What the store says.
pub fn issued(store: &mut dyn Store) -> Result<Vec<Issued>, Error> {
    let mut found: Vec<Issued> = Vec::new();
    for entry in store.watch_entries(Some("forecast"), None, 0, usize::MAX)? {
        let WatchEntry { seq, at, tool, note, .. } = entry;
        if let WatchNote::Forecast { forecast } = note {
            found.push(Issued { seq, at, tool, forecast: *forecast, came: BTreeMap::new() });
        }
    }
    for entry in store.watch_entries(Some("came"), None, 0, usize::MAX)? {
        if let WatchNote::Came { came } = entry.note
            && let Some(issued) = found.iter_mut().find(|issued| issued.forecast.id == came.forecast)
        {
            issued.came.entry(came.date).or_insert(came);
        }
    }
    Ok(found)
}

/// The counts of a forecast's series as the record stands, by period; nothing of periods that the record does not cover yet.
struct Record {
    every: Every,
    counts: BTreeMap<String, Series>,
    last: Option<i32>,
    covered_to: Option<Date>,
    cursor: u64,
}

impl Record {
    fn of(kept: &Kept, of: &ForecastOf) -> Result<Self, Error> {
        let wrong = |what: String| Error::Asked(what);
        let by: Vec<By> = of.by.iter().map(|word| word.parse().map_err(wrong)).collect::<Result<_, _>>()?;
        let count: Measure =
            serde_json::from_value(of.count.clone().into()).map_err(|error| wrong(error.to_string()))?;
        let areas =
            of.areas.as_ref().map(|areas| Areas::parse(&areas.to_string()).map_err(wrong)).transpose()?;
        let question = Question {
            count,
            since: Some(of.since),
            areas: areas.as_ref(),
            ..Question::new(&by, every_of(&of.every))
        };
        let gathered = series(kept, &question).map_err(|error| wrong(error.to_string()))?;
        Ok(Self {
            every: question.every,
            last: gathered.last,
            covered_to: gathered.covered.map(|(_, last)| last),
            counts: gathered.series.into_iter().map(|series| (series.name().to_owned(), series)).collect(),
            cursor: kept.cursor,
        })
    }

    /// The count of a period that is over; a series without any incident has none in it.
    fn count(&self, name: &str, date: Date) -> Option<u32> {
        let period = self.every.of(date);
        if self.last.is_none_or(|last| period > last) {
            return None;
        }
        let Some(series) = self.counts.get(name) else { return Some(0) };
        series.counts().get(series.index(period)?).copied().flatten()
    }
}

/// What is counted, and by what period: forecasts of one unit have one record.
#[must_use]
pub fn unit(of: &ForecastOf) -> String {
    format!("{} by the {}", of.count, of.every)
}

/// What forecasts were worth so far, over those of one model and unit.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Worth {
    /// The model.
    pub model: String,
    /// What was counted, and by what period.
    pub of: String,
    /// Forecasts that were issued.
    pub issued: usize,
    /// Series and periods whose day has not come.
    pub waiting: usize,
    /// Against the record as it stands.
    pub now: Option<Summary>,
    /// Against what was known first after each period's end.
    pub first: Option<Summary>,
    /// Conflictology over the same series and periods, against the record as it stands.
    pub baseline: Option<Summary>,
}

/// What became of one forecast.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Its id.
    pub id: String,
    /// The model.
    pub model: String,
    /// When it was issued.
    pub issued: Timestamp,
    /// What it was asked of.
    pub of: ForecastOf,
    /// The place of the log of decisions that it knew.
    pub cursor: u64,
    /// Series and periods whose day has not come.
    pub waiting: usize,
    /// Its series and periods whose day has come.
    pub due: Vec<Due>,
}

/// One series and period of a forecast whose day has come.
#[derive(Debug, Clone, Serialize)]
pub struct Due {
    /// The series.
    pub series: String,
    /// The first day of the period.
    pub date: Date,
    /// How many periods ahead it was foreseen.
    pub ahead: usize,
    /// What came, as the record stands.
    pub came: u32,
    /// What was known first after its end; nothing where nobody has looked before.
    pub first: Option<u32>,
    /// The scores, as the record stands.
    pub scores: Scores,
}

/// The record of all forecasts.
#[derive(Debug, Clone, Serialize)]
pub struct Scored {
    /// By model and unit.
    pub models: Vec<Worth>,
    /// By forecast, the oldest first.
    pub forecasts: Vec<Outcome>,
}

/// Scores every forecast of a store whose day has come; what is known of a period for the first time is noted.
///
/// # Errors
/// What the store says.
pub fn score(store: &mut dyn Store, stamp: &Stamp) -> Result<Scored, Error> {
    let mut issued = issued(store)?;
    let (scored, notings) = looked_at(store, &mut issued)?;
    if !notings.is_empty() {
        store.note_with(stamp, &mut |_| Ok(notings.clone()))?;
    }
    Ok(scored)
}

/// The forecasts of a store, the oldest first, and what they were worth, without a note of it.
///
/// # Errors
/// What the store says.
pub fn scores(store: &mut dyn Store) -> Result<(Vec<Issued>, Scored), Error> {
    let mut issued = issued(store)?;
    let (scored, _) = looked_at(store, &mut issued)?;
    Ok((issued, scored))
}

/// What forecasts were worth, and what is known of their periods for the first time.
fn looked_at(store: &mut dyn Store, issued: &mut [Issued]) -> Result<(Scored, Vec<Noting>), Error> {
    let mut notings: Vec<Noting> = Vec::new();
    let mut records: Vec<(serde_json::Value, Kept)> = Vec::new();
    let mut forecasts = Vec::new();
    let mut sums: BTreeMap<(String, String), Sum> = BTreeMap::new();
    for one in issued {
        let of = one.forecast.of.clone();
        let at = match records.iter().position(|(filter, _)| *filter == of.filter) {
            Some(at) => at,
            None => {
                let filter: Filter = serde_json::from_value(of.filter.clone())
                    .map_err(|error| Error::Asked(error.to_string()))?;
                records.push((of.filter.clone(), crate::load(store, &filter)?));
                records.len() - 1
            }
        };
        let record = Record::of(&records[at].1, &of)?;
        notings.extend(first_known(one, &record));
        let sum = sums.entry((one.forecast.model.clone(), unit(&of))).or_default();
        sum.issued += 1;
        forecasts.push(outcome(one, &record, sum));
    }
    let worth = |((model, of), sum): ((String, String), Sum)| Worth {
        model,
        of,
        issued: sum.issued,
        waiting: sum.waiting,
        now: score::summary(&sum.now),
        first: score::summary(&sum.first),
        baseline: score::summary(&sum.baseline),
    };
    Ok((Scored { models: sums.into_iter().map(worth).collect(), forecasts }, notings))
}

#[derive(Default)]
struct Sum {
    issued: usize,
    waiting: usize,
    now: Vec<Scores>,
    first: Vec<Scores>,
    baseline: Vec<Scores>,
}

/// Notes what is known of periods that are over and that nobody has looked at since.
fn first_known(one: &mut Issued, record: &Record) -> Vec<Noting> {
    let dates: Vec<Date> = one
        .forecast
        .series
        .first()
        .into_iter()
        .flat_map(|series| &series.periods)
        .filter_map(|draws| draws.date)
        .collect();
    let mut notings = Vec::new();
    for date in dates.into_iter().filter(|date| !one.came.contains_key(date)).collect::<Vec<_>>() {
        let counts: Option<Vec<u32>> =
            one.forecast.series.iter().map(|series| record.count(&series.name, date)).collect();
        let (Some(counts), Some(covered_to)) = (counts, record.covered_to) else { continue };
        let came =
            Came { forecast: one.forecast.id.clone(), date, covered_to, cursor: record.cursor, counts };
        one.came.insert(date, came.clone());
        notings.push(Noting { note: WatchNote::Came { came }, why: String::new() });
    }
    notings
}

fn outcome(one: &Issued, record: &Record, sum: &mut Sum) -> Outcome {
    let mut told = Outcome {
        id: one.forecast.id.clone(),
        model: one.forecast.model.clone(),
        issued: one.at,
        of: one.forecast.of.clone(),
        cursor: one.forecast.cursor,
        waiting: 0,
        due: Vec::new(),
    };
    for (at, series) in one.forecast.series.iter().enumerate() {
        let baseline = one.forecast.baseline.iter().find(|other| other.name == series.name);
        for (ahead, draws) in (1..).zip(&series.periods) {
            let Some(date) = draws.date else { continue };
            let Some(came) = record.count(&series.name, date) else {
                told.waiting += 1;
                continue;
            };
            let values = unpacked(draws);
            let Some(scores) = score::scores(&values, f64::from(came)) else { continue };
            sum.now.push(scores);
            let first = one.came.get(&date).and_then(|came| came.counts.get(at)).copied();
            sum.first.extend(first.and_then(|first| score::scores(&values, f64::from(first))));
            let other = baseline.and_then(|baseline| baseline.periods.get(ahead - 1));
            sum.baseline.extend(other.and_then(|draws| score::scores(&unpacked(draws), f64::from(came))));
            told.due.push(Due { series: series.name.clone(), date, ahead, came, first, scores });
        }
    }
    sum.waiting += told.waiting;
    told
}
