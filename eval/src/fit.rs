/*! Learns how likely a place is an event's (`knowledge/event-places.tsv`).

A logistic regression, fitted by stochastic gradient descent with AdaGrad's step sizes (Duchi, Hazan and Singer
2011), averaged over its later passes (Polyak and Juditsky 1992), on the half of the event location corpus that is looked at during development; the held-out half is left
alone, and what the author labelled again is taken from there. Examples are the places that the reader finds in an item's sentence; those that touch the gold are its
places. Features seen in fewer than [`SEEN`] examples are left out. The strength of the penalty is the one of
[`PENALTIES`] whose F1 of tokens is best in a cross-validation over five parts of that half, by sentence. The second
look at the places of a sentence beside each other learns from what that cross-validation gave each place unseen.
*/

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::ops::Range;

use anyhow::Result;
use coder::locate::Beside;

use crate::tasks::event_location::{Item, covered, held_out, items, to_learn_from};
use crate::{Options, Reader};

/// Least examples that a feature stands in.
const SEEN: usize = 8;
/// Strengths of the penalty on squared weights, over all examples, that are tried.
const PENALTIES: [f64; 5] = [1.0, 3.0, 10.0, 20.0, 40.0];
/// Chances from which a place is given, that are tried.
const THRESHOLDS: [f64; 6] = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55];
/// Passes over the examples.
const PASSES: usize = 40;
/// AdaGrad's step.
const STEP: f64 = 0.1;
/// Parts of the cross-validation.
const FOLDS: usize = 5;

/// What was learned.
pub struct Fitted {
    /// The table.
    pub table: String,
    /// How well it did, for people.
    pub summary: String,
}

#[derive(Clone)]
struct Example<F> {
    features: Vec<F>,
    right: bool,
    /// Tokens that giving it would give, and how many of them are right.
    tokens: (usize, usize),
    fold: usize,
}

/// What a regression learned.
struct Learned {
    rows: Vec<(String, f64)>,
    /// What each example scored, in logits, in the part of the cross-validation that did not learn from it.
    unseen: Vec<f64>,
    summary: String,
}

/// Learns.
pub fn run(options: &Options, reader: &Reader) -> Result<Fitted> {
    let seen = items(options)?.into_iter().filter(|item| !held_out(&item.text)).collect();
    let items: Vec<Item> = to_learn_from(seen);
    let mut raw: Vec<Example<String>> = Vec::new();
    let mut sentences: Vec<Range<usize>> = Vec::new();
    let mut gold_tokens = 0;
    for item in &items {
        let gold = item.gold();
        gold_tokens += gold.len();
        let Some((start, end)) = item.verb() else { continue };
        let fold = item.text.trim().len() % FOLDS;
        let first = raw.len();
        for (span, features) in reader.coder.place_features(&item.text, start, end) {
            let given = covered(item, &[span]);
            let right = gold.intersection(&given).count();
            raw.push(Example { features, right: right > 0, tokens: (given.len(), right), fold });
        }
        sentences.push(first..raw.len());
    }
    let alone = learn(&raw, gold_tokens);
    let mut again = raw.clone();
    for sentence in sentences {
        let beside = Beside::new(&alone.unseen[sentence.clone()]);
        for (place, example) in again[sentence].iter_mut().enumerate() {
            let chain = chain_of(&example.features).to_owned();
            example.features.clear();
            beside.features(place, &chain, &mut |feature| example.features.push(feature.to_owned()));
        }
    }
    let again = learn(&again, gold_tokens);
    let found_tokens: usize = raw.iter().map(|example| example.tokens.1).sum();
    let summary = format!(
        "{} items, {} places; the places found hold {found_tokens} of {gold_tokens} gold tokens\neach alone{}\nbeside \
         each other{}",
        items.len(),
        raw.len(),
        alone.summary,
        again.summary
    );
    let mut table = String::from(
        "# How likely a place that a sentence names is where an event of it happened: weights of a logistic regression,\n\
         # and of a second one (\"again\") that looks at the places of a sentence beside each other.\n\
         # Learned by `watchpost-eval fit-places`; crates/coder/src/locate.rs says what the features are.\n\
         feature\tweight\n",
    );
    for (name, weight) in alone.rows.iter().chain(&again.rows).filter(|(_, weight)| weight.abs() >= 0.005) {
        let _ = writeln!(table, "{name}\t{weight:.3}");
    }
    Ok(Fitted { table, summary })
}

/// The feature that says where a place stands among those that it is chained to, without its name.
fn chain_of(features: &[String]) -> &str {
    features
        .iter()
        .filter_map(|feature| feature.strip_prefix("chain "))
        .find(|chain| !chain.contains(' '))
        .unwrap_or("alone")
}

/// Learns from examples, with the penalty that is best in the cross-validation.
fn learn(raw: &[Example<String>], gold_tokens: usize) -> Learned {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for example in raw {
        for feature in &example.features {
            *counts.entry(feature).or_default() += 1;
        }
    }
    let names: Vec<&str> =
        counts.iter().filter(|(_, count)| **count >= SEEN).map(|(name, _)| *name).collect();
    let number: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    let examples: Vec<Example<usize>> = raw
        .iter()
        .map(|example| Example {
            features: example.features.iter().filter_map(|name| number.get(name.as_str()).copied()).collect(),
            right: example.right,
            tokens: example.tokens,
            fold: example.fold,
        })
        .collect();
    let mut summary = format!(": {} features", names.len());
    let mut best = (-1.0, PENALTIES[0], Vec::new());
    for penalty in PENALTIES {
        let folds: Vec<Vec<f64>> = (0..FOLDS)
            .map(|fold| fit(examples.iter().filter(|example| example.fold != fold), names.len(), penalty))
            .collect();
        let unseen: Vec<f64> =
            examples.iter().map(|example| logit(&folds[example.fold], &example.features)).collect();
        let mut highest: f64 = 0.0;
        for threshold in THRESHOLDS {
            let given = unseen.iter().zip(&examples).filter(|(logit, _)| chance(**logit) >= threshold);
            let (all, right) =
                given.fold((0, 0), |sum, (_, example)| (sum.0 + example.tokens.0, sum.1 + example.tokens.1));
            let (precision, recall) = (ratio(right, all), ratio(right, gold_tokens));
            let f1 = if right == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
            highest = highest.max(f1);
            let _ = write!(
                summary,
                "\ncross-validated, penalty {penalty}, from {threshold}: precision {precision:.3}, recall {recall:.3}, \
                 F1 {f1:.3}"
            );
        }
        if highest > best.0 {
            best = (highest, penalty, unseen);
        }
    }
    let weights = fit(examples.iter(), names.len(), best.1);
    let rows = names.iter().zip(weights).map(|(name, weight)| ((*name).to_owned(), weight)).collect();
    Learned { rows, unseen: best.2, summary }
}

#[expect(clippy::cast_precision_loss, reason = "counts of tokens")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn logit(weights: &[f64], features: &[usize]) -> f64 {
    features.iter().map(|&feature| weights[feature]).sum()
}

fn chance(logit: f64) -> f64 {
    1.0 / (1.0 + f64::exp(-logit))
}

fn fit<'e>(examples: impl Iterator<Item = &'e Example<usize>>, features: usize, strength: f64) -> Vec<f64> {
    let mut examples: Vec<&Example<usize>> = examples.collect();
    let mut counts = vec![0_usize; features];
    for &feature in examples.iter().flat_map(|example| &example.features) {
        counts[feature] += 1;
    }
    // A weight is moved only by the examples that have its feature: each bears its part of the penalty, so that rare
    // features are held as close to nothing as frequent ones.
    let penalties: Vec<f64> = counts.iter().map(|&count| strength * ratio(1, count.max(1))).collect();
    let mut weights = vec![0.0_f64; features];
    let mut sums = vec![0.0_f64; features];
    let mut squares = vec![1e-6_f64; features];
    // A fixed generator (Knuth's MMIX constants): the same table on every machine.
    let mut state = 1_u64;
    for pass in 0..PASSES {
        for at in (1..examples.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let other = usize::try_from(state >> 33).unwrap_or(0) % (at + 1);
            examples.swap(at, other);
        }
        for example in &examples {
            let error = chance(logit(&weights, &example.features)) - f64::from(u8::from(example.right));
            for &feature in &example.features {
                let gradient = error + penalties[feature] * weights[feature];
                squares[feature] += gradient * gradient;
                weights[feature] -= STEP * gradient / squares[feature].sqrt();
            }
        }
        if pass >= PASSES / 2 {
            for (sum, weight) in sums.iter_mut().zip(&weights) {
                *sum += weight;
            }
        }
    }
    // The mean over the later passes: the last one still follows the order of its examples.
    sums.iter().map(|sum| sum * ratio(1, PASSES - PASSES / 2)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(features: &[usize], right: bool) -> Example<usize> {
        Example { features: features.to_vec(), right, tokens: (1, usize::from(right)), fold: 0 }
    }

    #[test]
    fn what_is_seldom_seen_is_believed_less() {
        // Both features come only with right answers: one in forty examples, one in four.
        let examples: Vec<Example<usize>> = (0..88)
            .map(|n| match n {
                0..40 => example(&[0, 1], true),
                40..44 => example(&[0, 2], true),
                _ => example(&[0], false),
            })
            .collect();
        let weights = fit(examples.iter(), 3, 3.0);
        assert!(weights[1] > 2.0 * weights[2] && weights[2] > 0.0, "{weights:?}");
    }

    #[test]
    fn what_tells_is_learned() {
        let examples: Vec<Example<usize>> = (0..40)
            .map(|n| if n % 2 == 0 { example(&[0, 1], true) } else { example(&[0, 2], false) })
            .collect();
        let weights = fit(examples.iter(), 3, 1.0);
        let chance = |features: &[usize]| chance(logit(&weights, features));
        assert!(chance(&[0, 1]) > 0.8 && chance(&[0, 2]) < 0.2, "{weights:?}");
    }
}
