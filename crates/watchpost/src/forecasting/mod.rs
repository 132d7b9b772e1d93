//! `watchpost forecast`: series in, draws of what may come out; and what such draws were worth.

mod args;

use std::collections::BTreeMap;
use std::io::{self, BufWriter, IsTerminal as _};

use anyhow::{Context as _, anyhow};
use record::ErrorLine;
use serde::Serialize;
use watch::forecast::{self, Forecast, Settings};
use watch::score::{self, Scores, Summary};
use watch::series::LARGEST;
use watch::{Every, Series};

pub(crate) use self::args::ForecastArgs;
use self::args::{ForecastCommand, ScoreArgs};
use crate::code::Outcome;
use crate::counts::{self, table};
use crate::output::unwritable;
use crate::{output, say};

/// The quantiles of `--summary`, with the names of their columns.
const QUANTILES: [(&str, f64); 6] =
    [("q05", 0.05), ("q10", 0.10), ("q25", 0.25), ("q75", 0.75), ("q90", 0.90), ("q95", 0.95)];

/// Runs the command.
pub(crate) fn run(args: &ForecastArgs) -> anyhow::Result<Outcome> {
    if let Some(ForecastCommand::Score(args)) = &args.command {
        return score(args);
    }
    // The parser asks for both unless a command is given.
    let (Some(file), Some(horizon)) = (&args.file, args.horizon) else { return Ok(Outcome::Fine) };
    let counts = counts::read(file, &args.input)?;
    let settings = Settings { model: args.model.into(), horizon, draws: args.draws, seed: args.seed };
    let mut rows = csv::Writer::from_writer(BufWriter::with_capacity(1 << 16, io::stdout().lock()));
    let mut written = if args.summary {
        let quantiles = QUANTILES.iter().map(|(name, _)| *name);
        rows.write_record(["series", "date", "mean", "median"].into_iter().chain(quantiles))
    } else {
        rows.write_record(["series", "date", "draw", "value"])
    };
    let mut told = vec![false; counts.series.len()];
    forecast::each(&counts.series, &settings, |one| {
        told[one.series] = true;
        if written.is_ok() {
            let series = &counts.series[one.series];
            written =
                if args.summary { summarise(&mut rows, series, one) } else { draws(&mut rows, series, &one) };
        }
    });
    let done = written.map_err(io::Error::from).and_then(|()| rows.flush());
    done.map_err(unwritable)?;
    let untold: Vec<&str> = counts
        .series
        .iter()
        .zip(&told)
        .filter(|(_, told)| !**told)
        .map(|(series, _)| series.name())
        .collect();
    if !untold.is_empty() {
        say::note(&format!("no forecast of {}: no count is known of them", untold.join(", ")), None);
    }
    Ok(counts.outcome)
}

type Rows<'a> = csv::Writer<BufWriter<io::StdoutLock<'a>>>;

fn draws(rows: &mut Rows<'_>, series: &Series, one: &Forecast) -> csv::Result<()> {
    let date = series.every().start(one.period).to_string();
    for (draw, value) in one.draws.iter().enumerate() {
        rows.write_record([series.name(), &date, &draw.to_string(), &value.to_string()])?;
    }
    Ok(())
}

fn summarise(rows: &mut Rows<'_>, series: &Series, mut one: Forecast) -> csv::Result<()> {
    one.draws.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "numbers of draws")]
    let mean = one.draws.iter().sum::<f64>() / one.draws.len() as f64;
    let date = series.every().start(one.period).to_string();
    let numbers = [mean, score::quantile(&one.draws, 0.5)]
        .into_iter()
        .chain(QUANTILES.iter().map(|(_, share)| score::quantile(&one.draws, *share)));
    // Draws are whole numbers: three digits after the point are more than they know.
    let cells = numbers.map(|value| ((value * 1000.0).round() / 1000.0).to_string());
    rows.write_record([series.name().to_owned(), date].into_iter().chain(cells))
}

/// What `forecast score` writes.
#[derive(Serialize)]
struct Told {
    schema: &'static str,
    /// Over all forecasts.
    all: Summary,
    /// Forecasts for which nothing has come that is known.
    without_actual: usize,
    /// By series.
    series: BTreeMap<String, Summary>,
}

/// Scores forecasts.
fn score(args: &ScoreArgs) -> anyhow::Result<Outcome> {
    let counts = counts::read(&args.actuals, &args.input)?;
    let mut outcome = counts.outcome;
    let actuals: BTreeMap<&str, &Series> =
        counts.series.iter().map(|series| (series.name(), series)).collect();
    let every = counts.series.first().map_or(Every::Month, Series::every);
    let (said, header, rows) = table::open(&args.forecasts)?;
    let place = |name: &str| {
        header.iter().position(|column| column.eq_ignore_ascii_case(name)).ok_or_else(|| {
            anyhow!("hint: expected series,date,draw,value, as `watchpost forecast` writes them")
                .context(format!("{said}:1: no column `{name}`"))
        })
    };
    let [series, date, value] = [place("series")?, place("date")?, place("value")?];
    let mut forecasts: BTreeMap<(String, i32), Vec<f64>> = BTreeMap::new();
    for row in rows {
        let (line, row) = row.with_context(|| format!("{said}: the table cannot be read to its end"))?;
        let cell = |column: usize| row.get(column).unwrap_or_default().trim();
        let day = table::day(cell(date)).ok_or_else(|| format!("`{}` is no date", table::cut(cell(date))));
        let drawn = cell(value).parse().ok().filter(|value: &f64| (0.0..=f64::from(LARGEST)).contains(value));
        let drawn = drawn.ok_or_else(|| format!("`{}` is no count", table::cut(cell(value))));
        // Days of a month may stand for it; a week and a day are dated by their own first day.
        let day = day.and_then(|day| {
            if every == Every::Week && every.start(every.of(day)) != day {
                return Err(format!("{day} is no first day of a week (a Monday), and the actuals are weeks; for others say --every month or day"));
            }
            Ok(day)
        });
        match day.and_then(|day| Ok((day, drawn?))) {
            Ok((day, drawn)) => {
                forecasts.entry((cell(series).to_owned(), every.of(day))).or_default().push(drawn);
            }
            Err(error) => {
                outcome = Outcome::SomeUnread;
                let hint = "correct it; its forecast is scored without this draw".to_owned();
                let error =
                    ErrorLine { schema: record::ERROR_SCHEMA.to_owned(), line, given_id: None, error, hint };
                say::unreadable(&said, &error, io::stderr().is_terminal());
            }
        }
    }
    let mut all: Vec<Scores> = Vec::new();
    let mut by_series: BTreeMap<String, Vec<Scores>> = BTreeMap::new();
    let mut without_actual = 0;
    for ((name, period), draws) in &forecasts {
        let came = actuals
            .get(name.as_str())
            .and_then(|series| *series.counts().get(series.index(*period)?)?)
            .and_then(|came| score::scores(draws, f64::from(came)));
        match came {
            Some(scores) => {
                all.push(scores);
                by_series.entry(name.clone()).or_default().push(scores);
            }
            None => without_actual += 1,
        }
    }
    let Some(summary) = score::summary(&all) else {
        return Err(anyhow!("hint: series and dates of both tables must be the same").context(format!(
            "{said}: none of its {without_actual} forecasts has a count in {}",
            args.actuals.display()
        )));
    };
    if without_actual > 0 {
        say::note(&format!("{without_actual} forecasts have no count to be scored against"), None);
    }
    let series =
        by_series.iter().filter_map(|(name, scores)| Some((name.clone(), score::summary(scores)?))).collect();
    let told = Told { schema: "watchpost.scores/1", all: summary, without_actual, series };
    let mut out = serde_json::to_vec_pretty(&told)?;
    out.push(b'\n');
    output::print(&out)?;
    Ok(outcome)
}
