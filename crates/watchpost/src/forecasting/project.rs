//! Forecasts of a project: issued, listed, scored when their day has come.

use std::io::{self, BufWriter};

use anyhow::{Context as _, anyhow};
use lookout::issue::{self, Scored, Worth};
use lookout::{Measure, Question};
use serde::Serialize;
use store::Store;
use watch::Every;
use watch::forecast::Settings;

use super::args::{ForecastArgs, IssuedArgs, ScoreArgs, ShowIssuedArgs};
use super::{QUANTILES, summary_of};
use crate::code::Outcome;
use crate::counts::project::{answer, areas, by};
use crate::counts::{Counts, every_place};
use crate::desk::list;
use crate::desk::project::{Project, machine};
use crate::output::unwritable;
use crate::{output, say};

/// The program's part that foresees.
const PART: &str = "forecast";

/// The series of the project that are foreseen; with `--issue` what is foreseen of them is kept first. What the model was worth so far is said.
pub(super) fn foresee(args: &ForecastArgs, settings: &Settings) -> anyhow::Result<Counts> {
    let input = &args.input;
    let project = Project::find(&input.project)?;
    let said = project.folder.display().to_string();
    let mut store = project.store()?;
    let filter = input.traits.filter();
    // The end of the log that the record was read at, with its hash.
    let (mut head, mut kept) = (store.head()?, lookout::load(store.as_mut(), &filter)?);
    while kept.cursor != head.seq {
        (head, kept) = (store.head()?, lookout::load(store.as_mut(), &filter)?);
    }
    let gathered = answer(input, &kept, &said, Every::Week)?;
    if args.issue {
        let by = by(&input.series.by)?;
        let drawn = areas(input.of_project.areas.as_deref())?;
        let question = Question {
            count: input.series.count.map_or(Measure::Incidents, Measure::from),
            areas: drawn.as_ref(),
            ..Question::new(&by, input.series.every.map_or(Every::Week, Every::from))
        };
        let covered = gathered.covered.ok_or_else(|| {
            anyhow!("hint: `watchpost incidents` lists what there is")
                .context(format!("{said}: there is nothing to foresee: the record covers no day"))
        })?;
        let raw = match &input.of_project.areas {
            Some(file) => Some(serde_json::from_str(&std::fs::read_to_string(file)?)?),
            None => None,
        };
        let of = issue::asked(&question, &filter, covered, raw)?;
        let forecast = issue::issue(&gathered, of, settings, &head);
        match issue::keep(store.as_mut(), &machine(PART), &forecast)? {
            Ok(seq) => say::line(&format!(
                "issued {}: {} series, {} periods ahead (entry {seq} of the watch's log); `watchpost forecast score` scores it when its day has come",
                forecast.id,
                forecast.series.len(),
                forecast.horizon
            )),
            Err(why) => say::note(&why, None),
        }
    }
    record_of(store.as_mut(), Some(issue::name_of(settings.model)))?;
    let series = gathered.series;
    Ok(Counts { said, places: every_place(&series), series, outcome: Outcome::Fine })
}

/// Says what forecasts of a model, or of all, were worth so far.
fn record_of(store: &mut dyn Store, model: Option<&str>) -> anyhow::Result<Scored> {
    let scored = issue::score(store, &machine(PART))?;
    let told: Vec<&Worth> =
        scored.models.iter().filter(|worth| model.is_none_or(|model| worth.model == model)).collect();
    for worth in &told {
        say::line(&in_words(worth));
    }
    if let Some(model) = model.filter(|_| told.is_empty()) {
        say::note(
            &format!("{model} has no record in this project: no forecast of it was issued"),
            Some("--issue keeps one; docs/forecasts.md says what the models were worth elsewhere"),
        );
    }
    Ok(scored)
}

/// What forecasts of a model were worth, in words.
fn in_words(worth: &Worth) -> String {
    let Worth { model, of, issued, waiting, now, baseline, .. } = worth;
    let forecasts = if *issued == 1 { "forecast" } else { "forecasts" };
    let Some(now) = now else {
        return format!(
            "{model}, {of}: {issued} {forecasts} issued, none of its {waiting} series and periods is due yet"
        );
    };
    let against = baseline.as_ref().map_or_else(String::new, |baseline| {
        format!(" (conflictology on the same {:.3} and {:.3})", baseline.crps, baseline.ign)
    });
    format!(
        "{model}, {of}: {issued} {forecasts} issued, {} series and periods scored, {waiting} waiting; CRPS {:.3}, ignorance {:.3}{against}; the 90 % interval held {:.0} %",
        now.forecasts,
        now.crps,
        now.ign,
        now.coverage * 100.0
    )
}

/// What `forecast score` writes of a project.
#[derive(Serialize)]
struct Told {
    schema: &'static str,
    #[serde(flatten)]
    scored: Scored,
}

/// Runs `watchpost forecast score` on a project.
pub(super) fn score(args: &ScoreArgs) -> anyhow::Result<Outcome> {
    if !args.input.is_empty() {
        return Err(anyhow!("hint: name both files with --actuals and --forecasts, or leave these options out")
            .context("--by, --count, --every, --since and --until are for files: a forecast of a project is scored as it was asked"));
    }
    let mut store = Project::find(&args.project)?.store()?;
    let scored = record_of(store.as_mut(), None)?;
    if scored.forecasts.is_empty() {
        say::note("no forecast was issued", Some("`watchpost forecast --horizon N --issue` issues one"));
    }
    let mut out = serde_json::to_vec_pretty(&Told { schema: "watchpost.forecast-record/1", scored })?;
    out.push(b'\n');
    output::print(&out)?;
    Ok(Outcome::Fine)
}

/// A forecast in a list.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    issued: String,
    model: &'a str,
    by: &'a [String],
    count: &'a str,
    every: &'a str,
    known_to: String,
    horizon: u32,
    series: usize,
    waiting: usize,
    due: usize,
}

/// Runs `watchpost forecast list`.
pub(super) fn list(args: &IssuedArgs) -> anyhow::Result<Outcome> {
    use std::io::Write as _;
    let mut store = Project::find(&args.project)?.store()?;
    let scored = record_of(store.as_mut(), None)?;
    let issued = issue::issued(store.as_mut())?;
    let mut out = list::output();
    for one in &issued {
        let forecast = &one.forecast;
        let outcome = scored.forecasts.iter().find(|outcome| outcome.id == forecast.id);
        let listed = Listed {
            id: &forecast.id,
            issued: one.at.to_string(),
            model: &forecast.model,
            by: &forecast.of.by,
            count: &forecast.of.count,
            every: &forecast.of.every,
            known_to: forecast.of.until.to_string(),
            horizon: forecast.horizon,
            series: forecast.series.len(),
            waiting: outcome.map_or(0, |outcome| outcome.waiting),
            due: outcome.map_or(0, |outcome| outcome.due.len()),
        };
        list::json(&mut out, &listed)?;
    }
    out.flush().map_err(unwritable)?;
    say::line(&match issued.len() {
        1 => "1 forecast".to_owned(),
        many => format!("{many} forecasts"),
    });
    Ok(Outcome::Fine)
}

/// Runs `watchpost forecast show`.
pub(super) fn show(args: &ShowIssuedArgs) -> anyhow::Result<Outcome> {
    let mut store = Project::find(&args.project)?.store()?;
    let issued = issue::issued(store.as_mut())?;
    let one = issued.iter().find(|one| one.forecast.id == args.forecast).ok_or_else(|| {
        anyhow!("hint: `watchpost forecast list` lists them")
            .context(format!("there is no forecast {}", args.forecast))
    })?;
    record_of(store.as_mut(), Some(&one.forecast.model))?;
    let mut rows = csv::Writer::from_writer(BufWriter::with_capacity(1 << 16, io::stdout().lock()));
    let written = written(&mut rows, one, args.summary).map_err(io::Error::from);
    written.and_then(|()| rows.flush()).map_err(unwritable).context("the forecast cannot be written")?;
    Ok(Outcome::Fine)
}

fn written<W: io::Write>(rows: &mut csv::Writer<W>, one: &issue::Issued, summary: bool) -> csv::Result<()> {
    if summary {
        let quantiles = QUANTILES.iter().map(|(name, _)| *name);
        rows.write_record(["series", "date", "mean", "median"].into_iter().chain(quantiles))?;
    } else {
        rows.write_record(["series", "date", "draw", "value"])?;
    }
    for series in &one.forecast.series {
        for draws in &series.periods {
            let date = draws.date.map(|date| date.to_string()).unwrap_or_default();
            let values = issue::unpacked(draws);
            if summary {
                rows.write_record([series.name.clone(), date].into_iter().chain(summary_of(&values)))?;
                continue;
            }
            for (draw, value) in values.iter().enumerate() {
                rows.write_record([&series.name, &date, &draw.to_string(), &value.to_string()])?;
            }
        }
    }
    Ok(())
}
