/*! What linking has to be better than: TF-IDF cosine of whole texts, single link, within [`WINDOW`] days, at the threshold that is best on
the very part that is measured (which flatters it).
*/

use std::collections::{BTreeMap, BTreeSet};

use link::words::tokens;

use super::{Gold, judge};
use crate::{Hits, Kind};

/// Days between two reports that may be of one incident.
const WINDOW: i32 = 14;

/// The best partition by pair F1, one label a report, and its threshold.
#[must_use]
pub fn best(reports: &[Gold]) -> (Vec<usize>, f64) {
    let vectors = vectors(reports);
    let days: Vec<Option<i32>> = reports
        .iter()
        .map(|report| report.published.map(|day| (day - jiff::civil::Date::constant(2000, 1, 1)).get_days()))
        .collect();
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for a in 0..reports.len() {
        for b in a + 1..reports.len() {
            let near = days[a].zip(days[b]).is_some_and(|(a, b)| (a - b).abs() <= WINDOW);
            if near && reports[a].country == reports[b].country {
                let alike = product(&vectors[a], &vectors[b]);
                if alike >= 0.1 {
                    pairs.push((alike, a, b));
                }
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let gold: Vec<&str> = reports.iter().map(|report| report.incident.as_str()).collect();
    let mut group: Vec<usize> = (0..reports.len()).collect();
    let mut best = (f64::MIN, group.clone(), 1.0);
    let mut next = pairs.iter().peekable();
    for step in (10..=95).rev() {
        let threshold = f64::from(step) / 100.0;
        while let Some((_, a, b)) = next.next_if(|pair| pair.0 >= threshold) {
            let (from, to) = (group[*b].max(group[*a]), group[*b].min(group[*a]));
            if from != to {
                group.iter_mut().filter(|label| **label == from).for_each(|label| *label = to);
            }
        }
        let total = judge(&gold, &group).pairs.into_iter().fold(Hits::default(), Hits::plus);
        let f1 = Kind::F1.of(total);
        if f1 > best.0 {
            best = (f1, group.clone(), threshold);
        }
    }
    (best.1, best.2)
}

/// The vectors of length one, by number of the word.
fn vectors(reports: &[Gold]) -> Vec<Vec<(usize, f64)>> {
    let counts: Vec<BTreeMap<String, usize>> = reports
        .iter()
        .map(|report| {
            let mut counts = BTreeMap::new();
            let title = report.title.as_deref().unwrap_or("");
            for token in tokens(title).into_iter().chain(tokens(&report.text)) {
                *counts.entry(token.word).or_default() += 1;
            }
            counts
        })
        .collect();
    let mut documents: BTreeMap<&str, usize> = BTreeMap::new();
    for word in counts.iter().flat_map(BTreeMap::keys) {
        *documents.entry(word).or_default() += 1;
    }
    let number: BTreeMap<&str, usize> = documents
        .keys()
        .copied()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .enumerate()
        .map(|(n, w)| (w, n))
        .collect();
    counts
        .iter()
        .map(|counts| {
            let mut vector: Vec<(usize, f64)> = counts
                .iter()
                .map(|(word, count)| {
                    let share = (1.0 + reports.len() as f64) / (1.0 + documents[word.as_str()] as f64);
                    (number[word.as_str()], (1.0 + (*count as f64).ln()) * (share.ln() + 1.0))
                })
                .collect();
            let length = vector.iter().map(|(_, value)| value * value).sum::<f64>().sqrt();
            vector.iter_mut().for_each(|(_, value)| *value /= length.max(1e-9));
            vector
        })
        .collect()
}

fn product(a: &[(usize, f64)], b: &[(usize, f64)]) -> f64 {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut sum = 0.0;
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        match x.0.cmp(&y.0) {
            std::cmp::Ordering::Less => drop(a.next()),
            std::cmp::Ordering::Greater => drop(b.next()),
            std::cmp::Ordering::Equal => {
                sum += x.1 * y.1;
                a.next();
                b.next();
            }
        }
    }
    sum
}
