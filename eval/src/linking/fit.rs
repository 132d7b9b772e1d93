/*! Learns what makes two reports one incident (`knowledge/linking.tsv`).

A logistic regression with a penalty on squared weights, on standardised features, by Newton's method; written in the features'
own units. Examples are the pairs that the linker would compare (`link::index`), of the training part of the gun violence corpus: with the reports' texts
for the weights of full stories; from the coded documents alone for those of short ones. Beside them, from other violence and other presses: UCDP's headlines of countries that are not
held out; the rows of Wikipedia's lists of incidents up to 2015 and coalition press releases of different days or provinces, each of an incident of its own.

The penalty, the threshold and the points of a pair that was not looked at are chosen by cross-validation: the incidents of all corpora
are halved [`ROUNDS`] times by a seeded hash, each half is linked with what the other one taught, and the choice with the best mean is taken: of pair F1 and
B³ F1 of the first corpus, with texts and without, and of the B³ F1 of rows and releases; of those as good ([`AS_GOOD`]) the most cautious.
*/

use std::fmt::Write as _;

use anyhow::Result;
use link::hash::{fnv1a, mix};
use link::score::{
    Bears, COUNT, DAY_APART, DAYS_APART, FEATURES, NO_EVENT, THRESHOLD, TOLL, UNLOOKED, features,
};
use link::{Frequencies, Item, Story, Weights, cluster, index::Index};

use super::{Gold, code, gun_violence, headlines, items, judge, lists, releases};
use crate::{Hits, Kind, Options, Reader};

/// How often the incidents are halved.
const ROUNDS: u64 = 3;
/// Penalties that are tried.
const PENALTIES: [f64; 2] = [5.0, 40.0];
/// Thresholds that are tried.
const THRESHOLDS: [f32; 7] = [-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0];
/// Points that are tried for pairs that were not looked at.
const UNLOOKEDS: [f32; 3] = [-4.0, -6.0, -9.0];
/// A choice is as good as the best where it has so little less, the mean of the six figures: one draw of the halves differs from
/// another by twice as much, and they are drawn several times.
const AS_GOOD: f64 = 0.002;
/// Points of a pair in which one report has no event that was read. Not learned: all reports of the corpora are of incidents, so they
/// cannot teach how rarely a report without one is. It makes a chance of one in two one in twenty.
const WITHOUT_EVENT: f32 = -3.0;
/// Points of a pair of which both state the very day, a day apart. These are not learned: in the corpora hardly two attacks are told alike, and
/// where reports of one incident state different days, a day was mostly read wrongly. Two attacks that follow each other in one place reach
/// 3 points by their wording and their place, and with one template 5.
const DAY: f32 = -4.0;
/// … more days apart …
const DAYS: f32 = -6.0;
/// … and what a toll in common gives back of [`DAY`], and another toll takes more.
const SAME_TOLL: f32 = 2.0;
/// Steps of Newton's method.
const STEPS: usize = 9;
/// Rounds of coordinate descent in each.
const SWEEPS: usize = 60;

/// A pair of stories.
struct Pair {
    a: usize,
    b: usize,
    values: [f32; COUNT],
    right: bool,
    full: bool,
    /// The points that are not learned.
    besides: f32,
}

/// Stories with the pairs that the linker would compare.
struct Set {
    incidents: Vec<String>,
    pairs: Vec<Pair>,
}

/// Learns; the table, and how well it did for people.
pub fn run(options: &Options, reader: &Reader) -> Result<(String, String)> {
    let frequencies = Frequencies::from_table(knowledge::WORD_FREQUENCY)?;
    let train = gun_violence(options, "train")?;
    let coded = code(reader, &train);
    let told = Set::new(&train, &items(&train, &coded, &frequencies, true));
    let quoted = Set::new(&train, &items(&train, &coded, &frequencies, false));
    let lines = headlines(options, false)?;
    let coded = code(reader, &lines);
    let lines = Set::new(&lines, &items(&lines, &coded, &frequencies, true));
    let rows = lists(options, false)?;
    let coded = code(reader, &rows);
    let rows = Set::new(&rows, &items(&rows, &coded, &frequencies, true));
    let releases = releases(options)?;
    let coded = code(reader, &releases);
    let releases = Set::new(&releases, &items(&releases, &coded, &frequencies, true));
    let others = [&lines, &rows, &releases];
    let mut summary = String::new();
    for (name, set) in [
        ("with texts", &told),
        ("coded alone", &quoted),
        ("headlines", &lines),
        ("rows of lists", &rows),
        ("press releases", &releases),
    ] {
        let right = set.pairs.iter().filter(|pair| pair.right).count();
        let _ = writeln!(
            summary,
            "{name}: {} stories, {} pairs, {right} of them of one incident, of {}",
            set.incidents.len(),
            set.pairs.len(),
            set.pairs_of_one_incident()
        );
    }

    let judged_sets = [&told, &quoted, &rows, &releases];
    let mut results: Vec<(f64, (f64, f32, f32), String)> = Vec::new();
    for penalty in PENALTIES {
        // Of each choice and set: pair F1 and B³ F1, mean over halves.
        let mut sums = vec![[[0.0_f64; 2]; 4]; THRESHOLDS.len() * UNLOOKEDS.len()];
        for round in 0..ROUNDS {
            let seed = options.seed.wrapping_mul(1_000).wrapping_add(round);
            let half = |set: &Set, at: usize| mix(fnv1a(set.incidents[at].as_bytes()) ^ mix(seed)) >> 63 == 1;
            for taught in [true, false] {
                let learns =
                    |set: &Set, pair: &Pair| half(set, pair.a) == taught && half(set, pair.b) == taught;
                let (full, short) = learn(&told, &quoted, &others, penalty, &learns);
                for (of, set) in judged_sets.into_iter().enumerate() {
                    let judged = |at: usize| half(set, at) != taught;
                    let places: Vec<usize> = (0..set.incidents.len()).filter(|at| judged(*at)).collect();
                    let mut number = vec![usize::MAX; set.incidents.len()];
                    places.iter().enumerate().for_each(|(new, old)| number[*old] = new);
                    let gold: Vec<&str> = places.iter().map(|at| set.incidents[*at].as_str()).collect();
                    let pairs: Vec<(usize, usize, f32)> = set
                        .pairs
                        .iter()
                        .filter(|pair| judged(pair.a) && judged(pair.b))
                        .map(|pair| {
                            let weights = if pair.full { &full } else { &short };
                            (number[pair.a], number[pair.b], points(&pair.values, weights) + pair.besides)
                        })
                        .collect();
                    for (at, (threshold, unlooked)) in grid().enumerate() {
                        let groups = cluster::groups(places.len(), &pairs, threshold, unlooked);
                        let mut label = vec![0; places.len()];
                        groups.iter().enumerate().for_each(|(n, group)| {
                            group.iter().for_each(|member| label[*member] = n);
                        });
                        let judged = judge(&gold, &label);
                        let f1 =
                            |hits: Vec<Hits>| Kind::F1.of(hits.into_iter().fold(Hits::default(), Hits::plus));
                        let halves = (ROUNDS * 2) as f64;
                        sums[at][of][0] += f1(judged.pairs) / halves;
                        sums[at][of][1] += f1(judged.b3) / halves;
                    }
                }
            }
        }
        for ((threshold, unlooked), [told, quoted, rows, releases]) in grid().zip(&sums) {
            let line = format!(
                "penalty {penalty}, threshold {threshold}, not looked at {unlooked}: with texts pairs {:.3}, B³ {:.3}; coded \
                 alone {:.3}, {:.3}; rows B³ {:.3}, releases {:.3}",
                told[0], told[1], quoted[0], quoted[1], rows[1], releases[1]
            );
            let sum = told[0] + told[1] + quoted[0] + quoted[1] + rows[1] + releases[1];
            results.push((sum / 6.0, (penalty, threshold, unlooked), line));
        }
    }
    // Of choices that are as good, the one that joins least (Breiman and others 1984 have the rule for the size of trees).
    let most = results.iter().map(|result| result.0).fold(0.0, f64::max);
    results.sort_by(|a, b| {
        let caution = |(sum, (penalty, threshold, unlooked), _): &(f64, (f64, f32, f32), String)| {
            let as_good = *sum >= most - AS_GOOD;
            if as_good { [f64::from(*threshold), -f64::from(*unlooked), *penalty] } else { [f64::MIN; 3] }
        };
        let more = |at: usize| caution(b)[at].total_cmp(&caution(a)[at]);
        more(0).then(more(1)).then(more(2)).then(b.0.total_cmp(&a.0))
    });
    for (_, _, line) in results.iter().take(12) {
        let _ = writeln!(summary, "cross-validated, {line}");
    }
    let (penalty, threshold, unlooked) = results.first().map_or((PENALTIES[0], 0.0, -5.0), |best| best.1);
    let (full, short) = learn(&told, &quoted, &others, penalty, &|_, _| true);
    let mut table = String::from(
        "# What makes two reports one incident: weights of a logistic regression, for stories with the words of a whole report (full)\n\
         # and where one has little more than quotes or a headline (short); docs/linking.md is its card.\n\
         # Learned by `watchpost-eval fit-link`; crates/link/src/score.rs says what the features are.\n\
         feature\tfull\tshort\n",
    );
    for (at, (name, ..)) in FEATURES.iter().enumerate() {
        let _ = writeln!(table, "{name}\t{:.3}\t{:.3}", full[at], short[at]);
    }
    let _ = writeln!(
        table,
        "{THRESHOLD}\t{threshold}\t\n{UNLOOKED}\t{unlooked}\t\n{NO_EVENT}\t{WITHOUT_EVENT}\t"
    );
    for (name, points) in [(DAY_APART, DAY), (DAYS_APART, DAYS), (TOLL, SAME_TOLL)] {
        let _ = writeln!(table, "{name}\t{points}\t");
    }
    Ok((table, summary))
}

/// The points that are not learned, and no others.
fn by_hand() -> Weights {
    Weights {
        full: [0.0; COUNT],
        short: [0.0; COUNT],
        threshold: 0.0,
        unlooked: 0.0,
        no_event: WITHOUT_EVENT,
        day_apart: DAY,
        days_apart: DAYS,
        toll: SAME_TOLL,
    }
}

fn grid() -> impl Iterator<Item = (f32, f32)> {
    THRESHOLDS
        .into_iter()
        .flat_map(|threshold| UNLOOKEDS.into_iter().map(move |unlooked| (threshold, unlooked)))
}

fn points(values: &[f32; COUNT], weights: &[f64; COUNT]) -> f32 {
    values.iter().zip(weights).map(|(value, weight)| f64::from(*value) * weight).sum::<f64>() as f32
}

impl Set {
    fn new(reports: &[Gold], items: &[Item]) -> Self {
        let stories: Vec<&Story> = items.iter().map(|item| &item.told.chief).collect();
        let weights = by_hand();
        let mut index = Index::default();
        for (number, story) in stories.iter().enumerate() {
            index.insert(u32::try_from(number).unwrap_or(u32::MAX), story);
        }
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (a, story) in stories.iter().enumerate() {
            let candidates = index.candidates(story).into_iter().map(|b| b as usize);
            found.extend(candidates.filter(|b| *b != a).map(|b| (a.min(b), a.max(b))));
        }
        found.sort_unstable();
        found.dedup();
        let pairs = found
            .into_iter()
            .map(|(a, b)| Pair {
                a,
                b,
                values: features(stories[a], stories[b]),
                right: reports[a].incident == reports[b].incident,
                full: stories[a].full && stories[b].full,
                besides: weights.besides(stories[a], stories[b]),
            })
            .collect();
        Self { incidents: reports.iter().map(|report| report.incident.clone()).collect(), pairs }
    }

    fn pairs_of_one_incident(&self) -> usize {
        let mut sizes = std::collections::BTreeMap::<&str, usize>::new();
        self.incidents.iter().for_each(|incident| *sizes.entry(incident).or_default() += 1);
        sizes.values().map(|size| size * (size - 1) / 2).sum()
    }
}

/// The weights of full and of short stories.
fn learn(
    told: &Set,
    quoted: &Set,
    others: &[&Set],
    penalty: f64,
    learns: &dyn Fn(&Set, &Pair) -> bool,
) -> ([f64; COUNT], [f64; COUNT]) {
    let of = |set: &Set, full: bool| -> Vec<(usize, bool)> {
        set.pairs
            .iter()
            .enumerate()
            .filter(|(_, pair)| pair.full == full && learns(set, pair))
            .map(|(at, pair)| (at, pair.right))
            .collect()
    };
    let examples = |set: &Set, full: bool, weight: f64| -> Vec<([f32; COUNT], bool, f64)> {
        of(set, full).into_iter().map(|(at, right)| (set.pairs[at].values, right, weight)).collect()
    };
    let mut full = examples(told, true, 1.0);
    let mut short = examples(told, false, 1.0);
    short.extend(examples(quoted, false, 1.0));
    // Each of the other corpora weighs as much as the first at most.
    for (all, is_full) in [(&mut full, true), (&mut short, false)] {
        let ours = all.len() as f64;
        for set in others {
            let pairs: Vec<&Pair> =
                set.pairs.iter().filter(|pair| pair.full == is_full && learns(set, pair)).collect();
            let weight = (ours / pairs.len().max(1) as f64).min(1.0);
            all.extend(pairs.into_iter().map(|pair| (pair.values, pair.right, weight)));
        }
    }
    (fit(&full, penalty), fit(&short, penalty))
}

/// The weights that make the examples likeliest, less the penalty.
fn fit(examples: &[([f32; COUNT], bool, f64)], penalty: f64) -> [f64; COUNT] {
    let total: f64 = examples.iter().map(|(_, _, weight)| weight).sum::<f64>().max(1.0);
    let (mut mean, mut spread) = ([0.0_f64; COUNT], [0.0_f64; COUNT]);
    for (values, _, weight) in examples {
        for (at, value) in values.iter().enumerate() {
            mean[at] += weight * f64::from(*value) / total;
            spread[at] += weight * f64::from(*value).powi(2) / total;
        }
    }
    for at in 0..COUNT {
        spread[at] = (spread[at] - mean[at] * mean[at]).max(0.0).sqrt();
    }
    // The first feature is the same in every pair: it stays, and bears no penalty. One that never differs has no weight.
    (mean[0], spread[0]) = (0.0, 1.0);
    let standard: Vec<([f64; COUNT], f64, f64)> = examples
        .iter()
        .map(|(values, right, weight)| {
            let mut row = [0.0; COUNT];
            for at in 0..COUNT {
                row[at] =
                    if spread[at] > 1e-6 { (f64::from(values[at]) - mean[at]) / spread[at] } else { 0.0 };
            }
            (row, f64::from(u8::from(*right)), *weight)
        })
        .collect();
    let mut weights = [0.0_f64; COUNT];
    for _ in 0..STEPS {
        let mut gradient = [0.0; COUNT];
        let mut curve = vec![[0.0; COUNT]; COUNT];
        for (row, right, weight) in &standard {
            let sum: f64 = row.iter().zip(&weights).map(|(value, weight)| value * weight).sum();
            let chance = 1.0 / (1.0 + (-sum).exp());
            let (error, bend) = (weight * (right - chance), weight * chance * (1.0 - chance));
            for a in 0..COUNT {
                gradient[a] += error * row[a];
                let part = bend * row[a];
                for (entry, value) in curve[a][..=a].iter_mut().zip(row) {
                    *entry += part * value;
                }
            }
        }
        for a in 0..COUNT {
            let penalty = if a == 0 { 1e-6 } else { penalty };
            gradient[a] -= penalty * weights[a];
            curve[a][a] += penalty;
        }
        let lower = curve.clone();
        for (a, row) in curve.iter_mut().enumerate() {
            row.iter_mut().enumerate().skip(a + 1).for_each(|(b, value)| *value = lower[b][a]);
        }
        weights = step(&weights, &gradient, &curve);
    }
    let mut own = [0.0; COUNT];
    for at in 1..COUNT {
        if spread[at] > 1e-6 {
            own[at] = weights[at] / spread[at];
        }
    }
    own[0] = weights[0] - own.iter().zip(&mean).skip(1).map(|(weight, mean)| weight * mean).sum::<f64>();
    own
}

/// A step of Newton's method that keeps every weight to the side on which its feature may bear: the best point of the quadratic
/// approximation, by coordinate descent (Friedman, Hastie and Tibshirani 2010).
fn step(weights: &[f64; COUNT], gradient: &[f64; COUNT], curve: &[[f64; COUNT]]) -> [f64; COUNT] {
    let mut next = *weights;
    for _ in 0..SWEEPS {
        for (a, (_, _, bears)) in FEATURES.iter().enumerate() {
            if curve[a][a] < 1e-9 {
                continue;
            }
            let pull: f64 = curve[a]
                .iter()
                .zip(next.iter().zip(weights))
                .map(|(bend, (new, old))| bend * (new - old))
                .sum();
            let free = next[a] + (gradient[a] - pull) / curve[a][a];
            next[a] = match bears {
                Bears::For => free.max(0.0),
                Bears::Against => free.min(0.0),
                Bears::Either => free,
            };
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_in_the_features_own_units() {
        // Of one incident in nine of ten cases with the feature, in three of ten without; the feature's values are 0 and 5.
        let examples: Vec<([f32; COUNT], bool, f64)> = (0..400)
            .map(|n| {
                let mut values = [0.0; COUNT];
                values[0] = 1.0;
                values[1] = if n % 2 == 0 { 5.0 } else { 0.0 };
                (values, (n / 2) % 10 < if n % 2 == 0 { 9 } else { 3 }, 1.0)
            })
            .collect();
        let weights = fit(&examples, 0.01);
        let chance = |sum: f64| 1.0 / (1.0 + (-sum).exp());
        assert!((chance(weights[0]) - 0.3).abs() < 0.01, "{weights:?}");
        assert!((chance(weights[0] + 5.0 * weights[1]) - 0.9).abs() < 0.01, "{weights:?}");
        assert!(weights[2..].iter().all(|weight| weight.abs() < 1e-9), "what never differs has no weight");
    }
}
