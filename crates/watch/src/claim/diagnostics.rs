//! Whether what a regression rests on holds.

use serde::Serialize;

use crate::glm::{self, Design, Family, Fit};

use super::critical::chi_squared;
use super::{Failing, Frame};

/// How well a regression fits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diagnostics {
    /// Correlation of neighbouring residuals.
    pub autocorrelation: f64,
    /// Chance of autocorrelations as large up to the lag of the errors (Ljung & Box 1978, *Biometrika* 65:297–303), where there is none.
    pub p_autocorrelation: f64,
    /// Pearson's statistic over its degrees of freedom, of the negative binomial: 1 where its variance holds.
    pub dispersion: f64,
    /// The same of a Poisson: how much more the counts vary than events that come one by one.
    pub dispersion_poisson: Option<f64>,
}

/// Above this the family's variance does not hold: half as much again.
const DISPERSED: f64 = 1.5;

impl Diagnostics {
    pub(crate) fn new(fit: &Fit, design: &Design, frame: &Frame, lag: usize) -> Self {
        let (autocorrelation, p_autocorrelation) = ljung_box(&fit.residuals(), &frame.places, lag);
        let poisson = glm::fit_from(design, &frame.counts, &frame.offset, Family::Poisson, Some(fit));
        Self {
            autocorrelation,
            p_autocorrelation,
            dispersion: fit.dispersion,
            dispersion_poisson: poisson.ok().map(|poisson| poisson.dispersion),
        }
    }

    /// What does not hold.
    pub(crate) fn failing(&self) -> Vec<Failing> {
        let mut failing = Vec::new();
        if self.p_autocorrelation < 0.05 {
            failing.push(Failing {
                assumption: "autocorrelation",
                says: format!(
                    "neighbouring periods hang together beyond the model (residual correlation {:.2}, Ljung–Box {}): the \
                     model's own errors are too small, Newey–West's allow for it",
                    self.autocorrelation,
                    super::words::chance(self.p_autocorrelation)
                ),
            });
        }
        if self.dispersion > DISPERSED {
            failing.push(Failing {
                assumption: "overdispersion",
                says: format!(
                    "the counts vary {:.1} times as much as the negative binomial allows: a few periods weigh too much",
                    self.dispersion
                ),
            });
        }
        failing
    }
}

/// The first autocorrelation of residuals, and the chance of all up to a lag by Ljung and Box; pairs over missing periods are left out.
fn ljung_box(residuals: &[f64], places: &[usize], lag: usize) -> (f64, f64) {
    let last = places.last().map_or(0, |last| last + 1);
    let mut row: Vec<Option<f64>> = vec![None; last];
    #[expect(clippy::cast_precision_loss, reason = "numbers of observations")]
    let count = residuals.len() as f64;
    let mean = residuals.iter().sum::<f64>() / count.max(1.0);
    for (residual, place) in residuals.iter().zip(places) {
        row[*place] = Some(residual - mean);
    }
    let square: f64 = row.iter().flatten().map(|value| value * value).sum();
    if square <= 0.0 {
        return (0.0, 1.0);
    }
    let mut statistic = 0.0;
    let mut first = 0.0;
    let lags = lag.max(1).min(residuals.len().saturating_sub(2));
    for distance in 1..=lags {
        let along: f64 = row
            .iter()
            .zip(row.iter().skip(distance))
            .filter_map(|(one, other)| Some(one.as_ref()? * other.as_ref()?))
            .sum();
        let correlation = along / square;
        if distance == 1 {
            first = correlation;
        }
        #[expect(clippy::cast_precision_loss, reason = "numbers of observations")]
        let left = count - distance as f64;
        statistic += correlation * correlation / left.max(1.0);
    }
    #[expect(clippy::cast_precision_loss, reason = "numbers of observations")]
    let freedom = lags as f64;
    (first, if lags == 0 { 1.0 } else { chi_squared(statistic * count * (count + 2.0), freedom) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swinging_row_hangs_together_and_a_mixed_one_does_not() {
        let places: Vec<usize> = (0..64).collect();
        let swinging: Vec<f64> = (0..64).map(|at| (f64::from(at) / 5.0).sin()).collect();
        let (first, p) = ljung_box(&swinging, &places, 8);
        assert!(first > 0.9 && p < 1e-6, "{first} {p}");
        // Whole-number noise without a memory (a linear congruence).
        let mut state = 1u64;
        let mixed: Vec<f64> = (0..64)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 40) as f64
            })
            .collect();
        let (first, p) = ljung_box(&mixed, &places, 8);
        assert!(first.abs() < 0.3 && p > 0.05, "{first} {p}");
        assert_eq!(ljung_box(&[1.0; 9], &places[..9], 8), (0.0, 1.0));
        assert_eq!(ljung_box(&[], &[], 8), (0.0, 1.0));
    }
}
