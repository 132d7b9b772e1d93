//! How far a studentised effect must lie from zero where its error was estimated by Newey and West.
//!
//! With a lag that is a share b of the series, the error itself varies, and the normal's 1.96 rejects too often. Kiefer & Vogelsang
//! (2005, *Econometric Theory* 21:1130–1164, table 1, Bartlett kernel) give the 97.5 % point of what the statistic really follows.

use statrs::distribution::{ContinuousCDF as _, Normal};

/// The 97.5 % point of the normal.
pub const NORMAL: f64 = 1.959_963_984_540_054;

/// The value that a two-sided test at 5 % compares with, for a lag in a series of `rows` periods.
#[must_use]
pub fn fixed_b(lag: usize, rows: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "numbers of observations")]
    let b = ((lag + 1) as f64 / rows.max(1) as f64).min(1.0);
    1.9600 + 2.9694 * b + 0.4160 * b * b - 0.5324 * b * b * b
}

/// The two-sided chance of a statistic so far from zero, by the normal.
#[must_use]
pub fn two_sided(statistic: f64) -> f64 {
    match Normal::new(0.0, 1.0) {
        Ok(normal) => (2.0 * normal.sf(statistic.abs())).clamp(0.0, 1.0),
        Err(_) => 1.0,
    }
}

/// The two-sided chance by the fixed-b law: the normal's, of the statistic brought to its scale. Exact at 5 %, near it close.
#[must_use]
pub fn two_sided_fixed_b(statistic: f64, lag: usize, rows: usize) -> f64 {
    two_sided(statistic * NORMAL / fixed_b(lag, rows))
}

/// The same of an effect.
#[must_use]
pub(super) fn two_sided_fixed_b_of(effect: &super::Effect, lag: usize, rows: usize) -> f64 {
    if effect.error_newey_west > 0.0 {
        two_sided_fixed_b(effect.estimate / effect.error_newey_west, lag, rows)
    } else {
        1.0
    }
}

/// The chance of a chi-squared value as large.
#[must_use]
pub fn chi_squared(value: f64, freedom: f64) -> f64 {
    statrs::distribution::ChiSquared::new(freedom).map_or(1.0, |law| law.sf(value.max(0.0)).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_lag_it_is_the_normal() {
        assert!((fixed_b(0, 1_000_000) - NORMAL).abs() < 1e-3);
        assert!((two_sided(NORMAL) - 0.05).abs() < 1e-9);
        assert!((two_sided_fixed_b(fixed_b(8, 156), 8, 156) - 0.05).abs() < 1e-9);
        // Over the whole series: the table's 4.771 (Kiefer, Vogelsang & Bunzel 2000) by its polynomial.
        assert!((fixed_b(99, 100) - 4.813).abs() < 0.05);
    }
}
