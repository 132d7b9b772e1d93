//! Whether a fit explains the times: by its own clock, on which the rate is one, events come one by one (time rescaling: Ogata 1988, *Journal of
//! the American Statistical Association* 83:9–27, section 3; Brown et al. 2002, *Neural Computation* 14:325–346).

use serde::Serialize;

use super::{Fit, Steps};
use crate::surge::tail::{normal_tail, score};

/// How far intervals on a fit's own clock are those of events that come one by one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Residuals {
    /// Intervals.
    pub intervals: usize,
    /// The largest distance between their distribution and the exponential one (Kolmogorov–Smirnov).
    pub distance: f64,
    /// The chance of one as large where the fit is right; rather too large, since the fit was made on the same times.
    pub p_distance: f64,
    /// Correlation of neighbouring intervals, as normal scores.
    pub correlation: f64,
    /// Two-sided chance of one as large where the fit is right.
    pub p_correlation: f64,
}

impl Residuals {
    pub(super) fn new(times: &[f64], background: &Steps, fit: &Fit) -> Self {
        let mut uniform = Vec::with_capacity(times.len());
        let (mut before, mut passed, mut excited) = (0.0, 0.0, 0.0);
        for time in times {
            let fade = (-fit.beta * (time - before)).exp();
            let until = background.until(&fit.levels, *time);
            let interval = until - passed + fit.branching * excited * (1.0 - fade);
            uniform.push(-(-interval.max(0.0)).exp_m1());
            excited = excited * fade + 1.0;
            (before, passed) = (*time, until);
        }
        #[expect(clippy::cast_precision_loss, reason = "a number of events")]
        let count = uniform.len().max(1) as f64;
        let scores: Vec<f64> =
            uniform.iter().map(|share| score(1.0 - share.clamp(1e-12, 1.0 - 1e-12))).collect();
        let mean = scores.iter().sum::<f64>() / count;
        let square: f64 = scores.iter().map(|one| (one - mean).powi(2)).sum();
        let along: f64 = scores.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
        let correlation = if square > 0.0 { along / square } else { 0.0 };
        uniform.sort_by(f64::total_cmp);
        let mut distance = 0.0f64;
        for (at, share) in uniform.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a number of events")]
            let (below, up_to) = (at as f64 / count, (at + 1) as f64 / count);
            distance = distance.max((share - below).abs()).max((up_to - share).abs());
        }
        Self {
            intervals: uniform.len(),
            distance,
            p_distance: kolmogorov(distance, uniform.len()),
            correlation,
            p_correlation: (2.0 * normal_tail(correlation.abs() * count.sqrt())).min(1.0),
        }
    }
}

/// The chance of a largest distance as large between a distribution and `count` draws from it: Kolmogorov's law with the correction of Stephens
/// (1970, *Journal of the Royal Statistical Society B* 32:115–122, table 1).
#[must_use]
pub fn kolmogorov(distance: f64, count: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a number of events")]
    let root = (count as f64).sqrt();
    let scaled = (root + 0.12 + 0.11 / root.max(1.0)) * distance;
    if scaled < 0.2 {
        return 1.0;
    }
    let mut sum = 0.0;
    let mut sign = 1.0;
    for k in 1..=100 {
        let term = (-2.0 * f64::from(k * k) * scaled * scaled).exp();
        sum += sign * term;
        if term < 1e-12 {
            break;
        }
        sign = -sign;
    }
    (2.0 * sum).clamp(0.0, 1.0)
}
