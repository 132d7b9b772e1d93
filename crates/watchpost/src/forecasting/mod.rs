//! `watchpost forecast`: series in, draws of what may come out; and what such draws were worth.

mod args;
mod project;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use jiff::civil::Date;
use record::ErrorLine;
use serde::Serialize;
use watch::forecast::{self, Forecast, Settings};
use watch::score::{self, Scores, Summary};
use watch::series::LARGEST;
use watch::{Every, Series};

pub(crate) use self::args::ForecastArgs;
use self::args::{DrawsFormat, ForecastCommand, ScoreArgs};
use crate::code::Outcome;
use crate::counts::{self, table};
use crate::output::{Target, unwritable};
use crate::{output, say};

/// The quantiles of `--summary`, with the names of their columns.
const QUANTILES: [(&str, f64); 6] =
    [("q05", 0.05), ("q10", 0.10), ("q25", 0.25), ("q75", 0.75), ("q90", 0.90), ("q95", 0.95)];

/// Runs the command.
pub(crate) fn run(args: &ForecastArgs) -> anyhow::Result<Outcome> {
    match &args.command {
        Some(ForecastCommand::Score(args)) => return score(args),
        Some(ForecastCommand::List(args)) => return project::list(args),
        Some(ForecastCommand::Show(args)) => return project::show(args),
        None => {}
    }
    // The parser asks for it unless a command is given.
    let Some(horizon) = args.horizon else { return Ok(Outcome::Fine) };
    let parquet = args.to.map_or_else(
        || {
            args.out
                .as_ref()
                .is_some_and(|path| path.extension().is_some_and(|name| name.eq_ignore_ascii_case("parquet")))
        },
        |to| to == DrawsFormat::Parquet,
    );
    if parquet && args.summary {
        bail!("a summary is written as CSV\nhint: leave --summary out, or say --to csv");
    }
    if parquet && args.out.is_none() && io::stdout().is_terminal() {
        bail!("a terminal shows nothing of such a file\nhint: name one with --out FILE");
    }
    let settings = Settings { model: args.model.into(), horizon, draws: args.draws, seed: args.seed };
    let counts = match &args.input.file {
        Some(_) => counts::of(&args.input)?,
        None => project::foresee(args, &settings)?,
    };
    if counts.series.iter().any(Series::has_offsets) {
        say::note("a forecast takes no offset: it is of counts as they are reported", None);
    }
    let mut target = Target::new(args.out.as_deref())?;
    let mut told = vec![false; counts.series.len()];
    let done = Rows::new(target.writer()?, parquet, args.summary).and_then(|mut rows| {
        let mut written = Ok(());
        forecast::each(&counts.series, &settings, |one| {
            told[one.series] = true;
            if written.is_ok() {
                written = rows.write(&counts.series[one.series], one);
            }
        });
        written.and_then(|()| rows.finish())
    });
    if let Err(error) = done {
        target.forget();
        return Err(unwritable(error));
    }
    target.keep()?;
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

/// Where forecasts go.
enum Rows<'a> {
    Csv(csv::Writer<Box<dyn io::Write + Send + 'a>>),
    Summary(csv::Writer<Box<dyn io::Write + Send + 'a>>),
    Parquet(Box<exchange::Draws<Box<dyn io::Write + Send + 'a>>>),
}

impl<'a> Rows<'a> {
    fn new(output: Box<dyn io::Write + Send + 'a>, parquet: bool, summary: bool) -> io::Result<Self> {
        if parquet {
            return exchange::Draws::new(output).map(|draws| Self::Parquet(Box::new(draws)));
        }
        let mut rows = csv::Writer::from_writer(output);
        if summary {
            let quantiles = QUANTILES.iter().map(|(name, _)| *name);
            rows.write_record(["series", "date", "mean", "median"].into_iter().chain(quantiles))?;
            return Ok(Self::Summary(rows));
        }
        rows.write_record(["series", "date", "draw", "value"])?;
        Ok(Self::Csv(rows))
    }

    fn write(&mut self, series: &Series, one: Forecast) -> io::Result<()> {
        let date = series.every().start(one.period);
        match self {
            Self::Csv(rows) => {
                let date = date.to_string();
                for (draw, value) in one.draws.iter().enumerate() {
                    rows.write_record([series.name(), &date, &draw.to_string(), &value.to_string()])?;
                }
                Ok(())
            }
            Self::Summary(rows) => Ok(summarise(rows, series, one)?),
            Self::Parquet(rows) => rows.forecast(series.name(), date, &one.draws),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(mut rows) | Self::Summary(mut rows) => rows.flush(),
            Self::Parquet(rows) => rows.finish(),
        }
    }
}

fn summarise<W: io::Write>(rows: &mut csv::Writer<W>, series: &Series, mut one: Forecast) -> csv::Result<()> {
    one.draws.sort_by(f64::total_cmp);
    let date = series.every().start(one.period).to_string();
    rows.write_record([series.name().to_owned(), date].into_iter().chain(summary_of(&one.draws)))
}

/// Mean, median and quantiles of sorted draws, as cells.
fn summary_of(sorted: &[f64]) -> impl Iterator<Item = String> {
    #[expect(clippy::cast_precision_loss, reason = "numbers of draws")]
    let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
    let numbers = [mean, score::quantile(sorted, 0.5)]
        .into_iter()
        .chain(QUANTILES.iter().map(move |(_, share)| score::quantile(sorted, *share)));
    // Draws are whole numbers: three digits after the point are more than they know.
    numbers.map(|value| ((value * 1000.0).round() / 1000.0).to_string())
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

/// Refuses forecasts of other periods than the actuals': a month's draws held against its first week would look far too high, and a row by
/// itself does not show it.
fn alike(said: &str, drawn: &Drawn, every: Every) -> anyhow::Result<()> {
    let days = drawn.keys().map(|(_, day)| *day);
    let several = days.clone().any(|day| Some(day) != days.clone().next());
    let found = counts::inferred(days.clone());
    // One date alone may stand for any period that begins on it.
    if let Some(day) = days
        .clone()
        .next()
        .filter(|day| !several && every == Every::Week && every.start(every.of(*day)) != *day)
    {
        return Err(anyhow!("hint: for other actuals say --every month or day").context(format!(
            "{said}: {day} is no first day of a week (a Monday), and the actuals are weeks"
        )));
    }
    let other = several && found != every && !(found < every && every == Every::Month);
    if other {
        return Err(anyhow!(
            "hint: sum the actuals up with --every {}, or forecast by the {}",
            found.name(),
            every.name()
        )
        .context(format!(
            "{said}: its forecasts are by the {}, the actuals by the {}",
            found.name(),
            every.name()
        )));
    }
    Ok(())
}

/// Forecasts by series and period. Two dates of one period are two forecasts, and nobody can say which is meant.
fn by_period(
    said: &str,
    drawn: Drawn,
    every: Every,
    outcome: &mut Outcome,
) -> BTreeMap<(String, i32), Vec<f64>> {
    let mut forecasts: BTreeMap<(String, i32), Vec<f64>> = BTreeMap::new();
    let mut twice: BTreeMap<(String, i32), Vec<Date>> = BTreeMap::new();
    let mut before: Option<(String, Date)> = None;
    for ((name, day), draws) in drawn {
        let key = (name.clone(), every.of(day));
        // Dates of a series stand in their order.
        if let Some((_, other)) = before.take().filter(|(other, at)| *other == name && every.of(*at) == key.1)
        {
            let dates = twice.entry(key.clone()).or_insert_with(|| vec![other]);
            dates.push(day);
        }
        forecasts.insert(key, draws);
        before = Some((name, day));
    }
    for (key, dates) in &twice {
        *outcome = Outcome::SomeUnread;
        forecasts.remove(key);
        let dates: Vec<String> = dates.iter().map(Date::to_string).take(5).collect();
        let note = format!(
            "{said}: the series `{}` has forecasts for {} dates of one {} ({}); they are not scored",
            key.0,
            dates.len(),
            every.name(),
            dates.join(", ")
        );
        say::note(
            &note,
            Some(
                "keep one of them; the forecasts of shorter periods cannot be summed up, since draws of different dates are not paths",
            ),
        );
    }
    forecasts
}

/// The draws of a table, by series and date.
type Drawn = BTreeMap<(String, Date), Vec<f64>>;

/// Reads draws, of Parquet or of a table of text; a row that cannot be used is said and costs itself only.
fn drawn(path: &Path, outcome: &mut Outcome) -> anyhow::Result<(String, Drawn)> {
    let mut drawn = Drawn::new();
    let mut unusable = |said: &str, line: u64, error: String| {
        *outcome = Outcome::SomeUnread;
        let hint = "correct it; its forecast is scored without this draw".to_owned();
        let error = ErrorLine { schema: record::ERROR_SCHEMA.to_owned(), line, given_id: None, error, hint };
        say::unreadable(said, &error, io::stderr().is_terminal());
    };
    let count = |value: &f64| (0.0..=f64::from(LARGEST)).contains(value);
    let mut begin = [0; 4];
    if path != Path::new("-")
        && let Ok(mut file) = File::open(path)
        && file.read_exact(&mut begin).is_ok()
        && begin == *b"PAR1"
    {
        let said = path.display().to_string();
        exchange::read_draws(file, |line, row| match row {
            Some((series, day, value)) if count(&value) => {
                drawn.entry((series.to_owned(), day)).or_default().push(value);
            }
            Some((_, _, value)) => unusable(&said, line, format!("`{value}` is no count")),
            None => unusable(&said, line, "a cell is empty".to_owned()),
        })
        .with_context(|| format!("{said}: the draws cannot be read"))?;
        return Ok((said, drawn));
    }
    let (said, header, rows) = table::open(path)?;
    let place = |name: &str| {
        header.iter().position(|column| column.eq_ignore_ascii_case(name)).ok_or_else(|| {
            anyhow!("hint: expected series,date,draw,value, as `watchpost forecast` writes them")
                .context(format!("{said}:1: no column `{name}`"))
        })
    };
    let [series, date, value] = [place("series")?, place("date")?, place("value")?];
    for row in rows {
        let (line, row) = row.with_context(|| format!("{said}: the table cannot be read to its end"))?;
        let cell = |column: usize| row.get(column).unwrap_or_default().trim();
        let day = table::day(cell(date)).ok_or_else(|| format!("`{}` is no date", table::cut(cell(date))));
        let one = cell(value).parse().ok().filter(count);
        let one = one.ok_or_else(|| format!("`{}` is no count", table::cut(cell(value))));
        match day.and_then(|day| Ok((day, one?))) {
            Ok((day, one)) => drawn.entry((cell(series).to_owned(), day)).or_default().push(one),
            Err(error) => unusable(&said, line, error),
        }
    }
    Ok((said, drawn))
}

/// Scores forecasts.
fn score(args: &ScoreArgs) -> anyhow::Result<Outcome> {
    let (Some(actuals), Some(foreseen)) = (&args.actuals, &args.forecasts) else {
        return project::score(args);
    };
    let counts = counts::read(actuals, &args.input)?;
    let mut outcome = counts.outcome;
    let came: BTreeMap<&str, &Series> = counts.series.iter().map(|series| (series.name(), series)).collect();
    let every = counts.series.first().map_or(Every::Month, Series::every);
    let (said, drawn) = drawn(foreseen, &mut outcome)?;
    alike(&said, &drawn, every)?;
    let forecasts = by_period(&said, drawn, every, &mut outcome);
    let mut all: Vec<Scores> = Vec::new();
    let mut by_series: BTreeMap<String, Vec<Scores>> = BTreeMap::new();
    let mut without_actual = 0;
    for ((name, period), draws) in &forecasts {
        let came = came
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
            actuals.display()
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
