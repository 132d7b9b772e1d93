/*! Learns how sure one may be of an event (`knowledge/confidence.tsv`).

A logistic regression with a penalty on squared weights ([`PENALTY`]), by Newton's method, on the events that the reader finds in half
of the annotated reports that are held out from training ([`calibrates`]); the other half measures it (task `annotated`). An event is
right where the report's annotation has it, as that task pairs them, and has it happen or not happen alike. Features are named in
`crates/coder/src/confidence.rs`.
*/

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Result;

use crate::reader::{How, With};
use crate::tasks::annotated::{calibrates, measured_reports, right_events};

/// Strength of the penalty.
const PENALTY: f64 = 2.0;
/// Steps of Newton's method: it has long settled by then.
const STEPS: usize = 30;

/// Learns; the table, and how well it did for people.
pub fn run(with: &With) -> Result<(String, String)> {
    let mut columns: Vec<BTreeMap<&'static str, f64>> = Vec::new();
    let mut names: Vec<&'static str> = Vec::new();
    let mut summary = String::new();
    for how in [How::Fast, How::Deep] {
        let reader = crate::coder(&With { how: Some(how), ..with.clone() })?;
        let mut examples: Vec<(Vec<f64>, bool)> = Vec::new();
        for report in measured_reports()?.iter().filter(|report| calibrates(&report.id)) {
            let found = reader.coder.sureness(&crate::tasks::annotated::as_report(report));
            let events: Vec<record::Event> = found.iter().map(|(event, _)| event.clone()).collect();
            let right = right_events(report, &events);
            for (at, (_, features)) in found.iter().enumerate() {
                names = features.iter().map(|(name, _)| *name).collect();
                examples.push((features.iter().map(|(_, value)| *value).collect(), right.contains(&at)));
            }
        }
        let weights = fit(&examples);
        let right = examples.iter().filter(|(_, right)| *right).count();
        let _ = writeln!(summary, "{how:?}: {} events, {right} right", examples.len());
        columns.push(names.iter().copied().zip(weights).collect());
    }
    let mut table = String::from(
        "# How sure one may be of an event: weights of a logistic regression, for reading by rules alone and with the learned reader.\n\
         # Learned by `watchpost-eval fit-confidence`; crates/coder/src/confidence.rs says what the features are.\n\
         feature\tfast\tdeep\n",
    );
    for name in names {
        let weight =
            |column: usize| columns.get(column).and_then(|column| column.get(name)).copied().unwrap_or(0.0);
        let _ = writeln!(table, "{name}\t{:.3}\t{:.3}", weight(0), weight(1));
    }
    Ok((table, summary))
}

/// The weights that make the examples likeliest, less the penalty; the first feature, the bias, bears none.
fn fit(examples: &[(Vec<f64>, bool)]) -> Vec<f64> {
    let size = examples.first().map_or(0, |(values, _)| values.len());
    let mut weights = vec![0.0; size];
    for _ in 0..STEPS {
        let mut gradient = vec![0.0; size];
        let mut curve = vec![vec![0.0; size]; size];
        for (values, right) in examples {
            let sum: f64 = values.iter().zip(&weights).map(|(value, weight)| value * weight).sum();
            let chance = 1.0 / (1.0 + (-sum).exp());
            let error = f64::from(u8::from(*right)) - chance;
            for (a, value) in values.iter().enumerate() {
                gradient[a] += error * value;
                for (b, other) in values.iter().enumerate() {
                    curve[a][b] += chance * (1.0 - chance) * value * other;
                }
            }
        }
        for at in 0..size {
            let penalty = if at == 0 { 1e-6 } else { PENALTY };
            gradient[at] -= penalty * weights[at];
            curve[at][at] += penalty;
        }
        for (weight, step) in weights.iter_mut().zip(solve(curve, gradient)) {
            *weight += step;
        }
    }
    weights
}

/// Solves a small symmetric system (Gauss's elimination with pivots).
fn solve(mut left: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for at in 0..size {
        let pivot = (at..size).max_by(|&a, &b| left[a][at].abs().total_cmp(&left[b][at].abs())).unwrap_or(at);
        left.swap(at, pivot);
        right.swap(at, pivot);
        if left[at][at].abs() < 1e-12 {
            continue;
        }
        let row = left[at].clone();
        for below in at + 1..size {
            let factor = left[below][at] / row[at];
            for (value, above) in left[below].iter_mut().zip(&row) {
                *value -= factor * above;
            }
            right[below] -= factor * right[at];
        }
    }
    let mut found = vec![0.0; size];
    for at in (0..size).rev() {
        let known: f64 = (at + 1..size).map(|other| left[at][other] * found[other]).sum();
        found[at] = if left[at][at].abs() < 1e-12 { 0.0 } else { (right[at] - known) / left[at][at] };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_is_weighed() {
        // Right in nine of ten cases with the feature, in three of ten without.
        let examples: Vec<(Vec<f64>, bool)> = (0..400)
            .map(|n| {
                let has = n % 2 == 0;
                (vec![1.0, f64::from(u8::from(has))], (n / 2) % 10 < if has { 9 } else { 3 })
            })
            .collect();
        let weights = fit(&examples);
        let chance = |sum: f64| 1.0 / (1.0 + (-sum).exp());
        assert!((chance(weights[0]) - 0.3).abs() < 0.03, "{weights:?}");
        assert!((chance(weights[0] + weights[1]) - 0.9).abs() < 0.03, "{weights:?}");
    }
}
