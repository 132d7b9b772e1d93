//! Farrington Flexible and EARS against the outputs of R's `surveillance` 1.20.3: on seven simulated series beside this file, and on all 42 where
//! they are there.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use watchpost_watch::surge::ears::Ears;
use watchpost_watch::surge::farrington;

type Counts = BTreeMap<u32, Vec<Option<u32>>>;

/// Rows by the names of their columns.
fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    let cells =
        |line: &str| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect::<Vec<_>>();
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let header = cells(lines.next().unwrap());
    lines.map(|line| header.iter().cloned().zip(cells(line)).collect()).collect()
}

#[test]
fn equal_to_the_excerpt() {
    let series = table(include_str!("data/surveillance-series.csv"));
    let counts: Counts = series
        .iter()
        .map(|row| {
            let counts = row["counts"].split(' ').map(|count| Some(count.parse().unwrap())).collect();
            (row["number"].parse().unwrap(), counts)
        })
        .collect();
    let rows = table(include_str!("data/surveillance-outputs.csv"));
    assert_eq!((counts.len(), rows.len()), (7, 343));
    equal(&counts, &rows, ["number", "week"], "ff");
}

#[test]
fn equal_to_the_reference_on_every_week() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/series/reference");
    let (series, outputs) = (folder.join("ff_golden_series.csv.gz"), folder.join("ff_golden_outputs.csv.gz"));
    if !series.is_file() || !outputs.is_file() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    let unpacked = |path: &Path| {
        let mut text = String::new();
        flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
        table(&text)
    };
    let mut counts = Counts::new();
    for row in unpacked(&series) {
        counts.entry(row["scenario"].parse().unwrap()).or_default().push(Some(row["y"].parse().unwrap()));
    }
    let rows = unpacked(&outputs);
    assert_eq!(rows.len(), 2058);
    equal(&counts, &rows, ["scenario", "t"], "ff_alarm");
}

/// Holds every week against R's answers; `alarm` is the column of Farrington Flexible's.
fn equal(counts: &Counts, rows: &[BTreeMap<String, String>], [series, week]: [&str; 2], alarm: &str) {
    let near = |ours: f64, theirs: f64, slack: f64| (ours - theirs).abs() <= slack * theirs.abs();
    let mut wrong = Vec::new();
    for row in rows {
        let number = |column: &str| row[column].parse::<f64>().ok();
        let counts = &counts[&row[series].parse().unwrap()];
        let at = row[week].parse::<usize>().unwrap() - 1;
        let mut hold = |what: &str, fine: bool, ours: f64, theirs: f64| {
            if !fine {
                wrong.push(format!("{} {}: {what} {ours} for {theirs}", row[series], row[week]));
            }
        };
        let (fit, judged) = farrington::judge(counts, at, 0.01).unwrap();
        let (mean, dispersion) = (number("ff_mu0").unwrap(), number("ff_phi").unwrap());
        // Two weeks have a mean of nothing, 5e-9, which is where the iterations of the fit were broken off: as a count it is zero.
        hold("mu0", near(fit.mean, mean, 1e-6) || mean < 1e-6 && fit.mean < 1e-6, fit.mean, mean);
        hold("phi", near(fit.dispersion, dispersion, 1e-6), fit.dispersion, dispersion);
        let upper = number("ff_ub").unwrap();
        hold("upper", (judged.upper - upper).abs() < 0.5, judged.upper, upper);
        let p = number("ff_p").unwrap();
        hold("p", (judged.p_value - p).abs() < 1e-6, judged.p_value, p);
        hold(
            "alarm",
            judged.alarm == (row[alarm] == "1"),
            f64::from(u8::from(judged.alarm)),
            number(alarm).unwrap(),
        );
        match (fit.trend, number("ff_trend")) {
            (Some(trend), Some(theirs)) => hold("trend", (trend - theirs).abs() < 1e-8, trend, theirs),
            (ours, theirs) => hold("trend", ours.is_some() == theirs.is_some(), 0.0, 0.0),
        }
        for (method, bound, alarm) in
            [(Ears::C1, "c1_ub", "c1"), (Ears::C2, "c2_ub", "c2"), (Ears::C3, "c3_ub", "c3")]
        {
            let judged = method.judge(counts, at, method.usual_alpha()).unwrap();
            // Where an earlier baseline had no deviation R has no C3; here it has nothing to add.
            if let Some(upper) = number(bound) {
                let fine = near(judged.upper, upper, 1e-9) || (judged.upper - upper).abs() < 1e-9;
                hold("ears upper", fine, judged.upper, upper);
                hold("ears alarm", judged.alarm == (row[alarm] == "1"), 0.0, 0.0);
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
}
