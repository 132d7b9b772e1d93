//! `watchpost watch`: counts in, surges out.

mod args;
mod plot;

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, bail};
use serde::Serialize;
use watch::surge::alarms::{Budget, benjamini_hochberg};
use watch::surge::{self, Detector, DetectorError, Judgement, Prior};
use watch::{Every, Series};

pub(crate) use self::args::{WatchArgs, WatchFormat};
use crate::code::Outcome;
use crate::counts::{self, Counts, Place};
use crate::desk::project::Project;
use crate::desk::situations;
use crate::output::unwritable;
use crate::{batch, say};

/// What a detector said of a series, from one place on.
struct Judged {
    from: usize,
    judgements: Vec<Option<Judgement>>,
}

impl Judged {
    fn at(&self, index: usize) -> Option<Judgement> {
        self.judgements.get(index.checked_sub(self.from)?).copied().flatten()
    }
}

/// An alarm, for people and programs.
#[derive(Debug, Serialize)]
struct Alarm<'a> {
    series: &'a str,
    /// The day that stands for the period.
    date: String,
    count: u32,
    expected: f64,
    upper: f64,
    p_value: f64,
    /// Where nothing has changed, so high a count comes once in so many periods.
    one_in: f64,
    period: &'static str,
    rise: Rise,
}

/// The stretch of high counts that an alarm ends.
#[derive(Debug, Serialize)]
struct Rise {
    /// The first day of its first period.
    since: String,
    periods: usize,
    count: u64,
    expected: f64,
}

/// Runs the command.
pub(crate) fn run(args: &WatchArgs) -> anyhow::Result<Outcome> {
    if args.bare() {
        let project = Project::find(&args.input.project)?;
        return situations::current(&project, args.input.of_project.as_of);
    }
    let counts = counts::of(&args.input)?;
    let detector = match &args.detector {
        None => Detector::Watchpost,
        Some(name) => {
            Detector::named(name).with_context(|| format!("--detector {name}: no such detector"))?
        }
    };
    let alpha = args.alpha.unwrap_or_else(|| detector.usual_alpha());
    if detector != Detector::Watchpost && counts.series.iter().any(Series::has_offsets) {
        let name = args.detector.as_deref().unwrap_or_default();
        let note = format!(
            "{name} takes no offset: counts are judged as if as much had been reported in every period"
        );
        say::note(&note, Some("leave --detector out: the usual one holds rates against each other"));
    }
    let judged = match judge(&counts.series, detector, alpha, args) {
        Ok(judged) => judged,
        Err(error) => bail!("{error}\nhint: add --every week, or choose another --detector"),
    };
    let alarms = raised(&counts, &judged, args);
    let written: Vec<(Place, Option<Judgement>, bool)> = counts
        .places
        .iter()
        .zip(alarms)
        .filter(|(place, _)| {
            args.from.is_none_or(|from| place.day >= from || ends_after(&counts, place, from))
        })
        .map(|(place, alarm)| (*place, judgement(&counts, &judged, place), alarm))
        .collect();
    let unjudged = written.iter().filter(|(_, judgement, _)| judgement.is_none()).count();
    if unjudged > 0 {
        let note = format!(
            "{unjudged} of {} rows have no judgement: their count or too many of the {} periods before are not there",
            written.len(),
            detector.history()
        );
        say::note(&note, None);
    }
    let told = written
        .iter()
        .filter(|(_, _, alarm)| *alarm)
        .filter_map(|(place, judgement, _)| alarm(&counts.series, &judged, *place, (*judgement)?));
    if args.explain {
        for alarm in told.clone() {
            say::line(&sentence(&alarm));
        }
    }
    if let Some(path) = &args.plot {
        plot::write(path, &counts.series, &judged, &written)?;
    }
    match args.to.unwrap_or(WatchFormat::Csv) {
        WatchFormat::Csv => rows(&counts, &written).map_err(unwritable)?,
        WatchFormat::Json => {
            let mut output = BufWriter::new(io::stdout().lock());
            let alarms: Vec<Alarm<'_>> = told.collect();
            serde_json::to_writer_pretty(&mut output, &alarms)
                .map_err(io::Error::from)
                .and_then(|()| writeln!(output))
                .and_then(|()| output.flush())
                .map_err(unwritable)?;
        }
    }
    Ok(counts.outcome)
}

/// Whether a period that began before a day ends on it or later.
fn ends_after(counts: &Counts, place: &Place, from: jiff::civil::Date) -> bool {
    counts.series.get(place.series).is_some_and(|series| series.every().of(from) <= place.period)
}

/// Judges all series, on all processors; each alone, so the order of the work changes nothing.
fn judge(
    series: &[Series],
    detector: Detector,
    alpha: f64,
    args: &WatchArgs,
) -> Result<Vec<Judged>, DetectorError> {
    // Before the first day that is judged, so that no series is judged by what came after.
    let before = args.from.zip(series.first()).map(|(from, series)| series.every().of(from));
    let prior =
        if detector == Detector::Watchpost { Prior::pooled(series, before) } else { Prior::default() };
    let one = |series: &Series| {
        let from = args.from.map_or(0, |day| {
            let first = series.every().of(day);
            usize::try_from(i64::from(first) - i64::from(series.first())).unwrap_or(0)
        });
        let from = from.saturating_sub(surge::REACH).min(series.counts().len());
        detector.judge(series, from, alpha, &prior).map(|judgements| Judged { from, judgements })
    };
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(series) = series.get(at) else { break done };
            done.push((at, one(series)));
        }
    };
    let mut all: Vec<(usize, Result<Judged, DetectorError>)> = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (1..batch::workers(None).min(series.len())).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for worker in workers {
            match worker.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, judged)| judged).collect()
}

fn judgement(counts: &Counts, judged: &[Judged], place: &Place) -> Option<Judgement> {
    let index = counts.series.get(place.series)?.index(place.period)?;
    judged.get(place.series)?.at(index)
}

/// Which of the places are alarms, with the share of false ones and the budget kept.
fn raised(counts: &Counts, judged: &[Judged], args: &WatchArgs) -> Vec<bool> {
    let found: Vec<Option<Judgement>> =
        counts.places.iter().map(|place| judgement(counts, judged, place)).collect();
    let mut alarms: Vec<bool> = found.iter().map(|found| found.is_some_and(|found| found.alarm)).collect();
    if args.fdr.is_none() && args.budget.is_none() {
        return alarms;
    }
    let mut periods: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    for (at, place) in counts.places.iter().enumerate() {
        periods.entry(place.period).or_default().push(at);
    }
    let every = counts.series.first().map_or(Every::Week, Series::every);
    let mut budget = args.budget.map(|(most, days)| Budget::new(most, days));
    let p_of = |at: &usize| found.get(*at).copied().flatten().map_or(1.0, |found| found.p_value);
    for (period, mut places) in periods {
        // A row that is given twice is one test.
        places.sort_unstable_by_key(|at| counts.places[*at].series);
        let mut tests = places.clone();
        tests.dedup_by_key(|at| counts.places[*at].series);
        tests.retain(|at| found[*at].is_some());
        if let Some(rate) = args.fdr {
            let mut p_values: Vec<f64> = tests.iter().map(p_of).collect();
            let largest = benjamini_hochberg(&mut p_values, rate);
            for at in &places {
                alarms[*at] &= largest.is_some_and(|largest| p_of(at) <= largest);
            }
        }
        if let Some(budget) = &mut budget {
            let (start, next) = (every.start(period), every.start(period.saturating_add(1)));
            let days = |day| i64::from(Every::Day.of(day));
            let length = u32::try_from(days(next) - days(start)).unwrap_or(1).max(1);
            let allowed = if args.from.is_some_and(|from| next <= from) {
                continue;
            } else {
                budget.allowed(days(next), length)
            };
            tests.retain(|at| alarms[*at]);
            tests.sort_by(|a, b| p_of(a).total_cmp(&p_of(b)));
            budget.spend(tests.len().min(allowed));
            let kept: Vec<usize> = tests.iter().take(allowed).map(|at| counts.places[*at].series).collect();
            for at in &places {
                alarms[*at] &= kept.contains(&counts.places[*at].series);
            }
        }
    }
    alarms
}

/// What there is to say of an alarm.
fn alarm<'a>(
    series: &'a [Series],
    judged: &[Judged],
    place: Place,
    judgement: Judgement,
) -> Option<Alarm<'a>> {
    let series = series.get(place.series)?;
    let judged = judged.get(place.series)?;
    let index = series.index(place.period)?;
    let count = series.counts().get(index).copied().flatten()?;
    let rise = surge::rise(series, index, |at| judged.at(at));
    let every = series.every();
    Some(Alarm {
        series: series.name(),
        date: place.day.to_string(),
        count,
        expected: judgement.expected,
        upper: judgement.upper,
        p_value: judgement.p_value,
        one_in: (1.0 / judgement.p_value.max(1e-12)).round(),
        period: every.name(),
        rise: Rise {
            since: every.start(series.period(rise.since)).to_string(),
            periods: index - rise.since + 1,
            count: rise.count,
            expected: rise.expected,
        },
    })
}

/// An alarm in words.
fn sentence(alarm: &Alarm<'_>) -> String {
    let Alarm { series, date, count, expected, period, one_in, rise, .. } = alarm;
    let unusual = if *one_in > 1e6 {
        format!("so high a count comes less than once in a million {period}s")
    } else {
        format!("so high a count comes once in {one_in} {period}s")
    };
    let mut told = format!(
        "{series}, {period} of {date}: {count} where {} were expected; {unusual} where nothing has changed",
        few(*expected)
    );
    if rise.periods > 1 {
        told += &format!(
            "; high since {}: {} in {} {period}s where {} were expected",
            rise.since,
            rise.count,
            rise.periods,
            few(rise.expected)
        );
    }
    crate::table::plain(&told)
}

/// A number with as many places as say something.
fn few(value: f64) -> String {
    if value >= 9.95 { format!("{value:.0}") } else { format!("{value:.1}") }
}

fn rows(counts: &Counts, written: &[(Place, Option<Judgement>, bool)]) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new().from_writer(BufWriter::with_capacity(1 << 16, io::stdout()));
    table.write_record(["series", "date", "count", "expected", "upper", "p_value", "alarm"])?;
    for (place, judgement, alarm) in written {
        let series = counts.series.get(place.series);
        let count = series.and_then(|series| series.counts().get(series.index(place.period)?).copied()?);
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        table.write_record([
            series.map_or("", Series::name),
            &place.day.to_string(),
            &count.map_or_else(String::new, |count| count.to_string()),
            &number(judgement.map(|judgement| judgement.expected)),
            &number(judgement.map(|judgement| judgement.upper)),
            &number(judgement.map(|judgement| judgement.p_value)),
            if judgement.is_none() {
                ""
            } else if *alarm {
                "1"
            } else {
                "0"
            },
        ])?;
    }
    table.flush()
}
