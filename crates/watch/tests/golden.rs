//! Farrington Flexible and EARS against the outputs of R's `surveillance` 1.20.3 on 42 simulated series.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::Read as _;
use std::path::{Path, PathBuf};

use watchpost_watch::surge::ears::Ears;
use watchpost_watch::surge::farrington;

fn reference() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/series/reference")
}

fn table(path: &Path) -> Vec<Vec<String>> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text.lines()
        .skip(1)
        .map(|line| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect())
        .collect()
}

#[test]
fn equal_to_the_reference_on_every_week() {
    let folder = reference();
    let (series, outputs) = (folder.join("ff_golden_series.csv.gz"), folder.join("ff_golden_outputs.csv.gz"));
    if !series.is_file() || !outputs.is_file() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    let mut counts: std::collections::BTreeMap<u32, Vec<Option<u32>>> = std::collections::BTreeMap::new();
    for row in table(&series) {
        counts.entry(row[0].parse().unwrap()).or_default().push(Some(row[2].parse().unwrap()));
    }
    let rows = table(&outputs);
    assert_eq!(rows.len(), 2058);
    let near = |ours: f64, theirs: f64, slack: f64| (ours - theirs).abs() <= slack * theirs.abs();
    let mut wrong = Vec::new();
    for row in &rows {
        let number = |column: usize| row[column].parse::<f64>().ok();
        let counts = &counts[&row[0].parse().unwrap()];
        let at = row[1].parse::<usize>().unwrap() - 1;
        let mut hold = |what: &str, fine: bool, ours: f64, theirs: f64| {
            if !fine {
                wrong.push(format!("{} {}: {what} {ours} for {theirs}", row[0], row[1]));
            }
        };
        let (fit, judged) = farrington::judge(counts, at, 0.01).unwrap();
        let (mean, dispersion) = (number(4).unwrap(), number(5).unwrap());
        // Two weeks have a mean of nothing, 5e-9, which is where the iterations of the fit were broken off: as a count it is zero.
        hold("mu0", near(fit.mean, mean, 1e-6) || mean < 1e-6 && fit.mean < 1e-6, fit.mean, mean);
        hold("phi", near(fit.dispersion, dispersion, 1e-6), fit.dispersion, dispersion);
        hold("upper", (judged.upper - number(3).unwrap()).abs() < 0.5, judged.upper, number(3).unwrap());
        let p = number(7).unwrap();
        hold("p", (judged.p_value - p).abs() < 1e-6, judged.p_value, p);
        hold("alarm", judged.alarm == (row[8] == "1"), f64::from(u8::from(judged.alarm)), number(8).unwrap());
        match (fit.trend, number(6)) {
            (Some(trend), Some(theirs)) => hold("trend", (trend - theirs).abs() < 1e-8, trend, theirs),
            (ours, theirs) => hold("trend", ours.is_some() == theirs.is_some(), 0.0, 0.0),
        }
        for (method, column) in [(Ears::C1, 10), (Ears::C2, 11), (Ears::C3, 12)] {
            let judged = method.judge(counts, at, method.usual_alpha()).unwrap();
            // Where an earlier baseline had no deviation R has no C3; here it has nothing to add.
            if let Some(upper) = number(column) {
                hold(
                    "ears upper",
                    near(judged.upper, upper, 1e-9) || (judged.upper - upper).abs() < 1e-9,
                    judged.upper,
                    upper,
                );
                hold("ears alarm", judged.alarm == (row[column + 3] == "1"), 0.0, 0.0);
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
}
