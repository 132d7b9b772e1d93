/*! Series from a project, or from a table: `series,date,count[,offset]`, or one event a row as ACLED, UCDP GED and `watchpost export` have them.

Every row that cannot be used is said with its line, and costs itself only. */

mod args;
mod dates;
pub(crate) mod project;
mod shape;
pub(crate) mod table;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Read};
use std::path::Path;

use anyhow::{Context as _, bail};
use csv::StringRecord;
use jiff::civil::Date;
use record::ErrorLine;
use watch::{Every, Observation, Series, Unsaid, series::LARGEST};

pub(crate) use self::args::{Counted, Imprecise, InputArgs, OfProjectArgs, SeriesArgs};
use self::shape::{CountColumns, EventColumns, Part, Shape};
use crate::code::Outcome;
use crate::say;

/// The longest row in bytes: a quote that is never closed must not make a row of all that follows.
const LONGEST_ROW: usize = 1 << 20;

/// A row of the output, in the order of the input: a period of a series, and the day that stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The series, by its place in [`Counts::series`].
    pub(crate) series: usize,
    /// The period.
    pub(crate) period: i32,
    /// The day that the input wrote for it, else the first of the period.
    pub(crate) day: Date,
}

/// The series of a file or a project.
#[derive(Debug)]
pub(crate) struct Counts {
    /// What messages call where they are from.
    pub(crate) said: String,
    /// In the order in which the file names them first.
    pub(crate) series: Vec<Series>,
    /// What the input has a row for, in its order; for events and sums, every period of every series.
    pub(crate) places: Vec<Place>,
    /// Whether all rows could be used.
    pub(crate) outcome: Outcome,
}

/// A count as a row has it.
struct Row {
    series: u32,
    day: Date,
    count: Option<u32>,
    offset: Option<f64>,
}

/// The series that are meant: those of the file, else those of the project; events by the week unless another period is asked for.
pub(crate) fn of(args: &InputArgs) -> anyhow::Result<Counts> {
    of_by(args, Every::Week)
}

/// The same, with events by another period.
pub(crate) fn of_by(args: &InputArgs, usual: Every) -> anyhow::Result<Counts> {
    match &args.file {
        Some(file) => read_by(file, &args.series, usual),
        None => project::read(args, usual),
    }
}

/// Reads a file, or standard input (`-`); events by the week unless another period is asked for.
pub(crate) fn read(path: &Path, args: &SeriesArgs) -> anyhow::Result<Counts> {
    read_by(path, args, Every::Week)
}

/// The same, with events by another period.
fn read_by(path: &Path, args: &SeriesArgs, usual: Every) -> anyhow::Result<Counts> {
    let name = path.to_string_lossy();
    let said = if name == "-" { "standard input" } else { &*name };
    let mut reading = Reading {
        said,
        args,
        usual,
        names: Names::default(),
        outcome: Outcome::Fine,
        missing: 0,
        columns: 0,
    };
    let mut input = open(path).with_context(|| format!("{said}: the file cannot be opened"))?;
    let delimiter = delimiter(input.fill_buf().with_context(|| format!("{said}: cannot be read"))?);
    let mut table = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(input);
    let header: Vec<String> = table
        .headers()
        .with_context(|| format!("{said}:1: the first line cannot be read"))?
        .iter()
        .map(|cell| cell.trim().trim_start_matches('\u{feff}').to_owned())
        .collect();
    reading.columns = header.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
    if args.count == Some(Counted::Reports) {
        bail!(
            "--count reports: a table does not say how many reports there are\nhint: a project does; count events or deaths"
        );
    }
    let shape = shape::told(&header, &args.by, args.count).with_context(|| format!("{said}:1"))?;
    let rows = table.byte_records();
    let rows = rows.map(|row| match row {
        Ok(bytes) => Ok(StringRecord::from_byte_record_lossy(bytes)),
        Err(error) => Err(error),
    });
    let mut first = true;
    let rows = rows.filter(move |row| {
        let tags = std::mem::take(&mut first) && row.as_ref().is_ok_and(table::hxl);
        !tags
    });
    match shape {
        Shape::Counts(columns) => reading.counts(rows, &columns),
        Shape::Events(columns) => reading.events(rows, &columns),
    }
}

/// The file, unpacked where it is packed.
fn open(path: &Path) -> io::Result<BufReader<Box<dyn Read>>> {
    let file: Box<dyn Read> = if path == Path::new("-") {
        if io::stdin().is_terminal() {
            say::note("reading a table from the terminal; end it with Ctrl-D", None);
        }
        Box::new(io::stdin())
    } else {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Box::new(file)
    };
    let mut file = BufReader::with_capacity(1 << 16, file);
    let begin = file.fill_buf()?;
    let input: Box<dyn Read> = if begin.starts_with(&[0x1f, 0x8b]) {
        Box::new(flate2::bufread::MultiGzDecoder::new(file))
    } else if begin.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Box::new(zstd::Decoder::with_buffer(file)?)
    } else {
        Box::new(file)
    };
    Ok(BufReader::with_capacity(1 << 16, input))
}

/// What stands between the cells: a semicolon or tab where the first line has more of them than commas.
fn delimiter(begin: &[u8]) -> u8 {
    let line = begin.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
    let mut best = (b',', count(b','));
    for other in [b';', b'\t'] {
        if count(other) > best.1 {
            best = (other, count(other));
        }
    }
    best.0
}

/// Names of series as numbers.
#[derive(Default)]
struct Names {
    known: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.known.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.known.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        number
    }
}

struct Reading<'a> {
    said: &'a str,
    args: &'a SeriesArgs,
    /// What events are counted by unless it is said.
    usual: Every,
    names: Names,
    outcome: Outcome,
    missing: u64,
    /// Columns that the header names.
    columns: usize,
}

impl Reading<'_> {
    /// A row that cannot be used.
    fn unusable(&mut self, line: u64, error: String, hint: &str) {
        self.outcome = Outcome::SomeUnread;
        let line = ErrorLine {
            schema: record::ERROR_SCHEMA.to_owned(),
            line,
            given_id: None,
            error,
            hint: hint.to_owned(),
        };
        say::unreadable(self.said, &line, io::stderr().is_terminal());
    }

    /// A row as the table has it, or nothing where it cannot be read.
    fn row(&mut self, row: csv::Result<StringRecord>) -> anyhow::Result<Option<(u64, StringRecord)>> {
        match row {
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                if row.as_slice().len() > LONGEST_ROW {
                    let error = format!("the row has more than {LONGEST_ROW} bytes");
                    self.unusable(line, error, "close the quotes, or leave the row out");
                    return Ok(None);
                }
                if row.len() < self.columns {
                    let error = format!("the row has {} cells, the first line {}", row.len(), self.columns);
                    self.unusable(
                        line,
                        error,
                        "see whether a quote is never closed, or a separator is missing",
                    );
                    return Ok(None);
                }
                Ok(Some((line, row)))
            }
            Err(error) => {
                Err(error).with_context(|| format!("{}: the table cannot be read to its end", self.said))
            }
        }
    }

    fn day(&mut self, line: u64, cell: &str) -> Option<Date> {
        let day = dates::day(cell);
        if day.is_none() {
            let error = format!("`{}` is no date", cut(cell));
            self.unusable(line, error, "write days as 2020-05-12, months as 2020-05, weeks as 2020-W20");
        }
        day
    }

    fn covered(&self, day: Date) -> bool {
        self.args.since.is_none_or(|since| day >= since) && self.args.until.is_none_or(|until| day <= until)
    }

    fn counts(
        mut self,
        table: impl Iterator<Item = csv::Result<StringRecord>>,
        columns: &CountColumns,
    ) -> anyhow::Result<Counts> {
        let mut rows: Vec<Row> = Vec::new();
        for row in table {
            let Some((line, row)) = self.row(row)? else { continue };
            let cell = |column: usize| row.get(column).unwrap_or_default().trim();
            let Some(day) = self.day(line, cell(columns.date)) else { continue };
            if !self.covered(day) {
                continue;
            }
            let count = match count(cell(columns.count)) {
                Ok(count) => count,
                Err(error) => {
                    self.unusable(line, error, "correct it, or leave the cell empty where it is not known");
                    None
                }
            };
            let offset = match columns.offset.map(|column| offset(cell(column))).transpose() {
                Ok(offset) => offset.flatten(),
                Err(error) => {
                    self.unusable(line, error, "correct it, or leave the cell empty where it is not known");
                    None
                }
            };
            let series = self.names.number(columns.series.map_or("all", cell));
            rows.push(Row { series, day, count, offset });
        }
        let found = inferred(rows.iter().map(|row| row.day));
        let every = self.args.every.map_or(found, Every::from);
        if every < found {
            bail!(
                "{}: the counts are by the {}; they cannot be split into {}s\nhint: leave --every out, or name a longer period",
                self.said,
                found.name(),
                every.name()
            );
        }
        let mut of: Vec<Vec<Observation>> = self.names.names.iter().map(|_| Vec::new()).collect();
        for row in &rows {
            if let Some(observations) = of.get_mut(row.series as usize) {
                let Row { count, offset, .. } = *row;
                observations.push(Observation { period: found.of(row.day), count, offset });
            }
        }
        let mut series = Vec::with_capacity(of.len());
        for (name, observations) in std::mem::take(&mut self.names.names).into_iter().zip(of) {
            let given = observations.len();
            let built = Series::of_observations(name, found, observations, Unsaid::Missing)
                .map_err(|error| self.too_long(&error))?;
            let day = |period: &i32| found.start(*period).to_string();
            if !built.conflicting.is_empty() {
                self.outcome = Outcome::SomeUnread;
                let days: Vec<String> = built.conflicting.iter().take(5).map(day).collect();
                let note = format!(
                    "{}: the series `{}` has different counts for the same {} ({}{}); it is taken as missing",
                    self.said,
                    built.series.name(),
                    found.name(),
                    days.join(", "),
                    if built.conflicting.len() > 5 { ", …" } else { "" }
                );
                say::note(
                    &note,
                    Some("leave the wrong rows out; rows that are parts of a count must be summed up first"),
                );
            }
            if !built.repeated.is_empty() {
                let note = format!(
                    "{}: the series `{}` has {} rows that say the same twice; they count once",
                    self.said,
                    built.series.name(),
                    built.repeated.len()
                );
                say::note(&note, None);
            }
            let distinct = given - built.repeated.len() - built.conflicting.len();
            let missing = built.series.counts().iter().filter(|count| count.is_none()).count();
            if missing > 0 && distinct > 0 {
                self.missing += missing as u64;
            }
            series.push(built.series);
        }
        if self.missing > 0 {
            let note = format!(
                "{}: {} {}s have no count between the first and the last of their series; they are missing, not zero",
                self.said,
                self.missing,
                found.name()
            );
            say::note(&note, Some("write a row with the count 0 for each period in which nothing happened"));
        }
        if every == found {
            let places = rows
                .iter()
                .map(|row| Place { series: row.series as usize, period: found.of(row.day), day: row.day })
                .collect();
            return Ok(Counts { said: self.said.to_owned(), series, places, outcome: self.outcome });
        }
        let mut coarse = Vec::with_capacity(series.len());
        for series in &series {
            coarse.push(series.coarser(every).with_context(|| self.said.to_owned())?);
        }
        Ok(Counts {
            said: self.said.to_owned(),
            places: every_place(&coarse),
            series: coarse,
            outcome: self.outcome,
        })
    }

    fn events(
        mut self,
        table: impl Iterator<Item = csv::Result<StringRecord>>,
        columns: &EventColumns,
    ) -> anyhow::Result<Counts> {
        let every = self.args.every.map_or(self.usual, Every::from);
        let deaths = self.args.count == Some(Counted::Deaths);
        let mut events: Vec<(u32, i32, u32)> = Vec::new();
        let mut span: Option<(Date, Date)> = None;
        let (mut imprecise, mut unnamed, mut unknown) = (0u64, 0u64, 0u64);
        let mut names = Vec::new();
        for row in table {
            let Some((line, row)) = self.row(row)? else { continue };
            let cell = |column: usize| row.get(column).unwrap_or_default().trim();
            let Some(day) = self.day(line, cell(columns.date)) else { continue };
            if !self.covered(day) {
                continue;
            }
            span = Some(span.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
            let wide = columns.precision.is_some_and(|column| column.wider(cell(column.column()), every));
            imprecise += u64::from(wide);
            if wide && self.args.imprecise == Imprecise::LeaveOut {
                continue;
            }
            let weight = if deaths {
                match count(columns.deaths.map_or("", cell)) {
                    Ok(Some(deaths)) => deaths,
                    Ok(None) => {
                        unknown += 1;
                        0
                    }
                    Err(error) => {
                        self.unusable(
                            line,
                            error,
                            "correct it, or leave the cell empty where it is not known",
                        );
                        0
                    }
                }
            } else {
                1
            };
            names.clear();
            named(&columns.by, &cell, &mut names);
            if names.is_empty() {
                unnamed += 1;
            }
            for name in &names {
                events.push((self.names.number(name), every.of(day), weight));
            }
        }
        for (many, note) in [
            (
                imprecise,
                format!(
                    "events are dated less precisely than a {}; they {}",
                    every.name(),
                    if self.args.imprecise == Imprecise::Count {
                        "count where the day lies that stands for them (--imprecise leave-out leaves them out)"
                    } else {
                        "are left out"
                    }
                ),
            ),
            (unnamed, "events have nothing in the columns of --by; they are in no series".to_owned()),
            (unknown, "events have no number of dead; they count as none".to_owned()),
        ] {
            if many > 0 {
                say::note(&format!("{}: {many} {note}", self.said), None);
            }
        }
        let first = self.args.since.or(span.map(|(first, _)| first));
        let last = self.args.until.or(span.map(|(_, last)| last));
        let span = first.zip(last).map_or((0, -1), |(first, last)| self.whole(every, first, last));
        let mut of: Vec<Vec<(i32, u32)>> = self.names.names.iter().map(|_| Vec::new()).collect();
        for (series, period, weight) in events {
            if let Some(events) = of.get_mut(series as usize) {
                events.push((period, weight));
            }
        }
        let mut series = Vec::with_capacity(of.len());
        for (name, events) in std::mem::take(&mut self.names.names).into_iter().zip(of) {
            series.push(Series::of_events(name, every, span, events).map_err(|error| self.too_long(&error))?);
        }
        Ok(Counts { said: self.said.to_owned(), places: every_place(&series), series, outcome: self.outcome })
    }

    /// The periods that are covered from their first day to their last: a count of half a week is no count of a week, and looks like a fall
    /// where it is a week that has just begun. Those that are not are said.
    fn whole(&self, every: Every, first: Date, last: Date) -> (i32, i32) {
        let (mut from, mut to) = (every.of(first), every.of(last));
        let day_before = |day: Date| day.yesterday().unwrap_or(day);
        let mut cut = Vec::new();
        if every.start(from) < first {
            cut.push(format!("that of {} begins on {first}", every.start(from)));
            from += 1;
        }
        let end = day_before(every.start(to.saturating_add(1)));
        if end > last {
            // A file that begins and ends in one period is told once.
            if to >= from {
                cut.push(format!("that of {} ends on {last}", every.start(to)));
            }
            to -= 1;
        }
        if !cut.is_empty() {
            let said = format!(
                "{}: {} covered in part and left out: {}",
                self.said,
                if cut.len() == 1 {
                    format!("one {} is", every.name())
                } else {
                    format!("two {}s are", every.name())
                },
                cut.join(", ")
            );
            let hint = "name the first and the last day that the file covers with --since and --until, whether or not something happened on them";
            say::note(&said, Some(hint));
        }
        (from, to)
    }

    fn too_long(&self, error: &watch::SeriesError) -> anyhow::Error {
        anyhow::anyhow!(
            "{}: {error}\nhint: correct the row, or leave it out with --since and --until",
            self.said
        )
    }
}

/// Every period of every series.
pub(crate) fn every_place(series: &[Series]) -> Vec<Place> {
    let periods = |(at, of): (usize, &Series)| {
        let every = of.every();
        (of.first()..=of.last())
            .map(move |period| Place { series: at, period, day: every.start(period) })
            .collect::<Vec<_>>()
    };
    series.iter().enumerate().flat_map(periods).collect()
}

/// The series that an event belongs to.
fn named<'c>(by: &[Part], cell: &impl Fn(usize) -> &'c str, names: &mut Vec<String>) {
    let mut parts: Vec<Vec<String>> = vec![Vec::new()];
    for part in by {
        let of_part: Vec<String> = match part {
            Part::Column(column) => vec![cell(*column).to_owned()],
            Part::Sides(a, b) => {
                let (a, b) = (cell(*a), cell(*b));
                if a == b { vec![a.to_owned()] } else { vec![a.to_owned(), b.to_owned()] }
            }
            Part::Dyad(a, b) => {
                let (a, b) = (cell(*a), cell(*b));
                let (a, b) = if a <= b { (a, b) } else { (b, a) };
                vec![if a.is_empty() { b.to_owned() } else { format!("{a} – {b}") }]
            }
        };
        parts = parts
            .iter()
            .flat_map(|before| {
                of_part.iter().filter(|name| !name.is_empty()).map(move |name| {
                    let mut whole = before.clone();
                    whole.push(name.clone());
                    whole
                })
            })
            .collect();
    }
    for whole in parts {
        let name = if whole.is_empty() { "all".to_owned() } else { whole.join("; ") };
        // An actor on both sides is one actor.
        if !names.contains(&name) {
            names.push(name);
        }
    }
}

/// The period that a table counts by: all on the first or all on the last day of a month, all on one day of the week, else days.
pub(crate) fn inferred(days: impl Iterator<Item = Date> + Clone) -> Every {
    let mut distinct = days.clone();
    let Some(first) = distinct.next() else { return Every::Week };
    let monthly =
        days.clone().all(|day| day.day() == 1) || days.clone().all(|day| day.day() == day.days_in_month());
    if monthly {
        Every::Month
    } else if days.clone().all(|day| day.weekday() == first.weekday()) {
        Every::Week
    } else {
        Every::Day
    }
}

/// A count: a whole number, also written as 12.0; nothing where it is not known.
fn count(cell: &str) -> Result<Option<u32>, String> {
    if unknown(cell) {
        return Ok(None);
    }
    let value: f64 = cell.parse().map_err(|_| format!("`{}` is no number", cut(cell)))?;
    if !value.is_finite() || value < 0.0 {
        return Err(format!("the count {} is none that can be; expected 0 or more", cut(cell)));
    }
    if value.fract() != 0.0 {
        return Err(format!("the count {} is no whole number; things that happened are counted", cut(cell)));
    }
    if value > f64::from(LARGEST) {
        return Err(format!("the count {} is larger than {LARGEST}", cut(cell)));
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Between 0 and LARGEST, and whole.
    Ok(Some(value as u32))
}

/// A volume: a number above zero; nothing where it is not known.
fn offset(cell: &str) -> Result<Option<f64>, String> {
    if unknown(cell) {
        return Ok(None);
    }
    let value: f64 = cell.parse().map_err(|_| format!("the offset `{}` is no number", cut(cell)))?;
    if value.is_finite() && value > 0.0 {
        Ok(Some(value))
    } else {
        Err(format!("the offset {} is none that can be; expected a number above 0", cut(cell)))
    }
}

fn unknown(cell: &str) -> bool {
    cell.is_empty() || ["na", "nan", "null", "none", "."].contains(&cell.to_ascii_lowercase().as_str())
}

/// A cell for a message.
pub(crate) fn cut(cell: &str) -> String {
    cell.chars().take(40).collect()
}
