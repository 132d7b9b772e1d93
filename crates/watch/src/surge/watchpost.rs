/*! Our own detector.

A count is held against the exact predictive distribution of a count [`model`](super::model) that is fitted to the periods before, up to a few
weeks ago, and that knows how little it knows. Its surprise is a normal score z, by the mid-p-value (Lancaster 1961, JASA 56:223–234). The
evidence of the period before is added where both are high: T = z + c × max(z of the period before, 0) for z > 0, else z. Where nothing has
changed the scores are independent and standard normal, so the p-value is P(T > t) = Φ(−t)/2 + ∫₀^∞ φ(u) Φ(min(c u − t, 0)) du for t > 0,
else Φ(−t). */

use super::model::{self, Model, Terms};
use super::prior::Prior;
use super::tail::{normal_tail, score};
use super::{Judgement, Tuning, tail};
use crate::period::Every;
use crate::series::Series;

/// What a period is held against.
struct Predictive {
    mean: f64,
    /// Dispersion and weight of each negative binomial that it is mixed of.
    parts: [(f64, f64); model::GRID],
}

impl Predictive {
    /// P(more than `count`) + P(`count`) / 2.
    fn mid_p(&self, count: u32) -> f64 {
        let count = u64::from(count);
        let parts = self.parts.iter().filter(|(_, weight)| *weight > 0.0);
        parts.map(|(dispersion, weight)| weight * tail::mid_p(count, self.mean, *dispersion)).sum()
    }
}

/// Judges each count from the place `from` on.
pub(super) fn judge(
    series: &Series,
    from: usize,
    alpha: f64,
    tuning: &Tuning,
    prior: &Prior,
) -> Vec<Option<Judgement>> {
    let counts = series.counts();
    let every = series.every();
    let threshold = threshold(alpha, tuning.before);
    let pace = tuning.pace(every);
    let terms = model::all(series, 0, counts.len());
    let mut block: Option<(i32, Option<Block<'_>>)> = None;
    let mut judged = Vec::with_capacity(counts.len().saturating_sub(from));
    for at in from..counts.len() {
        let period = series.period(at);
        // Fitted anew at fixed times, so that where a run begins changes nothing.
        let fitted = period.div_euclid(pace.anew) * pace.anew;
        if block.as_ref().is_none_or(|(when, _)| *when != fitted) {
            let end = i64::from(fitted) - i64::from(series.first()) - i64::from(pace.left_out);
            let end = usize::try_from(end).unwrap_or(0).min(counts.len());
            let begin = end.saturating_sub(pace.longest);
            let fit = model::fit(every, &counts[begin..end], &terms[begin..end], tuning, prior);
            block = Some((fitted, fit.map(|fit| Block::new(series, &terms, fit, at, pace.anew, tuning))));
        }
        let block = block.as_mut().and_then(|(_, block)| block.as_mut());
        judged.push(match (block, counts[at]) {
            (Some(block), Some(count)) => Some(one(block, at, count, threshold)),
            _ => None,
        });
    }
    judged
}

/// The slow mean and the surprise of each period that is looked back at, from the newest on.
const BACK: usize = 24;

/// Periods before one whose evidence is added to its own.
fn lags(every: Every) -> usize {
    if every == Every::Day { 3 } else { 1 }
}

/// The periods that one fit judges, and what it says of those before them.
struct Block<'a> {
    series: &'a Series,
    terms: &'a [Terms],
    fit: Model,
    tuning: &'a Tuning,
    /// The first period whose mean is known.
    begin: usize,
    means: Vec<f64>,
    /// The scores that were asked for.
    scores: Vec<Option<f64>>,
}

impl<'a> Block<'a> {
    fn new(
        series: &'a Series,
        terms: &'a [Terms],
        fit: Model,
        at: usize,
        anew: i32,
        tuning: &'a Tuning,
    ) -> Self {
        let begin = at.saturating_sub(BACK + lags(series.every()) + 1);
        let end = at.saturating_add(usize::try_from(anew).unwrap_or(1)).min(terms.len());
        let means: Vec<f64> = terms[begin..end].iter().map(|terms| fit.mean(terms)).collect();
        let scores = vec![None; means.len()];
        Self { series, terms, fit, tuning, begin, means, scores }
    }

    fn surprise(&self, at: usize) -> f64 {
        self.series.counts()[at].map_or(0.0, |count| f64::from(count) - self.means[at - self.begin])
    }

    /// The score of a period before, nothing where its count is missing.
    fn score(&mut self, at: usize) -> f64 {
        let Some(count) = self.series.counts()[at] else { return 0.0 };
        let place = at - self.begin;
        if let Some(score) = self.scores[place] {
            return score;
        }
        let found = score(self.predictive(at).mid_p(count));
        self.scores[place] = Some(found);
        found
    }

    /// The predictive distribution of a period, knowing the counts just before it.
    fn predictive(&self, at: usize) -> Predictive {
        let (fit, memory) = (&self.fit, self.tuning.memory);
        let mean = self.means[at - self.begin];
        let variance = fit.variance(&self.terms[at]);
        let late = (self.tuning.season_days * fit.season_slope(&self.terms[at])).powi(2);
        let mut carried = 0.0;
        if fit.carried[0] + fit.carried[1] > 1e-3 {
            let mut recent = 0.0;
            if fit.carried[1] > 1e-3 {
                for index in at.saturating_sub(BACK)..at.saturating_sub(1) {
                    recent = memory * recent + (1.0 - memory) * self.surprise(index);
                }
            }
            let last = at.checked_sub(1).map_or(0.0, |before| self.surprise(before));
            // The mean surprise up to the period before, the last one in it with its weight.
            recent = memory * recent + (1.0 - memory) * last;
            carried = fit.carried[0] * last + fit.carried[1] * recent;
        }
        let expected = (mean + carried).max(0.1 * mean);
        let mut parts = [(1.0, 0.0); model::GRID];
        let mut kept = 0.0;
        for ((b, weight), part) in fit.grid.iter().zip(&mut parts) {
            if *weight > 0.01 {
                // A mean that is itself uncertain, with a gamma distribution, leaves the negative binomial more dispersed.
                let dispersion = 1.0 + b;
                *part = (dispersion + mean * (dispersion * variance + late).exp_m1().min(1e3), *weight);
                kept += weight;
            }
        }
        for (_, weight) in &mut parts {
            *weight /= kept;
        }
        Predictive { mean: expected, parts }
    }
}

fn one(block: &mut Block<'_>, at: usize, count: u32, threshold: f64) -> Judgement {
    let predictive = block.predictive(at);
    let z = score(predictive.mid_p(count));
    block.scores[at - block.begin] = Some(z);
    let lags = lags(block.series.every());
    let mut before = 0.0;
    for lag in 1..=lags {
        if let Some(earlier) = at.checked_sub(lag) {
            before += block.score(earlier);
        }
    }
    let carried = block.tuning.before;
    let before = (before / f64::from(u8::try_from(lags).unwrap_or(1)).sqrt()).max(0.0);
    // A low count is no surge, whatever came before.
    let whole = if z > 0.0 { z + carried * before } else { z };
    let p_value = p_value(whole, carried);
    // The largest count whose own score does not reach what is left of the threshold.
    let least = normal_tail((threshold - carried * before).max(0.0));
    let upper = upper(&predictive, least);
    Judgement { expected: predictive.mean, upper: f64::from(upper), p_value, alarm: count > upper }
}

/// The largest count whose mid-p-value is above `least`.
fn upper(predictive: &Predictive, least: f64) -> u32 {
    let dispersion: f64 = predictive.parts.iter().map(|(dispersion, weight)| dispersion * weight).sum();
    let sd = (predictive.mean * dispersion).sqrt();
    let z = score(least).clamp(-4.0, 8.0);
    // Cornish & Fisher (1938), to the skewness (2 dispersion − 1) / sd.
    let guess = predictive.mean + sd * z + (z * z - 1.0) * (2.0 * dispersion - 1.0) / 6.0;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let mut upper = guess.clamp(0.0, 4e9) as u32;
    let passes = |count: u32| predictive.mid_p(count) > least;
    let mut step = 1u32;
    if passes(upper) {
        let mut low = upper;
        while passes(low.saturating_add(step)) && low < u32::MAX / 2 {
            low = low.saturating_add(step);
            step = step.saturating_mul(2);
        }
        let mut high = low.saturating_add(step);
        while high - low > 1 {
            let middle = low.midpoint(high);
            if passes(middle) { low = middle } else { high = middle }
        }
        return low;
    }
    // Not even nothing passes: any count at all is an alarm, and the bound is nothing.
    let mut high = upper;
    while high > 0 && !passes(high.saturating_sub(step)) {
        high = high.saturating_sub(step);
        step = step.saturating_mul(2);
    }
    upper = high.saturating_sub(step);
    while high > upper + 1 {
        let middle = upper.midpoint(high);
        if passes(middle) { upper = middle } else { high = middle }
    }
    upper
}

/// P(T > t), where T is Z + c max(Z', 0) for Z > 0, else Z, of independent standard normal Z and Z'.
pub(super) fn p_value(t: f64, c: f64) -> f64 {
    if t <= 0.0 {
        return normal_tail(t);
    }
    // Simpson's rule over [0, 8], to six digits.
    const STEPS: usize = 48;
    let h = 8.0 / STEPS as f64;
    let mut sum = 0.0;
    for step in 0..=STEPS {
        let u = h * step as f64;
        let weight = if step == 0 || step == STEPS {
            1.0
        } else if step % 2 == 1 {
            4.0
        } else {
            2.0
        };
        sum += weight * (-0.5 * u * u).exp() * normal_tail((t - c * u).max(0.0));
    }
    (0.5 * normal_tail(t) + sum * h / 3.0 * 0.398_942_280_401_432_7).clamp(0.0, 1.0)
}

/// The t that is exceeded with probability `alpha`.
fn threshold(alpha: f64, c: f64) -> f64 {
    let (mut low, mut high) = (-10.0, 60.0);
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if p_value(middle, c) > alpha { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Detector, Prior};
    use super::*;

    fn judged(counts: Vec<Option<u32>>, every: Every, from: usize, alpha: f64) -> Vec<Option<Judgement>> {
        let series = Series::new("a", every, 2000, counts);
        Detector::Watchpost.judge(&series, from, alpha, &Prior::default()).unwrap()
    }

    #[test]
    fn the_p_value_is_that_of_two_periods_together() {
        // Without the period before it is the normal tail; low counts have it in any case.
        assert!((p_value(2.0, 0.0) - normal_tail(2.0)).abs() < 1e-6);
        assert!((p_value(-1.0, 0.5) - normal_tail(-1.0)).abs() < 1e-12);
        assert!((p_value(1e-9, 0.5) - 0.5).abs() < 1e-5, "no step at zero");
        assert!((p_value(threshold(0.01, 0.5), 0.5) - 0.01).abs() < 1e-9);
    }

    #[test]
    fn silence_and_one_event_have_answers() {
        let mut counts = vec![Some(0); 300];
        let silent = judged(counts.clone(), Every::Week, 299, 0.01)[0].unwrap();
        assert!(!silent.alarm && silent.expected < 0.01 && silent.p_value > 0.4, "{silent:?}");
        counts[299] = Some(1);
        let first = judged(counts, Every::Week, 299, 0.01)[0].unwrap();
        assert!(first.alarm && first.p_value > 1e-6 && first.p_value < 0.01, "{first:?}");
        assert_eq!(judged(vec![Some(3)], Every::Week, 0, 0.01), [None]);
        assert_eq!(judged(Vec::new(), Every::Week, 0, 0.01), []);
    }

    #[test]
    fn a_week_after_a_high_one_needs_less() {
        let counts: Vec<Option<u32>> = (0..202).map(|week: u32| Some(3 + week * 7 % 5)).collect();
        let calm = judged(counts.clone(), Every::Week, 201, 0.01)[0].unwrap();
        let mut risen = counts;
        risen[200] = Some(10);
        let risen = judged(risen, Every::Week, 201, 0.01)[0].unwrap();
        assert!(risen.upper < calm.upper && risen.p_value < calm.p_value, "{risen:?} {calm:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn nothing_but_numbers_comes_out(
            counts in prop::collection::vec(prop_oneof![
                4 => (0u32..6).prop_map(Some),
                1 => Just(None),
                1 => (0u32..1_000_000_000).prop_map(Some),
            ], 0..140),
            alpha in 0.0001f64..0.2,
        ) {
            for every in [Every::Day, Every::Week, Every::Month] {
                let all = judged(counts.clone(), every, 0, alpha);
                for (count, judged) in counts.iter().zip(&all) {
                    let Some(judged) = judged else { continue };
                    prop_assert!(judged.expected.is_finite() && judged.upper.is_finite() && judged.p_value.is_finite());
                    let count = f64::from(count.unwrap());
                    prop_assert_eq!(judged.alarm, count > judged.upper);
                    // The bound and the p-value say the same, but for the last digits.
                    prop_assert!(judged.alarm == (judged.p_value <= alpha) || (judged.p_value / alpha - 1.0).abs() < 1e-3, "{:?}", judged);
                }
                let middle = counts.len() / 2;
                prop_assert_eq!(&judged(counts.clone(), every, middle, alpha)[..], &all[middle..]);
            }
        }
    }
}
