//! How often a date at which nothing is claimed is called a change: placebo dates in real series.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;
use watch::claim::{self, BeforeAfter, Claim, Verdict};
use watch::scan::{self, Case, Scan, Settings, Spans};
use watch::{Every, Series, chance};

use crate::Options;
use crate::data::fnv1a;

/// Lengths of the windows in weeks: two to five years.
const LENGTHS: [i32; 4] = [104, 156, 208, 260];

/// Fewer events than this in a window, and the test says by itself that it cannot tell.
const FEWEST: u32 = 60;

/// Part of the names of series that is measured; on the other the two shares of `watch::claim::placebo` were chosen.
const MEASURED: u64 = 1;

/// What was found.
#[derive(Debug, Serialize)]
pub struct Measured {
    /// Dates that were asked.
    pub asked: u32,
    /// Of them, those that the test said it could not ask.
    pub untold: u32,
    /// Windows that the dates lie in.
    pub windows: u32,
    /// Share called a change at 5 % by the model's own errors.
    pub model: f64,
    /// By Newey–West with the normal's 1.96.
    pub newey_west: f64,
    /// By Newey–West with the fixed-b law.
    pub fixed_b: f64,
    /// By the verdict, which asks placebo dates too.
    pub verdict: f64,
    /// Its 95 % interval, by windows drawn anew.
    pub interval: [f64; 2],
    /// The same of countries' and of provinces' series.
    pub by_level: BTreeMap<&'static str, f64>,
    /// Share that a ratio of four, put in at the date, is called a change: by the verdict, and by Newey–West with the normal's 1.96.
    pub found: [f64; 2],
}

/// Weekly counts by the name of the series.
fn weekly(options: &Options) -> Result<BTreeMap<String, BTreeMap<i32, u32>>> {
    let mut all: BTreeMap<String, BTreeMap<i32, u32>> = BTreeMap::new();
    for (file, level, names) in
        [("series/ged/weekly_country.csv", "country", 1), ("series/ged/weekly_admin1.csv", "province", 2)]
    {
        let mut table = csv::Reader::from_reader(options.open(file)?);
        for (row, record) in table.records().enumerate() {
            let record = record.with_context(|| format!("{file}, row {}", row + 1))?;
            let cell = |at: usize| record.get(at).unwrap_or_default();
            let name: Vec<&str> = (0..names).map(cell).collect();
            let day = cell(names).parse().with_context(|| format!("{file}, row {}: no date", row + 1))?;
            let count: u32 =
                cell(names + 1).parse().with_context(|| format!("{file}, row {}: no count", row + 1))?;
            *all.entry(format!("{level}: {}", name.join(", ")))
                .or_default()
                .entry(Every::Week.of(day))
                .or_default() += count;
        }
    }
    Ok(all)
}

/// Asks so many dates, two in each window.
pub fn placebo_dates(options: &Options, dates: u32) -> Result<Measured> {
    let all = weekly(options)?;
    let names: Vec<&String> = all.keys().filter(|name| fnv1a(name) % 2 == MEASURED).collect();
    if names.is_empty() {
        bail!("no series to ask");
    }
    let begin = Every::Week.of(jiff::civil::date(1990, 1, 1));
    let end = Every::Week.of(jiff::civil::date(2020, 12, 28));
    let mut draw = chance::stream(options.seed, 0);
    // For each date: model, Newey–West, fixed-b, verdict; and what a put-in change gives.
    let mut windows: Vec<Vec<[bool; 4]>> = Vec::new();
    let mut levels: BTreeMap<&'static str, (u32, u32)> = BTreeMap::new();
    let (mut asked, mut untold) = (0, 0);
    let mut found = [0u32; 2];
    let mut put_in = 0u32;
    while asked < dates {
        let name = names[chance::below(&mut draw, u32::try_from(names.len())?) as usize];
        let Some(counted) = all.get(name) else { continue };
        let length = LENGTHS[chance::below(&mut draw, 4) as usize];
        let first = begin + i32::try_from(chance::below(&mut draw, u32::try_from(end - begin - length)?))?;
        let counts: Vec<u32> =
            (first..first + length).map(|week| counted.get(&week).copied().unwrap_or(0)).collect();
        if counts.iter().sum::<u32>() < FEWEST {
            continue;
        }
        let edge = length / 10;
        let series = |counts: &[u32]| {
            Series::new(name.as_str(), Every::Week, first, counts.iter().map(|count| Some(*count)).collect())
        };
        let mut window = Vec::new();
        for turn in 0..2 {
            let at =
                first + edge + i32::try_from(chance::below(&mut draw, u32::try_from(length - 2 * edge)?))?;
            asked += 1;
            let answer = ask(&series(&counts), at);
            let Some(answer) = answer else {
                untold += 1;
                continue;
            };
            let level = if name.starts_with("country") { "country" } else { "province" };
            let seen = levels.entry(level).or_default();
            *seen = (seen.0 + 1, seen.1 + u32::from(answer[3]));
            window.push(answer);
            if turn == 0 {
                let thinned: Vec<u32> = (first..)
                    .zip(&counts)
                    .map(|(week, count)| {
                        if week >= at {
                            return *count;
                        }
                        u32::try_from((0..*count).filter(|_| chance::unit(&mut draw) < 0.25).count())
                            .unwrap_or(0)
                    })
                    .collect();
                put_in += 1;
                if let Some(answer) = ask(&series(&thinned), at) {
                    found[0] += u32::from(answer[3]);
                    found[1] += u32::from(answer[1]);
                }
            }
        }
        windows.push(window);
    }
    let share = |which: usize, of: &mut dyn Iterator<Item = &Vec<[bool; 4]>>| {
        let (mut hits, mut all) = (0u32, 0u32);
        for answer in of.flatten() {
            hits += u32::from(answer[which]);
            all += 1;
        }
        f64::from(hits) / f64::from(all.max(1))
    };
    let mut again: Vec<f64> = (0..2000)
        .map(|_| {
            let count = u32::try_from(windows.len()).unwrap_or(u32::MAX);
            let drawn: Vec<&Vec<[bool; 4]>> =
                (0..count).map(|_| &windows[chance::below(&mut draw, count) as usize]).collect();
            share(3, &mut drawn.into_iter())
        })
        .collect();
    again.sort_by(f64::total_cmp);
    Ok(Measured {
        asked,
        untold,
        windows: u32::try_from(windows.len())?,
        model: share(0, &mut windows.iter()),
        newey_west: share(1, &mut windows.iter()),
        fixed_b: share(2, &mut windows.iter()),
        verdict: share(3, &mut windows.iter()),
        interval: [again[again.len() / 40], again[again.len() - 1 - again.len() / 40]],
        by_level: levels
            .iter()
            .map(|(level, (all, hits))| (*level, f64::from(*hits) / f64::from(*all)))
            .collect(),
        found: found.map(|found| f64::from(found) / f64::from(put_in.max(1))),
    })
}

/// Whether a change is called: by the model, Newey–West, fixed-b and the verdict; nothing where it cannot be asked.
fn ask(series: &Series, at: i32) -> Option<[bool; 4]> {
    let finding = claim::before_after(series, &[], &BeforeAfter::new(at, Claim::Changed));
    let effect = finding.effects.first()?;
    let model = finding.model.as_ref()?;
    let statistic = effect.estimate / effect.error_newey_west;
    let fixed_b = statistic.abs() > claim::critical::fixed_b(model.lag, model.observations);
    Some([effect.p_model < 0.05, effect.p_newey_west < 0.05, fixed_b, finding.verdict == Verdict::Supported])
}

/// The result as a table for people.
#[must_use]
pub fn table(measured: &Measured) -> String {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let levels: Vec<String> =
        measured.by_level.iter().map(|(level, share)| format!("{level} {}", percent(*share))).collect();
    format!(
        "placebo dates asked            {} in {} windows, of which {} could not be asked\n\
         called a change at 5 %\n  \
         by the model's errors         {}\n  \
         by Newey–West, 1.96           {}\n  \
         by Newey–West, fixed-b        {}\n  \
         by the verdict                {} (95 % interval {} to {}); {}\n\
         a ratio of four, put in        found by the verdict {}, by Newey–West with 1.96 {}\n",
        measured.asked,
        measured.windows,
        measured.untold,
        percent(measured.model),
        percent(measured.newey_west),
        percent(measured.fixed_b),
        percent(measured.verdict),
        percent(measured.interval[0]),
        percent(measured.interval[1]),
        levels.join(", "),
        percent(measured.found[0]),
        percent(measured.found[1]),
    )
}

/// How often the scan calls shuffled days a cluster.
#[derive(Debug, Serialize)]
pub struct ScanChance {
    /// Events that were shuffled.
    pub events: usize,
    /// How often.
    pub rounds: u32,
    /// Shuffles that each was held against.
    pub replicates: u32,
    /// Share whose strongest cluster has a chance of at most 5 %.
    pub called: f64,
    /// Its 95 % interval (Wilson 1927).
    pub interval: [f64; 2],
}

/// The side by which UCDP tells Islamic State.
const ISLAMIC_STATE: &str = "IS";

/// Shuffles the days of Islamic State's events in Syria of the last year of the data, and scans.
pub fn scan_chance(options: &Options, rounds: u32) -> Result<ScanChance> {
    const FILE: &str = "series/ged/ged211_geoprecise_events.csv";
    const REPLICATES: u32 = 199;
    let mut table = csv::Reader::from_reader(options.open(FILE)?);
    let header = table.headers()?.clone();
    let place = |name: &str| {
        header.iter().position(|column| column == name).with_context(|| format!("{FILE}: no column `{name}`"))
    };
    let [date, country, latitude, longitude, side_a, side_b] = [
        place("date")?,
        place("country")?,
        place("latitude")?,
        place("longitude")?,
        place("side_a")?,
        place("side_b")?,
    ];
    let last = Every::Day.of(jiff::civil::date(2020, 12, 31));
    let mut cases: Vec<Case> = Vec::new();
    for (row, record) in table.records().enumerate() {
        let record = record.with_context(|| format!("{FILE}, row {}", row + 1))?;
        let cell = |at: usize| record.get(at).unwrap_or_default();
        if cell(country) != "Syria" || ![cell(side_a), cell(side_b)].contains(&ISLAMIC_STATE) {
            continue;
        }
        let day =
            Every::Day.of(cell(date).parse().with_context(|| format!("{FILE}, row {}: no date", row + 1))?);
        if last - day < 365 {
            let degrees =
                |at: usize| cell(at).parse().with_context(|| format!("{FILE}, row {}: no place", row + 1));
            cases.push(Case { day, latitude: degrees(latitude)?, longitude: degrees(longitude)?, cases: 1 });
        }
    }
    let mut called = 0;
    for round in 0..rounds {
        let mut draw = chance::stream(options.seed, u64::from(round) << 32);
        for at in (1..cases.len()).rev() {
            let other = chance::below(&mut draw, u32::try_from(at + 1)?) as usize;
            (cases[at].day, cases[other].day) = (cases[other].day, cases[at].day);
        }
        let scan = Scan::new(&cases, Settings::new(Spans::Prospective, last))?;
        let strongest = scan.clusters(1).first().map_or(0.0, |cluster| cluster.log_likelihood_ratio);
        let maxima = scan.replicates(options.seed.wrapping_add(u64::from(round)), 0..REPLICATES);
        called += u32::from(scan::chance(strongest, &maxima, false).p_value <= 0.05);
    }
    let (share, all) = (f64::from(called) / f64::from(rounds.max(1)), f64::from(rounds.max(1)));
    let square = 1.96f64 * 1.96;
    let middle = (share + square / (2.0 * all)) / (1.0 + square / all);
    let half =
        1.96 / (1.0 + square / all) * (share * (1.0 - share) / all + square / (4.0 * all * all)).sqrt();
    Ok(ScanChance {
        events: cases.len(),
        rounds,
        replicates: REPLICATES,
        called: share,
        interval: [middle - half, middle + half],
    })
}
