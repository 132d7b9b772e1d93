/*! How many alarms detectors raise on real series: UCDP GED's weekly counts of countries and first divisions. The series hold real surges,
so these are loads and not false alarms. */

use std::collections::BTreeMap;
use std::io::Read as _;

use anyhow::{Context as _, Result};
use watch::surge::alarms::benjamini_hochberg;
use watch::surge::{Detector, Judgement, Prior};
use watch::{Every, Series};

use crate::data::Options;

/// Reads the series of a file with at least so many events in the years 2011 to 2020.
fn series(options: &Options, file: &str, least: u32) -> Result<Vec<Series>> {
    let mut text = String::new();
    options.open(file)?.read_to_string(&mut text).with_context(|| file.to_owned())?;
    let week = |day: &str| day.parse().map(|day| Every::Week.of(day));
    let span = (week("2010-12-27")?, week("2020-12-21")?);
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let header = table.headers()?.clone();
    let column = |name: &str| header.iter().position(|cell| cell == name);
    let (at, events) = column("week").zip(column("events")).context("columns `week` and `events`")?;
    let mut of: BTreeMap<String, Vec<(i32, u32)>> = BTreeMap::new();
    for row in table.records() {
        let row = row?;
        let period = week(&row[at])?;
        if period >= span.0 && period <= span.1 {
            let name: Vec<&str> = row.iter().take(at).collect();
            of.entry(name.join("; ")).or_default().push((period, row[events].parse()?));
        }
    }
    let busy =
        of.into_iter().filter(|(_, weeks)| weeks.iter().map(|(_, events)| events).sum::<u32>() >= least);
    Ok(busy
        .map(|(name, weeks)| Series::of_events(name, Every::Week, span, weeks))
        .collect::<Result<_, _>>()?)
}

/// Gives the table.
pub fn run(options: &Options) -> Result<String> {
    let countries = series(options, "series/ged/weekly_country.csv", 50)?;
    let districts = series(options, "series/ged/weekly_admin1.csv", 20)?;
    // Sixty, evenly taken from the alphabet.
    let step = (districts.len() / 60).max(1);
    let sixty: Vec<Series> = districts.iter().step_by(step).take(60).cloned().collect();
    let hundred: Vec<Series> = countries.iter().take(40).chain(&sixty).cloned().collect();
    let from = Every::Week.of(jiff::civil::date(2016, 4, 11));
    let mut told = String::from(
        "Alarms in 1,000 series-weeks, April 2016 to 2020, at nominal .01, and with a false discovery rate of 10 % besides\n\n| series | how many | detector | alarms | with the rate |\n|---|---|---|---|---|\n",
    );
    for (name, series) in [("countries", &countries), ("first divisions", &sixty), ("both", &hundred)] {
        for (method, detector) in
            [("watchpost", Detector::Watchpost), ("farrington-flexible", Detector::FarringtonFlexible)]
        {
            let prior = Prior::pooled(series, Some(from));
            let mut judged: Vec<Vec<Option<Judgement>>> = Vec::new();
            for series in series {
                let at = series.index(from).context("the series begin before")?;
                judged.push(detector.judge(series, at, 0.01, &prior)?);
            }
            let weeks = judged.first().map_or(0, Vec::len);
            let (mut judgements, mut alarms, mut kept) = (0.0, 0.0, 0.0);
            for week in 0..weeks {
                let of: Vec<Judgement> = judged.iter().filter_map(|judged| judged[week]).collect();
                let mut p: Vec<f64> = of.iter().map(|judged| judged.p_value).collect();
                let largest = benjamini_hochberg(&mut p, 0.1).unwrap_or(-1.0);
                for judgement in of {
                    judgements += 1.0;
                    alarms += f64::from(u8::from(judgement.alarm));
                    kept += f64::from(u8::from(judgement.alarm && judgement.p_value <= largest));
                }
            }
            told += &format!(
                "| {name} | {} | {method} | {:.1} | {:.1} |\n",
                series.len(),
                1000.0 * alarms / f64::max(judgements, 1.0),
                1000.0 * kept / f64::max(judgements, 1.0)
            );
        }
    }
    Ok(told)
}
