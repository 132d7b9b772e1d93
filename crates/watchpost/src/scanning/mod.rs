//! `watchpost scan`: events with places and days in, clusters out.

mod args;

use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use csv::StringRecord;
use jiff::civil::Date;
use record::ErrorLine;
use record::vocabulary::TimePrecision;
use serde::Serialize;
use watch::Every;
use watch::scan::{self, Case, Scan, Settings, Spans};

pub(crate) use self::args::ScanArgs;
use crate::code::Outcome;
use crate::counts::{self, table};
use crate::desk::project::Project;
use crate::{jobs, output, say};

/// Shuffles that one worker takes at a time.
const PART: u32 = 25;

/// What is written.
#[derive(Serialize)]
struct Told {
    schema: &'static str,
    /// Events that were scanned, and their distinct places.
    events: usize,
    places: usize,
    since: Option<String>,
    until: Option<String>,
    retrospective: bool,
    longest_days: u16,
    step_days: u16,
    largest_radius_km: f64,
    /// Shuffles that were looked at, and whether that was enough before all were.
    replicates: u32,
    stopped: bool,
    seed: u64,
    clusters: Vec<TellCluster>,
}

#[derive(Serialize)]
struct TellCluster {
    #[serde(flatten)]
    cluster: scan::Cluster,
    since: String,
    until: String,
    /// Observed over expected.
    ratio: f64,
    p_value: f64,
    /// In how many days chance alone would show one as strong, were the scan run every day; only of clusters of now.
    recurrence_interval_days: Option<f64>,
    cases: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(args: &ScanArgs) -> anyhow::Result<Outcome> {
    let Input { said, rows, outcome, covered } = match &args.file {
        Some(file) => {
            let (rows, outcome) = read(file, args)?;
            Input { said: file.display().to_string(), rows, outcome, covered: None }
        }
        None => of_project(args)?,
    };
    let day = |date: Date| Every::Day.of(date);
    let found = rows.iter().map(|row| day(row.date));
    let last = args.until.or(covered.map(|(_, last)| last)).map(day).or_else(|| found.clone().max());
    let first = args.since.or(covered.map(|(first, _)| first)).map(day).or_else(|| found.min());
    let mut told = Told {
        schema: "watchpost.clusters/1",
        events: 0,
        places: 0,
        since: first.map(|first| Every::Day.start(first).to_string()),
        until: last.map(|last| Every::Day.start(last).to_string()),
        retrospective: args.retrospective,
        longest_days: args.days,
        step_days: args.step.unwrap_or(if args.retrospective { 7 } else { 1 }).min(args.days),
        largest_radius_km: args.radius,
        replicates: 0,
        stopped: false,
        seed: args.seed,
        clusters: Vec::new(),
    };
    if let Some(last) = last {
        let spans = if args.retrospective { Spans::Retrospective } else { Spans::Prospective };
        let settings = Settings {
            step: told.step_days,
            longest: args.days,
            radius: args.radius,
            share: args.share,
            fewest: args.fewest,
            ..Settings::new(spans, last)
        };
        scan(args, &said, &rows, settings, &mut told)?;
    }
    let mut out = serde_json::to_vec_pretty(&told)?;
    out.push(b'\n');
    output::print(&out)?;
    Ok(outcome)
}

/// Scans, and shuffles until it is clear how likely the strongest is by chance.
fn scan(
    args: &ScanArgs,
    said: &str,
    rows: &[Row],
    settings: Settings,
    told: &mut Told,
) -> anyhow::Result<()> {
    let cases: Vec<Case> = rows
        .iter()
        .map(|row| Case {
            day: Every::Day.of(row.date),
            latitude: row.latitude,
            longitude: row.longitude,
            cases: row.cases,
        })
        .collect();
    let scan = Scan::new(&cases, settings).with_context(|| said.to_owned())?;
    told.events = scan.events();
    told.places = scan.places();
    let clusters = scan.clusters(args.most.max(1));
    let strongest = clusters.first().map_or(f64::INFINITY, |cluster| cluster.log_likelihood_ratio);
    let mut maxima: Vec<f64> = Vec::new();
    if !clusters.is_empty() {
        let workers = args
            .jobs
            .map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
        let scan = Arc::new(scan);
        let (all, seed) = (args.replicates, args.seed);
        let parts =
            move || (0..all.div_ceil(PART)).map(move |part| part * PART..((part + 1) * PART).min(all));
        // In the order of their numbers, so that it is the same shuffle after which enough were seen.
        jobs::in_order(
            workers,
            parts,
            |_| 1,
            move |part| scan.replicates(seed, part),
            |part: Vec<f64>| {
                maxima.extend(part);
                match scan::stop(strongest, &maxima) {
                    Some(at) => {
                        maxima.truncate(at + 1);
                        told.stopped = true;
                        ControlFlow::Break(())
                    }
                    None => ControlFlow::Continue(()),
                }
            },
        );
    }
    told.replicates = u32::try_from(maxima.len()).unwrap_or(u32::MAX);
    told.clusters = clusters
        .into_iter()
        .take(args.most)
        .enumerate()
        .map(|(place, cluster)| {
            let stopped = told.stopped && place == 0;
            let chance = scan::chance(cluster.log_likelihood_ratio, &maxima, stopped);
            TellCluster {
                since: Every::Day.start(cluster.first).to_string(),
                until: Every::Day.start(cluster.last).to_string(),
                ratio: f64::from(cluster.observed) / cluster.expected,
                p_value: chance.p_value,
                recurrence_interval_days: (!args.retrospective).then(|| 1.0 / chance.p_value),
                cases: cluster
                    .cases
                    .iter()
                    .filter_map(|at| rows.get(*at))
                    .map(|row| row.id.clone())
                    .collect(),
                cluster,
            }
        })
        .collect();
    Ok(())
}

/// An event as the table has it.
struct Row {
    id: String,
    date: Date,
    latitude: f64,
    longitude: f64,
    cases: u32,
}

/// What is scanned, and where it is from.
struct Input {
    said: String,
    rows: Vec<Row>,
    outcome: Outcome,
    /// The days that it covers, where they are known.
    covered: Option<(Date, Date)>,
}

/// UCDP's precision up to which a place is a point for the scan: exactly, or within about 25 km.
const NEAR: u8 = 2;

/// The incidents of the project that are known to the day and to the place; how many are not is said.
fn of_project(args: &ScanArgs) -> anyhow::Result<Input> {
    let project = Project::find(&args.project)?;
    let said = project.folder.display().to_string();
    let areas = counts::project::areas(args.of_project.areas.as_deref())?;
    let kept = lookout::load(project.store()?.as_mut(), &args.traits.filter())?;
    let known_by = args.of_project.as_of.and_then(|day| day.yesterday().ok());
    let covered = kept.covered().map(|(first, last)| (first, known_by.unwrap_or(last)));
    let (since, until) =
        (args.since.or(covered.map(|(first, _)| first)), args.until.or(covered.map(|(_, last)| last)));
    let (mut rows, mut dayless, mut placeless, mut outside) = (Vec::new(), kept.dayless, 0_u64, 0_u64);
    for one in &kept.happenings {
        if known_by.is_some_and(|by| one.known.unwrap_or(one.last) > by)
            || since.is_some_and(|since| one.last < since)
            || until.is_some_and(|until| one.first > until)
        {
            continue;
        }
        let point = one.point_within(NEAR);
        if one.precision != TimePrecision::Day || one.first != one.last {
            dayless += 1;
        } else if let Some((latitude, longitude)) = point {
            let inside =
                areas.as_ref().is_none_or(|areas| areas.around(latitude, longitude).next().is_some());
            if inside {
                rows.push(Row { id: one.id.clone(), date: one.first, latitude, longitude, cases: 1 });
            } else {
                outside += 1;
            }
        } else {
            placeless += 1;
        }
    }
    for (many, what) in [
        (dayless, "are not known to the day; they are not scanned"),
        (placeless, "are not known to a place or within 25 km of it; they are not scanned"),
        (outside, "lie outside of the areas; they are not scanned"),
    ] {
        if many > 0 {
            say::note(&format!("{said}: {many} incidents {what}"), None);
        }
    }
    let covered = since.zip(until);
    Ok(Input { said, rows, outcome: Outcome::Fine, covered })
}

/// Where the columns are.
struct Columns {
    id: Option<usize>,
    date: usize,
    latitude: usize,
    longitude: usize,
    cases: Option<usize>,
}

impl Columns {
    fn told(header: &[String]) -> anyhow::Result<Self> {
        let place = |names: &[&str]| {
            names.iter().find_map(|name| header.iter().position(|column| column.eq_ignore_ascii_case(name)))
        };
        let needed = |names: &[&str]| {
            place(names).ok_or_else(|| {
                anyhow!("hint: expected id,date,latitude,longitude[,cases], or events as ACLED or UCDP GED have them")
                    .context(format!("no column `{}`", names.join("` or `")))
            })
        };
        Ok(Self {
            id: place(&["id", "event_id_cnty", "event_id", "given_id"]),
            date: needed(&["date", "event_date", "date_start"])?,
            latitude: needed(&["latitude", "lat"])?,
            longitude: needed(&["longitude", "lon", "lng", "long"])?,
            cases: place(&["cases", "count"]),
        })
    }

    /// An event, or what is wrong with its row and what to do.
    fn row(&self, line: u64, row: &StringRecord) -> Result<Row, (String, &'static str)> {
        let cell = |column: usize| row.get(column).unwrap_or_default().trim();
        let date = table::day(cell(self.date)).ok_or_else(|| {
            (format!("`{}` is no date", table::cut(cell(self.date))), "write days as 2020-05-12")
        })?;
        let degrees = |column: usize, most: f64| {
            let written = cell(column);
            written.parse().ok().filter(|value: &f64| value.abs() <= most).ok_or_else(|| {
                (
                    format!("`{}` is no place in degrees from -{most} to {most}", table::cut(written)),
                    "write degrees with a point, as 36.5; leave events without a place out",
                )
            })
        };
        let cases = match self.cases.map(cell).filter(|written| !written.is_empty()) {
            None => 1,
            Some(written) => written.parse().map_err(|_| {
                (
                    format!("`{}` is no number of events", table::cut(written)),
                    "write a whole number from 0 up",
                )
            })?,
        };
        Ok(Row {
            id: self
                .id
                .map(cell)
                .filter(|id| !id.is_empty())
                .map_or_else(|| format!("line {line}"), str::to_owned),
            date,
            latitude: degrees(self.latitude, 90.0)?,
            longitude: degrees(self.longitude, 180.0)?,
            cases,
        })
    }
}

/// Reads the events; a row that cannot be used is said and costs itself only.
fn read(path: &Path, args: &ScanArgs) -> anyhow::Result<(Vec<Row>, Outcome)> {
    let mut outcome = Outcome::Fine;
    let mut rows = Vec::new();
    let (said, header, records) = table::open(path)?;
    let columns = Columns::told(&header).with_context(|| format!("{said}:1"))?;
    for record in records {
        let (line, record) =
            record.with_context(|| format!("{said}: the table cannot be read to its end"))?;
        match columns.row(line, &record) {
            Ok(row) if args.since.is_some_and(|since| row.date < since) => {}
            Ok(row) if args.until.is_some_and(|until| row.date > until) => {}
            Ok(row) => rows.push(row),
            Err((error, hint)) => {
                outcome = Outcome::SomeUnread;
                let error = ErrorLine {
                    schema: record::ERROR_SCHEMA.to_owned(),
                    line,
                    given_id: None,
                    error,
                    hint: hint.to_owned(),
                };
                say::unreadable(&said, &error, io::IsTerminal::is_terminal(&io::stderr()));
            }
        }
    }
    Ok((rows, outcome))
}
