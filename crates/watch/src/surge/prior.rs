/*! What is expected of a series before its own counts are seen: from experience, or from the other series of a file, so that a quiet
district borrows their season, trend and dispersion. */

use super::Tuning;
use super::model::{self, TERMS};
use crate::series::Series;

/// The fewest series that are learned from.
const FEWEST: usize = 20;
/// The most series that are learned from, evenly taken from all.
const MOST: usize = 400;
/// What the experience of other files weighs, in series.
const EXPERIENCE: f64 = 10.0;

/// Where coefficients and dispersion are expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Prior {
    /// Middle of each coefficient; that of the first says nothing.
    pub(super) mean: [f64; TERMS],
    /// Standard deviation of each.
    pub(super) spread: [f64; TERMS],
    /// Middle and standard deviation of the log of the dispersion less 1.
    pub(super) dispersion: (f64, f64),
}

impl Default for Prior {
    fn default() -> Self {
        Self::usual(&Tuning::USUAL, 1.0)
    }
}

impl Prior {
    fn usual(tuning: &Tuning, wider: f64) -> Self {
        let [trend, first, second, weekday] = tuning.terms;
        let mut spread = [weekday * wider; TERMS];
        spread[0] = 100.0;
        spread[1] = trend * wider;
        spread[2..4].fill(first * wider);
        spread[4..6].fill(second * wider);
        let (middle, deviation) = tuning.dispersion;
        Self { mean: [0.0; TERMS], spread, dispersion: (middle, deviation * wider) }
    }

    /// Of what the series have in common up to the period `before` (all of it where there is none): the mean and the spread of each
    /// coefficient among them by the moments of DerSimonian & Laird (1986), Control Clin Trials 7:177–188, equation (8), with the usual
    /// prior weighing as much as ten series. Fewer than twenty series leave the usual prior.
    pub fn pooled(series: &[Series], before: Option<i32>) -> Self {
        let tuning = &Tuning::USUAL;
        let mut prior = Self::usual(tuning, 1.0);
        let wide = Self::usual(tuning, 4.0);
        let step = series.len().div_ceil(MOST).max(1);
        let mut fits = Vec::new();
        for series in series.iter().step_by(step) {
            let every = series.every();
            let end = before.map_or(series.counts().len(), |before| {
                usize::try_from(i64::from(before) - i64::from(series.first()))
                    .unwrap_or(0)
                    .min(series.counts().len())
            });
            let begin = end.saturating_sub(tuning.pace(every).longest);
            let counts = &series.counts()[begin..end];
            let terms = model::all(series, begin, end);
            // A series without events says nothing of a season.
            if counts.iter().flatten().any(|count| *count > 0) {
                fits.extend(model::fit(every, counts, &terms, tuning, &wide));
            }
        }
        if fits.len() < FEWEST {
            return prior;
        }
        let terms = fits.iter().map(model::Model::terms).min().unwrap_or(0);
        for term in 1..terms {
            let of = fits.iter().map(|fit| (fit.beta[term], fit.covariance[term][term] * fit.dispersion().2));
            (prior.mean[term], prior.spread[term]) = moments(of, 0.0, prior.spread[term], 0.25);
        }
        let of = fits.iter().map(|fit| {
            let (mean, variance, _) = fit.dispersion();
            (mean, variance)
        });
        prior.dispersion = moments(of, prior.dispersion.0, prior.dispersion.1, 0.4);
        prior
    }
}

/// Mean and spread among estimates with variances, where `usual` was expected around `middle`; the spread is at least the share `least` of
/// the usual one.
fn moments(of: impl Iterator<Item = (f64, f64)> + Clone, middle: f64, usual: f64, least: f64) -> (f64, f64) {
    let of = of
        .filter(|(estimate, variance)| estimate.is_finite() && variance.is_finite())
        .map(|(estimate, variance)| (estimate, variance.max(1e-6)));
    let (mut n, mut w, mut ww, mut wx) = (0.0, 0.0, 0.0, 0.0);
    for (estimate, variance) in of.clone() {
        n += 1.0;
        w += 1.0 / variance;
        ww += 1.0 / (variance * variance);
        wx += estimate / variance;
    }
    if n < 2.0 {
        return (middle, usual);
    }
    let fixed = wx / w;
    let q: f64 = of.clone().map(|(estimate, variance)| (estimate - fixed).powi(2) / variance).sum();
    let between = ((q - (n - 1.0)) / (w - ww / w).max(1e-12)).clamp(0.0, 4.0 * usual * usual);
    let between = (n * between + EXPERIENCE * usual * usual) / (n + EXPERIENCE);
    // The mean of the means, with the middle as one more estimate as uncertain as the usual spread.
    let (mut w, mut wx) = (1.0 / (usual * usual), middle / (usual * usual));
    for (estimate, variance) in of {
        w += 1.0 / (variance + between);
        wx += estimate / (variance + between);
    }
    (wx / w, between.sqrt().max(least * usual))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::Every;

    #[test]
    fn moments_find_what_estimates_share() {
        let alike = (0..50).map(|n| (0.5 + 0.01 * f64::from(n % 5), 0.01));
        let (mean, spread) = moments(alike, 0.0, 0.6, 0.25);
        assert!((mean - 0.52).abs() < 0.03 && spread < 0.3, "{mean} {spread}");
        let apart = (0..50).map(|n| (if n % 2 == 0 { 1.0 } else { -1.0 }, 0.01));
        let (mean, spread) = moments(apart, 0.0, 0.6, 0.25);
        assert!(mean.abs() < 0.1 && spread > 0.8, "{mean} {spread}");
    }

    #[test]
    fn districts_lend_each_other_their_season() {
        let season = |week: i32| 0.8 * (std::f64::consts::TAU * f64::from(week) / Every::Week.a_year()).cos();
        let counts = |shift: u32| {
            let of = |week: i32| {
                // Counts that go up and down by one around a rate with a season.
                let rate = (1.0 + season(week)).exp();
                Some((rate + f64::from((week.unsigned_abs() * 7 + shift) % 3) - 1.0).round().max(0.0) as u32)
            };
            (0..208).map(of).collect::<Vec<_>>()
        };
        let series: Vec<Series> = (0..30).map(|n| Series::new("a", Every::Week, 0, counts(n))).collect();
        let pooled = Prior::pooled(&series, None);
        assert!(pooled.mean[2] > 0.5 && pooled.spread[2] < 0.4, "{pooled:?}");
        assert!(pooled.dispersion.0 < -1.0, "counts that vary less than by chance: {pooled:?}");
        assert_eq!(Prior::pooled(&series[..10], None), Prior::default());
        assert_eq!(Prior::pooled(&series, Some(3)), Prior::default(), "three weeks teach nothing");
    }
}
